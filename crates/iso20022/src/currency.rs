//! ISO 4217: which currency codes are in use, and how many decimals each has.
//!
//! Deliberately absent: historic codes, precious metals and the testing code `XTS`. A payment cannot settle in them.

use std::fmt;

/// An ISO 4217 alphabetic code, three upper-case letters. [`CurrencyCode::parse`] accepts active codes only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrencyCode(pub [u8; 3]);

impl CurrencyCode {
    /// Reads an active code. `None` when the text is not an active ISO 4217 code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code: [u8; 3] = text.as_bytes().try_into().ok()?;
        Self(code).exponent().map(|_| Self(code))
    }

    /// Number of decimals of the minor unit, 0 to 4. `None` when the code is not active.
    #[must_use]
    pub fn exponent(self) -> Option<u8> {
        let at = slot(self.0)?;
        match EXPONENT_BY_CODE.get(at) {
            Some(&NOT_ACTIVE) | None => None,
            Some(&exponent) => Some(exponent),
        }
    }

    /// The code as text.
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

impl fmt::Display for CurrencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Active codes by number of decimals (ISO 4217, list one, funds codes included where money can be held in them).
const ACTIVE: [(u8, &str); 5] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
    // Kept so that the table says in one place that no active currency has a single decimal.
    (1, ""),
];

const NOT_ACTIVE: u8 = u8::MAX;

/// One byte for each of the 26 x 26 x 26 possible codes: its exponent, or `NOT_ACTIVE`.
static EXPONENT_BY_CODE: [u8; 17_576] = exponent_table();

const fn exponent_table() -> [u8; 17_576] {
    let mut table = [NOT_ACTIVE; 17_576];
    let mut group = 0;
    while group < ACTIVE.len() {
        let (exponent, codes) = ACTIVE[group];
        let codes = codes.as_bytes();
        let mut at = 0;
        while at + 3 <= codes.len() {
            match slot([codes[at], codes[at + 1], codes[at + 2]]) {
                Some(index) => table[index] = exponent,
                None => panic!("a currency code in the table is not three letters"),
            }
            at += 4;
        }
        group += 1;
    }
    table
}

const fn slot(code: [u8; 3]) -> Option<usize> {
    let [a, b, c] = code;
    if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_uppercase() {
        Some(((a - b'A') as usize * 26 + (b - b'A') as usize) * 26 + (c - b'A') as usize)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_follow_iso_4217() {
        for (code, exponent) in [("JPY", 0), ("CNY", 2), ("RUB", 2), ("KZT", 2), ("KWD", 3), ("CLF", 4)] {
            assert_eq!(CurrencyCode::parse(code).and_then(CurrencyCode::exponent), Some(exponent), "{code}");
        }
    }

    #[test]
    fn unknown_and_historic_codes_are_refused() {
        for code in ["DEM", "ABC", "cny", "CN", "CNYX", "XAU", "XTS", ""] {
            assert_eq!(CurrencyCode::parse(code), None, "{code}");
        }
    }
}
