//! What the original messages in a journal say beyond the entries: purpose and instructed currency of each transaction.
//!
//! A pass of its own over the journal, on its own thread, that skips the entries; it also notes the hash of each frame of entries.
//! Absent on purpose: names and remittance texts; nobody needs persons to count payments.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use comity_gateway::inbound::CSV_HEADER;
use comity_iso20022::model::{Choice, Part, Transaction, TransferKind};
use comity_iso20022::options::Options;
use comity_journal::{Kind, OsDisk, Reader, Start};

use crate::exit::{Exit, Failure};

/// What a message says of one transaction.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    /// UETR, where the message has one.
    uetr: Option<u128>,
    /// Purpose code; blanks when there is none.
    pub(super) purpose: [u8; 4],
    /// ISO code of the instructed amount; zeros when it has none.
    pub(super) instructed: [u8; 3],
}

#[derive(Debug, Default)]
struct Document {
    /// Transactions in order, over all messages of the file.
    said: Vec<Said>,
    /// Whether the place in the file is the number of the line: one message only.
    single: bool,
    by_uetr: Option<HashMap<u128, usize>>,
}

/// What a journal's originals say, and its frames.
#[derive(Debug, Default)]
pub(super) struct Originals {
    documents: HashMap<u64, Document>,
    /// Hash of the frame that ends with an entry.
    pub(super) frames: BTreeMap<u64, [u8; 32]>,
    /// Hash of the first frame.
    pub(super) begins: [u8; 32],
}

impl Originals {
    /// What was said of a transaction, if its document is in the journal and names it.
    pub(super) fn of(&mut self, document: u64, line: u32, uetr: u128) -> Option<Said> {
        let document = self.documents.get_mut(&document)?;
        if let Some(said) = document.said.get(line as usize) {
            match said.uetr {
                Some(named) if named == uetr => return Some(*said),
                None if document.single => return Some(*said),
                Some(_) | None => {}
            }
        }
        let said = &document.said;
        let places = document.by_uetr.get_or_insert_with(|| {
            said.iter().enumerate().filter_map(|(at, said)| said.uetr.map(|uetr| (uetr, at))).collect()
        });
        places.get(&uetr).map(|at| said[*at])
    }
}

/// Reads a journal's frames, and unless `skip` says so its documents.
pub(super) fn read(journal: &Path, skip: bool) -> Result<Originals, Failure> {
    let mut reader = Reader::open(OsDisk::shared(), journal, Start::BEGINNING)?;
    let mut out = Originals::default();
    let mut open: Option<(u64, bool, Vec<u8>)> = None;
    let mut first = true;
    while let Some(frame) = reader.next()? {
        if std::mem::take(&mut first) {
            out.begins = frame.hash;
        }
        match frame.kind() {
            Kind::Entries => {
                out.frames.insert(frame.first_entry().0 + u64::from(frame.entries()) - 1, frame.hash);
            }
            Kind::Document if !skip => {
                let number = frame.number().0;
                let piece = comity_engine::document::decode(frame.payload)
                    .map_err(|what| Failure::new(Exit::NotSound, format!("frame {number}: {what}")))?;
                match &mut open {
                    Some((known, _, bytes)) if *known == piece.number => bytes.extend_from_slice(&piece.bytes),
                    other => {
                        if let Some((number, csv, bytes)) = other.take() {
                            out.documents.insert(number, parse(csv, &bytes));
                        }
                        let csv = piece.name.to_ascii_lowercase().ends_with(".csv");
                        *other = Some((piece.number, csv, piece.bytes));
                    }
                }
            }
            Kind::Document | Kind::Checkpoint | Kind::Seal | Kind::Other(_) => {}
        }
    }
    if let Some((number, csv, bytes)) = open {
        out.documents.insert(number, parse(csv, &bytes));
    }
    Ok(out)
}

fn parse(csv: bool, bytes: &[u8]) -> Document {
    if csv || bytes.starts_with(CSV_HEADER.as_bytes()) { parse_csv(bytes) } else { parse_xml(bytes) }
}

fn parse_xml(bytes: &[u8]) -> Document {
    let mut document = Document { single: true, ..Document::default() };
    comity_iso20022::read(bytes, &Options::default(), |part| {
        let Part::Transaction(line) = part else { return };
        document.single &= document.said.len() == line.index as usize;
        let mut said = Said { purpose: *b"    ", ..Said::default() };
        if let Ok(Transaction::CreditTransfer(transfer)) = line.outcome {
            said.uetr = transfer.uetr.map(|uetr| uetr.0);
            if let Some(Choice::Code(code)) = transfer.purpose.or(transfer.category_purpose) {
                said.purpose = four(code);
            }
            // A customer's order instructs its own amount; between banks only the instructed amount says so.
            let instructed = match transfer.kind {
                TransferKind::Initiation => Some(transfer.amount),
                TransferKind::Customer | TransferKind::Institution => transfer.instructed_amount,
            };
            said.instructed = instructed.map_or([0; 3], |amount| amount.currency.0);
        } else if let Ok(Transaction::Return(back)) = line.outcome {
            said.uetr = back.original.uetr.and_then(comity_iso20022::ident::Uetr::parse).map(|uetr| uetr.0);
        }
        document.said.push(said);
    });
    document
}

/// Columns of the CSV inbox that are needed.
const UETR: usize = 1;
const PURPOSE: usize = 12;

fn parse_csv(bytes: &[u8]) -> Document {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.trim_ascii().is_empty());
    let said = lines
        .map(|line| {
            let line = String::from_utf8_lossy(line);
            let fields = fields(&line);
            let field = |at: usize| fields.get(at).map_or("", |field| field.trim());
            let digits: String = field(UETR).chars().filter(|c| *c != '-').collect();
            Said { uetr: u128::from_str_radix(&digits, 16).ok(), purpose: four(field(PURPOSE)), instructed: [0; 3] }
        })
        .collect();
    Document { said, single: true, by_uetr: None }
}

/// Fields of a line; a field in double quotes may hold commas.
fn fields(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            other => out.last_mut().expect("there is one").push(other),
        }
    }
    out
}

fn four(code: &str) -> [u8; 4] {
    let mut out = *b"    ";
    for (to, from) in out.iter_mut().zip(code.bytes()) {
        *to = from;
    }
    out
}
