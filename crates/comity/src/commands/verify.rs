//! `comity verify`: prove a journal with public keys alone.

use serde_json::json;

use crate::cli::Verify;
use crate::exit::{Exit, Failure};
use crate::output::{Output, count, hex, print, print_json};

pub(crate) fn run(arguments: &Verify, output: Output) -> Result<(), Failure> {
    let dir = super::journal(&arguments.dir)?;
    let bar = crate::output::progress(0, "entries");
    let started = std::time::Instant::now();
    let proof = comity_engine::verify::verify(&dir, |done| bar.set_position(done));
    bar.finish_and_clear();
    let proof = proof.map_err(|fault| not_sound(&fault))?;
    let seconds = started.elapsed().as_secs_f64();
    if !proof.journal.is_sound() {
        let mut text = String::from("the journal is not sound:");
        if let Some(torn) = &proof.journal.torn {
            text.push_str(&format!(
                "\n  unfinished write at the end ({torn:?}); it was never acknowledged, `comity day` cuts it off"
            ));
        }
        for finding in &proof.journal.findings {
            text.push_str(&format!("\n  {finding}"));
        }
        return Err(Failure::new(Exit::NotSound, text));
    }
    let state = &proof.state;
    let conservation: Vec<(String, i128)> = (0..state.currencies.len())
        .map(|at| {
            let id = comity_ledger::ids::CurrencyId(u32::try_from(at).expect("few currencies"));
            (state.currencies[at].code().to_string(), comity_ledger::invariant::sum(state, id))
        })
        .collect();
    match output {
        Output::Json => {
            let checkpoints: Vec<_> = proof
                .checkpoints
                .iter()
                .map(|(seq, date, signatures)| {
                    json!({ "entry": seq, "business_date": date.to_string(), "signatures": signatures })
                })
                .collect();
            print_json(&json!({
                "sound": true,
                "entries": proof.entries,
                "documents": proof.documents,
                "checkpoints": checkpoints,
                "unsigned_entries": proof.unsigned,
                "digest": hex(&proof.digest),
                "authorities": state.authorities.iter().map(|authority| {
                    json!({ "name": authority.name, "public_key": hex(&authority.public_key) })
                }).collect::<Vec<_>>(),
                "conservation": conservation.iter().map(|(code, sum)| json!({ "currency": code, "sum": sum.to_string() })).collect::<Vec<_>>(),
                "seconds": seconds,
            }));
        }
        Output::Table => {
            print(&format!("chain         every checksum, hash and link of {} fits", dir.display()));
            print(&format!("replay        {} entries and {} documents", count(proof.entries), count(proof.documents)));
            let sums: Vec<String> = conservation.iter().map(|(code, sum)| format!("{code} {sum}")).collect();
            print(&format!("conservation  sum over all accounts: {}", sums.join(", ")));
            for (seq, date, signatures) in &proof.checkpoints {
                print(&format!(
                    "checkpoint    business date {date}, entry {}: state as signed by {signatures} of {} authorities",
                    count(*seq),
                    state.authorities.len()
                ));
            }
            for authority in &state.authorities {
                print(&format!("key           {}  {}", hex(&authority.public_key), authority.name));
            }
            if proof.unsigned > 0 {
                print(&format!("unsigned      {} entries after the last checkpoint", count(proof.unsigned)));
            }
            print(&format!("digest        {}", hex(&proof.digest)));
            print("");
            print(&format!("sound ({seconds:.2} s)"));
        }
    }
    Ok(())
}

/// Whatever keeps a journal from being proven means it is not proven; only a folder that cannot be read is the world's.
fn not_sound(fault: &comity_engine::Fault) -> Failure {
    let exit = match fault {
        comity_engine::Fault::Journal(comity_journal::Fault::Io { .. }) => Exit::Fault,
        _ => Exit::NotSound,
    };
    Failure::new(exit, format!("the journal is not sound: {fault}"))
}
