//! Milestones of a book, an act a row: the first row of a milestone plans it, each later one says what became of it.

use entente_register::book::milestone::{MilestoneAct, MilestoneRow};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::performance::{Milestone, MilestoneCommand, NewMilestone};
use entente_store::Outcome;

use super::told::{Standing, Told};
use super::{Importer, Placed};

const TABLE: Table = Table::Milestones;

/// A milestone that rows of the file were met of.
pub(super) struct MetMilestone {
    told: Told,
    /// As the register held it before this import; none if it is new.
    held: Option<Milestone>,
}

fn column(field: &str) -> &'static str {
    match field {
        "on" => "act_on",
        "planned_on" => "planned_on",
        "expected_on" => "expected_on",
        "cause" => "cause",
        "reason" => "reason",
        "document" => "document",
        "instalment" => "instalment",
        "line" => "line",
        "name" => "name",
        _ => "act",
    }
}

impl Importer<'_> {
    /// The number in the register of a milestone that the file tells of, which is none if it cannot be used.
    pub(super) fn milestone_in_file(&self, contract: &str, milestone: &str) -> Option<Option<String>> {
        let met = self.milestones.get(&(contract.to_owned(), milestone.to_owned()))?;
        Some(met.told.number.clone())
    }

    /// Carries an act of a milestone out, unless the register was told of it.
    pub(super) async fn milestone(&mut self, row: &Placed<MilestoneRow>) -> Outcome<()> {
        let asked = &row.value;
        let Some(contract) = self.find_contract(TABLE, row, &asked.contract).await? else { return Ok(()) };
        let key = (asked.contract.clone(), asked.milestone.clone());
        let met = match self.milestones.remove(&key) {
            Some(met) => self.go_on_with_milestone(row, met).await?,
            None => self.plan_milestone(row, contract).await?,
        };
        self.milestones.insert(key, met);
        Ok(())
    }

    async fn plan_milestone(
        &mut self,
        row: &Placed<MilestoneRow>,
        contract: String,
    ) -> Outcome<MetMilestone> {
        let asked = &row.value;
        let none = MetMilestone { told: Told::new(None), held: None };
        if self.rests_on_fault((TABLE, &asked.contract, &asked.milestone), TABLE) {
            return Ok(none);
        }
        let MilestoneAct::Planned { kind, name, line, instalment, planned_on, document } = asked.act.clone()
        else {
            let message = format!("Milestone {} stands here first, so this row plans it.", asked.milestone);
            let refusal = Refusal::new("book.milestone", message).missing("planned, with its kind and day");
            self.refuse(TABLE, row, "act", &refusal);
            return Ok(none);
        };
        let line = match line {
            Some(line) => match self.find_line(TABLE, row, &asked.contract, &line).await? {
                Some(number) => Some(number),
                None => return Ok(none),
            },
            None => None,
        };
        let instalment = match instalment {
            Some(named) => {
                let named = (asked.contract.as_str(), contract.as_str(), named.as_str());
                match self.find_instalment(TABLE, row, named, "instalment").await? {
                    Some(number) => Some(number),
                    None => return Ok(none),
                }
            }
            None => None,
        };
        let own = format!("{contract}.{}", asked.milestone);
        let mut all = self.batch.milestones_of(&contract).await?;
        all.retain(|held| held.state != "annulled" && !self.met_milestones.contains(&held.number));
        let same = |held: &&Milestone| {
            (held.kind, &held.line) == (kind, &line) && name.as_ref().is_none_or(|name| *name == held.name)
        };
        let mut found = None;
        for held in all.iter().filter(same).chain(all.iter().filter(|held| held.number == own)) {
            let acts = self.batch.told_of(&SubjectKind::Milestone.subject(&held.number)).await?;
            let is_exact = same(&held) && acts.first().is_some_and(|(_, on)| *on == asked.on);
            if is_exact || found.is_none() {
                found = Some((held.clone(), acts, is_exact));
            }
            if is_exact {
                break;
            }
        }
        // A day or a kind that was corrected in the file must not make a second milestone of one.
        if let Some((held, acts, is_exact)) = found {
            if !is_exact {
                let on = acts.first().map(|(_, on)| on.to_string()).unwrap_or_default();
                let says = format!("milestone {} ({}) was planned on {on}", held.number, held.name);
                let column = if same(&&held) { "act_on" } else { "kind" };
                let remedy = "the same as the register has; another milestone has another number and name";
                self.differs(TABLE, row, column, says, remedy);
                return Ok(none);
            }
            self.met_milestones.insert(held.number.clone());
            let mut met = MetMilestone { told: Told::held(held.number.clone(), acts), held: Some(held) };
            self.milestone_is_told(row, &mut met);
            return Ok(met);
        }
        let (on, planned) = (asked.on, planned_on);
        let new = NewMilestone { on, kind, name, planned_on: planned, line, instalment, document };
        let number = self.milestone_command(row, contract, MilestoneCommand::Plan(Box::new(new))).await?;
        if let Some(number) = &number {
            self.report.counts(TABLE).added += 1;
            self.met_milestones.insert(number.clone());
        }
        Ok(MetMilestone { told: Told::new(number), held: None })
    }

    /// A further row of a milestone: its next act, unless the register was told of as many.
    async fn go_on_with_milestone(
        &mut self,
        row: &Placed<MilestoneRow>,
        met: MetMilestone,
    ) -> Outcome<MetMilestone> {
        let mut met = met;
        let Some(number) = met.told.number.clone() else {
            self.report.counts(TABLE).not_judged += 1;
            return Ok(met);
        };
        if self.milestone_is_told(row, &mut met) {
            return Ok(met);
        }
        let on = row.value.on;
        let command = match row.value.act.clone() {
            MilestoneAct::Planned { .. } => {
                let message = format!("Milestone {} is planned by an earlier row.", row.value.milestone);
                let refusal = Refusal::new("book.milestone", message)
                    .missing("another number, or amended, forecast, reached or cancelled as the act");
                self.refuse(TABLE, row, "act", &refusal);
                met.told.number = None;
                return Ok(met);
            }
            MilestoneAct::Amended { planned_on, document, reason } => {
                MilestoneCommand::Amend { on, planned_on, document, reason }
            }
            MilestoneAct::Forecast { expected_on, delay, reason } => {
                MilestoneCommand::Forecast { on, expected_on, delay, reason }
            }
            MilestoneAct::Reached { document } => MilestoneCommand::Reach { on, document },
            MilestoneAct::Cancelled { reason, document } => MilestoneCommand::Cancel { on, reason, document },
        };
        let done = self.milestone_command(row, number, command).await?;
        self.report.counts(TABLE).changed += u64::from(done.is_some());
        met.told.number = done;
        Ok(met)
    }

    /// Whether the register was told of the act of a row; what it holds otherwise is a fault of the row.
    fn milestone_is_told(&mut self, row: &Placed<MilestoneRow>, met: &mut MetMilestone) -> bool {
        let Standing::Known { is_last } = met.told.next(row.value.act.word(), row.value.on) else {
            return false;
        };
        let Some(held) = &met.held else { return true };
        // The register says what follows from the acts; of an earlier act nothing is left but that it was.
        let other = match &row.value.act {
            MilestoneAct::Planned { planned_on, .. } | MilestoneAct::Amended { planned_on, .. } => {
                (*planned_on != held.planned_on).then_some(("planned_on", held.planned_on))
            }
            MilestoneAct::Forecast { expected_on, .. } => {
                (*expected_on != held.expected()).then_some(("expected_on", held.expected()))
            }
            _ => None,
        };
        match other.filter(|_| is_last) {
            None => self.report.counts(TABLE).unchanged += 1,
            Some((column, day)) => {
                let says = format!("milestone {} has {day}", held.number);
                self.differs(
                    TABLE,
                    row,
                    column,
                    says,
                    "the same as the register has; a later row changes it",
                );
                met.told.number = None;
            }
        }
        true
    }

    /// The number of the milestone, if the command was carried out.
    async fn milestone_command(
        &mut self,
        row: &Placed<MilestoneRow>,
        number: String,
        command: MilestoneCommand,
    ) -> Outcome<Option<String>> {
        let command = Command::Milestone { number, command };
        Ok(self.execute(TABLE, row, command, column).await?.map(|receipt| receipt.subject.key))
    }
}
