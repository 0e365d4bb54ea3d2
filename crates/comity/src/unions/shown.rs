//! Rows and columns of a union's tables, the same in the report and in `comity union show`. A heading with `#` is one of figures.

use comity_arrangement::reference_text;
use comity_ledger::union::{ActionItem, ClaimUse, Loan, Member};

use super::{View, loan_word};

/// Columns of the members' table.
pub(crate) const MEMBER_COLUMNS: [&str; 11] = [
    "Member",
    "#Quota",
    "#Position",
    "#Of quota",
    "Band",
    "#Asset",
    "#Credit",
    "#Special",
    "#Charged",
    "#Interest",
    "#Quota lasts",
];

pub(crate) fn member_rows(view: &View<'_>) -> Vec<Vec<String>> {
    let row = |member: &Member| {
        let [asset, credit, special] = view.parts(member);
        let lasts = match view.exhaustion(member) {
            None => "\u{2013}".to_string(),
            Some((_, Some(months), side)) => format!("{months} months ({side})"),
            Some((closings, None, side)) => format!("{closings} closings ({side})"),
        };
        vec![
            view.country(member.authority),
            view.grouped(view.quota(member)),
            view.grouped(member.position),
            view.share(member),
            format!("{}, {}", view.side(member), view.band(member)),
            view.grouped(asset),
            view.grouped(credit),
            view.grouped(special),
            view.grouped(member.charged),
            view.grouped(member.interest_booked),
            lasts,
        ]
    };
    view.union.members.iter().map(row).collect()
}

/// Columns of the residuals' table.
pub(crate) const RESIDUAL_COLUMNS: [&str; 9] =
    ["#No", "Payer", "Payee", "Of", "#Amount", "#Open", "Due", "Status", "Settled by"];

pub(crate) fn residual_rows(view: &View<'_>) -> Vec<Vec<String>> {
    let numbered = (1_usize..).zip(&view.union.residuals);
    numbered
        .map(|(number, residual)| {
            vec![
                number.to_string(),
                view.party(residual.payer),
                view.party(residual.payee),
                view.kind(residual).to_string(),
                view.grouped(residual.amount),
                view.grouped(residual.open),
                residual.due.to_string(),
                view.status(residual).to_string(),
                view.ways(residual).join("; "),
            ]
        })
        .collect()
}

/// Columns of the action items' table.
pub(crate) const ACTION_COLUMNS: [&str; 5] = ["Owner", "What", "Opened", "Until", "Status"];

pub(crate) fn action_rows(view: &View<'_>) -> Vec<Vec<String>> {
    let row = |item: &ActionItem| {
        vec![
            view.country(item.owner),
            view.action(item.band).to_string(),
            view.closing(item.opened),
            view.closing(item.deadline),
            view.item_status(item.status),
        ]
    };
    view.union.items.iter().map(row).collect()
}

/// Columns of the table of uses.
pub(crate) const USE_COLUMNS: [&str; 6] = ["Date", "From", "To", "#Amount", "For", "Reference"];

pub(crate) fn use_rows(view: &View<'_>) -> Vec<Vec<String>> {
    let row = |used: &ClaimUse| {
        vec![
            used.date.to_string(),
            view.country(used.from),
            view.country(used.to),
            view.grouped(used.amount),
            view.purpose(used.purpose).to_string(),
            reference_text(used.reference),
        ]
    };
    view.union.uses.iter().map(row).collect()
}

/// Columns of the loans' table.
pub(crate) const LOAN_COLUMNS: [&str; 7] = ["#No", "Payer", "Payee", "Why", "#Principal", "#Instalments", "Next"];

pub(crate) fn loan_rows(view: &View<'_>) -> Vec<Vec<String>> {
    let row = |(number, loan): (usize, &Loan)| {
        let next = loan.instalments.get(loan.fallen as usize);
        vec![
            number.to_string(),
            view.party(loan.payer),
            view.party(loan.payee),
            loan_word(loan.purpose).to_string(),
            view.grouped(loan.principal),
            format!("{} of {} fallen due", loan.fallen, loan.instalments.len()),
            next.map_or_else(
                || "paid".to_string(),
                |(due, principal, interest)| {
                    format!("{due}: {} + {}", view.grouped(*principal), view.grouped(*interest))
                },
            ),
        ]
    };
    (1_usize..).zip(&view.union.loans).map(row).collect()
}
