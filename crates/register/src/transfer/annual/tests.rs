//! Annual reports against a count of one’s own.

use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::document::Document;
use crate::embargo::{Category, Class};
use crate::label::Level;
use crate::transfer::content::{Request, StatedPurpose, TransferLine};
use crate::transfer::licence::{LicenceFact, LicenceIssued, LicenceLine, WriteOff};

fn line(class: Class, part: bool, category: &str) -> TransferLine {
    TransferLine {
        description: format!("{} {category}", class.word()),
        category: category.into(),
        class,
        part,
        non_lethal: None,
        quantity: Quantity::whole(1_000),
        unit: Unit::Piece,
        unit_price: Money::new(100, Currency::USD),
        contract_line: None,
    }
}

fn content(kind: TransferKind, destination: &str, lines: Vec<TransferLine>) -> Content {
    Content {
        request: Request::Licence,
        advance_opinion: None,
        kind,
        title: "Goods".into(),
        applicant: "P-P0001".into(),
        origin: (kind == TransferKind::Import).then(|| "FRA".to_owned()),
        destination: destination.into(),
        route: Vec::new(),
        parties: Vec::new(),
        lines,
        purpose: StatedPurpose::Defence,
        end_use: "Defence".into(),
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
    }
}

/// A licence of a day for so many of each line, with write-offs: day, line, pieces.
fn licensed(number: u32, on: Date, level: Level, content: Content, shipped: &[(Date, u32, i64)]) -> Licensed {
    let lines = content
        .lines
        .iter()
        .zip(1..)
        .map(|(line, place)| LicenceLine {
            number: place,
            description: line.description.clone(),
            category: line.category.clone(),
            quantity: line.quantity,
            unit: line.unit,
            value: Money::new(100_000, Currency::USD),
        })
        .collect();
    let issued = LicenceIssued {
        application: format!("O-T-{number}"),
        kind: content.kind,
        holder: "P-P0001".into(),
        destination: content.destination.clone(),
        parties: Vec::new(),
        currency: Currency::USD,
        lines,
        valid_from: on,
        valid_until: date(2030, 1, 1),
        conditions: Vec::new(),
        verification_days: None,
    };
    let (mut state, number) = (None, format!("O-L-{number:04}"));
    let label = Label::of(level);
    Licence::apply(&mut state, &number, on, ("a", &label), &LicenceFact::Issued(issued));
    for (place, (on, line, pieces)) in shipped.iter().enumerate() {
        let written = WriteOff {
            reference: format!("D-{place}"),
            line: *line,
            quantity: Quantity::whole(*pieces),
            value: Money::new(pieces * 100, Currency::USD),
            delivery: None,
            document: Document { title: "Declaration".into(), dated: *on, content: None },
        };
        Licence::apply(&mut state, &number, *on, ("a", &label), &LicenceFact::WrittenOff(written));
    }
    Licensed { licence: state.unwrap(), content }
}

fn made(kind: ReportKind, licences: &[Licensed]) -> AnnualReport {
    report(kind, 2026, date(2027, 2, 1), &Clearance::of(Level::Official), licences, &[]).unwrap()
}

/// A table in short: category, state, basis, pieces, licences.
fn told(report: &AnnualReport, direction: Direction) -> Vec<String> {
    let row = |row: &Row| {
        let quantity = row.quantity.map(|quantity| quantity.to_string()).unwrap_or_default();
        let Key { category, state, basis, .. } = &row.key;
        format!("{} {state} {} {quantity} of {}", category.word(), basis.word(), row.licences)
    };
    report.told(direction).map(row).collect()
}

#[test]
fn what_was_authorised_and_what_went_are_kept_apart() {
    let tanks =
        || vec![line(Class::Unroca(Category::I), false, "ML6.a"), line(Class::SmallArms, false, "ML1.a")];
    let day = |month| date(2026, month, 15);
    let licences = [
        licensed(
            1,
            day(3),
            Level::Official,
            content(TransferKind::Export, "IND", tanks()),
            &[(day(5), 1, 10), (day(6), 2, 5)],
        ),
        // Of the year before, carried out in this one and in the next.
        licensed(
            2,
            date(2025, 12, 31),
            Level::Official,
            content(TransferKind::Export, "IND", tanks()),
            &[(date(2026, 1, 1), 1, 3), (date(2027, 1, 1), 1, 4)],
        ),
        licensed(3, day(4), Level::Secret, content(TransferKind::Export, "BRA", tanks()), &[(day(7), 1, 2)]),
        licensed(4, day(4), Level::Official, content(TransferKind::Import, "RUS", tanks()), &[]),
        licensed(5, day(4), Level::Official, content(TransferKind::Transit, "IND", tanks()), &[]),
    ];
    let treaty = made(ReportKind::ArmsTradeTreaty, &licences);
    assert_eq!(
        told(&treaty, Direction::Export),
        [
            "I IND authorised 1000 of 1",
            "I IND actual 13 of 2",
            "VIII IND authorised 1000 of 1",
            "VIII IND actual 5 of 1",
        ]
    );
    assert_eq!(
        told(&treaty, Direction::Import),
        ["I FRA authorised 1000 of 1", "VIII FRA authorised 1000 of 1"]
    );
    assert_eq!((treaty.withheld(Direction::Export), treaty.withheld(Direction::Import)), (3, 0));
    assert_eq!(treaty.beside.iter().filter(|one| one.why == Outside::OtherTransfer).count(), 2);
    assert_eq!((treaty.due_on, treaty.is_whole()), (date(2027, 5, 31), true));
    let register = made(ReportKind::RegisterOfArms, &licences);
    assert_eq!(told(&register, Direction::Export), ["I IND actual 13 of 2", "VIII IND actual 5 of 1"]);
    assert!(register.is_nil(Direction::Import) && !register.is_nil(Direction::Export));
    let position = made(ReportKind::CommonPosition, &licences);
    let entries: Vec<_> = position
        .told(Direction::Export)
        .map(|row| (row.key.category.word(), row.key.basis, row.licences))
        .collect();
    assert_eq!(
        entries,
        [
            ("ML1", Basis::Authorised, 1),
            ("ML1", Basis::Actual, 1),
            ("ML6", Basis::Authorised, 1),
            ("ML6", Basis::Actual, 2),
        ]
    );
}

#[test]
fn what_is_in_no_category_is_listed_with_the_reason() {
    let lines = vec![
        line(Class::Unroca(Category::IV), true, "ML10.a"),
        line(Class::SmallArms, false, "ML3.a"),
        line(Class::OtherArms, false, "ML11.a"),
        line(Class::DualUse, false, "5A001"),
        line(Class::Unknown, false, "ML1.a"),
    ];
    let one = licensed(1, date(2026, 3, 1), Level::Public, content(TransferKind::Export, "IND", lines), &[]);
    let treaty = made(ReportKind::ArmsTradeTreaty, std::slice::from_ref(&one));
    let why: Vec<_> = treaty.beside.iter().map(|one| (one.source.line, one.why)).collect();
    assert_eq!(
        why,
        [
            (5, Outside::Unclassified),
            (1, Outside::Part),
            (2, Outside::Ammunition),
            (3, Outside::OtherArms),
            (4, Outside::NoArms),
        ]
    );
    assert_eq!(treaty.unplaced(), 1);
    assert!(treaty.is_nil(Direction::Export));
    // By control list, parts and ammunition are told as well.
    let position = made(ReportKind::CommonPosition, &[one]);
    assert_eq!(position.rows.len(), 3);
}

#[test]
fn a_year_that_has_not_begun_has_no_report_and_one_that_goes_on_says_so() {
    assert_eq!(days(2027, date(2026, 12, 31)).unwrap_err().code, "transfer.report_year");
    let audience = Clearance::full();
    let now = report(ReportKind::ArmsTradeTreaty, 2026, date(2026, 6, 30), &audience, &[], &[]).unwrap();
    assert_eq!((now.is_whole(), now.until), (false, date(2026, 6, 30)));
}

proptest! {
    /// Every piece that was granted or went in the year is in one row or in the list beside, once.
    #[test]
    fn tables_and_what_is_beside_sum_to_the_whole(
        all in prop::collection::vec(
            (0_usize..13, any::<bool>(), 0_usize..3, prop::collection::vec((1_i8..=12, 2025_i16..2028, 1_i64..9), 0..4), 2025_i16..2028),
            0..12,
        ),
    ) {
        let classes: Vec<Class> = Class::all().collect();
        let licences: Vec<Licensed> = all
            .iter()
            .zip(1..)
            .map(|((class, part, level, shipped, year), number)| {
                let lines = vec![line(classes[class % classes.len()], *part, "ML2.a")];
                let level = [Level::Public, Level::Official, Level::Secret][*level];
                let shipped: Vec<_> =
                    shipped.iter().map(|(month, year, pieces)| (date(*year, *month, 2), 1, *pieces)).collect();
                licensed(number, date(*year, 1, 1), level, content(TransferKind::Export, "IND", lines), &shipped)
            })
            .collect();
        let treaty = made(ReportKind::ArmsTradeTreaty, &licences);
        let mut told: BTreeMap<Basis, i64> = BTreeMap::new();
        for row in &treaty.rows {
            *told.entry(row.key.basis).or_default() += row.quantity.unwrap().0;
        }
        let beside: BTreeSet<(&str, Option<&str>)> =
            treaty.beside.iter().map(|one| (one.source.number.as_str(), one.source.reference.as_deref())).collect();
        let (mut authorised, mut actual) = (0, 0);
        for one in &licences {
            let number = one.licence.number.as_str();
            if one.licence.issued_on.year() == 2026 && !beside.contains(&(number, None)) {
                authorised += 1_000_000;
            }
            for (on, written) in one.licence.written_off.values() {
                if on.year() == 2026 && !beside.contains(&(number, Some(written.reference.as_str()))) {
                    actual += written.quantity.0;
                }
            }
        }
        prop_assert_eq!(told.get(&Basis::Authorised).copied().unwrap_or(0), authorised);
        prop_assert_eq!(told.get(&Basis::Actual).copied().unwrap_or(0), actual);
        let clearance = Clearance::of(Level::Official);
        for row in treaty.told(Direction::Export) {
            for source in &row.sources {
                let one = licences.iter().find(|one| one.licence.number == source.number).unwrap();
                prop_assert!(clearance.admits(&one.licence.label), "nothing that is withheld is told");
            }
        }
    }
}
