//! Money in and out: schedules, receipts, penalties and exchange rates.

mod object;
pub(super) mod penalty;
pub(super) mod read;
pub(super) mod receipt;
pub(super) mod schedule;

use entente_register::ledger::{Fallible, Refusal};
use entente_register::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount with its currency.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Amount {
    /// A decimal string.
    #[schema(examples("1250000.00"))]
    amount: String,
    /// ISO 4217 code.
    #[schema(examples("USD"))]
    currency: String,
}

impl Amount {
    /// As the register holds it; a refusal names the field.
    pub(in crate::api) fn read(&self, field: &str) -> Fallible<Money> {
        let currency =
            self.currency.parse().map_err(|refusal: Refusal| refusal.field(format!("{field}.currency")))?;
        Money::parse(field, &self.amount, currency)
    }

    pub(in crate::api) fn of(money: Money) -> Amount {
        Amount { amount: money.decimal(), currency: money.currency.code().to_owned() }
    }
}

/// Reads an amount that need not be there.
pub(in crate::api) fn amount(field: &str, given: Option<Amount>) -> Fallible<Option<Money>> {
    given.map(|given| given.read(field)).transpose()
}
