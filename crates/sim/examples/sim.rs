//! Runs many seeds: `sim --seeds N --from S --threads T [--lies] [--sabotage eager|dropped|twisted|names]`.
//!
//! Progress goes to stderr; failing seeds and a last line of totals go to stdout. Exit code 1 when a promise broke.
#![expect(clippy::print_stdout, reason = "this is a program")]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use comity_sim::{Config, Outcome, Sabotage, run};

/// Failing seeds told in full.
const TOLD: usize = 5;

struct Args {
    seeds: u64,
    from: u64,
    threads: usize,
    config: Config,
}

fn parse() -> Result<Args, String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut args = Args { seeds: 200, from: 0, threads, config: Config::default() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        let number = |text: String| text.parse::<u64>().map_err(|_| format!("{text} is not a number"));
        match word.as_str() {
            "--seeds" => args.seeds = number(value()?)?,
            "--from" => args.from = number(value()?)?,
            "--threads" => args.threads = number(value()?)?.clamp(1, 1024) as usize,
            "--lies" => args.config.lies = true,
            "--sabotage" => {
                args.config.sabotage = Some(match value()?.as_str() {
                    "eager" => Sabotage::EagerAnswers,
                    "dropped" => Sabotage::DroppedWrite,
                    "twisted" => Sabotage::TwistedEntry,
                    "names" => Sabotage::LostNames,
                    other => return Err(format!("{other} is no sabotage: eager, dropped, twisted, names")),
                });
            }
            other => return Err(format!("unknown option {other}")),
        }
    }
    Ok(args)
}

#[derive(Default)]
struct Totals {
    crashes: u64,
    faults: u64,
    entries: u64,
    reopenings: u64,
    torn: u64,
    snapshots_used: u64,
    checkpoints: u64,
    archived: u64,
    harms: u64,
    lost: u64,
    failed: Vec<Outcome>,
}

impl Totals {
    fn add(&mut self, outcome: Outcome) {
        self.crashes += outcome.crashes;
        self.faults += outcome.faults;
        self.entries += outcome.entries;
        self.reopenings += outcome.reopenings;
        self.torn += outcome.torn;
        self.snapshots_used += outcome.snapshots_used;
        self.checkpoints += outcome.checkpoints;
        self.archived += outcome.archived;
        self.harms += outcome.harms;
        self.lost += u64::from(outcome.losses_found_by_node + outcome.losses_found_by_model > 0);
        if outcome.failure.is_some() {
            self.failed.push(outcome);
        }
    }
}

fn main() -> ExitCode {
    let args = match parse() {
        Ok(args) => args,
        Err(what) => {
            eprintln!("{what}\nusage: sim --seeds N --from S --threads T [--lies] [--sabotage NAME]");
            return ExitCode::from(2);
        }
    };
    // A panic inside a history is reported with its seed; among many its own message would only be noise.
    if args.seeds > 1 {
        std::panic::set_hook(Box::new(|_| ()));
    }
    // Freeing a large block once teaches the allocator to keep memory from one history to the next.
    drop(std::hint::black_box(vec![0_u8; 16 << 20]));
    let next = AtomicU64::new(0);
    let totals = Mutex::new(Totals::default());
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..args.threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= args.seeds {
                        return;
                    }
                    let outcome = run(args.from + at, &args.config);
                    totals.lock().expect("no thread panics while adding").add(outcome);
                    if at > 0 && at.is_multiple_of(1000) {
                        let rate = at as f64 / begin.elapsed().as_secs_f64();
                        eprintln!("{at} of {} histories, {rate:.0}/s", args.seeds);
                    }
                }
            });
        }
    });
    let mut totals = totals.into_inner().expect("no thread panics while adding");
    totals.failed.sort_by_key(|outcome| outcome.seed);
    for outcome in totals.failed.iter().take(TOLD) {
        println!("{outcome}");
    }
    let seeds: Vec<String> = totals.failed.iter().take(50).map(|outcome| outcome.seed.to_string()).collect();
    if !seeds.is_empty() {
        println!("failing seeds: {}", seeds.join(" "));
    }
    if args.config.lies {
        println!("{} of {} lying disks were found out", totals.lost, args.seeds);
    }
    let seconds = begin.elapsed().as_secs_f64();
    eprintln!(
        "{seconds:.1} s, {:.0} histories/s a thread; {} entries, {} reopenings, {} torn tails, {} snapshots used, {} checkpoints, {} segments archived, {} damages at rest",
        args.seeds as f64 / seconds / args.threads as f64,
        totals.entries,
        totals.reopenings,
        totals.torn,
        totals.snapshots_used,
        totals.checkpoints,
        totals.archived,
        totals.harms,
    );
    println!(
        "{} histories, {} crashes, {} faults, {} failures",
        args.seeds,
        totals.crashes,
        totals.faults,
        totals.failed.len()
    );
    if totals.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
