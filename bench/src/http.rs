//! Requests over HTTP at a steady rate, whatever the server does: an open loop.
//!
//! A request is due at its moment; its latency counts from then, also while it waits
//! for a free client. So a server that stalls is seen to stall, and not excused by
//! clients that politely wait for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use crate::measure::Latency;

/// One connection that is kept.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Client {
    /// Connects.
    pub(crate) async fn connect(address: &str) -> Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::new(stream), body: Vec::new() })
    }

    /// Asks for a path and gives the status and the length of the body.
    pub(crate) async fn get(&mut self, path: &str, headers: &str) -> Result<(u16, usize)> {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\n{headers}\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).context("no status line")?;
        let (mut length, mut chunked) = (0usize, false);
        loop {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            } else if header.starts_with("transfer-encoding:") {
                chunked = header.contains("chunked");
            }
        }
        if !chunked {
            self.body.resize(length, 0);
            self.stream.read_exact(&mut self.body).await?;
            return Ok((status, length));
        }
        let mut total = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let size = usize::from_str_radix(line.trim(), 16).context("no length of a chunk")?;
            self.body.resize(size + 2, 0);
            self.stream.read_exact(&mut self.body).await?;
            total += size;
            if size == 0 {
                return Ok((status, total));
            }
        }
    }
}

/// How requests are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Requests a second.
    pub(crate) rate: u32,
    /// Clients, each with a connection that is kept.
    pub(crate) clients: u32,
    /// For how many seconds.
    pub(crate) seconds: u32,
}

/// Asks for the paths in turn at a steady rate. Every answer must be 200.
pub(crate) async fn open_loop(
    address: &str,
    headers: &str,
    paths: Arc<Vec<String>>,
    load: Load,
) -> Result<Latency> {
    let total = (load.rate * load.seconds) as usize;
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now() + Duration::from_millis(200);
    let mut clients = Vec::new();
    for _ in 0..load.clients {
        let (next, paths) = (next.clone(), paths.clone());
        let (address, headers) = (address.to_owned(), headers.to_owned());
        clients.push(tokio::spawn(async move {
            let mut client = Client::connect(&address).await?;
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= total {
                    return Ok::<_, anyhow::Error>(times);
                }
                let due = started + Duration::from_secs_f64(number as f64 / f64::from(load.rate));
                sleep_until(due).await;
                let path = &paths[number % paths.len()];
                let (status, _) = client.get(path, &headers).await?;
                if status != 200 {
                    bail!("{path} was answered with {status}");
                }
                times.push(due.elapsed());
            }
        }));
    }
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await??);
    }
    Ok(Latency::of(times))
}
