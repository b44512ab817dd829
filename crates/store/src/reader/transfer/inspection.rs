//! Inspections after shipment, and who may sign certificates: lists, and the page of one.

use std::collections::BTreeSet;

use entente_register::access::Reading;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::inspection::Inspection;
use entente_register::transfer::licence::Licence;
use entente_register::transfer::specimen::Specimens;

use super::{InspectionFilter, InspectionRow, InspectionView, SpecimensRow, SpecimensView};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::reader::sql::{self, Parameters};
use crate::reader::{Listing, Page, Reader};

const DOING: &str = "reading inspections";

impl Reader {
    /// Inspections: open incidents first, then those that are planned, the nearest day first, then the others, the last
    /// first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read inspections.
    pub async fn inspections(
        &self,
        filter: &InspectionFilter,
        page: Page,
    ) -> Outcome<Listing<InspectionRow>> {
        self.check(Reading::Inspections)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_assurances("inspection");
        parameters.narrow(
            &mut condition,
            [("a.state", &filter.state), ("a.licence", &filter.licence), ("a.end_user", &filter.end_user)],
        );
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM assurance a WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT a.content, u.name, a.label FROM assurance a LEFT JOIN party u ON u.number = a.end_user AND u.known_from <= $1 WHERE {condition} ORDER BY CASE a.state WHEN 'incident' THEN 0 WHEN 'planned' THEN 1 ELSE 2 END, coalesce(a.due_on, ''), a.registered DESC, a.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(2)).collect::<Result<Vec<_>, _>>()?)?;
        let row = |row: &Row| {
            let inspection: Inspection = row.json(DOING, 0)?;
            let end_user_name = row.optional_text(1)?;
            let end_user_name = end_user_name.unwrap_or_else(|| inspection.planned.end_user.clone());
            Ok(InspectionRow { inspection, end_user_name })
        };
        let rows = rows.iter().map(row).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("inspections", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// Inspections of what went under a licence, of those open to the actor.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn inspections_of(&self, licence: &str) -> Outcome<Vec<InspectionRow>> {
        if self.check(Reading::Inspections).is_err() || !is_possible(licence) {
            return Ok(Vec::new());
        }
        let filter = InspectionFilter { licence: Some(licence.to_owned()), ..InspectionFilter::default() };
        Ok(self.inspections(&filter, Page::first(Page::MOST)).await?.rows)
    }

    /// An inspection’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn inspection(&self, number: &str) -> Outcome<InspectionView> {
        self.check(Reading::Inspections)?;
        let absent = || Refusal::not_found("inspection", number);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let inspection = self.find_inspection(&mut connection, number).await?.ok_or_else(absent)?;
        let subject = SubjectKind::Inspection.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let expected = match &inspection.visit {
            Some(visit) => visit.visited.expected.clone(),
            None => self.serials_under(&mut connection, &inspection.planned.licence).await?,
        };
        let named = [inspection.planned.end_user.as_str()];
        let view = InspectionView {
            parties: self.party_names(&mut connection, named).await?,
            stopped: self.stopped_by(&mut connection, &inspection).await?,
            version: self.version_of(&mut connection, &subject).await?,
            history: self.history(&events),
            expected,
            inspection,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.inspection.label)).await?;
        Ok(view)
    }

    /// Serial numbers of what went under a licence, as far as they are open to the actor.
    async fn serials_under(&self, connection: &mut Connection<'_>, licence: &str) -> Outcome<Vec<String>> {
        // Who may read inspections may not read of every licence: then nothing of it is known here.
        let Some(licence) = self.find_licence(connection, licence).await.unwrap_or_default() else {
            return Ok(Vec::new());
        };
        let deliveries: BTreeSet<String> =
            licence.written_off.values().filter_map(|(_, written)| written.delivery.clone()).collect();
        if deliveries.is_empty() {
            return Ok(Vec::new());
        }
        let mut parameters = self.parameters();
        let list = parameters.list(deliveries);
        // The day is named so that the statement has all its parameters.
        let sql = format!(
            "SELECT n.serial FROM serial_number n WHERE n.delivery IN {list} AND n.known_from <= $1 AND n.known_to > $1 AND n.recorded_on <= $2 {} ORDER BY n.delivery, n.position",
            self.labels.filter("n.label")
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        Ok(rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?)
    }

    /// Numbers of the licences that an inspection stopped and that are stopped still, of those open to the actor: it stops
    /// those of its end user alone.
    async fn stopped_by(
        &self,
        connection: &mut Connection<'_>,
        inspection: &Inspection,
    ) -> Outcome<Vec<String>> {
        if self.check(Reading::Licences).is_err() {
            return Ok(Vec::new());
        }
        let mut parameters = self.parameters();
        let end_user = parameters.add(inspection.planned.end_user.clone());
        let sql = format!(
            "SELECT t.content FROM licence_end_user u JOIN transfer t ON t.number = u.number WHERE u.end_user = {end_user} AND t.kind = 'licence' AND t.state = 'suspended' AND {} {} ORDER BY t.number",
            sql::stands("t"),
            self.labels.filter("t.label")
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let mut stopped = Vec::new();
        for row in &rows {
            let licence: Licence = row.json(DOING, 0)?;
            if licence.stops.iter().any(|stop| stop.inspection.as_deref() == Some(inspection.number.as_str()))
            {
                stopped.push(licence.number);
            }
        }
        Ok(stopped)
    }

    /// An inspection as it stands on the reader’s day, if it is open to the actor.
    pub(in crate::reader) async fn find_inspection(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Outcome<Option<Inspection>> {
        let row = self.find_assurance(connection, "inspection", number).await?;
        Ok(row.map(|row| row.json(DOING, 0)).transpose()?)
    }

    /// The authorities of which specimen signatures are on file: those of which one waits for a second person first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read specimens.
    pub async fn specimen_files(&self, page: Page) -> Outcome<Listing<SpecimensRow>> {
        self.check(Reading::Inspections)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let condition = self.open_assurances("specimens");
        let mut parameters = self.parameters();
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM assurance a WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT a.content, i.name, a.label FROM assurance a LEFT JOIN party i ON i.number = a.issuer AND i.known_from <= $1 WHERE {condition} ORDER BY CASE WHEN a.waiting > 0 THEN 0 ELSE 1 END, coalesce(i.name, ''), a.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(2)).collect::<Result<Vec<_>, _>>()?)?;
        let row = |row: &Row| {
            let specimens: Specimens = row.json(DOING, 0)?;
            let authority_name = row.optional_text(1)?.unwrap_or_else(|| specimens.authority.clone());
            Ok(SpecimensRow { specimens, authority_name })
        };
        let rows = rows.iter().map(row).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("specimens", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// The specimen signatures of an authority.
    ///
    /// # Errors
    /// `not_found`, also where they are not open to the actor.
    pub async fn specimens(&self, authority: &str) -> Outcome<SpecimensView> {
        self.check(Reading::Inspections)?;
        let absent = || Refusal::not_found("specimens", authority);
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let specimens = self.find_specimens(&mut connection, authority).await?.ok_or_else(absent)?;
        let subject = SubjectKind::Specimens.subject(authority);
        let events = self.events_of(&mut connection, &subject).await?;
        let view = SpecimensView {
            parties: self.party_names(&mut connection, [authority]).await?,
            version: self.version_of(&mut connection, &subject).await?,
            history: self.history(&events),
            specimens,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.specimens.label)).await?;
        Ok(view)
    }

    /// The specimens of an authority as they stand on the reader’s day, if they are open to the actor.
    pub(in crate::reader) async fn find_specimens(
        &self,
        connection: &mut Connection<'_>,
        authority: &str,
    ) -> Outcome<Option<Specimens>> {
        let row = self.find_assurance(connection, "specimens", authority).await?;
        Ok(row.map(|row| row.json(DOING, 0)).transpose()?)
    }

    async fn find_assurance(
        &self,
        connection: &mut Connection<'_>,
        kind: &str,
        number: &str,
    ) -> Outcome<Option<Row>> {
        self.check(Reading::Inspections)?;
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters: Parameters<'_> = self.parameters();
        let condition = self.open_assurances(kind);
        let number = parameters.add(number.to_owned());
        let sql = format!("SELECT a.content FROM assurance a WHERE a.number = {number} AND {condition}");
        Ok(connection.fetch_optional(DOING, &sql, parameters.values()).await?)
    }

    /// The condition on rows `a` of a kind that are open to the actor as of the reader’s day at its horizon.
    pub(in crate::reader) fn open_assurances(&self, kind: &str) -> String {
        format!("a.kind = '{kind}' AND {} {}", sql::stands("a"), self.labels.filter("a.label"))
    }
}
