//! The list of partners.

use askama::Template;
use entente_register::access::{Reading, may_read};
use entente_register::partner::Membership;

use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::Offers;
use crate::web::frame::{Frame, Part};
use crate::web::spreadsheet::{Table, text, yes};
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

/// `GET /partners.csv` and `.xlsx`: partner states with their groups on the day.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let groups = reader.groups().await?;
    let rows = reader.partners().await?.into_iter().map(|(code, name)| {
        let of = groups.iter().filter(|(_, _, group)| group.has(&code, reader.as_of()));
        let of: Vec<&str> = of.map(|(group, ..)| group.as_str()).collect();
        vec![text(code), text(name), text(of.join(", "))]
    });
    let table = Table { name: "partners", columns: &["code", "name", "groups"], rows: rows.collect() };
    table.answer(kind, reader.as_of()).await
}

/// `GET /partners/groups.csv` and `.xlsx`: every state that joined or left a group, a row for each such day, and
/// whether it is a member on the day as of which is read.
pub(in crate::web) async fn export_groups(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let as_of = reader.as_of();
    let partners = reader.partners().await?;
    let groups = reader.groups().await?;
    let mut rows = Vec::new();
    for (code, name, group) in &groups {
        for (state, changes) in &group.members {
            let partner = partners.iter().find(|(own, _)| own == state);
            for change in changes.iter().filter(|change| change.on <= as_of) {
                rows.push(vec![
                    text(code),
                    text(name),
                    text(state),
                    partner.map_or(Out::Empty, |(_, name)| text(name)),
                    Out::Date(change.on),
                    text(match change.membership {
                        Membership::Member => "joined",
                        Membership::Outside => "left",
                        other => other.word(),
                    }),
                    yes(group.has(state, as_of)),
                ]);
            }
        }
    }
    let columns = &["group", "group_name", "state", "partner_name", "on", "change", "member_on_the_day"];
    Table { name: "groups", columns, rows }.answer(kind, as_of).await
}
