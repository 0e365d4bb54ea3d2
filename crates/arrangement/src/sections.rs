//! The sections of `arrangement.toml`: each table read into its part of the model, mistakes noted as they are met.
//!
//! A thing with a mistake in it is kept under its name where it has one, so that one mistake is reported once and not
//! again wherever the name is used. Absent on purpose: rules about several sections at once; see [`crate::check`].

use comity_ledger::calendar::{Calendar, WEEKEND_SAT_SUN};
use comity_ledger::command::{LimitKind, Options, PhaseRule, Unsettled};
use comity_ledger::ids::{AuthorityId, CurrencyId, Day};
use comity_ledger::phase;
use comity_ledger::role::Roles;

use crate::code::{Bic, Country, CurrencyCode};
use crate::directory::index;
use crate::iso4217;
use crate::mistake::{Notes, Spot};
use crate::model::{Authority, BusinessDay, Currency};
use crate::read_toml::{At, Need, Table, date_text, whole};
use crate::time::{LocalTime, Zone, parse_day, parse_seconds};

/// Longest name, as in ISO 20022 `Max140Text`.
const NAME_LEN_MAX: usize = 140;
/// Most business dates one folder runs.
const DAYS_MAX: u64 = 400;
/// Digits after the point: ISO 4217 knows 0 to 4.
const EXPONENT_MAX: u64 = 4;
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
    pub(crate) phases: Vec<PhaseRule>,
    pub(crate) phase_spots: Vec<Spot>,
    pub(crate) authorities: Vec<Authority>,
    pub(crate) currencies: Vec<Currency>,
    pub(crate) currency_spots: Vec<CurrencySpots>,
    pub(crate) pairs: Vec<PairDraft>,
    pub(crate) defaults: Vec<DefaultLimit>,
    pub(crate) actors: Vec<ActorDraft>,
}

/// Where a currency's code and cut-off stand.
pub(crate) struct CurrencySpots {
    pub(crate) code: Spot,
    pub(crate) cutoff: Option<Spot>,
}

/// A pair before its provider is looked up.
pub(crate) struct PairDraft {
    pub(crate) base: CurrencyId,
    pub(crate) quote: CurrencyId,
    pub(crate) gate_bps: u32,
    pub(crate) provider: At<Bic>,
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
    let len = text.trim().chars().count();
    (len > 0 && len <= NAME_LEN_MAX && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

pub(crate) const NAME_EXPECTED: &str = "text of 1 to 140 characters";
pub(crate) const BIC_EXPECTED: &str = "a BIC of 8 or 11 characters (ISO 9362)";
pub(crate) const DATE_EXPECTED: &str = "a date such as 2026-11-24";
const TTL_EXPECTED: &str = "a length of time such as 30m or 2h30m";

/// Joins known names for a message, cutting a long list short.
pub(crate) fn known<T: ToString>(what: &str, names: impl IntoIterator<Item = T>) -> String {
    const SHOWN_MAX: usize = 12;
    let mut names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    if names.is_empty() {
        return format!("{what} (there is none)");
    }
    let more = names.len().saturating_sub(SHOWN_MAX);
    names.truncate(SHOWN_MAX);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{what} ({}{rest})", names.join(", "))
}

/// Reads the whole file.
pub(crate) fn read(root: Table<'_>, notes: Notes<'_>) -> Rulebook {
    let name = root.text("name", Need::Must, NAME_EXPECTED, name_text);
    let version = root.field("version", Need::Must, "a whole number from 1", |value| {
        whole(value, u64::from(u32::MAX)).filter(|version| *version > 0)
    });
    let effective = date(&root, "effective", Need::Must);
    let seed = root.field("seed", Need::May, "a whole number from 0", |value| {
        whole(value, u64::MAX)
    });

    let (options, require_confirmation, offset_every_s) = options(root.table("options", Need::May));
    let (day, day_spot) = business_day(root.table("day", Need::Must));
    let (phases, phase_spots) = phases(&root, notes);
    let authorities = authorities(&root, notes);
    let (currencies, currency_spots) = currencies(&root, &authorities, &day.zone, notes);
    let pairs = pairs(&root, &currencies, notes);
    let defaults = defaults(root.table("defaults", Need::May), &currencies, notes);
    let actors = actors(&root, &authorities);
    if let Some(effective) = effective
        .as_ref()
        .filter(|effective| effective.value > day.date && day.date.is_set())
    {
        notes.wrong(
            &effective.spot,
            effective.value.to_string(),
            format!("a date not after the business date {}", day.date),
        );
    }
    root.finish();
    Rulebook {
        name: name.map(|name| name.value).unwrap_or_default(),
        version: version
            .and_then(|version| u32::try_from(version.value).ok())
            .unwrap_or(1),
        effective: effective
            .map(|effective| effective.value)
            .unwrap_or_default(),
        seed: seed.map(|seed| seed.value),
        options,
        require_confirmation,
        offset_every_s,
        day,
        day_spot,
        phases,
        phase_spots,
        authorities,
        currencies,
        currency_spots,
        pairs,
        defaults,
        actors,
    }
}

fn date(table: &Table<'_>, key: &'static str, need: Need) -> Option<At<Day>> {
    table.field(key, need, DATE_EXPECTED, |value| {
        parse_day(&date_text(value)?)
    })
}

fn number(table: &Table<'_>, key: &'static str, max: u32, otherwise: u32) -> u32 {
    let expected = format!("a whole number from 0 to {max}");
    table
        .field(key, Need::May, &expected, |value| {
            u32::try_from(whole(value, u64::from(max))?).ok()
        })
        .map_or(otherwise, |at| at.value)
}

fn switch(table: &Table<'_>, key: &'static str, otherwise: bool) -> bool {
    table
        .field(key, Need::May, "true or false", |value| value.as_bool())
        .map_or(otherwise, |at| at.value)
}

fn length(table: &Table<'_>, key: &'static str, need: Need) -> Option<u32> {
    table
        .text(key, need, TTL_EXPECTED, parse_seconds)
        .map(|at| at.value)
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
    let opens = table.field(
        "opens",
        Need::Must,
        "a local time such as \"06:00\"",
        |value| LocalTime::parse(&date_text(value)?),
    );
    let zone = table.text(
        "zone",
        Need::Must,
        "an IANA zone such as \"Asia/Almaty\"",
        Zone::parse,
    );
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
            phase::NAMES
                .iter()
                .find(|(name, _)| *name == text)
                .map(|(_, bit)| *bit)
        });
        let lasts = table.text(
            "lasts",
            Need::Must,
            "a length of time of at most 24h, such as 2h30m",
            |text| parse_seconds(text).filter(|seconds| *seconds <= DAY_SECONDS),
        );
        if let Some(name) = &name
            && rules.iter().any(|rule| rule.name == name.value)
        {
            notes.wrong(
                &name.spot,
                format!("{:?}", name.value),
                "a name no other phase has".to_owned(),
            );
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
        let country = table.text(
            "country",
            Need::Must,
            "a country of two capitals (ISO 3166)",
            Country::parse,
        );
        let key = table.text(
            "public_key",
            Need::May,
            "64 hexadecimal digits (an Ed25519 public key)",
            hex_key,
        );
        table.finish();
        let Some(country) = country else { continue };
        if out.iter().any(|known| known.country == country.value) {
            notes.wrong(
                &country.spot,
                format!("{:?}", country.value.as_str()),
                "one authority a country".to_owned(),
            );
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

fn currencies(
    root: &Table<'_>,
    authorities: &[Authority],
    day_zone: &Zone,
    notes: Notes<'_>,
) -> (Vec<Currency>, Vec<CurrencySpots>) {
    let mut out: Vec<Currency> = Vec::new();
    let mut spots = Vec::new();
    let expected_authority = known(
        "the country of an authority",
        authorities.iter().map(|a| a.country),
    );
    for table in root.tables("currency", Need::Must) {
        let code = table.text(
            "code",
            Need::Must,
            "a currency code of three capitals (ISO 4217)",
            CurrencyCode::parse,
        );
        let exponent = table.field(
            "exponent",
            Need::Must,
            "a whole number from 0 to 4",
            |value| u8::try_from(whole(value, EXPONENT_MAX)?).ok(),
        );
        let authority = table.text("authority", Need::Must, &expected_authority, |text| {
            let at = authorities
                .iter()
                .position(|known| known.country.as_str() == text)?;
            Some(AuthorityId(index(at)))
        });
        let calendar = calendar(&table, notes);
        let unsettled = table.text(
            "unsettled",
            Need::Must,
            "\"carry\", \"reject\" or \"cancel\"",
            |text| match text {
                "carry" => Some(Unsettled::Carry),
                "reject" => Some(Unsettled::Reject),
                "cancel" => Some(Unsettled::Cancel),
                _ => None,
            },
        );
        let cutoff = cutoff(table.table("cutoff", Need::May), day_zone);
        let cutoff_spot = cutoff.is_some().then(|| table.spot("cutoff"));
        table.finish();
        let Some(code) = code else { continue };
        if out.iter().any(|known| known.code == code.value) {
            notes.wrong(
                &code.spot,
                format!("{:?}", code.value.as_str()),
                "a currency no other entry has".to_owned(),
            );
            continue;
        }
        let digits = check_exponent(&code, exponent.as_ref(), notes);
        spots.push(CurrencySpots {
            code: code.spot,
            cutoff: cutoff_spot,
        });
        out.push(Currency {
            code: code.value,
            exponent: digits,
            authority: authority.map_or(AuthorityId::NONE, |authority| authority.value),
            calendar,
            unsettled: unsettled.map_or(Unsettled::Carry, |unsettled| unsettled.value),
            cutoff,
        });
    }
    (out, spots)
}

fn check_exponent(code: &At<CurrencyCode>, exponent: Option<&At<u8>>, notes: Notes<'_>) -> u8 {
    let given = exponent.map(|exponent| exponent.value);
    match (iso4217::exponent(code.value.as_str()), exponent) {
        (Some(iso), Some(exponent)) if exponent.value != iso => {
            notes.wrong(
                &exponent.spot,
                exponent.value.to_string(),
                format!("{iso} (ISO 4217 exponent of {})", code.value),
            );
            iso
        }
        (Some(iso), _) => iso,
        (None, _) => {
            notes.warn(
                &code.spot,
                format!("{:?}", code.value.as_str()),
                "a code of ISO 4217; its exponent is taken as given".to_owned(),
            );
            given.unwrap_or(2)
        }
    }
}

fn calendar(table: &Table<'_>, notes: Notes<'_>) -> Calendar {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let given = table.list(
        "weekend",
        Need::May,
        "one of mon, tue, wed, thu, fri, sat, sun",
        |value| {
            let text = value.as_str()?;
            DAYS.iter()
                .position(|day| *day == text)
                .map(|day| 1_u8 << day)
        },
    );
    let weekend = if table.has("weekend") {
        given.iter().fold(0, |set, day| set | day.value)
    } else {
        WEEKEND_SAT_SUN
    };
    if weekend == 0x7f {
        notes.wrong(
            &table.spot("weekend"),
            "all seven days".to_owned(),
            "at least one open weekday".to_owned(),
        );
    }
    let mut out = Calendar {
        weekend,
        ..Calendar::default()
    };
    for (key, open) in [("holidays", false), ("workdays", true)] {
        for day in table.list(key, Need::May, DATE_EXPECTED, |value| {
            parse_day(&date_text(value)?)
        }) {
            if open && weekend >> day.value.weekday() & 1 == 0 {
                notes.warn(
                    &day.spot,
                    day.value.to_string(),
                    "a date of a weekend, to be opened".to_owned(),
                );
            }
            if out.exceptions.insert(day.value, open).is_some() {
                notes.wrong(
                    &day.spot,
                    day.value.to_string(),
                    "each date once in holidays and workdays".to_owned(),
                );
            }
        }
    }
    out
}

fn cutoff(table: Table<'_>, day_zone: &Zone) -> Option<(LocalTime, Zone)> {
    let present = !table.is_absent();
    let need = if present { Need::Must } else { Need::May };
    let local = table.field("local", need, "a local time such as \"17:00\"", |value| {
        LocalTime::parse(&date_text(value)?)
    });
    let zone = table.text(
        "zone",
        Need::May,
        "an IANA zone such as \"Asia/Shanghai\"",
        Zone::parse,
    );
    table.finish();
    local.map(|local| {
        (
            local.value,
            zone.map_or_else(|| day_zone.clone(), |zone| zone.value),
        )
    })
}

/// The place of a currency of the arrangement.
pub(crate) fn currency_id(currencies: &[Currency], text: &str) -> Option<CurrencyId> {
    let at = currencies
        .iter()
        .position(|known| known.code.as_str() == text)?;
    Some(CurrencyId(index(at)))
}

fn pairs(root: &Table<'_>, currencies: &[Currency], notes: Notes<'_>) -> Vec<PairDraft> {
    const GATE_MAX: u32 = 1_000_000;
    let expected = known(
        "a currency of the arrangement",
        currencies.iter().map(|c| c.code),
    );
    let gate_expected = format!("a whole number of basis points from 0 to {GATE_MAX}");
    let mut out: Vec<PairDraft> = Vec::new();
    for table in root.tables("pair", Need::May) {
        let base = table.text("base", Need::Must, &expected, |text| {
            currency_id(currencies, text)
        });
        let quote = table.text("quote", Need::Must, &expected, |text| {
            currency_id(currencies, text)
        });
        let gate = table.field("gate_bps", Need::Must, &gate_expected, |value| {
            u32::try_from(whole(value, u64::from(GATE_MAX))?).ok()
        });
        let provider = table.text("provider", Need::Must, BIC_EXPECTED, Bic::parse);
        table.finish();
        let (Some(base), Some(quote), Some(provider)) = (base, quote, provider) else {
            continue;
        };
        let code = |id: CurrencyId| currencies.get(id.at()).map_or("", |c| c.code.as_str());
        if base.value == quote.value {
            notes.wrong(
                &quote.spot,
                format!("{:?}", code(quote.value)),
                "another currency than the base".to_owned(),
            );
            continue;
        }
        let twice = out.iter().any(|pair| {
            (pair.base, pair.quote) == (base.value, quote.value)
                || (pair.base, pair.quote) == (quote.value, base.value)
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
                let expected = known(
                    "a currency of the arrangement",
                    currencies.iter().map(|c| c.code),
                );
                notes.wrong(&value.spot, format!("{code:?}"), expected);
                continue;
            };
            let exponent = currencies.get(currency.at()).map_or(0, |c| c.exponent);
            match crate::amount::parse_amount(&value.value, exponent) {
                Some(amount) => out.push(DefaultLimit {
                    kind,
                    foreign_only,
                    currency,
                    value: amount,
                }),
                None => notes.wrong(
                    &value.spot,
                    format!("{:?}", value.value),
                    format!(
                        "an amount not negative, with at most {exponent} digits after the point"
                    ),
                ),
            }
        }
    }
    table.finish();
    out
}

fn actors(root: &Table<'_>, authorities: &[Authority]) -> Vec<ActorDraft> {
    let names = Roles::NAMES.map(|(name, _)| name).join(", ");
    let expected_role = format!("one of {names}");
    let expected_country = known(
        "the country of an authority",
        authorities.iter().map(|a| a.country),
    );
    let mut out = Vec::new();
    for table in root.tables("actor", Need::May) {
        let name = table.text("name", Need::Must, NAME_EXPECTED, name_text);
        let authority = table.text("authority", Need::May, &expected_country, |text| {
            let at = authorities
                .iter()
                .position(|known| known.country.as_str() == text)?;
            Some(AuthorityId(index(at)))
        });
        let bic = table.text("bic", Need::May, BIC_EXPECTED, Bic::parse);
        let roles = table.list("roles", Need::Must, &expected_role, |value| {
            let text = value.as_str()?;
            Roles::NAMES
                .iter()
                .find(|(name, _)| *name == text)
                .map(|(_, role)| *role)
        });
        let roles_spot = table.spot("roles");
        table.finish();
        let Some(name) = name else { continue };
        out.push(ActorDraft {
            name,
            authority: authority.map(|authority| authority.value),
            bic,
            roles: roles
                .iter()
                .fold(Roles::default(), |set, role| set.and(role.value)),
            roles_spot,
        });
    }
    out
}
