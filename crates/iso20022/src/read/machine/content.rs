//! An element against its content model: does it come here, how often, with which attributes, and what is missing.

use super::{Frame, Kind, Machine};
use crate::model::Part;
use crate::problem::{Rule, excerpt};
use crate::read::lexer::{self, Broken};
use crate::read::namespace;
use crate::read::slots::Source;
use crate::schema::plan::{Scope, Take};
use crate::schema::{Content, Element, check_currency, schema};
use std::ops::Range;

impl Machine<'_> {
    /// An element where the content model rules. `None` when it was a leaf and has been read whole.
    #[inline]
    pub(super) fn known_child(
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
    pub(super) fn misfit(
        &mut self,
        tag: &str,
        children: &'static [Element],
        choice: bool,
    ) -> Result<Option<usize>, Broken> {
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

    pub(super) fn report_missing(&mut self, children: &[Element], from: usize, count: u32, to: usize) {
        for (position, child) in children.iter().enumerate().take(to).skip(from) {
            let seen = if position == from { count } else { 0 };
            if seen < child.min {
                self.complain(Rule::Missing, Some(child.name), "", "is missing".to_owned());
            }
        }
    }

    /// Checks the attributes of an element and keeps the currency of an amount.
    pub(super) fn check_attributes(&mut self, window: &str, tag: &str, content: Content) {
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

    pub(super) fn check_complete(&mut self, frame: Frame) {
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
