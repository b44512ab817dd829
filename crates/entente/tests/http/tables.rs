//! Tables of pages for spreadsheets: their columns, exact values, filters, and who may have them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use calamine::Reader as _;
use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::party::{NewParty, PartyKind};
use entente_store::{Entropy, ManualClock, StoreOptions};
use serde_json::{Value, json};

use crate::comparison::second_version;
use crate::pages::Visitor;
use crate::performance::{contract, ok, paper};
use crate::register::operator;
use crate::support::Server;

/// A row by the names of its columns.
type Row = BTreeMap<String, String>;

/// The rows of a table as CSV, after looking whether the workbook has the same columns and as many rows.
async fn table(visitor: &Visitor<'_>, path: &str, query: &str) -> (Vec<String>, Vec<Row>) {
    let csv = visitor.get(&format!("{path}.csv?{query}")).await;
    assert_eq!(csv.status, StatusCode::OK, "{path}: {}", csv.text);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8", "{path}");
    let mut reader = csv::Reader::from_reader(csv.bytes.as_slice());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<Row> = reader.deserialize().map(|row| row.unwrap()).collect();
    let book = visitor.get(&format!("{path}.xlsx?{query}")).await;
    assert_eq!(book.status, StatusCode::OK, "{path}");
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(book.bytes)).unwrap();
    let sheet = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&sheet).unwrap();
    assert_eq!(range.height(), rows.len() + 1, "{path}");
    let heads: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(heads, columns, "{path}");
    (columns, rows)
}

/// The row in which a column has a value.
fn find<'a>(rows: &'a [Row], column: &str, value: &str) -> &'a Row {
    rows.iter().find(|row| row[column] == value).unwrap_or_else(|| panic!("{column} {value}: {rows:?}"))
}

/// Asserts values of a row by their columns.
fn holds(row: &Row, expected: &[(&str, &str)]) {
    for (column, value) in expected {
        assert_eq!(row.get(*column).map(String::as_str), Some(*value), "{column} of {row:?}");
    }
}

fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

const DAY: &str = "as_of=2012-12-31";

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_its_lines_and_deliveries() {
    let server = Server::filled().await;
    let held = &server.held;
    let chair = Visitor::of(&server, Role::Chair).await;
    let of = format!("/contracts/{}", held.contract);
    let lines = chair.get(&format!("{of}/lines.csv?as_of=2012-09-30")).await.text;
    assert_eq!(
        lines,
        format!(
            "number,description,category,quantity,unit,unit_price,amount,currency,due_on,handed_over_quantity,\
             accepted_quantity,accepted_amount,delivered_amount,counting,completed_on\r\n\
             {},Boats,ML9.a,10,C62,1000000.00,10000000.00,USD,2012-09-01,4,4,4000000.00,4000000.00,title_passed,\r\n",
            held.line
        )
    );
    let row = format!(
        "{},{},Boats,accepted,4,C62,4000000.00,USD,2012-05-02,2012-05-20\r\n",
        held.delivery, held.line
    );
    for path in [format!("{of}/deliveries"), format!("/lines/{}/deliveries", held.line)] {
        let given = chair.get(&format!("{path}.csv?as_of=2012-09-30")).await.text;
        let head =
            "number,line,description,state,quantity,unit,amount,currency,handed_over_on,accepted_on\r\n";
        assert_eq!(given, format!("{head}{row}"), "{path}");
        // Before it happened, there is nothing but the columns.
        assert_eq!(chair.get(&format!("{path}.csv?as_of=2012-05-01")).await.text, head, "{path}");
        assert_eq!(table(&chair, &path, DAY).await.1.len(), 1);
    }
    let (_, parties) = table(&chair, &format!("{of}/parties"), DAY).await;
    holds(
        find(&parties, "role", "exporter"),
        &[("party", &held.exporter), ("name", "Export House"), ("state", "RUS")],
    );
    // The list of the timeline: filter and clearance.
    let (_, rows) = table(&chair, "/timeline", "as_of=2012-09-30").await;
    assert_eq!(rows.len(), 2);
    let own = [
        ("state", "in_force"),
        ("signed_on", "2012-02-01"),
        ("first_due_on", "2012-09-01"),
        ("last_due_on", "2012-09-01"),
        ("last_completed_on", ""),
        ("lines", "1"),
        ("overdue_lines", "1"),
        ("delivered_lines", "0"),
        ("lines_to_come", "0"),
        ("amount", "10000000.00"),
        ("currency", "USD"),
    ];
    holds(find(&rows, "contract", &held.contract), &own);
    for query in ["as_of=2012-09-30&state=terminated", "as_of=2012-09-30&partner=BRA"] {
        assert_eq!(table(&chair, "/timeline", query).await.1.len(), 0, "{query}");
    }
    let customs = Visitor::of(&server, Role::Customs).await;
    assert_eq!(table(&customs, "/timeline", "as_of=2012-09-30").await.1.len(), 1);
    for part in ["lines", "deliveries", "parties", "milestones", "claims"] {
        let path = format!("/contracts/{}/{part}.csv", held.secret_contract);
        assert_eq!(chair.get(&path).await.status, StatusCode::OK, "{path}");
        // What may not be seen answers as what does not exist.
        assert_eq!(customs.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            customs.get(&format!("/contracts/O-2000-0001/{part}.csv")).await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exporter_is_given_its_own_alone() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let other = NewParty {
        name: "Other House".into(),
        kind: PartyKind::Company,
        state: "RUS".into(),
        label: "OFFICIAL".parse().unwrap(),
    };
    let other = server.app.store.execute(&operator(), Command::Party(other)).await.unwrap().subject.key;
    let opened = json!({
        "reference": "P/7", "title": "Trucks", "partner": "IND", "currency": "USD", "label": "OFFICIAL",
        "on": "2012-01-02",
        "parties": [{"party": other, "role": "exporter"}, {"party": server.held.user, "role": "end_user"}]
    });
    let foreign = ok(&server, &officer, "contracts", opened).await;
    let own = contract(&server, &officer).await;
    let instalment = json!({"on": "2012-02-01", "kind": "advance", "amount": usd("600000.00"), "due": {"rule": "fixed", "on": "2012-03-01"}});
    ok(&server, &officer, &format!("contracts/{own}/instalments"), instalment).await;
    let exporter = Visitor::of(&server, Role::Exporter).await;
    for part in ["lines", "deliveries", "parties", "instalments", "receipts", "milestones", "offset-phases"] {
        for ending in ["csv", "xlsx"] {
            let status = async |number: &str| {
                exporter.get(&format!("/contracts/{number}/{part}.{ending}")).await.status
            };
            assert_eq!(status(&own).await, StatusCode::OK, "{part}");
            assert_eq!(status(&foreign).await, StatusCode::NOT_FOUND, "{part}");
        }
    }
    let (_, rows) = table(&exporter, "/timeline", "as_of=2012-12-31&state=all").await;
    assert!(rows.iter().all(|row| row["contract"] != foreign) && !rows.is_empty(), "{rows:?}");
    let chair = Visitor::of(&server, Role::Chair).await;
    let (_, rows) = table(&chair, "/timeline", "as_of=2012-12-31&state=all").await;
    find(&rows, "contract", &foreign);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_with_its_currency_and_its_days() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let contract = contract(&server, &officer).await;
    let line = format!("{contract}.1");
    let at = |step: &str| format!("contracts/{contract}/{step}");
    let advance = json!({"on": "2012-02-01", "kind": "advance", "amount": usd("600000.00"), "due": {"rule": "after_signature", "days": 30}});
    let advance = ok(&server, &officer, &at("instalments"), advance).await;
    let later = json!({"on": "2012-02-01", "kind": "deferred_credit", "lender": "state", "amount": usd("900000.00"), "due": {"rule": "fixed", "on": "2013-02-01"}});
    let later = ok(&server, &officer, &at("instalments"), later).await;
    let rate =
        json!({"on": "2012-03-12", "from": "EUR", "to": "USD", "rate": "1.3075", "source": "=Central bank"});
    ok(&server, &officer, "rates", rate).await;
    let receipt = json!({
        "on": "2012-03-12", "reference": "TT 1", "amount": {"amount": "100000.00", "currency": "EUR"},
        "basis": "rate_of_the_day", "document": paper("2012-03-12"),
        "allocations": [{"instalment": advance, "amount": usd("100000.00")}]
    });
    let receipt = ok(&server, &officer, &at("receipts"), receipt).await;
    let over = json!({"quantity": "1", "on": "2012-10-02", "document": paper("2012-10-02")});
    let delivery = ok(&server, &officer, &format!("lines/{line}/deliveries"), over).await;
    let accept = json!({"on": "2012-10-10", "document": paper("2012-10-10")});
    ok(&server, &officer, &format!("deliveries/{delivery}/accept"), accept).await;
    let terms = json!({"on": "2012-02-01", "late": "delivery", "rate_pct": "0.5", "period": "full_week", "cap_pct": "8", "document": paper("2012-02-01")});
    ok(&server, &officer, &at("schedule/penalty-terms"), terms).await;
    let penalty = json!({"on": "2012-11-01", "late": "delivery", "number": delivery});
    let penalty = ok(&server, &officer, &at("penalties"), penalty).await;

    let chair = Visitor::of(&server, Role::Chair).await;
    let (columns, rows) = table(&chair, &format!("/{}", at("instalments")), DAY).await;
    assert_eq!(
        columns.join(","),
        "number,reference,kind,lender,bank,bank_name,due_on,due,amount,received,open,currency,overdue,state,label"
    );
    let first = [
        ("kind", "advance"),
        ("due_on", "2012-02-09"),
        ("amount", "600000.00"),
        ("received", "100000.00"),
        ("open", "500000.00"),
        ("currency", "USD"),
        ("overdue", "yes"),
        ("state", "scheduled"),
        ("label", "OFFICIAL"),
    ];
    holds(find(&rows, "number", &advance), &first);
    holds(find(&rows, "number", &later), &[("lender", "state"), ("due_on", "2013-02-01"), ("overdue", "no")]);
    let (_, rows) = table(&chair, &format!("/{}", at("receipts")), DAY).await;
    let paid = [
        ("reference", "TT 1"),
        ("received_on", "2012-03-12"),
        ("amount", "100000.00"),
        ("currency", "EUR"),
        ("rate", "1 EUR = 1.3075 USD"),
        ("rate_basis", "rate_of_the_day"),
        ("rate_on", "2012-03-12"),
        // A text that a spreadsheet would take for a formula.
        ("rate_source", "'=Central bank"),
        ("value", "130750.00"),
        ("value_currency", "USD"),
        ("not_allocated", "30750.00"),
        ("document", "Protocol 9"),
        ("document_dated", "2012-03-12"),
    ];
    holds(find(&rows, "number", &receipt), &paid);
    let (_, rows) = table(&chair, &format!("/{}", at("allocations")), DAY).await;
    holds(
        &rows[0],
        &[("receipt", &receipt), ("instalment", &advance), ("amount", "100000.00"), ("currency", "USD")],
    );
    for path in ["/payments/penalties".to_owned(), format!("/{}", at("penalties"))] {
        let (_, rows) = table(&chair, &path, DAY).await;
        let claimed = [
            ("contract", contract.as_str()),
            ("partner", "IND"),
            ("late_kind", "delivery"),
            ("late", &delivery),
            ("due_on", "2012-09-30"),
            ("done_on", "2012-10-10"),
            ("days", "10"),
            ("rate_pct", "0.5"),
            ("cap_pct", "8"),
            ("period", "full_week"),
            ("claimed_on", "2012-11-01"),
            ("value", "1500000.00"),
            ("by_the_terms", "7500.00"),
            ("amount", "7500.00"),
            ("currency", "USD"),
            ("state", "claimed"),
        ];
        holds(find(&rows, "number", &penalty), &claimed);
    }
    let (columns, rows) = table(&chair, "/payments/overdue", DAY).await;
    assert_eq!(
        columns.join(","),
        "instalment,contract,partner,kind,due_on,due,amount,received,open,currency,bank"
    );
    assert_eq!(rows.len(), 1);
    holds(
        &rows[0],
        &[("instalment", &advance), ("due_on", "2012-02-09"), ("open", "500000.00"), ("currency", "USD")],
    );
    let (_, rows) = table(&chair, "/payments/coming", DAY).await;
    assert_eq!(rows.len(), 1);
    holds(&rows[0], &[("instalment", &later), ("kind", "deferred_credit"), ("open", "900000.00")]);
    for path in ["/payments/contracts", "/payments/schedules"] {
        let (_, rows) = table(&chair, path, DAY).await;
        let money = [
            ("value", "3000000.00"),
            ("scheduled", "1500000.00"),
            ("difference", "-1500000.00"),
            ("received", "130750.00"),
            ("currency", "USD"),
            ("declared_complete", "no"),
            ("state", "in_force"),
        ];
        holds(find(&rows, "contract", &contract), &money);
    }
    let (_, rows) = table(&chair, "/payments/partners", DAY).await;
    holds(
        find(&rows, "partner", "IND"),
        &[("receivable", "1369250.00"), ("overdue", "500000.00"), ("currency", "USD")],
    );
    let (_, rows) = table(&chair, "/payments/banks", DAY).await;
    assert!(rows.iter().all(|row| row["currency"] == "USD" && row["bank"].is_empty()) && !rows.is_empty());
    // In another currency there is nothing; the filter of the page holds.
    assert_eq!(table(&chair, "/payments/overdue", "as_of=2012-12-31&currency=EUR").await.1.len(), 0);
    let rate = [
        ("on", "2012-03-12"),
        ("units", "1"),
        ("of", "EUR"),
        ("rate", "1.3075"),
        ("in", "USD"),
        ("contract", ""),
    ];
    holds(&table(&chair, "/rates", DAY).await.1[0], &rate);
    for (query, found) in [("of=EUR", 1), ("of=GBP", 0), ("on=2012-03-12", 1), ("on=2012-03-13", 0)] {
        assert_eq!(table(&chair, "/rates", &format!("{DAY}&{query}")).await.1.len(), found, "{query}");
    }
    let page = chair.get(&format!("/rates?of=EUR&{DAY}&limit=1")).await.text;
    assert!(page.contains("/rates.csv?of=EUR&#38;as_of=2012-12-31\""), "{page}");
    assert_eq!(chair.get("/rates.csv?of=XX").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for role in [Role::Customs, Role::Manufacturer] {
        let visitor = Visitor::of(&server, role).await;
        for path in ["/payments/overdue".to_owned(), "/rates".to_owned(), format!("/{}", at("instalments"))] {
            assert_eq!(
                visitor.get(&format!("{path}.csv")).await.status,
                StatusCode::FORBIDDEN,
                "{role} {path}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_contract_is_performed_and_what_is_reported() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let secretary = server.key(Role::Secretary).await;
    let contract = contract(&server, &officer).await;
    let line = format!("{contract}.1");
    let under = |step: &str| format!("contracts/{contract}/{step}");
    let milestone = json!({
        "on": "2012-02-10", "kind": "factory_acceptance", "planned_on": "2012-06-30", "line": line,
        "document": paper("2012-02-10")
    });
    ok(&server, &officer, &under("milestones"), milestone).await;
    let slips = json!({
        "on": "2012-03-01", "line": line, "expected_on": "2012-12-15", "cause": "quality", "side": "seller",
        "description": "=The first lot failed"
    });
    let slippage = ok(&server, &officer, &under("slippages"), slips).await;
    let plan = json!({
        "on": "2012-04-02", "about": format!("slippage:{slippage}"), "goal": "The radar by December",
        "actions": [{"what": "Another lot", "responsible": "Works 3", "due_on": "2012-06-01"}]
    });
    let plan = ok(&server, &officer, &under("corrective-plans"), plan).await;
    let over = json!({"quantity": "1", "on": "2012-05-02", "document": paper("2012-05-02")});
    let delivery = ok(&server, &officer, &format!("lines/{line}/deliveries"), over).await;
    let accept = json!({"on": "2012-05-10", "document": paper("2012-05-10")});
    ok(&server, &officer, &format!("deliveries/{delivery}/accept"), accept).await;
    let claim = json!({
        "on": "2012-06-20", "kind": "shortage", "description": "A cable set is wanting", "delivery": delivery,
        "quantity": "1", "amount": usd("2000.00")
    });
    ok(&server, &officer, &under("claims"), claim).await;
    let offset = json!({
        "on": "2012-02-10", "title": "Industrial participation", "document": paper("2012-02-10"),
        "required": usd("3600000.00"), "percent": "120", "multipliers": [{"kind": "training", "factor": "2.5"}],
        "phases": [{"by": "2012-08-31", "share": "50"}, {"by": "2014-12-31", "share": "100"}]
    });
    let offset = ok(&server, &officer, &under("offsets"), offset).await;
    let credit = json!({
        "on": "2012-06-01", "performed_on": "2012-05-20", "kind": "training", "description": "Welders",
        "value": usd("100000.00"), "document": paper("2012-06-01")
    });
    ok(&server, &officer, &format!("offsets/{offset}/claims"), credit).await;
    let taken = json!({"on": "2012-06-10", "document": paper("2012-06-10")});
    ok(&server, &secretary, &format!("offsets/{offset}/claims/1/accept"), taken).await;
    let own = Visitor::of(&server, Role::Exporter).await;
    let exporter = server.key(Role::Exporter).await;
    let report = json!({
        "on": "2012-06-02", "note": "soon the other",
        "reported": {"act": "handed_over", "on": "2012-06-01", "line": line, "quantity": "1"}
    });
    let report = ok(&server, &exporter, &under("reports"), report).await;

    let chair = Visitor::of(&server, Role::Chair).await;
    let rows = async |part: &str| table(&chair, &format!("/{}", under(part)), "as_of=2012-09-30").await.1;
    let expected = [
        ("state", "planned"),
        ("kind", "factory_acceptance"),
        ("line", line.as_str()),
        ("planned_on", "2012-06-30"),
        ("reached_on", ""),
        ("days_late", "92"),
        ("overdue", "yes"),
        ("label", "OFFICIAL"),
    ];
    holds(&rows("milestones").await[0], &expected);
    let expected = [
        ("number", slippage.as_str()),
        ("due_on", "2012-09-30"),
        ("expected_on", "2012-12-15"),
        ("days", "76"),
        ("cause", "quality"),
        ("side", "seller"),
        ("description", "'=The first lot failed"),
        ("end", ""),
    ];
    holds(&rows("slippages").await[0], &expected);
    let (_, sums) = table(&chair, "/slippages/sums", "as_of=2012-04-30").await;
    let late = [("cause", "quality"), ("side", "seller"), ("slippages", "1"), ("days_of_all", "76")];
    holds(&sums[0], &late);
    holds(&sums[0], &[("owed", "3000000.00"), ("currency", "USD")]);
    assert_eq!(table(&chair, "/slippages/sums", "as_of=2012-04-30&side=buyer").await.1.len(), 0);
    let expected = [
        ("plan", plan.as_str()),
        ("plan_state", "proposed"),
        ("action", "1"),
        ("what", "Another lot"),
        ("responsible", "Works 3"),
        ("due_on", "2012-06-01"),
        ("finished_on", ""),
    ];
    holds(&rows("corrective-actions").await[0], &expected);
    let expected = [
        ("contract", contract.as_str()),
        ("claim", "1"),
        ("kind", "shortage"),
        ("delivery", &delivery),
        ("quantity", "1"),
        ("amount", "2000.00"),
        ("currency", "USD"),
        ("raised_on", "2012-06-20"),
        ("settled_on", ""),
    ];
    holds(&rows("claims").await[0], &expected);
    holds(
        &table(&chair, &format!("/deliveries/{delivery}/claims"), "as_of=2012-09-30").await.1[0],
        &expected,
    );
    let phases = rows("offset-phases").await;
    assert_eq!(phases.len(), 2);
    let expected = [
        ("obligation", offset.as_str()),
        ("by", "2012-08-31"),
        ("share_pct", "50"),
        ("required", "1800000.00"),
        ("accepted", "250000.00"),
        ("shortfall", "1550000.00"),
        ("currency", "USD"),
    ];
    holds(&phases[0], &expected);
    let expected = [
        ("what", "claim"),
        ("kind", "training"),
        ("on", "2012-05-20"),
        ("value", "100000.00"),
        ("credit", "250000.00"),
        ("accepted_credit", "250000.00"),
        ("state", "accepted"),
        ("decided_on", "2012-06-10"),
    ];
    holds(&rows("offset-transactions").await[0], &expected);
    assert!(rows("conditions").await.iter().all(|row| row["contract"] == contract));

    let reported = [
        ("number", report.as_str()),
        ("state", "filed"),
        ("about_kind", "line"),
        ("about", &line),
        ("contract", &contract),
        ("on", "2012-06-01"),
        ("quantity", "1"),
        ("note", "soon the other"),
        ("filed_on", "2012-06-02"),
        ("label", "OFFICIAL"),
    ];
    for visitor in [&chair, &own] {
        let (_, rows) = table(visitor, "/reports", "as_of=2012-09-30").await;
        assert_eq!(rows.len(), 1);
        holds(&rows[0], &reported);
    }
    assert_eq!(table(&chair, "/reports", "as_of=2012-09-30&state=accepted").await.1.len(), 0);
    assert_eq!(table(&chair, "/reports", &format!("as_of=2012-09-30&contract={contract}")).await.1.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opportunity_and_what_all_of_them_show() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let asked = json!({
        "on": "2012-03-01", "title": "Radars", "partner": "IND", "kind": "tender",
        "recipient": {"party": server.held.user}, "exporter": server.held.exporter,
        "items": [{"description": "Radar", "category": "ML5.b", "quantity": "2"}],
        "deadline": "2012-10-20", "label": "OFFICIAL"
    });
    let number = ok(&server, &officer, "opportunities", asked.clone()).await;
    let at = |step: &str| format!("opportunities/{number}/{step}");
    let estimate =
        json!({"on": "2012-04-01", "probability": 33, "signature_on": "2013-02-01", "reason": "talks"});
    ok(&server, &officer, &at("estimates"), estimate).await;
    let offer = json!({
        "on": "2012-05-01", "currency": "USD", "valid_until": "2012-12-31",
        "items": [{"description": "Radar", "category": "ML5.b", "quantity": "2", "unit_price": "1500000.01", "due_on": "2014-06-30"}],
        "document": {"title": "Offer 1", "dated": "2012-05-01"}
    });
    ok(&server, &officer, &at("offers"), offer).await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let rows = async |path: String| table(&chair, &path, "as_of=2012-09-30").await.1;
    let item = [
        ("opportunity", number.as_str()),
        ("description", "Radar"),
        ("category", "ML5.b"),
        ("quantity", "2"),
        ("unit", "C62"),
    ];
    holds(&rows(format!("/{}", at("items"))).await[0], &item);
    let offered = [
        ("version", "1"),
        ("submitted_on", "2012-05-01"),
        ("valid_until", "2012-12-31"),
        ("won", "no"),
        ("unit_price", "1500000.01"),
        ("amount", "3000000.02"),
        ("currency", "USD"),
        ("delivery_by", "2014-06-30"),
    ];
    holds(&rows(format!("/{}", at("offers"))).await[0], &offered);
    let estimated = [
        ("on", "2012-04-01"),
        ("probability_pct", "33"),
        ("signature_expected_on", "2013-02-01"),
        ("reason", "talks"),
    ];
    holds(&rows(format!("/{}", at("estimates"))).await[0], &estimated);
    assert_eq!(rows(format!("/{}", at("opinions"))).await.len(), 0);
    let intake = [
        ("year", "2013"),
        ("currency", "USD"),
        ("opportunities", "1"),
        ("offered", "3000000.02"),
        ("expected", "990000.01"),
    ];
    holds(&rows("/opportunities/analysis/intake".to_owned()).await[0], &intake);
    let partner = rows("/opportunities/analysis/partners".to_owned()).await;
    let rates = [
        ("name", "India"),
        ("open", "1"),
        ("won", "0"),
        ("lost", "0"),
        ("win_pct", ""),
        ("answers", "1"),
        ("mean_days", "61.0"),
    ];
    holds(find(&partner, "code", "IND"), &rates);
    assert!(!rows("/opportunities/analysis/products".to_owned()).await.is_empty());
    // The period of the page holds.
    let (_, rows) =
        table(&chair, "/opportunities/analysis/partners", "as_of=2012-09-30&from=2012-06-01&to=2012-07-01")
            .await;
    assert!(rows.iter().all(|row| row["answers"] == "0" && row["from"] == "2012-06-01"), "{rows:?}");
    let (_, rows) = table(&chair, "/partners/IND/opportunities", "as_of=2012-09-30").await;
    assert_eq!(rows[0]["number"], number);
    // What is answered has no deadline any more: another one waits.
    let mut waits = asked;
    waits["title"] = json!("Boats");
    let number = ok(&server, &officer, "opportunities", waits).await;
    let (_, rows) = table(&chair, "/brief/deadlines", "as_of=2012-09-30").await;
    holds(&rows[0], &[("opportunity", &number), ("title", "Boats"), ("deadline", "2012-10-20")]);
    holds(
        &table(&chair, "/brief/pipeline", "as_of=2012-09-30").await.1[0],
        &[("partner", "IND"), ("offered", "3000000.02")],
    );
    let customs = Visitor::of(&server, Role::Customs).await;
    for path in [
        format!("/{}.csv", at("items")),
        "/opportunities/analysis/intake.csv".to_owned(),
        "/partners/IND/opportunities.csv".to_owned(),
    ] {
        assert_eq!(customs.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_beside_each_other_and_after_a_slip() {
    let server = Server::filled().await;
    second_version(&server).await;
    let held = &server.held;
    let chair = Visitor::of(&server, Role::Chair).await;
    let (columns, rows) = table(&chair, "/plans", "as_of=2012-09-30").await;
    assert_eq!(columns.join(","), "year,version,state,approved_on,items,amount,currency,label");
    let frozen = [
        ("year", "2012"),
        ("state", "frozen"),
        ("approved_on", "2012-03-15"),
        ("items", "1"),
        ("amount", "10000000.00"),
        ("currency", "USD"),
    ];
    holds(find(&rows, "version", "1"), &frozen);
    let query = "as_of=2012-09-30&with=2012:2";
    let (_, rows) = table(&chair, "/plans/2012:1/compare/changes", query).await;
    let mut sum = 0_i64;
    for row in &rows {
        sum += row["difference"].replace('.', "").parse::<i64>().unwrap();
    }
    assert_eq!(sum, -765_432_11);
    let moved = [
        ("line", held.line.as_str()),
        ("change", "rescheduled"),
        ("planned_on", "2012-11-10"),
        ("earlier", "0.00"),
        ("later", "8000000.00"),
        ("currency", "USD"),
    ];
    holds(find(&rows, "planned_on", "2012-11-10"), &moved);
    let (_, rows) = table(&chair, "/plans/2012:1/compare/months", query).await;
    assert_eq!(rows.len(), 12);
    holds(
        &rows[8],
        &[("month", "9"), ("earlier", "10000000.00"), ("later", "0.00"), ("difference", "-10000000.00")],
    );
    let (_, rows) = table(&chair, "/plans/2012:1/compare/partners", query).await;
    holds(&rows[0], &[("partner", "IND"), ("earlier", "10000000.00"), ("later", "9234567.89")]);
    let member = Visitor::of(&server, Role::Member).await;
    let (_, rows) = table(&member, "/plans/2012:1/compare/changes", query).await;
    assert!(rows.iter().all(|row| row["line"] == held.line), "{rows:?}");
    let before = server.head().await;
    let query = "as_of=2012-09-30&what=partner:IND&months=1";
    let (_, rows) = table(&chair, "/plans/2012:2/slip/changes", query).await;
    let line: Vec<&Row> = rows.iter().filter(|row| row["line"] == held.line).collect();
    holds(
        line[0],
        &[("planned_on", "2012-11-10"), ("earlier", "8000000.00"), ("later", "0.00"), ("change", "moved")],
    );
    holds(line[1], &[("planned_on", "2012-12-10"), ("earlier", "0.00"), ("later", "8000000.00")]);
    let (_, rows) = table(&chair, "/plans/2012:2/slip/months", query).await;
    holds(&rows[11], &[("earlier", "0.00"), ("later", "9234567.89")]);
    let page = chair.get(&format!("/plans/2012:2/slip?{query}")).await.text;
    assert!(
        page.contains("/plans/2012:2/slip/changes.csv?what=partner%3AIND&#38;months=1&#38;as_of=2012-09-30"),
        "{page}"
    );
    assert_eq!(server.head().await, before);
    assert_eq!(
        chair.get("/plans/2012:2/slip/changes.csv?what=IND&months=1").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let (_, rows) = table(&chair, "/plans/2012:1/manufacturers", "as_of=2012-09-30").await;
    holds(
        &rows[0],
        &[
            ("party", &held.user),
            ("party_name", "Ministry of Defence"),
            ("items", "1"),
            ("amount", "10000000.00"),
        ],
    );
    assert_eq!(table(&chair, "/plans/2012:1/stability", "as_of=2012-09-30").await.1.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn partners_people_the_ledger_and_the_brief() {
    let server = Server::filled().await;
    let held = &server.held;
    let chair = Visitor::of(&server, Role::Chair).await;
    let partners = chair.get("/partners.csv?as_of=2012-09-30").await.text;
    assert_eq!(partners, "code,name,groups\r\nIND,India,BRICS\r\n");
    let groups = chair.get("/partners/groups.csv?as_of=2012-09-30").await.text;
    assert_eq!(
        groups,
        "group,group_name,state,partner_name,on,change,member_on_the_day\r\nBRICS,BRICS,IND,India,2009-06-16,joined,yes\r\n"
    );
    assert_eq!(chair.get("/partners.csv?as_of=2009-01-01").await.text, "code,name,groups\r\nIND,India,\r\n");
    let (_, rows) = table(&chair, "/partners/IND/contracts", "as_of=2012-09-30").await;
    holds(
        find(&rows, "state", "in_force"),
        &[("contracts", "2"), ("amount", "20000000.00"), ("currency", "USD")],
    );
    let (_, rows) = table(&chair, "/partners/IND/years", "as_of=2012-09-30").await;
    holds(
        &rows[0],
        &[("year", "2012"), ("to_date", "yes"), ("delivered", "8000000.00"), ("deliveries", "2")],
    );
    for path in ["/partners/IND/due".to_owned(), format!("/parties/{}/due", held.user)] {
        let (_, rows) = table(&chair, &path, "as_of=2012-09-30").await;
        holds(
            find(&rows, "line", &held.line),
            &[("amount", "10000000.00"), ("delivered_amount", "4000000.00"), ("state", "overdue")],
        );
    }
    let (_, rows) = table(&chair, &format!("/parties/{}/contracts", held.exporter), "as_of=2012-09-30").await;
    holds(&rows[0], &[("state", "in_force"), ("contracts", "2")]);

    let (_, rows) = table(&chair, "/brief/months", "as_of=2012-09-30").await;
    assert_eq!(rows.len(), 12);
    holds(&rows[4], &[("month", "5"), ("delivered", "8000000.00"), ("planned", "0.00"), ("currency", "USD")]);
    holds(&rows[8], &[("planned", "10000000.00"), ("delivered_to_its_end", "8000000.00")]);
    // What is to come is not nought.
    holds(&rows[9], &[("month", "10"), ("delivered", "")]);
    let (_, rows) = table(&chair, "/brief/partners", "as_of=2012-09-30").await;
    holds(
        &rows[0],
        &[
            ("code", "IND"),
            ("delivered", "8000000.00"),
            ("planned", "10000000.00"),
            ("execution_pct", "80.0"),
        ],
    );
    let (_, rows) = table(&chair, "/brief/groups", "as_of=2012-09-30").await;
    holds(&rows[0], &[("code", "BRICS"), ("members", "IND"), ("delivered", "8000000.00")]);
    let (_, rows) = table(&chair, "/figures/deliveries.execution_pct/operands", "as_of=2012-09-30").await;
    let delivered = find(&rows, "figure", "deliveries.delivered");
    holds(delivered, &[("value", "8000000.00"), ("unit", "USD"), ("owing", ""), ("not_known", "")]);
    assert_eq!(table(&chair, "/brief/forecasts", "as_of=2012-09-30").await.1.len(), 4);

    let auditor = Visitor::of(&server, Role::Auditor).await;
    let (_, rows) = table(&auditor, "/accounts", "").await;
    holds(
        find(&rows, "account", "exporter"),
        &[("roles", "exporter"), ("party", &held.exporter), ("disabled", "no")],
    );
    let (columns, rows) = table(&auditor, "/ledger", "").await;
    assert_eq!(columns.join(","), "sequence,recorded_at,event,subject,version,occurred_on,actor,label,hash");
    let (events, hash) = server.head().await;
    assert_eq!((rows.len() as i64, &rows[0]["hash"]), (events, &hash));
    let (_, reads) = table(&auditor, "/ledger/reads", "").await;
    assert!(reads.iter().any(|row| row["account"] == "chair"), "{reads:?}");
    for path in ["/ledger.csv", "/ledger/reads.csv", "/accounts.xlsx"] {
        let status = Visitor::of(&server, Role::Member).await.get(path).await.status;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn published_forecasts_and_their_record() {
    let clock = Arc::new(ManualClock::at("2012-10-05T09:00:00Z".parse().unwrap()));
    let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(7)) };
    let mut server = Server::on(options, |_| {}).await;
    server.held = crate::register::fill(&server.app.store).await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let key = server.key(Role::Chair).await;
    let number = ok(&server, &key, "forecasts", json!({"as_of": "2012-09-30"})).await;
    for path in ["/forecasts".to_owned(), format!("/forecasts/{number}/methods")] {
        let (columns, rows) = table(&chair, &path, "").await;
        assert_eq!(columns.len(), 17);
        assert_eq!(rows.len(), 4, "{path}");
        let said = [
            ("number", number.as_str()),
            ("year", "2012"),
            ("as_of", "2012-09-30"),
            ("published_on", "2012-10-05"),
            ("scope", "all contracts"),
            ("plan", "2012:1"),
            ("delivered", "8000000.00"),
            ("currency", "USD"),
            ("came", ""),
        ];
        rows.iter().for_each(|row| holds(row, &said));
    }
    // By other conventions nothing was published.
    assert_eq!(table(&chair, "/forecasts", "counting=handed_over").await.1.len(), 0);
    let (_, rows) = table(&chair, "/forecasts/methods", "").await;
    assert_eq!(rows.len(), 4);
    holds(
        &rows[0],
        &[("scored_forecasts", "0"), ("error_pct", ""), ("currency", "USD"), ("least_error", "no")],
    );
    let exporter = Visitor::of(&server, Role::Exporter).await;
    for path in ["/forecasts.csv", "/forecasts/methods.xlsx"] {
        assert_eq!(exporter.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

/// Every table of the register, by its address without the ending.
fn all(server: &Server) -> Vec<String> {
    let held = &server.held;
    let mut all: Vec<String> = [
        "/figures/deliveries.spi/operands",
        "/slippages/sums",
        "/payments/overdue",
        "/payments/coming",
        "/payments/partners",
        "/payments/banks",
        "/payments/penalties",
        "/payments/schedules",
        "/payments/contracts",
        "/rates",
        "/reports",
        "/timeline",
        "/partners/IND/contracts",
        "/partners/IND/years",
        "/partners/IND/due",
        "/forecasts",
        "/forecasts/methods",
        "/plans",
        "/plans/2012:1/manufacturers",
        "/plans/2012:1/stability",
        "/plans/2012:1/slip/changes",
        "/opportunities/analysis/intake",
        "/opportunities/analysis/partners",
        "/opportunities/analysis/products",
        "/brief/forecasts",
        "/brief/months",
        "/brief/partners",
        "/brief/groups",
        "/brief/pipeline",
        "/brief/deadlines",
        "/lists",
    ]
    .map(str::to_owned)
    .to_vec();
    for part in [
        "lines",
        "deliveries",
        "parties",
        "instalments",
        "receipts",
        "allocations",
        "penalties",
        "rates",
        "slippages",
        "milestones",
        "claims",
        "corrective-actions",
        "offset-phases",
        "offset-transactions",
        "conditions",
    ] {
        all.push(format!("/contracts/{}/{part}", held.contract));
    }
    all.extend([
        format!("/lines/{}/deliveries", held.line),
        format!("/deliveries/{}/claims", held.delivery),
        format!("/parties/{}/contracts", held.exporter),
        format!("/parties/{}/due", held.exporter),
    ]);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_given_to_those_who_may_read_it_and_in_these_forms_alone() {
    let server = Server::filled().await;
    let auditor = Visitor::of(&server, Role::Auditor).await;
    let administrator = Visitor::of(&server, Role::Administrator).await;
    for path in all(&server) {
        let (columns, _) = table(&auditor, &path, "as_of=2012-09-30").await;
        assert!(columns.len() > 2 && columns.iter().all(|name| !name.is_empty()), "{path}: {columns:?}");
        for ending in ["csv", "xlsx"] {
            let path = format!("{path}.{ending}");
            assert_eq!(administrator.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
            assert!(!server.get(&path).await.status.is_success(), "{path}: without signing in");
        }
        for ending in ["txt", "CSV", "ods", "csv.csv"] {
            let path = format!("{path}.{ending}");
            assert_eq!(auditor.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
