//! What lines of contracts still owe that no licence in use covers: worked out when it is asked, for it depends on how far
//! ahead one looks.

use entente_register::access::Extent;
use entente_register::contract::delivery::Counting;
use entente_register::transfer::link::{BreakKind, Untold};

use super::BreakFilter;
use crate::reader::Reader;
use crate::reader::sql::{self, Parameters};

/// Contracts by which goods come in, and those of which it is not known for which line a licence is.
pub(super) struct Apart {
    /// Their exporter is of the partner state.
    pub(super) incoming: String,
    /// A licence that was issued for them does not say for which of their lines.
    pub(super) unnamed: String,
    /// The same of licences in use.
    pub(super) unnamed_in_use: String,
}

impl Reader {
    /// The conditions by which contracts stand apart, as queries of their numbers.
    pub(super) fn apart(&self, extent: Extent, parameters: &mut Parameters<'_>) -> Apart {
        let incoming = format!(
            "SELECT cp.contract FROM contract_party cp JOIN contract c ON c.number = cp.contract AND {} JOIN party p ON p.number = cp.party AND p.known_from <= $1 AND p.state = c.partner {} WHERE cp.role = 'exporter' AND {}",
            sql::stands("c"),
            self.labels.filter("p.label"),
            sql::stands("cp"),
        );
        let seen = self.seen_lines(extent, parameters);
        let issued = |state: &str| {
            format!(
                "SELECT ll.contract FROM licence_line ll JOIN transfer t ON t.number = ll.licence AND t.kind = 'licence' AND {}{state} WHERE ll.contract IS NOT NULL AND ll.contract_line IS NULL AND {seen}",
                sql::stands("t")
            )
        };
        Apart {
            incoming,
            unnamed: issued(""),
            unnamed_in_use: issued(" AND t.state = 'issued' AND t.valid_until >= $2"),
        }
    }

    /// The condition on rows `ll` of lines of licences that are open to the actor.
    fn seen_lines(&self, extent: Extent, parameters: &mut Parameters<'_>) -> String {
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
        let untold = format!(
            "CASE WHEN o.unit IN ('HUR', 'E48') THEN '{}' WHEN o.contract IN ({}) THEN '{}' WHEN o.other_unit = 1 THEN '{}' WHEN o.contract IN ({}) THEN '{}' END",
            Untold::Service.word(),
            apart.incoming,
            Untold::Incoming.word(),
            Untold::Units.word(),
            apart.unnamed_in_use,
            Untold::LineNotNamed.word(),
        );
        format!(
            "SELECT CASE WHEN o.due_on <= {until} THEN {} ELSE {} END AS place, o.contract AS contract, 'line:' || o.number AS cell, 0 AS known_from, 0 AS position, NULL AS valid_from, CASE WHEN o.due_on <= {until} THEN '{}' ELSE '{}' END AS kind, {untold} AS untold, o.label AS label, o.partner AS partner, o.number AS contract_line, NULL AS delivery, NULL AS holder, NULL AS licence, CAST(NULL AS BIGINT) AS licence_line, NULL AS reference, NULL AS certificate, NULL AS inspection, o.owed AS wanted, o.left_over AS found, o.unit AS unit, o.due_on AS turned_on FROM ({owing}) o WHERE o.owed > o.left_over",
            due.rank(),
            less.rank(),
            due.word(),
            less.word(),
        )
    }
}
