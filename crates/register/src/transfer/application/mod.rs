//! An application through its states: drafted by the exporter, submitted, asked about, judged by agencies, assessed,
//! decided by two people, and perhaps appealed.
//!
//! What stands before the two signatures stands in [`MACHINE`]: whatever changes in between takes the proposal back.

mod decide;
mod fact;

pub use decide::{ApplicationCommand, DecisionFacts, Outcome, decide};
pub use fact::{ApplicationFact, Assessment, Condition, LineDecision, Proposal, Risk, Weighed};

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::another_person;
use super::check::{Check, CheckFacts, CheckKind, CheckOutcome, Established, OnRecord, run};
use super::content::Content;
use super::opinion::Opinion;
use crate::label::Label;
use crate::ledger::{Fallible, Machine, StateWord, Transition};

const VOIDS: &str = "takes the proposal back";

/// The lifecycle of an application.
pub const MACHINE: Machine = Machine {
    subject: "application",
    initial: "draft",
    rows: &[
        Transition::row("draft", "revise", "draft", "the applicant"),
        Transition::row("draft", "submit", "open", "the applicant; a whole application"),
        Transition::row("draft", "discard", "discarded", "the applicant"),
        Transition::row("open", "revise", "open", "takes opinions, assessment and records back"),
        Transition::row("open", "ask", "open", "a question in words"),
        Transition::row("open", "answer", "open", "a question that is open"),
        Transition::row("open", "establish", "open", "an end user of the application; the paper"),
        Transition::row("open", "record", "open", "a check that asks for it; the paper"),
        Transition::row("open", "ask_opinion", "open", "an agency that was not asked"),
        Transition::row("open", "give_opinion", "open", "an agency that was asked; a stance on every line"),
        Transition::row(
            "open",
            "confirm_opinion",
            "open",
            "an opinion that waits for a second person of the agency; another person than the one who gave it",
        ),
        Transition::row("open", "assess", "open", "every criterion weighed"),
        Transition::row(
            "open",
            "propose",
            "proposed",
            "no question open; every agency asked that the routing rules name; every opinion given, and confirmed where it is to be; to grant: assessed, and no check stands against it",
        ),
        Transition::row("open", "withdraw", "withdrawn", "the applicant; a reason"),
        Transition::row("proposed", "revise", "open", VOIDS),
        Transition::row("proposed", "ask", "open", VOIDS),
        Transition::row("proposed", "establish", "open", VOIDS),
        Transition::row("proposed", "record", "open", VOIDS),
        Transition::row("proposed", "ask_opinion", "open", VOIDS),
        Transition::row("proposed", "give_opinion", "open", VOIDS),
        Transition::row("proposed", "confirm_opinion", "open", VOIDS),
        Transition::row("proposed", "assess", "open", VOIDS),
        Transition::row("proposed", "return", "open", "another person than the one who proposed; a reason"),
        Transition::row(
            "proposed",
            "countersign",
            "granted",
            "another person than the one who proposed; no check stands against it now",
        ),
        Transition::row(
            "proposed",
            "affirm",
            "affirmed",
            "an advance opinion or a notice is sought, and no licence; another person than the one who proposed; no check stands against it now",
        ),
        Transition::row(
            "proposed",
            "countersign_refusal",
            "refused",
            "another person than the one who proposed",
        ),
        Transition::row("proposed", "withdraw", "withdrawn", "the applicant; a reason"),
        Transition::row(
            "granted",
            "record",
            "granted",
            "a check before a shipment that asks for it; the paper",
        ),
        Transition::row("refused", "appeal", "open", "the applicant; a reason"),
    ],
};

/// A question to the applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its number, from 1.
    pub number: u32,
    /// When it was asked.
    pub asked_on: Date,
    /// What.
    pub text: String,
    /// When it was answered, and with what.
    pub answered: Option<(Date, String)>,
}

/// An agency that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consulted {
    /// When it was asked.
    pub asked_on: Date,
    /// By when it is to answer.
    pub due_on: Date,
    /// What it says.
    pub opinion: Option<Opinion>,
    /// Whether a second person of it confirms what one says, before it counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirms: bool,
    /// Who gave the opinion, while it waits for that second person; empty where the reader is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
}

impl Consulted {
    /// Whether nothing of it counts yet.
    pub fn is_awaited(&self) -> bool {
        self.opinion.is_none() || self.waits.is_some()
    }
}

/// A decision that was signed by two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was proposed.
    pub proposal: Proposal,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who countersigned.
    pub countersigned_by: String,
    /// When.
    pub on: Date,
    /// Number of the licence, where one was sought and any line was granted.
    pub licence: Option<String>,
    /// The checks on which it rests.
    pub checks: Vec<Check>,
}

/// The state of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its number.
    pub number: String,
    /// Who may know of it.
    pub label: Label,
    /// What is applied for.
    pub content: Content,
    /// How often it was revised since it was submitted.
    pub revision: u32,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// When it was submitted.
    pub submitted_on: Option<Date>,
    /// Questions in their order.
    pub questions: Vec<Question>,
    /// End users that were established, by party.
    pub end_users: BTreeMap<String, Established>,
    /// What is on record, by the key of the check.
    pub on_record: OnRecord,
    /// Agencies that were asked, by name.
    pub consulted: BTreeMap<String, Consulted>,
    /// The assessment, and by whom.
    pub assessment: Option<(String, Assessment)>,
    /// The proposal that waits for a second person, and by whom.
    pub proposal: Option<(String, Proposal)>,
    /// Decisions in their order: the last one holds, those before were appealed.
    pub decisions: Vec<Decision>,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Application {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<Application>,
        number: &str,
        on: Date,
        (by, label): (&str, &Label),
        fact: &ApplicationFact,
    ) {
        if let ApplicationFact::Drafted(content) = fact {
            *state = Some(Application {
                number: number.to_owned(),
                label: label.clone(),
                content: content.clone(),
                revision: 0,
                state: MACHINE.initial,
                submitted_on: None,
                questions: Vec::new(),
                end_users: BTreeMap::new(),
                on_record: BTreeMap::new(),
                consulted: BTreeMap::new(),
                assessment: None,
                proposal: None,
                decisions: Vec::new(),
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        if let Ok(next) = MACHINE.next(this.state, fact.step()) {
            this.state = next;
        }
        this.last_on = on;
        let proposal = this.proposal.take();
        match fact {
            ApplicationFact::Drafted(_)
            | ApplicationFact::Discarded
            | ApplicationFact::Withdrawn
            | ApplicationFact::Returned => {}
            ApplicationFact::Revised(content) => {
                this.content = content.clone();
                this.revision += u32::from(this.submitted_on.is_some());
                this.on_record.clear();
                this.assessment = None;
                for consulted in this.consulted.values_mut() {
                    consulted.opinion = None;
                    consulted.waits = None;
                }
            }
            ApplicationFact::Submitted => this.submitted_on = Some(on),
            ApplicationFact::Asked { text } => {
                let number = u32::try_from(this.questions.len()).unwrap_or(u32::MAX).saturating_add(1);
                let question = Question { number, asked_on: on, text: text.clone(), answered: None };
                this.questions.push(question);
            }
            ApplicationFact::Answered { question, text, .. } => {
                if let Some(asked) = this.questions.iter_mut().find(|asked| asked.number == *question) {
                    asked.answered = Some((on, text.clone()));
                }
            }
            ApplicationFact::EndUserEstablished { party, established } => {
                this.end_users.insert(party.clone(), established.clone());
            }
            ApplicationFact::Recorded { check, kind, .. } => {
                this.on_record.insert(check.clone(), *kind);
            }
            ApplicationFact::OpinionAsked { agency, due_on, confirms } => {
                let (due_on, confirms) = (*due_on, *confirms);
                let consulted = Consulted { asked_on: on, due_on, opinion: None, confirms, waits: None };
                this.consulted.insert(agency.clone(), consulted);
            }
            ApplicationFact::OpinionGiven(opinion) => {
                if let Some(consulted) = this.consulted.get_mut(&opinion.agency) {
                    consulted.opinion = Some(opinion.clone());
                    consulted.waits = consulted.confirms.then(|| by.to_owned());
                }
            }
            ApplicationFact::OpinionConfirmed { agency } => {
                if let Some(consulted) = this.consulted.get_mut(agency) {
                    consulted.waits = None;
                }
            }
            ApplicationFact::Assessed(assessment) => {
                this.assessment = Some((by.to_owned(), assessment.clone()))
            }
            ApplicationFact::Proposed(new) => this.proposal = Some((by.to_owned(), new.clone())),
            ApplicationFact::Granted { licence, checks } => {
                this.signed(proposal, by, on, Some(licence), checks)
            }
            ApplicationFact::Affirmed { checks } => this.signed(proposal, by, on, None, checks),
            ApplicationFact::Refused => this.signed(proposal, by, on, None, &[]),
            // What was said of the application refused is on record in its decision; the appeal is judged anew.
            ApplicationFact::Appealed { .. } => {
                this.assessment = None;
                for consulted in this.consulted.values_mut() {
                    consulted.opinion = None;
                    consulted.waits = None;
                }
            }
        }
    }

    fn signed(
        &mut self,
        proposal: Option<(String, Proposal)>,
        by: &str,
        on: Date,
        licence: Option<&String>,
        checks: &[Check],
    ) {
        let Some((proposed_by, proposal)) = proposal else { return };
        self.decisions.push(Decision {
            proposal,
            proposed_by,
            countersigned_by: by.to_owned(),
            on,
            licence: licence.cloned(),
            checks: checks.to_vec(),
        });
    }

    /// The checks before a shipment under its licence. What was granted before certificates were asked for rests on no
    /// record of why it goes without one, and none can be made any more: it goes as it was granted.
    pub fn gate_checks(&self, facts: &CheckFacts) -> Vec<Check> {
        let mut checks = run(&self.content, facts);
        let asked_for = self
            .decisions
            .iter()
            .any(|decision| decision.checks.iter().any(|check| check.kind == CheckKind::Certificate));
        if !asked_for {
            let is_record =
                |check: &Check| check.kind == CheckKind::Certificate && check.outcome == CheckOutcome::Record;
            checks.retain(|check| !is_record(check));
        }
        checks
    }

    /// Questions without an answer.
    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.answered.is_none())
    }

    /// Up to which day a favourable advance opinion, or a notice that no licence is needed, binds; none where it is neither.
    pub fn binds_until(&self) -> Option<Date> {
        let decision = self.decisions.last().filter(|_| self.state == "affirmed")?;
        decision.proposal.valid_until
    }

    /// Whether an account may sign, or return, what is proposed: it is another’s.
    ///
    /// # Errors
    /// `transfer.two_people`.
    pub fn check_another(&self, account: &str) -> Fallible<()> {
        match &self.proposal {
            Some((by, _)) => another_person(by, account, "You proposed the decision yourself."),
            None => Ok(()),
        }
    }

    /// By when the next opinion is to be given.
    pub fn opinion_due_on(&self) -> Option<Date> {
        let awaited = self.consulted.values().filter(|consulted| consulted.opinion.is_none());
        awaited.map(|consulted| consulted.due_on).min()
    }

    /// What agencies said.
    pub fn opinions(&self) -> impl Iterator<Item = &Opinion> {
        self.consulted.values().filter_map(|consulted| consulted.opinion.as_ref())
    }

    /// Days since it was submitted, without those on which a question was open: a question stops the clock.
    pub fn days_used(&self, as_of: Date) -> u32 {
        let Some(submitted_on) = self.submitted_on else { return 0 };
        let mut days = 0;
        let mut day = submitted_on;
        while day < as_of {
            let is_stopped = self.questions.iter().any(|question| {
                question.asked_on <= day && question.answered.as_ref().is_none_or(|(on, _)| day < *on)
            });
            days += u32::from(!is_stopped);
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        days
    }
}
