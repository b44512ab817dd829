//! A case by itself: both sides beside each other, why they are a hit, and what people decided.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_register::screening::{Case, CaseAct, Standing, marking};
use entente_screening::entity::{Entity, Ready};
use entente_screening::lists::delta::fingerprint;
use entente_screening::score::{Score, score};
use entente_store::reader::{CaseView, EditionRow, ListView, Page, Reader, ScreenedParty};

use super::edition_words;
use super::entry::{EntryView, find, view as entry_view};
use super::explain::Explanation;
use super::queue::CaseCells;
use crate::error::Answer;
use crate::formats::short_hash;
use crate::screener::{ENGINE, entity, threshold};
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, acts};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// What stands on the list, as the case compares it or as it reads now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Other {
    pub(crate) entry: EntryView,
    /// What must be said of it: that it is gone, or reads otherwise by now.
    pub(crate) note: String,
}

#[derive(Template)]
#[template(path = "screening/case.html")]
pub(crate) struct CasePage {
    pub(crate) frame: Frame,
    pub(crate) case: CaseCells,
    /// What is asked of whom now.
    pub(crate) asked: String,
    /// Who proposed to clear it, and why.
    pub(crate) proposed: Option<(String, String, String)>,
    pub(crate) party: Vec<(&'static str, String)>,
    pub(crate) other: Option<Other>,
    pub(crate) explanation: Explanation,
    /// `the edition of 26 Sep 2024 (3f9c…), by version 2 of the comparison`
    pub(crate) compared: String,
    pub(crate) offers: Offers,
    pub(crate) history: Vec<Act>,
}

/// `GET /cases/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let view = reader.case(&number).await?;
    let case = &view.row.case;
    let party = reader.party_screening(&case.party, ENGINE, threshold()).await?.party;
    let list = reader.list(&case.list, Page::first(1)).await?;
    let entry = entry_of(&visit, &reader, &list, case).await?;
    let way = visit.way();
    let edition = list.editions.iter().find(|row| row.content == case.hit.edition);
    let account = visit.actor().account.clone();
    crate::web::page(&CasePage {
        frame: visit
            .frame(Part::Screening, format!("Case {number}"), &reader)
            // What stands on a list is marked as lists are.
            .marked(Some(&view.row.case.label.join(&marking()))),
        offers: Offers::of(&visit, &reader, Stands::Case(Box::new(view.clone()), account)),
        ..page(&view, &party, edition, entry, &way)
    })
}

/// The entry as it reads in the edition in force; as it was compared, where it is no longer there.
async fn entry_of(
    visit: &Visit,
    reader: &Reader,
    list: &ListView,
    case: &Case,
) -> Answer<Option<(Entity, bool)>> {
    let in_force = &list.row.list.edition;
    if let Some(latest) = list.editions.first()
        && let Some(entry) = find(visit, reader, latest, in_force, &case.entry).await?
    {
        return Ok(Some((entry, true)));
    }
    let Some(compared) = list.editions.iter().find(|row| row.content == case.hit.edition) else {
        return Ok(None);
    };
    Ok(find(visit, reader, compared, in_force, &case.entry).await?.map(|entry| (entry, false)))
}

/// Writes it for people. `entry` is what stands on the list, and whether it does in the edition in force.
pub(crate) fn page(
    view: &CaseView,
    party: &ScreenedParty,
    edition: Option<&EditionRow>,
    entry: Option<(Entity, bool)>,
    way: &Way,
) -> CasePage {
    let case = &view.row.case;
    let own = entity(party);
    let same = entry.as_ref().map(|(entry, _)| fingerprint(entry).to_string() == case.hit.entry_content);
    let again: Option<Score> = entry
        .as_ref()
        .filter(|_| {
            let unchanged = fingerprint(&own).to_string() == case.hit.party_content;
            same == Some(true) && unchanged && case.hit.engine == ENGINE
        })
        .map(|(entry, _)| score(&Ready::new(&own), &Ready::new(entry)));
    let of = edition.map(|row| {
        format!(
            "the edition {} ({})",
            edition_words(row.edition.loaded.dated, row.edition.loaded_on),
            short_hash(&row.content)
        )
    });
    let of = of.unwrap_or_else(|| format!("the edition {}", short_hash(&case.hit.edition)));
    CasePage {
        frame: Frame::default(),
        case: CaseCells::of(&view.row, way),
        asked: asked(case, view.row.standing),
        proposed: case.proposed.as_ref().filter(|_| case.state != "open").map(told),
        party: vec![
            ("Name", party.name.clone()),
            ("Number", party.number.clone()),
            ("Kind", show::capital(party.kind.word())),
            ("State", party.state.clone()),
        ],
        other: entry.map(|(entry, stands)| Other {
            note: match (stands, same) {
                (false, _) => {
                    "It is no longer in the edition in force; this is what it said when it was compared."
                }
                (true, Some(false)) => {
                    "It reads otherwise by now than when it was compared; the next run compares it anew."
                }
                _ => "",
            }
            .to_owned(),
            entry: entry_view(&entry),
        }),
        explanation: Explanation::of_hit(&case.hit, again.as_ref()),
        compared: format!("{of}, by version {} of the comparison", case.hit.engine),
        offers: Offers::default(),
        history: acts(&view.history, SubjectKind::Case, &case.number, way),
    }
}

fn told(act: &CaseAct) -> (String, String, String) {
    (act.by.clone(), show::day(act.on), act.reason.clone())
}

/// What is asked of whom.
fn asked(case: &Case, standing: Standing) -> String {
    let by = &case.last.by;
    let text = match (case.state, standing) {
        ("open" | "escalated", Standing::Binding) => {
            "Nobody deals with this party before two people clear the hit: one proposes it with a reason, another clears. Or it is confirmed that this is the listed party."
        }
        ("open" | "escalated", Standing::Advisory) => {
            "The list is advisory: one person acknowledges the hit with a reason."
        }
        ("clearance_proposed", _) => {
            return format!(
                "{by} proposed to clear it. Another person clears it or refuses; nobody deals with the party until then."
            );
        }
        ("cleared", _) => {
            return format!(
                "Cleared by {by}, the second person. The clearance lapses when the party or the entry says something else."
            );
        }
        ("acknowledged", Standing::Advisory) => {
            return format!(
                "Acknowledged by {by}. It is open again when the party or the entry says something else, or the list becomes binding."
            );
        }
        ("acknowledged", Standing::Binding) => {
            "It was acknowledged while the list was advisory. The list binds now: two people clear the hit, or it is confirmed."
        }
        ("confirmed", _) => {
            return format!(
                "Confirmed by {by}: this is the listed party, and nobody deals with it. Another person than {by} can reopen the case."
            );
        }
        _ => "Nothing is asked any more: the entry is gone, or it is no hit any more.",
    };
    text.to_owned()
}
