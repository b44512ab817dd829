//! What the demonstration’s transfers are weighed by, all of it invented: the risk of two partners, a transfer that another
//! state refused, how much may be granted to one of them in the year, the calendar of the agency that is consulted, and the
//! rules by which it is.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::Role;
use entente_register::money::{Currency, Money};
use entente_register::transfer::application::{Risk, Weighed};
use entente_register::transfer::content::{StatedPurpose, TransferKind};
use entente_register::transfer::guidance::GuidanceContent;
use entente_register::transfer::guidance::agency::{Agency, Calendar};
use entente_register::transfer::guidance::denial::Denial;
use entente_register::transfer::guidance::quota::{Limit, Quota};
use entente_register::transfer::guidance::routing::{RoutedCase, Routing, RoutingRule, RoutingTest, When};
use entente_register::transfer::guidance::standing::{OF_TERRITORY, StandingAssessment};
use entente_register::transfer::opinion::Criterion;
use jiff::civil::{Date, date};

use super::calendar::at;
use super::partner::PARTNERS;
use super::party::{CONTROL_COUNCIL, END_USERS};
use super::script::{Act, Entry};

/// A file.
#[derive(Debug, Clone, Copy)]
pub(super) enum File {
    /// The risk of a partner, by its position.
    Assessment(usize),
    Denial,
    Quota,
    Agency,
    Routing,
}

/// What happens to a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// It is proposed.
    Open(File),
    /// Another person confirms it.
    Confirm(File),
}

/// All acts, in their order.
const TURNS: [(Date, i64, Role, Turn); 11] = {
    use Role::{Countersigner, LicensingOfficer as Officer, TreatyOfficer as Treaties};
    [
        (date(2012, 6, 19), 14, Treaties, Turn::Open(File::Assessment(0))),
        (date(2012, 6, 19), 15, Treaties, Turn::Open(File::Assessment(1))),
        (date(2012, 6, 20), 14, Officer, Turn::Open(File::Agency)),
        (date(2012, 6, 20), 15, Officer, Turn::Open(File::Routing)),
        (date(2012, 6, 20), 16, Officer, Turn::Open(File::Quota)),
        (date(2012, 6, 21), 9, Countersigner, Turn::Confirm(File::Assessment(0))),
        (date(2012, 6, 21), 10, Countersigner, Turn::Confirm(File::Assessment(1))),
        (date(2012, 6, 22), 13, Countersigner, Turn::Confirm(File::Agency)),
        (date(2012, 6, 22), 14, Countersigner, Turn::Confirm(File::Routing)),
        (date(2012, 6, 22), 15, Countersigner, Turn::Confirm(File::Quota)),
        // It warns as soon as it is filed.
        (date(2012, 7, 2), 15, Officer, Turn::Open(File::Denial)),
    ]
};

/// When each comes into the register.
pub(super) fn entries() -> Vec<Entry> {
    let entry = |(place, (on, hour, ..)): (usize, &(Date, i64, Role, Turn))| Entry {
        recorded: at(*on, hour * 3_600 + 3),
        on: *on,
        act: Act::Guidance(place),
    };
    TURNS.iter().enumerate().map(entry).collect()
}

/// Who acts then, and what happens.
pub(super) fn turn(place: usize) -> Option<(Date, Role, Turn)> {
    TURNS.get(place).map(|(on, _, role, turn)| (*on, *role, *turn))
}

impl File {
    /// Its number, in a register whose parties have these.
    pub(super) fn number(self, parties: &[String]) -> String {
        match self {
            File::Assessment(partner) => format!("O-SA-{}", PARTNERS[partner].code),
            File::Denial => "O-N2012-0001".to_owned(),
            File::Quota => "O-K2012-0001".to_owned(),
            File::Agency => format!("O-AG-{}", parties[CONTROL_COUNCIL]),
            File::Routing => "O-ROUTING".to_owned(),
        }
    }

    /// The paper on which it rests, by its sort.
    pub(super) fn paper(self) -> &'static str {
        match self {
            File::Assessment(_) => "Assessment of a destination",
            File::Denial => "Notification of a denial",
            File::Quota => "Decision on a quota",
            File::Agency => "Letter of the agency",
            File::Routing => "Order on consultations",
        }
    }

    /// What it says.
    pub(super) fn content(self, parties: &[String]) -> GuidanceContent {
        match self {
            File::Assessment(partner) => GuidanceContent::StandingAssessment(assessment(partner)),
            File::Denial => GuidanceContent::Denial(denial(parties)),
            File::Quota => GuidanceContent::Quota(Quota {
                destination: PARTNERS[0].code.to_owned(),
                category: Some("ML5".to_owned()),
                from: date(2012, 1, 1),
                until: date(2012, 12, 31),
                basis: "Plan of cooperation for 2012 (demonstration)".to_owned(),
                limit: Limit::Value { value: Money::new(200_000_000, Currency::USD) },
            }),
            File::Agency => GuidanceContent::Agency(Agency {
                party: parties[CONTROL_COUNCIL].clone(),
                answer_days: 8,
                confirms: false,
                calendar: Calendar {
                    weekend: BTreeSet::from([6, 7]),
                    covers_until: date(2013, 12, 31),
                    holidays: BTreeMap::from([
                        (date(2012, 6, 12), "Day of Russia".to_owned()),
                        (date(2012, 11, 5), "Day of National Unity".to_owned()),
                    ]),
                },
            }),
            File::Routing => GuidanceContent::Routing(routing(&parties[CONTROL_COUNCIL])),
        }
    }
}

/// The second of the partners is one to which a transfer was refused.
fn assessment(partner: usize) -> StandingAssessment {
    let is_grave = partner == 1;
    let weigh = |criterion: &Criterion| {
        let weighed = match criterion {
            Criterion::Diversion if is_grave => Weighed {
                risk: Risk::High,
                evidence: "Radios of one series were found with another force in 2011 (demonstration)"
                    .to_owned(),
                mitigation: Some("Serial numbers, and a visit after each delivery".to_owned()),
            },
            _ => Weighed {
                risk: Risk::Low,
                evidence: "Reports of the embassy, June 2012 (demonstration)".to_owned(),
                mitigation: None,
            },
        };
        (*criterion, weighed)
    };
    StandingAssessment {
        territory: PARTNERS[partner].code.to_owned(),
        summary: match is_grave {
            true => "Invented: goods that can be carried may be passed on.",
            false => "Invented: nothing stands against it.",
        }
        .to_owned(),
        review_by: if is_grave { date(2012, 9, 15) } else { date(2013, 6, 21) },
        weighed: OF_TERRITORY.iter().map(weigh).collect(),
    }
}

fn denial(parties: &[String]) -> Denial {
    let partner = &PARTNERS[1];
    Denial {
        notified_by: "KAZ".to_owned(),
        reference: "DEMO/2011/4".to_owned(),
        denied_on: date(2011, 5, 16),
        renewed_on: None,
        destination: partner.code.to_owned(),
        end_user: format!("Ministry of Defence of {} (demonstration)", partner.name),
        party: Some(parties[END_USERS + 1].clone()),
        goods: "Field radios of the R-168 series".to_owned(),
        category: Some("ML11.a".to_owned()),
        criteria: BTreeSet::from([Criterion::Diversion]),
        grounds: "Invented for the demonstration".to_owned(),
    }
}

/// The council is asked about every export, and what sees in the dark is marked.
fn routing(council: &str) -> Routing {
    let case = |category: &str| RoutedCase {
        kind: TransferKind::Export,
        destination: PARTNERS[0].code.to_owned(),
        touches: BTreeSet::new(),
        categories: BTreeSet::from([category.to_owned()]),
        roles: BTreeSet::new(),
        purpose: StatedPurpose::Defence,
        value: Money::new(10_000_000, Currency::USD),
    };
    let test = |title: &str, category: &str, flags: &[&str]| RoutingTest {
        title: title.to_owned(),
        agencies: BTreeSet::from([council.to_owned()]),
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        case: case(category),
    };
    Routing {
        rules: vec![
            RoutingRule {
                id: "exports".to_owned(),
                title: "Every export".to_owned(),
                agencies: BTreeSet::from([council.to_owned()]),
                flags: BTreeSet::new(),
                when: When { kinds: BTreeSet::from([TransferKind::Export]), ..When::default() },
            },
            RoutingRule {
                id: "night-vision".to_owned(),
                title: "What sees in the dark".to_owned(),
                agencies: BTreeSet::new(),
                flags: BTreeSet::from(["night vision".to_owned()]),
                when: When { categories: BTreeSet::from(["ML15".to_owned()]), ..When::default() },
            },
        ],
        tests: vec![test("Sights", "ML5.b", &[]), test("Thermal cameras", "ML15.d", &["night vision"])],
    }
}
