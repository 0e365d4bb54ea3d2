//! What the standard says a message may hold: element order, occurrences and data types, as tables.
//!
//! The tables are text (`datatypes.txt`, `components.txt`, `messages.txt`), read once into arrays. A difference between two versions
//! is a line there, never a copied module. Which elements this crate gives a meaning to is said in [`plan`].

mod facet;
pub(crate) mod plan;

pub(crate) use facet::{Facet, Fault, check_amount, check_currency, trim};

use std::collections::HashMap;
use std::sync::LazyLock;

/// Number of a type in the tables.
pub(crate) type TypeId = u16;

/// The content of an element.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    /// Child elements `first .. first + length` of [`Schema::elements`], in order.
    Sequence { first: u32, length: u16 },
    /// One of these child elements.
    Choice { first: u32, length: u16 },
    /// One element of any kind, not looked into.
    Any,
    /// Text of a data type.
    Text(Facet),
    /// A decimal with a currency attribute.
    Amount,
}

/// One child in a content model.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: &'static str,
    pub(crate) min: u32,
    pub(crate) max: u32,
    pub(crate) content: TypeId,
}

/// A message of one version.
#[derive(Debug)]
pub(crate) struct MessageEntry {
    pub(crate) name: &'static str,
    pub(crate) root: &'static str,
    pub(crate) content: TypeId,
}

/// All tables.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) contents: Vec<Content>,
    pub(crate) elements: Vec<Element>,
    pub(crate) messages: Vec<MessageEntry>,
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    Schema::parse(include_str!("datatypes.txt"), include_str!("components.txt"), include_str!("messages.txt"))
});

/// The tables, read on first use.
pub(crate) fn schema() -> &'static Schema {
    &SCHEMA
}

impl Schema {
    /// The children of a content model; empty for text.
    pub(crate) fn children(&self, content: Content) -> &[Element] {
        match content {
            Content::Sequence { first, length } | Content::Choice { first, length } => {
                let first = first as usize;
                &self.elements[first..first + usize::from(length)]
            }
            Content::Any | Content::Text(_) | Content::Amount => &[],
        }
    }

    /// A broken table is our own mistake and stops the program at first use; a test reads all of it.
    fn parse(datatypes: &'static str, components: &'static str, messages: &'static str) -> Self {
        let definitions = definitions(datatypes).chain(definitions(components));
        let definitions: Vec<Vec<&'static str>> = definitions.collect();
        let numbers: HashMap<&str, TypeId> =
            definitions.iter().enumerate().map(|(number, words)| (words[0], number as TypeId)).collect();
        assert_eq!(numbers.len(), definitions.len(), "a type is defined twice");
        let number =
            |name: &str| -> TypeId { *numbers.get(name).unwrap_or_else(|| panic!("type {name} is not defined")) };
        let mut elements = Vec::new();
        let mut contents = Vec::with_capacity(definitions.len());
        for words in &definitions {
            let first = elements.len() as u32;
            contents.push(match words[1] {
                ":" => facet::content(&words[2..]),
                form => {
                    for child in &words[2..] {
                        elements.push(element(child, &number));
                    }
                    let length = (words.len() - 2) as u16;
                    match form {
                        "=" => Content::Sequence { first, length },
                        "|" => Content::Choice { first, length },
                        other => panic!("{other} is not a form of a component"),
                    }
                }
            });
        }
        let messages = self::definitions(messages)
            .map(|words| MessageEntry { name: words[0], root: words[1], content: number(words[2]) })
            .collect();
        Self { contents, elements, messages }
    }
}

/// The words of each definition; comments are dropped and continued lines joined.
fn definitions(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let mut lines = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).peekable();
    std::iter::from_fn(move || {
        let mut words: Vec<&'static str> = lines.next()?.split_whitespace().collect();
        while let Some(more) = lines.next_if(|line| line.starts_with(' ')) {
            words.extend(more.split_whitespace());
        }
        Some(words)
    })
}

/// Reads a child such as `AdrLine{0,7}:Max70Text`.
fn element(word: &'static str, number: &impl Fn(&str) -> TypeId) -> Element {
    let (tag, content) = word.split_once(':').unwrap_or_else(|| panic!("{word} has no type"));
    let name_length = tag.find(['?', '*', '+', '{']).unwrap_or(tag.len());
    let (name, occurs) = tag.split_at(name_length);
    let (min, max) = match occurs {
        "" => (1, 1),
        "?" => (0, 1),
        "*" => (0, u32::MAX),
        "+" => (1, u32::MAX),
        range => facet::range(range.trim_matches(['{', '}']), ","),
    };
    Element { name, min, max, content: number(content) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        let schema = schema();
        assert!(schema.messages.len() >= 10);
        for content in &schema.contents {
            let mut names: Vec<_> = schema.children(*content).iter().map(|e| e.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "a name occurs twice in one content model: {names:?}");
        }
    }

    #[test]
    fn every_component_is_used() {
        let schema = schema();
        let mut used = vec![false; schema.contents.len()];
        let mut open: Vec<TypeId> = schema.messages.iter().map(|m| m.content).collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut used[usize::from(at)], true) {
                let children = schema.children(schema.contents[usize::from(at)]);
                open.extend(children.iter().map(|e| e.content));
            }
        }
        assert_eq!(used.iter().position(|used| !used), None);
    }
}
