//! The files as a reader sees them: the same from the same seed, valid by the official schemas, and bad where they should be.

use comity_lab::render::{Family, File, Files, Format, HEADER, Style, write_inbox};
use comity_lab::traffic::{FlawKind, NoticedBy, Options};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn options(payments: u64) -> Options {
    let mut options = Options { payments, ..Options::default() };
    options.banks[44].suspended = true;
    options
}

fn files(options: &Options, style: &Style) -> Vec<File> {
    Files::new(options, style).expect("usable").collect()
}

fn digest(options: &Options) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let summary = write_inbox(dir.path(), options, &Style::default()).expect("written");
    let on_disk = std::fs::read_dir(dir.path()).expect("readable").count();
    assert_eq!(summary.files, on_disk as u64, "no two files share a name");
    summary.digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The golden digest: computed once; any other machine, system or build must come to the same files.
#[test]
fn a_seed_gives_these_files_on_every_machine() {
    assert_eq!(digest(&options(3_000)), "fbb596c0560fa66645da1f58ff930df630d2b867ae3fa7c85c490e6d89d3c702");
}

#[test]
fn another_seed_gives_other_files() {
    let first = options(500);
    let second = Options { seed: 2, ..first.clone() };
    assert_eq!(digest(&first), digest(&first));
    assert_ne!(digest(&first), digest(&second));
}

#[test]
fn every_line_is_in_exactly_one_file_and_files_are_in_order() {
    let options = options(5_000);
    let files = files(&options, &Style::default());
    let mut seen = HashSet::new();
    for file in &files {
        let again = file.lines.iter().any(|line| line.flaw == Some(FlawKind::SentTwice))
            && !seen.insert(file.lines[0].sequence);
        for line in file.lines.iter().filter(|_| !again) {
            seen.insert(line.sequence);
        }
        assert!(file.lines.len() <= Style::default().batch_max);
    }
    let planned = comity_lab::traffic::plan(&options).expect("usable");
    assert_eq!(seen.len(), planned.len());
    assert!(files.is_sorted_by_key(|file| file.at));
    let names: Vec<_> = files.iter().map(|file| &file.name[..4]).collect();
    assert!(names.is_sorted(), "names sort by the minute of arrival");
    let many = files.iter().map(|file| file.lines.len()).max();
    assert!(many > Some(10), "some files hold many lines: {many:?}");
}

#[test]
fn lines_are_of_realistic_size() {
    let files = files(&options(5_000), &Style::default());
    let mut sizes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for file in &files {
        let entry = sizes.entry(format!("{:?}", file.format)).or_default();
        entry.0 += file.bytes.len();
        entry.1 += file.lines.len();
    }
    let (bytes, lines) = sizes["Iso(Pacs008)"];
    assert!((1_500..3_500).contains(&(bytes / lines)), "{sizes:?}");
    assert!(sizes.contains_key("Csv"), "{sizes:?}");
}

#[test]
fn csv_has_its_header_and_fields() {
    let style = Style { csv_per_mille: 1_000, ..Style::default() };
    let file = files(&options(500), &style).into_iter().find(|file| file.format == Format::Csv).expect("a CSV file");
    let text = String::from_utf8(file.bytes).expect("text");
    let mut rows = text.trim_start_matches('\u{feff}').lines();
    assert_eq!(rows.next(), Some(HEADER));
    let columns = HEADER.split(',').count();
    assert!(file.name.ends_with(".csv"));
    let mut count = 0;
    for row in rows {
        // Remittance texts hold commas and are quoted; nothing else is.
        let plain = row.split('"').next().expect("a first part");
        assert_eq!(plain.split(',').count(), columns, "{row}");
        count += 1;
    }
    assert_eq!(count, file.lines.len());
}

/// Shared test data: the folder of the environment variable, else a sibling of the repository.
fn shared() -> Option<PathBuf> {
    if let Some(dir) = std::env::var_os("COMITY_SHARED") {
        return Some(PathBuf::from(dir));
    }
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|dir| dir.join("shared")).find(|dir| dir.is_dir())
}

/// Where schemas and `xmllint` are present: their folder.
fn schemas() -> Option<PathBuf> {
    let dir = shared()?.join("xsd");
    let lint = Command::new("xmllint").arg("--version").output().ok()?;
    (dir.is_dir() && lint.status.success()).then_some(dir)
}

/// The part of a file from the tag that opens an element to the tag that ends it.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let begin = ["", "p:", "h:"].iter().find_map(|prefix| text.find(&format!("<{prefix}{name} ")))?;
    let end = text.rfind(&format!("{name}>"))? + name.len() + 1;
    text.get(begin..end)
}

#[test]
fn good_messages_are_valid_by_the_official_schemas() {
    let Some(schemas) = schemas() else {
        eprintln!("skipped: shared data or xmllint not present");
        return;
    };
    let mut options = options(4_000);
    options.flaws = 0;
    options.mix.pvp = 10;
    let style = Style { header_per_mille: 500, ..Style::default() };
    let dir = tempfile::tempdir().expect("a folder");
    let mut by_schema: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    for (number, file) in files(&options, &style).iter().enumerate() {
        let Format::Iso(family) = file.format else {
            continue;
        };
        let text = std::str::from_utf8(&file.bytes).expect("UTF-8");
        let mut keep = |schema, part: &str| {
            let path = dir.path().join(format!("{number}-{schema}.xml"));
            std::fs::write(&path, part).expect("written");
            by_schema.entry(schema).or_default().push(path);
        };
        keep(family.definition(), element(text, "Document").expect("a document"));
        if text.contains("AppHdr") {
            keep("head.001.001.02", element(text, "AppHdr").expect("a header"));
        }
    }
    assert_eq!(by_schema.len(), 7, "{:?}", by_schema.keys());
    for (schema, paths) in by_schema {
        for some in paths.chunks(500) {
            let output = Command::new("xmllint")
                .args(["--noout", "--nonet", "--schema"])
                .arg(schemas.join(format!("{schema}.xsd")))
                .args(some)
                .output()
                .expect("xmllint runs");
            let report = String::from_utf8_lossy(&output.stderr);
            let wrong: Vec<_> = report.lines().filter(|line| !line.ends_with(" validates")).take(5).collect();
            assert!(output.status.success() && wrong.is_empty(), "{wrong:#?}");
        }
    }
}

#[test]
fn every_flaw_reaches_a_file() {
    let options = options(3_000);
    let mut found: BTreeMap<FlawKind, File> = BTreeMap::new();
    for file in files(&options, &Style::default()) {
        for flaw in file.lines.iter().filter_map(|line| line.flaw) {
            if flaw.spoils_message() {
                assert_eq!(file.lines.len(), 1, "{flaw:?} must not spoil others");
            }
            found.insert(flaw, file.clone());
        }
    }
    let text = |kind: FlawKind| String::from_utf8_lossy(&found[&kind].bytes).into_owned();
    assert_eq!(found.len(), FlawKind::ALL.len());
    assert!(text(FlawKind::Doctype).contains("<!DOCTYPE"));
    assert!(text(FlawKind::UnsupportedVersion).contains("pacs.008.001.99"));
    assert!(std::str::from_utf8(&found[&FlawKind::NotUtf8].bytes).is_err());
    assert!(std::str::from_utf8(&found[&FlawKind::Truncated].bytes).is_ok());
    assert!(!text(FlawKind::Truncated).contains("</Document>"));
    assert_eq!(text(FlawKind::CountMismatch).matches("<CdtTrfTxInf>").count(), 1);
    assert!(text(FlawKind::BicCountry).contains("XXXXQQ"));
    for kind in FlawKind::ALL {
        let expected = kind.expected();
        let by_status = expected.noticed_by == NoticedBy::Settlement && expected.reason.is_none();
        assert_eq!(*kind == FlawKind::SentTwice, by_status, "{kind:?}");
    }
    assert_eq!(Family::Pacs004.definition(), "pacs.004.001.09");
}
