//! Action items: what a member has to do when its position passes a share of its quota, by when, and whether it is late.
//!
//! Items are opened, closed and called late by the position alone; what is done about them is for people. Source: Keynes' Clearing
//! Union proposals of 1943 (remembered; texts and deadlines are data of the preset). Deliberately absent: dates; cycles are
//! numbered by the caller.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::quota::Quota;
use crate::ruleset::Text;
use crate::{Refusal, Share, Side};

/// Most rules of one rule set.
pub const RULE_COUNT_MAX: usize = 100;

/// Who has to act, when, and how soon.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ActionRule {
    /// Which side's positions it watches; that member owns the item.
    pub side: Side,
    /// From which share of quota on.
    pub from: Share,
    /// What is to be done.
    pub action: Text,
    /// How many cycles there are to do it; the item is late afterwards.
    pub cycles: u32,
}

/// What became of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The position is still beyond the share, and there is time.
    Open,
    /// The position is still beyond the share, and time is up.
    Late,
    /// The position went back.
    Closed {
        /// In which cycle.
        cycle: u32,
    },
}

/// One member's duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ActionItem {
    /// Who has to act.
    pub owner: u32,
    /// Which rule, an index.
    pub rule: usize,
    /// The cycle at whose end it began.
    pub opened: u32,
    /// The last cycle that is not late.
    pub deadline: u32,
    /// What became of it.
    pub status: Status,
}

/// All items of a union, in the order in which they were opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    items: Vec<ActionItem>,
    /// The item that is not closed, by owner and rule.
    live: BTreeMap<(u32, usize), usize>,
}

impl Actions {
    /// The items.
    #[must_use]
    pub fn items(&self) -> &[ActionItem] {
        &self.items
    }

    /// Brings the items up to date at the end of a cycle. Cycles are given in ascending order.
    ///
    /// # Errors
    /// [`Refusal::QuotaCount`] unless each member has a quota, [`Refusal::Exceeds`] for too many rules.
    pub fn close_cycle(
        &mut self,
        rules: &[ActionRule],
        quotas: &[Quota],
        positions: &[i64],
        cycle: u32,
    ) -> Result<(), Refusal> {
        if quotas.len() != positions.len() {
            return Err(Refusal::QuotaCount { quotas: quotas.len(), members: positions.len() });
        }
        if rules.len() > RULE_COUNT_MAX {
            let whole = |value| i64::try_from(value).unwrap_or(i64::MAX);
            let (value, limit) = (whole(rules.len()), whole(RULE_COUNT_MAX));
            return Err(Refusal::Exceeds { field: "actions", value, limit });
        }
        for (owner, (quota, position)) in (0u32..).zip(quotas.iter().zip(positions)) {
            for (index, rule) in rules.iter().enumerate() {
                let live = self.live.get(&(owner, index)).copied();
                match (live, touches(rule, *quota, *position)) {
                    (Some(item), true) if cycle > self.items[item].deadline => self.items[item].status = Status::Late,
                    (Some(item), false) => {
                        self.items[item].status = Status::Closed { cycle };
                        self.live.remove(&(owner, index));
                    }
                    (None, true) => {
                        self.live.insert((owner, index), self.items.len());
                        self.items.push(ActionItem {
                            owner,
                            rule: index,
                            opened: cycle,
                            deadline: cycle.saturating_add(rule.cycles),
                            status: Status::Open,
                        });
                    }
                    (Some(_), true) | (None, false) => {}
                }
            }
        }
        Ok(())
    }
}

/// Whether a position is at or beyond the rule's share of quota, on its side.
#[must_use]
pub fn touches(rule: &ActionRule, quota: Quota, position: i64) -> bool {
    Side::of(position) == Some(rule.side)
        && i128::from(position).abs() * i128::from(Share::SCALE) >= i128::from(quota.value()) * rule.from.millionths()
}

/// How fast a position may grow: at most `share` of quota further from zero than a year ago.
///
/// # Errors
/// [`Refusal::Growth`] if it grew faster, [`Refusal::Overflow`] if the growth does not fit.
pub fn growth(share: Share, quota: Quota, year_ago: i64, now: i64) -> Result<(), Refusal> {
    // A position that changed sides grew from zero.
    let start = if year_ago.signum() == now.signum() { i128::from(year_ago).abs() } else { 0 };
    let grown = i128::from(now).abs() - start;
    let limit = share.of(quota.value()).floor();
    if grown <= limit {
        return Ok(());
    }
    let narrow = |value| i64::try_from(value).map_err(|_| Refusal::Overflow { field: "growth of a position" });
    Err(Refusal::Growth { grown: narrow(grown)?, limit: narrow(limit)? })
}
