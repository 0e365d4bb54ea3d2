//! Events out: status reports, notifications, recalls, statements and notices, as ISO 20022 messages.
//!
//! One thread feeds it with applied entries, in order, and takes messages out through [`Deliver`]. Everything is a
//! function of the journal: identifications come from sequence numbers, instants from entries. Absent on purpose: files
//! and network (the caller delivers), and the decision when to flush.

mod arena;
mod book;
mod case;
mod notice;
mod notify;
mod statement;
mod status;

use crate::directory::bic_of;
use crate::inbound::{Answer, Case, Inbound, Outcome};
use arena::{Arena, Place};
use comity_iso20022::amount::Amount;
use comity_iso20022::ident::Bic;
use comity_iso20022::model::{Envelope, Message};
use comity_iso20022::time::{Date, Timestamp};
use comity_ledger::command::{Command, Entry, PaymentKind};
use comity_ledger::ids::{AccountId, Day, Key, ParticipantId, PaymentId, Time};
use comity_ledger::payment::Standing;
use comity_ledger::{Event, Reject, State};
use std::collections::{BTreeMap, VecDeque};

pub use statement::{Mismatch, Totals};

/// What kind of message goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutKind {
    /// pacs.002: status of payments.
    Status,
    /// camt.054: money came to an account, or was funded or redeemed.
    Notification,
    /// camt.053: statement at the close.
    Statement,
    /// camt.052: report within the day.
    Report,
    /// camt.056: a recall handed on to the creditor's side.
    Recall,
    /// camt.029: the answer to a recall.
    Resolution,
    /// acmt.024: the answer to a verification.
    Verification,
    /// admi.002: a message could not be read.
    Unreadable,
    /// admi.004: phases, the close, currencies and pairs.
    SystemEvent,
}

impl OutKind {
    /// Message and variant, such as `pacs.002`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status => "pacs.002",
            Self::Notification => "camt.054",
            Self::Statement => "camt.053",
            Self::Report => "camt.052",
            Self::Recall => "camt.056",
            Self::Resolution => "camt.029",
            Self::Verification => "acmt.024",
            Self::Unreadable => "admi.002",
            Self::SystemEvent => "admi.004",
        }
    }
}

/// Takes messages to their receivers.
pub trait Deliver {
    /// One message: to whom, its kind, its identification (unique for its kind and receiver, safe as a file name), and
    /// its bytes.
    fn deliver(&mut self, to: Bic, kind: OutKind, id: &str, bytes: &[u8]);
}

impl<F: FnMut(Bic, OutKind, &str, &[u8])> Deliver for F {
    fn deliver(&mut self, to: Bic, kind: OutKind, id: &str, bytes: &[u8]) {
        self(to, kind, id, bytes);
    }
}

/// How messages are written.
#[derive(Debug, Clone)]
pub struct OutboxOptions {
    /// BIC of the system itself: who reports.
    pub system: Bic,
    /// Whether payments that wait are reported as such at once (`PDNG`), default true.
    pub report_waiting: bool,
    /// Whether creditors are told of each credit (`camt.054`), default true.
    pub notify_credits: bool,
    /// Most entries of one notification, default 1,000.
    pub notification_entries_max: usize,
    /// Most entries of one page of a statement, default 10,000.
    pub page_entries_max: usize,
    /// Whether messages carry an application header (`head.001`), with this business service; default none.
    pub service: Option<String>,
    /// Whether messages are written one element a line, default false.
    pub indented: bool,
}

impl OutboxOptions {
    /// The defaults for a system with this BIC.
    #[must_use]
    pub fn new(system: Bic) -> Self {
        Self {
            system,
            report_waiting: true,
            notify_credits: true,
            notification_entries_max: 1_000,
            page_entries_max: 10_000,
            service: None,
            indented: false,
        }
    }
}

/// Counts of what went out, by the status told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Messages of all kinds.
    pub messages: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Statuses of payments told.
    pub statuses: u64,
    /// Credits told.
    pub credits: u64,
}

/// Makes messages of events.
#[derive(Debug)]
pub struct Outbox {
    options: OutboxOptions,
    arena: Arena,
    /// References of each payment; `NONE` for those that did not come by message.
    by_payment: Vec<Place>,
    /// Entries that came by message and have not been taken yet.
    expected: VecDeque<Expected>,
    statuses: Vec<status::Pending>,
    credits: Vec<notify::Credit>,
    cases: BTreeMap<Key, case::Known>,
    return_reasons: BTreeMap<PaymentId, [u8; 4]>,
    book: book::Book,
    order: u32,
    out: Vec<u8>,
    written: Written,
}

/// An entry that came by message.
#[derive(Debug)]
struct Expected {
    seq: u64,
    first: Place,
    others: Vec<Place>,
    case: Option<Box<Case>>,
}

/// Where an event belongs.
#[derive(Debug, Clone, Copy)]
struct Moment {
    seq: u64,
    at: Time,
}

impl Outbox {
    /// An outbox for a journal that begins.
    #[must_use]
    pub fn new(options: OutboxOptions) -> Self {
        Self {
            options,
            arena: Arena::default(),
            by_payment: Vec::new(),
            expected: VecDeque::new(),
            statuses: Vec::new(),
            credits: Vec::new(),
            cases: BTreeMap::new(),
            return_reasons: BTreeMap::new(),
            book: book::Book::default(),
            order: 0,
            out: Vec::new(),
            written: Written::default(),
        }
    }

    /// An outbox that goes on from a state: balances open as they are, references of earlier payments are not known.
    #[must_use]
    pub fn resume(options: OutboxOptions, state: &State) -> Self {
        let mut outbox = Self::new(options);
        outbox.by_payment = vec![Place::NONE; state.payments.len()];
        outbox.book = book::Book::opened(state);
        outbox
    }

    /// Announces that something that came in has become entry `seq`. To be called in order, before [`Outbox::take`] sees
    /// that entry.
    pub fn submitted(&mut self, seq: u64, inbound: &Inbound) {
        let Outcome::Command(order) = &inbound.outcome else {
            return;
        };
        // The ledger gives a return a reference of its own; its sender knows it by the original's.
        let with_uetr = !matches!(&order.command, Command::Pay(_) | Command::PayGroup(_) | Command::Convert(_));
        let references = &inbound.references;
        let message = &references.message;
        let mut keep = |line| self.arena.keep(message, line, with_uetr);
        let first = keep(&references.first);
        let others = references.others.iter().map(&mut keep).collect();
        self.expected.push_back(Expected { seq, first, others, case: order.case.clone() });
    }

    /// Answers what needs no entry: a refusal of the gateway, or what it answers alone.
    pub fn direct(&mut self, inbound: &Inbound, deliver: &mut impl Deliver) {
        match &inbound.outcome {
            Outcome::Command(_) => {}
            Outcome::Refused(refusal) => self.refuse_directly(inbound, refusal, deliver),
            Outcome::Answer(answer) => match &**answer {
                Answer::Unreadable(unreadable) => self.unreadable(inbound, unreadable, deliver),
                Answer::Verification(verification) => self.verified(inbound, verification, deliver),
                Answer::Noted => {}
            },
        }
    }

    /// Takes in a batch of applied entries. `entries` begin with sequence number `first_seq`; `events` are theirs, in
    /// order; `state` is the state after all of them.
    pub fn take(
        &mut self,
        state: &State,
        first_seq: u64,
        entries: &[Entry],
        events: &[(u64, Event)],
        deliver: &mut impl Deliver,
    ) {
        let mut rest = events;
        for (seq, entry) in (first_seq..).zip(entries) {
            let own = rest.partition_point(|(of, _)| *of <= seq);
            let (mine, later) = rest.split_at_checked(own).unwrap_or((rest, &[]));
            rest = later;
            let expected = self.expect(seq);
            self.assign(state, seq, expected.as_ref());
            if let Command::Return(order) = &entry.command
                && let Some(id) = state.find(order.uetr)
                && state.payment(id).seq == seq
            {
                self.return_reasons.insert(id, order.reason);
            }
            let moment = Moment { seq, at: entry.at };
            self.learn_case(entry, expected.as_ref());
            for (_, event) in mine {
                self.event(state, moment, event, expected.as_ref(), &entry.command, deliver);
            }
        }
    }

    fn expect(&mut self, seq: u64) -> Option<Expected> {
        while self.expected.front().is_some_and(|expected| expected.seq < seq) {
            self.expected.pop_front();
        }
        if self.expected.front()?.seq == seq { self.expected.pop_front() } else { None }
    }

    /// Gives the payments this entry brought their references: leg by leg for a group, the same for both legs of a
    /// conversion.
    fn assign(&mut self, state: &State, seq: u64, expected: Option<&Expected>) {
        let mut leg = 0;
        while let Some(payment) = state.payments.get(self.by_payment.len()) {
            if payment.seq > seq {
                return;
            }
            let place = expected.filter(|_| payment.seq == seq).map_or(Place::NONE, |expected| match leg {
                0 => expected.first,
                leg => expected.others.get(leg - 1).copied().unwrap_or(expected.first),
            });
            leg += 1;
            self.by_payment.push(place);
        }
    }

    fn event(
        &mut self,
        state: &State,
        moment: Moment,
        event: &Event,
        expected: Option<&Expected>,
        command: &Command,
        deliver: &mut impl Deliver,
    ) {
        match *event {
            Event::Refused(reject) => {
                if let Some(expected) = expected {
                    self.entry_refused(state, moment, expected, command, reject, deliver);
                }
            }
            Event::Repeated { payment, .. } => {
                if let (Some(expected), Some(_)) = (expected, state.payments.get(payment.at())) {
                    self.repeated(state, moment, expected, payment);
                }
            }
            Event::PaymentRefused { payment, reject } => {
                self.tell(state, moment, payment, status::Cause::Refused(reject));
            }
            Event::Queued { payment, wait } => {
                if self.options.report_waiting {
                    self.tell(state, moment, payment, status::Cause::Waits(wait));
                }
            }
            Event::Settled { payment, .. } => {
                self.book.settled(moment, payment);
                self.tell(state, moment, payment, status::Cause::Settled);
                self.credited(state, moment, payment);
            }
            Event::Cancelled { payment, reject } => {
                self.tell(state, moment, payment, status::Cause::Ended(reject));
            }
            Event::Remainder { from, amount, .. } => {
                self.book.aside(moment, from, -amount, book::Why::Remainder);
            }
            Event::Funded { account, amount, sweep } => {
                let why = if sweep { book::Why::Sweep } else { book::Why::Funding };
                let other = self.book.aside(moment, account, amount, why);
                self.booked(state, moment, account, other);
            }
            Event::HoldPosted { account, creditor, amount, .. } => {
                self.book.aside(moment, account, -amount, book::Why::Hold(creditor));
                let other = self.book.aside(moment, creditor, amount, book::Why::Hold(account));
                self.booked(state, moment, creditor, other);
            }
            Event::RecallOpened { case, payment } => {
                self.recall_opened(state, moment, case, payment, deliver);
            }
            Event::RecallClosed { case, payment, outcome } => {
                self.recall_closed(state, moment, case, payment, outcome, deliver);
            }
            Event::PhaseBegan { .. }
            | Event::PhaseExtended { .. }
            | Event::DayClosed
            | Event::CurrencyStopped { .. }
            | Event::PairOpen { .. }
            | Event::PairBlocked { .. }
            | Event::AuctionRun { .. }
            | Event::CycleFinal { .. } => self.notice(state, moment, event, deliver),
            Event::Quoted { .. }
            | Event::QuoteAccepted { .. }
            | Event::QuoteExpired { .. }
            | Event::OrderPlaced { .. }
            | Event::OrderEnded { .. } => self.price_notice(state, moment, event, deliver),
            Event::Done
            | Event::DealerRateSet { .. }
            | Event::Dealt { .. }
            | Event::QueueChanged { .. }
            | Event::Grouped { .. }
            | Event::HoldPlaced { .. }
            | Event::HoldReleased { .. }
            | Event::RateSet { .. }
            | Event::CycleCut { .. }
            | Event::PositionsAnswered { .. }
            | Event::OffsetRun { .. }
            | Event::Offset { .. }
            | Event::Proposed { .. }
            | Event::ProposalEnded { .. }
            | Event::Suspension { .. }
            | Event::ActorAdded { .. }
            | Event::UnionSet { .. }
            | Event::UnitRateSet { .. }
            | Event::UnionClosed { .. }
            | Event::MemberCarried { .. }
            | Event::UnionNotClosed { .. }
            | Event::ActionItem { .. }
            | Event::ResidualOpened { .. }
            | Event::ResidualSettled { .. }
            | Event::ResidualLate { .. }
            | Event::ProofReported { .. }
            | Event::ProofAnswered { .. }
            | Event::ClaimUsed { .. }
            | Event::LoanOffered { .. }
            | Event::OfferEnded { .. }
            | Event::LoanBegan { .. }
            | Event::MemberLeft { .. } => {}
        }
    }

    /// Notes the status of a payment for its sender. The second leg of a conversion is the first one's business.
    fn tell(&mut self, state: &State, moment: Moment, payment: PaymentId, cause: status::Cause) {
        let Some(known) = state.payments.get(payment.at()) else {
            return;
        };
        let line = self.place_of(payment);
        if line.is_some() && known.kind != PaymentKind::ConversionTarget {
            self.pend(moment, line, Some(payment), None, cause);
        }
    }

    fn repeated(&mut self, state: &State, moment: Moment, expected: &Expected, payment: PaymentId) {
        let known = state.payment(payment);
        let reject = Reject::because(known.reason.unwrap_or(comity_ledger::Reason::Unknown));
        let cause = match known.standing {
            Standing::Waiting => status::Cause::StillWaits,
            Standing::Settled => status::Cause::Settled,
            Standing::Refused => status::Cause::Refused(reject),
            Standing::Cancelled => status::Cause::Ended(reject),
        };
        // The legs of a repeated group come with an event each; each leg belongs to its own line.
        let line = match known.group.is_some() {
            true => {
                let leg = payment.0.wrapping_sub(state.group(known.group).first.0) as usize;
                leg.checked_sub(1).and_then(|leg| expected.others.get(leg).copied()).unwrap_or(expected.first)
            }
            false => expected.first,
        };
        self.pend(moment, line, Some(payment), None, cause);
    }

    fn pend(
        &mut self,
        moment: Moment,
        line: Place,
        payment: Option<PaymentId>,
        uetr: Option<u128>,
        cause: status::Cause,
    ) {
        self.order = self.order.wrapping_add(1);
        let message = self.arena.kept_line(line).message;
        self.statuses.push(status::Pending { message, line, order: self.order, payment, uetr, moment, cause });
    }

    fn place_of(&self, payment: PaymentId) -> Place {
        self.by_payment.get(payment.at()).copied().unwrap_or_default()
    }

    /// Writes what has been noted: one status report for each original message, one notification for each account.
    pub fn flush(&mut self, state: &State, deliver: &mut impl Deliver) {
        self.flush_statuses(state, deliver);
        self.flush_credits(state, deliver);
    }

    /// What went out so far.
    #[must_use]
    pub fn written(&self) -> Written {
        self.written
    }

    /// Bytes of memory taken by references of payments.
    #[must_use]
    pub fn reference_bytes(&self) -> usize {
        self.arena.bytes() + self.by_payment.capacity() * size_of::<Place>()
    }

    fn send(
        &mut self,
        to: Bic,
        kind: OutKind,
        id: &str,
        at: Timestamp,
        message: Message<'_>,
        deliver: &mut impl Deliver,
    ) {
        let mut out = core::mem::take(&mut self.out);
        write(&self.options, &mut out, to, id, at, message);
        self.hand_over(to, kind, id, &out, deliver);
        self.out = out;
    }

    fn hand_over(&mut self, to: Bic, kind: OutKind, id: &str, bytes: &[u8], deliver: &mut impl Deliver) {
        self.written.messages += 1;
        self.written.bytes += bytes.len() as u64;
        deliver.deliver(to, kind, id, bytes);
    }
}

/// Writes a message into an emptied buffer.
fn write(options: &OutboxOptions, out: &mut Vec<u8>, to: Bic, id: &str, at: Timestamp, message: Message<'_>) {
    out.clear();
    let envelope = options.service.as_deref().map(|service| Envelope {
        from: options.system,
        to,
        message_id: id,
        service: Some(service),
        created: at,
        possible_duplicate: false,
    });
    if options.indented {
        comity_iso20022::write_indented(out, envelope.as_ref(), message);
    } else {
        comity_iso20022::write(out, envelope.as_ref(), message);
    }
}

fn instant(at: Time) -> Timestamp {
    Timestamp::from_micros(i64::try_from(at.0).unwrap_or(i64::MAX))
}

fn date(day: Day) -> Date {
    Date { days: i32::try_from(day.0).unwrap_or(i32::MAX) }
}

/// The BIC of a participant of the state.
fn bic(state: &State, participant: ParticipantId) -> Option<Bic> {
    state.participants.get(participant.at()).map(|participant| bic_of(&participant.bic))
}

/// The BIC of the participant behind a side of a payment: the sponsored one, else the owner of the account.
fn side(state: &State, account: AccountId, behind: ParticipantId) -> Option<Bic> {
    bic(state, if behind.is_some() { behind } else { state.account(account)?.participant })
}

/// Minor units in the currency of an account. Amounts in messages have no sign.
fn amount(state: &State, account: AccountId, minor: i64) -> Amount {
    let currency = state.account(account).and_then(|account| state.currencies.get(account.currency.at()));
    let (code, exponent) = currency.map_or((*b"XXX", 0), |currency| (currency.code, currency.exponent));
    Amount { minor: minor.saturating_abs(), currency: comity_iso20022::currency::CurrencyCode(code), exponent }
}
