//! Claims of a book: raised, answered and settled, each where it belongs in the order of what happened.

use entente_register::book::claim::ClaimRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::{Claim, ClaimAnswered, ClaimSettlement, ContractCommand, NewClaim};
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Money};
use entente_store::Outcome;

use super::{Importer, Placed, compare};

const TABLE: Table = Table::Claims;

/// A claim as the register has it: the number and currency of its contract, and the claim if it is there.
struct Found {
    contract: String,
    currency: Currency,
    held: Option<Claim>,
    /// The number that the next claim gets.
    next: usize,
}

fn raised(field: &str) -> &'static str {
    match field {
        "on" => "opened_on",
        "delivery" => "delivery",
        "quantity" => "quantity",
        "amount" => "amount",
        "document" => "document",
        _ => "description",
    }
}

fn answered(field: &str) -> &'static str {
    match field {
        "on" => "answered_on",
        "document" => "answer_document",
        _ => "answer",
    }
}

fn settled(field: &str) -> &'static str {
    match field {
        "on" => "settled_on",
        "amount" => "credited",
        "delivery" => "replacement",
        "document" => "settled_document",
        _ => "outcome",
    }
}

impl Importer<'_> {
    /// A claim with all that became of it.
    pub(super) async fn claim(&mut self, row: &Placed<ClaimRow>) -> Outcome<()> {
        self.raise_claim(row).await?;
        self.answer_claim(row).await?;
        self.settle_claim(row).await
    }

    /// Raises a claim, unless the register holds it.
    pub(super) async fn raise_claim(&mut self, row: &Placed<ClaimRow>) -> Outcome<()> {
        let claim = &row.value;
        let Some(found) = self.find_claim(row).await? else { return Ok(()) };
        let is_sound = match &found.held {
            Some(held) => self.compare_claim(row, &found, held).await?,
            None => self.raise_new(row, &found).await?,
        };
        if !is_sound {
            // Whatever became of it is not judged, nor are the claims whose numbers follow.
            self.unusable.insert((TABLE, claim.contract.clone(), claim.claim.to_string()));
        }
        Ok(())
    }

    async fn find_claim(&mut self, row: &Placed<ClaimRow>) -> Outcome<Option<Found>> {
        let Some(contract) = self.find_contract(TABLE, row, &row.value.contract).await? else {
            return Ok(None);
        };
        let Some(state) = self.batch.contract_state(self.actor, &contract).await? else { return Ok(None) };
        let held = state.claims.iter().find(|held| held.number() == row.value.claim).cloned();
        Ok(Some(Found { currency: state.currency, next: state.claims.len() + 1, held, contract }))
    }

    /// Whether a claim of the contract before this one, or this one, is at fault.
    fn is_unusable_claim(&self, row: &Placed<ClaimRow>) -> bool {
        let claim = &row.value;
        self.unusable.iter().any(|(table, contract, number)| {
            *table == TABLE
                && *contract == claim.contract
                && number.parse::<u32>().is_ok_and(|number| number <= claim.claim)
        })
    }

    async fn raise_new(&mut self, row: &Placed<ClaimRow>, found: &Found) -> Outcome<bool> {
        let claim = &row.value;
        if self.is_unusable_claim(row) {
            self.report.counts(TABLE).not_judged += 1;
            return Ok(false);
        }
        if usize::try_from(claim.claim) != Ok(found.next) {
            let message = format!("The next claim of contract {} is {}.", found.contract, found.next);
            let refusal = Refusal::new("book.claim", message)
                .missing("claims without a gap, in the order of their numbers");
            self.refuse(TABLE, row, "claim", &refusal);
            return Ok(false);
        }
        let Some(delivery) =
            self.delivery_of_claim(row, &found.contract, "delivery", claim.delivery.as_deref()).await?
        else {
            return Ok(false);
        };
        let Some(amount) = self.claimed_money(row, found.currency, "amount", claim.amount.as_deref()) else {
            return Ok(false);
        };
        let new = NewClaim {
            on: claim.opened_on,
            kind: claim.kind,
            description: claim.description.clone(),
            warranty: claim.warranty,
            delivery,
            quantity: claim.quantity,
            amount,
            document: claim.document.clone(),
        };
        let done =
            self.change(row, &found.contract, ContractCommand::OpenClaim(Box::new(new)), raised).await?;
        self.report.counts(TABLE).added += u64::from(done);
        if done {
            self.new_claims.insert((found.contract.clone(), claim.claim));
        }
        Ok(done)
    }

    /// Compares what the row says with the claim that the register holds; says whether they agree.
    async fn compare_claim(&mut self, row: &Placed<ClaimRow>, found: &Found, held: &Claim) -> Outcome<bool> {
        let claim = &row.value;
        if self.new_claims.contains(&(found.contract.clone(), claim.claim)) {
            let message = format!("Claim {} of contract {} stands in two rows.", claim.claim, claim.contract);
            let refusal = Refusal::new("book.twice", message).missing("one row for each claim");
            self.refuse(TABLE, row, "claim", &refusal);
            return Ok(false);
        }
        let Some(delivery) =
            self.delivery_of_claim(row, &found.contract, "delivery", claim.delivery.as_deref()).await?
        else {
            return Ok(false);
        };
        let Some(amount) = self.claimed_money(row, found.currency, "amount", claim.amount.as_deref()) else {
            return Ok(false);
        };
        let number = held.number();
        let of = format!("claim {number} is of {}, opened on {}", held.raised.kind.name(), held.opened_on);
        let is_same = (held.raised.kind, &held.raised.description, held.opened_on)
            == (claim.kind, &claim.description, claim.opened_on);
        let remedy = "the same as the register has, or the next number";
        for (column, is_same, says) in [
            ("claim", is_same, of),
            (
                "delivery",
                delivery.is_none() || delivery == held.raised.delivery,
                format!("claim {number} is of another delivery"),
            ),
            (
                "quantity",
                claim.quantity.is_none() || claim.quantity == held.raised.quantity,
                format!("claim {number} is of another quantity"),
            ),
            (
                "amount",
                amount.is_none() || amount == held.raised.amount,
                format!("claim {number} asks for another amount"),
            ),
            (
                "document",
                compare::title("document", claim.document.as_ref(), held.raised.document.as_ref()).is_none(),
                format!("claim {number} has another report"),
            ),
        ] {
            if !is_same {
                self.differs(TABLE, row, column, says, remedy);
                return Ok(false);
            }
        }
        let is_more = (claim.answered.is_some() && held.answered.is_none())
            || (claim.settled.is_some() && held.settled_on.is_none());
        let counts = self.report.counts(TABLE);
        if is_more {
            counts.changed += 1;
        } else {
            counts.unchanged += 1;
        }
        Ok(true)
    }

    /// Answers a claim, unless the register holds an answer.
    pub(super) async fn answer_claim(&mut self, row: &Placed<ClaimRow>) -> Outcome<()> {
        let Some(given) = &row.value.answered else { return Ok(()) };
        if self.is_unusable_claim(row) {
            return Ok(());
        }
        let Some(found) = self.find_claim(row).await? else { return Ok(()) };
        let Some(held) = &found.held else { return Ok(()) };
        match &held.answered {
            Some((on, was)) if *on == given.on => {
                let said = compare::words("answer", Some(&given.by.answer), Some(&was.answer));
                let accepted = (given.by.accepted != was.accepted)
                    .then(|| ("accepted", if was.accepted { "yes" } else { "no" }.to_owned()));
                if let Some((column, says)) = accepted.or(said) {
                    self.differs(TABLE, row, column, says, "the same as the register has");
                }
            }
            Some((on, _)) => {
                let says = format!("it was answered on {on}");
                self.differs(TABLE, row, "answered_on", says, "the same as the register has");
            }
            // What is settled needs no answer any more.
            None if held.settled_on.is_some() => {
                let says = format!("claim {} is settled, and has no answer", held.number());
                self.differs(TABLE, row, "answered_on", says, "the same as the register has");
            }
            None => {
                let by = given.by.clone();
                let answer = ClaimAnswered {
                    claim: row.value.claim,
                    accepted: by.accepted,
                    answer: by.answer,
                    document: by.document,
                };
                let command = ContractCommand::AnswerClaim { on: given.on, answer };
                self.change(row, &found.contract, command, answered).await?;
            }
        }
        Ok(())
    }

    /// Settles a claim, unless the register holds it so.
    pub(super) async fn settle_claim(&mut self, row: &Placed<ClaimRow>) -> Outcome<()> {
        let Some(given) = &row.value.settled else { return Ok(()) };
        if self.is_unusable_claim(row) {
            return Ok(());
        }
        let Some(found) = self.find_claim(row).await? else { return Ok(()) };
        let Some(held) = &found.held else { return Ok(()) };
        let end = &given.by;
        let Some(amount) = self.claimed_money(row, found.currency, "credited", end.credited.as_deref())
        else {
            return Ok(());
        };
        if let Some(on) = held.settled_on {
            let was = held.settled.as_ref();
            let credited = was.and_then(|was| was.amount);
            let (column, says) = if on != given.on {
                ("settled_on", format!("it was settled on {on}"))
            } else if amount.is_some() && amount != credited {
                ("credited", format!("claim {} was settled with another credit", held.number()))
            } else if let Some(way) = was.and_then(|was| was.settlement)
                && end.settlement.is_some_and(|said| said != way)
            {
                ("settlement", format!("claim {} was {}", held.number(), way.name()))
            } else if let Some(otherwise) =
                compare::words("outcome", Some(&end.outcome), was.map(|was| was.outcome.as_str())).or_else(
                    || {
                        let paper = was.and_then(|was| was.document.as_ref());
                        compare::title("settled_document", end.document.as_ref(), paper)
                    },
                )
            {
                otherwise
            } else {
                return Ok(());
            };
            self.differs(TABLE, row, column, says, "the same as the register has");
            return Ok(());
        }
        let Some(delivery) =
            self.delivery_of_claim(row, &found.contract, "replacement", end.replacement.as_deref()).await?
        else {
            return Ok(());
        };
        let settlement = ClaimSettlement {
            claim: row.value.claim,
            on: given.on,
            settlement: end.settlement,
            outcome: end.outcome.clone(),
            amount,
            delivery,
            document: end.document.clone(),
        };
        let command = ContractCommand::SettleClaim(Box::new(settlement));
        self.change(row, &found.contract, command, settled).await?;
        Ok(())
    }

    /// The number of the delivery that a column names, if it names one; none if that cannot be used.
    async fn delivery_of_claim(
        &mut self,
        row: &Placed<ClaimRow>,
        contract: &str,
        column: &str,
        named: Option<&str>,
    ) -> Outcome<Option<Option<String>>> {
        let Some(named) = named else { return Ok(Some(None)) };
        let named = (row.value.contract.as_str(), contract, named);
        Ok(self.find_delivery(TABLE, row, named, column).await?.map(Some))
    }

    /// Decimal text as money of the contract, if there is any; none if it cannot be used.
    fn claimed_money(
        &mut self,
        row: &Placed<ClaimRow>,
        currency: Currency,
        column: &str,
        decimal: Option<&str>,
    ) -> Option<Option<Money>> {
        match decimal {
            Some(decimal) => self.money(TABLE, row, column, (decimal, currency)).map(Some),
            None => Some(None),
        }
    }

    async fn change(
        &mut self,
        row: &Placed<ClaimRow>,
        contract: &str,
        command: ContractCommand,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<bool> {
        let command = Command::Contract { number: Some(contract.to_owned()), command };
        Ok(self.execute(TABLE, row, command, column).await?.is_some())
    }
}
