//! What stands around every page: wordmark, navigation by right, the control of the view, and what must be said of it.

use entente_register::access::{Actor, CommandKind, Reading, may_command, may_read};
use entente_register::contract::delivery::Counting;
use entente_register::label::Label;
use entente_store::reader::{PlanRow, Reader};

use super::asset;
use super::search::SearchBox;
use super::show;
use super::sign_in::Fault;
use super::spreadsheet::ways;
use super::way::Way;
use crate::app::App;
use crate::error::Problem;
use crate::parameters::{NAMES, ViewParameters};
use crate::session::Signed;

/// A part of the site, as the navigation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Brief,
    Contracts,
    Calendar,
    Partners,
    /// Statistics that others publish.
    Market,
    Opportunities,
    Payments,
    /// What exporters and manufacturers report.
    Reports,
    Plans,
    /// Applications and licences.
    Transfers,
    /// Lists of those under measures, and cases.
    Screening,
    Accounts,
    Ledger,
    Me,
    /// What is found in all parts.
    Search,
    /// No part of the site: a failure.
    None,
}

/// The parts that the navigation shows, each to those who may read it.
const PARTS: [(Part, Reading, &str, &str); 15] = [
    (Part::Brief, Reading::Brief, "Brief", "/"),
    (Part::Contracts, Reading::Contracts, "Contracts", "/contracts"),
    (Part::Calendar, Reading::Contracts, "Calendar", "/calendar"),
    (Part::Partners, Reading::Partners, "Partners", "/partners"),
    (Part::Market, Reading::Partners, "Market", "/market"),
    (Part::Opportunities, Reading::Opportunities, "Opportunities", "/opportunities"),
    (Part::Payments, Reading::Payments, "Payments", "/payments"),
    (Part::Reports, Reading::Contracts, "Reports", "/reports"),
    (Part::Plans, Reading::Plans, "Plans", "/plans"),
    (Part::Transfers, Reading::Applications, "Transfers", "/applications"),
    // For whoever reads licences alone, such as customs.
    (Part::Transfers, Reading::Licences, "Transfers", "/licences"),
    // For whoever reads of certificates and of neither, such as treaty officers.
    (Part::Transfers, Reading::Certificates, "Transfers", "/certificates"),
    (Part::Screening, Reading::Screening, "Screening", "/screening"),
    (Part::Accounts, Reading::Accounts, "Accounts", "/accounts"),
    (Part::Ledger, Reading::Ledger, "Ledger", "/ledger"),
];

/// Whether someone files reports or answers them: others reach them from their contract.
fn has_reports(actor: &Actor) -> bool {
    [CommandKind::ReportFile, CommandKind::ReportAccept]
        .into_iter()
        .any(|command| may_command(actor, command).is_ok())
}

/// The first part that someone may read, or the person's own page.
pub(crate) fn first_part(actor: &Actor) -> &'static str {
    PARTS.iter().find(|part| may_read(actor, part.1).is_some()).map_or("/me", |part| part.3)
}

/// A link of the navigation.
#[derive(Debug, Clone)]
pub(crate) struct NavLink {
    pub(crate) name: &'static str,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// Who has signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) current: bool,
    /// Of the sign-out form.
    pub(crate) csrf: String,
}

/// A choice of the control.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) chosen: bool,
}

impl Choice {
    /// Partners to choose from by code and name, under one that narrows nothing and is called `all`.
    pub(crate) fn partners(all: &str, partners: &[(String, String)], chosen: Option<&str>) -> Vec<Choice> {
        let none = Choice { value: String::new(), name: all.to_owned(), chosen: chosen.is_none() };
        let each = partners.iter().map(|(code, name)| Choice {
            value: code.clone(),
            name: format!("{name} ({code})"),
            chosen: chosen == Some(code.as_str()),
        });
        std::iter::once(none).chain(each).collect()
    }
}

/// The control "as of / as known at": a plain GET form.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    /// The page itself.
    pub(crate) action: String,
    pub(crate) as_of: String,
    pub(crate) known_at: String,
    /// Counting rules and plan versions, where the page has figures.
    pub(crate) counting: Vec<Choice>,
    pub(crate) plans: Vec<Choice>,
    /// What else the page was asked with.
    pub(crate) hidden: Vec<(String, String)>,
    /// The same page without a view of its own.
    pub(crate) reset: String,
    /// The same page as of today, as known now; none where that is what `reset` gives.
    pub(crate) today: Option<String>,
    /// What cannot be used of what was typed, beside its field.
    pub(crate) fault: Option<Fault>,
}

impl Control {
    /// The control of a page that refuses what was typed in it, as it was typed, with the fault beside its field;
    /// none where the refusal is not of the view.
    pub(crate) fn refused(problem: &Problem, path: &str, pairs: &[(String, String)]) -> Option<Control> {
        let field = match problem.field.as_deref()? {
            "as_of" => "control-as-of",
            "known_at" => "control-known-at",
            "counting" => "control-counting",
            "plan" => "control-plan",
            _ => return None,
        };
        let typed = |name: &str| {
            let (_, value) = pairs.iter().find(|(own, _)| own == name)?;
            Some(value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let (counting, plan) = (typed("counting"), typed("plan"));
        let rule = |word: &str, name: String| Choice {
            value: word.to_owned(),
            name,
            chosen: counting.as_deref().unwrap_or_default() == word,
        };
        let latest =
            Choice { value: String::new(), name: "Latest approved".to_owned(), chosen: plan.is_none() };
        let known = |word: &str| Counting::ALL.iter().any(|rule| rule.word() == word);
        Some(Control {
            action: path.to_owned(),
            as_of: typed("as_of").unwrap_or_default(),
            known_at: typed("known_at").unwrap_or_default(),
            counting: Counting::ALL
                .iter()
                .map(|own| rule(own.word(), show::capital(own.name())))
                .chain(counting.iter().filter(|word| !known(word)).map(|word| rule(word, word.clone())))
                .collect(),
            plans: [latest]
                .into_iter()
                .chain(plan.iter().map(|plan| Choice {
                    value: plan.clone(),
                    name: plan.clone(),
                    chosen: true,
                }))
                .collect(),
            hidden: pairs
                .iter()
                .filter(|(name, value)| {
                    !value.is_empty()
                        && !["as_of", "known_at", "counting", "plan", "offset"].contains(&name.as_str())
                })
                .cloned()
                .collect(),
            reset: path.to_owned(),
            today: None,
            fault: Some(Fault {
                message: problem.detail.clone(),
                missing: problem.missing.clone().unwrap_or_default(),
                field,
            }),
        })
    }
}

/// What surrounds a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frame {
    pub(crate) title: String,
    /// Address of the style sheet.
    pub(crate) sheet: String,
    /// Address of the icon.
    pub(crate) icon: String,
    pub(crate) home: String,
    pub(crate) nav: Vec<NavLink>,
    pub(crate) person: Option<Person>,
    pub(crate) search: Option<SearchBox>,
    pub(crate) control: Option<Control>,
    /// Of which contracts the page is: `contracts marked up to OFFICIAL`.
    pub(crate) scope: Option<String>,
    /// `As of 30 September 2012, as known on 1 October 2012 00:00 UTC`, where that is not today and now.
    pub(crate) past: Option<String>,
    pub(crate) demonstration: bool,
    /// The view pinned to its day and instant, for a link that shows the same tomorrow.
    pub(crate) pinned: Option<String>,
    /// Where the view can be saved under a name.
    pub(crate) save: Option<String>,
    /// After how many seconds the page asks again by itself; none for a page that stands.
    pub(crate) refresh: Option<u32>,
    pub(crate) way: Way,
    /// What the page itself was asked with beside its view and its place in a list.
    pub(crate) own: Vec<(String, String)>,
    /// The marking of all that the page shows; it stands at its head, and on paper at the head of every sheet.
    pub(crate) marking: Option<String>,
}

impl Frame {
    /// With the marking of what the page shows.
    #[must_use]
    pub(crate) fn marked(mut self, label: Option<&Label>) -> Frame {
        self.marking = label.map(ToString::to_string);
        self
    }

    /// With the join of the markings of the rows that the page shows.
    #[must_use]
    pub(crate) fn marked_by<'a>(self, mut labels: impl Iterator<Item = &'a Label>) -> Frame {
        let first = labels.next().cloned();
        let joined = first.map(|first| labels.fold(first, |joined, label| joined.join(label)));
        self.marked(joined.as_ref())
    }

    /// A table of the page for spreadsheets, form and address: with the view and the filter of the page, and all
    /// its rows.
    pub(crate) fn tables(&self, path: &str) -> Vec<(&'static str, String)> {
        let own: Vec<(&str, &str)> =
            self.own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        ways(|ending| self.way.with(&format!("{path}.{ending}"), &own))
    }

    /// Of a page without a view: sign-in, failures.
    pub(crate) fn bare(app: &App, title: impl Into<String>) -> Frame {
        Frame {
            title: title.into(),
            sheet: asset::sheet_path().to_owned(),
            icon: asset::icon_path().to_owned(),
            home: "/".to_owned(),
            demonstration: app.defaults.demonstration,
            ..Frame::default()
        }
    }

    /// Of a person's page.
    pub(crate) fn of(
        app: &App,
        signed: &Signed,
        view: &ViewParameters,
        part: Part,
        title: impl Into<String>,
    ) -> Frame {
        let way = Way::of(view);
        let actor = signed.actor();
        let nav = PARTS
            .iter()
            .filter(|(_, reading, ..)| !signed.session.must_change && may_read(actor, *reading).is_some())
            .filter(|(part, ..)| *part != Part::Reports || has_reports(actor))
            .filter(|(_, reading, ..)| {
                let beside = match reading {
                    Reading::Licences => &[Reading::Applications][..],
                    Reading::Certificates => &[Reading::Applications, Reading::Licences],
                    _ => &[],
                };
                beside.iter().all(|other| may_read(actor, *other).is_none())
            })
            .map(|(own, _, name, path)| NavLink { name, href: way.to(path), current: *own == part })
            .collect();
        Frame {
            home: way.to("/"),
            nav,
            person: Some(Person {
                name: actor.name.clone(),
                href: way.to("/me"),
                current: part == Part::Me,
                csrf: signed.form_token(),
            }),
            search: SearchBox::of(actor, view.pairs()).filter(|_| !signed.session.must_change),
            way,
            ..Frame::bare(app, title)
        }
    }

    /// With the control of the view, and the word on the past.
    ///
    /// `path` and `pairs` are what the page was asked with, `plans` the versions to choose
    /// from where the page has figures.
    #[must_use]
    pub(crate) fn with_control(
        mut self,
        app: &App,
        view: &ViewParameters,
        reader: &Reader,
        path: &str,
        pairs: &[(String, String)],
        plans: Option<&[PlanRow]>,
    ) -> Frame {
        let effective = view.or(&app.defaults);
        let shown = |name: &str| match name {
            "as_of" | "known_at" => true,
            "counting" | "plan" => plans.is_some(),
            // Another view begins its lists at their top.
            "offset" => true,
            _ => false,
        };
        let hidden: Vec<(String, String)> =
            pairs.iter().filter(|(name, value)| !shown(name) && !value.is_empty()).cloned().collect();
        // The whole view stands in each link already, also what the control of this page does not show.
        let others: Vec<(&str, &str)> = hidden
            .iter()
            .filter(|(name, _)| !NAMES.contains(&name.as_str()))
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        self.own = hidden
            .iter()
            .filter(|(name, _)| {
                !NAMES.contains(&name.as_str()) && !matches!(name.as_str(), "limit" | "choose")
            })
            .cloned()
            .collect();
        let today = app.store.today();
        let live = ViewParameters { as_of: Some(today), known_at: Some(app.store.now()), ..*view };
        let conventions = ViewParameters { as_of: None, known_at: None, ..*view };
        self.scope = Some(reader.scope());
        self.control = Some(Control {
            action: path.to_owned(),
            as_of: reader.as_of().to_string(),
            // The instant in force, named or the register's own for its own day, so that the form sent as
            // it stands shows the same again. Empty is now.
            known_at: view
                .known_at
                .or(app.defaults.known_at.filter(|_| view.as_of.is_none()))
                .map(|at| at.to_string())
                .unwrap_or_default(),
            counting: plans.map(|_| counting_choices(view)).unwrap_or_default(),
            plans: plans.map(|rows| plan_choices(view, rows, reader.as_of().year())).unwrap_or_default(),
            hidden: hidden.clone(),
            reset: Way::of(&conventions).with(path, &others),
            today: app
                .defaults
                .as_of
                .or_else(|| app.defaults.known_at.map(|_| today))
                .map(|_| Way::of(&live).with(path, &others)),
            fault: None,
        });
        let pinned =
            ViewParameters { as_of: Some(reader.as_of()), known_at: Some(reader.known_at()), ..*view };
        self.pinned = Some(Way::of(&pinned).with(path, &others));
        let here = Way::of(view).with(path, &others);
        self.save = Some(Way::of(view).with("/me/views", &[("path", here.as_str())]));
        self.past = (reader.as_of() != today || effective.known_at.is_some()).then(|| {
            let said = format!(
                "As of {}, as known on {}",
                show::long_day(reader.as_of()),
                show::long_instant(reader.known_at())
            );
            match show::known_until(reader.as_of(), reader.known_at()) {
                Some(day) => format!("{said}. What happened after {} is not known.", show::long_day(day)),
                None => said,
            }
        });
        self
    }
}

fn counting_choices(view: &ViewParameters) -> Vec<Choice> {
    let chosen = view.options().counting;
    Counting::ALL
        .into_iter()
        .map(|rule| Choice {
            value: rule.word().to_owned(),
            name: show::capital(rule.name()),
            chosen: rule == chosen,
        })
        .collect()
}

/// The versions of the year, the latest first, under "as approved by the date"; and one chosen of another year.
fn plan_choices(view: &ViewParameters, rows: &[PlanRow], year: i16) -> Vec<Choice> {
    let mut choices = vec![Choice {
        value: String::new(),
        name: "Latest approved".to_owned(),
        chosen: view.plan.is_none(),
    }];
    let frozen = rows.iter().filter(|row| row.state == "frozen");
    for row in frozen.filter(|row| row.version.year == year || view.plan == Some(row.version)) {
        choices.push(Choice {
            value: row.version.to_string(),
            name: format!("{} version {}", row.version.year, row.version.version),
            chosen: view.plan == Some(row.version),
        });
    }
    if let Some(plan) = view.plan.filter(|plan| !choices.iter().any(|c| c.value == plan.to_string())) {
        // What was asked for stays chosen, so that the page says why it cannot be used.
        choices.push(Choice { value: plan.to_string(), name: plan.to_string(), chosen: true });
    }
    choices
}
