//! The groups at the end of a text version: topics, places, persons, and where and when it was published.

use super::Row;
use crate::Record;
use crate::date;
use crate::html::cards::{Group, more};
use crate::text::{single, some};

/// Characters of a line among the groups at the end at most, but for the sections.
const LONGEST_TAG: usize = 100;

/// What a line among those at the end is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    Group(Group),
    Status,
    Sections,
    Published,
    Link,
    Version,
    SeeAlso,
}

/// What a line at the end is, if it is a heading or begins with one.
pub(super) fn tail_of(text: &str) -> Option<Tail> {
    if let Some(group) = Group::named(text) {
        return Some(Tail::Group(group));
    }
    let start: String = text.chars().take(30).collect::<String>().to_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| start.starts_with(word));
    let is = |words: &[&str]| words.contains(&text.trim_end_matches(':').to_lowercase().as_str());
    if start.chars().count() < 30 && is(&["publication status", "статус материала", "статус публикации"])
    {
        Some(Tail::Status)
    } else if begins(&["published in section", "опубликован"]) {
        Some(Tail::Sections)
    } else if begins(&["publication date:", "дата публикации:"]) {
        Some(Tail::Published)
    } else if begins(&["direct link:", "ссылка на материал:", "прямая ссылка:"]) {
        Some(Tail::Link)
    } else if start.chars().count() < 30 && is(&["text version", "текстовая версия"]) {
        Some(Tail::Version)
    } else if start.chars().count() < 30 && is(&["see also", "смотрите также", "читайте также"])
    {
        Some(Tail::SeeAlso)
    } else {
        None
    }
}

/// Where the groups at the end begin: from the first heading on after which nothing reads like a text.
pub(super) fn start(rows: &[Row]) -> usize {
    let reads_like_tail = |row: &Row| {
        tail_of(&row.text).is_some_and(|tail| tail != Tail::SeeAlso)
            || row.text.chars().count() <= LONGEST_TAG
                && !row.stands_alone()
                && !row.text.ends_with(['.', '!', '?'])
    };
    let first = rows.iter().rposition(|row| !reads_like_tail(row)).map_or(0, |at| at + 1);
    (first..rows.len())
        .find(|at| {
            tail_of(&rows[*at].text).is_some_and(|tail| tail != Tail::Version && tail != Tail::SeeAlso)
        })
        .unwrap_or(rows.len())
}

/// Reads the groups at the end, and says whether there are any.
pub(super) fn read(record: &mut Record, rows: &[Row]) -> bool {
    let mut group = None;
    for row in rows {
        let after = || row.text.split_once(':').map_or("", |(_, after)| after).trim();
        match tail_of(&row.text) {
            Some(Tail::Group(named)) => group = Some(named),
            Some(Tail::Status | Tail::Version | Tail::SeeAlso) => group = None,
            Some(Tail::Sections) => {
                record.sections.extend(after().split(',').map(single).filter(|section| !section.is_empty()));
            }
            Some(Tail::Published) => {
                if let Some(printed) = date::date(after()) {
                    record.publication_date = Some(printed.date);
                    record.publication_time = printed.time;
                }
            }
            Some(Tail::Link) => record.direct_link = some(after().to_owned()),
            None => match (group, more(&row.text)) {
                (Some(Group::Persons), Some(unnamed)) => record.persons_unnamed = unnamed,
                (Some(Group::Topics), Some(unnamed)) => {
                    record.missing.push(format!("topics: {unnamed} more, which are not named"));
                }
                (Some(Group::Geography), Some(unnamed)) => {
                    record.missing.push(format!("geography: {unnamed} more, which are not named"));
                }
                (Some(group), None) => group.of(record).push(row.text.clone()),
                (None, _) => record
                    .missing
                    .push(format!("blocks: a line at the end is of no known part: {}", row.text)),
            },
        }
    }
    !rows.is_empty()
}
