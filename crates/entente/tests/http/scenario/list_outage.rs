//! Scenario 8: a list that is missing, stale or much smaller clears nobody.

use entente::screener::edition::load_latest;
use entente_register::party::PartyKind;
use serde_json::json;

use super::{OTHERS, Scene, authority};
use crate::pages::Visitor;
use crate::register::operator;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_missing_stale_or_shrunk_clears_nobody_and_the_old_one_is_kept() {
    let mut scene = Scene::unscreened("2025-03-03").await;
    let user = scene.party("Ministry of Defence", PartyKind::StateAuthority, "BRA").await;
    let number = scene.filed(("BRA", &user), json!({"description": "Rifle"}), json!({})).await;
    scene.establish(&number, &user, authority("BRA")).await;
    scene.weigh(&number).await;
    scene.certify(&number, ("BRA", &user)).await;
    let held = async |scene: &Scene, why: &str| {
        let (code, said) = scene.barred(&number).await;
        assert_eq!(code, "transfer.held", "{said}");
        assert!(said.contains(why), "{why}: {said}");
    };

    // Missing.
    held(&scene, "The register has no list").await;
    assert_eq!(scene.count("list_held").await, 1, "the alarm");
    scene.bring_in(OTHERS, None).await;
    let licence = scene.grant(&number).await;
    let shipment = |scene: &Scene, reference: &str| {
        json!({
            "on": scene.day, "reference": reference, "line": 1, "quantity": "1", "currency": "USD", "value": "100",
            "document": {"title": format!("Declaration {reference}"), "dated": scene.day}
        })
    };
    let off = format!("licences/{licence}/write-offs");
    scene.ok("customs", &off, shipment(&scene, "D-1")).await;
    assert_eq!(scene.count("list_held").await, 0);

    // Stale: nothing new is granted, and nothing more goes under what was.
    scene.set_day("2025-03-12").await;
    let (number, granted) = (scene.filed(("BRA", &user), json!({}), json!({})).await, number);
    scene.establish(&number, &user, authority("BRA")).await;
    scene.weigh(&number).await;
    scene.certify(&number, ("BRA", &user)).await;
    let (code, said) = scene.barred(&number).await;
    assert!(code == "transfer.held" && said.contains("9 days ago; its policy allows 7"), "{said}");
    let stopped = scene.refused("customs", &off, shipment(&scene, "D-2")).await;
    assert_eq!(stopped["code"], "transfer.held", "{granted}: {stopped}");
    let watch = Visitor { server: &scene.server, cookie: super::term::session(&scene).await };
    assert!(watch.get("/lists").await.text.contains("Held: it clears nobody."));
    scene.bring_in(OTHERS, None).await;
    scene.ok("customs", &off, shipment(&scene, "D-2")).await;

    // What its publisher gives has lost two of five: it is refused, and the edition in force is in doubt from then on.
    let short: String = OTHERS.lines().take(4).map(|line| format!("{line}\n")).collect();
    let before = scene.read("officer", "lists/own").await;
    let store = &scene.server.app.store;
    let fetched = load_latest(store, &operator(), scene.incoming(&short, None)).await.unwrap_err();
    assert!(fetched.to_string().contains("20 % fewer"), "{fetched}");
    let after = scene.read("officer", "lists/own").await;
    assert_eq!(before["editions"], after["editions"], "the old edition is kept");
    assert_eq!(after["held"]["code"], "refused", "{after}");
    let (code, said) = scene.barred(&number).await;
    assert!(code == "transfer.held" && said.contains("20 % fewer"), "{said}");
    assert_eq!(scene.refused("customs", &off, shipment(&scene, "D-3")).await["code"], "transfer.held");
    // Whoever stands on it is found all the same.
    let found = watch.get("/screening?kind=organisation&names=Red+Kite+Brokers&countries=YEM").await;
    assert!(
        found.text.contains("One hit") && found.text.contains("Held: nobody is cleared"),
        "{}",
        found.text
    );
    assert!(watch.get("/lists").await.text.contains("Held: it clears nobody."));
    let alarm = scene.read("officer", "notices/list_held").await;
    assert_eq!((&alarm["total"], &alarm["rows"][0]["number"]), (&json!(1), &json!("own")), "{alarm}");
    assert!(alarm["rows"][0]["why"].as_str().unwrap().contains("20 % fewer"), "{alarm}");
    // Again the same: it is said once.
    let events = scene.server.head().await.0;
    load_latest(store, &operator(), scene.incoming(&short, None)).await.unwrap_err();
    assert_eq!(scene.server.head().await.0, events);
    // A file that a person tries and that is refused puts nothing in doubt.
    scene.bring_in(OTHERS, None).await;
    assert!(scene.load(&short, None).await.is_err());
    scene.grant(&number).await;
    // Loaded with the reason for it, the smaller one clears.
    load_latest(store, &operator(), scene.incoming(&short, None)).await.unwrap_err();
    assert_eq!(scene.refused("customs", &off, shipment(&scene, "D-3")).await["code"], "transfer.held");
    scene.bring_in(&short, Some("Two were delisted")).await;
    scene.ok("customs", &off, shipment(&scene, "D-3")).await;
}
