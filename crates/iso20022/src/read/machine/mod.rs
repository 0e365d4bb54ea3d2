//! The reader proper: follows tokens through the tables, checks each value, keeps those with a meaning, and tells the visitor.
//!
//! It holds no bytes of its own. The caller gives it a window that begins at or before `keep`, grows it when asked for more, and may
//! drop what lies before `keep`.

mod content;
mod values;

use super::lexer::{self, Attribute, Broken, CODED, SOLID, Token, broken};
use super::message::Message;
use super::namespace::{self, Namespaces};
use super::slots::Level;
use crate::model::{Part, Summary};
use crate::options::Options;
use crate::problem::{Problem, Rule, excerpt};
use crate::schema::plan::{self, NodeId, Plan, ROOT, Scope, Subject};
use crate::schema::{Content, schema};
use std::ops::Range;

/// What an open element is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Around documents: any name, any content.
    Envelope,
    /// `Document`: holds the root element of one message.
    Document,
    /// In the content model.
    Known,
    /// Of a data type; its text is collected.
    Text,
    /// Allowed by the schema with any content.
    Foreign,
    /// Refused, or inside something refused: only well-formedness counts.
    Skipped,
}

#[derive(Debug, Clone, Copy)]
struct Frame {
    kind: Kind,
    scope: Scope,
    content: Content,
    node: NodeId,
    /// Position in the content model, and how often that child has been seen.
    position: u16,
    count: u32,
    /// Where the name begins in `names`, and how many namespace bindings held outside.
    name: u32,
    bindings: u32,
    /// Where the element begins in the input.
    offset: u64,
    /// Stray text has been reported already.
    stray: bool,
}

#[derive(Debug)]
pub(super) struct Machine<'o> {
    options: &'o Options,
    /// Offset in the input of the window's first byte.
    pub(super) base: u64,
    /// Position in the window of the next token.
    pub(super) at: usize,
    /// First byte of the window that must stay.
    pub(super) keep: usize,
    frames: Vec<Frame>,
    names: String,
    namespaces: Namespaces,
    attributes: Vec<Attribute>,
    text: String,
    /// Bytes of the element's text so far, also those beyond the limit.
    text_length: u64,
    text_at: u64,
    currency: String,
    message: Message,
    root_seen: bool,
    documents: u32,
    /// Length of the byte order mark.
    pub(super) mark_length: u64,
    pub(super) finished: bool,
    pub(super) summary: Summary,
}

impl<'o> Machine<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        Self {
            options,
            base: 0,
            at: 0,
            keep: 0,
            frames: Vec::new(),
            names: String::new(),
            namespaces: Namespaces::default(),
            attributes: Vec::new(),
            text: String::new(),
            text_length: 0,
            text_at: 0,
            currency: String::new(),
            message: Message::new(),
            root_seen: false,
            documents: 0,
            mark_length: 0,
            finished: false,
            summary: Summary::default(),
        }
    }

    /// Reads on until the window is used up. `whole` says that nothing follows it.
    pub(super) fn run(&mut self, window: &str, whole: bool, visit: &mut impl FnMut(Part<'_>)) {
        if self.finished {
            return;
        }
        if let Err(broken) = self.tokens(window, whole, visit) {
            self.give_up(broken, visit);
        }
    }

    /// The input cannot be followed beyond this place.
    pub(super) fn give_up(&mut self, broken: Broken, visit: &mut impl FnMut(Part<'_>)) {
        self.finished = true;
        let problem = Problem {
            rule: broken.rule,
            field: self.path(None),
            value: String::new(),
            reason: broken.rule.reason(),
            message: broken.message,
            offset: self.base + broken.at as u64,
        };
        if !self.message.is_open() || self.message.kind().is_none() || self.message.dead {
            self.message.begin(None, "", problem.offset);
            self.message.number = self.documents;
            self.documents += 1;
        }
        if self.message.level != Level::Group {
            self.message.leave(Level::Group);
        }
        self.message.problems[0].push(problem);
        self.message.refuse(visit);
        self.count_message(true);
    }

    fn tokens(&mut self, window: &str, whole: bool, visit: &mut impl FnMut(Part<'_>)) -> Result<(), Broken> {
        let bytes = window.as_bytes();
        loop {
            if self.message.level != Level::Transaction {
                self.keep = self.at;
            } else {
                self.bound(window)?;
            }
            match lexer::next(bytes, self.at, whole, &self.options.limits)? {
                Token::Start { name, attributes, empty, end } => {
                    self.start(window, name, attributes, empty, end, visit)?
                }
                Token::End { name, end } => self.end(window, name, end, visit)?,
                Token::Text { text, marks } => {
                    let end = text.end;
                    self.text(window, text, marks, true)?;
                    self.at = end;
                }
                Token::CData { text, end } => {
                    if self.frames.is_empty() {
                        let message = "a CDATA section stands outside of the root element";
                        return Err(broken(Rule::Malformed, self.at, message));
                    }
                    self.text(window, text, SOLID | CODED, false)?;
                    self.at = end;
                }
                Token::Aside { end } => self.at = end,
                Token::Declaration { text, end } => {
                    self.declaration(window, text)?;
                    self.at = end;
                }
                Token::More => return Ok(()),
                Token::Over => return self.over(visit),
            }
        }
    }

    /// Keeps what is held of one transaction within its limit.
    fn bound(&mut self, window: &str) -> Result<(), Broken> {
        let limit = self.options.limits.transaction_bytes;
        if self.at - self.keep <= limit as usize {
            return Ok(());
        }
        if !self.message.oversize {
            self.message.oversize = true;
            let message = format!("the transaction exceeds the limit of {limit} bytes");
            let offset = self.message.starts[Level::Transaction as usize];
            self.complain_at(Rule::Limit, None, "", message, offset);
            self.message.spill(&window[self.keep..self.at]);
        }
        self.message.slots[2].forget_window();
        self.keep = self.at;
        Ok(())
    }

    fn declaration(&mut self, window: &str, text: Range<usize>) -> Result<(), Broken> {
        if self.base + self.at as u64 > self.mark_length {
            let message = "an XML declaration stands elsewhere than at the start";
            return Err(broken(Rule::Malformed, self.at, message));
        }
        let limits = &self.options.limits;
        let region = text.clone();
        lexer::attributes(window.as_bytes(), region, limits, &mut self.attributes)?;
        let mut order = 0;
        for attribute in &self.attributes {
            let value = &window[attribute.value.clone()];
            let at = attribute.name.start;
            let (place, good, rule) = match &window[attribute.name.clone()] {
                "version" => (1, value == "1.0", Rule::Malformed),
                "encoding" => (2, value.eq_ignore_ascii_case("utf-8"), Rule::Encoding),
                "standalone" => (3, matches!(value, "yes" | "no"), Rule::Malformed),
                _ => (0, false, Rule::Malformed),
            };
            if !good || place <= order || (order == 0 && place != 1) {
                let message = format!("the XML declaration says {value}; XML 1.0 in UTF-8 is read");
                return Err(broken(rule, at, message));
            }
            order = place;
        }
        if order == 0 {
            return Err(broken(Rule::Malformed, self.at, "the XML declaration has no version"));
        }
        Ok(())
    }

    fn over(&mut self, visit: &mut impl FnMut(Part<'_>)) -> Result<(), Broken> {
        if !self.frames.is_empty() {
            let message = format!("the input ends before </{}>", self.innermost());
            return Err(broken(Rule::Malformed, self.at, message));
        }
        if !self.root_seen {
            return Err(broken(Rule::Malformed, self.at, "the input holds no element"));
        }
        self.finished = true;
        let offset = self.message.waiting.as_ref().map(|waiting| waiting.offset());
        if let Some(offset) = offset {
            self.refuse_input(Rule::HeaderMismatch, "no document follows this application header", offset, visit);
        } else if self.documents == 0 {
            self.refuse_input(Rule::Unsupported, "the input holds no ISO 20022 document", 0, visit);
        }
        Ok(())
    }

    /// Refuses something that is not a message at all.
    fn refuse_input(&mut self, rule: Rule, message: &str, offset: u64, visit: &mut impl FnMut(Part<'_>)) {
        self.message.begin(None, "", offset);
        self.message.number = self.documents;
        self.documents += 1;
        self.complain_at(rule, None, "", message.to_owned(), offset);
        self.message.refuse(visit);
        self.count_message(true);
        self.message.waiting = None;
    }

    fn count_message(&mut self, refused: bool) {
        self.summary.documents += 1;
        self.summary.documents_refused += u32::from(refused);
        self.summary.transactions += u64::from(self.message.delivered);
        self.summary.transactions_refused += u64::from(self.message.refused);
    }

    // Elements.

    #[inline]
    fn start(
        &mut self,
        window: &str,
        name: Range<usize>,
        attributes: Range<usize>,
        empty: bool,
        end: usize,
        visit: &mut impl FnMut(Part<'_>),
    ) -> Result<(), Broken> {
        let limits = &self.options.limits;
        if self.frames.len() >= usize::from(limits.depth) {
            let message = format!("elements are nested deeper than the limit of {}", limits.depth);
            return Err(broken(Rule::Limit, self.at, message));
        }
        let bindings = self.namespaces.len() as u32;
        self.attributes.clear();
        if !attributes.is_empty() {
            self.attributes(window, attributes)?;
        }
        let tag = &window[name.clone()];
        let frame = Frame {
            kind: Kind::Skipped,
            scope: Scope::None,
            content: Content::Any,
            node: 0,
            position: 0,
            count: 0,
            name: self.names.len() as u32,
            bindings,
            offset: self.base + self.at as u64,
            stray: false,
        };
        let parent = self.frames.last().map(|frame| frame.kind);
        let opened = match parent {
            Some(Kind::Known) if !self.message.dead => self.known_child(window, name, end, empty, frame, visit)?,
            Some(Kind::Text) => {
                self.resolve(tag)?;
                self.complain(Rule::Element, Some(tag), "", "stands inside a value".to_owned());
                Some(frame)
            }
            Some(Kind::Document) => self.root_child(window, tag, frame, visit)?,
            None if self.root_seen => {
                let message = "a second root element";
                return Err(broken(Rule::Malformed, self.at, message));
            }
            None | Some(Kind::Envelope) => {
                self.root_seen = true;
                self.envelope_child(tag, frame, visit)?
            }
            Some(Kind::Foreign) => {
                self.resolve(tag)?;
                Some(Frame { kind: Kind::Foreign, ..frame })
            }
            Some(Kind::Known | Kind::Skipped) => {
                self.resolve(tag)?;
                Some(frame)
            }
        };
        // A leaf that was read whole needs no frame.
        let Some(frame) = opened else {
            return Ok(());
        };
        self.names.push_str(tag);
        self.frames.push(frame);
        self.at = end;
        if empty { self.close(window, visit) } else { Ok(()) }
    }

    /// Splits the attributes and puts namespace declarations in force.
    fn attributes(&mut self, window: &str, region: Range<usize>) -> Result<(), Broken> {
        let limits = &self.options.limits;
        lexer::attributes(window.as_bytes(), region, limits, &mut self.attributes)?;
        for attribute in &self.attributes {
            let name = &window[attribute.name.clone()];
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            let mut value = String::new();
            let at = attribute.value.start;
            lexer::decode(&window[attribute.value.clone()], at, true, &mut value)?;
            self.namespaces.declare(prefix, &value, at)?;
        }
        for attribute in &self.attributes {
            let (prefix, _) = namespace::split(&window[attribute.name.clone()]);
            if !prefix.is_empty() && prefix != "xmlns" && self.namespaces.resolve(prefix).is_none() {
                let message = format!("the prefix {prefix} is not declared");
                return Err(broken(Rule::Malformed, attribute.name.start, message));
            }
            // The value must be well-formed even where nobody reads it.
            let value = &window[attribute.value.clone()];
            if value.contains('&') {
                lexer::decode(value, attribute.value.start, true, &mut String::new())?;
            }
        }
        Ok(())
    }

    /// Namespace and local part of a tag.
    fn resolve<'n>(&self, tag: &'n str) -> Result<(&str, &'n str), Broken> {
        let (prefix, local) = namespace::split(tag);
        if !lexer::is_name(tag.as_bytes()) {
            let message = format!("{} is not a name", excerpt(tag));
            return Err(broken(Rule::Malformed, self.at, message));
        }
        match self.namespaces.resolve(prefix) {
            Some(namespace) => Ok((namespace, local)),
            None => {
                let message = format!("the prefix {} is not declared", excerpt(prefix));
                Err(broken(Rule::Malformed, self.at, message))
            }
        }
    }

    /// An element around or at the start of a document.
    fn envelope_child(
        &mut self,
        tag: &str,
        frame: Frame,
        visit: &mut impl FnMut(Part<'_>),
    ) -> Result<Option<Frame>, Broken> {
        let (namespace, local) = self.resolve(tag)?;
        let name = namespace.strip_prefix(namespace::ISO);
        let found = name.and_then(|name| plan::find(name.as_bytes()));
        let header = found.is_some_and(|plan| plan.subject == Subject::ApplicationHeader);
        let is_header = local == "AppHdr" && name.is_some_and(|name| name.starts_with("head."));
        if !is_header && local != "Document" {
            return Ok(Some(Frame { kind: Kind::Envelope, ..frame }));
        }
        let name = name.unwrap_or_default().to_owned();
        let namespace = namespace.to_owned();
        let plan = found.filter(|_| header == is_header);
        if is_header && let Some(offset) = self.message.waiting.as_ref().map(|w| w.offset()) {
            let message = "no document follows this application header";
            self.refuse_input(Rule::HeaderMismatch, message, offset, visit);
        }
        self.message.begin(plan, if name.is_empty() { "?" } else { &name }, frame.offset);
        let prefix_length = tag.len() - local.len();
        self.message.prefix.clear();
        self.message.prefix.push_str(&tag[..prefix_length]);
        self.message.namespace = namespace;
        self.message.bindings = self.namespaces.len();
        if is_header {
            return Ok(Some(match plan {
                Some(plan) => self.known_root(plan, frame),
                None => {
                    let message = format!("the application header {name} is not supported");
                    self.complain_at(Rule::Unsupported, Some("AppHdr"), "", message, frame.offset);
                    self.message.hold_header();
                    self.message.name.clear();
                    frame
                }
            }));
        }
        self.message.number = self.documents;
        self.documents += 1;
        if self.documents > self.options.limits.documents {
            let message = format!("the input exceeds the limit of {} documents", self.options.limits.documents);
            return Err(broken(Rule::Limit, self.at, message));
        }
        self.message.meet_header();
        if plan.is_none() {
            let message = if name.is_empty() {
                "the document is not in a namespace of ISO 20022".to_owned()
            } else {
                format!("the message {} is not supported", excerpt(&name))
            };
            self.complain_at(Rule::Unsupported, None, &name, message, frame.offset);
            self.message.refuse(visit);
        }
        Ok(Some(Frame { kind: Kind::Document, ..frame }))
    }

    fn known_root(&self, plan: &'static Plan, frame: Frame) -> Frame {
        Frame { kind: Kind::Known, content: schema().contents[usize::from(plan.entry.content)], node: ROOT, ..frame }
    }

    /// The root element of a message, inside `Document`.
    fn root_child(
        &mut self,
        window: &str,
        tag: &str,
        frame: Frame,
        visit: &mut impl FnMut(Part<'_>),
    ) -> Result<Option<Frame>, Broken> {
        let (namespace, local) = self.resolve(tag)?;
        let same = namespace == self.message.namespace;
        let Some(plan) = self.message.plan.filter(|_| !self.message.dead) else {
            return Ok(Some(frame));
        };
        let document = self.frames.last_mut();
        let first = document.is_some_and(|document| {
            document.count += 1;
            document.count == 1
        });
        if same && local == plan.entry.root && first {
            let frame = self.known_root(plan, frame);
            self.check_attributes(window, tag, frame.content);
            return Ok(Some(frame));
        }
        let message = format!("stands where one {} belongs", plan.entry.root);
        self.complain(Rule::Element, Some(tag), "", message);
        self.message.refuse(visit);
        Ok(Some(frame))
    }

    #[inline]
    fn end(
        &mut self,
        window: &str,
        name: Range<usize>,
        end: usize,
        visit: &mut impl FnMut(Part<'_>),
    ) -> Result<(), Broken> {
        let open = self.frames.last().map(|frame| &self.names[frame.name as usize..]);
        if open != Some(&window[name.clone()]) {
            let message = match open {
                None => format!("</{}> ends nothing", excerpt(&window[name])),
                Some(open) => {
                    format!("</{}> stands where </{open}> belongs", excerpt(&window[name]))
                }
            };
            return Err(broken(Rule::Malformed, self.at, message));
        }
        self.at = end;
        self.close(window, visit)
    }

    /// Ends the innermost element; `at` is behind its end tag.
    #[inline]
    fn close(&mut self, window: &str, visit: &mut impl FnMut(Part<'_>)) -> Result<(), Broken> {
        let Some(frame) = self.frames.last().copied() else {
            return Ok(());
        };
        match frame.kind {
            Kind::Text => {
                let text = std::mem::take(&mut self.text);
                if self.text_length > u64::from(self.options.limits.text_bytes) {
                    let limit = self.options.limits.text_bytes;
                    let message = format!("exceeds the limit of {limit} bytes");
                    self.complain_at(Rule::Limit, None, "", message, self.text_at);
                } else {
                    self.value(frame, None, &text, self.text_at, None);
                }
                self.text = text;
            }
            Kind::Known if !self.message.dead => self.check_complete(frame),
            Kind::Document => {
                if frame.count == 0 && !self.message.dead {
                    let root = self.message.plan.map_or("", |plan| plan.entry.root);
                    self.complain(Rule::Missing, Some(root), "", "is missing".to_owned());
                }
                if !self.message.problems[0].is_empty() && !self.message.dead {
                    self.message.refuse(visit);
                }
                self.count_message(self.message.dead);
                self.message.name.clear();
                self.message.waiting = None;
            }
            Kind::Known | Kind::Envelope | Kind::Foreign | Kind::Skipped => {}
        }
        if frame.scope != Scope::None {
            self.close_scope(window, frame, visit)?;
        }
        if frame.kind == Kind::Known && frame.node == ROOT {
            self.close_root(visit);
        }
        self.frames.pop();
        self.names.truncate(frame.name as usize);
        self.namespaces.truncate(frame.bindings as usize);
        Ok(())
    }

    // Scopes.

    fn open_scope(&mut self, scope: Scope, offset: u64, visit: &mut impl FnMut(Part<'_>)) {
        match scope {
            Scope::None | Scope::Charge => {}
            Scope::Block => {
                self.message.tell_header(self.options, visit);
                self.message.enter(Level::Block, offset);
                self.keep = self.at;
            }
            Scope::Transaction => {
                self.message.tell_header(self.options, visit);
                let limit = self.options.limits.transactions;
                if self.message.delivered >= limit && !self.message.dead {
                    let message = format!("the message exceeds the limit of {limit} transactions");
                    let level = std::mem::replace(&mut self.message.level, Level::Group);
                    self.complain_at(Rule::Limit, None, "", message, offset);
                    self.message.level = level;
                    self.message.refuse(visit);
                }
                if !self.message.dead {
                    self.message.enter(Level::Transaction, offset);
                    self.keep = self.at;
                }
            }
        }
    }

    fn close_scope(&mut self, window: &str, frame: Frame, visit: &mut impl FnMut(Part<'_>)) -> Result<(), Broken> {
        if self.message.dead && frame.scope != Scope::Charge {
            if self.message.level != Level::Group {
                self.message.leave(Level::Group);
            }
            return Ok(());
        }
        let end = self.base + self.at as u64;
        match frame.scope {
            Scope::None => {}
            Scope::Charge => self.message.end_charge(),
            Scope::Transaction => {
                let whole = !self.message.oversize;
                let raw = if whole { &window[self.keep..self.at] } else { "" };
                self.message.tell_line(raw, end, self.options, visit);
                let in_block = self.frames.iter().any(|frame| frame.scope == Scope::Block);
                self.message.leave(if in_block { Level::Block } else { Level::Group });
                self.keep = self.at;
            }
            Scope::Block => {
                if self.message.block_is_a_line() {
                    self.message.tell_line("", end, self.options, visit);
                }
                self.message.leave(Level::Group);
            }
        }
        Ok(())
    }

    fn close_root(&mut self, visit: &mut impl FnMut(Part<'_>)) {
        if self.message.plan.is_some_and(|plan| plan.subject == Subject::ApplicationHeader) {
            self.message.hold_header();
            self.message.name.clear();
            return;
        }
        let end = self.base + self.at as u64;
        self.message.finish(end, self.options, visit);
    }
}
