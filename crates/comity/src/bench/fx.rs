//! Exchange: a call auction of a million orders with its check, routes among thirty currencies, in/out swaps.

use std::hint::black_box;

use comity_market::auction::{self, Margin, Order, Outcome, Rules, Side};
use comity_market::dealer::{Basis, Terms, Tier};
use comity_market::offer::{Kind, Offer, Price};
use comity_market::rate::{Fixed, Rate};
use comity_market::route::{Market, Reference, Wish, route};
use comity_market::swap::{self, Currency, Goal, Problem};

use super::{CpuClock, Figure};

pub(crate) fn run(quick: bool) -> Vec<Figure> {
    let orders = if quick { 100_000 } else { 1_000_000 };
    let mut figures = held(orders, if quick { 3 } else { 7 });
    figures.extend(routed(30));
    figures.push(swapped(if quick { 30 } else { 60 }, 18));
    figures
}

/// Chance with a seed, so that every machine has the same orders.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn amount(&mut self, end: u64) -> i64 {
        i64::try_from(1 + self.below(end)).expect("in range")
    }
}

/// An auction: price and fills, and the check of a stranger.
fn held(count: u32, runs: usize) -> Vec<Figure> {
    let mut dice = Dice(1);
    let mut one = || {
        let side = if dice.below(2) == 0 { Side::Buy } else { Side::Sell };
        // Within half a percent of 11.42 on either side; one in twenty takes any price.
        let limit = (dice.below(20) > 0).then(|| Rate { mantissa: 1_136_290 + dice.below(11_420), scale: 5 });
        Order { side, limit, amount: dice.amount(1_000_000_000) }
    };
    let orders: Vec<Order> = (0..count).map(|_| one()).collect();
    let reference = Rate { mantissa: 1_142_000, scale: 5 };
    let rules =
        Rules { scale: 5, reference: Some(reference), margin: Margin::ProRata, base_exponent: 2, quote_exponent: 2 };
    let (mut running, mut checking) = (Vec::new(), Vec::new());
    let mut fills = 0;
    for _ in 0..runs {
        let started = CpuClock::start();
        let outcome = auction::run(black_box(&orders), &rules).expect("valid orders");
        running.push(started.seconds());
        let Outcome::Cleared(cleared) = outcome else { panic!("half of the limits cross") };
        let started = CpuClock::start();
        auction::check(black_box(&orders), &rules, &cleared).expect("sound");
        checking.push(started.seconds());
        fills = cleared.fills.len();
    }
    let orders = crate::output::count(u64::from(count));
    let fills = crate::output::count(u64::try_from(fills).unwrap_or(u64::MAX));
    vec![
        Figure::of(
            &format!("fx: auction of {orders} orders"),
            "s",
            running,
            format!("price and {fills} fills, goal < 1 s"),
        ),
        Figure::of(
            &format!("fx: auction of {orders}, check"),
            "s",
            checking,
            "price, turns, amounts anew from the orders",
        ),
    ]
}

/// Every pair of a market where all currencies are offered against each other officially and by a dealer.
fn routed(count: u32) -> Vec<Figure> {
    let mut dice = Dice(2);
    let worth: Vec<u64> = (0..count).map(|_| 100 + dice.below(100_000)).collect();
    let (mut offers, mut references) = (Vec::new(), Vec::new());
    for base in 0..count {
        for quote in base + 1..count {
            let at = |currency: u32| worth[usize::try_from(currency).expect("few")];
            let middle = at(base) * 100_000_000 / at(quote);
            // Within a tenth of a percent of the cross: nearly every route is nearly as good as every other.
            let rate = Rate { mantissa: middle - middle / 2_000 + dice.below(middle / 1_000 + 1), scale: 8 };
            offers.push(Offer::new(base, quote, Kind::Official, Price::One(rate)));
            let spread = u32::try_from(5 + dice.below(40)).expect("small");
            let terms = Terms { basis: Basis::Spread(spread), tiers: vec![Tier { from: 1_000_000, bps: 4 }] };
            let mut dealer =
                Offer::new(base, quote, Kind::Dealer, Price::Terms { terms, official: Some(rate), client: 0 });
            dealer.funds_quote = Some(dice.amount(1_000_000_000));
            offers.push(dealer);
            offers.last_mut().expect("pushed").allowed = dice.below(10) > 0;
            references.push(Reference { base, quote, rate });
            // On two of three pairs the official rate is not approved today.
            let official = offers.len() - 2;
            offers[official].allowed = dice.below(3) == 0;
        }
    }
    let exponents = vec![2_u8; usize::try_from(count).expect("few")];
    let market = Market { exponents: &exponents, offers: &offers, references: &references, off: &[] };
    let (mut times, mut steps, mut routes) = (Vec::new(), 0_u64, 0_u64);
    for from in 0..count {
        for to in (0..count).filter(|&to| to != from) {
            let fixed = if (from + to) % 2 == 0 { Fixed::Source } else { Fixed::Target };
            let wish = Wish { from, to, fixed, amount: dice.amount(100_000_000), hops: 3 };
            let started = CpuClock::start();
            let found = route(black_box(&market), black_box(&wish));
            times.push(started.seconds() * 1e3);
            if let Ok(found) = found {
                assert!(found.exact, "the search was completed");
                steps += u64::from(found.steps);
                routes += 1;
            }
        }
    }
    let note = format!(
        "{routes} routes of up to 3 deals over {} offers, {} deals tried each, goal < 1 ms",
        crate::output::count(u64::try_from(offers.len()).unwrap_or(u64::MAX)),
        steps / routes.max(1)
    );
    vec![Figure::of(&format!("fx: best route among {count} currencies"), "ms", times, note)]
}

/// In/out swaps after netting of trades at fair prices.
fn swapped(participants: usize, currencies: usize) -> Figure {
    let mut dice = Dice(3);
    let rates: Vec<u64> = (0..currencies).map(|_| 1 + dice.below(2_000)).collect();
    let mut positions = vec![0_i64; participants * currencies];
    for _ in 0..participants * 200 {
        let mut below = |end: usize| usize::try_from(dice.below(u64::try_from(end).expect("few"))).expect("few");
        let (one, other, bought, sold) =
            (below(participants), below(participants), below(currencies), below(currencies));
        let value = dice.amount(10_000_000_000);
        for (currency, sign) in [(bought, 1), (sold, -1)] {
            let amount = sign * value / i64::try_from(rates[currency]).expect("small");
            positions[one * currencies + currency] += amount;
            positions[other * currencies + currency] -= amount;
        }
    }
    let worth: Vec<Currency> =
        rates.iter().map(|&rate| Currency { exponent: 2, rate: Rate { mantissa: rate, scale: 2 } }).collect();
    let problem = Problem {
        currencies: &worth,
        positions: &positions,
        minimum: 0,
        limit: None,
        goal: Goal::Total,
        helpers: false,
    };
    let mut times = Vec::new();
    let mut note = String::new();
    for _ in 0..3 {
        let started = CpuClock::start();
        let plan = swap::plan(black_box(&problem)).expect("valid positions");
        times.push(started.seconds());
        swap::verify(&problem, &plan).expect("sound");
        let saved = (plan.before() - plan.after()) as f64 * 100.0 / plan.before() as f64;
        let possible = (plan.before() - plan.bound) as f64 * 100.0 / plan.before() as f64;
        note =
            format!("{} swaps, {saved:.1} % less funding, at most {possible:.1} %; made-up trades", plan.swaps.len());
    }
    Figure::of(&format!("fx: swaps, {participants} banks, {currencies} currencies"), "s", times, note)
}
