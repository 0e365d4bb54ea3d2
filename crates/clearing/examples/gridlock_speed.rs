//! Timing of gridlock resolution: `cargo run --release -p comity-clearing --example gridlock_speed [ITEMS ACCOUNTS]`.
//!
//! Large: one run on a fresh workspace (cold: allocation and first touch included), then the median of warm
//! runs and of the verifier. Small: many runs of 50 items on 20 accounts, as an engine would make after each
//! arrival. Seeded; prints one line per measurement. Wall clock, one thread.
#![expect(clippy::print_stdout, reason = "a measuring program reports on standard output")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use comity_clearing::gridlock::{Account, Bilateral, Checker, Item, NO_GROUP, Problem, Workspace};

fn main() {
    let mut sizes = std::env::args().skip(1).map(|word| word.parse::<u32>());
    let items = sizes.next().and_then(Result::ok).unwrap_or(1_000_000);
    let accounts = sizes.next().and_then(Result::ok).unwrap_or(1_000);
    for per_mille in [0, 2, 20, 1_000] {
        large(items, accounts, per_mille, Extras::None);
    }
    large(items, accounts, 20, Extras::LimitsAndGroups);
    small(50, 20);
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Extras {
    None,
    LimitsAndGroups,
}

struct Day {
    accounts: Vec<Account>,
    items: Vec<Item>,
    bilateral: Vec<Bilateral>,
    groups: u32,
}

impl Day {
    /// `per_mille`: liquidity of each account in thousandths of its queued gross outflow.
    fn draw(seed: u64, items: u32, accounts: u32, per_mille: i64, extras: Extras) -> Self {
        let mut chance = Chance(seed);
        let groups = if extras == Extras::None { 0 } else { items / 50 };
        let items: Vec<Item> = (0..items)
            .map(|i| {
                let debtor = chance.below(accounts);
                let creditor = (debtor + 1 + chance.below(accounts - 1)) % accounts;
                // A product of three draws: many small tickets, few large ones.
                let amount = (0..3).map(|_| i64::from(1 + chance.below(1_000))).product();
                let group = if i % 25 == 0 && i / 50 < groups { i / 50 } else { NO_GROUP };
                Item { debtor, creditor, amount, group }
            })
            .collect();
        let mut out = vec![0i64; usize::try_from(accounts).expect("fits")];
        for item in &items {
            out[usize::try_from(item.debtor).expect("fits")] += item.amount;
        }
        let mean = out.iter().sum::<i64>() / i64::from(accounts);
        let bilateral = (0..accounts)
            .filter(|_| extras == Extras::LimitsAndGroups && accounts > 20)
            .flat_map(|from| (1..=20).map(move |step| (from, (from + step * 37) % accounts)))
            .filter(|(from, to)| from != to)
            .map(|(from, to)| Bilateral { from, to, headroom: mean / 100 })
            .collect();
        let accounts = out.iter().map(|out| Account::funded(out / 1_000 * per_mille)).collect();
        Self { accounts, items, bilateral, groups }
    }

    fn problem(&self) -> Problem<'_> {
        Problem {
            accounts: &self.accounts,
            items: &self.items,
            bilateral: &self.bilateral,
            reserves: &[],
            groups: self.groups,
        }
    }
}

fn large(items: u32, accounts: u32, per_mille: i64, extras: Extras) {
    let day = Day::draw(1, items, accounts, per_mille, extras);
    let problem = day.problem();
    let cold = Instant::now();
    let mut workspace = Workspace::new();
    let removed = workspace.solve(&problem).expect("well formed").trace.len();
    let cold = cold.elapsed();
    let warm = median(|| workspace.solve(black_box(&problem)).expect("well formed").trace.len());
    let solution = workspace.solve(&problem).expect("well formed");
    let mut checker = Checker::new();
    let check = median(|| checker.check(black_box(&problem), &solution).expect("proved"));
    println!(
        "large: {items} items, {accounts} accounts, liquidity {per_mille}/1000, {extras:?}: removed {removed}, \
         cold {cold:.1?}, warm {warm:.1?}, verify {check:.1?}"
    );
}

fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..15)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn small(items: u32, accounts: u32) {
    let days: Vec<Day> = (0..1_000).map(|seed| Day::draw(seed, items, accounts, 200, Extras::None)).collect();
    let mut workspace = Workspace::new();
    let rounds = 100;
    let start = Instant::now();
    for _ in 0..rounds {
        for day in &days {
            black_box(workspace.solve(black_box(&day.problem())).expect("well formed"));
        }
    }
    let runs = rounds * u32::try_from(days.len()).expect("fits");
    println!("small: {items} items, {accounts} accounts: {:.0?} a run over {runs} runs", start.elapsed() / runs);
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let high = u32::try_from((z ^ (z >> 31)) >> 32).expect("32 bits");
        u32::try_from((u64::from(high) * u64::from(bound)) >> 32).expect("below the bound")
    }
}
