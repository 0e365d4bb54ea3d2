//! The journal on a disk: admission and numbering on the owner's side, two threads (or none) behind it.
//!
//! Deliberately absent: the format, recovery and reading, which have files of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::disk::{Disk, LockGuard};
use crate::fault::Fault;
use crate::frame::{EntrySeq, FrameNo, Kind, Micros, OVERHEAD_LEN, PAYLOAD_LEN_MAX};
use crate::head::Point;
use crate::log::{Frames, Log, Start, Ticket};
use crate::options::{Mode, Options};
use crate::pipeline::{Shared, Work, lock};
use crate::reader::Reader;
use crate::record::Record;
use crate::recover::{self, Recovery};
use crate::segment::{JournalId, SEAL_FRAME_LEN, SEGMENT_HEADER_LEN};
use crate::snapshot::Snapshots;

/// Appended bytes after which the free space is asked for again.
const SPACE_CHECK_BYTES: u64 = 16 << 20;

/// The journal in a folder of a [`Disk`].
pub struct FileLog {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    options: Options,
    id: JournalId,
    pub(crate) shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    lock: Option<Box<dyn LockGuard>>,
    plan: Plan,
    /// Bytes that may be appended before the free space is asked for again.
    space_left: u64,
    closed: bool,
}

/// What the next record will be: the owner numbers frames, the writing thread only follows.
struct Plan {
    next_frame: FrameNo,
    next_entry: EntrySeq,
    segment_bytes: u64,
    segment_frames: u64,
}

impl FileLog {
    /// Opens the journal in `dir`, creating it if there is none, and recovers what a crash left.
    ///
    /// # Errors
    /// [`Fault::Locked`] when it is in use, [`Fault::Corrupt`] when it is damaged (nothing is changed then),
    /// [`Fault::WrongJournal`], [`Fault::Io`].
    pub fn open(disk: Arc<dyn Disk>, dir: &Path, options: Options) -> Result<(Self, Recovery), Fault> {
        let opened = recover::open(&disk, dir, &options)?;
        let id = opened.head.state.id;
        let plan = Plan {
            next_frame: opened.recovery.point.frame.next(),
            next_entry: opened.recovery.point.next_entry,
            segment_bytes: opened.writer.offset(),
            segment_frames: opened.writer.frames(),
        };
        let shared = Arc::new(Shared::new(opened.writer, opened.head, options.marking));
        let mut log = Self {
            disk,
            dir: dir.to_owned(),
            options,
            id,
            shared,
            threads: Vec::new(),
            lock: Some(opened.lock),
            plan,
            space_left: 0,
            closed: false,
        };
        if options.mode == Mode::Threads {
            log.start(Shared::run_writer, "journal-write")?;
            log.start(Shared::run_syncer, "journal-sync")?;
        }
        Ok((log, opened.recovery))
    }

    /// The folder of this journal.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The disk it stands on.
    #[must_use]
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    /// Seals the current segment and begins the next, so that everything up to here can be archived. Does nothing
    /// when the segment holds no frame. Durable like an append: wait for `next_frame() - 1`.
    ///
    /// # Errors
    /// As [`Log::append`].
    pub fn seal(&mut self, at: Micros) -> Result<(), Fault> {
        self.check_open()?;
        if self.plan.segment_frames > 0 {
            self.roll(at);
            if self.options.mode == Mode::Threads {
                self.shared.wake();
            }
        }
        Ok(())
    }

    fn start(&mut self, run: fn(&Shared), name: &str) -> Result<(), Fault> {
        let shared = Arc::clone(&self.shared);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || shared.guarded(run))
            .map_err(|e| Fault::io("start a thread for", &self.dir, &e))?;
        self.threads.push(thread);
        Ok(())
    }

    fn check_open(&self) -> Result<(), Fault> {
        if self.closed {
            return Err(Fault::Closed);
        }
        match self.fault() {
            Some(fault) => Err(fault.poisoned()),
            None => Ok(()),
        }
    }

    fn check_record(&mut self, record: &Record) -> Result<(), Fault> {
        if !record.kind.is_open() {
            return Err(Fault::ReservedKind { kind: record.kind.byte() });
        }
        if record.len() > PAYLOAD_LEN_MAX {
            return Err(Fault::TooLarge { len: record.len() as u64, limit: PAYLOAD_LEN_MAX as u64 });
        }
        self.check_space(frame_len(record))
    }

    /// Refuses early what a full disk would tear. Asking costs a system call, so it is done once in a while: the reserve
    /// is large enough for what is appended in between.
    fn check_space(&mut self, wanted: u64) -> Result<(), Fault> {
        let reserve = self.options.reserve_bytes;
        if reserve == 0 {
            return Ok(());
        }
        if wanted > self.space_left {
            let free = match self.disk.free_space(&self.dir) {
                Ok(free) => free,
                Err(e) => {
                    let fault = Fault::io("free space", &self.dir, &e);
                    self.shared.poison(fault.clone());
                    return Err(fault.poisoned());
                }
            };
            let room = match free {
                None => SPACE_CHECK_BYTES,
                Some(free) => free.saturating_sub(reserve),
            };
            // What is on its way to the disk has not been taken off the free space yet.
            let pending = self.shared.state().window_bytes as u64;
            let room = room.saturating_sub(pending);
            if wanted > room && free.is_some() {
                self.space_left = 0;
                return Err(Fault::NoSpace {
                    path: self.dir.display().to_string(),
                    free: free.unwrap_or(0),
                    reserve,
                    wanted,
                });
            }
            self.space_left = room.clamp(wanted, SPACE_CHECK_BYTES.max(wanted));
        }
        self.space_left -= wanted;
        Ok(())
    }

    /// Waits until the window has room for `len` bytes.
    fn wait_for_room(&self, len: u64) -> Result<(), Fault> {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        loop {
            let mut state = self.shared.state();
            if let Some(fault) = &state.fault {
                return Err(fault.clone().poisoned());
            }
            let room = state.window.is_empty()
                || (state.window.len() < self.options.window_frames
                    && state.window_bytes.saturating_add(len) <= self.options.window_bytes);
            if room {
                return Ok(());
            }
            match self.options.mode {
                Mode::Threads => {
                    state = self.shared.sleep(state);
                    drop(state);
                }
                Mode::Inline => {
                    drop(state);
                    self.work();
                }
            }
        }
    }

    /// Numbers and queues a record that was admitted.
    fn enqueue(&mut self, record: Record) -> Ticket {
        let len = frame_len(&record);
        let full = self.plan.segment_bytes + len + SEAL_FRAME_LEN > self.options.segment_bytes;
        if full && self.plan.segment_frames > 0 {
            self.roll(record.at);
        }
        let ticket = Ticket { frame: self.plan.next_frame, first_entry: self.plan.next_entry };
        self.plan.next_frame = self.plan.next_frame.next();
        self.plan.next_entry = self.plan.next_entry.after(record.entries);
        self.plan.segment_bytes += len;
        self.plan.segment_frames += 1;
        let bytes = usize::try_from(len).unwrap_or(usize::MAX);
        let mut state = self.shared.state();
        state.window.push_back((ticket.frame, bytes));
        state.window_bytes += bytes;
        state.queue.push_back(Work::Put(record));
        ticket
    }

    fn roll(&mut self, at: Micros) {
        self.plan.next_frame = self.plan.next_frame.next();
        self.plan.segment_bytes = SEGMENT_HEADER_LEN as u64;
        self.plan.segment_frames = 0;
        self.shared.state().queue.push_back(Work::Roll(at));
    }

    /// Both steps in this thread.
    fn work(&self) {
        self.shared.write_queued();
        self.shared.sync_written();
    }

    fn stop_threads(&mut self) {
        self.shared.stop();
        for thread in self.threads.drain(..) {
            // A thread that panicked has shown its bug and poisoned the journal on its way out.
            drop(thread.join());
        }
    }
}

fn frame_len(record: &Record) -> u64 {
    (record.len() + OVERHEAD_LEN) as u64
}

impl Log for FileLog {
    fn id(&self) -> JournalId {
        self.id
    }

    fn next_frame(&self) -> FrameNo {
        self.plan.next_frame
    }

    fn next_entry(&self) -> EntrySeq {
        self.plan.next_entry
    }

    fn durable(&self) -> Point {
        self.shared.state().durable
    }

    fn fault(&self) -> Option<Fault> {
        self.shared.state().fault.clone()
    }

    fn record(&mut self, kind: Kind, at: Micros) -> Record {
        let spare = self.shared.state().spare.pop();
        Record::with_buffer(kind, at, spare.unwrap_or_default())
    }

    fn append(&mut self, record: Record) -> Result<Ticket, Fault> {
        self.check_open()?;
        self.check_record(&record)?;
        self.wait_for_room(frame_len(&record))?;
        let ticket = self.enqueue(record);
        if self.options.mode == Mode::Threads {
            self.shared.wake();
        }
        Ok(ticket)
    }

    fn wait(&mut self, through: FrameNo) -> Result<Point, Fault> {
        let through = through.min(FrameNo(self.plan.next_frame.0 - 1));
        loop {
            let state = self.shared.state();
            if state.durable.frame >= through {
                return Ok(state.durable);
            }
            if let Some(fault) = &state.fault {
                return Err(fault.clone().poisoned());
            }
            if self.closed {
                return Err(Fault::Closed);
            }
            match self.options.mode {
                Mode::Threads => drop(self.shared.sleep(state)),
                Mode::Inline => {
                    drop(state);
                    self.work();
                }
            }
        }
    }

    fn append_durable(&mut self, record: Record) -> Result<Ticket, Fault> {
        self.check_open()?;
        self.check_record(&record)?;
        self.wait_for_room(frame_len(&record))?;
        let ticket = self.enqueue(record);
        let alone = self.shared.state().window.len() == 1;
        if alone {
            // Nothing else is in flight: the threads are asleep, and waking them would cost more than doing it here.
            self.work();
        } else if self.options.mode == Mode::Threads {
            self.shared.wake();
        }
        self.wait(ticket.frame)?;
        Ok(ticket)
    }

    fn read(&self, start: Start) -> Result<Box<dyn Frames>, Fault> {
        let until = self.durable().frame;
        let disk = Arc::clone(&self.disk);
        Ok(Box::new(Reader::live(disk, &self.dir, start, until)?))
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.check_open()?;
        let done = self.wait(self.plan.next_frame);
        self.closed = true;
        self.stop_threads();
        done?;
        if let Some(fault) = self.fault() {
            return Err(fault.poisoned());
        }
        let mut writer = lock(&self.shared.writer);
        let mut head = lock(&self.shared.head);
        // A snapshot that could not even be begun may have left its name behind.
        let tidied = Snapshots::new(Arc::clone(&self.disk), &self.dir, self.id).remove_unfinished();
        let closing = tidied.and_then(|()| writer.trim()).and_then(|()| writer.sync()).and_then(|()| {
            head.state.closed = true;
            head.write_both()
        });
        if let Err(fault) = closing {
            self.shared.poison(fault.clone());
            return Err(fault);
        }
        self.lock = None;
        Ok(())
    }
}

impl Drop for FileLog {
    fn drop(&mut self) {
        self.stop_threads();
    }
}
