//! The message guide names every rule and every version.

use comity_iso20022::{Rule, supported_versions};

#[test]
fn the_message_guide_is_complete() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/messages.md");
    let guide = std::fs::read_to_string(path).expect("the guide stands in docs");
    let mut from = 0;
    for rule in Rule::ALL {
        let cell = format!("`{}`", rule.id());
        let table = guide.find("## Rules and reasons").expect("the table of rules");
        let at = guide[table..].find(&cell).unwrap_or_else(|| panic!("{cell} is not in the guide"));
        assert!(at >= from, "{cell} stands out of its order of precedence");
        from = at;
        let line = guide[table + at..].lines().next().unwrap_or_default();
        assert!(line.contains(rule.reason()), "{cell} has the reason {}", rule.reason());
    }
    for version in supported_versions() {
        let (family, number) = version.split_at("pacs.008".len());
        let row = guide.lines().find(|line| line.starts_with(&format!("| {family} ")));
        assert!(row.is_some_and(|row| row.contains(number)), "{version} is not in the guide");
    }
}
