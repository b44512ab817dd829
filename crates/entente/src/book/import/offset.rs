//! Offset obligations of a book: what was agreed, a whole from a day on, and the transactions with their credit.

use entente_register::book::offset::{CreditAct, CreditRow, Dealt, OffsetRow};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::money::{Currency, Money};
use entente_register::performance::{
    OffsetAmended, OffsetCommand, OffsetKind, OffsetObligation, OffsetTerms, Review, Transaction,
};
use entente_store::Outcome;
use jiff::civil::Date;

use super::set::{RowSet, together};
use super::told::{Standing, Told};
use super::{Importer, Placed, compare};

const TABLE: Table = Table::Offsets;
const CREDITS: Table = Table::Credits;

/// The rows that are what was agreed of an obligation from a day on.
pub(super) type OffsetSet<'r> = RowSet<'r, OffsetRow>;

/// Puts rows together to the agreements that they are of.
pub(super) fn by_agreement(rows: &[Placed<OffsetRow>]) -> Vec<OffsetSet<'_>> {
    // Where the file says the order of entry, a day may have several.
    together(rows, |row| (row.contract.as_str(), row.offset.as_str(), row.on, row.entry))
}

/// An obligation that rows of the file were met of.
#[derive(Debug, Default)]
pub(super) struct MetOffset {
    /// Its number, which is none if it cannot be used, and what was agreed.
    agreed: Told,
}

fn agreed(field: &str) -> &'static str {
    match field.split(['[', '.']).next().unwrap_or_default() {
        "on" => "agreed_on",
        "title" => "title",
        "required" => "required",
        "percent" => "percent",
        "multipliers" => "kind",
        "phases" => "by",
        "document" => "document",
        "reason" => "reason",
        _ => "offset",
    }
}

fn credited(field: &str) -> &'static str {
    match field {
        "on" => "act_on",
        "expected_on" | "performed_on" => "performed_on",
        "description" => "description",
        "value" => "value",
        "kind" => "kind",
        "plan" => "plan",
        "credit" => "credit",
        "claim" => "number",
        "document" => "document",
        "reason" => "reason",
        _ => "act",
    }
}

impl Importer<'_> {
    /// Agrees an obligation or amends it, unless the register was told of it.
    pub(super) async fn agree_offset(&mut self, set: &OffsetSet<'_>) -> Outcome<()> {
        let row = set.first;
        let (reference, offset) = (&row.value.contract, &row.value.offset);
        let Some(contract) = self.find_contract(TABLE, row, reference).await? else { return Ok(()) };
        if self.rests_on_fault((TABLE, reference, offset), TABLE) {
            return Ok(());
        }
        let Some(terms) = self.offset_terms(set, &contract).await? else {
            self.unusable.insert((TABLE, reference.clone(), offset.clone()));
            return Ok(());
        };
        let key = (reference.clone(), offset.clone());
        let met = match self.offsets.remove(&key) {
            Some(met) => self.amend_offset(set, met, terms).await?,
            None => self.begin_offset(set, contract, terms).await?,
        };
        self.offsets.insert(key, met);
        Ok(())
    }

    /// What the rows say together; none if they cannot be used.
    async fn offset_terms(&mut self, set: &OffsetSet<'_>, contract: &str) -> Outcome<Option<OffsetTerms>> {
        let first = &set.first.value;
        let Some(currency) = self.currency_of(contract).await? else { return Ok(None) };
        let said = (first.required.as_str(), currency);
        let Some(required) = self.money(TABLE, set.first, "required", said) else { return Ok(None) };
        let mut terms = OffsetTerms {
            title: first.title.clone(),
            required,
            percent: first.percent,
            multipliers: Vec::new(),
            phases: Vec::new(),
            penalty: first.penalty,
            document: first.document.clone(),
        };
        for row in set.rows() {
            let own = &row.value;
            if (&own.title, &own.required, own.percent, own.penalty, &own.document)
                != (&first.title, &first.required, first.percent, first.penalty, &first.document)
            {
                let message =
                    format!("Rows of offset obligation {} differ from row {}.", own.offset, set.first.row);
                let refusal = Refusal::new("book.offset", message).missing(
                    "the same title, amount, share, penalty and paper in every row of what was agreed",
                );
                self.refuse(TABLE, row, "title", &refusal);
                return Ok(None);
            }
            terms.multipliers.extend(own.multiplier);
            terms.phases.extend(own.phase);
        }
        Ok(Some(terms))
    }

    async fn currency_of(&mut self, contract: &str) -> Outcome<Option<Currency>> {
        Ok(self.batch.contract_state(self.actor, contract).await?.map(|contract| contract.currency))
    }

    /// The first agreement of an obligation.
    async fn begin_offset(
        &mut self,
        set: &OffsetSet<'_>,
        contract: String,
        terms: OffsetTerms,
    ) -> Outcome<MetOffset> {
        let (row, on) = (set.first, set.first.value.on);
        let own = format!("{contract}.{}", row.value.offset);
        let mut all = self.batch.offsets_of(&contract).await?;
        all.retain(|held| held.state != "annulled" && !self.met_offsets.contains(&held.number));
        let found = all.iter().find(|held| (held.agreed_on, &held.terms.title) == (on, &terms.title));
        // A day or a title that was corrected in the file must not make a second obligation of one.
        let found =
            found.or_else(|| all.iter().find(|held| held.number == own || held.terms.title == terms.title));
        if let Some(held) = found {
            let mut met = self.held_offset(&held.number).await?;
            let otherwise = (held.agreed_on != on)
                .then(|| {
                    (
                        "agreed_on",
                        format!("offset obligation {} was agreed on {}", held.number, held.agreed_on),
                    )
                })
                .or_else(|| compare::words("title", Some(&terms.title), Some(&held.terms.title)));
            if let Some((column, says)) = otherwise {
                let remedy = "the same as the register has; another obligation has another number and title";
                self.differs(TABLE, row, column, says, remedy);
                met.agreed.number = None;
                return Ok(met);
            }
            let standing = met.agreed.next("agreed", on);
            self.judge_agreement(row, &mut met, &standing, held, &terms);
            return Ok(met);
        }
        let command = Command::Offset { number: contract, command: OffsetCommand::Agree { on, terms } };
        let number = self.execute(TABLE, row, command, agreed).await?.map(|receipt| receipt.subject.key);
        self.report.counts(TABLE).added += u64::from(number.is_some());
        self.met_offsets.extend(number.clone());
        Ok(MetOffset { agreed: Told::new(number) })
    }

    async fn held_offset(&mut self, number: &str) -> Outcome<MetOffset> {
        self.met_offsets.insert(number.to_owned());
        let acts = self.batch.told_of(&SubjectKind::Offset.subject(number)).await?;
        let agreed = acts.into_iter().filter(|(word, _)| word == "agreed" || word == "amended").collect();
        Ok(MetOffset { agreed: Told::held(number.to_owned(), agreed) })
    }

    /// Notes that an agreement is as it was, or what is other than the register holds.
    fn judge_agreement(
        &mut self,
        row: &Placed<OffsetRow>,
        met: &mut MetOffset,
        standing: &Standing,
        held: &OffsetObligation,
        terms: &OffsetTerms,
    ) {
        // Of an earlier agreement nothing is left but that it was.
        let is_same = (terms.required, terms.penalty, &terms.multipliers, &terms.phases)
            == (held.terms.required, held.terms.penalty, &held.terms.multipliers, &held.terms.phases);
        let (column, says) = match standing {
            Standing::Known { is_last: true } if !is_same => (
                "agreed_on",
                format!("offset obligation {} says otherwise from {}", held.number, row.value.on),
            ),
            _ => {
                self.report.counts(TABLE).unchanged += 1;
                return;
            }
        };
        self.differs(
            TABLE,
            row,
            column,
            says,
            "the same as the register has; a change is agreed on a later day",
        );
        met.agreed.number = None;
    }

    /// A later agreement: an amendment, unless the register was told of it.
    async fn amend_offset(
        &mut self,
        set: &OffsetSet<'_>,
        mut met: MetOffset,
        terms: OffsetTerms,
    ) -> Outcome<MetOffset> {
        let (row, on) = (set.first, set.first.value.on);
        let Some(number) = met.agreed.number.clone() else {
            self.report.counts(TABLE).not_judged += 1;
            return Ok(met);
        };
        let Some(held) = self.batch.offset_state(&number).await?.cloned() else { return Ok(met) };
        let standing = met.agreed.next("amended", on);
        if standing != Standing::New {
            self.judge_agreement(row, &mut met, &standing, &held, &terms);
            return Ok(met);
        }
        let Some(reason) = row.value.reason.clone() else {
            let message =
                format!("Offset obligation {} stands here again, so this amends it.", row.value.offset);
            let refusal = Refusal::new("book.offset", message).missing("why it was amended");
            self.refuse(TABLE, row, "reason", &refusal);
            met.agreed.number = None;
            return Ok(met);
        };
        let amendment = OffsetAmended {
            required: (terms.required != held.terms.required).then_some(terms.required),
            multipliers: (terms.multipliers != held.terms.multipliers).then_some(terms.multipliers),
            phases: (terms.phases != held.terms.phases).then_some(terms.phases),
            document: terms.document,
        };
        let command = Command::Offset { number, command: OffsetCommand::Amend { on, amendment, reason } };
        let done = self.execute(TABLE, row, command, agreed).await?.is_some();
        self.report.counts(TABLE).changed += u64::from(done);
        if !done {
            met.agreed.number = None;
        }
        Ok(met)
    }

    /// Carries out what was done under an obligation, unless the register was told of it.
    pub(super) async fn credit(&mut self, row: &Placed<CreditRow>) -> Outcome<()> {
        let (reference, offset) = (&row.value.contract, &row.value.offset);
        let Some(contract) = self.find_contract(CREDITS, row, reference).await? else { return Ok(()) };
        if self.rests_on_fault((TABLE, reference, offset), CREDITS)
            || self.rests_on_fault((CREDITS, reference, offset), CREDITS)
        {
            return Ok(());
        }
        let key = (reference.clone(), offset.clone());
        let mut met = match self.offsets.remove(&key) {
            Some(met) => met,
            // What the file does not tell of may be in the register, by its number there.
            None => {
                let number = format!("{contract}.{offset}");
                if self.batch.offset_state(&number).await?.is_none() {
                    let message =
                        format!("Contract {reference} has no offset obligation with the number {offset}.");
                    let refusal = Refusal::new("book.offset", message)
                        .missing("the number of an offset obligation that the register or this book has");
                    self.refuse(CREDITS, row, "offset", &refusal);
                    return Ok(());
                }
                self.held_offset(&number).await?
            }
        };
        self.credit_of(row, &contract, &mut met).await?;
        self.offsets.insert(key, met);
        Ok(())
    }

    async fn credit_of(
        &mut self,
        row: &Placed<CreditRow>,
        contract: &str,
        met: &mut MetOffset,
    ) -> Outcome<()> {
        let Some(number) = met.agreed.number.clone() else {
            self.report.counts(CREDITS).not_judged += 1;
            return Ok(());
        };
        let Some(held) = self.batch.offset_state(&number).await?.cloned() else { return Ok(()) };
        if is_told(&row.value.act, &held) {
            match differs_from(&row.value.act, &held) {
                None => self.report.counts(CREDITS).unchanged += 1,
                Some((column, says)) => {
                    self.differs(CREDITS, row, column, says, "the same as the register has");
                    met.agreed.number = None;
                }
            }
            return Ok(());
        }
        let Some(command) = self.credit_command(row, &held, held.terms.required.currency) else {
            met.agreed.number = None;
            return Ok(());
        };
        let is_review = matches!(command, OffsetCommand::Accept { .. } | OffsetCommand::Reject { .. });
        let is_first = matches!(command, OffsetCommand::Plan { .. } | OffsetCommand::Claim { .. });
        let command = Command::Offset { number, command };
        let done = match is_review {
            true => self.approve(CREDITS, row, contract, command, credited).await?,
            false => self.execute(CREDITS, row, command, credited).await?,
        };
        let counts = self.report.counts(CREDITS);
        match (&done, is_first) {
            (Some(_), true) => counts.added += 1,
            (Some(_), false) => counts.changed += 1,
            (None, _) => met.agreed.number = None,
        }
        Ok(())
    }

    /// What a row asks for; a fault of the row if it cannot be said.
    fn credit_command(
        &mut self,
        row: &Placed<CreditRow>,
        held: &OffsetObligation,
        currency: Currency,
    ) -> Option<OffsetCommand> {
        let on = row.value.on;
        Some(match row.value.act.clone() {
            CreditAct::Planned { number, dealt } => {
                self.is_next(row, number, held.plans.len() + 1)?;
                let expected_on = dealt.performed_on;
                OffsetCommand::Plan { on, expected_on, transaction: self.dealt(row, dealt, currency)? }
            }
            CreditAct::Dropped { number, reason } => OffsetCommand::DropPlan { on, plan: number, reason },
            CreditAct::Claimed { number, dealt, plan, document } => {
                self.is_next(row, number, held.claims.len() + 1)?;
                let performed_on = dealt.performed_on;
                let transaction = self.dealt(row, dealt, currency)?;
                OffsetCommand::Claim { on, performed_on, transaction, plan, document }
            }
            CreditAct::Accepted { number, credit, document } => {
                let credit = match credit {
                    Some(credit) => Some(self.money(CREDITS, row, "credit", (&credit, currency))?),
                    None => None,
                };
                OffsetCommand::Accept { on, claim: number, credit, document }
            }
            CreditAct::Rejected { number, reason, document } => {
                OffsetCommand::Reject { on, claim: number, reason, document }
            }
            CreditAct::Discharged { document } => OffsetCommand::Discharge { on, document },
            CreditAct::Released { reason, document } => OffsetCommand::Release { on, reason, document },
        })
    }

    fn is_next(&mut self, row: &Placed<CreditRow>, number: u32, next: usize) -> Option<()> {
        if usize::try_from(number) == Ok(next) {
            return Some(());
        }
        let word =
            if matches!(row.value.act, CreditAct::Planned { .. }) { "planned transaction" } else { "claim" };
        let message = format!("The next {word} of offset obligation {} is {next}.", row.value.offset);
        let refusal = Refusal::new("book.offset", message)
            .missing("numbers without a gap, in the order in which they were recorded");
        self.refuse(CREDITS, row, "number", &refusal);
        None
    }

    fn dealt(&mut self, row: &Placed<CreditRow>, dealt: Dealt, currency: Currency) -> Option<Transaction> {
        let value = self.money(CREDITS, row, "value", (&dealt.value, currency))?;
        Some(Transaction { kind: dealt.kind, description: dealt.description, value })
    }
}

/// A planned transaction or a claim by its number, from 1.
fn nth<T>(all: &[T], number: u32) -> Option<&T> {
    all.get(usize::try_from(number.checked_sub(1)?).ok()?)
}

/// Whether the register was told of an act: each is done once, to what has a number.
fn is_told(act: &CreditAct, held: &OffsetObligation) -> bool {
    match act {
        CreditAct::Planned { number, .. } => nth(&held.plans, *number).is_some(),
        CreditAct::Dropped { number, .. } => {
            nth(&held.plans, *number).is_some_and(|plan| plan.dropped.is_some())
        }
        CreditAct::Claimed { number, .. } => nth(&held.claims, *number).is_some(),
        CreditAct::Accepted { number, .. } | CreditAct::Rejected { number, .. } => {
            nth(&held.claims, *number).is_some_and(|claim| claim.review.is_some())
        }
        CreditAct::Discharged { .. } | CreditAct::Released { .. } => held.ended.is_some(),
    }
}

fn other_kind(dealt: &Dealt, kind: OffsetKind) -> Option<(&'static str, String)> {
    (dealt.kind != kind).then(|| ("kind", kind.word().to_owned()))
}

/// What the register holds otherwise of a transaction.
fn other_dealing(dealt: &Dealt, on: Date, description: &str) -> Option<(&'static str, String)> {
    (dealt.performed_on != on)
        .then(|| ("performed_on", format!("it was or is expected on {on}")))
        .or_else(|| compare::words("description", Some(&dealt.description), Some(description)))
}

/// What the register holds otherwise of an act that it was told of: the column, and what it holds.
fn differs_from(act: &CreditAct, held: &OffsetObligation) -> Option<(&'static str, String)> {
    let is_other = |decimal: &str, money: Money| {
        Money::parse("value", decimal, money.currency).is_ok_and(|asked| asked != money)
    };
    match act {
        CreditAct::Planned { number, dealt } => {
            let plan = nth(&held.plans, *number)?;
            let says = || format!("planned transaction {number} is worth {}", plan.value);
            is_other(&dealt.value, plan.value)
                .then(|| ("value", says()))
                .or_else(|| other_kind(dealt, plan.kind))
                .or_else(|| other_dealing(dealt, plan.expected_on, &plan.description))
        }
        CreditAct::Claimed { number, dealt, document, .. } => {
            let claim = nth(&held.claims, *number)?;
            let says = || format!("claim {number} is worth {}", claim.value);
            is_other(&dealt.value, claim.value)
                .then(|| ("value", says()))
                .or_else(|| other_kind(dealt, claim.kind))
                .or_else(|| other_dealing(dealt, claim.performed_on, &claim.description))
                .or_else(|| compare::title("document", Some(document), Some(&claim.document)))
        }
        CreditAct::Accepted { number, credit, .. } => match &nth(&held.claims, *number)?.review {
            Some(Review::Accepted(_, was)) => {
                let is_other = credit.as_ref().is_some_and(|credit| is_other(credit, *was));
                is_other.then(|| ("credit", format!("of claim {number} {was} was accepted")))
            }
            _ => Some(("act", format!("claim {number} was rejected"))),
        },
        CreditAct::Rejected { number, .. } => match &nth(&held.claims, *number)?.review {
            Some(Review::Accepted(..)) => Some(("act", format!("claim {number} was accepted"))),
            _ => None,
        },
        CreditAct::Discharged { .. } | CreditAct::Released { .. } if act.word() != held.state => {
            Some(("act", format!("offset obligation {} is {}", held.number, held.state)))
        }
        _ => None,
    }
}
