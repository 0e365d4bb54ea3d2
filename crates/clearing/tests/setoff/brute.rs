//! The second implementation: try every clearing of a small problem. Shares nothing with the solver but the definitions.

use comity_clearing::setoff::{Allocation, Fund, Goal, Line, Obligation, Options, PartyCap, Problem, solve, verify};
use proptest::prelude::*;

/// A problem that owns its lists.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) parties: u32,
    pub(crate) obligations: Vec<Obligation>,
    pub(crate) due: Vec<i32>,
    pub(crate) consent: Vec<i64>,
    pub(crate) caps: Vec<PartyCap>,
    pub(crate) fund: Option<(i64, Vec<Line>)>,
    pub(crate) lot: i64,
    pub(crate) minimum: i64,
}

impl Case {
    pub(crate) fn problem(&self) -> Problem<'_> {
        Problem {
            due: &self.due,
            consent: &self.consent,
            party_caps: &self.caps,
            fund: self.fund.as_ref().map(|(limit, lines)| Fund { limit: *limit, lines }),
            lot: self.lot,
            minimum: self.minimum,
            ..Problem::of(self.parties, &self.obligations)
        }
    }

    fn consent(&self, row: usize) -> i64 {
        self.consent.get(row).copied().unwrap_or(self.obligations[row].amount)
    }

    /// Whether the terms permit these amounts.
    fn permits(&self, amounts: &[i64]) -> bool {
        let mut net = vec![0; usize::try_from(self.parties).expect("few")];
        let mut paid = net.clone();
        for (row, (owed, amount)) in self.obligations.iter().zip(amounts).enumerate() {
            let whole = amount % self.lot == 0 && (*amount == 0 || *amount >= self.minimum);
            if *amount > self.consent(row) || !whole {
                return false;
            }
            net[place(owed.debtor)] -= amount;
            net[place(owed.creditor)] += amount;
            paid[place(owed.debtor)] += amount;
        }
        if self.caps.iter().any(|own| paid[place(own.party)] > own.cap) {
            return false;
        }
        match &self.fund {
            None => net.iter().all(|net| *net == 0),
            Some((limit, lines)) => {
                let line = |party: usize| match lines.iter().find(|line| place(line.party) == party) {
                    _ if lines.is_empty() => *limit,
                    Some(line) => line.limit,
                    None => 0,
                };
                let drawn: i64 = net.iter().map(|net| (-net).max(0)).sum();
                drawn <= *limit && net.iter().enumerate().all(|(party, net)| -net <= line(party))
            }
        }
    }

    /// Every permitted clearing.
    pub(crate) fn all(&self) -> Vec<Vec<i64>> {
        let mut found = Vec::new();
        let mut amounts = vec![0; self.obligations.len()];
        loop {
            if self.permits(&amounts) {
                found.push(amounts.clone());
            }
            let Some(row) = (0..amounts.len()).find(|row| amounts[*row] < self.consent(*row)) else { return found };
            amounts[row] += 1;
            amounts[..row].fill(0);
        }
    }

    /// Worth of a clearing for a goal, by its definition.
    pub(crate) fn worth(&self, goal: Goal, amounts: &[i64]) -> i64 {
        match goal {
            Goal::Oldest => {
                let youngest = self.due.iter().max().copied().unwrap_or(0);
                amounts.iter().zip(&self.due).map(|(amount, due)| amount / self.lot * i64::from(youngest - due)).sum()
            }
            Goal::Fairest => (0..self.parties).map(|party| self.evenness(party, amounts)).sum(),
            Goal::Fewest => panic!("has no worth"),
        }
    }

    fn evenness(&self, party: u32, amounts: &[i64]) -> i64 {
        let own = |row: &usize| self.obligations[*row].debtor == party;
        let lots = |row: usize| if self.consent(row) < self.minimum { 0 } else { self.consent(row) / self.lot };
        let owed: i64 = (0..amounts.len()).filter(own).map(lots).sum();
        let cleared: i64 = (0..amounts.len()).filter(own).map(|row| amounts[row] / self.lot).sum();
        // Unit by unit: the k-th unit lies in the tenth in which it ends, whole units only.
        (1..=cleared).map(|unit| 10 - (0..10).rfind(|tenth| unit > owed * tenth / 10).unwrap_or(0)).sum()
    }
}

fn place(party: u32) -> usize {
    usize::try_from(party).expect("few parties")
}

/// Small problems of every kind.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let rows = prop::collection::vec((0u32..4, 1u32..4, 1i64..=3, 0i32..4, 0i64..=3), 0..7);
    let caps = prop::option::weighted(0.3, (0u32..4, 0i64..5));
    let line = prop::option::weighted(0.5, (0u32..4, 0i64..4));
    let fund = prop::option::weighted(0.4, (0i64..5, line));
    (rows, any::<bool>(), caps, fund, prop_oneof![4 => Just(1i64), 1 => Just(2)]).prop_map(
        |(rows, consents, cap, fund, lot)| Case {
            parties: 4,
            obligations: rows
                .iter()
                .map(|&(debtor, step, amount, ..)| Obligation { debtor, creditor: (debtor + step) % 4, amount })
                .collect(),
            due: rows.iter().map(|row| row.3).collect(),
            consent: if consents { rows.iter().map(|row| row.2.min(row.4)).collect() } else { vec![] },
            caps: cap.map(|(party, cap)| PartyCap { party, cap }).into_iter().collect(),
            fund: fund
                .map(|(limit, line)| (limit, line.map(|(party, limit)| Line { party, limit }).into_iter().collect())),
            lot,
            minimum: 0,
        },
    )
}

fn best(case: &Case) -> i64 {
    case.all().iter().map(|amounts| amounts.iter().sum()).max().expect("nothing cleared is permitted")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_greatest_value_is_that_of_trying_everything(case in cases(), pro_rata in any::<bool>()) {
        let allocation = if pro_rata { Allocation::ProRata } else { Allocation::Oldest };
        let cleared = solve(&case.problem(), &Options { goals: &[], allocation }).expect("a valid problem");
        prop_assert!(case.permits(&cleared.amounts), "{:?}", cleared.amounts);
        prop_assert_eq!(cleared.proof.cleared, best(&case));
        prop_assert_eq!(cleared.proof.gap, 0);
        prop_assert_eq!(cleared.proof.residual, cleared.proof.gross - cleared.proof.cleared);
        let again = solve(&case.problem(), &Options { goals: &[], allocation }).expect("a valid problem");
        prop_assert_eq!(again, cleared);
    }

    #[test]
    fn exact_goals_are_those_of_trying_everything(case in cases(), swap in any::<bool>()) {
        let goals = if swap { [Goal::Fairest, Goal::Oldest] } else { [Goal::Oldest, Goal::Fairest] };
        let options = Options { goals: &goals, ..Options::default() };
        let cleared = solve(&case.problem(), &options).expect("a valid problem");
        let top = best(&case);
        let mut left: Vec<Vec<i64>> = case.all().into_iter().filter(|amounts| amounts.iter().sum::<i64>() == top).collect();
        prop_assert_eq!(cleared.proof.gap, 0);
        prop_assert_eq!(cleared.proof.goals.len(), 2);
        for (goal, proof) in goals.into_iter().zip(&cleared.proof.goals) {
            let most = left.iter().map(|amounts| case.worth(goal, amounts)).max().expect("one is left");
            left.retain(|amounts| case.worth(goal, amounts) == most);
            prop_assert_eq!((proof.goal, proof.value), (goal, i128::from(most)));
            prop_assert_eq!(proof.value, proof.bound);
        }
        prop_assert!(left.contains(&cleared.amounts));
    }

    #[test]
    fn a_minimum_is_kept_and_its_gap_is_told(case in cases(), minimum in 2i64..4) {
        let case = Case { minimum, ..case };
        let cleared = solve(&case.problem(), &Options::default()).expect("a valid problem");
        prop_assert!(case.permits(&cleared.amounts), "{:?}", cleared.amounts);
        let best = best(&case);
        prop_assert!(cleared.proof.cleared <= best && best <= cleared.proof.bound);
    }

    #[test]
    fn fewest_touched_keeps_the_value_and_leaves_a_forest(case in cases()) {
        let options = Options { goals: &[Goal::Fewest], ..Options::default() };
        let cleared = solve(&case.problem(), &options).expect("a valid problem");
        prop_assert!(case.permits(&cleared.amounts));
        prop_assert_eq!((cleared.proof.cleared, cleared.proof.gap), (best(&case), 0));
        if case.caps.is_empty() && case.fund.is_none() {
            // Partly cleared pairs have no cycle: fewer than parties, and one obligation of each is cut.
            let most = |row: usize| case.consent(row) / case.lot * case.lot;
            let partly = (0..cleared.amounts.len()).filter(|row| (1..most(*row)).contains(&cleared.amounts[*row]));
            prop_assert!(partly.count() < 4);
        }
    }

    #[test]
    fn any_potentials_give_a_bound(
        case in cases(), party in prop::collection::vec(-3i64..4, 4), paying in prop::collection::vec(-3i64..4, 4),
        fund in [-3i64..4, -3i64..4], sides in any::<bool>(),
    ) {
        let claim = comity_clearing::setoff::Potentials { party, paying: if sides { paying } else { vec![] }, fund };
        let nothing = vec![0; case.obligations.len()];
        let proof = verify(&case.problem(), &nothing, &[claim], &[]).expect("nothing cleared is permitted");
        prop_assert!(proof.bound >= best(&case));
    }
}
