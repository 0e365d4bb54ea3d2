//! A union as JSON: for `summary.json`, `comity union show --output json` and the statements. Amounts are exact decimal text.

use comity_arrangement::reference_text;
use comity_ledger::ids::AuthorityId;
use comity_ledger::union::{Closing, Loan, Member, Party, Residual};
use comity_union::cycle::Decomposition;
use serde_json::{Map, Value, json};

use super::{View, loan_word, methods};

/// Every union of a state.
pub(crate) fn all(views: &[View<'_>]) -> Vec<Value> {
    views.iter().map(|view| one(view, None)).collect()
}

/// One union; only what concerns `member`, if one is asked for.
pub(crate) fn one(view: &View<'_>, member: Option<AuthorityId>) -> Value {
    let union = view.union;
    let wanted = |authority: AuthorityId| member.is_none_or(|member| member == authority);
    let concerns = |parties: [Party; 2]| member.is_none_or(|member| parties.contains(&Party::Member(member)));
    let mut total = Decomposition::default();
    for closing in &union.closings {
        total.add(&closing.parts);
    }
    let residuals =
        (1_usize..).zip(&union.residuals).filter(|(_, residual)| concerns([residual.payer, residual.payee]));
    let items = union.items.iter().filter(|item| wanted(item.owner));
    let uses = union.uses.iter().filter(|used| wanted(used.from) || wanted(used.to));
    let loans = (1_usize..).zip(&union.loans).filter(|(_, loan)| concerns([loan.payer, loan.payee]));
    let settled: Map<String, Value> = methods()
        .into_iter()
        .zip(union.settled_by())
        .map(|(word, minor)| (word.to_string(), view.money(minor).into()))
        .collect();
    json!({
        "union": union.rules.name,
        "unit": view.unit(),
        "exponent": view.exponent(),
        "members": union.members.iter().filter(|known| wanted(known.authority)).map(|known| standing(view, known)).collect::<Vec<_>>(),
        "closings": (1_usize..).zip(&union.closings).map(|(number, known)| closing(view, number, known, member)).collect::<Vec<_>>(),
        "all_closings": parts(view, &total),
        "residuals": residuals.map(|(number, known)| residual(view, number, known)).collect::<Vec<_>>(),
        "settled_by": settled,
        "actions": items.map(|item| json!({
            "owner": view.country(item.owner),
            "action": view.action(item.band),
            "opened": view.closing(item.opened),
            "deadline": view.closing(item.deadline),
            "status": view.item_status(item.status),
        })).collect::<Vec<_>>(),
        "uses": uses.map(|used| json!({
            "date": used.date.to_string(),
            "from": view.country(used.from),
            "to": view.country(used.to),
            "amount": view.money(used.amount),
            "purpose": view.purpose(used.purpose),
            "reference": reference_text(used.reference),
        })).collect::<Vec<_>>(),
        "loans": loans.map(|(number, known)| loan(view, number, known)).collect::<Vec<_>>(),
    })
}

fn standing(view: &View<'_>, member: &Member) -> Value {
    let [asset, credit, special] = view.parts(member);
    let exhaustion = view.exhaustion(member);
    let (closings, months, side) = match exhaustion {
        Some((closings, months, side)) => (Some(closings), months, Some(side)),
        None => (None, None, None),
    };
    json!({
        "member": view.country(member.authority),
        "name": view.name(member.authority),
        "side": view.side(member),
        "quota": view.money(view.quota(member)),
        "position": view.money(member.position),
        "share_of_quota": view.share(member),
        "band": view.band(member),
        "asset": view.money(asset),
        "credit": view.money(credit),
        "special": view.money(special),
        "rolled_over": view.money(member.rolled),
        "charged": view.money(member.charged),
        "interest": view.money(member.interest_booked),
        "quota_used_up_in_closings": closings,
        "quota_used_up_in_months": months,
        "quota_used_up_as": side,
        "decomposition": parts(view, &member.parts),
    })
}

fn parts(view: &View<'_>, parts: &Decomposition) -> Value {
    json!({
        "gross": view.money(parts.gross),
        "multilateral": view.money(parts.multilateral),
        "through_time": view.money(parts.through_time),
        "asset": view.money(parts.asset),
        "credit": view.money(parts.credit),
        "special": view.money(parts.special),
    })
}

fn closing(view: &View<'_>, number: usize, closing: &Closing, member: Option<AuthorityId>) -> Value {
    let lines = view.union.members.iter().zip(&closing.lines);
    let lines = lines.filter(|(known, _)| member.is_none_or(|member| member == known.authority));
    let lines: Vec<Value> = lines
        .map(|(known, line)| {
            json!({
                "member": view.country(known.authority),
                "net": view.money(line.net),
                "before": view.money(line.before),
                "after": view.money(line.after),
                "due_in_asset": view.money(line.asset),
                "charge": view.money(line.charge),
                "interest": view.money(line.interest),
                "decomposition": parts(view, &line.parts),
            })
        })
        .collect();
    json!({
        "closing": number,
        "date": closing.date.to_string(),
        "entry": closing.seq,
        "cycles": closing.cycles,
        "decomposition": parts(view, &closing.parts),
        "union_received_in_asset": view.money(closing.union_asset),
        "members": lines,
    })
}

fn residual(view: &View<'_>, number: usize, residual: &Residual) -> Value {
    json!({
        "residual": number,
        "payer": view.party(residual.payer),
        "payee": view.party(residual.payee),
        "of": view.kind(residual),
        "amount": view.money(residual.amount),
        "open": view.money(residual.open),
        "due": residual.due.to_string(),
        "status": view.status(residual),
        "reported": residual.proof.as_ref().map(|proof| json!({
            "method": proof.method.word(),
            "amount": view.money(proof.amount),
            "reference": reference_text(proof.reference),
        })),
        "settled": view.ways(residual),
    })
}

fn loan(view: &View<'_>, number: usize, loan: &Loan) -> Value {
    json!({
        "loan": number,
        "payer": view.party(loan.payer),
        "payee": view.party(loan.payee),
        "principal": view.money(loan.principal),
        "why": loan_word(loan.purpose),
        "start": loan.start.to_string(),
        "fallen_due": loan.fallen,
        "instalments": loan.instalments.iter().map(|(due, principal, interest)| json!({
            "due": due.to_string(), "principal": view.money(*principal), "interest": view.money(*interest),
        })).collect::<Vec<_>>(),
    })
}
