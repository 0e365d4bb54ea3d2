//! A new user's story: `comity demo` in an empty folder, and the promise that the same seed gives the same day anywhere.

use std::path::Path;
use std::process::Command;

use crate::world::{comity, digest, files, folder, read, shared, summary};

/// The final digest of `comity demo --seed 1 --payments 2000`, the same on every machine.
///
/// It may change when the generator, the preset `multilateral`, a rule of the ledger or the encoding of its state
/// changes, and then the changelog says so. It must not change for any other reason.
const GOLDEN: &str = "c1db3b4823e0dd2637778a1b04f442ef4287a96d846622bd91141cd9d3f87286";

fn demo(dir: &Path) -> crate::world::Ran {
    comity(dir, &["demo", "--seed", "1", "--payments", "2000"]).ends(0)
}

#[test]
fn a_new_user_sees_a_day_and_can_prove_it() {
    let home = folder();
    let ran = demo(home.path());
    let dir = home.path().join("comity-demo");
    assert!(ran.out.starts_with("Example Multilateral Arrangement, business date 2026-11-25\n"), "{}", ran.out);
    for currency in ["CNY", "RUB", "KZT", "BYN", "AMD", "KGS", "MNT", "UZS", "INR"] {
        assert!(ran.out.contains(&format!("\n{currency} ")), "{currency} in {}", ran.out);
    }
    assert!(!ran.out.contains('\x1b'), "no colour where nobody looks");
    assert_eq!(ran.err, "", "nothing to complain about, and no progress bar in a file");
    for name in ["arrangement.toml", "participants.csv", "rates.csv", "summary.json", "report.html"] {
        assert!(dir.join(name).is_file(), "{name}");
    }
    for name in ["inbox", "outbox", "statements", "journal", "keys"] {
        assert!(!files(&dir.join(name)).is_empty(), "{name}");
    }
    let counted = |name: &str| summary(&dir)["files"][name].as_u64().expect("a count");
    assert_eq!(files(&dir.join("outbox")).len() as u64, counted("outbox"));
    assert_eq!(files(&dir.join("statements")).len() as u64, counted("statements"));
    assert_eq!(digest(&dir), GOLDEN, "the same seed gives the same digest on every machine");
    assert!(ran.out.contains(GOLDEN), "the digest is shown: {}", ran.out);

    let proof = comity(home.path(), &["verify", "comity-demo"]).ends(0);
    assert!(proof.out.contains("sound") && proof.out.contains(GOLDEN), "{}", proof.out);
    assert!(proof.out.contains("signed by 9 of 9 authorities"), "{}", proof.out);
    assert_eq!(proof.err, "");

    // The same command again checks the journal against the folder and changes nothing.
    let before = (files(&dir.join("outbox")), files(&dir.join("statements")), read(dir.join("summary.json")));
    let again = demo(home.path());
    assert_eq!(again.out, ran.out);
    assert!(again.err.contains("was written before"), "{}", again.err);
    let after = (files(&dir.join("outbox")), files(&dir.join("statements")), read(dir.join("summary.json")));
    assert!(before == after, "a second run writes the same files");

    valid(&dir);
}

#[test]
fn another_folder_with_the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let home = folder();
    let run = |name: &str, seed: &str| {
        comity(home.path(), &["demo", "--dir", name, "--seed", seed, "--payments", "300"]).ends(0);
        home.path().join(name)
    };
    let (first, second, other) = (run("a", "5"), run("b", "5"), run("c", "6"));
    for name in ["inbox", "outbox", "statements", "keys"] {
        assert!(files(&first.join(name)) == files(&second.join(name)), "{name} differs");
    }
    for name in ["arrangement.toml", "funding.csv", "summary.json"] {
        assert_eq!(read(first.join(name)), read(second.join(name)));
    }
    assert_ne!(digest(&first), digest(&other));
}

#[test]
fn a_folder_that_is_not_a_demo_is_left_alone() {
    let home = folder();
    crate::world::write(home.path().join("comity-demo/letter.txt"), "mine");
    let ran = comity(home.path(), &["demo", "--payments", "100"]).ends(4);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("comity-demo is not empty"), "{}", ran.err);
    assert_eq!(files(&home.path().join("comity-demo")).len(), 1);

    comity(home.path(), &["demo", "--dir", "d", "--payments", "100"]).ends(0);
    let ran = comity(home.path(), &["demo", "--dir", "d", "--payments", "101"]).ends(4);
    assert!(ran.err.contains("another seed or size"), "{}", ran.err);
}

/// Every file that went out is valid against the official schemas, where they are at hand.
fn valid(dir: &Path) {
    let Some(shared) = shared() else {
        eprintln!("skipped: shared data not present");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint not present");
        return;
    }
    let mut by_schema: std::collections::BTreeMap<String, Vec<std::path::PathBuf>> = Default::default();
    for inner in ["outbox", "statements"] {
        for (name, bytes) in files(&dir.join(inner)) {
            let text = String::from_utf8(bytes).expect("messages are UTF-8");
            let schema = text.split("xsd:").nth(1).and_then(|rest| rest.split('"').next()).expect("a namespace");
            by_schema.entry(schema.to_owned()).or_default().push(dir.join(inner).join(name));
        }
    }
    assert!(by_schema.len() >= 5, "{:?}", by_schema.keys());
    for (schema, files) in by_schema {
        let xsd = shared.join("xsd").join(format!("{schema}.xsd"));
        // The names of many thousand files are longer than a command line may be.
        for some in files.chunks(500) {
            let run = Command::new("xmllint").args(["--noout", "--schema"]).arg(&xsd).args(some).output();
            let run = run.expect("xmllint runs");
            let said = String::from_utf8_lossy(&run.stderr);
            let wrong: Vec<&str> = said.lines().filter(|line| !line.ends_with(" validates")).take(5).collect();
            assert!(run.status.success(), "{schema}: {wrong:#?}");
        }
    }
}
