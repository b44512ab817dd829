//! What the rule of plans is given: the version's state, its lines, and who makes what stands in it.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::contract::line::contract_of;
use entente_register::contract::plan::{self, PlanCommand, PlanFacts, PlanPlace, PlanVersion};
use entente_register::label::Label;
use entente_register::ledger::{Context, Refusal, SubjectKind};

use super::Batch;
use super::decide::{Decided, decided, number_missing};
use super::states::is_possible;
use crate::error::{Error, Fault, Outcome};
use crate::view::{STANDING, plan_series};

impl Batch {
    pub(super) async fn plan(
        &mut self,
        context: &Context,
        version: Option<PlanVersion>,
        command: PlanCommand,
        expected: Option<u32>,
    ) -> Outcome<Decided> {
        let mut facts = PlanFacts::default();
        let (version, subject) = match (&command, version) {
            (PlanCommand::Draft { year, .. }, None) => {
                let next = self.next(&plan_series(*year)).await?;
                let version = PlanVersion { year: *year, version: u32::try_from(next).unwrap_or(u32::MAX) };
                let subject = SubjectKind::Plan.subject(version.key());
                self.begin(&subject, expected)?;
                (version, subject)
            }
            (PlanCommand::Draft { .. }, Some(_)) => {
                return Err(Refusal::new("command.number", "A new plan version is given its number.")
                    .field("plan")
                    .missing("no version")
                    .into());
            }
            (_, None) => return Err(number_missing("plan version").into()),
            (_, Some(version)) => {
                let subject = SubjectKind::Plan.subject(version.key());
                if !self.sees_plan(&context.actor, version).await? {
                    return Err(Refusal::not_found("plan version", &version.to_string()).into());
                }
                self.check_version(&subject, expected)?;
                (version, subject)
            }
        };
        match &command {
            PlanCommand::AddItems { items } => {
                for item in items {
                    if facts.lines.contains_key(&item.line) {
                        continue;
                    }
                    match self.find_line(&context.actor, &item.line).await {
                        // The rule says which one it is.
                        Err(Error::Refusal(_)) => continue,
                        found => found?,
                    }
                    let contract = self.open_contract(contract_of(&item.line))?;
                    facts.lines.insert(item.line.clone(), (contract.label.clone(), contract.currency));
                }
            }
            PlanCommand::Propose { .. } => facts.makers = self.makers(version, None).await?,
            PlanCommand::Agree { manufacturer, .. } | PlanCommand::Object { manufacturer, .. } => {
                facts.makers = self.makers(version, Some(manufacturer)).await?;
            }
            PlanCommand::Approve { .. } => {
                let mut connection = self.transaction.connection();
                self.views.flush(&mut connection).await?;
                let row = connection
                    .fetch_optional(
                        "reading the versions of a plan",
                        "SELECT approved_on FROM plan WHERE year = $1 AND state = 'frozen' AND known_to = $2 ORDER BY approved_on DESC LIMIT 1",
                        &[i64::from(version.year).into(), STANDING.into()],
                    )
                    .await?;
                facts.previous_approval = row.map(|row| row.date(0)).transpose()?;
            }
            _ => {}
        }
        let state = self.states.plan(&subject.key);
        decided(plan::decide(state, version, &facts, context, command)?)
    }

    /// Whether a plan version is open to the actor: all that stands in it, or to a manufacturer, once it was
    /// proposed, all of it that the manufacturer makes.
    async fn sees_plan(&mut self, actor: &Actor, version: PlanVersion) -> Outcome<bool> {
        let subject = SubjectKind::Plan.subject(version.key());
        self.load(&subject).await?;
        let Some(plan) = self.states.plan(&subject.key) else { return Ok(false) };
        match (may_read(actor, Reading::Plans), &actor.party) {
            (Some(Extent::All), _) => Ok(actor.clearance.admits(&plan.label)),
            (Some(Extent::Own), Some(own)) if plan.state != plan::MACHINE.initial => {
                let makers = self.makers(version, Some(own)).await?;
                Ok(makers.get(own).is_some_and(|(_, label)| actor.clearance.admits(label)))
            }
            _ => Ok(false),
        }
    }

    /// Whether the papers of a plan version are open to the actor: to none who sees but the own part of it.
    pub(super) async fn sees_papers_of_plan(&mut self, actor: &Actor, key: &str) -> Outcome<bool> {
        match (may_read(actor, Reading::Plans), PlanVersion::from_key(key)) {
            (Some(Extent::All), Some(version)) => self.sees_plan(actor, version).await,
            _ => Ok(false),
        }
    }

    /// The parties that make what stands in a plan version, each with its places in it and the join of their
    /// markings; one of them, where it is named.
    async fn makers(
        &mut self,
        version: PlanVersion,
        only: Option<&str>,
    ) -> Outcome<BTreeMap<String, (BTreeSet<PlanPlace>, Label)>> {
        let doing = "reading who makes what is planned";
        let mut connection = self.transaction.connection();
        self.views.flush(&mut connection).await?;
        let (one, only) = match only {
            // What can be no number is nobody’s.
            Some(number) if !is_possible(number) => return Ok(BTreeMap::new()),
            Some(number) => ("AND l.manufacturer = $4", Some(number)),
            None => ("AND l.manufacturer IS NOT NULL", None),
        };
        // Who makes a line is said once, when it is added.
        let sql = format!(
            "SELECT DISTINCT l.manufacturer, i.line, i.planned_on, b.text FROM plan_item i JOIN line l ON l.number = i.line AND l.known_to = $3 JOIN label b ON b.id = i.label WHERE i.year = $1 AND i.version = $2 {one} ORDER BY l.manufacturer, i.line, i.planned_on, b.text"
        );
        let mut values =
            vec![i64::from(version.year).into(), i64::from(version.version).into(), STANDING.into()];
        values.extend(only.map(Into::into));
        let mut makers: BTreeMap<String, (BTreeSet<PlanPlace>, Label)> = BTreeMap::new();
        for row in connection.fetch(doing, &sql, &values).await? {
            let label: Label =
                row.text_ref(3)?.parse().map_err(|e: Refusal| Fault::damaged(doing, e.message))?;
            let (places, joined) =
                makers.entry(row.text(0)?).or_insert_with(|| (BTreeSet::new(), label.clone()));
            places.insert(PlanPlace { line: row.text(1)?, planned_on: row.date(2)? });
            *joined = joined.join(&label);
        }
        Ok(makers)
    }
}
