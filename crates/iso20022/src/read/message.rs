//! The state of the message at hand: what has been found so far, and how it is told to the visitor.

use super::build::{self, Checks};
use super::slots::{Level, NOTHING, Slots, Source, Span, Values};
use crate::amount::Decimal;
use crate::currency::CurrencyCode;
use crate::model::{ApplicationHeader, End, Foreign, Header, Line, MessageKind, Part, Refused, Uninterpreted};
use crate::options::Options;
use crate::problem::{Problem, Rule};
use crate::schema::plan::{NodeId, Plan, Slot, Subject, slot};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// Slots of one line of charges.
pub(super) type ChargeSpans = [Span; 2 + slot::FIELDS as usize];

/// The application header that waits for its document.
#[derive(Debug)]
pub(super) struct Waiting {
    slots: Slots,
    store: String,
    /// Why the header itself is refused; its document then is too.
    problems: Vec<Problem>,
    offset: u64,
}

/// The message at hand. Kept and emptied between messages, so that its memory is reused.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) plan: Option<&'static Plan>,
    /// Name in the namespace, also of a message that is not supported.
    pub(super) name: String,
    /// Prefix of the document's elements with its colon, or nothing.
    pub(super) prefix: String,
    pub(super) namespace: String,
    pub(super) bindings: usize,
    pub(super) number: u32,
    pub(super) offset: u64,
    /// Refused: what follows is only checked to be well-formed.
    pub(super) dead: bool,
    header_told: bool,
    pub(super) level: Level,
    pub(super) slots: [Slots; 3],
    pub(super) store: String,
    marks: [usize; 3],
    pub(super) problems: [Vec<Problem>; 3],
    foreign: Vec<Foreign>,
    foreign_mark: usize,
    charges: Vec<ChargeSpans>,
    pub(super) delivered: u32,
    pub(super) refused: u32,
    delivered_before_block: u32,
    /// How many problems of the block have been told with its transactions.
    block_told: usize,
    /// Where the transaction or block at hand begins in the input.
    pub(super) starts: [u64; 3],
    /// The transaction at hand is larger than allowed; its bytes are gone.
    pub(super) oversize: bool,
    sum: Option<Decimal>,
    currency: Option<CurrencyCode>,
    currencies_differ: bool,
    uetrs: HashSet<u128>,
    end_to_ends: HashSet<u128>,
    hashers: [RandomState; 2],
    pub(super) waiting: Option<Waiting>,
}

impl Message {
    pub(super) fn new() -> Self {
        Self {
            plan: None,
            name: String::new(),
            prefix: String::new(),
            namespace: String::new(),
            bindings: 0,
            number: 0,
            offset: 0,
            dead: false,
            header_told: false,
            level: Level::Group,
            slots: [Slots::new(), Slots::new(), Slots::new()],
            store: String::new(),
            marks: [0; 3],
            problems: [Vec::new(), Vec::new(), Vec::new()],
            foreign: Vec::new(),
            foreign_mark: 0,
            charges: Vec::new(),
            delivered: 0,
            refused: 0,
            delivered_before_block: 0,
            block_told: 0,
            starts: [0; 3],
            oversize: false,
            sum: Some(Decimal::ZERO),
            currency: None,
            currencies_differ: false,
            uetrs: HashSet::new(),
            end_to_ends: HashSet::new(),
            hashers: [RandomState::new(), RandomState::new()],
            waiting: None,
        }
    }

    /// Empties everything for the next document or application header.
    pub(super) fn begin(&mut self, plan: Option<&'static Plan>, name: &str, offset: u64) {
        self.plan = plan;
        self.name.clear();
        self.name.push_str(name);
        self.offset = offset;
        self.dead = false;
        self.header_told = false;
        self.level = Level::Group;
        self.slots[0].clear();
        self.store.clear();
        self.problems.iter_mut().for_each(Vec::clear);
        self.foreign.clear();
        self.foreign_mark = 0;
        self.charges.clear();
        self.delivered = 0;
        self.refused = 0;
        self.oversize = false;
        self.sum = Some(Decimal::ZERO);
        self.currency = None;
        self.currencies_differ = false;
        self.uetrs.clear();
        self.end_to_ends.clear();
    }

    /// A document or header is being read.
    pub(super) fn is_open(&self) -> bool {
        !self.name.is_empty()
    }

    pub(super) fn kind(&self) -> Option<MessageKind> {
        match self.plan?.subject {
            Subject::Message(kind) => Some(kind),
            Subject::ApplicationHeader => None,
        }
    }

    /// Enters a block or transaction whose element starts at `start`.
    pub(super) fn enter(&mut self, level: Level, start: u64) {
        let (outer, inner) = self.slots.split_at_mut(level as usize);
        if let (Some(to), Some(from)) = (inner.first_mut(), outer.get(self.level as usize)) {
            to.copy_from(from);
        }
        self.level = level;
        self.starts[level as usize] = start;
        self.marks[level as usize] = self.store.len();
        if level == Level::Block {
            self.delivered_before_block = self.delivered;
            self.block_told = 0;
        } else {
            self.foreign_mark = self.foreign.len();
            self.charges.clear();
            self.oversize = false;
        }
    }

    /// Leaves the block or transaction at hand; `outer` is the level around it.
    pub(super) fn leave(&mut self, outer: Level) {
        self.store.truncate(self.marks[self.level as usize]);
        if self.level == Level::Block && !self.dead {
            // What came up after the block's last transaction concerns the message.
            let [group, block, _] = &mut self.problems;
            group.extend(block.drain(self.block_told.min(block.len())..));
        }
        self.problems[self.level as usize].clear();
        if self.level == Level::Transaction {
            self.foreign.truncate(self.foreign_mark);
        }
        self.level = outer;
    }

    pub(super) fn add(&mut self, problem: Problem, options: &Options) {
        let problems = &mut self.problems[self.level as usize];
        if !self.dead && problems.len() < usize::from(options.limits.problems) {
            problems.push(problem);
        }
    }

    /// Notes a valid element without a meaning to us, once a path.
    pub(super) fn note(&mut self, node: NodeId, position: usize) {
        let foreign = Foreign { node, position: position as u16 };
        let mark = if self.level == Level::Transaction { self.foreign_mark } else { 0 };
        if !self.foreign[mark..].contains(&foreign) {
            self.foreign.push(foreign);
        }
    }

    pub(super) fn keep(&mut self, slot: Slot, span: Span) {
        self.slots[self.level as usize].set(slot, span);
    }

    pub(super) fn kept(&self, slot: Slot) -> Span {
        self.slots[self.level as usize].get(slot)
    }

    /// The charge at hand is complete: its spans join the list.
    pub(super) fn end_charge(&mut self) {
        let slots = &mut self.slots[self.level as usize];
        let agent = slot::of(crate::schema::plan::Role::ChargeAgent);
        let mut spans = [NOTHING; 2 + slot::FIELDS as usize];
        spans[0] = slots.get(slot::CHARGE_AMOUNT);
        spans[1] = slots.get(slot::CHARGE_CURRENCY);
        for field in 0..slot::FIELDS {
            spans[usize::from(2 + field)] = slots.get(agent + field);
        }
        slots.forget(slot::CHARGE_AMOUNT, 2);
        slots.forget(agent, slot::FIELDS);
        self.charges.push(spans);
    }

    /// Lets go of the bytes of a transaction that is too large. Its references are copied, all else is lost.
    pub(super) fn spill(&mut self, window: &str) {
        let values = Values { slots: &self.slots[2], window, store: "" };
        let mut copies = Vec::new();
        for slot in REFERENCE_SLOTS {
            let span = values.span(slot);
            if span.source == Source::Window
                && let Some(text) = values.quote(span)
            {
                let start = self.store.len() as u32;
                self.store.push_str(text);
                copies.push((slot, Span { start, source: Source::Store, ..span }));
            }
        }
        for (slot, copy) in copies {
            self.slots[2].set(slot, copy);
        }
        self.slots[2].forget_window();
        self.charges.clear();
    }

    /// Tells the header, once, or refuses the message. Afterwards the message is dead or its header is told.
    pub(super) fn tell_header(&mut self, options: &Options, visit: &mut impl FnMut(Part<'_>)) {
        if self.header_told || self.dead {
            return;
        }
        let (Some(plan), Some(kind)) = (self.plan, self.kind()) else {
            return;
        };
        let values = Values { slots: &self.slots[0], window: "", store: &self.store };
        let application = self.waiting.as_ref().and_then(Waiting::build);
        let mut checks = Checks { problems: &mut self.problems[0], plan, options, offset: self.offset };
        let header = build::header(kind, plan.entry.name, values, &mut checks);
        match header {
            Some(header) if self.problems[0].is_empty() => {
                let header = Header { document: self.number, offset: self.offset, application, ..header };
                self.header_told = true;
                visit(Part::Header(&header));
            }
            _ => self.refuse(visit),
        }
    }

    /// Refuses the message, or the rest of it.
    pub(super) fn refuse(&mut self, visit: &mut impl FnMut(Part<'_>)) {
        self.dead = true;
        let values = Values { slots: &self.slots[0], window: "", store: &self.store };
        if self.problems[0].is_empty() {
            // Only a message without a complete group part comes here without a problem of its own.
            self.problems[0].push(Problem {
                rule: Rule::Missing,
                field: String::new(),
                value: String::new(),
                reason: Rule::Missing.reason(),
                message: "the group part of the message is not complete".to_owned(),
                offset: self.offset,
            });
        }
        self.problems[0].sort_by_key(|problem| problem.rule);
        visit(Part::Refused(Refused {
            kind: self.kind(),
            name: (!self.name.is_empty()).then_some(self.name.as_str()),
            document: self.number,
            offset: self.offset,
            application: self.waiting.as_ref().and_then(Waiting::build),
            message_id: values.get(slot::MESSAGE_ID),
            transactions: self.delivered,
            problems: &self.problems[0],
        }));
    }

    /// Tells the transaction (or block without transactions) at hand. `raw` is its text, empty when it was not kept.
    pub(super) fn tell_line(&mut self, raw: &str, end: u64, options: &Options, visit: &mut impl FnMut(Part<'_>)) {
        let (Some(plan), Some(kind)) = (self.plan, self.kind()) else {
            return;
        };
        let level = self.level as usize;
        self.block_told = self.problems[Level::Block as usize].len();
        let mut problems = std::mem::take(&mut self.problems[level]);
        for outer in self.problems.get(1..level).unwrap_or_default() {
            problems.extend(outer.iter().cloned());
        }
        let values = Values { slots: &self.slots[level], window: raw, store: &self.store };
        let mut checks = Checks { problems: &mut problems, plan, options, offset: self.offset };
        let transaction = build::transaction(kind, values, &self.charges, &mut checks);
        match build::counted(values) {
            Ok(_) if self.oversize => self.sum = None,
            Ok(None) => {}
            Ok(Some((number, currency))) => {
                self.sum = self.sum.and_then(|sum| sum.checked_add(number));
                self.currencies_differ |= self.delivered > 0 && self.currency != currency;
                self.currency = currency;
            }
            Err(_) => self.sum = None,
        }
        let references = build::references(values);
        if matches!(kind, MessageKind::Pacs008 | MessageKind::Pacs009 | MessageKind::Pain001) {
            if let Some(uetr) = values.get(slot::UETR).and_then(crate::ident::Uetr::parse)
                && !self.uetrs.insert(uetr.0)
            {
                checks.add(Rule::DuplicateUetr, values, slot::UETR, "stands in this message already");
            }
            if let Some(id) = values.get(slot::END_TO_END_ID)
                && id != "NOTPROVIDED"
            {
                let hash = u128::from(self.hashers[0].hash_one(id)) << 64 | u128::from(self.hashers[1].hash_one(id));
                if !self.end_to_ends.insert(hash) {
                    checks.add(Rule::DuplicateEndToEnd, values, slot::END_TO_END_ID, "stands in this message already");
                }
            }
        }
        problems.sort_by_key(|problem| problem.rule);
        let outcome = match &transaction {
            Some(transaction) if problems.is_empty() => Ok(transaction),
            _ => Err(problems.as_slice()),
        };
        self.refused += u32::from(outcome.is_err());
        visit(Part::Transaction(Line {
            index: self.delivered,
            bytes: self.starts[level]..end,
            raw: raw.as_bytes(),
            references,
            outcome,
            uninterpreted: Uninterpreted {
                plan: Some(plan),
                found: &self.foreign[self.foreign_mark.min(self.foreign.len())..],
            },
        }));
        self.delivered += 1;
        drop(transaction);
        problems.clear();
        self.problems[level] = problems;
    }

    /// Whether the block at hand had no transactions of its own but says something about a whole message.
    pub(super) fn block_is_a_line(&self) -> bool {
        self.level == Level::Block
            && self.delivered == self.delivered_before_block
            && matches!(self.kind(), Some(MessageKind::Camt056 | MessageKind::Camt029))
    }

    /// The root element has ended.
    pub(super) fn finish(&mut self, end: u64, options: &Options, visit: &mut impl FnMut(Part<'_>)) {
        let (Some(plan), Some(kind)) = (self.plan, self.kind()) else {
            return;
        };
        self.tell_header(options, visit);
        if self.dead {
            return;
        }
        if kind == MessageKind::Camt029 && self.delivered == 0 {
            self.enter(Level::Transaction, self.offset);
            self.tell_line("", end, options, visit);
            self.leave(Level::Group);
        }
        let values = Values { slots: &self.slots[0], window: "", store: &self.store };
        let mut checks = Checks { problems: &mut self.problems[0], plan, options, offset: self.offset };
        let found = build::Totals {
            transactions: self.delivered,
            sum: self.sum,
            currency: self.currency.filter(|_| !self.currencies_differ),
        };
        build::totals(kind, values, &found, &mut checks);
        self.problems[0].sort_by_key(|problem| problem.rule);
        visit(Part::End(End {
            kind,
            document: self.number,
            message_id: values.get(slot::MESSAGE_ID).unwrap_or_default(),
            transactions: self.delivered,
            refused: self.refused,
            sum: self.sum.unwrap_or(Decimal::ZERO),
            problems: &self.problems[0],
            uninterpreted: Uninterpreted { plan: Some(plan), found: &self.foreign },
        }));
        self.problems[0].clear();
    }

    /// The message at hand was an application header: it waits for its document.
    pub(super) fn hold_header(&mut self) {
        let mut problems = std::mem::take(&mut self.problems[0]);
        problems.sort_by_key(|problem| problem.rule);
        self.waiting = Some(Waiting {
            slots: self.slots[0].clone(),
            store: std::mem::take(&mut self.store),
            problems,
            offset: self.offset,
        });
    }

    /// Gives the problems of the waiting header to the document that begins, and compares the two.
    pub(super) fn meet_header(&mut self) {
        let Some(waiting) = &mut self.waiting else {
            return;
        };
        self.problems[0].append(&mut waiting.problems);
        if let Some(application) = waiting.build()
            && application.definition != self.name
        {
            let problem = Problem {
                rule: Rule::HeaderMismatch,
                field: "AppHdr/MsgDefIdr".to_owned(),
                value: crate::problem::excerpt(application.definition),
                reason: Rule::HeaderMismatch.reason(),
                message: format!("names another message than the document, {}", self.name),
                offset: waiting.offset,
            };
            self.problems[0].push(problem);
        }
    }
}

/// What identifies a transaction when nothing else of it can be kept.
const REFERENCE_SLOTS: [Slot; 6] = [
    slot::OWN_ID,
    slot::INSTRUCTION_ID,
    slot::END_TO_END_ID,
    slot::TRANSACTION_ID,
    slot::UETR,
    slot::CLEARING_REFERENCE,
];

impl Waiting {
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    fn build(&self) -> Option<ApplicationHeader<'_>> {
        build::application(Values { slots: &self.slots, window: "", store: &self.store })
    }
}
