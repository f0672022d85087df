//! `isobar_fuzz::snapshot` under the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| isobar_fuzz::snapshot(data));
