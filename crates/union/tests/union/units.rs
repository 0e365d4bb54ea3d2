//! The unit of account, and exact numbers.

use comity_union::unit::{Basket, Component, Counted, Unit};
use comity_union::{Ratio, Refusal, Share};

fn ratio(num: i128, den: i128) -> Ratio {
    Ratio::new(num, den).expect("a number")
}

fn component(currency: u32, percent: u32, base: Ratio) -> Component {
    Component { currency, weight: Share::percent(percent), base }
}

#[test]
fn a_basket_is_worth_one_on_its_base_day() {
    let components = [component(0, 50, ratio(1, 7)), component(1, 30, ratio(1, 90)), component(2, 20, ratio(11, 5000))];
    let unit = Unit::Basket(Basket::new(&components).expect("well formed"));
    let base = |currency: u32| components.get(usize::try_from(currency).expect("few")).map(|found| found.base);
    assert_eq!(unit.fixing(base), Ok(Ratio::ONE));
    // The second currency loses a tenth: the unit loses three hundredths.
    let now = |currency| if currency == 1 { Some(ratio(1, 100)) } else { base(currency) };
    assert_eq!(unit.fixing(now), Ok(ratio(97, 100)));
    // 700 of the first are worth 100, which are 103 and 9/97 units.
    assert_eq!(unit.count(700, 0, now), Ok(Counted { amount: 103, rest: ratio(9, 97) }));
    assert_eq!(unit.count(-700, 0, now), Ok(Counted { amount: -103, rest: ratio(-9, 97) }));
    // A currency outside the basket can be counted if it has a rate.
    let more = |currency| if currency == 9 { Some(ratio(97, 1)) } else { now(currency) };
    assert_eq!(unit.count(3, 9, more), Ok(Counted { amount: 300, rest: Ratio::ZERO }));
}

#[test]
fn one_currency_as_unit() {
    let unit = Unit::Currency(3);
    let rates = |currency| Some(if currency == 3 { ratio(7, 50) } else { ratio(1, 100) });
    assert_eq!(unit.count(1000, 0, rates), Ok(Counted { amount: 71, rest: ratio(3, 7) }));
    assert_eq!(unit.count(1000, 3, rates), Ok(Counted { amount: 1000, rest: Ratio::ZERO }));
}

#[test]
fn baskets_that_are_refused() {
    let one = Ratio::ONE;
    let refused = |components: &[Component]| Basket::new(components).expect_err("refused").to_string();
    assert_eq!(refused(&[]), "basket: no component");
    assert_eq!(
        refused(&[component(0, 50, one), component(1, 49, one)]),
        "basket: weights sum to 99 % instead of 100 %"
    );
    assert_eq!(
        refused(&[component(0, 80, one), component(1, 80, one)]),
        "basket: weights sum to 160 % instead of 100 %"
    );
    assert_eq!(refused(&[component(0, 50, one), component(0, 50, one)]), "basket: currency 0 is named twice");
    assert_eq!(refused(&[component(0, 100, one), component(1, 0, one)]), "basket.components[1].weight is 0");
    assert_eq!(refused(&[component(4, 100, ratio(-1, 2))]), "rate of currency 4 is not above 0");
    assert_eq!(refused(&[component(0, 1, one); 101]), "components of a basket 101 exceeds the limit of 100");
}

#[test]
fn rates_that_are_missing_or_wrong() {
    let unit = Unit::Basket(Basket::new(&[component(4, 100, Ratio::ONE)]).expect("well formed"));
    assert_eq!(unit.fixing(|_| None), Err(Refusal::FixingMissing { currency: 4 }));
    assert_eq!(
        unit.fixing(|_| Some(Ratio::ZERO)).expect_err("refused").to_string(),
        "rate of currency 4 is not above 0"
    );
    let rates = |currency| if currency == 4 { Some(Ratio::ONE) } else { None };
    assert_eq!(unit.count(1, 5, rates).expect_err("refused").to_string(), "rate of currency 5 is missing");
    let huge = |currency| Some(if currency == 4 { ratio(1, 1 << 100) } else { Ratio::whole(1 << 100) });
    assert_eq!(unit.count(1, 5, huge), Err(Refusal::Overflow { field: "amount in the unit of account" }));
}

#[test]
fn exact_numbers() {
    assert_eq!(ratio(-22, -4).to_string(), "11/2");
    assert_eq!(ratio(22, -4).to_string(), "-11/2");
    assert_eq!(format!("{:?}", ratio(10, 5)), "2");
    assert_eq!(Ratio::new(1, 0), None);
    assert_eq!(Ratio::new(i128::MIN, -1), None);
    assert_eq!(Ratio::whole(i128::MAX).plus(Ratio::ONE), None);
    assert_eq!(ratio(1, 3).over(Ratio::ZERO), None);
    assert_eq!(ratio(1, 3).plus(ratio(1, 6)), Some(ratio(1, 2)));
    assert_eq!(ratio(1, 3).minus(ratio(1, 2)), Some(ratio(-1, 6)));
    assert_eq!(ratio(2, 3).times(ratio(9, 4)), Some(ratio(3, 2)));
    assert_eq!(ratio(2, 3).over(ratio(-4, 9)), Some(ratio(-3, 2)));
    assert_eq!((ratio(-7, 2).floor(), ratio(-7, 2).ceil(), ratio(-7, 2).toward_zero()), (-4, -3, -3));
    assert_eq!((ratio(7, 2).floor(), ratio(7, 2).ceil(), ratio(7, 2).toward_zero()), (3, 4, 3));
    assert_eq!((ratio(-4, 2).floor(), ratio(-4, 2).ceil()), (-2, -2));
    assert!(Ratio::whole(i128::MAX) > ratio(i128::MAX, 2));
    assert!(ratio(i128::MAX, i128::MAX - 1) > ratio(i128::MAX - 1, i128::MAX - 2).times(ratio(1, 2)).expect("fits"));
    assert!(ratio(i128::MAX, i128::MAX - 1) < ratio(i128::MAX - 1, i128::MAX - 2));
    assert!(ratio(-1, 3) > ratio(-1, 2));
    assert!(ratio(1, 3) < ratio(1, 2));
}
