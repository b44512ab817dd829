//! What others are told of what was refused.

use super::*;
use crate::transfer::notification::{EndUserClass, notification};

fn refused(lines: Vec<LineDecision>) -> Application {
    let count = lines.len();
    let mut desk = Desk::ready(count);
    let facts = clear(count);
    desk.does(&facts, &officer(), A::Propose { on: TODAY, proposal: proposal(lines) }).unwrap();
    desk.does(&facts, &by("second", &[]), A::Countersign { on: TODAY }).unwrap();
    desk.application.unwrap()
}

#[test]
fn the_lines_that_were_refused_and_nothing_of_who_or_why() {
    let audience = Clearance::of(Level::Official);
    let application = refused(vec![refused_line(), LineDecision::Grant]);
    let told = notification(&application, &audience).unwrap();
    assert_eq!((told.destination.as_str(), told.denied_on), ("BRA", TODAY));
    assert_eq!(told.end_users, BTreeSet::from([EndUserClass::Authority]));
    assert_eq!(told.lines.len(), 1, "what was granted is in no denial");
    assert_eq!((told.lines[0].number, &told.lines[0].criteria), (1, &BTreeSet::from([Criterion::Diversion])));
    let said = serde_json::to_string(&told).unwrap();
    for hidden in ["O-P0001", "O-P0002", "Diversion\"", "As the agencies say", "Report 3", "second", "signal"]
    {
        assert!(!said.contains(hidden), "{hidden}: {said}");
    }
}

#[test]
fn what_is_not_refused_and_what_is_marked_higher_is_told_to_nobody() {
    let audience = Clearance::of(Level::Official);
    let code = |application: &Application, audience: &Clearance| {
        notification(application, audience).unwrap_err().code
    };
    assert_eq!(code(&refused(vec![LineDecision::Grant]), &audience), "denial.not_final");
    assert_eq!(code(&Desk::ready(1).application.unwrap(), &audience), "denial.not_final");
    let application = refused(vec![refused_line()]);
    assert_eq!(code(&application, &Clearance::of(Level::Public)), "denial.marking");
    // An appeal opens it again: nothing is final.
    let mut desk = Desk { application: Some(application), licence: None };
    let appeal = A::Appeal { on: TODAY, reason: "It is guarded".into(), document: None };
    desk.does(&clear(1), &officer(), appeal).unwrap();
    assert_eq!(code(&desk.application.unwrap(), &audience), "denial.not_final");
}
