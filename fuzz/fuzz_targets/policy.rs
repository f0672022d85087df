//! `isobar_fuzz::policy` under the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| isobar_fuzz::policy(data));
