//! What stands against a transfer, found without anyone’s judgement: each check with what was looked at, what came of it,
//! by which source and edition.
//!
//! What cannot be known holds. A check is never overruled: it is settled by a fact (a party that is cleared, an end user
//! that is established), or by the record that a measure itself asks for (an approval, a notification, a consideration).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::certificate::check::{Known, certificates};
use super::content::{Content, StatedPurpose};
use super::guidance::control_list::{ControlKnown, controls};
use super::guidance::denial::{DenialKnown, denials};
use super::guidance::quota::{QuotaKnown, quotas};
use super::guidance::recognition::{RecognitionKnown, recognition};
use super::guidance::standing::{StandingKnown, destination};
use crate::document::{Document, text};
use crate::embargo::{Bearing, Finding, Judgement, Outcome, contested};
use crate::ledger::{Fallible, Refusal};
use crate::payment::schedule::words;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Whether a party is on a list of those under measures.
    Screening,
    /// Whether measures forbid it.
    Embargo,
    /// Whether whoever uses the goods is an authority of a state, or authorised by one.
    EndUser,
    /// Whether a government of the state is recognised whose authority the end user is, or which has authorised it.
    Recognition,
    /// Whether an end-user certificate carries it.
    Certificate,
    /// Whether an inspection found something at the end user.
    Incident,
    /// Whether the stated purpose is the defence of a state or a mandated operation.
    Purpose,
    /// What standing assessments say of the destination.
    Destination,
    /// Whether another state has refused the same.
    Denial,
    /// Whether it stays within what may be granted.
    Quota,
    /// Whether what is transferred is an entry of a control list, as the application says.
    ControlList,
    /// Whether two people signed: asked of a decision that was taken.
    Signatures,
}

words! { CheckKind, "a check", "transfer.check",
    Screening = "screening", "screening";
    Embargo = "embargo", "embargo rules";
    EndUser = "end_user", "lawful end user";
    Recognition = "recognition", "recognition of the government";
    Certificate = "certificate", "end-user certificate";
    Incident = "incident", "incident at the end user";
    Purpose = "purpose", "stated purpose";
    Destination = "destination", "risk of the destination";
    Denial = "denial", "denials of others";
    Quota = "quota", "quota";
    ControlList = "control_list", "control list";
    Signatures = "signatures", "two signatures";
}

/// What comes of a check, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Nothing stands against it.
    Pass,
    /// A measure of a body that does not bind by policy: shown.
    Shown,
    /// It passes once something is on record.
    Record,
    /// It cannot be told.
    Hold,
    /// It is forbidden.
    Blocked,
}

words! { CheckOutcome, "an outcome of a check", "transfer.outcome",
    Pass = "pass", "passed";
    Shown = "shown", "shown";
    Record = "record", "to be recorded";
    Hold = "hold", "held";
    Blocked = "blocked", "blocked";
}

/// What is to be on record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// What the measure calls for was considered.
    Consideration,
    /// Whoever is to be told was told.
    Notification,
    /// Whoever is to approve has approved.
    Approval,
    /// The state that refused the same was consulted.
    Consultation,
}

words! { RecordKind, "a kind of record", "transfer.record",
    Consideration = "consideration", "consideration";
    Notification = "notification", "notification";
    Approval = "approval", "approval";
    Consultation = "consultation", "consultation";
}

impl RecordKind {
    /// Whether it settles a check that asks for another: an approval is also what a notification or a consideration would
    /// be, and a consultation is nothing but itself.
    pub fn settles(self, needed: RecordKind) -> bool {
        match (self, needed) {
            (RecordKind::Consultation, _) | (_, RecordKind::Consultation) => self == needed,
            _ => self >= needed,
        }
    }
}

/// Whether something can be put on record for a check, by its key: one that asks for it, what it asks for or more, filed
/// under a reference, and of a consultation with the reason why the transfer goes on.
///
/// # Errors
/// A refusal that names the field.
pub(super) fn check_record(
    checks: &[Check],
    (check, kind): (&str, RecordKind),
    (reference, reason): (&str, Option<&str>),
) -> Fallible<()> {
    text("transfer.reference", "reference", reference, 100)?;
    let asked = checks.iter().find(|known| known.key() == check);
    let Some(needed) = asked.and_then(|known| known.needs) else {
        return Err(Refusal::new("transfer.check", format!("No check {check} asks for a record."))
            .field("check")
            .missing("a check that something is to be recorded for"));
    };
    if !kind.settles(needed) {
        return Err(Refusal::new(
            "transfer.record",
            format!("The check asks for an entry of another kind: {}.", needed.name()),
        )
        .field("kind")
        .missing(needed.name()));
    }
    match reason {
        Some(reason) => text("transfer.reason", "reason", reason, 4000),
        None if needed == RecordKind::Consultation => {
            Err(Refusal::new("transfer.reason", "Another state has refused this, and was consulted.")
                .field("reason")
                .missing("why the transfer goes on all the same"))
        }
        None => Ok(()),
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What was looked at.
    pub kind: CheckKind,
    /// Number of the line that it is about, from 1; none where it is about the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What it is about: the number of a party, the purpose, or the rule.
    pub about: String,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// Why, in words.
    pub why: String,
    /// By what: a list, a resolution with its paragraph, a paper.
    pub source: String,
    /// By which edition of it.
    pub edition: String,
    /// What is to be on record for it to pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<RecordKind>,
}

impl Check {
    /// What tells it from the others, whatever came of it.
    pub fn key(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}:{}", self.kind.word(), self.about),
            None => format!("{}:{}", self.kind.word(), self.about),
        }
    }

    /// What it is about, for people.
    pub fn words(&self) -> String {
        match self.line {
            Some(line) if self.about.is_empty() => format!("line {line}"),
            Some(line) => format!("line {line}, {}", self.about),
            None => self.about.clone(),
        }
    }
}

/// Where a party stands with the lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "standing", deny_unknown_fields)]
pub enum PartyStanding {
    /// On none of the lists of these editions.
    Clear {
        /// The editions.
        editions: String,
    },
    /// A case waits.
    Waits {
        /// Its number.
        case: String,
    },
    /// It was confirmed to be an entry of a list that binds.
    Listed {
        /// Number of the case.
        case: String,
    },
    /// A list is missing or too old, or it was never screened.
    Unknown {
        /// Why.
        why: String,
    },
}

/// Who an end user is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", deny_unknown_fields)]
pub enum EndUserStanding {
    /// An authority of a recognised government.
    Authority {
        /// Its state.
        state: String,
    },
    /// Authorised by such a government.
    Authorised {
        /// The state.
        state: String,
    },
    /// An operation under a mandate of the United Nations, or the United Nations themselves.
    Mission {
        /// Its name, for example `MONUSCO`.
        name: String,
    },
    /// Serves no government, or is controlled by those who do not.
    NonState,
}

/// An end user as somebody established it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Established {
    /// Who it is.
    pub standing: EndUserStanding,
    /// The paper that shows it.
    pub document: Document,
}

/// What is known when the checks are made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckFacts {
    /// By party.
    pub parties: BTreeMap<String, PartyStanding>,
    /// End users, by party.
    pub end_users: BTreeMap<String, Established>,
    /// Certificates that serve it, by end user.
    pub certificates: BTreeMap<String, Known>,
    /// What inspections found at end users and nobody has closed, in words, by party.
    pub incidents: BTreeMap<String, Vec<String>>,
    /// The day of which denials, quotas and reviews are.
    pub day: Date,
    /// Standing assessments of the destination and of regions of it.
    pub standing: Vec<StandingKnown>,
    /// Denials that may be of this transfer.
    pub denials: Vec<DenialKnown>,
    /// Quotas of the destination.
    pub quotas: Vec<QuotaKnown>,
    /// Files of recognition, by state; of others the program’s own baseline says who is recognised.
    pub recognition: BTreeMap<String, RecognitionKnown>,
    /// Control lists, with the entries within which its lines lie.
    pub controls: Vec<ControlKnown>,
    /// What the embargo rules say of each line and each end user.
    pub judgements: BTreeMap<(u32, String), Judgement>,
    /// Which edition of the rules.
    pub rules_edition: String,
}

/// Makes all checks.
pub fn run(content: &Content, facts: &CheckFacts) -> Vec<Check> {
    let mut checks: Vec<Check> =
        content.named().into_iter().map(|party| screened(party, facts.parties.get(party))).collect();
    let users = content.end_users();
    checks.extend(users.iter().map(|party| end_user(content, party, facts.end_users.get(*party))));
    let established: Vec<(&str, Option<&Established>)> =
        users.iter().map(|party| (*party, facts.end_users.get(*party))).collect();
    checks.extend(recognition(&established, &facts.recognition, facts.day));
    // Before an offer nobody has issued a certificate yet, and what needs no licence needs none.
    if content.request.is_licence() {
        checks.extend(certificates(content, &facts.certificates));
    }
    checks.extend(users.iter().map(|party| incident(party, facts.incidents.get(*party))));
    checks.push(purpose(content));
    checks.extend(destination(&content.destination, &facts.standing, facts.day));
    checks.extend(denials(content, &facts.denials, facts.day));
    checks.extend(quotas(content, &facts.quotas, facts.day));
    checks.extend(controls(content, &facts.controls));
    for (line, _) in (1..).zip(&content.lines) {
        let mut of_line: BTreeMap<String, Check> = BTreeMap::new();
        for user in &users {
            let judgement = facts.judgements.get(&(line, (*user).to_owned()));
            for check in embargo(line, judgement, &facts.rules_edition) {
                // What one rule says of several end users is the gravest that it says of any.
                match of_line.get(&check.key()) {
                    Some(held) if (held.outcome, held.needs) >= (check.outcome, check.needs) => {}
                    _ => drop(of_line.insert(check.key(), check)),
                }
            }
        }
        checks.extend(of_line.into_values());
    }
    checks
}

fn screened(party: &str, standing: Option<&PartyStanding>) -> Check {
    let (outcome, why, source, edition) = match standing {
        Some(PartyStanding::Clear { editions }) => {
            (CheckOutcome::Pass, "It is on none of the lists.".to_owned(), "screening", editions.clone())
        }
        Some(PartyStanding::Waits { case }) => {
            (CheckOutcome::Hold, format!("Case {case} of it waits for two people."), "case", case.clone())
        }
        Some(PartyStanding::Listed { case }) => {
            (CheckOutcome::Blocked, format!("By case {case} it is an entry of a list."), "case", case.clone())
        }
        Some(PartyStanding::Unknown { why }) => (CheckOutcome::Hold, why.clone(), "screening", String::new()),
        None => (CheckOutcome::Hold, "It was not screened.".to_owned(), "screening", String::new()),
    };
    Check {
        kind: CheckKind::Screening,
        line: None,
        about: party.to_owned(),
        outcome,
        why,
        source: source.to_owned(),
        edition,
        needs: None,
    }
}

fn end_user(content: &Content, party: &str, established: Option<&Established>) -> Check {
    let (outcome, why) = match established.map(|established| &established.standing) {
        None => (CheckOutcome::Hold, "Who it is was not established.".to_owned()),
        Some(EndUserStanding::NonState) => {
            (CheckOutcome::Blocked, "It serves no government and none has authorised it.".to_owned())
        }
        Some(EndUserStanding::Authority { state } | EndUserStanding::Authorised { state })
            if *state != content.destination =>
        {
            let why = format!("It is of {state}, and the goods go to {}.", content.destination);
            (CheckOutcome::Hold, why)
        }
        Some(EndUserStanding::Authority { state }) => {
            (CheckOutcome::Pass, format!("It is an authority of {state}."))
        }
        Some(EndUserStanding::Authorised { state }) => {
            (CheckOutcome::Pass, format!("{state} has authorised it."))
        }
        Some(EndUserStanding::Mission { name }) => {
            (CheckOutcome::Pass, format!("It is {name}, under a mandate of the United Nations."))
        }
    };
    let paper = established.map(|established| &established.document);
    Check {
        kind: CheckKind::EndUser,
        line: None,
        about: party.to_owned(),
        outcome,
        why,
        source: paper.map(|paper| paper.title.clone()).unwrap_or_default(),
        edition: paper.map(|paper| paper.dated.to_string()).unwrap_or_default(),
        needs: None,
    }
}

/// Nothing goes to an end user at whom an inspection found an incident, until it is closed.
pub(super) fn incident(party: &str, open: Option<&Vec<String>>) -> Check {
    let open = open.map(|open| open.join(" ")).filter(|open| !open.is_empty());
    Check {
        kind: CheckKind::Incident,
        line: None,
        about: party.to_owned(),
        outcome: if open.is_none() { CheckOutcome::Pass } else { CheckOutcome::Hold },
        why: open.unwrap_or_else(|| "No incident of an inspection is open.".to_owned()),
        source: "inspections after shipment".to_owned(),
        edition: String::new(),
        needs: None,
    }
}

fn purpose(content: &Content) -> Check {
    let is_lawful = matches!(content.purpose, StatedPurpose::Defence | StatedPurpose::MandatedOperation);
    let name = content.purpose.name();
    Check {
        kind: CheckKind::Purpose,
        line: None,
        about: content.purpose.word().to_owned(),
        outcome: if is_lawful { CheckOutcome::Pass } else { CheckOutcome::Record },
        why: match is_lawful {
            true => format!("The stated purpose is {name}."),
            false => format!("The stated purpose is {name}, neither defence nor a mandated operation."),
        },
        source: "application".to_owned(),
        edition: String::new(),
        needs: (!is_lawful).then_some(RecordKind::Consideration),
    }
}

/// What the rules say of a line: each rule that binds and does not pass, what is shown, and each reason to hold.
fn embargo(line: u32, judgement: Option<&Judgement>, edition: &str) -> Vec<Check> {
    let check = |about: String, outcome, why: String, source: String, needs| Check {
        kind: CheckKind::Embargo,
        line: Some(line),
        about,
        outcome,
        why,
        source,
        edition: edition.to_owned(),
        needs,
    };
    let Some(judgement) = judgement else {
        let why = "The rules were not asked.".to_owned();
        return vec![check(String::new(), CheckOutcome::Hold, why, String::new(), None)];
    };
    let mut checks = Vec::new();
    for finding in &judgement.findings {
        let beside = contested(finding);
        if finding.outcome == Outcome::Pass && beside.is_empty() {
            continue;
        }
        let (outcome, needs) = asked(finding, !beside.is_empty());
        let why = std::iter::once(finding.why.clone()).chain(beside).collect::<Vec<_>>().join(". ");
        checks.push(check(finding.rule.clone(), outcome, why, finding.citation(), needs));
    }
    for hold in &judgement.holds {
        checks.push(check(hold.code.to_owned(), CheckOutcome::Hold, hold.why.clone(), String::new(), None));
    }
    // The answer as a whole is never milder than what was written of it.
    let (whole, needs) = of_rules(judgement.outcome);
    let gravest = checks.iter().map(|check| check.outcome).max();
    if gravest.is_none_or(|gravest| gravest < whole) {
        let why = match whole {
            CheckOutcome::Pass => "No measure stands against it.".to_owned(),
            _ => format!("The rules say: {}.", judgement.outcome.word()),
        };
        checks.push(check(String::new(), whole, why, String::new(), needs));
    }
    checks
}

/// What a finding asks for. That a term is over, or that states do not agree whether a measure is in force, is decided neither
/// by the register nor by whoever judges the case: it passes once somebody has put on record that it was considered.
fn asked(finding: &Finding, is_contested: bool) -> (CheckOutcome, Option<RecordKind>) {
    let outcome = match finding.bearing {
        Bearing::Binding => finding.outcome,
        Bearing::Claimed => Outcome::Pass,
        Bearing::Advisory => return (CheckOutcome::Shown, None),
    };
    match of_rules(outcome) {
        (CheckOutcome::Pass, _) if is_contested => (CheckOutcome::Record, Some(RecordKind::Consideration)),
        asked => asked,
    }
}

fn of_rules(outcome: Outcome) -> (CheckOutcome, Option<RecordKind>) {
    match outcome {
        Outcome::Pass => (CheckOutcome::Pass, None),
        Outcome::Vigilance => (CheckOutcome::Record, Some(RecordKind::Consideration)),
        Outcome::Notify => (CheckOutcome::Record, Some(RecordKind::Notification)),
        Outcome::Approve => (CheckOutcome::Record, Some(RecordKind::Approval)),
        Outcome::Hold => (CheckOutcome::Hold, None),
        Outcome::Blocked => (CheckOutcome::Blocked, None),
    }
}

/// What is on record, by the key of the check that it settles.
pub type OnRecord = BTreeMap<String, RecordKind>;

/// Whether what is on record settles a check: an approval is also what a notification or a consideration would be.
pub fn is_settled(check: &Check, on_record: &OnRecord) -> bool {
    match (check.outcome, check.needs) {
        (CheckOutcome::Pass | CheckOutcome::Shown, _) => true,
        (CheckOutcome::Record, Some(needed)) => {
            on_record.get(&check.key()).is_some_and(|held| held.settles(needed))
        }
        (CheckOutcome::Record, None) | (CheckOutcome::Hold | CheckOutcome::Blocked, _) => false,
    }
}

/// Passes if nothing stands against a transfer any more.
///
/// # Errors
/// `transfer.blocked`, `transfer.held` or `transfer.record`: the gravest that is left, with all of its sort.
pub fn pass(checks: &[Check], on_record: &OnRecord) -> Fallible<()> {
    let left: Vec<&Check> = checks.iter().filter(|check| !is_settled(check, on_record)).collect();
    let Some(gravest) = left.iter().map(|check| check.outcome).max() else { return Ok(()) };
    let of_sort: Vec<&&Check> = left.iter().filter(|check| check.outcome == gravest).collect();
    let words: Vec<String> = of_sort
        .iter()
        .map(|check| match check.source.as_str() {
            "" => format!("{} ({}): {}", check.words(), check.kind.name(), check.why),
            source => format!("{} ({}, {source}): {}", check.words(), check.kind.name(), check.why),
        })
        .collect();
    let (code, missing) = match gravest {
        CheckOutcome::Blocked => ("transfer.blocked", "another transfer: this one is forbidden".to_owned()),
        CheckOutcome::Hold => ("transfer.held", "the facts that settle what is held".to_owned()),
        _ => {
            let kinds: BTreeSet<&str> =
                of_sort.iter().filter_map(|check| check.needs).map(RecordKind::name).collect();
            let kinds: Vec<&str> = kinds.into_iter().collect();
            ("transfer.record", format!("on record: {}", kinds.join(", ")))
        }
    };
    Err(Refusal::new(code, words.join("\n")).missing(missing))
}
