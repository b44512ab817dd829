//! Which texts an event adds, changes or takes back.

use jiff::civil::Date;

use entente_register::access::Reading;
use entente_register::contract::ContractParty;
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Fact, SubjectKind};
use entente_register::opportunity::{AskedItem, OfferItem, Recipient};
use entente_register::payment::penalty::Delay;
use entente_register::search::{SearchField as F, SearchKind};

use super::Text;
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;
use crate::view::Views;

/// The day from which what has no day of its own stands.
const EVER: Date = jiff::civil::date(1, 1, 1);

impl Text {
    /// The first text of what can be found: its name.
    pub(super) fn named(kind: SearchKind, subject: String, name: &str) -> Text {
        Text {
            kind,
            subject,
            item: 0,
            name: name.to_owned(),
            partner: None,
            field: F::Name,
            text: name.to_owned(),
            label: None,
            own_label: None,
            reading: Reading::Contracts.word().to_owned(),
            scope: String::new(),
            content: None,
        }
    }

    /// Another text of the same, marked as what must be open for it.
    pub(super) fn with(&self, field: F, text: impl Into<String>) -> Text {
        Text { field, text: text.into(), own_label: self.label, ..self.clone() }
    }

    /// Another text of the same, with a label of its own.
    pub(super) fn marked(&self, field: F, (text, label): (String, i64)) -> Text {
        Text { own_label: Some(label), ..self.with(field, text) }
    }
}

/// The texts of one result, each once.
pub(super) struct Texts(pub(super) Vec<Text>);

impl Texts {
    pub(super) fn push(&mut self, text: Text) {
        if !self.0.contains(&text) {
            self.0.push(text);
        }
    }
}

impl Views {
    /// Changes what is searched by one event.
    pub(in crate::view) async fn note_words(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        let (event, sequence) = (&recorded.event, recorded.sequence);
        let number = event.subject.key.as_str();
        match &event.fact {
            // Two of three events of a register: they have no text that is searched.
            Fact::DeliveryHandedOver(_)
            | Fact::DeliveryAccepted(_)
            | Fact::DeliveryReturned(_)
            | Fact::DeliveryAnnulled(_) => return Ok(()),
            Fact::PartnerRegistered(partner) => {
                self.search.partners.insert(number.to_owned(), partner.name.clone());
                let name = Text {
                    partner: Some(number.to_owned()),
                    reading: Reading::Partners.word().to_owned(),
                    ..Text::named(SearchKind::Partner, event.subject.to_string(), &partner.name)
                };
                self.search.add(sequence, EVER, [name.with(F::Number, number), name])?;
            }
            Fact::PartyRegistered(party) => {
                let label = self.labels.id(connection, &event.label).await?;
                self.search.parties.insert(number.to_owned(), (party.name.clone(), label));
                let name = Text {
                    label: Some(label),
                    own_label: Some(label),
                    scope: number.to_owned(),
                    ..Text::named(SearchKind::Party, event.subject.to_string(), &party.name)
                };
                self.search.add(sequence, EVER, [name.with(F::Number, number), name])?;
            }
            Fact::ContractOpened(opened) => {
                let name =
                    self.under(connection, number, SearchKind::Contract, recorded, &opened.title).await?;
                let mut texts = Texts(vec![name.with(F::Number, number), name.clone()]);
                texts.push(name.with(F::Reference, opened.reference.as_str()));
                texts.push(name.with(F::Partner, self.search.partner(connection, &opened.partner).await?));
                self.name_parties(connection, &mut texts, &name, &opened.parties).await?;
                self.search.add(sequence, event.occurred_on, texts.0)?;
            }
            Fact::ContractAmended(amended) => {
                let amendment = &amended.amendment;
                let mut named = None;
                if let Some(parties) = &amendment.parties {
                    let name = self.under(connection, number, SearchKind::Contract, recorded, "").await?;
                    let mut texts = Texts(Vec::new());
                    self.name_parties(connection, &mut texts, &name, parties).await?;
                    named = Some(texts.0);
                }
                if amendment.title.is_some() || named.is_some() {
                    let of = (SearchKind::Contract, event.subject.to_string());
                    let with = |texts| amend(texts, amendment.title.as_deref(), named);
                    self.search.change(connection, sequence, (of.0, &of.1), event.occurred_on, with).await?;
                }
            }
            Fact::LineAdded(added) => {
                let contract = contract_of(number);
                let name =
                    self.under(connection, contract, SearchKind::Line, recorded, &added.description).await?;
                let mut texts = vec![name.with(F::Number, number), name.clone()];
                texts.extend(added.reference.as_deref().map(|reference| name.with(F::Reference, reference)));
                let partner = name.partner.clone().unwrap_or_default();
                texts.push(name.with(F::Partner, self.search.partner(connection, &partner).await?));
                texts.push(name.with(F::Category, added.category.as_str()));
                self.search.add(sequence, event.occurred_on, texts)?;
            }
            Fact::InstalmentScheduled(new) => {
                let words = format!("Instalment: {}", new.kind.name());
                self.add_payment(connection, recorded, &words, new.reference.as_deref()).await?;
            }
            Fact::ReceiptRecorded(new) => {
                self.add_payment(connection, recorded, "Receipt", new.reference.as_deref()).await?;
            }
            Fact::PenaltyClaimed(claimed) => {
                let words = match &claimed.delay {
                    Delay::Delivery(late) => format!("Penalty for delay of delivery {late}"),
                    Delay::Line(late) => format!("Penalty for delay of line {late}"),
                    Delay::Instalment(late) => format!("Penalty for delay of instalment {late}"),
                };
                self.add_payment(connection, recorded, &words, None).await?;
            }
            Fact::InstalmentAnnulled(_) | Fact::ReceiptAnnulled(_) | Fact::PenaltyAnnulled(_) => {
                self.search.take_back(connection, sequence, &event.subject.to_string()).await?;
            }
            Fact::OpportunityRegistered(new) => {
                let label = self.labels.id(connection, &event.label).await?;
                let name = Text {
                    partner: Some(new.partner.clone()),
                    label: Some(label),
                    own_label: Some(label),
                    reading: Reading::Opportunities.word().to_owned(),
                    scope: new.exporter.clone(),
                    ..Text::named(SearchKind::Opportunity, event.subject.to_string(), &new.title)
                };
                let mut texts = Texts(vec![name.with(F::Number, number), name.clone()]);
                if let Some(reference) = &new.reference {
                    texts.push(name.with(F::Reference, reference.as_str()));
                }
                texts.push(name.with(F::Partner, self.search.partner(connection, &new.partner).await?));
                texts.push(name.marked(F::Party, self.search.party(connection, &new.exporter).await?));
                texts.push(match &new.recipient {
                    Recipient::Words(words) => name.with(F::Customer, words.as_str()),
                    Recipient::Party(party) => {
                        name.marked(F::Customer, self.search.party(connection, party).await?)
                    }
                });
                for AskedItem { description, category, .. } in &new.items {
                    texts.push(name.with(F::Product, description.as_str()));
                    texts.push(name.with(F::Category, category.as_str()));
                }
                self.search.add(sequence, event.occurred_on, texts.0)?;
            }
            Fact::OpportunityOffered(made) => {
                let of = (SearchKind::Opportunity, event.subject.to_string());
                let with = |texts| offer(texts, &made.items);
                self.search.change(connection, sequence, (of.0, &of.1), event.occurred_on, with).await?;
            }
            Fact::ApplicationDrafted(content) => {
                let texts = self.words_of_application(connection, recorded, content).await?;
                self.search.add(sequence, event.occurred_on, texts)?;
            }
            Fact::ApplicationRevised(content) => {
                let texts = self.words_of_application(connection, recorded, content).await?;
                let of = (SearchKind::Application, event.subject.to_string());
                self.search.change(connection, sequence, (of.0, &of.1), event.occurred_on, |_| texts).await?;
            }
            Fact::LicenceIssued(issued) => {
                let texts = self.words_of_licence(connection, recorded, issued).await?;
                self.search.add(sequence, event.occurred_on, texts)?;
            }
            Fact::CertificateRegistered(content) => {
                let texts = self.words_of_certificate(connection, recorded, content).await?;
                self.search.add(sequence, event.occurred_on, texts)?;
            }
            _ => {}
        }
        self.add_document(connection, recorded).await
    }

    /// The name of something that is open to whom a contract is.
    async fn under(
        &mut self,
        connection: &mut Connection<'_>,
        contract: &str,
        kind: SearchKind,
        recorded: &Recorded,
        name: &str,
    ) -> Result<Text, Fault> {
        let label = self.contracts.label(connection, contract).await?;
        Ok(Text {
            partner: Some(self.contracts.partner(connection, contract).await?.to_owned()),
            label: Some(label),
            own_label: Some(label),
            scope: contract.to_owned(),
            ..Text::named(kind, recorded.event.subject.to_string(), name)
        })
    }

    async fn name_parties(
        &mut self,
        connection: &mut Connection<'_>,
        texts: &mut Texts,
        name: &Text,
        parties: &[ContractParty],
    ) -> Result<(), Fault> {
        for party in parties {
            texts.push(name.marked(F::Party, self.search.party(connection, &party.party).await?));
        }
        Ok(())
    }

    async fn add_payment(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        words: &str,
        reference: Option<&str>,
    ) -> Result<(), Fault> {
        let number = recorded.event.subject.key.as_str();
        let under = self.under(connection, contract_of(number), SearchKind::Payment, recorded, words).await?;
        let own_label = Some(self.labels.id(connection, &recorded.event.label).await?);
        let of = Text { reading: Reading::Payments.word().to_owned(), ..under };
        let partner = self.search.partner(connection, &of.partner.clone().unwrap_or_default()).await?;
        let texts = [of.with(F::Number, number), of.clone(), of.with(F::Partner, partner)];
        let texts = texts.into_iter().chain(reference.map(|reference| of.with(F::Reference, reference)));
        // A payment may be marked otherwise than its contract, and so are all texts of it.
        self.search.add(
            recorded.sequence,
            recorded.event.occurred_on,
            texts.map(|text| Text { own_label, ..text }),
        )
    }

    /// Adds the document that an event names.
    async fn add_document(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let Some(document) = event.fact.document() else { return Ok(()) };
        let number = event.subject.key.as_str();
        let contract = contract_of(number);
        let (kind, title) = (SearchKind::Document, document.title.as_str());
        let own_label = Some(self.labels.id(connection, &event.label).await?);
        let of = |reading: Reading| Text {
            label: own_label,
            reading: reading.word().to_owned(),
            ..Text::named(kind, event.subject.to_string(), title)
        };
        let text = match event.subject.kind {
            SubjectKind::Plan => of(Reading::Plans),
            // A published rate is of no contract.
            SubjectKind::Rate if contract == number => of(Reading::Payments),
            SubjectKind::Opportunity => {
                let found = self.opportunities.of(number)?;
                Text { partner: Some(found.0), scope: found.1, ..of(Reading::Opportunities) }
            }
            SubjectKind::Contract
            | SubjectKind::Line
            | SubjectKind::Milestone
            | SubjectKind::Slippage
            | SubjectKind::Corrective
            | SubjectKind::Offset => self.under(connection, contract, kind, recorded, title).await?,
            SubjectKind::Schedule
            | SubjectKind::Instalment
            | SubjectKind::Receipt
            | SubjectKind::Penalty
            | SubjectKind::Rate => Text {
                reading: Reading::Payments.word().to_owned(),
                ..self.under(connection, contract, kind, recorded, title).await?
            },
            // Deliveries are looked up by their numbers, and reports are not everybody's who sees their contract.
            _ => return Ok(()),
        };
        let item = i64::from(recorded.version);
        let text = Text { item, own_label, content: document.content.clone(), ..text };
        let of = Text { own_label, ..text.with(F::Number, number) };
        self.search.add(recorded.sequence, event.occurred_on, [text, of])
    }
}

/// The texts of a contract with another title or other parties.
fn amend(before: Vec<Text>, title: Option<&str>, parties: Option<Vec<Text>>) -> Vec<Text> {
    let mut after: Vec<Text> =
        before.into_iter().filter(|text| parties.is_none() || text.field != F::Party).collect();
    let name = after.first().map(|first| first.name.clone()).unwrap_or_default();
    after.extend(parties.into_iter().flatten().map(|party| Text { name: name.clone(), ..party }));
    if let Some(title) = title {
        for text in &mut after {
            title.clone_into(&mut text.name);
            if text.field == F::Name {
                title.clone_into(&mut text.text);
            }
        }
    }
    after
}

/// The texts of an opportunity with the items of one more offer: what was asked or offered before stays on its page.
fn offer(before: Vec<Text>, items: &[OfferItem]) -> Vec<Text> {
    let mut after = Texts(before);
    let Some(name) = after.0.iter().find(|text| text.field == F::Name).cloned() else {
        return after.0;
    };
    for item in items {
        after.push(name.with(F::Product, item.description.as_str()));
        after.push(name.with(F::Category, item.category.as_str()));
    }
    after.0
}
