//! Values: their text is put together, checked against its data type and kept where it has a meaning. And what is said about bad ones.

use super::{Frame, Kind, Machine};
use crate::problem::{Problem, Rule, excerpt};
use crate::read::lexer::{self, Broken, CODED, SOLID, broken};
use crate::read::namespace;
use crate::read::slots::{Level, Source, Span};
use crate::schema::plan::{self, NodeId, ROOT, Subject, Take};
use crate::schema::{Content, Facet, Fault, check_amount, trim};
use std::ops::Range;

impl Machine<'_> {
    /// Reads a leaf whose text and end tag stand in the window and hold nothing unusual. This is nearly every leaf there is.
    #[inline]
    pub(super) fn whole_leaf(&mut self, window: &str, tag: &str, start: usize, frame: Frame) -> Result<bool, Broken> {
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
    pub(super) fn text(&mut self, window: &str, text: Range<usize>, marks: u8, references: bool) -> Result<(), Broken> {
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

    /// Checks the value of a leaf and keeps it where it has a meaning. `tag` is given when the leaf has no frame of its own.
    #[inline]
    pub(super) fn value(
        &mut self,
        frame: Frame,
        tag: Option<&str>,
        value: &str,
        offset: u64,
        in_window: Option<usize>,
    ) {
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

    pub(super) fn join(&mut self, slot: plan::Slot, kept: Span, value: &str) {
        let start = self.message.store.len();
        let range = kept.start as usize..(kept.start + kept.length) as usize;
        let first = self.message.store.get(range).unwrap_or_default().to_owned();
        self.message.store.push_str(&first);
        self.message.store.push('\n');
        self.message.store.push_str(value);
        let length = self.message.store.len() - start;
        self.message.keep(slot, Span { start: start as u32, length: length as u32, source: Source::Store, ..kept });
    }

    pub(super) fn store(&mut self, value: &str, at: u32, node: NodeId, bad: bool) -> Span {
        let start = self.message.store.len();
        self.message.store.push_str(value);
        self.span(start, value.len(), at, node, Source::Store, bad)
    }

    pub(super) fn span(&self, start: usize, length: usize, at: u32, node: NodeId, source: Source, bad: bool) -> Span {
        Span { start: start as u32, length: length as u32, at, node, level: self.message.level, source, bad }
    }

    #[cold]
    pub(super) fn report(&mut self, fault: Fault, tag: &str, value: &str, offset: u64) {
        let tag = (!tag.is_empty()).then_some(tag);
        self.complain_at(fault.rule, tag, value, fault.message, offset);
    }

    #[cold]
    pub(super) fn complain(&mut self, rule: Rule, tag: Option<&str>, value: &str, message: String) {
        self.complain_at(rule, tag, value, message, self.base + self.at as u64);
    }

    #[cold]
    pub(super) fn complain_at(&mut self, rule: Rule, tag: Option<&str>, value: &str, message: String, offset: u64) {
        let problem =
            Problem { rule, field: self.path(tag), value: excerpt(value), reason: rule.reason(), message, offset };
        self.message.add(problem, self.options);
    }

    /// Path of the innermost element, or of its child `tag`, below the message's root.
    pub(super) fn path(&self, tag: Option<&str>) -> String {
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

    pub(super) fn innermost(&self) -> &str {
        let start = self.frames.last().map_or(0, |frame| frame.name as usize);
        &self.names[start..]
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
