//! What the owner of a journal, its writing thread and its syncing thread share, and the two steps they repeat:
//! write what is queued, sync what is written. With no threads the owner does both steps itself.
//!
//! Locks are taken in the order writer, head, state. The head's lock is also the lock of every sync: the system reports
//! a lost write to one sync only, and whoever gets the report must poison the journal before another sync can succeed.
//!
//! Deliberately absent: numbering and admission (`file.rs`).

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::disk::DiskFile;
use crate::fault::Fault;
use crate::frame::{FrameNo, Micros};
use crate::head::{Head, Point};
use crate::options::Marking;
use crate::record::Record;
use crate::writer::Writer;

/// Buffers kept for use again.
const SPARE_MAX: usize = 8;
/// With nothing to do for this long, the mark in `HEAD` is made durable.
const IDLE: Duration = Duration::from_millis(100);

/// Work for the writing step, in order.
pub(crate) enum Work {
    Put(Record),
    /// Seal the segment and begin the next one.
    Roll(Micros),
}

/// The part that changes with every frame.
pub(crate) struct State {
    pub(crate) queue: VecDeque<Work>,
    /// Frames and bytes accepted and not yet durable, oldest first: last frame of each, and its bytes.
    pub(crate) window: VecDeque<(FrameNo, usize)>,
    pub(crate) window_bytes: usize,
    /// Written, not necessarily durable, and the file to sync.
    written: Written,
    pub(crate) durable: Point,
    pub(crate) fault: Option<Fault>,
    pub(crate) spare: Vec<Vec<u8>>,
    stop: bool,
}

/// How far the writing step has come, and the file that holds its last frame; earlier files are synced.
#[derive(Clone)]
struct Written {
    point: Point,
    file: Arc<dyn DiskFile>,
    path: Arc<Path>,
}

impl Written {
    fn of(writer: &Writer) -> Self {
        Self { point: writer.point(), file: Arc::clone(&writer.file), path: writer.path() }
    }
}

/// Shared by the owner and its threads.
pub(crate) struct Shared {
    pub(crate) writer: Mutex<Writer>,
    pub(crate) head: Mutex<Head>,
    state: Mutex<State>,
    marking: Marking,
    queued: Condvar,
    written: Condvar,
    durable: Condvar,
}

impl Shared {
    pub(crate) fn new(writer: Writer, head: Head, marking: Marking) -> Self {
        let durable = head.state.durable;
        let written = Written::of(&writer);
        Self {
            writer: Mutex::new(writer),
            head: Mutex::new(head),
            state: Mutex::new(State {
                queue: VecDeque::new(),
                window: VecDeque::new(),
                window_bytes: 0,
                written,
                durable,
                fault: None,
                spare: Vec::new(),
                stop: false,
            }),
            marking,
            queued: Condvar::new(),
            written: Condvar::new(),
            durable: Condvar::new(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Tells the writing thread that something is queued.
    pub(crate) fn wake(&self) {
        self.queued.notify_one();
    }

    /// Sleeps until the durable mark or the fault may have changed.
    pub(crate) fn sleep<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.durable.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes everything that is queued. Does nothing after a fault.
    pub(crate) fn write_queued(&self) {
        let mut writer = lock(&self.writer);
        let (mut work, synced_through) = {
            let mut state = self.state();
            if state.fault.is_some() || state.queue.is_empty() {
                return;
            }
            (std::mem::take(&mut state.queue), state.durable.frame)
        };
        for item in &mut work {
            let done = match item {
                Work::Put(record) => writer.put(record, synced_through),
                Work::Roll(at) => self.roll(&mut writer, *at, synced_through),
            };
            if let Err(fault) = done {
                return self.poison(fault);
            }
        }
        if let Err(fault) = writer.flush() {
            return self.poison(fault);
        }
        let mut state = self.state();
        for item in work {
            if let Work::Put(record) = item
                && state.spare.len() < SPARE_MAX
            {
                state.spare.push(record.into_buffer());
            }
        }
        state.written = Written::of(&writer);
    }

    /// Syncs everything that is written, marks it and tells the waiting. Does nothing after a fault.
    pub(crate) fn sync_written(&self) {
        let mut head = lock(&self.head);
        let Written { point, file, path } = {
            let state = self.state();
            if state.fault.is_some() || state.written.point.frame <= state.durable.frame {
                return;
            }
            state.written.clone()
        };
        let synced = file.sync_data().map_err(|e| Fault::io("fdatasync", &path, &e));
        let marked = synced.and_then(|()| {
            head.mark(point)?;
            match self.marking {
                Marking::Written => Ok(()),
                Marking::Synced => head.sync(),
            }
        });
        // The head is still locked: no other sync can come between the answer and its consequence.
        match marked {
            Ok(()) => self.advance(point),
            Err(fault) => self.poison(fault),
        }
    }

    /// Poisons the journal: the first fault stays.
    pub(crate) fn poison(&self, fault: Fault) {
        let mut state = self.state();
        state.fault.get_or_insert(fault);
        drop(state);
        self.durable.notify_all();
        self.written.notify_all();
        self.queued.notify_all();
    }

    /// Ends the threads; what they are doing is finished first, what is queued is not begun.
    pub(crate) fn stop(&self) {
        self.state().stop = true;
        self.queued.notify_all();
        self.written.notify_all();
        self.durable.notify_all();
    }

    /// Runs one of the threads; should it panic, the journal is poisoned, so that nobody waits for ever.
    pub(crate) fn guarded(&self, run: fn(&Self)) {
        struct Guard<'a>(&'a Shared);
        impl Drop for Guard<'_> {
            fn drop(&mut self) {
                if std::thread::panicking() {
                    let error = std::io::Error::other("the thread panicked");
                    let path = Path::new("the journal's own thread");
                    self.0.poison(Fault::io("work", path, &error));
                }
            }
        }
        let _guard = Guard(self);
        run(self);
    }

    /// The writing thread.
    pub(crate) fn run_writer(&self) {
        loop {
            {
                let mut state = self.state();
                while state.queue.is_empty() && !state.stop && state.fault.is_none() {
                    state = self.queued.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                if state.stop || state.fault.is_some() {
                    return;
                }
            }
            self.write_queued();
            self.written.notify_one();
        }
    }

    /// The syncing thread.
    pub(crate) fn run_syncer(&self) {
        loop {
            let idle = {
                let mut state = self.state();
                let mut idle = false;
                while state.written.point.frame <= state.durable.frame && !state.stop && state.fault.is_none() && !idle
                {
                    let (next, timeout) =
                        self.written.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
                    state = next;
                    idle = timeout.timed_out();
                }
                if state.stop || state.fault.is_some() {
                    return;
                }
                idle
            };
            self.sync_written();
            if idle {
                self.sync_mark();
            }
        }
    }

    /// Makes the mark durable if it is not.
    fn sync_mark(&self) {
        let mut head = lock(&self.head);
        if head.is_dirty()
            && self.state().fault.is_none()
            && let Err(fault) = head.sync()
        {
            self.poison(fault);
        }
    }

    fn roll(&self, writer: &mut Writer, at: Micros, synced_through: FrameNo) -> Result<(), Fault> {
        writer.seal(at, synced_through)?;
        {
            let _sync = lock(&self.head);
            // If the other thread's sync of this segment has just failed, one more would succeed and save nothing, and a
            // new segment would stand on frames that are gone.
            if let Some(fault) = self.state().fault.clone() {
                return Err(fault);
            }
            if let Err(fault) = writer.sync() {
                self.poison(fault.clone());
                return Err(fault);
            }
        }
        writer.follow()
    }

    fn advance(&self, point: Point) {
        let mut state = self.state();
        if state.fault.is_none() && point.frame > state.durable.frame {
            state.durable = point;
            while let Some((frame, bytes)) = state.window.front().copied() {
                if frame > point.frame {
                    break;
                }
                state.window.pop_front();
                state.window_bytes -= bytes;
            }
        }
        drop(state);
        self.durable.notify_all();
    }
}

/// Takes a lock; a thread that panicked while holding it was a bug of ours that has already been shown.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
