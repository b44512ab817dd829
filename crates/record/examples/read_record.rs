//! Reads a record again and again and says how long it takes: `cargo run --release --example read_record -- FILE…`

#![allow(clippy::print_stdout, reason = "an example that prints what it measures")]

use std::time::Instant;

use entente_record::{Bodies, parse};

const TIMES: u32 = 20;

fn main() -> std::io::Result<()> {
    let bodies = Bodies::standard();
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file)?;
        let mut best = u128::MAX;
        let start = Instant::now();
        for _ in 0..TIMES {
            let begun = Instant::now();
            let record = parse(&bytes, &bodies);
            best = best.min(begun.elapsed().as_micros());
            std::hint::black_box(&record).as_ref().err().inspect(|fault| println!("{file}: {fault}"));
        }
        let mean = start.elapsed().as_micros() / u128::from(TIMES);
        println!("{file}: {} bytes, {mean} µs on average, {best} µs at best", bytes.len());
    }
    Ok(())
}
