//! The node from outside: durable before answered, recovered as it was, provable, and noticed when changed.

use comity_engine::checkpoint::{Signatory, public_key};
use comity_engine::{Node, codec, history, verify};
use comity_journal::{FileLog, Log, Micros, Options, OsDisk};
use comity_ledger::calendar::Calendar;
use comity_ledger::command::{
    AddActor, AddAuthority, AddCurrency, AddParticipant, Advance, Command, Entry, Funding, Genesis, Instruction,
    OpenAccount, PaymentKind, PhaseRule, Priority, StartDay, Unsettled,
};
use comity_ledger::ids::*;
use comity_ledger::phase;
use comity_ledger::role::{Roles, Scope};
use comity_ledger::wire::to_bytes;
use proptest::prelude::*;

const SECRET: [u8; 32] = [7; 32];
const CHANNEL_A: ActorId = ActorId(1);
const AUTHORITY: ActorId = ActorId(3);

fn system(node: &mut Node, command: Command) {
    node.gather(Time(1), ActorId(0), Key(0), command).expect("room");
}

/// Two banks with one currency, a day open for payments, 1,000.00 on the first account.
fn set_up(node: &mut Node) {
    let options = comity_ledger::command::Options {
        proposal_ttl_s: 3600,
        return_days: 2,
        recall_ttl_s: 3600,
        value_days_max: 10,
        offset_on_arrival: true,
        require_confirmation: false,
    };
    system(node, Command::Genesis(Box::new(Genesis { name: "test".into(), rules: [0; 32], seed: 1, options })));
    let authority =
        AddAuthority { name: "Authority of Exampleland".into(), country: *b"XX", public_key: public_key(&SECRET) };
    system(node, Command::AddAuthority(Box::new(authority)));
    let currency = AddCurrency {
        code: *b"CNY",
        exponent: 2,
        authority: AuthorityId(0),
        calendar: Calendar::default(),
        unsettled: Unsettled::Carry,
    };
    system(node, Command::AddCurrency(Box::new(currency)));
    for bic in [*b"XXXXCNB1XXX", *b"XXXXCNB2XXX"] {
        let participant = AddParticipant {
            bic,
            name: "Example Bank".into(),
            authority: AuthorityId(0),
            sponsor: ParticipantId::NONE,
        };
        system(node, Command::AddParticipant(Box::new(participant)));
    }
    for at in 0..2 {
        system(node, Command::OpenAccount(OpenAccount { participant: ParticipantId(at), currency: CurrencyId(0) }));
        let scope = Scope::Participant(ParticipantId(at));
        system(
            node,
            Command::AddActor(Box::new(AddActor { name: format!("channel-{at}"), scope, roles: Roles::CHANNEL })),
        );
    }
    let scope = Scope::Authority(AuthorityId(0));
    system(node, Command::AddActor(Box::new(AddActor { name: "maker".into(), scope, roles: Roles::AUTHORITY_MAKER })));
    let phases = vec![
        PhaseRule { name: "open".into(), allows: phase::ENTRY | phase::SETTLE | phase::FUND, seconds: 3600 },
        PhaseRule { name: "closed".into(), allows: phase::ON_CLOSE, seconds: 0 },
    ];
    system(node, Command::SetPhases(phases));
    system(node, Command::ActivateArrangement(1));
    system(node, Command::StartDay(Box::new(StartDay { date: Day(20_000), opens: Time(1), cutoffs: vec![] })));
    let funding = Funding { account: AccountId(2), amount: 100_000, outside_ref: Key(1) };
    node.gather(Time(2), AUTHORITY, Key(0), Command::FundIn(funding)).expect("room");
    node.commit().expect("a healthy disk");
}

fn payment(uetr: u128, amount: i64) -> Command {
    Command::Pay(Instruction {
        uetr: Uetr(uetr),
        debtor: AccountId(2),
        creditor: AccountId(3),
        debtor_for: ParticipantId::NONE,
        creditor_for: ParticipantId::NONE,
        amount,
        priority: Priority::Normal,
        kind: PaymentKind::Customer,
        value_date: Day(0),
        earliest: Time(0),
        latest: Time(0),
        message: uetr as u64,
        document: 0,
        line: 0,
    })
}

fn pay(node: &mut Node, uetr: u128, amount: i64) {
    node.gather(Time(10 + uetr as u64), CHANNEL_A, Key(0), payment(uetr, amount)).expect("room");
}

fn close_day(node: &mut Node) {
    node.gather(Time(3_600_000_001), ActorId(0), Key(0), Command::Advance(Advance { phase: 1 })).expect("room");
    node.commit().expect("a healthy disk");
    node.checkpoint(&[Signatory::new(AuthorityId(0), &SECRET)]).expect("a healthy disk");
}

#[test]
fn what_was_acknowledged_is_there_after_reopening() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut node, _) = Node::open(dir.path(), Options::default(), 0).expect("a new journal");
    set_up(&mut node);
    for uetr in 1..=500 {
        pay(&mut node, uetr, 100);
    }
    node.commit().expect("a healthy disk");
    let mut answered = 0;
    node.flush(|_, batch| answered += batch.entries.len() as u64).expect("a healthy disk");
    let digest = node.state().digest();
    assert_eq!(answered, node.state().seq);
    drop(node); // A crash: nothing was closed.
    let (node, opened) = Node::open(dir.path(), Options::default(), 0).expect("recovery");
    assert_eq!(node.state().digest(), digest);
    assert_eq!(opened.replayed, answered);
}

#[test]
fn a_snapshot_shortens_the_replay_and_changes_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut node, _) = Node::open(dir.path(), Options::default(), 0).expect("a new journal");
    set_up(&mut node);
    node.keep_document(Time(5), "a.xml", b"<x/>").expect("a healthy disk");
    for uetr in 1..=100 {
        pay(&mut node, uetr, 2_000);
    }
    node.commit().expect("a healthy disk");
    node.snapshot(dir.path()).expect("a healthy disk");
    pay(&mut node, 101, 5);
    node.commit().expect("a healthy disk");
    node.flush(|_, _| ()).expect("a healthy disk");
    let digest = node.state().digest();
    drop(node);
    let (node, opened) = Node::open(dir.path(), Options::default(), 0).expect("recovery");
    assert_eq!(node.state().digest(), digest);
    assert_eq!((opened.replayed, node.next_document()), (1, 2));
    assert!(opened.snapshot.is_some() && opened.bad_snapshots.is_empty());
}

#[test]
fn a_closed_day_verifies_with_public_keys_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut node, _) = Node::open(dir.path(), Options::default(), 0).expect("a new journal");
    set_up(&mut node);
    let xml = vec![b'x'; 20_000_000];
    assert_eq!(node.keep_document(Time(5), "large.xml", &xml).expect("a healthy disk"), 1);
    assert_eq!(node.keep_document(Time(5), "empty.xml", b"").expect("a healthy disk"), 2);
    pay(&mut node, 1, 70_000);
    pay(&mut node, 2, 40_000);
    node.commit().expect("a healthy disk");
    close_day(&mut node);
    let digest = node.state().digest();
    node.close().expect("a healthy disk");
    let proof = verify::verify(dir.path(), |_| ()).expect("a sound journal");
    assert_eq!((proof.digest, proof.documents, proof.unsigned), (digest, 2, 0));
    assert_eq!(proof.checkpoints.len(), 1);
    let told = history::history(dir.path(), Uetr(2)).expect("a sound journal").expect("payment 2");
    assert_eq!(told.steps.len(), 1, "it was queued and waits: {:?}", told.steps);
    assert!(history::history(dir.path(), Uetr(9)).expect("a sound journal").is_none());
    let large = history::original(dir.path(), 1).expect("a sound journal").expect("document 1");
    assert!(large.bytes == xml && large.name == "large.xml");
    assert_eq!(history::original(dir.path(), 2).expect("sound").expect("document 2").bytes, b"");
}

#[test]
fn a_checkpoint_signed_by_another_key_is_found() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut node, _) = Node::open(dir.path(), Options::default(), 0).expect("a new journal");
    set_up(&mut node);
    node.checkpoint(&[Signatory::new(AuthorityId(0), &[8; 32])]).expect("a healthy disk");
    node.close().expect("a healthy disk");
    let fault = verify::verify(dir.path(), |_| ()).expect_err("a wrong signature");
    assert!(fault.to_string().contains("the signature of Authority of Exampleland does not fit"), "{fault}");
}

fn any_instruction() -> impl Strategy<Value = Instruction> {
    (any::<u128>(), any::<u32>(), any::<u32>(), any::<i64>(), any::<u64>(), any::<u32>(), any::<bool>()).prop_map(
        |(uetr, debtor, creditor, amount, message, line, plain)| Instruction {
            uetr: Uetr(uetr),
            debtor: AccountId(debtor),
            creditor: AccountId(creditor),
            debtor_for: if plain { ParticipantId::NONE } else { ParticipantId(line) },
            creditor_for: ParticipantId::NONE,
            amount,
            priority: if plain { Priority::Normal } else { Priority::Urgent },
            kind: PaymentKind::Institution,
            value_date: if plain { Day(0) } else { Day(line) },
            earliest: Time(0),
            latest: if plain { Time(0) } else { Time(message) },
            message,
            document: message,
            line,
        },
    )
}

proptest! {
    #[test]
    fn batches_come_back_as_they_were(
        orders in prop::collection::vec((any_instruction(), any::<u64>(), any::<u32>(), any::<bool>()), 0..20)
    ) {
        let entries: Vec<Entry> = orders
            .into_iter()
            .map(|(order, at, actor, keyed)| Entry {
                at: Time(at),
                actor: ActorId(actor),
                key: Key(if keyed { u128::from(at) } else { 0 }),
                command: if keyed { Command::Cancel(order.uetr) } else { Command::Pay(order) },
            })
            // The base time is the first entry's; a real batch never goes back, times before it are not representable.
            .scan(Time(0), |last, mut entry| { entry.at = entry.at.max(*last); *last = entry.at; Some(entry) })
            .collect();
        let mut bytes = Vec::new();
        codec::encode(&entries, &mut bytes);
        let mut back = Vec::new();
        codec::decode(&bytes, u32::try_from(entries.len()).expect("few"), &mut back).expect("what was written");
        prop_assert_eq!(back, entries);
    }

    #[test]
    fn bytes_from_anywhere_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), count in 0_u32..9) {
        let mut entries = Vec::new();
        let _ = codec::decode(&bytes, count, &mut entries);
        let _ = comity_engine::document::decode(&bytes);
        let _ = comity_engine::checkpoint::Checkpoint::decode(&bytes);
    }
}

#[test]
fn a_plain_payment_is_short() {
    let Command::Pay(order) = payment(1, 1) else { unreachable!("a payment") };
    let entry = |order| [Entry { at: Time(1), actor: ActorId(1), key: Key(0), command: Command::Pay(order) }];
    let len = |order| {
        let mut out = Vec::new();
        codec::encode(&entry(order), &mut out);
        out.len() - 9
    };
    assert_eq!(len(order.clone()), 63);
    assert_eq!(len(Instruction { value_date: Day(1), ..order.clone() }), to_bytes(&Command::Pay(order)).len() + 9);
}

/// A small deterministic run: the same requests every time, killed after some number of steps.
fn run(dir: &std::path::Path, steps: u128) -> (u64, [u8; 32], usize) {
    let (mut node, _) = Node::open_following(dir, Options::default(), 0).expect("a journal");
    set_up(&mut node);
    let mut events = 0;
    for step in 1..=steps {
        if step % 10 == 1 {
            node.keep_document(Time(10), "a.xml", &[b'x'; 100]).expect("a healthy disk");
        }
        pay(&mut node, step, 1_700);
        if step % 7 == 0 {
            node.commit().expect("a healthy disk");
        }
    }
    if steps == 60 {
        node.commit().expect("a healthy disk");
        close_day(&mut node);
    }
    node.flush(|_, batch| events += batch.events.list().len()).expect("a healthy disk");
    (node.state().seq, node.state().digest(), events)
}

#[test]
fn a_killed_run_goes_on_where_it_stopped() {
    let whole = tempfile::tempdir().expect("a folder");
    let expected = run(whole.path(), 60);
    let dir = tempfile::tempdir().expect("a folder");
    for steps in [0, 1, 6, 7, 8, 30, 59, 60, 60] {
        let told = run(dir.path(), steps);
        assert!(steps < 60 || told == expected, "after {steps} steps");
    }
    let proof = verify::verify(dir.path(), |_| ()).expect("a sound journal");
    assert_eq!((proof.digest, proof.documents, proof.checkpoints.len()), (expected.1, 6, 1));
}

#[test]
fn a_changed_folder_is_noticed_when_a_run_is_done_again() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), 20);
    let (mut node, _) = Node::open_following(dir.path(), Options::default(), 0).expect("a journal");
    set_up(&mut node);
    node.keep_document(Time(10), "a.xml", &[b'x'; 100]).expect("a healthy disk");
    pay(&mut node, 1, 1_699);
    let fault = node.commit().expect_err("another amount");
    assert!(fault.to_string().contains("the folder has changed"), "{fault}");
}

/// Found by simulation: a crash between a seal and the frame after it leaves a journal that ends with a seal, which no
/// reader sees. A checkpoint signed then named the seal, and an honest journal did not verify.
#[test]
fn a_checkpoint_after_a_seal_names_the_last_frame_of_ours() {
    let dir = tempfile::tempdir().expect("a folder");
    let (mut node, _) = Node::open(dir.path(), Options::default(), 0).expect("a new journal");
    set_up(&mut node);
    node.close().expect("a healthy disk");
    let (mut log, _) = FileLog::open(OsDisk::shared(), dir.path(), Options::default()).expect("a sound journal");
    log.seal(Micros(5)).expect("a healthy disk");
    log.close().expect("a healthy disk");
    let (mut node, _) = Node::open(dir.path(), Options::default(), 0).expect("a sound journal");
    node.checkpoint(&[Signatory::new(AuthorityId(0), &SECRET)]).expect("a healthy disk");
    node.close().expect("a healthy disk");
    let proof = verify::verify(dir.path(), |_| ()).expect("a sound journal");
    assert_eq!(proof.checkpoints.len(), 1);
}

/// Thought of when the simulation's lying disk was built: the journal loses its end, a snapshot of what was lost
/// survives, and once the journal has grown past it the node would begin from a state that never was.
#[test]
fn a_snapshot_of_another_history_is_passed_over() {
    let dir = tempfile::tempdir().expect("a folder");
    let (lost, kept) = (dir.path().join("lost"), dir.path().join("kept"));
    for (folder, amount) in [(&lost, 100), (&kept, 200)] {
        let (mut node, _) = Node::open(folder, Options::default(), 0).expect("a new journal");
        set_up(&mut node);
        pay(&mut node, 1, amount);
        node.commit().expect("a healthy disk");
        if *folder == lost {
            node.snapshot(folder).expect("a healthy disk");
        }
        pay(&mut node, 2, amount);
        node.commit().expect("a healthy disk");
        node.close().expect("a healthy disk");
    }
    std::fs::rename(lost.join("snapshots"), kept.join("snapshots")).expect("a folder");
    let (node, opened) = Node::open(&kept, Options::default(), 0).expect("a sound journal");
    assert_eq!(node.state().accounts[3].balance, 400);
    assert_eq!((opened.snapshot, opened.bad_snapshots.len()), (None, 1));
    assert!(opened.bad_snapshots[0].contains("another history"), "{:?}", opened.bad_snapshots);
}

#[test]
fn a_proposal_of_a_proposal_is_refused_before_it_is_written() {
    use comity_ledger::command::Propose;
    let dir = tempfile::tempdir().expect("a folder");
    let (mut node, _) = Node::open(dir.path(), Options::default(), 0).expect("a new journal");
    set_up(&mut node);
    let propose = |command| Command::Propose(Box::new(Propose { command, expires: Time(9) }));
    node.gather(Time(3), CHANNEL_A, Key(0), propose(Command::Tick)).expect("one proposal is a request like others");
    let fault = node.gather(Time(3), CHANNEL_A, Key(0), propose(propose(Command::Tick))).expect_err("nested");
    assert_eq!(fault.to_string(), "a proposal cannot propose another");
    node.commit().expect("a healthy disk");
}
