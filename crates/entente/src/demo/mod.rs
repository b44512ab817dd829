//! The demonstration register: about three hundred invented contracts whose totals
//! are the publicly stated ones.
//!
//! [`steps`] is pure and gives the same steps always: set the clock, keep a paper,
//! carry out a command as somebody. [`build`] carries them out on an empty
//! register through the same doors that everyone uses, in one transaction, so
//! that there is a whole demonstration or none.
//!
//! States and groups are real. Contracts, parties, goods, prices, dates and papers
//! are invented and say so; the sums in `balance` and `plan` that are publicly
//! stated are named there.

mod account;
mod balance;
mod build;
mod calendar;
mod command;
mod course;
mod deal;
mod document;
mod draw;
mod embargo;
mod exchange;
mod goods;
mod guidance;
mod item;
mod money;
mod opportunity;
mod partner;
mod party;
mod performance;
mod plan;
mod screening;
mod script;
mod shipment;
#[cfg(test)]
mod tests;
mod transfer;

pub use build::{Progress, SHOWN_AT, build, make};
pub use calendar::SHOWN_ON;

use std::sync::Arc;

use entente_register::access::Actor;
use entente_register::ledger::Subject;
use entente_store::Request;
use jiff::Timestamp;

/// One step of the building.
#[derive(Debug, Clone)]
pub enum Step {
    /// The clock is set: what follows is recorded then.
    At(Timestamp),
    /// The bytes of a paper are kept.
    KeepDocument {
        /// Their media type.
        media_type: &'static str,
        /// The bytes.
        bytes: Vec<u8>,
        /// Their content hash, to which the next command refers.
        content: String,
    },
    /// The bytes of an edition of a list are kept.
    KeepList {
        /// The bytes.
        bytes: Vec<u8>,
        /// Their content hash.
        content: String,
    },
    /// The parties are compared with an edition, as the program does it.
    Screen {
        /// Name of the list.
        list: String,
        /// The bytes of the edition.
        bytes: Vec<u8>,
        /// Numbers of the parties, in the order of their registration.
        parties: Vec<String>,
    },
    /// A command is carried out.
    Execute {
        /// Who gives it.
        actor: Arc<Actor>,
        /// The command.
        request: Box<Request>,
        /// What it is about; a new subject with the number that it will be given. None where no other step
        /// names it.
        subject: Option<Subject>,
    },
}

/// From which all choices of the demonstration are drawn.
const SEED: u64 = 2012;

/// From which its money is drawn.
const PURSE: u64 = 2013;

/// From which its opportunities are drawn.
const LEADS: u64 = 2014;

/// From which its milestones are drawn.
const GOALS: u64 = 2015;

/// The steps of the demonstration, in order.
pub fn steps() -> Vec<Step> {
    let mut draw = draw::Draw::new(SEED);
    let mut deals = deal::deals(&mut draw);
    balance::balance(&mut draw, &mut deals);
    let versions = plan::versions(&mut draw, &deals);
    let mut purse = draw::Draw::new(PURSE);
    let schedules = money::schedules(&mut purse, &deals);
    let mut chances = draw::Draw::new(LEADS);
    let leads = opportunity::leads(&mut chances, &deals);
    let entries = script::entries(&mut draw, &mut purse, &deals, &versions, &schedules);
    let entries = script::with_opportunities(entries, &mut chances, &leads);
    let entries = script::with_forecasts(entries);
    let mut course = draw::Draw::new(GOALS);
    let goals = performance::goals(&mut course, &deals);
    let entries = script::with_performance(entries, &mut course, &goals, &deals);
    let entries = script::with_screening(entries);
    command::steps(&deals, &versions, &schedules, &leads, &goals, &entries)
}
