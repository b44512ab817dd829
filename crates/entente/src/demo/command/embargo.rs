//! Steps of embargo rules.

use std::sync::Arc;

use entente_register::ledger::SubjectKind;

use super::super::account::of;
use super::super::embargo::turn;
use super::Clerk;

impl Clerk<'_> {
    pub(super) fn embargo(&mut self, place: usize) {
        // A file of the program that had a fault would be left out here, and a test fails.
        let Ok(Some((role, commands))) = turn(place) else { return };
        let by = Arc::new(of(&self.accounts, role));
        for (id, command) in commands {
            self.execute(&by, SubjectKind::Embargo.subject(id), command);
        }
    }
}
