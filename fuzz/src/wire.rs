//! Canonical bytes: one value, one encoding; and commands of any content before the ledger.

use comity_engine::checkpoint::Checkpoint;
use comity_engine::{codec, document};
use comity_ledger::command::{Command, Entry};
use comity_ledger::ids::{ActorId, Key};
use comity_ledger::wire::{from_bytes, to_bytes};

use super::day;

/// Most entries a batch is said to hold.
const COUNT_MAX: u32 = 64;

/// The first byte chooses the format, the second who asks (for commands) or how many entries there are (for batches).
pub fn run(data: &[u8]) -> bool {
    let [which, second, rest @ ..] = data else { return false };
    match which % 4 {
        0 => command(*second, rest),
        1 => batch(u32::from(*second) % COUNT_MAX, rest),
        2 => original(rest),
        _ => checkpoint(rest),
    }
}

fn command(actor: u8, bytes: &[u8]) -> bool {
    let Ok(command) = from_bytes::<Command>(bytes) else { return false };
    assert_eq!(to_bytes(&command), bytes, "a command has one encoding");
    let mut state = day::state();
    let actors = u32::try_from(state.actors.len()).unwrap_or(1);
    // One more than there are: somebody unknown asks too.
    let actor = ActorId(u32::from(actor) % (actors + 1));
    let at = state.at;
    day::give(&mut state, at, actor, Key(1), command);
    day::check(&state);
    true
}

fn batch(count: u32, bytes: &[u8]) -> bool {
    let mut entries: Vec<Entry> = Vec::new();
    if codec::decode(bytes, count, &mut entries).is_err() {
        return false;
    }
    // The sequencer never lets time go back, and the encoding relies on it.
    if !entries.is_sorted_by_key(|entry| entry.at) {
        return false;
    }
    let mut again = Vec::new();
    codec::encode(&entries, &mut again);
    let mut read = Vec::new();
    assert!(codec::decode(&again, count, &mut read).is_ok(), "a batch reads back");
    assert_eq!(read, entries);
    let mut state = day::state();
    for entry in entries {
        day::give(&mut state, entry.at, entry.actor, entry.key, entry.command);
    }
    day::check(&state);
    true
}

fn original(bytes: &[u8]) -> bool {
    let Ok(document) = document::decode(bytes) else { return false };
    let mut again = Vec::new();
    document::encode(document.number, document.at, &document.name, &document.bytes, &mut again);
    let decoded = document::decode(&again);
    assert!(decoded.is_ok_and(|decoded| decoded == document), "a document reads back");
    true
}

fn checkpoint(bytes: &[u8]) -> bool {
    let Ok(checkpoint) = Checkpoint::decode(bytes) else { return false };
    let mut again = Vec::new();
    checkpoint.encode(&mut again);
    assert_eq!(again, bytes, "a checkpoint has one encoding");
    true
}
