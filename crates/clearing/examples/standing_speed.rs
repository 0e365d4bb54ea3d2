//! Timing of the standing set: `cargo run --release -p comity-clearing --example standing_speed [PAYMENTS ACCOUNTS ROUNDS]`.
//!
//! A day of bank traffic (a dense core, heavy-tailed amounts) arrives payment by payment; after each arrival the greatest
//! feasible set is found and booked. Prints CPU time, the share of value settled, work and queue, for several amounts of
//! liquidity; beside it what settles gross, first in first out, without offsetting. Seeded, one thread.
#![expect(clippy::print_stdout, reason = "a measuring program reports on standard output")]

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::Instant;

use comity_clearing::gridlock::standing::{Entry, ROUNDS, Standing};
use comity_clearing::gridlock::{Account, NO_GROUP};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let size = |at: usize, default: u32| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(default);
    let (payments, accounts) = (size(0, 1_000_000), size(1, 1_000));
    let rounds = u8::try_from(size(2, u32::from(ROUNDS))).expect("few rounds");
    for per_million in [500, 2_000, 20_000] {
        let day = Day::draw(1, payments, accounts, per_million);
        println!("{payments} payments, {accounts} accounts, liquidity {per_million} ppm of gross, {rounds} rounds");
        gross(&day);
        whole_day(&day, rounds);
    }
}

struct Day {
    funds: Vec<i64>,
    entries: Vec<Entry>,
    gross: i64,
}

impl Day {
    /// Liquidity is shared out in proportion to what each account sends.
    fn draw(seed: u64, payments: u32, accounts: u32, per_million: i128) -> Self {
        let mut chance = Chance(seed);
        let entries: Vec<Entry> = (0..payments)
            .map(|_| {
                let debtor = chance.member(accounts);
                let mut creditor = chance.member(accounts);
                while creditor == debtor {
                    creditor = chance.member(accounts);
                }
                Entry { debtor, creditor, amount: chance.amount(), group: NO_GROUP, urgent: false }
            })
            .collect();
        let mut out = vec![0i64; index(accounts)];
        entries.iter().for_each(|entry| out[index(entry.debtor)] += entry.amount);
        let share = |out: &i64| i64::try_from(i128::from(*out) * per_million / 1_000_000).expect("a share");
        Self { funds: out.iter().map(share).collect(), gross: out.iter().sum(), entries }
    }
}

/// First in, first out, without offsetting: what settles when each payment waits for funds alone.
fn gross(day: &Day) {
    let mut funds = day.funds.clone();
    let mut queues: Vec<VecDeque<Entry>> = vec![VecDeque::new(); funds.len()];
    let mut settled = 0;
    let mut credited = Vec::new();
    for entry in &day.entries {
        queues[index(entry.debtor)].push_back(*entry);
        credited.push(entry.debtor);
        while let Some(account) = credited.pop() {
            while let Some(head) = queues[index(account)].front().copied() {
                if head.amount > funds[index(account)] {
                    break;
                }
                queues[index(account)].pop_front();
                funds[index(account)] -= head.amount;
                funds[index(head.creditor)] += head.amount;
                settled += head.amount;
                credited.push(head.creditor);
            }
        }
    }
    println!("  without offsetting: {} of value settled", percent(settled, day.gross));
}

fn whole_day(day: &Day, rounds: u8) {
    let mut standing = Standing::with_rounds(rounds);
    for funds in &day.funds {
        standing.add_account(Account::funded(*funds)).expect("few accounts");
    }
    let (start, wall) = (cpu(), Instant::now());
    let mut queued = 0;
    let mut waited: u64 = 0;
    let mut sets = 0;
    for entry in &day.entries {
        standing.push(entry).expect("well formed");
        let settled = black_box(standing.settle());
        sets += u64::from(settled.len() > 1);
        queued = queued.max(standing.len());
        waited += u64::from(standing.len());
    }
    let (cpu, wall) = (cpu() - start, wall.elapsed());
    let count = u64::try_from(day.entries.len()).expect("a count");
    println!(
        "  offsetting on every change: {} of value settled, {} left; {sets} sets of several; queue mean {} greatest \
         {queued}; {} moves; CPU {cpu} ms, wall {wall:.0?}, {} ns an arrival",
        percent(day.gross - standing.waiting(), day.gross),
        standing.len(),
        waited / count,
        standing.steps(),
        wall.as_nanos() / u128::from(count),
    );
}

/// Processor time of this process in milliseconds, as the kernel counts it; 0 where it does not tell.
fn cpu() -> u64 {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = told.rsplit(')').next().unwrap_or_default();
    let ticks = |at: usize| after.split_whitespace().nth(at).and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
    (ticks(11) + ticks(12)) * 10
}

fn percent(part: i64, whole: i64) -> String {
    let tenths = i128::from(part) * 1_000 / i128::from(whole);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn index(index: u32) -> usize {
    usize::try_from(index).expect("fits")
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        let high = u32::try_from(self.next() >> 32).expect("32 bits");
        u32::try_from((u64::from(high) * u64::from(bound)) >> 32).expect("below the bound")
    }

    /// Half of all sides fall on a tenth of the members: a dense core.
    fn member(&mut self, accounts: u32) -> u32 {
        if self.below(2) == 0 { self.below((accounts / 10).max(2)) } else { self.below(accounts) }
    }

    /// Many small, few large: a product of three draws, up to eight times the mean.
    fn amount(&mut self) -> i64 {
        (0..3).map(|_| i64::from(1 + self.below(1_000))).product()
    }
}
