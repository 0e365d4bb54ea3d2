//! Reading a case: names become indices, and every mistake is named by its place in the file, its value and what helps.
//!
//! Absent on purpose: the settlement itself.

use std::collections::{BTreeMap, BTreeSet};

use comity_clearing::gridlock::{Account, Bilateral, Item, NO_GROUP, Problem, Reserve};
use serde_json::{Map, Value};

/// Sum of all amounts and of all balances (without their signs) in one case.
const TOTAL_MAX: i64 = 1 << 58;

/// A case in indices.
#[derive(Debug, Default)]
pub(super) struct Case {
    /// Given in the case, told again in the answer.
    pub(super) id: Option<String>,
    /// Accounts as `PARTY/CCY`, sorted.
    pub(super) names: Vec<String>,
    pub(super) accounts: Vec<Account>,
    /// Identifications of items, in queue order: urgent before normal.
    pub(super) ids: Vec<String>,
    pub(super) items: Vec<Item>,
    /// For each item its place among the payments as given.
    pub(super) given: Vec<usize>,
    pub(super) bilateral: Vec<Bilateral>,
    pub(super) reserves: Vec<Reserve>,
    pub(super) groups: u32,
}

impl Case {
    pub(super) fn problem(&self) -> Problem<'_> {
        Problem {
            accounts: &self.accounts,
            items: &self.items,
            bilateral: &self.bilateral,
            reserves: &self.reserves,
            groups: self.groups,
        }
    }
}

const CASE_KEYS: &[&str] =
    &["id", "balances", "payments", "bilateral_limits", "multilateral_limits", "reserves", "pvp"];
const PAYMENT_KEYS: &[&str] = &["id", "from", "to", "ccy", "amount", "priority"];

/// Reads one case found at `path` of the file.
///
/// # Errors
/// The first mistake, as text.
pub(super) fn read(told: &Value, path: &str) -> Result<Case, String> {
    let told = object(told, path, CASE_KEYS)?;
    let mut case = Case::default();
    if let Some(id) = told.get("id") {
        case.id = Some(text(id, &format!("{path}.id"))?.to_owned());
    }
    let mut known = BTreeMap::new();
    let mut total = 0;
    read_balances(&mut case, &mut known, told, path, &mut total)?;
    let mut places = BTreeMap::new();
    read_payments(&mut case, &known, &mut places, told, path, &mut total)?;
    let mut pairs = BTreeSet::new();
    for (at, limit) in list(told, "bilateral_limits", path)?.iter().enumerate() {
        read_bilateral(&mut case, &known, &mut pairs, limit, &format!("{path}.bilateral_limits[{at}]"))?;
    }
    for (at, limit) in list(told, "multilateral_limits", path)?.iter().enumerate() {
        let path = format!("{path}.multilateral_limits[{at}]");
        let limit = object(limit, &path, &["account", "party", "ccy", "limit"])?;
        let account = account_of(&known, limit, &path)?;
        let headroom = not_negative(limit, "limit", &path)?;
        if case.accounts[account].multilateral.replace(headroom).is_some() {
            return Err(format!("{path}: a second multilateral limit of {}; keep one", case.names[account]));
        }
    }
    read_reserves(&mut case, &known, told, path)?;
    read_groups(&mut case, &places, told, path)?;
    Ok(case)
}

fn read_balances(
    case: &mut Case,
    known: &mut BTreeMap<String, u32>,
    told: &Map<String, Value>,
    path: &str,
    total: &mut i64,
) -> Result<(), String> {
    let path = format!("{path}.balances");
    let balances = told.get("balances").ok_or(format!("{path} is missing; give {{\"PARTY/CCY\": balance}}"))?;
    let balances = balances.as_object().ok_or(format!("{path} is not an object of \"PARTY/CCY\": balance"))?;
    for (index, (name, balance)) in (0u32..).zip(balances) {
        let path = format!("{path}[{name:?}]");
        let well_named = name.split_once('/').is_some_and(|(party, ccy)| is_name(party) && is_name(ccy));
        if !well_named {
            return Err(format!("{path}: an account is named PARTY/CCY, for example \"A/CNY\""));
        }
        let balance = whole(balance, &path)?;
        add(total, balance, &path)?;
        known.insert(name.clone(), index);
        case.names.push(name.clone());
        case.accounts.push(Account::funded(balance));
    }
    Ok(())
}

fn read_payments(
    case: &mut Case,
    known: &BTreeMap<String, u32>,
    places: &mut BTreeMap<String, usize>,
    told: &Map<String, Value>,
    path: &str,
    total: &mut i64,
) -> Result<(), String> {
    if !told.contains_key("payments") {
        return Err(format!("{path}.payments is missing; give a list of payments in queue order"));
    }
    let payments = list(told, "payments", path)?;
    let mut read = Vec::with_capacity(payments.len());
    for (at, payment) in payments.iter().enumerate() {
        let path = format!("{path}.payments[{at}]");
        let payment = object(payment, &path, PAYMENT_KEYS)?;
        let id = field(payment, "id", &path)?;
        if let Some(first) = places.insert(id.to_owned(), at) {
            return Err(format!("{path}.id: {id:?} is the id of payment {first} too; ids must differ"));
        }
        let (debtor, creditor) = pair(known, payment, &path)?;
        let place = format!("{path}.amount");
        let amount = whole(payment.get("amount").ok_or(format!("{place} is missing"))?, &place)?;
        if amount <= 0 {
            return Err(format!("{place}: {amount} is not above 0; a payment the other way swaps from and to"));
        }
        add(total, amount, &place)?;
        let urgent = match payment.get("priority").map(|priority| text(priority, &format!("{path}.priority"))) {
            None => false,
            Some(Ok("normal")) => false,
            Some(Ok("urgent")) => true,
            Some(Ok(other)) => {
                return Err(format!("{path}.priority: {other:?} is neither \"urgent\" nor \"normal\""));
            }
            Some(Err(error)) => return Err(error),
        };
        read.push((!urgent, at, id.to_owned(), Item { debtor, creditor, amount, group: NO_GROUP }));
    }
    read.sort_by_key(|(normal, at, ..)| (*normal, *at));
    for (place, (_, given, id, item)) in read.into_iter().enumerate() {
        places.insert(id.clone(), place);
        case.given.push(given);
        case.ids.push(id);
        case.items.push(item);
    }
    Ok(())
}

fn read_bilateral(
    case: &mut Case,
    known: &BTreeMap<String, u32>,
    pairs: &mut BTreeSet<(u32, u32)>,
    limit: &Value,
    path: &str,
) -> Result<(), String> {
    let limit = object(limit, path, &["from", "to", "ccy", "limit"])?;
    let (from, to) = pair(known, limit, path)?;
    let headroom = not_negative(limit, "limit", path)?;
    if !pairs.insert((from, to)) {
        let (from, to) = (&case.names[index(from)], &case.names[index(to)]);
        return Err(format!("{path}: a second limit from {from} to {to}; keep one"));
    }
    case.bilateral.push(Bilateral { from, to, headroom });
    Ok(())
}

fn read_reserves(
    case: &mut Case,
    known: &BTreeMap<String, u32>,
    told: &Map<String, Value>,
    path: &str,
) -> Result<(), String> {
    // Items stand urgent before normal, so the first normal one of all ends the urgent ones of each queue.
    let payments = list(told, "payments", path)?;
    let is_urgent = |given: usize| payments[given].get("priority").and_then(Value::as_str) == Some("urgent");
    for (at, reserve) in list(told, "reserves", path)?.iter().enumerate() {
        let path = format!("{path}.reserves[{at}]");
        let reserve = object(reserve, &path, &["account", "party", "ccy", "amount"])?;
        let account = account_of(known, reserve, &path)?;
        let amount = not_negative(reserve, "amount", &path)?;
        let own = u32::try_from(account).expect("an index of accounts");
        if case.reserves.iter().any(|other| other.account == own) {
            return Err(format!("{path}: a second reserve of {}; keep one", case.names[account]));
        }
        let queue = case.items.iter().zip(&case.given).filter(|(item, _)| item.debtor == own);
        let urgent = queue.filter(|(_, given)| is_urgent(**given)).count();
        let urgent = u32::try_from(urgent).expect("fewer than 2^32 payments");
        case.reserves.push(Reserve { account: own, amount, urgent });
    }
    Ok(())
}

fn read_groups(
    case: &mut Case,
    places: &BTreeMap<String, usize>,
    told: &Map<String, Value>,
    path: &str,
) -> Result<(), String> {
    for (at, group) in list(told, "pvp", path)?.iter().enumerate() {
        let path = format!("{path}.pvp[{at}]");
        let legs = group.as_array().ok_or(format!("{path} is not a list of payment ids"))?;
        if legs.len() < 2 {
            return Err(format!("{path} names {} payments; a group links at least 2", legs.len()));
        }
        for (leg, id) in legs.iter().enumerate() {
            let path = format!("{path}[{leg}]");
            let id = text(id, &path)?;
            let Some(&place) = places.get(id) else {
                return Err(format!(
                    "{path}: no payment has the id {id:?}; a group settles only if all its legs are there"
                ));
            };
            let group = &mut case.items[place].group;
            if *group != NO_GROUP {
                return Err(format!("{path}: payment {id:?} is in group {group} already; it can be in one"));
            }
            *group = case.groups;
        }
        case.groups += 1;
    }
    Ok(())
}

/// The accounts that `from`, `to` and `ccy` name.
fn pair(known: &BTreeMap<String, u32>, told: &Map<String, Value>, path: &str) -> Result<(u32, u32), String> {
    let ccy = field(told, "ccy", path)?;
    let [from, to] = ["from", "to"].map(|key| {
        let party = field(told, key, path)?;
        find(known, &format!("{party}/{ccy}"), &format!("{path}.{key}"))
    });
    let (from, to) = (from?, to?);
    if from == to {
        return Err(format!("{path}: {:?} pays itself; from and to must differ", field(told, "to", path)?));
    }
    Ok((from, to))
}

/// The account that `account`, or `party` and `ccy`, name.
fn account_of(known: &BTreeMap<String, u32>, told: &Map<String, Value>, path: &str) -> Result<usize, String> {
    if told.contains_key("account") {
        return find(known, field(told, "account", path)?, &format!("{path}.account")).map(index);
    }
    if !told.contains_key("party") {
        return Err(format!("{path} names no account; give \"account\": \"PARTY/CCY\", or \"party\" and \"ccy\""));
    }
    let name = format!("{}/{}", field(told, "party", path)?, field(told, "ccy", path)?);
    find(known, &name, &format!("{path}.party")).map(index)
}

fn find(known: &BTreeMap<String, u32>, name: &str, path: &str) -> Result<u32, String> {
    let help = || format!("{path}: account {name:?} has no balance; add \"{name}\": 0 to balances if it exists");
    known.get(name).copied().ok_or_else(help)
}

fn object<'a>(told: &'a Value, path: &str, keys: &[&str]) -> Result<&'a Map<String, Value>, String> {
    let told = told.as_object().ok_or(format!("{path} is not an object"))?;
    match told.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) if key.contains("incoming") || key.contains("receive") => Err(format!(
            "{path}: {key:?} would cap what comes in; such caps are not taken: two payments may each fit under one and not \
             both, so no greatest set need exist and somebody would have to choose; limit what goes out instead"
        )),
        Some(key) => Err(format!("{path}: unknown key {key:?}; known are {}", keys.join(", "))),
        None => Ok(told),
    }
}

fn list<'a>(told: &'a Map<String, Value>, key: &str, path: &str) -> Result<&'a [Value], String> {
    match told.get(key) {
        None => Ok(&[]),
        Some(list) => list.as_array().map(Vec::as_slice).ok_or(format!("{path}.{key} is not a list")),
    }
}

fn field<'a>(told: &'a Map<String, Value>, key: &str, path: &str) -> Result<&'a str, String> {
    let path = format!("{path}.{key}");
    text(told.get(key).ok_or(format!("{path} is missing"))?, &path)
}

fn text<'a>(told: &'a Value, path: &str) -> Result<&'a str, String> {
    told.as_str().filter(|text| !text.is_empty()).ok_or(format!("{path}: {told} is not a text"))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('/')
}

fn whole(told: &Value, path: &str) -> Result<i64, String> {
    let limit = i64::MAX;
    told.as_i64().ok_or_else(|| format!("{path}: {told} is not a whole number of minor units within {limit}"))
}

fn not_negative(told: &Map<String, Value>, key: &str, path: &str) -> Result<i64, String> {
    let path = format!("{path}.{key}");
    let value = whole(told.get(key).ok_or(format!("{path} is missing"))?, &path)?;
    if value < 0 { Err(format!("{path}: {value} is below 0; 0 permits nothing net")) } else { Ok(value) }
}

fn add(total: &mut i64, amount: i64, path: &str) -> Result<(), String> {
    let sum = i128::from(*total) + i128::from(amount).abs();
    *total = i64::try_from(sum).ok().filter(|sum| *sum <= TOTAL_MAX).ok_or_else(|| {
        format!("{path}: with {amount} the balances and amounts come to {sum}, above the limit of {TOTAL_MAX}")
    })?;
    Ok(())
}

pub(super) fn index(index: u32) -> usize {
    usize::try_from(index).expect("32 bits fit")
}
