//! How fast messages become commands and events become messages, on one core.
//!
//!     cargo run --release -p comity-gateway --example gateway_speed [payments] [transactions a message]
//!
//! Every payment settles at once. Absent on purpose: files and the journal; `comity bench day` measures the whole way.

#![expect(clippy::print_stdout, reason = "a measurement is for the eye")]

#[path = "../tests/common/mod.rs"]
mod common;

use comity_gateway::{Inbound, OutKind, Outbox, OutboxOptions, Outcome, inbound};
use comity_iso20022::Bic;
use comity_ledger::command::Entry;
use comity_ledger::ids::Time;
use comity_ledger::{Events, apply};
use common::{CN, KZ, RU, World, message, transfer};
use std::time::Instant;

const BATCH: usize = 4_096;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>().expect("a number"));
    let payments = arguments.next().unwrap_or(200_000);
    let lines = arguments.next().unwrap_or(1);
    let mut world = World::new();
    for bank in [CN, RU, KZ] {
        world.fund(bank, "CNY", 10_000_000_000);
    }
    let banks = [CN, RU, KZ];
    let ids: Vec<String> = (0..payments).map(|number| format!("XXXX20261125{number:08}")).collect();
    let inputs: Vec<Vec<u8>> = ids
        .chunks(lines)
        .enumerate()
        .map(|(at, chunk)| {
            let from = banks[at % 3];
            let to = banks[(at + 1) % 3];
            let one = |(place, id)| transfer((at * lines + place) as u128 + 1, from, to, "12.34 CNY", id);
            let transfers: Vec<_> = chunk.iter().map(String::as_str).enumerate().map(one).collect();
            message(&format!("MSG{at:010}"), &transfers)
        })
        .collect();
    let bytes: usize = inputs.iter().map(Vec::len).sum();
    println!("{payments} payments, {lines} a message, {} bytes each", bytes / payments);

    let options = inbound::Options::default();
    let mut inbounds: Vec<Inbound> = Vec::with_capacity(payments);
    let began = Instant::now();
    for (document, input) in inputs.iter().enumerate() {
        comity_gateway::translate(&world.directory, &options, document as u64, input, |inbound| inbounds.push(inbound));
    }
    rate("messages to commands", payments, began);

    let mut outbox = Outbox::resume(OutboxOptions::new(common::bic(common::SYSTEM)), &world.state);
    let mut events = Events::default();
    let (mut out_bytes, mut statuses) = (0_usize, 0_usize);
    let mut deliver = |_: Bic, kind, _: &str, bytes: &[u8]| {
        out_bytes += bytes.len();
        statuses += usize::from(kind == OutKind::Status);
    };
    let (mut applying, mut sending) = (0.0, 0.0);
    for batch in inbounds.chunks(BATCH) {
        let first = world.state.seq + 1;
        let entries: Vec<Entry> = batch
            .iter()
            .map(|inbound| match &inbound.outcome {
                Outcome::Command(order) => {
                    let at = Time(world.at + 2_000_000);
                    Entry { at, actor: order.actor, key: order.key, command: order.command.clone() }
                }
                other => panic!("{other:?}"),
            })
            .collect();
        events.clear();
        let began = Instant::now();
        for entry in &entries {
            apply(&mut world.state, entry, &mut events);
        }
        applying += began.elapsed().as_secs_f64();
        let began = Instant::now();
        for (seq, inbound) in (first..).zip(batch) {
            outbox.submitted(seq, inbound);
        }
        outbox.take(&world.state, first, &entries, events.list(), &mut deliver);
        outbox.flush(&world.state, &mut deliver);
        sending += began.elapsed().as_secs_f64();
    }
    println!("ledger: {:.0} entries/s", payments as f64 / applying);
    println!("events to messages: {:.0} payments/s", payments as f64 / sending);
    let began = Instant::now();
    let totals = outbox.statements(&world.state, &mut deliver).expect("bookings agree");
    rate("entries to statements", totals.entries as usize, began);
    let written = outbox.written();
    println!(
        "{} statuses in {statuses} reports, {} credits, {} bytes out",
        written.statuses, written.credits, out_bytes
    );
    println!("references: {} bytes a payment", outbox.reference_bytes() / payments);
}

fn rate(what: &str, count: usize, began: Instant) {
    println!("{what}: {:.0}/s", count as f64 / began.elapsed().as_secs_f64());
}
