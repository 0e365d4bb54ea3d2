//! The arrangement the stories are told in: three authorities, seven banks, four eyes everywhere.
//!
//! ALFA and BRAVO are at home in CN, CHARLIE and DELTA in RU, ECHO and FOXTROT in KZ; GOLF takes part through ALFA.
//! FOXTROT provides conversion. A story may change the arrangement with `with` lines before anything happens.

use std::collections::{BTreeMap, BTreeSet};

use comity_ledger::calendar::{Calendar, WEEKEND_SAT_SUN};
use comity_ledger::command::*;
use comity_ledger::ids::*;
use comity_ledger::reject::Why;
use comity_ledger::role::{Roles, Scope};
use comity_ledger::{Command, Entry, Events, Reason, State, apply, invariant, phase, wire};

use crate::text;

/// Phases of the standard day: name, what is allowed, begin of the phase, length in seconds.
pub(crate) const PHASES: [(&str, u32, u32); 6] = [
    ("rates", phase::RATES | phase::APPROVE_RATES | phase::FUND, 1_800),
    (
        "exchange",
        phase::FUND
            | phase::ENTRY
            | phase::SETTLE
            | phase::RETURN
            | phase::DEFUND
            | phase::RATES
            | phase::APPROVE_RATES,
        27_000,
    ),
    ("offset", phase::SETTLE | phase::RETURN | phase::ON_OFFSET, 1_800),
    ("positions", phase::ON_UNSETTLED | phase::ON_CUT | phase::CONFIRM, 3_600),
    ("sweep", phase::ON_SWEEP | phase::DEFUND, 1_800),
    ("close", phase::ON_CLOSE, 0),
];

pub(crate) const BANKS: [(&str, u32); 6] =
    [("ALFA", 0), ("BRAVO", 0), ("CHARLIE", 1), ("DELTA", 1), ("ECHO", 2), ("FOXTROT", 2)];

/// What the `with` lines ask for.
pub(crate) struct Setting {
    pub(crate) start: String,
    pub(crate) options: Options,
    pub(crate) currencies: Vec<(String, u8)>,
    pub(crate) calendars: BTreeMap<String, Calendar>,
    pub(crate) unsettled: BTreeMap<String, Unsettled>,
    pub(crate) cutoffs: BTreeMap<String, String>,
    pub(crate) pairs: Vec<(String, String, u32)>,
    pub(crate) phases: Vec<(String, u32, u32)>,
    /// Orders given while the arrangement is set up.
    pub(crate) given: Vec<String>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            start: "exchange".into(),
            options: Options {
                proposal_ttl_s: 3_600,
                return_days: 2,
                recall_ttl_s: 86_400,
                value_days_max: 30,
                offset_on_arrival: false,
                require_confirmation: false,
            },
            currencies: [("CNY", 2), ("RUB", 2), ("KZT", 2)]
                .map(|(code, exponent)| (code.to_string(), exponent))
                .to_vec(),
            calendars: BTreeMap::new(),
            unsettled: BTreeMap::new(),
            cutoffs: BTreeMap::new(),
            pairs: vec![("CNY".into(), "RUB".into(), 1_000), ("CNY".into(), "KZT".into(), 1_000)],
            phases: PHASES.map(|(name, allows, seconds)| (name.to_string(), allows, seconds)).to_vec(),
            given: Vec::new(),
        }
    }
}

/// A ledger, its journal and the names used in the story.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) events: Events,
    pub(crate) journal: Vec<Entry>,
    pub(crate) at: Time,
    pub(crate) cutoffs: BTreeMap<String, String>,
    pub(crate) names: Vec<String>,
    pub(crate) actors: BTreeMap<String, ActorId>,
    pub(crate) proposals: BTreeMap<String, u64>,
    /// What each entry was, for answers that refer to it.
    pub(crate) labels: BTreeMap<u64, String>,
    pub(crate) reasons: BTreeSet<Reason>,
    pub(crate) whys: BTreeSet<Why>,
}

impl World {
    pub(crate) fn new(setting: &Setting) -> Self {
        let mut world = Self {
            state: State::new(0),
            events: Events::default(),
            journal: Vec::new(),
            at: text::time("08:00", text::day("2026-11-23")),
            cutoffs: setting.cutoffs.clone(),
            names: Vec::new(),
            actors: BTreeMap::from([("system".into(), State::SYSTEM)]),
            proposals: BTreeMap::new(),
            labels: BTreeMap::new(),
            reasons: BTreeSet::new(),
            whys: BTreeSet::new(),
        };
        if setting.start == "nothing" {
            return world;
        }
        world.set_up(setting);
        if setting.start == "setup" {
            return world;
        }
        world.system(Command::ActivateArrangement(1));
        if setting.start == "night" {
            return world;
        }
        world.start_day(text::day("2026-11-23"));
        while world.phase_name() != setting.start {
            world.advance();
        }
        world
    }

    fn set_up(&mut self, setting: &Setting) {
        self.system(Command::Genesis(Box::new(Genesis {
            name: "Stories".into(),
            rules: [7; 32],
            seed: 11,
            options: setting.options,
        })));
        for country in ["CN", "RU", "KZ"] {
            self.system(Command::AddAuthority(Box::new(AddAuthority {
                name: country.into(),
                country: country.as_bytes().try_into().expect("two letters"),
                public_key: [0; 32],
            })));
        }
        for (at, (code, exponent)) in setting.currencies.iter().enumerate() {
            let weekly = Calendar { weekend: WEEKEND_SAT_SUN, exceptions: BTreeMap::new() };
            self.system(Command::AddCurrency(Box::new(AddCurrency {
                code: code.as_bytes().try_into().expect("three letters"),
                exponent: *exponent,
                authority: AuthorityId(u32::try_from(at).expect("few") % 3),
                calendar: setting.calendars.get(code).cloned().unwrap_or(weekly),
                unsettled: setting.unsettled.get(code).copied().unwrap_or(Unsettled::Carry),
            })));
        }
        let currencies = u32::try_from(setting.currencies.len()).expect("few");
        for (at, (name, authority)) in BANKS.into_iter().enumerate() {
            self.add_bank(name, authority, ParticipantId::NONE);
            for currency in 0..currencies {
                self.system(Command::OpenAccount(OpenAccount {
                    participant: ParticipantId(u32::try_from(at).expect("few")),
                    currency: CurrencyId(currency),
                }));
            }
        }
        self.add_bank("GOLF", 0, ParticipantId(0));
        self.add_people();
        for (base, quote, gate_bps) in &setting.pairs {
            let pair = PairRef { base: self.currency(base), quote: self.currency(quote) };
            self.system(Command::SetPair(SetPair { pair, gate_bps: *gate_bps, provider: self.bank("FOXTROT") }));
        }
        let rules = setting.phases.iter().map(|(name, allows, seconds)| PhaseRule {
            name: name.clone(),
            allows: *allows,
            seconds: *seconds,
        });
        self.system(Command::SetPhases(rules.collect()));
        for line in &setting.given {
            let order = crate::read::order(self, &mut text::Words::new(line), line);
            self.system(order.command);
        }
    }

    pub(crate) fn bic(name: &str) -> [u8; 11] {
        let mut bic = *b"XXXXXXXXXXX";
        bic[..name.len()].copy_from_slice(name.as_bytes());
        bic
    }

    fn add_bank(&mut self, name: &str, authority: u32, sponsor: ParticipantId) {
        self.system(Command::AddParticipant(Box::new(AddParticipant {
            bic: Self::bic(name),
            name: name.into(),
            authority: AuthorityId(authority),
            sponsor,
        })));
        self.names.push(name.into());
    }

    fn add_people(&mut self) {
        for (name, roles) in [
            ("operator", Roles::OPERATOR),
            ("manager", Roles::OPERATIONS_MANAGER),
            ("finance.maker", Roles::FINANCE_MAKER),
            ("finance.checker", Roles::FINANCE_CHECKER),
            ("security", Roles::SECURITY_ADMIN),
            ("auditor", Roles::AUDITOR),
        ] {
            self.add_actor(name, Scope::Operator, roles);
        }
        for (at, country) in (0..).zip(["CN", "RU", "KZ"]) {
            let scope = Scope::Authority(AuthorityId(at));
            self.add_actor(&format!("{country}.maker"), scope, Roles::AUTHORITY_MAKER);
            self.add_actor(&format!("{country}.checker"), scope, Roles::AUTHORITY_CHECKER);
        }
        for at in 0..self.names.len() {
            let name = self.names[at].clone();
            let scope = Scope::Participant(ParticipantId(u32::try_from(at).expect("few")));
            self.add_actor(&name, scope, Roles::CHANNEL);
            self.add_actor(&format!("{name}.maker"), scope, Roles::BANK_MAKER);
            self.add_actor(&format!("{name}.checker"), scope, Roles::BANK_CHECKER);
        }
    }

    fn add_actor(&mut self, name: &str, scope: Scope, roles: Roles) {
        let id = ActorId(u32::try_from(self.state.actors.len()).expect("few"));
        self.system(Command::AddActor(Box::new(AddActor { name: name.into(), scope, roles })));
        self.actors.insert(name.into(), id);
    }

    /// Something the node does by itself; it must not be refused.
    fn system(&mut self, command: Command) {
        self.events.clear();
        self.enter(State::SYSTEM, Key(0), command.clone());
        let refused = self.events.list().iter().find(|(_, event)| matches!(event, comity_ledger::Event::Refused(_)));
        assert!(refused.is_none(), "{command:?}: {refused:?}");
        self.events.clear();
    }

    /// One entry of the journal. All invariants hold after it.
    pub(crate) fn enter(&mut self, actor: ActorId, key: Key, command: Command) {
        let entry = Entry { at: self.at, actor, key, command };
        apply(&mut self.state, &entry, &mut self.events);
        self.journal.push(entry);
        assert_eq!(invariant::check(&self.state), Ok(()));
    }

    /// The state's bytes read back are the same state, and the journal replayed gives it again.
    pub(crate) fn check_end(&self) {
        let digest = self.state.digest();
        let bytes = wire::to_bytes(&self.state);
        let again: State = wire::from_bytes(&bytes).expect("what was written reads back");
        assert_eq!(again.digest(), digest, "a state read back is the same state");
        let (mut replayed, mut events) = (State::new(0), Events::default());
        for entry in &self.journal {
            let bytes = wire::to_bytes(entry);
            let entry: Entry = wire::from_bytes(&bytes).expect("what was written reads back");
            apply(&mut replayed, &entry, &mut events);
        }
        assert_eq!(replayed.digest(), digest, "the journal replayed gives the same state");
    }

    pub(crate) fn start_day_order(&self, date: Day) -> StartDay {
        let cutoffs =
            self.cutoffs.iter().map(|(code, at)| Cutoff { currency: self.currency(code), at: text::time(at, date) });
        StartDay { date, opens: text::time("09:00", date), cutoffs: cutoffs.collect() }
    }

    fn start_day(&mut self, date: Day) {
        self.at = text::time("09:00", date);
        let order = self.start_day_order(date);
        self.system(Command::StartDay(Box::new(order)));
    }

    fn advance(&mut self) {
        self.at = self.state.phase_end(self.state.day.phase);
        let phase = self.state.day.phase + 1;
        self.system(Command::Advance(Advance { phase }));
    }

    /// Lets the phases of the day follow each other at their times up to this one.
    pub(crate) fn run_to(&mut self, phase: &str) {
        while self.phase_name() != phase {
            let before = self.state.day.phase;
            self.at = self.at.max(self.state.phase_end(self.state.day.phase));
            let phase = before + 1;
            self.enter(State::SYSTEM, Key(0), Command::Advance(Advance { phase }));
            assert_eq!(self.state.day.phase, phase, "the day does not go on");
        }
    }

    pub(crate) fn phase_name(&self) -> &str {
        &self.state.phases[self.state.day.phase as usize].name
    }

    pub(crate) fn currency(&self, code: &str) -> CurrencyId {
        let code: [u8; 3] = code.as_bytes().try_into().expect("three letters");
        self.state.currency_by_code(&code).unwrap_or(CurrencyId(99))
    }

    pub(crate) fn exponent(&self, currency: CurrencyId) -> u8 {
        self.state.currencies.get(currency.at()).map_or(2, |currency| currency.exponent)
    }

    pub(crate) fn bank(&self, name: &str) -> ParticipantId {
        self.names
            .iter()
            .position(|known| known == name)
            .map_or(ParticipantId(99), |at| ParticipantId(u32::try_from(at).expect("few")))
    }

    /// The account a bank uses in a currency, and the bank behind it when it is sponsored.
    pub(crate) fn account(&self, name: &str, code: &str) -> (AccountId, ParticipantId) {
        let currency = self.currency(code);
        if name == "OUTSIDE" {
            return (self.state.currencies[currency.at()].outside, ParticipantId::NONE);
        }
        if name == "REMAINDERS" {
            return (self.state.currencies[currency.at()].remainder, ParticipantId::NONE);
        }
        let bank = self.bank(name);
        let sponsor = self.state.participants.get(bank.at()).map_or(ParticipantId::NONE, |bank| bank.sponsor);
        let (owner, behind) = if sponsor.is_some() { (sponsor, bank) } else { (bank, ParticipantId::NONE) };
        let account = self.state.account_of.get(&(owner, currency)).copied();
        (account.unwrap_or(AccountId(9_999)), behind)
    }

    /// The name of an account's owner.
    pub(crate) fn owner(&self, id: AccountId) -> String {
        let account = &self.state.accounts[id.at()];
        match self.names.get(account.participant.at()) {
            Some(name) => name.clone(),
            None if account.is(comity_ledger::account::IS_OUTSIDE) => "OUTSIDE".into(),
            None => "REMAINDERS".into(),
        }
    }

    pub(crate) fn code(&self, currency: CurrencyId) -> String {
        self.state.currencies.get(currency.at()).map_or("all currencies".into(), |currency| currency.code().into())
    }
}
