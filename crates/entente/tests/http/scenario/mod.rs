//! The scenarios of the report on licensing that turn on embargo rules and lists, each as an application that is filed and
//! judged through the JSON API, on the day of which it tells.

mod alias_hit;
mod end_user;
mod iran;
mod list_outage;
mod term;
mod territory;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::Method;
use entente::screener::edition::{Incoming, Loaded, load};
use entente::screener::rescreen;
use entente_register::access::{AccountCommand, NewAccount, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::party::{NewParty, PartyKind};
use entente_store::{Entropy, ManualClock, StoreOptions};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::performance;
use crate::register::operator;
use crate::support::{Answer, Server};

/// A list on which no party of a scene stands.
const OTHERS: &str = "id,schema,name,country\n\
    x1,Company,Desert Falcon Trading House,YE\nx2,Company,Blue Heron Shipping,YE\nx3,Company,Stone Bridge Metals,YE\n\
    x4,Company,Grey Gull Chartering,YE\nx5,Company,Red Kite Brokers,YE\n";

/// A commission on a day: its rules are those that came with the program, its parties are screened, and whoever exports,
/// judges and signs has a key.
struct Scene {
    server: Server,
    clock: Arc<ManualClock>,
    day: String,
    exporter: String,
    agency: String,
    keys: BTreeMap<&'static str, String>,
}

/// Who has a part in a scene.
const PEOPLE: [(&str, Role); 6] = [
    ("exporter", Role::Exporter),
    ("officer", Role::LicensingOfficer),
    ("second", Role::Countersigner),
    ("agency", Role::ConsultedAgency),
    ("customs", Role::Customs),
    // Reads the pages: a sign-in ends the keys of its account.
    ("watch", Role::Secretary),
];

impl Scene {
    /// A commission that has screened its parties with a list.
    async fn on(day: &str) -> Scene {
        let mut scene = Scene::unscreened(day).await;
        scene.move_to(day).await;
        scene
    }

    /// A commission without a list.
    async fn unscreened(day: &str) -> Scene {
        let clock = Arc::new(ManualClock::at(format!("{day}T09:00:00Z").parse().unwrap()));
        let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(4)) };
        let server = Server::on(options, |_| {}).await;
        let store = &server.app.store;
        store.execute(&operator(), Command::Found { purpose: "register".into() }).await.unwrap();
        crate::embargo::shipped(&server).await;
        let (exporter, agency) = ("Export House", "Foreign Ministry");
        let exporter = party(&server, exporter, PartyKind::Company, "RUS").await;
        let agency = party(&server, agency, PartyKind::StateAuthority, "RUS").await;
        for (name, role) in PEOPLE {
            let new = NewAccount {
                account: name.into(),
                name: format!("Name of {name}"),
                roles: vec![role],
                clearance: Clearance::of(Level::Official),
                party: match role {
                    Role::Exporter => Some(exporter.clone()),
                    Role::ConsultedAgency => Some(agency.clone()),
                    _ => None,
                },
            };
            let command = Command::Account { account: name.into(), command: AccountCommand::Open(new) };
            store.execute(&operator(), command).await.unwrap();
        }
        let keys = BTreeMap::new();
        let mut scene = Scene { server, clock, day: day.to_owned(), exporter, agency, keys };
        scene.set_day(day).await;
        scene
    }

    /// The day comes: keys are new, and nothing else is.
    async fn set_day(&mut self, day: &str) {
        self.clock.set(format!("{day}T09:00:00Z").parse().unwrap());
        day.clone_into(&mut self.day);
        for (name, _) in PEOPLE {
            let key = self.server.app.store.open_api_key(name, "a scene", 1).await.unwrap();
            self.keys.insert(name, key);
        }
    }

    /// The day comes, and the list is seen to be current on it.
    async fn move_to(&mut self, day: &str) {
        self.set_day(day).await;
        self.bring_in(OTHERS, None).await;
    }

    /// Brings an edition of the list into force and compares all parties with it.
    async fn bring_in(&self, text: &str, despite: Option<&str>) {
        self.load(text, despite).await.unwrap();
        self.screen().await;
    }

    async fn load(&self, text: &str, despite: Option<&str>) -> Result<Loaded, entente_store::Error> {
        load(&self.server.app.store, &operator(), self.incoming(text, despite)).await
    }

    fn incoming(&self, text: &str, despite: Option<&str>) -> Incoming {
        Incoming {
            list: "own".into(),
            bytes: text.as_bytes().to_vec(),
            source: "own.csv".into(),
            current_on: None,
            despite: despite.map(str::to_owned),
            seen: None,
        }
    }

    async fn screen(&self) {
        rescreen(&self.server.app.store, &self.server.app.screener).await.unwrap();
    }

    /// A party, compared with the list.
    async fn party(&self, name: &str, kind: PartyKind, state: &str) -> String {
        let number = party(&self.server, name, kind, state).await;
        self.screen().await;
        number
    }

    async fn ok(&self, who: &str, path: &str, body: Value) -> String {
        performance::ok(&self.server, &self.keys[who], path, body).await
    }

    /// What is said where something is refused.
    async fn refused(&self, who: &str, path: &str, body: Value) -> Value {
        performance::refused(&self.server, &self.keys[who], path, body).await
    }

    async fn read(&self, who: &str, path: &str) -> Value {
        performance::read(&self.server, &self.keys[who], path).await
    }

    /// Asks for something without minding what comes.
    async fn get(&self, who: &str, path: &str) -> Answer {
        self.server.with_key(Method::GET, &format!("/api/v1/{path}"), &self.keys[who], "").await
    }

    fn paper(&self, title: &str) -> Value {
        json!({"title": title, "dated": self.day})
    }

    /// An application for a line to an end user, filed by the exporter; `more` stands over what it says otherwise.
    async fn filed(&self, (state, user): (&str, &str), line: Value, more: Value) -> String {
        let mut one = json!({
            "description": "Goods", "category": "ML1.a", "class": "small-arms", "quantity": "10", "unit_price": "100"
        });
        lay_over(&mut one, line);
        let mut content = json!({
            "kind": "export", "title": "A transfer", "applicant": self.exporter, "destination": state,
            "parties": [{"role": "end_user", "party": user}], "currency": "USD", "purpose": "defence",
            "end_use": "As it says", "lines": [one]
        });
        lay_over(&mut content, more);
        let draft = json!({"on": self.day, "label": "OFFICIAL", "content": content});
        let number = self.ok("exporter", "applications", draft).await;
        self.ok("exporter", &format!("applications/{number}/submit"), json!({"on": self.day})).await;
        number
    }

    /// Who an end user is, by a paper.
    async fn establish(&self, number: &str, user: &str, standing: Value) {
        let body =
            json!({"on": self.day, "party": user, "standing": standing, "document": self.paper("Note 1")});
        self.ok("officer", &format!("applications/{number}/end-users"), body).await;
    }

    /// All that a decision rests on beside the checks: an opinion and the assessment.
    async fn weigh(&self, number: &str) {
        let at = |act: &str| format!("applications/{number}/{act}");
        let (on, agency) = (&self.day, &self.agency);
        let ask = json!({"on": on, "agency": agency, "due_on": on});
        self.ok("officer", &at("opinions/ask"), ask).await;
        let opinion = json!({"on": on, "agency": agency, "lines": [{"stance": "approve"}]});
        self.ok("agency", &at("opinions"), opinion).await;
        let mut assessment = crate::transfer_case::assessment();
        assessment["on"] = json!(on);
        self.ok("officer", &at("assessment"), assessment).await;
    }

    /// A certificate of the end user, which issues its own, called authentic and bound to the application.
    async fn certify(&self, number: &str, (state, user): (&str, &str)) {
        let on = &self.day;
        let line = self.read("officer", &format!("applications/{number}")).await["lines"][0].clone();
        let specimens = format!("specimens/{user}");
        if !self.get("officer", &specimens).await.status.is_success() {
            let specimen = json!({
                "on": on, "signatory": "A. Signatory", "position": "Director", "valid_from": "2005-01-01",
                "document": self.paper("Specimen")
            });
            self.ok("officer", &specimens, specimen).await;
            self.ok("second", &format!("{specimens}/1/confirm"), json!({"on": on})).await;
        }
        let content = json!({
            "issuer": user, "state": state, "register_number": format!("EUC/{number}"), "issued_on": on,
            "exporter": self.exporter, "end_user": user, "destination": state, "end_use": "As it says",
            "signatory": "A. Signatory", "position": "Director", "sealed": true,
            "lines": [{
                "description": line["description"], "category": line["category"], "quantity": line["quantity"]
            }],
            "undertakings": ["stated_use", "no_reexport", "delivery_verification", "inspection"],
            "document": self.paper("End-user certificate")
        });
        let new = json!({"on": on, "label": "OFFICIAL", "content": content});
        let certificate = self.ok("officer", "certificates", new).await;
        let at = |act: &str| format!("certificates/{certificate}/{act}");
        let ask =
            json!({"on": on, "channel": "their_embassy", "to": "Embassy", "document": self.paper("Note 2")});
        self.ok("officer", &at("inquiries"), ask).await;
        let answer = json!({"on": on, "answer": "authentic", "document": self.paper("Note 3")});
        self.ok("officer", &at("inquiries/1/answer"), answer).await;
        self.ok("officer", &at("bind"), json!({"on": on, "application": number})).await;
    }

    /// The proposal to grant every line for a year.
    fn proposal(&self) -> Value {
        let day: Date = self.day.parse().unwrap();
        let until = day.saturating_add(jiff::Span::new().days(300));
        json!({
            "on": self.day, "lines": [{"decision": "grant"}], "valid_from": self.day, "valid_until": until.to_string(),
            "rule": "strictest", "reason": "Nothing stands against it"
        })
    }

    /// Code and words with which it is refused to propose that everything is granted.
    async fn barred(&self, number: &str) -> (String, String) {
        let problem =
            self.refused("officer", &format!("applications/{number}/propose"), self.proposal()).await;
        let text = |field: &str| problem[field].as_str().unwrap_or_default().to_owned();
        (text("code"), text("detail"))
    }

    /// Puts on record what a check of the first line asks for.
    async fn record(&self, number: &str, rule: &str, kind: &str, reference: &str) {
        self.ok("officer", &format!("applications/{number}/records"), self.recording(rule, kind, reference))
            .await;
    }

    fn recording(&self, rule: &str, kind: &str, reference: &str) -> Value {
        json!({
            "on": self.day, "check": format!("embargo:1:{rule}"), "kind": kind, "reference": reference,
            "document": self.paper("The entry")
        })
    }

    /// Proposes and signs it, by two people; gives the licence.
    async fn grant(&self, number: &str) -> String {
        let at = |act: &str| format!("applications/{number}/{act}");
        self.ok("officer", &at("propose"), self.proposal()).await;
        self.ok("second", &at("countersign"), json!({"on": self.day})).await;
        let seen = self.read("officer", &format!("applications/{number}")).await;
        assert_eq!(seen["state"], "granted", "{seen}");
        seen["decisions"][0]["licence"].as_str().unwrap().to_owned()
    }

    /// The checks of an application that are of a kind.
    async fn checks(&self, number: &str, kind: &str) -> Vec<Value> {
        let seen = self.read("officer", &format!("applications/{number}")).await;
        let checks = seen["checks"].as_array().unwrap().iter();
        checks.filter(|check| check["kind"] == kind).cloned().collect()
    }

    /// What a rule comes to on an application: the outcome, and why.
    async fn of_rule(&self, number: &str, rule: &str) -> (String, String) {
        let checks = self.checks(number, "embargo").await;
        let check = checks.iter().find(|check| check["about"] == rule);
        let check = check.unwrap_or_else(|| panic!("{rule}: {checks:#?}"));
        let text = |field: &str| check[field].as_str().unwrap().to_owned();
        (text("outcome"), text("why"))
    }

    /// How many notices there are of a kind.
    async fn count(&self, kind: &str) -> i64 {
        let counts = self.read("officer", "notices").await;
        let of_kind = counts["rows"].as_array().unwrap().iter().find(|count| count["kind"] == kind);
        of_kind.and_then(|count| count["count"].as_i64()).unwrap_or_else(|| panic!("{kind}: {counts}"))
    }

    /// A text of rules comes into force by two people.
    async fn rules_in_force(&self, id: &str, text: &str) {
        let body = json!({"file": format!("{id}.toml"), "text": text, "reason": "As it was read again"});
        self.ok("officer", &format!("embargo/{id}/propose"), body).await;
        let confirm = json!({"act": "confirm"});
        let decide = format!("embargo/{id}/decide");
        let own = performance::post(&self.server, &self.keys["officer"], &decide, &confirm).await;
        assert!(own.status.is_client_error(), "nobody confirms what one proposed: {}", own.text);
        self.ok("second", &decide, confirm).await;
    }
}

async fn party(server: &Server, name: &str, kind: PartyKind, state: &str) -> String {
    let label = "OFFICIAL".parse().unwrap();
    let new = NewParty { name: name.into(), kind, state: state.into(), label };
    server.app.store.execute(&operator(), Command::Party(new)).await.unwrap().subject.key
}

fn lay_over(under: &mut Value, over: Value) {
    let (Some(under), Value::Object(over)) = (under.as_object_mut(), over) else { return };
    under.extend(over);
}

/// Who an end user is that is an authority of a state.
fn authority(state: &str) -> Value {
    json!({"is": "authority", "state": state})
}

/// What came with the program, by the name of its file.
fn shipped_text(name: &str) -> String {
    let texts = entente_register::embargo::UNITED_NATIONS;
    texts.iter().find(|text| text.name == name).unwrap().text.to_owned()
}
