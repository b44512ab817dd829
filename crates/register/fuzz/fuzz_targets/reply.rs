#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entente_register_fuzz::reply(bytes));
