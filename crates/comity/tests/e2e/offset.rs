//! `comity offset`: answers, refusals, published cases.

use std::path::{Path, PathBuf};

use expect_test::expect;
use serde_json::{Value, json};

use crate::world::{comity, folder};

/// Runs one input through the door.
fn offset(input: &Value, arguments: &[&str]) -> crate::world::Ran {
    let dir = folder();
    std::fs::write(dir.path().join("case.json"), input.to_string()).expect("the folder is writable");
    comity(dir.path(), &[&["offset", "case.json"], arguments].concat())
}

fn payment(id: &str, from: &str, to: &str, amount: i64) -> Value {
    json!({ "id": id, "from": from, "to": to, "ccy": "CNY", "amount": amount })
}

/// ALFA and BRAVO wait for each other; CHARLIE's payment to ALFA is too large.
fn story() -> Value {
    json!({
        "balances": { "A/CNY": 1, "B/CNY": 0, "C/CNY": 4 },
        "payments": [
            payment("P1", "A", "B", 10), payment("P2", "B", "A", 9), payment("P3", "A", "C", 8),
            payment("P4", "B", "C", 3), payment("P5", "C", "B", 4),
        ],
    })
}

#[test]
fn the_greatest_set_of_prefixes_with_its_proof() {
    let answer = offset(&story(), &["--policy", "fifo-prefix"]).ends(0).out;
    expect![[r#"
        {
          "bound": 26,
          "bound_without_fifo": 26,
          "certificate": {
            "kind": "removal trace",
            "removed": [
              {
                "because": "exceeds what its account has with all that could still come in",
                "id": "P3"
              }
            ]
          },
          "certificate_checked": true,
          "closing": {
            "A/CNY": 0,
            "B/CNY": 2,
            "C/CNY": 3
          },
          "cost_of_fifo": 0,
          "gap": 0,
          "gross": 34,
          "settled": [
            "P1",
            "P2",
            "P4",
            "P5"
          ],
          "value": 26,
          "waiting": [
            {
              "id": "P3",
              "why": "exceeds what its account has with all that could still come in"
            }
          ]
        }
    "#]]
    .assert_eq(&answer);
    let again = offset(&story(), &[]).ends(0).out;
    assert_eq!(answer, again, "fifo-prefix is the default, and a repeat is the same to the byte");
}

#[test]
fn a_table_for_people() {
    expect![[r#"
        payment  from   to     amount  outcome
        ───────  ─────  ─────  ──────  ─────────────────────────────────────────────────────────────────────
        P1       A/CNY  B/CNY      10  settled
        P2       B/CNY  A/CNY       9  settled
        P3       A/CNY  C/CNY       8  waits: exceeds what its account has with all that could still come in
        P4       B/CNY  C/CNY       3  settled
        P5       C/CNY  B/CNY       4  settled
        gross        34
        settled      26
        bound        26
        cost of fifo 0
    "#]]
    .assert_eq(&offset(&story(), &["--output", "table"]).ends(0).out);
}

#[test]
fn the_order_costs_what_a_free_choice_settles_more() {
    let case = json!({
        "balances": { "A/CNY": 5, "B/CNY": 0 },
        "payments": [payment("P1", "A", "B", 9), payment("P2", "A", "B", 5)],
    });
    let fifo = offset(&case, &[]).ends(0).json();
    assert_eq!((&fifo["value"], &fifo["cost_of_fifo"]), (&json!(0), &json!(5)));
    assert_eq!(fifo["waiting"][1], json!({ "id": "P2", "why": "stands behind P1" }));
    let free = offset(&case, &["--policy", "free-subset"]).ends(0).json();
    assert_eq!((&free["settled"], &free["value"], &free["gap"]), (&json!(["P2"]), &json!(5), &json!(0)));
    let case = json!({ "balances": { "A/CNY": 5, "B/CNY": 0 }, "payments": [payment("P1", "A", "B", 9)] });
    let split = offset(&case, &["--policy", "free-subset", "--split"]).ends(0).json();
    assert_eq!((&split["settled"], &split["slices"], &split["value"]), (&json!([]), &json!({ "P1": 5 }), &json!(5)));
    offset(&case, &["--split"]).ends(2);
}

#[test]
fn limits_reserves_priorities_and_groups_hold() {
    let mut case = json!({
        "balances": { "A/CNY": 20, "B/CNY": 0, "A/RUB": 0, "B/RUB": 50 },
        "payments": [
            payment("P1", "A", "B", 6),
            { "id": "P2", "from": "A", "to": "B", "ccy": "CNY", "amount": 12, "priority": "urgent" },
            { "id": "P3", "from": "B", "to": "A", "ccy": "RUB", "amount": 50, "priority": "normal" },
        ],
    });
    let settled = |case: &Value| offset(case, &[]).ends(0).json()["settled"].clone();
    assert_eq!(settled(&case), json!(["P1", "P2", "P3"]));
    case["reserves"] = json!([{ "account": "A/CNY", "amount": 3 }]);
    assert_eq!(settled(&case), json!(["P2", "P3"]), "the urgent one first, and P1 may not touch the reserve");
    case["pvp"] = json!([["P1", "P3"]]);
    assert_eq!(settled(&case), json!(["P2"]));
    case["bilateral_limits"] = json!([{ "from": "A", "to": "B", "ccy": "CNY", "limit": 11 }]);
    assert_eq!(settled(&case), json!([]));
    case["bilateral_limits"] = json!([]);
    case["multilateral_limits"] = json!([{ "party": "A", "ccy": "CNY", "limit": 11 }]);
    assert_eq!(settled(&case), json!([]));
}

/// Each mistake once: the place, the value, what helps.
#[test]
fn bad_input_is_refused_by_its_place() {
    let told = |change: fn(&mut Value)| {
        let mut case = story();
        change(&mut case);
        let ran = offset(&case, &[]).ends(3);
        assert_eq!(ran.out, "", "nothing half-done");
        ran.err
    };
    let refusals = [
        told(|case| case["payments"][1]["amount"] = json!(-5)),
        told(|case| case["payments"][1]["amount"] = json!(0)),
        told(|case| case["payments"][1]["amount"] = json!(2.5)),
        told(|case| case["payments"][1]["amount"] = json!(u64::MAX)),
        told(|case| case["payments"][1]["amount"] = json!(i64::MAX)),
        told(|case| case["payments"][1]["to"] = json!("Z")),
        told(|case| case["payments"][1]["ccy"] = json!("RUB")),
        told(|case| case["payments"][1]["to"] = json!("B")),
        told(|case| case["payments"][1]["id"] = json!("P1")),
        told(|case| case["payments"][1]["priority"] = json!("high")),
        told(|case| case["payments"][1]["note"] = json!("x")),
        told(|case| case["balances"]["A"] = json!(1)),
        told(|case| case["pvp"] = json!([["P1", "P9"]])),
        told(|case| case["pvp"] = json!([["P1"]])),
        told(|case| case["pvp"] = json!([["P1", "P2"], ["P2", "P3"]])),
        told(|case| case["bilateral_limits"] = json!([{ "from": "A", "to": "B", "ccy": "CNY", "limit": -1 }])),
        told(|case| case["multilateral_limits"] = json!([{ "limit": 1 }])),
        told(|case| case["reserves"] = json!([{ "account": "Q/CNY", "amount": 1 }])),
        told(|case| case["incoming_caps"] = json!([])),
        told(|case| *case = json!([{ "balances": {}, "payments": [] }, 7])),
        told(|case| *case = json!({ "payments": [] })),
    ];
    expect![[r#"
        error: case.json: $.payments[1].amount: -5 is not above 0; a payment the other way swaps from and to
        error: case.json: $.payments[1].amount: 0 is not above 0; a payment the other way swaps from and to
        error: case.json: $.payments[1].amount: 2.5 is not a whole number of minor units within 9223372036854775807
        error: case.json: $.payments[1].amount: 18446744073709551615 is not a whole number of minor units within 9223372036854775807
        error: case.json: $.payments[1].amount: with 9223372036854775807 the balances and amounts come to 9223372036854775822, above the limit of 288230376151711744
        error: case.json: $.payments[1].to: account "Z/CNY" has no balance; add "Z/CNY": 0 to balances if it exists
        error: case.json: $.payments[1].from: account "B/RUB" has no balance; add "B/RUB": 0 to balances if it exists
        error: case.json: $.payments[1]: "B" pays itself; from and to must differ
        error: case.json: $.payments[1].id: "P1" is the id of payment 0 too; ids must differ
        error: case.json: $.payments[1].priority: "high" is neither "urgent" nor "normal"
        error: case.json: $.payments[1]: unknown key "note"; known are id, from, to, ccy, amount, priority
        error: case.json: $.balances["A"]: an account is named PARTY/CCY, for example "A/CNY"
        error: case.json: $.pvp[0][1]: no payment has the id "P9"; a group settles only if all its legs are there
        error: case.json: $.pvp[0] names 1 payments; a group links at least 2
        error: case.json: $.pvp[1][0]: payment "P2" is in group 0 already; it can be in one
        error: case.json: $.bilateral_limits[0].limit: -1 is below 0; 0 permits nothing net
        error: case.json: $.multilateral_limits[0] names no account; give "account": "PARTY/CCY", or "party" and "ccy"
        error: case.json: $.reserves[0].account: account "Q/CNY" has no balance; add "Q/CNY": 0 to balances if it exists
        error: case.json: $: "incoming_caps" would cap what comes in; such caps are not taken: two payments may each fit under one and not both, so no greatest set need exist and somebody would have to choose; limit what goes out instead
        error: case.json: $[1] is not an object
        error: case.json: $.balances is missing; give {"PARTY/CCY": balance}
    "#]].assert_eq(&refusals.concat());
    let dir = folder();
    std::fs::write(dir.path().join("case.json"), "{").expect("the folder is writable");
    comity(dir.path(), &["offset", "case.json"]).ends(3);
    comity(dir.path(), &["offset", "absent.json"]).ends(2);
}

/// Cases in the form of the published ones: `start` balances by bank, payments in queue order.
fn run_published(text: &str, expected: usize) {
    let told: Vec<Value> = serde_json::from_str(text).expect("a list of cases");
    let cases = told.iter().map(|case| {
        let balances = case["start"].as_object().expect("balances by bank").iter();
        let payments = case["payments"].as_array().expect("payments").iter();
        json!({
            "id": case["id"],
            "balances": balances.map(|(bank, balance)| (format!("{bank}/SGD"), balance.clone())).collect::<serde_json::Map<_, _>>(),
            "payments": payments.map(|payment| {
                let mut payment = payment.clone();
                payment["ccy"] = json!("SGD");
                payment
            }).collect::<Vec<_>>(),
        })
    });
    let cases: Vec<Value> = cases.collect();
    for (policy, best) in [("fifo-prefix", "max_value_fifo_prefix"), ("free-subset", "max_value")] {
        let answers = offset(&json!(cases), &["--policy", policy]).ends(0).json();
        let answers = answers.as_array().expect("a list of answers");
        assert_eq!(answers.len(), expected);
        for (answer, case) in answers.iter().zip(&told).filter(|(_, case)| !case[best].is_null()) {
            assert_eq!(answer["value"], case[best]["value"], "{policy} {}", case["id"]);
            assert_eq!(answer["gap"], json!(0), "{policy} {}", case["id"]);
            let sets = case[best]["sets"].as_array().expect("sets");
            assert!(sets.iter().any(|set| same(set, &answer["settled"])), "{policy} {}", case["id"]);
        }
    }
}

fn same(a: &Value, b: &Value) -> bool {
    let sorted = |list: &Value| {
        let mut ids: Vec<String> = list.as_array().into_iter().flatten().map(Value::to_string).collect();
        ids.sort_unstable();
        ids
    };
    sorted(a) == sorted(b)
}

#[test]
fn made_up_cases() {
    run_published(include_str!("../../../clearing/tests/gridlock/fixtures/circles.json"), 4);
}

#[test]
fn published_cases() {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        folders.find_map(|folder| Some(folder.join("shared")).filter(|shared| shared.is_dir()))
    };
    let Some(shared) = named.or_else(beside) else {
        eprintln!("skipped: shared data not present");
        return;
    };
    let text = std::fs::read_to_string(shared.join("oracles/lsm_ubin.json")).expect("the oracle is readable");
    run_published(&text, 24);
}
