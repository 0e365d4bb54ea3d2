//! JSON with exact decimal numbers and keys in the order they are given.
//!
//! Amounts are numbers with as many decimals as the currency has; a reader that needs more than 15 digits takes them as
//! decimals, as most languages offer. (`serde_json` would turn them into floating point.)

use std::fmt::Write as _;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    /// Written as it stands: a number, `true`, `null`.
    Raw(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// Anything that prints as a JSON number or word.
    pub(crate) fn raw(value: impl ToString) -> Self {
        Self::Raw(value.to_string())
    }

    pub(crate) fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }

    /// Readable text: two spaces a level, short lists of plain values on one line.
    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, level: usize) {
        let indent =
            |out: &mut String, level: usize| write!(out, "\n{:width$}", "", width = 2 * level).expect("text grows");
        match self {
            Self::Raw(value) => out.push_str(value),
            Self::Text(value) => out.push_str(&serde_json::to_string(value).expect("text is JSON text")),
            Self::List(values) => {
                out.push('[');
                for (place, value) in values.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { "," });
                    indent(out, level + 1);
                    value.write(out, level + 1);
                }
                if !values.is_empty() {
                    indent(out, level);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (place, (key, value)) in fields.iter().enumerate() {
                    out.push_str(if place == 0 { "" } else { "," });
                    indent(out, level + 1);
                    write!(out, "\"{key}\": ").expect("text grows");
                    value.write(out, level + 1);
                }
                if !fields.is_empty() {
                    indent(out, level);
                }
                out.push('}');
            }
        }
    }
}
