//! Commands of what transfers are weighed by.

use entente_register::command::Command;
use entente_register::label::{Label, Level};
use entente_register::ledger::SubjectKind;
use entente_register::transfer::guidance::{GuidanceCommand, NewGuidance};

use super::Clerk;
use crate::demo::guidance::{Turn, turn};

impl Clerk<'_> {
    pub(super) fn guidance(&mut self, place: usize) {
        let Some((on, role, what)) = turn(place) else { return };
        match what {
            Turn::Open(file) => {
                let content = Box::new(file.content(&self.parties));
                let about = vec![("About", content.title())];
                let document = self.paper(file.paper(), on, &about, "Invented for the demonstration.");
                let new = NewGuidance { on, label: Label::of(Level::Official), content, document };
                let number = file.number(&self.parties);
                self.act_on(role, SubjectKind::Guidance, number, Command::Guide(new));
            }
            Turn::Confirm(file) => {
                let number = file.number(&self.parties);
                let command = GuidanceCommand::Confirm { on, edition: 1 };
                let about = Command::Guidance { number: number.clone(), command };
                self.act_on(role, SubjectKind::Guidance, number, about);
            }
        }
    }
}
