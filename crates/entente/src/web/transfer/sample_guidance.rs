//! Sample files of guidance, for the test that renders every template.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::document::Document;
use entente_register::embargo::Class;
use entente_register::ledger::{Fact, SubjectKind};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::application::{Risk, Weighed};
use entente_register::transfer::classify::{Classified, ListedEntry, Suggested};
use entente_register::transfer::content::{StatedPurpose, TransferKind};
use entente_register::transfer::guidance::agency::{Agency, Calendar};
use entente_register::transfer::guidance::control_list::{ControlEntry, ControlList};
use entente_register::transfer::guidance::denial::Denial;
use entente_register::transfer::guidance::indicator::{Direction, Figure, Indicator};
use entente_register::transfer::guidance::quota::{Limit, Quota};
use entente_register::transfer::guidance::recognition::{Recognition, RecognitionStatus, Stretch};
use entente_register::transfer::guidance::routing::{
    Routed, RoutedCase, Routing, RoutingRule, RoutingTest, When,
};
use entente_register::transfer::guidance::standing::{OF_TERRITORY, StandingAssessment};
use entente_register::transfer::guidance::{Guidance, GuidanceContent, GuidanceJudged, GuidanceProposed};
use entente_register::transfer::opinion::Criterion;
use entente_register::transfer::precedent::{Nearness, Outcome as Came, Precedent};
use entente_store::reader::{
    ClassifyView, DestinationView, GuidanceRow, GuidanceView, IndicatorRow, PrecedentRow, PrecedentsView,
};

use crate::web::sample::{HOSTILE, day, history, label};

fn paper() -> Document {
    Document { title: HOSTILE.to_owned(), dated: day("2012-05-14"), content: Some("ab".repeat(32)) }
}

fn folded(facts: Vec<Fact>) -> Guidance {
    let subject = SubjectKind::Guidance.subject("C-SA-BRA");
    let mut state = None;
    for fact in facts {
        Guidance::apply(&mut state, &subject, day("2012-05-14"), (HOSTILE, &label()), &fact);
    }
    state.unwrap()
}

fn proposed(content: GuidanceContent) -> Fact {
    Fact::GuidanceProposed(GuidanceProposed { content, document: paper() })
}

fn view(file: Guidance) -> GuidanceView {
    GuidanceView {
        file,
        parties: BTreeMap::from([("O-P0001".to_owned(), HOSTILE.to_owned())]),
        territory_name: Some(HOSTILE.to_owned()),
        history: history(),
        version: 3,
    }
}

fn assessed(risk: Risk) -> GuidanceContent {
    let weighed = Weighed { risk, evidence: HOSTILE.to_owned(), mitigation: Some(HOSTILE.to_owned()) };
    GuidanceContent::StandingAssessment(StandingAssessment {
        territory: "BRA".to_owned(),
        summary: HOSTILE.to_owned(),
        review_by: day("2012-09-01"),
        weighed: OF_TERRITORY.iter().map(|criterion| (*criterion, weighed.clone())).collect(),
    })
}

/// A standing assessment in force and overdue, and another that waits.
pub(crate) fn standing() -> GuidanceView {
    let confirmed = Fact::GuidanceConfirmed(GuidanceJudged { edition: 1 });
    view(folded(vec![proposed(assessed(Risk::High)), confirmed, proposed(assessed(Risk::Low))]))
}

/// A file of each other kind.
pub(crate) fn others() -> Vec<GuidanceView> {
    let text = || HOSTILE.to_owned();
    let case = RoutedCase {
        kind: TransferKind::Export,
        destination: "BRA".to_owned(),
        touches: BTreeSet::from([text()]),
        categories: BTreeSet::from([text()]),
        roles: BTreeSet::new(),
        purpose: StatedPurpose::Defence,
        value: Money::new(100, Currency::USD),
    };
    let named = BTreeSet::from(["O-P0001".to_owned()]);
    let contents = vec![
        GuidanceContent::Denial(Denial {
            notified_by: text(),
            reference: text(),
            denied_on: day("2012-01-01"),
            renewed_on: Some(day("2012-02-01")),
            destination: text(),
            end_user: text(),
            party: Some("O-P0001".to_owned()),
            goods: text(),
            category: Some(text()),
            criteria: BTreeSet::from([Criterion::Diversion]),
            grounds: text(),
        }),
        GuidanceContent::Quota(Quota {
            destination: text(),
            category: Some(text()),
            from: day("2012-01-01"),
            until: day("2012-12-31"),
            basis: text(),
            limit: Limit::Quantity { quantity: Quantity::whole(3), unit: Unit::Piece },
        }),
        GuidanceContent::Indicator(Indicator {
            name: "X".to_owned(),
            title: text(),
            publisher: text(),
            direction: Direction::HigherIsWorse,
            figures: vec![Figure { state: text(), year: 2011, value: text() }],
        }),
        GuidanceContent::Agency(Agency {
            party: "O-P0001".to_owned(),
            answer_days: 10,
            confirms: true,
            calendar: Calendar {
                weekend: BTreeSet::from([6, 7]),
                covers_until: day("2012-12-31"),
                holidays: BTreeMap::from([(day("2012-09-07"), text())]),
            },
        }),
        GuidanceContent::Routing(Routing {
            rules: vec![RoutingRule {
                id: text(),
                title: text(),
                agencies: named.clone(),
                flags: BTreeSet::from([text()]),
                when: When { destinations: BTreeSet::from([text()]), ..When::default() },
            }],
            tests: vec![RoutingTest {
                title: text(),
                agencies: named,
                flags: BTreeSet::from([text()]),
                case,
            }],
        }),
        GuidanceContent::Recognition(Recognition {
            state: "BRA".to_owned(),
            stretches: vec![Stretch {
                from: day("2012-01-01"),
                until: Some(day("2012-12-31")),
                status: RecognitionStatus::Disputed,
                government: text(),
                source: text(),
            }],
        }),
        GuidanceContent::ControlList(ControlList {
            name: "X".to_owned(),
            title: text(),
            publisher: text(),
            applies_from: day("2012-01-01"),
            entries: vec![ControlEntry { entry: text(), title: text(), text: Some(text()) }],
        }),
    ];
    contents.into_iter().map(|content| view(folded(vec![proposed(content)]))).collect()
}

/// The same in a list.
pub(crate) fn row(view: GuidanceView) -> GuidanceRow {
    GuidanceRow { file: view.file, territory_name: view.territory_name }
}

/// What is suggested for goods in words.
pub(crate) fn classified() -> ClassifyView {
    ClassifyView {
        lists: BTreeSet::from([("C-CL-X".to_owned(), HOSTILE.to_owned())]),
        suggested: vec![Suggested {
            listed: ListedEntry {
                list: "C-CL-X".to_owned(),
                edition: HOSTILE.to_owned(),
                entry: HOSTILE.to_owned(),
                title: HOSTILE.to_owned(),
                text: Some(HOSTILE.to_owned()),
            },
            found: 1,
        }],
        classified: vec![Classified {
            category: HOSTILE.to_owned(),
            class: Class::OtherArms,
            applications: 3,
            granted: 2,
            last: ("O-T2012-0001".to_owned(), day("2012-01-01"), HOSTILE.to_owned()),
        }],
        label: None,
    }
}

/// What was decided before.
pub(crate) fn precedents() -> PrecedentsView {
    let row = |outcome| PrecedentRow {
        precedent: Precedent {
            nearness: Nearness::UserEntry,
            on: day("2012-01-01"),
            application: "O-T2012-0001".to_owned(),
            outcome,
        },
        title: HOSTILE.to_owned(),
        destination: HOSTILE.to_owned(),
        licence: Some("O-L2012-0001".to_owned()),
        criteria: BTreeSet::from([Criterion::Diversion]),
        conditions: 2,
    };
    PrecedentsView {
        total: 12,
        is_more: true,
        outcomes: BTreeMap::from([(Came::Granted, 7), (Came::Partly, 3), (Came::Refused, 2)]),
        rows: vec![row(Came::Granted), row(Came::Partly), row(Came::Refused)],
    }
}

/// What stands beside an assessment.
pub(crate) fn beside() -> DestinationView {
    let file = standing().file;
    DestinationView {
        standing: vec![(file.number.clone(), file.editions[0].clone())],
        indicators: vec![IndicatorRow {
            number: "C-IN-X".to_owned(),
            title: HOSTILE.to_owned(),
            publisher: HOSTILE.to_owned(),
            value: HOSTILE.to_owned(),
            year: 2011,
            better: 4,
            states: 190,
            before: Some((HOSTILE.to_owned(), 2010)),
        }],
        routed: Routed {
            agencies: BTreeMap::new(),
            flags: BTreeMap::from([(HOSTILE.to_owned(), vec![HOSTILE.to_owned()])]),
        },
    }
}
