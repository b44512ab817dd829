//! Sample data for the tests of the pages: re-exports with hostile words in every text.

use std::collections::BTreeMap;

use entente_register::document::Document;
use entente_register::embargo::Class;
use entente_register::ledger::{Fact, Occurred, SubjectKind};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::transfer::check::{Check, CheckKind, CheckOutcome, RecordKind};
use entente_register::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use entente_register::transfer::opinion::Criterion;
use entente_register::transfer::reexport::{
    Binding, Delivered, GroundRecorded, Reexport, ReexportConsented, ReexportItem, ReexportProposal,
    ReexportReported, ReexportRequested, RightsConsidered,
};
use entente_store::reader::{ReexportLine, ReexportRow, ReexportView};

use crate::web::sample::{HOSTILE, day, history, label};

fn paper() -> Document {
    Document { title: HOSTILE.to_owned(), dated: day("2012-09-01"), content: Some("ab".repeat(32)) }
}

fn item(licence: &str, pieces: i64) -> ReexportItem {
    ReexportItem { licence: licence.to_owned(), line: 1, quantity: Quantity::whole(pieces) }
}

fn requested() -> ReexportRequested {
    let party = |role, party: &str| TransferParty { role, party: party.to_owned() };
    let line = TransferLine {
        description: HOSTILE.to_owned(),
        category: "ML10.a".to_owned(),
        class: Class::OtherArms,
        part: false,
        non_lethal: None,
        quantity: Quantity::whole(2),
        unit: Unit::Piece,
        unit_price: Money::new(100, Currency::USD),
        contract_line: None,
    };
    ReexportRequested {
        items: vec![item("C-L2012-0001", 2), item("C-L2012-0002", 2)],
        serials: vec![HOSTILE.to_owned()],
        bindings: vec![
            Binding {
                licence: "C-L2012-0001".to_owned(),
                certificate: Some("C-E2012-0001".to_owned()),
                undertaken: true,
            },
            Binding { licence: "C-L2012-0002".to_owned(), certificate: None, undertaken: false },
        ],
        holders: vec!["O-P0002".to_owned()],
        content: Content {
            request: Request::Licence,
            advance_opinion: None,
            kind: TransferKind::Export,
            title: HOSTILE.to_owned(),
            applicant: "O-P0003".to_owned(),
            origin: Some("BRA".to_owned()),
            destination: "IND".to_owned(),
            route: Vec::new(),
            parties: vec![party(TransferRole::EndUser, "O-P0004"), party(TransferRole::Consignee, "O-P0005")],
            lines: vec![line.clone(), line],
            purpose: StatedPurpose::Police,
            end_use: HOSTILE.to_owned(),
            exception: None,
            contract: None,
            return_by: None,
            documents: Vec::new(),
        },
        document: paper(),
    }
}

fn proposal(consents: bool) -> ReexportProposal {
    let day = |text| consents.then(|| day(text));
    ReexportProposal {
        consents,
        valid_from: day("2012-09-10"),
        valid_until: day("2013-09-09"),
        conditions: if consents { vec![HOSTILE.to_owned()] } else { Vec::new() },
        criteria: if consents { Default::default() } else { [Criterion::Diversion].into() },
        reason: HOSTILE.to_owned(),
    }
}

fn checks() -> Vec<Check> {
    let check = |kind, line, about: &str, outcome, needs| Check {
        kind,
        line,
        about: about.to_owned(),
        outcome,
        why: HOSTILE.to_owned(),
        source: HOSTILE.to_owned(),
        edition: HOSTILE.to_owned(),
        needs,
    };
    vec![
        check(CheckKind::Screening, None, "O-P0004", CheckOutcome::Pass, None),
        check(CheckKind::Purpose, None, "police", CheckOutcome::Record, Some(RecordKind::Consideration)),
        check(CheckKind::Embargo, Some(1), "rule", CheckOutcome::Blocked, None),
    ]
}

fn after(facts: Vec<Fact>) -> ReexportView {
    let subject = SubjectKind::Reexport.subject("C-X2012-0001");
    let mut state = None;
    for fact in std::iter::once(Fact::ReexportRequested(requested())).chain(facts) {
        Reexport::apply(&mut state, &subject, day("2012-09-10"), (HOSTILE, &label()), (&fact, Some(HOSTILE)));
    }
    let delivered = Delivered {
        written_off: Quantity::whole(9),
        received: Quantity::whole(8),
        taken: Quantity::whole(1),
    };
    let line = |licence: &str, delivered| ReexportLine { licence: licence.to_owned(), line: 1, delivered };
    let names = ["O-P0002", "O-P0003", "O-P0004", "O-P0005"];
    ReexportView {
        reexport: state.unwrap(),
        checks: checks(),
        lines: vec![line("C-L2012-0001", Some(delivered)), line("C-L2012-0002", None)],
        parties: names
            .map(|party| (party.to_owned(), HOSTILE.to_owned()))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        origin_name: HOSTILE.to_owned(),
        destination_name: HOSTILE.to_owned(),
        history: history(),
        version: 3,
    }
}

/// One that waits for what is to be recorded.
pub(crate) fn asked() -> ReexportView {
    after(Vec::new())
}

fn examined() -> Vec<Fact> {
    vec![
        Fact::ReexportGroundRecorded(GroundRecorded { ground: HOSTILE.to_owned(), document: paper() }),
        Fact::ReexportRightsConsidered(RightsConsidered { finding: HOSTILE.to_owned(), document: paper() }),
    ]
}

/// One that waits for a signature.
pub(crate) fn proposed() -> ReexportView {
    let mut facts = examined();
    facts.push(Fact::ReexportProposed(proposal(true)));
    after(facts)
}

/// One that was consented to, and of which something was passed on.
pub(crate) fn consented() -> ReexportView {
    let mut facts = examined();
    facts.push(Fact::ReexportProposed(proposal(true)));
    facts.push(Fact::ReexportConsented(ReexportConsented { checks: checks() }));
    let report = ReexportReported { items: vec![item("C-L2012-0001", 1)], document: paper() };
    facts.push(Fact::ReexportReported(report));
    facts.push(Fact::ReexportRevoked(Occurred::default()));
    after(facts)
}

/// One that was refused.
pub(crate) fn refused() -> ReexportView {
    let proposed = Fact::ReexportProposed(proposal(false));
    after(vec![proposed, Fact::ReexportRefused(Occurred::default())])
}

pub(crate) fn row() -> ReexportRow {
    ReexportRow {
        reexport: consented().reexport,
        authority_name: HOSTILE.to_owned(),
        end_user_name: HOSTILE.to_owned(),
    }
}
