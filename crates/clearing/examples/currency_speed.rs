//! Timing of set-off across currencies: `cargo run --release -p comity-clearing --example currency_speed [DEBTS...]`.
//!
//! The made-up network [`convert`]: ten debts per firm, a few firms very large, eight currencies. Prints the table (per currency, with a cap of 5 %, without a cap) and the CPU
//! seconds of solving and of verifying. Seeded, one thread; CPU time as Linux counts it, wall clock elsewhere.
#![expect(clippy::print_stdout, reason = "a measuring program reports on standard output")]

use std::fs;
use std::time::{Duration, Instant};

use comity_clearing::currency::{Consent, Obligation, Problem, Rates, check, solve};
use comity_clearing::sample::convert;

fn main() {
    let sizes: Vec<u32> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    for debts in if sizes.is_empty() { vec![10_000, 100_000] } else { sizes } {
        measure(debts);
    }
}

fn measure(debts: u32) {
    let sample = convert(1, debts);
    let parties = sample.parties;
    // Worth of a minor unit, in units of account: from strong to weak. Amounts are drawn in a common measure, that of the
    // first currency.
    let rates = Rates::new(vec![100_000, 108_420, 13_950, 1_240, 1_170, 690, 192, 39]).expect("a vector of rates");
    let obligation = |(debt, &currency): (&comity_clearing::obligations::Obligation, &u32)| {
        let worth = rates.worth()[usize::try_from(currency).expect("fits")];
        let amount = (debt.amount * rates.worth()[0] / worth).max(1);
        Obligation { debtor: debt.debtor, creditor: debt.creditor, currency, amount }
    };
    let obligations: Vec<Obligation> = sample.obligations.iter().zip(&sample.currencies).map(obligation).collect();
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
