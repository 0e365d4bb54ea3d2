//! What the figures of trade mean.

use crate::figure::{Definition, Measure};

const IMTS: &str = "International Merchandise Trade Statistics: Concepts and Definitions 2010 (United Nations)";
const HHI_FROM: &str = "O. C. Herfindahl 1950, A. O. Hirschman 1945; number equivalent after M. A. Adelman 1969";

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
    EXPORTS "trade.exports" "exports" Amount "what was sold, by the value of the table" "sum of rows with it as exporter" IMTS;
    IMPORTS "trade.imports" "imports" Amount "what was bought, by the value of the table" "sum of rows with it as importer" IMTS;
    THERE "trade.there" "first to second" Amount "what the first of a pair sold to the second" "sum of rows" IMTS;
    BACK "trade.back" "second to first" Amount "what the second of a pair sold to the first" "sum of rows" IMTS;
    VALUE "trade.value" "value" Amount "what was traded, each flow once" "sum of rows" IMTS;
    TURNOVER "trade.turnover" "turnover" Amount "both directions together" "exports + imports" IMTS;
    SHARE "trade.share" "share" Percent "share of the whole: of the member's turnover where there is a member, else of the period's" "100 x / sum x" IMTS;
    BALANCE "trade.balance" "balance" Amount "surplus, or below zero deficit" "exports - imports" IMTS;
    BALANCE_NO_ENERGY "trade.balance_without_energy" "without energy" Amount "balance without chapter 27 of the Harmonized System" "exports - imports, rows of HS 27 left out" "ours";
    IMBALANCE "trade.imbalance" "imbalance" Percent "how uneven trade is: 0 is even, 100 is one direction only" "100 (exports - imports) / (exports + imports)" "normalised trade balance, in common use";
    IMBALANCE_NO_ENERGY "trade.imbalance_without_energy" "imbalance w/o energy" Percent "the same without chapter 27 of the Harmonized System" "100 (exports - imports) / (exports + imports), rows of HS 27 left out" "ours";
    ENERGY "trade.energy" "energy" Percent "share of chapter 27 of the Harmonized System, mineral fuels and oils" "100 HS 27 / all" IMTS;
    GROWTH "trade.growth" "growth" Percent "change against the period before" "100 (x1 / x0 - 1)" "ours";
    CONTRIBUTION "trade.contribution" "contribution" Points "what the part gave to the growth of its whole; parts add up to it" "100 (x1 - x0) / sum x0" "ours";
    HHI "trade.hhi" "concentration" Ratio "Herfindahl-Hirschman index of the shares: 10,000 is a single part" "sum (100 x / sum x)^2" HHI_FROM;
    EQUIVALENT "trade.equivalent" "as if so many" Ratio "how many equal parts would be as concentrated" "10,000 / concentration" HHI_FROM;
    PARTS "trade.parts" "parts" Count "how many parts there are" "count of x above 0" "ours";
}
