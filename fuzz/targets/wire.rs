//! Fuzz target; the body is `comity_fuzz::wire`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    comity_fuzz::wire::run(data);
});
