//! Transfers through the JSON API: from the draft to the last write-off, by everybody who has a part in it, and what none
//! of them may do or see.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::transfer_case::{Case, DAY, MARKERS, assessment, is, proposal, shipment, strings};

#[tokio::test(flavor = "multi_thread")]
async fn from_the_draft_to_the_write_off() {
    let case = Case::screened().await;
    let draft = json!({"on": DAY, "label": "OFFICIAL", "content": case.content()});
    let first = case.with_header("exporter", "applications", ("idempotency-key", "k1"), &draft).await;
    is(&first, StatusCode::CREATED);
    let place = first.header("location").to_owned();
    let again = case.with_header("exporter", "applications", ("idempotency-key", "k1"), &draft).await;
    assert_eq!((again.json()["repeated"].as_bool(), again.header("location")), (Some(true), &*place));
    let number = first.json()["number"].as_str().unwrap().to_owned();
    assert_eq!(place, format!("/api/v1/applications/{number}"));
    let at = |act: &str| format!("applications/{number}/{act}");
    let it = format!("applications/{number}");

    // Nobody applies for another, and what is not one’s own does not exist.
    let mut other = case.content();
    other["applicant"] = json!(case.rival);
    let other = json!({"on": DAY, "label": "OFFICIAL", "content": other});
    assert_eq!(case.refused("exporter", "applications", other).await, "transfer.applicant");
    is(&case.get("r.ival", &it).await, StatusCode::NOT_FOUND);
    is(&case.get("f.ministry", &it).await, StatusCode::NOT_FOUND);
    assert_eq!(case.read("r.ival", "applications").await["total"], 0);
    case.ok("exporter", &at("submit"), json!({"on": DAY})).await;

    // A question stops the clock.
    case.ok("licensing-officer", &at("questions"), json!({"on": DAY, "text": "By which ship?"})).await;
    assert_eq!(
        case.refused("licensing-officer", &at("propose"), proposal("2027-06-14")).await,
        "transfer.question_open"
    );
    let answer = json!({"on": DAY, "text": "By the Volga"});
    is(&case.post("exporter", &at("questions/7/answer"), &answer).await, StatusCode::UNPROCESSABLE_ENTITY);
    is(&case.post("exporter", &at("questions/x/answer"), &answer).await, StatusCode::NOT_FOUND);
    case.ok("exporter", &at("questions/1/answer"), answer).await;
    assert_eq!(
        case.refused("licensing-officer", &at("propose"), proposal("2027-06-14")).await,
        "transfer.no_opinion"
    );

    // What is missing is named until it is there.
    let seen = case.read("licensing-officer", &it).await;
    let outcome = |kind: &str| {
        let all = seen["checks"].as_array().unwrap().iter();
        all.filter(|check| check["kind"] == kind)
            .map(|check| check["outcome"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!((outcome("screening"), outcome("end_user")), (vec!["pass", "pass"], vec!["hold"]), "{seen}");
    case.judge(&number, "o.both", "2027-06-14").await;
    let own = case.read("f.ministry", &it).await;
    assert_eq!((&own["state"], &own["sight"]), (&json!("open"), &json!("agency")));
    assert_eq!(own["consulted"][0]["opinion"]["lines"][0]["stance"], "proviso");
    assert!(own["assessment"].is_null() && own["proposal"].is_null(), "{own}");

    // Who proposed does not sign, whatever else it may do.
    let sign = json!({"on": DAY});
    assert_eq!(case.refused("o.both", &at("countersign"), sign.clone()).await, "transfer.two_people");
    is(&case.post("licensing-officer", &at("countersign"), &sign).await, StatusCode::FORBIDDEN);
    is(&case.post("exporter", &at("countersign"), &sign).await, StatusCode::FORBIDDEN);
    case.ok("countersigner", &at("countersign"), sign).await;
    let decided = case.read("licensing-officer", &it).await;
    let decision = &decided["decisions"][0];
    assert_eq!(
        (&decision["proposed_by"], &decision["countersigned_by"]),
        (&json!("o.both"), &json!("countersigner"))
    );
    assert!(
        decision["checks"]
            .as_array()
            .is_some_and(|checks| checks.iter().all(|check| check["settled"] == true))
    );

    let licence = decision["licence"].as_str().unwrap();
    let licence = format!("licences/{licence}");
    let off = format!("{licence}/write-offs");
    case.ok("customs", &off, shipment(DAY, "D-1/1", 40)).await;
    let held = case.read("exporter", &licence).await;
    let line = &held["lines"][0];
    assert_eq!(
        (&line["granted"], &line["written_off"], &line["left"]),
        (&json!("100"), &json!("40"), &json!("60"))
    );
    assert_eq!((&line["value_left"], &held["value"]), (&json!("60030.00"), &json!("100050.00")));
    assert_eq!((&held["standing"], &held["write_offs"][0]["reference"]), (&json!("issued"), &json!("D-1/1")));
    is(&case.post("exporter", &off, &shipment(DAY, "D-2/1", 1)).await, StatusCode::FORBIDDEN);

    // Taken back, its reference is not used again.
    let correct = json!({"on": DAY, "reference": "D-1/1", "reason": "Another licence"});
    case.ok("customs", &format!("{off}/correct"), correct).await;
    assert_eq!(case.refused("customs", &off, shipment(DAY, "D-1/1", 40)).await, "licence.reference");
    let met = json!({"on": DAY, "document": {"title": "Verification", "dated": DAY}});
    case.ok("licensing-officer", &format!("{licence}/conditions/1/meet"), met).await;
    let why = json!({"on": DAY, "reason": "Serials differ"});
    case.ok("o.both", &format!("{licence}/suspend"), why.clone()).await;
    assert_eq!(case.refused("customs", &off, shipment(DAY, "D-3/1", 1)).await, "state");
    assert_eq!(
        case.refused("o.both", &format!("{licence}/reinstate"), why.clone()).await,
        "transfer.two_people"
    );
    case.ok("countersigner", &format!("{licence}/reinstate"), why.clone()).await;
    case.ok("countersigner", &format!("{licence}/revoke"), why.clone()).await;
    case.ok("licensing-officer", &format!("{licence}/close"), why).await;
    let lists = case.read("licensing-officer", "licences?state=closed&destination=IND&text=gun").await;
    assert_eq!((&lists["total"], &lists["rows"][0]["value_left"]), (&json!(1), &json!("100050.00")));
    let lists = case
        .read(
            "licensing-officer",
            &format!("applications?state=granted&applicant={}", case.server.held.exporter),
        )
        .await;
    assert_eq!(lists["rows"][0]["number"], json!(number));
    is(&case.get("licensing-officer", "applications?state=sold").await, StatusCode::UNPROCESSABLE_ENTITY);
    is(&case.get("customs", "applications").await, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exporter_is_told_nothing_of_what_is_thought_inside() {
    let case = Case::screened().await;
    let number = case.submitted().await;
    let it = format!("applications/{number}");
    let at = |act: &str| format!("{it}/{act}");
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    case.ok("o.both", &at("return"), json!({"on": DAY, "reason": "QX-RETURNED"})).await;
    case.ok("licensing-officer", &at("propose"), proposal("2027-06-14")).await;

    let mut told = Told::default();
    let before = ["QX-REASON", "proposed", "proposal", "check", "consulted", "assessment", "end_users"];
    told.all(&case, &number, None).await;
    // What it does meanwhile, refused or done, tells as little: the version that it saw is an old one.
    let reason = json!({"on": DAY, "reason": "No longer needed"});
    let conflict = case.with_header("exporter", &at("withdraw"), ("expected-version", "2"), &reason).await;
    is(&conflict, StatusCode::CONFLICT);
    for word in ["proposed", "opinion", "assess", "established", "returned"] {
        assert!(!conflict.text.contains(word), "{word}: {}", conflict.text);
    }
    told.answer("conflict", &conflict);
    for (act, body) in [
        ("submit", json!({"on": DAY})),
        ("countersign", json!({"on": DAY})),
        ("propose", proposal("2027-06-14")),
        ("assessment", assessment()),
        ("opinions/ask", json!({"on": DAY, "agency": case.agency, "due_on": DAY})),
        ("return", reason.clone()),
    ] {
        let answer = case.post("exporter", &at(act), &body).await;
        assert!(answer.status.is_client_error(), "{act}: {}", answer.text);
        told.answer(act, &answer);
    }
    told.nothing_of(&MARKERS);
    told.nothing_of(&["QX", "proposed"]);
    told.nothing_of_fields(&before);

    // Signed, it is told what was decided and why, and not by whom.
    case.ok("countersigner", &at("countersign"), json!({"on": DAY})).await;
    let decided = case.read("exporter", &it).await;
    assert_eq!(
        (&decided["state"], &decided["decisions"][0]["reason"]),
        (&json!("granted"), &json!("QX-REASON"))
    );
    let licence = decided["decisions"][0]["licence"].as_str().unwrap().to_owned();
    case.ok("customs", &format!("licences/{licence}/write-offs"), shipment(DAY, "D-1", 3)).await;
    case.ok(
        "countersigner",
        &format!("licences/{licence}/suspend"),
        json!({"on": DAY, "reason": "A seal is broken"}),
    )
    .await;
    let mut told = Told::default();
    told.all(&case, &number, Some(&licence)).await;
    let conflict = json!({"on": DAY, "reason": "Given back"});
    let close = format!("licences/{licence}/close");
    told.answer("close", &case.with_header("exporter", &close, ("expected-version", "1"), &conflict).await);
    told.nothing_of(&MARKERS);
    told.nothing_of_fields(&["checks", "suspended_by", "consulted", "assessment", "rule", "customs"]);
}

/// All that an exporter was told.
#[derive(Default)]
struct Told {
    said: Vec<(String, String)>,
}

impl Told {
    fn answer(&mut self, what: &str, answer: &crate::support::Answer) {
        if let Ok(value) = serde_json::from_str::<Value>(&answer.text) {
            let mut all = Vec::new();
            strings(&value, &mut all);
            self.said.extend(all.into_iter().map(|text| (what.to_owned(), text)));
        }
    }

    /// Everything that may be read with an exporter’s key.
    async fn all(&mut self, case: &Case, number: &str, licence: Option<&str>) {
        let mut paths: Vec<String> = [
            "applications",
            "applications?state=open",
            "applications?state=proposed",
            "applications?state=running",
            "licences",
            "contracts",
            "reports",
            "payments",
            "parties",
            "partners",
            "calendar",
            "opportunities",
            "search?text=guns",
            "search?text=evidence",
            "cases",
            "embargo",
            "ledger/events",
            "ledger/reads",
            "accounts",
            "figures/deliveries.delivered",
            "brief",
        ]
        .map(str::to_owned)
        .to_vec();
        paths.push(format!("applications/{number}"));
        paths.push(format!("applications/{number}?known_at={DAY}"));
        paths.push(format!("search?text={number}"));
        paths.extend(licence.map(|licence| format!("licences/{licence}")));
        let mut read = 0;
        for path in paths {
            let answer = case.get("exporter", &path).await;
            read += usize::from(answer.status.is_success());
            self.answer(&path, &answer);
        }
        assert!(read >= 8, "{read}");
    }

    #[track_caller]
    fn nothing_of(&self, markers: &[&str]) {
        for (what, text) in &self.said {
            for marker in markers {
                assert!(!text.contains(marker), "{what} says {marker}: {text}");
            }
        }
    }

    /// No key or word of this name in what is said of transfers.
    #[track_caller]
    fn nothing_of_fields(&self, names: &[&str]) {
        let of_transfers =
            |what: &str| !["me", "search", "brief", "figures"].iter().any(|other| what.starts_with(other));
        for (what, text) in self.said.iter().filter(|(what, _)| of_transfers(what)) {
            assert!(!names.contains(&text.as_str()), "{what} says {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_takes_the_proposal_back() {
    let case = Case::screened().await;
    let number = case.submitted().await;
    let it = format!("applications/{number}");
    let at = |act: &str| format!("{it}/{act}");
    let tag = case.get("exporter", &it).await.header("etag").to_owned();
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    assert_eq!(case.read("countersigner", &it).await["state"], "proposed");
    // What was done inside is no change to the applicant, and stands in the way of no change of its own.
    assert_eq!(case.get("exporter", &it).await.header("etag"), tag);
    let mut content = case.content();
    content["lines"][0]["quantity"] = json!("90");
    let revised = json!({"on": DAY, "content": content, "reason": "Ten fewer"});
    is(&case.with_header("exporter", &at("revise"), ("if-match", &tag), &revised).await, StatusCode::OK);
    is(
        &case.with_header("exporter", &at("revise"), ("if-match", &tag), &revised).await,
        StatusCode::PRECONDITION_FAILED,
    );
    let seen = case.read("countersigner", &it).await;
    assert_eq!((&seen["state"], &seen["revision"]), (&json!("open"), &json!(1)));
    assert!(seen["proposal"].is_null() && seen["assessment"].is_null(), "{seen}");
    assert!(seen["consulted"][0]["opinion"].is_null());
    assert_eq!(case.refused("countersigner", &at("countersign"), json!({"on": DAY})).await, "state");
    assert_eq!(
        case.refused("licensing-officer", &at("propose"), proposal("2027-06-14")).await,
        "transfer.opinion_awaited"
    );
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    case.ok("countersigner", &at("countersign"), json!({"on": DAY})).await;
    let seen = case.read("exporter", &it).await;
    assert_eq!((&seen["state"], &seen["lines"][0]["quantity"]), (&json!("granted"), &json!("90")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_down_is_never_more_than_was_granted() {
    let case = Case::screened().await;
    let (_, licence) = case.licensed("2026-06-20").await;
    let off = format!("licences/{licence}/write-offs");
    let (one, two) = (shipment(DAY, "D-1", 60), shipment(DAY, "D-2", 60));
    let (first, second) = tokio::join!(case.post("customs", &off, &one), case.post("customs", &off, &two));
    let (done, body, lost) =
        if first.status.is_success() { (first, one, second) } else { (second, two, first) };
    is(&done, StatusCode::OK);
    is(&lost, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(lost.json()["code"], "licence.over_quantity");
    assert!(lost.json()["missing"].as_str().unwrap().contains("40"), "{}", lost.text);

    // The same again changes nothing and is answered alike, also when more has happened since.
    case.ok("customs", &off, shipment(DAY, "D-3", 10)).await;
    let head = case.server.head().await;
    let again = case.post("customs", &off, &body).await;
    is(&again, StatusCode::OK);
    let (done, again) = (done.json(), again.json());
    for field in ["subject", "number", "version", "recorded_at"] {
        assert_eq!(done[field], again[field], "{field}");
    }
    assert_eq!((&done["repeated"], &again["repeated"]), (&json!(false), &json!(true)));
    assert_eq!(case.server.head().await, head);
    let mut other = body.clone();
    other["quantity"] = json!("1");
    assert_eq!(case.refused("customs", &off, other).await, "licence.reference");
    let mut euros = shipment(DAY, "D-4", 1);
    euros["currency"] = json!("EUR");
    assert_eq!(case.refused("customs", &off, euros).await, "licence.currency");
    assert_eq!(case.refused("customs", &off, shipment(DAY, "D-4", 31)).await, "licence.over_quantity");
    assert_eq!(case.read("customs", &format!("licences/{licence}")).await["lines"][0]["left"], "30");

    // Over, it lets nothing go; what was written off is answered all the same.
    case.set_day("2026-06-21");
    assert_eq!(case.read("customs", &format!("licences/{licence}")).await["standing"], "expired");
    assert_eq!(case.refused("customs", &off, shipment("2026-06-21", "D-5", 1)).await, "licence.validity");
    case.ok("customs", &off, body).await;
    assert_eq!(case.read("licensing-officer", "licences?state=expired").await["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_cleared_by_lists_that_are_missing() {
    let case = Case::new().await;
    let number = case.submitted().await;
    let at = |act: &str| format!("applications/{number}/{act}");
    case.ok(
        "licensing-officer",
        &at("opinions/ask"),
        json!({"on": DAY, "agency": case.agency, "due_on": DAY}),
    )
    .await;
    let opinion = json!({"on": DAY, "agency": case.agency, "lines": [{"stance": "approve"}]});
    case.ok("f.ministry", &at("opinions"), opinion.clone()).await;
    assert_eq!(case.refused("licensing-officer", &at("opinions"), opinion).await, "transfer.agency");
    case.ok("licensing-officer", &at("assessment"), assessment()).await;
    let refusal = case.post("licensing-officer", &at("propose"), &proposal("2027-06-14")).await.json();
    assert_eq!(refusal["code"], "transfer.held", "{refusal}");
    let mut partial = assessment();
    partial["weighed"].as_object_mut().unwrap().remove("diversion");
    assert_eq!(case.refused("licensing-officer", &at("assessment"), partial).await, "transfer.criterion");

    // Refused by two people, it says why by criteria, and an appeal opens it again.
    let refuse = json!({
        "on": DAY, "rule": "strictest", "reason": "Held by the lists",
        "lines": [{"decision": "refuse", "criteria": ["diversion"], "reason": "Diversion cannot be excluded"}]
    });
    case.ok("licensing-officer", &at("propose"), refuse).await;
    case.ok("countersigner", &at("countersign"), json!({"on": DAY})).await;
    let told = case.read("exporter", &format!("applications/{number}")).await;
    assert_eq!(
        (&told["state"], &told["decisions"][0]["lines"][0]["criteria"][0]),
        (&json!("refused"), &json!("diversion"))
    );
    case.ok("exporter", &at("appeal"), json!({"on": DAY, "reason": "The list is here now"})).await;
    case.load_list().await;
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    case.ok("countersigner", &at("countersign"), json!({"on": DAY})).await;
    let told = case.read("exporter", &format!("applications/{number}")).await;
    assert_eq!((&told["state"], told["decisions"].as_array().unwrap().len()), (&json!("granted"), 2));
}
