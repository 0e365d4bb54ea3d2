//! Canonical bytes of commands: golden, so that tags and layouts never change; hostile bytes never panic.

use std::fmt::Write as _;

use comity_ledger::calendar::Calendar;
use comity_ledger::command::*;
use comity_ledger::dealing::{Basis, Choice, DealerTerms, FeeRule, Modes, PricingTerms, Tier, TwoWay, Way};
use comity_ledger::ids::*;
use comity_ledger::rate::Rate;
use comity_ledger::role::{Roles, Scope};
use comity_ledger::union::order::*;
use comity_ledger::wire::{from_bytes, to_bytes};
use comity_ledger::{Command, Entry, State};
use expect_test::expect;
use proptest::prelude::*;

use crate::world::{Setting, World};

fn instruction() -> Instruction {
    Instruction {
        uetr: Uetr(0x0102_0304_0506_4708_8910_1112_1314_1516),
        debtor: AccountId(2),
        creditor: AccountId(3),
        debtor_for: ParticipantId::NONE,
        creditor_for: ParticipantId(4),
        amount: 12_345,
        priority: Priority::Normal,
        kind: PaymentKind::Institution,
        value_date: Day(20_780),
        earliest: Time(5),
        latest: Time(6),
        message: 7,
        document: 8,
        line: 9,
    }
}

/// A rule set with something in every field.
fn set_union() -> SetUnion {
    let ladder = |beyond| LadderRule { steps: vec![LadderStep { from: 0, to: 1_000_000, asset: 500_000 }], beyond };
    let schedule = ScheduleRule {
        debtor: ladder(BeyondRule::Special(250_000)),
        creditor: ladder(BeyondRule::Refuse),
        asset_carries: true,
    };
    let term = TermRule { instalments: 4, every_days: 30, rate_bps: 500, remainder_first: true };
    SetUnion {
        union: 0,
        name: "EPU".into(),
        unit: UnitRule::Basket(vec![BasketPart {
            currency: CurrencyId(1),
            weight: 1_000_000,
            base: Rate { mantissa: 7, scale: 1 },
        }]),
        exponent: 2,
        members: vec![MemberRule { authority: AuthorityId(1), quota: 100, schedule: Some(schedule.clone()) }],
        carries: true,
        schedule,
        charge: vec![ChargeStep { above: 250_000, rate_bps: 100 }],
        interest: Some(InterestRule { debtor_bps: 500, creditor_bps: 400 }),
        year: YearDays::Act365,
        growth: Some(GrowthRule { share: 250_000, excess: Excess::Refuse }),
        bands: vec![BandRule { side: SideRule::Creditor, from: 250_000, action: "lend".into(), closings: 2 }],
        methods: Method::ALL.to_vec(),
        asset: "gold".into(),
        basket: vec![PaymentPart { currency: CurrencyId(1), weight: 1_000_000 }],
        roll_share: 100_000,
        purposes: vec!["investment".into()],
        swap: Some(SwapRule { share: 200_000, closings: 6, days: 60, rate_bps: 300 }),
        refinance: Some(term),
        leaving: Some(term),
        due: DueRule::BusinessDays(4),
        closes: Closes::EveryCycles(2),
        gate_bps: 1_000,
    }
}

/// One example of every command, in order of their tags.
pub(crate) fn examples() -> Vec<Command> {
    let pair = PairRef { base: CurrencyId(0), quote: CurrencyId(1) };
    let rate = Rate { mantissa: 1_150, scale: 2 };
    let funding = Funding { account: AccountId(2), amount: 500, outside_ref: Key(3) };
    vec![
        Command::Pay(instruction()),
        Command::PayGroup(vec![instruction(), instruction()]),
        Command::Convert(Box::new(Conversion {
            instruction: instruction(),
            fixed: Fixed::Target,
            expected: Some(rate),
        })),
        Command::Return(Box::new(ReturnOrder {
            original: Uetr(1),
            uetr: Uetr(2),
            amount: 3,
            reason: *b"AC04",
            message: 4,
            document: 5,
            line: 6,
        })),
        Command::Cancel(Uetr(1)),
        Command::Reprioritise(Reprioritise { uetr: Uetr(1), priority: Priority::Urgent }),
        Command::Reorder(Reorder { uetr: Uetr(1), place: Place::Back }),
        Command::Park(Uetr(1)),
        Command::Activate(Uetr(1)),
        Command::Recall(Box::new(Recall { case: Key(1), original: Uetr(2), reason: *b"DUPL", expires: Time(3) })),
        Command::AnswerRecall(Box::new(AnswerRecall { case: Key(1), accept: true, reason: *b"LEGL" })),
        Command::PlaceHold(Box::new(PlaceHold {
            hold: Key(1),
            account: AccountId(2),
            amount: 3,
            purpose: "rent".into(),
            beneficiary: AccountId::NONE,
            expires: Time(4),
        })),
        Command::PostHold(PostHold { hold: Key(1), creditor: AccountId(2), amount: 3, keep_rest: true }),
        Command::VoidHold(Key(1)),
        Command::FundIn(funding),
        Command::Defund(funding),
        Command::AdjustCover(AdjustCover { currency: CurrencyId(1), change: -2, outside_ref: Key(3) }),
        Command::Issue(Issue { account: AccountId(1), amount: 2 }),
        Command::SetLimit(SetLimit {
            account: AccountId(1),
            kind: LimitKind::Bilateral,
            counterparty: AccountId(2),
            value: Some(3),
        }),
        Command::Suspend(Suspend {
            participant: ParticipantId(1),
            currency: CurrencyId::NONE,
            direction: Direction::Both,
            suspended: true,
        }),
        Command::StopCurrency(StopCurrency { currency: CurrencyId(1), stopped: true }),
        Command::SetRate(Box::new(SetRate {
            pair,
            rate,
            source: "fixing".into(),
            kind: RateKind::Market,
            from: Time(1),
            until: Time(2),
        })),
        Command::ApproveRate(ApproveRate { pair, rate, approve: true }),
        Command::ReleaseRate(pair),
        Command::StartDay(Box::new(StartDay {
            date: Day(1),
            opens: Time(2),
            cutoffs: vec![Cutoff { currency: CurrencyId(3), at: Time(4) }],
        })),
        Command::Advance(Advance { phase: 1 }),
        Command::ExtendPhase(ExtendPhase { phase: 1, seconds: 2 }),
        Command::Tick,
        Command::Offset(CurrencyId::NONE),
        Command::ConfirmPositions(ConfirmPositions { cycle: 1, agree: true }),
        Command::Propose(Box::new(Propose { command: Command::Tick, expires: Time(1) })),
        Command::Approve(Approve { proposal: 1, hash: [2; 32] }),
        Command::Decline(1),
        Command::Genesis(Box::new(Genesis {
            name: "Stories".into(),
            rules: [7; 32],
            seed: 11,
            options: Setting::default().options,
        })),
        Command::AddAuthority(Box::new(AddAuthority { name: "CN".into(), country: *b"CN", public_key: [1; 32] })),
        Command::AddCurrency(Box::new(AddCurrency {
            code: *b"CNY",
            exponent: 2,
            authority: AuthorityId(0),
            calendar: Calendar { weekend: 0x60, exceptions: [(Day(1), true), (Day(2), false)].into() },
            unsettled: Unsettled::Cancel,
        })),
        Command::AddParticipant(Box::new(AddParticipant {
            bic: *b"XXXXCNBAXXX",
            name: "ALFA".into(),
            authority: AuthorityId(0),
            sponsor: ParticipantId::NONE,
        })),
        Command::OpenAccount(OpenAccount { participant: ParticipantId(1), currency: CurrencyId(2) }),
        Command::AddActor(Box::new(AddActor {
            name: "ALFA".into(),
            scope: Scope::Participant(ParticipantId(1)),
            roles: Roles::CHANNEL,
        })),
        Command::SetRoles(SetRoles { actor: ActorId(1), roles: Roles::AUDITOR }),
        Command::SetPair(SetPair { pair, gate_bps: 1_000, provider: ParticipantId(5) }),
        Command::SetPhases(vec![PhaseRule { name: "exchange".into(), allows: 0xff, seconds: 60 }]),
        Command::SetCalendarDay(SetCalendarDay { currency: CurrencyId(1), day: Day(2), open: true }),
        Command::ActivateArrangement(1),
        Command::RotateKey(RotateKey { authority: AuthorityId(1), public_key: [2; 32] }),
        Command::SetOffsetting(SetOffsetting {
            currency: CurrencyId(1),
            rule: Some(Offsetting { on_change: OnChange::Every, policy: Policy::FreeSubset }),
        }),
        Command::SetBypass(SetBypass { account: AccountId(1), allowed: true }),
        Command::SettlePlan(vec![PaymentId(1), PaymentId(3)]),
        Command::SetUnion(Box::new(set_union())),
        Command::SetUnitRate(Box::new(SetUnitRate {
            currency: CurrencyId(1),
            rate,
            source: "fixing".into(),
            kind: RateKind::Official,
            from: Time(1),
            until: Time(2),
        })),
        Command::ReleaseUnitRate(CurrencyId(1)),
        Command::CloseUnion(1),
        Command::SettleResidual(Box::new(SettleResidual {
            union: 1,
            residual: 2,
            how: Settlement::Proof(ProofOrder {
                method: Method::Basket,
                reference: Key(3),
                amount: 4,
                legs: vec![5, 6],
            }),
        })),
        Command::AnswerProof(AnswerProof { union: 1, residual: 2, accept: true }),
        Command::CrossResiduals(1),
        Command::UseClaim(Box::new(UseClaim {
            union: 1,
            to: AuthorityId(2),
            amount: 3,
            purpose: u32::MAX,
            reference: Key(4),
        })),
        Command::Lend(Lend::Offer(Box::new(LoanOffer {
            union: 1,
            debtor: AuthorityId(2),
            principal: 3,
            terms: TermRule { instalments: 4, every_days: 5, rate_bps: 6, remainder_first: true },
        }))),
        Command::LeaveUnion(1),
        Command::SetPricing(Box::new(SetPricing {
            pair,
            terms: PricingTerms {
                modes: Modes::FIXED.and(Modes::AUCTION),
                choice: Choice::InOrder,
                fixed: Some(rate),
                quote_seconds: 600,
                tick: 4,
                selling: FeeRule { departure: 1, arrival: 2, scheme: 3, scheme_bps: 4 },
                buying: FeeRule::default(),
            },
        })),
        Command::SetDealer(SetDealer { pair, dealer: ParticipantId(2), base_limit: 3, quote_limit: 4 }),
        Command::Agree(Agree { pair, subject: Subject::Rate(ParticipantId(2)), agree: true }),
        Command::SetDealerRate(Box::new(SetDealerRate {
            pair,
            dealer: ParticipantId(2),
            terms: Some(DealerTerms {
                basis: Basis::Own(TwoWay { bid: rate, ask: rate }),
                tiers: vec![Tier { from: 5, bps: 6 }],
            }),
            clients: vec![(ParticipantId(1), 7)],
            until: Time(8),
        })),
        Command::RequestQuote(Box::new(RequestQuote {
            quote: Key(1),
            debtor: AccountId(2),
            creditor: AccountId(3),
            debtor_for: ParticipantId::NONE,
            fixed: Fixed::Target,
            amount: 4,
            dealer: ParticipantId::NONE,
        })),
        Command::AcceptQuote(Key(1)),
        Command::PayQuoted(Box::new(PayQuoted {
            quoted: vec![QuotedLeg {
                quote: Key(1),
                order: Conversion { instruction: instruction(), fixed: Fixed::Source, expected: None },
            }],
            plain: vec![instruction()],
        })),
        Command::PlaceOrder(Box::new(PlaceOrder {
            order: Key(1),
            owner: ParticipantId(2),
            pair,
            way: Way::QuoteToBase,
            amount: 3,
            limit: Some(rate),
        })),
        Command::WithdrawOrder(Key(1)),
        Command::RunAuction(pair),
        Command::RegisterCommitment(Box::new(RegisterCommitment {
            commitment: Key(1),
            debtor: ParticipantId(2),
            creditor: ParticipantId(3),
            currency: CurrencyId(4),
            kind: CommitmentKind::Instalments,
            schedule: vec![Due { day: Day(5), amount: 6 }],
        })),
        Command::AnswerCommitment(AnswerCommitment { commitment: Key(1), asked: 2, agree: true }),
        Command::ChangeCommitment(Box::new(ChangeCommitment {
            commitment: Key(1),
            schedule: vec![Due { day: Day(2), amount: 3 }, Due { day: Day(4), amount: 5 }],
        })),
        Command::WithdrawCommitment(Key(1)),
    ]
}

/// Every tag that names a command.
fn tags() -> impl Iterator<Item = u8> {
    (1..=68).chain(75..=78)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to memory");
        out
    })
}

#[test]
fn the_bytes_of_every_command_are_for_ever() {
    let examples = examples();
    let tags: Vec<u8> = tags().collect();
    assert_eq!(examples.len(), tags.len(), "one example of every command");
    let mut told = String::new();
    for (tag, command) in tags.into_iter().zip(&examples) {
        let bytes = to_bytes(command);
        assert_eq!(bytes[0], tag, "tags in order: {command:?}");
        assert_eq!(from_bytes::<Command>(&bytes).as_ref(), Ok(command));
        writeln!(told, "{}", hex(&bytes)).expect("writing to memory");
    }
    expect![[r#"
        01161514131211108908470605040302010200000003000000ffffffff04000000393000000000000001012c510000050000000000000006000000000000000700000000000000080000000000000009000000
        0202000000161514131211108908470605040302010200000003000000ffffffff04000000393000000000000001012c510000050000000000000006000000000000000700000000000000080000000000000009000000161514131211108908470605040302010200000003000000ffffffff04000000393000000000000001012c510000050000000000000006000000000000000700000000000000080000000000000009000000
        03161514131211108908470605040302010200000003000000ffffffff04000000393000000000000001012c51000005000000000000000600000000000000070000000000000008000000000000000900000001017e0400000000000002
        0401000000000000000000000000000000020000000000000000000000000000000300000000000000414330340400000000000000050000000000000006000000
        0501000000000000000000000000000000
        060100000000000000000000000000000000
        070100000000000000000000000000000001
        0801000000000000000000000000000000
        0901000000000000000000000000000000
        0a01000000000000000000000000000000020000000000000000000000000000004455504c0300000000000000
        0b01000000000000000000000000000000014c45474c
        0c010000000000000000000000000000000200000003000000000000000400000072656e74ffffffff0400000000000000
        0d0100000000000000000000000000000002000000030000000000000001
        0e01000000000000000000000000000000
        0f02000000f40100000000000003000000000000000000000000000000
        1002000000f40100000000000003000000000000000000000000000000
        1101000000feffffffffffffff03000000000000000000000000000000
        12010000000200000000000000
        13010000000202000000010300000000000000
        1401000000ffffffff0201
        150100000001
        1600000000010000007e040000000000000206000000666978696e670101000000000000000200000000000000
        1700000000010000007e040000000000000201
        180000000001000000
        1901000000020000000000000001000000030000000400000000000000
        1a01000000
        1b0100000002000000
        1c
        1dffffffff
        1e0100000001
        1f1c0100000000000000
        2001000000000000000202020202020202020202020202020202020202020202020202020202020202
        210100000000000000
        220700000053746f7269657307070707070707070707070707070707070707070707070707070707070707070b00000000000000100e000002000000805101001e0000000000
        2302000000434e434e0101010101010101010101010101010101010101010101010101010101010101
        24434e59020000000060020000000100000001020000000002
        2558585858434e424158585804000000414c464100000000ffffffff
        260100000002000000
        2704000000414c4641020100000002000000
        280100000080000000
        290000000001000000e803000005000000
        2a010000000800000065786368616e6765ff0000003c000000
        2b010000000200000001
        2c01000000
        2d010000000202020202020202020202020202020202020202020202020202020202020202
        2e01000000010201
        2f0100000001
        30020000000100000003000000
        31000000000300000045505501010000000100000040420f00070000000000000001020100000001000000640000000000000001010000000000000040420f0020a107000290d00300010000000000000040420f0020a10700030101010000000000000040420f0020a107000290d00300010000000000000040420f0020a1070003010100000090d003006400000001f401000090010000010190d0030001010000000190d00300040000006c656e640200000005000000000102030404000000676f6c64010000000100000040420f00a0860100010000000a000000696e766573746d656e7401400d030006003c002c0100000104001e00f4010000010104001e00f40100000100040102000000e8030000
        32010000007e040000000000000206000000666978696e670001000000000000000200000000000000
        3301000000
        3401000000
        35010000000200000000020300000000000000000000000000000004000000000000000200000005000000000000000600000000000000
        36010000000200000001
        3701000000
        3801000000020000000300000000000000ffffffff04000000000000000000000000000000
        390001000000020000000300000000000000040005000600000001
        3a01000000
        3b00000000010000001201017e040000000000000258020000040100000000000000020000000000000003000000000000000400000000000000000000000000000000000000000000000000000000000000
        3c00000000010000000200000003000000000000000400000000000000
        3d0000000001000000020200000001
        3e00000000010000000200000001007e04000000000000027e0400000000000002010000000500000000000000060000000100000001000000070000000800000000000000
        3f010000000000000000000000000000000200000003000000ffffffff010400000000000000ffffffff
        4001000000000000000000000000000000
        410100000001000000000000000000000000000000161514131211108908470605040302010200000003000000ffffffff04000000393000000000000001012c510000050000000000000006000000000000000700000000000000080000000000000009000000000001000000161514131211108908470605040302010200000003000000ffffffff04000000393000000000000001012c510000050000000000000006000000000000000700000000000000080000000000000009000000
        4201000000000000000000000000000000020000000000000001000000010300000000000000017e0400000000000002
        4301000000000000000000000000000000
        440000000001000000
        4b010000000000000000000000000000000200000003000000040000000101000000050000000600000000000000
        4c01000000000000000000000000000000020000000000000001
        4d0100000000000000000000000000000002000000020000000300000000000000040000000500000000000000
        4e01000000000000000000000000000000
    "#]].assert_eq(&told);
}

#[test]
fn the_hash_an_approver_signs_is_for_ever() {
    expect!["7dd973daf665d49bd7c81bf3e92d828a48efcda0daa61c28faf7a42281a68e19"].assert_eq(&hex(&Command::Tick.hash()));
    expect!["5093cb4f14a01d80c35576b0e19c6cc3cfe9069765de5b8941adcb2fdfaa136c"].assert_eq(&hex(&examples()[18].hash()));
}

#[test]
fn unknown_tags_are_refused() {
    for tag in (0..=255_u8).filter(|tag| !tags().any(|known| known == *tag)) {
        let mut bytes = vec![0; 200];
        bytes[0] = tag;
        let refused = from_bytes::<Command>(&bytes).expect_err("no such command");
        assert_eq!(refused.to_string(), "expected a Command with 199 bytes left");
    }
}

#[test]
fn a_command_cut_short_or_with_more_behind_is_refused() {
    for command in examples() {
        let mut bytes = to_bytes(&command);
        for len in 0..bytes.len() {
            assert!(from_bytes::<Command>(&bytes[..len]).is_err(), "{command:?} cut to {len}");
        }
        bytes.push(0);
        assert!(from_bytes::<Command>(&bytes).is_err(), "{command:?} with a byte behind");
    }
}

#[test]
fn proposals_do_not_nest_without_end() {
    let bytes = vec![31; 10_000];
    let refused = from_bytes::<Command>(&bytes).expect_err("too deep");
    assert_eq!(refused.expected, "no deeper nesting");
}

#[test]
fn a_length_that_lies_is_refused_before_memory_is_taken() {
    let bytes = [2, 255, 255, 255, 255, 0];
    let refused = from_bytes::<Command>(&bytes).expect_err("a lie");
    assert_eq!(refused.expected, "as many items as the length says");
}

#[test]
fn keys_out_of_order_or_twice_are_refused() {
    let sorted = std::collections::BTreeMap::from([(Day(1), true), (Day(2), false)]);
    let mut bytes = to_bytes(&sorted);
    bytes[4] = 3;
    assert!(from_bytes::<std::collections::BTreeMap<Day, bool>>(&bytes).is_err());
    bytes[4] = 2;
    assert!(from_bytes::<std::collections::BTreeMap<Day, bool>>(&bytes).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(entry) = from_bytes::<Entry>(&bytes) {
            prop_assert_eq!(to_bytes(&entry), bytes.clone());
        }
        if let Ok(command) = from_bytes::<Command>(&bytes) {
            prop_assert_eq!(to_bytes(&command), bytes.clone());
        }
        drop(from_bytes::<State>(&bytes));
    }

    #[test]
    fn a_changed_byte_is_refused_or_means_exactly_itself(which in 0..62_usize, at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = to_bytes(&examples()[which]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(command) = from_bytes::<Command>(&bytes) {
            prop_assert_eq!(to_bytes(&command), bytes);
        }
    }

    #[test]
    fn a_changed_byte_of_a_state_never_panics(at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = to_bytes(&World::new(&Setting::default()).state);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(state) = from_bytes::<State>(&bytes) {
            prop_assert_eq!(to_bytes(&state), bytes);
        }
    }
}
