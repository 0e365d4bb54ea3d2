//! Netting of real goods trade between members of existing groups, 2019.
//!
//! Amounts are in thousands of USD as the trade table states them; the importer owes the exporter. Saved
//! share = (gross - what is left) / gross. The table itself is optional; a made-up one of the same form
//! stands beside it, so that reading and netting are tested everywhere.

use std::path::{Path, PathBuf};

use comity_clearing::netting::{Netting, Obligation, net};

const HEADER: &str = "year,exporter,importer,usd_million_fob,method,export_report,import_report_cif";

/// Name, members, gross in bn USD, saved bilaterally and multilaterally in tenths of a percent.
type Known<'a> = (&'a str, &'a str, i128, u32, u32);

/// The table has no Ethiopia: BRICS10 is the other ten.
const GROUPS: [Known<'_>; 7] = [
    ("CHN-RUS", "CHN RUS", 106, 947, 947),
    ("EAEU5", "RUS KAZ BLR ARM KGZ", 57, 673, 689),
    ("EAEU5+CHN", "RUS KAZ BLR ARM KGZ CHN", 188, 840, 875),
    ("CHN+5 Central Asia", "CHN KAZ KGZ TJK TKM UZB", 43, 594, 787),
    ("SCO9", "CHN IND IRN KAZ KGZ PAK RUS TJK UZB", 313, 666, 720),
    ("BRICS10", "BRA RUS IND CHN ZAF EGY IRN ARE IDN SAU", 788, 703, 824),
    (
        "24 economies",
        "ARE ARM BLR BRA CHN EGY IDN IND IRN KAZ KGZ LAO MNG MYS PAK RUS SAU SGP THA TJK TUR UZB VNM ZAF",
        1_830,
        723,
        835,
    ),
];

#[test]
fn a_made_up_table() {
    let table = format!(
        "{HEADER}\n2018,AAA,BBB,7000,both,,\n2019,AAA,BBB,60.5,both,60,61\n2019,BBB,AAA,20,export,20,\n\
         2019,BBB,CCC,40.25,mirror,,40\n2019,CCC,AAA,9,both,9,9\n"
    );
    let netting = group(&table, "AAA BBB CCC");
    assert_eq!(netting.gross, 129_750);
    assert_eq!(netting.bilateral_total, 40_500 + 40_250 + 9_000);
    assert_eq!(netting.multilateral_total, 40_500 - 9_000);
    assert_eq!(group(&table, "AAA BBB").gross, 80_500);
}

#[test]
fn goods_trade_of_real_groups() {
    let Some(folder) = shared() else {
        eprintln!("skipped: shared data not present");
        return;
    };
    let table =
        std::fs::read_to_string(folder.join("data/trade_matrix_best_2010_2020.csv")).expect("the table is readable");
    for (name, members, gross, bilateral, multilateral) in GROUPS {
        let netting = group(&table, members);
        let found = (
            (netting.gross + 500_000) / 1_000_000,
            (u32::from(netting.saved_bilateral_bp()) + 5) / 10,
            (u32::from(netting.saved_multilateral_bp()) + 5) / 10,
        );
        assert_eq!(found, (gross, bilateral, multilateral), "{name}");
    }
}

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        folders.find_map(|folder| Some(folder.join("shared")).filter(|shared| shared.is_dir()))
    };
    named.or_else(beside)
}

/// Nets the trade of 2019 among `members`.
fn group(table: &str, members: &str) -> Netting {
    let members: Vec<&str> = members.split(' ').collect();
    let index = |code: &str| members.iter().position(|member| *member == code);
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some(HEADER));
    let obligations: Vec<Obligation> = lines
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|row| row[0] == "2019")
        .filter_map(|row| {
            let (exporter, importer) = (index(row[1])?, index(row[2])?);
            let amount = thousands(row[3]);
            let place = |place| u32::try_from(place).expect("few members");
            (amount > 0).then(|| Obligation { from: place(importer), to: place(exporter), amount })
        })
        .collect();
    net(u32::try_from(members.len()).expect("few members"), &obligations).expect("well formed")
}

/// A decimal number of millions as thousands, rounding down beyond three decimals.
fn thousands(text: &str) -> i64 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let three: String = decimals.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{three}").parse().expect("a decimal number")
}
