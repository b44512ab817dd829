//! What is measured on the store itself, in this process.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use entente_register::search::Query;
use entente_store::reader::{BriefOptions, Page};
use entente_store::{Clock as _, ManualClock, Origin, Store, VerifyOptions, silent};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::generate::{Register, Size, Writer, chair, lines, open_lines, operator};

/// Latencies of one sort of request, in milliseconds.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Latency {
    /// How many.
    pub(crate) count: usize,
    /// Half are below.
    pub(crate) p50: f64,
    /// 95 of 100 are below.
    pub(crate) p95: f64,
    /// 99 of 100 are below.
    pub(crate) p99: f64,
    /// The longest.
    pub(crate) max: f64,
}

impl Latency {
    /// Of what was measured.
    pub(crate) fn of(mut times: Vec<Duration>) -> Latency {
        times.sort();
        let at = |share: usize| {
            let place = (times.len() * share).div_ceil(100).clamp(1, times.len().max(1)) - 1;
            times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
        };
        Latency { count: times.len(), p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }
}

/// Appending to a register that is big already.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Append {
    /// Events appended.
    pub(crate) events: u64,
    /// Events per second, in batches of 20,000 commands, each on the disk before the next begins.
    pub(crate) batches_per_second: f64,
    /// One event a transaction, each on the disk before the next begins.
    pub(crate) single: Latency,
}

/// Hands over and accepts 50,000 pieces more, and then 200 one by one.
pub(crate) async fn append(
    store: &Store,
    clock: &ManualClock,
    register: &Register,
    size: Size,
) -> Result<Append> {
    let lines = lines(&register.contracts);
    let open = open_lines(size);
    ensure!(!open.is_empty(), "a register of this size has no open line to append to");
    // Two numbers that are prime to most counts, so that lines come in no order.
    let line = |number: usize, step: usize| &lines[open[(number * step) % open.len()]];
    let on = date(2014, 3, 3);
    let mut writer = Writer::new(store, clock);
    let started = Instant::now();
    for number in 0..50_000.min(open.len() * 20) {
        let delivery = writer.hand_over(line(number, 1_009), on).await?;
        writer.accept(delivery, on).await?;
    }
    writer.commit().await?;
    let batches_per_second = writer.events as f64 / started.elapsed().as_secs_f64();
    let mut times = Vec::new();
    for number in 0..200 {
        let started = Instant::now();
        let mut writer = Writer::new(store, clock);
        writer.hand_over(line(number, 3_001), on).await?;
        writer.commit().await?;
        times.push(started.elapsed());
    }
    Ok(Append { events: writer.events, batches_per_second, single: Latency::of(times) })
}

/// The brief of one cut-off, and of many.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Brief {
    /// The first in this process.
    pub(crate) first_ms: f64,
    /// The same cut-off again and again, as known on 1 October 2012.
    pub(crate) past: Latency,
    /// As of the days up to 31 December 2013, as known now.
    pub(crate) present: Latency,
    /// Each of these once more.
    pub(crate) kept: Latency,
}

/// Reads the brief again and again: each time of another day or another horizon, for one that was read is kept; and
/// then the same once more, as it is kept.
pub(crate) async fn brief(store: &Store) -> Result<Brief> {
    let chair = chair();
    let options = BriefOptions::default();
    let (mut result, mut kept) = (Brief::default(), Vec::new());
    for (past, rounds) in [(true, 40), (false, 40)] {
        let mut times = Vec::new();
        for round in 0..rounds {
            let (as_of, known_at) = match past {
                true => {
                    let known_at: Timestamp = "2012-10-01T00:00:00Z".parse()?;
                    (date(2012, 9, 30), Some(known_at + SignedDuration::from_secs(round)))
                }
                false => (date(2013, 12, 31) - SignedDuration::from_hours(24 * round), None),
            };
            for times in [&mut times, &mut kept] {
                let started = Instant::now();
                let reader = store.reader(&chair, Some(as_of), known_at).await?;
                black_box(reader.brief(&options).await?);
                times.push(started.elapsed());
            }
        }
        if past {
            result.first_ms = times[0].as_secs_f64() * 1_000.0;
            result.past = Latency::of(times);
        } else {
            result.present = Latency::of(times);
        }
    }
    result.kept = Latency::of(kept);
    Ok(result)
}

/// A search of one sort.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Search {
    /// What is sought.
    pub(crate) name: &'static str,
    /// How long it took.
    pub(crate) latency: Latency,
}

/// What is typed in a round.
type Typed<'r> = &'r dyn Fn(usize) -> String;

/// Searches everything that the chair may see, five rows of each kind.
pub(crate) async fn search(store: &Store, register: &Register) -> Result<Vec<Search>> {
    let chair = chair();
    let contract = |n: usize| &register.contracts[n * 7_919 % register.contracts.len()];
    let sorts: [(&'static str, usize, Typed<'_>); 5] = [
        ("a contract's number", 400, &|n| contract(n).clone()),
        ("a delivery's number", 400, &|n| format!("{}.1.1", contract(n))),
        ("a partner and a word begun", 400, &|n| format!("brazil goods {}", 10 + n % 87)),
        ("a word of every contract", 40, &|_| "invented".to_owned()),
        ("two words of every contract", 40, &|_| "goods invent".to_owned()),
    ];
    let mut searches = Vec::new();
    for (name, rounds, typed) in sorts {
        let mut times = Vec::new();
        for round in 0..rounds {
            let query = Query::parse(&typed(round))?;
            let started = Instant::now();
            let reader = store.reader(&chair, None, None).await?;
            let found = black_box(reader.search(&query, &[], Page::first(5)).await?);
            times.push(started.elapsed());
            // A small register may have no contract of the partner whose number begins so.
            let may_miss = query.words().len() > 2;
            let is_found = found.kinds.iter().any(|kind| kind.total > 0);
            ensure!(is_found || may_miss, "nothing bears {:?}", query.typed());
        }
        searches.push(Search { name, latency: Latency::of(times) });
    }
    Ok(searches)
}

/// Verifying the whole ledger, beside what SHA-256 alone costs.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Verify {
    /// Events verified.
    pub(crate) events: i64,
    /// Seconds for the whole.
    pub(crate) seconds: f64,
    /// Bytes that are hashed.
    pub(crate) bytes: u64,
    /// Seconds of SHA-256 over as many messages of the same lengths, on one core.
    pub(crate) hash_seconds: f64,
    /// Seconds of SHA-256 over as many bytes in one message, on one core.
    pub(crate) bulk_seconds: f64,
}

/// An exported event: what its digests are made of.
#[derive(Deserialize)]
struct Line<'a> {
    recorded_at: &'a str,
    actor: &'a str,
    subject: &'a str,
    kind: &'a str,
    occurred_on: &'a str,
    label: &'a str,
    #[serde(default)]
    reason: Option<String>,
    command: &'a str,
    #[serde(default)]
    idempotency_key: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

/// Verifies twice and takes the better, so that both find the file in memory.
pub(crate) async fn verify(store: &Store) -> Result<Verify> {
    let mut result = Verify { seconds: f64::MAX, ..Verify::default() };
    for _ in 0..2 {
        let started = Instant::now();
        let found = store.verify(&VerifyOptions::default(), silent()).await?;
        ensure!(found.ok(), "the generated register does not verify: {:?}", found.first_bad);
        result.seconds = result.seconds.min(started.elapsed().as_secs_f64());
        result.events = found.events;
    }

    let mut lengths: Vec<(u32, u32)> = Vec::new();
    let mut sink = |lines: &[u8]| -> std::io::Result<()> {
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let event: Line<'_> = serde_json::from_slice(line).map_err(std::io::Error::other)?;
            let field = |text: &str| 8 + text.len();
            let optional = |text: &Option<String>| 8 + text.as_ref().map_or(0, String::len);
            let payload = event.payload.map_or(0, |payload| 19 + 8 + 16 + field(payload.get()));
            let header = 17
                + 16
                + 12
                + 2 * 40
                + [
                    event.recorded_at,
                    event.actor,
                    event.subject,
                    event.kind,
                    event.occurred_on,
                    event.label,
                    event.command,
                ]
                .into_iter()
                .map(field)
                .sum::<usize>()
                + optional(&event.reason)
                + optional(&event.idempotency_key);
            let short = |length: usize| u32::try_from(length).map_err(std::io::Error::other);
            lengths.push((short(payload)?, short(header)?));
        }
        Ok(())
    };
    store.export(&operator(), &mut sink, silent()).await?;
    let longest = lengths.iter().map(|(a, b)| (*a).max(*b)).max().unwrap_or(0);
    let buffer: Vec<u8> = (0..longest.max(1 << 20)).map(|n| n.to_le_bytes()[0]).collect();
    result.bytes = lengths.iter().map(|(a, b)| u64::from(*a) + u64::from(*b)).sum();

    let started = Instant::now();
    for (payload, header) in &lengths {
        black_box(Sha256::digest(&buffer[..*payload as usize]));
        black_box(Sha256::digest(&buffer[..*header as usize]));
    }
    result.hash_seconds = started.elapsed().as_secs_f64();

    let started = Instant::now();
    let (mut hasher, mut left) = (Sha256::new(), result.bytes);
    while left > 0 {
        let part = left.min(1 << 20);
        hasher.update(&buffer[..usize::try_from(part)?]);
        left -= part;
    }
    black_box(hasher.finalize());
    result.bulk_seconds = started.elapsed().as_secs_f64();
    Ok(result)
}

/// A key for the API and the token of a session, both of the chair.
pub(crate) async fn sign_in(store: &Store, clock: &ManualClock) -> Result<(String, String)> {
    // The server has the machine's clock; key and session must be in term by it.
    let now = entente_store::SystemClock.now();
    clock.set(now.max(clock.now()));
    let one_time = store.give_one_time_password("chair").await?;
    let origin = Origin::default();
    let (token, _) = store.sign_in("chair", &one_time, &origin).await?;
    let (token, _) = store.change_password(&token, &one_time, "lantern over a quiet harbour").await?;
    for row in store.api_keys("chair").await? {
        store.close_api_key("chair", &row.id).await?;
    }
    Ok((store.open_api_key("chair", "bench", 1).await?, token))
}

/// The most memory that a process has had resident, in bytes.
pub(crate) fn peak_memory(process: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// The median of a few.
pub(crate) fn median(mut times: Vec<Duration>) -> Result<f64> {
    times.sort();
    Ok(times.get(times.len() / 2).context("nothing was measured")?.as_secs_f64() * 1_000.0)
}
