//! Reading: what one actor may see, as of a day, as known at an instant.
//!
//! Every read goes through a [`Reader`], so rights, labels and need-to-know are
//! applied once, here. An object that the actor may not see answers exactly as one
//! that does not exist.

mod types;

pub use types::*;

use jiff::Timestamp;
use jiff::civil::Date;

use entente_register::access::Actor;
use entente_register::brief::{Brief, FigureName};
use entente_register::contract::plan::PlanVersion;
use entente_register::ledger::Subject;
use entente_register::partner::Group;

use crate::error::Outcome;
use crate::store::Store;

/// What one actor may see, as of a day, at one horizon of the ledger.
pub struct Reader {
    store: Store,
    actor: Actor,
    as_of: Date,
    known_at: Timestamp,
    source: String,
}

impl Reader {
    /// Pins the horizon; see [`Store::reader`].
    pub(crate) async fn open(
        store: &Store,
        actor: &Actor,
        as_of: Option<Date>,
        known_at: Option<Timestamp>,
    ) -> Outcome<Reader> {
        let _ = (store, actor, as_of, known_at);
        todo!()
    }

    /// Says from where is read, for the log of reads: a network address; `command line` if not said.
    #[must_use]
    pub fn from_source(mut self, source: &str) -> Reader {
        source.clone_into(&mut self.source);
        self
    }

    /// Who reads.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The day as of which is read.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// What was recorded after this is not seen.
    pub fn known_at(&self) -> Timestamp {
        self.known_at
    }

    /// The chair's brief.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the brief; `plan.*` if the plan asked for cannot be used.
    pub async fn brief(&self, options: &BriefOptions) -> Outcome<Brief> {
        let _ = (options, &self.store);
        todo!()
    }

    /// A figure of the brief, opened to its rows or to the figures that it is worked out from.
    ///
    /// # Errors
    /// As [`Reader::brief`]; `not_found` for a figure that the brief does not have.
    pub async fn figure(
        &self,
        options: &BriefOptions,
        name: &FigureName,
        page: Page,
    ) -> Outcome<OpenedFigure> {
        let _ = (options, name, page);
        todo!()
    }

    /// Contracts.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts.
    pub async fn contracts(
        &self,
        filter: &ContractFilter,
        sort: ContractSort,
        descending: bool,
        page: Page,
    ) -> Outcome<Listing<ContractRow>> {
        let _ = (filter, sort, descending, page);
        todo!()
    }

    /// A contract's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn contract(&self, number: &str) -> Outcome<ContractView> {
        let _ = number;
        todo!()
    }

    /// A line's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn line(&self, number: &str, page: Page) -> Outcome<LineView> {
        let _ = (number, page);
        todo!()
    }

    /// A delivery's page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn delivery(&self, number: &str) -> Outcome<DeliveryView> {
        let _ = number;
        todo!()
    }

    /// A document of a contract, line, plan or delivery by its content hash.
    ///
    /// # Errors
    /// `not_found` where the subject is not open to the actor, or has no such document at the horizon.
    pub async fn document(&self, subject: &Subject, content: &str) -> Outcome<DocumentContent> {
        let _ = (subject, content);
        todo!()
    }

    /// The plan versions of all years, the latest year first, then the latest version.
    ///
    /// # Errors
    /// `access.read` if the actor may not read plans.
    pub async fn plans(&self) -> Outcome<Vec<PlanRow>> {
        todo!()
    }

    /// A plan version's page.
    ///
    /// # Errors
    /// `not_found` if there is none at the horizon.
    pub async fn plan(&self, version: PlanVersion, page: Page) -> Outcome<PlanView> {
        let _ = (version, page);
        todo!()
    }

    /// Partner states by code, with their name.
    ///
    /// # Errors
    /// `access.read` if the actor may not read partners.
    pub async fn partners(&self) -> Outcome<Vec<(String, String)>> {
        todo!()
    }

    /// Groups by code: name and dated membership.
    ///
    /// # Errors
    /// `access.read` if the actor may not read partners.
    pub async fn groups(&self) -> Outcome<Vec<(String, String, Group)>> {
        todo!()
    }

    /// Accounts, by name.
    ///
    /// # Errors
    /// `access.read` if the actor may not read accounts.
    pub async fn accounts(&self) -> Outcome<Vec<AccountRow>> {
        todo!()
    }

    /// Events of the ledger, the latest first; for auditors.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the ledger.
    pub async fn events(&self, page: Page) -> Outcome<Listing<EventRow>> {
        let _ = page;
        todo!()
    }

    /// The log of reads of marked material, the latest first; for auditors.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the ledger.
    pub async fn read_log(&self, page: Page) -> Outcome<Listing<ReadLogRow>> {
        let _ = page;
        todo!()
    }
}
