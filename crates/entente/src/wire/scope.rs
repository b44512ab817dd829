//! Which lists are asked: a dataset of the path, joined or narrowed by parameters.

use entente_register::screening::Held;
use serde::Serialize;

use super::failure::{absent, cannot};
use super::parameters::Parameters;
use crate::error::Failure;
use crate::screener::{Lists, ReadyList};
use axum::http::StatusCode;
use entente_register::ledger::Refusal;

/// The dataset that is all lists of the register.
pub(super) const ALL: &str = "default";

/// The lists that are asked.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// They alone.
    pub(super) lists: Lists,
    /// Why nobody is cleared by them.
    pub(super) held: Vec<Held>,
}

/// How many there are, and whether there may be more.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Total {
    value: usize,
    /// `eq`, or `gte` where something is held: on a list that cannot be asked there may be more.
    relation: &'static str,
}

/// Why an answer clears nobody, as it stands beside the results.
#[derive(Debug, Clone, Serialize)]
pub(super) struct HeldObject {
    code: &'static str,
    reason: String,
}

impl HeldObject {
    /// All of them.
    pub(super) fn all(held: &[Held]) -> Vec<HeldObject> {
        held.iter().map(|held| HeldObject { code: held.code, reason: held.reason.clone() }).collect()
    }
}

impl Total {
    /// So many, where nothing is held.
    pub(super) fn of(value: usize, is_held: bool) -> Total {
        Total { value, relation: if is_held { "gte" } else { "eq" } }
    }
}

impl Scope {
    /// The lists of a dataset, with `include_dataset` and `exclude_dataset`.
    ///
    /// Of `default`, `include_dataset` takes those lists that it names. Beside one list it adds others, as clients mean
    /// it that have room for one name in the path: to ask more lists than was meant never clears anybody wrongly.
    pub(super) fn of(lists: Lists, dataset: &str, parameters: &Parameters) -> Result<Scope, Failure> {
        let known = |name: &str| lists.lists.iter().any(|list| list.row.list.name == name);
        let names = || {
            let names: Vec<&str> = lists.lists.iter().map(|list| list.row.list.name.as_str()).collect();
            if names.is_empty() { ALL.to_owned() } else { format!("{ALL}, {}", names.join(", ")) }
        };
        if dataset != ALL && !known(dataset) {
            let shown: String = dataset.chars().take(60).collect();
            return Err(absent(
                format!("No such dataset: {shown:?}."),
                format!("one of the datasets {}", names()),
            ));
        }
        let mut include = parameters.several("include_dataset")?;
        if let Some(unknown) = include.iter().find(|name| name.as_str() != ALL && !known(name)) {
            return Err(cannot(
                "query/include_dataset",
                format!("No such dataset: {unknown:?}."),
                format!("only datasets among {}", names()),
            ));
        }
        let exclude = parameters.several("exclude_dataset")?;
        let everything = include.iter().any(|name| name == ALL) || (dataset == ALL && include.is_empty());
        include.push(dataset.to_owned());
        let asked = |list: &&ReadyList| {
            let name = &list.row.list.name;
            (everything || include.contains(name)) && !exclude.contains(name)
        };
        let kept = Lists { lists: lists.lists.iter().filter(asked).cloned().collect() };
        let nothing = kept.lists.is_empty() || exclude.iter().any(|name| name == ALL);
        if nothing && !lists.lists.is_empty() {
            return Err(cannot(
                "query/exclude_dataset",
                "No dataset is left to be asked.",
                "a dataset that is not excluded",
            ));
        }
        // Without any list, that there is none is what is held.
        let held = kept.held(None);
        Ok(Scope { lists: kept, held })
    }

    /// Refuses an answer that clears nobody, where the caller would rather have none.
    pub(super) fn check(&self, parameters: &Parameters) -> Result<(), Failure> {
        if !parameters.strict || self.held.is_empty() {
            return Ok(());
        }
        let reasons: Vec<&str> = self.held.iter().map(|held| held.reason.as_str()).collect();
        let refusal = Refusal::new("screening.held", format!("HELD: {}", reasons.join(" ")))
            .missing("lists that may be relied on, or a request without Prefer: handling=strict");
        Err(Failure::with_status(StatusCode::SERVICE_UNAVAILABLE, refusal))
    }
}
