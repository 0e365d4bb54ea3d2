//! A result as JSON and as a table for people.

use comity_clearing::setoff::{Goal, Proof};

use super::book::{Book, Side};
use super::clock::Took;
use super::json::Json;
use super::run::{Outcome, total};
use super::terms::{Lending, Terms};
use super::write::Written;
use super::{amount, prove};
use crate::output::{Align, Column, bold, count, print, table};

/// Decimals of a share.
const SHARE_DECIMALS: u32 = 6;

/// Everything about a run.
pub(crate) struct Report<'a> {
    pub(crate) book: &'a Book,
    pub(crate) terms: &'a Terms,
    pub(crate) outcomes: &'a [Outcome],
}

/// Sums of proofs at the decimals they have in common: face values, whatever each currency is worth.
struct Total {
    exponent: u8,
    gross: i128,
    cleared: i128,
    bound: i128,
    bilateral: i128,
    novation: i128,
}

impl Total {
    fn of<'p>(book: &Book, proofs: impl Iterator<Item = &'p Proof>) -> Self {
        let exponent = book.sides.iter().map(|side| side.exponent).max().unwrap_or(0);
        let mut total = Self { exponent, gross: 0, cleared: 0, bound: 0, bilateral: 0, novation: 0 };
        for (side, proof) in book.sides.iter().zip(proofs) {
            let by = 10_i128.pow(u32::from(exponent - side.exponent));
            total.gross += i128::from(proof.gross) * by;
            total.cleared += i128::from(proof.cleared) * by;
            total.bound += i128::from(proof.bound) * by;
        }
        total
    }

    fn text(&self, minor: i128) -> String {
        amount::text(minor, self.exponent)
    }

    /// The figures of the contract, in its order.
    fn fields(&self) -> Vec<(&'static str, Json)> {
        vec![
            ("gross", Json::raw(self.text(self.gross))),
            ("cleared", Json::raw(self.text(self.cleared))),
            ("share", Json::raw(share(self.cleared, self.gross))),
            ("residual", Json::raw(self.text(self.gross - self.cleared))),
            ("bound", Json::raw(self.text(self.bound))),
            ("certificate_checked", Json::raw(true)),
        ]
    }
}

/// A share from 0 to 1, rounded down so that nothing is overstated.
fn share(part: i128, whole: i128) -> String {
    let scale = 10_i128.pow(SHARE_DECIMALS);
    let millionths = if whole > 0 { part * scale / whole } else { 0 };
    amount::text(millionths, u8::try_from(SHARE_DECIMALS).unwrap_or(0))
}

/// A share for people.
fn percent(part: i128, whole: i128) -> String {
    let tenths = if whole > 0 { part * 1000 / whole } else { 0 };
    format!("{} %", amount::text(tenths, 1))
}

fn seconds(took: Took) -> Json {
    Json::raw(format!("{:.6}", took.time.as_secs_f64()))
}

fn goal_name(goal: Goal) -> &'static str {
    match goal {
        Goal::Oldest => "oldest",
        Goal::Fairest => "fairest",
        Goal::Fewest => "fewest",
    }
}

impl Report<'_> {
    fn total(&self) -> Total {
        let mut total = Total::of(self.book, self.outcomes.iter().map(|outcome| &outcome.cleared.proof));
        for (side, outcome) in self.book.sides.iter().zip(self.outcomes) {
            let by = 10_i128.pow(u32::from(total.exponent - side.exponent));
            total.bilateral += i128::from(outcome.floors.bilateral) * by;
            total.novation += i128::from(outcome.floors.novation) * by;
        }
        total
    }

    /// The result; `timed` leaves out what differs from run to run when it goes into a file.
    pub(crate) fn json(&self, written: Option<&Written>, timed: bool) -> Json {
        let total = self.total();
        let mut fields = total.fields();
        if timed {
            let solving = total_time(self.outcomes.iter().map(|outcome| outcome.solving));
            fields.push(("seconds", seconds(solving)));
            fields.push(("seconds_are", Json::text(if solving.is_cpu { "processor time" } else { "wall time" })));
            fields.push(("check_seconds", seconds(total_time(self.outcomes.iter().map(|outcome| outcome.checking)))));
        }
        fields.push(("gap", Json::raw(total.text(total.bound - total.cleared))));
        fields.push(("bilateral", Json::raw(total.text(total.bilateral))));
        fields.push(("net_internal_debt", Json::raw(total.text(total.novation))));
        let sum = |of: fn(&Outcome) -> u32| self.outcomes.iter().map(|outcome| u64::from(of(outcome))).sum::<u64>();
        fields.push(("parties", Json::raw(self.book.names.len())));
        fields.push(("obligations", Json::raw(self.book.rows)));
        fields.push(("arcs", Json::raw(sum(|outcome| outcome.cleared.statistics.arcs))));
        fields.push(("arcs_on_cycles", Json::raw(sum(|outcome| outcome.cleared.statistics.arcs_on_cycles))));
        fields.push(("components", Json::raw(sum(|outcome| outcome.cleared.statistics.components))));
        fields.push(("touched", Json::raw(sum(|outcome| outcome.cleared.statistics.touched))));
        fields.push(("partly", Json::raw(sum(|outcome| outcome.cleared.statistics.partly))));
        fields.push(("terms", Json::List(self.terms.said.iter().map(Json::text).collect())));
        match (&self.book.sides[..], self.outcomes) {
            ([side], [outcome]) => {
                fields.push(("currency", side.code.as_ref().map_or_else(|| Json::raw("null"), Json::text)));
                fields.extend(self.details(side, outcome));
            }
            (sides, outcomes) => {
                fields.push(("total_is", Json::text("the sum of face values, whatever each currency is worth")));
                let each = sides.iter().zip(outcomes).map(|(side, outcome)| {
                    let proof = &outcome.cleared.proof;
                    let statistics = &outcome.cleared.statistics;
                    let mut fields = vec![("currency", Json::text(side.label()))];
                    fields.extend(figures(side, proof));
                    fields.push(("bilateral", Json::raw(side.text(outcome.floors.bilateral))));
                    fields.push(("net_internal_debt", Json::raw(side.text(outcome.floors.novation))));
                    fields.push(("parties", Json::raw(statistics.parties)));
                    fields.push(("obligations", Json::raw(side.obligations.len())));
                    fields.push(("arcs", Json::raw(statistics.arcs)));
                    fields.push(("components", Json::raw(statistics.components)));
                    fields.extend(self.details(side, outcome));
                    Json::Object(fields)
                });
                fields.push(("currencies", Json::List(each.collect())));
            }
        }
        if let Some(written) = written {
            fields.push(("notices", Json::raw(written.notices)));
            fields.push(("residual_obligations", Json::raw(written.residual)));
        }
        Json::Object(fields)
    }

    /// Goals, lending and the curve of one currency.
    fn details(&self, side: &Side, outcome: &Outcome) -> Vec<(&'static str, Json)> {
        let mut fields = Vec::new();
        let proof = &outcome.cleared.proof;
        if !proof.goals.is_empty() {
            let goals = proof.goals.iter().map(|goal| {
                Json::Object(vec![
                    ("goal", Json::text(goal_name(goal.goal))),
                    ("value", Json::raw(goal.value)),
                    ("bound", Json::raw(goal.bound)),
                ])
            });
            fields.push(("goals", Json::List(goals.collect())));
        }
        if self.terms.lending == Lending::Limit {
            fields.push(("lent", Json::raw(side.text(proof.drawn))));
            let draws = proof.draws.iter().map(|own| {
                let name = Json::text(side.name(self.book, own.party));
                Json::Object(vec![("party", name), ("draws", Json::raw(side.text(own.amount)))])
            });
            fields.push(("draws", Json::List(draws.collect())));
        }
        if let Some(curve) = &outcome.curve {
            let points = curve.iter().enumerate().map(|(place, point)| {
                let per = curve.get(place + 1).map_or(0, |next| point.slope_to(next));
                Json::Object(vec![
                    ("lent", Json::raw(side.text(point.lent))),
                    ("cleared", Json::raw(side.text(point.cleared))),
                    ("next_unit_clears", Json::raw(per)),
                ])
            });
            fields.push(("liquidity", Json::List(points.collect())));
        }
        fields
    }

    /// Prints tables.
    pub(crate) fn print(&self) {
        let arcs: u64 = self.outcomes.iter().map(|outcome| u64::from(outcome.cleared.statistics.arcs)).sum();
        let on_cycles: u64 =
            self.outcomes.iter().map(|outcome| u64::from(outcome.cleared.statistics.arcs_on_cycles)).sum();
        print(&format!(
            "{} parties, {} obligations between {} pairs; {} of the pairs ({}) can lie on a cycle.",
            count(u64::try_from(self.book.names.len()).unwrap_or(u64::MAX)),
            count(self.book.rows),
            count(arcs),
            count(on_cycles),
            percent(i128::from(on_cycles), i128::from(arcs)),
        ));
        print("");
        print(&figures_table(self.book, self.outcomes.iter().map(|outcome| &outcome.cleared.proof)));
        print("");
        let gap = self.outcomes.iter().map(|outcome| i128::from(outcome.cleared.proof.gap)).sum::<i128>();
        if gap == 0 {
            print(&bold("Proved: on these terms nothing more can be set off, and no net position changes."));
        } else {
            print("Proved: no net position changes. The minimum keeps the most from being certain; see the gap.");
        }
        for (side, outcome) in self.book.sides.iter().zip(self.outcomes) {
            let floors = &outcome.floors;
            let label = side.code.as_ref().map_or_else(String::new, |code| format!("{code}: "));
            print(&format!(
                "{label}left {} when each pair nets for itself, {} after set-off; {} if counterparties were replaced",
                side.text(floors.bilateral),
                side.text(floors.set_off),
                side.text(floors.novation),
            ));
            self.print_details(side, outcome);
        }
        let solving = total_time(self.outcomes.iter().map(|outcome| outcome.solving));
        let checking = total_time(self.outcomes.iter().map(|outcome| outcome.checking));
        let kind = if solving.is_cpu { "processor time" } else { "wall time" };
        print(&format!(
            "solved in {:.3} s, checked once more in {:.3} s ({kind})",
            solving.time.as_secs_f64(),
            checking.time.as_secs_f64()
        ));
    }

    fn print_details(&self, side: &Side, outcome: &Outcome) {
        let proof = &outcome.cleared.proof;
        let label = side.code.as_ref().map_or_else(String::new, |code| format!(" {code}"));
        for goal in &proof.goals {
            print(&format!("{}:{label} {} of at most {}", goal_name(goal.goal), goal.value, goal.bound));
        }
        if self.terms.lending == Lending::Limit {
            let drawing = count(u64::try_from(proof.draws.len()).unwrap_or(u64::MAX));
            print(&format!("lent:{label} {} to {drawing} parties", side.text(proof.drawn)));
        }
        let Some(curve) = &outcome.curve else { return };
        let rows = curve.iter().enumerate().map(|(place, point)| {
            let next = curve.get(place + 1).map_or_else(|| "0".into(), |next| point.slope_to(next).to_string());
            let share = percent(i128::from(point.cleared), i128::from(proof.gross));
            vec![side.text(point.lent), side.text(point.cleared), share, next]
        });
        let columns = [
            Column("lent", Align::Right),
            Column("cleared", Align::Right),
            Column("share", Align::Right),
            Column("next unit clears", Align::Right),
        ];
        print(&format!("\n{}{label}", bold("Cleared by money lent")));
        print(&table(&columns, &rows.collect::<Vec<_>>()));
        print("");
    }
}

fn total_time(times: impl Iterator<Item = Took>) -> Took {
    total(times)
}

/// gross, cleared, share, residual, bound, gap of one currency.
fn figures(side: &Side, proof: &Proof) -> Vec<(&'static str, Json)> {
    vec![
        ("gross", Json::raw(side.text(proof.gross))),
        ("cleared", Json::raw(side.text(proof.cleared))),
        ("share", Json::raw(share(proof.cleared.into(), proof.gross.into()))),
        ("residual", Json::raw(side.text(proof.residual))),
        ("bound", Json::raw(side.text(proof.bound))),
        ("gap", Json::raw(side.text(proof.gap))),
    ]
}

fn figures_table<'p>(book: &Book, proofs: impl Iterator<Item = &'p Proof>) -> String {
    let columns = [
        Column("", Align::Left),
        Column("gross", Align::Right),
        Column("cleared", Align::Right),
        Column("share", Align::Right),
        Column("residual", Align::Right),
        Column("bound", Align::Right),
        Column("gap", Align::Right),
    ];
    let rows = book.sides.iter().zip(proofs).map(|(side, proof)| {
        vec![
            side.label().into(),
            side.text(proof.gross),
            side.text(proof.cleared),
            percent(proof.cleared.into(), proof.gross.into()),
            side.text(proof.residual),
            side.text(proof.bound),
            side.text(proof.gap),
        ]
    });
    table(&columns, &rows.collect::<Vec<_>>())
}

/// What `--verify` says when everything holds.
pub(crate) fn proved(book: &Book, proofs: &prove::Proved, output: crate::output::Output) {
    let total = Total::of(book, proofs.sides.iter());
    match output {
        crate::output::Output::Json => {
            let mut fields = vec![("sound", Json::raw(true))];
            fields.extend(total.fields());
            fields.push(("gap", Json::raw(total.text(total.bound - total.cleared))));
            fields.push(("notices", Json::raw(proofs.notices)));
            print(&Json::Object(fields).pretty());
        }
        crate::output::Output::Table => {
            print(&figures_table(book, proofs.sides.iter()));
            print(&format!("\n{} notices add up to what is cleared; no net position changes", count(proofs.notices)));
            print(
                "of result.json, gross, cleared, residual, bound and gap of each currency were compared; the rest is not believed",
            );
            print(if total.bound == total.cleared { "sound, and the most that can be set off" } else { "sound" });
        }
    }
}
