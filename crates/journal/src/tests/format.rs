//! The format, byte by byte: the example in `docs/journal-format.md` is what this program writes, and can be read back
//! from the document. `UPDATE_EXPECT=1` writes the example anew; a change of it is a change of the format.

use std::fmt::Write as _;
use std::path::PathBuf;

use proptest::prelude::*;

use super::disk::SimDisk;
use crate::head::{HEAD_LEN, HEAD_NAME};
use crate::{
    EntrySeq, FileLog, FrameNo, HEADER_LEN, Header, JournalId, Kind, Log, Micros, Options, Reader, Record,
    SEGMENT_HEADER_LEN, SegmentHeader, Start, verify,
};

const BEGIN: &str = "<!-- example begins: written by a test -->\n";
const END: &str = "<!-- example ends -->";
const SEGMENT: &str = "00000000000000000001.cj";
const PAYLOAD: &[u8] = b"two entries as their owner wrote them";

fn document() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/journal-format.md")
}

/// A journal with one frame, closed.
fn example() -> SimDisk {
    let disk = SimDisk::new();
    let options = Options { id: Some(JournalId(*b"worked example 1")), ..Options::small() };
    let (mut log, _) = FileLog::open(disk.shared(), "/j".as_ref(), options).expect("opens");
    let at = Micros(1_795_000_000_000_000);
    log.append_durable(Record::of(Kind::Entries, at, 2, PAYLOAD)).expect("becomes durable");
    log.close().expect("closes");
    disk
}

/// Fields of a part of a file: name, length.
type Fields = &'static [(&'static str, usize)];

const SEGMENT_FIELDS: Fields = &[
    ("magic", 8),
    ("version 1", 2),
    ("header length 96", 2),
    ("zero", 4),
    ("journal identity", 16),
    ("segment number 1", 8),
    ("first frame 1", 8),
    ("first entry 1", 8),
    ("hash of the seal before: none", 32),
    ("zero", 4),
    ("crc32c of the 92 bytes above", 4),
];

const FRAME_FIELDS: Fields = &[
    ("magic", 4),
    ("version 1", 2),
    ("kind 1, entries", 1),
    ("zero", 1),
    ("frame number 1", 8),
    ("first entry 1", 8),
    ("2 entries", 4),
    ("payload length 37", 4),
    ("time in microseconds", 8),
    ("synced through frame 0", 8),
    ("hash before: of the segment header", 32),
    ("crc32c of the payload", 4),
    ("crc32c of the 84 bytes above", 4),
    ("payload", PAYLOAD.len()),
    ("hash of header and payload", 32),
];

const HEAD_FIELDS: Fields = &[
    ("magic", 8),
    ("version 1", 2),
    ("closed in good order", 1),
    ("zero", 5),
    ("journal identity", 16),
    ("turn", 8),
    ("durable through frame 1", 8),
    ("next entry 3", 8),
    ("hash of frame 1", 32),
    ("lowest segment here 1", 8),
    ("zero", 28),
    ("crc32c of the 124 bytes above", 4),
];

fn render(out: &mut String, title: &str, bytes: &[u8], fields: Fields) {
    writeln!(out, "{title}\n").expect("a string");
    let mut at = 0;
    for (name, len) in fields {
        for (n, row) in bytes[at..at + len].chunks(16).enumerate() {
            let hex: Vec<String> = row.iter().map(|b| format!("{b:02x}")).collect();
            let name = if n == 0 { name } else { "" };
            let line = format!("    {:04x}  {:47}  {name}", at + n * 16, hex.join(" "));
            writeln!(out, "{}", line.trim_end()).expect("a string");
        }
        at += len;
    }
    out.push('\n');
    assert_eq!(at, bytes.len(), "{title}: the fields cover every byte");
}

fn rendered() -> String {
    let disk = example();
    let segment = disk.bytes(&format!("/j/{SEGMENT}"));
    let head = disk.bytes(&format!("/j/{HEAD_NAME}"));
    let mut out = String::new();
    let (header, frame) = segment.split_at(SEGMENT_HEADER_LEN);
    render(&mut out, "`00000000000000000001.cj`, segment header:", header, SEGMENT_FIELDS);
    render(&mut out, "the frame after it, offsets from its start:", frame, FRAME_FIELDS);
    render(&mut out, "`HEAD`, slot 0:", &head[..128], HEAD_FIELDS);
    render(&mut out, "`HEAD`, slot 1, offsets from 4096:", &head[4096..4224], HEAD_FIELDS);
    out
}

#[test]
fn the_example_in_the_document_is_what_is_written() {
    let text = std::fs::read_to_string(document()).expect("the document is there");
    let begin = text.find(BEGIN).expect("the example begins") + BEGIN.len();
    let end = text.find(END).expect("the example ends");
    let fresh = rendered();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let updated = format!("{}{fresh}{}", &text[..begin], &text[end..]);
        std::fs::write(document(), updated).expect("the document can be written");
    } else {
        assert_eq!(&text[begin..end], fresh, "run again with UPDATE_EXPECT=1 and review");
    }
}

#[test]
fn the_document_alone_is_enough_to_rebuild_the_journal() {
    let text = std::fs::read_to_string(document()).expect("the document is there");
    let begin = text.find(BEGIN).expect("the example begins");
    let end = text.find(END).expect("the example ends");
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for line in text[begin..end].lines() {
        if line.starts_with('`') || line.starts_with("the frame") {
            parts.push(Vec::new());
        } else if let (Some(hex), Some(part)) = (line.get(10..line.len().min(57)), parts.last_mut()) {
            let bytes = hex.split_whitespace();
            part.extend(bytes.map(|b| u8::from_str_radix(b, 16).expect("two digits")));
        }
    }
    let [segment_header, frame, slot_0, slot_1] = &parts[..] else {
        panic!("the example has four parts, found {}", parts.len());
    };
    let disk = SimDisk::new();
    disk.set_bytes(&format!("/j/{SEGMENT}"), [&segment_header[..], frame].concat());
    let mut head = vec![0; HEAD_LEN];
    head[..128].copy_from_slice(slot_0);
    head[4096..4224].copy_from_slice(slot_1);
    disk.set_bytes("/j/HEAD", head);
    let report = verify(&disk.shared(), "/j".as_ref(), &[]).expect("is whole");
    assert!(report.is_sound() && report.closed);
    assert_eq!((report.frames, report.entries), (1, 2));
    let mut reader = Reader::open(disk.shared(), "/j".as_ref(), Start::BEGINNING).expect("opens");
    let frame = reader.next().expect("is whole").expect("is there");
    assert_eq!(frame.payload, PAYLOAD);
}

fn header() -> impl Strategy<Value = Header> {
    (any::<(u8, u64, u64, u32)>(), 0..=crate::PAYLOAD_LEN_MAX as u32, any::<(u64, u64, [u8; 32], u32)>()).prop_map(
        |((kind, number, entry, entries), payload_len, rest)| {
            let number = number.max(1);
            Header {
                kind: Kind::of(kind),
                number: FrameNo(number),
                first_entry: EntrySeq(entry.max(1)),
                entries,
                payload_len,
                at: Micros(rest.0),
                synced_through: FrameNo(rest.1 % number),
                prev_hash: rest.2,
                payload_crc: rest.3,
            }
        },
    )
}

proptest! {
    #[test]
    fn every_header_survives_its_bytes(header in header()) {
        prop_assert_eq!(Header::decode(&header.encode()), Ok(header));
    }

    #[test]
    fn every_changed_bit_of_a_header_is_found(header in header(), bit in 0..HEADER_LEN * 8) {
        let mut bytes = header.encode();
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(Header::decode(&bytes).is_err());
    }

    #[test]
    fn no_bytes_make_decoding_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Some(head) = bytes.first_chunk::<HEADER_LEN>() {
            let _ = Header::decode(head);
        }
        prop_assert!(SegmentHeader::decode(&bytes).is_err());
    }

    #[test]
    fn a_folder_of_noise_is_reported_and_never_panics(
        segment in proptest::collection::vec(any::<u8>(), 0..400),
        head in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let disk = SimDisk::new();
        disk.set_bytes("/j/HEAD", head);
        disk.set_bytes("/j/00000000000000000001.cj", segment);
        prop_assert!(verify(&disk.shared(), "/j".as_ref(), &[]).is_err());
        prop_assert!(FileLog::open(disk.shared(), "/j".as_ref(), Options::small()).is_err());
    }

    #[test]
    fn noise_in_a_journal_is_found_or_changes_nothing(
        at in 96usize..900,
        noise in proptest::collection::vec(any::<u8>(), 1..64),
    ) {
        let disk = SimDisk::new();
        let mut log = super::script::open(&disk, crate::Mode::Inline).expect("opens");
        super::script::run(&mut log, 0, 6, 3);
        log.close().expect("closes");
        let name = "/j/00000000000000000001.cj";
        let mut bytes = disk.bytes(name);
        let before = bytes.clone();
        let end = (at + noise.len()).min(bytes.len());
        let start = at.min(end);
        bytes[start..end].copy_from_slice(&noise[..end - start]);
        let changed = bytes != before;
        disk.set_bytes(name, bytes);
        prop_assert_eq!(verify(&disk.shared(), "/j".as_ref(), &[]).is_err(), changed);
    }
}
