//! What lines of contracts still owe that no licence in use covers: worked out when it is asked, for it depends on how far
//! ahead one looks.

use entente_register::access::Extent;
use entente_register::contract::delivery::Counting;
use entente_register::transfer::link::{BreakKind, Untold};

use super::{BreakFilter, services};
use crate::database::Connection;
use crate::error::Fault;
use crate::reader::Reader;
use crate::reader::sql::{self, Parameters};

const DOING: &str = "finding what no licence covers";

/// A set of contracts: their numbers where they are few, as they nearly always are, or the query that finds them.
pub(super) enum Contracts {
    /// These.
    Listed(Vec<String>),
    /// More than a list holds: found again where they are asked for.
    Many,
}

/// Contracts by which goods come in, and those of which it is not known for which line a licence is.
pub(super) struct Apart {
    /// Their exporter is of the partner state.
    pub(super) incoming: Contracts,
    /// A licence that was issued for them does not say for which of their lines.
    pub(super) unnamed: Contracts,
    /// The same of licences in use.
    pub(super) unnamed_in_use: Contracts,
}

/// Which set of contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Incoming,
    Unnamed,
    UnnamedInUse,
}

/// Contracts in a list of a query at most.
const MOST_LISTED: usize = 500;

impl Reader {
    /// The contracts that stand apart: whether the one that is named does, where one is.
    pub(super) async fn apart(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        only: &Option<String>,
    ) -> Result<Apart, Fault> {
        Ok(Apart {
            incoming: self.set_of(connection, (extent, Of::Incoming), only).await?,
            unnamed: self.set_of(connection, (extent, Of::Unnamed), only).await?,
            unnamed_in_use: self.set_of(connection, (extent, Of::UnnamedInUse), only).await?,
        })
    }

    async fn set_of(
        &self,
        connection: &mut Connection<'_>,
        (extent, of): (Extent, Of),
        only: &Option<String>,
    ) -> Result<Contracts, Fault> {
        let mut parameters = self.parameters();
        let query = self.contracts_of(extent, of, &mut parameters);
        let mut condition = "1 = 1".to_owned();
        parameters.narrow(&mut condition, [("i.contract", only)]);
        let most = parameters.add(i64::try_from(MOST_LISTED + 1).unwrap_or(i64::MAX));
        let sql = format!(
            "SELECT DISTINCT i.contract FROM ({query}) i WHERE {condition} ORDER BY i.contract LIMIT {most}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        if rows.len() > MOST_LISTED {
            return Ok(Contracts::Many);
        }
        rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>().map(Contracts::Listed)
    }

    /// The query of the numbers of such contracts.
    pub(super) fn contracts_of(&self, extent: Extent, of: Of, parameters: &mut Parameters<'_>) -> String {
        let state = match of {
            Of::Incoming => {
                return format!(
                    "SELECT cp.contract FROM contract_party cp JOIN contract c ON c.number = cp.contract AND {} JOIN party p ON p.number = cp.party AND p.known_from <= $1 AND p.state = c.partner {} WHERE cp.role = 'exporter' AND {}",
                    sql::stands("c"),
                    self.labels.filter("p.label"),
                    sql::stands("cp"),
                );
            }
            Of::Unnamed => "",
            Of::UnnamedInUse => " AND t.state = 'issued' AND t.valid_until >= $2",
        };
        format!(
            "SELECT ll.contract FROM licence_line ll JOIN transfer t ON t.number = ll.licence AND t.kind = 'licence' AND {}{state} WHERE ll.contract_line IS NULL AND ll.contract IS NOT NULL AND {}",
            sql::stands("t"),
            self.seen_lines(extent, parameters)
        )
    }

    /// The condition that a column names one of a set of contracts; none where there is none of them.
    pub(super) fn is_one_of(
        &self,
        (extent, of): (Extent, Of),
        column: &str,
        set: &Contracts,
        parameters: &mut Parameters<'_>,
    ) -> Option<String> {
        match set {
            Contracts::Listed(numbers) if numbers.is_empty() => None,
            Contracts::Listed(numbers) => {
                Some(format!("{column} IN {}", parameters.list(numbers.iter().cloned())))
            }
            Contracts::Many => Some(format!("{column} IN ({})", self.contracts_of(extent, of, parameters))),
        }
    }

    /// The condition on rows `ll` of lines of licences that are open to the actor.
    pub(super) fn seen_lines(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
        let mut seen = format!("ll.known_from <= $1 {}", self.labels.filter("ll.label"));
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone().unwrap_or_default());
            seen.push_str(&format!(" AND ll.holder = {own}"));
        }
        seen
    }

    /// The rows of what lines still owe and no licence covers, with the columns of a break.
    pub(super) fn uncovered(
        &self,
        extent: Extent,
        filter: &BreakFilter,
        apart: &Apart,
        parameters: &mut Parameters<'_>,
    ) -> String {
        let until = self.as_of.checked_add(jiff::Span::new().days(i64::from(filter.ahead)));
        let until = parameters.add(until.unwrap_or(jiff::civil::Date::MAX).to_string());
        let handed_over = parameters.add(Counting::HandedOver.word());
        let seen = self.seen_lines(extent, parameters);
        let mut condition = format!(
            "x.counting = {handed_over} AND {} AND {} AND x.ended_on > $2 AND NOT {} {}",
            sql::known("x"),
            sql::under_contract("$2"),
            sql::full("$2"),
            self.labels.filter("x.label"),
        );
        if extent == Extent::Own {
            condition.push_str(&format!(" AND l.contract IN ({})", self.own_contracts(parameters)));
        }
        parameters.narrow(&mut condition, [("x.partner", &filter.partner), ("l.contract", &filter.contract)]);
        let licensed = format!(
            "EXISTS (SELECT 1 FROM licence_line ll JOIN transfer t ON t.number = ll.licence AND t.kind = 'licence' AND {} WHERE ll.contract_line = l.number AND {seen})",
            sql::stands("t")
        );
        let in_use = format!(
            "FROM licence_line ll JOIN transfer t ON t.number = ll.licence AND t.kind = 'licence' AND {} AND t.state = 'issued' AND t.valid_until >= $2 WHERE ll.contract_line = l.number AND {seen}",
            sql::stands("t")
        );
        let written = "coalesce((SELECT sum(w.quantity) FROM write_off w WHERE w.licence = ll.licence AND w.line = ll.line AND w.shipped_on <= $2 AND w.known_from <= $1 AND w.known_to > $1), 0)";
        let delivered = sql::delivered("quantity", "l.number", Counting::HandedOver, &handed_over, "$2");
        let (due, less) = (BreakKind::DueWithoutLicence, BreakKind::LicensedLess);
        let owing = format!(
            "SELECT l.number AS number, l.contract AS contract, x.partner AS partner, x.label AS label, l.unit AS unit, l.due_on AS due_on, l.quantity - {delivered} AS owed, CAST(coalesce((SELECT sum(ll.quantity - {written}) {in_use} AND ll.unit = l.unit), 0) AS BIGINT) AS left_over, CASE WHEN EXISTS (SELECT 1 {in_use} AND ll.unit <> l.unit) THEN 1 ELSE 0 END AS other_unit FROM line_course x JOIN line l ON l.number = x.line AND {} WHERE {condition} AND (l.due_on <= {until} OR {licensed})",
            sql::stands("l"),
        );
        let mut untold = format!("CASE WHEN o.unit IN {} THEN '{}'", services(), Untold::Service.word());
        let incoming = self.is_one_of((extent, Of::Incoming), "o.contract", &apart.incoming, parameters);
        if let Some(incoming) = incoming {
            untold.push_str(&format!(" WHEN {incoming} THEN '{}'", Untold::Incoming.word()));
        }
        untold.push_str(&format!(" WHEN o.other_unit = 1 THEN '{}'", Untold::Units.word()));
        let of = (extent, Of::UnnamedInUse);
        if let Some(unnamed) = self.is_one_of(of, "o.contract", &apart.unnamed_in_use, parameters) {
            untold.push_str(&format!(" WHEN {unnamed} THEN '{}'", Untold::LineNotNamed.word()));
        }
        untold.push_str(" END");
        // Worked out once, and not again for each condition on it.
        format!(
            "WITH o AS MATERIALIZED ({owing}) SELECT CASE WHEN o.due_on <= {until} THEN {} ELSE {} END AS place, CASE WHEN o.due_on <= {until} THEN '{}' ELSE '{}' END AS kind, {untold} AS untold, o.label AS label, o.partner AS partner, o.contract AS contract, o.number AS contract_line, o.owed AS wanted, o.left_over AS found, o.unit AS unit, o.due_on AS turned_on FROM o WHERE o.owed > o.left_over",
            due.rank(),
            less.rank(),
            due.word(),
            less.word(),
        )
    }
}
