//! Messages that go out. Plain structs borrowed from the caller; dates and amounts are the caller's responsibility, text is checked by the writer.

use super::inbound::{CancellationRequest, CreditTransfer, Identification, PaymentReturn, Resolution};
use super::parts::*;
use crate::amount::Amount;
use crate::ident::{Bic, Uetr};
use crate::time::{Date, Timestamp};

/// A message to be written, with the version this crate writes.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// pacs.002.001.10: status of payments.
    StatusReport(&'a StatusReport<'a>),
    /// camt.054.001.08: debit and credit notification.
    Notification(&'a AccountReport<'a>),
    /// camt.053.001.08: statement.
    Statement(&'a AccountReport<'a>),
    /// camt.052.001.08: report within the day.
    IntradayReport(&'a AccountReport<'a>),
    /// camt.029.001.09: answer to a request to cancel.
    Resolution(&'a ResolutionMessage<'a>),
    /// acmt.024.001.03: answer to a request to verify.
    VerificationReport(&'a VerificationReport<'a>),
    /// acmt.024.001.02: the same in the earlier version.
    VerificationReportV02(&'a VerificationReport<'a>),
    /// admi.002.001.01: a message could not be read.
    MessageReject(&'a MessageReject<'a>),
    /// admi.004.001.02: a system event.
    SystemEvent(&'a SystemEvent<'a>),
    /// pacs.008.001.08, pacs.009.001.08 or pain.001.001.09, by the kind of its transactions.
    CreditTransfers(&'a CreditTransferMessage<'a>),
    /// pacs.004.001.09: returns.
    Returns(&'a ReturnMessage<'a>),
    /// camt.056.001.08: requests to cancel.
    CancellationRequests(&'a CancellationMessage<'a>),
    /// acmt.023.001.03: requests to verify.
    Verifications(&'a VerificationMessage<'a>),
}

/// The business application header that goes before a message (head.001.001.02). Its definition identifier is the message's own.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// Sender.
    pub from: Bic,
    /// Receiver.
    pub to: Bic,
    /// Business message identifier, at most 35 characters.
    pub message_id: &'a str,
    /// Business service, at most 35 characters.
    pub service: Option<&'a str>,
    /// When the header is created.
    pub created: Timestamp,
    /// Whether the receiver may have had this message already.
    pub possible_duplicate: bool,
}

codes! {
    /// Status of a payment (external payment group or transaction status codes in use).
    PaymentStatus {
        /// Settled on the creditor agent's account.
        SettledCreditor = "ACCC",
        /// Settled in the system, between the agents.
        Settled = "ACSC",
        /// Settlement is under way.
        InProcess = "ACSP",
        /// Accepted, the creditor not yet credited: a check is open.
        WithoutPosting = "ACWP",
        /// Waits.
        Pending = "PDNG",
        /// Refused.
        Rejected = "RJCT",
        /// Blocked by an authority.
        Blocked = "BLCK",
        /// Technically correct.
        TechnicallyAccepted = "ACTC",
        /// Received.
        Received = "RCVD",
        /// Accepted in part (for a group).
        Partly = "PART",
        /// Cancelled.
        Cancelled = "CANC",
    }
}

/// A reason with explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// Code of the external set (at most 4 characters) or proprietary word (at most 35).
    pub reason: Choice<'a>,
    /// Lines of explanation. Each is cut into pieces of 105 characters where it is longer.
    pub information: &'a [&'a str],
}

/// pacs.002: the status of the transactions of one original message.
#[derive(Clone, Copy, Debug)]
pub struct StatusReport<'a> {
    /// Identification of this message.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Instructing agent: who reports.
    pub instructing_agent: Option<Bic>,
    /// Instructed agent: who is told.
    pub instructed_agent: Option<Bic>,
    /// The original message.
    pub original: OriginalMessage<'a>,
    /// Number of transactions the original stated.
    pub original_transactions: Option<u32>,
    /// Status of the original message as a whole.
    pub group_status: Option<PaymentStatus>,
    /// Reasons of the group status.
    pub group_reasons: &'a [Reason<'a>],
    /// Status of single transactions.
    pub transactions: &'a [TransactionStatus<'a>],
}

/// The status of one transaction.
#[derive(Clone, Copy, Debug)]
pub struct TransactionStatus<'a> {
    /// Identification of this status, at most 35 characters.
    pub status_id: Option<&'a str>,
    /// References of the original. Its `uetr` is used where `uetr` below is `None`, if it is well-formed.
    pub original: References<'a>,
    /// UETR of the original.
    pub uetr: Option<Uetr>,
    /// Status.
    pub status: PaymentStatus,
    /// Reasons.
    pub reasons: &'a [Reason<'a>],
    /// When the instruction was accepted.
    pub accepted: Option<Timestamp>,
    /// When it settled.
    pub effective_settlement: Option<Date>,
    /// Reference given by the clearing system.
    pub clearing_reference: Option<&'a str>,
}

codes! {
    /// Which way money goes, seen from the account.
    CreditDebit {
        /// Into the account.
        Credit = "CRDT",
        /// Out of the account.
        Debit = "DBIT",
    }
}

codes! {
    /// Which balance.
    BalanceType {
        /// Booked balance at the start of the day.
        OpeningBooked = "OPBD",
        /// Booked balance at the end of the day.
        ClosingBooked = "CLBD",
        /// Booked balance within the day.
        InterimBooked = "ITBD",
        /// Available balance within the day.
        InterimAvailable = "ITAV",
        /// Available balance at the end of the day.
        ClosingAvailable = "CLAV",
        /// Available balance at the start of the day.
        OpeningAvailable = "OPAV",
    }
}

codes! {
    /// Whether an entry is booked.
    EntryStatus {
        /// Booked.
        Booked = "BOOK",
        /// Pending.
        Pending = "PDNG",
        /// For information.
        Information = "INFO",
    }
}

/// A balance. The amount may be zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Which balance.
    pub kind: BalanceType,
    /// Amount without sign, zero allowed.
    pub amount: Amount,
    /// Credit for a balance of zero or more.
    pub direction: CreditDebit,
    /// Day of the balance.
    pub date: Date,
}

/// The accounts of a camt.052, camt.053 or camt.054 message: these three share their parts.
#[derive(Clone, Copy, Debug)]
pub struct AccountReport<'a> {
    /// Identification of the message.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Who is told.
    pub recipient: Option<Bic>,
    /// One statement, report or notification for each account.
    pub statements: &'a [Statement<'a>],
}

/// One account's statement, report or notification.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// Its identification.
    pub id: &'a str,
    /// Sequence number.
    pub sequence: Option<u64>,
    /// When it is created.
    pub created: Timestamp,
    /// First and last instant it covers.
    pub period: Option<(Timestamp, Timestamp)>,
    /// The account.
    pub account: Account<'a>,
    /// Who owns the account.
    pub owner: Option<Bic>,
    /// Who keeps the account.
    pub servicer: Option<Bic>,
    /// Balances; camt.053 has at least one, camt.054 has none (they are not written).
    pub balances: &'a [Balance],
    /// Entries in order of booking.
    pub entries: &'a [ReportEntry<'a>],
}

/// One entry of an account.
#[derive(Clone, Copy, Debug)]
pub struct ReportEntry<'a> {
    /// Reference of the entry, at most 35 characters.
    pub reference: &'a str,
    /// Amount without sign.
    pub amount: Amount,
    /// Which way it goes.
    pub direction: CreditDebit,
    /// Whether it reverses an earlier entry.
    pub reversal: bool,
    /// Booked or not.
    pub status: EntryStatus,
    /// Instant of booking.
    pub booked: Timestamp,
    /// Value date.
    pub value_date: Date,
    /// Domain, family and sub-family of the bank transaction code, such as `PMNT`, `RCDT`, `ESCT`.
    pub code: (&'a str, &'a str, &'a str),
    /// Message that led to the entry.
    pub original_message_id: Option<&'a str>,
    /// References of the transaction.
    pub references: References<'a>,
    /// UETR.
    pub uetr: Option<Uetr>,
    /// Debtor's agent.
    pub debtor_agent: Option<Bic>,
    /// Creditor's agent.
    pub creditor_agent: Option<Bic>,
    /// Debtor's name.
    pub debtor: Option<&'a str>,
    /// Creditor's name.
    pub creditor: Option<&'a str>,
    /// Remittance information, lines separated by line feeds.
    pub remittance: Option<&'a str>,
    /// Return reason, for a returned payment.
    pub return_reason: Option<Choice<'a>>,
    /// Anything else worth saying, at most 500 characters.
    pub information: Option<&'a str>,
}

/// camt.029: answers to requests to cancel. Message-level values are those of the message; each resolution's own copies are not written.
#[derive(Clone, Copy, Debug)]
pub struct ResolutionMessage<'a> {
    /// Identification of the assignment.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Who answers.
    pub assigner: Bic,
    /// Who had asked.
    pub assignee: Bic,
    /// Identification of the case and BIC of its creator.
    pub case: Option<(&'a str, Bic)>,
    /// What became of the case, a code such as `CNCL`, `RJCR`, `PDCR`.
    pub confirmation: &'a str,
    /// One answer for each transaction; none when the case is answered as a whole.
    pub resolutions: &'a [Resolution<'a>],
}

/// acmt.024: answers to requests to verify.
#[derive(Clone, Copy, Debug)]
pub struct VerificationReport<'a> {
    /// Identification of the assignment.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Who answers.
    pub assigner: Bic,
    /// Who had asked.
    pub assignee: Bic,
    /// Identification of the original assignment, and when it was created.
    pub original: Option<(&'a str, Timestamp)>,
    /// One answer for each verification.
    pub answers: &'a [VerificationAnswer<'a>],
}

/// The answer to one verification.
#[derive(Clone, Copy, Debug)]
pub struct VerificationAnswer<'a> {
    /// Identification of the verification asked for.
    pub original_id: &'a str,
    /// Whether party and account were verified.
    pub verified: bool,
    /// Reason code (at most 4 characters) or word, where it was not.
    pub reason: Option<Choice<'a>>,
    /// Party as it was asked for, with its account.
    pub original_party: Party<'a>,
    /// Party as it should be, where the answer may say so.
    pub updated_party: Option<Party<'a>>,
}

/// admi.002: a message could not be read.
#[derive(Clone, Copy, Debug)]
pub struct MessageReject<'a> {
    /// Reference of the message refused: its identification, else a name for the file. At most 35 characters.
    pub reference: &'a str,
    /// Reason, at most 35 characters.
    pub reason: &'a str,
    /// When it was refused.
    pub at: Option<Timestamp>,
    /// Where the error is, at most 350 characters.
    pub location: Option<&'a str>,
    /// What is wrong, at most 350 characters.
    pub description: Option<&'a str>,
    /// Anything else, at most 20,000 characters.
    pub additional: Option<&'a str>,
}

/// admi.004: a system event.
#[derive(Clone, Copy, Debug)]
pub struct SystemEvent<'a> {
    /// Event code, at most 4 characters.
    pub code: &'a str,
    /// Parameters, at most 35 characters each.
    pub parameters: &'a [&'a str],
    /// Description, at most 1,000 characters.
    pub description: Option<&'a str>,
    /// When it happened.
    pub at: Option<Timestamp>,
}

/// pacs.008, pacs.009 or pain.001 by [`CreditTransferMessage::kind`]. Message-level values of the transactions themselves are not written.
#[derive(Clone, Copy, Debug)]
pub struct CreditTransferMessage<'a> {
    /// Which message.
    pub kind: super::inbound::TransferKind,
    /// Identification of the message.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Batch booking asked for.
    pub batch_booking: Option<bool>,
    /// Proprietary name of the clearing system.
    pub clearing_system: Option<&'a str>,
    /// Settlement method; not written in pain.001.
    pub settlement_method: SettlementMethod,
    /// Whether `CtrlSum` is written.
    pub control_sum: bool,
    /// Initiating party, in pain.001.
    pub initiating_party: Party<'a>,
    /// Transactions. In pain.001 each gets a payment information block of its own.
    pub transactions: &'a [CreditTransfer<'a>],
}

/// pacs.004.
#[derive(Clone, Copy, Debug)]
pub struct ReturnMessage<'a> {
    /// Identification of the message.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Settlement method.
    pub settlement_method: SettlementMethod,
    /// Returns.
    pub returns: &'a [PaymentReturn<'a>],
}

/// camt.056.
#[derive(Clone, Copy, Debug)]
pub struct CancellationMessage<'a> {
    /// Identification of the assignment.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Who asks.
    pub assigner: Bic,
    /// Who is asked.
    pub assignee: Bic,
    /// Requests.
    pub requests: &'a [CancellationRequest<'a>],
}

/// acmt.023.
#[derive(Clone, Copy, Debug)]
pub struct VerificationMessage<'a> {
    /// Identification of the assignment.
    pub message_id: &'a str,
    /// When it is created.
    pub created: Timestamp,
    /// Who asks.
    pub assigner: Bic,
    /// Who is asked.
    pub assignee: Bic,
    /// Verifications asked for.
    pub verifications: &'a [Identification<'a>],
}
