//! Messages that come in.

use super::parts::*;
use crate::amount::{Amount, Decimal, Rate};
use crate::ident::{Bic, Uetr};
use crate::problem::Problem;
use crate::schema::plan::{NodeId, Plan};
use crate::time::{Date, Timestamp};
use std::ops::Range;

/// The messages a reader understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// Customer credit transfer between institutions.
    Pacs008,
    /// Credit transfer of the institutions' own money.
    Pacs009,
    /// Return of a payment.
    Pacs004,
    /// Request to cancel a payment.
    Camt056,
    /// Answer to a request to cancel.
    Camt029,
    /// A customer's order to its bank.
    Pain001,
    /// Request to verify an identification.
    Acmt023,
}

impl MessageKind {
    /// Message and variant, such as `pacs.008.001`, without the version.
    #[must_use]
    pub const fn family(self) -> &'static str {
        match self {
            Self::Pacs008 => "pacs.008.001",
            Self::Pacs009 => "pacs.009.001",
            Self::Pacs004 => "pacs.004.001",
            Self::Camt056 => "camt.056.001",
            Self::Camt029 => "camt.029.001",
            Self::Pain001 => "pain.001.001",
            Self::Acmt023 => "acmt.023.001",
        }
    }
}

/// What a reader hands to its visitor, in the order of the input.
///
/// For each message: either `Header`, any number of `Transaction`, and `End`; or `Refused`, which may also come after a header and some
/// transactions when the rest of the message cannot be read.
#[derive(Debug)]
pub enum Part<'a> {
    /// A message begins. Its group part has been read and is valid.
    Header(&'a Header<'a>),
    /// One transaction, good or bad.
    Transaction(Line<'a>),
    /// A message ended. Its totals have been compared.
    End(End<'a>),
    /// A message, or the rest of one, cannot be read.
    Refused(Refused<'a>),
}

/// One transaction of a message and what became of it.
#[derive(Debug)]
pub struct Line<'a> {
    /// Number of the transaction in its message, from 0.
    pub index: u32,
    /// Where the transaction's element stands in the input, tags included.
    pub bytes: Range<u64>,
    /// Those bytes, so that the original can be kept.
    pub raw: &'a [u8],
    /// The references found, also when the transaction is refused. For messages about an earlier transaction: its references.
    pub references: References<'a>,
    /// The transaction, or why it is refused: at least one problem, in order of precedence.
    pub outcome: Result<&'a Transaction<'a>, &'a [Problem]>,
    /// Optional elements of the schema that were accepted but not interpreted.
    pub uninterpreted: Uninterpreted<'a>,
}

/// Elements that are valid but that this crate does not interpret: their paths. The text of each is inside [`Line::raw`].
#[derive(Clone, Copy)]
pub struct Uninterpreted<'a> {
    pub(crate) plan: Option<&'static Plan>,
    pub(crate) found: &'a [Foreign],
}

/// A valid element without a meaning to us: child `position` of `node` in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Foreign {
    pub(crate) node: NodeId,
    pub(crate) position: u16,
}

impl std::fmt::Debug for Uninterpreted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.paths()).finish()
    }
}

impl<'a> Uninterpreted<'a> {
    /// Whether everything was interpreted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many different elements were not interpreted.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.found.len()
    }

    /// Their paths below the message's root, such as `CdtTrfTxInf/RgltryRptg`, in order of first appearance.
    pub fn paths(&self) -> impl Iterator<Item = String> + use<'a> {
        let plan = self.plan;
        self.found.iter().filter_map(move |foreign| Some(plan?.child_path(foreign.node, foreign.position)))
    }
}

/// The header of a message: what holds for all of its transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Which message.
    pub kind: MessageKind,
    /// Its full name with version, such as `pacs.008.001.08`.
    pub name: &'static str,
    /// Number of the message in its input, from 0.
    pub document: u32,
    /// Where the message begins in the input.
    pub offset: u64,
    /// Business application header, where one came before the message.
    pub application: Option<ApplicationHeader<'a>>,
    /// Message identification; for camt.056, camt.029 and acmt.023 the identification of the assignment.
    pub message_id: &'a str,
    /// When the message was created.
    pub created: Timestamp,
    /// Number of transactions stated (`NbOfTxs`), where the message states it.
    pub stated_transactions: Option<u32>,
    /// Sum of the amounts stated (`CtrlSum`), where the message states it.
    pub control_sum: Option<Decimal>,
    /// Total settlement amount stated (`TtlIntrBkSttlmAmt`, `TtlRtrdIntrBkSttlmAmt`).
    pub total: Option<Amount>,
    /// Batch booking asked for.
    pub batch_booking: Option<bool>,
    /// Settlement method; none in pain.001, camt and acmt.
    pub settlement_method: Option<SettlementMethod>,
    /// Code or proprietary name of the clearing system.
    pub clearing_system: Option<&'a str>,
    /// Settlement date of the group.
    pub settlement_date: Option<Date>,
    /// Instructing agent of the group; for camt and acmt messages the assigner.
    pub instructing_agent: Agent<'a>,
    /// Instructed agent of the group; for camt and acmt messages the assignee.
    pub instructed_agent: Agent<'a>,
    /// The party that orders, in pain.001.
    pub initiating_party: Party<'a>,
}

/// A business application header (`head.001`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplicationHeader<'a> {
    /// Sender.
    pub from: Option<Bic>,
    /// Receiver.
    pub to: Option<Bic>,
    /// Business message identifier.
    pub message_id: &'a str,
    /// Message definition identifier: agrees with the document that follows.
    pub definition: &'a str,
    /// Business service, where stated.
    pub service: Option<&'a str>,
    /// When the header was created.
    pub created: Timestamp,
    /// Whether the sender says that this may be a duplicate.
    pub possible_duplicate: bool,
    /// Priority word, where stated.
    pub priority: Option<&'a str>,
}

/// A transaction of any message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "handed out by reference, built in place, never kept in numbers")]
pub enum Transaction<'a> {
    /// pacs.008, pacs.009 or pain.001.
    CreditTransfer(CreditTransfer<'a>),
    /// pacs.004.
    Return(PaymentReturn<'a>),
    /// camt.056.
    CancellationRequest(CancellationRequest<'a>),
    /// camt.029.
    Resolution(Resolution<'a>),
    /// acmt.023.
    Identification(Identification<'a>),
}

/// Which message a credit transfer came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// pacs.008: for customers.
    Customer,
    /// pacs.009: the institutions' own money. Debtor and creditor are institutions.
    Institution,
    /// pain.001: a customer's order. Amount and date are what is asked for.
    Initiation,
}

/// A credit transfer. Values of the group stand in for those the transaction does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditTransfer<'a> {
    /// Which message it came in.
    pub kind: TransferKind,
    /// Identification of the message.
    pub message_id: &'a str,
    /// When the message was created.
    pub created: Timestamp,
    /// Batch booking asked for.
    pub batch_booking: Option<bool>,
    /// Settlement method; none in pain.001.
    pub settlement_method: Option<SettlementMethod>,
    /// Identification of the payment information block, in pain.001.
    pub payment_information_id: Option<&'a str>,
    /// Instruction identification.
    pub instruction_id: Option<&'a str>,
    /// End-to-end identification.
    pub end_to_end_id: &'a str,
    /// Transaction identification.
    pub transaction_id: Option<&'a str>,
    /// Unique end-to-end transaction reference.
    pub uetr: Option<Uetr>,
    /// Reference given by a clearing system.
    pub clearing_reference: Option<&'a str>,
    /// Urgency of processing.
    pub instruction_priority: Option<InstructionPriority>,
    /// First service level.
    pub service_level: Option<Choice<'a>>,
    /// Local instrument. Proprietary `PVP` marks that all transactions of the message settle together or not at all.
    pub local_instrument: Option<Choice<'a>>,
    /// Category purpose.
    pub category_purpose: Option<Choice<'a>>,
    /// Settlement amount; in pain.001 the amount instructed, or the equivalent amount.
    pub amount: Amount,
    /// Settlement (value) date; in pain.001 the requested execution date. Present in pacs messages that passed validation.
    pub settlement_date: Option<Date>,
    /// Urgency of settlement.
    pub settlement_priority: Option<SettlementPriority>,
    /// Requested times of settlement.
    pub times: SettlementTimes,
    /// When the payment was accepted by the debtor's agent (`AccptncDtTm`).
    pub accepted: Option<Timestamp>,
    /// Amount instructed by the debtor.
    pub instructed_amount: Option<Amount>,
    /// Rate between instructed and settlement amount.
    pub exchange_rate: Option<Rate>,
    /// Who bears charges; absent in pacs.009.
    pub charge_bearer: Option<ChargeBearer>,
    /// Charges taken so far.
    pub charges: Vec<Charge<'a>>,
    /// Instructing agent.
    pub instructing_agent: Agent<'a>,
    /// Instructed agent.
    pub instructed_agent: Agent<'a>,
    /// First intermediary agent.
    pub intermediary_agent: Agent<'a>,
    /// Ultimate debtor.
    pub ultimate_debtor: Party<'a>,
    /// Debtor, with the account to be debited.
    pub debtor: Party<'a>,
    /// Debtor's agent.
    pub debtor_agent: Agent<'a>,
    /// Creditor's agent.
    pub creditor_agent: Agent<'a>,
    /// Creditor, with the account to be credited.
    pub creditor: Party<'a>,
    /// Ultimate creditor.
    pub ultimate_creditor: Party<'a>,
    /// Purpose.
    pub purpose: Option<Choice<'a>>,
    /// Whether regulatory reporting is present. Its contents are for the authorities and stay in the original.
    pub regulatory_reporting: bool,
    /// Unstructured remittance information, lines separated by line feeds.
    pub remittance: Option<&'a str>,
    /// Whether structured remittance information is present. Its contents stay in the original.
    pub structured_remittance: bool,
}

/// A return of a payment (pacs.004).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentReturn<'a> {
    /// Identification of the message.
    pub message_id: &'a str,
    /// When the message was created.
    pub created: Timestamp,
    /// Settlement method.
    pub settlement_method: Option<SettlementMethod>,
    /// Identification of this return.
    pub return_id: Option<&'a str>,
    /// The message that held the original.
    pub original_message: Option<OriginalMessage<'a>>,
    /// References of the original.
    pub original: References<'a>,
    /// UETR of the original, checked.
    pub original_uetr: Option<Uetr>,
    /// Settlement amount of the original.
    pub original_amount: Option<Amount>,
    /// Settlement date of the original.
    pub original_settlement_date: Option<Date>,
    /// Amount returned.
    pub amount: Amount,
    /// Settlement date of the return.
    pub settlement_date: Option<Date>,
    /// Urgency of settlement.
    pub settlement_priority: Option<SettlementPriority>,
    /// Requested times of settlement.
    pub times: SettlementTimes,
    /// Amount returned in the instructed currency.
    pub instructed_amount: Option<Amount>,
    /// Rate between instructed and settlement amount.
    pub exchange_rate: Option<Rate>,
    /// Who bears charges.
    pub charge_bearer: Option<ChargeBearer>,
    /// Charges taken.
    pub charges: Vec<Charge<'a>>,
    /// Instructing agent.
    pub instructing_agent: Agent<'a>,
    /// Instructed agent.
    pub instructed_agent: Agent<'a>,
    /// First reason.
    pub reason: Option<Choice<'a>>,
    /// Additional information to the reason, lines separated by line feeds.
    pub information: Option<&'a str>,
}

/// A request to cancel a payment (camt.056).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancellationRequest<'a> {
    /// Identification of the assignment.
    pub message_id: &'a str,
    /// When the message was created.
    pub created: Timestamp,
    /// Who asks.
    pub assigner: Agent<'a>,
    /// Who is asked.
    pub assignee: Agent<'a>,
    /// Identification of the case: of the transaction, else of the message.
    pub case_id: Option<&'a str>,
    /// Identification of this request.
    pub cancellation_id: Option<&'a str>,
    /// The message that held the original.
    pub original_message: Option<OriginalMessage<'a>>,
    /// References of the original.
    pub original: References<'a>,
    /// UETR of the original, checked.
    pub original_uetr: Option<Uetr>,
    /// Settlement amount of the original.
    pub original_amount: Option<Amount>,
    /// Settlement date of the original.
    pub original_settlement_date: Option<Date>,
    /// First reason.
    pub reason: Option<Choice<'a>>,
    /// Additional information to the reason, lines separated by line feeds.
    pub information: Option<&'a str>,
}

codes! {
    /// What became of a request to cancel (`Conf` of camt.029, external investigation execution confirmation codes in use).
    Confirmation {
        /// Cancelled as requested.
        Cancelled = "CNCL",
        /// The request is refused.
        Refused = "RJCR",
        /// No answer yet.
        Pending = "PDCR",
    }
}

codes! {
    /// Status of one transaction in the answer to a request to cancel (`TxCxlSts`).
    CancellationStatus {
        /// The cancellation is accepted.
        Accepted = "ACCR",
        /// Accepted for a part.
        PartiallyAccepted = "PACR",
        /// No answer yet.
        Pending = "PDCR",
        /// Refused.
        Refused = "RJCR",
    }
}

/// An answer to a request to cancel (camt.029). A message without details gives one resolution for the case as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution<'a> {
    /// Identification of the assignment.
    pub message_id: &'a str,
    /// When the message was created.
    pub created: Timestamp,
    /// Who answers.
    pub assigner: Agent<'a>,
    /// Who had asked.
    pub assignee: Agent<'a>,
    /// Identification of the case: resolved by the transaction, else by the message.
    pub case_id: Option<&'a str>,
    /// What became of the case, a code such as `CNCL`, `RJCR`, `PDCR`; see [`Confirmation`].
    pub confirmation: Option<&'a str>,
    /// Identification of this status.
    pub status_id: Option<&'a str>,
    /// The message that held the original.
    pub original_message: Option<OriginalMessage<'a>>,
    /// References of the original.
    pub original: References<'a>,
    /// UETR of the original, checked.
    pub original_uetr: Option<Uetr>,
    /// Status of the transaction.
    pub status: Option<CancellationStatus>,
    /// First reason.
    pub reason: Option<Choice<'a>>,
    /// Additional information to the reason, lines separated by line feeds.
    pub information: Option<&'a str>,
}

/// A request to verify a party and account (acmt.023).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification<'a> {
    /// Identification of the assignment.
    pub message_id: &'a str,
    /// When the message was created.
    pub created: Timestamp,
    /// Who asks.
    pub assigner: Agent<'a>,
    /// Who is asked.
    pub assignee: Agent<'a>,
    /// Identification of this verification.
    pub verification_id: &'a str,
    /// Party to be verified, with its account.
    pub party: Party<'a>,
    /// Agent that keeps the account.
    pub agent: Agent<'a>,
}

/// The end of a message and its totals.
#[derive(Debug)]
pub struct End<'a> {
    /// Which message.
    pub kind: MessageKind,
    /// Number of the message in its input, from 0.
    pub document: u32,
    /// Identification of the message.
    pub message_id: &'a str,
    /// Transactions handed out.
    pub transactions: u32,
    /// Of these, refused.
    pub refused: u32,
    /// Sum of the amounts of all transactions whose amount could be read, whatever the currency, as the standard defines `CtrlSum`.
    pub sum: Decimal,
    /// Totals that do not agree, and what else concerns the message as a whole. The caller decides what they mean for the lines.
    pub problems: &'a [Problem],
    /// Optional elements outside the transactions that were accepted but not interpreted.
    pub uninterpreted: Uninterpreted<'a>,
}

/// A message that cannot be read, or whose rest cannot.
#[derive(Debug)]
pub struct Refused<'a> {
    /// Which message, where it is known.
    pub kind: Option<MessageKind>,
    /// Its name as the namespace gives it, where there is one.
    pub name: Option<&'a str>,
    /// Number of the message in its input, from 0.
    pub document: u32,
    /// Where the message begins in the input.
    pub offset: u64,
    /// Business application header, where a valid one came before.
    pub application: Option<ApplicationHeader<'a>>,
    /// Identification of the message, where it could be read.
    pub message_id: Option<&'a str>,
    /// Transactions handed out before the refusal; they stand.
    pub transactions: u32,
    /// Why: at least one problem, in order of precedence.
    pub problems: &'a [Problem],
}

/// What a reader has read when it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// Messages met, refused ones included.
    pub documents: u32,
    /// Messages refused.
    pub documents_refused: u32,
    /// Transactions handed out.
    pub transactions: u64,
    /// Of these, refused.
    pub transactions_refused: u64,
    /// Bytes read.
    pub bytes: u64,
}
