//! Lists of those under measures, their editions, cases, and how a party is screened.

use entente_register::access::Reading;
use entente_register::ledger::{Refusal, Subject, SubjectKind};
use entente_register::party::PartyKind;
use entente_register::screening::{Case, EditionInForce, Held, List, Standing, is_settled};

use super::document::content_bytes;
use super::party::party_kind;
use super::sql::{self, Parameters};
use super::{HistoryRow, Listing, Page, Reader};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

const DOING: &str = "reading lists and cases";

/// A list as it stands on the reader's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// The list, with its policy, the edition in force and the last run.
    pub list: List,
    /// Why it clears nobody on the reader's day; none where it may be relied on.
    pub held: Option<Held>,
}

/// An edition of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionRow {
    /// Name of the list.
    pub list: String,
    /// The hash of its bytes.
    pub content: String,
    /// As it was loaded.
    pub edition: EditionInForce,
    /// Place in the ledger.
    pub sequence: i64,
}

/// A list by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListView {
    /// As it stands.
    pub row: ListRow,
    /// Its editions by the reader's day, the latest first.
    pub editions: Vec<EditionRow>,
    /// What has happened to it, the latest first.
    pub history: Listing<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// In which order cases are listed, once those of which something is asked stand before the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// The best hits first.
    #[default]
    Score,
    /// As they are worked off: open, escalated, with a clearance that waits, the others; of each the oldest first.
    Queue,
}

impl CaseOrder {
    fn sql(self) -> &'static str {
        match self {
            CaseOrder::Score => "s.score DESC, s.number",
            CaseOrder::Queue => {
                "CASE s.state WHEN 'open' THEN 0 WHEN 'escalated' THEN 1 WHEN 'clearance_proposed' THEN 2 ELSE 3 END, (SELECT min(f.known_from) FROM screening f WHERE f.number = s.number), s.number"
            }
        }
    }
}

/// Which cases are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// A state of a case.
    pub state: Option<String>,
    /// Only those of which something is still asked.
    pub waiting: bool,
    /// Name of the list.
    pub list: Option<String>,
    /// Number of the party.
    pub party: Option<String>,
    /// Identifier of the entry.
    pub entry: Option<String>,
    /// In which order they are given.
    pub order: CaseOrder,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: Case,
    /// Name of the party.
    pub party_name: String,
    /// What a hit on its list asks for.
    pub standing: Standing,
    /// Whether nothing is asked of anybody any more.
    pub settled: bool,
}

/// A case by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseView {
    /// As it stands in the list.
    pub row: CaseRow,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// A party as it is screened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreenedParty {
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What sort of party.
    pub kind: PartyKind,
    /// State of establishment, ISO 3166-1 alpha-3.
    pub state: String,
    /// The entry of the ledger since which it stands so.
    pub sequence: i64,
}

/// How a party stands, worked out from lists, runs and cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyScreening {
    /// The party.
    pub party: ScreenedParty,
    /// Why nothing clears it, list by list: no lists at all, a list that is held, or a run that is still to come.
    pub held: Vec<Held>,
    /// Its cases, those of which something is asked first.
    pub cases: Vec<CaseRow>,
}

impl PartyScreening {
    /// Whether the party is clear: every list could be asked, and nothing is asked of anybody.
    pub fn is_clear(&self) -> bool {
        self.held.is_empty() && self.cases.iter().all(|row| row.settled)
    }
}

const CASE: &str = "s.content, p.name, l.state, s.label";

impl Reader {
    /// The last entry of the ledger that the reader knows of.
    pub fn through(&self) -> i64 {
        self.horizon.sequence
    }

    /// All lists, by name.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them.
    pub async fn lists(&self) -> Outcome<Vec<ListRow>> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        Ok(self.select_lists(&mut transaction.connection(), None).await?)
    }

    /// A list with its editions and its history.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn list(&self, name: &str, page: Page) -> Outcome<ListView> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let row =
            self.find_list(&mut connection, name).await?.ok_or_else(|| Refusal::not_found("list", name))?;
        let subject = SubjectKind::List.subject(name);
        Ok(ListView {
            editions: self.select_editions(&mut connection, name, None).await?,
            history: self.latest_history(&mut connection, &subject, page).await?,
            version: self.version_of(&mut connection, &subject).await?,
            row,
        })
    }

    /// The editions of a list by the reader's day, the latest first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them.
    pub async fn editions(&self, list: &str) -> Outcome<Vec<EditionRow>> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        Ok(self.select_editions(&mut transaction.connection(), list, None).await?)
    }

    /// The edition of a list whose hash begins so.
    ///
    /// # Errors
    /// `not_found` where there is none, or several.
    pub async fn edition(&self, list: &str, hash: &str) -> Outcome<EditionRow> {
        self.check(Reading::Screening)?;
        let absent = || Refusal::not_found("edition", &format!("{list}@{hash}"));
        let shaped =
            hash.len() >= 6 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !shaped {
            return Err(absent().into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut found = self.select_editions(&mut transaction.connection(), list, Some(hash)).await?;
        let Some(first) = found.pop() else { return Err(absent().into()) };
        // The same bytes may have come into force more than once.
        if found.iter().any(|other| other.content != first.content) {
            return Err(absent().into());
        }
        Ok(first)
    }

    /// The bytes of an edition, checked against their hash.
    ///
    /// # Errors
    /// `not_found` where the register holds none that is open to the actor.
    pub async fn edition_bytes(&self, list: &str, content: &str) -> Outcome<Vec<u8>> {
        self.edition(list, content).await?;
        let mut transaction = self.store.database.read().await?;
        let kept = content_bytes(DOING, &mut transaction.connection(), content).await?;
        let (_, bytes) = kept.ok_or_else(|| Refusal::not_found("edition", content))?;
        Ok(bytes)
    }

    /// Cases: those of which something is asked first, then in the order asked for.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them.
    pub async fn cases(&self, filter: &CaseFilter, page: Page) -> Outcome<Listing<CaseRow>> {
        self.check(Reading::Screening)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let condition = self.open_cases(filter, &mut parameters);
        let tables = self.case_tables();
        let sql = format!("SELECT CAST(count(*) AS BIGINT) {tables} WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT {CASE} {tables} WHERE {condition} ORDER BY CASE WHEN {SETTLED} THEN 1 ELSE 0 END, {} LIMIT {limit} OFFSET {offset}",
            filter.order.sql()
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(3)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(case_row).collect::<Result<Vec<_>, Fault>>()?;
        drop(transaction);
        self.log("cases", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// A case with its history.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn case(&self, number: &str) -> Outcome<CaseView> {
        self.check(Reading::Screening)?;
        let absent = || Refusal::not_found("case", number);
        if !is_possible(number) {
            return Err(absent().into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_cases(&CaseFilter::default(), &mut parameters);
        condition.push_str(&format!(" AND s.number = {}", parameters.add(number.to_owned())));
        let sql = format!("SELECT {CASE} {} WHERE {condition}", self.case_tables());
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?.ok_or_else(absent)?;
        let row = case_row(&row)?;
        let subject = SubjectKind::Case.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let view = CaseView {
            history: self.history(&events),
            version: self.version_of(&mut connection, &subject).await?,
            row,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.row.case.label)).await?;
        Ok(view)
    }

    /// All cases of a list that are not withdrawn, for a run.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them.
    pub async fn live_cases(&self, list: &str) -> Outcome<Vec<Case>> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        let filter = CaseFilter { list: Some(list.to_owned()), ..CaseFilter::default() };
        let mut parameters = self.parameters();
        let condition = self.open_cases(&filter, &mut parameters);
        let sql = format!(
            "SELECT {CASE} {} WHERE {condition} AND s.state <> 'withdrawn' ORDER BY s.number",
            self.case_tables()
        );
        let rows = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        let rows = rows.iter().map(case_row).collect::<Result<Vec<_>, Fault>>()?;
        Ok(rows.into_iter().map(|row| row.case).collect())
    }

    /// All parties that the actor may see, for a run.
    ///
    /// # Errors
    /// `access.read` if the actor may not read lists.
    pub async fn screened_parties(&self) -> Outcome<Vec<ScreenedParty>> {
        self.check(Reading::Screening)?;
        let mut transaction = self.store.database.read().await?;
        let sql = format!(
            "SELECT p.number, p.name, p.kind, p.state, p.known_from FROM party p WHERE p.known_from <= $1 {} ORDER BY p.known_from, p.number",
            self.labels.filter("p.label")
        );
        let values = [self.horizon.sequence.into()];
        let rows = transaction.connection().fetch(DOING, &sql, &values).await?;
        Ok(rows.iter().map(party_row).collect::<Result<Vec<_>, Fault>>()?)
    }

    /// How a party stands: against the editions in force on the reader's day, by this engine at this threshold.
    ///
    /// # Errors
    /// `not_found` where there is no such party that is open to the actor.
    pub async fn party_screening(
        &self,
        number: &str,
        engine: &str,
        threshold: u32,
    ) -> Outcome<PartyScreening> {
        self.check(Reading::Screening)?;
        let absent = || Refusal::not_found("party", number);
        if !is_possible(number) {
            return Err(absent().into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let sql = format!(
            "SELECT p.number, p.name, p.kind, p.state, p.known_from, p.label FROM party p WHERE p.number = $2 AND p.known_from <= $1 {}",
            self.labels.filter("p.label")
        );
        let values = [self.horizon.sequence.into(), number.into()];
        let row = connection.fetch_optional(DOING, &sql, &values).await?.ok_or_else(absent)?;
        let (party, label) = (party_row(&row)?, self.labels.get(row.int(5)?)?.clone());
        let lists = self.select_lists(&mut connection, None).await?;
        let mut held: Vec<Held> = Vec::new();
        if lists.is_empty() {
            held.push(Held::no_list());
        }
        let of_party = (number, party.sequence);
        held.extend(
            lists.iter().filter_map(|row| row.list.held_for(self.as_of, (engine, threshold), of_party)),
        );
        let filter = CaseFilter { party: Some(number.to_owned()), ..CaseFilter::default() };
        let mut parameters = self.parameters();
        let condition = self.open_cases(&filter, &mut parameters);
        let sql = format!(
            "SELECT {CASE} {} WHERE {condition} ORDER BY CASE WHEN {SETTLED} THEN 1 ELSE 0 END, s.score DESC, s.number",
            self.case_tables()
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let cases = rows.iter().map(case_row).collect::<Result<Vec<_>, Fault>>()?;
        drop(transaction);
        self.log(format!("{} screening", SubjectKind::Party.subject(number)), Some(&label)).await?;
        Ok(PartyScreening { party, held, cases })
    }

    /// A list that is open to the actor.
    pub(super) async fn find_list(
        &self,
        connection: &mut Connection<'_>,
        name: &str,
    ) -> Result<Option<ListRow>, Fault> {
        if !is_possible(name) {
            return Ok(None);
        }
        Ok(self.select_lists(connection, Some(name)).await?.into_iter().next())
    }

    pub(super) async fn select_lists(
        &self,
        connection: &mut Connection<'_>,
        name: Option<&str>,
    ) -> Result<Vec<ListRow>, Fault> {
        let mut parameters = self.parameters();
        let mut condition =
            format!("s.kind = 'list' AND {} {}", sql::stands("s"), self.labels.filter("s.label"));
        if let Some(name) = name {
            condition.push_str(&format!(" AND s.number = {}", parameters.add(name.to_owned())));
        }
        let sql = format!("SELECT s.content FROM screening s WHERE {condition} ORDER BY s.number");
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                let list: List = row.json(DOING, 0)?;
                Ok(ListRow { held: list.held(self.as_of), list })
            })
            .collect()
    }

    /// The editions of a list, the latest first; of these, those whose hash begins so.
    async fn select_editions(
        &self,
        connection: &mut Connection<'_>,
        list: &str,
        hash: Option<&str>,
    ) -> Result<Vec<EditionRow>, Fault> {
        if !is_possible(list) {
            return Ok(Vec::new());
        }
        let mut parameters = self.parameters();
        let own = parameters.add(list.to_owned());
        let mut condition = format!(
            "e.list = {own} AND e.known_from <= $1 AND e.loaded_on <= $2 {}",
            self.labels.filter("e.label")
        );
        if let Some(hash) = hash {
            // Hexadecimal digits alone: all hashes that begin so stand between these two.
            let (from, to) = (parameters.add(hash.to_owned()), parameters.add(format!("{hash}g")));
            condition.push_str(&format!(" AND e.content >= {from} AND e.content < {to}"));
        }
        let sql = format!(
            "SELECT e.content, e.known_from, e.whole FROM list_edition e WHERE {condition} ORDER BY e.known_from DESC"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                Ok(EditionRow {
                    list: list.to_owned(),
                    content: row.text(0)?,
                    sequence: row.int(1)?,
                    edition: row.json(DOING, 2)?,
                })
            })
            .collect()
    }

    pub(super) fn case_tables(&self) -> String {
        // A case is no case without its party and its list, and bears the party's marking.
        format!(
            "FROM screening s JOIN party p ON p.number = s.party JOIN screening l ON l.number = s.list AND {}",
            sql::stands("l")
        )
    }

    /// The condition on cases `s` that are open to the actor.
    pub(super) fn open_cases(&self, filter: &CaseFilter, parameters: &mut Parameters<'_>) -> String {
        let mut condition =
            format!("s.kind = 'case' AND {} {}", sql::stands("s"), self.labels.filter("s.label"));
        let asked = [
            ("s.state", &filter.state),
            ("s.list", &filter.list),
            ("s.party", &filter.party),
            ("s.entry", &filter.entry),
        ];
        parameters.narrow(&mut condition, asked);
        if filter.waiting {
            condition.push_str(&format!(" AND NOT {SETTLED}"));
        }
        condition
    }

    /// Whether a subject is a list that is open to the actor.
    pub(super) async fn sees_list(
        &self,
        connection: &mut Connection<'_>,
        subject: &Subject,
    ) -> Outcome<bool> {
        self.check(Reading::Screening)?;
        Ok(self.find_list(connection, &subject.key).await?.is_some())
    }
}

/// As [`is_settled`], of a case `s` of a list `l`.
pub(super) const SETTLED: &str =
    "(s.state IN ('cleared', 'withdrawn') OR (s.state = 'acknowledged' AND l.state = 'advisory'))";

fn case_row(row: &Row) -> Result<CaseRow, Fault> {
    let case: Case = row.json(DOING, 0)?;
    let standing: Standing =
        row.text_ref(2)?.parse().map_err(|e: Refusal| Fault::damaged(DOING, e.message))?;
    Ok(CaseRow { settled: is_settled(case.state, standing), party_name: row.text(1)?, standing, case })
}

fn party_row(row: &Row) -> Result<ScreenedParty, Fault> {
    Ok(ScreenedParty {
        number: row.text(0)?,
        name: row.text(1)?,
        kind: party_kind(row, 2)?,
        state: row.text(3)?,
        sequence: row.int(4)?,
    })
}
