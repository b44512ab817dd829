//! Which tables a book has, and their columns.

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
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the first row, in lower case with low lines.
    pub name: &'static str,
    /// Whether a file must have it, and every row a value in it.
    pub is_required: bool,
    /// What stands in it.
    pub what: &'static str,
    /// A value as an example.
    pub example: &'static str,
}

const fn must(name: &'static str, what: &'static str, example: &'static str) -> Column {
    Column { name, is_required: true, what, example }
}

const fn may(name: &'static str, what: &'static str, example: &'static str) -> Column {
    Column { name, is_required: false, what, example }
}

/// Columns of the table `partners`.
const PARTNERS: &[Column] =
    &[must("code", "ISO 3166-1 alpha-3 code of the state", "BRA"), must("name", "its name", "Brazil")];

/// Columns of the table `groups`.
const GROUPS: &[Column] = &[
    must("code", "short code of the group", "BRICS"),
    must("name", "its name", "BRICS"),
    may("state", "a member, ISO 3166-1 alpha-3", "BRA"),
    may("admitted_on", "first day of membership", "2009-06-16"),
    may("left_on", "first day without it", ""),
];

/// Columns of the table `claims`.
const CLAIMS: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("claim", "number of the claim in the contract, from 1", "1"),
    must("kind", "shortage, overage, damage, wrong_item, quality or documentation", "damage"),
    must("description", "in words", "Two radios damaged in transit"),
    must("opened_on", "when it was raised", "2012-06-02"),
    may("settled_on", "when it was settled", "2012-08-30"),
    may("outcome", "how it was settled", "Both were replaced"),
];

/// Columns of the table `parties`.
const PARTIES: &[Column] = &[
    must("name", "full name", "Ministry of Defence of Brazil"),
    must("kind", "state_authority, company or person", "state_authority"),
    must("state", "state of establishment, ISO 3166-1 alpha-3", "BRA"),
    may("marking", "marking; without one OFFICIAL", "OFFICIAL"),
];

/// Columns of the table `contracts`.
const CONTRACTS: &[Column] = &[
    must("reference", "the number that the parties use; it tells the contract from all others", "P/2012-17"),
    must("title", "what it is about", "Patrol boats"),
    must("partner", "partner state, ISO 3166-1 alpha-3", "BRA"),
    must("currency", "currency of all its prices, ISO 4217", "USD"),
    may("marking", "marking; without one OFFICIAL", "OFFICIAL"),
    must("opened_on", "when negotiation began", "2011-11-02"),
    must("exporter", "names of parties, with a semicolon between several", "Example Works"),
    must("end_user", "names of parties, with a semicolon between several", "Ministry of Defence of Brazil"),
    may("consignee", "names of parties", ""),
    may("broker", "names of parties", ""),
    may("carrier", "names of parties", ""),
    may("manufacturer", "names of parties", ""),
    may("bank", "names of parties", ""),
    may("signed_on", "day of signature", "2012-01-15"),
    may("signed_document", "title of the signed contract", "Contract P/2012-17"),
    may("in_force_on", "day of entry into force", "2012-02-01"),
    may("in_force_document", "title of the paper behind it", "Notice of entry into force"),
    may("suspended_on", "day from which it is suspended", ""),
    may("suspended_reason", "why", ""),
    may("completed_on", "day of completion", ""),
    may("completed_document", "title of the paper behind it", ""),
    may("terminated_on", "day of termination", ""),
    may("terminated_reason", "why", ""),
    may("terminated_document", "title of the paper behind it", ""),
];

/// Columns of the table `lines`.
const LINES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("line", "number of the line in the contract; it tells the line from its others", "1"),
    must("description", "what is delivered", "Patrol boat"),
    must("quantity", "how much", "10"),
    must("unit", "UN/CEFACT Recommendation 20 code or its name", "C62"),
    must("unit_price", "price of one unit", "1,250,000.00"),
    must("category", "control-list entry", "ML9.a"),
    may("manufacturer", "name of the party that makes it", ""),
    must("due_on", "contractual date", "2012-06-30"),
    must("agreed_on", "day from which it is so: of the line, or of its amendment", "2011-11-02"),
    may("document", "title of the amendment; needed once the contract is signed", ""),
    may("reason", "why it was amended", ""),
    may("entry", "place in the order of entry; exports write it, others leave it empty", ""),
];

/// Columns of the table `plan`.
const PLAN: &[Column] = &[
    must("year", "year of the plan", "2012"),
    must("version", "version of the year's plan, from 1", "1"),
    must("currency", "currency of its amounts, ISO 4217", "USD"),
    may("approved_on", "day of approval; without one the version stays a draft", "2011-12-20"),
    may("approved_document", "title of the decision", "Decision 14"),
    may("contract", "reference of the contract; empty for a version that was discarded", "P/2012-17"),
    may("line", "number of the line in the contract", "1"),
    may("planned_on", "day for which it is planned", "2012-05-31"),
    may("amount", "value planned", "6,250,000.00"),
];

/// Columns of the table `deliveries`.
const DELIVERIES: &[Column] = &[
    must("contract", "reference of the contract", "P/2012-17"),
    must("line", "number of the line in the contract", "1"),
    must(
        "delivery",
        "number of the delivery; it tells the delivery from all others of the contract",
        "W-1044",
    ),
    must("quantity", "how much", "2"),
    must("handed_over_on", "day of hand-over to the carrier", "2012-05-01"),
    must("handed_over_document", "title of the bill of lading or waybill", "Waybill W-1044"),
    may("accepted_on", "day of acceptance", "2012-05-20"),
    may("accepted_document", "title of the acceptance certificate", "Certificate 9/2012"),
    may("returned_on", "day on which it was returned", ""),
    may("returned_reason", "why", ""),
    may("entry", "place in the order of entry; exports write it, others leave it empty", ""),
    may("returned_entry", "the same of the return", ""),
];

impl Table {
    /// All tables, in the order in which they build on each other.
    pub const ALL: [Table; 8] = [
        Table::Partners,
        Table::Groups,
        Table::Parties,
        Table::Contracts,
        Table::Lines,
        Table::Plan,
        Table::Deliveries,
        Table::Claims,
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
        }
    }

    /// The table of a name, whatever its case.
    pub fn named(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.word().eq_ignore_ascii_case(name.trim()))
    }

    /// Its columns, in the order of the template.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Table::Partners => PARTNERS,
            Table::Groups => GROUPS,
            Table::Parties => PARTIES,
            Table::Contracts => CONTRACTS,
            Table::Lines => LINES,
            Table::Plan => PLAN,
            Table::Deliveries => DELIVERIES,
            Table::Claims => CLAIMS,
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
