//! A small arrangement drawn from the seed: who there is, who may do what, and the commands that set it up.
//!
//! Identifiers are predicted, not looked up: the ledger gives them in the order things are created. Absent on purpose:
//! arrangement files; those have tests of their own.

use std::sync::OnceLock;

use comity_engine::checkpoint::{Signatory, public_key};
use comity_ledger::calendar::{Calendar, WEEKEND_SAT_SUN};
use comity_ledger::command::{
    AddActor, AddAuthority, AddCurrency, AddParticipant, Command, Genesis, LimitKind, Offsetting, OnChange,
    OpenAccount, Options, PairRef, PhaseRule, Policy, SetBypass, SetLimit, SetOffsetting, SetPair, Unsettled,
};
use comity_ledger::dealing::{Choice, FeeRule, Modes, PricingTerms, SetDealer, SetPricing};
use comity_ledger::ids::{AccountId, ActorId, AuthorityId, CurrencyId, ParticipantId};
use comity_ledger::phase;
use comity_ledger::role::{Roles, Scope};

use crate::rng::Rng;

/// Most currencies (and authorities) of a simulated arrangement.
pub const CURRENCIES_MAX: usize = 4;

/// A settlement account of a bank.
#[derive(Debug, Clone, Copy)]
pub struct BankAccount {
    /// The account.
    pub id: AccountId,
    /// Whose, as index into [`World::banks`].
    pub bank: usize,
}

/// A bank and those who act for it.
#[derive(Debug, Clone, Copy)]
pub struct Bank {
    /// The participant.
    pub id: ParticipantId,
    /// Its automatic channel.
    pub channel: ActorId,
}

/// An authority's two people.
#[derive(Debug, Clone, Copy)]
pub struct Pen {
    /// Proposes.
    pub maker: ActorId,
    /// Approves.
    pub checker: ActorId,
}

/// The arrangement of one history.
#[derive(Debug)]
pub struct World {
    /// The commands that set it up, all given by the system.
    pub setup: Vec<Command>,
    /// Banks.
    pub banks: Vec<Bank>,
    /// Bank accounts by currency.
    pub accounts: Vec<Vec<BankAccount>>,
    /// The authority's people, by currency.
    pub pens: Vec<Pen>,
    /// The operator's people for money matters.
    pub finance: Pen,
    /// The operator's people for running the day.
    pub operations: Pen,
    /// Pairs that may be converted.
    pub pairs: Vec<PairRef>,
    /// Who deals in which of them, as index into [`World::banks`].
    pub dealers: Vec<(PairRef, usize)>,
    /// Phases of the day.
    pub phases: u32,
}

/// Secret keys of the authorities; everybody may know them here.
fn secret(authority: usize) -> [u8; 32] {
    [authority as u8 + 1; 32]
}

/// Whoever signs for an authority. Keys are derived once: it is the slowest thing in a history.
pub fn signatory(authority: usize) -> Signatory {
    static KEYS: OnceLock<Vec<Signatory>> = OnceLock::new();
    KEYS.get_or_init(|| {
        (0..CURRENCIES_MAX)
            .map(|at| Signatory::new(AuthorityId(u32::try_from(at).expect("few")), &secret(at)))
            .collect()
    })[authority]
        .clone()
}

fn public(authority: usize) -> [u8; 32] {
    static KEYS: OnceLock<Vec<[u8; 32]>> = OnceLock::new();
    KEYS.get_or_init(|| (0..CURRENCIES_MAX).map(|at| public_key(&secret(at))).collect())[authority]
}

/// Counts what was created, so that identifiers are known before the ledger gives them.
struct Builder {
    setup: Vec<Command>,
    accounts: u32,
    actors: u32,
}

impl Builder {
    fn actor(&mut self, name: String, scope: Scope, roles: Roles) -> ActorId {
        self.setup.push(Command::AddActor(Box::new(AddActor { name, scope, roles })));
        self.actors += 1;
        ActorId(self.actors - 1)
    }

    fn pen(&mut self, name: &str, scope: Scope, maker: Roles, checker: Roles) -> Pen {
        Pen {
            maker: self.actor(format!("{name}-maker"), scope, maker),
            checker: self.actor(format!("{name}-checker"), scope, checker),
        }
    }
}

impl World {
    /// Draws an arrangement.
    #[must_use]
    pub fn draw(rng: &mut Rng) -> Self {
        let options = Options {
            proposal_ttl_s: 3600,
            return_days: 3,
            recall_ttl_s: 1800,
            value_days_max: 5,
            offset_on_arrival: rng.chance(2, 3),
            require_confirmation: rng.chance(1, 4),
        };
        let genesis = Genesis { name: "a simulated union".into(), rules: [3; 32], seed: rng.next(), options };
        // The system is there from the start, as actor 0.
        let mut build = Builder { setup: vec![Command::Genesis(Box::new(genesis))], accounts: 0, actors: 1 };
        let currencies = 2 + rng.index(CURRENCIES_MAX - 1);
        add_currencies(&mut build, rng, currencies);
        let pens = (0..currencies)
            .map(|at| {
                let scope = Scope::Authority(AuthorityId(at as u32));
                build.pen(&format!("authority-{at}"), scope, Roles::AUTHORITY_MAKER, Roles::AUTHORITY_CHECKER)
            })
            .collect();
        let finance = build.pen("finance", Scope::Operator, Roles::FINANCE_MAKER, Roles::FINANCE_CHECKER);
        let operations = build.pen("operations", Scope::Operator, Roles::OPERATOR, Roles::OPERATIONS_MANAGER);
        let (banks, accounts) = add_banks(&mut build, rng, currencies);
        let mut pairs = Vec::new();
        for base in 0..currencies {
            for quote in base + 1..currencies {
                if rng.chance(2, 3) {
                    let pair = PairRef { base: CurrencyId(base as u32), quote: CurrencyId(quote as u32) };
                    // The first bank has an account in every currency, so that it can take one and give the other.
                    let provider = ParticipantId(0);
                    build.setup.push(Command::SetPair(SetPair { pair, gate_bps: 500, provider }));
                    pairs.push(pair);
                }
            }
        }
        let phases = phases();
        let count = phases.len() as u32;
        build.setup.push(Command::SetPhases(phases));
        add_limits(&mut build, rng, &accounts);
        add_offsetting(&mut build, rng, &accounts);
        if rng.chance(1, 2) {
            build.setup.push(Command::SetUnion(Box::new(crate::union::rules(rng, currencies))));
        }
        let dealers = add_dealers(&mut build, rng, &pairs, &accounts);
        build.setup.push(Command::ActivateArrangement(1));
        Self { setup: build.setup, banks, accounts, pens, finance, operations, pairs, dealers, phases: count }
    }
}

fn add_currencies(build: &mut Builder, rng: &mut Rng, currencies: usize) {
    for at in 0..currencies {
        let name = format!("Authority of Example {at}");
        let country = [b'X', b'A' + at as u8];
        build.setup.push(Command::AddAuthority(Box::new(AddAuthority { name, country, public_key: public(at) })));
    }
    for at in 0..currencies {
        build.setup.push(Command::AddCurrency(Box::new(AddCurrency {
            code: [b'X', b'A', b'A' + at as u8],
            exponent: [2, 0, 3, 4][at],
            authority: AuthorityId(at as u32),
            calendar: Calendar { weekend: WEEKEND_SAT_SUN, ..Calendar::default() },
            unsettled: rng.pick(&[Unsettled::Carry, Unsettled::Reject, Unsettled::Cancel]),
        })));
        // The currency's own two: what mirrors the outside, and what owns remainders.
        build.accounts += 2;
    }
}

fn add_banks(build: &mut Builder, rng: &mut Rng, currencies: usize) -> (Vec<Bank>, Vec<Vec<BankAccount>>) {
    let count = 3 + rng.index(4);
    let mut banks = Vec::new();
    let mut accounts = vec![Vec::new(); currencies];
    for at in 0..count {
        let id = ParticipantId(at as u32);
        let mut bic = *b"XXXXXA00XXX";
        bic[6] = b'A' + at as u8;
        build.setup.push(Command::AddParticipant(Box::new(AddParticipant {
            bic,
            name: format!("Example Bank {at}"),
            authority: AuthorityId((at % currencies) as u32),
            sponsor: ParticipantId::NONE,
        })));
        let channel = build.actor(format!("bank-{at}"), Scope::Participant(id), Roles::CHANNEL);
        banks.push(Bank { id, channel });
        for (currency, accounts) in accounts.iter_mut().enumerate() {
            if at < 2 || rng.chance(1, 2) {
                let currency = CurrencyId(currency as u32);
                build.setup.push(Command::OpenAccount(OpenAccount { participant: id, currency }));
                accounts.push(BankAccount { id: AccountId(build.accounts), bank: at });
                build.accounts += 1;
            }
        }
    }
    (banks, accounts)
}

fn add_limits(build: &mut Builder, rng: &mut Rng, accounts: &[Vec<BankAccount>]) {
    for accounts in accounts {
        for account in accounts {
            let (kind, value) = match rng.below(9) {
                0 => (LimitKind::NetDebit, 40_000),
                1 => (LimitKind::Bilateral, 30_000),
                2 => (LimitKind::Multilateral, 60_000),
                3 => (LimitKind::PerPayment, 60_000),
                4 => (LimitKind::PerDay, 200_000),
                5 => (LimitKind::Overnight, 100_000),
                6 => (LimitKind::Reserve, 20_000),
                _ => continue,
            };
            let other = accounts[rng.index(accounts.len())].id;
            let counterparty = if kind == LimitKind::Bilateral { other } else { AccountId::NONE };
            if counterparty != account.id {
                let limit = SetLimit { account: account.id, kind, counterparty, value: Some(value) };
                build.setup.push(Command::SetLimit(limit));
            }
        }
    }
}

/// Some currencies offset on every change or by a free choice, and some banks consent to be passed over.
fn add_offsetting(build: &mut Builder, rng: &mut Rng, accounts: &[Vec<BankAccount>]) {
    for (currency, accounts) in accounts.iter().enumerate() {
        if rng.chance(1, 2) {
            let on_change = rng.pick(&[OnChange::Nothing, OnChange::Pair, OnChange::Every]);
            let policy = rng.pick(&[Policy::FifoPrefix, Policy::FreeSubset]);
            let rule = Some(Offsetting { on_change, policy });
            build.setup.push(Command::SetOffsetting(SetOffsetting { currency: CurrencyId(currency as u32), rule }));
        }
        for account in accounts {
            if rng.chance(1, 3) {
                build.setup.push(Command::SetBypass(SetBypass { account: account.id, allowed: true }));
            }
        }
    }
}

/// Some pairs have pricing terms, and dealers among the banks with an account in both currencies.
fn add_dealers(
    build: &mut Builder,
    rng: &mut Rng,
    pairs: &[PairRef],
    accounts: &[Vec<BankAccount>],
) -> Vec<(PairRef, usize)> {
    let mut dealers = Vec::new();
    for pair in pairs.iter().copied() {
        if rng.chance(1, 3) {
            continue;
        }
        let dealt = Modes::DEALERS.and(Modes::QUOTES).and(Modes::AUCTION);
        let modes = if rng.chance(2, 3) { dealt.and(Modes::OFFICIAL) } else { dealt };
        let fees = FeeRule { departure: rng.below(3) as i64, arrival: rng.below(3) as i64, scheme: 1, scheme_bps: 10 };
        let terms = PricingTerms {
            modes,
            choice: rng.pick(&[Choice::Best, Choice::InOrder]),
            fixed: None,
            quote_seconds: 30 + rng.below(600) as u32,
            tick: 3,
            selling: fees,
            buying: FeeRule::default(),
        };
        build.setup.push(Command::SetPricing(Box::new(SetPricing { pair, terms })));
        let with_both = accounts[pair.base.at()].iter().map(|account| account.bank);
        let with_both = with_both.filter(|bank| accounts[pair.quote.at()].iter().any(|other| other.bank == *bank));
        for bank in with_both.skip(1).take(2) {
            let (base_limit, quote_limit) = (rng.below(90_000) as i64, rng.below(900_000) as i64);
            let dealer = ParticipantId(bank as u32);
            build.setup.push(Command::SetDealer(SetDealer { pair, dealer, base_limit, quote_limit }));
            dealers.push((pair, bank));
        }
    }
    dealers
}

fn phases() -> Vec<PhaseRule> {
    let rule = |name: &str, allows, seconds| PhaseRule { name: name.into(), allows, seconds };
    vec![
        rule("rates", phase::RATES | phase::APPROVE_RATES | phase::FUND | phase::ENTRY, 120),
        rule(
            "exchange",
            phase::ENTRY
                | phase::SETTLE
                | phase::FUND
                | phase::DEFUND
                | phase::RETURN
                | phase::RATES
                | phase::APPROVE_RATES,
            1800,
        ),
        rule("cut", phase::ON_OFFSET | phase::ON_UNSETTLED | phase::ON_CUT | phase::CONFIRM | phase::RETURN, 120),
        rule("sweep", phase::ON_CARRY | phase::ON_SWEEP | phase::DEFUND, 60),
        rule("closed", phase::ON_CLOSE, 0),
    ]
}
