//! What the pages of an act on many show.

use std::collections::BTreeMap;

use askama::Template;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::Money;

use super::super::form::{GroupCells, Slip};
use super::super::standing::Standing;
use crate::web::frame::Frame;
use crate::web::history;
use crate::web::show;
use crate::web::way::Way;

/// One of those that are chosen.
#[derive(Debug, Clone)]
pub(crate) struct ChosenCells {
    pub(crate) number: String,
    pub(crate) href: String,
    /// What it is.
    pub(crate) title: String,
    /// Its value with the currency; empty where it has none.
    pub(crate) amount: String,
    pub(crate) state: String,
    /// What it becomes; empty where it is refused.
    pub(crate) becomes: String,
    pub(crate) version: u32,
    /// Why it is refused, and what is missing.
    pub(crate) refused: Option<(String, String)>,
}

impl ChosenCells {
    pub(super) fn of(
        at: &Standing,
        kind: SubjectKind,
        becomes: Option<Result<String, Refusal>>,
        way: &Way,
    ) -> ChosenCells {
        let number = at.key();
        let (becomes, refused) = match becomes {
            None => (String::new(), None),
            Some(Ok(state)) => (show::capital(&state), None),
            Some(Err(refusal)) => {
                (String::new(), Some((refusal.message, refusal.missing.unwrap_or_default())))
            }
        };
        ChosenCells {
            href: way.to(&history::path(kind, &number)),
            title: at.facts.first().map(|(_, title)| title.clone()).unwrap_or_default(),
            amount: at.amount().map(written).unwrap_or_default(),
            state: show::capital(&at.state),
            version: at.version,
            becomes,
            refused,
            number,
        }
    }
}

fn written(amount: Money) -> String {
    format!("{} {}", show::exact(amount.minor, amount.currency), amount.currency.code())
}

/// What they are worth together, currency by currency; empty where they have no value.
pub(super) fn sums(standing: &[Standing]) -> Vec<String> {
    let mut by: BTreeMap<&str, Money> = BTreeMap::new();
    for amount in standing.iter().filter_map(Standing::amount) {
        let sum = by.entry(amount.currency.code()).or_insert(Money::new(0, amount.currency));
        sum.minor = sum.minor.saturating_add(amount.minor);
    }
    by.into_values().map(written).collect()
}

/// Everything on the page of the form and of its preview.
#[derive(Debug, Clone)]
pub(crate) struct BulkView {
    pub(crate) name: &'static str,
    /// `contracts`, `deliveries`.
    pub(crate) of: &'static str,
    pub(crate) lede: &'static str,
    pub(crate) action: String,
    pub(crate) csrf: String,
    /// The key by which it is carried out once.
    pub(crate) once: String,
    pub(crate) groups: Vec<GroupCells>,
    pub(crate) rows: Vec<ChosenCells>,
    pub(crate) sums: Vec<String>,
    pub(crate) refused: usize,
    /// Whether nothing was previewed yet.
    pub(crate) is_first: bool,
    /// What can be confirmed.
    pub(crate) previewed: Option<String>,
    /// The list, and its name.
    pub(crate) back: (String, String),
}

#[derive(Template)]
#[template(path = "act/bulk.html")]
pub(crate) struct BulkPage {
    pub(crate) frame: Frame,
    pub(crate) view: BulkView,
    pub(crate) slip: Option<Slip>,
}

#[derive(Template)]
#[template(path = "act/bulk_done.html")]
pub(crate) struct BulkDonePage {
    pub(crate) frame: Frame,
    pub(crate) title: String,
    pub(crate) rows: Vec<ChosenCells>,
    pub(crate) sums: Vec<String>,
    pub(crate) back: (String, String),
}

#[cfg(test)]
pub(crate) mod sample {
    use super::super::Bulk;
    use super::*;

    /// What a list offers.
    pub(crate) fn bulk(way: &Way, text: &str) -> Option<Bulk> {
        Some(Bulk {
            acts: vec![("Accept", "/acts/deliveries/accept".to_owned())],
            hidden: vec![("as_of".to_owned(), text.to_owned())],
            all: true,
            turned: way.with("/lines/C-1-1", &[("choose", text)]),
        })
    }

    /// Two that are chosen, one of which is refused, with texts of outside.
    pub(crate) fn rows(text: &str) -> Vec<ChosenCells> {
        let one = ChosenCells {
            number: text.to_owned(),
            href: "/deliveries/C-1-1-1?as_of=2012-09-30".to_owned(),
            title: text.to_owned(),
            amount: "1.00 USD".to_owned(),
            state: "Handed over".to_owned(),
            becomes: "Accepted".to_owned(),
            version: 1,
            refused: None,
        };
        let refused = ChosenCells { refused: Some((text.to_owned(), text.to_owned())), ..one.clone() };
        vec![one, refused]
    }

    /// What is wrong with what was filled in.
    pub(crate) fn slip(text: &str) -> Slip {
        Slip { message: text.to_owned(), missing: text.to_owned(), field: "on".to_owned() }
    }

    /// A preview of them.
    pub(crate) fn view(text: &str) -> BulkView {
        BulkView {
            name: "Accept",
            of: "deliveries",
            lede: "Title passes.",
            action: "/acts/deliveries/accept".to_owned(),
            csrf: text.to_owned(),
            once: text.to_owned(),
            groups: Vec::new(),
            rows: rows(text),
            sums: vec!["2.00 USD".to_owned()],
            refused: 1,
            is_first: false,
            previewed: None,
            back: ("/lines/C-1-1?as_of=2012-09-30".to_owned(), text.to_owned()),
        }
    }
}
