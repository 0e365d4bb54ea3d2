//! 1. The queue and gross settlement.

use expect_test::expect;

use crate::story::rule;

/// A payment settles at once when its account has the money.
/// Source: gross settlement, one by one and final (CPMI-IOSCO principle 8).
#[test]
fn r1_1_a_covered_payment_settles_at_once() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 settled
        show balances                                       => ALFA 30.00 CNY
                                                            => BRAVO 70.00 CNY
    "#]]);
}

/// A payment the account cannot cover waits, and the answer says how much is missing.
/// Source: Project Ubin phase 2, queue; principle 7 of the design.
#[test]
fn r1_2_a_payment_without_cover_waits_and_says_how_much_is_short() {
    rule(expect![[r#"
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 70.00 short
        show balances                                       => ALFA 30.00 CNY
    "#]]);
}

/// A new normal payment goes behind any active one of the same account, even when there is money for it.
/// Source: Project Ubin phase 2, queue.
#[test]
fn r1_3_a_new_normal_payment_goes_behind_an_active_one() {
    rule(expect![[r#"
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 70.00 short
        pay p2 ALFA BRAVO 10.00 CNY                         => p2 queued: behind p1
        show queue                                          => ALFA p1 100.00 CNY, position -70.00: 70.00 short
                                                            => ALFA p2 10.00 CNY, position -80.00: behind p1
    "#]]);
}

/// An urgent payment settles at once when no urgent one waits in front of it.
/// Source: Project Ubin phase 2, priorities.
#[test]
fn r1_4_a_lone_urgent_payment_passes_a_normal_one() {
    rule(expect![[r#"
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 70.00 short
        pay p2 ALFA BRAVO 10.00 CNY urgent                  => p2 settled
        show p1                                             => p1 waits: 80.00 short
    "#]]);
}

/// An urgent payment goes behind an urgent one that waits.
/// Source: Project Ubin phase 2, priorities.
#[test]
fn r1_5_an_urgent_payment_goes_behind_an_urgent_one() {
    rule(expect![[r#"
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY urgent                 => p1 queued: 70.00 short
        pay p2 ALFA BRAVO 10.00 CNY urgent                  => p2 queued: behind p1
    "#]]);
}

/// Money coming in releases what it covers, first in, first out, and nothing behind what it does not cover.
/// Source: Project Ubin phase 2, queue.
#[test]
fn r1_6_money_coming_in_releases_the_queue_first_in_first_out() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        pay p2 ALFA BRAVO 80.00 CNY                         => p2 queued: behind p1
        pay p3 ALFA BRAVO 10.00 CNY                         => p3 queued: behind p1
        fund ALFA 70.00 CNY                                 => 70.00 CNY issued to ALFA
                                                            => p1 settled from the queue
        fund ALFA 80.00 CNY                                 => 80.00 CNY issued to ALFA
                                                            => p2 settled from the queue
                                                            => p3 settled from the queue
    "#]]);
}

/// A payment that is released may release its receiver's queue in turn.
/// Source: Project Ubin phase 2, queue.
#[test]
fn r1_7_a_release_goes_on_through_the_banks_it_pays() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        pay p2 BRAVO CHARLIE 50.00 CNY                      => p2 queued: 50.00 short
        pay p3 CHARLIE DELTA 50.00 CNY                      => p3 queued: 50.00 short
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
                                                            => p1 settled from the queue
                                                            => p2 settled from the queue
                                                            => p3 settled from the queue
        show balances                                       => DELTA 50.00 CNY
    "#]]);
}

/// The queue position is the balance, plus everything queued towards the account, less everything queued up to and including the payment; what is parked does not count.
/// Source: Project Ubin phase 2, table of queue positions: -50, -75, -85; with the second on hold -50, -50, -60. A parked payment has no position of its own; the table repeats the one before it.
#[test]
fn r1_8_the_queue_position_counts_active_payments_only() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 150.00 CNY                        => p1 queued: 50.00 short
        pay p2 ALFA BRAVO 25.00 CNY                         => p2 queued: behind p1
        pay p3 ALFA BRAVO 10.00 CNY                         => p3 queued: behind p1
        show queue                                          => ALFA p1 150.00 CNY, position -50.00: 50.00 short
                                                            => ALFA p2 25.00 CNY, position -75.00: behind p1
                                                            => ALFA p3 10.00 CNY, position -85.00: behind p1
        park p2                                             => p2 parked
        show queue                                          => ALFA p1 150.00 CNY, position -50.00: 50.00 short
                                                            => ALFA p3 10.00 CNY, position -60.00: behind p1
                                                            => ALFA p2 25.00 CNY: parked
    "#]]);
}

/// Payments queued towards the account raise its positions.
/// Source: Project Ubin phase 2, queue positions.
#[test]
fn r1_9_incoming_payments_in_the_queue_raise_the_position() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 150.00 CNY                        => p1 queued: 50.00 short
        pay p2 BRAVO ALFA 30.00 CNY                         => p2 queued: 30.00 short
        show queue                                          => ALFA p1 150.00 CNY, position -20.00: 50.00 short
                                                            => BRAVO p2 30.00 CNY, position 120.00: 30.00 short
    "#]]);
}

/// A parked payment is out of consideration: what stood behind it may go.
/// Source: Project Ubin phase 2, hold.
#[test]
fn r1_10_a_parked_payment_lets_the_next_one_go() {
    rule(expect![[r#"
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 70.00 short
        pay p2 ALFA BRAVO 10.00 CNY                         => p2 queued: behind p1
        park p1                                             => p1 parked
                                                            => p2 settled from the queue
    "#]]);
}

/// An activated payment comes back to its old place, in front of later ones.
/// Source: Project Ubin phase 2, activate.
#[test]
fn r1_11_an_activated_payment_comes_back_to_its_old_place() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 100.00 short
        pay p2 ALFA BRAVO 90.00 CNY                         => p2 queued: behind p1
        park p1                                             => p1 parked
        show queue                                          => ALFA p2 90.00 CNY, position -90.00: 90.00 short
                                                            => ALFA p1 100.00 CNY: parked
        activate p1                                         => p1 in the queue
        show queue                                          => ALFA p1 100.00 CNY, position -100.00: 100.00 short
                                                            => ALFA p2 90.00 CNY, position -190.00: behind p1
    "#]]);
}

/// A payment raised to urgent stands among the urgent by its entry: an older one goes in front.
/// Source: Project Ubin phase 2, change of priority.
#[test]
fn r1_12_raising_to_urgent_sorts_by_entry_among_the_urgent() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 100.00 short
        pay p2 ALFA BRAVO 90.00 CNY urgent                  => p2 queued: 90.00 short
        pay p3 ALFA BRAVO 80.00 CNY                         => p3 queued: behind p2
        raise p3                                            => p3 in the queue
        raise p1                                            => p1 in the queue
        show queue                                          => ALFA p1 100.00 CNY, position -100.00: 100.00 short
                                                            => ALFA p2 90.00 CNY, position -190.00: behind p1
                                                            => ALFA p3 80.00 CNY, position -270.00: behind p1
    "#]]);
}

/// Changing the priority forgets an earlier move: the entry counts.
/// Source: Project Ubin phase 2, change of priority.
#[test]
fn r1_13_a_moved_payment_that_is_raised_sorts_by_entry_again() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 100.00 CNY urgent                 => p1 queued: 100.00 short
        pay p2 ALFA BRAVO 90.00 CNY                         => p2 queued: behind p1
        pay p3 ALFA BRAVO 80.00 CNY                         => p3 queued: behind p1
        first p3                                            => p3 in the queue
        raise p3                                            => p3 in the queue
        raise p2                                            => p2 in the queue
        show queue                                          => ALFA p1 100.00 CNY, position -100.00: 100.00 short
                                                            => ALFA p2 90.00 CNY, position -190.00: behind p1
                                                            => ALFA p3 80.00 CNY, position -270.00: behind p1
    "#]]);
}

/// A payment lowered to normal goes behind the urgent ones.
/// Source: Project Ubin phase 2, change of priority.
#[test]
fn r1_14_lowering_lets_the_others_go_first() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY urgent                 => p1 queued: 50.00 short
        pay p2 ALFA BRAVO 50.00 CNY urgent                  => p2 queued: behind p1
        lower p1                                            => p1 in the queue
                                                            => p2 settled from the queue
    "#]]);
}

/// A bank may put a payment first or last within its priority.
/// Source: rules 1, participant control.
#[test]
fn r1_15_a_bank_orders_its_own_queue() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 100.00 short
        pay p2 ALFA BRAVO 90.00 CNY                         => p2 queued: behind p1
        pay p3 ALFA BRAVO 80.00 CNY                         => p3 queued: behind p1
        pay p4 ALFA BRAVO 70.00 CNY urgent                  => p4 queued: 70.00 short
        first p3                                            => p3 in the queue
        last p1                                             => p1 in the queue
        pay p5 ALFA BRAVO 60.00 CNY                         => p5 queued: behind p4
        show queue                                          => ALFA p4 70.00 CNY, position -70.00: 70.00 short
                                                            => ALFA p3 80.00 CNY, position -150.00: behind p4
                                                            => ALFA p2 90.00 CNY, position -240.00: behind p4
                                                            => ALFA p1 100.00 CNY, position -340.00: behind p4
                                                            => ALFA p5 60.00 CNY, position -400.00: behind p4
    "#]]);
}

/// A covered payment moved to the front settles.
/// Source: rules 1, participant control.
#[test]
fn r1_16_moving_to_the_front_releases_what_is_covered() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 50.00 short
        pay p2 ALFA BRAVO 50.00 CNY                         => p2 queued: behind p1
        first p2                                            => p2 moved
                                                            => p2 settled from the queue
    "#]]);
}

/// A payment that waits may be withdrawn by its sender; what stood behind it may go.
/// Source: rules 1, participant control.
#[test]
fn r1_17_a_withdrawn_payment_lets_the_next_one_go() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 50.00 short
        pay p2 ALFA BRAVO 50.00 CNY                         => p2 queued: behind p1
        cancel p1                                           => p1 ended: CUST withdrawn
                                                            => p2 settled from the queue
        show p1                                             => p1 ended
    "#]]);
}

/// What has settled is final: it cannot be withdrawn, parked, moved or raised.
/// Source: CPMI-IOSCO principle 8, finality.
#[test]
fn r1_18_a_settled_payment_cannot_be_changed() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        cancel p1                                           => refused: ARDT not-waiting (see p1)
        park p1                                             => refused: ARDT not-waiting (see p1)
        first p1                                            => refused: ARDT not-waiting (see p1)
        raise p1                                            => refused: ARDT not-waiting (see p1)
    "#]]);
}

/// Parking what is parked and activating what is active are refused: the bank's picture of its queue is wrong.
/// Source: ours.
#[test]
fn r1_19_a_payment_is_parked_once() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        activate p1                                         => refused: ARDT not-waiting (see p1)
        park p1                                             => p1 parked
        park p1                                             => refused: ARDT not-waiting (see p1)
    "#]]);
}

/// Only the sender may touch its waiting payment; the operator needs four eyes.
/// Source: rules 7, operator queue cancel or re-order.
#[test]
fn r1_20_only_the_sender_or_the_operator_may_touch_a_waiting_payment() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        cancel p1 by BRAVO                                  => refused: AG01 actor-not-authorised
        cancel p1 by CN.maker                               => refused: AG01 actor-not-authorised
        cancel p1 by auditor                                => refused: AG01 actor-not-authorised
        cancel p1 by operator                               => refused: AG01 four-eyes
        propose x: cancel p1 by operator                    => waits for approval
        approve x by manager                                => p1 ended: CUST withdrawn
    "#]]);
}

/// A payment with an earliest time is scheduled and takes its place in the queue, by entry, when the time comes.
/// Source: contract part 1, earliest and latest time.
#[test]
fn r1_21_a_payment_is_not_taken_before_its_earliest_time() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY from 11:00              => p1 queued: not before 11:00
        pay p2 ALFA BRAVO 60.00 CNY                         => p2 queued: 10.00 short
        time 10:59                                          => nothing
        time 11:00                                          => p1 settled from the queue
    "#]]);
}

/// A payment not settled by its latest time is ended; what stood behind it may go.
/// Source: contract part 1, earliest and latest time.
#[test]
fn r1_22_a_payment_is_ended_at_its_latest_time() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY until 11:00             => p1 queued: 40.00 short
        pay p2 ALFA BRAVO 10.00 CNY                         => p2 queued: behind p1
        time 10:59                                          => nothing
        time 11:00                                          => p1 ended: TM01 latest-time
                                                            => p2 settled from the queue
    "#]]);
}

/// The latest time must lie after the earliest and in the future.
/// Source: contract part 1.
#[test]
fn r1_23_a_latest_time_before_the_earliest_is_refused() {
    rule(expect![[r#"
        time 10:00                                          => nothing
        pay p1 ALFA BRAVO 50.00 CNY from 12:00 until 11:00  => p1 refused: DT01 time-window
        pay p2 ALFA BRAVO 50.00 CNY until 09:30             => p2 refused: DT01 time-window
        pay p3 ALFA BRAVO 50.00 CNY until 10:00             => p3 refused: DT01 time-window
    "#]]);
}

/// A payment that waits in one currency holds up nothing in another.
/// Source: one settlement account per participant and currency.
#[test]
fn r1_24_each_currency_has_its_own_queue() {
    rule(expect![[r#"
        fund ALFA 50.00 RUB                                 => 50.00 RUB issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        pay p2 ALFA BRAVO 50.00 RUB                         => p2 settled
    "#]]);
}

/// A sponsored bank pays from its sponsor's account, in its sponsor's queue.
/// Source: contract part 1, sponsored participants.
#[test]
fn r1_25_a_sponsored_bank_pays_through_its_sponsor() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 GOLF BRAVO 20.00 CNY                         => p1 settled
        pay p2 BRAVO GOLF 5.00 CNY                          => p2 settled
        show balances                                       => ALFA 35.00 CNY
                                                            => BRAVO 15.00 CNY
    "#]]);
}
