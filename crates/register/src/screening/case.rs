//! A case: a party of the register that may be an entry of a list, and what people decided about it.
//!
//! A clearance takes two people and is bound to what both sides said when it was given. It lapses when either says
//! something else, and stays while neither does, however often the list is published.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::list::Standing;
use crate::document::text;
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Occurred, Refusal, StateWord, Subject, SubjectKind,
    Transition,
};

/// The lifecycle of a case.
pub const MACHINE: Machine = Machine {
    subject: "case",
    initial: "open",
    rows: &[
        Transition::row("open", "propose", "clearance_proposed", "a reason"),
        Transition::row("escalated", "propose", "clearance_proposed", "a reason"),
        Transition::row("acknowledged", "propose", "clearance_proposed", "a reason"),
        Transition::row(
            "clearance_proposed",
            "clear",
            "cleared",
            "another person than the one who proposed it",
        ),
        Transition::row("clearance_proposed", "refuse", "open", "another person; a reason"),
        Transition::row("open", "confirm", "confirmed", "a reason: it is the listed party"),
        Transition::row("clearance_proposed", "confirm", "confirmed", "a reason: it is the listed party"),
        Transition::row("escalated", "confirm", "confirmed", "a reason: it is the listed party"),
        Transition::row("open", "escalate", "escalated", "a reason"),
        Transition::row("clearance_proposed", "escalate", "escalated", "a reason"),
        Transition::row("open", "acknowledge", "acknowledged", "a list that is advisory; a reason"),
        Transition::row("escalated", "acknowledge", "acknowledged", "a list that is advisory; a reason"),
        Transition::row("cleared", "reopen", "open", "a reason"),
        Transition::row("acknowledged", "reopen", "open", "a reason"),
        Transition::row(
            "confirmed",
            "reopen",
            "open",
            "another person than the one who confirmed it; a reason",
        ),
        Transition::row("clearance_proposed", "lapse", "open", "a run: the party or the entry has changed"),
        Transition::row("cleared", "lapse", "open", "a run: the party or the entry has changed"),
        Transition::row("acknowledged", "lapse", "open", "a run: the party or the entry has changed"),
        Transition::row("open", "withdraw", "withdrawn", "a run: the entry is gone, or no hit any more"),
        Transition::row(
            "clearance_proposed",
            "withdraw",
            "withdrawn",
            "a run: the entry is gone, or no hit any more",
        ),
        Transition::row("cleared", "withdraw", "withdrawn", "a run: the entry is gone, or no hit any more"),
        Transition::row(
            "acknowledged",
            "withdraw",
            "withdrawn",
            "a run: the entry is gone, or no hit any more",
        ),
        Transition::row("escalated", "withdraw", "withdrawn", "a run: the entry is gone"),
        Transition::row("confirmed", "withdraw", "withdrawn", "a run: the entry is gone"),
    ],
};

/// What raised or lowered a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HitReason {
    /// Which: `name`, `birth_date`, `country`.
    pub feature: String,
    /// By how much, in ten-thousandths; of the name, the likeness itself.
    pub score: i32,
    /// In words.
    pub detail: String,
    /// The party's value.
    pub query: String,
    /// The entry's value.
    pub candidate: String,
}

/// How alike a party and an entry are, why, and what both said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// The hash of the edition.
    pub edition: String,
    /// The version of the engine.
    pub engine: String,
    /// In ten-thousandths.
    pub score: u32,
    /// The reasons, the name first.
    pub reasons: Vec<HitReason>,
    /// The entry's name for people.
    pub caption: String,
    /// Fingerprint of the party's screened content.
    pub party_content: String,
    /// Fingerprint of the entry's screened content.
    pub entry_content: String,
}

/// `case.opened.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOpened {
    /// Number of the party.
    pub party: String,
    /// Name of the list.
    pub list: String,
    /// Identifier of the entry within the list.
    pub entry: String,
    /// How alike, and why.
    pub hit: Hit,
}

/// `case.renewed.v1`, `case.lapsed.v1`: the event's reason says which side changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRenewed {
    /// How alike both are now.
    pub hit: Hit,
}

/// `case.clearance_proposed.v1`, `case.cleared.v1`, `case.acknowledged.v1`: what was judged. The event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseJudged {
    /// Fingerprint of the party's screened content.
    pub party_content: String,
    /// Fingerprint of the entry's screened content.
    pub entry_content: String,
}

/// `case.withdrawn.v1`: by a run; the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseClosed {
    /// The hash of the edition by which it is no case any more.
    pub edition: String,
}

/// What a person does about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Each is a row of the machine; the reason is kept with the event.
pub enum CaseCommand {
    Propose {
        reason: String,
    },
    /// The second person's word, where there is one.
    Clear {
        reason: Option<String>,
    },
    Refuse {
        reason: String,
    },
    Confirm {
        reason: String,
    },
    Escalate {
        reason: String,
    },
    Acknowledge {
        reason: String,
    },
    Reopen {
        reason: String,
    },
}

/// Who did what last, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseAct {
    /// Key of the account.
    pub by: String,
    /// The day.
    pub on: Date,
    /// Why.
    pub reason: String,
}

/// The state of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Number, `PARTY.Hn`.
    pub number: String,
    /// Number of the party.
    pub party: String,
    /// Name of the list.
    pub list: String,
    /// Identifier of the entry.
    pub entry: String,
    /// How alike both were when last compared with something new to say.
    pub hit: Hit,
    /// When it was opened.
    pub opened_on: Date,
    /// Who proposed to clear it, while that stands.
    pub proposed: Option<CaseAct>,
    /// The last act, also of a run.
    pub last: CaseAct,
    /// Marking: that of the party.
    pub label: Label,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Case {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<Case>,
        subject: &Subject,
        on: Date,
        (actor, label): (&str, &Label),
        (fact, reason): (&Fact, Option<&str>),
    ) {
        let act = CaseAct { by: actor.to_owned(), on, reason: reason.unwrap_or_default().to_owned() };
        if let Fact::CaseOpened(opened) = fact {
            *state = Some(Case {
                number: subject.key.clone(),
                party: opened.party.clone(),
                list: opened.list.clone(),
                entry: opened.entry.clone(),
                hit: opened.hit.clone(),
                opened_on: on,
                proposed: None,
                last: act,
                label: label.clone(),
                state: MACHINE.initial,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let after = match fact {
            Fact::CaseRenewed(renewed) => {
                // Who decided what stays as it was.
                this.hit = renewed.hit.clone();
                this.last_on = on;
                return;
            }
            Fact::CaseLapsed(renewed) => {
                this.hit = renewed.hit.clone();
                "open"
            }
            Fact::CaseClearanceProposed(_) => "clearance_proposed",
            Fact::CaseCleared(_) => "cleared",
            Fact::CaseAcknowledged(_) => "acknowledged",
            Fact::CaseClearanceRefused(_) | Fact::CaseReopened(_) => "open",
            Fact::CaseConfirmed(_) => "confirmed",
            Fact::CaseEscalated(_) => "escalated",
            Fact::CaseWithdrawn(_) => "withdrawn",
            _ => return,
        };
        match after {
            "clearance_proposed" => this.proposed = Some(act.clone()),
            // Who proposed a clearance that stands is told with it.
            "cleared" => {}
            _ => this.proposed = None,
        }
        this.state = after;
        this.last = act;
        this.last_on = on;
    }

    fn judged(&self) -> CaseJudged {
        CaseJudged {
            party_content: self.hit.party_content.clone(),
            entry_content: self.hit.entry_content.clone(),
        }
    }
}

/// Whether nothing is asked of anybody in this state, under a list of this standing. What was acknowledged while a
/// list was advisory is open once it is binding.
pub fn is_settled(state: &str, standing: Standing) -> bool {
    matches!(state, "cleared" | "withdrawn") || (state == "acknowledged" && standing == Standing::Advisory)
}

/// Whether somebody may take a step of [`MACHINE`] now: by the state of the case, by who did the last one, and by what
/// its list asks for today.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn check_step(this: &Case, standing: Standing, account: &str, step: &'static str) -> Fallible<()> {
    MACHINE.next(this.state, step)?;
    let number = &this.number;
    let same = |act: Option<&CaseAct>| act.is_some_and(|act| act.by == account);
    if matches!(step, "clear" | "refuse") && same(this.proposed.as_ref()) {
        return Err(Refusal::new(
            "case.two_people",
            format!("You proposed the clearance of case {number} yourself."),
        )
        .missing("another person: two people clear a hit"));
    }
    if step == "reopen" && this.state == "confirmed" && same(Some(&this.last)) {
        return Err(Refusal::new("case.two_people", format!("You confirmed case {number} yourself."))
            .missing("another person"));
    }
    if step == "acknowledge" && standing == Standing::Binding {
        return Err(Refusal::new(
            "case.binding",
            format!("The list {} is binding: a hit on it is not acknowledged.", this.list),
        )
        .missing("a clearance by two people, a confirmation, or an advisory list"));
    }
    Ok(())
}

/// Decides what a person does about a case. `standing` is that of its list today.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    this: &Case,
    standing: Standing,
    context: &Context,
    command: CaseCommand,
) -> Fallible<Vec<NewEvent>> {
    crate::performance::in_order(context, "case.order", ("Case", &this.number, this.last_on), context.today)?;
    let number = &this.number;
    let (step, reason, fact) = match command {
        CaseCommand::Propose { reason } => {
            ("propose", Some(reason), Fact::CaseClearanceProposed(this.judged()))
        }
        CaseCommand::Clear { reason } => ("clear", reason, Fact::CaseCleared(this.judged())),
        CaseCommand::Refuse { reason } => ("refuse", Some(reason), Fact::CaseClearanceRefused(Occurred {})),
        CaseCommand::Confirm { reason } => ("confirm", Some(reason), Fact::CaseConfirmed(Occurred {})),
        CaseCommand::Escalate { reason } => ("escalate", Some(reason), Fact::CaseEscalated(Occurred {})),
        CaseCommand::Acknowledge { reason } => {
            ("acknowledge", Some(reason), Fact::CaseAcknowledged(this.judged()))
        }
        CaseCommand::Reopen { reason } => ("reopen", Some(reason), Fact::CaseReopened(Occurred {})),
    };
    check_step(this, standing, &context.actor.account, step)?;
    if let Some(reason) = &reason {
        text("case.reason", "reason", reason, 1000)?;
    }
    Ok(vec![NewEvent {
        subject: SubjectKind::Case.subject(number),
        occurred_on: context.today,
        label: this.label.clone(),
        fact,
        reason,
    }])
}
