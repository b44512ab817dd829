//! A register with rules, a list and people, in which transfers are applied for and granted.

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::embargo::{Class, EditionCommand, NewRuleFile, UNITED_NATIONS, about};
use entente_register::label::{Clearance, Level};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::screening::{Found, Hit, ListCommand, ListScreened, NewEdition, Run};
use entente_register::transfer::application::{
    ApplicationCommand as A, Assessment, LineDecision, Proposal, Risk, Weighed,
};
use entente_register::transfer::certificate::{
    Authenticity, CertificateCommand as K, CertificateContent, CertificateLine, Channel, NewCertificate,
    Undertaking,
};
use entente_register::transfer::check::EndUserStanding;
use entente_register::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use entente_register::transfer::ledger::NewApplication;
use entente_register::transfer::licence::{LicenceCommand as L, WriteOff};
use entente_register::transfer::opinion::{Criterion, DisagreementRule, Opinion, Stance};
use entente_register::transfer::specimen::{NewSpecimen, SpecimenCommand};
use entente_store::{Outcome, Receipt, ScreeningEngine};
use entente_testing::TestDatabase;
use jiff::civil::Date;

use super::*;

pub(crate) const ENGINE: &str = "test";
pub(crate) const THRESHOLD: u32 = 7_000;
/// The office in Brazil that issues end-user certificates.
pub(crate) const ISSUER: &str = "P-P0004";
pub(crate) const TODAY: &str = "2026-06-15";

/// The people of a licensing authority and of those who deal with it.
pub(crate) struct People {
    pub(crate) exporter: Actor,
    pub(crate) officer: Actor,
    pub(crate) agency: Actor,
    pub(crate) countersigner: Actor,
    pub(crate) customs: Actor,
}

pub(crate) fn people() -> People {
    people_cleared_for(Level::Official)
}

pub(crate) fn people_cleared_for(level: Level) -> People {
    let by = |account: &str, role, party: Option<&str>| Actor {
        party: party.map(str::to_owned),
        ..actor(account, role, Clearance::of(level))
    };
    People {
        exporter: by("exporter", Role::Exporter, Some("P-P0001")),
        officer: by("officer", Role::LicensingOfficer, None),
        agency: by("agency", Role::ConsultedAgency, Some("P-P0003")),
        countersigner: by("countersigner", Role::Countersigner, None),
        customs: by("customs", Role::Customs, None),
    }
}

pub(crate) async fn does(register: &Register, by: &Actor, command: Command) -> Outcome<Receipt> {
    Box::pin(register.store.execute(by, command)).await
}

pub(crate) async fn apply(register: &Register, by: &Actor, number: &str, command: A) -> Outcome<Receipt> {
    does(register, by, Command::Application { number: number.into(), command }).await
}

pub(crate) async fn licence(register: &Register, by: &Actor, number: &str, command: L) -> Outcome<Receipt> {
    does(register, by, Command::Licence { number: number.into(), command }).await
}

/// A register whose rules are those that came with the program, and whose parties were compared with one list.
pub(crate) async fn ready(database: &TestDatabase) -> Register {
    let mut register = Register::founded(database).await;
    let engine = ScreeningEngine { version: ENGINE.into(), threshold: THRESHOLD };
    register.store = register.store.clone().screened_by(engine);
    register.clock.set(instant("2026-06-15T12:00:00Z"));
    register.run(Command::Party(party("Ministry of Justice", "RUS", "PUBLIC"))).await.unwrap();
    register.run(Command::Party(party("Office for arms imports", "BRA", "PUBLIC"))).await.unwrap();
    for text in UNITED_NATIONS {
        confirmed(&register, text.name, text.text).await;
    }
    load(&register, "an edition", TODAY).await;
    sign(&register, "Ana Souza").await;
    register
}

/// A specimen signature of the office in Brasília, filed by one officer and confirmed by another.
pub(crate) async fn sign(register: &Register, signatory: &str) {
    let specimen = NewSpecimen {
        signatory: signatory.into(),
        position: "Director".into(),
        valid_from: day("2024-01-01"),
        valid_until: None,
        document: paper("Specimen"),
    };
    let second = actor("second-officer", Role::LicensingOfficer, Clearance::of(Level::Official));
    let propose = SpecimenCommand::Propose { on: day(TODAY), specimen };
    let filed = Command::Specimens { authority: ISSUER.into(), command: propose };
    does(register, &people().officer, filed).await.unwrap();
    let reader = register.store.reader(&second, Some(day(TODAY)), None).await.unwrap();
    let all = reader.specimens(ISSUER).await.unwrap().specimens.specimens;
    let confirm = SpecimenCommand::Confirm { on: day(TODAY), specimen: all.last().unwrap().number };
    let confirmed = Command::Specimens { authority: ISSUER.into(), command: confirm };
    does(register, &second, confirmed).await.unwrap();
}

/// A certificate for a hundred radios to Brazil, under a number of its issuer.
pub(crate) fn certificate(register_number: &str) -> CertificateContent {
    CertificateContent {
        issuer: ISSUER.into(),
        state: Some("BRA".into()),
        register_number: register_number.into(),
        issued_on: day("2026-05-04"),
        expires_on: Some(day("2028-05-03")),
        exporter: "P-P0001".into(),
        end_user: "P-P0002".into(),
        destination: "BRA".into(),
        intermediaries: Vec::new(),
        contract_number: None,
        lines: vec![CertificateLine {
            description: "Radio R-1".into(),
            category: "ML11.a".into(),
            quantity: Quantity::whole(100),
            unit: Unit::Piece,
            value: Some(usd(1_000)),
        }],
        end_use: "For the signal troops".into(),
        undertakings: Undertaking::NEEDED.into_iter().collect(),
        signatory: "Ana Souza".into(),
        position: "Director".into(),
        sealed: true,
        document: paper("End-user certificate"),
    }
}

pub(crate) async fn certify(register: &Register, content: CertificateContent) -> String {
    let new = NewCertificate { on: day(TODAY), label: label("OFFICIAL"), content: Box::new(content) };
    does(register, &people().officer, Command::Certify(new)).await.unwrap().subject.key
}

pub(crate) async fn certificate_act(register: &Register, number: &str, command: K) -> Outcome<Receipt> {
    does(
        register,
        &people_cleared_for(Level::Secret).officer,
        Command::Certificate { number: number.into(), command },
    )
    .await
}

/// Its issuer was asked through the embassy, and says so.
pub(crate) async fn answered(register: &Register, number: &str, answer: Authenticity) {
    let on = day(TODAY);
    let (channel, to) = (Channel::TheirEmbassy, "EMBASSY OF BRAZIL".to_owned());
    for command in [
        K::Ask { on, channel, to, document: paper("Verbal note") },
        K::Answer { on, inquiry: 1, answer, document: paper("Answer of the embassy") },
    ] {
        certificate_act(register, number, command).await.unwrap();
    }
}

/// An authentic certificate that serves an application.
pub(crate) async fn bound(register: &Register, application: &str) -> String {
    // Of the marking of the application, which its number begins with.
    let marking = if application.starts_with('S') { "SECRET" } else { "OFFICIAL" };
    let content = Box::new(certificate(&format!("EUC {application}")));
    let new = NewCertificate { on: day(TODAY), label: label(marking), content };
    let officer = people_cleared_for(Level::Secret).officer;
    let number = does(register, &officer, Command::Certify(new)).await.unwrap().subject.key;
    answered(register, &number, Authenticity::Authentic).await;
    let bind = K::Bind { on: day(TODAY), application: application.into() };
    certificate_act(register, &number, bind).await.unwrap();
    number
}

pub(crate) async fn confirmed(register: &Register, file: &str, text: &str) {
    let id = about(file, text).unwrap().id;
    let new = NewRuleFile { file: file.into(), text: text.into(), reason: "As published".into() };
    for (by, command) in [
        (actor("anna", Role::LicensingOfficer, Clearance::full()), EditionCommand::Propose(new)),
        (
            actor("boris", Role::LicensingOfficer, Clearance::full()),
            EditionCommand::Confirm { content: None, reason: None },
        ),
    ] {
        does(register, &by, Command::Embargo { id: id.clone(), command }).await.unwrap();
    }
}

pub(crate) async fn list(register: &Register, command: ListCommand) -> Receipt {
    register.run(Command::List { name: "un".into(), command }).await.unwrap()
}

/// Loads an edition and compares all parties with it; what is found is given.
pub(crate) async fn load_with(register: &Register, text: &str, on: &str, found: Vec<Found>) {
    let bytes = text.as_bytes().to_vec();
    let content = register.store.keep_list(&register.operator, "application/xml", bytes).await.unwrap();
    let new = NewEdition {
        seen: None,
        content: content.clone(),
        form: "un".into(),
        dated: Some(day(on)),
        current_on: Some(day(on)),
        entries: 10,
        source: "un.xml".into(),
        despite: None,
    };
    let through = list(register, ListCommand::Load(new)).await.sequence;
    let screened = ListScreened {
        edition: content.clone(),
        engine: ENGINE.into(),
        threshold: THRESHOLD,
        through,
        since: None,
        compared: 10,
    };
    let found = found
        .into_iter()
        .map(|one| Found { hit: Hit { edition: content.clone(), ..one.hit }, ..one })
        .collect();
    list(register, ListCommand::Screen(Box::new(Run { screened, found, judged: Vec::new() }))).await;
}

pub(crate) async fn load(register: &Register, text: &str, on: &str) {
    load_with(register, text, on, Vec::new()).await;
}

pub(crate) fn content(destination: &str) -> Content {
    Content {
        request: Request::Licence,
        advance_opinion: None,
        kind: TransferKind::Export,
        title: "Field radios".into(),
        applicant: "P-P0001".into(),
        origin: None,
        destination: destination.into(),
        route: Vec::new(),
        parties: vec![TransferParty { role: TransferRole::EndUser, party: "P-P0002".into() }],
        lines: vec![TransferLine {
            description: "Radio R-1".into(),
            category: "ML11.a".into(),
            class: Class::OtherArms,
            part: false,
            non_lethal: None,
            quantity: Quantity::whole(100),
            unit: Unit::Piece,
            unit_price: usd(10),
            contract_line: None,
        }],
        purpose: StatedPurpose::Defence,
        end_use: "For the signal troops".into(),
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
    }
}

pub(crate) async fn draft(register: &Register, by: &Actor, content: Content) -> Outcome<Receipt> {
    draft_marked(register, by, content, "OFFICIAL").await
}

async fn draft_marked(register: &Register, by: &Actor, content: Content, marking: &str) -> Outcome<Receipt> {
    let new = NewApplication { on: day(TODAY), label: label(marking), content: Box::new(content) };
    does(register, by, Command::Draft(new)).await
}

pub(crate) fn assessment() -> Assessment {
    let weighed = Weighed { risk: Risk::Low, evidence: "INTERNAL EVIDENCE".into(), mitigation: None };
    Assessment {
        weighed: Criterion::ALL.iter().map(|criterion| (*criterion, weighed.clone())).collect(),
        conclusion: "INTERNAL CONCLUSION".into(),
    }
}

pub(crate) fn proposal() -> Proposal {
    Proposal {
        lines: vec![LineDecision::Grant],
        valid_from: Some(day(TODAY)),
        valid_until: Some(day("2027-06-14")),
        conditions: Vec::new(),
        verification_days: None,
        rule: DisagreementRule::Strictest,
        reason: "PROPOSED REASON".into(),
    }
}

/// An application that has all that a decision needs, but for the checks: where it goes to Brazil, with its certificate.
pub(crate) async fn assessed(register: &Register, destination: &str) -> String {
    assessed_of(register, &people(), content(destination), "OFFICIAL").await
}

async fn assessed_of(register: &Register, people: &People, content: Content, marking: &str) -> String {
    let on = day(TODAY);
    let destination = content.destination.clone();
    let number = draft_marked(register, &people.exporter, content, marking).await.unwrap().subject.key;
    let standing = EndUserStanding::Authority { state: destination.clone() };
    let opinion = Opinion { agency: "P-P0003".into(), lines: vec![Stance::Approve], document: None };
    for (by, command) in [
        (&people.exporter, A::Submit { on }),
        (&people.officer, A::Establish { on, party: "P-P0002".into(), standing, document: paper("Letter") }),
        (&people.officer, A::AskOpinion { on, agency: "P-P0003".into(), due_on: Some(day("2026-07-01")) }),
        (&people.agency, A::GiveOpinion { on, opinion }),
        (&people.officer, A::Assess { on, assessment: assessment() }),
    ] {
        apply(register, by, &number, command).await.unwrap();
    }
    if destination == "BRA" {
        bound(register, &number).await;
    }
    number
}

/// A licence for a hundred radios to Brazil: the number of its application, and its own.
pub(crate) async fn granted(register: &Register) -> (String, String) {
    granted_of(register, &people(), content("BRA"), "OFFICIAL").await
}

/// The same for what is applied for under a marking, by people who may know of it.
pub(crate) async fn granted_of(
    register: &Register,
    people: &People,
    content: Content,
    marking: &str,
) -> (String, String) {
    let on = day(TODAY);
    let number = assessed_of(register, people, content, marking).await;
    apply(register, &people.officer, &number, A::Propose { on, proposal: proposal() }).await.unwrap();
    apply(register, &people.countersigner, &number, A::Countersign { on }).await.unwrap();
    let reader = register.store.reader(&people.officer, Some(on), None).await.unwrap();
    let view = reader.application(&number).await.unwrap();
    (number, view.application.decisions[0].licence.clone().unwrap())
}

pub(crate) fn shipment(reference: &str, pieces: i64) -> WriteOff {
    WriteOff {
        reference: reference.into(),
        line: 1,
        quantity: Quantity::whole(pieces),
        value: Money::new(pieces * 1_000, Currency::USD),
        delivery: None,
        document: paper("Declaration"),
    }
}

pub(crate) async fn write_off(
    register: &Register,
    number: &str,
    on: Date,
    written: WriteOff,
) -> Outcome<Receipt> {
    licence(register, &people().customs, number, L::WriteOff { on, written }).await
}
