//! The runs: one per currency, on two threads where there are several, always with the same result.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use comity_clearing::setoff::liquidity::{Point, curve};
use comity_clearing::setoff::{Cleared, Floors, Invalid, solve, verify};

use super::book::Book;
use super::clock::{Clock, Took};
use super::terms::{Lending, Terms};
use crate::exit::{Exit, Failure};

/// What one currency gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) cleared: Cleared,
    /// What is left on other legal grounds.
    pub(crate) floors: Floors,
    /// Corners, when the curve is asked for.
    pub(crate) curve: Option<Vec<Point>>,
    /// Merging, solving, goals and the proof within.
    pub(crate) solving: Took,
    /// The proof once more, from the obligations alone.
    pub(crate) checking: Took,
}

/// Adds up times; processor time only if all of it is.
pub(crate) fn total(times: impl Iterator<Item = Took>) -> Took {
    times.fold(Took { time: Duration::ZERO, is_cpu: true }, |sum, took| Took {
        time: sum.time + took.time,
        is_cpu: sum.is_cpu && took.is_cpu,
    })
}

/// Clears every currency of the book.
pub(crate) fn run(book: &Book, terms: &Terms) -> Result<Vec<Outcome>, Failure> {
    let next = AtomicUsize::new(0);
    let slots: Vec<Mutex<Option<Result<Outcome, Invalid>>>> = book.sides.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(place) else { return };
            let outcome = one(book, terms, place);
            *slot.lock().expect("nobody panics with a slot in hand") = Some(outcome);
        }
    };
    std::thread::scope(|scope| {
        if book.sides.len() > 1 {
            scope.spawn(work);
        }
        work();
    });
    let mut outcomes = Vec::with_capacity(slots.len());
    for (slot, side) in slots.into_iter().zip(&book.sides) {
        let outcome = slot.into_inner().expect("nobody panics with a slot in hand").expect("every slot is filled");
        outcomes.push(outcome.map_err(|invalid| refusal(&invalid, side.label()))?);
    }
    Ok(outcomes)
}

fn one(book: &Book, terms: &Terms, place: usize) -> Result<Outcome, Invalid> {
    let clock = Clock::start();
    let problem = terms.problem(book, place);
    let cleared = solve(&problem, &terms.options())?;
    let solving = clock.took();
    let clock = Clock::start();
    let goals = if cleared.certificates.len() > 1 { terms.goals.as_slice() } else { &[] };
    let proof = verify(&problem, &cleared.amounts, &cleared.certificates, goals);
    assert_eq!(proof.as_ref(), Ok(&cleared.proof), "a result proves what it says");
    let checking = clock.took();
    let floors = Floors::of(&problem, &cleared.proof);
    let curve = match terms.lending {
        Lending::Curve => Some(curve(&terms.problem_of_curve(book, place))?),
        Lending::None | Lending::Limit => None,
    };
    Ok(Outcome { cleared, floors, curve, solving, checking })
}

/// What the library refuses although every row is in order: goals and sums.
fn refusal(invalid: &Invalid, label: &str) -> Failure {
    match invalid {
        Invalid::NoDue => Failure::new(Exit::Usage, "--goal oldest needs a column due in the input"),
        Invalid::GoalOrder { .. } => Failure::new(Exit::Usage, "--goal: each goal once, and fewest last"),
        invalid => Failure::refused(format!("{label}: {invalid}")),
    }
}
