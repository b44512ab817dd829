//! A page of a site: an article in microformats2 and schema.org, with its body and its cards.

mod body;
pub(crate) mod cards;

use crate::date::{self, Printed};
use crate::text::{single, some};
use crate::tree::{Id, Step, Tree};
use crate::{Bodies, Form, Record, RecordFault, transcript};

/// Reads a page.
pub(crate) fn read(page: &str, bodies: &Bodies) -> Result<Record, RecordFault> {
    let tree = Tree::read(page)?;
    let tree = &tree;
    let article = article(tree, page)?;
    let mut record = Record::empty(Form::Html);
    let head = Head::of(tree);

    record.title = first_text(tree, article, |id| tree.is(id, "p-name") || tree.is(id, "entry-title"))
        .or_else(|| head.get("og:title").and_then(|title| some(single(title))))
        .or_else(|| page_title(tree));
    let lead = |id| {
        tree.is(id, "p-summary")
            || tree.is(id, "entry-summary")
            || tree.attribute(id, "id") == Some("read-lead")
    };
    record.lead = match tree.find(article, lead) {
        Some(id) => some(words(tree, id)),
        None => {
            head.get("og:description").or_else(|| head.get("description")).and_then(|lead| some(single(lead)))
        }
    };
    let published = published(tree, article);
    record.date =
        published.map(|p| p.date).or_else(|| Some(date::date(head.get("ya:ovs:upload_date")?)?.date));
    record.time = first_text(tree, article, |id| tree.is(id, "read__time"))
        .and_then(|text| date::time(&text))
        .or_else(|| published.and_then(|p| p.time));
    record.place = first_text(tree, article, |id| tree.is(id, "p-location") || tree.is(id, "read__place"));
    record.language = language(tree, article, &head);

    cards::tags(tree, article, &mut record);
    let council = cards::status(tree, article, &mut record);
    cards::see_also(tree, article, &mut record);
    cards::photographs(tree, article, &mut record);
    record.id = identifier(tree, article, &record, &head);
    name_body(&mut record, council, bodies);

    let transcript = transcript::read(&body::lines(tree, article))?;
    record.mentions = body::mentions(tree, article);
    record.people = transcript::people(&transcript.speakers);
    (record.blocks, record.speakers) = (transcript.blocks, transcript.speakers);
    record.say_missing();
    Ok(record)
}

/// The body that met: by the title, or by the section that is a body's own.
fn name_body(record: &mut Record, council: Option<String>, bodies: &Bodies) {
    let title = record.title.as_deref().and_then(|title| bodies.in_title(title));
    let known =
        |found: &Option<(Option<&str>, String)>| found.as_ref().is_some_and(|(name, _)| name.is_some());
    let council = council.map(|printed| (bodies.find(&printed), printed));
    let section = council.or_else(|| bodies.in_sections(record.sections.iter().map(String::as_str)));
    // A name that is known before one that is not, and what a section says of itself before what a title looks like.
    let name = match (&title, &section) {
        (Some((Some(name), _)), _) | (_, Some((Some(name), _))) => Some((*name).to_owned()),
        (_, Some((None, printed))) | (Some((None, printed)), None) => Some(printed.clone()),
        (None, None) => None,
    };
    let as_printed = if known(&title) || section.is_none() { title } else { section };
    record.body_as_printed = as_printed.map(|(_, printed)| printed);
    record.body = name;
}

/// The article of a record: the one with a body, where there are several.
fn article(tree: &Tree, page: &str) -> Result<Id, RecordFault> {
    let is_entry = |id: Id| tree.is(id, "h-entry") || tree.is(id, "hentry");
    let entries: Vec<Id> = tree.elements(0).filter(|id| is_entry(*id)).collect();
    let mut with_body =
        entries.iter().copied().filter(|id| tree.find(*id, |id| body::is_body(tree, id)).is_some());
    let place = || {
        let low = page.to_ascii_lowercase();
        low.find("<body").or_else(|| low.find("<html")).unwrap_or(0)
    };
    match (with_body.next(), with_body.next(), entries.as_slice()) {
        (Some(one), None, _) => Ok(one),
        (None, None, [one]) => Ok(*one),
        // One in the other is one.
        (Some(one), Some(inner), _) if is_within(tree, inner, one) => Ok(one),
        (Some(_), Some(_), _) => Err(RecordFault::at(
            page.as_bytes(),
            place(),
            "several articles with a body (class h-entry, with e-content); give the page of one record",
        )),
        (None, _, []) => tree
            .find(0, |id| tree.attribute(id, "itemtype").is_some_and(|kind| kind.ends_with("/NewsArticle")))
            .filter(|id| tree.find(*id, |id| body::is_body(tree, id)).is_some())
            .ok_or_else(|| {
                RecordFault::at(
                    page.as_bytes(),
                    place(),
                    "no record: there is no article here (class h-entry, as microformats2 name it, with a body e-content)",
                )
            }),
        (None, _, several) => Err(RecordFault::at(
            page.as_bytes(),
            place(),
            format!("a list of {} records without their texts; give the page of one record", several.len()),
        )),
    }
}

fn is_within(tree: &Tree, inner: Id, outer: Id) -> bool {
    std::iter::successors(Some(inner), |id| tree.parent(*id)).any(|id| id == outer)
}

/// The `meta` elements of a page.
struct Head<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Head<'a> {
    fn of(tree: &'a Tree) -> Head<'a> {
        let metas = tree.elements(0).filter(|id| tree.name(*id) == "meta");
        Head(
            metas
                .filter_map(|id| {
                    let name = tree.attribute(id, "property").or_else(|| tree.attribute(id, "name"))?;
                    Some((name, tree.attribute(id, "content")?))
                })
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, content)| *content)
    }
}

/// The title of the window, without the name of the site that such pages put behind it.
fn page_title(tree: &Tree) -> Option<String> {
    let id = tree.find(0, |id| tree.name(id) == "title")?;
    let title = words(tree, id);
    some(title.rsplit_once(" • ").map_or(title.as_str(), |(title, _)| title).to_owned())
}

/// The day of the event, as `time` says it.
fn published(tree: &Tree, article: Id) -> Option<Printed> {
    let by = |holds: &dyn Fn(Id) -> bool| {
        tree.elements(article).filter(|id| tree.name(*id) == "time").find(|id| holds(*id))
    };
    let id = by(&|id| tree.is(id, "read__published"))
        .or_else(|| by(&|id| tree.is(id, "dt-published") || tree.is(id, "dt-start")))
        .or_else(|| by(&|id| tree.attribute(id, "itemprop") == Some("datePublished")))?;
    time_of(tree, id)
}

/// The day, and the hour where it is said, of a `time` element: by its attribute, or else by its text.
fn time_of(tree: &Tree, id: Id) -> Option<Printed> {
    let printed = date::date(&words(tree, id));
    match tree.attribute(id, "datetime").and_then(|text| date::date(text.trim())) {
        Some(exact) => Some(Printed {
            time: exact.time.or_else(|| printed.filter(|p| p.date == exact.date)?.time),
            ..exact
        }),
        None => printed,
    }
}

/// The language of a record: the article’s own, or else the page’s.
fn language(tree: &Tree, article: Id, head: &Head<'_>) -> Option<String> {
    let said = |root: Id| {
        let id = tree.find(root, |id| tree.attribute(id, "itemprop") == Some("inLanguage"))?;
        tree.attribute(id, "content")
    };
    let html = || tree.find(0, |id| tree.name(id) == "html");
    tree.attribute(article, "lang")
        .or_else(|| said(article))
        .or_else(|| tree.attribute(html()?, "lang"))
        .or_else(|| said(tree.find(0, |id| tree.name(id) == "head")?))
        .or_else(|| head.get("og:locale"))
        .and_then(|language| some(single(language)))
}

/// The number of a record: of its article (`event-123`), its direct link (`/d/123`) or its address.
fn identifier(tree: &Tree, article: Id, record: &Record, head: &Head<'_>) -> Option<String> {
    let digits =
        |text: &str| some(text.to_owned()).filter(|t| t.len() <= 20 && t.bytes().all(|b| b.is_ascii_digit()));
    let last = |address: &str| {
        let path = address.split(['?', '#']).next()?;
        digits(path.trim_end_matches('/').rsplit('/').next()?.trim_end_matches(".html"))
    };
    tree.attribute(article, "id")
        .and_then(|id| digits(id.rsplit('-').next()?))
        .or_else(|| last(record.direct_link.as_deref()?))
        .or_else(|| last(head.get("og:url")?))
}

/// The text of the first element for which something holds.
fn first_text(tree: &Tree, root: Id, holds: impl Fn(Id) -> bool) -> Option<String> {
    some(words(tree, tree.find(root, holds)?))
}

/// The words in an element, but for what is not shown or opens as a card.
fn words(tree: &Tree, root: Id) -> String {
    let mut text = String::new();
    let mut steps = tree.steps(root);
    while let Some(step) = steps.next() {
        match step {
            Step::Text(part) => text.push_str(part),
            Step::Enter(id) if body::is_aside(tree, id) => steps.pass(id),
            Step::Enter(id) | Step::Leave(id) if body::is_block(tree.name(id)) || tree.name(id) == "br" => {
                text.push(' ')
            }
            Step::Enter(_) | Step::Leave(_) => {}
        }
    }
    single(&text)
}
