//! What a step asks, put into the ledger's numbers at the moment it is due: which residual, which offer, how much is open.
//!
//! A line that finds nothing asks for what does not exist, so that the refusal stands in the journal with the line's actor. Absent on
//! purpose: any decision; whether it may be done is the ledger's.

use comity_ledger::State;
use comity_ledger::command::Command;
use comity_ledger::ids::AuthorityId;
use comity_ledger::union::order::{
    AnswerProof, Lend, LoanOffer, Method, OfferRef, ProofOrder, ResidualUse, SettleResidual, Settlement, UseClaim,
};
use comity_ledger::union::{Party, Residual, UnionState};

use super::{Ask, Deed, Kind, Part, UnionOrder};

/// The number of nothing.
const NONE: u32 = u32::MAX;

impl Ask {
    /// The command it is now.
    #[must_use]
    pub fn command(&self, state: &State) -> Command {
        match self {
            Self::Rate(rate) => Command::SetUnitRate(rate.clone()),
            Self::Release(currency) => Command::ReleaseUnitRate(*currency),
            Self::Close(union) => Command::CloseUnion(*union),
            Self::Order(order) => order.command(state),
        }
    }
}

/// A member, or the union itself.
const fn party(member: Option<AuthorityId>) -> Party {
    match member {
        Some(member) => Party::Member(member),
        None => Party::Union,
    }
}

/// The open residual due first, then the first opened, of those wanted.
fn first(union: Option<&UnionState>, wanted: impl Fn(&Residual) -> bool) -> (u32, i64) {
    let residuals = union.map(|union| union.residuals.as_slice()).unwrap_or_default();
    let open = (0_u32..).zip(residuals).filter(|(_, residual)| residual.open > 0 && wanted(residual));
    let found = open.min_by_key(|(number, residual)| (residual.due, *number));
    found.map_or((NONE, 1), |(number, residual)| (number, residual.open))
}

impl Part {
    const fn of(self, all: i64) -> i64 {
        match self {
            Self::All => all,
            Self::Minor(minor) => minor,
        }
    }
}

impl UnionOrder {
    fn command(&self, state: &State) -> Command {
        let union = state.unions.list.get(self.union as usize);
        let (own, other) = (party(self.member), party(self.other));
        let kind = |residual: &Residual| self.of.is_none_or(|of| of == Kind::of(residual.origin));
        let paid = |residual: &Residual| residual.payer == own && residual.payee == other && kind(residual);
        let received = |residual: &Residual| residual.payee == own && residual.payer == other && kind(residual);
        let settle =
            |residual, how| Command::SettleResidual(Box::new(SettleResidual { union: self.union, residual, how }));
        match &self.deed {
            Deed::Prove { method, amount, legs, reference } => {
                let (residual, open) = first(union, |residual| paid(residual) && residual.proof.is_none());
                let amount = amount.of(open);
                let legs = if *method == Method::Basket && legs.is_empty() {
                    let computed = state.basket_legs(self.union, amount).unwrap_or_default();
                    computed.into_iter().map(|(_, minor)| minor).collect()
                } else {
                    legs.clone()
                };
                settle(residual, Settlement::Proof(ProofOrder { method: *method, reference: *reference, amount, legs }))
            }
            Deed::Answer { accept } => {
                let (residual, _) = first(union, |residual| received(residual) && residual.proof.is_some());
                Command::AnswerProof(AnswerProof { union: self.union, residual, accept: *accept })
            }
            Deed::RollOver { amount } => {
                let (residual, open) = first(union, |residual| paid(residual) || received(residual));
                settle(residual, Settlement::RollOver(amount.of(open)))
            }
            Deed::Instalments { count } => settle(first(union, paid).0, Settlement::Instalments(*count)),
            Deed::Swap { amount } => {
                let (residual, open) = first(union, paid);
                settle(residual, Settlement::Swap(amount.of(open)))
            }
            Deed::Use { amount, purpose, reference } => {
                let to = self.other.unwrap_or(AuthorityId::NONE);
                // What the union owes it can be used anywhere, what a member owes it only there.
                let usable = |residual: &Residual| {
                    let from = residual.payer == Party::Union || residual.payer == Party::Member(to);
                    residual.payee == own && from && kind(residual)
                };
                let (residual, open) = first(union, usable);
                let amount = amount.of(open);
                settle(residual, Settlement::Use(ResidualUse { purpose: *purpose, to, amount, reference: *reference }))
            }
            Deed::Pay { amount, purpose, reference } => Command::UseClaim(Box::new(UseClaim {
                union: self.union,
                to: self.other.unwrap_or(AuthorityId::NONE),
                amount: amount.of(self.position(union)),
                purpose: purpose.unwrap_or(NONE),
                reference: *reference,
            })),
            Deed::Offer { amount, terms } => Command::Lend(Lend::Offer(Box::new(LoanOffer {
                union: self.union,
                debtor: self.other.unwrap_or(AuthorityId::NONE),
                principal: amount.of(self.position(union)),
                terms: *terms,
            }))),
            Deed::Take => Command::Lend(Lend::Accept(self.offer(union))),
            Deed::Withdraw => Command::Lend(Lend::Withdraw(self.offer(union))),
            Deed::Auction => Command::CrossResiduals(self.union),
            Deed::Leave => Command::LeaveUnion(self.union),
        }
    }

    /// The member's claim; one where it has none, so that the ledger says so.
    fn position(&self, union: Option<&UnionState>) -> i64 {
        let members = union.map(|union| union.members.as_slice()).unwrap_or_default();
        let own = members.iter().find(|member| Some(member.authority) == self.member);
        own.map_or(1, |member| member.position.max(1))
    }

    /// The first offer that waits between the two members.
    fn offer(&self, union: Option<&UnionState>) -> OfferRef {
        let between = |creditor: AuthorityId, debtor: AuthorityId| {
            let pair = [Some(creditor), Some(debtor)];
            pair == [self.member, self.other] || pair == [self.other, self.member]
        };
        let offers = union.into_iter().flat_map(|union| &union.offers);
        let found = offers
            .map(|(number, offer)| (*number, offer))
            .find(|(_, offer)| between(offer.creditor, offer.terms.debtor));
        OfferRef { union: self.union, offer: found.map_or(NONE, |(number, _)| number) }
    }
}
