//! Arrangement files: the agreed rulebook of a group as data.
//!
//! A folder of one TOML file and four tables becomes a typed [`Arrangement`], or a complete list of [`Mistakes`]. From it
//! come the commands that open a journal ([`Arrangement::setup`]), those of each business day ([`Arrangement::daily`]),
//! and the [`Directory`] that turns BICs and codes into the ledger's identifiers.
//!
//! ```
//! let files = comity_arrangement::preset_files("bilateral-1+1").expect("a preset");
//! let mut arrangement = comity_arrangement::parse(&files).expect("no mistakes");
//! for country in arrangement.keys_missing() {
//!     arrangement.set_public_key(country, [7; 32]);
//! }
//! let setup = arrangement.setup().expect("every authority has its key");
//! let day = arrangement.daily(arrangement.day.date);
//! assert!(setup.len() > 100 && day.len() > 30);
//! ```
//!
//! Absent on purpose: the ledger's decisions, messages, private keys, and clocks.

mod amount;
mod check;
mod code;
mod commitments;
mod currencies;
mod day;
mod directory;
mod gate;
pub mod iso4217;
mod lines;
mod load;
mod mistake;
mod model;
mod people;
mod preset;
mod prices;
mod read_csv;
mod read_toml;
pub mod rules;
mod sections;
mod setup;
mod time;
mod union;

pub use amount::{format_amount, parse_amount};
pub use code::{Bic, Code, Country, CurrencyCode};
pub use commitments::{commitment_key, kind_word};
pub use day::{PlannedPhase, Step, Timed};
pub use directory::{
    AUDITOR, AuthorityActors, BankActors, Directory, FINANCE_CHECKER, FINANCE_MAKER, InternalAccounts,
    OPERATIONS_MANAGER, OPERATOR, Owner, SECURITY_ADMIN, SYSTEM, Settles,
};
pub use load::{Files, load, parse};
pub use mistake::{Mistake, Mistakes};
pub use model::{Actor, Arrangement, Authority, BusinessDay, Currency, FundingLine, Pair, Participant, RateLine};
pub use preset::{Preset, WriteError, preset_files, presets, write_preset};
pub use prices::Prices;
pub use setup::{KeysMissing, Order};
pub use time::{LocalTime, Zone, parse_day, parse_seconds};
pub use union::{
    Ask, By, Closes, Deed, Kind, Part, Union, UnionOrder, UnionStep, UnitRateLine, reference_key, reference_text,
};
