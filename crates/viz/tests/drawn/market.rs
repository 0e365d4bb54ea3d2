//! Pictures of the market: an auction's book, funding before and after; and what breaks drawings.

use comity_viz::{Book, BookStep, Funding, FundingRow, Head, Unit};

use crate::pictures::{HOSTILE, LONG, golden, sound};

fn book(steps: &[(i128, i128, i128, i128)], clears: Option<(i128, i128)>) -> Book {
    let steps = steps.iter().map(|&(from, to, demand, supply)| BookStep { from, to, demand, supply });
    Book {
        head: Head::new("auction", "Call auction CNY/RUB", "What buyers want and sellers offer at each price."),
        unit: Unit::new("CNY", 2),
        price: Unit::new("RUB", 2),
        steps: steps.collect(),
        clears,
    }
}

fn row(label: &str, before: i128, after: i128, least: i128) -> FundingRow {
    let unit = Unit::new("", 2);
    FundingRow {
        label: label.into(),
        before: unit.amount(before),
        after: unit.amount(after),
        least: unit.amount(least),
    }
}

fn funding(rows: Vec<FundingRow>) -> Funding {
    Funding {
        head: Head::new("funding", "Money to bring", "Before and after swaps, in a common unit."),
        unit: Unit::new("", 2),
        rows,
        total: row("all", 171_000_00, 45_000_00, 30_000_00),
    }
}

#[test]
fn an_auction_crosses_where_the_lines_do() {
    let steps = [
        (1138, 1139, 850_000_00, 320_000_00),
        (1140, 1140, 770_000_00, 320_000_00),
        (1141, 1142, 770_000_00, 500_000_00),
        (1143, 1143, 770_000_00, 590_000_00),
        (1144, 1146, 420_000_00, 590_000_00),
        (1147, 1147, 120_000_00, 810_000_00),
    ];
    let picture = book(&steps, Some((1143, 590_000_00)));
    golden(&picture);
    sound(&picture);
    sound(&book(&steps, None));
}

#[test]
fn a_book_of_nothing_one_price_or_too_much_is_drawn() {
    sound(&book(&[], None));
    sound(&book(&[(5, 5, 1, 1)], Some((5, 1))));
    sound(&book(&[(0, i128::MAX / 4, i128::MAX / 4, 0)], Some((1, 1))));
    let many: Vec<_> = (0..5_000).map(|at| (at, at, 5_000 - at, at)).collect();
    sound(&book(&many, Some((2_500, 2_500))));
}

#[test]
fn funding_falls_to_what_is_owed_in_value() {
    let picture = funding(vec![
        row("ALFA", 92_000_00, 12_000_00, 12_000_00),
        row("BRAVO", 61_000_00, 18_000_00, 18_000_00),
        row("CEDAR", 18_000_00, 15_000_00, 0),
    ]);
    golden(&picture);
    sound(&picture);
}

#[test]
fn funding_of_nobody_of_many_and_of_hostile_names_is_drawn() {
    sound(&funding(vec![]));
    sound(&funding(vec![row(LONG, i128::MAX / 4, 1, 0), row(HOSTILE, 0, 0, 0), row("", -5, 3, 9)]));
    sound(&funding((0..80).map(|at| row("BANK", at, at / 2, 0)).collect()));
}
