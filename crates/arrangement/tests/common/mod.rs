//! The complete example of `docs/arrangement.md`, read from the page itself, so that the page cannot go stale.

use comity_arrangement::Files;

const PAGE: &str = include_str!("../../../../docs/arrangement.md");

fn file(name: &str) -> String {
    let mark = format!("<!-- file: {name} -->\n");
    let (_, rest) = PAGE.split_once(&mark).unwrap_or_else(|| panic!("the page has {name}"));
    let (_, body) = rest.split_once('\n').expect("a fence");
    let (body, _) = body.split_once("```").expect("the end of the fence");
    body.to_owned()
}

/// The files of the example.
pub(crate) fn example() -> Files {
    Files {
        arrangement: file("arrangement.toml"),
        participants: file("participants.csv"),
        limits: file("limits.csv"),
        funding: file("funding.csv"),
        rates: file("rates.csv"),
        ..Files::default()
    }
}
