//! 12. Cycles of net positions.

use expect_test::expect;

use crate::story::rule;

/// A cycle is cut by an entry: everything settled up to it belongs to the cycle, the rest to the next one.
/// Source: rules 3, nothing is between two cycles.
#[test]
fn r12_1_a_cycle_is_a_range_of_the_journal() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 settled
        pay p2 BRAVO CHARLIE 20.00 CNY                      => p2 settled
        run to positions                                    => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
        show nets                                           => ALFA -70.00 CNY
                                                            => BRAVO 50.00 CNY
                                                            => CHARLIE 20.00 CNY
    "#]]);
}

/// What authorities bring in or take out is no part of a net position.
/// Source: rules 3, each net is the sum of its payments.
#[test]
fn r12_2_funding_is_no_part_of_a_net() {
    rule(expect![[r#"
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        defund ALFA 20.00 CNY                               => 20.00 CNY redeemed from ALFA
        fund BRAVO 5.00 CNY                                 => 5.00 CNY issued to BRAVO
        run to positions                                    => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
        show nets                                           => nothing
    "#]]);
}

/// What waits is not in the cycle; settled on the next day it is in the next.
/// Source: rules 3.
#[test]
fn r12_3_what_waits_is_no_part_of_a_net() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 70.00 CNY                         => p1 queued: 70.00 short
        run to positions                                    => offset begins
                                                            => 0 of 1 settled
                                                            => positions begins
                                                            => cycle 1 cut
        show nets                                           => nothing
        run to close                                        => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-24                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        fund ALFA 70.00 CNY                                 => 70.00 CNY issued to ALFA
                                                            => p1 settled from the queue
        run to positions                                    => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 2 cut
        show nets                                           => ALFA -70.00 CNY
                                                            => BRAVO 70.00 CNY
    "#]]);
}

/// Nets are per account and sum to zero in every currency.
/// Source: rules 3, check before finality.
#[test]
fn r12_4_every_currency_has_its_own_nets() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund BRAVO 120.00 RUB                               => 120.00 RUB issued to BRAVO
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 settled
                                                            => a2 settled
        run to positions                                    => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
        show nets                                           => ALFA -10.00 CNY
                                                            => ALFA 120.00 RUB
                                                            => BRAVO 10.00 CNY
                                                            => BRAVO -120.00 RUB
    "#]]);
}

/// Every authority confirms or objects, one word each, until all have confirmed; then the cycle is final.
/// Source: AFAQ phases, reconcile and confirm.
#[test]
fn r12_5_a_cycle_is_final_when_every_authority_has_confirmed() {
    rule(expect![[r#"
        time 17:00                                          => nothing
        phase offset                                        => offset begins
                                                            => 0 of 0 settled
        confirm 1 by CN.checker                             => refused: TM01 phase-closed
        time 17:30                                          => nothing
        phase positions                                     => positions begins
                                                            => cycle 1 cut
        confirm 2 by CN.checker                             => refused: NOOR unknown
        confirm 1 by CN.maker                               => refused: AG01 actor-not-authorised
        confirm 1 by operator                               => refused: AG01 actor-not-authorised
        confirm 1 by CN.checker                             => CN confirms cycle 1
        object 1 by RU.checker                              => RU objects to cycle 1
        confirm 1 by KZ.checker                             => KZ confirms cycle 1
        confirm 1 by RU.checker                             => RU confirms cycle 1
                                                            => cycle 1 final
        object 1 by RU.checker                              => refused: ARDT not-waiting
    "#]]);
}
