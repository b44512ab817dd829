//! Sample applications and licences, for the test that renders every template.

use std::collections::BTreeMap;

use entente_register::access::{Actor, Role};
use entente_register::document::Document;
use entente_register::embargo::{Class, Purpose};
use entente_register::label::Clearance;
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::application::{
    Application, ApplicationFact as A, Assessment, Condition, LineDecision, Proposal, Risk, Weighed,
};
use entente_register::transfer::check::{
    Check, CheckKind, CheckOutcome, EndUserStanding, Established, RecordKind,
};
use entente_register::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::licence::{
    Licence, LicenceCondition, LicenceFact as L, LicenceIssued, LicenceLine, WriteOff,
};
use entente_register::transfer::opinion::{Criterion, DisagreementRule, Opinion, Stance};
use entente_store::reader::{ApplicationRow, ApplicationView, LicenceRow, LicenceView, TransferLink};

use super::Links;
use crate::web::sample::{HOSTILE, day, history, label};
use crate::web::way::Way;

const NUMBER: &str = "C-T2012-0001";
const AGENCIES: [&str; 2] = ["O-P0003", "O-P0004"];

/// Links of somebody who may read everything.
pub(crate) fn links(way: &Way) -> Links {
    let actor = Actor {
        account: "chair".to_owned(),
        name: HOSTILE.to_owned(),
        roles: vec![Role::Chair],
        clearance: Clearance::full(),
        party: None,
    };
    Links::of(&actor, way)
}

fn paper() -> Document {
    Document { title: HOSTILE.to_owned(), dated: day("2012-05-14"), content: Some("ab".repeat(32)) }
}

fn names() -> BTreeMap<String, String> {
    let all = ["O-P0001", "O-P0002", AGENCIES[0], AGENCIES[1]];
    all.map(|number| (number.to_owned(), HOSTILE.to_owned())).into()
}

fn content() -> Content {
    let line = |part, contract_line: Option<&str>| TransferLine {
        description: HOSTILE.to_owned(),
        category: "ML9.a".to_owned(),
        class: Class::OtherArms,
        part,
        non_lethal: part.then_some(true),
        quantity: Quantity::whole(4),
        unit: Unit::Piece,
        unit_price: Money::new(100_000_000, Currency::USD),
        contract_line: contract_line.map(str::to_owned),
    };
    let party = |role, party: &str| TransferParty { role, party: party.to_owned() };
    Content {
        request: Request::Licence,
        advance_opinion: None,
        kind: TransferKind::Temporary,
        title: HOSTILE.to_owned(),
        applicant: "O-P0001".to_owned(),
        origin: Some("KAZ".to_owned()),
        destination: "BRA".to_owned(),
        route: vec!["TUR".to_owned(), "ESP".to_owned()],
        parties: vec![
            party(TransferRole::EndUser, "O-P0002"),
            party(TransferRole::UltimateEndUser, "O-P0009"),
            party(TransferRole::Carrier, "O-P0009"),
        ],
        lines: vec![line(false, Some("O-2012-0015.2")), line(true, None)],
        purpose: StatedPurpose::Police,
        end_use: HOSTILE.to_owned(),
        exception: Some(Purpose::PersonalProtection),
        contract: Some("O-2012-0015".to_owned()),
        return_by: Some(day("2013-05-14")),
        documents: vec![paper(), Document { content: None, ..paper() }],
    }
}

fn check(kind: CheckKind, outcome: CheckOutcome, line: Option<u32>, needs: Option<RecordKind>) -> Check {
    Check {
        kind,
        line,
        about: if kind == CheckKind::Embargo { format!("rule.{outcome:?}") } else { "O-P0002".to_owned() },
        outcome,
        why: HOSTILE.to_owned(),
        source: if outcome == CheckOutcome::Blocked { "case".to_owned() } else { HOSTILE.to_owned() },
        edition: if outcome == CheckOutcome::Blocked { "O-P0002.H1".to_owned() } else { HOSTILE.to_owned() },
        needs,
    }
}

fn checks() -> Vec<Check> {
    vec![
        check(CheckKind::Screening, CheckOutcome::Pass, None, None),
        check(CheckKind::Screening, CheckOutcome::Blocked, None, None),
        check(CheckKind::EndUser, CheckOutcome::Hold, None, None),
        check(CheckKind::Embargo, CheckOutcome::Shown, Some(1), None),
        check(CheckKind::Embargo, CheckOutcome::Record, Some(1), Some(RecordKind::Approval)),
        check(CheckKind::Embargo, CheckOutcome::Record, Some(2), Some(RecordKind::Notification)),
        check(CheckKind::Purpose, CheckOutcome::Pass, None, None),
    ]
}

fn opinion(agency: &str, refuses: bool) -> Opinion {
    let refused = || Stance::Refuse {
        criteria: [Criterion::Article7, Criterion::Diversion].into(),
        reason: HOSTILE.to_owned(),
    };
    let second = if refuses { refused() } else { Stance::Proviso { condition: HOSTILE.to_owned() } };
    Opinion { agency: agency.to_owned(), lines: vec![Stance::Approve, second], document: Some(paper()) }
}

fn assessment() -> Assessment {
    let weighed = |place: usize| Weighed {
        risk: Risk::ALL[place % Risk::ALL.len()],
        evidence: HOSTILE.to_owned(),
        mitigation: place.is_multiple_of(2).then(|| HOSTILE.to_owned()),
    };
    Assessment {
        weighed: Criterion::ALL
            .iter()
            .enumerate()
            .map(|(place, criterion)| (*criterion, weighed(place)))
            .collect(),
        conclusion: HOSTILE.to_owned(),
    }
}

fn proposal(grants: bool) -> Proposal {
    let refused =
        || LineDecision::Refuse { criteria: [Criterion::Diversion].into(), reason: HOSTILE.to_owned() };
    Proposal {
        lines: vec![if grants { LineDecision::Grant } else { refused() }, refused()],
        valid_from: grants.then(|| day("2012-10-01")),
        valid_until: grants.then(|| day("2013-09-30")),
        conditions: match grants {
            true => vec![
                Condition { text: HOSTILE.to_owned(), due_on: None },
                Condition { text: HOSTILE.to_owned(), due_on: Some(day("2012-12-01")) },
            ],
            false => Vec::new(),
        },
        verification_days: grants.then_some(60),
        rule: DisagreementRule::Chair,
        reason: HOSTILE.to_owned(),
    }
}

fn folded(facts: Vec<A>) -> Application {
    let mut state = None;
    for fact in facts {
        Application::apply(&mut state, NUMBER, day("2012-05-14"), (HOSTILE, &label()), &fact);
    }
    state.unwrap()
}

fn view(application: Application, sight: Sight, checks: Option<Vec<Check>>) -> ApplicationView {
    ApplicationView {
        opined: Some(entente_store::reader::OpinedView {
            number: "O-T2012-0009".to_owned(),
            on: day("2012-05-01"),
            until: day("2012-09-01"),
            beyond: vec!["the destination"],
        }),
        application: sight.seen(application, Some(AGENCIES[0])),
        sight,
        checks,
        parties: names(),
        destination_name: HOSTILE.to_owned(),
        history: history(),
        version: 7,
    }
}

/// Refused, appealed against, weighed again, and proposed to be granted in part, as somebody sees it.
pub(crate) fn application(sight: Sight) -> ApplicationView {
    let asked = |text: &str| A::Asked { text: text.to_owned() };
    let mut facts = vec![A::Drafted(content()), A::Submitted, A::Revised(content()), asked(HOSTILE)];
    facts.push(A::Answered { question: 1, text: HOSTILE.to_owned(), documents: vec![paper()] });
    let standing = EndUserStanding::Authority { state: "BRA".to_owned() };
    let established = Established { standing, document: paper() };
    facts.push(A::EndUserEstablished { party: "O-P0002".to_owned(), established });
    for agency in AGENCIES {
        facts.push(A::OpinionAsked { agency: agency.to_owned(), due_on: day("2012-06-14"), confirms: true });
    }
    facts.push(A::OpinionAsked { agency: "O-P0010".to_owned(), due_on: day("2012-06-14"), confirms: true });
    facts.extend([A::Proposed(proposal(false)), A::Refused, A::Appealed { document: Some(paper()) }]);
    facts.extend([
        A::OpinionGiven(opinion(AGENCIES[0], true)),
        A::OpinionGiven(opinion(AGENCIES[1], false)),
        A::Assessed(assessment()),
    ]);
    let key = checks().iter().find(|check| check.needs == Some(RecordKind::Approval)).unwrap().key();
    facts.push(A::Recorded {
        check: key,
        kind: RecordKind::Approval,
        reference: HOSTILE.to_owned(),
        document: paper(),
        reason: Some(HOSTILE.to_owned()),
    });
    facts.extend([asked(HOSTILE), A::Proposed(proposal(true))]);
    let checks = (sight != Sight::Applicant).then(checks);
    view(folded(facts), sight, checks)
}

/// Granted, with the checks on which it rests.
pub(crate) fn granted() -> ApplicationView {
    let facts = vec![
        A::Drafted(content()),
        A::Submitted,
        A::Proposed(proposal(true)),
        A::Granted { licence: "C-L2012-0001".to_owned(), checks: checks() },
    ];
    view(folded(facts), Sight::Whole, None)
}

/// A draft of which nothing but the title is said.
pub(crate) fn draft() -> ApplicationView {
    let empty = Content {
        destination: String::new(),
        origin: None,
        route: Vec::new(),
        parties: Vec::new(),
        lines: Vec::new(),
        end_use: String::new(),
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
        ..content()
    };
    view(folded(vec![A::Drafted(empty)]), Sight::Whole, Some(Vec::new()))
}

/// Submitted, and nothing more.
pub(crate) fn submitted() -> ApplicationView {
    view(folded(vec![A::Drafted(content()), A::Submitted]), Sight::Whole, Some(checks()))
}

pub(crate) fn row(state: &str) -> ApplicationRow {
    let is_draft = state == "draft";
    ApplicationRow {
        number: NUMBER.to_owned(),
        title: HOSTILE.to_owned(),
        applicant: "O-P0001".to_owned(),
        applicant_name: HOSTILE.to_owned(),
        destination: "BRA".to_owned(),
        destination_name: HOSTILE.to_owned(),
        state: state.to_owned(),
        submitted_on: (!is_draft).then(|| day("2012-03-01")),
        decided_on: (state == "granted").then(|| day("2012-08-01")),
        due_on: (state == "open").then(|| day("2012-06-30")),
        label: label(),
    }
}

/// An application on the page of a contract.
pub(crate) fn link(licence: Option<&str>) -> TransferLink {
    TransferLink {
        application: NUMBER.to_owned(),
        title: HOSTILE.to_owned(),
        state: "granted".to_owned(),
        licence: licence.map(str::to_owned),
        label: label(),
    }
}

fn issued() -> LicenceIssued {
    let line = |number| LicenceLine {
        number,
        description: HOSTILE.to_owned(),
        category: "ML9.a".to_owned(),
        quantity: Quantity::whole(4),
        unit: Unit::Piece,
        value: Money::new(400_000_000, Currency::USD),
    };
    let condition = |number, due_on| LicenceCondition { number, text: HOSTILE.to_owned(), due_on };
    LicenceIssued {
        application: NUMBER.to_owned(),
        kind: TransferKind::Export,
        holder: "O-P0001".to_owned(),
        destination: "BRA".to_owned(),
        parties: content().parties,
        currency: Currency::USD,
        lines: vec![line(1), line(2)],
        valid_from: day("2012-05-14"),
        valid_until: day("2012-09-01"),
        conditions: vec![condition(1, None), condition(2, None), condition(3, Some(day("2012-12-01")))],
        verification_days: None,
    }
}

fn licence_of(facts: Vec<L>) -> Licence {
    let mut state = None;
    for fact in facts {
        Licence::apply(&mut state, "C-L2012-0001", day("2012-05-14"), (HOSTILE, &label()), &fact);
    }
    state.unwrap()
}

fn written(reference: &str, line: u32, pieces: i64, delivery: Option<&str>) -> L {
    L::WrittenOff(WriteOff {
        reference: reference.to_owned(),
        line,
        quantity: Quantity::whole(pieces),
        value: Money::new(100_000_000 * pieces, Currency::USD),
        delivery: delivery.map(str::to_owned),
        document: paper(),
    })
}

fn of_licence(licence: Licence, checks: Option<Vec<Check>>) -> LicenceView {
    LicenceView {
        licence,
        checks,
        on_record: BTreeMap::new(),
        contract_lines: [(1, "O-2012-0015.2".to_owned())].into(),
        parties: names(),
        destination_name: HOSTILE.to_owned(),
        history: history(),
        version: 7,
    }
}

/// A licence that is suspended, with shipments, one that was taken back, and conditions of every kind.
pub(crate) fn licence() -> LicenceView {
    let facts = vec![
        L::Issued(issued()),
        written(HOSTILE, 1, 4, Some("O-2012-0015.2.7")),
        written("D-2", 2, 1, None),
        written("D-3", 2, 1, None),
        L::Corrected { reference: "D-3".to_owned() },
        L::ConditionMet { condition: 1, document: paper() },
        L::DeliveryVerified { reference: "D-2".to_owned(), quantity: Quantity::whole(1), document: paper() },
        L::Suspended,
        L::Stopped { inspection: Some("C-I2012-0001".to_owned()), end_user: "O-P0002".to_owned() },
        L::Stopped { inspection: None, end_user: "O-P0009".to_owned() },
    ];
    of_licence(licence_of(facts), Some(checks()))
}

/// A licence of which nothing went, on no condition, whose gate is not told.
pub(crate) fn fresh() -> LicenceView {
    let issued = LicenceIssued { conditions: Vec::new(), ..issued() };
    of_licence(licence_of(vec![L::Issued(issued)]), None)
}

pub(crate) fn licence_row() -> LicenceRow {
    LicenceRow {
        licence: licence().licence,
        holder_name: HOSTILE.to_owned(),
        destination_name: HOSTILE.to_owned(),
    }
}

/// A decision against which something stands by what is known now.
pub(crate) fn judged() -> entente_store::reader::JudgedAgain {
    let view = granted();
    entente_store::reader::JudgedAgain {
        decision: view.application.decisions[0].clone(),
        sequence: 7,
        editions: (HOSTILE.to_owned(), HOSTILE.to_owned()),
        then: Vec::new(),
        now: checks(),
        label: view.application.label,
    }
}
