//! Bringing editions of statistics in: read whole, kept under their hash, and in force by one event.

use std::path::Path;

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::market::file::{MOST_BYTES, Said, StatisticFile, read_indicators, read_market};
use entente_register::market::{NewEdition, Series, StatisticCommand};
use entente_store::{Error, Fault, Outcome, Receipt, Store};

use crate::screener::edition::read_within;

/// Of what kind a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The market: exports by supplier and year, or the trade register.
    Market,
    /// Figures about states, with what is said of which they are.
    Indicators(Option<Series>),
}

impl Kind {
    /// Of its word, and of an indicator that is named beside.
    ///
    /// # Errors
    /// `statistic.kind` or `statistic.indicator`.
    pub(crate) fn of(word: &str, indicator: Option<&str>) -> Fallible<Kind> {
        let indicator = indicator.map(Series::indicator).transpose()?;
        match word {
            "market" if indicator.is_none() => Ok(Kind::Market),
            "indicators" => Ok(Kind::Indicators(indicator)),
            _ => Err(Refusal::new(
                "statistic.kind",
                format!("{word:?} is no kind of statistic, or names no indicator."),
            )
            .field("kind")
            .missing("market, or indicators with or without `indicator`")),
        }
    }
}

/// A file that comes in.
pub(crate) struct Incoming {
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
    /// From where it comes.
    pub(crate) source: String,
    /// Why it is to come into force though it is older, or much smaller.
    pub(crate) despite: Option<String>,
}

/// What came of it.
pub(crate) struct Imported {
    pub(crate) series: Series,
    pub(crate) edition: NewEdition,
    /// What was recorded; none where the edition was in force already.
    pub(crate) receipt: Option<Receipt>,
}

/// Reads a file and keeps its bytes; gives the command that brings it into force.
///
/// # Errors
/// `statistic.*` with line and column for a file that is not whole: nothing is kept then.
pub(crate) async fn prepare(
    store: &Store,
    actor: &Actor,
    incoming: Incoming,
) -> Outcome<(Series, NewEdition)> {
    let Incoming { kind, bytes, source, despite } = incoming;
    // Reading takes a while: nobody else waits for it.
    let reading = tokio::task::spawn_blocking(move || read(kind, &bytes).map(|file| (file, bytes)));
    let (file, bytes) = reading.await.map_err(|e| Fault::internal("reading a statistic", e))??;
    let content = store.keep_statistic(actor, bytes).await?;
    let edition = NewEdition::of(&file, content, source, despite)?;
    Ok((file.series, edition))
}

fn read(kind: Kind, bytes: &[u8]) -> Fallible<StatisticFile> {
    match kind {
        Kind::Market => read_market(bytes),
        Kind::Indicators(indicator) => read_indicators(bytes, Said { indicator }),
    }
}

/// Brings an edition into force. The edition that is in force comes in again without a trace.
///
/// # Errors
/// As [`prepare`]; what the rule of statistics refuses.
pub(crate) async fn import(store: &Store, actor: &Actor, incoming: Incoming) -> Outcome<Imported> {
    let (series, edition) = prepare(store, actor, incoming).await?;
    let command = StatisticCommand::Import(edition.clone());
    let receipt = match store.execute(actor, Command::Statistic { series, command }).await {
        Ok(receipt) => Some(receipt),
        Err(Error::Refusal(refusal)) if refusal.code == "statistic.same_edition" => None,
        Err(error) => return Err(error),
    };
    Ok(Imported { series, edition, receipt })
}

/// The bytes of a file.
///
/// # Errors
/// `file.unreadable`, or `statistic.too_large` beyond what is taken.
pub(crate) fn read_file(file: &Path) -> Fallible<Vec<u8>> {
    read_within(file, MOST_BYTES as u64, || {
        Refusal::new("statistic.too_large", format!("{} is too large.", file.display()))
            .field("file")
            .missing(format!("at most {MOST_BYTES} bytes"))
    })
}

/// The name of a file, as the place from which an edition came.
pub(crate) fn source_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    name.chars().filter(|c| !c.is_control()).take(400).collect()
}
