//! The link and its breaks: a whole chain has none, each damage has its own, and the order of what is known tells nothing.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::delivery::{at_delivery, at_write_off, days_of_delivery, days_of_write_off};
use super::licence::{at_licence, days_of_licence};
use super::*;
use crate::transfer::content::TransferRole;

const SHIPPED: Date = date(2026, 6, 15);
const DUE: Date = date(2026, 9, 13);
const AFTER: Date = date(2026, 9, 14);

/// A chain that is whole: each part is delivered, written off and verified.
fn whole(parts: &[i64]) -> Chain {
    let total: i64 = parts.iter().sum();
    let unit = Unit::Piece;
    let number = |place: usize| format!("O-2026-0001.1.{}", place + 1);
    Chain {
        line: LineNode {
            number: "O-2026-0001.1".into(),
            contract: "O-2026-0001".into(),
            description: "Missile".into(),
            category: "ML4.a".into(),
            quantity: Quantity::whole(total),
            unit,
            delivered: Quantity::whole(total),
            due_on: DUE,
            owing: true,
            incoming: false,
        },
        deliveries: parts
            .iter()
            .enumerate()
            .map(|(place, part)| DeliveryNode {
                number: number(place),
                line: "O-2026-0001.1".into(),
                quantity: Quantity::whole(*part),
                unit,
                handed_over_on: SHIPPED,
                returned_on: None,
            })
            .collect(),
        application: ApplicationNode {
            number: "O-T2026-0001".into(),
            state: "granted".into(),
            contract: Some("O-2026-0001".into()),
            lines: vec![ApplicationLine {
                number: 1,
                description: "Missile".into(),
                quantity: Quantity::whole(total),
                unit,
                contract_line: Some("O-2026-0001.1".into()),
            }],
            end_users: BTreeMap::from([(TransferRole::EndUser, BTreeSet::from(["O-P0002".to_owned()]))]),
            demanded: BTreeMap::from([("O-P0002".to_owned(), Demanded::Needed)]),
        },
        licence: LicenceNode {
            number: "O-L2026-0001".into(),
            application: "O-T2026-0001".into(),
            contract: Some("O-2026-0001".into()),
            issued_on: date(2026, 6, 1),
            valid_until: date(2027, 5, 31),
            states: vec![(date(2026, 6, 1), "issued".into())],
            lines: vec![LicensedLine {
                number: 1,
                description: "Missile".into(),
                category: "ML4.a".into(),
                quantity: Quantity::whole(total),
                unit,
                contract_line: Some("O-2026-0001.1".into()),
            }],
            shipped: parts
                .iter()
                .enumerate()
                .map(|(place, part)| Shipped {
                    reference: format!("D-{place}"),
                    line: 1,
                    on: SHIPPED,
                    quantity: Quantity::whole(*part),
                    unit,
                    delivery: Some(number(place)),
                    due_on: Some(DUE),
                    verified: vec![(date(2026, 8, 1), Quantity::whole(*part))],
                })
                .collect(),
        },
        certificate: CertificateNode {
            number: "O-E2026-0001".into(),
            application: Some("O-T2026-0001".into()),
            end_user: "O-P0002".into(),
            lines: vec![("ML4.a".into(), unit, Quantity::whole(total))],
            registered_on: date(2026, 5, 1),
            expires_on: Some(date(2028, 5, 1)),
            revoked_on: None,
            refuted_on: None,
        },
        inspection: InspectionNode {
            number: "O-I2026-0001".into(),
            licence: "O-L2026-0001".into(),
            visited_on: Some(date(2026, 9, 1)),
            expected: u32::try_from(total).unwrap(),
            seen: u32::try_from(total).unwrap(),
            refused: false,
            incident: false,
            closed_on: None,
        },
    }
}

#[derive(Debug, Clone)]
struct Chain {
    line: LineNode,
    deliveries: Vec<DeliveryNode>,
    application: ApplicationNode,
    licence: LicenceNode,
    certificate: CertificateNode,
    inspection: InspectionNode,
}

impl Chain {
    fn nodes(self) -> Vec<Node> {
        let mut nodes: Vec<Node> = self.deliveries.into_iter().map(Node::Delivery).collect();
        nodes.extend([
            Node::Line(self.line),
            Node::Application(self.application),
            Node::Licence(self.licence),
            Node::Certificate(self.certificate),
            Node::Inspection(self.inspection),
        ]);
        nodes
    }

    fn breaks(self, day: Date) -> Vec<Break> {
        Graph::of(self.nodes()).breaks(day, USUAL_AHEAD)
    }

    fn kinds(self, day: Date) -> Vec<BreakKind> {
        self.breaks(day).into_iter().map(|of| of.kind).collect()
    }
}

/// One link that is taken away, or made less.
#[derive(Debug, Clone, Copy)]
enum Damage {
    NoWriteOff,
    LessWrittenOff,
    MoreWrittenOff,
    NoDelivery,
    NotNamed,
    OtherNamed,
    LessVerified,
    NothingVerified,
    NoCertificate,
    SmallerCertificate,
    RefutedCertificate,
    LessSeen,
    AccessRefused,
    Returned,
}

const DAMAGES: [Damage; 14] = [
    Damage::NoWriteOff,
    Damage::LessWrittenOff,
    Damage::MoreWrittenOff,
    Damage::NoDelivery,
    Damage::NotNamed,
    Damage::OtherNamed,
    Damage::LessVerified,
    Damage::NothingVerified,
    Damage::NoCertificate,
    Damage::SmallerCertificate,
    Damage::RefutedCertificate,
    Damage::LessSeen,
    Damage::AccessRefused,
    Damage::Returned,
];

/// Does it to the first part, and says which breaks follow, and of how much.
fn damage(chain: &mut Chain, damage: Damage) -> Vec<(BreakKind, Option<i64>)> {
    use BreakKind as B;
    let part = chain.deliveries[0].quantity;
    let less = |of: Quantity| Quantity(of.0 - 1_000);
    match damage {
        Damage::NoWriteOff => {
            chain.licence.shipped.remove(0);
            vec![(B::DeliveredWithoutLicence, Some(part.0))]
        }
        Damage::LessWrittenOff => {
            // The last piece of it is verified no more either: nothing went of which it could be said.
            let written = &mut chain.licence.shipped[0];
            written.quantity = less(part);
            written.verified[0].1 = less(part);
            vec![(B::DeliveredMore, Some(1_000))]
        }
        Damage::MoreWrittenOff => {
            let written = &mut chain.licence.shipped[0];
            written.quantity = Quantity(part.0 + 1_000);
            vec![(B::WrittenOffMore, Some(1_000)), (B::VerifiedLess, Some(1_000))]
        }
        Damage::NoDelivery => {
            chain.deliveries.remove(0);
            chain.line.delivered = Quantity(chain.line.delivered.0 - part.0);
            vec![(B::NotDelivered, Some(part.0)), (B::DueWithoutLicence, Some(part.0))]
        }
        Damage::NotNamed => {
            chain.licence.shipped[0].delivery = None;
            vec![(B::DeliveredWithoutLicence, Some(part.0)), (B::NoDeliveryNamed, Some(part.0))]
        }
        Damage::OtherNamed => {
            chain.deliveries[0].line = "O-2026-0001.2".into();
            vec![(B::OtherLine, Some(part.0))]
        }
        Damage::LessVerified => {
            chain.licence.shipped[0].verified[0].1 = less(part);
            vec![(B::VerifiedLess, Some(1_000))]
        }
        Damage::NothingVerified => {
            chain.licence.shipped[0].verified.clear();
            vec![(B::VerifiedLess, Some(part.0))]
        }
        Damage::NoCertificate => {
            chain.certificate.application = None;
            vec![(B::NoCertificate, None)]
        }
        Damage::SmallerCertificate => {
            chain.certificate.lines[0].2 = less(chain.licence.lines[0].quantity);
            vec![(B::CertificateLess, Some(1_000))]
        }
        Damage::RefutedCertificate => {
            chain.certificate.refuted_on = Some(SHIPPED);
            vec![(B::CertificateRefuted, None)]
        }
        Damage::LessSeen => {
            chain.inspection.incident = true;
            chain.inspection.seen -= 1;
            vec![(B::InspectedLess, Some(1_000))]
        }
        Damage::AccessRefused => {
            chain.inspection.incident = true;
            chain.inspection.refused = true;
            vec![(B::InspectedLess, None)]
        }
        Damage::Returned => {
            chain.deliveries[0].returned_on = Some(AFTER);
            chain.line.delivered = Quantity(chain.line.delivered.0 - part.0);
            vec![
                (B::VerifiedMore, Some(part.0)),
                (B::NotDelivered, Some(part.0)),
                (B::DueWithoutLicence, Some(part.0)),
            ]
        }
    }
}

proptest! {
    #[test]
    fn a_whole_chain_has_no_break_on_any_day(parts in prop::collection::vec(2_i64..50, 1..6), after in 0_i32..900) {
        let day = SHIPPED.checked_add(jiff::Span::new().days(after)).unwrap();
        // Before it was verified it is not late yet.
        prop_assert_eq!(whole(&parts).breaks(day), Vec::new());
    }

    #[test]
    fn each_link_that_is_wanting_is_the_break_that_names_it(
        parts in prop::collection::vec(2_i64..50, 1..6),
        what in prop::sample::select(&DAMAGES[..]),
    ) {
        let mut chain = whole(&parts);
        let mut expected = damage(&mut chain, what);
        expected.sort();
        let found = chain.breaks(AFTER);
        let told: Vec<(BreakKind, Option<i64>)> =
            found.iter().map(|of| (of.kind, of.difference().map(|quantity| quantity.0))).collect();
        prop_assert_eq!(told, expected, "{:?}", found);
        for of in &found {
            prop_assert!(!of.place().number().is_empty(), "{:?}", of);
            let words = of.words();
            prop_assert!(words.contains(of.place().number()) && words.ends_with('.'), "{}", words);
            prop_assert!(!words.contains('–'), "{}", words);
        }
    }

    #[test]
    fn the_graph_is_the_same_in_whatever_order_it_is_gathered(
        parts in prop::collection::vec(2_i64..50, 1..6),
        what in prop::sample::select(&DAMAGES[..]),
        seed in any::<u64>(),
    ) {
        let mut chain = whole(&parts);
        damage(&mut chain, what);
        let one = Graph::of(chain.clone().nodes());
        chain.licence.shipped.reverse();
        let mut nodes = chain.nodes();
        let mut state = seed;
        for place in (1..nodes.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            nodes.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
        }
        let other = Graph::of(nodes);
        prop_assert_eq!(one.rows(AFTER), other.rows(AFTER));
        prop_assert_eq!(one.edges(AFTER), other.edges(AFTER));
        prop_assert_eq!(one.breaks(AFTER, USUAL_AHEAD), other.breaks(AFTER, USUAL_AHEAD));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn what_stands_on_a_day_is_what_is_broken_on_it(
        parts in prop::collection::vec(2_i64..9, 1..4),
        what in prop::sample::select(&DAMAGES[..]),
        after in -30_i32..800,
        lapses in prop::option::of(0_i32..400),
        ends in prop::option::of(0_i32..400),
    ) {
        let in_days = |days: i32| SHIPPED.checked_add(jiff::Span::new().days(days)).unwrap();
        let mut chain = whole(&parts);
        damage(&mut chain, what);
        // Something is left, so that it matters whether the certificate lapses before the licence ends.
        chain.licence.lines[0].quantity = Quantity(chain.licence.lines[0].quantity.0 + 5_000);
        chain.certificate.expires_on = lapses.map(in_days);
        if let Some(days) = ends {
            chain.licence.states.push((in_days(days), "revoked".into()));
        }
        let day = in_days(after);
        let (licence, application) = (&chain.licence, &chain.application);
        let certificates = [&chain.certificate];
        let mut kept = Vec::new();
        let mut asked = Vec::new();
        for delivery in &chain.deliveries {
            let written = || licence.shipped.iter().filter(|one| one.delivery.as_ref() == Some(&delivery.number));
            kept.extend(stretches(&days_of_delivery(delivery, written()), |day| at_delivery(delivery, written(), day)));
            asked.extend(at_delivery(delivery, written(), day));
        }
        for shipped in &licence.shipped {
            let delivery = chain.deliveries.iter().find(|one| Some(&one.number) == shipped.delivery.as_ref());
            kept.extend(stretches(&days_of_write_off(shipped, delivery), |day| at_write_off(licence, shipped, delivery, day)));
            asked.extend(at_write_off(licence, shipped, delivery, day));
        }
        kept.extend(stretches(&days_of_licence(licence, certificates), |day| at_licence(licence, application, &certificates, day)));
        asked.extend(at_licence(licence, application, &certificates, day));
        let mut standing: Vec<Break> = kept
            .into_iter()
            .filter(|one| one.from <= day && one.to.is_none_or(|to| day < to))
            .map(|one| one.of)
            .collect();
        standing.sort();
        asked.sort();
        prop_assert_eq!(standing, asked);
    }
}

#[test]
fn a_line_that_is_due_wants_a_licence_in_use_by_so_many_days_ahead() {
    let mut chain = whole(&[24]);
    chain.line.delivered = Quantity::ZERO;
    chain.deliveries.clear();
    chain.licence.shipped.clear();
    let day = date(2026, 6, 16);
    assert_eq!(chain.clone().kinds(day), []);
    chain.licence.lines[0].quantity = Quantity::whole(20);
    let kinds = |chain: &Chain, ahead| {
        let found = Graph::of(chain.clone().nodes()).breaks(day, ahead);
        found.iter().map(|of| (of.kind, of.difference(), of.untold)).collect::<Vec<_>>()
    };
    let four = Some(Quantity::whole(4));
    // It is due in eighty-nine days.
    assert_eq!(kinds(&chain, 89), [(BreakKind::DueWithoutLicence, four, None)]);
    assert_eq!(kinds(&chain, 88), [(BreakKind::LicensedLess, four, None)]);
    chain.line.incoming = true;
    assert_eq!(kinds(&chain, 89), [(BreakKind::DueWithoutLicence, four, Some(Untold::Incoming))]);
    chain.line.incoming = false;
    chain.line.unit = Unit::Hour;
    assert_eq!(kinds(&chain, 89)[0].2, Some(Untold::Service));
    chain.line.unit = Unit::Kit;
    assert_eq!(kinds(&chain, 89)[0].2, Some(Untold::Units));
    chain.line.unit = Unit::Piece;
    chain.licence.states.push((day, "suspended".into()));
    assert_eq!(kinds(&chain, 89), [(BreakKind::DueWithoutLicence, Some(Quantity::whole(24)), None)]);
    chain.licence.lines[0].contract_line = None;
    chain.licence.states.pop();
    assert_eq!(kinds(&chain, 89)[0].2, Some(Untold::LineNotNamed));
    // A contract that has ended owes nothing.
    chain.line.owing = false;
    assert_eq!(kinds(&chain, 89), []);
}

#[test]
fn a_certificate_matters_while_something_may_still_go() {
    let mut chain = whole(&[24]);
    chain.licence.lines[0].quantity = Quantity::whole(30);
    chain.certificate.lines[0].2 = Quantity::whole(30);
    chain.certificate.expires_on = Some(date(2026, 12, 31));
    assert_eq!(chain.clone().kinds(date(2026, 12, 31)), []);
    assert_eq!(chain.clone().kinds(date(2027, 1, 1)), [BreakKind::CertificateLapsed]);
    assert_eq!(chain.clone().kinds(date(2027, 6, 1)), []);
    chain.certificate.revoked_on = Some(date(2026, 10, 1));
    assert_eq!(chain.clone().kinds(date(2027, 1, 1)), [BreakKind::CertificateRevoked]);
    // A second one in its place mends it.
    let second = CertificateNode {
        number: "O-E2026-0002".into(),
        revoked_on: None,
        expires_on: None,
        ..chain.certificate.clone()
    };
    let mut nodes = chain.clone().nodes();
    nodes.push(Node::Certificate(second));
    assert_eq!(Graph::of(nodes).breaks(date(2027, 1, 1), USUAL_AHEAD), []);
    // Where it stands on record why there is none, none is wanting.
    chain.certificate.application = None;
    for (demanded, wanting) in [
        (Demanded::Needed, true),
        (Demanded::Unexcused, true),
        (Demanded::Excused, false),
        (Demanded::None, false),
    ] {
        chain.application.demanded.insert("O-P0002".into(), demanded);
        assert_eq!(!chain.clone().kinds(AFTER).is_empty(), wanting, "{demanded:?}");
    }
}

#[test]
fn kinds_have_words_and_places_of_their_own() {
    let words: BTreeSet<&str> = BreakKind::ALL.iter().map(|kind| kind.word()).collect();
    assert_eq!(words.len(), BreakKind::ALL.len());
    for (place, kind) in (0..).zip(BreakKind::ALL) {
        assert_eq!(kind.rank(), place);
        assert_eq!(kind.word().parse::<BreakKind>().as_ref(), Ok(kind));
    }
    assert!("broken".parse::<BreakKind>().is_err());
}
