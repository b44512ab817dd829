//! `entente embargo policy`: whose measures bind, said and changed by two people.

use clap::{Args, Subcommand};
use entente_register::command::Command;
use entente_register::embargo::{PolicyCommand, PolicyProposed};

use super::register::of_register;
use super::{Format, listed};
use crate::cli::{Context, Done, Halt};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Propose a policy; another person confirms it
    Propose(Propose),
    /// Confirm what another person proposed
    Confirm {
        /// What there is to say beside the proposal
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Reject what another person proposed
    Reject {
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Withdraw what one proposed oneself
    Withdraw {
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Debug, Args)]
struct Propose {
    /// A body whose measures bind, UNSC among them always; repeat it for several. Those of every other body are shown
    #[arg(long, value_name = "BODY", required = true)]
    binding: Vec<String>,
    /// Measures bind that some states only claim to be in force
    #[arg(long)]
    claims_bind: bool,
    /// Arms that an embargo leaves out are not held for the national order
    #[arg(long)]
    without_national_order: bool,
    /// Why: the decision by which it is so
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let (command, said) = match arguments.verb {
        None => return show(context, arguments.format).await,
        Some(Verb::Propose(new)) => {
            let policy = PolicyProposed {
                binding: new.binding.into_iter().collect(),
                claims_bind: new.claims_bind,
                hold_beyond_scope: !new.without_national_order,
            };
            let said = "Proposed; it binds once another person confirms it.";
            (PolicyCommand::Propose { policy, reason: new.reason }, said)
        }
        Some(Verb::Confirm { reason }) => (PolicyCommand::Confirm { reason }, "Confirmed, and in force."),
        Some(Verb::Reject { reason }) => {
            (PolicyCommand::Reject { reason }, "Rejected; what was in force stays so.")
        }
        Some(Verb::Withdraw { reason }) => {
            (PolicyCommand::Withdraw { reason }, "Withdrawn; what was in force stays so.")
        }
    };
    change(context, command).await?;
    context.out.line(said)
}

async fn change(context: &mut Context, command: PolicyCommand) -> Result<(), Halt> {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    store.execute(&actor, Command::Policy(command)).await?;
    store.close().await;
    Ok(())
}

async fn show(context: &mut Context, format: Format) -> Done {
    let (store, reader) = of_register(context, None, None).await?;
    let state = reader.embargo_policy().await?.state;
    store.close().await;
    let in_force = state.as_ref().and_then(|state| state.in_force.clone());
    let waiting = state.as_ref().and_then(|state| state.waiting().cloned());
    match format {
        Format::Json => {
            let policy = in_force.as_ref().map(|change| change.policy.clone()).unwrap_or_default();
            context
                .out
                .json(&serde_json::json!({ "policy": policy, "in_force": in_force, "waiting": waiting }))
        }
        Format::Text => {
            let words = |policy: &PolicyProposed| {
                format!(
                    "{}; measures that some only claim {}; arms beyond a measure’s items {}",
                    listed(&policy.binding),
                    if policy.claims_bind { "bind" } else { "are shown" },
                    if policy.hold_beyond_scope { "are held for the national order" } else { "are not held" }
                )
            };
            context.out.line(&match &in_force {
                Some(change) => format!(
                    "Binding: {}. Proposed by {}, confirmed by {}: {}",
                    words(&change.policy),
                    change.proposal.by,
                    change.decision.as_ref().map(|act| act.by.as_str()).unwrap_or_default(),
                    change.proposal.reason.as_deref().unwrap_or_default()
                ),
                None => {
                    format!("Binding: {}. Nobody has decided otherwise.", words(&PolicyProposed::default()))
                }
            })?;
            let Some(change) = waiting else { return Ok(()) };
            context.out.line(&format!(
                "Waits for a second person: {}. Proposed by {}: {}",
                words(&change.policy),
                change.proposal.by,
                change.proposal.reason.as_deref().unwrap_or_default()
            ))
        }
    }
}
