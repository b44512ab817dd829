//! The file of a party: in which contracts it stands, and what it makes.

use askama::Template;
use axum::extract::Path;
use entente_register::screening::marking;
use entente_store::reader::{DueFilter, Page, PartyFile};

use super::SumsView;
use super::file::SHOWN;
use crate::error::Answer;
use crate::web::calendar::DueCells;
use crate::web::frame::{Frame, Part};
use crate::web::screening::party::PartyScreeningView;
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct PartyView {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    /// Role and number of contracts.
    pub(crate) roles: Vec<(String, String)>,
    pub(crate) sums: SumsView,
    pub(crate) due: Vec<DueCells>,
    /// Lines that are owed beyond those that the page shows.
    pub(crate) due_beyond: String,
    /// How it is screened, for those who may read that.
    pub(crate) screening: Option<PartyScreeningView>,
}

#[derive(Template)]
#[template(path = "partner/party.html")]
pub(crate) struct PartyPage {
    pub(crate) frame: Frame,
    pub(crate) view: PartyView,
}

/// `GET /parties/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let options = visit.view.options();
    let file = reader.party_file(&number, &options).await?;
    let made = DueFilter { manufacturer: Some(number.clone()), open: true, ..DueFilter::default() };
    let due = reader.calendar(&made, Page::first(SHOWN)).await?;
    let way = visit.way();
    let screening = PartyScreeningView::read(&visit, &reader, &number).await?;
    let lists = screening.as_ref().map(|_| marking());
    let labels = file.marking.iter().chain(lists.as_ref());
    let frame = visit
        .frame(Part::Partners, file.name.clone(), &reader)
        .marked_by(labels.chain(due.rows.iter().map(|row| &row.label)));
    let view = PartyView {
        due: due.rows.iter().map(|row| DueCells::of(row, &way)).collect(),
        due_beyond: match due.total - due.rows.len() as i64 {
            0 => String::new(),
            more => show::count(more),
        },
        screening,
        ..view(&file, options.counting.name(), &way)
    };
    crate::web::page(&PartyPage { frame, view })
}

/// Writes the file for people, without the lines beside it.
pub(crate) fn view(file: &PartyFile, counted: &str, way: &Way) -> PartyView {
    let path = format!("/parties/{}", file.number);
    PartyView {
        number: file.number.clone(),
        name: file.name.clone(),
        kind: show::capital(&show::word(&file.kind)),
        state: file.state.clone(),
        roles: file
            .roles
            .iter()
            .map(|(role, contracts)| {
                (show::capital(&show::word(role)), show::counted(*contracts, "contract", "contracts"))
            })
            .collect(),
        sums: SumsView::of(&file.sums, file.currency, counted, &path, way, |_| String::new()),
        due: Vec::new(),
        due_beyond: String::new(),
        screening: None,
    }
}
