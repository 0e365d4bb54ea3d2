//! Stories: what clears, what is converted, what is left over, what is refused.

use comity_clearing::currency::{
    AMOUNTS_MAX, Consent, CurrencyConsent, Exchange, GROSS_MAX, Invalid, Leg, Obligation, PartyConsent, Problem, Rates,
    Residue, exchanges, solve, table,
};

use crate::{clear, owes, problem};

/// A unit of account of 1/1,000 of a cent: a cent of currency 0 is worth 1,000, of currency 1 is worth 92.
fn rates() -> Rates {
    Rates::new(vec![1_000, 92]).expect("a vector of rates")
}

#[test]
fn two_parties_set_off_across_currencies() {
    let rates = rates();
    // ALFA owes BRAVO 92.00 of the first, BRAVO owes ALFA 1,000.00 of the second: the same value.
    let obligations = [owes(0, 1, 0, 9_200), owes(1, 0, 1, 100_000)];
    let apart = clear(&problem(2, &rates, &obligations, Consent::Nothing));
    assert_eq!((apart.cleared, apart.value, apart.legs.len()), (vec![0, 0], 0, 0));
    let together = clear(&problem(2, &rates, &obligations, Consent::Unlimited));
    assert_eq!(together.cleared, [9_200, 100_000]);
    assert_eq!((together.value, together.gross, together.gap()), (18_400_000, 18_400_000, 0));
    let leg = |party, currency, amount| Leg { party, currency, amount };
    assert_eq!(together.legs, [leg(0, 0, -9_200), leg(0, 1, 100_000), leg(1, 0, 9_200), leg(1, 1, -100_000)]);
    assert_eq!(together.residues, []);
    let pair = |party, from, given, to, received| Exchange { party, from, given, to, received };
    assert_eq!(exchanges(&rates, &together.legs), [pair(0, 1, 100_000, 0, 9_200), pair(1, 0, 9_200, 1, 100_000)]);
}

#[test]
fn a_consent_ends_where_it_says() {
    let rates = rates();
    let obligations = [owes(0, 1, 0, 9_200), owes(1, 0, 1, 100_000)];
    // Each owes 9,200,000 and is owed as much: 5 % of this turnover is 920,000 units or 920 cents.
    let capped = clear(&problem(2, &rates, &obligations, Consent::Share(500)));
    assert_eq!((&capped.cleared[..], capped.gap()), (&[920, 10_000][..], 0));
    let amount = clear(&problem(2, &rates, &obligations, Consent::Amount(46_000)));
    assert_eq!(amount.cleared, [46, 500]);
    // One that consents to nothing is enough to stop it.
    let own = [PartyConsent { party: 1, consent: Consent::Nothing }];
    let stopped = Problem { party_consent: &own, ..problem(2, &rates, &obligations, Consent::Unlimited) };
    assert_eq!(clear(&stopped).value, 0);
    // A limit for one currency, in its minor units.
    let limit = [CurrencyConsent { party: 1, currency: 1, amount: 250 }];
    let limited = Problem { currency_consent: &limit, ..problem(2, &rates, &obligations, Consent::Unlimited) };
    assert_eq!(clear(&limited).cleared, [23, 250]);
}

#[test]
fn what_has_no_minor_unit_is_a_residue_that_sums_to_zero() {
    let rates = Rates::new(vec![1_000, 93]).expect("a vector of rates");
    // 100 cents of the second are worth 9,300 units: 9.3 cents of the first.
    let obligations = [owes(0, 1, 0, 50), owes(1, 0, 1, 100)];
    let question = problem(2, &rates, &obligations, Consent::Unlimited);
    let clearing = clear(&question);
    assert_eq!(clearing.cleared, [9, 100]);
    assert_eq!((clearing.value, clearing.bound), (18_300, 18_600));
    // ALFA gave up claims worth 9,300 and is freed of debts worth 9,000: it is owed 300, and BRAVO owes them.
    let residue = |party, value| Residue { party, value };
    assert_eq!(clearing.residues, [residue(0, 300), residue(1, -300)]);
    assert_eq!(clearing.residue(), 300);
    let strict = Problem { residue_limit: Some(299), ..question };
    assert_eq!(solve(&strict), Err(Invalid::Residue { residue: 300, limit: 299 }));
    assert!(solve(&Problem { residue_limit: Some(300), ..question }).is_ok());
}

#[test]
fn parallel_debts_clear_the_earliest_first() {
    let rates = rates();
    let obligations = [owes(0, 1, 0, 5), owes(1, 0, 0, 7), owes(0, 1, 0, 4)];
    assert_eq!(clear(&problem(2, &rates, &obligations, Consent::Nothing)).cleared, [5, 7, 2]);
}

#[test]
fn the_table_compares_three_ways() {
    let rates = rates();
    let obligations = [owes(0, 1, 0, 9_200), owes(1, 0, 1, 100_000), owes(0, 1, 1, 20_000)];
    let table = table(&problem(2, &rates, &obligations, Consent::Nothing), 500).expect("a valid problem");
    let shares = [table.per_currency, table.capped, table.across].map(|row| (row.value, row.share_bp()));
    // 20,000 of the second currency clear both ways; then everything, or 5 % of the turnover of 20,240,000 more.
    assert_eq!(shares, [(3_680_000, 1_818), (5_704_000, 2_818), (18_400_000, 9_090)]);
    assert_eq!(table.capped.converted, 2 * 1_012_000);
}

#[test]
fn nothing_owed_clears_nothing() {
    let rates = rates();
    let empty = clear(&problem(3, &rates, &[], Consent::Unlimited));
    assert_eq!((empty.gross, empty.value, empty.bound, empty.residue()), (0, 0, 0, 0));
}

/// Refusals in order of precedence.
#[test]
fn a_malformed_problem_is_refused_with_the_place_and_the_value() {
    let rates = rates();
    let good = [owes(0, 1, 0, 5)];
    let bad = |obligation: Obligation| [good[0], obligation];
    let lists = [
        bad(owes(0, 2, 0, 5)),
        bad(owes(0, 1, 2, 5)),
        bad(owes(1, 1, 0, 5)),
        bad(owes(0, 1, 0, 0)),
        bad(owes(0, 1, 0, -4)),
        bad(owes(0, 1, 0, i64::MAX)),
    ];
    let mut told: Vec<String> = Vec::new();
    let mut refuse = |problem: &Problem<'_>| told.push(solve(problem).expect_err("refused").to_string());
    refuse(&problem(u32::MAX, &rates, &good, Consent::Nothing));
    for list in &lists {
        refuse(&problem(2, &rates, list, Consent::Nothing));
    }
    refuse(&problem(2, &rates, &good, Consent::Share(10_001)));
    refuse(&problem(2, &rates, &good, Consent::Amount(-1)));
    let fine = problem(2, &rates, &good, Consent::Nothing);
    let own = |party, consent| [PartyConsent { party, consent }; 2];
    refuse(&Problem { party_consent: &own(2, Consent::Nothing), ..fine });
    refuse(&Problem { party_consent: &own(1, Consent::Amount(-3)), ..fine });
    refuse(&Problem { party_consent: &own(1, Consent::Nothing), ..fine });
    let limit = |party, currency, amount| [CurrencyConsent { party, currency, amount }; 2];
    refuse(&Problem { currency_consent: &limit(2, 0, 1), ..fine });
    refuse(&Problem { currency_consent: &limit(1, 2, 1), ..fine });
    refuse(&Problem { currency_consent: &limit(1, 1, -1), ..fine });
    refuse(&Problem { currency_consent: &limit(1, 1, 1), ..fine });
    expect_test::expect![[r#"
        4294967295 parties exceed the limit of 268435456
        obligation 1 names party 2, there are 2
        obligation 1 names currency 2, there are rates for 2
        obligation 1 is owed by party 1 to itself
        amount 0 of obligation 1 is not above 0
        amount -4 of obligation 1 is not above 0
        amounts of 9223372036854775812 minor units together exceed the limit of 1152921504606846976
        general consent Share(10001) is out of range
        general consent Amount(-1) is out of range
        a consent names party 2, there are 2
        consent Amount(-3) of party 1 is out of range
        party 1 has two consents
        a consent names party 2, there are 2
        consent of party 1 to 1 of currency 2 is out of range
        consent of party 1 to -1 of currency 1 is out of range
        party 1 has two consents for currency 1
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

#[test]
fn the_largest_sums_are_accepted_and_one_more_is_not() {
    let largest = i64::try_from(AMOUNTS_MAX).expect("fits");
    let rates = Rates::new(vec![1 << 30]).expect("a vector of rates");
    let full = [owes(0, 1, 0, largest / 2), owes(1, 0, 0, largest / 2)];
    assert_eq!(clear(&problem(2, &rates, &full, Consent::Unlimited)).value, GROSS_MAX);
    let over = [full[0], full[1], owes(0, 1, 0, 1)];
    let refusal = solve(&problem(2, &rates, &over, Consent::Unlimited));
    assert_eq!(refusal, Err(Invalid::Amounts { sum: AMOUNTS_MAX + 1 }));
    let rates = Rates::new(vec![(1 << 30) + 1]).expect("a vector of rates");
    let refusal = solve(&problem(2, &rates, &full, Consent::Unlimited));
    assert_eq!(refusal, Err(Invalid::Gross { gross: GROSS_MAX + AMOUNTS_MAX }));
}
