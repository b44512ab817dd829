//! Re-exports: the list, and the page of one.

use std::collections::BTreeMap;

use entente_register::access::{Extent, Reading};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::check::Check;
use entente_register::transfer::licence::Licence;
use entente_register::transfer::reexport::{Delivered, Reexport};

use crate::assurance::reexport_facts;
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::reader::{HistoryRow, Listing, Page, Reader};

const DOING: &str = "reading re-exports";

/// Which re-exports are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReexportFilter {
    /// State of the machine; `running` for those that wait for a decision.
    pub state: Option<String>,
    /// The state that the goods go to.
    pub destination: Option<String>,
    /// Number of the licence, or of the certificate, that they are about.
    pub of: Option<String>,
    /// Words of the title or of the number.
    pub words: Option<String>,
}

/// A re-export in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReexportRow {
    /// As it stands.
    pub reexport: Reexport,
    /// Name of who asks.
    pub authority_name: String,
    /// Name of who is to use the goods.
    pub end_user_name: String,
}

/// What was delivered of a line, and what consents take of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReexportLine {
    /// Number of the licence.
    pub licence: String,
    /// Number of its line.
    pub line: u32,
    /// What was delivered, of licences that are open to the actor.
    pub delivered: Option<Delivered>,
}

/// A re-export by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReexportView {
    /// As it stands.
    pub reexport: Reexport,
    /// What stands against it on the reader’s day, while a decision waits; the checks of the decision, once there is one.
    pub checks: Vec<Check>,
    /// What was delivered of its lines, and what other consents that are open to the actor take of it.
    pub lines: Vec<ReexportLine>,
    /// Names of the parties, by number.
    pub parties: BTreeMap<String, String>,
    /// The name of the recipient state, where it is a partner; otherwise its code.
    pub origin_name: String,
    /// The name of the state that the goods go to.
    pub destination_name: String,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

impl Reader {
    /// Re-exports: those that wait for a signature first, then those that wait for a proposal, then the others; the last
    /// first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read re-exports.
    pub async fn reexports(&self, filter: &ReexportFilter, page: Page) -> Outcome<Listing<ReexportRow>> {
        self.check(Reading::Reexports)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_assurances("reexport");
        match filter.state.as_deref() {
            Some("running") => condition.push_str(" AND a.state IN ('requested', 'proposed')"),
            _ => parameters.narrow(&mut condition, [("a.state", &filter.state)]),
        }
        parameters.narrow(&mut condition, [("a.register_key", &filter.destination)]);
        if let Some(of) = &filter.of {
            let of = parameters.add(Some(of.clone()).filter(|of| is_possible(of)));
            condition.push_str(&format!(
                " AND a.number IN (SELECT l.number FROM reexport_link l WHERE l.about = {of} AND l.known_from <= $1)"
            ));
        }
        if let Some(words) = &filter.words {
            parameters.narrow_to_words(words, &["a.title", "a.number"], &mut condition);
        }
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM assurance a WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT a.content, i.name, u.name, a.label FROM assurance a LEFT JOIN party i ON i.number = a.issuer AND i.known_from <= $1 LEFT JOIN party u ON u.number = a.end_user AND u.known_from <= $1 WHERE {condition} ORDER BY CASE a.state WHEN 'proposed' THEN 0 WHEN 'requested' THEN 1 ELSE 2 END, a.registered DESC, a.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(3)).collect::<Result<Vec<_>, _>>()?)?;
        let row = |row: &Row| {
            let reexport: Reexport = row.json(DOING, 0)?;
            let authority = &reexport.requested.content.applicant;
            let authority_name = row.optional_text(1)?.unwrap_or_else(|| authority.clone());
            let user = reexport.requested.content.end_users().into_iter().next().unwrap_or_default();
            let end_user_name = row.optional_text(2)?.unwrap_or_else(|| user.to_owned());
            Ok(ReexportRow { authority_name, end_user_name, reexport })
        };
        let rows = rows.iter().map(row).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("re-exports", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// Re-exports of what went under a licence, or was bound by a certificate, of those open to the actor.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn reexports_of(&self, number: &str) -> Outcome<Vec<ReexportRow>> {
        if self.check(Reading::Reexports).is_err() || !is_possible(number) {
            return Ok(Vec::new());
        }
        let filter = ReexportFilter { of: Some(number.to_owned()), ..ReexportFilter::default() };
        Ok(self.reexports(&filter, Page::first(Page::MOST)).await?.rows)
    }

    /// A re-export’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn reexport(&self, number: &str) -> Outcome<ReexportView> {
        self.check(Reading::Reexports)?;
        let absent = || Refusal::not_found("re-export", number);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let reexport = self.find_reexport(&mut connection, number).await?.ok_or_else(absent)?;
        let subject = SubjectKind::Reexport.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let checks = match (&reexport.decision, reexport.state) {
            (Some(decision), _) => decision.checks.clone(),
            (None, "requested" | "proposed") => {
                let place = self.place();
                // Boxed: what it holds while it waits would lie on the stack of every reading.
                let facts = Box::pin(reexport_facts(&mut connection, &self.store.rules, &place, &reexport));
                reexport.checks(&facts.await?)
            }
            _ => Vec::new(),
        };
        let content = &reexport.requested.content;
        let named = content.named().into_iter().chain(reexport.requested.holders.iter().map(String::as_str));
        let origin = content.origin.clone().unwrap_or_default();
        let view = ReexportView {
            checks,
            lines: self.reexport_lines(&mut connection, &reexport).await?,
            parties: self.party_names(&mut connection, named).await?,
            origin_name: self.partner_name(&mut connection, &origin).await?,
            destination_name: self.partner_name(&mut connection, &content.destination).await?,
            history: self.history(&events),
            version: self.version_of(&mut connection, &subject).await?,
            reexport,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.reexport.label)).await?;
        Ok(view)
    }

    /// What was delivered of the lines of a re-export, as far as the actor may know.
    async fn reexport_lines(
        &self,
        connection: &mut Connection<'_>,
        reexport: &Reexport,
    ) -> Outcome<Vec<ReexportLine>> {
        let mut licences: BTreeMap<&str, Option<Licence>> = BTreeMap::new();
        let mut others: BTreeMap<String, Reexport> = BTreeMap::new();
        for item in &reexport.requested.items {
            let number = item.licence.as_str();
            if licences.contains_key(number) {
                continue;
            }
            let is_whole = self.check(Reading::Licences).is_ok_and(|extent| extent == Extent::All);
            let licence = if is_whole { self.find_licence(connection, number).await? } else { None };
            licences.insert(number, licence);
            let mut parameters = self.parameters();
            let of = parameters.add(number.to_owned());
            let sql = format!(
                "SELECT a.content FROM assurance a WHERE {} AND a.number IN (SELECT l.number FROM reexport_link l WHERE l.about = {of} AND l.known_from <= $1) ORDER BY a.number",
                self.open_assurances("reexport")
            );
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                let other: Reexport = row.json(DOING, 0)?;
                if other.number != reexport.number {
                    others.insert(other.number.clone(), other);
                }
            }
        }
        let line = |(licence, line): (String, u32)| {
            let mut delivered = licences
                .get(licence.as_str())
                .and_then(|found| found.as_ref())
                .map(|found| Delivered::of(found, line));
            if let Some(delivered) = &mut delivered {
                for other in others.values() {
                    let taken = other.takes().get(&(licence.clone(), line)).map_or(0, |quantity| quantity.0);
                    delivered.taken.0 = delivered.taken.0.saturating_add(taken);
                }
            }
            ReexportLine { licence, line, delivered }
        };
        let lines = entente_register::transfer::reexport::sums(&reexport.requested.items);
        Ok(lines.into_keys().map(line).collect())
    }

    /// A re-export as it stands on the reader’s day, if it is open to the actor.
    pub(in crate::reader) async fn find_reexport(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Outcome<Option<Reexport>> {
        self.check(Reading::Reexports)?;
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_assurances("reexport");
        let number = parameters.add(number.to_owned());
        let sql = format!("SELECT a.content FROM assurance a WHERE a.number = {number} AND {condition}");
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        Ok(row.map(|row| row.json(DOING, 0)).transpose()?)
    }

    /// How many re-exports wait for a decision, of those open to the actor.
    pub(super) async fn running_reexports(&self, connection: &mut Connection<'_>) -> Outcome<i64> {
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT) FROM assurance a WHERE {} AND a.waiting > 0",
            self.open_assurances("reexport")
        );
        Ok(connection.fetch_one(DOING, &sql, self.parameters().values()).await?.int(0)?)
    }
}
