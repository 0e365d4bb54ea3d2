//! Why a rule set, a quota, a rate or a flow is refused.
//!
//! Each refusal names the field or rule, the value and the limit. Nothing is computed, and nothing changes, when one is given.
//! Deliberately absent: members' names; the caller knows which member has which index.

use alloc::boxed::Box;
use core::fmt;

use crate::Side;
use crate::share::Percent;

/// A refusal. Indices are positions in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Refusal {
    /// A share outside 0 to 1.
    Share { field: &'static str, millionths: i64 },
    /// A rate below zero or absurdly high.
    Rate { field: &'static str, billionths: i64 },
    /// A rate that is needed is not there.
    RateMissing { field: &'static str, index: usize },
    /// An exchange rate that is zero or below.
    Fixing { currency: u32 },
    /// A quota that is zero or below.
    Quota { value: i64 },
    /// What is wrong with the quota of a member.
    QuotaOf { member: u32, refusal: Box<Refusal> },
    /// A turnover below zero.
    Turnover { year: usize, value: i64 },
    /// No year of turnover, or another number than the rule averages over.
    BasePeriod { years: usize, needed: usize },
    /// A member without a quota, or a quota without a member.
    QuotaCount { quotas: usize, members: usize },
    /// A side without tranches.
    NoTranche { side: Side },
    /// A tranche that begins below the end of the one before.
    TrancheOverlap { side: Side, index: usize, from: u32, before: u32 },
    /// A tranche that begins above the end of the one before, or above zero.
    TrancheGap { side: Side, index: usize, from: u32, before: u32 },
    /// A tranche that does not end above its beginning.
    TrancheOrder { side: Side, index: usize, from: u32, to: u32 },
    /// The last tranche ends below the full quota.
    TrancheEnd { side: Side, to: u32 },
    /// A position beyond the quota where the rule says no.
    BeyondQuota { member: Option<u32>, side: Side, position: i64, quota: i64 },
    /// A position that grew faster than the rule allows.
    Growth { grown: i64, limit: i64 },
    /// A member whose position grew faster than the rule allows.
    GrowthOf { member: u32, grown: i64, limit: i64 },
    /// A basket of nothing.
    NoComponent,
    /// A weight of zero.
    Weight { index: usize },
    /// A currency named twice.
    ComponentTwice { currency: u32 },
    /// Weights that do not sum to one.
    Weights { sum_millionths: u64 },
    /// An exchange rate that is not there.
    FixingMissing { currency: u32 },
    /// A member that does not exist.
    Member { flow: usize, member: u32, members: u32 },
    /// A member that owes itself.
    ToSelf { flow: usize, member: u32 },
    /// An amount of zero or below.
    Amount { field: &'static str, index: usize, value: i64 },
    /// A member named twice: it would be in two unions, or in one of them twice.
    MemberTwice { member: u32 },
    /// Positions that do not sum to zero.
    Conservation { sum: i128 },
    /// A sum that does not fit.
    Overflow { field: &'static str },
    /// Steps of a charge, of an age or of a rule that are not in order.
    StepOrder { field: &'static str, index: usize },
    /// A number that has to be above zero.
    NotPositive { field: &'static str, value: i64 },
    /// A number above its limit.
    Exceeds { field: &'static str, value: i64, limit: i64 },
    /// A rule set that does not exist.
    Preset,
    /// A hub that is missing, or given where there is none.
    Hub { needed: bool },
    /// Something is to be divided and every weight is zero.
    NoWeight { field: &'static str },
    /// A list that is longer or shorter than the one beside it.
    Count { field: &'static str, count: usize, needed: usize },
    /// A pledge of an asset that is not eligible.
    NotEligible { asset: u32 },
}

impl Refusal {
    /// The same refusal with the member it is about, where it has none yet.
    #[must_use]
    pub fn of_member(self, who: u32) -> Self {
        match self {
            Self::BeyondQuota { member: _, side, position, quota } => {
                Self::BeyondQuota { member: Some(who), side, position, quota }
            }
            other => other,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share { field, millionths } => {
                write!(f, "{field}: share of {} is not from 0 % to 100 %", Percent(*millionths))
            }
            Self::Rate { field, billionths } => {
                write!(f, "{field}: rate of {billionths} billionths a year is not from 0 to {}", u32::MAX)
            }
            Self::RateMissing { field, index } => write!(f, "{field}: rate {index} is missing"),
            Self::Fixing { currency } => write!(f, "rate of currency {currency} is not above 0"),
            Self::Quota { value } => write!(f, "quota {value} is not above 0"),
            Self::QuotaOf { member, refusal } => write!(f, "member {member}: {refusal}"),
            Self::Turnover { year, value } => write!(f, "turnover {value} of year {year} is below 0"),
            Self::BasePeriod { years, needed } => {
                write!(f, "quota base period has {years} years, the rule averages over {needed}")
            }
            Self::QuotaCount { quotas, members } => write!(f, "{quotas} quotas for {members} members"),
            Self::NoTranche { side } => write!(f, "{}.tranches: none", side.word()),
            Self::TrancheOverlap { side, index, from, before } => write!(
                f,
                "{}.tranches[{index}].from: {} overlaps the tranche before, which ends at {}",
                side.word(),
                Percent::from(*from),
                Percent::from(*before)
            ),
            Self::TrancheGap { side, index, from, before } => {
                let (from, before) = (Percent::from(*from), Percent::from(*before));
                write!(f, "{}.tranches[{index}].from: {from} leaves a gap after {before}", side.word())
            }
            Self::TrancheOrder { side, index, from, to } => {
                let (from, to) = (Percent::from(*from), Percent::from(*to));
                write!(f, "{}.tranches[{index}].to: {to} is not above its beginning {from}", side.word())
            }
            Self::TrancheEnd { side, to } => {
                let to = Percent::from(*to);
                write!(f, "{}.tranches: the last ends at {to}, not at the full quota", side.word())
            }
            Self::BeyondQuota { member, side, position, quota } => {
                if let Some(member) = member {
                    write!(f, "member {member}: ")?;
                }
                write!(f, "position {position} is beyond the quota {quota}: the rule {}.beyond refuses it", side.word())
            }
            Self::Growth { grown, limit } => {
                write!(f, "position grew by {grown} in a year, the rule growth_per_year allows {limit}")
            }
            Self::GrowthOf { member, grown, limit } => write!(
                f,
                "member {member}: position grew by {grown} in a year, the rule growth.share allows {limit} and growth.excess refuses more"
            ),
            Self::NoComponent => f.write_str("basket: no component"),
            Self::Weight { index } => write!(f, "basket.components[{index}].weight is 0"),
            Self::ComponentTwice { currency } => write!(f, "basket: currency {currency} is named twice"),
            Self::Weights { sum_millionths } => {
                write!(
                    f,
                    "basket: weights sum to {} instead of 100 %",
                    Percent(i64::try_from(*sum_millionths).unwrap_or(i64::MAX))
                )
            }
            Self::FixingMissing { currency } => write!(f, "rate of currency {currency} is missing"),
            Self::Member { flow, member, members } => {
                write!(f, "flow {flow} names member {member}, there are {members}")
            }
            Self::ToSelf { flow, member } => write!(f, "flow {flow} is owed by member {member} to itself"),
            Self::Amount { field, index, value } => write!(f, "{field} {index}: amount {value} is not above 0"),
            Self::MemberTwice { member } => write!(f, "member {member} is named twice: it can be in one union only"),
            Self::Conservation { sum } => write!(f, "positions sum to {sum} instead of 0"),
            Self::Overflow { field } => write!(f, "{field} does not fit into 64 bits"),
            Self::StepOrder { field, index } => write!(f, "{field}[{index}] is not above the one before"),
            Self::NotPositive { field, value } => write!(f, "{field} {value} is not above 0"),
            Self::Exceeds { field, value, limit } => write!(f, "{field} {value} exceeds the limit of {limit}"),
            Self::Preset => write!(f, "no rule set has this name"),
            Self::Hub { needed: true } => f.write_str("the rule set needs a hub, a member of the group"),
            Self::Hub { needed: false } => f.write_str("the rule set has no hub"),
            Self::NoWeight { field } => write!(f, "{field} are all 0 and something is to be divided by them"),
            Self::Count { field, count, needed } => write!(f, "{count} {field} where {needed} are needed"),
            Self::NotEligible { asset } => write!(f, "asset {asset} is not eligible"),
        }
    }
}

impl core::error::Error for Refusal {}
