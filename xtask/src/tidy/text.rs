//! Rules on single files: words, headers, lengths, sizes, white space, and the files that must exist.
//!
//! The words are looked for as they stand, in code, comments and texts alike: a reader should not meet them anywhere.
//! Absent on purpose: parsing; what needs a parser is clippy's business.

use super::{File, Finding, Tree};

/// Files a reader looks for.
pub(crate) const REQUIRED: &[&str] = &[
    ".ci/run",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "RULEBOOK.md",
    "deny.toml",
    "docs/glossary.md",
];

/// Words that must not stand in a Rust file, and why. In two pieces, so that this file passes too.
pub(crate) const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("to", "do!("), "unfinished: finish it or leave it out"),
    (concat!("TO", "DO"), "unfinished: finish it or open an issue"),
    (concat!("FIX", "ME"), "unfinished: mend it or open an issue"),
    (concat!("unimpl", "emented!("), "unfinished: finish it or leave it out"),
    (concat!("db", "g!("), "left over from looking for a mistake"),
    (concat!("#[ig", "nore"), "a test that does not run proves nothing"),
    (concat!("assert!(", "true)"), "a test that cannot fail proves nothing"),
    (concat!("#[al", "low("), "silence a lint with #[expect(lint, reason = \"...\")]"),
    (concat!("#![al", "low("), "silence a lint with #![expect(lint, reason = \"...\")]"),
];

/// Lines of a Rust file: more is worth a thought.
pub(crate) const LINES_GOOD: usize = 500;
/// Lines of a Rust file: more is refused.
pub(crate) const LINES_MAX: usize = 900;
/// Lines of an ADR.
pub(crate) const ADR_LINES_MAX: usize = 60;
/// Bytes of any file.
pub(crate) const BYTES_MAX: u64 = 1024 * 1024;

/// Endings of files that people write by hand.
const WRITTEN: &[&str] = &[".rs", ".md", ".toml", ".sh", ".yml", ".css", ".js"];

/// Every rule on every file.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in REQUIRED {
        if !tree.files.iter().any(|file| file.path == *path && file.len > 0) {
            findings.push(Finding::wrong(path, 0, "missing or empty"));
        }
    }
    for file in &tree.files {
        size(file, &mut findings);
        let Some(text) = &file.text else { continue };
        if file.path.ends_with(".rs") {
            header(file, text, &mut findings);
            words(file, text, &mut findings);
            length(file, text, &mut findings);
        }
        if WRITTEN.iter().any(|ending| file.path.ends_with(ending)) || file.path == ".ci/run" {
            white_space(file, text, &mut findings);
        }
        if file.path.starts_with("docs/adr/") {
            adr(file, text, &mut findings);
        }
        if file.path.ends_with("/Cargo.toml") && !file.path.starts_with("fuzz/") {
            lints(file, text, &mut findings);
        }
    }
    findings
}

fn size(file: &File, findings: &mut Vec<Finding>) {
    if file.len > BYTES_MAX {
        findings.push(Finding::wrong(&file.path, 0, format!("{} bytes exceed the limit of {BYTES_MAX}", file.len)));
    }
}

/// A file says what it is for before anything else; attributes of the crate may stand above.
fn header(file: &File, text: &str, findings: &mut Vec<Finding>) {
    let first = text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with("#!["));
    if !first.is_some_and(|line| line.starts_with("//!")) {
        findings.push(Finding::wrong(
            &file.path,
            1,
            "no //! header: say what the file is for and what is deliberately absent",
        ));
    }
}

fn words(file: &File, text: &str, findings: &mut Vec<Finding>) {
    for (index, line) in text.lines().enumerate() {
        for (word, why) in FORBIDDEN {
            if line.contains(word) {
                findings.push(Finding::wrong(&file.path, index + 1, format!("{word:?}: {why}")));
            }
        }
    }
}

fn length(file: &File, text: &str, findings: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if lines > LINES_MAX {
        findings.push(Finding::wrong(
            &file.path,
            0,
            format!("{lines} lines exceed the limit of {LINES_MAX}: one file, one idea"),
        ));
    } else if lines > LINES_GOOD {
        findings.push(Finding::advice(&file.path, 0, format!("{lines} lines, aim at {LINES_GOOD}: is it one idea?")));
    }
}

fn white_space(file: &File, text: &str, findings: &mut Vec<Finding>) {
    for (index, line) in text.split('\n').enumerate() {
        if line.contains('\t') {
            findings.push(Finding::wrong(&file.path, index + 1, "tab: write spaces, or \\t in a text"));
        }
        // In Rust files rustfmt does this, and knows where a text ends in a space on purpose.
        if line.ends_with(char::is_whitespace) && !file.path.ends_with(".rs") {
            findings.push(Finding::wrong(&file.path, index + 1, "white space at the end of the line"));
        }
    }
    if !text.is_empty() && !text.ends_with('\n') {
        findings.push(Finding::wrong(&file.path, text.lines().count(), "no line end at the end of the file"));
    }
}

fn adr(file: &File, text: &str, findings: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if lines > ADR_LINES_MAX {
        findings.push(Finding::wrong(
            &file.path,
            0,
            format!("{lines} lines exceed the limit of {ADR_LINES_MAX} of an ADR"),
        ));
    }
}

/// Without this line a crate is outside the lints of the workspace, and nobody would notice.
fn lints(file: &File, text: &str, findings: &mut Vec<Finding>) {
    if !text.contains("[lints]\nworkspace = true") {
        findings.push(Finding::wrong(
            &file.path,
            0,
            "the crate does not take the lints of the workspace: [lints] workspace = true",
        ));
    }
}
