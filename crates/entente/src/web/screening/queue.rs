//! The queue of cases: hits of the register's parties, in the order in which they are worked off.

use askama::Template;
use entente_register::screening::{MACHINE, Standing, marking};
use entente_store::reader::{CaseCount, CaseFilter, CaseOrder, CaseRow, Listing};

use super::{Place, asks, entry_path, score, tabs};
use crate::error::Answer;
use crate::formats::table::Kind;
use crate::screener::actor;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, text, ways};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A case, written for people.
#[derive(Debug, Clone)]
pub(crate) struct CaseCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) party: String,
    pub(crate) party_number: String,
    pub(crate) party_href: String,
    pub(crate) caption: String,
    pub(crate) entry: String,
    pub(crate) entry_href: String,
    pub(crate) list: String,
    pub(crate) list_href: String,
    pub(crate) asks: &'static str,
    pub(crate) score: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) settled: bool,
    pub(crate) opened_on: String,
    pub(crate) last_on: String,
    pub(crate) last_by: String,
    pub(crate) reason: String,
    pub(crate) label: String,
}

impl CaseCells {
    pub(crate) fn of(row: &CaseRow, way: &Way) -> CaseCells {
        let case = &row.case;
        CaseCells {
            number: case.number.clone(),
            href: way.to(&format!("/cases/{}", case.number)),
            party: row.party_name.clone(),
            party_number: case.party.clone(),
            party_href: way.to(&format!("/parties/{}", case.party)),
            caption: case.hit.caption.clone(),
            entry: case.entry.clone(),
            entry_href: way.to(&entry_path(&case.list, &case.entry)),
            list: case.list.clone(),
            list_href: way.to(&format!("/lists/{}", case.list)),
            asks: asks(row.standing),
            score: score(i64::from(case.hit.score)),
            state: state(case.state, row.standing),
            state_word: case.state,
            settled: row.settled,
            opened_on: show::day(case.opened_on),
            last_on: show::day(case.last.on),
            last_by: who(&case.last.by),
            reason: case.last.reason.clone(),
            label: case.label.to_string(),
        }
    }
}

/// Who did it: the program has a name for people too.
pub(super) fn who(account: &str) -> String {
    let program = actor();
    if account == program.account { program.name } else { account.to_owned() }
}

/// A state for people; what was acknowledged is asked about again once its list binds.
fn state(word: &str, standing: Standing) -> String {
    match (word, standing) {
        ("acknowledged", Standing::Binding) => "Acknowledged, and the list binds now".to_owned(),
        _ => show::capital(word),
    }
}

#[derive(Template)]
#[template(path = "screening/cases.html")]
pub(crate) struct CasesPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    /// By state, with how many there are.
    pub(crate) states: Vec<Tab>,
    pub(crate) lists: Vec<Choice>,
    pub(crate) party: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<CaseCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
}

/// The word of all cases of which something is asked, and of all.
const WAITING: &str = "waiting";
const ALL: &str = "all";

/// What is asked for: the filter, and the word of the state.
fn filter(visit: &Visit) -> Answer<(CaseFilter, &'static str)> {
    let words: Vec<(&'static str, &'static str)> =
        [WAITING, ALL].into_iter().chain(MACHINE.states()).map(|word| (word, word)).collect();
    let state = one_of("state", visit.parameter("state"), &words, WAITING)?;
    let own = |name: &str| visit.parameter(name).map(str::to_owned);
    let filter = CaseFilter {
        state: Some(state).filter(|state| ![WAITING, ALL].contains(state)).map(str::to_owned),
        waiting: state == WAITING,
        list: own("list"),
        party: own("party"),
        entry: None,
        order: CaseOrder::Queue,
    };
    Ok((filter, state))
}

/// `GET /cases`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let (filter, state) = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing: Listing<CaseRow> = reader.cases(&filter, visit.page).await?;
    let counts = reader.case_counts(&filter).await?;
    let lists = reader.lists().await?;
    let way = visit.way();
    let own = [
        ("list", filter.list.as_deref().unwrap_or_default()),
        ("party", filter.party.as_deref().unwrap_or_default()),
    ];
    let choice = |value: &str, name: &str| Choice {
        value: value.to_owned(),
        name: name.to_owned(),
        chosen: filter.list.as_deref().unwrap_or_default() == value,
    };
    let mut choices = vec![choice("", "All lists")];
    choices.extend(lists.iter().map(|row| choice(&row.list.name, &row.list.name)));
    let mut hidden = visit.hidden();
    hidden.push(("state".to_owned(), state.to_owned()));
    let asked = [("state", state), own[0], own[1]];
    let frame = visit.frame(Part::Screening, "Cases", &reader);
    crate::web::page(&CasesPage {
        frame: frame
            .marked_by(std::iter::once(&marking()).chain(listing.rows.iter().map(|row| &row.case.label))),
        tabs: tabs(&visit, &reader, Place::Cases).await?,
        states: states(&counts, state, &own, &way),
        lists: choices,
        party: filter.party.clone().unwrap_or_default(),
        hidden,
        clear: (filter.list.is_some() || filter.party.is_some())
            .then(|| way.with("/cases", &[("state", state)])),
        rows: listing.rows.iter().map(|row| CaseCells::of(row, &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|form| way.with(&format!("/cases.{form}"), &asked)),
    })
}

/// The states with how many cases are in each; those that are nobody's are left out, but for the one that is shown.
pub(crate) fn states(counts: &[CaseCount], current: &str, own: &[(&str, &str)], way: &Way) -> Vec<Tab> {
    let sum = |of: &dyn Fn(&CaseCount) -> bool| -> i64 {
        counts.iter().filter(|count| of(count)).map(|count| count.cases).sum()
    };
    let tab = |word: &'static str, name: String, cases: i64| {
        let mut asked = vec![("state", word)];
        asked.extend_from_slice(own);
        let href = Some(way.with("/cases", &asked));
        Tab { name, count: show::count(cases), href, current: word == current }
    };
    let mut all = vec![tab(WAITING, "All that wait".to_owned(), sum(&|count| !count.settled))];
    for word in MACHINE.states() {
        let cases = sum(&|count| count.state == word);
        if cases > 0 || word == current {
            all.push(tab(word, show::capital(word), cases));
        }
    }
    all.push(tab(ALL, "All".to_owned(), sum(&|_| true)));
    all
}

/// `GET /cases.csv`, `/cases.xlsx`
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let (filter, _) = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows: Vec<CaseRow> =
        every(("cases", "state, list or party"), |page| reader.cases(&filter, page)).await?;
    let columns = &[
        "number",
        "party",
        "party_name",
        "list",
        "standing",
        "entry",
        "caption",
        "score",
        "state",
        "opened_on",
        "last_on",
        "last_by",
        "reason",
        "why",
        "label",
    ];
    let rows = rows
        .into_iter()
        .map(|CaseRow { case, party_name, standing, .. }| {
            let why = case.hit.reasons.iter().map(|reason| reason.detail.as_str()).collect::<Vec<_>>();
            let why = why.join(" | ");
            vec![
                text(case.number),
                text(case.party),
                text(party_name),
                text(case.list),
                text(standing.word()),
                text(case.entry),
                text(case.hit.caption),
                text(score(i64::from(case.hit.score))),
                text(case.state),
                day(Some(case.opened_on)),
                day(Some(case.last.on)),
                text(case.last.by),
                text(case.last.reason),
                text(why),
                text(case.label.to_string()),
            ]
        })
        .collect();
    Table { name: "cases", columns, rows }.answer(kind, reader.as_of()).await
}
