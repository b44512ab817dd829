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
    let list = "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>ONE</FIRST_NAME>\
        <SECOND_NAME>TWO</SECOND_NAME><THIRD_NAME>THREE</THIRD_NAME><FOURTH_NAME>FOUR</FOURTH_NAME>\
        <REFERENCE_NUMBER>QDi.1</REFERENCE_NUMBER><LISTED_ON>2012-12-31-05:00</LISTED_ON><GENDER>Male</GENDER>\
        <COMMENTS1>A note</COMMENTS1><TITLE><VALUE>Dr</VALUE></TITLE><DESIGNATION><VALUE>Chief</VALUE></DESIGNATION>\
        <NATIONALITY><VALUE>Oman</VALUE><VALUE>Yemen</VALUE></NATIONALITY>\
        <LAST_DAY_UPDATED><VALUE>2014-01-02</VALUE><VALUE>2013-01-02</VALUE></LAST_DAY_UPDATED>\
        <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Abu One</ALIAS_NAME><NOTE>original script: Абу</NOTE>\
        <DATE_OF_BIRTH>1955</DATE_OF_BIRTH><CITY_OF_BIRTH>Izo</CITY_OF_BIRTH><COUNTRY_OF_BIRTH>Oman</COUNTRY_OF_BIRTH>\
        </INDIVIDUAL_ALIAS><INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Old One</ALIAS_NAME>\
        <NOTE>previously listed as</NOTE></INDIVIDUAL_ALIAS>\
        <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>\
        <INDIVIDUAL_ADDRESS><CITY>Muscat</CITY><COUNTRY>Oman</COUNTRY></INDIVIDUAL_ADDRESS>\
        <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1966</YEAR></INDIVIDUAL_DATE_OF_BIRTH>\
        <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1962</TO_YEAR>\
        </INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE>\
        </INDIVIDUAL_DATE_OF_BIRTH>\
        <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Sur</CITY><COUNTRY>Oman</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>\
        <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Numéro de passeport </TYPE_OF_DOCUMENT><NUMBER>AB12345</NUMBER>\
        <ISSUING_COUNTRY>Oman</ISSUING_COUNTRY><DATE_OF_ISSUE>2001-02-03</DATE_OF_ISSUE></INDIVIDUAL_DOCUMENT>\
        <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT>\
        <TYPE_OF_DOCUMENT2>(tazkira) number 545167</TYPE_OF_DOCUMENT2></INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT/>\
        </INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>E</FIRST_NAME><ENTITY_ALIAS>\
        <QUALITY>f.k.a.</QUALITY><ALIAS_NAME>F</ALIAS_NAME></ENTITY_ALIAS><ENTITY_ADDRESS><COUNTRY>Oman</COUNTRY>\
        </ENTITY_ADDRESS></ENTITY></ENTITIES></CONSOLIDATED_LIST>";
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

const SDN: &str = "7,\"EXAMPLE, Ismail\",individual,SDGT] [IFSR,Dr.,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 17 Oct 1967; \
    alt. DOB circa 1968; nationality Iran; Passport A0003450 (Iran) expires 2001; National ID No. 123456; Gender Male; \
    Secondary sanctions risk: section 1; a.k.a. 'BNC'.\"\r\n\
    8,EBANO,vessel,CUBA,-0- ,CL21,Tug,1,2,Panama,-0- ,\"Vessel Registration Identification IMO 7406784; f.k.a. 'ANA I'.\"\r\n\u{1a}";
const ALT: &str = "7,1,fka,\"BEFORE, Ismail\",-0- \r\n8,2,aka,EBONY,-0- \r\n\u{1a}";
const ADD: &str = "7,1,\"1 Street\",Tehran,Iran,-0- \r\n8,2,-0- ,-0- ,Cuba,-0- \r\n\u{1a}";

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

const ADVANCED: &str = "<?xml version='1.0'?><Sanctions xmlns='urn:x'><DateOfIssue><Year>2026</Year><Month>9</Month>\
    <Day>3</Day></DateOfIssue><ReferenceValueSets>\
    <AliasTypeValues><AliasType ID='1400'>A.K.A.</AliasType><AliasType ID='1401'>F.K.A.</AliasType>\
    <AliasType ID='1403'>Name</AliasType></AliasTypeValues>\
    <AreaCodeValues><AreaCode ID='5' Description='Exampland'>EX</AreaCode></AreaCodeValues>\
    <CountryValues><Country ID='9' ISO2='JP'>Japan</Country></CountryValues>\
    <DetailReferenceValues><DetailReference ID='91526'>Male</DetailReference></DetailReferenceValues>\
    <FeatureTypeValues><FeatureType ID='8'>Birthdate</FeatureType><FeatureType ID='9'>Place of Birth</FeatureType>\
    <FeatureType ID='10'>Nationality Country</FeatureType><FeatureType ID='25'>Location</FeatureType>\
    <FeatureType ID='224'>Gender</FeatureType><FeatureType ID='344'>Digital Currency Address - XBT</FeatureType>\
    </FeatureTypeValues><IDRegDocTypeValues><IDRegDocType ID='1571'>Passport</IDRegDocType></IDRegDocTypeValues>\
    <LocPartTypeValues><LocPartType ID='1'>Unknown</LocPartType><LocPartType ID='1451'>ADDRESS1</LocPartType>\
    <LocPartType ID='1454'>CITY</LocPartType></LocPartTypeValues>\
    <NamePartTypeValues><NamePartType ID='1520'>Last Name</NamePartType><NamePartType ID='1521'>First Name</NamePartType>\
    </NamePartTypeValues><PartyTypeValues><PartyType ID='1'>Individual</PartyType></PartyTypeValues>\
    <PartySubTypeValues><PartySubType ID='4' PartyTypeID='1'>Unknown</PartySubType>\
    <PartySubType ID='2' PartyTypeID='5'>Vessel</PartySubType></PartySubTypeValues></ReferenceValueSets>\
    <Locations><Location ID='70'><LocationCountry CountryID='9'/><LocationPart LocPartTypeID='1454'>\
    <LocationPartValue Primary='false'><Value>名古屋市</Value></LocationPartValue>\
    <LocationPartValue Primary='true'><Value>Nagoya</Value></LocationPartValue></LocationPart>\
    <LocationPart LocPartTypeID='1451'><LocationPartValue Primary='true'><Value>1 Street</Value></LocationPartValue>\
    </LocationPart></Location><Location ID='71'><LocationPart LocPartTypeID='1'><LocationPartValue Primary='true'>\
    <Value>Japan</Value></LocationPartValue></LocationPart></Location></Locations>\
    <IDRegDocuments><IDRegDocument ID='1' IDRegDocTypeID='1571' IdentityID='700'><IDRegistrationNo>TZ098</IDRegistrationNo>\
    </IDRegDocument></IDRegDocuments><DistinctParties><DistinctParty FixedRef='30'><Comment/>\
    <Profile ID='30' PartySubTypeID='4'><Identity ID='700' Primary='true'>\
    <Alias AliasTypeID='1403' Primary='true' LowQuality='false'><DocumentedName ID='1'><DocumentedNamePart>\
    <NamePartValue NamePartGroupID='11'>EXAMPLE</NamePartValue></DocumentedNamePart><DocumentedNamePart>\
    <NamePartValue NamePartGroupID='12'>Hiro</NamePartValue></DocumentedNamePart></DocumentedName></Alias>\
    <Alias AliasTypeID='1400' LowQuality='true'><DocumentedName><DocumentedNamePart><NamePartValue>Hi</NamePartValue>\
    </DocumentedNamePart></DocumentedName></Alias>\
    <Alias AliasTypeID='1401' LowQuality='false'><DocumentedName><DocumentedNamePart><NamePartValue>Was</NamePartValue>\
    </DocumentedNamePart></DocumentedName></Alias>\
    <NamePartGroups><MasterNamePartGroup><NamePartGroup ID='11' NamePartTypeID='1520'/></MasterNamePartGroup>\
    <MasterNamePartGroup><NamePartGroup ID='12' NamePartTypeID='1521'/></MasterNamePartGroup></NamePartGroups></Identity>\
    <Feature FeatureTypeID='8'><FeatureVersion><DatePeriod>\
    <Start Approximate='false'><From><Year>1962</Year><Month>1</Month><Day>1</Day></From></Start>\
    <End Approximate='false'><To><Year>1962</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod></FeatureVersion></Feature>\
    <Feature FeatureTypeID='8'><FeatureVersion><DatePeriod>\
    <Start Approximate='true'><From><Year>1970</Year><Month>1</Month><Day>2</Day></From><To><Year>1970</Year><Month>1</Month>\
    <Day>2</Day></To></Start><End><From><Year>1970</Year><Month>1</Month><Day>2</Day></From></End></DatePeriod></FeatureVersion></Feature>\
    <Feature FeatureTypeID='9'><FeatureVersion><VersionDetail>Nagoya, Japan</VersionDetail></FeatureVersion></Feature>\
    <Feature FeatureTypeID='10'><FeatureVersion><VersionDetail/><VersionLocation LocationID='71'/></FeatureVersion></Feature>\
    <Feature FeatureTypeID='25'><FeatureVersion><VersionLocation LocationID='70'/></FeatureVersion></Feature>\
    <Feature FeatureTypeID='25'><FeatureVersion><VersionLocation LocationID='404'/></FeatureVersion></Feature>\
    <Feature FeatureTypeID='224'><FeatureVersion><VersionDetail DetailReferenceID='91526'/></FeatureVersion></Feature>\
    <Feature FeatureTypeID='344'><FeatureVersion><VersionDetail>1A1zP1</VersionDetail></FeatureVersion></Feature>\
    </Profile></DistinctParty></DistinctParties><SanctionsEntries><SanctionsEntry ID='1' ProfileID='30'>\
    <EntryEvent><Date><Year>2017</Year><Month>7</Month><Day>31</Day></Date></EntryEvent>\
    <SanctionsMeasure><Comment>EXAMPLE-EO</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>";

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

const EU: &str = "<?xml version='1.0' encoding='UTF-8'?><export xmlns='http://eu.europa.ec/fpi/fsd/export' \
    generationDate='2026-08-05T16:47:04+02:00'><sanctionEntity unitedNationId='QDi.1' euReferenceNumber='EU.1.2' logicalId='13'>\
    <remark>A note</remark><regulation programme='TAQA'><publicationUrl>https://example.org/?a=1&amp;b=2</publicationUrl></regulation>\
    <subjectType code='person' classificationCode='P'/>\
    <nameAlias firstName='Sergei' middleName='' lastName='EXAMPLE' wholeName='Sergei EXAMPLE' gender='M' function='Minister' \
    title='Dr' strong='true'><regulationSummary/></nameAlias><nameAlias wholeName='Sergueï &quot;S&quot; Example' strong='true'/>\
    <nameAlias wholeName='S. E.' strong='false'/><citizenship countryIso2Code='RU' countryDescription='RUSSIAN FEDERATION'/>\
    <birthdate circa='false' calendarType='GREGORIAN' city='Leningrad' birthdate='1965-03-12' year='1965' countryIso2Code='00' \
    countryDescription='UNKNOWN'/><birthdate circa='true' calendarType='GREGORIAN' yearRangeFrom='1953' yearRangeTo='1958'/>\
    <birthdate calendarType='ISLAMIC' year='1402'/>\
    <identification number='750123456' identificationTypeCode='passport' identificationTypeDescription='National passport'/>\
    <identification number='SSN 1' identificationTypeCode='id'/>\
    <address street='12 Street' city='Moscow' countryIso2Code='RU' countryDescription='RUSSIAN FEDERATION'/></sanctionEntity>\
    <sanctionEntity logicalId='14'><subjectType code='enterprise' classificationCode='E'/><nameAlias wholeName='Example Bank' \
    strong='true'/><identification number='DCBKKPPY' identificationTypeDescription='SWIFT BIC'/>\
    <address countryIso2Code='KP'/></sanctionEntity></export>";

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

const UK_XML: &str = "<?xml version='1.0'?><Designations><DateGenerated>02/09/2026</DateGenerated><Designation>\
    <LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2001</DateDesignated><UniqueID>AFG9</UniqueID>\
    <UNReferenceNumber>TAi.9</UNReferenceNumber><Names><Name><Name6>Haji Example</Name6><NameType>ALias</NameType>\
    <AliasStrength>Low quality a.k.a</AliasStrength></Name><Name><Name1>MOHAMMAD</Name1><Name2>HASSAN</Name2>\
    <Name6>EXAMPLE</Name6><NameType>Primary Name</NameType></Name></Names>\
    <NonLatinNames><NonLatinName><NameNonLatinScript>محمد</NameNonLatinScript></NonLatinName></NonLatinNames>\
    <RegimeName>Regulations</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip>\
    <Addresses><Address><AddressLine6>Kabul</AddressLine6><AddressCountry>Afghanistan</AddressCountry></Address></Addresses>\
    <IndividualDetails><Individual><DOBs><DOB>dd/mm/1945</DOB><DOB>01/03/1958</DOB></DOBs><PassportDetails><Passport>\
    <PassportNumber>P045</PassportNumber></Passport></PassportDetails><Nationalities><Nationality>Afghanistan</Nationality>\
    </Nationalities><Genders><Gender>Male</Gender></Genders><BirthDetails><Location><TownOfBirth>Lakhi</TownOfBirth>\
    <CountryOfBirth>Afghanistan</CountryOfBirth></Location></BirthDetails></Individual></IndividualDetails></Designation>\
    <Designation><UniqueID>DPR9</UniqueID><Names><Name><Name6>Petrel Example</Name6><NameType>Primary name</NameType></Name>\
    </Names><IndividualEntityShip>Ship</IndividualEntityShip><ShipDetails><Ship><IMONumbers><IMONumber>IMO9562233</IMONumber>\
    </IMONumbers></Ship></ShipDetails></Designation></Designations>";

const UK_CSV: &str = "Report Date: 02-Oct-2026\r\nLast Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,\
    Name 3,Name 4,Name 5,Name type,Alias strength,Title,Name non-latin script,Regime Name,Designation Type,Address Line 1,\
    Address Postal Code,Address Country,Date Designated,D.O.B,Nationality(/ies),Passport number,IMO number\r\n\
    04/08/2026,UKX1,1,,EXAMPLE,Ali,,,,,Primary Name,,,,Regime,Individual,\"1, Street\",99,Syria,01/01/2020,00/00/1975,Syria,P1,\r\n\
    04/08/2026,UKX2,2,,ACME FZE,,,,,,Primary name,,,Акме,Regime,Entity,,,Russia,,,,,\r\n\
    04/08/2026,UKX1,1,,EXAMPLE,Aly,,,,,Alias,Low quality a.k.a,,,Regime,Individual,,,Iraq,01/01/2020,dd/mm/1976,Syria,P2,\r\n";

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

    let ofsi = "Last Updated,03/06/2026\nName 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,DOB,\
        Town of Birth,Country of Birth,Nationality,Address 1,Country,Group Type,Alias Type,Alias Quality,Regime,Group ID\n\
        QUILL,Tobias,,,,,,Тобиас,28/06/1960,(1) Sur (2) Muscat,(1) Oman (2) Oman,(1) Iraq (2) Iran,,Russia,Individual,\
        Primary name,,Regime,12\nQUILLER,Tobias,,,,,,,,,,,,,Individual,FKA,Good quality,Regime,12\n";
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
    let edition = "{\"id\":\"a\",\"schema\":\"Person\",\"caption\":\"A\",\"properties\":{\"name\":[\"A\"],\"own\":[\"x\"]}}\n\
        \n{\"id\":\"b\",\"schema\":\"Spaceship\",\"properties\":{\"name\":\"B\",\"country\":[{\"id\":\"ru\"},7,null]},\"target\":true}\n\
        {\"id\":\"c\",\"schema\":\"Address\",\"properties\":{\"full\":[\"C\"]}}\n";
    let entries = read(Form::FollowTheMoney, edition);
    assert_eq!(entries.iter().map(|own| own.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    has(&entries[0], "own", &["x"]);
    has(&entries[1], "country", &["ru", "7"]);
    assert_eq!((entries[1].schema.as_str(), entries[1].caption.as_str()), ("Spaceship", "B"));

    let changes = "{\"op\":\"DEL\",\"entity\":{\"id\":\"c\"}}\n\
        {\"op\":\"MOD\",\"entity\":{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"AA\"]}}}\n\
        {\"op\":\"ADD\",\"entity\":{\"id\":\"d\",\"schema\":\"Person\",\"properties\":{\"name\":[\"D\"]}}}\n";
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
    // Parties are taken as they come.
    assert_eq!(read_parties(b"id,name,birth_date\n1,,x\n1,B,\n").unwrap().len(), 2);
}
