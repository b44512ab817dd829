//! Reports of exporters and manufacturers: the list, and one by itself. Whoever reads only their own business reads only
//! the reports of their own party.

use entente_register::access::{Extent, Reading};
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::report::Report;

use super::{HistoryRow, Listing, Page, Reader, sql};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

const DOING: &str = "reading reports";

/// Which reports are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// `filed`, `accepted`, `returned` or `withdrawn`.
    pub state: Option<String>,
    /// Number of the contract.
    pub contract: Option<String>,
}

/// A report in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// The report.
    pub report: Report,
    /// Number of the contract.
    pub contract: String,
    /// What the contract is about.
    pub title: String,
    /// Name of the party that reports, where the reader may know it.
    pub party_name: Option<String>,
}

/// A report by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportView {
    /// As it stands in the list.
    pub row: ReportRow,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

const COLUMNS: &str = "p.content, c.number, c.title, t.name, p.label";

impl Reader {
    /// Reports, those that wait for an officer and were filed first before the others.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn reports(&self, filter: &ReportFilter, page: Page) -> Outcome<Listing<ReportRow>> {
        let extent = self.check(Reading::Contracts)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_reports(extent, &mut parameters);
        parameters.narrow(&mut condition, [("p.state", &filter.state), ("p.contract", &filter.contract)]);
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT) FROM performance p JOIN contract c ON c.number = p.contract WHERE {condition}"
        );
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let from = self.report_tables();
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        // What waits is answered in the order in which it came; of the rest the latest are of interest.
        let sql = format!(
            "SELECT {COLUMNS} {from} WHERE {condition} ORDER BY CASE WHEN p.state = 'filed' THEN 0 ELSE 1 END, CASE WHEN p.state = 'filed' THEN p.valid_from END, p.valid_from DESC, p.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(4)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(report_row).collect::<Result<Vec<_>, Fault>>()?;
        drop(transaction);
        self.log("reports", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// A report's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn report(&self, number: &str) -> Outcome<ReportView> {
        let extent = self.check(Reading::Contracts)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let row = self
            .find_report(&mut connection, extent, number)
            .await?
            .ok_or_else(|| Refusal::not_found("report", number))?;
        let subject = SubjectKind::Report.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let view = ReportView {
            history: self.history(&events),
            version: self.version_of(&mut connection, &subject).await?,
            row,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.row.report.label)).await?;
        Ok(view)
    }

    /// A report that is open to the actor.
    pub(super) async fn find_report(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        number: &str,
    ) -> Result<Option<ReportRow>, Fault> {
        if !is_possible(number) || contract_of(number) == number {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_reports(extent, &mut parameters);
        let number = parameters.add(number.to_owned());
        let sql =
            format!("SELECT {COLUMNS} {} WHERE {condition} AND p.number = {number}", self.report_tables());
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        row.as_ref().map(report_row).transpose()
    }

    fn report_tables(&self) -> String {
        // Beside the party stands its number, so that a name that is not open to the reader may be absent.
        format!(
            "FROM performance p JOIN contract c ON c.number = p.contract LEFT JOIN party t ON 'party:' || t.number = p.about AND t.known_from <= $1 {}",
            self.labels.filter("t.label")
        )
    }

    /// The condition on reports `p` under contracts `c` that are open to the actor.
    fn open_reports(&self, extent: Extent, parameters: &mut sql::Parameters<'_>) -> String {
        let contracts = self.open_contracts(extent, parameters);
        let mut condition = format!("p.kind = 'report' AND {} AND {contracts}", sql::stands("p"));
        if extent == Extent::Own {
            let own = self.actor.party.as_ref().map(|party| SubjectKind::Party.subject(party).to_string());
            let own = parameters.add(own);
            condition.push_str(&format!(" AND p.about = {own}"));
        }
        condition
    }
}

fn report_row(row: &Row) -> Result<ReportRow, Fault> {
    Ok(ReportRow {
        report: row.json(DOING, 0)?,
        contract: row.text(1)?,
        title: row.text(2)?,
        party_name: row.optional_text(3)?,
    })
}
