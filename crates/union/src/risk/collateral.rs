//! What pledged assets are worth: value after haircut, and never too much of one asset.
//!
//! ```text
//! market value   = quantity x price
//! after haircut  = market value x (1 - haircut), rounded down
//! counted        = the smaller of: after haircut, share limit x sum of all values after haircut (rounded down)
//! ```
//! The limit of an asset is a share of the pledger's whole pool before limits, so that it does not depend on itself. Which assets
//! are eligible, their haircuts and limits are data. Deliberately absent: prices, and whose asset it is.

use alloc::vec::Vec;

use crate::{Ratio, Refusal, Share, at};

/// An eligible asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asset {
    /// Minor units of the base currency for one unit of the asset; above zero.
    pub price: Ratio,
    /// Taken off the market value.
    pub haircut: Share,
    /// The largest part of a pledger's pool that this asset may be.
    pub limit: Share,
}

/// A pledged quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pledge {
    /// Index of the asset.
    pub asset: u32,
    /// Units of the asset, above zero.
    pub quantity: i64,
}

/// What one pledge counts for, minor units of the base currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Valued {
    /// The asset.
    pub asset: u32,
    /// All that is pledged of it.
    pub quantity: i64,
    /// Quantity times price, rounded down.
    pub market: i64,
    /// After the haircut.
    pub after_haircut: i64,
    /// After the asset's limit.
    pub counted: i64,
}

/// What a pool counts for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// Each asset pledged, by index.
    pub lines: Vec<Valued>,
    /// The sum of what is counted.
    pub total: i64,
}

/// Values the pool of one pledger. Pledges of the same asset are added.
///
/// # Errors
/// [`Refusal::Fixing`] for a price that is not above zero, [`Refusal::NotEligible`] for a pledge of an asset that is not eligible,
/// [`Refusal::Amount`] for a quantity that is not above zero, [`Refusal::Overflow`] for a value that does not fit.
pub fn worth(assets: &[Asset], pledges: &[Pledge]) -> Result<Worth, Refusal> {
    if let Some(asset) = assets.iter().position(|asset| asset.price <= Ratio::ZERO) {
        return Err(Refusal::Fixing { currency: u32::try_from(asset).unwrap_or(u32::MAX) });
    }
    let mut quantities = alloc::vec![0i64; assets.len()];
    for (index, pledge) in pledges.iter().enumerate() {
        let quantity = quantities.get_mut(at(pledge.asset)).ok_or(Refusal::NotEligible { asset: pledge.asset })?;
        if pledge.quantity <= 0 {
            return Err(Refusal::Amount { field: "pledge", index, value: pledge.quantity });
        }
        *quantity = quantity.checked_add(pledge.quantity).ok_or(Refusal::Overflow { field: "pledge" })?;
    }
    let mut lines = Vec::new();
    for (asset, (terms, &quantity)) in (0u32..).zip(assets.iter().zip(&quantities)) {
        if quantity > 0 {
            let market = whole(terms.price.times(Ratio::whole(quantity.into())))?;
            let kept = Ratio::whole(1).minus(terms.haircut.of(1));
            let after_haircut =
                whole(kept.and_then(|kept| terms.price.times(kept)?.times(Ratio::whole(quantity.into()))))?;
            lines.push(Valued { asset, quantity, market, after_haircut, counted: 0 });
        }
    }
    let pool: i128 = lines.iter().map(|line| i128::from(line.after_haircut)).sum();
    let pool = i64::try_from(pool).map_err(|_| Refusal::Overflow { field: "collateral" })?;
    for line in &mut lines {
        let most = whole(Some(assets[at(line.asset)].limit.of(pool)))?;
        line.counted = line.after_haircut.min(most);
    }
    // Each counted value is at most its value, and those fit together.
    let total = lines.iter().map(|line| line.counted).sum();
    Ok(Worth { lines, total })
}

fn whole(value: Option<Ratio>) -> Result<i64, Refusal> {
    let fits = value.and_then(|value| i64::try_from(value.floor()).ok());
    fits.ok_or(Refusal::Overflow { field: "collateral" })
}
