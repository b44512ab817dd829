//! What is taken in: our own packages whole, others as far as they go, and every fault with its place.

use entente::book::{Report, ocds};
use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use serde_json::{Value, json};

use crate::export::{package, with_markings};
use crate::register::{Register, kept, trial};
use crate::schema::assert_valid;

async fn bring(register: &Register, bytes: &[u8]) -> Report {
    bring_as(register, bytes, ocds::Reading::default()).await
}

async fn bring_as(register: &Register, bytes: &[u8], reading: ocds::Reading) -> Report {
    let package = ocds::read(bytes, reading).unwrap();
    ocds::import(&register.store, &register.actor, package, kept(), &|_| {}).await.unwrap()
}

/// What another publisher’s items are, by our list.
fn boats() -> ocds::Reading {
    ocds::Reading { category: Some("ML9.a".into()), ..ocds::Reading::default() }
}

async fn bring_json(register: &Register, package: &Value) -> Report {
    bring(register, package.to_string().as_bytes()).await
}

fn found(report: &Report) -> Vec<(String, String)> {
    let found = report.problems.iter();
    found.map(|(_, p)| (p.pointer.clone().unwrap_or_default(), p.reason.clone())).collect()
}

#[tokio::test]
async fn the_demonstration_goes_out_and_comes_in_with_the_same_figures() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Register::demonstration(&folder).await;
    let bytes = package(&ours, &ours.actor, false).await.unwrap();

    // In the register that it came from it is all there.
    let head = ours.head().await;
    let again = bring(&ours, &bytes).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(ours.head().await, head, "{}", again.text());

    let theirs = Register::founded(&folder, "empty.db").await;
    let package = ocds::read(&bytes, ocds::Reading::default()).unwrap();
    let tried = ocds::import(&theirs.store, &theirs.actor, package, trial(), &|_| {}).await.unwrap();
    assert!(tried.is_clean() && tried.is_trial && !tried.kept, "{}", tried.text());
    assert_eq!(theirs.head().await, 1, "a trial changes nothing");

    let report = bring(&theirs, &bytes).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    assert!(report.aside.is_empty(), "{}", report.text());
    theirs.agrees_with(&ours).await;
    let (mine, yours) = (ours.book().await, theirs.book().await);
    for table in [Table::Rates, Table::Instalments, Table::Receipts, Table::Schedules] {
        let lines = |rows: &[Vec<Cell>]| rows.iter().map(|row| format!("{row:?}")).collect::<Vec<_>>();
        // The demonstration is in one currency, so it has no rates.
        assert!(table == Table::Rates || mine[&table].len() > 1, "the demonstration has {}", table.word());
        pretty_assert(&lines(&mine[&table]), &lines(&yours[&table]));
    }
    for table in [
        Table::Suspensions,
        Table::Slippages,
        Table::Opportunities,
        Table::Requests,
        Table::Deadlines,
        Table::Estimates,
        Table::Opinions,
        Table::Offers,
    ] {
        // Places of entry are those of the register that gives the book out.
        let is_entry: Vec<bool> =
            table.columns().iter().map(|column| column.name.ends_with("entry")).collect();
        let lines = |rows: &[Vec<Cell>]| {
            let mut lines: Vec<String> = rows
                .iter()
                .map(|row| {
                    let told = row.iter().zip(&is_entry).filter(|(_, is_entry)| !**is_entry);
                    format!("{:?}", told.map(|(cell, _)| cell).collect::<Vec<_>>())
                })
                .collect();
            lines.sort();
            lines
        };
        assert!(mine[&table].len() > 1, "the demonstration has {}", table.word());
        pretty_assert(&lines(&mine[&table]), &lines(&yours[&table]));
    }

    let head = theirs.head().await;
    theirs.clock.set("2014-02-02T09:00:00Z".parse().unwrap());
    let again = bring(&theirs, &bytes).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(theirs.head().await, head, "what is in is not brought in again: {}", again.text());
}

#[tokio::test]
async fn every_row_comes_back_as_it_went_out() {
    let folder = tempfile::tempdir().unwrap();
    let ours = with_markings(&folder).await;
    let bytes = package(&ours, &ours.actor, false).await.unwrap();
    let theirs = Register::founded(&folder, "empty.db").await;
    let report = bring(&theirs, &bytes).await;
    assert!(report.is_clean() && report.kept && report.aside.is_empty(), "{}", report.text());
    let sorted = |rows: entente::book::Rows| {
        // Orders of entry are of the ledger; parties stand in the order of their numbers.
        let mut rows: Vec<_> = rows
            .into_iter()
            .flat_map(|(table, rows)| {
                let entries: Vec<_> = table.columns().iter().map(|c| c.name.ends_with("entry")).collect();
                rows.into_iter().map(move |row| {
                    let cells = row.into_iter().zip(&entries).filter(|(_, is)| !**is);
                    format!(
                        "{}: {:?}",
                        table.word(),
                        cells.map(|(cell, _)| cell.to_string()).collect::<Vec<_>>()
                    )
                })
            })
            .collect();
        rows.sort();
        rows
    };
    pretty_assert(&sorted(ours.book().await), &sorted(theirs.book().await));

    // What is public comes in alone, too.
    let public = package(&ours, &ours.actor, true).await.unwrap();
    let third = Register::founded(&folder, "public.db").await;
    let report = bring(&third, &public).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    assert_eq!(report.aside.len(), 1, "{}", report.text());
    assert_eq!(report.aside[0].reason, "The publisher says that it is withheld.");
}

fn pretty_assert(ours: &[String], theirs: &[String]) {
    let lost: Vec<_> = ours.iter().filter(|row| !theirs.contains(row)).collect();
    let made: Vec<_> = theirs.iter().filter(|row| !ours.contains(row)).collect();
    assert!(lost.is_empty() && made.is_empty(), "lost: {lost:#?}\nmade: {made:#?}");
}

#[tokio::test]
async fn the_template_is_valid_and_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let template = ocds::template().unwrap();
    assert_valid(&template);
    let register = Register::founded(&folder, "template.db").await;
    let report = bring(&register, &template).await;
    assert!(report.is_clean() && report.kept && report.aside.is_empty(), "{}", report.text());
}

/// A process as another publisher writes it: three releases, none of which knows our extension.
fn foreign() -> Value {
    let release = |id: &str, date: &str, tag: &str, more: Value| {
        let mut release = json!({
            "ocid": "ocds-213czf-7", "id": id, "date": date, "tag": [tag], "initiationType": "tender", "language": "en",
        });
        release.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        release
    };
    let item = json!({
        "id": 1, "description": "Patrol boat", "quantity": 2.50,
        "classification": {"scheme": "CPV", "id": "35512400", "description": "Patrol vessels"},
        "unit": {"name": "kilogram", "value": {"amount": 1250000.5, "currency": "EUR"}},
    });
    json!({
        "uri": "https://example.org/package.json", "version": "1.1", "publishedDate": "2013-01-01T00:00:00Z",
        "publisher": {"name": "Elsewhere"}, "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "releases": [
            // Not in the order of their dates.
            release("3", "2012-06-01T12:00:00+02:00", "contractAmendment", json!({"contracts": [{
                "id": "C", "awardID": "A",
                "items": [{"id": 1, "quantity": 4}],
                "amendments": [{"id": "am1", "date": "2012-05-30T23:00:00-05:00", "description": "Addendum 1", "rationale": "More are needed"}],
            }]})),
            release("1", "2012-01-10T09:00:00Z", "tender", json!({
                "parties": [
                    {"id": "GB-GOV-1", "name": "Navy", "roles": ["buyer", "procuringEntity"], "identifier": {"scheme": "GB-GOV", "id": "1"}},
                    {"id": "X", "name": "Werft", "roles": ["supplier"], "address": {"countryName": "Germany", "locality": "Kiel"}},
                ],
                "buyer": {"id": "GB-GOV-1", "name": "Navy"},
                "tender": {"id": "T", "title": "Boats", "items": [{"id": 1}]},
            })),
            release("2", "2012-03-01T09:00:00Z", "contract", json!({
                "awards": [{"id": "A", "title": "Patrol boats", "date": "2012-02-01T00:00:00Z", "suppliers": [{"id": "X", "name": "Werft"}]}],
                "contracts": [{
                    "id": "C", "awardID": "A", "status": "active", "dateSigned": "2012-03-01T00:00:00Z",
                    "period": {"startDate": "2012-03-15T00:00:00Z", "endDate": "2013-03-14T00:00:00Z"},
                    "value": {"amount": 3125001.25, "currency": "EUR"},
                    "items": [item],
                    "implementation": {
                        "milestones": [{"id": "m", "type": "delivery", "title": "First boat", "status": "met", "dateMet": "2012-12-01T00:00:00Z"}],
                        "transactions": [{"id": "t1"}, {"id": "t2"}],
                    },
                }],
            })),
        ],
    })
}

#[tokio::test]
async fn another_publishers_package_comes_in_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::founded(&folder, "foreign.db").await;
    let report = bring_as(&register, foreign().to_string().as_bytes(), boats()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    let aside: Vec<_> = report.aside.iter().map(|aside| (aside.pointer.as_str(), aside.count)).collect();
    assert_eq!(
        aside,
        [
            ("/releases/2/contracts/0/implementation/milestones/0", 1),
            ("/releases/2/contracts/0/implementation/transactions", 2),
            ("/releases/2/contracts/0/items/0/classification/description", 1),
            ("/releases/2/contracts/0/value/amount", 1),
            ("/releases/1/parties/1/address/locality", 1),
            ("/releases/1/parties/0/identifier/id", 1),
            ("/releases/1/tender", 1),
        ],
        "{}",
        report.text()
    );
    let book = register.book().await;
    let shown = |table: &str| -> Vec<Vec<String>> {
        let table = entente_register::book::table::Table::named(table).unwrap();
        book[&table][1..].iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    };
    assert_eq!(shown("parties").len(), 2);
    let contract = &shown("contracts")[0];
    assert_eq!(
        contract[..8],
        ["ocds-213czf-7/C", "Patrol boats", "GBR", "EUR", "OFFICIAL", "2012-02-01", "Werft", "Navy"]
    );
    assert_eq!(contract[13..16], ["2012-03-01", "Contract ocds-213czf-7/C", "2012-03-15"]);
    let lines = shown("lines");
    assert_eq!(
        lines[0][1..10],
        ["1", "Patrol boat", "2.5", "KGM", "1250000.50", "ML9.a", "", "2013-03-14", "2012-02-01"]
    );
    // The day of the amendment where it was made, not where it is read.
    assert_eq!(
        lines[1][3..12],
        ["4", "KGM", "1250000.50", "ML9.a", "", "2013-03-14", "2012-05-30", "Addendum 1", "More are needed"]
    );
    assert!(shown("deliveries").is_empty());

    let refused = bring_json(&Register::founded(&folder, "list.db").await, &foreign()).await;
    // And that its contract then has no line is not a second fault.
    assert_eq!(
        found(&refused),
        [(
            "/releases/2/contracts/0/items/0/classification/id".into(),
            "\"CPV 35512400\" is not a control-list entry.".into()
        )],
        "{}",
        refused.text()
    );

    let head = register.head().await;
    let again = bring_as(&register, foreign().to_string().as_bytes(), boats()).await;
    assert!(again.is_clean(), "{}", again.text());
    assert_eq!(register.head().await, head, "{}", again.text());
}

#[tokio::test]
async fn records_and_single_releases_come_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut compiled = foreign()["releases"][2].clone();
    compiled["parties"] = foreign()["releases"][1]["parties"].clone();
    compiled["buyer"] = foreign()["releases"][1]["buyer"].clone();
    let record = json!({"version": "1.1", "records": [{
        "ocid": "ocds-213czf-7", "compiledRelease": compiled, "releases": [{"url": "https://example.org/1", "date": "2012-01-01T00:00:00Z"}],
    }]});
    let embedded =
        json!({"version": "1.1", "records": [{"ocid": "ocds-213czf-7", "releases": foreign()["releases"]}]});
    for (name, package) in [("record.db", &record), ("embedded.db", &embedded), ("single.db", &compiled)] {
        let register = Register::founded(&folder, name).await;
        let report = bring_as(&register, package.to_string().as_bytes(), boats()).await;
        assert!(report.is_clean() && report.kept, "{name}: {}", report.text());
        assert_eq!(register.book().await.values().nth(3).unwrap().len(), 2, "{name}: {}", report.text());
    }
    let links =
        json!({"version": "1.1", "records": [{"ocid": "a", "releases": [{"url": "https://example.org/1"}]}]});
    let register = Register::founded(&folder, "links.db").await;
    let report = bring_json(&register, &links).await;
    assert_eq!(
        found(&report),
        [("/records/0".into(), "The record holds no release, or links to releases alone.".into())]
    );
}

#[tokio::test]
async fn every_fault_is_named_with_its_place_and_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::founded(&folder, "faults.db").await;
    let sound = ocds::template().unwrap();
    let sound: Value = serde_json::from_slice(&sound).unwrap();
    let head = register.head().await;
    let contract = "/releases/0/contracts/0";
    let delivery = "/releases/0/contracts/0/implementation/milestones/0";
    for (place, value, at, says) in [
        ("value/currency", json!("XXQ"), "value/currency", "\"XXQ\""),
        ("value/currency", json!("EUR"), "items/0/unit/value/currency", "in USD"),
        ("dateSigned", json!("2012-02-30T00:00:00Z"), "dateSigned", "is not"),
        ("dateSigned", json!("January"), "dateSigned", "not written as a date"),
        ("dateSigned", json!(20120115), "dateSigned", "is not a date"),
        ("items/0/terms/0/unitPrice/amount", json!(0.12345), "items/0/terms/0/unitPrice/amount", "decimals"),
        (
            "items/0/terms/0/unitPrice/amount",
            json!("12"),
            "items/0/terms/0/unitPrice/amount",
            "is not a number",
        ),
        ("items/0/terms/0/unitPrice/amount", json!(null), "items/0/terms/0/unitPrice/amount", "is empty"),
        ("items/0/terms/0/quantity", json!(-1), "items/0/terms/0/quantity", "not above zero"),
        ("items/0/terms/0/quantity", json!(9), "items/0/quantity", "its last terms 9"),
        ("items", json!("none"), "items", "This is no list."),
        ("items", json!(["none"]), "items/0", "This is no object."),
        ("items/0/classification", json!(null), "items/0/classification/id", "is empty"),
        ("items/0/unit/id", json!("furlong"), "items/0/unit/id", "not a unit"),
        ("title", json!({"en": "Boats"}), "title", "is not a text"),
        ("marking", json!("HUSH"), "marking", "HUSH"),
        ("partner", json!("Brazil"), "partner", "no partner Brazil"),
        ("claims/0/type", json!("theft"), "claims/0/type", "not a kind of claim"),
        (
            "implementation/milestones/0/delivery/quantity",
            json!(99),
            "implementation/milestones/0/delivery/quantity",
            "99",
        ),
        (
            "implementation/milestones/0/delivery/itemID",
            json!("7"),
            "implementation/milestones/0/delivery/itemID",
            "no line",
        ),
        (
            "implementation/milestones/0/dateMet",
            json!("2012-04-01T00:00:00Z"),
            "implementation/milestones/0/dateMet",
            "",
        ),
        (
            "implementation/milestones/0/delivery/dateHandedOver",
            json!(null),
            "implementation/milestones/0/delivery/dateHandedOver",
            "is empty",
        ),
    ] {
        let mut package = sound.clone();
        set(&mut package, &format!("{contract}/{place}"), value);
        let report = bring_json(&register, &package).await;
        let found = found(&report);
        let wanted = format!("{contract}/{at}");
        assert!(
            found.iter().any(|(pointer, reason)| *pointer == wanted && reason.contains(says)),
            "{place}: {}",
            report.text()
        );
        assert!(!report.kept && report.problems.iter().all(|(_, p)| !p.remedy.is_empty()), "{place}");
        assert!(report.text().contains(&wanted), "{}", report.text());
    }
    for (place, value, at, says) in [
        ("/releases/0/buyer", json!(null), "/releases/0/buyer", "end user is empty"),
        ("/releases/0/ocid", json!(null), "/releases/0", "has no ocid"),
        ("/releases/0/parties/0/name", json!("One; Two"), "/releases/0/parties/0/name", "semicolon"),
        ("/releases", json!({}), "/releases", "This is no list."),
        (
            "/book/plans/0/items/0/value/currency",
            json!("EUR"),
            "/book/plans/0/items/0/value/currency",
            "in USD",
        ),
        ("/book/plans/0/items/0/contractID", json!("P/9"), "/book/plans/0/items/0/contractID", "no contract"),
    ] {
        let mut package = sound.clone();
        if place == "/releases/0/buyer" {
            package["releases"][0]["parties"][0]["roles"] = json!([]);
        }
        set(&mut package, place, value);
        let report = bring_json(&register, &package).await;
        assert!(
            found(&report).iter().any(|(pointer, reason)| pointer == at && reason.contains(says)),
            "{place}: {}",
            report.text()
        );
    }
    assert_eq!(register.head().await, head, "nothing was kept");
    let _ = delivery;
    let report = bring_json(&register, &sound).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
}

/// Sets a value, or with null removes it.
fn set(package: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = package.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(members) if value.is_null() => {
            members.remove(name);
        }
        Value::Object(members) => {
            members.insert(name.to_owned(), value);
        }
        _ => panic!("{pointer}"),
    }
}

#[tokio::test]
async fn amounts_are_read_as_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let template = String::from_utf8(ocds::template().unwrap()).unwrap();
    for (name, written, read) in [
        ("a", "0.1", "0.10"),
        ("b", "1e3", "1000.00"),
        ("c", "1.2505E+2", "125.05"),
        ("d", "999999999999.97", "999999999999.97"),
        ("e", "1250000.500000", "1250000.50"),
    ] {
        let register = Register::founded(&folder, &format!("{name}.db")).await;
        let mut package: String = template.replace("1250000.00", written);
        // One delivery of two is too much for a plan that is not of its size.
        package = package.replace("\"amount\": 12500000.00", "\"amount\": 1");
        let report = bring(&register, package.as_bytes()).await;
        assert!(report.is_clean() && report.kept, "{written}: {}", report.text());
        let book = register.book().await;
        let lines = &book[&entente_register::book::table::Table::Lines];
        assert_eq!(lines[1][5].to_string(), read, "{written}");
    }
    let register = Register::founded(&folder, "wrong.db").await;
    for (written, says) in [("0.30000000000000004", "decimals"), ("1e30", "large"), ("0.001", "decimals")] {
        let report = bring(&register, template.replace("1250000.00", written).as_bytes()).await;
        let found = found(&report);
        assert!(
            found.iter().any(|(at, reason)| at.contains("amount") && reason.contains(says)),
            "{written}: {}",
            report.text()
        );
    }
}
