//! Commands of applications and licences.

use std::collections::BTreeSet;
use std::sync::Arc;

use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::document::Document;
use entente_register::embargo::Class;
use entente_register::label::{Label, Level};
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::application::{
    ApplicationCommand, Assessment, Condition, LineDecision, Proposal, Risk, Weighed,
};
use entente_register::transfer::check::EndUserStanding;
use entente_register::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use entente_register::transfer::ledger::NewApplication;
use entente_register::transfer::licence::{LicenceCommand, WriteOff};
use entente_register::transfer::opinion::{Criterion, DisagreementRule, Opinion, Stance};
use jiff::civil::Date;

use super::Clerk;
use crate::demo::account::of;
use crate::demo::partner::PARTNERS;
use crate::demo::party::{CONTROL_COUNCIL, END_USERS, OWN_EXPORTER};
use crate::demo::transfer::{Grave, TURNS, WANTED, Wanted, What};

/// Cents of a dollar.
pub(super) const CENTS: i64 = 100;

impl Clerk<'_> {
    pub(super) fn transfer(&mut self, place: usize) {
        let Some((on, _, role, a, what)) = TURNS.get(place).copied() else { return };
        let Some(wanted) = WANTED.get(a) else { return };
        let number = format!("O-T2012-{:04}", a + 1);
        match what {
            What::WriteOff(..) | What::Meet | What::Verify(..) => self.draw_down(role, on, a, what),
            What::Specimen(_)
            | What::ConfirmSpecimen
            | What::Certify(_)
            | What::AskIssuer
            | What::IssuerAnswers
            | What::Bind
            | What::Inspect(..) => self.assure(role, on, a, what),
            What::Draft => {
                let content = Box::new(self.content_of(wanted));
                let new = NewApplication { on, label: Label::of(Level::Official), content };
                self.act_on(role, SubjectKind::Application, number, Command::Draft(new));
            }
            _ => {
                let command = self.about_application(wanted, on, what);
                let about = Command::Application { number: number.clone(), command };
                self.act_on(role, SubjectKind::Application, number, about);
            }
        }
    }

    pub(super) fn act_on(&mut self, role: Role, kind: SubjectKind, number: String, command: Command) {
        let actor = Arc::new(of(&self.accounts, role));
        self.execute(&actor, kind.subject(number), command);
    }

    fn content_of(&self, wanted: &Wanted) -> Content {
        let party = |role, place: usize| TransferParty { role, party: self.parties[place].clone() };
        let mut parties = vec![
            party(TransferRole::EndUser, END_USERS + wanted.partner),
            party(TransferRole::Carrier, wanted.carrier),
        ];
        parties.extend(wanted.maker.map(|maker| party(TransferRole::Manufacturer, maker)));
        parties.extend(wanted.bank.map(|bank| party(TransferRole::Bank, bank)));
        let lines = wanted.lines.iter().map(|(description, category, pieces, dollars)| TransferLine {
            description: (*description).to_owned(),
            category: (*category).to_owned(),
            class: Class::OtherArms,
            part: false,
            non_lethal: None,
            quantity: Quantity::whole(*pieces),
            unit: Unit::Piece,
            unit_price: Money::new(dollars * CENTS, Currency::USD),
            contract_line: None,
        });
        Content {
            request: Request::Licence,
            advance_opinion: None,
            kind: TransferKind::Export,
            title: format!("Demonstration: {}", wanted.title),
            applicant: self.parties[OWN_EXPORTER].clone(),
            origin: None,
            destination: PARTNERS[wanted.partner].code.to_owned(),
            route: Vec::new(),
            parties,
            lines: lines.collect(),
            purpose: StatedPurpose::Defence,
            end_use: wanted.end_use.to_owned(),
            exception: None,
            contract: None,
            return_by: None,
            documents: Vec::new(),
        }
    }

    fn about_application(&mut self, wanted: &Wanted, on: Date, what: What) -> ApplicationCommand {
        let lines = wanted.lines.len();
        let agency = self.parties[CONTROL_COUNCIL].clone();
        let opinion = |stance: Stance| ApplicationCommand::GiveOpinion {
            on,
            opinion: Opinion { agency: agency.clone(), lines: vec![stance; lines], document: None },
        };
        match what {
            // The others are about something else.
            What::Draft
            | What::Submit
            | What::WriteOff(..)
            | What::Meet
            | What::Specimen(_)
            | What::ConfirmSpecimen
            | What::Certify(_)
            | What::AskIssuer
            | What::IssuerAnswers
            | What::Bind
            | What::Verify(..)
            | What::Inspect(..) => ApplicationCommand::Submit { on },
            What::Ask(text) => ApplicationCommand::Ask { on, text: text.to_owned() },
            What::Answer(text) => {
                ApplicationCommand::Answer { on, question: 1, text: text.to_owned(), documents: Vec::new() }
            }
            What::Establish => ApplicationCommand::Establish {
                on,
                party: self.parties[END_USERS + wanted.partner].clone(),
                standing: EndUserStanding::Authority { state: PARTNERS[wanted.partner].code.to_owned() },
                document: self.transfer_paper("Note of the embassy", on, wanted),
            },
            What::AskOpinion(due_on) => ApplicationCommand::AskOpinion { on, agency, due_on: Some(due_on) },
            What::Approve => opinion(Stance::Approve),
            What::Proviso(condition) => opinion(Stance::Proviso { condition: condition.to_owned() }),
            What::Object(reason) => opinion(Stance::Refuse {
                criteria: BTreeSet::from([Criterion::Diversion]),
                reason: reason.to_owned(),
            }),
            What::Assess(grave, evidence) => {
                ApplicationCommand::Assess { on, assessment: assessment(grave, evidence) }
            }
            What::Grant(valid_until, condition, reason) => ApplicationCommand::Propose {
                on,
                proposal: Proposal {
                    lines: vec![LineDecision::Grant; lines],
                    valid_from: Some(on),
                    valid_until: Some(valid_until),
                    conditions: condition
                        .map(|(text, due_on)| Condition { text: text.to_owned(), due_on: Some(due_on) })
                        .into_iter()
                        .collect(),
                    verification_days: None,
                    rule: DisagreementRule::Strictest,
                    reason: reason.to_owned(),
                },
            },
            What::Refuse(reason) => ApplicationCommand::Propose {
                on,
                proposal: Proposal {
                    lines: vec![
                        LineDecision::Refuse {
                            criteria: BTreeSet::from([Criterion::Article7, Criterion::Diversion]),
                            reason: reason.to_owned(),
                        };
                        lines
                    ],
                    valid_from: None,
                    valid_until: None,
                    conditions: Vec::new(),
                    verification_days: None,
                    rule: DisagreementRule::Strictest,
                    reason: reason.to_owned(),
                },
            },
            What::Countersign => ApplicationCommand::Countersign { on },
        }
    }

    /// What is done about the licence that came of an application.
    fn draw_down(&mut self, role: Role, on: Date, a: usize, what: What) {
        let Some(wanted) = WANTED.get(a) else { return };
        let number = licence_of(a);
        let command = match what {
            What::WriteOff(reference, line, pieces) => {
                let price = usize::try_from(line).ok().and_then(|line| wanted.lines.get(line - 1));
                let dollars = price.map_or(0, |line| line.3) * pieces;
                LicenceCommand::WriteOff {
                    on,
                    written: WriteOff {
                        reference: reference.to_owned(),
                        line,
                        quantity: Quantity::whole(pieces),
                        value: Money::new(dollars * CENTS, Currency::USD),
                        delivery: None,
                        document: self.transfer_paper("Customs declaration", on, wanted),
                    },
                }
            }
            What::Verify(reference, pieces) => LicenceCommand::Verify {
                on,
                reference: reference.to_owned(),
                quantity: Quantity::whole(pieces),
                document: self.transfer_paper("Delivery verification", on, wanted),
            },
            _ => LicenceCommand::Meet {
                on,
                condition: 1,
                document: self.transfer_paper("List of serial numbers", on, wanted),
            },
        };
        let about = Command::Licence { number: number.clone(), command };
        self.act_on(role, SubjectKind::Licence, number, about);
    }

    pub(super) fn transfer_paper(&mut self, sort: &'static str, on: Date, wanted: &Wanted) -> Document {
        let about = vec![
            ("Goods", wanted.title.to_owned()),
            ("Destination", PARTNERS[wanted.partner].name.to_owned()),
        ];
        self.paper(sort, on, &about, "Invented for the demonstration.")
    }
}

/// Number of the licence that came of an application: they are numbered as they are signed, and refusals have none.
pub(super) fn licence_of(a: usize) -> String {
    let signed = TURNS.iter().filter(|turn| matches!(turn.4, What::Grant(..)));
    let place = signed.take_while(|turn| turn.3 != a).count();
    format!("O-L2012-{:04}", place + 1)
}

fn assessment(grave: Grave, evidence: &str) -> Assessment {
    let risk = match grave {
        Grave::Low => Risk::Low,
        Grave::Medium => Risk::Medium,
        Grave::High => Risk::High,
    };
    let weigh = |criterion: &Criterion| {
        let weighed = match criterion {
            Criterion::Diversion => Weighed { risk, evidence: evidence.to_owned(), mitigation: None },
            _ => Weighed {
                risk: Risk::None,
                evidence: "Standing assessment of the destination, June 2012".to_owned(),
                mitigation: None,
            },
        };
        (*criterion, weighed)
    };
    Assessment {
        weighed: Criterion::ALL.iter().map(weigh).collect(),
        conclusion: match grave {
            Grave::Low => "Nothing stands against it.",
            Grave::Medium => "The risk is lessened by the answer of the applicant.",
            Grave::High => "The risk of diversion outweighs the transfer.",
        }
        .to_owned(),
    }
}
