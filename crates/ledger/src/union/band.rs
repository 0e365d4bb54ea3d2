//! Action items: a position in a band opens one, time makes it late, going back closes it.
//!
//! Items follow the position alone, at each closing; what is done about them is for people. Absent on purpose: dates; time is
//! counted in closings, as the rule says.

use alloc::vec::Vec;

use comity_union::action::{ActionRule, touches};

use super::rules::{self, Rules};
use super::{ActionItem, ItemStatus};
use crate::event::{Event, Events};
use crate::state::State;

/// Brings all items up to date after a closing.
pub(super) fn update(state: &mut State, events: &mut Events, union: u32, closing: u32) {
    let known = &mut state.unions.list[union as usize];
    if known.rules.bands.is_empty() {
        return;
    }
    let rules = Rules::read(&known.rules);
    let bands: Vec<ActionRule> = known
        .rules
        .bands
        .iter()
        .map(|band| ActionRule {
            side: rules::side(band.side),
            from: rules::of_quota(band.from),
            action: alloc::borrow::Cow::Borrowed(""),
            cycles: band.closings,
        })
        .collect();
    let mut live = alloc::collections::BTreeMap::new();
    for (at, item) in known.items.iter().enumerate() {
        if !matches!(item.status, ItemStatus::Closed(_)) {
            live.insert((item.owner, item.band), at);
        }
    }
    let mut changed = Vec::new();
    for (place, member) in known.members.iter().enumerate() {
        for (band, rule) in (0_u32..).zip(&bands) {
            let inside = touches(rule, rules.quota(place), member.position);
            match (live.get(&(member.authority, band)).copied(), inside) {
                (Some(at), true) => {
                    let item = &mut known.items[at];
                    if closing > item.deadline && item.status == ItemStatus::Open {
                        item.status = ItemStatus::Late;
                        changed.push(at);
                    }
                }
                (Some(at), false) => {
                    known.items[at].status = ItemStatus::Closed(closing);
                    changed.push(at);
                }
                (None, true) => {
                    changed.push(known.items.len());
                    known.items.push(ActionItem {
                        owner: member.authority,
                        band,
                        opened: closing,
                        deadline: closing.saturating_add(rule.cycles),
                        status: ItemStatus::Open,
                    });
                }
                (None, false) => {}
            }
        }
    }
    for at in changed {
        let item = u32::try_from(at).expect("fewer than 2^32 items");
        events.push(Event::ActionItem { union, item });
    }
}
