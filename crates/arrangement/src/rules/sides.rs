//! The ladders of debtors and creditors, and those of single members.
//!
//! Absent on purpose: what a ladder means; `comity_union::tranche` refuses what does not make one, and the place is added here.

use comity_union::preset::{Settlement, Text};
use comity_union::tranche::{Beyond, Ladder, Rounding, Schedule, Tranche};
use comity_union::{Refusal, Share, Side};

use super::read::{codes, share, word};
use crate::mistake::{Notes, Spot};
use crate::read_toml::{Need, Table};

/// `settlement`, and the two sides where positions are carried.
pub(super) fn settlement(root: &Table<'_>, notes: Notes<'_>) -> Option<Settlement> {
    let expected = "one of tranches, paid";
    let carried = root.text("settlement", Need::Must, expected, |text| match text {
        "tranches" => Some(true),
        "paid" => Some(false),
        _ => None,
    })?;
    if carried.value {
        return schedule(root, Need::Must, notes).map(Settlement::Tranches);
    }
    for key in ["debtor", "creditor", "rounding"] {
        if root.has(key) {
            notes.wrong(&root.spot(key), "a ladder beside settlement = \"paid\"", "nothing, as all is paid each cycle");
        }
    }
    // Read all the same, so that they are not called unknown.
    let _ = (root.table("debtor", Need::May), root.table("creditor", Need::May), root.has("rounding"));
    let _ = root.text("rounding", Need::May, "", |text| Some(text.len()));
    Some(Settlement::Paid)
}

/// Members with a schedule of their own.
pub(super) fn exceptions(root: &Table<'_>, notes: Notes<'_>, paid: bool) -> Vec<(Text, Schedule)> {
    let mut out: Vec<(Text, Schedule)> = Vec::new();
    for table in root.tables("exception", Need::May) {
        let spot = table.spot("members");
        let members = codes(&table, "members", Need::Must, notes);
        let own = schedule(&table, Need::Must, notes);
        table.finish();
        if paid {
            notes.wrong(&spot, "an exception beside settlement = \"paid\"", "nothing, as all is paid each cycle");
        }
        for member in members {
            if out.iter().any(|(known, _)| *known == member) {
                notes.wrong(&spot, format!("{member:?} again"), "each member in one exception");
            } else if let Some(own) = &own {
                out.push((member, own.clone()));
            }
        }
    }
    out
}

fn schedule(table: &Table<'_>, need: Need, notes: Notes<'_>) -> Option<Schedule> {
    let words = |rounding: Rounding| match rounding {
        Rounding::CreditCarries => "credit",
        Rounding::AssetCarries => "asset",
    };
    let all = [Rounding::CreditCarries, Rounding::AssetCarries];
    let wrong = table.has("rounding");
    let rounding = word(table, "rounding", Need::May, &all, words);
    let debtor = ladder(table.table("debtor", need), Side::Debtor, notes);
    let creditor = ladder(table.table("creditor", need), Side::Creditor, notes);
    let rounding = if wrong { rounding? } else { Rounding::default() };
    Some(Schedule::new(debtor?, creditor?, rounding))
}

fn ladder(table: Table<'_>, side: Side, notes: Notes<'_>) -> Option<Ladder> {
    let special = share(&table, "special_asset", Need::May);
    let beyond = table.text("beyond", Need::Must, "one of asset, credit, special, refuse", |text| match text {
        "asset" => Some(Beyond::Asset),
        "credit" => Some(Beyond::Credit),
        "refuse" => Some(Beyond::Refuse),
        "special" => Some(Beyond::Special { asset: Share::ZERO }),
        _ => None,
    });
    let beyond = match (beyond.map(|beyond| beyond.value), special) {
        (Some(Beyond::Special { .. }), Some(asset)) => Some(Beyond::Special { asset: asset.value }),
        (Some(Beyond::Special { .. }), None) => {
            if !table.has("special_asset") {
                notes.wrong(
                    &table.spot("special_asset"),
                    "nothing",
                    "the share of asset that beyond = \"special\" needs",
                );
            }
            None
        }
        (None, _) => None,
        (beyond, Some(asset)) => {
            notes.wrong(&asset.spot, asset.value.to_string(), "nothing, unless beyond = \"special\"");
            beyond
        }
        (beyond, None) => beyond,
    };
    let absent = table.is_absent();
    let (mut tranches, mut spots, mut whole) = (Vec::new(), Vec::new(), true);
    for row in table.tables("tranche", if absent { Need::May } else { Need::Must }) {
        let spot = (row.spot("from"), row.spot("to"));
        let (from, to) = (share(&row, "from", Need::Must), share(&row, "to", Need::Must));
        let asset = share(&row, "asset", Need::Must);
        row.finish();
        if let (Some(from), Some(to), Some(asset)) = (from, to, asset) {
            tranches.push(Tranche { from: from.value, to: to.value, asset: asset.value });
            spots.push(spot);
        } else {
            whole = false;
        }
    }
    let end = table.spot("tranche");
    table.finish();
    if absent || !whole {
        return None;
    }
    match Ladder::new(side, &tranches, beyond?) {
        Ok(ladder) => Some(ladder),
        Err(refusal) => {
            told(&refusal, &tranches, &spots, &end, notes);
            None
        }
    }
}

/// A ladder's refusal at its place in the file.
fn told(refusal: &Refusal, tranches: &[Tranche], spots: &[(Spot, Spot)], end: &Spot, notes: Notes<'_>) {
    let at = |index: usize| (spots.get(index), tranches.get(index));
    match refusal {
        Refusal::TrancheOverlap { index, .. } | Refusal::TrancheGap { index, .. } => {
            let before = index.checked_sub(1).and_then(|before| tranches.get(before)).map_or(Share::ZERO, |t| t.to);
            if let (Some((spot, _)), Some(tranche)) = at(*index) {
                let overlap = matches!(refusal, Refusal::TrancheOverlap { .. });
                let what = if overlap { "overlaps the tranche before" } else { "leaves a gap" };
                let expected = format!("{before}, where the tranche before ends");
                notes.wrong(spot, format!("{}, which {what}", tranche.from), expected);
            }
        }
        Refusal::TrancheOrder { index, .. } => {
            if let (Some((_, spot)), Some(tranche)) = at(*index) {
                notes.wrong(spot, tranche.to.to_string(), format!("a share above its beginning, {}", tranche.from));
            }
        }
        Refusal::TrancheEnd { .. } => {
            if let (Some((_, spot)), Some(tranche)) = at(tranches.len().saturating_sub(1)) {
                notes.wrong(spot, tranche.to.to_string(), "100 %, as the last tranche ends at the full quota");
            }
        }
        other => notes.wrong(end, "tranches that make no ladder", other.to_string()),
    }
}
