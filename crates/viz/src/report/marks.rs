//! Small pieces of the page: cells with their definition, thin bars, outcomes, durations.
//!
//! Absent: layout; the page decides where a piece stands.

use super::Outcome;
use super::definitions::Figure;
use crate::amount::Amount;
use crate::canvas::escape;
use crate::scale::{coordinate, fraction, number, real};

pub(super) fn headline_id(index: usize) -> String {
    format!("def-headline-{}", index + 1)
}

pub(super) fn table(caption: &str, first: &str, heads: &[Figure], more: &[&str], rows: &str, foot: &str) -> String {
    let columns: String =
        heads.iter().map(|head| format!("<th scope=\"col\" class=\"num\">{}</th>", defined(*head))).collect();
    let more: String = more.iter().map(|name| format!("<th scope=\"col\" class=\"mid\">{name}</th>")).collect();
    let caption = escape(caption);
    let rows = if rows.is_empty() { "<tr><td colspan=\"9\">nothing to show</td></tr>\n" } else { rows };
    format!(
        "<div class=\"cv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table class=\"report\"><caption>{caption}</caption>\n\
         <thead><tr><th scope=\"col\">{first}</th>{columns}{more}</tr></thead>\n<tbody>\n{rows}</tbody>\n{foot}</table></div>\n"
    )
}

pub(super) fn defined(figure: Figure) -> String {
    format!("<a class=\"def\" href=\"#{}\" title=\"{}\">{}</a>", figure.anchor(), figure.meaning(), figure.name())
}

pub(super) fn cell(figure: Figure, text: &str, quiet: bool) -> String {
    let class = if quiet { "num quiet" } else { "num" };
    format!("<td class=\"{class}\" title=\"{}\">{text}</td>", figure.meaning())
}

/// A thin bar of `part` against `whole` below a figure; the figure itself says the value.
pub(super) fn meter(part: f64, whole: f64) -> String {
    let length = coordinate(64.0 * fraction(part, whole));
    format!(
        "<svg class=\"cv meter\" viewBox=\"0 0 64 4\" aria-hidden=\"true\"><rect class=\"track\" width=\"64\" height=\"4\"/>\
         <rect class=\"accent\" width=\"{length}\" height=\"4\"/></svg>"
    )
}

/// A bar from the middle: to the left for a net payer, to the right for a net receiver.
pub(super) fn diverging(net: &Amount, largest: f64) -> String {
    let length = 78.0 * fraction(real(net.minor).abs(), largest);
    let (x, class) = if net.minor < 0 { (80.0 - length, "pay") } else { (80.0, "accent") };
    format!(
        "<svg class=\"cv\" viewBox=\"0 0 160 14\" aria-hidden=\"true\"><rect class=\"{class}\" x=\"{}\" y=\"2\" width=\"{}\" height=\"10\"/>\
         <line class=\"axis\" x1=\"80\" x2=\"80\" y1=\"0\" y2=\"14\"/></svg>",
        coordinate(x),
        coordinate(length)
    )
}

pub(super) const fn sign(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "<span class=\"sign\" aria-hidden=\"true\">\u{2713}</span>",
        Outcome::Failed => "<span class=\"sign\" aria-hidden=\"true\">\u{2715}</span>",
        Outcome::NotRun => "<span class=\"sign\" aria-hidden=\"true\">\u{2013}</span>",
    }
}

pub(super) fn outcome(outcome: Outcome) -> String {
    let (class, word) = match outcome {
        Outcome::Passed => ("good", "passed"),
        Outcome::Failed => ("bad", "FAILED"),
        Outcome::NotRun => ("open", "not checked"),
    };
    format!("<span class=\"outcome {class}\">{} {word}</span>", sign(outcome))
}

/// Hours, minutes and seconds, the two largest parts: `2 h 05 min`, `3 min 20 s`, `12 s`.
pub(super) fn duration(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest} s"),
        (0, _) => format!("{minutes} min {rest:02} s"),
        _ => format!("{} h {minutes:02} min", number(hours)),
    }
}

/// The first `max` characters in groups of eight, with an ellipsis when cut.
pub(super) fn group_hex(digest: &str, max: usize) -> String {
    let mut out = String::new();
    for (index, letter) in digest.chars().enumerate() {
        if index == max {
            out.push('\u{2026}');
            break;
        }
        if index > 0 && index.is_multiple_of(8) {
            out.push(' ');
        }
        out.push(letter);
    }
    out
}
