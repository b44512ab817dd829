//! Figures opened: the rows that sum to one, or the figures that it is worked out from.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use entente_register::brief::{
    Brief, Facts, FigureName, Known, OpenLine, Provenance, Sources, Span, compute, is_due, owed, provenance,
};
use entente_register::contract::line::contract_of;
use entente_register::contract::plan::PlanVersion;
use entente_register::document::Document;
use entente_register::ledger::{Fact, Refusal};

use super::brief::{ON_TIME, month_day, same_date, value_of_lines};
use super::plan::count_and_sum;
use super::sql;
use super::{BriefOptions, FigureValue, Listing, OpenedFigure, Page, Reader, SourceRow};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};

use FigureName as F;

/// Rows behind a figure, and the sum of all of them.
type Rows = (Listing<SourceRow>, i64);

impl Reader {
    /// A figure of the brief, opened to its rows or to the figures that it is worked out from.
    ///
    /// # Errors
    /// As [`Reader::brief`]; `not_found` for a figure that the brief does not have.
    pub async fn figure(
        &self,
        options: &BriefOptions,
        name: &FigureName,
        page: Page,
    ) -> Outcome<OpenedFigure> {
        let page = page.bounded();
        let gathered = self.gather(options).await?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let facts = gathered.facts;
        let brief = compute(&facts);
        let absent = || Refusal::not_found("figure", &name.to_string());
        let value = value(&facts, &brief, name).ok_or_else(absent)?;
        let members = |code: &str| {
            facts.groups.iter().find(|g| g.code == code).map(|g| g.members.clone()).unwrap_or_default()
        };
        let provenance = provenance(name, &members);
        let mut operands = Vec::new();
        let (sources, sources_sum) = match &provenance {
            Provenance::Rows(rows) => {
                self.sources(&mut connection, options, (&facts, &brief.plan), rows, page).await?
            }
            Provenance::Formula { operands: names, .. } => {
                for operand in names {
                    if let Some(value) = self::value(&facts, &brief, operand) {
                        operands.push((operand.clone(), value));
                    }
                }
                (Listing { rows: Vec::new(), total: 0, page }, 0)
            }
        };
        drop(transaction);
        self.log(format!("figure:{name}"), gathered.label.as_ref()).await?;
        Ok(OpenedFigure {
            name: name.clone(),
            conventions: brief.conventions,
            marking: gathered.label,
            plan: brief.plan,
            value,
            provenance,
            operands,
            sources,
            sources_sum,
        })
    }

    async fn sources(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        (facts, plan): (&Facts, &Known<PlanVersion>),
        sources: &Sources,
        page: Page,
    ) -> Result<Rows, Fault> {
        match sources {
            Sources::Acts { span, partners } => {
                self.acts(connection, options, *span, partners.as_deref(), page).await
            }
            Sources::PlanItems { to_date, partners } => match plan.value() {
                Some(version) => {
                    let day = to_date.then(|| month_day(self.as_of));
                    self.plan_items(connection, *version, day.as_deref(), partners.as_deref(), page).await
                }
                None => Ok((Listing { rows: Vec::new(), total: 0, page }, 0)),
            },
            Sources::OverdueLines => Ok(open_rows(facts, page, |line| is_due(line, self.as_of))),
            Sources::OpenLines => Ok(open_rows(facts, page, |_| true)),
            Sources::DueLines { year_only } => self.due_rows(connection, options, *year_only, page).await,
            Sources::Contracts { behind } => self.contract_rows(connection, facts, *behind, page).await,
            Sources::SignedContracts => self.signed_rows(connection, options, page).await,
        }
    }

    /// Acts that count by the rule within a span of days.
    async fn acts(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        span: Span,
        partners: Option<&[String]>,
        page: Page,
    ) -> Result<Rows, Fault> {
        let doing = "reading the acts behind a figure";
        let mut parameters = self.parameters();
        let (from, to) = days(span, self.as_of);
        let (from, to) = (parameters.add(from), parameters.add(to));
        let counting = parameters.add(options.counting.word());
        let currency = parameters.add(options.currency.code());
        let mut condition = format!(
            "a.counting = {counting} AND a.act_date BETWEEN {from} AND {to} AND a.known_from <= $1 AND a.currency = {currency} {}",
            self.labels.filter("a.label")
        );
        if let Some(partners) = partners {
            condition.push_str(&format!(" AND a.partner IN {}", parameters.list(partners.iter().cloned())));
        }
        let select = format!("a.amount FROM delivery_act a WHERE {condition}");
        let (total, sum) = count_and_sum(connection, doing, &select, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT a.delivery, a.contract, a.partner, a.act_date, a.amount, a.act, a.sign, a.document, l.description FROM delivery_act a LEFT JOIN line l ON l.number = a.line AND {} WHERE {condition} ORDER BY a.act_date, a.known_from LIMIT {limit} OFFSET {offset}",
            sql::stands("l")
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let rows = rows
            .iter()
            .map(|row| {
                Ok(SourceRow {
                    number: row.text(0)?,
                    kind: "delivery",
                    contract: row.text(1)?,
                    partner: row.text(2)?,
                    date: row.optional_date(3)?,
                    title: row.optional_text(8)?.unwrap_or_default(),
                    amount: row.int(4)?,
                    // An act that falls away stands beside the one that it takes back.
                    note: if row.int(6)? < 0 { row.text(5)? } else { String::new() },
                    document: document(row, 7)?,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok((Listing { rows, total, page }, sum))
    }

    /// Lines due by the cut-off, each on time or late.
    async fn due_rows(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        year_only: bool,
        page: Page,
    ) -> Result<Rows, Fault> {
        let doing = "reading the lines due";
        let mut parameters = self.parameters();
        let mut condition = self.due_lines(&mut parameters, options);
        if year_only {
            let start = parameters.add(date(self.as_of.year(), 1, 1));
            condition.push_str(&format!(" AND x.due_on >= {start}"));
        }
        let lines = format!("line_course x WHERE {condition} AND x.known_to > $1 AND x.known_from <= $1");
        let select = format!("x.amount FROM {lines}");
        let (total, sum) = count_and_sum(connection, doing, &select, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT y.line, y.partner, y.due_on, y.amount, l.description, y.note FROM (SELECT x.line, x.partner, x.due_on, x.amount, CASE WHEN {ON_TIME} THEN 'on time' WHEN {} THEN 'late' ELSE 'overdue' END AS note FROM {lines} ORDER BY x.due_on, x.line LIMIT {limit} OFFSET {offset}) y LEFT JOIN line l ON l.number = y.line AND {} ORDER BY y.due_on, y.line",
            sql::full("$2"),
            sql::stands("l"),
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let rows = rows
            .iter()
            .map(|row| {
                let number = row.text(0)?;
                Ok(SourceRow {
                    kind: "line",
                    contract: contract_of(&number).to_owned(),
                    number,
                    partner: row.text(1)?,
                    date: row.optional_date(2)?,
                    title: row.optional_text(4)?.unwrap_or_default(),
                    amount: row.int(3)?,
                    note: row.text(5)?,
                    document: None,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok((Listing { rows, total, page }, sum))
    }

    /// Contracts in force, with the value of their lines and what keeps one from being as planned.
    async fn contract_rows(
        &self,
        connection: &mut Connection<'_>,
        facts: &Facts,
        behind: Option<bool>,
        page: Page,
    ) -> Result<Rows, Fault> {
        let overdue: BTreeSet<&str> = facts
            .open_lines
            .iter()
            .filter(|line| is_due(line, self.as_of))
            .map(|line| line.contract.as_str())
            .collect();
        let mut all = Vec::new();
        for contract in facts.contracts.iter().filter(|c| c.state == "in_force") {
            let mut reasons = Vec::new();
            if overdue.contains(contract.contract.as_str()) {
                reasons.push("overdue line");
            }
            if contract.open_claims > 0 {
                reasons.push("open claim");
            }
            if behind.is_none_or(|wanted| wanted != reasons.is_empty()) {
                all.push((
                    contract,
                    if reasons.is_empty() { "as planned".to_owned() } else { reasons.join(", ") },
                ));
            }
        }
        let values =
            self.values_of_contracts(connection, all.iter().map(|(c, _)| c.contract.as_str())).await?;
        let sum = values.values().sum();
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let mut rows: Vec<SourceRow> = cut(all, page)
            .map(|(contract, note)| SourceRow {
                number: contract.contract.clone(),
                kind: "contract",
                contract: contract.contract.clone(),
                partner: contract.partner.clone(),
                date: None,
                title: contract.title.clone(),
                amount: values.get(&contract.contract).copied().unwrap_or(0),
                note,
                document: None,
            })
            .collect();
        self.add_documents(connection, &mut rows, "contract.entered_into_force.v1").await?;
        Ok((Listing { rows, total, page }, sum))
    }

    /// The value of the lines of these contracts.
    async fn values_of_contracts<'c>(
        &self,
        connection: &mut Connection<'_>,
        contracts: impl Iterator<Item = &'c str>,
    ) -> Result<std::collections::BTreeMap<String, i64>, Fault> {
        let mut values = std::collections::BTreeMap::new();
        let numbers: Vec<String> = contracts.map(str::to_owned).collect();
        // Lists of parameters are bounded on both databases.
        for some in numbers.chunks(2_000) {
            let mut parameters = self.parameters();
            let list = parameters.list(some.iter().cloned());
            let sql = format!(
                "SELECT l.contract, CAST(sum(l.amount) AS BIGINT) FROM line l WHERE l.contract IN {list} AND {} GROUP BY l.contract ORDER BY l.contract",
                sql::stands("l")
            );
            for row in connection.fetch("summing the lines of contracts", &sql, parameters.values()).await? {
                values.insert(row.text(0)?, row.int(1)?);
            }
        }
        Ok(values)
    }

    /// Contracts signed in the year to date, with their value and the signed paper.
    async fn signed_rows(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        page: Page,
    ) -> Result<Rows, Fault> {
        let doing = "reading contracts signed";
        let mut parameters = self.parameters();
        let condition = self.signed_contracts(&mut parameters, options);
        let value = value_of_lines("c.number");
        let select = format!("{value} AS amount FROM contract c WHERE {condition}");
        let (total, sum) = count_and_sum(connection, doing, &select, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT c.number, c.partner, c.signed_on, c.title, {value}, c.state FROM contract c WHERE {condition} ORDER BY c.signed_on, c.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        let mut rows = rows
            .iter()
            .map(|row| {
                let number = row.text(0)?;
                Ok(SourceRow {
                    kind: "contract",
                    contract: number.clone(),
                    number,
                    partner: row.text(1)?,
                    date: row.optional_date(2)?,
                    title: row.text(3)?,
                    amount: row.int(4)?,
                    note: row.text(5)?.replace('_', " "),
                    document: None,
                })
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        self.add_documents(connection, &mut rows, "contract.signed.v1").await?;
        Ok((Listing { rows, total, page }, sum))
    }

    /// Adds to the contracts of a page the paper of their first event of a kind, and its day where none is said.
    async fn add_documents(
        &self,
        connection: &mut Connection<'_>,
        rows: &mut [SourceRow],
        kind: &str,
    ) -> Result<(), Fault> {
        if rows.is_empty() {
            return Ok(());
        }
        let doing = "reading the papers of contracts";
        let mut parameters = self.parameters();
        let kind = parameters.add(kind);
        let subjects = parameters.list(rows.iter().map(|row| format!("contract:{}", row.number)));
        let sql = format!(
            "SELECT e.subject, e.kind, e.payload, e.occurred_on FROM event e WHERE e.subject IN {subjects} AND e.kind = {kind} AND e.sequence <= $1 AND e.occurred_on <= $2 ORDER BY e.subject, e.version DESC"
        );
        let mut papers = std::collections::BTreeMap::new();
        for row in connection.fetch(doing, &sql, parameters.values()).await? {
            let document = match row.optional_text(2)? {
                None => None,
                Some(payload) => Fact::decode(row.text_ref(1)?, payload.as_bytes())
                    .map_err(|e| Fault::damaged(doing, e))?
                    .document()
                    .cloned(),
            };
            papers.insert(row.text(0)?, (document, row.date(3)?));
        }
        for row in rows {
            if let Some((document, on)) = papers.remove(&format!("contract:{}", row.number)) {
                row.document = document;
                row.date = row.date.or(Some(on));
            }
        }
        Ok(())
    }
}

/// The days of a span, both counted.
fn days(span: Span, as_of: Date) -> (Date, Date) {
    let year = as_of.year();
    let before = year - 1;
    match span {
        Span::YearToDate => (date(year, 1, 1), as_of),
        Span::PreviousYear => (date(before, 1, 1), date(before, 12, 31)),
        Span::PreviousSameDate => (date(before, 1, 1), same_date(as_of, before)),
        // The day after the same date of the year before; dates end long after any year of a register.
        Span::TwelveMonths => {
            let same = same_date(as_of, before);
            (same.checked_add(1.day()).unwrap_or(same), as_of)
        }
    }
}

/// Open lines as rows: what each still owes.
fn open_rows(facts: &Facts, page: Page, wanted: impl Fn(&OpenLine) -> bool) -> Rows {
    let lines: Vec<&OpenLine> = facts.open_lines.iter().filter(|line| wanted(line)).collect();
    let as_of = facts.conventions.as_of;
    let total = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let sum = lines.iter().map(|line| owed(line)).sum();
    let rows = cut(lines, page)
        .map(|line| SourceRow {
            number: line.line.clone(),
            kind: "line",
            contract: line.contract.clone(),
            partner: line.partner.clone(),
            date: Some(line.due_on),
            title: line.description.clone(),
            amount: owed(line),
            note: if is_due(line, as_of) { "overdue".to_owned() } else { String::new() },
            document: None,
        })
        .collect();
    (Listing { rows, total, page }, sum)
}

/// The rows of a page.
fn cut<T>(rows: Vec<T>, page: Page) -> impl Iterator<Item = T> {
    let place = |n: i64| usize::try_from(n).unwrap_or(0);
    rows.into_iter().skip(place(page.offset)).take(place(page.limit))
}

/// A stored document.
fn document(row: &Row, column: usize) -> Result<Option<Document>, Fault> {
    row.optional_text(column)?
        .map(|text| serde_json::from_str(&text).map_err(|e| Fault::damaged("reading a document’s title", e)))
        .transpose()
}

/// The value of a figure of the brief; none if the brief has no such figure.
fn value(facts: &Facts, brief: &Brief, name: &FigureName) -> Option<FigureValue> {
    let money = |minor: i64| FigureValue::Money(Known::Value(minor));
    let partner = |code: &String| brief.by_partner.iter().find(|row| row.code == *code);
    let group = |code: &String| brief.by_group.iter().find(|row| row.code == *code);
    let (deliveries, previous, orders) = (&brief.deliveries, &brief.previous_year, &brief.order_book);
    Some(match name {
        F::Delivered => money(deliveries.delivered),
        F::PlanYear => FigureValue::Money(deliveries.plan_year.clone()),
        F::PlanToDate => FigureValue::Money(deliveries.plan_to_date.clone()),
        F::ExecutionPct => FigureValue::Number(deliveries.execution_pct.clone(), "%"),
        F::Spi => FigureValue::Number(deliveries.spi.clone(), ""),
        F::OnTimePct => FigureValue::Number(deliveries.on_time_pct.clone(), "%"),
        F::OnTimeYearPct => FigureValue::Number(deliveries.on_time_year_pct.clone(), "%"),
        F::Overdue => FigureValue::Count(deliveries.overdue_lines, "lines", Some(deliveries.overdue_value)),
        F::InForce => FigureValue::Count(brief.contracts.in_force, "contracts", None),
        F::AsPlanned => FigureValue::Count(brief.contracts.as_planned, "contracts", None),
        F::Behind => FigureValue::Count(brief.contracts.behind, "contracts", None),
        F::PreviousDelivered => money(previous.delivered),
        F::PreviousSameDate => money(previous.delivered_same_date),
        F::PreviousChangePct => FigureValue::Number(previous.delivered_change_pct.clone(), "%"),
        F::PlanChangePct => FigureValue::Number(previous.plan_change_pct.clone(), "%"),
        F::Backlog => money(orders.backlog),
        F::TwelveMonths => money(facts.delivered_twelve_months),
        F::YearsOfCover => FigureValue::Number(orders.years_of_cover.clone(), ""),
        F::Signed => money(orders.signed),
        F::BookToBill => FigureValue::Number(orders.book_to_bill.clone(), ""),
        F::Forecast(method) => {
            FigureValue::Money(brief.forecasts.iter().find(|f| f.method == *method)?.mid.clone())
        }
        F::PartnerDelivered(code) => money(partner(code)?.delivered),
        F::PartnerPlanned(code) => FigureValue::Money(partner(code)?.planned.clone()),
        F::PartnerExecution(code) => FigureValue::Number(partner(code)?.execution_pct.clone(), "%"),
        F::GroupDelivered(code) => money(group(code)?.delivered),
        F::GroupPlanned(code) => FigureValue::Money(group(code)?.planned.clone()),
        F::GroupExecution(code) => FigureValue::Number(group(code)?.execution_pct.clone(), "%"),
    })
}
