//! Rule files: what is wrong with them, and how they are put together.

use proptest::prelude::*;

use crate::embargo::{Rule, RuleSet, Text, read, united_nations};

const FILE: &str = r#"
[[body]]
id = "UNSC"
name = "United Nations Security Council"
zone = "America/New_York"
covers_from = 2012-01-01
covers_to = 2026-06-30
source = "Source"
verified_on = 2026-01-01

[[regime]]
id = "libya"
body = "UNSC"
name = "Libya"
states = ["LBY"]

[[rule]]
id = "libya-1"
regime = "libya"
resolution = "1970 (2011)"
effect = "prohibit"
target = { kind = "territory", state = "LBY" }
direction = "to"
items = { all_arms = true, parts = true }
activities = ["supply"]
valid_from = 2011-02-26
source = "Source"
certainty = "high"
verified_on = 2026-01-01
"#;

/// The faults of the file with one text for another.
fn faults(old: &str, new: &str) -> Vec<String> {
    assert!(FILE.contains(old), "{old}");
    let text = FILE.replacen(old, new, 1);
    let faults = read(&[Text { name: "a.toml", text: &text }]).unwrap_err();
    faults.iter().map(|fault| format!("{fault}; missing: {}", fault.missing)).collect()
}

#[test]
fn the_file_of_these_tests_is_sound() {
    let rules = read(&[Text { name: "a.toml", text: FILE }]).unwrap();
    assert_eq!(rules.rules[0].valid_from.to_string(), "2011-02-26T05:00:00Z");
}

#[test]
fn a_fault_names_its_place_its_field_and_what_would_be_right() {
    let wrong = [
        ("states = [\"LBY\"]", "states = [\"LYB\"]"),
        ("direction = \"to\"", "direction = \"onto\""),
        ("certainty =", "certanty ="),
        ("valid_from = 2011-02-26", "valid_from = 2011-02-30"),
        ("valid_from = 2011-02-26", "valid_from = 2011-02-26T20:00:00"),
        (
            "valid_from = 2011-02-26",
            "valid_from = 2011-02-26\nends = { at = 2011-02-20, resolution = \"2\" }",
        ),
        ("America/New_York", "America/York"),
        ("regime = \"libya\"", "regime = \"lybia\""),
        ("items = { all_arms = true, parts = true }", "items = { parts = true }"),
        ("activities = [\"supply\"]", "activities = []"),
        ("covers_to = 2026-06-30", "covers_to = 2011-06-30"),
        (
            "{ kind = \"territory\", state = \"LBY\" }\ndirection = \"to\"",
            "{ kind = \"listed\" }\ndirection = \"both\"",
        ),
        ("resolution = \"1970 (2011)\"", "resolution = \" \""),
        ("id = \"libya-1\"", "id = \"libya 1\""),
    ];
    let said: Vec<String> = wrong.into_iter().flat_map(|(old, new)| faults(old, new)).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn an_exception_says_who_and_what() {
    let with = |exception: &str| {
        let text = format!("{FILE}[[rule.exception]]\n{exception}\nwords = \"Words\"\n");
        let faults = read(&[Text { name: "a.toml", text: &text }]).map(|_| ()).unwrap_err();
        faults.iter().map(|fault| format!("{fault}; missing: {}", fault.missing)).collect::<Vec<_>>()
    };
    let said = [
        with("kind = \"exempt\""),
        with("kind = \"exempt\"\nby = \"the committee\"\nwhen = { non_lethal = true }"),
        with("kind = \"approve\""),
        with("kind = \"exempt\"\nwhen = { end_users = [\"militia\"] }"),
        with("kind = \"notify\"\nby = \"the committee\"\nwhen = { items = {} }"),
    ];
    insta::assert_snapshot!(said.concat().join("\n"));
}

#[test]
fn two_rules_that_contradict_each_other_are_refused() {
    let again = FILE.split_once("[[rule]]").unwrap().1.replacen("libya-1", "libya-2", 1);
    let both = format!("{FILE}\n[[rule]]{again}");
    let faults = read(&[Text { name: "a.toml", text: &both }]).unwrap_err();
    insta::assert_snapshot!(faults[0].to_string());
    // One after the other is one replacing the other, and the day of the change is of both.
    let (first, second) = both.rsplit_once("valid_from = 2011-02-26").unwrap();
    let ending = "valid_from = 2011-02-26\nends = { at = 2012-05-01, resolution = \"2\" }";
    let replaced =
        format!("{}valid_from = 2012-05-01{second}", first.replacen("valid_from = 2011-02-26", ending, 1));
    assert_eq!(read(&[Text { name: "a.toml", text: &replaced }]).unwrap().rules.len(), 2);
    // So is one after another whose term has ended by its own words.
    let ending = "valid_from = 2011-02-26\nterm = { last_day = 2012-04-30, after = \"ends\" }";
    let replaced =
        format!("{}valid_from = 2012-05-01{second}", first.replacen("valid_from = 2011-02-26", ending, 1));
    assert_eq!(read(&[Text { name: "a.toml", text: &replaced }]).unwrap().rules.len(), 2);
}

#[test]
fn rules_without_a_body_have_no_span_and_are_refused() {
    let regime = FILE.split_once("[[regime]]").unwrap().1;
    let text = format!("[[regime]]{regime}");
    let faults = read(&[Text { name: "a.toml", text: &text }]).unwrap_err();
    assert!(faults[0].message.contains("no body \"UNSC\""), "{}", faults[0]);
    let empty = read(&[Text { name: "a.toml", text: "" }]).unwrap_err();
    assert!(empty[0].missing.contains("[[body]]"));
}

#[test]
fn a_regime_of_a_set_replaces_that_of_the_same_body_and_no_other() {
    let own = |text: &str| read(&[Text { name: "a.toml", text }]).unwrap();
    let shipped = united_nations().unwrap();
    let of_libya = |set: &RuleSet| -> Vec<Rule> {
        set.rules.iter().filter(|rule| rule.regime == "libya").cloned().collect()
    };
    let with = shipped.clone().with(own(FILE)).unwrap();
    assert_eq!(of_libya(&with), own(FILE).rules);
    assert_eq!(with.rules.len(), shipped.rules.len() - of_libya(&shipped).len() + 1);
    assert_eq!(with.regimes.len(), shipped.regimes.len());
    let eu = own(&FILE.replace("UNSC", "EU").replace("libya", "eu-libya"));
    let all = united_nations().unwrap().with(eu).unwrap();
    assert_eq!(all.bodies.len(), 2);
    assert_eq!(all.rules.len(), united_nations().unwrap().rules.len() + 1);
    // A regime of the Security Council does not become another body’s by its name, nor does a rule.
    let regime = own(&FILE.replace("UNSC", "EU"));
    let rule =
        own(&FILE.replace("UNSC", "EU").replace("\"libya\"", "\"eu\"").replace("libya-1", "libya-1970-9"));
    for stolen in [regime, rule] {
        assert_eq!(united_nations().unwrap().with(stolen).unwrap_err().code, "embargo.identifier");
    }
}

proptest! {
    #[test]
    fn a_file_of_any_text_is_read_or_refused(text in "[\\[\\]a-z_=\"0-9\\-\n{}, ]{0,200}", at in 0..FILE.len(), gone in 0..40usize) {
        let _ = read(&[Text { name: "any.toml", text: &text }]);
        // And one that lacks a stretch, or has another there.
        let end = FILE.len().min(at + gone);
        for torn in [format!("{}{}", &FILE[..at], &FILE[end..]), format!("{}{text}{}", &FILE[..at], &FILE[end..])] {
            let _ = read(&[Text { name: "torn.toml", text: &torn }]);
        }
    }
}
