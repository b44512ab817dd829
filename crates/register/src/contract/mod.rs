//! Contracts: what was signed, its lines, the plan of its deliveries, and the deliveries.
//!
//! Contract, line, plan and delivery are subjects of their own, so that no fold
//! grows with the number of deliveries; a line keeps sums only.

mod agreement;
mod claim;
pub mod closure;
pub mod comparison;
pub mod delivery;
pub mod line;
pub mod plan;
pub mod serial;
pub mod stability;
pub mod terms;
#[cfg(test)]
mod tests;

pub use agreement::{
    Amendment, Contract, ContractAmended, ContractCommand, ContractFacts, ContractMoved, ContractOpened,
    ContractParty, MACHINE, NewContract, PartyRole, decide, has_ended, state_after,
};
pub use claim::{
    Claim, ClaimAnswered, ClaimEnded, ClaimKind, ClaimOpened, ClaimRaised, ClaimSettled, ClaimSettlement,
    NewClaim, Settlement,
};
pub use terms::{ClaimWindow, ContractTerms, Warranty};
