//! A small table by hand; sums, shares, balances, contributions and concentration of it.

use std::collections::BTreeSet;

use super::section;
use super::sums::{By, Partners, Question, fold, sums};
use super::table::{Refusal, Row, Table};
use super::tell::tell;
use crate::figure::{Figure, Source};

/// AAA sells fuel to BBB, BBB sells machines to AAA; CCC is outside.
fn table() -> Table {
    let row = |period, exporter, importer, chapter, value, row| Row {
        period,
        exporter,
        importer,
        chapter: Some(chapter),
        value,
        row,
    };
    Table {
        periods: vec!["2019".into(), "2020".into()],
        codes: vec!["AAA".into(), "BBB".into(), "CCC".into()],
        rows: vec![
            row(0, 0, 1, 27, 600, 2),
            row(0, 1, 0, 84, 300, 3),
            row(0, 1, 2, 84, 100, 4),
            row(1, 0, 1, 27, 500, 5),
            row(1, 0, 1, 85, 100, 6),
            row(1, 1, 0, 84, 400, 7),
        ],
        decimals: 0,
        source: Source::new("made up", "1", "million").shared(),
    }
}

fn question(by: By) -> Question {
    Question { by, members: None, partners: Partners::All, without_energy: false, pooled: None, regions: None }
}

/// Every figure as `period/parts key=value`, one a line.
fn shown(figures: &[Figure]) -> String {
    let line = |figure: &Figure| {
        let of: Vec<&str> = figure.of.iter().map(|(_, value)| value.as_str()).collect();
        format!("{} {}={} rows {}\n", of.join("/"), figure.definition.key, figure.value, figure.rows)
    };
    figures.iter().map(line).collect()
}

#[test]
fn members_with_and_without_energy() {
    let sums = sums(&table(), &question(By::Member)).expect("sound");
    expect_test::expect![[r#"
        2019/BBB trade.exports=400 rows 2-4
        2019/BBB trade.imports=600 rows 2-4
        2019/BBB trade.turnover=1000 rows 2-4
        2019/BBB trade.share=50.0 rows 2-4
        2019/BBB trade.balance=-200 rows 2-4
        2019/BBB trade.imbalance=-20.0 rows 2-4
        2019/BBB trade.balance_without_energy=400 rows 2-4
        2019/BBB trade.imbalance_without_energy=100.0 rows 2-4
        2019/BBB trade.energy=60.0 rows 2-4
        2019/AAA trade.exports=600 rows 2-3
        2019/AAA trade.imports=300 rows 2-3
        2019/AAA trade.turnover=900 rows 2-3
        2019/AAA trade.share=45.0 rows 2-3
        2019/AAA trade.balance=300 rows 2-3
        2019/AAA trade.imbalance=33.3 rows 2-3
        2019/AAA trade.balance_without_energy=-300 rows 2-3
        2019/AAA trade.imbalance_without_energy=-100.0 rows 2-3
        2019/AAA trade.energy=66.7 rows 2-3
        2019/CCC trade.exports=0 rows 4
        2019/CCC trade.imports=100 rows 4
        2019/CCC trade.turnover=100 rows 4
        2019/CCC trade.share=5.0 rows 4
        2019/CCC trade.balance=-100 rows 4
        2019/CCC trade.imbalance=-100.0 rows 4
        2019/CCC trade.balance_without_energy=-100 rows 4
        2019/CCC trade.imbalance_without_energy=-100.0 rows 4
        2019/CCC trade.energy=0.0 rows 4
    "#]]
    .assert_eq(&shown(&tell(&sums, &[0], 0, &table().source).parts));
}

#[test]
fn contributions_add_up_to_growth_and_concentration_is_told() {
    let sums = sums(&table(), &question(By::Section)).expect("sound");
    let told = tell(&sums, &[1], 0, &table().source);
    // 600 of fuel and 400 of machines become 500 and 500: nothing grows, fuel takes 10 points, machines give them.
    expect_test::expect![[r#"
        2020/V mineral products and fuels trade.value=500 rows 5
        2020/V mineral products and fuels trade.share=50.0 rows 5
        2020/V mineral products and fuels trade.growth=-16.7 rows 5
        2020/V mineral products and fuels trade.contribution=-10.00 rows 5
        2020/XVI machinery, electrical equipment trade.value=500 rows 6-7
        2020/XVI machinery, electrical equipment trade.share=50.0 rows 6-7
        2020/XVI machinery, electrical equipment trade.growth=25.0 rows 6-7
        2020/XVI machinery, electrical equipment trade.contribution=10.00 rows 6-7
    "#]]
    .assert_eq(&shown(&told.parts));
    expect_test::expect![[r#"
        2020/sections trade.parts=2 rows 5-7
        2020/sections trade.hhi=5000 rows 5-7
        2020/sections trade.equivalent=2.0 rows 5-7
    "#]]
    .assert_eq(&shown(&told.concentration));
}

#[test]
fn groups_look_inside_or_outside() {
    let members: BTreeSet<String> = ["AAA".into(), "BBB".into()].into();
    let total = |partners, by| {
        let question = Question { members: Some(members.clone()), partners, ..question(by) };
        let sums = sums(&table(), &question).expect("sound");
        sums.of.iter().map(|of| of.values().map(|sum| sum.turnover()).sum::<i128>()).collect::<Vec<_>>()
    };
    assert_eq!(total(Partners::Inside, By::Period), [900, 1000]);
    assert_eq!(total(Partners::Outside, By::Period), [100, 0]);
    assert_eq!(total(Partners::All, By::Period), [1000, 1000]);
    // A flow between two members is in the turnover of both.
    assert_eq!(total(Partners::Inside, By::Partner), [1800, 2000]);
    assert_eq!(total(Partners::Outside, By::Partner), [100, 0]);
    assert_eq!(total(Partners::All, By::Region), [1900, 2000]);
}

#[test]
fn the_small_ones_become_others_and_nothing_is_lost() {
    let sums = sums(&table(), &question(By::Member)).expect("sound");
    let folded = fold(sums, 1, 0);
    let of: Vec<(&str, i128)> = folded.of[0].iter().map(|((_, part), sum)| (part.as_str(), sum.turnover())).collect();
    assert_eq!(of, [("BBB", 1000), ("others", 1000)]);
}

#[test]
fn what_a_table_does_not_have_is_refused() {
    let mut bare = table();
    bare.rows[0].chapter = None;
    let refused = |question: Question| sums(&bare, &question).expect_err("refused");
    assert_eq!(refused(question(By::Section)), Refusal::NoProducts);
    assert_eq!(refused(Question { without_energy: true, ..question(By::Period) }), Refusal::NoProducts);
    bare.rows[0].value = -1;
    assert_eq!(bare.check(), Err(Refusal::NegativeValue { row: 2, value: -1 }));
    bare.rows[0] = Row { importer: 0, value: 1, ..bare.rows[0] };
    assert_eq!(bare.check().expect_err("refused").to_string(), "row 2: AAA trades with itself");
}

#[test]
fn sections_cover_every_chapter_once() {
    let mut next = 1;
    for (name, first, last, _) in section::SECTIONS {
        assert_eq!(first, next, "section {name} begins where the one before ends");
        next = last + 1;
    }
    assert_eq!(next, 98);
    assert_eq!([0, 1, 27, 77, 97, 98].map(section::of), [None, Some(0), Some(4), None, Some(20), None]);
    assert_eq!(section::name(27), "V mineral products and fuels");
}

#[test]
fn no_country_is_in_two_regions() {
    let mut seen = BTreeSet::new();
    for (region, members) in super::region::REGIONS {
        for code in members.split_whitespace() {
            assert!(code.len() == 3 && seen.insert(code), "{code} of {region} is malformed or was seen before");
        }
    }
    assert_eq!((super::region::of("KAZ"), super::region::of("XXX")), ("Central Asia", "elsewhere"));
}

/// The published list of chapters has each of them in the section of our table.
#[test]
fn sections_agree_with_the_published_list() {
    let named = std::env::var_os("COMITY_SHARED").map(std::path::PathBuf::from);
    let repository = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = named.unwrap_or_else(|| repository.join("../shared"));
    let Ok(list) = std::fs::read_to_string(shared.join("data/hs_2_4.csv")) else {
        eprintln!("skipped: no shared data");
        return;
    };
    let mut chapters = 0;
    for line in list.lines().skip(1) {
        let cells: Vec<&str> = line.splitn(5, ',').collect();
        let [section, code, _, "2", _] = cells[..] else { continue };
        let chapter: u8 = code.parse().expect("a chapter");
        let ours = section::of(chapter).map_or("national use", |at| section::SECTIONS[at].0);
        let theirs = if chapter > 97 { "national use" } else { section };
        assert_eq!(ours, theirs, "chapter {code}");
        chapters += 1;
    }
    assert_eq!(chapters, 97, "01 to 97 without 77, and 99 for what is not specified");
}
