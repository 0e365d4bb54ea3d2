//! Bytes kept per settled payment for duplicate checks, and of a large day.

use comity_engine::node::apply_all;
use comity_ledger::{Events, State};

use super::{Figure, resident_bytes, world};

pub(crate) fn run(quick: bool) -> Vec<Figure> {
    let payments: u64 = if quick { 1_000_000 } else { 10_000_000 };
    let participants = 1_000;
    let mut state = State::new(0);
    let mut events = Events::default();
    apply_all(&mut state, &world::set_up(participants), &mut events);
    events.clear();
    let before = resident_bytes();
    let mut draw = world::Draw::new(5);
    let mut batch = Vec::new();
    for number in 0..payments {
        batch.push(world::payment(&mut draw, participants, number));
        if batch.len() == 8_190 || number + 1 == payments {
            apply_all(&mut state, &batch, &mut events);
            events.clear();
            batch.clear();
        }
    }
    let total = resident_bytes();
    let each = total.saturating_sub(before) as f64 / payments as f64;
    std::hint::black_box(&state);
    vec![
        Figure::of(
            "memory: per settled payment kept",
            "bytes",
            vec![each],
            "resident growth, UETR table and growth slack included",
        ),
        Figure::of(
            "memory: ledger of the whole run",
            "MiB",
            vec![total as f64 / 1_048_576.0],
            format!("{payments} payments in one day"),
        ),
    ]
}
