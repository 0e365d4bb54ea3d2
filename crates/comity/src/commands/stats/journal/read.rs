//! One pass over journals: replay through the real ledger, one flat row a payment.
//!
//! Entries are applied as they were; what happened on the way (how a payment settled, what it first waited for, the
//! business date, approved rates) is noted, and the rest is read from the final state. Absent on purpose: figures.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use comity_engine::node::apply_all;
use comity_engine::replay::{Piece, Pieces, read_ahead};
use comity_ledger::command::{Command, Entry, PaymentKind};
use comity_ledger::event::{Event, How as Settles};
use comity_ledger::ids::{AccountId, ParticipantId};
use comity_ledger::payment::{Payment, Standing as Stands};
use comity_ledger::reject::{Reason, Why};
use comity_ledger::{Events, State};
use comity_stats::pay::codes;
use comity_stats::pay::facts::{Bank, Calendar, Currency, Facts, How, Kind, NONE, Rate, Row, Source, Standing};

use super::originals::{self, Originals};
use crate::exit::{Exit, Failure};

/// What to read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Options {
    /// Do not open original messages: purposes and instructed currencies are then unknown.
    pub(crate) skip_originals: bool,
}

/// Rows of all journals, and for each journal the hash of each frame of entries by its last entry.
pub(crate) struct Gathered {
    pub(crate) facts: Facts,
    pub(crate) frames: Vec<std::collections::BTreeMap<u64, [u8; 32]>>,
}

/// Reads journals (folders of days, or journal folders) in the order given.
///
/// # Errors
/// When one holds no journal or is damaged, when two are the same journal, or when they disagree about a currency.
pub(crate) fn read(dirs: &[PathBuf], options: Options) -> Result<Gathered, Failure> {
    let mut facts = Facts {
        waits: Why::ALL.iter().map(|why| why.rule().to_owned()).collect(),
        reasons: Reason::ALL.iter().map(|reason| (reason.rule().to_owned(), reason.iso().to_owned())).collect(),
        ..Facts::default()
    };
    let mut frames = Vec::new();
    for dir in dirs {
        let journal = crate::commands::journal(dir)?;
        frames.push(one(&mut facts, dir, &journal, options)?);
    }
    Ok(Gathered { facts, frames })
}

fn one(
    facts: &mut Facts,
    dir: &Path,
    journal: &Path,
    options: Options,
) -> Result<std::collections::BTreeMap<u64, [u8; 32]>, Failure> {
    let path = journal.to_path_buf();
    let reading = std::thread::spawn(move || originals::read(&path, options.skip_originals));
    let mut pass = Pass::default();
    let mut pieces = read_ahead(journal)?;
    while let Some(piece) = pieces.next()? {
        let Piece::Entries { entries, .. } = piece else { continue };
        pass.batch(&entries);
        pieces.recycle(entries);
    }
    let mut said = reading.join().map_err(|_| Failure::new(Exit::Fault, "reading the originals failed"))??;
    if let Some(same) = facts.sources.iter().find(|source| source.begins == said.begins) {
        let message = format!(
            "{} and {} begin with the same frame: they are one journal, or one is a copy or a later revision of the other",
            same.name,
            dir.display()
        );
        return Err(Failure::refused(message));
    }
    let number = u16::try_from(facts.sources.len()).map_err(|_| Failure::refused("more than 65,536 journals"))?;
    facts.sources.push(Source {
        name: dir.display().to_string(),
        entries: (1, pass.state.seq),
        hash: said.frames.range(..=pass.state.seq).next_back().map_or([0; 32], |(_, hash)| *hash),
        begins: said.begins,
        last_day: pass.state.day.date.0,
        closed: !pass.state.day.open,
    });
    pass.rows(facts, number, &mut said)?;
    Ok(said.frames)
}

/// What is noted on the way.
struct Pass {
    state: State,
    events: Events,
    /// By payment: how it settled, what it first waited for, the dates of entry and end.
    how: Vec<How>,
    waited: Vec<u8>,
    entered: Vec<u32>,
    ended: Vec<u32>,
    rates: Vec<Rate>,
}

impl Default for Pass {
    fn default() -> Self {
        Self {
            state: State::new(0),
            events: Events::default(),
            how: Vec::new(),
            waited: Vec::new(),
            entered: Vec::new(),
            ended: Vec::new(),
            rates: Vec::new(),
        }
    }
}

/// It did not wait.
const NO_WAIT: u8 = u8::MAX;

impl Pass {
    /// Entries, split behind those that may change the business date or approve a rate, so that the state can be asked then.
    fn batch(&mut self, entries: &[Entry]) {
        let asks = |entry: &Entry| {
            matches!(entry.command, Command::StartDay(_) | Command::ApproveRate(_) | Command::Approve(_))
        };
        for chunk in entries.split_inclusive(asks) {
            let before = self.state.day.date.0;
            apply_all(&mut self.state, chunk, &mut self.events);
            let date = self.state.day.date.0;
            let last = self.state.seq;
            let count = self.state.payments.len();
            self.how.resize(count, How::Not);
            self.waited.resize(count, NO_WAIT);
            self.entered.resize(count, before);
            self.ended.resize(count, 0);
            for (seq, event) in self.events.list() {
                // Only the last entry of the chunk can have begun another day.
                let day = if *seq == last { date } else { before };
                match event {
                    Event::Settled { payment, how } => {
                        self.how[payment.at()] = match how {
                            Settles::Gross => How::Gross,
                            Settles::Released => How::Released,
                            Settles::Bilateral => How::Bilateral,
                            Settles::Multilateral => How::Offset,
                            Settles::Planned => How::Plan,
                        };
                        self.ended[payment.at()] = day;
                    }
                    Event::PaymentRefused { payment, .. } | Event::Cancelled { payment, .. } => {
                        self.ended[payment.at()] = day;
                    }
                    Event::Queued { payment, wait } => {
                        let place = Why::ALL.iter().position(|why| *why == wait.why).unwrap_or(0);
                        self.waited[payment.at()] = u8::try_from(place).unwrap_or(NO_WAIT);
                    }
                    Event::PairOpen { pair } => {
                        let known = self.state.pairs.get(pair);
                        let rate = known.and_then(|pair| pair.rate.as_ref());
                        if let Some(rate) = rate {
                            self.rates.push(Rate {
                                journal: 0,
                                entry: *seq,
                                day,
                                base: pair.base.0,
                                quote: pair.quote.0,
                                mantissa: rate.rate.mantissa,
                                scale: rate.rate.scale,
                                source: rate.source.clone(),
                            });
                        }
                    }
                    _ => {}
                }
            }
            self.events.clear();
        }
    }

    /// Names of this journal as indices of all, then a row for each payment.
    fn rows(self, facts: &mut Facts, journal: u16, said: &mut Originals) -> Result<(), Failure> {
        let names = Names::of(facts, &self.state)?;
        let first_rate = facts.rates.len();
        facts.rates.extend(self.rates.iter().map(|rate| Rate {
            journal,
            base: names.currencies[rate.base as usize],
            quote: names.currencies[rate.quote as usize],
            ..rate.clone()
        }));
        let mut of_pair: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
        for (at, rate) in facts.rates.iter().enumerate().skip(first_rate) {
            of_pair.entry((rate.base.min(rate.quote), rate.base.max(rate.quote))).or_default().push(at);
        }
        let reasons: HashMap<Reason, u32> = Reason::ALL.iter().copied().zip(0..).collect();
        facts.rows.reserve(self.state.payments.len());
        for (at, payment) in self.state.payments.iter().enumerate() {
            if payment.kind == PaymentKind::ConversionTarget {
                continue;
            }
            let target = (payment.kind == PaymentKind::ConversionSource)
                .then(|| self.state.payments.get(at + 1))
                .flatten()
                .filter(|leg| leg.kind == PaymentKind::ConversionTarget && leg.uetr == payment.uetr);
            let told = said.of(payment.document, payment.line, payment.uetr.0).unwrap_or_default();
            let mut row = self.row(&names, journal, at, payment, target);
            row.purpose = if told.purpose == [0; 4] { *b"    " } else { told.purpose };
            row.flow = codes::flow(row.kind, row.purpose);
            row.invoiced_in = names.codes.get(&told.instructed).copied().unwrap_or(NONE);
            row.reason = payment.reason.and_then(|reason| reasons.get(&reason).copied()).unwrap_or(NONE);
            if target.is_some() {
                let pair = (row.debited_in.min(row.settled_in), row.debited_in.max(row.settled_in));
                let known = of_pair.get(&pair).map_or(&[][..], Vec::as_slice);
                let before = known.partition_point(|at| facts.rates[*at].entry < payment.seq);
                row.price = before.checked_sub(1).and_then(|at| u32::try_from(known[at]).ok()).unwrap_or(NONE);
            }
            facts.rows.push(row);
        }
        Ok(())
    }

    fn row(&self, names: &Names, journal: u16, at: usize, payment: &Payment, target: Option<&Payment>) -> Row {
        let state = &self.state;
        let paid = target.unwrap_or(payment);
        let owner = |id: AccountId| names.accounts.get(id.at()).copied().unwrap_or((NONE, NONE));
        let behind = |id: ParticipantId, at: u32| names.banks.get(id.at()).copied().unwrap_or(at);
        let (debtor_at, debited_in) = owner(payment.debtor);
        let (creditor_at, settled_in) = owner(paid.creditor);
        let settled_in = if settled_in == NONE { debited_in } else { settled_in };
        let gives_back = payment.link.is_some() && state.payment(payment.link).seq < payment.seq;
        let kind = match payment.kind {
            PaymentKind::Return => Kind::Return,
            _ if gives_back => Kind::Return,
            PaymentKind::Institution => Kind::Institution,
            PaymentKind::Customer | PaymentKind::ConversionSource | PaymentKind::ConversionTarget => Kind::Customer,
        };
        Row {
            journal,
            entry: payment.seq,
            uetr: payment.uetr.0,
            kind,
            standing: match payment.standing {
                Stands::Settled => Standing::Settled,
                Stands::Waiting => Standing::Waiting,
                Stands::Refused => Standing::Refused,
                Stands::Cancelled => Standing::Ended,
            },
            how: self.how[at],
            flow: codes::Flow::Unknown,
            purpose: *b"    ",
            debtor: behind(payment.debtor_for, debtor_at),
            creditor: behind(paid.creditor_for, creditor_at),
            debtor_at,
            creditor_at,
            via: target.map_or(NONE, |leg| owner(leg.debtor).0),
            settled_in,
            amount: if target.is_none() && settled_in != debited_in { 0 } else { paid.amount },
            debited_in,
            debited: payment.amount,
            invoiced_in: NONE,
            waited: if self.waited[at] == NO_WAIT { NONE } else { u32::from(self.waited[at]) },
            reason: NONE,
            price: NONE,
            group: payment.group.0,
            accepted: payment.accepted.0,
            done: payment.done.0,
            accepted_day: self.entered[at],
            done_day: self.ended[at],
            value_date: payment.value_date.0,
            unit: None,
        }
    }
}

/// Indices of a journal's currencies, banks and accounts among those of all journals.
struct Names {
    currencies: Vec<u32>,
    codes: HashMap<[u8; 3], u32>,
    banks: Vec<u32>,
    /// Owner and currency of each account.
    accounts: Vec<(u32, u32)>,
}

impl Names {
    fn of(facts: &mut Facts, state: &State) -> Result<Self, Failure> {
        let place = |at: usize| u32::try_from(at).expect("fewer than 2^32");
        let countries: Vec<u32> = state
            .authorities
            .iter()
            .map(|authority| {
                let code = String::from_utf8_lossy(&authority.country).into_owned();
                let known = facts.countries.iter().position(|country| *country == code);
                place(known.unwrap_or_else(|| {
                    facts.countries.push(code);
                    facts.countries.len() - 1
                }))
            })
            .collect();
        let mut currencies = Vec::new();
        let mut codes = HashMap::new();
        for currency in &state.currencies {
            let calendar = Calendar {
                weekend: currency.calendar.weekend,
                exceptions: currency.calendar.exceptions.iter().map(|(day, open)| (day.0, *open)).collect(),
            };
            let made = Currency {
                code: currency.code().to_owned(),
                exponent: currency.exponent,
                calendar,
                country: countries[currency.authority.at()],
            };
            let at = match facts.currencies.iter().position(|known| known.code == made.code) {
                Some(at) if facts.currencies[at].exponent != made.exponent => {
                    let known = facts.currencies[at].exponent;
                    let message = format!(
                        "{} has {} decimals in one journal and {known} in another; their amounts cannot be added",
                        made.code, made.exponent
                    );
                    return Err(Failure::refused(message));
                }
                Some(at) => {
                    facts.currencies[at] = made;
                    at
                }
                None => {
                    facts.currencies.push(made);
                    facts.currencies.len() - 1
                }
            };
            currencies.push(place(at));
            codes.insert(currency.code, place(at));
        }
        let mut known: HashMap<String, u32> = facts.banks.iter().map(|bank| bank.bic.clone()).zip(0..).collect();
        let mut banks = Vec::new();
        for participant in &state.participants {
            let next = place(facts.banks.len());
            let at = *known.entry(participant.bic().to_owned()).or_insert(next);
            if at == next {
                let country = countries[participant.authority.at()];
                facts.banks.push(Bank { bic: participant.bic().to_owned(), country });
            }
            banks.push(at);
        }
        let accounts = state
            .accounts
            .iter()
            .map(|account| {
                let owner = banks.get(account.participant.at()).copied().unwrap_or(NONE);
                (owner, currencies[account.currency.at()])
            })
            .collect();
        Ok(Self { currencies, codes, banks, accounts })
    }
}
