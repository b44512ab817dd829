//! The file of a partner and of a party: what stands between us, in sums that lists and the calendar open.

use std::collections::BTreeSet;

use entente_register::access::{Extent, Reading};
use entente_register::label::Label;
use entente_register::ledger::Refusal;
use entente_register::money::Currency;

use super::brief::value_of_lines;
use super::contract::currency;
use super::sql::{self, Parameters};
use super::{BriefOptions, DueFilter, Reader};
use crate::database::Connection;
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

const DOING: &str = "reading a file";

/// Contracts in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSum {
    /// The state.
    pub state: String,
    /// How many.
    pub contracts: i64,
    /// The value of their lines, in minor units.
    pub amount: i64,
}

/// What contracts sum to, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookSums {
    /// Contracts by state, in order of the word.
    pub states: Vec<StateSum>,
    /// Lines under contracts signed and not ended that still owe something.
    pub open_lines: i64,
    /// Of these, those whose day has passed.
    pub overdue_lines: i64,
    /// The value that they still owe, in minor units.
    pub owed: i64,
    /// Other currencies in which there are contracts: each has sums of its own.
    pub other_currencies: Vec<Currency>,
}

/// Deliveries of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearSum {
    /// The year.
    pub year: i16,
    /// Delivered in it up to the reader's day, in minor units.
    pub amount: i64,
    /// How many deliveries.
    pub deliveries: i64,
}

/// The file of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerFile {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Groups of which it is a member on the reader's day: code and name.
    pub groups: Vec<(String, String)>,
    /// In what currency the sums are.
    pub currency: Currency,
    /// What its contracts sum to.
    pub sums: BookSums,
    /// Deliveries by year, from the first with any; none for those who see their own business alone.
    pub years: Option<Vec<YearSum>>,
    /// The join of the markings of all that was summed.
    pub marking: Option<Label>,
}

/// The file of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyFile {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// `state_authority`, `company` or `person`.
    pub kind: String,
    /// The state that it is of.
    pub state: String,
    /// In how many contracts it stands in each role.
    pub roles: Vec<(String, i64)>,
    /// In what currency the sums are.
    pub currency: Currency,
    /// What the contracts in which it stands sum to; its open lines are those of the goods that it makes.
    pub sums: BookSums,
    /// The join of its marking and of those of all that was summed.
    pub marking: Option<Label>,
}

/// Whose contracts and lines are summed.
enum Of<'a> {
    Partner(&'a str),
    Party(&'a str),
}

impl Of<'_> {
    /// The condition on contracts `c`.
    fn contracts(&self, parameters: &mut Parameters<'_>) -> String {
        match self {
            Of::Partner(code) => format!("c.partner = {}", parameters.add((*code).to_owned())),
            Of::Party(number) => format!(
                "c.number IN (SELECT cp.contract FROM contract_party cp WHERE cp.party = {} AND {})",
                parameters.add((*number).to_owned()),
                sql::stands("cp")
            ),
        }
    }

    fn lines(&self) -> DueFilter {
        let (partner, manufacturer) = match self {
            Of::Partner(code) => (Some((*code).to_owned()), None),
            Of::Party(number) => (None, Some((*number).to_owned())),
        };
        DueFilter { partner, manufacturer, open: true, ..DueFilter::default() }
    }
}

impl Reader {
    /// The file of a partner, its sums in the currency of the options and by their counting rule.
    ///
    /// # Errors
    /// `not_found`; `access.read` if the actor may not read partners or contracts.
    pub async fn partner_file(&self, code: &str, options: &BriefOptions) -> Outcome<PartnerFile> {
        self.check(Reading::Partners)?;
        let extent = self.check(Reading::Contracts)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let partners = self.select_partners(&mut connection).await?;
        let (code, name) = partners
            .into_iter()
            .find(|(own, _)| own == code)
            .ok_or_else(|| Refusal::not_found("partner", code))?;
        let groups = self.select_groups(&mut connection).await?;
        let groups = groups
            .into_iter()
            .filter(|(_, _, group)| group.has(&code, self.as_of))
            .map(|(group, name, _)| (group, name))
            .collect();
        let (sums, marking) = self.sum_book(&mut connection, &Of::Partner(&code), extent, options).await?;
        let years = match extent {
            Extent::Own => None,
            Extent::All => Some(self.years_with(&mut connection, options, &code).await?),
        };
        drop(transaction);
        self.log(format!("partner:{code}"), marking.as_ref()).await?;
        Ok(PartnerFile { code, name, groups, currency: options.currency, sums, years, marking })
    }

    /// The file of a party, its sums in the currency of the options and by their counting rule.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor; `access.read` if the actor may not read contracts.
    pub async fn party_file(&self, number: &str, options: &BriefOptions) -> Outcome<PartyFile> {
        let extent = self.check(Reading::Contracts)?;
        let absent = || Refusal::not_found("party", number);
        if !is_possible(number) {
            return Err(absent().into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let own = parameters.add(number.to_owned());
        let sql = format!(
            "SELECT p.name, p.kind, p.state, p.label FROM party p WHERE p.number = {own} AND p.known_from <= $1 {}",
            self.labels.filter("p.label")
        );
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?.ok_or_else(absent)?;
        let mut parameters = self.parameters();
        let own = parameters.add(number.to_owned());
        let open = self.open_contracts(extent, &mut parameters);
        let sql = format!(
            "SELECT r.role, CAST(count(DISTINCT r.contract) AS BIGINT) FROM contract_party r JOIN contract c ON c.number = r.contract WHERE r.party = {own} AND {} AND {open} GROUP BY r.role ORDER BY r.role",
            sql::stands("r")
        );
        let roles = connection.fetch(DOING, &sql, parameters.values()).await?;
        let roles: Vec<(String, i64)> =
            roles.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<_, Fault>>()?;
        // Whoever sees their own business alone sees the parties to it, and no others.
        if extent == Extent::Own && roles.is_empty() && self.actor.party.as_deref() != Some(number) {
            return Err(absent().into());
        }
        let (sums, marking) = self.sum_book(&mut connection, &Of::Party(number), extent, options).await?;
        let file = PartyFile {
            number: number.to_owned(),
            name: row.text(0)?,
            kind: row.text(1)?,
            state: row.text(2)?,
            roles,
            currency: options.currency,
            sums,
            marking: super::access::join(marking, self.labels.get(row.int(3)?)?),
        };
        drop(transaction);
        self.log(format!("party:{number}"), file.marking.as_ref()).await?;
        Ok(file)
    }

    /// What contracts and their open lines sum to, with the join of the labels of all of them.
    async fn sum_book(
        &self,
        connection: &mut Connection<'_>,
        of: &Of<'_>,
        extent: Extent,
        options: &BriefOptions,
    ) -> Result<(BookSums, Option<Label>), Fault> {
        let mut parameters = self.parameters();
        let open = self.open_contracts(extent, &mut parameters);
        let own = of.contracts(&mut parameters);
        let sql = format!(
            "SELECT DISTINCT c.currency, c.label FROM contract c WHERE {open} AND {own} ORDER BY c.currency, c.label"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let mut currencies = BTreeSet::new();
        let mut labels = Vec::new();
        for row in &rows {
            currencies.insert(currency(row, 0)?);
            labels.push(row.int(1)?);
        }
        currencies.remove(&options.currency);

        let code = parameters.add(options.currency.code());
        let sql = format!(
            "SELECT s.state, CAST(count(*) AS BIGINT), CAST(sum(s.amount) AS BIGINT) FROM (SELECT c.state, {} AS amount FROM contract c WHERE {open} AND {own} AND c.currency = {code}) s GROUP BY s.state ORDER BY s.state",
            value_of_lines("c.number")
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let states = rows
            .iter()
            .map(|row| Ok(StateSum { state: row.text(0)?, contracts: row.int(1)?, amount: row.int(2)? }))
            .collect::<Result<_, Fault>>()?;

        let mut parameters = self.parameters();
        let counting = parameters.add(options.counting.word());
        let due = self.due(&of.lines(), extent, &counting, &mut parameters);
        let code = parameters.add(options.currency.code());
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT), CAST(coalesce(sum(s.late), 0) AS BIGINT), CAST(coalesce(sum(s.owed), 0) AS BIGINT) FROM (SELECT CASE WHEN l.due_on <= $2 THEN 1 ELSE 0 END AS late, l.amount - {} AS owed FROM line l JOIN contract c ON c.number = l.contract WHERE {due} AND l.currency = {code}) s",
            sql::delivered("amount", "l.number", options.counting, &counting, "$2"),
        );
        let row = connection.fetch_one(DOING, &sql, parameters.values()).await?;
        let sums = BookSums {
            states,
            open_lines: row.int(0)?,
            overdue_lines: row.int(1)?,
            owed: row.int(2)?,
            other_currencies: currencies.into_iter().collect(),
        };
        Ok((sums, self.labels.join(labels)?))
    }
}
