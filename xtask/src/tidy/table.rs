//! The table of rooms in `ARCHITECTURE.md` is the one in `rooms.rs`.
//!
//! Absent on purpose: the rest of that page; a person writes it.

use std::fs;
use std::path::Path;

use super::rooms::{ROOMS, TEST_TOOLS};
use super::{Finding, Tree};

const PAGE: &str = "ARCHITECTURE.md";
const BEGIN: &str = "<!-- rooms: written by UPDATE_EXPECT=1 cargo xtask tidy -->";
const END: &str = "<!-- rooms: end -->";

/// The table as the page must have it.
pub(crate) fn render() -> String {
    let mut text = String::from("| crate | for | uses of ours | uses from outside |\n|---|---|---|---|\n");
    for room in ROOMS {
        let mut ours = names(room.ours);
        if !room.tests.is_empty() {
            ours = format!("{ours}; in tests {}", names(room.tests));
        }
        text.push_str(&format!("| {} | {} | {ours} | {} |\n", room.name, room.purpose, names(room.outside)));
    }
    text.push_str(&format!("\nTests of any crate may also use {}.\n", TEST_TOOLS.join(", ")));
    text
}

/// The page must have the table between its two marks.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    // A missing page is another rule's finding.
    let Some(text) = tree.text(PAGE) else {
        return Vec::new();
    };
    match replaced(text) {
        None => vec![Finding::wrong(
            PAGE,
            0,
            format!("no table of rooms: put the lines {BEGIN:?} and {END:?} where it belongs"),
        )],
        Some(right) if right != text => vec![Finding::wrong(
            PAGE,
            0,
            "the table of rooms is not that of xtask/src/tidy/rooms.rs: UPDATE_EXPECT=1 cargo xtask tidy",
        )],
        Some(_) => Vec::new(),
    }
}

/// Writes the table into the page.
pub(crate) fn write(root: &Path, tree: &mut Tree) -> Result<(), String> {
    for file in &mut tree.files {
        if file.path != PAGE {
            continue;
        }
        let Some(right) = file.text.as_deref().and_then(replaced) else {
            continue;
        };
        fs::write(root.join(PAGE), &right).map_err(|error| format!("{PAGE}: {error}"))?;
        file.text = Some(right);
    }
    Ok(())
}

/// The page with the right table, or nothing when it has no place for it.
fn replaced(text: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{}{END}{after}", render()))
}

fn names(names: &[&str]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
