//! Every rule of tidy, broken on purpose: a rule that cannot find anything is no rule.

use super::packages::{self, Need, Package};
use super::rooms::{self, ROOMS};
use super::text::{ADR_LINES_MAX, BYTES_MAX, FORBIDDEN, LINES_GOOD, LINES_MAX, REQUIRED};
use super::{File, Finding, Tree, check, links, table, text};

/// A tree with nothing wrong, and these files besides.
fn tree(files: &[(&str, &str)]) -> Tree {
    let mut all: Vec<(String, String)> =
        REQUIRED.iter().map(|path| ((*path).to_owned(), "# Page\n".to_owned())).collect();
    for (path, text) in files {
        all.retain(|(known, _)| known != path);
        all.push(((*path).to_owned(), (*text).to_owned()));
    }
    all.sort();
    Tree {
        files: all
            .into_iter()
            .map(|(path, text)| File { path, len: u64::try_from(text.len()).unwrap_or(u64::MAX), text: Some(text) })
            .collect(),
    }
}

/// The only finding of a rule, as it is printed.
fn only(findings: &[Finding]) -> String {
    match findings {
        [finding] => finding.to_string(),
        other => panic!("one finding expected: {other:?}"),
    }
}

/// Every room as a package without dependencies, and one need more for the room `from`.
fn house(from: &str, name: &str, ours: bool, tests_only: bool) -> Vec<Package> {
    ROOMS
        .iter()
        .map(|room| Package {
            room: room.name.into(),
            manifest: format!("crates/{}/Cargo.toml", room.name),
            needs: if room.name == from { vec![Need { name: name.into(), ours, tests_only }] } else { Vec::new() },
        })
        .collect()
}

#[test]
fn a_tidy_tree_has_no_findings() {
    let page = format!(
        "# Page\n\n<!-- rooms: written by UPDATE_EXPECT=1 cargo xtask tidy -->\n{}<!-- rooms: end -->\n",
        table::render()
    );
    let tree = tree(&[
        ("ARCHITECTURE.md", &page),
        ("crates/ledger/src/lib.rs", "#![no_std]\n\n//! What it is for.\n"),
        ("README.md", "[page](docs/glossary.md#page), [folder](crates/), [here](#top)\n\n## Top\n"),
    ]);
    let packages = house("ledger", "clearing", true, false);
    assert_eq!(check(&tree, &packages), []);
}

#[test]
fn an_edge_outside_the_table_is_found() {
    let found = only(&rooms::check(&house("clearing", "ledger", true, false)));
    assert!(found.starts_with("crates/clearing/Cargo.toml: error: edge clearing -> ledger is not"), "{found}");
    let found = only(&rooms::check(&house("iso20022", "quick-xml", false, false)));
    assert!(found.contains("edge iso20022 -> quick-xml is not"), "{found}");
    let found = only(&rooms::check(&house("journal", "ledger", true, true)));
    assert!(found.contains("edge journal -> ledger (tests) is not"), "{found}");
    let found = only(&rooms::check(&house("ledger", "rand", false, true)));
    assert!(found.contains("edge ledger -> rand (tests) is not"), "{found}");
}

#[test]
fn tests_may_use_what_lies_below_their_room() {
    for (from, name, ours) in [
        ("comity", "clearing", true),
        ("engine", "clearing", true),
        ("journal", "journal", true),
        ("iso20022", "quick-xml", false),
        ("ledger", "blake3", false),
    ] {
        assert_eq!(rooms::check(&house(from, name, ours, true)), [], "{from} -> {name}");
    }
}

#[test]
fn a_crate_without_a_room_and_a_room_without_a_crate_are_found() {
    let mut packages = house("ledger", "clearing", true, false);
    packages.push(Package { room: "utils".into(), manifest: "crates/utils/Cargo.toml".into(), needs: Vec::new() });
    assert!(only(&rooms::check(&packages)).contains("crate utils is not in the table"));
    packages.retain(|package| package.room != "utils" && package.room != "viz");
    assert!(only(&rooms::check(&packages)).contains("room viz is no crate"));
}

#[test]
fn the_table_of_rooms_has_no_circle() {
    for room in ROOMS {
        let mut below = vec![room.name];
        let mut seen = Vec::new();
        while let Some(name) = below.pop() {
            let next = ROOMS.iter().find(|room| room.name == name);
            let next = next.unwrap_or_else(|| panic!("{name} is used but is no room"));
            for name in next.ours {
                assert_ne!(*name, room.name, "{} depends on itself", room.name);
                if !seen.contains(name) {
                    seen.push(name);
                    below.push(name);
                }
            }
        }
    }
}

#[test]
fn a_page_with_another_table_is_found() {
    let found = only(&table::check(&tree(&[])));
    assert!(found.contains("no table of rooms"), "{found}");
    let page = "<!-- rooms: written by UPDATE_EXPECT=1 cargo xtask tidy -->\n| old |\n<!-- rooms: end -->\n";
    let found = only(&table::check(&tree(&[("ARCHITECTURE.md", page)])));
    assert!(found.contains("UPDATE_EXPECT=1 cargo xtask tidy"), "{found}");
}

#[test]
fn a_missing_or_empty_page_is_found() {
    for path in REQUIRED {
        let tree = tree(&[(path, "")]);
        assert_eq!(only(&text::check(&tree)), format!("{path}: error: missing or empty"));
    }
}

#[test]
fn every_forbidden_word_is_found() {
    // Written out, so that taking a word off the list breaks this test.
    let words = [
        concat!("to", "do!()"),
        concat!("// TO", "DO later"),
        concat!("// FIX", "ME"),
        concat!("unimpl", "emented!()"),
        concat!("db", "g!(x)"),
        concat!("#[ig", "nore]"),
        concat!("assert!(", "true)"),
        concat!("#[al", "low(dead_code)]"),
        concat!("fn f() { #![al", "low(dead_code)] }"),
    ];
    assert_eq!(words.len(), FORBIDDEN.len());
    for word in words {
        let source = format!("//! Header.\n{word}\n");
        let found = only(&text::check(&tree(&[("crates/x/src/a.rs", &source)])));
        assert!(found.starts_with("crates/x/src/a.rs:2: error: "), "{found}");
    }
}

#[test]
fn a_file_without_a_header_is_found() {
    for source in ["fn f() {}\n", "// A plain comment.\n", "#![no_std]\nfn f() {}\n", "\n"] {
        let found = only(&text::check(&tree(&[("crates/x/src/a.rs", source)])));
        assert!(found.contains("no //! header"), "{source:?}: {found}");
    }
}

#[test]
fn a_long_file_is_advice_and_a_very_long_one_is_wrong() {
    let source = |lines: usize| format!("//! Header.\n{}", "\n".repeat(lines - 1));
    assert_eq!(text::check(&tree(&[("a.rs", &source(LINES_GOOD))])), []);
    let advice = text::check(&tree(&[("a.rs", &source(LINES_GOOD + 1))]));
    assert!(advice.iter().all(|finding| !finding.wrong));
    assert_eq!(only(&advice), "a.rs: advice: 501 lines, aim at 500: is it one idea?");
    let wrong = text::check(&tree(&[("a.rs", &source(LINES_MAX + 1))]));
    assert!(wrong.iter().all(|finding| finding.wrong));
    assert!(only(&wrong).contains("901 lines exceed the limit of 900"));
}

#[test]
fn a_long_decision_and_a_large_file_are_found() {
    let long = "line\n".repeat(ADR_LINES_MAX + 1);
    let found = only(&text::check(&tree(&[("docs/adr/0001-x.md", &long)])));
    assert!(found.contains("61 lines exceed the limit of 60"), "{found}");
    let mut tree = tree(&[]);
    tree.files.push(File { path: "z.bin".into(), len: BYTES_MAX + 1, text: None });
    assert!(only(&text::check(&tree)).contains("1048577 bytes exceed the limit of 1048576"));
}

#[test]
fn white_space_that_nobody_sees_is_found() {
    for (source, line, word) in [
        ("# A\n\tx\n", 2, "tab"),
        ("# A \nx\n", 1, "white space at the end"),
        ("# A\r\n", 1, "white space at the end"),
        ("# A\nx", 2, "no line end"),
    ] {
        let found = only(&text::check(&tree(&[("docs/a.md", source)])));
        assert!(found.starts_with(&format!("docs/a.md:{line}: error: {word}")), "{found}");
    }
}

#[test]
fn a_crate_outside_the_lints_is_found() {
    let found = only(&text::check(&tree(&[("crates/x/Cargo.toml", "[package]\nname = \"x\"\n")])));
    assert!(found.contains("lints of the workspace"), "{found}");
}

#[test]
fn links_that_lead_nowhere_are_found() {
    for (link, problem) in [
        ("[a](nowhere.md)", "leads to no file: docs/nowhere.md"),
        ("![a](img/no.svg \"title\")", "leads to no file: docs/img/no.svg"),
        ("[a](../../x.md)", "leaves the repository"),
        ("[a](#nothing)", "has no heading #nothing"),
        ("[a](../README.md#nothing)", "README.md has no heading #nothing"),
    ] {
        let page = format!("# A page, with marks\n\n{link}\n");
        let found = only(&links::check(&tree(&[("docs/a.md", &page)])));
        assert!(found.starts_with("docs/a.md:3: error: link") && found.contains(problem), "{found}");
    }
}

#[test]
fn links_that_lead_somewhere_and_code_are_left_alone() {
    let page = "# A page, with marks\n\n[a](#a-page-with-marks) [b](../README.md) [c](https://example.org/x) `[d](no.md)`\n\n```\n[e](no.md)\n```\n";
    assert_eq!(links::check(&tree(&[("docs/a.md", page)])), []);
}

#[test]
fn what_cargo_says_is_understood() {
    let json = br#"{"workspace_root":"/r","packages":[{"name":"comity-ledger","manifest_path":"/r/crates/ledger/Cargo.toml",
        "dependencies":[{"name":"comity-clearing","kind":null,"path":"/r/crates/clearing"},{"name":"proptest","kind":"dev"}]}]}"#;
    let packages = packages::parse(json).expect("this is what cargo prints");
    let [package] = &packages[..] else {
        panic!("one package expected: {packages:?}");
    };
    assert_eq!((package.room.as_str(), package.manifest.as_str()), ("ledger", "crates/ledger/Cargo.toml"));
    let needs: Vec<_> = package.needs.iter().map(|need| (need.name.as_str(), need.ours, need.tests_only)).collect();
    assert_eq!(needs, [("clearing", true, false), ("proptest", false, true)]);
    assert!(packages::parse(b"{}").is_err());
}
