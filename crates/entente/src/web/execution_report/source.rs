//! Where the figures come from: of each its definition, and the path at which it opens.

use entente_register::brief::{Brief, FigureName, Provenance, Sources, provenance};

use super::view::{Cell, Column, Kind, Piece, Table};
use crate::formats::figure::{pinned, words};
use crate::web::show;
use crate::web::way::Way;

use FigureName as F;

/// A word in the place of a partner, a group or a bank.
const CODE: &str = "CODE";
/// The month whose name is replaced by `the month`: the sentence on it names no other day.
const MONTH: i8 = 2;
/// The year whose number is replaced by `the year`.
const YEAR: i16 = 1000;

/// The section.
pub(super) fn sources(brief: &Brief, way: &Way) -> Vec<Piece> {
    let query = pinned(&brief.conventions).query();
    let single = F::fixed().into_iter().filter(|name| !name.to_string().starts_with("months."));
    let single = single.map(|name| {
        let path = format!("/figures/{name}");
        vec![
            Cell::of(name.title()),
            Cell::of(definition(&name, brief)),
            Cell::opens(path.clone(), way.to(&path)),
        ]
    });
    let families = families(brief).into_iter().map(|(name, title)| {
        let path = format!("/figures/{name}")
            .replace(&format!("months.{MONTH}."), "months.MONTH.")
            .replace(&format!(".{YEAR}"), ".YEAR")
            .replace("forecasts.run_rate", "forecasts.METHOD");
        vec![Cell::of(title), Cell::of(general(&definition(&name, brief))), Cell::of(path)]
    });
    let columns = || {
        vec![
            Column::new("Figure", Kind::Text(5)),
            Column::new("What it is", Kind::Text(9)),
            Column::new("Opens at", Kind::Path(7)),
        ]
    };
    vec![
        Piece::Words(
            "Every figure of this report opens in the register, down to the rows and the documents behind it, at the path that stands beside it. With these parameters behind the path it opens as it was read here:"
                .to_owned(),
        ),
        Piece::Terms(vec![("Parameters".to_owned(), query)]),
        Piece::Table(Table {
            id: "table-sources",
            caption: "Figures of the whole".to_owned(),
            columns: columns(),
            rows: single.collect(),
        }),
        Piece::Table(Table {
            id: "table-families",
            caption: "Figures of each row of a table; CODE is a partner, a group or a bank, MONTH 1 to 12".to_owned(),
            columns: columns(),
            rows: families.collect(),
        }),
    ]
}

/// What a figure is.
fn definition(name: &FigureName, brief: &Brief) -> String {
    if matches!(name, F::BackTest(..)) {
        return "The rule of the method, worked out from the same date of that year and from the years before it"
            .to_owned();
    }
    let text = match provenance(name, brief) {
        Provenance::Rows(Sources::Acts { span, partners: Some(list) }) if list.is_empty() => {
            words(&Sources::Acts { span, partners: members() })
        }
        Provenance::Rows(Sources::PlanItems { year, part, partners: Some(list) }) if list.is_empty() => {
            words(&Sources::PlanItems { year, part, partners: members() })
        }
        Provenance::Rows(sources) => words(&sources),
        Provenance::Formula { words, .. } => words,
    };
    show::capital(&text)
}

/// Of a group that stands for any: its members have no code here.
fn members() -> Option<Vec<String>> {
    Some(vec![format!("the members of {CODE} on the cut-off")])
}

/// A definition of one, as that of any.
fn general(text: &str) -> String {
    let month = entente_register::brief::month_name(MONTH);
    text.replace(month, "the month").replace(&YEAR.to_string(), "the year")
}

/// One of each family of figures that the tables hold, with the title of the family.
fn families(brief: &Brief) -> Vec<(FigureName, String)> {
    let code = || CODE.to_owned();
    let method = entente_register::brief::Method::RunRate;
    let mut all = vec![
        (F::MonthDelivered(MONTH), "Delivered in a month"),
        (F::MonthPlanned(MONTH), "Planned in a month"),
        (F::MonthDeliveredSum(MONTH), "Delivered from January to the end of a month"),
        (F::MonthPlannedSum(MONTH), "Planned from January to the end of a month"),
        (F::MonthPrevious(MONTH), "Delivered in the same month of the year before"),
        (F::PartnerDelivered(code()), "Delivered to a partner"),
        (F::PartnerPlanned(code()), "Planned for a partner"),
        (F::PartnerExecution(code()), "Execution of the plan for a partner"),
        (F::PartnerSameDate(code()), "Delivered to a partner a year before"),
        (F::GroupDelivered(code()), "Delivered to a group"),
        (F::GroupPlanned(code()), "Planned for a group"),
        (F::GroupExecution(code()), "Execution of the plan for a group"),
        (F::GroupSameDate(code()), "Delivered to a group a year before"),
        (F::PartnerReceivable(code()), "Delivered to a partner and unpaid"),
        (F::BankExposure(code()), "Delivered and unpaid, by a bank"),
        (F::PartnerOpportunities(code()), "Open opportunities with a partner"),
        (F::YearDelivered(YEAR), "Delivered in an earlier year"),
    ];
    if brief.forecasts.iter().any(|forecast| !forecast.backtests.is_empty()) {
        all.push((F::BackTest(method, YEAR), "What a method would have said in an earlier year"));
    }
    all.into_iter().map(|(name, title)| (name, title.to_owned())).collect()
}
