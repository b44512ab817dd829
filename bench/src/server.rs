//! What is measured on the built program while it serves.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use entente_store::DatabaseUrl;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::generate::Register;
use crate::http::{Client, Load, open_loop};
use crate::measure::{Latency, median, peak_memory};
use crate::report::{Export, Page, Results};

/// The program, serving.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it on a free port and waits for its first answer.
    async fn start(program: &Path, url: &DatabaseUrl) -> Result<(Server, Duration)> {
        let url = match url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        };
        let started = Instant::now();
        let mut child = Command::new(program)
            .args(["--database", &url, "--log", "error", "serve", "--listen", "127.0.0.1:0"])
            .env_remove("ENTENTE_CONFIG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting the program")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let line = lines.next_line().await?.context("the program ended at once")?;
        let address = line.split("http://").nth(1).and_then(|rest| rest.split([',', ' ']).next());
        let address = address.context("the program did not say where it serves")?.to_owned();
        loop {
            if let Ok(mut client) = Client::connect(&address).await
                && let Ok((200, _)) = client.get("/health/ready", "").await
            {
                return Ok((Server { child, address }, started.elapsed()));
            }
            if started.elapsed() > Duration::from_secs(30) {
                bail!("the program does not answer");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn stop(mut self) -> Result<()> {
        self.child.kill().await.context("ending the program")
    }
}

/// Requests for each list, one after the other.
const ROUNDS: usize = 60;

/// Every sort of list that the register has rows for, by what it is narrowed and ordered by.
fn lists(register: &Register) -> Vec<(&'static str, Vec<String>)> {
    let states = ["BRA", "IND", "CHN", "VNM", "DZA"];
    let each = |path: &str| -> Vec<String> { states.iter().map(|state| path.replace("{}", state)).collect() };
    let deep = |path: &str| -> Vec<String> { (0..20).map(|n| format!("{path}offset={}", n * 450)).collect() };
    let line = |n: usize| format!("/lines/{}.1", register.contracts[n * 7_919 % register.contracts.len()]);
    let words = ["invented", "goods", "invented goods", "goods for", "ministry invent", "item", "inv"];
    vec![
        ("contracts to the last", deep("/contracts?")),
        ("contracts by amount", deep("/contracts?sort=amount&order=desc&")),
        ("contracts of a partner by day", each("/contracts?partner={}&sort=signed_on")),
        ("contracts overdue", deep("/contracts?overdue=yes&")),
        ("contracts by text", each("/contracts?text=goods")),
        ("lines with their deliveries", (0..50).map(line).collect()),
        ("calendar of a month", (1..=12).map(|month| format!("/calendar?month=2012-{month:02}")).collect()),
        ("timeline", deep("/timeline?state=all&")),
        ("items of a plan", deep("/plans/2012:1?")),
        ("deliveries behind a figure", deep("/figures/deliveries.delivered?")),
        ("partners", vec!["/partners".to_owned()]),
        ("a partner's file", each("/partners/{}")),
        ("alerts", vec!["/alerts".to_owned()]),
        ("alerts of a kind", deep("/alerts?kind=overdue&")),
        ("payments", vec!["/payments".to_owned()]),
        ("slippages", vec!["/slippages".to_owned()]),
        ("opportunities", vec!["/opportunities".to_owned()]),
        ("reports", vec!["/reports".to_owned()]),
        (
            "search for what very much bears",
            words.iter().map(|q| format!("/search?q={}", q.replace(' ', "+"))).collect(),
        ),
    ]
}

/// The table behind a figure as a workbook: the longest that is given, by the day as of which.
async fn export(address: &str, cookie: &str) -> Result<Option<Export>> {
    let mut client = Client::connect(address).await?;
    let days =
        ["2012-12-31", "2012-09-30", "2012-08-31", "2012-07-31", "2012-06-30", "2012-05-31", "2012-03-31"];
    for day in days {
        let path = format!("/figures/deliveries.delivered/rows.xlsx?as_of={day}");
        let started = Instant::now();
        // A table that is too long is refused.
        if let (200, bytes) = client.get(&path, cookie).await? {
            return Ok(Some(Export { day, bytes, seconds: started.elapsed().as_secs_f64() }));
        }
    }
    Ok(None)
}

/// Starts the program five times, then asks it for lists, contracts and the brief.
pub(crate) async fn measure(
    url: &DatabaseUrl,
    program: &Path,
    (key, token): (&str, &str),
    register: &Register,
    load: Load,
    results: &mut Results,
) -> Result<()> {
    let mut starts = Vec::new();
    for _ in 0..5 {
        let (server, time) = Server::start(program, url).await?;
        starts.push(time);
        server.stop().await?;
    }
    results.start_ms = Some(median(starts)?);

    let (server, _) = Server::start(program, url).await?;
    let pick = |prefix: &str| -> Vec<String> {
        // Spread over all contracts, one in twenty of them marked.
        (0..1_000)
            .map(|n| format!("{prefix}{}", register.contracts[n * 7_919 % register.contracts.len()]))
            .collect()
    };
    let list = |prefix: &str| -> Vec<String> {
        (0..20).map(|n| format!("{prefix}?offset={}&limit=50", n * 50)).collect()
    };
    // Numbers, and words of some contracts of many.
    let search = |path: &str| -> Vec<String> {
        let words = (0..500).map(|n| format!("{path}?q=goods+{}&limit=5", n * 19 % 10_000));
        pick(&format!("{path}?limit=5&q=")).into_iter().take(500).chain(words).collect()
    };
    let bearer = format!("authorization: Bearer {key}\r\n");
    let cookie = format!("cookie: entente={token}\r\n");
    let pages = [
        ("contract list, JSON", &bearer, list("/api/v1/contracts")),
        ("contract, JSON", &bearer, pick("/api/v1/contracts/")),
        ("search, JSON", &bearer, search("/api/v1/search")),
        ("search, page", &cookie, search("/search")),
        ("contract list, page", &cookie, list("/contracts")),
        ("contract page", &cookie, pick("/contracts/")),
    ];
    for (name, headers, paths) in pages.into_iter().filter(|_| load.seconds > 0) {
        let (status, bytes) = Client::connect(&server.address).await?.get(&paths[0], headers).await?;
        if status != 200 {
            eprintln!("  {name}: {} is answered with {status}; not measured", paths[0]);
            continue;
        }
        let latency = open_loop(&server.address, headers, Arc::new(paths), load).await;
        let latency = latency.with_context(|| format!("measuring {name}"))?;
        results.pages.push(Page { name: name.to_owned(), bytes, latency });
    }
    for (name, paths) in lists(register) {
        let mut client = Client::connect(&server.address).await?;
        let (mut times, mut bytes) = (Vec::new(), 0);
        for round in 0..ROUNDS {
            let path = &paths[round % paths.len()];
            let started = Instant::now();
            let (status, length) = client.get(path, &cookie).await?;
            if status != 200 {
                eprintln!("  {name}: {path} is answered with {status}; not measured");
                times.clear();
                break;
            }
            times.push(started.elapsed());
            bytes = length;
        }
        if times.is_empty() {
            continue;
        }
        results.lists.push(Page { name: name.to_owned(), bytes, latency: Latency::of(times) });
    }
    results.export = export(&server.address, &cookie).await?;
    let process = server.child.id().map(|id| id.to_string()).unwrap_or_default();
    results.server_peak_bytes = peak_memory(&process);
    server.stop().await
}
