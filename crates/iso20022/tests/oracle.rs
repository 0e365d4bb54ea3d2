//! The reader against xmllint with the official schemas, on messages changed one element at a time.
//!
//! Where the reader accepts, the schema must; where the schema refuses, the reader must; where the reader refuses by a rule of the
//! schema, the schema must refuse. The reader refuses more than the schema by its rules beyond it (check digits, decimals, character
//! sets, totals ...), and in these known places: years beyond 9999 or below 1; offsets or fractions beyond what a date can hold;
//! attributes such as `xsi:type`; a CDATA section or character reference is the same to both.

mod common;

use comity_iso20022::*;
use common::*;

/// Rules that say no more than the schema does.
fn of_the_schema(rule: Rule) -> bool {
    matches!(rule, Rule::Element | Rule::Missing | Rule::StrayText | Rule::Attribute | Rule::Value | Rule::DateValue)
}

/// Whether the reader accepts everything, and whether a rule of the schema refuses something.
fn verdict(input: &str) -> (bool, bool, Vec<String>) {
    let mut rules = Vec::new();
    let mut said = Vec::new();
    let mut add = |problems: &[Problem]| {
        rules.extend(problems.iter().map(|p| p.rule));
        said.extend(problems.iter().map(ToString::to_string));
    };
    read(input.as_bytes(), &Options::default(), |part| match part {
        Part::Header(_) => {}
        Part::Transaction(line) => add(line.outcome.err().unwrap_or_default()),
        Part::End(end) => add(end.problems),
        Part::Refused(refused) => add(refused.problems),
    });
    (rules.is_empty(), rules.into_iter().any(of_the_schema), said)
}

/// Changes of each element: dropped, doubled, swapped with the next, renamed, emptied, and its value replaced.
fn mutations(good: &str) -> Vec<String> {
    let mut found = Vec::new();
    let elements = elements(good);
    for (index, element) in elements.iter().enumerate() {
        let text = &good[element.clone()];
        let (before, after) = (&good[..element.start], &good[element.end..]);
        let name_end = text.find([' ', '>']).expect("a tag");
        let name = &text[1..name_end];
        found.push(format!("{before}{after}"));
        found.push(format!("{before}{text}{text}{after}"));
        found.push(format!("{before}<Invented>1</Invented>{text}{after}"));
        found.push(format!("{before}<{name}/>{after}"));
        found.push(format!("{before}{}{after}", text.replacen('>', ">stray", 1)));
        found.push(format!("{before}{}{after}", text.replacen('>', " invented=\"1\">", 1)));
        if let Some(next) =
            elements.get(index + 1..).and_then(|rest| rest.iter().find(|next| next.start >= element.end))
            && next.start == element.end
        {
            found.push(format!("{before}{}{text}{}", &good[next.clone()], &good[next.end..]));
        }
        if !text[1..].contains("<") || text.matches('<').count() == 2 {
            for value in [
                "",
                " ",
                "x",
                "0",
                "-1",
                "1.000001",
                "true",
                "2026-02-30",
                "2026-11-21",
                "2026-11-21T00:00:00",
                "12:00:00",
                &"long".repeat(50),
                "人",
                "NORM",
                "CNY",
            ] {
                let open = text.find('>').expect("a tag") + 1;
                let close = text.rfind('<').expect("a tag");
                found.push(format!("{before}{}{value}{}{after}", &text[..open], &text[close..]));
            }
        }
    }
    found
}

/// Where each element below `Document` stands. The samples are compact and have no comments, so counting tags is enough.
fn elements(good: &str) -> Vec<std::ops::Range<usize>> {
    let start = good.find("<Document").expect("a document");
    let mut open = Vec::new();
    let mut found = Vec::new();
    let mut at = start;
    while let Some(next) = good[at..].find('<') {
        let from = at + next;
        let to = from + good[from..].find('>').expect("a tag ends") + 1;
        if good[from..].starts_with("</") {
            let start = open.pop().expect("tags match");
            found.push(start..to);
        } else {
            open.push(from);
        }
        at = to;
    }
    found.sort_by_key(|range| range.start);
    found.remove(0);
    found
}

#[test]
fn reader_and_schema_agree_on_changed_messages() {
    let Some(folder) = xmllint_at_hand() else {
        return;
    };
    let mut compared = 0;
    let mut refused = 0;
    for (name, good) in inbound_samples() {
        let schema = folder.join(format!("{name}.xsd"));
        assert_eq!(xmllint(&schema, std::slice::from_ref(&good)), [None], "{name}");
        for batch in mutations(&good).chunks(400) {
            for (changed, complaint) in batch.iter().zip(xmllint(&schema, batch)) {
                let (accepted, by_schema, said) = verdict(changed);
                compared += 1;
                refused += u32::from(complaint.is_some());
                match complaint {
                    Some(complaint) => assert!(!accepted, "only xmllint refuses: {complaint}\n{changed}"),
                    None => assert!(!by_schema, "only the reader refuses: {said:?}\n{changed}"),
                }
            }
        }
    }
    assert!(compared > 3_000 && refused > 2_000, "{refused} of {compared} refused");
}
