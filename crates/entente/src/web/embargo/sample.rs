//! Sample data for the tests of the pages of embargo rules, hostile words in every field.

use std::collections::BTreeSet;

use entente_register::embargo::{
    Edition, EditionAct, EditionKind, EditionProposed, OpenTerm, PolicyChange, PolicyProposed, PolicyState,
    RuleFile, UNITED_NATIONS, in_force, open_terms,
};
use entente_store::reader::{EmbargoRules, PolicyView, RuleFileView};
use jiff::Timestamp;

use super::EditionCells;
use super::check::{CheckForm, CheckPage, view as answer_of};
use super::file::{EditionPage, FilePage, view as file_of};
use super::overview::{OverviewPage, view as overview_of};
use super::policy::{PolicyPage, view as policy_of};
use crate::embargo::{Answered, Asked, day_of};
use crate::web::act::sample::offers;
use crate::web::frame::{Choice, Frame};
use crate::web::sample::{HOSTILE, day};
use crate::web::screening::{Place, tabs_of};
use crate::web::sign_in::Fault;
use crate::web::way::Way;

fn act() -> EditionAct {
    EditionAct { by: HOSTILE.to_owned(), on: day("2012-09-21"), reason: Some(HOSTILE.to_owned()) }
}

fn edition(place: usize, state: &'static str) -> Edition {
    let text = UNITED_NATIONS[place];
    let about = entente_register::embargo::about(text.name, text.text).unwrap();
    Edition {
        number: 2,
        proposed: EditionProposed {
            kind: about.kind,
            body: about.body,
            file: HOSTILE.to_owned(),
            text: text.text.to_owned(),
            content: "ab".repeat(32),
            rules: about.rules,
        },
        proposal: act(),
        decision: Some(act()),
        state,
    }
}

fn rule_file(place: usize) -> RuleFile {
    let text = UNITED_NATIONS[place];
    let about = entente_register::embargo::about(text.name, text.text).unwrap();
    RuleFile {
        id: about.id,
        kind: about.kind,
        body: about.body,
        in_force: Some(edition(place, "in_force")),
        latest: edition(place, "proposed"),
        last_on: day("2012-09-21"),
    }
}

fn files() -> Vec<RuleFile> {
    (0..UNITED_NATIONS.len()).map(rule_file).collect()
}

/// The rules of a register, with what people wrote in them.
fn held() -> EmbargoRules {
    let files = files();
    let mut rules = in_force(&files).unwrap();
    for regime in rules.regimes.values_mut() {
        HOSTILE.clone_into(&mut regime.name);
        HOSTILE.clone_into(&mut regime.note);
    }
    for rule in &mut rules.rules {
        HOSTILE.clone_into(&mut rule.note);
        HOSTILE.clone_into(&mut rule.source);
    }
    let policy_state = policy().state;
    EmbargoRules { policy: PolicyState::policy(policy_state.as_ref()), files, rules, policy_state }
}

/// A file with an edition in force and one that waits.
pub(crate) fn file() -> RuleFileView {
    let file = files().into_iter().find(|file| file.id == "south-sudan").unwrap();
    let editions = vec![file.latest.clone(), file.in_force.clone().unwrap()];
    RuleFileView { editions, file, history: crate::web::sample::history(), version: 3 }
}

/// A policy with a change that waits.
pub(crate) fn policy() -> PolicyView {
    let change = |state| PolicyChange {
        policy: PolicyProposed { binding: BTreeSet::from([HOSTILE.to_owned()]), ..PolicyProposed::default() },
        proposal: act(),
        decision: Some(act()),
        state,
    };
    let state = PolicyState {
        in_force: Some(change("in_force")),
        latest: change("proposed"),
        last_on: day("2012-09-21"),
    };
    PolicyView { state: Some(state), history: crate::web::sample::history(), version: 3 }
}

/// Every page, in every state that it has.
pub(crate) struct Pages {
    pub(crate) overviews: Vec<OverviewPage>,
    pub(crate) files: Vec<FilePage>,
    pub(crate) edition: EditionPage,
    pub(crate) policy: PolicyPage,
    pub(crate) checks: Vec<CheckPage>,
}

pub(crate) fn pages(frame: &Frame, way: &Way) -> Pages {
    let span = day_of("as_of", day("2026-06-15")).unwrap();
    let at = (span, Timestamp::MAX);
    let held = held();
    let terms: Vec<OpenTerm> = open_terms(&held.rules, span.from, Timestamp::MAX, 90);
    assert!(terms.iter().any(|term| term.over));
    let tabs = || tabs_of(way, Place::Embargoes, 3, 1, 2);
    let overview = |held: EmbargoRules| OverviewPage {
        frame: frame.clone(),
        tabs: tabs(),
        offers: offers(way),
        view: overview_of(held, &terms, at, way),
    };
    let empty = EmbargoRules { files: Vec::new(), rules: Default::default(), ..held.clone() };
    let view = file();
    let body = RuleFileView {
        file: rule_file(0),
        editions: vec![edition(0, "in_force")],
        history: crate::web::sample::history(),
        version: 3,
    };
    assert_eq!(body.file.kind, EditionKind::Body);
    let page = |view: &RuleFileView| FilePage {
        frame: frame.clone(),
        offers: offers(way),
        view: file_of(view, &held.rules, at, way),
    };
    let asked = Asked { to: "SSD".to_owned(), item: "II".to_owned(), ..Asked::default() };
    let question = asked.question(span.from, Timestamp::MAX).unwrap();
    let judgement = entente_register::embargo::judge(&held.rules, &held.policy, &question);
    let known_at = span.from;
    let answered = Answered { question, judgement, held: held.clone(), known_at };
    let choice = || vec![Choice { value: HOSTILE.to_owned(), name: HOSTILE.to_owned(), chosen: true }];
    let form = CheckForm {
        to: HOSTILE.to_owned(),
        from: HOSTILE.to_owned(),
        items: choice(),
        parts: choice(),
        entries: HOSTILE.to_owned(),
        lethal: choice(),
        end_users: choice(),
        mission: HOSTILE.to_owned(),
        listed_by: HOSTILE.to_owned(),
        activities: choice(),
        area: HOSTILE.to_owned(),
        outside: HOSTILE.to_owned(),
        purposes: choice(),
        authorised: choice(),
        as_of: "2026-06-15".to_owned(),
        hidden: vec![("known_at".to_owned(), HOSTILE.to_owned())],
        clear: way.to("/embargo-check"),
    };
    let check =
        |answer, fault| CheckPage { frame: frame.clone(), tabs: tabs(), form: form.clone(), answer, fault };
    let fault = Fault { message: HOSTILE.to_owned(), missing: HOSTILE.to_owned(), field: "to" };
    Pages {
        overviews: vec![overview(held.clone()), overview(empty)],
        files: vec![page(&view), page(&body)],
        edition: EditionPage {
            frame: frame.clone(),
            id: "south-sudan".to_owned(),
            href: way.to("/embargo/south-sudan"),
            edition: EditionCells::of("south-sudan", &view.editions[0], way),
            file: HOSTILE.to_owned(),
            content: "ab".repeat(32),
            text: HOSTILE.to_owned(),
            changes: vec![("New", HOSTILE.to_owned())],
        },
        policy: PolicyPage { frame: frame.clone(), offers: offers(way), view: policy_of(&policy(), way) },
        checks: vec![
            check(None, None),
            check(None, Some(fault)),
            check(Some(answer_of(&answered, way)), None),
        ],
    }
}
