//! Everything the ledger knows.
//!
//! One value, changed by [`crate::apply`] alone, with canonical bytes: their hash is the state digest and they are the
//! snapshot. Absent on purpose: anything that is not decided by the journal.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;

use crate::account::{Account, AccountSide};
use crate::calendar::Calendar;
use crate::command::{Genesis, Offsetting, PairRef, PhaseRule, Propose, RateKind, Unsettled};
use crate::commitment::Commitment;
use crate::cycle::Cycle;
use crate::day::DayState;
use crate::dealing::Dealing;
use crate::give_back::RecallCase;
use crate::group::Group;
use crate::hold::Hold;
use crate::ids::{
    AccountId, ActorId, AuthorityId, CurrencyId, Day, GroupId, Key, ParticipantId, PaymentId, Time, Uetr,
};
use crate::payment::{Payment, UetrTable};
use crate::queue::{Queue, Waiting};
use crate::rate::Rate;
use crate::reject::Reject;
use crate::role::{Roles, Scope};
use crate::wire::{DigestSink, Malformed, Source, Wire, wire_enum, wire_struct};

/// An issuer of a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Name, for people.
    pub name: String,
    /// ISO 3166 alpha-2 country.
    pub country: [u8; 2],
    /// Ed25519 public key that signs its checkpoints.
    pub public_key: [u8; 32],
}
wire_struct!(Authority { name, country, public_key });

/// A currency of the arrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217 code.
    pub code: [u8; 3],
    /// Digits after the point.
    pub exponent: u8,
    /// Its issuer.
    pub authority: AuthorityId,
    /// Open and closed dates.
    pub calendar: Calendar,
    /// End-of-day rule.
    pub unsettled: Unsettled,
    /// Stopped by its authority.
    pub stopped: bool,
    /// Outside money that covers what is in the system, minor units.
    pub cover: i64,
    /// Money in the system, minor units: never more than the cover.
    pub issued: i64,
    /// Credit granted to all accounts together, minor units.
    pub credit: i64,
    /// Mirrors the outside: its balance is minus `issued`.
    pub outside: AccountId,
    /// Owns rounding remainders.
    pub remainder: AccountId,
}
wire_struct!(Currency {
    code,
    exponent,
    authority,
    calendar,
    unsettled,
    stopped,
    cover,
    issued,
    credit,
    outside,
    remainder,
});

impl Currency {
    /// The ISO 4217 code as text.
    #[must_use]
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.code).expect("currency codes are checked when added")
    }
}

/// A bank that takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// BIC, eleven characters.
    pub bic: [u8; 11],
    /// Name, for people.
    pub name: String,
    /// Authority of its home country.
    pub authority: AuthorityId,
    /// Sponsor; `NONE` for a direct participant.
    pub sponsor: ParticipantId,
    /// May not send in any currency (sponsored participants; direct ones are stopped by account).
    pub stopped_out: bool,
    /// May not receive in any currency.
    pub stopped_in: bool,
}
wire_struct!(Participant { bic, name, authority, sponsor, stopped_out, stopped_in });

impl Participant {
    /// The BIC as text.
    #[must_use]
    pub fn bic(&self) -> &str {
        core::str::from_utf8(&self.bic).expect("BICs are checked when added")
    }
}

/// Somebody or something that may send commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Login or channel name.
    pub name: String,
    /// For whom it acts.
    pub scope: Scope,
    /// What it may do.
    pub roles: Roles,
}
wire_struct!(Actor { name, scope, roles });

/// A bilateral limit and how much of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BilateralLimit {
    /// Largest net amount sent in a day, minor units.
    pub limit: i64,
    /// Net amount sent today; wider than an amount, because money may go round any number of times in a day.
    pub net: i128,
}
wire_struct!(BilateralLimit { limit, net });

impl BilateralLimit {
    /// By how much the limit would be passed if this much more were sent; zero or less when it would not.
    pub(crate) fn over(self, amount: i128) -> i64 {
        let over = self.net + amount - i128::from(self.limit);
        i64::try_from(over).unwrap_or(if over > 0 { i64::MAX } else { i64::MIN })
    }

    /// How much more may be sent net, exactly.
    pub(crate) fn room(self) -> i128 {
        i128::from(self.limit) - self.net
    }

    /// The same, as far as one set of payments can use it.
    pub(crate) fn headroom(self) -> i64 {
        let room = self.room();
        i64::try_from(room).unwrap_or(if room > 0 { i64::MAX } else { i64::MIN })
    }
}

/// A pair of currencies that may be converted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Largest change that needs no release, basis points.
    pub gate_bps: u32,
    /// Whose accounts take one currency and give the other.
    pub provider: ParticipantId,
    /// The rate that waits for approval or is approved.
    pub rate: Option<PairRate>,
    /// The last rate that was approved by both: what a new one is compared with.
    pub previous: Option<Rate>,
}
wire_struct!(Pair { gate_bps, provider, rate, previous });

/// A pair's current rate and who has approved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairRate {
    /// Units of quote for one unit of base.
    pub rate: Rate,
    /// Who published it.
    pub source: String,
    /// What kind.
    pub kind: RateKind,
    /// Valid from.
    pub from: Time,
    /// Valid before.
    pub until: Time,
    /// Held by the deviation gate.
    pub gated: bool,
    /// Approved by the base currency's authority.
    pub base_approved: bool,
    /// Approved by the quote currency's authority.
    pub quote_approved: bool,
}
wire_struct!(PairRate { rate, source, kind, from, until, gated, base_approved, quote_approved });

/// Something that needs a second pair of eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who proposed it.
    pub maker: ActorId,
    /// What and until when.
    pub proposed: Propose,
    /// BLAKE3 of the command's canonical bytes.
    pub hash: [u8; 32],
}
wire_struct!(Proposal { maker, proposed, hash });

/// The answer once given under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The entry answered.
    pub seq: u64,
    /// BLAKE3 of its body.
    pub hash: [u8; 32],
    /// The refusal, if it was one.
    pub reject: Option<Reject>,
}
wire_struct!(Receipt { seq, hash, reject });

/// Something that happens by itself when its time comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// A payment's earliest time.
    Earliest(PaymentId),
    /// A payment's latest time.
    Latest(PaymentId),
    /// A hold's expiry.
    Hold(Key),
    /// A recall's expiry.
    Recall(Key),
    /// A proposal's expiry.
    Proposal(u64),
    /// The end of a rate's validity.
    Rate(PairRef),
    /// The end of a quote's validity.
    Quote(Key),
}
wire_enum!(Timer {
    0 => Earliest(v), 1 => Latest(v), 2 => Hold(v), 3 => Recall(v), 4 => Proposal(v), 5 => Rate(v), 10 => Quote(v),
});

/// Everything the ledger knows.
#[derive(Debug, Clone)]
pub struct State {
    /// Sequence number of the last entry applied; the first entry is 1.
    pub seq: u64,
    /// Time of the last entry applied.
    pub at: Time,
    /// The journal's first entry.
    pub genesis: Option<Box<Genesis>>,
    /// Version of the arrangement in force; `None` while it is being set up.
    pub version: Option<u32>,
    /// Phases of the business day.
    pub phases: Vec<PhaseRule>,
    /// Issuers.
    pub authorities: Vec<Authority>,
    /// Currencies.
    pub currencies: Vec<Currency>,
    /// Banks.
    pub participants: Vec<Participant>,
    /// Who may send commands.
    pub actors: Vec<Actor>,
    /// Accounts, the part every payment reads.
    pub accounts: Vec<Account>,
    /// Accounts, the rest.
    pub sides: Vec<AccountSide>,
    /// Account by owner and currency.
    pub account_of: BTreeMap<(ParticipantId, CurrencyId), AccountId>,
    /// Bilateral limits by sender and receiver.
    pub bilateral: BTreeMap<(AccountId, AccountId), BilateralLimit>,
    /// Every payment ever recorded.
    pub payments: Vec<Payment>,
    /// Groups decided together.
    pub groups: Vec<Group>,
    /// Queues of accounts that ever had one.
    pub queues: Vec<Queue>,
    /// Details of payments that wait.
    pub waiting: BTreeMap<PaymentId, Waiting>,
    /// Payments that wait for their settlement date.
    pub value_dated: BTreeSet<(Day, PaymentId)>,
    /// Money set aside.
    pub holds: BTreeMap<Key, Hold>,
    /// Recalls not yet closed, and closed ones.
    pub recalls: BTreeMap<Key, RecallCase>,
    /// Convertible pairs.
    pub pairs: BTreeMap<PairRef, Pair>,
    /// Proposals that wait.
    pub proposals: BTreeMap<u64, Proposal>,
    /// Proposals nobody approved in time, so that a late approver is told so.
    pub lapsed: BTreeSet<u64>,
    /// Answers given under idempotency keys.
    pub receipts: BTreeMap<(ActorId, Key), Receipt>,
    /// References of outside transfers already used, per currency.
    pub outside_refs: BTreeSet<(CurrencyId, Key)>,
    /// What happens by itself, by time.
    pub timers: BTreeSet<(Time, Timer)>,
    /// The business day.
    pub day: DayState,
    /// Cycles of net positions, the last one open.
    pub cycles: Vec<Cycle>,
    /// Offsetting rules of currencies that have one of their own.
    pub offsetting: BTreeMap<CurrencyId, Offsetting>,
    /// Money kept for urgent payments, by account, minor units; more than zero.
    pub reserves: BTreeMap<AccountId, i64>,
    /// Unions, and the rates in their units.
    pub unions: crate::union::Unions,
    /// Prices: terms, dealers, quotes, auctions, deals.
    pub dealing: Dealing,
    /// What participants will owe each other on dates to come.
    pub commitments: BTreeMap<Key, Commitment>,
    /// Finds payments by UETR. Derived.
    pub(crate) uetrs: UetrTable,
    /// Accounts whose queue may have become releasable within this entry. Empty between entries.
    pub(crate) credited: VecDeque<AccountId>,
    /// Something changed within this entry that may let waiting payments of a currency with [`OnChange::Every`] settle.
    /// Off between entries.
    pub(crate) stirred: bool,
    /// Queues of currencies that offset on every change. Derived.
    pub(crate) watch: crate::watch::Watch,
    /// Buffers of the offsetting runs. Empty between entries.
    pub(crate) offset: crate::offset::Scratch,
}

impl Default for State {
    fn default() -> Self {
        Self::new(0)
    }
}

impl State {
    /// An empty ledger that expects about this many payments. It knows one actor: the node's own timer.
    #[must_use]
    pub fn new(expected_payments: usize) -> Self {
        Self {
            seq: 0,
            at: Time(0),
            genesis: None,
            version: None,
            phases: Vec::new(),
            authorities: Vec::new(),
            currencies: Vec::new(),
            participants: Vec::new(),
            actors: alloc::vec![Actor { name: "system".into(), scope: Scope::Operator, roles: Roles::SYSTEM }],
            accounts: Vec::new(),
            sides: Vec::new(),
            account_of: BTreeMap::new(),
            bilateral: BTreeMap::new(),
            payments: Vec::with_capacity(expected_payments),
            groups: Vec::new(),
            queues: Vec::new(),
            waiting: BTreeMap::new(),
            value_dated: BTreeSet::new(),
            holds: BTreeMap::new(),
            recalls: BTreeMap::new(),
            pairs: BTreeMap::new(),
            proposals: BTreeMap::new(),
            lapsed: BTreeSet::new(),
            receipts: BTreeMap::new(),
            outside_refs: BTreeSet::new(),
            timers: BTreeSet::new(),
            day: DayState::default(),
            cycles: Vec::new(),
            offsetting: BTreeMap::new(),
            reserves: BTreeMap::new(),
            unions: crate::union::Unions::default(),
            dealing: Dealing::default(),
            commitments: BTreeMap::new(),
            stirred: false,
            watch: crate::watch::Watch::default(),
            uetrs: UetrTable::new(0, expected_payments),
            credited: VecDeque::new(),
            offset: crate::offset::Scratch::default(),
        }
    }

    /// The node's own timer.
    pub const SYSTEM: ActorId = ActorId(0);

    /// The account, if there is one.
    #[inline]
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(id.at())
    }

    /// The payment with this UETR, if any.
    #[must_use]
    pub fn find(&self, uetr: Uetr) -> Option<PaymentId> {
        self.uetrs.find(uetr, &self.payments)
    }

    /// A recorded payment.
    ///
    /// # Panics
    /// When the identifier was not given by this state.
    #[must_use]
    pub fn payment(&self, id: PaymentId) -> &Payment {
        &self.payments[id.at()]
    }

    /// A group.
    ///
    /// # Panics
    /// When the identifier was not given by this state.
    #[must_use]
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.at()]
    }

    /// The currency with this code, if any.
    #[must_use]
    pub fn currency_by_code(&self, code: &[u8; 3]) -> Option<CurrencyId> {
        let at = self.currencies.iter().position(|currency| &currency.code == code)?;
        u32::try_from(at).ok().map(CurrencyId)
    }

    /// The participant with this BIC, if any.
    #[must_use]
    pub fn participant_by_bic(&self, bic: &[u8; 11]) -> Option<ParticipantId> {
        let at = self.participants.iter().position(|participant| &participant.bic == bic)?;
        u32::try_from(at).ok().map(ParticipantId)
    }

    /// BLAKE3 of the state's canonical bytes.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut sink = DigestSink::default();
        self.put(&mut sink);
        sink.finish()
    }
}

macro_rules! state_wire {
    ($($field:ident),* ; $($added:ident),* ; $($tag:literal => $part:ident),* $(,)?) => {
        impl Wire for State {
            fn put(&self, out: &mut impl crate::wire::Sink) {
                $(self.$field.put(out);)*
                let parts = [$(!self.$part.is_empty()),*].contains(&true);
                if parts || [$(!self.$added.is_empty()),*].contains(&true) {
                    $(self.$added.put(out);)*
                }
                $(if !self.$part.is_empty() {
                    u8::put(&$tag, out);
                    self.$part.put(out);
                })*
            }
            fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
                let mut state = Self::new(0);
                $(state.$field = Wire::take(source)?;)*
                if source.left() > 0 {
                    $(state.$added = Wire::take(source)?;)*
                    let mut last = 0;
                    while source.left() > 0 {
                        let tag = u8::take(source)?;
                        if tag <= last {
                            return Err(source.malformed("parts of a state in order"));
                        }
                        last = tag;
                        match tag {
                            $($tag => {
                                state.$part = Wire::take(source)?;
                                if state.$part.is_empty() {
                                    return Err(source.malformed("something in each part of a state"));
                                }
                            })*
                            _ => return Err(source.malformed("a known part of a state")),
                        }
                    }
                    if last == 0 && ![$(!state.$added.is_empty()),*].contains(&true) {
                        return Err(source.malformed("something in the added part of a state"));
                    }
                }
                state.rebuild(source)?;
                Ok(state)
            }
        }
    };
}
// Everything but what is derived or empty between entries.
state_wire!(
    seq,
    at,
    genesis,
    version,
    phases,
    authorities,
    currencies,
    participants,
    actors,
    accounts,
    sides,
    account_of,
    bilateral,
    payments,
    groups,
    queues,
    waiting,
    value_dated,
    holds,
    recalls,
    pairs,
    proposals,
    lapsed,
    receipts,
    outside_refs,
    timers,
    day,
    cycles;
    // Added later, and written only when there is something in it: a state without has the bytes, and the digest, that
    // it always had. A state's bytes therefore end with it.
    offsetting,
    reserves;
    // Parts: each is written, behind its tag, only when there is something in it. Tags are for ever, and ascend.
    1 => unions,
    2 => dealing,
    4 => commitments,
);

impl State {
    /// Rebuilds what is derived after reading the rest.
    fn rebuild(&mut self, source: &Source<'_>) -> Result<(), Malformed> {
        if self.sides.len() != self.accounts.len() || self.actors.is_empty() {
            return Err(source.malformed("as many account sides as accounts, and an actor"));
        }
        // A reserve is more than nothing, of an account that says it has one, and so are as many.
        let marked = self.accounts.iter().filter(|account| account.is(crate::account::HAS_RESERVE)).count();
        let known = |(id, reserve): (&AccountId, &i64)| {
            *reserve > 0 && self.account(*id).is_some_and(|account| account.is(crate::account::HAS_RESERVE))
        };
        if self.reserves.len() != marked || !self.reserves.iter().all(known) {
            return Err(source.malformed("a reserve for each account that has one"));
        }
        if self.offsetting.keys().any(|currency| currency.at() >= self.currencies.len()) {
            return Err(source.malformed("offsetting rules of known currencies"));
        }
        if !crate::union::rules::known(self) {
            return Err(source.malformed("unions with rules that hold, and as many members as they name"));
        }
        if !self.commitments.values().all(Commitment::is_sound) {
            return Err(source.malformed("sound commitments"));
        }
        let seed = self.genesis.as_ref().map_or(0, |genesis| genesis.seed);
        self.uetrs = UetrTable::new(seed, self.payments.len());
        for at in 0..self.payments.len() {
            let id = PaymentId(u32::try_from(at).map_err(|_| source.malformed("fewer payments"))?);
            if self.payments[at].kind != crate::command::PaymentKind::ConversionTarget {
                self.uetrs.insert(id, &self.payments);
            }
        }
        Ok(())
    }
}
