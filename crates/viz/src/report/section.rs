//! Sections a report may have besides the fixed ones: text, tables and pictures under one heading.
//!
//! Absent: what they are about. Whoever has a subject of its own, such as a union, hands over finished figures.

use crate::canvas::{escape, identifier};
use crate::picture::Picture;
use crate::table::Table;

/// A section of its own, between the countries and the liquidity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Anchor on the page, unique among sections.
    pub id: String,
    /// Heading, and the name in the contents.
    pub name: String,
    /// What stands in it, from top to bottom.
    pub parts: Vec<Part>,
    /// Terms used in it and what they mean, for the definitions at the end of the page.
    pub terms: Vec<(String, String)>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// A quiet note.
    Note(String),
    /// A heading within the section.
    Heading(String),
    /// A table.
    Table {
        /// What it shows.
        caption: String,
        /// Its rows.
        table: Table,
    },
    /// A picture.
    Figure(Figure),
}

/// A picture drawn in both widths, with its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure(String);

impl Figure {
    /// Draws it.
    #[must_use]
    pub fn of(picture: &dyn Picture) -> Self {
        Self(picture.figure())
    }
}

impl Section {
    pub(super) fn anchor(&self) -> String {
        identifier(&self.id)
    }

    pub(super) fn body(&self) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(&format!("<p>{}</p>\n", escape(text))),
                Part::Note(text) => out.push_str(&format!("<p class=\"fine\">{}</p>\n", escape(text))),
                Part::Heading(text) => out.push_str(&format!("<h3>{}</h3>\n", escape(text))),
                Part::Table { caption, table } => {
                    let caption = escape(caption);
                    out.push_str(&format!(
                        "<div class=\"cv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">{}</div>\n",
                        table.styled("report", &caption)
                    ));
                }
                Part::Figure(figure) => out.push_str(&figure.0),
            }
        }
        out
    }

    pub(super) fn definitions(&self) -> String {
        let mut out = format!("<h3>{}</h3>\n<dl class=\"defs\">\n", escape(&self.name));
        for (term, meaning) in &self.terms {
            out.push_str(&format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(term), escape(meaning)));
        }
        out.push_str("</dl>\n");
        out
    }
}
