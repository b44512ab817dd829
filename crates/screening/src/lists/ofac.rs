//! The lists of the Office of Foreign Assets Control, as XML and as the first file of the CSV set.

use super::xml::{Node, records};
use super::{Edition, ListFault, utf8};
use crate::entity::Entity;

/// Reads `sdn.xml` or `consolidated.xml`.
pub(super) fn read_xml(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    let mut dated = None;
    records(bytes, &["sdnEntry", "publshInformation"], "", |record| match record.name.as_str() {
        "publshInformation" => dated = Some(record.child("Publish_Date").to_owned()),
        _ => entries.push(entry(&record)),
    })?;
    Ok(Edition { dated, entries })
}

fn schema(kind: &str) -> &'static str {
    match kind.to_lowercase().as_str() {
        "individual" => "Person",
        "vessel" => "Vessel",
        "aircraft" => "Airplane",
        _ => "Organization",
    }
}

fn full(node: &Node) -> String {
    let (first, last) = (node.child("firstName"), node.child("lastName"));
    if first.is_empty() { last.to_owned() } else { format!("{first} {last}") }
}

fn entry(record: &Node) -> Entity {
    let mut entity = Entity::new(record.child("uid"), schema(record.child("sdnType")));
    entity.caption = full(record);
    let caption = entity.caption.clone();
    entity.add("name", &caption);
    if entity.schema == "Person" {
        entity.add("firstName", record.child("firstName"));
        entity.add("lastName", record.child("lastName"));
    }
    for aka in record.all("akaList").flat_map(|list| list.all("aka")) {
        let property = if aka.child("category") == "weak" { "weakAlias" } else { "alias" };
        entity.add(property, &full(aka));
    }
    for birth in record.all("dateOfBirthList").flat_map(|list| list.all("dateOfBirthItem")) {
        entity.add("birthDate", &date(birth.child("dateOfBirth")));
    }
    for place in record.all("placeOfBirthList").flat_map(|list| list.all("placeOfBirthItem")) {
        entity.add("birthPlace", place.child("placeOfBirth"));
    }
    for (list, item) in [("nationalityList", "nationality"), ("citizenshipList", "citizenship")] {
        for own in record.all(list).flat_map(|node| node.all(item)) {
            entity.add("nationality", own.child("country"));
        }
    }
    for address in record.all("addressList").flat_map(|list| list.all("address")) {
        let parts = ["address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country"];
        let parts: Vec<&str> =
            parts.iter().map(|part| address.child(part)).filter(|part| !part.is_empty()).collect();
        entity.add("address", &parts.join(", "));
        if entity.schema != "Person" {
            entity.add("country", address.child("country"));
        }
    }
    for id in record.all("idList").flat_map(|list| list.all("id")) {
        let kind = id.child("idType").to_lowercase();
        let property = if kind.contains("passport") {
            "passportNumber"
        } else if kind.contains("gender") {
            "gender"
        } else if kind.contains("tax") {
            "taxNumber"
        } else if kind.contains("imo") || kind.contains("vessel registration") {
            "imoNumber"
        } else if kind.contains("mmsi") {
            "mmsi"
        } else if kind.contains("website") || kind.contains("email") {
            continue;
        } else {
            "idNumber"
        };
        entity.add(property, id.child("idNumber"));
    }
    for program in record.texts("programList", "program") {
        entity.add("program", program);
    }
    entity.add("title", record.child("title"));
    entity.add("notes", record.child("remarks"));
    entity
}

/// A date of the list as FollowTheMoney writes it: `17 Oct 1967`, `Oct 1967`, `circa 1967`, `1965 to 1967`.
fn date(text: &str) -> String {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_lowercase();
    let (from, to) = lower.split_once(" to ").unwrap_or((&lower, ""));
    let words: Vec<&str> = from.split_whitespace().filter(|word| *word != "circa").collect();
    let year = words.last().copied().unwrap_or_default();
    if !to.is_empty() {
        return format!("{year}-{}", to.split_whitespace().last().unwrap_or_default());
    }
    let month = words.iter().find_map(|word| MONTHS.iter().position(|month| word.starts_with(month)));
    let day = words.first().and_then(|word| word.parse::<u8>().ok()).filter(|_| words.len() == 3);
    match (month, day) {
        (Some(month), Some(day)) => format!("{year}-{:02}-{day:02}", month + 1),
        (Some(month), None) => format!("{year}-{:02}", month + 1),
        _ => year.to_owned(),
    }
}

/// Reads `sdn.csv`, which has no first line with names: number, name, type, programme, title, and at the end
/// remarks, in which further names and births stand.
pub(super) fn read_csv(bytes: &[u8]) -> Result<Edition, ListFault> {
    let text = utf8(bytes)?;
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, |place| place.line());
            ListFault { line, column: 1, reason: format!("no row of a table: {error}") }
        })?;
        let cell =
            |place: usize| record.get(place).map(str::trim).filter(|text| *text != "-0-").unwrap_or_default();
        // The file of the publisher ends in a byte of its own.
        if record.len() < 3 {
            continue;
        }
        if cell(0).parse::<u32>().is_err() {
            let line = record.position().map_or(1, |place| place.line());
            return Err(ListFault {
                line,
                column: 1,
                reason: "the first column is no number of an entry".to_owned(),
            });
        }
        let kind = schema(cell(2));
        let mut entity = Entity::new(cell(0), kind);
        let name = match cell(1).split_once(", ") {
            Some((last, first)) if kind == "Person" => {
                entity.add("firstName", first);
                entity.add("lastName", last);
                format!("{first} {last}")
            }
            _ => cell(1).to_owned(),
        };
        entity.caption = name.clone();
        entity.add("name", &name);
        entity.add("program", cell(3));
        entity.add("title", cell(4));
        remarks(&mut entity, cell(11));
        entries.push(entity);
    }
    Ok(Edition { dated: None, entries })
}

/// What stands in the remarks: `DOB 17 Oct 1967; nationality Iran; a.k.a. 'BNC'`.
fn remarks(entity: &mut Entity, text: &str) {
    for part in text.trim_end_matches('.').split(';').map(str::trim) {
        if let Some(birth) = part.strip_prefix("DOB ").or_else(|| part.strip_prefix("alt. DOB ")) {
            entity.add("birthDate", &date(birth));
        } else if let Some(country) =
            part.strip_prefix("nationality ").or_else(|| part.strip_prefix("citizen "))
        {
            entity.add("nationality", country);
        } else if let Some(place) = part.strip_prefix("POB ") {
            entity.add("birthPlace", place);
        } else if let Some(name) = part.strip_prefix("a.k.a. ") {
            entity.add("alias", name.trim_matches('\''));
        } else if let Some(number) = part.strip_prefix("Passport ") {
            entity.add("passportNumber", number.split(' ').next().unwrap_or_default());
        } else if let Some(gender) = part.strip_prefix("Gender ") {
            entity.add("gender", &gender.to_lowercase());
        }
    }
    entity.add("notes", text);
}

#[cfg(test)]
mod tests {
    #[test]
    fn dates_of_the_list_are_read() {
        for (text, date) in [
            ("17 Oct 1967", "1967-10-17"),
            ("Oct 1967", "1967-10"),
            ("circa 1967", "1967"),
            ("1965 to 1967", "1965-1967"),
        ] {
            assert_eq!(super::date(text), date);
        }
    }
}
