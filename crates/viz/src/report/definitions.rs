//! What each fixed figure of the report means: one list for the tooltips and for the end of the page.
//!
//! Absent: headline figures, which bring their own meaning.

/// A figure of the fixed tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Submitted,
    Settled,
    QueuedAtClose,
    Returned,
    Rejected,
    GrossValue,
    LiquidityUsed,
    OffsetShare,
    GrossOut,
    GrossIn,
    NetPosition,
    Waited,
    Refusals,
    Netting,
    Conservation,
    Digest,
    Chain,
    Signature,
}

impl Figure {
    pub(super) const ALL: [Self; 18] = [
        Self::Submitted,
        Self::Settled,
        Self::QueuedAtClose,
        Self::Returned,
        Self::Rejected,
        Self::GrossValue,
        Self::LiquidityUsed,
        Self::OffsetShare,
        Self::GrossOut,
        Self::GrossIn,
        Self::NetPosition,
        Self::Waited,
        Self::Refusals,
        Self::Netting,
        Self::Conservation,
        Self::Digest,
        Self::Chain,
        Self::Signature,
    ];

    /// Identifier of the entry in the list.
    pub(super) const fn anchor(self) -> &'static str {
        match self {
            Self::Submitted => "def-submitted",
            Self::Settled => "def-settled",
            Self::QueuedAtClose => "def-queued",
            Self::Returned => "def-returned",
            Self::Rejected => "def-rejected",
            Self::GrossValue => "def-gross",
            Self::LiquidityUsed => "def-liquidity",
            Self::OffsetShare => "def-offset",
            Self::GrossOut => "def-sent",
            Self::GrossIn => "def-received",
            Self::NetPosition => "def-net",
            Self::Waited => "def-waited",
            Self::Refusals => "def-refusals",
            Self::Netting => "def-netting",
            Self::Conservation => "def-conservation",
            Self::Digest => "def-digest",
            Self::Chain => "def-chain",
            Self::Signature => "def-signature",
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Submitted => "Submitted",
            Self::Settled => "Settled",
            Self::QueuedAtClose => "Queued at close",
            Self::Returned => "Returned",
            Self::Rejected => "Rejected",
            Self::GrossValue => "Gross value",
            Self::LiquidityUsed => "Liquidity used",
            Self::OffsetShare => "Offset",
            Self::GrossOut => "Sent",
            Self::GrossIn => "Received",
            Self::NetPosition => "Net",
            Self::Waited => "Waited",
            Self::Refusals => "Refusals",
            Self::Netting => "Less to pay",
            Self::Conservation => "Conservation",
            Self::Digest => "Digest",
            Self::Chain => "Hash chain",
            Self::Signature => "Signature",
        }
    }

    pub(super) const fn meaning(self) -> &'static str {
        match self {
            Self::Submitted => "Payment instructions received for the business day, whatever became of them.",
            Self::Settled => {
                "Instructions whose value was posted from the debtor's to the creditor's settlement account. Final at that moment."
            }
            Self::QueuedAtClose => {
                "Instructions that still wait after the day closed: future-dated ones, and those the end-of-day rule carries over."
            }
            Self::Returned => {
                "Settled payments whose full value the creditor's side sent back on the same day. They also count as settled."
            }
            Self::Rejected => {
                "Instructions refused on arrival, and those that waited and ended without settlement, each with a reason code. One bad line of a batch is one rejection."
            }
            Self::GrossValue => {
                "Sum of the amounts of all settled instructions, each counted once, in the currency of the row."
            }
            Self::LiquidityUsed => {
                "For each settlement account the greatest net debit it reached since the opening, summed over all accounts of the row: the money that had to be there."
            }
            Self::OffsetShare => {
                "Share of the gross value that settled in bilateral or multilateral offsetting, where payments in opposite directions settle together against each other."
            }
            Self::GrossOut => "Value sent by the banks of a country to banks of the others, in the common unit.",
            Self::GrossIn => "Value received by the banks of a country from banks of the others, in the common unit.",
            Self::NetPosition => {
                "Received minus sent. Negative: the country paid more than it received. All net positions add up to zero."
            }
            Self::Waited => "Time from acceptance to settlement, or to the close for a payment that is still queued.",
            Self::Refusals => "Number of messages or lines refused under one ISO 20022 status-reason code.",
            Self::Netting => {
                "One minus the ratio of what is left to pay after netting to the obligations before it, both in the common unit."
            }
            Self::Conservation => {
                "The sum over all accounts of a currency. It is exactly zero after every command, or the books are wrong."
            }
            Self::Digest => {
                "A fingerprint of every balance, hold, limit and queue at close. The same journal gives the same digest on any machine."
            }
            Self::Chain => {
                "Each journal record carries the hash of the one before it, so a changed, missing or added record is found."
            }
            Self::Signature => {
                "An authority's electronic signature over the end-of-day checkpoint, checked with its public key alone."
            }
        }
    }
}
