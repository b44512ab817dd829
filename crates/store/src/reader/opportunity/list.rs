//! The list of opportunities, and the page of one.

use entente_register::access::{Extent, Reading};
use entente_register::label::Label;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::Money;
use entente_register::opportunity::analysis::{Analysis, analyse};
use entente_register::opportunity::{Opportunity, Recipient};
use jiff::civil::Date;

use super::{OpportunityFilter, OpportunityRow, OpportunityView};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::reader::contract::currency;
use crate::reader::sql::{self, Parameters};
use crate::reader::{Listing, Page, Reader};

const DOING: &str = "reading opportunities";

impl Reader {
    /// Opportunities: those to be answered first, the nearest deadline before the others, then those that are
    /// offered, then those that have ended, the last first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read opportunities.
    pub async fn opportunities(
        &self,
        filter: &OpportunityFilter,
        page: Page,
    ) -> Outcome<Listing<OpportunityRow>> {
        let extent = self.check(Reading::Opportunities)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_opportunities(extent, &mut parameters);
        narrow(filter, &mut condition, &mut parameters);
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM opportunity o WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        // One that has ended has a day of its end, and the others have none: each order falls on its own rows.
        let sql = format!(
            "SELECT o.number, o.title, o.partner, p.name, o.kind, o.state, o.received_on, o.deadline, o.answered_on, o.ended_on, o.currency, o.amount, o.probability, o.signature_on, o.contract, o.label FROM opportunity o LEFT JOIN partner p ON p.code = o.partner AND p.known_from <= $1 WHERE {condition} ORDER BY CASE o.state WHEN 'open' THEN 0 WHEN 'offered' THEN 1 ELSE 2 END, coalesce(o.ended_on, '') DESC, coalesce(CASE o.state WHEN 'offered' THEN o.answered_on ELSE o.deadline END, '9999-12-31'), o.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(15)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(|row| self.opportunity_row(row)).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("opportunities", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// An opportunity's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn opportunity(&self, number: &str) -> Outcome<OpportunityView> {
        let extent = self.check(Reading::Opportunities)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let opportunity = self
            .find_opportunity(&mut connection, extent, number)
            .await?
            .ok_or_else(|| Refusal::not_found("opportunity", number))?;
        let subject = SubjectKind::Opportunity.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let mut named = vec![opportunity.exporter.as_str()];
        if let Recipient::Party(party) = &opportunity.recipient {
            named.push(party);
        }
        let parties = self.party_names(&mut connection, named).await?;
        let view = OpportunityView {
            partner_name: self.partner_name(&mut connection, &opportunity.partner).await?,
            parties,
            version: self.version_of(&mut connection, &subject).await?,
            history: self.history(&events),
            opportunity,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.opportunity.label)).await?;
        Ok(view)
    }

    /// What opportunities show of themselves in a period.
    ///
    /// # Errors
    /// `access.read` if the actor may not read opportunities.
    pub async fn opportunity_analysis(&self, period: (Date, Date)) -> Outcome<(Analysis, Option<Label>)> {
        let extent = self.check(Reading::Opportunities)?;
        let mut transaction = self.store.database.read().await?;
        let (considered, label) =
            self.consider_opportunities(&mut transaction.connection(), extent, true).await?;
        drop(transaction);
        self.log("opportunities/analysis", label.as_ref()).await?;
        Ok((analyse(&considered, period), label))
    }

    /// The opportunities of which a contract came, of those open to the actor: number and title.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn opportunities_of(&self, contract: &str) -> Outcome<Vec<(String, String)>> {
        let Ok(extent) = self.check(Reading::Opportunities) else { return Ok(Vec::new()) };
        if !is_possible(contract) {
            return Ok(Vec::new());
        }
        let mut transaction = self.store.database.read().await?;
        let mut parameters = self.parameters();
        let condition = self.open_opportunities(extent, &mut parameters);
        let contract = parameters.add(contract.to_owned());
        let sql = format!(
            "SELECT o.number, o.title FROM opportunity o WHERE o.contract = {contract} AND {condition} ORDER BY o.number"
        );
        let rows = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        Ok(rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect::<Result<_, Fault>>()?)
    }

    /// An opportunity as it stands on the reader's day, if it is open to the actor.
    pub(in crate::reader) async fn find_opportunity(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        number: &str,
    ) -> Result<Option<Opportunity>, Fault> {
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_opportunities(extent, &mut parameters);
        let number = parameters.add(number.to_owned());
        let sql = format!("SELECT o.content FROM opportunity o WHERE o.number = {number} AND {condition}");
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        row.map(|row| content(&row, 0)).transpose()
    }

    /// The condition on opportunities `o` that are open to the actor as of the reader's day at its horizon.
    pub(super) fn open_opportunities(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        let mut condition = format!("{} {}", sql::stands("o"), self.labels.filter("o.label"));
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone().unwrap_or_default());
            condition.push_str(&format!(" AND o.exporter = {own}"));
        }
        condition
    }

    fn opportunity_row(&self, row: &Row) -> Result<OpportunityRow, Fault> {
        let partner = row.text(2)?;
        Ok(OpportunityRow {
            number: row.text(0)?,
            title: row.text(1)?,
            partner_name: row.optional_text(3)?.unwrap_or_else(|| partner.clone()),
            partner,
            kind: row.text_ref(4)?.parse().map_err(|e: Refusal| Fault::damaged(DOING, e.message))?,
            state: row.text(5)?,
            received_on: row.date(6)?,
            deadline: row.optional_date(7)?,
            answered_on: row.optional_date(8)?,
            ended_on: row.optional_date(9)?,
            value: value(row, 10, 11)?,
            probability: probability(row, 12)?,
            signature_on: row.optional_date(13)?,
            contract: row.optional_text(14)?,
            label: self.labels.get(row.int(15)?)?.clone(),
        })
    }
}

fn narrow(filter: &OpportunityFilter, condition: &mut String, parameters: &mut Parameters<'_>) {
    let asked = [&filter.state, &filter.partner];
    if asked.into_iter().flatten().any(|text| text.contains('\0')) {
        // No stored text holds a zero byte, and PostgreSQL takes none.
        condition.push_str(" AND 1 = 0");
        return;
    }
    match filter.state.as_deref() {
        None => {}
        Some("running") => condition.push_str(" AND o.state IN ('open', 'offered')"),
        Some(state) => {
            condition.push_str(&format!(" AND o.state = {}", parameters.add(state.to_owned())));
        }
    }
    if let Some(partner) = &filter.partner {
        condition.push_str(&format!(" AND o.partner = {}", parameters.add(partner.clone())));
    }
    if let Some(kind) = filter.kind {
        condition.push_str(&format!(" AND o.kind = {}", parameters.add(kind.word())));
    }
    if let Some(words) = &filter.words {
        parameters.narrow_to_words(words, &["o.title", "o.number"], condition);
    }
}

/// The whole of an opportunity, as its row holds it.
pub(super) fn content(row: &Row, column: usize) -> Result<Opportunity, Fault> {
    row.json(DOING, column)
}

/// What was offered last.
pub(super) fn value(row: &Row, of: usize, amount: usize) -> Result<Option<Money>, Fault> {
    if row.is_null(amount) {
        return Ok(None);
    }
    Ok(Some(Money::new(row.int(amount)?, currency(row, of)?)))
}

/// A whole per cent.
pub(super) fn probability(row: &Row, column: usize) -> Result<Option<u8>, Fault> {
    if row.is_null(column) {
        return Ok(None);
    }
    u8::try_from(row.int(column)?).map(Some).map_err(|e| Fault::damaged(DOING, e))
}
