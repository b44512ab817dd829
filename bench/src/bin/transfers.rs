//! Measures applications and licences: the queue, all checks of one application, the gate before a shipment, and the audit.
//!
//! `README.md` says how to run it and what each number means.

// A program for measuring: it writes its table to standard output.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Parser;
use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::document::Document;
use entente_register::embargo::{Class, EditionCommand, NewRuleFile, UNITED_NATIONS, about};
use entente_register::label::{Clearance, Label, Level};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::party::{NewParty, PartyKind};
use entente_register::screening::{ListCommand, ListPolicy, ListScreened, NewEdition, Run, Standing};
use entente_register::search::{Query, SearchKind};
use entente_register::transfer::application::{
    ApplicationCommand as A, Assessment, LineDecision, Proposal, Risk, Weighed,
};
use entente_register::transfer::certificate::{
    Authenticity, CertificateCommand as K, CertificateContent, CertificateLine, Channel, NewCertificate,
    Undertaking,
};
use entente_register::transfer::check::EndUserStanding;
use entente_register::transfer::content::{
    Content, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use entente_register::transfer::guidance::control_list::{ControlEntry, ControlList};
use entente_register::transfer::guidance::denial::Denial;
use entente_register::transfer::guidance::quota::{Limit, Quota};
use entente_register::transfer::guidance::standing::{OF_TERRITORY, StandingAssessment};
use entente_register::transfer::guidance::{GuidanceCommand, GuidanceContent, NewGuidance};
use entente_register::transfer::ledger::NewApplication;
use entente_register::transfer::licence::{LicenceCommand, WriteOff};
use entente_register::transfer::opinion::{Criterion, DisagreementRule, Opinion, Stance};
use entente_register::transfer::specimen::{NewSpecimen, SpecimenCommand};
use entente_store::reader::{ApplicationFilter, Page};
use entente_store::{Batch, Entropy, ManualClock, ScreeningEngine, Store, StoreOptions};
use jiff::civil::{Date, date};

/// As the program itself does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures applications and licences on a generated register (SQLite, in a temporary folder).
#[derive(Debug, Parser)]
struct Arguments {
    /// Applications, nine in ten of them granted
    #[arg(long, default_value_t = 20_000)]
    applications: u32,
}

const ENGINE: &str = "bench";
const THRESHOLD: u32 = 7_000;
const DAY: Date = date(2026, 6, 15);

/// States to which applications go.
const STATES: [&str; 12] =
    ["BRA", "IND", "ZAF", "KAZ", "EGY", "PER", "IDN", "MYS", "VNM", "AGO", "UGA", "ARM"];

fn by(account: &str, role: Role, party: Option<&str>) -> Actor {
    Actor {
        account: account.into(),
        name: account.into(),
        roles: vec![role],
        clearance: Clearance::full(),
        party: party.map(str::to_owned),
    }
}

fn paper() -> Document {
    Document { title: "Paper".into(), dated: DAY, content: None }
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::Builder::new().prefix("entente-bench-").tempdir()?;
    let clock = Arc::new(ManualClock::at("2026-06-15T12:00:00Z".parse()?));
    let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(1)) };
    let url = format!("sqlite:{}", folder.path().join("bench.db").display()).parse()?;
    let engine = ScreeningEngine { version: ENGINE.into(), threshold: THRESHOLD };
    let store = Store::open(&url, options).await?.screened_by(engine);
    prepare(&store).await?;
    weigh(&store).await?;
    eprintln!("generating {} applications", arguments.applications);
    let started = Instant::now();
    let mut batch = store.batch().await?;
    for number in 1..=arguments.applications {
        apply(&mut batch, number).await?;
        if number % 1_000 == 0 {
            batch.commit().await?;
            eprintln!("{number}");
            batch = store.batch().await?;
        }
    }
    batch.commit().await?;
    let generated = started.elapsed();
    let officer = by("officer", Role::LicensingOfficer, None);
    let queue = times(200, async |turn| {
        let reader = store.reader(&officer, Some(DAY), None).await?;
        let filter = ApplicationFilter {
            state: (turn % 2 == 0).then(|| "running".to_owned()),
            destination: (turn % 3 == 0).then(|| "BRA".to_owned()),
            ..ApplicationFilter::default()
        };
        let page = Page { offset: i64::from(turn % 5) * 50, limit: 50 };
        ensure!(reader.applications(&filter, page).await?.total > 0, "the queue is empty");
        Ok(())
    })
    .await?;
    let open = arguments.applications.div_euclid(10).max(1);
    let checks = times(200, async |turn| {
        let reader = store.reader(&officer, Some(DAY), None).await?;
        // Every tenth is open.
        let view = reader.application(&format!("O-T2026-{:04}", (turn % open + 1) * 10)).await?;
        ensure!(view.checks.is_some_and(|checks| checks.len() > 4), "no check was made");
        Ok(())
    })
    .await?;
    let before = times(200, async |turn| {
        let reader = store.reader(&officer, Some(DAY), None).await?;
        let view = reader.application(&format!("O-T2026-{:04}", (turn % open + 1) * 10)).await?;
        let (beside, before) = (reader.beside_assessment(&view).await?, reader.precedents(&view).await?);
        ensure!(!beside.standing.is_empty() && before.total > 0, "nothing stands beside it");
        Ok(())
    })
    .await?;
    let words = Query::parse("radio lot")?;
    let search = times(200, async |_| {
        let reader = store.reader(&officer, Some(DAY), None).await?;
        let found = reader.search(&words, &[SearchKind::Application], Page { offset: 0, limit: 20 }).await?;
        ensure!(found.kinds.iter().any(|kind| kind.total > 0), "nothing is found");
        Ok(())
    })
    .await?;
    let customs = by("customs", Role::Customs, None);
    let gate = times(200, async |turn| {
        let written = WriteOff {
            reference: format!("D-{turn}"),
            line: 1,
            quantity: Quantity::whole(1),
            value: Money::new(1_000, Currency::USD),
            delivery: None,
            document: paper(),
        };
        let command = LicenceCommand::WriteOff { on: DAY, written };
        let number = format!("O-L2026-{:04}", turn + 1);
        store.execute(&customs, Command::Licence { number, command }).await?;
        Ok(())
    })
    .await?;
    let auditor = by("auditor", Role::Auditor, None);
    let reader = store.reader(&auditor, Some(DAY), None).await?;
    let started = Instant::now();
    let audit = reader.audit_transfers(&|_| {}).await?;
    let audited = started.elapsed();
    ensure!(audit.violations.is_empty(), "what was granted breaks a rule: {:?}", audit.violations.first());
    let share = audited.as_secs_f64() / audit.licences.max(1) as f64;
    println!("| what | median | p95 | longest |\n|---|---|---|---|");
    for (name, times) in [
        ("queue of applications, a page of 50", &queue),
        ("page of an application with all its checks", &checks),
        ("the same, with what stands beside the assessment and the precedents", &before),
        ("search by two words that every application bears", &search),
        ("a write-off with its gate, on the disk", &gate),
    ] {
        let at = |share: usize| {
            times.get((times.len() * share).div_ceil(100).max(1) - 1).map_or(0.0, Duration::as_secs_f64) * 1e3
        };
        println!("| {name} | {:.1} ms | {:.1} ms | {:.1} ms |", at(50), at(95), at(100));
    }
    println!(
        "\n{} applications from draft to decision in {:.0} s; audit of {} licences, then and now: {:.2} s, which is {:.0} s for 200,000.",
        arguments.applications,
        generated.as_secs_f64(),
        audit.licences,
        audited.as_secs_f64(),
        share * 200_000.0
    );
    Ok(())
}

async fn times(count: u32, work: impl AsyncFn(u32) -> Result<()>) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for turn in 0..count {
        let started = Instant::now();
        work(turn).await?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok(times)
}

/// Parties, the rules that came with the program, and a list with a run over it.
async fn prepare(store: &Store) -> Result<()> {
    let operator = Actor::operator(Clearance::full());
    store.execute(&operator, Command::Found { purpose: "register".into() }).await?;
    let mut parties = vec![("Maker".to_owned(), "RUS"), ("Council".to_owned(), "RUS")];
    parties.extend(STATES.iter().map(|state| (format!("Ministry of {state}"), *state)));
    for (name, state) in parties {
        let new = NewParty {
            name,
            kind: PartyKind::StateAuthority,
            state: state.to_owned(),
            label: Label::of(Level::Public),
        };
        store.execute(&operator, Command::Party(new)).await?;
    }
    let (anna, boris) = (by("anna", Role::LicensingOfficer, None), by("boris", Role::LicensingOfficer, None));
    for text in UNITED_NATIONS {
        let id = about(text.name, text.text)?.id;
        let new =
            NewRuleFile { file: text.name.into(), text: text.text.into(), reason: "As published".into() };
        let propose = Command::Embargo { id: id.clone(), command: EditionCommand::Propose(new) };
        store.execute(&anna, propose).await?;
        let confirm = EditionCommand::Confirm { content: None, reason: None };
        store.execute(&boris, Command::Embargo { id, command: confirm }).await?;
    }
    // Each ministry issues its own certificates, and one person signs them.
    for place in 0..STATES.len() {
        let specimen = NewSpecimen {
            signatory: "Signatory".into(),
            position: "Director".into(),
            valid_from: date(2024, 1, 1),
            valid_until: None,
            document: paper(),
        };
        for (by, command) in [
            (&anna, SpecimenCommand::Propose { on: DAY, specimen }),
            (&boris, SpecimenCommand::Confirm { on: DAY, specimen: 1 }),
        ] {
            store.execute(by, Command::Specimens { authority: ministry(place), command }).await?;
        }
    }
    let list = |command| Command::List { name: "un".into(), command };
    let policy = ListPolicy { standing: Standing::Binding, max_age_days: 30 };
    let set = ListCommand::SetPolicy { policy, reason: "Measured".into() };
    store.execute(&operator, list(set)).await?;
    let content = store.keep_list(&operator, "text/csv", b"an edition".to_vec()).await?;
    let new = NewEdition {
        seen: None,
        content: content.clone(),
        form: "csv".into(),
        dated: Some(DAY),
        current_on: Some(DAY),
        entries: 1,
        source: "list.csv".into(),
        despite: None,
    };
    let through = store.execute(&operator, list(ListCommand::Load(new))).await?.sequence;
    let screened = ListScreened {
        edition: content,
        engine: ENGINE.into(),
        threshold: THRESHOLD,
        through,
        since: None,
        compared: 14,
    };
    let run = Run { screened, found: Vec::new(), judged: Vec::new() };
    store.execute(&operator, list(ListCommand::Screen(Box::new(run)))).await?;
    Ok(())
}

/// What transfers are weighed by: a control list, a standing assessment and denials of each state, and a quota of one.
async fn weigh(store: &Store) -> Result<()> {
    let entries = (1..=22).flat_map(|number| {
        ["a", "b", "c"].map(|part| ControlEntry {
            entry: format!("ML{number}.{part}"),
            title: format!("Part {part} of entry {number}"),
            text: Some("What it says of goods and of parts of them".into()),
        })
    });
    let weighed = Weighed { risk: Risk::Low, evidence: "Report".into(), mitigation: None };
    let mut contents = vec![GuidanceContent::ControlList(ControlList {
        name: "BENCH".into(),
        title: "Control list".into(),
        publisher: "Bench".into(),
        applies_from: date(2026, 1, 1),
        entries: entries.collect(),
    })];
    for state in STATES {
        contents.push(GuidanceContent::StandingAssessment(StandingAssessment {
            territory: state.into(),
            summary: "As reported".into(),
            review_by: date(2027, 6, 15),
            weighed: OF_TERRITORY.iter().map(|criterion| (*criterion, weighed.clone())).collect(),
        }));
        for turn in 0..5 {
            contents.push(GuidanceContent::Denial(Denial {
                notified_by: "FRA".into(),
                reference: format!("{state}/{turn}"),
                denied_on: date(2025, 6, 15),
                renewed_on: None,
                destination: state.into(),
                end_user: "Another".into(),
                party: None,
                goods: "Vehicles".into(),
                category: Some("ML6".into()),
                criteria: [Criterion::Diversion].into(),
                grounds: "As notified".into(),
            }));
        }
    }
    contents.push(GuidanceContent::Quota(Quota {
        destination: "ARM".into(),
        category: Some("ML11".into()),
        from: date(2026, 1, 1),
        until: date(2026, 12, 31),
        basis: "Decision".into(),
        limit: Limit::Quantity { quantity: Quantity::whole(1_000_000_000), unit: Unit::Piece },
    }));
    let (proposer, countersigner) =
        (by("anna", Role::TreatyOfficer, None), by("countersigner", Role::Countersigner, None));
    for content in contents {
        let is_by_two = content.kind().is_by_two();
        let label = Label::of(Level::Official);
        let new = NewGuidance { on: DAY, label, content: Box::new(content), document: paper() };
        let number = store.execute(&proposer, Command::Guide(new)).await?.subject.key;
        if is_by_two {
            let command = GuidanceCommand::Confirm { on: DAY, edition: 1 };
            store.execute(&countersigner, Command::Guidance { number, command }).await?;
        }
    }
    Ok(())
}

/// An application with three lines, from its draft to its licence; every tenth stays open.
async fn apply(batch: &mut Batch, number: u32) -> Result<()> {
    let state = STATES[number as usize % STATES.len()];
    let end_user = ministry(number as usize % STATES.len());
    let line = |class: Class, price: i64| TransferLine {
        description: "Radio".into(),
        category: "ML11.a".into(),
        class,
        part: false,
        non_lethal: None,
        quantity: Quantity::whole(100),
        unit: Unit::Piece,
        unit_price: Money::new(price, Currency::USD),
        contract_line: None,
    };
    let lines = vec![line(Class::OtherArms, 1_000), line(arms(1), 90_000), line(arms(2), 70_000)];
    let certificate = certificate(number, state, &end_user, &lines);
    let content = Content {
        request: Request::Licence,
        advance_opinion: None,
        kind: TransferKind::Export,
        title: format!("Radios, lot {number}"),
        applicant: "P-P0001".into(),
        origin: None,
        destination: state.into(),
        route: Vec::new(),
        parties: vec![TransferParty { role: TransferRole::EndUser, party: end_user.clone() }],
        lines,
        purpose: StatedPurpose::Defence,
        end_use: "Signals".into(),
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
    };
    let exporter = by("exporter", Role::Exporter, Some("P-P0001"));
    let officer = by("officer", Role::LicensingOfficer, None);
    let agency = by("agency", Role::ConsultedAgency, Some("P-P0002"));
    let countersigner = by("countersigner", Role::Countersigner, None);
    let new = NewApplication { on: DAY, label: Label::of(Level::Official), content: Box::new(content) };
    let number = {
        let receipt = batch.execute(&exporter, Command::Draft(new)).await?;
        (number, receipt.subject.key)
    };
    let weighed = Weighed { risk: Risk::Low, evidence: "Report".into(), mitigation: None };
    let assessment = Assessment {
        weighed: Criterion::ALL.iter().map(|criterion| (*criterion, weighed.clone())).collect(),
        conclusion: "Nothing stands against it".into(),
    };
    let proposal = Proposal {
        lines: vec![LineDecision::Grant; 3],
        valid_from: Some(DAY),
        valid_until: Some(date(2027, 6, 14)),
        conditions: Vec::new(),
        verification_days: None,
        rule: DisagreementRule::Strictest,
        reason: "Nothing stands against it".into(),
    };
    let standing = EndUserStanding::Authority { state: state.into() };
    let opinion = Opinion { agency: "P-P0002".into(), lines: vec![Stance::Approve; 3], document: None };
    let mut acts = vec![
        (&exporter, A::Submit { on: DAY }),
        (&officer, A::Establish { on: DAY, party: end_user.clone(), standing, document: paper() }),
        (&officer, A::AskOpinion { on: DAY, agency: "P-P0002".into(), due_on: Some(DAY) }),
        (&agency, A::GiveOpinion { on: DAY, opinion }),
        (&officer, A::Assess { on: DAY, assessment }),
    ];
    if number.0 % 10 != 0 {
        acts.push((&officer, A::Propose { on: DAY, proposal }));
        acts.push((&countersigner, A::Countersign { on: DAY }));
    }
    let new = NewCertificate { on: DAY, label: Label::of(Level::Official), content: Box::new(certificate) };
    let certified = batch.execute(&officer, Command::Certify(new)).await?.subject.key;
    let to = "Embassy".to_owned();
    for command in [
        K::Ask { on: DAY, channel: Channel::TheirEmbassy, to, document: paper() },
        K::Answer { on: DAY, inquiry: 1, answer: Authenticity::Authentic, document: paper() },
        K::Bind { on: DAY, application: number.1.clone() },
    ] {
        batch.execute(&officer, Command::Certificate { number: certified.clone(), command }).await?;
    }
    for (actor, command) in acts {
        batch.execute(actor, Command::Application { number: number.1.clone(), command }).await?;
    }
    Ok(())
}

/// The number of the ministry of a state, by its place.
fn ministry(place: usize) -> String {
    format!("P-P{:04}", 3 + place)
}

/// A certificate of an end user for all that is applied for.
fn certificate(number: u32, state: &str, end_user: &str, lines: &[TransferLine]) -> CertificateContent {
    let covered = |line: &TransferLine| CertificateLine {
        description: line.description.clone(),
        category: line.category.clone(),
        quantity: Quantity::whole(300),
        unit: line.unit,
        value: None,
    };
    CertificateContent {
        issuer: end_user.to_owned(),
        state: Some(state.to_owned()),
        register_number: format!("EUC {number}"),
        issued_on: date(2026, 5, 4),
        expires_on: Some(date(2028, 5, 3)),
        exporter: "P-P0001".into(),
        end_user: end_user.to_owned(),
        destination: state.to_owned(),
        intermediaries: Vec::new(),
        contract_number: None,
        lines: lines.iter().take(1).map(covered).collect(),
        end_use: "Signals".into(),
        undertakings: Undertaking::NEEDED.into_iter().collect(),
        signatory: "Signatory".into(),
        position: "Director".into(),
        sealed: true,
        document: paper(),
    }
}

/// One of the classes that embargo rules know.
fn arms(place: usize) -> Class {
    Class::all().nth(place).unwrap_or(Class::OtherArms)
}
