//! What the figures of price and volume mean.

use crate::figure::{Definition, Measure};

const MANUAL: &str = "Export and Import Price Index Manual (IMF and others 2009), chapters on index number theory";
const BENNET: &str = "T. L. Bennet 1920; the manual's chapter on indicators as differences";

macro_rules! define {
    ($($name:ident $key:literal $heading:literal $measure:ident $says:literal $formula:literal $after:expr;)*) => {
        $(
            #[doc = $says]
            pub static $name: Definition = Definition {
                key: $key, name: $heading, measure: Measure::$measure, says: $says, formula: $formula, after: $after,
            };
        )*
        /// All of them.
        pub static DEFINITIONS: &[&Definition] = &[$(&$name),*];
    };
}

define! {
    BEFORE "price.before" "before" Amount "value in the first period" "sum v0" "ours";
    AFTER "price.after" "after" Amount "value in the second period" "sum v1" "ours";
    CHANGE "price.change" "change" Amount "change of value" "sum v1 - sum v0 = price + quantity + new + gone + unpriced" "ours";
    PRICE "price.effect" "price" Amount "part of the change that prices made, at mean quantities"
        "sum ((a - v0) + (v1 - b)) / 2, with a = v1 q0 / q1, b = v0 q1 / q0, over items with quantities in both periods" BENNET;
    QUANTITY "price.quantity" "quantity" Amount "part of the change that quantities made, at mean prices"
        "sum ((b - v0) + (v1 - a)) / 2, as the rest of the matched change" BENNET;
    NEW "price.new" "new" Amount "value of items that were not traded in the first period; counts as volume" "sum v1 where v0 = 0" "ours";
    GONE "price.gone" "gone" Amount "value of items that are not traded any more, below zero; counts as volume" "- sum v0 where v1 = 0" "ours";
    UNPRICED "price.unpriced" "unpriced" Amount "change of items of which a quantity is not known" "sum (v1 - v0) where q0 or q1 is missing" "ours";
    PRICE_BASE "price.effect_base" "price, old quantities" Amount "part of the change that prices made, at old quantities" "sum (v1 q0 / q1 - v0)" MANUAL;
    QUANTITY_BASE "price.quantity_base" "quantity, old prices" Amount "part of the change that quantities made, at old prices" "sum (v0 q1 / q0 - v0)" MANUAL;
    INTERACTION "price.interaction" "together" Amount "what price and quantity made together, told apart rather than given to either"
        "sum (p1 - p0)(q1 - q0)" MANUAL;
    CURRENCY "price.currency" "exchange rate" Amount "part of the change that the exchange rate made, at mean values in the other currency"
        "(e1 - e0) (w0 + w1) / 2, with w = value in the other currency, e = value's currency for one of it" BENNET;
    MATCHED "price.matched" "compared" Percent "share of both periods' value whose prices can be compared"
        "(sum v0 + sum v1 over items with quantities in both) / (sum v0 + sum v1)" "ours";
    VALUE_INDEX "price.value_index" "value index" Index "value of all items against the base" "100 sum v1 / sum v0" MANUAL;
    LASPEYRES "price.laspeyres" "Laspeyres" Index "prices against the base, by quantities of the base" "100 sum p1 q0 / sum p0 q0" MANUAL;
    PAASCHE "price.paasche" "Paasche" Index "prices against the base, by quantities of the period" "100 sum p1 q1 / sum p0 q1" MANUAL;
    FISHER "price.fisher" "Fisher" Index "prices against the base, the geometric mean of Laspeyres and Paasche" "sqrt(Laspeyres x Paasche)" MANUAL;
    TORNQVIST "price.tornqvist" "T\u{f6}rnqvist" Index "prices against the base, price ratios by mean shares in value"
        "100 product (p1 / p0) ^ ((s0 + s1) / 2)" MANUAL;
    LASPEYRES_QUANTITY "price.laspeyres_quantity" "Laspeyres quantity" Index "quantities against the base, by prices of the base" "100 sum p0 q1 / sum p0 q0" MANUAL;
    PAASCHE_QUANTITY "price.paasche_quantity" "Paasche quantity" Index "quantities against the base, by prices of the period" "100 sum p1 q1 / sum p1 q0" MANUAL;
    FISHER_QUANTITY "price.fisher_quantity" "Fisher quantity" Index "quantities against the base; price index times quantity index is the value index of the items compared"
        "sqrt(Laspeyres quantity x Paasche quantity)" MANUAL;
    TORNQVIST_QUANTITY "price.tornqvist_quantity" "T\u{f6}rnqvist quantity" Index "quantities against the base, quantity ratios by mean shares in value"
        "100 product (q1 / q0) ^ ((s0 + s1) / 2)" MANUAL;
    CHAINED "price.chained" "chained prices" Index "prices by the same formula, linked from neighbour to neighbour" "product of the links" MANUAL;
    CHAINED_QUANTITY "price.chained_quantity" "chained quantities" Index "quantities by the same formula, linked from neighbour to neighbour" "product of the links" MANUAL;
    DRIFT "price.drift" "chain drift" Percent "how far the chained price index went from the direct one" "100 (chained / direct - 1)" MANUAL;
}
