//! The pages of transfers.
//!
//! | address | what |
//! |---|---|
//! | `/applications` | the queue of applications |
//! | `/applications/{number}` | a case on one screen: what is applied for, checks, opinions, assessment, decisions |
//! | `/applications/{number}/judged-again` | its decision by what was known then, and by what is known now |
//! | `/applications/{number}/file.zip` | its full file |
//! | `/classification` | control-list entries for goods that are described in words |
//! | `/applications/{number}/denial` | what other states may be told of what was refused |
//! | `/licences` | the licences |
//! | `/breaks` | where the chain from the contract to the inspection breaks |
//! | `/annual-reports` | what a year’s transfers come to, for those to whom a state reports |
//! | `/licences/{number}` | a licence: what is left of it, its conditions, write-offs, and the gate as it is now |
//! | `/certificates` | the register of end-user certificates |
//! | `/certificates/{number}` | a certificate: what it says, what its issuer says of it, what stands against it |
//! | `/specimens`, `/specimens/{authority}` | who may sign certificates |
//! | `/guidance`, `/guidance/{number}` | standing assessments, denials of others, quotas, figures, agencies, routing |
//! | `/inspections`, `/inspections/{number}` | what was seen of goods after shipment |
//! | `/reexports`, `/reexports/{number}` | what recipients ask to pass on, and what was consented to |
//!
//! Every change is a form of [`super::act`]. What a reader does not see of an application is absent: the reader gives
//! nothing of it, and a section of which nothing is given has no heading.

pub(in crate::web) mod annual;
pub(in crate::web) mod application;
pub(in crate::web) mod breaks;
pub(in crate::web) mod certificate;
pub(in crate::web) mod certificates;
pub(in crate::web) mod check;
pub(in crate::web) mod classification;
pub(in crate::web) mod decision;
pub(in crate::web) mod denial;
pub(in crate::web) mod guidance;
mod guidance_content;
pub(in crate::web) mod inspections;
pub(in crate::web) mod judged;
pub(in crate::web) mod licence;
pub(in crate::web) mod licences;
pub(in crate::web) mod link;
pub(in crate::web) mod list;
pub(in crate::web) mod opinion;
pub(in crate::web) mod precedents;
pub(in crate::web) mod reexport;
pub(in crate::web) mod reexports;
#[cfg(test)]
pub(in crate::web) mod sample;
#[cfg(test)]
pub(in crate::web) mod sample_assured;
#[cfg(test)]
pub(in crate::web) mod sample_guidance;
#[cfg(test)]
pub(in crate::web) mod sample_link;
#[cfg(test)]
pub(in crate::web) mod sample_reexport;
pub(in crate::web) mod specimens;
pub(in crate::web) mod table;

use std::collections::BTreeMap;

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_store::reader::TransferLink;

use super::search::Tab;
use super::show;
use super::way::Way;

/// A page among the tabs of transfers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Place {
    Applications,
    Licences,
    Classification,
    Breaks,
    Certificates,
    Specimens,
    Inspections,
    Guidance,
    AnnualReports,
    Reexports,
    Customs,
    Discrepancies,
}

/// The tabs: what of both may be read.
pub(in crate::web) fn tabs(actor: &Actor, way: &Way, current: Place) -> Vec<Tab> {
    let all = [
        (Place::Applications, Reading::Applications, "Applications", "/applications"),
        (Place::Licences, Reading::Licences, "Licences", "/licences"),
        (Place::Certificates, Reading::Certificates, "End-user certificates", "/certificates"),
        (Place::Specimens, Reading::Inspections, "Specimen signatures", "/specimens"),
        (Place::Inspections, Reading::Inspections, "Inspections", "/inspections"),
        (Place::Guidance, Reading::Guidance, "Guidance", "/guidance"),
        (Place::Reexports, Reading::Reexports, "Re-exports", "/reexports"),
        (Place::Customs, Reading::Customs, "Customs", "/customs"),
        (Place::Discrepancies, Reading::Customs, "Discrepancies", "/discrepancies"),
        (Place::Classification, Reading::Applications, "Classification", "/classification"),
    ];
    // What a state reports is of the transfers of everybody.
    let is_whole = [Reading::Applications, Reading::Licences]
        .into_iter()
        .all(|reading| may_read(actor, reading) == Some(Extent::All));
    let reports =
        is_whole.then_some((Place::AnnualReports, Reading::Licences, "Annual reports", "/annual-reports"));
    // Breaks are between contracts and licences: of both something must be open.
    let chain = may_read(actor, Reading::Contracts).is_some();
    let breaks = chain.then_some((Place::Breaks, Reading::Licences, "Breaks", "/breaks"));
    let (beside, others) = all.split_at(2);
    beside
        .iter()
        .copied()
        .chain(breaks)
        .chain(others.iter().copied())
        .chain(reports)
        .map(|(place, reading, name, path)| Tab {
            name: name.to_owned(),
            count: String::new(),
            href: may_read(actor, reading).map(|_| way.to(path)),
            current: place == current,
        })
        .collect()
}

/// Where the pages of what an application names open, for whoever may read them.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    way: Way,
    parties: bool,
    cases: bool,
    contracts: bool,
    applications: bool,
    licences: bool,
    certificates: bool,
    inspections: bool,
    reexports: bool,
}

impl Links {
    pub(in crate::web) fn of(actor: &Actor, way: &Way) -> Links {
        let may = |reading| may_read(actor, reading).is_some();
        Links {
            way: way.clone(),
            // Whoever reads its own business alone may not open every party that is named.
            parties: may_read(actor, Reading::Contracts) == Some(Extent::All),
            cases: may(Reading::Screening),
            contracts: may(Reading::Contracts),
            applications: may(Reading::Applications),
            licences: may(Reading::Licences),
            certificates: may(Reading::Certificates),
            inspections: may(Reading::Inspections),
            reexports: may(Reading::Reexports),
        }
    }

    fn to(&self, opens: bool, path: &str) -> Option<String> {
        opens.then(|| self.way.to(path))
    }

    pub(in crate::web) fn party(&self, number: &str) -> Option<String> {
        self.to(self.parties, &format!("/parties/{number}"))
    }

    pub(in crate::web) fn case(&self, number: &str) -> Option<String> {
        self.to(self.cases, &format!("/cases/{number}"))
    }

    pub(in crate::web) fn contract(&self, number: &str) -> Option<String> {
        self.to(self.contracts, &format!("/contracts/{number}"))
    }

    pub(in crate::web) fn contract_line(&self, number: &str) -> Option<String> {
        self.to(self.contracts, &format!("/lines/{number}"))
    }

    pub(in crate::web) fn delivery(&self, number: &str) -> Option<String> {
        self.to(self.contracts, &format!("/deliveries/{number}"))
    }

    pub(in crate::web) fn application(&self, number: &str) -> Option<String> {
        self.to(self.applications, &format!("/applications/{number}"))
    }

    pub(in crate::web) fn licence(&self, number: &str) -> Option<String> {
        self.to(self.licences, &format!("/licences/{number}"))
    }

    pub(in crate::web) fn certificate(&self, number: &str) -> Option<String> {
        self.to(self.certificates, &format!("/certificates/{number}"))
    }

    pub(in crate::web) fn reexport(&self, number: &str) -> Option<String> {
        self.to(self.reexports, &format!("/reexports/{number}"))
    }

    pub(in crate::web) fn inspection(&self, number: &str) -> Option<String> {
        self.to(self.inspections, &format!("/inspections/{number}"))
    }
}

/// A number or a name, and its page where it may be opened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    /// Empty where only the number is known.
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) href: Option<String>,
}

impl Named {
    fn number(number: &str, href: Option<String>) -> Named {
        Named { name: String::new(), number: number.to_owned(), href }
    }

    fn party(number: &str, names: &BTreeMap<String, String>, links: &Links) -> Named {
        Named {
            name: names.get(number).cloned().unwrap_or_default(),
            number: number.to_owned(),
            href: links.party(number),
        }
    }
}

/// The state of an application for people.
pub(in crate::web) fn state_name(state: &str) -> String {
    match state {
        "open" => "In examination".to_owned(),
        "proposed" => "Decision proposed".to_owned(),
        "affirmed" => "Affirmed, without a licence".to_owned(),
        state => show::capital(state),
    }
}

/// An application on the page of a contract.
#[derive(Debug, Clone)]
pub(crate) struct LinkCells {
    pub(crate) application: Named,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) state_word: String,
    pub(crate) licence: Option<Named>,
}

impl LinkCells {
    pub(in crate::web) fn of(link: &TransferLink, links: &Links) -> LinkCells {
        LinkCells {
            application: Named::number(&link.application, links.application(&link.application)),
            title: link.title.clone(),
            state: state_name(&link.state),
            state_word: link.state.clone(),
            licence: link.licence.as_ref().map(|number| Named::number(number, links.licence(number))),
        }
    }
}
