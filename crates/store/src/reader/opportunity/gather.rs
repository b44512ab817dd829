//! Opportunities as figures see them, and the rows behind figures of them.

use std::collections::BTreeMap;

use entente_register::access::Extent;
use entente_register::brief::{Facts, OpportunityPart, opportunities};
use entente_register::label::Label;
use entente_register::ledger::Refusal;
use entente_register::opportunity::analysis::Considered;
use entente_register::opportunity::{LossCause, Opportunity, product_group};

use super::list::{content, probability, value};
use crate::database::Connection;
use crate::error::{Fault, Outcome};
use crate::reader::{Listing, Page, Reader, SourceRow};

const DOING: &str = "gathering opportunities";

impl Reader {
    /// The opportunities of a brief, and the join of their labels.
    pub(in crate::reader) async fn gather_opportunities(
        &self,
        connection: &mut Connection<'_>,
    ) -> Outcome<(Vec<Considered>, Option<Label>)> {
        self.consider_opportunities(connection, Extent::All, false).await
    }

    /// All opportunities open to the actor, in the order of their numbers; with their product groups where those
    /// are asked for, which takes reading the whole of each.
    pub(super) async fn consider_opportunities(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        grouped: bool,
    ) -> Outcome<(Vec<Considered>, Option<Label>)> {
        let mut parameters = self.parameters();
        let condition = self.open_opportunities(extent, &mut parameters);
        let whole = if grouped { "o.content" } else { "''" };
        let sql = format!(
            "SELECT o.number, o.title, o.partner, o.kind, o.state, o.received_on, o.deadline, o.answered_on, o.ended_on, o.currency, o.amount, o.probability, o.signature_on, o.cause, o.label, {whole} FROM opportunity o WHERE {condition} ORDER BY o.number"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let damaged = |e: Refusal| Fault::damaged(DOING, e.message);
        let mut labels = Vec::with_capacity(rows.len());
        let mut all = Vec::with_capacity(rows.len());
        for row in &rows {
            labels.push(row.int(14)?);
            let cause = row.optional_text(13)?.map(|word| word.parse::<LossCause>());
            all.push(Considered {
                number: row.text(0)?,
                title: row.text(1)?,
                partner: row.text(2)?,
                kind: row.text_ref(3)?.parse().map_err(damaged)?,
                state: row.text(4)?,
                received_on: row.date(5)?,
                deadline: row.optional_date(6)?,
                answered_on: row.optional_date(7)?,
                ended_on: row.optional_date(8)?,
                value: value(row, 9, 10)?,
                probability: probability(row, 11)?,
                signature_on: row.optional_date(12)?,
                cause: cause.transpose().map_err(damaged)?,
                groups: if grouped { groups(&content(row, 15)?) } else { Vec::new() },
            });
        }
        Ok((all, self.labels.join(labels)?))
    }
}

/// The product groups of an opportunity, each with its part of the last offer.
fn groups(of: &Opportunity) -> Vec<(String, i64)> {
    let mut groups: BTreeMap<&str, i64> = of.product_groups().into_iter().map(|group| (group, 0)).collect();
    for item in of.last_offer().into_iter().flat_map(|offer| &offer.made.items) {
        let sum = groups.entry(product_group(&item.category)).or_default();
        // The rule has priced the item before.
        *sum = sum.saturating_add(item.amount().unwrap_or(0));
    }
    groups.into_iter().map(|(group, amount)| (group.to_owned(), amount)).collect()
}

/// The opportunities behind a figure, and the sum of their amounts.
pub(in crate::reader) fn opportunity_rows(
    facts: &Facts,
    part: OpportunityPart,
    partner: Option<&str>,
    page: Page,
) -> (Listing<SourceRow>, i64) {
    let rows: Vec<SourceRow> = opportunities(facts, part, partner)
        .into_iter()
        .map(|(one, amount)| SourceRow {
            number: one.number.clone(),
            kind: "opportunity",
            contract: String::new(),
            partner: one.partner.clone(),
            date: match part {
                OpportunityPart::Open | OpportunityPart::DueSoon | OpportunityPart::Overdue => one.deadline,
                OpportunityPart::Expected => one.signature_on,
                _ => one.ended_on,
            },
            title: one.title.clone(),
            amount,
            note: match (part, one.probability) {
                (OpportunityPart::Expected, Some(probability)) => format!("{probability} %"),
                _ => one.state.clone(),
            },
            plan: None,
            document: None,
        })
        .collect();
    let sum = rows.iter().fold(0_i64, |sum, row| sum.saturating_add(row.amount));
    (Listing::of(rows, page), sum)
}
