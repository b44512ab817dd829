//! What the events of applications and licences carry.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Occurred, Subject};
use crate::money::Quantity;
use crate::transfer::application::{Application, ApplicationFact};
use crate::transfer::check::{Check, Established, RecordKind};
use crate::transfer::licence::{Licence, LicenceFact};
use crate::transfer::opinion::Criterion;

/// `application.asked.v1`: a question to the applicant, which stops the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionAsked {
    /// What.
    pub text: String,
}

/// `application.answered.v1`: what the applicant says to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionAnswered {
    /// Number of the question, from 1.
    pub question: u32,
    /// The answer.
    pub text: String,
    /// Papers that come with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
}

/// `application.end_user_established.v1`: who an end user is, by which paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndUserEstablished {
    /// Number of the party.
    pub party: String,
    /// Who it is.
    pub established: Established,
}

/// `application.recorded.v1`: the approval, notification or consideration that a check asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRecorded {
    /// Key of the check.
    pub check: String,
    /// What is recorded.
    pub kind: RecordKind,
    /// The number under which it is filed.
    pub reference: String,
    /// The paper.
    pub document: Document,
    /// Why the transfer goes on, where somebody was consulted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `application.opinion_asked.v1`: an agency is consulted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionAsked {
    /// Number of the agency’s party.
    pub agency: String,
    /// By when it is to answer.
    pub due_on: Date,
    /// Whether a second person of it confirms what one says, before it counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirms: bool,
}

/// `application.opinion_confirmed.v1`: a second person of the agency stands behind its opinion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionConfirmed {
    /// Number of the agency’s party.
    pub agency: String,
}

/// `application.granted.v1`: two people have decided, and a licence is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationGranted {
    /// Number of the licence.
    pub licence: String,
    /// The checks on which it rests, so that the decision can be read by itself.
    pub checks: Vec<Check>,
}

/// `application.affirmed.v1`: two people have given a favourable advance opinion, or noticed that no licence is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationAffirmed {
    /// The checks on which it rests, so that the decision can be read by itself.
    pub checks: Vec<Check>,
}

/// `application.appealed.v1`: a refusal is appealed against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationAppealed {
    /// The paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `licence.corrected.v1`: a write-off was recorded in error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteOffCorrected {
    /// Its reference.
    pub reference: String,
}

/// `licence.condition_met.v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionMet {
    /// Number of the condition, from 1.
    pub condition: u32,
    /// The paper that shows it.
    pub document: Document,
}

/// `licence.delivery_verified.v1`: what the end user confirms to have received, from the event’s date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryVerified {
    /// Reference of the write-off.
    pub reference: String,
    /// How much.
    pub quantity: Quantity,
    /// The paper.
    pub document: Document,
}

/// `licence.stopped.v1`: by an incident at its end user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceStopped {
    /// Number of the inspection; none where it is marked higher than the licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inspection: Option<String>,
    /// Number of the end user.
    pub end_user: String,
}

/// `licence.reopened.v1`: the standing assessment of its destination is worse than it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceReopened {
    /// The state or region that is worse.
    pub territory: String,
    /// Number of the assessment; none where it is marked higher than the licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
    /// Its edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<u32>,
    /// By which criteria it is worse.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub criteria: BTreeSet<Criterion>,
}

impl From<ApplicationFact> for Fact {
    fn from(fact: ApplicationFact) -> Fact {
        use ApplicationFact as A;
        let occurred = Occurred::default();
        match fact {
            A::Drafted(content) => Fact::ApplicationDrafted(content),
            A::Revised(content) => Fact::ApplicationRevised(content),
            A::Submitted => Fact::ApplicationSubmitted(occurred),
            A::Discarded => Fact::ApplicationDiscarded(occurred),
            A::Withdrawn => Fact::ApplicationWithdrawn(occurred),
            A::Asked { text } => Fact::ApplicationAsked(QuestionAsked { text }),
            A::Answered { question, text, documents } => {
                Fact::ApplicationAnswered(QuestionAnswered { question, text, documents })
            }
            A::EndUserEstablished { party, established } => {
                Fact::ApplicationEndUserEstablished(EndUserEstablished { party, established })
            }
            A::Recorded { check, kind, reference, document, reason } => {
                Fact::ApplicationRecorded(CheckRecorded { check, kind, reference, document, reason })
            }
            A::OpinionAsked { agency, due_on, confirms } => {
                Fact::ApplicationOpinionAsked(OpinionAsked { agency, due_on, confirms })
            }
            A::OpinionConfirmed { agency } => Fact::ApplicationOpinionConfirmed(OpinionConfirmed { agency }),
            A::OpinionGiven(opinion) => Fact::ApplicationOpinionGiven(opinion),
            A::Assessed(assessment) => Fact::ApplicationAssessed(assessment),
            A::Proposed(proposal) => Fact::ApplicationProposed(proposal),
            A::Returned => Fact::ApplicationReturned(occurred),
            A::Granted { licence, checks } => {
                Fact::ApplicationGranted(ApplicationGranted { licence, checks })
            }
            A::Affirmed { checks } => Fact::ApplicationAffirmed(ApplicationAffirmed { checks }),
            A::Refused => Fact::ApplicationRefused(occurred),
            A::Appealed { document } => Fact::ApplicationAppealed(ApplicationAppealed { document }),
        }
    }
}

/// The fact of an application that an event carries, if it does.
fn of_application(fact: &Fact) -> Option<ApplicationFact> {
    use ApplicationFact as A;
    Some(match fact.clone() {
        Fact::ApplicationDrafted(content) => A::Drafted(content),
        Fact::ApplicationRevised(content) => A::Revised(content),
        Fact::ApplicationSubmitted(_) => A::Submitted,
        Fact::ApplicationDiscarded(_) => A::Discarded,
        Fact::ApplicationWithdrawn(_) => A::Withdrawn,
        Fact::ApplicationAsked(QuestionAsked { text }) => A::Asked { text },
        Fact::ApplicationAnswered(QuestionAnswered { question, text, documents }) => {
            A::Answered { question, text, documents }
        }
        Fact::ApplicationEndUserEstablished(EndUserEstablished { party, established }) => {
            A::EndUserEstablished { party, established }
        }
        Fact::ApplicationRecorded(CheckRecorded { check, kind, reference, document, reason }) => {
            A::Recorded { check, kind, reference, document, reason }
        }
        Fact::ApplicationOpinionAsked(OpinionAsked { agency, due_on, confirms }) => {
            A::OpinionAsked { agency, due_on, confirms }
        }
        Fact::ApplicationOpinionConfirmed(OpinionConfirmed { agency }) => A::OpinionConfirmed { agency },
        Fact::ApplicationOpinionGiven(opinion) => A::OpinionGiven(opinion),
        Fact::ApplicationAssessed(assessment) => A::Assessed(assessment),
        Fact::ApplicationProposed(proposal) => A::Proposed(proposal),
        Fact::ApplicationReturned(_) => A::Returned,
        Fact::ApplicationGranted(ApplicationGranted { licence, checks }) => A::Granted { licence, checks },
        Fact::ApplicationAffirmed(ApplicationAffirmed { checks }) => A::Affirmed { checks },
        Fact::ApplicationRefused(_) => A::Refused,
        Fact::ApplicationAppealed(ApplicationAppealed { document }) => A::Appealed { document },
        _ => return None,
    })
}

impl From<LicenceFact> for Fact {
    fn from(fact: LicenceFact) -> Fact {
        use LicenceFact as L;
        let occurred = Occurred::default();
        match fact {
            L::Issued(issued) => Fact::LicenceIssued(issued),
            L::WrittenOff(written) => Fact::LicenceWrittenOff(written),
            L::Corrected { reference } => Fact::LicenceCorrected(WriteOffCorrected { reference }),
            L::ConditionMet { condition, document } => {
                Fact::LicenceConditionMet(ConditionMet { condition, document })
            }
            L::DeliveryVerified { reference, quantity, document } => {
                Fact::LicenceDeliveryVerified(DeliveryVerified { reference, quantity, document })
            }
            L::Suspended => Fact::LicenceSuspended(occurred),
            L::Stopped { inspection, end_user } => {
                Fact::LicenceStopped(LicenceStopped { inspection, end_user })
            }
            L::Reopened { territory, assessment, criteria } => {
                let (assessment, edition) = assessment.unzip();
                Fact::LicenceReopened(LicenceReopened { territory, assessment, edition, criteria })
            }
            L::Reinstated => Fact::LicenceReinstated(occurred),
            L::Revoked => Fact::LicenceRevoked(occurred),
            L::Closed => Fact::LicenceClosed(occurred),
        }
    }
}

/// The fact of a licence that an event carries, if it does.
fn of_licence(fact: &Fact) -> Option<LicenceFact> {
    use LicenceFact as L;
    Some(match fact.clone() {
        Fact::LicenceIssued(issued) => L::Issued(issued),
        Fact::LicenceWrittenOff(written) => L::WrittenOff(written),
        Fact::LicenceCorrected(WriteOffCorrected { reference }) => L::Corrected { reference },
        Fact::LicenceConditionMet(ConditionMet { condition, document }) => {
            L::ConditionMet { condition, document }
        }
        Fact::LicenceDeliveryVerified(DeliveryVerified { reference, quantity, document }) => {
            L::DeliveryVerified { reference, quantity, document }
        }
        Fact::LicenceSuspended(_) => L::Suspended,
        Fact::LicenceStopped(LicenceStopped { inspection, end_user }) => L::Stopped { inspection, end_user },
        Fact::LicenceReopened(LicenceReopened { territory, assessment, edition, criteria }) => {
            L::Reopened { territory, assessment: assessment.zip(edition), criteria }
        }
        Fact::LicenceReinstated(_) => L::Reinstated,
        Fact::LicenceRevoked(_) => L::Revoked,
        Fact::LicenceClosed(_) => L::Closed,
        _ => return None,
    })
}

impl Application {
    /// Folds one event of an application: `by` is the account that acted.
    pub fn fold(
        state: &mut Option<Application>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        fact: &Fact,
    ) {
        if let Some(fact) = of_application(fact) {
            Application::apply(state, &subject.key, on, (by, label), &fact);
        }
    }
}

impl Licence {
    /// Folds one event of a licence: `by` is the account that acted.
    pub fn fold(
        state: &mut Option<Licence>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        fact: &Fact,
    ) {
        if let Some(fact) = of_licence(fact) {
            Licence::apply(state, &subject.key, on, (by, label), &fact);
        }
    }
}
