//! Embargo rules of a register by the command line, with the built program: proposed, confirmed by another person, asked,
//! and changed when a term has ended.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::process::Output;

use entente_testing::TestDatabase;
use serde_json::{Value, json};
use support::{done, entente};

#[track_caller]
fn refused(output: &Output, code: &str) -> String {
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{talk}");
    assert!(output.stdout.is_empty());
    assert!(talk.contains(&format!("code     {code}")), "{talk}");
    talk
}

fn founded(database: &TestDatabase) {
    for (account, name) in [("a.petrova", "Anna"), ("b.orlov", "Boris")] {
        let add =
            ["user", "add", account, "--name", name, "--role", "licensing_officer", "--clearance", "SECRET"];
        done(&entente(database, &add));
    }
}

/// What the register says of category II for the government of a state.
fn asked(database: &TestDatabase, to: &str, more: &[&str]) -> Value {
    let mut arguments =
        vec!["embargo", "check", "--to", to, "--item", "II", "--end-user", "government", "--format", "json"];
    arguments.extend(more);
    serde_json::from_str(&done(&entente(database, &arguments))).unwrap()
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["holds"].as_array().unwrap().iter().map(|hold| hold["code"].as_str().unwrap()).collect()
}

entente_testing::on_both! {
    async fn two_people_bring_the_rules_of_the_program_into_force(database: TestDatabase) {
        founded(&database);
        let run = |arguments: &[&str]| entente(&database, &[&["embargo"], arguments].concat());
        let by = |account: &str, arguments: &[&str]| {
            entente(&database, &[&["--as", account, "embargo"], arguments].concat())
        };
        let day = ["--as-of", "2026-06-15"];
        // A register that has no rules passes nothing.
        let answer = asked(&database, "BRA", &day);
        assert_eq!((&answer["outcome"], codes(&answer)), (&json!("hold"), vec!["no_rules"]));
        assert!(done(&run(&["status"])).starts_with("No rules are in force"));
        assert!(done(&run(&["pending"])).starts_with("Nothing waits"));

        let proposed: Value = serde_json::from_str(&done(&by("a.petrova", &["propose", "--shipped", "--format", "json"]))).unwrap();
        assert_eq!((proposed.as_array().unwrap().len(), &proposed[0]["id"]), (18, &json!("UNSC")));
        let again = done(&by("a.petrova", &["propose", "--shipped"]));
        assert!(again.contains("iran: an edition waits already."), "{again}");
        assert_eq!(codes(&asked(&database, "BRA", &day)), ["no_rules"]);
        refused(&by("a.petrova", &["confirm", "--all"]), "embargo.nothing");
        refused(&by("a.petrova", &["confirm", "UNSC"]), "embargo.two_people");
        refused(&run(&["confirm", "UNSC"]), "access.role");
        refused(&by("b.orlov", &["confirm", "iran"]), "embargo.no_body");
        refused(&by("b.orlov", &["confirm", "UNSC", "--content", &"0".repeat(64)]), "embargo.other_edition");
        refused(&by("b.orlov", &["withdraw", "iran", "--reason", "An error"]), "embargo.two_people");
        // All or nothing: what stands after a body that is confirmed in the same breath.
        let confirmed = done(&by("b.orlov", &["confirm", "libya", "UNSC"]));
        assert_eq!(confirmed, "UNSC: confirmed, and in force.\nlibya: confirmed, and in force.\n");
        assert!(codes(&asked(&database, "BRA", &day)).iter().all(|code| *code == "regime_missing"));
        done(&by("b.orlov", &["confirm", "--all", "--reason", "Compared with the resolutions"]));
        let answer = asked(&database, "BRA", &day);
        assert_eq!((&answer["outcome"], &answer["register"]["waiting"]), (&json!("pass"), &json!([])));
        let editions = answer["register"]["editions"].as_array().unwrap();
        assert_eq!((&editions[0]["id"], &editions[0]["proposed_by"], &editions[0]["confirmed_by"]), (&json!("UNSC"), &json!("a.petrova"), &json!("b.orlov")));
        assert!(done(&by("a.petrova", &["propose", "--shipped"])).contains("iran: this text is in force already."));

        // The same answers as of the program’s own rules, of days long before the register.
        for (to, at) in [("IRN", "2009-06-01"), ("IRN", "2010-09-15"), ("SSD", "2026-06-15"), ("LBY", "2011-03-10")] {
            let own = asked(&database, to, &["--as-of", at]);
            let shipped = asked(&database, to, &["--as-of", at, "--shipped"]);
            assert_eq!((&own["outcome"], &own["findings"]), (&shipped["outcome"], &shipped["findings"]), "{to} {at}");
        }
        let before = asked(&database, "IRN", &["--as-of", "2010-09-15", "--known-at", "2020-01-01T00:00:00Z"]);
        assert_eq!(codes(&before), ["no_rules"]);
        let listed = done(&run(&["list", "--as-of", "2026-06-15", "--state", "SSD"]));
        assert!(listed.contains("RENEWAL TO BE CONFIRMED"), "{listed}");
        refused(&run(&["check", "--to", "BRA", "--item", "II", "--end-user", "government", "--at", "2026-06-15", "--claims-bind"]), "embargo.policy");
        refused(&by("a.petrova", &["list", "--shipped"]), "account.not_used");
        assert!(done(&run(&["show", "libya"])).contains("id = \"libya\""));
    }

    async fn a_term_that_has_ended_is_recorded_by_the_next_edition(database: TestDatabase) {
        founded(&database);
        let by = |account: &str, arguments: &[&str]| {
            entente(&database, &[&["--as", account, "embargo"], arguments].concat())
        };
        done(&by("a.petrova", &["propose", "--shipped"]));
        done(&by("b.orlov", &["confirm", "--all"]));
        let status = || -> Value {
            let status = ["status", "--as-of", "2026-06-15", "--within", "30", "--format", "json"];
            serde_json::from_str(&done(&by("a.petrova", &status))).unwrap()
        };
        let over = |status: &Value| -> Vec<String> {
            let terms = status["terms"].as_array().unwrap().iter();
            terms.filter(|term| term["over"] == true).map(|term| term["rule"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(over(&status()), ["south-sudan-2781"]);
        assert!(done(&by("a.petrova", &["status", "--as-of", "2026-06-15"])).contains("ENDED, CONFIRM RENEWAL"));

        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let text = done(&by("a.petrova", &["show", "south-sudan"]));
        let broken = file("broken.toml", &text.replace("last_day = 2026-05-31", "last_day = 2026-05-32"));
        let talk = refused(&by("a.petrova", &["propose", &broken, "--reason", "Renewed"]), "embargo.file");
        assert!(talk.contains("broken.toml, line "), "{talk}");
        let renewed = file("south_sudan.toml", &text.replace("last_day = 2026-05-31", "last_day = 2027-05-31"));
        let why = "Renewed by 2830 (2026)";
        done(&by("a.petrova", &["propose", &renewed, "--reason", why]));
        assert_eq!(over(&status()), ["south-sudan-2781"], "what is proposed is not recorded");
        assert!(done(&by("b.orlov", &["pending"])).contains(why));
        done(&by("b.orlov", &["reject", "south-sudan", "--reason", "The resolution has another number"]));
        done(&by("a.petrova", &["propose", &renewed, "--reason", why]));
        done(&by("a.petrova", &["withdraw", "south-sudan", "--reason", "Compared once more first"]));
        done(&by("a.petrova", &["propose", &renewed, "--reason", why]));
        done(&by("b.orlov", &["confirm", "south-sudan"]));
        assert_eq!(over(&status()), Vec::<String>::new());
        let answer = asked(&database, "SSD", &["--as-of", "2026-06-15"]);
        let south = answer["register"]["editions"].as_array().unwrap().iter().find(|row| row["id"] == "south-sudan").unwrap();
        assert_eq!((&answer["outcome"], &south["edition"]), (&json!("blocked"), &json!(4)));
    }

    async fn whose_measures_bind_is_said_and_changed_by_two_people(database: TestDatabase) {
        founded(&database);
        let by = |account: &str, arguments: &[&str]| {
            entente(&database, &[&["--as", account, "embargo", "policy"], arguments].concat())
        };
        assert!(done(&by("a.petrova", &[])).contains("Nobody has decided otherwise"));
        let propose = |bodies: &[&str]| {
            let mut arguments = vec!["propose", "--reason", "Decision 14"];
            bodies.iter().for_each(|body| arguments.extend(["--binding", *body]));
            arguments.push("--claims-bind");
            by("a.petrova", &arguments)
        };
        refused(&propose(&["EU"]), "policy.security_council");
        refused(&propose(&["UNSC", "EU"]), "policy.body");
        done(&propose(&["UNSC"]));
        refused(&by("a.petrova", &["confirm"]), "policy.two_people");
        assert!(done(&by("b.orlov", &[])).contains("Waits for a second person"));
        done(&by("b.orlov", &["confirm"]));
        let policy: Value = serde_json::from_str(&done(&by("b.orlov", &["--format", "json"]))).unwrap();
        assert_eq!((&policy["policy"]["claims_bind"], &policy["waiting"]), (&json!(true), &Value::Null));
    }
}
