//! What happened in a union, in plain words: one sentence for each event, and the numbers behind each refusal.
//!
//! Amounts are shown in the unit of account of the union, countries by their two letters. Absent on purpose: tables; reports
//! read the records these sentences point at.

use comity_ledger::event::Event;
use comity_ledger::ids::{AuthorityId, CurrencyId};
use comity_ledger::union::order::{Method, UnitRule};
use comity_ledger::union::{ItemStatus, Party, UnionState, Way, rules};
use comity_ledger::{Reason, Reject, State};
use core::fmt::Write;

use crate::money::Money;
use crate::text::code;

/// An amount of the unit of account: `1,250.00 CNY`, or `1,250.00 units` for a basket.
fn amount(state: &State, union: &UnionState, minor: i64) -> String {
    let code = match &union.rules.unit {
        UnitRule::Currency(currency) => code(state, *currency),
        UnitRule::Basket(_) => "units",
    };
    Money { minor: minor.into(), exponent: union.rules.exponent, code }.to_string()
}

/// The same in the unit of a member's union; bare minor units for a country that is in none.
fn sized(state: &State, member: u64, minor: i64) -> String {
    let authority = AuthorityId(u32::try_from(member).unwrap_or(u32::MAX));
    let union = state.union_of(authority).and_then(|union| state.unions.list.get(union as usize));
    union.map_or_else(|| minor.to_string(), |union| amount(state, union, minor))
}

/// A country's two letters.
fn country(state: &State, authority: AuthorityId) -> &str {
    let known = state.authorities.get(authority.at());
    known.and_then(|known| core::str::from_utf8(&known.country).ok()).unwrap_or("?")
}

fn member(state: &State, number: u64) -> &str {
    country(state, AuthorityId(u32::try_from(number).unwrap_or(u32::MAX)))
}

fn party(state: &State, side: Party) -> &str {
    match side {
        Party::Union => "the union",
        Party::Member(authority) => country(state, authority),
    }
}

fn way(way: Way) -> &'static str {
    match way {
        Way::By(Method::Asset) => "in the designated asset",
        Way::By(Method::RollOver) => "carried on as credit",
        Way::By(Method::Basket) => "in a basket of currencies",
        Way::By(Method::Auction) => "against an opposite residual",
        Way::By(Method::Use) => "by a permitted use",
        Way::Instalments(_) => "by instalments",
        Way::Swap(_) => "from the swap facility",
        Way::Unrolled => "against what was carried on before",
    }
}

/// The numbers behind a refusal about a union; the reason's meaning stands in front of them.
pub(crate) fn write_reject(out: &mut String, state: &State, reject: &Reject) -> core::fmt::Result {
    let Reject { reason, limit, value, refers } = *reject;
    match reason {
        Reason::MemberTwice | Reason::NotMember => write!(out, ": {}", member(state, refers)),
        Reason::UnionRule => {
            let field = usize::try_from(refers).ok().and_then(|at| rules::FIELDS.get(at)).unwrap_or(&"?");
            write!(out, ": {field} is {value}, the bound is {limit}")
        }
        Reason::UnionQuota => write!(out, ": quota {value} of {}", member(state, refers)),
        Reason::UnionTranches => {
            write!(out, ": {value} millionths where {limit} are needed")?;
            if refers == 0 { Ok(()) } else { write!(out, ", in the ladders of member {refers}") }
        }
        Reason::UnionWeights => write!(out, ": they sum to {value} millionths, not {limit}"),
        Reason::UnitRateMissing => {
            let currency = CurrencyId(u32::try_from(refers).unwrap_or(u32::MAX));
            write!(out, ": {}", code(state, currency))
        }
        Reason::BeyondQuota => {
            let (value, limit) = (sized(state, refers, value), sized(state, refers, limit));
            write!(out, ": {} at {value}, the quota is {limit}", member(state, refers))
        }
        Reason::GrowthLimit => {
            let (value, limit) = (sized(state, refers, value), sized(state, refers, limit));
            write!(out, ": {} by {value}, the limit is {limit}", member(state, refers))
        }
        Reason::MethodNotPermitted => {
            let method = usize::try_from(refers).ok().and_then(|at| Method::ALL.get(at));
            method.map_or(Ok(()), |method| write!(out, ": {}", method.word()))
        }
        Reason::ResidualOpen | Reason::ClaimExceeded => write!(out, ": {value}, the limit is {limit}"),
        Reason::ProofWaits | Reason::ReferenceUsed => write!(out, ": residual {refers}"),
        _ => Ok(()),
    }
}

/// What happened in a union.
pub(crate) fn write_event(out: &mut String, state: &State, event: &Event) -> core::fmt::Result {
    if let Event::UnitRateSet { currency, gated } = *event {
        let how = if gated { "stated and held by the deviation gate" } else { "stated" };
        return write!(out, "rate of {} in the unit of account {how}", code(state, currency));
    }
    let Some(known) = number(event).and_then(|union| state.unions.list.get(union as usize)) else {
        return write!(out, "a union that is not known");
    };
    write!(out, "{}: ", known.rules.name)?;
    in_union(out, state, known, event)
}

/// Which union an event is about.
fn number(event: &Event) -> Option<u32> {
    match event {
        Event::UnionSet { union }
        | Event::UnionClosed { union, .. }
        | Event::MemberCarried { union, .. }
        | Event::UnionNotClosed { union, .. }
        | Event::ActionItem { union, .. }
        | Event::ResidualOpened { union, .. }
        | Event::ResidualSettled { union, .. }
        | Event::ResidualLate { union, .. }
        | Event::ProofReported { union, .. }
        | Event::ProofAnswered { union, .. }
        | Event::ClaimUsed { union, .. }
        | Event::LoanOffered { union, .. }
        | Event::OfferEnded { union, .. }
        | Event::LoanBegan { union, .. }
        | Event::MemberLeft { union, .. } => Some(*union),
        _ => None,
    }
}

fn in_union(out: &mut String, state: &State, known: &UnionState, event: &Event) -> core::fmt::Result {
    let money = |minor: i64| amount(state, known, minor);
    let between = |out: &mut String, residual: u32| match known.residuals.get(residual as usize) {
        Some(found) => {
            write!(out, " of {} to {}", party(state, found.payer), party(state, found.payee))
        }
        None => Ok(()),
    };
    match *event {
        Event::UnionSet { .. } => write!(out, "rules in force, {} members", known.members.len()),
        Event::UnionClosed { closing, .. } => write!(out, "closing {closing}"),
        Event::MemberCarried { closing, member, .. } => {
            write!(out, "closing {closing}, {}", country(state, member))?;
            let place = known.members.iter().position(|found| found.authority == member);
            let line = known.closings.get((closing as usize).wrapping_sub(1)).zip(place);
            match line.and_then(|(closing, at)| closing.lines.get(at)) {
                Some(line) => {
                    write!(
                        out,
                        ": net {}, position {}, asset {}",
                        money(line.net),
                        money(line.after),
                        money(line.asset)
                    )
                }
                None => Ok(()),
            }
        }
        Event::UnionNotClosed { reject, .. } => {
            out.push_str("not closed: ");
            crate::text::write_reject(out, state, &reject, CurrencyId::NONE)
        }
        Event::ActionItem { item, .. } => match known.items.get(item as usize) {
            Some(found) => {
                let action = known.rules.bands.get(found.band as usize).map_or("?", |band| band.action.as_str());
                let status = match found.status {
                    ItemStatus::Open => "is to act",
                    ItemStatus::Late => "is late",
                    ItemStatus::Closed(_) => "is done",
                };
                write!(out, "{} {status}: {action}", country(state, found.owner))
            }
            None => Ok(()),
        },
        Event::ResidualOpened { residual, .. } => {
            let found = known.residuals.get(residual as usize);
            write!(out, "residual {residual}")?;
            between(out, residual)?;
            found.map_or(Ok(()), |found| write!(out, ": {} due on {}", money(found.amount), found.due))
        }
        Event::ResidualSettled { residual, way: how, amount, .. } => {
            write!(out, "residual {residual}")?;
            between(out, residual)?;
            write!(out, ": {} settled {}", money(amount), way(how))
        }
        Event::ResidualLate { residual, .. } => {
            write!(out, "residual {residual}")?;
            between(out, residual)?;
            write!(out, " is late")
        }
        Event::ProofReported { residual, amount, .. } => {
            write!(out, "residual {residual}")?;
            between(out, residual)?;
            write!(out, ": a transfer of {} was reported", money(amount))
        }
        Event::ProofAnswered { residual, accept, .. } => {
            let how = if accept { "accepted" } else { "declined: it is open again" };
            write!(out, "residual {residual}")?;
            between(out, residual)?;
            write!(out, ": the reported transfer was {how}")
        }
        Event::ClaimUsed { number, .. } => match known.uses.get(number as usize) {
            Some(found) => {
                let (from, to) = (country(state, found.from), country(state, found.to));
                let purpose = known.rules.purposes.get(found.purpose as usize).map_or("payment", |purpose| purpose);
                write!(out, "{from} used {} of its claim in {to}: {purpose}", money(found.amount))
            }
            None => Ok(()),
        },
        Event::LoanOffered { offer, .. } => match known.offers.get(&offer) {
            Some(found) => {
                let (from, to) = (country(state, found.creditor), country(state, found.terms.debtor));
                write!(out, "{from} offers {to} a loan of {}", money(found.terms.principal))
            }
            None => write!(out, "loan {offer} offered"),
        },
        Event::OfferEnded { offer, accepted, .. } => {
            let how = if accepted { "accepted" } else { "turned down" };
            write!(out, "offer {offer} of a loan {how}")
        }
        Event::LoanBegan { loan, .. } => match known.loans.get(loan as usize) {
            Some(found) => {
                let (from, to) = (party(state, found.payer), party(state, found.payee));
                let count = found.instalments.len();
                write!(out, "{from} pays {to} {} in {count} instalments", money(found.principal))
            }
            None => Ok(()),
        },
        Event::MemberLeft { member, .. } => write!(out, "{} has left", country(state, member)),
        _ => Ok(()),
    }
}
