//! The sequencer: one order, durable before answered.
//!
//! Requests are gathered into a batch; committing stamps nothing anew but appends the batch to the journal and applies it
//! while the journal writes; what happened is handed out only once the batch is durable. Absent on purpose: waiting for
//! requests; whoever owns the node decides when a batch is full or old enough.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use comity_journal::{
    Disk, EntrySeq, FileLog, FrameNo, Frames, Hash, Kind, Log, Micros, OsDisk, Record, Recovery, SnapshotInfo,
    Snapshots, Start, Ticket,
};
use comity_ledger::command::{Approve, Command, Entry, Propose};
use comity_ledger::event::Event;
use comity_ledger::ids::{ActorId, Key, PaymentId, Time};
use comity_ledger::wire::{Source, Wire};
use comity_ledger::{Events, State, apply, warm};

use crate::checkpoint::{Checkpoint, Signatory};
use crate::codec;
use crate::document;
use crate::fault::Fault;
use crate::replay::{Decoder, Piece, Pieces};

/// Most entries of a batch.
pub const BATCH_MAX: usize = 8_190;
/// Entries whose memory is fetched ahead of applying them.
const WARM: usize = 64;

/// A durable batch: what happened, entry by entry.
#[derive(Debug, Default)]
pub struct Batch {
    /// The frame that holds it.
    pub frame: u64,
    /// Number of its first entry.
    pub first: u64,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// What happened, with the number of the entry that caused it.
    pub events: Events,
}

/// One node.
pub struct Node {
    log: Box<dyn Log>,
    state: State,
    gathered: Vec<Entry>,
    waiting: VecDeque<Batch>,
    spare: Vec<Batch>,
    next_document: u64,
    following: Option<Following>,
    /// The last frame, not counting the journal's own, that the snapshot used at opening covers, and its hash.
    last: (FrameNo, Hash),
    /// Something was appended since opening: then the journal's last frame is ours.
    appended: bool,
}

/// What the journal already holds while a deterministic run is done again from its beginning: requests are compared with
/// it instead of appended, until it ends. A run that was killed goes on exactly where it stopped.
struct Following {
    pieces: Box<dyn Pieces + Send>,
    /// Entries of the record read last, the next one to be followed at the end.
    entries: Vec<Entry>,
    /// The record read last, if it is not entries.
    other: Option<Piece>,
    frame: u64,
}

/// What opening found.
#[derive(Debug)]
pub struct Opened {
    /// Entries applied since the snapshot used, or since the beginning.
    pub replayed: u64,
    /// Entry of the snapshot used, if any.
    pub snapshot: Option<u64>,
    /// What the journal recovered.
    pub recovery: Option<Recovery>,
    /// Snapshots passed over because they were damaged.
    pub bad_snapshots: Vec<String>,
}

impl Node {
    /// Opens the journal in `dir`, or begins one, and rebuilds the state: from the newest sound snapshot if there is one.
    ///
    /// # Errors
    /// When the journal is damaged, locked by another process, or cannot be read.
    pub fn open(
        dir: &Path,
        options: comity_journal::Options,
        expected_payments: usize,
    ) -> Result<(Self, Opened), Fault> {
        Self::open_on(OsDisk::shared(), dir, options, expected_payments)
    }

    /// The same on another disk.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub fn open_on(
        disk: Arc<dyn Disk>,
        dir: &Path,
        options: comity_journal::Options,
        expected_payments: usize,
    ) -> Result<(Self, Opened), Fault> {
        let (log, recovery) = FileLog::open(Arc::clone(&disk), dir, options)?;
        let (found, bad_snapshots) = newest_snapshot(&log, &Snapshots::new(disk, dir, log.id()))?;
        let (mut node, replayed) = Self::replay(Box::new(log), found, expected_payments)?;
        node.state.payments.reserve(expected_payments);
        let opened = Opened { replayed: replayed.0, snapshot: replayed.1, recovery: Some(recovery), bad_snapshots };
        Ok((node, opened))
    }

    /// A node on any provider of the journal, its state rebuilt from the journal alone.
    ///
    /// # Errors
    /// When the journal cannot be read or understood.
    pub fn on(log: Box<dyn Log>, expected_payments: usize) -> Result<Self, Fault> {
        Ok(Self::replay(log, None, expected_payments)?.0)
    }

    fn replay(
        log: Box<dyn Log>,
        found: Option<Restored>,
        expected_payments: usize,
    ) -> Result<(Self, (u64, Option<u64>)), Fault> {
        let snapshot = found.as_ref().map(|restored| restored.state.seq);
        let start = found.as_ref().map_or(Start::BEGINNING, |restored| Start::Frame(FrameNo(restored.through.0 + 1)));
        let Restored { mut state, mut next_document, last, .. } = found.unwrap_or_else(|| Restored {
            state: State::new(expected_payments),
            next_document: 1,
            through: FrameNo(0),
            last: (FrameNo(0), [0; 32]),
        });
        let mut decoder = Decoder::new(Boxed(log.read(start)?));
        let mut events = Events::default();
        let mut replayed = 0;
        while let Some(piece) = decoder.next()? {
            match piece {
                Piece::Entries { frame, first, entries } => {
                    expect_next(&state, frame, first, &entries)?;
                    replayed += entries.len() as u64;
                    apply_all(&mut state, &entries, &mut events);
                    events.clear();
                    decoder.recycle(entries);
                }
                Piece::Document { number, .. } => next_document = number + 1,
                Piece::Checkpoint { .. } => {}
            }
        }
        let mut node = Self::with(log, state, next_document, None);
        node.last = last;
        Ok((node, (replayed, snapshot)))
    }

    fn with(log: Box<dyn Log>, state: State, next_document: u64, following: Option<Following>) -> Self {
        Self {
            log,
            state,
            gathered: Vec::new(),
            waiting: VecDeque::new(),
            spare: Vec::new(),
            next_document,
            following,
            last: (FrameNo(0), [0; 32]),
            appended: false,
        }
    }

    fn append(&mut self, record: Record) -> Result<Ticket, Fault> {
        let ticket = self.log.append(record)?;
        self.appended = true;
        Ok(ticket)
    }

    /// Waits for everything, and gives the last frame that is not the journal's own, with its hash: what a checkpoint
    /// names and a snapshot belongs to. A journal reopened after a crash may end with a seal, which no reader sees.
    fn last_frame(&mut self) -> Result<(FrameNo, Hash), Fault> {
        let point = self.log.wait(FrameNo(u64::MAX))?;
        if self.appended {
            return Ok((point.frame, point.hash));
        }
        let mut last = self.last;
        match self.log.read(Start::Frame(FrameNo(point.frame.0.saturating_sub(1)))) {
            Ok(mut frames) => {
                while let Some(frame) = frames.next()? {
                    last = (frame.number(), frame.hash);
                }
            }
            // All of it is in the archive; then the snapshot we began with names its last frame.
            Err(comity_journal::Fault::OutOfRange { .. }) => {}
            Err(fault) => return Err(fault.into()),
        }
        Ok(last)
    }

    /// Opens the journal in `dir` for a deterministic run from its beginning: what the journal already holds is compared
    /// with what is asked and handed out as durable, and only what goes beyond is appended.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub fn open_following(
        dir: &Path,
        options: comity_journal::Options,
        expected_payments: usize,
    ) -> Result<(Self, Recovery), Fault> {
        let (log, recovery) = FileLog::open(OsDisk::shared(), dir, options)?;
        let pieces = Box::new(Decoder::new(Boxed(log.read(Start::BEGINNING)?)));
        let following = Following { pieces, entries: Vec::new(), other: None, frame: 0 };
        Ok((Self::with(Box::new(log), State::new(expected_payments), 1, Some(following)), recovery))
    }

    /// Whether the run is still within what the journal already holds.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn is_following(&mut self) -> Result<bool, Fault> {
        self.look_ahead()?;
        Ok(self.following.is_some())
    }

    /// Reads the next record to be followed, and stops following at the end of the journal.
    fn look_ahead(&mut self) -> Result<(), Fault> {
        let Some(following) = &mut self.following else {
            return Ok(());
        };
        if !following.entries.is_empty() || following.other.is_some() {
            return Ok(());
        }
        match following.pieces.next()? {
            None => self.following = None,
            Some(Piece::Entries { frame, first, mut entries }) => {
                expect_next(&self.state, frame, first, &entries)?;
                entries.reverse();
                following.frame = frame;
                following.entries = entries;
            }
            Some(other) => following.other = Some(other),
        }
        Ok(())
    }

    /// Applies the front of a batch that the journal already holds; returns how many entries.
    fn follow(&mut self, batch: &mut Batch) -> Result<usize, Fault> {
        let mut followed = 0;
        while followed < batch.entries.len() {
            self.look_ahead()?;
            let Some(following) = &mut self.following else { break };
            batch.frame = following.frame;
            let entry = &batch.entries[followed];
            let held = following.entries.pop();
            if held.as_ref() != Some(entry) {
                let what = match held {
                    Some(_) => "the journal holds another entry here: the folder has changed since",
                    None => "the journal holds a document or checkpoint here: the folder has changed since",
                };
                let at = self.state.seq + 1;
                return Err(Fault::Mismatch { frame: batch.frame, entries: (at, at), what: what.into() });
            }
            apply(&mut self.state, entry, &mut batch.events);
            followed += 1;
        }
        Ok(followed)
    }

    /// What a plan may settle now, as `solve` finds it; within what the journal already holds, what was found then, so
    /// that a run done again follows its journal whatever has become of the solver. Empty where no plan was made. What
    /// was gathered must be committed first, and the plan before anything else is kept.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn plan(&mut self, key: Key, solve: impl FnOnce(&State) -> Vec<PaymentId>) -> Result<Vec<PaymentId>, Fault> {
        assert!(self.gathered.is_empty(), "a plan is made from a state that nothing waits to change");
        self.look_ahead()?;
        let Some(following) = &self.following else {
            return Ok(solve(&self.state));
        };
        Ok(match following.entries.last() {
            Some(Entry { key: held, command: Command::SettlePlan(plan), .. }) if *held == key => plan.clone(),
            Some(_) | None => Vec::new(),
        })
    }

    /// The state as of the last committed batch (which may not be durable yet: do not answer from it before it is).
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Takes a request into the batch being gathered and returns the number its entry will have. Time never goes back:
    /// an earlier instant counts as the last one.
    ///
    /// # Errors
    /// When the batch is full: commit it first. When it proposes a proposal: nothing is written that could not be read
    /// back, and what is read is limited in depth.
    pub fn gather(&mut self, at: Time, actor: ActorId, key: Key, command: Command) -> Result<u64, Fault> {
        if matches!(&command, Command::Propose(outer) if matches!(outer.command, Command::Propose(_))) {
            return Err(Fault::Nested);
        }
        if self.gathered.len() >= BATCH_MAX {
            return Err(Fault::BatchFull { limit: BATCH_MAX });
        }
        let last = self.gathered.last().map_or(self.state.at, |entry| entry.at);
        self.gathered.push(Entry { at: at.max(last), actor, key, command });
        Ok(self.state.seq + self.gathered.len() as u64)
    }

    /// How many requests are gathered.
    #[must_use]
    pub fn gathered(&self) -> usize {
        self.gathered.len()
    }

    /// Appends what was gathered to the journal and applies it while the journal writes. The answers come from
    /// [`Node::take_durable`].
    ///
    /// # Errors
    /// When the journal takes no more: nothing of the batch was accepted or applied, and it is forgotten.
    pub fn commit(&mut self) -> Result<(), Fault> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let mut batch = self.spare.pop().unwrap_or_default();
        std::mem::swap(&mut batch.entries, &mut self.gathered);
        self.commit_batch(batch)
    }

    /// Appends a prepared batch and applies it. Times must not go back, within it or before the last one.
    ///
    /// # Errors
    /// As [`Node::commit`].
    ///
    /// # Panics
    /// When times go back.
    pub fn commit_entries(&mut self, entries: impl IntoIterator<Item = Entry>) -> Result<(), Fault> {
        let mut batch = self.spare.pop().unwrap_or_default();
        batch.entries.extend(entries);
        self.commit_batch(batch)
    }

    fn commit_batch(&mut self, mut batch: Batch) -> Result<(), Fault> {
        let mut last = self.state.at;
        for entry in &batch.entries {
            assert!(last <= entry.at, "T-1: journal time never goes back");
            last = entry.at;
        }
        batch.first = self.state.seq + 1;
        batch.frame = 0;
        let followed = self.follow(&mut batch)?;
        let fresh = &batch.entries[followed..];
        if let Some(first) = fresh.first() {
            let mut record = self.log.record(Kind::Entries, Micros(first.at.0));
            record.entries = u32::try_from(fresh.len()).map_err(|_| Fault::BatchFull { limit: BATCH_MAX })?;
            record.encode_with(|out| codec::encode(fresh, out));
            let ticket = self.log.append(record)?;
            assert!(ticket.first_entry.0 == self.state.seq + 1, "the journal numbers entries as the state does");
            batch.frame = ticket.frame.0;
            apply_all(&mut self.state, fresh, &mut batch.events);
        }
        self.waiting.push_back(batch);
        Ok(())
    }

    /// Keeps an original document in the journal and returns its number.
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn keep_document(&mut self, at: Time, name: &str, bytes: &[u8]) -> Result<u64, Fault> {
        let number = self.next_document;
        let packed: Vec<Vec<u8>> = pack(number, at, name, bytes);
        self.keep_packed(at, number, &packed)?;
        Ok(number)
    }

    /// The number the next document will have.
    #[must_use]
    pub fn next_document(&self) -> u64 {
        self.next_document
    }

    /// Keeps a document that was packed elsewhere (on another thread), whose number is the next one.
    ///
    /// # Errors
    /// When the journal takes no more.
    ///
    /// # Panics
    /// When the number is not the next one.
    pub fn keep_packed(&mut self, at: Time, number: u64, packed: &[Vec<u8>]) -> Result<(), Fault> {
        assert!(number == self.next_document, "documents are numbered without gaps");
        for piece in packed {
            self.look_ahead()?;
            if let Some(following) = &mut self.following {
                match following.other.take() {
                    Some(Piece::Document { number: held, .. }) if held == number => continue,
                    Some(_) | None => {
                        let at = self.state.seq + 1;
                        let what =
                            format!("the journal does not hold document {number} here: the folder has changed since");
                        return Err(Fault::Mismatch { frame: following.frame, entries: (at, at), what });
                    }
                }
            }
            let mut record = self.log.record(Kind::Document, Micros(at.0));
            record.extend(piece);
            self.append(record)?;
        }
        self.next_document += 1;
        Ok(())
    }

    /// Hands out the batches that have become durable since, in order.
    ///
    /// # Errors
    /// The fault that poisoned the journal, if it is.
    pub fn take_durable(&mut self, mut answer: impl FnMut(&State, &Batch)) -> Result<(), Fault> {
        let durable = self.log.durable().frame.0;
        while self.waiting.front().is_some_and(|batch| batch.frame <= durable) {
            let mut batch = self.waiting.pop_front().expect("looked at above");
            answer(&self.state, &batch);
            batch.events.clear();
            batch.entries.clear();
            self.spare.push(batch);
        }
        match self.log.fault() {
            Some(fault) => Err(fault.into()),
            None => Ok(()),
        }
    }

    /// Waits until everything appended is durable, then hands out the batches.
    ///
    /// # Errors
    /// When the journal failed: what was durable before stays so.
    pub fn flush(&mut self, answer: impl FnMut(&State, &Batch)) -> Result<(), Fault> {
        let waited = self.log.wait(FrameNo(u64::MAX));
        self.take_durable(answer)?;
        waited?;
        Ok(())
    }

    /// Waits until at most `in_flight` batches are not durable, handing out the others.
    ///
    /// # Errors
    /// As [`Node::flush`].
    pub fn settle_down(&mut self, in_flight: usize, answer: impl FnMut(&State, &Batch)) -> Result<(), Fault> {
        if self.waiting.len() > in_flight {
            let frame = self.waiting[self.waiting.len() - in_flight - 1].frame;
            let waited = self.log.wait(FrameNo(frame));
            self.take_durable(answer)?;
            waited?;
        }
        Ok(())
    }

    /// Proposes and approves in the next two entries, for callers that act for both people (files, tests). Commits what
    /// was gathered before, since an approval names its proposal's number and hash.
    ///
    /// # Errors
    /// When the batch is full.
    pub fn gather_four_eyes(
        &mut self,
        at: Time,
        maker: ActorId,
        checker: ActorId,
        command: Command,
        expires: Time,
    ) -> Result<u64, Fault> {
        if self.gathered.len() + 2 > BATCH_MAX {
            return Err(Fault::BatchFull { limit: BATCH_MAX });
        }
        let hash = command.hash();
        let proposal = self.gather(at, maker, Key(0), Command::Propose(Box::new(Propose { command, expires })))?;
        self.gather(at, checker, Key(0), Command::Approve(Approve { proposal, hash }))
    }

    /// Signs a checkpoint of the present state and appends it. Everything gathered must be committed.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn checkpoint(&mut self, keys: &[Signatory]) -> Result<Checkpoint, Fault> {
        self.look_ahead()?;
        if let Some(following) = &mut self.following {
            let at = self.state.seq;
            let mismatch = |frame, what: &str| Fault::Mismatch { frame, entries: (at, at), what: what.into() };
            return match following.other.take() {
                Some(Piece::Checkpoint { checkpoint, .. }) if checkpoint.state == self.state.digest() => Ok(checkpoint),
                Some(Piece::Checkpoint { frame, .. }) => {
                    Err(mismatch(frame, "the checkpoint held names another state"))
                }
                Some(_) | None => Err(mismatch(following.frame, "the journal does not hold a checkpoint here")),
            };
        }
        let (_, hash) = self.last_frame()?;
        let checkpoint = Checkpoint::sign(&self.state, hash, keys);
        let mut record = self.log.record(Kind::Checkpoint, Micros(self.state.at.0));
        record.encode_with(|out| checkpoint.encode(out));
        self.log.append_durable(record)?;
        self.appended = true;
        Ok(checkpoint)
    }

    /// Writes a snapshot of the present state beside the journal in `dir`, so that opening need not replay it all.
    ///
    /// # Errors
    /// When the journal or the disk fails.
    pub fn snapshot(&mut self, dir: &Path) -> Result<(), Fault> {
        self.snapshot_on(OsDisk::shared(), dir)
    }

    /// The same on another disk.
    ///
    /// # Errors
    /// As [`Node::snapshot`].
    pub fn snapshot_on(&mut self, disk: Arc<dyn Disk>, dir: &Path) -> Result<(), Fault> {
        let last = self.last_frame()?;
        let point = self.log.durable();
        let mut body = Vec::new();
        last.0.0.put(&mut body);
        last.1.put(&mut body);
        self.next_document.put(&mut body);
        self.state.put(&mut body);
        let info = SnapshotInfo {
            next_entry: EntrySeq(self.state.seq + 1),
            frame: point.frame,
            at: Micros(self.state.at.0),
            digest: self.state.digest(),
        };
        Snapshots::new(disk, dir, self.log.id()).write(info, &body)?;
        Ok(())
    }

    /// Closes the journal in good order.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn close(mut self) -> Result<State, Fault> {
        self.log.close()?;
        Ok(self.state)
    }
}

/// Boxed frames as [`Frames`].
struct Boxed(Box<dyn Frames>);

impl Frames for Boxed {
    fn next(&mut self) -> Result<Option<comity_journal::Frame<'_>>, comity_journal::Fault> {
        self.0.next()
    }
}

/// A document as the records it is kept in: at least one, even when it is empty.
#[must_use]
pub fn pack(number: u64, at: Time, name: &str, bytes: &[u8]) -> Vec<Vec<u8>> {
    let empty: Option<&[u8]> = bytes.is_empty().then_some(&[]);
    let pieces = bytes.chunks(document::PIECE_MAX).chain(empty);
    pieces
        .map(|piece| {
            let mut out = Vec::new();
            document::encode(number, at, name, piece, &mut out);
            out
        })
        .collect()
}

/// Applies a batch, fetching memory ahead of its use.
pub fn apply_all(state: &mut State, entries: &[Entry], events: &mut Events) {
    for chunk in entries.chunks(WARM) {
        warm(state, chunk);
        for entry in chunk {
            apply(state, entry, events);
        }
    }
}

/// A batch from outside continues the state: numbers follow and time does not go back.
pub(crate) fn expect_next(state: &State, frame: u64, first: u64, entries: &[Entry]) -> Result<(), Fault> {
    if first != state.seq + 1 {
        let what = format!("expected entry {}, found {first}", state.seq + 1);
        return Err(Fault::Malformed { frame, what });
    }
    let mut last = state.at;
    for (at, entry) in entries.iter().enumerate() {
        if entry.at < last {
            let what = format!("the time of entry {} lies before the one in front of it", first + at as u64);
            return Err(Fault::Malformed { frame, what });
        }
        last = entry.at;
    }
    Ok(())
}

/// What a snapshot holds.
struct Restored {
    state: State,
    next_document: u64,
    /// The last frame that is in the state.
    through: FrameNo,
    /// The last of those that is not the journal's own, and its hash: the journal must hold the very same.
    last: (FrameNo, Hash),
}

/// The newest snapshot that is sound and belongs to this journal, and what is wrong with those passed over.
fn newest_snapshot(log: &FileLog, snapshots: &Snapshots) -> Result<(Option<Restored>, Vec<String>), Fault> {
    let mut bad = Vec::new();
    for entry in snapshots.list()?.into_iter().rev().filter(|entry| *entry <= log.next_entry()) {
        let restored = match snapshots.load(entry) {
            Ok(snapshot) => restore(&snapshot.body, &snapshot.info),
            Err(fault) => Err(fault.into()),
        };
        match restored {
            Ok(restored) if belongs(log, restored.last)? => return Ok((Some(restored), bad)),
            Ok(_) => bad.push(format!("the snapshot at entry {entry} is of another history than the journal")),
            Err(fault) => bad.push(fault.to_string()),
        }
    }
    Ok((None, bad))
}

/// Whether the journal holds this frame. A disk that lost what it had promised, or a journal put back from a copy, can
/// leave a snapshot of what never happened.
fn belongs(log: &FileLog, (number, hash): (FrameNo, Hash)) -> Result<bool, Fault> {
    if number.0 == 0 {
        return Ok(true);
    }
    if number > log.durable().frame {
        return Ok(false);
    }
    match log.read(Start::Frame(number)) {
        Ok(mut frames) => Ok(frames.next()?.is_some_and(|frame| (frame.number(), frame.hash) == (number, hash))),
        // It is in the archive, which takes only what a snapshot covers.
        Err(comity_journal::Fault::OutOfRange { .. }) => Ok(true),
        Err(fault) => Err(fault.into()),
    }
}

fn restore(body: &[u8], info: &SnapshotInfo) -> Result<Restored, Fault> {
    let malformed = |what: String| Fault::Malformed { frame: info.frame.0, what };
    let unread = |what: comity_ledger::wire::Malformed| malformed(what.to_string());
    let mut source = Source::new(body);
    let last = (FrameNo(u64::take(&mut source).map_err(unread)?), Wire::take(&mut source).map_err(unread)?);
    let next_document = u64::take(&mut source).map_err(unread)?;
    let state = State::take(&mut source).map_err(unread)?;
    if source.left() != 0 || state.seq + 1 != info.next_entry.0 || state.digest() != info.digest {
        return Err(malformed("the snapshot is not the state it names".into()));
    }
    Ok(Restored { state, next_document, through: info.frame, last })
}

/// Whether an event is the refusal of its whole entry.
#[must_use]
pub fn is_refusal(event: &Event) -> bool {
    matches!(event, Event::Refused(_) | Event::PaymentRefused { .. })
}
