//! ISO 20022 bytes to typed messages and back. This crate knows the standard and nothing of the system that uses it.
//!
//! **In**: pacs.008, pacs.009, pacs.004, camt.056, camt.029, pain.001 and acmt.023, with or without application header, one or many
//! in a file ([`supported_versions`]). [`read`] and [`read_stream`] follow the input once, check it against the official content models and
//! against the rules beyond them, and hand out one transaction at a time. A bad transaction is a line with its problems; the others go on.
//! Elements that are valid but have no meaning here are named, never dropped in silence.
//!
//! **Out**: pacs.002, camt.052, camt.053, camt.054, camt.029, acmt.024, admi.002, admi.004, and the inbound kinds for tests and examples
//! ([`write`], [`Message`]).
//!
//! ```
//! use comity_iso20022::{Options, Part, Transaction, read};
//!
//! let input = include_bytes!("../examples/pacs008.xml");
//! let mut total = 0;
//! let summary = read(input, &Options::default(), |part| match part {
//!     Part::Header(header) => assert_eq!(header.message_id, "ALFA-20261121-000001"),
//!     Part::Transaction(line) => match line.outcome {
//!         Ok(Transaction::CreditTransfer(transfer)) => total += transfer.amount.minor,
//!         Ok(other) => panic!("pacs.008 holds credit transfers, not {other:?}"),
//!         // The reason of the first problem is the one to answer with.
//!         Err(problems) => println!("line {}: {}", line.index, problems[0]),
//!     },
//!     Part::End(end) => assert!(end.problems.is_empty(), "the totals agree"),
//!     Part::Refused(refused) => println!("message refused: {}", refused.problems[0]),
//! });
//! assert_eq!(total, 12_500_000);
//! assert_eq!(summary.transactions, 1);
//! ```
//!
//! Invariants: no input makes a reader panic; memory is bounded by one transaction; amounts, rates and times are integers; the same
//! bytes give the same parts, from a slice or from a stream in pieces of any size.
//!
//! Deliberately absent: who may pay whom, accounts and balances, cut-offs, signatures (accepted and reported as uninterpreted),
//! and any way to change a message on its way through.

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
