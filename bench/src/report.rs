//! The results, as a table and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::generate::Size;
use crate::measure::{Append, Brief, Latency, Search, Verify};

/// All that was measured on one database.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Results {
    /// Which.
    pub(crate) database: String,
    /// How big the register is.
    pub(crate) size: Size,
    /// Events per second over the whole generating; none if it was there already.
    pub(crate) generated_events_per_second: Option<f64>,
    /// Size of the SQLite file.
    pub(crate) database_bytes: Option<u64>,
    /// Appending.
    pub(crate) append: Append,
    /// The brief.
    pub(crate) brief: Brief,
    /// Searching.
    pub(crate) search: Vec<Search>,
    /// Verifying.
    pub(crate) verify: Verify,
    /// Most memory of this process up to there.
    pub(crate) bench_peak_bytes: Option<u64>,
    /// Start of the program to its first answer, the median of five.
    pub(crate) start_ms: Option<f64>,
    /// Requests over HTTP.
    pub(crate) pages: Vec<Page>,
    /// Lists over HTTP, one request after the other.
    pub(crate) lists: Vec<Page>,
    /// A long table as a workbook.
    pub(crate) export: Option<Export>,
    /// Most memory of the program that served.
    pub(crate) server_peak_bytes: Option<u64>,
}

/// One sort of request.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Page {
    /// What was asked for.
    pub(crate) name: String,
    /// Bytes of one answer, compressed.
    pub(crate) bytes: usize,
    /// How long it took.
    pub(crate) latency: Latency,
}

/// A table that was given out as a workbook.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Export {
    /// The day as of which.
    pub(crate) day: &'static str,
    /// Bytes of it.
    pub(crate) bytes: usize,
    /// From the request to its last byte.
    pub(crate) seconds: f64,
}

/// One table, a column for each database.
pub(crate) fn markdown(all: &[Results]) -> String {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let mut row = |name: &str, value: &dyn Fn(&Results) -> String| {
        rows.push((name.to_owned(), all.iter().map(value).collect()));
    };
    let three = |l: &Latency| format!("{:.1} / {:.1} / {:.1} ms", l.p50, l.p95, l.p99);
    let mib =
        |bytes: Option<u64>| bytes.map_or("–".into(), |b| format!("{:.0} MiB", b as f64 / 1_048_576.0));
    row("contracts / deliveries", &|r| format!("{} / {}", r.size.contracts, r.size.deliveries));
    row("events", &|r| r.verify.events.to_string());
    row("database file", &|r| mib(r.database_bytes));
    row("generating, events per second", &|r| {
        r.generated_events_per_second.map_or("–".into(), |rate| format!("{rate:.0}"))
    });
    row("appending to it in batches, events per second", &|r| format!("{:.0}", r.append.batches_per_second));
    row("appending one by one, p50 / p95 / p99", &|r| three(&r.append.single));
    row("brief as known in 2012, first", &|r| format!("{:.1} ms", r.brief.first_ms));
    row("brief as known in 2012, p50 / p95 / p99", &|r| three(&r.brief.past));
    row("brief as known now, p50 / p95 / p99", &|r| three(&r.brief.present));
    row("brief that was read before, p50 / p95 / p99", &|r| three(&r.brief.kept));
    for (place, sort) in all.first().map(|r| r.search.as_slice()).unwrap_or_default().iter().enumerate() {
        row(&format!("search for {}, p50 / p95 / p99", sort.name), &|r| {
            r.search.get(place).map_or("–".into(), |search| three(&search.latency))
        });
    }
    row("ledger verify, the whole", &|r| format!("{:.2} s", r.verify.seconds));
    row("SHA-256 alone, same messages, one core", &|r| {
        format!("{:.2} s ({:.0} MB)", r.verify.hash_seconds, r.verify.bytes as f64 / 1e6)
    });
    row("SHA-256 alone, one message, one core", &|r| format!("{:.2} s", r.verify.bulk_seconds));
    row("start to first answer", &|r| r.start_ms.map_or("–".into(), |ms| format!("{ms:.0} ms")));
    let mut names: Vec<&str> = Vec::new();
    let pages = |r: &Results| r.pages.iter().chain(&r.lists).cloned().collect::<Vec<Page>>();
    let every: Vec<Page> = all.iter().flat_map(pages).collect();
    for page in &every {
        if !names.contains(&page.name.as_str()) {
            names.push(&page.name);
        }
    }
    for name in names {
        row(&format!("{name}, p50 / p95 / p99"), &|r| {
            pages(r).iter().find(|page| page.name == name).map_or("–".into(), |page| three(&page.latency))
        });
    }
    row("table behind a figure as a workbook", &|r| {
        r.export.as_ref().map_or("–".into(), |e| format!("{:.1} s ({} bytes)", e.seconds, e.bytes))
    });
    row("memory of the server, most", &|r| mib(r.server_peak_bytes));
    let mut text = String::from("| |");
    for results in all {
        let _ = write!(text, " {} |", results.database);
    }
    text.push_str("\n|---|");
    text.push_str(&"---:|".repeat(all.len()));
    text.push('\n');
    for (name, values) in rows {
        let _ = writeln!(text, "| {name} | {} |", values.join(" | "));
    }
    text
}
