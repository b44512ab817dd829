//! Editions of statistics: the rows are read out of the bytes that the register holds, whenever the views are built.

use entente_register::ledger::SubjectKind;
use entente_register::market::file::{Deal, Figure, Rows, read_edition};
use entente_register::market::{EditionInForce, Series, StatisticImported};

use super::buffer::Buffer;
use super::content_of;
use crate::database::Connection;
use crate::document::is_content;
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing a statistic";

/// The tables `statistic_edition`, `statistic_figure` and `market_deal`.
pub(super) struct Statistics {
    editions: Buffer,
    figures: Buffer,
    deals: Buffer,
}

impl Default for Statistics {
    fn default() -> Statistics {
        Statistics {
            editions: Buffer::inserting(
                DOING,
                "INSERT INTO statistic_edition (series, known_from, content, label, whole)",
                "",
            ),
            figures: Buffer::inserting(
                DOING,
                "INSERT INTO statistic_figure (series, edition, year, position, whose, code, name, value)",
                "",
            ),
            deals: Buffer::inserting(
                DOING,
                "INSERT INTO market_deal (edition, position, recipient, supplier, ordered, first_year, last_year, content)",
                "",
            ),
        }
    }
}

impl Statistics {
    /// Adds an edition with all its rows.
    pub(super) async fn import(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        imported: &StatisticImported,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let key = &event.subject.key;
        let series: Series = match event.subject.kind {
            SubjectKind::Statistic => {
                key.parse().map_err(|_| Fault::damaged(DOING, format!("{key:?} is no series")))?
            }
            other => return Err(Fault::damaged(DOING, format!("a {} is no statistic", other.word()))),
        };
        let content = imported.document.content.as_deref().unwrap_or_default();
        let edition = EditionInForce {
            series,
            imported: imported.clone(),
            imported_on: event.occurred_on,
            imported_by: recorded.actor.clone(),
        };
        self.editions.insert(vec![
            key.clone().into(),
            recorded.sequence.into(),
            content.to_owned().into(),
            label.into(),
            content_of(DOING, &edition)?.into(),
        ]);
        let bytes = bytes_of(connection, content).await?;
        let reading = move || read_edition(&bytes, series);
        // Some ten thousand rows: nobody else waits for them.
        let file = tokio::task::spawn_blocking(reading)
            .await
            .map_err(|e| Fault::internal(DOING, e))?
            .map_err(|refusal| Fault::damaged(DOING, refusal.message))?;
        match file.rows {
            Rows::Figures(figures) => {
                for (position, figure) in (1_i64..).zip(figures) {
                    self.figure(recorded.sequence, series, position, figure);
                }
            }
            Rows::Deals(deals) => {
                for (position, deal) in (1_i64..).zip(deals) {
                    self.deal(recorded.sequence, position, deal)?;
                }
            }
        }
        Ok(())
    }

    fn figure(&mut self, edition: i64, series: Series, position: i64, figure: Figure) {
        self.figures.insert(vec![
            series.word().into(),
            edition.into(),
            i64::from(figure.year).into(),
            position.into(),
            figure.whose.word().into(),
            figure.code.into(),
            figure.name.into(),
            figure.value.to_string().into(),
        ]);
    }

    fn deal(&mut self, edition: i64, position: i64, deal: Deal) -> Result<(), Fault> {
        // Its fields stand in one order: the same deal is always the same text.
        let content = serde_json::to_string(&deal).map_err(|e| Fault::internal(DOING, e))?;
        let year = |year: Option<i16>| year.map(i64::from);
        self.deals.insert(vec![
            edition.into(),
            position.into(),
            deal.recipient.clone().into(),
            deal.supplier.clone().into(),
            year(deal.ordered.as_ref().map(|ordered| ordered.value)).into(),
            year(deal.years().min()).into(),
            year(deal.years().max()).into(),
            content.into(),
        ]);
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.editions.len() + self.figures.len() + self.deals.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.editions.flush(connection).await?;
        self.figures.flush(connection).await?;
        self.deals.flush(connection).await
    }
}

/// The bytes of an edition, checked against their hash.
async fn bytes_of(connection: &mut Connection<'_>, content: &str) -> Result<Vec<u8>, Fault> {
    let sql = "SELECT bytes FROM document_content WHERE content = $1";
    let row = connection.fetch_optional(DOING, sql, &[content.into()]).await?.ok_or_else(|| {
        Fault::damaged(DOING, format!("the document {content}, which the event names, is not held"))
    })?;
    let bytes = row.bytes(0)?;
    if is_content(content, &bytes) {
        return Ok(bytes);
    }
    Err(Fault::damaged(DOING, format!("the document {content} is not what was kept")))
}
