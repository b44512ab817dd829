//! Why something is late, and on whose side the cause lies: the codes of slippages and of milestones that are
//! expected later than agreed.

use serde::{Deserialize, Serialize};

use crate::ledger::{Fallible, Refusal};
use crate::payment::schedule::words;

/// Why something is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayCause {
    /// The design is not finished, or is done again.
    Design,
    /// The plant is behind.
    Production,
    /// A supplier of parts or materials is behind.
    Supply,
    /// The goods did not pass a test.
    Quality,
    /// A licence, a permit or an opinion is outstanding.
    Licence,
    /// The goods are made and cannot be carried.
    Transport,
    /// The buyer's money has not come in.
    Payment,
    /// The buyer's data, site, people or equipment are not there.
    BuyerInput,
    /// The buyer has not inspected or accepted what is ready.
    Acceptance,
    /// A measure of a state or an organisation stands against it.
    Restriction,
    /// War, disaster, strike: what the contract calls so.
    ForceMajeure,
    /// Anything else, which the words say.
    Other,
}

words! { DelayCause, "a cause of delay", "delay.cause",
    Design = "design", "design";
    Production = "production", "production";
    Supply = "supply", "supply of parts";
    Quality = "quality", "test not passed";
    Licence = "licence", "licence outstanding";
    Transport = "transport", "transport";
    Payment = "payment", "payment outstanding";
    BuyerInput = "buyer_input", "input of the buyer";
    Acceptance = "acceptance", "acceptance outstanding";
    Restriction = "restriction", "restriction";
    ForceMajeure = "force_majeure", "force majeure";
    Other = "other", "other";
}

/// On whose side the cause lies: penalties and extensions of time follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelaySide {
    /// The exporter, a manufacturer or one of their suppliers.
    Seller,
    /// The buyer, the end user or whoever acts for them.
    Buyer,
    /// Neither.
    Neither,
}

words! { DelaySide, "a side of a contract", "delay.side",
    Seller = "seller", "seller";
    Buyer = "buyer", "buyer";
    Neither = "neither", "neither side";
}

/// Why something is late, and on whose side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelayReason {
    /// Why.
    pub cause: DelayCause,
    /// On whose side.
    pub side: DelaySide,
}

impl DelayReason {
    /// Reads a cause and its side by their words.
    ///
    /// # Errors
    /// `delay.cause` or `delay.side`, beside the field of that name.
    pub fn read(cause: &str, side: &str) -> Fallible<DelayReason> {
        let beside = |field: &'static str| move |refusal: Refusal| refusal.field(field);
        Ok(DelayReason {
            cause: cause.parse().map_err(beside("cause"))?,
            side: side.parse().map_err(beside("side"))?,
        })
    }

    /// The same where neither need be said. They go together.
    ///
    /// # Errors
    /// As [`DelayReason::read`], and where one is said without the other.
    pub fn read_given(cause: Option<&str>, side: Option<&str>) -> Fallible<Option<DelayReason>> {
        match (cause, side) {
            (None, None) => Ok(None),
            (Some(cause), Some(side)) => DelayReason::read(cause, side).map(Some),
            (Some(_), None) => {
                Err(Refusal::new("delay.side", "It is not said on whose side the cause lies.")
                    .field("side")
                    .missing("one of seller, buyer, neither"))
            }
            (None, Some(_)) => Err(Refusal::new("delay.cause", "A side is named, and no cause.")
                .field("cause")
                .missing("the cause")),
        }
    }

    /// In words: `production, seller`.
    pub fn words(self) -> String {
        format!("{}, {}", self.cause.name(), self.side.name())
    }
}
