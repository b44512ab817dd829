//! Scenario 9: an end user that is written in another script, by an alias that its list calls weak.

use entente_register::party::PartyKind;
use serde_json::json;

use super::{Scene, authority};

const HEAD: &str = "id,schema,name,alias,weakAlias,country,notes\n";

fn list(name: &str, country: &str, other: &str) -> String {
    format!(
        "{HEAD}x1,Company,{name},\u{634}\u{631}\u{643}\u{629} \u{635}\u{642}\u{631} \u{627}\u{644}\u{635}\u{62d}\u{631}\u{627}\u{621},Abu Falcon Trading,{country},\nx2,Company,{other},,,YE,\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_alias_in_another_script_is_found_cleared_by_two_people_and_not_raised_again() {
    let scene = Scene::unscreened("2025-03-03").await;
    scene.bring_in(&list("Desert Falcon Trading House", "AE", "Blue Heron Shipping"), None).await;
    // By the weak alias in Cyrillic letters, and by an alias in Arabic ones.
    let cyrillic = scene.party("\u{410}\u{431}\u{443} \u{424}\u{430}\u{43b}\u{43a}\u{43e}\u{43d} \u{422}\u{440}\u{435}\u{439}\u{434}\u{438}\u{43d}\u{433}", PartyKind::Company, "ARE").await;
    let arabic = scene
        .party(
            "\u{634}\u{631}\u{643}\u{629} \u{635}\u{642}\u{631} \u{627}\u{644}\u{635}\u{62d}\u{631}\u{627}\u{621}",
            PartyKind::Company,
            "ARE",
        )
        .await;
    let mut of = Vec::new();
    for user in [&cyrillic, &arabic] {
        let number = scene.filed(("ARE", user), json!({"description": "Rifle"}), json!({})).await;
        scene.establish(&number, user, json!({"is": "authorised", "state": "ARE"})).await;
        scene.weigh(&number).await;
        let (code, said) = scene.barred(&number).await;
        let case = format!("{user}.H1");
        assert_eq!(code, "transfer.held", "{said}");
        assert!(said.contains(&format!("Case {case} of it waits for two people")), "{said}");
        of.push((number, case));
    }
    let weak = scene.read("officer", &format!("cases/{}", of[0].1)).await;
    assert!(weak.to_string().contains("the list calls this name a weak alias"), "{weak}");

    let (number, case) = &of[0];
    let decide = format!("cases/{case}/decide");
    let act = |act: &str, reason: Option<&str>| json!({"act": act, "reason": reason});
    let unsaid = scene.refused("officer", &decide, act("propose", None)).await;
    assert_eq!(unsaid["field"], "reason");
    scene.ok("officer", &decide, act("propose", Some("Another owner, by the register of companies"))).await;
    assert_eq!(scene.refused("officer", &decide, act("clear", None)).await["code"], "case.two_people");
    assert!(scene.barred(number).await.1.contains(case), "one person clears nobody");
    scene.ok("second", &decide, act("clear", None)).await;
    let screening = async |scene: &Scene| {
        let checks = scene.checks(number, "screening").await;
        let of_user = checks.into_iter().find(|check| check["about"] == json!(cyrillic)).unwrap();
        of_user["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(screening(&scene).await, "pass");

    // The same once more, and another edition in which only another entry is changed: nothing is raised.
    scene.screen().await;
    scene.bring_in(&list("Desert Falcon Trading House", "AE", "Blue Heron Lines"), None).await;
    let cleared = scene.read("officer", &format!("cases/{case}")).await;
    assert_eq!(
        (&cleared["state"], screening(&scene).await),
        (&json!("cleared"), "pass".to_owned()),
        "{cleared}"
    );
    let cases = scene.read("officer", &format!("cases?party={cyrillic}")).await;
    assert_eq!(cases["total"], 1, "{cases}");

    // What the list says of this entry is changed: it is asked again.
    scene.bring_in(&list("Desert Falcon Trading House", "IR", "Blue Heron Lines"), None).await;
    let raised = scene.read("officer", &format!("cases/{case}")).await;
    assert_ne!(raised["state"], "cleared", "{raised}");
    assert_eq!(screening(&scene).await, "hold");
    assert!(scene.barred(number).await.1.contains(case));
}

/// The end user is an authority here: what a list says of whoever has its name is asked all the same.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_confirmed_to_be_an_entry_is_dealt_with_by_nobody() {
    let scene = Scene::unscreened("2025-03-03").await;
    scene.bring_in(&list("Desert Falcon Trading House", "AE", "Blue Heron Shipping"), None).await;
    let user = scene.party("Abu Falcon Trading", PartyKind::StateAuthority, "ARE").await;
    let number = scene.filed(("ARE", &user), json!({"description": "Rifle"}), json!({})).await;
    scene.establish(&number, &user, authority("ARE")).await;
    scene.weigh(&number).await;
    let decide = format!("cases/{user}.H1/decide");
    scene.ok("officer", &decide, json!({"act": "confirm", "reason": "The same address"})).await;
    let (code, said) = scene.barred(&number).await;
    assert!(code == "transfer.blocked" && said.contains(&format!("By case {user}.H1")), "{said}");
}
