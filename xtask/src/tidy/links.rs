//! Links in Markdown files lead somewhere: to a file of the repository, and to a heading when they name one.
//!
//! Absent on purpose: addresses outside the repository; a check must not need a network.

use super::{Finding, Tree};

/// Every link of every Markdown file.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let (true, Some(text)) = (file.path.ends_with(".md"), &file.text) else {
            continue;
        };
        for (line, target) in links(text) {
            if let Some(problem) = problem(tree, &file.path, text, &target) {
                findings.push(Finding::wrong(&file.path, line, problem));
            }
        }
    }
    findings
}

/// Targets of inline links and pictures, with their lines; code is not looked at.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in prose(text) {
        let mut rest = without_code(line);
        while let Some((_, after)) = rest.split_once("](") {
            let Some((target, tail)) = after.split_once(')') else {
                break;
            };
            // A title may follow the target.
            let target = target.split_whitespace().next().unwrap_or_default();
            links.push((number, target.to_owned()));
            rest = tail.to_owned();
        }
    }
    links
}

/// Lines outside fenced code, counted from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((index + 1, line))
    })
}

fn without_code(line: &str) -> String {
    let mut kept = String::new();
    for (index, piece) in line.split('`').enumerate() {
        if index % 2 == 0 {
            kept.push_str(piece);
        }
    }
    kept
}

fn problem(tree: &Tree, from: &str, text: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, heading) = match target.split_once('#') {
        Some((path, heading)) => (path, Some(heading)),
        None => (target, None),
    };
    let (text, path) = if path.is_empty() {
        (Some(text), from.to_owned())
    } else {
        let Some(path) = resolve(from, path) else {
            return Some(format!("link {target:?} leaves the repository"));
        };
        if !tree.has(&path) {
            return Some(format!("link {target:?} leads to no file: {path}"));
        }
        (tree.text(&path), path)
    };
    let heading = heading?;
    let known = path.ends_with(".md") && text.is_some_and(|text| headings(text).any(|slug| slug == heading));
    (!known).then(|| format!("link {target:?}: {path} has no heading #{heading}"))
}

/// The path a link means, seen from the root of the repository.
fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// What headings are called in links: lower case, words joined by hyphens, other marks left out.
fn headings(text: &str) -> impl Iterator<Item = String> {
    prose(text).filter_map(|(_, line)| {
        let title = line.trim_start_matches('#');
        (title.len() < line.len() && title.starts_with(' ')).then(|| {
            title
                .trim()
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
    })
}
