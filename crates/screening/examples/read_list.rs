//! Reads lists and says how long it takes: `cargo run --release -p entente-screening --example read_list -- FILE…`.
//! Two editions of one list are also compared.

use std::time::Instant;

use entente_screening::lists::delta::delta;
use entente_screening::lists::{Edition, Form};

#[allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut editions: Vec<Edition> = Vec::new();
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file)?;
        let form = Form::of(&bytes);
        let mut times = Vec::new();
        let mut edition = Edition::default();
        for _ in 0..11 {
            let begun = Instant::now();
            edition = form.read(&bytes).map_err(|fault| format!("{file}: {fault}"))?;
            times.push(begun.elapsed());
        }
        times.sort();
        let size = bytes.len();
        println!(
            "{file}: {form:?}, {size} bytes, {} entries, {:?} (median of 11)",
            edition.entries.len(),
            times[5]
        );
        editions.push(edition);
    }
    for pair in editions.windows(2) {
        let begun = Instant::now();
        let found = delta(&pair[0].entries, &pair[1].entries);
        let (added, removed, changed) = (found.added.len(), found.removed.len(), found.changed.len());
        println!("added {added}, removed {removed}, changed {changed}: {:?}", begun.elapsed());
    }
    Ok(())
}
