//! Revisions: what a folder of figures was made of, and what a later one changes.
//!
//! A later revision is the same journal with more entries, which the hash of the frame where the earlier one ended proves.
//! Absent on purpose: earlier figures beyond the last; the journal can make them again.

use std::collections::BTreeMap;
use std::path::Path;

use comity_stats::pay::facts::Facts;
use comity_stats::pay::table::Part;
use serde_json::{Value, json};

use crate::exit::{Failure, at};
use crate::output::hex;

const FILE: &str = "revision.json";

/// Compares with the revision in `dir`, if there is one, and keeps this one. Returns what to tell.
///
/// # Errors
/// When the file cannot be read or written, or is no revision.
pub(super) fn keep(
    dir: &Path,
    facts: &Facts,
    frames: &[BTreeMap<u64, [u8; 32]>],
    parts: &[Part],
) -> Result<Vec<String>, Failure> {
    std::fs::create_dir_all(dir).map_err(at(dir))?;
    let path = dir.join(FILE);
    let now = values(parts);
    let mut notes = Vec::new();
    if path.exists() {
        let text = std::fs::read_to_string(&path).map_err(at(&path))?;
        let before: Value = serde_json::from_str(&text).map_err(|error| {
            Failure::refused(format!("{}: {error}; it is not a revision of figures", path.display()))
        })?;
        notes.extend(compare(facts, frames, &before, &now));
    }
    let journals: Vec<Value> = facts
        .sources
        .iter()
        .map(|source| {
            json!({
                "name": source.name, "entries": source.entries.1,
                "hash": hex(&source.hash), "begins": hex(&source.begins),
            })
        })
        .collect();
    let text =
        serde_json::to_string_pretty(&json!({ "journals": journals, "figures": now })).expect("a JSON value is text");
    std::fs::write(&path, text + "\n").map_err(at(&path))?;
    Ok(notes)
}

fn values(parts: &[Part]) -> BTreeMap<String, String> {
    let told = parts.iter().flat_map(|part| &part.told);
    told.map(|told| {
        let of: Vec<String> = told.figure.of.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (format!("{} {}", told.figure.definition.key, of.join(",")), told.figure.value.to_string())
    })
    .collect()
}

/// Changed figures told one by one.
const TOLD_MAX: usize = 10;

fn compare(
    facts: &Facts,
    frames: &[BTreeMap<u64, [u8; 32]>],
    before: &Value,
    now: &BTreeMap<String, String>,
) -> Vec<String> {
    let journals = before["journals"].as_array().map_or(&[][..], Vec::as_slice);
    let same = journals.len() == facts.sources.len()
        && journals.iter().zip(&facts.sources).zip(frames).all(|((old, source), frames)| {
            let ended = old["entries"].as_u64().and_then(|entry| frames.get(&entry));
            old["begins"] == hex(&source.begins).as_str() && ended.is_some_and(|hash| old["hash"] == hex(hash).as_str())
        });
    if !same {
        return vec!["The figures that were in this folder are of other journals; nothing is compared.".into()];
    }
    let ranges: Vec<String> =
        journals.iter().map(|old| format!("entries 1-{}", old["entries"].as_u64().unwrap_or(0))).collect();
    let empty = serde_json::Map::new();
    let old = before["figures"].as_object().unwrap_or(&empty);
    let (mut changed, mut new) = (Vec::new(), 0);
    for (key, value) in now {
        match old.get(key).and_then(Value::as_str) {
            None => new += 1,
            Some(before) if before != value => changed.push(format!("  {key}: {before} -> {value}")),
            Some(_) => {}
        }
    }
    let gone = old.keys().filter(|key| !now.contains_key(*key)).count();
    let mut notes = vec![format!(
        "Since the revision of {}: {} figures changed, {new} are new, {gone} are no longer told.",
        ranges.join(" + "),
        changed.len()
    )];
    let more = changed.len().saturating_sub(TOLD_MAX);
    notes.extend(changed.into_iter().take(TOLD_MAX));
    if more > 0 {
        notes.push(format!("  and {more} more"));
    }
    notes
}
