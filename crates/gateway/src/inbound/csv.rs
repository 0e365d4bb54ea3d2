//! The CSV inbox: one payment a line, or one request about a payment that waits or a hold, for people with a
//! spreadsheet. The format is described in `docs/csv.md`.
//!
//! A line that is wrong is refused with its line and column and never blocks the others. Absent on purpose: values that
//! run over several lines, groups, conversions, returns and recalls; those are messages.

mod price;
mod request;

use super::message::{Context, time};
use super::{Answer, Inbound, Options, Outcome, Tally, Unreadable, credit};
use crate::directory::Directory;
use crate::key::Name;
use crate::references::{Ids, LineReferences, MessageReferences, References};
use crate::refusal::{Refusal, Rule};
use comity_iso20022::amount::{Amount, AmountError};
use comity_iso20022::ident::{Bic, Uetr};
use comity_iso20022::model::{Agent, Choice, CreditTransfer, Party, SettlementPriority, SettlementTimes, TransferKind};
use comity_iso20022::time::{Date, TimeOfDay, Timestamp};
use comity_ledger::command::Command;
use comity_ledger::ids::Time;
use request::Request;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The first line of every CSV file of the inbox.
pub const HEADER: &str =
    "at,uetr,end_to_end_id,from,to,currency,amount,priority,value_date,earliest,latest,kind,purpose,remittance";

/// Name under which answers refer to a CSV file as a message.
pub(crate) const NAME: &str = "csv";

/// Columns in the order of [`HEADER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    At,
    Uetr,
    EndToEndId,
    From,
    To,
    Currency,
    Amount,
    Priority,
    ValueDate,
    Earliest,
    Latest,
    Kind,
    Purpose,
    Remittance,
}

const COLUMNS: usize = Column::Remittance as usize + 1;
/// Longest end-to-end identification and message identification, characters (`Max35Text`).
const ID_CHARS_MAX: usize = 35;
/// Longest remittance text, characters (`Max140Text`).
const REMITTANCE_CHARS_MAX: usize = 140;

impl Column {
    const ALL: [Self; COLUMNS] = [
        Self::At,
        Self::Uetr,
        Self::EndToEndId,
        Self::From,
        Self::To,
        Self::Currency,
        Self::Amount,
        Self::Priority,
        Self::ValueDate,
        Self::Earliest,
        Self::Latest,
        Self::Kind,
        Self::Purpose,
        Self::Remittance,
    ];

    fn name(self) -> &'static str {
        HEADER.split(',').nth(self as usize).unwrap_or_default()
    }
}

/// Translates a CSV file of payments and requests.
pub fn translate_csv(
    directory: &Directory,
    options: &Options,
    document: u64,
    input: &[u8],
    mut sink: impl FnMut(Inbound),
) -> Tally {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    let mut file = File { directory, options, document, messages: BTreeMap::new() };
    let mut tally = Tally { messages: 1, bytes: input.len() as u64, ..Tally::default() };
    let mut lines = input.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let header = lines.next().unwrap_or_default();
    if header.trim_ascii() != HEADER.as_bytes() {
        let shown = String::from_utf8_lossy(header);
        let message = format!("line 1 is {:?}, expected {HEADER:?}", shorten(&shown));
        tally.unreadable = 1;
        sink(file.unreadable(Refusal::of(Rule::CsvHeader, "line 1", &shown, message), 0));
        return tally;
    }
    let mut index = 0;
    for (at, line) in lines.enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let number = at + 2;
        if index >= options.reader.limits.transactions {
            let limit = options.reader.limits.transactions;
            let message = format!("line {number} is beyond the limit of {limit} payments and requests a file");
            let refusal = Refusal::of(Rule::CsvLine, "", "", message);
            tally.unreadable = 1;
            sink(file.unreadable(refusal, 0));
            return tally;
        }
        let inbound = file.line(index, number, line);
        index += 1;
        tally.transactions += 1;
        match inbound.outcome {
            Outcome::Command(_) => tally.commands += 1,
            Outcome::Refused(_) | Outcome::Answer(_) => tally.refused += 1,
        }
        sink(inbound);
    }
    tally
}

struct File<'a> {
    directory: &'a Directory,
    options: &'a Options,
    document: u64,
    /// One message of references for each sender, because answers go to senders.
    messages: BTreeMap<Option<Bic>, Arc<MessageReferences>>,
}

impl File<'_> {
    fn message_id(&self) -> &str {
        let name = &self.options.name;
        match name.char_indices().nth(ID_CHARS_MAX) {
            Some((cut, _)) => name.get(..cut).unwrap_or(name),
            None => name,
        }
    }

    fn message(&mut self, sender: Option<Bic>, at: Timestamp) -> Arc<MessageReferences> {
        let id = self.message_id().into();
        let made = self.messages.entry(sender).or_insert_with(|| {
            Arc::new(MessageReferences { id, name: NAME.into(), created: at, transactions: None, sender })
        });
        Arc::clone(made)
    }

    fn unreadable(&mut self, refusal: Refusal, offset: u64) -> Inbound {
        Inbound {
            document: self.document,
            at: Time(0),
            participant: None,
            references: References {
                message: self.message(None, Timestamp::default()),
                first: references(0, 0, &Values::default()),
                others: Vec::new(),
            },
            outcome: Outcome::Answer(Box::new(Answer::Unreadable(Unreadable { refusal, offset }))),
        }
    }

    fn line(&mut self, index: u32, number: usize, line: &[u8]) -> Inbound {
        let limit = self.options.reader.limits.transaction_bytes as usize;
        let mut values = Values::default();
        let mut at = Timestamp::default();
        let outcome = fields(number, line, limit).and_then(|fields| {
            values.gather(&fields);
            let row = Row { number, fields: &fields };
            at = row.at()?;
            match values.request {
                Some(request) => row.request(request, &self.context(index, &values), &values, at),
                None => self.order(index, &row, &values, at),
            }
        });
        let participant = values.from.and_then(|bic| self.directory.participant(&bic));
        Inbound {
            document: self.document,
            at: time(at),
            participant,
            references: References {
                message: self.message(values.from, at),
                first: references(index, number, &values),
                others: Vec::new(),
            },
            outcome: outcome.unwrap_or_else(|refusal| Outcome::Refused(Box::new(refusal))),
        }
    }

    fn context(&self, index: u32, values: &Values) -> Context<'_> {
        Context {
            directory: self.directory,
            document: self.document,
            line: index,
            name: NAME,
            sender: values.from,
            participant: values.from.and_then(|bic| self.directory.participant(&bic)),
        }
    }

    fn order(&self, index: u32, row: &Row<'_>, values: &Values, at: Timestamp) -> Result<Outcome, Refusal> {
        // Agents must at least be written as BICs; whether they take part is asked later.
        row.bic(Column::From, values.from)?;
        row.bic(Column::To, values.to)?;
        let kind = row.kind()?;
        let value_date = row.date(Column::ValueDate)?;
        let amount = row.amount()?;
        let date = value_date.unwrap_or_else(|| at.local_date());
        let (earliest, latest) = (row.instant(Column::Earliest, date)?, row.instant(Column::Latest, date)?);
        let transfer = CreditTransfer {
            kind,
            message_id: self.message_id(),
            created: at,
            batch_booking: None,
            settlement_method: None,
            payment_information_id: None,
            instruction_id: None,
            end_to_end_id: row.end_to_end_id()?,
            transaction_id: None,
            uetr: Some(row.uetr(values, at, amount)?),
            clearing_reference: None,
            instruction_priority: None,
            service_level: None,
            local_instrument: None,
            category_purpose: None,
            amount,
            settlement_date: value_date,
            settlement_priority: Some(row.priority()?),
            times: SettlementTimes::default(),
            accepted: None,
            instructed_amount: None,
            exchange_rate: None,
            charge_bearer: None,
            charges: Vec::new(),
            instructing_agent: Agent::default(),
            instructed_agent: Agent::default(),
            intermediary_agent: Agent::default(),
            ultimate_debtor: Party::default(),
            debtor: Party::default(),
            debtor_agent: values.from.map(Agent::of).unwrap_or_default(),
            creditor_agent: values.to.map(Agent::of).unwrap_or_default(),
            creditor: Party::default(),
            ultimate_creditor: Party::default(),
            purpose: row.purpose()?.map(Choice::Code),
            regulatory_reporting: false,
            remittance: row.remittance()?,
            structured_remittance: false,
        };
        let mut outcome = credit::order(&self.context(index, values), &transfer).map_err(|mut refusal| {
            refusal.message = format!("line {}: {}", row.number, refusal.message);
            refusal
        })?;
        if let Outcome::Command(order) = &mut outcome
            && let Command::Pay(instruction) = &mut order.command
        {
            instruction.earliest = earliest.map(time).unwrap_or_default();
            instruction.latest = latest.map(time).unwrap_or_default();
        }
        Ok(outcome)
    }
}

/// What an answer needs, gathered before anything is refused.
#[derive(Default)]
struct Values {
    /// What is asked; none for payments.
    request: Option<Request>,
    end_to_end_id: String,
    uetr: Option<Uetr>,
    from: Option<Bic>,
    to: Option<Bic>,
    amount: Option<Amount>,
}

impl Values {
    fn gather(&mut self, fields: &[Cow<'_, str>]) {
        let get = |column: Column| fields.get(column as usize).map_or("", |field| field.trim());
        self.request = Request::of(get(Column::Kind));
        self.end_to_end_id = get(Column::EndToEndId).chars().take(ID_CHARS_MAX).collect();
        self.uetr = Uetr::parse(get(Column::Uetr));
        self.from = Bic::parse(get(Column::From));
        self.to = Bic::parse(get(Column::To));
        self.amount = Amount::parse(get(Column::Amount), get(Column::Currency)).ok();
    }
}

fn references(index: u32, number: usize, values: &Values) -> LineReferences {
    let id = &values.end_to_end_id;
    let (ids, uetr) = match values.request {
        // A request that is refused must never read like the rejection of the payment it is about: the answer names the
        // line and what was asked, and the reference as an identification, never as the UETR.
        // A payment under a quote is a payment: its reference is its own.
        Some(Request::Settle) => {
            (Ids::pack(Some(&format!("line {number} settle")), None, None), values.uetr.map(|uetr| uetr.0))
        }
        Some(request) => {
            let about = values.uetr.map(|uetr| format!("{:032x}", uetr.0));
            (Ids::pack(Some(&format!("line {number} {}", request.name())), None, about.as_deref()), None)
        }
        None => (Ids::pack(None, (!id.is_empty()).then_some(id), None), values.uetr.map(|uetr| uetr.0)),
    };
    LineReferences { index, ids, uetr, amount: values.amount, debtor_agent: values.from, creditor_agent: values.to }
}

/// One line, cut into its fields.
struct Row<'a> {
    number: usize,
    fields: &'a [Cow<'a, str>],
}

impl Row<'_> {
    fn get(&self, column: Column) -> &str {
        self.fields.get(column as usize).map_or("", |field| field.trim())
    }

    fn wrong(&self, column: Column, rule: (&'static str, &'static str), why: &str) -> Refusal {
        let value = self.get(column);
        let place = column as usize + 1;
        let (iso, help) = rule;
        let mut refusal = Refusal::of(
            Rule::CsvValue,
            column.name(),
            value,
            format!("line {}, column {place} ({}): {:?} {why}", self.number, column.name(), shorten(value)),
        );
        refusal.iso = iso;
        if !help.is_empty() {
            refusal.help = help;
        }
        refusal
    }

    fn format(&self, column: Column, why: &str) -> Refusal {
        self.wrong(column, ("FF01", ""), why)
    }

    fn at(&self) -> Result<Timestamp, Refusal> {
        Timestamp::parse(self.get(Column::At)).ok_or_else(|| {
            let rule = ("DT01", "write YYYY-MM-DDThh:mm:ss with an offset or Z");
            self.wrong(Column::At, rule, "is not an instant")
        })
    }

    fn bic(&self, column: Column, read: Option<Bic>) -> Result<Bic, Refusal> {
        let rule = ("RC05", "write the BIC with 8 or 11 characters");
        read.ok_or_else(|| self.wrong(column, rule, "is not a BIC"))
    }

    fn end_to_end_id(&self) -> Result<&str, Refusal> {
        let id = self.get(Column::EndToEndId);
        match id.chars().count() {
            0 => Ok("NOTPROVIDED"),
            1..=ID_CHARS_MAX => Ok(id),
            _ => Err(self.format(Column::EndToEndId, "is longer than 35 characters")),
        }
    }

    fn uetr(&self, values: &Values, at: Timestamp, amount: Amount) -> Result<Uetr, Refusal> {
        let text = self.get(Column::Uetr);
        if !text.is_empty() {
            let why = "is not a version 4 UUID in lower case";
            return values.uetr.ok_or_else(|| self.format(Column::Uetr, why));
        }
        // The same payment written down again gets the same reference, so that it cannot be paid twice by accident.
        let derived = Name::of("csv")
            .text(self.get(Column::From))
            .text(self.get(Column::To))
            .text(self.get(Column::EndToEndId))
            .number(at.micros.into())
            .number(amount.minor.into())
            .bytes(&amount.currency.0)
            .uetr();
        Uetr::from_u128(derived.0).ok_or_else(|| self.format(Column::Uetr, "cannot be derived"))
    }

    fn amount(&self) -> Result<Amount, Refusal> {
        let code = self.get(Column::Currency);
        Amount::parse(self.get(Column::Amount), code).map_err(|error| match error {
            AmountError::UnknownCurrency => {
                let rule = ("AM03", "use an active ISO 4217 code");
                self.wrong(Column::Currency, rule, "is not an active currency")
            }
            AmountError::NotANumber => self.amount_wrong("is not a decimal number"),
            AmountError::NotPositive => self.amount_wrong("is not above zero"),
            AmountError::TooManyDecimals => self.amount_wrong(&format!("has more decimals than {code}")),
            AmountError::TooManyDigits => self.amount_wrong("has more digits than 18"),
        })
    }

    fn amount_wrong(&self, why: &str) -> Refusal {
        let rule = ("AM12", "write digits with at most one point, no groups, above zero");
        self.wrong(Column::Amount, rule, why)
    }

    fn priority(&self) -> Result<SettlementPriority, Refusal> {
        match self.get(Column::Priority) {
            "" | "normal" | "NORM" => Ok(SettlementPriority::Normal),
            "urgent" | "URGT" | "HIGH" => Ok(SettlementPriority::Urgent),
            _ => Err(self.format(Column::Priority, "is neither urgent nor normal")),
        }
    }

    fn kind(&self) -> Result<TransferKind, Refusal> {
        match self.get(Column::Kind) {
            "" | "customer" => Ok(TransferKind::Customer),
            "institution" => Ok(TransferKind::Institution),
            _ => {
                let rule = (
                    "FF01",
                    "write customer, institution, cancel, park, activate, raise, lower, first, last, hold, void, quote, quote-for, accept, settle, sell, buy or withdraw",
                );
                Err(self.wrong(Column::Kind, rule, "is neither a kind of payment nor a request"))
            }
        }
    }

    fn date(&self, column: Column) -> Result<Option<Date>, Refusal> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        Date::parse(text).map(Some).ok_or_else(|| self.wrong(column, ("DT01", "write YYYY-MM-DD"), "is not a date"))
    }

    /// An instant, or a time of the settlement date.
    fn instant(&self, column: Column, date: Date) -> Result<Option<Timestamp>, Refusal> {
        let text = self.get(column);
        if text.is_empty() {
            return Ok(None);
        }
        Timestamp::parse(text).or_else(|| TimeOfDay::parse(text).map(|clock| clock.on(date))).map(Some).ok_or_else(
            || {
                let rule = ("DT01", "write YYYY-MM-DDThh:mm:ssZ, or hh:mm:ssZ on the value date");
                self.wrong(column, rule, "is neither an instant nor a time of day")
            },
        )
    }

    fn purpose(&self) -> Result<Option<&str>, Refusal> {
        let text = self.get(Column::Purpose);
        match text.len() {
            0 => Ok(None),
            1..=4 if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(Some(text)),
            _ => Err(self.wrong(
                Column::Purpose,
                ("FF07", "use an external purpose code such as GDDS"),
                "is not a purpose code of 1 to 4 characters",
            )),
        }
    }

    fn remittance(&self) -> Result<Option<&str>, Refusal> {
        let text = self.get(Column::Remittance);
        match text.chars().count() {
            0 => Ok(None),
            1..=REMITTANCE_CHARS_MAX => Ok(Some(text)),
            _ => Err(self.format(Column::Remittance, "is longer than 140 characters")),
        }
    }
}

/// Cuts a line into its fields: commas between, optional double quotes around, a double quote doubled inside.
fn fields(number: usize, line: &[u8], limit: usize) -> Result<Vec<Cow<'_, str>>, Refusal> {
    let wrong = |why: String| Refusal::of(Rule::CsvLine, "", "", format!("line {number}: {why}"));
    if line.len() > limit {
        return Err(wrong(format!("{} bytes, the limit is {limit}", line.len())));
    }
    let text =
        core::str::from_utf8(line).map_err(|error| wrong(format!("byte {} is not UTF-8", error.valid_up_to() + 1)))?;
    let mut out = Vec::with_capacity(COLUMNS);
    let mut rest = Some(text);
    while let Some(text) = rest {
        let place = out.len() + 1;
        if place > COLUMNS {
            return Err(wrong(format!("more than {COLUMNS} columns")));
        }
        let (field, after) = match text.strip_prefix('"') {
            Some(quoted) => {
                let (field, after) =
                    quoted_field(quoted).ok_or_else(|| wrong(format!("column {place}: the quote is not closed")))?;
                if !after.is_empty() && !after.starts_with(',') {
                    return Err(wrong(format!("column {place}: text after the closing quote")));
                }
                (field, after.strip_prefix(','))
            }
            None => match text.split_once(',') {
                Some((field, after)) => (Cow::Borrowed(field), Some(after)),
                None => (Cow::Borrowed(text), None),
            },
        };
        out.push(field);
        rest = after;
    }
    if out.len() != COLUMNS {
        return Err(wrong(format!("{} columns, expected {COLUMNS}", out.len())));
    }
    Ok(out)
}

/// The field up to its closing quote, and what comes after it.
fn quoted_field(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut field = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        match after.strip_prefix('"') {
            Some(more) => {
                field.push_str(before);
                field.push('"');
                rest = more;
            }
            None if field.is_empty() => return Some((Cow::Borrowed(before), after)),
            None => {
                field.push_str(before);
                return Some((Cow::Owned(field), after));
            }
        }
    }
}

fn shorten(text: &str) -> String {
    comity_iso20022::problem::excerpt(text)
}
