//! `isobar_fuzz::tree` under the fuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| isobar_fuzz::tree(data));
