//! Fuzz target; the body is `comity_fuzz::journal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    comity_fuzz::journal::run(data);
});
