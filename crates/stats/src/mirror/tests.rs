//! Reconciled values by hand, and where roots and limits lie.

use proptest::prelude::*;

use super::reconcile::{Factor, Method, REPORT_MAX, Whose, reconcile};
use super::tell::{Report, reconciled, reporters, spread, worst};
use crate::figure::{Figure, Source};

fn report(exporter: &str, importer: &str, export: Option<i64>, import: Option<i64>, row: u64) -> Report {
    let period = "2019".to_owned();
    Report {
        period,
        exporter: exporter.into(),
        importer: importer.into(),
        export,
        import,
        factor: Factor::USUAL,
        rows: vec![row],
    }
}

fn shown(figures: &[Figure]) -> String {
    let line = |figure: &Figure| {
        let of: Vec<&str> = figure.of.iter().map(|(_, value)| value.as_str()).collect();
        format!("{} {}={} rows {}\n", of.join("/"), figure.definition.key, figure.value, figure.rows)
    };
    figures.iter().map(line).collect()
}

#[test]
fn two_reports_become_one_by_each_method() {
    let of = |export, import, method| reconcile(export, import, Factor::USUAL, method);
    // X = 400, M = 954: M / 1.06 = 900; the root of 400 x 900 is 600, the mean 650.
    assert_eq!(of(Some(400), Some(954), Method::Geometric), Some((600, Whose::Both)));
    assert_eq!(of(Some(400), Some(954), Method::Mean), Some((650, Whose::Both)));
    assert_eq!(of(Some(400), Some(954), Method::Exporter), Some((400, Whose::Exporter)));
    assert_eq!(of(Some(400), Some(954), Method::Importer), Some((900, Whose::Importer)));
    assert_eq!(of(Some(400), Some(954), Method::Greater), Some((900, Whose::Importer)));
    assert_eq!(of(Some(950), Some(954), Method::Greater), Some((950, Whose::Exporter)));
    for method in [Method::Geometric, Method::Mean, Method::Exporter, Method::Importer, Method::Greater] {
        assert_eq!(of(Some(400), None, method), Some((400, Whose::Exporter)));
        assert_eq!(of(None, Some(954), method), Some((900, Whose::Importer)));
        // Zero beside a value is no report.
        assert_eq!(of(Some(0), Some(954), method), Some((900, Whose::Importer)));
        assert_eq!(of(Some(400), Some(0), method), Some((400, Whose::Exporter)));
        assert_eq!(of(None, Some(0), method), None);
    }
}

#[test]
fn a_factor_is_data_with_limits() {
    assert_eq!(Factor::parse("1.06"), Ok(Factor::USUAL));
    assert_eq!(
        ["1", "1.1", "0.98", "1.0625"]
            .map(|text| Factor::parse(text).map(|f| f.to_string()))
            .map(Result::unwrap_or_default)
            .join(" "),
        "1 1.1 0.98 1.0625"
    );
    for wrong in ["", "0.4", "2.1", "-1", "1.06001", "1,06", "x"] {
        let told = Factor::parse(wrong).expect_err("refused").to_string();
        assert!(told.contains(wrong) && told.contains("from 0.5 to 2"), "{told}");
    }
}

#[test]
fn spread_reporters_and_the_worst() {
    let reports = [
        report("AAA", "BBB", Some(100), Some(106), 2),
        report("BBB", "AAA", Some(100), Some(50), 3),
        report("AAA", "CCC", Some(400), Some(954), 4),
        report("CCC", "AAA", None, Some(53), 5),
        report("CCC", "BBB", Some(30), None, 6),
    ];
    let source = Source::new("made up", "1", "million").shared();
    // Ratios 0.5, 1.06, 2.385: p10 = 0.5 + 0.2 x 0.56, p90 = 1.06 + 0.8 x 1.325.
    expect_test::expect![[r#"
        all mirror.pairs=3 rows 2-4
        all mirror.p10=0.61 rows 2-4
        all mirror.median=1.06 rows 2-4
        all mirror.p90=2.12 rows 2-4
        all mirror.overall=1.850 rows 2-4
    "#]]
    .assert_eq(&shown(&spread(&reports, &source)));
    expect_test::expect![[r#"
        AAA mirror.as_exporter=1.72 rows 2, 4
        AAA mirror.as_importer=0.50 rows 3
        BBB mirror.as_exporter=0.50 rows 3
        BBB mirror.as_importer=1.06 rows 2
        CCC mirror.as_exporter= rows 
        CCC mirror.as_importer=2.38 rows 4
    "#]]
    .assert_eq(&shown(&reporters(&reports, &source)));
    expect_test::expect![[r#"
        both mirror.flows=3 rows 2-4
        both mirror.reconciled=769 rows 2-4
        both mirror.share=90.6 rows 2-4
        exporter mirror.flows=1 rows 6
        exporter mirror.reconciled=30 rows 6
        exporter mirror.share=3.5 rows 6
        importer mirror.flows=1 rows 5
        importer mirror.reconciled=50 rows 5
        importer mirror.share=5.9 rows 5
    "#]]
    .assert_eq(&shown(&reconciled(&reports, Method::Geometric, 0, &source)));
    expect_test::expect![[r#"
        2019/AAA to CCC mirror.export=400 rows 4
        2019/AAA to CCC mirror.import=954 rows 4
        2019/AAA to CCC mirror.ratio=2.38 rows 4
        2019/AAA to CCC mirror.gap=500 rows 4
        2019/AAA to CCC mirror.reconciled=600 rows 4
        2019/AAA to CCC mirror.whose=both rows 4
    "#]]
    .assert_eq(&shown(&worst(&reports, 1, Method::Geometric, 0, &source)));
}

proptest! {
    #[test]
    fn a_mean_lies_between_the_two(export in 1..=REPORT_MAX, import in 1..=REPORT_MAX, factor in 5_000i64..=20_000) {
        let factor = Factor::parse(&format!("{}.{:04}", factor / 10_000, factor % 10_000)).expect("within limits");
        let fob = factor.without(import);
        for method in [Method::Geometric, Method::Mean] {
            let (value, whose) = reconcile(Some(export), Some(import), factor, method).expect("both reported");
            prop_assert_eq!(whose, Whose::Both);
            prop_assert!(value >= export.min(fob) - 1 && value <= export.max(fob) + 1, "{} {} {}", export, fob, value);
        }
    }
}
