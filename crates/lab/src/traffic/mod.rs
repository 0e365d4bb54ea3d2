//! The generator of a day's traffic: a stream of planned lines in order of time.
//!
//! Pure: options in, lines out; no files, no clock, no floating-point function of the system. Texts are absent here, see
//! [`crate::render`].

mod check;
mod flaw;
mod generate;
mod market;
mod maths;
mod options;
mod planned;
mod profile;
mod rng;
mod spoiled;
mod trade;

pub use check::{BankFlow, PairShare, SelfCheck};
pub use flaw::{Expected, Flaw, FlawKind, NoticedBy};
pub use generate::{Traffic, plan};
pub use market::Unusable;
pub use options::{
    Bank, Country, CountryCode, Currency, CurrencyCode, CurrencyIndex, Flow, Mix, Options, PairRate, Tickets,
    cross_rates, demo_banks, demo_countries, demo_currencies,
};
pub use planned::{BankIndex, Conversion, Kind, Money, Original, Planned, Priority};
pub use rng::Rng;
pub use trade::{CurrencyChoice, currency_choice, flows_2019};

pub(crate) use rng::split_mix;
pub(crate) use spoiled::uses_iban;
