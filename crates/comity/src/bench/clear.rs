//! Obligation clearing: made-up networks of four kinds, exact and proved, beside other solvers where they are installed.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;

use comity_clearing::currency::{Consent, Obligation as Invoice, Problem, Rates};
use comity_clearing::flow::{Network, check, maximise};
use comity_clearing::obligations::{components, merge};
use comity_clearing::{currency, sample};

use super::{CpuClock, Figure};
use crate::exit::{Failure, at};

/// Solves one network with every peer that is installed; looked for below the present folder.
const PEERS: &str = "benches/peers/clearing/solve.sh";

pub(crate) fn run(dir: &Path, quick: bool) -> Result<Vec<Figure>, Failure> {
    let (cases, runs): (&[(&str, u32)], usize) = if quick {
        (&[("firm", 10_000), ("trade", 10_000), ("bank", 100_000)], 3)
    } else {
        let full = &[
            ("firm", 100_000),
            ("firm", 1_000_000),
            ("trade", 100_000),
            ("trade", 285_000),
            ("bank", 1_000_000),
            ("bank", 10_000_000),
        ];
        (full, 3)
    };
    let mut figures = Vec::new();
    for (kind, debts) in cases {
        figures.extend(network(dir, kind, *debts, runs)?);
    }
    figures.extend(convert(if quick { 10_000 } else { 100_000 }, runs));
    Ok(figures)
}

/// One network: debts merged and cleared, proved, repeated, and given to the peers.
fn network(dir: &Path, kind: &str, debts: u32, runs: usize) -> Result<Vec<Figure>, Failure> {
    let drawn = match kind {
        "firm" => sample::firm(1, debts),
        "trade" => sample::trade(1, debts),
        _ => sample::bank(1, debts),
    };
    let (mut merging, mut solving, mut proving) = (Vec::new(), Vec::new(), Vec::new());
    let started = CpuClock::start();
    let merged = merge(drawn.parties, &drawn.obligations).expect("samples are sound");
    merging.push(started.seconds());
    drop(drawn);
    let network = merged.network();
    let mut first = None;
    let mut proof = None;
    for _ in 0..runs {
        let started = CpuClock::start();
        let best = maximise(black_box(&network)).expect("a sound network");
        solving.push(started.seconds());
        let started = CpuClock::start();
        proof = Some(check(&network, &best.flow, &best.potential).expect("a circulation"));
        proving.push(started.seconds());
        assert!(first.get_or_insert_with(|| best.clone()) == &best, "repeats are byte-identical");
    }
    let proof = proof.expect("it ran");
    assert!(proof.value == proof.bound, "the optimum is proved");
    let share = proof.value as f64 * 100.0 / merged.gross as f64;
    let count = crate::output::count(u64::from(debts));
    let note = format!("{} arcs, {share:.1} % cleared, gap 0", network.arcs.len());
    let ours = Figure::of(&format!("clear: {kind} {count}, solve"), "s", solving, note);
    let peers = peers(dir, &network, proof.value)?;
    let mut figures = vec![
        Figure::of(&format!("clear: {kind} {count}, merge"), "s", merging, "parallel debts to one arc each"),
        Figure::of(&format!("clear: {kind} {count}, proof"), "s", proving, "the verifier, independent of the solver"),
    ];
    let median = ours.median;
    figures.insert(1, ours);
    let best = peers.iter().map(|peer| peer.median).fold(f64::INFINITY, f64::min);
    figures.extend(peers);
    if best.is_finite() {
        figures.push(Figure::of(
            &format!("clear: {kind} {count}, best peer / ours"),
            "x",
            vec![best / median],
            "solve alone",
        ));
    }
    Ok(figures)
}

/// What the peers take for the same network, without the arcs that lie on no cycle; their optimum must be ours.
fn peers(dir: &Path, network: &Network<'_>, value: i128) -> Result<Vec<Figure>, Failure> {
    if !Path::new(PEERS).is_file() {
        return Ok(Vec::new());
    }
    let path = dir.join("network.txt");
    let found = components(network);
    let inside = network.arcs.iter().filter(|arc| arc.cap > 0 && found.same(arc.from, arc.to));
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).map_err(at(&path))?);
    writeln!(file, "{} {}", network.nodes, inside.clone().count()).map_err(at(&path))?;
    for arc in inside {
        writeln!(file, "{} {} {} {}", arc.from, arc.to, arc.cap, arc.value).map_err(at(&path))?;
    }
    file.flush().map_err(at(&path))?;
    let told = std::process::Command::new(PEERS).arg(&path).output().map_err(at(Path::new(PEERS)))?;
    let mut figures = Vec::new();
    for line in String::from_utf8_lossy(&told.stdout).lines() {
        let mut words = line.split('\t');
        let (Some(name), Some(optimum), Some(seconds)) = (words.next(), words.next(), words.next()) else { continue };
        if optimum.parse() != Ok(value) {
            let message = format!("{name} found {optimum}, not {value}: one of the two is wrong");
            return Err(Failure::new(crate::exit::Exit::Fault, message));
        }
        if let Ok(seconds) = seconds.parse() {
            figures.push(Figure::of(
                &format!("peer: {name}"),
                "s",
                vec![seconds],
                "same network, same optimum, solve alone",
            ));
        }
    }
    Ok(figures)
}

/// Several currencies: each party converts at most a twentieth of its turnover.
fn convert(debts: u32, runs: usize) -> Vec<Figure> {
    let drawn = sample::convert(1, debts);
    let rates = Rates::new(vec![1; sample::CURRENCIES as usize]).expect("rates of one");
    let invoices: Vec<Invoice> = drawn
        .obligations
        .iter()
        .zip(&drawn.currencies)
        .map(|(debt, currency)| Invoice {
            debtor: debt.debtor,
            creditor: debt.creditor,
            currency: *currency,
            amount: debt.amount,
        })
        .collect();
    let problem = Problem {
        parties: drawn.parties,
        rates: &rates,
        obligations: &invoices,
        consent: Consent::Share(500),
        party_consent: &[],
        currency_consent: &[],
        residue_limit: None,
    };
    let (mut solving, mut proving, mut note) = (Vec::new(), Vec::new(), String::new());
    for _ in 0..runs {
        let started = CpuClock::start();
        let cleared = currency::solve(black_box(&problem)).expect("a sound problem");
        solving.push(started.seconds());
        let started = CpuClock::start();
        let proof = currency::check(&problem, &cleared).expect("the answer is proved");
        proving.push(started.seconds());
        let share = proof.value as f64 * 100.0 / proof.gross as f64;
        note = format!(
            "8 currencies, at most 5 % of turnover converted, {share:.1} % cleared, gap {} units",
            proof.bound - proof.value
        );
    }
    let count = crate::output::count(u64::from(debts));
    vec![
        Figure::of(&format!("clear: convert {count}, all steps"), "s", solving, note),
        Figure::of(&format!("clear: convert {count}, proof"), "s", proving, "the verifier, independent of the solver"),
    ]
}
