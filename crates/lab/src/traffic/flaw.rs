//! Deliberately bad messages: what is wrong with each, and the answer that is expected.

use super::planned::Original;

/// Who must notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticedBy {
    /// The reader of the message, by the rule of this name; the whole message is refused.
    ReaderMessage(&'static str),
    /// The reader of the message, by the rule of this name; only the line is refused.
    ReaderLine(&'static str),
    /// The reader, by the rule of this name, when it compares the totals at the end of the message.
    ReaderTotals(&'static str),
    /// Whoever knows the participants, their accounts and the business day.
    Settlement,
}

/// The answer that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Code of the external status reason code set; `None` when the answer is no refusal (the status of the original is told again).
    pub reason: Option<&'static str>,
    /// Who must notice.
    pub noticed_by: NoticedBy,
}

macro_rules! flaws {
    ($($(#[doc = $doc:literal])+ $variant:ident = ($name:literal, $reason:expr, $noticed:expr),)+) => {
        /// What is wrong with a line. Data that a wrong line needs is inside [`Flaw`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FlawKind { $($(#[doc = $doc])+ $variant,)+ }

        impl FlawKind {
            /// All of them, in the order in which the generator goes through them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Short name for tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The answer that is expected.
            #[must_use]
            pub const fn expected(self) -> Expected {
                match self { $(Self::$variant => Expected { reason: $reason, noticed_by: $noticed },)+ }
            }
        }
    };
}

use NoticedBy::{ReaderLine, ReaderMessage, ReaderTotals, Settlement};

flaws! {
    /// More decimals than the currency has.
    WrongDecimals = ("wrong-decimals", Some("AM12"), ReaderLine("amount-decimals")),
    /// The creditor's agent is no participant.
    UnknownAgent = ("unknown-agent", Some("AGNT"), Settlement),
    /// The UETR is a version 1 UUID.
    UetrVersion = ("uetr-version", Some("FF01"), ReaderLine("uetr-v4")),
    /// The UETR of an earlier payment, in a message of another identification.
    UetrReused = ("uetr-reused", Some("AM05"), Settlement),
    /// A correct message that is sent twice, byte for byte: the second one only asks for the status.
    SentTwice = ("sent-twice", None, Settlement),
    /// A mandatory element is missing: the creditor.
    MissingElement = ("missing-element", Some("FF01"), ReaderLine("schema-missing")),
    /// A currency in which the sender has no account.
    WrongCurrency = ("wrong-currency", Some("AM03"), Settlement),
    /// A value date in the past.
    PastValueDate = ("past-value-date", Some("DT01"), Settlement),
    /// The check digits of the debtor's LEI are wrong.
    LeiCheckDigits = ("lei-check-digits", Some("RC02"), ReaderLine("lei")),
    /// The BIC of the creditor's agent has a country that does not exist.
    BicCountry = ("bic-country", Some("RC05"), ReaderLine("bic")),
    /// The check digits of the creditor's IBAN are wrong.
    IbanCheckDigits = ("iban-check-digits", Some("AC01"), ReaderLine("iban")),
    /// The number of transactions stated is one too high.
    CountMismatch = ("count-mismatch", Some("AM18"), ReaderTotals("count-agrees")),
    /// The control sum stated is not the sum.
    ControlSumMismatch = ("control-sum-mismatch", Some("AM10"), ReaderTotals("control-sum-agrees")),
    /// The file breaks off in the middle.
    Truncated = ("truncated", Some("FF01"), ReaderMessage("xml-malformed")),
    /// The file begins with a document type declaration that defines an entity.
    Doctype = ("doctype", Some("FF01"), ReaderMessage("xml-doctype")),
    /// A byte that is not UTF-8.
    NotUtf8 = ("not-utf-8", Some("FF01"), ReaderMessage("xml-encoding")),
    /// A version of the message that does not exist.
    UnsupportedVersion = ("unsupported-version", Some("FF01"), ReaderMessage("message-unsupported")),
    /// The debtor's address consists of lines only, which is no longer accepted.
    UnstructuredAddress = ("unstructured-address", Some("RR02"), ReaderLine("address-form")),
    /// An amount of zero.
    ZeroAmount = ("zero-amount", Some("AM12"), ReaderLine("amount-positive")),
    /// An amount above the limit for one payment.
    OverLimit = ("over-limit", Some("AM02"), Settlement),
    /// A conversion at a rate that is not the approved one.
    RateMismatch = ("rate-mismatch", Some("AB04"), Settlement),
    /// A return of a payment nobody knows.
    UnknownOriginal = ("unknown-original", Some("NOOR"), Settlement),
    /// A payment to a suspended participant. Occurs only when the options name one.
    Suspended = ("suspended", Some("AC06"), Settlement),
}

/// What is wrong, with what is needed to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// The payment whose UETR is used again.
    pub original: Option<Original>,
}

impl FlawKind {
    /// Whether the line must stand in a message of its own: the fault concerns the message as a whole.
    #[must_use]
    pub const fn spoils_message(self) -> bool {
        match self.expected().noticed_by {
            ReaderMessage(_) | ReaderTotals(_) => true,
            ReaderLine(_) | Settlement => matches!(self, Self::SentTwice | Self::UetrReused),
        }
    }
}
