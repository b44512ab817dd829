//! `entente embargo`, driven from outside and without a register: the scenarios of the report on licensing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

fn run(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_entente"))
        .env_clear()
        .current_dir(folder.path())
        .arg("embargo")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    // Nothing is opened, so nothing is made.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn done(arguments: &[&str]) -> String {
    let (status, printed, said) = run(arguments);
    assert_eq!(status, 0, "{said}{printed}");
    printed
}

/// The answer for goods to a state, for a government where no other end user is named.
fn check(to: &str, item: &str, at: &str, more: &[&str]) -> Value {
    let mut arguments = vec!["check", "--to", to, "--item", item, "--at", at, "--format", "json"];
    if !more.contains(&"--end-user") {
        arguments.extend(["--end-user", "government"]);
    }
    arguments.extend(more);
    serde_json::from_str(&done(&arguments)).unwrap()
}

fn outcome(answer: &Value) -> &str {
    answer["outcome"].as_str().unwrap()
}

/// The rules that bear on an answer with their outcomes, as `rule outcome`.
fn rules(answer: &Value) -> Vec<String> {
    let findings = answer["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|f| format!("{} {}", f["rule"].as_str().unwrap(), f["outcome"].as_str().unwrap()))
        .collect()
}

#[test]
fn rifles_for_libya_in_march_2011_are_blocked_and_approved_non_lethal_goods_are_open() {
    let rifles = check("LBY", "small-arms", "2011-03-10", &["--lethal", "--end-user", "private"]);
    assert_eq!((outcome(&rifles), rules(&rifles)), ("blocked", vec!["libya-1970-9 blocked".to_owned()]));
    assert_eq!(rifles["findings"][0]["paragraph"], "9");
    let helmets = check(
        "LBY",
        "other-arms",
        "2011-03-10",
        &["--non-lethal", "--purpose", "humanitarian-or-protective"],
    );
    assert_eq!(outcome(&helmets), "approve");
    assert_eq!(helmets["findings"][0]["opening"]["citation"], "1970 (2011), paragraph 9 (a)");
}

#[test]
fn a_tank_part_for_iran_at_five_dates() {
    for (at, expected, rule) in [
        ("2009-06-01", "vigilance", "iran-1747-6 vigilance"),
        ("2010-09-15", "blocked", "iran-1929-8 blocked"),
        ("2017-05-01", "approve", "iran-2231-b5 approve"),
        ("2020-11-15", "pass", "iran-2020-claim hold"),
        ("2025-09-28T00:00:00Z", "blocked", "iran-2025-1929-8 blocked"),
    ] {
        let answer = check("IRN", "I", at, &["--part"]);
        assert_eq!(outcome(&answer), expected, "{at}: {answer:#}");
        assert!(rules(&answer).contains(&rule.to_owned()), "{at}: {answer:#}");
    }
    assert_eq!(outcome(&check("IRN", "I", "2025-09-27T23:59:59Z", &["--part"])), "pass");
    let disputed = check("IRN", "I", "2025-10-15", &["--part"]);
    assert_eq!(disputed["findings"][0]["disputed_by"], serde_json::json!(["CHN", "RUS"]));
    assert!(disputed["to_record"][0].as_str().unwrap().starts_with("Dispute:"), "{disputed:#}");
    // As known in January, the resolution of June was not.
    let known = ["--part", "--known-at", "2010-01-01T00:00:00Z"];
    assert_eq!(outcome(&check("IRN", "I", "2010-09-15", &known)), "vigilance");

    let missile = check("IRN", "other-arms", "2010-09-15", &["--part"]);
    assert_eq!(outcome(&missile), "hold");
    assert_eq!(missile["holds"][0]["code"], "beyond_scope");
    assert_eq!(missile["missing"], serde_json::json!(["a decision by the national order"]));
}

#[test]
fn a_lapsed_term_applies_with_its_exceptions() {
    let arms = check("SSD", "II", "2026-06-15", &[]);
    assert_eq!(
        (outcome(&arms), arms["findings"][0]["confirm_renewal"].as_str()),
        ("blocked", Some("2026-05-31"))
    );
    let radios = check("SSD", "other-arms", "2026-06-15", &["--non-lethal", "--purpose", "peace-agreement"]);
    assert_eq!(outcome(&radios), "pass");
    assert!(radios["to_record"][0].as_str().unwrap().starts_with("Confirm renewal"), "{radios:#}");
    let listed = done(&["list", "--on", "2026-06-15", "--state", "SSD"]);
    assert!(listed.contains("RENEWAL TO BE CONFIRMED"), "{listed}");
}

#[test]
fn in_the_congo_it_turns_on_the_end_user() {
    for (end_user, expected) in
        [("government", "pass"), ("armed-group", "blocked"), ("private", "blocked"), ("unknown", "hold")]
    {
        let answer = check("COD", "small-arms", "2025-08-01", &["--end-user", end_user]);
        assert_eq!(outcome(&answer), expected, "{end_user}: {answer:#}");
    }
}

#[test]
fn a_day_is_answered_by_its_gravest_instant() {
    // The measure returned at 00:00 UTC, so that the day before is free to its end.
    assert_eq!(outcome(&check("IRN", "I", "2025-09-27", &["--part"])), "pass");
    let day = check("LBY", "I", "2011-02-26", &[]);
    assert_eq!(outcome(&day), "blocked");
    assert_eq!(day["question"]["at"], "2011-02-26T05:00:00Z");
    assert_eq!(day["question"]["known_at"], Value::Null);
    assert_eq!(outcome(&check("BRA", "I", "2026-07-01", &[])), "hold");
}

#[test]
fn what_is_printed_for_people() {
    insta::assert_snapshot!(
        "blocked",
        done(&[
            "check",
            "--to",
            "IRN",
            "--item",
            "I",
            "--part",
            "--end-user",
            "government",
            "--at",
            "2010-09-15",
        ])
    );
    insta::assert_snapshot!(
        "held",
        done(&[
            "check",
            "--to",
            "SDN",
            "--item",
            "small-arms",
            "--end-user",
            "unknown",
            "--area",
            "El Fasher",
            "--at",
            "2026-09-20T00:00:00Z",
        ])
    );
    insta::assert_snapshot!("list_of_a_day", done(&["list", "--on", "2012-09-30"]));
    insta::assert_snapshot!(
        "list_as_csv",
        done(&["list", "--on", "2012-09-30", "--state", "LBY", "--format", "csv"])
    );
    let listed: Value =
        serde_json::from_str(&done(&["list", "--on", "2012-09-30", "--format", "json"])).unwrap();
    let regimes: std::collections::BTreeSet<&str> =
        listed.as_array().unwrap().iter().map(|row| row["regime"].as_str().unwrap()).collect();
    assert_eq!(regimes.len(), 13, "the Yearbook counts 13 in force during 2012: {regimes:?}");
}

/// The folder of the rules that are a part of the program.
fn shipped(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../register/data/embargo").join(name).display().to_string()
}

#[test]
fn files_are_checked_and_their_faults_have_places() {
    let sound = done(&["validate", &shipped("body.toml"), &shipped("libya.toml")]);
    assert_eq!(sound, "Sound: bodies 1, regimes 1, rules 2, of which 0 hold until someone confirms them.\n");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("libya.toml");
    let text = std::fs::read_to_string(shipped("libya.toml")).unwrap();
    std::fs::write(&file, text.replacen("state = \"LBY\"", "state = \"LYB\"", 1)).unwrap();
    let file = file.display().to_string();
    let (status, printed, said) = run(&["validate", &shipped("body.toml"), &file]);
    assert_eq!((status, said.as_str()), (2, ""));
    assert!(
        printed.contains("libya.toml, line 17, column 10: rule libya-1970-9, target.state: \"LYB\""),
        "{printed}"
    );
    let (status, printed, _) = run(&["validate", "--format", "json", &shipped("body.toml"), &file]);
    assert_eq!(status, 2);
    let answer: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&answer["ok"], &answer["faults"][0]["line"]), (&Value::from(false), &Value::from(17)));

    let (status, printed, said) = run(&["list", "--rules", &file]);
    assert_eq!((status, printed.as_str()), (2, ""));
    assert!(said.contains("There is no body"), "{said}");
}

#[test]
fn a_regime_of_one_s_own_replaces_that_of_the_same_body_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let body = std::fs::read_to_string(shipped("body.toml")).unwrap();
    let libya = std::fs::read_to_string(shipped("libya.toml")).unwrap();
    let eu = write("eu.toml", format!("{body}{libya}").replace("UNSC", "EU").replace("libya", "eu-libya"));
    let advisory = check("LBY", "I", "2012-01-15", &["--rules", &eu]);
    let bearings: Vec<&Value> =
        advisory["findings"].as_array().unwrap().iter().map(|finding| &finding["bearing"]).collect();
    assert_eq!(bearings, ["binding", "advisory"]);

    // The same identifiers under another body would take a rule away from the Security Council.
    let stolen = write("stolen.toml", format!("{body}{libya}").replace("UNSC", "EU"));
    let (status, _, said) = run(&["list", "--rules", &stolen]);
    assert_eq!(status, 2);
    assert!(said.contains("embargo.identifier"), "{said}");

    let own = write("own.toml", format!("{body}{libya}"));
    let listed = |more: &[&str]| -> Vec<Value> {
        let mut arguments = vec!["list", "--format", "json"];
        arguments.extend(more);
        serde_json::from_str(&done(&arguments)).unwrap()
    };
    assert_eq!(listed(&["--rules", &own]).len(), listed(&[]).len());
    let fewer = write("fewer.toml", format!("{body}{}", libya.split("[[rule.exception]]").next().unwrap()));
    assert_eq!(listed(&["--rules", &fewer, "--state", "LBY"]).len(), 1);
    // What is on file of other states stays on file.
    let others = ["--rules", fewer.as_str(), "--state", "SSD"];
    assert_eq!(listed(&others).len(), listed(&["--state", "SSD"]).len());
    let blocked = check("SSD", "I", "2026-01-15", &["--end-user", "private", "--rules", &fewer]);
    assert_eq!(outcome(&blocked), "blocked");
}

#[test]
fn a_list_says_what_was_known_and_what_still_holds() {
    let known = ["list", "--state", "IRN", "--on", "2014-06-01", "--known-at", "2014-06-01T00:00:00Z"];
    assert!(!done(&known).contains("2016-01"), "an end that was not known");
    let ended = done(&["list", "--on", "2020-01-01", "--state", "CIV"]);
    assert!(ended.contains("END TO BE CONFIRMED, HOLDS"), "{ended}");
    assert_eq!(outcome(&check("CIV", "I", "2020-01-01", &[])), "hold");
}

#[test]
fn a_file_prints_nothing_that_a_terminal_obeys() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("libya.toml");
    let text = std::fs::read_to_string(shipped("libya.toml")).unwrap();
    std::fs::write(&file, text.replacen("note = \"", "note = \"\\u001b[2JPASS", 1)).unwrap();
    let (status, printed, _) = run(&["validate", &shipped("body.toml"), &file.display().to_string()]);
    assert!(status == 2 && printed.contains("control character") && !printed.contains('\u{1b}'), "{printed}");
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_is_missing() {
    for (arguments, expected) in [
        (&["list", "--state", "XXX"][..], "state.unknown"),
        (&["list", "--on", "2012-02-30"], "date.does_not_exist"),
        (
            &["check", "--to", "IRN", "--item", "I", "--end-user", "government", "--at", "soon"],
            "date.malformed",
        ),
        (
            &[
                "check",
                "--to",
                "IRN",
                "--item",
                "I",
                "--end-user",
                "government",
                "--at",
                "2012-01-01T00:00:00",
            ],
            "instant.malformed",
        ),
        (
            &[
                "check",
                "--to",
                "IRN",
                "--item",
                "I",
                "--end-user",
                "private",
                "--mission",
                "X",
                "--at",
                "2012-01-01",
            ],
            "embargo.end_user",
        ),
        (
            &[
                "check",
                "--to",
                "IRN",
                "--item",
                "I",
                "--end-user",
                "listed",
                "--listed-by",
                "x",
                "--at",
                "2012-01-01",
            ],
            "embargo.regime",
        ),
        (&["validate", "nowhere.toml"], "file.unreadable"),
    ] {
        let (status, printed, said) = run(arguments);
        assert_eq!((status, printed.as_str()), (2, ""), "{arguments:?}");
        assert!(said.contains(expected) && said.contains("missing"), "{arguments:?}: {said}");
    }
}
