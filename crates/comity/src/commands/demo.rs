//! `comity demo`: write an example day, run it, show it.

use std::path::Path;

use serde_json::json;

use crate::cli::Demo;
use crate::day::traffic::Shape;
use crate::day::{self, Wishes};
use crate::exit::{Exit, Failure, at};
use crate::keys;
use crate::output::Output;

/// Marks a folder as written by this command, with what it was written from.
const MARK: &str = "demo.json";
/// The arrangement of the example day.
const PRESET: &str = "multilateral";

pub(crate) fn run(arguments: &Demo, output: Output) -> Result<(), Failure> {
    let dir = &arguments.dir;
    let mark = json!({ "preset": PRESET, "seed": arguments.seed, "payments": arguments.payments });
    if is_ours(dir, &mark)? {
        eprintln!("{} was written before from the same seed; it is run again", dir.display());
    } else {
        write(arguments, &mark)?;
    }
    let wishes = Wishes { seed: Some(arguments.seed), report: true, quiet: false };
    let ran = day::run(dir, &wishes)?;
    super::day::show(dir, &ran.summary, true, output);
    Ok(())
}

/// The seed of an example folder, if it is one.
pub(crate) fn seed_of(dir: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(dir.join(MARK)).ok()?;
    serde_json::from_str::<serde_json::Value>(&text).ok()?["seed"].as_u64()
}

/// Whether the folder is a finished example folder of the same seed. Anything else that is there is left alone.
fn is_ours(dir: &Path, mark: &serde_json::Value) -> Result<bool, Failure> {
    let path = dir.join(MARK);
    if let Ok(text) = std::fs::read_to_string(&path) {
        if serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|found| &found == mark) {
            return Ok(true);
        }
        let message = format!(
            "{} holds an example day of another seed or size; choose another folder with --dir, or remove it first",
            dir.display()
        );
        return Err(Failure::new(Exit::Conflict, message));
    }
    let empty = !dir.exists() || std::fs::read_dir(dir).map_err(at(dir))?.next().is_none();
    if empty {
        return Ok(false);
    }
    let message = format!(
        "{} is not empty and was not written by `comity demo`; choose another folder with --dir",
        dir.display()
    );
    Err(Failure::new(Exit::Conflict, message))
}

fn write(arguments: &Demo, mark: &serde_json::Value) -> Result<(), Failure> {
    let dir = &arguments.dir;
    comity_arrangement::write_preset(dir, PRESET).map_err(|error| Failure::refused(error.to_string()))?;
    let arrangement = comity_arrangement::load(dir).map_err(|mistakes| Failure::refused(mistakes.to_string()))?;
    // Example keys come from the seed, so that the example is the same everywhere. They protect nothing.
    keys::make_missing(dir, &arrangement, |country| Ok(example_secret(arguments.seed, country)))?;
    let bar = crate::output::progress(arguments.payments, "writing messages");
    day::traffic::write(dir, &arrangement, Shape::Mixed, arguments.seed, arguments.payments, &bar)?;
    bar.finish_and_clear();
    // Written last: a folder without it was not finished.
    let path = dir.join(MARK);
    std::fs::write(&path, format!("{mark:#}\n")).map_err(at(&path))
}

/// A signing key for an example: derived from the seed and published with it.
fn example_secret(seed: u64, country: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("comity example signing key: not secret");
    hasher.update(&seed.to_le_bytes());
    hasher.update(country.as_bytes());
    *hasher.finalize().as_bytes()
}
