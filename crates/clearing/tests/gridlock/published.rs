//! Published gridlock cases: the settled set and its value under `fifo-prefix`. Made-up cases of the same
//! form stand beside them, so that the test means something where the shared data is absent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use comity_clearing::gridlock::{Account, Item, NO_GROUP, Workspace, check};
use serde_json::Value;

use crate::case::Case;

#[test]
fn made_up_cases() {
    assert_eq!(run_all(include_str!("fixtures/circles.json")), 4);
}

#[test]
fn ubin_cases() {
    let Some(folder) = shared() else {
        eprintln!("skipped: shared data not present");
        return;
    };
    let text = std::fs::read_to_string(folder.join("oracles/lsm_ubin.json")).expect("the oracle is readable");
    assert_eq!(run_all(&text), 24);
}

fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        folders.find_map(|folder| Some(folder.join("shared")).filter(|shared| shared.is_dir()))
    };
    named.or_else(beside)
}

/// Runs every case of a file and counts them.
fn run_all(text: &str) -> usize {
    let cases: Vec<Value> = serde_json::from_str(text).expect("an array of cases");
    for case in &cases {
        run(case);
    }
    cases.len()
}

fn run(told: &Value) {
    let name = text(&told["id"]);
    let start = told["start"].as_object().expect("balances by bank");
    let banks: BTreeMap<&str, u32> = start.keys().map(String::as_str).zip(0..).collect();
    let payments = told["payments"].as_array().expect("payments in queue order");
    let case = Case {
        accounts: start.values().map(|balance| Account::funded(whole(balance))).collect(),
        items: payments
            .iter()
            .map(|payment| Item {
                debtor: banks[text(&payment["from"])],
                creditor: banks[text(&payment["to"])],
                amount: whole(&payment["amount"]),
                group: NO_GROUP,
            })
            .collect(),
        ..Case::default()
    };
    let mut workspace = Workspace::new();
    let solution = workspace.solve(&case.problem()).expect("well formed");
    assert_eq!(check(&case.problem(), &solution), Ok(()), "{name}");

    let chosen = || payments.iter().zip(solution.selected).filter(|(_, chosen)| **chosen);
    let mut settled: Vec<&str> = chosen().map(|(payment, _)| text(&payment["id"])).collect();
    settled.sort_unstable();
    let value: i64 = chosen().map(|(payment, _)| whole(&payment["amount"])).sum();
    let expected = &told["max_value_fifo_prefix"];
    let sets = expected["sets"].as_array().expect("optimal sets");
    assert_eq!(sets.len(), 1, "{name}: the greatest set is unique");
    let mut best: Vec<&str> = sets[0].as_array().expect("a set").iter().map(text).collect();
    best.sort_unstable();
    assert_eq!(settled, best, "{name}");
    assert_eq!(value, whole(&expected["value"]), "{name}");
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn whole(value: &Value) -> i64 {
    value.as_i64().expect("a whole number")
}
