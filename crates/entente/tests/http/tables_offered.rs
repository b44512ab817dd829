//! Every table that a page of the demonstration shows is offered for spreadsheets, or stands on a short list of those
//! that are not, with the reason.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::StatusCode;
use entente_register::access::Role;

use crate::pages::Visitor;
use crate::support::Server;

/// Tables that are not offered: of which pages, by the beginning of their address; by the beginning of the table's name,
/// which is the heading or label that it goes by; and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("/", "History", "the acts of the page, which the table of the ledger has"),
    ("/", "alert-", "the first of each kind: the list of the kind has all of them, and is offered"),
    ("/execution-report", "", "the printed report, which is given as a PDF"),
    ("/me", "", "forms: one’s own sessions, keys and views"),
    ("/embargo", "", "rules are given as the files of their editions, and by `entente embargo list` as CSV"),
    ("/lists/", "over", "one entry over the editions: the changes of the list are offered"),
    ("/lists/", "Names", "what one entry says: the entries of the list are offered"),
    ("/lists/", "Cases", "the queue of cases is offered"),
    ("/cases/", "Names", "what one entry says: the entries of the list are offered"),
    ("/cases/", "Words", "how one comparison came about"),
];

/// Pages of one sort that are looked at.
const MOST: usize = 2;

/// The page without its parameters, its numbers and names taken for one another.
fn shape(path: &str) -> String {
    let parts = path.split('/').map(|part| {
        let is_key = part.chars().any(|letter| letter.is_ascii_digit() || letter.is_ascii_uppercase());
        if is_key { "#" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

fn links(text: &str) -> impl Iterator<Item = String> + '_ {
    text.match_indices(" href=\"/").filter_map(|(at, opening)| {
        let rest = &text[at + opening.len() - 1..];
        Some(rest.split('"').next()?.replace("&#38;", "&"))
    })
}

/// The tables with rows that a page shows: the name of each, and the part of the page in which its forms are offered.
fn tables(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("<table") {
        let table = &text[at..at + text[at..].find("</table>").unwrap()];
        let body = table.split("<tbody>").nth(1).unwrap_or_default();
        if !body.contains("<tr") {
            continue;
        }
        let (before, after) = text.split_at(at);
        let region = before.rfind("<div class=\"table\"").unwrap_or(at);
        let opening = text[region..].split('>').next().unwrap();
        let name = ["aria-labelledby=\"", "aria-label=\""]
            .iter()
            .find_map(|word| opening.split(word).nth(1)?.split('"').next())
            .unwrap_or_default();
        let begins = before.rfind("<section").filter(|begins| !before[*begins..].contains("</section>"));
        let part = match begins {
            Some(begins) => {
                let ends = after.find("</section>").unwrap();
                let inner = after.find("<section").unwrap_or(after.len());
                text[begins..at + ends.min(inner)].to_owned()
            }
            // Outside all sections: what stands before the first of them and between them.
            None => text
                .split("<section")
                .enumerate()
                .map(
                    |(place, part)| {
                        if place == 0 { part } else { part.split("</section>").nth(1).unwrap_or("") }
                    },
                )
                .collect(),
        };
        found.push((name.to_owned(), part));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_of_the_demonstration_is_offered_in_both_forms() {
    let server = Server::demonstration().await;
    let view = "as_of=2012-09-30&known_at=2012-10-01T00%3A00%3A00Z";
    let starts = [
        "/",
        "/alerts",
        "/alerts?kind=overdue",
        "/contracts",
        "/payments",
        "/rates",
        "/slippages?state=all",
        "/opportunities",
        "/opportunities/analysis",
        "/applications?state=all",
        "/licences",
        "/breaks",
        "/breaks?told=both",
        "/certificates",
        "/specimens",
        "/inspections",
        "/customs",
        "/reexports",
        "/discrepancies",
        "/calendar",
        "/timeline",
        "/partners",
        "/market",
        "/market/deals",
        "/groups",
        "/parties",
        "/forecasts",
        "/plans",
        "/plans/2012:1/slip?what=partner:IND&months=1",
        "/reports",
        "/cases",
        "/lists",
        "/embargo",
        "/accounts",
        "/ledger",
        "/ledger/reads",
        "/me",
        "/execution-report",
    ];
    let mut wanting = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut offered: BTreeMap<String, String> = BTreeMap::new();
    let (mut pages, mut shown) = (0, 0);
    for role in [Role::Chair, Role::Auditor] {
        let visitor = Visitor::of(&server, role).await;
        let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut queue: VecDeque<String> = starts
            .iter()
            .map(|path| format!("{path}{}{view}", if path.contains('?') { '&' } else { '?' }))
            .collect();
        while let Some(address) = queue.pop_front() {
            let path = address.split('?').next().unwrap().to_owned();
            let answer = visitor.get(&address).await;
            if !answer.header("content-type").starts_with("text/html") || answer.status != StatusCode::OK {
                // What a role may not read is no page of its.
                assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{address}: {}", answer.text);
                continue;
            }
            pages += 1;
            for (name, part) in tables(&answer.text) {
                shown += 1;
                let excepted = EXCEPTIONS
                    .iter()
                    .position(|(of, named, _)| path.starts_with(of) && name.starts_with(named));
                let forms = ["csv", "xlsx"].iter().all(|ending| {
                    let ending = format!(".{ending}");
                    part.contains("For a spreadsheet: ")
                        && links(&part).any(|link| link.split('?').next().unwrap().ends_with(&ending))
                });
                match (forms, excepted) {
                    (false, Some(exception)) => drop(used.insert(exception)),
                    (false, None) => drop(wanting.insert(format!("{} {name:?}", shape(&path)))),
                    (true, _) => {}
                }
            }
            for link in links(&answer.text) {
                let to = link.split(['?', '#']).next().unwrap();
                if to.ends_with(".csv") || to.ends_with(".xlsx") {
                    offered.entry(shape(to)).or_insert(link);
                    continue;
                }
                let skip =
                    ["/assets/", "/acts/", "/documents/", "/me/", "/sign-out", ".ics", ".pdf", "/import"];
                if skip.iter().any(|word| to.contains(word)) {
                    continue;
                }
                let of = seen.entry(shape(to)).or_default();
                if of.len() < MOST && of.insert(to.to_owned()) {
                    queue.push_back(link);
                }
            }
        }
        // What was offered is there, by the very links of the pages.
        for link in std::mem::take(&mut offered).into_values() {
            let answer = visitor.get(&link).await;
            assert_eq!(answer.status, StatusCode::OK, "{link}: {}", answer.text);
            assert!(answer.header("content-disposition").starts_with("attachment"), "{link}");
        }
    }
    assert!(pages > 60 && shown > 100, "{pages} pages, {shown} tables");
    assert!(wanting.is_empty(), "not offered: {wanting:#?}");
    // An exception that nothing needs any more is struck.
    let unused: Vec<_> = EXCEPTIONS.iter().enumerate().filter(|(place, _)| !used.contains(place)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
