//! A union's section of the report: positions against quotas, where gross amounts went, what is due, who has to act.

use comity_union::cycle::Decomposition;
use comity_viz::{BandRow, Bands, Figure, Head, Part, Section, Segment, Share, ShareBar, Table, Unit};

use super::shown::{
    ACTION_COLUMNS, LOAN_COLUMNS, MEMBER_COLUMNS, RESIDUAL_COLUMNS, USE_COLUMNS, action_rows, loan_rows, member_rows,
    residual_rows, use_rows,
};
use super::{BANDS, View, methods};

/// Open and settled residuals shown, the latest of each; all are in the statements and the exported tables.
const RESIDUALS_SHOWN: usize = 30;

/// The section of one union.
pub(crate) fn section(view: &View<'_>) -> Section {
    let union = view.union;
    let unit = Unit::new(view.unit(), view.exponent());
    let id = format!("union-{}", view.number + 1);
    let mut parts = vec![Part::Text(lead(view))];
    parts.push(Part::Figure(Figure::of(&bands(view, &unit, &id))));
    parts.push(table(&format!("Members, {}", unit.code), members(view)));
    if !union.closings.is_empty() {
        parts.push(Part::Figure(Figure::of(&decomposition(view, &unit, &id))));
        parts.push(table(&format!("Positions through time, {}", unit.code), through_time(view)));
    }
    parts.push(Part::Heading("What is due, and what became of it".into()));
    if union.residuals.is_empty() {
        parts.push(Part::Note("Nothing fell due.".into()));
    } else {
        parts.push(Part::Text(settled(view)));
        for (caption, is_open) in [("Open", true), ("Settled", false)] {
            let (rows, hidden) = residuals(view, is_open);
            if !rows.rows.is_empty() {
                parts.push(table(&format!("{caption}, {}", unit.code), rows));
            }
            if hidden > 0 {
                parts.push(Part::Note(format!("{hidden} earlier ones are in the statements.")));
            }
        }
    }
    parts.push(Part::Heading("Who has to act".into()));
    if union.items.is_empty() {
        parts.push(Part::Note("No position is in a band that asks for anything.".into()));
    } else {
        parts.push(table("Action items", actions(view)));
    }
    if !union.uses.is_empty() {
        parts.push(Part::Heading("Claims used".into()));
        parts.push(table(&format!("Uses, {}", unit.code), uses(view)));
    }
    if !union.loans.is_empty() {
        parts.push(Part::Heading("Loans and instalments".into()));
        parts.push(table(&format!("Loans, {}", unit.code), loans(view)));
    }
    Section { id, name: union.rules.name.clone(), parts, terms: terms() }
}

/// A table whose dates are not broken over lines.
fn table(caption: &str, mut table: Table) -> Part {
    for cell in table.rows.iter_mut().flatten() {
        if comity_arrangement::parse_day(cell).is_some() {
            *cell = cell.replace('-', "\u{2011}");
        }
    }
    Part::Table { caption: caption.into(), table }
}

fn lead(view: &View<'_>) -> String {
    let union = view.union;
    let late = union.residuals.iter().filter(|residual| residual.open > 0 && residual.late).count();
    let open = union.residuals.iter().filter(|residual| residual.open > 0).count();
    format!(
        "{} members, {}; positions are counted in {}. {} of {} residuals are open, {late} of them late.",
        union.members.iter().filter(|member| !member.left).count(),
        match union.closings.len() {
            0 => "not closed yet".to_string(),
            1 => "closed once".to_string(),
            times => format!("closed {times} times"),
        },
        view.unit(),
        open,
        union.residuals.len(),
    )
}

/// Positions against quotas.
pub(crate) fn bands(view: &View<'_>, unit: &Unit, id: &str) -> Bands {
    let union = view.union;
    let rows = union.members.iter().enumerate().map(|(at, member)| {
        let [asset, credit, special] = view.parts(member);
        let lines = union.closings.iter().filter_map(|closing| closing.lines.get(at));
        let mut trail: Vec<i128> = lines.map(|line| line.after.into()).collect();
        trail.pop();
        BandRow {
            label: view.country(member.authority),
            name: view.name(member.authority).to_string(),
            quota: unit.amount(view.quota(member).into()),
            position: unit.amount(member.position.into()),
            asset,
            credit,
            special,
            trail,
            word: format!("{}, {}", view.side(member), view.band(member)),
        }
    });
    Bands {
        head: Head::new(
            format!("{id}-bands"),
            "Positions against quotas",
            format!(
                "What each member owes the union, or is owed, as a share of its quota, in {}. The shape at the end says in which band; \
                 dots are earlier closings.",
                unit.code
            ),
        ),
        unit: unit.clone(),
        marks: BANDS.iter().map(|(from, _)| *from).filter(|from| (1..1000).contains(from)).collect(),
        rows: rows.collect(),
    }
}

/// Closings in the picture, the latest.
const CLOSINGS_SHOWN: usize = 12;

fn decomposition(view: &View<'_>, unit: &Unit, id: &str) -> Share {
    let mut total = Decomposition::default();
    for closing in &view.union.closings {
        total.add(&closing.parts);
    }
    let bar = |label: String, parts: &Decomposition| {
        let values = [
            ("multilateral", parts.multilateral),
            ("through time", parts.through_time),
            ("asset", parts.asset),
            ("credit", parts.credit),
            ("special", parts.special),
        ];
        let segments =
            values.into_iter().map(|(label, minor)| Segment { label: label.into(), value: unit.amount(minor) });
        ShareBar { label, segments: segments.collect() }
    };
    let skipped = view.union.closings.len().saturating_sub(CLOSINGS_SHOWN);
    let each = view.union.closings.iter().skip(skipped).map(|closing| bar(closing.date.to_string(), &closing.parts));
    let mut bars: Vec<ShareBar> = each.collect();
    if view.union.closings.len() > 1 {
        bars.push(bar("All closings".into(), &total));
    }
    Share {
        head: Head::new(
            format!("{id}-decomposition"),
            "Where it went",
            "All bilateral surpluses and deficits of a closing: set off multilaterally, against earlier positions (through time), \
             paid in asset, carried as credit, special. The parts sum to the whole exactly.",
        ),
        unit: unit.clone(),
        bars,
    }
}

fn members(view: &View<'_>) -> Table {
    let mut table = Table::with(&MEMBER_COLUMNS);
    table.rows = member_rows(view);
    table
}

fn through_time(view: &View<'_>) -> Table {
    let countries: Vec<String> =
        view.union.members.iter().map(|member| format!("#{}", view.country(member.authority))).collect();
    let mut heads = vec!["Closing"];
    heads.extend(countries.iter().map(String::as_str));
    let mut table = Table::with(&heads);
    for closing in &view.union.closings {
        let mut row = vec![closing.date.to_string()];
        row.extend(
            view.union
                .members
                .iter()
                .enumerate()
                .map(|(at, _)| closing.lines.get(at).map_or_else(String::new, |line| view.grouped(line.after))),
        );
        table.rows.push(row);
    }
    table
}

fn settled(view: &View<'_>) -> String {
    let parts: Vec<String> = methods()
        .into_iter()
        .zip(view.union.settled_by())
        .filter(|(_, minor)| *minor != 0)
        .map(|(word, minor)| format!("{word} {}", view.grouped(minor)))
        .collect();
    if parts.is_empty() { "Nothing of it is settled yet.".into() } else { format!("Settled by: {}.", parts.join(", ")) }
}

/// The residuals that are open, or settled, the latest; and how many are left out.
fn residuals(view: &View<'_>, is_open: bool) -> (Table, usize) {
    let mut table = Table::with(&RESIDUAL_COLUMNS);
    let rows = residual_rows(view).into_iter().zip(&view.union.residuals);
    let rows: Vec<Vec<String>> = rows.filter(|(_, known)| (known.open > 0) == is_open).map(|(row, _)| row).collect();
    let skipped = rows.len().saturating_sub(RESIDUALS_SHOWN);
    table.rows = rows.into_iter().skip(skipped).collect();
    (table, skipped)
}

fn actions(view: &View<'_>) -> Table {
    let mut table = Table::with(&ACTION_COLUMNS);
    table.rows = action_rows(view);
    table
}

fn uses(view: &View<'_>) -> Table {
    let mut table = Table::with(&USE_COLUMNS);
    table.rows = use_rows(view);
    table
}

fn loans(view: &View<'_>) -> Table {
    let mut table = Table::with(&LOAN_COLUMNS);
    table.rows = loan_rows(view);
    table
}

/// What the words of the section mean.
fn terms() -> Vec<(String, String)> {
    let term = |word: &str, meaning: &str| (word.to_string(), meaning.to_string());
    vec![
        term(
            "Position",
            "What all other members together owe a member, cumulatively, in the unit of account. Below zero: what it owes. All \
             positions of a union sum to zero.",
        ),
        term("Of quota", "The position divided by the member's quota, toward zero."),
        term(
            "Asset, credit, special",
            "What the position consists of by the member's ladder: paid or received, carried, and beyond the quota.",
        ),
        term(
            "Quota lasts",
            "Months until the quota is used up if the mean of the last twelve closings goes on, rounded down; closings where there \
             was only one.",
        ),
        term("Charged", "Symmetric charges booked so far: a creditor pays as much as a debtor."),
        term("Residual", "What a closing leaves to be settled outside the positions, and by when."),
        term("Reported", "A transfer was reported and waits until the receiving side accepts its proof."),
    ]
}
