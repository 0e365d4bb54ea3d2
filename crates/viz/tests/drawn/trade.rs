//! Pictures of trade: golden files, and nothing, one, huge, long, hostile.

use crate::pictures::{HOSTILE, LONG, golden, head, sound};
use comity_viz::{BalanceRow, Balances, Bridge, Picture, Point, Scatter, Segment, ShareBar, Stack, Step, Unit};

fn usd() -> Unit {
    Unit::new("USD", 0)
}

fn bridge(from: i128, steps: &[(&str, i128)]) -> Bridge {
    let step = |label: &str, value| Step { label: label.into(), value: usd().amount(value) };
    let to = steps.iter().fold(from, |level: i128, (_, value)| level.saturating_add(*value));
    Bridge {
        head: head("bridge"),
        unit: usd(),
        from: step("before", from),
        steps: steps.iter().map(|(label, value)| step(label, *value)).collect(),
        to: step("after", to),
    }
}

fn scatter(points: &[(&str, i128, i128)]) -> Scatter {
    let point = |(label, across, up): &(&str, i128, i128)| Point {
        label: (*label).into(),
        across: usd().amount(*across),
        up: usd().amount(*up),
        named: true,
    };
    Scatter {
        head: head("scatter"),
        unit: usd(),
        axes: ("exporter says,".into(), "importer says,".into()),
        factor: 10_600,
        line: "import is 1.06 times export".into(),
        points: points.iter().map(point).collect(),
    }
}

fn stack(columns: &[(&str, &[(&str, i128)])]) -> Stack {
    let segment = |(label, value): &(&str, i128)| Segment { label: (*label).into(), value: usd().amount(*value) };
    let column = |(label, parts): &(&str, &[(&str, i128)])| ShareBar {
        label: (*label).into(),
        segments: parts.iter().map(segment).collect(),
    };
    Stack { head: head("stack"), columns: columns.iter().map(column).collect() }
}

fn balances(rows: &[(&str, i128, Option<i128>)]) -> Balances {
    let row = |(label, all, without): &(&str, i128, Option<i128>)| BalanceRow {
        label: (*label).into(),
        all: usd().amount(*all),
        without: without.map(|value| usd().amount(value)),
    };
    Balances { head: head("balances"), unit: usd(), left_out: "energy".into(), rows: rows.iter().map(row).collect() }
}

#[test]
fn golden_pictures_of_trade() {
    golden(&bridge(910_000_000, &[("price", 385_000_000), ("quantity", -5_000_000), ("new items", 40_000_000)]));
    golden(&scatter(&[("AAA-BBB", 1_000_000, 1_060_000), ("BBB-AAA", 5_000_000, 400_000), ("CCC-AAA", 70, 9_000)]));
    golden(&stack(&[
        ("2019", &[("BBB", 500), ("CCC", 300), ("others", 200)]),
        ("2020", &[("BBB", 400), ("CCC", 500), ("others", 100)]),
    ]));
    golden(&balances(&[
        ("AAA", 564_000, Some(-1_229_000)),
        ("BBB", -582_000, Some(452_000)),
        ("CCC", 18_000, Some(0)),
    ]));
}

#[test]
fn nothing_one_and_much_of_trade_hold_together() {
    let huge = i128::MAX / 4;
    let pictures: Vec<Box<dyn Picture>> = vec![
        Box::new(bridge(0, &[])),
        Box::new(bridge(-5, &[(HOSTILE, 10), (LONG, -20)])),
        Box::new(bridge(huge, &[("price", huge), ("quantity", -huge), (LONG, 1), (LONG, 2), (LONG, 3), (LONG, 4)])),
        Box::new(scatter(&[])),
        Box::new(scatter(&[(HOSTILE, 1, 1), (LONG, 1, huge), (LONG, huge, 1), ("zero", 0, 5)])),
        Box::new(stack(&[])),
        Box::new(stack(&[(LONG, &[(HOSTILE, huge), (LONG, huge)]), ("none", &[(LONG, 0)])])),
        Box::new(stack(&vec![("a period with a name", &[("one", 1), ("two", 2)][..]); 90])),
        Box::new(balances(&[])),
        Box::new(balances(&[(LONG, huge, None)])),
        Box::new(balances(&[(HOSTILE, -huge, Some(huge)), ("zero", 0, Some(0)), ("least", i128::MIN, None)])),
    ];
    for picture in &pictures {
        sound(picture.as_ref());
    }
}
