//! A regime or a body by itself: its rules, its editions with their texts, and what happened to it.

use askama::Template;
use axum::extract::Path;
use entente_register::embargo::{EditionKind, RuleSet, Span, in_force};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::screening::marking;
use entente_store::reader::RuleFileView;
use jiff::Timestamp;

use super::{EditionCells, RuleCells, list, name_of};
use crate::embargo::{ALL_THAT_STANDS, day_of};
use crate::error::Answer;
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, acts};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// What stands on the page of a rule file.
#[derive(Debug, Clone)]
pub(crate) struct FileView {
    pub(crate) name: String,
    pub(crate) is_body: bool,
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) note: String,
    /// The edition that waits.
    pub(crate) waiting: Option<EditionCells>,
    pub(crate) in_force: Option<EditionCells>,
    /// Those that bear on the day first.
    pub(crate) rules: Vec<RuleCells>,
    /// The others: what has ended, and what is not yet.
    pub(crate) others: Vec<RuleCells>,
    pub(crate) editions: Vec<EditionCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "embargo/file.html")]
pub(crate) struct FilePage {
    pub(crate) frame: Frame,
    pub(crate) offers: Offers,
    pub(crate) view: FileView,
}

/// `GET /embargo/{id}`
pub(in crate::web) async fn get(visit: Visit, Path(id): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let file = reader.rule_file(&id).await?;
    let rules = reader.embargo_rules().await?.rules;
    let day = day_of("as_of", reader.as_of())?;
    let view = view(&file, &rules, (day, ALL_THAT_STANDS), &visit.way());
    let account = visit.actor().account.clone();
    crate::web::page(&FilePage {
        frame: visit.frame(Part::Screening, view.name.clone(), &reader).marked(Some(&marking())),
        offers: Offers::of(&visit, &reader, Stands::RuleFile(Box::new(file), account)),
        view,
    })
}

/// Writes it for people.
pub(crate) fn view(
    file: &RuleFileView,
    rules: &RuleSet,
    (day, known_at): (Span, Timestamp),
    way: &Way,
) -> FileView {
    let id = &file.file.id;
    let cells = |edition| EditionCells::of(id, edition, way);
    let own = || rules.rules.iter().filter(|rule| rule.regime == *id);
    let regime = rules.regimes.get(id).filter(|_| file.file.kind == EditionKind::Regime);
    let body = rules.bodies.get(id).filter(|_| file.file.kind == EditionKind::Body);
    let span = |span: Span| format!("{} to {}", show::instant(span.from), show::instant(span.until));
    let mut facts = vec![("Identifier", id.clone()), ("Body", file.file.body.clone())];
    if let Some(regime) = regime {
        let states =
            if regime.states.is_empty() { "persons anywhere".to_owned() } else { list(&regime.states) };
        facts.push(("About", states));
        facts.extend(regime.covers.map(|covers| ("Covered", span(covers))));
    }
    if let Some(body) = body {
        facts.push(("Covered", span(body.covers)));
        facts.push(("Regimes", list(&body.regimes)));
        facts.push(("Source", body.source.clone()));
        facts.push(("Compared with it on", show::day(body.verified_on)));
    }
    let bearing = |rule: &&entente_register::embargo::Rule| rule.timing_within(day, known_at).bears();
    FileView {
        name: name_of(rules, id),
        is_body: file.file.kind == EditionKind::Body,
        facts,
        note: regime.map(|regime| regime.note.clone()).unwrap_or_default(),
        waiting: file.file.waiting().map(cells),
        in_force: file.file.in_force.as_ref().map(cells),
        rules: own().filter(bearing).map(|rule| RuleCells::of(rule, day, known_at)).collect(),
        others: own().filter(|rule| !bearing(rule)).map(|rule| RuleCells::of(rule, day, known_at)).collect(),
        editions: file.editions.iter().map(cells).collect(),
        history: acts(&file.history, SubjectKind::Embargo, id, way),
    }
}

#[derive(Template)]
#[template(path = "embargo/edition.html")]
pub(crate) struct EditionPage {
    pub(crate) frame: Frame,
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) edition: EditionCells,
    pub(crate) file: String,
    pub(crate) content: String,
    pub(crate) text: String,
    /// How it changes what is in force: rules that are new, that fall away, and that read otherwise; of one that waits.
    pub(crate) changes: Vec<(&'static str, String)>,
}

/// `GET /embargo/{id}/editions/{number}`
pub(in crate::web) async fn edition(visit: Visit, Path((id, number)): Path<(String, u32)>) -> Answer {
    let reader = visit.reader().await?;
    let file = reader.rule_file(&id).await?;
    let absent = || Refusal::not_found("edition", &format!("{number} of {id}"));
    let found = file.editions.iter().find(|edition| edition.number == number).ok_or_else(absent)?;
    let way = visit.way();
    let changes =
        if found.state == "proposed" { changes(&file, &reader.rule_files().await?) } else { Vec::new() };
    crate::web::page(&EditionPage {
        frame: visit
            .frame(Part::Screening, format!("Edition {number} of {id}"), &reader)
            .marked(Some(&marking())),
        href: way.to(&format!("/embargo/{id}")),
        edition: EditionCells::of(&id, found, &way),
        file: found.proposed.file.clone(),
        content: found.proposed.content.clone(),
        text: found.proposed.text.clone(),
        changes,
        id,
    })
}

/// What the edition that waits would change of the rules in force.
fn changes(
    view: &RuleFileView,
    files: &[entente_register::embargo::RuleFile],
) -> Vec<(&'static str, String)> {
    let id = &view.file.id;
    let before = in_force(files).unwrap_or_default();
    let mut after = files.to_vec();
    for file in after.iter_mut().filter(|file| file.id == *id) {
        file.in_force = Some(file.latest.clone());
    }
    // Where it cannot be read beside what is in force, its confirmation says why.
    let Ok(after) = in_force(&after) else { return Vec::new() };
    let rules = |set: &RuleSet| -> std::collections::BTreeMap<String, entente_register::embargo::Rule> {
        let own = set.rules.iter().filter(|rule| rule.regime == *id);
        own.map(|rule| (rule.id.clone(), rule.clone())).collect()
    };
    let (before, after) = (rules(&before), rules(&after));
    let new = after.keys().filter(|id| !before.contains_key(*id)).cloned().collect();
    let gone = before.keys().filter(|id| !after.contains_key(*id)).cloned().collect();
    let other = after.iter().filter(|(id, rule)| before.get(*id).is_some_and(|own| own != *rule));
    let other = other.map(|(id, _)| id.clone()).collect();
    [("New", list(&new)), ("Fall away", list(&gone)), ("Read otherwise", list(&other))]
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .collect()
}
