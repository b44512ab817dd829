//! Which tables a book has.

use super::columns as of;
pub use super::columns::Column;

/// A table of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// Partner states.
    Partners,
    /// Groups of states, a row for each membership.
    Groups,
    /// Authorities and companies.
    Parties,
    /// Contracts, a row each.
    Contracts,
    /// Lines of contracts; further rows of the same line are its amendments.
    Lines,
    /// Items of yearly delivery plans.
    Plan,
    /// Deliveries with their acts, a row each.
    Deliveries,
    /// Claims against contracts.
    Claims,
    /// Exchange rates.
    Rates,
    /// Instalments of payment schedules; further rows of the same instalment are its amendments.
    Instalments,
    /// Receipts, a row for each instalment that one pays.
    Receipts,
    /// What is said of a payment schedule as a whole: what delay costs, and that it is complete.
    Schedules,
    /// Penalties for delay, and how they ended.
    Penalties,
    /// Suspensions of contracts that were lifted again.
    Suspensions,
    /// Lines that are expected late; further rows of the same slippage are its revisions.
    Slippages,
    /// What contracts say of claims, warranties and serial numbers; the rows of a day are the terms as a whole.
    Terms,
    /// Serial numbers of deliveries; the rows of a day are those of the delivery as a whole.
    Serials,
    /// Milestones, a row for each act.
    Milestones,
    /// Corrective plans, a row for each act.
    Corrective,
    /// Offset obligations; the rows of a day are what was agreed as a whole.
    Offsets,
    /// Transactions under offset obligations and their credit, a row for each act.
    Credits,
    /// Opportunities, and how they ended.
    Opportunities,
    /// What is asked for, a row for each item.
    Requests,
    /// Later deadlines of opportunities.
    Deadlines,
    /// Estimates of the probability that a contract is signed.
    Estimates,
    /// Advance opinions: asked for, and given.
    Opinions,
    /// Versions of offers, a row for each item.
    Offers,
}

impl Table {
    /// All tables, in the order in which they build on each other.
    pub const ALL: [Table; 27] = [
        Table::Partners,
        Table::Groups,
        Table::Parties,
        Table::Contracts,
        Table::Lines,
        Table::Plan,
        Table::Deliveries,
        Table::Claims,
        Table::Rates,
        Table::Instalments,
        Table::Receipts,
        Table::Schedules,
        Table::Penalties,
        Table::Suspensions,
        Table::Slippages,
        Table::Terms,
        Table::Serials,
        Table::Milestones,
        Table::Corrective,
        Table::Offsets,
        Table::Credits,
        Table::Opportunities,
        Table::Requests,
        Table::Deadlines,
        Table::Estimates,
        Table::Opinions,
        Table::Offers,
    ];

    /// Its name: of a file without its ending, and of a sheet.
    pub fn word(self) -> &'static str {
        match self {
            Table::Partners => "partners",
            Table::Groups => "groups",
            Table::Parties => "parties",
            Table::Contracts => "contracts",
            Table::Lines => "lines",
            Table::Plan => "plan",
            Table::Deliveries => "deliveries",
            Table::Claims => "claims",
            Table::Rates => "rates",
            Table::Instalments => "instalments",
            Table::Receipts => "receipts",
            Table::Schedules => "schedules",
            Table::Penalties => "penalties",
            Table::Suspensions => "suspensions",
            Table::Slippages => "slippages",
            Table::Terms => "terms",
            Table::Serials => "serials",
            Table::Milestones => "milestones",
            Table::Corrective => "corrective",
            Table::Offsets => "offsets",
            Table::Credits => "credits",
            Table::Opportunities => "opportunities",
            Table::Requests => "requests",
            Table::Deadlines => "deadlines",
            Table::Estimates => "estimates",
            Table::Opinions => "opinions",
            Table::Offers => "offers",
        }
    }

    /// The table of a name, whatever its case.
    pub fn named(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.word().eq_ignore_ascii_case(name.trim()))
    }

    /// Its columns, in the order of the template.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Table::Partners => of::PARTNERS,
            Table::Groups => of::GROUPS,
            Table::Parties => of::PARTIES,
            Table::Contracts => of::CONTRACTS,
            Table::Lines => of::LINES,
            Table::Plan => of::PLAN,
            Table::Deliveries => of::DELIVERIES,
            Table::Claims => of::CLAIMS,
            Table::Rates => of::RATES,
            Table::Instalments => of::INSTALMENTS,
            Table::Receipts => of::RECEIPTS,
            Table::Schedules => of::SCHEDULES,
            Table::Penalties => of::PENALTIES,
            Table::Suspensions => of::SUSPENSIONS,
            Table::Slippages => of::SLIPPAGES,
            Table::Terms => of::TERMS,
            Table::Serials => of::SERIALS,
            Table::Milestones => of::MILESTONES,
            Table::Corrective => of::CORRECTIVE,
            Table::Offsets => of::OFFSETS,
            Table::Credits => of::CREDITS,
            Table::Opportunities => of::OPPORTUNITIES,
            Table::Requests => of::REQUESTS,
            Table::Deadlines => of::DEADLINES,
            Table::Estimates => of::ESTIMATES,
            Table::Opinions => of::OPINIONS,
            Table::Offers => of::OFFERS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_said_once() {
        for table in Table::ALL {
            assert_eq!(Table::named(&table.word().to_uppercase()), Some(table));
            let names: BTreeSet<_> = table.columns().iter().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns().len(), "{}", table.word());
        }
        assert_eq!(Table::named("orders"), None);
    }
}
