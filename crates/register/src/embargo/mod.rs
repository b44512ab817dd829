//! Embargoes and other measures that bind what may be transferred to whom: as data, and how they are judged.
//!
//! A [`RuleSet`] is what files say, by body: each [`Rule`] with its target, direction, items, activities, exceptions, the
//! instants from which and up to which it holds, the instant from which it was known, what is disputed of it, and how
//! certain it is that the record is right. [`judge`] answers one [`Question`] by a rule set and a [`Policy`], and cites
//! every rule that bears on the answer.
//!
//! **Where a rule, a fact or a date is not certain, nothing passes.** An unknown fact on which the answer turns holds; a
//! rule whose certainty is other than high holds whatever it would say; a date outside the span that the rules cover
//! holds; a term that ran out keeps its rule in force, scope and exceptions included, until someone records what came
//! after. What others dispute or claim is shown beside the answer and decides nothing by itself.
//!
//! The measures of the United Nations stand in `crates/register/data/embargo`, one file a regime, and are a part of the
//! program ([`united_nations`]). They are bound into no application yet: this module is asked, and nothing is recorded.

mod assemble;
mod exception;
mod fault;
mod file;
mod fit;
mod judge;
mod judgement;
mod question;
mod rule;
mod scope;
mod target;
#[cfg(test)]
mod tests;
mod united_nations;
mod weigh;
mod word;

pub use assemble::read;
pub use exception::{Condition, Exception, Opening};
pub use fault::{FileFault, Text};
pub use fit::{Fit, Missing};
pub use judge::{judge, judge_within};
pub use judgement::{Bearing, Finding, Hold, Judgement, Opened, Outcome};
pub use question::{Area, EndUser, Policy, Purpose, Question};
pub use rule::{
    Activity, AfterTerm, Body, Certainty, Direction, Effect, Ending, LeftOut, Regime, Rule, RuleSet,
    SECURITY_COUNCIL, Span, Term, Timing,
};
pub use scope::{Category, Class, Item, ItemScope};
pub use target::Target;
pub use united_nations::{UNITED_NATIONS, united_nations};
