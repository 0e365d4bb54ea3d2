//! Set-off across currencies: stories, refusals, laws, and brute force as a second implementation.

mod flaws;
mod laws;
mod rates;
mod rules;

use comity_clearing::currency::{Clearing, Consent, Obligation, Problem, Rates, check, solve};

fn at(index: u32) -> usize {
    usize::try_from(index).expect("small index")
}

fn owes(debtor: u32, creditor: u32, currency: u32, amount: i64) -> Obligation {
    Obligation { debtor, creditor, currency, amount }
}

/// A problem with the same consent for all.
fn problem<'a>(parties: u32, rates: &'a Rates, obligations: &'a [Obligation], consent: Consent) -> Problem<'a> {
    let (party_consent, currency_consent): (&[_], &[_]) = (&[], &[]);
    Problem { parties, rates, obligations, consent, party_consent, currency_consent, residue_limit: None }
}

/// Solves, and lets the verifier agree.
fn clear(problem: &Problem<'_>) -> Clearing {
    let clearing = solve(problem).expect("a valid problem");
    let proof = check(problem, &clearing).unwrap_or_else(|flaw| panic!("{flaw}"));
    assert_eq!((proof.value, proof.bound), (clearing.value, clearing.bound));
    assert!(proof.value <= proof.bound);
    clearing
}
