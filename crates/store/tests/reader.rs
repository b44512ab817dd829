//! Reading: figures and pages as of a day and as known at an instant.

#![allow(clippy::unwrap_used)]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::brief::{FigureName, Known};
use entente_register::command::Command;
use entente_register::contract::ContractCommand;
use entente_register::contract::delivery::{Counting, DeliveryCommand};
use entente_register::contract::line::{LineChange, LineCommand};
use entente_register::contract::plan::{PlanCommand, PlanVersion};
use entente_register::document::Document;
use entente_register::label::{Clearance, Level};
use entente_register::ledger::SubjectKind;
use entente_register::money::Quantity;
use entente_register::partner::PartnerCommand;
use entente_store::reader::{BriefOptions, ContractFilter, ContractSort, OpenedFigure, Page, Reader};
use entente_testing::TestDatabase;
use jiff::civil::date;
use support::{Register, code, day, instant, paper, usd};

async fn reader(register: &Register, as_of: &str, known_at: Option<&str>) -> Reader {
    register.store.reader(&register.operator, Some(day(as_of)), known_at.map(instant)).await.unwrap()
}

async fn delivered(register: &Register, as_of: &str, known_at: Option<&str>, counting: Counting) -> i64 {
    let options = BriefOptions { counting, ..BriefOptions::default() };
    reader(register, as_of, known_at).await.brief(&options).await.unwrap().deliveries.delivered
}

async fn act(register: &Register, delivery: &str, command: DeliveryCommand) {
    register.run(Command::Delivery { number: Some(delivery.into()), command }).await.unwrap();
}

async fn open(reader: &Reader, options: &BriefOptions, name: FigureName) -> OpenedFigure {
    reader.figure(options, &name, Page::first(500)).await.unwrap()
}

entente_testing::on_both! {
    async fn a_brief_known_amid_a_month_leaves_out_what_came_later_in_it(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let line = format!("{}.1", register.contract("OFFICIAL").await);
        for (at, pieces) in [("2012-10-03T12:00:00Z", 1), ("2012-10-20T12:00:00Z", 2), ("2012-10-25T12:00:00Z", 4)] {
            register.clock.set(instant(at));
            let delivery = register.hand_over(&line, pieces, date(2012, 9, 1)).await.unwrap().subject.key;
            register.accept(&delivery, date(2012, 9, 10)).await.unwrap();
        }
        for (known_at, expected) in [("2012-10-10T00:00:00Z", 10_000), ("2012-10-22T00:00:00Z", 30_000)] {
            let found = delivered(&register, "2012-09-30", Some(known_at), Counting::TitlePassed).await;
            assert_eq!(found, expected, "{known_at}");
        }
        assert_eq!(delivered(&register, "2012-09-30", None, Counting::TitlePassed).await, 70_000);
    }

    async fn a_brief_that_is_kept_is_of_this_ledger_this_clearance_and_this_choice(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let open = format!("{}.1", register.contract("OFFICIAL").await);
        let secret = format!("{}.1", register.contract("SECRET//NAVY").await);
        let hand_over = async |line: &str, pieces: i64| {
            let delivery = register.hand_over(line, pieces, date(2012, 5, 1)).await.unwrap().subject.key;
            register.accept(&delivery, date(2012, 5, 20)).await.unwrap();
        };
        let official = support::actor("member", Role::Member, Clearance::of(Level::Official));
        let count = async |actor: &Actor, as_of: &str, counting: Counting, known_at: Option<&str>| {
            let reader =
                register.store.reader(actor, Some(day(as_of)), known_at.map(instant)).await.unwrap();
            let options = BriefOptions { counting, ..BriefOptions::default() };
            let brief = reader.brief(&options).await.unwrap();
            let figure = reader.figure(&options, &FigureName::Delivered, Page::first(5)).await.unwrap();
            assert_eq!(figure.sources_sum, brief.deliveries.delivered);
            brief.deliveries.delivered
        };
        let chair = &register.chair;
        let (title, handed) = (Counting::TitlePassed, Counting::HandedOver);
        hand_over(&open, 1).await;
        hand_over(&secret, 2).await;
        // Each twice: worked out, and as it is kept.
        for _ in 0..2 {
            assert_eq!(count(chair, "2012-09-30", title, None).await, 30_000);
            assert_eq!(count(&official, "2012-09-30", title, None).await, 10_000);
            assert_eq!(count(chair, "2012-05-10", title, None).await, 0);
            assert_eq!(count(chair, "2012-05-10", handed, None).await, 30_000);
            assert_eq!(count(chair, "2012-09-30", title, Some("2001-01-01T00:00:00Z")).await, 0);
        }
        hand_over(&open, 4).await;
        for _ in 0..2 {
            assert_eq!(count(chair, "2012-09-30", title, None).await, 70_000);
            assert_eq!(count(&official, "2012-09-30", title, None).await, 50_000);
        }
        // What is kept is not for whoever may not read a brief.
        let clerk = support::actor("clerk", Role::Customs, Clearance::full());
        let reader = register.store.reader(&clerk, Some(day("2012-09-30")), None).await.unwrap();
        assert_eq!(code(reader.brief(&BriefOptions::default()).await), "access.read");
    }

    async fn every_page_of_a_small_register_opens(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let line = format!("{number}.1");
        let delivery = register.hand_over(&line, 4, date(2012, 5, 1)).await.unwrap().subject.key;
        register.accept(&delivery, date(2012, 5, 20)).await.unwrap();
        let version = register.plan(&line).await;
        let approve = PlanCommand::Approve { on: date(2012, 1, 20), document: paper("Decision"), reason: None };
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

    async fn an_acceptance_recorded_late_moves_no_figure_that_was_known_before(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let line = format!("{number}.1");
        let first = register.hand_over(&line, 3, date(2012, 3, 1)).await.unwrap().subject.key;
        register.accept(&first, date(2012, 3, 10)).await.unwrap();
        let second = register.hand_over(&line, 1, date(2012, 9, 1)).await.unwrap().subject.key;
        register.clock.set(instant("2012-10-20T09:00:00Z"));
        register.accept(&second, date(2012, 9, 15)).await.unwrap();

        let (title, handed) = (Counting::TitlePassed, Counting::HandedOver);
        assert_eq!(delivered(&register, "2012-09-30", Some("2012-10-01T00:00:00Z"), title).await, 30_000);
        assert_eq!(delivered(&register, "2012-09-30", Some("2012-10-20T08:59:59Z"), title).await, 30_000);
        assert_eq!(delivered(&register, "2012-09-30", Some("2012-10-20T09:00:00Z"), title).await, 40_000);
        assert_eq!(delivered(&register, "2012-09-30", None, title).await, 40_000);
        assert_eq!(delivered(&register, "2012-09-14", None, title).await, 30_000);
        assert_eq!(delivered(&register, "2012-09-30", Some("2012-10-01T00:00:00Z"), handed).await, 40_000);
        assert_eq!(delivered(&register, "2012-08-31", None, handed).await, 30_000);
        // Before anything was known, nothing is.
        assert_eq!(delivered(&register, "2012-09-30", Some("2011-01-01T00:00:00Z"), title).await, 0);
        let then = reader(&register, "2012-09-30", Some("2012-10-01T00:00:00Z")).await;
        let view = then.delivery(&second).await.unwrap();
        assert_eq!((view.delivery.state.as_str(), view.history.len(), view.version), ("handed_over", 1, 1));
        assert_eq!(code(reader(&register, "2012-08-31", None).await.delivery(&second).await), "not_found");
        assert_eq!(code(reader(&register, "2012-01-09", None).await.contract(&number).await), "not_found");
    }

    async fn what_a_reader_says_that_it_knew_is_what_the_same_link_shows_later(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let last = register.hand_over(&format!("{number}.1"), 1, date(2012, 3, 1)).await.unwrap();
        // A writer has taken its time and has not committed; a reader comes a minute later.
        register.clock.set(instant("2012-09-30T13:00:00Z"));
        let mut batch = register.store.batch().await.unwrap();
        let command = DeliveryCommand::HandOver {
            line: format!("{number}.1"),
            reference: None,
            quantity: Quantity::whole(2),
            on: date(2012, 3, 2),
            document: paper("Waybill"),
        };
        batch.execute(&register.operator, Command::Delivery { number: None, command }).await.unwrap();
        register.clock.set(instant("2012-09-30T13:01:00Z"));
        let handed = BriefOptions { counting: Counting::HandedOver, ..BriefOptions::default() };
        let open = async |known_at| register.store.reader(&register.operator, None, known_at).await.unwrap();
        let (now, later) = (open(None).await, open(Some(instant("2012-12-31T00:00:00Z"))).await);
        let before = (now.brief(&handed).await.unwrap(), later.brief(&handed).await.unwrap());
        assert_eq!((now.known_at(), later.known_at()), (last.recorded_at, last.recorded_at));
        batch.commit().await.unwrap();
        let again = open(Some(now.known_at())).await;
        assert_eq!(again.known_at(), now.known_at());
        let after = again.brief(&handed).await.unwrap();
        assert_eq!((&before.0, &before.1), (&after, &after));
        // An instant before the last event is closed already, and stays as it was asked for.
        let asked = instant("2012-09-30T12:30:00Z");
        assert_eq!(open(Some(asked)).await.known_at(), asked);
        // Now is what is known now.
        assert_eq!(open(None).await.brief(&handed).await.unwrap().deliveries.delivered, 30_000);
    }

    async fn goods_handed_over_and_accepted_across_a_years_end_count_once(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.clock.set(instant("2013-02-01T00:00:00Z"));
        let number = register.contract("OFFICIAL").await;
        let delivery =
            register.hand_over(&format!("{number}.1"), 2, date(2012, 12, 31)).await.unwrap().subject.key;
        register.accept(&delivery, date(2013, 1, 9)).await.unwrap();
        let (title, handed) = (Counting::TitlePassed, Counting::HandedOver);
        assert_eq!(delivered(&register, "2012-12-31", None, handed).await, 20_000);
        assert_eq!(delivered(&register, "2013-12-31", None, handed).await, 0);
        assert_eq!(delivered(&register, "2012-12-31", None, title).await, 0);
        assert_eq!(delivered(&register, "2013-01-09", None, title).await, 20_000);
    }

    async fn what_was_annulled_never_was_and_what_was_returned_ends_on_its_day(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let line = format!("{number}.1");
        let wrong = register.hand_over(&line, 2, date(2012, 3, 1)).await.unwrap().subject.key;
        register.accept(&wrong, date(2012, 3, 5)).await.unwrap();
        let sent_back = register.hand_over(&line, 1, date(2012, 4, 1)).await.unwrap().subject.key;
        let (title, handed) = (Counting::TitlePassed, Counting::HandedOver);
        register.clock.set(instant("2012-10-05T00:00:00Z"));
        act(&register, &wrong, DeliveryCommand::Annul { reason: "Recorded twice".into() }).await;
        let returned = DeliveryCommand::Return { on: date(2012, 5, 1), reason: "Damaged".into(), document: None };
        act(&register, &sent_back, returned).await;

        let before = Some("2012-10-01T00:00:00Z");
        assert_eq!(delivered(&register, "2012-09-30", before, title).await, 20_000);
        assert_eq!(delivered(&register, "2012-09-30", None, title).await, 0);
        assert_eq!(delivered(&register, "2012-04-15", before, handed).await, 30_000);
        assert_eq!(delivered(&register, "2012-04-15", None, handed).await, 10_000);
        assert_eq!(delivered(&register, "2012-09-30", None, handed).await, 0);
        let now = reader(&register, "2012-09-30", None).await;
        let view = now.line(&line, Page::first(10)).await.unwrap();
        let states: Vec<&str> = view.deliveries.rows.iter().map(|d| d.state.as_str()).collect();
        assert_eq!(states, ["annulled", "returned"]);
        assert_eq!(now.delivery(&wrong).await.unwrap().delivery.state, "annulled");
        let april = reader(&register, "2012-04-15", None).await;
        assert_eq!(april.delivery(&sent_back).await.unwrap().delivery.state, "handed_over");
        assert_eq!(april.delivery(&wrong).await.unwrap().delivery.state, "annulled");
        // The act and the act that takes it back stand side by side, and sum to nothing.
        let options = BriefOptions::default();
        let figure = open(&now, &options, FigureName::Delivered).await;
        let amounts: Vec<i64> = figure.sources.rows.iter().map(|row| row.amount).collect();
        assert_eq!((amounts.as_slice(), figure.sources_sum), (&[20_000, -20_000][..], 0));
        assert_eq!(figure.sources.rows[1].note, "annulled");
    }

    async fn an_amendment_holds_from_its_day_once_it_is_known(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let line = format!("{number}.1");
        register.clock.set(instant("2012-10-10T00:00:00Z"));
        let change = LineChange {
            quantity: Some(Quantity::whole(12)),
            unit_price: Some(usd(50)),
            due_on: Some(date(2012, 12, 31)),
            basis: None,
        };
        let command = LineCommand::Amend {
            on: date(2012, 8, 1), change, document: paper("Amendment 1"), reason: "Agreed".into(),
        };
        register.run(Command::Line { number: line.clone(), command }).await.unwrap();
        let options = BriefOptions::default();
        for (as_of, known_at, amount, overdue) in [
            ("2012-09-30", Some("2012-10-01T00:00:00Z"), 100_000, 1),
            ("2012-09-30", None, 60_000, 0),
            ("2012-07-31", None, 100_000, 1),
            ("2012-06-29", None, 100_000, 0),
            ("2012-06-30", None, 100_000, 1),
        ] {
            let reader = reader(&register, as_of, known_at).await;
            let brief = reader.brief(&options).await.unwrap();
            assert_eq!((brief.order_book.backlog, brief.deliveries.overdue_lines), (amount, overdue), "{as_of} {known_at:?}");
            let view = reader.contract(&number).await.unwrap();
            assert_eq!((view.row.amount.minor, view.row.overdue_lines), (amount, overdue));
            let filter = ContractFilter { overdue: Some(true), ..ContractFilter::default() };
            let list = reader.contracts(&filter, ContractSort::Number, false, Page::first(5)).await.unwrap();
            assert_eq!(list.total, overdue);
        }
    }

    async fn a_plan_counts_from_its_approval_and_one_that_cannot_be_used_is_refused(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let line = format!("{number}.1");
        let mut versions = Vec::new();
        for on in [date(2012, 1, 20), date(2012, 6, 1)] {
            let version = register.plan(&line).await;
            if versions.len() == 1 {
                register.run(support::plan_items(version, &line)).await.unwrap();
            }
            let command = PlanCommand::Approve { on, document: paper("Decision"), reason: None };
            register.store.execute(&register.chair, Command::Plan { version: Some(version), command }).await.unwrap();
            versions.push(version);
        }
        register.clock.set(instant("2012-11-21T00:00:00Z"));
        let third = register.plan(&line).await;
        let draft = register.plan(&line).await;
        let command = PlanCommand::Approve { on: date(2012, 11, 20), document: paper("Decision"), reason: None };
        register.store.execute(&register.chair, Command::Plan { version: Some(third), command }).await.unwrap();

        let options = BriefOptions::default();
        for (as_of, known_at, version, amount) in [
            ("2012-05-31", None, 1, 50_000),
            ("2012-06-01", None, 2, 100_000),
            ("2012-09-30", None, 2, 100_000),
            ("2012-12-01", None, 3, 50_000),
            ("2012-12-01", Some("2012-10-01T00:00:00Z"), 2, 100_000),
        ] {
            let brief = reader(&register, as_of, known_at).await.brief(&options).await.unwrap();
            assert_eq!(brief.plan, Known::Value(PlanVersion { year: 2012, version }), "{as_of}");
            assert_eq!(brief.deliveries.plan_year, Known::Value(amount));
        }
        let brief = reader(&register, "2012-01-19", None).await.brief(&options).await.unwrap();
        assert!(brief.plan.reason().unwrap().contains("2012"));
        // A version may be asked for in hindsight, but none that is not known, not frozen or of another year.
        let asked = |plan| BriefOptions { plan: Some(plan), ..options };
        let later = reader(&register, "2012-09-30", None).await;
        assert_eq!(later.brief(&asked(third)).await.unwrap().plan, Known::Value(third));
        assert_eq!(code(later.brief(&asked(draft)).await), "plan.unknown");
        assert_eq!(code(later.brief(&asked(PlanVersion { year: 2011, version: 1 })).await), "plan.other_year");
        let before = reader(&register, "2012-09-30", Some("2012-10-01T00:00:00Z")).await;
        assert_eq!(code(before.brief(&asked(third)).await), "plan.unknown");
        let euro = BriefOptions { currency: "EUR".parse().unwrap(), ..asked(third) };
        assert_eq!(code(later.brief(&euro).await), "plan.currency");
        let states: Vec<String> = later.plans().await.unwrap().into_iter().map(|p| p.state).collect();
        assert_eq!(states, ["draft", "draft", "frozen", "frozen"]);
        assert_eq!(before.plans().await.unwrap().len(), 2);
        assert_eq!(code(before.plan(third, Page::first(5)).await), "not_found");
    }

    async fn groups_count_their_members_of_the_day(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let delivery =
            register.hand_over(&format!("{number}.1"), 2, date(2012, 3, 1)).await.unwrap().subject.key;
        register.accept(&delivery, date(2012, 3, 2)).await.unwrap();
        let leave = PartnerCommand::Leave { group: "BRICS".into(), state: "BRA".into(), on: date(2012, 6, 1) };
        register.run(Command::Partner(leave)).await.unwrap();
        let options = BriefOptions::default();
        for (as_of, amount, members) in [("2012-05-31", 20_000, 1), ("2012-06-01", 0, 0)] {
            let reader = reader(&register, as_of, None).await;
            let brief = reader.brief(&options).await.unwrap();
            assert_eq!((brief.by_group[0].delivered, brief.by_group[0].members.len()), (amount, members));
            let figure = open(&reader, &options, FigureName::GroupDelivered("BRICS".into())).await;
            assert_eq!(figure.sources_sum, amount);
        }
        let reader = reader(&register, "2012-09-30", None).await;
        let name = FigureName::PartnerDelivered("ZZZ".into());
        assert_eq!(code(reader.figure(&options, &name, Page::first(5)).await), "not_found");
    }

    async fn contracts_are_found_by_words_partner_state_and_in_every_order(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let first = register.contract("OFFICIAL").await;
        let second = register.contract("OFFICIAL").await;
        let suspend = ContractCommand::Suspend { on: date(2012, 7, 1), reason: "Arrears".into() };
        register.run(Command::Contract { number: Some(second.clone()), command: suspend }).await.unwrap();
        let reader = reader(&register, "2012-09-30", None).await;
        let count = async |filter: ContractFilter| {
            reader.contracts(&filter, ContractSort::Number, false, Page::first(5)).await.unwrap().total
        };
        let text = |text: &str| ContractFilter { text: Some(text.into()), ..ContractFilter::default() };
        assert_eq!(count(text("PATROL boats")).await, 2);
        assert_eq!(count(text("0002")).await, 1);
        for nothing in ["100%", "patrol_boats", "a\\b", "' OR 1 = 1 --"] {
            assert_eq!(count(text(nothing)).await, 0, "{nothing}");
        }
        let state = |state: &str| ContractFilter { state: Some(state.into()), ..ContractFilter::default() };
        assert_eq!((count(state("suspended")).await, count(state("in_force")).await), (1, 1));
        let partner = ContractFilter { partner: Some("IND".into()), ..ContractFilter::default() };
        assert_eq!(count(partner).await, 0);
        for sort in [ContractSort::Number, ContractSort::Partner, ContractSort::SignedOn, ContractSort::Amount] {
            for (descending, number) in [(false, &first), (true, &second)] {
                let page = Page { offset: 0, limit: 1 };
                let list = reader.contracts(&ContractFilter::default(), sort, descending, page).await.unwrap();
                assert_eq!((&list.rows[0].number, list.total), (number, 2), "{sort:?}");
            }
        }
    }

    async fn a_document_opens_only_with_a_subject_that_names_it(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let mut batch = register.store.batch().await.unwrap();
        let content = batch.keep_document("text/plain", b"Waybill 1").await.unwrap();
        let document = Document { content: Some(content.clone()), ..paper("Waybill 1") };
        let command = DeliveryCommand::HandOver {
            line: format!("{number}.1"), reference: None, quantity: Quantity::whole(1), on: date(2012, 5, 1), document: document.clone(),
        };
        let delivery = batch
            .execute(&register.operator, Command::Delivery { number: None, command })
            .await
            .unwrap()
            .subject;
        batch.commit().await.unwrap();
        let reader = reader(&register, "2012-09-30", None).await;
        let found = reader.document(&delivery, &content).await.unwrap();
        assert_eq!((found.document, found.bytes.as_slice(), found.media_type.as_str()), (document, &b"Waybill 1"[..], "text/plain"));
        for subject in [
            SubjectKind::Contract.subject(number.clone()),
            SubjectKind::Line.subject(format!("{number}.1")),
            SubjectKind::Delivery.subject(format!("{number}.1.2")),
            SubjectKind::Plan.subject("2012.1"),
            SubjectKind::Account.subject("m.ivanova"),
        ] {
            assert_eq!(code(reader.document(&subject, &content).await), "not_found", "{subject}");
        }
    }
}
