//! Statistics as a product: every number with its definition, its source and the records it was made of.
//!
//! Pure functions over rows that the caller has read. Deliberately absent: files, journals, pictures. Amounts are whole
//! minor units and exact; shares, indices and other numbers that are not money are floating point, and only those.
//!
//! ```
//! use comity_stats::figure::{Definition, Figure, Measure, Rows, Source, Value};
//!
//! static TURNOVER: Definition = Definition {
//!     key: "example.turnover",
//!     name: "turnover",
//!     measure: Measure::Amount,
//!     says: "what was paid in both directions",
//!     formula: "exports + imports",
//!     after: "ours",
//! };
//! let source = Source::new("trade.csv", "made up", "USD million").shared();
//! let figure = Figure::new(&TURNOVER, &source)
//!     .of("member", "AAA")
//!     .value(Value::amount(12_500, 3))
//!     .rows([7, 8, 9, 21].into_iter().collect());
//! assert_eq!(figure.value.to_string(), "12.500");
//! assert_eq!(figure.rows.to_string(), "7-9, 21");
//! ```
#![forbid(unsafe_code)]

pub mod currency;
pub mod figure;
pub mod mirror;
pub mod pay;
pub mod price;
pub mod trade;
