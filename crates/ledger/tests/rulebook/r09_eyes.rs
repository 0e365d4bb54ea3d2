//! 9. Four eyes.

use expect_test::expect;

use crate::story::rule;

/// What needs four eyes is done when a second person approves; the maker cannot be the approver.
/// Source: rules 7; design, maker is not approver, enforced in the engine.
#[test]
fn r9_1_maker_and_approver_are_two_people() {
    rule(expect![[r#"
        propose x: limit ALFA net-debit 30.00 CNY by CN.maker => waits for approval
        approve x by CN.maker                               => refused: AG01 four-eyes-same-person
        approve x by CN.checker                             => done
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 settled
    "#]]);
}

/// The approver names the hash of what he saw; another hash is refused and the proposal waits on.
/// Source: contract part 1, payload hash.
#[test]
fn r9_2_the_approver_approves_what_he_saw() {
    rule(expect![[r#"
        propose x: limit ALFA net-debit 30.00 CNY by CN.maker => waits for approval
        approve x by CN.checker seeing-something-else       => refused: NARR proposal-hash
        approve x by CN.checker                             => done
    "#]]);
}

/// A proposal not approved in time lapses; approving it then is too late.
/// Source: contract part 1, expiry.
#[test]
fn r9_3_a_proposal_lapses() {
    rule(expect![[r#"
        propose x: limit ALFA net-debit 30.00 CNY by CN.maker lapsing 10:00 => waits for approval
        time 10:00                                          => the proposal lapsed
        approve x by CN.checker                             => refused: TM01 proposal-expired
        decline x by CN.checker                             => refused: TM01 proposal-expired
    "#]]);
}

/// A proposal lapses in the future, and within the time the arrangement allows.
/// Source: contract part 1, expiry.
#[test]
fn r9_4_a_proposal_lapses_in_the_future_and_soon() {
    rule(expect![[r#"
        propose x: limit ALFA net-debit 30.00 CNY by CN.maker lapsing 09:30 => refused: DT01 time-window
        propose y: limit ALFA net-debit 30.00 CNY by CN.maker lapsing 10:31 => refused: DT01 time-window
        propose z: limit ALFA net-debit 30.00 CNY by CN.maker lapsing 10:30 => waits for approval
    "#]]);
}

/// Approved, a proposal is checked against the state as it is then.
/// Source: contract part 1, re-validated at execution.
#[test]
fn r9_5_a_proposal_is_checked_again_when_it_is_carried_out() {
    rule(expect![[r#"
        limit ALFA net-debit 30.00 CNY                      => done
        propose x: limit ALFA net-debit 10.00 CNY by CN.maker => waits for approval
        pay p1 ALFA BRAVO 30.00 CNY                         => p1 settled
        approve x by CN.checker                             => approved, but refused: AM04 insufficient-funds (limit 30.00, asked 10.00)
        approve x by CN.checker                             => refused: NOOR proposal-unknown
    "#]]);
}

/// If the maker has lost the right meanwhile, the approval is refused.
/// Source: contract part 1, re-validated at execution.
#[test]
fn r9_6_the_maker_must_still_have_the_right() {
    rule(expect![[r#"
        propose x: phase offset by operator                 => waits for approval
        set-roles operator auditor                          => done
        approve x by manager                                => refused: AG01 actor-not-authorised
    "#]]);
}

/// The approver acts for the same house as the maker and holds the checking role.
/// Source: rules 7.
#[test]
fn r9_7_the_approver_acts_for_the_same_house() {
    rule(expect![[r#"
        propose x: limit ALFA net-debit 30.00 CNY by CN.maker => waits for approval
        approve x by RU.checker                             => refused: AG01 actor-not-authorised
        approve x by manager                                => refused: AG01 actor-not-authorised
        approve x by auditor                                => refused: AG01 actor-not-authorised
        approve x by ALFA.checker                           => refused: AG01 actor-not-authorised
        approve x by somebody                               => refused: AG01 actor-unknown
        approve x by CN.checker                             => done
    "#]]);
}

/// The second pair of eyes may decline; the maker may take the proposal back; nobody else.
/// Source: rules 7.
#[test]
fn r9_8_a_proposal_may_be_declined_or_taken_back() {
    rule(expect![[r#"
        propose x: limit ALFA net-debit 30.00 CNY by CN.maker => waits for approval
        decline x by RU.checker                             => refused: AG01 actor-not-authorised
        decline x by CN.checker                             => declined
        propose y: limit ALFA net-debit 30.00 CNY by CN.maker => waits for approval
        decline y by CN.maker                               => declined
        approve y by CN.checker                             => refused: NOOR proposal-unknown
    "#]]);
}

/// What may be done at once is not proposed, nor is a proposal; what is not his to ask, nobody proposes.
/// Source: rules 7, not for straight-through payments.
#[test]
fn r9_9_what_needs_no_approval_is_not_proposed() {
    rule(expect![[r#"
        propose x: pay p1 ALFA BRAVO 5.00 CNY by ALFA       => refused: FF01 out-of-range
        propose x: propose stop CNY by CN.maker             => refused: FF01 out-of-range
        propose x: limit ALFA net-debit 30.00 CNY by RU.maker => refused: AG01 actor-not-authorised
        propose x: pay p1 ALFA BRAVO 5.00 CNY by ALFA.maker => waits for approval
        approve x by ALFA.checker                           => p1 queued: 5.00 short
    "#]]);
}

/// What needs four eyes is not done at once, by whomever.
/// Source: rules 7.
#[test]
fn r9_10_what_needs_approval_is_not_done_at_once() {
    rule(expect![[r#"
        limit ALFA net-debit 30.00 CNY by CN.maker          => refused: AG01 four-eyes
        extend exchange 5 minutes by operator               => refused: AG01 four-eyes
        add-participant HOTEL by finance.maker              => refused: AG01 four-eyes
        set-roles operator auditor by security              => refused: AG01 four-eyes
        rotate-key CN by CN.maker                           => refused: AG01 four-eyes
    "#]]);
}

/// A role that excludes another is not given to its holder; the security administrator has no right over money, the auditor writes nothing.
/// Source: rules 7, exclusions are pairs of permissions.
#[test]
fn r9_11_nobody_holds_two_roles_that_exclude_each_other() {
    rule(expect![[r#"
        add-actor eve operator+operations-manager           => approved, but refused: AG01 roles-excluded
        add-actor eve finance-maker+finance-checker         => approved, but refused: AG01 roles-excluded
        add-actor eve bank-maker+bank-checker for ALFA      => approved, but refused: AG01 roles-excluded
        add-actor eve authority-maker+authority-checker for CN => approved, but refused: AG01 roles-excluded
        add-actor eve security-admin+operator               => approved, but refused: AG01 roles-excluded
        add-actor eve auditor+operator                      => approved, but refused: AG01 roles-excluded
        set-roles operator operator+operations-manager      => approved, but refused: AG01 roles-excluded
        add-actor eve operator+finance-maker                => added
        add-actor eve operator                              => approved, but refused: AM05 exists
        add-actor adam unheard-of                           => approved, but refused: FF01 out-of-range
        set-roles adam operator by security                 => refused: AG01 four-eyes
        set-roles system operator                           => approved, but refused: FF01 out-of-range
    "#]]);
}

/// An auditor writes nothing; somebody unknown is refused before anything else.
/// Source: rules 7.
#[test]
fn r9_12_the_auditor_and_the_unknown_do_nothing() {
    rule(expect![[r#"
        fund ALFA 10.00 CNY by auditor                      => refused: AG01 actor-not-authorised
        cancel p1 by auditor                                => refused: AG01 actor-not-authorised
        clear by auditor                                    => refused: AG01 actor-not-authorised
        pay p1 ALFA BRAVO 5.00 CNY by somebody              => refused: AG01 actor-unknown
        clear by somebody                                   => refused: AG01 actor-unknown
    "#]]);
}

/// Authorities, currencies, participants, accounts, people and pairs are added by four eyes, once each.
/// Source: rules 7, participant create; role change.
#[test]
fn r9_13_the_arrangement_grows_by_four_eyes() {
    rule(expect![[r#"
        add-authority MN                                    => done
        add-authority mn                                    => approved, but refused: FF01 out-of-range
        add-currency MNT 2 of MN                            => done
        add-currency MNT 2 of MN                            => approved, but refused: AM05 exists
        add-currency MN1 2 of MN                            => approved, but refused: FF01 out-of-range
        add-currency TUG 5 of MN                            => approved, but refused: FF01 out-of-range (limit 4, value 5)
        add-currency TUG 2 of nobody                        => approved, but refused: NOOR unknown
        add-participant HOTEL                               => done
        add-participant HOTEL                               => approved, but refused: AM05 exists
        add-participant INDIA through HOTEL                 => done
        add-participant JULIET through INDIA                => approved, but refused: NOOR unknown
        open-account HOTEL MNT                              => done
        open-account HOTEL MNT                              => approved, but refused: AM05 exists
        open-account INDIA MNT                              => approved, but refused: NOOR unknown
        open-account HOTEL XXX                              => approved, but refused: NOOR unknown
        add-actor HOTEL channel for HOTEL                   => added
        pay p1 HOTEL ALFA 5.00 MNT                          => p1 refused: AC03 creditor-unknown
    "#]]);
}

/// Before the arrangement is in force nothing but its setting up is done, by the node alone; afterwards it does not begin again.
/// Source: rules 7, arrangement activation.
#[test]
fn r9_14_before_it_is_in_force_the_arrangement_only_grows() {
    rule(expect![[r#"
        with start setup
        pay p1 ALFA BRAVO 5.00 CNY by ALFA                  => refused: NARR arrangement-not-active
        limit ALFA day 5.00 CNY by finance.maker            => refused: NARR arrangement-not-active
        limit ALFA day 5.00 CNY                             => done
        genesis Again                                       => refused: AM05 exists
        activate-version 1                                  => done
        genesis Again by system                             => refused: NARR arrangement-active
        activate-version 1                                  => approved, but refused: FF01 out-of-range (limit 1, value 1)
        activate-version 2                                  => done
        clear                                               => refused: TM01 phase-closed
    "#]]);
}

/// An arrangement needs its first entry, phases and a currency before it is in force.
/// Source: the journal begins with its rules.
#[test]
fn r9_15_nothing_is_in_force_without_its_parts() {
    rule(expect![[r#"
        with start nothing
        activate-version 1                                  => refused: NARR arrangement-not-active
        genesis nameless                                    => refused: FF01 out-of-range (limit 140, value 0)
        genesis Stories                                     => done
        activate-version 1                                  => refused: NARR arrangement-not-active
    "#]]);
}

/// An authority's key is changed by its own four eyes.
/// Source: rules 7, key rotation.
#[test]
fn r9_16_an_authority_changes_its_key_by_four_eyes() {
    rule(expect![[r#"
        rotate-key CN by RU.maker                           => refused: AG01 actor-not-authorised
        rotate-key CN by operator                           => refused: AG01 actor-not-authorised
        rotate-key CN                                       => done
    "#]]);
}

/// A manual run, and touching another's queue, needs the operator and the manager; the node runs what is due.
/// Source: rules 7, manual netting run; operator queue cancel or re-order.
#[test]
fn r9_17_the_operator_runs_the_queue_by_four_eyes_only() {
    rule(expect![[r#"
        pay p1 ALFA BRAVO 5.00 CNY                          => p1 queued: 5.00 short
        pay p2 BRAVO ALFA 5.00 CNY                          => p2 queued: 5.00 short
        clear by operator                                   => refused: AG01 four-eyes
        clear by manager                                    => refused: AG01 actor-not-authorised
        propose x: first p1 by operator                     => waits for approval
        approve x by manager                                => p1 in the queue
        propose y: clear by operator                        => waits for approval
        approve y by manager                                => p1 settled by offset
                                                            => p2 settled by offset
                                                            => 2 of 2 settled
                                                            => CNY waiting 10.00, now 0.00
    "#]]);
}
