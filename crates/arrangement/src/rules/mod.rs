//! Rule sets of a union as files: one TOML file, one rule set, the same format wherever rules are read.
//!
//! [`parse_rules`] reads one and names every mistake with line and field; [`write_rules`] writes any rule set so that reading it gives
//! the same one back; `docs/union.md` has all fields. Absent on purpose: what the rules mean (`comity_union`), and members'
//! flows and rates, which change from day to day.

mod persistent;
mod read;
mod sides;
mod write;

use core::cell::RefCell;

pub use self::write::write_rules;
use crate::mistake::{Findings, Mistakes, Notes, Spot};
use crate::read_toml::Document;
use comity_union::preset::RuleSet;

/// Largest file that is read, in bytes.
pub const RULES_LEN_MAX: usize = 1 << 20;

/// Reads a rule set; `file` is the name that mistakes carry.
///
/// # Errors
/// Every mistake in the file, in the order of its lines.
pub fn parse_rules(file: &'static str, text: &str) -> Result<RuleSet, Mistakes> {
    let findings = RefCell::new(Findings::default());
    let notes = Notes(&findings);
    let whole = Spot { file, line: 0, field: String::new() };
    if text.len() > RULES_LEN_MAX {
        notes.wrong(&whole, format!("{} bytes", text.len()), format!("at most {RULES_LEN_MAX} bytes"));
    }
    let rules = if notes.count() == 0 {
        let document = Document { file, text, notes };
        read::rule_set(document.root(), notes)
    } else {
        None
    };
    if let Some(refusal) = rules.as_ref().and_then(|rules| rules.check().err()).filter(|_| notes.count() == 0) {
        notes.wrong(&whole, "rules that cannot be applied", refusal.to_string());
    }
    let mut mistakes = findings.into_inner().mistakes;
    mistakes.sort_by_key(|mistake| mistake.line);
    match rules.filter(|_| mistakes.is_empty()) {
        Some(rules) => Ok(rules),
        None => Err(Mistakes(mistakes)),
    }
}

/// Each member belongs to one union at most: the members that two of these rule sets name, as sentences. Files are named by the caller.
#[must_use]
pub fn in_two_unions(unions: &[(String, RuleSet)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, (file, rules)) in unions.iter().enumerate() {
        for (other_file, other) in &unions[..at] {
            for member in rules.members.iter().filter(|member| other.members.contains(member)) {
                wrong.push(format!(
                    "{file}: members: found {member:?}, expected a member of one union only; {other_file} names it too"
                ));
            }
        }
    }
    wrong
}
