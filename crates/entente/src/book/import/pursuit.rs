//! What was done about the opportunities of a book: longer deadlines, opinions, estimates, offers, and the end.

use entente_register::book::opportunity::{
    DeadlineRow, EstimateRow, OfferRow, OpinionRow, OpportunityRow, RowOutcome,
};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::ledger::Refusal;
use entente_register::opportunity::{Advice, NewOffer, OpportunityCommand, Outcome as Ended, ToContract};
use entente_store::Outcome;

use super::opportunity::Met;
use super::{Importer, Placed};

impl Importer<'_> {
    async fn change_opportunity<T>(
        &mut self,
        met: &Met,
        (table, row): (Table, &Placed<T>),
        command: OpportunityCommand,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<bool> {
        let command = Command::Opportunity { number: Some(met.number.clone()), command };
        Ok(self.execute(table, row, command, column).await?.is_some())
    }

    pub(super) async fn extend(&mut self, met: &Met, row: &Placed<DeadlineRow>) -> Outcome<()> {
        const TABLE: Table = Table::Deadlines;
        let one = &row.value;
        // A day that is not after the one that stands was extended before.
        let stands = met.held.as_ref().and_then(|held| held.deadline);
        if stands.is_some_and(|deadline| one.deadline <= deadline) {
            self.report.counts(TABLE).unchanged += 1;
            return Ok(());
        }
        let command = OpportunityCommand::Extend {
            on: one.on,
            deadline: one.deadline,
            document: one.document.clone(),
            reason: one.reason.clone(),
        };
        let column = |field: &str| match field {
            "on" => "extended_on",
            "document" => "document",
            "reason" => "reason",
            _ => "deadline",
        };
        let done = self.change_opportunity(met, (TABLE, row), command, column).await?;
        self.report.counts(TABLE).added += u64::from(done);
        Ok(())
    }

    pub(super) async fn estimate(&mut self, met: &Met, row: &Placed<EstimateRow>) -> Outcome<()> {
        const TABLE: Table = Table::Estimates;
        let one = &row.value;
        let of_row = (one.on, one.probability, one.signature_on);
        let is_held = met.held.as_ref().is_some_and(|held| {
            held.estimates.iter().any(|known| (known.on, known.probability, known.signature_on) == of_row)
        });
        if is_held {
            self.report.counts(TABLE).unchanged += 1;
            return Ok(());
        }
        let command = OpportunityCommand::Estimate {
            on: one.on,
            probability: one.probability,
            signature_on: one.signature_on,
            reason: one.reason.clone(),
        };
        let column = |field: &str| match field {
            "probability" => "probability",
            "signature_on" => "signature_on",
            "reason" => "reason",
            _ => "estimated_on",
        };
        let done = self.change_opportunity(met, (TABLE, row), command, column).await?;
        self.report.counts(TABLE).added += u64::from(done);
        Ok(())
    }

    pub(super) async fn ask_opinion(&mut self, met: &Met, row: &Placed<OpinionRow>) -> Outcome<()> {
        const TABLE: Table = Table::Opinions;
        let asked = &row.value.asked;
        if known_opinion(met, row).is_some() {
            self.report.counts(TABLE).unchanged += 1;
            return Ok(());
        }
        let command = OpportunityCommand::AskAdvice { on: asked.on, asked_of: asked.by.clone() };
        let column = |field: &str| if field == "asked_of" { "asked_of" } else { "asked_on" };
        let done = self.change_opportunity(met, (TABLE, row), command, column).await?;
        self.report.counts(TABLE).added += u64::from(done);
        Ok(())
    }

    pub(super) async fn give_opinion(&mut self, met: &Met, row: &Placed<OpinionRow>) -> Outcome<()> {
        const TABLE: Table = Table::Opinions;
        let Some(given) = &row.value.given else { return Ok(()) };
        let (verdict, conditions, document) = given.by.clone();
        let is_new = match known_opinion(met, row).map(|known| (known.given_on, known.verdict)) {
            Some((Some(on), Some(said))) if (on, said) == (given.on, verdict) => return Ok(()),
            Some((Some(on), said)) => {
                let said = said.map_or("given", |said| said.name());
                let says = format!("the opinion was {said} on {on}");
                self.differs(TABLE, row, "verdict", says, "the same as the register has");
                return Ok(());
            }
            Some((None, _)) => false,
            None => true,
        };
        let command = OpportunityCommand::GiveAdvice { on: given.on, verdict, conditions, document };
        let column = |field: &str| match field {
            "on" => "given_on",
            "conditions" => "conditions",
            "document" => "document",
            _ => "verdict",
        };
        let done = self.change_opportunity(met, (TABLE, row), command, column).await?;
        self.report.counts(TABLE).changed += u64::from(done && !is_new);
        Ok(())
    }

    pub(super) async fn offer(&mut self, met: &Met, rows: &[&Placed<OfferRow>]) -> Outcome<()> {
        const TABLE: Table = Table::Offers;
        let Some(first) = rows.first().copied() else { return Ok(()) };
        let (version, terms) = (first.value.version, &first.value.terms);
        for row in rows {
            if row.value.terms != *terms {
                let message = format!(
                    "Rows of version {version} differ in day, validity, currency, terms or document from row {}.",
                    first.row
                );
                let refusal =
                    Refusal::new("book.offer", message).missing("the same in every row of a version");
                self.refuse(TABLE, row, "version", &refusal);
                return Ok(());
            }
        }
        let items: Vec<_> = rows.iter().map(|row| row.value.item.clone()).collect();
        let now = self.batch.opportunity_state(self.actor, &met.number).await?;
        let offers = now.map(|now| now.offers.clone()).unwrap_or_default();
        if let Some(known) = offers.iter().find(|known| known.made.version == version) {
            if (known.submitted_on, &known.made.items) == (terms.on, &items) {
                self.report.counts(TABLE).unchanged += rows.len() as u64;
            } else {
                let says = format!("version {version} was submitted on {}", known.submitted_on);
                let remedy = "the same items as the register has, or the next version";
                self.differs(TABLE, first, "version", says, remedy);
            }
            return Ok(());
        }
        let next = offers.len() + 1;
        if usize::try_from(version) != Ok(next) {
            let message = format!("The next version of the offer is {next}.");
            let refusal = Refusal::new("book.offer", message).missing("versions without a gap, from 1");
            self.refuse(TABLE, first, "version", &refusal);
            return Ok(());
        }
        let new = NewOffer {
            on: terms.on,
            currency: terms.currency,
            items,
            valid_until: terms.valid_until,
            terms: terms.terms.clone(),
            credit: terms.credit,
            document: terms.document.clone(),
        };
        let column = |field: &str| match field {
            "on" => "submitted_on",
            "valid_until" => "valid_until",
            "description" => "description",
            "category" => "category",
            "quantity" => "quantity",
            "unit_price" => "unit_price",
            "due_on" => "due_on",
            "terms" => "terms",
            "credit" => "credit_pct",
            "years" => "credit_years",
            "document" => "document",
            _ => "version",
        };
        let command = OpportunityCommand::Offer(Box::new(new));
        let done = self.change_opportunity(met, (TABLE, first), command, column).await?;
        self.report.counts(TABLE).added += if done { rows.len() as u64 } else { 0 };
        Ok(())
    }

    pub(super) async fn end_opportunity(&mut self, met: &Met, row: &Placed<OpportunityRow>) -> Outcome<()> {
        const TABLE: Table = Table::Opportunities;
        let Some(ended) = &row.value.ended else { return Ok(()) };
        let (outcome, document) = &ended.by;
        if let Some(held) = met.held.as_ref().filter(|held| held.ended_on.is_some()) {
            let is_same = held.ended_on == Some(ended.on)
                && matches!(
                    (&held.outcome, outcome, held.state),
                    (Some(Ended::Won { .. }), RowOutcome::Won { .. }, _)
                        | (Some(Ended::Lost { .. }), RowOutcome::Lost { .. }, _)
                        | (Some(Ended::Ended { .. }), RowOutcome::Declined(_), "declined")
                        | (Some(Ended::Ended { .. }), RowOutcome::Withdrawn(_), "withdrawn")
                );
            if !is_same {
                let on = held.ended_on.unwrap_or(ended.on);
                let says = format!("opportunity {} was {} on {on}", held.number, held.state);
                self.differs(TABLE, row, "outcome", says, "the same as the register has");
            }
            return Ok(());
        }
        let (on, document) = (ended.on, document.clone());
        let command = match outcome.clone() {
            RowOutcome::Won { contract, offer } => {
                let Some(number) = self.find_contract(TABLE, row, &contract).await? else { return Ok(()) };
                OpportunityCommand::Win { on, offer, contract: ToContract::Existing(number), document }
            }
            RowOutcome::Lost { cause, competitor, remark } => {
                OpportunityCommand::Lose { on, cause, competitor, remark, document }
            }
            RowOutcome::Declined(reason) => OpportunityCommand::Decline { on, reason, document },
            RowOutcome::Withdrawn(reason) => OpportunityCommand::Withdraw { on, reason, document },
        };
        let column = |field: &str| match field {
            "on" => "ended_on",
            "contract" => "contract",
            "offer" => "offer",
            "competitor" => "competitor",
            "remark" | "reason" => "reason",
            "document" => "ended_document",
            _ => "outcome",
        };
        let done = self.change_opportunity(met, (TABLE, row), command, column).await?;
        self.report.counts(TABLE).changed += u64::from(done && met.held.is_some());
        Ok(())
    }
}

/// The opinion of a row, as the register held it before this import.
fn known_opinion<'m>(met: &'m Met, row: &Placed<OpinionRow>) -> Option<&'m Advice> {
    let asked = &row.value.asked;
    let mut advice = met.held.iter().flat_map(|held| &held.advice);
    advice.find(|known| known.asked_on == asked.on && known.asked_of == asked.by)
}
