//! ISO 20022 bytes to typed messages and back.

pub mod amount;
mod country;
pub mod currency;
pub mod ident;
pub mod model;
pub mod options;
pub mod problem;
pub mod read;
mod schema;
pub mod time;
pub mod write;

pub use amount::{Amount, AmountError, Decimal, Rate};
pub use currency::CurrencyCode;
pub use ident::{Bic, IbanError, Lei, Uetr, check_iban};
pub use model::*;
pub use options::{Limits, Options};
pub use problem::{Problem, Rule};
pub use read::{read, read_stream};
pub use time::{Date, TimeOfDay, Timestamp};
pub use write::{write, write_indented};

/// Names of all message versions a reader accepts, such as `pacs.008.001.08`.
pub fn supported_versions() -> impl Iterator<Item = &'static str> {
    schema::plan::versions()
}
