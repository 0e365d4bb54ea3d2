//! Random orders about unions, mostly sensible, for the laws that hold for any journal.

use comity_ledger::command::RateKind;
use comity_ledger::ids::*;
use comity_ledger::rate::Rate;
use comity_ledger::union::Party;
use comity_ledger::union::order::*;
use comity_ledger::{Command, State};

use crate::laws::Dice;
use crate::union_words::schedule;

/// A rule set with a bit of everything; sometimes wrong.
pub(crate) fn rules(dice: &mut Dice<'_>, union: u32) -> SetUnion {
    let term = |dice: &mut Dice<'_>| TermRule {
        instalments: u16::try_from(dice.roll(4)).expect("small"),
        every_days: 1,
        rate_bps: 500,
        remainder_first: dice.coin(),
    };
    let names = ["1950", "1952", "1954", "1955", "credit", "strict", "overlapping"];
    let member = |dice: &mut Dice<'_>, authority: u32| MemberRule {
        authority: AuthorityId(authority),
        quota: 20 + i64::try_from(dice.roll(100)).expect("small"),
        schedule: (dice.roll(4) == 0).then(|| schedule("1955")),
    };
    let members = if dice.roll(8) == 0 {
        vec![member(dice, 2), member(dice, 1)]
    } else {
        (0..3).map(|authority| member(dice, authority)).collect()
    };
    SetUnion {
        union,
        name: "Union".into(),
        unit: if dice.roll(4) > 0 {
            UnitRule::Currency(CurrencyId(0))
        } else {
            UnitRule::Basket(vec![
                BasketPart { currency: CurrencyId(0), weight: 500_000, base: Rate { mantissa: 2, scale: 0 } },
                BasketPart { currency: CurrencyId(1), weight: 500_000, base: Rate { mantissa: 1, scale: 0 } },
            ])
        },
        exponent: 2,
        members,
        carries: dice.roll(6) > 0,
        schedule: schedule(names[usize::try_from(dice.roll(if union == 0 { 7 } else { 6 })).expect("small")]),
        charge: vec![ChargeStep { above: 250_000, rate_bps: 40_000 }],
        interest: dice.coin().then_some(InterestRule { debtor_bps: 40_000, creditor_bps: 20_000 }),
        year: YearDays::Act365,
        growth: match dice.roll(3) {
            0 => None,
            1 => Some(GrowthRule { share: 300_000, excess: Excess::Asset }),
            _ => Some(GrowthRule { share: 900_000, excess: Excess::Refuse }),
        },
        bands: vec![BandRule { side: SideRule::Debtor, from: 250_000, action: "act".into(), closings: 1 }],
        methods: Method::ALL.to_vec(),
        asset: "gold".into(),
        basket: vec![PaymentPart { currency: CurrencyId(1), weight: 1_000_000 }],
        roll_share: 200_000,
        purposes: vec!["investment".into()],
        swap: Some(SwapRule { share: 500_000, closings: 2, days: 1, rate_bps: 500 }),
        refinance: Some(TermRule { instalments: 4, ..term(dice) }).filter(|_| dice.roll(5) > 0),
        leaving: dice.coin().then(|| TermRule { instalments: 2, ..term(dice) }),
        due: DueRule::DaysThenOpen(u8::try_from(dice.roll(3)).expect("small")),
        closes: if dice.coin() { Closes::OnCommand } else { Closes::EveryCycles(1) },
        gate_bps: 1_000,
    }
}

fn some_amount(dice: &mut Dice<'_>, up_to: i64) -> i64 {
    if dice.roll(12) == 0 {
        dice.amount()
    } else {
        1 + i64::try_from(dice.roll(up_to.max(1).unsigned_abs())).expect("small")
    }
}

/// Any order about a union. Most are about what is open now.
pub(crate) fn order(dice: &mut Dice<'_>, state: &State) -> Command {
    let union = if dice.roll(12) == 0 { 7 } else { 0 };
    let authority = AuthorityId(dice.small(4));
    match dice.roll(12) {
        0 => {
            // Mostly a change that keeps what cannot change.
            let mut rules = rules(dice, union);
            if let (Some(old), true) = (state.unions.list.first(), dice.roll(6) > 0) {
                rules.unit = old.rules.unit.clone();
                rules.members = old.rules.members.clone();
                rules.carries = old.rules.carries;
            }
            Command::SetUnion(Box::new(rules))
        }
        1 => Command::SetUnitRate(Box::new(SetUnitRate {
            currency: CurrencyId(dice.small(4)),
            rate: Rate { mantissa: 90 + dice.roll(20), scale: 2 },
            source: "fixing".into(),
            kind: RateKind::Official,
            from: state.at,
            until: Time(u64::MAX - dice.roll(2)),
        })),
        2 => Command::ReleaseUnitRate(CurrencyId(dice.small(4))),
        3 | 4 => Command::CloseUnion(union),
        5..=8 => {
            let known = state.unions.list.first();
            let open = known.and_then(|known| {
                let open: Vec<u32> = (0..)
                    .zip(&known.residuals)
                    .filter(|(_, residual)| residual.open > 0)
                    .map(|(number, _)| number)
                    .collect();
                (!open.is_empty()).then(|| open[usize::try_from(dice.roll(open.len() as u64)).expect("small")])
            });
            let residual = if dice.roll(10) == 0 { dice.small(40) } else { open.unwrap_or(0) };
            let found = known.and_then(|known| known.residuals.get(residual as usize));
            if found.is_some_and(|found| found.proof.is_some()) && dice.roll(6) > 0 {
                return Command::AnswerProof(AnswerProof { union, residual, accept: dice.roll(3) > 0 });
            }
            let open = found.map_or(10, |found| found.open);
            let amount = if dice.coin() { open } else { some_amount(dice, open) };
            let how = match dice.roll(7) {
                0 | 1 => Settlement::Proof(ProofOrder {
                    method: Method::Asset,
                    reference: Key(u128::from(dice.roll(1_000))),
                    amount,
                    legs: Vec::new(),
                }),
                2 => {
                    let legs = state.basket_legs(union, amount).unwrap_or_default();
                    Settlement::Proof(ProofOrder {
                        method: Method::Basket,
                        reference: Key(u128::from(dice.roll(1_000))),
                        amount,
                        legs: legs.into_iter().map(|(_, amount)| amount).collect(),
                    })
                }
                3 => Settlement::RollOver(amount),
                4 => Settlement::Instalments(u16::try_from(dice.roll(6)).expect("small")),
                5 => Settlement::Swap(amount),
                _ => Settlement::Use(ResidualUse {
                    purpose: dice.small(2),
                    to: match found.map(|found| found.payer) {
                        Some(Party::Member(payer)) if dice.coin() => payer,
                        Some(_) | None => authority,
                    },
                    amount,
                    reference: Key(1),
                }),
            };
            Command::SettleResidual(Box::new(SettleResidual { union, residual, how }))
        }
        9 if dice.roll(3) == 0 => Command::CrossResiduals(union),
        9 | 10 => Command::UseClaim(Box::new(UseClaim {
            union,
            to: authority,
            amount: some_amount(dice, 10),
            purpose: if dice.coin() { u32::MAX } else { dice.small(2) },
            reference: Key(1),
        })),
        _ => match dice.roll(8) {
            0 => Command::LeaveUnion(union),
            1..=3 => {
                let offer = state.unions.list.first().and_then(|known| known.offers.keys().next().copied());
                let which = OfferRef { union, offer: offer.unwrap_or(0) };
                Command::Lend(if dice.roll(4) > 0 { Lend::Accept(which) } else { Lend::Withdraw(which) })
            }
            _ => Command::Lend(Lend::Offer(Box::new(LoanOffer {
                union,
                debtor: authority,
                principal: some_amount(dice, 10),
                terms: TermRule {
                    instalments: u16::try_from(dice.roll(4)).expect("small"),
                    every_days: 1,
                    rate_bps: 1_000,
                    remainder_first: dice.coin(),
                },
            }))),
        },
    }
}
