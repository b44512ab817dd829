//! Commands of certificates, of those who may sign them, and of inspections.

use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::label::{Label, Level};
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::certificate::{
    Authenticity, CertificateCommand, CertificateContent, CertificateLine, Channel, NewCertificate,
    Undertaking,
};
use entente_register::transfer::inspection::NewInspection;
use entente_register::transfer::specimen::{NewSpecimen, SpecimenCommand};
use jiff::civil::{Date, date};

use super::Clerk;
use super::transfer::{CENTS, licence_of};
use crate::demo::partner::PARTNERS;
use crate::demo::party::{END_USERS, OWN_EXPORTER};
use crate::demo::transfer::{TURNS, WANTED, Wanted, What};

/// As what all of them sign.
const POSITION: &str = "Head of the department of imports";

impl Clerk<'_> {
    /// What is done about the certificate of an application, and about what went under its licence.
    pub(super) fn assure(&mut self, role: Role, on: Date, a: usize, what: What) {
        let Some(wanted) = WANTED.get(a) else { return };
        let authority = self.parties[END_USERS + wanted.partner].clone();
        match what {
            What::Specimen(signatory) => {
                let specimen = NewSpecimen {
                    signatory: signatory.to_owned(),
                    position: POSITION.to_owned(),
                    valid_from: date(2011, 1, 1),
                    valid_until: None,
                    document: self.transfer_paper("Specimen signature", on, wanted),
                };
                self.specimens(role, authority, SpecimenCommand::Propose { on, specimen });
            }
            What::ConfirmSpecimen => {
                self.specimens(role, authority, SpecimenCommand::Confirm { on, specimen: 1 });
            }
            What::Certify(signatory) => {
                let content = Box::new(self.certificate_of(on, a, wanted, signatory));
                let new = NewCertificate { on, label: Label::of(Level::Official), content };
                self.act_on(role, SubjectKind::Certificate, certificate_of(a), Command::Certify(new));
            }
            What::AskIssuer => {
                let command = CertificateCommand::Ask {
                    on,
                    channel: Channel::TheirEmbassy,
                    to: format!("Embassy of {}", PARTNERS[wanted.partner].name),
                    document: self.transfer_paper("Verbal note", on, wanted),
                };
                self.certificate(role, a, command);
            }
            What::IssuerAnswers => {
                let command = CertificateCommand::Answer {
                    on,
                    inquiry: 1,
                    answer: Authenticity::Authentic,
                    document: self.transfer_paper("Answer of the embassy", on, wanted),
                };
                self.certificate(role, a, command);
            }
            What::Bind => {
                let application = format!("O-T2012-{:04}", a + 1);
                self.certificate(role, a, CertificateCommand::Bind { on, application });
            }
            What::Inspect(visit_on, reason) => {
                let new = NewInspection {
                    on,
                    licence: licence_of(a),
                    end_user: authority,
                    visit_on,
                    reason: reason.to_owned(),
                };
                let number = "O-I2012-0001".to_owned();
                self.act_on(role, SubjectKind::Inspection, number, Command::Inspect(new));
            }
            _ => {}
        }
    }

    fn specimens(&mut self, role: Role, authority: String, command: SpecimenCommand) {
        let about = Command::Specimens { authority: authority.clone(), command };
        self.act_on(role, SubjectKind::Specimens, authority, about);
    }

    fn certificate(&mut self, role: Role, a: usize, command: CertificateCommand) {
        let number = certificate_of(a);
        let about = Command::Certificate { number: number.clone(), command };
        self.act_on(role, SubjectKind::Certificate, number, about);
    }

    fn certificate_of(&mut self, on: Date, a: usize, wanted: &Wanted, signatory: &str) -> CertificateContent {
        let partner = &PARTNERS[wanted.partner];
        let end_user = self.parties[END_USERS + wanted.partner].clone();
        let lines = wanted.lines.iter().map(|(description, category, pieces, dollars)| CertificateLine {
            description: (*description).to_owned(),
            category: (*category).to_owned(),
            quantity: Quantity::whole(*pieces),
            unit: Unit::Piece,
            value: Some(Money::new(dollars * pieces * CENTS, Currency::USD)),
        });
        let mut undertakings: std::collections::BTreeSet<Undertaking> =
            Undertaking::NEEDED.into_iter().collect();
        undertakings.insert(Undertaking::NoDiversion);
        CertificateContent {
            issuer: end_user.clone(),
            state: Some(partner.code.to_owned()),
            register_number: format!("{}/EUC/{}/2012", partner.code, 410 + 7 * a),
            issued_on: on,
            expires_on: Some(date(2014, 6, 30)),
            exporter: self.parties[OWN_EXPORTER].clone(),
            end_user,
            destination: partner.code.to_owned(),
            intermediaries: Vec::new(),
            contract_number: None,
            lines: lines.collect(),
            end_use: wanted.end_use.to_owned(),
            undertakings,
            signatory: signatory.to_owned(),
            position: POSITION.to_owned(),
            sealed: true,
            document: self.transfer_paper("End-user certificate", on, wanted),
        }
    }
}

/// Number of the certificate of an application: they are numbered as they are handed in.
fn certificate_of(a: usize) -> String {
    let handed_in = TURNS.iter().filter(|turn| matches!(turn.4, What::Certify(_)));
    let place = handed_in.take_while(|turn| turn.3 != a).count();
    format!("O-E2012-{:04}", place + 1)
}
