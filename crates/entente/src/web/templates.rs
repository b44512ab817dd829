//! Every template, rendered with sample data: nothing of what people wrote leaves its
//! place, no style and no script stands in a page, headings are in order, every
//! identifier is unique, and every link carries the view.

use askama::Template;
use entente_register::ledger::{Subject, SubjectKind};
use entente_register::search::{Query, SearchField, SearchKind};
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::notice::NoticeKind;
use entente_store::reader::{
    ApplicationView, BreakRow, Found, FoundKind, FoundRow, FoundText, LicenceRow, LicenceView, NoticeCount,
};

use super::account::{AccountCells, AccountsPage};
use super::act;
use super::act::bulk::{BulkDonePage, BulkPage};
use super::brief::{AlertsPage, BriefDocument, BriefPage, BriefView, NoticeRow, NoticeSection, view};
use super::contract::{ContractCells, ContractPage, ContractsPage, FilterForm, SortLink};
use super::delivery::DeliveryPage;
use super::document::DocumentPage;
use super::execution_report::{ReportDocument, ReportPage as ExecutionReportPage};
use super::failure::FailurePage;
use super::figure::FigurePage;
use super::frame::{Choice, Control, Frame, NavLink, Person};
use super::import::{self, ChoosePage, FilePage, Offer};
use super::ledger::{EventCells, EventsPage, ReadCells, ReadsPage};
use super::line::LinePage;
use super::me::{KeyCells, MePage, Own, PasswordPage, SessionCells};
use super::opportunity::analysis::AnalysisPage;
use super::opportunity::list::{OpportunitiesPage, OpportunityCells, OpportunityForm};
use super::opportunity::page::OpportunityPage;
use super::partner::party::{PartyPage, PartyView};
use super::performance::list::{SlippageForm, SlippagesPage};
use super::plan::{PlanPage, plan_page, plans_page};
use super::proposal::Forms;
use super::report::{ReportCells, ReportPage, ReportsPage};
use super::sample::{self, HOSTILE};
use super::search::{SearchBox, SearchPage, results};
use super::sign_in::{Fault, SignInPage};
use super::transfer::application::ApplicationPage;
use super::transfer::breaks::{BreakCells, BreaksForm, BreaksPage};
use super::transfer::certificate::CertificatePage;
use super::transfer::certificates::{CertificateCells, CertificateForm, CertificatesPage};
use super::transfer::denial::{DenialCells, DenialPage, DeniedCells};
use super::transfer::guidance::{FileCells, FilePage as GuidancePage, FilesPage};
use super::transfer::inspections::{InspectionCells, InspectionPage, InspectionsPage};
use super::transfer::judged::JudgedPage;
use super::transfer::licence::LicencePage;
use super::transfer::licences::{LicenceCells, LicencesPage};
use super::transfer::list::{ApplicationCells, ApplicationsPage, TransferForm};
use super::transfer::sample_assured as assured;
use super::transfer::sample_guidance;
use super::transfer::sample_reexport as reexport;
use super::transfer::specimens::{AuthoritiesPage, AuthorityCells, SpecimensPage};
use super::visit::Pages;
use super::way::Way;
use super::{customs, opportunity, partner, payment, transfer};
use crate::error::Problem;
use crate::parameters::ViewParameters;

fn way() -> Way {
    Way::of(&ViewParameters {
        as_of: Some(sample::day("2012-09-30")),
        known_at: Some(sample::instant("2012-10-01T00:00:00Z")),
        ..ViewParameters::default()
    })
}

fn frame() -> Frame {
    let choice =
        |name: &str| Choice { value: "title_passed".to_owned(), name: name.to_owned(), chosen: true };
    Frame {
        title: HOSTILE.to_owned(),
        sheet: "/assets/entente.css".to_owned(),
        icon: "/assets/icon.svg".to_owned(),
        home: way().to("/"),
        nav: vec![NavLink { name: "Brief", href: way().to("/"), current: true }],
        person: Some(Person {
            name: HOSTILE.to_owned(),
            href: way().to("/me"),
            current: false,
            csrf: "00".to_owned(),
        }),
        search: Some(SearchBox {
            typed: HOSTILE.to_owned(),
            most: 200,
            hidden: vec![("as_of", HOSTILE.to_owned())],
        }),
        scope: Some(HOSTILE.to_owned()),
        control: Some(Control {
            action: "/".to_owned(),
            as_of: "2012-09-30".to_owned(),
            known_at: "2012-10-01T00:00:00Z".to_owned(),
            counting: vec![choice("Title passed")],
            plans: vec![choice("2012 version 3")],
            hidden: vec![("text".to_owned(), HOSTILE.to_owned())],
            reset: "/".to_owned(),
            today: Some("/?as_of=2026-01-01".to_owned()),
            fault: None,
        }),
        past: Some("As of 30 September 2012, as known on 1 October 2012 00:00 UTC".to_owned()),
        demonstration: true,
        pinned: Some(way().to("/")),
        save: Some("/me/views?as_of=2012-09-30&path=%2Fcontracts".to_owned()),
        refresh: None,
        way: way(),
        own: vec![("text".to_owned(), HOSTILE.to_owned())],
        marking: Some("CONFIDENTIAL//AVIATION".to_owned()),
    }
}

fn pages() -> Pages {
    Pages {
        place: "1–50 of 300".to_owned(),
        previous: None,
        next: Some(way().with("/contracts", &[("offset", "50")])),
    }
}

fn fault(field: &'static str) -> Option<Fault> {
    Some(Fault { message: HOSTILE.to_owned(), missing: HOSTILE.to_owned(), field })
}

fn transfer_form(path: &str) -> TransferForm {
    TransferForm {
        text: HOSTILE.to_owned(),
        destinations: vec![Choice { value: "BRA".to_owned(), name: HOSTILE.to_owned(), chosen: true }],
        states: vec![],
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        clear: Some(way().to(path)),
    }
}

fn rendered(template: &dyn askama::DynTemplate) -> String {
    template.dyn_render().unwrap()
}

fn applications(states: &[&str], opinions: bool) -> String {
    let cells = |state: &&str| {
        let row = transfer::sample::row(state);
        ApplicationCells::of(&row, sample::day("2012-09-30"), &way())
    };
    rendered(&ApplicationsPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Applications),
        tasks: vec![(HOSTILE.to_owned(), way().with("/licences", &[("verification", "overdue")]))],
        form: transfer_form("/applications"),
        opinions,
        rows: states.iter().map(cells).collect(),
        pages: pages(),
        tables: vec![("CSV", way().to("/applications.csv"))],
        offers: act::sample::offers(&way()),
    })
}

fn application(found: &ApplicationView) -> String {
    let links = transfer::sample::links(&way());
    let as_of = sample::day("2012-09-30");
    let mut view = transfer::application::view(found, as_of, "chair", &links, &way());
    let row = assured::certificate_row(assured::certificate());
    view.certificates = vec![transfer::application::CertificateLink::of(&row, &links)];
    let red_flags = vec![HOSTILE.to_owned()];
    view.beside = transfer::guidance::BesideView::of(&sample_guidance::beside(), red_flags, as_of, &way());
    view.precedents = transfer::precedents::PrecedentsView::of(&sample_guidance::precedents(), &links);
    rendered(&ApplicationPage { frame: frame(), view, offers: act::sample::offers(&way()), link: link() })
}

fn licences(rows: &[LicenceRow]) -> String {
    let cells = |row| LicenceCells::of(row, sample::day("2012-09-30"), &way());
    rendered(&LicencesPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Licences),
        form: transfer_form("/licences"),
        verifications: transfer::licences::verifications(Some("overdue")),
        rows: rows.iter().map(cells).collect(),
        pages: pages(),
        tables: vec![("CSV", way().to("/licences.csv"))],
    })
}

fn licence(found: &LicenceView) -> String {
    let links = transfer::sample::links(&way());
    let mut view = transfer::licence::view(found, sample::day("2012-09-30"), &links, &way());
    let rows = [assured::planned(false), assured::inspection(false)].map(assured::inspection_row);
    let inspected = |row| transfer::licence::InspectionLink::of(row, &links);
    view.inspections = rows.iter().map(inspected).collect();
    view.reexports = vec![transfer::reexports::ReexportLink::of(&reexport::row(), &links)];
    rendered(&LicencePage { frame: frame(), view, offers: act::sample::offers(&way()), link: link() })
}

fn certificates(told: bool) -> String {
    let links = transfer::sample::links(&way());
    let rows = [assured::certificate(), assured::bound_certificate(), assured::own_certificate()];
    let rows = rows.map(assured::certificate_row);
    let cells = |row| CertificateCells::of(row, sample::day("2012-09-30"), told, &links, &way());
    rendered(&CertificatesPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Certificates),
        form: CertificateForm {
            text: HOSTILE.to_owned(),
            states: Vec::new(),
            hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
            clear: Some(way().to("/certificates")),
        },
        told,
        rows: rows.iter().map(cells).collect(),
        pages: pages(),
        tables: vec![("CSV", way().to("/certificates.csv"))],
        offers: act::sample::offers(&way()),
    })
}

fn certificate(found: &entente_store::reader::CertificateView) -> String {
    let links = transfer::sample::links(&way());
    let mut view = transfer::certificate::view(found, sample::day("2012-09-30"), &links, &way());
    view.reexports = vec![transfer::reexports::ReexportLink::of(&reexport::row(), &links)];
    rendered(&CertificatePage { frame: frame(), view, offers: act::sample::offers(&way()), link: link() })
}

fn judged() -> String {
    let links = transfer::sample::links(&way());
    let view = transfer::judged::view(HOSTILE, &transfer::sample::judged(), &links, &way());
    rendered(&JudgedPage { frame: frame(), view })
}

fn classification(asked: bool) -> String {
    use transfer::classification::{ClassificationPage, ClassificationView};
    let links = transfer::sample::links(&way());
    // One that finds the letters of what is hostile, so that what is marked is escaped as well.
    let view = Query::parse("script")
        .ok()
        .filter(|_| asked)
        .map(|query| ClassificationView::of(&sample_guidance::classified(), &query, &links));
    rendered(&ClassificationPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Classification),
        typed: HOSTILE.to_owned(),
        most: 200,
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        view,
        fault: None,
    })
}

fn guidance_files() -> String {
    let mut rows = vec![sample_guidance::row(sample_guidance::standing())];
    rows.extend(sample_guidance::others().into_iter().map(sample_guidance::row));
    rendered(&FilesPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Guidance),
        kinds: Vec::new(),
        states: Vec::new(),
        words: HOSTILE.to_owned(),
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        clear: Some(way().to("/guidance")),
        rows: rows.iter().map(|row| FileCells::of(row, sample::day("2012-09-30"), &way())).collect(),
        pages: pages(),
        tables: vec![("CSV", way().to("/guidance.csv"))],
        offers: act::sample::offers(&way()),
    })
}

fn guidance(found: &entente_store::reader::GuidanceView) -> String {
    let links = transfer::sample::links(&way());
    rendered(&GuidancePage {
        frame: frame(),
        view: transfer::guidance::view(found, sample::day("2012-09-30"), &links, &way()),
        offers: act::sample::offers(&way()),
    })
}

fn inspections() -> String {
    let links = transfer::sample::links(&way());
    let rows = [assured::inspection(false), assured::planned(false), assured::planned(true)];
    let rows = rows.map(assured::inspection_row);
    let cells = |row| InspectionCells::of(row, sample::day("2012-09-30"), &links, &way());
    rendered(&InspectionsPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Inspections),
        states: Vec::new(),
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        clear: Some(way().to("/inspections")),
        rows: rows.iter().map(cells).collect(),
        pages: pages(),
        tables: vec![("CSV", way().to("/inspections.csv"))],
    })
}

fn denial(told: bool) -> String {
    let line = DeniedCells {
        number: 1,
        goods: HOSTILE.to_owned(),
        category: "ML2.a".to_owned(),
        quantity: "100 pieces".to_owned(),
        criteria: vec![HOSTILE.to_owned()],
    };
    let cells = DenialCells {
        denied_on: "15 June 2026".to_owned(),
        kind: "Export".to_owned(),
        destination: HOSTILE.to_owned(),
        end_users: vec![HOSTILE.to_owned()],
        lines: vec![line],
    };
    rendered(&DenialPage {
        frame: frame(),
        number: HOSTILE.to_owned(),
        application_href: way().to("/applications/O-T2026-0001"),
        action: "/applications/O-T2026-0001/denial".to_owned(),
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        audiences: vec![Choice { value: HOSTILE.to_owned(), name: HOSTILE.to_owned(), chosen: true }],
        audience: HOSTILE.to_owned(),
        told: if told { Ok(cells) } else { Err(HOSTILE.to_owned()) },
        tables: vec![("CSV", way().to("/applications/O-T2026-0001/denial.csv"))],
    })
}

fn inspection(found: &entente_store::reader::InspectionView) -> String {
    let links = transfer::sample::links(&way());
    rendered(&InspectionPage {
        frame: frame(),
        view: transfer::inspections::view(found, sample::day("2012-09-30"), &links, &way()),
        offers: act::sample::offers(&way()),
        link: link(),
    })
}

fn authorities() -> String {
    rendered(&AuthoritiesPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Specimens),
        rows: vec![AuthorityCells::of(&assured::specimens_row(), &way())],
        pages: pages(),
        tables: vec![("CSV", way().to("/specimens.csv"))],
        offers: act::sample::offers(&way()),
    })
}

fn specimens() -> String {
    rendered(&SpecimensPage {
        frame: frame(),
        view: transfer::specimens::view(&assured::specimens(), &transfer::sample::links(&way()), &way()),
        offers: act::sample::offers(&way()),
    })
}

fn link() -> Option<transfer::link::LinkSection> {
    transfer::sample_link::link(&way())
}

fn breaks(rows: &[BreakRow]) -> String {
    let links = transfer::sample::links(&way());
    let choice = || vec![Choice { value: HOSTILE.to_owned(), name: HOSTILE.to_owned(), chosen: true }];
    rendered(&BreaksPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Breaks),
        form: BreaksForm {
            kinds: choice(),
            partners: choice(),
            told: choice(),
            contract: HOSTILE.to_owned(),
            ahead: 90,
            most_ahead: 1_095,
            hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
            clear: Some(way().to("/breaks")),
        },
        by_kind: vec![(HOSTILE.to_owned(), "1".to_owned(), way().to("/breaks")); 2],
        partial: true,
        rows: rows.iter().map(|row| BreakCells::of(row, &links)).collect(),
        pages: pages(),
        tables: vec![("CSV", way().to("/breaks.csv"))],
    })
}

fn reexport_pages() -> Vec<(&'static str, String)> {
    let links = transfer::sample::links(&way());
    let list = transfer::reexports::ReexportsPage {
        frame: frame(),
        tabs: transfer::tabs(&sample::actor(), &way(), transfer::Place::Reexports),
        states: Vec::new(),
        words: HOSTILE.to_owned(),
        hidden: Vec::new(),
        clear: Some(way().to("/reexports")),
        rows: vec![transfer::reexports::ReexportCells::of(&reexport::row(), &way())],
        pages: pages(),
        tables: vec![("CSV", way().to("/reexports.csv"))],
    };
    let page = |found: entente_store::reader::ReexportView| {
        rendered(&transfer::reexport::ReexportPage {
            frame: frame(),
            view: transfer::reexport::view(&found, HOSTILE, &links, &way()),
            offers: act::sample::offers(&way()),
        })
    };
    vec![
        ("re-exports", rendered(&list)),
        ("re-export, asked for", page(reexport::asked())),
        ("re-export, proposed", page(reexport::proposed())),
        ("re-export, consented and revoked", page(reexport::consented())),
        ("re-export, refused", page(reexport::refused())),
    ]
}

fn customs_pages() -> Vec<(&'static str, String)> {
    let links = transfer::sample::links(&way());
    let tabs = |place| transfer::tabs(&sample::actor(), &way(), place);
    let overview = customs::CustomsPage {
        frame: frame(),
        tabs: tabs(transfer::Place::Customs),
        exchange: customs::ExchangeCells::of(&customs::sample::overview(), (true, true), &way()),
        directions: Vec::new(),
        hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        clear: Some(way().to("/customs")),
        rows: customs::sample::run_rows().iter().map(|row| customs::RunCells::of(row, &way())).collect(),
        pages: pages(),
        tables: vec![("CSV", way().to("/customs.csv"))],
        offers: act::sample::offers(&way()),
    };
    let run = |found: &entente_store::reader::RunView, again| {
        let page = entente_store::reader::Page::first(50);
        let view = customs::run::view(found, page, &links, &way());
        rendered(&customs::run::RunPage { frame: frame(), view, pages: pages(), again })
    };
    let file = |is_usage, fault, tried| {
        rendered(&customs::file::CustomsFilePage {
            frame: frame(),
            tabs: tabs(transfer::Place::Customs),
            title: "Bring in usage data",
            is_usage,
            action: way().to("/customs/usage"),
            trying: way().to("/customs/usage/try"),
            csrf: "00".to_owned(),
            awaited: "4".to_owned(),
            largest: 4,
            most: "5,000".to_owned(),
            fault,
            tried,
        })
    };
    let tried = |again| customs::file::tried(&customs::sample::usage(), again, &links, &way());
    let row = customs::sample::discrepancy_row();
    let list = customs::discrepancies::DiscrepanciesPage {
        frame: frame(),
        tabs: tabs(transfer::Place::Discrepancies),
        states: Vec::new(),
        licence: HOSTILE.to_owned(),
        hidden: Vec::new(),
        clear: None,
        rows: vec![customs::discrepancies::DiscrepancyCells::of(&row, &links, &way())],
        pages: pages(),
        tables: vec![("CSV", way().to("/discrepancies.csv"))],
    };
    let discrepancy = |found| {
        rendered(&customs::discrepancies::DiscrepancyPage {
            frame: frame(),
            view: customs::discrepancies::view(&found, &links, &way()),
            offers: act::sample::offers(&way()),
        })
    };
    vec![
        ("customs", rendered(&overview)),
        ("customs, a run out", run(&customs::sample::run_out(), false)),
        ("customs, a run in that came again", run(&customs::sample::run_in(), true)),
        ("customs, usage data", file(true, None, None)),
        ("customs, usage data refused", file(true, fault("file"), None)),
        ("customs, usage data tried", file(true, None, Some(tried(false)))),
        ("customs, usage data tried again", file(true, None, Some(tried(true)))),
        ("customs, a licence reply", file(false, None, None)),
        ("discrepancies", rendered(&list)),
        ("discrepancy", discrepancy(customs::sample::open())),
        ("discrepancy, closed", discrepancy(customs::sample::closed())),
    ]
}

/// What of transfers wants attention, of one kind.
fn sample_notices() -> NoticeSection {
    let row = NoticeRow {
        number: HOSTILE.to_owned(),
        href: way().to("/licences/O-L2012-0001"),
        state: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        due: HOSTILE.to_owned(),
        why: HOSTILE.to_owned(),
    };
    NoticeSection {
        word: "licence_suspended",
        title: "Licences suspended".to_owned(),
        total: 2,
        rows: vec![row],
        all: Some(way().with("/alerts", &[("kind", "licence_suspended")])),
        further: 1,
    }
}

fn problem() -> Problem {
    Problem {
        kind: "about:blank",
        title: "Unprocessable".to_owned(),
        status: 422,
        detail: HOSTILE.to_owned(),
        code: "date.malformed".to_owned(),
        field: Some(HOSTILE.to_owned()),
        missing: Some(HOSTILE.to_owned()),
        reference: Some("0123456789abcdef".to_owned()),
    }
}

fn me() -> MePage {
    MePage {
        frame: frame(),
        own: Own::of(&sample::actor()),
        csrf: "00".to_owned(),
        sessions: vec![SessionCells::of(&sample::session(true)), SessionCells::of(&sample::session(false))],
        keys: vec![KeyCells::of(&sample::api_key())],
        new_key: Some("entente_00".to_owned()),
        key_name: HOSTILE.to_owned(),
        fault: fault("days"),
        password_href: way().to("/me/password"),
    }
}

fn contracts() -> ContractsPage {
    let column =
        |order| SortLink { name: "Number", href: way().with("/contracts", &[("order", "desc")]), order };
    ContractsPage {
        frame: frame(),
        form: FilterForm {
            text: HOSTILE.to_owned(),
            partners: vec![Choice { value: "BRA".to_owned(), name: HOSTILE.to_owned(), chosen: true }],
            states: vec![],
            overdue: vec![],
            hidden: vec![("as_of".to_owned(), "2012-09-30".to_owned())],
            clear: Some(way().to("/contracts")),
        },
        columns: vec![column("ascending"), column(""), column(""), column("descending")],
        rows: vec![ContractCells::of(&sample::contract_row(), &way())],
        pages: pages(),
        counted: "title passed (accepted)".to_owned(),
        tables: vec![("CSV", way().to("/contracts.csv"))],
        import: Some(way().to("/import")),
        offers: act::sample::offers(&way()),
        bulk: act::bulk::sample::bulk(&way(), HOSTILE),
    }
}

fn search(only: Option<SearchKind>) -> SearchPage {
    let query = Query::parse("script boats").unwrap();
    let row = |subject: Subject, content: Option<String>| FoundRow {
        subject,
        name: query.mark(HOSTILE),
        number: query.mark(HOSTILE),
        partner: Some(("BRA".to_owned(), query.mark(HOSTILE))),
        texts: vec![FoundText { field: SearchField::Party, text: query.mark(HOSTILE) }],
        exact: false,
        content,
        label: Some(sample::contract_row().label),
    };
    let kinds = SearchKind::ALL.iter().map(|kind| {
        let contract = SubjectKind::Contract.subject("O-2012-0015");
        let rows = vec![row(contract.clone(), None), row(contract, Some("ab".repeat(32)))];
        FoundKind { kind: *kind, total: 200, more: *kind == SearchKind::Line, rows }
    });
    results(frame(), HOSTILE, &Found { kinds: kinds.collect(), label: None }, only, &way())
}

fn contract_view(way: &Way) -> super::contract::ContractPageView {
    let performance = super::performance::sample::performance();
    let mut view = super::contract::view(&sample::contract(), &performance, sample::day("2012-09-30"), way);
    let links = [None, Some("C-L2012-0001")].map(transfer::sample::link);
    let cells = |link| transfer::LinkCells::of(link, &transfer::sample::links(way));
    view.transfers = links.iter().map(cells).collect();
    view
}

/// Every page by name.
fn all() -> Vec<(&'static str, String)> {
    let way = way();
    let render = |template: &dyn askama::DynTemplate| template.dyn_render().unwrap();
    let counts = NoticeKind::ALL.iter().map(|kind| NoticeCount { kind: *kind, count: 3 });
    let notices = super::brief::sums(&counts.collect::<Vec<_>>(), &way);
    let brief_page = |brief| {
        let brief = BriefView { notices: notices.clone(), ..view(brief, &way) };
        render(&BriefPage { frame: frame(), brief })
    };
    let report_page = |brief| {
        let (report, pdf_href) =
            (super::execution_report::view(brief, &way), way.to("/execution-report.pdf"));
        render(&ExecutionReportPage { frame: frame(), report, pdf_href })
    };
    let figure = |opened| {
        render(&FigurePage {
            tables: vec![("CSV", way.to("/rows.csv"))],
            frame: frame(),
            figure: super::figure::view(opened, &way),
            pages: pages(),
            brief_href: way.to("/"),
        })
    };
    let sections = super::brief::sections(&sample::brief(), &way, 1);
    let subject = "delivery:O-2012-0015.2.7".parse().unwrap();
    let hash = "ab".repeat(32);
    let files = import::sample::previews().into_iter().map(|(name, preview)| {
        let file = import::sample::file(&way);
        (name, render(&FilePage { frame: frame(), csrf: "00".to_owned(), file, preview }))
    });
    let mut all = vec![
        ("brief", brief_page(&sample::brief())),
        ("brief, unknown", brief_page(&sample::unknown_brief())),
        ("execution report", report_page(&sample::brief())),
        ("execution report, unknown", report_page(&sample::unknown_brief())),
        ("denial", denial(true)),
        ("denial, marked higher", denial(false)),
        ("alerts", {
            let kinds = vec![("All".to_owned(), way.to("/alerts"), true)];
            let notices = vec![sample_notices()];
            render(&AlertsPage {
                frame: frame(),
                under_brief: true,
                sections: sections.clone(),
                notices,
                kinds,
                list: None,
            })
        }),
        ("alerts of a kind", {
            let kinds = vec![("Overdue lines".to_owned(), way.to("/alerts"), true)];
            let list = Some((pages(), vec![("CSV", way.to("/alerts.csv"))]));
            render(&AlertsPage {
                frame: frame(),
                under_brief: false,
                sections,
                notices: Vec::new(),
                kinds,
                list,
            })
        }),
        ("figure, rows", figure(&sample::figure())),
        ("figure, formula", figure(&sample::formula())),
        ("contracts", render(&contracts())),
        ("no contracts", render(&ContractsPage { rows: vec![], ..contracts() })),
        (
            "contract",
            render(&ContractPage {
                link: link(),
                frame: frame(),
                contract: contract_view(&way),
                offers: act::sample::offers(&way),
            }),
        ),
        ("contract, with its money", {
            let money = payment::money_view(&payment::sample::contract(), sample::day("2012-09-30"), &way);
            let mut contract = contract_view(&way);
            contract.money = Some(money);
            render(&ContractPage { frame: frame(), contract, offers: act::sample::offers(&way), link: None })
        }),
        (
            "payments",
            render(&payment::PaymentsPage {
                frame: frame(),
                view: payment::view(&payment::sample::payments(), &way),
                pages: pages(),
            }),
        ),
        (
            "payments of a contract",
            render(&payment::ContractPaymentsPage {
                frame: frame(),
                money: payment::money_view(&payment::sample::contract(), sample::day("2012-09-30"), &way),
                offers: act::sample::offers(&way),
            }),
        ),
        (
            "rates",
            render(&payment::RatesPage {
                frame: frame(),
                rows: vec![payment::RateCells::of(&payment::sample::rate(), &way)],
                pages: pages(),
                offers: act::sample::offers(&way),
            }),
        ),
        (
            "partners",
            render(&partner::list::PartnersPage {
                frame: frame(),
                rows: vec![partner::list::PartnerCells {
                    code: "BRA".to_owned(),
                    name: HOSTILE.to_owned(),
                    href: way.to("/partners/BRA"),
                    groups: HOSTILE.to_owned(),
                }],
                parties: way.to("/parties"),
                offers: act::sample::offers(&way),
            }),
        ),
        (
            "parties",
            render(&partner::parties::PartiesPage {
                frame: frame(),
                text: HOSTILE.to_owned(),
                state: HOSTILE.to_owned(),
                kinds: vec![],
                hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
                clear: Some(way.to("/parties")),
                rows: vec![partner::parties::PartyCells {
                    number: "O-P0001".to_owned(),
                    href: way.to("/parties/O-P0001"),
                    name: HOSTILE.to_owned(),
                    kind: "Company".to_owned(),
                    state: HOSTILE.to_owned(),
                    contracts: "2".to_owned(),
                    label: HOSTILE.to_owned(),
                }],
                pages: pages(),
                tables: vec![("CSV", way.to("/parties.csv"))],
                offers: act::sample::offers(&way),
            }),
        ),
        (
            "reports",
            render(&ReportsPage {
                frame: frame(),
                states: vec![],
                hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
                contract: HOSTILE.to_owned(),
                clear: Some(way.to("/reports")),
                rows: ["filed", "returned", "accepted"]
                    .map(|state| ReportCells::of(&super::report::sample(state).row, &way))
                    .to_vec(),
                pages: pages(),
                files: true,
                bulk: act::bulk::sample::bulk(&way, HOSTILE),
            }),
        ),
        (
            "report",
            render(&ReportPage {
                frame: frame(),
                ..super::report::view(&super::report::sample("accepted"), &way)
            }),
        ),
        (
            "saved views",
            render(&super::saved::SavedViewsPage {
                frame: frame(),
                csrf: HOSTILE.to_owned(),
                views: vec![entente_store::SavedView {
                    name: HOSTILE.to_owned(),
                    path: way.to("/contracts"),
                }],
                path: "/contracts?text=%3Cb%3E".to_owned(),
                name: HOSTILE.to_owned(),
                fault: None,
            }),
        ),
        (
            "slippages",
            render(&SlippagesPage {
                frame: frame(),
                form: SlippageForm {
                    partners: vec![],
                    states: vec![],
                    causes: vec![],
                    sides: vec![],
                    hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
                    clear: Some(way.to("/slippages")),
                },
                sums: super::performance::list::sample_sums(&way),
                rows: super::performance::list::sample_rows(&way),
                pages: pages(),
                tables: vec![("CSV", way.to("/slippages.csv"))],
            }),
        ),
        (
            "opportunities",
            render(&OpportunitiesPage {
                frame: frame(),
                offers: act::sample::offers(&way),
                form: OpportunityForm {
                    text: HOSTILE.to_owned(),
                    partners: vec![],
                    states: vec![],
                    kinds: vec![],
                    hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
                    clear: Some(way.to("/opportunities")),
                },
                rows: ["open", "offered", "lost"]
                    .map(|state| {
                        let row = opportunity::sample::row(state);
                        OpportunityCells::of(&row, sample::day("2012-09-30"), &way)
                    })
                    .to_vec(),
                pages: pages(),
                tables: vec![("CSV", way.to("/opportunities.csv"))],
            }),
        ),
        (
            "opportunity",
            render(&OpportunityPage {
                frame: frame(),
                view: opportunity::page::view(
                    &opportunity::sample::opportunity(),
                    sample::day("2012-09-30"),
                    &way,
                ),
                offers: act::sample::offers(&way),
            }),
        ),
        ("applications", applications(&["open", "proposed", "draft", "granted"], true)),
        ("applications, as an applicant sees them", applications(&["open"], false)),
        ("applications, none", applications(&[], true)),
        ("application, as it is decided on", application(&transfer::sample::application(Sight::Whole))),
        ("application, to an agency", application(&transfer::sample::application(Sight::Agency))),
        ("application, to its applicant", application(&transfer::sample::application(Sight::Applicant))),
        ("application, granted", application(&transfer::sample::granted())),
        ("application, submitted", application(&transfer::sample::submitted())),
        ("application, a draft", application(&transfer::sample::draft())),
        ("licences", licences(&[transfer::sample::licence_row()])),
        ("licences, none", licences(&[])),
        ("licence", licence(&transfer::sample::licence())),
        ("licence, of which nothing went", licence(&transfer::sample::fresh())),
        ("breaks", breaks(&transfer::sample_link::breaks())),
        ("breaks, none", breaks(&[])),
        ("certificates", certificates(true)),
        ("certificates, to an exporter", certificates(false)),
        ("certificate, against which much stands", certificate(&assured::certificate())),
        ("certificate, bound", certificate(&assured::bound_certificate())),
        ("certificate, to its exporter", certificate(&assured::own_certificate())),
        ("decision, judged again", judged()),
        ("guidance", guidance_files()),
        ("guidance, a standing assessment", guidance(&sample_guidance::standing())),
        ("guidance, a denial", guidance(&sample_guidance::others()[0])),
        ("guidance, a quota", guidance(&sample_guidance::others()[1])),
        ("guidance, an indicator", guidance(&sample_guidance::others()[2])),
        ("guidance, an agency", guidance(&sample_guidance::others()[3])),
        ("guidance, routing rules", guidance(&sample_guidance::others()[4])),
        ("guidance, recognition", guidance(&sample_guidance::others()[5])),
        ("guidance, a control list", guidance(&sample_guidance::others()[6])),
        ("classification", classification(true)),
        ("classification, before anything is asked", classification(false)),
        ("inspections", inspections()),
        ("inspection, an incident", inspection(&assured::inspection(false))),
        ("inspection, closed", inspection(&assured::inspection(true))),
        ("inspection, planned", inspection(&assured::planned(false))),
        ("specimens, by authority", authorities()),
        ("specimens", specimens()),
        (
            "opportunities, analysis",
            render(&AnalysisPage { frame: frame(), view: opportunity::sample::analysis(&way) }),
        ),
        (
            "line",
            render(&LinePage {
                link: link(),
                frame: frame(),
                view: super::line::view(&sample::line(), sample::day("2012-09-30"), &way),
                pages: pages(),
                bulk: act::bulk::sample::bulk(&way, HOSTILE),
                offers: act::sample::offers(&way),
            }),
        ),
        (
            "delivery",
            render(&DeliveryPage {
                link: link(),
                frame: frame(),
                view: super::delivery::view(&sample::delivery(), &way),
                offers: act::sample::offers(&way),
            }),
        ),
        (
            "document",
            render(&DocumentPage {
                frame: frame(),
                document: super::document::view(&sample::document(), &subject, &hash, &way),
            }),
        ),
        ("plans", {
            let rows = [sample::plan_row(4, "draft"), sample::plan_row(3, "frozen")];
            render(&plans_page(&rows, frame(), &way))
        }),
        ("plan", render(&plan_page(&sample::plan(), true, frame(), pages(), &way))),
        ("plan, with its forms", {
            let forms = Forms {
                action: way.to("/plans/2012:3"),
                csrf: "token".to_owned(),
                may_propose: true,
                answering: vec![Choice {
                    value: "O-P0002".to_owned(),
                    name: sample::HOSTILE.to_owned(),
                    chosen: true,
                }],
                may_return: true,
                may_approve: true,
                goes_over: true,
                ..Forms::default()
            };
            let fault = Some(Fault {
                message: sample::HOSTILE.to_owned(),
                missing: sample::HOSTILE.to_owned(),
                field: "object-items",
            });
            render(&PlanPage { forms, fault, ..plan_page(&sample::plan(), true, frame(), pages(), &way) })
        }),
        (
            "accounts",
            render(&AccountsPage { frame: frame(), rows: vec![AccountCells::of(&sample::account())] }),
        ),
        (
            "events",
            render(&EventsPage {
                later: Some(("1 event".to_owned(), way.to("/ledger"))),
                frame: frame(),
                rows: vec![EventCells::of(&sample::event())],
                pages: pages(),
                reads_href: way.to("/ledger/reads"),
            }),
        ),
        (
            "reads",
            render(&ReadsPage {
                frame: frame(),
                rows: vec![ReadCells::of(&sample::read())],
                pages: pages(),
                events_href: way.to("/ledger"),
            }),
        ),
        (
            "sign-in",
            render(&SignInPage {
                frame: frame(),
                account: HOSTILE.to_owned(),
                next: HOSTILE.to_owned(),
                fault: fault("account"),
            }),
        ),
        (
            "import",
            render(&ChoosePage {
                frame: frame(),
                csrf: "00".to_owned(),
                offers: Offer::all(),
                most: 256,
                category: HOSTILE.to_owned(),
                waiting: vec![import::sample::file(&way)],
                fault: fault("file"),
            }),
        ),
        ("search", render(&search(None))),
        ("search, one kind", {
            let page = search(Some(SearchKind::Contract));
            render(&SearchPage { pages: Some(pages()), more: true, ..page })
        }),
        ("search, nothing", {
            let none = Found { kinds: vec![], label: None };
            render(&SearchPage { fault: fault("search-q"), ..results(frame(), HOSTILE, &none, None, &way) })
        }),
        ("me", render(&me())),
        (
            "password",
            render(&PasswordPage {
                least: 12,
                frame: frame(),
                account: HOSTILE.to_owned(),
                csrf: "00".to_owned(),
                forced: true,
                next: HOSTILE.to_owned(),
                fault: fault("new"),
            }),
        ),
        (
            "failure",
            render(&FailurePage {
                frame: frame(),
                heading: super::failure::heading(422),
                problem: &problem(),
            }),
        ),
    ];
    all.extend(customs_pages());
    all.extend(reexport_pages());
    all.extend(files);
    all.push(("party", {
        let view = super::partner::party::view(&sample::party_file(), HOSTILE, &way);
        let screening = Some(super::screening::sample::screening(&way));
        render(&PartyPage { frame: frame(), view: PartyView { screening, ..view } })
    }));
    all.extend(super::screening::sample::pages(&frame(), &way, &pages()));
    let market = super::market::sample::pages(&frame(), &way, &pages());
    all.extend(market.markets.iter().map(|page| ("market", render(page))));
    all.extend(market.deals.iter().map(|page| ("deals", render(page))));
    all.push(("groups", render(&market.groups)));
    all.extend(market.group.iter().map(|page| ("group", render(page))));
    let embargo = super::embargo::sample::pages(&frame(), &way);
    all.extend(embargo.overviews.iter().map(|page| ("embargoes", render(page))));
    all.extend(embargo.files.iter().map(|page| ("embargo", render(page))));
    all.push(("edition of an embargo", render(&embargo.edition)));
    all.push(("policy of embargoes", render(&embargo.policy)));
    all.extend(embargo.checks.iter().map(|page| ("embargo asked", render(page))));
    for slip in [None, Some(act::bulk::sample::slip(HOSTILE))] {
        let view = act::bulk::sample::view(HOSTILE);
        all.push(("act on many", render(&BulkPage { frame: frame(), view, slip })));
    }
    all.push((
        "act on many, done",
        render(&BulkDonePage {
            frame: frame(),
            title: HOSTILE.to_owned(),
            rows: act::bulk::sample::rows(HOSTILE),
            sums: vec!["2.00 USD".to_owned()],
            back: (way.to("/reports"), HOSTILE.to_owned()),
        }),
    ));
    all.extend(act::sample::pages(&frame(), &way).iter().map(|page| ("act", render(page))));
    all
}

/// The values of an attribute, in order.
fn attribute<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!(" {name}=\"");
    text.match_indices(&opening).filter_map(|(at, _)| text[at + opening.len()..].split('"').next()).collect()
}

#[test]
fn every_page_is_safe_and_in_order() {
    for (name, text) in all() {
        assert!(!text.contains("<script"), "{name}: a script");
        assert!(!text.contains("<style") && !text.contains(" style="), "{name}: a style");
        assert!(!text.contains(" onclick=") && !text.contains("javascript:"), "{name}");
        assert!(!text.contains("{{") && !text.contains("{%"), "{name}: a template's own sign");

        let mut ids = attribute(&text, "id");
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(count, ids.len(), "{name}: an identifier stands twice");
        for reference in ["for", "aria-labelledby", "aria-describedby"] {
            for value in attribute(&text, reference) {
                for id in value.split(' ') {
                    assert!(ids.contains(&id), "{name}: {reference} names no {id}");
                }
            }
        }

        let mut level = 0;
        for part in text.split("<h").skip(1) {
            let Some(next) = part.chars().next().and_then(|c| c.to_digit(10)) else { continue };
            assert!(next <= level + 1, "{name}: h{next} after h{level}");
            assert!(next > 1 || level == 0, "{name}: a second h1");
            level = next;
        }
        assert!(level > 0, "{name}: no heading");

        for mark in ["<main id=\"main\"", "class=\"skip\"", "lang=\"en\"", "<header", "<footer"] {
            assert!(text.contains(mark), "{name}: no {mark}");
        }
        for table in text.split("<table").skip(1) {
            assert!(table.split("</table>").next().unwrap().contains("<caption"), "{name}: a bare table");
        }
        assert_eq!(
            text.matches("<th ").count(),
            text.matches(" scope=").count(),
            "{name}: a th without scope"
        );
    }
}

#[test]
fn every_link_carries_the_view() {
    // Sign-out and the forms of the person's page change nothing of the view; a failure has none.
    for (name, text) in all().into_iter().filter(|(name, _)| *name != "failure") {
        for href in attribute(&text, "href") {
            let carries = href.contains("as_of=");
            let exempt = href.starts_with('#') || href.starts_with("/assets/") || href == "/";
            assert!(carries || exempt, "{name}: {href}");
        }
    }
}

#[test]
fn what_is_not_known_is_never_a_zero() {
    let (_, text) = all().into_iter().find(|(name, _)| *name == "brief, unknown").unwrap();
    assert!(text.contains("no plan of 2012 was approved by 30 September 2012"));
    assert!(text.contains("fewer than three earlier years can be tested"));
    let lead = text.split("class=\"lead\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(!lead.contains(">0.0<"), "{lead}");
}

#[test]
fn the_headline_says_the_exact_amount() {
    let (_, text) = all().into_iter().find(|(name, _)| *name == "brief").unwrap();
    for expected in
        ["10,700.0", "10,700,000,000.00 USD", "13,560,000,000.00 USD", "78.9\u{202f}%", "+2.7\u{202f}%"]
    {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(text.contains("/figures/deliveries.delivered?as_of=2012-09-30"), "the figure opens");
}

#[test]
fn the_brief_as_a_document_stands_by_itself() {
    let text = BriefDocument::of(&sample::brief(), true).render().unwrap();
    assert!(!text.contains("<a ") && !text.contains("<script") && !text.contains("<link"));
    assert!(text.contains("10,700,000,000.00 USD") && text.contains("every contract is invented"));
    assert!(!text.contains("url("), "the sheet fetches nothing");
    let marking = "CONFIDENTIAL//AVIATION</p>";
    assert!(text.contains(&format!("<p class=\"running\" aria-hidden=\"true\">{marking}")), "on every sheet");
    assert!(text.contains(&format!("<p class=\"marking\">{marking}")), "at the head");
}

#[test]
fn the_report_as_a_document_stands_by_itself() {
    let text = ReportDocument::of(&sample::brief(), true).render().unwrap();
    // The contents lead within it, and nothing leads out.
    assert!(!text.replace("<a href=\"#", "").contains("<a ") && !text.contains("<script"));
    assert!(!text.contains("<link") && !text.contains("url("));
    assert!(text.contains("10,700,000,000.00 USD") && text.contains("every contract is invented"));
    let marking = "CONFIDENTIAL//AVIATION</p>";
    for class in ["running", "running running-foot"] {
        assert!(text.contains(&format!("<p class=\"{class}\" aria-hidden=\"true\">{marking}")), "{class}");
    }
}

#[test]
fn a_sum_that_does_not_hold_is_told() {
    let mut opened = sample::figure();
    let holds = super::figure::view(&opened, &way()).sum;
    assert!(holds.holds && holds.words.contains("equal to the figure"), "{}", holds.words);
    opened.sources_sum += 1;
    assert!(!super::figure::view(&opened, &way()).sum.holds);
}

/// The fan is of a forecast that has an interval; one without may err less, and the words must not deny it.
#[test]
fn the_fan_is_not_called_better_than_it_is() {
    use entente_register::brief::{Known, Method};
    let mut brief = sample::brief();
    let plan = brief.forecasts.iter_mut().find(|forecast| forecast.method == Method::Plan).unwrap();
    plan.interval = Known::Value((1_300_000_000_000, 1_500_000_000_000));
    plan.backtest_error_pct = Known::Value(entente_register::money::Decimal { scaled: 20, digits: 1 });
    let text = BriefDocument::of(&brief, false).render().unwrap();
    assert!(text.contains("Of the forecasts that have an interval, it has the smallest back-test error."));
    let wide = text.split("class=\"chart wide\"").nth(1).unwrap().split("</svg>").next().unwrap();
    assert_eq!(wide.matches(">Plan</text>").count(), 1, "the plan stands at the year's end once");
}

/// Writes every page into the folder that `ENTENTE_GALLERY` names, for the eye: serve the folder and look.
#[test]
fn gallery() {
    let Some(folder) = std::env::var_os("ENTENTE_GALLERY").map(std::path::PathBuf::from) else { return };
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    std::fs::write(folder.join("assets/entente.css"), super::asset::SHEET).unwrap();
    std::fs::write(
        folder.join("brief-document.html"),
        BriefDocument::of(&sample::brief(), true).render().unwrap(),
    )
    .unwrap();
    for (name, text) in all() {
        std::fs::write(folder.join(format!("{}.html", name.replace([',', ' '], "-"))), text).unwrap();
    }
}
