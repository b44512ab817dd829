//! Searching: by every field, whole and begun; what may not be seen neither appears nor counts; and as of any day,
//! as known at any instant, what stood then.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::{Amendment, ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::label::{Clearance, Level};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::opportunity::{
    AskedItem, NewOffer, NewOpportunity, OfferItem, OpportunityCommand, OpportunityKind, Recipient,
};
use entente_register::payment::{DueRule, InstalmentCommand, InstalmentKind, NewInstalment};
use entente_register::search::{Query, SearchField, SearchKind};
use entente_store::reader::{ContractFilter, ContractSort, Found, MOST_FOUND, Page, Reader};
use entente_store::{VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::ToSpan as _;
use jiff::civil::date;
use support::history::History;
use support::*;

async fn found(reader: &Reader, query: &str) -> Found {
    reader.search(&Query::parse(query).unwrap(), &[], Page::first(200)).await.unwrap()
}

/// What is found, as `kind subject`, in the order of the results.
fn names(found: &Found) -> Vec<String> {
    for kind in &found.kinds {
        assert_eq!(kind.total, i64::try_from(kind.rows.len()).unwrap(), "{:?}", kind.kind);
    }
    let row = |kind: SearchKind, subject: String| format!("{} {}", kind.word(), subject);
    found.kinds.iter().flat_map(|k| k.rows.iter().map(move |r| row(k.kind, r.subject.key.clone()))).collect()
}

impl Register {
    async fn find(&self, actor: &Actor, query: &str) -> Vec<String> {
        names(&found(&self.store.reader(actor, None, None).await.unwrap(), query).await)
    }

    async fn opened(&self, new: NewContract) -> String {
        let command = ContractCommand::Open(new);
        self.run(Command::Contract { number: None, command }).await.unwrap().subject.key
    }

    async fn amend(
        &self,
        number: &str,
        on: jiff::civil::Date,
        title: Option<&str>,
        parties: Option<Vec<ContractParty>>,
    ) {
        let document = paper("Amendment 7");
        let amendment = Amendment { title: title.map(str::to_owned), parties, document };
        let command = ContractCommand::Amend { on, amendment, reason: "agreed".into() };
        self.run(Command::Contract { number: Some(number.into()), command }).await.unwrap();
    }

    async fn verified(&self) {
        let options = VerifyOptions { deep: true, ..Default::default() };
        assert_eq!(self.store.verify(&options, silent()).await.unwrap().first_bad, None);
    }
}

fn opportunity(marking: &str) -> NewOpportunity {
    NewOpportunity {
        on: date(2012, 3, 1),
        reference: None,
        title: "Coastal radars".into(),
        partner: "IND".into(),
        kind: OpportunityKind::Request,
        recipient: Recipient::Words("Naval staff".into()),
        exporter: "P-P0001".into(),
        items: vec![AskedItem {
            description: "Radar «Océan»".into(),
            category: "ML5.b".into(),
            quantity: Quantity::whole(4),
            unit: Unit::Piece,
        }],
        competitors: Vec::new(),
        deadline: Some(date(2012, 12, 31)),
        label: label(marking),
        document: Some(paper("Letter 55/N")),
    }
}

fn offer(product: &str) -> OpportunityCommand {
    OpportunityCommand::Offer(Box::new(NewOffer {
        on: date(2012, 4, 2),
        currency: Currency::USD,
        items: vec![OfferItem {
            description: product.into(),
            category: "ML5.b".into(),
            quantity: Quantity::whole(2),
            unit: Unit::Piece,
            unit_price: Money::new(100, Currency::USD),
            due_on: date(2014, 12, 31),
        }],
        valid_until: date(2013, 12, 31),
        terms: None,
        credit: None,
        document: paper("Offer"),
    }))
}

fn instalment(reference: &str) -> NewInstalment {
    NewInstalment {
        reference: Some(reference.into()),
        kind: InstalmentKind::Advance,
        amount: usd(100),
        due: DueRule::Fixed { on: date(2013, 6, 30) },
        lender: None,
        bank: None,
        label: None,
        on: date(2012, 1, 15),
        document: None,
    }
}

on_both! {
    async fn all_is_found_by_each_of_its_fields(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let new = NewContract { reference: "К-2012/17".into(), title: "Сторожевые катера «Łódź»".into(), ..new_contract("OFFICIAL") };
        let number = register.opened(new).await;
        let line = NewLine { description: "Hydraulic pump 9K33-M2".into(), reference: Some("A/4".into()), ..ten_pieces() };
        register.run(Command::Line { number: number.clone(), command: LineCommand::Add(line) }).await.unwrap();
        let sign = ContractCommand::Sign { on: date(2012, 1, 15), document: paper("Signed paper 100") };
        register.run(Command::Contract { number: Some(number.clone()), command: sign }).await.unwrap();
        let force = ContractCommand::EnterIntoForce { on: date(2012, 2, 1), document: None };
        register.run(Command::Contract { number: Some(number.clone()), command: force }).await.unwrap();
        register.run(Command::Instalment { number: number.clone(), command: InstalmentCommand::Schedule(Box::new(instalment("INV-77/12"))) }).await.unwrap();
        let hand_over = DeliveryCommand::HandOver {
            line: format!("{number}.1"),
            reference: Some("WB 9001".into()),
            quantity: Quantity::whole(4),
            on: date(2012, 5, 1),
            document: paper("Waybill 31"),
        };
        let delivery = register.run(Command::Delivery { number: None, command: hand_over }).await.unwrap().subject.key;
        let wanted = register.run(Command::Opportunity { number: None, command: OpportunityCommand::Register(Box::new(opportunity("OFFICIAL"))) }).await.unwrap().subject.key;
        register.run(Command::Opportunity { number: Some(wanted.clone()), command: offer("Sonar") }).await.unwrap();

        let find = async |query: &str| register.find(&register.chair, query).await;
        let contract = || format!("contract {number}");
        let line = || format!("line {number}.1");
        let payment = || format!("payment {number}.I1");
        let asked = || format!("opportunity {wanted}");
        for query in ["К-2012/17", "к 17", "сторожевые", "КАТЕРА lodz", "łód", "катера brazil", "катера ministry defence"] {
            assert_eq!(find(query).await, [contract()], "{query}");
        }
        // From its number on, all that bears it; and the whole number before what only begins so.
        assert_eq!(find(&number.to_lowercase()).await, [contract(), line(), payment(), format!("document {number}")]);
        assert_eq!(find("2012-0001").await.len(), 4);
        for query in ["9k33", "m2", "PUMP hydraulic", "hydr", "A/4", "ml9.a"] {
            assert_eq!(find(query).await, [line()], "{query}");
        }
        for query in ["INV-77/12", "inv", "77/12", "advance"] {
            assert_eq!(find(query).await, [payment()], "{query}");
        }
        for query in [delivery.as_str(), &delivery.to_lowercase(), "WB 9001", "wb 9001"] {
            let results = find(query).await;
            assert!(results.contains(&format!("delivery {delivery}")), "{query}: {results:?}");
        }
        for query in ["coastal", "naval", "ocean", "sonar", "ml5.b radar", "india radars", "example radar"] {
            assert_eq!(find(query).await, [asked()], "{query}");
        }
        assert_eq!(find("signed 100").await, [format!("document {number}")]);
        assert_eq!(find("55/N").await, [format!("document {wanted}")]);
        assert_eq!(find("indi").await, [asked(), "partner IND".to_owned()]);
        assert_eq!(find("example works").await, [contract(), asked(), "party P-P0001".to_owned()]);
        // All words, each whole but the last; one letter is a word of one.
        for nothing in ["patr boats", "катера india", "h", "waybill", "WB", "сторожевые 18", "иод"] {
            assert_eq!(find(nothing).await, [] as [String; 0], "{nothing}");
        }

        // What was found, and why.
        let reader = register.store.reader(&register.chair, None, None).await.unwrap();
        let results = found(&reader, "катера ministry braz").await;
        let row = &results.kinds[0].rows[0];
        let text = |pieces: &[entente_register::search::Piece]| {
            pieces.iter().map(|p| if p.found { format!("[{}]", p.text) } else { p.text.clone() }).collect::<String>()
        };
        assert_eq!(text(&row.name), "Сторожевые [катера] «Łódź»");
        let (code, partner) = row.partner.as_ref().unwrap();
        assert_eq!((code.as_str(), text(partner).as_str()), ("BRA", "[Brazil] (BRA)"));
        assert_eq!(row.texts.iter().map(|t| (t.field, text(&t.text))).collect::<Vec<_>>(), [(SearchField::Party, "[Ministry] of Defence (P-P0002)".to_owned())]);
        assert!(!row.exact && found(&reader, "k-2012/17").await.kinds[0].rows.is_empty());
        assert!(found(&reader, "к-2012/17").await.kinds[0].rows[0].exact);
        assert!(found(&reader, "wb 9001").await.kinds[2].rows[0].exact);
        // Before it was handed over it was not.
        let before = register.store.reader(&register.chair, Some(date(2012, 4, 30)), None).await.unwrap();
        assert!(found(&before, "wb 9001").await.kinds[2].rows.is_empty());

        // What is taken back is gone, and known as it was.
        let known = register.store.now() + 1.minutes();
        register.clock.set(known + 1.hours());
        let annul = InstalmentCommand::Annul { reason: "typed twice".into() };
        register.run(Command::Instalment { number: format!("{number}.I1"), command: annul }).await.unwrap();
        assert!(find("INV-77/12").await.is_empty());
        let then = register.store.reader(&register.chair, None, Some(known)).await.unwrap();
        assert_eq!(names(&found(&then, "INV-77/12").await), [payment()]);
        register.verified().await;
    }

    async fn exact_numbers_come_first_then_more_fields_then_names(database: TestDatabase) {
        let register = Register::founded(&database).await;
        for (reference, title) in [("P/3", "Spares"), ("P/2", "Boats"), ("P/4", "Boats for P/1"), ("P/1", "Zinc"), ("P/5", "Anchors")] {
            register.opened(NewContract { reference: reference.into(), title: title.into(), ..new_contract("OFFICIAL") }).await;
        }
        let reader = register.store.reader(&register.chair, None, None).await.unwrap();
        let find = async |query: &str, page: Page| {
            let results = reader.search(&Query::parse(query).unwrap(), &[SearchKind::Contract], page).await.unwrap();
            let kind = results.kinds.into_iter().next().unwrap();
            (kind.total, kind.more, kind.rows.iter().map(|row| row.name.iter().map(|p| p.text.as_str()).collect()).collect::<Vec<String>>())
        };
        assert_eq!(find("p/1", Page::first(5)).await.2, ["Zinc", "Boats for P/1"]);
        // All are under the partner; by reference too, those of the letter; the others by name.
        assert_eq!(find("brazil p", Page::first(5)).await.2, ["Boats for P/1", "Anchors", "Boats", "Spares", "Zinc"]);
        assert_eq!(find("brazil", Page { offset: 2, limit: 2 }).await, (5, false, vec!["Boats for P/1".to_owned(), "Spares".to_owned()]));
        // Of the kinds that are not asked for, how many alone.
        let other = reader.search(&Query::parse("braz").unwrap(), &[SearchKind::Party], Page::first(5)).await.unwrap();
        let contracts = &other.kinds[0];
        assert_eq!((contracts.total, contracts.rows.len()), (5, 0));
    }

    async fn of_words_that_very_much_bears_the_last_recorded_is_first(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let mut batch = register.store.batch().await.unwrap();
        let total = 1_300;
        for place in 0..total {
            // Every third is secret; two in thirteen hundred have two words together that are common each.
            let title = match place {
                7 | 900 => "Boats radars".to_owned(),
                _ if place % 2 == 0 => format!("Boats {place}"),
                _ => format!("Radars {place}"),
            };
            let marking = if place % 3 == 0 { "SECRET" } else { "OFFICIAL" };
            let reference = format!("P/{place}");
            let command = ContractCommand::Open(NewContract { reference, title, ..new_contract(marking) });
            batch.execute(&register.operator, Command::Contract { number: None, command }).await.unwrap();
        }
        batch.commit().await.unwrap();
        // A number that is a common word.
        register.opened(NewContract { reference: "Brazil".into(), title: "Anchors".into(), ..new_contract("OFFICIAL") }).await;
        let last = register.opened(NewContract { reference: "Z/1".into(), title: "Zinc".into(), ..new_contract("OFFICIAL") }).await;
        let cleared = actor("other", Role::Chair, Clearance::of(Level::Official));
        for (actor, seen) in [(&register.chair, (0..total).collect::<Vec<_>>()), (&cleared, (0..total).filter(|n| n % 3 != 0).collect())] {
            let reader = register.store.reader(actor, None, None).await.unwrap();
            let find = async |query: &str, page: Page| {
                let results = reader.search(&Query::parse(query).unwrap(), &[SearchKind::Contract], page).await.unwrap();
                let kind = results.kinds.into_iter().next().unwrap();
                (kind.total, kind.more, kind.rows.into_iter().map(|row| row.subject.key).collect::<Vec<String>>())
            };
            let names = async |query: &str, page: Page| {
                let results = reader.search(&Query::parse(query).unwrap(), &[SearchKind::Contract], page).await.unwrap();
                let row = |row: &entente_store::reader::FoundRow| row.name.iter().map(|p| p.text.as_str()).collect::<String>();
                results.kinds[0].rows.iter().map(row).collect::<Vec<String>>()
            };
            for query in ["brazil", "brazil ministry", "braz"] {
                let (total, more, rows) = find(query, Page::first(3)).await;
                assert_eq!((total, more, rows.len()), (200, true, 3), "{query}");
                let place = usize::from(query == "brazil");
                assert_eq!(rows[place], last, "{query}: what was recorded last is first, after an exact number");
            }
            assert_eq!(names("brazil", Page::first(1)).await, ["Anchors"]);
            let title = |place: &usize| if place.is_multiple_of(2) { format!("Boats {place}") } else { format!("Radars {place}") };
            let mut latest: Vec<String> = seen.iter().rev().take(3).map(title).collect();
            latest.insert(0, "Zinc".to_owned());
            latest.insert(1, "Anchors".to_owned());
            assert_eq!(names("ministry brazil", Page::first(5)).await, latest);
            // To the last that is counted, each once.
            let mut all = Vec::new();
            for offset in (0..200).step_by(50) {
                all.extend(find("brazil", Page { offset, limit: 50 }).await.2);
            }
            assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 200);
            assert!(find("brazil", Page { offset: 200, limit: 50 }).await.2.is_empty());
            // A rare word beside a common one, and two common ones that are hardly ever together.
            assert_eq!(names("brazil zinc", Page::first(5)).await, ["Zinc"]);
            assert_eq!(names("brazil boats radars", Page::first(5)).await.len(), seen.iter().filter(|n| [7, 900].contains(*n)).count());
        }
        register.verified().await;
    }

    async fn more_than_are_counted_are_said_to_be_more(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let number = register.contract("OFFICIAL").await;
        let mut batch = register.store.batch().await.unwrap();
        for _ in 1..MOST_FOUND {
            let command = LineCommand::Add(NewLine { document: Some(paper("Annex")), ..ten_pieces() });
            batch.execute(&register.operator, Command::Line { number: number.clone(), command }).await.unwrap();
        }
        batch.commit().await.unwrap();
        let count = async || {
            let reader = register.store.reader(&register.chair, None, None).await.unwrap();
            let results = reader.search(&Query::parse("patrol boat").unwrap(), &[SearchKind::Line], Page { offset: 190, limit: 50 }).await.unwrap();
            (results.kinds[1].total, results.kinds[1].more, results.kinds[1].rows.len())
        };
        assert_eq!(count().await, (200, false, 10));
        let command = LineCommand::Add(NewLine { document: Some(paper("Annex")), ..ten_pieces() });
        register.run(Command::Line { number, command }).await.unwrap();
        assert_eq!(count().await, (200, true, 10));
    }

    async fn what_may_not_be_seen_neither_appears_nor_counts(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let open = register.opened(NewContract { title: "Boats".into(), ..new_contract("OFFICIAL") }).await;
        let secret = register.opened(NewContract { title: "Boats of war".into(), ..new_contract("SECRET//NAVY") }).await;
        // A party marked above the contracts that name it.
        let hidden = register.run(Command::Party(party("Boats bureau", "RUS", "CONFIDENTIAL"))).await.unwrap().subject.key;
        let third = register.opened(NewContract {
            title: "Hulls".into(),
            parties: vec![
                ContractParty { party: "P-P0001".into(), role: PartyRole::Exporter },
                ContractParty { party: hidden.clone(), role: PartyRole::EndUser },
            ],
            ..new_contract("CONFIDENTIAL")
        }).await;
        let low = actor("low", Role::Chair, Clearance::of(Level::Official));
        let middle = actor("middle", Role::Chair, Clearance::of(Level::Confidential));
        assert_eq!(register.find(&low, "boats").await, [format!("contract {open}")]);
        assert_eq!(register.find(&middle, "boats").await, [format!("contract {open}"), format!("contract {third}"), format!("party {hidden}")]);
        assert_eq!(register.find(&register.chair, "boats").await.len(), 4);
        // By its number it is found no more than by its words.
        assert!(register.find(&middle, &secret).await.is_empty());
        // What is under a contract is open to whom that is.
        let line = LineCommand::Add(ten_pieces());
        register.run(Command::Line { number: secret.clone(), command: line }).await.unwrap();
        let sign = ContractCommand::Sign { on: date(2012, 1, 15), document: paper("Signed paper") };
        register.run(Command::Contract { number: Some(secret.clone()), command: sign }).await.unwrap();
        let schedule = InstalmentCommand::Schedule(Box::new(instalment("INV-1")));
        let marked = register.run(Command::Instalment { number: secret.clone(), command: schedule }).await.unwrap().subject.key;
        for query in ["INV-1", "patrol", "signed"] {
            assert!(register.find(&middle, query).await.is_empty(), "{query}");
        }
        assert_eq!(register.find(&register.chair, "INV-1").await, [format!("payment {marked}")]);
        let made = register.run(Command::Opportunity { number: None, command: OpportunityCommand::Register(Box::new(opportunity("CONFIDENTIAL"))) }).await.unwrap().subject.key;
        assert!(register.find(&low, "radar").await.is_empty() && register.find(&low, "55/N").await.is_empty());
        assert_eq!(register.find(&middle, "radar").await, [format!("opportunity {made}")]);

        // By right: who may not read payments or opportunities finds none, and the administrator nothing at all.
        let customs = actor("customs", Role::Customs, Clearance::full());
        assert!(register.find(&customs, "INV-1").await.is_empty());
        assert!(register.find(&customs, "radar").await.is_empty() && register.find(&customs, "55/N").await.is_empty());
        assert_eq!(register.find(&customs, &secret).await.len(), 3);
        let editor = actor("editor", Role::Editor, Clearance::full());
        assert_eq!(register.find(&editor, "brazil").await, ["partner BRA"]);
        let administrator = actor("administrator", Role::Administrator, Clearance::full());
        let reader = register.store.reader(&administrator, None, None).await.unwrap();
        assert_eq!(code(reader.search(&Query::parse("boats").unwrap(), &[], Page::first(5)).await), "access.read");

        // What is marked and shown is written to the log of reads; what is not, is not.
        let auditor = actor("auditor", Role::Auditor, Clearance::full());
        let logged = async || register.store.reader(&auditor, None, None).await.unwrap().read_log(Page::first(500)).await.unwrap().rows;
        let before = logged().await.len();
        register.find(&register.chair, "nowhere").await;
        assert_eq!(logged().await.len(), before);
        let reader = register.store.reader(&register.chair, None, None).await.unwrap();
        let results = found(&reader, "war").await;
        assert_eq!(results.label, Some(label("SECRET//NAVY")));
        let last = logged().await.into_iter().next().unwrap();
        assert_eq!((last.what.as_str(), last.label.to_string().as_str()), ("search", "SECRET//NAVY"));
        register.verified().await;
    }

    async fn those_with_a_right_to_their_own_find_their_own(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.run(Command::Party(party("Northern Yard", "RUS", "PUBLIC"))).await.unwrap();
        let others = register.contract("OFFICIAL").await;
        let own = register.opened(NewContract {
            title: "Boats of the yard".into(),
            parties: vec![
                ContractParty { party: "P-P0003".into(), role: PartyRole::Exporter },
                ContractParty { party: "P-P0002".into(), role: PartyRole::EndUser },
            ],
            ..new_contract("OFFICIAL")
        }).await;
        let hand_over = |reference: &str| DeliveryCommand::HandOver {
            line: format!("{others}.1"),
            reference: Some(reference.into()),
            quantity: Quantity::whole(1),
            on: date(2012, 5, 1),
            document: paper("Waybill"),
        };
        register.run(Command::Delivery { number: None, command: hand_over("W-1") }).await.unwrap();
        for exporter in ["P-P0001", "P-P0003"] {
            let new = NewOpportunity { exporter: exporter.into(), ..opportunity("OFFICIAL") };
            register.run(Command::Opportunity { number: None, command: OpportunityCommand::Register(Box::new(new)) }).await.unwrap();
        }
        let schedule = InstalmentCommand::Schedule(Box::new(instalment("INV-1")));
        register.run(Command::Instalment { number: others.clone(), command: schedule }).await.unwrap();

        let mut yard = actor("yard", Role::Exporter, Clearance::of(Level::Official));
        assert!(register.find(&yard, "boats").await.is_empty(), "without a party of one's own nothing is one's own");
        yard.party = Some("P-P0003".into());
        assert_eq!(register.find(&yard, "boats").await, [format!("contract {own}")]);
        assert_eq!(register.find(&yard, "coastal").await, ["opportunity O-Q2012-0002"]);
        assert!(register.find(&yard, "INV-1").await.is_empty() && register.find(&yard, "W-1").await.is_empty());
        assert!(register.find(&yard, &others).await.is_empty());
        // Parties that the own contracts name, and no others.
        assert_eq!(register.find(&yard, "ministry").await, [format!("contract {own}"), "party P-P0002".to_owned()]);
        assert!(register.find(&yard, "example").await.is_empty());
        let other = Actor { party: Some("P-P0002".into()), roles: vec![Role::Manufacturer], ..yard.clone() };
        assert!(register.find(&other, "ministry").await.contains(&"party P-P0002".to_owned()));
        let maker = Actor { roles: vec![Role::Manufacturer], ..yard.clone() };
        assert_eq!(register.find(&maker, "boats").await, [format!("contract {own}")]);
        assert!(register.find(&maker, "coastal").await.is_empty());
        let works = Actor { party: Some("P-P0001".into()), ..yard };
        assert_eq!(register.find(&works, "W-1").await.len(), 1);
        assert_eq!(register.find(&works, "INV-1").await.len(), 1);
    }

    async fn a_title_and_parties_are_found_on_their_days(database: TestDatabase) {
        let register = Register::founded(&database).await;
        register.run(Command::Party(party("Northern Yard", "RUS", "PUBLIC"))).await.unwrap();
        let number = register.contract("OFFICIAL").await;
        let first = register.store.now() + 1.minutes();
        register.clock.set(first + 1.hours());
        let parties = vec![
            ContractParty { party: "P-P0003".into(), role: PartyRole::Exporter },
            ContractParty { party: "P-P0002".into(), role: PartyRole::EndUser },
        ];
        register.amend(&number, date(2012, 6, 1), Some("Corvettes"), Some(parties)).await;
        let find = async |query: &str, as_of, known_at| {
            let reader = register.store.reader(&register.chair, Some(as_of), known_at).await.unwrap();
            let results = reader.search(&Query::parse(query).unwrap(), &[SearchKind::Contract], Page::first(5)).await.unwrap();
            !results.kinds[0].rows.is_empty()
        };
        let (before, after) = (date(2012, 5, 31), date(2012, 6, 1));
        for (old, new) in [("patrol", "corvettes"), ("example", "northern yard")] {
            assert!(find(old, before, None).await && !find(new, before, None).await);
            assert!(!find(old, after, None).await && find(new, after, None).await);
            assert!(find(old, after, Some(first)).await && !find(new, after, Some(first)).await);
        }
        // What did not change is found throughout.
        assert!(find("brazil ministry", before, None).await && find("brazil ministry", after, None).await);
        assert!(find("corvettes p/1", after, None).await && !find("corvettes p/1", before, None).await);
        register.verified().await;
        register.store.rebuild(silent()).await.unwrap();
        assert!(find("corvettes", after, None).await && find("patrol", before, None).await);
        register.amend(&number, date(2012, 6, 1), Some("Frigates"), None).await;
        assert!(find("frigates yard", after, None).await && !find("corvettes", after, None).await);
        register.verified().await;
    }

    async fn after_any_history_what_is_found_is_what_the_lists_hold(database: TestDatabase) {
        let register = Register::founded(&database).await;
        History::seeded(if database.is_postgres() { 31 } else { 32 }).run(&register, 1200).await;
        let end = register.store.now();
        let clearances = [Clearance::of(Level::Official), Clearance::of(Level::Confidential), Clearance::full()];
        let mut seen = 0;
        for (step, clearance) in clearances.iter().cycle().take(12).enumerate() {
            let step = i64::try_from(step).unwrap();
            let chair = actor("chair", Role::Chair, clearance.clone());
            let as_of = date(2012, 1, 20) + (step * 24).days();
            let known_at = end - (1 + (11 - step) * 40_000).seconds();
            let reader = register.store.reader(&chair, Some(as_of), Some(known_at)).await.unwrap();
            let contracts = reader.contracts(&ContractFilter::default(), ContractSort::Number, false, Page::first(500)).await.unwrap().rows;
            for title in (0..100).map(|n| format!("Boats {n}")).chain(["Patrol boats".to_owned()]) {
                let results = reader.search(&Query::parse(&format!("{title} a")).unwrap(), &[], Page::first(5)).await.unwrap();
                assert_eq!(results.kinds[0].total, 0, "no contract has a word of one letter a");
                let results = reader.search(&Query::parse(&format!("brazil {title}")).unwrap(), &[SearchKind::Contract], Page::first(200)).await.unwrap();
                let mut by_search: Vec<&str> = results.kinds[0].rows.iter().filter(|row| row.name.iter().map(|p| p.text.as_str()).collect::<String>() == title).map(|row| row.subject.key.as_str()).collect();
                by_search.sort_unstable();
                let by_list: Vec<&str> = contracts.iter().filter(|row| row.title == title).map(|row| row.number.as_str()).collect();
                assert_eq!(by_search, by_list, "{title} as of {as_of} known at {known_at}");
                seen += by_list.len();
            }
            // Every line of every open contract, and no other.
            let mut of_contracts = Vec::new();
            for contract in &contracts {
                of_contracts.extend(reader.contract(&contract.number).await.unwrap().lines.into_iter().map(|line| line.number));
            }
            of_contracts.sort();
            let results = reader.search(&Query::parse("patrol boat").unwrap(), &[SearchKind::Line], Page::first(200)).await.unwrap();
            let mut lines: Vec<String> = results.kinds[1].rows.iter().map(|row| row.subject.key.clone()).collect();
            lines.sort();
            assert_eq!(lines, of_contracts, "as of {as_of} known at {known_at}");
        }
        assert!(seen > 30, "{seen}");
    }
}
