//! Settled instructions a second in memory on one core: 100,000 accounts, unique ids, balances and limits checked.

use std::hint::black_box;

use comity_engine::node::apply_all;
use comity_ledger::{Events, State};

use super::{CpuClock, Figure, world};

pub(crate) fn run(quick: bool) -> Vec<Figure> {
    let (participants, payments, runs) = if quick { (1_000, 1_000_000, 3) } else { (10_000, 4_000_000, 5) };
    let mut rates = Vec::new();
    let mut plain = Vec::new();
    for _ in 0..runs {
        rates.push(settle(participants, payments));
        plain.push(two_updates(participants as usize * world::CURRENCIES as usize, payments));
    }
    let reference =
        Figure::of("reference: two random 64-byte updates, no ids", "updates/s", plain, "what memory allows at most");
    let note = format!("{} accounts, {payments} payments, one core, processor time", participants * world::CURRENCIES);
    vec![Figure::of("engine: settled instructions", "/s", rates, note), reference]
}

fn settle(participants: u32, payments: usize) -> f64 {
    let mut state = State::new(payments);
    let mut events = Events::default();
    let entries = world::set_up(participants);
    apply_all(&mut state, &entries, &mut events);
    events.clear();
    let mut draw = world::Draw::new(7);
    let traffic: Vec<_> = (0..payments as u64).map(|at| world::payment(&mut draw, participants, at)).collect();
    let started = CpuClock::start();
    let mut settled = 0;
    for batch in traffic.chunks(world::BATCH) {
        apply_all(&mut state, batch, &mut events);
        settled +=
            events.list().iter().filter(|(_, event)| matches!(event, comity_ledger::Event::Settled { .. })).count();
        events.clear();
    }
    let seconds = started.seconds();
    assert!(settled == payments, "every payment of the measurement settles: {settled} of {payments}");
    black_box(&state);
    payments as f64 / seconds
}

/// The bare cost of touching two random accounts.
fn two_updates(accounts: usize, updates: usize) -> f64 {
    #[derive(Clone, Copy)]
    #[repr(align(64))]
    struct Line([i64; 8]);
    let mut table = vec![Line([0; 8]); accounts];
    let mut draw = world::Draw::new(7);
    let bound = u32::try_from(accounts).expect("fewer than 2^32 accounts");
    let pairs: Vec<(u32, u32)> = (0..updates).map(|_| (draw.below(bound), draw.below(bound))).collect();
    let started = CpuClock::start();
    for (from, to) in &pairs {
        table[*from as usize].0[0] -= 1;
        table[*to as usize].0[1] += 1;
    }
    black_box(&table);
    updates as f64 / started.seconds()
}
