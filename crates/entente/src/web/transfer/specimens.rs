//! Who may sign end-user certificates: the authorities of which specimen signatures are on file, and those of one.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_register::transfer::specimen::Specimen;
use entente_store::reader::{SpecimensRow, SpecimensView};

use super::{Links, Named, Place, tabs};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, text, ways};
use crate::web::visit::{Pages, Visit};
use crate::web::way::Way;

/// An authority in the list.
#[derive(Debug, Clone)]
pub(crate) struct AuthorityCells {
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) confirmed: usize,
    pub(crate) waiting: usize,
    pub(crate) label: String,
}

fn in_state(specimens: &[Specimen], state: &str) -> usize {
    specimens.iter().filter(|one| one.state == state).count()
}

impl AuthorityCells {
    pub(crate) fn of(row: &SpecimensRow, way: &Way) -> AuthorityCells {
        let all = &row.specimens.specimens;
        AuthorityCells {
            number: row.specimens.authority.clone(),
            name: row.authority_name.clone(),
            href: way.to(&format!("/specimens/{}", row.specimens.authority)),
            confirmed: in_state(all, "confirmed"),
            waiting: in_state(all, "proposed"),
            label: row.specimens.label.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "transfer/authorities.html")]
pub(crate) struct AuthoritiesPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) rows: Vec<AuthorityCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) offers: Offers,
}

/// `GET /specimens`
pub(in crate::web) async fn list(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let listing = reader.specimen_files(visit.page).await?;
    let way = visit.way();
    crate::web::page(&AuthoritiesPage {
        frame: visit
            .frame(Part::Transfers, "Specimen signatures", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.specimens.label)),
        tabs: tabs(visit.actor(), &way, Place::Specimens),
        rows: listing.rows.iter().map(|row| AuthorityCells::of(row, &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.to(&format!("/specimens.{ending}"))),
        offers: Offers::new(&visit, &["file-specimen"]),
    })
}

/// `GET /specimens.csv` and `.xlsx`: every specimen of every authority.
pub(in crate::web) async fn export_all(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let rows = every(("specimens", "nothing"), |page| reader.specimen_files(page)).await?;
    let rows = rows.iter().flat_map(|row| {
        row.specimens.specimens.iter().map(|one| cells(&row.specimens.authority, &row.authority_name, one))
    });
    table(rows.collect()).answer(kind, reader.as_of()).await
}

fn table(rows: Vec<Vec<Out>>) -> Table {
    Table {
        name: "specimens",
        columns: &[
            "authority",
            "name",
            "specimen",
            "signatory",
            "position",
            "valid_from",
            "valid_until",
            "state",
            "filed_on",
        ],
        rows,
    }
}

fn cells(authority: &str, name: &str, one: &Specimen) -> Vec<Out> {
    vec![
        text(authority),
        text(name),
        Out::Whole(i64::from(one.number)),
        text(&one.filed.signatory),
        text(&one.filed.position),
        Out::Date(one.filed.valid_from),
        day(one.filed.valid_until),
        text(one.state),
        Out::Date(one.filed_on),
    ]
}

/// A specimen.
#[derive(Debug, Clone)]
pub(crate) struct SpecimenCells {
    pub(crate) number: u32,
    pub(crate) signatory: String,
    pub(crate) position: String,
    pub(crate) valid_from: String,
    pub(crate) valid_until: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) filed_by: String,
    pub(crate) paper: Option<Paper>,
}

/// Everything on the page of an authority.
#[derive(Debug, Clone)]
pub(crate) struct SpecimensPageView {
    pub(crate) authority: Named,
    pub(crate) specimens: Vec<SpecimenCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "transfer/specimens.html")]
pub(crate) struct SpecimensPage {
    pub(crate) frame: Frame,
    pub(crate) view: SpecimensPageView,
    pub(crate) offers: Offers,
}

/// `GET /specimens/{authority}`
pub(in crate::web) async fn get(visit: Visit, Path(authority): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.specimens(&authority).await?;
    let frame = visit
        .frame(Part::Transfers, format!("Specimen signatures of {authority}"), &reader)
        .marked(Some(&found.specimens.label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let account = visit.actor().account.clone();
    crate::web::page(&SpecimensPage {
        frame,
        view: view(&found, &links, &way),
        offers: Offers::of(&visit, &reader, Stands::Specimens(Box::new(found), account)),
    })
}

/// Writes them for people.
pub(crate) fn view(found: &SpecimensView, links: &Links, way: &Way) -> SpecimensPageView {
    let this = &found.specimens;
    let cells = this.specimens.iter().map(|one| SpecimenCells {
        number: one.number,
        signatory: one.filed.signatory.clone(),
        position: one.filed.position.clone(),
        valid_from: show::day(one.filed.valid_from),
        valid_until: one.filed.valid_until.map(show::day).unwrap_or_default(),
        state: show::capital(if one.state == "proposed" { "waits for a second person" } else { one.state }),
        state_word: one.state,
        filed_by: format!("{}, {}", one.filed_by, show::day(one.filed_on)),
        paper: Some(Paper::of(&one.filed.document, SubjectKind::Specimens, &this.authority, way)),
    });
    SpecimensPageView {
        authority: Named::party(&this.authority, &found.parties, links),
        specimens: cells.collect(),
        history: acts(&found.history, SubjectKind::Specimens, &this.authority, way),
    }
}

/// `GET /specimens/{authority}/specimens.csv` and `.xlsx`
pub(in crate::web) async fn export(visit: Visit, authority: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.specimens(&authority).await?;
    let this = &found.specimens;
    let name = found.parties.get(&this.authority).cloned().unwrap_or_default();
    let rows = this.specimens.iter().map(|one| cells(&this.authority, &name, one)).collect();
    table(rows).answer(kind, reader.as_of()).await
}
