//! Reports of exporters and manufacturers on their own contracts: what they say happened, with their evidence.
//!
//! A report changes nothing but itself. It becomes a fact when a contract officer accepts it: the act that it
//! reports is then decided by its own rule, on the register as it stands, and recorded by the officer in the same
//! command, or neither is. No figure knows of reports.

mod act;
#[cfg(test)]
mod tests;

pub use act::Reported;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::contract::{Contract, PartyRole};
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Refusal, StateWord, Subject, SubjectKind, Transition,
};

/// The lifecycle of a report.
pub const MACHINE: Machine = Machine {
    subject: "report",
    initial: "filed",
    rows: &[
        Transition::row(
            "filed",
            "accept",
            "accepted",
            "evidence, of the report or of the officer; the act that it reports, by that act’s own conditions",
        ),
        Transition::row("filed", "return", "returned", "a reason"),
        Transition::row("filed", "withdraw", "withdrawn", "the party that filed it; a reason"),
    ],
};

/// `report.filed.v1`: the event's date is the day of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportFiled {
    /// Number of the party that reports.
    pub party: String,
    /// What happened, by its account.
    pub reported: Reported,
    /// In words, for the officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `report.accepted.v1`: the act that it reported stands beside it, of the same command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportAccepted {
    /// What was recorded by it, `KIND:NUMBER`.
    pub recorded: String,
    /// The evidence on which it was accepted.
    pub document: Document,
}

/// `report.returned.v1`, `report.withdrawn.v1`: the event's reason says why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportMoved {}

/// A change of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of the facts; `on` is the day of the change.
pub enum ReportCommand {
    File {
        on: Date,
        reported: Reported,
        note: Option<String>,
        document: Option<Document>,
    },
    /// With evidence of the officer's own, where the report bears none that serves.
    Accept {
        on: Date,
        document: Option<Document>,
    },
    Return {
        on: Date,
        reason: String,
    },
    Withdraw {
        on: Date,
        reason: String,
    },
}

/// The state of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Number, `CONTRACT.Nn`.
    pub number: String,
    /// What was filed.
    pub filed: ReportFiled,
    /// When it was filed.
    pub filed_on: Date,
    /// What was recorded by it.
    pub recorded: Option<String>,
    /// The evidence on which it was accepted.
    pub evidence: Option<Document>,
    /// When it was accepted, returned or withdrawn, and why where it was not accepted.
    pub ended: Option<(Date, String)>,
    /// Marking.
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

impl Report {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<Report>,
        subject: &Subject,
        on: Date,
        label: &Label,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        if let Fact::ReportFiled(filed) = fact {
            *state = Some(Report {
                number: subject.key.clone(),
                filed: filed.clone(),
                filed_on: on,
                recorded: None,
                evidence: None,
                ended: None,
                label: label.clone(),
                state: MACHINE.initial,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        this.state = match fact {
            Fact::ReportAccepted(accepted) => {
                this.recorded = Some(accepted.recorded.clone());
                this.evidence = Some(accepted.document.clone());
                "accepted"
            }
            Fact::ReportReturned(_) => "returned",
            Fact::ReportWithdrawn(_) => "withdrawn",
            _ => return,
        };
        this.ended = Some((on, reason.unwrap_or_default().to_owned()));
        this.last_on = on;
    }
}

/// Decides a new report with the next number of its contract.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn file(
    contract: &Contract,
    number: &str,
    about_exists: bool,
    context: &Context,
    (on, filed): (Date, ReportFiled),
) -> Fallible<Vec<NewEvent>> {
    context.not_in_future("on", on)?;
    crate::payment::check_state(
        contract,
        &["signed", "in_force", "suspended", "completed"],
        "a contract that is signed and has not ended early",
    )?;
    let reports = |role| matches!(role, PartyRole::Exporter | PartyRole::Manufacturer);
    if !contract.parties.iter().any(|named| named.party == filed.party && reports(named.role)) {
        return Err(Refusal::new(
            "report.party",
            format!(
                "Party {} is neither exporter nor manufacturer in contract {}.",
                filed.party, contract.number
            ),
        )
        .missing("a contract in which your party exports or makes the goods"));
    }
    if let Some(note) = &filed.note {
        text("report.note", "note", note, 1000)?;
    }
    if let Some(document) = &filed.document {
        document.check(context)?;
    }
    filed.reported.check(contract, about_exists, context)?;
    event(number, contract, on, Fact::ReportFiled(filed), None)
}

/// The evidence on which a report is accepted; what else must hold is decided by the rule of the act that it reports.
/// `of_reporter` says whether the actor acts for the party that filed it.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn evidence(
    this: &Report,
    of_reporter: bool,
    context: &Context,
    on: Date,
    own: Option<Document>,
) -> Fallible<Document> {
    MACHINE.next(this.state, "accept")?;
    if of_reporter {
        return Err(Refusal::new(
            "report.two_sides",
            format!("Report {} is of your own party.", this.number),
        )
        .missing("an officer who does not act for the party that filed it"));
    }
    super::performance::in_order(context, "report.order", ("Report", &this.number, this.last_on), on)?;
    let Some(document) = own.or_else(|| this.filed.document.clone()) else {
        return Err(Refusal::new("report.evidence", format!("Report {} bears no evidence.", this.number))
            .field("document")
            .missing("the paper that shows what is reported"));
    };
    document.check(context)?;
    Ok(document)
}

/// Decides that a report was accepted, once the act that it reports is decided.
///
/// # Errors
/// None: what could be refused was, by [`evidence`] and by the act's own rule.
pub fn accept(
    this: &Report,
    contract: &Contract,
    on: Date,
    recorded: &Subject,
    document: Document,
) -> Fallible<Vec<NewEvent>> {
    let fact = Fact::ReportAccepted(ReportAccepted { recorded: recorded.to_string(), document });
    event(&this.number, contract, on, fact, None)
}

/// Decides that a report is returned or withdrawn. `of_reporter` says whether the actor acts for the party that filed
/// it.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn end(
    this: &Report,
    contract: &Contract,
    of_reporter: bool,
    context: &Context,
    command: ReportCommand,
) -> Fallible<Vec<NewEvent>> {
    let (step, on, reason, fact) = match command {
        ReportCommand::Return { on, reason } => ("return", on, reason, Fact::ReportReturned(ReportMoved {})),
        ReportCommand::Withdraw { on, reason } => {
            if !of_reporter {
                return Err(Refusal::not_found("report", &this.number));
            }
            ("withdraw", on, reason, Fact::ReportWithdrawn(ReportMoved {}))
        }
        // These have their own rules; no input reaches this.
        ReportCommand::File { .. } | ReportCommand::Accept { .. } => {
            return Err(Refusal::new("state", "The report is filed already.").missing("a new report"));
        }
    };
    MACHINE.next(this.state, step)?;
    super::performance::in_order(context, "report.order", ("Report", &this.number, this.last_on), on)?;
    text("report.reason", "reason", &reason, 1000)?;
    event(&this.number, contract, on, fact, Some(reason))
}

fn event(
    number: &str,
    contract: &Contract,
    on: Date,
    fact: Fact,
    reason: Option<String>,
) -> Fallible<Vec<NewEvent>> {
    Ok(vec![NewEvent {
        subject: SubjectKind::Report.subject(number),
        occurred_on: on,
        label: contract.label.clone(),
        fact,
        reason,
    }])
}
