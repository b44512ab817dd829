//! What is in force on a day, and what waits.

use askama::Template;
use entente_register::embargo::{EditionKind, OpenTerm, PolicyProposed, RuleFile, Span};
use entente_register::screening::marking;
use entente_store::reader::EmbargoRules;
use jiff::Timestamp;

use super::{EditionCells, bodies, marks, name_of};
use crate::embargo::{ALL_THAT_STANDS, bodies_first, day_of};
use crate::error::Answer;
use crate::web::act::Offers;
use crate::web::frame::{Frame, Part};
use crate::web::screening::{Place, tabs};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Days ahead for which terms are shown.
const WITHIN: u32 = 90;

/// A regime or body for people.
#[derive(Debug, Clone)]
pub(crate) struct FileCells {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) body: String,
    /// Its edition in force.
    pub(crate) in_force: Option<EditionCells>,
    /// Its edition that waits.
    pub(crate) waiting: Option<EditionCells>,
    /// Its rules that bear on the day: `3 rules`; empty of a body.
    pub(crate) rules: String,
    pub(crate) marks: Vec<String>,
}

/// A term for people.
#[derive(Debug, Clone)]
pub(crate) struct TermCells {
    pub(crate) regime: String,
    pub(crate) href: String,
    pub(crate) citation: String,
    pub(crate) rule: String,
    pub(crate) last_day: String,
    pub(crate) over: bool,
}

/// What stands on the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct OverviewView {
    /// Why every question is held; empty where none is.
    pub(crate) held: String,
    pub(crate) bodies: Vec<FileCells>,
    pub(crate) regimes: Vec<FileCells>,
    /// Those of which an edition waits.
    pub(crate) waiting: Vec<FileCells>,
    pub(crate) terms: Vec<TermCells>,
    pub(crate) within: u32,
    pub(crate) policy: String,
    pub(crate) policy_href: String,
    /// A change of the policy that waits: whose measures would bind, and by whom it was proposed.
    pub(crate) policy_waits: Option<(String, String)>,
    pub(crate) ask: String,
}

#[derive(Template)]
#[template(path = "embargo/overview.html")]
pub(crate) struct OverviewPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) offers: Offers,
    pub(crate) view: OverviewView,
}

/// `GET /embargo`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let held = reader.embargo_rules().await?;
    let terms = reader.open_terms(&held.rules, WITHIN);
    let day = day_of("as_of", reader.as_of())?;
    let view = view(held, &terms, (day, ALL_THAT_STANDS), &visit.way());
    crate::web::page(&OverviewPage {
        frame: visit.frame(Part::Screening, "Embargoes", &reader).marked(Some(&marking())),
        tabs: tabs(&visit, &reader, Place::Embargoes).await?,
        offers: Offers::new(&visit, &["propose-rules"]),
        view,
    })
}

/// Writes it for people.
pub(crate) fn view(
    mut held: EmbargoRules,
    terms: &[OpenTerm],
    (day, known_at): (Span, Timestamp),
    way: &Way,
) -> OverviewView {
    bodies_first(&mut held.files);
    let cells = |file: &RuleFile| {
        let mut said = Vec::new();
        let mut count = 0_i64;
        for rule in held.rules.rules.iter().filter(|rule| rule.regime == file.id) {
            let timing = rule.timing_within(day, known_at);
            if timing.bears() {
                count += 1;
                said.extend(marks(rule, timing));
            }
        }
        said.sort();
        said.dedup();
        FileCells {
            id: file.id.clone(),
            href: way.to(&format!("/embargo/{}", file.id)),
            name: name_of(&held.rules, &file.id),
            body: file.body.clone(),
            in_force: file.in_force.as_ref().map(|edition| EditionCells::of(&file.id, edition, way)),
            waiting: file.waiting().map(|edition| EditionCells::of(&file.id, edition, way)),
            rules: if count == 0 { String::new() } else { show::counted(count, "rule", "rules") },
            marks: said,
        }
    };
    let of = |kind: EditionKind| held.files.iter().filter(move |file| file.kind == kind);
    let waits = held.policy_state.as_ref().and_then(|state| state.waiting());
    let binding = PolicyProposed {
        binding: held.policy.binding().map(str::to_owned).collect(),
        ..PolicyProposed::default()
    };
    OverviewView {
        held: held_words(&held),
        bodies: of(EditionKind::Body).map(cells).collect(),
        regimes: of(EditionKind::Regime).map(cells).collect(),
        waiting: held.waiting().map(cells).collect(),
        terms: terms.iter().map(|term| term_cells(term, way)).collect(),
        within: WITHIN,
        policy: bodies(&binding),
        policy_href: way.to(&format!("/policies/{}", entente_register::embargo::POLICY_KEY)),
        policy_waits: waits.map(|change| (bodies(&change.policy), change.proposal.by.clone())),
        ask: way.to("/embargo-check"),
    }
}

fn term_cells(term: &OpenTerm, way: &Way) -> TermCells {
    TermCells {
        regime: term.regime_name.clone(),
        href: way.to(&format!("/embargo/{}", term.regime)),
        citation: term.citation.clone(),
        rule: term.rule.clone(),
        last_day: show::day(term.last_day),
        over: term.over,
    }
}

/// Why every question is held.
fn held_words(held: &EmbargoRules) -> String {
    let absent: Vec<&str> = held.policy.binding().filter(|id| !held.rules.bodies.contains_key(*id)).collect();
    if !absent.is_empty() {
        return format!("No rules of {} are in force as known then.", absent.join(", "));
    }
    let missing: Vec<&str> = held.missing_regimes().collect();
    if missing.is_empty() {
        return String::new();
    }
    format!("No edition is in force of {}.", missing.join(", "))
}
