//! The chair's brief: gathering what its figures are worked out from.
//!
//! Sums of deliveries come from the views by month and by day, never from a scan
//! of acts; what lines owe is summed over the lines that still owe something.

mod delivered;
mod kept;
mod line;
mod plan;

pub(crate) use kept::KeptBriefs;
pub(super) use line::ON_TIME;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::{Date, date};

use entente_register::access::{Extent, Reading};
use entente_register::brief::{
    Brief, Conventions, Facts, GroupFacts, LineCount, Outstanding, PaymentFacts, Slip, StateCount, compute,
};
use entente_register::label::Label;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::money::Currency;
use entente_register::opportunity::analysis::Considered;
use entente_register::partner::Group;

use super::access::join;
use super::contract::currency;
use super::sql::{self, Parameters};
use super::{BriefOptions, Reader, YearSum};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};

/// Facts of a brief, and the label of all that they were gathered from.
struct Gathered {
    facts: Facts,
    label: Option<Label>,
}

impl Gathered {
    fn compute(self) -> Computed {
        let brief = Brief { marking: self.label, ..compute(&self.facts) };
        Computed { facts: self.facts, brief }
    }
}

/// A brief, and the facts that it was worked out from.
pub(super) struct Computed {
    pub(super) facts: Facts,
    pub(super) brief: Brief,
}

/// What the earlier years show of lines, and the contracts in force: about half of the work, so that it
/// is done beside the rest.
struct Years {
    contracts: Vec<StateCount>,
    line_counts: Vec<LineCount>,
    outstanding: Vec<Outstanding>,
    slips: Vec<Slip>,
}

/// What is gathered beside contracts and deliveries.
struct Beside {
    payments: PaymentFacts,
    opportunities: Vec<Considered>,
    of_opportunities: Option<Label>,
}

impl Reader {
    /// The chair's brief.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the brief; `plan.*` if the plan asked for cannot be used.
    pub async fn brief(&self, options: &BriefOptions) -> Outcome<Brief> {
        let computed = self.computed(options).await?;
        self.log("brief", computed.brief.marking.as_ref()).await?;
        Ok(computed.brief.clone())
    }

    /// The brief with its facts: as it was worked out before, where the ledger has not grown since.
    ///
    /// # Errors
    /// As [`Reader::brief`].
    pub(super) async fn computed(&self, options: &BriefOptions) -> Outcome<Arc<Computed>> {
        // The right is asked of every reader; what is kept is of a clearance.
        self.check_whole_brief()?;
        let gather = async { Ok(self.gather(options).await?.compute()) };
        self.store.briefs.get(self, options, gather).await
    }

    /// Gathers the facts of a brief.
    ///
    /// Three connections share the work: rows at a horizon never change, so all read the same register.
    async fn gather(&self, options: &BriefOptions) -> Outcome<Gathered> {
        let database = &self.store.database;
        let (mut first, mut second, mut third) =
            tokio::try_join!(database.read(), database.read(), database.read())?;
        let (mut first, mut second, mut third) =
            (first.connection(), second.connection(), third.connection());
        let (gathered, years, beside) = tokio::try_join!(
            self.gather_present(&mut first, options),
            self.gather_years(&mut second, options),
            self.gather_beside(&mut third, options)
        )?;
        Ok(self.put_together(gathered, years, beside))
    }

    /// The brief as one connection sees the register, for a writer that works out what it records.
    ///
    /// # Errors
    /// As [`Reader::brief`].
    pub(crate) async fn brief_on(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Outcome<Brief> {
        self.check_whole_brief()?;
        let gathered = self.gather_present(connection, options).await?;
        let years = self.gather_years(connection, options).await?;
        let beside = self.gather_beside(connection, options).await?;
        Ok(self.put_together(gathered, years, beside).compute().brief)
    }

    /// Passes if the actor reads the brief of all contracts. A brief of one party's business is not a brief:
    /// its sums know partners, not parties.
    ///
    /// # Errors
    /// `access.read`.
    pub(super) fn check_whole_brief(&self) -> Fallible<()> {
        match self.check(Reading::Brief)? {
            Extent::All => Ok(()),
            Extent::Own => Err(Refusal::new("access.read", "The brief is of all contracts.")
                .missing("a right to read the brief as a whole")),
        }
    }

    /// Delivered in each year up to the reader's day, by one counting rule in one currency, and the join of the
    /// labels of the contracts that are open to the actor.
    pub(super) async fn delivered_by_year(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<(BTreeMap<i16, i64>, Option<Label>), Fault> {
        let (_, label) = self.survey(connection, options).await?;
        let mut years: BTreeMap<i16, i64> = BTreeMap::new();
        for one in self.delivered(connection, options).await? {
            let sum = years.entry(one.year).or_default();
            *sum = sum.saturating_add(one.amount);
        }
        Ok((years, label))
    }

    /// Deliveries to one partner by year, from the first year with any up to the reader's day.
    pub(super) async fn years_with(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
        partner: &str,
    ) -> Result<Vec<YearSum>, Fault> {
        let mut years: BTreeMap<i16, YearSum> = BTreeMap::new();
        for one in self.delivered(connection, options).await? {
            if one.partner == partner {
                let none = YearSum { year: one.year, amount: 0, deliveries: 0 };
                let sum = years.entry(one.year).or_insert(none);
                sum.amount = sum.amount.saturating_add(one.amount);
                sum.deliveries = sum.deliveries.saturating_add(one.count);
            }
        }
        Ok(years.into_values().collect())
    }

    /// Payments and opportunities.
    async fn gather_beside(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Outcome<Beside> {
        let payments = self.gather_payments(connection, Extent::All, options).await?;
        let (opportunities, of_opportunities) = self.gather_opportunities(connection).await?;
        Ok(Beside { payments, opportunities, of_opportunities })
    }

    fn put_together(&self, mut gathered: Gathered, years: Years, beside: Beside) -> Gathered {
        let Beside { payments, opportunities, of_opportunities } = beside;
        if let Some(label) = of_opportunities {
            gathered.label = join(gathered.label, &label);
        }
        let facts = &mut gathered.facts;
        facts.contracts = years.contracts;
        let states: HashMap<&str, &str> =
            facts.contracts.iter().map(|c| (c.contract.as_str(), c.state.as_str())).collect();
        for line in &mut facts.open_lines {
            // A contract that owes and is neither in force nor suspended is signed.
            let state = states.get(line.contract.as_str()).copied().unwrap_or("signed");
            state.clone_into(&mut line.contract_state);
        }
        facts.payments = payments;
        facts.opportunities = opportunities;
        facts.line_counts = years.line_counts;
        // An earlier year counts if something was delivered or due in it.
        let year = self.as_of.year();
        let earlier: BTreeSet<i16> = facts
            .delivered
            .iter()
            .map(|d| d.year)
            .chain(facts.line_counts.iter().map(|c| c.year))
            .filter(|y| *y < year)
            .collect();
        facts.outstanding = years.outstanding;
        facts.outstanding.retain(|o| earlier.contains(&o.year));
        facts.slips = years.slips;
        facts.slips.retain(|s| earlier.contains(&s.year));
        gathered
    }

    /// What is planned, delivered and signed by the cut-off, and with whom.
    async fn gather_present(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Outcome<Gathered> {
        let year = self.as_of.year();
        let (plans, plan_missing) = self.choose_plans(connection, options).await?;
        let (other_currencies, label) = self.survey(connection, options).await?;
        let delivered = self.delivered(connection, options).await?;
        let (signed_count, signed) = self.signed(connection, options).await?;
        let in_year = |y: i16| delivered.iter().filter(move |d| d.year == y);
        let delivered_twelve_months = in_year(year).map(|d| d.to_date).sum::<i64>()
            + in_year(year - 1).map(|d| d.amount - d.to_date).sum::<i64>();
        let facts = Facts {
            conventions: Conventions {
                as_of: self.as_of,
                known_at: self.known_at,
                counting: options.counting,
                plan: options.plan,
                currency: options.currency,
                scope: self.actor.clearance.scope(),
                other_currencies,
            },
            delivered,
            delivered_twelve_months,
            plans,
            plan_missing,
            open_lines: self.open_lines(connection, options).await?,
            line_counts: Vec::new(),
            outstanding: Vec::new(),
            slips: Vec::new(),
            contracts: Vec::new(),
            signed,
            signed_count,
            partners: self.select_partners(connection).await?.into_iter().collect(),
            groups: self
                .select_groups(connection)
                .await?
                .into_iter()
                .map(|(code, name, group)| GroupFacts { code, name, members: members(&group, self.as_of) })
                .collect(),
            payments: PaymentFacts::default(),
            opportunities: Vec::new(),
        };
        Ok(Gathered { facts, label })
    }

    /// The contracts in force, and what the earlier years show of lines: for every year with an act or a line due.
    async fn gather_years(&self, connection: &mut Connection<'_>, options: &BriefOptions) -> Outcome<Years> {
        let contracts = self.states(connection, options).await?;
        let line_counts = self.line_counts(connection, options).await?;
        let acts = self.act_years(connection, options).await?;
        let year = self.as_of.year();
        let years: BTreeSet<i16> = acts.into_iter().chain(line_counts.iter().map(|c| c.year)).collect();
        let years: Vec<i16> = years.into_iter().filter(|y| *y < year).collect();
        Ok(Years {
            contracts,
            outstanding: self.outstanding(connection, options, &years).await?,
            slips: self.slips(connection, options, &years).await?,
            line_counts,
        })
    }

    /// The currencies of other contracts, and the join of the labels of all that are open to the actor.
    async fn survey(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<(Vec<Currency>, Option<Label>), Fault> {
        let parameters = self.parameters();
        let sql = format!(
            "SELECT DISTINCT c.currency, c.label FROM contract c WHERE {} {} ORDER BY c.currency, c.label",
            sql::stands("c"),
            self.labels.filter("c.label")
        );
        let rows = connection.fetch("surveying the contracts", &sql, parameters.values()).await?;
        let (mut currencies, mut labels) = (BTreeSet::new(), Vec::new());
        for row in &rows {
            currencies.insert(currency(row, 0)?);
            labels.push(row.int(1)?);
        }
        currencies.remove(&options.currency);
        Ok((currencies.into_iter().collect(), self.labels.join(labels)?))
    }

    /// Contracts in force or suspended, with their open claims.
    async fn states(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<Vec<StateCount>, Fault> {
        let mut parameters = self.parameters();
        let currency = parameters.add(options.currency.code());
        let sql = format!(
            "SELECT c.number, c.partner, c.title, c.state, CAST((SELECT count(*) FROM claim k WHERE k.contract = c.number AND k.known_from <= $1 AND k.opened_on <= $2 AND NOT (k.settled_from IS NOT NULL AND k.settled_from <= $1 AND k.settled_on <= $2)) AS BIGINT) FROM contract c WHERE {} AND c.state IN ('in_force', 'suspended') AND c.currency = {currency} {} ORDER BY c.number",
            sql::stands("c"),
            self.labels.filter("c.label"),
        );
        let slipping = self.slipping(connection).await?;
        let rows = connection.fetch_many("reading contracts in force", &sql, 5, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                Ok(StateCount {
                    slippages: slipping.get(row.text_ref(0)?).copied().unwrap_or(0),
                    contract: row.text(0)?,
                    partner: row.text(1)?,
                    title: row.text(2)?,
                    state: row.text(3)?,
                    open_claims: row.int(4)?,
                })
            })
            .collect()
    }

    /// How many lines of each contract are reported to slip. Few are, so that all of them are read at once.
    async fn slipping(&self, connection: &mut Connection<'_>) -> Result<BTreeMap<String, i64>, Fault> {
        let parameters = self.parameters();
        let sql = format!(
            "SELECT p.contract, CAST(count(*) AS BIGINT) FROM performance p WHERE p.kind = 'slippage' AND p.state = 'open' AND {} {} GROUP BY p.contract ORDER BY p.contract",
            sql::stands("p"),
            self.labels.filter("p.label"),
        );
        let rows = connection.fetch("reading what slips", &sql, parameters.values()).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
    }

    /// Contracts signed in the year to date: how many, and the value of their lines.
    async fn signed(
        &self,
        connection: &mut Connection<'_>,
        options: &BriefOptions,
    ) -> Result<(i64, i64), Fault> {
        let mut parameters = self.parameters();
        let condition = self.signed_contracts(&mut parameters, options);
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT), CAST(coalesce(sum(s.amount), 0) AS BIGINT) FROM (SELECT {} AS amount FROM contract c WHERE {condition}) s",
            value_of_lines("c.number")
        );
        let row = connection.fetch_one("summing contracts signed", &sql, parameters.values()).await?;
        Ok((row.int(0)?, row.int(1)?))
    }

    /// The condition on contracts `c` signed in the year to date.
    pub(super) fn signed_contracts(&self, parameters: &mut Parameters<'_>, options: &BriefOptions) -> String {
        let start = parameters.add(date(self.as_of.year(), 1, 1));
        let currency = parameters.add(options.currency.code());
        format!(
            "{} AND c.signed_on BETWEEN {start} AND $2 AND c.currency = {currency} {}",
            sql::stands("c"),
            self.labels.filter("c.label")
        )
    }
}

/// The value of a contract's lines as of the reader's day.
pub(super) fn value_of_lines(contract: &str) -> String {
    format!(
        "CAST(coalesce((SELECT sum(l.amount) FROM line l WHERE l.contract = {contract} AND {}), 0) AS BIGINT)",
        sql::stands("l")
    )
}

/// The cut-off's month and day in a year; 28 February stands for 29 February where there is none.
pub(super) fn same_date(as_of: Date, year: i16) -> Date {
    Date::new(year, as_of.month(), as_of.day()).unwrap_or(date(year, 2, 28))
}

/// Month and day, `MM-DD`: texts of these compare as days of a year do.
pub(super) fn month_day(date: Date) -> String {
    date.to_string().chars().skip(5).collect()
}

/// The states that are members of the group on a day, in order.
pub(super) fn members(group: &Group, on: Date) -> Vec<String> {
    group.members.keys().filter(|state| group.has(state, on)).cloned().collect()
}

/// A small integer.
fn small<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T, Fault>
where
    T::Error: std::fmt::Display,
{
    let int = row.int(column)?;
    T::try_from(int).map_err(|e| Fault::damaged(format!("reading the number {int}"), e))
}
