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
//! program ([`united_nations`]). In a register nothing of them binds until two people have brought each file into force;
//! until then the answer is to hold. What is recorded, and by whom, is decided in the part on the ledger: a
//! [`RuleFile`] for each body and regime, and a [`PolicyState`].

mod assemble;
mod exception;
mod fault;
mod file;
mod fit;
mod judge;
mod judgement;
mod ledger;
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
pub use judge::{contested, judge, judge_within};
pub use judgement::{Bearing, Finding, Hold, Judgement, Opened, Outcome};
pub use ledger::{
    About, Edition, EditionAct, EditionCommand, EditionFacts, EditionJudged, EditionKind, EditionProposed,
    LARGEST_TEXT, LONGEST_WITHIN, MACHINE, NewRuleFile, OpenTerm, POLICY_KEY, POLICY_MACHINE, PolicyChange,
    PolicyCommand, PolicyProposed, PolicyState, RuleFile, about, check_policy_step, check_step,
    decide_edition, decide_policy, in_force, open_terms,
};
pub use question::{Area, EndUser, Policy, Purpose, Question};
pub use rule::{
    Activity, AfterTerm, Body, Certainty, Direction, Effect, Ending, LeftOut, Regime, Rule, RuleSet,
    SECURITY_COUNCIL, Span, Term, Timing,
};
pub use scope::{Category, Class, Item, ItemScope};
pub use target::Target;
pub use united_nations::{UNITED_NATIONS, united_nations};
