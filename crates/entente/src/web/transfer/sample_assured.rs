//! Sample certificates, specimens and inspections, for the test that renders every template.

use std::collections::BTreeMap;

use entente_register::document::Document;
use entente_register::ledger::{Fact, Occurred, SubjectKind};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::certificate::{
    Authenticity, AuthenticityAnswered, AuthenticityAsked, Certificate, CertificateBound, CertificateContent,
    CertificateLine, Channel, Undertaking,
};
use entente_register::transfer::check::CheckOutcome;
use entente_register::transfer::content::{TransferParty, TransferRole};
use entente_register::transfer::inspection::{
    Accounted, IncidentClosed, Inspection, InspectionPlanned, InspectionVisited, VisitOutcome,
};
use entente_register::transfer::specimen::{NewSpecimen, SpecimenJudged, Specimens};
use entente_store::reader::{
    CertificateRow, CertificateView, InspectionRow, InspectionView, SharedCertificate, SpecimensRow,
    SpecimensView,
};

use crate::web::sample::{HOSTILE, day, history, label};

fn paper() -> Document {
    Document { title: HOSTILE.to_owned(), dated: day("2012-05-14"), content: Some("ab".repeat(32)) }
}

fn names() -> BTreeMap<String, String> {
    ["O-P0001", "O-P0002"].map(|number| (number.to_owned(), HOSTILE.to_owned())).into()
}

fn folded(facts: Vec<Fact>) -> Certificate {
    let subject = SubjectKind::Certificate.subject("C-E2012-0001");
    let mut state = None;
    for fact in facts {
        Certificate::apply(&mut state, &subject, day("2012-05-14"), &label(), &fact);
    }
    state.unwrap()
}

fn content() -> CertificateContent {
    CertificateContent {
        issuer: "O-P0002".to_owned(),
        state: Some("BRA".to_owned()),
        register_number: HOSTILE.to_owned(),
        issued_on: day("2012-05-01"),
        expires_on: Some(day("2012-08-01")),
        exporter: "O-P0001".to_owned(),
        end_user: "O-P0002".to_owned(),
        destination: "BRA".to_owned(),
        intermediaries: vec![TransferParty { role: TransferRole::Consignee, party: "O-P0009".to_owned() }],
        contract_number: Some(HOSTILE.to_owned()),
        lines: [Some(Money::new(100, Currency::USD)), None]
            .map(|value| CertificateLine {
                description: HOSTILE.to_owned(),
                category: "ML9.a".to_owned(),
                quantity: Quantity::whole(4),
                unit: Unit::Piece,
                value,
            })
            .into(),
        end_use: HOSTILE.to_owned(),
        undertakings: [Undertaking::StatedUse, Undertaking::NewForOld].into(),
        signatory: HOSTILE.to_owned(),
        position: HOSTILE.to_owned(),
        sealed: false,
        document: paper(),
    }
}

fn asked() -> Fact {
    Fact::CertificateAuthenticityAsked(AuthenticityAsked {
        channel: Channel::TheirEmbassy,
        to: HOSTILE.to_owned(),
        document: paper(),
    })
}

fn answered(inquiry: u32, answer: Authenticity) -> Fact {
    Fact::CertificateAuthenticityAnswered(AuthenticityAnswered { inquiry, answer, document: paper() })
}

fn bound() -> Fact {
    Fact::CertificateBound(CertificateBound { application: "C-T2012-0001".to_owned() })
}

fn view(certificate: Certificate) -> CertificateView {
    CertificateView {
        certificate,
        against: None,
        shared: Vec::new(),
        specimens: None,
        parties: names(),
        destination_name: HOSTILE.to_owned(),
        history: history(),
        version: 5,
    }
}

/// A certificate against which much stands.
pub(crate) fn certificate() -> CertificateView {
    let first = folded(vec![Fact::CertificateRegistered(content()), bound()]);
    let facts = vec![
        Fact::CertificateRegistered(content()),
        asked(),
        answered(1, Authenticity::Unknown),
        asked(),
        answered(2, Authenticity::NotAuthentic),
        asked(),
    ];
    let shared = |earlier, differs| SharedCertificate { certificate: first.clone(), earlier, differs };
    CertificateView {
        against: Some(vec![
            (CheckOutcome::Hold, HOSTILE.to_owned()),
            (CheckOutcome::Blocked, HOSTILE.to_owned()),
        ]),
        shared: vec![shared(true, vec!["the goods", "the paper"]), shared(false, Vec::new())],
        specimens: Some(specimens().specimens),
        ..view(folded(facts))
    }
}

/// One against which nothing stands, and that serves an application.
pub(crate) fn bound_certificate() -> CertificateView {
    let facts =
        vec![Fact::CertificateRegistered(content()), asked(), answered(1, Authenticity::Authentic), bound()];
    CertificateView { against: Some(Vec::new()), ..view(folded(facts)) }
}

/// One as its exporter sees it.
pub(crate) fn own_certificate() -> CertificateView {
    let said = CertificateContent {
        state: None,
        expires_on: None,
        contract_number: None,
        intermediaries: Vec::new(),
        sealed: true,
        ..content()
    };
    view(folded(vec![Fact::CertificateRegistered(said)]))
}

pub(crate) fn certificate_row(view: CertificateView) -> CertificateRow {
    CertificateRow {
        certificate: view.certificate,
        issuer_name: HOSTILE.to_owned(),
        end_user_name: HOSTILE.to_owned(),
        exporter_name: HOSTILE.to_owned(),
    }
}

/// Specimens of every state but the last.
pub(crate) fn specimens() -> SpecimensView {
    let filed = |valid_until| {
        Fact::SpecimenProposed(NewSpecimen {
            signatory: HOSTILE.to_owned(),
            position: HOSTILE.to_owned(),
            valid_from: day("2011-01-01"),
            valid_until,
            document: paper(),
        })
    };
    let judged = |specimen| SpecimenJudged { specimen };
    let subject = SubjectKind::Specimens.subject("O-P0002");
    let mut state = None;
    for fact in [
        filed(None),
        Fact::SpecimenConfirmed(judged(1)),
        filed(Some(day("2013-01-01"))),
        Fact::SpecimenRejected(judged(2)),
        filed(None),
    ] {
        Specimens::apply(&mut state, &subject, day("2012-05-14"), (HOSTILE, &label()), &fact);
    }
    SpecimensView { specimens: state.unwrap(), parties: names(), history: history(), version: 5 }
}

pub(crate) fn specimens_row() -> SpecimensRow {
    SpecimensRow { specimens: specimens().specimens, authority_name: HOSTILE.to_owned() }
}

/// An inspection that found an incident, closed or not.
pub(crate) fn inspection(closed: bool) -> InspectionView {
    let visited = InspectionVisited {
        outcome: VisitOutcome::Unfavourable,
        expected: vec![HOSTILE.to_owned(), "A-2".to_owned(), "A-3".to_owned()],
        seen: vec!["A-2".to_owned(), format!("{HOSTILE} 9")],
        accounted: vec![Accounted { serial: "A-3".to_owned(), how: HOSTILE.to_owned(), document: paper() }],
        findings: HOSTILE.to_owned(),
        document: paper(),
    };
    let mut facts = vec![Fact::InspectionVisited(visited)];
    facts.extend(closed.then(|| Fact::InspectionClosed(IncidentClosed { document: paper() })));
    let stopped = if closed { Vec::new() } else { vec!["C-L2012-0001".to_owned()] };
    InspectionView { stopped, ..inspected(facts) }
}

/// One that is planned, or was cancelled.
pub(crate) fn planned(cancelled: bool) -> InspectionView {
    inspected(cancelled.then(|| Fact::InspectionCancelled(Occurred::default())).into_iter().collect())
}

fn inspected(facts: Vec<Fact>) -> InspectionView {
    let planned = Fact::InspectionPlanned(InspectionPlanned {
        licence: "C-L2012-0001".to_owned(),
        end_user: "O-P0002".to_owned(),
        certificate: Some("C-E2012-0001".to_owned()),
        visit_on: day("2012-08-01"),
    });
    let subject = SubjectKind::Inspection.subject("C-I2012-0001");
    let mut state = None;
    for fact in std::iter::once(planned).chain(facts) {
        let said = (&fact, Some(HOSTILE));
        Inspection::apply(&mut state, &subject, day("2012-06-14"), (HOSTILE, &label()), said);
    }
    InspectionView {
        inspection: state.unwrap(),
        expected: vec![HOSTILE.to_owned()],
        stopped: Vec::new(),
        parties: names(),
        history: history(),
        version: 3,
    }
}

pub(crate) fn inspection_row(view: InspectionView) -> InspectionRow {
    InspectionRow { inspection: view.inspection, end_user_name: HOSTILE.to_owned() }
}
