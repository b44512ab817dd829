//! Rule files and the policy in the ledger: what comes into force, by whom, and what is refused.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::access::{Actor, Role};
use crate::embargo::*;
use crate::label::Clearance;
use crate::ledger::{Context, Fact, NewEvent, Refusal, SubjectKind, check_machine};

const TODAY: Date = date(2026, 6, 15);

fn context(account: &str) -> Context {
    let actor = Actor {
        account: account.into(),
        name: account.into(),
        roles: vec![Role::LicensingOfficer],
        clearance: Clearance::full(),
        party: None,
    };
    Context { actor, now: instant("2026-06-15T12:00:00Z"), today: TODAY }
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The rule files of a register, and its policy.
#[derive(Default, Clone)]
struct Register {
    files: BTreeMap<String, RuleFile>,
    policy: Option<PolicyState>,
}

impl Register {
    fn run(&mut self, by: &str, id: &str, command: EditionCommand) -> Result<Vec<NewEvent>, Refusal> {
        let mut others = self.files.clone();
        let own = others.remove(id);
        let events = decide_edition(own.as_ref(), id, &EditionFacts { others }, &context(by), command)?;
        let mut state = own;
        for event in &events {
            assert_eq!(event.subject, SubjectKind::Embargo.subject(id));
            let what = (&event.fact, event.reason.as_deref());
            RuleFile::apply(&mut state, &event.subject, event.occurred_on, by, what);
        }
        self.files.extend(state.map(|file| (id.to_owned(), file)));
        Ok(events)
    }

    fn propose(&mut self, by: &str, file: &str, text: &str) -> Result<String, Refusal> {
        let id = about(file, text)?.id;
        let new = NewRuleFile { file: file.into(), text: text.into(), reason: "As it was published".into() };
        self.run(by, &id, EditionCommand::Propose(new))?;
        Ok(id)
    }

    fn confirm(&mut self, by: &str, id: &str) -> Result<Vec<NewEvent>, Refusal> {
        self.run(by, id, EditionCommand::Confirm { content: None, reason: None })
    }

    fn change_policy(&mut self, by: &str, command: PolicyCommand) -> Result<(), Refusal> {
        let events = decide_policy(self.policy.as_ref(), &self.files, &context(by), command)?;
        for event in &events {
            let what = (&event.fact, event.reason.as_deref());
            PolicyState::apply(&mut self.policy, &event.subject, event.occurred_on, by, what);
        }
        Ok(())
    }

    fn judge(&self, to: &str, at: &str) -> Judgement {
        let question = Question {
            // Armoured vehicles, the second category.
            item: Item { class: Class::all().nth(1).unwrap(), part: false, entries: None, non_lethal: None },
            activity: Activity::Supply,
            from: None,
            to: to.into(),
            end_user: EndUser::Government,
            area: Area::Unknown,
            purpose: None,
            authorised: None,
            at: instant(at),
            known_at: Timestamp::MAX,
        };
        let rules = in_force(self.files.values()).unwrap();
        judge(&rules, &PolicyState::policy(self.policy.as_ref()), &question)
    }
}

fn founded() -> Register {
    let mut register = Register::default();
    for text in UNITED_NATIONS {
        let id = register.propose("anna", text.name, text.text).unwrap();
        register.confirm("boris", &id).unwrap();
    }
    register
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> &'static str {
    result.unwrap_err().code
}

fn reason() -> String {
    "Resolution 2806".into()
}

#[test]
fn the_machines_are_sound() {
    check_machine(&MACHINE);
    check_machine(&POLICY_MACHINE);
}

#[test]
fn nothing_passes_until_every_file_of_the_body_is_in_force() {
    let mut register = Register::default();
    let holds = |register: &Register| {
        let judged = register.judge("BRA", "2026-01-01T00:00:00Z");
        (judged.outcome, judged.holds.iter().map(|hold| hold.code).collect::<BTreeSet<_>>())
    };
    assert_eq!(holds(&register), (Outcome::Hold, BTreeSet::from(["no_rules"])));
    for text in UNITED_NATIONS {
        register.propose("anna", text.name, text.text).unwrap();
    }
    // What is proposed binds nobody and opens nothing.
    assert_eq!(holds(&register), (Outcome::Hold, BTreeSet::from(["no_rules"])));
    assert_eq!(code(register.confirm("boris", "iran")), "embargo.no_body");
    register.confirm("boris", "UNSC").unwrap();
    let ids: Vec<String> = register.files.keys().filter(|id| *id != "UNSC").cloned().collect();
    for id in ids {
        assert_eq!(holds(&register), (Outcome::Hold, BTreeSet::from(["regime_missing"])), "before {id}");
        register.confirm("boris", &id).unwrap();
    }
    assert_eq!(holds(&register), (Outcome::Pass, BTreeSet::new()));
    assert_eq!(in_force(register.files.values()).unwrap(), {
        let mut shipped = united_nations().unwrap();
        let order = |rules: &mut RuleSet| rules.rules.sort_by(|a, b| a.id.cmp(&b.id));
        order(&mut shipped);
        let mut own = in_force(register.files.values()).unwrap();
        order(&mut own);
        assert_eq!(own, shipped);
        in_force(register.files.values()).unwrap()
    });
}

#[test]
fn the_body_of_the_program_names_all_its_regimes() {
    let rules = united_nations().unwrap();
    let named: Vec<&String> = rules.bodies[SECURITY_COUNCIL].regimes.iter().collect();
    assert_eq!(named, rules.regimes.keys().collect::<Vec<_>>());
}

#[test]
fn two_people_bring_an_edition_into_force() {
    let mut register = Register::default();
    register.propose("anna", UNITED_NATIONS[0].name, UNITED_NATIONS[0].text).unwrap();
    assert_eq!(code(register.confirm("anna", "UNSC")), "embargo.two_people");
    let reject = || EditionCommand::Reject { reason: reason() };
    assert_eq!(code(register.run("anna", "UNSC", reject())), "embargo.two_people");
    let withdraw = || EditionCommand::Withdraw { reason: reason() };
    assert_eq!(code(register.run("boris", "UNSC", withdraw())), "embargo.two_people");
    assert_eq!(code(register.propose("vera", "body.toml", UNITED_NATIONS[0].text)), "embargo.waits");
    let other = EditionCommand::Confirm { content: Some("0".repeat(64)), reason: None };
    assert_eq!(code(register.run("boris", "UNSC", other)), "embargo.other_edition");
    register.confirm("boris", "UNSC").unwrap();
    assert_eq!(code(register.confirm("boris", "UNSC")), "state");
    let file = &register.files["UNSC"];
    let held = file.in_force.as_ref().unwrap();
    assert_eq!((held.number, held.proposal.by.as_str()), (1, "anna"));
    assert_eq!(held.decision.as_ref().unwrap().by, "boris");

    // What is rejected or withdrawn leaves what is in force.
    assert_eq!(code(register.propose("anna", "body.toml", UNITED_NATIONS[0].text)), "embargo.same_edition");
    let changed = UNITED_NATIONS[0].text.replace("covers_to = 2026-06-30", "covers_to = 2026-07-31");
    register.propose("anna", "body.toml", &changed).unwrap();
    register.run("boris", "UNSC", reject()).unwrap();
    register.propose("anna", "body.toml", &changed).unwrap();
    register.run("anna", "UNSC", withdraw()).unwrap();
    let file = &register.files["UNSC"];
    assert_eq!(
        (file.in_force.as_ref().unwrap().number, file.latest.number, file.latest.state),
        (1, 3, "withdrawn")
    );
    assert!(file.waiting().is_none());
}

#[test]
fn a_refusal_of_a_text_names_file_line_and_column() {
    let mut register = founded();
    let text = |id: &str| UNITED_NATIONS.iter().find(|text| text.name == id).unwrap().text;
    let broken = text("libya.toml").replacen("direction = \"to\"", "direction = \"onto\"", 1);
    assert_ne!(broken, text("libya.toml"));
    let refused = register.propose("anna", "libya.toml", &broken).unwrap_err();
    assert_eq!(refused.code, "embargo.file");
    assert!(refused.message.starts_with("libya.toml, line "), "{}", refused.message);
    assert!(refused.message.contains("column 13"), "{}", refused.message);

    let unknown = text("libya.toml").replacen("states = [\"LBY\"]", "states = [\"LYB\"]", 1);
    let refused = register.propose("anna", "libya.toml", &unknown).unwrap_err();
    assert!(refused.message.contains("\"LYB\" is the code of no state"), "{}", refused.message);

    let both = format!("{}{}", text("body.toml"), text("libya.toml"));
    assert_eq!(code(register.propose("anna", "both.toml", &both)), "embargo.one_subject");
    let foreign = text("libya.toml").replace("body = \"UNSC\"", "body = \"EU\"");
    assert_eq!(code(register.propose("anna", "libya.toml", &foreign)), "embargo.identifier");
    let taken = text("libya.toml").replace("\"libya\"", "\"libya-2\"");
    let refused = register.propose("anna", "libya.toml", &taken).unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), ("embargo.identifier", Some("id")));
    let nobody = text("libya.toml").replace("\"libya", "\"other").replace("body = \"UNSC\"", "body = \"EU\"");
    assert_eq!(code(register.propose("anna", "other.toml", &nobody)), "embargo.no_body");
    let own = EditionCommand::Propose(NewRuleFile {
        file: "libya.toml".into(),
        text: text("libya.toml").into(),
        reason: reason(),
    });
    assert_eq!(code(register.run("anna", "iran", own)), "embargo.identifier");
}

#[test]
fn a_body_that_no_longer_fits_its_regimes_is_not_confirmed() {
    let mut register = founded();
    let body = UNITED_NATIONS[0].text.replace("America/New_York", "Europe/Nowhere");
    assert_eq!(code(register.propose("anna", "body.toml", &body)), "embargo.file");
    // The span of this regime begins with a day and ends with the body’s, which comes to lie before it.
    let regime = "[[regime]]\nid = \"late\"\nbody = \"UNSC\"\nname = \"Late\"\nstates = [\"BRA\"]\ncovers_from = 2020-01-01\n";
    register.propose("anna", "late.toml", regime).unwrap();
    register.confirm("boris", "late").unwrap();
    let body = UNITED_NATIONS[0].text.replace("covers_to = 2026-06-30", "covers_to = 2019-12-31");
    register.propose("anna", "body.toml", &body).unwrap();
    let refused = register.confirm("boris", "UNSC").unwrap_err();
    assert_eq!(refused.code, "embargo.file");
    assert!(refused.message.starts_with("late.toml, line 6"), "{}", refused.message);
    assert!(in_force(register.files.values()).is_ok());
}

#[test]
fn a_term_stays_open_until_the_next_edition_says_what_became_of_it() {
    let mut register = founded();
    let rules = |register: &Register| in_force(register.files.values()).unwrap();
    let at = instant("2026-06-15T00:00:00Z");
    let terms = open_terms(&rules(&register), at, Timestamp::MAX, 60);
    let over: Vec<&str> = terms.iter().filter(|term| term.over).map(|term| term.rule.as_str()).collect();
    assert!(over.contains(&"south-sudan-2781"), "{terms:#?}");
    assert!(!over.contains(&"south-sudan-2428-4"), "it was replaced before its term was over: {terms:#?}");
    let soon: Vec<(&str, Date)> =
        terms.iter().filter(|term| !term.over).map(|term| (term.regime.as_str(), term.last_day)).collect();
    assert!(soon.contains(&("drc", date(2026, 7, 1))), "{terms:#?}");
    assert!(soon.iter().all(|(_, day)| *day <= date(2026, 8, 14)), "{terms:#?}");
    let judged = register.judge("SSD", "2026-06-15T00:00:00Z");
    assert_eq!(judged.outcome, Outcome::Blocked);
    assert!(judged.to_record.iter().any(|what| what.starts_with("Confirm renewal")), "{judged:#?}");

    // The next edition says that it was renewed.
    let text = UNITED_NATIONS.iter().find(|text| text.name == "south_sudan.toml").unwrap().text;
    let renewed = text.replace("last_day = 2026-05-31", "last_day = 2027-05-31");
    register.propose("anna", "south_sudan.toml", &renewed).unwrap();
    // Proposed is not recorded.
    assert!(open_terms(&rules(&register), at, Timestamp::MAX, 0).iter().any(|t| t.regime == "south-sudan"));
    register.confirm("boris", "south-sudan").unwrap();
    assert!(open_terms(&rules(&register), at, Timestamp::MAX, 0).iter().all(|t| t.regime != "south-sudan"));
    let judged = register.judge("SSD", "2026-06-15T00:00:00Z");
    assert_eq!(judged.outcome, Outcome::Blocked);
    assert!(judged.to_record.iter().all(|what| !what.starts_with("Confirm renewal")), "{judged:#?}");
}

#[test]
fn the_policy_binds_the_united_nations_always_and_others_by_two_people() {
    let mut register = founded();
    let policy = |binding: &[&str]| PolicyProposed {
        binding: binding.iter().map(|&id| id.to_owned()).collect(),
        ..PolicyProposed::default()
    };
    let propose = |policy| PolicyCommand::Propose { policy, reason: reason() };
    let confirm = || PolicyCommand::Confirm { reason: None };
    let without = register.change_policy("anna", propose(policy(&[]))).unwrap_err();
    assert_eq!((without.code, without.field.as_deref()), ("policy.security_council", Some("binding")));
    assert_eq!(code(register.change_policy("anna", propose(policy(&["UNSC"])))), "policy.same");
    assert_eq!(code(register.change_policy("anna", propose(policy(&["UNSC", "EU"])))), "policy.body");
    assert_eq!(code(register.change_policy("anna", propose(policy(&["UNSC", "iran"])))), "policy.body");
    assert_eq!(code(register.change_policy("boris", confirm())), "not_found");

    let body = "[[body]]\nid = \"EU\"\nname = \"European Union\"\nzone = \"Europe/Brussels\"\ncovers_from = 2012-01-01\ncovers_to = 2026-06-30\nregimes = [\"eu-brazil\"]\nsource = \"Source\"\nverified_on = 2026-01-01\n";
    let regime = "[[regime]]\nid = \"eu-brazil\"\nbody = \"EU\"\nname = \"Brazil\"\nstates = [\"BRA\"]\n\n[[rule]]\nid = \"eu-brazil-1\"\nregime = \"eu-brazil\"\nresolution = \"1\"\neffect = \"prohibit\"\ntarget = { kind = \"territory\", state = \"BRA\" }\ndirection = \"to\"\nitems = { all_arms = true, parts = true }\nactivities = [\"supply\"]\nvalid_from = 2013-01-01\nsource = \"Source\"\ncertainty = \"high\"\nverified_on = 2026-01-01\n";
    let unnamed = body.replace("regimes = [\"eu-brazil\"]\n", "");
    assert_ne!(unnamed, body);
    assert_eq!(code(register.propose("anna", "eu.toml", &unnamed)), "embargo.no_regimes");
    register.propose("anna", "eu.toml", body).unwrap();
    assert_eq!(code(register.change_policy("anna", propose(policy(&["UNSC", "EU"])))), "policy.body");
    register.confirm("boris", "EU").unwrap();
    register.propose("anna", "brazil.toml", regime).unwrap();
    register.confirm("boris", "eu-brazil").unwrap();
    // Shown, and nothing more.
    let judged = register.judge("BRA", "2026-01-01T00:00:00Z");
    assert_eq!((judged.outcome, judged.findings[0].bearing), (Outcome::Pass, Bearing::Advisory));

    register.change_policy("anna", propose(policy(&["UNSC", "EU"]))).unwrap();
    assert_eq!(code(register.change_policy("anna", confirm())), "policy.two_people");
    assert_eq!(code(register.change_policy("vera", propose(policy(&["UNSC"])))), "policy.waits");
    assert_eq!(register.judge("BRA", "2026-01-01T00:00:00Z").outcome, Outcome::Pass);
    register.change_policy("boris", confirm()).unwrap();
    assert_eq!(register.judge("BRA", "2026-01-01T00:00:00Z").outcome, Outcome::Blocked);
    register.change_policy("boris", propose(policy(&["UNSC"]))).unwrap();
    register.change_policy("anna", PolicyCommand::Reject { reason: reason() }).unwrap();
    assert_eq!(register.judge("BRA", "2026-01-01T00:00:00Z").outcome, Outcome::Blocked);
}

/// What stands in a ledger is read for ever: the format of rule files may grow, and never refuses what it once took.
#[test]
fn a_text_that_was_stored_is_still_read() {
    let body = UNITED_NATIONS[0];
    let fixture = include_str!("../../../tests/payloads.txt");
    let mut read_anew = 0;
    for (kind, payload) in fixture.lines().filter_map(|line| line.split_once(' ')) {
        let Ok(Fact::EmbargoProposed(proposed)) = Fact::decode(kind, payload.as_bytes()) else { continue };
        let own = Text { name: &proposed.file, text: &proposed.text };
        assert!(read(&[body, own]).is_ok(), "{}", proposed.file);
        assert_eq!(about(&proposed.file, &proposed.text).unwrap().rules, proposed.rules);
        read_anew += 1;
    }
    assert!(read_anew > 0);
}
