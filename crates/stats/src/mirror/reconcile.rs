//! One value from two reports.
//!
//! Whole numbers throughout. Deliberately absent: distributions over many pairs; see [`super::tell`].

use std::fmt;

/// Greatest value of a report, in minor units.
pub const REPORT_MAX: i64 = 1_000_000_000_000_000;

/// What an importer's value is expected to be, over the exporter's, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factor {
    ten_thousandths: i64,
}

impl Factor {
    /// Freight and insurance of 6 %, as statistics of trade by direction assume where they know nothing better
    /// (International Monetary Fund, Direction of Trade Statistics).
    pub const USUAL: Self = Self { ten_thousandths: 10_600 };

    /// A factor from a decimal number such as `1.06`.
    ///
    /// # Errors
    /// When it is no number from 0.5 to 2 with up to four decimals.
    pub fn parse(text: &str) -> Result<Self, FactorRefused> {
        let refused = || FactorRefused { written: text.to_owned() };
        let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || decimals.len() > 4 || !digits(whole) || !digits(decimals) {
            return Err(refused());
        }
        let ten_thousandths: i64 = format!("{whole}{decimals:0<4}").parse().map_err(|_| refused())?;
        if (5_000..=20_000).contains(&ten_thousandths) { Ok(Self { ten_thousandths }) } else { Err(refused()) }
    }

    /// The factor in ten-thousandths.
    #[must_use]
    pub fn ten_thousandths(self) -> i64 {
        self.ten_thousandths
    }

    /// An importer's value without freight and insurance, to the nearest minor unit, half to even.
    #[must_use]
    pub fn without(self, import: i64) -> i64 {
        let value = crate::price::split::half_even(i128::from(import) * 10_000, self.ten_thousandths.into());
        i64::try_from(value).expect("a report has a limit, and a factor is at least a half")
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:04}", self.ten_thousandths / 10_000, self.ten_thousandths % 10_000);
        to.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A factor that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorRefused {
    /// What was written.
    pub written: String,
}

impl fmt::Display for FactorRefused {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{:?} is no factor from 0.5 to 2 with up to 4 decimals, such as 1.06", self.written)
    }
}

impl std::error::Error for FactorRefused {}

/// How two reports become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The geometric mean of the export and the import without freight.
    Geometric,
    /// The arithmetic mean of both.
    Mean,
    /// The exporter's, else the importer's without freight.
    Exporter,
    /// The importer's without freight, else the exporter's.
    Importer,
    /// The greater of both, because trade is rather missed than invented.
    Greater,
}

impl Method {
    /// Its name in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Geometric => "geometric",
            Self::Mean => "mean",
            Self::Exporter => "exporter",
            Self::Importer => "importer",
            Self::Greater => "greater",
        }
    }
}

/// Whose value a reconciled value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Made of both reports.
    Both,
    /// The exporter's alone.
    Exporter,
    /// The importer's alone, without freight and insurance.
    Importer,
}

impl Whose {
    /// Its name in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Exporter => "exporter",
            Self::Importer => "importer",
        }
    }
}

/// One value from what the exporter and the importer reported; none when neither reported anything.
///
/// A report of zero beside another above zero counts as no report: it rather means that a partner was not told apart.
/// Reports above [`REPORT_MAX`] or below zero are the caller's to refuse.
///
/// # Panics
/// When a report is beyond its limits.
#[must_use]
pub fn reconcile(export: Option<i64>, import: Option<i64>, factor: Factor, method: Method) -> Option<(i64, Whose)> {
    let limits = 0..=REPORT_MAX;
    assert!([export, import].iter().flatten().all(|report| limits.contains(report)), "reports are within their limits");
    let (export, import) = (export.filter(|value| *value > 0), import.filter(|value| *value > 0));
    match (export, import) {
        (None, None) => None,
        (Some(export), None) => Some((export, Whose::Exporter)),
        (None, Some(import)) => Some((factor.without(import), Whose::Importer)),
        (Some(export), Some(import)) => {
            let fob = factor.without(import);
            Some(match method {
                Method::Geometric => (geometric(export, import, factor), Whose::Both),
                Method::Mean => {
                    let sum = i128::from(export) * i128::from(factor.ten_thousandths) + i128::from(import) * 10_000;
                    let mean = crate::price::split::half_even(sum, 2 * i128::from(factor.ten_thousandths));
                    (i64::try_from(mean).expect("a mean is between the two"), Whose::Both)
                }
                Method::Exporter => (export, Whose::Exporter),
                Method::Importer => (fob, Whose::Importer),
                Method::Greater if export >= fob => (export, Whose::Exporter),
                Method::Greater => (fob, Whose::Importer),
            })
        }
    }
}

/// `sqrt(export x import / factor)` to the nearest whole.
fn geometric(export: i64, import: i64, factor: Factor) -> i64 {
    // The root of n / d is the root of n d over d; scaled by d once, all is whole. At most 10^30 x 10^4 x 2 x 10^4.
    let d = i128::from(factor.ten_thousandths);
    let n = i128::from(export) * i128::from(import) * 10_000;
    let root = |value: i128| value.isqrt();
    let down = root(n / d);
    // Nearest: up when n / d >= (down + 1/2)^2, that is 4 n >= d (2 down + 1)^2.
    let up = 4 * n >= d * (2 * down + 1) * (2 * down + 1);
    i64::try_from(if up { down + 1 } else { down }).expect("a mean is between the two")
}
