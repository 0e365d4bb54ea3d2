//! One cycle of a union closed from a journal, beside reading that journal: positions, tranches, charges, residuals, statistics.
//!
//! Both are measured in one run of the program, on one thread: frames checked and decoded, and nothing else; and the same with every
//! payment tallied and the cycle closed at the end. Each currency of the measuring ledger counts one to one in the unit of account.

use std::hint::black_box;
use std::path::Path;

use comity_engine::Node;
use comity_engine::replay::{Decoder, Piece, Pieces};
use comity_journal::{Frame, Frames, Options, OsDisk, Reader, Start};
use comity_ledger::command::Command;
use comity_union::Ratio;
use comity_union::cycle::{Carry, Terms, close_nets};
use comity_union::position::Flow;
use comity_union::preset::{Settlement, preset};
use comity_union::quota::Quota;
use comity_union::residual::{Residual, settle};
use comity_union::tally::{Tallied, Tally};

use super::{CpuClock, Figure, world};
use crate::exit::{Failure, at};

/// The reader of a folder, as [`Frames`].
struct Folder(Reader);

impl Frames for Folder {
    fn next(&mut self) -> Result<Option<Frame<'_>>, comity_journal::Fault> {
        self.0.next()
    }
}

pub(crate) fn run(dir: &Path, quick: bool) -> Result<Vec<Figure>, Failure> {
    let (members, payments, runs): (u32, u64, _) = if quick { (1_000, 300_000, 3) } else { (10_000, 10_000_000, 5) };
    let journal = dir.join("union-bench");
    if journal.exists() {
        std::fs::remove_dir_all(&journal).map_err(at(&journal))?;
    }
    std::fs::create_dir_all(&journal).map_err(at(&journal))?;
    write(&journal, members, payments)?;
    let (mut alone, mut closing, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let clock = CpuClock::start();
        let read = each(&journal, |flow| {
            black_box(flow);
            Ok(())
        })?;
        let reading = clock.seconds();
        assert!(read == payments, "every payment of the measurement is read");
        let clock = CpuClock::start();
        let mut tally = Tally::new(members, usize::try_from(payments).unwrap_or(0)).map_err(refused)?;
        each(&journal, |flow| tally.add(flow))?;
        black_box(closed(&tally.finish().map_err(refused)?)?);
        let both = clock.seconds();
        alone.push(reading);
        closing.push(both);
        ratios.push(both / reading);
    }
    std::fs::remove_dir_all(&journal).map_err(at(&journal))?;
    let size = format!("{members} members, {payments} instructions, one core, processor time");
    Ok(vec![
        Figure::of("union: journal read, one cycle closed", "s", closing, size),
        Figure::of(
            "reference: the same journal read and decoded",
            "s",
            alone,
            "checked frames to entries, nothing else",
        ),
        Figure::of(
            "union: closing a cycle against reading",
            "x",
            ratios,
            "positions, tranches, charges, residuals, statistics",
        ),
    ])
}

fn refused(refusal: comity_union::Refusal) -> Failure {
    Failure::refused(refusal.to_string())
}

fn write(journal: &Path, members: u32, payments: u64) -> Result<(), Failure> {
    let (mut node, _) = Node::open(journal, Options::default(), usize::try_from(payments).unwrap_or(0))?;
    for batch in world::set_up(members).chunks(world::BATCH) {
        node.commit_entries(batch.iter().cloned())?;
    }
    let mut draw = world::Draw::new(17);
    let mut number = 0;
    while number < payments {
        let len = (payments - number).min(8_190);
        node.commit_entries((number..number + len).map(|at| world::payment(&mut draw, members, at)))?;
        node.settle_down(4, |_, _| ())?;
        number += len;
    }
    node.close()?;
    Ok(())
}

/// Reads the journal and hands out every payment as a flow between members.
fn each(journal: &Path, mut take: impl FnMut(Flow) -> Result<(), comity_union::Refusal>) -> Result<u64, Failure> {
    let reader = Reader::open(OsDisk::shared(), journal, Start::BEGINNING).map_err(comity_engine::Fault::from)?;
    let mut pieces = Decoder::new(Folder(reader));
    let mut count = 0;
    while let Some(piece) = pieces.next()? {
        let Piece::Entries { entries, .. } = piece else { continue };
        for entry in &entries {
            if let Command::Pay(order) = &entry.command
                && let (Some(from), Some(to)) =
                    (world::participant_of(order.debtor), world::participant_of(order.creditor))
            {
                take(Flow { from, to, amount: order.amount }).map_err(refused)?;
                count += 1;
            }
        }
        pieces.recycle(entries);
    }
    Ok(count)
}

/// What a closed cycle says: payments, left after pairs and after all, charges, parts of residuals, concentration in millionths.
type Told = (i128, i128, i128, i64, usize, i128);

/// The cycle closed by the rules of `multilateral`, with statistics.
fn closed(tallied: &Tallied) -> Result<Told, Failure> {
    let rules = preset("multilateral").map_err(refused)?;
    let (Settlement::Tranches(schedule), Some(charge)) = (&rules.settlement, &rules.charge) else {
        return Err(Failure::refused("the rule set carries positions and charges for them"));
    };
    let members = tallied.nets.len();
    // A quota of a fifth of the mean gross amount, so that every tranche and the residual beyond it are used.
    let mean = tallied.gross.iter().sum::<i128>() / i128::try_from(members).unwrap_or(1).max(1);
    let quota = Quota::fixed(i64::try_from(mean / 5).unwrap_or(i64::MAX).max(1)).map_err(refused)?;
    let terms = vec![Terms { quota, schedule }; members];
    let prior = vec![0; members];
    let carry = Carry::Positions(&terms);
    let (closed, _) = close_nets(carry, &prior, &tallied.nets, &tallied.gross, &[]).map_err(refused)?;
    assert!(closed.parts.holds(), "the parts of a closed cycle sum to its gross amount");
    let mut charged = 0i64;
    let mut residuals = Vec::with_capacity(members);
    for line in &closed.lines {
        let credit = i64::try_from((i128::from(line.stock.credit) + i128::from(line.stock.special_credit)) / 2);
        let yearly = charge.yearly(quota, credit.unwrap_or(i64::MAX)).map_err(refused)?;
        let cycle = Ratio::new(1, rules.cycle.a_year().into()).and_then(|part| yearly.times(part)).unwrap_or_default();
        charged += comity_union::charge::owed(cycle).map_err(refused)?;
        let amount = i64::try_from(line.change.paid()).unwrap_or(i64::MAX);
        residuals.push(Residual { amount, quota: Some(quota), rolled: 0 });
    }
    let settled = settle(&rules.residual, &residuals).map_err(refused)?;
    let need: i128 = tallied.nets.iter().map(|net| i128::from(*net).max(0)).sum();
    // The sum of squared shares of gross amounts.
    let whole = tallied.gross.iter().sum::<i128>().max(1);
    let hhi = tallied.gross.iter().map(|gross| gross * 1_000_000 / whole).map(|share| share * share).sum::<i128>();
    Ok((tallied.payments, tallied.bilateral, need, charged, settled.len(), hhi / 1_000_000))
}
