//! Measures how well parties are told from each other by the screening, at the threshold that the program uses.
//!
//! `README.md` says how to run it and what each number means.

// A program for measuring: it writes its table to standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod data;
mod measure;
mod stats;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use data::Data;
use measure::Report;
use stats::Half;

/// Measures how well parties are told from each other.
#[derive(Debug, Parser)]
struct Arguments {
    /// The folder of the test data
    #[arg(long, env = "ENTENTE_TEST_DATA", default_value = "../shared/data")]
    data: PathBuf,
    /// Also write the results as JSON to this file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Show so many failures of each set, of the half that may be looked at
    #[arg(long, default_value_t = 0)]
    show: usize,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if !arguments.data.is_dir() {
        eprintln!("skipped: {} holds no test data (ENTENTE_TEST_DATA)", arguments.data.display());
        return Ok(());
    }
    let data = Data(arguments.data);
    let show = (arguments.show > 0).then_some(Half::Train);
    let mut report = Report::default();
    measure::checks(&data, &mut report, show)?;
    measure::listed(&data, &mut report, show)?;
    measure::scripts(&data, &mut report, show, arguments.show)?;
    print(&report);
    if let Some(file) = arguments.json {
        std::fs::write(file, serde_json::to_vec_pretty(&report)?)?;
    }
    Ok(())
}

fn print(report: &Report) {
    println!(
        "## Pairs that people judged\n\n| which | pairs | precision | recall | F1 |\n|---|---|---|---|---|"
    );
    for (name, judged) in &report.checks {
        let (precision, recall, f1) = judged.shares();
        let all = judged.found + judged.wrong + judged.missed + judged.apart;
        println!("| {name} | {all} | {precision:.3} | {recall:.3} | {f1:.3} |");
    }
    println!("\n## Listed persons under altered names\n\n| which | found (95 % interval) |\n|---|---|");
    for (name, share) in &report.listed {
        println!("| {name} | {} |", share.shown());
    }
    println!("\n| among | found | first | others a query |\n|---|---|---|---|");
    for (name, found) in &report.listed_among {
        let others = found.others as f64 / found.found.all.max(1) as f64;
        println!("| {name} | {} | {} | {others:.3} |", found.found.shown(), found.first.shown());
    }
    println!("\n## Strangers against the list of the United Nations\n\n| which | with a hit |\n|---|---|");
    for (name, share) in &report.strangers {
        println!("| {name} | {} |", share.shown());
    }
    println!(
        "\n## Names in two scripts, among 1,000 others\n\n| which | found | first | others a query |\n|---|---|---|---|"
    );
    for (name, found) in &report.scripts {
        let others = found.others as f64 / found.found.all.max(1) as f64;
        println!("| {name} | {} | {} | {others:.2} |", found.found.shown(), found.first.shown());
    }
    println!("\nThe index gave what comparing with all gives: {}", report.index.shown());
}
