//! A small arrangement and its messages: three countries, four direct banks, one sponsored, invented all.
//!
//! Tests read like a day: somebody sends a message, entries are applied, messages come out.

#![expect(dead_code, unreachable_pub, reason = "a module of several test binaries, each of which uses a part of it")]

use comity_gateway::inbound::{Answer, CSV_HEADER, Matched};
use comity_gateway::{Directory, Inbound, OutKind, Outbox, OutboxOptions, Outcome, inbound};
use comity_iso20022::model::*;
use comity_iso20022::{Amount, Bic, CurrencyCode, Date, Rate, Timestamp, Uetr};
use comity_ledger::calendar::{Calendar, WEEKEND_SAT_SUN};
use comity_ledger::command::{
    AddActor, AddAuthority, AddCurrency, AddParticipant, Advance, ApproveRate, Command, Cutoff, Entry, Funding,
    Genesis, LimitKind, OpenAccount, Options, PairRef, PhaseRule, RateKind, SetLimit, SetPair, SetRate, StartDay,
    Unsettled,
};
use comity_ledger::ids::{AccountId, ActorId, AuthorityId, CurrencyId, Day, Key, ParticipantId, Time};
use comity_ledger::role::{Roles, Scope};
use comity_ledger::{Event, Events, State, phase};

pub const SYSTEM: &str = "XXXXXKXX";
pub const CN: &str = "XXXXCNBAXXX";
pub const RU: &str = "XXXXRUMMXXX";
pub const KZ: &str = "XXXXKZKAXXX";
/// Sponsored by `CN`.
pub const SP: &str = "XXXXCNSPXXX";
/// Provider of the pair CNY/RUB; has no channel.
pub const FX: &str = "XXXXRUFXXXX";
/// 2026-11-25, a Wednesday.
pub const DATE: u32 = 20_782;
pub const OPENS: u64 = DATE as u64 * 86_400_000_000 + 3_600_000_000;

pub struct World {
    pub state: State,
    pub events: Events,
    pub directory: Directory,
    pub outbox: Outbox,
    /// Everything delivered: receiver, kind, identification, text.
    pub delivered: Vec<(String, OutKind, String, String)>,
    /// Every event, in plain words.
    pub words: String,
    /// Groups that wait for their payers.
    pub matcher: inbound::Matcher,
    pub at: u64,
    document: u64,
    key: u128,
}

fn bic11(text: &str) -> [u8; 11] {
    text.as_bytes().try_into().expect("eleven characters")
}

pub fn bic(text: &str) -> Bic {
    Bic::parse(text).expect("a BIC")
}

impl World {
    /// The arrangement is in force and a day is open for entry; nobody has money yet.
    pub fn new() -> Self {
        let system = bic(SYSTEM);
        let mut options = OutboxOptions::new(system);
        options.indented = true;
        let mut world = Self {
            state: State::new(64),
            events: Events::default(),
            directory: Directory::from_state(&State::new(0)),
            outbox: Outbox::new(options),
            delivered: Vec::new(),
            words: String::new(),
            matcher: inbound::Matcher::default(),
            at: OPENS - 1_000_000,
            document: 0,
            key: 0,
        };
        world.set_up();
        world.directory = Directory::from_state(&world.state);
        world.order(
            0,
            Command::StartDay(Box::new(StartDay {
                date: Day(DATE),
                opens: Time(OPENS),
                cutoffs: vec![Cutoff { currency: CurrencyId(2), at: Time(OPENS + 7_200_000_000) }],
            })),
        );
        world.delivered.clear();
        world
    }

    fn set_up(&mut self) {
        let mut orders = vec![Command::Genesis(Box::new(Genesis {
            name: "three countries".into(),
            rules: [7; 32],
            seed: 11,
            options: Options {
                proposal_ttl_s: 3_600,
                return_days: 2,
                recall_ttl_s: 3_600,
                value_days_max: 5,
                offset_on_arrival: true,
                require_confirmation: false,
            },
        }))];
        for (name, country) in [("Bank of C", *b"CN"), ("Bank of R", *b"RU"), ("Bank of K", *b"KZ")] {
            let public_key = [1; 32];
            orders.push(Command::AddAuthority(Box::new(AddAuthority { name: name.into(), country, public_key })));
        }
        for (authority, code) in [*b"CNY", *b"RUB", *b"KZT"].into_iter().enumerate() {
            orders.push(Command::AddCurrency(Box::new(AddCurrency {
                code,
                exponent: 2,
                authority: AuthorityId(authority as u32),
                calendar: Calendar { weekend: WEEKEND_SAT_SUN, ..Calendar::default() },
                unsettled: Unsettled::Reject,
            })));
        }
        for (name, authority, sponsor) in
            [(CN, 0, None), (RU, 1, None), (KZ, 2, None), (FX, 1, None), (SP, 0, Some(ParticipantId(0)))]
        {
            orders.push(Command::AddParticipant(Box::new(AddParticipant {
                bic: bic11(name),
                name: format!("Invented {name}"),
                authority: AuthorityId(authority),
                sponsor: sponsor.unwrap_or(ParticipantId::NONE),
            })));
        }
        for (participant, currencies) in [(0, &[0, 1][..]), (1, &[0, 1]), (2, &[0, 2]), (3, &[0, 1])] {
            for currency in currencies {
                let (participant, currency) = (ParticipantId(participant), CurrencyId(*currency));
                orders.push(Command::OpenAccount(OpenAccount { participant, currency }));
            }
        }
        for participant in [0, 1, 2, 4] {
            let scope = Scope::Participant(ParticipantId(participant));
            orders.push(actor(&format!("channel {participant}"), scope, Roles::CHANNEL));
        }
        for authority in 0..3 {
            let scope = Scope::Authority(AuthorityId(authority));
            orders.push(actor(&format!("maker {authority}"), scope, Roles::AUTHORITY_MAKER));
            orders.push(actor(&format!("checker {authority}"), scope, Roles::AUTHORITY_CHECKER));
        }
        let pair = PairRef { base: CurrencyId(0), quote: CurrencyId(1) };
        orders.push(Command::SetPair(SetPair { pair, gate_bps: 1_000, provider: ParticipantId(3) }));
        let all = phase::RATES | phase::APPROVE_RATES | phase::FUND | phase::ENTRY | phase::SETTLE | phase::RETURN;
        orders.push(Command::SetPhases(vec![
            PhaseRule { name: "exchange".into(), allows: all, seconds: 3_600 * 8 },
            PhaseRule { name: "cut-off".into(), allows: phase::ON_UNSETTLED | phase::ON_CUT, seconds: 60 },
            PhaseRule { name: "close".into(), allows: phase::ON_CLOSE, seconds: 60 },
        ]));
        let largest = SetLimit {
            account: self.account_in(3, 0),
            kind: LimitKind::PerPayment,
            counterparty: AccountId::NONE,
            value: Some(50_000_000),
        };
        orders.push(Command::SetLimit(largest));
        orders.push(Command::ActivateArrangement(1));
        for order in orders {
            self.order(0, order);
            let refused = self.events.list().iter().find(|(_, event)| matches!(event, Event::Refused(_)));
            assert_eq!(refused, None, "setting up");
        }
    }

    /// Six accounts belong to the authorities; the fourth account of a participant list follows.
    fn account_in(&self, _participant: u32, _currency: u32) -> AccountId {
        AccountId(6)
    }

    /// The account of a bank in a currency.
    pub fn account(&self, owner: &str, currency: &str) -> AccountId {
        let owner = self.state.participant_by_bic(&bic11(owner)).expect("a bank");
        let currency = self.currency(currency);
        self.state.account_of[&(owner, currency)]
    }

    pub fn currency(&self, code: &str) -> CurrencyId {
        let code: [u8; 3] = code.as_bytes().try_into().expect("three letters");
        self.state.currency_by_code(&code).expect("a currency")
    }

    pub fn actor(&self, name: &str) -> ActorId {
        let at = self.state.actors.iter().position(|actor| actor.name == name).expect("an actor");
        ActorId(at as u32)
    }

    /// Money comes from outside.
    pub fn fund(&mut self, owner: &str, currency: &str, amount: i64) {
        let account = self.account(owner, currency);
        let maker = self.actor(&format!("maker {}", self.currency(currency).0));
        self.key += 1;
        let outside_ref = Key(self.key);
        self.order(maker.0, Command::FundIn(Funding { account, amount, outside_ref }));
    }

    /// The rate of CNY/RUB, approved by both authorities.
    pub fn rate(&mut self, text: &str) {
        let pair = PairRef { base: CurrencyId(0), quote: CurrencyId(1) };
        let rate = comity_ledger::rate::Rate::parse(text).expect("a rate");
        let set = SetRate {
            pair,
            rate,
            source: "fixing".into(),
            kind: RateKind::Official,
            from: Time(OPENS),
            until: Time(OPENS + 80_000_000_000),
        };
        let maker = self.actor("maker 0");
        self.order(maker.0, Command::SetRate(Box::new(set)));
        for authority in ["checker 0", "checker 1"] {
            let checker = self.actor(authority);
            self.order(checker.0, Command::ApproveRate(ApproveRate { pair, rate, approve: true }));
        }
        self.directory.refresh_rates(&self.state);
    }

    /// A command given by an actor, without a message.
    pub fn order(&mut self, actor: u32, command: Command) {
        self.at += 1_000_000;
        self.key += 1;
        let entry = Entry { at: Time(self.at), actor: ActorId(actor), key: Key(self.key), command };
        self.apply(entry, None);
    }

    /// Goes to the next phase at its planned time.
    pub fn advance(&mut self) {
        self.at = self.state.phase_end(self.state.day.phase).0;
        let phase = self.state.day.phase + 1;
        self.order(0, Command::Advance(Advance { phase }));
    }

    fn apply(&mut self, entry: Entry, inbound: Option<&Inbound>) {
        let seq = self.state.seq + 1;
        if let Some(inbound) = inbound {
            self.outbox.submitted(seq, inbound);
        }
        self.events.clear();
        comity_ledger::apply(&mut self.state, &entry, &mut self.events);
        for (seq, event) in self.events.list() {
            self.words.push_str(&format!("{seq}: {}\n", comity_gateway::text::event(&self.state, event)));
        }
        let delivered = &mut self.delivered;
        let mut deliver = |to: Bic, kind, id: &str, bytes: &[u8]| keep(delivered, to, kind, id, bytes);
        self.outbox.take(&self.state, seq, &[entry], self.events.list(), &mut deliver);
    }

    /// What a message says, before anything is applied.
    pub fn read(&mut self, xml: &[u8]) -> Vec<Inbound> {
        self.document += 1;
        let options = inbound::Options { name: "inbox/test.xml".into(), ..inbound::Options::default() };
        let mut out = Vec::new();
        comity_gateway::translate(&self.directory, &options, self.document, xml, |inbound| out.push(inbound));
        out
    }

    /// What the lines of a CSV file say.
    pub fn read_csv(&mut self, lines: &[&str]) -> Vec<Inbound> {
        self.document += 1;
        let options = inbound::Options { name: "inbox.csv".into(), ..inbound::Options::default() };
        let text = format!("{CSV_HEADER}\n{}\n", lines.join("\n"));
        let mut out = Vec::new();
        comity_gateway::translate_csv(&self.directory, &options, self.document, text.as_bytes(), |inbound| {
            out.push(inbound);
        });
        out
    }

    /// A message comes in, is applied, and is answered.
    pub fn send(&mut self, xml: &[u8]) {
        let inbound = self.read(xml);
        self.submit(inbound);
    }

    pub fn submit(&mut self, inbound: Vec<Inbound>) {
        let mut ready = Vec::new();
        for inbound in inbound {
            match self.matcher.offer(&self.directory, inbound) {
                Matched::Pass(inbound) => ready.push(*inbound),
                Matched::Waits => {}
                Matched::Complete(all) => ready.extend(all),
            }
        }
        for inbound in ready {
            match &inbound.outcome {
                Outcome::Command(order) => {
                    self.at += 1_000_000;
                    let (actor, key, command) = (order.actor, order.key, order.command.clone());
                    self.apply(Entry { at: Time(self.at), actor, key, command }, Some(&inbound));
                }
                Outcome::Refused(_) | Outcome::Answer(_) => {
                    let delivered = &mut self.delivered;
                    let mut deliver = |to: Bic, kind, id: &str, bytes: &[u8]| keep(delivered, to, kind, id, bytes);
                    self.outbox.direct(&inbound, &mut deliver);
                }
            }
        }
        self.flush();
    }

    pub fn flush(&mut self) {
        let delivered = &mut self.delivered;
        let mut deliver = |to: Bic, kind, id: &str, bytes: &[u8]| keep(delivered, to, kind, id, bytes);
        self.outbox.flush(&self.state, &mut deliver);
    }

    pub fn statements(&mut self) -> Result<comity_gateway::outbox::Totals, comity_gateway::outbox::Mismatch> {
        let delivered = &mut self.delivered;
        let mut deliver = |to: Bic, kind, id: &str, bytes: &[u8]| keep(delivered, to, kind, id, bytes);
        self.outbox.statements(&self.state, &mut deliver)
    }

    pub fn report(&mut self, account: AccountId) {
        let delivered = &mut self.delivered;
        let mut deliver = |to: Bic, kind, id: &str, bytes: &[u8]| keep(delivered, to, kind, id, bytes);
        self.outbox.report(&self.state, account, &mut deliver).expect("bookings agree");
    }

    /// What was delivered since last asked, in one line each, without what only a schema asks for.
    pub fn told(&mut self) -> String {
        let mut out = String::new();
        for (to, kind, id, text) in self.delivered.drain(..) {
            out.push_str(&format!("{} to {to} [{id}]\n", kind.name()));
            for line in text.lines() {
                if let Some(line) = interesting(line) {
                    out.push_str(&format!("    {line}\n"));
                }
            }
        }
        out
    }
}

fn keep(out: &mut Vec<(String, OutKind, String, String)>, to: Bic, kind: OutKind, id: &str, bytes: &[u8]) {
    let text = String::from_utf8(bytes.to_vec()).expect("messages are UTF-8");
    out.push((to.to_string(), kind, id.to_owned(), text));
}

/// An element with a text, shown as `Name text`, if a reader of the test wants to know it.
fn interesting(line: &str) -> Option<String> {
    const TAGS: [&str; 26] = [
        "OrgnlMsgId",
        "OrgnlInstrId",
        "OrgnlEndToEndId",
        "OrgnlUETR",
        "TxSts",
        "Cd",
        "AddtlInf",
        "Amt",
        "CdtDbtInd",
        "EndToEndId",
        "Conf",
        "TxCxlSts",
        "EvtCd",
        "EvtDesc",
        "RjctgPtyRsn",
        "RsnDesc",
        "Ref",
        "Vrfctn",
        "Prtry",
        "OrgnlIntrBkSttlmAmt",
        "ErrLctn",
        "AddtlTxInf",
        "OrgnlId",
        "NtryRef",
        "CxlStsId",
        "Id",
    ];
    let line = line.trim();
    let (tag, rest) = line.strip_prefix('<')?.split_once('>')?;
    let (text, _) = rest.split_once("</")?;
    let name = tag.split(' ').next()?;
    TAGS.contains(&name).then(|| format!("{tag}: {text}"))
}

fn actor(name: &str, scope: Scope, roles: Roles) -> Command {
    Command::AddActor(Box::new(AddActor { name: name.into(), scope, roles }))
}

pub fn amount(text: &str) -> Amount {
    let (number, code) = text.split_once(' ').expect("an amount and a currency");
    Amount::parse(number, code).expect("an amount")
}

/// The n-th reference.
pub fn uetr(number: u128) -> Uetr {
    Uetr::from_u128(number | 0x4 << 76 | 0x2 << 62).expect("version 4")
}

pub fn created() -> Timestamp {
    Timestamp::from_micros(OPENS as i64 + 60_000_000)
}

/// A customer payment between two banks, to be changed by the test.
pub fn transfer<'a>(number: u128, from: &str, to: &str, money: &str, id: &'a str) -> CreditTransfer<'a> {
    CreditTransfer {
        kind: TransferKind::Customer,
        message_id: "",
        created: created(),
        batch_booking: None,
        settlement_method: None,
        payment_information_id: None,
        instruction_id: Some(id),
        end_to_end_id: id,
        transaction_id: None,
        uetr: Some(uetr(number)),
        clearing_reference: None,
        instruction_priority: None,
        service_level: None,
        local_instrument: None,
        category_purpose: None,
        amount: amount(money),
        settlement_date: Some(Date { days: DATE as i32 }),
        settlement_priority: None,
        times: SettlementTimes::default(),
        accepted: None,
        instructed_amount: None,
        exchange_rate: None,
        charge_bearer: Some(ChargeBearer::Shared),
        charges: Vec::new(),
        instructing_agent: Agent::default(),
        instructed_agent: Agent::default(),
        intermediary_agent: Agent::default(),
        ultimate_debtor: Party::default(),
        debtor: person("Ann Example"),
        debtor_agent: Agent::of(bic(from)),
        creditor_agent: Agent::of(bic(to)),
        creditor: person("Bob Example"),
        ultimate_creditor: Party::default(),
        purpose: None,
        regulatory_reporting: false,
        remittance: None,
        structured_remittance: false,
    }
}

fn person(name: &str) -> Party<'_> {
    let address = Address { town: Some("Examplestadt"), country: Some("XK"), ..Address::default() };
    let account = Some(Account { id: AccountId20022::Other("ACCOUNT1"), currency: None });
    Party { name: Some(name), address, account, ..Party::default() }
}

use comity_iso20022::model::AccountId as AccountId20022;

/// The same between institutions.
pub fn institution<'a>(number: u128, from: &str, to: &str, money: &str, id: &'a str) -> CreditTransfer<'a> {
    let mut transfer = transfer(number, from, to, money, id);
    transfer.kind = TransferKind::Institution;
    transfer.charge_bearer = None;
    transfer.debtor = Party { bic: Some(bic(from)), ..Party::default() };
    transfer.creditor = Party { bic: Some(bic(to)), ..Party::default() };
    transfer.debtor_agent = Agent::default();
    transfer.creditor_agent = Agent::default();
    transfer
}

pub fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a rate")
}

pub fn currency(code: &str) -> CurrencyCode {
    CurrencyCode::parse(code).expect("a currency")
}

/// pacs.008, pacs.009 or pain.001, as it would lie in an inbox.
pub fn message(id: &str, transfers: &[CreditTransfer<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let message = CreditTransferMessage {
        kind: transfers[0].kind,
        message_id: id,
        created: created(),
        batch_booking: None,
        clearing_system: None,
        settlement_method: SettlementMethod::Clearing,
        control_sum: transfers[0].kind != TransferKind::Initiation,
        initiating_party: person("Example Ltd"),
        transactions: transfers,
    };
    comity_iso20022::write_indented(&mut out, None, Message::CreditTransfers(&message));
    out
}

/// pacs.004 from a bank.
pub fn give_back(id: &str, from: &str, number: u128, money: &str) -> Vec<u8> {
    let back = PaymentReturn {
        message_id: id,
        created: created(),
        settlement_method: Some(SettlementMethod::Clearing),
        return_id: Some(id),
        original_message: None,
        original: References { end_to_end_id: Some("ORIGINAL"), ..References::default() },
        original_uetr: Some(uetr(number)),
        original_amount: None,
        original_settlement_date: None,
        amount: amount(money),
        settlement_date: Some(Date { days: DATE as i32 }),
        settlement_priority: None,
        times: SettlementTimes::default(),
        instructed_amount: None,
        exchange_rate: None,
        charge_bearer: None,
        charges: Vec::new(),
        instructing_agent: Agent::of(bic(from)),
        instructed_agent: Agent::default(),
        reason: Some(Choice::Code("AC04")),
        information: None,
    };
    let mut out = Vec::new();
    let message = ReturnMessage {
        message_id: id,
        created: created(),
        settlement_method: SettlementMethod::Clearing,
        returns: &[back],
    };
    comity_iso20022::write_indented(&mut out, None, Message::Returns(&message));
    out
}

/// camt.056 from a bank to the system.
pub fn recall(id: &str, case: &str, from: &str, number: u128) -> Vec<u8> {
    let (assigner, assignee) = (bic(from), bic(SYSTEM));
    let request = CancellationRequest {
        message_id: id,
        created: created(),
        assigner: Agent::of(assigner),
        assignee: Agent::of(assignee),
        case_id: Some(case),
        cancellation_id: Some(id),
        original_message: None,
        original: References::default(),
        original_uetr: Some(uetr(number)),
        original_amount: None,
        original_settlement_date: None,
        reason: Some(Choice::Code("DUPL")),
        information: Some("sent by mistake"),
    };
    let mut out = Vec::new();
    let message = CancellationMessage { message_id: id, created: created(), assigner, assignee, requests: &[request] };
    comity_iso20022::write_indented(&mut out, None, Message::CancellationRequests(&message));
    out
}

/// camt.029 from a bank to the system.
pub fn resolution(id: &str, case: &str, from: &str, number: u128, word: &str) -> Vec<u8> {
    let (assigner, assignee) = (bic(from), bic(SYSTEM));
    let status = match word {
        "CNCL" => CancellationStatus::Accepted,
        "RJCR" => CancellationStatus::Refused,
        _ => CancellationStatus::Pending,
    };
    let resolution = Resolution {
        message_id: id,
        created: created(),
        assigner: Agent::of(assigner),
        assignee: Agent::of(assignee),
        case_id: None,
        confirmation: None,
        status_id: Some(id),
        original_message: None,
        original: References::default(),
        original_uetr: Some(uetr(number)),
        status: Some(status),
        reason: (word == "RJCR").then_some(Choice::Code("CUST")),
        information: None,
    };
    let mut out = Vec::new();
    let message = ResolutionMessage {
        message_id: id,
        created: created(),
        assigner,
        assignee,
        case: Some((case, bic(SYSTEM))),
        confirmation: word,
        resolutions: &[resolution],
    };
    comity_iso20022::write_indented(&mut out, None, Message::Resolution(&message));
    out
}

/// acmt.023 from a bank.
pub fn verification(id: &str, from: &str, agent: &str, iban: &str) -> Vec<u8> {
    let (assigner, assignee) = (bic(from), bic(SYSTEM));
    let account = Some(Account { id: AccountId20022::Iban(iban), currency: None });
    let asked = Identification {
        message_id: id,
        created: created(),
        assigner: Agent::of(assigner),
        assignee: Agent::of(assignee),
        verification_id: "VERIFY1",
        party: Party { name: Some("Ann Example"), account, ..Party::default() },
        agent: Agent::of(bic(agent)),
    };
    let mut out = Vec::new();
    let message =
        VerificationMessage { message_id: id, created: created(), assigner, assignee, verifications: &[asked] };
    comity_iso20022::write_indented(&mut out, None, Message::Verifications(&message));
    out
}

/// One line for each thing that came in: what it became.
pub fn show(inbound: &[Inbound]) -> String {
    let mut out = String::new();
    for one in inbound {
        let line = one.references.first.index;
        let what = match &one.outcome {
            Outcome::Command(order) => format!("actor {}: {}", order.actor.0, show_command(&order.command)),
            Outcome::Refused(refusal) => format!("refused: {refusal}"),
            Outcome::Answer(answer) => match &**answer {
                Answer::Unreadable(unreadable) => format!("unreadable: {}", unreadable.refusal),
                Answer::Verification(asked) => format!("verification {}: {:?}", asked.verified, asked.reason),
                Answer::Noted => "noted".to_owned(),
            },
        };
        out.push_str(&format!("{line}: {what}\n"));
    }
    out
}

fn show_command(command: &Command) -> String {
    let pay = |order: &comity_ledger::command::Instruction| {
        let mut out = format!(
            "{} -> {} {} {:?} {:?} value {}",
            order.debtor.0, order.creditor.0, order.amount, order.kind, order.priority, order.value_date.0
        );
        for (name, id) in [("debtor for", order.debtor_for), ("creditor for", order.creditor_for)] {
            if id.is_some() {
                out.push_str(&format!(" {name} {}", id.0));
            }
        }
        for (name, at) in [("earliest", order.earliest), ("latest", order.latest)] {
            if at.is_set() {
                out.push_str(&format!(" {name} {at}"));
            }
        }
        out
    };
    match command {
        Command::Pay(order) => format!("pay {}", pay(order)),
        Command::PayGroup(orders) => format!("pay together {}", orders.iter().map(pay).collect::<Vec<_>>().join(" & ")),
        Command::Convert(order) => format!(
            "convert {} fixed {:?} at {}",
            pay(&order.instruction),
            order.fixed,
            order.expected.map_or_else(|| "any rate".to_owned(), |rate| rate.to_string())
        ),
        Command::Return(order) => {
            format!("return {} of {} for {}", order.amount, order.original, String::from_utf8_lossy(&order.reason))
        }
        Command::Recall(order) => format!("recall {} for {}", order.original, String::from_utf8_lossy(&order.reason)),
        Command::AnswerRecall(order) => format!("answer {} {}", order.accept, order.case.0 % 1_000),
        other => format!("{other:?}"),
    }
}
