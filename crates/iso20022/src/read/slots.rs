//! Where the texts of a message are kept while it is read: positions, not copies, for the transaction at hand.

use crate::schema::plan::{NodeId, Slot, slot};

/// Which store a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Absent,
    /// In the bytes of the transaction.
    Window,
    /// In the store of copied texts.
    Store,
}

/// A text kept: where it is, and where it came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) length: u32,
    /// Offset of the text in its document.
    pub(super) at: u32,
    pub(super) node: NodeId,
    pub(super) level: Level,
    pub(super) source: Source,
    /// The value failed its data type: it may be quoted, not used.
    pub(super) bad: bool,
}

/// The part of a message a value belongs to. The inner value replaces the outer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Group = 0,
    Block = 1,
    Transaction = 2,
}

pub(super) const NOTHING: Span =
    Span { start: 0, length: 0, at: 0, node: 0, level: Level::Group, source: Source::Absent, bad: false };

/// One span for each slot of a plan.
#[derive(Debug, Clone)]
pub(super) struct Slots(Box<[Span; slot::ALL]>);

impl Slots {
    pub(super) fn new() -> Self {
        Self(Box::new([NOTHING; slot::ALL]))
    }

    pub(super) fn clear(&mut self) {
        self.0.fill(NOTHING);
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.0.copy_from_slice(&other.0[..]);
    }

    pub(super) fn get(&self, slot: Slot) -> Span {
        self.0[usize::from(slot)]
    }

    pub(super) fn set(&mut self, slot: Slot, span: Span) {
        self.0[usize::from(slot)] = span;
    }

    /// Empties `count` slots from `first`.
    pub(super) fn forget(&mut self, first: Slot, count: Slot) {
        let first = usize::from(first);
        self.0[first..first + usize::from(count)].fill(NOTHING);
    }

    pub(super) fn forget_window(&mut self) {
        for span in self.0.iter_mut() {
            if span.source == Source::Window {
                *span = NOTHING;
            }
        }
    }
}

/// The slots with the texts they point into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) slots: &'a Slots,
    pub(super) window: &'a str,
    pub(super) store: &'a str,
}

impl<'a> Values<'a> {
    pub(super) fn span(&self, slot: Slot) -> Span {
        self.slots.get(slot)
    }

    /// The value of a slot, when it is there and is one of its data type.
    #[inline]
    pub(super) fn get(&self, slot: Slot) -> Option<&'a str> {
        self.text(self.slots.get(slot))
    }

    #[inline]
    pub(super) fn text(&self, span: Span) -> Option<&'a str> {
        if span.bad { None } else { self.quote(span) }
    }

    /// The text as written, right or wrong.
    pub(super) fn quote(&self, span: Span) -> Option<&'a str> {
        let range = span.start as usize..span.start as usize + span.length as usize;
        match span.source {
            Source::Absent => None,
            Source::Window => self.window.get(range),
            Source::Store => self.store.get(range),
        }
    }

    /// Whether the message has the element, right or wrong.
    pub(super) fn has(&self, slot: Slot) -> bool {
        self.slots.get(slot).source != Source::Absent
    }
}
