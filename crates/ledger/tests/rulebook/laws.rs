//! Laws that hold for any journal, however nonsensical: random entries of every command, by anybody.
//!
//! Nothing panics, every invariant holds after every entry, the same journal gives the same digest, a state read back
//! goes on identically, and repeating an entry changes nothing.

use comity_clearing::gridlock;
use comity_ledger::calendar::Calendar;
use comity_ledger::command::*;
use comity_ledger::dealing::{Basis, Choice, DealerTerms, FeeRule, Modes, PricingTerms, Tier, TwoWay, Way};
use comity_ledger::ids::*;
use comity_ledger::payment::Standing;
use comity_ledger::phase;
use comity_ledger::rate::Rate;
use comity_ledger::role::{Roles, Scope};
use comity_ledger::{Command, Entry, Events, State, apply, invariant, wire};
use proptest::prelude::*;

use crate::world::{Setting, World};

/// Chance, as a list of numbers drawn beforehand.
pub(crate) struct Dice<'a> {
    numbers: &'a [u64],
    at: usize,
}

impl Dice<'_> {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        let at = u64::try_from(self.at).expect("small");
        let mut number = self.numbers[self.at % self.numbers.len()] ^ at.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // Spread the bits, so that a short list serves a long journal.
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.at += 1;
        (number ^ number >> 31) % sides
    }

    pub(crate) fn small(&mut self, sides: u32) -> u32 {
        u32::try_from(self.roll(u64::from(sides))).expect("small")
    }

    pub(crate) fn coin(&mut self) -> bool {
        self.roll(2) == 0
    }

    /// Mostly small, sometimes at the edge of the range.
    pub(crate) fn amount(&mut self) -> i64 {
        const EDGES: [i64; 8] = [
            0,
            -1,
            i64::MAX,
            i64::MIN,
            100_000_000_000_000_000,
            100_000_000_000_000_001,
            1_000_000_000_000_000_000,
            99_999_999_999_999_999,
        ];
        match self.roll(10) {
            0 => EDGES[usize::try_from(self.roll(8)).expect("small")],
            _ => i64::try_from(self.roll(100)).expect("small"),
        }
    }

    fn account(&mut self) -> AccountId {
        match self.roll(12) {
            0 => AccountId(self.small(40)),
            1 => AccountId::NONE,
            // The settlement accounts of the first two banks, in two currencies: they must meet often.
            _ => AccountId(6 + self.small(2) * 3 + self.small(2)),
        }
    }

    fn currency(&mut self) -> CurrencyId {
        if self.roll(12) == 0 { CurrencyId(u32::MAX - self.small(3)) } else { CurrencyId(self.small(3)) }
    }

    fn participant(&mut self) -> ParticipantId {
        if self.roll(12) == 0 { ParticipantId(u32::MAX - self.small(3)) } else { ParticipantId(self.small(8)) }
    }

    fn behind(&mut self) -> ParticipantId {
        if self.roll(8) == 0 { ParticipantId(6) } else { ParticipantId::NONE }
    }

    /// A reference that may be new.
    fn uetr(&mut self) -> Uetr {
        Uetr(u128::from(self.roll(400)))
    }

    /// The reference of a payment, of a recent one rather.
    fn known(&mut self, state: &State) -> Uetr {
        let len = u64::try_from(state.payments.len()).expect("few");
        if len == 0 || self.roll(10) == 0 {
            return self.uetr();
        }
        let back = self.roll(len.min(12)) + 1;
        state.payments[usize::try_from(len - back).expect("few")].uetr
    }

    fn key(&mut self) -> Key {
        Key(u128::from(self.roll(12)))
    }

    fn time(&mut self, now: Time) -> Time {
        match self.roll(6) {
            0 | 1 => Time(0),
            2 => Time(u64::MAX - self.roll(2)),
            _ => Time((now.0 + self.roll(7_200) * Time::SECOND).saturating_sub(600 * Time::SECOND)),
        }
    }

    fn day(&mut self, today: Day) -> Day {
        match self.roll(8) {
            0 => Day(u32::MAX - self.small(2)),
            1 => Day(2_932_896),
            2 | 3 => Day(today.0.saturating_add(self.small(4))),
            _ => Day(0),
        }
    }

    fn pair(&mut self) -> PairRef {
        match self.roll(4) {
            0 => PairRef { base: self.currency(), quote: self.currency() },
            _ => PairRef { base: CurrencyId(0), quote: CurrencyId(1) },
        }
    }

    fn rate(&mut self) -> Rate {
        match self.roll(6) {
            0 => Rate { mantissa: self.roll(u64::MAX), scale: u8::try_from(self.roll(20)).expect("small") },
            _ => Rate { mantissa: 1_150 + self.roll(2), scale: 2 },
        }
    }

    /// A payment that makes sense, mostly.
    fn instruction(&mut self, state: &State) -> Instruction {
        let sense = self.roll(6) > 0;
        let (currency, debtor) = (self.small(2), self.small(3));
        let bank = |bank: u32| AccountId(6 + bank % 3 * 3 + currency);
        let (from, to) = (bank(debtor), bank(debtor + 1 + self.small(2)));
        let dated = self.roll(6) == 0;
        Instruction {
            uetr: self.uetr(),
            debtor: if sense { from } else { self.account() },
            creditor: if sense { to } else { self.account() },
            debtor_for: if sense { ParticipantId::NONE } else { self.behind() },
            creditor_for: if sense { ParticipantId::NONE } else { self.behind() },
            amount: if sense { 1 + i64::try_from(self.roll(60)).expect("small") } else { self.amount() },
            priority: if self.coin() { Priority::Normal } else { Priority::Urgent },
            kind: match self.roll(40) {
                0 => PaymentKind::Return,
                1 => PaymentKind::ConversionTarget,
                2 => PaymentKind::ConversionSource,
                _ => PaymentKind::Customer,
            },
            value_date: if dated { self.day(state.day.date) } else { Day(0) },
            earliest: if dated { self.time(state.at) } else { Time(0) },
            latest: if dated { self.time(state.at) } else { Time(0) },
            message: self.roll(3),
            document: 0,
            line: 0,
        }
    }

    /// A conversion that makes sense, mostly.
    fn conversion(&mut self, state: &State) -> Conversion {
        let mut instruction = self.instruction(state);
        if self.roll(6) > 0 {
            let bank = self.small(3);
            instruction.debtor = AccountId(6 + bank * 3);
            instruction.creditor = AccountId(6 + (bank + 1) % 3 * 3 + 1);
            instruction.debtor_for = ParticipantId::NONE;
            instruction.creditor_for = ParticipantId::NONE;
        }
        Conversion {
            instruction,
            fixed: if self.coin() { Fixed::Source } else { Fixed::Target },
            expected: if self.roll(4) == 0 { Some(self.rate()) } else { None },
        }
    }

    fn roles(&mut self) -> Roles {
        Roles(1 << self.roll(13) | 1 << self.roll(13))
    }

    fn command(&mut self, state: &State) -> Command {
        let now = state.at;
        match self.roll(if state.unions.is_empty() { 76 } else { 94 }) {
            0..=8 => Command::Pay(self.instruction(state)),
            9 | 10 => {
                let legs = self.roll(4);
                let mut orders: Vec<_> = (0..legs).map(|_| self.instruction(state)).collect();
                if self.coin() {
                    for order in &mut orders {
                        (order.value_date, order.earliest, order.latest) = (Day(0), Time(0), Time(0));
                        order.kind = PaymentKind::Institution;
                    }
                }
                Command::PayGroup(orders)
            }
            11 | 12 => Command::Convert(Box::new(self.conversion(state))),
            13 | 14 => Command::Return(Box::new(ReturnOrder {
                original: self.known(state),
                uetr: self.uetr(),
                amount: 1 + i64::try_from(self.roll(20)).expect("small"),
                reason: *b"AC04",
                message: self.roll(3),
                document: 0,
                line: 0,
            })),
            15 => Command::Cancel(self.known(state)),
            16 => Command::Reprioritise(Reprioritise {
                uetr: self.known(state),
                priority: if self.coin() { Priority::Normal } else { Priority::Urgent },
            }),
            17 => Command::Reorder(Reorder {
                uetr: self.known(state),
                place: if self.coin() { Place::Front } else { Place::Back },
            }),
            18 => Command::Park(self.known(state)),
            19 => Command::Activate(self.known(state)),
            20 => Command::Recall(Box::new(Recall {
                case: self.key(),
                original: self.known(state),
                reason: *b"DUPL",
                expires: self.time(now),
            })),
            21 => {
                Command::AnswerRecall(Box::new(AnswerRecall { case: self.key(), accept: self.coin(), reason: [0; 4] }))
            }
            22 => Command::PlaceHold(Box::new(PlaceHold {
                hold: self.key(),
                account: self.account(),
                amount: self.amount(),
                purpose: "rent".repeat(usize::try_from(self.roll(40)).expect("small")),
                beneficiary: if self.coin() { AccountId::NONE } else { self.account() },
                expires: self.time(now),
            })),
            23 => Command::PostHold(PostHold {
                hold: self.key(),
                creditor: self.account(),
                amount: self.amount(),
                keep_rest: self.coin(),
            }),
            24 => Command::VoidHold(self.key()),
            25..=28 => Command::FundIn(self.funding()),
            29 => Command::Defund(self.funding()),
            30 => Command::AdjustCover(AdjustCover {
                currency: self.currency(),
                change: self.amount(),
                outside_ref: Key(u128::from(self.roll(u64::MAX))),
            }),
            31 => Command::Issue(Issue { account: self.account(), amount: self.amount() }),
            32 | 33 => Command::SetLimit(SetLimit {
                account: self.account(),
                kind: [
                    LimitKind::PerPayment,
                    LimitKind::NetDebit,
                    LimitKind::Bilateral,
                    LimitKind::Multilateral,
                    LimitKind::PerDay,
                    LimitKind::Overnight,
                    LimitKind::Reserve,
                ][usize::try_from(self.roll(7)).expect("small")],
                counterparty: AccountId(6 + self.small(3) * 3 + self.small(2)),
                value: if self.roll(4) > 0 { Some(self.amount()) } else { None },
            }),
            34 => Command::Suspend(Suspend {
                participant: self.participant(),
                currency: if self.coin() { CurrencyId::NONE } else { self.currency() },
                direction: if self.coin() { Direction::Out } else { Direction::Both },
                suspended: self.roll(3) == 0,
            }),
            35 => Command::StopCurrency(StopCurrency { currency: self.currency(), stopped: self.roll(3) == 0 }),
            36 => Command::SetRate(Box::new(SetRate {
                pair: self.pair(),
                rate: self.rate(),
                source: "fixing".into(),
                kind: RateKind::Official,
                from: Time(0),
                until: self.time(now),
            })),
            37 | 38 => {
                Command::ApproveRate(ApproveRate { pair: self.pair(), rate: self.rate(), approve: self.roll(5) > 0 })
            }
            39 => Command::ReleaseRate(self.pair()),
            40 => Command::StartDay(Box::new(StartDay {
                date: Day(state.day.date.0.saturating_add(self.small(3))),
                opens: if self.roll(8) == 0 { Time(u64::MAX) } else { now },
                cutoffs: vec![Cutoff { currency: self.currency(), at: self.time(now) }],
            })),
            41 => Command::Advance(Advance { phase: self.small(7) }),
            42 => Command::Advance(Advance { phase: state.day.phase + 1 }),
            43 => Command::ExtendPhase(ExtendPhase { phase: self.small(7), seconds: self.small(u32::MAX) }),
            44 => Command::Tick,
            45 | 46 => Command::Offset(if self.coin() { CurrencyId::NONE } else { self.currency() }),
            47 => Command::ConfirmPositions(ConfirmPositions { cycle: self.small(3), agree: self.coin() }),
            48 => Command::Decline(self.roll(state.seq + 1)),
            49 => Command::SetCalendarDay(SetCalendarDay {
                currency: self.currency(),
                day: self.day(state.day.date),
                open: self.coin(),
            }),
            51 | 52 => Command::SettlePlan(self.plan(state)),
            76.. => crate::union_dice::order(self, state),
            55..=68 => self.deal(state),
            69..=72 => self.commitment(state),
            50 => Command::SetRoles(SetRoles { actor: ActorId(self.small(40)), roles: self.roles() }),
            _ => self.setup(),
        }
    }

    /// Prices: mostly about the pair that is open.
    fn deal(&mut self, state: &State) -> Command {
        let now = state.at;
        let pair = self.pair();
        match self.roll(22) {
            0 => Command::SetPricing(Box::new(SetPricing {
                pair,
                terms: PricingTerms {
                    modes: Modes(u8::try_from(self.roll(33)).expect("small")),
                    choice: if self.coin() { Choice::Best } else { Choice::InOrder },
                    fixed: self.coin().then(|| self.rate()),
                    quote_seconds: self.small(4_000),
                    tick: u8::try_from(self.roll(14)).expect("small"),
                    selling: FeeRule { departure: self.amount(), arrival: 1, scheme: 1, scheme_bps: self.small(9_000) },
                    buying: FeeRule::default(),
                },
            })),
            1 => Command::SetDealer(SetDealer {
                pair,
                dealer: self.participant(),
                base_limit: self.amount(),
                quote_limit: self.amount(),
            }),
            2 | 3 => {
                let who = ParticipantId(self.small(3));
                let subjects = [Subject::Pricing, Subject::Dealer(who), Subject::Rate(who), Subject::Auction];
                let subject = subjects[usize::try_from(self.roll(4)).expect("small")];
                Command::Agree(Agree { pair, subject, agree: self.roll(4) > 0 })
            }
            4 | 5 => {
                let (bid, ask) = (self.rate(), self.rate());
                let own = Basis::Own(TwoWay { bid, ask });
                let basis = if self.coin() { own } else { Basis::Spread(self.small(2_000)) };
                let tiers = vec![Tier { from: self.amount(), bps: self.small(6_000) }];
                let tiers = if self.coin() { tiers } else { Vec::new() };
                Command::SetDealerRate(Box::new(SetDealerRate {
                    pair,
                    dealer: ParticipantId(self.small(3)),
                    terms: (self.roll(5) > 0).then_some(DealerTerms { basis, tiers }),
                    clients: vec![(self.participant(), self.small(100))],
                    until: self.time(now),
                }))
            }
            6..=9 => {
                let conversion = self.conversion(state);
                let Instruction { debtor, creditor, debtor_for, amount, .. } = conversion.instruction;
                Command::RequestQuote(Box::new(RequestQuote {
                    quote: Key(u128::from(self.roll(400))),
                    debtor,
                    creditor,
                    debtor_for,
                    fixed: conversion.fixed,
                    amount,
                    dealer: if self.coin() { ParticipantId::NONE } else { self.participant() },
                }))
            }
            10 | 11 => Command::AcceptQuote(self.quote(state)),
            12..=15 => {
                let legs = self.roll(3);
                let quoted = (0..=legs)
                    .map(|_| {
                        let quote = self.quote(state);
                        let mut order = self.conversion(state);
                        if let Some(known) = state.dealing.quotes.get(&quote).filter(|_| self.roll(6) > 0) {
                            order.instruction.debtor = known.debtor;
                            order.instruction.creditor = known.creditor;
                            order.instruction.amount = match order.fixed {
                                Fixed::Source => known.amounts.source,
                                Fixed::Target => known.amounts.target,
                            };
                            order.expected = order.expected.map(|_| known.rate);
                        }
                        QuotedLeg { quote, order }
                    })
                    .collect();
                let plain = if self.roll(3) == 0 { vec![self.instruction(state)] } else { Vec::new() };
                Command::PayQuoted(Box::new(PayQuoted { quoted, plain }))
            }
            16..=18 => Command::PlaceOrder(Box::new(PlaceOrder {
                order: Key(u128::from(self.roll(400))),
                owner: ParticipantId(self.small(4)),
                pair,
                way: if self.coin() { Way::BaseToQuote } else { Way::QuoteToBase },
                amount: self.amount(),
                limit: (self.roll(3) > 0).then(|| self.rate()),
            })),
            19 => {
                let open = state.dealing.orders.keys().nth(usize::try_from(self.roll(8)).expect("small"));
                Command::WithdrawOrder(open.copied().unwrap_or(Key(5)))
            }
            _ => Command::RunAuction(pair),
        }
    }

    /// A quote's id, of a known one rather.
    fn quote(&mut self, state: &State) -> Key {
        let len = u64::try_from(state.dealing.quotes.len()).expect("few");
        let known = if len == 0 { None } else { Some(self.roll(len)) };
        let known = known.and_then(|at| state.dealing.quotes.keys().nth(usize::try_from(at).expect("few")));
        known.copied().unwrap_or_else(|| self.key())
    }

    /// Future commitments: mostly what the known ones wait for.
    fn commitment(&mut self, state: &State) -> Command {
        let len = u64::try_from(state.commitments.len()).expect("few");
        let at = if len == 0 { 0 } else { usize::try_from(self.roll(len)).expect("few") };
        let known = state.commitments.iter().nth(at).filter(|_| self.roll(5) > 0);
        let commitment = known.map_or_else(|| self.key(), |(key, _)| *key);
        let asked = known.and_then(|(_, known)| known.asked.as_ref()).map(|asked| asked.seq);
        match (self.roll(8), asked) {
            (0..=5, Some(asked)) => {
                Command::AnswerCommitment(AnswerCommitment { commitment, asked, agree: self.roll(4) > 0 })
            }
            (0, None) => {
                Command::AnswerCommitment(AnswerCommitment { commitment, asked: self.roll(9), agree: self.coin() })
            }
            (1..=5, None) if known.is_none() => Command::RegisterCommitment(Box::new(RegisterCommitment {
                commitment,
                debtor: self.participant(),
                creditor: self.participant(),
                currency: self.currency(),
                kind: CommitmentKind::StandingOrder,
                schedule: self.schedule(state),
            })),
            (1..=6, _) => {
                Command::ChangeCommitment(Box::new(ChangeCommitment { commitment, schedule: self.schedule(state) }))
            }
            _ => Command::WithdrawCommitment(commitment),
        }
    }

    /// A few dates that mostly ascend.
    fn schedule(&mut self, state: &State) -> Vec<Due> {
        let mut day = state.day.date.0;
        let count = self.roll(4);
        (0..count)
            .map(|_| {
                day += u32::try_from(self.roll(3)).expect("small");
                Due { day: Day(day), amount: self.amount() }
            })
            .collect()
    }

    /// Some of the payments that wait, sometimes others too.
    fn plan(&mut self, state: &State) -> Vec<PaymentId> {
        let few = self.roll(4);
        let mut plan: Vec<PaymentId> = state.waiting.keys().filter(|_| self.roll(4) >= few).copied().collect();
        if self.roll(8) == 0 {
            plan.push(PaymentId(self.small(200)));
        }
        plan
    }

    fn funding(&mut self) -> Funding {
        Funding { account: self.account(), amount: self.amount(), outside_ref: Key(u128::from(self.roll(u64::MAX))) }
    }

    fn setup(&mut self) -> Command {
        match self.roll(14) {
            0 => Command::Genesis(Box::new(Genesis {
                name: "again".into(),
                rules: [0; 32],
                seed: 1,
                options: Setting::default().options,
            })),
            1 => Command::AddAuthority(Box::new(AddAuthority {
                name: "MN".into(),
                country: *b"MN",
                public_key: [0; 32],
            })),
            2 => Command::AddCurrency(Box::new(AddCurrency {
                code: [b'A' + u8::try_from(self.roll(40)).expect("small"); 3],
                exponent: u8::try_from(self.roll(7)).expect("small"),
                authority: AuthorityId(self.small(5)),
                calendar: Calendar::default(),
                unsettled: Unsettled::Reject,
            })),
            3 => Command::AddParticipant(Box::new(AddParticipant {
                bic: [b'A' + u8::try_from(self.roll(30)).expect("small"); 11],
                name: "HOTEL".into(),
                authority: AuthorityId(self.small(5)),
                sponsor: if self.coin() { ParticipantId::NONE } else { self.participant() },
            })),
            4 => Command::OpenAccount(OpenAccount { participant: self.participant(), currency: self.currency() }),
            5 => Command::AddActor(Box::new(AddActor {
                name: format!("actor{}", self.roll(50)),
                scope: match self.roll(3) {
                    0 => Scope::Operator,
                    1 => Scope::Authority(AuthorityId(self.small(4))),
                    _ => Scope::Participant(self.participant()),
                },
                roles: self.roles(),
            })),
            6 => Command::SetPair(SetPair {
                pair: self.pair(),
                gate_bps: self.small(2_000),
                provider: self.participant(),
            }),
            7 => Command::SetPhases(vec![
                PhaseRule { name: "all".into(), allows: self.small(1 << 20), seconds: self.small(10_000) },
                PhaseRule { name: "end".into(), allows: comity_ledger::phase::ON_CLOSE, seconds: 0 },
            ]),
            8 => Command::ActivateArrangement(self.small(4)),
            9 => Command::RotateKey(RotateKey { authority: AuthorityId(self.small(5)), public_key: [1; 32] }),
            11 => Command::SetOffsetting(SetOffsetting {
                currency: self.currency(),
                rule: self.coin().then(|| Offsetting {
                    on_change: [OnChange::Nothing, OnChange::Pair, OnChange::Every]
                        [usize::try_from(self.roll(3)).expect("small")],
                    policy: if self.coin() { Policy::FifoPrefix } else { Policy::FreeSubset },
                }),
            }),
            12 => Command::SetBypass(SetBypass { account: self.account(), allowed: self.roll(3) > 0 }),
            10 => Command::Approve(Approve { proposal: self.roll(200), hash: [0; 32] }),
            _ => {
                let inner = self.setup();
                // The sequencer takes no proposal of a proposal, so no journal holds deeper ones.
                let inner = if matches!(inner, Command::Propose(_)) { Command::Tick } else { inner };
                Command::Propose(Box::new(Propose { command: inner, expires: Time(u64::MAX) }))
            }
        }
    }
}

/// Everybody who may have this done, or propose it, found by asking; sometimes just anybody.
fn actor(world: &World, dice: &mut Dice<'_>, command: &Command) -> ActorId {
    let everybody = u32::try_from(world.state.actors.len()).expect("few") + 2;
    let offset = dice.small(everybody);
    let tried = if dice.roll(10) == 0 { 1 } else { everybody };
    for step in 0..tried {
        let id = ActorId((offset + step) % everybody);
        let mut state = world.state.clone();
        let mut events = Events::default();
        let entry = Entry { at: world.at, actor: id, key: Key(0), command: command.clone() };
        apply(&mut state, &entry, &mut events);
        let refused = events.list().iter().any(|(_, event)| {
            matches!(event, comity_ledger::Event::Refused(reject)
                if matches!(reject.reason, comity_ledger::Reason::NotAuthorised | comity_ledger::Reason::UnknownActor
                    | comity_ledger::Reason::NeedsApproval | comity_ledger::Reason::RolesExcluded | comity_ledger::Reason::SamePerson | comity_ledger::Reason::OwnRequest))
        });
        if !refused || step + 1 == tried {
            return id;
        }
    }
    ActorId(offset)
}

/// Applies an entry and looks at everything.
fn step(world: &mut World, actor: ActorId, key: Key, command: Command) {
    world.events.clear();
    world.enter(actor, key, command.clone());
    if key.0 != 0 || matches!(command, Command::Pay(_) | Command::PayQuoted(_)) {
        let mut again = world.state.clone();
        let entry = Entry { at: world.at, actor, key, command };
        apply(&mut again, &entry, &mut Events::default());
        again.seq = world.state.seq;
        assert_eq!(again.digest(), world.state.digest(), "asking again changes nothing: {entry:?}");
    }
    nothing_waits_needlessly(&world.state);
}

/// Where a currency offsets on every change, no set of its waiting payments could settle.
fn nothing_waits_needlessly(state: &State) {
    for (currency, rule) in &state.offsetting {
        if rule.on_change != OnChange::Every || rule.policy != Policy::FifoPrefix {
            continue;
        }
        if !state.allows(phase::SETTLE) {
            continue;
        }
        let waiting = state.queue_problem(*currency);
        let mut workspace = gridlock::Workspace::new();
        let solution = workspace.solve(&waiting.problem()).expect("the ledger states valid problems");
        let could = solution.selected.iter().filter(|selected| **selected).count();
        assert_eq!(could, 0, "{could} of {} payments wait needlessly", waiting.payments.len());
    }
}

/// Has a command decided by whichever two people may.
fn decide(world: &mut World, dice: &mut Dice<'_>, command: Command) {
    let command = if matches!(command, Command::Propose(_)) { Command::Tick } else { command };
    let proposed = Propose { command: command.clone(), expires: Time(world.at.0 + 60 * Time::SECOND) };
    let propose = Command::Propose(Box::new(proposed));
    let maker = actor(world, dice, &propose);
    step(world, maker, Key(0), propose);
    let approve = Command::Approve(Approve { proposal: world.state.seq, hash: command.hash() });
    let checker = actor(world, dice, &approve);
    step(world, checker, Key(0), approve);
}

/// Money, and a pair that is open.
fn prelude(world: &mut World) {
    for line in [
        "fund ALFA 1.00 CNY",
        "fund BRAVO 0.50 RUB",
        "fund FOXTROT 1.00 CNY",
        "fund FOXTROT 5.00 RUB",
        "rate CNY/RUB 11.50",
        "agree CNY/RUB 11.50 by CN.checker",
        "agree CNY/RUB 11.50 by RU.checker",
    ] {
        let (body, by) = line.split_once(" by ").unwrap_or((line, ""));
        let order = crate::read::order(world, &mut crate::text::Words::new(body), body);
        let actor = world.actors[if by.is_empty() { &order.maker } else { by }];
        world.enter(actor, Key(0), order.command);
    }
}

fn run(numbers: &[u64], steps: usize) -> World {
    let mut setting = Setting::default();
    if numbers[0].is_multiple_of(2) {
        for line in [
            "pricing CNY/RUB official+fixed+dealers+quotes+auction fixed 11.49 selling 0.00/0.01/0.01/10",
            "dealer CNY/RUB FOXTROT 50.00 500.00",
            "dealer CNY/RUB BRAVO 5.00 50.00",
            "offer CNY/RUB FOXTROT 11.50 11.60 tiers 0.20:20 client ALFA:5 until 2026-12-30T10:00",
            "offer CNY/RUB BRAVO 11.51 11.52 until 2026-12-30T10:00",
        ] {
            setting.given.push(line.into());
        }
    }
    setting.options.offset_on_arrival = numbers[0].is_multiple_of(2);
    setting.options.require_confirmation = numbers[0].is_multiple_of(3);
    if !numbers[0].is_multiple_of(5) {
        // Days on which almost everything is allowed almost always, so that much happens.
        for phase in &mut setting.phases[..4] {
            phase.1 |= phase::CONFIRM;
            phase.1 |= phase::ENTRY | phase::SETTLE | phase::RETURN | phase::FUND | phase::RATES | phase::APPROVE_RATES;
        }
    }
    let mut world = World::new(&setting);
    prelude(&mut world);
    let mut dice = Dice { numbers, at: 0 };
    if numbers[0].is_multiple_of(7) || numbers[0] % 7 > 3 {
        for currency in 0..2 {
            let rule = Some(Offsetting { on_change: OnChange::Every, policy: Policy::FifoPrefix });
            let order = SetOffsetting { currency: CurrencyId(currency), rule };
            decide(&mut world, &mut dice, Command::SetOffsetting(order));
        }
    }
    if numbers[0].is_multiple_of(2) {
        // A union, and days on which cycles are cut, confirmed and carried.
        let rules = crate::union_dice::rules(&mut dice, 0);
        decide(&mut world, &mut dice, Command::SetUnion(Box::new(rules)));
        for line in ["unit-rate RUB 1.00", "unit-rate KZT 1.00", "unit-rate CNY 1.00"] {
            crate::story::plain(&mut world, line);
        }
        crate::story::plain(&mut world, "pay u1 ALFA CHARLIE 0.60 CNY");
        crate::story::plain(&mut world, "pay u2 BRAVO ALFA 0.20 RUB");
        world.run_to("positions");
        for line in ["confirm 1 by CN.checker", "confirm 1 by RU.checker", "confirm 1 by KZ.checker", "close Union"] {
            crate::story::plain(&mut world, line);
        }
        world.run_to("close");
        crate::story::plain(&mut world, "day 2026-11-24");
        world.run_to("exchange");
        // Yesterday's rate has ended.
        for line in ["rate CNY/RUB 11.50", "agree CNY/RUB 11.50 by CN.checker", "agree CNY/RUB 11.50 by RU.checker"] {
            crate::story::plain(&mut world, line);
        }
    }
    let mut middle = None;
    for at in 0..steps {
        if dice.roll(4) == 0 {
            world.at = Time(world.at.0 + dice.roll(1_200) * Time::SECOND);
        }
        let next = Command::Advance(Advance { phase: world.state.day.phase + 1 });
        let command = match dice.roll(40) {
            // The day goes on, and begins again.
            0 if world.state.day.open => {
                let end = world.state.phase_end(world.state.day.phase);
                if end.0 < world.at.0 + 86_400 * Time::SECOND {
                    world.at = world.at.max(end);
                }
                next
            }
            0..=9 if !world.state.day.open => Command::StartDay(Box::new(StartDay {
                date: world.state.day.date.next(),
                opens: world.at,
                cutoffs: Vec::new(),
            })),
            // Everybody confirms what was cut, so that unions have something to carry.
            1..=4 if world.state.allows(phase::CONFIRM) && !world.state.unions.is_empty() => {
                let cycle = u32::try_from(world.state.cycles.len()).expect("few");
                for checker in ["CN.checker", "RU.checker", "KZ.checker"] {
                    let order = Command::ConfirmPositions(ConfirmPositions { cycle, agree: true });
                    let actor = world.actors[checker];
                    step(&mut world, actor, Key(0), order);
                }
                Command::CloseUnion(0)
            }
            _ => dice.command(&world.state),
        };
        let by_two = matches!(
            command,
            Command::SetLimit(_)
                | Command::Suspend(_)
                | Command::SetCalendarDay(_)
                | Command::SetRoles(_)
                | Command::ExtendPhase(_)
                | Command::Issue(_)
                | Command::AdjustCover(_)
                | Command::ReleaseRate(_)
                | Command::SetOffsetting(_)
                | Command::SetBypass(_)
                | Command::SetUnion(_)
                | Command::SettleResidual(_)
                | Command::UseClaim(_)
                | Command::Lend(_)
                | Command::LeaveUnion(_)
        );
        if dice.roll(6) < if by_two { 5 } else { 1 } {
            decide(&mut world, &mut dice, command);
        } else {
            let id = actor(&world, &mut dice, &command);
            let key = if matches!(command, Command::Pay(_) | Command::PayQuoted(_)) || dice.coin() {
                Key(0)
            } else {
                Key(u128::from(dice.roll(1 << 40)) + 1)
            };
            step(&mut world, id, key, command);
        }
        if at == steps / 2 {
            let read: State = wire::from_bytes(&wire::to_bytes(&world.state)).expect("what was written reads back");
            middle = Some((read, world.journal.len()));
        }
    }
    let (mut read, from) = middle.expect("a middle");
    let mut events = Events::default();
    for entry in &world.journal[from..] {
        apply(&mut read, entry, &mut events);
        assert_eq!(invariant::check(&read), Ok(()));
    }
    assert_eq!(read.digest(), world.state.digest(), "a state read back goes on identically");
    world.check_end();
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_journal_keeps_the_laws(numbers in proptest::collection::vec(any::<u64>(), 64..256)) {
        run(&numbers, 120);
    }
}

/// Laws that nothing puts to the test prove nothing: random journals must do a bit of everything.
#[test]
fn random_journals_do_a_bit_of_everything() {
    let mut done = std::collections::BTreeMap::<&str, usize>::new();
    for seed in 1..=60_u64 {
        let numbers: Vec<u64> = (0..97).map(|at| (seed << 32 | at).wrapping_mul(0xd6e8_feb8_6659_fd93)).collect();
        let state = run(&numbers, 150).state;
        let mut count = |what, times: usize| *done.entry(what).or_default() += times;
        for payment in &state.payments {
            count(
                match payment.standing {
                    Standing::Waiting => "waiting",
                    Standing::Settled if payment.link.is_some() => "returned",
                    Standing::Settled if payment.kind == PaymentKind::ConversionTarget => "converted",
                    Standing::Settled if payment.group.is_some() => "settled together",
                    Standing::Settled => "settled",
                    Standing::Refused => "refused",
                    Standing::Cancelled => "ended",
                },
                1,
            );
        }
        count("holds", state.holds.len());
        count("recalls", state.recalls.len());
        let credited = state.accounts.iter().filter(|account| account.credit > 0).count();
        count("limits", state.bilateral.len() + credited);
        count("cycles", state.cycles.len());
        count("days", usize::from(state.day.date > Day(20_780)));
        count("answers kept", state.receipts.len());
        count("proposals lapsed", state.lapsed.len());
        let agreed = state.commitments.values().filter(|known| known.in_force).count();
        count("commitments", state.commitments.len());
        count("commitments in force", agreed);
        for union in &state.unions.list {
            count("closings", union.closings.len());
            count("residuals", union.residuals.len());
            count("parts settled", union.residuals.iter().map(|residual| residual.settled.len()).sum());
            count("claims used", union.uses.len());
            count("instalments agreed", union.loans.len());
            count("action items", union.items.len());
        }
    }
    let seen: Vec<String> = done.iter().map(|(what, times)| format!("{what} {times}")).collect();
    let few: Vec<_> = done.iter().filter(|(_, times)| **times < 3).collect();
    assert!(done.len() == 22 && few.is_empty(), "too little of {few:?} in {seen:?}");
}

/// Payments at the edge of the range, both ways, in one run: half booked, balances leave the range of 64 bits.
#[test]
fn a_step_of_the_largest_payments_is_exact() {
    let mut world = World::new(&Setting::default());
    let account = |bank: u32| AccountId(6 + bank * 3);
    for at in 0..240_u128 {
        let (debtor, creditor) = if at < 120 { (0, 1) } else { (1, 0) };
        let order = Instruction {
            uetr: Uetr(at + 1),
            debtor: account(debtor),
            creditor: account(creditor),
            debtor_for: ParticipantId::NONE,
            creditor_for: ParticipantId::NONE,
            amount: comity_ledger::book::AMOUNT_MAX,
            priority: Priority::Normal,
            kind: PaymentKind::Institution,
            value_date: Day(0),
            earliest: Time(0),
            latest: Time(0),
            message: 1,
            document: 0,
            line: 0,
        };
        let bank = if debtor == 0 { "ALFA" } else { "BRAVO" };
        let actor = world.actors[bank];
        let limit =
            SetLimit { account: account(0), kind: LimitKind::Bilateral, counterparty: account(1), value: Some(0) };
        if at == 0 {
            let maker = world.actors["ALFA.maker"];
            let checker = world.actors["ALFA.checker"];
            let command = Command::SetLimit(limit);
            let hash = command.hash();
            let proposed = Propose { command, expires: world.at.plus_seconds(60) };
            world.enter(maker, Key(0), Command::Propose(Box::new(proposed)));
            let proposal = world.state.seq;
            world.enter(checker, Key(0), Command::Approve(Approve { proposal, hash }));
        }
        world.enter(actor, Key(0), Command::Pay(order));
    }
    assert_eq!(world.state.waiting.len(), 240);
    world.enter(State::SYSTEM, Key(0), Command::Offset(CurrencyId::NONE));
    assert_eq!(world.state.waiting.len(), 0);
    assert_eq!(world.state.accounts[account(0).at()].balance, 0);
    assert!(world.state.bilateral.values().all(|limit| limit.net == 0));
}
