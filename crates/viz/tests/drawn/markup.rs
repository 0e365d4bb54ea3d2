//! A small strict reader of markup for tests: balanced tags, quoted attributes, known escapes,
//! unique identifiers, references that lead somewhere, marks inside the picture.

use std::collections::BTreeSet;

/// Panics unless tags balance, attributes are quoted once each and every `&` is a known escape.
pub(crate) fn check(markup: &str) {
    assert!(!markup.contains("NaN") && !markup.contains("\"inf"), "not a number in the drawing");
    let mut open: Vec<&str> = Vec::new();
    let mut rest = markup;
    while let Some(start) = rest.find('<') {
        text(&rest[..start]);
        let end = rest[start..].find('>').map(|end| start + end).expect("every tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags balance");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        attributes(tag.trim_end_matches('/'), name);
        if !tag.ends_with('/') && name != "meta" {
            open.push(name);
        }
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("styles end")..];
        }
    }
    text(rest);
    assert!(open.is_empty(), "left open: {open:?}");
}

fn attributes(tag: &str, name: &str) {
    let mut seen = BTreeSet::new();
    let mut rest = tag[name.len()..].trim_start();
    while !rest.is_empty() {
        let (key, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("unquoted in <{tag}>"));
        assert!(key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{key} in <{tag}>");
        assert!(seen.insert(key), "{key} twice in <{tag}>");
        let (value, after) = after.split_once('"').expect("values end");
        text(value);
        rest = after.trim_start();
    }
}

fn text(text: &str) {
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "control character in {text:?}");
    for part in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(known.iter().any(|name| part.starts_with(name)), "bare & before {part:?}");
    }
}

fn values<'a>(markup: &'a str, key: &str) -> Vec<&'a str> {
    let key = format!(" {key}=\"");
    markup.split(key.as_str()).skip(1).filter_map(|part| part.split('"').next()).collect()
}

/// Panics unless identifiers are unique and every reference inside the page leads to one.
pub(crate) fn references(markup: &str) {
    let ids = values(markup, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "identifiers are unique");
    let links = values(markup, "href")
        .into_iter()
        .map(|link| link.strip_prefix('#').unwrap_or_else(|| panic!("{link} leaves the page")));
    let labels = values(markup, "aria-labelledby").into_iter().flat_map(|list| list.split(' '));
    let fills = markup.split("url(#").skip(1).filter_map(|part| part.split(')').next());
    for reference in links.chain(labels).chain(fills) {
        assert!(unique.contains(reference), "#{reference} leads nowhere");
    }
}

/// Panics when a mark lies left or right of the picture or has a negative size.
pub(crate) fn within(svg: &str, width: f64) {
    for key in ["x", "x1", "x2", "cx"] {
        for value in values(svg, key) {
            let x: f64 = value.parse().expect("a coordinate");
            assert!((-1.0..=width + 1.0).contains(&x), "{key}=\"{value}\" outside 0 to {width}");
        }
    }
    for key in ["width", "height", "r"] {
        for value in values(svg, key) {
            let size: f64 = value.parse().expect("a size");
            assert!((0.0..=20_000.0).contains(&size), "{key}=\"{value}\"");
        }
    }
}
