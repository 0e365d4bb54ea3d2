//! What the generator is told: banks, countries, currencies, hours, shares. Everything is an integer.

use super::trade;
use std::fmt;

/// An ISO 3166 country code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// The first two bytes of the text; missing ones become `?`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(first_bytes(text))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode([u8; 3]);

impl CurrencyCode {
    /// The first three bytes of the text; missing ones become `?`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(first_bytes(text))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

impl fmt::Debug for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn first_bytes<const N: usize>(text: &str) -> [u8; N] {
    let mut code = [b'?'; N];
    for (to, from) in code.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    code
}

/// Place of a currency in [`Options::currencies`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyIndex(pub u8);

impl CurrencyIndex {
    /// As an index of a slice.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// A bank that sends and receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// Its BIC, 8 or 11 characters.
    pub bic: String,
    /// Its name.
    pub name: String,
    /// Its country, one of [`Options::countries`].
    pub country: CountryCode,
    /// Its share of the country's traffic, in any unit.
    pub weight: u64,
    /// The currencies in which it has a settlement account.
    pub currencies: Vec<CurrencyCode>,
    /// Whether it is suspended: then it takes part only in deliberately bad payments.
    pub suspended: bool,
}

/// A country: its money and its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// Its code.
    pub code: CountryCode,
    /// Its own currency, one of [`Options::currencies`].
    pub currency: CurrencyCode,
    /// Local time minus UTC, minutes.
    pub utc_offset_minutes: i16,
}

/// A currency and its value, used only to turn tickets in euro into amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Its code.
    pub code: CurrencyCode,
    /// Decimals of its minor unit (ISO 4217), 0 to 4.
    pub exponent: u8,
    /// Millionths of a unit for one euro.
    pub micro_units_per_eur: u64,
    /// Its own cut-off, microseconds since 1970 UTC: nothing is planned in it from then on. `None`: the common one.
    pub cut_off: Option<i64>,
}

/// An approved rate: the source is debited, the target credited, `target = floor(source * rate / 10^decimals)` in whole units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairRate {
    /// Currency debited.
    pub source: CurrencyCode,
    /// Currency credited.
    pub target: CurrencyCode,
    /// Units of the target for one of the source, times `10^decimals`.
    pub rate: u64,
    /// Decimals of the rate, at most 10.
    pub decimals: u8,
    /// The bank that gives one currency for the other, where it is one of the list: it does not convert for itself.
    pub provider: Option<super::planned::BankIndex>,
}

/// Trade from one country to another. The importer pays the exporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Who delivers and is paid.
    pub exporter: CountryCode,
    /// Who receives and pays.
    pub importer: CountryCode,
    /// Weight: thousands of US dollars.
    pub usd_thousand: u64,
}

/// The ticket sizes: log-normal, cut at both ends by drawing again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tickets {
    /// Median of the uncut distribution, euro cents.
    pub median_eur_cents: u64,
    /// Standard deviation of the logarithm, thousandths.
    pub ln_sd_milli: u32,
    /// Smallest ticket, euro cents.
    pub floor_eur_cents: u64,
    /// Largest ticket, euro cents.
    pub cut_eur_cents: u64,
}

/// How many lines of a thousand are of a kind; the rest are customer credit transfers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// Institutions for themselves.
    pub institution: u32,
    /// Payments versus payment; each adds a second line.
    pub pvp: u32,
    /// With conversion.
    pub conversion: u32,
    /// Customers' orders.
    pub initiation: u32,
    /// Returns of earlier payments.
    pub returned: u32,
    /// Requests to give back.
    pub recall: u32,
    /// Questions about accounts.
    pub verification: u32,
    /// Of customer and institution payments: urgent.
    pub urgent: u32,
    /// Of customer payments: with a later value date.
    pub future: u32,
    /// Of customer payments: with an earliest or a latest time.
    pub timed: u32,
}

/// Everything the generator is told. The same options give the same lines on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The seed.
    pub seed: u64,
    /// Lines to plan; the second legs of payments versus payment come on top.
    pub payments: u64,
    /// Deliberately bad lines among them.
    pub flaws: u64,
    /// The business date, days since 1970.
    pub business_date: i32,
    /// Later value dates to choose from, days since 1970; business days of all currencies.
    pub future_dates: Vec<i32>,
    /// First instant, microseconds since 1970 UTC.
    pub opens: i64,
    /// Cut-off, microseconds since 1970 UTC; everything is created before it.
    pub closes: i64,
    /// The banks.
    pub banks: Vec<Bank>,
    /// The countries of the banks.
    pub countries: Vec<Country>,
    /// The currencies of the countries and accounts.
    pub currencies: Vec<Currency>,
    /// Approved rates between currencies; empty: no conversions, and payments versus payment at the values in euro.
    pub rates: Vec<PairRate>,
    /// Trade flows: the gravity weights.
    pub flows: Vec<Flow>,
    /// Ticket sizes.
    pub tickets: Tickets,
    /// Shares of the kinds.
    pub mix: Mix,
    /// The amount of a payment that is deliberately above the limit for one payment, euro cents; 0 when there is no such limit.
    pub over_limit_eur_cents: u64,
}

const MICROS_PER_HOUR: i64 = 3_600_000_000;
const HOURS_PER_DAY: i64 = 24;

impl Default for Options {
    /// The demo day: nine countries, 45 banks, 24,000 lines on 25 November 2026, from 10:00 in Beijing (02:00 UTC) to 17:00 in Moscow
    /// (14:00 UTC).
    fn default() -> Self {
        let business_date = 20_782;
        let midnight = i64::from(business_date) * HOURS_PER_DAY * MICROS_PER_HOUR;
        let currencies = demo_currencies();
        Self {
            seed: 1,
            payments: 24_000,
            flaws: 2 * super::FlawKind::ALL.len() as u64,
            business_date,
            future_dates: vec![business_date + 2, business_date + 5],
            opens: midnight + 2 * MICROS_PER_HOUR,
            closes: midnight + 14 * MICROS_PER_HOUR,
            banks: demo_banks(),
            countries: demo_countries(),
            rates: cross_rates(&currencies),
            currencies,
            flows: trade::flows_2019(),
            tickets: Tickets::default(),
            mix: Mix::default(),
            over_limit_eur_cents: 100_000_000_000,
        }
    }
}

impl Default for Tickets {
    /// Median 7,300 EUR and logarithmic deviation 3.67 reproduce what is published of TARGET2 in 2019: 70 % below 50,000 EUR and 9 %
    /// above 1 million (European Central Bank, annual report). Cut at 50 million EUR.
    fn default() -> Self {
        Self { median_eur_cents: 730_000, ln_sd_milli: 3_670, floor_eur_cents: 100, cut_eur_cents: 5_000_000_000 }
    }
}

impl Default for Mix {
    /// Our assumption.
    fn default() -> Self {
        Self {
            institution: 40,
            pvp: 4,
            conversion: 12,
            initiation: 6,
            returned: 5,
            recall: 3,
            verification: 3,
            urgent: 80,
            future: 10,
            timed: 15,
        }
    }
}

/// The nine countries. Offsets: winter 2026, no daylight saving in any of them.
#[must_use]
pub fn demo_countries() -> Vec<Country> {
    [
        ("CN", "CNY", 480),
        ("RU", "RUB", 180),
        ("KZ", "KZT", 300),
        ("BY", "BYN", 180),
        ("AM", "AMD", 240),
        ("KG", "KGS", 360),
        ("MN", "MNT", 480),
        ("UZ", "UZS", 300),
        ("IN", "INR", 330),
    ]
    .into_iter()
    .map(|(code, currency, utc_offset_minutes)| Country {
        code: CountryCode::new(code),
        currency: CurrencyCode::new(currency),
        utc_offset_minutes,
    })
    .collect()
}

/// The nine currencies. Values are figures near the market of autumn 2026, made up for the demo.
#[must_use]
pub fn demo_currencies() -> Vec<Currency> {
    [
        ("CNY", 7_798_200),
        ("RUB", 99_730_000),
        ("KZT", 535_240_000),
        ("BYN", 3_550_000),
        ("AMD", 422_000_000),
        ("KGS", 101_500_000),
        ("MNT", 4_173_500_000),
        ("UZS", 13_712_410_000),
        ("INR", 110_130_000),
    ]
    .into_iter()
    .map(|(code, micro_units_per_eur)| Currency {
        code: CurrencyCode::new(code),
        exponent: 2,
        micro_units_per_eur,
        cut_off: None,
    })
    .collect()
}

/// Five invented banks in each of the nine countries, their sizes by the rank-size rule (1, 1/2, 1/3 ...). The three largest have accounts
/// in all nine currencies, the others in their own, in yuan and in roubles.
#[must_use]
pub fn demo_banks() -> Vec<Bank> {
    const WORDS: [&str; 5] = ["First", "Union", "Steppe", "Harbour", "Garden"];
    let currencies: Vec<CurrencyCode> = demo_currencies().iter().map(|c| c.code).collect();
    let mut banks = Vec::with_capacity(45);
    for country in demo_countries() {
        for (rank, word) in (1_u64..).zip(WORDS) {
            banks.push(Bank {
                bic: format!("XXXX{}B{rank}", country.code.as_str()),
                name: format!("{word} Example Bank of {}", country.code.as_str()),
                country: country.code,
                weight: 60 / rank,
                currencies: currencies
                    .iter()
                    .copied()
                    .filter(|code| rank <= 3 || *code == country.currency || matches!(code.as_str(), "CNY" | "RUB"))
                    .collect(),
                suspended: false,
            });
        }
    }
    banks
}

/// Rates between all currencies from their values in euro, rounded down to ten decimals, or fewer where eleven digits would be exceeded: the limits
/// of the standard's `BaseOneRate`.
#[must_use]
pub fn cross_rates(currencies: &[Currency]) -> Vec<PairRate> {
    let mut rates = Vec::new();
    for source in currencies {
        for target in currencies {
            if source.code == target.code || source.micro_units_per_eur == 0 {
                continue;
            }
            let mut decimals = 10_u8;
            let rate = loop {
                let scaled = u128::from(target.micro_units_per_eur) * 10_u128.pow(u32::from(decimals))
                    / u128::from(source.micro_units_per_eur);
                if scaled < 100_000_000_000 || decimals == 0 {
                    break u64::try_from(scaled).unwrap_or(u64::MAX);
                }
                decimals -= 1;
            };
            if rate > 0 {
                rates.push(PairRate { source: source.code, target: target.code, rate, decimals, provider: None });
            }
        }
    }
    rates
}
