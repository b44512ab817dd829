//! What carries a transfer, and what stands against one.

use proptest::prelude::*;

use super::*;

#[test]
fn what_is_whole_authentic_and_used_once_carries_a_transfer() {
    let (outcome, why) = gravest(&export(&[60, 40]), good(100));
    assert_eq!(outcome, CheckOutcome::Pass, "{why}");
}

/// Scenario 13: the same number twice, a signature of nobody who may sign.
#[test]
fn a_forged_or_reused_certificate_blocks_and_says_why() {
    // The same number of the same issuer, written another way, in another application, with other goods.
    let second = CertificateContent {
        register_number: "EUC 2012-17".into(),
        document: Document { content: Some("b".repeat(64)), ..paper() },
        ..content(500)
    };
    let first = good(100).certificate;
    let reused = Known {
        certificate: bound("O-E2012-0002", second.clone(), "O-T2012-0002"),
        others: vec![Other { certificate: first.clone(), earlier: true }],
        ..good(100)
    };
    let (outcome, why) = gravest(&export(&[100]), reused);
    assert_eq!(outcome, CheckOutcome::Blocked);
    for words in ["used before, by certificate O-E2012-0001", "O-T2012-0001", "the goods", "the paper"] {
        assert!(why.contains(words), "{words} in {why}");
    }
    // The one before is held until it is told which of both is true.
    let other = Other { certificate: bound("O-E2012-0002", second, "O-T2012-0002"), earlier: false };
    let (outcome, why) = gravest(&export(&[100]), Known { others: vec![other.clone()], ..good(100) });
    assert_eq!(outcome, CheckOutcome::Hold);
    assert!(why.contains("handed in again, as certificate O-E2012-0002"), "{why}");
    // Once the other is voided as a slip, or its issuer disowns it, this one stands.
    let mut voided = other.clone();
    voided.certificate.state = "voided";
    let mut disowned = other;
    disowned.certificate.inquiries[0].answered.as_mut().unwrap().1.answer = Authenticity::NotAuthentic;
    for other in [voided, disowned] {
        let (outcome, why) = gravest(&export(&[100]), Known { others: vec![other], ..good(100) });
        assert_eq!(outcome, CheckOutcome::Pass, "{why}");
    }
    // One paper under two numbers.
    let renumbered = CertificateContent { register_number: "EUC/2012/18".into(), ..content(100) };
    let other = Other { certificate: first, earlier: true };
    let known = Known {
        certificate: bound("O-E2012-0003", renumbered, "O-T2012-0001"),
        others: vec![other],
        ..good(100)
    };
    let (outcome, why) = gravest(&export(&[100]), known);
    assert_eq!(outcome, CheckOutcome::Blocked);
    assert!(why.contains("The same paper was handed in as certificate O-E2012-0001"), "{why}");
    // Somebody else’s signature.
    let forged = CertificateContent { signatory: "Nobody".into(), ..content(100) };
    let known = Known { certificate: bound("O-E2012-0004", forged, "O-T2012-0001"), ..good(100) };
    let (outcome, why) = gravest(&export(&[100]), known);
    assert_eq!(outcome, CheckOutcome::Blocked);
    assert!(why.contains("Nobody, Director, who is not among the specimen signatures of O-P0008"), "{why}");
}

#[test]
fn what_a_certificate_lacks_is_said_in_words() {
    let of = |change: fn(&mut CertificateContent)| {
        let mut said = content(100);
        change(&mut said);
        Known { certificate: bound("O-E2012-0001", said, "O-T2012-0001"), ..good(100) }
    };
    let cases: [(Known, CheckOutcome, &str); 13] = [
        (of(|said| said.expires_on = Some(date(2012, 8, 31))), CheckOutcome::Hold, "expired on 2012-08-31"),
        (of(|said| said.sealed = false), CheckOutcome::Hold, "no seal"),
        (
            of(|said| {
                said.undertakings.remove(&Undertaking::NoReexport);
            }),
            CheckOutcome::Hold,
            "no re-export",
        ),
        (of(|said| said.undertakings.clear()), CheckOutcome::Hold, "verification on the spot"),
        (of(|said| said.destination = "ARG".into()), CheckOutcome::Hold, "for ARG"),
        (of(|said| said.state = Some("ARG".into())), CheckOutcome::Hold, "issued by ARG"),
        (
            of(|said| said.position = "Adviser".into()),
            CheckOutcome::Hold,
            "specimen of 2012-06-01 is as director",
        ),
        (of(|said| said.issued_on = date(2010, 6, 1)), CheckOutcome::Blocked, "not in force on 2010-06-01"),
        (of(|said| said.lines[0].quantity = Quantity::whole(99)), CheckOutcome::Blocked, "99 certified"),
        (of(|said| said.lines[0].category = "ML5.b".into()), CheckOutcome::Blocked, "No goods of ML11.a"),
        (
            of(|said| said.lines[0].value = Some(Money::new(1, Currency::USD))),
            CheckOutcome::Blocked,
            "worth more",
        ),
        (Known { specimens: None, ..good(100) }, CheckOutcome::Hold, "No specimen signatures of O-P0008"),
        (Known { on: date(2014, 6, 1), ..good(100) }, CheckOutcome::Hold, "expired on 2014-05-31"),
    ];
    for (known, wanted, words) in cases {
        let (outcome, why) = gravest(&export(&[100]), known);
        assert_eq!(outcome, wanted, "{words}: {why}");
        assert!(why.contains(words), "{words} in {why}");
    }
}

#[test]
fn no_arms_leave_without_a_certificate_and_what_may_go_without_one_says_so() {
    use crate::embargo::Class::{DualUse, OtherArms, Uncontrolled, Unknown};
    for (kind, class, outcome) in [
        (TransferKind::Export, OtherArms, CheckOutcome::Hold),
        (TransferKind::Export, DualUse, CheckOutcome::Hold),
        (TransferKind::Export, Unknown, CheckOutcome::Hold),
        (TransferKind::Export, Uncontrolled, CheckOutcome::Record),
        (TransferKind::Brokering, OtherArms, CheckOutcome::Hold),
        (TransferKind::Technology, OtherArms, CheckOutcome::Hold),
        (TransferKind::Temporary, OtherArms, CheckOutcome::Record),
        (TransferKind::Transit, OtherArms, CheckOutcome::Record),
        (TransferKind::Service, OtherArms, CheckOutcome::Record),
        (TransferKind::Import, OtherArms, CheckOutcome::Pass),
    ] {
        let checks = certificates(&applied(kind, class, &[1]), &BTreeMap::new());
        let [check] = checks.as_slice() else { panic!("{checks:?}") };
        assert_eq!(check.outcome, outcome, "{kind:?} {class:?}");
        assert_eq!(check.needs, (outcome == CheckOutcome::Record).then_some(RecordKind::Consideration));
    }
    // One that is bound is looked at, whatever might have gone without it.
    let temporary = applied(TransferKind::Temporary, OtherArms, &[1]);
    let (outcome, _) = gravest(&temporary, Known { specimens: None, ..good(100) });
    assert_eq!(outcome, CheckOutcome::Hold);
}

/// How a certificate is spoilt: any of these alone keeps it from carrying a transfer.
#[derive(Debug, Clone, Copy)]
enum Spoilt {
    Unsealed,
    Expired,
    Unsigned,
    NoSpecimens,
    NotAsked,
    Refuted,
    Short,
    Undertaking(usize),
    Reused,
    OtherState,
}

fn spoilt() -> impl Strategy<Value = Spoilt> {
    prop_oneof![
        Just(Spoilt::Unsealed),
        Just(Spoilt::Expired),
        Just(Spoilt::Unsigned),
        Just(Spoilt::NoSpecimens),
        Just(Spoilt::NotAsked),
        Just(Spoilt::Refuted),
        Just(Spoilt::Short),
        (0..Undertaking::NEEDED.len()).prop_map(Spoilt::Undertaking),
        Just(Spoilt::Reused),
        Just(Spoilt::OtherState),
    ]
}

proptest! {
    /// Whatever is spoilt of a certificate, it carries nothing; and what is spoilt besides never makes it better.
    #[test]
    fn nothing_that_is_spoilt_carries_a_transfer(all in prop::collection::vec(spoilt(), 1..5), pieces in 1..200_i64) {
        let content = export(&[pieces]);
        prop_assert_eq!(gravest(&content, good(pieces)).0, CheckOutcome::Pass);
        let mut known = good(pieces);
        let mut before = CheckOutcome::Pass;
        for one in all {
            let other = Known::clone(&known).certificate;
            let said = &mut known.certificate.content;
            match one {
                Spoilt::Unsealed => said.sealed = false,
                Spoilt::Expired => said.expires_on = Some(date(2012, 7, 1)),
                Spoilt::Unsigned => said.signatory = "Nobody".into(),
                Spoilt::NoSpecimens => known.specimens = None,
                Spoilt::NotAsked => known.certificate.inquiries.clear(),
                Spoilt::Refuted => {
                    for inquiry in &mut known.certificate.inquiries {
                        inquiry.answered.as_mut().unwrap().1.answer = Authenticity::NotAuthentic;
                    }
                }
                Spoilt::Short => said.lines[0].quantity = Quantity(pieces * 1000 - 1),
                Spoilt::Undertaking(place) => {
                    said.undertakings.remove(&Undertaking::NEEDED[place]);
                }
                Spoilt::Reused => known.others.push(Other { certificate: other, earlier: true }),
                Spoilt::OtherState => said.destination = "ARG".into(),
            }
            // Taking the specimens away, or the answers, can turn what was forbidden into what cannot be told.
            let (outcome, why) = gravest(&content, known.clone());
            prop_assert!(outcome >= CheckOutcome::Hold, "{:?}: {}", one, why);
            if !matches!(one, Spoilt::NoSpecimens | Spoilt::NotAsked) {
                prop_assert!(outcome >= before, "{:?}: {}", one, why);
            }
            before = outcome;
        }
    }
}
