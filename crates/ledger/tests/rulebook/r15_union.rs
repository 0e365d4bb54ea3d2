//! 15. Unions: imbalances carried by rule.

use expect_test::expect;

use crate::story::rule;

/// A union is a set of rules. Each field is looked at, and a mistake is named: a quota of nothing, tranches
/// that overlap, weights that do not sum to one, a country named twice, a purpose without words. Nothing is
/// founded then.
/// Source: rules 4; ours.
#[test]
fn r15_1_a_union_is_founded_by_rules_that_hold() {
    rule(expect![[r#"
        propose x: union EPU of CN:100.00,RU:0.00 in CNY by finance.maker => waits for approval
        approve x by finance.checker                        => approved, but refused: AM01 union-quota (RU 0.00)
        union EPU of CN:100.00,RU:-1.00 in CNY              => approved, but refused: AM01 union-quota (RU -1.00)
        union EPU of CN:100.00,RU:100.00,CN:50.00 in CNY    => approved, but refused: AM05 union-member-twice (CN)
        union EPU of CN:100.00 in CNY                       => approved, but refused: FF01 union-rule (members 1, bound 10000)
        union EPU of CN:100.00,XX:100.00 in CNY             => approved, but refused: NOOR unknown
        union EPU of CN:100.00,RU:100.00 in CNY schedule overlapping => approved, but refused: FF01 union-tranches (500000 millionths, needed 600000)
        union EPU of CN:100.00,RU:100.00 in CNY schedule 10:0-50:50 => approved, but refused: FF01 union-tranches (600000 millionths, needed 1000000)
        union EPU of CN:100.00,RU:100.00 unit CNY:60:1.00,RUB:30:0.08 => approved, but refused: FF01 union-weights (900000 millionths, needed 1000000)
        union EPU of CN:100.00,RU:100.00 in CNY basket RUB:60,KZT:60 => approved, but refused: FF01 union-weights (1200000 millionths, needed 1000000)
        union EPU of CN:100.00,RU:100.00 in CNY methods asset,basket => approved, but refused: FF01 union-rule (basket 0, bound 1)
        union EPU of CN:100.00,RU:100.00 in CNY growth 200:asset => approved, but refused: FF01 union-rule (growth 2000000, bound 1000000)
        union EPU of CN:100.00,RU:100.00 in CNY closes 0    => approved, but refused: FF01 union-rule (closes 0, bound 1)
        union EPU of CN:100.00,RU:100.00 in CNY leaving 0x30 => approved, but refused: FF01 union-rule (leaving 0, bound 1200)
        union nameless of CN:100.00,RU:100.00 in CNY        => approved, but refused: FF01 union-rule (name 0, bound 140)
        union EPU of CN:100.00,RU:100.00 in CNY methods asset,roll-over number 7 => approved, but refused: NOOR unknown
        union EPU of CN:100.00,RU:100.00 in CNY methods asset,roll-over => EPU in force
        union ACU of RU:100.00,KZ:100.00 in RUB             => approved, but refused: AM05 union-member-twice (RU)
        union EPU number 0 of CN:100.00,KZ:100.00 in CNY    => approved, but refused: AM05 exists
        show positions                                      => CN 0.00: asset 0.00, credit 0.00
                                                            => RU 0.00: asset 0.00, credit 0.00
    "#]]);
}

/// What a member's banks received more than they sent in a currency is that member's claim on the currency's
/// issuer. Set against each other the claims leave one net for each member; nets are added to positions, and
/// positions sum to zero.
/// Source: rules 3 and 4.
#[test]
fn r15_2_nets_become_positions_and_sum_to_zero() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY   => EPU in force
        unit-rate RUB 0.10                                  => RUB stated
        unit-rate KZT 0.02                                  => KZT stated
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        fund CHARLIE 400.00 RUB                             => 400.00 RUB issued to CHARLIE
        fund ECHO 500.00 KZT                                => 500.00 KZT issued to ECHO
        pay p1 ALFA CHARLIE 30.00 CNY                       => p1 settled
        pay p2 CHARLIE ECHO 400.00 RUB                      => p2 settled
        pay p3 ECHO ALFA 250.00 KZT                         => p3 settled
        close EPU                                           => refused: NOOR union-nothing-to-carry
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 150.00 = multilateral 80.00 + time 0.00 + asset 0.00 + credit 70.00 + special 0.00
                                                            => CN net -25.00, position -25.00
                                                            => RU net -10.00, position -10.00
                                                            => KZ net 35.00, position 35.00
        show positions                                      => CN -25.00: asset 0.00, credit -25.00
                                                            => RU -10.00: asset 0.00, credit -10.00
                                                            => KZ 35.00: asset 0.00, credit 35.00
        close EPU                                           => refused: NOOR union-nothing-to-carry
    "#]]);
}

/// Payments inside a country, in its own currency, give nobody a claim; nor do payments with a country that is
/// not a member.
/// Source: rules 4.
#[test]
fn r15_3_a_member_at_home_owes_nobody() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY             => EPU in force
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 20.00 CNY                         => p1 settled
        pay p2 BRAVO ECHO 20.00 CNY                         => p2 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 0.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 0.00 + special 0.00
        show positions                                      => CN 0.00: asset 0.00, credit 0.00
                                                            => RU 0.00: asset 0.00, credit 0.00
    "#]]);
}

/// A currency's rate in the unit is stated by its own authority and nobody else. The unit of account is worth
/// one of itself.
/// Source: design, principle 5.
#[test]
fn r15_4_each_authority_states_its_own_currency() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY             => EPU in force
        unit-rate RUB 0.10 by CN.maker                      => refused: AG01 actor-not-authorised
        unit-rate RUB 0.10 by operator                      => refused: AG01 actor-not-authorised
        unit-rate RUB 0.10                                  => RUB stated
        unit-rate CNY 1.00                                  => refused: FF01 out-of-range
        unit-rate RUB nothing                               => refused: FF01 out-of-range
        unit-rate RUB 0.10 source nobody                    => refused: FF01 out-of-range
        unit-rate RUB 0.10 until 09:00                      => refused: DT01 time-window
        unit-rate KZT 0.02                                  => refused: AG01 union-not-member (KZ)
        unit-release CNY                                    => approved, but refused: AM03 unit-rate-missing (CNY)
        unit-release RUB                                    => approved, but refused: ARDT not-waiting
    "#]]);
}

/// A closing that needs a rate which is missing, no longer valid, or held by the gate is refused and names the
/// currency. Nothing is booked, and what was not carried is carried by the next closing. A rate 66 % off waits
/// for two people.
/// Source: rules 5, deviation gate; design, principle 5.
#[test]
fn r15_5_without_a_rate_nothing_is_carried() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY             => EPU in force
        fund CHARLIE 100.00 RUB                             => 100.00 RUB issued to CHARLIE
        pay p1 CHARLIE ALFA 100.00 RUB                      => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => refused: AM03 unit-rate-missing (RUB)
        unit-rate RUB 0.10 until 18:00                      => RUB stated
        time 18:00                                          => nothing
        close EPU                                           => refused: AM03 unit-rate-missing (RUB)
        unit-rate RUB 0.166                                 => RUB stated, held by the gate
        close EPU                                           => refused: AM02 rate-gate (gate 1000 bp, change 6600 bp)
        unit-release RUB by CN.maker                        => refused: AG01 actor-not-authorised
        unit-release RUB                                    => RUB stated
        show positions                                      => CN 0.00: asset 0.00, credit 0.00
                                                            => RU 0.00: asset 0.00, credit 0.00
        close EPU                                           => closing 1: gross 33.20 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 33.20 + special 0.00
                                                            => CN net 16.60, position 16.60
                                                            => RU net -16.60, position -16.60
        show positions                                      => CN 16.60: asset 0.00, credit 16.60
                                                            => RU -16.60: asset 0.00, credit -16.60
    "#]]);
}

/// Amounts are counted in the unit toward zero, once for each currency and pair of members: what is left of a
/// minor unit stays with the one who delivers it, and both sides see the same amount.
/// Source: rules 4; ours.
#[test]
fn r15_6_amounts_are_counted_toward_zero() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY             => EPU in force
        unit-rate RUB 0.07                                  => RUB stated
        fund CHARLIE 1.50 RUB                               => 1.50 RUB issued to CHARLIE
        pay p1 CHARLIE ALFA 1.50 RUB                        => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 0.20 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 0.20 + special 0.00
                                                            => CN net 0.10, position 0.10
                                                            => RU net -0.10, position -0.10
    "#]]);
}

/// The unit may be a basket. Each currency is stated in a common measure, and the basket is worth the sum of
/// weights times rates now over rates at the base: here the rouble fell by half, so a unit is worth 0.80 of
/// what it was.
/// Source: rules 4.
#[test]
fn r15_7_a_basket_has_its_own_fixing() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 unit CNY:60:1.00,RUB:40:0.10 => EPU in force
        unit-rate CNY 1.00                                  => CNY stated
        fund ALFA 8.00 CNY                                  => 8.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 8.00 CNY                        => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => refused: AM03 unit-rate-missing (RUB)
        unit-rate RUB 0.05                                  => RUB stated
        close EPU                                           => closing 1: gross 20.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 20.00 + special 0.00
                                                            => CN net -10.00, position -10.00
                                                            => RU net 10.00, position 10.00
    "#]]);
}

/// A position consists of asset and credit as its tranches say. Only the change falls due, and a later surplus
/// unwinds the last tranche first.
/// Source: European Payments Union 1950; rules 4.
#[test]
fn r15_8_only_the_change_of_the_asset_stock_is_settled() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1950 => EPU in force
        unit-rate RUB 1.00                                  => RUB stated
        fund ALFA 35.00 CNY                                 => 35.00 CNY issued to ALFA
        fund CHARLIE 50.00 RUB                              => 50.00 RUB issued to CHARLIE
        pay p1 ALFA CHARLIE 35.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 70.00 = multilateral 0.00 + time 0.00 + asset 10.50 + credit 59.50 + special 0.00
                                                            => CN net -35.00, position -35.00, asset -3.00
                                                            => r0 CN to the union: 3.00 due 2026-11-27, asset
                                                            => RU net 35.00, position 35.00, asset 7.50
                                                            => r1 the union to RU: 7.50 due 2026-11-27, asset
        show positions                                      => CN -35.00: asset -3.00, credit -32.00
                                                            => RU 35.00: asset 7.50, credit 27.50
        next 2026-11-24                                     => a new day
        pay p2 CHARLIE ALFA 50.00 RUB                       => p2 settled
        cycle 2                                             => cycle 2 final
        close EPU                                           => closing 2: gross 100.00 = multilateral 0.00 + time 70.00 + asset 0.00 + credit 30.00 + special 0.00
                                                            => CN net 50.00, position 15.00, asset 3.00
                                                            => r2 the union to CN: 3.00 due 2026-11-30, asset
                                                            => RU net -50.00, position -15.00, asset -7.50
                                                            => r3 RU to the union: 7.50 due 2026-11-30, asset
        show positions                                      => CN 15.00: asset 0.00, credit 15.00
                                                            => RU -15.00: asset 0.00, credit -15.00
        show residuals                                      => r0 CN to the union: 3.00 open, due 2026-11-27
                                                            => r1 the union to RU: 7.50 open, due 2026-11-27
                                                            => r2 the union to CN: 3.00 open, due 2026-11-30
                                                            => r3 RU to the union: 7.50 open, due 2026-11-30
    "#]]);
}

/// Where nothing is carried, every net falls due at its closing and positions stay at zero.
/// Source: Asian Clearing Union; rules 4.
#[test]
fn r15_9_all_may_be_paid_at_each_closing() {
    rule(expect![[r#"
        union ACU of CN:100.00,RU:100.00 in CNY schedule paid => ACU in force
        fund ALFA 35.00 CNY                                 => 35.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 35.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close ACU                                           => closing 1: gross 70.00 = multilateral 0.00 + time 0.00 + asset 70.00 + credit 0.00 + special 0.00
                                                            => CN net -35.00, position 0.00, asset -35.00
                                                            => r0 CN to the union: 35.00 due 2026-11-27, asset
                                                            => RU net 35.00, position 0.00, asset 35.00
                                                            => r1 the union to RU: 35.00 due 2026-11-27, asset
        show positions                                      => CN 0.00: asset 0.00, credit 0.00
                                                            => RU 0.00: asset 0.00, credit 0.00
    "#]]);
}

/// Where there is no position beyond the quota, the closing is refused and names the member. A larger quota is
/// agreed by two people; then the same cycle is carried.
/// Source: Keynes 1943; rules 4.
#[test]
fn r15_10_beyond_the_quota_a_rule_may_refuse() {
    rule(expect![[r#"
        union ICU of CN:100.00,RU:100.00 in CNY schedule strict => ICU in force
        fund ALFA 120.00 CNY                                => 120.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 120.00 CNY                      => p1 settled
        cycle 1                                             => cycle 1 final
        close ICU                                           => refused: AM02 union-beyond-quota (CN -120.00, limit 100.00)
        show positions                                      => CN 0.00: asset 0.00, credit 0.00
                                                            => RU 0.00: asset 0.00, credit 0.00
        union ICU of CN:150.00,RU:150.00                    => ICU in force
        close ICU                                           => closing 1: gross 240.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 240.00 + special 0.00
                                                            => CN net -120.00, position -120.00
                                                            => RU net 120.00, position 120.00
        show positions                                      => CN -120.00: asset 0.00, credit -120.00
                                                            => RU 120.00: asset 0.00, credit 120.00
        union ICU of CN:110.00,RU:150.00                    => approved, but refused: AM02 union-beyond-quota (CN -120.00, limit 110.00)
    "#]]);
}

/// A limit of growth says how far a position may move in a year. What is beyond it is paid in asset instead of
/// being carried, or the closing is refused, as the rule says; what was paid so comes back first.
/// Source: rules 4, persistent imbalance; ours.
#[test]
fn r15_11_a_position_may_not_grow_too_fast() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY growth 25:refuse => EPU in force
        unit-rate RUB 1.00                                  => RUB stated
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        fund CHARLIE 30.00 RUB                              => 30.00 RUB issued to CHARLIE
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => refused: AM02 union-growth (CN 40.00, limit 25.00)
        union EPU growth 25:asset                           => EPU in force
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 30.00 + credit 50.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -15.00
                                                            => r0 CN to the union: 15.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 15.00
                                                            => r1 the union to RU: 15.00 due 2026-11-27, asset
        show positions                                      => CN -40.00: asset -15.00, credit -25.00
                                                            => RU 40.00: asset 15.00, credit 25.00
        next 2026-11-24                                     => a new day
        pay p2 CHARLIE ALFA 30.00 RUB                       => p2 settled
        cycle 2                                             => cycle 2 final
        close EPU                                           => closing 2: gross 60.00 = multilateral 0.00 + time 60.00 + asset 0.00 + credit 0.00 + special 0.00
                                                            => CN net 30.00, position -10.00, asset 15.00
                                                            => r2 the union to CN: 15.00 due 2026-11-30, asset
                                                            => RU net -30.00, position 10.00, asset -15.00
                                                            => r3 RU to the union: 15.00 due 2026-11-30, asset
        show positions                                      => CN -10.00: asset 0.00, credit -10.00
                                                            => RU 10.00: asset 0.00, credit 10.00
    "#]]);
}

/// On the part of an average position above a quarter of the quota one per cent a year is charged, and one per
/// cent more above a half: to the creditor as much as to the debtor. Quota 100, position 75, 36 days of 360: a
/// tenth of 0.75, toward zero.
/// Source: Keynes 1943; rules 4.
#[test]
fn r15_12_debtor_and_creditor_are_charged_alike() {
    rule(expect![[r#"
        union ICU of CN:100.00,RU:100.00 in CNY charge 25:100,50:100 => ICU in force
        fund ALFA 75.00 CNY                                 => 75.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 75.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close ICU                                           => closing 1: gross 150.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 150.00 + special 0.00
                                                            => CN net -75.00, position -75.00
                                                            => RU net 75.00, position 75.00
        next 2026-12-29                                     => a new day
        cycle 2                                             => cycle 2 final
        close ICU                                           => closing 2: gross 0.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 0.00 + special 0.00
                                                            => CN net 0.00, position -75.00, charge 0.07
                                                            => r0 CN to the union: 0.07 due 2027-01-04, charge
                                                            => RU net 0.00, position 75.00, charge 0.07
                                                            => r1 RU to the union: 0.07 due 2027-01-04, charge
    "#]]);
}

/// Interest is counted on what is carried as credit, for each day at the rate then in force, and booked at a
/// closing toward zero: 1,000,000 for 30 days at 5.00 % and 400,000 for 30 days at 4.80 % of 360 is 5,766.66.
/// Source: Asian Clearing Union; oracle `acu_interest`.
#[test]
fn r15_13_interest_counts_days() {
    rule(expect![[r#"
        union ACU of CN:9000000.00,RU:9000000.00 in CNY interest 500 => ACU in force
        unit-rate RUB 1.00                                  => RUB stated
        fund ALFA 1000000.00 CNY                            => 1000000.00 CNY issued to ALFA
        fund CHARLIE 600000.00 RUB                          => 600000.00 RUB issued to CHARLIE
        pay p1 ALFA CHARLIE 1000000.00 CNY                  => p1 settled
        cycle 1                                             => cycle 1 final
        close ACU                                           => closing 1: gross 2000000.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 2000000.00 + special 0.00
                                                            => CN net -1000000.00, position -1000000.00
                                                            => RU net 1000000.00, position 1000000.00
        next 2026-12-23                                     => a new day
        pay p2 CHARLIE ALFA 600000.00 RUB                   => p2 settled
        cycle 2                                             => cycle 2 final
        close ACU                                           => closing 2: gross 1200000.00 = multilateral 0.00 + time 1200000.00 + asset 0.00 + credit 0.00 + special 0.00
                                                            => CN net 600000.00, position -400000.00, interest -4166.66
                                                            => r0 CN to the union: 4166.66 due 2026-12-29, interest
                                                            => RU net -600000.00, position 400000.00, interest 4166.66
                                                            => r1 the union to RU: 4166.66 due 2026-12-29, interest
        union ACU interest 480                              => ACU in force
        next 2027-01-22                                     => r0 CN to the union is late
                                                            => r1 the union to RU is late
        cycle 3                                             => cycle 3 final
        close ACU                                           => closing 3: gross 0.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 0.00 + special 0.00
                                                            => CN net 0.00, position -400000.00, interest -1600.00
                                                            => r2 CN to the union: 1600.00 due 2027-01-28, interest
                                                            => RU net 0.00, position 400000.00, interest 1600.00
                                                            => r3 the union to RU: 1600.00 due 2027-01-28, interest
    "#]]);
}

/// A position at or beyond a share of its quota opens an item for its member, with a deadline in closings. It
/// is late when the time is up, and done when the position went back.
/// Source: Keynes 1943; rules 4.
#[test]
fn r15_14_bands_open_age_and_close_action_items() {
    rule(expect![[r#"
        union ICU of CN:100.00,RU:100.00 in CNY bands debtor:25:pay-down:1,creditor:50:lend-on:2 => ICU in force
        unit-rate RUB 1.00                                  => RUB stated
        fund ALFA 30.00 CNY                                 => 30.00 CNY issued to ALFA
        fund CHARLIE 20.00 RUB                              => 20.00 RUB issued to CHARLIE
        pay p1 ALFA CHARLIE 30.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close ICU                                           => closing 1: gross 60.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 60.00 + special 0.00
                                                            => CN net -30.00, position -30.00
                                                            => RU net 30.00, position 30.00
                                                            => CN: pay-down, until closing 2
        next 2026-11-24                                     => a new day
        cycle 2                                             => cycle 2 final
        close ICU                                           => closing 2: gross 0.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 0.00 + special 0.00
        next 2026-11-25                                     => a new day
        cycle 3                                             => cycle 3 final
        close ICU                                           => closing 3: gross 0.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 0.00 + special 0.00
                                                            => CN: pay-down, late
        next 2026-11-26                                     => a new day
        pay p2 CHARLIE ALFA 20.00 RUB                       => p2 settled
        cycle 4                                             => cycle 4 final
        close ICU                                           => closing 4: gross 40.00 = multilateral 0.00 + time 40.00 + asset 0.00 + credit 0.00 + special 0.00
                                                            => CN net 20.00, position -10.00
                                                            => RU net -20.00, position 10.00
                                                            => CN: pay-down, done
        show exhaustion                                     => CN in 36 closings, whole months 1, as debtor
                                                            => RU in 36 closings, whole months 1, as creditor
    "#]]);
}

/// A residual paid on another system stays open until the receiving side accepts the payer's report. Declined,
/// it is as open as before; a reference counts once; after its date it is late.
/// Source: rules 4, residual settlement.
#[test]
fn r15_15_an_outside_transfer_counts_when_its_proof_is_accepted() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1954 methods asset => EPU in force
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 20.00
                                                            => r1 the union to RU: 20.00 due 2026-11-27, asset
        settle r0 asset 20.00 ref T1 by RU.maker            => refused: AG01 actor-not-authorised
        settle r0 asset 25.00 ref T1                        => refused: AM09 residual-open (limit 20.00, asked 25.00)
        settle r0 asset 0.00 ref T1                         => refused: AM01 amount-zero
        settle r0 asset 20.00                               => refused: AM05 residual-reference
        settle r0 roll-over 5.00                            => approved, but refused: AG01 union-method
        settle r0 asset 12.00 ref T1                        => r0 CN to the union: transfer of 12.00 reported
        settle r0 asset 8.00 ref T2                         => refused: NARR residual-proof-waits
        accept r0 by CN.checker                             => refused: AG01 actor-not-authorised
        turn-down r0                                        => r0 CN to the union: transfer declined, open again
        accept r0                                           => refused: ARDT not-waiting
        settle r0 asset 12.00 ref T1                        => refused: AM05 residual-reference
        settle r0 asset 12.00 ref T3                        => r0 CN to the union: transfer of 12.00 reported
        accept r0                                           => r0 CN to the union: transfer accepted
                                                            => r0 CN to the union: 12.00 settled by asset
        show residuals                                      => r0 CN to the union: 8.00 open, due 2026-11-27
                                                            => r1 the union to RU: 20.00 open, due 2026-11-27
        settle r1 asset 20.00 ref T4 by RU.maker            => refused: AG01 actor-not-authorised
        settle r1 asset 20.00 ref T4                        => r1 the union to RU: transfer of 20.00 reported
        accept r1                                           => r1 the union to RU: transfer accepted
                                                            => r1 the union to RU: 20.00 settled by asset
        settle r1 asset 20.00 ref T5                        => refused: ARDT not-waiting
        run to close                                        => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-30                                      => r0 CN to the union is late
                                                            => rates begins
        settle r0 asset 8.00 ref T6                         => r0 CN to the union: transfer of 8.00 reported
        accept r0                                           => r0 CN to the union: transfer accepted
                                                            => r0 CN to the union: 8.00 settled by asset
        show residuals                                      => nothing
    "#]]);
}

/// A member may carry a residual on as further credit, up to a share of its quota. What falls due the other way
/// later is set against it first.
/// Source: rules 4.
#[test]
fn r15_16_a_residual_is_rolled_over_into_credit_up_to_a_limit() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1954 roll 10 => EPU in force
        unit-rate RUB 1.00                                  => RUB stated
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        fund CHARLIE 20.00 RUB                              => 20.00 RUB issued to CHARLIE
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 20.00
                                                            => r1 the union to RU: 20.00 due 2026-11-27, asset
        settle r0 roll-over 12.00                           => approved, but refused: AM02 union-claim (limit 10.00, asked 12.00)
        settle r0 roll-over 7.00                            => r0 CN to the union: 7.00 settled by roll-over
        settle r1 roll-over 10.00                           => r1 the union to RU: 10.00 settled by roll-over
        show positions                                      => CN -40.00: asset -20.00, credit -27.00, of it rolled over -7.00
                                                            => RU 40.00: asset 20.00, credit 30.00, of it rolled over 10.00
        next 2026-11-24                                     => a new day
        pay p2 CHARLIE ALFA 20.00 RUB                       => p2 settled
        cycle 2                                             => cycle 2 final
        close EPU                                           => closing 2: gross 40.00 = multilateral 0.00 + time 40.00 + asset 0.00 + credit 0.00 + special 0.00
                                                            => CN net 20.00, position -20.00, asset 10.00
                                                            => r2 the union to CN: 10.00 due 2026-11-30, asset
                                                            => r2 the union to CN: 7.00 settled by what was rolled over
                                                            => RU net -20.00, position 20.00, asset -10.00
                                                            => r3 RU to the union: 10.00 due 2026-11-30, asset
                                                            => r3 RU to the union: 10.00 settled by what was rolled over
        show positions                                      => CN -20.00: asset -10.00, credit -10.00
                                                            => RU 20.00: asset 10.00, credit 10.00
        show residuals                                      => r0 CN to the union: 13.00 open, due 2026-11-27
                                                            => r1 the union to RU: 10.00 open, due 2026-11-27
                                                            => r2 the union to CN: 3.00 open, due 2026-11-30
    "#]]);
}

/// A residual may be paid in several member currencies, each by its weight at the rates stated now, rounded up.
/// The amounts must be the rule's, and the transfers are proved like any other.
/// Source: rules 4.
#[test]
fn r15_17_a_residual_is_paid_in_a_basket_of_member_currencies() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954 basket RUB:50,KZT:50 => EPU in force
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 20.00
                                                            => r1 the union to RU: 20.00 due 2026-11-27, asset
        settle r0 basket 20.00 ref B1 legs 100.00,500.00    => refused: AM03 unit-rate-missing (RUB)
        unit-rate RUB 0.10                                  => RUB stated
        unit-rate KZT 0.03                                  => KZT stated
        settle r0 basket 20.00 ref B1 legs 100.00,333.33    => refused: FF01 out-of-range (limit 33334, value 33333)
        settle r0 basket 20.00 ref B1 legs 100.00,333.34    => r0 CN to the union: transfer of 20.00 reported
        accept r0                                           => r0 CN to the union: transfer accepted
                                                            => r0 CN to the union: 20.00 settled by basket
        show residuals                                      => r1 the union to RU: 20.00 open, due 2026-11-27
    "#]]);
}

/// What members owe the union and what it owes members is set against each other at par, the earliest due
/// first. The union steps out: the one member settles with the other directly.
/// Source: rules 4; ours.
#[test]
fn r15_18_opposite_residuals_meet_in_an_auction() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954 => EPU in force
        cross EPU                                           => refused: ARDT not-waiting
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 30.00 CNY                       => p1 settled
        pay p2 ALFA ECHO 10.00 CNY                          => p2 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 30.00, position 30.00, asset 15.00
                                                            => r1 the union to RU: 15.00 due 2026-11-27, asset
                                                            => KZ net 10.00, position 10.00, asset 5.00
                                                            => r2 the union to KZ: 5.00 due 2026-11-27, asset
        settle r1 asset 1.00 ref T1                         => r1 the union to RU: transfer of 1.00 reported
        cross EPU                                           => r0 CN to the union: 5.00 settled by auction
                                                            => r2 the union to KZ: 5.00 settled by auction
                                                            => r3 CN to KZ: 5.00 due 2026-11-27, auction
        accept r1                                           => r1 the union to RU: transfer accepted
                                                            => r1 the union to RU: 1.00 settled by asset
        show residuals                                      => r0 CN to the union: 15.00 open, due 2026-11-27
                                                            => r1 the union to RU: 14.00 open, due 2026-11-27
                                                            => r3 CN to KZ: 5.00 open, due 2026-11-27
        settle r3 asset 5.00 ref T2                         => r3 CN to KZ: transfer of 5.00 reported
        accept r3                                           => r3 CN to KZ: transfer accepted
                                                            => r3 CN to KZ: 5.00 settled by asset
    "#]]);
}

/// Whoever is to receive may use the claim for a purpose on the arrangement's list. The member in whose country
/// it is used has the claim then, and what it owes the union is set against it; each use is recorded.
/// Source: rules 4, use of a claim.
#[test]
fn r15_19_a_residual_is_used_for_a_permitted_purpose() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954 => EPU in force
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 20.00
                                                            => r1 the union to RU: 20.00 due 2026-11-27, asset
        settle r1 use yachts 5.00 in CN                     => approved, but refused: AG01 union-method
        settle r1 use investment 5.00 in RU                 => approved, but refused: AG01 union-method
        settle r1 use investment 5.00 in CN by CN.maker     => refused: AG01 actor-not-authorised
        settle r1 use investment 5.00 in CN                 => RU uses 5.00 in CN for investment
                                                            => r1 the union to RU: 5.00 settled by use
                                                            => r0 CN to the union: 5.00 settled by use
        settle r1 use trade-advance 4.00 in KZ              => RU uses 4.00 in KZ for trade-advance
                                                            => r1 the union to RU: 4.00 settled by use
                                                            => r2 the union to KZ: 4.00 due 2026-11-27, use
        show residuals                                      => r0 CN to the union: 15.00 open, due 2026-11-27
                                                            => r1 the union to RU: 11.00 open, due 2026-11-27
                                                            => r2 the union to KZ: 4.00 open, due 2026-11-27
    "#]]);
}

/// A creditor may pay another member with its position, or use it there for a permitted purpose: the one goes
/// down, the other up by the same amount. Nobody uses more than it has.
/// Source: rules 4, use of a claim.
#[test]
fn r15_20_a_claim_pays_a_third_member() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1950 => EPU in force
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 50.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 100.00 = multilateral 0.00 + time 0.00 + asset 23.00 + credit 77.00 + special 0.00
                                                            => CN net -50.00, position -50.00, asset -8.00
                                                            => r0 CN to the union: 8.00 due 2026-11-27, asset
                                                            => RU net 50.00, position 50.00, asset 15.00
                                                            => r1 the union to RU: 15.00 due 2026-11-27, asset
        claim RU pays KZ 60.00                              => approved, but refused: AM02 union-claim (limit 50.00, asked 60.00)
        claim CN pays KZ 1.00                               => approved, but refused: AM02 union-claim (limit 0.00, asked 1.00)
        claim RU pays RU 1.00                               => approved, but refused: AC03 same-account
        claim RU yachts CN 10.00                            => approved, but refused: AG01 union-method
        claim RU pays KZ 10.00                              => RU uses 10.00 in KZ for payment
                                                            => r2 RU to the union: 5.00 due 2026-11-27, asset
        claim RU investment CN 20.00                        => RU uses 20.00 in CN for investment
                                                            => r3 RU to the union: 10.00 due 2026-11-27, asset
                                                            => r4 the union to CN: 6.00 due 2026-11-27, asset
        show positions                                      => CN -30.00: asset -2.00, credit -28.00
                                                            => RU 20.00: asset 0.00, credit 20.00
                                                            => KZ 10.00: asset 0.00, credit 10.00
    "#]]);
}

/// A creditor's claim becomes a loan to a debtor when both agree: both positions shrink by it, and a schedule
/// between the two takes their place. Each instalment falls due on its date and is proved like any other
/// residual.
/// Source: rules 4, use of a claim.
#[test]
fn r15_21_a_claim_is_lent_on_to_a_debtor() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY   => EPU in force
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 50.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 100.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 100.00 + special 0.00
                                                            => CN net -50.00, position -50.00
                                                            => RU net 50.00, position 50.00
        lend RU CN 60.00 3x30@600                           => approved, but refused: AM02 union-claim (limit 50.00, asked 60.00)
        lend RU CN 20.00 3x0@600                            => approved, but refused: FF01 union-rule (refinance 0, bound 1200)
        lend RU KZ 20.00 3x30@600                           => approved, but refused: AM02 union-claim (limit 0.00, asked 20.00)
        lend RU CN 20.00 3x30@600                           => offer 0 waits
        take-loan RU 0                                      => approved, but refused: AG01 not-yours
        take-loan CN 0                                      => offer 0 accepted
                                                            => CN pays RU: 2026-12-23 6.66 and 0.10, 2027-01-22 6.66 and 0.06, 2027-02-21 6.68 and 0.04
        lend RU CN 10.00 1x30@0                             => offer 1 waits
        end-loan KZ 1                                       => approved, but refused: AG01 not-yours
        end-loan CN 1                                       => offer 1 turned down
        take-loan CN 1                                      => approved, but refused: NOOR unknown
        show positions                                      => CN -30.00: asset 0.00, credit -30.00
                                                            => RU 30.00: asset 0.00, credit 30.00
                                                            => KZ 0.00: asset 0.00, credit 0.00
        run to close                                        => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-12-23                                      => r0 CN to RU: 6.76 due 2026-12-23, instalment
                                                            => rates begins
        settle r0 asset 6.76 ref T1                         => r0 CN to RU: transfer of 6.76 reported
        accept r0                                           => r0 CN to RU: transfer accepted
                                                            => r0 CN to RU: 6.76 settled by asset
    "#]]);
}

/// Where the rules allow it, what is open is paid by instalments from then on, with interest on what is
/// outstanding. An instalment is not paid by instalments.
/// Source: ALADI; rules 4.
#[test]
fn r15_22_a_residual_is_refinanced_by_instalments() {
    rule(expect![[r#"
        union ALADI of CN:100.00,RU:100.00 in CNY schedule 1954 refinance 4x30@360 => ALADI in force
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close ALADI                                         => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 20.00
                                                            => r1 the union to RU: 20.00 due 2026-11-27, asset
        settle r0 instalments 5                             => approved, but refused: FF01 union-rule (refinance 5, bound 4)
        settle r0 instalments 3                             => CN pays the union: 2026-12-23 6.66 and 0.06, 2027-01-22 6.66 and 0.04, 2027-02-21 6.68 and 0.02
                                                            => r0 CN to the union: 20.00 settled by instalments
        settle r0 asset 1.00 ref T1                         => refused: ARDT not-waiting
        run to close                                        => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-12-23                                      => r1 the union to RU is late
                                                            => r2 CN to the union: 6.72 due 2026-12-23, instalment
                                                            => rates begins
        settle r2 instalments 2                             => approved, but refused: AG01 union-method
        show residuals                                      => r1 the union to RU: 20.00 open, due 2026-11-27, late
                                                            => r2 CN to the union: 6.72 open, due 2026-12-23
    "#]]);
}

/// A debtor may draw on the facility to pay a residual, up to a share of the average gross amount of recent
/// closings, and pays it back in one sum on its date.
/// Source: Asian Clearing Union; rules 4.
#[test]
fn r15_23_a_swap_facility_is_drawn_up_to_its_limit() {
    rule(expect![[r#"
        union ACU of CN:100.00,RU:100.00 in CNY schedule paid swap 20:60 => ACU in force
        fund ALFA 50.00 CNY                                 => 50.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 50.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close ACU                                           => closing 1: gross 100.00 = multilateral 0.00 + time 0.00 + asset 100.00 + credit 0.00 + special 0.00
                                                            => CN net -50.00, position 0.00, asset -50.00
                                                            => r0 CN to the union: 50.00 due 2026-11-27, asset
                                                            => RU net 50.00, position 0.00, asset 50.00
                                                            => r1 the union to RU: 50.00 due 2026-11-27, asset
        settle r1 swap 1.00                                 => approved, but refused: AG01 union-method
        settle r0 swap 10.01                                => approved, but refused: AM02 union-claim (limit 10.00, asked 10.01)
        settle r0 swap 6.00                                 => CN pays the union: 2027-01-22 6.00 and 0.00
                                                            => r0 CN to the union: 6.00 settled by swap
        settle r0 swap 4.01                                 => approved, but refused: AM02 union-claim (limit 4.00, asked 4.01)
        show residuals                                      => r0 CN to the union: 44.00 open, due 2026-11-27
                                                            => r1 the union to RU: 50.00 open, due 2026-11-27
        run to close                                        => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2027-01-22                                      => r0 CN to the union is late
                                                            => r1 the union to RU is late
                                                            => r2 CN to the union: 6.00 due 2027-01-22, instalment
                                                            => rates begins
        settle r2 swap 1.00                                 => approved, but refused: AG01 union-method
        show residuals                                      => r0 CN to the union: 44.00 open, due 2026-11-27, late
                                                            => r1 the union to RU: 50.00 open, due 2026-11-27, late
                                                            => r2 CN to the union: 6.00 open, due 2027-01-22
    "#]]);
}

/// A member leaves after everything traded is carried. Its position ends at once; what it had not paid or
/// received of it falls due by the rules' instalments, and the union itself takes its place in the sum of
/// positions.
/// Source: rules 4; ours.
#[test]
fn r15_24_a_member_that_leaves_ends_with_nothing_open_but_a_schedule() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954 leaving 2x30@0 => EPU in force
        fund ALFA 41.00 CNY                                 => 41.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        leave CN EPU                                        => approved, but refused: TM01 too-early
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 20.00
                                                            => r1 the union to RU: 20.00 due 2026-11-27, asset
        leave CN EPU                                        => CN left
                                                            => CN pays the union: 2026-12-23 10.00 and 0.00, 2027-01-22 10.00 and 0.00
        leave CN EPU                                        => approved, but refused: AG01 union-not-member (CN)
        show positions                                      => CN 0.00: asset 0.00, credit 0.00, left
                                                            => RU 40.00: asset 20.00, credit 20.00
                                                            => KZ 0.00: asset 0.00, credit 0.00
        show residuals                                      => r0 CN to the union: 20.00 open, due 2026-11-27
                                                            => r1 the union to RU: 20.00 open, due 2026-11-27
        claim RU pays CN 1.00                               => approved, but refused: AG01 union-not-member (CN)
        union ACU of CN:100.00,KZ:100.00 in CNY             => approved, but refused: AM05 union-member-twice (KZ)
        next 2026-11-24                                     => a new day
        pay p2 ALFA CHARLIE 1.00 CNY                        => p2 settled
        cycle 2                                             => cycle 2 final
        close EPU                                           => closing 2: gross 0.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 0.00 + special 0.00
        show positions                                      => CN 0.00: asset 0.00, credit 0.00, left
                                                            => RU 40.00: asset 20.00, credit 20.00
                                                            => KZ 0.00: asset 0.00, credit 0.00
    "#]]);
}

/// When quotas or tranches change, what positions consist of changes with them, and the difference falls due
/// like any other. The unit of account and the order of members stay.
/// Source: ours.
#[test]
fn r15_25_new_rules_settle_the_difference() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1954 => EPU in force
        fund ALFA 40.00 CNY                                 => 40.00 CNY issued to ALFA
        pay p1 ALFA CHARLIE 40.00 CNY                       => p1 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 80.00 = multilateral 0.00 + time 0.00 + asset 40.00 + credit 40.00 + special 0.00
                                                            => CN net -40.00, position -40.00, asset -20.00
                                                            => r0 CN to the union: 20.00 due 2026-11-27, asset
                                                            => RU net 40.00, position 40.00, asset 20.00
                                                            => r1 the union to RU: 20.00 due 2026-11-27, asset
        union EPU schedule 1955                             => EPU in force
                                                            => r2 CN to the union: 10.00 due 2026-11-27, new rules
                                                            => r3 the union to RU: 10.00 due 2026-11-27, new rules
        union EPU in RUB                                    => approved, but refused: AM05 exists
        union EPU of RU:100.00,CN:100.00                    => approved, but refused: AM05 exists
        union EPU schedule credit of CN:100.00,RU:100.00,KZ:50.00 => EPU in force
                                                            => r4 the union to CN: 30.00 due 2026-11-27, new rules
                                                            => r5 RU to the union: 30.00 due 2026-11-27, new rules
        show positions                                      => CN -40.00: asset 0.00, credit -40.00
                                                            => RU 40.00: asset 0.00, credit 40.00
                                                            => KZ 0.00: asset 0.00, credit 0.00
    "#]]);
}

/// A phase that carries closes every union whose rules ask for it, once as many final cycles wait as they say.
/// A union that cannot be closed stays open and says why.
/// Source: rules 2 and 3.
#[test]
fn r15_26_a_phase_may_carry_by_itself() {
    rule(expect![[r#"
        with phase sweep also on-carry
        union EPU of CN:100.00,RU:100.00 in CNY closes 2    => EPU in force
        fund CHARLIE 50.00 RUB                              => 50.00 RUB issued to CHARLIE
        pay p1 CHARLIE ALFA 30.00 RUB                       => p1 settled
        cycle 1                                             => cycle 1 final
        next 2026-11-24                                     => a new day
        pay p2 CHARLIE ALFA 20.00 RUB                       => p2 settled
        cycle 2                                             => cycle 2 final
        run to close                                        => sweep begins
                                                            => EPU not closed: AM03 unit-rate-missing (RUB)
                                                            => close begins
                                                            => the day is closed
        day 2026-11-25                                      => rates begins
        unit-rate RUB 0.10                                  => RUB stated
        run to positions                                    => exchange begins
                                                            => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 3 cut
        run to close                                        => sweep begins
                                                            => closing 1: gross 10.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 10.00 + special 0.00
                                                            => CN net 5.00, position 5.00
                                                            => RU net -5.00, position -5.00
                                                            => close begins
                                                            => the day is closed
        show positions                                      => CN 5.00: asset 0.00, credit 5.00
                                                            => RU -5.00: asset 0.00, credit -5.00
    "#]]);
}

/// No currency is a vehicle: when its authority stops one, every other pair of currencies is paid, converted
/// and carried as before.
/// Source: design, principle 5.
#[test]
fn r15_27_a_stopped_currency_stops_nobody_else() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 unit CNY:40:1.00,RUB:30:0.10,KZT:30:0.02 => EPU in force
        unit-rate CNY 1.00                                  => CNY stated
        unit-rate RUB 0.10                                  => RUB stated
        unit-rate KZT 0.02                                  => KZT stated
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund CHARLIE 100.00 RUB                             => 100.00 RUB issued to CHARLIE
        fund ECHO 500.00 KZT                                => 500.00 KZT issued to ECHO
        stop CNY                                            => CNY stopped
        pay p1 ALFA CHARLIE 10.00 CNY                       => p1 refused: AM03 currency-stopped
        pay p2 CHARLIE ECHO 100.00 RUB                      => p2 settled
        pay p3 ECHO DELTA 250.00 KZT                        => p3 settled
        cycle 1                                             => cycle 1 final
        close EPU                                           => closing 1: gross 10.00 = multilateral 0.00 + time 0.00 + asset 0.00 + credit 10.00 + special 0.00
                                                            => RU net -5.00, position -5.00
                                                            => KZ net 5.00, position 5.00
        show positions                                      => CN 0.00: asset 0.00, credit 0.00
                                                            => RU -5.00: asset 0.00, credit -5.00
                                                            => KZ 5.00: asset 0.00, credit 5.00
    "#]]);
}
