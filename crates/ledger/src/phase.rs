//! Phases of the business day as data: what each allows and what happens when it begins.
//!
//! A phase is a [`crate::command::PhaseRule`]; its `allows` is a set of the bits below. Phases follow each other in the
//! order listed; none is skipped. Absent on purpose: names of phases; an arrangement calls them what it likes.

/// Rates may be set.
pub const RATES: u32 = 1;
/// Authorities may approve or decline rates.
pub const APPROVE_RATES: u32 = 1 << 1;
/// Outside money may come in and be issued.
pub const FUND: u32 = 1 << 2;
/// Payments are taken in.
pub const ENTRY: u32 = 1 << 3;
/// Payments settle.
pub const SETTLE: u32 = 1 << 4;
/// Returns are taken in.
pub const RETURN: u32 = 1 << 5;
/// Authorities may confirm positions.
pub const CONFIRM: u32 = 1 << 6;
/// Money may leave to the outside.
pub const DEFUND: u32 = 1 << 7;

/// On beginning: offset all queues once.
pub const ON_OFFSET: u32 = 1 << 16;
/// On beginning: apply each currency's rule for payments still waiting.
pub const ON_UNSETTLED: u32 = 1 << 17;
/// On beginning: cut the cycle and compute net positions.
pub const ON_CUT: u32 = 1 << 18;
/// On beginning: redeem what exceeds overnight limits. Refused while positions wait for confirmation, if required.
pub const ON_SWEEP: u32 = 1 << 19;
/// On beginning: close the day.
pub const ON_CLOSE: u32 = 1 << 20;

/// On beginning: close the unions whose rules say so.
pub const ON_CARRY: u32 = 1 << 21;

/// Name and bit of everything a phase may allow, for files and messages.
pub const NAMES: [(&str, u32); 14] = [
    ("rates", RATES),
    ("approve-rates", APPROVE_RATES),
    ("fund", FUND),
    ("entry", ENTRY),
    ("settle", SETTLE),
    ("return", RETURN),
    ("confirm", CONFIRM),
    ("defund", DEFUND),
    ("on-offset", ON_OFFSET),
    ("on-unsettled", ON_UNSETTLED),
    ("on-cut", ON_CUT),
    ("on-sweep", ON_SWEEP),
    ("on-close", ON_CLOSE),
    ("on-carry", ON_CARRY),
];

/// Every bit that means something.
pub const KNOWN: u32 = 0xff | 0x3f << 16;
