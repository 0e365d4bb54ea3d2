//! The table behind every picture: what a reader without the drawing gets.
//!
//! Absent: sorting, paging and export; the console does these on its own data.

use crate::canvas::escape;

/// A column of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub name: String,
    /// True for figures: set flush right with equal digit widths.
    pub numeric: bool,
}

/// Rows of plain text under named columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows; each has one cell a column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings; a heading that starts with `#` marks a column of figures.
    #[must_use]
    pub fn with(headings: &[&str]) -> Self {
        let columns = headings
            .iter()
            .map(|heading| Column {
                name: heading.trim_start_matches('#').to_owned(),
                numeric: heading.starts_with('#'),
            })
            .collect();
        Self { columns, rows: Vec::new() }
    }

    /// The table as HTML. The first column heads its row.
    #[must_use]
    pub fn html(&self) -> String {
        self.styled("cv-table", "")
    }

    /// The table under a class of the page, with a caption that is already escaped.
    pub(crate) fn styled(&self, class: &str, caption: &str) -> String {
        let caption = if caption.is_empty() { String::new() } else { format!("<caption>{caption}</caption>") };
        let mut out = format!("<table class=\"{class}\">{caption}<thead><tr>");
        for column in &self.columns {
            let class = if column.numeric { " class=\"num\"" } else { "" };
            out.push_str(&format!("<th scope=\"col\"{class}>{}</th>", escape(&column.name)));
        }
        out.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            out.push_str("<tr>");
            for (index, cell) in row.iter().enumerate() {
                let numeric = self.columns.get(index).is_some_and(|column| column.numeric);
                let class = if numeric { " class=\"num\"" } else { "" };
                let cell = escape(cell);
                if index == 0 {
                    out.push_str(&format!("<th scope=\"row\"{class}>{cell}</th>"));
                } else {
                    out.push_str(&format!("<td{class}>{cell}</td>"));
                }
            }
            out.push_str("</tr>");
        }
        if self.rows.is_empty() {
            let span = self.columns.len().max(1);
            out.push_str(&format!("<tr><td colspan=\"{span}\">nothing to show</td></tr>"));
        }
        out.push_str("</tbody></table>");
        out
    }
}
