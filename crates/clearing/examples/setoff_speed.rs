//! How long a clearing, its proof, its notices and the curve take: `cargo run --release -p comity-clearing --example setoff_speed`.
//!
//! Processor time where the system tells, medians of several runs. An argument limits the number of debts.

#![expect(clippy::print_stdout, reason = "an example prints its figures")]

use std::time::Instant;

use comity_clearing::sample::{Sample, bank, firm, trade};
use comity_clearing::setoff::cycles::{decompose, legs};
use comity_clearing::setoff::liquidity::curve;
use comity_clearing::setoff::{Goal, Options, Problem, solve, verify};

/// A name, how to make it, and how many debts.
type Case = (&'static str, fn(u64, u32) -> Sample, u32);

const CASES: [Case; 7] = [
    ("firm", firm, 10_000),
    ("firm", firm, 100_000),
    ("firm", firm, 1_000_000),
    ("trade", trade, 100_000),
    ("trade", trade, 300_000),
    ("bank", bank, 1_000_000),
    ("bank", bank, 10_000_000),
];

fn main() {
    let limit = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    println!(
        "{:>6} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}  share",
        "", "debts", "solve", "verify", "notices", "curve", "fairest", "fewest"
    );
    for (name, make, debts) in CASES.into_iter().filter(|case| case.2 <= limit) {
        let sample = make(1, debts);
        let problem = Problem::of(sample.parties, &sample.obligations);
        let runs = if debts < 1_000_000 { 5 } else { 1 };
        let (solving, cleared) = median(runs, || solve(&problem, &Options::default()).expect("valid"));
        let (verifying, _) =
            median(runs, || verify(&problem, &cleared.amounts, &cleared.certificates, &[]).expect("sound"));
        let (notices, cycles) = median(1, || {
            decompose(problem.parties + 1, &legs(&problem, &cleared.amounts, &cleared.proof)).expect("a circulation")
        });
        let (bending, _) = median(1, || curve(&problem).expect("valid"));
        let goal = |goal| {
            let options = Options { goals: &[goal], ..Options::default() };
            if debts > 100_000 { f64::NAN } else { median(1, || solve(&problem, &options).expect("valid")).0 }
        };
        let (fairest, fewest) = (goal(Goal::Fairest), goal(Goal::Fewest));
        let share = cleared.proof.cleared * 1000 / cleared.proof.gross.max(1);
        assert_eq!(cleared.proof.gap, 0);
        println!(
            "{name:>6} {debts:>10} {solving:9.3} {verifying:9.3} {notices:9.3} {bending:9.3} {fairest:9.3} {fewest:9.3}  {}.{} %, {} notices of {} legs",
            share / 10,
            share % 10,
            cycles.len(),
            cycles.iter().map(|cycle| cycle.1.len()).sum::<usize>(),
        );
    }
}

fn median<T>(runs: usize, mut run: impl FnMut() -> T) -> (f64, T) {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..runs {
        let (used, started) = (processor(), Instant::now());
        last = Some(run());
        times.push(match (used, processor()) {
            (Some(before), Some(now)) if now > before => now - before,
            _ => started.elapsed().as_secs_f64(),
        });
    }
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], last.expect("at least one run"))
}

/// Seconds of processor time of this thread; Linux tells.
fn processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}
