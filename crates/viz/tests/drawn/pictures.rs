//! Pictures: one golden file each, and the cases that break drawings: nothing, one, huge, long, hostile.
//!
//! `UPDATE_EXPECT=1 cargo test -p comity-viz` writes the golden files anew; look at them before committing.

use crate::markup;
use comity_viz::{
    Amount, BandRow, Bands, Corner, Curve, CutOff, Day, DayPoint, Fall, Flow, FlowMember, Flows, Head, Liquidity,
    LiquidityRow, Node, Obligation, Obligations, Others, Phase, Picture, Segment, SetOff, Share, ShareBar, Unit,
    Waterfall, Width,
};
use std::path::Path;

pub(crate) const HOSTILE: &str = "</text><script>alert('x')</script> & \"quoted\" \u{0}\u{202e}";
pub(crate) const LONG: &str =
    "The Very Long Name of an Invented Agricultural, Industrial and Foreign Trade Development Bank";

pub(crate) fn golden(picture: &dyn Picture) {
    let name = &picture.head().id;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.svg"));
    let drawn = picture.svg(Width::Wide);
    assert_eq!(drawn, picture.svg(Width::Wide), "the same input gives the same bytes");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &drawn).expect("the folder of golden files is part of the crate");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "{name}: the picture changed; see UPDATE_EXPECT in this file");
}

/// Both widths, the figure and the table hold together.
pub(crate) fn sound(picture: &dyn Picture) {
    for width in [Width::Wide, Width::Narrow] {
        for svg in [picture.svg(width), picture.inline_svg(width)] {
            markup::check(&svg);
            markup::within(&svg, width.px());
            assert!(svg.contains("<title id=") && svg.contains("<desc id="));
        }
    }
    let figure = picture.figure();
    markup::check(&figure);
    markup::references(&figure);
    assert!(!figure.contains("<script") && !figure.contains("style=\""));
    let table = picture.table();
    for row in &table.rows {
        assert_eq!(row.len(), table.columns.len(), "{row:?}");
    }
}

fn cny() -> Unit {
    Unit::new("CNY", 2)
}

pub(crate) fn head(id: &str) -> Head {
    Head::new(id, "A title", "What it shows.")
}

fn member(label: &str, out: i128, into: i128) -> FlowMember {
    FlowMember {
        label: label.into(),
        name: format!("{label} in full"),
        gross_out: cny().amount(out),
        gross_in: cny().amount(into),
        net: cny().amount(into.saturating_sub(out)),
    }
}

fn flows(members: Vec<FlowMember>, flows: Vec<Flow>) -> Flows {
    Flows { head: head("flows"), unit: cny(), members, flows }
}

fn day(points: Vec<DayPoint>) -> Day {
    Day {
        head: head("day"),
        unit: cny(),
        zone: "UTC+05:00".into(),
        from_s: 8 * 3600,
        to_s: 18 * 3600,
        points,
        phases: vec![
            Phase { name: "funding".into(), from_s: 8 * 3600, to_s: 9 * 3600 },
            Phase { name: "exchange".into(), from_s: 9 * 3600, to_s: 18 * 3600 },
        ],
        cut_offs: vec![
            CutOff { label: "KZT".into(), at_s: 16 * 3600 },
            CutOff { label: "CNY".into(), at_s: 16 * 3600 },
            CutOff { label: "RUB".into(), at_s: 17 * 3600 },
        ],
    }
}

fn point(at_s: u32, waiting: [u64; 6], settled_minor: i128) -> DayPoint {
    DayPoint { at_s, waiting, settled_minor }
}

fn circle(labels: &[&str], before: Vec<Obligation>, after: Vec<Obligation>) -> Obligations {
    let nodes = labels.iter().map(|label| Node { label: (*label).into(), name: format!("{label} in full") }).collect();
    Obligations { head: head("obligations"), unit: cny(), nodes, before, after }
}

fn owes(from: usize, to: usize, minor: i128) -> Obligation {
    Obligation { from, to, minor }
}

fn row(label: &str, turnover: i128, liquidity: i128, offset_share_bp: u32) -> LiquidityRow {
    LiquidityRow {
        label: label.into(),
        name: format!("{label} in full"),
        unit: cny(),
        turnover: cny().amount(turnover),
        liquidity: cny().amount(liquidity),
        offset_share_bp,
    }
}

fn share(bars: Vec<(&str, Vec<(&str, i128)>)>) -> Share {
    let bars = bars
        .into_iter()
        .map(|(label, parts)| ShareBar {
            label: label.into(),
            segments: parts
                .into_iter()
                .map(|(label, minor)| Segment { label: label.into(), value: cny().amount(minor) })
                .collect(),
        })
        .collect();
    Share { head: head("share"), unit: cny(), bars }
}

#[test]
fn golden_flows() {
    let picture = flows(
        vec![member("China", 900_00, 400_00), member("Russia", 300_00, 500_00), member("India", 100_00, 400_00)],
        vec![],
    );
    golden(&picture);
    sound(&picture);
    assert!(picture.svg(Width::Wide).contains("500 CNY net"));
}

#[test]
fn golden_day() {
    let picture = day(vec![
        point(9 * 3600, [4, 0, 0, 2, 8, 0], 0),
        point(12 * 3600, [9, 3, 1, 2, 0, 1], 500_000_00),
        point(16 * 3600, [1, 0, 0, 0, 0, 0], 900_000_00),
    ]);
    golden(&picture);
    sound(&picture);
    let svg = picture.svg(Width::Wide);
    assert!(svg.contains("peak 16 at 12:00"), "the deepest queue is named");
    assert!(svg.contains("CNY, KZT 16:00"), "cut-offs of one moment share a label");
}

#[test]
fn golden_obligations() {
    let before = vec![owes(0, 1, 70_00), owes(1, 2, 60_00), owes(2, 0, 50_00)];
    let picture = circle(&["ALFA", "BRAVO", "CHARLIE"], before, vec![owes(0, 1, 20_00), owes(1, 2, 10_00)]);
    golden(&picture);
    sound(&picture);
    assert!(picture.svg(Width::Wide).contains("83.3 % less to pay"), "180 before, 30 after");
}

#[test]
fn golden_liquidity() {
    let picture =
        Liquidity { head: head("liquidity"), rows: vec![row("CNY", 1_000_00, 125_00, 6_420), row("KZT", 0, 0, 0)] };
    golden(&picture);
    sound(&picture);
    assert!(picture.svg(Width::Wide).contains("12.5 %"));
}

fn set_off(names: &[&str], before: Vec<Obligation>, after: Vec<Obligation>, others: Option<Others>) -> SetOff {
    let hidden = others.unwrap_or_default();
    let sum = |list: &[Obligation]| list.iter().fold(0_i128, |sum, owed| sum.saturating_add(owed.minor));
    let gross = sum(&before).saturating_add(hidden.before);
    let left = sum(&after).saturating_add(hidden.after);
    let node = |name: &&str| Node { label: (*name).into(), name: format!("{name} in full") };
    let nodes = names.iter().map(node).collect();
    SetOff { head: head("set-off"), unit: cny(), gross, cleared: gross - left, nodes, before, after, others }
}

#[test]
fn golden_set_off() {
    let before = vec![owes(0, 1, 100_00), owes(1, 2, 70_00), owes(2, 0, 90_00), owes(3, 0, 40_00)];
    let after = vec![owes(0, 1, 30_00), owes(2, 0, 20_00), owes(3, 0, 40_00)];
    let others = Others { parties: 1_973, before: 200_00, after: 110_00 };
    let picture = set_off(&["ALFA", "BRAVO", "CHARLIE", "1,973 others"], before, after, Some(others));
    golden(&picture);
    sound(&picture);
    let svg = picture.svg(Width::Wide);
    // 300 of 500: what is not drawn counts.
    assert!(svg.contains("60.0 % set off without money") && svg.contains("1,973 others owe each other"), "{svg}");
}

fn curve(corners: &[(i128, i128)]) -> Curve {
    let corners = corners.iter().map(|&(lent, cleared)| Corner { lent, cleared }).collect();
    Curve { head: head("curve"), unit: cny(), gross: 310_00, corners }
}

#[test]
fn golden_curve() {
    let picture = curve(&[(0, 62_00), (60_00, 242_00), (80_00, 282_00), (108_00, 310_00)]);
    golden(&picture);
    sound(&picture);
    let svg = picture.svg(Width::Wide);
    assert!(svg.contains("20.0 % cleared without money") && svg.contains("each unit clears 3"), "{svg}");
}

#[test]
fn set_off_and_curve_of_nothing_one_and_much() {
    sound(&set_off(&[], vec![], vec![], None));
    sound(&set_off(&["ALFA", LONG, HOSTILE], vec![owes(0, 1, i128::MAX / 4), owes(1, 2, 1)], vec![], None));
    let many: Vec<String> = (0..28).map(|number| format!("Firm {number} of a town with a long name")).collect();
    let names: Vec<&str> = many.iter().map(String::as_str).collect();
    let lines = |size: i128| {
        let pairs = (0..28_usize).flat_map(|from| (0..28_usize).map(move |to| (from, to)));
        pairs.map(|(from, to)| owes(from, to, size)).collect::<Vec<_>>()
    };
    sound(&set_off(&names, lines(9), lines(4), Some(Others::default())));
    sound(&curve(&[]));
    sound(&curve(&[(0, 0)]));
    sound(&curve(&[(0, 1), (i128::MAX / 4, 310_00)]));
    let steps: Vec<(i128, i128)> = (0..60).map(|step| (step * step, 300 * step)).collect();
    sound(&curve(&steps));
}

#[test]
fn golden_share() {
    let picture = share(vec![("Today", vec![("CNY", 600_00), ("KZT", 300_00), ("AMD", 100_00)])]);
    golden(&picture);
    sound(&picture);
    assert!(picture.svg(Width::Wide).contains("60.0 %"));
}

#[test]
fn nothing_to_show_is_said_in_words() {
    let pictures: [(&dyn Picture, &str); 5] = [
        (&flows(vec![member("China", 5, 5)], vec![]), "all positions are even"),
        (&day(vec![]), "nothing was observed"),
        (&circle(&["ALFA"], vec![], vec![]), "nobody owes anybody"),
        (&Liquidity { head: head("liquidity"), rows: vec![] }, "nobody used liquidity"),
        (&share(vec![]), "no values to divide"),
    ];
    for (picture, words) in pictures {
        sound(picture);
        assert!(picture.svg(Width::Narrow).contains(words), "{words}");
    }
}

#[test]
fn one_item_is_drawn() {
    sound(&flows(vec![member("China", 5_00, 0)], vec![]));
    sound(&day(vec![point(10 * 3600, [0; 6], 0)]));
    sound(&circle(&["ALFA", "BRAVO"], vec![owes(0, 1, 1)], vec![]));
    sound(&Liquidity { head: head("liquidity"), rows: vec![row("CNY", 1, 1, 10_000)] });
    sound(&share(vec![("Today", vec![("CNY", 1)])]));
}

#[test]
fn huge_values_stay_inside_the_picture() {
    let max = i128::MAX;
    sound(&flows(
        vec![member("A", max, 0), member("B", 0, max), member("C", max, 1), member("D", 1, max)],
        vec![Flow { from: 0, to: 1, minor: max }, Flow { from: 2, to: 3, minor: max }],
    ));
    sound(&day(vec![point(0, [u64::MAX; 6], i128::MIN), point(u32::MAX, [u64::MAX; 6], max)]));
    sound(&circle(&["A", "B", "C"], vec![owes(0, 1, max), owes(1, 2, max), owes(2, 0, 1)], vec![owes(0, 1, max)]));
    sound(&Liquidity { head: head("liquidity"), rows: vec![row("A", 1, max, u32::MAX), row("B", max, -5, 0)] });
    sound(&share(vec![("Today", vec![("A", max), ("B", max), ("C", 1), ("D", -1)])]));
}

#[test]
fn a_day_at_the_end_of_time_or_backwards_is_drawn() {
    let mut picture = day(vec![point(5, [1; 6], 1)]);
    for (from_s, to_s) in [(u32::MAX, 0), (0, u32::MAX), (18 * 3600, 8 * 3600), (0, 1)] {
        (picture.from_s, picture.to_s) = (from_s, to_s);
        sound(&picture);
    }
}

#[test]
fn long_names_are_cut_and_kept_in_the_title() {
    let long_row = LiquidityRow { name: LONG.into(), ..row(LONG, 100, 10, 100) };
    let before = vec![owes(0, 1, 70_00)];
    let pictures: [&dyn Picture; 4] = [
        &flows(vec![member(LONG, 5_00, 0), member("B", 0, 5_00)], vec![]),
        &circle(&[LONG, "B"], before, vec![]),
        &Liquidity { head: head("liquidity"), rows: vec![long_row] },
        &share(vec![(LONG, vec![("CNY", 1)])]),
    ];
    for picture in pictures {
        sound(picture);
        let svg = picture.inline_svg(Width::Narrow);
        assert!(svg.contains('\u{2026}') && svg.contains(LONG), "{}", picture.head().id);
    }
}

#[test]
fn hostile_names_stay_text() {
    let mut hostile_day = day(vec![point(10 * 3600, [1; 6], 5)]);
    hostile_day.zone = HOSTILE.into();
    hostile_day.phases[1].name = HOSTILE.into();
    hostile_day.cut_offs[0].label = HOSTILE.into();
    let mut named = share(vec![(HOSTILE, vec![(HOSTILE, 1)])]);
    named.head = Head::new(HOSTILE, HOSTILE, HOSTILE);
    named.unit.code = HOSTILE.into();
    named.bars[0].segments[0].value = Amount::new(1, HOSTILE);
    sound(&flows(vec![member(HOSTILE, 5_00, 0), member("B", 0, 5_00)], vec![]));
    sound(&hostile_day);
    sound(&circle(&[HOSTILE, "B"], vec![owes(0, 1, 7)], vec![owes(0, 1, 7)]));
    sound(&Liquidity { head: head("liquidity"), rows: vec![row(HOSTILE, 100, 10, 100)] });
    sound(&named);
}

fn band(label: &str, quota: i128, parts: [i128; 3], trail: &[i128], word: &str) -> BandRow {
    BandRow {
        label: label.into(),
        name: format!("{label} in full"),
        quota: cny().amount(quota),
        position: cny().amount(parts.iter().sum()),
        asset: parts[0],
        credit: parts[1],
        special: parts[2],
        trail: trail.to_vec(),
        word: word.into(),
    }
}

#[test]
fn bands_of_positions() {
    let rows = vec![
        band("CN", 900_000_00, [120_000_00, 510_000_00, 0], &[100_000_00, 400_000_00], "third quarter"),
        band("KZ", 400_000_00, [-22_000_00, -118_000_00, 0], &[-60_000_00], "second quarter"),
        band("KG", 100_000_00, [-40_000_00, -60_000_00, -30_000_00], &[-20_000_00, -70_000_00], "beyond the quota"),
        band("MN", 100_000_00, [0, -8_000_00, 0], &[], "first quarter"),
    ];
    let head = Head::new("bands", "Positions against quotas", "Share of quota of each member.");
    let picture = Bands { head, unit: cny(), marks: vec![250, 500, 750], rows };
    sound(&picture);
    golden(&picture);
    let svg = picture.svg(Width::Wide);
    assert!(svg.contains("\u{2212}130.0 %") && svg.contains("70.0 %"));
    assert_eq!(picture.table().rows[2][6], "cross");
    sound(&Bands { rows: Vec::new(), ..picture.clone() });
    let far = band(HOSTILE, 1, [i128::MAX, 0, i128::MIN], &[i128::MIN, i128::MAX], LONG);
    sound(&Bands { rows: vec![far], marks: Vec::new(), ..picture });
}

#[test]
fn many_members_are_gathered_and_many_lines_are_left_out_openly() {
    let members = (0..45).map(|index| {
        let value = 100_00 + i128::from(index) * 7;
        if index % 2 == 0 {
            member(&format!("BANK {index}"), value, 0)
        } else {
            member(&format!("BANK {index}"), 0, value)
        }
    });
    let picture = flows(members.collect(), vec![]);
    sound(&picture);
    assert!(picture.svg(Width::Wide).contains("10 others"), "13 payers by name, 10 together");
    let labels: Vec<String> = (0..45).map(|index| format!("BANK {index}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut edges = Vec::new();
    for from in 0..45 {
        for to in 0..45 {
            edges.push(owes(from, to, 100 + i128::try_from(from * to).unwrap_or(0)));
        }
    }
    let picture = circle(&labels, edges, vec![owes(44, 99, 5), owes(1, 2, -5)]);
    sound(&picture);
    assert!(picture.svg(Width::Wide).contains("The 400 largest of 1980 are drawn"));
}

#[test]
fn many_observations_keep_the_deepest_queue_and_the_last_value() {
    let points = (0..36_000_u32)
        .map(|second| {
            let spike = if second == 17_777 { 9_999 } else { 3 };
            point(8 * 3600 + second, [spike, 0, 0, 0, 0, 0], i128::from(second))
        })
        .collect();
    let picture = day(points);
    sound(&picture);
    let svg = picture.svg(Width::Wide);
    assert!(svg.contains("peak 9,999 at 12:5"), "a spike of one second is not lost");
    assert!(svg.contains("360 CNY at close"), "35,999 minor units");
    assert!(svg.len() < 60_000, "{} bytes", svg.len());
    assert!(picture.table().rows.len() <= 50);
}

#[test]
fn exact_text_of_minor_units() {
    let text = |decimals, minor| Unit::new("X", decimals).text(minor);
    assert_eq!(text(2, 0), "0.00");
    assert_eq!(text(2, -5), "\u{2212}0.05");
    assert_eq!(text(2, 123_456_789), "1,234,567.89");
    assert_eq!(text(0, 1_000), "1,000");
    assert_eq!(text(3, 1), "0.001");
    assert_eq!(text(4, i128::MIN), "\u{2212}17,014,118,346,046,923,173,168,730,371,588,410.5728");
}

#[test]
fn a_loss_falls_on_one_after_the_other_until_nothing_is_left() {
    let unit = Unit::new("CNY", 2);
    let fall =
        |label: &str, what: &str, minor| Fall { label: label.into(), what: what.into(), amount: unit.amount(minor) };
    let mut picture = Waterfall {
        head: Head::new("default", "Who bears <it>", "Each hands down what is left."),
        loss: unit.amount(100_00),
        falls: vec![fall("collateral", "defaulter", 60_00), fall("ALFA & sons", "counterparty", 40_00)],
        unit: unit.clone(),
    };
    sound(&picture);
    let svg = picture.svg(Width::Wide);
    assert!(svg.contains("a loss of 100.00 CNY") && svg.contains("ALFA &amp; sons"), "{svg}");
    let left: Vec<String> = picture.table().rows.iter().map(|row| row[3].clone()).collect();
    assert_eq!(left, ["40.00", "0.00"]);
    picture.loss = unit.amount(0);
    picture.falls.clear();
    sound(&picture);
    assert!(picture.svg(Width::Narrow).contains("nobody bears anything"));
}
