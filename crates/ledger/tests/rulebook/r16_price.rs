//! 16. Prices: modes, dealers, quotes and auctions.

use expect_test::expect;

use crate::story::rule;

/// SGD 1,000 at a dealer's 25 is THB 25,000; the payee's bank keeps 100, the scheme charges 0.50 and one in a thousand.
/// Source: Nexus guide, worked example; rules 5.
#[test]
fn r16_1_nexus_example_under_a_quote() {
    rule(expect![[r#"
        with currency SGD 2
        with currency THB 2
        with pair SGD/THB
        with given pricing SGD/THB quotes selling 0.00/100.00/0.50/10
        with given dealer SGD/THB ECHO 5000.00 100000.00
        with given offer SGD/THB ECHO 25 25.2
        fund ALFA 1000.00 SGD                               => 1000.00 SGD issued to ALFA
        fund ECHO 25000.00 THB                              => 25000.00 THB issued to ECHO
        quote q1 ALFA CHARLIE 1000.00 SGD to THB            => q1: 1000.00 SGD for 25000.00 THB at 25 from ECHO until 09:40; the payer pays 1000.00 SGD, the payee receives 24900.00 THB, the scheme charges 1.50 SGD
        take q1                                             => q1 holds 25000.00 THB of ECHO
                                                            => q1 accepted
        deal c1 under q1 ALFA CHARLIE 1000.00 SGD to THB at 25 => q1 closed: 25000.00 THB back to ECHO
                                                            => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the quote price of ECHO 25
        show balances                                       => CHARLIE 25000.00 THB
                                                            => ECHO 1000.00 SGD
        show dealers                                        => ECHO 1000.00 SGD -25000.00 THB
    "#]]);
}

/// Asked for by what the payee is to receive, the same amounts come out.
/// Source: Nexus guide; rules 5, destination fixed.
#[test]
fn r16_2_nexus_example_by_the_amount_received() {
    rule(expect![[r#"
        with currency SGD 2
        with currency THB 2
        with pair SGD/THB
        with given pricing SGD/THB quotes selling 0.00/100.00/0.50/10
        with given dealer SGD/THB ECHO 5000.00 100000.00
        with given offer SGD/THB ECHO 25 25.2
        fund ALFA 1000.00 SGD                               => 1000.00 SGD issued to ALFA
        fund ECHO 25000.00 THB                              => 25000.00 THB issued to ECHO
        quote exactly q1 ALFA CHARLIE 24900.00 THB from SGD => q1: 1000.00 SGD for 25000.00 THB at 25 from ECHO until 09:40; the payer pays 1000.00 SGD, the payee receives 24900.00 THB, the scheme charges 1.50 SGD
        deal c1 under q1 exactly ALFA CHARLIE 25000.00 THB from SGD => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the quote price of ECHO 25
        show balances                                       => CHARLIE 25000.00 THB
                                                            => ECHO 1000.00 SGD
    "#]]);
}

/// GHS 450 at 4.5 is USD 100, and NGN 36,000 at 360 is USD 100: both in one decision, through a third currency that
/// nobody has to hold.
/// Source: PAPSS example; rules 3 and 5.
#[test]
fn r16_3_papss_example_as_one_group_of_two_quotes() {
    rule(expect![[r#"
        with currency GHS 2
        with currency NGN 2
        with currency USD 2
        with pair USD/GHS
        with pair USD/NGN
        with given pricing USD/GHS quotes
        with given pricing USD/NGN quotes
        with given dealer USD/GHS ECHO 1000.00 9000.00
        with given dealer USD/NGN FOXTROT 1000.00 900000.00
        with given offer USD/GHS ECHO 4.4 4.5
        with given offer USD/NGN FOXTROT 360 365
        fund ALFA 450.00 GHS                                => 450.00 GHS issued to ALFA
        fund ECHO 100.00 USD                                => 100.00 USD issued to ECHO
        fund FOXTROT 36000.00 NGN                           => 36000.00 NGN issued to FOXTROT
        quote q1 ALFA ALFA 450.00 GHS to USD                => q1: 450.00 GHS for 100.00 USD at 4.5 from ECHO until 09:40
        quote exactly q2 ALFA BRAVO 36000.00 NGN from USD   => q2: 100.00 USD for 36000.00 NGN at 360 from FOXTROT until 09:40
        deal c1 under q1 ALFA ALFA 450.00 GHS to USD with c2 under q2 exactly ALFA BRAVO 36000.00 NGN from USD => c1 settled
                                                            => c1's other leg settled
                                                            => c2 settled
                                                            => c2's other leg settled
                                                            => c1 at the quote price of ECHO 4.5
                                                            => c2 at the quote price of FOXTROT 360
        show balances                                       => BRAVO 36000.00 NGN
                                                            => ECHO 450.00 GHS
                                                            => FOXTROT 100.00 USD
    "#]]);
}

/// A quote is valid for its time, to the second; after it, a payment that names it is refused.
/// Source: Nexus guide, 600 seconds; rules 5, AB04.
#[test]
fn r16_4_a_quote_expires() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund ECHO 2000.00 RUB                               => 2000.00 RUB issued to ECHO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        take q1                                             => q1 holds 1140.00 RUB of ECHO
                                                            => q1 accepted
        show dealers                                        => ECHO 100.00 CNY -1140.00 RUB
        time 09:39                                          => nothing
        time 09:40                                          => q1 expired: 1140.00 RUB back to ECHO
                                                            => q1 expired
        deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB     => c1 refused: AB04 quote-expired (at 09:40)
        take q1                                             => refused: AB04 quote-expired (at 09:40)
        show dealers                                        => ECHO 0.00 CNY 0.00 RUB
        show balances                                       => ALFA 100.00 CNY
                                                            => ECHO 2000.00 RUB
    "#]]);
}

/// A payment under a quote is exactly what was quoted: amount, rate, accounts. Anything else is refused.
/// Source: rules 5, AB04.
#[test]
fn r16_5_a_payment_matches_its_quote_exactly() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        deal c1 under q1 ALFA CHARLIE 100.01 CNY to RUB     => c1 refused: AB04 quote-mismatch (quoted 100.00, sent 100.01)
        deal c2 under q1 ALFA CHARLIE 100.00 CNY to RUB at 11.41 => c2 refused: AB04 quote-mismatch
        deal c3 under q1 ALFA DELTA 100.00 CNY to RUB       => c3 refused: AB04 quote-mismatch
        deal c4 under q2 ALFA CHARLIE 100.00 CNY to RUB     => c4 refused: AB04 quote-unknown
        deal c5 under q1 exactly ALFA CHARLIE 1140.00 RUB from CNY at 11.4 => c5 settled
                                                            => c5's other leg settled
                                                            => c5 at the quote price of ECHO 11.40
        deal c6 under q1 ALFA CHARLIE 100.00 CNY to RUB     => c6 refused: AB04 quote-used
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => refused: AM05 exists
        show deals                                          => c5 100.00 CNY for 1140.00 RUB at 11.40 (quote)
    "#]]);
}

/// The identical payment sent again is answered as before; another with its reference is refused.
/// Source: rules 6, idempotency.
#[test]
fn r16_6_a_payment_under_a_quote_is_taken_once() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB     => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the quote price of ECHO 11.40
        deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB     => as before: c1 settled
        deal c1 under q1 ALFA CHARLIE 50.00 CNY to RUB      => refused: AM05 uetr-reused (see c1)
        deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB with plain p1 ALFA BRAVO 1.00 CNY => refused: AM05 uetr-reused (see c1)
    "#]]);
}

/// Once accepted, the dealer's money is there for the quote and for nothing else; nobody else can dispose of it.
/// Source: rules 5, locked liquidity.
#[test]
fn r16_7_accepting_sets_the_dealers_money_aside() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund ECHO 1140.00 RUB                               => 1140.00 RUB issued to ECHO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        quote q2 ALFA CHARLIE 50.00 CNY to RUB              => q2: 50.00 CNY for 570.00 RUB at 11.40 from ECHO until 09:40
        take q1                                             => q1 holds 1140.00 RUB of ECHO
                                                            => q1 accepted
        take q1                                             => refused: AM05 exists
        pay p1 ECHO DELTA 1.00 RUB                          => p1 queued: 1.00 short
        void q1 by ECHO                                     => refused: AM02 hold-of-deal
        post q1 CHARLIE 1.00 RUB by ECHO                    => refused: AM02 hold-of-deal
        hold q1 ALFA 1.00 CNY                               => refused: AM05 exists
        take q2                                             => refused: AM04 dealer-funds (limit 0.00, asked 570.00)
        deal c2 under q2 ALFA CHARLIE 50.00 CNY to RUB      => c2 refused: AM04 dealer-funds (limit 0.00, asked 570.00)
        deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB     => q1 closed: 1140.00 RUB back to ECHO
                                                            => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the quote price of ECHO 11.40
        show balances                                       => CHARLIE 1140.00 RUB
                                                            => ECHO 100.00 CNY
    "#]]);
}

/// A payer without the money is refused at once and the quote stays good: nobody keeps a dealer waiting.
/// Source: ours; a price that waits is a free option.
#[test]
fn r16_8_a_deal_does_not_wait() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ECHO 1140.00 RUB                               => 1140.00 RUB issued to ECHO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        take q1                                             => q1 holds 1140.00 RUB of ECHO
                                                            => q1 accepted
        deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB     => c1 refused: AM04 insufficient-funds (limit 0.00, asked 100.00)
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA day 99.99 CNY                            => done
        deal c2 under q1 ALFA CHARLIE 100.00 CNY to RUB     => c2 refused: AM04 deal-cannot-wait (limit 99.99, asked 100.00)
        limit ALFA day 100.00 CNY                           => done
        deal c3 under q1 ALFA CHARLIE 100.00 CNY to RUB from 10:00 => c3 refused: DT01 time-window
        deal c4 under q1 ALFA CHARLIE 100.00 CNY to RUB     => q1 closed: 1140.00 RUB back to ECHO
                                                            => c4 settled
                                                            => c4's other leg settled
                                                            => c4 at the quote price of ECHO 11.40
    "#]]);
}

/// Of several dealers the best price is quoted; who could not give one, and why, is said.
/// Source: rules 5; contract part 4, several dealers.
#[test]
fn r16_9_the_best_of_several_dealers() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given dealer CNY/RUB DELTA 5000.00 100000.00
        with given dealer CNY/RUB BRAVO 50.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        with given offer CNY/RUB DELTA 11.45 11.55 tiers 1000.00:20
        with given offer CNY/RUB BRAVO 11.50 11.52
        fund ALFA 3000.00 CNY                               => 3000.00 CNY issued to ALFA
        fund ECHO 90000.00 RUB                              => 90000.00 RUB issued to ECHO
        fund DELTA 12000.00 RUB                             => 12000.00 RUB issued to DELTA
        fund BRAVO 90000.00 RUB                             => 90000.00 RUB issued to BRAVO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1145.00 RUB at 11.45 from DELTA until 09:40 (others: BRAVO dealer-limit, ECHO 1140.00 RUB)
        quote q2 ALFA CHARLIE 1000.00 CNY to RUB            => q2: 1000.00 CNY for 11472.90 RUB at 11.4729 from DELTA until 09:40 (others: BRAVO dealer-limit, ECHO 11400.00 RUB)
        quote q3 ALFA CHARLIE 2000.00 CNY to RUB            => q3: 2000.00 CNY for 22800.00 RUB at 11.40 from ECHO until 09:40 (others: BRAVO dealer-limit, DELTA dealer-funds)
        quote q4 ALFA CHARLIE 100.00 CNY to RUB of ECHO     => q4: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        quote q5 ALFA CHARLIE 100.00 CNY to RUB of BRAVO    => refused: AM02 dealer-limit (position in CNY would be 100.00, limit 50.00)
        quote q6 ALFA CHARLIE 100.00 CNY to RUB of ALFA     => refused: AG01 dealer-unknown
        quote q7 ALFA CHARLIE 40.00 CNY to RUB              => q7: 40.00 CNY for 460.00 RUB at 11.50 from BRAVO until 09:40 (others: DELTA 458.00 RUB, ECHO 456.00 RUB)
        convert c1 ALFA CHARLIE 100.00 CNY to RUB           => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the dealer price of DELTA 11.45 (others: BRAVO dealer-limit, ECHO 1140.00 RUB)
    "#]]);
}

/// A dealer without the money is refused clearly, with what it has and what was asked.
/// Source: contract, bad input.
#[test]
fn r16_10_a_dealer_with_no_funds() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund ECHO 1139.99 RUB                               => 1139.99 RUB issued to ECHO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => refused: AM04 dealer-funds (limit 1139.99, asked 1140.00)
        convert c1 ALFA CHARLIE 100.00 CNY to RUB           => c1 refused: AM04 dealer-funds (limit 1139.99, asked 1140.00)
        quote q2 ALFA CHARLIE 99.00 CNY to RUB              => q2: 99.00 CNY for 1128.60 RUB at 11.40 from ECHO until 09:40
        pay p1 ECHO DELTA 100.00 RUB                        => p1 settled
        take q2                                             => refused: AM04 dealer-funds (limit 1039.99, asked 1128.60)
        deal c2 under q2 ALFA CHARLIE 99.00 CNY to RUB      => c2 refused: AM04 dealer-funds (limit 1039.99, asked 1128.60)
    "#]]);
}

/// A dealer's net position in either currency stays within its limit; a deal that brings it back is always possible. An
/// accepted quote counts.
/// Source: contract part 4, dealer position limits.
#[test]
fn r16_11_dealers_have_position_limits() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers
        with given dealer CNY/RUB ECHO 100.00 5000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund CHARLIE 5000.00 RUB                            => 5000.00 RUB issued to CHARLIE
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        quote q1 ALFA CHARLIE 60.00 CNY to RUB              => q1: 60.00 CNY for 684.00 RUB at 11.40 from ECHO until 09:40
        take q1                                             => q1 holds 684.00 RUB of ECHO
                                                            => q1 accepted
        quote q2 ALFA CHARLIE 40.01 CNY to RUB              => refused: AM02 dealer-limit (position in CNY would be 100.01, limit 100.00)
        convert c1 ALFA CHARLIE 40.00 CNY to RUB            => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the dealer price of ECHO 11.40
        convert c2 ALFA CHARLIE 1.00 CNY to RUB             => c2 refused: AM02 dealer-limit (position in CNY would be 101.00, limit 100.00)
        show dealers                                        => ECHO 100.00 CNY -1140.00 RUB
        convert c3 CHARLIE ALFA 116.00 RUB to CNY           => c3 settled
                                                            => c3's other leg settled
                                                            => c3 at the dealer price of ECHO 11.60
        show dealers                                        => ECHO 90.00 CNY -1024.00 RUB
        deal c4 under q1 ALFA CHARLIE 60.00 CNY to RUB      => q1 closed: 684.00 RUB back to ECHO
                                                            => c4 settled
                                                            => c4's other leg settled
                                                            => c4 at the quote price of ECHO 11.40
        show dealers                                        => ECHO 90.00 CNY -1024.00 RUB
    "#]]);
}

/// Positions count by business day: the next one begins at zero, and quotes of the last one are over.
/// Source: ours, with the limits of the day.
#[test]
fn r16_12_positions_begin_anew_each_day() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers valid 3600
        with given dealer CNY/RUB ECHO 100.00 5000.00
        with given offer CNY/RUB ECHO 11.40 11.60 until 2026-11-30T10:00
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        convert c1 ALFA CHARLIE 90.00 CNY to RUB            => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the dealer price of ECHO 11.40
        show dealers                                        => ECHO 90.00 CNY -1026.00 RUB
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-24                                      => rates begins
        show dealers                                        => nothing
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        convert c2 ALFA CHARLIE 90.00 CNY to RUB            => c2 settled
                                                            => c2's other leg settled
                                                            => c2 at the dealer price of ECHO 11.40
    "#]]);
}

/// A conversion takes the best of what its pair allows at that instant and says what else there was.
/// Source: contract part 4, best of official, dealer and auction price.
#[test]
fn r16_13_the_best_allowed_price_is_chosen_and_shown() {
    rule(expect![[r#"
        with given pricing CNY/RUB official+fixed+dealers fixed 11.30
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60 client ALFA:100
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        fund DELTA 1000.00 CNY                              => 1000.00 CNY issued to DELTA
        fund ECHO 2000.00 RUB                               => 2000.00 RUB issued to ECHO
        fund FOXTROT 90000.00 RUB                           => 90000.00 RUB issued to FOXTROT
        convert c1 BRAVO CHARLIE 10.00 CNY to RUB           => c1 queued: 10.00 short
                                                            => c1's other leg queued: another leg first
                                                            => c1 at the fixed price 11.30 (others: official rate-not-approved, ECHO insufficient-funds)
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        convert c2 DELTA CHARLIE 100.00 CNY to RUB          => c2 queued: another leg first
                                                            => c2's other leg queued: behind c1
                                                            => c2 at the official price 11.50 (others: fixed 1130.00 RUB, ECHO 1140.00 RUB)
        convert c3 ALFA CHARLIE 100.00 CNY to RUB           => c3 settled
                                                            => c3's other leg settled
                                                            => c3 at the dealer price of ECHO 11.514 (others: official 1150.00 RUB, fixed 1130.00 RUB)
        convert c4 ALFA CHARLIE 100.00 CNY to RUB           => c4 queued: another leg first
                                                            => c4's other leg queued: behind c1
                                                            => c4 at the official price 11.50 (others: fixed 1130.00 RUB, ECHO dealer-funds)
        convert c5 ALFA CHARLIE 100.00 CNY to RUB at 11.3   => c5 queued: behind c4
                                                            => c5's other leg queued: another leg first
                                                            => c5 at the fixed price 11.30 (others: official rate-mismatch, ECHO dealer-funds)
        convert exactly c6 ALFA CHARLIE 115.00 RUB from CNY => c6 queued: behind c4
                                                            => c6's other leg queued: another leg first
                                                            => c6 at the official price 11.50 (others: fixed 10.18 CNY, ECHO deal-cannot-wait)
        show deals                                          => c1 10.00 CNY for 113.00 RUB at 11.30 (fixed)
                                                            => c2 100.00 CNY for 1150.00 RUB at 11.50 (official)
                                                            => c3 100.00 CNY for 1151.40 RUB at 11.514 (dealer)
                                                            => c4 100.00 CNY for 1150.00 RUB at 11.50 (official)
                                                            => c5 100.00 CNY for 1130.00 RUB at 11.30 (fixed)
                                                            => c6 10.00 CNY for 115.00 RUB at 11.50 (official)
    "#]]);
}

/// Where the terms say so, the first price in their order is taken, not the best.
/// Source: contract part 4, how the best is chosen is data.
#[test]
fn r16_14_prices_in_the_order_of_the_terms() {
    rule(expect![[r#"
        with given pricing CNY/RUB official+dealers in-order
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        fund FOXTROT 9000.00 RUB                            => 9000.00 RUB issued to FOXTROT
        convert c1 ALFA CHARLIE 100.00 CNY to RUB           => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the dealer price of ECHO 11.40 (others: official rate-not-approved)
        rate CNY/RUB 11.00                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.00 by CN.checker                   => done
        agree CNY/RUB 11.00 by RU.checker                   => CNY/RUB open
        convert c2 ALFA CHARLIE 100.00 CNY to RUB           => c2 settled
                                                            => c2's other leg settled
                                                            => c2 at the official price 11.00 (others: ECHO 1140.00 RUB)
    "#]]);
}

/// A mode that a pair's terms do not allow is refused, and a pair without terms converts at its official rate alone.
/// Source: rules 5, modes as data per pair.
#[test]
fn r16_15_only_what_the_terms_allow() {
    rule(expect![[r#"
        with given pricing CNY/RUB official
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => refused: AM03 pricing-mode
        order o1 ALFA sells 100.00 CNY/RUB at 11.50         => refused: AM03 pricing-mode
        auction CNY/RUB                                     => refused: AM03 pricing-mode
        quote q2 ALFA ECHO 100.00 CNY to KZT                => refused: AM03 pricing-mode
        auction RUB/KZT                                     => refused: AM03 pair-unknown
        quote q3 CHARLIE ECHO 100.00 RUB to KZT             => refused: AM03 pair-unknown
        convert c1 ALFA CHARLIE 100.00 CNY to RUB           => c1 refused: AM03 rate-not-approved
    "#]]);
}

/// After the arrangement is signed, terms and dealers change by the word of both authorities of the pair, and what was in
/// force stays in force until then.
/// Source: rules 5; each authority rules its own currency.
#[test]
fn r16_16_both_authorities_agree_to_terms_and_dealers() {
    rule(expect![[r#"
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        pricing CNY/RUB dealers                             => done
        dealer CNY/RUB ECHO 500.00 9000.00                  => done
        offer CNY/RUB ECHO 11.40 11.60                      => ECHO has rates in CNY/RUB
        convert c1 ALFA CHARLIE 1.00 CNY to RUB             => c1 refused: AM03 rate-not-approved
        word CNY/RUB pricing yes by KZ.checker              => refused: AG01 not-yours
        word CNY/RUB pricing yes by CN.checker              => done
        convert c2 ALFA CHARLIE 1.00 CNY to RUB             => c2 refused: AM03 rate-not-approved
        word CNY/RUB pricing yes by RU.checker              => done
        word CNY/RUB pricing yes by RU.checker              => refused: NOOR unknown
        convert c3 ALFA CHARLIE 1.00 CNY to RUB             => c3 refused: AG01 dealer-unknown
        word CNY/RUB dealer ECHO yes by CN.checker          => done
        word CNY/RUB dealer ECHO yes by RU.checker          => done
        convert c4 ALFA CHARLIE 1.00 CNY to RUB             => c4 settled
                                                            => c4's other leg settled
                                                            => c4 at the dealer price of ECHO 11.40
        word CNY/RUB dealer ECHO no by RU.checker           => done
        convert c5 ALFA CHARLIE 1.00 CNY to RUB             => c5 refused: AG01 dealer-unknown
        word CNY/RUB dealer BRAVO yes by CN.checker         => refused: AG01 dealer-unknown
        pricing CNY/RUB official                            => done
        word CNY/RUB pricing no by RU.checker               => done
        word CNY/RUB pricing yes by CN.checker              => refused: NOOR unknown
    "#]]);
}

/// A dealer's rate 66 per cent off the last official one waits for release by two people; until then it is not used.
/// Source: rules 5, deviation gate; contract, bad input.
#[test]
fn r16_17_a_dealers_rate_far_off_waits_for_release() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        rate CNY/RUB 10.00                                  => CNY/RUB waits for approval
        agree CNY/RUB 10.00 by CN.checker                   => done
        agree CNY/RUB 10.00 by RU.checker                   => CNY/RUB open
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        offer CNY/RUB ECHO 16.60 16.70                      => ECHO has rates, held by the gate in CNY/RUB
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => refused: AM02 rate-gate (gate 1000 bp, change 6700 bp)
        convert c1 ALFA CHARLIE 100.00 CNY to RUB           => c1 refused: AM02 rate-gate (gate 1000 bp, change 6700 bp)
        word CNY/RUB rate ECHO yes by CN.maker              => refused: AG01 four-eyes
        word CNY/RUB rate ECHO yes                          => done
        word CNY/RUB rate ECHO yes                          => approved, but refused: NOOR nothing-held
        quote q2 ALFA CHARLIE 100.00 CNY to RUB             => q2: 100.00 CNY for 1660.00 RUB at 16.60 from ECHO until 09:40
        offer CNY/RUB ECHO 3.40 3.50                        => ECHO has rates, held by the gate in CNY/RUB
        word CNY/RUB rate ECHO no                           => done
        quote q3 ALFA CHARLIE 100.00 CNY to RUB             => refused: AM03 no-price
        offer CNY/RUB ECHO spread 100                       => ECHO has rates in CNY/RUB
        quote q4 ALFA CHARLIE 100.00 CNY to RUB             => q4: 100.00 CNY for 990.00 RUB at 9.90 from ECHO until 09:40
    "#]]);
}

/// Rates, tiers and terms out of range are refused, and rates end with their validity.
/// Source: rules 5.
#[test]
fn r16_18_terms_and_rates_are_checked() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        offer CNY/RUB ECHO 11.60 11.40                      => refused: FF01 out-of-range
        offer CNY/RUB ECHO 0 11.40                          => refused: FF01 out-of-range
        offer CNY/RUB ECHO 11.40 11.60 tiers 10.00:5,10.00:6 => refused: FF01 out-of-range
        offer CNY/RUB ECHO 11.40 11.60 client NOBODY:5      => refused: FF01 out-of-range
        offer CNY/RUB ECHO 11.40 11.60 until 09:00          => refused: DT01 time-window
        offer CNY/RUB ALFA 11.40 11.60                      => refused: AG01 dealer-unknown
        offer CNY/RUB ECHO 11.40 11.60 by ALFA              => refused: AG01 actor-not-authorised
        offer CNY/RUB ECHO 11.40 11.60 until 10:00          => ECHO has rates in CNY/RUB
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        time 10:00                                          => q1 expired
        quote q2 ALFA CHARLIE 100.00 CNY to RUB             => refused: AM03 no-price
        pricing CNY/RUB nonsense                            => approved, but refused: FF01 out-of-range
        pricing CNY/RUB fixed                               => approved, but refused: FF01 out-of-range
        pricing CNY/RUB quotes valid 3601                   => approved, but refused: FF01 out-of-range (limit 3600, value 3601)
        pricing CNY/RUB quotes selling -0.01/0.00/0.00/0    => approved, but refused: FF01 out-of-range
        pricing CNY/RUB auction tick 13                     => approved, but refused: FF01 out-of-range (limit 12, value 13)
        pricing RUB/KZT quotes                              => approved, but refused: AM03 pair-unknown
        dealer RUB/KZT ECHO 1.00 1.00                       => approved, but refused: AM03 pair-unknown
        dealer CNY/RUB GOLF 1.00 1.00                       => approved, but refused: NOOR unknown
        dealer CNY/RUB ECHO -1.00 1.00                      => approved, but refused: FF01 out-of-range
        quote none ALFA CHARLIE 100.00 CNY to RUB           => refused: FF01 out-of-range
        quote q3 ALFA CHARLIE 0.00 CNY to RUB               => refused: AM01 amount-zero
        quote q3 NOBODY CHARLIE 1.00 CNY to RUB by ALFA     => refused: AG01 actor-not-authorised
        quote q3 ALFA NOBODY 1.00 CNY to RUB                => refused: AC03 creditor-unknown
        take q9                                             => refused: AB04 quote-unknown
        withdraw o9                                         => refused: NOOR unknown
        word CNY/RUB auction yes                            => approved, but refused: NOOR nothing-held
    "#]]);
}

/// Stopping one currency stops its pairs and no other; no currency is the vehicle of the rest.
/// Source: contract part 3; each authority stops its own currency alone.
#[test]
fn r16_19_stopping_a_currency_stops_its_pairs_alone() {
    rule(expect![[r#"
        with pair RUB/KZT
        with given pricing CNY/RUB quotes+dealers+auction
        with given pricing CNY/KZT quotes+dealers
        with given pricing RUB/KZT dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given dealer CNY/KZT ECHO 5000.00 900000.00
        with given dealer RUB/KZT ECHO 5000.00 900000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        with given offer CNY/KZT ECHO 70 71
        with given offer RUB/KZT ECHO 6 6.1
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        fund ALFA 1000.00 RUB                               => 1000.00 RUB issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        fund ECHO 90000.00 KZT                              => 90000.00 KZT issued to ECHO
        quote q1 ALFA CHARLIE 10.00 CNY to RUB              => q1: 10.00 CNY for 114.00 RUB at 11.40 from ECHO until 09:40
        take q1                                             => q1 holds 114.00 RUB of ECHO
                                                            => q1 accepted
        stop RUB                                            => RUB stopped
        quote q2 ALFA CHARLIE 10.00 CNY to RUB              => refused: AM03 currency-stopped
        deal c1 under q1 ALFA CHARLIE 10.00 CNY to RUB      => c1 refused: AM03 currency-stopped
        convert c2 ALFA CHARLIE 10.00 CNY to RUB            => c2 refused: AM03 currency-stopped
                                                            => c2's other leg refused: AM03 currency-stopped
        order o1 ALFA sells 10.00 CNY/RUB                   => refused: AM03 currency-stopped
        convert c3 ALFA BRAVO 10.00 CNY to KZT              => c3 settled
                                                            => c3's other leg settled
                                                            => c3 at the dealer price of ECHO 70
        start RUB                                           => RUB started
        stop CNY                                            => CNY stopped
        convert c4 ALFA BRAVO 10.00 RUB to KZT              => c4 settled
                                                            => c4's other leg settled
                                                            => c4 at the dealer price of ECHO 6
        start CNY                                           => CNY started
        deal c5 under q1 ALFA CHARLIE 10.00 CNY to RUB      => q1 closed: 114.00 RUB back to ECHO
                                                            => c5 settled
                                                            => c5's other leg settled
                                                            => c5 at the quote price of ECHO 11.40
    "#]]);
}

/// Everybody trades at one price; what is not filled goes back. Who places an order learns what would happen now.
/// Source: rules 5, call auction.
#[test]
fn r16_20_an_auction_has_one_price() {
    rule(expect![[r#"
        with given pricing CNY/RUB auction tick 2
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund BRAVO 500.00 CNY                               => 500.00 CNY issued to BRAVO
        fund CHARLIE 9000.00 RUB                            => 9000.00 RUB issued to CHARLIE
        fund DELTA 3000.00 RUB                              => 3000.00 RUB issued to DELTA
        order o1 ALFA sells 300.00 CNY/RUB at 11.40         => o1 holds 300.00 CNY of ALFA
                                                            => o1 placed: nothing crosses, 300.00 CNY left for sale
        order o2 BRAVO sells 200.00 CNY/RUB at 11.60        => o2 holds 200.00 CNY of BRAVO
                                                            => o2 placed: nothing crosses, 500.00 CNY left for sale
        order o3 CHARLIE buys 350.00 CNY/RUB at 11.70       => o3 holds 4095.00 RUB of CHARLIE
                                                            => o3 placed: 350.00 CNY at 11.60, 150.00 CNY left for sale
        order o4 DELTA buys 100.00 CNY/RUB at 11.30         => o4 holds 1130.00 RUB of DELTA
                                                            => o4 placed: 350.00 CNY at 11.60, 150.00 CNY left for sale
        show balances                                       => ALFA 500.00 CNY, 300.00 held
                                                            => BRAVO 500.00 CNY, 200.00 held
                                                            => CHARLIE 9000.00 RUB, 4095.00 held
                                                            => DELTA 3000.00 RUB, 1130.00 held
        auction CNY/RUB                                     => o1 closed: 300.00 CNY back to ALFA
                                                            => o3 closed: 3480.00 RUB back to CHARLIE
                                                            => fill 1's quote settled
                                                            => fill 1's base settled
                                                            => fill 1's quote at the auction price 11.60
                                                            => o2 closed: 50.00 CNY back to BRAVO
                                                            => o3 closed: 580.00 RUB back to CHARLIE
                                                            => fill 2's quote settled
                                                            => fill 2's base settled
                                                            => fill 2's quote at the auction price 11.60
                                                            => o1 ended: 300.00 CNY filled
                                                            => o2 closed: 150.00 CNY back to BRAVO
                                                            => o2 ended: 50.00 CNY filled
                                                            => o3 closed: 35.00 RUB back to CHARLIE
                                                            => o3 ended: 350.00 CNY filled
                                                            => o4 closed: 1130.00 RUB back to DELTA
                                                            => o4 ended: 0.00 CNY filled
                                                            => auction of CNY/RUB: 350.00 CNY at 11.60, 150.00 CNY left for sale, 2 fills
        show balances                                       => ALFA 200.00 CNY
                                                            => ALFA 3480.00 RUB
                                                            => BRAVO 450.00 CNY
                                                            => BRAVO 580.00 RUB
                                                            => CHARLIE 350.00 CNY
                                                            => CHARLIE 4940.00 RUB
                                                            => DELTA 3000.00 RUB
        show deals                                          => fill 1's quote 3480.00 RUB for 300.00 CNY at 11.60 (auction)
                                                            => fill 2's quote 580.00 RUB for 50.00 CNY at 11.60 (auction)
    "#]]);
}

/// When nothing crosses this is said, nothing is posted, and the money goes back.
/// Source: contract, bad input.
#[test]
fn r16_21_no_crossing_settles_nothing() {
    rule(expect![[r#"
        with given pricing CNY/RUB auction
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund CHARLIE 9000.00 RUB                            => 9000.00 RUB issued to CHARLIE
        order o1 ALFA sells 300.00 CNY/RUB at 11.60         => o1 holds 300.00 CNY of ALFA
                                                            => o1 placed: nothing crosses, 300.00 CNY left for sale
        order o2 CHARLIE buys 350.00 CNY/RUB at 11.50       => o2 holds 4025.00 RUB of CHARLIE
                                                            => o2 placed: nothing crosses, -50.00 CNY left for sale
        auction CNY/RUB                                     => auction of CNY/RUB: no price, nothing settled
                                                            => o1 closed: 300.00 CNY back to ALFA
                                                            => o1 ended: 0.00 CNY filled
                                                            => o2 closed: 4025.00 RUB back to CHARLIE
                                                            => o2 ended: 0.00 CNY filled
        auction CNY/RUB                                     => auction of CNY/RUB: no price, nothing settled
        show balances                                       => ALFA 500.00 CNY
                                                            => CHARLIE 9000.00 RUB
    "#]]);
}

/// An order's money is set aside; an order needs the money, a buyer a limit, and prices no finer than the tick. It can be
/// taken back until the auction, and ends with the day.
/// Source: rules 5; contract part 4.
#[test]
fn r16_22_orders_set_their_money_aside() {
    rule(expect![[r#"
        with given pricing CNY/RUB auction tick 2
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund CHARLIE 100.00 RUB                             => 100.00 RUB issued to CHARLIE
        order o1 ALFA sells 500.01 CNY/RUB at 11.60         => refused: AM04 insufficient-funds (limit 500.00, asked 500.01)
        order o1 ALFA sells 500.00 CNY/RUB                  => o1 holds 500.00 CNY of ALFA
                                                            => o1 placed: nothing crosses, 500.00 CNY left for sale
        order o1 ALFA sells 1.00 CNY/RUB                    => refused: AM05 exists
        order o2 CHARLIE buys 10.00 CNY/RUB                 => refused: FF01 order-limit
        order o2 CHARLIE buys 10.00 CNY/RUB at 11.501       => refused: FF01 out-of-range (limit 2, value 3)
        order o2 CHARLIE buys 10.00 CNY/RUB at 11.50        => refused: AM04 insufficient-funds (limit 100.00, asked 115.00)
        order o2 CHARLIE buys 0.00 CNY/RUB at 11.50         => refused: AM01 amount-zero
        pay p1 ALFA BRAVO 1.00 CNY                          => p1 queued: 1.00 short
        void o1                                             => refused: AM02 hold-of-deal
        withdraw o1 by BRAVO                                => refused: AG01 actor-not-authorised
        withdraw o1                                         => o1 closed: 500.00 CNY back to ALFA
                                                            => o1 ended: 0.00 CNY filled
                                                            => p1 settled from the queue
        withdraw o1                                         => refused: NOOR unknown
        order o3 ALFA sells 10.00 CNY/RUB at 11.50          => o3 holds 10.00 CNY of ALFA
                                                            => o3 placed: nothing crosses, 10.00 CNY left for sale
        run to positions                                    => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => o3 closed: 10.00 CNY back to ALFA
                                                            => o3 ended: 0.00 CNY filled
                                                            => cycle 1 cut
    "#]]);
}

/// A price beyond the gate settles nothing: the orders stay as they are until two people release the price or turn it
/// down.
/// Source: rules 5, deviation gate.
#[test]
fn r16_23_an_auction_price_far_off_waits_for_release() {
    rule(expect![[r#"
        with given pricing CNY/RUB official+auction
        rate CNY/RUB 10.00                                  => CNY/RUB waits for approval
        agree CNY/RUB 10.00 by CN.checker                   => done
        agree CNY/RUB 10.00 by RU.checker                   => CNY/RUB open
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund CHARLIE 9000.00 RUB                            => 9000.00 RUB issued to CHARLIE
        order o1 ALFA sells 300.00 CNY/RUB at 16.60         => o1 holds 300.00 CNY of ALFA
                                                            => o1 placed: nothing crosses, 300.00 CNY left for sale
        order o2 CHARLIE buys 100.00 CNY/RUB at 16.60       => o2 holds 1660.00 RUB of CHARLIE
                                                            => o2 placed: 100.00 CNY at 16.6000, 200.00 CNY left for sale
        auction CNY/RUB                                     => auction of CNY/RUB: 100.00 CNY at 16.6000, 200.00 CNY left for sale, 0 fills, held by the gate
        withdraw o1                                         => refused: AM02 auction-held
        order o3 ALFA sells 1.00 CNY/RUB                    => refused: AM02 auction-held
        auction CNY/RUB                                     => refused: AM02 auction-held
        word CNY/RUB auction yes by RU.checker              => refused: AG01 actor-not-authorised
        word CNY/RUB auction yes                            => o1 closed: 100.00 CNY back to ALFA
                                                            => o2 closed: 1660.00 RUB back to CHARLIE
                                                            => fill 1's quote settled
                                                            => fill 1's base settled
                                                            => fill 1's quote at the auction price 16.6000
                                                            => o1 closed: 200.00 CNY back to ALFA
                                                            => o1 ended: 100.00 CNY filled
                                                            => o2 ended: 100.00 CNY filled
                                                            => auction of CNY/RUB: 100.00 CNY at 16.6000, 200.00 CNY left for sale, 1 fills
        word CNY/RUB auction yes                            => approved, but refused: NOOR nothing-held
        show balances                                       => ALFA 1660.00 RUB
                                                            => ALFA 400.00 CNY
                                                            => CHARLIE 100.00 CNY
                                                            => CHARLIE 7340.00 RUB
        fund FOXTROT 9000.00 RUB                            => 9000.00 RUB issued to FOXTROT
        convert c1 ALFA CHARLIE 100.00 CNY to RUB           => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the auction price 16.6000 (others: official 1000.00 RUB)
        order o4 ALFA sells 30.00 CNY/RUB at 5.00           => o4 holds 30.00 CNY of ALFA
                                                            => o4 placed: nothing crosses, 30.00 CNY left for sale
        order o5 CHARLIE buys 10.00 CNY/RUB at 5.00         => o5 holds 50.00 RUB of CHARLIE
                                                            => o5 placed: 10.00 CNY at 5.0000, 20.00 CNY left for sale
        auction CNY/RUB                                     => auction of CNY/RUB: 10.00 CNY at 5.0000, 20.00 CNY left for sale, 0 fills, held by the gate
        word CNY/RUB auction no                             => o4 closed: 30.00 CNY back to ALFA
                                                            => o4 ended: 0.00 CNY filled
                                                            => o5 closed: 50.00 RUB back to CHARLIE
                                                            => o5 ended: 0.00 CNY filled
                                                            => auction of CNY/RUB: no price, nothing settled
    "#]]);
}

/// A fill that cannot settle is left out, and the others settle: each is all or nothing.
/// Source: rules 5, payment versus payment.
#[test]
fn r16_24_each_fill_is_all_or_nothing() {
    rule(expect![[r#"
        with given pricing CNY/RUB auction tick 2
        fund ALFA 500.00 CNY                                => 500.00 CNY issued to ALFA
        fund CHARLIE 9000.00 RUB                            => 9000.00 RUB issued to CHARLIE
        fund DELTA 9000.00 RUB                              => 9000.00 RUB issued to DELTA
        order o1 ALFA sells 200.00 CNY/RUB at 11.50         => o1 holds 200.00 CNY of ALFA
                                                            => o1 placed: nothing crosses, 200.00 CNY left for sale
        order o2 CHARLIE buys 100.00 CNY/RUB at 11.50       => o2 holds 1150.00 RUB of CHARLIE
                                                            => o2 placed: 100.00 CNY at 11.50, 100.00 CNY left for sale
        order o3 DELTA buys 100.00 CNY/RUB at 11.50         => o3 holds 1150.00 RUB of DELTA
                                                            => o3 placed: 200.00 CNY at 11.50, 0.00 CNY left for sale
        suspend CHARLIE CNY receiving                       => CHARLIE suspended receiving in CNY
        auction CNY/RUB                                     => o1 closed: 100.00 CNY back to ALFA
                                                            => o3 closed: 1150.00 RUB back to DELTA
                                                            => fill 1's quote settled
                                                            => fill 1's base settled
                                                            => fill 1's quote at the auction price 11.50
                                                            => o1 closed: 100.00 CNY back to ALFA
                                                            => o1 ended: 100.00 CNY filled
                                                            => o2 closed: 1150.00 RUB back to CHARLIE
                                                            => o2 ended: 0.00 CNY filled
                                                            => o3 ended: 100.00 CNY filled
                                                            => auction of CNY/RUB: 100.00 CNY at 11.50, 0.00 CNY left for sale, 1 fills
        show balances                                       => ALFA 1150.00 RUB
                                                            => ALFA 400.00 CNY
                                                            => CHARLIE 9000.00 RUB
                                                            => DELTA 100.00 CNY
                                                            => DELTA 7850.00 RUB
    "#]]);
}

/// What rounding leaves is the dealer's debt to the remainder account, in the pair's quote currency, as with any conversion.
/// Source: rules 5, the remainder goes to a named account.
#[test]
fn r16_25_remainders_of_deals_have_an_owner() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers+auction tick 4
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.4567 11.60
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund CHARLIE 100.00 RUB                             => 100.00 RUB issued to CHARLIE
        fund ECHO 2000.00 RUB                               => 2000.00 RUB issued to ECHO
        quote q1 ALFA CHARLIE 0.01 CNY to RUB               => q1: 0.01 CNY for 0.11 RUB at 11.4567 from ECHO until 09:40
        deal c1 under q1 ALFA CHARLIE 0.01 CNY to RUB       => c1 settled
                                                            => c1's other leg settled
                                                            => c1 at the quote price of ECHO 11.4567
        convert c2 ALFA CHARLIE 0.03 CNY to RUB             => c2 settled
                                                            => c2's other leg settled
                                                            => c2 at the dealer price of ECHO 11.4567 (others: auction no-price)
        show remainders                                     => ECHO owes 8268/10000 of a minor unit of RUB
        order o1 ALFA sells 0.01 CNY/RUB                    => o1 holds 0.01 CNY of ALFA
                                                            => o1 placed: nothing crosses, 0.01 CNY left for sale
        order o2 CHARLIE buys 0.01 CNY/RUB at 11.4567       => o2 holds 0.12 RUB of CHARLIE
                                                            => o2 placed: 0.01 CNY at 11.4567, 0.00 CNY left for sale
        auction CNY/RUB                                     => o1 closed: 0.01 CNY back to ALFA
                                                            => o2 closed: 0.11 RUB back to CHARLIE
                                                            => fill 1's quote settled
                                                            => fill 1's base settled
                                                            => fill 1's quote at the auction price 11.4567
                                                            => o1 ended: 0.01 CNY filled
                                                            => o2 closed: 0.01 RUB back to CHARLIE
                                                            => o2 ended: 0.01 CNY filled
                                                            => auction of CNY/RUB: 0.01 CNY at 11.4567, 0.00 CNY left for sale, 1 fills
        show remainders                                     => CHARLIE owes 4567/10000 of a minor unit of RUB
                                                            => ECHO owes 8268/10000 of a minor unit of RUB
    "#]]);
}

/// Plain payments may be legs beside conversions under quotes; when one cannot go, none does.
/// Source: rules 5, n legs.
#[test]
fn r16_26_quotes_as_legs_of_a_group() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund ECHO 2000.00 RUB                               => 2000.00 RUB issued to ECHO
        quote q1 ALFA ALFA 100.00 CNY to RUB                => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        deal c1 under q1 ALFA ALFA 100.00 CNY to RUB with plain p1 ALFA CHARLIE 1140.01 RUB => c1 refused: NARR group-failed
                                                            => p1 refused: AM04 insufficient-funds (limit 0.00, asked 0.01)
        deal c2 under q1 ALFA ALFA 100.00 CNY to RUB with plain p2 ALFA CHARLIE 640.00 RUB with plain p3 ALFA DELTA 500.00 RUB => c2 settled
                                                            => c2's other leg settled
                                                            => p2 settled
                                                            => p3 settled
                                                            => c2 at the quote price of ECHO 11.40
        deal c2 under q1 ALFA ALFA 100.00 CNY to RUB with plain p2 ALFA CHARLIE 640.00 RUB with plain p3 ALFA DELTA 500.00 RUB => as before: c2 settled
                                                            => as before: p2 settled
                                                            => as before: p3 settled
        show balances                                       => CHARLIE 640.00 RUB
                                                            => DELTA 500.00 RUB
                                                            => ECHO 100.00 CNY
                                                            => ECHO 860.00 RUB
        quote q2 ALFA CHARLIE 1.00 CNY to RUB               => q2: 1.00 CNY for 11.40 RUB at 11.40 from ECHO until 09:40
        deal c4 under q2 ALFA CHARLIE 1.00 CNY to RUB with c5 under q2 ALFA CHARLIE 1.00 CNY to RUB => c4 refused: NARR group-failed
                                                            => c5 refused: AB04 quote-used
        deal c6 under q2 ALFA CHARLIE 1.00 CNY to RUB with plain p6 BRAVO CHARLIE 1.00 CNY => refused: AG01 actor-not-authorised
    "#]]);
}

/// A conversion settled under a quote is given back as a new operation at the price of that day.
/// Source: rules 4, SML returns.
#[test]
fn r16_27_a_deal_is_returned_as_a_new_operation() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.40 11.60
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        fund ECHO 2000.00 RUB                               => 2000.00 RUB issued to ECHO
        fund ECHO 2000.00 CNY                               => 2000.00 CNY issued to ECHO
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => q1: 100.00 CNY for 1140.00 RUB at 11.40 from ECHO until 09:40
        deal c1 under q1 ALFA CHARLIE 100.00 CNY to RUB with plain p1 ALFA ALFA 1.00 CNY => c1 refused: NARR group-failed
                                                            => p1 refused: AC03 same-account
        deal c2 under q1 ALFA CHARLIE 100.00 CNY to RUB     => c2 settled
                                                            => c2's other leg settled
                                                            => c2 at the quote price of ECHO 11.40
        return r1 of c2 1140.00 RUB                         => r1 settled
                                                            => r1's other leg settled
                                                            => remainder 0.06 RUB from ECHO
                                                            => r1 at the dealer price of ECHO 11.60
        show balances                                       => ALFA 98.27 CNY
                                                            => ECHO 1999.94 RUB
                                                            => ECHO 2001.73 CNY
                                                            => REMAINDERS 0.06 RUB
    "#]]);
}

/// A payment of the payer that waits goes first: then a dealer's price cannot be had, and the official one waits in line.
/// Source: rules 1, first in first out.
#[test]
fn r16_28_a_conversion_without_a_quote_stays_in_line() {
    rule(expect![[r#"
        with given pricing CNY/RUB official+dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 11.60 11.70
        rate CNY/RUB 11.50                                  => CNY/RUB waits for approval
        agree CNY/RUB 11.50 by CN.checker                   => done
        agree CNY/RUB 11.50 by RU.checker                   => CNY/RUB open
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        fund ECHO 2000.00 RUB                               => 2000.00 RUB issued to ECHO
        fund FOXTROT 2000.00 RUB                            => 2000.00 RUB issued to FOXTROT
        pay p1 ALFA BRAVO 60.00 CNY                         => p1 queued: 10.00 short
        convert c1 ALFA CHARLIE 10.00 CNY to RUB            => c1 queued: behind p1
                                                            => c1's other leg queued: another leg first
                                                            => c1 at the official price 11.50 (others: ECHO deal-cannot-wait)
        fund ALFA 20.00 CNY                                 => 20.00 CNY issued to ALFA
                                                            => p1 settled from the queue
                                                            => c1 settled from the queue
                                                            => c1's other leg settled from the queue
        convert c2 ALFA CHARLIE 10.00 CNY to RUB            => c2 queued: 10.00 short
                                                            => c2's other leg queued: another leg first
                                                            => c2 at the official price 11.50 (others: ECHO insufficient-funds)
    "#]]);
}

/// A rate that was there before the official one is compared with it when that opens: also one from before the first day.
/// Source: rules 5, deviation gate.
#[test]
fn r16_29_a_rate_from_before_the_official_one_is_compared_with_it() {
    rule(expect![[r#"
        with given pricing CNY/RUB quotes+dealers
        with given dealer CNY/RUB ECHO 5000.00 100000.00
        with given offer CNY/RUB ECHO 3.40 3.50
        fund ALFA 1000.00 CNY                               => 1000.00 CNY issued to ALFA
        fund ECHO 9000.00 RUB                               => 9000.00 RUB issued to ECHO
        rate CNY/RUB 10.00                                  => CNY/RUB waits for approval
        agree CNY/RUB 10.00 by CN.checker                   => done
        agree CNY/RUB 10.00 by RU.checker                   => CNY/RUB open
                                                            => ECHO has rates, held by the gate in CNY/RUB
        quote q1 ALFA CHARLIE 100.00 CNY to RUB             => refused: AM02 rate-gate (gate 1000 bp, change 6600 bp)
        word CNY/RUB rate ECHO yes                          => done
        quote q2 ALFA CHARLIE 100.00 CNY to RUB             => q2: 100.00 CNY for 340.00 RUB at 3.40 from ECHO until 09:40
    "#]]);
}
