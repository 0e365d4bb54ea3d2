//! The reader proper: follows tokens through the tables, checks each value, keeps those with a meaning, and tells the visitor.
//!
//! It holds no bytes of its own. The caller gives it a window that begins at or before `keep`, grows it when asked for more, and may
//! drop what lies before `keep`.

use super::lexer::{self, Attribute, Broken, CODED, SOLID, Token, broken};
use super::message::Message;
use super::namespace::{self, Namespaces};
use super::slots::{Level, Source, Span};
use crate::model::{Part, Summary};
use crate::options::Options;
use crate::problem::{Problem, Rule, excerpt};
use crate::schema::plan::{self, NodeId, Plan, ROOT, Scope, Subject, Take};
use crate::schema::{Content, Element, Facet, Fault, check_amount, check_currency, schema, trim};
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

    /// An element where the content model rules. `None` when it was a leaf and has been read whole.
    #[inline]
    fn known_child(
        &mut self,
        window: &str,
        name: Range<usize>,
        end: usize,
        empty: bool,
        frame: Frame,
        visit: &mut impl FnMut(Part<'_>),
    ) -> Result<Option<Frame>, Broken> {
        let tag = &window[name];
        let schema = schema();
        let Some(parent) = self.frames.last_mut() else {
            return Ok(Some(frame));
        };
        let parent_node = parent.node;
        let parent_content = parent.content;
        if matches!(parent_content, Content::Any) {
            parent.count += 1;
            let first = parent.count == 1;
            self.resolve(tag)?;
            if first {
                return Ok(Some(Frame { kind: Kind::Foreign, ..frame }));
            }
            self.complain(Rule::Element, Some(tag), "", "is one too many here".to_owned());
            return Ok(Some(frame));
        }
        let children = schema.children(parent_content);
        let plain = self.namespaces.len() == self.message.bindings;
        let local = if plain { tag.strip_prefix(self.message.prefix.as_str()) } else { None };
        let choice = matches!(parent_content, Content::Choice { .. });
        let step = local.and_then(|local| advance(parent, children, choice, local));
        let position = match step {
            Some(position) => position,
            None => match self.misfit(tag, children, choice)? {
                Some(position) => position,
                None => return Ok(Some(frame)),
            },
        };
        let content = schema.contents[usize::from(children[position].content)];
        let plan = self.message.plan;
        let node = plan.map_or(0, |plan| plan.child(parent_node, position));
        let mut frame = Frame { content, node, ..frame };
        if node != 0
            && let Some(plan) = plan
        {
            let node = plan.node(node);
            frame.scope = node.scope;
            if node.scope != Scope::None {
                self.open_scope(node.scope, frame.offset, visit);
                if self.message.dead {
                    return Ok(Some(Frame { kind: Kind::Skipped, scope: Scope::None, ..frame }));
                }
            }
            if node.clears.1 != 0 {
                let level = self.message.level as usize;
                self.message.slots[level].forget(node.clears.0, node.clears.1);
            }
            if let Take::Presence(slot) = node.take {
                let at = (frame.offset - self.message.offset) as u32;
                let span = self.span(0, 0, at, frame.node, Source::Store, false);
                self.message.keep(slot, span);
                self.message.note(parent_node, position);
                // What is inside goes with it.
                frame.node = 0;
            }
        } else if parent_node != 0 {
            self.message.note(parent_node, position);
        }
        match content {
            Content::Text(_) | Content::Amount => {
                if !self.attributes.is_empty() || matches!(content, Content::Amount) {
                    self.check_attributes(window, tag, content);
                }
                if !empty && self.whole_leaf(window, tag, end, frame)? {
                    return Ok(None);
                }
                self.text.clear();
                self.text_length = 0;
                self.text_at = self.base + end as u64;
                Ok(Some(Frame { kind: Kind::Text, ..frame }))
            }
            Content::Sequence { .. } | Content::Choice { .. } | Content::Any => {
                if !self.attributes.is_empty() {
                    self.check_attributes(window, tag, content);
                }
                Ok(Some(Frame { kind: Kind::Known, ..frame }))
            }
        }
    }

    /// An element that does not come next: says what is wrong, and gives its position when it may be read nevertheless.
    #[cold]
    fn misfit(&mut self, tag: &str, children: &'static [Element], choice: bool) -> Result<Option<usize>, Broken> {
        let (namespace, local) = self.resolve(tag)?;
        let same = namespace == self.message.namespace;
        let Some(parent) = self.frames.last_mut() else {
            return Ok(None);
        };
        let place = children.iter().position(|child| same && child.name == local);
        let Some(place) = place else {
            let message = if same {
                "the schema has no such element here".to_owned()
            } else {
                "stands in another namespace than its message".to_owned()
            };
            self.complain(Rule::Element, Some(tag), "", message);
            return Ok(None);
        };
        if let Some(position) = advance(parent, children, choice, local) {
            return Ok(Some(position));
        }
        let seen = usize::from(parent.position);
        if choice && parent.count > 0 && seen != place {
            let chosen = children[seen].name;
            let message = format!("stands beside {chosen}, and only one of them may");
            self.complain(Rule::Element, Some(tag), "", message);
            return Ok(None);
        }
        if seen == place {
            let message = match children[place].max {
                1 => "occurs more than once".to_owned(),
                max => format!("occurs more than {max} times"),
            };
            self.complain(Rule::Element, Some(tag), "", message);
            return Ok(None);
        }
        if place < seen {
            let message = format!("must stand before {}", children[seen].name);
            self.complain(Rule::Element, Some(tag), "", message);
            return Ok(None);
        }
        // It comes later, and mandatory elements before it are missing.
        let count = std::mem::replace(&mut parent.count, 1);
        parent.position = place as u16;
        self.report_missing(children, seen, count, place);
        Ok(Some(place))
    }

    fn report_missing(&mut self, children: &[Element], from: usize, count: u32, to: usize) {
        for (position, child) in children.iter().enumerate().take(to).skip(from) {
            let seen = if position == from { count } else { 0 };
            if seen < child.min {
                self.complain(Rule::Missing, Some(child.name), "", "is missing".to_owned());
            }
        }
    }

    /// Checks the attributes of an element and keeps the currency of an amount.
    fn check_attributes(&mut self, window: &str, tag: &str, content: Content) {
        let amount = matches!(content, Content::Amount);
        self.currency.clear();
        let mut seen = false;
        for index in 0..self.attributes.len() {
            let attribute = self.attributes[index].clone();
            let name = &window[attribute.name];
            let value = &window[attribute.value.clone()];
            let (prefix, local) = namespace::split(name);
            if prefix == "xmlns" || name == "xmlns" {
                continue;
            }
            if self.namespaces.resolve(prefix) == Some(namespace::INSTANCE)
                && matches!(local, "schemaLocation" | "noNamespaceSchemaLocation")
            {
                continue;
            }
            if amount && name == "Ccy" {
                seen = true;
                // References in a currency code are legal XML and nothing else.
                let _ = lexer::decode(value, attribute.value.start, true, &mut self.currency);
                if let Err(fault) = check_currency(&self.currency) {
                    let value = self.currency.clone();
                    self.report(fault, tag, &value, self.base + attribute.value.start as u64);
                }
                continue;
            }
            let message = format!("has the attribute {}, which the schema does not have", excerpt(name));
            self.complain(Rule::Attribute, Some(tag), "", message);
        }
        if amount && !seen {
            let message = "has no attribute Ccy".to_owned();
            self.complain(Rule::Attribute, Some(tag), "", message);
        }
    }

    /// Reads a leaf whose text and end tag stand in the window and hold nothing unusual. This is nearly every leaf there is.
    #[inline]
    fn whole_leaf(&mut self, window: &str, tag: &str, start: usize, frame: Frame) -> Result<bool, Broken> {
        let bytes = window.as_bytes();
        let (end, marks) = lexer::scan_text(bytes, start);
        let close = end + 2 + tag.len();
        let simple = marks & !SOLID == 0
            && bytes.get(close) == Some(&b'>')
            && bytes.get(end + 1) == Some(&b'/')
            && &bytes[end + 2..close] == tag.as_bytes()
            && end - start <= self.options.limits.text_bytes as usize;
        if !simple {
            return Ok(false);
        }
        let value = &window[start..end];
        self.value(frame, Some(tag), value, self.base + start as u64, Some(start));
        self.at = close + 1;
        self.namespaces.truncate(frame.bindings as usize);
        Ok(true)
    }

    /// Text between tags.
    fn text(&mut self, window: &str, text: Range<usize>, marks: u8, references: bool) -> Result<(), Broken> {
        let Some(frame) = self.frames.last_mut() else {
            if marks & SOLID != 0 {
                let message = "text stands outside of the root element";
                return Err(broken(Rule::Malformed, text.start, message));
            }
            return Ok(());
        };
        match frame.kind {
            Kind::Text => {
                let limit = self.options.limits.text_bytes;
                self.text_length += text.len() as u64;
                if self.text_length <= u64::from(limit) {
                    let value = &window[text.clone()];
                    return lexer::decode(value, text.start, references, &mut self.text);
                }
            }
            Kind::Known | Kind::Document => {
                if marks & SOLID != 0 && !frame.stray && !self.message.dead {
                    frame.stray = true;
                    let value = excerpt(window[text.clone()].trim());
                    let message = "holds text beside its elements".to_owned();
                    let offset = self.base + text.start as u64;
                    self.complain_at(Rule::StrayText, None, &value, message, offset);
                }
            }
            Kind::Envelope | Kind::Foreign | Kind::Skipped => {}
        }
        if marks & CODED != 0 && references {
            // Nobody reads it, but it must be well-formed.
            lexer::decode(&window[text.clone()], text.start, true, &mut String::new())?;
        }
        Ok(())
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

    fn check_complete(&mut self, frame: Frame) {
        let children = schema().children(frame.content);
        match frame.content {
            Content::Sequence { .. } => {
                self.report_missing(children, usize::from(frame.position), frame.count, children.len());
            }
            Content::Choice { .. } if frame.count == 0 => {
                let names: Vec<_> = children.iter().map(|child| child.name).collect();
                let message = format!("holds none of {}", names.join(", "));
                self.complain(Rule::Missing, None, "", message);
            }
            Content::Any if frame.count == 0 => {
                self.complain(Rule::Missing, None, "", "is empty".to_owned());
            }
            Content::Choice { .. } | Content::Any | Content::Text(_) | Content::Amount => {}
        }
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

    // Values.

    /// Checks the value of a leaf and keeps it where it has a meaning. `tag` is given when the leaf has no frame of its own.
    #[inline]
    fn value(&mut self, frame: Frame, tag: Option<&str>, value: &str, offset: u64, in_window: Option<usize>) {
        let (facet, amount) = match frame.content {
            Content::Text(facet) => (Some(facet), false),
            Content::Amount => (None, true),
            Content::Sequence { .. } | Content::Choice { .. } | Content::Any => return,
        };
        let checked = match facet {
            Some(facet) => facet.check(value),
            None => check_amount(value),
        };
        let mut bad = false;
        if let Err(fault) = checked {
            bad = true;
            self.report(fault, tag.unwrap_or_default(), value, offset);
        }
        let take = match self.message.plan {
            Some(plan) if frame.node != 0 => plan.node(frame.node).take,
            _ => return,
        };
        // Numbers and dates may stand in white space; texts are kept as they are.
        let (value, in_window) = match facet {
            Some(Facet::Text { .. }) => (value, in_window),
            _ => {
                let trimmed = trim(value);
                let lead = value.len() - value.trim_start_matches([' ', '\t', '\n', '\r']).len();
                (trimmed, in_window.map(|at| at + lead))
            }
        };
        let slot = match take {
            Take::Nothing | Take::Presence(_) => return,
            Take::First(slot) | Take::Join(slot) | Take::Amount(slot) => slot,
            Take::Identifier(slot) => {
                if self.options.restricted_identifiers && !bad && !is_restricted(value) {
                    bad = true;
                    let fault = Fault {
                        rule: Rule::Charset,
                        message: "holds characters that identifiers may not hold".to_owned(),
                    };
                    self.report(fault, tag.unwrap_or_default(), value, offset);
                }
                slot
            }
        };
        let kept = self.message.kept(slot);
        let again = kept.source != Source::Absent && kept.level == self.message.level;
        let at = offset.saturating_sub(self.message.offset) as u32;
        if again {
            if matches!(take, Take::Join(_)) {
                self.join(slot, kept, value);
            }
            return;
        }
        let span = match in_window {
            // Values that may be joined are stored from the start, so that they stay together.
            Some(start) if self.message.level == Level::Transaction && !matches!(take, Take::Join(_)) => {
                self.span(start - self.keep, value.len(), at, frame.node, Source::Window, bad)
            }
            _ => self.store(value, at, frame.node, bad),
        };
        self.message.keep(slot, span);
        if amount {
            let currency = std::mem::take(&mut self.currency);
            let span = self.store(&currency, at, frame.node, false);
            self.currency = currency;
            self.message.keep(slot + 1, span);
        }
    }

    fn join(&mut self, slot: plan::Slot, kept: Span, value: &str) {
        let start = self.message.store.len();
        let range = kept.start as usize..(kept.start + kept.length) as usize;
        let first = self.message.store.get(range).unwrap_or_default().to_owned();
        self.message.store.push_str(&first);
        self.message.store.push('\n');
        self.message.store.push_str(value);
        let length = self.message.store.len() - start;
        self.message.keep(slot, Span { start: start as u32, length: length as u32, source: Source::Store, ..kept });
    }

    fn store(&mut self, value: &str, at: u32, node: NodeId, bad: bool) -> Span {
        let start = self.message.store.len();
        self.message.store.push_str(value);
        self.span(start, value.len(), at, node, Source::Store, bad)
    }

    fn span(&self, start: usize, length: usize, at: u32, node: NodeId, source: Source, bad: bool) -> Span {
        Span { start: start as u32, length: length as u32, at, node, level: self.message.level, source, bad }
    }

    // Problems.

    #[cold]
    fn report(&mut self, fault: Fault, tag: &str, value: &str, offset: u64) {
        let tag = (!tag.is_empty()).then_some(tag);
        self.complain_at(fault.rule, tag, value, fault.message, offset);
    }

    #[cold]
    fn complain(&mut self, rule: Rule, tag: Option<&str>, value: &str, message: String) {
        self.complain_at(rule, tag, value, message, self.base + self.at as u64);
    }

    #[cold]
    fn complain_at(&mut self, rule: Rule, tag: Option<&str>, value: &str, message: String, offset: u64) {
        let problem =
            Problem { rule, field: self.path(tag), value: excerpt(value), reason: rule.reason(), message, offset };
        self.message.add(problem, self.options);
    }

    /// Path of the innermost element, or of its child `tag`, below the message's root.
    fn path(&self, tag: Option<&str>) -> String {
        let header = self.message.plan.is_some_and(|plan| plan.subject == Subject::ApplicationHeader);
        let mut path = if header && self.message.is_open() { "AppHdr".to_owned() } else { String::new() };
        let root = self.frames.iter().position(|frame| frame.node == ROOT);
        let below = root.map_or(self.frames.len(), |root| root + 1);
        let ends = self.frames.iter().skip(1).map(|frame| frame.name as usize);
        let ends = ends.chain([self.names.len()]);
        let names = self.frames.iter().zip(ends).skip(below);
        let names = names.map(|(frame, end)| &self.names[frame.name as usize..end]);
        for name in names.chain(tag) {
            let (_, local) = namespace::split(name);
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(local);
        }
        path
    }

    fn innermost(&self) -> &str {
        let start = self.frames.last().map_or(0, |frame| frame.name as usize);
        &self.names[start..]
    }
}

/// Moves on in a content model to the child called `local`. `None` when it may not come here, or something mandatory is missing before it.
#[inline]
fn advance(frame: &mut Frame, children: &[Element], choice: bool, local: &str) -> Option<usize> {
    let mut position = usize::from(frame.position);
    let mut count = frame.count;
    if choice {
        if count > 0 {
            let chosen = children.get(position)?;
            if chosen.name != local || count >= chosen.max {
                return None;
            }
            frame.count += 1;
            return Some(position);
        }
        let position = children.iter().position(|child| child.name == local)?;
        frame.position = position as u16;
        frame.count = 1;
        return Some(position);
    }
    loop {
        let child = children.get(position)?;
        if child.name == local {
            if count >= child.max {
                return None;
            }
            frame.position = position as u16;
            frame.count = count + 1;
            return Some(position);
        }
        if count < child.min {
            return None;
        }
        position += 1;
        count = 0;
    }
}

/// Whether an identifier keeps to the restricted character set (the set of SWIFT FIN messages, as used for references there and in CBPR+).
fn is_restricted(value: &str) -> bool {
    let allowed = |b: u8| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'/' | b'-' | b'?' | b':' | b'(' | b')' | b'.' | b',' | b'\'' | b'+' | b' ')
    };
    value.bytes().all(allowed) && !value.starts_with('/') && !value.ends_with('/') && !value.contains("//")
}
