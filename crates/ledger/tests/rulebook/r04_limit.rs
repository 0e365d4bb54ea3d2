//! 4. Limits.

use expect_test::expect;

use crate::story::rule;

/// A payment over the account's limit for one payment is refused and names limit and amount.
/// Source: rules 6, AM02.
#[test]
fn r4_1_a_payment_over_the_limit_for_one_payment_is_refused() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA payment 50.00 CNY                        => done
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        pay p2 ALFA BRAVO 50.01 CNY                         => p2 refused: AM02 limit-per-payment (limit 50.00, asked 50.01)
        limit ALFA payment none CNY                         => done
        pay p3 ALFA BRAVO 50.00 CNY                         => p3 settled
    "#]]);
}

/// A net debit cap says how far an account may go below zero.
/// Source: contract part 1, net debit cap.
#[test]
fn r4_2_net_debit_lets_an_account_go_below_zero_that_far() {
    rule(expect![[r#"
        limit ALFA net-debit 30.00 CNY                      => done
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 settled
        pay p2 ALFA BRAVO 0.01 CNY                          => p2 queued: 0.01 short
        limit ALFA net-debit 30.01 CNY                      => p2 settled from the queue
        show balances                                       => ALFA -30.01 CNY
                                                            => BRAVO 30.01 CNY
    "#]]);
}

/// A net debit cap is not lowered below what is in use.
/// Source: invariant B-1.
#[test]
fn r4_3_credit_in_use_is_not_taken_away() {
    rule(expect![[r#"
        limit ALFA net-debit 30.00 CNY                      => done
        pay p1 ALFA BRAVO 20.00 CNY                         => p1 settled
        limit ALFA net-debit 10.00 CNY                      => approved, but refused: AM04 insufficient-funds (limit 20.00, asked 10.00)
        limit ALFA net-debit none CNY                       => approved, but refused: AM04 insufficient-funds (limit 20.00, asked 0.00)
        limit ALFA net-debit 20.00 CNY                      => done
    "#]]);
}

/// A payment that would pass the net amount sent to one counterparty in a day waits, and goes when that counterparty pays.
/// Source: contract part 1, bilateral limits.
#[test]
fn r4_4_a_bilateral_limit_counts_the_day_net() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA bilateral BRAVO 40.00 CNY                => done
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 settled
        pay p2 ALFA BRAVO 30.00 CNY                         => p2 queued: bilateral limit 40.00 passed by 20.00
        pay p3 BRAVO ALFA 20.00 CNY                         => p3 settled
                                                            => p2 settled from the queue
    "#]]);
}

/// A bilateral limit concerns one counterparty and one direction.
/// Source: contract part 1, bilateral limits.
#[test]
fn r4_5_a_bilateral_limit_concerns_its_counterparty_alone() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund BRAVO 100.00 CNY                               => 100.00 CNY issued to BRAVO
        limit ALFA bilateral BRAVO 40.00 CNY                => done
        pay p1 ALFA CHARLIE 50.00 CNY                       => p1 settled
        pay p2 BRAVO ALFA 50.00 CNY                         => p2 settled
    "#]]);
}

/// A raised or removed limit releases what it held.
/// Source: contract part 1: each wait names what would release it.
#[test]
fn r4_6_a_raised_bilateral_limit_releases() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA bilateral BRAVO 10.00 CNY                => done
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 queued: bilateral limit 10.00 passed by 20.00
        limit ALFA bilateral BRAVO 20.00 CNY                => done
        show p1                                             => p1 waits: bilateral limit 20.00 passed by 10.00
        limit ALFA bilateral BRAVO none CNY                 => p1 settled from the queue
    "#]]);
}

/// A payment that would pass the net amount sent to all others in a day waits, and goes when others pay; funding does not count.
/// Source: contract part 1, multilateral limits.
#[test]
fn r4_7_a_multilateral_limit_counts_the_day_net_against_all() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA multilateral 40.00 CNY                   => done
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 settled
        pay p2 ALFA CHARLIE 30.00 CNY                       => p2 queued: multilateral limit 40.00 passed by 20.00
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        show p2                                             => p2 waits: multilateral limit 40.00 passed by 20.00
        pay p3 BRAVO ALFA 20.00 CNY                         => p3 settled
                                                            => p2 settled from the queue
    "#]]);
}

/// A raised multilateral limit releases.
/// Source: contract part 1.
#[test]
fn r4_8_a_raised_multilateral_limit_releases() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA multilateral 10.00 CNY                   => done
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 queued: multilateral limit 10.00 passed by 20.00
        limit ALFA multilateral 30.00 CNY                   => p1 settled from the queue
    "#]]);
}

/// A payment that would pass the gross amount sent in a day waits; what comes in does not help, a higher limit does.
/// Source: contract part 1, limits per day.
#[test]
fn r4_9_a_day_limit_counts_the_gross_amount() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA day 40.00 CNY                            => done
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 settled
        pay p2 ALFA BRAVO 30.00 CNY                         => p2 queued: day limit 40.00 passed by 20.00
        pay p3 BRAVO ALFA 30.00 CNY                         => p3 settled
        show p2                                             => p2 waits: day limit 40.00 passed by 20.00
        limit ALFA day 60.00 CNY                            => p2 settled from the queue
    "#]]);
}

/// Of several obstacles the first is named: money, bilateral, multilateral, day limit.
/// Source: precedence of waits.
#[test]
fn r4_10_the_first_obstacle_is_named() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        limit ALFA bilateral BRAVO 5.00 CNY                 => done
        limit ALFA multilateral 5.00 CNY                    => done
        limit ALFA day 5.00 CNY                             => done
        pay p1 ALFA BRAVO 20.00 CNY                         => p1 queued: 10.00 short
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        show p1                                             => p1 waits: bilateral limit 5.00 passed by 15.00
        limit ALFA bilateral BRAVO 20.00 CNY                => done
        show p1                                             => p1 waits: multilateral limit 5.00 passed by 15.00
        limit ALFA multilateral 20.00 CNY                   => done
        show p1                                             => p1 waits: day limit 5.00 passed by 15.00
        limit ALFA day 20.00 CNY                            => p1 settled from the queue
    "#]]);
}

/// Limits of a group are measured on what it moves as a whole.
/// Source: rules 1 and 5.
#[test]
fn r4_11_a_group_is_measured_as_a_whole() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund BRAVO 100.00 CNY                               => 100.00 CNY issued to BRAVO
        limit ALFA bilateral BRAVO 10.00 CNY                => done
        pvp a1 ALFA BRAVO 60.00 CNY with a2 BRAVO ALFA 50.00 CNY => a1 settled
                                                            => a2 settled
        limit ALFA multilateral 15.00 CNY                   => done
        pvp b1 ALFA CHARLIE 16.00 CNY with b2 BRAVO ALFA 1.00 CNY => b1 queued: multilateral limit 15.00 passed by 10.00
                                                            => b2 queued: another leg first
        pay p1 BRAVO ALFA 10.00 CNY urgent                  => p1 settled
                                                            => b1 settled from the queue
                                                            => b2 settled from the queue
        limit ALFA day 80.00 CNY                            => done
        pvp c1 ALFA CHARLIE 60.00 CNY with c2 BRAVO ALFA 60.00 CNY => c1 queued: day limit 80.00 passed by 56.00
                                                            => c2 queued: another leg first
        pvp d1 ALFA BRAVO 99.00 CNY with d2 ECHO FOXTROT 1.00 CNY => d1 queued: behind c1
                                                            => d2 queued: another leg first
    "#]]);
}

/// A bank sets its own limits by its own four eyes; the operator's finance sets them too; credit and overnight limits are the authority's; nobody limits another bank.
/// Source: rules 7, limits and credit.
#[test]
fn r4_12_a_bank_limits_itself_and_the_operator_limits_a_bank() {
    rule(expect![[r#"
        limit ALFA day 5.00 CNY by ALFA                     => refused: AG01 actor-not-authorised
        limit ALFA day 5.00 CNY by ALFA.maker               => refused: AG01 four-eyes
        limit ALFA day 5.00 CNY by BRAVO.maker              => refused: AG01 actor-not-authorised
        limit ALFA day 5.00 CNY by CN.maker                 => refused: AG01 actor-not-authorised
        limit ALFA net-debit 5.00 CNY by ALFA.maker         => refused: AG01 actor-not-authorised
        limit ALFA net-debit 5.00 CNY by RU.maker           => refused: AG01 actor-not-authorised
        propose x: limit ALFA day 5.00 CNY by finance.maker => waits for approval
        approve x by finance.checker                        => done
    "#]]);
}

/// A limit is not negative, names accounts that exist, two different ones, of one currency.
/// Source: precedence of reasons.
#[test]
fn r4_13_a_limit_names_things_that_exist() {
    rule(expect![[r#"
        limit NOBODY day 5.00 CNY                           => approved, but refused: AC01 debtor-unknown
        limit ALFA day -5.00 CNY                            => approved, but refused: FF01 out-of-range (limit 1000000000000000000, value -500)
        limit ALFA bilateral NOBODY 5.00 CNY                => approved, but refused: AC03 creditor-unknown
        limit ALFA bilateral BRAVO 5.00 CNY in RUB          => approved, but refused: AM03 currency-mismatch
        limit ALFA bilateral ALFA 5.00 CNY                  => approved, but refused: AC03 same-account
        limit ALFA net-debit 10000000000000000.01 CNY       => approved, but refused: FF01 out-of-range (limit 1000000000000000000, value 1000000000000000001)
        limit ALFA net-debit 10000000000000000.00 CNY       => done
        limit BRAVO net-debit 0.01 CNY                      => approved, but refused: FF01 out-of-range (limit 1000000000000000000, value 1)
    "#]]);
}
