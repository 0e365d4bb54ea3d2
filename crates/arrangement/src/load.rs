//! From a folder, or the text of its files, to an arrangement or to everything that is wrong with it.
//!
//! Reading never stops at the first mistake. Absent on purpose: private keys and messages; the folder may hold them, but
//! they are not part of the rules.

use core::cell::RefCell;
use std::path::Path;

use comity_ledger::command::PairRef;
use comity_ledger::ids::ParticipantId;

use crate::check;
use crate::commitments;
use crate::directory::Directory;
use crate::lines::{self, FUNDING, Known, LIMITS, RATES};
use crate::mistake::{Findings, Mistakes, Notes, Spot};
use crate::model::{Arrangement, Pair};
use crate::people;
use crate::prices::{self, TermsDraft};
use crate::read_toml::Document;
use crate::sections::{self, KNOWN_AUTHORITY, KNOWN_CURRENCIES, KNOWN_CURRENCY, PairDraft, Rulebook};
use crate::union;

/// Name of the main file.
pub(crate) const ARRANGEMENT: &str = "arrangement.toml";

/// Largest file read; 100,000 participants take about 8 MB.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The text of the files an arrangement is made of. Only the first two must say something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Files {
    /// `arrangement.toml`.
    pub arrangement: String,
    /// `participants.csv`.
    pub participants: String,
    /// `limits.csv`; empty when there is none.
    pub limits: String,
    /// `funding.csv`; empty when there is none.
    pub funding: String,
    /// `rates.csv`; empty when there is none.
    pub rates: String,
    /// `union.toml`, a rule set of one's own; empty when there is none.
    pub union_rules: String,
    /// `union-rates.csv`; empty when there is none.
    pub union_rates: String,
    /// `union-orders.csv`; empty when there is none.
    pub union_orders: String,
    /// `commitments.csv`; empty when there is none.
    pub commitments: String,
}

impl Files {
    /// Reads the files of a folder.
    ///
    /// # Errors
    /// Every file that is missing though it must be there, is too large, or is not UTF-8.
    pub fn read(dir: &Path) -> Result<Self, Mistakes> {
        let findings = RefCell::default();
        let notes = Notes(&findings);
        let read = |file, must| read_file(dir, file, must, notes);
        let files = Self {
            arrangement: read(ARRANGEMENT, true),
            participants: read(people::FILE, true),
            limits: read(LIMITS, false),
            funding: read(FUNDING, false),
            rates: read(RATES, false),
            union_rules: read(union::RULES, false),
            union_rates: read(union::RATES, false),
            union_orders: read(union::ORDERS, false),
            commitments: read(commitments::FILE, false),
        };
        let mistakes = findings.into_inner().mistakes;
        if mistakes.is_empty() { Ok(files) } else { Err(Mistakes(mistakes)) }
    }

    /// The files by name, in the order they are hashed.
    #[must_use]
    pub fn named(&self) -> [(&'static str, &str); 9] {
        [
            (ARRANGEMENT, &self.arrangement),
            (people::FILE, &self.participants),
            (LIMITS, &self.limits),
            (FUNDING, &self.funding),
            (RATES, &self.rates),
            (union::RULES, &self.union_rules),
            (union::RATES, &self.union_rates),
            (union::ORDERS, &self.union_orders),
            (commitments::FILE, &self.commitments),
        ]
    }

    /// BLAKE3 of the files: for each in order, name and content, each preceded by its length as eight bytes, little-endian. Files of
    /// unions and of commitments came later and count only where there is something in them: folders without them keep their hash.
    #[must_use]
    pub fn rules(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for (name, content) in self.named() {
            if content.is_empty() && (name == commitments::FILE || union::FILES.contains(&name)) {
                continue;
            }
            for part in [name, content] {
                let len = u64::try_from(part.len()).unwrap_or(u64::MAX);
                hasher.update(&len.to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        *hasher.finalize().as_bytes()
    }
}

fn read_file(dir: &Path, file: &'static str, must: bool, notes: Notes<'_>) -> String {
    let path = dir.join(file);
    let spot = Spot { file, line: 0, field: String::new() };
    match std::fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must => {
            return String::new();
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            notes.wrong(&spot, "no such file", format!("the file in {}", dir.display()));
            return String::new();
        }
        Ok(meta) if meta.len() > FILE_BYTES_MAX => {
            notes.wrong(&spot, format!("{} bytes", meta.len()), format!("at most {FILE_BYTES_MAX}"));
            return String::new();
        }
        Ok(_) | Err(_) => {}
    }
    match std::fs::read(&path).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => {
            let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            notes.wrong(&Spot { line, ..spot }, "bytes that are not UTF-8", "text in UTF-8");
            String::new()
        }
        Err(error) => {
            notes.wrong(&spot, error.to_string(), "a file that can be read");
            String::new()
        }
    }
}

/// Reads the arrangement of a folder.
///
/// # Errors
/// Everything that is wrong with its files, with file, line, field, what was found and what was expected.
pub fn load(dir: &Path) -> Result<Arrangement, Mistakes> {
    parse(&Files::read(dir)?)
}

/// Reads an arrangement from the text of its files.
///
/// # Errors
/// As [`load`].
pub fn parse(files: &Files) -> Result<Arrangement, Mistakes> {
    let findings = RefCell::default();
    let arrangement = read(files, Notes(&findings));
    let mut findings = findings.into_inner();
    quieten(&mut findings);
    let Findings { mut mistakes, mut warnings, .. } = findings;
    for list in [&mut mistakes, &mut warnings] {
        list.sort_by_key(|mistake| {
            let file = files.named().iter().position(|(name, _)| *name == mistake.file);
            (file, mistake.line)
        });
    }
    if mistakes.is_empty() { Ok(Arrangement { warnings, ..arrangement }) } else { Err(Mistakes(mistakes)) }
}

/// One mistake is told once. A line that is not TOML is one, whatever its fields then lack; so is an authority or currency
/// that could not be read, wherever its name is then not known.
fn quieten(findings: &mut Findings) {
    let Findings { mistakes, authority_lost, currency_lost, .. } = findings;
    let broken: Vec<usize> =
        mistakes.iter().filter(|m| m.file == ARRANGEMENT && m.field.is_empty()).map(|m| m.line).collect();
    mistakes.retain(|m| {
        let lacks = m.file == ARRANGEMENT && !m.field.is_empty() && broken.contains(&m.line);
        let country = *authority_lost && m.expected.starts_with(KNOWN_AUTHORITY);
        let codes = [KNOWN_CURRENCY, KNOWN_CURRENCIES];
        let code = *currency_lost && codes.iter().any(|known| m.expected.starts_with(known));
        !(lacks || country || code)
    });
}

/// Reads everything; what could not be read is left out, and the notes say so.
fn read(files: &Files, notes: Notes<'_>) -> Arrangement {
    let document = Document { file: ARRANGEMENT, text: &files.arrangement, notes };
    let book = sections::read(document.root(), &files.union_rules, notes);
    let rules = files.rules();
    let Rulebook { authorities, currencies, .. } = book;
    let participants = people::read(&files.participants, &authorities, &currencies, notes);
    let mut directory = Directory::build(&authorities, &currencies, &participants);
    let at = Known {
        authorities: &authorities,
        currencies: &currencies,
        participants: &participants,
        directory: &directory,
        notes,
    };
    let actors = people::actors(book.actors, at);
    let (pairs, terms) = providers(book.pairs, at);
    let (prices, auction_spots) = prices::resolve(&pairs, terms, book.dealers, at);
    let limits = lines::limits(&files.limits, &book.defaults, at);
    let funding = lines::funding(&files.funding, at);
    let rates = lines::rates(&files.rates, &pairs, at);
    let unit_rates = union::rates(&files.union_rates, &book.unions, at);
    let union_orders = union::orders(&files.union_orders, &book.unions, at);
    let commitments = commitments::commitments(&files.commitments, at);
    for (currency, spots) in currencies.iter().zip(&book.currency_spots) {
        let id = directory.currency(currency.code);
        if !directory.participant_accounts().any(|(_, _, held)| Some(held) == id) {
            notes.warn(
                &spots.code,
                format!("{:?}", currency.code.as_str()),
                "a currency in which a participant has an account",
            );
        }
    }

    let required = book.options.require_confirmation.then_some(&book.require_confirmation);
    if book.planned {
        check::phases(&book.phases, &book.phase_spots, required, notes);
        check::daily_phases(&book.phases, &funding, &rates, notes);
    }
    for actor in &actors {
        directory.add_actor(actor.name.clone(), actor.scope, actor.roles);
    }
    let [a, b, c, d, e, f, g, h, ..] = rules;
    let mut arrangement = Arrangement {
        name: book.name,
        version: book.version,
        effective: book.effective,
        rules,
        seed: book.seed.unwrap_or_else(|| u64::from_le_bytes([a, b, c, d, e, f, g, h])),
        options: book.options,
        offset_every_s: book.offset_every_s,
        day: book.day,
        phases: book.phases,
        authorities,
        currencies,
        participants,
        pairs,
        prices,
        limits,
        funding: Vec::new(),
        rates: Vec::new(),
        unions: book.unions,
        unit_rates: Vec::new(),
        union_orders: Vec::new(),
        commitments,
        actors,
        directory,
        warnings: Vec::new(),
    };
    if book.planned {
        check::dates(&arrangement, &book.day_spot, &book.currency_spots, &funding, notes);
    }
    if book.planned {
        prices::check_auctions(&arrangement, &auction_spots, notes);
    }
    arrangement.funding = funding.into_iter().map(|(line, _)| line).collect();
    let spots: Vec<Spot>;
    (arrangement.rates, spots) = rates.into_iter().unzip();
    check::gates(&arrangement, &spots, notes);
    let (rate_spots, order_spots): (Vec<Spot>, Vec<Spot>);
    (arrangement.unit_rates, rate_spots) = unit_rates.into_iter().unzip();
    (arrangement.union_orders, order_spots) = union_orders.into_iter().unzip();
    if book.planned {
        union::check(&arrangement, &rate_spots, &order_spots, notes);
    }
    arrangement
}

/// Finds the provider of each pair: a direct participant with an account in both currencies.
fn providers(drafts: Vec<PairDraft>, at: Known<'_>) -> (Vec<Pair>, Vec<Option<TermsDraft>>) {
    let (mut out, mut terms) = (Vec::new(), Vec::new());
    for draft in drafts {
        let pair = PairRef { base: draft.base, quote: draft.quote };
        let provider = people::find(&draft.provider, at);
        let holds = |id: ParticipantId, currency| at.directory.account(id, currency).is_some();
        if let Some(id) = provider
            && !(holds(id, pair.base) && holds(id, pair.quote))
        {
            at.notes.wrong(
                &draft.provider.spot,
                draft.provider.value.to_string(),
                "a direct participant with an account in both currencies of the pair",
            );
        }
        // A pair whose provider is unknown stays in the list, so that its rates are not reported as well.
        out.push(Pair { pair, gate_bps: draft.gate_bps, provider: provider.unwrap_or(ParticipantId::NONE) });
        terms.push(draft.terms);
    }
    (out, terms)
}
