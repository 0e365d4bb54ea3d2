//! Netting in stages: members of a group among themselves first, then the group against everybody else.
//!
//! Write x for a member's net within its group and h for its net against outsiders. In stages the group needs
//!
//! ```text
//! inner + outer = 1/2 sum |x| + 1/2 (sum |h| + |sum h|)
//! ```
//!
//! to move: its members settle x, then bring h together and the group settles the rest as one. All at once it needs
//! 1/2 (sum |x + h| + |sum h|), which is never more. Absent on purpose: who carries the group's position.

use alloc::vec;
use alloc::vec::Vec;

use super::{Invalid, Netting, Obligation, net, validate};
use crate::at;

/// What one group needs to move; minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Sum of obligations between its members.
    pub gross: i128,
    /// What remains of them when each pair nets for itself.
    pub bilateral: i128,
    /// What remains of them when all its members net together: half the sum of |x|.
    pub inner: i128,
    /// What the second stage needs: members' nets against outsiders, brought together.
    pub outer: i128,
    /// What one common stage needs.
    pub together: i128,
    /// The group's own net against outsiders; positive for a net creditor.
    pub net: i128,
}

/// All groups, and the netting between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// By group.
    pub groups: Vec<Group>,
    /// Groups as members: obligations between members of different groups.
    pub between: Netting,
}

/// Why groups are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Refused {
    /// The obligations are.
    Obligations(Invalid),
    /// The list of groups has another length than there are members.
    Length { found: usize, members: u32 },
    /// A member belongs to a group that does not exist.
    Group { member: u32, group: u32 },
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match *self {
            Self::Obligations(invalid) => invalid.fmt(f),
            Self::Length { found, members } => write!(f, "{found} members have a group where there are {members}"),
            Self::Group { member, group } => {
                write!(f, "member {member} belongs to group {group}, which does not exist")
            }
        }
    }
}

impl core::error::Error for Refused {}

/// Nets by group; `group_of` has one of `0..groups` per member.
///
/// # Errors
/// [`Refused`] with the first thing wrong.
pub fn by_group(members: u32, group_of: &[u32], groups: u32, obligations: &[Obligation]) -> Result<Groups, Refused> {
    validate(members, obligations).map_err(Refused::Obligations)?;
    validate(groups, &[]).map_err(Refused::Obligations)?;
    if group_of.len() != at(members) {
        return Err(Refused::Length { found: group_of.len(), members });
    }
    if let Some((member, &group)) = (0u32..).zip(group_of).find(|(_, group)| **group >= groups) {
        return Err(Refused::Group { member, group });
    }
    let (mut inside, mut between) = (Vec::new(), Vec::new());
    // Per member: net within the group, net against outsiders.
    let mut nets = vec![(0i128, 0i128); at(members)];
    for one in obligations {
        let (from, to) = (group_of[at(one.from)], group_of[at(one.to)]);
        let amount = i128::from(one.amount);
        if from == to {
            inside.push(*one);
            nets[at(one.from)].0 -= amount;
            nets[at(one.to)].0 += amount;
        } else {
            between.push(Obligation { from, to, amount: one.amount });
            nets[at(one.from)].1 -= amount;
            nets[at(one.to)].1 += amount;
        }
    }
    let mut found = vec![Group::default(); at(groups)];
    for one in &inside {
        found[at(group_of[at(one.from)])].gross += i128::from(one.amount);
    }
    for pair in net(members, &inside).map_err(Refused::Obligations)?.bilateral {
        found[at(group_of[at(pair.debtor)])].bilateral += pair.amount;
    }
    for (&(x, h), group) in nets.iter().zip(group_of) {
        let own = &mut found[at(*group)];
        own.net += h;
        own.inner += x.abs();
        own.outer += h.abs();
        own.together += (x + h).abs();
    }
    for own in &mut found {
        own.inner /= 2;
        own.outer = (own.outer + own.net.abs()) / 2;
        own.together = (own.together + own.net.abs()) / 2;
    }
    Ok(Groups { groups: found, between: net(groups, &between).map_err(Refused::Obligations)? })
}
