//! Quality and timing of a free choice: `cargo run --release -p comity-clearing --example free_speed [ITEMS]`.
//!
//! Days: the sample `bank`; members of unequal size with log-normal amounts, 800 of them (this resembles the day for which figures
//! were known: the same greedy result and bound), 3,000 of them, and 800 with a heavier tail. Funds are a share of each
//! member's queued outflow. One line per method: greedy (pass over the queue until nothing fits), flow-guided (whole items of the
//! relaxation, repaired, added back), the policy itself, with splits, and the bound. Seeded, CPU seconds, one thread.
#![expect(clippy::print_stdout, reason = "a measuring program reports on standard output")]

use std::time::Instant;

use comity_clearing::flow::{Arc, Network, simplex};
use comity_clearing::free::{Answer, Proof, Split, Terms, check, solve};
use comity_clearing::gridlock::{Account, Item, NO_GROUP, Problem};
use comity_clearing::obligations::Obligation;
use comity_clearing::sample::{Chance, Sample, bank};

fn main() {
    let mut words = std::env::args().skip(1);
    let items = words.next().and_then(|word| word.parse().ok()).unwrap_or(100_000);
    for seed in 1..=3 {
        for per_mille in [20, 50] {
            measure("bank", &Day::new(&bank(seed, items), per_mille), seed, per_mille);
            measure("800 members", &Day::new(&uneven(seed, items, 800, 158), per_mille), seed, per_mille);
        }
    }
    for per_mille in [0, 2, 20, 50] {
        measure("bank", &Day::new(&bank(4, items), per_mille), 4, per_mille);
        measure("800 members", &Day::new(&uneven(4, items, 800, 158), per_mille), 4, per_mille);
        measure("3000 members", &Day::new(&uneven(4, items, 3_000, 158), per_mille), 4, per_mille);
        measure("heavy tail", &Day::new(&uneven(4, items, 800, 180), per_mille), 4, per_mille);
    }
}

/// Log-normal amounts by twelve factors up or down: a step of 158 hundredths makes a deviation of about 1.6.
fn uneven(seed: u64, debts: u32, parties: u32, step: i64) -> Sample {
    let mut chance = Chance::new(seed);
    // A member's share falls with the root of its rank: the first few meet nearly everybody.
    let mut shares: Vec<u64> = (1..=u64::from(parties)).map(|rank| (1_000_000_000_000 / rank).isqrt()).collect();
    let mut sum = 0;
    for share in &mut shares {
        sum += *share / 1_000;
        *share = sum;
    }
    let sum = u32::try_from(sum).expect("a few million");
    let member = |chance: &mut Chance| {
        let draw = u64::from(chance.below(sum));
        u32::try_from(shares.partition_point(|share| *share <= draw)).expect("below the number of members")
    };
    let obligations = (0..debts).map(|_| {
        let debtor = member(&mut chance);
        let creditor = loop {
            let creditor = member(&mut chance);
            if creditor != debtor {
                break creditor;
            }
        };
        let base = 9_000_000 + i64::from(chance.below(2_000_000));
        let amount = (0..12)
            .fold(base, |amount, _| if chance.below(2) == 0 { amount * 100 / step } else { amount * step / 100 });
        Obligation { debtor, creditor, amount }
    });
    Sample { parties, obligations: obligations.collect(), currencies: Vec::new() }
}

struct Day {
    accounts: Vec<Account>,
    items: Vec<Item>,
}

impl Day {
    fn new(sample: &Sample, per_mille: i64) -> Self {
        let mut out = vec![0i64; usize::try_from(sample.parties).expect("fits")];
        let debts = sample.obligations.iter();
        let items = debts
            .map(|&Obligation { debtor, creditor, amount }| {
                out[usize::try_from(debtor).expect("fits")] += amount;
                Item { debtor, creditor, amount, group: NO_GROUP }
            })
            .collect();
        let accounts = out.iter().map(|out| Account::funded(out * per_mille / 1_000)).collect();
        Self { accounts, items }
    }

    fn problem(&self) -> Problem<'_> {
        Problem { accounts: &self.accounts, items: &self.items, bilateral: &[], reserves: &[], groups: 0 }
    }
}

fn measure(name: &str, day: &Day, seed: u64, per_mille: i64) {
    let problem = day.problem();
    let gross: i128 = day.items.iter().map(|item| i128::from(item.amount)).sum();
    let share = |value: i128| {
        let basis_points = value * 10_000 / gross;
        format!("{}.{:02}", basis_points / 100, basis_points % 100)
    };
    let (seconds, answer) = timed(|| solve(&problem, &Terms::default()).expect("well formed"));
    let (check_seconds, proved) = timed(|| check(&problem, &Terms::default(), &answer));
    proved.expect("proved");
    let splitting = Terms { split: Some(Split { slice_min: 1, consent: None }), ..Terms::default() };
    let (split_seconds, split) = timed(|| solve(&problem, &splitting).expect("well formed"));
    check(&problem, &splitting, &split).expect("proved");
    println!(
        "{name}, seed {seed}, liquidity {per_mille}/1000: greedy {}, flow-guided {}, free-subset {} in {seconds:.2} s ({} M steps), \
         bound {} (checked in {check_seconds:.3} s), with {} splits {} in {split_seconds:.2} s",
        share(greedy(day)),
        share(flow_guided(day)),
        share(answer.value),
        answer.steps / 1_000_000,
        share(answer.bound),
        splits(day, &split),
        share(split.value),
    );
    assert!(matches!(answer.proof, Proof::Prices(_)), "too large for a search");
}

fn splits(day: &Day, answer: &Answer) -> usize {
    day.items.iter().zip(&answer.settled).filter(|(item, units)| **units > 0 && **units < item.amount).count()
}

/// Processor seconds where the system tells them, else wall seconds.
fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let result = run();
    let seconds = match (cpu, cpu_seconds()) {
        (Some(before), Some(after)) => after - before,
        (_, _) => wall.elapsed().as_secs_f64(),
    };
    (seconds, result)
}

/// Time on the processor from the scheduler's own count, in seconds.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(std::time::Duration::from_nanos(nanoseconds).as_secs_f64())
}

struct Choice<'a> {
    day: &'a Day,
    room: Vec<i64>,
    selected: Vec<bool>,
}

impl<'a> Choice<'a> {
    fn new(day: &'a Day) -> Self {
        let room = day.accounts.iter().map(|account| account.available).collect();
        Self { day, room, selected: vec![false; day.items.len()] }
    }

    fn put(&mut self, item: usize, selected: bool) {
        let Item { debtor, creditor, amount, .. } = self.day.items[item];
        let amount = if selected { amount } else { -amount };
        self.room[usize::try_from(debtor).expect("fits")] -= amount;
        self.room[usize::try_from(creditor).expect("fits")] += amount;
        self.selected[item] = selected;
    }

    fn room_of_payer(&self, item: usize) -> i64 {
        self.room[usize::try_from(self.day.items[item].debtor).expect("fits")]
    }

    fn add(&mut self) {
        loop {
            let mut added = false;
            for item in 0..self.selected.len() {
                if !self.selected[item] && self.day.items[item].amount <= self.room_of_payer(item) {
                    self.put(item, true);
                    added = true;
                }
            }
            if !added {
                return;
            }
        }
    }

    fn value(&self) -> i128 {
        self.day
            .items
            .iter()
            .zip(&self.selected)
            .filter(|(_, selected)| **selected)
            .map(|(item, _)| i128::from(item.amount))
            .sum()
    }
}

fn greedy(day: &Day) -> i128 {
    let mut choice = Choice::new(day);
    choice.add();
    choice.value()
}

/// Whole items of the fractional optimum; while an account lacks funds its smallest sufficient payment goes; then add.
fn flow_guided(day: &Day) -> i128 {
    let pool = u32::try_from(day.accounts.len()).expect("fits");
    let mut arcs: Vec<Arc> =
        day.items.iter().map(|item| Arc { from: item.debtor, to: item.creditor, cap: item.amount, value: 1 }).collect();
    let mut outgoing = vec![Vec::new(); day.accounts.len()];
    for (index, item) in day.items.iter().enumerate() {
        outgoing[usize::try_from(item.debtor).expect("fits")].push(index);
    }
    for (node, account) in (0..).zip(&day.accounts) {
        arcs.push(Arc { from: pool, to: node, cap: account.available, value: 0 });
        arcs.push(Arc { from: node, to: pool, cap: 1 << 46, value: 0 });
    }
    let best = simplex::maximise(&Network { nodes: pool + 1, arcs: &arcs }).expect("well formed");
    let mut choice = Choice::new(day);
    for (index, item) in day.items.iter().enumerate() {
        if best.flow[index] == item.amount {
            choice.put(index, true);
        }
    }
    let mut short: Vec<usize> = (0..day.accounts.len()).collect();
    while let Some(account) = short.pop() {
        while choice.room[account] < 0 {
            let missing = -choice.room[account];
            let settled = outgoing[account].iter().copied().filter(|&index| choice.selected[index]);
            let amount = |index: usize| day.items[index].amount;
            let out = settled
                .min_by_key(|&index| (amount(index) < missing, (amount(index) - missing).abs()))
                .expect("an account that lacks funds pays");
            choice.put(out, false);
            short.push(usize::try_from(day.items[out].creditor).expect("fits"));
        }
    }
    choice.add();
    choice.value()
}
