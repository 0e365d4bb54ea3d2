//! Fuzz target; the body is `comity_fuzz::csv`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    comity_fuzz::csv::run(data);
});
