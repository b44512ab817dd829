//! The pages: who is shown what, that every link carries the view, and that nothing stands inline.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use entente_store::Origin;

use crate::support::{Answer, Server, request};

/// A person with a cookie.
pub(crate) struct Visitor<'a> {
    pub(crate) server: &'a Server,
    pub(crate) cookie: String,
}

impl Visitor<'_> {
    /// Someone who holds a role and has chosen a password.
    pub(crate) async fn of(server: &Server, role: Role) -> Visitor<'_> {
        let account = role.word().replace('_', "-");
        let store = &server.app.store;
        let given = store.give_one_time_password(&account).await.unwrap();
        let (token, _) = store.sign_in(&account, &given, &Origin::default()).await.unwrap();
        let (token, _) = store.change_password(&token, &given, "five quiet herons wade").await.unwrap();
        Visitor { server, cookie: format!("entente={token}") }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.server.send(request(Method::GET, path, &[("cookie", &self.cookie)], "")).await
    }

    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        post(self.server, path, &self.cookie, form).await
    }
}

async fn post(server: &Server, path: &str, cookie: &str, form: &str) -> Answer {
    let headers = [
        ("cookie", cookie),
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    server.send(request(Method::POST, path, &headers, form)).await
}

const VIEW: &str = "as_of=2012-09-30&known_at=2100-01-01T00%3A00%3A00Z&counting=title_passed&plan=2012%3A1";

/// The values of an attribute.
fn attribute(text: &str, name: &str) -> Vec<String> {
    let opening = format!(" {name}=\"");
    text.match_indices(&opening)
        .filter_map(|(at, _)| text[at + opening.len()..].split('"').next())
        .map(|value| value.replace("&#38;", "&"))
        .collect()
}

pub(crate) fn hidden(text: &str, name: &str) -> String {
    let opening = format!("name=\"{name}\" value=\"");
    text.split(&opening).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// What holds of every page.
pub(crate) fn check(path: &str, answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    assert!(!answer.text.contains("<script") && !answer.text.contains("<style"), "{path}");
    assert!(!answer.text.contains(" style=\""), "{path}: an inline style");
}

#[tokio::test]
async fn every_page_obeys_the_view_that_its_address_holds() {
    let server = Server::filled().await;
    let auditor = Visitor::of(&server, Role::Auditor).await;
    let held = &server.held;
    let paths = [
        "/".to_owned(),
        "/alerts".to_owned(),
        "/execution-report".to_owned(),
        "/figures/deliveries.delivered".to_owned(),
        "/figures/deliveries.execution_pct".to_owned(),
        "/figures/forecasts.run_rate".to_owned(),
        "/figures/deliveries.on_time_pct".to_owned(),
        "/figures/by_group.BRICS.delivered".to_owned(),
        "/contracts".to_owned(),
        format!("/contracts/{}", held.contract),
        format!("/contracts/{}/payments", held.contract),
        "/payments".to_owned(),
        "/rates".to_owned(),
        "/figures/payments.overdue".to_owned(),
        format!("/lines/{}", held.line),
        format!("/deliveries/{}", held.delivery),
        format!("/deliveries/{}/documents/{}", held.delivery, held.paper),
        "/partners".to_owned(),
        "/market".to_owned(),
        "/market/deals".to_owned(),
        "/groups".to_owned(),
        "/groups/BRICS".to_owned(),
        "/plans".to_owned(),
        "/plans/2012:1".to_owned(),
        "/plans/2012:1/slip".to_owned(),
        "/search".to_owned(),
        "/applications".to_owned(),
        "/breaks".to_owned(),
        "/licences".to_owned(),
        "/certificates".to_owned(),
        "/specimens".to_owned(),
        "/inspections".to_owned(),
        "/customs".to_owned(),
        "/reexports".to_owned(),
        "/discrepancies".to_owned(),
        "/screening".to_owned(),
        "/screening/file".to_owned(),
        "/cases".to_owned(),
        "/lists".to_owned(),
        "/accounts".to_owned(),
        "/ledger".to_owned(),
        "/ledger/reads".to_owned(),
        "/me".to_owned(),
    ];
    for path in paths {
        let answer = auditor.get(&format!("{path}?{VIEW}")).await;
        check(&path, &answer);
        for href in attribute(&answer.text, "href") {
            if href.starts_with('#') || href.starts_with("/assets/") {
                continue;
            }
            // "Reset" is the same page as of its own day, by the same conventions.
            let reset = href == format!("{path}?counting=title_passed&plan=2012%3A1");
            assert!(reset || href.contains("as_of="), "{path}: {href}");
            assert!(
                href.contains("counting=title_passed") && href.contains("plan=2012%3A1"),
                "{path}: {href}"
            );
            // The ways to the same page: Reset, Today, the link that shows the same tomorrow.
            if href.split('?').next() == Some(&path) {
                let same = auditor.get(&href).await;
                // Today's year is another than the plan's, which the brief and its figures refuse by name.
                let other_year = reset && same.text.contains("plan.other_year");
                assert!(same.status == StatusCode::OK || other_year, "{path}: {href}: {}", same.text);
            }
        }
        // What is known on a day to come is not settled: the page says the last instant that is.
        let past = answer.text.contains("As of 30 September 2012, as known on ")
            && !answer.text.contains("as known on 1 January 2100");
        assert!(past || ["/accounts", "/ledger/reads", "/me"].contains(&path.as_str()), "{path}");
    }
}

#[tokio::test]
async fn the_brief_shows_its_figures_and_each_opens() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let brief = chair.get(&format!("/?{VIEW}")).await;
    check("/", &brief);
    for expected in [
        "The chair’s brief",
        "Sunday 30 September 2012",
        "8,000,000.00 USD",
        "10,000,000.00 USD",
        "80.0\u{202f}%",
        "all contracts",
        "role=\"img\"",
    ] {
        assert!(brief.text.contains(expected), "{expected}: {}", brief.text);
    }
    let figure = chair.get(&format!("/figures/deliveries.delivered?{VIEW}")).await;
    assert!(figure.text.contains("sum to 8,000,000.00 USD: equal to the figure"), "{}", figure.text);
    assert!(figure.text.contains(&format!("/deliveries/{}?", server.held.delivery)), "{}", figure.text);
    let counted = chair.get("/?as_of=2012-09-30&counting=handed_over").await;
    assert!(counted.text.contains("handed over to the carrier"), "{}", counted.text);
    let before = chair.get("/?as_of=2012-05-19").await;
    assert!(before.text.contains("0.0"), "{}", before.text);
    let planless = chair.get("/?as_of=2011-09-30").await;
    assert!(planless.text.contains("Not known:"), "{}", planless.text);
}

#[tokio::test]
async fn what_came_after_the_horizon_is_never_shown_as_nothing() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    // What is recorded is known from today on; the view is of the end of next year.
    let today = server.app.store.today();
    let next = today.year() + 1;
    let view = format!("as_of={next}-12-31");
    let brief = chair.get(&format!("/?{view}")).await;
    check("/", &brief);
    assert!(
        brief.text.contains(&format!("What happened after {} is not known.", today.strftime("%-d %B %Y")))
    );
    assert!(brief.text.contains(&format!("what happened after {today} is not known")), "{}", brief.text);
    let december = brief.text.split(">December</th>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(december.contains(">not known<"), "{december}");
    let figure = chair.get(&format!("/figures/deliveries.delivered?{view}")).await;
    assert!(figure.text.contains(&format!("what happened after {today} is not known")), "{}", figure.text);
    // The form is empty only where the page is read with all that is known now.
    assert!(brief.text.contains("name=\"known_at\" type=\"text\" value=\"\""), "{}", brief.text);
    let named = chair.get("/?as_of=2012-09-30&known_at=2012-10-01T00:00:00Z").await;
    assert!(named.text.contains("name=\"known_at\" type=\"text\" value=\"2012-10-01T00:00:00Z\""));
}

#[tokio::test]
async fn what_is_marked_above_a_reader_is_as_if_it_were_not() {
    let server = Server::filled().await;
    let held = &server.held;
    let member = Visitor::of(&server, Role::Member).await;
    let list = member.get("/contracts").await;
    check("/contracts", &list);
    assert!(list.text.contains(&held.contract) && !list.text.contains(&held.secret_contract));
    let none = member.get("/contracts/O-2012-9999").await;
    for path in [
        format!("/contracts/{}", held.secret_contract),
        format!("/lines/{}", held.secret_line),
        format!("/deliveries/{}", held.secret_delivery),
        format!("/deliveries/{}/documents/{}", held.secret_delivery, held.secret_paper),
        format!("/deliveries/{}/documents/{}/file", held.secret_delivery, held.secret_paper),
        format!("/deliveries/{}/documents/{}", held.delivery, held.secret_paper),
    ] {
        let answer = member.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains("Nothing here"), "{path}: {}", answer.text);
    }
    let same = member.get(&format!("/contracts/{}", held.secret_contract)).await;
    // The token of the form for signing out is masked anew on every page.
    let plain = |answer: &Answer, number: &str| {
        answer.text.replace(number, "N").replace(&hidden(&answer.text, "csrf"), "TOKEN")
    };
    assert_eq!(plain(&same, &held.secret_contract), plain(&none, "O-2012-9999"), "the two answers differ");
}

#[tokio::test]
async fn the_navigation_shows_what_may_be_read() {
    let server = Server::filled().await;
    let administrator = Visitor::of(&server, Role::Administrator).await;
    let home = administrator.get("/?as_of=2012-09-30").await;
    assert_eq!(home.status, StatusCode::SEE_OTHER);
    assert_eq!(home.header("location"), "/accounts?as_of=2012-09-30");
    let accounts = administrator.get("/accounts").await;
    check("/accounts", &accounts);
    assert!(accounts.text.contains(">Accounts</a>") && !accounts.text.contains(">Contracts</a>"));
    let refused = administrator.get("/contracts").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("Not open to you"), "{}", refused.text);
    let exporter = Visitor::of(&server, Role::Exporter).await;
    assert_eq!(exporter.get("/").await.header("location"), "/contracts");
}

#[tokio::test]
async fn whatever_is_gathered_bears_the_marking_of_all_of_it() {
    let server = Server::filled().await;
    let (chair, member) = (Visitor::of(&server, Role::Chair).await, Visitor::of(&server, Role::Member).await);
    // The chair's brief is also of the contract that is secret; the member's is not.
    for path in [
        "/",
        "/alerts",
        "/execution-report",
        "/figures/deliveries.delivered",
        "/contracts",
        "/plans",
        "/plans/2012:1",
    ] {
        let path = format!("{path}?as_of=2012-09-30");
        let seen = chair.get(&path).await;
        check(&path, &seen);
        let marking = if path.contains("plans") { "OFFICIAL" } else { "SECRET//NAVY" };
        for class in ["running\" aria-hidden=\"true", "marking"] {
            let written = format!("<p class=\"{class}\">{marking}");
            assert!(seen.text.contains(&written), "{path}: {written}: {}", seen.text);
        }
        let text = member.get(&path).await.text;
        assert!(text.contains("<p class=\"marking\">OFFICIAL") && !text.contains("SECRET"), "{path}: {text}");
    }
    let auditor = Visitor::of(&server, Role::Auditor).await;
    let ledger = auditor.get("/ledger").await;
    assert!(ledger.text.contains("<p class=\"marking\">SECRET//NAVY"), "{}", ledger.text);
    let key = server.key(Role::Chair).await;
    for path in ["brief", "figures/deliveries.delivered"] {
        let path = format!("/api/v1/{path}?as_of=2012-09-30");
        let object = server.with_key(Method::GET, &path, &key, "").await.json();
        assert_eq!(object["marking"], "SECRET//NAVY", "{path}");
    }
    let plans = server.with_key(Method::GET, "/api/v1/plans?as_of=2012-09-30", &key, "").await.json();
    assert!(plans["rows"][0]["label"].as_str().unwrap().starts_with("OFFICIAL"), "{plans}");
}

#[tokio::test]
async fn contracts_and_lines_say_by_which_rule_they_count() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let held = &server.held;
    for (rule, words, amount) in [
        ("title_passed", "title passed (accepted)", "0.00"),
        ("handed_over", "handed over to the carrier", "4,000,000.00"),
    ] {
        // Handed over on 2 May, accepted on 20 May.
        let view = format!("as_of=2012-05-10&counting={rule}");
        for path in [
            "/contracts".to_owned(),
            format!("/contracts/{}", held.contract),
            format!("/lines/{}", held.line),
        ] {
            let page = chair.get(&format!("{path}?{view}")).await;
            check(&path, &page);
            assert!(page.text.contains(words), "{path} {rule}: {}", page.text);
            assert!(page.text.contains(&format!("{amount} USD")) || path == "/contracts", "{path} {rule}");
        }
        let csv = chair.get(&format!("/contracts.csv?{view}")).await.text;
        assert!(csv.lines().nth(1).unwrap().ends_with(&format!(",{rule}")), "{csv}");
    }
}

#[tokio::test]
async fn nothing_is_owed_under_a_contract_that_was_terminated() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let held = &server.held;
    let command = entente_register::command::Command::Contract {
        number: Some(held.contract.clone()),
        command: entente_register::contract::ContractCommand::Terminate {
            on: "2012-10-05".parse().unwrap(),
            reason: "The partner withdrew".into(),
            document: None,
        },
    };
    server.app.store.execute(&crate::register::operator(), command).await.unwrap();
    let line = chair.get(&format!("/lines/{}?as_of=2012-12-31", held.line)).await;
    assert!(line.text.contains("Open when the contract was terminated"), "{}", line.text);
    assert!(!line.text.contains("Overdue"), "{}", line.text);
    let contract = chair.get(&format!("/contracts/{}?as_of=2012-12-31", held.contract)).await;
    assert!(contract.text.contains("no longer owed: the contract is terminated"), "{}", contract.text);
    assert!(!contract.text.contains("Still owed"), "{}", contract.text);
    let before = chair.get(&format!("/lines/{}?as_of=2012-09-30", held.line)).await;
    assert!(before.text.contains("Overdue"), "{}", before.text);
}

#[tokio::test]
async fn alerts_of_a_kind_are_a_list_with_pages() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let all = chair.get("/alerts?as_of=2012-12-31").await;
    assert!(all.text.contains("Overdue lines") && all.text.contains("Contracts at risk"), "{}", all.text);
    let first = chair.get("/alerts?as_of=2012-12-31&kind=overdue&limit=1").await;
    check("/alerts", &first);
    assert!(
        first.text.contains("1–1 of 2") && first.text.contains("kind=overdue&#38;limit=1&#38;offset=1"),
        "{}",
        first.text
    );
    assert!(!first.text.contains("id=\"alert-at_risk\""), "{}", first.text);
    let second = chair.get("/alerts?as_of=2012-12-31&kind=overdue&limit=1&offset=1").await;
    assert!(second.text.contains("2–2 of 2"), "{}", second.text);
    let held = &server.held;
    for line in [&held.line, &held.secret_line] {
        assert_eq!(
            [&first, &second].iter().filter(|page| page.text.contains(line.as_str())).count(),
            1,
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_list_is_narrowed_sorted_paged_and_exported() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let list = chair.get("/contracts?limit=1&sort=amount&order=desc").await;
    check("/contracts", &list);
    assert!(list.text.contains("1–1 of 2") && list.text.contains("aria-sort=\"descending\""));
    assert!(list.text.contains("offset=1"), "{}", list.text);
    let none = chair.get("/contracts?text=nothing%20like%20this").await;
    assert!(none.text.contains("No contract that is open to you fits."));
    let csv = chair.get("/contracts.csv?partner=IND").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").starts_with("attachment; filename=\"contracts-"));
    assert_eq!(csv.text.lines().count(), 3, "{}", csv.text);
    for bad in ["sort=weight", "state=asleep", "order=up", "overdue=maybe", "limit=501", "as_of=2012-13-01"] {
        let answer = chair.get(&format!("/contracts?{bad}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert!(answer.text.contains("This cannot be done as asked"), "{bad}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_document_is_a_file_and_never_a_page() {
    let server = Server::filled().await;
    let member = Visitor::of(&server, Role::Member).await;
    let held = &server.held;
    let page = member.get(&format!("/deliveries/{}/documents/{}", held.delivery, held.paper)).await;
    check("document", &page);
    assert!(page.text.contains("Waybill of Patrol boats") && page.text.contains("Checked:"));
    let file = member.get(&format!("/deliveries/{}/documents/{}/file", held.delivery, held.paper)).await;
    assert_eq!(file.text, "Waybill of Patrol boats");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"waybill-1.txt\"");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-security-policy").contains("default-src 'none'"));
    let wrong = member.get(&format!("/accounts/chair/documents/{}", held.paper)).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_one_time_password_opens_one_page_alone() {
    let server = Server::filled().await;
    let given = server.app.store.give_one_time_password("chair").await.unwrap();
    let wrong = post(&server, "/sign-in", "", "account=chair&password=wrong&next=%2F").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let unknown = post(&server, "/sign-in", "", "account=nobody&password=wrong&next=%2F").await;
    assert_eq!(
        unknown.text.replace("nobody", "chair"),
        wrong.text,
        "the answer tells whether there is such an account"
    );
    assert!(wrong.text.contains("There is a problem") && wrong.text.contains("aria-invalid=\"true\""));

    let signed =
        post(&server, "/sign-in", "", &format!("account=chair&password={given}&next=%2Fplans")).await;
    assert_eq!(
        (signed.status, signed.header("location")),
        (StatusCode::SEE_OTHER, "/me/password?next=%2Fplans")
    );
    let cookie = signed.header("set-cookie").split(';').next().unwrap().to_owned();
    assert!(signed.header("set-cookie").contains("HttpOnly; SameSite=Lax"));
    let visitor = Visitor { server: &server, cookie };
    for path in ["/", "/contracts", "/me", "/figures/deliveries.delivered"] {
        let answer = visitor.get(path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, "/me/password"),
            "{path}"
        );
    }
    let form = visitor.get(signed.header("location")).await;
    assert_eq!(hidden(&form.text, "next"), "/plans");
    check("/me/password", &form);
    assert!(!form.text.contains(">Brief</a>"), "nothing else is offered");
    let csrf = hidden(&form.text, "csrf");
    let fields = |csrf: &str, old: &str, new: &str, again: &str| {
        format!("csrf={csrf}&old={old}&new={new}&again={again}&next=%2Fplans")
    };
    let good = "five+quiet+herons+wade";
    for (form, status, words) in [
        (fields("00", &given, good, good), StatusCode::FORBIDDEN, "not of this session"),
        (fields(&csrf, &given, good, "other"), StatusCode::UNPROCESSABLE_ENTITY, "id=\"again-fault\""),
        (fields(&csrf, &given, "short", "short"), StatusCode::UNPROCESSABLE_ENTITY, "id=\"new-fault\""),
        (fields(&csrf, "wrong", good, good), StatusCode::UNAUTHORIZED, "id=\"old-fault\""),
    ] {
        let answer = visitor.post("/me/password", &form).await;
        assert_eq!(answer.status, status, "{form}: {}", answer.text);
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    let changed = visitor.post("/me/password", &fields(&csrf, &given, good, good)).await;
    assert_eq!(
        (changed.status, changed.header("location")),
        (StatusCode::SEE_OTHER, "/plans"),
        "{}",
        changed.text
    );
    let cookie = changed.header("set-cookie").split(';').next().unwrap().to_owned();
    let visitor = Visitor { server: &server, cookie };
    check("/", &visitor.get("/").await);
}

#[tokio::test]
async fn a_person_ends_sessions_and_keeps_keys() {
    let server = Server::filled().await;
    let secretary = Visitor::of(&server, Role::Secretary).await;
    let store = &server.app.store;
    let other = Origin { address: "198.51.100.4".into(), agent: "Other <browser>".into() };
    store.sign_in("secretary", "five quiet herons wade", &other).await.unwrap();
    let me = secretary.get("/me").await;
    check("/me", &me);
    assert!(me.text.contains("198.51.100.4") && me.text.contains("Other &#60;browser&#62;"), "{}", me.text);
    let csrf = hidden(&me.text, "csrf");
    let id = hidden(&me.text, "id");
    let ended = secretary.post("/me/sessions", &format!("csrf={csrf}&id={id}")).await;
    assert_eq!((ended.status, ended.header("location")), (StatusCode::SEE_OTHER, "/me"));
    assert!(!secretary.get("/me").await.text.contains("198.51.100.4"));

    let bad = secretary.post("/me/keys", &format!("csrf={csrf}&name=report&days=0")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("id=\"days-fault\""), "{}", bad.text);
    let opened = secretary.post("/me/keys", &format!("csrf={csrf}&name=report&days=30")).await;
    check("/me/keys", &opened);
    let key = opened.text.split("class=\"key\">").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(server.with_key(Method::GET, "/api/v1/me", key, "").await.status, StatusCode::OK);
    let me = secretary.get("/me").await;
    assert!(!me.text.contains(key), "a key is shown once");
    let id = hidden(&me.text, "id");
    secretary.post("/me/keys/close", &format!("csrf={csrf}&id={id}")).await;
    assert_eq!(server.with_key(Method::GET, "/api/v1/me", key, "").await.status, StatusCode::UNAUTHORIZED);

    let out = secretary.post("/sign-out", &format!("csrf={csrf}")).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(secretary.get("/me").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_person_s_own_page_keeps_the_view() {
    let server = Server::filled().await;
    let secretary = Visitor::of(&server, Role::Secretary).await;
    let me = secretary.get("/me?as_of=2012-09-30").await;
    assert!(me.text.contains("action=\"/me/keys?as_of=2012-09-30\""), "{}", me.text);
    let csrf = hidden(&me.text, "csrf");
    let opened =
        secretary.post("/me/keys?as_of=2012-09-30", &format!("csrf={csrf}&name=report&days=30")).await;
    check("/me/keys", &opened);
    let id = hidden(&opened.text, "id");
    let closed = secretary.post("/me/keys/close?as_of=2012-09-30", &format!("csrf={csrf}&id={id}")).await;
    assert_eq!((closed.status, closed.header("location")), (StatusCode::SEE_OTHER, "/me?as_of=2012-09-30"));
}

#[tokio::test]
async fn a_failure_keeps_the_ways_on() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    for path in ["/contracts/O-2012-9999", "/no/such/page", "/contracts?state=foo&as_of=2012-09-30"] {
        let answer = chair.get(path).await;
        assert!(answer.status.is_client_error(), "{path}");
        assert!(answer.text.contains("Sign out"), "{path}: {}", answer.text);
        assert!(answer.text.contains("href=\"/plans"), "{path}: {}", answer.text);
    }
    let states = chair.get("/contracts?state=foo").await;
    assert!(
        states.text.contains("one of negotiating, signed, terminated, in_force, suspended, completed"),
        "{}",
        states.text
    );
    let stranger = server.get("/no/such/page").await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    assert!(!stranger.text.contains("Sign out"), "{}", stranger.text);
}

#[tokio::test]
async fn the_ledger_says_what_lies_after_its_horizon() {
    let server = Server::filled().await;
    let auditor = Visitor::of(&server, Role::Auditor).await;
    let now = auditor.get("/ledger").await;
    assert!(!now.text.contains("after this horizon"), "{}", now.text);
    let past = auditor.get("/ledger?known_at=2009-01-01").await;
    assert!(past.text.contains("after this horizon"), "{}", past.text);
}

#[tokio::test]
async fn a_mistyped_view_is_corrected_where_it_was_typed() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    for (query, id, typed) in [
        ("as_of=2012-13-01&known_at=2012-10-01", "control-as-of", "value=\"2012-13-01\""),
        ("known_at=yesterday&as_of=2012-09-30", "control-known-at", "value=\"yesterday\""),
        ("counting=shipped&as_of=2012-09-30", "control-counting", "value=\"shipped\" selected"),
        ("plan=2012:9&as_of=2012-09-30", "control-plan", "value=\"2012:9\" selected"),
        ("as_of=9999-01-01", "control-as-of", "value=\"9999-01-01\""),
    ] {
        let page = chair.get(&format!("/?{query}&currency=USD")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        for expected in [
            typed,
            &format!("id=\"{id}-fault\""),
            "<form class=\"control\" method=\"get\" action=\"/\"",
            "2012-10-01T08:30:00Z",
            "name=\"currency\" value=\"USD\"",
        ] {
            assert!(page.text.contains(expected), "{query}: {expected}: {}", page.text);
        }
    }
    // What has nothing to do with the view brings no control.
    assert!(!chair.get("/contracts?limit=0").await.text.contains("class=\"control\""));
}

#[tokio::test]
async fn too_many_failures_are_told_with_the_time() {
    let server = Server::filled().await;
    server.app.store.give_one_time_password("chair").await.unwrap();
    let mut last = String::new();
    for _ in 0..15 {
        let answer = post(&server, "/sign-in", "", "account=chair&password=wrong&next=%2F").await;
        last = answer.text;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert!(last.contains("Try again in"), "{last}");
}

#[tokio::test]
async fn the_files_of_the_pages_are_kept_by_name() {
    let server = Server::empty().await;
    let page = server.get("/sign-in").await;
    check("/sign-in", &page);
    let sheet = attribute(&page.text, "href").into_iter().find(|href| href.ends_with(".css")).unwrap();
    let file = server.get(&sheet).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    assert!(file.header("cache-control").contains("immutable"));
    assert_eq!(server.get("/assets/entente-0.css").await.status, StatusCode::NOT_FOUND);
    let nothing = server.get("/no/such/page").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    assert!(nothing.text.contains("Nothing here"), "{}", nothing.text);
}
