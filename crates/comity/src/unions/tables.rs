//! Exported tables of unions: positions by closing, residuals, uses. Written only where there is a union.
//!
//! Columns are documented in `docs/export.md`.

use std::path::Path;

use comity_arrangement::reference_text;
use comity_ledger::State;
use comity_ledger::ids::Key;

use super::{View, units, views};
use crate::cli::Format;
use crate::exit::Failure;
use crate::tables::{Cell, Kind, create};

const POSITIONS: &[(&str, Kind)] = &[
    ("union", Kind::Integer),
    ("name", Kind::Text),
    ("exponent", Kind::Integer),
    ("closing", Kind::Integer),
    ("date", Kind::Text),
    ("entry", Kind::Integer),
    ("member", Kind::Text),
    ("quota_minor", Kind::Integer),
    ("net_minor", Kind::Integer),
    ("before_minor", Kind::Integer),
    ("after_minor", Kind::Integer),
    ("due_in_asset_minor", Kind::Integer),
    ("charge_minor", Kind::Integer),
    ("interest_minor", Kind::Integer),
    ("gross_minor", Kind::Integer),
    ("multilateral_minor", Kind::Integer),
    ("through_time_minor", Kind::Integer),
    ("asset_minor", Kind::Integer),
    ("credit_minor", Kind::Integer),
    ("special_minor", Kind::Integer),
];

const RESIDUALS: &[(&str, Kind)] = &[
    ("union", Kind::Integer),
    ("residual", Kind::Integer),
    ("payer", Kind::Text),
    ("payee", Kind::Text),
    ("of", Kind::Text),
    ("amount_minor", Kind::Integer),
    ("open_minor", Kind::Integer),
    ("due", Kind::Text),
    ("status", Kind::Text),
    ("settled_by", Kind::Text),
    ("settled_minor", Kind::Integer),
    ("settled_on", Kind::Text),
    ("reference", Kind::Text),
];

const USES: &[(&str, Kind)] = &[
    ("union", Kind::Integer),
    ("use", Kind::Integer),
    ("date", Kind::Text),
    ("from", Kind::Text),
    ("to", Kind::Text),
    ("amount_minor", Kind::Integer),
    ("purpose", Kind::Text),
    ("reference", Kind::Text),
];

/// Writes the tables and says how many rows each has; nothing without a union.
pub(crate) fn tables(state: &State, dir: &Path, format: Format) -> Result<Vec<(&'static str, u64)>, Failure> {
    if state.unions.is_empty() {
        return Ok(Vec::new());
    }
    let units = units(state, None);
    let views = views(state, &units);
    let mut out = Vec::new();
    for (name, columns, rows) in [
        ("union_positions", POSITIONS, positions as fn(&View<'_>) -> Vec<Vec<Cell>>),
        ("union_residuals", RESIDUALS, residuals),
        ("union_uses", USES, uses),
    ] {
        let mut table = create(dir, name, format, columns)?;
        for row in views.iter().flat_map(rows) {
            table.row(row)?;
        }
        out.push((name, table.finish()?));
    }
    Ok(out)
}

/// An amount of a sum; absent beyond 64 bits, which no sum of a closing reaches.
fn wide(minor: i128) -> Cell {
    i64::try_from(minor).map_or(Cell::Absent, Cell::Integer)
}

fn number(view: &View<'_>) -> Cell {
    (view.number as u64 + 1).into()
}

fn positions(view: &View<'_>) -> Vec<Vec<Cell>> {
    let mut out = Vec::new();
    for (at, closing) in (1_u64..).zip(&view.union.closings) {
        for (member, line) in view.union.members.iter().zip(&closing.lines) {
            let parts = &line.parts;
            out.push(vec![
                number(view),
                view.union.rules.name.as_str().into(),
                i64::from(view.exponent()).into(),
                at.into(),
                closing.date.to_string().into(),
                closing.seq.into(),
                view.country(member.authority).into(),
                view.quota(member).into(),
                line.net.into(),
                line.before.into(),
                line.after.into(),
                line.asset.into(),
                line.charge.into(),
                line.interest.into(),
                wide(parts.gross),
                wide(parts.multilateral),
                wide(parts.through_time),
                wide(parts.asset),
                wide(parts.credit),
                wide(parts.special),
            ]);
        }
    }
    out
}

fn reference(key: Key) -> Cell {
    if key.0 == 0 { Cell::Absent } else { reference_text(key).into() }
}

/// One row for what is open of a residual, and one for each part that was settled.
fn residuals(view: &View<'_>) -> Vec<Vec<Cell>> {
    let mut out = Vec::new();
    for (at, residual) in (1_u64..).zip(&view.union.residuals) {
        let row = |settled: [Cell; 4]| {
            let mut row = vec![
                number(view),
                at.into(),
                view.party(residual.payer).into(),
                view.party(residual.payee).into(),
                view.kind(residual).into(),
                residual.amount.into(),
                residual.open.into(),
                residual.due.to_string().into(),
                view.status(residual).into(),
            ];
            row.extend(settled);
            row
        };
        if residual.settled.is_empty() {
            let reported = residual.proof.as_ref().map_or(Cell::Absent, |proof| reference(proof.reference));
            out.push(row([Cell::Absent, Cell::Absent, Cell::Absent, reported]));
        }
        for part in &residual.settled {
            let way = super::way_word(part.way);
            out.push(row([way.into(), part.amount.into(), part.date.to_string().into(), reference(part.reference)]));
        }
    }
    out
}

fn uses(view: &View<'_>) -> Vec<Vec<Cell>> {
    let numbered = (1_u64..).zip(&view.union.uses);
    numbered
        .map(|(at, used)| {
            vec![
                number(view),
                at.into(),
                used.date.to_string().into(),
                view.country(used.from).into(),
                view.country(used.to).into(),
                used.amount.into(),
                view.purpose(used.purpose).into(),
                reference(used.reference),
            ]
        })
        .collect()
}
