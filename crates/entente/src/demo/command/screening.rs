//! Steps of lists of those under measures, and of cases.

use std::sync::Arc;

use entente_register::access::Role;
use entente_register::ledger::SubjectKind;

use super::super::Step;
use super::super::account::of;
use super::super::screening::{Turn, bytes, case_of, content, decide, load, policy, turn};
use super::Clerk;

impl Clerk<'_> {
    pub(super) fn screening(&mut self, place: usize) {
        let Some((on, turn)) = turn(place) else { return };
        match turn {
            Turn::Policy(list, standing, days) => {
                let secretary = Arc::clone(&self.actors.secretary);
                self.execute(&secretary, SubjectKind::List.subject(list), policy(list, standing, days));
            }
            Turn::Load(list, parts) => {
                let bytes = bytes(parts);
                let command = load(list, &bytes, on);
                self.steps.push(Step::KeepList { content: content(&bytes), bytes });
                let officer = Arc::new(of(&self.accounts, Role::LicensingOfficer));
                self.execute(&officer, SubjectKind::List.subject(list), command);
            }
            Turn::Screen(list, parts) => self.steps.push(Step::Screen {
                list: list.to_owned(),
                bytes: bytes(parts),
                parties: self.parties.clone(),
            }),
            Turn::Decide(party, role, word) => {
                let number = case_of(party, &self.parties);
                let by = Arc::new(of(&self.accounts, role));
                self.execute(&by, SubjectKind::Case.subject(&number), decide(&number, word));
            }
        }
    }
}
