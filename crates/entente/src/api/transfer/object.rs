//! Objects that reads of applications give out. A key that is left out says that there is nothing of it, or nothing that
//! is open to the caller: the two are not told apart.

use std::collections::BTreeMap;

use entente_register::document::Document;
use entente_register::ledger::SubjectKind;
use entente_register::money::Money;
use entente_register::transfer::application::{Application, Consulted};
use entente_register::transfer::content::{TransferLine, TransferParty};
use entente_register::transfer::ledger::Sight;
use entente_store::reader::{ApplicationRow, ApplicationView};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::judge::EndUserIs;
use super::judged_object::{
    AssessmentObject, CheckObject, ConsultedObject, DecisionObject, OnRecordObject, OpinionObject,
    ProposalObject,
};
use super::opinion::StanceOnLine;
use crate::api::object::{DocumentObject, HistoryObject, TAGGED};

/// Names of parties, by number.
pub(super) type Names = BTreeMap<String, String>;

/// An application in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApplicationRowObject {
    pub(crate) number: String,
    /// What it is about.
    pub(crate) title: String,
    /// Number of the party that applies.
    pub(crate) applicant: String,
    pub(crate) applicant_name: String,
    /// ISO 3166-1 alpha-3.
    pub(crate) destination: String,
    /// Its name, where it is a partner; otherwise its code.
    pub(crate) destination_name: String,
    /// `draft`, `open`, `proposed`, `granted`, `refused`, `withdrawn` or `discarded`.
    pub(crate) state: String,
    #[schema(format = Date)]
    pub(crate) submitted_on: Option<String>,
    /// When it was decided last.
    #[schema(format = Date)]
    pub(crate) decided_on: Option<String>,
    /// By when the next opinion is to be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub(crate) due_on: Option<String>,
    /// Marking.
    pub(crate) label: String,
}

impl ApplicationRowObject {
    pub(crate) fn of(row: &ApplicationRow) -> ApplicationRowObject {
        let day = |day: Option<Date>| day.map(|day| day.to_string());
        ApplicationRowObject {
            number: row.number.clone(),
            title: row.title.clone(),
            applicant: row.applicant.clone(),
            applicant_name: row.applicant_name.clone(),
            destination: row.destination.clone(),
            destination_name: row.destination_name.clone(),
            state: row.state.clone(),
            submitted_on: day(row.submitted_on),
            decided_on: day(row.decided_on),
            due_on: day(row.due_on),
            label: row.label.to_string(),
        }
    }
}

/// A party in its role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferPartyObject {
    /// `end_user`, `ultimate_end_user`, `consignee`, `broker`, `carrier`, `manufacturer` or `bank`.
    role: &'static str,
    /// Number of the party.
    party: String,
    name: Option<String>,
}

impl TransferPartyObject {
    pub(in crate::api) fn all(parties: &[TransferParty], names: &Names) -> Vec<TransferPartyObject> {
        let one = |party: &TransferParty| TransferPartyObject {
            role: party.role.word(),
            party: party.party.clone(),
            name: names.get(&party.party).cloned(),
        };
        parties.iter().map(one).collect()
    }
}

/// A line of what is applied for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TransferLineObject {
    /// From 1.
    number: u32,
    description: String,
    /// Control-list entry.
    category: String,
    /// Category of the UN Register, or another class of goods.
    class: &'static str,
    /// Whether it is a part of such an item.
    part: bool,
    /// Null where nobody has said.
    non_lethal: Option<bool>,
    quantity: String,
    /// UN/ECE code.
    unit: &'static str,
    unit_price: String,
    /// Price of all; null in a draft where it is beyond what the register holds.
    value: Option<String>,
    /// ISO 4217 code.
    currency: &'static str,
    /// Number of the line of a contract that it fulfils.
    contract_line: Option<String>,
}

impl TransferLineObject {
    fn of((number, line): (u32, &TransferLine)) -> TransferLineObject {
        let currency = line.unit_price.currency;
        TransferLineObject {
            number,
            description: line.description.clone(),
            category: line.category.clone(),
            class: line.class.word(),
            part: line.part,
            non_lethal: line.non_lethal,
            quantity: line.quantity.to_string(),
            unit: line.unit.code(),
            unit_price: line.unit_price.decimal(),
            value: line.value().ok().map(|minor| Money::new(minor, currency).decimal()),
            currency: currency.code(),
            contract_line: line.contract_line.clone(),
        }
    }
}

/// A question to the applicant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionObject {
    number: u32,
    #[schema(format = Date)]
    asked_on: String,
    text: String,
    #[schema(format = Date)]
    answered_on: Option<String>,
    answer: Option<String>,
}

/// An end user as it was established.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EndUserObject {
    /// Number of the party.
    party: String,
    name: Option<String>,
    standing: EndUserIs,
    document: DocumentObject,
}

/// An application.
/// An advance opinion on which an application rests.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpinedObject {
    /// Number of the application by which it was given.
    application: String,
    #[schema(format = Date)]
    given_on: String,
    /// Up to which day it binds.
    #[schema(format = Date)]
    binds_until: String,
    /// In what the application goes beyond it: of that nothing was said.
    beyond: Vec<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Application")]
pub(crate) struct ApplicationObject {
    number: String,
    /// `draft`, `open`, `proposed`, `granted`, `affirmed`, `refused`, `withdrawn` or `discarded`.
    state: &'static str,
    /// What is sought: `licence`, `advance_opinion` or `zero_notice`.
    request: &'static str,
    /// The advance opinion on which it rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    advance_opinion: Option<OpinedObject>,
    /// How much of it is shown: `whole`, `agency` or `applicant`.
    sight: &'static str,
    /// Marking.
    label: String,
    /// How often it was revised since it was submitted.
    revision: u32,
    /// `export`, `import`, `transit`, `brokering`, `temporary`, `technology` or `service`.
    kind: &'static str,
    /// What it is about.
    title: String,
    /// Number of the party that applies.
    applicant: String,
    applicant_name: Option<String>,
    /// The state that the goods leave; null for one’s own.
    origin: Option<String>,
    /// The state that they go to, ISO 3166-1 alpha-3.
    destination: String,
    /// Its name, where it is a partner; otherwise its code.
    destination_name: String,
    /// States on the way, in their order.
    route: Vec<String>,
    parties: Vec<TransferPartyObject>,
    lines: Vec<TransferLineObject>,
    /// `defence`, `mandated_operation`, `police`, `civil` or `other`.
    purpose: &'static str,
    /// The same in words.
    end_use: String,
    /// The purpose by the words of exceptions to embargoes; null where none is claimed.
    exception: Option<&'static str>,
    /// Number of the contract that it fulfils.
    contract: Option<String>,
    #[schema(format = Date)]
    return_by: Option<String>,
    /// The papers that came with it.
    documents: Vec<DocumentObject>,
    #[schema(format = Date)]
    submitted_on: Option<String>,
    /// Days since it was submitted, without those on which a question was open.
    days_used: u32,
    questions: Vec<QuestionObject>,
    /// End users that were established.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    end_users: Vec<EndUserObject>,
    /// What is on record for checks that ask for it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    on_record: Vec<OnRecordObject>,
    /// The checks as they are on the reader’s day, while it waits for a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<Vec<CheckObject>>,
    /// Agencies that were asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    consulted: Vec<ConsultedObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment: Option<AssessmentObject>,
    /// What waits for a second person.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<ProposalObject>,
    /// Decisions in their order: the last one holds, those before were appealed.
    decisions: Vec<DecisionObject>,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`; left out where others do what the caller does not see. `If-Match`
    /// serves everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
}

impl ApplicationObject {
    pub(crate) fn of(view: ApplicationView, as_of: Date) -> ApplicationObject {
        let ApplicationView { application, sight, checks, parties: names, opined, .. } = view;
        let subject = SubjectKind::Application.subject(&application.number).to_string();
        let days_used = application.days_used(as_of);
        let Application { content, on_record, .. } = application;
        let paper = |paper: &Document| DocumentObject::of(paper, &subject, TAGGED);
        let questions = application.questions.into_iter().map(|question| {
            let (answered_on, answer) = question.answered.map(|(on, text)| (on.to_string(), text)).unzip();
            QuestionObject {
                number: question.number,
                asked_on: question.asked_on.to_string(),
                text: question.text,
                answered_on,
                answer,
            }
        });
        let end_users = application.end_users.into_iter().map(|(party, established)| EndUserObject {
            name: names.get(&party).cloned(),
            party,
            standing: EndUserIs::of(established.standing),
            document: paper(&established.document),
        });
        let consulted = application.consulted.into_iter().map(|(agency, consulted)| {
            let Consulted { asked_on, due_on, opinion, confirms, waits } = consulted;
            ConsultedObject {
                name: names.get(&agency).cloned(),
                agency,
                asked_on: asked_on.to_string(),
                due_on: due_on.to_string(),
                opinion: opinion.map(|opinion| OpinionObject {
                    document: opinion.document.as_ref().map(paper),
                    lines: opinion.lines.into_iter().map(StanceOnLine::of).collect(),
                }),
                confirms,
                waits: waits.is_some(),
            }
        });
        let decisions = application.decisions.into_iter();
        ApplicationObject {
            state: application.state,
            request: content.request.word(),
            advance_opinion: opined.map(|opined| OpinedObject {
                application: opined.number,
                given_on: opined.on.to_string(),
                binds_until: opined.until.to_string(),
                beyond: opined.beyond,
            }),
            sight: sight_word(sight),
            label: application.label.to_string(),
            revision: application.revision,
            kind: content.kind.word(),
            applicant_name: names.get(&content.applicant).cloned(),
            parties: TransferPartyObject::all(&content.parties, &names),
            lines: (1..).zip(&content.lines).map(TransferLineObject::of).collect(),
            documents: content.documents.iter().map(paper).collect(),
            title: content.title,
            applicant: content.applicant,
            origin: content.origin,
            destination: content.destination,
            destination_name: view.destination_name,
            route: content.route,
            purpose: content.purpose.word(),
            end_use: content.end_use,
            exception: content.exception.map(|purpose| purpose.word()),
            contract: content.contract,
            return_by: content.return_by.map(|day| day.to_string()),
            submitted_on: application.submitted_on.map(|day| day.to_string()),
            days_used,
            questions: questions.collect(),
            end_users: end_users.collect(),
            checks: checks.map(|checks| CheckObject::all(&checks, Some(&on_record))),
            consulted: consulted.collect(),
            assessment: application.assessment.map(AssessmentObject::of),
            proposal: application.proposal.map(|(by, proposal)| ProposalObject::of(by, proposal, sight)),
            decisions: decisions.map(|decision| DecisionObject::of(decision, &on_record, sight)).collect(),
            on_record: on_record
                .into_iter()
                .map(|(check, kind)| OnRecordObject { check, kind: kind.word() })
                .collect(),
            history: HistoryObject::all(view.history, &subject),
            version: (sight == Sight::Whole).then_some(view.version),
            number: application.number,
        }
    }
}

fn sight_word(sight: Sight) -> &'static str {
    match sight {
        Sight::Whole => "whole",
        Sight::Agency => "agency",
        Sight::Applicant => "applicant",
    }
}
