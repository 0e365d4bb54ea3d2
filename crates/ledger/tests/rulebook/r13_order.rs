//! 13. Of several reasons, the first.

use expect_test::expect;

use crate::story::rule;

/// Whether the asker is known, may ask, and may ask alone is looked at before the payment; then whether the reference is free, and the shape of the order.
/// Source: reasons are declared in order of precedence.
#[test]
fn r13_1_who_asks_comes_before_what_is_asked() {
    rule(expect![[r#"
        pay p0 ALFA BRAVO 5.00 CNY                          => p0 queued: 5.00 short
        pay p1 ALFA BRAVO 5.00 CNY by somebody              => refused: AG01 actor-unknown
        pay p0 ALFA BRAVO 6.00 CNY by BRAVO.maker           => refused: AG01 actor-not-authorised
        pay p0 ALFA BRAVO 6.00 CNY by ALFA.maker            => refused: AG01 four-eyes
        pay p0 ALFA BRAVO 6.00 CNY as return                => refused: AM05 uetr-reused (see p0)
        pay p2 GOLF NOBODY 5.00 CNY via BRAVO as return     => refused: FF01 out-of-range
    "#]]);
}

/// Debtor, creditor, two accounts, amount, one currency: in this order.
/// Source: reasons are declared in order of precedence.
#[test]
fn r13_2_the_accounts_come_before_the_amount_and_the_currency() {
    rule(expect![[r#"
        stop CNY                                            => CNY stopped
        pay p1 GOLF NOBODY 0.00 CNY via BRAVO               => p1 refused: AC01 debtor-unknown
        pay p2 ALFA NOBODY 0.00 CNY                         => p2 refused: AC03 creditor-unknown
        pay p3 ALFA ALFA 0.00 CNY                           => p3 refused: AC03 same-account
        pay p4 ALFA BRAVO 0.00 CNY to RUB                   => p4 refused: AM01 amount-zero
        pay p5 ALFA BRAVO 5.00 CNY to RUB                   => p5 refused: AM03 currency-mismatch
        pay p6 ALFA BRAVO 5.00 CNY                          => p6 refused: AM03 currency-stopped
    "#]]);
}

/// A payment against which everything speaks is told one reason after the other, each time the one before is removed.
/// Source: reasons are declared in order of precedence.
#[test]
fn r13_3_stops_come_before_times_and_times_before_limits() {
    rule(expect![[r#"
        with start rates
        with cut-off CNY 10:00
        limit ALFA payment 1.00 CNY                         => done
        suspend ALFA CNY sending                            => ALFA suspended sending in CNY
        suspend BRAVO CNY receiving                         => BRAVO suspended receiving in CNY
        stop CNY                                            => CNY stopped
        time 10:01                                          => nothing
        pay p1 ALFA BRAVO 5.00 CNY on 2026-11-20 until 09:00 => p1 refused: AM03 currency-stopped
        start CNY                                           => CNY started
        pay p2 ALFA BRAVO 5.00 CNY on 2026-11-20 until 09:00 => p2 refused: AC06 debtor-suspended
        reactivate ALFA CNY                                 => ALFA reactivated in CNY
        pay p3 ALFA BRAVO 5.00 CNY on 2026-11-20 until 09:00 => p3 refused: AC06 creditor-suspended
        reactivate BRAVO CNY                                => BRAVO reactivated in CNY
        pay p4 ALFA BRAVO 5.00 CNY on 2026-11-20 until 09:00 => p4 refused: TM01 phase-closed
        phase exchange                                      => exchange begins
        pay p5 ALFA BRAVO 5.00 CNY on 2026-11-20 until 09:00 => p5 refused: TM01 cut-off (at 10:00)
        extend exchange 60 minutes                          => exchange extended by 60 minutes
        pay p6 ALFA BRAVO 5.00 CNY on 2026-11-20 until 09:00 => p6 refused: DT01 value-date (2026-11-20 on 2026-11-23)
        pay p7 ALFA BRAVO 5.00 CNY until 09:00              => p7 refused: DT01 time-window
        pay p8 ALFA BRAVO 5.00 CNY                          => p8 refused: AM02 limit-per-payment (limit 1.00, asked 5.00)
        limit ALFA payment none CNY                         => done
        pay p9 ALFA BRAVO 5.00 CNY                          => p9 queued: 5.00 short
    "#]]);
}

/// Unknown, not settled, already returned, too much, too late: in this order, and all before the reasons of a payment.
/// Source: reasons are declared in order of precedence.
#[test]
fn r13_4_the_return_is_looked_at_before_the_payment_it_makes() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p0 ALFA BRAVO 20.00 CNY                         => p0 settled
        pay p1 ALFA BRAVO 40.00 CNY                         => p1 queued: 10.00 short
        return p0 of p9 10.00 CNY by BRAVO                  => refused: AM05 uetr-reused (see p0)
        return r1 of p9 10.00 CNY by BRAVO                  => refused: NOOR original-unknown
        return r2 of p1 90.00 CNY                           => refused: ARDT original-not-settled (see p1)
        return r3 of p0 20.00 CNY                           => r3 settled
                                                            => p1 settled from the queue
        return r4 of p0 90.00 CNY                           => refused: ARDT already-returned (see r3)
        fund CHARLIE 30.00 CNY                              => 30.00 CNY issued to CHARLIE
        pay p2 CHARLIE BRAVO 30.00 CNY                      => p2 settled
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-30                                      => rates begins
        return r5 of p2 90.00 CNY                           => refused: AM09 return-amount (limit 30.00, asked 90.00)
        return r6 of p2 30.00 CNY                           => refused: TM01 return-deadline (until 2026-11-25, today 2026-11-30)
    "#]]);
}
