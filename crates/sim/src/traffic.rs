//! Commands of a history: mostly payments, and a bit of everything else, sensible and not.
//!
//! A generator looks at the state to ask for things that make sense now and then; whether they are granted is the
//! ledger's matter. Absent on purpose: expected outcomes. The promises are checked whatever the ledger decides.

use comity_ledger::State;
use comity_ledger::command::{
    AdjustCover, Advance, AnswerCommitment, AnswerRecall, Approve, ApproveRate, ChangeCommitment, Command,
    CommitmentKind, ConfirmPositions, Conversion, Cutoff, Direction, Due, Entry, ExtendPhase, Fixed, Funding,
    Instruction, Issue, LimitKind, PairRef, PaymentKind, Place, PlaceHold, PostHold, Priority, Propose, RateKind,
    Recall, RegisterCommitment, Reorder, Reprioritise, ReturnOrder, SetCalendarDay, SetLimit, SetRate, StartDay,
    StopCurrency, Suspend,
};
use comity_ledger::commitment::Party;
use comity_ledger::dealing::{
    Basis, DealerTerms, PayQuoted, PlaceOrder, QuotedLeg, RequestQuote, SetDealerRate, Tier, TwoWay, Way,
};
use comity_ledger::ids::{AccountId, ActorId, AuthorityId, CurrencyId, Day, Key, ParticipantId, Time, Uetr};
use comity_ledger::phase;
use comity_ledger::rate::Rate;

use crate::rng::Rng;
use crate::world::{BankAccount, Pen, World};

/// Something a client wants to have done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub actor: ActorId,
    /// Idempotency key; zero for payments and for what the system does by itself.
    pub key: Key,
    /// What.
    pub command: Command,
}

impl Request {
    /// Whether sending it again is answered as the first time, or whether it must not be sent again.
    #[must_use]
    pub fn may_repeat(&self) -> bool {
        self.key.0 != 0
            || matches!(
                self.command,
                Command::Pay(_) | Command::PayGroup(_) | Command::Convert(_) | Command::PayQuoted(_)
            )
    }

    /// The entry it becomes.
    #[must_use]
    pub fn at(&self, at: Time) -> Entry {
        Entry { at, actor: self.actor, key: self.key, command: self.command.clone() }
    }
}

/// Draws requests.
#[derive(Debug)]
pub struct Traffic {
    /// References are numbered, so that none is drawn twice by chance.
    next_ref: u128,
    holds: Vec<Key>,
    recalls: Vec<(usize, Key)>,
    /// Payments sent, to be repeated, returned, recalled and moved about.
    paid: Vec<(usize, Instruction)>,
}

const FIRST_DAY: Day = Day(20_605);

impl Traffic {
    /// Before the first request.
    #[must_use]
    pub fn new(rng: &mut Rng) -> Self {
        Self { next_ref: u128::from(rng.next()) << 64, holds: Vec::new(), recalls: Vec::new(), paid: Vec::new() }
    }

    fn reference(&mut self) -> u128 {
        self.next_ref += 1;
        self.next_ref
    }

    fn keyed(&mut self, actor: ActorId, command: Command) -> Request {
        Request { actor, key: Key(self.reference()), command }
    }

    /// What the system does next to move the day on, if it is due or somebody is impatient.
    pub fn day(&mut self, rng: &mut Rng, world: &World, state: &State, now: Time) -> Option<Request> {
        let system = |command| Some(Request { actor: State::SYSTEM, key: Key(0), command });
        if !state.day.open {
            let mut date = if state.day.date.is_set() { state.day.date.next() } else { FIRST_DAY };
            while date.weekday() > 4 {
                date = date.next();
            }
            let cutoffs = (0..world.accounts.len())
                .filter(|_| rng.chance(1, 3))
                .map(|at| Cutoff { currency: CurrencyId(at as u32), at: now.plus_seconds(1500) })
                .collect();
            return system(Command::StartDay(Box::new(StartDay { date, opens: now, cutoffs })));
        }
        let next = state.day.phase + 1;
        // A union has nothing to carry before everybody has confirmed.
        let confirming = !state.unions.is_empty() && state.cycles.last().is_some_and(|cycle| !cycle.is_final);
        let patience = if state.allows(phase::CONFIRM) && confirming { 20 } else { 3 };
        if next < world.phases && now >= state.phase_end(state.day.phase) && rng.chance(2, patience) {
            return system(Command::Advance(Advance { phase: next }));
        }
        match rng.below(12) {
            0 => system(Command::Tick),
            1 => system(Command::Offset(CurrencyId::NONE)),
            2 => system(Command::Offset(CurrencyId(rng.index(world.accounts.len()) as u32))),
            3 => {
                // Plans from a solver that knows no rule: some are refused, those that are not must hold.
                let plan: Vec<_> = state.waiting.keys().filter(|_| rng.chance(2, 3)).copied().collect();
                system(Command::SettlePlan(plan))
            }
            _ => None,
        }
    }

    /// One or two requests (two when four eyes are needed and both are at hand).
    pub fn draw(&mut self, rng: &mut Rng, world: &World, state: &State, now: Time) -> Request {
        if state.allows(phase::CONFIRM) && rng.chance(3, 4) {
            return self.confirm(rng, world, state);
        }
        if !state.unions.is_empty() && rng.chance(1, if crate::union::is_waiting(state) { 6 } else { 12 }) {
            let reference = Key(self.reference());
            let (actor, command) = crate::union::direct(rng, world, state, now, reference);
            return self.keyed(actor, command);
        }
        match rng.below(116) {
            0..56 => self.payment(rng, world),
            56..60 => self.group(rng, world),
            60..64 => self.conversion(rng, world, state),
            64..69 => self.queue_control(rng, world),
            69..75 => self.hold(rng, world, now),
            75..79 => self.give_back(rng, world),
            79..85 => self.money(rng, world),
            85..91 => self.rates(rng, world, state, now),
            91..95 => self.four_eyes(rng, world, state, now),
            95..97 => self.confirm(rng, world, state),
            97..99 => self.brake(rng, world),
            99..113 => self.dealing(rng, world, state, now),
            113..115 => self.commitment(rng, world, state),
            _ => self.nonsense(rng, world),
        }
    }

    fn two(&self, rng: &mut Rng, world: &World) -> (BankAccount, BankAccount) {
        let accounts = &world.accounts[rng.index(world.accounts.len())];
        let debtor = rng.index(accounts.len());
        let creditor = (debtor + 1 + rng.index(accounts.len() - 1)) % accounts.len();
        (accounts[debtor], accounts[creditor])
    }

    fn instruction(&mut self, rng: &mut Rng, debtor: AccountId, creditor: AccountId) -> Instruction {
        Instruction {
            uetr: Uetr(self.reference()),
            debtor,
            creditor,
            debtor_for: ParticipantId::NONE,
            creditor_for: ParticipantId::NONE,
            amount: 1 + rng.below(50_000) as i64,
            priority: if rng.chance(1, 5) { Priority::Urgent } else { Priority::Normal },
            kind: if rng.chance(1, 2) { PaymentKind::Customer } else { PaymentKind::Institution },
            value_date: Day(0),
            earliest: Time(0),
            latest: Time(0),
            message: rng.next(),
            document: 0,
            line: 0,
        }
    }

    fn payment(&mut self, rng: &mut Rng, world: &World) -> Request {
        if !self.paid.is_empty() && rng.chance(1, 10) {
            // The same message once more, or another one that wears its reference.
            let (bank, mut order) = self.paid[rng.index(self.paid.len())].clone();
            if rng.chance(1, 3) {
                order.amount = order.amount.wrapping_add(1);
                order.message ^= 1;
            }
            return Request { actor: world.banks[bank].channel, key: Key(0), command: Command::Pay(order) };
        }
        let (debtor, creditor) = self.two(rng, world);
        let mut order = self.instruction(rng, debtor.id, creditor.id);
        match rng.below(12) {
            0 => order.value_date = Day(FIRST_DAY.0 + rng.below(8) as u32),
            1 => order.amount = rng.pick(&[0, -5, i64::MAX, 1]),
            _ => {}
        }
        self.paid.push((debtor.bank, order.clone()));
        Request { actor: world.banks[debtor.bank].channel, key: Key(0), command: Command::Pay(order) }
    }

    /// A payment with times; needs to know what time it is.
    fn group(&mut self, rng: &mut Rng, world: &World) -> Request {
        let (a, b) = self.two(rng, world);
        let (c, d) = self.two(rng, world);
        let mut legs = vec![self.instruction(rng, a.id, b.id), self.instruction(rng, c.id, d.id)];
        if rng.chance(1, 4) {
            let (e, f) = self.two(rng, world);
            legs.push(self.instruction(rng, e.id, f.id));
        }
        let priority = legs[0].priority;
        for leg in &mut legs {
            leg.priority = priority;
        }
        self.paid.push((a.bank, legs[0].clone()));
        Request { actor: world.banks[a.bank].channel, key: Key(0), command: Command::PayGroup(legs) }
    }

    fn conversion(&mut self, rng: &mut Rng, world: &World, state: &State) -> Request {
        let Some(pair) = world.pairs.get(rng.index(world.pairs.len())).copied() else {
            return self.payment(rng, world);
        };
        let (from, to) = if rng.chance(1, 2) { (pair.base, pair.quote) } else { (pair.quote, pair.base) };
        let debtors = &world.accounts[from.at()];
        let creditors = &world.accounts[to.at()];
        let debtor = debtors[rng.index(debtors.len())];
        let creditor = creditors[rng.index(creditors.len())];
        let instruction = self.instruction(rng, debtor.id, creditor.id);
        self.paid.push((debtor.bank, instruction.clone()));
        let current = state.pairs.get(&pair).and_then(|pair| pair.rate.as_ref()).map(|rate| rate.rate);
        let order = Conversion {
            instruction,
            fixed: if rng.chance(1, 2) { Fixed::Source } else { Fixed::Target },
            expected: current.filter(|_| rng.chance(1, 2)),
        };
        let actor = world.banks[debtor.bank].channel;
        Request { actor, key: Key(0), command: Command::Convert(Box::new(order)) }
    }

    /// Prices: standing rates, quotes and what is paid under them, auctions.
    fn dealing(&mut self, rng: &mut Rng, world: &World, state: &State, now: Time) -> Request {
        let Some((pair, bank)) = world.dealers.get(rng.index(world.dealers.len())).copied() else {
            return self.conversion(rng, world, state);
        };
        let channel = world.banks[bank].channel;
        let rate = |rng: &mut Rng, from: u64| Rate { mantissa: from + rng.below(500), scale: 3 };
        match rng.below(10) {
            0 | 1 => {
                let own = Basis::Own(TwoWay { bid: rate(rng, 7_000), ask: rate(rng, 7_500) });
                let basis = if rng.chance(2, 3) { own } else { Basis::Spread(rng.below(700) as u32) };
                let tiers = vec![Tier { from: 1 + rng.below(9_000) as i64, bps: rng.below(50) as u32 }];
                let order = SetDealerRate {
                    pair,
                    dealer: world.banks[bank].id,
                    terms: Some(DealerTerms { basis, tiers }),
                    clients: vec![(ParticipantId(rng.below(3) as u32), rng.below(30) as u32)],
                    until: now.plus_seconds(60 + rng.below(7200) as u32),
                };
                self.keyed(channel, Command::SetDealerRate(Box::new(order)))
            }
            2..=4 => self.quote(rng, world, pair),
            5..=7 => self.under_quote(rng, world, state),
            8 => {
                let key = Key(self.reference());
                let owner = world.banks[rng.index(world.banks.len())];
                let order = PlaceOrder {
                    order: key,
                    owner: owner.id,
                    pair,
                    way: rng.pick(&[Way::BaseToQuote, Way::QuoteToBase]),
                    amount: 1 + rng.below(4_000) as i64,
                    limit: rng.chance(3, 4).then(|| rate(rng, 7_200)),
                };
                self.keyed(owner.channel, Command::PlaceOrder(Box::new(order)))
            }
            _ => match state.dealing.orders.last_key_value().filter(|_| rng.chance(1, 3)) {
                Some((order, _)) => self.keyed(channel, Command::WithdrawOrder(*order)),
                None => Request { actor: State::SYSTEM, key: Key(0), command: Command::RunAuction(pair) },
            },
        }
    }

    fn quote(&mut self, rng: &mut Rng, world: &World, pair: PairRef) -> Request {
        let (from, to) = if rng.chance(1, 2) { (pair.base, pair.quote) } else { (pair.quote, pair.base) };
        let debtor = rng.pick(&world.accounts[from.at()]);
        let creditor = rng.pick(&world.accounts[to.at()]);
        let order = RequestQuote {
            quote: Key(self.reference()),
            debtor: debtor.id,
            creditor: creditor.id,
            debtor_for: ParticipantId::NONE,
            fixed: if rng.chance(1, 2) { Fixed::Source } else { Fixed::Target },
            amount: 1 + rng.below(9_000) as i64,
            dealer: ParticipantId::NONE,
        };
        self.keyed(world.banks[debtor.bank].channel, Command::RequestQuote(Box::new(order)))
    }

    /// Accepts a recent quote, or pays under it: mostly as it was quoted.
    fn under_quote(&mut self, rng: &mut Rng, world: &World, state: &State) -> Request {
        let recent: Vec<_> = state.dealing.quotes.iter().rev().take(6).collect();
        if recent.is_empty() {
            return self.conversion(rng, world, state);
        }
        let (key, quote) = rng.pick(&recent);
        let owner = world.accounts.iter().flatten().find(|account| account.id == quote.debtor);
        let channel = world.banks[owner.map_or(0, |account| account.bank)].channel;
        if rng.chance(1, 3) {
            return self.keyed(channel, Command::AcceptQuote(*key));
        }
        let mut instruction = self.instruction(rng, quote.debtor, quote.creditor);
        instruction.amount = quote.amounts.source + i64::from(rng.chance(1, 12));
        let order = Conversion { instruction, fixed: Fixed::Source, expected: Some(quote.rate) };
        let order = PayQuoted { quoted: vec![QuotedLeg { quote: *key, order }], plain: Vec::new() };
        Request { actor: channel, key: Key(0), command: Command::PayQuoted(Box::new(order)) }
    }

    fn some_paid(&mut self, rng: &mut Rng) -> Option<(usize, Instruction)> {
        // Mostly recent ones: they may still wait.
        let count = self.paid.len();
        let near = count.saturating_sub(12);
        let from = if rng.chance(3, 4) { near } else { 0 };
        self.paid.get(from + rng.index(count - from)).cloned()
    }

    fn queue_control(&mut self, rng: &mut Rng, world: &World) -> Request {
        let Some((bank, order)) = self.some_paid(rng) else {
            return self.payment(rng, world);
        };
        let uetr = order.uetr;
        let command = match rng.below(5) {
            0 => Command::Cancel(uetr),
            1 => {
                Command::Reprioritise(Reprioritise { uetr, priority: rng.pick(&[Priority::Urgent, Priority::Normal]) })
            }
            2 => Command::Reorder(Reorder { uetr, place: rng.pick(&[Place::Front, Place::Back]) }),
            3 => Command::Park(uetr),
            _ => Command::Activate(uetr),
        };
        self.keyed(world.banks[bank].channel, command)
    }

    fn hold(&mut self, rng: &mut Rng, world: &World, now: Time) -> Request {
        let (owner, other) = self.two(rng, world);
        let known = self.holds.get(rng.index(self.holds.len())).copied();
        let command = match (rng.below(4), known) {
            (0, Some(hold)) => Command::VoidHold(hold),
            (1, Some(hold)) => Command::PostHold(PostHold {
                hold,
                creditor: other.id,
                amount: 1 + rng.below(3_000) as i64,
                keep_rest: rng.chance(1, 2),
            }),
            _ => {
                let hold = Key(self.reference());
                self.holds.push(hold);
                Command::PlaceHold(Box::new(PlaceHold {
                    hold,
                    account: owner.id,
                    amount: 1 + rng.below(5_000) as i64,
                    purpose: "collateral of an example".into(),
                    beneficiary: if rng.chance(1, 2) { other.id } else { AccountId::NONE },
                    expires: now.plus_seconds(60 + rng.below(3600) as u32),
                }))
            }
        };
        self.keyed(world.banks[owner.bank].channel, command)
    }

    fn give_back(&mut self, rng: &mut Rng, world: &World) -> Request {
        let Some((bank, order)) = self.some_paid(rng) else {
            return self.payment(rng, world);
        };
        // The bank that got the money, if it can be told.
        let other = world.accounts.iter().flatten().find(|account| account.id == order.creditor);
        let creditor = other.map_or(bank, |account| account.bank);
        match (rng.below(4), self.recalls.get(rng.index(self.recalls.len())).copied()) {
            (0, Some((answerer, case))) => {
                let answer = AnswerRecall { case, accept: rng.chance(1, 2), reason: *b"CUST" };
                self.keyed(world.banks[answerer].channel, Command::AnswerRecall(Box::new(answer)))
            }
            (1 | 2, _) => {
                let case = Key(self.reference());
                self.recalls.push((creditor, case));
                let recall = Recall { case, original: order.uetr, reason: *b"DUPL", expires: Time(0) };
                self.keyed(world.banks[bank].channel, Command::Recall(Box::new(recall)))
            }
            _ => {
                let give_back = ReturnOrder {
                    original: order.uetr,
                    uetr: Uetr(self.reference()),
                    amount: order.amount.saturating_sub(rng.below(3) as i64),
                    reason: *b"AC04",
                    message: rng.next(),
                    document: 0,
                    line: 0,
                };
                self.keyed(world.banks[creditor].channel, Command::Return(Box::new(give_back)))
            }
        }
    }

    fn money(&mut self, rng: &mut Rng, world: &World) -> Request {
        let currency = rng.index(world.accounts.len());
        let accounts = &world.accounts[currency];
        let account = accounts[rng.index(accounts.len())].id;
        let amount = 1 + rng.below(80_000) as i64;
        let outside_ref = Key(self.reference());
        let order = Funding { account, amount, outside_ref };
        let command = if rng.chance(1, 4) { Command::Defund(order) } else { Command::FundIn(order) };
        self.keyed(world.pens[currency].maker, command)
    }

    /// A bank enters a commitment, or answers, changes or ends one of those there are.
    fn commitment(&mut self, rng: &mut Rng, world: &World, state: &State) -> Request {
        let bank = world.banks[rng.index(world.banks.len())];
        let first = state.day.date.0 + rng.below(3) as u32;
        let mut day = first;
        let schedule: Vec<Due> = (0..1 + rng.below(4))
            .map(|_| {
                day += 1 + rng.below(9) as u32;
                Due { day: Day(day), amount: rng.below(60_000) as i64 }
            })
            .collect();
        let some = state.commitments.iter().nth(rng.index(state.commitments.len().max(1)));
        let command = match (rng.below(5), some) {
            (0, Some((key, _))) => Command::WithdrawCommitment(*key),
            (1, Some((key, _))) => Command::ChangeCommitment(Box::new(ChangeCommitment { commitment: *key, schedule })),
            (2 | 3, Some((key, known))) => {
                let asked = known.asked.as_ref().map_or(0, |asked| asked.seq);
                let agree = rng.chance(3, 4);
                let answer = AnswerCommitment { commitment: *key, asked, agree };
                let other = known.asked.as_ref().map_or(bank.id, |asked| match asked.by {
                    Party::Debtor => known.creditor,
                    Party::Creditor => known.debtor,
                });
                let asked = world.banks.iter().find(|bank| bank.id == other).unwrap_or(&bank);
                return self.keyed(asked.channel, Command::AnswerCommitment(answer));
            }
            _ => Command::RegisterCommitment(Box::new(RegisterCommitment {
                commitment: Key(self.reference()),
                debtor: bank.id,
                creditor: world.banks[rng.index(world.banks.len())].id,
                currency: CurrencyId(rng.index(world.accounts.len()) as u32),
                kind: rng.pick(&[
                    CommitmentKind::LetterOfCredit,
                    CommitmentKind::Instalments,
                    CommitmentKind::StandingOrder,
                ]),
                schedule,
            })),
        };
        self.keyed(bank.channel, command)
    }

    fn rates(&mut self, rng: &mut Rng, world: &World, state: &State, now: Time) -> Request {
        let Some(pair) = world.pairs.get(rng.index(world.pairs.len())).copied() else {
            return self.money(rng, world);
        };
        let current = state.pairs.get(&pair).and_then(|pair| pair.rate.as_ref()).map(|rate| rate.rate);
        if let Some(rate) = current
            && rng.chance(2, 3)
        {
            let currency = if rng.chance(1, 2) { pair.base } else { pair.quote };
            let word = ApproveRate { pair, rate, approve: rng.chance(9, 10) };
            return self.keyed(world.pens[currency.at()].checker, Command::ApproveRate(word));
        }
        let rate = Rate { mantissa: 70_000 + rng.below(4_000), scale: 4 };
        let order = SetRate {
            pair,
            rate,
            source: "an example source".into(),
            kind: rng.pick(&[RateKind::Official, RateKind::Market, RateKind::Fixed]),
            from: now,
            until: now.plus_seconds(300 + rng.below(7200) as u32),
        };
        self.keyed(world.pens[pair.base.at()].maker, Command::SetRate(Box::new(order)))
    }

    /// A proposal, or the approval of one that waits.
    fn four_eyes(&mut self, rng: &mut Rng, world: &World, state: &State, now: Time) -> Request {
        if let Some((number, proposal)) = state.proposals.first_key_value()
            && rng.chance(2, 3)
        {
            let pens = world.pens.iter().chain([&world.finance, &world.operations]);
            let checker = pens.into_iter().find(|pen| pen.maker == proposal.maker).map(|pen| pen.checker);
            let checker = checker.filter(|_| rng.chance(9, 10)).unwrap_or(proposal.maker);
            let command = match rng.below(8) {
                0 => Command::Decline(*number),
                1 => Command::Approve(Approve { proposal: *number, hash: [0; 32] }),
                _ => Command::Approve(Approve { proposal: *number, hash: proposal.hash }),
            };
            return self.keyed(checker, command);
        }
        let (pen, command) = self.proposable(rng, world, state);
        let propose = Propose { command, expires: now.plus_seconds(30 + rng.below(1800) as u32) };
        self.keyed(pen.maker, Command::Propose(Box::new(propose)))
    }

    /// Something only two people together may do, and who they are.
    pub fn proposable(&mut self, rng: &mut Rng, world: &World, state: &State) -> (Pen, Command) {
        if !state.unions.is_empty() && rng.chance(1, 3) {
            return crate::union::proposable(rng, world, state);
        }
        let at = rng.index(world.accounts.len());
        let (currency, accounts) = (CurrencyId(at as u32), &world.accounts[at]);
        let account = accounts[rng.index(accounts.len())].id;
        let pen = world.pens[at];
        match rng.below(7) {
            0 => (pen, Command::Issue(Issue { account, amount: 1 + rng.below(20_000) as i64 })),
            1 => {
                let change = rng.below(60_000) as i64 - 20_000;
                (pen, Command::AdjustCover(AdjustCover { currency, change, outside_ref: Key(self.reference()) }))
            }
            2 => {
                let kind = rng.pick(&[LimitKind::NetDebit, LimitKind::Overnight]);
                let value = rng.chance(3, 4).then(|| rng.below(90_000) as i64);
                (pen, Command::SetLimit(SetLimit { account, kind, counterparty: AccountId::NONE, value }))
            }
            3 => {
                let kind = rng.pick(&[LimitKind::PerPayment, LimitKind::PerDay, LimitKind::Multilateral]);
                let value = rng.chance(3, 4).then(|| 20_000 + rng.below(90_000) as i64);
                (world.finance, Command::SetLimit(SetLimit { account, kind, counterparty: AccountId::NONE, value }))
            }
            4 => {
                let participant = world.banks[rng.index(world.banks.len())].id;
                let direction = rng.pick(&[Direction::In, Direction::Out, Direction::Both]);
                let suspended = rng.chance(1, 2);
                (pen, Command::Suspend(Suspend { participant, currency, direction, suspended }))
            }
            5 => {
                let phase = state.day.phase;
                (world.operations, Command::ExtendPhase(ExtendPhase { phase, seconds: 60 }))
            }
            _ => {
                let day = Day(state.day.date.0.max(FIRST_DAY.0) + 2 + rng.below(6) as u32);
                (pen, Command::SetCalendarDay(SetCalendarDay { currency, day, open: rng.chance(1, 2) }))
            }
        }
    }

    fn confirm(&mut self, rng: &mut Rng, world: &World, state: &State) -> Request {
        // Mostly an authority that has not agreed yet, about the last cycle.
        let agreed = |at: usize| {
            let answers = state.cycles.last().map(|cycle| &cycle.answers);
            answers.and_then(|answers| answers.get(&AuthorityId(at as u32))) == Some(&true)
        };
        let missing = (0..world.pens.len()).find(|at| !agreed(*at)).filter(|_| rng.chance(7, 8));
        let pen = world.pens[missing.unwrap_or_else(|| rng.index(world.pens.len()))];
        let cycle = (state.cycles.len() as u32).saturating_sub(u32::from(rng.chance(1, 8)));
        let word = ConfirmPositions { cycle, agree: rng.chance(9, 10) };
        self.keyed(pen.checker, Command::ConfirmPositions(word))
    }

    fn brake(&mut self, rng: &mut Rng, world: &World) -> Request {
        let at = rng.index(world.pens.len());
        let currency = CurrencyId(at as u32);
        let stop = Command::StopCurrency(StopCurrency { currency, stopped: true });
        if rng.chance(1, 3) {
            return self.keyed(world.pens[at].maker, stop);
        }
        let start = Command::StopCurrency(StopCurrency { currency, stopped: false });
        let propose = Propose { command: start, expires: Time(u64::MAX) };
        self.keyed(world.pens[at].maker, Command::Propose(Box::new(propose)))
    }

    /// Requests nobody should make.
    fn nonsense(&mut self, rng: &mut Rng, world: &World) -> Request {
        let (debtor, creditor) = self.two(rng, world);
        let order = self.instruction(rng, debtor.id, creditor.id);
        let command = match rng.below(6) {
            0 => Command::Pay(Instruction { uetr: Uetr(0), ..order }),
            1 => Command::Pay(Instruction { debtor: AccountId(rng.below(90) as u32), ..order }),
            2 => Command::Pay(Instruction { creditor: debtor.id, ..order }),
            3 => Command::Advance(Advance { phase: 9 }),
            4 => Command::ActivateArrangement(1),
            _ => Command::Cancel(Uetr(7)),
        };
        let actor = rng.pick(&[world.banks[debtor.bank].channel, ActorId(999), State::SYSTEM, world.finance.checker]);
        let key = if matches!(command, Command::Pay(_)) { Key(0) } else { Key(self.reference()) };
        Request { actor, key, command }
    }
}

/// A time window on a payment, sometimes.
pub fn with_times(rng: &mut Rng, request: &mut Request, now: Time) {
    if let Command::Pay(order) = &mut request.command
        && rng.chance(1, 12)
    {
        order.earliest = now.plus_seconds(rng.below(120) as u32);
        order.latest = now.plus_seconds(60 + rng.below(2400) as u32);
    }
}
