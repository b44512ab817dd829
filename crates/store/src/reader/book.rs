//! The whole book: every event of what a book holds, for giving it out.

use std::collections::BTreeSet;

use entente_register::access::{Extent, Reading, may_read};
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Event, Fact, SubjectKind};

use super::Reader;
use crate::error::{Fault, Outcome};
use crate::ledger::{EVENT_COLUMNS, decode_event};

/// Events read at once.
const AT_ONCE: i64 = 5_000;

/// The events of a book, in the order in which they were recorded.
pub struct Book<'r> {
    reader: &'r Reader,
    /// The contracts that are open to the actor, where not all within the clearance are.
    own: Option<Own>,
    plans: bool,
    payments: bool,
    opportunities: Option<Extent>,
    /// Opportunities of the actor's own, of those met so far.
    own_opportunities: BTreeSet<String>,
    after: i64,
}

/// What is open to those who have a right to their own business alone.
struct Own {
    contracts: BTreeSet<String>,
    parties: BTreeSet<String>,
}

impl Reader {
    /// The book up to the horizon: partners, parties, contracts, lines, plans, deliveries, slippages,
    /// payments and opportunities that are open to the actor.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn book(&self) -> Outcome<Book<'_>> {
        let extent = self.check(Reading::Contracts)?;
        let own = match extent {
            Extent::All => None,
            Extent::Own => {
                let mut parameters = self.parameters();
                let condition = self.open_contracts(extent, &mut parameters);
                let sql = format!(
                    "SELECT c.number, p.party FROM contract c JOIN contract_party p ON p.contract = c.number WHERE {condition} ORDER BY c.number, p.party"
                );
                let mut transaction = self.store.database.read().await?;
                let mut connection = transaction.connection();
                let rows = connection.fetch("listing contracts", &sql, parameters.values()).await?;
                let column = |at| rows.iter().map(|row| row.text(at)).collect::<Result<_, Fault>>();
                Some(Own { contracts: column(0)?, parties: column(1)? })
            }
        };
        // A plan is of all contracts.
        let plans = own.is_none() && may_read(&self.actor, Reading::Plans).is_some();
        let payments = may_read(&self.actor, Reading::Payments).is_some();
        let opportunities = may_read(&self.actor, Reading::Opportunities);
        self.log("book", self.labels.join_of_allowed()?.as_ref()).await?;
        Ok(Book {
            reader: self,
            own,
            plans,
            payments,
            opportunities,
            own_opportunities: BTreeSet::new(),
            after: 0,
        })
    }
}

impl Book<'_> {
    /// The next events; none after the last.
    ///
    /// # Errors
    /// A fault if the database does not answer, or an event cannot be read.
    pub async fn next(&mut self) -> Outcome<Option<Vec<Event>>> {
        let horizon = self.reader.horizon.sequence;
        if self.after >= horizon {
            return Ok(None);
        }
        let until = self.after.saturating_add(AT_ONCE).min(horizon);
        let mut transaction = self.reader.store.database.read().await?;
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM event WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence"
        );
        let rows = transaction
            .connection()
            .fetch("reading the book", &sql, &[self.after.into(), until.into()])
            .await?;
        drop(transaction);
        self.after = until;
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            let event = decode_event(row)?.event;
            if self.is_open(&event) {
                events.push(event);
            }
        }
        Ok(Some(events))
    }

    fn is_open(&mut self, event: &Event) -> bool {
        if !self.reader.actor.clearance.admits(&event.label) {
            return false;
        }
        match event.subject.kind {
            SubjectKind::Partner | SubjectKind::Group => true,
            SubjectKind::Party => {
                self.own.as_ref().is_none_or(|own| own.parties.contains(&event.subject.key))
            }
            SubjectKind::Contract
            | SubjectKind::Line
            | SubjectKind::Delivery
            | SubjectKind::Milestone
            | SubjectKind::Slippage
            | SubjectKind::Corrective
            | SubjectKind::Offset => {
                self.own.as_ref().is_none_or(|own| own.contracts.contains(contract_of(&event.subject.key)))
            }
            SubjectKind::Opportunity => self.is_open_opportunity(event),
            SubjectKind::Schedule | SubjectKind::Instalment | SubjectKind::Receipt | SubjectKind::Penalty => {
                self.payments
                    && self
                        .own
                        .as_ref()
                        .is_none_or(|own| own.contracts.contains(contract_of(&event.subject.key)))
            }
            SubjectKind::Rate => {
                let contract = contract_of(&event.subject.key);
                let of_contract = contract != event.subject.key;
                self.payments
                    && (!of_contract || self.own.as_ref().is_none_or(|own| own.contracts.contains(contract)))
            }
            SubjectKind::Plan => self.plans,
            _ => false,
        }
    }

    /// Whose an opportunity is, its first event says.
    fn is_open_opportunity(&mut self, event: &Event) -> bool {
        match self.opportunities {
            None => false,
            Some(Extent::All) => true,
            Some(Extent::Own) => {
                if let Some(Fact::OpportunityRegistered(new)) = &event.fact
                    && self.reader.actor.party.as_ref() == Some(&new.exporter)
                {
                    self.own_opportunities.insert(event.subject.key.clone());
                }
                self.own_opportunities.contains(&event.subject.key)
            }
        }
    }
}
