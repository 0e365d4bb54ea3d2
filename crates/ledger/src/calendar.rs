//! Business days of a currency: a weekly pattern and the dates that differ from it.
//!
//! A make-up workday is an exception that opens a weekend date. Absent on purpose: holidays by rule; dates are data.

use alloc::collections::BTreeMap;

use crate::ids::Day;
use crate::wire::wire_struct;

/// Open and closed dates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Weekdays that are closed: bit 0 Monday to bit 6 Sunday.
    pub weekend: u8,
    /// Dates that differ from the weekly pattern: true is open (a make-up workday), false closed (a holiday).
    pub exceptions: BTreeMap<Day, bool>,
}
wire_struct!(Calendar { weekend, exceptions });

/// Saturday and Sunday.
pub const WEEKEND_SAT_SUN: u8 = 0b110_0000;

impl Calendar {
    /// Whether the date is a business day.
    #[must_use]
    pub fn is_open(&self, day: Day) -> bool {
        match self.exceptions.get(&day) {
            Some(open) => *open,
            None => self.weekend >> day.weekday() & 1 == 0,
        }
    }
}

/// Looking farther than this for an open date means the calendars never meet.
const SEARCH_DAYS_MAX: u32 = 400;

/// The date `count` joint business days after `from`: days on which both calendars are open.
///
/// Returns `None` when the calendars share too few open days within a year.
#[must_use]
pub fn joint_business_day(a: &Calendar, b: &Calendar, from: Day, count: u32) -> Option<Day> {
    let mut day = from;
    let mut left = count;
    for _ in 0..SEARCH_DAYS_MAX {
        if left == 0 {
            return Some(day);
        }
        day = day.next();
        if a.is_open(day) && b.is_open(day) {
            left -= 1;
        }
    }
    None
}
