//! The forms in which lists are published, each by a small one that is made here.

#![allow(clippy::unwrap_used)]

use std::io::Write as _;

use entente_screening::entity::Entity;
use entente_screening::lists::{COLUMNS, Form, ListFault, apply, read_parties, read_set, template};

fn read(form: Form, text: &str) -> Vec<Entity> {
    assert_eq!(Form::of(text.as_bytes()), form);
    form.read(text.as_bytes()).unwrap().entries
}

fn fault(form: Form, text: &str) -> ListFault {
    form.read(text.as_bytes()).unwrap_err()
}

fn has(entity: &Entity, property: &str, values: &[&str]) {
    assert_eq!(entity.get(property), values, "{property} of {}", entity.id);
}

#[test]
fn the_united_nations_list_is_read_with_all_it_says() {
    let list = include_str!("../fuzz/seeds/un.xml");
    let entries = read(Form::Un, list);
    let (one, company) = (&entries[0], &entries[1]);
    has(one, "name", &["ONE TWO THREE FOUR"]);
    has(one, "thirdName", &["THREE"]);
    has(one, "alias", &["Abu One", "Абу"]);
    has(one, "previousName", &["Old One"]);
    has(one, "birthDate", &["1955", "circa 1966", "1960-1962", "1973-11"]);
    has(one, "birthPlace", &["Izo, Oman", "Sur, Oman"]);
    has(one, "nationality", &["Oman", "Yemen"]);
    has(one, "passportNumber", &["AB12345"]);
    has(one, "idNumber", &["545167"]);
    has(
        one,
        "document",
        &[
            "Numéro de passeport; AB12345; Oman; 2001-02-03",
            "National Identification Number; (tazkira) number 545167",
        ],
    );
    has(one, "address", &["Muscat, Oman"]);
    has(one, "gender", &["male"]);
    has(one, "listingDate", &["2012-12-31"]);
    has(one, "modifiedAt", &["2014-01-02"]);
    has(company, "previousName", &["F"]);
    has(company, "country", &["Oman"]);
}

const SDN: &str = include_str!("../fuzz/seeds/sdn.csv");
const ALT: &str = include_str!("../fuzz/seeds/alt.csv");
const ADD: &str = include_str!("../fuzz/seeds/add.csv");

#[test]
fn the_csv_set_of_ofac_is_joined() {
    let (sdn, alt, add) = (SDN.as_bytes(), ALT.as_bytes(), ADD.as_bytes());
    let set = [
        ("x/SDN.CSV", sdn),
        ("x/ALT.CSV", alt),
        ("x/ADD.CSV", add),
        ("x/sdn_comments.csv", b"7,more".as_slice()),
    ];
    let edition = read_set(&set).unwrap();
    let (person, vessel) = (&edition.entries[0], &edition.entries[1]);
    has(person, "name", &["Ismail EXAMPLE"]);
    has(person, "previousName", &["Ismail BEFORE"]);
    has(person, "alias", &["BNC"]);
    has(person, "birthDate", &["1967-10-17", "circa 1968"]);
    has(person, "passportNumber", &["A0003450"]);
    has(person, "idNumber", &["123456"]);
    has(person, "address", &["1 Street, Tehran, Iran"]);
    has(person, "program", &["SDGT", "IFSR"]);
    has(vessel, "imoNumber", &["7406784"]);
    has(vessel, "previousName", &["ANA I"]);
    has(vessel, "alias", &["EBONY"]);
    has(vessel, "flag", &["Panama"]);
    assert_eq!((person.schema.as_str(), vessel.schema.as_str()), ("Person", "Vessel"));

    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in set {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    let packed = archive.finish().unwrap().into_inner();
    assert_eq!(Form::of(&packed), Form::Zip);
    assert_eq!(Form::Zip.read(&packed).unwrap(), edition);
    assert!(Form::Zip.read(&packed[..packed.len() / 2]).unwrap_err().reason.contains("archive"));

    let without = read_set(&[("sdn.csv", sdn), ("add.csv", add)]).unwrap_err();
    assert!(without.reason.contains("alt.csv"), "{without}");
    let other =
        read_set(&[("sdn.csv", sdn), ("alt.csv", b"8,1,aka,X,-0- \r\n9,1,aka,X,-0- "), ("add.csv", add)]);
    let other = other.unwrap_err();
    assert_eq!((other.line, other.column), (2, 1));
    assert!(other.reason.starts_with("alt.csv: number 9"), "{other}");
    assert!(read_set(&[]).is_err());
    let cut = Form::OfacCsv.read(b"7,X,-0- ,CUBA\r\n8,Y").unwrap_err();
    assert_eq!(cut.line, 2);
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("list.csv", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(&vec![b'a'; 8 << 20]).unwrap();
    let packed = archive.finish().unwrap().into_inner();
    assert!(Form::Zip.read(&packed).unwrap_err().reason.contains("hundred times"));
}

const ADVANCED: &str = include_str!("../fuzz/seeds/sdn_advanced.xml");

#[test]
fn the_advanced_xml_of_ofac_is_read() {
    let edition = Form::OfacAdvanced.read(ADVANCED.as_bytes()).unwrap();
    assert_eq!(Form::of(ADVANCED.as_bytes()), Form::OfacAdvanced);
    assert_eq!(edition.dated.as_deref(), Some("2026-09-03"));
    let [party] = edition.entries.as_slice() else { panic!("one entry") };
    assert_eq!(
        (party.id.as_str(), party.schema.as_str(), party.caption.as_str()),
        ("30", "Person", "Hiro EXAMPLE")
    );
    has(party, "name", &["Hiro EXAMPLE"]);
    has(party, "lastName", &["EXAMPLE"]);
    has(party, "weakAlias", &["Hi"]);
    has(party, "previousName", &["Was"]);
    has(party, "birthDate", &["1962", "circa 1970-01-02"]);
    has(party, "birthPlace", &["Nagoya, Japan"]);
    has(party, "nationality", &["Japan"]);
    has(party, "address", &["1 Street, Nagoya, Japan"]);
    has(party, "gender", &["male"]);
    has(party, "passportNumber", &["TZ098"]);
    has(party, "publicKey", &["1A1zP1"]);
    has(party, "program", &["EXAMPLE-EO"]);
    has(party, "listingDate", &["2017-07-31"]);
}

const EU: &str = include_str!("../fuzz/seeds/eu.xml");

#[test]
fn the_list_of_the_european_union_is_read() {
    let entries = read(Form::Eu, EU);
    let (person, bank) = (&entries[0], &entries[1]);
    assert_eq!((person.id.as_str(), bank.id.as_str()), ("EU.1.2", "14"));
    has(person, "name", &["Sergei EXAMPLE"]);
    has(person, "alias", &["Sergueï \"S\" Example"]);
    has(person, "weakAlias", &["S. E."]);
    has(person, "birthDate", &["1965-03-12", "circa 1953-1958"]);
    has(person, "birthPlace", &["Leningrad"]);
    has(person, "nationality", &["RU"]);
    has(person, "passportNumber", &["750123456"]);
    has(person, "idNumber", &["SSN 1"]);
    has(person, "address", &["12 Street, Moscow, RUSSIAN FEDERATION"]);
    has(person, "position", &["Minister"]);
    has(person, "gender", &["male"]);
    has(person, "sourceUrl", &["https://example.org/?a=1&b=2"]);
    has(bank, "swiftBic", &["DCBKKPPY"]);
    has(bank, "country", &["KP"]);
    assert_eq!(bank.schema, "Organization");
}

const UK_XML: &str = include_str!("../fuzz/seeds/uk.xml");

const UK_CSV: &str = include_str!("../fuzz/seeds/uk.csv");

#[test]
fn the_lists_of_the_united_kingdom_are_read() {
    let entries = read(Form::UkXml, UK_XML);
    assert_eq!(Form::UkXml.read(UK_XML.as_bytes()).unwrap().dated.as_deref(), Some("2026-09-02"));
    let (person, ship) = (&entries[0], &entries[1]);
    assert_eq!((person.schema.as_str(), ship.schema.as_str()), ("Person", "Vessel"));
    assert_eq!(person.caption, "MOHAMMAD HASSAN EXAMPLE");
    has(person, "name", &["MOHAMMAD HASSAN EXAMPLE", "محمد"]);
    has(person, "weakAlias", &["Haji Example"]);
    has(person, "birthDate", &["1945", "1958-03-01"]);
    has(person, "birthPlace", &["Lakhi, Afghanistan"]);
    has(person, "passportNumber", &["P045"]);
    has(person, "address", &["Kabul, Afghanistan"]);
    has(person, "listingDate", &["2001-01-25"]);
    has(ship, "imoNumber", &["9562233"]);

    let entries = read(Form::UkCsv, UK_CSV);
    assert_eq!(Form::UkCsv.read(UK_CSV.as_bytes()).unwrap().dated.as_deref(), Some("2026-10-02"));
    let [person, company] = entries.as_slice() else { panic!("two entries") };
    has(person, "name", &["Ali EXAMPLE"]);
    has(person, "weakAlias", &["Aly EXAMPLE"]);
    has(person, "birthDate", &["1975", "1976"]);
    has(person, "passportNumber", &["P1", "P2"]);
    has(person, "address", &["1, Street, 99, Syria", "Iraq"]);
    has(company, "name", &["ACME FZE", "Акме"]);
    has(company, "country", &["Russia"]);

    let ofsi = include_str!("../fuzz/seeds/ofsi.csv");
    let entries = read(Form::UkCsv, ofsi);
    has(&entries[0], "birthPlace", &["Sur, Oman", "Muscat, Oman"]);
    has(&entries[0], "nationality", &["Iraq", "Iran"]);
    has(&entries[0], "previousName", &["Tobias QUILLER"]);
    assert_eq!(Form::UkCsv.read(ofsi.as_bytes()).unwrap().dated.as_deref(), Some("2026-06-03"));
    let cut = fault(Form::UkCsv, &UK_CSV.replace("UKX2", ""));
    assert_eq!((cut.line, cut.column), (4, 12));
}

#[test]
fn entities_of_follow_the_money_and_their_changes_are_read() {
    let edition = include_str!("../fuzz/seeds/entities.json");
    let entries = read(Form::FollowTheMoney, edition);
    assert_eq!(entries.iter().map(|own| own.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    has(&entries[0], "own", &["x"]);
    has(&entries[1], "country", &["ru", "7"]);
    assert_eq!((entries[1].schema.as_str(), entries[1].caption.as_str()), ("Spaceship", "B"));

    let changes = include_str!("../fuzz/seeds/entities.delta.json");
    let next = apply(edition.as_bytes(), changes.as_bytes()).unwrap();
    let entries = read(Form::FollowTheMoney, &next);
    assert_eq!(entries.iter().map(|own| own.caption.as_str()).collect::<Vec<_>>(), ["AA", "B", "D"]);
    assert!(next.contains("\"target\":true") && !next.contains("Address"));
    assert_eq!(Form::of(changes.as_bytes()), Form::FollowTheMoneyDelta);
    assert!(fault(Form::FollowTheMoneyDelta, changes).reason.contains("no list"));
    let again = apply(next.as_bytes(), changes.as_bytes()).unwrap_err();
    assert!(again.line == 1 && again.reason.contains("another edition"), "{again}");
    let unknown = changes.replace("\"MOD\"", "\"PUT\"");
    assert_eq!(apply(edition.as_bytes(), unknown.as_bytes()).unwrap_err().line, 2);
    assert_eq!(
        fault(Form::FollowTheMoney, "{\"schema\":\"Person\"}").reason,
        "an entry without an identifier"
    );
}

#[test]
fn a_list_of_ones_own_is_read_or_refused_with_its_place() {
    let entries = read(Form::Csv, &template());
    has(&entries[0], "name", &["Aleksandr Example", "Александр Пример"]);
    assert!(template().starts_with(&COLUMNS.map(|column| column.0).join(",")));
    let head = "id,schema,name,birthDate\n";
    for (text, line, column, reason) in [
        ("id,schema,name,birth_date\n", 1, 16, "the column birth_date is called birthDate"),
        ("id,name,name\n", 1, 9, "twice"),
        ("id,schema\n1,Person\n", 1, 1, "no column is called name"),
        (&format!("{head}1,Person,,1970\n"), 2, 10, "no name"),
        (&format!("{head}1,Persn,A,1970\n"), 2, 3, "no schema"),
        (&format!("{head}1,Person,\"A, B\",24.3.1970\n"), 2, 17, "no date"),
        (&format!("{head}1,Person,A,1970\n\n1,Person,B,\n"), 4, 1, "line 2 already"),
        (&format!("{head}1,Person,A,1970,more\n"), 2, 17, "5 cells"),
        ("name\nA\nA\n", 3, 1, "the same entry stands in line 2"),
        ("", 1, 1, "no column"),
        ("name\n", 1, 1, "no entry"),
    ] {
        let fault = fault(Form::Csv, text);
        assert_eq!((fault.line, fault.column), (line, column), "{text}: {fault}");
        assert!(fault.reason.contains(reason), "{text}: {fault}");
    }
    // Without identifiers an entry keeps what its content gives it.
    let (one, other) = (read(Form::Csv, "name\nA\nB\n"), read(Form::Csv, "name\nB\nA\n"));
    assert_eq!(one[0].id, other[1].id);
    // Parties are taken as they come, but for a column under another name: it would be compared with nothing.
    assert_eq!(read_parties(b"id,name,birthDate,note of ours\n1,,x,a\n1,B,,b\n").unwrap().len(), 2);
    let fault = read_parties(b"id,name,birth_date\n1,B,1970\n").unwrap_err();
    assert_eq!((fault.line, fault.column), (1, 9), "{fault}");
    assert!(fault.reason.contains("the column birth_date is called birthDate"), "{fault}");
}
