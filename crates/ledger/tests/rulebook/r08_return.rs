//! 8. Returns and recalls.

use expect_test::expect;

use crate::story::rule;

/// A settled payment may be returned by its receiver, once.
/// Source: rules 2, one return per original.
#[test]
fn r8_1_a_settled_payment_is_returned_once() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        return r1 of p1 50.00 CNY                           => r1 settled
        return r2 of p1 50.00 CNY                           => refused: ARDT already-returned (see r1)
        show balances                                       => ALFA 50.00 CNY
    "#]]);
}

/// At most the original amount is returned.
/// Source: rules 6, AM09.
#[test]
fn r8_2_a_part_may_be_returned_and_not_more_than_the_original() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        fund BRAVO 50.00 CNY                                => 50.00 CNY issued to BRAVO
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        return r1 of p1 50.01 CNY                           => refused: AM09 return-amount (limit 50.00, asked 50.01)
        return r2 of p1 0.00 CNY                            => r2 refused: AM01 amount-zero
        return r3 of p1 45.00 CNY                           => r3 settled
    "#]]);
}

/// Only the receiver of a payment returns it.
/// Source: rules 2.
#[test]
fn r8_3_only_the_receiver_returns() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        return r1 of p1 50.00 CNY by ALFA                   => refused: AG01 actor-not-authorised
        return r1 of p1 50.00 CNY by CHARLIE                => refused: AG01 actor-not-authorised
        return r1 of p1 50.00 CNY by BRAVO                  => r1 settled
    "#]]);
}

/// What is unknown, waits or was refused cannot be returned; a return is not returned.
/// Source: rules 2.
#[test]
fn r8_4_only_a_settled_payment_is_returned() {
    rule(expect![[r#"
        return r1 of p9 50.00 CNY                           => refused: NOOR original-unknown
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        return r2 of p1 50.00 CNY                           => refused: ARDT original-not-settled (see p1)
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
                                                            => p1 settled from the queue
        return r3 of p1 50.00 CNY                           => r3 settled
        return r4 of r3 50.00 CNY by ALFA                   => refused: ARDT already-returned (see p1)
    "#]]);
}

/// A return that waits and is withdrawn leaves the original free to be returned again.
/// Source: rules 2, one successful return.
#[test]
fn r8_5_a_return_that_failed_does_not_count() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        pay p2 BRAVO CHARLIE 50.00 CNY                      => p2 settled
        return r1 of p1 50.00 CNY                           => r1 queued: 50.00 short
        return r2 of p1 50.00 CNY                           => refused: ARDT already-returned (see r1)
        cancel r1                                           => r1 ended: CUST withdrawn
        fund BRAVO 50.00 CNY                                => 50.00 CNY issued to BRAVO
        return r3 of p1 50.00 CNY                           => r3 settled
    "#]]);
}

/// A return comes within two days on which the calendars of both sides are open.
/// Source: rules 2, within 2 joint business days. 24 November is closed in CN, 25 November in RU: the second joint day after the 23rd is the 27th.
#[test]
fn r8_6_a_return_comes_within_two_joint_business_days() {
    rule(expect![[r#"
        with calendar CNY closed 2026-11-24
        with calendar RUB closed 2026-11-25
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 30.00 CNY                       => p1 settled
        pay p2 ALFA CHARLIE 20.00 CNY                       => p2 settled
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-27                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        return r1 of p1 30.00 CNY                           => r1 settled
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 2 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-30                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        return r2 of p2 20.00 CNY                           => refused: TM01 return-deadline (until 2026-11-27, today 2026-11-30)
    "#]]);
}

/// A Saturday that is a workday in both places counts as a joint business day.
/// Source: rules 2, make-up workdays count.
#[test]
fn r8_7_a_make_up_workday_counts() {
    rule(expect![[r#"
        with calendar CNY closed 2026-11-24
        with calendar CNY closed 2026-11-25
        with calendar CNY closed 2026-11-26
        with calendar CNY closed 2026-11-27
        with calendar CNY open 2026-11-28
        with calendar CNY open 2026-11-29
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-30                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        return r1 of p1 50.00 CNY                           => refused: TM01 return-deadline (until 2026-11-29, today 2026-11-30)
    "#]]);
}

/// For a payment carried over, the days count from the day it settled.
/// Source: rules 2.
#[test]
fn r8_8_the_deadline_counts_from_the_day_of_settlement() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        run to close                                        => offset begins
                                                            => 0 of 1 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-25                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
                                                            => p1 settled from the queue
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 2 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-27                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        return r1 of p1 50.00 CNY                           => r1 settled
    "#]]);
}

/// The return of a conversion is a new conversion at the rate of the day; its own return phase applies.
/// Source: rules 4, SML: returns as a new operation at that day's rate.
#[test]
fn r8_9_a_conversion_is_returned_at_the_rate_of_the_day() {
    rule(expect![[r#"
        with phase offset also settle
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund FOXTROT 115.00 RUB                             => 115.00 RUB issued to FOXTROT
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 settled
                                                            => c1's other leg settled
        rate CNY/RUB 11.60                                  => CNY/RUB blocked
                                                            => CNY/RUB waits for approval
        agree CNY/RUB 11.60 by CN.checker                   => done
        agree CNY/RUB 11.60 by RU.checker                   => CNY/RUB open
        time 17:00                                          => nothing
        phase offset                                        => offset begins
                                                            => 0 of 0 settled
        return r1 of c1 115.01 RUB                          => refused: AM09 return-amount (limit 115.00, asked 115.01)
        return r2 of c1 115.00 RUB                          => r2 settled
                                                            => r2's other leg settled
                                                            => remainder 0.04 RUB from FOXTROT
        return r3 of c1 115.00 RUB                          => refused: ARDT already-returned (see r2)
        show balances                                       => ALFA 9.91 CNY
                                                            => FOXTROT 0.09 CNY
                                                            => FOXTROT 114.96 RUB
                                                            => REMAINDERS 0.04 RUB
    "#]]);
}

/// A return of a conversion that is withdrawn while it waits leaves the original free to be returned again.
/// Source: rules 2, one successful return.
#[test]
fn r8_10_a_failed_return_of_a_conversion_does_not_count() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund FOXTROT 115.00 RUB                             => 115.00 RUB issued to FOXTROT
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 settled
                                                            => c1's other leg settled
        pay p1 CHARLIE DELTA 115.00 RUB                     => p1 settled
        return r1 of c1 115.00 RUB                          => r1 queued: 115.00 short
                                                            => r1's other leg queued: another leg first
        cancel r1                                           => r1 ended: CUST withdrawn
                                                            => r1's other leg ended: NARR group-failed
        fund CHARLIE 115.00 RUB                             => 115.00 RUB issued to CHARLIE
        return r2 of c1 115.00 RUB                          => r2 settled
                                                            => r2's other leg settled
    "#]]);
}

/// A leg of a group is returned by the bank that received it, and by no other.
/// Source: rules 2 and 5.
#[test]
fn r8_11_each_leg_of_a_group_is_returned_by_its_own_receiver() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund BRAVO 120.00 RUB                               => 120.00 RUB issued to BRAVO
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 settled
                                                            => a2 settled
        return r1 of a1 10.00 CNY by ALFA                   => refused: AG01 actor-not-authorised
        return r2 of a1 10.00 CNY by BRAVO                  => r2 settled
        return r3 of a2 120.00 RUB by ALFA                  => r3 settled
    "#]]);
}

/// A recall of a payment that still waits cancels it at once.
/// Source: camt.056 before settlement.
#[test]
fn r8_12_a_recall_cancels_what_still_waits() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        recall k1 of p1                                     => p1 ended: CUST recalled
                                                            => k1: p1 cancelled in time
        show p1                                             => p1 ended
    "#]]);
}

/// A recall of a settled payment is put to the receiver, who agrees and returns it, or refuses.
/// Source: camt.056 and camt.029.
#[test]
fn r8_13_a_recall_of_a_settled_payment_asks_the_receiver() {
    rule(expect![[r#"
        fund ALFA 90.00 CNY                                 => 90.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        pay p2 ALFA BRAVO 40.00 CNY                         => p2 settled
        recall k1 of p1                                     => k1 put to BRAVO
        recall k2 of p2                                     => k2 put to BRAVO
        answer k1 yes                                       => k1: p1 will be returned
        return r1 of p1 50.00 CNY                           => r1 settled
        answer k2 no                                        => k2: p2 will not be returned
        answer k2 yes                                       => refused: ARDT not-waiting
    "#]]);
}

/// A recall nobody answers lapses at its time.
/// Source: contract part 1, recalls: request, answer, expiry.
#[test]
fn r8_14_an_unanswered_recall_lapses() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        recall k1 of p1 until 11:00                         => k1 put to BRAVO
        time 11:00                                          => k1: p1 was not answered in time
        answer k1 yes                                       => refused: ARDT not-waiting
    "#]]);
}

/// A recall names a payment of its sender that can still be given back, with a new case.
/// Source: precedence of reasons.
#[test]
fn r8_15_a_recall_needs_a_payment_a_new_case_and_time_to_answer() {
    rule(expect![[r#"
        recall k1 of p9                                     => refused: NOOR original-unknown
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        recall k1 of p1 by BRAVO                            => refused: AG01 actor-not-authorised
        recall k1 of p1                                     => k1 put to BRAVO
        recall k1 of p1                                     => refused: AM05 exists
        recall k2 of p1 until 09:00                         => refused: DT01 time-window
        answer k9 yes                                       => refused: NOOR unknown
        answer k1 yes by ALFA                               => refused: AG01 actor-not-authorised
        return r1 of p1 50.00 CNY                           => r1 settled
        recall k3 of p1                                     => refused: ARDT already-returned (see r1)
        pay p2 ALFA NOBODY 5.00 CNY                         => p2 refused: AC03 creditor-unknown
        recall k4 of p2                                     => refused: ARDT not-waiting (see p2)
    "#]]);
}
