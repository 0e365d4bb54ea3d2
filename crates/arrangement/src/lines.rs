//! `limits.csv`, `funding.csv` and `rates.csv`: one line, one limit, transfer or rate.

use std::collections::BTreeMap;

use comity_ledger::book::{AMOUNT_MAX, CURRENCY_MAX};
use comity_ledger::command::{LimitKind, PairRef, RateKind, SetLimit};
use comity_ledger::ids::{AccountId, AuthorityId, CurrencyId, Day};
use comity_ledger::rate::{RATE_SCALE_MAX, Rate};

use crate::amount::parse_amount;
use crate::code::{Bic, CurrencyCode};
use crate::directory::Directory;
use crate::mistake::{Notes, Spot};
use crate::model::{Authority, Currency, FundingLine, Pair, Participant, RateLine};
use crate::people::find;
use crate::read_csv::{Row, rows};
use crate::read_toml::{At, Need};
use crate::sections::{
    BIC_EXPECTED, DATE_EXPECTED, DefaultLimit, KNOWN_CURRENCY, NAME_EXPECTED, amount_expected, bounded_text, known,
    name_text,
};
use crate::time::{LocalTime, parse_day};

pub(crate) const LIMITS: &str = "limits.csv";
pub(crate) const FUNDING: &str = "funding.csv";
pub(crate) const RATES: &str = "rates.csv";

/// What is known when the lines are read.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) authorities: &'a [Authority],
    pub(crate) currencies: &'a [Currency],
    pub(crate) participants: &'a [Participant],
    pub(crate) directory: &'a Directory,
    pub(crate) notes: Notes<'a>,
}

impl Known<'_> {
    pub(crate) fn currency(&self, row: &Row<'_>, column: &'static str) -> Option<At<CurrencyId>> {
        let expected = known(KNOWN_CURRENCY, self.currencies.iter().map(|c| c.code));
        row.text(column, Need::Must, &expected, |text| self.directory.currency(CurrencyCode::parse(text)?))
    }

    pub(crate) fn code(&self, currency: CurrencyId) -> &str {
        self.currencies.get(currency.at()).map_or("", |c| c.code.as_str())
    }

    /// The account of a BIC in a currency, or the reason there is none.
    fn account(&self, bic: &At<Bic>, currency: CurrencyId) -> Option<AccountId> {
        let participant = find(bic, *self)?;
        if let Some(account) = self.directory.account(participant, currency) {
            return Some(account);
        }
        let sponsored = self.participants.get(participant.at()).is_some_and(|p| p.sponsor.is_some());
        let mistake = bic
            .spot
            .mistake(bic.value.to_string(), format!("a participant with an account in {}", self.code(currency)));
        self.notes.add(if sponsored {
            mistake.help("it is sponsored and settles through its sponsor's account")
        } else {
            mistake
        });
        None
    }

    pub(crate) fn amount(
        &self,
        row: &Row<'_>,
        column: &'static str,
        currency: CurrencyId,
        (least, most): (i64, i64),
    ) -> Option<At<i64>> {
        let exponent = self.currencies.get(currency.at()).map_or(0, |c| c.exponent);
        let expected = amount_expected(least, most, exponent);
        row.text(column, Need::Must, &expected, |text| {
            parse_amount(text, exponent).filter(|amount| (least..=most).contains(amount))
        })
    }
}

/// Longest name of a rate's source in bytes, as the ledger takes it.
const SOURCE_LEN_MAX: usize = 70;

const LIMIT_KINDS: [(&str, LimitKind); 7] = [
    ("per-payment", LimitKind::PerPayment),
    ("net-debit", LimitKind::NetDebit),
    ("bilateral", LimitKind::Bilateral),
    ("multilateral", LimitKind::Multilateral),
    ("per-day", LimitKind::PerDay),
    ("overnight", LimitKind::Overnight),
    ("reserve", LimitKind::Reserve),
];

fn place_of(kind: LimitKind) -> usize {
    LIMIT_KINDS.iter().position(|(_, known)| *known == kind).unwrap_or(LIMIT_KINDS.len())
}

/// Reads the limits of the file, and adds the defaults for accounts it says nothing about.
pub(crate) fn limits(text: &str, defaults: &[DefaultLimit], at: Known<'_>) -> Vec<SetLimit> {
    const COLUMNS: [(&str, Need); 5] = [
        ("bic", Need::Must),
        ("currency", Need::Must),
        ("kind", Need::Must),
        ("counterparty", Need::May),
        ("value", Need::Must),
    ];
    let kinds = LIMIT_KINDS.map(|(name, _)| name).join(", ");
    let mut out: BTreeMap<(AccountId, usize, AccountId), SetLimit> = default_limits(defaults, at);
    let mut lines: BTreeMap<(AccountId, usize, AccountId), usize> = BTreeMap::new();
    for row in rows(LIMITS, text, &COLUMNS, at.notes) {
        let bic = row.text("bic", Need::Must, BIC_EXPECTED, Bic::parse);
        let currency = at.currency(&row, "currency");
        let kind = row.text("kind", Need::Must, &format!("one of {kinds}"), |text| {
            LIMIT_KINDS.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
        });
        let counterparty = row.text("counterparty", Need::May, BIC_EXPECTED, Bic::parse);
        let (Some(bic), Some(currency), Some(kind)) = (bic, currency, kind) else {
            continue;
        };
        let value = at.amount(&row, "value", currency.value, (0, CURRENCY_MAX));
        let account = at.account(&bic, currency.value);
        let Some(counterparty) = counterparty_of(&row, kind.value, counterparty, &bic, currency.value, at) else {
            continue;
        };
        let (Some(value), Some(account)) = (value, account) else {
            continue;
        };
        let place = (account, place_of(kind.value), counterparty);
        if let Some(first) = lines.insert(place, bic.spot.line) {
            at.notes.add(
                kind.spot
                    .mistake("the same limit again", "each limit once")
                    .help(format!("the first is on line {first}")),
            );
            continue;
        }
        out.insert(place, SetLimit { account, kind: kind.value, counterparty, value: Some(value.value) });
    }
    let out: Vec<SetLimit> = out.into_values().collect();
    bound_credit(&out, at);
    out
}

/// The credit lines of a currency together stay within what the ledger counts.
fn bound_credit(limits: &[SetLimit], at: Known<'_>) {
    let mut sums: BTreeMap<CurrencyId, i128> = BTreeMap::new();
    for limit in limits.iter().filter(|limit| limit.kind == LimitKind::NetDebit) {
        if let Some((_, currency)) = at.directory.owner(limit.account) {
            *sums.entry(currency).or_insert(0) += i128::from(limit.value.unwrap_or(0));
        }
    }
    for (currency, sum) in sums {
        if sum > i128::from(CURRENCY_MAX) {
            let spot = Spot { file: LIMITS, line: 0, field: format!("net-debit of {}", at.code(currency)) };
            let found = format!("{sum} minor units in all");
            at.notes.wrong(&spot, found, format!("at most {CURRENCY_MAX}"));
        }
    }
}

/// The other account of a bilateral limit; the outer `None` when there is a mistake.
fn counterparty_of(
    row: &Row<'_>,
    kind: LimitKind,
    counterparty: Option<At<Bic>>,
    bic: &At<Bic>,
    currency: CurrencyId,
    at: Known<'_>,
) -> Option<AccountId> {
    match (kind == LimitKind::Bilateral, counterparty) {
        (true, Some(other)) if other.value == bic.value => {
            at.notes.wrong(&other.spot, other.value.to_string(), "another participant than the limited one");
            None
        }
        (true, Some(other)) => at.account(&other, currency),
        (true, None) => {
            at.notes.wrong(&row.spot("counterparty"), "nothing", "a BIC, as the limit is bilateral");
            None
        }
        (false, Some(other)) => {
            at.notes.wrong(&other.spot, other.value.to_string(), "nothing, as the limit is not bilateral");
            None
        }
        (false, None) => Some(AccountId::NONE),
    }
}

fn default_limits(defaults: &[DefaultLimit], at: Known<'_>) -> BTreeMap<(AccountId, usize, AccountId), SetLimit> {
    let mut out = BTreeMap::new();
    for rule in defaults {
        let issuer = at.currencies.get(rule.currency.at()).map(|c| c.authority);
        for (account, owner, currency) in at.directory.participant_accounts() {
            let home = at.participants.get(owner.at()).map(|p| p.home);
            if currency != rule.currency || (rule.foreign_only && home == issuer) {
                continue;
            }
            let limit = SetLimit { account, kind: rule.kind, counterparty: AccountId::NONE, value: Some(rule.value) };
            out.insert((account, place_of(rule.kind), AccountId::NONE), limit);
        }
    }
    out
}

/// The date of a line, if it is for one date only.
pub(crate) fn date(row: &Row<'_>) -> Option<Day> {
    row.text("date", Need::May, DATE_EXPECTED, parse_day).map(|date| date.value)
}

/// Reads the funding of the file, each line with where its time stands.
pub(crate) fn funding(text: &str, at: Known<'_>) -> Vec<(FundingLine, Spot)> {
    const COLUMNS: [(&str, Need); 6] = [
        ("bic", Need::Must),
        ("currency", Need::Must),
        ("amount", Need::Must),
        ("at", Need::May),
        ("reference", Need::Must),
        ("date", Need::May),
    ];
    let mut out: Vec<(FundingLine, Spot)> = Vec::new();
    let mut seen: BTreeMap<(CurrencyId, String, Option<Day>), usize> = BTreeMap::new();
    for row in rows(FUNDING, text, &COLUMNS, at.notes) {
        let bic = row.text("bic", Need::Must, BIC_EXPECTED, Bic::parse);
        let currency = at.currency(&row, "currency");
        let time = row.text("at", Need::May, "a local time such as 07:30", LocalTime::parse);
        let reference = row.text("reference", Need::Must, NAME_EXPECTED, name_text);
        let date = date(&row);
        let (Some(bic), Some(currency), Some(reference)) = (bic, currency, reference) else {
            continue;
        };
        let amount = at.amount(&row, "amount", currency.value, (1, AMOUNT_MAX));
        let account = at.account(&bic, currency.value);
        let place = (currency.value, reference.value.clone(), date);
        if let Some(first) = seen.insert(place, reference.spot.line) {
            at.notes.add(
                reference
                    .spot
                    .mistake(format!("{:?}", reference.value), "a reference used once in its currency")
                    .help(format!("the first is on line {first}")),
            );
        }
        let (Some(amount), Some(account)) = (amount, account) else {
            continue;
        };
        let line = FundingLine {
            account,
            currency: currency.value,
            amount: amount.value,
            at: time.map(|time| time.value),
            reference: reference.value,
            date,
        };
        out.push((line, row.spot("at")));
    }
    out
}

/// Reads the rates of the file, each line with where its rate stands.
pub(crate) fn rates(text: &str, pairs: &[Pair], at: Known<'_>) -> Vec<(RateLine, Spot)> {
    const COLUMNS: [(&str, Need); 8] = [
        ("base", Need::Must),
        ("quote", Need::Must),
        ("rate", Need::Must),
        ("source", Need::Must),
        ("kind", Need::Must),
        ("approvals", Need::Must),
        ("release", Need::May),
        ("date", Need::May),
    ];
    let expected_source = format!("text of 1 to {SOURCE_LEN_MAX} bytes on one line");
    let expected_rate = format!("a rate more than zero, with at most {RATE_SCALE_MAX} digits after the point");
    let mut out = Vec::new();
    for row in rows(RATES, text, &COLUMNS, at.notes) {
        let pair = pair_of(&row, pairs, at);
        let rate = row.text("rate", Need::Must, &expected_rate, Rate::parse);
        let source = row.text("source", Need::Must, &expected_source, |text| bounded_text(text, SOURCE_LEN_MAX));
        let kind = row.text("kind", Need::Must, "official, market or fixed", |text| match text {
            "official" => Some(RateKind::Official),
            "market" => Some(RateKind::Market),
            "fixed" => Some(RateKind::Fixed),
            _ => None,
        });
        let release = row.text("release", Need::May, "yes or no", |text| match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        });
        let approvals = pair.map_or_else(Vec::new, |pair| approvals(&row, pair, at));
        let date = date(&row);
        let (Some(pair), Some(rate), Some(source), Some(kind)) = (pair, rate, source, kind) else {
            continue;
        };
        let line = RateLine {
            pair,
            rate: rate.value,
            source: source.value,
            kind: kind.value,
            approvals,
            release: release.is_some_and(|release| release.value),
            date,
        };
        out.push((line, rate.spot));
    }
    out
}

fn pair_of(row: &Row<'_>, pairs: &[Pair], at: Known<'_>) -> Option<PairRef> {
    let base = at.currency(row, "base")?;
    let quote = at.currency(row, "quote")?;
    let pair = PairRef { base: base.value, quote: quote.value };
    if pairs.iter().any(|known| known.pair == pair) {
        return Some(pair);
    }
    if at.notes.0.borrow().pair_lost {
        return None;
    }
    let turned = PairRef { base: quote.value, quote: base.value };
    let mistake =
        base.spot.mistake(format!("{}/{}", at.code(pair.base), at.code(pair.quote)), "a pair of the arrangement");
    at.notes.add(if pairs.iter().any(|known| known.pair == turned) {
        mistake.help(format!(
            "the pair is {}/{}; give units of {} for one {}",
            at.code(turned.base),
            at.code(turned.quote),
            at.code(turned.quote),
            at.code(turned.base)
        ))
    } else {
        mistake
    });
    None
}

/// The authorities that approve, in the order of the pair.
fn approvals(row: &Row<'_>, pair: PairRef, at: Known<'_>) -> Vec<AuthorityId> {
    let mut both: Vec<AuthorityId> = [pair.base, pair.quote]
        .iter()
        .filter_map(|currency| at.currencies.get(currency.at()))
        .map(|currency| currency.authority)
        .filter(|authority| authority.is_some())
        .collect();
    both.dedup();
    let country = |id: &AuthorityId| at.authorities.get(id.at()).map_or(String::new(), |a| a.country.to_string());
    let names: Vec<String> = both.iter().map(country).collect();
    let expected = format!("both, none, or countries among {}", names.join(" "));
    let read = row.text("approvals", Need::Must, &expected, |text| match text {
        "both" => Some(both.clone()),
        "none" => Some(Vec::new()),
        _ => text
            .split_ascii_whitespace()
            .map(|word| Some(*both.get(names.iter().position(|name| name == word)?)?))
            .collect(),
    });
    let Some(read) = read else {
        return Vec::new();
    };
    let silent: Vec<&str> =
        both.iter().zip(&names).filter(|(id, _)| !read.value.contains(id)).map(|(_, name)| name.as_str()).collect();
    if !silent.is_empty() {
        at.notes.warn(
            &read.spot,
            format!("silence of {}", silent.join(" ")),
            "the approval of both authorities; the pair stays blocked",
        );
    }
    both.into_iter().filter(|id| read.value.contains(id)).collect()
}
