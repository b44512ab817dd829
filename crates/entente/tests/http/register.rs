//! A small register: a contract that all of the commission may see, a secret one,
//! a plan, deliveries with their papers, and an account of every role.

use entente_register::access::{AccountCommand, Actor, NewAccount, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::contract::{ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::document::Document;
use entente_register::label::{Clearance, Level};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::partner::PartnerCommand;
use entente_register::party::{NewParty, PartyKind};
use entente_store::Store;
use jiff::civil::{Date, date};

/// Numbers of what the register holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    pub(crate) exporter: String,
    pub(crate) user: String,
    pub(crate) contract: String,
    pub(crate) line: String,
    pub(crate) delivery: String,
    pub(crate) paper: String,
    pub(crate) secret_contract: String,
    pub(crate) secret_line: String,
    pub(crate) secret_delivery: String,
    pub(crate) secret_paper: String,
}

pub(crate) fn operator() -> Actor {
    Actor::operator(Clearance::full())
}

/// The chair, who approves plans.
fn chair() -> Actor {
    Actor {
        account: "chair".into(),
        name: "Chair".into(),
        roles: vec![Role::Chair],
        clearance: Clearance::full(),
        party: None,
    }
}

fn paper(title: &str, dated: Date, content: Option<String>) -> Document {
    Document { title: title.to_owned(), dated, content }
}

async fn done(store: &Store, command: Command) -> String {
    store.execute(&operator(), command).await.unwrap().subject.key
}

/// Fills an empty register.
pub(crate) async fn fill(store: &Store) -> Held {
    done(store, Command::Found { purpose: "register".into() }).await;
    done(store, Command::Partner(PartnerCommand::Register { code: "IND".into(), name: "India".into() }))
        .await;
    done(
        store,
        Command::Partner(PartnerCommand::RegisterGroup { code: "BRICS".into(), name: "BRICS".into() }),
    )
    .await;
    done(
        store,
        Command::Partner(PartnerCommand::Admit {
            group: "BRICS".into(),
            state: "IND".into(),
            on: date(2009, 6, 16),
        }),
    )
    .await;
    let mut parties = Vec::new();
    for (name, kind, state) in [
        ("Export House", PartyKind::Company, "RUS"),
        ("Ministry of Defence", PartyKind::StateAuthority, "IND"),
    ] {
        parties.push(
            done(
                store,
                Command::Party(NewParty {
                    name: name.into(),
                    kind,
                    state: state.into(),
                    label: "OFFICIAL//REL IND".parse().unwrap(),
                }),
            )
            .await,
        );
    }
    let mut held = Held { exporter: parties[0].clone(), user: parties[1].clone(), ..Held::default() };
    (held.contract, held.line, held.delivery, held.paper) =
        contract(store, &held, "OFFICIAL//REL IND", "Patrol boats").await;
    (held.secret_contract, held.secret_line, held.secret_delivery, held.secret_paper) =
        contract(store, &held, "SECRET//NAVY", "Quiet boats").await;
    plan(store, &held).await;
    for role in Role::ALL {
        account(store, *role, &held).await;
    }
    held
}

async fn contract(store: &Store, held: &Held, label: &str, title: &str) -> (String, String, String, String) {
    let number = done(
        store,
        Command::Contract {
            number: None,
            command: ContractCommand::Open(NewContract {
                reference: format!("P/{title}"),
                title: title.into(),
                partner: "IND".into(),
                parties: vec![
                    ContractParty { party: held.exporter.clone(), role: PartyRole::Exporter },
                    ContractParty { party: held.user.clone(), role: PartyRole::EndUser },
                ],
                currency: Currency::USD,
                label: label.parse().unwrap(),
                on: date(2012, 1, 10),
            }),
        },
    )
    .await;
    let line = done(
        store,
        Command::Line {
            number: number.clone(),
            command: LineCommand::Add(NewLine {
                reference: None,
                description: "Boats".into(),
                quantity: Quantity::whole(10),
                unit: Unit::Piece,
                unit_price: Money::new(1_000_000_00, Currency::USD),
                category: "ML9.a".into(),
                manufacturer: Some(held.user.clone()),
                due_on: date(2012, 9, 1),
                on: date(2012, 1, 12),
                document: None,
            }),
        },
    )
    .await;
    for command in [
        ContractCommand::Sign { on: date(2012, 2, 1), document: paper("Contract", date(2012, 2, 1), None) },
        ContractCommand::EnterIntoForce { on: date(2012, 3, 1), document: None },
    ] {
        done(store, Command::Contract { number: Some(number.clone()), command }).await;
    }
    let mut batch = store.batch().await.unwrap();
    let content = batch.keep_document("text/plain", format!("Waybill of {title}").as_bytes()).await.unwrap();
    let delivery = batch
        .execute(
            &operator(),
            Command::Delivery {
                number: None,
                command: DeliveryCommand::HandOver {
                    line: line.clone(),
                    reference: None,
                    quantity: Quantity::whole(4),
                    on: date(2012, 5, 2),
                    document: paper("Waybill 1", date(2012, 5, 2), Some(content.clone())),
                },
            },
        )
        .await
        .unwrap()
        .subject
        .key;
    batch.commit().await.unwrap();
    done(
        store,
        Command::Delivery {
            number: Some(delivery.clone()),
            command: DeliveryCommand::Accept {
                on: date(2012, 5, 20),
                document: paper("Acceptance 1", date(2012, 5, 20), None),
            },
        },
    )
    .await;
    (number, line, delivery, content)
}

async fn plan(store: &Store, held: &Held) {
    done(
        store,
        Command::Plan { version: None, command: PlanCommand::Draft { year: 2012, currency: Currency::USD } },
    )
    .await;
    let version = Some(PlanVersion { year: 2012, version: 1 });
    let item = |line: &str| PlanItem {
        line: line.to_owned(),
        planned_on: date(2012, 9, 1),
        amount: "10000000.00".to_owned(),
    };
    let items = vec![item(&held.line)];
    done(store, Command::Plan { version, command: PlanCommand::AddItems { items } }).await;
    let approve = PlanCommand::Approve {
        on: date(2012, 3, 15),
        document: paper("Decision 5", date(2012, 3, 15), None),
        reason: None,
    };
    store.execute(&chair(), Command::Plan { version, command: approve }).await.unwrap();
}

async fn account(store: &Store, role: Role, held: &Held) {
    if matches!(role, Role::Operator | Role::Public) {
        return;
    }
    let clearance = match role {
        Role::Chair => Clearance::full(),
        Role::ForeignMember => {
            Clearance { foreign_state: Some("IND".into()), ..Clearance::of(Level::Official) }
        }
        Role::Auditor => Clearance::full(),
        _ => Clearance::of(Level::Official),
    };
    let name = role.word().replace('_', "-");
    let party = match role {
        Role::Exporter => Some(held.exporter.clone()),
        Role::Manufacturer => Some(held.user.clone()),
        _ => None,
    };
    let new = NewAccount {
        account: name.clone(),
        name: role.name().to_owned(),
        roles: vec![role],
        clearance,
        party,
    };
    done(store, Command::Account { account: name, command: AccountCommand::Open(new) }).await;
}
