//! The search against every simple path tried, and what the answer explains.

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::dealer::{Basis, Terms, Tier, TwoWay};
use crate::offer::{Kind, take};

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a rate")
}

fn one(base: u32, quote: u32, kind: Kind, text: &str) -> Offer {
    Offer::new(base, quote, kind, Price::One(rate(text)))
}

fn two(base: u32, quote: u32, bid: &str, ask: &str) -> Offer {
    Offer::new(base, quote, Kind::Dealer, Price::Two(TwoWay { bid: rate(bid), ask: rate(ask) }))
}

fn wish(from: u32, to: u32, fixed: Fixed, amount: i64) -> Wish {
    Wish { from, to, fixed, amount, hops: 3 }
}

fn market<'a>(exponents: &'a [u8], offers: &'a [Offer]) -> Market<'a> {
    Market { exponents, offers, references: &[], off: &[] }
}

/// A small generator, so that the same markets come on every machine.
struct Dice(u64);

impl Dice {
    fn upto(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn currency(&mut self, count: u32) -> u32 {
        u32::try_from(self.upto(count.into())).expect("few")
    }

    /// A rate near `value` thousandths with up to three decimals more.
    fn rate(&mut self, value: u64) -> Rate {
        Rate { mantissa: value * 980 + self.upto(value * 40), scale: 6 }
    }
}

const WORTH: [u64; 6] = [1_000, 7_130, 90, 2_400, 14_900, 510];

fn random_market(dice: &mut Dice, count: u32) -> Vec<Offer> {
    let mut offers = Vec::new();
    for _ in 0..3 + dice.upto(14) {
        let (base, quote) = (dice.currency(count), dice.currency(count));
        if base == quote {
            continue;
        }
        let worth = |currency: u32| WORTH[usize::try_from(currency).expect("few")];
        let middle = worth(base) * 1_000 / worth(quote);
        let kind =
            [Kind::Official, Kind::Dealer, Kind::Auction, Kind::Fixed][usize::try_from(dice.upto(4)).expect("few")];
        let price = match dice.upto(3) {
            0 => Price::One(dice.rate(middle)),
            1 => {
                let (bid, other) = (dice.rate(middle), dice.rate(middle));
                let ask = if crate::dealer::is_above(bid, other) { bid } else { other };
                Price::Two(TwoWay { bid, ask })
            }
            _ => {
                let tiers = vec![Tier { from: 500, bps: 40 }, Tier { from: 20_000, bps: 90 }];
                let terms = Terms { basis: Basis::Spread(120), tiers };
                Price::Terms { terms, official: Some(dice.rate(middle)), client: 7 }
            }
        };
        let mut offer = Offer::new(base, quote, kind, price);
        let mut limit = |one_in: u64| -> Option<i64> {
            (dice.upto(one_in) == 0).then(|| i64::try_from(1 + dice.upto(60_000)).expect("small"))
        };
        (offer.most, offer.funds_base, offer.funds_quote) = (limit(4), limit(4), limit(4));
        (offer.room_buy, offer.room_sell) = (limit(5), limit(5));
        offer.allowed = dice.upto(8) > 0;
        offers.push(offer);
    }
    offers
}

/// Every simple path from the given end, without any bound: the best key (open side, hops, offers).
fn every_path(market: &Market<'_>, wish: &Wish) -> Option<(i64, usize, Vec<usize>)> {
    fn walk(
        market: &Market<'_>,
        wish: &Wish,
        (here, amount): (u32, i64),
        visited: &mut Vec<u32>,
        path: &mut Vec<usize>,
        best: &mut Option<(i64, usize, Vec<usize>)>,
    ) {
        let goal = if wish.fixed == Fixed::Source { wish.to } else { wish.from };
        if here == goal {
            let mut offers = path.clone();
            if wish.fixed == Fixed::Target {
                offers.reverse();
            }
            let key = (if wish.fixed == Fixed::Source { -amount } else { amount }, path.len(), offers);
            if best.as_ref().is_none_or(|best| key < *best) {
                *best = Some(key);
            }
            return;
        }
        if path.len() == usize::from(wish.hops) {
            return;
        }
        for (at, offer) in market.offers.iter().enumerate() {
            let next = match (offer.base == here, offer.quote == here) {
                (true, false) => offer.quote,
                (false, true) => offer.base,
                _ => continue,
            };
            if visited.contains(&next) || market.off.contains(&next) {
                continue;
            }
            let (from, to) = if wish.fixed == Fixed::Source { (here, next) } else { (next, here) };
            let exponent = |currency: u32| market.exponents[usize::try_from(currency).expect("few")];
            let exponents = (exponent(offer.base), exponent(offer.quote));
            let way = offer.way(from, to).expect("this pair");
            if let Ok((_, converted)) = take(offer, way, wish.fixed, amount, exponents) {
                visited.push(next);
                path.push(at);
                walk(market, wish, (next, open_side(&converted, wish.fixed)), visited, path, best);
                path.pop();
                visited.pop();
            }
        }
    }
    let start = if wish.fixed == Fixed::Source { wish.from } else { wish.to };
    let mut best = None;
    walk(market, wish, (start, wish.amount), &mut vec![start], &mut Vec::new(), &mut best);
    best
}

fn found(market: &Market<'_>, wish: &Wish) -> Option<(i64, usize, Vec<usize>)> {
    match route(market, wish) {
        Ok(route) => {
            assert!(route.exact);
            for pair in route.hops.windows(2) {
                assert_eq!((pair[0].to, pair[0].converted.target), (pair[1].from, pair[1].converted.source));
            }
            let open = if wish.fixed == Fixed::Source { -route.target } else { route.source };
            Some((open, route.hops.len(), route.hops.iter().map(|hop| hop.offer).collect()))
        }
        Err(Refused::Unreached { exact: true, .. }) => None,
        Err(refused) => panic!("{refused}"),
    }
}

#[test]
fn eight_thousand_small_markets_agree_with_every_path_tried() {
    let mut dice = Dice(42);
    let (mut reached, mut long) = (0, 0);
    for _ in 0..8_000 {
        let count = 2 + u32::try_from(dice.upto(5)).expect("few");
        let offers = random_market(&mut dice, count);
        let exponents = [2, 2, 2, 0, 3, 2];
        let off: Vec<u32> = if dice.upto(4) == 0 { vec![dice.currency(count)] } else { Vec::new() };
        let (from, to) = (dice.currency(count), dice.currency(count));
        if from == to || off.contains(&from) || off.contains(&to) {
            continue;
        }
        let fixed = if dice.upto(2) == 0 { Fixed::Source } else { Fixed::Target };
        let amount = i64::try_from(1 + dice.upto(90_000)).expect("small");
        let hops = 1 + u8::try_from(dice.upto(5)).expect("few");
        let market = Market { off: &off, ..market(&exponents[..usize::try_from(count).expect("few")], &offers) };
        let wish = Wish { hops, ..wish(from, to, fixed, amount) };
        let best = found(&market, &wish);
        assert_eq!(best, every_path(&market, &wish), "{market:?} {wish:?}");
        reached += u32::from(best.is_some());
        long += u32::from(best.is_some_and(|best| best.1 > 1));
    }
    assert!(reached > 1_500 && long > 800, "{reached} {long}");
}

#[test]
fn no_currency_is_a_vehicle() {
    // Six currencies, each pair of neighbours in a ring and each pair two apart: without any one of them all others still meet.
    let count = 6_u32;
    let offers: Vec<Offer> = (0..count)
        .flat_map(|at| [(at, (at + 1) % count), (at, (at + 2) % count)])
        .map(|(base, quote)| two(base, quote, "1.01", "1.03"))
        .collect();
    let exponents = [2; 6];
    for gone in 0..count {
        let off = [gone];
        let market = Market { off: &off, ..market(&exponents, &offers) };
        for from in (0..count).filter(|&c| c != gone) {
            for to in (0..count).filter(|&c| c != gone && c != from) {
                for fixed in [Fixed::Source, Fixed::Target] {
                    let route = route(&market, &wish(from, to, fixed, 100_000)).expect("a way round");
                    assert!(route.hops.iter().all(|hop| hop.from != gone && hop.to != gone));
                }
            }
            let refused = route(&market, &wish(from, gone, Fixed::Source, 1)).expect_err("off");
            assert_eq!(refused, Refused::Off { currency: gone });
        }
    }
}

#[test]
fn a_route_over_two_pairs_explains_its_cost() {
    // KZT (0) to BYN (2): the dealer's direct rate is poor; over RUB (1) it is better, and the cross says by how much.
    let offers = [
        two(2, 0, "150.00", "165.00"),
        one(1, 0, Kind::Official, "5.20"),
        two(2, 1, "29.00", "29.30"),
        one(1, 0, Kind::Auction, "5.21"),
    ];
    let references =
        [Reference { base: 1, quote: 0, rate: rate("5.20") }, Reference { base: 2, quote: 1, rate: rate("29.10") }];
    let exponents = [2, 2, 2];
    let market = Market { references: &references, ..market(&exponents, &offers) };
    // 1,000,000.00 KZT / 5.20 = 192,307.69 RUB; / 29.30 = 6,563.40 BYN.
    let route = route(&market, &wish(0, 2, Fixed::Source, 100_000_000)).expect("routed");
    assert_eq!(route.hops.iter().map(|hop| hop.offer).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((route.source, route.hops[0].converted.target, route.target), (100_000_000, 19_230_769, 656_340));
    assert_eq!(route.hops[0].others, [(3, Why::Worse { by: 36_912 })]);
    // 192,307.69 RUB at 5.20 are worth 999,999.98 KZT (rounded down): the rounding costs 0.02.
    let first = route.hops[0].cost.expect("an official rate");
    assert_eq!((first.currency, first.worth, first.amount, first.bps), (0, 99_999_998, 2, 1));
    // 6,563.40 BYN are worth 190,994.94 RUB officially: 1,312.75 RUB, 69 bps, go to the dealer.
    let second = route.hops[1].cost.expect("an official rate");
    assert_eq!((second.currency, second.worth, second.amount, second.bps), (1, 19_099_494, 131_275, 69));
    // Crossed: 1,000,000 / 5.20 / 29.10 = 6,608.51 BYN; 45.11 short of it.
    let all = route.cost.expect("a cross");
    assert_eq!((all.against, all.currency, all.worth, all.amount, all.bps), (Against::Cross, 2, 660_851, 4_511, 69));
}

#[test]
fn the_best_offer_of_a_pair_may_not_be_the_best_way_on() {
    // Offer 0 gives more of currency 1, but more than offer 2 can take.
    let mut narrow = one(1, 2, Kind::Dealer, "1");
    narrow.most = Some(1_005);
    let offers = [one(0, 1, Kind::Auction, "1.01"), one(0, 1, Kind::Official, "1.00"), narrow];
    let exponents = [2, 2, 2];
    let found = route(&market(&exponents, &offers), &wish(0, 2, Fixed::Source, 1_000)).expect("routed");
    assert_eq!((found.target, found.hops[0].offer), (1_000, 1));
    assert_eq!(found.hops[0].others, [(0, Why::NotOnward)]);
}

#[test]
fn each_reason_against_an_offer_is_told() {
    let mut offers = vec![one(0, 1, Kind::Official, "7.05"); 6];
    offers[1].allowed = false;
    offers[2].most = Some(99_999);
    offers[3].funds_quote = Some(704_999);
    offers[4].room_buy = Some(1);
    offers[5].price = Price::One(rate("7.04"));
    let exponents = [2, 2];
    let best = best(&offers, &exponents, 0, 1, Fixed::Source, 100_000);
    assert_eq!(best.chosen.map(|taken| (taken.offer, taken.converted.target)), Some((0, 705_000)));
    let told = [
        (1, Why::NotAllowed),
        (2, Why::Over { base: 100_000, most: 99_999 }),
        (3, Why::NoFunds { currency: 1, needed: 705_000, has: 704_999 }),
        (4, Why::NoRoom { needed: 100_000, room: 1 }),
        (5, Why::Worse { by: 1_000 }),
    ];
    assert_eq!(best.others, told);
    // Nothing left: the reasons are the answer.
    offers.remove(5);
    offers.remove(0);
    let none = route(&market(&exponents, &offers), &wish(0, 1, Fixed::Source, 100_000)).expect_err("refused");
    let told = told[..4].iter().map(|&(at, why)| (at - 1, why)).collect();
    assert_eq!(none, Refused::Unreached { refused: told, exact: true });
    // A rate that a spread has no official rate for.
    let terms = Terms { basis: Basis::Spread(10), tiers: Vec::new() };
    let spread = Offer::new(0, 1, Kind::Dealer, Price::Terms { terms, official: None, client: 0 });
    assert_eq!(super::best(&[spread], &exponents, 0, 1, Fixed::Source, 5).others, [(0, Why::NoRate)]);
}

#[test]
fn what_is_not_valid_is_named() {
    let offers = [one(0, 1, Kind::Official, "7.05")];
    let exponents = [2, 2];
    let good = market(&exponents, &offers);
    let refused = |market: &Market<'_>, wish: &Wish| route(market, wish).expect_err("refused");
    assert_eq!(refused(&good, &wish(0, 0, Fixed::Source, 5)), Refused::Same);
    assert_eq!(refused(&good, &wish(0, 1, Fixed::Source, 0)), Refused::Amount { amount: 0 });
    assert_eq!(refused(&good, &wish(0, 2, Fixed::Source, 5)), Refused::Currency { currency: 2 });
    assert_eq!(refused(&good, &Wish { hops: 7, ..wish(0, 1, Fixed::Source, 5) }), Refused::Hops { hops: 7 });
    assert_eq!(refused(&good, &Wish { hops: 0, ..wish(0, 1, Fixed::Source, 5) }), Refused::Hops { hops: 0 });
    let fine = market(&[2, 5], &offers);
    assert_eq!(refused(&fine, &wish(0, 1, Fixed::Source, 5)), Refused::Exponent { currency: 1 });
    let bad = [Offer::new(0, 1, Kind::Fixed, Price::One(Rate { mantissa: 0, scale: 0 }))];
    assert_eq!(refused(&market(&exponents, &bad), &wish(0, 1, Fixed::Source, 5)), Refused::Offer { offer: 0 });
    let many = [2_u8; 257];
    assert_eq!(refused(&market(&many, &offers), &wish(0, 1, Fixed::Source, 5)), Refused::TooMany { count: 257 });
}

#[test]
fn ties_go_to_fewer_hops_and_then_to_the_earlier_offer() {
    let offers = [
        one(0, 1, Kind::Dealer, "2"),
        one(1, 2, Kind::Dealer, "2"),
        one(0, 2, Kind::Auction, "4"),
        one(0, 2, Kind::Fixed, "4"),
    ];
    let exponents = [2, 2, 2];
    for fixed in [Fixed::Source, Fixed::Target] {
        let found = route(&market(&exponents, &offers), &wish(0, 2, fixed, 4_000)).expect("routed");
        assert_eq!((found.hops.len(), found.hops[0].offer), (1, 2));
        assert_eq!(found.hops[0].others, [(3, Why::Worse { by: 0 })]);
    }
}
