//! The files of a day, one after the other in order of arrival, in memory.
//!
//! Lines of one bank and one kind of message within a time slice travel together; urgent ones, groups of payments versus payment, customers'
//! orders and files that are spoilt as a whole travel alone. Only one slice of the day is held in memory.

use super::csv;
use super::message::{Batch, Dress, Family};
use super::spoil::spoil;
use super::text;
use crate::traffic::{BankIndex, FlawKind, Kind, Options, Planned, Priority, Rng, SelfCheck, Traffic, Unusable};
use std::collections::{BTreeMap, VecDeque};

const MICROS_PER_MINUTE: i64 = 60_000_000;
/// U+FEFF in UTF-8, as some editors put it in front.
const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// How lines are put into files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Length of the time slice whose lines travel together, minutes.
    pub batch_minutes: u32,
    /// Most lines of one file.
    pub batch_max: usize,
    /// Of the batches of plain payments: written as CSV, per mille.
    pub csv_per_mille: u32,
    /// Of the files: one element a line, per mille.
    pub indented_per_mille: u32,
    /// Of the files: with a namespace prefix, per mille.
    pub prefixed_per_mille: u32,
    /// Of the files: with a business application header, per mille.
    pub header_per_mille: u32,
    /// Of the files: with a byte order mark in front, per mille.
    pub bom_per_mille: u32,
    /// The clock of the file names: minutes ahead of UTC. The hours must not cross midnight on it, or names no longer sort by time.
    pub clock_offset_minutes: i16,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            batch_minutes: 15,
            batch_max: 500,
            csv_per_mille: 30,
            indented_per_mille: 300,
            prefixed_per_mille: 150,
            header_per_mille: 250,
            bom_per_mille: 10,
            clock_offset_minutes: 0,
        }
    }
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// ISO 20022.
    Iso(Family),
    /// Comma-separated values with the header [`HEADER`](super::HEADER).
    Csv,
}

/// A line inside a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Number of the planned line.
    pub sequence: u64,
    /// What is wrong with it on purpose.
    pub flaw: Option<FlawKind>,
}

/// A file of the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, such as `0915-XXXXCNB1.xml`.
    pub name: String,
    /// When it arrives: its creation time (`CreDtTm`), microseconds since 1970 UTC; of a CSV file, that of its last line.
    pub at: i64,
    /// What it is.
    pub format: Format,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its lines in order.
    pub lines: Vec<Carried>,
}

/// A group of lines that will be one file.
struct Draft {
    at: i64,
    from: BankIndex,
    family: Family,
    lines: Vec<Planned>,
}

/// The files of a day, in order of arrival.
#[derive(Debug)]
pub struct Files<'a> {
    options: &'a Options,
    style: Style,
    traffic: Traffic<'a>,
    check: SelfCheck<'a>,
    ahead: Option<Planned>,
    ready: VecDeque<File>,
    /// Chance for the dress of files alone, so that a change of style leaves the payments as they are.
    rng: Rng,
    numbered: u64,
    names: BTreeMap<String, u32>,
}

impl<'a> Files<'a> {
    /// The files of these options.
    ///
    /// # Errors
    /// When the options contradict themselves; see [`Unusable`].
    pub fn new(options: &'a Options, style: &Style) -> Result<Self, Unusable> {
        Ok(Self {
            options,
            style: *style,
            traffic: Traffic::new(options)?,
            check: SelfCheck::new(options),
            ahead: None,
            ready: VecDeque::new(),
            rng: Rng::new(options.seed ^ 0x0064_7265_7373),
            numbered: 0,
            names: BTreeMap::new(),
        })
    }

    /// The statistics of the lines handed out so far.
    #[must_use]
    pub fn into_check(self) -> SelfCheck<'a> {
        self.check
    }

    /// Reads one slice of lines. False at the end of the day.
    fn next_slice(&mut self) -> bool {
        let Some(first) = self.ahead.take().or_else(|| self.traffic.next()) else {
            return false;
        };
        let length = i64::from(self.style.batch_minutes.max(1)) * MICROS_PER_MINUTE;
        // A slice also ends at the cut-off of a currency, so that no file arrives after the cut-off of a line in it.
        let cut_offs: Vec<i64> = self.options.currencies.iter().filter_map(|currency| currency.cut_off).collect();
        let opens = self.options.opens;
        let slice = |at: i64| {
            let passed = cut_offs.iter().filter(|cut_off| **cut_off <= at).count();
            ((at - opens).div_euclid(length), passed)
        };
        let current = slice(first.at);
        let mut together: BTreeMap<(BankIndex, Family), Vec<Planned>> = BTreeMap::new();
        let mut drafts: Vec<Draft> = Vec::new();
        let mut next = Some(first);
        while let Some(line) = next {
            if slice(line.at) != current {
                self.ahead = Some(line);
                break;
            }
            self.check.count(&line);
            let family = Family::of(line.kind);
            if let (Kind::Pvp { group }, Some(last)) = (line.kind, drafts.last_mut())
                && last.lines.first().map(|first| first.kind) == Some(Kind::Pvp { group })
            {
                last.lines.push(line);
            } else if travels_alone(&line) {
                drafts.push(draft(family, vec![line]));
            } else {
                together.entry((line.from, family)).or_default().push(line);
            }
            next = self.traffic.next();
        }
        for ((_, family), lines) in together {
            // Requests and questions name one receiver for the whole message.
            for lines in by_receiver(family, lines) {
                for part in lines.chunks(self.style.batch_max.max(1)) {
                    drafts.push(draft(family, part.to_vec()));
                }
            }
        }
        let answers: Vec<Draft> = drafts.iter().filter_map(counterpart).collect();
        drafts.extend(answers);
        drafts.sort_by_key(|draft| {
            let first = draft.lines.first().map_or(0, |line| line.sequence);
            (draft.at, draft.from, first)
        });
        for draft in &drafts {
            self.render(draft);
        }
        true
    }

    fn render(&mut self, draft: &Draft) {
        let spoilt =
            draft.lines.iter().find_map(|line| line.flaw.map(|flaw| flaw.kind).filter(|kind| kind.spoils_message()));
        let dress = self.dress(draft);
        let plain = draft
            .lines
            .iter()
            .all(|line| line.flaw.is_none() && matches!(line.kind, Kind::Customer | Kind::Institution));
        let is_csv = self.rng.per_mille(self.style.csv_per_mille) && plain;
        self.numbered += 1;
        let bic = self.options.banks.get(draft.from.at()).map_or("", |bank| bank.bic.as_str());
        let (format, bytes) = if is_csv {
            (Format::Csv, csv::render(self.options, &draft.lines))
        } else {
            let date = text::compact_date(self.options.business_date);
            let batch = Batch {
                options: self.options,
                family: draft.family,
                id: format!("{bic}-{date}-{:08}", self.numbered),
                at: draft.at,
                from: draft.from,
                lines: &draft.lines,
                dress,
            };
            (Format::Iso(draft.family), batch.render())
        };
        let bytes = match spoilt {
            Some(kind) => spoil(bytes, kind),
            None if self.rng.per_mille(self.style.bom_per_mille) => [BYTE_ORDER_MARK, &bytes].concat(),
            None => bytes,
        };
        let file = File {
            name: self.name(draft.at, bic, format),
            at: draft.at,
            format,
            bytes,
            lines: draft
                .lines
                .iter()
                .map(|line| Carried { sequence: line.sequence, flaw: line.flaw.map(|flaw| flaw.kind) })
                .collect(),
        };
        if spoilt == Some(FlawKind::SentTwice) {
            let mut again = file.clone();
            again.name = self.name(draft.at, bic, format);
            self.ready.push_back(file);
            self.ready.push_back(again);
        } else {
            self.ready.push_back(file);
        }
    }

    fn dress(&mut self, draft: &Draft) -> Dress {
        let style = self.style;
        Dress {
            indented: self.rng.per_mille(style.indented_per_mille),
            prefix: if self.rng.per_mille(style.prefixed_per_mille) { "p:" } else { "" },
            header: self.rng.per_mille(style.header_per_mille) && draft.lines.iter().all(|line| line.flaw.is_none()),
            sums: self.rng.per_mille(500),
        }
    }

    /// Time and sender; from the second of the same minute on with a number that keeps the order.
    fn name(&mut self, at: i64, bic: &str, format: Format) -> String {
        let bic: String = bic.chars().filter(char::is_ascii_alphanumeric).collect();
        let stem = format!("{}-{bic}", text::hour_minute(at, self.style.clock_offset_minutes));
        let ending = match format {
            Format::Iso(_) => "xml",
            Format::Csv => "csv",
        };
        // Names of earlier minutes cannot come again within a day; keeping them costs little.
        let used = self.names.entry(stem.clone()).or_insert(0);
        *used += 1;
        if *used == 1 { format!("{stem}.{ending}") } else { format!("{stem}_{used:04}.{ending}") }
    }
}

fn draft(family: Family, lines: Vec<Planned>) -> Draft {
    Draft {
        // A batch is sent when its last line is there.
        at: lines.iter().map(|line| line.at).max().unwrap_or(0),
        from: lines.first().map_or(BankIndex(0), |line| line.from),
        family,
        lines,
    }
}

/// The other side's own message for the same exchange: payment versus payment goes only when every payer has sent it.
fn counterpart(draft: &Draft) -> Option<Draft> {
    let is_pvp = matches!(draft.lines.first()?.kind, Kind::Pvp { .. });
    let other = draft.lines.iter().find(|line| line.from != draft.from)?.from;
    is_pvp.then(|| Draft { at: draft.at, from: other, family: draft.family, lines: draft.lines.clone() })
}

fn travels_alone(line: &Planned) -> bool {
    let spoils = line.flaw.is_some_and(|flaw| flaw.kind.spoils_message());
    let own = match line.kind {
        Kind::Pvp { .. } | Kind::Initiation => true,
        Kind::Customer
        | Kind::Institution
        | Kind::Conversion(_)
        | Kind::Return(_)
        | Kind::Recall(_)
        | Kind::Verification => false,
    };
    spoils || own || line.priority == Priority::Urgent
}

fn by_receiver(family: Family, lines: Vec<Planned>) -> Vec<Vec<Planned>> {
    match family {
        Family::Pacs008 | Family::Pacs009 | Family::Pacs004 | Family::Pain001 => vec![lines],
        Family::Camt056 | Family::Acmt023 => {
            let mut by_bank: BTreeMap<BankIndex, Vec<Planned>> = BTreeMap::new();
            for line in lines {
                by_bank.entry(line.to).or_default().push(line);
            }
            by_bank.into_values().collect()
        }
    }
}

impl Iterator for Files<'_> {
    type Item = File;

    fn next(&mut self) -> Option<File> {
        while self.ready.is_empty() {
            if !self.next_slice() {
                return None;
            }
        }
        self.ready.pop_front()
    }
}
