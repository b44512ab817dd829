//! Opportunities of a book: registered or compared, and what was done about each in the order in which it was
//! entered.

use std::collections::HashMap;

use entente_register::book::opportunity::{
    DeadlineRow, EstimateRow, NamedRecipient, OfferRow, OpinionRow, OpportunityRow, RequestRow,
};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::ledger::Refusal;
use entente_register::opportunity::{NewOpportunity, Opportunity, OpportunityCommand, Recipient};
use entente_store::Outcome;

use super::acts::{Key, keys};
use super::{Importer, Placed};

/// The rows of which opportunities are made.
pub(super) struct Pursuits {
    pub(super) opportunities: Vec<Placed<OpportunityRow>>,
    pub(super) requests: Vec<Placed<RequestRow>>,
    pub(super) deadlines: Vec<Placed<DeadlineRow>>,
    pub(super) estimates: Vec<Placed<EstimateRow>>,
    pub(super) opinions: Vec<Placed<OpinionRow>>,
    pub(super) offers: Vec<Placed<OfferRow>>,
}

/// What is done about an opportunity.
enum Act<'r> {
    Extend(&'r Placed<DeadlineRow>),
    Ask(&'r Placed<OpinionRow>),
    Give(&'r Placed<OpinionRow>),
    Estimate(&'r Placed<EstimateRow>),
    Offer(Vec<&'r Placed<OfferRow>>),
    End(&'r Placed<OpportunityRow>),
}

/// An opportunity that rows of the file were met of.
pub(super) struct Met {
    /// Its number in the register.
    pub(super) number: String,
    /// As the register held it before this import; none if it is new.
    pub(super) held: Option<Opportunity>,
}

fn recipient_column(recipient: &NamedRecipient) -> &'static str {
    match recipient {
        NamedRecipient::Party(_) => "recipient",
        NamedRecipient::Words(_) => "recipient_words",
    }
}

impl Pursuits {
    /// What is done about each opportunity, by its number in the file, in order.
    fn acts(&self) -> HashMap<&str, Vec<(Key, Act<'_>)>> {
        let entries = self.deadlines.iter().map(|row| row.value.entry);
        let entries = entries.chain(self.estimates.iter().map(|row| row.value.entry));
        let entries = entries.chain(self.opinions.iter().map(|row| row.value.entry));
        let entries = entries.chain(self.offers.iter().map(|row| row.value.entry));
        let (_, key) = keys(entries.chain(self.opportunities.iter().map(|row| row.value.entry)));
        let mut acts: HashMap<&str, Vec<(Key, Act<'_>)>> = HashMap::new();
        let mut add = |of, key, act| acts.entry(of).or_default().push((key, act));
        for row in &self.deadlines {
            let one = &row.value;
            add(one.opportunity.as_str(), key(one.entry, one.on, 0), Act::Extend(row));
        }
        for row in &self.opinions {
            let one = &row.value;
            add(one.opportunity.as_str(), key(one.entry, one.asked.on, 1), Act::Ask(row));
            if let Some(given) = &one.given {
                let entry = one.given_entry.or(one.entry);
                add(one.opportunity.as_str(), key(entry, given.on, 1), Act::Give(row));
            }
        }
        for row in &self.estimates {
            let one = &row.value;
            add(one.opportunity.as_str(), key(one.entry, one.on, 2), Act::Estimate(row));
        }
        let mut versions: Vec<Vec<&Placed<OfferRow>>> = Vec::new();
        let mut places: HashMap<(&str, u32), usize> = HashMap::new();
        for row in &self.offers {
            let place = *places.entry((&row.value.opportunity, row.value.version)).or_insert(versions.len());
            match versions.get_mut(place) {
                Some(version) => version.push(row),
                None => versions.push(vec![row]),
            }
        }
        for version in versions {
            let Some(first) = version.first() else { continue };
            let one = &first.value;
            add(one.opportunity.as_str(), key(one.entry, one.terms.on, 3), Act::Offer(version));
        }
        for row in &self.opportunities {
            let one = &row.value;
            if let Some(ended) = &one.ended {
                let entry = one.ended_entry.or(one.entry);
                add(one.opportunity.as_str(), key(entry, ended.on, 4), Act::End(row));
            }
        }
        for of_one in acts.values_mut() {
            of_one.sort_by_key(|(key, _)| *key);
        }
        acts
    }
}

impl Importer<'_> {
    /// Registers opportunities and carries out what was done about them, as far as the register does not hold it.
    pub(super) async fn pursuits(&mut self, pursuits: &Pursuits) -> Outcome<()> {
        let mut requests: HashMap<&str, Vec<&Placed<RequestRow>>> = HashMap::new();
        for row in &pursuits.requests {
            requests.entry(row.value.opportunity.as_str()).or_default().push(row);
        }
        let mut acts = pursuits.acts();
        let mut seen: HashMap<&str, u64> = HashMap::new();
        for row in &pursuits.opportunities {
            let reference = row.value.opportunity.as_str();
            if let Some(first) = seen.insert(reference, row.row) {
                let message = format!("The opportunity {reference} stands in row {first} already.");
                let refusal = Refusal::new("book.twice", message).missing("one row for each opportunity");
                self.refuse(Table::Opportunities, row, "opportunity", &refusal);
                continue;
            }
            let asked = requests.remove(reference).unwrap_or_default();
            let of_one = acts.remove(reference).unwrap_or_default();
            match self.open_opportunity(row, &asked).await? {
                Some(met) => self.pursue(&met, of_one).await?,
                None => {
                    self.report.counts(Table::Requests).not_judged += asked.len() as u64;
                    self.pass_over(&of_one);
                }
            }
        }
        // Of opportunities that the register holds and the file does not name again.
        let mut left: Vec<_> = acts.into_iter().collect();
        left.sort_by_key(|(reference, _)| *reference);
        for (reference, of_one) in left {
            if self.is_unusable(Table::Opportunities, reference, "") {
                self.pass_over(&of_one);
                continue;
            }
            match self.held_opportunity(reference).await? {
                Ok(met) => self.pursue(&met, of_one).await?,
                Err(refusal) => {
                    for (_, act) in of_one {
                        self.refuse_act(&act, &refusal);
                    }
                }
            }
        }
        let mut left: Vec<_> = requests.into_iter().collect();
        left.sort_by_key(|(reference, _)| *reference);
        for (reference, asked) in left {
            if self.is_unusable(Table::Opportunities, reference, "") {
                self.report.counts(Table::Requests).not_judged += asked.len() as u64;
                continue;
            }
            match self.held_opportunity(reference).await? {
                Ok(Met { held: Some(held), .. }) => self.compare_requests(&held, &asked),
                Ok(_) => {}
                Err(refusal) => {
                    for row in asked {
                        self.refuse(Table::Requests, row, "opportunity", &refusal);
                    }
                }
            }
        }
        Ok(())
    }

    /// Notes that acts rest on what is at fault, and are not judged.
    fn pass_over(&mut self, acts: &[(Key, Act<'_>)]) {
        for (_, act) in acts {
            let (table, rows) = act.rows();
            self.report.counts(table).not_judged += rows;
        }
    }

    /// The opportunity of a number in the file, or why it cannot be used.
    async fn held_opportunity(&mut self, reference: &str) -> Outcome<Result<Met, Refusal>> {
        let found = self.find_opportunity(reference).await?;
        Ok(found.and_then(|met| {
            met.ok_or_else(|| {
                Refusal::new("book.opportunity", format!("There is no opportunity {reference}."))
                    .missing("the number of an opportunity that the register or this book has")
            })
        }))
    }

    /// The opportunity of a number in the file, none where there is none yet, or that several bear it.
    async fn find_opportunity(&mut self, reference: &str) -> Outcome<Result<Option<Met>, Refusal>> {
        let found = self.batch.opportunities_referenced(self.actor, reference).await?;
        Ok(match found.as_slice() {
            [] => Ok(None),
            [number] => {
                let held = self.batch.opportunity_state(self.actor, number).await?.cloned();
                Ok(Some(Met { number: number.clone(), held }))
            }
            several => Err(Refusal::new(
                "book.opportunity",
                format!("Several opportunities bear the number {reference}: {}.", several.join(", ")),
            )
            .missing("a number that one opportunity alone bears")),
        })
    }

    async fn open_opportunity(
        &mut self,
        row: &Placed<OpportunityRow>,
        asked: &[&Placed<RequestRow>],
    ) -> Outcome<Option<Met>> {
        const TABLE: Table = Table::Opportunities;
        let met = match self.find_opportunity(&row.value.opportunity).await? {
            Ok(Some(met)) => met,
            Ok(None) => return self.register_opportunity(row, asked).await,
            Err(refusal) => {
                self.refuse(TABLE, row, "opportunity", &refusal);
                return Ok(None);
            }
        };
        let Some(held) = met.held.clone() else { return Ok(None) };
        let opportunity = &row.value;
        let remedy = format!("the same as opportunity {} has, or a number of its own", met.number);
        let mut agrees = true;
        for (column, is_same, says) in [
            ("title", held.title == opportunity.title, held.title.clone()),
            ("partner", held.partner == opportunity.partner, held.partner.clone()),
            ("kind", held.kind == opportunity.kind, held.kind.word().to_owned()),
            ("received_on", held.received_on == opportunity.received_on, held.received_on.to_string()),
            ("marking", held.label == opportunity.label, held.label.to_string()),
        ] {
            if !is_same {
                self.differs(TABLE, row, column, says, &remedy);
                agrees = false;
            }
        }
        if agrees {
            let exporter = self.find_party(TABLE, row, "exporter", &opportunity.exporter).await?;
            agrees = exporter.is_some();
            if exporter.as_ref().is_some_and(|exporter| *exporter != held.exporter) {
                self.differs(TABLE, row, "exporter", &held.exporter, &remedy);
                agrees = false;
            }
        }
        if agrees && held.competitors != opportunity.competitors {
            self.differs(TABLE, row, "competitors", held.competitors.join("; "), &remedy);
            agrees = false;
        }
        if !agrees {
            return Ok(None);
        }
        self.report.counts(TABLE).unchanged += 1;
        self.compare_requests(&held, asked);
        Ok(Some(met))
    }

    /// Compares what is asked for with what the register holds of it.
    fn compare_requests(&mut self, held: &Opportunity, asked: &[&Placed<RequestRow>]) {
        let mut left: Vec<_> = held.items.iter().collect();
        for row in asked {
            match left.iter().position(|item| **item == row.value.item) {
                Some(place) => {
                    left.remove(place);
                    self.report.counts(Table::Requests).unchanged += 1;
                }
                None => {
                    let says = format!("opportunity {} asks for no such item", held.number);
                    let remedy = "the items as the register has them";
                    self.differs(Table::Requests, row, "description", says, remedy);
                }
            }
        }
    }

    async fn register_opportunity(
        &mut self,
        row: &Placed<OpportunityRow>,
        asked: &[&Placed<RequestRow>],
    ) -> Outcome<Option<Met>> {
        const TABLE: Table = Table::Opportunities;
        let opportunity = &row.value;
        let exporter = self.find_party(TABLE, row, "exporter", &opportunity.exporter).await?;
        let recipient = match &opportunity.recipient {
            NamedRecipient::Words(words) => Some(Recipient::Words(words.clone())),
            NamedRecipient::Party(name) => {
                self.find_party(TABLE, row, "recipient", name).await?.map(Recipient::Party)
            }
        };
        let (Some(exporter), Some(recipient)) = (exporter, recipient) else { return Ok(None) };
        let new = NewOpportunity {
            on: opportunity.received_on,
            reference: Some(opportunity.opportunity.clone()),
            title: opportunity.title.clone(),
            partner: opportunity.partner.clone(),
            kind: opportunity.kind,
            recipient,
            exporter,
            items: asked.iter().map(|row| row.value.item.clone()).collect(),
            competitors: opportunity.competitors.clone(),
            deadline: opportunity.deadline,
            label: opportunity.label.clone(),
            document: opportunity.document.clone(),
        };
        let command = OpportunityCommand::Register(Box::new(new));
        let command = Command::Opportunity { number: None, command };
        let of_recipient = recipient_column(&opportunity.recipient);
        let column = |field: &str| match field {
            "on" => "received_on",
            "title" => "title",
            "partner" => "partner",
            "recipient" => of_recipient,
            "exporter" => "exporter",
            "competitors" => "competitors",
            "deadline" => "deadline",
            "label" => "marking",
            "document" => "document",
            // What is wrong with what is asked for is wrong with the opportunity as a whole.
            _ => "opportunity",
        };
        let Some(receipt) = self.execute(TABLE, row, command, column).await? else { return Ok(None) };
        self.report.counts(TABLE).added += 1;
        self.report.counts(Table::Requests).added += asked.len() as u64;
        Ok(Some(Met { number: receipt.subject.key, held: None }))
    }

    /// Carries out what was done about an opportunity, until something is refused: what comes after rests on it.
    async fn pursue(&mut self, met: &Met, acts: Vec<(Key, Act<'_>)>) -> Outcome<()> {
        let faults = self.report.faults();
        for (_, act) in acts {
            if self.report.faults() > faults {
                let (table, rows) = act.rows();
                self.report.counts(table).not_judged += rows;
                continue;
            }
            match act {
                Act::Extend(row) => self.extend(met, row).await?,
                Act::Ask(row) => self.ask_opinion(met, row).await?,
                Act::Give(row) => self.give_opinion(met, row).await?,
                Act::Estimate(row) => self.estimate(met, row).await?,
                Act::Offer(rows) => self.offer(met, &rows).await?,
                Act::End(row) => self.end_opportunity(met, row).await?,
            }
        }
        Ok(())
    }

    fn refuse_act(&mut self, act: &Act<'_>, refusal: &Refusal) {
        match act {
            Act::Extend(row) => self.refuse(Table::Deadlines, row, "opportunity", refusal),
            // Its answer stands in the same row.
            Act::Give(_) => {}
            Act::Ask(row) => self.refuse(Table::Opinions, row, "opportunity", refusal),
            Act::Estimate(row) => self.refuse(Table::Estimates, row, "opportunity", refusal),
            Act::Offer(rows) => {
                for row in rows {
                    self.refuse(Table::Offers, row, "opportunity", refusal);
                }
            }
            Act::End(row) => self.refuse(Table::Opportunities, row, "opportunity", refusal),
        }
    }
}

impl Act<'_> {
    /// Of which table it is, and of how many rows beside those that are counted otherwise.
    fn rows(&self) -> (Table, u64) {
        match self {
            Act::Extend(_) => (Table::Deadlines, 1),
            Act::Ask(_) => (Table::Opinions, 1),
            Act::Give(_) => (Table::Opinions, 0),
            Act::Estimate(_) => (Table::Estimates, 1),
            Act::Offer(rows) => (Table::Offers, rows.len() as u64),
            Act::End(_) => (Table::Opportunities, 0),
        }
    }
}
