//! From a journal to a state: records are read and decoded on one thread and applied on another.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use comity_journal::{Disk, Frames, Kind, OsDisk, Reader, Start};
use comity_ledger::command::Entry;

use crate::checkpoint::Checkpoint;
use crate::codec;
use crate::document;
use crate::fault::Fault;

/// A decoded record.
#[derive(Debug)]
pub enum Piece {
    /// A batch: its frame, its first entry's number, and the entries.
    Entries {
        /// The frame.
        frame: u64,
        /// Number of the first entry.
        first: u64,
        /// The entries.
        entries: Vec<Entry>,
    },
    /// A checkpoint, with the hash of the frame before it.
    Checkpoint {
        /// The frame.
        frame: u64,
        /// Hash of the frame before.
        before: [u8; 32],
        /// The checkpoint.
        checkpoint: Checkpoint,
    },
    /// An original document (or a piece of one): only its number, unless documents were asked for.
    Document {
        /// The frame.
        frame: u64,
        /// The document's number.
        number: u64,
    },
}

/// Something that gives decoded records in order.
pub trait Pieces {
    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// The first damage or failure.
    fn next(&mut self) -> Result<Option<Piece>, Fault>;
    /// Takes a used-up batch's memory back.
    fn recycle(&mut self, entries: Vec<Entry>);
}

/// Decodes frames as they are asked for.
pub struct Decoder<F> {
    frames: F,
    last_hash: [u8; 32],
    spare: Vec<Vec<Entry>>,
}

impl<F: Frames> Decoder<F> {
    /// Decodes what `frames` gives.
    pub fn new(frames: F) -> Self {
        Self { frames, last_hash: [0; 32], spare: Vec::new() }
    }
}

impl<F: Frames> Pieces for Decoder<F> {
    fn next(&mut self) -> Result<Option<Piece>, Fault> {
        while let Some(frame) = self.frames.next()? {
            let before = std::mem::replace(&mut self.last_hash, frame.hash);
            let number = frame.number().0;
            let malformed =
                |what: comity_ledger::wire::Malformed| Fault::Malformed { frame: number, what: what.to_string() };
            match frame.kind() {
                Kind::Entries => {
                    let mut entries = self.spare.pop().unwrap_or_default();
                    codec::decode(frame.payload, frame.entries(), &mut entries).map_err(malformed)?;
                    return Ok(Some(Piece::Entries { frame: number, first: frame.first_entry().0, entries }));
                }
                Kind::Checkpoint => {
                    let checkpoint = Checkpoint::decode(frame.payload).map_err(malformed)?;
                    return Ok(Some(Piece::Checkpoint { frame: number, before, checkpoint }));
                }
                Kind::Document => {
                    let packed = document::decode_packed(frame.payload).map_err(malformed)?;
                    return Ok(Some(Piece::Document { frame: number, number: packed.number }));
                }
                // Records of later versions are carried; what they would change, their entries say.
                Kind::Seal | Kind::Other(_) => {}
            }
        }
        Ok(None)
    }

    fn recycle(&mut self, mut entries: Vec<Entry>) {
        entries.clear();
        self.spare.push(entries);
    }
}

/// The verifying reader of a folder, as [`Frames`].
struct Folder(Reader);

impl Frames for Folder {
    fn next(&mut self) -> Result<Option<comity_journal::Frame<'_>>, comity_journal::Fault> {
        self.0.next()
    }
}

/// Records of a folder, read and decoded on a thread of their own.
pub struct Ahead {
    pieces: Receiver<Result<Option<Piece>, Fault>>,
    spare: SyncSender<Vec<Entry>>,
}

/// Records decoded ahead of their use.
const AHEAD: usize = 8;

/// Reads the journal in `dir` from its beginning, without changing it.
///
/// # Errors
/// When it cannot be opened.
pub fn read_ahead(dir: &Path) -> Result<Ahead, Fault> {
    read_ahead_on(OsDisk::shared(), dir)
}

/// The same on another disk.
///
/// # Errors
/// When it cannot be opened.
pub fn read_ahead_on(disk: Arc<dyn Disk>, dir: &Path) -> Result<Ahead, Fault> {
    let reader = Reader::open(disk, dir, Start::BEGINNING)?;
    let (to_user, pieces) = sync_channel(AHEAD);
    let (spare, returned) = sync_channel::<Vec<Entry>>(AHEAD * 2);
    std::thread::spawn(move || {
        let mut decoder = Decoder::new(Folder(reader));
        loop {
            while let Ok(entries) = returned.try_recv() {
                decoder.recycle(entries);
            }
            let piece = decoder.next();
            let ended = !matches!(piece, Ok(Some(_)));
            // The user may have stopped at a fault of its own.
            if to_user.send(piece).is_err() || ended {
                return;
            }
        }
    });
    Ok(Ahead { pieces, spare })
}

impl Pieces for Ahead {
    fn next(&mut self) -> Result<Option<Piece>, Fault> {
        // The reading thread ends after the last record: then there is nothing more.
        self.pieces.recv().unwrap_or(Ok(None))
    }

    fn recycle(&mut self, mut entries: Vec<Entry>) {
        entries.clear();
        // When the way back is full the memory is simply given up.
        let _ = self.spare.try_send(entries);
    }
}
