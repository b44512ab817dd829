//! What of an application is seen by whom: an applicant its own business and never what is thought of it inside, an
//! agency what it was asked about and what it said itself.

use std::collections::BTreeMap;

use crate::access::{Actor, Role};
use crate::ledger::Fact;
use crate::transfer::application::Application;
use crate::transfer::check::{Check, CheckKind};
use crate::transfer::opinion::DisagreementRule;

/// Who acts inside, as it is told outside.
pub const AUTHORITY: &str = "the licensing authority";

/// The state as it is told outside: that a decision is proposed is told to nobody there.
pub fn state_outside(state: &str) -> &str {
    if state == "proposed" { "open" } else { state }
}

/// Checks that name others’ business.
const OF_OTHERS: [CheckKind; 4] =
    [CheckKind::Certificate, CheckKind::Incident, CheckKind::Denial, CheckKind::Quota];

/// How much of an application is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// By an agency that was asked: not what other agencies say, nor what is proposed.
    Agency,
    /// By the applicant: what it said itself, what it was asked, and what was decided.
    Applicant,
}

impl Sight {
    /// How much an actor sees who is given no more than what is its own; none where nothing of it is.
    pub fn of_own(application: &Application, actor: &Actor) -> Option<Sight> {
        let party = actor.party.as_deref()?;
        if actor.roles.contains(&Role::Exporter) && application.content.applicant == party {
            return Some(Sight::Applicant);
        }
        let is_asked = actor.roles.contains(&Role::ConsultedAgency)
            && application.consulted.contains_key(party)
            && application.state != "draft";
        is_asked.then_some(Sight::Agency)
    }

    /// Whether a check is seen: those of certificates, incidents, denials and quotas name others’ business, which an agency
    /// was not asked about.
    pub fn admits_check(self, check: &Check) -> bool {
        match self {
            Sight::Whole => true,
            Sight::Agency => !OF_OTHERS.contains(&check.kind),
            Sight::Applicant => false,
        }
    }

    /// Whether it is seen that something is on record for a check, by the key of the check.
    fn admits_record(self, key: &str) -> bool {
        match self {
            Sight::Whole => true,
            Sight::Agency => !OF_OTHERS.iter().any(|kind| key.split(':').next() == Some(kind.word())),
            Sight::Applicant => false,
        }
    }

    /// The application as it is seen so.
    #[must_use]
    pub fn seen(self, application: Application, party: Option<&str>) -> Application {
        match self {
            Sight::Whole => application,
            Sight::Agency => {
                let consulted = application
                    .consulted
                    .into_iter()
                    .filter(|(agency, _)| Some(agency.as_str()) == party)
                    .collect();
                let state = state_outside(application.state);
                let mut decisions = application.decisions;
                for decision in &mut decisions {
                    decision.checks.retain(|check| self.admits_check(check));
                }
                let mut on_record = application.on_record;
                on_record.retain(|key, _| self.admits_record(key));
                Application {
                    consulted,
                    on_record,
                    assessment: None,
                    proposal: None,
                    state,
                    decisions,
                    ..application
                }
            }
            Sight::Applicant => {
                let mut decisions = application.decisions;
                for decision in &mut decisions {
                    decision.proposed_by.clear();
                    decision.countersigned_by.clear();
                    decision.checks.clear();
                    // By which rule disagreements are resolved tells that there were some.
                    decision.proposal.rule = DisagreementRule::Strictest;
                }
                let state = state_outside(application.state);
                Application {
                    end_users: BTreeMap::new(),
                    on_record: BTreeMap::new(),
                    consulted: BTreeMap::new(),
                    assessment: None,
                    proposal: None,
                    decisions,
                    state,
                    ..application
                }
            }
        }
    }

    /// Whether what an event says may be seen so, by whoever acts for a party.
    pub fn admits(self, fact: &Fact, party: Option<&str>) -> bool {
        let is_said_to_applicant = matches!(
            fact,
            Fact::ApplicationDrafted(_)
                | Fact::ApplicationRevised(_)
                | Fact::ApplicationSubmitted(_)
                | Fact::ApplicationDiscarded(_)
                | Fact::ApplicationWithdrawn(_)
                | Fact::ApplicationAsked(_)
                | Fact::ApplicationAnswered(_)
                | Fact::ApplicationRefused(_)
                | Fact::ApplicationAppealed(_)
        );
        match (self, fact) {
            (Sight::Whole, _) => true,
            (Sight::Agency, Fact::ApplicationOpinionGiven(opinion)) => Some(opinion.agency.as_str()) == party,
            (Sight::Agency, Fact::ApplicationOpinionAsked(asked)) => Some(asked.agency.as_str()) == party,
            (Sight::Agency, Fact::ApplicationOpinionConfirmed(confirmed)) => {
                Some(confirmed.agency.as_str()) == party
            }
            (Sight::Agency, Fact::ApplicationEndUserEstablished(_) | Fact::ApplicationGranted(_)) => true,
            (Sight::Agency, Fact::ApplicationRecorded(recorded)) => self.admits_record(&recorded.check),
            // That it was granted, with the checks on which it rests, stands in an event that says more than the
            // applicant is told; that a licence was issued, the licence says.
            _ => is_said_to_applicant,
        }
    }

    /// Whether it is told who did what an event says: outside, only of what the applicant did.
    pub fn names_actor(self, fact: &Fact) -> bool {
        match self {
            Sight::Whole => true,
            Sight::Agency | Sight::Applicant => matches!(
                fact,
                Fact::ApplicationDrafted(_)
                    | Fact::ApplicationRevised(_)
                    | Fact::ApplicationSubmitted(_)
                    | Fact::ApplicationDiscarded(_)
                    | Fact::ApplicationWithdrawn(_)
                    | Fact::ApplicationAnswered(_)
                    | Fact::ApplicationAppealed(_)
            ),
        }
    }
}
