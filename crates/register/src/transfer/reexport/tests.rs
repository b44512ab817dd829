//! The rules of re-export consent.

use std::collections::BTreeMap;

use jiff::civil::Date;
use proptest::prelude::*;

use super::*;
use crate::access::{Actor, Role};
use crate::embargo::{Class, Judgement, Outcome};
use crate::label::{Clearance, Level};
use crate::ledger::{Context, NewEvent, Refusal, SubjectKind};
use crate::money::{Currency, Money, Unit};
use crate::transfer::check::{EndUserStanding, PartyStanding};
use crate::transfer::content::{StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole};
use crate::transfer::licence::{Licence, LicenceFact, LicenceIssued, LicenceLine, WriteOff};

const LICENCE: &str = "O-L2026-0001";

fn on() -> Date {
    "2026-06-15".parse().unwrap()
}

fn paper() -> Document {
    Document { title: "Paper".into(), dated: on(), content: None }
}

fn context(account: &str) -> Context {
    Context {
        actor: Actor {
            account: account.into(),
            name: account.into(),
            roles: vec![Role::LicensingOfficer],
            clearance: Clearance::of(Level::Official),
            party: None,
        },
        now: "2026-06-15T12:00:00Z".parse().unwrap(),
        today: on(),
    }
}

fn label() -> Label {
    Label::of(Level::Official)
}

/// A licence of a hundred aircraft to BRA, of which so many went and so many were received.
fn licence(written: i64, received: i64) -> Licence {
    let usd = |units: i64| Money::new(units * 100, Currency::USD);
    let issued = LicenceIssued {
        application: "O-T2026-0001".into(),
        kind: TransferKind::Export,
        holder: "O-P0001".into(),
        destination: "BRA".into(),
        parties: vec![TransferParty { role: TransferRole::EndUser, party: "O-P0002".into() }],
        currency: Currency::USD,
        lines: vec![LicenceLine {
            number: 1,
            description: "Aircraft".into(),
            category: "ML10.a".into(),
            quantity: Quantity::whole(100),
            unit: Unit::Piece,
            value: usd(100),
        }],
        valid_from: on(),
        valid_until: "2027-06-14".parse().unwrap(),
        conditions: Vec::new(),
        verification_days: None,
    };
    let mut state = None;
    let mut facts = vec![LicenceFact::Issued(issued)];
    if written > 0 {
        facts.push(LicenceFact::WrittenOff(WriteOff {
            reference: "D-1".into(),
            line: 1,
            quantity: Quantity::whole(written),
            value: usd(written),
            delivery: None,
            document: paper(),
        }));
    }
    if received > 0 {
        facts.push(LicenceFact::DeliveryVerified {
            reference: "D-1".into(),
            quantity: Quantity::whole(received),
            document: paper(),
        });
    }
    for fact in &facts {
        Licence::apply(&mut state, LICENCE, on(), ("officer", &label()), fact);
    }
    state.unwrap()
}

fn applied() -> TransferLine {
    TransferLine {
        description: "Aircraft".into(),
        category: "ML10.a".into(),
        class: Class::OtherArms,
        part: false,
        non_lethal: None,
        quantity: Quantity::whole(100),
        unit: Unit::Piece,
        unit_price: Money::new(100, Currency::USD),
        contract_line: None,
    }
}

fn item(pieces: i64) -> ReexportItem {
    ReexportItem { licence: LICENCE.into(), line: 1, quantity: Quantity::whole(pieces) }
}

fn new(pieces: i64) -> NewReexport {
    NewReexport {
        on: on(),
        label: label(),
        title: "Aircraft to a third state".into(),
        authority: "O-P0003".into(),
        items: vec![item(pieces)],
        serials: Vec::new(),
        end_user: "O-P0004".into(),
        parties: Vec::new(),
        destination: "IND".into(),
        purpose: StatedPurpose::Defence,
        end_use: "Defence of the coast".into(),
        document: paper(),
    }
}

fn request_facts(licence: &Licence, undertaken: bool) -> RequestFacts {
    let delivered = BTreeMap::from([((LICENCE.to_owned(), 1), Delivered::of(licence, 1))]);
    RequestFacts {
        parties: ["O-P0003", "O-P0004"].map(|party| (party.to_owned(), label())).into(),
        licences: BTreeMap::from([(LICENCE.to_owned(), (licence.clone(), vec![applied()]))]),
        bindings: vec![Binding {
            licence: LICENCE.into(),
            certificate: Some("O-E2026-0001".into()),
            undertaken,
        }],
        delivered,
    }
}

/// What is known where nothing stands against it but what the rules say.
fn facts(outcome: Outcome, delivered: Delivered) -> ReexportFacts {
    let clear = PartyStanding::Clear { editions: "un".into() };
    let judgement = Judgement {
        outcome,
        findings: Vec::new(),
        holds: Vec::new(),
        notes: Vec::new(),
        to_record: Vec::new(),
    };
    ReexportFacts {
        checks: CheckFacts {
            parties: ["O-P0003", "O-P0004"].map(|party| (party.to_owned(), clear.clone())).into(),
            judgements: BTreeMap::from([((1, "O-P0004".to_owned()), judgement)]),
            day: on(),
            ..CheckFacts::default()
        },
        delivered: BTreeMap::from([((LICENCE.to_owned(), 1), delivered)]),
    }
}

fn fold(state: &mut Option<Reexport>, by: &str, events: &[NewEvent]) {
    for event in events {
        let fact = (&event.fact, event.reason.as_deref());
        Reexport::apply(state, &event.subject, event.occurred_on, (by, &event.label), fact);
    }
}

fn requested(pieces: i64, undertaken: bool) -> Reexport {
    let events = request(
        "O-X2026-0001",
        &request_facts(&licence(60, 60), undertaken),
        &context("officer"),
        new(pieces),
    );
    let mut state = None;
    fold(&mut state, "officer", &events.unwrap());
    state.unwrap()
}

fn consent() -> ReexportProposal {
    ReexportProposal {
        consents: true,
        valid_from: Some(on()),
        valid_until: Some("2027-06-14".parse().unwrap()),
        conditions: vec!["No further re-export".into()],
        criteria: Default::default(),
        reason: "Nothing stands against it".into(),
    }
}

fn acts(
    this: &mut Reexport,
    facts: &ReexportFacts,
    by: &str,
    command: ReexportCommand,
) -> Result<(), Refusal> {
    let events = decide(this, facts, &context(by), command)?;
    let mut state = Some(this.clone());
    fold(&mut state, by, &events);
    *this = state.unwrap();
    Ok(())
}

fn establish() -> ReexportCommand {
    let standing = EndUserStanding::Authority { state: "IND".into() };
    ReexportCommand::Establish { on: on(), party: "O-P0004".into(), standing, document: paper() }
}

fn rights() -> ReexportCommand {
    ReexportCommand::ConsiderRights { on: on(), finding: "None".into(), document: paper() }
}

#[test]
fn what_is_asked_for_is_no_more_than_went_and_comes_from_one_state_to_another() {
    let by = context("officer");
    let asks = |licence: &Licence, new: NewReexport| {
        request("O-X2026-0001", &request_facts(licence, true), &by, new)
    };
    let over = asks(&licence(60, 0), new(61)).unwrap_err();
    assert_eq!((over.code, over.field.as_deref()), ("reexport.over_delivered", Some("items[0].quantity")));
    assert!(over.message.contains("60 went under it: 61 would be 1 too many"), "{}", over.message);
    assert_eq!(asks(&licence(0, 0), new(1)).unwrap_err().code, "reexport.over_delivered");
    let with = |change: fn(&mut NewReexport)| {
        let mut new = new(10);
        change(&mut new);
        asks(&licence(60, 0), new).unwrap_err()
    };
    for (change, code, field) in [
        ((|new| new.items.clear()) as fn(&mut NewReexport), "reexport.items", "items"),
        (|new| new.items[0].licence = "O-L2026-0009".into(), "not_found", "items[0].licence"),
        (|new| new.items[0].line = 2, "licence.line", "items[0].line"),
        (|new| new.items[0].quantity = Quantity(1), "quantity.not_whole", "items[0].quantity"),
        (|new| new.end_user = "O-P0099".into(), "not_found", "end_user"),
        (|new| new.authority = "O-P0099".into(), "not_found", "authority"),
        (|new| new.destination = "Brazil".into(), "state.malformed", "destination"),
        (|new| new.serials = vec!["A 1".into(), "a 1".into()], "reexport.serial", "serials"),
        (
            |new| (new.destination, new.end_user) = ("BRA".into(), "O-P0002".into()),
            "reexport.same",
            "end_user",
        ),
        (|new| new.label = Label::of(Level::Public), "reexport.marking", "items[0].licence"),
        (|new| new.label = Label::of(Level::Secret), "label.above_clearance", "label"),
    ] {
        let refusal = with(change);
        if code != "state.malformed" {
            assert_eq!(refusal.code, code);
        }
        assert_eq!(refusal.field.as_deref(), Some(field), "{code}: {}", refusal.message);
        assert!(refusal.missing.is_some(), "{code}");
    }
    let asked = asks(&licence(60, 0), new(60)).unwrap();
    let Fact::ReexportRequested(requested) = &asked[0].fact else { panic!("{asked:?}") };
    assert_eq!(requested.content.origin.as_deref(), Some("BRA"));
    assert_eq!(
        (requested.holders.as_slice(), requested.content.lines[0].quantity),
        (&["O-P0002".to_owned()][..], Quantity::whole(60))
    );
}

#[test]
fn consent_rests_on_what_binds_on_rights_and_on_every_check() {
    let delivered = Delivered::of(&licence(60, 60), 1);
    let good = facts(Outcome::Pass, delivered);
    let propose = || ReexportCommand::Propose { on: on(), proposal: consent() };
    let mut this = requested(10, false);
    let refused = acts(&mut this, &good, "officer", propose()).unwrap_err();
    assert_eq!(refused.code, "reexport.unbound");
    let ground =
        ReexportCommand::Ground { on: on(), ground: "Clause 7 of the contract".into(), document: paper() };
    acts(&mut this, &good, "officer", ground.clone()).unwrap();
    assert_eq!(acts(&mut this, &good, "officer", propose()).unwrap_err().code, "reexport.rights");
    acts(&mut this, &good, "officer", rights()).unwrap();
    let held = acts(&mut this, &good, "officer", propose()).unwrap_err();
    assert_eq!(held.code, "transfer.held");
    assert!(held.message.contains("Who it is was not established"), "{}", held.message);
    acts(&mut this, &good, "officer", establish()).unwrap();
    let blocked = facts(Outcome::Blocked, delivered);
    assert_eq!(acts(&mut this, &blocked, "officer", propose()).unwrap_err().code, "transfer.blocked");
    // An incident at whoever holds the goods, or a list that says nothing of who asks, holds as well.
    let mut incident = good.clone();
    incident.checks.incidents.insert("O-P0002".into(), vec!["Two are missing.".into()]);
    assert!(
        acts(&mut this, &incident, "officer", propose()).unwrap_err().message.contains("Two are missing")
    );
    let mut unknown = good.clone();
    unknown.checks.parties.remove("O-P0003");
    assert_eq!(acts(&mut this, &unknown, "officer", propose()).unwrap_err().code, "transfer.held");
    // What is not confirmed to have been received, or is consented to already, is not there to be passed on.
    let some = facts(Outcome::Pass, Delivered { received: Quantity::whole(9), ..delivered });
    assert_eq!(acts(&mut this, &some, "officer", propose()).unwrap_err().code, "reexport.over_delivered");
    let taken = facts(Outcome::Pass, Delivered { taken: Quantity::whole(51), ..delivered });
    let refused = acts(&mut this, &taken, "officer", propose()).unwrap_err();
    assert!(refused.message.contains("51 of it are consented to already"), "{}", refused.message);

    acts(&mut this, &good, "officer", propose()).unwrap();
    let sign = ReexportCommand::Countersign { on: on() };
    assert_eq!(acts(&mut this, &good, "officer", sign.clone()).unwrap_err().code, "transfer.two_people");
    // All of it is asked again at the signature.
    assert_eq!(acts(&mut this, &blocked, "chair", sign.clone()).unwrap_err().code, "transfer.blocked");
    assert_eq!(acts(&mut this, &taken, "chair", sign.clone()).unwrap_err().code, "reexport.over_delivered");
    // An act between takes the proposal back.
    acts(&mut this, &good, "officer", ground).unwrap();
    assert_eq!(acts(&mut this, &good, "chair", sign.clone()).unwrap_err().code, "state");
    acts(&mut this, &good, "officer", propose()).unwrap();
    acts(&mut this, &good, "chair", sign).unwrap();
    assert_eq!((this.state, this.takes().values().next().copied()), ("consented", Some(Quantity::whole(10))));
    let decision = this.decision.as_ref().unwrap();
    assert_eq!((decision.proposed_by.as_str(), decision.countersigned_by.as_str()), ("officer", "chair"));
    assert!(decision.checks.iter().all(|check| check.kind != CheckKind::Certificate));

    // The recipient reports what it passed on: no more than was consented to, within its days.
    let report = |pieces, day: &str| ReexportCommand::Report {
        on: day.parse().unwrap(),
        items: vec![item(pieces)],
        document: paper(),
    };
    assert_eq!(
        acts(&mut this, &good, "officer", report(6, "2026-06-14")).unwrap_err().code,
        "reexport.validity"
    );
    acts(&mut this, &good, "officer", report(6, "2026-06-15")).unwrap();
    let over = acts(&mut this, &good, "officer", report(5, "2026-06-15")).unwrap_err();
    assert_eq!(over.code, "reexport.over_consented");
    // Closed, it takes no more than was passed on.
    acts(&mut this, &good, "officer", ReexportCommand::Close { on: on(), reason: "Done".into() }).unwrap();
    assert_eq!(this.takes().values().next().copied(), Some(Quantity::whole(6)));
    assert_eq!(acts(&mut this, &good, "officer", report(1, "2026-06-15")).unwrap_err().code, "state");
}

#[test]
fn a_refusal_names_its_criteria_and_needs_no_check() {
    let nothing = ReexportFacts::default();
    let mut this = requested(10, true);
    let bare = ReexportProposal {
        consents: false,
        valid_from: None,
        valid_until: None,
        conditions: Vec::new(),
        ..consent()
    };
    let propose = |proposal| ReexportCommand::Propose { on: on(), proposal };
    let refused = acts(&mut this, &nothing, "officer", propose(bare.clone())).unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("criteria"));
    let named = ReexportProposal { criteria: [Criterion::Diversion].into(), ..bare };
    acts(&mut this, &nothing, "officer", propose(named)).unwrap();
    acts(&mut this, &nothing, "chair", ReexportCommand::Countersign { on: on() }).unwrap();
    assert_eq!((this.state, this.takes().is_empty()), ("refused", true));
    let ground = ReexportCommand::Ground { on: on(), ground: "x".into(), document: paper() };
    assert_eq!(acts(&mut this, &nothing, "officer", ground).unwrap_err().code, "state");
    assert_eq!(this.requested.bindings[0].certificate.as_deref(), Some("O-E2026-0001"));
    assert_eq!(SubjectKind::Reexport.word(), "reexport");
}

/// One step of a sequence: by whom, about which of two requests, and what is known then.
type Step = (usize, usize, usize, bool, bool);

proptest! {
    /// No sequence consents to more than was received, to what the rules block, or by one person.
    #[test]
    fn no_sequence_consents_to_what_may_not_go(
        wanted in proptest::array::uniform2(1i64..50),
        steps in proptest::collection::vec((0usize..2, 0usize..2, 0usize..9, any::<bool>(), any::<bool>()), 1..60),
    ) {
        let delivered = Delivered::of(&licence(60, 60), 1);
        let mut requests: Vec<Reexport> =
            wanted.iter().map(|pieces| requested(*pieces, *pieces % 2 == 0)).collect();
        for (who, which, what, is_blocked, is_clear) in steps as Vec<Step> {
            let by = ["officer", "chair"][who];
            let taken = requests[1 - which].takes().values().map(|quantity| quantity.0).sum();
            let outcome = if is_blocked { Outcome::Blocked } else { Outcome::Pass };
            let mut known = facts(outcome, Delivered { taken: Quantity(taken), ..delivered });
            if !is_clear {
                known.checks.parties.clear();
            }
            let command = match what {
                0 => establish(),
                1 => rights(),
                2 => ReexportCommand::Ground { on: on(), ground: "Clause".into(), document: paper() },
                3 | 4 => ReexportCommand::Propose { on: on(), proposal: consent() },
                5 | 6 => ReexportCommand::Countersign { on: on() },
                7 => ReexportCommand::Report { on: on(), items: vec![item(1 + i64::from(is_blocked) * 9)], document: paper() },
                _ => ReexportCommand::Close { on: on(), reason: "Done".into() },
            };
            let is_signature = matches!(command, ReexportCommand::Countersign { .. });
            let before = requests[which].clone();
            if acts(&mut requests[which], &known, by, command).is_ok() && is_signature {
                prop_assert!(!is_blocked && is_clear);
                prop_assert_ne!(before.proposal.map(|(proposer, _)| proposer), Some(by.to_owned()));
                prop_assert!(before.rights.is_some());
            }
            let all: i64 = requests.iter().flat_map(|one| one.takes().into_values()).map(|quantity| quantity.0).sum();
            prop_assert!(all <= Quantity::whole(60).0);
            for one in &requests {
                let passed: i64 = one.reported().values().map(|quantity| quantity.0).sum();
                prop_assert!(passed <= one.requested.items[0].quantity.0);
            }
        }
    }
}
