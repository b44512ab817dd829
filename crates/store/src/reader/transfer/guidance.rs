//! What transfers are weighed by: lists, the page of a file, and what of it stands beside an application.

use std::collections::BTreeMap;

use entente_register::access::Reading;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::guidance::routing::Routed;
use entente_register::transfer::guidance::{Edition, Guidance, GuidanceContent, GuidanceKind};
use entente_register::transfer::ledger::Sight;

use super::ApplicationView;
use crate::database::{Connection, Row, Value};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::guidance::{routed_at, territories};
use crate::reader::sql;
use crate::reader::{HistoryRow, Listing, Page, Reader};

const DOING: &str = "reading what transfers are weighed by";

/// Which files are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuidanceFilter {
    /// What they are.
    pub kind: Option<GuidanceKind>,
    /// `waiting`, `in_force`, `ended`, or `due` for those of which the day has come.
    pub state: Option<String>,
    /// State or region.
    pub territory: Option<String>,
    /// Words of the title or the number.
    pub words: Option<String>,
}

/// A file in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuidanceRow {
    /// As it stands.
    pub file: Guidance,
    /// Name of the state or region, where it is known; otherwise its code.
    pub territory_name: Option<String>,
}

/// A file by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuidanceView {
    /// As it stands.
    pub file: Guidance,
    /// Names of the parties that it names, by number.
    pub parties: BTreeMap<String, String>,
    /// Name of the state or region, where there is one.
    pub territory_name: Option<String>,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// A figure of a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorRow {
    /// Number of the file.
    pub number: String,
    /// What it measures.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The latest value.
    pub value: String,
    /// Of which year.
    pub year: i16,
    /// How many states stand better, of how many.
    pub better: usize,
    /// Of how many states there is a figure of that year.
    pub states: usize,
    /// The value before, with its year.
    pub before: Option<(String, i16)>,
}

/// What stands beside the assessment of an application.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DestinationView {
    /// Standing assessments of the destination and of regions of it, each with the edition that counts.
    pub standing: Vec<(String, Edition)>,
    /// Figures of the destination.
    pub indicators: Vec<IndicatorRow>,
    /// What the routing rules say.
    pub routed: Routed,
}

impl Reader {
    /// Files: those that wait for a second person first, then those in force, the nearest day first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read what transfers are weighed by.
    pub async fn guidance_files(&self, filter: &GuidanceFilter, page: Page) -> Outcome<Listing<GuidanceRow>> {
        self.check(Reading::Guidance)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_guidance();
        let kind = filter.kind.map(|kind| kind.word().to_owned());
        match filter.state.as_deref() {
            Some("due") => condition.push_str(" AND g.due_on < $2"),
            _ => parameters.narrow(&mut condition, [("g.state", &filter.state)]),
        }
        parameters.narrow(&mut condition, [("g.kind", &kind), ("g.territory", &filter.territory)]);
        if let Some(words) = &filter.words {
            parameters.narrow_to_words(words, &["g.title", "g.number"], &mut condition);
        }
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM guidance g WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT g.content, coalesce(p.name, r.name, g.territory), g.label FROM guidance g LEFT JOIN partner p ON p.code = g.territory AND p.known_from <= $1 LEFT JOIN partner_group r ON r.code = g.territory AND r.known_from <= $1 WHERE {condition} ORDER BY CASE g.state WHEN 'waiting' THEN 0 WHEN 'in_force' THEN 1 ELSE 2 END, coalesce(g.due_on, '9999-12-31'), g.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(2)).collect::<Result<Vec<_>, _>>()?)?;
        let row =
            |row: &Row| Ok(GuidanceRow { file: row.json(DOING, 0)?, territory_name: row.optional_text(1)? });
        let rows = rows.iter().map(row).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("guidance", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// A file’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn guidance(&self, number: &str) -> Outcome<GuidanceView> {
        self.check(Reading::Guidance)?;
        let absent = || Refusal::not_found("guidance", number);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let file = self.find_guidance(&mut connection, number).await?.ok_or_else(absent)?;
        let subject = SubjectKind::Guidance.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let mut named: Vec<String> = Vec::new();
        for edition in &file.editions {
            let of = entente_register::transfer::guidance::named(&edition.content);
            named.extend(of.into_iter().map(|(_, party)| party.to_owned()));
        }
        let territory = file.shown().and_then(|edition| edition.content.territory()).map(str::to_owned);
        let territory_name = match territory {
            None => None,
            Some(territory) => {
                let sql = "SELECT coalesce((SELECT p.name FROM partner p WHERE p.code = $2 AND p.known_from <= $1), (SELECT r.name FROM partner_group r WHERE r.code = $2 AND r.known_from <= $1), $2)";
                let values: [Value<'_>; 2] = [self.horizon.sequence.into(), territory.into()];
                Some(connection.fetch_one(DOING, sql, &values).await?.text(0)?)
            }
        };
        let view = GuidanceView {
            parties: self.party_names(&mut connection, named.iter().map(String::as_str)).await?,
            version: self.version_of(&mut connection, &subject).await?,
            history: self.history(&events),
            territory_name,
            file,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.file.label)).await?;
        Ok(view)
    }

    /// What stands beside the assessment of an application; nothing where the actor does not read what transfers are weighed
    /// by, or not all of the application.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn beside_assessment(&self, of: &ApplicationView) -> Outcome<DestinationView> {
        let mut view = DestinationView::default();
        if self.check(Reading::Guidance).is_err() || of.sight != Sight::Whole {
            return Ok(view);
        }
        let application = &of.application;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let place = self.place();
        let destination = &application.content.destination;
        view.routed = routed_at(&mut connection, &place, application).await?;
        let mut parameters = self.parameters();
        let list = parameters.list(territories(&mut connection, &place, destination).await?);
        let sql = format!(
            "SELECT g.content, g.label FROM guidance g WHERE {} AND (g.kind = 'indicator' OR (g.kind = 'standing_assessment' AND g.territory IN {list})) ORDER BY g.number",
            self.open_guidance()
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(1)).collect::<Result<Vec<_>, _>>()?)?;
        for row in &rows {
            let file: Guidance = row.json(DOING, 0)?;
            let Some(edition) = file.on(self.as_of) else { continue };
            match &edition.content {
                GuidanceContent::StandingAssessment(_) => {
                    view.standing.push((file.number.clone(), edition.clone()));
                }
                GuidanceContent::Indicator(indicator) => {
                    let Some(standing) = indicator.standing(destination, self.as_of.year()) else { continue };
                    view.indicators.push(IndicatorRow {
                        number: file.number.clone(),
                        title: indicator.title.clone(),
                        publisher: indicator.publisher.clone(),
                        value: standing.figure.value.clone(),
                        year: standing.figure.year,
                        better: standing.better,
                        states: standing.states,
                        before: standing.before.map(|before| (before.value.clone(), before.year)),
                    });
                }
                _ => {}
            }
        }
        drop(transaction);
        if label.is_some() {
            self.log("guidance", label.as_ref()).await?;
        }
        Ok(view)
    }

    /// A file as it stands on the reader’s day, if it is open to the actor.
    pub(in crate::reader) async fn find_guidance(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Outcome<Option<Guidance>> {
        self.check(Reading::Guidance)?;
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let number = parameters.add(number.to_owned());
        let sql = format!(
            "SELECT g.content FROM guidance g WHERE g.number = {number} AND {}",
            self.open_guidance()
        );
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        Ok(row.map(|row| row.json(DOING, 0)).transpose()?)
    }

    /// The condition on rows `g` that are open to the actor as of the reader’s day at its horizon.
    pub(super) fn open_guidance(&self) -> String {
        format!("{} {}", sql::stands("g"), self.labels.filter("g.label"))
    }
}
