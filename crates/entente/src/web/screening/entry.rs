//! An entry of a list: all that it says, its history over the editions, and the cases about it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::Refusal;
use entente_register::screening::marking;
use entente_screening::entity::Entity;
use entente_screening::lists::delta::{FieldChange, delta};
use entente_store::reader::{CaseFilter, CaseOrder, EditionRow, Page, Reader};
use unicode_script::{Script, UnicodeScript as _};

use super::queue::CaseCells;
use super::{EditionCells, edition_words, lookup, merged};
use crate::error::Answer;
use crate::screener::entries;
use crate::web::frame::{Frame, Part};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Editions that a page looks into: each that is not in force is read anew.
const EDITIONS: usize = 8;

/// Properties with their names for people, in the order in which they are shown. What is not named here comes after
/// them under its own name.
const PROPERTIES: [(&str, &str); 34] = [
    ("firstName", "Given name"),
    ("secondName", "Second name"),
    ("middleName", "Middle name or patronymic"),
    ("fatherName", "Patronymic"),
    ("lastName", "Family name"),
    ("title", "Title"),
    ("gender", "Gender"),
    ("birthDate", "Born"),
    ("birthPlace", "Place of birth"),
    ("birthCountry", "Country of birth"),
    ("deathDate", "Died"),
    ("nationality", "Nationality"),
    ("citizenship", "Citizenship"),
    ("country", "Country"),
    ("jurisdiction", "Jurisdiction"),
    ("flag", "Flag"),
    ("passportNumber", "Passport"),
    ("idNumber", "Identity document"),
    ("taxNumber", "Tax number"),
    ("registrationNumber", "Registration number"),
    ("imoNumber", "IMO number"),
    ("mmsi", "MMSI"),
    ("document", "Documents"),
    ("address", "Address"),
    ("position", "Office held"),
    ("program", "Regime or resolution"),
    ("programId", "Regime"),
    ("sourceId", "Publisher’s number"),
    ("listingDate", "Listed"),
    ("modifiedAt", "Changed by the publisher"),
    ("topics", "Topics"),
    ("sourceUrl", "Source"),
    ("publisher", "Publisher"),
    ("notes", "Notes"),
];

/// The properties that hold names, and of which quality these are.
const NAMES: [(&str, &str); 4] = [
    ("name", "Name"),
    ("alias", "Also known as"),
    ("previousName", "Formerly"),
    ("weakAlias", "Weak alias: identifies nobody by itself"),
];

/// A name of an entry.
#[derive(Debug, Clone)]
pub(crate) struct NameCells {
    pub(crate) name: String,
    pub(crate) quality: &'static str,
    pub(crate) script: String,
}

/// A property and its values.
#[derive(Debug, Clone)]
pub(crate) struct PropertyCells {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
}

/// A field that reads otherwise than before.
#[derive(Debug, Clone)]
pub(crate) struct FieldCells {
    pub(crate) name: String,
    pub(crate) before: Vec<String>,
    pub(crate) after: Vec<String>,
}

/// What an edition did to the entry.
#[derive(Debug, Clone)]
pub(crate) struct StepCells {
    pub(crate) edition: String,
    pub(crate) loaded_on: String,
    pub(crate) what: &'static str,
    pub(crate) fields: Vec<FieldCells>,
}

/// All that an entry says.
#[derive(Debug, Clone, Default)]
pub(crate) struct EntryView {
    pub(crate) id: String,
    pub(crate) caption: String,
    pub(crate) kind: String,
    pub(crate) names: Vec<NameCells>,
    pub(crate) properties: Vec<PropertyCells>,
}

#[derive(Template)]
#[template(path = "screening/entry.html")]
pub(crate) struct EntryPage {
    pub(crate) frame: Frame,
    pub(crate) edition: EditionCells,
    pub(crate) entry: EntryView,
    /// The edition that says so, where it is not the one in force.
    pub(crate) removed: Option<String>,
    pub(crate) steps: Vec<StepCells>,
    /// To what happened before that.
    pub(crate) earlier: Option<String>,
    pub(crate) cases: Vec<CaseCells>,
    /// The same looked up.
    pub(crate) lookup: String,
}

/// `GET /lists/{name}/entries/{entry}`
pub(in crate::web) async fn get(visit: Visit, Path((name, id)): Path<(String, String)>) -> Answer {
    let reader = visit.reader().await?;
    let list = reader.list(&name, Page::first(1)).await?;
    let from = usize::try_from(visit.page.offset).unwrap_or(usize::MAX).min(list.editions.len());
    let until = (from + EDITIONS).min(list.editions.len());
    let absent = || Refusal::not_found("entry", &id);
    // One more than is shown: what the last of them changed is seen by the one before it.
    let mut said: Vec<Option<Entity>> = Vec::new();
    for edition in list.editions.iter().skip(from).take(EDITIONS + 1) {
        said.push(find(&visit, &reader, edition, &list.row.list.edition, &id).await?);
    }
    let way = visit.way();
    // Whether it is gone is said by the edition in force, whatever part of the history is shown.
    let stands = match list.editions.first() {
        Some(latest) if from > 0 => find(&visit, &reader, latest, &list.row.list.edition, &id).await?,
        _ => said.first().cloned().flatten(),
    };
    let shown = stands.as_ref().or_else(|| said.iter().flatten().next()).ok_or_else(absent)?;
    let place = said.iter().position(Option::is_some).unwrap_or(0);
    let words = |row: &EditionRow| edition_words(row.edition.loaded.dated, row.edition.loaded_on);
    let removed = stands.is_none().then(|| list.editions.get(from + place).map(words)).flatten();
    let filter = CaseFilter {
        list: Some(name.clone()),
        entry: Some(id.clone()),
        order: CaseOrder::Queue,
        ..CaseFilter::default()
    };
    let cases = reader.cases(&filter, Page::first(50)).await?;
    let steps = steps(&list.editions[from..until], &said, list.editions.len() == until);
    let labels = cases.rows.iter().map(|row| &row.case.label);
    let own = marking();
    let frame = visit
        .frame(Part::Screening, format!("{} on {name}", shown.caption), &reader)
        .marked_by(std::iter::once(&own).chain(labels));
    let earlier = (until < list.editions.len()).then(|| {
        let offset = until.to_string();
        way.with(visit.path(), &[("offset", offset.as_str())])
    });
    crate::web::page(&EntryPage {
        frame,
        edition: EditionCells::of(&list.row, &way),
        entry: view(shown),
        removed,
        steps,
        earlier,
        cases: cases.rows.iter().map(|row| CaseCells::of(row, &way)).collect(),
        lookup: lookup_href(shown, &way),
    })
}

/// What an edition says under an identifier.
pub(super) async fn find(
    visit: &Visit,
    reader: &Reader,
    edition: &EditionRow,
    in_force: &Option<entente_register::screening::EditionInForce>,
    id: &str,
) -> Answer<Option<Entity>> {
    // The one in force has its index; of others what is not asked for is let go of at once.
    if in_force.as_ref().is_some_and(|in_force| in_force.content() == edition.content) {
        let index = visit.app.screener.index(reader, &edition.list, &edition.content).await?;
        return Ok(merged(index.entities(), id));
    }
    let entries = entries(reader, &edition.list, &edition.content).await?;
    Ok(merged(&entries, id))
}

/// What each of these editions, the latest first, did to the entry; `said` has one more than they are, where there is
/// one, and `whole` says whether there is none.
fn steps(editions: &[EditionRow], said: &[Option<Entity>], whole: bool) -> Vec<StepCells> {
    let step = |(place, row): (usize, &EditionRow)| {
        let after = said.get(place).and_then(Option::as_ref);
        let before = said.get(place + 1).and_then(Option::as_ref);
        let first = whole && place + 1 == editions.len();
        let (older, newer): (Vec<Entity>, Vec<Entity>) =
            (before.into_iter().cloned().collect(), after.into_iter().cloned().collect());
        let delta = delta(&older, &newer);
        let (what, fields) = match (before, after) {
            (None, None) => return None,
            (None, Some(_)) if first => ("Stood in the first edition that is kept", Vec::new()),
            (None, Some(_)) => ("Added", Vec::new()),
            (Some(_), None) => ("Removed", Vec::new()),
            (Some(_), Some(_)) => match delta.changed.first() {
                None => ("Says the same", Vec::new()),
                Some(change) if change.screened => ("Changed", change.fields.iter().map(field).collect()),
                Some(change) => {
                    ("Changed in how the list is kept", change.fields.iter().map(field).collect())
                }
            },
        };
        Some(StepCells {
            edition: edition_words(row.edition.loaded.dated, row.edition.loaded_on),
            loaded_on: show::day(row.edition.loaded_on),
            what,
            fields,
        })
    };
    editions.iter().enumerate().filter_map(step).collect()
}

/// A change of a field for people.
pub(super) fn field(change: &FieldChange) -> FieldCells {
    FieldCells { name: named(&change.field), before: change.before.clone(), after: change.after.clone() }
}

/// The name of a property for people.
fn named(property: &str) -> String {
    let known = NAMES.iter().chain(&PROPERTIES).find(|(own, _)| *own == property);
    if let Some((_, name)) = known {
        return name.split(':').next().unwrap_or(name).to_owned();
    }
    let mut words = String::new();
    for letter in property.chars() {
        if letter.is_uppercase() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    show::capital(words.trim_start())
}

/// Writes an entry for people.
pub(crate) fn view(entry: &Entity) -> EntryView {
    let names = NAMES.iter().flat_map(|(property, quality)| {
        entry.get(property).iter().map(|name| NameCells { name: name.clone(), quality, script: script(name) })
    });
    let mut left: BTreeMap<&str, &Vec<String>> =
        entry.properties.iter().map(|(name, values)| (name.as_str(), values)).collect();
    left.retain(|property, _| !NAMES.iter().any(|(name, _)| name == property));
    let mut properties = Vec::new();
    for (property, _) in PROPERTIES {
        if let Some(values) = left.remove(property).filter(|values| !values.is_empty()) {
            properties.push(PropertyCells { name: named(property), values: shown(property, values) });
        }
    }
    let others = left.into_iter().filter(|(_, values)| !values.is_empty());
    properties.extend(
        others.map(|(name, values)| PropertyCells { name: named(name), values: shown(name, values) }),
    );
    EntryView {
        id: entry.id.clone(),
        caption: entry.caption.clone(),
        kind: kind(&entry.schema),
        names: names.collect(),
        properties,
    }
}

/// Codes of countries in capitals, as people write them; all else as it stands.
fn shown(property: &str, values: &[String]) -> Vec<String> {
    let of_country = matches!(
        property,
        "nationality" | "citizenship" | "country" | "jurisdiction" | "flag" | "birthCountry"
    );
    let one = |value: &String| match of_country && value.len() == 2 {
        true => value.to_uppercase(),
        false => value.clone(),
    };
    values.iter().map(one).collect()
}

/// What an entry is, for people.
fn kind(schema: &str) -> String {
    match schema {
        "Airplane" => "Aircraft".to_owned(),
        "LegalEntity" => "Person or organisation".to_owned(),
        "PublicBody" => "Public body".to_owned(),
        other => named(other),
    }
}

/// What tells an entry from others of its name, on one line.
pub(super) fn summary(entry: &Entity) -> String {
    let mut said = vec![kind(&entry.schema)];
    for (property, word) in [
        ("birthDate", "born"),
        ("nationality", ""),
        ("country", ""),
        ("jurisdiction", ""),
        ("flag", "flag"),
        ("position", ""),
        ("program", ""),
    ] {
        let values = shown(property, entry.get(property)).into_iter().take(3).collect::<Vec<_>>().join(", ");
        if !values.is_empty() {
            let values: String = values.chars().take(120).collect();
            said.push(format!("{word} {values}").trim().to_owned());
        }
    }
    said.join(" · ")
}

/// The script of a name; several where it has several.
fn script(name: &str) -> String {
    let mut found: Vec<&'static str> = Vec::new();
    for letter in name.chars() {
        let script = letter.script();
        if !matches!(script, Script::Common | Script::Inherited | Script::Unknown)
            && !found.contains(&script.full_name())
        {
            found.push(script.full_name());
        }
    }
    found.join(", ").replace('_', " ")
}

/// To the search of what an entry says.
fn lookup_href(entry: &Entity, way: &Way) -> String {
    let kind =
        lookup::KINDS.iter().find(|known| known.2 == entry.schema).map_or("organisation", |known| known.0);
    let kind = if entry.schema == "LegalEntity" { "unknown" } else { kind };
    let name = entry.get("name").first().unwrap_or(&entry.caption);
    let birth = entry.get("birthDate").first().map(String::as_str).unwrap_or_default();
    way.with("/screening", &[("kind", kind), ("names", name), ("birth", birth)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(names: &[(&str, &str)]) -> Entity {
        let mut entry = Entity::new("1", "Person");
        names.iter().for_each(|(property, value)| entry.add(property, value));
        entry
    }

    #[test]
    fn names_have_their_quality_and_script() {
        let view = view(&entry(&[
            ("name", "Мухаммед Салех"),
            ("weakAlias", "محمد"),
            ("alias", "Mohammed 1"),
            ("nationality", "ye"),
            ("appointmentBasis", "x"),
        ]));
        let scripts: Vec<&str> = view.names.iter().map(|name| name.script.as_str()).collect();
        assert_eq!(scripts, ["Cyrillic", "Latin", "Arabic"]);
        assert!(view.names[2].quality.starts_with("Weak"));
        let named: Vec<(&str, &str)> =
            view.properties.iter().map(|p| (p.name.as_str(), p.values[0].as_str())).collect();
        assert_eq!(named, [("Nationality", "YE"), ("Appointment basis", "x")]);
        assert_eq!(view.kind, "Person");
    }

    #[test]
    fn each_edition_says_what_it_did() {
        let one = entry(&[("name", "A"), ("notes", "x")]);
        let kept = entry(&[("name", "A"), ("notes", "y")]);
        let other = entry(&[("name", "B"), ("notes", "y")]);
        let editions: Vec<EditionRow> = super::super::sample::editions(6);
        let said = [None, Some(other.clone()), Some(other), Some(kept), Some(one), None];
        let what: Vec<&str> = steps(&editions, &said, true).iter().map(|step| step.what).collect();
        let expected = ["Removed", "Says the same", "Changed", "Changed in how the list is kept", "Added"];
        assert_eq!(what, expected);
        let first = steps(&editions[..1], &said[4..5], true);
        assert_eq!(first[0].what, "Stood in the first edition that is kept");
    }
}
