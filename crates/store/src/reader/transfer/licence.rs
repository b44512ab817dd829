//! The list of licences, and the page of one.

use std::collections::BTreeMap;

use entente_register::access::{Extent, Reading};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::application::Application;
use entente_register::transfer::check::OnRecord;
use entente_register::transfer::ledger::AUTHORITY;
use entente_register::transfer::licence::{Licence, REMIND_DAYS};
use jiff::civil::Date;

use super::queue::{NAMES, Queue};
use super::{LicenceFilter, LicenceRow, LicenceView};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::reader::sql::{self, Parameters};
use crate::reader::{Listing, Page, Reader};

const DOING: &str = "reading licences";

impl Reader {
    /// Licences: those in use first, the nearest end before the others.
    ///
    /// # Errors
    /// `access.read` if the actor may not read licences.
    pub async fn licences(&self, filter: &LicenceFilter, page: Page) -> Outcome<Listing<LicenceRow>> {
        let extent = self.check(Reading::Licences)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.seen_licences(extent, &mut parameters);
        match filter.state.as_deref() {
            Some("expired") => condition.push_str(" AND t.state = 'issued' AND t.valid_until < $2"),
            _ => parameters.narrow(&mut condition, [("t.state", &filter.state)]),
        }
        parameters.narrow(
            &mut condition,
            [("t.applicant", &filter.holder), ("t.destination", &filter.destination)],
        );
        match filter.verification.as_deref() {
            None => {}
            Some("overdue") => condition.push_str(" AND t.due_on < $2"),
            Some("remind") => {
                let until = parameters.add(remind_until(self.as_of).to_string());
                condition.push_str(&format!(" AND t.due_on >= $2 AND t.due_on <= {until}"));
            }
            Some("open") => condition.push_str(" AND t.due_on IS NOT NULL"),
            Some(_) => condition.push_str(" AND 1 = 0"),
        }
        if let Some(words) = &filter.words {
            parameters.narrow_to_words(words, &["t.title", "t.number"], &mut condition);
        }
        let first = match &filter.verification {
            Some(_) => "t.due_on",
            None => "CASE t.state WHEN 'suspended' THEN 0 WHEN 'issued' THEN 1 ELSE 2 END",
        };
        let order = [(first, ""), ("t.valid_until", ""), ("t.number", "")];
        let queue = Queue { condition, order: &order };
        let select = "t.content, a.name, p.name, t.label";
        let Listing { rows, total, page } =
            queue.page(&mut connection, DOING, (select, NAMES), parameters, page).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(3)).collect::<Result<Vec<_>, _>>()?)?;
        let row = |row: &Row| {
            let licence = seen(extent, row.json(DOING, 0)?);
            let (holder, destination) = (licence.issued.holder.clone(), licence.issued.destination.clone());
            Ok(LicenceRow {
                licence,
                holder_name: row.optional_text(1)?.unwrap_or(holder),
                destination_name: row.optional_text(2)?.unwrap_or(destination),
            })
        };
        let rows = rows.iter().map(row).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("licences", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// A licence’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn licence(&self, number: &str) -> Outcome<LicenceView> {
        let extent = self.check(Reading::Licences)?;
        let absent = || Refusal::not_found("licence", number);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let licence = self.find_licence(&mut connection, number).await?.ok_or_else(absent)?;
        let application = self.application_of(&mut connection, &licence).await?;
        let contract_lines: BTreeMap<u32, String> = application
            .iter()
            .flat_map(|application| (1..).zip(&application.content.lines))
            .filter_map(|(line, of)| Some((line, of.contract_line.clone()?)))
            .collect();
        // The holder is told what was granted, not what is known against it.
        let checks = match (&application, extent, licence.state) {
            (Some(application), Extent::All, "issued" | "suspended") => {
                Some(self.checks_of(&mut connection, application).await?)
            }
            _ => None,
        };
        let subject = SubjectKind::Licence.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let mut history = self.history(&events);
        if extent == Extent::Own {
            for row in &mut history {
                AUTHORITY.clone_into(&mut row.actor);
            }
        }
        let issued = &licence.issued;
        let named = issued.parties.iter().map(|party| party.party.as_str()).chain([issued.holder.as_str()]);
        let on_record = match (&application, &checks) {
            (Some(application), Some(_)) => application.on_record.clone(),
            _ => OnRecord::new(),
        };
        let view = LicenceView {
            parties: self.party_names(&mut connection, named).await?,
            destination_name: self.partner_name(&mut connection, &issued.destination).await?,
            version: self.version_of(&mut connection, &subject).await?,
            checks,
            on_record,
            contract_lines,
            history,
            licence: seen(extent, licence),
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.licence.label)).await?;
        Ok(view)
    }

    /// A licence as it stands on the reader’s day, if it is open to the actor.
    pub(in crate::reader) async fn find_licence(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Outcome<Option<Licence>> {
        let extent = self.check(Reading::Licences)?;
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_licences(extent, &mut parameters);
        let number = parameters.add(number.to_owned());
        let sql = format!("SELECT t.content FROM transfer t WHERE t.number = {number} AND {condition}");
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        Ok(row.map(|row| row.json(DOING, 0)).transpose()?)
    }

    /// The application that a licence came of, whoever reads: what of it is shown is for the caller to choose.
    async fn application_of(
        &self,
        connection: &mut Connection<'_>,
        licence: &Licence,
    ) -> Result<Option<Application>, Fault> {
        let mut parameters = self.parameters();
        let number = parameters.add(licence.issued.application.clone());
        let sql = format!(
            "SELECT t.content FROM transfer t WHERE t.kind = 'application' AND t.number = {number} AND {}",
            sql::stands("t")
        );
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        row.map(|row| row.json(DOING, 0)).transpose()
    }

    /// The condition on licences `t` that are open to the actor as of the reader’s day at its horizon.
    pub(in crate::reader) fn open_licences(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        format!("{} AND {}", self.seen_licences(extent, parameters), sql::stands("t"))
    }

    /// The condition on rows `t` of licences that are open to the actor.
    pub(super) fn seen_licences(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        let mut condition = format!("t.kind = 'licence' {}", self.labels.filter("t.label"));
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone().unwrap_or_default());
            condition.push_str(&format!(" AND t.applicant = {own}"));
        }
        condition
    }
}

/// A licence as it is seen: its holder is told that it is suspended, and not by whom, nor by which inspection.
fn seen(extent: Extent, mut licence: Licence) -> Licence {
    if extent == Extent::Own {
        licence.suspended_by = None;
        for stop in &mut licence.stops {
            stop.inspection = None;
            stop.by.clear();
        }
        for reopening in &mut licence.reopenings {
            reopening.assessment = None;
            reopening.criteria.clear();
            reopening.by.clear();
        }
    }
    licence
}

/// The last day of which a verification that is due on it is to be reminded of on a day.
pub(super) fn remind_until(day: Date) -> Date {
    day.checked_add(jiff::Span::new().days(REMIND_DAYS)).unwrap_or(Date::MAX)
}
