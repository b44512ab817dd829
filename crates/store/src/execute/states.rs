//! States of subjects, folded from their events and remembered within a batch and for the next.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use entente_register::access::Account;
use entente_register::contract::Contract;
use entente_register::contract::delivery::Delivery;
use entente_register::contract::line::Line;
use entente_register::contract::plan::Plan;
use entente_register::customs::discrepancy::Discrepancy;
use entente_register::customs::exchange::{EXCHANGE, Exchange};
use entente_register::customs::run::CustomsRun;
use entente_register::embargo::{POLICY_KEY, PolicyState, RuleFile};
use entente_register::forecast::PublishedForecast;
use entente_register::label::Label;
use entente_register::ledger::{Event, Fact, Subject, SubjectKind};
use entente_register::market::Statistic;
use entente_register::opportunity::Opportunity;
use entente_register::partner::Group;
use entente_register::payment::{Instalment, Penalty, Receipt, Schedule, rate::RateState};
use entente_register::performance::{CorrectivePlan, Milestone, OffsetObligation, Slippage};
use entente_register::report::Report;
use entente_register::screening::{Case, List};
use entente_register::transfer::application::Application;
use entente_register::transfer::certificate::Certificate;
use entente_register::transfer::guidance::Guidance;
use entente_register::transfer::inspection::Inspection;
use entente_register::transfer::licence::Licence;
use entente_register::transfer::reexport::Reexport;
use entente_register::transfer::specimen::Specimens;

use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::{EVENT_COLUMNS, Recorded, decode_event};

/// A subject with its version; version 0 is a subject that does not exist.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The subject's version.
    pub(super) version: u32,
    state: State,
}

/// A folded state.
#[derive(Debug, Default)]
enum State {
    /// A subject of which the rules need to know no more than that it exists, and its label.
    #[default]
    None,
    Marked(Label),
    Account(Box<Account>),
    Group(Box<Group>),
    Contract(Box<Contract>),
    Line(Box<Line>),
    Plan(Box<Plan>),
    Delivery(Box<Delivery>),
    Schedule(Box<Schedule>),
    Instalment(Box<Instalment>),
    Receipt(Box<Receipt>),
    Penalty(Box<Penalty>),
    Rate(Box<RateState>),
    Opportunity(Box<Opportunity>),
    Forecast(Box<PublishedForecast>),
    Milestone(Box<Milestone>),
    Slippage(Box<Slippage>),
    Corrective(Box<CorrectivePlan>),
    Offset(Box<OffsetObligation>),
    Report(Box<Report>),
    List(Box<List>),
    Case(Box<Case>),
    Embargo(Box<RuleFile>),
    Policy(Box<PolicyState>),
    Application(Box<Application>),
    Licence(Box<Licence>),
    Certificate(Box<Certificate>),
    Specimens(Box<Specimens>),
    Inspection(Box<Inspection>),
    Guidance(Box<Guidance>),
    Statistic(Box<Statistic>),
    Exchange(Box<Exchange>),
    CustomsRun(Box<CustomsRun>),
    Discrepancy(Box<Discrepancy>),
    Reexport(Box<Reexport>),
}

/// Subjects read by one statement.
const AT_ONCE: usize = 200;

/// Subjects remembered at most.
const MOST: usize = 120_000;

/// The states met so far.
#[derive(Debug, Default)]
pub(super) struct States {
    /// By kind and key, so that looking one up makes no subject.
    known: BTreeMap<SubjectKind, HashMap<String, Known>>,
    /// Kinds of which some were forgotten that may have been changed since the last commit.
    forgotten: BTreeSet<SubjectKind>,
}

impl States {
    /// Makes sure that a subject's state is here, and gives it.
    pub(super) async fn load(
        &mut self,
        connection: &mut Connection<'_>,
        subject: &Subject,
    ) -> Result<&Known, Fault> {
        let of_kind = self.known.entry(subject.kind).or_default();
        if !of_kind.contains_key(&subject.key) {
            let mut known = Known::default();
            if is_possible(&subject.key) {
                let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 ORDER BY version");
                let key = [subject.to_string().into()];
                let doing = "reading a subject";
                // What was not met so far was not changed so far.
                let rows = if self.forgotten.contains(&subject.kind) {
                    connection.fetch(doing, &sql, &key).await?
                } else {
                    connection.fetch_before(doing, &sql, &key).await?
                };
                for row in &rows {
                    known.fold(decode_event(row)?.event);
                }
            }
            of_kind.insert(subject.key.clone(), known);
        }
        // Inserted just above where it was not here.
        of_kind
            .get(&subject.key)
            .ok_or_else(|| Fault::internal("reading a subject", "the state was not kept"))
    }

    /// Makes sure that the states of many subjects of a kind, which the register has, are here.
    pub(super) async fn load_many(
        &mut self,
        connection: &mut Connection<'_>,
        kind: SubjectKind,
        mut subjects: Vec<Subject>,
    ) -> Result<(), Fault> {
        let of_kind = self.known.entry(kind).or_default();
        subjects.retain(|subject| !of_kind.contains_key(&subject.key));
        subjects.sort();
        subjects.dedup();
        let doing = "reading subjects";
        for some in subjects.chunks(AT_ONCE) {
            let keys: Vec<Value<'_>> = some.iter().map(|subject| subject.to_string().into()).collect();
            let places: Vec<String> = (1..=keys.len()).map(|place| format!("${place}")).collect();
            let sql = format!(
                "SELECT {EVENT_COLUMNS} FROM event WHERE subject IN ({}) ORDER BY subject, version",
                places.join(", ")
            );
            let rows = if self.forgotten.contains(&kind) {
                connection.fetch(doing, &sql, &keys).await?
            } else {
                connection.fetch_before(doing, &sql, &keys).await?
            };
            for row in &rows {
                let event = decode_event(row)?.event;
                let known = of_kind.entry(event.subject.key.clone()).or_default();
                known.fold(event);
            }
        }
        Ok(())
    }

    /// Notes that a subject does not exist yet, without asking the database.
    pub(super) fn note_new(&mut self, subject: &Subject) {
        self.known.entry(subject.kind).or_default().entry(subject.key.clone()).or_default();
    }

    /// The subject's version, 0 if it was not loaded or does not exist.
    pub(super) fn version(&self, subject: &Subject) -> u32 {
        self.get(subject.kind, &subject.key).map_or(0, |known| known.version)
    }

    /// A contract that was loaded.
    pub(super) fn contract(&self, number: &str) -> Option<&Contract> {
        match &self.get(SubjectKind::Contract, number)?.state {
            State::Contract(contract) => Some(contract),
            _ => None,
        }
    }

    /// A line that was loaded.
    pub(super) fn line(&self, number: &str) -> Option<&Line> {
        match &self.get(SubjectKind::Line, number)?.state {
            State::Line(line) => Some(line),
            _ => None,
        }
    }

    /// A delivery that was loaded.
    pub(super) fn delivery(&self, number: &str) -> Option<&Delivery> {
        match &self.get(SubjectKind::Delivery, number)?.state {
            State::Delivery(delivery) => Some(delivery),
            _ => None,
        }
    }

    /// A plan version that was loaded, by its key.
    pub(super) fn plan(&self, key: &str) -> Option<&Plan> {
        match &self.get(SubjectKind::Plan, key)?.state {
            State::Plan(plan) => Some(plan),
            _ => None,
        }
    }

    /// A group that was loaded.
    pub(super) fn group(&self, code: &str) -> Option<&Group> {
        match &self.get(SubjectKind::Group, code)?.state {
            State::Group(group) => Some(group),
            _ => None,
        }
    }

    /// The payment schedule of a contract that was loaded.
    pub(super) fn schedule(&self, contract: &str) -> Option<&Schedule> {
        match &self.get(SubjectKind::Schedule, contract)?.state {
            State::Schedule(schedule) => Some(schedule),
            _ => None,
        }
    }

    /// An instalment that was loaded.
    pub(super) fn instalment(&self, number: &str) -> Option<&Instalment> {
        match &self.get(SubjectKind::Instalment, number)?.state {
            State::Instalment(instalment) => Some(instalment),
            _ => None,
        }
    }

    /// A receipt that was loaded.
    pub(super) fn receipt(&self, number: &str) -> Option<&Receipt> {
        match &self.get(SubjectKind::Receipt, number)?.state {
            State::Receipt(receipt) => Some(receipt),
            _ => None,
        }
    }

    /// A penalty that was loaded.
    pub(super) fn penalty(&self, number: &str) -> Option<&Penalty> {
        match &self.get(SubjectKind::Penalty, number)?.state {
            State::Penalty(penalty) => Some(penalty),
            _ => None,
        }
    }

    /// A rate that was loaded, by its key.
    pub(super) fn rate(&self, key: &str) -> Option<&RateState> {
        match &self.get(SubjectKind::Rate, key)?.state {
            State::Rate(rate) => Some(rate),
            _ => None,
        }
    }

    /// An opportunity that was loaded.
    pub(super) fn opportunity(&self, number: &str) -> Option<&Opportunity> {
        match &self.get(SubjectKind::Opportunity, number)?.state {
            State::Opportunity(opportunity) => Some(opportunity),
            _ => None,
        }
    }

    /// A milestone that was loaded.
    pub(super) fn milestone(&self, number: &str) -> Option<&Milestone> {
        match &self.get(SubjectKind::Milestone, number)?.state {
            State::Milestone(milestone) => Some(milestone),
            _ => None,
        }
    }

    /// A slippage that was loaded.
    pub(super) fn slippage(&self, number: &str) -> Option<&Slippage> {
        match &self.get(SubjectKind::Slippage, number)?.state {
            State::Slippage(slippage) => Some(slippage),
            _ => None,
        }
    }

    /// A corrective plan that was loaded.
    pub(super) fn corrective(&self, number: &str) -> Option<&CorrectivePlan> {
        match &self.get(SubjectKind::Corrective, number)?.state {
            State::Corrective(plan) => Some(plan),
            _ => None,
        }
    }

    /// An offset obligation that was loaded.
    pub(super) fn offset(&self, number: &str) -> Option<&OffsetObligation> {
        match &self.get(SubjectKind::Offset, number)?.state {
            State::Offset(offset) => Some(offset),
            _ => None,
        }
    }

    /// A report that was loaded.
    pub(super) fn report(&self, number: &str) -> Option<&Report> {
        match &self.get(SubjectKind::Report, number)?.state {
            State::Report(report) => Some(report),
            _ => None,
        }
    }

    /// A statistic that was loaded.
    pub(super) fn statistic(&self, series: &str) -> Option<&Statistic> {
        match &self.get(SubjectKind::Statistic, series)?.state {
            State::Statistic(statistic) => Some(statistic),
            _ => None,
        }
    }

    /// A list that was loaded.
    pub(super) fn list(&self, name: &str) -> Option<&List> {
        match &self.get(SubjectKind::List, name)?.state {
            State::List(list) => Some(list),
            _ => None,
        }
    }

    /// A case that was loaded.
    pub(super) fn case(&self, number: &str) -> Option<&Case> {
        match &self.get(SubjectKind::Case, number)?.state {
            State::Case(case) => Some(case),
            _ => None,
        }
    }

    /// A file of embargo rules that was loaded.
    pub(super) fn rule_file(&self, id: &str) -> Option<&RuleFile> {
        match &self.get(SubjectKind::Embargo, id)?.state {
            State::Embargo(file) => Some(file),
            _ => None,
        }
    }

    /// The policy of embargo rules, if it was loaded.
    pub(super) fn policy(&self) -> Option<&PolicyState> {
        match &self.get(SubjectKind::Policy, POLICY_KEY)?.state {
            State::Policy(policy) => Some(policy),
            _ => None,
        }
    }

    /// An application that was loaded.
    pub(super) fn application(&self, number: &str) -> Option<&Application> {
        match &self.get(SubjectKind::Application, number)?.state {
            State::Application(application) => Some(application),
            _ => None,
        }
    }

    /// A licence that was loaded.
    pub(super) fn licence(&self, number: &str) -> Option<&Licence> {
        match &self.get(SubjectKind::Licence, number)?.state {
            State::Licence(licence) => Some(licence),
            _ => None,
        }
    }

    /// A certificate that was loaded.
    pub(super) fn certificate(&self, number: &str) -> Option<&Certificate> {
        match &self.get(SubjectKind::Certificate, number)?.state {
            State::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// The specimens of an authority that were loaded.
    pub(super) fn specimens(&self, authority: &str) -> Option<&Specimens> {
        match &self.get(SubjectKind::Specimens, authority)?.state {
            State::Specimens(specimens) => Some(specimens),
            _ => None,
        }
    }

    /// A file of guidance that was loaded.
    pub(super) fn guidance(&self, number: &str) -> Option<&Guidance> {
        match &self.get(SubjectKind::Guidance, number)?.state {
            State::Guidance(guidance) => Some(guidance),
            _ => None,
        }
    }

    /// An inspection that was loaded.
    pub(super) fn inspection(&self, number: &str) -> Option<&Inspection> {
        match &self.get(SubjectKind::Inspection, number)?.state {
            State::Inspection(inspection) => Some(inspection),
            _ => None,
        }
    }

    /// A re-export that was loaded.
    pub(super) fn reexport(&self, number: &str) -> Option<&Reexport> {
        match &self.get(SubjectKind::Reexport, number)?.state {
            State::Reexport(reexport) => Some(reexport),
            _ => None,
        }
    }

    /// The exchange with customs, if it was loaded.
    pub(super) fn exchange(&self) -> Option<&Exchange> {
        match &self.get(SubjectKind::Exchange, EXCHANGE)?.state {
            State::Exchange(exchange) => Some(exchange),
            _ => None,
        }
    }

    /// A run to customs or from them that was loaded, by its key.
    pub(super) fn customs_run(&self, key: &str) -> Option<&CustomsRun> {
        match &self.get(SubjectKind::CustomsRun, key)?.state {
            State::CustomsRun(run) => Some(run),
            _ => None,
        }
    }

    /// A discrepancy that was loaded.
    pub(super) fn discrepancy(&self, number: &str) -> Option<&Discrepancy> {
        match &self.get(SubjectKind::Discrepancy, number)?.state {
            State::Discrepancy(discrepancy) => Some(discrepancy),
            _ => None,
        }
    }

    /// An account that was loaded.
    pub(super) fn account(&self, account: &str) -> Option<&Account> {
        match &self.get(SubjectKind::Account, account)?.state {
            State::Account(account) => Some(account),
            _ => None,
        }
    }

    /// Folds an event that was just recorded.
    pub(super) fn apply(&mut self, recorded: &Recorded) {
        let event = &recorded.event;
        let of_kind = self.known.entry(event.subject.kind).or_default();
        let known = match of_kind.get_mut(&event.subject.key) {
            Some(known) => known,
            None => of_kind.entry(event.subject.key.clone()).or_default(),
        };
        known.version = recorded.version;
        let fact = (&event.fact, event.reason.as_deref());
        known.apply(&event.subject, event.occurred_on, &recorded.actor, &event.label, fact);
    }

    fn get(&self, kind: SubjectKind, key: &str) -> Option<&Known> {
        self.known.get(&kind)?.get(key)
    }

    /// Whether more is remembered than should be.
    pub(super) fn is_full(&self) -> bool {
        self.known.values().map(HashMap::len).sum::<usize>() > MOST
    }

    /// Forgets deliveries, which are the most and soon done with, and all else if that is not enough.
    /// Nothing may wait to be written.
    pub(super) fn make_room(&mut self) {
        self.known.remove(&SubjectKind::Delivery);
        self.forgotten.insert(SubjectKind::Delivery);
        if self.is_full() {
            self.forgotten.extend(self.known.keys());
            self.known.clear();
        }
    }

    /// What was changed is committed: all of it can be read again.
    pub(super) fn committed(&mut self) {
        self.forgotten.clear();
    }
}

impl Known {
    fn fold(&mut self, event: Event) {
        self.version = event.version;
        if let Some(fact) = &event.fact {
            let reason = event.reason.as_deref();
            self.apply(&event.subject, event.occurred_on, &event.actor, &event.label, (fact, reason));
        }
    }

    /// The label of a party.
    pub(super) fn label(&self) -> Option<&Label> {
        match &self.state {
            State::Marked(label) => Some(label),
            _ => None,
        }
    }

    fn apply(
        &mut self,
        subject: &Subject,
        on: Date,
        actor: &str,
        label: &Label,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        // The rules fold into an Option; the box is opened for it and closed again.
        macro_rules! fold {
            ($variant:ident, $fold:expr) => {{
                let mut state = match std::mem::take(&mut self.state) {
                    State::$variant(state) => Some(*state),
                    _ => None,
                };
                #[allow(clippy::redundant_closure_call)]
                $fold(&mut state);
                self.state = state.map_or(State::None, |state| State::$variant(Box::new(state)));
            }};
        }
        match subject.kind {
            SubjectKind::Ledger => {}
            SubjectKind::Partner | SubjectKind::Party => self.state = State::Marked(label.clone()),
            SubjectKind::Account => fold!(Account, |state| Account::apply(state, &subject.key, fact)),
            SubjectKind::Group => fold!(Group, |state: &mut Option<Group>| {
                state.get_or_insert_default().apply(on, fact);
            }),
            SubjectKind::Contract => {
                fold!(Contract, |state| Contract::apply(state, subject, on, label, fact))
            }
            SubjectKind::Line => fold!(Line, |state| Line::apply(state, subject, on, fact)),
            SubjectKind::Plan => fold!(Plan, |state| Plan::apply(state, subject, on, (actor, label), fact)),
            SubjectKind::Delivery => fold!(Delivery, |state| Delivery::apply(state, subject, on, fact)),
            SubjectKind::Schedule => fold!(Schedule, |state: &mut Option<Schedule>| {
                state.get_or_insert_default().apply(on, fact);
            }),
            SubjectKind::Instalment => {
                fold!(Instalment, |state| Instalment::apply(state, subject, on, label, fact))
            }
            SubjectKind::Receipt => fold!(Receipt, |state| Receipt::apply(state, subject, on, label, fact)),
            SubjectKind::Penalty => fold!(Penalty, |state| Penalty::apply(state, subject, on, label, fact)),
            SubjectKind::Rate => fold!(Rate, |state| RateState::apply(state, subject, on, label, fact)),
            SubjectKind::Forecast => {
                fold!(Forecast, |state| PublishedForecast::apply(state, subject, on, label, fact))
            }
            SubjectKind::Opportunity => {
                fold!(Opportunity, |state| Opportunity::apply(state, subject, on, label, fact, reason))
            }
            SubjectKind::Milestone => {
                fold!(Milestone, |state| Milestone::apply(state, subject, on, label, (fact, reason)))
            }
            SubjectKind::Slippage => {
                fold!(Slippage, |state| Slippage::apply(state, subject, on, label, fact))
            }
            SubjectKind::Corrective => {
                fold!(Corrective, |state| CorrectivePlan::apply(state, subject, on, label, (fact, reason)))
            }
            SubjectKind::Report => {
                fold!(Report, |state| Report::apply(state, subject, on, label, (fact, reason)))
            }
            SubjectKind::List => {
                fold!(List, |state| List::apply(state, subject, on, actor, (fact, reason)))
            }
            SubjectKind::Case => {
                fold!(Case, |state| Case::apply(state, subject, on, (actor, label), (fact, reason)))
            }
            SubjectKind::Embargo => {
                fold!(Embargo, |state| RuleFile::apply(state, subject, on, actor, (fact, reason)))
            }
            SubjectKind::Policy => {
                fold!(Policy, |state| PolicyState::apply(state, subject, on, actor, (fact, reason)))
            }
            SubjectKind::Application => {
                fold!(Application, |state| Application::fold(state, subject, on, (actor, label), fact))
            }
            SubjectKind::Licence => {
                fold!(Licence, |state| Licence::fold(state, subject, on, (actor, label), fact))
            }
            SubjectKind::Certificate => {
                fold!(Certificate, |state| Certificate::apply(state, subject, on, label, fact))
            }
            SubjectKind::Specimens => {
                fold!(Specimens, |state| Specimens::apply(state, subject, on, (actor, label), fact))
            }
            SubjectKind::Guidance => {
                fold!(Guidance, |state| Guidance::apply(state, subject, on, (actor, label), fact))
            }
            SubjectKind::Inspection => {
                fold!(Inspection, |state| Inspection::apply(
                    state,
                    subject,
                    on,
                    (actor, label),
                    (fact, reason)
                ))
            }
            SubjectKind::Reexport => {
                fold!(Reexport, |state| Reexport::apply(state, subject, on, (actor, label), (fact, reason)))
            }
            SubjectKind::Exchange => fold!(Exchange, |state: &mut Option<Exchange>| {
                state.get_or_insert_default().apply(on, actor, fact);
            }),
            SubjectKind::CustomsRun => {
                fold!(CustomsRun, |state| CustomsRun::apply(state, subject, on, (actor, label), fact))
            }
            SubjectKind::Discrepancy => {
                fold!(Discrepancy, |state| Discrepancy::apply(
                    state,
                    subject,
                    on,
                    (actor, label),
                    (fact, reason)
                ))
            }
            SubjectKind::Statistic => {
                fold!(Statistic, |state| Statistic::apply(state, subject, on, actor, fact))
            }
            SubjectKind::Offset => {
                fold!(Offset, |state| OffsetObligation::apply(state, subject, on, label, (fact, reason)))
            }
        }
    }
}

/// Whether a key can be one that the register gave. What cannot is not looked for: PostgreSQL
/// takes no zero byte, and a number of a megabyte is nobody's.
pub(crate) fn is_possible(key: &str) -> bool {
    !key.is_empty() && key.len() <= 100 && !key.chars().any(char::is_control)
}
