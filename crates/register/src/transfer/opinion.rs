//! What agencies say of each line, and what follows where they disagree.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::content::Content;
use crate::document::{Document, text};
use crate::ledger::{Context, Fallible, Refusal};
use crate::payment::schedule::words;

/// By which criterion something is refused: the Arms Trade Treaty’s Articles 6 and 7, and the eight criteria of Common
/// Position 2008/944/CFSP, Article 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// Arms Trade Treaty, Article 6: prohibitions.
    Article6,
    /// Arms Trade Treaty, Article 7: an overriding risk.
    Article7,
    /// 1: international obligations.
    Obligations,
    /// 2: human rights and humanitarian law in the country of destination.
    HumanRights,
    /// 3: tensions and conflicts within it.
    InternalSituation,
    /// 4: peace, security and stability of the region.
    RegionalPeace,
    /// 5: one’s own security and that of friends and allies.
    NationalSecurity,
    /// 6: the buyer’s behaviour: terrorism, alliances, international law.
    BuyerBehaviour,
    /// 7: the risk of diversion or of re-export.
    Diversion,
    /// 8: the means of the country and its development.
    Development,
}

words! { Criterion, "a criterion", "transfer.criterion",
    Article6 = "article_6", "Arms Trade Treaty, Article 6";
    Article7 = "article_7", "Arms Trade Treaty, Article 7";
    Obligations = "obligations", "criterion 1, international obligations";
    HumanRights = "human_rights", "criterion 2, human rights";
    InternalSituation = "internal_situation", "criterion 3, internal situation";
    RegionalPeace = "regional_peace", "criterion 4, regional peace";
    NationalSecurity = "national_security", "criterion 5, national security";
    BuyerBehaviour = "buyer_behaviour", "criterion 6, behaviour of the buyer";
    Diversion = "diversion", "criterion 7, diversion";
    Development = "development", "criterion 8, development";
}

/// What an agency says of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "stance", deny_unknown_fields)]
pub enum Stance {
    /// Nothing stands against it.
    Approve,
    /// It may be granted on a condition.
    Proviso {
        /// The condition.
        condition: String,
    },
    /// It is to be refused.
    Refuse {
        /// By which criteria.
        criteria: BTreeSet<Criterion>,
        /// Why.
        reason: String,
    },
}

/// What an agency says: a stance on every line, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// The agency.
    pub agency: String,
    /// On each line.
    pub lines: Vec<Stance>,
    /// The paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

impl Opinion {
    /// Checks it against what is applied for.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn check(&self, content: &Content, context: &Context) -> Fallible<()> {
        text("transfer.agency", "agency", &self.agency, 200)?;
        if self.lines.len() != content.lines.len() {
            return Err(Refusal::new(
                "transfer.opinion_lines",
                format!("The opinion is on {} lines of {}.", self.lines.len(), content.lines.len()),
            )
            .field("lines")
            .missing("a stance on every line"));
        }
        for (place, stance) in self.lines.iter().enumerate() {
            let field = format!("lines[{place}]");
            match stance {
                Stance::Approve => {}
                Stance::Proviso { condition } => text("transfer.condition", &field, condition, 1000)?,
                Stance::Refuse { criteria, reason } => {
                    text("transfer.reason", &field, reason, 1000)?;
                    check_criteria(&field, criteria)?;
                }
            }
        }
        self.document.as_ref().map_or(Ok(()), |document| document.check(context))
    }
}

/// Refuses a refusal without a criterion.
pub(super) fn check_criteria(field: &str, criteria: &BTreeSet<Criterion>) -> Fallible<()> {
    if !criteria.is_empty() {
        return Ok(());
    }
    Err(Refusal::new("transfer.criteria", "A refusal names the criteria by which it is made.")
        .field(field)
        .missing("at least one criterion"))
}

/// What the agencies say of a line together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Combined<'o> {
    /// Agencies that approve, with or without a condition.
    pub approve: Vec<&'o str>,
    /// Agencies that refuse.
    pub refuse: Vec<&'o str>,
    /// Conditions, each with the agency that asks for it.
    pub conditions: Vec<(&'o str, &'o str)>,
    /// Criteria by which it is refused.
    pub criteria: BTreeSet<Criterion>,
}

impl Combined<'_> {
    /// Whether some approve what others refuse: that is to be seen, and is resolved by a named rule.
    pub fn is_disputed(&self) -> bool {
        !self.approve.is_empty() && !self.refuse.is_empty()
    }
}

/// What the agencies say of a line, by its place from 0.
pub fn combine<'o>(opinions: impl IntoIterator<Item = &'o Opinion>, place: usize) -> Combined<'o> {
    let mut combined = Combined::default();
    for opinion in opinions {
        match opinion.lines.get(place) {
            None => {}
            Some(Stance::Approve) => combined.approve.push(&opinion.agency),
            Some(Stance::Proviso { condition }) => {
                combined.approve.push(&opinion.agency);
                combined.conditions.push((&opinion.agency, condition));
            }
            Some(Stance::Refuse { criteria, .. }) => {
                combined.refuse.push(&opinion.agency);
                combined.criteria.extend(criteria);
            }
        }
    }
    combined
}

/// By which rule a disagreement is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisagreementRule {
    /// What one agency refuses is refused.
    Strictest,
    /// The chair decides, and signs.
    Chair,
}

words! { DisagreementRule, "a rule for disagreements", "transfer.disagreement",
    Strictest = "strictest", "what one agency refuses is refused";
    Chair = "chair", "the chair decides";
}
