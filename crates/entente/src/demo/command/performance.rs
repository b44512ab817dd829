//! Commands of milestones.

use entente_register::command::Command;
use entente_register::ledger::SubjectKind;
use entente_register::performance::{
    DelayCause, DelayReason, DelaySide, MilestoneCommand, MilestoneKind, NewMilestone,
};
use jiff::civil::Date;

use super::Clerk;
use crate::demo::performance::Turn;

impl Clerk<'_> {
    pub(super) fn plan_milestone(&mut self, d: usize, n: usize, on: Date) {
        let contract = self.contracts.get(&d).cloned().unwrap_or_default();
        let goal = &self.goals[d][n];
        let new = NewMilestone {
            on,
            kind: goal.kind,
            name: None,
            planned_on: goal.planned,
            line: goal.line.and_then(|line| self.lines.get(&(d, line)).cloned()),
            instalment: None,
            document: None,
        };
        let subject = SubjectKind::Milestone.subject(format!("{contract}.M{}", n + 1));
        let command = MilestoneCommand::Plan(Box::new(new));
        self.by_officer(subject, Command::Milestone { number: contract, command });
    }

    pub(super) fn move_milestone(&mut self, d: usize, n: usize, t: usize) {
        let contract = self.contracts.get(&d).cloned().unwrap_or_default();
        let number = format!("{contract}.M{}", n + 1);
        let (kind, (on, turn)) = (self.goals[d][n].kind, self.goals[d][n].turns[t]);
        let command = match turn {
            Turn::Forecast(expected_on) => MilestoneCommand::Forecast {
                on,
                expected_on,
                delay: (expected_on > self.goals[d][n].planned)
                    .then_some(DelayReason { cause: DelayCause::Supply, side: DelaySide::Seller }),
                reason: "The maker reports that parts of its supplier come late".to_owned(),
            },
            Turn::Reach => {
                let mut about = self.about(d);
                about.push(("Milestone", number.clone()));
                let (sort, closing) = match kind {
                    MilestoneKind::EntryIntoForce => {
                        ("Note on entry into force", "The contract has entered into force.")
                    }
                    MilestoneKind::FactoryAcceptance => ("Test protocol", "The goods passed their test."),
                    _ => ("Training certificate", "The end user’s staff are trained."),
                };
                MilestoneCommand::Reach { on, document: self.paper(sort, on, &about, closing) }
            }
        };
        let subject = SubjectKind::Milestone.subject(number.clone());
        self.by_officer(subject, Command::Milestone { number, command });
    }
}
