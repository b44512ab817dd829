//! Sample data for the tests of the pages of screening, hostile words in every field.

use entente_register::party::PartyKind;
use entente_register::screening::{
    Case, CaseAct, EditionInForce, EditionLoaded, Held, Hit, HitReason, List, ListPolicy, MACHINE, Standing,
};
use entente_screening::entity::{Entity, Ready};
use entente_screening::index::Index;
use entente_screening::lists::delta::{delta, fingerprint};
use entente_screening::score::score;
use entente_store::reader::{
    CaseCount, CaseRow, CaseView, EditionRow, ListRow, ListView, PartyScreening, ScreenedParty,
};

use super::case::CasePage;
use super::changes::{ChangesPage, DeltaView};
use super::entry::{EntryPage, StepCells};
use super::file::FileForm;
use super::file_answer::{FileAnswerPage, FileView, PartyLine, summed};
use super::kept::{FileAnswer, FileHit, FileRow};
use super::list::{EntriesPage, EntryLine, ListPage};
use super::lists::{ListCells, ListsPage};
use super::load::{LoadPage, PreparedView};
use super::lookup::{LookupForm, LookupPage, LookupResult};
use super::party::PartyScreeningView;
use super::queue::{CaseCells, CasesPage, states};
use super::{EditionCells, Place, tabs_of};
use crate::screener::{ENGINE, Lists, ReadyList, entity, reasons};
use crate::web::act;
use crate::web::frame::{Choice, Frame};
use crate::web::sample::{HOSTILE, day, instant, label, listing, paper};
use crate::web::search::Tab;
use crate::web::sign_in::Fault;
use crate::web::visit::Pages;
use crate::web::way::Way;

/// An entry that the party may be.
fn entry() -> Entity {
    let mut entry = Entity::new("6908/1?", "Person");
    HOSTILE.clone_into(&mut entry.caption);
    for (property, value) in [
        ("name", "Mohammed Saleh"),
        ("alias", "Мухаммед Салех"),
        ("weakAlias", HOSTILE),
        ("birthDate", "1966-03-24"),
        ("nationality", "ye"),
        ("notes", HOSTILE),
        ("unheardOf", HOSTILE),
    ] {
        entry.add(property, value);
    }
    entry
}

fn in_force(content: &str) -> EditionInForce {
    EditionInForce {
        loaded: EditionLoaded {
            document: entente_register::document::Document { content: Some(content.to_owned()), ..paper() },
            form: "un".to_owned(),
            dated: Some(day("2012-09-20")),
            current_on: Some(day("2012-09-20")),
            entries: 1_002,
            source: HOSTILE.to_owned(),
        },
        loaded_on: day("2012-09-21"),
        loaded_by: HOSTILE.to_owned(),
    }
}

/// So many editions, the latest first.
pub(crate) fn editions(count: u8) -> Vec<EditionRow> {
    (0..count)
        .map(|place| {
            let content = format!("{place:02x}").repeat(32);
            EditionRow {
                list: "un".to_owned(),
                edition: in_force(&content),
                content,
                sequence: i64::from(count - place),
            }
        })
        .collect()
}

fn row(held: bool) -> ListRow {
    ListRow {
        list: List {
            name: "un".to_owned(),
            policy: ListPolicy { standing: Standing::Advisory, max_age_days: 3 },
            policy_set: Some((day("2012-01-02"), HOSTILE.to_owned())),
            source: Some(HOSTILE.to_owned()),
            edition: Some(in_force(&"00".repeat(32))),
            refused: None,
            screened: None,
            last_on: day("2012-09-21"),
        },
        held: held.then(|| Held { code: "stale", reason: format!("{HOSTILE}: load it.") }),
    }
}

/// A list by itself.
pub(crate) fn list() -> ListView {
    ListView { row: row(true), editions: editions(3), history: listing(history()), version: 4 }
}

fn history() -> Vec<entente_store::reader::HistoryRow> {
    crate::web::sample::delivery().history
}

fn party() -> ScreenedParty {
    ScreenedParty {
        number: "O-P0003".to_owned(),
        name: "Мухаммед Салех".to_owned(),
        kind: PartyKind::Person,
        state: "YEM".to_owned(),
        sequence: 7,
    }
}

/// A case in a state, as it was compared.
pub(crate) fn case(state: &str) -> CaseView {
    let (own, entry) = (entity(&party()), entry());
    let found = score(&Ready::new(&own), &Ready::new(&entry));
    let act = CaseAct { by: "m.costa".to_owned(), on: day("2012-09-22"), reason: HOSTILE.to_owned() };
    let known = MACHINE.states().into_iter().find(|known| *known == state).unwrap();
    let hit = Hit {
        edition: "00".repeat(32),
        engine: ENGINE.to_owned(),
        score: 9_000,
        reasons: [
            reasons(&found),
            vec![HitReason {
                feature: HOSTILE.to_owned(),
                score: -400,
                detail: HOSTILE.to_owned(),
                query: HOSTILE.to_owned(),
                candidate: HOSTILE.to_owned(),
            }],
        ]
        .concat(),
        caption: HOSTILE.to_owned(),
        party_content: fingerprint(&own).to_string(),
        entry_content: fingerprint(&entry).to_string(),
    };
    let case = Case {
        number: "O-P0003.H1".to_owned(),
        party: "O-P0003".to_owned(),
        list: "un".to_owned(),
        entry: entry.id,
        hit,
        opened_on: day("2012-09-21"),
        proposed: Some(act.clone()),
        last: act,
        label: label(),
        state: known,
        last_on: day("2012-09-22"),
    };
    let row = CaseRow { case, party_name: HOSTILE.to_owned(), standing: Standing::Binding, settled: false };
    CaseView { row, history: history(), version: 3 }
}

/// How a party is screened, with everything that can be said of it.
pub(crate) fn screening(way: &Way) -> PartyScreeningView {
    let held = vec![Held { code: "stale", reason: HOSTILE.to_owned() }];
    let cases = vec![case("open").row, case("cleared").row];
    PartyScreeningView::of(&PartyScreening { party: party(), held, cases }, way)
}

fn ready(held: bool) -> Lists {
    let index = Some(std::sync::Arc::new(Index::new(vec![entry()])));
    Lists { lists: vec![ReadyList { row: row(held), index }] }
}

fn tabs(way: &Way, place: Place) -> Vec<Tab> {
    tabs_of(way, place, 3, 1, 2)
}

fn lookups(frame: &Frame, way: &Way) -> Vec<LookupPage> {
    let form = LookupForm {
        kinds: vec![Choice { value: "person".to_owned(), name: "A person".to_owned(), chosen: true }],
        names: HOSTILE.to_owned(),
        birth: HOSTILE.to_owned(),
        countries: HOSTILE.to_owned(),
        identifiers: HOSTILE.to_owned(),
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        clear: way.to("/screening"),
        ..LookupForm::default()
    };
    let page = |result: Option<LookupResult>, fault| LookupPage {
        frame: frame.clone(),
        tabs: tabs(way, Place::Lookup),
        form: form.clone(),
        result,
        fault,
    };
    let found = |entity: &Entity, held| super::lookup::result(&ready(held), entity, "As of".to_owned(), way);
    let mut sought = entity(&party());
    sought.add("birthDate", "1965-03-24");
    let hits = found(&sought, true);
    assert!(hits.hits[0].explanation.words.len() > 1 && !hits.hits[0].explanation.weighs.is_empty());
    let mut other = Entity::new("", "Person");
    other.add("name", HOSTILE);
    let fault = Fault { message: HOSTILE.to_owned(), missing: HOSTILE.to_owned(), field: "birth" };
    vec![
        page(None, None),
        page(None, Some(fault)),
        page(Some(hits), None),
        page(Some(found(&other, true)), None),
        page(Some(found(&other, false)), None),
        page(Some(LookupResult { held: vec![HOSTILE.to_owned()], ..LookupResult::default() }), None),
    ]
}

fn deltas(way: &Way) -> DeltaView {
    let (one, mut other) = (entry(), entry());
    other.add("alias", HOSTILE);
    let gone = Entity { id: "gone".to_owned(), ..entry() };
    let new = Entity { id: HOSTILE.to_owned(), ..entry() };
    let (older, newer) = ([one, gone], [other, new]);
    DeltaView::of(&delta(&older, &newer), Some(("un", way)))
}

fn answer() -> FileAnswer {
    let own = entity(&party());
    let found = score(&Ready::new(&own), &Ready::new(&entry()));
    let hit = FileHit {
        list: "un".to_owned(),
        binding: true,
        entry: "6908".to_owned(),
        caption: HOSTILE.to_owned(),
        score: found,
    };
    let row = |place: usize, hits: Vec<FileHit>, nothing: bool| FileRow {
        place,
        id: HOSTILE.to_owned(),
        name: HOSTILE.to_owned(),
        more: !hits.is_empty(),
        hits,
        nothing,
    };
    let mut answer = FileAnswer::sample(HOSTILE, instant("2012-10-01T00:00:00Z"), day("2012-09-30"));
    answer.rows = vec![row(2, vec![hit], false), row(3, vec![], true), row(1, vec![], false)];
    answer.held = vec![HOSTILE.to_owned()];
    HOSTILE.clone_into(&mut answer.by);
    answer
}

/// Every page of screening by name.
pub(crate) fn pages(frame: &Frame, way: &Way, pages: &Pages) -> Vec<(&'static str, String)> {
    let render = |template: &dyn askama::DynTemplate| template.dyn_render().unwrap();
    let mut all: Vec<(&'static str, String)> =
        lookups(frame, way).iter().map(|page| ("screening", render(page))).collect();
    let cells = |state: &str| CaseCells::of(&case(state).row, way);
    let counts = [("open", false, 2), ("cleared", true, 1)].map(|(state, settled, cases)| CaseCount {
        state: state.to_owned(),
        settled,
        cases,
    });
    let cases = |rows: Vec<CaseCells>| CasesPage {
        frame: frame.clone(),
        tabs: tabs(way, Place::Cases),
        states: states(&counts, "waiting", &[("list", HOSTILE)], way),
        lists: vec![],
        party: HOSTILE.to_owned(),
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        clear: Some(way.to("/cases")),
        rows,
        pages: pages.clone(),
        tables: vec![("CSV", way.to("/cases.csv"))],
    };
    all.push(("cases", render(&cases(MACHINE.states().into_iter().map(cells).collect()))));
    all.push(("no cases", render(&cases(vec![]))));
    let stands = [Some((entry(), true)), Some((entry(), false)), None];
    for (state, entry) in MACHINE.states().into_iter().zip(stands.into_iter().cycle()) {
        let rows = editions(1);
        let page = super::case::page(&case(state), &party(), rows.first(), entry, way);
        let offers = act::sample::offers(way);
        all.push(("case", render(&CasePage { frame: frame.clone(), offers, ..page })));
    }
    let lists = |rows: Vec<ListCells>| ListsPage {
        frame: frame.clone(),
        tabs: tabs(way, Place::Lists),
        rows,
        load: Some(way.to("/acts/load-list")),
    };
    let line = |held| ListCells::of(&row(held), day("2012-09-30"), way);
    all.push(("lists", render(&lists(vec![line(true), line(false)]))));
    all.push(("no lists", render(&lists(vec![]))));
    let page = super::list::page(&list(), day("2012-09-30"), way);
    all.push((
        "list",
        render(&ListPage {
            fetched: (HOSTILE.to_owned(), "set here"),
            frame: frame.clone(),
            offers: act::sample::offers(way),
            load: Some(way.to("/lists/un/acts/load")),
            pages: pages.clone(),
            ..page
        }),
    ));
    all.push((
        "entries",
        render(&EntriesPage {
            frame: frame.clone(),
            list: line(false),
            rows: vec![EntryLine {
                caption: HOSTILE.to_owned(),
                href: way.to("/lists/un/entries/1"),
                id: HOSTILE.to_owned(),
                summary: super::entry::summary(&entry()),
            }],
            pages: pages.clone(),
        }),
    ));
    all.push(("entry", render(&entry_page(frame, way))));
    let choice = |name: &str| vec![Choice { value: HOSTILE.to_owned(), name: name.to_owned(), chosen: true }];
    all.push((
        "changes",
        render(&ChangesPage {
            frame: frame.clone(),
            list: ("un".to_owned(), way.to("/lists/un")),
            from: choice(HOSTILE),
            to: choice(HOSTILE),
            hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
            action: "/lists/un/changes".to_owned(),
            delta: deltas(way),
            tables: vec![("CSV", way.to("/lists/un/changes.csv"))],
        }),
    ));
    all.extend(loads(frame, way).iter().map(|page| ("load a list", render(page))));
    for fault in
        [None, Some(Fault { message: HOSTILE.to_owned(), missing: HOSTILE.to_owned(), field: "file" })]
    {
        let form = FileForm {
            frame: frame.clone(),
            tabs: tabs(way, Place::File),
            csrf: "00".to_owned(),
            most: "2,000".to_owned(),
            largest: 4,
            fault,
        };
        all.push(("a file of parties", render(&form)));
    }
    let answer = answer();
    let rows = answer.rows.iter().map(|row| PartyLine::of(row, way)).collect();
    let mut view = FileView { rows, pages: pages.clone(), ..summed(&answer, way) };
    view.editions = vec![EditionCells::of(&row(true), way)];
    let page = FileAnswerPage { frame: frame.clone(), tabs: tabs(way, Place::File), view };
    all.push(("parties of a file", render(&page)));
    all
}

fn entry_page(frame: &Frame, way: &Way) -> EntryPage {
    let delta = deltas(way);
    EntryPage {
        frame: frame.clone(),
        edition: EditionCells::of(&row(true), way),
        entry: super::entry::view(&entry()),
        removed: Some(HOSTILE.to_owned()),
        steps: vec![StepCells {
            edition: HOSTILE.to_owned(),
            loaded_on: HOSTILE.to_owned(),
            what: "Changed",
            fields: delta.changed[0].fields.clone(),
        }],
        earlier: Some(way.with("/lists/un/entries/1", &[("offset", "8")])),
        cases: vec![CaseCells::of(&case("escalated").row, way)],
        lookup: way.to("/screening"),
    }
}

fn loads(frame: &Frame, way: &Way) -> Vec<LoadPage> {
    let page = |list: &str, prepared, field: Option<&'static str>| LoadPage {
        frame: frame.clone(),
        list: list.to_owned(),
        typed: HOSTILE.to_owned(),
        dated: HOSTILE.to_owned(),
        despite: HOSTILE.to_owned(),
        action: way.to("/acts/load-list"),
        csrf: "00".to_owned(),
        back: (way.to("/lists"), HOSTILE.to_owned()),
        most: 512,
        prepared,
        fault: field.map(|field| Fault { message: HOSTILE.to_owned(), missing: HOSTILE.to_owned(), field }),
    };
    let read = |delta: Option<DeltaView>, same, nothing| PreparedView {
        seen: HOSTILE.to_owned(),
        content: "ab".repeat(32),
        hash: "abababababab".to_owned(),
        source: HOSTILE.to_owned(),
        form: HOSTILE.to_owned(),
        dated: String::new(),
        current_on: String::new(),
        entries: "1".to_owned(),
        delta,
        same,
        nothing,
    };
    vec![
        page("", None, Some("list")),
        page("un", None, Some("file")),
        page("un", Some(read(Some(deltas(way)), false, false)), Some("despite")),
        page("", Some(read(None, false, false)), None),
        page("un", Some(read(None, true, false)), None),
        page("un", Some(read(None, true, true)), None),
    ]
}
