//! Data types: whether a text is a value of one, and if not, which rule refuses it and why.
//!
//! Beyond the schema, on purpose: country codes must be assigned, and LEI and IBAN carry check digits.

use super::Content;
use crate::amount::{AmountError, Decimal};
use crate::country;
use crate::ident::{Bic, IbanError, Lei, Uetr, check_iban};
use crate::problem::Rule;
use crate::time::{Date, TimeOfDay, Timestamp};

/// A data type of text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Facet {
    Text {
        min: u32,
        max: u32,
    },
    Code(&'static [&'static str]),
    Digits {
        min: u32,
        max: u32,
    },
    Alphanumeric {
        min: u32,
        max: u32,
    },
    Decimal {
        total: u8,
        fraction: u8,
        positive: bool,
    },
    Date,
    DateTime,
    Time,
    /// A calendar year of four digits.
    Year,
    /// Hexadecimal digits, capitals alone or both.
    Hexadecimal {
        min: u32,
        max: u32,
        capitals: bool,
    },
    /// Base 64 of `min` to `max` bytes.
    Base64 {
        min: u32,
        max: u32,
    },
    Boolean,
    Currency,
    Country,
    Bic,
    /// The form before 2014: letters alone in the first six places.
    Bic2007,
    Lei,
    Iban,
    Uuid,
    Phone,
}

/// Why a text is not a value of a data type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) rule: Rule,
    pub(crate) message: String,
}

fn fault(rule: Rule, message: impl Into<String>) -> Fault {
    Fault { rule, message: message.into() }
}

impl Facet {
    /// Checks a value. White space around values that are not plain text does not count, as in XML Schema.
    pub(crate) fn check(self, text: &str) -> Result<(), Fault> {
        match self {
            Self::Text { min, max } => {
                // A text of n bytes has at most n characters and at least a quarter of that: most texts need no counting.
                let bytes = text.len() as u64;
                let surely = bytes.div_ceil(4) >= u64::from(min) && bytes <= u64::from(max);
                if surely || length_fits(text, min, max) {
                    Ok(())
                } else {
                    Err(fault(Rule::Value, length_message(text, min, max)))
                }
            }
            Self::Code(codes) => {
                if codes.contains(&text) {
                    Ok(())
                } else {
                    Err(fault(Rule::Value, format!("is none of {}", codes.join(", "))))
                }
            }
            Self::Digits { min, max } => {
                if length_fits(text, min, max) && text.bytes().all(|b| b.is_ascii_digit()) {
                    Ok(())
                } else {
                    Err(fault(Rule::Value, format!("is not {} digits", count(min, max))))
                }
            }
            Self::Alphanumeric { min, max } => {
                if length_fits(text, min, max) && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    Ok(())
                } else {
                    Err(fault(Rule::Value, format!("is not {} letters or digits", count(min, max))))
                }
            }
            Self::Decimal { total, fraction, positive } => check_decimal(trim(text), total, fraction, positive),
            Self::Date => Date::parse(trim(text)).map(drop).ok_or_else(|| fault(Rule::DateValue, "is not a date")),
            Self::DateTime => {
                Timestamp::parse(trim(text)).map(drop).ok_or_else(|| fault(Rule::DateValue, "is not a date and time"))
            }
            Self::Time => TimeOfDay::parse(trim(text)).map(drop).ok_or_else(|| fault(Rule::DateValue, "is not a time")),
            Self::Year => Date::parse(&format!("{}-01-01", trim(text)))
                .map(drop)
                .ok_or_else(|| fault(Rule::DateValue, "is not a year")),
            Self::Hexadecimal { min, max, capitals } => {
                let good = |b: u8| b.is_ascii_hexdigit() && !(capitals && b.is_ascii_lowercase());
                if length_fits(text, min, max) && text.bytes().all(good) {
                    Ok(())
                } else {
                    Err(fault(Rule::Value, "is not a hexadecimal number of the right length"))
                }
            }
            Self::Base64 { min, max } => {
                if base64_length(text).is_some_and(|length| (min..=max).contains(&length)) {
                    Ok(())
                } else {
                    let message = format!("is not base 64 of {} bytes", count(min, max));
                    Err(fault(Rule::Value, message))
                }
            }
            Self::Boolean => {
                if matches!(trim(text), "true" | "false" | "1" | "0") {
                    Ok(())
                } else {
                    Err(fault(Rule::Value, "is neither true nor false"))
                }
            }
            Self::Currency => check_currency(text),
            Self::Country => {
                if country::is_known(text.as_bytes()) {
                    Ok(())
                } else {
                    Err(fault(Rule::Country, "is not a country code of ISO 3166"))
                }
            }
            Self::Bic => check_bic(text, false),
            Self::Bic2007 => check_bic(text, true),
            Self::Lei => {
                Lei::parse(text).map(drop).ok_or_else(|| fault(Rule::Lei, "is not an LEI with right check digits"))
            }
            Self::Iban => check_iban(text).map_err(|error| {
                fault(
                    Rule::Iban,
                    match error {
                        IbanError::Form => "is not in the form of an IBAN".to_owned(),
                        IbanError::Length(length) => {
                            format!("has {} characters, an IBAN of this country has {length}", text.len())
                        }
                        IbanError::CheckDigits => "has wrong check digits".to_owned(),
                    },
                )
            }),
            Self::Uuid => {
                Uetr::parse(text).map(drop).ok_or_else(|| fault(Rule::Uetr, "is not a version 4 UUID in lower case"))
            }
            Self::Phone => {
                if is_phone(text.as_bytes()) {
                    Ok(())
                } else {
                    Err(fault(Rule::Value, "is not a telephone number such as +86-1012345678"))
                }
            }
        }
    }
}

/// Checks the number of an amount: the schema's `decimal 18 5`, zero or more.
pub(crate) fn check_amount(text: &str) -> Result<(), Fault> {
    let fault_of_sign = |mut fault: Fault| {
        if trim(text).starts_with('-') && Decimal::parse(trim(text)).is_ok() {
            fault.rule = Rule::AmountPositive;
        }
        fault
    };
    check_decimal(trim(text), 18, 5, true).map_err(fault_of_sign)
}

/// Checks a currency: three letters that are an active code.
pub(crate) fn check_currency(code: &str) -> Result<(), Fault> {
    crate::currency::CurrencyCode::parse(code)
        .map(drop)
        .ok_or_else(|| fault(Rule::Currency, "is not an active currency code of ISO 4217"))
}

/// White space as XML Schema collapses it.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

fn check_bic(text: &str, letters_only: bool) -> Result<(), Fault> {
    let old_form = |first_eight: &str| match first_eight.as_bytes() {
        [institution_and_country @ .., g, h] if institution_and_country.len() == 6 => {
            institution_and_country.iter().all(u8::is_ascii_uppercase) && !matches!(g, b'0' | b'1') && *h != b'O'
        }
        _ => false,
    };
    let form = Bic::parse(text).is_some() && (!letters_only || text.get(..8).is_some_and(old_form));
    if form { Ok(()) } else { Err(fault(Rule::Bic, "is not in the form of ISO 9362")) }
}

fn check_decimal(text: &str, total: u8, fraction: u8, positive: bool) -> Result<(), Fault> {
    let too_many =
        || fault(Rule::Value, format!("has more than {total} digits, or more than {fraction} of them after the point"));
    match Decimal::parse(text) {
        Err(AmountError::TooManyDigits) => Err(too_many()),
        Err(_) => Err(fault(Rule::Value, "is not a decimal number")),
        Ok(decimal) => {
            if positive && decimal.mantissa < 0 {
                return Err(fault(Rule::Value, "is below zero"));
            }
            let limit = crate::amount::pow10(total);
            if decimal.scale > fraction || decimal.mantissa.abs() >= limit {
                return Err(too_many());
            }
            Ok(())
        }
    }
}

/// Number of bytes that a base 64 text stands for; white space does not count.
fn base64_length(text: &str) -> Option<u32> {
    let digits = text.bytes().filter(|b| !b.is_ascii_whitespace());
    let all = u32::try_from(digits.clone().count()).ok()?;
    let padding = u32::try_from(digits.clone().rev().take_while(|b| *b == b'=').count()).ok()?;
    let good = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
    let body = all.checked_sub(padding)?;
    let form = all.is_multiple_of(4) && padding <= 2 && digits.take(body as usize).all(good);
    form.then_some(body * 3 / 4)
}

fn is_phone(bytes: &[u8]) -> bool {
    let Some(rest) = bytes.strip_prefix(b"+") else {
        return false;
    };
    let country = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let Some((b'-', number)) = rest.get(country..).and_then(<[u8]>::split_first) else {
        return false;
    };
    (1..=3).contains(&country)
        && (1..=30).contains(&number.len())
        && number.iter().all(|b| b.is_ascii_digit() || b"()+-".contains(b))
}

fn length_fits(text: &str, min: u32, max: u32) -> bool {
    let characters = text.chars().count() as u64;
    (u64::from(min)..=u64::from(max)).contains(&characters)
}

fn length_message(text: &str, min: u32, max: u32) -> String {
    let characters = text.chars().count();
    if characters == 0 {
        "is empty".to_owned()
    } else if characters as u64 > u64::from(max) {
        format!("has {characters} characters, the limit is {max}")
    } else {
        format!("has {characters} characters, it needs {min}")
    }
}

fn count(min: u32, max: u32) -> String {
    if min == max { min.to_string() } else { format!("{min} to {max}") }
}

/// Reads the form of a data type from the words of its line.
pub(super) fn content(words: &[&'static str]) -> Content {
    let facet = match words {
        ["text", range] => {
            let (min, max) = self::range(range, "..");
            Facet::Text { min, max }
        }
        ["digits", range] => {
            let (min, max) = self::range(range, "..");
            Facet::Digits { min, max }
        }
        ["alphanumeric", range] => {
            let (min, max) = self::range(range, "..");
            Facet::Alphanumeric { min, max }
        }
        // The tables live as long as the program, so their code lists may too.
        ["hexadecimal", range] => {
            let (min, max) = self::range(range, "..");
            Facet::Hexadecimal { min, max, capitals: false }
        }
        ["hexadecimal-capitals", range] => {
            let (min, max) = self::range(range, "..");
            Facet::Hexadecimal { min, max, capitals: true }
        }
        ["base64", range] => {
            let (min, max) = self::range(range, "..");
            Facet::Base64 { min, max }
        }
        ["code", codes @ ..] => Facet::Code(codes.to_vec().leak()),
        ["decimal", total, fraction, sign @ ..] => Facet::Decimal {
            total: total.parse().expect("a number of digits"),
            fraction: fraction.parse().expect("a number of digits"),
            positive: sign == ["positive"],
        },
        ["date"] => Facet::Date,
        ["datetime"] => Facet::DateTime,
        ["time"] => Facet::Time,
        ["year"] => Facet::Year,
        ["boolean"] => Facet::Boolean,
        ["currency"] => Facet::Currency,
        ["country"] => Facet::Country,
        ["bic"] => Facet::Bic,
        ["bic2007"] => Facet::Bic2007,
        ["lei"] => Facet::Lei,
        ["iban"] => Facet::Iban,
        ["uuid4"] => Facet::Uuid,
        ["phone"] => Facet::Phone,
        ["amount"] => return Content::Amount,
        ["any"] => return Content::Any,
        other => panic!("{other:?} is not a data type"),
    };
    Content::Text(facet)
}

/// Reads `min..max` or `min,max`; a star is no limit.
pub(super) fn range(text: &str, between: &str) -> (u32, u32) {
    let (min, max) = text.split_once(between).expect("a range has two ends");
    let max = if max == "*" { u32::MAX } else { max.parse().expect("the end of a range is a number") };
    (min.parse().expect("the start of a range is a number"), max)
}
