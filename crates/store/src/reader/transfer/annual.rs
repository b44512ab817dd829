//! What an annual report of transfers is made of.

use entente_register::access::{Extent, Reading};
use entente_register::label::Clearance;
use entente_register::ledger::Refusal;
use entente_register::transfer::annual::{self, AnnualReport, Licensed, RefusedLines, ReportKind, days};
use entente_register::transfer::application::{Application, LineDecision};
use entente_register::transfer::licence::Licence;

use crate::database::Row;
use crate::error::{Fault, Outcome};
use crate::reader::{Reader, sql};

const DOING: &str = "gathering an annual report of transfers";

/// Licences read by one statement.
const AT_ONCE: i64 = 2_000;

impl Reader {
    /// A report of a year, up to the reader’s day at its horizon: of all that is open to the actor. The same day and
    /// instant give the same report for ever. What is marked above the audience is withheld.
    ///
    /// # Errors
    /// `access.read` if the actor may not read applications and licences in full; `transfer.report_year`.
    pub async fn annual_report(
        &self,
        kind: ReportKind,
        year: i16,
        audience: &Clearance,
    ) -> Outcome<AnnualReport> {
        for reading in [Reading::Applications, Reading::Licences] {
            if self.check(reading)? != Extent::All {
                return Err(Refusal::new(
                    "access.read",
                    "An annual report is of the transfers of everybody.",
                )
                .missing("a role that reads the applications and licences of everybody")
                .into());
            }
        }
        let (from, until) = days(year, self.as_of)?;
        let licences = self.licences_of_year(&from.to_string(), &until.to_string()).await?;
        let refusals = match kind {
            ReportKind::CommonPosition => {
                self.refusals_of_year(&from.to_string(), &until.to_string()).await?
            }
            _ => Vec::new(),
        };
        let report = annual::report(kind, year, self.as_of, audience, &licences, &refusals)?;
        let labels =
            licences.iter().map(|one| &one.licence.label).chain(refusals.iter().map(|one| &one.label));
        let label = labels.fold(None, |all: Option<entente_register::label::Label>, label| {
            Some(all.map_or_else(|| label.clone(), |all| all.join(label)))
        });
        let report = AnnualReport { is_partial: self.labels.hides_any(), ..report };
        self.log(format!("transfers/reports/{}/{year}", kind.word()), label.as_ref()).await?;
        Ok(report)
    }

    /// Licences that were valid in a year, with what was applied for: no other was issued or written off in it.
    async fn licences_of_year(&self, from: &str, until: &str) -> Result<Vec<Licensed>, Fault> {
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut licences: Vec<Licensed> = Vec::new();
        loop {
            let mut parameters = self.parameters();
            let (from, until) = (parameters.add(from.to_owned()), parameters.add(until.to_owned()));
            let last = licences.last().map(|one| one.licence.number.clone()).unwrap_or_default();
            let (after, limit) = (parameters.add(last), parameters.add(AT_ONCE));
            let sql = format!(
                "SELECT t.content, a.content FROM transfer t JOIN transfer a ON a.number = t.application AND a.kind = 'application' AND {} WHERE t.kind = 'licence' AND {} {} AND t.valid_until >= {from} AND t.decided_on <= {until} AND t.number > {after} ORDER BY t.number LIMIT {limit}",
                sql::stands("a"),
                sql::stands("t"),
                self.labels.filter("t.label"),
            );
            let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
            if rows.is_empty() {
                return Ok(licences);
            }
            for row in &rows {
                let licence: Licence = row.json(DOING, 0)?;
                let application: Application = row.json(DOING, 1)?;
                licences.push(Licensed { licence, content: application.content });
            }
        }
    }

    /// Applications of which something was refused in a year.
    async fn refusals_of_year(&self, from: &str, until: &str) -> Result<Vec<RefusedLines>, Fault> {
        let mut transaction = self.store.database.read().await?;
        let mut parameters = self.parameters();
        let (from, until) = (parameters.add(from.to_owned()), parameters.add(until.to_owned()));
        let sql = format!(
            "SELECT t.content FROM transfer t WHERE t.kind = 'application' AND {} {} AND t.decided_on >= {from} AND t.decided_on <= {until} ORDER BY t.number",
            sql::stands("t"),
            self.labels.filter("t.label"),
        );
        let rows = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        let refused = |row: &Row| -> Result<Option<RefusedLines>, Fault> {
            let application: Application = row.json(DOING, 0)?;
            // An appeal leads to a decision of its own: the last one is what holds, and it is counted once.
            let Some(decision) = application.decisions.last() else { return Ok(None) };
            let lines: Vec<_> = (1..)
                .zip(&decision.proposal.lines)
                .filter_map(|(line, decided)| match decided {
                    LineDecision::Grant => None,
                    LineDecision::Refuse { criteria, .. } => Some((line, criteria.clone())),
                })
                .collect();
            let on = decision.on;
            Ok((!lines.is_empty()).then(|| RefusedLines {
                application: application.number.clone(),
                on,
                label: application.label.clone(),
                content: application.content,
                lines,
            }))
        };
        rows.iter().filter_map(|row| refused(row).transpose()).collect()
    }
}
