//! Commands of the exchange with customs, and of a request to pass goods on.

use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::customs::run::Direction;
use entente_register::document::Document;
use entente_register::label::{Label, Level};
use entente_register::ledger::SubjectKind;
use entente_register::money::Quantity;
use entente_register::transfer::check::EndUserStanding;
use entente_register::transfer::content::StatedPurpose;
use entente_register::transfer::reexport::{NewReexport, ReexportCommand, ReexportItem, ReexportProposal};
use jiff::civil::{Date, date};

use super::Clerk;
use super::transfer::licence_of;
use crate::demo::exchange::{NEXT_USER, Turn, reply, turn, usage};
use crate::demo::partner::PARTNERS;
use crate::demo::party::END_USERS;
use crate::demo::transfer::WANTED;

/// Position of the application whose licence customs are told of, and whose goods are passed on.
const OF: usize = 0;

/// Number of the request.
const REQUEST: &str = "O-X2012-0001";

impl Clerk<'_> {
    pub(super) fn exchange(&mut self, place: usize) {
        let Some((on, role, what)) = turn(place) else { return };
        let run = |direction: Direction| direction.key(1);
        let (kind, number, command) = match what {
            Turn::Export => {
                (SubjectKind::CustomsRun, run(Direction::Out), Command::Customs(CustomsCommand::Export))
            }
            Turn::Reply => {
                let command = CustomsCommand::Reply { file: reply(&licence_of(OF)) };
                (SubjectKind::CustomsRun, run(Direction::Out), Command::Customs(command))
            }
            Turn::Usage => {
                let command = CustomsCommand::Usage { file: usage(&licence_of(OF)) };
                (SubjectKind::CustomsRun, run(Direction::In), Command::Customs(command))
            }
            Turn::Request => {
                (SubjectKind::Reexport, REQUEST.to_owned(), Command::AskReexport(self.request(on)))
            }
            about => {
                let command = self.about_request(on, about);
                let command = Command::Reexport { number: REQUEST.to_owned(), command };
                (SubjectKind::Reexport, REQUEST.to_owned(), command)
            }
        };
        self.act_on(role, kind, number, command);
    }

    fn request(&mut self, on: Date) -> NewReexport {
        NewReexport {
            on,
            label: Label::of(Level::Official),
            title: "Demonstration: night sights for a joint exercise".to_owned(),
            authority: self.parties[END_USERS + WANTED[OF].partner].clone(),
            items: vec![ReexportItem { licence: licence_of(OF), line: 1, quantity: Quantity::whole(12) }],
            serials: Vec::new(),
            end_user: self.parties[END_USERS + NEXT_USER].clone(),
            parties: Vec::new(),
            destination: PARTNERS[NEXT_USER].code.to_owned(),
            purpose: StatedPurpose::Defence,
            end_use: "Equipment of one company in a joint exercise".to_owned(),
            document: self.reexport_paper("Request of a recipient", on),
        }
    }

    fn about_request(&mut self, on: Date, what: Turn) -> ReexportCommand {
        match what {
            Turn::Establish => ReexportCommand::Establish {
                on,
                party: self.parties[END_USERS + NEXT_USER].clone(),
                standing: EndUserStanding::Authority { state: PARTNERS[NEXT_USER].code.to_owned() },
                document: self.reexport_paper("Note of the embassy on the end user", on),
            },
            Turn::Propose => ReexportCommand::Propose {
                on,
                proposal: ReexportProposal {
                    consents: true,
                    valid_from: Some(date(2012, 10, 1)),
                    valid_until: Some(date(2013, 3, 31)),
                    conditions: vec!["They come back, or the consent is asked for again".to_owned()],
                    criteria: std::collections::BTreeSet::new(),
                    reason: "Nothing stands against it; the recipient confirmed all of them".to_owned(),
                },
            },
            Turn::Countersign => ReexportCommand::Countersign { on },
            // The others are about something else.
            Turn::Rights | Turn::Export | Turn::Reply | Turn::Usage | Turn::Request => {
                ReexportCommand::ConsiderRights {
                    on,
                    finding: "No patent is in force there, and the licence to produce is not touched"
                        .to_owned(),
                    document: self.reexport_paper("Opinion on rights of third parties", on),
                }
            }
        }
    }

    fn reexport_paper(&mut self, sort: &'static str, on: Date) -> Document {
        let about = vec![
            ("Goods", WANTED[OF].title.to_owned()),
            ("From", PARTNERS[WANTED[OF].partner].name.to_owned()),
            ("To", PARTNERS[NEXT_USER].name.to_owned()),
        ];
        self.paper(sort, on, &about, "Invented for the demonstration.")
    }
}
