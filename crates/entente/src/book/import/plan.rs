//! Plans of a book: a version at a time, in the order of their numbers.

use std::collections::BTreeMap;

use entente_register::book::row::PlanRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::ledger::Refusal;
use entente_store::{Error, Outcome};

use super::{Importer, Placed};

const TABLE: Table = Table::Plan;

/// Items added by one command.
const AT_ONCE: usize = 500;

impl Importer<'_> {
    /// Drafts, fills and approves the versions that the register does not hold; compares the others.
    pub(super) async fn plans(&mut self, rows: &[Placed<PlanRow>]) -> Outcome<()> {
        let mut versions: BTreeMap<PlanVersion, Vec<&Placed<PlanRow>>> = BTreeMap::new();
        for row in rows {
            versions.entry(row.value.version).or_default().push(row);
        }
        for (version, rows) in versions {
            self.plan_version(version, &rows).await?;
        }
        Ok(())
    }

    async fn plan_version(&mut self, version: PlanVersion, rows: &[&Placed<PlanRow>]) -> Outcome<()> {
        let Some(first) = rows.first().copied() else { return Ok(()) };
        let mut is_sound = true;
        for row in rows {
            if row.value.currency != first.value.currency || row.value.approved != first.value.approved {
                let refusal = Refusal::new(
                    "book.plan",
                    format!("Rows of plan {version} differ in currency or approval from row {}.", first.row),
                )
                .missing("the same currency and approval in every row of a version");
                self.refuse(TABLE, row, "version", &refusal);
                is_sound = false;
            }
        }
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(item) = &row.value.item else { continue };
            match self.find_line(TABLE, row, &item.contract, &item.line).await? {
                Some(line) => {
                    let item = PlanItem { line, planned_on: item.planned_on, amount: item.amount.decimal() };
                    items.push((*row, item));
                }
                None => is_sound = false,
            }
        }
        if !is_sound {
            return Ok(());
        }
        if self.batch.plan_state(self.actor, version).await?.is_some() {
            return self.compare_plan(version, first, &items).await;
        }
        let given = self.batch.plan_versions(version.year).await?;
        if version.version != given + 1 {
            let refusal = Refusal::new(
                "book.plan",
                format!("The next version of the plan of {} is {}.", version.year, given + 1),
            )
            .missing("versions without a gap, from the next one on");
            self.refuse(TABLE, first, "version", &refusal);
            return Ok(());
        }
        self.make_plan(version, first, items).await
    }

    async fn make_plan(
        &mut self,
        version: PlanVersion,
        first: &Placed<PlanRow>,
        items: Vec<(&Placed<PlanRow>, PlanItem)>,
    ) -> Outcome<()> {
        let change = |command| Command::Plan { version: Some(version), command };
        let draft = PlanCommand::Draft { year: version.year, currency: first.value.currency };
        let draft = Command::Plan { version: None, command: draft };
        if self.execute(TABLE, first, draft, |_| "year").await?.is_none() {
            return Ok(());
        }
        let is_empty = items.is_empty();
        for items in items.chunks(AT_ONCE) {
            let all = items.iter().map(|(_, item)| item.clone()).collect();
            match self.batch.execute(self.actor, change(PlanCommand::AddItems { items: all })).await {
                Ok(_) => self.report.counts(TABLE).added += items.len() as u64,
                Err(Error::Refusal(_)) => {
                    // One after the other, so that the row at fault is named.
                    for (row, item) in items {
                        let command = change(PlanCommand::AddItems { items: vec![item.clone()] });
                        let column = |field: &str| match field.rsplit('.').next().unwrap_or_default() {
                            "amount" => "amount",
                            "planned_on" => "planned_on",
                            _ => "line",
                        };
                        if self.execute(TABLE, row, command, column).await?.is_some() {
                            self.report.counts(TABLE).added += 1;
                        }
                    }
                }
                Err(fault) => return Err(fault),
            }
        }
        let end = match &first.value.approved {
            // A book says nothing of proposals: its plans are approved as drafts.
            Some(approved) => {
                PlanCommand::Approve { on: approved.on, document: approved.by.clone(), reason: None }
            }
            // A version without items that was never approved is one that was given up.
            None if is_empty => PlanCommand::Discard,
            None => return Ok(()),
        };
        self.report.counts(TABLE).added += u64::from(is_empty);
        let is_approval = matches!(end, PlanCommand::Approve { .. });
        let end = change(end);
        let actor = if is_approval { self.approver(&end) } else { self.actor.clone() };
        let label = self.batch.plan_state(self.actor, version).await?.map(|plan| plan.label.clone());
        if let Some(label) = label.filter(|label| !actor.clearance.admits(label)) {
            let refusal = Refusal::new(
                "book.approver",
                format!(
                    "Plan {version} is marked {label}, beyond what the account {} is cleared for.",
                    actor.account
                ),
            )
            .missing("an account that approves it and is cleared for all lines of the plan");
            self.refuse(TABLE, first, "approved_on", &refusal);
            return Ok(());
        }
        match self.batch.execute(&actor, end).await {
            Ok(_) => Ok(()),
            Err(Error::Refusal(refusal)) => {
                let is_paper = refusal.field.as_deref() == Some("document");
                let column = if is_paper { "approved_document" } else { "approved_on" };
                self.refuse(TABLE, first, column, &refusal);
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    async fn compare_plan(
        &mut self,
        version: PlanVersion,
        first: &Placed<PlanRow>,
        items: &[(&Placed<PlanRow>, PlanItem)],
    ) -> Outcome<()> {
        let digits = first.value.currency;
        let mut ours = Vec::with_capacity(items.len());
        for (row, item) in items {
            let minor = row.value.item.as_ref().map_or(0, |item| item.amount.minor);
            ours.push((item.line.clone(), item.planned_on, minor));
        }
        ours.sort();
        let held = self.batch.plan_items(version).await?;
        let plan = self.batch.plan_state(self.actor, version).await?;
        // Of a version that was given up, no items are given out.
        let is_given_up = ours.is_empty() && plan.is_some_and(|plan| plan.state == "discarded");
        let is_same = held == ours && plan.is_some_and(|plan| plan.currency == digits);
        if is_same || is_given_up {
            self.report.counts(TABLE).unchanged += (items.len() as u64).max(1);
            return Ok(());
        }
        let says = format!("plan {version} has {} items, and not all are the same", held.len());
        self.differs(TABLE, first, "version", says, "the same items, or the next version of the year’s plan");
        Ok(())
    }
}
