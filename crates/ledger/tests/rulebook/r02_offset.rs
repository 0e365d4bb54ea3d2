//! 2. Offsetting.

use expect_test::expect;

use crate::story::rule;

/// Payments that cover each other settle together without any money.
/// Source: Project Ubin phase 2, gridlock resolution; the greatest feasible set.
#[test]
fn r2_1_a_circle_clears_without_liquidity() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO CHARLIE 70.00 CNY                      => p2 queued: 70.00 short
        pay p3 CHARLIE ALFA 70.00 CNY                       => p3 queued: 70.00 short
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 210.00, now 0.00
        show balances                                       => nothing
    "#]]);
}

/// When two banks' queues stand against each other, a new payment is offset on arrival.
/// Source: contract part 2, bilateral offset on arrival.
#[test]
fn r2_2_two_payments_offset_on_arrival() {
    rule(expect![[r#"
        with offset-on-arrival
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 60.00 short
        pay p2 BRAVO ALFA 60.00 CNY                         => p2 queued: 60.00 short
                                                            => p2 settled by bilateral offset
                                                            => p1 settled by bilateral offset
        show balances                                       => BRAVO 10.00 CNY
    "#]]);
}

/// An arriving payment is not offset when the difference has no cover.
/// Source: contract part 2.
#[test]
fn r2_3_an_uneven_pair_waits_on_arrival() {
    rule(expect![[r#"
        with offset-on-arrival
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 80.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 60.00 CNY                         => p2 queued: 60.00 short
    "#]]);
}

/// Without the option, opposite payments wait for a run.
/// Source: contract part 2; an option of the arrangement.
#[test]
fn r2_4_offsetting_on_arrival_is_off_unless_agreed() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 70.00 CNY                         => p2 queued: 70.00 short
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => 2 of 2 settled
                                                            => CNY waiting 140.00, now 0.00
    "#]]);
}

/// A run settles a front part of each queue: nothing passes the payment in front of it.
/// Source: rules 1, policy fifo-prefix.
#[test]
fn r2_5_offsetting_respects_the_order_of_every_queue() {
    rule(expect![[r#"
        pay p1 ALFA CHARLIE 500.00 CNY                      => p1 queued: 500.00 short
        pay p2 ALFA BRAVO 70.00 CNY                         => p2 queued: behind p1
        pay p3 BRAVO ALFA 70.00 CNY                         => p3 queued: 70.00 short
        clear                                               => 0 of 3 settled
        raise p2                                            => p2 in the queue
        clear                                               => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 2 of 3 settled
                                                            => CNY waiting 640.00, now 500.00
    "#]]);
}

/// The run settles the greatest set that can settle, and that set is unique.
/// Source: rules 1: feasible sets are closed under union.
#[test]
fn r2_6_the_greatest_set_settles() {
    rule(expect![[r#"
        fund BRAVO 5.00 CNY                                 => 5.00 CNY issued to BRAVO
        fund CHARLIE 5.00 CNY                               => 5.00 CNY issued to CHARLIE
        pay p1 ALFA BRAVO 10.00 CNY                         => p1 queued: 10.00 short
        pay p2 BRAVO ALFA 10.00 CNY                         => p2 queued: 5.00 short
        pay p3 BRAVO CHARLIE 5.00 CNY                       => p3 queued: behind p2
        pay p4 CHARLIE ALFA 10.00 CNY                       => p4 queued: 5.00 short
        pay p5 ALFA CHARLIE 100.00 CNY                      => p5 queued: behind p1
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => p4 settled by offset
                                                            => 4 of 5 settled
                                                            => CNY waiting 135.00, now 100.00
        show balances                                       => ALFA 10.00 CNY
        show p5                                             => p5 waits: 90.00 short
    "#]]);
}

/// Balances count: the run pays the differences from what the banks have.
/// Source: rules 1.
#[test]
fn r2_7_money_in_the_accounts_helps() {
    rule(expect![[r#"
        fund ALFA 20.00 CNY                                 => 20.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 50.00 short
        pay p2 BRAVO CHARLIE 50.00 CNY                      => p2 queued: 50.00 short
        pay p3 CHARLIE ALFA 50.00 CNY                       => p3 queued: 50.00 short
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 170.00, now 0.00
        show balances                                       => BRAVO 20.00 CNY
    "#]]);
}

/// Money set aside in a hold is not there for offsetting.
/// Source: design, held money.
#[test]
fn r2_8_money_on_hold_does_not_help() {
    rule(expect![[r#"
        fund ALFA 20.00 CNY                                 => 20.00 CNY issued to ALFA
        hold h1 ALFA 20.00 CNY                              => h1 holds 20.00 CNY of ALFA
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO CHARLIE 50.00 CNY                      => p2 queued: 50.00 short
        pay p3 CHARLIE ALFA 50.00 CNY                       => p3 queued: 50.00 short
        clear                                               => 0 of 3 settled
        void h1                                             => h1 closed: 20.00 CNY back to ALFA
    "#]]);
}

/// A bilateral limit is measured on what the run moves between the two banks as a whole.
/// Source: rules 1, with bilateral limits.
#[test]
fn r2_9_bilateral_limits_hold_for_the_whole_step() {
    rule(expect![[r#"
        limit ALFA bilateral BRAVO 10.00 CNY                => done
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 70.00 CNY                         => p2 queued: 70.00 short
        pay p3 ALFA BRAVO 30.00 CNY                         => p3 queued: behind p1
        pay p4 BRAVO CHARLIE 30.00 CNY                      => p4 queued: behind p2
        pay p5 CHARLIE ALFA 30.00 CNY                       => p5 queued: 30.00 short
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => 2 of 5 settled
                                                            => CNY waiting 230.00, now 90.00
        show p3                                             => p3 waits: 30.00 short
        show p4                                             => p4 waits: 30.00 short
    "#]]);
}

/// A multilateral limit is measured on the net amount the run takes from the bank.
/// Source: rules 1, with multilateral limits.
#[test]
fn r2_10_multilateral_limits_hold_for_the_whole_step() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA multilateral 10.00 CNY                   => done
        pay p1 ALFA BRAVO 60.00 CNY                         => p1 queued: multilateral limit 10.00 passed by 50.00
        pay p2 CHARLIE ALFA 50.00 CNY                       => p2 queued: 50.00 short
        pay p3 BRAVO CHARLIE 50.00 CNY                      => p3 queued: 50.00 short
        clear                                               => p1 settled by offset
                                                            => p3 settled by offset
                                                            => p2 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 160.00, now 0.00
        show balances                                       => ALFA 90.00 CNY
                                                            => BRAVO 10.00 CNY
    "#]]);
}

/// A day limit is measured on the gross amount the run sends.
/// Source: contract part 1, limits per day.
#[test]
fn r2_11_day_limits_hold_for_the_whole_step() {
    rule(expect![[r#"
        limit ALFA day 60.00 CNY                            => done
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
        pay p2 ALFA BRAVO 20.00 CNY                         => p2 queued: behind p1
        pay p3 BRAVO ALFA 50.00 CNY                         => p3 queued: 50.00 short
        clear                                               => p1 settled by offset
                                                            => p3 settled by offset
                                                            => 2 of 3 settled
                                                            => CNY waiting 120.00, now 20.00
        show p2                                             => p2 waits: 20.00 short
    "#]]);
}

/// A run without a currency takes all of them, and legs of different currencies stand or fall together.
/// Source: contract part 2, all currencies at once; rules 5, payment versus payment.
#[test]
fn r2_12_all_currencies_at_once() {
    rule(expect![[r#"
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 queued: 10.00 short
                                                            => a2 queued: another leg first
        pay p1 BRAVO ALFA 10.00 CNY                         => p1 queued: 10.00 short
        pay p2 ALFA BRAVO 120.00 RUB                        => p2 queued: 120.00 short
        clear                                               => a1 settled by offset
                                                            => p2 settled by offset
                                                            => p1 settled by offset
                                                            => a2 settled by offset
                                                            => 4 of 4 settled
                                                            => CNY waiting 20.00, now 0.00
                                                            => RUB waiting 240.00, now 0.00
        show balances                                       => nothing
    "#]]);
}

/// A run of one currency cannot decide a group with a leg in another; what stands behind that leg waits too.
/// Source: rules 5, all or nothing.
#[test]
fn r2_13_a_run_of_one_currency_leaves_groups_of_two_alone() {
    rule(expect![[r#"
        fund BRAVO 120.00 RUB                               => 120.00 RUB issued to BRAVO
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 queued: 10.00 short
                                                            => a2 queued: another leg first
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 queued: behind a1
        pay p2 BRAVO ALFA 15.00 CNY                         => p2 queued: 15.00 short
        clear CNY                                           => 0 of 1 settled
        clear                                               => a1 settled by offset
                                                            => p1 settled by offset
                                                            => p2 settled by offset
                                                            => a2 settled by offset
                                                            => 4 of 4 settled
                                                            => CNY waiting 30.00, now 0.00
                                                            => RUB waiting 120.00, now 0.00
    "#]]);
}

/// When one leg cannot go, its partner and what stands behind both wait.
/// Source: rules 1, with payment-versus-payment links.
#[test]
fn r2_14_a_leg_that_cannot_go_takes_its_partner_with_it() {
    rule(expect![[r#"
        pay p0 BRAVO CHARLIE 1.00 RUB                       => p0 queued: 1.00 short
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 queued: another leg first
                                                            => a2 queued: behind p0
        pay p1 BRAVO ALFA 10.00 CNY                         => p1 queued: 10.00 short
        pay p2 ALFA BRAVO 120.00 RUB                        => p2 queued: 120.00 short
        clear                                               => 0 of 5 settled
        fund BRAVO 1.00 RUB                                 => 1.00 RUB issued to BRAVO
                                                            => p0 settled from the queue
        clear                                               => a1 settled by offset
                                                            => p2 settled by offset
                                                            => p1 settled by offset
                                                            => a2 settled by offset
                                                            => 4 of 4 settled
                                                            => CNY waiting 20.00, now 0.00
                                                            => RUB waiting 240.00, now 0.00
    "#]]);
}

/// Parked payments and payments of suspended banks take no part in a run.
/// Source: Project Ubin phase 2, hold.
#[test]
fn r2_15_parked_and_suspended_payments_take_no_part() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 70.00 CNY                         => p2 queued: 70.00 short
        park p1                                             => p1 parked
        clear                                               => 0 of 1 settled
        activate p1                                         => p1 in the queue
        suspend BRAVO CNY                                   => BRAVO suspended in CNY
                                                            => p1 set aside
                                                            => p2 set aside
        clear                                               => 0 of 0 settled
        reactivate BRAVO CNY                                => BRAVO reactivated in CNY
                                                            => p1 in the queue
                                                            => p2 in the queue
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => 2 of 2 settled
                                                            => CNY waiting 140.00, now 0.00
    "#]]);
}

/// A stopped currency takes no part in a run.
/// Source: design, each authority rules its own currency.
#[test]
fn r2_16_a_stopped_currency_takes_no_part() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO ALFA 70.00 CNY                         => p2 queued: 70.00 short
        pay p3 ALFA BRAVO 70.00 RUB                         => p3 queued: 70.00 short
        pay p4 BRAVO ALFA 70.00 RUB                         => p4 queued: 70.00 short
        stop CNY                                            => CNY stopped
        clear                                               => p3 settled by offset
                                                            => p4 settled by offset
                                                            => 2 of 2 settled
                                                            => RUB waiting 140.00, now 0.00
        start CNY                                           => CNY started
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => 2 of 2 settled
                                                            => CNY waiting 140.00, now 0.00
    "#]]);
}

/// A run is refused in a phase that does not settle.
/// Source: design, nothing settles outside its phase.
#[test]
fn r2_17_nothing_is_offset_outside_a_settling_phase() {
    rule(expect![[r#"
        with start rates
        clear                                               => refused: TM01 phase-closed
    "#]]);
}

/// A run of a currency nobody knows is refused.
/// Source: ours.
#[test]
fn r2_18_a_run_names_a_currency_that_exists() {
    rule(expect![[r#"
        clear XXX                                           => refused: NOOR unknown
    "#]]);
}

/// A phase may begin with a run over all queues.
/// Source: rules 2; phases as data.
#[test]
fn r2_19_a_phase_may_begin_with_a_run() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        pay p2 BRAVO CHARLIE 70.00 CNY                      => p2 queued: 70.00 short
        pay p3 CHARLIE ALFA 70.00 CNY                       => p3 queued: 70.00 short
        time 17:00                                          => nothing
        phase offset                                        => offset begins
                                                            => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 210.00, now 0.00
    "#]]);
}

/// A run may use the credit a bank has, and no more.
/// Source: rules 1: account available is balance plus credit less holds.
#[test]
fn r2_20_a_bank_may_go_below_zero_within_its_credit() {
    rule(expect![[r#"
        limit ALFA net-debit 20.00 CNY                      => done
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 50.00 short
        pay p2 BRAVO CHARLIE 50.00 CNY                      => p2 queued: 50.00 short
        pay p3 CHARLIE ALFA 50.00 CNY                       => p3 queued: 50.00 short
        clear                                               => p1 settled by offset
                                                            => p2 settled by offset
                                                            => p3 settled by offset
                                                            => 3 of 3 settled
                                                            => CNY waiting 170.00, now 0.00
        show balances                                       => ALFA -20.00 CNY
                                                            => BRAVO 20.00 CNY
    "#]]);
}
