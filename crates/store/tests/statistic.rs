//! Statistics: an edition is known from the day it was imported, its rows are views, and what they sum to is exact; groups
//! of the register stand over those of the program.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::ledger::SubjectKind;
use entente_register::market::file::{Said, read_indicators, read_market};
use entente_register::market::{Measure, NewEdition, Series, StatisticCommand};
use entente_register::partner::shipped::{find, loading};
use entente_register::partner::{Certainty, Membership, MembershipSet, PartnerCommand};
use entente_store::reader::{
    CourseQuestion, DealFilter, GroupOrigin, Page, RankQuestion, Reader, ShareQuestion,
};
use entente_store::{Outcome, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::*;

fn exports(world: u32) -> String {
    format!(
        "Volume of transfers of major arms\n\
         Figures are in millions of SIPRI trend-indicator values (TIVs).\n\
         Data generated: 19 Mar 2012 10:00:00 AM\n\n\
         Exports by,2009,2010,2011,2009-2011\n\
         Northland,10,20,{world},\n\
         Southland,,0 ,5,\n\
         Islands,10,20,5,\n\
         Total world export,20,40,{},\n",
        world + 10
    )
}

const DEALS: &str = "Source: SIPRI Arms Transfers Database (c) SIPRI.\n\
    Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n\
    Westland,Northland,2005,?,12,,Mk-1,tank,12,,2006; 2007,New,,0.5,6,6\n\
    Westland,Southland,2009,,,,Mk-2,tank,1,?,2010,Second hand,,1,1,1\n";

fn population(brazil: u64) -> String {
    format!(
        "Country Name,Country Code,Year,Value\n\
         Brazil,BRA,2010,{brazil}\nChina,CHN,2010,1000000.5\nIndia,IND,2010,1000000\nRussian Federation,RUS,2010,500000\n\
         BRICS aggregate,BRX,2010,9999999\nWorld,WLD,2010,7000000\nBrazil,BRA,2011,\nWorld,WLD,2011,7100000\n"
    )
}

async fn import(register: &Register, text: &str, said: Option<Series>) -> Outcome<String> {
    let bytes = text.as_bytes().to_vec();
    let file = match said {
        Some(indicator) => read_indicators(&bytes, Said { indicator: Some(indicator) })?,
        None => read_market(&bytes)?,
    };
    let content = register.store.keep_statistic(&register.operator, bytes).await?;
    let new = NewEdition::of(&file, content.clone(), "file.csv".into(), None)?;
    let command = StatisticCommand::Import(new);
    register.run(Command::Statistic { series: file.series, command }).await?;
    Ok(content)
}

async fn known(register: &Register, at: Option<&str>) -> Reader {
    register.store.reader(&register.operator, None, at.map(instant)).await.unwrap()
}

fn asked(year: Option<i16>, members_on: Option<&str>) -> ShareQuestion {
    ShareQuestion {
        group: "brics".into(),
        indicator: Series::Population,
        year,
        members_on: members_on.map(day),
        edition: None,
    }
}

async fn verify_deep(register: &Register) {
    let options = VerifyOptions { deep: true, ..Default::default() };
    assert_eq!(register.store.verify(&options, silent()).await.unwrap().first_bad, None);
}

on_both! {
    async fn an_edition_is_known_from_its_import(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let first = import(&register, &exports(30), None).await.unwrap();
        assert_eq!(code(import(&register, &exports(30), None).await), "statistic.same_edition");
        register.clock.set(instant("2012-12-01T12:00:00Z"));
        let second = import(&register, &exports(55), None).await.unwrap();

        let question = RankQuestion::default();
        let now = known(&register, None).await.market_rank(&question).await.unwrap();
        assert_eq!(now.edition.as_ref().unwrap().content(), second);
        let ranking = now.ranking.unwrap();
        assert_eq!((ranking.period.from, ranking.period.to, ranking.world.to_string()), (2009, 2011, "125".into()));
        let rows: Vec<_> = ranking
            .rows
            .iter()
            .map(|row| (row.rank, row.exporter.as_str(), row.value.to_string(), row.share.unwrap().to_string()))
            .collect();
        let row = |rank, name, value: &str, share: &str| (rank, name, value.to_owned(), share.to_owned());
        assert_eq!(rows, [row(1, "Northland", "85", "68.0"), row(2, "Islands", "35", "28.0"), row(3, "Southland", "5", "4.0")]);

        let then = known(&register, Some("2012-10-15T00:00:00Z")).await;
        let before = then.market_rank(&question).await.unwrap();
        assert_eq!(before.edition.unwrap().content(), first);
        assert_eq!(before.ranking.unwrap().rows[0].value.to_string(), "60");
        // An earlier edition is still there, by its hash.
        let named = RankQuestion { edition: Some(first[..12].to_owned()), ..question.clone() };
        let named = known(&register, None).await.market_rank(&named).await.unwrap();
        assert_eq!(named.edition.unwrap().content(), first);
        let wrong = RankQuestion { edition: Some("000000000".into()), ..question.clone() };
        assert_eq!(code(known(&register, None).await.market_rank(&wrong).await), "not_found");

        let unknown = known(&register, Some("2012-09-30T11:00:00Z")).await.market_rank(&question).await.unwrap();
        assert_eq!((unknown.edition, unknown.ranking), (None, None));
        assert!(unknown.unknown.unwrap().contains("knew no edition of tiv_exports"));

        let editions = known(&register, None).await.statistics().await.unwrap();
        let in_force: Vec<(bool, &str)> = editions.iter().map(|row| (row.in_force, row.edition.content())).collect();
        assert_eq!(in_force, [(true, second.as_str()), (false, first.as_str())]);
        verify_deep(&register).await;
    }

    async fn rows_are_rebuilt_from_the_bytes(database: TestDatabase) {
        let register = Register::founded(&database).await;
        import(&register, &exports(30), None).await.unwrap();
        import(&register, DEALS, None).await.unwrap();
        import(&register, &population(2_000_000), Some(Series::Population)).await.unwrap();
        let tables = [
            "SELECT series, CAST(edition AS TEXT), CAST(year AS TEXT), CAST(position AS TEXT), whose, code, name, value FROM statistic_figure ORDER BY series, edition, year, position",
            "SELECT CAST(edition AS TEXT), CAST(position AS TEXT), recipient, supplier, CAST(ordered AS TEXT), CAST(first_year AS TEXT), CAST(last_year AS TEXT), content FROM market_deal ORDER BY edition, position",
            "SELECT series, CAST(known_from AS TEXT), content, whole FROM statistic_edition ORDER BY series, known_from",
        ];
        let mut before = Vec::new();
        for sql in tables {
            before.push(database.query(sql).await);
        }
        assert_eq!(before.iter().map(Vec::len).collect::<Vec<_>>(), [11 + 7, 2, 3]);
        register.store.rebuild(silent()).await.unwrap();
        for (sql, before) in tables.into_iter().zip(before) {
            assert_eq!(database.query(sql).await, before);
        }
        verify_deep(&register).await;
        // Bytes that are altered are found, and a rebuild does not make rows of them.
        database.tamper("UPDATE document_content SET bytes = (SELECT bytes FROM document_content WHERE size = (SELECT min(size) FROM document_content)) WHERE size = (SELECT max(size) FROM document_content)").await;
        let options = VerifyOptions { deep: true, ..Default::default() };
        assert!(register.store.verify(&options, silent()).await.unwrap().first_bad.is_some());
        assert!(register.store.rebuild(silent()).await.is_err());
    }

    async fn a_share_is_of_the_members_of_its_year(database: TestDatabase) {
        let register = Register::empty(&database).await;
        register.run(Command::Found { purpose: "register".into() }).await.unwrap();
        import(&register, &population(1_500_000), Some(Series::Population)).await.unwrap();
        let reader = known(&register, None).await;
        let view = reader.group_share(&asked(Some(2010), None)).await.unwrap();
        assert!(matches!(view.group.origin, GroupOrigin::Program { .. }));
        let share = view.share.unwrap();
        let states: Vec<&str> = share.members.iter().map(|member| member.state.as_str()).collect();
        assert_eq!(states, ["BRA", "CHN", "IND", "RUS"], "South Africa came in 2011");
        assert_eq!((share.share.unwrap().to_string(), share.sum.unwrap().to_string()), ("57.1".into(), "4000000.5".into()));
        assert!(share.is_complete() && share.world.unwrap().to_string() == "7000000");
        let later = reader.group_share(&asked(Some(2010), Some("2012-01-01"))).await.unwrap().share.unwrap();
        assert_eq!((later.with_figure, later.members.len(), later.is_complete()), (4, 5, false));
        // No figure of a member is no nought, and neither is none of a year.
        let next = reader.group_share(&asked(Some(2011), None)).await.unwrap();
        assert_eq!(next.share.unwrap().share, None);
        assert!(next.unknown.unwrap().contains("no figure of any member"));
        let never = reader.group_share(&asked(Some(1999), Some("2012-01-01"))).await.unwrap();
        assert!(never.unknown.unwrap().contains("no figure of the world"));
        let before = known(&register, Some("2012-09-30T11:00:00Z")).await;
        let unknown = before.group_share(&asked(Some(2010), None)).await.unwrap();
        assert_eq!((unknown.edition, unknown.share), (None, None));
        // Without a year, the last that is over on the reader's day.
        let usual = reader.group_share(&asked(None, None)).await.unwrap().share.unwrap();
        assert_eq!(usual.year, 2011);
        let course = reader.group_shares(&asked(None, None), None, None).await.unwrap();
        assert_eq!(course.shares.iter().map(|share| share.year).collect::<Vec<_>>(), [2010, 2011]);
        assert_eq!(code(reader.group("ATLANTIS").await), "not_found");
        assert_eq!(code(reader.group_share(&asked(Some(12), None)).await), "year.out_of_range");
        assert_eq!(code(reader.group("\0").await), "not_found");
    }

    async fn a_group_of_the_register_stands_over_that_of_the_program(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let reader = known(&register, None).await;
        let own = reader.group("BRICS").await.unwrap();
        assert_eq!((own.origin, own.group.members.len()), (GroupOrigin::Register, 1));
        let csto = reader.group("csto").await.unwrap();
        assert_eq!((csto.code.as_str(), csto.origin.word()), ("CSTO", "program"));
        let shipped = find("CSTO").unwrap().unwrap();
        let mut batch = register.store.batch().await.unwrap();
        for command in loading(&shipped, None).unwrap() {
            batch.execute(&register.operator, Command::Partner(command)).await.unwrap();
        }
        batch.commit().await.unwrap();
        let loaded = known(&register, None).await.group("CSTO").await.unwrap();
        assert_eq!((loaded.origin, &loaded.group), (GroupOrigin::Register, &shipped.group()));
        assert_eq!(loaded.group.membership("UZB", day("2012-09-30")), Membership::Suspended);
        assert_eq!(loading(&shipped, Some(&loaded.group)).unwrap(), []);
        // Known from the day on which it was loaded: before, the register knew of none.
        let before = known(&register, Some("2012-09-30T11:00:00Z")).await.group("CSTO").await.unwrap();
        assert_eq!(before.origin.word(), "program");
        let codes: Vec<String> =
            known(&register, None).await.every_group().await.unwrap().into_iter().map(|group| group.code).collect();
        assert!(codes.windows(2).all(|two| two[0] < two[1]) && codes.contains(&"BRICS".to_owned()));
        let set = MembershipSet {
            state: "ARM".into(),
            membership: Membership::Member,
            source: "A source".into(),
            certainty: Certainty::Low,
            note: None,
        };
        let again = PartnerCommand::SetMembership { group: "CSTO".into(), on: day("2012-01-01"), set: set.clone() };
        assert_eq!(code(register.run(Command::Partner(again)).await), "group.same");
        let earlier = PartnerCommand::SetMembership {
            group: "CSTO".into(),
            on: day("2000-01-01"),
            set: MembershipSet { membership: Membership::Observer, ..set.clone() },
        };
        assert_eq!(code(register.run(Command::Partner(earlier)).await), "group.order");
        let nameless = PartnerCommand::SetMembership {
            group: "CSTO".into(),
            on: day("2012-01-01"),
            set: MembershipSet { membership: Membership::Observer, source: " ".into(), ..set },
        };
        assert_eq!(code(register.run(Command::Partner(nameless)).await), "group.source");
        verify_deep(&register).await;
    }

    async fn ranks_move_and_deals_are_found(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let none = known(&register, None).await;
        let deals = none.market_deals(&DealFilter::default(), Page::first(10)).await.unwrap();
        assert_eq!((deals.edition, deals.deals.total), (None, 0));
        import(&register, &exports(30), None).await.unwrap();
        import(&register, DEALS, None).await.unwrap();
        let reader = known(&register, None).await;
        let course = reader
            .market_courses(&CourseQuestion { from: Some(2009), to: Some(2011), window: Some(2), ..CourseQuestion::default() })
            .await
            .unwrap();
        let ranks: Vec<_> = course
            .courses
            .iter()
            .map(|one| (one.exporter.as_str(), one.points.iter().map(|(_, point)| point.as_ref().map(|p| p.rank)).collect::<Vec<_>>()))
            .collect();
        assert_eq!(
            ranks,
            [
                ("Northland", vec![None, Some(1), Some(1)]),
                ("Islands", vec![None, Some(1), Some(2)]),
                ("Southland", vec![None, Some(3), Some(3)]),
            ]
        );
        let wide = CourseQuestion { window: Some(21), ..CourseQuestion::default() };
        assert_eq!(code(reader.market_courses(&wide).await), "market.window");
        let average = RankQuestion { measure: Measure::Average, ..RankQuestion::default() };
        let ranking = reader.market_rank(&average).await.unwrap().ranking.unwrap();
        assert_eq!(ranking.rows[1].value.to_string(), "11.7");
        let backwards = RankQuestion { from: Some(2011), to: Some(2009), ..RankQuestion::default() };
        assert_eq!(code(reader.market_rank(&backwards).await), "period.order");
        let beyond = RankQuestion { from: Some(2009), to: Some(2012), ..RankQuestion::default() };
        assert_eq!(reader.market_rank(&beyond).await.unwrap().unknown.as_deref(), Some("The edition holds no figure of 2012."));
        let filter = DealFilter { recipient: Some("Westland".into()), from: Some(2008), ..DealFilter::default() };
        let deals = reader.market_deals(&filter, Page::first(10)).await.unwrap().deals;
        assert_eq!((deals.total, deals.rows[0].supplier.as_str()), (1, "Southland"));
        let until = DealFilter { to: Some(2005), ..DealFilter::default() };
        assert_eq!(reader.market_deals(&until, Page::first(10)).await.unwrap().deals.rows[0].supplier, "Northland");
    }

    async fn who_may_not_import_changes_nothing_and_papers_are_read(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let customs = actor("customs", Role::Customs, Clearance::of(Level::Public));
        let bytes = exports(30).into_bytes();
        assert_eq!(code(register.store.keep_statistic(&customs, bytes.clone()).await), "access.role");
        let content = import(&register, &exports(30), None).await.unwrap();
        let subject = SubjectKind::Statistic.subject("tiv_exports");
        let reader = register.store.reader(&customs, None, None).await.unwrap();
        assert_eq!(reader.document(&subject, &content).await.unwrap().bytes, bytes);
        assert!(reader.market_rank(&RankQuestion::default()).await.unwrap().ranking.is_some());
        let nobody = actor("nobody", Role::Administrator, Clearance::full());
        let reader = register.store.reader(&nobody, None, None).await.unwrap();
        assert_eq!(code(reader.market_rank(&RankQuestion::default()).await), "access.read");
        assert_eq!(code(reader.group("BRICS").await), "access.read");
        assert_eq!(code(reader.statistics().await), "access.read");
    }
}
