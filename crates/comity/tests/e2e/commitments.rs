//! `comity commitments`: a register from a file, a day run on it, forecast beside what settled, and mistakes.

use crate::world::{comity, folder, read, write};

/// One commitment that is due on the day of the preset, one in two dates, one due the other way.
const FILE: &str = "\
reference,debtor,creditor,currency,kind,day,amount
LC-7,XXXXCNB1XXX,XXXXRUB1XXX,CNY,letter-of-credit,2026-11-24,250000.00
RENT,XXXXRUB1XXX,XXXXCNB1XXX,CNY,standing-order,2026-12-01,1000.00
RENT,XXXXRUB1XXX,XXXXCNB1XXX,CNY,standing-order,2027-01-04,1000.50
";

#[test]
fn a_register_from_a_file_is_forecast() {
    let dir = folder();
    comity(dir.path(), &["new", "trial", "--preset", "bilateral-1+1"]).ends(0);
    let participants = read(dir.path().join("trial/participants.csv"));
    let bics: Vec<&str> = participants
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    let of = |country: &str| *bics.iter().find(|bic| bic[4..].starts_with(country)).expect("a bank of the country");
    let file = FILE.replace("XXXXCNB1XXX", of("CN")).replace("XXXXRUB1XXX", of("RU"));
    let path = dir.path().join("trial/commitments.csv");
    for (from, to, says) in [
        ("2027-01-04", "2026-12-01", "a day after 2026-12-01"),
        ("letter-of-credit", "letter", "one of letter-of-credit, instalments, standing-order"),
        ("1000.50", "1000.505", "amount"),
        ("1000.50", "0", "amount"),
        ("RENT", "LC-7", "the parties, currency and kind of the lines before with this reference"),
        ("CNY,letter", "EUR,letter", "currency"),
    ] {
        assert!(file.contains(from), "{from}");
        write(&path, file.replacen(from, to, 1));
        let said = comity(dir.path(), &["day", "trial"]).ends(3).err;
        assert!(said.contains("commitments.csv") && said.contains(says), "{says}: {said}");
    }
    write(&path, &file);
    comity(dir.path(), &["day", "trial"]).ends(0);
    comity(dir.path(), &["verify", "trial"]).ends(0);
    let found = comity(dir.path(), &["commitments", "trial", "--output", "json"]).ends(0).json();
    let mut names: Vec<&str> = found["register"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["reference"].as_str().expect("text"))
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["LC-7", "RENT"]);
    let rows: Vec<_> = found["forecast"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (row["day"].as_str(), row["expected"].as_str(), row["settled"].as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            (Some("2026-11-24"), Some("250000.00"), Some("0.00")),
            (Some("2026-12-01"), Some("1000.00"), None),
            (Some("2027-01-04"), Some("1000.50"), None),
        ]
    );
    let shown = comity(dir.path(), &["commitments", "trial"]).ends(0).out;
    assert!(shown.starts_with("2 commitments in force, 0 wait for an answer; last business day 2026-11-24"), "{shown}");
    assert!(shown.contains("-250,000.00"), "{shown}");
    let shown = comity(dir.path(), &["commitments", "trial", "--by", "pair"]).ends(0).out;
    assert!(shown.contains("2,000.50"), "{shown}");
}
