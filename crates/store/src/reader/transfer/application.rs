//! The queue of applications, and the page of one.

use std::collections::BTreeSet;

use entente_register::access::{Extent, Reading, Role};
use entente_register::ledger::{Event, Refusal, SubjectKind};
use entente_register::transfer::application::Application;
use entente_register::transfer::check::{Check, run};
use entente_register::transfer::ledger::{AUTHORITY, Sight, state_outside};

use super::queue::{NAMES, Queue};
use super::{ApplicationFilter, ApplicationRow, ApplicationView, OpinedView, TransferLink};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::reader::sql::{self, Parameters};
use crate::reader::{Listing, Page, Reader};
use crate::transfer::{Place, check_facts};

const DOING: &str = "reading applications";

/// States in which an application waits for somebody.
const RUNNING: &str = "('draft', 'open', 'proposed')";

impl Reader {
    /// Applications: those that wait for a second signature first, then those that wait for a decision, the oldest first,
    /// then drafts, then those that have ended, the last first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read applications.
    pub async fn applications(
        &self,
        filter: &ApplicationFilter,
        page: Page,
    ) -> Outcome<Listing<ApplicationRow>> {
        let extent = self.check(Reading::Applications)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.seen_applications(extent, &mut parameters);
        narrow(extent, filter, &mut condition, &mut parameters);
        let state = match extent {
            Extent::All => {
                "CASE t.state WHEN 'proposed' THEN 0 WHEN 'open' THEN 1 WHEN 'draft' THEN 2 ELSE 3 END"
            }
            // That a decision is proposed is not told by the order either.
            Extent::Own => {
                "CASE t.state WHEN 'proposed' THEN 1 WHEN 'open' THEN 1 WHEN 'draft' THEN 2 ELSE 3 END"
            }
        };
        let order = [
            (state, ""),
            ("coalesce(t.decided_on, '')", " DESC"),
            ("coalesce(t.submitted_on, '9999-12-31')", ""),
            ("t.number", ""),
        ];
        let select = "t.number, t.title, t.applicant, a.name, t.destination, p.name, t.state, t.submitted_on, t.decided_on, t.due_on, t.label";
        let queue = Queue { condition, order: &order };
        let Listing { rows, total, page } =
            queue.page(&mut connection, DOING, (select, NAMES), parameters, page).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(10)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(|row| self.application_row(extent, row)).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("applications", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// An application’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn application(&self, number: &str) -> Outcome<ApplicationView> {
        self.check(Reading::Applications)?;
        let absent = || Refusal::not_found("application", number);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let (whole, sight) = self.find_application(&mut connection, number).await?.ok_or_else(absent)?;
        let is_running = matches!(whole.state, "open" | "proposed" | "draft");
        let checks = match sight {
            Sight::Applicant => None,
            _ if is_running => {
                let checks = self.checks_of(&mut connection, &whole).await?;
                Some(checks.into_iter().filter(|check| sight.admits_check(check)).collect())
            }
            _ => None,
        };
        let subject = SubjectKind::Application.subject(number);
        let mut events = self.events_of(&mut connection, &subject).await?;
        self.keep_seen(&mut events, sight);
        let mut history = self.history(&events);
        self.hide_actors(&events, &mut history, sight);
        let opined = self.opined(&mut connection, &whole).await?;
        let application = sight.seen(whole, self.actor.party.as_deref());
        let mut named: BTreeSet<String> =
            application.content.named().into_iter().map(str::to_owned).collect();
        named.extend(application.consulted.keys().cloned());
        let parties = self.party_names(&mut connection, named.iter().map(String::as_str)).await?;
        let view = ApplicationView {
            destination_name: self.partner_name(&mut connection, &application.content.destination).await?,
            version: self.version_of(&mut connection, &subject).await?,
            sight,
            checks,
            parties,
            opined,
            history,
            application,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.application.label)).await?;
        Ok(view)
    }

    /// The advance opinion that an application rests on, if the actor sees the application by which it was given.
    async fn opined(
        &self,
        connection: &mut Connection<'_>,
        application: &Application,
    ) -> Outcome<Option<OpinedView>> {
        let Some(number) = &application.content.advance_opinion else { return Ok(None) };
        let Some((opined, _)) = self.find_application(connection, number).await? else { return Ok(None) };
        let (Some(until), Some(decision)) = (opined.binds_until(), opined.decisions.last()) else {
            return Ok(None);
        };
        Ok(Some(OpinedView {
            number: number.clone(),
            on: decision.on,
            until,
            beyond: application.content.beyond(&opined.content),
        }))
    }

    /// The applications for what a contract is about, of those open to the actor.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn transfers_of(&self, contract: &str) -> Outcome<Vec<TransferLink>> {
        let Ok(extent) = self.check(Reading::Applications) else { return Ok(Vec::new()) };
        if !is_possible(contract) {
            return Ok(Vec::new());
        }
        let mut transaction = self.store.database.read().await?;
        let mut parameters = self.parameters();
        let condition = self.open_applications(extent, &mut parameters);
        let contract = parameters.add(contract.to_owned());
        let licence = sql::stands("l");
        let sql = format!(
            "SELECT t.number, t.title, t.state, l.number, t.label FROM transfer t LEFT JOIN transfer l ON l.application = t.number AND {licence} WHERE t.contract = {contract} AND {condition} ORDER BY t.number"
        );
        let rows = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        let link = |row: &Row| {
            Ok(TransferLink {
                application: row.text(0)?,
                title: row.text(1)?,
                state: state_seen(extent, row.text(2)?),
                licence: row.optional_text(3)?,
                label: self.labels.get(row.int(4)?)?.clone(),
            })
        };
        let links: Vec<TransferLink> = rows.iter().map(link).collect::<Result<_, Fault>>()?;
        drop(transaction);
        let label = self.labels.join(rows.iter().map(|row| row.int(4)).collect::<Result<Vec<_>, _>>()?)?;
        if label.is_some() {
            self.log("applications", label.as_ref()).await?;
        }
        Ok(links)
    }

    /// An application as it stands on the reader’s day, and how much of it is open to the actor.
    pub(in crate::reader) async fn find_application(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Outcome<Option<(Application, Sight)>> {
        let extent = self.check(Reading::Applications)?;
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_applications(extent, &mut parameters);
        let number = parameters.add(number.to_owned());
        let sql = format!("SELECT t.content FROM transfer t WHERE t.number = {number} AND {condition}");
        let Some(row) = connection.fetch_optional(DOING, &sql, parameters.values()).await? else {
            return Ok(None);
        };
        let application: Application = row.json(DOING, 0)?;
        let sight = match extent {
            Extent::All => Some(Sight::Whole),
            Extent::Own => Sight::of_own(&application, &self.actor),
        };
        Ok(sight.map(|sight| (application, sight)))
    }

    /// What stands against an application on the reader’s day.
    pub(super) async fn checks_of(
        &self,
        connection: &mut Connection<'_>,
        application: &Application,
    ) -> Result<Vec<Check>, Fault> {
        let place = self.place();
        // Boxed: what it holds while it waits would lie on the stack of every reading.
        let facts = Box::pin(check_facts(connection, &self.store.rules, &place, application)).await?;
        // Of what was granted, those before a shipment.
        Ok(match application.state {
            "granted" => application.gate_checks(&facts),
            _ => run(&application.content, &facts),
        })
    }

    /// Where in the ledger the reader asks.
    pub(super) fn place(&self) -> Place<'_> {
        Place {
            horizon: self.horizon.sequence,
            as_of: self.as_of,
            days: (self.as_of, self.as_of),
            carried_on: self.as_of,
            engine: self.store.engine.as_deref(),
        }
    }

    /// Keeps the events of which what they say is open to the actor.
    pub(in crate::reader) fn keep_seen(&self, events: &mut Vec<Event>, sight: Sight) {
        let party = self.actor.party.as_deref();
        events.retain(|event| match &event.fact {
            Some(fact) => sight.admits(fact, party),
            None => sight == Sight::Whole,
        });
    }

    /// Takes names of those inside out of what is shown to others.
    fn hide_actors(&self, events: &[Event], history: &mut [crate::reader::HistoryRow], sight: Sight) {
        let shown = events.iter().filter(|event| event.occurred_on <= self.as_of);
        for (event, row) in shown.zip(history) {
            let is_named = event.fact.as_ref().is_some_and(|fact| sight.names_actor(fact));
            if !is_named && sight != Sight::Whole {
                AUTHORITY.clone_into(&mut row.actor);
            }
        }
    }

    /// The condition on applications `t` that are open to the actor as of the reader’s day at its horizon.
    pub(super) fn open_applications(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        format!("{} AND {}", self.seen_applications(extent, parameters), sql::stands("t"))
    }

    /// The condition on rows `t` of applications that are open to the actor.
    pub(super) fn seen_applications(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        let mut condition = format!("t.kind = 'application' {}", self.labels.filter("t.label"));
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone().unwrap_or_default());
            let mut ways = vec!["1 = 0".to_owned()];
            if self.actor.roles.contains(&Role::Exporter) {
                ways.push(format!("t.applicant = {own}"));
            }
            if self.actor.roles.contains(&Role::ConsultedAgency) {
                ways.push(format!(
                    "t.number IN (SELECT g.number FROM transfer_agency g WHERE g.agency = {own} AND g.known_from <= $1)"
                ));
            }
            // The party is a parameter whichever way is taken.
            condition.push_str(&format!(" AND {own} <> '' AND ({})", ways.join(" OR ")));
        }
        condition
    }

    fn application_row(&self, extent: Extent, row: &Row) -> Result<ApplicationRow, Fault> {
        let (applicant, destination) = (row.text(2)?, row.text(4)?);
        Ok(ApplicationRow {
            number: row.text(0)?,
            title: row.text(1)?,
            applicant_name: row.optional_text(3)?.unwrap_or_else(|| applicant.clone()),
            applicant,
            destination_name: row.optional_text(5)?.unwrap_or_else(|| destination.clone()),
            destination,
            state: state_seen(extent, row.text(6)?),
            submitted_on: row.optional_date(7)?,
            decided_on: row.optional_date(8)?,
            due_on: if extent == Extent::All { row.optional_date(9)? } else { None },
            label: self.labels.get(row.int(10)?)?.clone(),
        })
    }
}

/// The state as it is shown.
fn state_seen(extent: Extent, state: String) -> String {
    match extent {
        Extent::All => state,
        Extent::Own => state_outside(&state).to_owned(),
    }
}

fn narrow(
    extent: Extent,
    filter: &ApplicationFilter,
    condition: &mut String,
    parameters: &mut Parameters<'_>,
) {
    match (filter.state.as_deref(), extent) {
        (None, _) => {}
        (Some("running"), _) => condition.push_str(&format!(" AND t.state IN {RUNNING}")),
        (Some("open"), Extent::Own) => condition.push_str(" AND t.state IN ('open', 'proposed')"),
        (Some("proposed"), Extent::Own) => condition.push_str(" AND 1 = 0"),
        (Some(_), _) => parameters.narrow(condition, [("t.state", &filter.state)]),
    }
    parameters
        .narrow(condition, [("t.applicant", &filter.applicant), ("t.destination", &filter.destination)]);
    if let Some(words) = &filter.words {
        parameters.narrow_to_words(words, &["t.title", "t.number"], condition);
    }
}
