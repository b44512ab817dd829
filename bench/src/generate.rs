//! A big register, the same for the same size: what is in it is invented and follows from numbers alone.
//!
//! Contracts are signed in 2008, with two lines each, due from 2009 to the end of 2014. The deliveries
//! of a line follow in the eighteen months before it is due, up to three months late or two early, each
//! handed over and, but for one line in fifty, accepted some days later. What is due after 2013 is delivered
//! in part and stays open, so at any day some lines are not begun, some are under way, and most of
//! those behind it are done. Every year has a frozen plan with an item for every line. One contract in
//! twenty is secret.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context as _, Result};
use entente_register::access::{AccountCommand, Actor, NewAccount, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::contract::{ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::document::Document;
use entente_register::label::{Clearance, Label, Level};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::partner::PartnerCommand;
use entente_register::party::{NewParty, PartyKind};
use entente_store::{Batch, Clock as _, ManualClock, Receipt, Store};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde::Serialize;

/// How big.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Size {
    /// Contracts.
    pub(crate) contracts: u32,
    /// Deliveries.
    pub(crate) deliveries: u32,
}

/// What the measurements need to know of the register.
pub(crate) struct Register {
    /// Numbers of its contracts.
    pub(crate) contracts: Vec<String>,
    /// Events appended per second while it was generated; none if it was there already.
    pub(crate) rate: Option<f64>,
}

const STATES: [(&str, &str); 30] = [
    ("BRA", "Brazil"),
    ("IND", "India"),
    ("CHN", "China"),
    ("ZAF", "South Africa"),
    ("VNM", "Viet Nam"),
    ("DZA", "Algeria"),
    ("AGO", "Angola"),
    ("ARM", "Armenia"),
    ("AZE", "Azerbaijan"),
    ("BGD", "Bangladesh"),
    ("BLR", "Belarus"),
    ("BOL", "Bolivia"),
    ("COL", "Colombia"),
    ("EGY", "Egypt"),
    ("ETH", "Ethiopia"),
    ("GHA", "Ghana"),
    ("IDN", "Indonesia"),
    ("KAZ", "Kazakhstan"),
    ("KGZ", "Kyrgyzstan"),
    ("KWT", "Kuwait"),
    ("MYS", "Malaysia"),
    ("MEX", "Mexico"),
    ("MNG", "Mongolia"),
    ("MAR", "Morocco"),
    ("NGA", "Nigeria"),
    ("PER", "Peru"),
    ("LKA", "Sri Lanka"),
    ("THA", "Thailand"),
    ("UGA", "Uganda"),
    ("URY", "Uruguay"),
];

/// Lines of a contract.
const LINES: u32 = 2;

/// Commands of one batch.
const BATCH: usize = 20_000;

const FIRST_DAY: Date = date(2009, 1, 5);
const DAYS: u32 = 1_800;

pub(crate) fn operator() -> Actor {
    Actor::operator(Clearance::full())
}

pub(crate) fn chair() -> Actor {
    Actor {
        account: "chair".into(),
        name: "Chair".into(),
        roles: vec![Role::Chair],
        clearance: Clearance::full(),
        party: None,
    }
}

fn paper(title: String, dated: Date) -> Document {
    Document { title, dated, content: None }
}

/// Spreads numbers without order, and always alike.
fn mix(number: u32) -> u32 {
    let mut x = number.wrapping_mul(0x9E37_79B9) ^ 0x5bd1_e995;
    x ^= x >> 15;
    x = x.wrapping_mul(0x85EB_CA6B);
    x ^ (x >> 13)
}

fn marking(contract: u32) -> Label {
    Label::of(if contract % 20 == 7 { Level::Secret } else { Level::Official })
}

/// Price of one piece of a line.
fn price(line: u32) -> i64 {
    i64::from(10_000 + mix(line) % 5_000_000)
}

/// Lines due from this day on stay open: they have room for more than what is delivered.
const OPEN_FROM: Date = date(2013, 10, 1);

/// When a line is due.
fn due_on(line: u32) -> Date {
    date(2009, 6, 30) + i64::from(mix(line) % 2_000).days()
}

/// Deliveries of a line: all have as many, and the first one more each where that does not come out even.
fn deliveries_of(line: u32, size: Size) -> u32 {
    let lines = (size.contracts * LINES).max(1);
    size.deliveries / lines + u32::from(line < size.deliveries % lines)
}

/// Pieces ordered in a line.
fn ordered(line: u32, size: Size) -> u32 {
    let pieces = deliveries_of(line, size).max(1);
    if due_on(line) < OPEN_FROM { pieces } else { pieces * 2 + 50 }
}

/// The lines that have room for more, by their place.
pub(crate) fn open_lines(size: Size) -> Vec<usize> {
    (0..size.contracts * LINES).filter(|line| due_on(*line) >= OPEN_FROM).map(|line| line as usize).collect()
}

/// By day from [`FIRST_DAY`], the lines of which a piece is handed over.
fn schedule(size: Size) -> Vec<Vec<u32>> {
    let mut days: Vec<Vec<u32>> = vec![Vec::new(); DAYS as usize];
    let day_of = |date: Date| i64::from((date - FIRST_DAY).get_days());
    let last = i64::from(DAYS) - 1;
    for line in 0..size.contracts * LINES {
        let due = day_of(due_on(line));
        let end = (due - 60 + i64::from(mix(line ^ 0x00c0_ffee) % 150)).clamp(0, last);
        let start = (due - 540).clamp(0, end);
        let count = i64::from(deliveries_of(line, size));
        for number in 1..=count {
            let day = start + (end - start) * number / count;
            days[usize::try_from(day).unwrap_or(0)].push(line);
        }
    }
    days
}

/// Gathers commands into batches.
pub(crate) struct Writer<'s> {
    store: &'s Store,
    clock: &'s ManualClock,
    batch: Option<Batch>,
    held: usize,
    /// Events appended.
    pub(crate) events: u64,
}

impl<'s> Writer<'s> {
    /// One that has written nothing.
    pub(crate) fn new(store: &'s Store, clock: &'s ManualClock) -> Writer<'s> {
        Writer { store, clock, batch: None, held: 0, events: 0 }
    }

    /// It is noon of this day, or later if it was already.
    pub(crate) fn on(&self, day: Date) -> Result<()> {
        let noon = jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0))?;
        if noon > self.clock.now() {
            self.clock.set(noon);
        }
        Ok(())
    }

    /// Carries out a command.
    pub(crate) async fn run(&mut self, actor: &Actor, command: Command) -> Result<Receipt> {
        if self.batch.is_none() {
            self.batch = Some(self.store.batch().await?);
        }
        let batch = self.batch.as_mut().context("a batch")?;
        let receipt = batch.execute(actor, command).await?;
        self.held += 1;
        self.events += 1;
        if self.held >= BATCH {
            self.commit().await?;
        }
        Ok(receipt)
    }

    /// Keeps what was gathered.
    pub(crate) async fn commit(&mut self) -> Result<()> {
        if let Some(batch) = self.batch.take() {
            batch.commit().await?;
        }
        self.held = 0;
        Ok(())
    }

    /// Hands a piece of a line over and gives the number of the delivery.
    pub(crate) async fn hand_over(&mut self, line: &str, on: Date) -> Result<String> {
        let command = DeliveryCommand::HandOver {
            line: line.to_owned(),
            reference: None,
            quantity: Quantity::whole(1),
            on,
            document: paper(format!("Waybill {}", self.events), on),
        };
        Ok(self.run(&operator(), Command::Delivery { number: None, command }).await?.subject.key)
    }

    /// Accepts a delivery.
    pub(crate) async fn accept(&mut self, delivery: String, on: Date) -> Result<()> {
        let document = paper(format!("Acceptance certificate {}", self.events), on);
        let command = DeliveryCommand::Accept { on, document };
        self.run(&operator(), Command::Delivery { number: Some(delivery), command }).await?;
        Ok(())
    }
}

/// Generates the register, or finds it there already.
pub(crate) async fn generate(store: &Store, clock: &ManualClock, size: Size) -> Result<Register> {
    let contracts: Vec<String> = numbers(size);
    let wanted = format!("second {} {}", size.contracts, size.deliveries);
    if let Some(found) = store.setting("bench").await? {
        anyhow::ensure!(found == wanted, "the folder holds another register: {found}");
        // Later than anything that was recorded.
        clock.set("2015-01-05T12:00:00Z".parse()?);
        return Ok(Register { contracts, rate: None });
    }
    let started = Instant::now();
    let mut writer = Writer::new(store, clock);
    found(&mut writer).await?;
    let made = contracts_and_lines(&mut writer, size).await?;
    anyhow::ensure!(made == contracts, "the contracts were numbered otherwise than expected");
    let lines = lines(&contracts);
    for year in 2009..=2013 {
        plan(&mut writer, year, &lines).await?;
    }
    deliveries(&mut writer, size, &lines).await?;
    writer.commit().await?;
    let rate = writer.events as f64 / started.elapsed().as_secs_f64();
    clock.set("2015-01-05T12:00:00Z".parse()?);
    store.set_setting("bench", &wanted).await?;
    store.set_setting("default_as_of", "2012-09-30").await?;
    store.set_setting("default_known_at", "2012-10-01T00:00:00Z").await?;
    Ok(Register { contracts, rate: Some(rate) })
}

/// The numbers that the register will give: one series for each marking.
fn numbers(size: Size) -> Vec<String> {
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    (0..size.contracts)
        .map(|contract| {
            let series = marking(contract).series();
            let number = last.entry(series.clone()).or_default();
            *number += 1;
            format!("{series}-2008-{number:04}")
        })
        .collect()
}

/// The numbers of all lines.
pub(crate) fn lines(contracts: &[String]) -> Vec<String> {
    contracts.iter().flat_map(|number| (1..=LINES).map(move |line| format!("{number}.{line}"))).collect()
}

async fn found(writer: &mut Writer<'_>) -> Result<()> {
    let operator = operator();
    writer.run(&operator, Command::Found { purpose: "demonstration".into() }).await?;
    let chair = chair();
    let new = NewAccount {
        account: chair.account.clone(),
        name: chair.name,
        roles: chair.roles,
        clearance: chair.clearance,
        party: None,
    };
    let open = Command::Account { account: chair.account, command: AccountCommand::Open(new) };
    writer.run(&operator, open).await?;
    let exporter = NewParty {
        name: "Invented Exporter".into(),
        kind: PartyKind::Company,
        state: "RUS".into(),
        label: Label::of(Level::Official),
    };
    writer.run(&operator, Command::Party(exporter)).await?;
    for (code, name) in STATES {
        let command = PartnerCommand::Register { code: code.into(), name: name.into() };
        writer.run(&operator, Command::Partner(command)).await?;
        let party = NewParty {
            name: format!("Invented Ministry of {name}"),
            kind: PartyKind::Company,
            state: code.into(),
            label: Label::of(Level::Official),
        };
        writer.run(&operator, Command::Party(party)).await?;
    }
    let group = PartnerCommand::RegisterGroup { code: "BRICS".into(), name: "BRICS".into() };
    writer.run(&operator, Command::Partner(group)).await?;
    for (state, on) in [
        ("BRA", date(2006, 9, 20)),
        ("IND", date(2006, 9, 20)),
        ("CHN", date(2006, 9, 20)),
        ("ZAF", date(2010, 12, 24)),
    ] {
        let on = on.min(date(2008, 1, 7));
        let command = PartnerCommand::Admit { group: "BRICS".into(), state: state.into(), on };
        writer.run(&operator, Command::Partner(command)).await?;
    }
    Ok(())
}

async fn contracts_and_lines(writer: &mut Writer<'_>, size: Size) -> Result<Vec<String>> {
    let operator = operator();
    let mut numbers = Vec::new();
    for contract in 0..size.contracts {
        let day = date(2008, 1, 7) + i64::from(contract * 300 / size.contracts.max(1)).days();
        writer.on(day)?;
        let (state, name) = STATES[mix(contract) as usize % STATES.len()];
        let place = mix(contract) as usize % STATES.len() + 2;
        let new = NewContract {
            reference: format!("INV/{contract}"),
            title: format!("Invented goods {contract} for {name}"),
            partner: state.into(),
            parties: vec![
                ContractParty { party: "O-P0001".into(), role: PartyRole::Exporter },
                ContractParty { party: format!("O-P{place:04}"), role: PartyRole::EndUser },
            ],
            currency: Currency::USD,
            label: marking(contract),
            on: day,
        };
        let open = Command::Contract { number: None, command: ContractCommand::Open(new) };
        let number = writer.run(&operator, open).await?.subject.key;
        for position in 0..LINES {
            let line = contract * LINES + position;
            let new = NewLine {
                reference: None,
                description: format!("Invented item {line}"),
                quantity: Quantity::whole(ordered(line, size).into()),
                unit: Unit::Piece,
                unit_price: Money::new(price(line), Currency::USD),
                category: "ML10.a".into(),
                manufacturer: None,
                due_on: due_on(line),
                on: day,
                document: None,
            };
            let add = Command::Line { number: number.clone(), command: LineCommand::Add(new) };
            writer.run(&operator, add).await?;
        }
        for command in [
            ContractCommand::Sign { on: day, document: paper(format!("Contract {number}"), day) },
            ContractCommand::EnterIntoForce { on: day, document: None },
        ] {
            writer.run(&operator, Command::Contract { number: Some(number.clone()), command }).await?;
        }
        numbers.push(number);
    }
    Ok(numbers)
}

async fn plan(writer: &mut Writer<'_>, year: i16, lines: &[String]) -> Result<()> {
    let (operator, chair) = (operator(), chair());
    writer.on(date(2008, 12, 1))?;
    let draft = PlanCommand::Draft { year, currency: Currency::USD };
    let key = writer.run(&operator, Command::Plan { version: None, command: draft }).await?.subject.key;
    let version = PlanVersion::from_key(&key).context("the plan's version")?;
    for (part, lines) in lines.chunks(1_000).enumerate() {
        let items = lines
            .iter()
            .enumerate()
            .map(|(place, line)| {
                let number = u32::try_from(part * 1_000 + place).unwrap_or(u32::MAX);
                let on = date(year, 1, 15) + i64::from(mix(number) % 340).days();
                let amount = Money::new(price(number) * 10, Currency::USD);
                PlanItem { line: line.clone(), planned_on: on, amount: amount.decimal() }
            })
            .collect();
        let command = PlanCommand::AddItems { items };
        writer.run(&operator, Command::Plan { version: Some(version), command }).await?;
    }
    let on = date(2008, 12, 1);
    let command = PlanCommand::Approve {
        on,
        document: paper(format!("Decision on the plan of {year}"), on),
        reason: None,
    };
    writer.run(&chair, Command::Plan { version: Some(version), command }).await?;
    Ok(())
}

async fn deliveries(writer: &mut Writer<'_>, size: Size, lines: &[String]) -> Result<()> {
    let mut waiting: BTreeMap<Date, Vec<String>> = BTreeMap::new();
    let schedule = schedule(size);
    let mut made = 0;
    for day_number in 0..DAYS + 40 {
        let day = FIRST_DAY + i64::from(day_number).days();
        writer.on(day)?;
        for line in schedule.get(day_number as usize).into_iter().flatten() {
            let delivery = writer.hand_over(&lines[*line as usize], day).await?;
            if line % 50 != 49 {
                let wait = 3 + mix(made) % 30;
                waiting.entry(day + i64::from(wait).days()).or_default().push(delivery);
            }
            made += 1;
        }
        for delivery in waiting.remove(&day).unwrap_or_default() {
            writer.accept(delivery, day).await?;
        }
        if day_number % 100 == 0 {
            eprintln!("  {day}: {} events", writer.events);
        }
    }
    Ok(())
}
