//! Reading: figures and pages as of a day and as known at an instant.

#![allow(clippy::unwrap_used)]

mod support;

use entente_register::brief::{FigureName, Known};
use entente_register::command::Command;
use entente_register::contract::plan::PlanCommand;
use entente_register::money::Quantity;
use entente_store::reader::{BriefOptions, ContractFilter, ContractSort, OpenedFigure, Page, Reader};
use entente_testing::TestDatabase;
use jiff::civil::date;
use support::{Register, day, instant, paper, usd};

async fn reader(register: &Register, as_of: &str, known_at: Option<&str>) -> Reader {
    register.store.reader(&register.operator, Some(day(as_of)), known_at.map(instant)).await.unwrap()
}

async fn open(reader: &Reader, options: &BriefOptions, name: FigureName) -> OpenedFigure {
    reader.figure(options, &name, Page::first(500)).await.unwrap()
}

entente_testing::on_both! {
    async fn every_page_of_a_small_register_opens(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let line = format!("{number}.1");
        let delivery = register.hand_over(&line, 4, date(2012, 5, 1)).await.unwrap().subject.key;
        register.accept(&delivery, date(2012, 5, 20)).await.unwrap();
        let version = register.plan(&line).await;
        let approve = PlanCommand::Approve { on: date(2012, 1, 20), document: paper("Decision") };
        register.store.execute(&register.chair, Command::Plan { version: Some(version), command: approve }).await.unwrap();

        let reader = reader(&register, "2012-09-30", None).await;
        let options = BriefOptions::default();
        let brief = reader.brief(&options).await.unwrap();
        assert_eq!(brief.deliveries.delivered, 40_000);
        assert_eq!(brief.deliveries.plan_year, Known::Value(50_000));
        assert_eq!(brief.deliveries.execution_pct.value().unwrap().to_string(), "80.0");
        assert_eq!((brief.deliveries.overdue_lines, brief.deliveries.overdue_value), (1, 60_000));
        assert_eq!((brief.contracts.in_force, brief.contracts.behind), (1, 1));
        assert_eq!((brief.order_book.backlog, brief.order_book.signed), (60_000, 100_000));
        for name in FigureName::fixed() {
            open(&reader, &options, name).await;
        }

        let list = reader
            .contracts(&ContractFilter::default(), ContractSort::Amount, true, Page::first(50))
            .await
            .unwrap();
        assert_eq!((list.total, list.rows.len()), (1, 1));
        let row = &list.rows[0];
        assert_eq!((row.amount, row.lines, row.delivered, row.overdue_lines), (usd(1000), 1, 40_000, 1));
        let view = reader.contract(&number).await.unwrap();
        assert_eq!((view.version, view.lines.len(), view.parties.len(), view.history.len()), (3, 1, 2, 3));
        assert_eq!(view.lines[0].accepted, Quantity::whole(4));
        let view = reader.line(&line, Page::first(10)).await.unwrap();
        assert_eq!((view.deliveries.total, view.history.len()), (1, 1));
        assert_eq!(view.deliveries.rows[0].accepted_on, Some(date(2012, 5, 20)));
        let view = reader.delivery(&delivery).await.unwrap();
        assert_eq!((view.delivery.state.as_str(), view.history.len(), view.version), ("accepted", 2, 2));
        assert!(view.history[0].entry.is_some());
        let plans = reader.plans().await.unwrap();
        assert_eq!((plans.len(), plans[0].amount, plans[0].items), (1, usd(500), 1));
        let plan = reader.plan(version, Page::first(10)).await.unwrap();
        assert_eq!((plan.items.rows.len(), plan.history.len(), plan.row.state.as_str()), (1, 3, "frozen"));
        assert_eq!(reader.partners().await.unwrap().len(), 2);
        assert_eq!(reader.groups().await.unwrap().len(), 1);
        assert_eq!(reader.accounts().await.unwrap().len(), 1);
        assert_eq!(reader.events(Page::first(500)).await.unwrap().rows.len() as i64, reader.events(Page::first(1)).await.unwrap().total);
        assert_eq!(reader.read_log(Page::first(10)).await.unwrap().total, 0);
    }
}
