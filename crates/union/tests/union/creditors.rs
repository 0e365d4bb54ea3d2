//! Rules for persistent creditors, interest, growth, swap and refinancing, applied by a run.

use comity_union::charge::DayCount;
use comity_union::cycle::Shift;
use comity_union::position::Flow;
use comity_union::preset::{
    Excess, GrowthRule, Key, NAMES, RecyclingRule, Refinancing, Rising, RuleSet, SwapRule, Unable, Use, UseRule, preset,
};
use comity_union::residual::{Kind, Method};
use comity_union::run::{Period, Run};
use comity_union::schedule::RemainderIn;
use comity_union::tranche::Stock;
use comity_union::variant::creditor_rules;
use comity_union::{Rate, Ratio, Refusal, Share, Side};
use proptest::prelude::*;

fn flow(from: u32, to: u32, amount: i64) -> Flow {
    Flow { from, to, amount }
}

/// Three members with quotas of 1000 each.
fn run(rules: &RuleSet) -> Run {
    let mut rules = rules.clone();
    rules.fixed_quotas = ["AAA", "BBB", "CCC"].map(|code| (code.into(), 1000)).into();
    Run::new(&rules, &["AAA", "BBB", "CCC"], None, &[vec![flow(0, 1, 5000), flow(1, 2, 5000), flow(2, 0, 5000)]])
        .expect("well formed")
}

fn rules(change: impl FnOnce(&mut RuleSet)) -> RuleSet {
    let mut rules = preset("framework-2+1").expect("exists");
    rules.compensation = comity_union::preset::Compensation::Union;
    change(&mut rules);
    rules
}

const RECYCLING: RecyclingRule = RecyclingRule {
    above: Share::percent(50),
    share: Share::ONE,
    key: Key::Debt,
    instalments: 4,
    rate: Rate::basis_points(0),
    count: DayCount::Act360,
    remainder: RemainderIn::Last,
    unable: Unable::Asset,
};

#[test]
fn a_claim_becomes_loans_and_they_come_back_through_positions() {
    let mut run = run(&rules(|rules| rules.recycling = Some(RECYCLING)));
    run.close(&[flow(0, 2, 600), flow(1, 2, 200)]).expect("closes");
    assert_eq!(run.books()[0].live.positions, [-600, -200, 800]);
    // 300 above the band, in proportion to debts of 600 and 200.
    run.close(&[]).expect("closes");
    let live = &run.books()[0].live;
    assert_eq!(live.positions, [-375, -125, 500]);
    assert_eq!(live.loans.iter().map(|loan| (loan.debtor, loan.principal)).collect::<Vec<_>>(), [(0, 225), (1, 75)]);
    assert_eq!((live.lent(0), live.lent(2)), ((225, 0), (0, 300)));
    // An instalment of 56 and one of 18; the last ones pay what does not divide.
    run.close(&[]).expect("closes");
    assert_eq!(run.books()[0].live.positions, [-431, -143, 574]);
    for _ in 0..30 {
        run.close(&[]).expect("closes");
    }
    let live = &run.books()[0].live;
    let loaned: i128 = live.loans.iter().map(comity_union::persist::Loan::outstanding).sum();
    // What is owed is the same, in one form or the other.
    assert_eq!(i128::from(live.positions[2]) + loaned, 800);
    assert!(run.total().parts.holds());
}

#[test]
fn equal_parts_are_cut_at_what_is_owed() {
    let mut run = run(&rules(|rules| rules.recycling = Some(RecyclingRule { key: Key::Even, ..RECYCLING })));
    run.close(&[flow(0, 2, 850), flow(1, 2, 50)]).expect("closes");
    run.close(&[]).expect("closes");
    let live = &run.books()[0].live;
    assert_eq!(live.loans.iter().map(|loan| (loan.debtor, loan.principal)).collect::<Vec<_>>(), [(0, 350), (1, 50)]);
}

#[test]
fn an_instalment_beyond_the_quota_follows_the_rule() {
    let after = |unable| {
        let rule = RecyclingRule { unable, rate: Rate::basis_points(1200), ..RECYCLING };
        let mut run = run(&rules(|rules| rules.recycling = Some(rule)));
        run.close(&[flow(0, 2, 900)]).expect("closes");
        run.close(&[]).expect("closes");
        // Member 0 has borrowed 400 and stands at -500; 500 more take it to its quota.
        run.close(&[flow(0, 1, 500)]).expect("closes");
        let live = &run.books()[0].live;
        let loan = live.loans.first().map(|loan| (loan.schedule.len(), loan.outstanding(), loan.put_off));
        (live.positions[0], loan, live.accounts[0].served_in_asset, live.accounts[0].put_off)
    };
    // 400 at 12 % for 30 days of 360: 4.
    assert_eq!(after(Unable::Asset), (-1000, Some((3, 300, 0)), -104, 0));
    assert_eq!(after(Unable::Prolong), (-1000, Some((4, 400, 1)), 0, 1));
    assert_eq!(after(Unable::Restore), (-1400, None, 0, 1));
}

#[test]
fn a_rising_share_pays_out_what_stays() {
    let rising = Rising {
        side: Some(Side::Creditor),
        above: Share::percent(25),
        after: 2,
        step: Share::percent(10),
        most: Share::percent(30),
    };
    let mut run = run(&rules(|rules| rules.rising = Some(rising)));
    let mut asset = Vec::new();
    run.close(&[flow(0, 2, 500)]).expect("closes");
    for _ in 0..6 {
        run.close(&[]).expect("closes");
        asset.push(run.books()[0].live.stocks[2].asset);
    }
    // In a row beyond the band at the beginning of each: 1, 2, 3, ...
    assert_eq!(asset, [0, 0, 50, 100, 150, 150]);
    assert_eq!(run.books()[0].live.stocks[0], Stock { credit: -500, ..Stock::default() });
    let end = run.total().outstanding();
    assert!(end.holds());
    assert_eq!((end.asset, end.credit, run.total().converted), (150, 850, (150, 0)));
    // 90 of it come back with the part that unwinds, and the other 60 when the position has been below the band for a cycle.
    run.close(&[flow(2, 0, 300)]).expect("closes");
    run.close(&[]).expect("closes");
    assert_eq!((run.books()[0].live.stocks[2].asset, run.total().converted.0), (0, 150 - 60));
    assert!(run.total().outstanding().holds());
}

#[test]
fn a_shift_keeps_the_total() {
    let stock = Stock { asset: -10, credit: -90, special_asset: -5, special_credit: -5 };
    let shift = Shift { extra: Share::percent(50), cap: Some(40) };
    assert_eq!(shift.apply(stock), Stock { asset: -60, credit: -40, special_asset: -10, special_credit: 0 });
}

#[test]
fn growth_is_reported_paid_or_refused() {
    let after = |excess| {
        let rule = GrowthRule { share: Share::percent(25), excess };
        let mut run = run(&rules(|rules| rules.growth = Some(rule)));
        run.close(&[flow(0, 2, 300)]).map(|_| {
            let live = &run.books()[0].live;
            (live.stocks[0].credit, live.stocks[0].asset, live.accounts[0].grew)
        })
    };
    assert_eq!(after(Excess::Report), Ok((-300, 0, 1)));
    assert_eq!(after(Excess::Asset), Ok((-250, -50, 1)));
    assert_eq!(after(Excess::Refuse), Err(Refusal::GrowthOf { member: 0, grown: 300, limit: 250 }));
    // Within a year after the first 250 nothing more, and again 250 after it.
    let rule = GrowthRule { share: Share::percent(25), excess: Excess::Asset };
    let mut run = run(&rules(|rules| rules.growth = Some(rule)));
    let mut credit = Vec::new();
    for _ in 0..14 {
        run.close(&[flow(0, 2, 70)]).expect("closes");
        credit.push(run.books()[0].live.stocks[0].credit);
    }
    // Twelve cycles later the limit counts from the credit of the first cycle, then of the second.
    assert_eq!(credit[2..], [-210, -250, -250, -250, -250, -250, -250, -250, -250, -250, -320, -390]);
}

#[test]
fn uses_are_tagged_limited_and_come_back() {
    let rule = UseRule {
        kind: Use::TradeAdvance,
        above: Share::percent(20),
        share: Share::percent(50),
        limit: Some(Share::percent(15)),
        returns_after: 3,
    };
    let mut run = run(&rules(|rules| rules.uses = [rule].into()));
    run.close(&[flow(0, 2, 400)]).expect("closes");
    let mut positions = Vec::new();
    for _ in 0..5 {
        run.close(&[]).expect("closes");
        positions.push(run.books()[0].live.positions[2]);
    }
    // Half of 200 above the band, then half of 100; that is the limit of the year. Both come back three cycles later.
    assert_eq!(positions, [300, 250, 250, 350, 400]);
    assert_eq!(run.books()[0].live.accounts[2].used, [0, 150, 0, 0]);
    assert_eq!(run.books()[0].live.accounts[0].used_on, 150);
}

#[test]
fn a_claim_on_one_pays_another_where_pairs_settle() {
    let rule = UseRule { kind: Use::ThirdMember, above: Share::ZERO, share: Share::ONE, limit: None, returns_after: 0 };
    let mut rules = preset("framework-2+1").expect("exists");
    rules.uses = [rule].into();
    let mut run = run(&rules);
    // CCC has a claim of 300 on AAA and owes BBB 200.
    run.close(&[flow(0, 2, 300), flow(2, 1, 200)]).expect("closes");
    let before: Vec<i64> = run.books().iter().map(|book| book.live.positions[0]).collect();
    assert_eq!(before, [0, -300, 200]);
    let report = run.close(&[]).expect("closes");
    // AAA now owes BBB 200 and CCC 100; CCC owes nobody.
    let after: Vec<i64> = run.books().iter().map(|book| book.live.positions[0]).collect();
    assert_eq!(after, [-200, -100, 0]);
    assert_eq!((report.moves.iter().flatten().count(), report.parts.through_time), (3, 800));
    assert!(report.parts.holds());
}

#[test]
fn interest_by_age_from_the_rules_and_from_outside() {
    let mut run = run(&preset("epu-1950").expect("exists"));
    let month = Period { days: 30, debtor: None, creditor: None };
    // 200 of 1000 are all credit. Half a month's interest, then whole months: 200 x 2 % x 30 / 360 = 1/3.
    run.close_in(&[flow(0, 2, 200)], &month).expect("closes");
    assert_eq!(run.books()[0].live.accounts[0].interest, Ratio::new(-1, 6).expect("a number"));
    for _ in 0..11 {
        run.close_in(&[], &month).expect("closes");
    }
    let sum = |cycles: i128| Ratio::new(cycles, 6).expect("a number");
    assert_eq!(run.books()[0].live.accounts[0].interest, sum(-23));
    assert_eq!(run.books()[0].live.accounts[2].interest, sum(23));
    // From the thirteenth month on the debtor pays 2.25 %: 3/8 a month, the creditor still receives 2 %.
    run.close_in(&[], &month).expect("closes");
    let debtor = sum(-23).minus(Ratio::new(3, 8).expect("a number"));
    assert_eq!(Some(run.books()[0].live.accounts[0].interest), debtor);
    assert_eq!(run.books()[0].live.accounts[2].interest, sum(25));
    // A rate from outside stands before that of the rules.
    let four = Some(Rate::basis_points(400));
    run.close_in(&[], &Period { days: 30, debtor: four, creditor: four }).expect("closes");
    assert_eq!(run.books()[0].live.accounts[2].interest, sum(29));
}

#[test]
fn without_a_rate_no_interest_is_made_up() {
    let mut run = run(&preset("acu").expect("exists"));
    run.close(&[flow(0, 2, 600)]).expect("closes");
    let account = &run.books()[0].live.accounts[0];
    assert_eq!((account.interest, account.interest_missing), (Ratio::ZERO, 1));
    let rate = Some(Rate::basis_points(600));
    run.close_in(&[flow(0, 2, 600)], &Period { days: 60, debtor: rate, creditor: rate }).expect("closes");
    // On average half of the net was outstanding: 300 x 6 % x 60 / 360. The drawing costs the same for the whole of its 600.
    let account = &run.books()[0].live.accounts[0];
    assert_eq!((account.interest, account.funding_interest), (Ratio::whole(-3), Ratio::whole(6)));
}

#[test]
fn a_swap_is_drawn_when_a_debtor_must_pay_and_paid_back() {
    let mut rules = preset("acu").expect("exists");
    rules.swap = Some(SwapRule { share: Share::percent(20), cycles: 2 });
    let mut run = run(&rules);
    // 20 % of payments of 5000.
    assert_eq!(run.books()[0].swap_limits, [1000, 1000, 1000]);
    let mut told = Vec::new();
    for flows in [vec![flow(0, 2, 700)], vec![flow(0, 2, 700)], vec![], vec![flow(2, 0, 100)], vec![]] {
        run.close(&flows).expect("closes");
        let account = &run.books()[0].live.accounts[0];
        told.push((account.swap, account.drawn, account.paid, account.received));
    }
    // 700 drawn; 300 more, 400 paid; 700 due back and paid; 100 received pay back 100 of the 300 due then too.
    assert_eq!(
        told,
        [(700, 700, 0, 0), (1000, 1000, 400, 0), (300, 1000, 1100, 0), (0, 1000, 1400, 100), (0, 1000, 1400, 100)]
    );
    assert_eq!(run.books()[0].live.accounts[0].swap_most, 1000);
}

#[test]
fn a_settlement_is_paid_in_instalments() {
    let mut rules = preset("aladi").expect("exists");
    rules.refinancing = Some(Refinancing { instalments: 4, share: Share::percent(50) });
    let mut run = run(&rules);
    run.close(&[flow(0, 2, 800)]).expect("closes");
    let live = &run.books()[0].live;
    let left: Vec<i64> = live.refinanced[0].iter().map(|row| row.principal).collect();
    assert_eq!((left, live.accounts[0].paid, live.accounts[0].refinanced), (vec![100; 4], 400, 400));
    // Four months later all instalments were due.
    run.close(&[]).expect("closes");
    assert_eq!((run.books()[0].live.accounts[0].paid, run.books()[0].live.refinanced[0].len()), (800, 0));
}

#[test]
fn bilateral_positions_are_shown_beside_cumulative_ones() {
    for name in ["epu-1950", "bilateral-1+1"] {
        let mut run = run(&preset(name).expect("exists"));
        run.close(&[flow(0, 1, 50), flow(1, 2, 70)]).expect("closes");
        run.close(&[flow(2, 0, 20)]).expect("closes");
        let told: Vec<(u32, u32, i64)> = run.pairs().iter().map(|pair| (pair.low, pair.high, pair.claim)).collect();
        assert_eq!(told, [(0, 1, -50), (0, 2, 20), (1, 2, -70)], "{name}");
    }
}

#[test]
fn rules_that_cannot_be_applied_are_refused() {
    let refused = |change: fn(&mut RuleSet)| {
        let rules = rules(change);
        Run::new(&rules, &["AAA", "BBB"], None, &[vec![flow(0, 1, 5000)]]).expect_err("refused").to_string()
    };
    assert_eq!(refused(|r| r.swap = Some(SwapRule { share: Share::ONE, cycles: 0 })), "swap.cycles 0 is not above 0");
    assert_eq!(refused(|r| r.quota.share = Share::ZERO), "quota.share 0 is not above 0");
    assert_eq!(refused(|r| r.fixed_quotas = [("AAA".into(), 0)].into()), "quota 0 is not above 0");
    assert_eq!(
        refused(|r| r.basket = [("CNY".into(), Share::percent(99))].into()),
        "basket: weights sum to 99 % instead of 100 %"
    );
    assert_eq!(
        refused(|r| r.recycling = Some(RecyclingRule { instalments: 0, ..RECYCLING })),
        "recycling.instalments 0 is not above 0"
    );
}

/// Any rule set: a preset or a variant of one, with every rule of time, use and residual at random.
fn any_rules() -> impl Strategy<Value = RuleSet> {
    let names: Vec<&str> = NAMES.iter().copied().filter(|name| !["icu-1943", "union-1+5"].contains(name)).collect();
    let share = || (0i64..=100).prop_map(|percent| Share::new("share", percent * 10_000).expect("a share"));
    let side = || prop_oneof![Just(None), Just(Some(Side::Debtor)), Just(Some(Side::Creditor))];
    let rising = (side(), share(), 0u16..3, share(), share()).prop_map(|(side, above, after, step, most)| Rising {
        side,
        above,
        after,
        step,
        most,
    });
    let recycling =
        (share(), share(), prop::bool::ANY, 1u16..6, 0usize..3).prop_map(|(above, share, even, count, unable)| {
            let key = if even { Key::Even } else { Key::Debt };
            RecyclingRule {
                above,
                share,
                key,
                instalments: count,
                rate: Rate::basis_points(500),
                unable: Unable::ALL[unable],
                ..RECYCLING
            }
        });
    let a_use = (0usize..4, share(), share(), prop::option::of(share()), 0u16..4).prop_map(
        |(kind, above, share, limit, returns_after)| UseRule {
            kind: Use::ALL[kind],
            above,
            share,
            limit,
            returns_after,
        },
    );
    let method = (0usize..5, share(), prop::option::of(share())).prop_map(|(kind, share, limit)| Method {
        kind: Kind::ALL[kind],
        share,
        limit,
    });
    (
        prop::sample::select(names),
        prop::option::of(rising),
        prop::option::of(recycling),
        prop::collection::vec(a_use, 0..3),
        prop::collection::vec(method, 0..4),
        prop::option::of(share()),
        prop::bool::ANY,
    )
        .prop_map(|(name, rising, recycling, uses, residual, growth, refinance)| {
            let mut rules = preset(name).expect("exists");
            (rules.rising, rules.recycling, rules.uses, rules.residual) = (rising, recycling, uses, residual);
            rules.growth = growth.map(|share| GrowthRule { share, excess: Excess::Asset });
            rules.refinancing = refinance.then_some(Refinancing { instalments: 3, share: Share::percent(40) });
            rules
        })
}

proptest! {
    /// Whatever the rules: parts sum to the gross amount each cycle and over all, positions to zero, stocks to positions, pairs to
    /// positions, residuals to what was settled, and nothing is owed twice or lost on the way into loans.
    #[test]
    fn everything_adds_up_under_any_rules(
        rules in any_rules(),
        cycles in prop::collection::vec(prop::collection::vec((0u32..3, 1u32..3, 1i64..400), 0..5), 1..15),
    ) {
        let mut run = run(&rules);
        for trade in cycles {
            let trade: Vec<Flow> = trade.into_iter().map(|(from, step, amount)| flow(from, (from + step) % 3, amount)).collect();
            let report = run.close(&trade).expect("no rule refuses");
            prop_assert!(report.parts.holds());
            for closed in &report.closed {
                for line in &closed.lines {
                    prop_assert!(line.parts.holds());
                    prop_assert_eq!(line.change.total(), i128::from(line.net));
                    let p = line.parts;
                    prop_assert!([p.multilateral, p.through_time, p.asset, p.credit, p.special].into_iter().min() >= Some(0));
                }
            }
        }
        let total = run.total();
        let end = total.outstanding();
        prop_assert!(total.parts.holds() && end.holds());
        let mut by_member = vec![0i128; 3];
        let (mut asset, mut credit, mut special, mut paid) = (0i128, 0i128, 0i128, 0i128);
        for book in run.books() {
            let live = &book.live;
            prop_assert_eq!(live.positions.iter().map(|p| i128::from(*p)).sum::<i128>(), 0);
            for (place, member) in book.members.iter().enumerate() {
                let (stock, account) = (&live.stocks[place], &live.accounts[place]);
                let net: i128 = book.nets[place].iter().map(|net| i128::from(*net)).sum();
                by_member[usize::try_from(*member).expect("few")] += net;
                prop_assert_eq!(account.residual.iter().sum::<i128>() - account.residual[5] + i128::from(account.open),
                    if book.carries { stock.paid() } else { net });
                prop_assert!(account.swap >= 0 && account.swap <= book.swap_limits[place]);
                if book.carries {
                    prop_assert_eq!(stock.total(), i128::from(live.positions[place]));
                    prop_assert_eq!(net, i128::from(live.positions[place]));
                    asset += i128::from(stock.asset).abs();
                    credit += i128::from(stock.credit).abs();
                    special += stock.special().abs();
                    paid += stock.paid();
                } else {
                    asset += book.nets[place].iter().map(|net| i128::from(*net).abs()).sum::<i128>();
                    paid += net;
                }
            }
        }
        prop_assert_eq!((end.asset, end.credit, end.special), (asset, credit, special));
        prop_assert_eq!(total.union_asset, -paid);
        let mut by_pair = vec![0i128; 3];
        for pair in run.pairs() {
            by_pair[usize::try_from(pair.low).expect("few")] += i128::from(pair.claim);
            by_pair[usize::try_from(pair.high).expect("few")] -= i128::from(pair.claim);
        }
        prop_assert_eq!(by_pair, by_member);
    }
}

#[test]
fn variants_differ_in_one_rule_and_run() {
    let base = preset("epu-1950").expect("exists");
    let variants = creditor_rules(&base).expect("can be applied");
    let mut claims = Vec::new();
    for variant in &variants {
        let mut run = run(&variant.rules);
        for _ in 0..variant.rules.cycle.a_year().min(24) {
            run.close(&[flow(0, 2, 90), flow(2, 1, 30)]).expect("closes");
        }
        let book = run.books().last().expect("a book");
        claims.push((variant.name, book.live.stocks[book.live.stocks.len() - 1].credit));
    }
    let names: Vec<&str> = claims.iter().map(|(name, _)| *name).collect();
    let expected =
        ["as it is", "rising share", "charges", "recycling", "permitted use", "pairs alone", "third members"];
    assert_eq!(names, expected);
    assert_eq!(claims[0].1, claims[2].1, "charges change no position");
    assert!(claims[1].1 < claims[0].1 && claims[3].1 < claims[0].1 && claims[4].1 < claims[0].1, "{claims:?}");
}
