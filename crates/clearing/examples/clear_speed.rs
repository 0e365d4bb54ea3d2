//! Timing of obligation clearing: `cargo run --release -p comity-clearing --example clear_speed KIND DEBTS [SEED] [FILE]`.
//!
//! Draws a network (`bank`, `firm`, `trade` or `convert`), merges, solves, proves, and prints CPU seconds of each step (solve: the
//! median of three), peak memory of the process, the value, the bound and the gap. With FILE, writes the merged network, arcs between components left
//! out, for the scripts in `benches/peers/clearing`. One thread. CPU time and memory are read from `/proc`.
#![expect(clippy::print_stdout, reason = "a measuring program reports on standard output")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write;

use comity_clearing::flow::{Arc, Network, check, maximise};
use comity_clearing::obligations::{components, merge};
use comity_clearing::sample::{self, CURRENCIES, Sample};

/// How often the answer is verified: once is too short to measure.
const VERIFICATIONS: u32 = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |place: usize, default: &str| words.get(place).map_or(default.to_owned(), Clone::clone);
    let (kind, debts, seed) = (word(0, "firm"), word(1, "100000").parse()?, word(2, "1").parse()?);
    let drawn = match kind.as_str() {
        "bank" => sample::bank(seed, debts),
        "firm" => sample::firm(seed, debts),
        "trade" => sample::trade(seed, debts),
        "convert" => sample::convert(seed, debts),
        other => return Err(format!("no network called {other}: bank, firm, trade or convert").into()),
    };
    let start = cpu_seconds();
    let (nodes, arcs) = network(&drawn)?;
    let merged = cpu_seconds() - start;
    drop(drawn);
    let network = Network { nodes, arcs: &arcs };
    if let Some(path) = words.get(3) {
        write(&network, path)?;
    }
    let start = cpu_seconds();
    let best = maximise(&network)?;
    let memory = peak_megabytes();
    let mut solves = vec![cpu_seconds() - start];
    let mut same = true;
    for _ in 0..2 {
        let start = cpu_seconds();
        same &= maximise(black_box(&network))? == best;
        solves.push(cpu_seconds() - start);
    }
    solves.sort_by(f64::total_cmp);
    let proof = check(&network, &best.flow, &best.potential)?;
    let start = cpu_seconds();
    for _ in 0..VERIFICATIONS {
        assert_eq!(check(black_box(&network), &best.flow, &best.potential)?, proof, "proved again");
    }
    let verify = (cpu_seconds() - start) / f64::from(VERIFICATIONS);
    let (solve, repeat) = (solves[1], if same { "identical" } else { "DIFFERENT" });
    println!(
        "{kind} {debts}: {} arcs, merge {merged:.3} s, solve {solve:.3} s, verify {verify:.4} s, \
         peak {memory} MB, value {}, bound {}, gap {}, repeat {repeat}",
        arcs.len(),
        best.value,
        proof.bound,
        proof.bound - proof.value,
    );
    Ok(())
}

/// The network of a sample: debts merged; with currencies, a node per party and currency and a hub per party.
fn network(drawn: &Sample) -> Result<(u32, Vec<Arc>), Box<dyn std::error::Error>> {
    if drawn.currencies.is_empty() {
        let merged = merge(drawn.parties, &drawn.obligations)?;
        return Ok((merged.parties, merged.arcs));
    }
    let mut debts = drawn.obligations.clone();
    let mut numbers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut turnover: BTreeMap<(u32, u32), i64> = BTreeMap::new();
    for (debt, currency) in debts.iter_mut().zip(&drawn.currencies) {
        for party in [&mut debt.debtor, &mut debt.creditor] {
            let key = (*party, *currency);
            *turnover.entry(key).or_default() += debt.amount;
            let next = u32::try_from(numbers.len())?;
            *party = *numbers.entry(key).or_insert(next);
        }
    }
    let positions = u32::try_from(numbers.len())?;
    let mut arcs = merge(positions, &debts)?.arcs;
    // Each party gives currencies into one node and takes others from a second; at most a twentieth of its turnover passes.
    let mut nodes = positions;
    for party in 0..drawn.parties {
        let own: Vec<(u32, i64)> = (0..CURRENCIES)
            .filter_map(|currency| Some((*numbers.get(&(party, currency))?, *turnover.get(&(party, currency))?)))
            .collect();
        let cap = own.iter().map(|(_, turnover)| turnover).sum::<i64>() / 20;
        for (node, _) in &own {
            arcs.push(Arc { from: *node, to: nodes, cap, value: 0 });
            arcs.push(Arc { from: nodes + 1, to: *node, cap, value: 0 });
        }
        arcs.push(Arc { from: nodes, to: nodes + 1, cap, value: 0 });
        nodes += 2;
    }
    Ok((nodes, arcs))
}

fn write(network: &Network<'_>, path: &str) -> std::io::Result<()> {
    let found = components(network);
    let inside: Vec<&Arc> = network.arcs.iter().filter(|arc| arc.cap > 0 && found.same(arc.from, arc.to)).collect();
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "{} {}", network.nodes, inside.len())?;
    for Arc { from, to, cap, value } in inside {
        writeln!(file, "{from} {to} {cap} {value}")?;
    }
    file.flush()
}

/// CPU seconds of this thread so far; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn peak_megabytes() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = told.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|word| word.parse::<u64>().ok()).unwrap_or(0) / 1024
}
