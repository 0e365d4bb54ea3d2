//! `summary.json` and the short table: what a day came to, per currency.

use comity_arrangement::Arrangement;
use comity_engine::checkpoint::Signatory;
use comity_ledger::State;
use serde_json::{Value, json};

use super::stats::Stats;
use crate::output::{Align, Column, count, hex, table};

/// Minor units as exact decimal text without separators, for programs.
pub(crate) fn decimal(minor: i128, exponent: u8) -> String {
    let unit = 10_i128.pow(u32::from(exponent));
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.abs();
    if exponent == 0 {
        return format!("{sign}{minor}");
    }
    format!("{sign}{}.{:0width$}", minor / unit, minor % unit, width = usize::from(exponent))
}

/// The same with thousands separated, for people.
pub(crate) fn grouped(minor: i128, exponent: u8) -> String {
    let text = decimal(minor, exponent);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut out = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

/// Share in basis points, rounded down; nothing of nothing is nothing.
pub(crate) fn share_bp(part: i128, whole: i128) -> u32 {
    if whole <= 0 { 0 } else { u32::try_from(part * 10_000 / whole).unwrap_or(0) }
}

pub(crate) fn percent(bp: u32) -> String {
    format!("{}.{} %", bp / 100, bp % 100 / 10)
}

pub(super) fn summary(arrangement: &Arrangement, state: &State, stats: &Stats, signatories: &[Signatory]) -> Value {
    let currencies: Vec<Value> = state
        .currencies
        .iter()
        .zip(&stats.currencies)
        .map(|(currency, figures)| {
            json!({
                "currency": currency.code(),
                "exponent": currency.exponent,
                "submitted": figures.submitted,
                "settled": figures.settled,
                "queued_at_close": figures.queued_at_close,
                "returned": figures.returned,
                "rejected": figures.rejected + figures.ended,
                "rejected_on_arrival": figures.rejected,
                "ended_while_waiting": figures.ended,
                "gross": decimal(figures.gross, currency.exponent),
                "liquidity_used": decimal(figures.liquidity, currency.exponent),
                "funded": decimal(figures.funded, currency.exponent),
                "settled_by_offsetting": decimal(figures.offset, currency.exponent),
                "offset_share_bp": share_bp(figures.offset, figures.gross),
            })
        })
        .collect();
    let refusals: serde_json::Map<String, Value> =
        stats.refusals.iter().map(|(code, figures)| (code.clone(), json!(figures.count))).collect();
    json!({
        "arrangement": arrangement.name,
        "version": arrangement.version,
        "business_date": state.day.date.to_string(),
        "entries": state.seq,
        "payments": state.payments.len(),
        "digest": hex(&state.digest()),
        "signed_by": signatories.iter().map(|signatory| {
            state.authorities[signatory.authority.at()].name.clone()
        }).collect::<Vec<_>>(),
        "currencies": currencies,
        "refusals": refusals,
        "refused_without_currency": stats.refused_without_currency,
        "repeated_messages": stats.repeated,
        "answered_by_the_gateway": stats.answered,
        "pvp_groups": stats.groups,
        "conversions": stats.conversions,
        "returns": stats.returns,
        "offsetting_runs": stats.offset_runs,
        "waiting_at_close": state.waiting.len(),
    })
}

/// The short table of a summary.
pub(crate) fn summary_table(summary: &Value) -> String {
    let columns = [
        Column("currency", Align::Left),
        Column("submitted", Align::Right),
        Column("settled", Align::Right),
        Column("queued", Align::Right),
        Column("returned", Align::Right),
        Column("rejected", Align::Right),
        Column("gross value", Align::Right),
        Column("liquidity used", Align::Right),
        Column("by offsetting", Align::Right),
    ];
    let number = |row: &Value, key: &str| count(row[key].as_u64().unwrap_or(0));
    let money = |row: &Value, key: &str| {
        let text = row[key].as_str().unwrap_or("0");
        let exponent = row["exponent"].as_u64().and_then(|exponent| u8::try_from(exponent).ok()).unwrap_or(0);
        let minor: i128 = text.replace('.', "").parse().unwrap_or(0);
        grouped(minor, exponent)
    };
    let rows: Vec<Vec<String>> = summary["currencies"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            vec![
                row["currency"].as_str().unwrap_or("").to_string(),
                number(row, "submitted"),
                number(row, "settled"),
                number(row, "queued_at_close"),
                number(row, "returned"),
                number(row, "rejected"),
                money(row, "gross"),
                money(row, "liquidity_used"),
                percent(u32::try_from(row["offset_share_bp"].as_u64().unwrap_or(0)).unwrap_or(0)),
            ]
        })
        .collect();
    table(&columns, &rows)
}
