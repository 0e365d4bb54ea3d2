//! The fuzz targets without a fuzzer: every file of `fuzz/corpus`, and a few thousand mutations of them that are the
//! same on every machine.
//!
//! A fuzzer looks further, this looks always: on every push, with any compiler. Absent on purpose: expectations; each
//! target's body in `fuzz/src` says what must hold for any input whatever.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[path = "../../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "for the fuzzer the same files are a library")]
mod bodies;

/// The body of a target: says whether the input got as far as inputs can.
type Body = fn(&[u8]) -> bool;

/// Longest input made, bytes.
const LEN_MAX: usize = 16 * 1024;
/// A mutation makes 1, 2, 4 ... changes, up to two to the power of one less than this.
const CHANGES_LOG: u64 = 4;

#[test]
fn xml_of_any_kind_is_survived() {
    replay("xml", 8_000, bodies::xml::run);
}

#[test]
fn csv_of_any_kind_is_survived() {
    replay("csv", 20_000, bodies::csv::run);
}

#[test]
fn a_journal_damaged_in_any_way_gives_nothing_that_was_not_written() {
    replay("journal", 6_000, bodies::journal::run);
}

#[test]
fn arrangement_files_of_any_kind_are_survived() {
    replay("arrangement", 1_500, bodies::arrangement::run);
}

#[test]
fn canonical_bytes_of_any_kind_are_survived() {
    replay("wire", 50_000, bodies::wire::run);
}

/// Runs `body` over the corpus, then over mutations of it.
fn replay(target: &str, mutations: u64, body: Body) {
    let corpus = corpus(target);
    assert!(corpus.len() >= 3, "the corpus of {target} has {} files, expected at least 3", corpus.len());
    let far = corpus.iter().filter(|(name, input)| run(target, name, input, body)).count();
    assert!(far >= 2, "only {far} files of the corpus of {target} get as far as inputs can");
    let inputs: Vec<&[u8]> = corpus.iter().map(|(_, input)| input.as_slice()).collect();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for number in 0..mutations {
        let input = mutated(&inputs, &mut chance);
        run(target, &format!("mutation {number}"), &input, body);
    }
}

/// A panic of a body says what failed; this adds the input, so that it can be kept in the corpus.
fn run(target: &str, name: &str, input: &[u8], body: Body) -> bool {
    catch_unwind(AssertUnwindSafe(|| body(input))).unwrap_or_else(|panic| {
        let path = std::env::temp_dir().join(format!("comity-{target}-failed"));
        let kept = match fs::write(&path, input) {
            Ok(()) => format!("kept in {}", path.display()),
            Err(error) => format!("could not be kept: {error}"),
        };
        eprintln!("target {target}, {name}, {} bytes, {kept}", input.len());
        std::panic::resume_unwind(panic)
    })
}

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).expect("the corpus is part of the repository");
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let path = entry.expect("the corpus can be listed").path();
            (path.display().to_string(), fs::read(&path).expect("the corpus can be read"))
        })
        .collect();
    files.sort();
    files
}

/// One corpus file with a few changes: bits, bytes, numbers at the edge, pieces cut out, doubled, or taken from another.
fn mutated(inputs: &[&[u8]], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = chance.choose(inputs).to_vec();
    for _ in 0..1_u32 << chance.below(CHANGES_LOG) {
        let at = chance.place(bytes.len());
        match chance.below(8) {
            0 | 1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
            2 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = chance.byte();
                }
            }
            3 => {
                let edges =
                    [b"\0\0\0\0\0\0\0\0", b"\xff\xff\xff\xff\xff\xff\xff\xff", b"\xff\xff\xff\xff\xff\xff\xff\x7f"];
                let edge = &chance.choose(&edges)[..1 << chance.below(4)];
                let end = bytes.len().min(at + edge.len());
                bytes.splice(at..end, edge.iter().copied());
            }
            4 => {
                // Text inputs break most tellingly at their own marks.
                let marks: [&[u8]; 10] =
                    [b"<", b"</", b">", b"&amp;", b"\"", b",", b"\n", b"=", b"<!DOCTYPE a>", b"\xef\xbb\xbf"];
                bytes.splice(at..at, chance.choose(&marks).iter().copied());
            }
            5 => {
                let end = (at + chance.place(64)).min(bytes.len());
                bytes.drain(at..end);
            }
            6 => {
                let end = (at + chance.place(256)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let other = *chance.choose(inputs);
                let from = chance.place(other.len());
                let piece = &other[from..(from + chance.place(256)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
        bytes.truncate(LEN_MAX);
    }
    bytes
}

/// SplitMix64: enough chance for mutations, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// A place in something of this length, its end included.
    fn place(&mut self, len: usize) -> usize {
        let bound = u64::try_from(len).unwrap_or(u64::MAX).saturating_add(1);
        usize::try_from(self.below(bound)).unwrap_or_default()
    }

    fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let last = all.len().checked_sub(1).expect("something to choose from");
        &all[self.place(last)]
    }
}
