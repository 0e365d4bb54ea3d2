//! 7. Payment versus payment and conversion.

use expect_test::expect;

use crate::story::rule;

/// All legs of a group settle in one decision, or none does.
/// Source: rules 5; CPMI-IOSCO principle 12.
#[test]
fn r7_1_all_legs_settle_or_none() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 queued: another leg first
                                                            => a2 queued: 120.00 short
        show a1                                             => a1 waits: another leg first
        show balances                                       => ALFA 10.00 CNY
        fund BRAVO 120.00 RUB                               => 120.00 RUB issued to BRAVO
                                                            => a1 settled from the queue
                                                            => a2 settled from the queue
        show balances                                       => ALFA 120.00 RUB
                                                            => BRAVO 10.00 CNY
    "#]]);
}

/// A group is measured as a whole: what one leg brings in, another may use.
/// Source: rules 1 and 5.
#[test]
fn r7_2_legs_that_pay_for_each_other_need_only_the_difference() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pvp a1 ALFA BRAVO 50.00 CNY with a2 BRAVO CHARLIE 50.00 CNY with a3 CHARLIE ALFA 40.00 CNY => a1 settled
                                                            => a2 settled
                                                            => a3 settled
        show balances                                       => CHARLIE 10.00 CNY
    "#]]);
}

/// Each leg stands in its own payer's queue: what came first goes first, and what comes later stands behind.
/// Source: rules 1 and 5.
#[test]
fn r7_3_a_group_waits_in_every_queue() {
    rule(expect![[r#"
        fund BRAVO 120.00 RUB                               => 120.00 RUB issued to BRAVO
        pay p1 ALFA CHARLIE 5.00 CNY                        => p1 queued: 5.00 short
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 queued: behind p1
                                                            => a2 queued: another leg first
        pay p2 BRAVO ALFA 1.00 RUB                          => p2 queued: behind a1
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
                                                            => p1 settled from the queue
        fund ALFA 5.00 CNY                                  => 5.00 CNY issued to ALFA
                                                            => a1 settled from the queue
                                                            => a2 settled from the queue
        show p2                                             => p2 waits: 1.00 short
    "#]]);
}

/// When one leg is refused, the others are refused with it; of several reasons the first in order is given.
/// Source: rules 5, all or nothing.
#[test]
fn r7_4_a_refused_leg_refuses_the_group() {
    rule(expect![[r#"
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO NOBODY 120.00 RUB => a1 refused: NARR group-failed
                                                            => a2 refused: AC03 creditor-unknown
        suspend BRAVO RUB sending                           => BRAVO suspended sending in RUB
        pvp b1 ALFA BRAVO 10.00 CNY with b2 BRAVO ALFA 120.00 RUB => b1 refused: NARR group-failed
                                                            => b2 refused: AC06 debtor-suspended
        pvp c1 ALFA BRAVO 10.00 CNY on 2026-11-20 with c2 BRAVO ALFA 120.00 RUB on 2026-11-20 => c1 refused: NARR group-failed
                                                            => c2 refused: AC06 debtor-suspended
    "#]]);
}

/// A group has two to sixteen legs, each with its own reference.
/// Source: ours, a limit with a name.
#[test]
fn r7_5_a_group_has_two_to_sixteen_legs_and_one_reference_each() {
    rule(expect![[r#"
        pvp a1 ALFA BRAVO 1.00 CNY                          => refused: FF01 group-size (limit 16, value 1)
        pvp a1 ALFA BRAVO 1.00 CNY with a1 BRAVO ALFA 1.00 CNY => refused: AM05 uetr-reused (see a1)
        pvp b1 ALFA BRAVO 1.00 CNY with b2 ALFA BRAVO 1.00 CNY with b3 ALFA BRAVO 1.00 CNY with b4 ALFA BRAVO 1.00 CNY with b5 ALFA BRAVO 1.00 CNY with b6 ALFA BRAVO 1.00 CNY with b7 ALFA BRAVO 1.00 CNY with b8 ALFA BRAVO 1.00 CNY with b9 ALFA BRAVO 1.00 CNY with b10 ALFA BRAVO 1.00 CNY with b11 ALFA BRAVO 1.00 CNY with b12 ALFA BRAVO 1.00 CNY with b13 ALFA BRAVO 1.00 CNY with b14 ALFA BRAVO 1.00 CNY with b15 ALFA BRAVO 1.00 CNY with b16 ALFA BRAVO 1.00 CNY with b17 ALFA BRAVO 1.00 CNY => refused: FF01 group-size (limit 16, value 17)
    "#]]);
}

/// A bank brings a group only when it pays every leg; legs of several payers are matched by the node.
/// Source: whatever the door, a bank disposes of its own accounts alone.
#[test]
fn r7_6_nobody_debits_another_by_naming_it_in_a_group() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund BRAVO 120.00 RUB                               => 120.00 RUB issued to BRAVO
        pvp a1 ALFA BRAVO 0.01 CNY with a2 BRAVO ALFA 120.00 RUB by ALFA => refused: AG01 actor-not-authorised
        pvp a1 ALFA BRAVO 1.00 CNY with a2 ALFA CHARLIE 1.00 CNY by ALFA => a1 settled
                                                            => a2 settled
    "#]]);
}

/// Legs name one settlement date; the group's window is what all their windows share.
/// Source: one decision has one date.
#[test]
fn r7_7_legs_of_a_group_share_one_date_and_one_window() {
    rule(expect![[r#"
        pvp a1 ALFA BRAVO 1.00 CNY on 2026-11-24 with a2 BRAVO ALFA 1.00 RUB => a1 refused: DT01 value-date (2026-11-23 on 2026-11-24)
                                                            => a2 refused: NARR group-failed
        pvp b1 ALFA BRAVO 1.00 CNY from 12:00 with b2 BRAVO ALFA 1.00 RUB until 11:00 => b1 refused: DT01 time-window
                                                            => b2 refused: NARR group-failed
        pvp c1 ALFA BRAVO 1.00 CNY from 10:00 with c2 BRAVO ALFA 1.00 RUB from 11:00 until 12:00 => c1 queued: not before 11:00
                                                            => c2 queued: not before 11:00
        time 10:00                                          => nothing
        show c1                                             => c1 waits: not before 11:00
        time 11:00                                          => nothing
        show c1                                             => c1 waits: 1.00 short
        time 12:00                                          => c1 ended: TM01 latest-time
                                                            => c2 ended: NARR group-failed
    "#]]);
}

/// A group for a later day joins all its queues when the day starts.
/// Source: contract part 1, value date.
#[test]
fn r7_8_a_future_dated_group_joins_its_queues_together() {
    rule(expect![[r#"
        fund ALFA 1.00 CNY                                  => 1.00 CNY issued to ALFA
        fund BRAVO 1.00 RUB                                 => 1.00 RUB issued to BRAVO
        pvp a1 ALFA BRAVO 1.00 CNY on 2026-11-24 with a2 BRAVO ALFA 1.00 RUB on 2026-11-24 => a1 queued: until 2026-11-24
                                                            => a2 queued: until 2026-11-24
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-24                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
                                                            => a1 settled from the queue
                                                            => a2 settled from the queue
    "#]]);
}

/// A leg is not moved, parked or raised alone; withdrawing it withdraws the group.
/// Source: rules 5, all or nothing.
#[test]
fn r7_9_a_leg_is_not_changed_alone() {
    rule(expect![[r#"
        pvp a1 ALFA BRAVO 1.00 CNY with a2 BRAVO ALFA 1.00 RUB => a1 queued: 1.00 short
                                                            => a2 queued: another leg first
        park a1                                             => refused: NARR in-group (see a1)
        raise a1                                            => refused: NARR in-group (see a1)
        first a1                                            => refused: NARR in-group (see a1)
        cancel a2                                           => a1 ended: NARR group-failed
                                                            => a2 ended: CUST withdrawn
    "#]]);
}

/// Suspending a party of one leg sets the whole group aside; it comes back as a whole.
/// Source: rules 5 and suspension.
#[test]
fn r7_10_a_suspension_sets_the_whole_group_aside() {
    rule(expect![[r#"
        fund ALFA 1.00 CNY                                  => 1.00 CNY issued to ALFA
        pvp a1 ALFA BRAVO 1.00 CNY with a2 BRAVO ALFA 1.00 RUB => a1 queued: another leg first
                                                            => a2 queued: 1.00 short
        suspend BRAVO RUB                                   => BRAVO suspended in RUB
                                                            => a1 set aside
                                                            => a2 set aside
        fund BRAVO 1.00 RUB                                 => 1.00 RUB issued to BRAVO
        show a1                                             => a1 waits: a party is suspended
        reactivate BRAVO RUB                                => BRAVO reactivated in RUB
                                                            => a1 moved
                                                            => a2 moved
                                                            => a1 settled from the queue
                                                            => a2 settled from the queue
    "#]]);
}

/// A rate is used when both authorities have approved it; silence blocks that pair and that pair only.
/// Source: rules 2, AFAQ phases.
#[test]
fn r7_11_a_pair_opens_when_both_authorities_approve() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund FOXTROT 2000.00 RUB                            => 2000.00 RUB issued to FOXTROT
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        rate CNY/KZT 70                                     => CNY/KZT waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 refused: AM03 rate-not-approved
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c2 ALFA CHARLIE 10.00 CNY to RUB            => c2 settled
                                                            => c2's other leg settled
        convert c3 ALFA ECHO 10.00 CNY to KZT               => c3 refused: AM03 rate-not-approved
        show balances                                       => ALFA 90.00 CNY
                                                            => CHARLIE 115.00 RUB
                                                            => FOXTROT 10.00 CNY
                                                            => FOXTROT 1885.00 RUB
    "#]]);
}

/// Only the two authorities of a pair decide, on the rate they saw; one may decline and blocks it.
/// Source: rules 2 and 5.
#[test]
fn r7_12_only_the_pairs_authorities_decide() {
    rule(expect![[r#"
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by KZ.checker                   => refused: AG01 not-yours
        agree CNY/RUB 11.50 by CN.maker                     => refused: AG01 actor-not-authorised
        agree CNY/RUB 11.60 by CN.checker                   => refused: AB04 rate-mismatch
        agree CNY/KZT 70 by CN.checker                      => refused: AM03 rate-not-approved
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        disagree CNY/RUB 11.50 by RU.checker                => CNY/RUB blocked
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 refused: AM03 rate-not-approved
    "#]]);
}

/// A new rate replaces the one before and needs both approvals again.
/// Source: rules 5.
#[test]
fn r7_13_a_new_rate_needs_approval_again() {
    rule(expect![[r#"
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        rate CNY/RUB 11.60                                  => CNY/RUB blocked
                                                            => CNY/RUB waits for approval
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 refused: AM03 rate-not-approved
    "#]]);
}

/// A rate is valid until its end, and not before its beginning.
/// Source: rules 5, every rate has a validity.
#[test]
fn r7_14_a_rate_lapses() {
    rule(expect![[r#"
        rate CNY/RUB 11.50 from 10:00 until 11:00           => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 refused: AM03 rate-not-approved
        time 10:00                                          => nothing
        convert c2 ALFA CHARLIE 10.00 CNY to RUB            => c2 queued: 10.00 short
                                                            => c2's other leg queued: another leg first
        time 11:00                                          => CNY/RUB blocked
        convert c3 ALFA CHARLIE 10.00 CNY to RUB            => c3 refused: AM03 rate-not-approved
    "#]]);
}

/// A change beyond the gate is held until two people of an authority release it: sources contain jumps of 66 per cent,
/// some real, some plainly wrong.
/// Source: rules 5, deviation gate.
#[test]
fn r7_15_a_jump_of_the_rate_needs_release() {
    rule(expect![[r#"
        rate CNY/RUB 10.00                                  => CNY/RUB waits for approval
        agree CNY/RUB 10.00 by CN.checker                   => done
        agree CNY/RUB 10.00 by RU.checker                   => CNY/RUB open
        rate CNY/RUB 16.60                                  => CNY/RUB blocked
                                                            => CNY/RUB waits for approval, held by the gate
        agree CNY/RUB 16.60 by CN.checker                   => refused: AM02 rate-gate (gate 1000 bp, change 6600 bp)
        release CNY/RUB by CN.maker                         => refused: AG01 four-eyes
        release CNY/RUB                                     => done
        release CNY/RUB                                     => approved, but refused: AM03 rate-not-approved
        agree CNY/RUB 16.60 by CN.checker                   => done
        agree CNY/RUB 16.60 by RU.checker                   => CNY/RUB open
    "#]]);
}

/// A change of exactly the gate passes; one basis point more does not. Falls count like rises.
/// Source: rules 5, deviation gate.
#[test]
fn r7_16_a_change_up_to_the_gate_passes() {
    rule(expect![[r#"
        rate CNY/RUB 10.00                                  => CNY/RUB waits for approval
        agree CNY/RUB 10.00 by CN.checker                   => done
        agree CNY/RUB 10.00 by RU.checker                   => CNY/RUB open
        rate CNY/RUB 11.00                                  => CNY/RUB blocked
                                                            => CNY/RUB waits for approval
        rate CNY/RUB 11.001                                 => CNY/RUB blocked
                                                            => CNY/RUB waits for approval, held by the gate
        rate CNY/RUB 9.00                                   => CNY/RUB blocked
                                                            => CNY/RUB waits for approval
        rate CNY/RUB 8.999                                  => CNY/RUB blocked
                                                            => CNY/RUB waits for approval, held by the gate
    "#]]);
}

/// A rate comes in its phase, for a known pair, with a source, a value and a validity ahead, from a party of the pair or the operator.
/// Source: rules 5.
#[test]
fn r7_17_a_rate_names_its_source_and_a_validity() {
    rule(expect![[r#"
        rate CNY/RUB 11.50 source nobody                    => refused: FF01 out-of-range
        rate CNY/RUB 0                                      => refused: FF01 out-of-range
        rate RUB/KZT 6                                      => refused: AM03 pair-unknown
        rate CNY/RUB 11.50 from 12:00 until 11:00           => refused: DT01 time-window
        rate CNY/RUB 11.50 until 09:00                      => refused: DT01 time-window
        rate CNY/RUB 11.50 by KZ.maker                      => refused: AG01 actor-not-authorised
        rate CNY/RUB 11.50 by ALFA                          => refused: AG01 actor-not-authorised
        rate CNY/RUB 11.50 by operator                      => CNY/RUB waits for approval
    "#]]);
}

/// When the amount debited is given, the amount credited is rounded down; the remainder is the provider's debt to the remainder account, paid in whole minor units.
/// Source: rules 5, never credit more than quoted; the remainder goes to a named account.
#[test]
fn r7_18_source_fixed_rounds_the_credit_down() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund FOXTROT 1000.00 RUB                            => 1000.00 RUB issued to FOXTROT
        rate CNY/RUB 11.4567                                => CNY/RUB waits for approval
        agree CNY/RUB 11.4567 by CN.checker                 => done
        agree CNY/RUB 11.4567 by RU.checker                 => CNY/RUB open
        convert c1 ALFA CHARLIE 0.01 CNY to RUB             => c1 settled
                                                            => c1's other leg settled
        show remainders                                     => FOXTROT owes 4567/10000 of a minor unit of RUB
        convert c2 ALFA CHARLIE 0.07 CNY to RUB             => c2 settled
                                                            => c2's other leg settled
        convert c3 ALFA CHARLIE 0.03 CNY to RUB             => c3 settled
                                                            => c3's other leg settled
                                                            => remainder 0.01 RUB from FOXTROT
        show remainders                                     => FOXTROT owes 237/10000 of a minor unit of RUB
        show balances                                       => ALFA 99.89 CNY
                                                            => CHARLIE 1.25 RUB
                                                            => FOXTROT 0.11 CNY
                                                            => FOXTROT 998.74 RUB
                                                            => REMAINDERS 0.01 RUB
    "#]]);
}

/// When the amount credited is given, the amount debited is rounded up.
/// Source: rules 5.
#[test]
fn r7_19_target_fixed_rounds_the_debit_up() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund FOXTROT 1000.00 RUB                            => 1000.00 RUB issued to FOXTROT
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert exactly c1 ALFA CHARLIE 100.00 RUB from CNY => c1 settled
                                                            => c1's other leg settled
                                                            => remainder 0.05 RUB from FOXTROT
        show remainders                                     => nothing
        show balances                                       => ALFA 91.30 CNY
                                                            => CHARLIE 100.00 RUB
                                                            => FOXTROT 8.70 CNY
                                                            => FOXTROT 899.95 RUB
                                                            => REMAINDERS 0.05 RUB
    "#]]);
}

/// SGD 1,000 at 25 is THB 25,000, to the satang.
/// Source: Nexus guide, worked example.
#[test]
fn r7_20_nexus_example() {
    rule(expect![[r#"
        with currency SGD 2
        with currency THB 2
        with pair SGD/THB
        fund ALFA 1000.00 SGD                               => 1000.00 SGD issued to ALFA
        fund FOXTROT 25000.00 THB                           => 25000.00 THB issued to FOXTROT
        rate SGD/THB 25                                     => SGD/THB waits for approval
        agree SGD/THB 25 by CN.checker                      => done
        agree SGD/THB 25 by RU.checker                      => SGD/THB open
        convert c1 ALFA BRAVO 1000.00 SGD to THB            => c1 settled
                                                            => c1's other leg settled
        show balances                                       => BRAVO 25000.00 THB
                                                            => FOXTROT 1000.00 SGD
    "#]]);
}

/// GHS 450 at 4.5 a dollar is USD 100, and USD 100 at 360 is NGN 36,000.
/// Source: PAPSS, worked example.
#[test]
fn r7_21_papss_example() {
    rule(expect![[r#"
        with currency USD 2
        with currency GHS 2
        with currency NGN 2
        with pair USD/GHS
        with pair USD/NGN
        fund ALFA 450.00 GHS                                => 450.00 GHS issued to ALFA
        fund FOXTROT 100.00 USD                             => 100.00 USD issued to FOXTROT
        fund FOXTROT 36000.00 NGN                           => 36000.00 NGN issued to FOXTROT
        rate USD/GHS 4.5                                    => USD/GHS waits for approval
        agree USD/GHS 4.5 by CN.checker                     => done
        agree USD/GHS 4.5 by RU.checker                     => USD/GHS open
        rate USD/NGN 360                                    => USD/NGN waits for approval
        agree USD/NGN 360 by CN.checker                     => done
        agree USD/NGN 360 by KZ.checker                     => USD/NGN open
        convert c1 ALFA BRAVO 450.00 GHS to USD             => c1 settled
                                                            => c1's other leg settled
        convert exactly c2 BRAVO CHARLIE 36000.00 NGN from USD => c2 settled
                                                            => c2's other leg settled
        show balances                                       => CHARLIE 36000.00 NGN
                                                            => FOXTROT 100.00 USD
                                                            => FOXTROT 450.00 GHS
    "#]]);
}

/// A payment that names a rate is refused when it differs from the approved one.
/// Source: rules 5 and 6, AB04.
#[test]
fn r7_22_the_rate_relied_on_must_be_the_approved_one() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund FOXTROT 1000.00 RUB                            => 1000.00 RUB issued to FOXTROT
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c1 ALFA CHARLIE 1.00 CNY to RUB at 11.51    => c1 refused: AB04 rate-mismatch
        convert c2 ALFA CHARLIE 1.00 CNY to RUB at 11.50    => c2 settled
                                                            => c2's other leg settled
    "#]]);
}

/// A conversion waits when the sender or the provider has not the money; both legs go together.
/// Source: rules 5, payment versus payment.
#[test]
fn r7_23_a_conversion_waits_for_sender_and_provider() {
    rule(expect![[r#"
        fund ALFA 1.00 CNY                                  => 1.00 CNY issued to ALFA
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c1 ALFA CHARLIE 1.00 CNY to RUB             => c1 queued: another leg first
                                                            => c1's other leg queued: 11.50 short
        show balances                                       => ALFA 1.00 CNY
        fund FOXTROT 11.50 RUB                              => 11.50 RUB issued to FOXTROT
                                                            => c1 settled from the queue
                                                            => c1's other leg settled from the queue
    "#]]);
}

/// A conversion is for today, because its rate is today's: it takes no later date, and ends with the day.
/// Source: rules 5.
#[test]
fn r7_24_a_conversion_never_stays_overnight() {
    rule(expect![[r#"
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c1 ALFA CHARLIE 1.00 CNY to RUB on 2026-11-24 => c1 refused: DT01 value-date (2026-11-24 on 2026-11-23)
                                                            => c1's other leg refused: DT01 value-date (2026-11-24 on 2026-11-23)
        convert c2 ALFA CHARLIE 1.00 CNY to RUB             => c2 queued: 1.00 short
                                                            => c2's other leg queued: another leg first
        run to positions                                    => offset begins
                                                            => 0 of 2 settled
                                                            => positions begins
                                                            => c2 ended: AM04 unfunded-at-close (1.00 short)
                                                            => c2's other leg ended: NARR group-failed
                                                            => cycle 1 cut
    "#]]);
}

/// A stop, a suspension or a closed phase comes before a missing rate, a missing rate before a missing pair.
/// Source: precedence of reasons.
#[test]
fn r7_25_of_several_reasons_against_a_conversion_the_first_is_given() {
    rule(expect![[r#"
        convert c1 ALFA CHARLIE 1.00 CNY to RUB             => c1 refused: AM03 rate-not-approved
        suspend CHARLIE RUB                                 => CHARLIE suspended in RUB
        convert c2 ALFA CHARLIE 1.00 CNY to RUB             => c2 refused: AC06 creditor-suspended
        stop RUB                                            => RUB stopped
        convert c3 ALFA CHARLIE 1.00 CNY to RUB             => c3 refused: AM03 currency-stopped
        convert c4 ALFA CHARLIE 1.00 KZT to RUB             => c4 refused: AM03 currency-stopped
        convert c5 ALFA CHARLIE 1.00 CNY to CNY             => c5 refused: AM03 pair-unknown
    "#]]);
}

/// A pair names two currencies once, and a provider that has accounts in both.
/// Source: rules 5, standing dealer.
#[test]
fn r7_26_a_pair_has_a_provider_with_both_accounts() {
    rule(expect![[r#"
        pair CNY/CNY gate 10                                => approved, but refused: AM03 pair-unknown
        pair RUB/CNY gate 10                                => approved, but refused: AM05 exists
        pair RUB/KZT gate 10 through GOLF                   => approved, but refused: NOOR unknown
        pair RUB/XXX gate 10                                => approved, but refused: AM03 pair-unknown
        pair RUB/KZT gate 10                                => done
    "#]]);
}
