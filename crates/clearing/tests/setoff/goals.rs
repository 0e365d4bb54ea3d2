//! Goals on larger problems than trying everything can do: the value never suffers, certificates hold.

use comity_clearing::setoff::{Goal, Obligation, Options, Problem, solve, verify};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn each_goal_keeps_what_was_reached_before(
        rows in prop::collection::vec((0u32..9, 1u32..9, 1i64..1000, 0i32..400), 1..40),
    ) {
        let owed: Vec<Obligation> = rows
            .iter()
            .map(|&(debtor, step, amount, _)| Obligation { debtor, creditor: (debtor + step) % 9, amount })
            .collect();
        let due: Vec<i32> = rows.iter().map(|row| row.3).collect();
        let problem = Problem { due: &due, ..Problem::of(9, &owed) };
        let plain = solve(&problem, &Options::default()).expect("valid");
        let goals = [Goal::Oldest, Goal::Fairest, Goal::Fewest];
        for some in [&goals[..1], &goals[1..2], &goals[2..], &goals] {
            let cleared = solve(&problem, &Options { goals: some, ..Options::default() }).expect("valid");
            prop_assert_eq!((cleared.proof.cleared, cleared.proof.gap), (plain.proof.cleared, 0));
            for goal in &cleared.proof.goals {
                prop_assert_eq!(goal.value, goal.bound);
            }
            let exact = some.iter().filter(|goal| **goal != Goal::Fewest).count();
            prop_assert_eq!(cleared.certificates.len(), exact + 1);
            // The plain clearing is judged by the same certificates: it may be worse, never better.
            let judged = verify(&problem, &plain.amounts, &cleared.certificates, some).expect("permitted");
            for (own, other) in cleared.proof.goals.iter().zip(&judged.goals).take(1) {
                prop_assert!(other.value <= own.value);
                prop_assert_eq!(other.bound >= own.value, true);
            }
        }
    }
}
