//! A contract from its terms to its closing, through the JSON API and on its pages.

use axum::http::StatusCode;
use entente_register::access::Role;
use serde_json::json;

use crate::pages::Visitor;
use crate::performance::{contract, ok, paper, read, refused};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_claimed_slips_and_is_owed_stands_on_the_contract() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let chair = server.key(Role::Chair).await;
    let contract = contract(&server, &officer).await;
    let line = format!("{contract}.1");
    let under = |step: &str| format!("contracts/{contract}/{step}");
    let terms = json!({
        "on": "2012-02-05", "reason": "annex 5", "document": paper("2012-02-05"),
        "claim_windows": [{"days": 365}, {"kind": "shortage", "days": 30}],
        "warranties": [{"months": 24}], "serialised": [line]
    });
    let mut odd = terms.clone();
    odd["claim_windows"][1]["kind"] = json!("theft");
    let refusal = refused(&server, &officer, &under("terms"), odd).await;
    assert_eq!(
        (&refusal["code"], &refusal["field"]),
        (&json!("claim.kind"), &json!("claim_windows[1].kind"))
    );
    ok(&server, &officer, &under("terms"), terms).await;

    // A line slips, with its cause.
    let slips = json!({
        "on": "2012-03-01", "line": line, "expected_on": "2012-12-15", "cause": "quality", "side": "seller",
        "description": "The first lot <b>failed</b>"
    });
    let mut nobody = slips.clone();
    nobody["side"] = json!("the yard");
    assert_eq!(refused(&server, &officer, &under("slippages"), nobody).await["field"], "side");
    let slippage = ok(&server, &officer, &under("slippages"), slips).await;
    let revised = json!({"on": "2012-04-01", "expected_on": "2013-01-15", "reason": "worse"});
    ok(&server, &officer, &format!("slippages/{slippage}/revise"), revised).await;
    let plan = json!({
        "on": "2012-04-02", "about": format!("slippage:{slippage}"), "goal": "The radar by December",
        "actions": [{"what": "Another lot", "responsible": "Works 3", "due_on": "2012-06-01"}]
    });
    let plan = ok(&server, &officer, &under("corrective-plans"), plan).await;
    let approve = json!({"on": "2012-04-03"});
    let own = refused(&server, &officer, &format!("corrective-plans/{plan}/approve"), approve.clone()).await;
    assert_eq!(own["code"], "corrective.two_persons");
    let secretary = server.key(Role::Secretary).await;
    ok(&server, &secretary, &format!("corrective-plans/{plan}/approve"), approve).await;
    let listed = read(&server, &chair, "slippages?as_of=2012-05-01&cause=quality").await;
    assert_eq!((&listed["total"], &listed["sums"][0]["side"]), (&json!(1), &json!("seller")));
    assert_eq!(listed["rows"][0]["days"], 107);

    // Serial numbers before the acceptance, and a claim after its window.
    let over = json!({"quantity": "2", "on": "2012-05-02", "document": paper("2012-05-02")});
    let delivery = ok(&server, &officer, &format!("lines/{line}/deliveries"), over).await;
    let accept = json!({"on": "2012-05-10", "document": paper("2012-05-10")});
    let early = refused(&server, &officer, &format!("deliveries/{delivery}/accept"), accept.clone()).await;
    assert_eq!(early["code"], "delivery.serials");
    let serials = json!({"on": "2012-05-03", "serials": ["R-1", "R-<2>"]});
    ok(&server, &officer, &format!("deliveries/{delivery}/serials"), serials).await;
    ok(&server, &officer, &format!("deliveries/{delivery}/accept"), accept).await;
    let claim = json!({
        "on": "2012-06-20", "kind": "shortage", "description": "A cable set is wanting",
        "delivery": delivery, "quantity": "1", "amount": {"amount": "2000.00", "currency": "USD"}
    });
    ok(&server, &officer, &under("claims"), claim).await;
    let answer = json!({"on": "2012-06-25", "accepted": true, "answer": "It comes by air"});
    ok(&server, &officer, &under("claims/1/answer"), answer).await;
    let seen = read(&server, &chair, &format!("deliveries/{delivery}?as_of=2012-09-30")).await;
    assert_eq!(seen["serials"], json!(["R-1", "R-<2>"]));
    assert_eq!((&seen["warranty_ends_on"], &seen["claims"][0]["late"]), (&json!("2014-05-10"), &json!(true)));
    let complete = json!({"on": "2012-09-01"});
    assert_eq!(refused(&server, &officer, &under("complete"), complete).await["code"], "contract.open_claim");
    let settle = json!({
        "on": "2012-07-01", "settlement": "credited", "outcome": "as a goodwill",
        "amount": {"amount": "1500.00", "currency": "USD"}
    });
    ok(&server, &officer, &under("claims/1/settle"), settle).await;

    // What the buyer's economy is owed.
    let offset = json!({
        "on": "2012-02-10", "title": "Industrial participation", "document": paper("2012-02-10"),
        "required": {"amount": "3600000.00", "currency": "USD"}, "percent": "120",
        "multipliers": [{"kind": "training", "factor": "2.5"}],
        "phases": [{"by": "2012-08-31", "share": "50"}, {"by": "2014-12-31", "share": "100"}]
    });
    let offset = ok(&server, &officer, &under("offsets"), offset).await;
    let credit = json!({
        "on": "2012-06-01", "performed_on": "2012-05-20", "kind": "training", "description": "Welders",
        "value": {"amount": "100000.00", "currency": "USD"}, "document": paper("2012-06-01")
    });
    ok(&server, &officer, &format!("offsets/{offset}/claims"), credit).await;
    let taken = json!({"on": "2012-06-10", "document": paper("2012-06-10")});
    ok(&server, &secretary, &format!("offsets/{offset}/claims/1/accept"), taken).await;
    let seen = read(&server, &chair, &format!("{}?as_of=2012-09-30", under("performance"))).await;
    let owed = &seen["offsets"][0];
    assert_eq!((&owed["accepted"]["amount"], &owed["missed"]), (&json!("250000.00"), &json!(true)));
    assert_eq!(owed["phases"][0]["shortfall"]["amount"], "1550000.00");
    assert_eq!(seen["slippages"][0]["revisions"], 1);
    assert_eq!(seen["corrective_plans"][0]["actions"][0]["overdue"], true);
    assert_eq!(seen["conditions"].as_array().unwrap().iter().filter(|one| one["met"] == false).count(), 0);

    // It stands on the pages as it stands in the data, and nothing of it is taken for markup.
    let visitor = Visitor::of(&server, Role::Secretary).await;
    let page = visitor.get(&format!("/contracts/{contract}?as_of=2012-09-30")).await.text;
    for words in ["1,550,000.00", "after its window", "Works 3", "Before it is completed", "training × 2.5"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("&#60;b&#62;failed") && !page.contains("<b>failed"));
    let page = visitor.get(&format!("/deliveries/{delivery}?as_of=2012-09-30")).await.text;
    assert!(page.contains("R-&#60;2&#62;") && page.contains("Under warranty until"), "{page}");
    let list = visitor.get("/slippages?as_of=2012-09-30").await;
    assert!(list.text.contains("Test not passed") && list.text.contains(&line), "{}", list.text);
    let table = visitor.get("/slippages.csv?as_of=2012-09-30").await;
    assert_eq!((table.status, table.text.lines().count()), (StatusCode::OK, 2));
    let found = visitor.get("/search?q=R-1&as_of=2012-09-30").await.text;
    assert!(found.contains(&delivery), "an item is found by its serial number");

    // Everything ends, and the contract is closed; what is closed stays so.
    ok(&server, &officer, &under("complete"), json!({"on": "2012-09-02"})).await;
    let close = json!({"on": "2012-09-03"});
    let order = [
        (
            "contract.open_slippages",
            format!("slippages/{slippage}/end"),
            json!({"on": "2012-09-03", "end": "delivered"}),
        ),
        (
            "contract.open_corrective_plans",
            format!("corrective-plans/{plan}/withdraw"),
            json!({"on": "2012-09-03", "reason": "delivered without"}),
        ),
        (
            "contract.open_offsets",
            format!("offsets/{offset}/release"),
            json!({"on": "2012-09-03", "reason": "by agreement", "document": paper("2012-09-03")}),
        ),
    ];
    for (code, path, body) in order {
        assert_eq!(refused(&server, &officer, &under("close"), close.clone()).await["code"], code);
        ok(&server, &officer, &path, body).await;
    }
    let warranty = refused(&server, &officer, &under("close"), close).await;
    assert_eq!(warranty["code"], "contract.warranty");
    assert!(warranty["message"].as_str().or(warranty["detail"].as_str()).unwrap().contains("2014-05-10"));
}
