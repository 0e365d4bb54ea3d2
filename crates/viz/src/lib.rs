//! Pictures and reports as plain SVG and HTML.
//!
//! One place draws every picture of the project, so that the report of a day, the console and the
//! documentation show the same thing. A picture is a plain struct of labels and integers; it becomes
//! a string of SVG and a data table. The same input gives the same bytes on every machine.
//!
//! Deliberately absent: any knowledge of accounts, rules or files (callers hand over finished
//! figures), any script, any font or image fetched from elsewhere, and any clock. Floating point is
//! used to place marks and for rounded axis labels only; every exact amount is an integer of minor
//! units with the text its owner gave it.
//!
//! ```
//! use comity_viz::{Head, Picture, Segment, Share, ShareBar, Unit, Width};
//!
//! let cny = Unit::new("CNY", 2);
//! let picture = Share {
//!     head: Head::new("share", "Value by currency", "Value settled, valued in CNY."),
//!     unit: cny.clone(),
//!     bars: vec![ShareBar {
//!         label: "Today".into(),
//!         segments: vec![
//!             Segment { label: "CNY".into(), value: cny.amount(750_00) },
//!             Segment { label: "KZT".into(), value: cny.amount(250_00) },
//!         ],
//!     }],
//! };
//! let svg = picture.svg(Width::Wide);
//! assert!(svg.starts_with("<svg") && svg.contains("75.0 %"));
//! ```

mod amount;
mod balance;
mod bands;
mod book;
mod bridge;
mod canvas;
mod curve;
mod day;
mod flows;
mod funding;
mod histogram;
mod lights;
mod liquidity;
mod multiples;
mod obligations;
mod picture;
mod report;
mod roadmap;
mod scale;
mod scatter;
mod set_off;
mod share;
mod stack;
mod table;
mod theme;
mod waterfall;

pub use amount::{Amount, Unit};
pub use balance::{BalanceRow, Balances};
pub use bands::{BandRow, Bands};
pub use book::{Book, BookStep};
pub use bridge::{Bridge, Step};
pub use curve::{Corner, Curve};
pub use day::{CutOff, Day, DayPoint, Phase, WaitReason};
pub use flows::{Flow, FlowMember, Flows};
pub use funding::{Funding, FundingRow};
pub use histogram::{Bin, Histogram};
pub use lights::{Light, LightRow, Lights};
pub use liquidity::{Liquidity, LiquidityRow};
pub use multiples::{Multiple, MultipleRow, Multiples};
pub use obligations::{Node, Obligation, Obligations};
pub use picture::{Drawing, Head, Picture, Width};
pub use report::{
    AuthorityRow, Check, Conservation, CurrencyRow, Figure, Headline, Outcome, Part, RefusalRow, Report, Section,
    Signature, Verification, WaitRow,
};
pub use roadmap::{Road, RoadMark, Roadmap};
pub use scatter::{Point, Scatter};
pub use set_off::{Others, SetOff};
pub use share::{Segment, Share, ShareBar};
pub use stack::Stack;
pub use table::{Column, Table};
pub use theme::{PICTURE_CSS, REPORT_CSS};
pub use waterfall::{Fall, Waterfall};

#[cfg(test)]
mod tests;
