//! Laws on random problems, and brute force on the smallest.

use comity_clearing::currency::{
    Clearing, Consent, CurrencyConsent, Obligation, Problem, Rates, WORTH_MAX, exchanges, solve, turnover,
};
use proptest::prelude::*;

use crate::{at, clear, owes, problem};

#[derive(Clone, Debug)]
struct Case {
    rates: Rates,
    obligations: Vec<Obligation>,
    limits: Vec<CurrencyConsent>,
}

fn case(parties: u32, currencies: u32, size: usize, worth: i64, amount: i64) -> impl Strategy<Value = Case> {
    let obligation = (0..parties, 1..parties, 0..currencies, 1..=amount)
        .prop_map(move |(debtor, step, currency, amount)| owes(debtor, (debtor + step) % parties, currency, amount));
    let limit = (0..parties, 0..currencies, 0..=amount).prop_map(|(party, currency, amount)| CurrencyConsent {
        party,
        currency,
        amount,
    });
    (
        prop::collection::vec(1..=worth, at(currencies)),
        prop::collection::vec(obligation, 0..=size),
        prop::collection::vec(limit, 0..3),
    )
        .prop_map(|(worth, obligations, mut limits)| {
            limits.sort_by_key(|limit| (limit.party, limit.currency));
            limits.dedup_by_key(|limit| (limit.party, limit.currency));
            Case { rates: Rates::new(worth).expect("valid"), obligations, limits }
        })
}

fn consent() -> impl Strategy<Value = Consent> {
    prop_oneof![
        Just(Consent::Nothing),
        Just(Consent::Unlimited),
        (0u16..=10_000).prop_map(Consent::Share),
        (0i64..200).prop_map(Consent::Amount),
    ]
}

/// Net minor units per party and currency: claims cleared less debts cleared.
fn nets(parties: u32, currencies: usize, obligations: &[Obligation], cleared: &[i64]) -> Vec<Vec<i64>> {
    let mut nets = vec![vec![0; currencies]; at(parties)];
    for (obligation, cleared) in obligations.iter().zip(cleared) {
        nets[at(obligation.creditor)][at(obligation.currency)] += cleared;
        nets[at(obligation.debtor)][at(obligation.currency)] -= cleared;
    }
    nets
}

/// The most any choice of whole minor units clears when every party comes out even, by trying all.
fn brute_force(problem: &Problem<'_>) -> i128 {
    let worth = problem.rates.worth();
    let value = |obligation: &Obligation, amount: i64| i128::from(amount * worth[at(obligation.currency)]);
    let mut turnovers = vec![(0, 0); at(problem.parties)];
    for obligation in problem.obligations {
        turnovers[at(obligation.debtor)].0 += value(obligation, obligation.amount);
        turnovers[at(obligation.creditor)].1 += value(obligation, obligation.amount);
    }
    let (mut best, mut cleared) = (0, vec![0; problem.obligations.len()]);
    loop {
        let nets = nets(problem.parties, worth.len(), problem.obligations, &cleared);
        let feasible = nets.iter().zip(&turnovers).all(|(own, &(payable, receivable))| {
            let sold: i128 = own.iter().zip(worth).map(|(net, worth)| i128::from(net.max(&0) * worth)).sum();
            let sum: i128 = own.iter().zip(worth).map(|(net, worth)| i128::from(net * worth)).sum();
            sum == 0 && sold <= problem.consent.cap(turnover(payable, receivable))
        });
        let limited = problem
            .currency_consent
            .iter()
            .all(|limit| nets[at(limit.party)][at(limit.currency)].abs() <= limit.amount);
        if feasible && limited {
            best = best.max(problem.obligations.iter().zip(&cleared).map(|(o, amount)| value(o, *amount)).sum());
        }
        let next =
            problem.obligations.iter().zip(&cleared).position(|(obligation, amount)| *amount < obligation.amount);
        let Some(next) = next else { return best };
        cleared[next] += 1;
        cleared[..next].fill(0);
    }
}

/// One minor unit of each arc and conversion: what rounding can cost at most.
fn rounding(case: &Case) -> i128 {
    let worth = case.rates.worth();
    case.obligations.iter().map(|obligation| i128::from(3 * worth[at(obligation.currency)])).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// With all minor units worth one unit of account nothing has to be rounded: brute force finds the same.
    #[test]
    fn equals_brute_force_where_nothing_is_rounded(case in case(3, 2, 6, 1, 3), consent in consent()) {
        let question = Problem { currency_consent: &case.limits, ..problem(3, &case.rates, &case.obligations, consent) };
        let clearing = clear(&question);
        prop_assert_eq!(clearing.value, brute_force(&question));
        prop_assert_eq!((clearing.gap(), clearing.residue()), (0, 0));
    }

    /// No choice of whole minor units in which all come out even exceeds the bound.
    #[test]
    fn nothing_exceeds_the_bound(case in case(3, 3, 5, 4, 3), consent in consent()) {
        let question = Problem { currency_consent: &case.limits, ..problem(3, &case.rates, &case.obligations, consent) };
        let clearing = clear(&question);
        prop_assert!(brute_force(&question) <= clearing.bound);
        prop_assert!(clearing.gap() <= rounding(&case));
    }

    #[test]
    fn laws(case in case(6, 4, 40, 1_000, 500), share in 0u16..10_000, more in 0u16..10_000) {
        let solve_with = |consent| {
            let clearing = clear(&problem(6, &case.rates, &case.obligations, consent));
            let nets = nets(6, 4, &case.obligations, &clearing.cleared);
            // Nobody holds an open position: in each currency what some give up others receive.
            for currency in 0..4 {
                assert_eq!(nets.iter().map(|own| own[currency]).sum::<i64>(), 0);
            }
            assert_eq!(clearing.residues.iter().map(|residue| residue.value).sum::<i128>(), 0);
            assert!(clearing.gap() <= rounding(&case));
            clearing
        };
        let apart = solve_with(Consent::Nothing);
        let (low, high) = (solve_with(Consent::Share(share.min(more))), solve_with(Consent::Share(share.max(more))));
        let across = solve_with(Consent::Unlimited);
        prop_assert!(apart.bound <= low.bound && low.bound <= high.bound && high.bound <= across.bound);
        prop_assert!(across.bound <= across.gross);
        // Without conversion everything stays in whole minor units by itself.
        prop_assert_eq!((apart.gap(), apart.legs.len(), apart.residues.len()), (0, 0, 0));
        prop_assert_eq!(solve_with(Consent::Share(0)).value, apart.value);
    }

    /// Pairs of currencies add up to what each party gives and receives, each less than one minor unit off the rate until
    /// one side of the party is used up: what is left of the other side is the residue.
    #[test]
    fn exchanges_add_up(case in case(5, 4, 40, 1_000, 500), consent in consent()) {
        let clearing = clear(&problem(5, &case.rates, &case.obligations, consent));
        let pairs = exchanges(&case.rates, &clearing.legs);
        for own in clearing.legs.chunk_by(|a, b| a.party == b.party) {
            let party = own[0].party;
            let both = own.iter().any(|leg| leg.amount > 0) && own.iter().any(|leg| leg.amount < 0);
            let pairs: Vec<_> = pairs.iter().filter(|pair| pair.party == party).collect();
            prop_assert_eq!(!pairs.is_empty(), both);
            for leg in own.iter().filter(|_| both) {
                let given: i64 = pairs.iter().filter(|pair| pair.from == leg.currency).map(|pair| pair.given).sum();
                let received: i64 = pairs.iter().filter(|pair| pair.to == leg.currency).map(|pair| pair.received).sum();
                prop_assert_eq!(given - received, leg.amount);
            }
            let worth = |currency: u32, amount: i64| amount * case.rates.worth()[at(currency)];
            // What is still to be given and to be received, by value.
            let mut ahead: [i64; 2] = [1, -1]
                .map(|sign| own.iter().map(|leg| worth(leg.currency, (sign * leg.amount).max(0))).sum());
            for pair in pairs {
                prop_assert!(pair.given >= 0 && pair.received >= 0);
                let values = [worth(pair.from, pair.given), worth(pair.to, pair.received)];
                ahead = [ahead[0] - values[0], ahead[1] - values[1]];
                let off = (values[0] - values[1]).abs();
                prop_assert!(ahead.contains(&0) || off < worth(pair.from, 1).max(worth(pair.to, 1)));
            }
        }
    }

    /// Sums far beyond what a circulation counts in: one unit of flow is then many units of account.
    #[test]
    fn huge_sums_clear_to_the_last_minor_unit_but_few(
        case in case(5, 3, 30, WORTH_MAX, 1_000_000_000_000),
        consent in consent(),
    ) {
        let question = Problem { currency_consent: &case.limits, ..problem(5, &case.rates, &case.obligations, consent) };
        let clearing = clear(&question);
        // Each arc may miss one minor unit and one unit of flow, counted at most as often as a path has arcs.
        let flow_unit = clearing.gross >> 58;
        prop_assert!(clearing.gap() <= 15 * (rounding(&case) + 60 * flow_unit));
        prop_assert!(clear(&problem(5, &case.rates, &case.obligations, Consent::Nothing)).gap() == 0);
    }

    /// The same question has the same answer, and the names of parties decide nothing about the bound.
    #[test]
    fn answers_repeat(
        case in case(6, 3, 30, 50, 90),
        names in Just((0u32..6).collect::<Vec<_>>()).prop_shuffle(),
        consent in consent(),
    ) {
        let question = problem(6, &case.rates, &case.obligations, consent);
        let clearing: Clearing = clear(&question);
        prop_assert_eq!(&solve(&question).expect("valid"), &clearing);
        let renamed: Vec<Obligation> = case
            .obligations
            .iter()
            .map(|o| owes(names[at(o.debtor)], names[at(o.creditor)], o.currency, o.amount))
            .collect();
        prop_assert_eq!(clear(&problem(6, &case.rates, &renamed, consent)).bound, clearing.bound);
    }
}
