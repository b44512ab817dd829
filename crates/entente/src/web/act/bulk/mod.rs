//! One act on many subjects of a list: chosen in the list, previewed, and carried out on all of them or on none.
//!
//! A preview is the act itself, decided by the same rules behind the same lock and then given up: it shows for each
//! subject what it would become, or why it is refused. What is carried out afterwards is what was previewed: other
//! fields or other subjects are previewed first.

mod page;
mod send;
mod view;

use entente_register::access::Actor;
use entente_register::ledger::{Machine, SubjectKind};
use entente_register::{contract, report};

use super::{Act, is_present, named};
use crate::web::history;
use crate::web::visit::Visit;
use entente_store::reader::Reader;

pub(in crate::web) use page::{done, get, post};
#[cfg(test)]
pub(crate) use view::{BulkDonePage, BulkPage, sample};

/// Subjects of one act at most: each is decided behind the lock of the ledger.
pub(crate) const MOST: usize = 200;

/// What can be done with many subjects of one kind.
struct Together {
    kind: SubjectKind,
    /// Of several, in words.
    name: &'static str,
    machine: &'static Machine,
    /// Words of the acts, which are those of the machine’s rows with a hyphen.
    acts: &'static [&'static str],
}

const TOGETHER: [Together; 3] = [
    Together {
        kind: SubjectKind::Contract,
        name: "contracts",
        machine: &contract::MACHINE,
        acts: &["enter-into-force", "suspend", "resume", "complete", "terminate"],
    },
    Together {
        kind: SubjectKind::Delivery,
        name: "deliveries",
        machine: &contract::delivery::MACHINE,
        acts: &["accept", "return", "annul"],
    },
    Together {
        kind: SubjectKind::Report,
        name: "reports",
        machine: &report::MACHINE,
        acts: &["accept", "return"],
    },
];

impl Together {
    /// By the word of the subjects’ pages.
    fn of(word: &str) -> Option<&'static Together> {
        let kind = history::subject(word, "0")?.kind;
        TOGETHER.iter().find(|together| together.kind == kind)
    }

    fn act(&self, word: &str) -> Option<&'static Act> {
        named(Some(self.kind), word).filter(|_| self.acts.contains(&word))
    }

    fn given(&self, actor: &Actor) -> impl Iterator<Item = &'static Act> {
        self.acts.iter().filter_map(|word| named(Some(self.kind), word)).filter(|act| act.is_given(actor))
    }
}

/// What a list offers to do with those of its rows that are chosen.
#[derive(Debug, Clone)]
pub(crate) struct Bulk {
    /// Names of the acts, and where the choice is sent for each.
    pub(crate) acts: Vec<(&'static str, String)>,
    /// The view, which the form keeps.
    pub(crate) hidden: Vec<(String, String)>,
    /// Whether every row of the page is chosen.
    pub(crate) all: bool,
    /// The page with every row chosen, or with none.
    pub(crate) turned: String,
}

impl Bulk {
    /// Of a list with these rows; none where nothing can be done with them together.
    pub(crate) fn of(visit: &Visit, reader: &Reader, kind: SubjectKind, rows: usize) -> Option<Bulk> {
        let together = TOGETHER.iter().find(|together| together.kind == kind)?;
        if rows == 0 || !is_present(visit, reader) {
            return None;
        }
        let acts: Vec<(&'static str, String)> = together
            .given(visit.actor())
            .map(|act| (act.name, format!("/acts/{}/{}", together.name, act.word)))
            .collect();
        let all = visit.parameter("choose") == Some("all");
        let own = visit.own_parameters();
        let mut own: Vec<(&str, &str)> = own.into_iter().filter(|(name, _)| *name != "choose").collect();
        if !all {
            own.push(("choose", "all"));
        }
        let turned = visit.way().with(visit.path(), &own);
        (!acts.is_empty()).then(|| Bulk { acts, hidden: visit.hidden(), all, turned })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_on_many_is_an_act_and_a_row_of_its_machine() {
        for together in &TOGETHER {
            assert_eq!(Together::of(together.name).map(|found| found.kind), Some(together.kind));
            for word in together.acts {
                assert!(together.act(word).is_some(), "{word}");
                let row = word.replace('-', "_");
                let states = together.machine.states();
                assert!(states.iter().any(|state| together.machine.next(state, &row).is_ok()), "{word}");
            }
        }
        assert!(Together::of("contracts").unwrap().act("add-line").is_none());
        assert!(Together::of("plans").is_none());
    }
}
