//! 18. Future commitments.

use expect_test::expect;

use crate::story::rule;

/// One side enters a commitment, the other confirms it: then it counts. No money moves or is held for it.
/// Source: rules 4, the register of future commitments of ALADI.
#[test]
fn r18_1_both_sides_make_a_commitment() {
    rule(expect![[r#"
        commit c1 ALFA to BRAVO CNY instalments 2026-11-30 70.00 2026-12-15 30.00 => done
        show commitment c1                                  => ALFA to BRAVO CNY, not in force: 2026-11-30 70.00, 2026-12-15 30.00
                                                            => ALFA asks to begin
        confirm-commitment c1 by ALFA                       => refused: AG01 commitment-own-request
        confirm-commitment c1 by CHARLIE                    => refused: AG01 actor-not-authorised
        confirm-commitment c1                               => done
        confirm-commitment c1                               => refused: NARR commitment-nothing-asked
        show commitment c1                                  => ALFA to BRAVO CNY, in force: 2026-11-30 70.00, 2026-12-15 30.00
        show balances                                       => nothing
    "#]]);
}

/// Who is asked may decline; who entered it may take it back before it is confirmed.
/// Source: ours.
#[test]
fn r18_2_what_is_not_confirmed_does_not_count() {
    rule(expect![[r#"
        commit c1 ALFA to BRAVO CNY letter-of-credit 2026-11-30 70.00 by BRAVO => done
        decline-commitment c1                               => done
        show commitment c1                                  => ALFA to BRAVO CNY, not in force: nothing
        commit c2 ALFA to BRAVO CNY standing 2026-11-30 70.00 => done
        amend c2 2026-12-01 60.00                           => refused: NARR commitment-not-in-force
        withdraw-commitment c2 by BRAVO                     => refused: NARR commitment-not-in-force
        withdraw-commitment c2                              => done
        confirm-commitment c2                               => refused: NARR commitment-nothing-asked
        show commitment c2                                  => ALFA to BRAVO CNY, not in force: nothing
        commit c2 ALFA to BRAVO CNY standing 2026-11-30 70.00 => refused: AM05 exists
    "#]]);
}

/// A change of schedule is asked by one side and takes effect when the other agrees. Until then the old schedule counts.
/// Source: ours.
#[test]
fn r18_3_a_change_needs_both() {
    rule(expect![[r#"
        commit c1 ALFA to BRAVO CNY instalments 2026-11-30 70.00 2026-12-15 30.00 => done
        confirm-commitment c1                               => done
        amend c1 2026-12-20 100.00                          => done
        show commitment c1                                  => ALFA to BRAVO CNY, in force: 2026-11-30 70.00, 2026-12-15 30.00
                                                            => ALFA asks for 2026-12-20 100.00
        amend c1 2026-12-01 1.00 by BRAVO                   => refused: NARR commitment-asked-anew
        confirm-commitment c1 by ALFA                       => refused: AG01 commitment-own-request
        amend c1 2026-12-20 90.00                           => done
        confirm-commitment c1 stale                         => refused: NARR commitment-asked-anew
        confirm-commitment c1                               => done
        show commitment c1                                  => ALFA to BRAVO CNY, in force: 2026-12-20 90.00
        amend c1 2026-12-20 80.00                           => done
        decline-commitment c1                               => done
        show commitment c1                                  => ALFA to BRAVO CNY, in force: 2026-12-20 90.00
    "#]]);
}

/// An end is asked by one side and takes effect when the other agrees: what is ahead falls away.
/// Source: ours.
#[test]
fn r18_4_an_end_needs_both() {
    rule(expect![[r#"
        commit c1 ALFA to BRAVO CNY standing 2026-11-23 5.00 2026-11-30 5.00 => done
        confirm-commitment c1                               => done
        withdraw-commitment c1 by BRAVO                     => done
        confirm-commitment c1                               => done
        show commitment c1                                  => ALFA to BRAVO CNY, not in force: nothing
        amend c1 2026-12-01 1.00                            => refused: NARR commitment-not-in-force
    "#]]);
}

/// Dates ascend from the business day on, amounts are more than zero, and both sides are participants.
/// Source: ours.
#[test]
fn r18_5_a_schedule_is_sound() {
    rule(expect![[r#"
        commit c1 ALFA to BRAVO CNY instalments 2026-11-20 70.00 => refused: DT01 value-date (2026-11-20 on 2026-11-23)
        commit c1 ALFA to BRAVO CNY instalments 2026-12-01 70.00 2026-12-01 30.00 => refused: DT01 value-date (2026-12-01 on 2026-12-02)
        commit c1 ALFA to BRAVO CNY instalments 2026-12-01 0.00 => refused: AM01 amount-zero
        commit c1 ALFA to BRAVO CNY instalments             => refused: FF01 out-of-range (limit 1200, value 0)
        commit c1 ALFA to ALFA CNY instalments 2026-12-01 1.00 => refused: AC03 same-account
        commit c1 ALFA to BRAVO CNY instalments 2026-12-01 1.00 by CHARLIE => refused: AG01 actor-not-authorised
        confirm-commitment c1 by BRAVO                      => refused: NOOR unknown
        commit c1 ALFA to BRAVO CNY instalments 2026-12-01 1.00 => done
        commit c1 ALFA to BRAVO CNY instalments 2026-12-01 1.00 => refused: AM05 exists
    "#]]);
}

/// A person at a bank needs a colleague, as for a payment.
/// Source: rules 7.
#[test]
fn r18_6_a_person_needs_a_colleague() {
    rule(expect![[r#"
        commit c1 ALFA to BRAVO CNY instalments 2026-12-01 1.00 by ALFA.maker => refused: AG01 four-eyes
        propose x: commit c1 ALFA to BRAVO CNY instalments 2026-12-01 1.00 by ALFA.maker => waits for approval
        approve x by ALFA.checker                           => done
        show commitment c1                                  => ALFA to BRAVO CNY, not in force: 2026-12-01 1.00
                                                            => ALFA asks to begin
    "#]]);
}

/// What has come due stays as it was: a change or an end concerns only what is ahead.
/// Source: ours.
#[test]
fn r18_7_what_was_due_is_not_changed() {
    rule(expect![[r#"
        commit c1 ALFA to BRAVO CNY standing 2026-11-23 5.00 2026-11-30 5.00 => done
        confirm-commitment c1                               => done
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-24                                      => rates begins
        withdraw-commitment c1                              => done
        confirm-commitment c1                               => done
        show commitment c1                                  => ALFA to BRAVO CNY, not in force: 2026-11-23 5.00
    "#]]);
}
