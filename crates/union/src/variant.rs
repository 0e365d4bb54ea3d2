//! The same rule set with one rule for persistent creditors added: what each of them changes on the same flows.
//!
//! Each variant differs from its base in one place. The numbers are ours, chosen so that each rule has a visible effect on a
//! persistent surplus; they are data, and a file can change them. Deliberately absent: a verdict.

use alloc::vec::Vec;

use crate::charge::{DayCount, Step, SymmetricCharge};
use crate::preset::{Compensation, Key, RecyclingRule, Rising, RuleSet, Unable, Use, UseRule, preset};
use crate::schedule::RemainderIn;
use crate::{Rate, Refusal, Share, Side};

/// A rule set with one rule added, or the one to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// A short name.
    pub name: &'static str,
    /// What is different, in a line.
    pub says: &'static str,
    /// The rules.
    pub rules: RuleSet,
}

/// `base` as it is, and with each rule for persistent creditors. Claims that pay third members add something only where pairs
/// settle by themselves, so the last two compare `bilateral-1+1` without and with them.
///
/// # Errors
/// None for rule sets that can be applied.
pub fn creditor_rules(base: &RuleSet) -> Result<Vec<Variant>, Refusal> {
    let share = Share::percent;
    let with = |change: &dyn Fn(&mut RuleSet)| {
        let mut rules = base.clone();
        change(&mut rules);
        rules
    };
    let rising = Rising { side: Some(Side::Creditor), above: share(25), after: 3, step: share(5), most: Share::ONE };
    let rate = Rate::basis_points;
    let charge = SymmetricCharge::new(&[
        Step { above: share(25), rate: rate(100) },
        Step { above: share(50), rate: rate(200) },
        Step { above: share(75), rate: rate(400) },
    ])?;
    let recycling = RecyclingRule {
        above: share(50),
        share: Share::ONE,
        key: Key::Debt,
        instalments: 60,
        rate: rate(300),
        count: DayCount::Act360,
        remainder: RemainderIn::Last,
        unable: Unable::Prolong,
    };
    let investment =
        UseRule { kind: Use::Investment, above: share(25), share: share(50), limit: None, returns_after: 0 };
    let advance = UseRule { kind: Use::TradeAdvance, returns_after: 12, share: share(25), ..investment };
    let third =
        UseRule { kind: Use::ThirdMember, above: Share::ZERO, share: Share::ONE, limit: None, returns_after: 0 };
    let pairs = preset("bilateral-1+1")?;
    debug_assert!(pairs.compensation == Compensation::Pairs, "claims are passed on between pairs");
    let mut passing = pairs.clone();
    passing.uses = [third].into();
    Ok([
        Variant { name: "as it is", says: "no rule for persistent creditors", rules: base.clone() },
        Variant {
            name: "rising share",
            says: "a claim above 25 % of quota for more than 3 cycles is paid out, 5 % more of it each cycle",
            rules: with(&|rules| rules.rising = Some(rising)),
        },
        Variant {
            name: "charges",
            says: "1, 2 and 4 % a year more above 25, 50 and 75 % of quota, debtors and creditors alike",
            rules: with(&|rules| rules.charge = Some(charge.clone())),
        },
        Variant {
            name: "recycling",
            says: "claims above 50 % of quota become loans of 60 cycles at 3 % to debtors",
            rules: with(&|rules| rules.recycling = Some(recycling)),
        },
        Variant {
            name: "permitted use",
            says: "each cycle half of a claim above 25 % of quota is invested, a quarter of the rest is paid in advance for a year",
            rules: with(&|rules| rules.uses = [investment, advance].into()),
        },
        Variant { name: "pairs alone", says: "bilateral-1+1: each pair by itself", rules: pairs },
        Variant {
            name: "third members",
            says: "bilateral-1+1, and a claim on one partner pays what is owed to another",
            rules: passing,
        },
    ]
    .into())
}
