//! 14. Offsetting rules of a currency, and plans.

use expect_test::expect;

use crate::story::rule;

/// A currency may offset on every change: a circle closes with its last payment, without a run.
/// Source: contract, policies and schedules per currency.
#[test]
fn r14_1_a_currency_may_offset_on_every_change() {
    rule(expect![[r#"
        offset CNY every                                    => done
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO CHARLIE 70.00 CNY                      => p2 queued: 70.00 short
        pay p3 CHARLIE ALFA 70.00 CNY                       => p3 queued: 70.00 short
                                                            => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 210.00, now 0.00
        pay p4 ALFA BRAVO 70.00 RUB                         => p4 queued: 70.00 short
        pay p5 BRAVO ALFA 70.00 RUB                         => p5 queued: 70.00 short
        clear RUB                                           => p4 settled by offset
                                                            => p5 settled by offset
                                                            => 2 of 2 settled
                                                            => RUB waiting 140.00, now 0.00
    "#]]);
}

/// Money that comes in is a change too: it may complete what several queues need together.
/// Source: contract, every change.
#[test]
fn r14_2_funding_is_a_change() {
    rule(expect![[r#"
        offset CNY every                                    => done
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO CHARLIE 60.00 CNY                      => p2 queued: 60.00 short
        pay p3 CHARLIE ALFA 50.00 CNY                       => p3 queued: 50.00 short
        fund CHARLIE 5.00 CNY                               => 5.00 CNY issued to CHARLIE
        fund ALFA 20.00 CNY                                 => 20.00 CNY issued to ALFA
                                                            => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 180.00, now 0.00
        show balances                                       => BRAVO 10.00 CNY
                                                            => CHARLIE 15.00 CNY
    "#]]);
}

/// A higher limit and a withdrawn payment are changes as well.
/// Source: contract, every change.
#[test]
fn r14_3_a_limit_and_a_withdrawal_are_changes() {
    rule(expect![[r#"
        offset CNY every                                    => done
        limit ALFA bilateral BRAVO 10.00 CNY                => done
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO CHARLIE 70.00 CNY                      => p2 queued: 70.00 short
        pay p3 CHARLIE ALFA 70.00 CNY                       => p3 queued: 70.00 short
        limit ALFA bilateral BRAVO 70.00 CNY                => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 210.00, now 0.00
        pay q0 ALFA CHARLIE 500.00 CNY                      => q0 queued: 500.00 short
        pay q1 ALFA BRAVO 5.00 CNY                          => q1 queued: behind q0
        pay q2 BRAVO ALFA 5.00 CNY                          => q2 queued: 5.00 short
        cancel q0                                           => q0 ended: CUST withdrawn
                                                            => q1 settled by offset
                                                            => q2 settled by offset
                                                            => 2 of 2 settled
                                                            => CNY waiting 10.00, now 0.00
        show balances                                       => nothing
    "#]]);
}

/// The general rule of the arrangement holds where a currency has none of its own, and again when its own is taken away.
/// Source: contract, policies per currency.
#[test]
fn r14_4_a_currency_s_own_rule_goes_before_the_general_one() {
    rule(expect![[r#"
        with offset-on-arrival
        offset CNY nothing                                  => done
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 70.00 CNY                         => p2 queued: 70.00 short
        offset CNY general                                  => done
        pay p3 ALFA BRAVO 70.00 CNY                         => p3 queued: behind p1
                                                            => p1 settled by bilateral offset
                                                            => p2 settled by bilateral offset
        offset XXX every                                    => approved, but refused: NOOR unknown
    "#]]);
}

/// A plan names waiting payments that settle in one step. It needs no money where they cover each other.
/// Source: contract, a plan is proved again before it is booked.
#[test]
fn r14_5_a_plan_settles_in_one_step() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO CHARLIE 70.00 CNY                      => p2 queued: 70.00 short
        pay p3 CHARLIE ALFA 70.00 CNY                       => p3 queued: 70.00 short
        pay p4 CHARLIE ALFA 1.00 CNY                        => p4 queued: behind p3
        plan p1 p2 p3                                       => p1 settled by plan
                                                            => p2 settled by plan
                                                            => p3 settled by plan
                                                            => 3 of 3 settled
                                                            => CNY waiting 210.00, now 0.00
        show queue                                          => CHARLIE p4 1.00 CNY, position -1.00: 1.00 short
    "#]]);
}

/// A plan that would take a balance below its limit is refused as a whole.
/// Source: contract, the ledger verifies.
#[test]
fn r14_6_a_plan_without_cover_is_refused() {
    rule(expect![[r#"
        fund ALFA 9.00 CNY                                  => 9.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 61.00 short
        pay p2 BRAVO ALFA 60.00 CNY                         => p2 queued: 60.00 short
        plan p1 p2                                          => refused: AM04 plan-not-feasible (see p1)
        fund ALFA 1.00 CNY                                  => 1.00 CNY issued to ALFA
        plan p1 p2                                          => p1 settled by plan
                                                            => p2 settled by plan
                                                            => 2 of 2 settled
                                                            => CNY waiting 130.00, now 0.00
    "#]]);
}

/// Limits hold after a plan as after any payment.
/// Source: contract, the ledger verifies.
#[test]
fn r14_7_a_plan_keeps_within_limits() {
    rule(expect![[r#"
        limit ALFA bilateral BRAVO 10.00 CNY                => done
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: bilateral limit 10.00 passed by 60.00
        pay p2 ALFA CHARLIE 5.00 CNY                        => p2 queued: behind p1
        plan p1 p2                                          => refused: AM04 plan-not-feasible (see p1)
        limit ALFA bilateral BRAVO none CNY                 => p1 settled from the queue
                                                            => p2 settled from the queue
        show balances                                       => ALFA 25.00 CNY
                                                            => BRAVO 70.00 CNY
                                                            => CHARLIE 5.00 CNY
    "#]]);
}

/// Nothing passes an earlier payment of the same queue, in a plan either.
/// Source: rules 1, policy fifo-prefix.
#[test]
fn r14_8_a_plan_respects_the_order_of_every_queue() {
    rule(expect![[r#"
        pay p1 ALFA CHARLIE 500.00 CNY                      => p1 queued: 500.00 short
        pay p2 ALFA BRAVO 70.00 CNY                         => p2 queued: behind p1
        pay p3 BRAVO ALFA 70.00 CNY                         => p3 queued: 70.00 short
        plan p2 p3                                          => refused: NARR plan-out-of-turn (see p1)
        offset CNY nothing free                             => done
        plan p2 p3                                          => refused: NARR plan-out-of-turn (see p1)
    "#]]);
}

/// Where the currency's rule and the bank itself allow it, a plan passes over what cannot go.
/// Source: rules 1, policy free-subset: the participant opts in.
#[test]
fn r14_9_a_bank_may_let_its_queue_be_settled_out_of_order() {
    rule(expect![[r#"
        offset CNY nothing free                             => done
        bypass ALFA CNY yes                                 => done
        pay p1 ALFA CHARLIE 500.00 CNY                      => p1 queued: 500.00 short
        pay p2 ALFA BRAVO 70.00 CNY                         => p2 queued: behind p1
        pay p3 BRAVO ALFA 70.00 CNY                         => p3 queued: 70.00 short
        clear                                               => 0 of 3 settled
        plan p2 p3                                          => p2 settled by plan
                                                            => p3 settled by plan
                                                            => 2 of 2 settled
                                                            => CNY waiting 140.00, now 0.00
        show p1                                             => p1 waits: 500.00 short
        bypass ALFA CNY no                                  => done
        pay p4 ALFA BRAVO 70.00 CNY                         => p4 queued: behind p1
        pay p5 BRAVO ALFA 70.00 CNY                         => p5 queued: 70.00 short
        plan p4 p5                                          => refused: NARR plan-out-of-turn (see p1)
    "#]]);
}

/// A bank's consent means nothing in a currency whose rule keeps the order.
/// Source: contract, policies are data of the arrangement.
#[test]
fn r14_10_consent_alone_does_not_change_the_rule() {
    rule(expect![[r#"
        bypass ALFA CNY yes                                 => done
        pay p1 ALFA CHARLIE 500.00 CNY                      => p1 queued: 500.00 short
        pay p2 ALFA BRAVO 70.00 CNY                         => p2 queued: behind p1
        pay p3 BRAVO ALFA 70.00 CNY                         => p3 queued: 70.00 short
        plan p2 p3                                          => refused: NARR plan-out-of-turn (see p1)
    "#]]);
}

/// Payments decided together are in a plan with every leg, or not at all.
/// Source: design, n-leg PvP is all or nothing.
#[test]
fn r14_11_a_plan_has_all_legs_of_a_group() {
    rule(expect![[r#"
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 queued: 10.00 short
                                                            => a2 queued: another leg first
        pay p1 BRAVO ALFA 10.00 CNY                         => p1 queued: 10.00 short
        pay p2 ALFA BRAVO 120.00 RUB                        => p2 queued: 120.00 short
        plan a1 p1                                          => refused: NARR in-group (see a1)
        plan a1 a2 p1 p2                                    => a1 settled by plan
                                                            => p2 settled by plan
                                                            => p1 settled by plan
                                                            => a2 settled by plan
                                                            => 4 of 4 settled
                                                            => CNY waiting 20.00, now 0.00
                                                            => RUB waiting 240.00, now 0.00
    "#]]);
}

/// What does not wait cannot be planned: settled, parked or unknown payments, each once and in order.
/// Source: contract, precise refusals.
#[test]
fn r14_12_a_plan_names_payments_that_wait() {
    rule(expect![[r#"
        fund ALFA 5.00 CNY                                  => 5.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 settled
        pay p2 ALFA BRAVO 70.00 CNY                         => p2 queued: 70.00 short
        pay p3 BRAVO ALFA 70.00 CNY                         => p3 queued: 65.00 short
        plan p1                                             => refused: ARDT not-waiting (see p1)
        plan p9                                             => refused: NOOR unknown
        plan                                                => refused: FF01 out-of-range
        plan p3 p2                                          => refused: FF01 out-of-range
        plan p2 p2                                          => refused: FF01 out-of-range
        park p2                                             => p2 parked
        plan p2 p3                                          => refused: ARDT not-waiting (see p2)
        activate p2                                         => p2 in the queue
        plan p2 p3                                          => p2 settled by plan
                                                            => p3 settled by plan
                                                            => 2 of 2 settled
                                                            => CNY waiting 140.00, now 0.00
    "#]]);
}

/// A plan leaves alone what an authority has stopped.
/// Source: design, each authority rules its own currency.
#[test]
fn r14_13_a_plan_respects_stops_and_phases() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 70.00 CNY                         => p2 queued: 70.00 short
        stop CNY                                            => CNY stopped
        plan p1 p2                                          => refused: AM03 currency-stopped
        start CNY                                           => CNY started
        suspend BRAVO CNY                                   => BRAVO suspended in CNY
                                                            => p1 set aside
                                                            => p2 set aside
        plan p1 p2                                          => refused: ARDT not-waiting (see p1)
        reactivate BRAVO CNY                                => BRAVO reactivated in CNY
                                                            => p1 in the queue
                                                            => p2 in the queue
        run to positions                                    => offset begins
                                                            => p1 settled by offset
                                                            => p2 settled by offset
                                                            => 2 of 2 settled
                                                            => CNY waiting 140.00, now 0.00
                                                            => positions begins
                                                            => cycle 1 cut
        plan p1 p2                                          => refused: TM01 phase-closed
    "#]]);
}

/// Only the operator's timer, or two of its people, may bring a plan; only the bank itself may give its consent.
/// Source: rules 7: manual netting run.
#[test]
fn r14_14_who_brings_a_plan() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 70.00 CNY                         => p2 queued: 70.00 short
        plan p1 p2 by ALFA                                  => refused: AG01 actor-not-authorised
        plan p1 p2 by operator                              => refused: AG01 four-eyes
        bypass ALFA CNY yes by BRAVO.maker                  => refused: AG01 actor-not-authorised
        bypass ALFA CNY yes by ALFA.maker                   => refused: AG01 four-eyes
        propose run: plan p1 p2 by operator                 => waits for approval
        approve run by manager                              => p1 settled by plan
                                                            => p2 settled by plan
                                                            => 2 of 2 settled
                                                            => CNY waiting 140.00, now 0.00
    "#]]);
}

/// Money kept for urgent payments is not there for others.
/// Source: rules 1, two priorities; reservations per priority.
#[test]
fn r14_15_a_reserve_is_for_urgent_payments() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA reserve 40.00 CNY                        => done
        pay p1 ALFA BRAVO 60.00 CNY                         => p1 settled
        pay p2 ALFA BRAVO 10.00 CNY                         => p2 queued: 10.00 short beside 40.00 kept for urgent payments
        pay p3 ALFA BRAVO 35.00 CNY urgent                  => p3 settled
        show balances                                       => ALFA 5.00 CNY
                                                            => BRAVO 95.00 CNY
        limit ALFA reserve none CNY                         => done
        fund ALFA 5.00 CNY                                  => 5.00 CNY issued to ALFA
                                                            => p2 settled from the queue
    "#]]);
}

/// A run takes normal payments only as far as the reserve is left afterwards.
/// Source: rules 1; the greatest feasible set, with reserves.
#[test]
fn r14_16_a_run_leaves_the_reserve() {
    rule(expect![[r#"
        fund ALFA 20.00 CNY                                 => 20.00 CNY issued to ALFA
        limit ALFA reserve 20.00 CNY                        => done
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 50.00 short
        pay p2 BRAVO ALFA 60.00 CNY                         => p2 queued: 60.00 short
        clear                                               => 0 of 2 settled
        raise p1                                            => p1 in the queue
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => 2 of 2 settled
                                                            => CNY waiting 130.00, now 0.00
        show balances                                       => ALFA 10.00 CNY
                                                            => BRAVO 10.00 CNY
    "#]]);
}

/// A group with one normal leg of an account leaves that account's reserve alone; an urgent one may use it.
/// Source: rules 1; reservations per priority.
#[test]
fn r14_17_a_group_respects_the_reserve() {
    rule(expect![[r#"
        fund ALFA 20.00 CNY                                 => 20.00 CNY issued to ALFA
        fund BRAVO 120.00 RUB                               => 120.00 RUB issued to BRAVO
        limit ALFA reserve 15.00 CNY                        => done
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 60.00 RUB => a1 queued: 5.00 short beside 15.00 kept for urgent payments
                                                            => a2 queued: another leg first
        pvp b1 ALFA BRAVO 10.00 CNY urgent with b2 BRAVO ALFA 60.00 RUB urgent => b1 settled
                                                            => b2 settled
        show balances                                       => ALFA 10.00 CNY
                                                            => ALFA 60.00 RUB
                                                            => BRAVO 10.00 CNY
                                                            => BRAVO 60.00 RUB
    "#]]);
}

/// A hold is no way around the reserve: what is kept for urgent payments cannot be set aside.
/// Source: ours.
#[test]
fn r14_18_a_hold_leaves_the_reserve() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA reserve 80.00 CNY                        => done
        hold h1 ALFA 30.00 CNY                              => refused: AM04 insufficient-funds (limit 20.00, asked 30.00)
        hold h2 ALFA 20.00 CNY                              => h2 holds 20.00 CNY of ALFA
    "#]]);
}
