//! A second, simple implementation of the queue: vectors and loops, no clever structure. It must agree with the ledger.

use comity_ledger::command::*;
use comity_ledger::ids::*;
use comity_ledger::payment::Standing;
use comity_ledger::{Command, State};
use proptest::prelude::*;

use crate::world::{Setting, World};

const BANKS: usize = 4;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Stand {
    Active,
    Parked,
    Settled,
    Ended,
}

#[derive(Clone, Debug)]
struct Item {
    from: usize,
    to: usize,
    amount: i64,
    urgent: bool,
    /// Number of its entry: its place among its peers, until somebody moves it.
    entry: i64,
    rank: i64,
    stand: Stand,
}

#[derive(Default)]
struct Naive {
    items: Vec<Item>,
    balance: [i64; BANKS],
    credit: [i64; BANKS],
    sent: [i64; BANKS],
    net: [[i64; BANKS]; BANKS],
    day: [Option<i64>; BANKS],
    multilateral: [Option<i64>; BANKS],
    bilateral: [[Option<i64>; BANKS]; BANKS],
    /// Net sent to a pair since its limit was set.
    pair: [[i64; BANKS]; BANKS],
}

impl Naive {
    /// The active items of a bank, first first.
    fn queue(&self, bank: usize) -> Vec<usize> {
        let mut queue: Vec<usize> = (0..self.items.len())
            .filter(|at| self.items[*at].from == bank && self.items[*at].stand == Stand::Active)
            .collect();
        queue.sort_by_key(|at| (!self.items[*at].urgent, self.items[*at].rank, *at));
        queue
    }

    /// Whether all of these may settle in one step.
    fn obstacle(&self, chosen: &[usize]) -> Option<(usize, Option<usize>)> {
        for bank in 0..BANKS {
            let sum = |matches: &dyn Fn(&Item) -> bool| -> i64 {
                chosen.iter().map(|at| &self.items[*at]).filter(|item| matches(item)).map(|item| item.amount).sum()
            };
            let out = sum(&|item| item.from == bank);
            let net = out - sum(&|item| item.to == bank);
            if out == 0 {
                continue;
            }
            let sent: i64 = self.net[bank].iter().sum();
            if net > self.balance[bank] + self.credit[bank]
                || self.day[bank].is_some_and(|limit| self.sent[bank] + out > limit)
                || self.multilateral[bank].is_some_and(|limit| sent + net > limit)
            {
                return Some((bank, None));
            }
            for other in 0..BANKS {
                let there = sum(&|item| item.from == bank && item.to == other);
                let back = sum(&|item| item.from == other && item.to == bank);
                if there > 0
                    && self.bilateral[bank][other].is_some_and(|limit| self.pair[bank][other] + there - back > limit)
                {
                    return Some((bank, Some(other)));
                }
            }
        }
        None
    }

    fn settle(&mut self, at: usize) {
        let Item { from, to, amount, .. } = self.items[at];
        self.balance[from] -= amount;
        self.balance[to] += amount;
        self.sent[from] += amount;
        self.net[from][to] += amount;
        self.net[to][from] -= amount;
        self.pair[from][to] += amount;
        self.pair[to][from] -= amount;
        self.items[at].stand = Stand::Settled;
    }

    /// Settles heads of queues until none can go.
    fn release(&mut self) {
        loop {
            let head = (0..BANKS)
                .filter_map(|bank| self.queue(bank).first().copied())
                .find(|head| self.obstacle(&[*head]).is_none());
            match head {
                Some(head) => self.settle(head),
                None => return,
            }
        }
    }

    /// Starts from everything and takes away from the back until the rest may settle.
    fn offset(&mut self, mut queues: Vec<Vec<usize>>) {
        loop {
            let chosen: Vec<usize> = queues.iter().flatten().copied().collect();
            let Some((bank, pair)) = self.obstacle(&chosen) else {
                for at in chosen {
                    self.settle(at);
                }
                return;
            };
            let queue = queues
                .iter_mut()
                .find(|queue| queue.first().is_some_and(|at| self.items[*at].from == bank))
                .expect("a bank that pays has a queue");
            let cut = match pair {
                None => queue.len() - 1,
                Some(to) => queue.iter().rposition(|at| self.items[*at].to == to).expect("it pays that bank"),
            };
            queue.truncate(cut);
        }
    }

    fn pay(&mut self, (from, to): (usize, usize), amount: i64, urgent: bool, entry: i64, on_arrival: bool) {
        let at = self.items.len();
        let first = self.queue(from).first().map(|first| self.items[*first].urgent);
        self.items.push(Item { from, to, amount, urgent, entry, rank: entry, stand: Stand::Active });
        let behind = match first {
            Some(first_is_urgent) => !urgent || first_is_urgent,
            None => false,
        };
        if !behind && self.obstacle(&[at]).is_none() {
            self.settle(at);
        } else if on_arrival {
            let front = |bank: usize, other: usize| -> Vec<usize> {
                self.queue(bank).into_iter().take(64).take_while(|at| self.items[*at].to == other).collect()
            };
            let (mine, theirs) = (front(from, to), front(to, from));
            if !theirs.is_empty() && mine.contains(&at) {
                self.offset(vec![mine, theirs]);
            }
        }
        self.release();
    }
}

#[derive(Clone, Debug)]
enum Move {
    Pay(usize, usize, i64, bool),
    Fund(usize, i64),
    Park(usize),
    Activate(usize),
    Raise(usize),
    First(usize),
    Cancel(usize),
    Day(usize, i64),
    Multilateral(usize, i64),
    Bilateral(usize, usize, i64),
    Credit(usize, i64),
    Clear,
}

fn moves() -> impl Strategy<Value = Move> {
    let bank = 0..BANKS;
    prop_oneof![
        10 => (bank.clone(), 1..BANKS, 1..60_i64, any::<bool>())
            .prop_map(|(from, step, amount, urgent)| Move::Pay(from, (from + step) % BANKS, amount, urgent)),
        2 => (bank.clone(), 1..40_i64).prop_map(|(bank, amount)| Move::Fund(bank, amount)),
        1 => (0..40_usize).prop_map(Move::Park),
        1 => (0..40_usize).prop_map(Move::Activate),
        1 => (0..40_usize).prop_map(Move::Raise),
        1 => (0..40_usize).prop_map(Move::First),
        1 => (0..40_usize).prop_map(Move::Cancel),
        1 => (bank.clone(), 0..150_i64).prop_map(|(bank, limit)| Move::Day(bank, limit)),
        1 => (bank.clone(), 0..60_i64).prop_map(|(bank, limit)| Move::Multilateral(bank, limit)),
        1 => (bank.clone(), 1..BANKS, 0..60_i64)
            .prop_map(|(from, step, limit)| Move::Bilateral(from, (from + step) % BANKS, limit)),
        1 => (bank, 0..40_i64).prop_map(|(bank, limit)| Move::Credit(bank, limit)),
        2 => Just(Move::Clear),
    ]
}

fn account(bank: usize) -> AccountId {
    AccountId(6 + u32::try_from(bank).expect("small") * 3)
}

const NAMES: [&str; BANKS] = ["ALFA", "BRAVO", "CHARLIE", "DELTA"];

fn uetr(at: usize) -> Uetr {
    Uetr(u128::try_from(at).expect("small") + 1)
}

/// Sets a limit as the rules ask for it.
fn limit(world: &mut World, bank: usize, kind: LimitKind, counterparty: AccountId, value: i64) {
    let command = Command::SetLimit(SetLimit { account: account(bank), kind, counterparty, value: Some(value) });
    let (maker, checker) = match kind {
        LimitKind::NetDebit => (world.actors["CN.maker"], world.actors["CN.checker"]),
        _ => (world.actors[&format!("{}.maker", NAMES[bank])], world.actors[&format!("{}.checker", NAMES[bank])]),
    };
    let hash = command.hash();
    let proposed = Propose { command, expires: world.at.plus_seconds(60) };
    world.enter(maker, Key(0), Command::Propose(Box::new(proposed)));
    let proposal = world.state.seq;
    world.enter(checker, Key(0), Command::Approve(Approve { proposal, hash }));
}

fn play(moves: &[Move], on_arrival: bool) {
    let mut setting = Setting::default();
    setting.options.offset_on_arrival = on_arrival;
    let mut world = World::new(&setting);
    let mut naive = Naive::default();
    let mut references = 0_u128;
    for step in moves {
        world.events.clear();
        match *step {
            Move::Pay(from, to, amount, urgent) => {
                let order = Instruction {
                    uetr: uetr(naive.items.len()),
                    debtor: account(from),
                    creditor: account(to),
                    debtor_for: ParticipantId::NONE,
                    creditor_for: ParticipantId::NONE,
                    amount,
                    priority: if urgent { Priority::Urgent } else { Priority::Normal },
                    kind: PaymentKind::Customer,
                    value_date: Day(0),
                    earliest: Time(0),
                    latest: Time(0),
                    message: 1,
                    document: 0,
                    line: 0,
                };
                let actor = world.actors[NAMES[from]];
                world.enter(actor, Key(0), Command::Pay(order));
                let entry = i64::try_from(world.journal.len()).expect("small");
                naive.pay((from, to), amount, urgent, entry, on_arrival);
            }
            Move::Fund(bank, amount) => {
                references += 1;
                let order = Funding { account: account(bank), amount, outside_ref: Key(references) };
                let actor = world.actors["CN.maker"];
                world.enter(actor, Key(0), Command::FundIn(order));
                naive.balance[bank] += amount;
            }
            Move::Park(at) | Move::Activate(at) | Move::Raise(at) | Move::First(at) | Move::Cancel(at) => {
                let Some(item) = naive.items.get(at).cloned() else { continue };
                let command = match step {
                    Move::Park(_) => Command::Park(uetr(at)),
                    Move::Activate(_) => Command::Activate(uetr(at)),
                    Move::Raise(_) => {
                        Command::Reprioritise(Reprioritise { uetr: uetr(at), priority: Priority::Urgent })
                    }
                    Move::First(_) => Command::Reorder(Reorder { uetr: uetr(at), place: Place::Front }),
                    _ => Command::Cancel(uetr(at)),
                };
                let actor = world.actors[NAMES[item.from]];
                world.enter(actor, Key(0), command);
                let waits = matches!(item.stand, Stand::Active | Stand::Parked);
                let first = naive
                    .items
                    .iter()
                    .enumerate()
                    .filter(|(other, x)| *other != at && x.from == item.from && x.urgent == item.urgent)
                    .filter(|(_, x)| matches!(x.stand, Stand::Active | Stand::Parked))
                    .map(|(_, x)| x.rank)
                    .min();
                let item = &mut naive.items[at];
                match step {
                    Move::Park(_) if item.stand == Stand::Active => item.stand = Stand::Parked,
                    Move::Activate(_) if item.stand == Stand::Parked => item.stand = Stand::Active,
                    Move::Raise(_) if waits && !item.urgent => {
                        item.urgent = true;
                        item.rank = item.entry;
                    }
                    Move::First(_) if waits => item.rank = first.map_or(item.rank, |first| first - 1),
                    Move::Cancel(_) if waits => item.stand = Stand::Ended,
                    _ => {}
                }
            }
            Move::Day(bank, value) => {
                limit(&mut world, bank, LimitKind::PerDay, AccountId::NONE, value);
                naive.day[bank] = Some(value);
            }
            Move::Multilateral(bank, value) => {
                limit(&mut world, bank, LimitKind::Multilateral, AccountId::NONE, value);
                naive.multilateral[bank] = Some(value);
            }
            Move::Bilateral(from, to, value) => {
                limit(&mut world, from, LimitKind::Bilateral, account(to), value);
                if naive.bilateral[from][to].is_none() {
                    naive.pair[from][to] = 0;
                }
                naive.bilateral[from][to] = Some(value);
            }
            Move::Credit(bank, value) => {
                limit(&mut world, bank, LimitKind::NetDebit, AccountId::NONE, value);
                if value >= -naive.balance[bank] {
                    naive.credit[bank] = value;
                }
            }
            Move::Clear => {
                world.enter(State::SYSTEM, Key(0), Command::Offset(CurrencyId(0)));
                let queues = (0..BANKS).map(|bank| naive.queue(bank)).collect();
                naive.offset(queues);
            }
        }
        naive.release();
        compare(&world.state, &naive, step);
    }
    world.check_end();
}

fn compare(state: &State, naive: &Naive, step: &Move) {
    for (bank, name) in NAMES.iter().enumerate() {
        assert_eq!(state.accounts[account(bank).at()].balance, naive.balance[bank], "{name} after {step:?}");
    }
    for (at, item) in naive.items.iter().enumerate() {
        let id = state.find(uetr(at)).expect("recorded");
        let expected = match item.stand {
            Stand::Active | Stand::Parked => Standing::Waiting,
            Stand::Settled => Standing::Settled,
            Stand::Ended => Standing::Cancelled,
        };
        assert_eq!(state.payment(id).standing, expected, "payment {at} after {step:?}");
    }
    for (bank, name) in NAMES.iter().enumerate() {
        let ours: Vec<usize> = state
            .queue(account(bank))
            .into_iter()
            .flat_map(|queue| queue.active.iter())
            .map(|spot| usize::try_from(state.payment(spot.2).uetr.0).expect("small") - 1)
            .collect();
        assert_eq!(ours, naive.queue(bank), "the queue of {name} after {step:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_agrees_with_a_simple_one(steps in proptest::collection::vec(moves(), 1..90), on_arrival in any::<bool>()) {
        play(&steps, on_arrival);
    }
}
