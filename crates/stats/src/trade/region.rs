//! Regions of the world, by ISO 3166 codes of three letters.
//!
//! Source: United Nations Statistics Division, standard country or area codes (M49), sub-regions; Africa south of the Sahara,
//! Latin America and Oceania are kept whole. Absent: small territories, which then are `elsewhere`; a caller may bring a table of its own.

/// Regions and their members.
pub const REGIONS: [(&str, &str); 14] = [
    ("Eastern Asia", "CHN HKG JPN KOR MAC MNG PRK TWN"),
    ("Central Asia", "KAZ KGZ TJK TKM UZB"),
    ("South-eastern Asia", "BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM"),
    ("Southern Asia", "AFG BGD BTN IND IRN LKA MDV NPL PAK"),
    ("Western Asia", "ARE ARM AZE BHR CYP GEO IRQ ISR JOR KWT LBN OMN PSE QAT SAU SYR TUR YEM"),
    ("Eastern Europe", "BGR BLR CZE HUN MDA POL ROU RUS SVK UKR"),
    ("Northern Europe", "DNK EST FIN GBR IRL ISL LTU LVA NOR SWE"),
    ("Southern Europe", "ALB AND BIH ESP GRC HRV ITA MKD MLT MNE PRT SMR SRB SVN"),
    ("Western Europe", "AUT BEL CHE DEU FRA LIE LUX MCO NLD"),
    ("Northern Africa", "DZA EGY LBY MAR SDN TUN"),
    (
        "Africa south of the Sahara",
        "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LSO MDG MLI MOZ \
         MRT MUS MWI NAM NER NGA RWA SEN SLE SOM SSD STP SWZ SYC TCD TGO TZA UGA ZAF ZMB ZWE",
    ),
    ("Northern America", "CAN GRL USA"),
    (
        "Latin America and the Caribbean",
        "ARG BHS BLZ BOL BRA BRB CHL COL CRI CUB DOM ECU GTM GUY HND HTI JAM MEX NIC PAN PER PRY SLV SUR TTO URY VEN",
    ),
    ("Oceania", "AUS FJI KIR NZL PNG SLB TON TUV VUT WSM"),
];

/// The region of a code, `elsewhere` where the table has none.
#[must_use]
pub fn of(code: &str) -> &'static str {
    let found = REGIONS.iter().find(|(_, members)| members.split_whitespace().any(|member| member == code));
    found.map_or("elsewhere", |(name, _)| name)
}
