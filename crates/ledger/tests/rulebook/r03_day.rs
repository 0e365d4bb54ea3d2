//! 3. The business day.

use expect_test::expect;

use crate::story::rule;

/// Phases follow each other in the order agreed, none before its time, none skipped, none again.
/// Source: AFAQ phases; rules 2.
#[test]
fn r3_1_phases_follow_each_other_and_none_is_skipped() {
    rule(expect![[r#"
        with start night
        day 2026-11-23                                      => rates begins
        phase exchange                                      => refused: TM01 too-early (at 09:30)
        phase offset                                        => refused: FF01 out-of-range
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        phase exchange                                      => refused: FF01 out-of-range
        phase rates                                         => refused: FF01 out-of-range
        show phases                                         => rates at 09:00
                                                            => exchange at 09:30
                                                            => offset at 17:00
                                                            => positions at 17:30
                                                            => sweep at 18:30
                                                            => close at 19:00
    "#]]);
}

/// Rates, funding, payments, positions and redemption each have their phases.
/// Source: rules 2; nothing settles outside its phase.
#[test]
fn r3_2_each_phase_takes_only_what_it_allows() {
    rule(expect![[r#"
        with start rates
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 refused: TM01 phase-closed
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        defund ALFA 5.00 CNY                                => refused: TM01 phase-closed
        confirm 1 by CN.checker                             => refused: TM01 phase-closed
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        pay p2 ALFA BRAVO 5.00 CNY                          => p2 settled
        return r1 of p2 5.00 CNY                            => r1 settled
        time 17:00                                          => nothing
        phase offset                                        => offset begins
                                                            => 0 of 0 settled
        rate CNY/RUB 11.50                                  => refused: TM01 phase-closed
        agree CNY/RUB 11.50                                 => refused: TM01 phase-closed
        pay p3 ALFA BRAVO 5.00 CNY                          => p3 refused: TM01 phase-closed
        fund ALFA 10.00 CNY                                 => refused: TM01 phase-closed
    "#]]);
}

/// In a phase that takes payments but does not settle, they wait; the next settling phase releases them.
/// Source: rules 2; phases as data.
#[test]
fn r3_3_a_phase_may_take_payments_without_settling_them() {
    rule(expect![[r#"
        with start rates
        with phase rates also entry
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 queued: not in phase rates
        pvp a1 ALFA BRAVO 1.00 CNY with a2 ALFA BRAVO 1.00 CNY => a1 queued: not in phase rates
                                                            => a2 queued: not in phase rates
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
                                                            => p1 settled from the queue
                                                            => a1 settled from the queue
                                                            => a2 settled from the queue
    "#]]);
}

/// Closing a phase early is proposed by the operator and approved by the manager.
/// Source: rules 7, early close.
#[test]
fn r3_4_before_its_time_a_phase_begins_only_by_four_eyes() {
    rule(expect![[r#"
        phase offset                                        => refused: TM01 too-early (at 17:00)
        phase offset by operator                            => refused: AG01 four-eyes
        propose x: phase offset by operator                 => waits for approval
        approve x by manager                                => offset begins
                                                            => 0 of 0 settled
    "#]]);
}

/// The cut-off is the last instant at which payments of its currency are taken; other currencies go on.
/// Source: rules 6, TM01.
#[test]
fn r3_5_no_payment_is_taken_after_the_cut_off() {
    rule(expect![[r#"
        with cut-off CNY 16:00
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        fund ALFA 10.00 RUB                                 => 10.00 RUB issued to ALFA
        time 16:00                                          => nothing
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 settled
        time 16:01                                          => nothing
        pay p2 ALFA BRAVO 5.00 CNY                          => p2 refused: TM01 cut-off (at 16:00)
        pay p3 ALFA BRAVO 5.00 RUB                          => p3 settled
    "#]]);
}

/// An extension needs four eyes; later phases begin later, and cut-offs within the extended phase move with it.
/// Source: rules 2, extension by four eyes.
#[test]
fn r3_6_an_extension_moves_later_phases_and_dependent_cut_offs() {
    rule(expect![[r#"
        with cut-off CNY 16:00
        with cut-off RUB 09:30
        extend exchange 60 minutes by operator              => refused: AG01 four-eyes
        extend exchange 60 minutes                          => exchange extended by 60 minutes
        show phases                                         => rates at 09:00
                                                            => exchange at 09:30
                                                            => offset at 18:00
                                                            => positions at 18:30
                                                            => sweep at 19:30
                                                            => close at 20:00
        show cut-offs                                       => CNY 17:00
                                                            => RUB 09:30
        time 16:30                                          => nothing
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 queued: 5.00 short
    "#]]);
}

/// A phase is extended by at most twelve hours in all, and not once it is over.
/// Source: ours.
#[test]
fn r3_7_an_extension_has_a_limit_and_no_past() {
    rule(expect![[r#"
        extend exchange 0 minutes                           => approved, but refused: FF01 out-of-range (limit 43200, value 0)
        extend exchange 721 minutes                         => approved, but refused: FF01 out-of-range (limit 43200, value 43260)
        extend exchange 700 minutes                         => exchange extended by 700 minutes
        extend exchange 30 minutes                          => approved, but refused: FF01 out-of-range (limit 43200, value 43800)
        extend rates 5 minutes                              => approved, but refused: FF01 out-of-range
        extend offset 5 minutes                             => offset extended by 5 minutes
    "#]]);
}

/// A payment for a later business day waits outside the queue and joins it when that day starts, by entry.
/// Source: contract part 1, value date.
#[test]
fn r3_8_a_future_dated_payment_waits_for_its_date() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 10.00 CNY on 2026-11-24           => p1 queued: until 2026-11-24
        show p1                                             => p1 waits: until 2026-11-24
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-24                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
                                                            => p1 settled from the queue
    "#]]);
}

/// A settlement date lies today or ahead, is open in the currency's calendar, and is not farther than agreed.
/// Source: rules 6, DT01; joint business days.
#[test]
fn r3_9_a_settlement_date_is_a_business_day_not_past_and_not_too_far() {
    rule(expect![[r#"
        with calendar CNY closed 2026-11-25
        with calendar CNY open 2026-11-28
        pay p1 ALFA BRAVO 10.00 CNY on 2026-11-20           => p1 refused: DT01 value-date (2026-11-20 on 2026-11-23)
        pay p2 ALFA BRAVO 10.00 CNY on 2026-11-25           => p2 refused: DT01 value-date (2026-11-25 on 2026-11-23)
        pay p3 ALFA BRAVO 10.00 CNY on 2026-11-29           => p3 refused: DT01 value-date (2026-11-29 on 2026-11-23)
        pay p4 ALFA BRAVO 10.00 CNY on 2027-01-04           => p4 refused: DT01 value-date (2027-01-04 on 2026-11-23)
        pay p5 ALFA BRAVO 10.00 CNY on 2026-11-28           => p5 queued: until 2026-11-28
        pay p6 ALFA BRAVO 10.00 RUB on 2026-11-25           => p6 queued: until 2026-11-25
    "#]]);
}

/// On a holiday of a currency its payments are refused, and what was carried over waits for its next open day.
/// Source: rules 2, both calendars open; a make-up workday counts.
#[test]
fn r3_10_nothing_settles_in_a_currency_on_its_holiday() {
    rule(expect![[r#"
        with calendar CNY closed 2026-11-24
        with calendar CNY open 2026-11-28
        pay p1 ALFA BRAVO 10.00 CNY                         => p1 queued: 10.00 short
        run to close                                        => offset begins
                                                            => 0 of 1 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-24                                      => rates begins
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
        pay p2 ALFA BRAVO 5.00 CNY                          => p2 refused: DT01 value-date (2026-11-24 on 2026-11-24)
        pay p3 ALFA BRAVO 5.00 RUB                          => p3 queued: 5.00 short
        show p1                                             => p1 waits: until 2026-11-25
        clear                                               => 0 of 1 settled
    "#]]);
}

/// The authority may open or close today by four eyes; the past is not changed.
/// Source: rules 7, calendar change.
#[test]
fn r3_11_a_calendar_changed_for_today_counts_at_once() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        pay p1 ALFA BRAVO 20.00 CNY                         => p1 queued: 10.00 short
        calendar CNY 2026-11-22 open                        => approved, but refused: DT01 value-date (2026-11-22 on 2026-11-23)
        calendar CNY 2026-11-23 closed                      => done
        fund ALFA 10.00 CNY                                 => 10.00 CNY issued to ALFA
        show p1                                             => p1 waits: until 2026-11-24
        pay p2 ALFA BRAVO 1.00 CNY                          => p2 refused: DT01 value-date (2026-11-23 on 2026-11-23)
        calendar CNY 2026-11-23 open                        => p1 settled from the queue
    "#]]);
}

/// Each currency says what happens to payments still waiting at the end of the day.
/// Source: rules 2, end-of-day rules.
#[test]
fn r3_12_what_waits_at_the_end_is_carried_rejected_or_cancelled() {
    rule(expect![[r#"
        with unsettled CNY carry
        with unsettled RUB reject
        with unsettled KZT cancel
        fund ALFA 10.00 RUB                                 => 10.00 RUB issued to ALFA
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 queued: 30.00 short
        pay p2 ALFA BRAVO 30.00 RUB                         => p2 queued: 20.00 short
        pay p3 ALFA BRAVO 30.00 KZT                         => p3 queued: 30.00 short
        pay p4 ALFA BRAVO 30.00 RUB on 2026-11-24           => p4 queued: until 2026-11-24
        run to positions                                    => offset begins
                                                            => 0 of 3 settled
                                                            => positions begins
                                                            => p2 ended: AM04 unfunded-at-close (20.00 short)
                                                            => p3 ended: TM01 cancelled-at-close (30.00 short)
                                                            => cycle 1 cut
        show p1                                             => p1 waits: not in phase positions
        show p4                                             => p4 waits: until 2026-11-24
    "#]]);
}

/// A group ends as a whole when the rule of one of its currencies says so.
/// Source: rules 5, all or nothing.
#[test]
fn r3_13_a_group_ends_by_its_strictest_rule() {
    rule(expect![[r#"
        with unsettled RUB reject
        pvp a1 ALFA BRAVO 10.00 CNY with a2 BRAVO ALFA 120.00 RUB => a1 queued: 10.00 short
                                                            => a2 queued: another leg first
        run to positions                                    => offset begins
                                                            => 0 of 2 settled
                                                            => positions begins
                                                            => a1 ended: AM04 unfunded-at-close (10.00 short)
                                                            => a2 ended: NARR group-failed
                                                            => cycle 1 cut
    "#]]);
}

/// A payment that goes when the one in front of it is ended belongs to the cycle that is cut by the same entry.
/// Source: rules 3, nothing is between two cycles.
#[test]
fn r3_14_what_an_ended_payment_releases_settles_before_the_cut() {
    rule(expect![[r#"
        with unsettled RUB reject
        with phase positions also settle
        fund BRAVO 5.00 CNY                                 => 5.00 CNY issued to BRAVO
        pay p0 ALFA BRAVO 1.00 RUB                          => p0 queued: 1.00 short
        pvp a1 ALFA BRAVO 1.00 RUB with a2 BRAVO ALFA 10.00 CNY => a1 queued: behind p0
                                                            => a2 queued: another leg first
        pay p1 BRAVO ALFA 5.00 CNY                          => p1 queued: behind a1
        run to positions                                    => offset begins
                                                            => 0 of 4 settled
                                                            => positions begins
                                                            => p0 ended: AM04 unfunded-at-close (1.00 short)
                                                            => a1 ended: AM04 unfunded-at-close (1.00 short)
                                                            => a2 ended: NARR group-failed
                                                            => p1 settled from the queue
                                                            => cycle 1 cut
        show nets                                           => ALFA 5.00 CNY
                                                            => BRAVO -5.00 CNY
    "#]]);
}

/// What exceeds an account's overnight limit is redeemed at the end of the day, as far as it is free.
/// Source: contract part 1, overnight-holding limits per foreign participant.
#[test]
fn r3_15_holdings_above_the_overnight_limit_are_redeemed() {
    rule(expect![[r#"
        limit CHARLIE overnight 20.00 CNY                   => done
        limit DELTA overnight 20.00 CNY                     => done
        fund CHARLIE 100.00 CNY                             => 100.00 CNY issued to CHARLIE
        fund DELTA 100.00 CNY                               => 100.00 CNY issued to DELTA
        hold h1 DELTA 90.00 CNY until 2026-11-24T10:00      => h1 holds 90.00 CNY of DELTA
        run to sweep                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => 80.00 CNY swept from CHARLIE
                                                            => 10.00 CNY swept from DELTA
        show balances                                       => CHARLIE 20.00 CNY
                                                            => DELTA 90.00 CNY, 90.00 held
        show cover                                          => CNY cover 110.00, issued 110.00
    "#]]);
}

/// When the arrangement asks for it, every authority confirms its positions before balances are swept; an objection holds the day, four eyes or not.
/// Source: AFAQ phases: reconcile and confirm, then net settlement.
#[test]
fn r3_16_positions_are_confirmed_before_anything_leaves() {
    rule(expect![[r#"
        with confirmation
        run to positions                                    => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
        time 18:30                                          => nothing
        phase sweep                                         => refused: NARR positions-unconfirmed
        propose x: phase sweep by operator                  => waits for approval
        approve x by manager                                => approved, but refused: NARR positions-unconfirmed
        confirm 1 by CN.checker                             => CN confirms cycle 1
        object 1 by RU.checker                              => RU objects to cycle 1
        confirm 1 by KZ.checker                             => KZ confirms cycle 1
        phase sweep                                         => refused: NARR positions-unconfirmed
        confirm 1 by RU.checker                             => RU confirms cycle 1
                                                            => cycle 1 final
        confirm 1 by RU.checker                             => refused: ARDT not-waiting
        phase sweep                                         => sweep begins
    "#]]);
}

/// A business day starts after the one before is closed, with a later date, by the node or the operator.
/// Source: rules 2, the settlement date is given and never derived from a clock.
#[test]
fn r3_17_a_day_starts_when_the_one_before_is_closed_and_with_a_later_date() {
    rule(expect![[r#"
        day 2026-11-24 early                                => refused: TM01 too-early
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        pay p1 ALFA BRAVO 1.00 CNY                          => p1 refused: TM01 phase-closed
        day 2026-11-23                                      => refused: DT01 value-date (2026-11-23 on 2026-11-23)
        day 2026-11-24 unknown-cutoff                       => refused: NOOR unknown
        day 2026-11-24 by ALFA                              => refused: AG01 actor-not-authorised
        day 2026-11-24 by operator                          => rates begins
    "#]]);
}

/// Amounts counted against limits of a day are forgotten when the next day starts.
/// Source: contract part 1, limits per day.
#[test]
fn r3_18_limits_of_the_day_begin_anew() {
    rule(expect![[r#"
        with phase offset without on-offset
        fund ALFA 100.00 CNY                                => 100.00 CNY issued to ALFA
        limit ALFA day 50.00 CNY                            => done
        pay p1 ALFA BRAVO 50.00 CNY                         => p1 settled
        pay p2 ALFA BRAVO 50.00 CNY                         => p2 queued: day limit 50.00 passed by 50.00
        run to close                                        => offset begins
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        day 2026-11-24                                      => rates begins
        time 09:30                                          => nothing
        phase exchange                                      => exchange begins
                                                            => p2 settled from the queue
    "#]]);
}

/// The phases may be changed by four eyes while no day runs; the last phase closes, and only the last.
/// Source: rules 7; phases as data.
#[test]
fn r3_19_phases_are_changed_between_days_only() {
    rule(expect![[r#"
        set-phases rates:60,close:0                         => approved, but refused: TM01 phase-closed
        run to close                                        => offset begins
                                                            => 0 of 0 settled
                                                            => positions begins
                                                            => cycle 1 cut
                                                            => sweep begins
                                                            => close begins
                                                            => the day is closed
        set-phases close:0                                  => approved, but refused: FF01 out-of-range (limit 32, value 1)
        set-phases rates:60,exchange:60                     => approved, but refused: FF01 out-of-range
        set-phases close:0,rates:60,close:0                 => approved, but refused: FF01 out-of-range
        set-phases rates:60,unheard-of:60,close:0           => approved, but refused: FF01 out-of-range
        set-phases rates:999999999,close:0                  => approved, but refused: FF01 out-of-range
        set-phases rates:60,exchange:600,close:0            => done
    "#]]);
}
