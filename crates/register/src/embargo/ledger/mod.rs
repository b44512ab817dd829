//! The rules in the ledger: one subject for each rule file, and one for the policy that says whose measures bind.
//!
//! A file comes into force by two people, whole: what it says of a term, a renewal or an end is said in its text, so that
//! what became of a term is recorded by the next edition. Which editions are in force is a matter of what was known; from
//! when a rule holds, the rule says itself. So a question about any day is answered by the editions that are known, and
//! one about what was known then by those of then; all that stands in them is known to the register, whatever the text
//! says of when it was.

mod decide;
mod edition;
mod policy;
mod terms;

pub use decide::{EditionFacts, LARGEST_TEXT, about, check_step, decide as decide_edition, in_force};
pub use edition::{
    About, Edition, EditionAct, EditionCommand, EditionJudged, EditionKind, EditionProposed, MACHINE,
    NewRuleFile, RuleFile,
};
pub use policy::{
    MACHINE as POLICY_MACHINE, POLICY_KEY, PolicyChange, PolicyCommand, PolicyProposed, PolicyState,
    check_step as check_policy_step, decide as decide_policy,
};
pub use terms::{LONGEST_WITHIN, OpenTerm, open_terms};
