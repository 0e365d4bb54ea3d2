//! What every picture has in common: a head, two widths, a table, and the ways out.
//!
//! Absent: file names and formats other than SVG and HTML.

use crate::canvas::{escape, identifier};
use crate::scale::coordinate;
use crate::table::Table;
use crate::theme::PICTURE_CSS;

/// Name and meaning of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Identifier, unique among the pictures of a page; letters outside `A-Z a-z 0-9 - _` become `-`.
    /// The figure's anchor is `fig-` and this.
    pub id: String,
    /// Title of the picture.
    pub title: String,
    /// One or two sentences: what is shown, in which unit, how to read it.
    pub about: String,
}

impl Head {
    /// A head from its three parts.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>, about: impl Into<String>) -> Self {
        Self { id: id.into(), title: title.into(), about: about.into() }
    }
}

/// The two layouts of a picture. A page carries both and shows the one that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 960 px: a desktop page or paper.
    Wide,
    /// 360 px: a phone.
    Narrow,
}

impl Width {
    /// Width of the drawing in px.
    #[must_use]
    pub const fn px(self) -> f64 {
        match self {
            Self::Wide => 960.0,
            Self::Narrow => 360.0,
        }
    }

    pub(crate) const fn is_wide(self) -> bool {
        matches!(self, Self::Wide)
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Wide => "w",
            Self::Narrow => "n",
        }
    }
}

/// The inside of an SVG and its size.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Height in px for the given width.
    pub height: f64,
    /// SVG elements; class names refer to [`PICTURE_CSS`].
    pub body: String,
    /// What the picture shows, in words and figures, for readers who cannot see it.
    pub description: String,
}

/// A picture: plain data that becomes SVG and a table.
pub trait Picture {
    /// Name and meaning.
    fn head(&self) -> &Head;

    /// Draws the inside at a width; identifiers in the drawing must start with `id`.
    fn draw(&self, width: Width, id: &str) -> Drawing;

    /// The same figures as a table, with exact amounts.
    fn table(&self) -> Table;

    /// A whole SVG document with its styles, for a file of its own.
    fn svg(&self, width: Width) -> String {
        document(self.head(), width, &self.draw(width, &drawing_id(self.head(), width)), true)
    }

    /// SVG for a page that carries [`PICTURE_CSS`] itself.
    fn inline_svg(&self, width: Width) -> String {
        document(self.head(), width, &self.draw(width, &drawing_id(self.head(), width)), false)
    }

    /// An HTML figure: heading, both layouts, and the table folded below.
    fn figure(&self) -> String {
        let head = self.head();
        format!(
            "<figure class=\"cv-figure\" id=\"{id}\">\n<figcaption><h3>{title}</h3><p>{about}</p></figcaption>\n\
             <div class=\"cv-wide\">{wide}</div>\n<div class=\"cv-narrow\">{narrow}</div>\n\
             <details class=\"cv-data\"><summary>Figures behind this picture</summary>\
             <div class=\"cv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures: {title}\">{table}</div></details>\n</figure>\n",
            id = figure_id(head),
            title = escape(&head.title),
            about = escape(&head.about),
            wide = self.inline_svg(Width::Wide),
            narrow = self.inline_svg(Width::Narrow),
            table = self.table().html(),
        )
    }
}

/// Anchor of the figure on a page; the prefix keeps it apart from the page's own sections.
fn figure_id(head: &Head) -> String {
    format!("fig-{}", identifier(&head.id))
}

fn drawing_id(head: &Head, width: Width) -> String {
    format!("{}-{}", figure_id(head), width.suffix())
}

fn document(head: &Head, width: Width, drawing: &Drawing, styles: bool) -> String {
    let id = drawing_id(head, width);
    let style = if styles { format!("<style>{PICTURE_CSS}</style>\n") } else { String::new() };
    let (w, h) = (coordinate(width.px()), coordinate(drawing.height));
    let size = if styles { format!(" width=\"{w}\" height=\"{h}\"") } else { String::new() };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\"{size} class=\"cv\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{desc}</desc>\n{style}{body}</svg>",
        title = escape(&head.title),
        desc = escape(&drawing.description),
        body = drawing.body,
    )
}
