//! The promises a node makes, kept by somebody who trusts it in nothing: what was asked, what was answered, and what must
//! therefore be found after any crash.
//!
//! The model sees what goes in at the front and what is handed out, and reads the journal's bytes itself. It shares the
//! ledger's rules (one uninterrupted application of the same entries is what a node is compared with), and nothing
//! else: no snapshot, no batch, no recovery. Absent on purpose: tolerance. A promise broken once ends the history.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use comity_engine::checkpoint::Checkpoint;
use comity_engine::{Batch, codec, document};
use comity_journal::{Kind, Reader, Start};
use comity_ledger::command::{Command, Entry};
use comity_ledger::event::Event;
use comity_ledger::ids::{ActorId, Key, Uetr};
use comity_ledger::{Events, State, apply, invariant};

use crate::books::Books;
use crate::disk::SimDisk;

/// A promise that was broken, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The promise, in a few words.
    pub promise: &'static str,
    /// What was found instead.
    pub what: String,
}

pub(crate) fn broken(promise: &'static str, what: impl Into<String>) -> Broken {
    Broken { promise, what: what.into() }
}

/// A record as it was given to the node.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Record {
    Entries { first: u64, count: u64 },
    Document { number: u64, bytes: Vec<u8> },
    Checkpoint,
}

/// By what a request is known for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Payment(Uetr),
    Keyed(ActorId, Key),
}

/// The model of one node's promises.
#[derive(Debug, Default)]
pub struct Model {
    /// Everything accepted, in order, acknowledged or not.
    records: Vec<Record>,
    entries: Vec<Entry>,
    /// Records that were promised to survive.
    promised_records: usize,
    /// Entries whose answers were handed out, or that were found at a reopening.
    promised: u64,
    /// What happened in the promised entries.
    events: Vec<(u64, Event)>,
    /// The frame of the last batch handed out.
    frame: u64,
    /// Which entry decided a request: that never changes.
    decided: BTreeMap<Identity, u64>,
    last_document: u64,
    /// Records whose signatures were checked: once is enough, checking is slow.
    signed_records: usize,
    books: Books,
}

/// What was found lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// Promised records that are not there.
    pub records: usize,
}

impl Model {
    /// Entries accepted so far.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Entries promised so far.
    #[must_use]
    pub fn promised(&self) -> u64 {
        self.promised
    }

    /// The number of the last document kept.
    #[must_use]
    pub fn last_document(&self) -> u64 {
        self.last_document
    }

    /// The node accepted a batch.
    pub fn committed(&mut self, entries: &[Entry]) {
        if !entries.is_empty() {
            self.records.push(Record::Entries { first: self.accepted() + 1, count: entries.len() as u64 });
            self.entries.extend_from_slice(entries);
        }
    }

    /// The node accepted a document and gave it a number.
    ///
    /// # Errors
    /// When the number is not the next one.
    pub fn kept(&mut self, number: u64, bytes: &[u8]) -> Result<(), Broken> {
        let wanted = self.last_document + 1;
        if number != wanted {
            let what = format!("document {number} was given where {wanted} comes next");
            return Err(broken("documents are numbered without gaps", what));
        }
        self.last_document = number;
        self.records.push(Record::Document { number, bytes: bytes.to_vec() });
        Ok(())
    }

    /// The node began to sign a checkpoint: it may be in the journal from now on.
    pub fn signing(&mut self) {
        self.records.push(Record::Checkpoint);
    }

    /// Signing was refused before anything was written.
    pub fn not_signed(&mut self) {
        if self.records.last() == Some(&Record::Checkpoint) {
            self.records.pop();
        }
    }

    /// The node said that everything accepted is durable.
    pub fn all_promised(&mut self) {
        self.promised_records = self.records.len();
    }

    /// A batch was handed out.
    ///
    /// # Errors
    /// When it is not the next one, repeats something, or answers a request in two ways.
    pub fn answered(&mut self, state: &State, batch: &Batch) -> Result<(), Broken> {
        const ORDER: &str = "batches are handed out once, in order";
        if batch.first != self.promised + 1 || batch.frame <= self.frame {
            let what = format!("entry {} in frame {} after {}", batch.first, batch.frame, self.promised);
            return Err(broken(ORDER, what));
        }
        let count = batch.entries.len() as u64;
        let record = Record::Entries { first: batch.first, count };
        let Some(at) = self.records.iter().rposition(|known| *known == record) else {
            return Err(broken(ORDER, format!("a batch at entry {} that nobody committed", batch.first)));
        };
        self.promised_records = self.promised_records.max(at + 1);
        let from = batch.first as usize - 1;
        if self.entries[from..from + batch.entries.len()] != batch.entries[..] {
            return Err(broken(ORDER, format!("the batch at entry {} holds other entries", batch.first)));
        }
        self.promised += count;
        self.frame = batch.frame;
        self.learn(state, batch.events.list())
    }

    /// Takes in what happened in the next promised entries.
    fn learn(&mut self, state: &State, events: &[(u64, Event)]) -> Result<(), Broken> {
        for (seq, event) in events {
            self.books.enter(state, event)?;
            if let Event::Repeated { original, .. } = event {
                let known = self.entries.get(*original as usize - 1);
                let again = &self.entries[*seq as usize - 1];
                if known.is_none_or(|known| *original >= *seq || !same_request(known, again)) {
                    let what = format!("entry {seq} is said to repeat entry {original}");
                    return Err(broken("a repeated request gets the first answer", what));
                }
            }
        }
        self.events.extend_from_slice(events);
        let from = self.decided_upto();
        for seq in from..=self.promised {
            self.decide(state, seq)?;
        }
        Ok(())
    }

    fn decided_upto(&self) -> u64 {
        self.decided.values().copied().max().map_or(1, |last| last + 1)
    }

    /// Notes which entry decided each request, and that it was one entry only.
    fn decide(&mut self, state: &State, seq: u64) -> Result<(), Broken> {
        let entry = &self.entries[seq as usize - 1];
        for identity in identities(entry) {
            let Some(found) = decider(state, identity) else {
                continue;
            };
            if found <= self.promised {
                let known = *self.decided.entry(identity).or_insert(found);
                if known != found {
                    let what = format!("{identity:?} was decided by entry {known} and now by {found}");
                    return Err(broken("a request is decided once", what));
                }
            }
        }
        Ok(())
    }

    /// Compares the whole journal with what was accepted, replays it entry by entry, and compares the reopened node with
    /// the outcome. What was found beyond the promised is promised from now on.
    ///
    /// # Errors
    /// The first promise broken. Promised records that are missing are `Ok(Err(Lost))` when the disk is a known liar.
    pub fn reopened(
        &mut self,
        disk: &SimDisk,
        dir: &Path,
        archives: &[PathBuf],
        node: &State,
        liar: bool,
    ) -> Result<Option<Lost>, Broken> {
        let replay = self.replay(disk, dir, archives)?;
        let lost = self.promised_records.saturating_sub(replay.records);
        if lost > 0 && !liar {
            let what = format!("{} records were promised and {} are there", self.promised_records, replay.records);
            return Err(broken("what was acknowledged survives", what));
        }
        let state = &replay.state;
        if node.seq != state.seq || node.digest() != state.digest() {
            let what =
                format!("the node is at entry {}, the journal's entries give another state at {}", node.seq, state.seq);
            return Err(broken("the state is what an uninterrupted run over the same entries gives", what));
        }
        invariant::check(node).map_err(|broke| broken("all invariants hold", broke.to_string()))?;
        self.compare_events(&replay.events)?;
        // Whatever was not found is as if it had never been asked.
        self.records.truncate(replay.records);
        self.promised_records = replay.records;
        self.signed_records = replay.records;
        self.entries.truncate(state.seq as usize);
        self.last_document = self
            .records
            .iter()
            .rev()
            .find_map(|record| if let Record::Document { number, .. } = record { Some(*number) } else { None })
            .unwrap_or(0);
        self.frame = 0;
        let known = self.events.len();
        if lost > 0 {
            self.forget(state, replay.events)?;
        } else {
            self.promised = state.seq;
            let new = replay.events.get(known..).unwrap_or_default().to_vec();
            self.learn(state, &new)?;
        }
        for (identity, seq) in &self.decided {
            if decider(state, *identity) != Some(*seq) {
                let what = format!("{identity:?} was decided by entry {seq}, now by {:?}", decider(state, *identity));
                return Err(broken("a request is decided once", what));
            }
        }
        self.books.compare(state)?;
        Ok((lost > 0).then_some(Lost { records: lost }))
    }

    /// After a loss the model begins again with what is left.
    fn forget(&mut self, state: &State, events: Vec<(u64, Event)>) -> Result<(), Broken> {
        self.promised = state.seq;
        self.events.clear();
        self.decided.clear();
        self.books = Books::default();
        self.learn(state, &events)
    }

    /// Checks the node as it runs: its state against the entries handed out. Everything must be handed out.
    ///
    /// # Errors
    /// When the state is not what was told.
    pub fn at_rest(&mut self, node: &State) -> Result<(), Broken> {
        if node.seq != self.promised || self.promised != self.accepted() {
            let what = format!("{} accepted, {} handed out, state at {}", self.accepted(), self.promised, node.seq);
            return Err(broken("after a flush everything was handed out", what));
        }
        invariant::check(node).map_err(|broke| broken("all invariants hold", broke.to_string()))?;
        self.books.compare(node)
    }

    /// The digest an uninterrupted run over the first entries gives.
    #[must_use]
    pub fn digest_at(&self, seq: u64) -> Option<[u8; 32]> {
        let entries = self.entries.get(..usize::try_from(seq).ok()?)?;
        let mut state = State::new(0);
        let mut events = Events::default();
        for entry in entries {
            apply(&mut state, entry, &mut events);
            events.clear();
        }
        Some(state.digest())
    }

    fn compare_events(&self, replayed: &[(u64, Event)]) -> Result<(), Broken> {
        let same = self.events.iter().zip(replayed).take_while(|(told, now)| told == now).count();
        let Some((told, now)) = self.events.get(same).zip(replayed.get(same)) else {
            return Ok(());
        };
        let what = format!("told {told:?}, replayed {now:?}");
        Err(broken("an acknowledged entry has the same events for ever", what))
    }

    /// Reads the whole journal as any stranger could.
    fn replay(&self, disk: &SimDisk, dir: &Path, archives: &[PathBuf]) -> Result<Replay, Broken> {
        const READS: &str = "a reopened journal reads from its beginning";
        let unreadable = |fault: comity_journal::Fault| broken(READS, fault.to_string());
        let mut reader =
            Reader::open_with(disk.quiet().shared(), dir, archives, Start::BEGINNING).map_err(unreadable)?;
        let mut replay = Replay { state: State::new(0), events: Vec::new(), records: 0 };
        let mut before = [0; 32];
        while let Some(frame) = reader.next().map_err(unreadable)? {
            let number = frame.number().0;
            let wanted = self.records.get(replay.records);
            let differs = |what: &str| {
                let promise = "the journal holds what was accepted, in order, and nothing else";
                Err(broken(promise, format!("frame {number}: {what}; accepted was {wanted:?}")))
            };
            match frame.kind() {
                Kind::Entries => {
                    let mut entries = Vec::new();
                    codec::decode(frame.payload, frame.entries(), &mut entries)
                        .map_err(|malformed| broken(READS, format!("frame {number}: {malformed}")))?;
                    let first = replay.state.seq + 1;
                    let record = Record::Entries { first, count: entries.len() as u64 };
                    if wanted != Some(&record) {
                        return differs(&format!("{record:?}"));
                    }
                    let from = first as usize - 1;
                    if self.entries[from..from + entries.len()] != entries[..] || frame.first_entry().0 != first {
                        return differs("other entries");
                    }
                    replay.apply(&entries);
                }
                Kind::Document => {
                    let found = document::decode(frame.payload)
                        .map_err(|malformed| broken(READS, format!("frame {number}: {malformed}")))?;
                    let record = Record::Document { number: found.number, bytes: found.bytes };
                    if wanted != Some(&record) {
                        return differs("another document");
                    }
                }
                Kind::Checkpoint => {
                    if wanted != Some(&Record::Checkpoint) {
                        return differs("a checkpoint");
                    }
                    let known = replay.records < self.signed_records;
                    check_checkpoint(frame.payload, &replay.state, before, known)?;
                }
                Kind::Seal | Kind::Other(_) => return differs("a frame of another kind"),
            }
            replay.records += 1;
            before = frame.hash;
        }
        Ok(replay)
    }
}

struct Replay {
    state: State,
    events: Vec<(u64, Event)>,
    records: usize,
}

impl Replay {
    /// One entry after the other: batches must make no difference.
    fn apply(&mut self, entries: &[Entry]) {
        let mut events = Events::default();
        for entry in entries {
            apply(&mut self.state, entry, &mut events);
        }
        self.events.extend_from_slice(events.list());
    }
}

fn check_checkpoint(payload: &[u8], state: &State, before: [u8; 32], known: bool) -> Result<(), Broken> {
    const TRUE: &str = "a checkpoint names the state and the journal before it";
    let checkpoint = Checkpoint::decode(payload).map_err(|malformed| broken(TRUE, malformed.to_string()))?;
    if checkpoint.seq != state.seq || checkpoint.state != state.digest() {
        return Err(broken(TRUE, format!("another state at entry {}", checkpoint.seq)));
    }
    if checkpoint.journal != before {
        return Err(broken(TRUE, format!("another journal hash at entry {}", checkpoint.seq)));
    }
    if known {
        return Ok(());
    }
    checkpoint.check_signatures(state).map(|_| ()).map_err(|what| broken(TRUE, what))
}

/// Whether two entries are the same request, sent twice.
fn same_request(first: &Entry, again: &Entry) -> bool {
    match (&first.command, &again.command) {
        (Command::Pay(a), Command::Pay(b)) => {
            (a.uetr, a.message, a.debtor, a.creditor, a.amount) == (b.uetr, b.message, b.debtor, b.creditor, b.amount)
        }
        // A payment may be repeated by a message of another kind that carries the same fingerprint.
        (Command::Pay(_) | Command::PayGroup(_) | Command::Convert(_), _) => {
            identities(again).iter().all(|identity| identities(first).contains(identity))
        }
        _ => (first.actor, first.key, &first.command) == (again.actor, again.key, &again.command),
    }
}

fn identities(entry: &Entry) -> Vec<Identity> {
    match &entry.command {
        Command::Pay(order) => vec![Identity::Payment(order.uetr)],
        Command::PayGroup(orders) => orders.iter().map(|order| Identity::Payment(order.uetr)).collect(),
        Command::Convert(order) => vec![Identity::Payment(order.instruction.uetr)],
        Command::PayQuoted(order) => {
            let quoted = order.quoted.iter().map(|leg| leg.order.instruction.uetr);
            quoted.chain(order.plain.iter().map(|order| order.uetr)).map(Identity::Payment).collect()
        }
        _ if entry.key.0 != 0 => vec![Identity::Keyed(entry.actor, entry.key)],
        _ => Vec::new(),
    }
}

/// The entry by which the ledger says a request was decided.
fn decider(state: &State, identity: Identity) -> Option<u64> {
    match identity {
        Identity::Payment(uetr) => state.find(uetr).map(|id| state.payment(id).seq),
        Identity::Keyed(actor, key) => state.receipts.get(&(actor, key)).map(|receipt| receipt.seq),
    }
}
