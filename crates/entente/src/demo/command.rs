//! From the demonstration's acts to commands of the register, with their papers.
//!
//! Numbers are foretold by the register's own rule, a series for each marking and
//! year; when the register is built, each is compared with the one it was given.

mod certificate;
mod course;
mod embargo;
mod exchange;
mod guidance;
mod opportunity;
mod payment;
mod performance;
mod screening;
mod transfer;

use std::collections::BTreeMap;
use std::sync::Arc;

use entente_register::access::{AccountCommand, Actor, NewAccount, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::{Counting, DeliveryCommand};
use entente_register::contract::line::{LineChange, LineCommand, NewLine};
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanPlace};
use entente_register::contract::{
    Amendment, ClaimSettlement, ContractCommand, ContractParty, NewClaim, NewContract, PartyRole,
};
use entente_register::document::Document;
use entente_register::forecast::{ForecastCommand, ForecastOf};
use entente_register::ledger::{Subject, SubjectKind};
use entente_register::money::{Currency, Money, Quantity};
use entente_register::partner::PartnerCommand;
use jiff::civil::Date;

use super::Step;
use super::account::{accounts, of, operator};
use super::calendar::{at, instant};
use super::deal::Deal;
use super::document::{COMPLAINTS, MEDIA_TYPE, paper};
use super::item::{Amended, Item};
use super::money::Schedule;
use super::opportunity::Lead;
use super::partner::{Change, GROUPS, PARTNERS, changes};
use super::party::{BANK, CARRIERS, CONTROL_COUNCIL, MAKERS, OWN_EXPORTER, parties};
use super::performance::Goal;
use super::plan::Version;
use super::script::{Act, Attempt, Entry, FOUNDED, PLAN_ITEMS, Shipment};

/// The steps, from the founding of the register on.
pub(super) fn steps(
    deals: &[Deal],
    versions: &[Version],
    money: &[Schedule],
    leads: &[Lead],
    goals: &[Vec<Goal>],
    entries: &[Entry],
) -> Vec<Step> {
    let mut clerk = Clerk::new(deals, versions, money, leads, goals);
    clerk.found();
    for entry in entries {
        clerk.steps.push(Step::At(instant(entry.recorded)));
        clerk.carry_out(entry);
    }
    clerk.steps
}

/// Who may act, by role.
struct Actors {
    operator: Arc<Actor>,
    chair: Arc<Actor>,
    secretary: Arc<Actor>,
    officer: Arc<Actor>,
    treaties: Arc<Actor>,
    exporter: Arc<Actor>,
    maker: Arc<Actor>,
}

/// Writes the commands and gives the numbers.
struct Clerk<'a> {
    deals: &'a [Deal],
    versions: &'a [Version],
    money: &'a [Schedule],
    leads: &'a [Lead],
    goals: &'a [Vec<Goal>],
    changes: Vec<Change>,
    steps: Vec<Step>,
    accounts: Vec<Actor>,
    actors: Actors,
    /// Numbers of the parties, by position.
    parties: Vec<String>,
    /// Numbers of the contracts, by position, once they are opened.
    contracts: BTreeMap<usize, String>,
    /// Numbers of the opportunities, by position.
    opportunities: BTreeMap<usize, String>,
    lines: BTreeMap<(usize, usize), String>,
    deliveries: BTreeMap<(Shipment, Attempt), String>,
    /// The last number given in each series.
    series: BTreeMap<String, u32>,
    /// Papers written so far of each sort and year.
    papers: BTreeMap<(&'static str, i16), u32>,
}

impl<'a> Clerk<'a> {
    fn new(
        deals: &'a [Deal],
        versions: &'a [Version],
        money: &'a [Schedule],
        leads: &'a [Lead],
        goals: &'a [Vec<Goal>],
    ) -> Clerk<'a> {
        let mut series = BTreeMap::new();
        let parties: Vec<String> = parties()
            .iter()
            .map(|party| {
                let name = format!("{}-P", party.label.series());
                let number = next(&mut series, &name);
                format!("{name}{number:04}")
            })
            .collect();
        let accounts = accounts(&parties[OWN_EXPORTER], &parties[MAKERS.start], &parties[CONTROL_COUNCIL]);
        let actor = |role| Arc::new(of(&accounts, role));
        let actors = Actors {
            operator: Arc::new(operator()),
            chair: actor(Role::Chair),
            secretary: actor(Role::Secretary),
            officer: actor(Role::ContractOfficer),
            treaties: actor(Role::TreatyOfficer),
            exporter: actor(Role::Exporter),
            maker: actor(Role::Manufacturer),
        };
        Clerk {
            deals,
            versions,
            money,
            leads,
            goals,
            changes: changes(),
            steps: Vec::new(),
            accounts,
            actors,
            parties,
            contracts: BTreeMap::new(),
            opportunities: BTreeMap::new(),
            lines: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            series,
            papers: BTreeMap::new(),
        }
    }

    fn execute(&mut self, actor: &Arc<Actor>, subject: Subject, command: Command) {
        self.steps.push(Step::Execute {
            actor: Arc::clone(actor),
            request: Box::new(command.into()),
            subject: Some(subject),
        });
    }

    /// The chair publishes a forecast of all contracts, the officer one of those that are open to the officer. Their
    /// numbers are of the marking of all that the register holds then, and nothing names them.
    fn publish_forecasts(&mut self, as_of: Date) {
        let of = ForecastOf { as_of, counting: Counting::TitlePassed, currency: Currency::USD };
        for actor in [Arc::clone(&self.actors.chair), Arc::clone(&self.actors.officer)] {
            let command = Command::Forecast(ForecastCommand::Publish(of));
            self.steps.push(Step::Execute { actor, request: Box::new(command.into()), subject: None });
        }
    }

    /// The founding: the register, its parties, its accounts, its partners and groups.
    fn found(&mut self) {
        let operator = Arc::clone(&self.actors.operator);
        let secretary = Arc::clone(&self.actors.secretary);
        let mut minute = at(FOUNDED, 6 * 3_600);
        let mut tick = || {
            minute += 60;
            Step::At(instant(minute))
        };
        self.steps.push(tick());
        let purpose = "demonstration".to_owned();
        self.execute(&operator, SubjectKind::Ledger.subject("register"), Command::Found { purpose });
        for (party, number) in parties().into_iter().zip(self.parties.clone()) {
            self.steps.push(tick());
            self.execute(&operator, SubjectKind::Party.subject(number), Command::Party(party));
        }
        for actor in self.accounts.clone() {
            self.steps.push(tick());
            let account = actor.account.clone();
            let new = NewAccount {
                account: actor.account,
                name: actor.name,
                roles: actor.roles,
                clearance: actor.clearance,
                party: actor.party,
            };
            let subject = SubjectKind::Account.subject(account.clone());
            self.execute(
                &operator,
                subject,
                Command::Account { account, command: AccountCommand::Open(new) },
            );
        }
        for partner in &PARTNERS {
            self.steps.push(tick());
            let (code, name) = (partner.code.to_owned(), partner.name.to_owned());
            let subject = SubjectKind::Partner.subject(code.clone());
            self.execute(&secretary, subject, Command::Partner(PartnerCommand::Register { code, name }));
        }
        for (code, name) in GROUPS {
            self.steps.push(tick());
            let (code, name) = (code.to_owned(), name.to_owned());
            let subject = SubjectKind::Group.subject(code.clone());
            self.execute(&secretary, subject, Command::Partner(PartnerCommand::RegisterGroup { code, name }));
        }
    }

    fn carry_out(&mut self, entry: &Entry) {
        match entry.act {
            Act::Membership(position) => self.membership(position),
            Act::Open(d) => self.open(d, entry.on),
            Act::AddLine(d, i) => self.add_line(d, i, entry.on),
            Act::AmendLine(d, i) => self.amend_line(d, i, entry.on),
            Act::HandOver(of, attempt) => self.hand_over(of, attempt, entry.on),
            Act::Accept(of, attempt) => self.accept(of, attempt, entry.on),
            Act::Return(of) => self.send_back(of, entry.on),
            Act::Annul(of) => self.annul(of),
            Act::DraftPlan(v)
            | Act::AddPlanItems(v, _)
            | Act::ApprovePlan(v)
            | Act::DiscardPlan(v)
            | Act::ProposePlan(v)
            | Act::AgreeToPlan(v, _)
            | Act::ObjectToPlan(v, _) => {
                self.plan(v, entry);
            }
            Act::ScheduleInstalment(d, n) => self.schedule_instalment(d, n, entry.on),
            Act::CompleteSchedule(d) => self.complete_schedule(d, entry.on),
            Act::Receive(d, n) => self.receive(d, n, entry.on),
            Act::RegisterOpportunity(l) => self.register_opportunity(l, entry.on),
            Act::MoveOpportunity(l, n) => self.move_opportunity(l, n),
            Act::PublishForecasts => self.publish_forecasts(entry.on),
            Act::PlanMilestone(d, n) => self.plan_milestone(d, n, entry.on),
            Act::MoveMilestone(d, n, t) => self.move_milestone(d, n, t),
            Act::RecordSerials(of) => self.record_serials(of, entry.on),
            Act::AgreeTerms(d)
            | Act::FileReport(d)
            | Act::ReportSlippage(d)
            | Act::EndSlippage(d)
            | Act::ProposeCorrective(d)
            | Act::ApproveCorrective(d)
            | Act::AgreeOffset(d)
            | Act::ClaimOffset(d)
            | Act::AcceptOffset(d) => self.course(d, entry.act, entry.on),
            Act::Screening(place) => self.screening(place),
            Act::Embargo(place) => self.embargo(place),
            Act::Transfer(place) => self.transfer(place),
            Act::Guidance(place) => self.guidance(place),
            Act::Exchange(place) => self.exchange(place),
            Act::Sign(d)
            | Act::EnterIntoForce(d)
            | Act::AmendContract(d)
            | Act::Suspend(d)
            | Act::Resume(d)
            | Act::Terminate(d)
            | Act::Complete(d)
            | Act::OpenClaim(d, _)
            | Act::SettleClaim(d, _) => self.contract(d, entry),
        }
    }

    fn membership(&mut self, position: usize) {
        let Some(Change { group, state, on, joins }) = self.changes.get(position) else { return };
        let (group, state, on) = ((*group).to_owned(), (*state).to_owned(), *on);
        let subject = SubjectKind::Group.subject(group.clone());
        let command = match joins {
            true => PartnerCommand::Admit { group, state, on },
            false => PartnerCommand::Leave { group, state, on },
        };
        let treaties = Arc::clone(&self.actors.treaties);
        self.execute(&treaties, subject, Command::Partner(command));
    }

    fn open(&mut self, d: usize, on: Date) {
        let deal = &self.deals[d];
        let series = format!("{}-{}", deal.label.series(), on.year());
        let number = format!("{series}-{:04}", next(&mut self.series, &series));
        self.contracts.insert(d, number.clone());
        let new = NewContract {
            reference: reference(d, deal),
            title: format!("Demonstration: {}", deal.subject),
            partner: PARTNERS[deal.partner].code.to_owned(),
            parties: self.contract_parties(deal, deal.carrier),
            currency: deal.currency,
            label: deal.label.clone(),
            on,
        };
        let command = Command::Contract { number: None, command: ContractCommand::Open(new) };
        self.by_officer(SubjectKind::Contract.subject(number), command);
    }

    fn contract_parties(&self, deal: &Deal, carrier: usize) -> Vec<ContractParty> {
        let mut all = vec![
            (deal.exporter, PartyRole::Exporter),
            (deal.maker, PartyRole::Manufacturer),
            (deal.end_user, PartyRole::EndUser),
            (carrier, PartyRole::Carrier),
        ];
        if deal.items.len() > 4 {
            all.push((BANK, PartyRole::Bank));
        }
        all.into_iter()
            .map(|(party, role)| ContractParty { party: self.parties[party].clone(), role })
            .collect()
    }

    /// A change of a contract that is opened.
    fn contract(&mut self, d: usize, entry: &Entry) {
        let (deal, on) = (&self.deals[d], entry.on);
        let number = self.contracts.get(&d).cloned().unwrap_or_default();
        let about = self.about(d);
        let command = match entry.act {
            Act::Sign(_) => {
                let document = self.paper("Contract", on, &about, "Signed for both parties.");
                ContractCommand::Sign { on, document }
            }
            Act::EnterIntoForce(_) => {
                let closing = "The conditions of entry into force are fulfilled.";
                let document = Some(self.paper("Exchange of notes", on, &about, closing));
                ContractCommand::EnterIntoForce { on, document }
            }
            Act::AmendContract(_) => {
                let carrier = if deal.carrier + 1 < CARRIERS.end { deal.carrier + 1 } else { CARRIERS.start };
                let closing = "The goods are carried by another carrier.";
                let document = self.paper("Amendment", on, &about, closing);
                let parties = Some(self.contract_parties(deal, carrier));
                let amendment = Amendment { title: None, parties, document };
                ContractCommand::Amend { on, amendment, reason: "Change of carrier".to_owned() }
            }
            Act::Suspend(_) => {
                let reason = "Payment is outstanding beyond the agreed days of grace".to_owned();
                ContractCommand::Suspend { on, reason }
            }
            Act::Resume(_) => {
                let document = Some(self.paper("Notice of resumption", on, &about, "Payment was received."));
                ContractCommand::Resume { on, document }
            }
            Act::Terminate(_) => {
                let document =
                    Some(self.paper("Notice of termination", on, &about, "By agreement of the parties."));
                let reason = "Ended by agreement: the end user’s programme was given up".to_owned();
                ContractCommand::Terminate { on, reason, document }
            }
            Act::OpenClaim(_, c) => {
                let (kind, description, _, _) = COMPLAINTS[deal.complaints[c].sort];
                ContractCommand::OpenClaim(Box::new(NewClaim::of(on, kind, description)))
            }
            Act::SettleClaim(_, c) => {
                let outcome = COMPLAINTS[deal.complaints[c].sort].2;
                let document = Some(self.paper("Settlement of a claim", on, &about, outcome));
                let claim = u32::try_from(c + 1).unwrap_or(u32::MAX);
                ContractCommand::SettleClaim(Box::new(ClaimSettlement {
                    settlement: COMPLAINTS[deal.complaints[c].sort].3,
                    document,
                    ..ClaimSettlement::of(claim, on, outcome)
                }))
            }
            _ => {
                let document =
                    Some(self.paper("Act of completion", on, &about, "All obligations are fulfilled."));
                ContractCommand::Complete { on, document }
            }
        };
        let subject = SubjectKind::Contract.subject(number.clone());
        self.by_officer(subject, Command::Contract { number: Some(number), command });
    }

    fn add_line(&mut self, d: usize, i: usize, on: Date) {
        let (deal, contract) = (&self.deals[d], self.contracts.get(&d).cloned().unwrap_or_default());
        let item = &deal.items[i];
        let number = format!("{contract}.{}", next(&mut self.series, &contract));
        self.lines.insert((d, i), number.clone());
        let (quantity, due_on) = match item.amended {
            Some(Amended::Quantity { before, .. }) => (before, item.due),
            Some(Amended::Due { before, .. }) => (item.quantity, before),
            _ => (item.quantity, item.due),
        };
        let document = item.added_later.map(|_| {
            let mut about = self.about(d);
            about.extend(goods(item, deal.currency, quantity));
            self.paper("Amendment", on, &about, "The line is added to the contract.")
        });
        let new = NewLine {
            reference: None,
            description: item.description.to_owned(),
            quantity: Quantity::whole(quantity),
            unit: item.unit,
            unit_price: Money::new(item.first_price(), deal.currency),
            category: item.category.to_owned(),
            manufacturer: Some(self.parties[deal.maker].clone()),
            due_on,
            on,
            document,
        };
        let command = Command::Line { number: contract, command: LineCommand::Add(new) };
        self.by_officer(SubjectKind::Line.subject(number), command);
    }

    fn amend_line(&mut self, d: usize, i: usize, on: Date) {
        let (deal, number) = (&self.deals[d], self.lines.get(&(d, i)).cloned().unwrap_or_default());
        let item = &deal.items[i];
        let (change, reason) = match item.amended {
            Some(Amended::Quantity { .. }) => (
                LineChange { quantity: Some(Quantity::whole(item.quantity)), ..LineChange::default() },
                "The end user’s need has changed",
            ),
            Some(Amended::Price { .. }) => (
                LineChange {
                    unit_price: Some(Money::new(item.unit_price, deal.currency)),
                    ..LineChange::default()
                },
                "The price is adjusted by the agreed index",
            ),
            _ => (
                LineChange { due_on: Some(item.due), ..LineChange::default() },
                "The end user’s site is ready later than agreed",
            ),
        };
        let mut about = self.about(d);
        about.push(("Line", number.clone()));
        about.extend(goods(item, deal.currency, item.quantity));
        about.push(("Due", item.due.to_string()));
        let document = self.paper("Amendment", on, &about, reason);
        let command = LineCommand::Amend { on, change, document, reason: reason.to_owned() };
        self.by_officer(SubjectKind::Line.subject(number.clone()), Command::Line { number, command });
    }

    fn hand_over(&mut self, of: Shipment, attempt: Attempt, on: Date) {
        let line = self.lines.get(&(of.0, of.1)).cloned().unwrap_or_default();
        let number = format!("{line}.{}", next(&mut self.series, &line));
        self.deliveries.insert((of, attempt), number.clone());
        let about = self.about_shipment(of, &number);
        let document = self.paper("Waybill", on, &about, "Handed over to the carrier in good order.");
        let quantity = Quantity::whole(self.deals[of.0].items[of.1].batches[of.2].quantity);
        let command = DeliveryCommand::HandOver { line, reference: None, quantity, on, document };
        self.by_officer(SubjectKind::Delivery.subject(number), Command::Delivery { number: None, command });
    }

    fn accept(&mut self, of: Shipment, attempt: Attempt, on: Date) {
        let number = self.deliveries.get(&(of, attempt)).cloned().unwrap_or_default();
        let about = self.about_shipment(of, &number);
        let closing = "Accepted by the end user. Title passes on the date above.";
        let document = self.paper("Acceptance certificate", on, &about, closing);
        self.delivery(number, DeliveryCommand::Accept { on, document });
    }

    fn send_back(&mut self, of: Shipment, on: Date) {
        let number = self.deliveries.get(&(of, Attempt::Failed)).cloned().unwrap_or_default();
        let about = self.about_shipment(of, &number);
        let reason = "Transport damage: refused at the point of delivery";
        let document = Some(self.paper("Note of refusal", on, &about, reason));
        self.delivery(number, DeliveryCommand::Return { on, reason: reason.to_owned(), document });
    }

    fn annul(&mut self, of: Shipment) {
        let number = self.deliveries.get(&(of, Attempt::Failed)).cloned().unwrap_or_default();
        let reason = "Recorded in error: the waybill belongs to another contract".to_owned();
        self.delivery(number, DeliveryCommand::Annul { reason });
    }

    fn delivery(&mut self, number: String, command: DeliveryCommand) {
        let subject = SubjectKind::Delivery.subject(number.clone());
        self.by_officer(subject, Command::Delivery { number: Some(number), command });
    }

    /// What a version plans last of what a party makes.
    fn last_place(&self, plan: &Version, maker: usize) -> Option<PlanPlace> {
        let own = plan.items.iter().filter(|item| self.deals[item.line.0].maker == maker);
        let last = own.max_by_key(|item| item.on)?;
        let line = self.lines.get(&last.line)?.clone();
        Some(PlanPlace { line, planned_on: last.on })
    }

    /// Plans are drafted by the secretary or the contract officer in turn, and approved by the chair.
    fn plan(&mut self, v: usize, entry: &Entry) {
        let plan = &self.versions[v];
        let version = plan.version;
        let actor = match (entry.act, version.version % 2) {
            (Act::ApprovePlan(_), _) => &self.actors.chair,
            (_, 1) => &self.actors.secretary,
            _ => &self.actors.officer,
        };
        let actor = Arc::clone(actor);
        let command = match entry.act {
            Act::DraftPlan(_) => PlanCommand::Draft { year: version.year, currency: Currency::USD },
            Act::AddPlanItems(_, first) => {
                let items = plan.items.iter().skip(first).take(PLAN_ITEMS);
                let items = items.map(|item| PlanItem {
                    line: self.lines.get(&item.line).cloned().unwrap_or_default(),
                    planned_on: item.on,
                    amount: Money::new(item.amount, Currency::USD).decimal(),
                });
                PlanCommand::AddItems { items: items.collect() }
            }
            Act::ApprovePlan(_) => {
                let sum = plan.items.iter().map(|item| item.amount).sum();
                let about = [
                    ("Plan", version.to_string()),
                    ("Deliveries", plan.items.len().to_string()),
                    ("Sum", Money::new(sum, Currency::USD).to_string()),
                ];
                let closing = "The commission approves the plan of deliveries.";
                let document = self.paper("Decision", entry.on, &about, closing);
                PlanCommand::Approve { on: entry.on, document, reason: None }
            }
            Act::ProposePlan(_) => PlanCommand::Propose { on: entry.on, document: None },
            Act::AgreeToPlan(_, maker) => {
                let about = [("Plan", version.to_string()), ("Manufacturer", self.parties[maker].clone())];
                let closing = "We agree to the plan as far as it is of what we make.";
                let document = self.paper("Answer to a plan", entry.on, &about, closing);
                PlanCommand::Agree { manufacturer: self.parties[maker].clone(), on: entry.on, document }
            }
            Act::ObjectToPlan(_, maker) => PlanCommand::Object {
                manufacturer: self.parties[maker].clone(),
                items: self.last_place(plan, maker).into_iter().collect(),
                on: entry.on,
                document: None,
                reason: "The engines come a month late".to_owned(),
            },
            _ => PlanCommand::Discard,
        };
        let subject = SubjectKind::Plan.subject(version.key());
        let version = (!matches!(entry.act, Act::DraftPlan(_))).then_some(version);
        self.execute(&actor, subject, Command::Plan { version, command });
    }

    fn by_officer(&mut self, subject: Subject, command: Command) {
        let officer = Arc::clone(&self.actors.officer);
        self.execute(&officer, subject, command);
    }

    /// What a paper says of its contract.
    fn about(&self, d: usize) -> Vec<(&'static str, String)> {
        let deal = &self.deals[d];
        vec![
            ("Contract", self.contracts.get(&d).cloned().unwrap_or_default()),
            ("Reference", reference(d, deal)),
            ("Subject", deal.subject.clone()),
            ("Partner", PARTNERS[deal.partner].name.to_owned()),
        ]
    }

    /// What a paper says of a shipment.
    fn about_shipment(&self, of: Shipment, number: &str) -> Vec<(&'static str, String)> {
        let deal = &self.deals[of.0];
        let item = &deal.items[of.1];
        let mut about = self.about(of.0);
        about.push(("Delivery", number.to_owned()));
        about.extend(goods(item, deal.currency, item.batches[of.2].quantity));
        about
    }

    /// Writes a paper with the next number of its sort and year, and keeps its bytes.
    fn paper(&mut self, sort: &'static str, on: Date, about: &[(&str, String)], closing: &str) -> Document {
        let number = self.papers.entry((sort, on.year())).or_insert(0);
        *number += 1;
        let title = format!("{sort} {number}/{}", on.year());
        let paper = paper(title, on, about, closing);
        self.steps.push(Step::KeepDocument {
            media_type: MEDIA_TYPE,
            bytes: paper.bytes,
            content: paper.document.content.clone().unwrap_or_default(),
        });
        paper.document
    }
}

/// The number that the parties use between themselves.
fn reference(d: usize, deal: &Deal) -> String {
    format!("DEMO/{}/{:03}", PARTNERS[deal.partner].code, d + 1)
}

fn goods(item: &Item, currency: Currency, quantity: i64) -> Vec<(&'static str, String)> {
    vec![
        ("Goods", item.description.to_owned()),
        ("Quantity", format!("{quantity} ({})", item.unit.name())),
        ("Value", Money::new(quantity * item.unit_price, currency).to_string()),
    ]
}

/// The next number of a series.
fn next(series: &mut BTreeMap<String, u32>, name: &str) -> u32 {
    let last = series.entry(name.to_owned()).or_insert(0);
    *last += 1;
    *last
}
