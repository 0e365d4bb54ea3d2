//! A whole day: inbox files to settled, journalled, answered.

use std::path::Path;

use super::Figure;
use crate::day::traffic::Shape;
use crate::day::{self, Wishes};
use crate::exit::{Failure, at};
use crate::keys;

pub(crate) fn run(dir: &Path, quick: bool) -> Result<Vec<Figure>, Failure> {
    let scale = if quick { 10 } else { 1 };
    let batches = measure(dir, Shape::Batches, 600_000 / scale, "batches of up to 500 payments")?;
    let mixed =
        measure(dir, Shape::Mixed, 100_000 / scale, "the example day's mix, a file for every three or four lines")?;
    Ok(vec![
        Figure::of("day: inbox to settled, journalled, answered", "payments/s", batches.0, batches.1),
        Figure::of("day: the same, many small files", "payments/s", mixed.0, mixed.1),
    ])
}

fn measure(dir: &Path, shape: Shape, payments: u64, what: &str) -> Result<(Vec<f64>, String), Failure> {
    let runs = 3;
    let folder = dir.join("day-bench");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(at(&folder))?;
    }
    comity_arrangement::write_preset(&folder, "multilateral").map_err(|error| Failure::refused(error.to_string()))?;
    let arrangement = comity_arrangement::load(&folder).map_err(|mistakes| Failure::refused(mistakes.to_string()))?;
    keys::make_missing(&folder, &arrangement, |_| Ok([7; 32]))?;
    let bar = crate::output::progress(payments, "writing messages");
    day::traffic::write(&folder, &arrangement, shape, 5, payments, &bar)?;
    bar.finish_and_clear();
    let mut settled = 0;
    let mut rates = Vec::new();
    for round in 0..runs {
        // A folder of its own for each run: file systems are slow to create files where many were just deleted.
        let fresh = dir.join(format!("day-bench-{round}"));
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh).map_err(at(&fresh))?;
        }
        std::fs::create_dir_all(&fresh).map_err(at(&fresh))?;
        for name in ["arrangement.toml", "participants.csv", "limits.csv", "funding.csv", "rates.csv"] {
            std::fs::copy(folder.join(name), fresh.join(name)).map_err(at(&fresh))?;
        }
        for name in [keys::DIR, day::INBOX] {
            std::fs::rename(folder.join(name), fresh.join(name)).map_err(at(&fresh))?;
        }
        let ran = day::run(&fresh, &Wishes { quiet: true, ..Wishes::default() });
        for name in [keys::DIR, day::INBOX] {
            std::fs::rename(fresh.join(name), folder.join(name)).map_err(at(&folder))?;
        }
        let ran = ran?;
        rates.push(ran.payments as f64 / ran.seconds);
        let currencies = ran.summary["currencies"].as_array().into_iter().flatten();
        settled = currencies.filter_map(|currency| currency["settled"].as_u64()).sum();
    }
    for round in 0..runs {
        let fresh = dir.join(format!("day-bench-{round}"));
        std::fs::remove_dir_all(&fresh).map_err(at(&fresh))?;
    }
    std::fs::remove_dir_all(&folder).map_err(at(&folder))?;
    Ok((rates, format!("{payments} lines, {what}; {settled} settled; journal, pacs.002, camt.054 written")))
}
