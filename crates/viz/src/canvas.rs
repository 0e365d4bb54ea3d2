//! A string that becomes SVG: escaping, marks, text that fits.
//!
//! Absent: colours. Marks carry classes only, and the theme gives them colour, so a page under a
//! strict content security policy can serve the styles from a file of its own.

use crate::scale::coordinate as c;

/// Escapes text for SVG and HTML content and attributes; drops characters XML 1.0 cannot carry.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// An identifier safe in `id`, `href` and `url()`: letters, digits, `-` and `_`.
pub(crate) fn identifier(text: &str) -> String {
    let id: String =
        text.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' }).collect();
    if id.starts_with(|first: char| first.is_ascii_alphabetic()) { id } else { format!("x{id}") }
}

/// Width of `text` in px at a font size, estimated generously for system sans-serif fonts.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'l' | 'j' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | ' ' | '|' => 0.34,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.92,
            'A'..='Z' => 0.70,
            '\u{2026}' => 0.9,
            '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{FFDC}' => 1.05,
            letter if u32::from(letter) > 0xFFFF => 1.3,
            _ => 0.58,
        })
        .sum();
    ems * size
}

/// `text` cut with an ellipsis so that it fits into `room` px; the caller shows the whole in a title.
pub(crate) fn shorten(text: &str, room: f64, size: f64) -> String {
    if text_width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if text_width(&kept, size) + 0.9 * size > room {
            kept.pop();
            break;
        }
    }
    let kept = kept.trim_end();
    if kept.is_empty() { "\u{2026}".to_owned() } else { format!("{kept}\u{2026}") }
}

/// Where text hangs on its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The body of one SVG under construction.
pub(crate) struct Canvas {
    id: String,
    body: String,
}

impl Canvas {
    pub(crate) fn new(id: &str) -> Self {
        Self { id: identifier(id), body: String::new() }
    }

    pub(crate) fn into_body(self) -> String {
        self.body
    }

    pub(crate) fn rect(&mut self, (x, y, w, h): (f64, f64, f64, f64), class: &str, tip: &str) {
        let (w, h) = (w.max(0.0), h.max(0.0));
        let shape =
            format!("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{class}\"", c(x), c(y), c(w), c(h));
        self.mark("rect", &shape, tip);
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        self.body.push_str(&format!(
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{class}\"/>\n",
            c(from.0),
            c(from.1),
            c(to.0),
            c(to.1)
        ));
    }

    pub(crate) fn path(&mut self, d: &str, class: &str, tip: &str) {
        self.mark("path", &format!("<path d=\"{d}\" class=\"{class}\""), tip);
    }

    pub(crate) fn circle(&mut self, at: (f64, f64), radius: f64, class: &str, tip: &str) {
        let shape = format!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{class}\"", c(at.0), c(at.1), c(radius));
        self.mark("circle", &shape, tip);
    }

    /// The same path filled with the texture of series `index`; nothing for the plain first one.
    pub(crate) fn texture_path(&mut self, d: &str, index: usize) {
        if !index.is_multiple_of(TEXTURES) {
            let (id, index) = (&self.id, index % TEXTURES);
            self.body.push_str(&format!("<path d=\"{d}\" fill=\"url(#{id}-t{index})\"/>\n"));
        }
    }

    /// A rectangle filled with colour and texture of series `index`.
    pub(crate) fn swatch(&mut self, area: (f64, f64, f64, f64), index: usize, tip: &str) {
        self.rect(area, &format!("s{}", index % SERIES), tip);
        let (x, y, w, h) = area;
        self.texture_path(
            &format!("M{} {}h{}v{}h{}Z", c(x), c(y), c(w.max(0.0)), c(h.max(0.0)), c(-w.max(0.0))),
            index,
        );
    }

    pub(crate) fn text(&mut self, at: (f64, f64), anchor: Anchor, class: &str, text: &str) {
        self.text_full(at, anchor, class, text, "");
    }

    /// Small text on a plate of the paper's colour, for words that lie over lines.
    pub(crate) fn plate(&mut self, at: (f64, f64), anchor: Anchor, class: &str, text: &str, tip: &str) {
        let long = text_width(text, 11.0);
        let x = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - long / 2.0,
            Anchor::End => at.0 - long,
        };
        self.rect((x - 1.0, at.1 - 9.5, long + 2.0, 12.5), "plate", "");
        self.text_full(at, anchor, class, text, tip);
    }

    /// Text cut to `room` px, with the whole in a title when it was cut or when `tip` says more.
    pub(crate) fn label(
        &mut self,
        at: (f64, f64),
        anchor: Anchor,
        class: &str,
        text: &str,
        (room, size): (f64, f64),
        tip: &str,
    ) {
        let short = shorten(text, room, size);
        let tip = if tip.is_empty() && short != text { text } else { tip };
        self.text_full(at, anchor, class, &short, tip);
    }

    fn text_full(&mut self, at: (f64, f64), anchor: Anchor, class: &str, text: &str, tip: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let tip = if tip.is_empty() { String::new() } else { format!("<title>{}</title>", escape(tip)) };
        self.body.push_str(&format!(
            "<text x=\"{}\" y=\"{}\"{anchor} class=\"{class}\">{tip}{}</text>\n",
            c(at.0),
            c(at.1),
            escape(text)
        ));
    }

    /// Text turned around its point by `degrees`.
    pub(crate) fn turned_text(&mut self, at: (f64, f64), degrees: f64, anchor: Anchor, text: &str, tip: &str) {
        self.body.push_str(&format!("<g transform=\"translate({} {}) rotate({})\">", c(at.0), c(at.1), c(degrees)));
        self.text_full((0.0, 3.5), anchor, "small", text, tip);
        self.body.push_str("</g>\n");
    }

    /// Defines the textures of series 1 to `series - 1` under this drawing's own names.
    pub(crate) fn textures(&mut self, series: usize) {
        let marks = [
            "",
            "<path d=\"M-2 2L2 -2M0 8L8 0M6 10L10 6\"/>",
            "<path d=\"M0 4H8\"/>",
            "<path d=\"M-2 6L2 10M0 0L8 8M6 -2L10 2\"/>",
            "<path d=\"M4 0V8\"/>",
            "<path d=\"M2 2h1.6M6 6h1.6\" class=\"tdot\"/>",
            "<path d=\"M0 4H8M4 0V8\"/>",
            "<path d=\"M0 8L8 0M0 0L8 8\"/>",
            "<path d=\"M0 2H8M0 6H8\"/>",
        ];
        let id = &self.id;
        self.body.push_str("<defs>");
        for (index, mark) in marks.iter().enumerate().take(series.min(TEXTURES)).skip(1) {
            self.body.push_str(&format!(
                "<pattern id=\"{id}-t{index}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\" class=\"tex\">{mark}</pattern>"
            ));
        }
        self.body.push_str("</defs>\n");
    }

    /// A row of swatches with names, wrapped to `width`; returns the height used.
    pub(crate) fn legend(&mut self, at: (f64, f64), width: f64, entries: &[(usize, String)]) -> f64 {
        let (mut x, mut y) = at;
        for (series, name) in entries {
            let room = (width - 24.0).max(20.0);
            let name_width = text_width(name, 11.5).min(room) + 34.0;
            if x > at.0 && x + name_width - 14.0 > at.0 + width {
                x = at.0;
                y += 18.0;
            }
            self.swatch((x, y, 12.0, 12.0), *series, "");
            self.label((x + 18.0, y + 10.0), Anchor::Start, "small", name, (room, 11.5), "");
            x += name_width;
        }
        if entries.is_empty() { 0.0 } else { y - at.1 + 18.0 }
    }

    /// A quiet sentence in the middle of an empty picture.
    pub(crate) fn empty(&mut self, width: f64, height: f64, text: &str) {
        self.rect((0.5, 0.5, width - 1.0, height - 1.0), "frame", "");
        self.text((width / 2.0, height / 2.0 + 4.0), Anchor::Middle, "muted", text);
    }

    fn mark(&mut self, name: &str, shape: &str, tip: &str) {
        if tip.is_empty() {
            self.body.push_str(&format!("{shape}/>\n"));
        } else {
            self.body.push_str(&format!("{shape}><title>{}</title></{name}>\n", escape(tip)));
        }
    }
}

/// Number of series colours in the theme; later series start again.
pub(crate) const SERIES: usize = 9;
/// Number of textures, the first being plain.
pub(crate) const TEXTURES: usize = 9;

/// Rows for labels that hang on lines: each label covers `(start, end)`, its line falls from its row
/// down at one of the two ends.
///
/// A later label stands below every earlier one it meets, so labels never overlap, and a line that
/// starts in a lower row never crosses the label of a higher one. The input is sorted by line.
pub(crate) fn rows_without_overlap(spans: &[(f64, f64)]) -> Vec<usize> {
    let mut rows: Vec<usize> = Vec::with_capacity(spans.len());
    for (index, (start, end)) in spans.iter().enumerate() {
        let below = spans[..index]
            .iter()
            .zip(&rows)
            .filter(|((from, to), _)| from < end && start < to)
            .map(|(_, row)| row + 1)
            .max();
        rows.push(below.unwrap_or(0));
    }
    rows
}
