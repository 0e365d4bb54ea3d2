//! Growth, swap, refinancing, rising share, recycling, permitted uses, residual methods.
//!
//! Absent on purpose: anything that several of them say together; each stands alone.

use comity_union::Share;
use comity_union::charge::DayCount;
use comity_union::preset::{
    Excess, GrowthRule, Key, RecyclingRule, Refinancing, Rising, SwapRule, Unable, Use, UseRule,
};
use comity_union::residual::{Kind, Method};
use comity_union::ruleset::CYCLE_COUNT_MAX;
use comity_union::schedule::RemainderIn;

use super::read::{count, rate, share, side, word};
use crate::read_toml::{Need, Table};

/// What was read; what is not there or wrong is none.
pub(super) struct Persistent {
    pub(super) growth: Option<GrowthRule>,
    pub(super) swap: Option<SwapRule>,
    pub(super) refinancing: Option<Refinancing>,
    pub(super) rising: Option<Rising>,
    pub(super) recycling: Option<RecyclingRule>,
    pub(super) uses: Vec<UseRule>,
    pub(super) residual: Vec<Method>,
}

pub(super) fn read(root: &Table<'_>) -> Persistent {
    Persistent {
        growth: part(root, "growth", growth),
        swap: part(root, "swap", swap),
        refinancing: part(root, "refinancing", refinancing),
        rising: part(root, "rising", rising),
        recycling: part(root, "recycling", recycling),
        uses: root.tables("use", Need::May).into_iter().filter_map(a_use).collect(),
        residual: root.tables("residual", Need::Must).into_iter().filter_map(method).collect(),
    }
}

/// A table that may be left out.
fn part<T>(root: &Table<'_>, key: &'static str, read: fn(&Table<'_>) -> Option<T>) -> Option<T> {
    let table = root.table(key, Need::May);
    if table.is_absent() {
        return None;
    }
    let found = read(&table);
    table.finish();
    found
}

fn growth(table: &Table<'_>) -> Option<GrowthRule> {
    let limit = share(table, "share", Need::Must);
    let excess = word(table, "excess", Need::Must, &Excess::ALL, Excess::word);
    Some(GrowthRule { share: limit?.value, excess: excess? })
}

fn swap(table: &Table<'_>) -> Option<SwapRule> {
    let limit = share(table, "share", Need::Must);
    let cycles = count(table, "cycles", Need::Must, 1, CYCLE_COUNT_MAX);
    Some(SwapRule { share: limit?.value, cycles: cycles? })
}

fn refinancing(table: &Table<'_>) -> Option<Refinancing> {
    let instalments = count(table, "instalments", Need::Must, 1, CYCLE_COUNT_MAX);
    let part = share(table, "share", Need::Must);
    Some(Refinancing { instalments: instalments?, share: part?.value })
}

fn rising(table: &Table<'_>) -> Option<Rising> {
    let side = side(table, Need::Must);
    let above = share(table, "above", Need::Must);
    let after = count(table, "after", Need::Must, 0, CYCLE_COUNT_MAX);
    let step = share(table, "step", Need::Must);
    let most = share(table, "most", Need::Must);
    Some(Rising { side: side?, above: above?.value, after: after?, step: step?.value, most: most?.value })
}

fn recycling(table: &Table<'_>) -> Option<RecyclingRule> {
    let above = share(table, "above", Need::Must);
    let part = share(table, "share", Need::Must);
    let key = word(table, "key", Need::Must, &Key::ALL, Key::word);
    let instalments = count(table, "instalments", Need::Must, 1, CYCLE_COUNT_MAX);
    let rate = rate(table, "rate", Need::Must);
    let counts = [DayCount::Act360, DayCount::Act365];
    let day_count = word(table, "day_count", Need::Must, &counts, |count| match count {
        DayCount::Act360 => "act/360",
        DayCount::Act365 => "act/365",
    });
    let remainder =
        word(table, "remainder", Need::Must, &[RemainderIn::First, RemainderIn::Last], |remainder| match remainder {
            RemainderIn::First => "first",
            RemainderIn::Last => "last",
        });
    let unable = word(table, "unable", Need::Must, &Unable::ALL, Unable::word);
    Some(RecyclingRule {
        above: above?.value,
        share: part?.value,
        key: key?,
        instalments: instalments?,
        rate: rate?.value,
        count: day_count?,
        remainder: remainder?,
        unable: unable?,
    })
}

fn a_use(table: Table<'_>) -> Option<UseRule> {
    let kind = word(&table, "kind", Need::Must, &Use::ALL, Use::word);
    let above = share(&table, "above", Need::Must);
    let part = share(&table, "share", Need::Must);
    let limit = share(&table, "limit", Need::May);
    let returns_after = count(&table, "returns_after", Need::May, 0, CYCLE_COUNT_MAX);
    table.finish();
    Some(UseRule {
        kind: kind?,
        above: above?.value,
        share: part?.value,
        limit: limit.map(|limit| limit.value),
        returns_after: returns_after.unwrap_or(0),
    })
}

fn method(table: Table<'_>) -> Option<Method> {
    let kind = word(&table, "method", Need::Must, &Kind::ALL, Kind::word);
    let part = share(&table, "share", Need::May);
    let limit = share(&table, "limit", Need::May);
    table.finish();
    let share = part.map_or(Share::ONE, |part| part.value);
    Some(Method { kind: kind?, share, limit: limit.map(|limit| limit.value) })
}
