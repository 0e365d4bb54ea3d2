//! Proving a journal: records replayed a second.

use std::path::Path;
use std::time::Instant;

use comity_engine::Node;
use comity_journal::Options;

use super::{Figure, world};
use crate::exit::{Failure, at};

pub(crate) fn run(dir: &Path, quick: bool) -> Result<Vec<Figure>, Failure> {
    let (payments, runs): (u64, _) = if quick { (500_000, 3) } else { (4_000_000, 5) };
    let participants = 1_000;
    let journal = dir.join("verify-bench");
    if journal.exists() {
        std::fs::remove_dir_all(&journal).map_err(at(&journal))?;
    }
    std::fs::create_dir_all(&journal).map_err(at(&journal))?;
    let (mut node, _) = Node::open(&journal, Options::default(), 0)?;
    for batch in world::set_up(participants).chunks(8_190) {
        node.commit_entries(batch.iter().cloned())?;
    }
    let mut draw = world::Draw::new(13);
    let mut number = 0;
    while number < payments {
        let len = (payments - number).min(8_190);
        node.commit_entries((number..number + len).map(|at| world::payment(&mut draw, participants, at)))?;
        node.settle_down(4, |_, _| ())?;
        number += len;
    }
    node.close()?;
    let mut rates = Vec::new();
    for _ in 0..runs {
        let started = Instant::now();
        let proof = comity_engine::verify::verify(&journal, |_| ())?;
        rates.push(proof.entries as f64 / started.elapsed().as_secs_f64());
    }
    std::fs::remove_dir_all(&journal).map_err(at(&journal))?;
    Ok(vec![Figure::of("verify: records replayed and proven", "/s", rates, format!("{payments} payments, all checks"))])
}
