//! Properties over random ladders, quotas and flows, and a second implementation of the tranches.

use comity_union::cycle::{Carry, Decomposition, Terms, Unwound, close, close_nets};
use comity_union::position::{Flow, Positions, balances, conserved, nets};
use comity_union::preset::{NAMES, Settlement, preset};
use comity_union::tally::Tally;
use comity_union::tranche::{Beyond, Ladder, Rounding, Schedule, Stock, Tranche};
use comity_union::{Ratio, Refusal, Share, Side};
use proptest::prelude::*;

use crate::quota;

/// A ladder of a few tranches in whole thousandths of quota.
fn ladder(side: Side) -> impl Strategy<Value = Ladder> {
    let steps = prop::collection::vec((1u32..1000, 0u32..=1000), 1..6);
    let beyond = prop_oneof![
        Just(Beyond::Asset),
        Just(Beyond::Credit),
        (0i64..=1_000_000).prop_map(|asset| Beyond::Special { asset: Share::new("asset", asset).expect("a share") }),
    ];
    (steps, beyond).prop_map(move |(mut steps, beyond)| {
        steps.sort_unstable_by_key(|step| step.0);
        steps.dedup_by_key(|step| step.0);
        let thousandths = |value: u32| Share::new("share", i64::from(value) * 1000).expect("a share");
        let mut from = Share::ZERO;
        let mut tranches: Vec<Tranche> = Vec::new();
        for (to, asset) in steps.into_iter().chain([(1000, 500)]) {
            let to = thousandths(to);
            tranches.push(Tranche { from, to, asset: thousandths(asset) });
            from = to;
        }
        Ladder::new(side, &tranches, beyond).expect("well formed")
    })
}

fn schedules() -> impl Strategy<Value = Schedule> {
    let rounding = prop_oneof![Just(Rounding::CreditCarries), Just(Rounding::AssetCarries)];
    let own = (ladder(Side::Debtor), ladder(Side::Creditor), rounding).prop_map(|(d, c, r)| Schedule::new(d, c, r));
    let known: Vec<Schedule> = NAMES
        .iter()
        .filter(|name| **name != "icu-1943")
        .filter_map(|name| match preset(name).expect("exists").settlement {
            Settlement::Tranches(schedule) => Some(schedule),
            Settlement::Paid => None,
        })
        .collect();
    prop_oneof![own, prop::sample::select(known)]
}

/// `asset(p)` as a sum over every single minor unit: each lies in the tranche where its middle is.
fn asset_unit_by_unit(ladder: &Ladder, quota: i64, size: i64) -> Ratio {
    // Every tranche ends at a whole thousandth, so a thousandth of a minor unit of a quota of whole units lies in one tranche.
    let share_at = |thousandth: i128| {
        let inside = |t: &&Tranche| {
            let at = (2 * thousandth + 1) * 500;
            let bound = |share: Share| share.millionths() * i128::from(quota);
            bound(t.from) < at && at < bound(t.to)
        };
        ladder.tranches().iter().find(inside).map_or_else(
            || match ladder.beyond() {
                Beyond::Asset => Share::ONE,
                Beyond::Credit | Beyond::Refuse => Share::ZERO,
                Beyond::Special { asset } => asset,
            },
            |tranche| tranche.asset,
        )
    };
    let millionths: i128 = (0..i128::from(size) * 1000).map(|at| share_at(at).millionths()).sum();
    Ratio::new(millionths, 1_000_000_000).expect("small")
}

fn flows(members: u32) -> impl Strategy<Value = Vec<Flow>> {
    let flow = (0..members, 1..members, 1i64..5_000);
    let flow = flow.prop_map(move |(from, step, amount)| Flow { from, to: (from + step) % members, amount });
    prop::collection::vec(flow, 0..20)
}

proptest! {
    /// What has been settled depends on where a member stands, not on how it got there.
    #[test]
    fn settlement_is_independent_of_the_path(
        schedule in schedules(),
        size in 1i64..100_000,
        path in prop::collection::vec(-60_000i64..60_000, 1..30),
    ) {
        let quota = quota(size);
        let mut settled = Stock::default();
        let mut position = 0;
        for flow in path {
            let change = schedule.settle(quota, position, position + flow).expect("no refusal");
            prop_assert_eq!(change.total(), i128::from(flow));
            position += flow;
            settled.asset += change.asset;
            settled.credit += change.credit;
            settled.special_asset += change.special_asset;
            settled.special_credit += change.special_credit;
        }
        prop_assert_eq!(settled, schedule.settle(quota, 0, position).expect("no refusal"));
        prop_assert_eq!(settled.total(), i128::from(position));
    }

    /// The rounded stock is less than one minor unit a part from the exact one, and its parts have the sign of the position.
    #[test]
    fn rounding_never_strays(schedule in schedules(), size in 1i64..100_000, position in -200_000i64..200_000) {
        let quota = quota(size);
        let stock = schedule.stock(quota, position).expect("no refusal");
        let exact = schedule.asset_exact(quota, position).expect("no refusal");
        let off = exact.minus(Ratio::whole(stock.paid())).expect("small");
        prop_assert!(off > Ratio::whole(-2) && off < Ratio::whole(2));
        for part in [stock.asset, stock.credit, stock.special_asset, stock.special_credit] {
            prop_assert!(part == 0 || part.signum() == position.signum());
        }
    }

    /// The formula agrees with counting.
    #[test]
    fn the_second_implementation_agrees(schedule in schedules(), size in 1i64..12, position in -20i64..20) {
        let side = Side::of(position).unwrap_or(Side::Debtor);
        let expected = asset_unit_by_unit(schedule.ladder(side), size, position.abs());
        let expected = expected.times(Ratio::whole(position.signum().into())).expect("small");
        prop_assert_eq!(schedule.asset_exact(quota(size), position), Ok(expected));
    }

    /// Cycle by cycle, and over all of them: the parts sum to the gross amount, positions to zero, and stocks are what was settled.
    #[test]
    fn cycles_decompose_and_conserve(
        schedules in prop::collection::vec((schedules(), 1i64..20_000), 5),
        cycles in prop::collection::vec(flows(5), 1..12),
    ) {
        let terms: Vec<Terms<'_>> =
            schedules.iter().map(|(schedule, size)| Terms { quota: quota(*size), schedule }).collect();
        let mut positions = Positions::none(5);
        let mut carried = vec![0; 5];
        let (mut parts, mut unwound, mut union_asset) = (Decomposition::default(), Unwound::default(), 0i128);
        for flows in &cycles {
            let pairs = balances(5, flows).expect("well formed");
            let closed = close(Carry::Positions(&terms), &carried, &pairs).expect("no refusal");
            prop_assert!(closed.parts.holds());
            for line in &closed.lines {
                prop_assert!(line.parts.holds());
                prop_assert_eq!(line.change.total(), i128::from(line.net));
                let p = line.parts;
                let least = [p.multilateral, p.through_time, p.asset, p.credit, p.special].into_iter().min();
                prop_assert!(least >= Some(0));
                let unwound = line.unwound;
                prop_assert_eq!(unwound.asset + unwound.credit + unwound.special, p.through_time);
            }
            parts.add(&closed.parts);
            unwound.add(&closed.unwound);
            union_asset += closed.union_asset;
            positions = positions.after(&pairs).expect("small");
            carried = closed.carried;
            prop_assert_eq!(positions.union(), &carried[..]);
            prop_assert!(conserved(&carried).is_ok());
        }
        let end = parts.outstanding(&unwound);
        prop_assert!(parts.holds() && end.holds());
        let stocks: Vec<Stock> = carried
            .iter()
            .zip(&terms)
            .map(|(position, terms)| terms.schedule.stock(terms.quota, *position).expect("no refusal"))
            .collect();
        let sum = |part: fn(&Stock) -> i128| stocks.iter().map(|stock| part(stock).abs()).sum::<i128>();
        prop_assert_eq!(end.asset, sum(|stock| stock.asset.into()));
        prop_assert_eq!(end.credit, sum(|stock| stock.credit.into()));
        prop_assert_eq!(end.special, sum(Stock::special));
        prop_assert_eq!(union_asset, -stocks.iter().map(Stock::paid).sum::<i128>());
        // Bilateral positions are the same positions, seen pair by pair.
        let mut by_pair = vec![0i64; 5];
        for pair in positions.pairs() {
            by_pair[usize::try_from(pair.low).expect("few")] += pair.claim;
            by_pair[usize::try_from(pair.high).expect("few")] -= pair.claim;
        }
        prop_assert_eq!(by_pair, carried);
    }

    /// A symmetric charge is symmetric, and never falls as the balance grows.
    #[test]
    fn charges_are_symmetric(size in 1i64..100_000, balance in 0i64..1_000_000, more in 0i64..1000) {
        let charge = preset("icu-1943").expect("exists").charge.expect("has a charge");
        let yearly = |balance| charge.yearly(quota(size), balance).expect("small");
        prop_assert_eq!(yearly(balance), yearly(-balance));
        prop_assert!(yearly(balance + more) >= yearly(balance));
    }

    /// Exact numbers are ordered as their difference says.
    #[test]
    fn order_is_that_of_the_difference(a in -1000i128..1000, b in 1i128..1000, c in -1000i128..1000, d in 1i128..1000) {
        let (x, y) = (Ratio::new(a, b).expect("a number"), Ratio::new(c, d).expect("a number"));
        prop_assert_eq!(x.cmp(&y), x.minus(y).expect("small").num().cmp(&0));
        prop_assert_eq!(x.plus(y).and_then(|sum| sum.minus(y)), Some(x));
    }

    /// Tallied in buckets or sorted into balances: the same nets, gross amounts and sums.
    #[test]
    fn a_tally_agrees_with_balances(members in 2u32..700, seeds in prop::collection::vec((0u32..700, 0u32..700, 1i64..5_000), 0..60)) {
        let flows: Vec<Flow> = seeds
            .into_iter()
            .map(|(from, to, amount)| Flow { from: from % members, to: to % members, amount })
            .filter(|flow| flow.from != flow.to)
            .collect();
        let mut tally = Tally::new(members, flows.len()).expect("few");
        for flow in &flows {
            tally.add(*flow).expect("well formed");
        }
        let tallied = tally.finish().expect("small");
        let pairs = balances(members, &flows).expect("well formed");
        prop_assert_eq!(&tallied.nets, &nets(members, &pairs).expect("small"));
        prop_assert_eq!(tallied.bilateral, pairs.iter().map(|pair| i128::from(pair.claim).abs()).sum::<i128>());
        prop_assert_eq!((tallied.count, tallied.pairs), (flows.len(), u64::try_from(pairs.len()).expect("few")));
        prop_assert_eq!(tallied.payments, flows.iter().map(|flow| i128::from(flow.amount)).sum::<i128>());
        let zeros = vec![0; tallied.nets.len()];
        let (closed, _) = close_nets(Carry::Paid, &zeros, &tallied.nets, &tallied.gross, &[]).expect("closes");
        prop_assert_eq!(closed, close(Carry::Paid, &zeros, &pairs).expect("closes"));
    }
}

#[test]
fn a_tally_refuses_what_balances_refuse() {
    let mut tally = Tally::new(3, 0).expect("few");
    let refused =
        |tally: &mut Tally, from, to, amount| tally.add(Flow { from, to, amount }).expect_err("refused").to_string();
    assert_eq!(refused(&mut tally, 0, 3, 1), "flow 0 names member 3, there are 3");
    assert_eq!(refused(&mut tally, 1, 1, 1), "flow 0 is owed by member 1 to itself");
    assert_eq!(refused(&mut tally, 0, 1, 0), "flow 0: amount 0 is not above 0");
    assert_eq!(
        Tally::new(1 << 19, 0).expect_err("refused").to_string(),
        "members of a tally 524288 exceeds the limit of 262144"
    );
    assert_eq!(close_nets(Carry::Paid, &[0, 0], &[1, 0], &[1, 0], &[]).err(), Some(Refusal::Conservation { sum: 1 }));
}
