//! Measures verifying: `cargo run --release -p entente-store --example verify -- sqlite:PATH [deep]`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of measuring")]

use std::time::Instant;

use entente_store::{Store, StoreOptions, VerifyOptions, silent};
use sha2::Digest as _;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap();
    let deep = arguments.next().is_some();
    let store = Store::open(&url.parse().unwrap(), StoreOptions::system().unwrap()).await.unwrap();
    for _ in 0..3 {
        let began = Instant::now();
        let found = store.verify(&VerifyOptions { deep, ..Default::default() }, silent()).await.unwrap();
        println!(
            "{} events in {:.2} s, first bad {:?}",
            found.events,
            began.elapsed().as_secs_f64(),
            found.first_bad
        );
    }
    let began = Instant::now();
    let block = vec![7_u8; 1 << 20];
    let mut hasher = sha2::Sha256::new();
    for _ in 0..1000 {
        hasher.update(&block);
    }
    std::hint::black_box(hasher.finalize());
    println!("SHA-256 of 1 GiB on one core: {:.2} s", began.elapsed().as_secs_f64());
}
