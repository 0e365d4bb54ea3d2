//! Instalments, recycling a claim into a loan, and paying with a claim.

use comity_union::charge::DayCount;
use comity_union::recycle::{into_loan, pay_with_claim};
use comity_union::schedule::{Instalment, LoanTerms, RemainderIn, instalments};
use comity_union::{Rate, Refusal};

fn terms(principal: i64, remainder: RemainderIn) -> LoanTerms {
    LoanTerms { principal, rate: Rate::basis_points(360), count: DayCount::Act360, remainder }
}

#[test]
fn four_instalments_with_interest() {
    let rows = instalments(&terms(100_003, RemainderIn::Last), 0, &[30, 60, 90, 120]).expect("well formed");
    let row = |due, principal, interest, outstanding| Instalment { due, days: 30, principal, interest, outstanding };
    // Exact interest: 300.009, 225.009, 150.009, 75.009; rounded on the cumulative sum.
    assert_eq!(
        rows,
        [
            row(30, 25_000, 300, 75_003),
            row(60, 25_000, 225, 50_003),
            row(90, 25_000, 150, 25_003),
            row(120, 25_003, 75, 0),
        ]
    );
    let first = instalments(&terms(100_003, RemainderIn::First), 0, &[30, 60, 90, 120]).expect("well formed");
    assert_eq!((first[0].principal, first[3].principal, first[3].outstanding), (25_003, 25_000, 0));
}

#[test]
fn fractions_of_interest_are_carried_on() {
    // 1.5 a month: rounded down alone it would be 12 in a year instead of 18.
    let due: Vec<i32> = (1..=12).map(|month| month * 30).collect();
    let terms = LoanTerms { principal: 500, ..terms(500, RemainderIn::Last) };
    let bullet: Vec<i64> = instalments(&terms, 0, &due).expect("well formed").iter().map(|row| row.interest).collect();
    let exact: i64 = instalments(&terms, 0, &due)
        .expect("well formed")
        .iter()
        .scan(500, |left, row| {
            let owed = *left;
            *left = row.outstanding;
            Some(owed)
        })
        .sum();
    // 0.3 % a month.
    assert_eq!(bullet.iter().sum::<i64>(), exact * 3 / 1000);
}

#[test]
fn schedules_that_are_refused() {
    let refused = |principal, due: &[i32]| {
        instalments(&terms(principal, RemainderIn::Last), 10, due).expect_err("refused").to_string()
    };
    assert_eq!(refused(0, &[20]), "principal 0 is not above 0");
    assert_eq!(refused(5, &[]), "number of instalments 0 is not above 0");
    assert_eq!(refused(5, &[10]), "due[0] is not above the one before");
    assert_eq!(refused(5, &[20, 20]), "due[1] is not above the one before");
    assert_eq!(refused(5, &[20; 1201]), "number of instalments 1201 exceeds the limit of 1200");
}

#[test]
fn a_claim_becomes_a_loan() {
    let positions = [500, -300, -200];
    let recycled = into_loan(&positions, 0, 1, &terms(250, RemainderIn::Last), 0, &[360, 720]).expect("within both");
    assert_eq!(recycled.positions, [250, -50, -200]);
    let paid: i64 = recycled.schedule.iter().map(|row| row.principal).sum();
    assert_eq!(paid, 250);
    let refused = |positions: &[i64], creditor, debtor, principal| {
        into_loan(positions, creditor, debtor, &terms(principal, RemainderIn::Last), 0, &[360])
            .expect_err("refused")
            .to_string()
    };
    assert_eq!(refused(&positions, 0, 1, 301), "principal against the debt 301 exceeds the limit of 300");
    assert_eq!(refused(&[200, -500, 300], 0, 1, 201), "principal against the claim 201 exceeds the limit of 200");
    assert_eq!(refused(&positions, 1, 2, 10), "principal against the claim 10 exceeds the limit of 0");
    assert_eq!(refused(&positions, 0, 3, 10), "flow 0 names member 3, there are 3");
    assert_eq!(refused(&positions, 0, 0, 10), "flow 0 is owed by member 0 to itself");
    assert_eq!(refused(&[1, 1, 1], 0, 1, 1), "positions sum to 3 instead of 0");
}

#[test]
fn a_claim_pays_a_third_member() {
    assert_eq!(pay_with_claim(&[500, -300, -200], 0, 2, 450), Ok(vec![50, -300, 250]));
    assert_eq!(
        pay_with_claim(&[500, -300, -200], 0, 2, 501),
        Err(Refusal::Exceeds { field: "amount against the claim", value: 501, limit: 500 })
    );
    assert_eq!(pay_with_claim(&[500, -300, -200], 0, 2, 0), Err(Refusal::NotPositive { field: "amount", value: 0 }));
}
