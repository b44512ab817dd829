//! The breaks in the chain from the contract to the inspection: the list of all, and its table for spreadsheets.

use askama::Template;
use entente_register::transfer::link::{BreakKind, MOST_AHEAD, Place as MendedAt, USUAL_AHEAD};
use entente_store::reader::{BreakFilter, BreakRow, Told};

use super::{Links, Named, Place, tabs};
use crate::api::transfer::link_object::BREAK_COLUMNS;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::parameters::days_ahead;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, optional, text, ways};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A break in a list.
#[derive(Debug, Clone)]
pub(crate) struct BreakCells {
    pub(crate) kind: String,
    /// Whether it cannot be told.
    pub(crate) untold: bool,
    pub(crate) words: String,
    pub(crate) place_word: &'static str,
    pub(crate) place: Named,
    pub(crate) contract: Option<Named>,
    pub(crate) partner: String,
    pub(crate) partner_name: String,
    pub(crate) since: String,
    pub(crate) wanted: String,
    pub(crate) found: String,
    pub(crate) label: String,
}

impl BreakCells {
    pub(crate) fn of(row: &BreakRow, links: &Links) -> BreakCells {
        let broken = &row.broken;
        let place = broken.place();
        let quantity = |quantity: Option<entente_register::money::Quantity>| {
            quantity.map(|one| entente_register::money::group(&one.to_string())).unwrap_or_default()
        };
        BreakCells {
            kind: show::capital(broken.kind.name()),
            untold: broken.untold.is_some(),
            words: broken.words(),
            place_word: place.word(),
            place: mended_at(&place, links),
            contract: row.contract.as_ref().map(|number| Named::number(number, links.contract(number))),
            partner: row.partner.clone(),
            partner_name: row.partner_name.clone(),
            since: row.since.map(show::day).unwrap_or_default(),
            wanted: quantity(broken.wanted),
            found: quantity(broken.found),
            label: row.label.to_string(),
        }
    }
}

/// Where a break is to be mended, with its page.
fn mended_at(place: &MendedAt, links: &Links) -> Named {
    let number = place.number();
    let href = match place {
        MendedAt::Line(_) => links.contract_line(number),
        MendedAt::Delivery(_) => links.delivery(number),
        MendedAt::Licence(_) => links.licence(number),
        MendedAt::Certificate(_) => links.certificate(number),
        MendedAt::Inspection(_) => links.inspection(number),
    };
    Named::number(number, href)
}

/// The form above the list.
#[derive(Debug, Clone)]
pub(crate) struct BreaksForm {
    pub(crate) kinds: Vec<Choice>,
    pub(crate) partners: Vec<Choice>,
    pub(crate) told: Vec<Choice>,
    pub(crate) contract: String,
    pub(crate) ahead: u32,
    pub(crate) most_ahead: u32,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
}

#[derive(Template)]
#[template(path = "transfer/breaks.html")]
pub(crate) struct BreaksPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) form: BreaksForm,
    /// How many there are of each kind, where not one alone is asked for: the kind, the count, and the list of it.
    pub(crate) by_kind: Vec<(String, String, String)>,
    /// Whether something may be hidden from the reader.
    pub(crate) partial: bool,
    pub(crate) rows: Vec<BreakCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
}

fn filter(visit: &Visit, kinds: &[BreakKind]) -> Answer<BreakFilter> {
    let kinds: Vec<(&'static str, Option<BreakKind>)> =
        kinds.iter().map(|kind| (kind.word(), Some(*kind))).collect();
    let told = Told::ALL.map(|told| (told.word(), told));
    let given = |name: &str| visit.parameter(name).map(str::to_owned);
    Ok(BreakFilter {
        kind: one_of("kind", visit.parameter("kind"), &kinds, None)?,
        partner: given("partner"),
        contract: given("contract"),
        told: one_of("told", visit.parameter("told"), &told, Told::Broken)?,
        ahead: days_ahead(visit.parameter("ahead"))?.unwrap_or(USUAL_AHEAD),
    })
}

/// What cannot be told, for people.
fn told_name(told: Told) -> &'static str {
    match told {
        Told::Broken => "Broken",
        Told::Untold => "Cannot be told",
        Told::Both => "Both",
    }
}

fn form(
    filter: &BreakFilter,
    kinds: &[BreakKind],
    visit: &Visit,
    partners: &[(String, String)],
    way: &Way,
) -> BreaksForm {
    let named = |value: &str, name: &str, chosen: bool| Choice {
        value: value.to_owned(),
        name: show::capital(name),
        chosen,
    };
    let mut choices = vec![named("", "All kinds", filter.kind.is_none())];
    choices.extend(kinds.iter().map(|kind| named(kind.word(), kind.name(), filter.kind == Some(*kind))));
    BreaksForm {
        kinds: choices,
        partners: super::list::places("All partners", partners, filter.partner.as_deref()),
        told: Told::ALL.map(|told| named(told.word(), told_name(told), told == filter.told)).to_vec(),
        contract: filter.contract.clone().unwrap_or_default(),
        ahead: filter.ahead,
        most_ahead: MOST_AHEAD,
        hidden: visit.hidden(),
        clear: (*filter != BreakFilter::default()).then(|| way.to("/breaks")),
    }
}

/// `GET /breaks`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let kinds = reader.told_kinds();
    let filter = filter(&visit, &kinds)?;
    let (listing, by_kind) = reader.breaks_by_kind(&filter, visit.page).await?;
    let partners = reader.partners().await?;
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let own = visit.narrowing();
    crate::web::page(&BreaksPage {
        frame: visit
            .frame(Part::Transfers, "Breaks in the chain", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.label)),
        tabs: tabs(visit.actor(), &way, Place::Breaks),
        form: form(&filter, &kinds, &visit, &partners, &way),
        by_kind: match filter.kind {
            Some(_) => Vec::new(),
            None => by_kind
                .iter()
                .filter(|(_, many)| **many > 0)
                .map(|(kind, many)| {
                    let mut narrowed = own.clone();
                    narrowed.push(("kind", kind.word()));
                    (show::capital(kind.name()), show::count(*many), way.with("/breaks", &narrowed))
                })
                .collect(),
        },
        partial: reader.sees_part_of_chain(),
        rows: listing.rows.iter().map(|row| BreakCells::of(row, &links)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/breaks.{ending}"), &own)),
    })
}

/// `GET /breaks.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let filter = filter(&visit, &reader.told_kinds())?;
    let narrowed = ("breaks", "kind, partner, contract or told");
    let rows = every(narrowed, |page| reader.breaks(&filter, page)).await?;
    let table = Table { name: "breaks", columns: &BREAK_COLUMNS, rows: rows.iter().map(cells).collect() };
    table.answer(kind, reader.as_of()).await
}

fn cells(row: &BreakRow) -> Vec<Out> {
    let broken = &row.broken;
    let place = broken.place();
    let quantity = |quantity: Option<entente_register::money::Quantity>| {
        quantity.map_or(Out::Empty, |one| Out::Amount(one.to_string()))
    };
    vec![
        text(broken.kind.word()),
        optional(broken.untold.map(|untold| untold.word())),
        text(broken.words()),
        text(place.word()),
        text(place.number()),
        optional(row.contract.as_deref()),
        optional(broken.contract_line.as_deref()),
        optional(broken.delivery.as_deref()),
        optional(broken.licence.as_deref()),
        broken.licence_line.map_or(Out::Empty, |line| Out::Whole(i64::from(line))),
        optional(broken.reference.as_deref()),
        optional(broken.certificate.as_deref()),
        optional(broken.inspection.as_deref()),
        optional(row.holder.as_deref()),
        text(&row.partner),
        text(&row.partner_name),
        quantity(broken.wanted),
        quantity(broken.found),
        quantity(broken.difference()),
        optional(broken.unit.as_deref()),
        Out::Date(broken.on),
        day(row.since),
        text(row.label.to_string()),
    ]
}
