//! Arrangement files: mistakes are told, and what is accepted can be run.

use comity_arrangement::{Files, parse, preset_files};

/// The first byte chooses which file of a preset the rest replaces: `0` the arrangement, then participants, limits,
/// funding, rates.
pub fn run(data: &[u8]) -> bool {
    let Some((which, rest)) = data.split_first() else { return false };
    let Ok(text) = std::str::from_utf8(rest) else { return false };
    let mut files: Files = preset_files("bilateral-1+1").expect("a preset");
    let file = match which.wrapping_sub(b'0') % 5 {
        0 => &mut files.arrangement,
        1 => &mut files.participants,
        2 => &mut files.limits,
        3 => &mut files.funding,
        _ => &mut files.rates,
    };
    text.clone_into(file);
    match parse(&files) {
        Err(mistakes) => {
            assert!(!mistakes.0.is_empty(), "a refusal has a reason");
            assert!(!mistakes.to_string().is_empty(), "and says it");
            false
        }
        Ok(mut arrangement) => {
            for country in arrangement.keys_missing() {
                assert!(arrangement.set_public_key(country, [7; 32]), "an authority without a key is an authority");
            }
            let setup = arrangement.setup();
            assert!(setup.is_ok_and(|orders| !orders.is_empty()), "an accepted arrangement opens a journal");
            let plan = arrangement.daily(arrangement.day.date);
            assert!(plan.is_sorted_by_key(|timed| timed.at), "a day goes forward");
            true
        }
    }
}
