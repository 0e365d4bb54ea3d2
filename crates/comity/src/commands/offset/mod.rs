//! `comity offset`: which queued payments can settle together, with the proof.
//!
//! Every answer is checked by the library's verifier before it is printed. Absent on purpose: journals and days; `comity
//! day` offsets the queues of a folder.

mod case;
mod strict;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use comity_clearing::free;
use comity_clearing::gridlock::{self, Cause, Workspace};
use serde_json::{Map, Value, json};

use self::case::{Case, index};
use crate::cli::{Offset, Policy};
use crate::exit::{Exit, Failure, at};
use crate::output::{Align, Column, Output, print, print_json, table};

/// Largest input in bytes.
const INPUT_MAX: u64 = 256 << 20;

pub(crate) fn run(arguments: &Offset, output: Output) -> Result<(), Failure> {
    if arguments.split && arguments.policy == Policy::FifoPrefix {
        return Err(Failure::new(
            Exit::Usage,
            "--split needs --policy free-subset: a prefix of a queue settles whole payments",
        ));
    }
    let told = read(&arguments.case)?;
    let name = arguments.case.display();
    let read = |told: &Value, path: &str| {
        let answer =
            case::read(told, path).and_then(|case| answer(&case, arguments, path).map(|answer| (case, answer)));
        answer.map_err(|mistake| Failure::refused(format!("{name}: {mistake}")))
    };
    let cases = match &told {
        Value::Array(cases) => {
            cases.iter().enumerate().map(|(at, told)| read(told, &format!("$[{at}]"))).collect::<Result<Vec<_>, _>>()?
        }
        told => vec![read(told, "$")?],
    };
    match output {
        Output::Json => {
            let mut answers: Vec<Value> = cases.into_iter().map(|(_, answer)| Value::Object(answer)).collect();
            match answers.pop() {
                Some(answer) if !told.is_array() => print_json(&answer),
                last => {
                    answers.extend(last);
                    print_json(&Value::Array(answers));
                }
            }
        }
        Output::Table => cases.iter().for_each(|(case, answer)| print_table(case, answer)),
    }
    Ok(())
}

/// The file, or standard input for `-`, as JSON.
fn read(path: &Path) -> Result<Value, Failure> {
    let mut bytes = Vec::new();
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else if path.is_file() {
        Box::new(std::fs::File::open(path).map_err(at(path))?)
    } else {
        return Err(Failure::new(Exit::Usage, format!("{}: no such file", path.display())));
    };
    source.take(INPUT_MAX + 1).read_to_end(&mut bytes).map_err(at(path))?;
    let name = path.display();
    if u64::try_from(bytes.len()).expect("lengths fit") > INPUT_MAX {
        return Err(Failure::refused(format!("{name}: more than {INPUT_MAX} bytes; give it in parts")));
    }
    let read = serde_json::from_slice(&bytes).map_err(|error| Failure::refused(format!("{name}: not JSON: {error}")));
    read.map(|strict::Strict(value)| value)
}

/// Solves and checks one case.
fn answer(case: &Case, arguments: &Offset, path: &str) -> Result<Map<String, Value>, String> {
    let (settled, told) = match arguments.policy {
        Policy::FifoPrefix => prefix(case, path)?,
        Policy::FreeSubset => free_subset(case, arguments, path)?,
    };
    let mut answer = Map::new();
    if let Some(id) = &case.id {
        answer.insert("id".into(), json!(id));
    }
    let mut ids: Vec<(usize, &String)> = Vec::new();
    let mut slices = Map::new();
    let mut closing: Vec<i64> = case.accounts.iter().map(|account| account.available).collect();
    for (place, (item, units)) in case.items.iter().zip(&settled).enumerate() {
        closing[index(item.debtor)] -= units;
        closing[index(item.creditor)] += units;
        if *units == item.amount {
            ids.push((case.given[place], &case.ids[place]));
        } else if *units > 0 {
            slices.insert(case.ids[place].clone(), json!(units));
        }
    }
    ids.sort_unstable();
    answer.insert("settled".into(), ids.into_iter().map(|(_, id)| id.clone()).collect());
    if arguments.split {
        answer.insert("slices".into(), Value::Object(slices));
    }
    answer.insert("gross".into(), json!(case.items.iter().map(|item| item.amount).sum::<i64>()));
    answer.insert("closing".into(), case.names.iter().cloned().zip(closing.into_iter().map(Value::from)).collect());
    answer.extend(told);
    answer.insert("certificate_checked".into(), json!(true));
    Ok(answer)
}

/// The greatest set of prefixes: units settled per item, and what is told of it.
fn prefix(case: &Case, path: &str) -> Result<(Vec<i64>, Map<String, Value>), String> {
    let problem = case.problem();
    let mut workspace = Workspace::new();
    let solution = workspace.solve(&problem).map_err(|invalid| format!("{path}: {invalid}"))?;
    gridlock::check(&problem, &solution).expect("the verifier accepts what the solver finds");
    let units = case.items.iter().zip(solution.selected).map(|(item, chosen)| if *chosen { item.amount } else { 0 });
    let settled: Vec<i64> = units.collect();
    let value: i64 = settled.iter().sum();
    let mut heads: Vec<Option<usize>> = vec![None; case.accounts.len()];
    let mut causes = vec![None; case.items.len()];
    for removal in solution.trace {
        causes[index(removal.item)] = Some(removal.cause);
    }
    let mut waiting = Vec::new();
    for (place, cause) in causes.iter().enumerate() {
        let Some(cause) = cause else { continue };
        let head = &mut heads[index(case.items[place].debtor)];
        let why = match *head {
            None => because(*cause).to_owned(),
            Some(head) => format!("stands behind {}", case.ids[head]),
        };
        head.get_or_insert(place);
        waiting.push(json!({ "id": case.ids[place], "why": why }));
    }
    let trace: Vec<Value> = solution
        .trace
        .iter()
        .map(|removal| json!({ "id": case.ids[index(removal.item)], "because": because(removal.cause) }))
        .collect();
    let mut told = Map::new();
    told.insert("value".into(), json!(value));
    told.insert("bound".into(), json!(value));
    told.insert("gap".into(), json!(0));
    // More accounts than the flow takes: the answer stands without what the order costs.
    if let Ok(without) = free::bound_without_fifo(&problem) {
        told.insert("bound_without_fifo".into(), number(without));
        told.insert("cost_of_fifo".into(), number(without - i128::from(value)));
    }
    told.insert("waiting".into(), Value::Array(waiting));
    told.insert("certificate".into(), json!({ "kind": "removal trace", "removed": trace }));
    Ok((settled, told))
}

/// A free choice with its bound: units settled per item, and what is told of it.
fn free_subset(case: &Case, arguments: &Offset, path: &str) -> Result<(Vec<i64>, Map<String, Value>), String> {
    // A free choice knows no reserves: what is kept for urgent payments is kept from all of them.
    let mut accounts = case.accounts.clone();
    for reserve in &case.reserves {
        let available = &mut accounts[index(reserve.account)].available;
        *available = available.saturating_sub(reserve.amount);
    }
    let problem = gridlock::Problem { accounts: &accounts, reserves: &[], ..case.problem() };
    let split = arguments.split.then_some(free::Split { slice_min: arguments.slice_min, consent: None });
    let terms = free::Terms { split, ..free::Terms::default() };
    let answer = free::solve(&problem, &terms).map_err(|invalid| format!("{path}: {invalid}"))?;
    free::check(&problem, &terms, &answer).expect("the verifier accepts what the solver finds");
    let unsettled =
        case.items.iter().zip(&answer.settled).zip(&case.ids).filter(|((item, units), _)| **units < item.amount);
    let waiting: Vec<Value> =
        unsettled.map(|((item, units), id)| json!({ "id": id, "rest": item.amount - units })).collect();
    let mut told = Map::new();
    told.insert("value".into(), number(answer.value));
    told.insert("bound".into(), number(answer.bound));
    told.insert("gap".into(), number(answer.gap()));
    told.insert("waiting".into(), Value::Array(waiting));
    told.insert("certificate".into(), certificate(case, &answer.proof));
    Ok((answer.settled, told))
}

fn certificate(case: &Case, proof: &free::Proof) -> Value {
    match proof {
        free::Proof::Prices(prices) => {
            json!({ "kind": "prices", "order": "accounts as in closing, then pool, gross and pair nodes", "prices": prices })
        }
        free::Proof::Search(steps) => {
            let step = |step: &free::Step| match step {
                free::Step::Branch { item, up_first } => {
                    json!({ "branch": case.ids[index(*item)], "first": if *up_first { "settled" } else { "waiting" } })
                }
                free::Step::Bound(prices) => json!({ "bound": prices }),
                free::Step::Empty(prices) => json!({ "empty": prices }),
                free::Step::Broken => json!("broken"),
            };
            json!({ "kind": "search", "steps": steps.iter().map(step).collect::<Vec<_>>() })
        }
    }
}

/// A cause in words.
fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::Account => "exceeds what its account has with all that could still come in",
        Cause::Multilateral => "exceeds the multilateral limit of its account",
        Cause::Gross => "exceeds the gross limit of its account",
        Cause::Reserve => "would use the reserve for urgent payments",
        Cause::Pair => "exceeds the bilateral limit towards its receiver",
        Cause::Group => "another payment of its group cannot settle",
        Cause::Behind => "a payment ahead of it cannot settle",
    }
}

/// Exact as a JSON number: sums of one case fit 64 bits.
fn number(value: i128) -> Value {
    i64::try_from(value).map_or_else(|_| Value::from(value.to_string()), Value::from)
}

fn print_table(case: &Case, answer: &Map<String, Value>) {
    if let Some(id) = &case.id {
        print(&format!("case {id}"));
    }
    let columns = [
        Column("payment", Align::Left),
        Column("from", Align::Left),
        Column("to", Align::Left),
        Column("amount", Align::Right),
        Column("outcome", Align::Left),
    ];
    let waiting: BTreeMap<&str, &Value> = answer["waiting"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|told| Some((told["id"].as_str()?, told)))
        .collect();
    let row = |(id, item): (&String, &gridlock::Item)| {
        let outcome = match waiting.get(id.as_str()) {
            None => "settled".to_owned(),
            Some(told) => match (told["why"].as_str(), told["rest"].as_i64()) {
                (Some(why), _) => format!("waits: {why}"),
                (None, Some(rest)) if rest < item.amount => format!("{rest} of it waits"),
                (None, _) => "waits".to_owned(),
            },
        };
        let [from, to] = [item.debtor, item.creditor].map(|account| case.names[index(account)].clone());
        vec![id.clone(), from, to, item.amount.to_string(), outcome]
    };
    let rows: Vec<Vec<String>> = case.ids.iter().zip(&case.items).map(row).collect();
    print(&table(&columns, &rows));
    for (label, key) in [("gross", "gross"), ("settled", "value"), ("bound", "bound"), ("cost of fifo", "cost_of_fifo")]
    {
        if let Some(value) = answer.get(key) {
            print(&format!("{label:<13}{value}"));
        }
    }
}
