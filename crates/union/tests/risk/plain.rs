//! Second implementations: slow, with other means, for small numbers.

/// Counts every part up to what it is owed at least, then hands the units that are left out one by one to whom most is missing;
/// of equal ones to the first.
pub(crate) fn split(total: i64, weights: &[i64]) -> Vec<i64> {
    let all: i64 = weights.iter().sum();
    let mut parts = vec![0i64; weights.len()];
    if total == 0 {
        return parts;
    }
    for (part, weight) in parts.iter_mut().zip(weights) {
        while (*part + 1) * all <= total * weight {
            *part += 1;
        }
    }
    let mut given: Vec<bool> = vec![false; weights.len()];
    while parts.iter().sum::<i64>() < total {
        let mut best: Option<usize> = None;
        for (index, weight) in weights.iter().enumerate() {
            let missing = |at: usize, weight: i64| total * weight - parts[at] * all;
            if !given[index] && best.is_none_or(|best| missing(index, *weight) > missing(best, weights[best])) {
                best = Some(index);
            }
        }
        let best = best.expect("fewer units are left than parts");
        given[best] = true;
        parts[best] += 1;
    }
    parts
}

/// Value and aggregate short of an account in billionths of a base minor unit; prices in thousandths, haircuts in percent.
pub(crate) fn account(positions: &[i64], prices: &[i64], haircuts: &[i64], collateral: i64) -> (i128, i128) {
    let mut value = i128::from(collateral) * 1_000_000_000;
    let mut aggregate = 0;
    for ((position, price), haircut) in positions.iter().zip(prices).zip(haircuts) {
        let market = i128::from(*position) * i128::from(*price) * 10_000;
        if *position < 0 {
            value += market * i128::from(100 + haircut);
            aggregate -= market * i128::from(100 + haircut);
        } else {
            value += market * i128::from(100 - haircut);
        }
    }
    (value, aggregate)
}

/// Lays a loss on layers one minor unit at a time: collateral, own fund, counterparties up to their bounds, then keys.
pub(crate) struct Layers {
    pub(crate) collateral: i64,
    pub(crate) own_fund: i64,
    pub(crate) counterparties: i64,
    pub(crate) rest: i64,
}

/// How much of a loss falls on each layer.
pub(crate) fn layers(loss: i64, collateral: i64, own_fund: i64, counterparties: i64) -> Layers {
    let mut layers = Layers { collateral: 0, own_fund: 0, counterparties: 0, rest: 0 };
    for _ in 0..loss {
        if layers.collateral < collateral {
            layers.collateral += 1;
        } else if layers.own_fund < own_fund {
            layers.own_fund += 1;
        } else if layers.counterparties < counterparties {
            layers.counterparties += 1;
        } else {
            layers.rest += 1;
        }
    }
    layers
}
