//! Small multiples: a panel a rule, one scale, exact amounts in the table.

use comity_viz::{Amount, Head, Multiple, MultipleRow, Multiples, Picture, Unit, Width};

fn row(label: &str, values: &[i128]) -> MultipleRow {
    let values = values.iter().map(|value| Amount::new(*value, value.to_string())).collect();
    MultipleRow { label: label.into(), values }
}

fn picture() -> Multiples {
    let panel = |title: &str, rows: Vec<MultipleRow>| Multiple {
        title: title.into(),
        note: "a line about it that is so long that it has to be broken into several lines to fit into its panel"
            .into(),
        rows,
    };
    Multiples {
        head: Head::new("rules", "Who pays <who> holds", "About."),
        unit: Unit::new("million", 0),
        series: vec!["asset".into(), "credit".into()],
        panels: vec![
            panel("as it is", vec![row("AAA", &[60, 40]), row("BBB", &[-100, 0])]),
            panel("another", vec![row("AAA", &[100, 0]), row("BBB", &[-90, -10])]),
        ],
    }
}

#[test]
fn panels_share_a_scale_and_keep_exact_amounts() {
    let table = picture().table();
    assert_eq!(table.columns.len(), 4);
    assert_eq!(table.rows[3], ["another", "BBB", "-90", "-10"]);
    let drawn = picture().draw(Width::Wide, "x");
    assert_eq!(
        drawn.description,
        "as it is: AAA asset 60, AAA credit 40, BBB asset -100. another: AAA asset 100, BBB asset -90, BBB credit -10."
    );
    for width in [Width::Wide, Width::Narrow] {
        let svg = picture().svg(width);
        assert!(svg.starts_with("<svg") && svg.contains("AAA, asset: 60 million") && !svg.contains("<who>"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("width=\"-"), "{svg}");
    }
    assert_eq!(Multiples { panels: Vec::new(), ..picture() }.draw(Width::Wide, "x").description, "No values.");
}
