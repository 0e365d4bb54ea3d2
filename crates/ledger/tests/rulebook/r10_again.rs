//! 10. Asking again.

use expect_test::expect;

use crate::story::rule;

/// The identical message again is a question about its status, and moves nothing.
/// Source: rules 6.
#[test]
fn r10_1_the_identical_payment_again_is_answered_as_before() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        pay p1 ALFA BRAVO 50.00 CNY                         => as before: p1 settled
        pay p2 ALFA BRAVO 70.00 CNY                         => p2 queued: 20.00 short
        pay p2 ALFA BRAVO 70.00 CNY                         => as before: p2 waits
        show balances                                       => ALFA 50.00 CNY
                                                            => BRAVO 50.00 CNY
    "#]]);
}

/// Another message with a reference already used is refused and names the original.
/// Source: rules 6, AM05.
#[test]
fn r10_2_another_payment_with_a_used_reference_is_refused() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        pay p1 ALFA BRAVO 50.01 CNY                         => refused: AM05 uetr-reused (see p1)
        pay p1 ALFA CHARLIE 50.00 CNY                       => refused: AM05 uetr-reused (see p1)
    "#]]);
}

/// A refused payment is recorded: the identical message is refused as before, a corrected one needs a new reference.
/// Source: a reference names one payment for ever.
#[test]
fn r10_3_a_refused_payment_uses_its_reference_up() {
    rule(expect![[r#"
        pay p1 ALFA NOBODY 50.00 CNY                        => p1 refused: AC03 creditor-unknown
        pay p1 ALFA NOBODY 50.00 CNY                        => as before: p1 refused
        pay p1 ALFA BRAVO 50.00 CNY                         => refused: AM05 uetr-reused (see p1)
    "#]]);
}

/// A group is the same group when all its legs are the same; a part of it, or more, is another.
/// Source: rules 5 and 6.
#[test]
fn r10_4_a_group_is_repeated_as_a_whole() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pvp a1 ALFA BRAVO 1.00 CNY with a2 ALFA CHARLIE 1.00 CNY => a1 settled
                                                            => a2 settled
        pvp a1 ALFA BRAVO 1.00 CNY with a2 ALFA CHARLIE 1.00 CNY => as before: a1 settled
                                                            => as before: a2 settled
        pvp a1 ALFA BRAVO 1.00 CNY with a3 ALFA CHARLIE 1.00 CNY => refused: AM05 uetr-reused (see a1)
        show balances                                       => ALFA 98.00 CNY
                                                            => BRAVO 1.00 CNY
                                                            => CHARLIE 1.00 CNY
    "#]]);
}

/// Conversions and returns are told apart by their reference and message, too.
/// Source: rules 6.
#[test]
fn r10_5_a_conversion_and_a_return_are_repeated_like_payments() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund FOXTROT 115.00 RUB                             => 115.00 RUB issued to FOXTROT
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 settled
                                                            => c1's other leg settled
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => as before: c1 settled
        convert c1 ALFA CHARLIE 11.00 CNY to RUB            => refused: AM05 uetr-reused (see c1)
        pay p1 CHARLIE DELTA 15.00 RUB                      => p1 settled
        return r1 of p1 15.00 RUB                           => r1 settled
        return r1 of p1 15.00 RUB                           => as before: r1 settled
        return r1 of p1 14.00 RUB                           => refused: AM05 uetr-reused (see r1)
        return r1 of c1 15.00 RUB                           => refused: AM05 uetr-reused (see r1)
    "#]]);
}

/// A request with a key already used and the same body is answered as before, refusals too.
/// Source: contract part 1, idempotency.
#[test]
fn r10_6_the_same_key_and_body_is_answered_as_before() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY key k1                       => h1 holds 60.00 CNY of ALFA
        hold h1 ALFA 60.00 CNY key k1                       => as before: done
        hold h2 ALFA 60.00 CNY key k2                       => refused: AM04 insufficient-funds (limit 40.00, asked 60.00)
        hold h2 ALFA 60.00 CNY key k2                       => as before: refused: AM04 insufficient-funds (limit 40.00, asked 60.00)
        show balances                                       => ALFA 100.00 CNY, 60.00 held
    "#]]);
}

/// A request with a key already used and another body is refused and names the original.
/// Source: contract part 1, idempotency.
#[test]
fn r10_7_the_same_key_with_another_body_is_refused() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY key k1                       => h1 holds 60.00 CNY of ALFA
        hold h2 ALFA 10.00 CNY key k1                       => refused: AM05 key-reused (see hold h1)
        hold h2 ALFA 10.00 CNY key k2                       => h2 holds 10.00 CNY of ALFA
        hold h3 BRAVO 10.00 CNY key k1                      => refused: AM04 insufficient-funds (limit 0.00, asked 10.00)
    "#]]);
}

/// Keys belong to the one who used them; someone unknown uses none up.
/// Source: ours.
#[test]
fn r10_8_nobody_uses_up_another_actors_keys() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        hold h1 ALFA 60.00 CNY key k1 by somebody           => refused: AG01 actor-unknown
        hold h1 ALFA 60.00 CNY key k1 by somebody           => refused: AG01 actor-unknown
    "#]]);
}

/// A payment without a reference, or one that claims to be a return or part of a conversion, is not recorded at all.
/// Source: precedence of reasons; a return names its original.
#[test]
fn r10_9_a_payment_needs_a_reference_and_a_kind_of_its_own() {
    rule(expect![[r#"
        pay none ALFA BRAVO 50.00 CNY                       => refused: FF01 out-of-range
        pay p1 ALFA BRAVO 50.00 CNY as return               => refused: FF01 out-of-range
        pay p2 ALFA BRAVO 50.00 CNY as target               => refused: FF01 out-of-range
        pvp none ALFA BRAVO 1.00 CNY with a2 ALFA CHARLIE 1.00 CNY => refused: FF01 out-of-range
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 queued: 50.00 short
    "#]]);
}
