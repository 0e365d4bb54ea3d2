//! A ledger for measuring: many funded accounts with limits, a day open for payments, random payments between them.

use comity_clearing::obligations::Obligation;
use comity_ledger::calendar::Calendar;
use comity_ledger::command::{
    AddActor, AddAuthority, AddCurrency, AddParticipant, Command, Entry, Funding, Genesis, Instruction, LimitKind,
    OpenAccount, Options, PaymentKind, PhaseRule, Priority, SetLimit, StartDay, Unsettled,
};
use comity_ledger::ids::{AccountId, ActorId, AuthorityId, CurrencyId, Day, Key, ParticipantId, Time, Uetr};
use comity_ledger::phase;
use comity_ledger::role::{Roles, Scope};

/// Entries applied together.
pub(crate) const BATCH: usize = 8_190;
/// Accounts per participant: one in each currency.
pub(crate) const CURRENCIES: u32 = 10;
/// Internal accounts come first: two per currency.
const FIRST_ACCOUNT: u32 = CURRENCIES * 2;
/// The first participant's channel: after the timer and the authority.
const FIRST_CHANNEL: u32 = 2;

/// A seeded generator (splitmix64, public domain algorithm of S. Vigna).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from((u64::from(bound) * (self.next() >> 32)) >> 32).expect("below a 32-bit bound")
    }
}

/// The entries that set the ledger up: `participants` banks with an account in each currency, each with a net debit cap
/// and a limit per payment and per day, and open the day.
pub(crate) fn set_up(participants: u32) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut system = |command| entries.push(entry(1, ActorId(0), command));
    let options = Options {
        proposal_ttl_s: 3600,
        return_days: 2,
        recall_ttl_s: 3600,
        value_days_max: 10,
        offset_on_arrival: true,
        require_confirmation: false,
    };
    system(Command::Genesis(Box::new(Genesis { name: "bench".into(), rules: [0; 32], seed: 99, options })));
    let authority = AddAuthority { name: "Bench Authority".into(), country: *b"XX", public_key: [0; 32] };
    system(Command::AddAuthority(Box::new(authority)));
    for at in 0..CURRENCIES {
        let letter = b'A' + u8::try_from(at).expect("few currencies");
        let currency = AddCurrency {
            code: [b'X', b'B', letter],
            exponent: 2,
            authority: AuthorityId(0),
            calendar: Calendar::default(),
            unsettled: Unsettled::Carry,
        };
        system(Command::AddCurrency(Box::new(currency)));
    }
    let scope = Scope::Authority(AuthorityId(0));
    let maker = AddActor { name: "maker".into(), scope, roles: Roles::AUTHORITY_MAKER };
    system(Command::AddActor(Box::new(maker)));
    for at in 0..participants {
        let mut bic = *b"XXXXXX00000";
        let digits = format!("{at:05}");
        bic[6..].copy_from_slice(digits.as_bytes());
        let participant =
            AddParticipant { bic, name: "Bench Bank".into(), authority: AuthorityId(0), sponsor: ParticipantId::NONE };
        system(Command::AddParticipant(Box::new(participant)));
        for currency in 0..CURRENCIES {
            let account = OpenAccount { participant: ParticipantId(at), currency: CurrencyId(currency) };
            system(Command::OpenAccount(account));
        }
        let scope = Scope::Participant(ParticipantId(at));
        let channel = AddActor { name: format!("c{at}"), scope, roles: Roles::CHANNEL };
        system(Command::AddActor(Box::new(channel)));
    }
    for account in accounts(participants) {
        for (kind, value) in
            [(LimitKind::NetDebit, 1_000_000), (LimitKind::PerPayment, 10_000_000), (LimitKind::PerDay, i64::MAX >> 8)]
        {
            let limit = SetLimit { account, kind, counterparty: AccountId::NONE, value: Some(value) };
            system(Command::SetLimit(limit));
        }
    }
    let phases = vec![
        PhaseRule { name: "open".into(), allows: phase::ENTRY | phase::SETTLE | phase::FUND, seconds: 86_400 },
        PhaseRule { name: "closed".into(), allows: phase::ON_CLOSE, seconds: 0 },
    ];
    system(Command::SetPhases(phases));
    system(Command::ActivateArrangement(1));
    system(Command::StartDay(Box::new(StartDay { date: Day(20_000), opens: Time(1), cutoffs: vec![] })));
    for account in accounts(participants) {
        let funding = Funding { account, amount: 10_000_000_000, outside_ref: Key(u128::from(account.0) + 1) };
        entries.push(entry(2, ActorId(1), Command::FundIn(funding)));
    }
    entries
}

/// The participants' accounts.
fn accounts(participants: u32) -> impl Iterator<Item = AccountId> {
    (FIRST_ACCOUNT..FIRST_ACCOUNT + participants * CURRENCIES).map(AccountId)
}

fn entry(at: u64, actor: ActorId, command: Command) -> Entry {
    Entry { at: Time(at), actor, key: Key(0), command }
}

/// A random payment between two participants in one currency, with a UETR of its own.
pub(crate) fn payment(draw: &mut Draw, participants: u32, number: u64) -> Entry {
    let debtor = draw.below(participants);
    let creditor = (debtor + 1 + draw.below(participants - 1)) % participants;
    let currency = draw.below(CURRENCIES);
    let amount = 1 + i64::from(draw.below(100_000));
    order(draw, number, (debtor, creditor), currency, amount)
}

/// A payment in the first currency, with a UETR of its own.
pub(crate) fn pay(draw: &mut Draw, number: u64, payment: &Obligation) -> Entry {
    order(draw, number, (payment.debtor, payment.creditor), 0, payment.amount)
}

/// Whose account it is, if it is a participant's.
pub(crate) fn participant_of(account: AccountId) -> Option<u32> {
    account.0.checked_sub(FIRST_ACCOUNT).map(|place| place / CURRENCIES)
}

/// Outside money for a participant's account in the first currency.
pub(crate) fn funding(participant: u32, amount: i64) -> Entry {
    let account = AccountId(FIRST_ACCOUNT + participant * CURRENCIES);
    let funding = Funding { account, amount, outside_ref: Key(u128::from(account.0) + 1) };
    entry(2, ActorId(1), Command::FundIn(funding))
}

fn order(draw: &mut Draw, number: u64, (debtor, creditor): (u32, u32), currency: u32, amount: i64) -> Entry {
    let account = |participant: u32| AccountId(FIRST_ACCOUNT + participant * CURRENCIES + currency);
    let order = Instruction {
        uetr: Uetr(u128::from(draw.next()) << 64 | u128::from(draw.next()) | 1),
        debtor: account(debtor),
        creditor: account(creditor),
        debtor_for: ParticipantId::NONE,
        creditor_for: ParticipantId::NONE,
        amount,
        priority: Priority::Normal,
        kind: PaymentKind::Customer,
        value_date: Day(0),
        earliest: Time(0),
        latest: Time(0),
        message: number,
        document: 1,
        line: 0,
    };
    entry(3 + number, ActorId(FIRST_CHANNEL + debtor), Command::Pay(order))
}
