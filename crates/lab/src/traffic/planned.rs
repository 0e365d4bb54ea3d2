//! What the generator plans: one message line in abstract form, before it has a text.

use super::flaw::Flaw;
use super::options::CurrencyIndex;

/// Place of a bank in [`Options::banks`](super::Options::banks).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankIndex(pub u16);

impl BankIndex {
    /// As an index of a slice.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// Money: minor units of one of the currencies of the options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Which currency.
    pub currency: CurrencyIndex,
    /// Minor units.
    pub minor: u64,
}

/// Urgent goes before normal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Considered first.
    Urgent,
    /// All others.
    Normal,
}

/// An earlier payment that a return, a recall or a duplicate refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Original {
    /// Its number.
    pub sequence: u64,
    /// Its UETR.
    pub uetr: u128,
    /// When it was created, microseconds since 1970 UTC.
    pub at: i64,
    /// The bank that paid.
    pub from: BankIndex,
    /// The bank that was paid.
    pub to: BankIndex,
    /// Its amount.
    pub money: Money,
    /// Its value date, days since 1970.
    pub value_date: i32,
}

/// The currency conversion inside a payment: the debtor gives one currency, the creditor gets another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// What the debtor gives (`InstdAmt`).
    pub source: Money,
    /// Units of the target currency for one of the source: `rate / 10^rate_decimals` (`XchgRate`).
    pub rate: u64,
    /// Decimals of the rate.
    pub rate_decimals: u8,
}

/// Which message the line becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A customer credit transfer: pacs.008.
    Customer,
    /// A transfer between institutions for themselves: pacs.009.
    Institution,
    /// One leg of a payment against payment: pacs.009 with local instrument `PVP`; both legs in one message.
    Pvp {
        /// The same for both legs: the number of the first.
        group: u64,
    },
    /// A customer credit transfer whose creditor is paid in another currency: pacs.008 with `InstdAmt` and `XchgRate`.
    Conversion(Conversion),
    /// A customer's order to its bank: pain.001.
    Initiation,
    /// The return of an earlier payment: pacs.004.
    Return(Original),
    /// The request to give an earlier payment back: camt.056. No money moves by it.
    Recall(Original),
    /// A question whether an account is the named party's: acmt.023. No money moves.
    Verification,
}

impl Kind {
    /// Number of kinds.
    pub const COUNT: usize = 8;

    /// Number of the kind, from 0, for tables.
    #[must_use]
    pub const fn number(self) -> usize {
        match self {
            Self::Customer => 0,
            Self::Institution => 1,
            Self::Pvp { .. } => 2,
            Self::Conversion(_) => 3,
            Self::Initiation => 4,
            Self::Return(_) => 5,
            Self::Recall(_) => 6,
            Self::Verification => 7,
        }
    }

    /// The names in the order of the numbers.
    pub const NAMES: [&'static str; Self::COUNT] =
        ["customer", "institution", "pvp", "conversion", "initiation", "return", "recall", "verification"];

    /// The name used in tables and in the CSV rendering.
    #[must_use]
    pub const fn name(self) -> &'static str {
        Self::NAMES[self.number()]
    }

    /// Whether the ticket of this line is a fresh draw from the ticket distribution, so that it counts for the calibration.
    #[must_use]
    pub const fn is_fresh_payment(self) -> bool {
        match self {
            Self::Customer | Self::Institution | Self::Pvp { .. } | Self::Conversion(_) | Self::Initiation => true,
            Self::Return(_) | Self::Recall(_) | Self::Verification => false,
        }
    }
}

/// One planned line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Number of the line, from 0, without gaps.
    pub sequence: u64,
    /// When it is created: microseconds since 1970-01-01T00:00:00Z, whole milliseconds.
    pub at: i64,
    /// Its UETR (of a return: the return's own identification; the original's is inside the kind).
    pub uetr: u128,
    /// The bank that sends; debtor's agent of a payment.
    pub from: BankIndex,
    /// The bank that receives; creditor's agent of a payment.
    pub to: BankIndex,
    /// What moves; of a recall, what is asked back; zero for a verification.
    pub money: Money,
    /// The ticket before conversion into the currency, euro cents. Zero where [`Kind::is_fresh_payment`] is false.
    pub ticket_eur_cents: u64,
    /// Which message.
    pub kind: Kind,
    /// Priority.
    pub priority: Priority,
    /// Value date, days since 1970.
    pub value_date: i32,
    /// Not to be settled before, microseconds since 1970 UTC.
    pub earliest: Option<i64>,
    /// Not to be settled after, microseconds since 1970 UTC.
    pub latest: Option<i64>,
    /// What is wrong with it on purpose.
    pub flaw: Option<Flaw>,
    /// Chance for the rendering: names, addresses, texts.
    pub detail: u64,
}
