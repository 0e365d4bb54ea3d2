//! Fuzz target; the body is `comity_fuzz::arrangement`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    comity_fuzz::arrangement::run(data);
});
