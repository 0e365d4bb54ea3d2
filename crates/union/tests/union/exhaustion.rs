//! When a quota is reached.

use comity_union::exhaustion::{Exhausted, projected, reached};
use comity_union::{Ratio, Refusal, Side};

use crate::quota;

fn exhausted(num: i128, den: i128, cycle: usize, side: Side) -> Option<Exhausted> {
    Some(Exhausted { cycles: Ratio::new(num, den).expect("a number"), cycle, side })
}

#[test]
fn counted_inside_a_cycle() {
    let nets = [-40, 10, -80, -5];
    assert_eq!(reached(quota(100), 0, &nets, None), Ok(exhausted(23, 8, 2, Side::Debtor)));
    assert_eq!(reached(quota(110), 0, &nets, None), Ok(exhausted(3, 1, 2, Side::Debtor)));
    assert_eq!(reached(quota(116), 0, &nets, None), Ok(None));
    assert_eq!(reached(quota(30), 0, &nets, Some(Side::Creditor)), Ok(None));
    assert_eq!(reached(quota(100), -100, &nets, None), Ok(exhausted(0, 1, 0, Side::Debtor)));
    // From one side to the limit of the other.
    assert_eq!(reached(quota(100), -50, &[300], None), Ok(exhausted(1, 2, 0, Side::Creditor)));
}

#[test]
fn if_it_goes_on_like_this() {
    assert_eq!(projected(quota(100), -20, &[-10, -20]), Ok(exhausted(16, 3, 5, Side::Debtor)));
    assert_eq!(projected(quota(100), -20, &[10, 20]), Ok(exhausted(8, 1, 8, Side::Creditor)));
    assert_eq!(projected(quota(100), -20, &[10, -10]), Ok(None));
    assert_eq!(projected(quota(100), 120, &[-1]), Ok(exhausted(0, 1, 0, Side::Creditor)));
    assert_eq!(projected(quota(100), 0, &[]), Err(Refusal::BasePeriod { years: 0, needed: 1 }));
}
