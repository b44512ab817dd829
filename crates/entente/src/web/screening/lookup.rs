//! One party looked up on the lists. The form is of the address, so that what was found is a link.

use askama::Template;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::screening::marking;
use entente_screening::country;
use entente_screening::date::PartialDate;
use entente_screening::entity::{Entity, Ready};
use entente_screening::score::THRESHOLD;
use entente_store::Fault as StoreFault;
use entente_store::reader::Reader;

use super::explain::Explanation;
use super::{EditionCells, Place, asks, entry, entry_path, held_words, tabs};
use crate::error::{Answer, Failure};
use crate::screener::{ENGINE, FoundEntry, Lists};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::sign_in::Fault;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Hits that are shown at most, the best first.
const MOST_HITS: usize = 50;

/// Names of one party at most.
const MOST_NAMES: usize = 20;

/// What can be looked for: the word in addresses, the name, and the schema.
pub(super) const KINDS: [(&str, &str, &str); 5] = [
    ("person", "A person", "Person"),
    ("organisation", "A company, authority or other organisation", "Organization"),
    ("vessel", "A vessel", "Vessel"),
    ("aircraft", "An aircraft", "Airplane"),
    ("unknown", "Not known", "LegalEntity"),
];

/// The form as it was filled in.
#[derive(Debug, Clone, Default)]
pub(crate) struct LookupForm {
    pub(crate) kinds: Vec<Choice>,
    pub(crate) genders: Vec<Choice>,
    pub(crate) names: String,
    pub(crate) birth: String,
    pub(crate) countries: String,
    pub(crate) identifiers: String,
    pub(crate) hidden: Vec<(String, String)>,
    /// The same page with nothing filled in.
    pub(crate) clear: String,
}

/// An entry that was found.
#[derive(Debug, Clone)]
pub(crate) struct HitCells {
    pub(crate) caption: String,
    pub(crate) href: String,
    pub(crate) list: String,
    pub(crate) list_href: String,
    pub(crate) asks: &'static str,
    pub(crate) edition: String,
    /// What else the entry says.
    pub(crate) facts: String,
    pub(crate) explanation: Explanation,
}

/// What came of looking.
#[derive(Debug, Clone, Default)]
pub(crate) struct LookupResult {
    /// What was looked for, in words: label and value.
    pub(crate) sought: Vec<(&'static str, String)>,
    pub(crate) hits: Vec<HitCells>,
    /// Whether there are more than are shown.
    pub(crate) more: bool,
    /// Why nobody is cleared, list by list.
    pub(crate) held: Vec<String>,
    /// Where it was looked.
    pub(crate) editions: Vec<EditionCells>,
    /// `as of 30 September 2012, as known on …, by engine 2, from 0.70 on`
    pub(crate) by: String,
}

#[derive(Template)]
#[template(path = "screening/lookup.html")]
pub(crate) struct LookupPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) form: LookupForm,
    pub(crate) result: Option<LookupResult>,
    pub(crate) fault: Option<Fault>,
}

/// `GET /screening`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let tabs = tabs(&visit, &reader, Place::Lookup).await?;
    let form = form(&visit);
    let asked = ["names", "identifiers", "birth", "countries"].iter().any(|n| visit.parameter(n).is_some());
    let titled = |title: &str| visit.frame(Part::Screening, title, &reader).marked(Some(&marking()));
    if !asked {
        let frame = titled("Screening");
        return crate::web::page(&LookupPage { frame, tabs, form, result: None, fault: None });
    }
    let sought = match sought(&visit) {
        Ok(sought) => sought,
        Err(refusal) => {
            let field = match refusal.field.as_deref() {
                Some("birth") => "birth",
                Some("countries") => "countries",
                Some("kind") => "kind",
                Some("gender") => "gender",
                _ => "names",
            };
            let failure = Failure::from(refusal);
            let fault = Fault::of(&failure, field);
            let page = LookupPage { frame: titled("Error: screening"), tabs, form, result: None, fault };
            return crate::web::refused_page(&page, &failure);
        }
    };
    let lists = visit.app.screener.ready(&reader).await?;
    let way = visit.way();
    let by = by(&reader);
    // A search of a long list takes milliseconds; no other visitor waits for them.
    let looking = tokio::task::spawn_blocking(move || result(&lists, &sought, by, &way));
    let result = looking.await.map_err(|e| StoreFault::internal("looking a party up", e))?;
    let frame = titled(&format!("Screening: {}", visit.parameter("names").unwrap_or("an identifier")));
    crate::web::page(&LookupPage { frame, tabs, form, result: Some(result), fault: None })
}

/// By what an answer was given, in words.
pub(super) fn by(reader: &Reader) -> String {
    format!(
        "As of {}, as known on {}, by version {ENGINE} of the comparison, from a score of {THRESHOLD:.2} on",
        show::long_day(reader.as_of()),
        show::long_instant(reader.known_at())
    )
}

fn form(visit: &Visit) -> LookupForm {
    let given = |name: &str| visit.parameter(name).unwrap_or_default().to_owned();
    let (kind, gender) = (given("kind"), given("gender"));
    let choice = |value: &str, name: &str, chosen: &str| Choice {
        value: value.to_owned(),
        name: name.to_owned(),
        chosen: value == chosen,
    };
    LookupForm {
        kinds: KINDS.iter().map(|(word, name, _)| choice(word, name, &kind)).collect(),
        genders: [("", "Not said"), ("male", "Male"), ("female", "Female")]
            .iter()
            .map(|(word, name)| choice(word, name, &gender))
            .collect(),
        names: given("names"),
        birth: given("birth"),
        countries: given("countries"),
        identifiers: given("identifiers"),
        hidden: visit.hidden(),
        clear: visit.way().to("/screening"),
    }
}

/// What was filled in, as what is looked for.
fn sought(visit: &Visit) -> Fallible<Entity> {
    let kind = visit.parameter("kind").unwrap_or("person");
    let schema = KINDS.iter().find(|known| known.0 == kind).map(|known| known.2).ok_or_else(|| {
        let words: Vec<&str> = KINDS.iter().map(|known| known.0).collect();
        Refusal::new("screening.kind", format!("{kind:?} is nothing that can be looked for."))
            .field("kind")
            .missing(format!("one of {}", words.join(", ")))
    })?;
    let mut entity = Entity::new("", schema);
    let names = visit.parameter("names").unwrap_or_default();
    if names.lines().filter(|name| !name.trim().is_empty()).nth(MOST_NAMES).is_some() {
        return Err(Refusal::new("screening.names", "There are too many names for one party.")
            .field("names")
            .missing(format!("{MOST_NAMES} names at most, one to a line")));
    }
    names.lines().for_each(|name| entity.add("name", name));
    parts(visit.parameter("identifiers")).for_each(|number| entity.add("idNumber", number));
    if let Some(birth) = visit.parameter("birth") {
        check_birth(birth)?;
        entity.add("birthDate", birth);
    }
    for text in parts(visit.parameter("countries")) {
        let code = country::code(text).ok_or_else(|| {
            Refusal::new("screening.country", format!("{text:?} is no country that is known here."))
                .field("countries")
                .missing("English names, or codes by ISO 3166-1 such as YE or YEM, with commas between")
        })?;
        entity.add("country", &code);
    }
    match visit.parameter("gender") {
        None => {}
        Some(gender @ ("male" | "female")) => entity.add("gender", gender),
        Some(other) => {
            return Err(Refusal::new(
                "screening.gender",
                format!("{other:?} is no gender that is compared."),
            )
            .field("gender")
            .missing("male, female, or none"));
        }
    }
    let ready = Ready::new(&entity);
    if ready.names.is_empty() && ready.identifiers.is_empty() {
        return Err(Refusal::new("screening.nothing", "There is no name and no identifier to compare.")
            .field("names")
            .missing("a name with letters or digits in it, or an identifier of five signs or more"));
    }
    Ok(entity)
}

/// What stands between commas, semicolons and ends of lines.
fn parts(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

/// Refuses a day that would be compared otherwise than it is written.
fn check_birth(text: &str) -> Fallible<()> {
    let written = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let whole = text.parse::<PartialDate>().is_ok_and(|date| match written.split('-').count() {
        1 => true,
        2 => date.month.is_some() || written.len() == 9,
        _ => date.day.is_some(),
    });
    if whole {
        return Ok(());
    }
    Err(Refusal::new("screening.birth", format!("{text:?} is no date of birth."))
        .field("birth")
        .missing("1965-03-24, 1965-03, 1965 or 1961-1963, with circa before it where it is not sure"))
}

/// Looks it up and writes what came of it for people.
pub(crate) fn result(lists: &Lists, sought: &Entity, by: String, way: &Way) -> LookupResult {
    let answer = lists.search(&Ready::new(sought), None, THRESHOLD, MOST_HITS + 1);
    let more = answer.found.len() > MOST_HITS;
    LookupResult {
        sought: said(sought),
        hits: answer.found.iter().take(MOST_HITS).map(|found| HitCells::of(found, way)).collect(),
        more,
        held: answer.held.iter().map(held_words).collect(),
        editions: lists.lists.iter().map(|list| EditionCells::of(&list.row, way)).collect(),
        by,
    }
}

fn said(sought: &Entity) -> Vec<(&'static str, String)> {
    let kind = KINDS.iter().find(|known| known.2 == sought.schema).map_or("", |known| known.1);
    let all = |property: &str| sought.get(property).join(", ");
    [
        ("Looked for", kind.to_owned()),
        ("By name", all("name")),
        ("Born", all("birthDate")),
        ("Countries", all("country").to_uppercase()),
        ("Identifiers", all("idNumber")),
        ("Gender", show::capital(&all("gender"))),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

impl HitCells {
    fn of(found: &FoundEntry<'_>, way: &Way) -> HitCells {
        let row = &found.list.row;
        HitCells {
            caption: found.entry.caption.clone(),
            href: way.to(&entry_path(&row.list.name, &found.entry.id)),
            list: row.list.name.clone(),
            list_href: way.to(&format!("/lists/{}", row.list.name)),
            asks: asks(row.list.policy.standing),
            edition: EditionCells::of(row, way).edition,
            facts: entry::summary(found.entry),
            explanation: Explanation::of(&found.score),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_is_compared_as_it_is_written_or_refused() {
        for good in ["1965-03-24", "1965-03", "1965", "1961-1963", "circa 1965", "~1965-03"] {
            assert!(check_birth(good).is_ok(), "{good}");
        }
        for bad in ["24.03.1965", "1965-24-03", "1965-13", "65", "yesterday", "1965-03-40", "1961-196"] {
            assert_eq!(check_birth(bad).unwrap_err().field.as_deref(), Some("birth"), "{bad}");
        }
    }

    #[test]
    fn several_values_are_parted() {
        assert_eq!(parts(Some("a, b;c\n d")).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        assert_eq!(parts(None).count(), 0);
    }
}
