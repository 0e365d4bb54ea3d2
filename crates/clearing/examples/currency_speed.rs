//! Timing of set-off across currencies: `cargo run --release -p comity-clearing --example currency_speed [DEBTS...]`.
//!
//! Ten debts per firm, a few firms very large, eight currencies: half of the debts are in the creditor's currency, a fifth
//! in the debtor's, the rest in the first. Prints the table (per currency, with a cap of 5 %, without a cap) and the CPU
//! seconds of solving and of verifying. Seeded, one thread; CPU time as Linux counts it, wall clock elsewhere.
#![expect(clippy::print_stdout, reason = "a measuring program reports on standard output")]

use std::fs;
use std::time::{Duration, Instant};

use comity_clearing::currency::{Consent, Obligation, Problem, Rates, check, solve};

fn main() {
    let sizes: Vec<u32> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    for debts in if sizes.is_empty() { vec![10_000, 100_000] } else { sizes } {
        measure(debts);
    }
}

fn measure(debts: u32) {
    let parties = (debts / 10).max(2);
    let obligations = draw(1, debts, parties);
    // Worth of a minor unit, in units of account: from strong to weak.
    let rates = Rates::new(vec![100_000, 108_420, 13_950, 1_240, 1_170, 690, 192, 39]).expect("a vector of rates");
    for consent in [Consent::Nothing, Consent::Share(500), Consent::Unlimited] {
        let (party_consent, currency_consent) = (&[], &[]);
        let rates = &rates;
        let problem = Problem {
            parties,
            rates,
            obligations: &obligations,
            consent,
            party_consent,
            currency_consent,
            residue_limit: None,
        };
        let (clearing, solving) = timed(|| solve(&problem).expect("a valid problem"));
        let (proof, checking) = timed(|| check(&problem, &clearing).expect("proved"));
        let share = proof.value * 100_000 / proof.gross;
        println!(
            "{debts} debts, {parties} parties, {consent:?}: cleared {}.{:03} % of {}, gap {}, residue {}, \
             {} conversions, solve {solving:.1?}, verify {checking:.1?}",
            share / 1_000,
            share % 1_000,
            proof.gross,
            proof.bound - proof.value,
            proof.residue,
            clearing.legs.len(),
        );
    }
}

fn draw(seed: u64, debts: u32, parties: u32) -> Vec<Obligation> {
    let mut chance = Chance(seed);
    let homes: Vec<u32> = (0..parties).map(|_| chance.skewed(8)).collect();
    let home = |party: u32| homes[usize::try_from(party).expect("fits")];
    (0..debts)
        .map(|_| {
            let debtor = chance.skewed(parties);
            // Mixed, so that large debtors are not the large creditors in the same order.
            let creditor = (chance.skewed(parties).wrapping_mul(2_654_435_761) % parties).min(parties - 1);
            let creditor = if creditor == debtor { (creditor + 1) % parties } else { creditor };
            let currency = match chance.below(10) {
                0..5 => home(creditor),
                5..7 => home(debtor),
                _ => 0,
            };
            // A product of three draws: many small debts, few large ones.
            let amount = (0..3).map(|_| i64::from(1 + chance.below(200))).product();
            Obligation { debtor, creditor, currency, amount }
        })
        .collect()
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let (wall, start) = (Instant::now(), processor());
    let result = run();
    let used = processor().zip(start).map(|(end, start)| end.saturating_sub(start));
    (result, used.unwrap_or_else(|| wall.elapsed()))
}

/// Time this thread has spent on a processor.
fn processor() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
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
        u32::try_from(((self.next() >> 32) * u64::from(bound)) >> 32).expect("below the bound")
    }

    /// Small numbers more often than large ones: a cube of a draw.
    fn skewed(&mut self, bound: u32) -> u32 {
        let part = u128::from(self.next() >> 32);
        u32::try_from((part * part * part * u128::from(bound)) >> 96).expect("below the bound")
    }
}
