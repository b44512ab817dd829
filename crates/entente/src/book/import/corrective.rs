//! Corrective plans of a book, act by act: the first rows of a plan propose it, each later one says what became of it.

use entente_register::book::corrective::{CorrectiveAbout, CorrectiveAct, CorrectiveRow};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::performance::{CorrectiveCommand, CorrectivePlan, NewAction};
use entente_store::Outcome;

use super::set::{RowSet, together};
use super::told::{Standing, Told};
use super::{Importer, Placed, compare};

const TABLE: Table = Table::Corrective;

/// All rows of a plan.
pub(super) type CorrectiveSet<'r> = RowSet<'r, CorrectiveRow>;

/// Puts rows together to the plans that they are of.
pub(super) fn by_plan(rows: &[Placed<CorrectiveRow>]) -> Vec<CorrectiveSet<'_>> {
    together(rows, |row| (row.contract.as_str(), row.plan.as_str()))
}

/// What a row proposes.
struct Proposed<'r> {
    about: &'r CorrectiveAbout,
    goal: &'r str,
}

fn column(field: &str) -> &'static str {
    match field.rsplit('.').next().unwrap_or_default() {
        "on" => "act_on",
        "what" => "what",
        "responsible" => "responsible",
        "due_on" => "due_on",
        "action" | "actions" => "action",
        "goal" => "goal",
        "about" | "claim" => "about_number",
        "document" => "document",
        "reason" | "result" | "outcome" => "reason",
        _ => "act",
    }
}

/// The word by which the register tells of an act.
fn told(act: &CorrectiveAct) -> &'static str {
    match act {
        CorrectiveAct::Finished { .. } => "action_finished",
        CorrectiveAct::Moved { .. } => "action_moved",
        CorrectiveAct::Dropped { .. } => "action_dropped",
        act => act.word(),
    }
}

/// The claim that a plan is about.
pub(super) fn claim_of<'r>(set: &CorrectiveSet<'r>) -> Option<(&'r str, u32)> {
    match &set.first.value.act {
        CorrectiveAct::Proposed { about: CorrectiveAbout::Claim(claim), .. } => {
            Some((set.first.value.contract.as_str(), *claim))
        }
        _ => None,
    }
}

impl Importer<'_> {
    /// Proposes a plan and carries its acts out, as far as the register was not told of them.
    pub(super) async fn corrective(&mut self, set: &CorrectiveSet<'_>) -> Outcome<()> {
        let row = set.first;
        let Some(contract) = self.find_contract(TABLE, row, &row.value.contract).await? else {
            return Ok(());
        };
        if self.rests_on_fault((TABLE, &row.value.contract, &row.value.plan), TABLE) {
            return Ok(());
        }
        let Some((mut plan, held)) = self.propose(set, &contract).await? else { return Ok(()) };
        // The rows of the proposal are one act.
        plan.next("proposed", row.value.on);
        for row in set.rows().filter(|row| !matches!(row.value.act, CorrectiveAct::Proposed { .. })) {
            if plan.number.is_none() {
                self.report.counts(TABLE).not_judged += 1;
                continue;
            }
            match plan.next(told(&row.value.act), row.value.on) {
                Standing::New => self.act_on_plan(row, &contract, &mut plan).await?,
                Standing::Known { .. } => {
                    if let Some((column, says)) =
                        held.as_ref().and_then(|held| differs_from(&row.value.act, held))
                    {
                        self.differs(TABLE, row, column, says, "the same as the register has");
                        plan.number = None;
                        continue;
                    }
                    self.report.counts(TABLE).unchanged += 1;
                }
            }
        }
        Ok(())
    }

    /// The plan that the first rows propose, new or found; none if it cannot be used.
    async fn propose(
        &mut self,
        set: &CorrectiveSet<'_>,
        contract: &str,
    ) -> Outcome<Option<(Told, Option<CorrectivePlan>)>> {
        let row = set.first;
        let CorrectiveAct::Proposed { about, goal, document, .. } = &row.value.act else {
            let message = format!("Plan {} stands here first, so this row proposes it.", row.value.plan);
            let refusal =
                Refusal::new("book.corrective", message).missing("proposed, with its goal and an action");
            self.refuse(TABLE, row, "act", &refusal);
            return Ok(None);
        };
        let mut actions = Vec::new();
        for row in set.rows() {
            let CorrectiveAct::Proposed { about: of, goal: to, number, action, .. } = &row.value.act else {
                continue;
            };
            if (of, to, row.value.on) != (about, goal, set.first.value.on) {
                let message =
                    format!("Plan {} is proposed otherwise in row {}.", row.value.plan, set.first.row);
                let refusal = Refusal::new("book.corrective", message)
                    .missing("the same day, goal and subject in every row of a proposal");
                self.refuse(TABLE, row, "goal", &refusal);
                return Ok(None);
            }
            actions.push((*number, row, action.clone()));
        }
        actions.sort_by_key(|(number, ..)| *number);
        let wrong = actions.iter().zip(1..).find(|((number, ..), place)| number != place);
        if let Some(((number, row, _), place)) = wrong {
            let message = format!("Action {number} of plan {} stands where {place} would.", row.value.plan);
            let refusal = Refusal::new("book.corrective", message)
                .missing("actions numbered from 1, without a gap, each once");
            self.refuse(TABLE, *row, "action", &refusal);
            return Ok(None);
        }
        let actions: Vec<NewAction> = actions.into_iter().map(|(_, _, action)| action).collect();
        let proposed = Proposed { about, goal };
        let own = format!("{contract}.{}", row.value.plan);
        let mut all = self.batch.corrective_plans_of(contract).await?;
        all.retain(|held| held.state != "annulled" && !self.met_plans.contains(&held.number));
        let same = |held: &&CorrectivePlan| held.goal == proposed.goal && held.proposed.0 == row.value.on;
        // A day or a goal that was corrected in the file must not make a second plan of one.
        let alike = |held: &&CorrectivePlan| held.number == own || held.goal == proposed.goal;
        if let Some(held) = all.iter().find(same).or_else(|| all.iter().find(alike)).cloned() {
            let otherwise = (held.proposed.0 != row.value.on)
                .then(|| {
                    ("act_on", format!("corrective plan {} was proposed on {}", held.number, held.proposed.0))
                })
                .or_else(|| compare::words("goal", Some(proposed.goal), Some(&held.goal)));
            if let Some((column, says)) = otherwise {
                let remedy = "the same as the register has; another plan has another number and goal";
                self.differs(TABLE, row, column, says, remedy);
                return Ok(None);
            }
            self.met_plans.insert(held.number.clone());
            let acts = self.batch.told_of(&SubjectKind::Corrective.subject(&held.number)).await?;
            if !has_actions(&held, &actions) {
                let says = format!("corrective plan {} has other actions", held.number);
                self.differs(TABLE, row, "what", says, "the same as the register has");
                return Ok(None);
            }
            self.report.counts(TABLE).unchanged += 1;
            return Ok(Some((Told::held(held.number.clone(), acts), Some(held))));
        }
        let Some((about, claim)) = self.about(row, contract, proposed.about).await? else { return Ok(None) };
        let command = CorrectiveCommand::Propose {
            on: row.value.on,
            about,
            claim,
            goal: goal.clone(),
            actions,
            document: document.clone(),
        };
        let command = Command::Corrective { number: contract.to_owned(), command };
        let Some(receipt) = self.execute(TABLE, row, command, column).await? else { return Ok(None) };
        self.report.counts(TABLE).added += 1;
        self.met_plans.insert(receipt.subject.key.clone());
        Ok(Some((Told::new(Some(receipt.subject.key)), None)))
    }

    /// What a plan is about, by the register's number, and the claim; none if it cannot be used.
    async fn about(
        &mut self,
        row: &Placed<CorrectiveRow>,
        contract: &str,
        about: &CorrectiveAbout,
    ) -> Outcome<Option<(Option<String>, Option<u32>)>> {
        let reference = &row.value.contract;
        let (kind, named, number) = match about {
            CorrectiveAbout::Contract => return Ok(Some((None, None))),
            CorrectiveAbout::Claim(claim) => return Ok(Some((None, Some(*claim)))),
            CorrectiveAbout::Line(line) => {
                let found = self.find_line_named(TABLE, row, (reference, line), "about_number").await?;
                return Ok(found.map(|line| (Some(SubjectKind::Line.subject(line).to_string()), None)));
            }
            CorrectiveAbout::Slippage(named) => {
                (SubjectKind::Slippage, named, self.slippage_in_file(reference, named))
            }
            CorrectiveAbout::Milestone(named) => {
                (SubjectKind::Milestone, named, self.milestone_in_file(reference, named))
            }
        };
        let number = match number {
            // What the file does not tell of may be in the register, by its number there.
            None => Some(format!("{contract}.{named}")),
            Some(number) => number,
        };
        match number {
            Some(number) => Ok(Some((Some(kind.subject(number).to_string()), None))),
            None => {
                self.report.counts(TABLE).not_judged += 1;
                Ok(None)
            }
        }
    }

    async fn act_on_plan(
        &mut self,
        row: &Placed<CorrectiveRow>,
        contract: &str,
        plan: &mut Told,
    ) -> Outcome<()> {
        let Some(number) = plan.number.clone() else { return Ok(()) };
        let on = row.value.on;
        let command = match row.value.act.clone() {
            // The rows of a proposal are taken together.
            CorrectiveAct::Proposed { .. } => return Ok(()),
            CorrectiveAct::Approved { document } => CorrectiveCommand::Approve { on, document },
            CorrectiveAct::Finished { action, result, document } => {
                CorrectiveCommand::FinishAction { on, action, result, document }
            }
            CorrectiveAct::Moved { action, due_on, reason } => {
                CorrectiveCommand::MoveAction { on, action, due_on, reason }
            }
            CorrectiveAct::Dropped { action, reason } => CorrectiveCommand::DropAction { on, action, reason },
            CorrectiveAct::Closed { effective, outcome, document } => {
                CorrectiveCommand::Close { on, effective, outcome, document }
            }
            CorrectiveAct::Withdrawn { reason, document } => {
                CorrectiveCommand::Withdraw { on, reason, document }
            }
        };
        let is_approval = matches!(command, CorrectiveCommand::Approve { .. });
        let command = Command::Corrective { number, command };
        let done = match is_approval {
            true => self.approve(TABLE, row, contract, command, column).await?,
            false => self.execute(TABLE, row, command, column).await?,
        };
        self.report.counts(TABLE).changed += u64::from(done.is_some());
        plan.number = done.map(|receipt| receipt.subject.key);
        Ok(())
    }
}

/// Whether a plan began with these actions.
fn has_actions(held: &CorrectivePlan, actions: &[NewAction]) -> bool {
    held.actions.len() == actions.len()
        && held.actions.iter().zip(actions).all(|(held, asked)| {
            (&held.what, &held.responsible, held.first_due_on)
                == (&asked.what, &asked.responsible, asked.due_on)
        })
}

/// What the register holds otherwise of an act that it was told of: the column, and what it holds.
fn differs_from(act: &CorrectiveAct, held: &CorrectivePlan) -> Option<(&'static str, String)> {
    match act {
        CorrectiveAct::Closed { effective, .. } => {
            let (_, was, _) = held.closed.as_ref()?;
            let says = || {
                format!(
                    "corrective plan {} was closed as {}",
                    held.number,
                    if *was { "effective" } else { "not effective" }
                )
            };
            (was != effective).then(|| ("effective", says()))
        }
        CorrectiveAct::Finished { action, .. } => {
            let is_finished = held.action(*action).is_some_and(|held| held.finished.is_some());
            (!is_finished).then(|| ("action", format!("action {action} of {} is not done", held.number)))
        }
        CorrectiveAct::Dropped { action, .. } => {
            let is_dropped = held.action(*action).is_some_and(|held| held.dropped.is_some());
            (!is_dropped).then(|| ("action", format!("action {action} of {} is not dropped", held.number)))
        }
        _ => None,
    }
}
