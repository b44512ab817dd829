//! The lists of those under measures: what is in force of each, and whether it may be relied on.

use askama::Template;
use entente_register::access::{CommandKind, may_command};
use entente_register::screening::{List, marking};
use entente_store::reader::ListRow;
use jiff::civil::Date;

use super::{EditionCells, Place, tabs};
use crate::error::Answer;
use crate::screener::{ENGINE, threshold};
use crate::web::frame::{Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// A list for people.
#[derive(Debug, Clone)]
pub(crate) struct ListCells {
    pub(crate) edition: EditionCells,
    /// `7 days`, with `the default` where nobody set it.
    pub(crate) max_age: String,
    pub(crate) policy_set: bool,
    /// How old the edition is; empty where that is not known.
    pub(crate) age: String,
    pub(crate) current_on: String,
    pub(crate) loaded_on: String,
    pub(crate) loaded_by: String,
    pub(crate) source: String,
    pub(crate) form: String,
    /// When the parties were last compared with it; empty where they never were.
    pub(crate) run_on: String,
    /// Whether that was with the edition in force, by the comparison as it is.
    pub(crate) run_is_of_it: bool,
}

impl ListCells {
    pub(crate) fn of(row: &ListRow, as_of: Date, way: &Way) -> ListCells {
        let list: &List = &row.list;
        let edition = list.edition.as_ref();
        let current_on = edition.and_then(|edition| edition.loaded.current_on);
        let days = |days: i64| show::counted(days, "day", "days");
        ListCells {
            edition: EditionCells::of(row, way),
            max_age: days(i64::from(list.policy.max_age_days)),
            policy_set: list.policy_set.is_some(),
            age: current_on.map(|day| days(i64::from((as_of - day).get_days()).max(0))).unwrap_or_default(),
            current_on: current_on.map(show::day).unwrap_or_default(),
            loaded_on: edition.map(|edition| show::day(edition.loaded_on)).unwrap_or_default(),
            loaded_by: edition.map(|edition| edition.loaded_by.clone()).unwrap_or_default(),
            source: edition.map(|edition| edition.loaded.source.clone()).unwrap_or_default(),
            form: edition.map(|edition| form(&edition.loaded.form)).unwrap_or_default(),
            run_on: list.screened.as_ref().map(|(day, _)| show::day(*day)).unwrap_or_default(),
            run_is_of_it: list.screened_through(ENGINE, threshold()).is_some(),
        }
    }
}

/// In which form an edition was read, for people.
pub(super) fn form(word: &str) -> String {
    let known = match word {
        "un" => "United Nations, XML",
        "ofac_xml" => "OFAC, XML",
        "ofac_advanced" => "OFAC, advanced XML",
        "ofac_csv" => "OFAC, CSV",
        "eu" => "European Union, XML",
        "uk_xml" => "United Kingdom, XML",
        "uk_csv" => "United Kingdom, CSV",
        "follow_the_money" => "FollowTheMoney",
        "csv" => "CSV of one’s own",
        "zip" => "ZIP archive",
        other => return show::capital(other),
    };
    known.to_owned()
}

#[derive(Template)]
#[template(path = "screening/lists.html")]
pub(crate) struct ListsPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) rows: Vec<ListCells>,
    /// To the form by which a new one is loaded, for those who may.
    pub(crate) load: Option<String>,
}

/// `GET /lists`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let rows = reader.lists().await?;
    let way = visit.way();
    crate::web::page(&ListsPage {
        frame: visit.frame(Part::Screening, "Lists", &reader).marked(Some(&marking())),
        tabs: tabs(&visit, &reader, Place::Lists).await?,
        rows: rows.iter().map(|row| ListCells::of(row, reader.as_of(), &way)).collect(),
        load: may_command(visit.actor(), CommandKind::ListLoad).is_ok().then(|| way.to("/acts/load-list")),
    })
}
