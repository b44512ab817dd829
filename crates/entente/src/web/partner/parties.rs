//! The list of parties: who can be named in contracts.

use askama::Template;
use entente_register::party::PartyKind;
use entente_store::reader::PartyFilter;

use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::Offers;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
use crate::web::spreadsheet::{Table, every, text, ways};
use crate::web::visit::{Pages, Visit};

/// A party in the list.
#[derive(Debug, Clone)]
pub(crate) struct PartyCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) contracts: String,
    pub(crate) label: String,
}

#[derive(Template)]
#[template(path = "partner/parties.html")]
pub(crate) struct PartiesPage {
    pub(crate) frame: Frame,
    pub(crate) text: String,
    pub(crate) state: String,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    /// The whole list, where it is narrowed.
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<PartyCells>,
    pub(crate) pages: Pages,
    /// The list for spreadsheets: form and address.
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) offers: Offers,
}

fn filter(visit: &Visit) -> Answer<PartyFilter> {
    Ok(PartyFilter {
        text: visit.parameter("text").map(str::to_owned),
        kind: visit.parameter("kind").map(str::parse).transpose()?,
        state: visit.parameter("state").map(str::to_owned),
    })
}

/// `GET /parties`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.parties(&filter, visit.page).await?;
    let way = visit.way();
    let own = visit.narrowing();
    let mut kinds =
        vec![Choice { value: String::new(), name: "All kinds".to_owned(), chosen: filter.kind.is_none() }];
    kinds.extend(PartyKind::ALL.iter().map(|kind| Choice {
        value: kind.word().to_owned(),
        name: show::capital(&show::word(kind.word())),
        chosen: filter.kind == Some(*kind),
    }));
    crate::web::page(&PartiesPage {
        frame: visit
            .frame(Part::Partners, "Parties", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.label)),
        text: filter.text.clone().unwrap_or_default(),
        state: filter.state.clone().unwrap_or_default(),
        kinds,
        hidden: visit.hidden(),
        clear: (filter != PartyFilter::default()).then(|| way.to("/parties")),
        rows: listing
            .rows
            .iter()
            .map(|party| PartyCells {
                number: party.number.clone(),
                href: way.to(&format!("/parties/{}", party.number)),
                name: party.name.clone(),
                kind: show::capital(&show::word(party.kind.word())),
                state: party.state.clone(),
                contracts: show::count(party.contracts),
                label: party.label.to_string(),
            })
            .collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/parties.{ending}"), &own)),
        offers: Offers::new(&visit, &["register-party"]),
    })
}

/// Columns of the list for a spreadsheet.
const COLUMNS: &[&str] = &["number", "name", "kind", "state", "contracts", "label"];

/// `GET /parties.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows = every(("parties", "text, kind or state"), |page| reader.parties(&filter, page)).await?;
    let rows = rows
        .into_iter()
        .map(|party| {
            vec![
                text(party.number),
                text(party.name),
                text(party.kind.word()),
                text(party.state),
                Out::Whole(party.contracts),
                text(party.label.to_string()),
            ]
        })
        .collect();
    Table { name: "parties", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}
