//! Messages in: each transaction becomes a command for the ledger, a refusal, or an answer the gateway gives alone.
//!
//! Pure and free of state: many threads may translate at once with one [`Directory`]. A message is handed on when it
//! has ended, because only then its totals are known; what is wrong with a message as a whole refuses all of it.
//! Absent on purpose: balances, limits, the day. The ledger decides.

mod credit;
mod csv;
mod matching;
mod message;
mod request;

use crate::directory::Directory;
use crate::references::References;
use crate::refusal::Refusal;
use comity_iso20022::ident::Bic;
use comity_iso20022::model::AccountId;
use comity_ledger::command::Command;
use comity_ledger::ids::{ActorId, Key, ParticipantId, Time};

pub(crate) use csv::NAME as CSV_NAME;
pub use csv::{HEADER as CSV_HEADER, translate_csv};
pub use matching::{Matched, Matcher};
pub use request::check_return;

/// How messages are read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Limits and switches of the reader.
    pub reader: comity_iso20022::options::Options,
    /// What the input is called (a file name), for answers about messages that have no readable identification.
    pub name: String,
    /// Who may bring a group with legs of several payers.
    pub groups: Groups,
}

/// Who may bring a group with legs of several payers. A group whose sender pays every leg needs no answer to this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Groups {
    /// Every payer sends it: see [`Matcher`]. The ledger refuses a group of several payers that was not matched.
    #[default]
    Matched,
    /// Whoever pays a leg vouches for the others, as where deals are matched outside before they are sent. Only for an
    /// arrangement whose participants have agreed to that: it lets one payer debit another.
    Vouched,
}

/// One thing that came in, and what is to be done about it.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// Number of the document it came in, as the caller counts them.
    pub document: u64,
    /// When the message was created; for a CSV line its column `at`. What a day run takes as time of arrival. Zero when it
    /// could not be read.
    pub at: Time,
    /// Who sent it, if it takes part.
    pub participant: Option<ParticipantId>,
    /// What an answer must repeat.
    pub references: References,
    /// What is to be done.
    pub outcome: Outcome,
}

/// What is to be done about something that came in.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Put it before the ledger.
    Command(Order),
    /// Answer with a refusal.
    Refused(Box<Refusal>),
    /// Answer, or hand on, without the ledger.
    Answer(Box<Answer>),
}

/// A command and who gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The channel of the sender.
    pub actor: ActorId,
    /// Idempotency key; zero for payments, which have their UETR.
    pub key: Key,
    /// What is asked.
    pub command: Command,
    /// For a recall: what the answer and the request to the creditor's side must say.
    pub case: Option<Box<Case>>,
}

/// The words of a request to give a payment back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Identification of the case as its creator calls it.
    pub id: Box<str>,
    /// Who asks.
    pub assigner: Bic,
    /// Identification of the request.
    pub cancellation_id: Option<Box<str>>,
    /// Additional information to the reason.
    pub information: Option<Box<str>>,
}

/// Something the gateway answers alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A message could not be read: answered with admi.002.
    Unreadable(Unreadable),
    /// A request to verify an account: answered with acmt.024.
    Verification(Verification),
    /// Taken note of; nothing is sent (an answer to a recall that is still being looked into).
    Noted,
}

/// A message that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Why.
    pub refusal: Refusal,
    /// Byte of the input where it stands.
    pub offset: u64,
}

/// What can be said about an account without asking its bank.
///
/// The bank takes part and the number is well-formed: the name of its holder is never compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Identification of the verification asked for.
    pub id: Box<str>,
    /// Name asked about.
    pub name: Option<Box<str>>,
    /// Account asked about: the number, and whether it is an IBAN.
    pub account: Option<(Box<str>, bool)>,
    /// Whether the agent takes part and the account is well-formed.
    pub verified: bool,
    /// Why not, or what was not looked at.
    pub reason: Result<&'static str, &'static str>,
}

impl Verification {
    /// The account as the standard names it.
    pub(crate) fn account_id(&self) -> Option<AccountId<'_>> {
        self.account.as_ref().map(
            |(number, iban)| {
                if *iban { AccountId::Iban(number) } else { AccountId::Other(number) }
            },
        )
    }
}

/// What was found in an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Messages met; for CSV the file counts as one.
    pub messages: u32,
    /// Messages refused as a whole because they could not be read.
    pub unreadable: u32,
    /// Transactions met.
    pub transactions: u64,
    /// Transactions that became commands (legs of a group counted singly).
    pub commands: u64,
    /// Transactions refused here.
    pub refused: u64,
    /// Bytes read.
    pub bytes: u64,
}

/// Translates an input held in memory: one or many XML messages.
pub fn translate(
    directory: &Directory,
    options: &Options,
    document: u64,
    input: &[u8],
    sink: impl FnMut(Inbound),
) -> Tally {
    let mut translator = message::Translator::new(directory, options, document, sink);
    let summary = comity_iso20022::read(input, &options.reader, |part| translator.part(part));
    translator.finish(summary.bytes)
}

/// Translates an input that is read piece by piece, with bounded memory.
///
/// # Errors
/// When reading fails; what was handed on before stands.
pub fn translate_stream(
    directory: &Directory,
    options: &Options,
    document: u64,
    input: impl std::io::Read,
    sink: impl FnMut(Inbound),
) -> std::io::Result<Tally> {
    let mut translator = message::Translator::new(directory, options, document, sink);
    let summary = comity_iso20022::read_stream(input, &options.reader, |part| {
        translator.part(part);
    })?;
    Ok(translator.finish(summary.bytes))
}
