//! Published gridlock cases: the greatest value and the greatest number over all feasible subsets.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use comity_clearing::free::{Goal, Terms, check, solve};
use comity_clearing::gridlock::{Account, Item, NO_GROUP};
use serde_json::Value;

use crate::case::Case;

#[test]
fn ubin_cases() {
    let Some(folder) = shared() else {
        eprintln!("skipped: shared data not present");
        return;
    };
    let text = std::fs::read_to_string(folder.join("oracles/lsm_ubin.json")).expect("the oracle is readable");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("an array of cases");
    assert_eq!(cases.len(), 24);
    cases.iter().for_each(run);
}

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        folders.find_map(|folder| Some(folder.join("shared")).filter(|shared| shared.is_dir()))
    };
    named.or_else(beside)
}

fn run(told: &Value) {
    let name = told["id"].as_str().expect("an id");
    let start = told["start"].as_object().expect("balances by bank");
    let banks: BTreeMap<&str, u32> = start.keys().map(String::as_str).zip(0..).collect();
    let whole = |value: &Value| value.as_i64().expect("a whole number");
    let bank = |value: &Value| banks[value.as_str().expect("a bank")];
    let payments = told["payments"].as_array().expect("payments in queue order");
    let items = payments.iter().map(|payment| Item {
        debtor: bank(&payment["from"]),
        creditor: bank(&payment["to"]),
        amount: whole(&payment["amount"]),
        group: NO_GROUP,
    });
    let case = Case {
        accounts: start.values().map(|balance| Account::funded(whole(balance))).collect(),
        items: items.collect(),
        ..Case::default()
    };
    for (goal, expected) in [(Goal::Value, &told["max_value"]["value"]), (Goal::Count, &told["max_count"]["count"])] {
        let terms = Terms { goal, ..Terms::default() };
        let answer = solve(&case.problem(), &terms).expect("well formed");
        assert_eq!(check(&case.problem(), &terms, &answer), Ok(()), "{name}");
        assert_eq!((answer.value, answer.gap()), (i128::from(whole(expected)), 0), "{name}, {goal:?}");
    }
}
