//! What the figures of mirror reconciliation mean.

use crate::figure::{Definition, Measure};

const IMTS: &str =
    "International Merchandise Trade Statistics: Compilers Manual (United Nations 2013), bilateral asymmetries";
const DOTS: &str = "Direction of Trade Statistics (International Monetary Fund): freight and insurance of 6 % where nothing better is known";

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
    PAIRS "mirror.pairs" "both reported" Count "how many flows both sides reported" "count of flows with X > 0 and M > 0" "ours";
    P10 "mirror.p10" "p10" Ratio "a tenth of the flows has a lower ratio of import to export" "tenth percentile of M / X, interpolated" IMTS;
    MEDIAN "mirror.median" "median" Ratio "half of the flows has a lower ratio of import to export" "median of M / X" IMTS;
    P90 "mirror.p90" "p90" Ratio "nine tenths of the flows have a lower ratio of import to export" "ninetieth percentile of M / X, interpolated" IMTS;
    OVERALL "mirror.overall" "all value" Ratio "all imports over all exports, of flows that both sides reported" "sum M / sum X" IMTS;
    AS_EXPORTER "mirror.as_exporter" "as exporter" Ratio "median ratio of partners' imports to its exports" "median of M / X over flows it sells" IMTS;
    AS_IMPORTER "mirror.as_importer" "as importer" Ratio "median ratio of its imports to partners' exports" "median of M / X over flows it buys" IMTS;
    FLOWS "mirror.flows" "flows" Count "how many flows have a value" "count" "ours";
    EXPORT "mirror.export" "exporter says" Amount "what the exporter reported, free on board" "X" IMTS;
    IMPORT "mirror.import" "importer says" Amount "what the importer reported, with cost, insurance and freight" "M" IMTS;
    RATIO "mirror.ratio" "ratio" Ratio "import over export, where both were reported" "M / X" IMTS;
    GAP "mirror.gap" "gap" Amount "what the importer reported beyond freight and insurance" "M / f - X, with f the factor of freight and insurance" DOTS;
    RECONCILED "mirror.reconciled" "reconciled" Amount "one value, free on board; beside it whose it is"
        "geometric: sqrt(X M / f); mean: (X + M / f) / 2; exporter: X; importer: M / f; greater: max(X, M / f); with one report only, X or M / f" DOTS;
    WHOSE "mirror.whose" "whose" Word "of whose reports the reconciled value is made" "both, exporter, or importer without freight and insurance" "ours";
    SHARE "mirror.share" "share" Percent "share of the reconciled value" "100 x / sum x" "ours";
}
