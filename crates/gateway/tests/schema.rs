//! What goes out validates against the official schemas, where the shared data and `xmllint` are at hand.

mod common;

use comity_gateway::OutKind;
use common::*;
use std::path::{Path, PathBuf};
use std::process::Command;

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let start = Path::new(env!("CARGO_MANIFEST_DIR"));
        start.ancestors().map(|folder| folder.join("shared")).find(|folder| folder.is_dir())
    };
    named.filter(|folder| folder.is_dir()).or_else(beside)
}

/// A day with every kind of message that goes out.
fn everything() -> World {
    let mut world = World::new();
    world.rate("12.5");
    world.fund(CN, "CNY", 100_000);
    world.fund(RU, "RUB", 100_000);
    world.fund(FX, "RUB", 100_000);
    let mut convert = transfer(4, CN, RU, "125 RUB", "D");
    convert.instructed_amount = Some(amount("10 CNY"));
    convert.exchange_rate = Some(rate("12.5"));
    let lines = [
        transfer(1, CN, RU, "60 CNY", "A"),
        transfer(2, CN, KZ, "9999 CNY", "B"),
        transfer(3, CN, RU, "1 KZT", "C"),
        convert,
        transfer(5, SP, RU, "1 CNY", "E"),
    ];
    world.send(&message("MSG-1", &lines));
    world.send(&message("MSG-2", &[transfer(6, RU, SP, "1 CNY", "F")]));
    world.send(&give_back("RETURN-1", RU, 1, "60.00 CNY"));
    world.send(&give_back("RETURN-2", RU, 1, "60.00 CNY"));
    world.send(&recall("RECALL-1", "CASE-1", CN, 2));
    world.send(&recall("RECALL-2", "CASE-2", CN, 5));
    world.send(&recall("RECALL-3", "CASE-3", SP, 5));
    world.send(&recall("RECALL-4", "CASE-4", CN, 99));
    world.send(&verification("VERIFY-1", CN, KZ, "KZ86125KZT5004100100"));
    world.send(&verification("VERIFY-2", CN, "XXXXINBBXXX", "KZ86125KZT5004100100"));
    world.send(b"<Document/>");
    let csv = world.read_csv(&["2026-11-25T01:02:00Z,,E-1,XXXXCNBA,XXXXRUMM,CNY,1.00,,,,,,,", "broken"]);
    world.submit(csv);
    let account = world.account(CN, "CNY");
    world.report(account);
    world.advance();
    world.flush();
    world.advance();
    world.statements().expect("bookings agree");
    world
}

#[test]
fn everything_that_goes_out_validates() {
    let Some(shared) = shared() else {
        eprintln!("skipped: shared data not present");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint not present");
        return;
    }
    let world = everything();
    let mut kinds: Vec<OutKind> = world.delivered.iter().map(|(_, kind, ..)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 9, "every kind goes out: {kinds:?}");
    let folder = std::env::temp_dir().join(format!("comity-gateway-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut by_schema: std::collections::BTreeMap<String, Vec<PathBuf>> = std::collections::BTreeMap::new();
    for (at, (_, kind, _, text)) in world.delivered.iter().enumerate() {
        let path = folder.join(format!("{at}.xml"));
        std::fs::write(&path, text).expect("a file");
        let schema = text.split("xsd:").nth(1).and_then(|rest| rest.split('"').next()).expect("a namespace");
        assert!(schema.starts_with(kind.name()), "{schema} is a {}", kind.name());
        by_schema.entry(schema.to_owned()).or_default().push(path);
    }
    for (schema, files) in by_schema {
        let xsd = shared.join("xsd").join(format!("{schema}.xsd"));
        let run = Command::new("xmllint").arg("--noout").arg("--schema").arg(&xsd).args(&files).output();
        let run = run.expect("xmllint runs");
        assert!(run.status.success(), "{schema}: {}", String::from_utf8_lossy(&run.stderr));
    }
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn identifications_are_unique_for_their_kind_and_receiver_and_safe_as_file_names() {
    let world = everything();
    let mut seen = std::collections::BTreeSet::new();
    for (to, kind, id, _) in &world.delivered {
        assert!(seen.insert((to.clone(), *kind, id.clone())), "{} {id} to {to} twice", kind.name());
        assert!(id.len() <= 35 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{id}");
    }
    assert!(seen.len() > 40, "{} messages", seen.len());
}

#[test]
fn the_same_day_gives_the_same_messages() {
    assert_eq!(everything().delivered, everything().delivered);
}
