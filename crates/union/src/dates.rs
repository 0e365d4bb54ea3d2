//! When cycles end and when what they leave is due.
//!
//! Sources: European Payments Union agreement of 1950 (calendar months), Asian Clearing Union rules (two months, payment within
//! four working days), ALADI's reciprocal payments and credits agreement (30 April, 31 August, 31 December; rate announced at
//! least five days before; balances reported within two business days; payment on the eighth day or the next business day),
//! the local currency payments system of Argentina and Brazil (daily, payment the next joint day). Deliberately absent:
//! calendars; the caller says which days are open.

use crate::Refusal;

/// Days since 1 January 1970, in the proleptic Gregorian calendar.
pub type Day = i32;

/// A business day is found within this many days, or the calendar is refused.
pub const CLOSED_DAYS_MAX: Day = 60;

/// How long a cycle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// Each day by itself; 365 a year, leap days counted with the last.
    Daily,
    /// Twelve a year.
    Monthly,
    /// Six a year.
    TwoMonthly,
    /// Three a year: to 30 April, 31 August and 31 December.
    FourMonthly,
    /// One a year.
    Yearly,
}

impl Length {
    /// All of them, the shortest first.
    pub const ALL: [Self; 5] = [Self::Daily, Self::Monthly, Self::TwoMonthly, Self::FourMonthly, Self::Yearly];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Monthly => "monthly",
            Self::TwoMonthly => "two-monthly",
            Self::FourMonthly => "four-monthly",
            Self::Yearly => "yearly",
        }
    }

    /// Cycles in a year.
    #[must_use]
    pub const fn a_year(self) -> u16 {
        match self {
            Self::Daily => 365,
            Self::Monthly => 12,
            Self::TwoMonthly => 6,
            Self::FourMonthly => 3,
            Self::Yearly => 1,
        }
    }

    /// The last day of cycle `index` of a year, counted from 0; none past the end of the year.
    #[must_use]
    pub fn end(self, year: i32, index: u16) -> Option<Day> {
        if index >= self.a_year() {
            return None;
        }
        let index = i32::from(index);
        match self {
            Self::Daily if index == 364 => day(year, 12, 31),
            Self::Daily => Some(day(year, 1, 1)? + index),
            Self::Monthly | Self::TwoMonthly | Self::FourMonthly | Self::Yearly => {
                let months = 12 / i32::from(self.a_year()) * (index + 1);
                let first_after = if months == 12 { day(year + 1, 1, 1)? } else { day(year, months + 1, 1)? };
                Some(first_after - 1)
            }
        }
    }
}

/// The day of a date; none if there is no such date between the years 1 and 9999.
#[must_use]
pub fn day(year: i32, month: i32, of_month: i32) -> Option<Day> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    // The first of January of year 10000 exists as the day after the last cycle.
    if !(1..=10_000).contains(&year) || !(1..=lengths[month - 1]).contains(&of_month) {
        return None;
    }
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    let months: i32 = lengths[..month - 1].iter().sum();
    Some(years + months + of_month - 1 - 719_162)
}

/// When something is due after a cycle ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    /// This many business days after the end.
    BusinessDays(u8),
    /// This many days after the end, or the next business day.
    DaysThenOpen(u8),
}

impl Due {
    /// The day it is due, when the cycle ended on `end`.
    ///
    /// # Errors
    /// [`Refusal::Exceeds`] when no day is open for [`CLOSED_DAYS_MAX`] days.
    pub fn after(self, end: Day, is_open: impl Fn(Day) -> bool) -> Result<Day, Refusal> {
        match self {
            Self::BusinessDays(count) => (0..count).try_fold(end, |day, _| open_from(day.saturating_add(1), &is_open)),
            Self::DaysThenOpen(days) => open_from(end.saturating_add(days.into()), &is_open),
        }
    }
}

/// The last day on which a rate may be announced that needs `notice_days` before the cycle ends.
#[must_use]
pub fn announce_by(end: Day, notice_days: u8) -> Day {
    end.saturating_sub(notice_days.into())
}

fn open_from(day: Day, is_open: &impl Fn(Day) -> bool) -> Result<Day, Refusal> {
    let found = (0..CLOSED_DAYS_MAX).map(|past| day.saturating_add(past)).find(|day| is_open(*day));
    let limit = CLOSED_DAYS_MAX.into();
    found.ok_or(Refusal::Exceeds { field: "days without a business day", value: limit, limit: limit - 1 })
}
