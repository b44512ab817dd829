//! The list of partners.

use askama::Template;
use entente_register::access::{Reading, may_read};

use crate::error::Answer;
use crate::web::act::Offers;
use crate::web::frame::{Frame, Part};
use crate::web::visit::Visit;

/// A partner in the list.
#[derive(Debug, Clone)]
pub(crate) struct PartnerCells {
    pub(crate) code: String,
    pub(crate) name: String,
    /// Empty for those who may not open its file.
    pub(crate) href: String,
    pub(crate) groups: String,
}

#[derive(Template)]
#[template(path = "partner/list.html")]
pub(crate) struct PartnersPage {
    pub(crate) frame: Frame,
    pub(crate) rows: Vec<PartnerCells>,
    /// The list of parties; empty for those who may not read it.
    pub(crate) parties: String,
    pub(crate) offers: Offers,
}

/// `GET /partners`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let partners = reader.partners().await?;
    let groups = reader.groups().await?;
    let way = visit.way();
    // A file is of contracts: whoever may not read those is led nowhere.
    let opens = may_read(visit.actor(), Reading::Contracts).is_some();
    let rows = partners
        .into_iter()
        .map(|(code, name)| PartnerCells {
            href: if opens { way.to(&format!("/partners/{code}")) } else { String::new() },
            groups: groups
                .iter()
                .filter(|(_, _, group)| group.has(&code, reader.as_of()))
                .map(|(_, name, _)| name.as_str())
                .collect::<Vec<_>>()
                .join(", "),
            code,
            name,
        })
        .collect();
    let frame = visit.frame(Part::Partners, "Partners", &reader);
    let parties = if opens { way.to("/parties") } else { String::new() };
    let words = ["register-partner", "register-group", "admit-to-group", "leave-group"];
    crate::web::page(&PartnersPage { frame, rows, parties, offers: Offers::new(&visit, &words) })
}
