//! Partner states and parties: the list, and the file of each.

pub(in crate::web) mod file;
pub(in crate::web) mod list;
pub(in crate::web) mod parties;
pub(in crate::web) mod party;
pub(in crate::web) mod table;

use entente_register::money::Currency;
use entente_store::reader::BookSums;

use super::show;
use super::way::Way;

/// Contracts in one state.
#[derive(Debug, Clone)]
pub(crate) struct StateCells {
    pub(crate) name: String,
    pub(crate) word: String,
    /// The list that it opens to; empty where there is none.
    pub(crate) href: String,
    pub(crate) contracts: String,
    pub(crate) amount: String,
}

/// What contracts sum to.
#[derive(Debug, Clone)]
pub(crate) struct SumsView {
    pub(crate) currency: String,
    pub(crate) states: Vec<StateCells>,
    pub(crate) contracts: String,
    pub(crate) open_lines: String,
    /// Empty where there is none.
    pub(crate) overdue_lines: String,
    pub(crate) owed: String,
    pub(crate) counted: String,
    /// The same page in another currency.
    pub(crate) others: Vec<(String, String)>,
}

impl SumsView {
    fn of(
        sums: &BookSums,
        currency: Currency,
        counted: &str,
        path: &str,
        way: &Way,
        list: impl Fn(&str) -> String,
    ) -> SumsView {
        SumsView {
            currency: currency.code().to_owned(),
            states: sums
                .states
                .iter()
                .map(|one| StateCells {
                    name: show::capital(&one.state),
                    word: one.state.clone(),
                    href: list(&one.state),
                    contracts: show::count(one.contracts),
                    amount: show::exact(one.amount, currency),
                })
                .collect(),
            contracts: show::count(sums.states.iter().map(|one| one.contracts).sum()),
            open_lines: show::count(sums.open_lines),
            overdue_lines: match sums.overdue_lines {
                0 => String::new(),
                lines => show::count(lines),
            },
            owed: show::exact(sums.owed, currency),
            counted: counted.to_owned(),
            others: sums
                .other_currencies
                .iter()
                .map(|other| (other.code().to_owned(), way.in_currency(path, other.code())))
                .collect(),
        }
    }
}
