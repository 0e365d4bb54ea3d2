//! The sections of `arrangement.toml`: each table read into its part of the model, mistakes noted as they are met.
//!
//! A thing with a mistake in it is kept under its name where it has one, so that one mistake is reported once and not
//! again wherever the name is used. Absent on purpose: rules about several sections at once; see [`crate::check`].

use comity_ledger::book::CURRENCY_MAX;
use comity_ledger::command::{LimitKind, Options, PhaseRule};
use comity_ledger::ids::{AuthorityId, CurrencyId, Day};
use comity_ledger::phase;
use comity_ledger::role::Roles;

use crate::amount::{format_amount, parse_amount};
use crate::code::{Bic, Country};
use crate::currencies::{self, CurrencySpots};
use crate::directory::index;
use crate::mistake::{Notes, Spot};
use crate::model::{Authority, BusinessDay, Currency};
use crate::prices::{self, DealerDraft, TermsDraft};
use crate::read_toml::{At, Need, Table, date_text, whole};
use crate::time::{LocalTime, Zone, parse_day, parse_seconds};
use crate::union::{self, Union};

/// Longest name in bytes, as the ledger takes it; ISO 20022 has `Max140Text`.
const NAME_LEN_MAX: usize = 140;
/// Most business dates one folder runs.
const DAYS_MAX: u64 = 400;
const DAY_SECONDS: u32 = 86_400;

/// `arrangement.toml`, read but for what needs the participants.
pub(crate) struct Rulebook {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) effective: Day,
    pub(crate) seed: Option<u64>,
    pub(crate) options: Options,
    pub(crate) require_confirmation: Spot,
    pub(crate) offset_every_s: Option<u32>,
    pub(crate) day: BusinessDay,
    pub(crate) day_spot: Spot,
    /// The day and its phases could be read, so instants can be planned.
    pub(crate) planned: bool,
    pub(crate) phases: Vec<PhaseRule>,
    pub(crate) phase_spots: Vec<Spot>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) currencies: Vec<Currency>,
    pub(crate) currency_spots: Vec<CurrencySpots>,
    pub(crate) pairs: Vec<PairDraft>,
    pub(crate) dealers: Vec<DealerDraft>,
    pub(crate) defaults: Vec<DefaultLimit>,
    pub(crate) actors: Vec<ActorDraft>,
    pub(crate) unions: Vec<Union>,
}

/// A pair before its provider is looked up.
pub(crate) struct PairDraft {
    pub(crate) base: CurrencyId,
    pub(crate) quote: CurrencyId,
    pub(crate) gate_bps: u32,
    pub(crate) provider: At<Bic>,
    pub(crate) terms: Option<TermsDraft>,
}

/// A limit for every account of a currency.
pub(crate) struct DefaultLimit {
    pub(crate) kind: LimitKind,
    /// Only accounts of participants from another country than the currency's.
    pub(crate) foreign_only: bool,
    pub(crate) currency: CurrencyId,
    pub(crate) value: i64,
}

/// A person before its bank is looked up.
pub(crate) struct ActorDraft {
    pub(crate) name: At<String>,
    pub(crate) authority: Option<AuthorityId>,
    pub(crate) bic: Option<At<Bic>>,
    pub(crate) roles: Roles,
    pub(crate) roles_spot: Spot,
}

pub(crate) fn name_text(text: &str) -> Option<String> {
    bounded_text(text, NAME_LEN_MAX)
}

/// Text with something in it, at most `max` bytes, on one line.
pub(crate) fn bounded_text(text: &str, max: usize) -> Option<String> {
    let fits = !text.trim().is_empty() && text.len() <= max;
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

pub(crate) const NAME_EXPECTED: &str = "text of 1 to 140 bytes on one line";
pub(crate) const BIC_EXPECTED: &str = "a BIC of 8 or 11 characters (ISO 9362)";
/// How a message about a country begins that should be an authority's.
pub(crate) const KNOWN_AUTHORITY: &str = "the country of an authority";
/// How a message about a code begins that should be a currency's.
pub(crate) const KNOWN_CURRENCY: &str = "a currency of the arrangement";
/// How a message about a list of such codes begins.
pub(crate) const KNOWN_CURRENCIES: &str = "currencies of the arrangement, or *";
pub(crate) const DATE_EXPECTED: &str = "a date such as 2026-11-24";
const TTL_EXPECTED: &str = "a length of time such as 30m or 2h30m";

/// What an amount must be, for a message.
pub(crate) fn amount_expected(least: i64, most: i64, exponent: u8) -> String {
    let (least, most) = (format_amount(least, exponent), format_amount(most, exponent));
    format!("an amount from {least} to {most}")
}

/// Joins known names for a message, cutting a long list short.
pub(crate) fn known<T: ToString>(what: &str, names: impl IntoIterator<Item = T>) -> String {
    const SHOWN_MAX: usize = 12;
    let mut names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    if names.is_empty() {
        return format!("{what} (there is none)");
    }
    let more = names.len().saturating_sub(SHOWN_MAX);
    names.truncate(SHOWN_MAX);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{what} ({}{rest})", names.join(", "))
}

/// Reads the whole file; `union_rules` is the text of the rule set it may name.
pub(crate) fn read(root: Table<'_>, union_rules: &str, notes: Notes<'_>) -> Rulebook {
    let name = root.text("name", Need::Must, NAME_EXPECTED, name_text);
    let version = root.field("version", Need::Must, "a whole number from 1", |value| {
        whole(value, u64::from(u32::MAX)).filter(|version| *version > 0)
    });
    let effective = date(&root, "effective", Need::Must);
    let seed = root.field("seed", Need::May, "a whole number from 0", |value| whole(value, u64::MAX));

    let (options, require_confirmation, offset_every_s) = options(root.table("options", Need::May));
    let before = notes.count();
    let (day, day_spot) = business_day(root.table("day", Need::Must));
    let (phases, phase_spots) = phases(&root, notes);
    let planned = notes.count() == before;
    let authorities = authorities(&root, notes);
    let (currencies, currency_spots) =
        currencies::read(&root, &authorities, &day.zone, (&options, offset_every_s), notes);
    let pairs = pairs(&root, &currencies, notes);
    let dealers = prices::dealers(&root, &currencies, notes);
    let defaults = defaults(root.table("defaults", Need::May), &currencies, notes);
    let actors = actors(&root, &authorities);
    let unions = union::read(&root, union_rules, &authorities, &currencies, notes);
    if let Some(effective) = effective.as_ref().filter(|effective| effective.value > day.date && day.date.is_set()) {
        notes.wrong(
            &effective.spot,
            effective.value.to_string(),
            format!("a date not after the business date {}", day.date),
        );
    }
    root.finish();
    Rulebook {
        name: name.map(|name| name.value).unwrap_or_default(),
        version: version.and_then(|version| u32::try_from(version.value).ok()).unwrap_or(1),
        effective: effective.map(|effective| effective.value).unwrap_or_default(),
        seed: seed.map(|seed| seed.value),
        options,
        require_confirmation,
        offset_every_s,
        day,
        day_spot,
        planned,
        phases,
        phase_spots,
        authorities,
        currencies,
        currency_spots,
        pairs,
        dealers,
        defaults,
        actors,
        unions,
    }
}

fn date(table: &Table<'_>, key: &'static str, need: Need) -> Option<At<Day>> {
    table.field(key, need, DATE_EXPECTED, |value| parse_day(&date_text(value)?))
}

fn number(table: &Table<'_>, key: &'static str, max: u32, otherwise: u32) -> u32 {
    let expected = format!("a whole number from 0 to {max}");
    table
        .field(key, Need::May, &expected, |value| u32::try_from(whole(value, u64::from(max))?).ok())
        .map_or(otherwise, |at| at.value)
}

fn switch(table: &Table<'_>, key: &'static str, otherwise: bool) -> bool {
    table.field(key, Need::May, "true or false", |value| value.as_bool()).map_or(otherwise, |at| at.value)
}

pub(crate) fn length(table: &Table<'_>, key: &'static str, need: Need) -> Option<u32> {
    table.text(key, need, TTL_EXPECTED, parse_seconds).map(|at| at.value)
}

/// General rules, with what holds when the file is silent.
fn options(table: Table<'_>) -> (Options, Spot, Option<u32>) {
    let options = Options {
        proposal_ttl_s: length(&table, "proposal_ttl", Need::May).unwrap_or(3_600),
        return_days: number(&table, "return_days", 400, 2),
        recall_ttl_s: length(&table, "recall_ttl", Need::May).unwrap_or(10 * DAY_SECONDS),
        value_days_max: number(&table, "value_days_max", 366, 5),
        offset_on_arrival: switch(&table, "offset_on_arrival", true),
        require_confirmation: switch(&table, "require_confirmation", true),
    };
    let offset_every_s = length(&table, "offset_every", Need::May);
    let spot = table.spot("require_confirmation");
    table.finish();
    (options, spot, offset_every_s)
}

fn business_day(table: Table<'_>) -> (BusinessDay, Spot) {
    let date = date(&table, "date", Need::Must);
    let opens = table
        .field("opens", Need::Must, "a local time such as \"06:00\"", |value| LocalTime::parse(&date_text(value)?));
    let zone = table.text("zone", Need::Must, "an IANA zone such as \"Asia/Almaty\"", Zone::parse);
    let expected = format!("a whole number from 1 to {DAYS_MAX}");
    let count = table.field("days", Need::May, &expected, |value| {
        let days = whole(value, DAYS_MAX).filter(|days| *days > 0)?;
        u32::try_from(days).ok()
    });
    let spot = table.spot("date");
    table.finish();
    let day = BusinessDay {
        date: date.map(|date| date.value).unwrap_or_default(),
        opens: opens.map_or(LocalTime { seconds: 0 }, |opens| opens.value),
        zone: zone.map_or_else(Zone::utc, |zone| zone.value),
        count: count.map_or(1, |count| count.value),
    };
    (day, spot)
}

fn phases(root: &Table<'_>, notes: Notes<'_>) -> (Vec<PhaseRule>, Vec<Spot>) {
    let names = phase::NAMES.map(|(name, _)| name).join(", ");
    let expected = format!("one of {names}");
    let mut rules: Vec<PhaseRule> = Vec::new();
    let mut spots = Vec::new();
    for table in root.tables("phase", Need::Must) {
        let name = table.text("name", Need::Must, NAME_EXPECTED, name_text);
        let allows = table.list("allows", Need::Must, &expected, |value| {
            let text = value.as_str()?;
            phase::NAMES.iter().find(|(name, _)| *name == text).map(|(_, bit)| *bit)
        });
        let lasts = table.text("lasts", Need::Must, "a length of time of at most 24h, such as 2h30m", |text| {
            parse_seconds(text).filter(|seconds| *seconds <= DAY_SECONDS)
        });
        if let Some(name) = &name
            && rules.iter().any(|rule| rule.name == name.value)
        {
            notes.wrong(&name.spot, format!("{:?}", name.value), "a name no other phase has".to_owned());
        }
        spots.push(table.spot("allows"));
        rules.push(PhaseRule {
            name: name.map(|name| name.value).unwrap_or_default(),
            allows: allows.iter().fold(0, |set, bit| set | bit.value),
            seconds: lasts.map_or(60, |lasts| lasts.value),
        });
        table.finish();
    }
    (rules, spots)
}

fn authorities(root: &Table<'_>, notes: Notes<'_>) -> Vec<Authority> {
    let mut out: Vec<Authority> = Vec::new();
    for table in root.tables("authority", Need::Must) {
        let name = table.text("name", Need::Must, NAME_EXPECTED, name_text);
        let country = table.text("country", Need::Must, "a country of two capitals (ISO 3166)", Country::parse);
        let key = table.text("public_key", Need::May, "64 hexadecimal digits (an Ed25519 public key)", hex_key);
        table.finish();
        let Some(country) = country else {
            notes.0.borrow_mut().authority_lost = true;
            continue;
        };
        if out.iter().any(|known| known.country == country.value) {
            notes.0.borrow_mut().authority_lost = true;
            notes.wrong(&country.spot, format!("{:?}", country.value.as_str()), "one authority a country".to_owned());
            continue;
        }
        out.push(Authority {
            name: name.map(|name| name.value).unwrap_or_default(),
            country: country.value,
            public_key: key.map(|key| key.value),
        });
    }
    out
}

fn hex_key(text: &str) -> Option<[u8; 32]> {
    let mut out = [0_u8; 32];
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(out)
}

/// The place of a currency of the arrangement.
pub(crate) fn currency_id(currencies: &[Currency], text: &str) -> Option<CurrencyId> {
    let at = currencies.iter().position(|known| known.code.as_str() == text)?;
    Some(CurrencyId(index(at)))
}

fn pairs(root: &Table<'_>, currencies: &[Currency], notes: Notes<'_>) -> Vec<PairDraft> {
    const GATE_MAX: u32 = 1_000_000;
    let expected = known(KNOWN_CURRENCY, currencies.iter().map(|c| c.code));
    let gate_expected = format!("a whole number of basis points from 0 to {GATE_MAX}");
    let mut out: Vec<PairDraft> = Vec::new();
    for table in root.tables("pair", Need::May) {
        let base = table.text("base", Need::Must, &expected, |text| currency_id(currencies, text));
        let quote = table.text("quote", Need::Must, &expected, |text| currency_id(currencies, text));
        let gate = table.field("gate_bps", Need::Must, &gate_expected, |value| {
            u32::try_from(whole(value, u64::from(GATE_MAX))?).ok()
        });
        let provider = table.text("provider", Need::Must, BIC_EXPECTED, Bic::parse);
        let exponent = |id: &Option<At<CurrencyId>>| {
            id.as_ref().and_then(|id| currencies.get(id.value.at())).map_or(2, |currency| currency.exponent)
        };
        let terms = prices::terms(&table, exponent(&base), exponent(&quote), notes);
        table.finish();
        let (Some(base), Some(quote), Some(provider)) = (base, quote, provider) else {
            notes.0.borrow_mut().pair_lost = true;
            continue;
        };
        let code = |id: CurrencyId| currencies.get(id.at()).map_or("", |c| c.code.as_str());
        if base.value == quote.value {
            notes.wrong(&quote.spot, format!("{:?}", code(quote.value)), "another currency than the base".to_owned());
            notes.0.borrow_mut().pair_lost = true;
            continue;
        }
        let twice = out.iter().any(|pair| {
            (pair.base, pair.quote) == (base.value, quote.value) || (pair.base, pair.quote) == (quote.value, base.value)
        });
        if twice {
            notes.wrong(
                &base.spot,
                format!("{}/{}", code(base.value), code(quote.value)),
                "each pair once, in one order".to_owned(),
            );
            continue;
        }
        out.push(PairDraft {
            base: base.value,
            quote: quote.value,
            gate_bps: gate.map_or(0, |gate| gate.value),
            provider,
            terms,
        });
    }
    out
}

/// Limits every account gets unless `limits.csv` says otherwise.
fn defaults(table: Table<'_>, currencies: &[Currency], notes: Notes<'_>) -> Vec<DefaultLimit> {
    const KINDS: [(&str, LimitKind, bool); 6] = [
        ("per_payment", LimitKind::PerPayment, false),
        ("per_day", LimitKind::PerDay, false),
        ("multilateral", LimitKind::Multilateral, false),
        ("net_debit", LimitKind::NetDebit, false),
        ("net_debit_foreign", LimitKind::NetDebit, true),
        ("overnight_foreign", LimitKind::Overnight, true),
    ];
    let mut out = Vec::new();
    for (key, kind, foreign_only) in KINDS {
        for (code, value) in table.table(key, Need::May).entries() {
            let Some(currency) = currency_id(currencies, &code) else {
                let expected = known(KNOWN_CURRENCY, currencies.iter().map(|c| c.code));
                notes.wrong(&value.spot, format!("{code:?}"), expected);
                continue;
            };
            let exponent = currencies.get(currency.at()).map_or(0, |c| c.exponent);
            let amount = parse_amount(&value.value, exponent).filter(|a| *a <= CURRENCY_MAX);
            match amount {
                Some(amount) => out.push(DefaultLimit { kind, foreign_only, currency, value: amount }),
                None => {
                    notes.wrong(&value.spot, format!("{:?}", value.value), amount_expected(0, CURRENCY_MAX, exponent))
                }
            }
        }
    }
    table.finish();
    out
}

fn actors(root: &Table<'_>, authorities: &[Authority]) -> Vec<ActorDraft> {
    let given = Roles::NAMES.iter().filter(|(_, role)| *role != Roles::SYSTEM);
    let names = given.map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let expected_role = format!("one of {names}");
    let expected_country = known(KNOWN_AUTHORITY, authorities.iter().map(|a| a.country));
    let mut out = Vec::new();
    for table in root.tables("actor", Need::May) {
        let name = table.text("name", Need::Must, NAME_EXPECTED, name_text);
        let authority = table.text("authority", Need::May, &expected_country, |text| {
            let at = authorities.iter().position(|known| known.country.as_str() == text)?;
            Some(AuthorityId(index(at)))
        });
        let bic = table.text("bic", Need::May, BIC_EXPECTED, Bic::parse);
        let roles = table.list("roles", Need::Must, &expected_role, |value| {
            let text = value.as_str()?;
            Roles::NAMES.iter().find(|(name, role)| *name == text && *role != Roles::SYSTEM).map(|(_, role)| *role)
        });
        let roles_spot = table.spot("roles");
        let table_has_authority = table.has("authority");
        table.finish();
        let unknown = authority.is_none() && table_has_authority;
        let (Some(name), false) = (name, unknown) else { continue };
        out.push(ActorDraft {
            name,
            authority: authority.map(|authority| authority.value),
            bic,
            roles: roles.iter().fold(Roles::default(), |set, role| set.and(role.value)),
            roles_spot,
        });
    }
    out
}
