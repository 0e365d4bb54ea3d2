//! Unions through whole days: published vectors, any way to the same position, and no currency that others depend on.

use comity_ledger::calendar::Calendar;
use comity_ledger::command::*;
use comity_ledger::ids::*;
use comity_ledger::role::{Roles, Scope};
use comity_ledger::union::Member;
use comity_ledger::union::order::*;
use comity_ledger::{Command, Entry, Event, Events, State, apply, invariant, phase};
use proptest::prelude::*;

use crate::story::plain;
use crate::text::money;
use crate::union_words::schedule;
use crate::world::{Setting, World};

/// A world in which every date is a business day and a minor unit of each currency is worth one of the unit.
fn world(rules: &str) -> World {
    let mut setting = Setting::default();
    for code in ["CNY", "RUB", "KZT"] {
        setting.calendars.insert(code.into(), Calendar::default());
    }
    let mut world = World::new(&setting);
    plain(&mut world, rules);
    plain(&mut world, "unit-rate RUB 1.00");
    plain(&mut world, "unit-rate KZT 1.00");
    for bank in ["ALFA", "CHARLIE", "ECHO"] {
        for code in ["CNY", "RUB", "KZT"] {
            plain(&mut world, &format!("fund {bank} 100000.00 {code}"));
        }
    }
    world
}

/// Pays, and ends the day with a cycle that everybody confirms.
fn day(world: &mut World, payments: &[(&str, &str, i64)]) {
    if !world.state.day.open {
        let date = world.state.day.date.next();
        plain(world, &format!("day {date}"));
        world.run_to("exchange");
    }
    for (debtor, creditor, amount) in payments {
        let code = match *debtor {
            "ALFA" => "CNY",
            "CHARLIE" => "RUB",
            _ => "KZT",
        };
        let name = format!("p{}", world.state.payments.len());
        let amount = money(i128::from(*amount), 2);
        plain(world, &format!("pay {name} {debtor} {creditor} {amount} {code}"));
    }
    world.run_to("positions");
    let cycle = u32::try_from(world.state.cycles.len()).expect("few");
    for checker in ["CN.checker", "RU.checker", "KZ.checker"] {
        let order = ConfirmPositions { cycle, agree: true };
        world.enter(world.actors[checker], Key(0), Command::ConfirmPositions(order));
    }
    world.run_to("close");
}

fn member(world: &World, at: usize) -> &Member {
    &world.state.unions.list[0].members[at]
}

/// Flow, cumulative position, gold and credit of the period, gold and credit outstanding: hundredths, quota 100.00.
type Row = (i64, i64, i64, i64, i64, i64);

/// The vectors of the four schedules of the European Payments Union.
const VECTORS: [(&str, [Row; 6]); 4] = [
    (
        "1950",
        [
            (-1500, -1500, 0, -1500, 0, -1500),
            (-2000, -3500, -300, -1700, -300, -3200),
            (5000, 1500, 300, 4700, 0, 1500),
            (-12000, -10500, -4500, -7500, -4500, -6000),
            (4000, -6500, 3000, 1000, -1500, -5000),
            (3000, -3500, 1200, 1800, -300, -3200),
        ],
    ),
    (
        "1952",
        [
            (-1500, -1500, -100, -1400, -100, -1400),
            (-2000, -3500, -550, -1450, -650, -2850),
            (5000, 1500, 900, 4100, 250, 1250),
            (-12000, -10500, -4750, -7250, -4500, -6000),
            (4000, -6500, 2650, 1350, -1850, -4650),
            (3000, -3500, 1200, 1800, -650, -2850),
        ],
    ),
    (
        "1954",
        [
            (-1500, -1500, -750, -750, -750, -750),
            (-2000, -3500, -1000, -1000, -1750, -1750),
            (5000, 1500, 2500, 2500, 750, 750),
            (-12000, -10500, -6250, -5750, -5500, -5000),
            (4000, -6500, 2250, 1750, -3250, -3250),
            (3000, -3500, 1500, 1500, -1750, -1750),
        ],
    ),
    (
        "1955",
        [
            (-1500, -1500, -1125, -375, -1125, -375),
            (-2000, -3500, -1500, -500, -2625, -875),
            (5000, 1500, 3750, 1250, 1125, 375),
            (-12000, -10500, -9125, -2875, -8000, -2500),
            (4000, -6500, 3125, 875, -4875, -1625),
            (3000, -3500, 2250, 750, -2625, -875),
        ],
    ),
];

#[test]
fn the_vectors_of_the_payments_union_are_exact_through_the_ledger() {
    for (name, rows) in VECTORS {
        let mut world = world(&format!("union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule {name}"));
        for (at, (flow, cumulative, gold, credit, gold_stock, credit_stock)) in rows.into_iter().enumerate() {
            let credit_before = member(&world, 0).credit();
            let payment = if flow < 0 { ("ALFA", "CHARLIE", -flow) } else { ("CHARLIE", "ALFA", flow) };
            day(&mut world, &[payment]);
            plain(&mut world, "close EPU");
            let line = world.state.unions.list[0].closings[at].lines[0].clone();
            assert_eq!((line.net, line.after, line.asset), (flow, cumulative, gold), "{name} row {at}");
            let now = member(&world, 0);
            assert_eq!(now.credit() - credit_before, i128::from(credit), "{name} row {at}");
            assert_eq!(now.stock.paid(), i128::from(gold_stock), "{name} row {at}");
            assert_eq!(now.credit(), i128::from(credit_stock), "{name} row {at}");
        }
        world.check_end();
    }
}

/// Four members, gross 310: 250 is cleared multilaterally, 10 through time, 50 is settled. Here with the three members of the
/// stories: what two of them owe each other around a circle is cleared, the rest is settled.
#[test]
fn gross_is_what_it_went_into_closing_by_closing_and_together() {
    let mut world = world("union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1950");
    day(&mut world, &[("ALFA", "CHARLIE", 3000), ("CHARLIE", "ECHO", 2000), ("ECHO", "ALFA", 1500)]);
    plain(&mut world, "close EPU");
    day(&mut world, &[("CHARLIE", "ALFA", 4000), ("ECHO", "CHARLIE", 500)]);
    plain(&mut world, "close EPU");
    let union = &world.state.unions.list[0];
    let first = union.closings[0].parts;
    assert_eq!((first.gross, first.multilateral, first.through_time), (13_000, 10_000, 0));
    assert_eq!(first.asset + first.credit + first.special, 3_000);
    let second = union.closings[1].parts;
    assert_eq!((second.gross, second.multilateral, second.through_time), (9_000, 1_000, 3_000));
    assert!(union.members.iter().all(|member| member.parts.holds()));
    world.check_end();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same flows closed day by day, or several days at once, leave the same positions, consisting of the same, with the
    /// same asset fallen due.
    #[test]
    fn closings_may_be_split_anyhow(
        which in 0..4_usize,
        days in proptest::collection::vec((proptest::collection::vec((0..6_usize, 1..9_000_i64), 1..4), any::<bool>()), 1..7),
    ) {
        const PAIRS: [(&str, &str); 6] = [
            ("ALFA", "CHARLIE"), ("CHARLIE", "ALFA"), ("ALFA", "ECHO"), ("ECHO", "ALFA"), ("CHARLIE", "ECHO"), ("ECHO", "CHARLIE"),
        ];
        let rules = format!(
            "union EPU of CN:100.00,RU:150.01,KZ:33.33 in CNY schedule {}",
            ["1950", "1952", "1954", "1955"][which]
        );
        let run = |each: bool| {
            let mut world = world(&rules);
            for (at, (flows, close)) in days.iter().enumerate() {
                let flows: Vec<_> = flows.iter().map(|(pair, amount)| (PAIRS[*pair].0, PAIRS[*pair].1, *amount)).collect();
                day(&mut world, &flows);
                if each || *close || at + 1 == days.len() {
                    plain(&mut world, "close EPU");
                }
            }
            world
        };
        let (often, seldom) = (run(true), run(false));
        prop_assert_eq!(often.state.unions.list[0].closings.len(), days.len());
        for at in 0..3 {
            let (one, other) = (member(&often, at), member(&seldom, at));
            prop_assert_eq!(one.position, other.position);
            prop_assert_eq!(one.stock, other.stock);
            prop_assert_eq!(one.asset_due, other.asset_due);
        }
    }
}

/// Most currencies of the arrangement below.
const COUNTRIES: u32 = 5;

/// An arrangement of as many countries as currencies, each with one bank, and a bank that converts every pair. The unit of
/// account is the currency that will be stopped: not even that may matter.
struct Many {
    state: State,
    at: Time,
}

impl Many {
    fn enter(&mut self, actor: ActorId, command: Command) -> Vec<Event> {
        let mut events = Events::default();
        apply(&mut self.state, &Entry { at: self.at, actor, key: Key(0), command }, &mut events);
        assert_eq!(invariant::check(&self.state), Ok(()));
        events.list().iter().map(|(_, event)| *event).collect()
    }

    fn done(&mut self, actor: ActorId, command: Command) {
        let said = format!("{command:?}");
        let events = self.enter(actor, command);
        assert!(!events.iter().any(|event| matches!(event, Event::Refused(_))), "{said}: {events:?}");
    }

    fn system(&mut self, command: Command) {
        self.done(State::SYSTEM, command);
    }

    /// Actors after the system: a maker and a checker of each country, then a channel of each bank.
    fn maker(country: u32) -> ActorId {
        ActorId(1 + country * 2)
    }

    fn checker(country: u32) -> ActorId {
        ActorId(2 + country * 2)
    }

    fn channel(bank: u32) -> ActorId {
        ActorId(1 + COUNTRIES * 2 + bank)
    }

    fn account(&self, bank: u32, currency: u32) -> AccountId {
        self.state.account_of[&(ParticipantId(bank), CurrencyId(currency))]
    }

    fn new(unit: u32) -> Self {
        let mut many = Self { state: State::new(0), at: Time(Time::SECOND) };
        many.system(Command::Genesis(Box::new(Genesis {
            name: "Many".into(),
            rules: [0; 32],
            seed: 1,
            options: Setting::default().options,
        })));
        for country in 0..COUNTRIES {
            let letter = b'A' + u8::try_from(country).expect("few");
            many.system(Command::AddAuthority(Box::new(AddAuthority {
                name: "authority".into(),
                country: [b'X', letter],
                public_key: [0; 32],
            })));
            many.system(Command::AddCurrency(Box::new(AddCurrency {
                code: [b'X', b'Q', letter],
                exponent: 2,
                authority: AuthorityId(country),
                calendar: Calendar::default(),
                unsettled: Unsettled::Carry,
            })));
        }
        // The last bank converts; it is at home in the first country.
        for bank in 0..=COUNTRIES {
            many.system(Command::AddParticipant(Box::new(AddParticipant {
                bic: World::bic(&format!("BANK{bank}")),
                name: "bank".into(),
                authority: AuthorityId(bank % COUNTRIES),
                sponsor: ParticipantId::NONE,
            })));
            for currency in 0..COUNTRIES {
                let order = OpenAccount { participant: ParticipantId(bank), currency: CurrencyId(currency) };
                many.system(Command::OpenAccount(order));
            }
        }
        many.people();
        for base in 0..COUNTRIES {
            for quote in base + 1..COUNTRIES {
                let pair = PairRef { base: CurrencyId(base), quote: CurrencyId(quote) };
                let order = SetPair { pair, gate_bps: 100, provider: ParticipantId(COUNTRIES) };
                many.system(Command::SetPair(order));
            }
        }
        let all = phase::RATES | phase::APPROVE_RATES | phase::FUND | phase::ENTRY | phase::SETTLE;
        let rule = |name: &str, allows: u32, seconds: u32| PhaseRule { name: name.into(), allows, seconds };
        let phases = vec![
            rule("all", all, 60),
            rule("cut", phase::ON_CUT | phase::CONFIRM, 60),
            rule("close", phase::ON_CLOSE, 0),
        ];
        many.system(Command::SetPhases(phases));
        many.union(unit);
        many.system(Command::ActivateArrangement(1));
        many.system(Command::StartDay(Box::new(StartDay { date: Day(20_000), opens: many.at, cutoffs: Vec::new() })));
        many.prices_and_money(unit);
        many
    }

    fn people(&mut self) {
        let actor =
            |name: String, scope: Scope, roles: Roles| Command::AddActor(Box::new(AddActor { name, scope, roles }));
        for country in 0..COUNTRIES {
            let scope = Scope::Authority(AuthorityId(country));
            self.system(actor(format!("maker {country}"), scope, Roles::AUTHORITY_MAKER));
            self.system(actor(format!("checker {country}"), scope, Roles::AUTHORITY_CHECKER));
        }
        for bank in 0..=COUNTRIES {
            let scope = Scope::Participant(ParticipantId(bank));
            self.system(actor(format!("channel {bank}"), scope, Roles::CHANNEL));
        }
    }

    fn union(&mut self, unit: u32) {
        let member = |country: u32| MemberRule { authority: AuthorityId(country), quota: 1_000_000, schedule: None };
        self.system(Command::SetUnion(Box::new(SetUnion {
            union: 0,
            name: "Many".into(),
            unit: UnitRule::Currency(CurrencyId(unit)),
            exponent: 2,
            members: (0..COUNTRIES).map(member).collect(),
            carries: true,
            schedule: schedule("1954"),
            charge: Vec::new(),
            interest: None,
            year: YearDays::Act360,
            growth: None,
            bands: Vec::new(),
            methods: vec![Method::Asset],
            asset: "gold".into(),
            basket: Vec::new(),
            roll_share: 0,
            purposes: Vec::new(),
            swap: None,
            refinance: None,
            leaving: None,
            due: DueRule::DaysThenOpen(4),
            closes: Closes::OnCommand,
            gate_bps: 1_000,
        })));
    }

    fn prices_and_money(&mut self, unit: u32) {
        let rate = comity_ledger::rate::Rate { mantissa: 1, scale: 0 };
        let until = Time(u64::MAX);
        for country in 0..COUNTRIES {
            let currency = CurrencyId(country);
            if country != unit {
                let (source, kind, from) = ("fixing".into(), RateKind::Official, self.at);
                let order = SetUnitRate { currency, rate, source, kind, from, until };
                self.done(Self::maker(country), Command::SetUnitRate(Box::new(order)));
            }
            for bank in 0..=COUNTRIES {
                let reference = Key(u128::from(country * 100 + bank) + 1);
                let order = Funding { account: self.account(bank, country), amount: 100_000, outside_ref: reference };
                self.done(Self::maker(country), Command::FundIn(order));
            }
            for quote in country + 1..COUNTRIES {
                let pair = PairRef { base: currency, quote: CurrencyId(quote) };
                let (source, kind, from) = ("fixing".into(), RateKind::Official, self.at);
                self.system(Command::SetRate(Box::new(SetRate { pair, rate, source, kind, from, until })));
                for side in [country, quote] {
                    let order = ApproveRate { pair, rate, approve: true };
                    self.done(Self::checker(side), Command::ApproveRate(order));
                }
            }
        }
    }

    /// A payment from a bank's account to another, in one currency or two; whether it settled.
    fn settles(&mut self, from: (u32, u32), to: (u32, u32), number: u128, amount: i64) -> bool {
        let instruction = Instruction {
            uetr: Uetr(number),
            debtor: self.account(from.0, from.1),
            creditor: self.account(to.0, to.1),
            debtor_for: ParticipantId::NONE,
            creditor_for: ParticipantId::NONE,
            amount,
            priority: Priority::Normal,
            kind: PaymentKind::Institution,
            value_date: Day(0),
            earliest: Time(0),
            latest: Time(0),
            message: 1,
            document: 0,
            line: 0,
        };
        let command = if from.1 == to.1 {
            Command::Pay(instruction)
        } else {
            Command::Convert(Box::new(Conversion { instruction, fixed: Fixed::Source, expected: None }))
        };
        let events = self.enter(Self::channel(from.0), command);
        events.iter().any(|event| matches!(event, Event::Settled { .. }))
    }
}

/// No currency is a hard-wired vehicle: each in turn is stopped by its authority, and all others are paid, converted, netted,
/// carried and closed as before; even when the one stopped is what positions are counted in.
#[test]
fn no_currency_is_a_vehicle_for_the_others() {
    for stopped in 0..COUNTRIES {
        let mut many = Many::new(stopped);
        let order = StopCurrency { currency: CurrencyId(stopped), stopped: true };
        many.done(Many::maker(stopped), Command::StopCurrency(order));
        let mut expected = vec![0_i64; COUNTRIES as usize];
        let mut number = 0;
        for from in 0..COUNTRIES {
            for to in (0..COUNTRIES).filter(|to| *to != from) {
                let amount = i64::from(from * 7 + to + 1);
                number += 10;
                let goes = from != stopped;
                assert_eq!(many.settles((from, from), (to, from), number, amount), goes, "{from} pays {to}");
                let both = goes && to != stopped;
                assert_eq!(many.settles((from, from), (to, to), number + 1, amount), both, "{from} converts to {to}");
                if goes {
                    expected[from as usize] -= amount;
                    expected[to as usize] += amount;
                }
                if both {
                    // The provider, at home in the first country, took the one currency and gave the other.
                    expected[from as usize] -= amount;
                    expected[to as usize] += amount;
                }
            }
        }
        many.at = Time(many.at.0 + 60 * Time::SECOND);
        many.system(Command::Advance(Advance { phase: 1 }));
        for country in 0..COUNTRIES {
            let order = ConfirmPositions { cycle: 1, agree: true };
            many.done(Many::checker(country), Command::ConfirmPositions(order));
        }
        many.system(Command::CloseUnion(0));
        let union = &many.state.unions.list[0];
        let positions: Vec<i64> = union.members.iter().map(|member| member.position).collect();
        assert_eq!(positions, expected, "with {stopped} stopped");
        assert!(union.closings[0].parts.gross > 0 && union.closings[0].parts.holds());
    }
}
