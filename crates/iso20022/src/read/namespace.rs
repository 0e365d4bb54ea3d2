//! XML namespaces: which name a prefix stands for at this place.

use crate::problem::Rule;
use crate::read::lexer::{Broken, broken};

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// What every ISO 20022 message namespace begins with; the rest is the message's name.
pub(super) const ISO: &str = "urn:iso:std:iso:20022:tech:xsd:";

/// The bindings in force, innermost last.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    text: String,
    /// Ends of prefix and of name in `text`.
    bindings: Vec<(usize, usize)>,
}

impl Namespaces {
    pub(super) fn len(&self) -> usize {
        self.bindings.len()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.bindings.truncate(length);
        let end = self.bindings.last().map_or(0, |(_, end)| *end);
        self.text.truncate(end);
    }

    /// Declares a prefix; the empty prefix is the default namespace.
    pub(super) fn declare(&mut self, prefix: &str, name: &str, at: usize) -> Result<(), Broken> {
        let reserved = prefix == "xmlns"
            || (prefix == "xml") != (name == XML)
            || name == XMLNS
            || (name.is_empty() && !prefix.is_empty());
        if reserved {
            return Err(broken(Rule::Malformed, at, format!("the prefix {prefix} may not stand for {name}")));
        }
        self.text.push_str(prefix);
        let prefix_end = self.text.len();
        self.text.push_str(name);
        self.bindings.push((prefix_end, self.text.len()));
        Ok(())
    }

    /// The namespace a prefix stands for: empty for no namespace, `None` when the prefix is not declared.
    pub(super) fn resolve(&self, prefix: &str) -> Option<&str> {
        for (index, (prefix_end, end)) in self.bindings.iter().enumerate().rev() {
            let start = match index.checked_sub(1) {
                None => 0,
                Some(before) => self.bindings[before].1,
            };
            if &self.text[start..*prefix_end] == prefix {
                return Some(&self.text[*prefix_end..*end]);
            }
        }
        match prefix {
            "" => Some(""),
            "xml" => Some(XML),
            _ => None,
        }
    }
}

/// Prefix and local part of a name.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}
