//! Measures Entente on a big generated register, on SQLite and on PostgreSQL.
//!
//! `README.md` says how to run it and what each number means.

// A program for measuring: it writes its table to standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod generate;
mod http;
mod measure;
mod report;
mod server;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, ValueEnum};
use entente_store::{DatabaseUrl, Entropy, ManualClock, Store, StoreOptions};

use generate::Size;
use http::Load;
use report::Results;

/// As the program itself does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Entente on a big generated register.
#[derive(Debug, Parser)]
struct Arguments {
    /// Which database
    #[arg(long, value_enum, default_value = "both")]
    database: Choice,
    /// Contracts
    #[arg(long, default_value_t = 10_000)]
    contracts: u32,
    /// Deliveries
    #[arg(long, default_value_t = 1_000_000)]
    deliveries: u32,
    /// Folder for the databases; without it a temporary one, removed at the end. A SQLite register that
    /// is there already with the same size is measured again without being generated.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Seconds of requests at a time over HTTP
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// Requests a second over HTTP
    #[arg(long, default_value_t = 200)]
    rate: u32,
    /// Clients over HTTP
    #[arg(long, default_value_t = 16)]
    clients: u32,
    /// The program that serves [default: `entente` beside this program]
    #[arg(long)]
    program: Option<PathBuf>,
    /// Also write the results as JSON to this file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Measure the store only, without the program that serves
    #[arg(long)]
    only_store: bool,
    /// Measure the lists over HTTP only, of a register that is there
    #[arg(long, conflicts_with = "only_store")]
    only_lists: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Sqlite,
    Postgres,
    Both,
}

/// PostgreSQL as one would set it up for one machine of this size; what it promises is kept on the disk.
const POSTGRES: &[&str] = &[
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "shared_buffers=1GB",
    "effective_cache_size=4GB",
    "work_mem=32MB",
    "maintenance_work_mem=256MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=15min",
    "wal_compression=on",
    "random_page_cost=1.1",
    "max_connections=100",
];

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> Result<()> {
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => std::env::current_exe()?.with_file_name("entente"),
    };
    if !arguments.only_store && !program.is_file() {
        bail!(
            "{} is not there: build it first (cargo build --release), or name it with --program",
            program.display()
        );
    }
    let temporary = tempfile::Builder::new().prefix("entente-bench-").tempdir()?;
    let folder = arguments.data.clone().unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&folder).context("making the folder for the data")?;
    let mut all = Vec::new();
    if arguments.database != Choice::Postgres {
        let url: DatabaseUrl = format!("sqlite:{}", folder.join("bench.db").display()).parse()?;
        all.push(bench("SQLite", &url, &arguments, &program).await?);
    }
    if arguments.database != Choice::Sqlite {
        let cluster = entente_testing::Cluster::start_with(POSTGRES).map_err(anyhow::Error::msg)?;
        let url: DatabaseUrl = cluster.url().parse()?;
        all.push(bench("PostgreSQL", &url, &arguments, &program).await?);
    }
    print!("{}", report::markdown(&all));
    if let Some(file) = &arguments.json {
        std::fs::write(file, serde_json::to_string_pretty(&all)? + "\n").context("writing the results")?;
    }
    Ok(())
}

async fn bench(
    name: &str,
    url: &DatabaseUrl,
    arguments: &Arguments,
    program: &std::path::Path,
) -> Result<Results> {
    let size = Size { contracts: arguments.contracts, deliveries: arguments.deliveries };
    let mut results = Results { database: name.to_owned(), size, ..Results::default() };
    let clock = Arc::new(ManualClock::at("2008-01-07T12:00:00Z".parse()?));
    let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(2012)) };
    let store = Store::open(url, options).await?;
    eprintln!("{name}: generating {} contracts and {} deliveries", size.contracts, size.deliveries);
    let register = generate::generate(&store, &clock, size).await?;
    results.generated_events_per_second = register.rate;
    if let DatabaseUrl::Sqlite(path) = url {
        results.database_bytes = std::fs::metadata(path).map(|m| m.len()).ok();
    }

    if !arguments.only_lists {
        eprintln!("{name}: appending to it");
        results.append = measure::append(&store, &clock, &register, size).await?;
        eprintln!("{name}: the brief");
        results.brief = measure::brief(&store).await?;
        eprintln!("{name}: verifying");
        results.verify = measure::verify(&store).await?;
    }
    eprintln!("{name}: searching");
    results.search = measure::search(&store, &register).await?;
    results.bench_peak_bytes = measure::peak_memory("self");
    if !arguments.only_store {
        eprintln!("{name}: over HTTP");
        let (key, token) = measure::sign_in(&store, &clock).await?;
        store.close().await;
        // Without seconds nothing is asked at a rate.
        let seconds = if arguments.only_lists { 0 } else { arguments.seconds };
        let load = Load { rate: arguments.rate, clients: arguments.clients, seconds };
        server::measure(url, program, (&key, &token), &register, load, &mut results).await?;
    } else {
        store.close().await;
    }
    Ok(results)
}
