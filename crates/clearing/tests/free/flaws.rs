//! The verifier refuses every flaw, each made on purpose.

use comity_clearing::free::{Answer, Flaw, Goal, Invalid, Proof, Split, Step, Terms, check, solve};
use comity_clearing::gridlock::{self, Account, Bilateral, Cause, Item, NO_GROUP};

use crate::case::Case;

fn pay(debtor: u32, creditor: u32, amount: i64) -> Item {
    Item { debtor, creditor, amount, group: NO_GROUP }
}

/// Three accounts with every kind of limit; 0 keeps its order, items 3 and 4 are a group.
fn case() -> Case {
    let mut items = vec![pay(0, 1, 5), pay(0, 1, 4), pay(1, 2, 6), pay(1, 2, 3), pay(2, 0, 2)];
    items[3].group = 0;
    items[4].group = 0;
    Case {
        accounts: vec![
            Account { available: 9, multilateral: Some(8), gross_out: None },
            Account { available: 4, multilateral: None, gross_out: Some(7) },
            Account::funded(2),
        ],
        items,
        bilateral: vec![Bilateral { from: 0, to: 1, headroom: 8 }],
        groups: 1,
        opted_in: Some(vec![false, true, true]),
        weights: Vec::new(),
    }
}

fn terms(case: &Case) -> Terms<'_> {
    Terms { opted_in: case.opted_in.as_deref(), ..Terms::default() }
}

/// Prices of 0: the bound is the sum of all amounts.
fn claim(case: &Case, settled: &[i64]) -> Answer {
    let bound = case.items.iter().map(|item| i128::from(item.amount)).sum();
    let value = settled.iter().map(|units| i128::from(*units)).sum();
    Answer { settled: settled.to_vec(), value, bound, proof: Proof::Prices(vec![0; 6]), steps: 0 }
}

fn flaw(case: &Case, answer: &Answer) -> Result<(), Flaw> {
    check(&case.problem(), &terms(case), answer)
}

#[test]
fn a_feasible_claim_with_any_prices_passes() {
    let case = case();
    for settled in [[0; 5], [5, 0, 6, 0, 0], [5, 0, 0, 3, 2], [0, 0, 0, 3, 2]] {
        assert_eq!(flaw(&case, &claim(&case, &settled)), Ok(()), "{settled:?}");
    }
}

#[test]
fn what_must_not_settle() {
    let case = case();
    let refused = |settled: &[i64]| flaw(&case, &claim(&case, settled)).expect_err("refused");
    assert_eq!(refused(&[5, 0, 6, 0]), Flaw::Length { what: "settled", found: 4, expected: 5 });
    assert_eq!(refused(&[3, 0, 0, 0, 0]), Flaw::Slice { item: 0, units: 3 });
    assert_eq!(refused(&[-1, 0, 0, 0, 0]), Flaw::Slice { item: 0, units: -1 });
    assert_eq!(refused(&[5, 0, 7, 0, 0]), Flaw::Slice { item: 2, units: 7 });
    assert_eq!(refused(&[0, 4, 0, 0, 0]), Flaw::NotPrefix { item: 1 });
    assert_eq!(refused(&[5, 0, 0, 3, 0]), Flaw::SplitGroup { item: 3, group: 0 });
    assert_eq!(refused(&[5, 0, 6, 3, 2]), Flaw::AccountViolated { account: 1, cause: Cause::Gross });
    assert_eq!(refused(&[0, 0, 6, 0, 0]), Flaw::AccountViolated { account: 1, cause: Cause::Account });
    assert_eq!(refused(&[5, 4, 0, 0, 0]), Flaw::AccountViolated { account: 0, cause: Cause::Multilateral });
    assert_eq!(refused(&[5, 4, 0, 3, 2]), Flaw::PairViolated { limit: 0 });
}

#[test]
fn what_is_stated_of_value_and_bound() {
    let case = case();
    let good = claim(&case, &[5, 0, 6, 0, 0]);
    let value = Answer { value: 12, ..good.clone() };
    assert_eq!(flaw(&case, &value), Err(Flaw::Value { stated: 12, found: 11 }));
    let bound = Answer { bound: 19, ..good.clone() };
    assert_eq!(flaw(&case, &bound), Err(Flaw::Bound { stated: 19, found: 20 }));
    let prices = Answer { proof: Proof::Prices(vec![0; 5]), ..good.clone() };
    assert_eq!(flaw(&case, &prices), Err(Flaw::Length { what: "prices", found: 5, expected: 6 }));
    let mut other = good;
    other.proof = Proof::Prices(vec![0, 0, 0, 0, 1, 0]);
    assert!(matches!(flaw(&case, &other), Err(Flaw::Bound { stated: 20, .. })));
}

#[test]
fn slices_only_by_consent() {
    let mut case = case();
    let settled = [5, 0, 2, 0, 0];
    let consent = [true, true, false, true, true];
    let split = |slice_min, consent| Terms { split: Some(Split { slice_min, consent }), ..Terms::default() };
    let claim = |case: &Case, settled: &[i64], terms: &Terms<'_>| check(&case.problem(), terms, &claim(case, settled));
    assert_eq!(claim(&case, &settled, &split(1, None)), Ok(()));
    assert_eq!(claim(&case, &settled, &split(2, None)), Ok(()));
    assert_eq!(claim(&case, &settled, &split(3, None)), Err(Flaw::Slice { item: 2, units: 2 }));
    assert_eq!(claim(&case, &[5, 0, 5, 0, 0], &split(2, None)), Err(Flaw::Slice { item: 2, units: 5 }));
    assert_eq!(claim(&case, &settled, &split(1, Some(&consent))), Err(Flaw::Slice { item: 2, units: 2 }));
    let count = Terms { goal: Goal::Count, ..split(1, None) };
    assert_eq!(claim(&case, &settled, &count), Err(Flaw::Slice { item: 2, units: 2 }));
    assert_eq!(claim(&case, &[0, 0, 0, 1, 2], &split(1, None)), Err(Flaw::Slice { item: 3, units: 1 }));
    let opted_in = [true, false, true];
    let ordered = Terms { opted_in: Some(&opted_in), ..split(1, None) };
    assert_eq!(claim(&case, &settled, &ordered), Err(Flaw::Slice { item: 2, units: 2 }));
    case.items[0].amount = 0;
    let invalid = Invalid::Problem(gridlock::Invalid::ItemAmount { item: 0, amount: 0 });
    assert_eq!(claim(&case, &settled, &split(1, None)), Err(Flaw::Invalid(invalid)));
}

/// A case whose search needs a tree.
fn searched() -> (Case, Answer, Vec<Step>) {
    let items = vec![pay(0, 1, 6), pay(0, 1, 7), pay(0, 1, 8), pay(1, 0, 2)];
    let accounts = vec![Account::funded(10), Account::funded(0)];
    let case = Case { accounts, items, ..Case::default() };
    let answer = solve(&case.problem(), &Terms::default()).expect("well formed");
    let Proof::Search(steps) = answer.proof.clone() else { panic!("a small case is searched") };
    assert!(steps.len() >= 3, "the relaxation alone does not prove it");
    (case, answer, steps)
}

#[test]
fn a_tree_proves_only_what_its_leaves_prove() {
    let (case, answer, steps) = searched();
    let judge = |steps: Vec<Step>| {
        check(&case.problem(), &Terms::default(), &Answer { proof: Proof::Search(steps), ..answer.clone() })
    };
    assert_eq!(judge(steps.clone()), Ok(()));
    for place in 0..steps.len() {
        let cut = steps[..place].to_vec();
        assert_eq!(judge(cut), Err(Flaw::Tree { step: place }));
        let mut broken = steps.clone();
        broken[place] = Step::Broken;
        assert_eq!(judge(broken).is_ok(), steps[place] == Step::Broken, "step {place}");
        let mut empty = steps.clone();
        empty[place] = Step::Empty(vec![0; 3]);
        assert!(judge(empty).is_err(), "step {place}");
        let mut loose = steps.clone();
        loose[place] = Step::Bound(vec![1 << 20, 0, 0]);
        assert!(judge(loose).is_err(), "step {place}");
        let mut wild = steps.clone();
        wild[place] = Step::Branch { item: 4, up_first: true };
        assert_eq!(judge(wild), Err(Flaw::Tree { step: place }));
        let mut short = steps.clone();
        short[place] = Step::Bound(vec![0; 2]);
        assert_eq!(judge(short), Err(Flaw::Length { what: "prices", found: 2, expected: 3 }));
    }
    let mut long = steps.clone();
    long.push(Step::Broken);
    assert_eq!(judge(long), Err(Flaw::Tree { step: steps.len() }));
    let mut again = vec![steps[0].clone()];
    again.extend(steps.clone());
    assert_eq!(judge(again), Err(Flaw::Tree { step: 1 }));
    let tight = Answer { bound: answer.bound - 1, ..answer.clone() };
    assert!(matches!(check(&case.problem(), &Terms::default(), &tight), Err(Flaw::Bound { .. })));
    let split = Terms { split: Some(Split { slice_min: 1, consent: None }), ..Terms::default() };
    assert_eq!(check(&case.problem(), &split, &answer), Err(Flaw::Unfit));
}

#[test]
fn every_flaw_reads_well() {
    let texts = [
        Flaw::Slice { item: 1, units: 2 }.to_string(),
        Flaw::SplitGroup { item: 1, group: 2 }.to_string(),
        Flaw::NotPrefix { item: 1 }.to_string(),
        Flaw::AccountViolated { account: 1, cause: Cause::Gross }.to_string(),
        Flaw::PairViolated { limit: 1 }.to_string(),
        Flaw::Unfit.to_string(),
        Flaw::Leaf { step: 3 }.to_string(),
    ];
    expect_test::expect![[r#"
        item 1 must not settle 2 units
        item 1 settles but group 2 is not complete
        item 1 settles behind one that does not
        account 1 violates its Gross constraint
        bilateral limit 1 is violated
        a search tree proves no bound on slices
        leaf 3 of the search tree does not prove what it says"#]]
    .assert_eq(&texts.join("\n"));
}
