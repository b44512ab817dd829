//! What is sought when it is no licence: an advance opinion before an offer, and a notice that no licence is needed.

use super::*;
use crate::transfer::check::CheckKind;
use crate::transfer::content::{ON_NO_LIST, Request};

/// An application for something else than a licence, with what a decision needs.
fn ready(request: Request, class: Class) -> Desk {
    let facts = clear(1);
    let mut content = content_of_lines(1);
    content.request = request;
    content.lines[0].class = class;
    if class == Class::Uncontrolled {
        content.lines[0].category = ON_NO_LIST.to_owned();
    }
    let mut desk = Desk::default();
    let standing = EndUserStanding::Authority { state: "BRA".into() };
    let opinion = opinion("Defence", vec![Stance::Approve]);
    for command in [
        A::Draft { on: TODAY, content: Box::new(content) },
        A::Submit { on: TODAY },
        A::Establish { on: TODAY, party: "O-P0002".into(), standing, document: paper() },
        A::AskOpinion { on: TODAY, agency: "Defence".into(), due_on: Some(date(2012, 9, 20)) },
        A::GiveOpinion { on: TODAY, opinion },
        A::Assess { on: TODAY, assessment: assessment(Risk::Low) },
    ] {
        desk.does(&facts, &officer(), command).unwrap();
    }
    desk
}

fn propose(desk: &mut Desk, facts: &DecisionFacts, line: LineDecision) -> Result<(), Refusal> {
    desk.does(facts, &officer(), A::Propose { on: TODAY, proposal: proposal(vec![line]) })
}

fn sign(desk: &mut Desk, facts: &DecisionFacts) -> Result<(), Refusal> {
    desk.does(facts, &by("second", &[]), A::Countersign { on: TODAY })
}

#[test]
fn an_advance_opinion_binds_until_a_day_and_lets_nothing_go() {
    let mut desk = ready(Request::AdvanceOpinion, Class::OtherArms);
    // Before an offer nobody has a certificate.
    let facts =
        DecisionFacts { checks: CheckFacts { certificates: BTreeMap::new(), ..clear(1).checks }, ..clear(1) };
    propose(&mut desk, &facts, LineDecision::Grant).unwrap();
    assert_eq!(sign(&mut desk, &facts).map(|()| desk.state()), Ok("affirmed"));
    assert!(desk.licence.is_none());
    let this = desk.application.as_ref().unwrap();
    let decision = this.decisions.last().unwrap();
    assert_eq!((decision.licence.as_ref(), this.binds_until()), (None, Some(date(2013, 8, 31))));
    assert!(!decision.checks.is_empty());
    assert!(decision.checks.iter().all(|check| check.kind != CheckKind::Certificate));
}

#[test]
fn what_stands_against_a_licence_stands_against_an_opinion_on_it() {
    let mut desk = ready(Request::AdvanceOpinion, Class::OtherArms);
    let mut facts = clear(1);
    facts.checks.judgements = of_lines(vec![Outcome::Blocked]);
    assert_eq!(propose(&mut desk, &facts, LineDecision::Grant).unwrap_err().code, "transfer.blocked");
    propose(&mut desk, &facts, refused_line()).unwrap();
    sign(&mut desk, &facts).unwrap();
    assert_eq!((desk.state(), desk.application.as_ref().unwrap().binds_until()), ("refused", None));
}

#[test]
fn no_licence_is_needed_only_for_what_is_on_no_list() {
    let facts = clear(1);
    for class in [Class::OtherArms, Class::DualUse, Class::Unknown] {
        let mut desk = ready(Request::ZeroNotice, class);
        let refusal = propose(&mut desk, &facts, LineDecision::Grant).unwrap_err();
        assert!(["transfer.controlled", "transfer.held"].contains(&refusal.code), "{refusal:?}");
        assert!(propose(&mut desk, &facts, refused_line()).is_ok());
    }
    let mut desk = ready(Request::ZeroNotice, Class::Uncontrolled);
    propose(&mut desk, &facts, LineDecision::Grant).unwrap();
    sign(&mut desk, &facts).unwrap();
    assert_eq!(desk.state(), "affirmed");
    // Of arms the entry is named.
    let mut content = content_of_lines(1);
    content.lines[0].category = ON_NO_LIST.to_owned();
    let refusal = content.check(&officer()).unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("lines[0].category"));
}

#[test]
fn an_application_says_in_what_it_goes_beyond_an_opinion() {
    let opined = content_of_lines(2);
    assert!(opined.beyond(&opined).is_empty());
    type Edit = fn(&mut Content);
    let edits: [(Edit, &str); 5] = [
        (|content| content.destination = "PER".into(), "the destination"),
        (|content| content.lines[1].quantity = Quantity::whole(1_000_000), "the goods or their quantities"),
        (|content| content.lines[0].category = "ML10".into(), "the goods or their quantities"),
        (|content| content.route = vec!["ARG".into()], "the route"),
        (
            |content| {
                let party = TransferParty { role: TransferRole::EndUser, party: "O-P0009".into() };
                content.parties.push(party);
            },
            "the end users",
        ),
    ];
    for (edit, what) in edits {
        let mut content = opined.clone();
        edit(&mut content);
        assert_eq!(content.beyond(&opined), [what]);
    }
    let mut less = opined.clone();
    less.lines.truncate(1);
    assert!(less.beyond(&opined).is_empty(), "what is less is within it");
}
