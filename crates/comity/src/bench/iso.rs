//! pacs.008 of about 3 KB: read, strictly validated, turned into an instruction; against a bare tokenising pass.

use std::hint::black_box;

use comity_engine::node::apply_all;
use comity_gateway::inbound::Options as InboundOptions;
use comity_gateway::{Directory, Outcome, translate};
use comity_lab::render::{Files, Style};
use comity_ledger::{Events, State};

use super::{CpuClock, Figure};
use crate::exit::Failure;

pub(crate) fn run(quick: bool) -> Result<Vec<Figure>, Failure> {
    let (payments, runs) = if quick { (2_000, 3) } else { (10_000, 7) };
    let (state, files) = example(payments)?;
    let directory = Directory::from_state(&state);
    let options = InboundOptions::default();
    let xml: Vec<&[u8]> = files
        .iter()
        .filter(|file| file.name.ends_with(".xml") && memchr(&file.bytes, b"pacs.008") && file.clean)
        .map(|file| &file.bytes[..])
        .collect();
    let bytes: usize = xml.iter().map(|file| file.len()).sum();
    let (mut ours, mut bare, mut lines) = (Vec::new(), Vec::new(), 0_u64);
    for _ in 0..runs {
        let started = CpuClock::start();
        lines = 0;
        for file in &xml {
            translate(&directory, &options, 1, file, |inbound| {
                lines += u64::from(matches!(inbound.outcome, Outcome::Command(_)));
                black_box(&inbound);
            });
        }
        ours.push(started.seconds() * 1e9 / lines as f64);
        let started = CpuClock::start();
        for file in &xml {
            black_box(tokens(file));
        }
        bare.push(started.seconds() * 1e9 / lines as f64);
    }
    let each = bytes as f64 / lines as f64;
    let ours = Figure::of(
        "iso: pacs.008 read, validated, to instruction",
        "ns",
        ours,
        format!("{each:.0} bytes a payment, one core, processor time"),
    );
    let bare = Figure::of("reference: bare quick-xml tokenising", "ns", bare, "the same bytes");
    let ratio = Figure::of("iso: against tokenising", "x", vec![ours.median / bare.median], "");
    Ok(vec![ours, bare, ratio])
}

fn memchr(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).take(4096).any(|window| window == needle)
}

fn tokens(bytes: &[u8]) -> usize {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut count = 0;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) | Err(_) => return count,
            Ok(event) => {
                black_box(&event);
                count += 1;
            }
        }
    }
}

struct Rendered {
    name: String,
    bytes: Vec<u8>,
    clean: bool,
}

/// The example arrangement set up in a ledger, and example traffic for it.
fn example(payments: u64) -> Result<(State, Vec<Rendered>), Failure> {
    let files = comity_arrangement::preset_files("multilateral").expect("a preset of this program");
    let mut arrangement =
        comity_arrangement::parse(&files).map_err(|mistakes| Failure::refused(mistakes.to_string()))?;
    for country in arrangement.keys_missing() {
        arrangement.set_public_key(country, comity_engine::checkpoint::public_key(&[1; 32]));
    }
    let setup = arrangement.setup().map_err(|missing| Failure::refused(missing.to_string()))?;
    let mut state = State::new(0);
    let entries: Vec<_> = setup
        .into_iter()
        .map(|order| comity_ledger::Entry {
            at: comity_ledger::ids::Time(1),
            actor: order.actor,
            key: order.key,
            command: order.command,
        })
        .collect();
    apply_all(&mut state, &entries, &mut Events::default());
    let day = arrangement.dates()[0];
    let options = comity_lab::folder::options_for(&arrangement, day, 3, payments);
    let rendered =
        Files::new(&options, &Style::default()).map_err(|unusable| Failure::refused(unusable.to_string()))?;
    let rendered = rendered
        .map(|file| Rendered {
            clean: file.lines.iter().all(|line| line.flaw.is_none()),
            name: file.name,
            bytes: file.bytes,
        })
        .collect();
    Ok((state, rendered))
}
