//! What was decided before of goods like these, and how goods of a description were classified.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Extent, Reading};
use entente_register::label::Label;
use entente_register::search::{Query, SearchKind};
use entente_register::transfer::application::{Application, LineDecision};
use entente_register::transfer::classify::{
    Classified, ClassifiedIn, ListedEntry, Suggested, classified, suggest,
};
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::opinion::Criterion;
use entente_register::transfer::precedent::{Decided, Precedent, head, precedents};

use super::ApplicationView;
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::reader::access::join;
use crate::reader::{Page, Reader, sql};

const DOING: &str = "reading precedents";

/// Precedents that are shown.
const MOST_SHOWN: usize = 10;

/// Rows of decisions that are looked at for each head of the control list and each end user: who has more is told so.
const MOST_READ: usize = 500;

/// Heads of the control list, and end users, by which decisions are looked for.
const MOST_WAYS: usize = 20;

/// An earlier decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrecedentRow {
    /// How near it is, when it was, and what came of it.
    pub precedent: Precedent,
    /// What the application was about.
    pub title: String,
    /// State of destination.
    pub destination: String,
    /// Number of the licence, where something was granted.
    pub licence: Option<String>,
    /// By which criteria something was refused.
    pub criteria: BTreeSet<Criterion>,
    /// On how many conditions something was granted.
    pub conditions: usize,
}

/// Earlier decisions that are near to an application, of those open to the actor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PrecedentsView {
    /// How many there are in all.
    pub total: usize,
    /// Whether older ones were not looked at.
    pub is_more: bool,
    /// How many of them granted all that is near, a part, or nothing.
    pub outcomes: BTreeMap<entente_register::transfer::precedent::Outcome, usize>,
    /// The nearest.
    pub rows: Vec<PrecedentRow>,
}

/// What is suggested for goods of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassifyView {
    /// Control lists in force, each with its edition, whatever was found in them.
    pub lists: BTreeSet<(String, String)>,
    /// Entries that bear the words.
    pub suggested: Vec<Suggested>,
    /// How such goods were classified in applications that are open to the actor.
    pub classified: Vec<Classified>,
    /// The join of the markings of what is given.
    pub label: Option<Label>,
}

impl Reader {
    /// The precedents of an application: none for whoever does not see all of it.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn precedents(&self, of: &ApplicationView) -> Outcome<PrecedentsView> {
        let mut view = PrecedentsView::default();
        let content = &of.application.content;
        // Of a draft without lines nothing is like it.
        if of.sight != Sight::Whole || content.lines.is_empty() {
            return Ok(view);
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let heads: BTreeSet<String> =
            content.lines.iter().map(|line| head(&line.category).to_ascii_uppercase()).collect();
        let state = parameters.add(content.destination.clone());
        let own = parameters.add(of.application.number.clone());
        let mut ways: Vec<String> = Vec::new();
        for head in heads.into_iter().take(MOST_WAYS) {
            ways.push(format!("r.destination = {state} AND r.head = {}", parameters.add(head)));
        }
        for user in content.end_users().into_iter().take(MOST_WAYS) {
            ways.push(format!("r.end_user = {}", parameters.add(user.to_owned())));
        }
        let open = |alias: &str| format!("{alias}.known_from <= $1 AND {alias}.decided_on <= $2");
        // Each way has an index in which the last decisions stand together: older ones are not gone through.
        let parts = ways.iter().enumerate().map(|(place, way)| {
            format!(
                "SELECT * FROM (SELECT CAST({place} AS BIGINT) AS way, r.application, r.decided_on, r.destination, r.end_user, r.category, r.is_granted, r.is_refused FROM precedent r WHERE {way} AND r.application <> {own} AND {} {} AND NOT EXISTS (SELECT 1 FROM precedent l WHERE l.application = r.application AND l.known_from > r.known_from AND {}) ORDER BY r.known_from DESC, r.application, r.category, r.end_user LIMIT {}) w{place}",
                open("r"),
                self.labels.filter("r.label"),
                open("l"),
                MOST_READ + 1
            )
        });
        let sql = parts.collect::<Vec<_>>().join(" UNION ALL ");
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let mut read: BTreeMap<i64, usize> = BTreeMap::new();
        for row in &rows {
            *read.entry(row.int(0)?).or_default() += 1;
        }
        view.is_more = read.values().any(|many| *many > MOST_READ);
        let decided = rows.iter().map(decided_row).collect::<Result<BTreeSet<_>, Fault>>()?;
        let decided: Vec<Decided> = decided.into_iter().collect();
        let near = precedents(content, &decided);
        view.total = near.len();
        for one in &near {
            *view.outcomes.entry(one.outcome).or_default() += 1;
        }
        let shown: Vec<Precedent> = near.into_iter().take(MOST_SHOWN).collect();
        let numbers: BTreeSet<&str> = shown.iter().map(|one| one.application.as_str()).collect();
        let (mut details, label) = self.applications_by(&mut connection, &numbers).await?;
        view.rows = shown
            .into_iter()
            .filter_map(|precedent| {
                let application = details.remove(&precedent.application)?;
                let decision =
                    application.decisions.iter().rev().find(|decision| decision.on == precedent.on);
                let mut criteria = BTreeSet::new();
                for line in decision.iter().flat_map(|decision| &decision.proposal.lines) {
                    if let LineDecision::Refuse { criteria: by, .. } = line {
                        criteria.extend(by.iter().copied());
                    }
                }
                Some(PrecedentRow {
                    precedent,
                    title: application.content.title,
                    destination: application.content.destination,
                    licence: decision.and_then(|decision| decision.licence.clone()),
                    conditions: decision.map_or(0, |decision| decision.proposal.conditions.len()),
                    criteria,
                })
            })
            .collect();
        drop(transaction);
        if label.is_some() {
            self.log("precedents", label.as_ref()).await?;
        }
        Ok(view)
    }

    /// Whether the actor may ask for suggestions.
    ///
    /// # Errors
    /// `access.read` if it may not read applications.
    pub fn may_classify(&self) -> Outcome<()> {
        self.check(Reading::Applications)?;
        Ok(())
    }

    /// What is suggested for goods that are described in words.
    ///
    /// # Errors
    /// `access.read` if the actor may not read applications.
    pub async fn classify(&self, query: &Query) -> Outcome<ClassifyView> {
        self.check(Reading::Applications)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let sql = format!(
            "SELECT g.number, g.edition_words, e.entry, e.title, e.text, g.label FROM guidance g JOIN control_entry e ON e.list = g.number AND e.edition = g.edition WHERE g.kind = 'control_list' AND g.counts_until >= $2 AND e.entry_key <> '' AND {} {} ORDER BY e.entry_key, g.number",
            sql::stands("g"),
            self.labels.filter("g.label")
        );
        let rows = connection.fetch(DOING, &sql, self.parameters().values()).await?;
        let listed = |row: &Row| {
            Ok(ListedEntry {
                list: row.text(0)?,
                edition: row.optional_text(1)?.unwrap_or_default(),
                entry: row.text(2)?,
                title: row.text(3)?,
                text: row.optional_text(4)?,
            })
        };
        let entries: Vec<ListedEntry> = rows.iter().map(listed).collect::<Result<_, Fault>>()?;
        let lists = entries.iter().map(|one| (one.list.clone(), one.edition.clone())).collect();
        let of = |kind: SearchKind| kind == SearchKind::Application;
        let page = Page { offset: 0, limit: super::super::search::MOST_FOUND };
        let found = self
            .search_texts(&mut connection, query, (&[SearchKind::Application], &of), page)
            .await?
            .remove(&SearchKind::Application);
        let numbers: Vec<String> =
            found.into_iter().flat_map(|found| found.rows).map(|row| row.subject.key).collect();
        let numbers: BTreeSet<&str> = numbers.iter().map(String::as_str).collect();
        let (applications, label) = self.applications_by(&mut connection, &numbers).await?;
        let before: Vec<ClassifiedIn<'_>> = applications
            .values()
            .filter_map(|application| {
                Some(ClassifiedIn {
                    number: &application.number,
                    on: application.submitted_on?,
                    is_granted: application.state == "granted",
                    lines: &application.content.lines,
                })
            })
            .collect();
        let suggested = suggest(query, entries);
        let classified = classified(query, &before);
        // The markings of what is given: of the lists that have an entry among them, and of the applications.
        let shown: BTreeSet<&str> = suggested.iter().map(|one| one.listed.list.as_str()).collect();
        let mut label = label;
        for row in rows.iter() {
            if shown.contains(row.text_ref(0)?) {
                label = join(label, self.labels.get(row.int(5)?)?);
            }
        }
        let view = ClassifyView { lists, suggested, classified, label: label.clone() };
        drop(transaction);
        if label.is_some() {
            self.log("classification", label.as_ref()).await?;
        }
        Ok(view)
    }

    /// Applications that are open to the actor, by number, and the join of their markings.
    async fn applications_by(
        &self,
        connection: &mut Connection<'_>,
        numbers: &BTreeSet<&str>,
    ) -> Outcome<(BTreeMap<String, Application>, Option<Label>)> {
        let extent: Extent = self.check(Reading::Applications)?;
        let mut parameters = self.parameters();
        let condition = self.open_applications(extent, &mut parameters);
        let list = parameters.list(numbers.iter().map(|number| (*number).to_owned()));
        let sql = format!(
            "SELECT t.content, t.label FROM transfer t WHERE t.number IN {list} AND {condition} ORDER BY t.number"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(1)).collect::<Result<Vec<_>, _>>()?)?;
        let mut by = BTreeMap::new();
        for row in &rows {
            let application: Application = row.json(DOING, 0)?;
            by.insert(application.number.clone(), application);
        }
        Ok((by, label))
    }
}

fn decided_row(row: &Row) -> Result<Decided, Fault> {
    Ok(Decided {
        application: row.text(1)?,
        on: row.date(2)?,
        destination: row.text(3)?,
        end_user: row.text(4)?,
        category: row.text(5)?,
        is_granted: row.int(6)? != 0,
        is_refused: row.int(7)? != 0,
    })
}
