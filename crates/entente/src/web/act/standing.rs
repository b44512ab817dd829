//! How the subject of a form stands: what decides whether an act is possible, and what its fields start with.

use entente_register::contract::line::contract_of;
use entente_register::customs::exchange::EXCHANGE;
use entente_register::document::Document;
use entente_register::embargo::{POLICY_KEY, PolicyProposed, PolicyState};
use entente_register::label::Label;
use entente_register::ledger::{Refusal, Subject, SubjectKind};
use entente_register::money::Money;
use entente_store::Outcome;
use entente_store::reader::{
    ApplicationView, CaseView, CertificateView, ContractPayments, ContractPerformance, ContractView,
    CustomsView, DeliveryView, DiscrepancyView, GuidanceView, HistoryRow, InspectionView, LicenceView,
    LineView, ListView, OpportunityView, Page, PolicyView, Reader, ReexportView, ReportView, RuleFileView,
    SpecimensView,
};
use jiff::civil::Date;

use super::customs::{of_discrepancy, of_exchange};
use super::field::Choices;
use super::transfer::{
    of_application, of_certificate, of_guidance, of_inspection, of_licence, of_reexport, of_specimens,
};
use crate::formats::short_hash;
use crate::web::embargo::bodies;
use crate::web::line::counted;
use crate::web::show;

/// What is shown of a subject.
#[derive(Debug, Clone)]
pub(crate) enum Stands {
    /// Nothing is there yet: the partners to choose from, each with code and name.
    New(Vec<(String, String)>),
    Contract(Box<ContractView>),
    Line(Box<LineView>),
    Delivery(Box<DeliveryView>),
    /// What belongs to the money of a contract, and which of it.
    Payments(Box<ContractPayments>, Subject),
    Opportunity(Box<OpportunityView>),
    Report(Box<ReportView>),
    List(Box<ListView>),
    /// A case, and the account of whoever looks: a clearance takes two people.
    Case(Box<CaseView>, String),
    /// A file of embargo rules, and the account of whoever looks: two people bring an edition into force.
    RuleFile(Box<RuleFileView>, String),
    /// The policy that says whose measures bind, and the account of whoever looks.
    Policy(Box<PolicyView>, String),
    /// An application, and the account of whoever looks: two people decide on it.
    Application(Box<ApplicationView>, String),
    /// A licence, and the account of whoever looks: another person reinstates it than the one who suspended it.
    Licence(Box<LicenceView>, String),
    Certificate(Box<CertificateView>),
    /// Specimen signatures of an authority, and the account of whoever looks: two people file one.
    Specimens(Box<SpecimensView>, String),
    Inspection(Box<InspectionView>),
    /// A file of what transfers are weighed by, and the account of whoever looks: two people stand behind it.
    Guidance(Box<GuidanceView>, String),
    /// The exchange with customs.
    Customs(Box<CustomsView>),
    Discrepancy(Box<DiscrepancyView>),
    /// A re-export, and the account of whoever looks: two people decide on it.
    Reexport(Box<ReexportView>, String),
}

/// How a subject stands.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// None for what is to be made out of nothing.
    pub(super) subject: Option<Subject>,
    /// State of its machine; empty where it has none.
    pub(super) state: String,
    /// The version that is seen.
    pub(super) version: u32,
    pub(super) today: Date,
    pub(super) label: Option<Label>,
    /// What is said of it above the form.
    pub(super) facts: Vec<(&'static str, String)>,
    /// Papers that stand behind it and that the register holds.
    pub(super) papers: Vec<Document>,
    pub(super) stands: Stands,
    /// How a contract is carried out, where its form asks for it.
    pub(super) performance: Option<Box<ContractPerformance>>,
    /// Parties to choose from where the form names one: number and name.
    pub(super) parties: Choices,
    /// The party of whoever looks, where the form asks for it.
    pub(super) own_party: Option<String>,
}

impl Standing {
    /// Of what a reader gave.
    pub(super) fn of(stands: Stands, today: Date) -> Standing {
        let new = Standing {
            subject: None,
            state: String::new(),
            version: 0,
            today,
            label: None,
            facts: Vec::new(),
            papers: Vec::new(),
            stands: Stands::New(Vec::new()),
            performance: None,
            parties: Vec::new(),
            own_party: None,
        };
        let standing = match &stands {
            Stands::New(_) => new,
            Stands::Contract(view) => Standing {
                subject: Some(SubjectKind::Contract.subject(&view.row.number)),
                state: view.row.state.clone(),
                version: view.version,
                label: Some(view.row.label.clone()),
                facts: vec![
                    ("Contract", view.row.title.clone()),
                    ("State", show::capital(&view.row.state)),
                    ("Partner", view.row.partner_name.clone()),
                ],
                papers: papers(&view.history),
                ..new
            },
            Stands::Line(view) => Standing {
                subject: Some(SubjectKind::Line.subject(&view.line.number)),
                version: view.line.version,
                label: Some(view.contract.label.clone()),
                facts: vec![
                    ("Line", view.line.description.clone()),
                    ("Contract", view.contract.title.clone()),
                    ("Ordered", counted(view.line.quantity, view.line.unit)),
                    ("Handed over", counted(view.line.handed_over, view.line.unit)),
                ],
                papers: papers(&view.history),
                ..new
            },
            Stands::Delivery(view) => Standing {
                subject: Some(SubjectKind::Delivery.subject(&view.delivery.number)),
                state: view.delivery.state.clone(),
                version: view.version,
                label: Some(view.contract.label.clone()),
                facts: vec![
                    ("Of line", view.line.description.clone()),
                    ("Quantity", counted(view.delivery.quantity, view.line.unit)),
                    ("State", show::capital(&view.delivery.state)),
                    ("Handed over", show::day(view.delivery.handed_over_on)),
                ],
                papers: papers(&view.history),
                ..new
            },
            Stands::Payments(view, subject) => payment(view, subject, new),
            Stands::List(view) => {
                let list = &view.row.list;
                Standing {
                    subject: Some(SubjectKind::List.subject(&list.name)),
                    version: view.version,
                    label: Some(entente_register::screening::marking()),
                    facts: vec![
                        ("List", list.name.clone()),
                        ("A hit on it is", list.policy.standing.word().to_owned()),
                    ],
                    ..new
                }
            }
            Stands::Case(view, _) => case(view, new),
            Stands::RuleFile(view, _) => rule_file(view, new),
            Stands::Policy(view, _) => policy(view, new),
            Stands::Application(view, _) => of_application(view, new),
            Stands::Licence(view, _) => of_licence(view, today, new),
            Stands::Certificate(view) => of_certificate(view, new),
            Stands::Specimens(view, _) => of_specimens(view, new),
            Stands::Inspection(view) => of_inspection(view, new),
            Stands::Guidance(view, _) => of_guidance(view, new),
            Stands::Customs(view) => of_exchange(view, new),
            Stands::Discrepancy(view) => of_discrepancy(view, new),
            Stands::Reexport(view, _) => of_reexport(view, new),
            Stands::Report(view) => {
                let this = &view.row.report;
                Standing {
                    subject: Some(SubjectKind::Report.subject(&this.number)),
                    state: this.state.to_owned(),
                    version: view.version,
                    label: Some(this.label.clone()),
                    facts: vec![
                        ("Report", show::capital(this.filed.reported.name())),
                        ("Contract", view.row.title.clone()),
                        ("State", show::capital(this.state)),
                    ],
                    papers: papers(&view.history),
                    ..new
                }
            }
            Stands::Opportunity(view) => {
                let this = &view.opportunity;
                Standing {
                    subject: Some(SubjectKind::Opportunity.subject(&this.number)),
                    state: this.state.to_owned(),
                    version: view.version,
                    label: Some(this.label.clone()),
                    facts: vec![
                        ("Opportunity", this.title.clone()),
                        ("State", show::capital(this.state)),
                        ("Partner", view.partner_name.clone()),
                    ],
                    papers: papers(&view.history),
                    ..new
                }
            }
        };
        Standing { stands, ..standing }
    }

    /// Reads how a subject stands now.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the reader.
    pub(super) async fn read(reader: &Reader, subject: &Subject) -> Outcome<Standing> {
        let key = &subject.key;
        let stands = match subject.kind {
            SubjectKind::Contract => Stands::Contract(Box::new(reader.contract(key).await?)),
            SubjectKind::Line => Stands::Line(Box::new(reader.line(key, Page::first(1)).await?)),
            SubjectKind::Delivery => Stands::Delivery(Box::new(reader.delivery(key).await?)),
            SubjectKind::Report => Stands::Report(Box::new(reader.report(key).await?)),
            SubjectKind::List => Stands::List(Box::new(reader.list(key, Page::first(1)).await?)),
            SubjectKind::Case => {
                Stands::Case(Box::new(reader.case(key).await?), reader.actor().account.clone())
            }
            SubjectKind::Embargo => {
                Stands::RuleFile(Box::new(reader.rule_file(key).await?), reader.actor().account.clone())
            }
            SubjectKind::Policy if key == POLICY_KEY => {
                Stands::Policy(Box::new(reader.embargo_policy().await?), reader.actor().account.clone())
            }
            SubjectKind::Application => {
                Stands::Application(Box::new(reader.application(key).await?), reader.actor().account.clone())
            }
            SubjectKind::Licence => {
                Stands::Licence(Box::new(reader.licence(key).await?), reader.actor().account.clone())
            }
            SubjectKind::Certificate => Stands::Certificate(Box::new(reader.certificate(key).await?)),
            SubjectKind::Specimens => {
                Stands::Specimens(Box::new(reader.specimens(key).await?), reader.actor().account.clone())
            }
            SubjectKind::Guidance => {
                Stands::Guidance(Box::new(reader.guidance(key).await?), reader.actor().account.clone())
            }
            SubjectKind::Inspection => Stands::Inspection(Box::new(reader.inspection(key).await?)),
            SubjectKind::Exchange if key == EXCHANGE => Stands::Customs(Box::new(reader.customs().await?)),
            SubjectKind::Discrepancy => Stands::Discrepancy(Box::new(reader.discrepancy(key).await?)),
            SubjectKind::Reexport => {
                Stands::Reexport(Box::new(reader.reexport(key).await?), reader.actor().account.clone())
            }
            SubjectKind::Opportunity => Stands::Opportunity(Box::new(reader.opportunity(key).await?)),
            SubjectKind::Schedule | SubjectKind::Instalment | SubjectKind::Receipt | SubjectKind::Penalty => {
                let view = reader.contract_payments(contract_of(key)).await?;
                Stands::Payments(Box::new(view), subject.clone())
            }
            kind => return Err(Refusal::not_found(kind.word(), key).into()),
        };
        let mut standing = Standing::of(stands, reader.as_of());
        standing.own_party.clone_from(&reader.actor().party);
        if subject.kind == SubjectKind::Contract {
            standing.performance = Some(Box::new(reader.contract_performance(key).await?));
        }
        if standing.subject.is_none() {
            return Err(Refusal::not_found(subject.kind.word(), key).into());
        }
        Ok(standing)
    }

    /// Reads what something new is made of.
    ///
    /// # Errors
    /// `access.read`.
    pub(super) async fn read_new(reader: &Reader) -> Outcome<Standing> {
        let standing = Standing::of(Stands::New(reader.partners().await?), reader.as_of());
        Ok(Standing { own_party: reader.actor().party.clone(), ..standing })
    }

    /// Number of the subject; empty where there is none.
    pub(super) fn key(&self) -> String {
        self.subject.as_ref().map(|subject| subject.key.clone()).unwrap_or_default()
    }

    pub(super) fn contract(&self) -> Option<&ContractView> {
        if let Stands::Contract(view) = &self.stands { Some(view) } else { None }
    }

    /// What it is worth, where it has a value of its own.
    pub(super) fn amount(&self) -> Option<Money> {
        match &self.stands {
            Stands::Contract(view) => Some(view.row.amount),
            Stands::Line(view) => Some(view.line.amount),
            Stands::Delivery(view) => Some(view.delivery.amount),
            _ => None,
        }
    }

    /// Number of the line that it is a delivery of.
    pub(super) fn of_line(&self) -> Option<String> {
        if let Stands::Delivery(view) = &self.stands { Some(view.line.number.clone()) } else { None }
    }

    pub(super) fn line(&self) -> Option<&LineView> {
        if let Stands::Line(view) = &self.stands { Some(view) } else { None }
    }

    /// Partners to choose from.
    pub(super) fn partners(&self) -> Choices {
        let Stands::New(partners) = &self.stands else { return Vec::new() };
        partners.iter().map(|(code, name)| (code.clone(), format!("{name} ({code})"))).collect()
    }
}

/// A case: what is judged, and what was said of it last.
fn case(view: &CaseView, new: Standing) -> Standing {
    let case = &view.row.case;
    let mut facts = vec![
        ("Party", format!("{} ({})", view.row.party_name, case.party)),
        ("May be", format!("{} on the list {}", case.hit.caption, case.list)),
        ("Score", format!("{}.{:03}", case.hit.score / 10_000, case.hit.score % 10_000 / 10)),
        ("State", show::capital(case.state)),
    ];
    facts.extend(case.hit.reasons.first().map(|reason| ("Why", reason.detail.clone())));
    if let Some(proposed) = case.proposed.as_ref().filter(|_| case.state == "clearance_proposed") {
        facts.push(("Proposed by", format!("{}: {}", proposed.by, proposed.reason)));
    }
    Standing {
        subject: Some(SubjectKind::Case.subject(&case.number)),
        state: case.state.to_owned(),
        version: view.version,
        // What stands on a list is marked as lists are.
        label: Some(case.label.join(&entente_register::screening::marking())),
        facts,
        ..new
    }
}

/// A file of embargo rules: what is in force, and what waits.
fn rule_file(view: &RuleFileView, new: Standing) -> Standing {
    let file = &view.file;
    let mut facts = vec![("Rules of", file.id.clone()), ("Body", file.body.clone())];
    facts.push((
        "In force",
        match &file.in_force {
            Some(edition) => {
                format!("edition {} ({})", edition.number, short_hash(&edition.proposed.content))
            }
            None => "nothing yet".to_owned(),
        },
    ));
    if let Some(edition) = file.waiting() {
        let reason = edition.proposal.reason.as_deref().unwrap_or_default();
        facts.push((
            "Waits",
            format!("edition {} ({})", edition.number, short_hash(&edition.proposed.content)),
        ));
        facts.push(("Proposed by", format!("{}: {reason}", edition.proposal.by)));
    }
    Standing {
        subject: Some(SubjectKind::Embargo.subject(&file.id)),
        state: file.latest.state.to_owned(),
        version: view.version,
        label: Some(entente_register::screening::marking()),
        facts,
        ..new
    }
}

/// The policy that says whose measures bind.
fn policy(view: &PolicyView, new: Standing) -> Standing {
    let state = view.state.as_ref();
    let mut facts = vec![(
        "Binding",
        match state.and_then(|state| state.in_force.as_ref()) {
            Some(change) => bodies(&change.policy),
            None => format!("{}; nobody has decided otherwise", bodies(&PolicyProposed::default())),
        },
    )];
    if let Some(change) = state.and_then(PolicyState::waiting) {
        let reason = change.proposal.reason.as_deref().unwrap_or_default();
        facts.push(("Waits", bodies(&change.policy)));
        facts.push(("Proposed by", format!("{}: {reason}", change.proposal.by)));
    }
    Standing {
        subject: Some(SubjectKind::Policy.subject(POLICY_KEY)),
        state: state.map(|state| state.latest.state.to_owned()).unwrap_or_default(),
        version: view.version,
        label: Some(entente_register::screening::marking()),
        facts,
        ..new
    }
}

/// Something of the money of a contract; without a subject where it is not there.
fn payment(view: &ContractPayments, subject: &Subject, new: Standing) -> Standing {
    let key = &subject.key;
    let exact = |minor: i64| format!("{} {}", show::exact(minor, view.currency), view.currency);
    let mut facts = vec![("Contract", view.contract.clone())];
    let found = match subject.kind {
        SubjectKind::Schedule => {
            facts.push(("Scheduled", exact(view.schedule.scheduled)));
            facts.push(("Received", exact(view.schedule.received)));
            Some((String::new(), view.schedule.version, &view.label))
        }
        SubjectKind::Instalment => view.instalments.iter().find(|row| row.number == *key).map(|row| {
            facts.push(("Instalment", show::capital(row.kind.name())));
            facts.push(("Amount", exact(row.amount.minor)));
            facts.push(("Open", exact(row.open())));
            (row.state.clone(), row.version, &row.label)
        }),
        SubjectKind::Receipt => view.receipts.iter().find(|row| row.number == *key).map(|row| {
            facts.push(("Value", exact(row.value.minor)));
            facts.push(("Not allocated", exact(row.unallocated())));
            ("recorded".to_owned(), row.version, &row.label)
        }),
        SubjectKind::Penalty => view.penalties.iter().find(|row| row.number == *key).map(|row| {
            facts.push(("State", show::capital(&row.state)));
            facts.push(("Amount", exact(row.amount.minor)));
            (row.state.clone(), row.version, &row.label)
        }),
        _ => None,
    };
    let Some((state, version, label)) = found else { return new };
    let label = Some(label.clone());
    let history: Vec<HistoryRow> = view.history.iter().map(|(_, row)| row.clone()).collect();
    Standing { subject: Some(subject.clone()), state, version, label, facts, papers: papers(&history), ..new }
}

/// The papers of a history that the register holds, each once.
pub(super) fn papers(history: &[HistoryRow]) -> Vec<Document> {
    let mut found: Vec<Document> = Vec::new();
    for document in history.iter().filter_map(|row| row.document.as_ref()) {
        if document.content.is_some() && !found.iter().any(|one| one.content == document.content) {
            found.push(document.clone());
        }
    }
    found
}
