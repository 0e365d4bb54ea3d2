//! What a reader tolerates: limits against hostile or broken input, and the market-practice rules that an arrangement can switch.

use crate::time::Date;

/// Limits of a reader. Each names what is counted; crossing one refuses the smallest thing that can be refused, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one input, default 1 GiB.
    pub input_bytes: u64,
    /// Nested elements, default 64. The deepest path of the seven messages has 20.
    pub depth: u16,
    /// Bytes of the text of one element, also of one comment, processing instruction or CDATA section, default 16 KiB.
    pub text_bytes: u32,
    /// Attributes of one element, default 16.
    pub attributes: u16,
    /// Bytes of one tag with its attributes, default 8 KiB.
    pub tag_bytes: u32,
    /// Bytes of one transaction, and of the group part before the first, default 256 KiB. This bounds the memory of a reader.
    pub transaction_bytes: u32,
    /// Transactions of one message, default 1,000,000.
    pub transactions: u32,
    /// Documents of one input, default 1,000,000.
    pub documents: u32,
    /// Problems kept for one transaction or message, default 16. Further ones are counted, not kept.
    pub problems: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: 1 << 30,
            depth: 64,
            text_bytes: 16 << 10,
            attributes: 16,
            tag_bytes: 8 << 10,
            transaction_bytes: 256 << 10,
            transactions: 1_000_000,
            documents: 1_000_000,
            problems: 16,
        }
    }
}

/// Options of a reader: limits, and rules beyond the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Limits against hostile input.
    pub limits: Limits,
    /// From this date on (settlement date, else creation date) a postal address must be structured or hybrid. `None` switches the rule off.
    /// Default 2026-11-15.
    pub structured_address_from: Option<Date>,
    /// Whether interbank messages must say settlement method `CLRG`. Default true.
    pub clearing_only: bool,
    /// Whether pacs.008 and pacs.009 must carry a UETR, which the schema leaves optional. Default true.
    pub uetr_required: bool,
    /// Whether identifiers (message, instruction, end-to-end, transaction, account ...) must stay within the restricted character set
    /// `a-z A-Z 0-9 / - ? : ( ) . , ' +` and space, neither start nor end with `/`, nor hold `//`. Default true. Names, addresses and
    /// remittance information may use all of Unicode either way.
    pub restricted_identifiers: bool,
    /// Whether instructed amount, exchange rate and settlement amount must agree. Default true.
    pub amounts_agree: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            // 2026-11-15
            structured_address_from: Some(Date { days: 20_772 }),
            clearing_only: true,
            uetr_required: true,
            restricted_identifiers: true,
            amounts_agree: true,
        }
    }
}
