//! Whose measures bind, and how that was decided.

use askama::Template;
use axum::extract::Path;
use entente_register::embargo::{POLICY_KEY, PolicyProposed};
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::screening::marking;
use entente_store::reader::PolicyView as Held;

use super::{bodies, told};
use crate::error::Answer;
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, acts};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// A policy for people.
#[derive(Debug, Clone)]
pub(crate) struct PolicyCells {
    pub(crate) binding: String,
    pub(crate) claims: &'static str,
    pub(crate) scope: &'static str,
    /// By whom it was proposed and confirmed, and why; empty of the default.
    pub(crate) proposed: String,
    pub(crate) confirmed: String,
    pub(crate) reason: String,
}

/// What stands on the page.
#[derive(Debug, Clone)]
pub(crate) struct PolicyView {
    pub(crate) in_force: PolicyCells,
    pub(crate) is_default: bool,
    pub(crate) waiting: Option<PolicyCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "embargo/policy.html")]
pub(crate) struct PolicyPage {
    pub(crate) frame: Frame,
    pub(crate) offers: Offers,
    pub(crate) view: PolicyView,
}

/// `GET /policies/{key}`
pub(in crate::web) async fn get(visit: Visit, Path(key): Path<String>) -> Answer {
    if key != POLICY_KEY {
        return Err(Refusal::not_found("policy", &key).into());
    }
    let reader = visit.reader().await?;
    let held = reader.embargo_policy().await?;
    let view = view(&held, &visit.way());
    let account = visit.actor().account.clone();
    crate::web::page(&PolicyPage {
        frame: visit.frame(Part::Screening, "Policy of embargoes", &reader).marked(Some(&marking())),
        offers: Offers::of(&visit, &reader, Stands::Policy(Box::new(held), account)),
        view,
    })
}

fn cells(policy: &PolicyProposed) -> PolicyCells {
    PolicyCells {
        binding: bodies(policy),
        claims: if policy.claims_bind { "bind" } else { "are shown, and do not bind" },
        scope: if policy.hold_beyond_scope {
            "are held for the national order"
        } else {
            "are not held on account of the measure"
        },
        proposed: String::new(),
        confirmed: String::new(),
        reason: String::new(),
    }
}

/// Writes it for people.
pub(crate) fn view(held: &Held, way: &Way) -> PolicyView {
    let change = |change: &entente_register::embargo::PolicyChange| PolicyCells {
        proposed: told(&change.proposal),
        confirmed: change.decision.as_ref().map(told).unwrap_or_default(),
        reason: change.proposal.reason.clone().unwrap_or_default(),
        ..cells(&change.policy)
    };
    let in_force = held.state.as_ref().and_then(|state| state.in_force.as_ref());
    PolicyView {
        in_force: in_force.map_or_else(|| cells(&PolicyProposed::default()), change),
        is_default: in_force.is_none(),
        waiting: held.state.as_ref().and_then(|state| state.waiting()).map(change),
        history: acts(&held.history, SubjectKind::Policy, POLICY_KEY, way),
    }
}
