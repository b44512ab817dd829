//! Up to which marking customs are told. What is marked higher leaves in no file, and a file that names it is answered as if
//! it were not there.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::{Document, text};
use crate::label::{Label, Level};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind};
use crate::party::check_may_mark;

/// The key of the one exchange that a register has.
pub const EXCHANGE: &str = "customs";

/// `exchange.cleared.v1`: customs are told of what is marked no higher. The event’s reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomsCleared {
    /// The highest marking of what they are told.
    pub marking: Label,
    /// The paper by which it was decided.
    pub document: Document,
}

/// How the exchange stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The highest marking of what customs are told.
    pub marking: Label,
    /// Who said so, and when; none where nobody has.
    pub cleared: Option<(Date, String)>,
}

impl Default for Exchange {
    /// Nobody has said anything: what is for official use goes to an office of the state, and nothing that is marked.
    fn default() -> Exchange {
        Exchange { marking: Label::of(Level::Official), cleared: None }
    }
}

impl Exchange {
    /// Folds one event: `by` is the account that acted.
    pub fn apply(&mut self, on: Date, by: &str, fact: &Fact) {
        if let Fact::ExchangeCleared(cleared) = fact {
            self.marking = cleared.marking.clone();
            self.cleared = Some((on, by.to_owned()));
        }
    }

    /// Whether customs are told of what is so marked.
    pub fn admits(&self, label: &Label) -> bool {
        self.marking.dominates(label)
    }

    /// Refuses an actor who may not know of all that customs are told: such a one would send, or bring in, a part for the
    /// whole.
    ///
    /// # Errors
    /// `customs.clearance`.
    pub fn check_actor(&self, context: &Context) -> Fallible<()> {
        if context.actor.clearance.admits(&self.marking) {
            return Ok(());
        }
        Err(Refusal::new("customs.clearance", "You are not cleared for all that customs are told.")
            .missing("an account with the clearance of the exchange with customs"))
    }
}

/// Says up to which marking customs are told.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn clear(
    this: &Exchange,
    context: &Context,
    (on, marking): (Date, Label),
    (reason, document): (String, Document),
) -> Fallible<Vec<NewEvent>> {
    context.not_in_future("on", on)?;
    if let Some((last_on, _)) = &this.cleared {
        crate::performance::in_order(context, "customs.order", ("The exchange", EXCHANGE, *last_on), on)?;
    }
    check_may_mark(context, &marking)?;
    text("customs.reason", "reason", &reason, 1000)?;
    document.check(context)?;
    if this.marking == marking {
        return Err(Refusal::new("customs.marking", format!("Customs are told up to {marking} already."))
            .field("marking")
            .missing("another marking"));
    }
    Ok(vec![NewEvent {
        subject: SubjectKind::Exchange.subject(EXCHANGE),
        occurred_on: on,
        label: Label::of(Level::Official),
        fact: Fact::ExchangeCleared(CustomsCleared { marking, document }),
        reason: Some(reason),
    }])
}
