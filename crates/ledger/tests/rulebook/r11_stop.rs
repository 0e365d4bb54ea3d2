//! 11. Suspension and stopping a currency.

use expect_test::expect;

use crate::story::rule;

/// New payments of a suspended bank are refused; waiting ones are set aside and come back to their place.
/// Source: contract part 1, participants suspended per currency and direction.
#[test]
fn r11_1_a_suspended_bank_neither_sends_nor_receives() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 10.00 CNY                         => p1 queued: 10.00 short
        pay p2 CHARLIE ALFA 10.00 CNY                       => p2 queued: 10.00 short
        suspend ALFA CNY                                    => ALFA suspended in CNY
                                                            => p1 set aside
                                                            => p2 set aside
        pay p3 ALFA BRAVO 10.00 CNY                         => p3 refused: AC06 debtor-suspended
        pay p4 CHARLIE ALFA 10.00 CNY                       => p4 refused: AC06 creditor-suspended
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund CHARLIE 10.00 CNY                              => 10.00 CNY issued to CHARLIE
        show p1                                             => p1 waits: a party is suspended
        reactivate ALFA CNY                                 => ALFA reactivated in CNY
                                                            => p1 moved
                                                            => p2 moved
                                                            => p1 settled from the queue
                                                            => p2 settled from the queue
    "#]]);
}

/// A bank may be stopped from sending while it still receives, and the other way round.
/// Source: contract part 1.
#[test]
fn r11_2_a_suspension_has_a_direction() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund BRAVO 10.00 CNY                                => 10.00 CNY issued to BRAVO
        suspend ALFA CNY sending                            => ALFA suspended sending in CNY
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 refused: AC06 debtor-suspended
        pay p2 BRAVO ALFA 5.00 CNY                          => p2 settled
        reactivate ALFA CNY sending                         => ALFA reactivated sending in CNY
        suspend ALFA CNY receiving                          => ALFA suspended receiving in CNY
        pay p3 ALFA BRAVO 5.00 CNY                          => p3 settled
        pay p4 BRAVO ALFA 5.00 CNY                          => p4 refused: AC06 creditor-suspended
    "#]]);
}

/// An authority suspends in its own currency and in nobody else's; for all currencies the operator's four eyes decide.
/// Source: design, each authority rules its own currency; rules 7.
#[test]
fn r11_3_an_authority_suspends_in_its_own_currency_alone() {
    rule(expect![[r#"
        fund ALFA 10.00 RUB                                 => 10.00 RUB issued to ALFA
        suspend ALFA CNY by RU.maker                        => refused: AG01 actor-not-authorised
        suspend ALFA CNY by CN.maker                        => refused: AG01 four-eyes
        suspend ALFA CNY                                    => ALFA suspended in CNY
        pay p1 ALFA BRAVO 5.00 RUB                          => p1 settled
        suspend ALFA                                        => ALFA suspended in all currencies
        pay p2 ALFA BRAVO 5.00 RUB                          => p2 refused: AC06 debtor-suspended
        reactivate ALFA                                     => ALFA reactivated in all currencies
        pay p3 ALFA BRAVO 5.00 RUB                          => p3 settled
    "#]]);
}

/// A payment set aside because of its receiver holds up nobody else.
/// Source: a suspension is not the sender's fault.
#[test]
fn r11_4_a_suspended_payment_lets_the_next_one_go() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 20.00 CNY                         => p1 queued: 10.00 short
        pay p2 ALFA CHARLIE 10.00 CNY                       => p2 queued: behind p1
        suspend BRAVO CNY                                   => BRAVO suspended in CNY
                                                            => p1 set aside
                                                            => p2 settled from the queue
    "#]]);
}

/// A sponsored bank has no accounts: it is suspended in all currencies; its sponsor goes on.
/// Source: contract part 1, sponsored participants.
#[test]
fn r11_5_a_sponsored_bank_is_suspended_as_a_whole() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        suspend GOLF CNY                                    => approved, but refused: FF01 out-of-range
        suspend GOLF                                        => GOLF suspended in all currencies
        pay p1 GOLF BRAVO 5.00 CNY                          => p1 refused: AC06 debtor-suspended
        pay p2 BRAVO GOLF 5.00 CNY                          => p2 refused: AC06 creditor-suspended
        pay p3 ALFA BRAVO 5.00 CNY                          => p3 settled
    "#]]);
}

/// When the sponsor is suspended, the banks behind it are, too.
/// Source: they use its account.
#[test]
fn r11_6_a_suspended_sponsor_suspends_its_banks() {
    rule(expect![[r#"
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        suspend ALFA CNY                                    => ALFA suspended in CNY
        pay p1 GOLF BRAVO 5.00 CNY                          => p1 refused: AC06 debtor-suspended
    "#]]);
}

/// A suspension does not activate what its sender parked; activated meanwhile, it is set aside.
/// Source: Project Ubin phase 2, hold.
#[test]
fn r11_7_what_is_parked_stays_parked() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 10.00 CNY                         => p1 queued: 10.00 short
        park p1                                             => p1 parked
        suspend BRAVO CNY                                   => BRAVO suspended in CNY
        activate p1                                         => p1 set aside
        reactivate BRAVO CNY                                => BRAVO reactivated in CNY
                                                            => p1 in the queue
    "#]]);
}

/// A suspension names a bank and a currency it has an account in.
/// Source: precedence of reasons.
#[test]
fn r11_8_a_suspension_names_somebody_who_is_there() {
    rule(expect![[r#"
        suspend NOBODY                                      => approved, but refused: NOOR unknown
        suspend ALFA XXX by CN.maker                        => refused: AG01 actor-not-authorised
        propose x: suspend ALFA XXX by operator             => waits for approval
        approve x by manager                                => approved, but refused: NOOR unknown
    "#]]);
}

/// An authority stops its own currency at once, alone; starting again is a decision of two.
/// Source: design, it can stop its own currency and nobody else's.
#[test]
fn r11_9_an_authority_stops_its_own_currency_at_once() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 20.00 CNY                         => p1 queued: 10.00 short
        stop CNY by RU.maker                                => refused: AG01 actor-not-authorised
        stop CNY by operator                                => refused: AG01 actor-not-authorised
        stop CNY by CN.checker                              => CNY stopped
        pay p2 ALFA BRAVO 5.00 CNY                          => p2 refused: AM03 currency-stopped
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        show p1                                             => p1 waits: the currency is stopped
        start CNY by CN.maker                               => refused: AG01 four-eyes
        start CNY                                           => CNY started
                                                            => p1 settled from the queue
    "#]]);
}

/// A stopped currency stops nothing in another.
/// Source: design.
#[test]
fn r11_10_other_currencies_go_on() {
    rule(expect![[r#"
        fund ALFA 10.00 RUB                                 => 10.00 RUB issued to ALFA
        stop CNY                                            => CNY stopped
        pay p1 ALFA BRAVO 5.00 RUB                          => p1 settled
        pvp a1 ALFA BRAVO 1.00 RUB with a2 BRAVO ALFA 1.00 CNY => a1 refused: NARR group-failed
                                                            => a2 refused: AM03 currency-stopped
    "#]]);
}

/// A group with a leg in a stopped currency waits as a whole.
/// Source: rules 5, all or nothing.
#[test]
fn r11_11_a_group_in_a_stopped_currency_waits() {
    rule(expect![[r#"
        fund ALFA 1.00 RUB                                  => 1.00 RUB issued to ALFA
        pvp a1 ALFA BRAVO 1.00 RUB with a2 BRAVO ALFA 1.00 CNY => a1 queued: another leg first
                                                            => a2 queued: 1.00 short
        stop CNY                                            => CNY stopped
        fund BRAVO 1.00 CNY                                 => 1.00 CNY issued to BRAVO
        show a1                                             => a1 waits: the currency is stopped
        start CNY                                           => CNY started
                                                            => a1 settled from the queue
                                                            => a2 settled from the queue
    "#]]);
}
