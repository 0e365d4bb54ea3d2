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
        propose x: union EPU of CN:100.00,RU:0.00 in CNY by finance.maker
        approve x by finance.checker
        union EPU of CN:100.00,RU:-1.00 in CNY
        union EPU of CN:100.00,RU:100.00,CN:50.00 in CNY
        union EPU of CN:100.00 in CNY
        union EPU of CN:100.00,XX:100.00 in CNY
        union EPU of CN:100.00,RU:100.00 in CNY schedule overlapping
        union EPU of CN:100.00,RU:100.00 in CNY schedule 10:0-50:50
        union EPU of CN:100.00,RU:100.00 unit CNY:60:1.00,RUB:30:0.08
        union EPU of CN:100.00,RU:100.00 in CNY basket RUB:60,KZT:60
        union EPU of CN:100.00,RU:100.00 in CNY methods asset,basket
        union EPU of CN:100.00,RU:100.00 in CNY growth 200:asset
        union EPU of CN:100.00,RU:100.00 in CNY closes 0
        union EPU of CN:100.00,RU:100.00 in CNY leaving 0x30
        union nameless of CN:100.00,RU:100.00 in CNY
        union EPU of CN:100.00,RU:100.00 in CNY methods asset,roll-over number 7
        union EPU of CN:100.00,RU:100.00 in CNY methods asset,roll-over
        union ACU of RU:100.00,KZ:100.00 in RUB
        union EPU number 0 of CN:100.00,KZ:100.00 in CNY
        show positions
    "#]]);
}

/// What a member's banks received more than they sent in a currency is that member's claim on the currency's
/// issuer. Set against each other the claims leave one net for each member; nets are added to positions, and
/// positions sum to zero.
/// Source: rules 3 and 4.
#[test]
fn r15_2_nets_become_positions_and_sum_to_zero() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY
        unit-rate RUB 0.10
        unit-rate KZT 0.02
        fund ALFA 30.00 CNY
        fund CHARLIE 400.00 RUB
        fund ECHO 500.00 KZT
        pay p1 ALFA CHARLIE 30.00 CNY
        pay p2 CHARLIE ECHO 400.00 RUB
        pay p3 ECHO ALFA 250.00 KZT
        close EPU
        cycle 1
        close EPU
        show positions
        close EPU
    "#]]);
}

/// Payments inside a country, in its own currency, give nobody a claim; nor do payments with a country that is
/// not a member.
/// Source: rules 4.
#[test]
fn r15_3_a_member_at_home_owes_nobody() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY
        fund ALFA 30.00 CNY
        pay p1 ALFA BRAVO 20.00 CNY
        pay p2 BRAVO ECHO 20.00 CNY
        cycle 1
        close EPU
        show positions
    "#]]);
}

/// A currency's rate in the unit is stated by its own authority and nobody else. The unit of account is worth
/// one of itself.
/// Source: design, principle 5.
#[test]
fn r15_4_each_authority_states_its_own_currency() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY
        unit-rate RUB 0.10 by CN.maker
        unit-rate RUB 0.10 by operator
        unit-rate RUB 0.10
        unit-rate CNY 1.00
        unit-rate RUB nothing
        unit-rate RUB 0.10 source nobody
        unit-rate RUB 0.10 until 09:00
        unit-rate KZT 0.02
        unit-release CNY
        unit-release RUB
    "#]]);
}

/// A closing that needs a rate which is missing, no longer valid, or held by the gate is refused and names the
/// currency. Nothing is booked, and what was not carried is carried by the next closing. A rate 66 % off waits
/// for two people.
/// Source: rules 5, deviation gate; design, principle 5.
#[test]
fn r15_5_without_a_rate_nothing_is_carried() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY
        fund CHARLIE 100.00 RUB
        pay p1 CHARLIE ALFA 100.00 RUB
        cycle 1
        close EPU
        unit-rate RUB 0.10 until 18:00
        time 18:00
        close EPU
        unit-rate RUB 0.166
        close EPU
        unit-release RUB by CN.maker
        unit-release RUB
        show positions
        close EPU
        show positions
    "#]]);
}

/// Amounts are counted in the unit toward zero, once for each currency and pair of members: what is left of a
/// minor unit stays with the one who delivers it, and both sides see the same amount.
/// Source: rules 4; ours.
#[test]
fn r15_6_amounts_are_counted_toward_zero() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY
        unit-rate RUB 0.07
        fund CHARLIE 1.50 RUB
        pay p1 CHARLIE ALFA 1.50 RUB
        cycle 1
        close EPU
    "#]]);
}

/// The unit may be a basket. Each currency is stated in a common measure, and the basket is worth the sum of
/// weights times rates now over rates at the base: here the rouble fell by half, so a unit is worth 0.80 of
/// what it was.
/// Source: rules 4.
#[test]
fn r15_7_a_basket_has_its_own_fixing() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 unit CNY:60:1.00,RUB:40:0.10
        unit-rate CNY 1.00
        fund ALFA 8.00 CNY
        pay p1 ALFA CHARLIE 8.00 CNY
        cycle 1
        close EPU
        unit-rate RUB 0.05
        close EPU
    "#]]);
}

/// A position consists of asset and credit as its tranches say. Only the change falls due, and a later surplus
/// unwinds the last tranche first.
/// Source: European Payments Union 1950; rules 4.
#[test]
fn r15_8_only_the_change_of_the_asset_stock_is_settled() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1950
        unit-rate RUB 1.00
        fund ALFA 35.00 CNY
        fund CHARLIE 50.00 RUB
        pay p1 ALFA CHARLIE 35.00 CNY
        cycle 1
        close EPU
        show positions
        next 2026-11-24
        pay p2 CHARLIE ALFA 50.00 RUB
        cycle 2
        close EPU
        show positions
        show residuals
    "#]]);
}

/// Where nothing is carried, every net falls due at its closing and positions stay at zero.
/// Source: Asian Clearing Union; rules 4.
#[test]
fn r15_9_all_may_be_paid_at_each_closing() {
    rule(expect![[r#"
        union ACU of CN:100.00,RU:100.00 in CNY schedule paid
        fund ALFA 35.00 CNY
        pay p1 ALFA CHARLIE 35.00 CNY
        cycle 1
        close ACU
        show positions
    "#]]);
}

/// Where there is no position beyond the quota, the closing is refused and names the member. A larger quota is
/// agreed by two people; then the same cycle is carried.
/// Source: Keynes 1943; rules 4.
#[test]
fn r15_10_beyond_the_quota_a_rule_may_refuse() {
    rule(expect![[r#"
        union ICU of CN:100.00,RU:100.00 in CNY schedule strict
        fund ALFA 120.00 CNY
        pay p1 ALFA CHARLIE 120.00 CNY
        cycle 1
        close ICU
        show positions
        union ICU of CN:150.00,RU:150.00
        close ICU
        show positions
        union ICU of CN:110.00,RU:150.00
    "#]]);
}

/// A limit of growth says how far a position may move in a year. What is beyond it is paid in asset instead of
/// being carried, or the closing is refused, as the rule says; what was paid so comes back first.
/// Source: rules 4, persistent imbalance; ours.
#[test]
fn r15_11_a_position_may_not_grow_too_fast() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY growth 25:refuse
        unit-rate RUB 1.00
        fund ALFA 40.00 CNY
        fund CHARLIE 30.00 RUB
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        close EPU
        union EPU growth 25:asset
        close EPU
        show positions
        next 2026-11-24
        pay p2 CHARLIE ALFA 30.00 RUB
        cycle 2
        close EPU
        show positions
    "#]]);
}

/// On the part of an average position above a quarter of the quota one per cent a year is charged, and one per
/// cent more above a half: to the creditor as much as to the debtor. Quota 100, position 75, 36 days of 360: a
/// tenth of 0.75, toward zero.
/// Source: Keynes 1943; rules 4.
#[test]
fn r15_12_debtor_and_creditor_are_charged_alike() {
    rule(expect![[r#"
        union ICU of CN:100.00,RU:100.00 in CNY charge 25:100,50:100
        fund ALFA 75.00 CNY
        pay p1 ALFA CHARLIE 75.00 CNY
        cycle 1
        close ICU
        next 2026-12-29
        cycle 2
        close ICU
    "#]]);
}

/// Interest is counted on what is carried as credit, for each day at the rate then in force, and booked at a
/// closing toward zero: 1,000,000 for 30 days at 5.00 % and 400,000 for 30 days at 4.80 % of 360 is 5,766.66.
/// Source: Asian Clearing Union; oracle `acu_interest`.
#[test]
fn r15_13_interest_counts_days() {
    rule(expect![[r#"
        union ACU of CN:9000000.00,RU:9000000.00 in CNY interest 500
        unit-rate RUB 1.00
        fund ALFA 1000000.00 CNY
        fund CHARLIE 600000.00 RUB
        pay p1 ALFA CHARLIE 1000000.00 CNY
        cycle 1
        close ACU
        next 2026-12-23
        pay p2 CHARLIE ALFA 600000.00 RUB
        cycle 2
        close ACU
        union ACU interest 480
        next 2027-01-22
        cycle 3
        close ACU
    "#]]);
}

/// A position at or beyond a share of its quota opens an item for its member, with a deadline in closings. It
/// is late when the time is up, and done when the position went back.
/// Source: Keynes 1943; rules 4.
#[test]
fn r15_14_bands_open_age_and_close_action_items() {
    rule(expect![[r#"
        union ICU of CN:100.00,RU:100.00 in CNY bands debtor:25:pay-down:1,creditor:50:lend-on:2
        unit-rate RUB 1.00
        fund ALFA 30.00 CNY
        fund CHARLIE 20.00 RUB
        pay p1 ALFA CHARLIE 30.00 CNY
        cycle 1
        close ICU
        next 2026-11-24
        cycle 2
        close ICU
        next 2026-11-25
        cycle 3
        close ICU
        next 2026-11-26
        pay p2 CHARLIE ALFA 20.00 RUB
        cycle 4
        close ICU
        show exhaustion
    "#]]);
}

/// A residual paid on another system stays open until the receiving side accepts the payer's report. Declined,
/// it is as open as before; a reference counts once; after its date it is late.
/// Source: rules 4, residual settlement.
#[test]
fn r15_15_an_outside_transfer_counts_when_its_proof_is_accepted() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1954 methods asset
        fund ALFA 40.00 CNY
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        close EPU
        settle r0 asset 20.00 ref T1 by RU.maker
        settle r0 asset 25.00 ref T1
        settle r0 asset 0.00 ref T1
        settle r0 asset 20.00
        settle r0 roll-over 5.00
        settle r0 asset 12.00 ref T1
        settle r0 asset 8.00 ref T2
        accept r0 by CN.checker
        turn-down r0
        accept r0
        settle r0 asset 12.00 ref T1
        settle r0 asset 12.00 ref T3
        accept r0
        show residuals
        settle r1 asset 20.00 ref T4 by RU.maker
        settle r1 asset 20.00 ref T4
        accept r1
        settle r1 asset 20.00 ref T5
        run to close
        day 2026-11-30
        settle r0 asset 8.00 ref T6
        accept r0
        show residuals
    "#]]);
}

/// A member may carry a residual on as further credit, up to a share of its quota. What falls due the other way
/// later is set against it first.
/// Source: rules 4.
#[test]
fn r15_16_a_residual_is_rolled_over_into_credit_up_to_a_limit() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1954 roll 10
        unit-rate RUB 1.00
        fund ALFA 40.00 CNY
        fund CHARLIE 20.00 RUB
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        close EPU
        settle r0 roll-over 12.00
        settle r0 roll-over 7.00
        settle r1 roll-over 10.00
        show positions
        next 2026-11-24
        pay p2 CHARLIE ALFA 20.00 RUB
        cycle 2
        close EPU
        show positions
        show residuals
    "#]]);
}

/// A residual may be paid in several member currencies, each by its weight at the rates stated now, rounded up.
/// The amounts must be the rule's, and the transfers are proved like any other.
/// Source: rules 4.
#[test]
fn r15_17_a_residual_is_paid_in_a_basket_of_member_currencies() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954 basket RUB:50,KZT:50
        fund ALFA 40.00 CNY
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        close EPU
        settle r0 basket 20.00 ref B1 legs 100.00,500.00
        unit-rate RUB 0.10
        unit-rate KZT 0.03
        settle r0 basket 20.00 ref B1 legs 100.00,333.33
        settle r0 basket 20.00 ref B1 legs 100.00,333.34
        accept r0
        show residuals
    "#]]);
}

/// What members owe the union and what it owes members is set against each other at par, the earliest due
/// first. The union steps out: the one member settles with the other directly.
/// Source: rules 4; ours.
#[test]
fn r15_18_opposite_residuals_meet_in_an_auction() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954
        cross EPU
        fund ALFA 40.00 CNY
        pay p1 ALFA CHARLIE 30.00 CNY
        pay p2 ALFA ECHO 10.00 CNY
        cycle 1
        close EPU
        settle r1 asset 1.00 ref T1
        cross EPU
        accept r1
        show residuals
        settle r3 asset 5.00 ref T2
        accept r3
    "#]]);
}

/// Whoever is to receive may use the claim for a purpose on the arrangement's list. The member in whose country
/// it is used has the claim then, and what it owes the union is set against it; each use is recorded.
/// Source: rules 4, use of a claim.
#[test]
fn r15_19_a_residual_is_used_for_a_permitted_purpose() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954
        fund ALFA 40.00 CNY
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        close EPU
        settle r1 use yachts 5.00 in CN
        settle r1 use investment 5.00 in RU
        settle r1 use investment 5.00 in CN by CN.maker
        settle r1 use investment 5.00 in CN
        settle r1 use trade-advance 4.00 in KZ
        show residuals
    "#]]);
}

/// A creditor may pay another member with its position, or use it there for a permitted purpose: the one goes
/// down, the other up by the same amount. Nobody uses more than it has.
/// Source: rules 4, use of a claim.
#[test]
fn r15_20_a_claim_pays_a_third_member() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1950
        fund ALFA 50.00 CNY
        pay p1 ALFA CHARLIE 50.00 CNY
        cycle 1
        close EPU
        claim RU pays KZ 60.00
        claim CN pays KZ 1.00
        claim RU pays RU 1.00
        claim RU yachts CN 10.00
        claim RU pays KZ 10.00
        claim RU investment CN 20.00
        show positions
    "#]]);
}

/// A creditor's claim becomes a loan to a debtor when both agree: both positions shrink by it, and a schedule
/// between the two takes their place. Each instalment falls due on its date and is proved like any other
/// residual.
/// Source: rules 4, use of a claim.
#[test]
fn r15_21_a_claim_is_lent_on_to_a_debtor() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY
        fund ALFA 50.00 CNY
        pay p1 ALFA CHARLIE 50.00 CNY
        cycle 1
        close EPU
        lend RU CN 60.00 3x30@600
        lend RU CN 20.00 3x0@600
        lend RU KZ 20.00 3x30@600
        lend RU CN 20.00 3x30@600
        take-loan RU 0
        take-loan CN 0
        lend RU CN 10.00 1x30@0
        end-loan KZ 1
        end-loan CN 1
        take-loan CN 1
        show positions
        run to close
        day 2026-12-23
        settle r0 asset 6.76 ref T1
        accept r0
    "#]]);
}

/// Where the rules allow it, what is open is paid by instalments from then on, with interest on what is
/// outstanding. An instalment is not paid by instalments.
/// Source: ALADI; rules 4.
#[test]
fn r15_22_a_residual_is_refinanced_by_instalments() {
    rule(expect![[r#"
        union ALADI of CN:100.00,RU:100.00 in CNY schedule 1954 refinance 4x30@360
        fund ALFA 40.00 CNY
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        close ALADI
        settle r0 instalments 5
        settle r0 instalments 3
        settle r0 asset 1.00 ref T1
        run to close
        day 2026-12-23
        settle r2 instalments 2
        show residuals
    "#]]);
}

/// A debtor may draw on the facility to pay a residual, up to a share of the average gross amount of recent
/// closings, and pays it back in one sum on its date.
/// Source: Asian Clearing Union; rules 4.
#[test]
fn r15_23_a_swap_facility_is_drawn_up_to_its_limit() {
    rule(expect![[r#"
        union ACU of CN:100.00,RU:100.00 in CNY schedule paid swap 20:60
        fund ALFA 50.00 CNY
        pay p1 ALFA CHARLIE 50.00 CNY
        cycle 1
        close ACU
        settle r1 swap 1.00
        settle r0 swap 10.01
        settle r0 swap 6.00
        settle r0 swap 4.01
        show residuals
        run to close
        day 2027-01-22
        settle r2 swap 1.00
        show residuals
    "#]]);
}

/// A member leaves after everything traded is carried. Its position ends at once; what it had not paid or
/// received of it falls due by the rules' instalments, and the union itself takes its place in the sum of
/// positions.
/// Source: rules 4; ours.
#[test]
fn r15_24_a_member_that_leaves_ends_with_nothing_open_but_a_schedule() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 in CNY schedule 1954 leaving 2x30@0
        fund ALFA 41.00 CNY
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        leave CN EPU
        close EPU
        leave CN EPU
        leave CN EPU
        show positions
        show residuals
        claim RU pays CN 1.00
        union ACU of CN:100.00,KZ:100.00 in CNY
        next 2026-11-24
        pay p2 ALFA CHARLIE 1.00 CNY
        cycle 2
        close EPU
        show positions
    "#]]);
}

/// When quotas or tranches change, what positions consist of changes with them, and the difference falls due
/// like any other. The unit of account and the order of members stay.
/// Source: ours.
#[test]
fn r15_25_new_rules_settle_the_difference() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00 in CNY schedule 1954
        fund ALFA 40.00 CNY
        pay p1 ALFA CHARLIE 40.00 CNY
        cycle 1
        close EPU
        union EPU schedule 1955
        union EPU in RUB
        union EPU of RU:100.00,CN:100.00
        union EPU schedule credit of CN:100.00,RU:100.00,KZ:50.00
        show positions
    "#]]);
}

/// A phase that carries closes every union whose rules ask for it, once as many final cycles wait as they say.
/// A union that cannot be closed stays open and says why.
/// Source: rules 2 and 3.
#[test]
fn r15_26_a_phase_may_carry_by_itself() {
    rule(expect![[r#"
        with phase sweep also on-carry
        union EPU of CN:100.00,RU:100.00 in CNY closes 2
        fund CHARLIE 50.00 RUB
        pay p1 CHARLIE ALFA 30.00 RUB
        cycle 1
        next 2026-11-24
        pay p2 CHARLIE ALFA 20.00 RUB
        cycle 2
        run to close
        day 2026-11-25
        unit-rate RUB 0.10
        run to positions
        run to close
        show positions
    "#]]);
}

/// No currency is a vehicle: when its authority stops one, every other pair of currencies is paid, converted
/// and carried as before.
/// Source: design, principle 5.
#[test]
fn r15_27_a_stopped_currency_stops_nobody_else() {
    rule(expect![[r#"
        union EPU of CN:100.00,RU:100.00,KZ:100.00 unit CNY:40:1.00,RUB:30:0.10,KZT:30:0.02
        unit-rate CNY 1.00
        unit-rate RUB 0.10
        unit-rate KZT 0.02
        fund ALFA 10.00 CNY
        fund CHARLIE 100.00 RUB
        fund ECHO 500.00 KZT
        stop CNY
        pay p1 ALFA CHARLIE 10.00 CNY
        pay p2 CHARLIE ECHO 100.00 RUB
        pay p3 ECHO DELTA 250.00 KZT
        cycle 1
        close EPU
        show positions
    "#]]);
}
