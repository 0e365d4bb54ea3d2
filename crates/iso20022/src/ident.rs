//! Identifiers with a form or check digits: BIC (ISO 9362), LEI (ISO 17442), IBAN (ISO 13616), UETR (RFC 4122 version 4).

use crate::country;
use std::fmt;

/// A business identifier code: 8 or 11 characters. Two codes are equal when their text is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bic([u8; 11]);

impl Bic {
    /// Reads an ISO 9362 code: four letters or digits, a country code of ISO 3166, two letters or digits, and optionally a branch of three.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !matches!(bytes.len(), 8 | 11) || !bytes.iter().all(|b| is_upper_or_digit(*b)) {
            return None;
        }
        if !country::is_known(bytes.get(4..6)?) {
            return None;
        }
        let mut code = [0; 11];
        code.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self(code))
    }

    /// The code as text, 8 or 11 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = if self.0[8] == 0 { 8 } else { 11 };
        std::str::from_utf8(&self.0[..length]).unwrap_or("")
    }

    /// The first eight characters: the institution without its branch.
    #[must_use]
    pub fn institution(&self) -> &str {
        std::str::from_utf8(&self.0[..8]).unwrap_or("")
    }

    /// The ISO 3166 country code inside the BIC.
    #[must_use]
    pub fn country(&self) -> &str {
        std::str::from_utf8(&self.0[4..6]).unwrap_or("")
    }
}

impl fmt::Display for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A legal entity identifier: 18 letters or digits and two check digits, remainder 1 modulo 97.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lei([u8; 20]);

impl Lei {
    /// Reads an ISO 17442 identifier and verifies its check digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code: [u8; 20] = text.as_bytes().try_into().ok()?;
        let form = code.iter().all(|b| is_upper_or_digit(*b)) && code[18].is_ascii_digit() && code[19].is_ascii_digit();
        (form && mod_97(code.iter().copied()) == Some(1)).then_some(Self(code))
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Display for Lei {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Lei {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A unique end-to-end transaction reference: a version 4 UUID as one 128-bit integer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uetr(pub u128);

impl Uetr {
    /// Reads the canonical lower-case form. `None` unless version (4) and variant (8, 9, a or b) are right.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
        let mut value: u128 = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if matches!(at, 8 | 13 | 18 | 23) {
                if *byte != b'-' {
                    return None;
                }
                continue;
            }
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                _ => return None,
            };
            value = (value << 4) | u128::from(digit);
        }
        Self::from_u128(value)
    }

    /// The reference with this value. `None` unless it is a version 4 UUID.
    #[must_use]
    pub fn from_u128(value: u128) -> Option<Self> {
        let version = (value >> 76) & 0xf;
        let variant = (value >> 62) & 0x3;
        (version == 4 && variant == 2).then_some(Self(value))
    }

    /// The canonical text: 36 bytes of lower-case hexadecimal digits and hyphens.
    #[must_use]
    pub fn to_text(self) -> [u8; 36] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'-'; 36];
        let mut rest = self.0;
        for (at, byte) in text.iter_mut().enumerate().rev() {
            if !matches!(at, 8 | 13 | 18 | 23) {
                *byte = DIGITS[usize::from(rest.to_le_bytes()[0] & 0xf)];
                rest >>= 4;
            }
        }
        text
    }
}

impl fmt::Display for Uetr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.to_text()).unwrap_or(""))
    }
}

impl fmt::Debug for Uetr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is wrong with an IBAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IbanError {
    /// Not two letters, two digits and up to thirty letters or digits.
    Form,
    /// The country has a registered length and this text has another; the registered length is given.
    Length(u8),
    /// The check digits are wrong.
    CheckDigits,
}

/// Verifies an ISO 13616 account number: form, the length registered for its country, and the remainder 1 modulo 97.
/// A country without an entry in the IBAN registry passes on form and check digits alone.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_iban(text: &str) -> Result<(), IbanError> {
    let bytes = text.as_bytes();
    let (head, body) = bytes.split_at_checked(4).ok_or(IbanError::Form)?;
    let &[c1, c2, d1, d2] = head else {
        return Err(IbanError::Form);
    };
    let form = c1.is_ascii_uppercase()
        && c2.is_ascii_uppercase()
        && d1.is_ascii_digit()
        && d2.is_ascii_digit()
        && (1..=30).contains(&body.len())
        && body.iter().all(u8::is_ascii_alphanumeric);
    if !form {
        return Err(IbanError::Form);
    }
    if let Some(length) = country::iban_length(&[c1, c2])
        && usize::from(length) != bytes.len()
    {
        return Err(IbanError::Length(length));
    }
    if mod_97(body.iter().chain(head).copied()) != Some(1) {
        return Err(IbanError::CheckDigits);
    }
    Ok(())
}

/// Remainder modulo 97 of the text read as ISO 7064 prescribes: digits as they are, letters as 10 to 35.
fn mod_97(text: impl Iterator<Item = u8>) -> Option<u32> {
    let mut remainder = 0;
    for byte in text {
        remainder = match byte {
            b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
            b'A'..=b'Z' => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
            b'a'..=b'z' => (remainder * 100 + u32::from(byte - b'a') + 10) % 97,
            _ => return None,
        };
    }
    Some(remainder)
}

fn is_upper_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bic_has_a_form_and_a_country() {
        for good in ["XXXXCNBA", "XXXXRUMM", "XXXXKZKAXXX", "1A2BINBB123"] {
            assert_eq!(Bic::parse(good).expect(good).as_str(), good);
        }
        for bad in ["XXXXCNB", "XXXXZZBA", "xxxxCNBA", "XXXXCNBAXX", "XXXX1NBA", "", "XXXXCNBAXXXX"] {
            assert_eq!(Bic::parse(bad), None, "{bad}");
        }
        assert_eq!(Bic::parse("XXXXKZKAXXX").map(|b| b.institution().to_owned()), Some("XXXXKZKA".to_owned()));
    }

    #[test]
    fn check_digits_catch_every_single_character_error() {
        let lei = "XXXX00INVENTED00X088";
        let found = (0..100)
            .map(|n| format!("{}{n:02}", &lei[..18]))
            .find(|l| Lei::parse(l).is_some())
            .expect("one pair of check digits fits");
        for at in 0..18 {
            let mut other = found.clone().into_bytes();
            other[at] = if other[at] == b'7' { b'3' } else { b'7' };
            let other = String::from_utf8(other).expect("ascii");
            assert_eq!(Lei::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn an_iban_has_the_length_of_its_country_and_check_digits() {
        // The example numbers of the IBAN registry.
        for good in
            ["GB29NWBK60161331926819", "KZ86125KZT5004100100", "BY13NBRB3600900000002Z00AB00", "DE89370400440532013000"]
        {
            assert_eq!(check_iban(good), Ok(()), "{good}");
        }
        assert_eq!(check_iban("GB28NWBK60161331926819"), Err(IbanError::CheckDigits));
        assert_eq!(check_iban("GB29NWBK6016133192681"), Err(IbanError::Length(22)));
        assert_eq!(check_iban("gb29"), Err(IbanError::Form));
        assert_eq!(check_iban("GB29"), Err(IbanError::Form));
    }

    #[test]
    fn a_uetr_is_a_version_4_uuid() {
        let text = "eb6305c9-1f7f-49de-aed0-16487c27b42d";
        let uetr = Uetr::parse(text).expect("version 4");
        assert_eq!(uetr.to_string(), text);
        for bad in [
            "eb6305c9-1f7f-19de-aed0-16487c27b42d",
            "eb6305c9-1f7f-49de-7ed0-16487c27b42d",
            "EB6305C9-1F7F-49DE-AED0-16487C27B42D",
            "eb6305c91f7f49deaed016487c27b42d",
            "",
        ] {
            assert_eq!(Uetr::parse(bad), None, "{bad}");
        }
    }
}
