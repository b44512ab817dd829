//! The list of breaks, a page at a time.

use entente_register::access::{Extent, Reading};
use entente_register::ledger::Refusal;
use entente_register::money::Quantity;
use entente_register::transfer::link::{Break, BreakKind, MOST_AHEAD};

use super::cover::Apart;
use super::{BreakFilter, BreakRow, LinkFocus, Told};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::reader::sql::Parameters;
use crate::reader::{Listing, Page, Reader};

const DOING: &str = "reading the breaks of the chain";

/// The stretches of rows that stand at the horizon on the reader’s day: what stands without an end, what was superseded since
/// the horizon, and what was so until a later day.
const STRETCHES: [&str; 3] = [
    "b.known_to = 9223372036854775807 AND b.valid_to = '9999-12-31'",
    "b.known_to > $1 AND b.known_to < 9223372036854775807 AND b.valid_to > $2",
    "b.known_to = 9223372036854775807 AND b.valid_to > $2 AND b.valid_to < '9999-12-31'",
];

/// Columns of a break, each part of the list having the same.
const COLUMNS: &str = "b.place AS place, b.contract AS contract, b.cell AS cell, b.known_from AS known_from, b.position AS position, b.valid_from AS valid_from, b.kind AS kind, b.untold AS untold, b.label AS label, b.partner AS partner, b.contract_line AS contract_line, b.delivery AS delivery, b.holder AS holder, b.licence AS licence, b.licence_line AS licence_line, b.reference AS reference, b.certificate AS certificate, b.inspection AS inspection, b.wanted AS wanted, b.found AS found, b.unit AS unit, b.turned_on AS turned_on";

const ORDER: &str = "place, contract, cell, known_from, position";

impl Reader {
    /// Breaks of the chain, of what is open to the actor: by what is broken, then by contract.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts and licences; `breaks.ahead` for days that lie too far ahead.
    pub async fn breaks(&self, filter: &BreakFilter, page: Page) -> Outcome<Listing<BreakRow>> {
        let mut transaction = self.store.database.read().await?;
        let listing = self.find_breaks(&mut transaction.connection(), (filter, None), page).await?;
        drop(transaction);
        let mut label = None;
        for row in &listing.rows {
            label = crate::reader::access::join(label, &row.label);
        }
        self.log("breaks", label.as_ref()).await?;
        Ok(listing)
    }

    /// How far the actor is told of the chain: of its own business alone where either contracts or licences are.
    ///
    /// # Errors
    /// `access.read`, naming the roles that may.
    pub(super) fn check_chain(&self) -> Outcome<Extent> {
        Ok(self.check(Reading::Contracts)?.min(self.check(Reading::Licences)?))
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
    ) -> Outcome<Listing<BreakRow>> {
        let extent = self.check_chain()?;
        if filter.ahead > MOST_AHEAD {
            return Err(Refusal::new("breaks.ahead", format!("{} days ahead are too many.", filter.ahead))
                .field("ahead")
                .missing(format!("0 to {MOST_AHEAD} days"))
                .into());
        }
        let page = page.bounded();
        let mut parameters = self.parameters();
        let parts = self.parts(extent, (filter, of), &mut parameters);
        if parts.is_empty() {
            return Ok(Listing { rows: Vec::new(), total: 0, page });
        }
        let counts: Vec<String> = parts
            .iter()
            .map(|part| {
                format!(
                    "(SELECT CAST(count(*) AS BIGINT) FROM ({}) n WHERE {})",
                    part.rows("1 AS one"),
                    part.narrowed
                )
            })
            .collect();
        let sql = format!("SELECT {}", counts.join(" + "));
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let until = parameters.add(page.limit.saturating_add(page.offset));
        let parts: Vec<String> = parts
            .iter()
            .map(|part| {
                format!(
                    "SELECT * FROM (SELECT * FROM ({}) n WHERE {} ORDER BY {ORDER} LIMIT {until}) s",
                    part.rows(COLUMNS),
                    part.narrowed
                )
            })
            .collect();
        let sql = format!(
            "SELECT q.kind, q.untold, q.label, q.partner, p.name, q.contract, q.contract_line, q.delivery, q.holder, q.licence, q.licence_line, q.reference, q.certificate, q.inspection, q.wanted, q.found, q.unit, q.turned_on, q.valid_from FROM (SELECT * FROM ({}) u ORDER BY {ORDER} LIMIT {limit} OFFSET {offset}) q LEFT JOIN partner p ON p.code = q.partner AND p.known_from <= $1 ORDER BY q.place, q.contract, q.cell, q.known_from, q.position",
            parts.join(" UNION ALL ")
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let rows = rows.iter().map(|row| self.break_row(row)).collect::<Result<_, Fault>>()?;
        Ok(Listing { rows, total, page })
    }

    /// The parts of the list.
    fn parts(
        &self,
        extent: Extent,
        (filter, of): (&BreakFilter, Option<&LinkFocus>),
        parameters: &mut Parameters<'_>,
    ) -> Vec<Part> {
        let asked = |kind: &BreakKind| filter.kind.is_none_or(|asked| asked == *kind);
        let (ahead, known): (Vec<BreakKind>, Vec<BreakKind>) =
            self.told_kinds().into_iter().filter(asked).partition(|kind| kind.is_ahead());
        let apart = self.apart(extent, parameters);
        let mut parts = Vec::new();
        if !known.is_empty() {
            let condition = self.open_breaks(extent, (filter, of), &known, parameters);
            for stretch in STRETCHES {
                let condition = format!("{condition} AND {stretch}");
                let untold = untold(&apart);
                let condition = format!("{condition} AND {}", told(filter.told, &untold));
                parts.push(Part { source: Source::Kept { condition, untold }, narrowed: "1 = 1".to_owned() });
            }
        }
        let is_of_line = match of {
            None | Some(LinkFocus::Contract(_) | LinkFocus::Line(_)) => true,
            Some(_) => false,
        };
        if !ahead.is_empty() && is_of_line {
            let rows = self.uncovered(extent, filter, &apart, parameters);
            let kinds = parameters.list(ahead.iter().map(|kind| kind.word()));
            let mut narrowed = format!("n.kind IN {kinds} AND {}", told(filter.told, "n.untold"));
            match of {
                Some(LinkFocus::Contract(number)) => {
                    parameters.narrow(&mut narrowed, [("n.contract", &Some(number.clone()))])
                }
                Some(LinkFocus::Line(number)) => {
                    parameters.narrow(&mut narrowed, [("n.contract_line", &Some(number.clone()))])
                }
                _ => {}
            }
            parts.push(Part { source: Source::Ahead { rows }, narrowed });
        }
        parts
    }

    /// The condition on rows `b` of breaks that are open to the actor and asked for.
    fn open_breaks(
        &self,
        extent: Extent,
        (filter, of): (&BreakFilter, Option<&LinkFocus>),
        kinds: &[BreakKind],
        parameters: &mut Parameters<'_>,
    ) -> String {
        let mut condition = format!(
            "b.known_from <= $1 AND b.valid_from <= $2 {} {}",
            self.labels.filter("b.label"),
            self.labels.unless("b.unless")
        );
        // The place is that of the kind: the list is read by it.
        let places: Vec<String> = kinds.iter().map(|kind| kind.rank().to_string()).collect();
        condition.push_str(&format!(" AND b.place IN ({})", places.join(", ")));
        if extent == Extent::Own {
            let own = parameters.add(self.actor.party.clone().unwrap_or_default());
            let contracts = self.own_contracts(parameters);
            condition.push_str(&format!(
                " AND (b.holder = {own} OR (b.holder IS NULL AND b.contract IN ({contracts})))"
            ));
        }
        parameters.narrow(&mut condition, [("b.partner", &filter.partner), ("b.contract", &filter.contract)]);
        let contract_of = |number: &str| entente_register::contract::line::contract_of(number).to_owned();
        let mut only = |asked: &[(&'static str, String)]| {
            for (column, wanted) in asked {
                parameters.narrow(&mut condition, [(*column, &Some(wanted.clone()))]);
            }
        };
        match of {
            None => {}
            Some(LinkFocus::Contract(number)) => only(&[("b.contract", number.clone())]),
            Some(LinkFocus::Line(number)) => {
                only(&[("b.contract", contract_of(number)), ("b.contract_line", number.clone())]);
            }
            Some(LinkFocus::Delivery(number)) => {
                only(&[("b.contract", contract_of(number)), ("b.delivery", number.clone())]);
            }
            Some(LinkFocus::Licence(number)) => only(&[("b.licence", number.clone())]),
            Some(LinkFocus::Inspection(number)) => only(&[("b.inspection", number.clone())]),
            // These are asked by their licence.
            Some(LinkFocus::Application(_) | LinkFocus::Certificate(_)) => condition.push_str(" AND 1 = 0"),
        }
        condition
    }

    fn break_row(&self, row: &Row) -> Result<BreakRow, Fault> {
        let damaged = |refusal: Refusal| Fault::damaged(DOING, refusal.message);
        let kind: BreakKind = row.text_ref(0)?.parse().map_err(damaged)?;
        let untold = row.optional_text(1)?.map(|text| text.parse()).transpose().map_err(damaged)?;
        let int = |column: usize| if row.is_null(column) { Ok(None) } else { row.int(column).map(Some) };
        let partner = row.text(3)?;
        Ok(BreakRow {
            since: row.optional_date(18)?,
            contract: row.optional_text(5)?.filter(|contract| !contract.is_empty()),
            partner_name: row.optional_text(4)?.unwrap_or_else(|| partner.clone()),
            partner,
            holder: row.optional_text(8)?.filter(|holder| !holder.is_empty()),
            label: self.labels.get(row.int(2)?)?.clone(),
            broken: Break {
                untold,
                contract_line: row.optional_text(6)?,
                delivery: row.optional_text(7)?,
                licence: row.optional_text(9)?,
                licence_line: int(10)?.and_then(|line| u32::try_from(line).ok()),
                reference: row.optional_text(11)?,
                certificate: row.optional_text(12)?,
                inspection: row.optional_text(13)?,
                wanted: int(14)?.map(Quantity),
                found: int(15)?.map(Quantity),
                unit: row.optional_text(16)?,
                ..Break::of(kind, row.date(17)?)
            },
        })
    }
}

/// A part of the list.
struct Part {
    source: Source,
    /// The condition on its rows `n`.
    narrowed: String,
}

enum Source {
    /// Rows of the table.
    Kept { condition: String, untold: String },
    /// What lines still owe.
    Ahead { rows: String },
}

impl Part {
    fn rows(&self, columns: &str) -> String {
        match &self.source {
            Source::Ahead { rows } => rows.clone(),
            Source::Kept { condition, untold } => {
                let columns = columns.replace("b.untold AS untold", &format!("{untold} AS untold"));
                format!("SELECT {columns} FROM chain_break b WHERE {condition}")
            }
        }
    }
}

/// The condition on what cannot be told.
fn told(asked: Told, untold: &str) -> String {
    match asked {
        Told::Broken => format!("{untold} IS NULL"),
        Told::Untold => format!("{untold} IS NOT NULL"),
        Told::Both => "1 = 1".to_owned(),
    }
}

/// Why it cannot be told, with what is known of the contract: as `Break::told` says.
fn untold(apart: &Apart) -> String {
    use entente_register::transfer::link::Untold;
    let places: Vec<String> = BreakKind::ALL
        .iter()
        .filter(|kind| kind.wants_licence() && !kind.is_ahead())
        .map(|kind| kind.rank().to_string())
        .collect();
    format!(
        "CASE WHEN b.untold IS NOT NULL THEN b.untold WHEN b.place NOT IN ({}) THEN NULL WHEN b.contract IN ({}) THEN '{}' WHEN b.contract IN ({}) THEN '{}' END",
        places.join(", "),
        apart.incoming,
        Untold::Incoming.word(),
        apart.unnamed,
        Untold::LineNotNamed.word(),
    )
}
