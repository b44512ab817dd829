//! A decision that was taken, judged again: by the rules in force on its day, whatever is known of them since.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::application::{Application, Decision};
use super::check::{Check, CheckFacts, CheckKind, CheckOutcome, is_settled, run};
use super::question::questions;
use crate::embargo::{Judgement, Question};

/// What is asked of the rules about a decision. All that stands in an edition is known once the edition is.
pub fn questions_of(application: &Application, at: Timestamp) -> BTreeMap<(u32, String), Question> {
    questions(&application.content, &application.end_users, &BTreeSet::new(), (at, Timestamp::MAX))
}

/// What stands against a decision: what the rules say of the lines that were granted and no record settles; and, of the
/// decision itself, that one person took it alone.
pub fn left_against(
    application: &Application,
    decision: &Decision,
    judgements: BTreeMap<(u32, String), Judgement>,
    rules_edition: String,
) -> Vec<Check> {
    let granted = decision.proposal.granted();
    let facts = CheckFacts {
        end_users: application.end_users.clone(),
        judgements,
        rules_edition,
        ..CheckFacts::default()
    };
    let mut left: Vec<Check> = run(&application.content, &facts)
        .into_iter()
        // How parties stood with the lists is a matter of editions, and stands in the decision; so does what was known of
        // certificates, incidents, the destination, denials and quotas.
        .filter(|check| matches!(check.kind, CheckKind::Embargo | CheckKind::EndUser | CheckKind::Purpose))
        .filter(|check| check.line.is_none_or(|line| granted.contains(&line)))
        .filter(|check| !is_settled(check, &application.on_record))
        .collect();
    if decision.proposed_by == decision.countersigned_by {
        left.push(Check {
            kind: CheckKind::Signatures,
            line: None,
            about: decision.proposed_by.clone(),
            outcome: CheckOutcome::Blocked,
            why: "One person proposed it and signed it.".to_owned(),
            source: "decision".to_owned(),
            edition: decision.on.to_string(),
            needs: None,
        });
    }
    left
}
