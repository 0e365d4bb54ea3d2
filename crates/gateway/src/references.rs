//! The references an answer must repeat, kept small: what the sender called its message and its transaction.
//!
//! One [`MessageReferences`] is shared by all transactions of a message; each has a [`LineReferences`] of its own. The
//! texts are the sender's; nothing here is interpreted again.

use comity_iso20022::amount::Amount;
use comity_iso20022::ident::Bic;
use comity_iso20022::time::Timestamp;
use std::sync::Arc;

/// What the sender called a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageReferences {
    /// Message identification; for a file that cannot be read its name.
    pub id: Box<str>,
    /// Message name with version, such as `pacs.008.001.08`; `csv` for a line of a CSV file; empty when unknown.
    pub name: Box<str>,
    /// When the message was created.
    pub created: Timestamp,
    /// Number of transactions stated.
    pub transactions: Option<u32>,
    /// Whom to answer.
    pub sender: Option<Bic>,
}

/// What the sender called a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineReferences {
    /// Number of the transaction in its message, from 0; for CSV files from 0 after the header.
    pub index: u32,
    /// Instruction, end-to-end and transaction identification, packed.
    pub ids: Ids,
    /// UETR as the sender knows it (for returns and recalls: the original's), if it was well-formed.
    pub uetr: Option<u128>,
    /// Amount, if it could be read.
    pub amount: Option<Amount>,
    /// Debtor's agent, if it could be read.
    pub debtor_agent: Option<Bic>,
    /// Creditor's agent, if it could be read.
    pub creditor_agent: Option<Bic>,
}

/// References of one thing that came in: its message and its transactions (several only for a group decided together).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct References {
    /// The message.
    pub message: Arc<MessageReferences>,
    /// The first or only transaction.
    pub first: LineReferences,
    /// The other legs of a group, in order.
    pub others: Vec<LineReferences>,
}

impl References {
    /// All transactions in order.
    pub fn lines(&self) -> impl Iterator<Item = &LineReferences> {
        core::iter::once(&self.first).chain(&self.others)
    }
}

/// Three identifications in one small allocation.
///
/// Each is a length byte and its text; [`ABSENT`] stands for none and [`SAME`] for "as the one before", because senders
/// often repeat one identification three times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ids(Box<[u8]>);

const ABSENT: u8 = 0xff;
const SAME: u8 = 0xfe;
/// Longest identification kept; the schemas allow 35 characters.
const ID_BYTES_MAX: usize = 140;

impl Ids {
    /// Packs instruction, end-to-end and transaction identification.
    #[must_use]
    pub fn pack(instruction: Option<&str>, end_to_end: Option<&str>, transaction: Option<&str>) -> Self {
        let mut out = Vec::with_capacity(
            3 + instruction.map_or(0, str::len) + end_to_end.map_or(0, str::len) + transaction.map_or(0, str::len),
        );
        let mut before = None;
        for id in [instruction, end_to_end, transaction] {
            let id = id.map(|id| id.get(..ID_BYTES_MAX).unwrap_or(id));
            match id {
                Some(_) if id == before => out.push(SAME),
                Some(id) if id.len() <= ID_BYTES_MAX => {
                    out.push(u8::try_from(id.len()).unwrap_or(ABSENT));
                    out.extend_from_slice(id.as_bytes());
                }
                // Longer than any schema allows and not cut at a character: not worth repeating.
                Some(_) | None => out.push(ABSENT),
            }
            before = id;
        }
        Self(out.into_boxed_slice())
    }

    /// The packed bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Instruction, end-to-end and transaction identification.
    #[must_use]
    pub fn unpack(&self) -> [Option<&str>; 3] {
        unpack(&self.0).0
    }
}

/// Unpacks [`Ids::bytes`] from the front of `bytes`; also says how many bytes they took.
pub(crate) fn unpack(bytes: &[u8]) -> ([Option<&str>; 3], usize) {
    let mut out = [None; 3];
    let mut at = 0;
    let mut before = None;
    for id in &mut out {
        let len = bytes.get(at).copied().unwrap_or(ABSENT);
        at += 1;
        *id = match len {
            ABSENT => None,
            SAME => before,
            len => {
                let end = at + usize::from(len);
                let text = bytes.get(at..end).and_then(|text| core::str::from_utf8(text).ok());
                at = end;
                text
            }
        };
        before = *id;
    }
    (out, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifications_survive_packing() {
        let long = "x".repeat(300);
        for ids in [
            [Some("I1"), Some("E1"), Some("T1")],
            [Some("A"), Some("A"), Some("A")],
            [None, Some("A"), Some("A")],
            [Some("A"), None, Some("A")],
            [None, None, None],
            [Some(""), Some("人人"), None],
        ] {
            let packed = Ids::pack(ids[0], ids[1], ids[2]);
            assert_eq!(packed.unpack(), ids);
        }
        assert_eq!(Ids::pack(Some(&long), None, None).unpack()[0].map(str::len), Some(140));
        assert_eq!(Ids::pack(Some("ABC"), Some("ABC"), Some("ABC")).bytes().len(), 6);
    }
}
