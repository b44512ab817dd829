//! What stands beside the text: tags, the status of publication, pages to see also, photographs.

use std::collections::BTreeMap;

use super::{time_of, words};
use crate::date;
use crate::text::{single, some};
use crate::tree::{Id, Step, Tree};
use crate::{Photograph, Record, SeeAlso};

/// The tags under which a record is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Topics.
    Topics,
    /// Places and states.
    Geography,
    /// Persons.
    Persons,
}

impl Group {
    /// The group that a heading names.
    pub(crate) fn named(heading: &str) -> Option<Group> {
        match heading.trim().trim_end_matches(':').to_lowercase().as_str() {
            "topics" | "topic" | "темы" | "тема" => Some(Group::Topics),
            "geography" | "география" => Some(Group::Geography),
            "persons" | "person" | "people" | "лица" | "персоны" => Some(Group::Persons),
            _ => None,
        }
    }

    /// The group to whose catalogue an address leads.
    fn linked(address: &str) -> Option<Group> {
        [("/keywords/", Group::Topics), ("/countries/", Group::Geography), ("/persons/", Group::Persons)]
            .into_iter()
            .find_map(|(part, group)| address.contains(part).then_some(group))
    }

    /// Where a record keeps the tags of a group.
    pub(crate) fn of(self, record: &mut Record) -> &mut Vec<String> {
        match self {
            Group::Topics => &mut record.topics,
            Group::Geography => &mut record.geography,
            Group::Persons => &mut record.persons,
        }
    }
}

/// How many more a line like `5 more` says that there are.
pub(crate) fn more(text: &str) -> Option<u32> {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    let number = match (first.to_lowercase().as_str(), second.to_lowercase().as_str()) {
        (_, "more") => first,
        ("ещё" | "еще", _) => second,
        _ => return None,
    };
    let sound = words.next().is_none()
        && (1..=4).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| number.parse().ok()).flatten()
}

/// Reads the tags, group by group.
pub(super) fn tags(tree: &Tree, article: Id, record: &mut Record) {
    for column in tree.outermost(article, |id| tree.is(id, "read__tagscol")) {
        let heading =
            tree.find(column, |id| matches!(tree.name(id), "h2" | "h3" | "h4")).map(|id| words(tree, id));
        let is_tag = |id: Id| tree.name(id) == "a" && tree.has_word(id, "rel", "tag");
        let links = tree.outermost(column, is_tag);
        let group = links
            .iter()
            .find_map(|id| Group::linked(tree.attribute(*id, "href")?))
            .or_else(|| Group::named(heading.as_deref()?));
        let Some(group) = group else {
            let heading = heading.unwrap_or_default();
            record
                .missing
                .push(format!("topics: tags of the group “{heading}” are of no known group and left out"));
            continue;
        };
        let names = links.iter().map(|id| words(tree, *id)).filter(|name| !name.is_empty());
        group.of(record).extend(names);
        if group == Group::Persons {
            record.persons_unnamed = unnamed(tree, column, is_tag);
        }
    }
}

/// How many persons a line like `5 more` counts that are not in the page: a page may hold them, folded away.
fn unnamed(tree: &Tree, column: Id, is_tag: impl Fn(Id) -> bool) -> u32 {
    let (mut said, mut folded): (u32, u32) = (0, 0);
    let mut hidden: Option<Id> = None;
    for step in tree.steps(column) {
        match step {
            Step::Text(text) => said = said.max(more(text).unwrap_or(0)),
            Step::Enter(id) => {
                let folds =
                    tree.attribute(id, "class").is_some_and(|c| c.contains("hid") || c.contains("more"));
                if hidden.is_none() && folds {
                    hidden = Some(id);
                }
                if is_tag(id) && (hidden.is_some() || said > 0) {
                    folded = folded.saturating_add(1);
                }
            }
            Step::Leave(id) if hidden == Some(id) => hidden = None,
            Step::Leave(_) => {}
        }
    }
    said.saturating_sub(folded)
}

/// Reads the status of publication, and gives the section that is a body’s own.
pub(super) fn status(tree: &Tree, article: Id, record: &mut Record) -> Option<String> {
    if let Some(id) = tree.find(article, |id| tree.is(id, "print_link")) {
        record.direct_link = some(words(tree, id)).or_else(|| some(single(tree.attribute(id, "href")?)));
    }
    let mut council = None;
    if let Some(status) = tree.find(article, |id| tree.is(id, "read__status")) {
        for id in tree.elements(status) {
            match tree.name(id) {
                "a" if !tree.is(id, "print_link") && !tree.is(id, "text_version_link") => {
                    let Some(name) = some(words(tree, id)) else { continue };
                    let own =
                        tree.attribute(id, "href").is_some_and(|address| address.contains("/by-council/"));
                    if own && council.is_none() {
                        council = Some(name.clone());
                    }
                    record.sections.push(name);
                }
                "time" if record.publication_date.is_none() => {
                    if let Some(printed) = time_of(tree, id) {
                        record.publication_date = Some(printed.date);
                        record.publication_time = printed.time;
                    }
                }
                _ => {}
            }
        }
    }
    // Some pages set it within the article, others beside.
    let updated = tree.find(0, |id| tree.is(id, "read__updated"));
    let updated = updated.and_then(|card| tree.find(card, |id| tree.name(id) == "time"));
    if let Some(printed) = updated.and_then(|id| time_of(tree, id)) {
        record.updated_date = Some(printed.date);
        record.updated_time = printed.time;
    }
    council
}

/// Reads the cards that point to other pages.
pub(super) fn see_also(tree: &Tree, article: Id, record: &mut Record) {
    for card in tree.outermost(article, |id| tree.is(id, "read__cut")) {
        let marked = tree.find(card, |id| tree.is(id, "cut__item")).is_some();
        let is_item = |id: Id| if marked { tree.is(id, "cut__item") } else { tree.name(id) == "a" };
        for id in tree.outermost(card, |id| is_item(id) || tree.is(id, "cut__date")) {
            if is_item(id) {
                let link = tree
                    .attribute(id, "href")
                    .or_else(|| tree.attribute(tree.find(id, |id| tree.name(id) == "a")?, "href"));
                if let Some(title) = some(words(tree, id)) {
                    let link = link.and_then(|link| some(single(link)));
                    record.see_also.push(SeeAlso { title, link, date: None });
                }
            } else if let Some(last) = record.see_also.last_mut().filter(|last| last.date.is_none()) {
                last.date = date::date(&words(tree, id)).map(|printed| printed.date);
            }
        }
    }
}

/// Reads what the page shows of photographs, each once, and how many it counts.
pub(super) fn photographs(tree: &Tree, article: Id, record: &mut Record) {
    let is_photograph = |id: Id| {
        tree.name(id) == "img"
            && (tree.attribute(id, "id").is_some_and(|id| id.starts_with("photo-"))
                || std::iter::successors(tree.parent(id), |id| tree.parent(*id))
                    .take_while(|id| *id != article)
                    .any(|id| {
                        tree.is(id, "slide") || tree.is(id, "media__pic") || tree.is(id, "slider__block")
                    }))
    };
    let mut seen = BTreeMap::new();
    for id in tree.elements(article).filter(|id| is_photograph(*id)) {
        let source = tree.attribute(id, "src").map(single).and_then(some);
        let caption = ["data-cycle-desc", "data-text", "alt"]
            .into_iter()
            .find_map(|name| some(single(tree.attribute(id, name)?)));
        let key = source.clone().or_else(|| tree.attribute(id, "id").map(str::to_owned));
        let number = u32::try_from(record.photographs.len() + 1).unwrap_or(u32::MAX);
        if key.is_none_or(|key| seen.insert(key, number).is_none()) {
            record.photographs.push(Photograph { number, caption, source });
        }
    }
    let shown = u32::try_from(record.photographs.len()).unwrap_or(u32::MAX);
    let counted = tree
        .find(0, |id| tree.is(id, "tabs_photo"))
        .and_then(|tab| tree.find(tab, |id| tree.is(id, "tabs__count")))
        .and_then(|id| words(tree, id).parse::<u32>().ok());
    record.photos = Some(counted.unwrap_or(shown));
    if let Some(counted) = counted.filter(|counted| *counted != shown) {
        record.missing.push(format!("photographs: the page counts {counted} and shows {shown}"));
    }
}
