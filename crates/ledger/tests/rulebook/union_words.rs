//! The words of unions: orders on the left, events and positions on the right.

use comity_ledger::Command;
use comity_ledger::command::RateKind;
use comity_ledger::event::Event;
use comity_ledger::ids::*;
use comity_ledger::rate::Rate;
use comity_ledger::union::order::*;
use comity_ledger::union::{ItemStatus, Origin, Party, UnionState, Way};

use crate::read::{Order, direct, two};
use crate::text::{self, Words, money};
use crate::world::World;

fn by_authority(command: Command, name: &str) -> Order {
    two(command, format!("{name}.maker"), format!("{name}.checker"))
}

fn country(world: &World, name: &str) -> AuthorityId {
    let at = world.state.authorities.iter().position(|known| known.name == name);
    at.map_or(AuthorityId(99), |at| AuthorityId(u32::try_from(at).expect("few")))
}

pub(crate) fn name(world: &World, authority: AuthorityId) -> String {
    world.state.authorities.get(authority.at()).map_or("nobody".into(), |known| known.name.clone())
}

fn union(world: &World, name: &str) -> u32 {
    let at = world.state.unions.list.iter().position(|union| union.rules.name == name);
    at.map_or(99, |at| u32::try_from(at).expect("few"))
}

/// Percent as millionths: `12.5`.
fn share(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{part:0<4}");
    digits.parse().expect("percent with up to four digits")
}

/// Tranches from zero on, each 20 % of the quota wide unless widths are given: `0-20-40-60-80`, or `10:0-10:20-…`.
fn ladder(text: &str, beyond: BeyondRule) -> LadderRule {
    let parts: Vec<&str> = text.split('-').collect();
    let even = 1_000_000 / u32::try_from(parts.len()).expect("few");
    let mut from = 0;
    let steps = parts.iter().map(|part| {
        let (width, asset) = part.split_once(':').map_or((even, *part), |(width, asset)| (share(width), asset));
        let step = LadderStep { from, to: from + width, asset: share(asset) };
        from = step.to;
        step
    });
    LadderRule { steps: steps.collect(), beyond }
}

/// The schedules of the European Payments Union, and the plainest ones.
pub(crate) fn schedule(name: &str) -> ScheduleRule {
    let (debtor, creditor, beyond) = match name {
        "1950" => ("0-20-40-60-80", "0-50-50-50-50", BeyondRule::Special(500_000)),
        "1952" => ("10:0-10:20-20:30-20:40-20:50-20:70", "10:0-90:50", BeyondRule::Special(500_000)),
        "1954" => ("50", "50", BeyondRule::Asset),
        "1955" => ("75", "75", BeyondRule::Asset),
        "credit" => ("0", "0", BeyondRule::Credit),
        "strict" => ("0", "0", BeyondRule::Refuse),
        "overlapping" => ("0", "0", BeyondRule::Credit),
        other => (other, other, BeyondRule::Asset),
    };
    let debtor_beyond = if matches!(beyond, BeyondRule::Special(_)) { BeyondRule::Asset } else { beyond };
    let mut rule = ScheduleRule {
        debtor: ladder(debtor, debtor_beyond),
        creditor: ladder(creditor, beyond),
        asset_carries: false,
    };
    if name == "overlapping" {
        rule.debtor.steps = vec![
            LadderStep { from: 0, to: 600_000, asset: 0 },
            LadderStep { from: 500_000, to: 1_000_000, asset: 500_000 },
        ];
    }
    rule
}

fn methods(text: &str) -> Vec<Method> {
    let method = |word: &str| *Method::ALL.iter().find(|method| method.word() == word).expect("a method");
    text.split(',').map(method).collect()
}

/// `COUNT x DAYS at BPS`: `3x30@500`.
fn term(text: &str) -> TermRule {
    let (count, rest) = text.split_once('x').expect("3x30@500");
    let (days, bps) = rest.split_once('@').unwrap_or((rest, "0"));
    let number = |text: &str| text.parse::<u16>().expect("a number");
    TermRule {
        instalments: number(count),
        every_days: number(days),
        rate_bps: number(bps).into(),
        remainder_first: false,
    }
}

/// Rules as a story says them, on top of what there was.
pub(crate) fn rules(world: &World, words: &mut Words<'_>) -> SetUnion {
    let name = words.next();
    let number = world.state.unions.list.iter().position(|union| union.rules.name == name);
    let old = number.map(|at| (*world.state.unions.list[at].rules).clone());
    let next = number.unwrap_or(world.state.unions.list.len());
    let mut rules = old.unwrap_or(SetUnion {
        union: u32::try_from(next).expect("few"),
        name: name.replace("nameless", ""),
        unit: UnitRule::Currency(CurrencyId(0)),
        exponent: 2,
        members: Vec::new(),
        carries: true,
        schedule: schedule("credit"),
        charge: Vec::new(),
        interest: None,
        year: YearDays::Act360,
        growth: None,
        bands: Vec::new(),
        methods: vec![Method::Asset, Method::RollOver, Method::Auction, Method::Use],
        asset: "gold".into(),
        basket: Vec::new(),
        roll_share: 0,
        purposes: vec!["investment".into(), "trade-advance".into()],
        swap: None,
        refinance: None,
        leaving: None,
        due: DueRule::BusinessDays(4),
        closes: Closes::OnCommand,
        gate_bps: 1_000,
    });
    let code = |code: &str| world.currency(code);
    if let Some(at) = words.option("number") {
        rules.union = at.parse().expect("a number");
    }
    if let Some(members) = words.option("of") {
        rules.members = members
            .split(',')
            .map(|member| {
                let (who, quota) = member.split_once(':').expect("CN:100.00");
                MemberRule { authority: country(world, who), quota: text::amount(quota, 2), schedule: None }
            })
            .collect();
    }
    if let Some(unit) = words.option("in") {
        rules.unit = UnitRule::Currency(code(unit));
        rules.exponent = world.exponent(code(unit));
    }
    if let Some(parts) = words.option("unit") {
        let part = |part: &str| {
            let mut fields = part.split(':');
            let mut field = || fields.next().expect("CNY:40:1.00");
            BasketPart { currency: code(field()), weight: share(field()), base: Rate::parse(field()).expect("a rate") }
        };
        rules.unit = UnitRule::Basket(parts.split(',').map(part).collect());
    }
    if let Some(parts) = words.option("basket") {
        let part = |part: &str| {
            let (currency, weight) = part.split_once(':').expect("CNY:40");
            PaymentPart { currency: code(currency), weight: share(weight) }
        };
        rules.basket = parts.split(',').map(part).collect();
        rules.methods = Method::ALL.to_vec();
    }
    match words.option("schedule") {
        Some("paid") => rules.carries = false,
        Some(name) => rules.schedule = schedule(name),
        None => {}
    }
    if let Some(steps) = words.option("charge") {
        let step = |step: &str| {
            let (above, bps) = step.split_once(':').expect("25:100");
            ChargeStep { above: share(above), rate_bps: bps.parse().expect("basis points") }
        };
        rules.charge = steps.split(',').map(step).collect();
    }
    if let Some(bps) = words.option("interest") {
        let bps = bps.parse().expect("basis points");
        rules.interest = Some(InterestRule { debtor_bps: bps, creditor_bps: bps });
    }
    if let Some(rule) = words.option("growth") {
        let (limit, excess) = rule.split_once(':').expect("50:asset");
        let excess = if excess == "asset" { Excess::Asset } else { Excess::Refuse };
        rules.growth = Some(GrowthRule { share: share(limit), excess });
    }
    if let Some(bands) = words.option("bands") {
        let band = |band: &str| {
            let mut fields = band.split(':');
            let mut field = || fields.next().expect("debtor:25:pay-down:1");
            BandRule {
                side: if field() == "debtor" { SideRule::Debtor } else { SideRule::Creditor },
                from: share(field()),
                action: field().into(),
                closings: field().parse().expect("closings"),
            }
        };
        rules.bands = bands.split(',').map(band).collect();
    }
    if let Some(list) = words.option("methods") {
        rules.methods = methods(list);
    }
    if let Some(limit) = words.option("roll") {
        rules.roll_share = share(limit);
    }
    if let Some(rule) = words.option("swap") {
        let (limit, days) = rule.split_once(':').expect("20:60");
        let days = days.parse().expect("days");
        rules.swap = Some(SwapRule { share: share(limit), closings: 3, days, rate_bps: 0 });
    }
    rules.refinance = words.option("refinance").map(term).or(rules.refinance);
    rules.leaving = words.option("leaving").map(term).or(rules.leaving);
    if let Some(every) = words.option("closes") {
        rules.closes = Closes::EveryCycles(every.parse().expect("cycles"));
    }
    if let Some(days) = words.option("due") {
        rules.due = DueRule::DaysThenOpen(days.parse().expect("days"));
    }
    rules
}

fn residual_number(word: &str) -> u32 {
    word.strip_prefix('r').and_then(|number| number.parse().ok()).expect("a residual such as r1")
}

/// Who acts for a side of a residual: maker and checker.
fn people(world: &World, union: u32, residual: u32, payee: bool) -> (String, String) {
    let known = world.state.unions.list.get(union as usize);
    let found = known.and_then(|known| known.residuals.get(residual as usize));
    match found.map(|found| if payee { found.payee } else { found.payer }) {
        Some(Party::Member(authority)) => {
            let name = name(world, authority);
            (format!("{name}.maker"), format!("{name}.checker"))
        }
        Some(Party::Union) | None => ("finance.maker".into(), "finance.checker".into()),
    }
}

/// `settle rN WAY …` and its answers.
fn settle(world: &World, words: &mut Words<'_>) -> Order {
    let union = words.option("union").map_or(0, |name| self::union(world, name));
    let residual = residual_number(words.next());
    let way = words.next();
    let amount = |words: &mut Words<'_>| text::amount(words.next(), 2);
    let reference = |words: &mut Words<'_>| words.option("ref").map_or(Key(0), |name| Key(text::id_of(name)));
    let mut payee = false;
    let how = match way {
        "roll-over" => {
            let sides =
                world.state.unions.list.get(union as usize).and_then(|known| known.residuals.get(residual as usize));
            payee = sides.is_some_and(|found| found.payer == Party::Union);
            Settlement::RollOver(amount(words))
        }
        "instalments" => Settlement::Instalments(words.next().parse().expect("a number")),
        "swap" => Settlement::Swap(amount(words)),
        "use" => {
            payee = true;
            let purpose = words.next();
            let known = world.state.unions.list.get(union as usize);
            let at = known.and_then(|known| known.rules.purposes.iter().position(|known| known == purpose));
            Settlement::Use(ResidualUse {
                purpose: at.map_or(77, |at| u32::try_from(at).expect("few")),
                amount: amount(words),
                to: country(world, words.option("in").expect("a country")),
                reference: reference(words),
            })
        }
        _ => {
            let legs = words
                .option("legs")
                .map_or(Vec::new(), |legs| legs.split(',').map(|leg| text::amount(leg, 2)).collect());
            let method = methods(way)[0];
            Settlement::Proof(ProofOrder { method, reference: reference(words), amount: amount(words), legs })
        }
    };
    let transfer = matches!(how, Settlement::Proof(_));
    let (maker, checker) = people(world, union, residual, payee);
    let command = Command::SettleResidual(Box::new(SettleResidual { union, residual, how }));
    if transfer { direct(command, maker) } else { two(command, maker, checker) }
}

/// Reads an order about a union; none if the verb is about something else.
pub(crate) fn order(world: &World, verb: &str, words: &mut Words<'_>) -> Option<Order> {
    let today = world.state.day.date;
    let order = match verb {
        // `union NAME of CN:100.00,RU:100.00 in CNY …`
        "union" => {
            let rules = rules(world, words);
            two(Command::SetUnion(Box::new(rules)), "finance.maker", "finance.checker")
        }
        // `unit-rate RUB 0.10 [until TIME]`; `unit-release RUB`
        "unit-rate" => {
            let code = words.next();
            let currency = world.currency(code);
            let issuer = world.state.currencies.get(currency.at()).map_or(AuthorityId(0), |known| known.authority);
            let rate = words.next();
            let order = SetUnitRate {
                currency,
                rate: Rate::parse(rate).unwrap_or(Rate { mantissa: 0, scale: 0 }),
                source: words.option("source").unwrap_or("fixing").replace("nobody", ""),
                kind: RateKind::Official,
                from: world.at,
                until: text::time(words.option("until").unwrap_or("2027-12-31T23:00"), today),
            };
            direct(Command::SetUnitRate(Box::new(order)), format!("{}.maker", name(world, issuer)))
        }
        "unit-release" => {
            let currency = world.currency(words.next());
            let issuer = world.state.currencies.get(currency.at()).map_or(AuthorityId(0), |known| known.authority);
            by_authority(Command::ReleaseUnitRate(currency), &name(world, issuer))
        }
        "close" => direct(Command::CloseUnion(union(world, words.next())), "system"),
        "cross" => direct(Command::CrossResiduals(union(world, words.next())), "system"),
        "settle" => settle(world, words),
        // `accept r1`, `turn-down r1`
        "accept" | "turn-down" => {
            let union = words.option("union").map_or(0, |name| self::union(world, name));
            let residual = residual_number(words.next());
            let (_, checker) = people(world, union, residual, true);
            direct(Command::AnswerProof(AnswerProof { union, residual, accept: verb == "accept" }), checker)
        }
        // `claim RU pays KZ 10.00`, `claim RU investment KZ 10.00`
        "claim" => {
            let union = words.option("union").map_or(0, |name| self::union(world, name));
            let from = words.next();
            let purpose = match words.next() {
                "pays" => u32::MAX,
                purpose => {
                    let known = world.state.unions.list.get(union as usize);
                    let at = known.and_then(|known| known.rules.purposes.iter().position(|known| known == purpose));
                    at.map_or(77, |at| u32::try_from(at).expect("few"))
                }
            };
            let to = country(world, words.next());
            let amount = text::amount(words.next(), 2);
            let order = UseClaim { union, to, amount, purpose, reference: Key(1) };
            by_authority(Command::UseClaim(Box::new(order)), from)
        }
        // `lend RU KZ 10.00 3x30@500`; `take-loan KZ 0`; `end-loan KZ 0`
        "lend" => {
            let (from, to) = (words.next(), country(world, words.next()));
            let principal = text::amount(words.next(), 2);
            let offer = LoanOffer { union: 0, debtor: to, principal, terms: term(words.next()) };
            by_authority(Command::Lend(Lend::Offer(Box::new(offer))), from)
        }
        "take-loan" | "end-loan" => {
            let who = words.next();
            let which = OfferRef { union: 0, offer: words.next().parse().expect("a number") };
            let order = if verb == "take-loan" { Lend::Accept(which) } else { Lend::Withdraw(which) };
            by_authority(Command::Lend(order), who)
        }
        // `leave RU EPU`
        "leave" => {
            let who = words.next();
            by_authority(Command::LeaveUnion(union(world, words.next())), who)
        }
        _ => return None,
    };
    Some(order)
}

fn amount(value: impl Into<i128>) -> String {
    money(value.into(), 2)
}

fn party(world: &World, side: Party) -> String {
    match side {
        Party::Union => "the union".into(),
        Party::Member(authority) => name(world, authority),
    }
}

fn residual(world: &World, union: u32, number: u32) -> String {
    let found = &world.state.unions.list[union as usize].residuals[number as usize];
    format!("r{number} {} to {}", party(world, found.payer), party(world, found.payee))
}

fn way(way: Way) -> String {
    match way {
        Way::By(method) => method.word().into(),
        Way::Instalments(_) => "instalments".into(),
        Way::Swap(_) => "swap".into(),
        Way::Unrolled => "what was rolled over".into(),
    }
}

/// An event of a union in words; none if it is about something else.
pub(crate) fn tell(world: &mut World, event: &Event) -> Option<String> {
    let known = |union: u32| -> &UnionState { &world.state.unions.list[union as usize] };
    let said = match *event {
        Event::UnionSet { union } => format!("{} in force", known(union).rules.name),
        Event::UnitRateSet { currency, gated } => {
            let gate = if gated { ", held by the gate" } else { "" };
            format!("{} stated{gate}", world.code(currency))
        }
        Event::UnionClosed { union, closing } => {
            let record = &known(union).closings[closing as usize - 1];
            let parts = &record.parts;
            format!(
                "closing {closing}: gross {} = multilateral {} + time {} + asset {} + credit {} + special {}",
                amount(parts.gross),
                amount(parts.multilateral),
                amount(parts.through_time),
                amount(parts.asset),
                amount(parts.credit),
                amount(parts.special)
            )
        }
        Event::MemberCarried { union, closing, member } => {
            let known = known(union);
            let at = known.members.iter().position(|found| found.authority == member).expect("a member");
            let line = &known.closings[closing as usize - 1].lines[at];
            let mut said = format!("{} net {}, position {}", name(world, member), amount(line.net), amount(line.after));
            for (what, value) in [("asset", line.asset), ("charge", line.charge), ("interest", line.interest)] {
                if value != 0 {
                    said.push_str(&format!(", {what} {}", amount(value)));
                }
            }
            said
        }
        Event::UnionNotClosed { union, reject } => {
            let name = known(union).rules.name.clone();
            format!("{name} not closed: {}", crate::tell::refusal(world, &reject, None))
        }
        Event::ActionItem { union, item } => {
            let found = known(union).items[item as usize];
            let action = known(union).rules.bands[found.band as usize].action.clone();
            let status = match found.status {
                ItemStatus::Open => format!("until closing {}", found.deadline),
                ItemStatus::Late => "late".into(),
                ItemStatus::Closed(_) => "done".into(),
            };
            format!("{}: {action}, {status}", name(world, found.owner))
        }
        Event::ResidualOpened { union, residual: number } => {
            let found = &known(union).residuals[number as usize];
            let why = match found.origin {
                Origin::Asset(_) => "asset",
                Origin::Charge(_) => "charge",
                Origin::Interest(_) => "interest",
                Origin::Instalment(_) => "instalment",
                Origin::Leaving => "leaving",
                Origin::Crossed(_) => "auction",
                Origin::Used(_) => "use",
                Origin::Rules => "new rules",
            };
            format!("{}: {} due {}, {why}", residual(world, union, number), amount(found.amount), found.due)
        }
        Event::ResidualSettled { union, residual: number, way: how, amount: part } => {
            format!("{}: {} settled by {}", residual(world, union, number), amount(part), way(how))
        }
        Event::ResidualLate { union, residual: number } => format!("{} is late", residual(world, union, number)),
        Event::ProofReported { union, residual: number, amount: part } => {
            format!("{}: transfer of {} reported", residual(world, union, number), amount(part))
        }
        Event::ProofAnswered { union, residual: number, accept } => {
            let what = if accept { "accepted" } else { "declined, open again" };
            format!("{}: transfer {what}", residual(world, union, number))
        }
        Event::ClaimUsed { union, number } => {
            let found = known(union).uses[number as usize];
            let purpose = known(union).rules.purposes.get(found.purpose as usize).map_or("payment", |known| known);
            let (from, to) = (name(world, found.from), name(world, found.to));
            format!("{from} uses {} in {to} for {purpose}", amount(found.amount))
        }
        Event::LoanOffered { offer, .. } => format!("offer {offer} waits"),
        Event::OfferEnded { offer, accepted, .. } => {
            format!("offer {offer} {}", if accepted { "accepted" } else { "turned down" })
        }
        Event::LoanBegan { union, loan } => {
            let found = &known(union).loans[loan as usize];
            let rows = found
                .instalments
                .iter()
                .map(|(due, principal, interest)| format!("{due} {} and {}", amount(*principal), amount(*interest)));
            let rows: Vec<String> = rows.collect();
            format!("{} pays {}: {}", party(world, found.payer), party(world, found.payee), rows.join(", "))
        }
        Event::MemberLeft { member, .. } => format!("{} left", name(world, member)),
        _ => return None,
    };
    Some(said)
}

/// What the entries of a line did to unions.
pub(crate) fn told(world: &mut World) -> Vec<String> {
    let list: Vec<Event> = world.events.list().iter().map(|(_, event)| *event).collect();
    let said: Vec<String> = list.iter().filter_map(|event| tell(world, event)).collect();
    if said.is_empty() { vec!["a new day".into()] } else { said }
}

/// `show positions`, `show residuals`, `show items`, `show exhaustion`; none if it is about something else.
pub(crate) fn show(world: &World, what: &str) -> Option<Vec<String>> {
    let union = world.state.unions.list.first();
    let answers = match what {
        "positions" => union?
            .members
            .iter()
            .map(|member| {
                let stock = &member.stock;
                let mut said = format!("{} {}", name(world, member.authority), amount(member.position));
                let paid = stock.paid() + i128::from(member.excess);
                said.push_str(&format!(": asset {}, credit {}", amount(paid), amount(member.credit())));
                if member.rolled != 0 {
                    said.push_str(&format!(", of it rolled over {}", amount(member.rolled)));
                }
                if member.left {
                    said.push_str(", left");
                }
                said
            })
            .collect(),
        "residuals" => {
            let open = |(number, found): (u32, &comity_ledger::union::Residual)| {
                let late = if found.late { ", late" } else { "" };
                (found.open > 0).then(|| {
                    format!("{}: {} open, due {}{late}", residual(world, 0, number), amount(found.open), found.due)
                })
            };
            (0..).zip(&union?.residuals).filter_map(open).collect()
        }
        "exhaustion" => union?
            .members
            .iter()
            .filter_map(|member| {
                let found = union?.exhaustion(member.authority)?;
                let months = found.months.map_or("unknown".into(), |months| format!("{}", months.floor()));
                let name = name(world, member.authority);
                Some(format!("{name} in {} closings, whole months {months}, as {}", found.closings, found.side.word()))
            })
            .collect(),
        _ => return None,
    };
    Some(answers)
}
