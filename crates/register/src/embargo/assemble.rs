//! Rule files read, checked each and against each other, and made into one set.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::exception::{Exception, Opening};
use super::fault::{At, FileFault, Text, placed};
use super::file::{Edge, RawBody, RawEnding, RawException, RawFile, RawRegime, RawRule};
use super::question::EndUser;
use super::rule::{AfterTerm, Body, Direction, Ending, LeftOut, Regime, Rule, RuleSet, Span, Term};
use super::target::Target;

/// Reads files into one set.
///
/// # Errors
/// Every fault of every file; where there is one, nothing is used.
pub fn read(texts: &[Text<'_>]) -> Result<RuleSet, Vec<FileFault>> {
    let mut faults = Vec::new();
    let mut files = Vec::new();
    for text in texts {
        match parse(text) {
            Ok(file) => files.push((*text, file)),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    assemble(files)
}

/// What a file has, by identifiers, before anything in it is checked.
pub(super) struct Contents {
    pub(super) bodies: Vec<String>,
    /// Each regime with its body.
    pub(super) regimes: Vec<(String, String)>,
    pub(super) rules: BTreeSet<String>,
}

/// What a file has.
///
/// # Errors
/// The fault, where the file is not TOML with the tables of a rule file.
pub(super) fn contents(text: &Text<'_>) -> Result<Contents, FileFault> {
    let file = parse(text)?;
    Ok(Contents {
        bodies: file.body.iter().map(|body| body.id.get_ref().clone()).collect(),
        regimes: file
            .regime
            .iter()
            .map(|regime| (regime.id.get_ref().clone(), regime.body.get_ref().clone()))
            .collect(),
        rules: file.rule.iter().map(|rule| rule.id.get_ref().clone()).collect(),
    })
}

fn parse(text: &Text<'_>) -> Result<RawFile, FileFault> {
    toml::from_str(text.text).map_err(|fault| {
        let start = fault.span().map_or(0, |span| span.start);
        placed(
            text,
            start,
            "file",
            fault.message(),
            "TOML with the tables [[body]], [[regime]] and [[rule]], their fields as they are documented",
        )
    })
}

/// Makes one set of files that were read.
///
/// # Errors
/// As [`read`].
fn assemble(files: Vec<(Text<'_>, RawFile)>) -> Result<RuleSet, Vec<FileFault>> {
    let mut set = RuleSet::default();
    let mut faults = Vec::new();
    let mut zones = BTreeMap::new();
    for (text, file) in &files {
        for raw in &file.body {
            body(&mut At::new(text, &mut faults, "body", &raw.id), raw, &mut set, &mut zones);
        }
    }
    for (text, file) in &files {
        for raw in &file.regime {
            regime(&mut At::new(text, &mut faults, "regime", &raw.id), raw, &mut set, &zones);
        }
    }
    for (text, file) in &files {
        for raw in &file.rule {
            rule(&mut At::new(text, &mut faults, "rule", &raw.id), raw, &mut set, &zones);
        }
    }
    if set.bodies.is_empty()
        && faults.is_empty()
        && let Some((text, _)) = files.first()
    {
        let missing = "a [[body]] with the span of time that its rules cover";
        faults.push(placed(text, 0, "body", "No body is named whose rules these are", missing));
    }
    if faults.is_empty() { Ok(set) } else { Err(faults) }
}

fn body(at: &mut At<'_>, raw: &RawBody, set: &mut RuleSet, zones: &mut BTreeMap<String, TimeZone>) {
    let zone = TimeZone::get(raw.zone.get_ref()).unwrap_or_else(|_| {
        let message = format!("{:?} is no time zone", raw.zone.get_ref());
        at.fault(raw.zone.span().start, "zone", message, "a zone by its name, for example America/New_York");
        TimeZone::UTC
    });
    let from = at.instant("covers_from", &raw.covers_from, &zone, Edge::Start);
    let until = at.instant("covers_to", &raw.covers_to, &zone, Edge::End);
    at.in_order("covers_to", raw.covers_to.span().start, from, until);
    let made = Body {
        id: at.id(&raw.id),
        name: at.words("name", &raw.name),
        covers: Span { from, until },
        regimes: raw.regimes.iter().map(|id| at.id(id)).collect(),
        source: at.words("source", &raw.source),
        verified_on: at.date("verified_on", &raw.verified_on),
    };
    zones.insert(made.id.clone(), zone);
    if set.bodies.insert(made.id.clone(), made).is_some() {
        at.fault(at.start, "id", "Another body has this identifier", "one body of each name");
    }
}

fn regime(at: &mut At<'_>, raw: &RawRegime, set: &mut RuleSet, zones: &BTreeMap<String, TimeZone>) {
    let covers = covers_of(at, raw, set, zones);
    let made = Regime {
        id: at.id(&raw.id),
        body: raw.body.get_ref().clone(),
        name: at.words("name", &raw.name),
        states: at.states("states", &raw.states),
        covers,
        note: raw.note.trim().to_owned(),
    };
    at.plain("note", &made.note, at.start);
    if set.regimes.insert(made.id.clone(), made).is_some() {
        at.fault(at.start, "id", "Another regime has this identifier", "an identifier of its own");
    }
}

fn covers_of(
    at: &mut At<'_>,
    raw: &RawRegime,
    set: &RuleSet,
    zones: &BTreeMap<String, TimeZone>,
) -> Option<Span> {
    let (Some(body), Some(zone)) = (set.bodies.get(raw.body.get_ref()), zones.get(raw.body.get_ref())) else {
        let message = format!("There is no body {:?}", raw.body.get_ref());
        at.fault(raw.body.span().start, "body", message, "a [[body]] of this identifier in one of the files");
        return None;
    };
    if raw.covers_from.is_none() && raw.covers_to.is_none() {
        return None;
    }
    let from = raw.covers_from.as_ref();
    let until = raw.covers_to.as_ref();
    let span = Span {
        from: from.map_or(body.covers.from, |day| at.instant("covers_from", day, zone, Edge::Start)),
        until: until.map_or(body.covers.until, |day| at.instant("covers_to", day, zone, Edge::End)),
    };
    at.in_order("covers_to", until.or(from).map_or(at.start, |day| day.span().start), span.from, span.until);
    Some(span)
}

fn rule(at: &mut At<'_>, raw: &RawRule, set: &mut RuleSet, zones: &BTreeMap<String, TimeZone>) {
    let regime = set.regimes.get(raw.regime.get_ref());
    let zone = regime.and_then(|regime| zones.get(&regime.body));
    let (Some(regime), Some(zone)) = (regime, zone) else {
        let message = format!("There is no regime {:?}", raw.regime.get_ref());
        at.fault(
            raw.regime.span().start,
            "regime",
            message,
            "a [[regime]] of this identifier in one of the files",
        );
        return;
    };
    let valid_from = at.instant("valid_from", &raw.valid_from, zone, Edge::Start);
    let known_from = raw.known_from.as_ref();
    let made = Rule {
        id: at.id(&raw.id),
        regime: regime.id.clone(),
        resolution: at.words("resolution", &raw.resolution),
        paragraph: raw.paragraph.as_ref().map(|text| at.words("paragraph", text)),
        effect: raw.effect,
        target: raw.target.get_ref().clone(),
        direction: *raw.direction.get_ref(),
        items: raw.items.get_ref().clone(),
        left_out: raw.left_out.unwrap_or(LeftOut::Held),
        activities: raw.activities.get_ref().clone(),
        activities_unconfirmed: raw.activities_unconfirmed.clone(),
        exceptions: raw
            .exception
            .iter()
            .map(|raw_exception| exception(at, raw_exception, raw, zone))
            .collect(),
        otherwise: raw.otherwise.clone(),
        valid_from,
        known_from: known_from.map_or(valid_from, |day| at.instant("known_from", day, zone, Edge::Start)),
        ends: raw.ends.as_ref().map(|ends| ending(at, ends, raw, zone, valid_from)),
        term: raw.term.as_ref().map(|term| {
            let until = at.instant("term.last_day", &term.last_day, zone, Edge::End);
            at.in_order("term.last_day", term.last_day.span().start, valid_from, until);
            Term { last_day: at.date("term.last_day", &term.last_day), until, after: term.after }
        }),
        disputed_by: at.states("disputed_by", &raw.disputed_by),
        claimed_by: at.states("claimed_by", &raw.claimed_by),
        note: raw.note.trim().to_owned(),
        source: at.words("source", &raw.source),
        certainty: raw.certainty,
        verified_on: at.date("verified_on", &raw.verified_on),
    };
    check(at, raw, regime, &made);
    if set.rules.iter().any(|other| other.id == made.id) {
        at.fault(at.start, "id", "Another rule has this identifier", "an identifier of its own");
    }
    if let Some(other) = set.rules.iter().find(|other| contradicts(other, &made)) {
        let message = format!(
            "It says of the same target, way and goods at the same time what {} says otherwise",
            other.id
        );
        at.fault(
            raw.valid_from.span().start,
            "valid_from",
            message,
            "an end of the one where the other begins, or one rule with the exceptions of both",
        );
    }
    set.rules.push(made);
}

fn ending(
    at: &mut At<'_>,
    raw: &RawEnding,
    rule: &RawRule,
    zone: &TimeZone,
    valid_from: Timestamp,
) -> Ending {
    let ends_at = at.instant("ends.at", &raw.at, zone, Edge::End);
    at.in_order("ends.at", raw.at.span().start, valid_from, ends_at);
    let known = raw.known_from.as_ref().unwrap_or(&raw.at);
    Ending {
        at: ends_at,
        known_from: at.instant("ends.known_from", known, zone, Edge::Start),
        resolution: at.words("ends.resolution", &raw.resolution),
        paragraph: raw.paragraph.as_ref().map(|text| at.words("ends.paragraph", text)),
        certainty: raw.certainty.unwrap_or(rule.certainty),
    }
}

fn exception(at: &mut At<'_>, raw: &RawException, rule: &RawRule, zone: &TimeZone) -> Exception {
    let start = raw.kind.span().start;
    let kind = *raw.kind.get_ref();
    if kind == Opening::Exempt && (raw.by.is_some() || raw.days.is_some()) {
        at.fault(start, "exception", "What is exempt asks nobody", "no `by` and no `days`, or another kind");
    }
    if kind != Opening::Exempt && raw.by.is_none() {
        at.fault(start, "exception", "Nobody is named who is told or who approves", "`by`");
    }
    if kind == Opening::Exempt && raw.when.is_empty() {
        let missing = "`when`, with end users, purposes or goods; or no rule at all";
        at.fault(start, "exception", "It exempts everything", missing);
    }
    for word in raw.when.end_users.iter().filter(|word| !EndUser::KNOWN.contains(&word.as_str())) {
        let missing = format!("one of {}", EndUser::KNOWN.join(", "));
        at.fault(start, "exception.when.end_users", format!("{word:?} is no end user"), missing);
    }
    if raw.when.items.as_ref().is_some_and(super::ItemScope::is_empty) {
        at.fault(start, "exception.when.items", "It names no goods", "goods, or no `items`");
    }
    let from = raw.valid_from.as_ref().unwrap_or(&rule.valid_from);
    let valid_from = at.instant(
        "exception.valid_from",
        from,
        zone,
        if raw.valid_from.is_some() { Edge::End } else { Edge::Start },
    );
    let valid_to = raw.valid_to.as_ref().map(|day| at.instant("exception.valid_to", day, zone, Edge::Start));
    if let (Some(until), Some(day)) = (valid_to, &raw.valid_to) {
        at.in_order("exception.valid_to", day.span().start, valid_from, until);
    }
    let known = raw.known_from.as_ref();
    Exception {
        kind,
        by: raw.by.as_ref().map(|by| at.words("exception.by", by)),
        days: raw.days.as_ref().map(|days| *days.get_ref()),
        working_days: raw.working_days,
        resolution: at.words("exception.resolution", raw.resolution.as_ref().unwrap_or(&rule.resolution)),
        paragraph: raw.paragraph.as_ref().map(|text| at.words("exception.paragraph", text)),
        valid_from,
        valid_to,
        known_from: known
            .map_or(valid_from, |day| at.instant("exception.known_from", day, zone, Edge::Start)),
        when: raw.when.clone(),
        words: at.words("exception.words", &raw.words),
        certainty: raw.certainty.unwrap_or(rule.certainty),
    }
}

/// What must hold between the fields of a rule.
fn check(at: &mut At<'_>, raw: &RawRule, regime: &Regime, rule: &Rule) {
    let target = raw.target.span().start;
    at.plain("note", &rule.note, at.start);
    at.plain("otherwise", rule.otherwise.as_deref().unwrap_or_default(), at.start);
    match rule.target.state() {
        Some(state) => {
            at.state("target.state", state, target);
            if !regime.states.contains(state) {
                let message = format!("Regime {} is not about {state}", regime.id);
                at.fault(
                    target,
                    "target.state",
                    message,
                    "a state of the regime, or the state among its `states`",
                );
            }
        }
        None if rule.direction != Direction::To => {
            let missing = "direction \"to\": of what leaves a person nobody asks here";
            at.fault(
                raw.direction.span().start,
                "direction",
                "A list without a state is about what goes to it",
                missing,
            );
        }
        None => {}
    }
    if let Target::Area { area, .. } = &rule.target
        && area.trim().is_empty()
    {
        at.fault(target, "target.area", "It is empty", "the area’s name");
    }
    if rule.items.is_empty() {
        at.fault(
            raw.items.span().start,
            "items",
            "It names no goods",
            "goods, for example { all_arms = true, parts = true }",
        );
    }
    if rule.activities.is_empty() && rule.activities_unconfirmed.is_empty() {
        at.fault(
            raw.activities.span().start,
            "activities",
            "It names no activity",
            "an activity, for example [\"supply\"]",
        );
    }
    if let Some(both) = rule.activities.intersection(&rule.activities_unconfirmed).next() {
        let message = format!("{} is confirmed and unconfirmed", both.word());
        at.fault(raw.activities.span().start, "activities", message, "each activity once");
    }
}

/// How long two rules may hold beside each other: the day on which the one replaces the other belongs to both, and no day
/// is longer.
const HANDOVER: SignedDuration = SignedDuration::from_hours(25);

/// Two rules of one regime that say something else of the same at the same time: which of them is meant cannot be told.
fn contradicts(one: &Rule, other: &Rule) -> bool {
    let end = |rule: &Rule| {
        let term = rule.term.filter(|term| term.after == AfterTerm::Ends).map(|term| term.until);
        rule.ends.as_ref().map(|ending| ending.at).into_iter().chain(term).min().unwrap_or(Timestamp::MAX)
    };
    let same = one.regime == other.regime
        && one.effect == other.effect
        && one.target == other.target
        && one.direction == other.direction
        && one.items == other.items
        && one.is_claim() == other.is_claim();
    let all = |rule: &Rule| -> BTreeSet<_> {
        rule.activities.union(&rule.activities_unconfirmed).copied().collect()
    };
    let from = one.valid_from.max(other.valid_from);
    let until = end(one).min(end(other));
    same && !all(one).is_disjoint(&all(other)) && from.duration_until(until) > HANDOVER
}
