//! Fuzz target; the body is `comity_fuzz::xml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    comity_fuzz::xml::run(data);
});
