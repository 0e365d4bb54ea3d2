//! A union of the simulated countries, and what its members ask for.
//!
//! Half of all histories have one. Orders look at what is open, so that most of them make sense. Absent on purpose: what should come
//! of them; the ledger's invariants say whether it was right.

use comity_ledger::State;
use comity_ledger::command::{Command, RateKind};
use comity_ledger::ids::{ActorId, AuthorityId, CurrencyId, Key, Time};
use comity_ledger::rate::Rate;
use comity_ledger::union::order::{
    AnswerProof, BandRule, BeyondRule, ChargeStep, Closes, DueRule, Excess, GrowthRule, InterestRule, LadderRule,
    LadderStep, Lend, LoanOffer, MemberRule, Method, OfferRef, PaymentPart, ProofOrder, ResidualUse, ScheduleRule,
    SetUnion, SetUnitRate, SettleResidual, Settlement, SideRule, SwapRule, TermRule, UnitRule, UseClaim, YearDays,
};
use comity_ledger::union::{Party, Residual};

use crate::rng::Rng;
use crate::world::{Pen, World};

/// Terms of instalments.
fn term(rng: &mut Rng) -> TermRule {
    TermRule { instalments: 1 + rng.below(4) as u16, every_days: 1, rate_bps: 700, remainder_first: rng.chance(1, 2) }
}

/// The rules of a union of all countries.
pub(crate) fn rules(rng: &mut Rng, currencies: usize) -> SetUnion {
    let ladder = |rng: &mut Rng, beyond: BeyondRule| {
        let half = |asset: u64, from: u32| LadderStep { from, to: from + 500_000, asset: asset as u32 };
        let (low, high) = (rng.below(1_000_001), rng.below(1_000_001));
        LadderRule { steps: vec![half(low, 0), half(high, 500_000)], beyond }
    };
    let beyond = rng.pick(&[BeyondRule::Asset, BeyondRule::Credit, BeyondRule::Special(400_000)]);
    let schedule = ScheduleRule {
        debtor: ladder(rng, BeyondRule::Asset),
        creditor: ladder(rng, beyond),
        asset_carries: rng.chance(1, 2),
    };
    let growth = GrowthRule { share: 600_000, excess: rng.pick(&[Excess::Asset, Excess::Asset, Excess::Refuse]) };
    let members = (0..currencies).map(|at| MemberRule {
        authority: AuthorityId(at as u32),
        quota: 5_000 + rng.below(60_000) as i64,
        schedule: None,
    });
    SetUnion {
        union: 0,
        name: "a simulated union".into(),
        unit: UnitRule::Currency(CurrencyId(0)),
        exponent: 2,
        members: members.collect(),
        carries: rng.chance(5, 6),
        schedule,
        charge: vec![ChargeStep { above: 250_000, rate_bps: 9_000 }],
        interest: rng.chance(1, 2).then_some(InterestRule { debtor_bps: 9_000, creditor_bps: 6_000 }),
        year: YearDays::Act360,
        growth: rng.chance(1, 2).then_some(growth),
        bands: vec![BandRule { side: SideRule::Debtor, from: 250_000, action: "pay down".into(), closings: 1 }],
        methods: Method::ALL.to_vec(),
        asset: "an example asset".into(),
        basket: vec![PaymentPart { currency: CurrencyId(1), weight: 1_000_000 }],
        roll_share: 100_000,
        purposes: vec!["investment".into()],
        swap: Some(SwapRule { share: 200_000, closings: 3, days: 2, rate_bps: 300 }),
        refinance: Some(term(rng)),
        leaving: rng.chance(1, 2).then(|| term(rng)),
        due: DueRule::BusinessDays(1),
        closes: rng.pick(&[Closes::OnCommand, Closes::EveryCycles(1)]),
        gate_bps: 900,
    }
}

/// How much unions had to do: lines of closings with a net, and parts of residuals that were settled.
pub(crate) fn carried(state: &State) -> u64 {
    let lines = |union: &comity_ledger::union::UnionState| {
        let lines = union.closings.iter().flat_map(|closing| &closing.lines).filter(|line| line.net != 0).count();
        lines + union.residuals.iter().map(|residual| residual.settled.len()).sum::<usize>()
    };
    state.unions.list.iter().map(lines).sum::<usize>() as u64
}

/// Who acts for a side.
fn pen(world: &World, side: Party) -> Pen {
    match side {
        Party::Union => world.finance,
        Party::Member(authority) => world.pens[authority.at().min(world.pens.len() - 1)],
    }
}

/// A residual that is open, if any: its number, and what it is.
fn some_open<'a>(rng: &mut Rng, state: &'a State) -> Option<(u32, &'a Residual)> {
    let open: Vec<(u32, &Residual)> =
        (0..).zip(&state.unions.list.first()?.residuals).filter(|(_, residual)| residual.open > 0).collect();
    if open.is_empty() { None } else { Some(open[rng.index(open.len())]) }
}

/// Whether there is something to carry, a rate to be stated or something to settle.
pub(crate) fn is_waiting(state: &State) -> bool {
    let Some(union) = state.unions.list.first() else { return false };
    let unstated = (1..state.currencies.len()).any(|at| !state.unions.rates.contains_key(&CurrencyId(at as u32)));
    unstated || can_close(state) || union.residuals.iter().any(|residual| residual.open > 0)
}

/// Whether a final cycle waits to be carried.
fn can_close(state: &State) -> bool {
    let carried = state.unions.list.first().map_or(0, |union| union.carried as usize);
    state.cycles.iter().skip(carried).any(|cycle| cycle.is_final)
}

/// Something one person may ask for at once: a rate, a report of a transfer, an answer to one.
pub(crate) fn direct(rng: &mut Rng, world: &World, state: &State, now: Time, reference: Key) -> (ActorId, Command) {
    if rng.chance(1, 2)
        && let Some((number, residual)) = some_open(rng, state)
    {
        if residual.proof.is_some() {
            let order = AnswerProof { union: 0, residual: number, accept: rng.chance(3, 4) };
            return (pen(world, residual.payee).checker, Command::AnswerProof(order));
        }
        let amount = if rng.chance(1, 2) { residual.open } else { 1 + rng.below(residual.open as u64 + 1) as i64 };
        let method = rng.pick(&[Method::Asset, Method::Asset, Method::Basket, Method::Auction]);
        let legs = if method == Method::Basket { state.basket_legs(0, amount).unwrap_or_default() } else { Vec::new() };
        let legs = legs.into_iter().map(|(_, amount)| amount).collect();
        let how = Settlement::Proof(ProofOrder { method, reference, amount, legs });
        let order = SettleResidual { union: 0, residual: number, how };
        return (pen(world, residual.payer).maker, Command::SettleResidual(Box::new(order)));
    }
    if rng.chance(if can_close(state) { 3 } else { 1 }, 6) {
        let command =
            if can_close(state) && rng.chance(7, 8) { Command::CloseUnion(0) } else { Command::CrossResiduals(0) };
        return (State::SYSTEM, command);
    }
    let unstated = (1..world.pens.len()).find(|at| !state.unions.rates.contains_key(&CurrencyId(*at as u32)));
    let at = unstated.unwrap_or_else(|| rng.index(world.pens.len()));
    let order = SetUnitRate {
        currency: CurrencyId(at as u32),
        rate: Rate { mantissa: 9_500 + rng.below(1_400), scale: 4 },
        source: "an example source".into(),
        kind: RateKind::Official,
        from: now,
        until: now.plus_seconds(600 + rng.below(200_000) as u32),
    };
    (world.pens[at].maker, Command::SetUnitRate(Box::new(order)))
}

/// Something two people may ask for.
pub(crate) fn proposable(rng: &mut Rng, world: &World, state: &State) -> (Pen, Command) {
    let at = rng.index(world.pens.len());
    let other = AuthorityId(rng.index(world.pens.len()) as u32);
    let amount = 1 + rng.below(3_000) as i64;
    match rng.below(9) {
        0..=3 => {
            let Some((number, residual)) = some_open(rng, state) else {
                return (world.pens[at], Command::ReleaseUnitRate(CurrencyId(at as u32)));
            };
            let part = 1 + rng.below(residual.open as u64) as i64;
            let (side, how) = match rng.below(4) {
                0 => (residual.payer, Settlement::RollOver(part)),
                1 => (residual.payer, Settlement::Instalments(1 + rng.below(4) as u16)),
                2 => (residual.payer, Settlement::Swap(part)),
                _ => {
                    let (purpose, to, reference) = (rng.below(2) as u32, other, Key(1));
                    (residual.payee, Settlement::Use(ResidualUse { purpose, to, amount: part, reference }))
                }
            };
            let order = SettleResidual { union: 0, residual: number, how };
            (pen(world, side), Command::SettleResidual(Box::new(order)))
        }
        4 => (world.pens[at], Command::ReleaseUnitRate(CurrencyId(at as u32))),
        5 => {
            let purpose = rng.pick(&[0, u32::MAX, 3]);
            let order = UseClaim { union: 0, to: other, amount, purpose, reference: Key(1) };
            (world.pens[at], Command::UseClaim(Box::new(order)))
        }
        6 => {
            let offer = state.unions.list.first().and_then(|union| union.offers.first_key_value());
            match offer {
                Some((number, offer)) => {
                    let which = OfferRef { union: 0, offer: *number };
                    let order = if rng.chance(3, 4) { Lend::Accept(which) } else { Lend::Withdraw(which) };
                    (pen(world, Party::Member(offer.terms.debtor)), Command::Lend(order))
                }
                None => {
                    let order = LoanOffer { union: 0, debtor: other, principal: amount, terms: term(rng) };
                    (world.pens[at], Command::Lend(Lend::Offer(Box::new(order))))
                }
            }
        }
        7 if rng.chance(1, 8) => (world.pens[at], Command::LeaveUnion(0)),
        _ => {
            // New tranches and quotas for the same members.
            let mut order = rules(rng, world.pens.len());
            if let Some(union) = state.unions.list.first() {
                order.carries = union.rules.carries;
            }
            (world.finance, Command::SetUnion(Box::new(order)))
        }
    }
}
