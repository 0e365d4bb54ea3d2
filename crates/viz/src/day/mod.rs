//! The day on one time axis: how many payments waited and why, and the value settled so far.
//!
//! Phases lie above the panels and cut-offs cross them, so that a step in a curve can be read against
//! its cause. Between two samples the earlier one holds: nothing is drawn that was not observed.
//! Absent: zoom; a day of more samples than there are pixels keeps the deepest queue of each column.

mod draw;

use crate::amount::Unit;
use crate::picture::Head;

/// Why a payment waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitReason {
    /// The debtor's balance does not cover it.
    NoFunds,
    /// A limit between two participants is reached.
    BilateralLimit,
    /// A limit of one participant against all others is reached.
    MultilateralLimit,
    /// Another leg of its payment-versus-payment group cannot settle yet.
    PvpPartner,
    /// Its earliest time or value date has not come.
    NotYetDue,
    /// Anything else, for example a hold by the participant itself.
    Other,
}

impl WaitReason {
    /// All reasons in the order of [`DayPoint::waiting`] and of the stack from the bottom up.
    pub const ALL: [Self; 6] =
        [Self::NoFunds, Self::BilateralLimit, Self::MultilateralLimit, Self::PvpPartner, Self::NotYetDue, Self::Other];

    /// The reason in words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NoFunds => "no funds",
            Self::BilateralLimit => "bilateral limit",
            Self::MultilateralLimit => "multilateral limit",
            Self::PvpPartner => "PvP partner",
            Self::NotYetDue => "not yet due",
            Self::Other => "other",
        }
    }
}

/// One observation; it holds until the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayPoint {
    /// Seconds after midnight of the business date in the picture's time zone; may pass 86,400.
    pub at_s: u32,
    /// Payments waiting, by reason in the order of [`WaitReason::ALL`].
    pub waiting: [u64; 6],
    /// Value settled since the opening, in minor units of the picture's unit.
    pub settled_minor: i128,
}

/// A named part of the business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// Name, for example `exchange`.
    pub name: String,
    /// First second.
    pub from_s: u32,
    /// First second no longer in it.
    pub to_s: u32,
}

/// A moment after which something is no longer accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// What is cut off, for example a currency.
    pub label: String,
    /// Seconds after midnight.
    pub at_s: u32,
}

/// Queue and settled value over the business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Name and meaning.
    pub head: Head,
    /// Unit of the settled value.
    pub unit: Unit,
    /// Name of the time zone as shown, for example `UTC+08:00`.
    pub zone: String,
    /// Opening, in seconds after midnight.
    pub from_s: u32,
    /// Close.
    pub to_s: u32,
    /// Observations; drawn in order of time.
    pub points: Vec<DayPoint>,
    /// Phases.
    pub phases: Vec<Phase>,
    /// Cut-offs.
    pub cut_offs: Vec<CutOff>,
}
