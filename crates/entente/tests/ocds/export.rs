//! What is given out, and that nothing else is.

use entente::book::{gather, ocds, open_book};
use entente_register::access::{Actor, Role};
use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_register::label::Clearance;
use entente_store::Error;
use serde_json::{Value, json};

use crate::register::{Register, kept};
use crate::schema::{assert_valid, extended, standard};

/// A package as the actor gets it.
pub(crate) async fn package(register: &Register, actor: &Actor, is_public: bool) -> Result<Vec<u8>, Error> {
    let actor = if is_public { actor.limited_to_public() } else { actor.clone() };
    let reader = register.store.reader(&actor, None, None).await.unwrap();
    let options = ocds::Options {
        publisher: "Commission".into(),
        prefix: ocds::PREFIX.into(),
        extension: ocds::CONTRACT_EXECUTION.into(),
        published: reader.known_at(),
        is_public,
    };
    let mut bytes = Vec::new();
    ocds::write(&gather(&reader, &|_| {}).await?, &options, &mut bytes)?;
    Ok(bytes)
}

/// Two contracts that are public and two that are not; what may not get out has a word of its own.
pub(crate) async fn with_markings(folder: &tempfile::TempDir) -> Register {
    let register = Register::founded(folder, "markings.db").await;
    let book = folder.path().join("markings");
    std::fs::create_dir(&book).unwrap();
    for (name, text) in [
        ("partners", "code,name\nBRA,Brazil\nIND,India\n"),
        (
            "parties",
            "name,kind,state,marking\nWorks,company,RUS,PUBLIC\nMinistry,state_authority,BRA,PUBLIC\nZirconParty,company,RUS,SECRET\nZirconOffice,company,RUS,\nZirconState,state_authority,IND,OFFICIAL//REL IND\nMaker,company,RUS,PUBLIC\n",
        ),
        (
            "contracts",
            "reference,title,partner,currency,marking,opened_on,exporter,end_user,signed_on,signed_document,in_force_on,terminated_on,terminated_reason\n\
             P/1,Radios,BRA,USD,PUBLIC,2012-01-10,Works,Ministry,2012-01-20,Contract P/1,2012-02-01,,\n\
             Zircon/1,ZirconTitle one,BRA,USD,SECRET,2012-01-10,Works;ZirconParty,Ministry,2012-01-20,ZirconPaper,2012-02-01,,\n\
             Zircon/2,ZirconTitle two,IND,USD,OFFICIAL//REL IND,2012-01-10,Works,ZirconState,,,,,\n\
             P/2,Boats,BRA,JPY,PUBLIC,2012-01-11,Works,Ministry,,,,2012-06-01,Nobody wants boats\n",
        ),
        (
            "lines",
            "contract,line,description,quantity,unit,unit_price,category,manufacturer,due_on,agreed_on,document,reason\n\
             P/1,1,Radio,10,kilogram,\"1,250.10\",ML11.a,Works,2012-12-31,2012-01-10,,\n\
             P/1,1,Radio,12.5,kilogram,\"1,250.10\",ML11.a,Works,2012-12-31,2012-05-10,Addendum 1,More are needed\n\
             Zircon/1,1,ZirconRadio,7,piece,77777.77,ML11.zircon,ZirconParty,2012-12-31,2012-01-10,,\n\
             Zircon/2,1,ZirconRadar,7,piece,77777.77,ML11.zircon,,2012-12-31,2012-01-10,,\n\
             P/2,1,Boat,3,piece,12000,ML9.a,Maker,2012-12-31,2012-01-11,,\n",
        ),
        (
            "plan",
            "year,version,currency,approved_on,approved_document,contract,line,planned_on,amount\n\
             2012,1,USD,2012-02-20,ZirconDecision,P/1,1,2012-03-31,2500.20\n\
             2012,1,USD,2012-02-20,ZirconDecision,Zircon/1,1,2012-03-31,77777.77\n",
        ),
        (
            "deliveries",
            "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document,returned_on,returned_reason\n\
             P/1,1,W-1,2,2012-03-01,Waybill 1,2012-03-20,Certificate 1,,\n\
             P/1,1,W-2,2.5,2012-04-01,Waybill 2,,,2012-04-20,Wet\n\
             P/1,1,W-3,1,2012-06-01,Waybill 3,,,,\n\
             Zircon/1,1,ZirconDelivery,1,2012-06-01,ZirconWaybill,,,,\n",
        ),
        (
            "claims",
            "contract,claim,kind,description,opened_on,settled_on,outcome\n\
             P/1,1,damage,Two are broken,2012-04-01,2012-05-01,Repaired\n\
             Zircon/1,1,damage,ZirconClaim,2012-07-01,,\n",
        ),
    ] {
        std::fs::write(book.join(format!("{name}.csv")), text).unwrap();
    }
    let report = register.import_files(open_book(&book).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    register
}

#[tokio::test]
async fn the_whole_demonstration_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::demonstration(&folder).await;
    let bytes = package(&register, &register.actor, false).await.unwrap();
    let package = assert_valid(&bytes);
    assert_eq!(
        package["releases"].as_array().unwrap().len(),
        register.book().await.values().nth(3).unwrap().len() - 1
    );
    let again = self::package(&register, &register.actor, false).await.unwrap();
    assert_eq!(package["releases"], serde_json::from_slice::<Value>(&again).unwrap()["releases"]);
}

#[tokio::test]
async fn what_is_marked_is_in_no_byte_of_the_public_package() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_markings(&folder).await;
    let whole = String::from_utf8(package(&register, &register.actor, false).await.unwrap()).unwrap();
    assert_valid(whole.as_bytes());
    for word in [
        "ZirconParty",
        "Zircon/2",
        "ZirconRadar",
        "ZirconClaim",
        "ZirconDecision",
        "77777.77",
        "ZirconOffice",
    ] {
        assert!(whole.contains(word), "{word}");
    }
    let public = String::from_utf8(package(&register, &register.actor, true).await.unwrap()).unwrap();
    for word in ["Zircon", "zircon", "77777", "SECRET", "OFFICIAL", "IND", "India"] {
        assert!(!public.contains(word), "{word}:\n{public}");
    }
    let package = assert_valid(public.as_bytes());
    let releases = package["releases"].as_array().unwrap();
    assert_eq!(releases.len(), 2);
    for release in releases {
        let fields: Vec<_> =
            release["withheldInformation"].as_array().unwrap().iter().map(|w| &w["field"]).collect();
        assert_eq!(
            fields,
            [
                "book/plans",
                "book/receipts",
                "book/suspensions",
                "book/slippages",
                "book/terms",
                "book/serials",
                "book/milestones",
                "book/corrective",
                "book/offsets",
                "book/credits",
                "contracts/items/terms/entry"
            ]
        );
    }
    // Neither is the order of entry, nor any number that would tell of the others.
    assert!(!public.contains("\"entry\":"), "{public}");
    assert!(!package["book"].as_object().unwrap().contains_key("plans"));
}

#[tokio::test]
async fn everything_stands_where_the_standard_puts_it() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_markings(&folder).await;
    let bytes = package(&register, &register.actor, true).await.unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let package: Value = serde_json::from_slice(&bytes).unwrap();
    let release = &package["releases"][0];
    assert_eq!(release["tag"], json!(["award", "contract", "contractAmendment", "implementation"]));
    assert_eq!(release["buyer"]["name"], "Ministry");
    assert_eq!(release["awards"][0]["suppliers"][0]["name"], "Works");
    let contract = &release["contracts"][0];
    assert_eq!((&contract["id"], &contract["status"]), (&json!("P/1"), &json!("active")));
    assert_eq!(contract["items"][0]["unit"]["value"], json!({"amount": 1250.10, "currency": "USD"}));
    // Amounts are written as they are, not as a floating point number happens to read.
    assert!(text.contains("\"amount\": 15626.25") && text.contains("\"amount\": 1250.10"), "{text}");
    assert_eq!(contract["items"][0]["terms"][1]["amendmentID"], "1/1");
    assert_eq!(
        contract["amendments"],
        json!([{"id": "1/1", "date": "2012-05-10T00:00:00Z", "description": "Addendum 1", "rationale": "More are needed"}])
    );
    let milestones = contract["implementation"]["milestones"].as_array().unwrap();
    let statuses: Vec<_> = milestones.iter().map(|m| m["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["met", "notMet", "partiallyMet"]);
    assert_eq!(
        milestones[1]["delivery"]["return"],
        json!({"date": "2012-04-20T00:00:00Z", "rationale": "Wet"})
    );
    let boats = &package["releases"][1]["contracts"][0];
    assert_eq!(
        (&boats["status"], &boats["value"]),
        (&json!("cancelled"), &json!({"amount": 36000, "currency": "JPY"}))
    );
}

#[tokio::test]
async fn a_maker_who_is_closed_to_the_reader_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let register = with_markings(&folder).await;
    let reader = register.store.reader(&register.actor, None, None).await.unwrap();
    let book = gather(&reader, &|_| {}).await.unwrap();
    let mut parties = book.parties.iter().zip(&book.rows[&Table::Parties][1..]);
    let works = parties.find(|(_, row)| row[0] == Cell::text("Works")).unwrap().0.clone();
    // An exporter sees its own contracts and the parties to them; who makes a line is not among those.
    let exporter = Actor {
        account: "works".into(),
        name: "Works".into(),
        roles: vec![Role::Exporter],
        clearance: Clearance::full(),
        party: Some(works),
    };
    let bytes = package(&register, &exporter, false).await.unwrap();
    let package = assert_valid(&bytes);
    assert!(!String::from_utf8(bytes).unwrap().contains("Maker"));
    let boats =
        package["releases"].as_array().unwrap().iter().find(|r| r["contracts"][0]["id"] == "P/2").unwrap();
    assert!(boats["contracts"][0]["items"][0].get("manufacturer").is_none());
    assert_eq!(boats["withheldInformation"].as_array().unwrap().len(), 1);
    assert_eq!(boats["withheldInformation"][0]["id"], "manufacturer-1");
    assert_eq!(boats["withheldInformation"][0]["field"], "contracts/items/manufacturer");
}

#[tokio::test]
async fn a_package_of_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::founded(&folder, "empty.db").await;
    for (is_public, message) in
        [(true, "Nothing of the book is public."), (false, "The book that is open to you has no contract.")]
    {
        match package(&register, &register.actor, is_public).await {
            Err(Error::Refusal(refusal)) => {
                assert_eq!((refusal.code, refusal.message.as_str()), ("ocds.empty", message))
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let package = json!({
        "uri": "urn:uuid:520609ee-4de6-861a-9b4d-867c89d4ba09", "version": "1.1", "publishedDate": "2014-01-11T11:49:21Z",
        "publisher": {"name": "Commission"},
        "releases": [{"ocid": "a", "id": "b", "date": "2014-01-11T11:49:21Z", "tag": ["contract"], "initiationType": "tender"}],
    });
    assert!(standard().is_valid(&package) && extended().is_valid(&package));
    for (pointer, value) in [
        ("/releases/0/tag", json!(["unknown"])),
        ("/releases/0/date", json!("2014-01-11")),
        ("/releases/0/ocid", json!("")),
        ("/uri", json!("not a uri")),
    ] {
        let mut wrong = package.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        assert!(!standard().is_valid(&wrong), "{pointer}");
    }
    let mut other = package.clone();
    other["releases"][0]["contracts"] = json!([{"id": "1", "awardID": "1", "colour": "red"}]);
    assert!(standard().is_valid(&other) && !extended().is_valid(&other), "what no schema names is found");
    other["releases"][0]["contracts"] =
        json!([{"id": "1", "awardID": "1", "claims": [{"id": "1", "type": "theft"}]}]);
    assert!(!extended().is_valid(&other));
}
