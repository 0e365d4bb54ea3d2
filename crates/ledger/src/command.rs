//! What may be asked of the ledger: every command, with its fields and units.
//!
//! A command orders; whether it is carried out is the ledger's decision, told in events. Amounts are minor units of the
//! account's currency. Absent on purpose: names, BICs of messages and text formats; those belong to the gateway.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

pub use comity_market::rate::Fixed;

use crate::calendar::Calendar;
pub use crate::commitment::{AnswerCommitment, ChangeCommitment, CommitmentKind, Due, RegisterCommitment};
pub use crate::dealing::{
    Agree, PayQuoted, PlaceOrder, QuotedLeg, RequestQuote, SetDealer, SetDealerRate, SetPricing, Subject,
};
use crate::ids::{AccountId, ActorId, AuthorityId, CurrencyId, Day, Key, ParticipantId, PaymentId, Time, Uetr};
use crate::rate::Rate;
use crate::role::{Roles, Scope};
use crate::union::order::{AnswerProof, Lend, SetUnion, SetUnitRate, SettleResidual, UseClaim};
use crate::wire::{Wire, wire_enum, wire_struct};

/// One entry of the journal: who asks what, when. Its sequence number is its place in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When the sequencer took it in; never earlier than the entry before.
    pub at: Time,
    /// Who asks.
    pub actor: ActorId,
    /// The asker's idempotency key; payments are identified by their UETR instead and carry zero here.
    pub key: Key,
    /// What is asked.
    pub command: Command,
}
wire_struct!(Entry { at, actor, key, command });

/// Everything that may be asked. Tags are for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Settle one payment.
    Pay(Instruction),
    /// Settle all legs in one decision (payment versus payment).
    PayGroup(Vec<Instruction>),
    /// Debit one currency and credit another at the approved rate.
    Convert(Box<Conversion>),
    /// Give a settled payment back.
    Return(Box<ReturnOrder>),
    /// Withdraw a payment that waits.
    Cancel(Uetr),
    /// Change the priority of a payment that waits.
    Reprioritise(Reprioritise),
    /// Move a payment that waits within its priority.
    Reorder(Reorder),
    /// Take a payment that waits out of consideration.
    Park(Uetr),
    /// Put it back at its old place.
    Activate(Uetr),
    /// Ask for a payment back.
    Recall(Box<Recall>),
    /// Answer a recall.
    AnswerRecall(Box<AnswerRecall>),
    /// Set money aside for a named purpose.
    PlaceHold(Box<PlaceHold>),
    /// Pay out of a hold.
    PostHold(PostHold),
    /// Give the rest of a hold back to its account.
    VoidHold(Key),
    /// Outside money arrived: cover and account grow together.
    FundIn(Funding),
    /// Money leaves to the outside: account and cover shrink together.
    Defund(Funding),
    /// The outside cover changed without an account (four eyes).
    AdjustCover(AdjustCover),
    /// Issue against cover already there (four eyes).
    Issue(Issue),
    /// Set, change or remove a limit (four eyes).
    SetLimit(SetLimit),
    /// Suspend or reactivate a participant (four eyes).
    Suspend(Suspend),
    /// An authority stops its own currency at once, or starts it again.
    StopCurrency(StopCurrency),
    /// A rate for a pair arrives.
    SetRate(Box<SetRate>),
    /// An authority approves or declines the pair's rate.
    ApproveRate(ApproveRate),
    /// Release a rate held by the deviation gate (four eyes).
    ReleaseRate(PairRef),
    /// Begin a business day.
    StartDay(Box<StartDay>),
    /// Go to the next phase.
    Advance(Advance),
    /// Extend a phase; all later phases and cut-offs move with it (four eyes).
    ExtendPhase(ExtendPhase),
    /// Let time pass: whatever is due happens.
    Tick,
    /// Offset the queues of one currency, or of all.
    Offset(CurrencyId),
    /// An authority confirms or objects to its net positions of the cut cycle.
    ConfirmPositions(ConfirmPositions),
    /// Ask for something that needs a second pair of eyes.
    Propose(Box<Propose>),
    /// Be the second pair of eyes.
    Approve(Approve),
    /// Turn a proposal down.
    Decline(u64),
    /// First entry of a journal: which arrangement, which version.
    Genesis(Box<Genesis>),
    /// Add an authority.
    AddAuthority(Box<AddAuthority>),
    /// Add a currency.
    AddCurrency(Box<AddCurrency>),
    /// Add a participant (four eyes).
    AddParticipant(Box<AddParticipant>),
    /// Open a settlement account.
    OpenAccount(OpenAccount),
    /// Add an actor (four eyes).
    AddActor(Box<AddActor>),
    /// Change an actor's roles (four eyes).
    SetRoles(SetRoles),
    /// Allow conversion between two currencies.
    SetPair(SetPair),
    /// Set the phases of the business day (four eyes).
    SetPhases(Vec<PhaseRule>),
    /// Open or close one date of a currency's calendar (four eyes).
    SetCalendarDay(SetCalendarDay),
    /// Setting up is over: the rules are in force.
    ActivateArrangement(u32),
    /// Change an authority's public key (four eyes).
    RotateKey(RotateKey),
    /// Set how what waits in a currency is offset (four eyes).
    SetOffsetting(SetOffsetting),
    /// A bank lets the queue of one of its accounts be settled out of order, or no longer (four eyes).
    SetBypass(SetBypass),
    /// Settle these waiting payments in one step. Proposed by a solver, proved again before it is booked.
    SettlePlan(Vec<PaymentId>),
    /// Found a union or change its rules (four eyes).
    SetUnion(Box<SetUnion>),
    /// An authority states what its currency is worth in the unit of its union.
    SetUnitRate(Box<SetUnitRate>),
    /// Release a rate in the unit held by the deviation gate (four eyes).
    ReleaseUnitRate(CurrencyId),
    /// Carry every final cycle of a union that was not carried yet, by number.
    CloseUnion(u32),
    /// Settle a residual of a union, or part of it.
    SettleResidual(Box<SettleResidual>),
    /// Accept or decline a transfer the other side reported.
    AnswerProof(AnswerProof),
    /// Set opposite residuals of a union, by number, against each other.
    CrossResiduals(u32),
    /// A creditor uses its position (four eyes).
    UseClaim(Box<UseClaim>),
    /// Offer, accept or turn down a loan out of a claim (four eyes).
    Lend(Lend),
    /// Leave a union, by number (four eyes).
    LeaveUnion(u32),
    /// Ask for pricing terms of a pair (four eyes; in force when both authorities agree).
    SetPricing(Box<SetPricing>),
    /// Name a dealer of a pair and its limits (four eyes; it deals when both authorities agree).
    SetDealer(SetDealer),
    /// An authority's word on pricing terms or a dealer; with four eyes, on a price held by the gate.
    Agree(Agree),
    /// A dealer's standing rates.
    SetDealerRate(Box<SetDealerRate>),
    /// Ask for a quote.
    RequestQuote(Box<RequestQuote>),
    /// Accept a quote: the dealer's money is set aside.
    AcceptQuote(Key),
    /// Settle conversions under quotes, in one decision.
    PayQuoted(Box<PayQuoted>),
    /// An order for the next call auction.
    PlaceOrder(Box<PlaceOrder>),
    /// Take an order back.
    WithdrawOrder(Key),
    /// Run the call auction of a pair.
    RunAuction(PairRef),
    /// Enter a future commitment; the other side confirms it.
    RegisterCommitment(Box<RegisterCommitment>),
    /// Agree to what the other side asked of a commitment, or decline it.
    AnswerCommitment(AnswerCommitment),
    /// Ask for another schedule of a commitment.
    ChangeCommitment(Box<ChangeCommitment>),
    /// Ask that what is ahead of a commitment falls away.
    WithdrawCommitment(Key),
}
wire_enum!(Command {
    1 => Pay(v), 2 => PayGroup(v), 3 => Convert(v), 4 => Return(v), 5 => Cancel(v), 6 => Reprioritise(v),
    7 => Reorder(v), 8 => Park(v), 9 => Activate(v), 10 => Recall(v), 11 => AnswerRecall(v), 12 => PlaceHold(v),
    13 => PostHold(v), 14 => VoidHold(v), 15 => FundIn(v), 16 => Defund(v), 17 => AdjustCover(v), 18 => Issue(v),
    19 => SetLimit(v), 20 => Suspend(v), 21 => StopCurrency(v), 22 => SetRate(v), 23 => ApproveRate(v),
    24 => ReleaseRate(v), 25 => StartDay(v), 26 => Advance(v), 27 => ExtendPhase(v), 28 => Tick, 29 => Offset(v),
    30 => ConfirmPositions(v), 31 => Propose(v), 32 => Approve(v), 33 => Decline(v), 34 => Genesis(v),
    35 => AddAuthority(v), 36 => AddCurrency(v), 37 => AddParticipant(v), 38 => OpenAccount(v), 39 => AddActor(v),
    40 => SetRoles(v), 41 => SetPair(v), 42 => SetPhases(v), 43 => SetCalendarDay(v), 44 => ActivateArrangement(v),
    45 => RotateKey(v), 46 => SetOffsetting(v), 47 => SetBypass(v), 48 => SettlePlan(v),
    49 => SetUnion(v), 50 => SetUnitRate(v), 51 => ReleaseUnitRate(v), 52 => CloseUnion(v), 53 => SettleResidual(v),
    54 => AnswerProof(v), 55 => CrossResiduals(v), 56 => UseClaim(v), 57 => Lend(v), 58 => LeaveUnion(v),
    59 => SetPricing(v), 60 => SetDealer(v), 61 => Agree(v), 62 => SetDealerRate(v), 63 => RequestQuote(v),
    64 => AcceptQuote(v), 65 => PayQuoted(v), 66 => PlaceOrder(v), 67 => WithdrawOrder(v), 68 => RunAuction(v),
    75 => RegisterCommitment(v), 76 => AnswerCommitment(v), 77 => ChangeCommitment(v), 78 => WithdrawCommitment(v),
});

/// Urgent goes before normal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Considered first.
    Urgent,
    /// Considered when no urgent payment of the same account is active.
    Normal,
}
wire_enum!(Priority { 0 => Urgent, 1 => Normal });

/// What kind of message a payment came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentKind {
    /// A customer credit transfer (pacs.008, or pain.001 through the bank).
    Customer,
    /// A transfer between financial institutions (pacs.009).
    Institution,
    /// The return of an earlier payment (pacs.004).
    Return,
    /// The source leg of a conversion.
    ConversionSource,
    /// The destination leg of a conversion.
    ConversionTarget,
}
wire_enum!(PaymentKind { 0 => Customer, 1 => Institution, 2 => Return, 3 => ConversionSource, 4 => ConversionTarget });

/// One payment order, as the gateway resolved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Unique reference, end to end.
    pub uetr: Uetr,
    /// Account to debit.
    pub debtor: AccountId,
    /// Account to credit.
    pub creditor: AccountId,
    /// The sponsored participant the debtor account's owner acts for; `NONE` when it acts for itself.
    pub debtor_for: ParticipantId,
    /// The sponsored participant the creditor account's owner receives for; `NONE` when for itself.
    pub creditor_for: ParticipantId,
    /// Minor units of the accounts' currency, more than zero.
    pub amount: i64,
    /// Queue priority.
    pub priority: Priority,
    /// Kind of message.
    pub kind: PaymentKind,
    /// Settlement date; not set means the business day of acceptance.
    pub value_date: Day,
    /// Not before this instant, if set.
    pub earliest: Time,
    /// Cancelled if not settled by this instant, if set.
    pub latest: Time,
    /// Fingerprint of the message identifiers: tells the identical message sent again from another with the same UETR.
    pub message: u64,
    /// Where the original message is kept: number of the document in the journal, and line within it.
    pub document: u64,
    /// Line (transaction number, from 0) within the document.
    pub line: u32,
}
wire_struct!(Instruction {
    uetr,
    debtor,
    creditor,
    debtor_for,
    creditor_for,
    amount,
    priority,
    kind,
    value_date,
    earliest,
    latest,
    message,
    document,
    line,
});

wire_struct!(Rate { mantissa, scale });
wire_enum!(Fixed { 0 => Source, 1 => Target });

/// A payment that debits one currency and credits another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The payment; `amount` is on the fixed side.
    pub instruction: Instruction,
    /// Which side the amount is on.
    pub fixed: Fixed,
    /// The rate the sender relied on, in the pair's own order (units of quote for one of base); must equal the
    /// approved rate exactly when given.
    pub expected: Option<Rate>,
}
wire_struct!(Conversion { instruction, fixed, expected });

/// The return of a settled payment (pacs.004).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnOrder {
    /// UETR of the payment given back.
    pub original: Uetr,
    /// Reference of the return itself.
    pub uetr: Uetr,
    /// Minor units; at most the original amount.
    pub amount: i64,
    /// External return reason code.
    pub reason: [u8; 4],
    /// Fingerprint of the message identifiers.
    pub message: u64,
    /// Where the original message is kept.
    pub document: u64,
    /// Line within the document.
    pub line: u32,
}
wire_struct!(ReturnOrder { original, uetr, amount, reason, message, document, line });

/// Change the priority of a payment that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reprioritise {
    /// Which.
    pub uetr: Uetr,
    /// To what.
    pub priority: Priority,
}
wire_struct!(Reprioritise { uetr, priority });

/// Where to move a payment in its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before all others of its priority.
    Front,
    /// Behind all others of its priority.
    Back,
}
wire_enum!(Place { 0 => Front, 1 => Back });

/// Move a payment that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reorder {
    /// Which.
    pub uetr: Uetr,
    /// Where to.
    pub place: Place,
}
wire_struct!(Reorder { uetr, place });

/// A request to give a payment back (camt.056).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// The asker's case, unique.
    pub case: Key,
    /// UETR of the payment asked back.
    pub original: Uetr,
    /// External cancellation reason code.
    pub reason: [u8; 4],
    /// When an unanswered request lapses; not set means the arrangement's rule.
    pub expires: Time,
}
wire_struct!(Recall { case, original, reason, expires });

/// The answer to a recall (camt.029).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRecall {
    /// Which case.
    pub case: Key,
    /// Whether the payment will be given back.
    pub accept: bool,
    /// Reason code of a refusal; zero bytes otherwise.
    pub reason: [u8; 4],
}
wire_struct!(AnswerRecall { case, accept, reason });

/// Money set aside for a named purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceHold {
    /// The hold's own reference, unique.
    pub hold: Key,
    /// Account whose money is set aside.
    pub account: AccountId,
    /// Minor units, more than zero.
    pub amount: i64,
    /// What it is for; part of every statement that shows it.
    pub purpose: String,
    /// The only account it may be paid to; `NONE` when open.
    pub beneficiary: AccountId,
    /// When the rest goes back by itself.
    pub expires: Time,
}
wire_struct!(PlaceHold { hold, account, amount, purpose, beneficiary, expires });

/// Pay out of a hold, fully or partly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostHold {
    /// Which hold.
    pub hold: Key,
    /// Whom to credit.
    pub creditor: AccountId,
    /// Minor units, at most what is left of the hold.
    pub amount: i64,
    /// Whether the rest stays held; otherwise it goes back to the account.
    pub keep_rest: bool,
}
wire_struct!(PostHold { hold, creditor, amount, keep_rest });

/// Outside money in or out of an account, done by the currency's authority alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funding {
    /// The settlement account.
    pub account: AccountId,
    /// Minor units, more than zero.
    pub amount: i64,
    /// Reference of the transfer in the outside system, unique per currency.
    pub outside_ref: Key,
}
wire_struct!(Funding { account, amount, outside_ref });

/// A change of the outside cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdjustCover {
    /// Whose cover.
    pub currency: CurrencyId,
    /// Minor units; negative shrinks it, never below the money in the system.
    pub change: i64,
    /// Reference in the outside system.
    pub outside_ref: Key,
}
wire_struct!(AdjustCover { currency, change, outside_ref });

/// Issuance against cover already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issue {
    /// The settlement account.
    pub account: AccountId,
    /// Minor units, more than zero.
    pub amount: i64,
}
wire_struct!(Issue { account, amount });

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// Largest single payment of the account.
    PerPayment,
    /// How far the account may go below zero.
    NetDebit,
    /// Largest net amount sent to one counterparty in a day.
    Bilateral,
    /// Largest net amount sent to all others in a day.
    Multilateral,
    /// Largest gross amount sent in a day.
    PerDay,
    /// Largest balance a participant from another country may keep overnight.
    Overnight,
    /// Part of the account's money that only urgent payments may use.
    Reserve,
}
wire_enum!(LimitKind {
    0 => PerPayment, 1 => NetDebit, 2 => Bilateral, 3 => Multilateral, 4 => PerDay, 5 => Overnight, 6 => Reserve,
});

/// Set, change or remove a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetLimit {
    /// The account limited.
    pub account: AccountId,
    /// Which limit.
    pub kind: LimitKind,
    /// The other account, for a bilateral limit; `NONE` otherwise.
    pub counterparty: AccountId,
    /// Minor units, not negative; `None` removes the limit (no net debit at all, for [`LimitKind::NetDebit`]).
    pub value: Option<i64>,
}
wire_struct!(SetLimit { account, kind, counterparty, value });

/// Which way money is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Sending.
    Out,
    /// Receiving.
    In,
    /// Both.
    Both,
}
wire_enum!(Direction { 0 => Out, 1 => In, 2 => Both });

/// Suspend or reactivate a participant, per currency and direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspend {
    /// Whom.
    pub participant: ParticipantId,
    /// In which currency; `NONE` for all of them.
    pub currency: CurrencyId,
    /// Which way.
    pub direction: Direction,
    /// True to suspend, false to reactivate.
    pub suspended: bool,
}
wire_struct!(Suspend { participant, currency, direction, suspended });

/// An authority stops or starts its own currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopCurrency {
    /// Which.
    pub currency: CurrencyId,
    /// True to stop.
    pub stopped: bool,
}
wire_struct!(StopCurrency { currency, stopped });

/// Where a rate comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateKind {
    /// Published by an authority.
    Official,
    /// Observed on a market.
    Market,
    /// Agreed and constant.
    Fixed,
}
wire_enum!(RateKind { 0 => Official, 1 => Market, 2 => Fixed });

/// Two currencies, named in the order the pair was set: units of `quote` for one unit of `base`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairRef {
    /// The currency priced.
    pub base: CurrencyId,
    /// The currency it is priced in.
    pub quote: CurrencyId,
}
wire_struct!(PairRef { base, quote });

/// A rate for a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRate {
    /// Which pair.
    pub pair: PairRef,
    /// Units of quote for one unit of base.
    pub rate: Rate,
    /// Who published it.
    pub source: String,
    /// What kind of rate.
    pub kind: RateKind,
    /// Valid from this instant.
    pub from: Time,
    /// Valid before this instant.
    pub until: Time,
}
wire_struct!(SetRate { pair, rate, source, kind, from, until });

/// An authority's word on the pair's current rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApproveRate {
    /// Which pair.
    pub pair: PairRef,
    /// The rate it saw; must be the current one.
    pub rate: Rate,
    /// Approved or declined.
    pub approve: bool,
}
wire_struct!(ApproveRate { pair, rate, approve });

/// Begin a business day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartDay {
    /// The business date; given, never derived from a clock.
    pub date: Day,
    /// The instant the first phase begins; phases are planned from here.
    pub opens: Time,
    /// Cut-off of each currency, as instants; a currency without one has none.
    pub cutoffs: Vec<Cutoff>,
}
wire_struct!(StartDay { date, opens, cutoffs });

/// The last instant at which new payments of a currency are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cutoff {
    /// Which currency.
    pub currency: CurrencyId,
    /// The instant.
    pub at: Time,
}
wire_struct!(Cutoff { currency, at });

/// Go to the next phase; before its planned time this needs four eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// Index of the phase to enter: the current one plus one.
    pub phase: u32,
}
wire_struct!(Advance { phase });

/// Extend a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtendPhase {
    /// Index of the phase, current or later.
    pub phase: u32,
    /// By how many seconds.
    pub seconds: u32,
}
wire_struct!(ExtendPhase { phase, seconds });

/// An authority's word on the positions of the cut cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfirmPositions {
    /// Which cycle.
    pub cycle: u32,
    /// Confirmed, or objected.
    pub agree: bool,
}
wire_struct!(ConfirmPositions { cycle, agree });

/// A command that needs a second pair of eyes. The proposal is known by the sequence number of this entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Propose {
    /// What is to be done.
    pub command: Command,
    /// When the proposal lapses.
    pub expires: Time,
}
wire_struct!(Propose { command, expires });

/// The second pair of eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approve {
    /// Sequence number of the proposal.
    pub proposal: u64,
    /// BLAKE3 of the proposed command's canonical bytes, as the approver saw them.
    pub hash: [u8; 32],
}
wire_struct!(Approve { proposal, hash });

/// The first entry of every journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// The arrangement's name.
    pub name: String,
    /// BLAKE3 of the arrangement files this journal was opened with.
    pub rules: [u8; 32],
    /// Seed of the look-up tables, so that nobody can choose identifiers that collide.
    pub seed: u64,
    /// General rules.
    pub options: Options,
}
wire_struct!(Genesis { name, rules, seed, options });

/// General rules of an arrangement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How long a proposal may wait at most, seconds.
    pub proposal_ttl_s: u32,
    /// Joint business days within which a payment may be returned.
    pub return_days: u32,
    /// How long a recall waits for its answer, seconds.
    pub recall_ttl_s: u32,
    /// Farthest future value date accepted, calendar days.
    pub value_days_max: u32,
    /// Offset two accounts' queues when a payment is queued.
    pub offset_on_arrival: bool,
    /// The phase that redeems what exceeds overnight limits begins only after every authority has confirmed its positions.
    pub require_confirmation: bool,
}
wire_struct!(Options {
    proposal_ttl_s,
    return_days,
    recall_ttl_s,
    value_days_max,
    offset_on_arrival,
    require_confirmation
});

/// Add an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddAuthority {
    /// Name, for people.
    pub name: String,
    /// ISO 3166 alpha-2 country.
    pub country: [u8; 2],
    /// Ed25519 public key that signs its checkpoints.
    pub public_key: [u8; 32],
}
wire_struct!(AddAuthority { name, country, public_key });

/// What happens at the end of the day to payments still waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsettled {
    /// They wait on, at their place, into the next day.
    Carry,
    /// They are rejected for lack of funds (`AM04`).
    Reject,
    /// They are cancelled at cut-off (`TM01`).
    Cancel,
}
wire_enum!(Unsettled { 0 => Carry, 1 => Reject, 2 => Cancel });

/// Add a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCurrency {
    /// ISO 4217 code.
    pub code: [u8; 3],
    /// Minor units: digits after the point, 0 to 4.
    pub exponent: u8,
    /// Its issuer.
    pub authority: AuthorityId,
    /// Open and closed dates.
    pub calendar: Calendar,
    /// End-of-day rule.
    pub unsettled: Unsettled,
}
wire_struct!(AddCurrency { code, exponent, authority, calendar, unsettled });

/// Add a participant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddParticipant {
    /// ISO 9362 BIC, eleven characters.
    pub bic: [u8; 11],
    /// Name, for people.
    pub name: String,
    /// The authority of its home country.
    pub authority: AuthorityId,
    /// Its sponsor; `NONE` for a direct participant.
    pub sponsor: ParticipantId,
}
wire_struct!(AddParticipant { bic, name, authority, sponsor });

/// Open a settlement account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenAccount {
    /// Whose.
    pub participant: ParticipantId,
    /// In which currency.
    pub currency: CurrencyId,
}
wire_struct!(OpenAccount { participant, currency });

/// Add an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddActor {
    /// Login or channel name.
    pub name: String,
    /// For whom it acts.
    pub scope: Scope,
    /// What it may do.
    pub roles: Roles,
}
wire_struct!(AddActor { name, scope, roles });

/// Change an actor's roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetRoles {
    /// Whose.
    pub actor: ActorId,
    /// The new set.
    pub roles: Roles,
}
wire_struct!(SetRoles { actor, roles });

/// Allow conversion between two currencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetPair {
    /// Which.
    pub pair: PairRef,
    /// Largest change from the previous rate that needs no release, basis points.
    pub gate_bps: u32,
    /// The participant whose accounts take one currency and give the other.
    pub provider: ParticipantId,
}
wire_struct!(SetPair { pair, gate_bps, provider });

/// A phase of the business day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseRule {
    /// Name, for people.
    pub name: String,
    /// What is allowed while it lasts and what happens when it begins: see [`crate::phase`].
    pub allows: u32,
    /// Planned length in seconds.
    pub seconds: u32,
}
wire_struct!(PhaseRule { name, allows, seconds });

/// Open or close one date of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetCalendarDay {
    /// Whose calendar.
    pub currency: CurrencyId,
    /// The date.
    pub day: Day,
    /// Whether it is a business day.
    pub open: bool,
}
wire_struct!(SetCalendarDay { currency, day, open });

/// Change an authority's public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotateKey {
    /// Whose.
    pub authority: AuthorityId,
    /// The new Ed25519 public key.
    pub public_key: [u8; 32],
}
wire_struct!(RotateKey { authority, public_key });

/// What is offset when something changes: a payment starts to wait, money comes in, a limit is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnChange {
    /// Nothing: only runs offset.
    Nothing,
    /// The two queues of the new payment's debtor and creditor against each other.
    Pair,
    /// Every queue of every currency with this rule: nothing that could settle ever waits.
    Every,
}
wire_enum!(OnChange { 0 => Nothing, 1 => Pair, 2 => Every });

/// Which sets of waiting payments may settle together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// The front of every queue: the greatest such set is unique, so there is nothing to choose.
    FifoPrefix,
    /// From queues whose owner consents, any payments; a plan says which. Other queues as before.
    FreeSubset,
}
wire_enum!(Policy { 0 => FifoPrefix, 1 => FreeSubset });

/// How what waits in a currency is offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offsetting {
    /// When something changes.
    pub on_change: OnChange,
    /// What a run may settle.
    pub policy: Policy,
}
wire_struct!(Offsetting { on_change, policy });

/// Set how a currency's waiting payments are offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetOffsetting {
    /// Which currency.
    pub currency: CurrencyId,
    /// The rule; `None` goes back to the arrangement's general one.
    pub rule: Option<Offsetting>,
}
wire_struct!(SetOffsetting { currency, rule });

/// A bank's consent that payments of an account settle out of the order of its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetBypass {
    /// The account.
    pub account: AccountId,
    /// Whether later payments may settle before earlier ones.
    pub allowed: bool,
}
wire_struct!(SetBypass { account, allowed });

impl Command {
    /// BLAKE3 of the command's canonical bytes: what an approver signs.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut sink = crate::wire::DigestSink::default();
        self.put(&mut sink);
        sink.finish()
    }
}
