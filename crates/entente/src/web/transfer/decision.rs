//! What is proposed and what was decided, for people.

use std::collections::BTreeMap;

use entente_register::transfer::application::{Application, Decision, LineDecision, Proposal};
use entente_register::transfer::content::{Content, Request};
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::opinion::DisagreementRule;

use super::check::ChecksView;
use super::opinion::criteria;
use super::{Links, Named};
use crate::web::line::counted;
use crate::web::show;

/// A line as it is decided on.
#[derive(Debug, Clone)]
pub(crate) struct DecidedLine {
    pub(crate) number: usize,
    pub(crate) what: String,
    pub(crate) quantity: String,
    pub(crate) granted: bool,
    pub(crate) criteria: String,
    pub(crate) reason: String,
}

/// What a decision says.
#[derive(Debug, Clone)]
pub(crate) struct DecisionBody {
    pub(crate) lines: Vec<DecidedLine>,
    /// `1 May 2012 to 30 April 2013`; empty where nothing is granted.
    pub(crate) validity: String,
    /// Conditions, each with its day in words.
    pub(crate) conditions: Vec<(String, String)>,
    /// By which rule disagreements are resolved; empty where it is not told.
    pub(crate) rule: &'static str,
    pub(crate) reason: String,
}

/// A proposal that waits.
#[derive(Debug, Clone)]
pub(crate) struct ProposalView {
    pub(crate) by: String,
    /// Whoever looks proposed it, and does not sign it.
    pub(crate) own: bool,
    /// The chair is to sign.
    pub(crate) chair: bool,
    pub(crate) body: DecisionBody,
}

/// A decision that was signed.
#[derive(Debug, Clone)]
pub(crate) struct DecisionView {
    pub(crate) number: usize,
    pub(crate) on: String,
    /// `Granted`, `Granted in part` or `Refused`.
    pub(crate) what: &'static str,
    /// Empty where it is not told.
    pub(crate) proposed_by: String,
    pub(crate) signed_by: String,
    pub(crate) licence: Option<Named>,
    pub(crate) body: DecisionBody,
    /// The checks on which it rests, where they are told.
    pub(crate) checks: Option<ChecksView>,
}

/// What a proposal says, without its rule where that is not told: by it one would know that agencies disagree.
fn body(proposal: &Proposal, content: &Content, sight: Sight) -> DecisionBody {
    let lines = proposal.lines.iter().zip(&content.lines).enumerate().map(|(place, (decision, line))| {
        let (granted, criteria, reason) = match decision {
            LineDecision::Grant => (true, String::new(), String::new()),
            LineDecision::Refuse { criteria: by, reason } => (false, criteria(by), reason.clone()),
        };
        DecidedLine {
            number: place + 1,
            what: line.description.clone(),
            quantity: counted(line.quantity, line.unit),
            granted,
            criteria,
            reason,
        }
    });
    let conditions = proposal.conditions.iter().map(|condition| {
        let due = match condition.due_on {
            Some(day) => format!("by {}", show::day(day)),
            None => "before the first shipment".to_owned(),
        };
        (condition.text.clone(), due)
    });
    let verified = proposal.verification_days.map(|days| {
        let within = show::counted(i64::from(days), "day", "days");
        ("Deliveries are verified".to_owned(), format!("within {within} of each shipment"))
    });
    DecisionBody {
        lines: lines.collect(),
        validity: match (proposal.valid_from, proposal.valid_until) {
            (Some(from), Some(until)) => format!("{} to {}", show::day(from), show::day(until)),
            _ => String::new(),
        },
        conditions: conditions.chain(verified).collect(),
        rule: if sight == Sight::Whole { proposal.rule.name() } else { "" },
        reason: proposal.reason.clone(),
    }
}

/// The words of what was decided.
pub(in crate::web) fn what(request: Request, proposal: &Proposal) -> &'static str {
    let is_whole = proposal.granted().len() == proposal.lines.len();
    match (request, proposal.grants(), is_whole) {
        (Request::AdvanceOpinion, false, _) => "Unfavourable opinion",
        (Request::AdvanceOpinion, true, false) => "Favourable opinion in part",
        (Request::AdvanceOpinion, true, true) => "Favourable opinion",
        (Request::ZeroNotice, true, false) => "No licence is needed for a part",
        (Request::ZeroNotice, true, true) => "No licence is needed",
        (Request::Licence | Request::ZeroNotice, false, _) => "Refused",
        (Request::Licence, true, false) => "Granted in part",
        (Request::Licence, true, true) => "Granted",
    }
}

impl ProposalView {
    pub(in crate::web) fn of(this: &Application, sight: Sight, account: &str) -> Option<ProposalView> {
        let (by, proposal) = this.proposal.as_ref()?;
        Some(ProposalView {
            by: by.clone(),
            own: by == account,
            chair: proposal.rule == DisagreementRule::Chair,
            body: body(proposal, &this.content, sight),
        })
    }
}

impl DecisionView {
    /// Decisions, the last first. Of one that was appealed against and then changed, the lines may be others by now.
    pub(in crate::web) fn all(
        this: &Application,
        sight: Sight,
        names: &BTreeMap<String, String>,
        links: &Links,
    ) -> Vec<DecisionView> {
        let view = |(place, decision): (usize, &Decision)| DecisionView {
            number: place + 1,
            on: show::day(decision.on),
            what: what(this.content.request, &decision.proposal),
            proposed_by: decision.proposed_by.clone(),
            signed_by: decision.countersigned_by.clone(),
            licence: decision.licence.as_ref().map(|number| Named::number(number, links.licence(number))),
            body: body(&decision.proposal, &this.content, sight),
            checks: (!decision.checks.is_empty())
                .then(|| ChecksView::of(&decision.checks, &this.on_record, names, links)),
        };
        this.decisions.iter().enumerate().map(view).rev().collect()
    }
}
