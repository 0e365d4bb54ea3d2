//! Stories: what is set off, on which terms, and how a problem is refused.

use comity_clearing::setoff::{
    Allocation, Cleared, Fund, Goal, Invalid, Line, Obligation, Options, PartyCap, Problem, TOTAL_MAX, solve,
};
use expect_test::expect;

pub(crate) fn owes(debtor: u32, creditor: u32, amount: i64) -> Obligation {
    Obligation { debtor, creditor, amount }
}

pub(crate) fn clear(problem: &Problem<'_>) -> Cleared {
    solve(problem, &Options::default()).expect("a valid problem")
}

#[test]
fn a_circle_clears_up_to_its_smallest_debt_and_nobodys_net_position_changes() {
    let circle = [owes(0, 1, 10), owes(1, 2, 7), owes(2, 0, 9), owes(0, 3, 100)];
    let cleared = clear(&Problem::of(4, &circle));
    assert_eq!(cleared.amounts, [7, 7, 7, 0]);
    let proof = &cleared.proof;
    assert_eq!((proof.gross, proof.cleared, proof.residual, proof.bound, proof.gap), (126, 21, 105, 21, 0));
    assert_eq!(cleared.statistics.touched, 3);
    assert_eq!(cleared.statistics.partly, 2);
}

#[test]
fn parallel_debts_share_oldest_first_or_in_proportion() {
    let owed = [owes(0, 1, 10), owes(0, 1, 4), owes(0, 1, 7), owes(1, 0, 12)];
    let problem = Problem { due: &[5, 3, 9, 1], ..Problem::of(2, &owed) };
    assert_eq!(clear(&problem).amounts, [8, 4, 0, 12]);
    // 12 in proportion to 10, 4, 7: 5.71, 2.29, 4.00; the unit left over goes to the largest remainder.
    let options = Options { allocation: Allocation::ProRata, ..Options::default() };
    assert_eq!(solve(&problem, &options).expect("valid").amounts, [6, 2, 4, 12]);
    // Equal remainders: the oldest first.
    let equal = [owes(0, 1, 5), owes(0, 1, 5), owes(1, 0, 5)];
    let problem = Problem { due: &[2, 1, 0], ..Problem::of(2, &equal) };
    assert_eq!(solve(&problem, &options).expect("valid").amounts, [2, 3, 5]);
}

#[test]
fn nobody_is_set_off_beyond_consent() {
    let owed = [owes(0, 1, 10), owes(1, 2, 10), owes(2, 0, 10), owes(1, 0, 10)];
    let capped = Problem { consent: &[10, 3, 10, 0], ..Problem::of(3, &owed) };
    assert_eq!(clear(&capped).amounts, [3, 3, 3, 0]);
    let party = Problem { party_caps: &[PartyCap { party: 1, cap: 6 }], ..Problem::of(3, &owed) };
    let cleared = clear(&party);
    assert_eq!(cleared.amounts[1] + cleared.amounts[3], 6);
    // Six through the circle of three clear 18, through the circle of two only 12.
    assert_eq!(cleared.proof.cleared, 18);
}

#[test]
fn lots_are_exact_and_a_minimum_says_what_it_may_have_lost() {
    let owed = [owes(0, 1, 10), owes(1, 2, 7), owes(2, 0, 9)];
    let lots = clear(&Problem { lot: 3, ..Problem::of(3, &owed) });
    assert_eq!((lots.amounts.as_slice(), lots.proof.bound, lots.proof.gap), (&[6, 6, 6][..], 18, 0));
    let none = clear(&Problem { lot: 8, ..Problem::of(3, &owed) });
    assert_eq!((none.proof.cleared, none.proof.bound), (0, 0));
    let reached = clear(&Problem { minimum: 7, ..Problem::of(3, &owed) });
    assert_eq!((reached.proof.cleared, reached.proof.gap), (21, 0));
    // The small one may not be touched: known from the start, so the bound knows it too.
    let small = clear(&Problem { minimum: 8, ..Problem::of(3, &owed) });
    assert_eq!((small.proof.cleared, small.proof.bound), (0, 0));
    // 9 = 5 + 4 on two debts of which neither may get less than 5: the circle of two cannot use the second.
    let split = [owes(0, 1, 5), owes(0, 1, 6), owes(1, 0, 9)];
    let split = clear(&Problem { minimum: 5, ..Problem::of(2, &split) });
    assert_eq!((split.amounts.as_slice(), split.proof.bound, split.proof.gap), (&[5, 0, 5][..], 18, 8));
    // 11 = 5 + 6: the older gives up what the younger is missing.
    let lifted = [owes(0, 1, 8), owes(0, 1, 6), owes(1, 0, 11)];
    let lifted = clear(&Problem { minimum: 5, ..Problem::of(2, &lifted) });
    assert_eq!((lifted.amounts.as_slice(), lifted.proof.gap), (&[6, 5, 11][..], 0));
}

#[test]
fn a_fund_clears_a_chain_and_says_who_draws() {
    let chain = [owes(0, 1, 10), owes(1, 2, 10), owes(2, 3, 8)];
    let problem = Problem { fund: Some(Fund { limit: 5, lines: &[] }), ..Problem::of(4, &chain) };
    let cleared = clear(&problem);
    assert_eq!(cleared.amounts, [5, 5, 5]);
    let proof = &cleared.proof;
    assert_eq!((proof.cleared, proof.gap, proof.drawn), (15, 0, 5));
    assert_eq!((proof.draws[0].party, proof.draws[0].amount), (0, 5));
    assert_eq!((proof.deposits[0].party, proof.deposits[0].amount), (3, 5));
    let lines = [Line { party: 1, limit: 4 }];
    let only = clear(&Problem { fund: Some(Fund { limit: 5, lines: &lines }), ..problem });
    assert_eq!((only.amounts.as_slice(), only.proof.drawn), (&[0, 4, 4][..], 4));
}

#[test]
fn a_goal_chooses_among_the_greatest() {
    // 0 can set off its claim on 1 with either debt to 1's creditors 2 and 3: equal value, different age and evenness.
    let owed = [owes(0, 2, 10), owes(2, 1, 10), owes(0, 3, 10), owes(3, 1, 10), owes(1, 0, 10)];
    let problem = Problem { due: &[9, 9, 1, 1, 5], ..Problem::of(4, &owed) };
    let goal = |goals: &[Goal]| solve(&problem, &Options { goals, ..Options::default() }).expect("valid");
    let oldest = goal(&[Goal::Oldest]);
    assert_eq!(oldest.amounts, [0, 0, 10, 10, 10]);
    assert_eq!((oldest.proof.goals[0].value, oldest.proof.goals[0].bound), (200, 200));
    let fairest = goal(&[Goal::Fairest]);
    assert_eq!(fairest.amounts, [5, 5, 5, 5, 10]);
    let fewest = goal(&[Goal::Fewest]);
    assert_eq!(fewest.statistics.touched, 3);
    assert_eq!([&oldest, &fairest, &fewest].map(|cleared| cleared.proof.cleared), [30, 30, 30]);
}

/// Refusals in order of precedence.
#[test]
fn a_malformed_problem_is_refused_with_the_place_and_the_value() {
    let fine = [owes(0, 1, 5), owes(1, 0, 5)];
    let of = |obligations| Problem::of(2, obligations);
    let cap = |party, cap| PartyCap { party, cap };
    let huge = [owes(0, 1, TOTAL_MAX), owes(1, 0, 1)];
    let max = [owes(0, 1, 1), owes(0, 1, i64::MAX), owes(1, 0, i64::MAX)];
    let parties = [owes(0, 1, 5), owes(0, 2, 5)];
    let (own, zero, negative) = ([owes(1, 1, 5)], [owes(0, 1, 0)], [owes(0, 1, -4)]);
    let caps = [cap(0, 1), cap(2, 1)];
    let twice = [cap(0, 1), cap(0, 1)];
    let below = [cap(0, -1)];
    let line = [Line { party: 1, limit: -3 }];
    let problems = [
        Problem { parties: u32::MAX, ..of(&fine) },
        Problem { due: &[1], ..of(&fine) },
        Problem { consent: &[1, 2, 3], ..of(&fine) },
        Problem { lot: 0, ..of(&fine) },
        Problem { minimum: -1, ..of(&fine) },
        of(&parties),
        of(&own),
        of(&zero),
        of(&negative),
        Problem { consent: &[5, 6], ..of(&fine) },
        Problem { consent: &[-1, 5], ..of(&fine) },
        of(&huge),
        of(&max),
        Problem { party_caps: &caps, ..of(&fine) },
        Problem { party_caps: &twice, ..of(&fine) },
        Problem { party_caps: &below, ..of(&fine) },
        Problem { fund: Some(Fund { limit: -1, lines: &[] }), ..of(&fine) },
        Problem { fund: Some(Fund { limit: 1, lines: &line }), ..of(&fine) },
    ];
    let mut told: Vec<String> =
        problems.iter().map(|problem| solve(problem, &Options::default()).expect_err("refused").to_string()).collect();
    let goals: [&[Goal]; 3] = [&[Goal::Oldest], &[Goal::Fewest, Goal::Fairest], &[Goal::Fairest, Goal::Fairest]];
    let refused =
        |problem: &Problem<'_>, goals| solve(problem, &Options { goals, ..Options::default() }).expect_err("refused");
    told.extend(goals.map(|goals| refused(&of(&fine), goals).to_string()));
    let span = refused(&Problem { due: &[i32::MIN, i32::MAX], ..of(&fine) }, &[Goal::Oldest]);
    assert_eq!(span, Invalid::DueSpan { span: (1 << 32) - 1 });
    told.push(span.to_string());
    expect![[r#"
        4294967295 parties exceed the limit of 268435456
        1 due ranks are given for 2 obligations
        3 consents are given for 2 obligations
        lot 0 is below 1
        minimum -1 is below 0
        obligation 1 names party 2, which does not exist
        obligation 0 is owed by party 1 to itself
        amount 0 of obligation 0 is not above 0
        amount -4 of obligation 0 is not above 0
        consent 6 of obligation 1 is outside 0 to its amount 5
        consent -1 of obligation 0 is outside 0 to its amount 5
        with obligation 1 the amounts together exceed the limit of 576460752303423487
        with obligation 1 the amounts together exceed the limit of 576460752303423487
        party cap 1 names party 2, which does not exist or has one already
        party cap 1 names party 0, which does not exist or has one already
        amount -1 of party cap 0 is below 0
        limit -1 of the fund is below 0
        amount -3 of credit line 0 is below 0
        the goal oldest first needs a due rank per obligation
        goal 1 is given twice or follows fewest touched, which must be last
        goal 1 is given twice or follows fewest touched, which must be last
        due ranks span 4294967295, above the limit of 1073741824
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}
