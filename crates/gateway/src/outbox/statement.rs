//! camt.053 and camt.052: every booking of an account in order, between an opening and a closing balance.
//!
//! The balances are computed from the bookings and compared with the ledger's: a statement that does not agree is a
//! fault, never a document. Large accounts are split into pages that each open where the one before closed.

use super::book::Booking;
use super::notify::{Words, account_number, currency, direction};
use super::{Deliver, OutKind, Outbox, amount, bic, date, instant};
use comity_iso20022::model::{
    Account, AccountId as Number, AccountReport, Balance, BalanceType, Message, ReportEntry, Statement,
};
use comity_ledger::State;
use comity_ledger::ids::{AccountId, Time};

/// What the statements of a day came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Accounts told.
    pub accounts: u64,
    /// Messages written.
    pub pages: u64,
    /// Entries on them.
    pub entries: u64,
}

/// The bookings of an account do not lead to its balance: the outbox has not seen every event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// Which account.
    pub account: AccountId,
    /// Minor units the bookings lead to.
    pub booked: i64,
    /// Minor units the ledger has.
    pub balance: i64,
}

impl core::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { account, booked, balance } = self;
        write!(f, "account {}: bookings lead to {booked} minor units, the ledger has {balance}", account.0)
    }
}

impl std::error::Error for Mismatch {}

/// Which report, and how its balances are called.
#[derive(Clone, Copy)]
struct Form {
    kind: OutKind,
    prefix: &'static str,
    closing: BalanceType,
}

const DAY: Form = Form { kind: OutKind::Statement, prefix: "B", closing: BalanceType::ClosingBooked };
const NOW: Form = Form { kind: OutKind::Report, prefix: "I", closing: BalanceType::InterimBooked };

/// What every page of one account has in common.
struct Sheet<'a> {
    form: Form,
    account: AccountId,
    number: &'a str,
    from: Time,
    to: Time,
}

impl Outbox {
    /// Writes the statement of every participant's account since the last statements, and begins the next period. Events
    /// must have been taken up to the state.
    ///
    /// # Errors
    /// When the bookings of an account do not lead to its balance; then nothing has been written for it nor for the
    /// accounts after it, and the period goes on.
    pub fn statements(&mut self, state: &State, deliver: &mut impl Deliver) -> Result<Totals, Mismatch> {
        let by_account = self.by_account(state);
        let mut totals = Totals::default();
        for at in 0..state.accounts.len() {
            let Some(account) = u32::try_from(at).ok().map(AccountId) else {
                continue;
            };
            if state.account(account).is_some_and(|account| account.participant.is_some()) {
                let bookings = by_account.of(at);
                totals.entries += bookings.len() as u64;
                totals.accounts += 1;
                totals.pages += self.sheets(state, DAY, account, bookings, deliver)?;
            }
        }
        self.book.opening = state.accounts.iter().map(|account| account.balance).collect();
        self.book.bookings.clear();
        self.book.asides.clear();
        self.book.since = Some(state.at);
        self.return_reasons.clear();
        Ok(totals)
    }

    /// Writes the report of one account as it stands (camt.052).
    ///
    /// # Errors
    /// When its bookings do not lead to its balance.
    pub fn report(
        &mut self,
        state: &State,
        account: AccountId,
        deliver: &mut impl Deliver,
    ) -> Result<Totals, Mismatch> {
        let own: Vec<u32> = (0_u32..)
            .zip(&self.book.bookings)
            .filter(|(_, booking)| {
                self.book.changes(state, **booking).iter().flatten().any(|(changed, _)| *changed == account)
            })
            .map(|(at, _)| at)
            .collect();
        let pages = self.sheets(state, NOW, account, &own, deliver)?;
        Ok(Totals { accounts: 1, pages, entries: own.len() as u64 })
    }

    /// All pages of one account.
    fn sheets(
        &mut self,
        state: &State,
        form: Form,
        account: AccountId,
        bookings: &[u32],
        deliver: &mut impl Deliver,
    ) -> Result<u64, Mismatch> {
        let Some(known) = state.account(account) else {
            return Ok(0);
        };
        let change = |at: &u32| self.change(state, account, *at);
        let opening = self.book.opening(account);
        let booked = bookings.iter().map(change).fold(opening, i64::saturating_add);
        if booked != known.balance {
            return Err(Mismatch { account, booked, balance: known.balance });
        }
        let number = account_number(state, account);
        let from = self.book.since.unwrap_or(state.day.opens);
        let sheet = Sheet { form, account, number: &number, from, to: state.at };
        let most = self.options.page_entries_max.max(1);
        let pages = bookings.len().div_ceil(most).max(1);
        let mut balance = opening;
        for page in 0..pages {
            let own = bookings.chunks(most).nth(page).unwrap_or_default();
            let closing = own.iter().map(|at| self.change(state, account, *at)).fold(balance, i64::saturating_add);
            self.page(state, &sheet, (page, pages), own, (balance, closing), deliver);
            balance = closing;
        }
        Ok(pages as u64)
    }

    fn change(&self, state: &State, account: AccountId, at: u32) -> i64 {
        let Some(booking) = self.book.bookings.get(at as usize) else {
            return 0;
        };
        let changes = self.book.changes(state, *booking);
        changes.iter().flatten().filter(|(of, _)| *of == account).map(|(_, change)| change).sum()
    }

    fn page(
        &mut self,
        state: &State,
        sheet: &Sheet<'_>,
        (page, pages): (usize, usize),
        own: &[u32],
        (opening, closing): (i64, i64),
        deliver: &mut impl Deliver,
    ) {
        let account = sheet.account;
        let owner = state.account(account).and_then(|account| bic(state, account.participant));
        let Some(to) = owner else {
            return;
        };
        let mut out = core::mem::take(&mut self.out);
        let bookings: Vec<Booking> =
            own.iter().filter_map(|at| self.book.bookings.get(*at as usize).copied()).collect();
        let words: Vec<Words> = bookings.iter().map(|booking| self.booking_words(state, account, *booking)).collect();
        let entries: Vec<ReportEntry<'_>> = bookings
            .iter()
            .zip(&words)
            .filter_map(|(booking, words)| self.entry(state, account, booking.what(), words))
            .collect();
        let day = state.day.date;
        let balance = |kind, minor: i64| Balance {
            kind,
            amount: amount(state, account, minor),
            direction: direction(minor >= 0),
            date: date(day),
        };
        let first = if page == 0 { BalanceType::OpeningBooked } else { BalanceType::InterimBooked };
        let last = if page + 1 == pages { sheet.form.closing } else { BalanceType::InterimBooked };
        let mut balances = vec![balance(first, opening), balance(last, closing)];
        if let Some(known) = state.account(account)
            && page + 1 == pages
        {
            let kind = match sheet.form.kind {
                OutKind::Statement => BalanceType::ClosingAvailable,
                _ => BalanceType::InterimAvailable,
            };
            balances.push(balance(kind, known.available()));
        }
        let compact: String = day.to_string().chars().filter(|digit| *digit != '-').collect();
        let moment = if sheet.form.kind == OutKind::Statement { compact } else { state.seq.to_string() };
        let id = format!("{}{moment}-{}-{}", sheet.form.prefix, account.0, page + 1);
        let created = instant(sheet.to);
        let statement = Statement {
            id: &id,
            sequence: Some(page as u64 + 1),
            created,
            period: Some((instant(sheet.from.min(sheet.to)), created)),
            account: Account { id: Number::Other(sheet.number), currency: currency(state, account) },
            owner,
            servicer: Some(self.options.system),
            balances: &balances,
            entries: &entries,
        };
        let report = AccountReport { message_id: &id, created, recipient: owner, statements: &[statement] };
        let message = match sheet.form.kind {
            OutKind::Statement => Message::Statement(&report),
            _ => Message::IntradayReport(&report),
        };
        super::write(&self.options, &mut out, to, &id, created, message);
        self.hand_over(to, sheet.form.kind, &id, &out, deliver);
        self.out = out;
    }

    /// The bookings of every account, in order: counted first, then laid out in one array.
    fn by_account(&self, state: &State) -> ByAccount {
        let mut ends = vec![0_u32; state.accounts.len() + 1];
        let changed = |booking: &Booking| self.book.changes(state, *booking).into_iter().flatten();
        for (account, _) in self.book.bookings.iter().flat_map(changed) {
            if let Some(count) = ends.get_mut(account.at() + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += *end;
            *end = sum;
        }
        let mut next = ends.clone();
        let mut places = vec![0_u32; sum as usize];
        for (at, booking) in (0_u32..).zip(&self.book.bookings) {
            for (account, _) in changed(booking) {
                if let Some(slot) = next.get_mut(account.at()) {
                    if let Some(place) = places.get_mut(*slot as usize) {
                        *place = at;
                    }
                    *slot += 1;
                }
            }
        }
        ByAccount { ends, places }
    }
}

/// Places of bookings, grouped by account.
struct ByAccount {
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl ByAccount {
    fn of(&self, account: usize) -> &[u32] {
        let from = self.ends.get(account).map_or(0, |end| *end as usize);
        let to = self.ends.get(account + 1).map_or(0, |end| *end as usize);
        self.places.get(from..to).unwrap_or_default()
    }
}
