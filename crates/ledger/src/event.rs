//! What happened: the ledger's only answer.
//!
//! Events are derived: the same entry on the same state gives the same events, so they are not journalled. They carry
//! indices; whoever needs names looks them up in the state. Absent on purpose: messages; the gateway makes those.

use crate::command::{Direction, PairRef};
use crate::ids::{AccountId, ActorId, AuthorityId, CurrencyId, GroupId, Key, ParticipantId, PaymentId};
use crate::rate::Rate;
use crate::reject::{Reject, Wait};
use crate::union::Way;

/// How a payment came to settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// At once, on arrival.
    Gross,
    /// From the queue, when money came in.
    Released,
    /// Together with payments the other way between the same two accounts.
    Bilateral,
    /// In an offsetting run over all queues.
    Multilateral,
    /// By a plan that was proved again before it was booked.
    Planned,
}

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The entry was carried out (commands that are not payments).
    Done,
    /// The entry was refused.
    Refused(Reject),
    /// The entry repeats an earlier one: same key, same body; the answer is the earlier one's.
    Repeated {
        /// Sequence number of the earlier entry.
        original: u64,
        /// The payment, when it is one.
        payment: PaymentId,
    },
    /// A payment was refused; it is recorded, so that its UETR cannot be used for another.
    PaymentRefused {
        /// Which.
        payment: PaymentId,
        /// Why.
        reject: Reject,
    },
    /// A payment was taken in and waits.
    Queued {
        /// Which.
        payment: PaymentId,
        /// Why, and what would release it.
        wait: Wait,
    },
    /// A payment settled: final and irrevocable.
    Settled {
        /// Which.
        payment: PaymentId,
        /// How.
        how: How,
    },
    /// A payment that waited was ended without settlement.
    Cancelled {
        /// Which.
        payment: PaymentId,
        /// Why.
        reject: Reject,
    },
    /// A payment that waited changed its place, priority or consideration.
    QueueChanged {
        /// Which.
        payment: PaymentId,
    },
    /// A group of payments is decided together.
    Grouped {
        /// The group.
        group: GroupId,
        /// Its first leg; legs are consecutive.
        first: PaymentId,
        /// How many.
        legs: u32,
    },
    /// Rounding remainders reached whole minor units and went to their owner.
    Remainder {
        /// In this currency.
        currency: CurrencyId,
        /// From the provider's account.
        from: AccountId,
        /// Minor units.
        amount: i64,
    },
    /// Money was issued to an account (more than zero) or redeemed from it (less).
    Funded {
        /// Which account.
        account: AccountId,
        /// Minor units, signed.
        amount: i64,
        /// Whether the end-of-day rule did it.
        sweep: bool,
    },
    /// Money was set aside.
    HoldPlaced {
        /// The hold.
        hold: Key,
        /// The account.
        account: AccountId,
        /// Minor units.
        amount: i64,
    },
    /// A hold was paid out.
    HoldPosted {
        /// The hold.
        hold: Key,
        /// Whose money.
        account: AccountId,
        /// Who got it.
        creditor: AccountId,
        /// Minor units.
        amount: i64,
    },
    /// The rest of a hold went back.
    HoldReleased {
        /// The hold.
        hold: Key,
        /// The account.
        account: AccountId,
        /// Minor units.
        amount: i64,
        /// Whether it expired (otherwise it was voided or closed by its last posting).
        expired: bool,
    },
    /// A recall reached the creditor's side.
    RecallOpened {
        /// The case.
        case: Key,
        /// The payment asked back.
        payment: PaymentId,
    },
    /// A recall was answered.
    RecallClosed {
        /// The case.
        case: Key,
        /// The payment asked back.
        payment: PaymentId,
        /// How it ended.
        outcome: RecallOutcome,
    },
    /// A rate is known for a pair and waits for approval.
    RateSet {
        /// The pair.
        pair: PairRef,
        /// Whether the deviation gate holds it.
        gated: bool,
    },
    /// A pair's rate is approved by both authorities.
    PairOpen {
        /// The pair.
        pair: PairRef,
    },
    /// A pair is blocked: declined, lapsed or replaced.
    PairBlocked {
        /// The pair.
        pair: PairRef,
    },
    /// A phase began.
    PhaseBegan {
        /// Its index.
        phase: u32,
    },
    /// A phase was extended.
    PhaseExtended {
        /// Its index.
        phase: u32,
        /// By how many seconds.
        seconds: u32,
    },
    /// A cycle of net positions was cut.
    CycleCut {
        /// The cycle.
        cycle: u32,
        /// First entry of its journal range.
        from: u64,
        /// Last entry of its journal range.
        to: u64,
    },
    /// An authority confirmed or objected.
    PositionsAnswered {
        /// The cycle.
        cycle: u32,
        /// Who.
        authority: AuthorityId,
        /// Confirmed or objected.
        agree: bool,
    },
    /// Every authority confirmed: the cycle is final.
    CycleFinal {
        /// The cycle.
        cycle: u32,
    },
    /// The business day is closed.
    DayClosed,
    /// An offsetting run ended, or a plan was carried out.
    OffsetRun {
        /// How many payments waited and were looked at.
        looked: u32,
        /// How many settled.
        settled: u32,
    },
    /// What a run or plan did in one currency in which something settled.
    Offset {
        /// The currency.
        currency: CurrencyId,
        /// Value of the payments looked at, before; minor units.
        before: i128,
        /// Value of those of them that still wait, after; minor units.
        after: i128,
    },
    /// A proposal waits for approval.
    Proposed {
        /// Its number.
        proposal: u64,
    },
    /// A proposal was approved and carried out, was declined, lapsed, or failed when carried out.
    ProposalEnded {
        /// Its number.
        proposal: u64,
        /// How.
        outcome: ProposalOutcome,
    },
    /// A participant was suspended or reactivated.
    Suspension {
        /// Whom.
        participant: ParticipantId,
        /// In which currency (`NONE` for all).
        currency: CurrencyId,
        /// Which way.
        direction: Direction,
        /// Suspended or reactivated.
        suspended: bool,
    },
    /// A currency was stopped or started.
    CurrencyStopped {
        /// Which.
        currency: CurrencyId,
        /// Stopped or started.
        stopped: bool,
    },
    /// A dealer's standing rates are known; those held by the gate wait for release.
    DealerRateSet {
        /// The pair.
        pair: PairRef,
        /// Whose.
        dealer: ParticipantId,
        /// Whether the deviation gate holds them.
        gated: bool,
    },
    /// A dealer promises a price for a while: see [`crate::dealing::Quote`].
    Quoted {
        /// The quote.
        quote: Key,
    },
    /// A quote was accepted: the dealer's money is set aside for it.
    QuoteAccepted {
        /// The quote.
        quote: Key,
    },
    /// A quote's time ran out.
    QuoteExpired {
        /// The quote.
        quote: Key,
    },
    /// The price of a conversion or of a fill was decided: see [`crate::dealing::Deal`].
    Dealt {
        /// The source leg.
        payment: PaymentId,
        /// Index of the deal.
        deal: u32,
    },
    /// An order waits for the next auction, its money set aside; and what would happen were it run now.
    OrderPlaced {
        /// The order.
        order: Key,
        /// The price there would be; `None` when nothing crosses.
        price: Option<Rate>,
        /// Base currency that would change hands, minor units.
        volume: i64,
        /// What would be left for sale at that price, less what would be left wanted; minor units of base.
        imbalance: i64,
    },
    /// An order is over: looked at by an auction, withdrawn, or ended with the day. What was not filled went back.
    OrderEnded {
        /// The order.
        order: Key,
        /// Filled, minor units of the base currency.
        filled: i64,
    },
    /// A call auction was run: see [`crate::dealing::Auction`].
    AuctionRun {
        /// Index of the auction.
        auction: u32,
    },
    /// An actor was added.
    ActorAdded {
        /// Which.
        actor: ActorId,
    },
    /// A union was founded, or its rules changed.
    UnionSet {
        /// Which.
        union: u32,
    },
    /// A currency's rate in the unit of its union was stated or released.
    UnitRateSet {
        /// Which.
        currency: CurrencyId,
        /// Whether the deviation gate holds it.
        gated: bool,
    },
    /// A union was closed: its record is the closing with this number, counted from 1.
    UnionClosed {
        /// Which.
        union: u32,
        /// The closing.
        closing: u32,
    },
    /// A member's net was carried; its record is a line of the closing.
    MemberCarried {
        /// Which union.
        union: u32,
        /// The closing.
        closing: u32,
        /// The member.
        member: AuthorityId,
    },
    /// A union was to be closed by its rules and could not be; its cycles are carried by the next closing.
    UnionNotClosed {
        /// Which.
        union: u32,
        /// Why.
        reject: Reject,
    },
    /// An action item was opened, is late, or was closed.
    ActionItem {
        /// Which union.
        union: u32,
        /// Its number.
        item: u32,
    },
    /// Something fell due.
    ResidualOpened {
        /// Which union.
        union: u32,
        /// Its number.
        residual: u32,
    },
    /// A residual, or part of it, was settled.
    ResidualSettled {
        /// Which union.
        union: u32,
        /// Its number.
        residual: u32,
        /// How.
        way: Way,
        /// How much.
        amount: i64,
    },
    /// A residual is still open after its date.
    ResidualLate {
        /// Which union.
        union: u32,
        /// Its number.
        residual: u32,
    },
    /// A transfer was reported and waits for the other side's word.
    ProofReported {
        /// Which union.
        union: u32,
        /// The residual.
        residual: u32,
        /// How much it settles.
        amount: i64,
    },
    /// A reported transfer was accepted or declined.
    ProofAnswered {
        /// Which union.
        union: u32,
        /// The residual.
        residual: u32,
        /// Accepted or declined.
        accept: bool,
    },
    /// A claim was used.
    ClaimUsed {
        /// Which union.
        union: u32,
        /// Number of the record.
        number: u32,
    },
    /// A loan was offered.
    LoanOffered {
        /// Which union.
        union: u32,
        /// The offer.
        offer: u32,
    },
    /// An offer of a loan was accepted or turned down.
    OfferEnded {
        /// Which union.
        union: u32,
        /// The offer.
        offer: u32,
        /// Accepted or turned down.
        accepted: bool,
    },
    /// Instalments were agreed.
    LoanBegan {
        /// Which union.
        union: u32,
        /// Number of the loan.
        loan: u32,
    },
    /// A member left a union.
    MemberLeft {
        /// Which.
        union: u32,
        /// Who.
        member: AuthorityId,
    },
}

/// How a recall ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecallOutcome {
    /// The payment still waited and was cancelled.
    Cancelled,
    /// The creditor's side agreed; a return will follow.
    Accepted,
    /// The creditor's side refused.
    Refused,
    /// Nobody answered in time.
    Expired,
}

/// How a proposal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalOutcome {
    /// Approved and carried out.
    Done,
    /// Approved, but refused when carried out.
    Refused(Reject),
    /// Turned down.
    Declined,
    /// Not approved in time.
    Expired,
}

/// Events in order, each with the sequence number of the entry that caused it.
#[derive(Debug, Default)]
pub struct Events {
    seq: u64,
    list: alloc::vec::Vec<(u64, Event)>,
}

impl Events {
    /// Starts the events of the next entry.
    pub(crate) fn begin(&mut self, seq: u64) {
        self.seq = seq;
    }

    /// Records what happened.
    #[inline]
    pub(crate) fn push(&mut self, event: Event) {
        self.list.push((self.seq, event));
    }

    /// Everything recorded since the last [`Events::clear`].
    #[must_use]
    pub fn list(&self) -> &[(u64, Event)] {
        &self.list
    }

    /// Forgets what was recorded and keeps the memory.
    pub fn clear(&mut self) {
        self.list.clear();
    }
}
