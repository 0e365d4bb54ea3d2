//! Offsetting: one run over a million queued payments, and a day in which everything is offset on every change.

use std::hint::black_box;

use comity_clearing::free::{self, Split, Terms};
use comity_clearing::gridlock::standing::{Entry as Waiting, Standing};
use comity_clearing::gridlock::{Account, Checker, Item, NO_GROUP, Problem, Workspace};
use comity_clearing::obligations::Obligation;
use comity_clearing::sample;
use comity_engine::node::apply_all;
use comity_ledger::command::{Command, Entry, Offsetting, OnChange, Policy, SetOffsetting};
use comity_ledger::event::Event;
use comity_ledger::ids::CurrencyId;
use comity_ledger::{Events, State};

use super::{CpuClock, Figure, world};

/// Liquidity of the day, parts of a thousand of what each account sends.
const LIQUIDITY: i64 = 2;

pub(crate) fn run(quick: bool) -> Vec<Figure> {
    let (payments, runs) = if quick { (100_000, 3) } else { (1_000_000, 5) };
    let day = Day::new(payments, LIQUIDITY);
    let mut figures = day.one_run(runs);
    for liquidity in [20, 50] {
        figures.extend(Day::new(if quick { 10_000 } else { 100_000 }, liquidity).free_choice(liquidity, runs));
    }
    figures.extend(day.on_every_change(runs.min(3)));
    figures.extend(queued(if quick { 20_000 } else { 100_000 }, runs));
    figures
}

/// Bank traffic, and what each account has to begin with: a share of what it sends.
struct Day {
    parties: u32,
    payments: Vec<Obligation>,
    funds: Vec<i64>,
    gross: i64,
}

impl Day {
    /// A quarter of the payments from each of four seeds: fewer members than one sample of that size would have, so that each
    /// of them sends about a thousand payments in a day of a million.
    fn new(payments: u32, per_mille: i64) -> Self {
        let parts: Vec<sample::Sample> = (1..=4).map(|seed| sample::bank(seed, payments / 4)).collect();
        let parties = parts[0].parties;
        let obligations: Vec<Obligation> = parts.into_iter().flat_map(|part| part.obligations).collect();
        let mut funds = vec![0_i64; parties as usize];
        for payment in &obligations {
            funds[payment.debtor as usize] += payment.amount;
        }
        let gross = funds.iter().sum();
        funds.iter_mut().for_each(|sent| *sent = *sent / 1_000 * per_mille);
        Self { parties, payments: obligations, funds, gross }
    }

    fn share(&self, settled: i64) -> String {
        format!("{:.1} % of value settled", settled as f64 * 100.0 / self.gross as f64)
    }

    /// All of it queued at once: the greatest set from nothing, and its proof.
    fn one_run(&self, runs: usize) -> Vec<Figure> {
        let (accounts, items) = (self.accounts(), self.items());
        let problem = Problem { accounts: &accounts, items: &items, bilateral: &[], reserves: &[], groups: 0 };
        let (mut solve, mut verify, mut note) = (Vec::new(), Vec::new(), String::new());
        for _ in 0..runs {
            let started = CpuClock::start();
            let mut workspace = Workspace::new();
            let solution = workspace.solve(&problem).expect("a valid problem");
            solve.push(started.seconds() * 1e3);
            let started = CpuClock::start();
            Checker::new().check(&problem, &solution).expect("the answer is proved");
            verify.push(started.seconds() * 1e3);
            let chosen = solution.selected.iter().zip(&items).filter(|(selected, _)| **selected);
            let settled = chosen.map(|(_, item)| item.amount).sum();
            note = format!("{} queued, {} accounts, {}", items.len(), self.parties, self.share(settled));
        }
        vec![
            Figure::of("offset: fifo-prefix, everything queued, cold", "ms", solve, note),
            Figure::of("reference: its proof by the verifier", "ms", verify, "independent, linear"),
        ]
    }

    fn items(&self) -> Vec<Item> {
        let item = |payment: &Obligation| Item {
            debtor: payment.debtor,
            creditor: payment.creditor,
            amount: payment.amount,
            group: NO_GROUP,
        };
        self.payments.iter().map(item).collect()
    }

    fn accounts(&self) -> Vec<Account> {
        self.funds.iter().map(|funds| Account::funded(*funds)).collect()
    }

    /// The queues settled out of order, whole payments and with splits, beside the order kept.
    fn free_choice(&self, per_mille: i64, runs: usize) -> Vec<Figure> {
        let (accounts, items) = (self.accounts(), self.items());
        let problem = Problem { accounts: &accounts, items: &items, bilateral: &[], reserves: &[], groups: 0 };
        let (mut seconds, mut note) = (Vec::new(), String::new());
        let share = |part: i128| part as f64 * 100.0 / self.gross as f64;
        for _ in 0..runs {
            let started = CpuClock::start();
            let answer = free::solve(&problem, &Terms::default()).expect("a valid problem");
            seconds.push(started.seconds());
            free::check(&problem, &Terms::default(), &answer).expect("the answer is proved");
            note = format!("{:.2} % of value settled, bound {:.2} %", share(answer.value), share(answer.bound));
        }
        let split = Terms { split: Some(Split { slice_min: 1, consent: None }), ..Terms::default() };
        let started = CpuClock::start();
        let sliced = free::solve(&problem, &split).expect("a valid problem");
        let splitting = started.seconds();
        let slices = sliced.settled.iter().zip(&items).filter(|(units, item)| **units > 0 && **units < item.amount);
        let sliced = format!(
            "{:.2} % of value settled, gap {}, {} payments split",
            share(sliced.value),
            sliced.gap(),
            slices.count()
        );
        let name = format!("offset: free-subset, {} queued, liquidity {} %", items.len(), per_mille as f64 / 10.0);
        vec![
            Figure::of(&name, "s", seconds, note),
            Figure::of("offset: the same with splits", "s", vec![splitting], sliced),
        ]
    }

    /// One payment after the other, everything that can settle together settled at once.
    fn on_every_change(&self, runs: usize) -> Vec<Figure> {
        let (mut library, mut engine, mut plain) = (Vec::new(), Vec::new(), Vec::new());
        let (mut note, mut without) = (String::new(), String::new());
        for _ in 0..runs {
            library.push(self.standing());
            let (seconds, settled, waited) = self.engine(OnChange::Every);
            engine.push(seconds);
            note = format!("{}, {waited} queued on average", self.share(settled));
            let (seconds, settled, waited) = self.engine(OnChange::Nothing);
            plain.push(seconds);
            without = format!("{}, {waited} queued on average", self.share(settled));
        }
        let each: Vec<f64> = engine.iter().map(|seconds| seconds * 1e6 / self.payments.len() as f64).collect();
        let count = format!("{} payments, {} accounts, liquidity 0.2 % of gross", self.payments.len(), self.parties);
        vec![
            Figure::of("offset: a day, on every change, library", "s", library, count),
            Figure::of("offset: a day, on every change, engine", "s", engine, note.clone()),
            Figure::of("reference: the same day without offsetting, engine", "s", plain, without),
            Figure::of("offset: an arrival of that day, engine", "us", each, note),
        ]
    }

    fn standing(&self) -> f64 {
        let mut standing = Standing::new();
        for funds in &self.funds {
            standing.add_account(Account::funded(*funds)).expect("few accounts");
        }
        let started = CpuClock::start();
        for payment in &self.payments {
            let Obligation { debtor, creditor, amount } = *payment;
            standing.push(&Waiting { debtor, creditor, amount, group: NO_GROUP, urgent: false }).expect("well formed");
            black_box(standing.settle());
        }
        started.seconds()
    }

    /// Processor time, value settled, and how many payments waited on average.
    fn engine(&self, on_change: OnChange) -> (f64, i64, u64) {
        let (mut state, traffic) = self.open(on_change);
        let mut events = Events::default();
        let (mut seconds, mut settled, mut waited) = (0.0, 0, 0);
        for batch in traffic.chunks(world::BATCH) {
            let started = CpuClock::start();
            apply_all(&mut state, batch, &mut events);
            seconds += started.seconds();
            for (_, event) in events.list() {
                if let Event::Settled { payment, .. } = event {
                    settled += state.payment(*payment).amount;
                }
            }
            waited += state.waiting.len() as u64;
            events.clear();
        }
        (seconds, settled, waited / traffic.len().div_ceil(world::BATCH) as u64)
    }

    fn open(&self, on_change: OnChange) -> (State, Vec<Entry>) {
        let mut entries = world::set_up(self.parties);
        entries.retain(|entry| !matches!(entry.command, Command::SetLimit(_) | Command::FundIn(_)));
        let phases = entries.iter().position(|entry| matches!(entry.command, Command::SetPhases(_)));
        let rule = Some(Offsetting { on_change, policy: Policy::FifoPrefix });
        let order = Command::SetOffsetting(SetOffsetting { currency: CurrencyId(0), rule });
        let at = phases.expect("the set-up has phases");
        entries.insert(at, Entry { command: order, ..entries[at].clone() });
        let funds = (0..).zip(&self.funds).filter(|(_, funds)| **funds > 0);
        entries.extend(funds.map(|(party, funds)| world::funding(party, *funds)));
        let mut state = State::new(self.payments.len());
        let mut events = Events::default();
        apply_all(&mut state, &entries, &mut events);
        let refused = events.list().iter().any(|(_, event)| matches!(event, Event::Refused(_)));
        assert!(!refused, "the set-up of a measurement is sound");
        let mut draw = world::Draw::new(7);
        let pay = |(number, payment): (u64, &Obligation)| world::pay(&mut draw, number, payment);
        (state, (0..).zip(&self.payments).map(pay).collect())
    }
}

/// Arrivals while very much waits and nothing can go: everybody's first payment is too large for the whole market.
fn queued(count: u32, runs: usize) -> Vec<Figure> {
    let mut day = Day::new(2 * count, LIQUIDITY);
    let mut seen = vec![false; day.parties as usize];
    for payment in &mut day.payments {
        if !core::mem::replace(&mut seen[payment.debtor as usize], true) {
            payment.amount = day.gross;
        }
    }
    let mut each = Vec::new();
    for _ in 0..runs {
        let (mut state, traffic) = day.open(OnChange::Every);
        let (before, arrivals) = traffic.split_at(count as usize);
        let mut events = Events::default();
        apply_all(&mut state, before, &mut events);
        let waiting = state.waiting.len();
        let started = CpuClock::start();
        for batch in arrivals.chunks(world::BATCH) {
            apply_all(&mut state, batch, &mut events);
            events.clear();
        }
        each.push(started.seconds() * 1e6 / arrivals.len() as f64);
        assert!(waiting * 10 > count as usize * 9, "the queues of the measurement are long: {waiting}");
    }
    let note = format!("{count} to {} queued, on every change, one core", 2 * count);
    vec![Figure::of("offset: an arrival behind long queues, engine", "us", each, note)]
}
