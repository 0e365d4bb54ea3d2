//! 6. Issuance and redemption.

use expect_test::expect;

use crate::story::rule;

/// Only the currency's own authority brings money in.
/// Source: design, each authority rules its own currency.
#[test]
fn r6_1_the_authority_alone_issues() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY by RU.maker                     => refused: AG01 actor-not-authorised
        fund ALFA 10.00 CNY by operator                     => refused: AG01 actor-not-authorised
        fund ALFA 10.00 CNY by ALFA                         => refused: AG01 actor-not-authorised
        fund ALFA 10.00 CNY by CN.checker                   => refused: AG01 actor-not-authorised
        fund ALFA 10.00 CNY by CN.maker                     => 10.00 CNY issued to ALFA
        show cover                                          => CNY cover 10.00, issued 10.00
    "#]]);
}

/// A transfer in the outside system is used once per currency.
/// Source: invariant F-1.
#[test]
fn r6_2_an_outside_transfer_counts_once() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY ref t1                          => 10.00 CNY issued to ALFA
        fund ALFA 10.00 CNY ref t1                          => refused: AM05 exists
        defund ALFA 10.00 CNY ref t1                        => refused: AM05 exists
        fund ALFA 10.00 RUB ref t1                          => 10.00 RUB issued to ALFA
    "#]]);
}

/// Redemption takes what is there and free: no credit, no held money.
/// Source: credit is for payments inside.
#[test]
fn r6_3_only_money_that_is_there_leaves() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA net-debit 50.00 CNY                      => done
        hold h1 ALFA 30.00 CNY                              => h1 holds 30.00 CNY of ALFA
        defund ALFA 100.01 CNY                              => refused: AM04 insufficient-funds (limit 100.00, asked 100.01)
        defund ALFA 100.00 CNY                              => 100.00 CNY redeemed from ALFA
        void h1                                             => h1 closed: 30.00 CNY back to ALFA
        hold h2 ALFA 120.00 CNY                             => refused: AM04 insufficient-funds (limit 50.00, asked 120.00)
        defund ALFA 31.00 CNY                               => refused: AM04 insufficient-funds (limit 0.00, asked 31.00)
        defund ALFA 30.00 CNY                               => refused: AM04 insufficient-funds (limit 0.00, asked 30.00)
        show cover                                          => nothing
    "#]]);
}

/// Issuing against cover already there needs four eyes, and the cover.
/// Source: rules 7, issuance outside automatic cover; invariant F-1.
#[test]
fn r6_4_money_in_the_system_never_exceeds_the_cover() {
    rule(expect![[r#"
        issue ALFA 10.00 CNY                                => approved, but refused: AM02 cover (limit 0.00, asked 10.00)
        cover 15.00 CNY                                     => done
        issue ALFA 10.00 CNY by CN.maker                    => refused: AG01 four-eyes
        issue ALFA 10.00 CNY                                => 10.00 CNY issued to ALFA
        issue ALFA 10.00 CNY                                => approved, but refused: AM02 cover (limit 5.00, asked 10.00)
        cover -5.01 CNY                                     => approved, but refused: AM02 cover (limit 10.00, asked 9.99)
        cover -5.00 CNY                                     => done
        show cover                                          => CNY cover 10.00, issued 10.00
    "#]]);
}

/// The cover is changed by the authority's four eyes, with a new reference, within the range.
/// Source: rules 7.
#[test]
fn r6_5_a_change_of_cover_is_the_authoritys() {
    rule(expect![[r#"
        cover 15.00 CNY by RU.maker                         => refused: AG01 actor-not-authorised
        cover 15.00 CNY by CN.maker                         => refused: AG01 four-eyes
        cover 15.00 CNY ref t1                              => done
        cover 15.00 CNY ref t1                              => approved, but refused: AM05 exists
        cover 10000000000000000.00 CNY                      => approved, but refused: FF01 out-of-range (limit 1000000000000000000, value 1000000000000001500)
        cover 1.00 XXX by CN.maker                          => refused: AG01 actor-not-authorised
    "#]]);
}

/// Amounts are more than zero and at most ten to the seventeenth minor units; a currency holds at most ten to the eighteenth.
/// Source: no balance can leave its range.
#[test]
fn r6_6_amounts_are_more_than_zero_and_within_the_range() {
    rule(expect![[r#"
        fund ALFA 0.00 CNY                                  => refused: AM01 amount-zero
        fund ALFA -1.00 CNY                                 => refused: AM01 amount-zero
        fund ALFA 1000000000000000.01 CNY                   => refused: AM01 amount-zero
        fund NOBODY 1.00 CNY by CN.maker                    => refused: AG01 actor-not-authorised
        fund OUTSIDE 1.00 CNY                               => refused: AC01 debtor-unknown
        cover 9500000000000000.00 CNY                       => done
        fund ALFA 500000000000000.00 CNY                    => 500000000000000.00 CNY issued to ALFA
        fund ALFA 0.01 CNY                                  => refused: FF01 out-of-range (limit 1000000000000000000, value 1)
    "#]]);
}

/// Money is issued in phases that allow funding.
/// Source: rules 2.
#[test]
fn r6_7_issuing_has_its_phases() {
    rule(expect![[r#"
        cover 10.00 CNY                                     => done
        time 17:00                                          => nothing
        phase offset                                        => offset begins
                                                            => 0 of 0 settled
        issue ALFA 10.00 CNY                                => approved, but refused: TM01 phase-closed
        fund ALFA 10.00 CNY                                 => refused: TM01 phase-closed
    "#]]);
}

/// Where credit is used, accounts together hold more than ever came in; only what came in can leave.
/// Source: invariant F-1; found by simulation.
#[test]
fn r6_8_no_more_leaves_than_ever_came_in() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA net-debit 50.00 CNY                      => done
        pay p1 ALFA BRAVO 150.00 CNY                        => p1 settled
        defund BRAVO 150.00 CNY                             => refused: AM02 cover (limit 100.00, asked 150.00)
        defund BRAVO 100.00 CNY                             => 100.00 CNY redeemed from BRAVO
        show cover                                          => nothing
    "#]]);
}
