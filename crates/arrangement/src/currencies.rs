//! The currencies of `arrangement.toml`: code, digits, issuer, calendar, end-of-day rule and cut-off.

use comity_ledger::calendar::{Calendar, WEEKEND_SAT_SUN};
use comity_ledger::command::{Offsetting, OnChange, Options, Policy, Unsettled};
use comity_ledger::ids::AuthorityId;

use crate::code::CurrencyCode;
use crate::directory::index;
use crate::iso4217;
use crate::mistake::{Notes, Spot};
use crate::model::{Authority, Currency};
use crate::read_toml::{At, Need, Table, date_text, whole};
use crate::sections::{DATE_EXPECTED, KNOWN_AUTHORITY, known, length};
use crate::time::{LocalTime, Zone, parse_day};

/// Digits after the point: ISO 4217 knows 0 to 4.
const EXPONENT_MAX: u64 = 4;
/// Most currencies, as the ledger takes them.
const CURRENCIES_MAX: usize = 256;

/// Where a currency's code and cut-off stand.
pub(crate) struct CurrencySpots {
    pub(crate) code: Spot,
    pub(crate) cutoff: Option<Spot>,
}

/// Reads every `[[currency]]`.
pub(crate) fn read(
    root: &Table<'_>,
    authorities: &[Authority],
    day_zone: &Zone,
    (options, general_every_s): (&Options, Option<u32>),
    notes: Notes<'_>,
) -> (Vec<Currency>, Vec<CurrencySpots>) {
    let mut out: Vec<Currency> = Vec::new();
    let mut spots = Vec::new();
    let expected_authority = known(KNOWN_AUTHORITY, authorities.iter().map(|a| a.country));
    for table in root.tables("currency", Need::Must) {
        let code = table.text("code", Need::Must, "a currency code of three capitals (ISO 4217)", CurrencyCode::parse);
        let exponent = table.field("exponent", Need::Must, "a whole number from 0 to 4", |value| {
            u8::try_from(whole(value, EXPONENT_MAX)?).ok()
        });
        let authority = table.text("authority", Need::Must, &expected_authority, |text| {
            let at = authorities.iter().position(|known| known.country.as_str() == text)?;
            Some(AuthorityId(index(at)))
        });
        let calendar = calendar(&table, notes);
        let unsettled = table.text("unsettled", Need::Must, "\"carry\", \"reject\" or \"cancel\"", |text| match text {
            "carry" => Some(Unsettled::Carry),
            "reject" => Some(Unsettled::Reject),
            "cancel" => Some(Unsettled::Cancel),
            _ => None,
        });
        let cutoff = cutoff(table.table("cutoff", Need::May), day_zone);
        let (offsetting, offset_every_s) = offsetting(table.table("offset", Need::May), options);
        let free = offsetting.is_some_and(|rule| rule.policy == Policy::FreeSubset);
        if free && offset_every_s.or(general_every_s).is_none() {
            notes.warn(
                &table.spot("offset"),
                "free-subset without a schedule",
                "every, here or in options; plans follow runs",
            );
        }
        let cutoff_spot = cutoff.is_some().then(|| table.spot("cutoff"));
        table.finish();
        let Some(code) = code else {
            notes.0.borrow_mut().currency_lost = true;
            continue;
        };
        if out.iter().any(|known| known.code == code.value) {
            notes.0.borrow_mut().currency_lost = true;
            notes.wrong(&code.spot, format!("{:?}", code.value.as_str()), "a currency no other entry has".to_owned());
            continue;
        }
        let digits = check_exponent(&code, exponent.as_ref(), notes);
        spots.push(CurrencySpots { code: code.spot, cutoff: cutoff_spot });
        out.push(Currency {
            code: code.value,
            exponent: digits,
            authority: authority.map_or(AuthorityId::NONE, |authority| authority.value),
            calendar,
            unsettled: unsettled.map_or(Unsettled::Carry, |unsettled| unsettled.value),
            cutoff,
            offsetting,
            offset_every_s,
        });
    }
    if let Some(spots) = spots.get(CURRENCIES_MAX) {
        let found = format!("{} currencies", out.len());
        notes.wrong(&spots.code, found, format!("at most {CURRENCIES_MAX}"));
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
    let given = table.list("weekend", Need::May, "one of mon, tue, wed, thu, fri, sat, sun", |value| {
        let text = value.as_str()?;
        DAYS.iter().position(|day| *day == text).map(|day| 1_u8 << day)
    });
    let weekend = if table.has("weekend") { given.iter().fold(0, |set, day| set | day.value) } else { WEEKEND_SAT_SUN };
    if weekend == 0x7f {
        notes.wrong(&table.spot("weekend"), "all seven days".to_owned(), "at least one open weekday".to_owned());
    }
    let mut out = Calendar { weekend, ..Calendar::default() };
    for (key, open) in [("holidays", false), ("workdays", true)] {
        for day in table.list(key, Need::May, DATE_EXPECTED, |value| parse_day(&date_text(value)?)) {
            if open && weekend >> day.value.weekday() & 1 == 0 {
                notes.warn(&day.spot, day.value.to_string(), "a date of a weekend, to be opened".to_owned());
            }
            if out.exceptions.insert(day.value, open).is_some() {
                notes.wrong(&day.spot, day.value.to_string(), "each date once in holidays and workdays".to_owned());
            }
        }
    }
    out
}

/// A currency's own offsetting rule and schedule. What its table leaves out is as in the general rule.
fn offsetting(table: Table<'_>, options: &Options) -> (Option<Offsetting>, Option<u32>) {
    let present = !table.is_absent();
    let on_change = table.text("on_change", Need::May, "\"nothing\", \"pair\" or \"every\"", |text| match text {
        "nothing" => Some(OnChange::Nothing),
        "pair" => Some(OnChange::Pair),
        "every" => Some(OnChange::Every),
        _ => None,
    });
    let policy = table.text("policy", Need::May, "\"fifo-prefix\" or \"free-subset\"", |text| match text {
        "fifo-prefix" => Some(Policy::FifoPrefix),
        "free-subset" => Some(Policy::FreeSubset),
        _ => None,
    });
    let every = length(&table, "every", Need::May);
    table.finish();
    let general = if options.offset_on_arrival { OnChange::Pair } else { OnChange::Nothing };
    let rule = Offsetting {
        on_change: on_change.map_or(general, |at| at.value),
        policy: policy.map_or(Policy::FifoPrefix, |at| at.value),
    };
    (present.then_some(rule), every)
}

fn cutoff(table: Table<'_>, day_zone: &Zone) -> Option<(LocalTime, Zone)> {
    let present = !table.is_absent();
    let need = if present { Need::Must } else { Need::May };
    let local =
        table.field("local", need, "a local time such as \"17:00\"", |value| LocalTime::parse(&date_text(value)?));
    let zone = table.text("zone", Need::May, "an IANA zone such as \"Asia/Shanghai\"", Zone::parse);
    let own_zone = table.has("zone");
    table.finish();
    match zone {
        Some(zone) => Some((local?.value, zone.value)),
        None if own_zone => None, // It could not be read; the day's would be a guess.
        None => Some((local?.value, day_zone.clone())),
    }
}
