//! Transfers judged by the measures of the United Nations that are a part of the program, through the public interface:
//! scenarios 4 to 7 of the report on licensing.
#![allow(clippy::unwrap_used)] // A test’s helpers are tests too.

use std::collections::BTreeSet;

use entente_register::embargo::{
    Activity, Area, Bearing, Category, Class, EndUser, Finding, Item, Judgement, Outcome, Policy, Purpose,
    Question, judge, united_nations,
};

const TODAY: &str = "2026-11-27T00:00:00Z";

/// Arms for a government, as known today.
fn question(to: &str, class: Class, at: &str) -> Question {
    Question {
        item: Item { class, part: false, non_lethal: None, entries: None },
        activity: Activity::Supply,
        from: None,
        to: to.to_owned(),
        end_user: EndUser::Government,
        area: Area::Unknown,
        purpose: Some(Purpose::Other),
        authorised: None,
        at: at.parse().unwrap(),
        known_at: TODAY.parse().unwrap(),
    }
}

fn part(question: Question) -> Question {
    Question { item: Item { part: true, ..question.item }, ..question }
}

fn by(end_user: EndUser, question: Question) -> Question {
    Question { end_user, ..question }
}

fn non_lethal(purpose: Purpose, question: Question) -> Question {
    Question {
        item: Item { class: Class::OtherArms, non_lethal: Some(true), ..question.item },
        purpose: Some(purpose),
        ..question
    }
}

fn answer(question: &Question) -> Judgement {
    judge(&united_nations().unwrap(), &Policy::default(), question)
}

fn cited<'j>(judgement: &'j Judgement, rule: &str) -> &'j Finding {
    let found = judgement.findings.iter().find(|finding| finding.rule == rule);
    found.unwrap_or_else(|| panic!("{rule} is not cited: {judgement:#?}"))
}

#[test]
fn rifles_for_libya_in_march_2011_are_blocked_and_approved_non_lethal_goods_are_open() {
    let rifles = question("LBY", Class::SmallArms, "2011-03-10T12:00:00Z");
    for end_user in [EndUser::Government, EndUser::Private, EndUser::ArmedGroup, EndUser::Unknown] {
        let judgement = answer(&by(end_user, rifles.clone()));
        assert_eq!(judgement.outcome, Outcome::Blocked, "{judgement:#?}");
        let finding = cited(&judgement, "libya-1970-9");
        assert_eq!((finding.resolution.as_str(), finding.paragraph.as_deref()), ("1970 (2011)", Some("9")));
        assert_eq!(finding.outcome, Outcome::Blocked);
    }

    let helmets = non_lethal(Purpose::HumanitarianOrProtective, rifles.clone());
    let judgement = answer(&helmets);
    assert_eq!(judgement.outcome, Outcome::Approve, "{judgement:#?}");
    let opening = cited(&judgement, "libya-1970-9").opening.clone().unwrap();
    assert_eq!(opening.citation, "1970 (2011), paragraph 9 (a)");
    assert!(judgement.to_record.iter().any(|what| what.contains("Approval") && what.contains("number")));

    // The measure is of 26 February in New York, and nothing is known of the day before.
    let before = answer(&question("LBY", Class::SmallArms, "2011-02-26T04:59:59Z"));
    assert_eq!(before.outcome, Outcome::Hold);
    assert_eq!(before.holds[0].code, "not_covered");
}

#[test]
fn whether_goods_are_non_lethal_decides_and_is_not_guessed() {
    let mut goods = non_lethal(
        Purpose::HumanitarianOrProtective,
        question("LBY", Class::OtherArms, "2011-03-10T12:00:00Z"),
    );
    goods.item.non_lethal = None;
    let judgement = answer(&goods);
    assert_eq!(judgement.outcome, Outcome::Hold);
    assert_eq!(judgement.missing(), BTreeSet::from(["whether the goods are non-lethal".to_owned()]));
}

#[test]
fn a_tank_part_for_iran_at_five_dates() {
    let tank = |at| part(question("IRN", Class::Unroca(Category::I), at));

    let judgement = answer(&tank("2009-06-01T00:00:00Z"));
    assert_eq!(judgement.outcome, Outcome::Vigilance, "{judgement:#?}");
    assert_eq!(cited(&judgement, "iran-1747-6").citation(), "1747 (2007), paragraph 6");
    assert!(judgement.to_record.iter().any(|what| what.starts_with("Consideration of the vigilance")));

    let judgement = answer(&tank("2010-09-15T00:00:00Z"));
    assert_eq!(judgement.outcome, Outcome::Blocked);
    assert_eq!(cited(&judgement, "iran-1929-8").citation(), "1929 (2010), paragraph 8");
    assert_eq!(cited(&judgement, "iran-1929-8").outcome, Outcome::Blocked);

    let judgement = answer(&tank("2017-05-01T00:00:00Z"));
    assert_eq!(judgement.outcome, Outcome::Approve, "{judgement:#?}");
    let finding = cited(&judgement, "iran-2231-b5");
    assert_eq!(finding.opening.as_ref().unwrap().by.as_deref(), Some("the Security Council"));
    assert_eq!(judgement.disputes().count(), 0);

    let judgement = answer(&tank("2020-11-15T00:00:00Z"));
    assert_eq!(judgement.outcome, Outcome::Pass, "{judgement:#?}");
    let claim = cited(&judgement, "iran-2020-claim");
    assert_eq!(claim.bearing, Bearing::Claimed);
    assert_eq!(claim.claimed_by, BTreeSet::from(["USA".to_owned()]));
    assert!(judgement.to_record.iter().any(|what| what.starts_with("Claim:")), "{judgement:#?}");

    for (at, outcome) in [("2025-09-27T23:59:59Z", Outcome::Pass), ("2025-09-28T00:00:00Z", Outcome::Blocked)]
    {
        assert_eq!(answer(&tank(at)).outcome, outcome, "{at}");
    }
    let judgement = answer(&tank("2025-10-15T00:00:00Z"));
    let again = cited(&judgement, "iran-2025-1929-8");
    assert_eq!(again.disputed_by, BTreeSet::from(["CHN".to_owned(), "RUS".to_owned()]));
    assert!(judgement.to_record.iter().any(|what| what.starts_with("Dispute:")));
}

#[test]
fn a_claim_binds_only_by_policy() {
    let tank = part(question("IRN", Class::Unroca(Category::I), "2020-11-15T00:00:00Z"));
    let policy = Policy { claims_bind: true, ..Policy::default() };
    let judgement = judge(&united_nations().unwrap(), &policy, &tank);
    // Of low certainty, so that it holds and does not block.
    assert_eq!(judgement.outcome, Outcome::Hold);
    assert_eq!(cited(&judgement, "iran-2020-claim").bearing, Bearing::Binding);
}

#[test]
fn a_long_range_surface_to_air_part_is_outside_the_seven_categories_and_held_on_the_national_order() {
    let missile = |at| part(question("IRN", Class::OtherArms, at));
    for at in ["2010-09-15T00:00:00Z", "2017-05-01T00:00:00Z", "2025-10-15T00:00:00Z"] {
        let judgement = answer(&missile(at));
        assert_eq!(judgement.outcome, Outcome::Hold, "{judgement:#?}");
        assert_eq!(judgement.holds[0].code, "beyond_scope");
        assert_eq!(judgement.holds[0].missing, "a decision by the national order");
        assert!(judgement.findings.iter().all(|finding| finding.outcome < Outcome::Hold), "{judgement:#?}");
    }
    let judgement = answer(&missile("2010-09-15T00:00:00Z"));
    assert!(judgement.holds[0].why.starts_with("1929 (2010), paragraph 8 leaves a part of arms outside"));
    // The paragraph itself still asks for vigilance over all other arms.
    assert_eq!(cited(&judgement, "iran-1929-8-vigilance").outcome, Outcome::Vigilance);
    let policy = Policy { hold_beyond_scope: false, ..Policy::default() };
    let left_to_vigilance = judge(&united_nations().unwrap(), &policy, &missile("2010-09-15T00:00:00Z"));
    assert_eq!(left_to_vigilance.outcome, Outcome::Vigilance);
}

#[test]
fn a_dual_use_item_for_iran_is_held_because_the_lists_of_technology_are_not_on_file() {
    for at in ["2012-09-30T00:00:00Z", "2025-10-15T00:00:00Z"] {
        let judgement = answer(&question("IRN", Class::DualUse, at));
        assert_eq!(judgement.outcome, Outcome::Hold, "{judgement:#?}");
        assert!(judgement.missing().iter().any(|what| what.starts_with("confirmation of the exception")));
    }
    assert_eq!(answer(&question("IRN", Class::DualUse, "2020-11-15T00:00:00Z")).outcome, Outcome::Approve);
    // The procurement channel outlived the list of missile technology.
    assert_eq!(answer(&question("IRN", Class::DualUse, "2024-06-01T00:00:00Z")).outcome, Outcome::Approve);
    // What leaves is meant as well as what comes.
    let from =
        Question { from: Some("IRN".to_owned()), ..question("BRA", Class::DualUse, "2012-09-30T00:00:00Z") };
    assert_eq!(answer(&from).outcome, Outcome::Hold);
}

#[test]
fn what_was_not_known_is_not_judged_by() {
    let tank = part(question("IRN", Class::Unroca(Category::I), "2010-09-15T00:00:00Z"));
    let known = |at: &str| Question { known_at: at.parse().unwrap(), ..tank.clone() };
    assert_eq!(answer(&known("2010-01-01T00:00:00Z")).outcome, Outcome::Vigilance);
    // The end of a measure is not known before it is decided either.
    let later = Question { at: "2017-05-01T00:00:00Z".parse().unwrap(), ..known("2014-01-01T00:00:00Z") };
    assert_eq!(answer(&later).outcome, Outcome::Blocked);
}

#[test]
fn the_lapsed_term_of_south_sudan_applies_as_on_its_last_day() {
    for at in ["2026-05-31T12:00:00Z", "2026-06-01T03:59:59Z", "2026-06-01T04:00:00Z", "2026-06-20T00:00:00Z"]
    {
        let lapsed = at >= "2026-06-01T04:00:00Z";
        let tanks = answer(&question("SSD", Class::Unroca(Category::II), at));
        assert_eq!(tanks.outcome, Outcome::Blocked, "{at}");
        let finding = cited(&tanks, "south-sudan-2781");
        assert_eq!(finding.confirm_renewal.is_some(), lapsed, "{at}");
        assert_eq!(tanks.to_record.iter().any(|what| what.starts_with("Confirm renewal")), lapsed, "{at}");

        // Its exceptions too, and what they ask.
        let radios = non_lethal(Purpose::PeaceAgreement, question("SSD", Class::OtherArms, at));
        let judgement = answer(&radios);
        assert_eq!(judgement.outcome, Outcome::Pass, "{judgement:#?}");
        let opening = cited(&judgement, "south-sudan-2781").opening.clone().unwrap();
        assert_eq!(opening.citation, "2683 (2023), paragraph 2");
        assert_eq!(judgement.to_record.iter().any(|what| what.starts_with("Confirm renewal")), lapsed);
        let radios_for_others = Question { purpose: Some(Purpose::Other), ..radios };
        assert_eq!(answer(&radios_for_others).outcome, Outcome::Blocked);
    }
}

#[test]
fn a_date_that_the_rules_do_not_cover_holds() {
    let late = "2026-07-02T00:00:00Z";
    let judgement = answer(&question("BRA", Class::Unroca(Category::I), late));
    assert_eq!(judgement.outcome, Outcome::Hold);
    assert_eq!(judgement.holds[0].code, "not_covered");
    assert_eq!(
        answer(&question("BRA", Class::Unroca(Category::I), "2026-06-30T00:00:00Z")).outcome,
        Outcome::Pass
    );
    // What blocks still blocks.
    assert_eq!(answer(&question("SSD", Class::Unroca(Category::I), late)).outcome, Outcome::Blocked);
    // Where the goods come from is covered or not as well.
    let from =
        Question { from: Some("ERI".into()), ..question("IRN", Class::OtherArms, "2009-06-01T00:00:00Z") };
    assert!(answer(&from).holds.iter().any(|hold| hold.why.contains("ERI")));
}

#[test]
fn in_the_congo_it_turns_on_the_end_user() {
    let arms = question("COD", Class::SmallArms, "2025-08-01T00:00:00Z");
    let outcome = |end_user| answer(&by(end_user, arms.clone())).outcome;
    assert_eq!(outcome(EndUser::Government), Outcome::Pass);
    // A company that a militia holds is the militia’s.
    assert_eq!(outcome(EndUser::ArmedGroup), Outcome::Blocked);
    assert_eq!(outcome(EndUser::Private), Outcome::Blocked);
    assert_eq!(outcome(EndUser::Listed { regime: Some("drc".into()) }), Outcome::Blocked);
    assert_eq!(outcome(EndUser::Mission { name: Some("MONUSCO".into()) }), Outcome::Pass);
    assert_eq!(outcome(EndUser::Mission { name: Some("SAMIDRC".into()) }), Outcome::Blocked);
    assert_eq!(outcome(EndUser::Mission { name: None }), Outcome::Hold);
    // Vests for those who help are no vests for a militia.
    let vests = non_lethal(Purpose::PersonalProtection, arms.clone());
    assert_eq!(answer(&by(EndUser::Private, vests.clone())).outcome, Outcome::Pass);
    assert_eq!(answer(&by(EndUser::ArmedGroup, vests)).outcome, Outcome::Blocked);
    let unknown = answer(&by(EndUser::Unknown, arms.clone()));
    assert_eq!(unknown.outcome, Outcome::Hold);
    assert!(unknown.missing().contains("who the end user is"), "{unknown:#?}");
    let refused = answer(&by(EndUser::ArmedGroup, arms.clone()));
    assert_eq!(cited(&refused, "drc-2783").outcome, Outcome::Blocked);

    // Until 20 December 2022 what went to the government was to be notified.
    let before = Question { at: "2022-12-19T00:00:00Z".parse().unwrap(), ..arms };
    let judgement = answer(&before);
    assert_eq!(judgement.outcome, Outcome::Notify, "{judgement:#?}");
    assert!(judgement.to_record[0].contains("the committee of resolution 1533"));
}

#[test]
fn an_armed_group_may_be_listed_and_a_list_holds_wherever_they_are() {
    for (state, at) in [
        ("YEM", "2024-01-15T00:00:00Z"),
        ("AFG", "2012-09-30T00:00:00Z"),
        ("HTI", "2023-03-01T00:00:00Z"),
        ("BRA", "2024-01-15T00:00:00Z"),
    ] {
        let judgement = answer(&by(EndUser::ArmedGroup, question(state, Class::SmallArms, at)));
        assert_eq!(judgement.outcome, Outcome::Hold, "{state}: {judgement:#?}");
        assert!(judgement.missing().contains("whether the end user is listed"), "{state}");
    }
    let elsewhere = question("OMN", Class::SmallArms, "2024-01-15T00:00:00Z");
    let judgement = answer(&by(EndUser::Listed { regime: Some("yemen".into()) }, elsewhere));
    assert_eq!(judgement.outcome, Outcome::Blocked, "{judgement:#?}");
    assert_eq!(cited(&judgement, "yemen-2216-14").outcome, Outcome::Blocked);
}

#[test]
fn goods_in_transit_come_from_somewhere() {
    let tanks = question("BRA", Class::Unroca(Category::I), "2012-09-30T00:00:00Z");
    for activity in [Activity::Transit, Activity::Brokering] {
        let judgement = answer(&Question { activity, ..tanks.clone() });
        assert_eq!((judgement.outcome, judgement.holds[0].code), (Outcome::Hold, "no_origin"));
        let known = Question { activity, from: Some("IND".to_owned()), ..tanks.clone() };
        assert_eq!(answer(&known).outcome, Outcome::Pass);
    }
}

#[test]
fn a_word_makes_no_weapon_harmless() {
    let tank = question("SSD", Class::Unroca(Category::I), "2026-01-15T00:00:00Z");
    let said = Item { non_lethal: Some(true), ..tank.item.clone() };
    let judgement = answer(&Question { item: said, purpose: Some(Purpose::PeaceAgreement), ..tank });
    assert_eq!(judgement.outcome, Outcome::Hold, "{judgement:#?}");
}

#[test]
fn in_somalia_whose_government_it_is_is_not_guessed() {
    let arms = question("SOM", Class::SmallArms, "2024-06-01T00:00:00Z");
    assert_eq!(answer(&arms).outcome, Outcome::Hold);
    assert_eq!(answer(&Question { authorised: Some(true), ..arms.clone() }).outcome, Outcome::Pass);
    assert_eq!(answer(&Question { authorised: Some(false), ..arms }).outcome, Outcome::Blocked);
}

#[test]
fn a_measure_of_medium_certainty_holds_whatever_it_would_say() {
    let at = "2014-01-01T00:00:00Z";
    // It would block, it would let through by its target, and it would have ended.
    let blocked = answer(&question("CIV", Class::SmallArms, at));
    assert_eq!(blocked.outcome, Outcome::Hold);
    let government = answer(&question("IRQ", Class::SmallArms, at));
    assert_eq!(government.outcome, Outcome::Hold);
    assert!(government.missing().contains("confirmation of rule iraq-1546"));
    let ended = answer(&question("CIV", Class::SmallArms, "2020-01-01T00:00:00Z"));
    assert_eq!(ended.outcome, Outcome::Hold);
    assert!(ended.missing().contains("confirmation of when rule cote-divoire-1572 ended"));
    // A list that holds anywhere is no reason to hold what goes to a government.
    assert_eq!(answer(&question("BRA", Class::SmallArms, at)).outcome, Outcome::Pass);
    assert_eq!(answer(&by(EndUser::Unknown, question("BRA", Class::SmallArms, at))).outcome, Outcome::Hold);
}

#[test]
fn darfur_is_closed_and_elsewhere_in_the_sudan_the_end_user_is_documented() {
    let arms = |area| Question { area, ..question("SDN", Class::SmallArms, "2024-01-01T00:00:00Z") };
    let outside = Area::Outside(BTreeSet::from(["Darfur".to_owned()]));
    assert_eq!(answer(&arms(outside.clone())).outcome, Outcome::Vigilance);
    assert_eq!(answer(&arms(Area::In("darfur".into()))).outcome, Outcome::Approve);
    let group = |area| by(EndUser::ArmedGroup, arms(area));
    assert_eq!(answer(&group(Area::In("Darfur".into()))).outcome, Outcome::Blocked);
    // Whether El Fasher lies in Darfur is not guessed.
    let judgement = answer(&group(Area::In("El Fasher".into())));
    assert_eq!(judgement.outcome, Outcome::Hold);
    assert!(judgement.missing().contains("whether El Fasher lies in Darfur"));
    assert_eq!(answer(&group(Area::Unknown)).outcome, Outcome::Hold);
    let brokered = Question {
        activity: Activity::Brokering,
        from: Some("BRA".to_owned()),
        ..arms(Area::Outside(BTreeSet::from(["Darfur".to_owned()])))
    };
    assert_eq!(answer(&brokered).outcome, Outcome::Hold);
}

#[test]
fn an_activity_that_the_source_leaves_open_holds() {
    let tank = part(question("IRN", Class::Unroca(Category::I), "2010-09-15T00:00:00Z"));
    let brokering = Question { activity: Activity::Brokering, from: Some("IND".to_owned()), ..tank };
    let judgement = answer(&brokering);
    assert_eq!(judgement.outcome, Outcome::Hold, "{judgement:#?}");
    assert!(judgement.missing().contains("whether rule iran-1929-8 is about brokering"), "{judgement:#?}");
    assert_eq!(cited(&judgement, "iran-1747-6").outcome, Outcome::Vigilance);
    // It holds nothing that the rule is not about, nor before it began or after it ended.
    let free = Question { at: "2020-11-15T00:00:00Z".parse().unwrap(), ..brokering };
    assert_eq!(answer(&free).outcome, Outcome::Pass);
}

#[test]
fn a_body_that_binds_must_have_its_rules_on_file() {
    let policy = Policy { also_binding: BTreeSet::from(["EU".to_owned()]), ..Policy::default() };
    let question = question("BRA", Class::SmallArms, "2024-01-01T00:00:00Z");
    let judgement = judge(&united_nations().unwrap(), &policy, &question);
    assert_eq!(judgement.outcome, Outcome::Hold);
    assert_eq!(judgement.holds[0].code, "no_rules");
}
