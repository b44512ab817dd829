//! One act on many subjects of a list: chosen, previewed, carried out on all or on none.

use axum::http::StatusCode;
use entente_register::access::Role;

use crate::act::{act, led_to, part, send};
use crate::pages::{Visitor, check, hidden};
use crate::support::{Answer, Server};

const CERTIFICATE: [(&str, &str); 3] =
    [("on", "2012-06-10"), ("document.title", "Certificate 7"), ("document.dated", "2012-06-10")];

/// Three deliveries of the line, handed over; gives their numbers.
async fn hand_over(officer: &Visitor<'_>, server: &Server) -> Vec<String> {
    let path = format!("/lines/{}/acts/hand-over", server.held.line);
    let mut numbers = Vec::new();
    for quantity in ["1", "2", "3"] {
        let fields = [
            ("on", "2012-06-01"),
            ("quantity", quantity),
            ("document.title", "Waybill"),
            ("document.dated", "2012-06-01"),
        ];
        let (place, _) = led_to(officer, &act(officer, &path, &fields).await).await;
        numbers.push(place.trim_start_matches("/deliveries/").to_owned());
    }
    numbers
}

fn asked(numbers: &[String]) -> String {
    let chosen: Vec<String> = numbers.iter().map(|number| format!("chosen={number}")).collect();
    format!("/acts/deliveries/accept?{}", chosen.join("&"))
}

/// Sends the form for these numbers, with the versions that it shows.
async fn step(
    officer: &Visitor<'_>,
    form: &Answer,
    numbers: &[String],
    fields: &[(&str, &str)],
    step: &str,
) -> Answer {
    let mut parts: Vec<Vec<u8>> =
        ["csrf", "once"].iter().map(|name| part(name, &hidden(&form.text, name))).collect();
    if form.text.contains("name=\"previewed\"") {
        parts.push(part("previewed", &hidden(&form.text, "previewed")));
    }
    for number in numbers {
        parts.push(part("chosen", number));
        let seen = format!("seen[{number}]");
        parts.push(part(&seen, &hidden(&form.text, &seen)));
    }
    parts.extend(fields.iter().map(|(name, value)| part(name, value)));
    parts.push(part("step", step));
    send(officer, "/acts/deliveries/accept", &parts).await
}

#[tokio::test]
async fn deliveries_are_chosen_previewed_and_accepted_together() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let numbers = hand_over(&officer, &server).await;
    let list = officer.get(&format!("/lines/{}", server.held.line)).await;
    assert!(list.text.contains("formaction=\"/acts/deliveries/accept\""), "{}", list.text);
    let all = officer.get(&format!("/lines/{}?choose=all", server.held.line)).await;
    for number in &numbers {
        let tick = format!("name=\"chosen\" value=\"{number}\" aria-label=\"Choose {number}\"");
        assert!(list.text.contains(&format!("{tick}>")), "{}", list.text);
        assert!(all.text.contains(&format!("{tick} checked>")), "{}", all.text);
    }

    // With one among them that is accepted already: that one is refused, and so nothing can be confirmed.
    let path = format!("/deliveries/{}/acts/accept", numbers[0]);
    led_to(&officer, &act(&officer, &path, &CERTIFICATE).await).await;
    let before = server.head().await;
    let form = officer.get(&asked(&numbers)).await;
    check("the form", &form);
    let refused = step(&officer, &form, &numbers, &CERTIFICATE, "preview").await;
    assert!(refused.status.is_client_error(), "{}", refused.text);
    assert!(refused.text.contains("1 of 3 would be refused"), "{}", refused.text);
    assert!(!refused.text.contains("value=\"confirm\""), "{}", refused.text);

    // What is wrong for all of them stands beside its field.
    let two = &numbers[1..];
    let early = [("on", "2012-05-01"), CERTIFICATE[1], CERTIFICATE[2]];
    let wrong = step(&officer, &refused, two, &early, "preview").await;
    assert!(wrong.text.contains("id=\"on-slip\""), "{}", wrong.text);

    let preview = step(&officer, &wrong, two, &CERTIFICATE, "preview").await;
    check("the preview", &preview);
    assert!(preview.text.contains("Accept 2 deliveries"), "{}", preview.text);
    assert!(preview.text.contains("<td>Accepted</td>"), "{}", preview.text);
    assert_eq!(server.head().await, before, "a preview records nothing");

    // Other fields, or others chosen, are previewed first.
    let later = [("on", "2012-06-12"), CERTIFICATE[1], CERTIFICATE[2]];
    let unseen = step(&officer, &preview, two, &later, "confirm").await;
    check("the preview of what was changed", &unseen);
    assert_eq!(server.head().await, before);

    let done = step(&officer, &preview, two, &CERTIFICATE, "confirm").await;
    let (place, page) = led_to(&officer, &done).await;
    assert!(page.text.matches("<td>Accepted</td>").count() == 2, "{}", page.text);
    let after = server.head().await;
    assert_eq!(after.0, before.0 + 2);
    // By a second click on the same button.
    let again = step(&officer, &preview, two, &CERTIFICATE, "confirm").await;
    assert_eq!(again.header("location"), place, "{}", again.text);
    assert_eq!(server.head().await, after);
}

#[tokio::test]
async fn what_another_changes_after_the_preview_leaves_all_as_they_were() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let numbers = hand_over(&officer, &server).await;
    let form = officer.get(&asked(&numbers)).await;
    let preview = step(&officer, &form, &numbers, &CERTIFICATE, "preview").await;
    check("the preview", &preview);
    let path = format!("/deliveries/{}/acts/annul", numbers[2]);
    led_to(&officer, &act(&officer, &path, &[("reason", "Recorded twice.")]).await).await;
    let before = server.head().await;
    let late = step(&officer, &preview, &numbers, &CERTIFICATE, "confirm").await;
    assert!(late.status.is_client_error(), "{}", late.text);
    assert!(late.text.contains("1 of 3 would be refused"), "{}", late.text);
    assert_eq!(server.head().await, before);
}

#[tokio::test]
async fn only_acts_that_are_given_and_made_for_many_can_be_asked() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let line = format!("/lines/{}", server.held.line);
    assert_eq!(officer.get("/acts/deliveries/accept").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(officer.get("/acts/lines/hand-over?chosen=1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(officer.get("/acts/contracts/sign?chosen=1").await.status, StatusCode::NOT_FOUND);
    let absent = officer.get("/acts/contracts/suspend?chosen=nobody").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND, "{}", absent.text);
    let many: Vec<String> = (0..201).map(|number| number.to_string()).collect();
    assert_eq!(officer.get(&asked(&many)).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let auditor = Visitor::of(&server, Role::Auditor).await;
    assert!(!auditor.get(&line).await.text.contains("name=\"chosen\""));
    let number = format!("{}.1", server.held.line);
    assert_eq!(auditor.get(&asked(&[number])).await.status, StatusCode::FORBIDDEN);
    // Acts are of the present: a page of another day offers none.
    let past = officer.get(&format!("{line}?as_of=2012-06-01")).await;
    assert!(!past.text.contains("name=\"chosen\""), "{}", past.text);
}
