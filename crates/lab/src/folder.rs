//! The generator's options for an arrangement: its banks, currencies, rates, hours and limits.
//!
//! What an arrangement does not say is assumed here and named: banks of a country by the rank-size rule in the order of the file, trade weights of
//! 2019 where the countries are in that table and equal ones elsewhere, values in euro from one known currency through the rates.

use crate::traffic::{
    Bank, BankIndex, Country, CountryCode, Currency, CurrencyCode, Flow, Options, PairRate, demo_countries,
    demo_currencies,
};
use comity_arrangement::{Arrangement, LocalTime};
use comity_ledger::command::LimitKind;
use comity_ledger::ids::{CurrencyId, Day, Time};
use comity_ledger::phase;

/// Divisible by every rank up to sixteen, so that weights by rank are exact there.
const RANK_ONE: u64 = 720_720;
/// Weight of a trade flow that the table does not have, thousands of US dollars.
const UNKNOWN_FLOW_USD_THOUSAND: u64 = 1_000_000;
/// Millionths of a unit for one euro: currencies from which others are reached through rates. Figures near the market of autumn 2026.
const FURTHER_VALUES: [(&str, u64); 3] = [("EUR", 1_000_000), ("USD", 1_160_000), ("SAR", 4_351_000)];
/// One unit for one euro, where no rate leads to a known value: only the size of the amounts depends on it.
const UNKNOWN_VALUE: u64 = 1_000_000;
/// Decimals of `XchgRate`.
const RATE_DECIMALS_MAX: u8 = 10;
const MICROS_PER_MINUTE: i64 = 60_000_000;
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Options for a business date of an arrangement; seed and number of payments are the caller's.
///
/// Payments are created while a phase takes them in, each currency only before its own cut-off. The largest ticket stays below every limit for
/// one payment, and the payment that is deliberately too large is above all of them.
///
/// Nothing is refused here: what cannot be used, such as a date without a phase that takes payments in, the generator refuses.
#[must_use]
pub fn options_for(arrangement: &Arrangement, day: Day, seed: u64, payments: u64) -> Options {
    let currencies = currencies(arrangement, day);
    let (opens, closes) = hours(arrangement, day, &currencies);
    let countries = countries(arrangement, day);
    let defaults = Options::default();
    let mut tickets = defaults.tickets;
    let limits = payment_limits_eur_cents(arrangement, &currencies);
    if let Some(smallest) = limits.iter().min() {
        tickets.cut_eur_cents = tickets.cut_eur_cents.min(smallest - smallest / 10);
    }
    Options {
        seed,
        payments,
        business_date: i32::try_from(day.0).unwrap_or(i32::MAX),
        future_dates: future_dates(arrangement, day),
        opens,
        closes,
        banks: banks(arrangement),
        rates: rates(arrangement),
        flows: flows(&countries, defaults.flows),
        countries,
        currencies,
        tickets,
        over_limit_eur_cents: limits.iter().max().map_or(0, |largest| largest.saturating_mul(2)),
        flaws: defaults.flaws,
        mix: defaults.mix,
    }
}

fn micros(time: Time) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

/// From the first phase that takes payments in to the end of the last, or to the last cut-off of a currency if that is earlier. Without any:
/// nothing, which the generator refuses.
fn hours(arrangement: &Arrangement, day: Day, currencies: &[Currency]) -> (i64, i64) {
    let planned = arrangement.planned(day);
    let mut entry = planned.iter().filter(|phase| phase.allows & phase::ENTRY != 0);
    let first = entry.clone().next().map_or(0, |phase| micros(phase.begins));
    let last = entry.next_back().map_or(0, |phase| micros(phase.ends));
    let cut_off = currencies.iter().map(|currency| currency.cut_off.unwrap_or(last)).max();
    (first, cut_off.map_or(last, |cut_off| last.min(cut_off)))
}

fn code(arrangement: &Arrangement, currency: CurrencyId) -> CurrencyCode {
    arrangement
        .currencies
        .get(currency.at())
        .map_or(CurrencyCode::new(""), |currency| CurrencyCode::new(currency.code.as_str()))
}

fn currencies(arrangement: &Arrangement, day: Day) -> Vec<Currency> {
    let values = values(arrangement);
    let mut found = Vec::new();
    for (at, currency) in arrangement.currencies.iter().enumerate() {
        // A currency that is closed on the date has its cut-off before the day begins.
        let cut_off = if currency.calendar.is_open(day) {
            currency.cutoff.as_ref().map(|(local, zone)| micros(zone.instant(day, *local)))
        } else {
            Some(0)
        };
        found.push(Currency {
            code: CurrencyCode::new(currency.code.as_str()),
            exponent: currency.exponent,
            micro_units_per_eur: values.get(at).copied().flatten().unwrap_or(UNKNOWN_VALUE),
            cut_off,
        });
    }
    found
}

/// Millionths of a unit for one euro: the first currency of known value, the others through the rates, what they do not reach from the table.
fn values(arrangement: &Arrangement) -> Vec<Option<u64>> {
    let demo = demo_currencies();
    let in_table = |at: usize| {
        let code = code(arrangement, CurrencyId(u32::try_from(at).ok()?));
        let of_demo = demo.iter().map(|currency| (currency.code, currency.micro_units_per_eur));
        let further = FURTHER_VALUES.iter().map(|(code, value)| (CurrencyCode::new(code), *value));
        of_demo.chain(further).find(|(known, _)| *known == code).map(|(_, value)| value)
    };
    let count = arrangement.currencies.len();
    let mut values = vec![None; count];
    while let Some(start) = (0..count).find(|at| values[*at].is_none() && in_table(*at).is_some()) {
        values[start] = in_table(start);
        // Each pass reaches at least one more currency or ends.
        while spread(arrangement, &mut values) {}
    }
    values
}

/// Carries values over the rates once; whether anything was new.
fn spread(arrangement: &Arrangement, values: &mut [Option<u64>]) -> bool {
    let mut news = false;
    for line in &arrangement.rates {
        let (base, quote) = (line.pair.base.at(), line.pair.quote.at());
        let unit = 10_u128.pow(u32::from(line.rate.scale));
        let rate = u128::from(line.rate.mantissa).max(1);
        let (Some(of_base), Some(of_quote)) = (values.get(base).copied(), values.get(quote).copied()) else {
            continue;
        };
        match (of_base, of_quote) {
            (Some(value), None) => values[quote] = u64::try_from(u128::from(value) * rate / unit).ok(),
            (None, Some(value)) => values[base] = u64::try_from(u128::from(value) * unit / rate).ok(),
            (Some(_), Some(_)) | (None, None) => continue,
        }
        news |= values[base].is_some() && values[quote].is_some();
    }
    news
}

fn countries(arrangement: &Arrangement, day: Day) -> Vec<Country> {
    let midnight = LocalTime::parse("00:00");
    let offset = |zone: &comity_arrangement::Zone| {
        let local = midnight.map_or(0, |midnight| micros(zone.instant(day, midnight)));
        let minutes = (i64::from(day.0) * MICROS_PER_DAY - local) / MICROS_PER_MINUTE;
        i16::try_from(minutes).unwrap_or(0)
    };
    let usual = demo_countries();
    let mut countries: Vec<Country> = Vec::new();
    for currency in &arrangement.currencies {
        let Some(authority) = arrangement.authorities.get(currency.authority.at()) else {
            continue;
        };
        let country = CountryCode::new(authority.country.as_str());
        // An authority with several currencies: the first is the country's own.
        if countries.iter().any(|known| known.code == country) {
            continue;
        }
        let utc_offset_minutes = match &currency.cutoff {
            Some((_, zone)) => offset(zone),
            None => usual
                .iter()
                .find(|known| known.code == country)
                .map_or_else(|| offset(&arrangement.day.zone), |known| known.utc_offset_minutes),
        };
        countries.push(Country {
            code: country,
            currency: CurrencyCode::new(currency.code.as_str()),
            utc_offset_minutes,
        });
    }
    countries
}

fn banks(arrangement: &Arrangement) -> Vec<Bank> {
    let mut ranks = vec![0_u64; arrangement.authorities.len()];
    let mut banks = Vec::new();
    for participant in &arrangement.participants {
        let home = participant.home.at();
        let (Some(authority), Some(rank)) = (arrangement.authorities.get(home), ranks.get_mut(home)) else {
            continue;
        };
        *rank += 1;
        banks.push(Bank {
            bic: participant.bic.as_str().to_owned(),
            name: participant.name.clone(),
            country: CountryCode::new(authority.country.as_str()),
            weight: (RANK_ONE / *rank).max(1),
            currencies: participant.currencies.iter().map(|currency| code(arrangement, *currency)).collect(),
            suspended: false,
        });
    }
    // An authority without currency has no country here; its banks cannot take part.
    let with_currency: Vec<_> = arrangement
        .currencies
        .iter()
        .filter_map(|currency| arrangement.authorities.get(currency.authority.at()))
        .map(|authority| CountryCode::new(authority.country.as_str()))
        .collect();
    banks.retain(|bank| with_currency.contains(&bank.country));
    banks
}

/// The rates that both authorities approve: base to quote, as they stand in the folder. The last one set of a pair counts.
fn rates(arrangement: &Arrangement) -> Vec<PairRate> {
    let mut rates: Vec<PairRate> = Vec::new();
    for line in &arrangement.rates {
        let needed = arrangement.authorities_of(line.pair);
        let approved = needed.iter().all(|authority| line.approvals.contains(authority));
        let (source, target) = (code(arrangement, line.pair.base), code(arrangement, line.pair.quote));
        let pair = arrangement.pairs.iter().find(|pair| pair.pair == line.pair);
        rates.retain(|rate| (rate.source, rate.target) != (source, target));
        if let Some(pair) = pair
            && approved
            && line.rate.scale <= RATE_DECIMALS_MAX
        {
            let provider = u16::try_from(pair.provider.0).ok().map(BankIndex);
            rates.push(PairRate { source, target, rate: line.rate.mantissa, decimals: line.rate.scale, provider });
        }
    }
    rates
}

/// The table of 2019, and equal weights between countries that it does not know.
fn flows(countries: &[Country], table: Vec<Flow>) -> Vec<Flow> {
    let mut flows = table;
    for exporter in countries {
        for importer in countries {
            let known = flows.iter().any(|flow| (flow.exporter, flow.importer) == (exporter.code, importer.code));
            if exporter.code != importer.code && !known {
                flows.push(Flow {
                    exporter: exporter.code,
                    importer: importer.code,
                    usd_thousand: UNKNOWN_FLOW_USD_THOUSAND,
                });
            }
        }
    }
    let is_member = |code: CountryCode| countries.iter().any(|country| country.code == code);
    flows.retain(|flow| is_member(flow.exporter) && is_member(flow.importer));
    flows
}

/// Later dates on which every currency is open, as far ahead as the arrangement accepts.
fn future_dates(arrangement: &Arrangement, day: Day) -> Vec<i32> {
    let mut dates = Vec::new();
    let mut date = day;
    for _ in 0..arrangement.options.value_days_max {
        date = date.next();
        let open = arrangement.currencies.iter().all(|currency| currency.calendar.is_open(date));
        if let (true, Ok(days)) = (open, i32::try_from(date.0)) {
            dates.push(days);
        }
    }
    dates
}

/// Every limit for one payment, in euro cents.
fn payment_limits_eur_cents(arrangement: &Arrangement, currencies: &[Currency]) -> Vec<u64> {
    let mut limits = Vec::new();
    for limit in &arrangement.limits {
        let (LimitKind::PerPayment, Some(value)) = (limit.kind, limit.value) else {
            continue;
        };
        let owner = arrangement.directory.owner(limit.account);
        let Some(currency) = owner.and_then(|(_, currency)| currencies.get(currency.at())) else {
            continue;
        };
        let cents = u128::from(value.unsigned_abs()) * 100 * 1_000_000
            / (10_u128.pow(u32::from(currency.exponent)) * u128::from(currency.micro_units_per_eur));
        limits.push(u64::try_from(cents).unwrap_or(u64::MAX));
    }
    limits
}
