//! `cargo xtask tidy`: the rules of this project that no other tool knows.
//!
//! Each rule is a pure function from the files (or from what cargo says of the packages) to findings, so that its test
//! can break it on purpose without touching a disk. Absent on purpose: repairing, except for the table of rooms in
//! `ARCHITECTURE.md`, which `UPDATE_EXPECT=1 cargo xtask tidy` writes; and what rustfmt and clippy check.

mod links;
mod packages;
mod rooms;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use std::env;
use std::fmt;

use crate::{Failure, no_arguments, root};

pub(crate) use packages::Package;
pub(crate) use tree::{File, Tree};

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, from the root of the repository.
    path: String,
    /// The line, counted from 1; 0 for the file as a whole.
    line: usize,
    /// Whether it stops a push; otherwise it is advice.
    wrong: bool,
    /// What is found, and the limit or the way out.
    text: String,
}

impl Finding {
    fn wrong(path: &str, line: usize, text: impl Into<String>) -> Self {
        Finding { path: path.into(), line, wrong: true, text: text.into() }
    }

    fn advice(path: &str, line: usize, text: impl Into<String>) -> Self {
        Finding { wrong: false, ..Finding::wrong(path, line, text) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.wrong { "error" } else { "advice" };
        match self.line {
            0 => write!(out, "{}: {kind}: {}", self.path, self.text),
            line => write!(out, "{}:{line}: {kind}: {}", self.path, self.text),
        }
    }
}

/// Prints every finding; fails when one is wrong.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    no_arguments("tidy", arguments)?;
    let root = root();
    let mut tree = Tree::read(&root).map_err(Failure::Failed)?;
    if env::var_os("UPDATE_EXPECT").is_some() {
        table::write(&root, &mut tree).map_err(Failure::Failed)?;
    }
    let packages = packages::read().map_err(Failure::Failed)?;
    let findings = check(&tree, &packages);
    for finding in &findings {
        println!("{finding}");
    }
    let wrong = findings.iter().filter(|finding| finding.wrong).count();
    println!("tidy: {} files, {wrong} wrong, {} advice", tree.files.len(), findings.len() - wrong);
    if wrong == 0 { Ok(()) } else { Err(Failure::Failed(format!("tidy found {wrong} places"))) }
}

/// Every rule over everything.
fn check(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    let mut findings = rooms::check(packages);
    findings.extend(table::check(tree));
    findings.extend(text::check(tree));
    findings.extend(links::check(tree));
    findings.sort_by(|a, b| (&a.path, a.line, &a.text).cmp(&(&b.path, b.line, &b.text)));
    findings
}
