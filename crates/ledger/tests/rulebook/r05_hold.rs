//! 5. Holds.

use expect_test::expect;

use crate::story::rule;

/// Money set aside stays on the account but cannot be spent.
/// Source: contract part 1, holds with purpose and expiry.
#[test]
fn r5_1_held_money_cannot_be_spent() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY                              => h1 holds 60.00 CNY of ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 10.00 short
        show balances                                       => ALFA 100.00 CNY, 60.00 held
        void h1                                             => h1 closed: 60.00 CNY back to ALFA
                                                            => p1 settled from the queue
    "#]]);
}

/// A hold may be paid out fully.
/// Source: contract part 1, holds.
#[test]
fn r5_2_a_hold_is_paid_out_fully() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY                              => h1 holds 60.00 CNY of ALFA
        post h1 BRAVO 60.00 CNY                             => h1 pays 60.00 CNY to BRAVO
        show balances                                       => ALFA 40.00 CNY
                                                            => BRAVO 60.00 CNY
        post h1 BRAVO 1.00 CNY                              => refused: NOOR unknown
    "#]]);
}

/// A part may be paid out; the rest goes back, or stays when asked.
/// Source: contract part 1, holds.
#[test]
fn r5_3_a_hold_is_paid_out_partly() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY                              => h1 holds 60.00 CNY of ALFA
        post h1 BRAVO 20.00 CNY keep                        => h1 pays 20.00 CNY to BRAVO
        post h1 BRAVO 20.00 CNY                             => h1 pays 20.00 CNY to BRAVO
                                                            => h1 closed: 20.00 CNY back to ALFA
        show balances                                       => ALFA 60.00 CNY
                                                            => BRAVO 40.00 CNY
    "#]]);
}

/// At its expiry the rest of a hold goes back and may release the queue.
/// Source: contract part 1, holds.
#[test]
fn r5_4_a_hold_expires_by_itself() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY until 11:00                  => h1 holds 60.00 CNY of ALFA
        pay p1 ALFA BRAVO 100.00 CNY                        => p1 queued: 60.00 short
        time 11:00                                          => h1 expired: 60.00 CNY back to ALFA
                                                            => p1 settled from the queue
        post h1 BRAVO 20.00 CNY                             => refused: NOOR unknown
    "#]]);
}

/// No more is held than balance and credit less other holds.
/// Source: invariant B-2.
#[test]
fn r5_5_no_more_is_held_than_is_free() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY                              => h1 holds 60.00 CNY of ALFA
        hold h2 ALFA 50.00 CNY                              => refused: AM04 insufficient-funds (limit 40.00, asked 50.00)
        limit ALFA net-debit 10.00 CNY                      => done
        hold h3 ALFA 50.00 CNY                              => h3 holds 50.00 CNY of ALFA
    "#]]);
}

/// A hold with a beneficiary is paid to nobody else, and only the beneficiary gives it up early.
/// Source: rules 5, dealer funds held at acceptance.
#[test]
fn r5_6_a_directed_hold_is_the_beneficiarys() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY to BRAVO                     => h1 holds 60.00 CNY of ALFA
        post h1 CHARLIE 10.00 CNY                           => refused: AM02 hold-use
        void h1 by ALFA                                     => refused: AG01 actor-not-authorised
        void h1 by BRAVO                                    => h1 closed: 60.00 CNY back to ALFA
    "#]]);
}

/// What is paid out of a hold counts towards the account's limits and stays within them.
/// Source: ours; otherwise a hold would be a way around four eyes.
#[test]
fn r5_7_a_hold_is_no_way_around_a_limit() {
    rule(expect![[r#"
        fund ALFA 200.00 CNY                                => 200.00 CNY issued to ALFA
        hold h1 ALFA 150.00 CNY                             => h1 holds 150.00 CNY of ALFA
        limit ALFA payment 50.00 CNY                        => done
        post h1 BRAVO 51.00 CNY keep                        => refused: AM02 limit-per-payment (limit 50.00, asked 51.00)
        limit ALFA bilateral BRAVO 40.00 CNY                => done
        post h1 BRAVO 41.00 CNY keep                        => refused: AM02 hold-use (limit 40.00, asked 41.00)
        limit ALFA multilateral 30.00 CNY                   => done
        post h1 BRAVO 31.00 CNY keep                        => refused: AM02 hold-use (limit 30.00, asked 31.00)
        limit ALFA day 20.00 CNY                            => done
        post h1 BRAVO 21.00 CNY keep                        => refused: AM02 hold-use (limit 20.00, asked 21.00)
        post h1 BRAVO 20.00 CNY keep                        => h1 pays 20.00 CNY to BRAVO
        post h1 BRAVO 0.01 CNY keep                         => refused: AM02 hold-use (limit 20.00, asked 20.01)
    "#]]);
}

/// A hold belongs to a bank and pays a bank: never the authority's own accounts.
/// Source: invariant F-2.
#[test]
fn r5_8_a_hold_pays_banks_only() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY to OUTSIDE                   => refused: AC03 creditor-unknown
        hold h1 ALFA 60.00 CNY                              => h1 holds 60.00 CNY of ALFA
        post h1 OUTSIDE 10.00 CNY                           => refused: AC03 creditor-unknown
        post h1 REMAINDERS 10.00 CNY                        => refused: AC03 creditor-unknown
        hold h2 OUTSIDE 10.00 CNY by ALFA                   => refused: AG01 actor-not-authorised
    "#]]);
}

/// A hold has a purpose, an end in the future, an amount, a new reference, one currency and two parties.
/// Source: precedence of reasons.
#[test]
fn r5_9_a_hold_says_what_it_is_for_and_until_when() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY                              => h1 holds 60.00 CNY of ALFA
        hold h2 ALFA 10.00 CNY purpose nothing              => refused: FF01 out-of-range (limit 140, value 0)
        hold h1 ALFA 10.00 CNY                              => refused: AM05 exists
        hold h3 ALFA 10.00 CNY to NOBODY                    => refused: AC03 creditor-unknown
        hold h4 ALFA 10.00 CNY to ALFA                      => refused: AC03 same-account
        hold h5 ALFA 10.00 CNY to BRAVO in RUB              => refused: AM03 currency-mismatch
        hold h6 ALFA 0.00 CNY                               => refused: AM01 amount-zero
        hold h7 ALFA 10.00 CNY until 09:00                  => refused: DT01 time-window
    "#]]);
}

/// Paying out of a hold needs an open hold, a known and other account of the currency, no stop, no suspension, a settling phase.
/// Source: precedence of reasons.
#[test]
fn r5_10_a_hold_pays_only_what_and_when_payments_could() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY until 2026-11-24T10:00       => h1 holds 60.00 CNY of ALFA
        post h9 BRAVO 10.00 CNY                             => refused: NOOR unknown
        post h1 NOBODY 10.00 CNY                            => refused: AC03 creditor-unknown
        post h1 ALFA 10.00 CNY                              => refused: AC03 same-account
        post h1 BRAVO 10.00 RUB                             => refused: AM03 currency-mismatch
        post h1 BRAVO 60.01 CNY                             => refused: AM02 hold-use (limit 60.00, asked 60.01)
        post h1 BRAVO 0.00 CNY                              => refused: AM02 hold-use (limit 60.00, asked 0.00)
        suspend BRAVO CNY receiving                         => BRAVO suspended receiving in CNY
        post h1 BRAVO 10.00 CNY                             => refused: AC06 creditor-suspended
        suspend ALFA CNY sending                            => ALFA suspended sending in CNY
        post h1 BRAVO 10.00 CNY                             => refused: AC06 debtor-suspended
        stop CNY                                            => CNY stopped
        post h1 BRAVO 10.00 CNY                             => refused: AM03 currency-stopped
        start CNY                                           => CNY started
        calendar CNY 2026-11-23 closed                      => done
        reactivate ALFA CNY                                 => ALFA reactivated in CNY
        post h1 CHARLIE 10.00 CNY                           => refused: DT01 value-date (2026-11-23 on 2026-11-23)
        run to positions                                    => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
        post h1 CHARLIE 10.00 CNY                           => refused: TM01 phase-closed
    "#]]);
}

/// A bank's channel acts at once; a person needs a colleague; nobody holds another bank's money.
/// Source: rules 7.
#[test]
fn r5_11_a_person_at_the_bank_needs_a_colleague() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY by BRAVO                     => refused: AG01 actor-not-authorised
        hold h1 ALFA 60.00 CNY by ALFA.maker                => refused: AG01 four-eyes
        propose x: hold h1 ALFA 60.00 CNY by ALFA.maker     => waits for approval
        approve x by BRAVO.checker                          => refused: AG01 actor-not-authorised
        approve x by ALFA.checker                           => h1 holds 60.00 CNY of ALFA
        void h1 by BRAVO                                    => refused: AG01 actor-not-authorised
    "#]]);
}
