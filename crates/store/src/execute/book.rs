//! What a batch tells whoever brings a book in: which subject a row means, and how it stands.
//!
//! Everything is of the batch, with what it has changed so far, and only what is open to the actor.

use jiff::civil::Date;

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::contract::Contract;
use entente_register::contract::delivery::Delivery;
use entente_register::contract::line::{Line, contract_of};
use entente_register::contract::plan::{Plan, PlanVersion};
use entente_register::label::Label;
use entente_register::ledger::{Event, Subject, SubjectKind};
use entente_register::partner::Group;
use entente_register::party::PartyKind;
use entente_register::payment::rate::RateState;
use entente_register::payment::{Delay, Instalment, Penalty, Receipt, Schedule};
use entente_register::performance::{CorrectivePlan, Milestone, OffsetObligation, Slippage};

use super::Batch;
use super::states::is_possible;
use crate::error::{Fault, Outcome};
use crate::ledger::{EVENT_COLUMNS, decode_event};
use crate::view::Scope;

/// An item of a plan version: number of the line, day, minor units.
pub type PlannedItem = (String, Date, i64);

impl Batch {
    /// The numbers of the contracts that bear a reference; one, where the reference names its number beside.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn contracts_referenced(&mut self, actor: &Actor, reference: &str) -> Outcome<Vec<String>> {
        let mut found = self.referenced(Scope::Contracts, reference).await?;
        // Where several bear one, a book names each with its number: `P/2 (O-2012-0007)`.
        if found.is_empty()
            && let Some((own, number)) =
                reference.strip_suffix(')').and_then(|reference| reference.rsplit_once(" ("))
        {
            found = self.referenced(Scope::Contracts, own).await?;
            found.retain(|bearer| bearer == number);
        }
        let mut seen = Vec::new();
        for number in found {
            if self.contract_state(actor, &number).await?.is_some() {
                seen.push(number);
            }
        }
        Ok(seen)
    }

    /// The number of the line of a contract that bears a reference. A line without one bears its place in
    /// the contract, as an exported book names it. The contract is one that was found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn line_referenced(&mut self, contract: &str, reference: &str) -> Outcome<Option<String>> {
        if let Some(number) = self.referenced(Scope::LinesOf(contract), reference).await?.into_iter().next() {
            return Ok(Some(number));
        }
        if !is_place(reference) {
            return Ok(None);
        }
        let subject = SubjectKind::Line.subject(format!("{contract}.{reference}"));
        self.load(&subject).await?;
        let line = self.states.line(&subject.key).filter(|line| line.reference.is_none());
        Ok(line.map(|line| line.number.clone()))
    }

    /// The number of the delivery of a contract that bears a reference. A delivery without one bears the
    /// places of its line and of itself, `LINE.n`. The contract is one that was found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn delivery_referenced(&mut self, contract: &str, reference: &str) -> Outcome<Option<String>> {
        let found = self.referenced(Scope::DeliveriesOf(contract), reference).await?.into_iter().next();
        if found.is_some()
            || !reference.split_once('.').is_some_and(|(line, own)| is_place(line) && is_place(own))
        {
            return Ok(found);
        }
        let subject = SubjectKind::Delivery.subject(format!("{contract}.{reference}"));
        self.load(&subject).await?;
        let delivery = self.states.delivery(&subject.key).filter(|delivery| delivery.reference.is_none());
        Ok(delivery.map(|delivery| delivery.number.clone()))
    }

    /// Looks for the deliveries of many rows at once: number of the contract, and reference. Those that are there
    /// are read as they stand.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn prefetch_deliveries<'r>(
        &mut self,
        wanted: impl Iterator<Item = (&'r str, &'r str)>,
    ) -> Outcome<()> {
        if self.states.is_full() {
            self.flush().await?;
            self.states.make_room();
        }
        let wanted: Vec<(Scope<'_>, &str)> = wanted
            .filter(|(_, reference)| is_possible(reference))
            .map(|(contract, reference)| (Scope::DeliveriesOf(contract), reference))
            .collect();
        let mut connection = self.transaction.connection();
        self.views.prefetch_references(&mut connection, wanted.iter().copied()).await?;
        let mut found = Vec::new();
        for (scope, reference) in wanted {
            let numbers = self.views.referenced(&mut connection, scope, reference).await?;
            found.extend(numbers.into_iter().map(|number| SubjectKind::Delivery.subject(number)));
        }
        Ok(self.states.load_many(&mut connection, SubjectKind::Delivery, found).await?)
    }

    /// The number of the instalment of a contract that bears a reference. One without bears the end of its
    /// number, `I3`. The contract is one that was found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn instalment_referenced(
        &mut self,
        contract: &str,
        reference: &str,
    ) -> Outcome<Option<String>> {
        if !is_possible(reference) {
            return Ok(None);
        }
        self.payment_referenced(Scope::InstalmentsOf(contract), reference).await
    }

    /// The number of the receipt of a contract that bears a reference. One without bears the end of its
    /// number, `R3`. The contract is one that was found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn receipt_referenced(&mut self, contract: &str, reference: &str) -> Outcome<Option<String>> {
        if !is_possible(reference) {
            return Ok(None);
        }
        self.payment_referenced(Scope::ReceiptsOf(contract), reference).await
    }

    /// The numbers of the opportunities that bear a reference; of one without it, its own number.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn opportunities_referenced(&mut self, actor: &Actor, reference: &str) -> Outcome<Vec<String>> {
        let mut found = self.referenced(Scope::Opportunities, reference).await?;
        if found.is_empty() && is_possible(reference) {
            found.push(reference.to_owned());
        }
        let mut seen = Vec::new();
        for number in found {
            if self.sees_opportunity(actor, &number).await? {
                seen.push(number);
            }
        }
        Ok(seen)
    }

    /// The slippages of a line that was found, as they stand, in the order of their numbers.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn slippages_of(&mut self, line: &str) -> Outcome<Vec<Slippage>> {
        let about = SubjectKind::Line.subject(line).to_string();
        let numbers = self.performed(("about", &about), SubjectKind::Slippage).await?;
        Ok(numbers.iter().filter_map(|number| self.states.slippage(number).cloned()).collect())
    }

    /// The milestones of a contract that was found, as they stand, in the order of their numbers.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn milestones_of(&mut self, contract: &str) -> Outcome<Vec<Milestone>> {
        let numbers = self.performed(("contract", contract), SubjectKind::Milestone).await?;
        Ok(numbers.iter().filter_map(|number| self.states.milestone(number).cloned()).collect())
    }

    /// The corrective plans of a contract that was found, as they stand, in the order of their numbers.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn corrective_plans_of(&mut self, contract: &str) -> Outcome<Vec<CorrectivePlan>> {
        let numbers = self.performed(("contract", contract), SubjectKind::Corrective).await?;
        Ok(numbers.iter().filter_map(|number| self.states.corrective(number).cloned()).collect())
    }

    /// The offset obligations of a contract that was found, as they stand, in the order of their numbers.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn offsets_of(&mut self, contract: &str) -> Outcome<Vec<OffsetObligation>> {
        let numbers = self.performed(("contract", contract), SubjectKind::Offset).await?;
        Ok(numbers.iter().filter_map(|number| self.states.offset(number).cloned()).collect())
    }

    /// An offset obligation as it stands, of a contract that was found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn offset_state(&mut self, number: &str) -> Outcome<Option<&OffsetObligation>> {
        self.load(&SubjectKind::Offset.subject(number)).await?;
        Ok(self.states.offset(number))
    }

    /// The numbers of what a contract is performed by, of a kind and by a column, each with its state loaded.
    async fn performed(
        &mut self,
        (column, value): (&'static str, &str),
        kind: SubjectKind,
    ) -> Outcome<Vec<String>> {
        let sql = format!(
            "SELECT DISTINCT number, length(number) FROM performance WHERE {column} = $1 AND kind = $2 ORDER BY length(number), number"
        );
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let rows = connection
            .fetch("reading how a contract is performed", &sql, &[value.into(), kind.word().into()])
            .await?;
        let mut numbers = Vec::with_capacity(rows.len());
        for row in rows {
            let subject = kind.subject(row.text(0)?);
            self.load(&subject).await?;
            numbers.push(subject.key);
        }
        Ok(numbers)
    }

    /// A slippage as it stands, of a contract that was found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn slippage_state(&mut self, number: &str) -> Outcome<Option<&Slippage>> {
        self.load(&SubjectKind::Slippage.subject(number)).await?;
        Ok(self.states.slippage(number))
    }

    /// An instalment as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn instalment_state(&mut self, actor: &Actor, number: &str) -> Outcome<Option<&Instalment>> {
        if !self.sees_payment(actor, &SubjectKind::Instalment.subject(number)).await? {
            return Ok(None);
        }
        Ok(self.states.instalment(number))
    }

    /// A receipt as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn receipt_state(&mut self, actor: &Actor, number: &str) -> Outcome<Option<&Receipt>> {
        if !self.sees_payment(actor, &SubjectKind::Receipt.subject(number)).await? {
            return Ok(None);
        }
        Ok(self.states.receipt(number))
    }

    /// The penalty that was claimed for a delay on a day, as it stands; none that was recorded in error.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn penalty_claimed(
        &mut self,
        actor: &Actor,
        delay: &Delay,
        on: Date,
    ) -> Outcome<Option<Penalty>> {
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let rows = connection
            .fetch(
                "looking for a penalty",
                "SELECT DISTINCT number FROM penalty WHERE delay = $1 AND claimed_on = $2 ORDER BY number",
                &[delay.subject().to_string().into(), on.into()],
            )
            .await?;
        for row in rows {
            let subject = SubjectKind::Penalty.subject(row.text(0)?);
            if self.sees_payment(actor, &subject).await?
                && let Some(penalty) =
                    self.states.penalty(&subject.key).filter(|held| held.state != "annulled")
            {
                return Ok(Some(penalty.clone()));
            }
        }
        Ok(None)
    }

    /// What the register was told of a subject before this batch: the kind of each event, without the name of the
    /// subject and the version (`agreed` of `offset.agreed.v1`), and its day. The subject’s contract is one that was
    /// found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn told_of(&mut self, subject: &Subject) -> Outcome<Vec<(String, Date)>> {
        let rows = self
            .transaction
            .connection()
            .fetch(
                "reading what was told of a subject",
                "SELECT kind, occurred_on FROM event WHERE subject = $1 ORDER BY version",
                &[subject.to_string().into()],
            )
            .await?;
        let mut told = Vec::with_capacity(rows.len());
        for row in rows {
            let kind = row.text_ref(0)?;
            let end = kind.split_once('.').map_or(kind, |(_, end)| end);
            let word = end.rsplit_once('.').map_or(end, |(word, _)| word);
            told.push((word.to_owned(), row.date(1)?));
        }
        Ok(told)
    }

    /// The events of a subject before this batch, in their order. The subject’s contract is one that was found.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn events_of(&mut self, subject: &Subject) -> Outcome<Vec<Event>> {
        let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 ORDER BY version");
        let key = [subject.to_string().into()];
        let rows = self.transaction.connection().fetch("reading the events of a subject", &sql, &key).await?;
        Ok(rows.iter().map(|row| Ok(decode_event(row)?.event)).collect::<Result<_, Fault>>()?)
    }

    /// A rate as it stands, by its key.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn rate_state(&mut self, actor: &Actor, key: &str) -> Outcome<Option<&RateState>> {
        if !self.sees_payment(actor, &SubjectKind::Rate.subject(key)).await? {
            return Ok(None);
        }
        Ok(self.states.rate(key))
    }

    /// The payment schedule of a contract that was found, as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn schedule_state(&mut self, contract: &str) -> Outcome<Schedule> {
        self.schedule_of(contract).await
    }

    /// A contract as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn contract_state(&mut self, actor: &Actor, number: &str) -> Outcome<Option<&Contract>> {
        self.load(&SubjectKind::Contract.subject(number)).await?;
        if !self.sees_contract(actor, number) {
            return Ok(None);
        }
        Ok(self.states.contract(number))
    }

    /// A line as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn line_state(&mut self, actor: &Actor, number: &str) -> Outcome<Option<&Line>> {
        if self.contract_state(actor, contract_of(number)).await?.is_none() {
            return Ok(None);
        }
        self.load(&SubjectKind::Line.subject(number)).await?;
        Ok(self.states.line(number))
    }

    /// A delivery as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn delivery_state(&mut self, actor: &Actor, number: &str) -> Outcome<Option<&Delivery>> {
        if self.contract_state(actor, contract_of(number)).await?.is_none() {
            return Ok(None);
        }
        self.load(&SubjectKind::Delivery.subject(number)).await?;
        Ok(self.states.delivery(number))
    }

    /// A plan version as it stands.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn plan_state(&mut self, actor: &Actor, version: PlanVersion) -> Outcome<Option<&Plan>> {
        let key = version.key();
        self.load(&SubjectKind::Plan.subject(key.clone())).await?;
        let may = may_read(actor, Reading::Plans) == Some(Extent::All);
        Ok(self.states.plan(&key).filter(|plan| may && actor.clearance.admits(&plan.label)))
    }

    /// The items of a plan version that was found, sorted.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn plan_items(&mut self, version: PlanVersion) -> Outcome<Vec<PlannedItem>> {
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let rows = connection
            .fetch(
                "reading the items of a plan",
                "SELECT line, planned_on, amount FROM plan_item WHERE year = $1 AND version = $2 ORDER BY line, planned_on, amount, position",
                &[i64::from(version.year).into(), i64::from(version.version).into()],
            )
            .await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.push((row.text(0)?, row.date(1)?, row.int(2)?));
        }
        Ok(items)
    }

    /// The numbers of the parties with a name and, where it is given, of a state.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn parties_named(
        &mut self,
        actor: &Actor,
        name: &str,
        state: Option<&str>,
    ) -> Outcome<Vec<String>> {
        if name.chars().any(char::is_control) {
            return Ok(Vec::new());
        }
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let rows = connection
            .fetch(
                "looking for a party",
                "SELECT number, state FROM party WHERE name = $1 ORDER BY number",
                &[name.into()],
            )
            .await?;
        let mut numbers = Vec::new();
        for row in rows {
            let (number, of) = (row.text(0)?, row.text(1)?);
            if state.is_none_or(|state| state == of) && self.find_party(actor, &number).await?.is_some() {
                numbers.push(number);
            }
        }
        Ok(numbers)
    }

    /// The name of a partner state; none where it is not registered.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn partner_name(&mut self, code: &str) -> Outcome<Option<String>> {
        if !is_possible(code) {
            return Ok(None);
        }
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let sql = "SELECT name FROM partner WHERE code = $1 ORDER BY name LIMIT 1";
        let row = connection.fetch_optional("looking for a partner", sql, &[code.into()]).await?;
        Ok(row.map(|row| row.text(0)).transpose()?)
    }

    /// What sort of party one is, and its marking; none where it is not open to the actor.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn party_terms(&mut self, actor: &Actor, number: &str) -> Outcome<Option<(PartyKind, Label)>> {
        let Some(label) = self.find_party(actor, number).await? else { return Ok(None) };
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let sql = "SELECT kind FROM party WHERE number = $1 ORDER BY kind LIMIT 1";
        let row = connection.fetch_optional("looking for a party", sql, &[number.into()]).await?;
        let Some(word) = row.map(|row| row.text(0)).transpose()? else { return Ok(None) };
        Ok(PartyKind::ALL.into_iter().find(|kind| kind.word() == word).map(|kind| (kind, label)))
    }

    /// Whether a partner state is registered.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn has_partner(&mut self, code: &str) -> Outcome<bool> {
        let subject = SubjectKind::Partner.subject(code);
        self.load(&subject).await?;
        Ok(self.states.version(&subject) > 0)
    }

    /// A group of states as it stands; none where it is not registered.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn group_state(&mut self, code: &str) -> Outcome<Option<&Group>> {
        let subject = SubjectKind::Group.subject(code);
        self.load(&subject).await?;
        Ok(if self.states.version(&subject) > 0 { self.states.group(code) } else { None })
    }

    /// How many versions a year's plan has had, the discarded included.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn plan_versions(&mut self, year: i16) -> Outcome<u32> {
        let series = crate::view::plan_series(year);
        let last = self.views.last_number(&mut self.transaction.connection(), &series).await?;
        Ok(u32::try_from(last).unwrap_or(u32::MAX))
    }

    async fn referenced(&mut self, scope: Scope<'_>, reference: &str) -> Outcome<Vec<String>> {
        if !is_possible(reference) {
            return Ok(Vec::new());
        }
        Ok(self.views.referenced(&mut self.transaction.connection(), scope, reference).await?)
    }
}

/// Whether a text is a place as numbers of the register end in: digits without a nought before them.
fn is_place(text: &str) -> bool {
    (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
}
