//! What transfers are weighed by: the list of files, the page of one, and what of it stands beside an application.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_register::transfer::guidance::{Edition, GuidanceContent, GuidanceKind};
use entente_store::reader::{DestinationView, GuidanceFilter, GuidanceRow, GuidanceView};
use jiff::civil::Date;

use super::guidance_content::{ContentView, OfContent};
use super::{Links, Place, tabs};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::opportunity::list::deadline_word;
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, optional, text, ways};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// The states by which files are narrowed, and their names.
const STATES: [(&str, &str); 4] = [
    ("waiting", "Waits for a second person"),
    ("in_force", "In force"),
    ("ended", "Not in force"),
    ("due", "Its day has come"),
];

/// A file in the list.
#[derive(Debug, Clone)]
pub(crate) struct FileCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) territory: String,
    pub(crate) state: &'static str,
    pub(crate) state_word: &'static str,
    pub(crate) due_on: String,
    /// How far its day is; empty where it has none.
    pub(crate) due_word: String,
    pub(crate) late: bool,
    pub(crate) label: String,
}

/// The name of how a file stands.
fn standing_name(standing: &str) -> &'static str {
    STATES.iter().find(|(word, _)| *word == standing).map_or("", |(_, name)| name)
}

impl FileCells {
    pub(crate) fn of(row: &GuidanceRow, as_of: Date, way: &Way) -> FileCells {
        let this = &row.file;
        let due_on = this.in_force().and_then(|edition| edition.content.due_on());
        let state_word = this.standing();
        FileCells {
            number: this.number.clone(),
            href: way.to(&format!("/guidance/{}", this.number)),
            title: this.shown().map(|edition| edition.content.title()).unwrap_or_default(),
            kind: show::capital(this.kind.name()),
            territory: row.territory_name.clone().unwrap_or_default(),
            state: standing_name(state_word),
            state_word,
            due_on: due_on.map(show::day).unwrap_or_default(),
            due_word: due_on.map(|on| deadline_word(on, as_of)).unwrap_or_default(),
            late: due_on.is_some_and(|on| on < as_of),
            label: this.label.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "transfer/guidance_files.html")]
pub(crate) struct FilesPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) words: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<FileCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) offers: Offers,
}

fn filter(visit: &Visit) -> Answer<GuidanceFilter> {
    let kinds: Vec<(&'static str, Option<GuidanceKind>)> =
        GuidanceKind::ALL.iter().map(|kind| (kind.word(), Some(*kind))).chain([("", None)]).collect();
    let states: Vec<(&'static str, &'static str)> =
        STATES.iter().map(|(word, _)| (*word, *word)).chain([("", "")]).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    let given = |name: &str| visit.parameter(name).filter(|given| !given.is_empty()).map(str::to_owned);
    Ok(GuidanceFilter {
        kind: one_of("kind", visit.parameter("kind"), &kinds, None)?,
        state: (!state.is_empty()).then(|| state.to_owned()),
        territory: given("territory"),
        words: given("words"),
    })
}

/// `GET /guidance`
pub(in crate::web) async fn list(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.guidance_files(&filter, visit.page).await?;
    let way = visit.way();
    let own = visit.narrowing();
    let choice = |chosen: &str, value: &str, name: String| Choice {
        value: value.to_owned(),
        name,
        chosen: chosen == value,
    };
    let kind = filter.kind.map(GuidanceKind::word).unwrap_or_default();
    let mut kinds = vec![choice(kind, "", "All kinds".to_owned())];
    kinds.extend(GuidanceKind::ALL.iter().map(|one| choice(kind, one.word(), show::capital(one.name()))));
    let state = filter.state.clone().unwrap_or_default();
    let mut states = vec![choice(&state, "", "All states".to_owned())];
    states.extend(STATES.iter().map(|(word, name)| choice(&state, word, (*name).to_owned())));
    crate::web::page(&FilesPage {
        frame: visit
            .frame(Part::Transfers, "Guidance", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.file.label)),
        tabs: tabs(visit.actor(), &way, Place::Guidance),
        kinds,
        states,
        words: filter.words.clone().unwrap_or_default(),
        hidden: visit.hidden(),
        clear: (filter != GuidanceFilter::default()).then(|| way.to("/guidance")),
        rows: listing.rows.iter().map(|row| FileCells::of(row, reader.as_of(), &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/guidance.{ending}"), &own)),
        offers: Offers::new(
            &visit,
            &["assess-territory", "file-denial", "set-quota", "set-agency", "set-routing", "load-indicator"],
        ),
    })
}

const COLUMNS: &[&str] =
    &["number", "kind", "title", "territory", "territory_name", "state", "edition", "due_on", "label"];

/// `GET /guidance.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows =
        every(("files of guidance", "kind, state or words"), |page| reader.guidance_files(&filter, page))
            .await?;
    let row = |row: &GuidanceRow| -> Vec<Out> {
        let this = &row.file;
        let shown = this.shown().map(|edition| &edition.content);
        vec![
            text(&this.number),
            text(this.kind.word()),
            text(shown.map(GuidanceContent::title).unwrap_or_default()),
            text(shown.and_then(GuidanceContent::territory).unwrap_or_default()),
            text(row.territory_name.clone().unwrap_or_default()),
            text(this.standing()),
            this.in_force().map_or(Out::Empty, |edition| Out::Whole(i64::from(edition.number))),
            day(this.in_force().and_then(|edition| edition.content.due_on())),
            text(this.label.to_string()),
        ]
    };
    let table = Table { name: "guidance", columns: COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, reader.as_of()).await
}

/// An edition.
#[derive(Debug, Clone)]
pub(crate) struct EditionCells {
    pub(crate) number: u32,
    pub(crate) state: &'static str,
    pub(crate) state_word: &'static str,
    pub(crate) proposed: String,
    pub(crate) confirmed: String,
    pub(crate) ended: String,
    pub(crate) paper: Paper,
}

/// Everything on the page of a file.
#[derive(Debug, Clone)]
pub(crate) struct FilePageView {
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) territory: String,
    pub(crate) due_on: String,
    pub(crate) due_word: String,
    pub(crate) late: bool,
    /// What counts, and what waits beside it: number, heading and what it says.
    pub(crate) contents: Vec<(u32, String, ContentView)>,
    pub(crate) editions: Vec<EditionCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "transfer/guidance.html")]
pub(crate) struct FilePage {
    pub(crate) frame: Frame,
    pub(crate) view: FilePageView,
    pub(crate) offers: Offers,
}

/// `GET /guidance/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.guidance(&number).await?;
    let frame =
        visit.frame(Part::Transfers, format!("Guidance {number}"), &reader).marked(Some(&found.file.label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let account = visit.actor().account.clone();
    crate::web::page(&FilePage {
        frame,
        view: view(&found, reader.as_of(), &links, &way),
        offers: Offers::of(&visit, &reader, Stands::Guidance(Box::new(found), account)),
    })
}

/// Writes it for people.
pub(crate) fn view(found: &GuidanceView, as_of: Date, links: &Links, way: &Way) -> FilePageView {
    let this = &found.file;
    let due_on = this.in_force().and_then(|edition| edition.content.due_on());
    let content = |edition: &Edition, heading: &str| {
        let view = ContentView::of(&edition.content, &found.parties, links);
        (edition.number, format!("{heading}: edition {}", edition.number), view)
    };
    let mut contents: Vec<_> =
        this.waiting().map(|one| content(one, "Waits for a second person")).into_iter().collect();
    contents.extend(this.in_force().map(|one| content(one, "In force")));
    if contents.is_empty() {
        contents.extend(this.editions.last().map(|one| content(one, "Not in force")));
    }
    let editions = this.editions.iter().rev().map(|edition| EditionCells {
        number: edition.number,
        state: state_name(edition.state),
        state_word: edition.state,
        proposed: format!("{}, {}", edition.proposed_by, show::day(edition.proposed_on)),
        confirmed: match &edition.confirmed {
            Some((on, by)) => format!("{by}, {}", show::day(*on)),
            None => String::new(),
        },
        ended: edition.ended.map(show::day).unwrap_or_default(),
        paper: Paper::of(&edition.document, SubjectKind::Guidance, &this.number, way),
    });
    FilePageView {
        number: this.number.clone(),
        title: this.shown().map(|edition| edition.content.title()).unwrap_or_default(),
        kind: show::capital(this.kind.name()),
        territory: found.territory_name.clone().unwrap_or_default(),
        due_on: due_on.map(show::day).unwrap_or_default(),
        due_word: due_on.map(|on| deadline_word(on, as_of)).unwrap_or_default(),
        late: due_on.is_some_and(|on| on < as_of),
        contents,
        editions: editions.collect(),
        history: acts(&found.history, SubjectKind::Guidance, &this.number, way),
    }
}

fn state_name(state: &str) -> &'static str {
    match state {
        "proposed" => "Waits for a second person",
        "in_force" => "In force",
        "replaced" => "Replaced",
        "rejected" => "Rejected",
        "withdrawn" => "Withdrawn",
        _ => "Ended",
    }
}

/// `GET /guidance/{number}/content.csv` and `.xlsx`: the rows of what it says.
pub(in crate::web) async fn export_content(visit: Visit, Path(number): Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.guidance(&number).await?;
    let shown = found.file.shown().map(|edition| OfContent::of(&edition.content));
    let OfContent { columns, rows } = shown.unwrap_or_default();
    Table { name: "content", columns, rows }.answer(kind, reader.as_of()).await
}

const EDITION_COLUMNS: &[&str] =
    &["edition", "state", "proposed_by", "proposed_on", "confirmed_by", "confirmed_on", "last_day", "paper"];

/// `GET /guidance/{number}/editions.csv` and `.xlsx`: its editions, the latest first.
pub(in crate::web) async fn export_editions(visit: Visit, Path(number): Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.guidance(&number).await?;
    let row = |edition: &Edition| {
        let (confirmed_on, confirmed_by) = edition.confirmed.clone().unzip();
        vec![
            Out::Whole(i64::from(edition.number)),
            text(edition.state),
            text(&edition.proposed_by),
            day(Some(edition.proposed_on)),
            optional(confirmed_by),
            day(confirmed_on),
            day(edition.ended),
            text(&edition.document.title),
        ]
    };
    let rows = found.file.editions.iter().rev().map(row).collect();
    Table { name: "editions", columns: EDITION_COLUMNS, rows }.answer(kind, reader.as_of()).await
}

/// A figure beside an assessment.
#[derive(Debug, Clone)]
pub(crate) struct BesideFigure {
    pub(crate) title: String,
    pub(crate) publisher: String,
    pub(crate) href: String,
    pub(crate) value: String,
    pub(crate) year: i16,
    pub(crate) place: String,
    pub(crate) before: String,
}

/// A standing assessment beside that of an application.
#[derive(Debug, Clone)]
pub(crate) struct BesideStanding {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) edition: String,
    pub(crate) risk: &'static str,
    pub(crate) grave: bool,
    pub(crate) summary: String,
    pub(crate) review_by: String,
    pub(crate) late: bool,
}

/// What stands beside the assessment of an application.
#[derive(Debug, Clone, Default)]
pub(crate) struct BesideView {
    pub(crate) flags: Vec<String>,
    pub(crate) standing: Vec<BesideStanding>,
    pub(crate) figures: Vec<BesideFigure>,
    pub(crate) red_flags: Vec<String>,
}

impl BesideView {
    /// Whether there is nothing to show.
    pub(crate) fn is_empty(&self) -> bool {
        self.flags.is_empty()
            && self.standing.is_empty()
            && self.figures.is_empty()
            && self.red_flags.is_empty()
    }

    pub(in crate::web) fn of(
        found: &DestinationView,
        red_flags: Vec<String>,
        as_of: Date,
        way: &Way,
    ) -> BesideView {
        let standing = found.standing.iter().filter_map(|(number, edition)| {
            let GuidanceContent::StandingAssessment(of) = &edition.content else { return None };
            let risk = of.risk();
            Some(BesideStanding {
                number: number.clone(),
                href: way.to(&format!("/guidance/{number}")),
                edition: edition.words(),
                risk: risk.name(),
                grave: risk >= entente_register::transfer::application::Risk::High,
                summary: of.summary.clone(),
                review_by: show::day(of.review_by),
                late: of.review_by < as_of,
            })
        });
        let figures = found.indicators.iter().map(|row| BesideFigure {
            title: row.title.clone(),
            publisher: row.publisher.clone(),
            href: way.to(&format!("/guidance/{}", row.number)),
            value: row.value.clone(),
            year: row.year,
            place: format!("{} of {}", row.better + 1, row.states),
            before: row.before.as_ref().map(|(value, year)| format!("{value} in {year}")).unwrap_or_default(),
        });
        let flags = found.routed.flags.iter().map(|(flag, rules)| format!("{flag} ({})", rules.join(", ")));
        BesideView {
            flags: flags.collect(),
            standing: standing.collect(),
            figures: figures.collect(),
            red_flags,
        }
    }
}
