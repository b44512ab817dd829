//! The list of breaks, a page at a time.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Extent, Reading};
use entente_register::contract::line::line_of;
use entente_register::ledger::Refusal;
use entente_register::money::Quantity;
use entente_register::transfer::link::{Break, BreakKind, MOST_AHEAD, Untold};

use super::cover::{Apart, Of};
use super::gather::chunks;
use super::{BreakFilter, BreakRow, LinkFocus, Told, services};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::reader::sql::{self, Parameters};
use crate::reader::{Listing, Page, Reader};

const DOING: &str = "reading the breaks of the chain";

/// The stretches of rows that stand at the horizon on the reader’s day: what stands without an end, what was superseded since
/// the horizon, and what was so until a later day.
const STRETCHES: [&str; 3] = [
    "b.known_to = 9223372036854775807 AND b.valid_to = '9999-12-31'",
    "b.known_to > $1 AND b.known_to < 9223372036854775807 AND b.valid_to > $2",
    "b.known_to = 9223372036854775807 AND b.valid_to > $2 AND b.valid_to < '9999-12-31'",
];

/// By what rows are found again.
const KEYS: &str = "b.place AS place, b.contract AS contract, b.cell AS cell, b.known_from AS known_from, b.position AS position";

const ORDER: &str = "place, contract, cell, known_from, position";

/// Columns of a break.
const COLUMNS: &str = "b.kind, b.label, b.partner, p.name, b.contract, b.contract_line, b.wanted, b.found, b.unit, b.turned_on, b.valid_from, b.delivery, b.holder, b.licence, b.licence_line, b.reference, b.certificate, b.inspection";

impl Reader {
    /// Breaks of the chain, of what is open to the actor: by what is broken, then by contract.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts and licences; `breaks.ahead` for days that lie too far ahead.
    pub async fn breaks(&self, filter: &BreakFilter, page: Page) -> Outcome<Listing<BreakRow>> {
        Ok(self.breaks_by_kind(filter, page).await?.0)
    }

    /// The same, and how many there are of each kind.
    ///
    /// # Errors
    /// As [`Reader::breaks`].
    pub async fn breaks_by_kind(
        &self,
        filter: &BreakFilter,
        page: Page,
    ) -> Outcome<(Listing<BreakRow>, BTreeMap<BreakKind, i64>)> {
        let mut transaction = self.store.database.read().await?;
        let (listing, by_kind) =
            self.find_breaks(&mut transaction.connection(), (filter, None), page).await?;
        drop(transaction);
        let mut label = None;
        for row in &listing.rows {
            label = crate::reader::access::join(label, &row.label);
        }
        self.log("breaks", label.as_ref()).await?;
        Ok((listing, by_kind))
    }

    /// How far the actor is told of the chain: of its own business alone where either contracts or licences are.
    ///
    /// # Errors
    /// `access.read`, naming the roles that may.
    pub(super) fn check_chain(&self) -> Outcome<Extent> {
        Ok(self.check(Reading::Contracts)?.min(self.check(Reading::Licences)?))
    }

    /// Whether the actor is told of the chain at all.
    pub fn tells_chain(&self) -> bool {
        self.check_chain().is_ok()
    }

    /// Whether something of the chain may be hidden from the actor.
    pub fn sees_part_of_chain(&self) -> bool {
        let readings = [Reading::Contracts, Reading::Licences, Reading::Certificates, Reading::Inspections];
        let is_whole = readings.into_iter().all(|reading| matches!(self.check(reading), Ok(Extent::All)));
        !is_whole || !self.actor.clearance.is_full()
    }

    /// The kinds of breaks of which the actor is told.
    pub fn told_kinds(&self) -> Vec<BreakKind> {
        let is_told = |kind: &BreakKind| {
            let own = match kind.reading() {
                None => self.check_chain().ok(),
                Some(reading) => self.check(reading).ok(),
            };
            match own {
                None => false,
                Some(Extent::Own) => !kind.is_inside(),
                Some(Extent::All) => !kind.is_inside() || matches!(self.check_chain(), Ok(Extent::All)),
            }
        };
        BreakKind::ALL.iter().copied().filter(is_told).collect()
    }

    pub(super) async fn find_breaks(
        &self,
        connection: &mut Connection<'_>,
        (filter, of): (&BreakFilter, Option<&LinkFocus>),
        page: Page,
    ) -> Outcome<(Listing<BreakRow>, BTreeMap<BreakKind, i64>)> {
        let extent = self.check_chain()?;
        if filter.ahead > MOST_AHEAD {
            return Err(Refusal::new("breaks.ahead", format!("{} days ahead are too many.", filter.ahead))
                .field("ahead")
                .missing(format!("0 to {MOST_AHEAD} days"))
                .into());
        }
        let page = page.bounded();
        let asked = |kind: &BreakKind| filter.kind.is_none_or(|asked| asked == *kind);
        let (ahead, kept): (Vec<BreakKind>, Vec<BreakKind>) =
            self.told_kinds().into_iter().filter(asked).partition(|kind| kind.is_ahead());
        let apart = self.apart(connection, extent, &filter.contract).await?;
        let asked = Asked { extent, filter, of, apart: &apart };
        let mut by_kind = BTreeMap::new();
        let mut listing = self.kept(connection, &asked, (&kept, &mut by_kind), page).await?;
        let is_of_line = matches!(of, None | Some(LinkFocus::Contract(_) | LinkFocus::Line(_)));
        if !ahead.is_empty() && is_of_line {
            // They are the last kinds: the list goes on with them where the others end.
            let got = i64::try_from(listing.rows.len()).unwrap_or(i64::MAX);
            let rest = Page { offset: (page.offset - listing.total).max(0), limit: page.limit - got };
            let last = self.ahead(connection, &asked, (&ahead, &mut by_kind), rest).await?;
            listing.total += last.total;
            listing.rows.extend(last.rows);
        }
        self.mark_by_licences(connection, extent, &mut listing.rows).await?;
        Ok((listing, by_kind))
    }

    /// Breaks that are kept: a page of them, and how many there are.
    async fn kept(
        &self,
        connection: &mut Connection<'_>,
        asked: &Asked<'_>,
        (kinds, by_kind): (&[BreakKind], &mut BTreeMap<BreakKind, i64>),
        page: Page,
    ) -> Outcome<Listing<BreakRow>> {
        let mut parameters = self.parameters();
        let untold = self.untold(asked, &mut parameters);
        let condition = self.open_breaks(asked, kinds, &mut parameters);
        let condition = format!("{condition} AND {}", told(asked.filter.told, &untold));
        let rows = |columns: &str, stretch: &str| {
            format!("SELECT {columns} FROM chain_break b WHERE {condition} AND {stretch}")
        };
        let counted = "b.place AS place, CAST(count(*) AS BIGINT) AS many";
        let mut counts: Vec<String> =
            STRETCHES.iter().map(|one| format!("{} GROUP BY b.place", rows(counted, one))).collect();
        let unnamed = match kinds.contains(&BreakKind::DeliveredWithoutLicence) {
            true => unnamed(asked, &mut parameters),
            false => None,
        };
        let unnamed = unnamed.map(|rows| format!("FROM ({rows}) b WHERE {condition}"));
        counts.extend(unnamed.as_ref().map(|rows| format!("SELECT {counted} {rows} GROUP BY b.place")));
        let sql = counts.join(" UNION ALL ");
        let mut total = 0;
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            let (place, many) = (row.int(0)?, row.int(1)?);
            total += many;
            if let Some(kind) = kinds.iter().find(|kind| kind.rank() == place) {
                *by_kind.entry(*kind).or_default() += many;
            }
        }
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let until = parameters.add(page.limit.saturating_add(page.offset));
        let mut parts: Vec<String> = STRETCHES
            .iter()
            .map(|one| rows(&format!("{KEYS}, 1 AS named"), one))
            .map(|rows| format!("SELECT * FROM ({rows} ORDER BY {ORDER} LIMIT {until}) s"))
            .collect();
        parts.extend(unnamed.map(|rows| {
            format!("SELECT * FROM (SELECT {KEYS}, 0 AS named {rows} ORDER BY {ORDER} LIMIT {until}) s")
        }));
        let sql = format!(
            "SELECT {COLUMNS}, {untold} FROM (SELECT {} FROM (SELECT * FROM ({}) u ORDER BY {ORDER} LIMIT {limit} OFFSET {offset}) q LEFT JOIN chain_break c ON q.named = 1 AND c.cell = q.cell AND c.known_from = q.known_from AND c.position = q.position LEFT JOIN delivery_act d ON q.named = 0 AND d.known_from = q.known_from AND d.counting = 'handed_over' LEFT JOIN line l ON l.number = d.line AND {}) b LEFT JOIN partner p ON p.code = b.partner AND p.known_from <= $1 ORDER BY b.place, b.contract, b.cell, b.known_from, b.position",
            merged(),
            parts.join(" UNION ALL "),
            sql::stands("l")
        );
        let found = connection.fetch(DOING, &sql, parameters.values()).await?;
        let rows = found.iter().map(|row| self.break_row(row, 18)).collect::<Result<_, Fault>>()?;
        Ok(Listing { rows, total, page })
    }

    /// What lines still owe and no licence covers: a page of it, and how much there is.
    async fn ahead(
        &self,
        connection: &mut Connection<'_>,
        asked: &Asked<'_>,
        (kinds, by_kind): (&[BreakKind], &mut BTreeMap<BreakKind, i64>),
        page: Page,
    ) -> Outcome<Listing<BreakRow>> {
        let mut parameters = self.parameters();
        let rows = self.uncovered(asked.extent, asked.filter, asked.apart, &mut parameters);
        let words = parameters.list(kinds.iter().map(|kind| kind.word()));
        let mut condition = format!("b.kind IN {words} AND {}", told(asked.filter.told, "b.untold"));
        if let Some(LinkFocus::Line(number)) = asked.of {
            parameters.narrow(&mut condition, [("b.contract_line", &Some(number.clone()))]);
        }
        let sql = format!(
            "SELECT b.kind, CAST(count(*) AS BIGINT) FROM ({rows}) b WHERE {condition} GROUP BY b.kind"
        );
        let mut total = 0;
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            let many = row.int(1)?;
            total += many;
            if let Some(kind) =
                kinds.iter().find(|kind| row.text_ref(0).is_ok_and(|word| word == kind.word()))
            {
                by_kind.insert(*kind, many);
            }
        }
        if page.limit < 1 || total <= page.offset {
            return Ok(Listing { rows: Vec::new(), total, page });
        }
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT b.kind, b.label, b.partner, p.name, b.contract, b.contract_line, b.wanted, b.found, b.unit, b.turned_on, b.untold FROM ({rows}) b LEFT JOIN partner p ON p.code = b.partner AND p.known_from <= $1 WHERE {condition} ORDER BY b.place, b.contract, b.contract_line LIMIT {limit} OFFSET {offset}"
        );
        let found = connection.fetch(DOING, &sql, parameters.values()).await?;
        let rows = found.iter().map(|row| self.break_row(row, 10)).collect::<Result<_, Fault>>()?;
        Ok(Listing { rows, total, page })
    }

    /// Adds the markings of licences to what follows from them and is worked out when it is asked: how much they leave, and
    /// that one of them names no line. A licence may be marked higher than its contract.
    async fn mark_by_licences(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        rows: &mut [BreakRow],
    ) -> Outcome<()> {
        let follows =
            |row: &BreakRow| row.broken.kind.is_ahead() || row.broken.untold == Some(Untold::LineNotNamed);
        let contracts: BTreeSet<String> =
            rows.iter().filter(|row| follows(row)).filter_map(|row| row.contract.clone()).collect();
        let mut labels: BTreeMap<(String, Option<String>), BTreeSet<i64>> = BTreeMap::new();
        for column in ["ll.contract_line", "NULL"] {
            for chunk in chunks(&contracts) {
                let mut parameters = self.parameters();
                let seen = self.seen_lines(extent, &mut parameters);
                let asked = match column {
                    "NULL" => {
                        format!("ll.contract_line IS NULL AND ll.contract IN {}", parameters.list(chunk))
                    }
                    _ => {
                        let of = |row: &&BreakRow| row.contract.as_ref().is_some_and(|of| chunk.contains(of));
                        let lines = rows.iter().filter(|row| follows(row)).filter(of);
                        let lines = lines.filter_map(|row| row.broken.contract_line.clone());
                        let lines: BTreeSet<String> = lines.collect();
                        format!("ll.contract_line IN {}", parameters.list(lines))
                    }
                };
                // The day is named so that the statement has all its parameters.
                let sql = format!(
                    "SELECT DISTINCT ll.contract, {column}, ll.label FROM licence_line ll WHERE {asked} AND {seen} AND $2 <> '' ORDER BY 1, 2, 3"
                );
                for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                    let key = (row.text(0)?, row.optional_text(1)?);
                    labels.entry(key).or_default().insert(row.int(2)?);
                }
            }
        }
        for row in rows.iter_mut().filter(|row| follows(row)) {
            let Some(contract) = row.contract.clone() else { continue };
            for line in [row.broken.contract_line.clone(), None] {
                for label in labels.get(&(contract.clone(), line)).into_iter().flatten() {
                    row.label = row.label.join(self.labels.get(*label)?);
                }
            }
        }
        Ok(())
    }

    /// The condition on rows `b` of breaks that are open to the actor and asked for.
    fn open_breaks(&self, asked: &Asked<'_>, kinds: &[BreakKind], parameters: &mut Parameters<'_>) -> String {
        let Asked { extent, filter, of, .. } = *asked;
        let mut condition = format!(
            "b.known_from <= $1 AND b.valid_from <= $2 {} {}",
            self.labels.filter("b.label"),
            self.labels.unless("b.unless")
        );
        // The place is that of the kind: the list is read by it.
        let places: Vec<String> = kinds.iter().map(|kind| kind.rank().to_string()).collect();
        let places = if places.is_empty() { "-1".to_owned() } else { places.join(", ") };
        condition.push_str(&format!(" AND b.place IN ({places})"));
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone().unwrap_or_default());
            let contracts = self.own_contracts(parameters);
            condition.push_str(&format!(
                " AND (b.holder = {own} OR (b.holder IS NULL AND b.contract IN ({contracts})))"
            ));
        }
        parameters.narrow(&mut condition, [("b.partner", &filter.partner), ("b.contract", &filter.contract)]);
        let mut only = |column: &'static str, number: &String| {
            parameters.narrow(&mut condition, [(column, &Some(number.clone()))]);
        };
        match of {
            None | Some(LinkFocus::Contract(_)) => {}
            Some(LinkFocus::Line(number)) => only("b.contract_line", number),
            Some(LinkFocus::Delivery(number)) => only("b.delivery", number),
            Some(LinkFocus::Licence(number)) => only("b.licence", number),
            Some(LinkFocus::Inspection(number)) => only("b.inspection", number),
            // These are asked by their licence.
            Some(LinkFocus::Application(_) | LinkFocus::Certificate(_)) => condition.push_str(" AND 1 = 0"),
        }
        condition
    }

    /// Why it cannot be told, with what is known of the contract: as `Break::told` says.
    fn untold(&self, asked: &Asked<'_>, parameters: &mut Parameters<'_>) -> String {
        let places: Vec<String> = BreakKind::ALL
            .iter()
            .filter(|kind| kind.wants_licence() && !kind.is_ahead())
            .map(|kind| kind.rank().to_string())
            .collect();
        let places = places.join(", ");
        let mut cases = String::new();
        for (of, set, why) in [
            (Of::Incoming, &asked.apart.incoming, Untold::Incoming),
            (Of::Unnamed, &asked.apart.unnamed, Untold::LineNotNamed),
        ] {
            if let Some(is_one) = self.is_one_of((asked.extent, of), "b.contract", set, parameters) {
                let why = why.word();
                cases.push_str(&format!(" WHEN b.place IN ({places}) AND {is_one} THEN '{why}'"));
            }
        }
        match cases.as_str() {
            "" => "b.untold".to_owned(),
            cases => format!("(CASE WHEN b.untold IS NOT NULL THEN b.untold{cases} END)"),
        }
    }

    /// A row: what lines owe has the first columns alone, and why it cannot be told is the last.
    fn break_row(&self, row: &Row, last: usize) -> Result<BreakRow, Fault> {
        let damaged = |refusal: Refusal| Fault::damaged(DOING, refusal.message);
        let kind: BreakKind = row.text_ref(0)?.parse().map_err(damaged)?;
        let untold = row.optional_text(last)?.map(|text| text.parse()).transpose().map_err(damaged)?;
        let int = |column: usize| match column < last && !row.is_null(column) {
            true => row.int(column).map(Some),
            false => Ok(None),
        };
        let text = |column: usize| if column < last { row.optional_text(column) } else { Ok(None) };
        let partner = row.text(2)?;
        Ok(BreakRow {
            since: if last > 10 { row.optional_date(10)? } else { None },
            contract: row.optional_text(4)?.filter(|contract| !contract.is_empty()),
            partner_name: row.optional_text(3)?.unwrap_or_else(|| partner.clone()),
            partner,
            holder: text(12)?.filter(|holder| !holder.is_empty()),
            label: self.labels.get(row.int(1)?)?.clone(),
            broken: Break {
                untold,
                contract_line: row.optional_text(5)?,
                wanted: int(6)?.map(Quantity),
                found: int(7)?.map(Quantity),
                unit: row.optional_text(8)?,
                delivery: text(11)?,
                licence: text(13)?,
                licence_line: int(14)?.and_then(|line| u32::try_from(line).ok()),
                reference: text(15)?,
                certificate: text(16)?,
                inspection: text(17)?,
                ..Break::of(kind, row.date(9)?)
            },
        })
    }
}

/// Deliveries that stand on the reader’s day and that no write-off has named by the horizon, as rows of breaks: each is
/// delivered without licence. What was named once is kept, whatever became of the write-off. None where what is asked for
/// is of no delivery. Of one contract, line or delivery no other lines are read: acts are found by their line.
fn unnamed(asked: &Asked<'_>, parameters: &mut Parameters<'_>) -> Option<String> {
    let mut only = String::new();
    let mut of = |column: &'static str, number: &str| {
        parameters.narrow(&mut only, [(column, &Some(number.to_owned()))]);
    };
    let contract = match asked.of {
        None | Some(LinkFocus::Contract(_)) => asked.filter.contract.as_ref(),
        Some(LinkFocus::Line(number)) => {
            of("d.line", number);
            None
        }
        Some(LinkFocus::Delivery(number)) => {
            of("d.line", line_of(number));
            None
        }
        Some(_) => return None,
    };
    if let Some(contract) = contract {
        of("x.contract", contract);
        only = format!(" AND d.line IN (SELECT x.number FROM line x WHERE 1 = 1{only})");
    }
    Some(format!(
        "SELECT {} AS place, d.contract AS contract, 'delivery:' || d.delivery AS cell, d.known_from AS known_from, 0 AS position, d.label AS label, CAST(NULL AS BIGINT) AS unless, d.partner AS partner, d.act_date AS valid_from, d.line AS contract_line, d.delivery AS delivery, CAST(NULL AS TEXT) AS holder, CAST(NULL AS TEXT) AS licence, CAST(NULL AS TEXT) AS inspection, CASE WHEN l.unit IN {} THEN '{}' END AS untold FROM delivery_act d JOIN line l ON l.number = d.line AND {} WHERE d.counting = 'handed_over' AND d.act = 'handed_over' AND d.known_from <= $1 AND d.act_date <= $2{only} AND NOT EXISTS (SELECT 1 FROM delivery_act r WHERE r.delivery = d.delivery AND r.counting = 'handed_over' AND r.known_from <= $1 AND r.act IN ('returned', 'annulled') AND (r.act = 'annulled' OR r.act_date <= $2)) AND NOT EXISTS (SELECT 1 FROM write_off w WHERE w.delivery = d.delivery AND w.known_from <= $1)",
        BreakKind::DeliveredWithoutLicence.rank(),
        services(),
        Untold::Service.word(),
        sql::stands("l")
    ))
}

/// A row that is kept, or a delivery that no write-off names: which of both stands in `named`.
fn merged() -> String {
    format!(
        "q.place AS place, q.contract AS contract, q.cell AS cell, q.known_from AS known_from, q.position AS position, coalesce(c.kind, '{}') AS kind, coalesce(c.label, d.label) AS label, coalesce(c.partner, d.partner) AS partner, coalesce(c.contract_line, d.line) AS contract_line, coalesce(c.wanted, d.quantity) AS wanted, CASE WHEN q.named = 0 THEN 0 ELSE c.found END AS found, coalesce(c.unit, l.unit) AS unit, coalesce(c.turned_on, d.act_date) AS turned_on, coalesce(c.valid_from, d.act_date) AS valid_from, coalesce(c.delivery, d.delivery) AS delivery, c.holder AS holder, c.licence AS licence, c.licence_line AS licence_line, c.reference AS reference, c.certificate AS certificate, c.inspection AS inspection, CASE WHEN q.named = 0 AND l.unit IN {} THEN '{}' ELSE c.untold END AS untold",
        BreakKind::DeliveredWithoutLicence.word(),
        services(),
        Untold::Service.word()
    )
}

/// What is asked for.
struct Asked<'a> {
    extent: Extent,
    filter: &'a BreakFilter,
    /// Of what alone.
    of: Option<&'a LinkFocus>,
    apart: &'a Apart,
}

/// The condition on what cannot be told.
fn told(asked: Told, untold: &str) -> String {
    match asked {
        Told::Broken => format!("{untold} IS NULL"),
        Told::Untold => format!("{untold} IS NOT NULL"),
        // Named all the same, so that the statement has all its parameters.
        Told::Both => format!("({untold} IS NULL OR 1 = 1)"),
    }
}
