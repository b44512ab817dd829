//! Lists of those under measures, the runs that compare the parties of the register with them, and the cases that
//! come of it.
//!
//! How a list is read and how names are compared is no matter of this crate: it is told what was read and what was
//! found. Here stands what an edition must be to come into force, how long it may be relied on, and who decides about
//! a hit. Whether a party is screened is worked out from what is recorded, and stored nowhere.

mod case;
mod list;
mod run;
#[cfg(test)]
mod tests;

pub use case::{
    Case, CaseAct, CaseClosed, CaseCommand, CaseJudged, CaseOpened, CaseRenewed, Hit, HitReason, MACHINE,
    check_step, decide as decide_case, is_settled,
};
pub use list::{
    DEFAULT_MAX_AGE, EditionConfirmed, EditionInForce, EditionLoaded, EditionRefused, Held, LONGEST_MAX_AGE,
    List, ListCommand, ListPolicy, ListPolicySet, ListSourceSet, NewEdition, Standing, check_address,
    check_name, decide as decide_list, marking,
};
pub use run::{Found, Judged, ListScreened, Run, RunFacts, Verdict, decide as decide_run};
