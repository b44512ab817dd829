//! What is sought when it is no licence: an advance opinion before an offer, and a notice that no licence is needed; and a draft
//! that begins as another application stands.

use entente_register::access::Role;
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY, MARKERS, assessment, proposal, strings};

/// An application for something, with all that a decision rests on but the proposal.
async fn ready(case: &Case, content: Value) -> String {
    let draft = json!({"on": DAY, "label": "OFFICIAL", "content": content});
    let number = case.ok("exporter", "applications", draft).await;
    let at = |act: &str| format!("applications/{number}/{act}");
    let paper = |title: &str| json!({"title": title, "dated": DAY});
    case.ok("exporter", &at("submit"), json!({"on": DAY})).await;
    let ask = json!({"on": DAY, "agency": case.agency, "due_on": "2026-06-30"});
    case.ok("licensing-officer", &at("opinions/ask"), ask).await;
    let opinion = json!({
        "on": DAY, "agency": case.agency, "lines": [{"stance": "approve"}], "document": paper("QX-OPINION-PAPER")
    });
    case.ok("f.ministry", &at("opinions"), opinion).await;
    let established = json!({
        "on": DAY, "party": case.server.held.user, "standing": {"is": "authority", "state": "IND"},
        "document": paper("QX-STANDING-PAPER")
    });
    case.ok("licensing-officer", &at("end-users"), established).await;
    case.ok("licensing-officer", &at("assessment"), assessment()).await;
    number
}

async fn affirmed(case: &Case, number: &str) -> Value {
    case.ok("licensing-officer", &format!("applications/{number}/propose"), proposal("2027-06-14")).await;
    case.ok("countersigner", &format!("applications/{number}/countersign"), json!({"on": DAY})).await;
    case.read("exporter", &format!("applications/{number}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_advance_opinion_is_given_before_an_offer_and_a_licence_rests_on_it() {
    let case = Case::screened().await;
    let mut content = case.content();
    content["request"] = json!("advance_opinion");
    let number = ready(&case, content.clone()).await;
    // Nobody has a certificate yet, and none is asked for.
    let own = affirmed(&case, &number).await;
    assert_eq!((&own["state"], &own["request"]), (&json!("affirmed"), &json!("advance_opinion")));
    assert_eq!(own["decisions"][0]["licence"], Value::Null);
    assert_eq!(case.read("licensing-officer", "licences").await["total"], 0, "nothing goes on it");
    let mut said = Vec::new();
    strings(&own, &mut said);
    for marker in MARKERS {
        assert!(!said.iter().any(|text| text.contains(marker)), "{marker}: {said:?}");
    }
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    let page = exporter.get(&format!("/applications/{number}")).await;
    check("an advance opinion", &page);
    assert!(
        page.text.contains("Favourable opinion given") && page.text.contains("Advance opinion"),
        "{}",
        page.text
    );

    // A draft that begins as it stands, made an application for a licence of more than was opined on.
    let form = exporter.get(&format!("/applications/{number}/acts/copy")).await;
    check("another like it", &form);
    assert!(form.text.contains("Guns for the coast") && form.text.contains("ML2.a"), "{}", form.text);
    let user = case.server.held.user.clone();
    let fields = [
        ("on", DAY),
        ("request", "licence"),
        ("kind", "export"),
        ("title", "Guns for the coast, as offered"),
        ("applicant", &case.server.held.exporter),
        ("destination", "IND"),
        ("advance_opinion", &number),
        ("parties[0].role", "end_user"),
        ("parties[0].party", &user),
        ("currency", "USD"),
        ("lines[0].description", "Gun"),
        ("lines[0].category", "ML2.a"),
        ("lines[0].class", "III"),
        ("lines[0].part", "no"),
        ("lines[0].quantity", "120"),
        ("lines[0].unit", "C62"),
        ("lines[0].unit_price", "1000.50"),
        ("purpose", "defence"),
        ("end_use", "Defence of the coast"),
        ("label", "OFFICIAL"),
    ];
    let sent = act(&exporter, &format!("/applications/{number}/acts/copy"), &fields).await;
    let (at, shown) = led_to(&exporter, &sent).await;
    check("the copy", &shown);
    assert!(!at.ends_with(&number), "{at}");
    assert!(shown.text.contains("goes beyond it in the goods or their quantities"), "{}", shown.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_that_was_not_given_to_the_applicant_carries_nothing() {
    let case = Case::screened().await;
    let submitted = case.submitted().await;
    for (opinion, code) in [(submitted.as_str(), "transfer.advance_opinion"), ("O-T2026-0099", "not_found")] {
        let mut content = case.content();
        content["advance_opinion"] = json!(opinion);
        let draft = json!({"on": DAY, "label": "OFFICIAL", "content": content});
        assert_eq!(case.refused("exporter", "applications", draft).await, code, "{opinion}");
    }
    let mut content = case.content();
    content["request"] = json!("advance_opinion");
    let given = ready(&case, content).await;
    affirmed(&case, &given).await;
    // Another exporter is told no more than of one that does not exist.
    let mut content = case.content();
    content["applicant"] = json!(case.rival);
    content["advance_opinion"] = json!(given);
    let draft = json!({"on": DAY, "label": "OFFICIAL", "content": content});
    assert_eq!(case.refused("r.ival", "applications", draft.clone()).await, "not_found");
    assert_eq!(case.refused("licensing-officer", "applications", draft).await, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_no_licence_is_needed_is_given_only_for_what_is_on_no_list() {
    let case = Case::screened().await;
    let mut content = case.content();
    content["request"] = json!("zero_notice");
    let number = ready(&case, content.clone()).await;
    let at = format!("applications/{number}/propose");
    assert_eq!(case.refused("licensing-officer", &at, proposal("2027-06-14")).await, "transfer.controlled");
    content["lines"][0]["category"] = json!("none");
    content["lines"][0]["class"] = json!("uncontrolled");
    let number = ready(&case, content).await;
    let own = affirmed(&case, &number).await;
    assert_eq!((&own["state"], &own["request"]), (&json!("affirmed"), &json!("zero_notice")));
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let page = officer.get(&format!("/applications/{number}")).await;
    check("a notice", &page);
    assert!(page.text.contains("No licence is needed"), "{}", page.text);
}
