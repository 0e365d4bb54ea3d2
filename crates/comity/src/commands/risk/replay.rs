//! A day's journal, replayed: prices in one currency, and the table a drill is made of.
//!
//! Absent on purpose: any rule; and every write.

use std::collections::BTreeMap;
use std::path::Path;

use comity_engine::replay::{Piece, Pieces, read_ahead};
use comity_ledger::command::Entry;
use comity_ledger::event::Event;
use comity_ledger::ids::AccountId;
use comity_ledger::payment::Standing;
use comity_ledger::{Events, State, apply};
use comity_union::risk::drill::Dealing;
use comity_union::risk::waterfall::Bound;
use comity_union::{Ratio, Share};

use super::arguments::Drill;
use super::case::{self, Case, Currency, Member};
use super::number::{of_rate, per_minor};
use crate::exit::Failure;

/// Replays a journal up to an entry, and shows each one with what happened.
pub(crate) fn replay(
    dir: &Path,
    until: Option<u64>,
    mut each: impl FnMut(&State, &Entry, &[(u64, Event)]),
) -> Result<State, Failure> {
    let mut pieces = read_ahead(dir)?;
    let mut state = State::new(0);
    let mut events = Events::default();
    while let Some(piece) = pieces.next()? {
        let Piece::Entries { entries, .. } = piece else { continue };
        for entry in &entries {
            if until.is_some_and(|until| state.seq >= until) {
                return Ok(state);
            }
            apply(&mut state, entry, &mut events);
            each(&state, entry, events.list());
            events.clear();
        }
        pieces.recycle(entries);
    }
    match until {
        Some(until) if until > state.seq => {
            Err(Failure::refused(format!("the journal has {} entries; there is no entry {until}", state.seq)))
        }
        Some(_) | None => Ok(state),
    }
}

/// The base currency meant: by code, or the first.
pub(super) fn base(state: &State, wanted: Option<&str>) -> Result<usize, Failure> {
    let codes: Vec<&str> = state.currencies.iter().map(|currency| currency.code()).collect();
    let wanted = match wanted {
        Some(code) => code,
        None => codes.first().ok_or_else(|| Failure::refused("the journal has no currency"))?,
    };
    codes.iter().position(|code| code.eq_ignore_ascii_case(wanted)).ok_or_else(|| {
        Failure::refused(format!("{wanted:?} is no currency of the journal; it has {}", codes.join(", ")))
    })
}

/// What each currency of a journal is worth in the base: by a table of rates, or by the rates last approved, over as few pairs
/// as can be. Those without a rate are left out and named.
pub(super) fn priced(state: &State, base: usize, rates: Option<&Path>) -> Result<Vec<Option<Currency>>, Failure> {
    let decimals = |at: usize| state.currencies[at].exponent;
    let table = rates.map(|path| case::rate_table(path, decimals(base))).transpose()?.unwrap_or_default();
    let mut ratios = vec![None; state.currencies.len()];
    ratios[base] = Some(Ratio::ONE);
    loop {
        // One ring of pairs further from the base in each round.
        let mut found = Vec::new();
        for (pair, terms) in &state.pairs {
            let Some(rate) = terms.previous.map(of_rate) else { continue };
            let (left, right) = (pair.base.at(), pair.quote.at());
            match (ratios[left], ratios[right]) {
                (None, Some(known)) => found.push((left, known.times(rate))),
                (Some(known), None) => found.push((right, known.over(rate))),
                (None, None) | (Some(_), Some(_)) => {}
            }
        }
        if found.is_empty() {
            break;
        }
        for (at, ratio) in found {
            let code = state.currencies[at].code();
            let ratio: Ratio = ratio.ok_or_else(|| Failure::refused(format!("the rate of {code} does not fit")))?;
            ratios[at] = ratios[at].or(Some(ratio));
        }
    }
    let mut priced = Vec::new();
    for (at, currency) in state.currencies.iter().enumerate() {
        let code = currency.code().to_string();
        if let Some(given) = table.iter().find(|given| given.code == code) {
            if given.decimals != currency.exponent {
                let (given, kept) = (given.decimals, currency.exponent);
                return Err(Failure::refused(format!(
                    "decimals of {code}: {given} in the table, {kept} in the journal"
                )));
            }
            priced.push(Some(given.clone()));
            continue;
        }
        let price = ratios[at].and_then(|ratio| per_minor(ratio, decimals(base), currency.exponent));
        if price.is_none() {
            eprintln!("warning: no approved rate leads from {code} to the base; it is left out, or give --rates");
        }
        priced.push(price.map(|price| Currency {
            code,
            decimals: currency.exponent,
            price,
            haircut: (at == base).then_some(Share::ZERO),
            cost: Share::ZERO,
            limit: None,
        }));
    }
    Ok(priced)
}

/// The participant that owns an account, as an index.
pub(crate) fn owner(state: &State, account: AccountId) -> Option<usize> {
    let participant = state.account(account)?.participant;
    participant.is_some().then(|| participant.at())
}

/// The table of a drill from the last business day of a journal.
pub(super) fn case(arguments: &Drill) -> Result<Case, Failure> {
    let dir = crate::commands::journal(&arguments.case)?;
    let state = replay(&dir, arguments.entry, |_, _, _| ())?;
    let base = base(&state, arguments.base.as_deref())?;
    let priced = priced(&state, base, arguments.rates.as_deref())?;
    let mut place = vec![None; priced.len()];
    let mut currencies = Vec::new();
    for (at, currency) in priced.into_iter().enumerate() {
        if let Some(currency) = currency {
            place[at] = u32::try_from(currencies.len()).ok();
            currencies.push(currency);
        }
    }
    let decimals = state.currencies[base].exponent;
    let given = arguments.members.as_deref().map(|path| case::member_table(path, decimals)).transpose()?;
    let members = members(&state, given.unwrap_or_default())?;
    let mut sums: BTreeMap<(u32, u32, u32, bool), i64> = BTreeMap::new();
    for payment in &state.payments {
        let settled = match payment.standing {
            Standing::Settled if payment.value_date == state.day.date => true,
            Standing::Waiting => false,
            Standing::Settled | Standing::Refused | Standing::Cancelled => continue,
        };
        let currency = state.account(payment.debtor).and_then(|account| place[account.currency.at()]);
        let parties = owner(&state, payment.debtor).zip(owner(&state, payment.creditor));
        if let (Some(currency), Some((from, to))) = (currency, parties)
            && from != to
        {
            let index = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let sum = sums.entry((index(from), index(to), currency, settled)).or_insert(0);
            *sum = sum.checked_add(payment.amount).ok_or_else(|| Failure::refused("payments of a pair do not fit"))?;
        }
    }
    let mut case = Case {
        base: state.currencies[base].code().into(),
        decimals,
        brought: vec![vec![0; currencies.len()]; members.len()],
        positions: Vec::new(),
        currencies,
        members,
        aggregate: None,
        dealings: Vec::new(),
        bound: Bound::None,
    };
    for ((from, to, currency, settled), amount) in sums {
        case.dealings.push(Dealing { from, to, currency, amount, settled });
        if settled {
            case.brought[from as usize][currency as usize] += amount;
            case.brought[to as usize][currency as usize] -= amount;
        }
    }
    // What a balance is apart from the day's dealings, its owner brought.
    for account in state.accounts.iter().filter(|account| account.participant.is_some()) {
        if let Some(currency) = place[account.currency.at()] {
            case.brought[account.participant.at()][currency as usize] += account.balance;
        }
    }
    Ok(case)
}

/// All participants, with what a table says of them.
fn members(state: &State, given: Vec<Member>) -> Result<Vec<Member>, Failure> {
    let mut members: Vec<Member> = state
        .participants
        .iter()
        .map(|participant| Member { name: participant.bic().into(), collateral: 0, fund: 0, key: 1 })
        .collect();
    // A sponsored participant has no account here, and bears nothing.
    for (member, participant) in members.iter_mut().zip(&state.participants) {
        member.key = i64::from(!participant.sponsor.is_some());
    }
    for one in given {
        match members.iter_mut().find(|member| member.name == one.name) {
            Some(known) => *known = one,
            None => return Err(Failure::refused(format!("{} is no participant of the journal", one.name))),
        }
    }
    Ok(members)
}
