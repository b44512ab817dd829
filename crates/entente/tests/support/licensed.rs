//! A register with a licence under which something went, made by the tests that drive the built program.

use entente::screener::edition::{Incoming, load};
use entente::screener::{Screener, engine, rescreen};
use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::document::Document;
use entente_register::embargo::{Category, Class, EditionCommand, NewRuleFile};
use entente_register::label::Clearance;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::party::{NewParty, PartyKind};
use entente_register::transfer::application::{
    ApplicationCommand, Assessment, LineDecision, Proposal, Risk, Weighed,
};
use entente_register::transfer::certificate::{
    Authenticity, CertificateCommand, CertificateContent, CertificateLine, Channel, NewCertificate,
    Undertaking,
};
use entente_register::transfer::check::EndUserStanding;
use entente_register::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use entente_register::transfer::ledger::NewApplication;
use entente_register::transfer::licence::{LicenceCommand, WriteOff};
use entente_register::transfer::opinion::{Criterion, DisagreementRule, Opinion, Stance};
use entente_register::transfer::specimen::{NewSpecimen, SpecimenCommand};
use entente_store::{Store, StoreOptions};
use entente_testing::TestDatabase;
use jiff::Timestamp;
use jiff::civil::Date;

/// A body of the test’s own with one regime, and all its regimes on file.
const BODY: &str = r#"
[[body]]
id = "UNSC"
name = "United Nations Security Council"
zone = "America/New_York"
covers_from = 2012-01-01
covers_to = 2090-12-31
regimes = ["made-up"]
source = "A test"
verified_on = 2020-01-01
"#;

pub(crate) const REGIME: &str = r#"
[[regime]]
id = "made-up"
body = "UNSC"
name = "Made up"
states = ["SSD", "IND"]
"#;

/// A measure against a state, in force long before anything here.
pub(crate) fn rule(state: &str) -> String {
    format!(
        r#"
[[rule]]
id = "made-up-{}"
regime = "made-up"
resolution = "9999 (2018)"
paragraph = "4"
effect = "prohibit"
target = {{ kind = "territory", state = "{state}" }}
direction = "to"
items = {{ all_arms = true, parts = true }}
activities = ["supply"]
valid_from = 2018-07-13
source = "A test"
certainty = "high"
verified_on = 2020-01-01
"#,
        state.to_lowercase()
    )
}

fn person(account: &str, role: Role) -> Actor {
    Actor {
        account: account.into(),
        name: account.into(),
        roles: vec![role],
        clearance: Clearance::full(),
        party: None,
    }
}

pub(crate) fn officer() -> Actor {
    person("o.officer", Role::LicensingOfficer)
}

pub(crate) fn second() -> Actor {
    person("s.second", Role::Countersigner)
}

pub(crate) async fn open(database: &TestDatabase) -> Store {
    let url = database.url().parse().unwrap();
    Store::open(&url, StoreOptions::system().unwrap()).await.unwrap().screened_by(engine())
}

/// Brings a text into force by two people.
pub(crate) async fn in_force(store: &Store, id: &str, text: &str) {
    let new = NewRuleFile { file: format!("{id}.toml"), text: text.into(), reason: "A test".into() };
    let command = |command| Command::Embargo { id: id.to_owned(), command };
    store.execute(&officer(), command(EditionCommand::Propose(new))).await.unwrap();
    let confirm = EditionCommand::Confirm { content: None, reason: None };
    store.execute(&second(), command(confirm)).await.unwrap();
}

async fn party(store: &Store, name: &str, kind: PartyKind, state: &str) -> String {
    let new = NewParty { name: name.into(), kind, state: state.into(), label: "OFFICIAL".parse().unwrap() };
    store.execute(&Actor::operator(Clearance::full()), Command::Party(new)).await.unwrap().subject.key
}

fn content(applicant: &str, user: &str) -> Content {
    Content {
        request: Request::Licence,
        advance_opinion: None,
        kind: TransferKind::Export,
        title: "Guns for the coast".into(),
        applicant: applicant.into(),
        origin: None,
        destination: "IND".into(),
        route: Vec::new(),
        parties: vec![TransferParty { role: TransferRole::EndUser, party: user.into() }],
        lines: vec![TransferLine {
            description: "Gun".into(),
            category: "ML2.a".into(),
            class: Class::Unroca(Category::ALL[2]),
            part: false,
            non_lethal: None,
            quantity: Quantity::whole(100),
            unit: Unit::Piece,
            unit_price: Money::new(100_050, Currency::USD),
            contract_line: None,
        }],
        purpose: StatedPurpose::Defence,
        end_use: "Defence of the coast".into(),
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
    }
}

fn proposal(today: Date) -> Proposal {
    Proposal {
        lines: vec![LineDecision::Grant],
        valid_from: Some(today),
        valid_until: Some(today),
        conditions: Vec::new(),
        verification_days: None,
        rule: DisagreementRule::Strictest,
        reason: "Nothing stands against it".into(),
    }
}

/// A certificate that its issuer, the end user itself, calls authentic, bound to an application.
async fn certified(store: &Store, application: &str, exporter: &str, user: &str) {
    let on = store.today();
    let paper = || Document { title: "A paper".into(), dated: on, content: None };
    let specimen = NewSpecimen {
        signatory: "A. Rao".into(),
        position: "Director".into(),
        valid_from: "2020-01-01".parse().unwrap(),
        valid_until: None,
        document: paper(),
    };
    let specimens = |command| Command::Specimens { authority: user.to_owned(), command };
    store.execute(&officer(), specimens(SpecimenCommand::Propose { on, specimen })).await.unwrap();
    store.execute(&second(), specimens(SpecimenCommand::Confirm { on, specimen: 1 })).await.unwrap();
    let content = CertificateContent {
        issuer: user.into(),
        state: Some("IND".into()),
        register_number: "EUC/17".into(),
        issued_on: on,
        expires_on: None,
        exporter: exporter.into(),
        end_user: user.into(),
        destination: "IND".into(),
        intermediaries: Vec::new(),
        contract_number: None,
        lines: vec![CertificateLine {
            description: "Gun".into(),
            category: "ML2.a".into(),
            quantity: Quantity::whole(100),
            unit: Unit::Piece,
            value: None,
        }],
        end_use: "Defence of the coast".into(),
        undertakings: Undertaking::NEEDED.into_iter().collect(),
        signatory: "A. Rao".into(),
        position: "Director".into(),
        sealed: true,
        document: paper(),
    };
    let new = NewCertificate { on, label: "OFFICIAL".parse().unwrap(), content: Box::new(content) };
    let number = store.execute(&officer(), Command::Certify(new)).await.unwrap().subject.key;
    let (channel, answer) = (Channel::Issuer, Authenticity::Authentic);
    for command in [
        CertificateCommand::Ask { on, channel, to: "Ministry of Defence".into(), document: paper() },
        CertificateCommand::Answer { on, inquiry: 1, answer, document: paper() },
        CertificateCommand::Bind { on, application: application.into() },
    ] {
        let command = Command::Certificate { number: number.clone(), command };
        store.execute(&officer(), command).await.unwrap();
    }
}

/// A licence with a write-off: the number of its application, and when it was signed.
pub(crate) async fn licensed(store: &Store) -> (String, Timestamp) {
    let on = store.today();
    let operator = Actor::operator(Clearance::full());
    store.execute(&operator, Command::Found { purpose: "register".into() }).await.unwrap();
    in_force(store, "UNSC", BODY).await;
    in_force(store, "made-up", &format!("{REGIME}{}", rule("SSD"))).await;
    let applicant = party(store, "Export House", PartyKind::Company, "RUS").await;
    let user = party(store, "Ministry of Defence", PartyKind::StateAuthority, "IND").await;
    let agency = party(store, "Foreign Ministry", PartyKind::StateAuthority, "RUS").await;
    let incoming = Incoming {
        seen: None,
        list: "own".into(),
        bytes: b"id,schema,name,country\nx1,Company,Desert Falcon Trading House,YE\n".to_vec(),
        source: "own.csv".into(),
        current_on: None,
        despite: None,
    };
    load(store, &operator, incoming).await.unwrap();
    rescreen(store, &Screener::default()).await.unwrap();
    let paper = Document { title: "A paper".into(), dated: on, content: None };
    let content = Box::new(content(&applicant, &user));
    let new = NewApplication { on, label: "OFFICIAL".parse().unwrap(), content };
    let number = store.execute(&officer(), Command::Draft(new)).await.unwrap().subject.key;
    let weighed = Weighed { risk: Risk::Low, evidence: "Reports".into(), mitigation: None };
    let weighed = Criterion::ALL.iter().map(|criterion| (*criterion, weighed.clone())).collect();
    let opinion =
        Opinion { agency: agency.clone(), lines: vec![Stance::Approve], document: Some(paper.clone()) };
    let standing = EndUserStanding::Authority { state: "IND".into() };
    let mut signed_at = Timestamp::UNIX_EPOCH;
    for (by, command) in [
        (officer(), ApplicationCommand::Submit { on }),
        (
            officer(),
            ApplicationCommand::Establish { on, party: user.clone(), standing, document: paper.clone() },
        ),
        (officer(), ApplicationCommand::AskOpinion { on, agency, due_on: Some(on) }),
        (officer(), ApplicationCommand::GiveOpinion { on, opinion }),
        (
            officer(),
            ApplicationCommand::Assess {
                on,
                assessment: Assessment { weighed, conclusion: "No overriding risk".into() },
            },
        ),
        (officer(), ApplicationCommand::Propose { on, proposal: proposal(on) }),
        (second(), ApplicationCommand::Countersign { on }),
    ] {
        if let ApplicationCommand::Propose { .. } = &command {
            certified(store, &number, &applicant, &user).await;
        }
        let command = Command::Application { number: number.clone(), command };
        signed_at = Box::pin(store.execute(&by, command)).await.unwrap().recorded_at;
    }
    let written = WriteOff {
        reference: "D-1/1".into(),
        line: 1,
        quantity: Quantity::whole(40),
        value: Money::new(4_002_000, Currency::USD),
        delivery: None,
        document: paper,
    };
    let licence = number.replace("-T", "-L");
    let command = Command::Licence { number: licence, command: LicenceCommand::WriteOff { on, written } };
    store.execute(&officer(), command).await.unwrap();
    (number, signed_at)
}
