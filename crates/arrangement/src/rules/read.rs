//! The top of a rule-set file: name, cycle, members, unit, quotas, charges, interest, actions.
//!
//! Absent on purpose: the ladders of the two sides, and the rules for persistent creditors and residuals; they have files of their
//! own.

use comity_union::action::ActionRule;
use comity_union::charge::{AgedRates, DayCount, RateRule, RateSource, Step, SymmetricCharge};
use comity_union::dates::{Due, Length};
use comity_union::preset::{Compensation, Fact, RuleSet, Settlement, Source, Text};
use comity_union::quota::{BASE_YEARS_MAX, TurnoverRule};
use comity_union::share::Percent;
use comity_union::{Rate, Share, Side};

use super::{persistent, sides};
use crate::mistake::{Notes, Spot};
use crate::read_toml::{At, Need, Table, whole};

/// Longest text in bytes.
const TEXT_LEN_MAX: usize = 400;
const TEXT_EXPECTED: &str = "text of 1 to 400 bytes on one line";
pub(super) const SHARE_EXPECTED: &str = "a share from 0 % to 100 % with at most four decimals, such as \"12.5 %\"";
pub(super) const RATE_EXPECTED: &str =
    "a yearly rate from 0 % to 400 % with at most seven decimals, such as \"2.25 %\"";
const CODE_EXPECTED: &str = "a code of 2 to 12 capitals or digits";

/// The whole file.
pub(super) fn rule_set(root: Table<'_>, notes: Notes<'_>) -> Option<RuleSet> {
    let name = words(&root, "name");
    let title = words(&root, "title");
    let cycle = word(&root, "cycle", Need::Must, &Length::ALL, Length::word);
    let compensation = word(&root, "compensation", Need::Must, &Compensation::ALL, Compensation::word);
    let members = codes(&root, "members", Need::May, notes);
    let basket = basket(&root, notes);
    let (quota, fixed_quotas) = quota(&root, notes);
    let common = sides::settlement(&root, notes);
    let exceptions = sides::exceptions(&root, notes, matches!(common, Some(Settlement::Paid)));
    let charge = charge(&root, notes);
    let interest = interest(&root, notes);
    let actions = actions(&root);
    let due = due(&root, notes);
    let persistent = persistent::read(&root);
    let facts = facts(&root);
    root.finish();
    Some(RuleSet {
        name: name?,
        title: title?,
        cycle: cycle?,
        compensation: compensation?,
        members,
        basket,
        settlement: common?,
        quota: quota?,
        fixed_quotas,
        exceptions,
        charge,
        interest,
        growth: persistent.growth,
        actions,
        swap: persistent.swap,
        due: due?,
        refinancing: persistent.refinancing,
        rising: persistent.rising,
        recycling: persistent.recycling,
        uses: persistent.uses,
        residual: persistent.residual,
        facts,
    })
}

/// Decimal percent in parts of 10^-`digits` of a percent.
fn percent(text: &str, digits: usize) -> Option<i64> {
    let text = text.strip_suffix('%')?.trim_end();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(part) || part.len() > digits || whole.len() > 9 {
        return None;
    }
    format!("{whole}{part:0<digits$}").parse().ok()
}

/// A share such as `15 %`.
pub(super) fn share_text(text: &str) -> Option<Share> {
    Share::new("share", percent(text, 4)?).ok()
}

/// A yearly rate such as `2.25 %`.
pub(super) fn rate_text(text: &str) -> Option<Rate> {
    Rate::new("rate", percent(text, 7)?).ok().filter(|rate| rate.billionths() <= 4 * Rate::SCALE)
}

pub(super) fn share(table: &Table<'_>, key: &'static str, need: Need) -> Option<At<Share>> {
    table.text(key, need, SHARE_EXPECTED, share_text)
}

pub(super) fn rate(table: &Table<'_>, key: &'static str, need: Need) -> Option<At<Rate>> {
    table.text(key, need, RATE_EXPECTED, rate_text)
}

/// A whole number from `least` to `most`.
pub(super) fn count(table: &Table<'_>, key: &'static str, need: Need, least: u16, most: u16) -> Option<u16> {
    let expected = format!("a whole number from {least} to {most}");
    let read = table.field(key, need, &expected, |value| {
        u16::try_from(whole(value, most.into())?).ok().filter(|count| *count >= least)
    });
    read.map(|at| at.value)
}

/// One word of a closed list.
pub(super) fn word<T: Copy>(
    table: &Table<'_>,
    key: &'static str,
    need: Need,
    all: &[T],
    of: fn(T) -> &'static str,
) -> Option<T> {
    let words: Vec<&str> = all.iter().map(|one| of(*one)).collect();
    let expected = format!("one of {}", words.join(", "));
    table.text(key, need, &expected, |text| all.iter().copied().find(|one| of(*one) == text)).map(|at| at.value)
}

/// A side, or both.
pub(super) fn side(table: &Table<'_>, need: Need) -> Option<Option<Side>> {
    let read = |text: &str| match text {
        "debtor" => Some(Some(Side::Debtor)),
        "creditor" => Some(Some(Side::Creditor)),
        "both" => Some(None),
        _ => None,
    };
    table.text("side", need, "one of debtor, creditor, both", read).map(|at| at.value)
}

fn words(table: &Table<'_>, key: &'static str) -> Option<Text> {
    table.text(key, Need::Must, TEXT_EXPECTED, one_line).map(|at| Text::Owned(at.value))
}

fn one_line(text: &str) -> Option<String> {
    let fits = (1..=TEXT_LEN_MAX).contains(&text.len()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

fn code(text: &str) -> Option<Text> {
    let fits = (2..=12).contains(&text.len());
    let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    (fits && text.bytes().all(capital)).then(|| Text::Owned(text.to_owned()))
}

/// A list of codes, each once.
pub(super) fn codes(table: &Table<'_>, key: &'static str, need: Need, notes: Notes<'_>) -> Vec<Text> {
    let mut out: Vec<Text> = Vec::new();
    for At { value, spot } in table.list(key, need, CODE_EXPECTED, |value| code(value.as_str()?)) {
        if out.contains(&value) {
            notes.wrong(&spot, format!("{value:?} again"), "a member of one union only, and named once");
        } else {
            out.push(value);
        }
    }
    out
}

/// Weights of currencies that sum to one.
fn basket(root: &Table<'_>, notes: Notes<'_>) -> Vec<(Text, Share)> {
    let unit = root.table("unit", Need::May);
    let table = unit.table("basket", if unit.is_absent() { Need::May } else { Need::Must });
    let mut out: Vec<(Text, Share)> = Vec::new();
    for (key, At { value, spot }) in table.entries() {
        match (code(&key), share_text(&value).filter(|share| *share > Share::ZERO)) {
            (Some(code), Some(share)) => out.push((code, share)),
            (None, _) => notes.wrong(&spot, format!("{key:?}"), CODE_EXPECTED),
            (_, None) => {
                notes.wrong(&spot, format!("{value:?}"), "a weight above 0 %, at most 100 %, such as \"40 %\"")
            }
        }
    }
    let sum: i128 = out.iter().map(|(_, share)| share.millionths()).sum();
    if !table.is_absent() && sum != i128::from(Share::SCALE) && out.len() == table.len() {
        let told = Percent(i64::try_from(sum).unwrap_or(i64::MAX));
        notes.wrong(&unit.spot("basket"), format!("weights that sum to {told}"), "weights that sum to 100 %");
    }
    if !unit.is_absent() {
        unit.finish();
    }
    out
}

/// The rule for quotas, and those that are fixed.
fn quota(root: &Table<'_>, notes: Notes<'_>) -> (Option<TurnoverRule>, Vec<(Text, i64)>) {
    let table = root.table("quota", Need::Must);
    let expected = "a share of yearly turnover above 0 %, at most 100 %, such as \"15 %\"";
    let share = table.text("share", Need::Must, expected, |text| share_text(text).filter(|share| *share > Share::ZERO));
    let most = u16::try_from(BASE_YEARS_MAX).unwrap_or(u16::MAX);
    let years = count(&table, "years", Need::Must, 1, most);
    let mut fixed = Vec::new();
    let list = table.table("fixed", Need::May);
    for (key, At { value, spot }) in list.entries() {
        match (code(&key), thousandths(&value).filter(|value| *value > 0)) {
            (Some(code), Some(value)) => fixed.push((code, value)),
            (None, _) => notes.wrong(&spot, format!("{key:?}"), CODE_EXPECTED),
            (_, None) => {
                let expected = "a quota above 0 in millions with at most three decimals, such as \"1000.5\"";
                notes.wrong(&spot, format!("{value:?}"), expected);
            }
        }
    }
    if !table.is_absent() {
        table.finish();
    }
    let rule = share.zip(years).map(|(share, years)| TurnoverRule { share: share.value, years });
    (rule, fixed)
}

/// `12.5` as 12,500.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(part) || part.len() > 3 {
        return None;
    }
    format!("{whole}{part:0<3}").parse().ok()
}

fn due(root: &Table<'_>, notes: Notes<'_>) -> Option<Due> {
    let table = root.table("due", Need::Must);
    let business = count(&table, "business_days", Need::May, 0, 60);
    let then_open = count(&table, "days_then_open", Need::May, 0, 255);
    let absent = table.is_absent();
    let both = table.has("business_days") == table.has("days_then_open");
    if both && !absent {
        let spot = Spot { line: table.line(), ..root.spot("due") };
        notes.wrong(
            &spot,
            if table.has("business_days") { "both" } else { "neither" },
            "business_days or days_then_open",
        );
    }
    table.finish();
    match (business, then_open) {
        (Some(days), None) if !both => u8::try_from(days).ok().map(Due::BusinessDays),
        (None, Some(days)) if !both => u8::try_from(days).ok().map(Due::DaysThenOpen),
        _ => None,
    }
}

fn charge(root: &Table<'_>, notes: Notes<'_>) -> Option<SymmetricCharge> {
    let mut steps = Vec::new();
    let mut spots = Vec::new();
    for table in root.tables("charge", Need::May) {
        let (above, rate) = (share(&table, "above", Need::Must), rate(&table, "rate", Need::Must));
        table.finish();
        if let (Some(above), Some(rate)) = (above, rate) {
            spots.push(above.spot);
            steps.push(Step { above: above.value, rate: rate.value });
        }
    }
    let made = (!steps.is_empty()).then(|| SymmetricCharge::new(&steps))?;
    if let (Err(_), Some(index)) = (&made, steps.windows(2).position(|pair| pair[1].above <= pair[0].above)) {
        let expected = format!("a share above that of the step before, {}", steps[index].above);
        notes.wrong(&spots[index + 1], steps[index + 1].above.to_string(), expected);
    }
    made.ok()
}

fn interest(root: &Table<'_>, notes: Notes<'_>) -> Vec<RateSource> {
    let mut out = Vec::new();
    for table in root.tables("interest", Need::May) {
        let side = side(&table, Need::Must);
        let source = words(&table, "source");
        let counts = [DayCount::Act360, DayCount::Act365];
        let count_of = |count: DayCount| match count {
            DayCount::Act360 => "act/360",
            DayCount::Act365 => "act/365",
        };
        let count = word(&table, "day_count", Need::Must, &counts, count_of);
        let notice = self::count(&table, "notice_days", Need::May, 0, 255);
        let notice_days = notice.and_then(|days| u8::try_from(days).ok()).unwrap_or(0);
        let rule = rate_rule(&table, notes);
        table.finish();
        if let (Some(side), Some(source), Some(count), Some(rate)) = (side, source, count, rule) {
            out.push(RateSource { side, source, rate, count, notice_days });
        }
    }
    out
}

/// A fixed rate, rates by age, or nothing: published.
fn rate_rule(table: &Table<'_>, notes: Notes<'_>) -> Option<RateRule> {
    let fixed = rate(table, "rate", Need::May);
    if table.has("rate") && table.has("ages") {
        notes.wrong(&table.spot("ages"), "ages beside a rate", "one of rate or ages");
    }
    let after = rate(table, "after", if table.has("ages") { Need::Must } else { Need::May });
    let mut steps = Vec::new();
    let mut lines = Vec::new();
    for step in table.tables("ages", Need::May) {
        let months = count(&step, "months", Need::Must, 1, 1200);
        let at = rate(&step, "rate", Need::Must);
        lines.push(step.spot("months"));
        step.finish();
        steps.push((u32::from(months?), at?.value));
    }
    if steps.is_empty() {
        if let Some(after) = after {
            notes.wrong(&after.spot, "a rate after no age", "ages before it");
        }
        return match (table.has("rate"), fixed) {
            (false, _) => Some(RateRule::Published),
            (true, fixed) => fixed.map(|rate| RateRule::Fixed(rate.value)),
        };
    }
    if let Some(index) = steps.windows(2).position(|pair| pair[1].0 <= pair[0].0) {
        let expected = format!("more months than the age before, {}", steps[index].0);
        notes.wrong(&lines[index + 1], steps[index + 1].0.to_string(), expected);
        return None;
    }
    AgedRates::new(&steps, after?.value).ok().map(RateRule::Aged)
}

fn actions(root: &Table<'_>) -> Vec<ActionRule> {
    let mut out = Vec::new();
    for table in root.tables("action", Need::May) {
        let side = word(&table, "side", Need::Must, &[Side::Debtor, Side::Creditor], Side::word);
        let from = share(&table, "from", Need::Must);
        let action = words(&table, "action");
        let cycles = count(&table, "cycles", Need::Must, 0, 10_000);
        table.finish();
        if let (Some(side), Some(from), Some(action), Some(cycles)) = (side, from, action, cycles) {
            out.push(ActionRule { side, from: from.value, action, cycles: cycles.into() });
        }
    }
    out
}

fn facts(root: &Table<'_>) -> Vec<Fact> {
    let mut out = Vec::new();
    for table in root.tables("fact", Need::May) {
        let (rule, says) = (words(&table, "rule"), words(&table, "says"));
        let source = word(&table, "source", Need::Must, &Source::ALL, Source::word);
        table.finish();
        if let (Some(rule), Some(says), Some(source)) = (rule, says, source) {
            out.push(Fact { rule, says, source });
        }
    }
    out
}
