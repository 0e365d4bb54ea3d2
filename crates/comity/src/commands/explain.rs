//! `comity explain`: the life of one payment, told from the journal.

use comity_engine::history::{History, Step, history, original};
use comity_gateway::{money::Money, text};
use comity_ledger::State;
use comity_ledger::command::PaymentKind;
use comity_ledger::event::Event;
use comity_ledger::ids::{AccountId, ParticipantId, Time, Uetr};
use comity_ledger::payment::{Payment, Standing};
use comity_ledger::reject::Wait;
use serde_json::{Value, json};

use crate::cli::Explain;
use crate::exit::{Exit, Failure};
use crate::output::{Align, Column, Output, bold, print, print_json, table};

pub(crate) fn run(arguments: &Explain, output: Output) -> Result<(), Failure> {
    let dir = super::journal(&arguments.dir)?;
    let uetr = parse(&arguments.uetr).ok_or_else(|| {
        let message =
            format!("{} is not a UETR; expected a UUID such as 6f1a0e0c-5c1c-4a8e-9d3f-2b7f0e6d1c11", arguments.uetr);
        Failure::new(Exit::Usage, message)
    })?;
    let Some(told) = history(&dir, uetr)? else {
        let message = format!(
            "no entry of {} brought a payment with UETR {uetr}; if the message was refused at the gateway, its pacs.002 in outbox/ says why",
            dir.display()
        );
        return Err(Failure::refused(message));
    };
    match output {
        Output::Json => print_json(&as_json(&told)),
        Output::Table => show(&told, uetr),
    }
    if arguments.original {
        let document = told.state.payment(told.payments[0]).document;
        match original(&dir, document)? {
            Some(document) => {
                print("");
                print(&bold(&format!("original document {} ({})", document.number, document.name)));
                print(&String::from_utf8_lossy(&document.bytes));
            }
            None => print("the payment did not come from a document"),
        }
    }
    Ok(())
}

/// A UUID, with or without hyphens.
fn parse(text: &str) -> Option<Uetr> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    if digits.len() != 32 || !digits.is_ascii() {
        return None;
    }
    u128::from_str_radix(&digits, 16).ok().map(Uetr)
}

fn bank(state: &State, account: AccountId, behind: ParticipantId) -> String {
    let owner = state.account(account).map_or(ParticipantId::NONE, |account| account.participant);
    let who = if behind.is_some() { behind } else { owner };
    match state.participants.get(who.at()) {
        Some(participant) => format!("{} ({})", participant.bic(), participant.name),
        None => format!("account {}", account.0),
    }
}

/// What would have released a payment, if the event made it wait.
fn release(event: &Event) -> Option<Wait> {
    match event {
        Event::Queued { wait, .. } => Some(*wait),
        _ => None,
    }
}

fn rule(event: &Event) -> String {
    match event {
        Event::Queued { wait, .. } => format!("wait:{}", wait.why.rule()),
        Event::PaymentRefused { reject, .. } | Event::Cancelled { reject, .. } => {
            format!("{} ({})", reject.reason.rule(), reject.reason.iso())
        }
        Event::Settled { how, .. } => format!("settle:{how:?}").to_lowercase(),
        Event::Repeated { .. } => "idempotency".into(),
        Event::RecallOpened { .. } | Event::RecallClosed { .. } => "recall".into(),
        Event::QueueChanged { .. } => "queue-control".into(),
        _ => String::new(),
    }
}

fn actor(state: &State, step: &Step) -> String {
    state.actors.get(step.actor.at()).map_or_else(|| step.actor.0.to_string(), |actor| actor.name.clone())
}

fn standing(state: &State, told: &History) -> String {
    let payment = state.payment(told.payments[0]);
    match payment.standing {
        Standing::Settled => format!("settled at {}, final{}", payment.done, returned(state, payment)),
        Standing::Waiting => "waits".into(),
        Standing::Refused | Standing::Cancelled => {
            let reason =
                payment.reason.map_or(String::new(), |reason| format!(": {} ({})", reason.meaning(), reason.iso()));
            let word = if payment.standing == Standing::Refused { "refused" } else { "ended without settlement" };
            format!("{word} at {}{reason}", payment.done)
        }
    }
}

/// Whether a settled payment was given back, or gives one back.
fn returned(state: &State, payment: &Payment) -> String {
    if !payment.link.is_some() {
        return String::new();
    }
    let other = state.payment(payment.link);
    match (payment.kind, other.standing) {
        (PaymentKind::Return, _) => format!("; it gives back payment {}", other.uetr),
        (_, Standing::Settled) if other.kind == PaymentKind::Return => format!("; given back at {}", other.done),
        (_, Standing::Waiting) if other.kind == PaymentKind::Return => "; its return waits".into(),
        _ => String::new(),
    }
}

fn show(told: &History, uetr: Uetr) {
    let state = &told.state;
    print(&bold(&format!("payment {uetr}")));
    for id in &told.payments {
        let payment = state.payment(*id);
        let currency = state.account(payment.debtor).map(|account| account.currency);
        let amount = currency.map_or_else(
            || payment.amount.to_string(),
            |currency| Money::of(state, currency, payment.amount).to_string(),
        );
        print(&format!(
            "{amount}  from {}  to {}",
            bank(state, payment.debtor, payment.debtor_for),
            bank(state, payment.creditor, payment.creditor_for)
        ));
    }
    let payment = state.payment(told.payments[0]);
    print(&format!(
        "entry {}, settlement date {}, {:?} priority, document {} line {}",
        payment.seq, payment.value_date, payment.priority, payment.document, payment.line
    ));
    print(&format!("state: {}", standing(state, told)));
    print("");
    let rows: Vec<Vec<String>> = told
        .steps
        .iter()
        .map(|step| {
            vec![
                step.at.to_string(),
                step.seq.to_string(),
                actor(state, step),
                step.command.to_string(),
                rule(&step.event),
                text::event(state, &step.event),
            ]
        })
        .collect();
    let columns = [
        Column("time", Align::Left),
        Column("entry", Align::Right),
        Column("actor", Align::Left),
        Column("asked", Align::Left),
        Column("rule", Align::Left),
        Column("what happened", Align::Left),
    ];
    print(&table(&columns, &rows));
    for step in &told.steps {
        if let Some(wait) = release(&step.event) {
            print(&format!("\nat entry {} it would have been released by {}", step.seq, wait.why.release()));
        }
    }
    if let Some(wait) = state.why(told.payments[0]) {
        print(&format!("\nit waits now ({}); it would be released by {}", wait.why.rule(), wait.why.release()));
    }
}

fn as_json(told: &History) -> Value {
    let state = &told.state;
    let payments: Vec<Value> = told
        .payments
        .iter()
        .map(|id| {
            let payment = state.payment(*id);
            let currency = state.account(payment.debtor).map(|account| state.currencies[account.currency.at()].code().to_string());
            json!({
                "uetr": payment.uetr.to_string(),
                "amount": { "ccy": currency, "minor": payment.amount.to_string() },
                "from": bank(state, payment.debtor, payment.debtor_for),
                "to": bank(state, payment.creditor, payment.creditor_for),
                "entry": payment.seq,
                "settlement_date": payment.value_date.to_string(),
                "document": payment.document,
                "line": payment.line,
                "standing": format!("{:?}", payment.standing).to_lowercase(),
                "reason": payment.reason.map(|reason| json!({ "rule": reason.rule(), "iso": reason.iso(), "meaning": reason.meaning() })),
            })
        })
        .collect();
    let steps: Vec<Value> = told
        .steps
        .iter()
        .map(|step| {
            json!({
                "time": Time::to_string(&step.at),
                "entry": step.seq,
                "actor": actor(state, step),
                "asked": step.command,
                "rule": rule(&step.event),
                "text": text::event(state, &step.event),
                "released_by": release(&step.event).map(|wait| wait.why.release()),
            })
        })
        .collect();
    json!({ "state": standing(state, told), "payments": payments, "steps": steps })
}
