#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entente_screening_fuzz::own(bytes));
