//! Lists, runs and cases: what comes into force, for how long it may be relied on, and who decides about a hit.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::access::{Actor, Role};
use crate::label::{Clearance, Label, Level};
use crate::ledger::{Context, Fact, NewEvent, SubjectKind, check_machine};

const TODAY: Date = date(2024, 9, 30);

fn context_of(account: &str) -> Context {
    let actor = Actor {
        account: account.into(),
        name: account.into(),
        roles: vec![Role::LicensingOfficer],
        clearance: Clearance::full(),
        party: None,
    };
    Context { actor, now: "2024-09-30T12:00:00Z".parse().unwrap(), today: TODAY }
}

fn edition(content: char, entries: u32, dated: Option<Date>) -> NewEdition {
    NewEdition {
        seen: None,
        content: content.to_string().repeat(64),
        form: "un".into(),
        dated,
        current_on: dated,
        entries,
        source: "un.xml".into(),
        despite: None,
    }
}

fn load(state: &mut Option<List>, new: NewEdition) -> Result<&'static str, &'static str> {
    let events = decide_list(state.as_ref(), "un", &context_of("officer"), ListCommand::Load(new))
        .map_err(|refusal| refusal.code)?;
    fold_list(state, &events);
    Ok(events[0].fact.kind())
}

fn fold_list(state: &mut Option<List>, events: &[NewEvent]) {
    for event in events.iter().filter(|event| event.subject.kind == SubjectKind::List) {
        let what = (&event.fact, event.reason.as_deref());
        List::apply(state, &event.subject, event.occurred_on, "officer", what);
    }
}

fn listed() -> List {
    let mut state = None;
    load(&mut state, edition('a', 1_000, Some(TODAY))).unwrap();
    state.unwrap()
}

fn hit(party: char, entry: char, score: u32) -> Hit {
    Hit {
        edition: "a".repeat(64),
        engine: "1".into(),
        score,
        reasons: Vec::new(),
        caption: "MOHAMMED SALEH".into(),
        party_content: party.to_string().repeat(64),
        entry_content: entry.to_string().repeat(64),
    }
}

fn case() -> Case {
    let opened = CaseOpened {
        party: "O-P0001".into(),
        list: "un".into(),
        entry: "un-1".into(),
        hit: hit('1', '1', 8_000),
    };
    let subject = SubjectKind::Case.subject("O-P0001.H1");
    let mut state = None;
    let label = Label::of(Level::Official);
    Case::apply(&mut state, &subject, TODAY, ("screener", &label), (&Fact::CaseOpened(opened), None));
    state.unwrap()
}

fn act(case: &mut Case, by: &str, standing: Standing, command: CaseCommand) -> Result<(), &'static str> {
    let events = decide_case(case, standing, &context_of(by), command).map_err(|refusal| refusal.code)?;
    fold_case(case, by, &events);
    Ok(())
}

fn fold_case(case: &mut Case, by: &str, events: &[NewEvent]) {
    for event in events.iter().filter(|event| event.subject.kind == SubjectKind::Case) {
        let mut state = Some(case.clone());
        let what = (&event.fact, event.reason.as_deref());
        Case::apply(&mut state, &event.subject, event.occurred_on, (by, &event.label), what);
        *case = state.unwrap();
    }
}

/// What its publisher gave is refused.
fn refuse(state: &mut Option<List>, content: char, entries: u32) -> Result<(), &'static str> {
    let refused = EditionRefused {
        content: content.to_string().repeat(64),
        entries,
        source: "https://example.org/un.xml".into(),
    };
    let command = ListCommand::Refuse { refused, reason: "It is much smaller.".into() };
    let events =
        decide_list(state.as_ref(), "un", &context_of("officer"), command).map_err(|refusal| refusal.code)?;
    fold_list(state, &events);
    Ok(())
}

#[test]
fn what_the_publisher_gave_and_was_refused_leaves_an_edition_in_force_that_clears_nobody() {
    let mut state = None;
    assert_eq!(refuse(&mut state, 'a', 700), Err("list.other_edition"));
    load(&mut state, edition('a', 1_000, Some(TODAY))).unwrap();
    assert_eq!(state.as_ref().unwrap().held(TODAY), None);
    assert_eq!(refuse(&mut state, 'b', 700), Err("list.other_edition"));
    refuse(&mut state, 'a', 700).unwrap();
    // The same is said once.
    assert_eq!(refuse(&mut state, 'a', 700), Err("list.same_refusal"));
    let list = state.as_ref().unwrap();
    assert_eq!(list.edition.as_ref().unwrap().content(), "a".repeat(64));
    let held = list.held(TODAY).unwrap();
    assert!(held.code == "refused" && held.reason.contains("It is much smaller."), "{held:?}");
    // It is the latest after all, on the same day; or another is.
    let mut confirmed = state.clone();
    load(&mut confirmed, edition('a', 1_000, Some(TODAY))).unwrap();
    assert_eq!(confirmed.unwrap().held(TODAY), None);
    load(&mut state, NewEdition { despite: Some("Delisted".into()), ..edition('b', 700, Some(TODAY)) })
        .unwrap();
    assert_eq!(state.unwrap().held(TODAY), None);
}

fn because() -> String {
    "Another person: born thirty years later".into()
}

fn run(list: &List, found: Vec<Found>, judged: Vec<Judged>) -> Run {
    let screened = ListScreened {
        edition: list.edition.as_ref().unwrap().content().to_owned(),
        engine: "1".into(),
        threshold: 7_000,
        through: 10,
        since: None,
        compared: 1_000,
    };
    Run { screened, found, judged }
}

fn screen(case: &mut Case, verdict: Verdict) -> Vec<&'static str> {
    let mut facts = RunFacts { head: 20, ..RunFacts::default() };
    facts.cases.insert(case.number.clone(), case.clone());
    let list = listed();
    let run = run(&list, Vec::new(), vec![Judged { case: case.number.clone(), verdict }]);
    let events = decide_run(Some(&list), "un", &facts, &context_of("screener"), run).unwrap();
    fold_case(case, "screener", &events);
    events.iter().skip(1).map(|event| event.fact.kind()).collect()
}

#[test]
fn the_machine_is_sound() {
    check_machine(&MACHINE);
}

#[test]
fn an_edition_that_is_empty_or_much_smaller_or_older_leaves_the_old_one_in_force() {
    let mut state = None;
    assert_eq!(load(&mut state, edition('a', 0, None)), Err("list.empty"));
    assert_eq!(load(&mut state, edition('a', 1_000, Some(date(2024, 9, 26)))), Ok("list.edition_loaded.v1"));
    assert_eq!(load(&mut state, edition('b', 799, Some(TODAY))), Err("list.shrunk"));
    assert_eq!(load(&mut state, edition('b', 1_000, Some(date(2017, 7, 3)))), Err("list.older"));
    assert_eq!(load(&mut state, edition('b', 1_000, Some(date(2024, 10, 1)))), Err("date.in_future"));
    assert_eq!(state.as_ref().unwrap().edition.as_ref().unwrap().content(), "a".repeat(64));
    // Exactly a fifth fewer is within the rule, and a reason lifts it.
    assert_eq!(load(&mut state, edition('b', 800, Some(TODAY))), Ok("list.edition_loaded.v1"));
    let despite =
        NewEdition { despite: Some("The annex was repealed".into()), ..edition('c', 10, Some(TODAY)) };
    assert_eq!(load(&mut state, despite), Ok("list.edition_loaded.v1"));
}

#[test]
fn the_same_bytes_again_confirm_a_later_day_or_say_nothing() {
    let mut state = None;
    load(&mut state, edition('a', 10, Some(date(2024, 9, 1)))).unwrap();
    assert_eq!(load(&mut state, edition('a', 10, Some(date(2024, 9, 1)))), Err("list.same_edition"));
    assert_eq!(state.as_ref().unwrap().held(TODAY).unwrap().code, "stale");
    // What was looked at beside another edition than the one in force is not done.
    for seen in ["b".repeat(64), String::new()] {
        let new = NewEdition { seen: Some(seen), ..edition('d', 10, Some(TODAY)) };
        assert_eq!(load(&mut state, new), Err("list.other_edition"));
    }
    let again = NewEdition {
        current_on: Some(TODAY),
        seen: Some("a".repeat(64)),
        ..edition('a', 10, Some(date(2024, 9, 1)))
    };
    assert_eq!(load(&mut state, again), Ok("list.edition_confirmed.v1"));
    assert_eq!(state.as_ref().unwrap().held(TODAY), None);
}

#[test]
fn a_list_that_is_missing_undated_or_stale_clears_nobody_and_says_what_to_do() {
    let mut state = None;
    load(&mut state, edition('a', 10, None)).unwrap();
    assert_eq!(state.as_ref().unwrap().held(TODAY).unwrap().code, "undated");
    let policy = ListPolicy { standing: Standing::Advisory, max_age_days: 30 };
    let command = ListCommand::SetPolicy { policy, reason: "Published monthly".into() };
    let mut only_policy = None;
    fold_list(&mut only_policy, &decide_list(None, "own", &context_of("a"), command).unwrap());
    let held = only_policy.unwrap().held(TODAY).unwrap();
    assert_eq!(held.code, "missing");
    assert!(held.reason.contains("list own") && held.reason.contains("lists load"), "{}", held.reason);
}

#[test]
fn a_policy_needs_a_reason_and_an_age() {
    let set = |age, reason: &str| {
        let policy = ListPolicy { standing: Standing::Binding, max_age_days: age };
        let command = ListCommand::SetPolicy { policy, reason: reason.into() };
        decide_list(None, "un", &context_of("a"), command).map(|_| ()).map_err(|refusal| refusal.code)
    };
    assert_eq!(set(0, "x"), Err("list.max_age"));
    assert_eq!(set(7, " "), Err("list.reason"));
    assert_eq!(set(7, "As agreed"), Ok(()));
    assert_eq!(check_name("Un").unwrap_err().code, "list.name");
}

#[test]
fn an_address_of_ones_own_is_set_with_a_reason_and_taken_back() {
    let mut state = None;
    let set = |state: &mut Option<List>, address: Option<&str>| {
        let command =
            ListCommand::SetSource { address: address.map(str::to_owned), reason: "A mirror".into() };
        let events = decide_list(state.as_ref(), "un", &context_of("a"), command);
        events.map(|events| fold_list(state, &events)).map_err(|refusal| refusal.code)
    };
    assert_eq!(set(&mut state, None), Err("list.same_source"));
    for bad in [
        "http://mirror.example.org/un.xml",
        "https://",
        "https:///un.xml",
        "https://name:word@mirror.example.org/un.xml",
        "https://mirror.example.org/un list.xml",
        "un.xml",
    ] {
        assert_eq!(set(&mut state, Some(bad)), Err("list.address"), "{bad}");
    }
    let own = "https://mirror.example.org:8443/un.xml?token=dG9r";
    assert_eq!(set(&mut state, Some(own)), Ok(()));
    assert_eq!(state.as_ref().unwrap().source.as_deref(), Some(own));
    assert_eq!(set(&mut state, Some(own)), Err("list.same_source"));
    assert_eq!(set(&mut state, None), Ok(()));
    assert_eq!(state.unwrap().source, None);
}

#[test]
fn two_people_clear_and_neither_alone() {
    let mut case = case();
    let propose = || CaseCommand::Propose { reason: because() };
    act(&mut case, "anna", Standing::Binding, propose()).unwrap();
    assert_eq!(
        act(&mut case, "anna", Standing::Binding, CaseCommand::Clear { reason: None }),
        Err("case.two_people")
    );
    assert_eq!(
        act(&mut case, "anna", Standing::Binding, CaseCommand::Refuse { reason: because() }),
        Err("case.two_people")
    );
    act(&mut case, "boris", Standing::Binding, CaseCommand::Refuse { reason: because() }).unwrap();
    assert_eq!((case.state, case.proposed.is_none()), ("open", true));
    assert_eq!(act(&mut case, "boris", Standing::Binding, CaseCommand::Clear { reason: None }), Err("state"));
    act(&mut case, "boris", Standing::Binding, propose()).unwrap();
    act(&mut case, "anna", Standing::Binding, CaseCommand::Clear { reason: None }).unwrap();
    assert_eq!(case.state, "cleared");
    assert_eq!(case.proposed.as_ref().map(|act| act.by.as_str()), Some("boris"));
}

#[test]
fn only_an_advisory_list_is_acknowledged_and_only_while_it_is_one() {
    let mut case = case();
    let acknowledge = || CaseCommand::Acknowledge { reason: because() };
    assert_eq!(act(&mut case, "anna", Standing::Binding, acknowledge()), Err("case.binding"));
    act(&mut case, "anna", Standing::Advisory, acknowledge()).unwrap();
    assert!(is_settled(case.state, Standing::Advisory));
    assert!(!is_settled(case.state, Standing::Binding));
}

#[test]
fn a_clearance_stays_while_neither_side_changes_and_lapses_when_one_does() {
    let mut case = case();
    act(&mut case, "anna", Standing::Binding, CaseCommand::Propose { reason: because() }).unwrap();
    act(&mut case, "boris", Standing::Binding, CaseCommand::Clear { reason: None }).unwrap();
    // Another score of another engine is no change of either side.
    assert!(screen(&mut case, Verdict::Stands(hit('1', '1', 9_000))).is_empty());
    assert_eq!(case.state, "cleared");
    assert_eq!(screen(&mut case, Verdict::Stands(hit('1', '2', 8_000))), ["case.lapsed.v1"]);
    assert_eq!((case.state, case.hit.entry_content.starts_with('2')), ("open", true));
    assert!(case.last.reason.contains("the entry has changed"), "{}", case.last.reason);
    assert_eq!(screen(&mut case, Verdict::Removed), ["case.withdrawn.v1"]);
    assert!(screen(&mut case, Verdict::Removed).is_empty());
}

#[test]
fn what_is_confirmed_stays_with_people_though_it_scores_less() {
    let mut case = case();
    act(&mut case, "anna", Standing::Binding, CaseCommand::Confirm { reason: because() }).unwrap();
    assert_eq!(screen(&mut case, Verdict::Below(hit('1', '3', 6_000))), ["case.renewed.v1"]);
    assert_eq!(case.state, "confirmed");
    assert_eq!(
        act(&mut case, "anna", Standing::Binding, CaseCommand::Reopen { reason: because() }),
        Err("case.two_people")
    );
    act(&mut case, "boris", Standing::Binding, CaseCommand::Reopen { reason: because() }).unwrap();
    assert_eq!(screen(&mut case, Verdict::Below(hit('1', '3', 6_000))), ["case.withdrawn.v1"]);
}

#[test]
fn a_run_opens_a_case_once_and_only_over_the_edition_in_force() {
    let list = listed();
    let found = || Found { party: "O-P0001".into(), entry: "un-1".into(), hit: hit('1', '1', 8_000) };
    let mut facts = RunFacts { head: 20, ..RunFacts::default() };
    let decide = |facts: &RunFacts, run: Run| {
        decide_run(Some(&list), "un", facts, &context_of("screener"), run).map_err(|refusal| refusal.code)
    };
    assert_eq!(decide(&facts, run(&list, vec![found()], vec![])), Err("list.run"));
    facts.parties.insert("O-P0001".into(), (Label::of(Level::Official), 2));
    let events = decide(&facts, run(&list, vec![found(), found()], vec![])).unwrap();
    let subjects: Vec<String> = events.iter().map(|event| event.subject.to_string()).collect();
    assert_eq!(subjects, ["list:un", "case:O-P0001.H3"]);
    facts.live.insert(("O-P0001".into(), "un-1".into()));
    assert_eq!(decide(&facts, run(&list, vec![found()], vec![])).unwrap().len(), 1);
    for change in [
        |run: &mut Run| run.screened.edition = "b".repeat(64),
        |run: &mut Run| run.screened.through = 21,
        |run: &mut Run| run.screened.since = Some("b".repeat(64)),
        |run: &mut Run| run.screened.threshold = 0,
    ] {
        let mut run = run(&list, vec![], vec![]);
        change(&mut run);
        assert_eq!(decide(&facts, run), Err("list.run"));
    }
    let context = Context {
        actor: Actor { clearance: Clearance::of(Level::Secret), ..context_of("a").actor },
        ..context_of("a")
    };
    let refused = decide_run(Some(&list), "un", &facts, &context, run(&list, vec![], vec![])).unwrap_err();
    assert_eq!(refused.code, "list.run_clearance");
}

proptest! {
    /// Whatever is asked of a case in whatever order: it is cleared only by another person than the one who proposed
    /// it, on what both sides said, and never by a run.
    #[test]
    fn no_order_of_acts_clears_by_one_person(steps in prop::collection::vec((0usize..10, 0usize..3), 1..40)) {
        let mut case = case();
        let mut proposed: Option<(usize, Hit)> = None;
        for (step, who) in steps {
            let by = ["anna", "boris", "clara"][who];
            let before = case.clone();
            match step {
                0 => { let _ = act(&mut case, by, Standing::Binding, CaseCommand::Propose { reason: because() }); }
                1 => { let _ = act(&mut case, by, Standing::Binding, CaseCommand::Clear { reason: None }); }
                2 => { let _ = act(&mut case, by, Standing::Binding, CaseCommand::Refuse { reason: because() }); }
                3 => { let _ = act(&mut case, by, Standing::Binding, CaseCommand::Confirm { reason: because() }); }
                4 => { let _ = act(&mut case, by, Standing::Advisory, CaseCommand::Acknowledge { reason: because() }); }
                5 => { let _ = act(&mut case, by, Standing::Binding, CaseCommand::Reopen { reason: because() }); }
                6 => { let _ = act(&mut case, by, Standing::Binding, CaseCommand::Escalate { reason: because() }); }
                7 => { screen(&mut case, Verdict::Stands(hit('1', ['1', '2', '3'][who], 8_000))); }
                8 => { screen(&mut case, Verdict::Below(hit('1', '1', 6_000))); }
                _ => { screen(&mut case, Verdict::Stands(before.hit.clone())); }
            }
            if case.state == "cleared" && before.state != "cleared" {
                let (proposer, hit) = proposed.clone().unwrap();
                prop_assert_ne!(proposer, who);
                prop_assert_eq!(&hit.entry_content, &case.hit.entry_content);
            }
            if case.state == "clearance_proposed" && before.state != "clearance_proposed" {
                proposed = Some((who, case.hit.clone()));
            }
        }
    }

    /// A list that may be relied on today may be relied on every day up to then since it was current.
    #[test]
    fn a_list_grows_stale_and_not_fresh_again(age in 1u32..400, days in 0i32..800) {
        let mut list = listed();
        list.policy.max_age_days = age;
        let on = TODAY.checked_add(days.days()).unwrap();
        prop_assert_eq!(list.held(on).is_none(), i64::from(days) <= i64::from(age));
    }
}
