//! Random histories: arrivals, urgent insertions, cancels, new terms, limits, groups, settlement.

use comity_clearing::gridlock::standing::Entry;
use comity_clearing::gridlock::{Account, NO_GROUP};
use proptest::prelude::*;

use crate::model::{Model, at};

#[derive(Clone, Debug)]
enum Step {
    Put { debtor: u32, step: u32, amount: i64, urgent: bool, place: usize, group: u8 },
    Remove { nth: usize },
    Terms { account: u32, terms: Account },
    Shift { account: u32, amount: i64 },
    Reserve { account: u32, reserve: i64 },
    Limit { from: u32, step: u32, headroom: Option<i64> },
    Settle,
}

fn terms() -> impl Strategy<Value = Account> {
    (-8i64..20, prop::option::weighted(0.2, -5i64..20), prop::option::weighted(0.2, -3i64..30))
        .prop_map(|(available, multilateral, gross_out)| Account { available, multilateral, gross_out })
}

fn step(members: u32) -> impl Strategy<Value = Step> {
    let put = (0..members, 1..members, 1i64..20, prop::bool::weighted(0.2), 0usize..30, 0u8..12).prop_map(
        |(debtor, step, amount, urgent, place, group)| {
            // Most arrive at the end.
            let place = if place < 8 { place } else { usize::MAX };
            Step::Put { debtor, step, amount, urgent, place, group }
        },
    );
    prop_oneof![
        12 => put,
        2 => (0usize..1_000).prop_map(|nth| Step::Remove { nth }),
        1 => (0..members, terms()).prop_map(|(account, terms)| Step::Terms { account, terms }),
        2 => (0..members, -6i64..8).prop_map(|(account, amount)| Step::Shift { account, amount }),
        1 => (0..members, 0i64..10).prop_map(|(account, reserve)| Step::Reserve { account, reserve }),
        1 => (0..members, 1..members, prop::option::weighted(0.8, -6i64..15))
            .prop_map(|(from, step, headroom)| Step::Limit { from, step, headroom }),
        6 => Just(Step::Settle),
    ]
}

/// Makes one change on both sides.
fn take(model: &mut Model, members: u32, step: &Step) {
    match *step {
        Step::Put { debtor, step, amount, urgent, place, group } => {
            let creditor = (debtor + step) % members;
            let group = group_for(model, group);
            model.put(Entry { debtor, creditor, amount, group, urgent }, place);
        }
        Step::Remove { nth } => model.remove(nth),
        Step::Terms { account, terms } => {
            model.accounts[at(account)] = terms;
            model.standing.set_account(account, terms).expect("known");
        }
        Step::Shift { account, amount } => {
            model.accounts[at(account)].available += amount;
            model.standing.shift_available(account, amount).expect("known");
        }
        Step::Reserve { account, reserve } => {
            model.reserves[at(account)] = reserve;
            model.standing.set_reserve(account, reserve).expect("known");
        }
        Step::Limit { from, step, headroom } => {
            let to = (from + step) % members;
            match headroom {
                Some(headroom) => model.limits.insert((from, to), headroom),
                None => model.limits.remove(&(from, to)),
            };
            model.standing.set_limit(from, to, headroom.map(i128::from)).expect("known");
        }
        Step::Settle => {
            model.compare();
            model.settle();
            assert_eq!(model.compare(), 0, "after settling the greatest set nothing can settle");
        }
    }
}

/// A group for a new entry: mostly none, else an open one with a leg missing, else a new one of 2 or 3 legs.
fn group_for(model: &mut Model, choice: u8) -> u32 {
    if choice > 2 {
        return NO_GROUP;
    }
    let open = model.groups.iter().find(|(group, legs)| model.present(**group) < **legs);
    if let (Some((group, _)), 1..) = (open, choice) {
        return *group;
    }
    let legs = 2 + u32::from(choice == 2);
    let group = model.standing.open_group(legs).expect("few groups");
    model.groups.insert(group, at(legs));
    group
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn equals_the_solver_after_every_change(
        rounds in prop::sample::select(vec![1u8, 2, 3, 5, 48]),
        accounts in prop::collection::vec(terms(), 4),
        steps in prop::collection::vec(step(4), 1..60),
    ) {
        let mut model = Model::new(rounds, &accounts);
        for step in &steps {
            take(&mut model, 4, step);
            model.compare();
            model.prove();
        }
    }

    /// Several changes between two looks: the rounds catch up at once.
    #[test]
    fn equals_the_solver_after_many_changes_at_once(
        rounds in prop::sample::select(vec![1u8, 4, 200]),
        accounts in prop::collection::vec(terms(), 6),
        steps in prop::collection::vec(step(6), 1..120),
        every in 2usize..20,
    ) {
        let mut model = Model::new(rounds, &accounts);
        for (nth, step) in steps.iter().enumerate() {
            take(&mut model, 6, step);
            if nth % every == 0 {
                model.compare();
                model.prove();
            }
        }
        model.settle();
        prop_assert_eq!(model.compare(), 0);
    }

    /// As an engine works: a change, then whatever settles; no proof in between that would look at every round.
    #[test]
    fn settling_after_every_change_leaves_nothing(
        rounds in prop::sample::select(vec![1u8, 3, 64]),
        accounts in prop::collection::vec(terms(), 5),
        steps in prop::collection::vec(step(5), 1..80),
    ) {
        let mut model = Model::new(rounds, &accounts);
        for step in &steps {
            take(&mut model, 5, step);
            model.settle_as_solved();
            prop_assert_eq!(model.standing.clone().prove().selected.iter().filter(|chosen| **chosen).count(), 0);
        }
    }
}

/// Long histories with long queues, compared at intervals.
#[test]
fn equals_the_solver_in_long_histories() {
    for seed in 0..4 {
        let mut chance = Chance(seed);
        let members = 30;
        let accounts: Vec<Account> = (0..members).map(|_| Account::funded(chance.below(400))).collect();
        let mut model = Model::new([2, 16, 64, 250][at(u32::try_from(seed).expect("small"))], &accounts);
        for nth in 0..6_000u32 {
            let account = |chance: &mut Chance| u32::try_from(chance.below(i64::from(members))).expect("small");
            let debtor = account(&mut chance);
            let step = 1 + account(&mut chance) % (members - 1);
            let kind = chance.below(40);
            let amount = 1 + chance.below(9) * chance.below(9) * chance.below(9);
            let step = match kind {
                0 => Step::Remove { nth: usize::try_from(chance.below(1_000)).expect("small") },
                1 => Step::Shift { account: debtor, amount: chance.below(60) - 30 },
                2 => Step::Limit { from: debtor, step, headroom: Some(chance.below(300)) },
                3 => Step::Reserve { account: debtor, reserve: chance.below(50) },
                _ => {
                    let urgent = kind == 4;
                    let group = u8::try_from(chance.below(60)).expect("small");
                    Step::Put { debtor, step, amount, urgent, place: usize::MAX, group }
                }
            };
            take(&mut model, members, &step);
            model.settle();
            if nth % 250 == 0 {
                assert_eq!(model.compare(), 0);
                model.prove();
            }
        }
    }
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((z ^ (z >> 31)) >> 1).expect("63 bits") % bound
    }
}
