//! The statement of a member's position, one file each authority: `statements/COUNTRY-union-N.csv`, rows of one form.
//!
//! Columns: `line` (position, closing, residual, settled, action, use, loan, instalment), `date`, `what`, `other`, `amount`, `open`,
//! `status`, `reference`; see `docs/union-day.md`. Absent on purpose: other members' lines.

use comity_arrangement::reference_text;
use comity_ledger::ids::AuthorityId;
use comity_ledger::union::Party;

use super::{View, loan_word, way_word};

/// Columns of a statement.
pub(crate) const COLUMNS: [&str; 8] = ["line", "date", "what", "other", "amount", "open", "status", "reference"];

/// Statements of every member of every union: file name and text.
pub(crate) fn statements(views: &[View<'_>]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for view in views {
        for member in &view.union.members {
            let name = format!("{}-union-{}.csv", view.country(member.authority), view.number + 1);
            out.push((name, statement(view, member.authority)));
        }
    }
    out
}

/// Rows being written.
struct Rows(String);

impl Rows {
    fn row(&mut self, cells: [&str; 8]) {
        let cells = cells.map(|cell| {
            if cell.contains([',', '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.to_string()
            }
        });
        self.0.push_str(&cells.join(","));
        self.0.push('\n');
    }
}

fn statement(view: &View<'_>, who: AuthorityId) -> String {
    let mut out = Rows(String::new());
    out.row(COLUMNS);
    let date = view.state.day.date.to_string();
    let union = view.union;
    if let Some(member) = union.members.iter().find(|member| member.authority == who) {
        let mut position = |what: &str, amount: i128, status: &str| {
            out.row(["position", &date, what, &union.rules.name, &view.money(amount), "", status, ""]);
        };
        let [asset, credit, special] = view.parts(member);
        position("quota", view.quota(member).into(), "");
        position("position", member.position.into(), &view.share(member));
        position("asset", asset, "");
        position("credit", credit, "");
        position("special", special, "");
        position("rolled over", member.rolled.into(), "");
        position("charged", member.charged.into(), "");
        position("interest", member.interest_booked.into(), "");
    }
    let place = union.members.iter().position(|member| member.authority == who).unwrap_or(usize::MAX);
    for closing in &union.closings {
        let Some(line) = closing.lines.get(place) else { continue };
        out.row([
            "closing",
            &closing.date.to_string(),
            "net",
            "",
            &view.money(line.net),
            &view.money(line.after),
            "",
            "",
        ]);
    }
    let own = Party::Member(who);
    for residual in union.residuals.iter().filter(|residual| residual.payer == own || residual.payee == own) {
        let (sign, other) = if residual.payer == own { (-1, residual.payee) } else { (1, residual.payer) };
        let signed = |minor: i64| view.money(sign * i128::from(minor));
        let reference = residual.proof.as_ref().map(|proof| reference_text(proof.reference)).unwrap_or_default();
        let (kind, other) = (view.kind(residual), view.party(other));
        let (due, status) = (residual.due.to_string(), view.status(residual));
        out.row(["residual", &due, kind, &other, &signed(residual.amount), &signed(residual.open), status, &reference]);
        for part in &residual.settled {
            let reference = if part.reference.0 == 0 { String::new() } else { reference_text(part.reference) };
            let way = way_word(part.way);
            out.row(["settled", &part.date.to_string(), &way, &other, &signed(part.amount), "", "", &reference]);
        }
    }
    for item in union.items.iter().filter(|item| item.owner == who) {
        let (deadline, status) = (view.closing(item.deadline), view.item_status(item.status));
        out.row(["action", &view.closing(item.opened), view.action(item.band), "", "", "", &status, &deadline]);
    }
    for used in union.uses.iter().filter(|used| used.from == who || used.to == who) {
        let (sign, other) = if used.from == who { (-1, used.to) } else { (1, used.from) };
        let amount = view.money(sign * i128::from(used.amount));
        let (date, reference) = (used.date.to_string(), reference_text(used.reference));
        out.row(["use", &date, view.purpose(used.purpose), &view.country(other), &amount, "", "", &reference]);
    }
    for loan in union.loans.iter().filter(|loan| loan.payer == own || loan.payee == own) {
        let (sign, other) = if loan.payer == own { (-1, loan.payee) } else { (1, loan.payer) };
        let signed = |minor: i64| view.money(sign * i128::from(minor));
        let other = view.party(other);
        out.row([
            "loan",
            &loan.start.to_string(),
            loan_word(loan.purpose),
            &other,
            &signed(loan.principal),
            "",
            "",
            "",
        ]);
        for (number, (due, principal, interest)) in (1_u32..).zip(&loan.instalments) {
            let status = if number <= loan.fallen { "fallen due" } else { "to come" };
            let amount = signed(principal.saturating_add(*interest));
            out.row(["instalment", &due.to_string(), "principal and interest", &other, &amount, "", status, ""]);
        }
    }
    out.0
}
