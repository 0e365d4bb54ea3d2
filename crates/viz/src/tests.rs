//! Tests of what has no public door: rounding, shares, axis steps, angles, cutting, label rows.

use crate::canvas::{escape, identifier, rows_without_overlap, shorten, text_width};
use crate::scale::{clock, compact, coordinate, percent_bp, permille, ticks, turn};

#[test]
fn shares_add_up_to_one_hundred_percent() {
    for values in [
        vec![1, 1, 1],
        vec![0, 5],
        vec![1, 2, 3, 4, 5, 6, 7],
        vec![i128::MAX, i128::MAX, i128::MAX, 1],
        vec![i128::MAX / 3, 7, -4],
        vec![999, 1],
    ] {
        let shares = permille(&values);
        assert_eq!(shares.iter().sum::<u32>(), 1000, "{values:?} gave {shares:?}");
    }
    assert_eq!(permille(&[1, 1, 1]), [334, 333, 333]);
    assert_eq!(permille(&[0, 0]), [0, 0]);
    assert_eq!(permille(&[-5, 5]), [0, 1000]);
    assert_eq!(permille(&[]), Vec::<u32>::new());
}

#[test]
fn compact_numbers_never_round_into_a_fourth_digit() {
    let shown: Vec<String> = [0.0, 0.5, 7.0, 999.4, 999.6, 1234.0, 99_960.0, 48.2e9, -3.0e6, 999_999.0, 2.5e14, 1.7e38]
        .into_iter()
        .map(compact)
        .collect();
    assert_eq!(
        shown.join(" | "),
        "0 | 0.5 | 7 | 999 | 1 k | 1.23 k | 100 k | 48.2 bn | \u{2212}3 m | 1 m | 250 tn | 1.7e38"
    );
    assert_eq!(compact(f64::NAN), "0");
}

#[test]
fn axis_steps_are_round_and_cover_the_greatest_value() {
    for max in [0.3, 1.0, 7.0, 99.0, 1204.0, 3.3e9, 1.7e36] {
        let marks = ticks(max, 4);
        let last = marks[marks.len() - 1];
        assert!(last >= max * 0.999, "{max}: {marks:?}");
        assert!((3..=7).contains(&marks.len()), "{max}: {marks:?}");
    }
    assert_eq!(ticks(0.0, 4).len(), 2);
    assert_eq!(ticks(f64::INFINITY, 4).len(), 2);
}

#[test]
fn angles_agree_with_the_system_library() {
    for step in 0..=48 {
        let part = f64::from(step) / 48.0 - 0.25;
        let (cos, sin) = turn(part);
        let angle = part * std::f64::consts::TAU;
        assert!((cos - angle.cos()).abs() < 1e-9, "{part}");
        assert!((sin - angle.sin()).abs() < 1e-9, "{part}");
    }
}

#[test]
fn coordinates_have_at_most_one_decimal_and_no_negative_zero() {
    let shown: Vec<String> = [0.0, -0.04, 1.25, -3.0, 10.0, f64::NAN].into_iter().map(coordinate).collect();
    assert_eq!(shown.join(" "), "0 0 1.2 -3 10 0");
}

#[test]
fn text_is_cut_to_its_room_and_never_inside_a_letter() {
    assert_eq!(shorten("Kazakhstan", 200.0, 12.0), "Kazakhstan");
    let cut = shorten("Invented Agricultural and Development Bank", 90.0, 12.0);
    assert!(cut.ends_with('\u{2026}') && text_width(&cut, 12.0) <= 90.0, "{cut}");
    let wide = shorten("\u{4e2d}\u{56fd}\u{4eba}\u{6c11}\u{94f6}\u{884c}", 40.0, 12.0);
    assert_eq!(wide, "\u{4e2d}\u{56fd}\u{2026}");
    assert_eq!(shorten("anything", 0.0, 12.0), "\u{2026}");
}

#[test]
fn escaping_leaves_nothing_that_could_open_a_tag() {
    assert_eq!(escape("<b a=\"1\" c='2'>&\u{0}\u{7}\n"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; ");
    assert_eq!(identifier("a b<\">"), "a-b---");
    assert_eq!(identifier("9"), "x9");
    assert_eq!(identifier(""), "x");
}

#[test]
fn a_later_label_stands_below_every_label_it_meets() {
    assert_eq!(rows_without_overlap(&[(0.0, 50.0), (10.0, 60.0), (55.0, 90.0), (95.0, 99.0)]), [0, 1, 2, 0]);
    assert_eq!(rows_without_overlap(&[]), Vec::<usize>::new());
}

#[test]
fn clocks_and_percentages() {
    assert_eq!([0, 59, 3_660, 90_000].map(clock).join(" "), "00:00 00:00 01:01 25:00");
    assert_eq!([0, 4, 5, 8_745, 10_000].map(percent_bp).join(" "), "0.0 % 0.0 % 0.1 % 87.5 % 100.0 %");
}

/// Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let digits: Vec<u32> = colour.chars().skip(1).filter_map(|digit| digit.to_digit(16)).collect();
    let channel = |index: usize| {
        let value = if digits.len() == 3 { digits[index] * 17 } else { digits[2 * index] * 16 + digits[2 * index + 1] };
        let part = f64::from(value) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}

#[test]
fn words_and_marks_stand_out_in_light_and_dark() {
    let css = crate::PICTURE_CSS;
    let themes: Vec<&str> = css.split("--cv-paper:").skip(1).collect();
    assert_eq!(themes.len(), 3, "light, dark by the reader's setting, dark by the page");
    for theme in themes {
        let value = |name: &str| {
            let found = match name {
                "paper" => Some(theme),
                name => theme.split(&format!("--cv-{name}:")).nth(1),
            };
            luminance(found.and_then(|rest| rest.split(';').next()).unwrap_or_default())
        };
        let contrast = |a: &str, b: &str| {
            let (a, b) = (value(a), value(b));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        };
        for name in ["ink", "soft", "mute", "good", "bad", "wait"] {
            assert!(contrast(name, "paper") >= 4.5, "{name} as text: {}", contrast(name, "paper"));
        }
        assert!(contrast("mute", "faint") >= 4.5, "names of phases on their band");
        for mark in ["pay", "accent"] {
            assert!(contrast(mark, "paper") >= 3.0, "{mark} as a mark");
        }
        for index in 0..crate::canvas::SERIES {
            let (series, text) = (format!("s{index}"), format!("t{index}"));
            assert!(contrast(&series, "paper") >= 3.0, "{series} as a mark");
            assert!(contrast(&series, &text) >= 4.5, "{text}: {}", contrast(&series, &text));
        }
    }
}
