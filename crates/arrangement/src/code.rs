//! Codes of fixed length: ISO 3166 countries, ISO 4217 currencies, ISO 9362 BICs.
//!
//! Absent on purpose: registers of countries and banks. The form is checked here; whether a code is known to the
//! arrangement is checked where it is used.

use core::fmt;

/// A code of `N` ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<const N: usize>([u8; N]);

/// ISO 3166-1 alpha-2 country, such as `KZ`.
pub type Country = Code<2>;
/// ISO 4217 alphabetic currency code, such as `KZT`.
pub type CurrencyCode = Code<3>;
/// ISO 9362 business identifier code, always eleven characters: the eight-character form is padded with `XXX`.
pub type Bic = Code<11>;

impl<const N: usize> Code<N> {
    /// The characters as bytes, as the ledger stores them.
    #[must_use]
    pub const fn bytes(self) -> [u8; N] {
        self.0
    }

    /// The characters as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so this never falls back.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `N` capital letters, or nothing.
    fn letters(text: &str) -> Option<Self> {
        let bytes: [u8; N] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }
}

impl Country {
    /// Two capital letters, or nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::letters(text)
    }
}

impl CurrencyCode {
    /// Three capital letters, or nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::letters(text)
    }
}

impl Bic {
    /// Eight or eleven characters: four capitals or digits (party), two capitals (country), two capitals or digits
    /// (location), and, with eleven, three capitals or digits (branch). ISO 9362:2022.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 8 && bytes.len() != 11 {
            return None;
        }
        let formed = bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_uppercase() || (byte.is_ascii_digit() && at != 4 && at != 5));
        let mut padded = *b"XXXXXXXXXXX";
        padded.get_mut(..bytes.len())?.copy_from_slice(bytes);
        formed.then_some(Self(padded))
    }

    /// The country letters, characters five and six.
    #[must_use]
    pub const fn country(self) -> Country {
        Code([self.0[4], self.0[5]])
    }
}

impl<const N: usize> fmt::Display for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bics_have_eight_or_eleven_characters() {
        assert_eq!(Bic::parse("XXXXCNB1").map(|b| b.to_string()), Some("XXXXCNB1XXX".into()));
        assert_eq!(Bic::parse("XXXXCNB1007").map(Bic::country), Country::parse("CN"));
        for bad in ["", "XXXXCNB", "xxxxcnb1", "XXXX1NB1", "XXXXCNB1X", "XXXXCNB1ÄÄ", "XXXX CNB"] {
            assert_eq!(Bic::parse(bad), None, "{bad}");
        }
    }
}
