//! A register in which a transfer can be granted: rules in force by two people, a list that every party was compared with,
//! and people who apply, judge, sign and write off.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{Method, StatusCode};
use entente::screener::edition::{Incoming, load};
use entente::screener::rescreen;
use entente_register::access::{AccountCommand, Actor, NewAccount, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::party::{NewParty, PartyKind};
use entente_store::{Entropy, ManualClock, StoreOptions};
use serde_json::{Value, json};

use crate::performance::{ok, read};
use crate::support::{Answer, Server, request};

/// What nobody outside may ever read; each stands in what is said inside.
pub(crate) const MARKERS: [&str; 15] = [
    "QX-SPECIMEN",
    "QX-EMBASSY",
    "QX-NOTE",
    "QX-ANSWER",
    "QX-OPINION",
    "QX-OPINION-PAPER",
    "QX-EVIDENCE",
    "QX-MITIGATION",
    "QX-CONCLUSION",
    "QX-STANDING-PAPER",
    "QX-RETURNED",
    "licensing-officer",
    "o.both",
    "f.ministry",
    "countersigner",
];

/// The day on which all of it begins.
pub(crate) const DAY: &str = "2026-06-15";

/// The register, and a key of everybody who has a part in it.
pub(crate) struct Case {
    pub(crate) server: Server,
    pub(crate) clock: Arc<ManualClock>,
    /// Number of the agency’s party, and of another exporter’s.
    pub(crate) agency: String,
    pub(crate) rival: String,
    keys: BTreeMap<&'static str, String>,
}

/// Accounts that have a part in a transfer.
const PEOPLE: [&str; 9] = [
    "exporter",
    "licensing-officer",
    "o.both",
    "f.ministry",
    "countersigner",
    "customs",
    "r.ival",
    "auditor",
    "chair",
];

fn key_of(account: &str) -> &'static str {
    PEOPLE.iter().find(|one| **one == account).unwrap()
}

impl Case {
    pub(crate) async fn new() -> Case {
        let clock = Arc::new(ManualClock::at(format!("{DAY}T09:00:00Z").parse().unwrap()));
        let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(7)) };
        let mut server = Server::on(options, |_| {}).await;
        server.held = crate::register::fill(&server.app.store).await;
        crate::embargo::shipped(&server).await;
        let agency = party(&server, "Foreign Ministry", PartyKind::StateAuthority).await;
        let rival = party(&server, "Rival House", PartyKind::Company).await;
        account(&server, "f.ministry", &[Role::ConsultedAgency], Some(&agency)).await;
        account(&server, "r.ival", &[Role::Exporter], Some(&rival)).await;
        account(&server, "o.both", &[Role::LicensingOfficer, Role::Countersigner], None).await;
        let mut case = Case { server, clock, agency, rival, keys: BTreeMap::new() };
        case.open_keys().await;
        case
    }

    /// The same, with every party compared with a list on which none of them stands.
    pub(crate) async fn screened() -> Case {
        let case = Case::new().await;
        case.load_list().await;
        case
    }

    pub(crate) async fn load_list(&self) {
        let incoming = Incoming {
            seen: None,
            list: "own".into(),
            bytes: b"id,schema,name,country\nx1,Company,Desert Falcon Trading House,YE\n".to_vec(),
            source: "own.csv".into(),
            current_on: None,
            despite: None,
        };
        let store = &self.server.app.store;
        load(store, &Actor::operator(Clearance::full()), incoming).await.unwrap();
        rescreen(store, &self.server.app.screener).await.unwrap();
    }

    async fn open_keys(&mut self) {
        for person in PEOPLE {
            let key = self.server.app.store.open_api_key(person, "test", 300).await.unwrap();
            self.keys.insert(person, key);
        }
    }

    pub(crate) fn key(&self, account: &str) -> &str {
        &self.keys[key_of(account)]
    }

    pub(crate) fn set_day(&self, day: &str) {
        self.clock.set(format!("{day}T09:00:00Z").parse().unwrap());
    }

    /// Does something that must succeed, and gives its number.
    pub(crate) async fn ok(&self, account: &str, path: &str, body: Value) -> String {
        ok(&self.server, self.key(account), path, body).await
    }

    /// The code with which something is refused.
    pub(crate) async fn refused(&self, account: &str, path: &str, body: Value) -> String {
        let problem = crate::performance::refused(&self.server, self.key(account), path, body).await;
        problem["code"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn read(&self, account: &str, path: &str) -> Value {
        read(&self.server, self.key(account), path).await
    }

    pub(crate) async fn post(&self, account: &str, path: &str, body: &Value) -> Answer {
        crate::performance::post(&self.server, self.key(account), path, body).await
    }

    pub(crate) async fn get(&self, account: &str, path: &str) -> Answer {
        self.server.with_key(Method::GET, &format!("/api/v1/{path}"), self.key(account), "").await
    }

    /// Sends a change with a header.
    pub(crate) async fn with_header(
        &self,
        account: &str,
        path: &str,
        header: (&str, &str),
        body: &Value,
    ) -> Answer {
        let bearer = format!("Bearer {}", self.key(account));
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), header];
        self.server.send(request(Method::POST, &format!("/api/v1/{path}"), &headers, &body.to_string())).await
    }

    /// What is applied for: a hundred guns for the ministry.
    pub(crate) fn content(&self) -> Value {
        json!({
            "kind": "export", "title": "Guns for the coast", "applicant": self.server.held.exporter,
            "destination": "IND", "parties": [{"role": "end_user", "party": self.server.held.user}],
            "currency": "USD", "purpose": "defence", "end_use": "Defence of the coast",
            "lines": [{
                "description": "Gun", "category": "ML2.a", "class": "III", "quantity": "100",
                "unit_price": "1000.50"
            }],
            "documents": [{"title": "End-user certificate 7", "dated": "2026-06-01"}]
        })
    }

    /// An application that its exporter has submitted.
    pub(crate) async fn submitted(&self) -> String {
        let draft = json!({"on": DAY, "label": "OFFICIAL", "content": self.content()});
        let number = self.ok("exporter", "applications", draft).await;
        self.ok("exporter", &format!("applications/{number}/submit"), json!({"on": DAY})).await;
        number
    }

    /// All that a decision rests on, up to the proposal.
    pub(crate) async fn judge(&self, number: &str, proposer: &str, until: &str) {
        let at = |act: &str| format!("applications/{number}/{act}");
        let asked = self.read("licensing-officer", &format!("applications/{number}")).await;
        if asked["consulted"].is_null() {
            let ask = json!({"on": DAY, "agency": self.agency, "due_on": "2026-06-30"});
            self.ok("licensing-officer", &at("opinions/ask"), ask).await;
        }
        let opinion = json!({
            "on": DAY, "agency": self.agency,
            "lines": [{"stance": "proviso", "condition": "QX-OPINION: no re-export"}],
            "document": {"title": "QX-OPINION-PAPER", "dated": DAY}
        });
        self.ok("f.ministry", &at("opinions"), opinion).await;
        let established = json!({
            "on": DAY, "party": self.server.held.user, "standing": {"is": "authority", "state": "IND"},
            "document": {"title": "QX-STANDING-PAPER", "dated": DAY}
        });
        self.ok("licensing-officer", &at("end-users"), established).await;
        self.ok("licensing-officer", &at("assessment"), assessment()).await;
        self.certified(number).await;
        self.ok(proposer, &at("propose"), proposal(until)).await;
    }

    /// What an end-user certificate of the ministry says, which issues its own.
    pub(crate) fn certificate(&self, register_number: &str) -> Value {
        let user = &self.server.held.user;
        json!({
            "issuer": user, "state": "IND", "register_number": register_number, "issued_on": "2026-05-04",
            "expires_on": "2028-05-03", "exporter": self.server.held.exporter, "end_user": user,
            "destination": "IND", "end_use": "Defence of the coast", "signatory": "A. Rao", "position": "Director",
            "sealed": true, "lines": [{"description": "Gun", "category": "ML2.a", "quantity": "100"}],
            "undertakings": ["stated_use", "no_reexport", "delivery_verification", "inspection"],
            "document": {"title": "End-user certificate", "dated": "2026-05-04"}
        })
    }

    /// The specimen of whoever signs them, filed by one officer and confirmed by another, once.
    pub(crate) async fn specimen(&self) {
        let file = format!("specimens/{}", self.server.held.user);
        if self.get("licensing-officer", &file).await.status.is_success() {
            return;
        }
        let specimen = json!({
            "on": DAY, "signatory": "A. Rao", "position": "Director", "valid_from": "2020-01-01",
            "document": {"title": "QX-SPECIMEN", "dated": DAY}
        });
        self.ok("licensing-officer", &file, specimen).await;
        assert_eq!(
            self.refused("licensing-officer", &format!("{file}/1/confirm"), json!({"on": DAY})).await,
            "transfer.two_people"
        );
        self.ok("o.both", &format!("{file}/1/confirm"), json!({"on": DAY})).await;
    }

    /// Registers a certificate, and gives its number.
    pub(crate) async fn register(&self, content: Value) -> String {
        let new = json!({"on": DAY, "label": "OFFICIAL", "content": content});
        self.ok("licensing-officer", "certificates", new).await
    }

    /// The embassy was asked about a certificate, and said so.
    pub(crate) async fn answered(&self, certificate: &str, answer: &str) {
        let at = |act: &str| format!("certificates/{certificate}/{act}");
        let ask = json!({
            "on": DAY, "channel": "their_embassy", "to": "QX-EMBASSY", "document": {"title": "QX-NOTE", "dated": DAY}
        });
        self.ok("licensing-officer", &at("inquiries"), ask).await;
        let said = json!({"on": DAY, "answer": answer, "document": {"title": "QX-ANSWER", "dated": DAY}});
        self.ok("licensing-officer", &at("inquiries/1/answer"), said).await;
    }

    /// An authentic certificate that serves an application, where it has none.
    pub(crate) async fn certified(&self, number: &str) {
        let serving = self.read("licensing-officer", &format!("certificates?application={number}")).await;
        if serving["total"] != 0 {
            return;
        }
        self.specimen().await;
        let certificate = self.register(self.certificate(&format!("EUC/{number}"))).await;
        self.answered(&certificate, "authentic").await;
        let bind = json!({"on": DAY, "application": number});
        self.ok("licensing-officer", &format!("certificates/{certificate}/bind"), bind).await;
    }

    /// A licence for a hundred, valid until a day; gives the numbers of the application and of it.
    pub(crate) async fn licensed(&self, until: &str) -> (String, String) {
        let number = self.submitted().await;
        self.judge(&number, "licensing-officer", until).await;
        let sign = format!("applications/{number}/countersign");
        self.ok("countersigner", &sign, json!({"on": DAY})).await;
        let decided = self.read("countersigner", &format!("applications/{number}")).await;
        let licence = decided["decisions"][0]["licence"].as_str().unwrap().to_owned();
        (number, licence)
    }
}

pub(crate) fn assessment() -> Value {
    let criteria = [
        "article_6",
        "article_7",
        "obligations",
        "human_rights",
        "internal_situation",
        "regional_peace",
        "national_security",
        "buyer_behaviour",
        "diversion",
        "development",
    ];
    let weighed = json!({"risk": "low", "evidence": "QX-EVIDENCE", "mitigation": "QX-MITIGATION"});
    let weighed: BTreeMap<&str, &Value> = criteria.iter().map(|criterion| (*criterion, &weighed)).collect();
    json!({"on": DAY, "weighed": weighed, "conclusion": "QX-CONCLUSION"})
}

pub(crate) fn proposal(until: &str) -> Value {
    json!({
        "on": DAY, "lines": [{"decision": "grant"}], "valid_from": DAY, "valid_until": until,
        "conditions": [{"text": "Delivery is verified", "due_on": "2026-12-31"}],
        "rule": "strictest", "reason": "QX-REASON"
    })
}

/// A shipment of the only line, at the price of the licence.
pub(crate) fn shipment(on: &str, reference: &str, quantity: u32) -> Value {
    let cents = u64::from(quantity) * 100_050;
    json!({
        "on": on, "reference": reference, "line": 1, "quantity": quantity.to_string(), "currency": "USD",
        "value": format!("{}.{:02}", cents / 100, cents % 100),
        "document": {"title": format!("Declaration {reference}"), "dated": on}
    })
}

/// All strings of a JSON value, keys among them.
pub(crate) fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| strings(one, into)),
        Value::Object(all) => all.iter().for_each(|(name, one)| {
            into.push(name.clone());
            strings(one, into);
        }),
        _ => {}
    }
}

async fn party(server: &Server, name: &str, kind: PartyKind) -> String {
    let label = "OFFICIAL".parse().unwrap();
    let new = NewParty { name: name.into(), kind, state: "RUS".into(), label };
    let done = server.app.store.execute(&crate::register::operator(), Command::Party(new)).await;
    done.unwrap().subject.key
}

async fn account(server: &Server, account: &str, roles: &[Role], party: Option<&str>) {
    let new = NewAccount {
        account: account.into(),
        name: format!("Name of {account}"),
        roles: roles.to_vec(),
        clearance: Clearance::of(Level::Official),
        party: party.map(str::to_owned),
    };
    let command = Command::Account { account: account.into(), command: AccountCommand::Open(new) };
    server.app.store.execute(&crate::register::operator(), command).await.unwrap();
}

/// Asserts a status, with what was said instead.
#[track_caller]
pub(crate) fn is(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.text);
}
