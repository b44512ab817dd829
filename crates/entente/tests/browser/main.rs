//! The pages in a browser: a chair signs in with a one-time password by the keyboard alone, opens
//! the brief, drills to a document of a delivery, changes the date, and prints. Once with
//! JavaScript and once without, because the pages need none.
//!
//! Needs `chromedriver` and `chromium` (Debian: `chromium-driver`); without them it says so and passes.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod driver;

use std::net::SocketAddr;

use driver::{Browser, ENTER, TAB, programs};
use entente::app::App;
use entente::config::Config;
use entente_store::{DatabaseUrl, Store, StoreOptions};

const PASSWORD: &str = "five quiet herons wade";

/// The demonstration, served on a port of its own.
struct Site {
    address: SocketAddr,
    store: Store,
    _folder: tempfile::TempDir,
}

async fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("entente.db"));
    entente::demo::make(&url, &mut |_, _| {}).await.unwrap();
    let store = Store::open(&url, StoreOptions::system().unwrap()).await.unwrap();
    let app = App::new(store.clone(), Config::of(url)).await.unwrap();
    let listener = entente::server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(entente::server::serve(app, listener));
    Site { address, store, _folder: folder }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chair_signs_in_drills_down_moves_the_date_and_prints() {
    let Some((driver, program)) = programs() else {
        eprintln!("skipped: chromedriver or chromium is not installed (Debian: apt install chromium-driver)");
        return;
    };
    let site = site().await;
    for javascript in [true, false] {
        let browser = Browser::start(&driver, &program, javascript).await;
        sign_in(&browser, &site).await;
        drill_down(&browser).await;
        move_the_date(&browser, &site).await;
        print(&browser, &site).await;
        if javascript {
            fit_a_phone(&browser, &site).await;
        }
        // The form that was refused on purpose answers 422.
        let complaints = browser.complaints().await;
        let others: Vec<&String> = complaints.iter().filter(|text| !text.contains("status of 422")).collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

/// By the keyboard alone: the skip link first, then wordmark, name, password, button.
async fn sign_in(browser: &Browser, site: &Site) {
    let one_time = site.store.give_one_time_password("chair").await.unwrap();
    browser.open(&format!("http://{}/", site.address)).await;
    browser.arrive("/sign-in").await;
    browser.press(TAB).await;
    let skip = browser.focused().await;
    assert_eq!(browser.text(&skip).await, "Skip to the content");
    assert_ne!(browser.style(&skip, "outline-style").await, "none", "the focus is seen");
    browser.press(TAB).await;
    browser.press(TAB).await;
    assert_eq!(browser.attribute(&browser.focused().await, "name").await, "account");
    browser.press(&format!("chair{TAB}{one_time}{ENTER}")).await;

    browser.arrive("/me/password").await;
    browser.click(&browser.find("#old").await).await;
    browser.press(&format!("{one_time}{TAB}{PASSWORD}{TAB}other words altogether{ENTER}")).await;
    let fault = browser.find("#again-fault").await;
    assert!(browser.text(&fault).await.contains("differ"));
    browser.click(&browser.find("#old").await).await;
    browser.press(&format!("{one_time}{TAB}{PASSWORD}{TAB}{PASSWORD}{ENTER}")).await;
    let heading = browser.find(".brief h1").await;
    assert_eq!(browser.text(&heading).await, "The chair’s brief");
}

/// From the figure to a delivery behind it, and to the paper behind that.
async fn drill_down(browser: &Browser) {
    let delivered = browser.find(".lead a[href*='/figures/deliveries.delivered']").await;
    assert_eq!(browser.text(&delivered).await, "10,700.0");
    assert!(browser.text(&browser.find(".lead").await).await.contains("10,700,000,000.00 USD"));
    browser.click(&delivered).await;
    browser.arrive("/figures/deliveries.delivered").await;
    let sum = browser.text(&browser.find(".sum").await).await;
    assert!(sum.contains("10,700,000,000.00 USD: equal to the figure"), "{sum}");
    browser.click(&browser.find("tbody th a[href^='/deliveries/']").await).await;
    browser.arrive("/deliveries/").await;
    let acts = browser.text(&browser.find(".acts").await).await;
    assert!(acts.contains("Handed over to the carrier") && acts.contains("title passed"), "{acts}");
    browser.click(&browser.find("a[href*='/documents/']").await).await;
    browser.arrive("/documents/").await;
    assert!(browser.source().await.contains("Checked: the bytes have this hash"));
    assert!(!browser.text(&browser.find("pre.paper").await).await.is_empty());
}

/// The control moves the whole site, and the address holds the view.
async fn move_the_date(browser: &Browser, site: &Site) {
    browser.open(&format!("http://{}/", site.address)).await;
    let known_at = browser.find("#control-known-at").await;
    // The form holds the instant in force, so that sent unchanged it changes no figure.
    assert_eq!(browser.attribute(&known_at, "value").await, "2012-10-01T00:00:00Z");
    browser.clear(&known_at).await;
    browser.write(&known_at, "2013-06-01T00:00:00Z").await;
    // A date is typed in the order of the browser's language.
    browser.write(&browser.find("#control-as-of").await, "12312012").await;
    browser.click(&browser.find(".control button").await).await;
    browser.arrive("as_of=2012-12-31").await;
    assert!(browser.address().await.contains("known_at=2013-06-01"));
    let past = browser.text(&browser.find(".past").await).await;
    assert_eq!(past, "As of 31 December 2012, as known on 1 June 2013 00:00 UTC");
    assert!(browser.text(&browser.find(".lead").await).await.contains("15,160,000,000.00 USD"));
    browser.click(&browser.find(".nav a[href^='/contracts']").await).await;
    browser.arrive("/contracts").await;
    let address = browser.address().await;
    assert!(address.contains("as_of=2012-12-31") && address.contains("known_at=2013-06-01"), "{address}");
}

/// No page is wider than a phone, nor than a desk: what is wider scrolls in a box of its own.
async fn fit_a_phone(browser: &Browser, site: &Site) {
    let pages = [
        "/",
        "/contracts",
        "/contracts/C-2009-0002",
        "/plans",
        "/figures/deliveries.delivered",
        "/me",
        "/screening",
        "/screening?names=Mohamed+Saleh",
        "/screening/file",
        "/cases",
        "/lists",
        "/lists/national",
        "/lists/national/changes",
        "/lists/national/entries/N-003",
        "/parties/P-P0008",
    ];
    for width in [390, 1280] {
        browser.narrow(width).await;
        for page in pages.into_iter().chain(["/me/password"]) {
            browser.open(&format!("http://{}{page}", site.address)).await;
            let wide = browser.width().await;
            assert!(wide <= u64::from(width), "{page} is {wide} wide in a window of {width}");
        }
    }
}

/// A brief on paper: every page of it, and few enough to hand over.
async fn print(browser: &Browser, site: &Site) {
    browser.open(&format!("http://{}/", site.address)).await;
    let pdf = browser.print().await;
    assert!(pdf.starts_with(b"%PDF"), "no PDF");
    if let Some(folder) = std::env::var_os("ENTENTE_GALLERY") {
        std::fs::write(std::path::Path::new(&folder).join("brief.pdf"), &pdf).unwrap();
    }
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.matches("/Type /Page").count() - text.matches("/Type /Pages").count();
    assert!((2..=6).contains(&pages), "{pages} pages");
}

/// A file is chosen, seen and imported, with JavaScript and without.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officer_brings_a_file_in() {
    let Some((driver, program)) = programs() else {
        eprintln!("skipped: chromedriver or chromium is not installed (Debian: apt install chromium-driver)");
        return;
    };
    let site = site().await;
    let folder = tempfile::tempdir().unwrap();
    for (javascript, name) in [(true, "Northern Yard"), (false, "Southern Yard")] {
        let file = folder.path().join("parties.csv");
        std::fs::write(&file, format!("name,kind,state\r\n{name},company,RUS\r\n")).unwrap();
        let browser = Browser::start(&driver, &program, javascript).await;
        let one_time = site.store.give_one_time_password("contract.officer").await.unwrap();
        browser.open(&format!("http://{}/import", site.address)).await;
        browser.arrive("/sign-in").await;
        browser.click(&browser.find("#account").await).await;
        browser.press(&format!("contract.officer{TAB}{one_time}{ENTER}")).await;
        browser.arrive("/me/password").await;
        browser.click(&browser.find("#old").await).await;
        browser.press(&format!("{one_time}{TAB}{PASSWORD}{TAB}{PASSWORD}{ENTER}")).await;
        browser.find("#file").await;
        browser.write(&browser.find("#what").await, "Parties").await;
        browser.write(&browser.find("#file").await, &file.display().to_string()).await;
        browser.click(&browser.find(".stack button").await).await;
        browser.find("button[value='import']").await;
        let seen = browser.text(&browser.find("main").await).await;
        assert!(seen.contains("Without a fault") && seen.contains(name), "{seen}");
        browser.click(&browser.find("button[value='import']").await).await;
        // The page before has a word of the same sort in the same place.
        for _ in 0..100 {
            if browser.source().await.contains("All of the file is in the register") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert!(browser.source().await.contains("All of the file is in the register"));
    }
}

/// A delivery is handed over and accepted by clicking, with JavaScript and without; the first try is refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officer_hands_a_delivery_over_and_accepts_it() {
    let Some((driver, program)) = programs() else {
        eprintln!("skipped: chromedriver or chromium is not installed (Debian: apt install chromium-driver)");
        return;
    };
    let site = site().await;
    let folder = tempfile::tempdir().unwrap();
    let waybill = folder.path().join("waybill.txt");
    std::fs::write(&waybill, "By sea").unwrap();
    let today = site.store.today();
    let typed = today.strftime("%m%d%Y").to_string();
    for javascript in [true, false] {
        let line = open_line(&site).await;
        let browser = Browser::start(&driver, &program, javascript).await;
        browser.narrow(390).await;
        let one_time = site.store.give_one_time_password("contract.officer").await.unwrap();
        browser.open(&format!("http://{}/lines/{line}?as_of={today}", site.address)).await;
        browser.arrive("/sign-in").await;
        browser.click(&browser.find("#account").await).await;
        browser.press(&format!("contract.officer{TAB}{one_time}{ENTER}")).await;
        browser.arrive("/me/password").await;
        browser.click(&browser.find("#old").await).await;
        browser.press(&format!("{one_time}{TAB}{PASSWORD}{TAB}{PASSWORD}{ENTER}")).await;
        browser.arrive("/lines/").await;
        browser.click(&browser.find(".offers a[href*='/acts/hand-over']").await).await;
        browser.arrive("/acts/hand-over").await;
        assert!(browser.width().await <= 390);
        let quantity = browser.find("#quantity").await;
        browser.clear(&quantity).await;
        browser.write(&quantity, "999999").await;
        browser.write(&browser.find("#document-title").await, "Waybill 9").await;
        browser.write(&browser.find("#document-dated").await, &typed).await;
        browser.write(&browser.find("#document-file").await, &waybill.display().to_string()).await;
        browser.click(&browser.find(".act-ends button").await).await;
        let beside = browser.text(&browser.find("#quantity-slip").await).await;
        assert!(beside.contains("Needed: a quantity of at most"), "{beside}");
        // What was filled in, the file among it, stands in the form again.
        assert_eq!(browser.attribute(&browser.find("#document-title").await, "value").await, "Waybill 9");
        let quantity = browser.find("#quantity").await;
        browser.clear(&quantity).await;
        browser.write(&quantity, "1").await;
        browser.click(&browser.find(".act-ends button").await).await;
        browser.arrive("/deliveries/").await;
        browser.find("a[href*='/documents/']").await;
        browser.click(&browser.find(".offers a[href*='/acts/accept']").await).await;
        browser.arrive("/acts/accept").await;
        browser.write(&browser.find("#document-title").await, "Certificate 9").await;
        browser.write(&browser.find("#document-dated").await, &typed).await;
        browser.click(&browser.find(".act-ends button").await).await;
        browser.find(".offers a[href*='/acts/annul']").await;
        browser.arrive("/deliveries/").await;
        let state = browser.text(&browser.find(".facts").await).await;
        assert!(state.contains("Accepted"), "{state}");
    }
}

/// A line in pieces of a contract in force that owes at least two of them.
async fn open_line(site: &Site) -> String {
    use entente_register::access::Actor;
    use entente_register::label::Clearance;
    use entente_register::money::Unit;
    use entente_store::reader::{ContractFilter, ContractSort, Page};
    let reader = site.store.reader(&Actor::operator(Clearance::full()), None, None).await.unwrap();
    let filter = ContractFilter { state: Some("in_force".to_owned()), ..ContractFilter::default() };
    let contracts =
        reader.contracts(&filter, ContractSort::Number, false, Page { offset: 0, limit: 500 }).await.unwrap();
    for row in contracts.rows.iter().filter(|row| row.label.to_string().starts_with("OFFICIAL")) {
        let contract = reader.contract(&row.number).await.unwrap();
        let owes = |line: &&entente_store::reader::LineRow| {
            line.unit == Unit::Piece && line.quantity.0 - line.handed_over.0 >= 2000
        };
        if let Some(line) = contract.lines.iter().find(owes) {
            return line.number.clone();
        }
    }
    panic!("the demonstration owes nothing in pieces");
}

/// The list that the officer of the next test looks at: invented, and a person of a name that many bear.
const LIST: &str = "id,schema,name,alias,birthDate,nationality,country\n\
    t1,Person,Mohammed Saleh Example,,1965,YE,\n\
    t2,Company,Desert Falcon Trading House,DFTH,,,AE\n";

/// Signs in with a one-time password and chooses another.
async fn enter(browser: &Browser, site: &Site, account: &str, path: &str) {
    let one_time = site.store.give_one_time_password(account).await.unwrap();
    browser.open(&format!("http://{}{path}", site.address)).await;
    browser.arrive("/sign-in").await;
    browser.click(&browser.find("#account").await).await;
    browser.press(&format!("{account}{TAB}{one_time}{ENTER}")).await;
    browser.arrive("/me/password").await;
    browser.click(&browser.find("#old").await).await;
    browser.press(&format!("{one_time}{TAB}{PASSWORD}{TAB}{PASSWORD}{ENTER}")).await;
    browser.find(".nav").await;
    for _ in 0..100 {
        if !browser.address().await.contains("/me/password") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the password was not changed: {}", browser.source().await);
}

/// An officer loads a list, looks up a name in another script and a listed company, and reads why; two people clear the
/// case of a party that is another. With JavaScript and without, at both widths, by clicks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_officer_screens_reads_why_and_two_people_clear_the_false_hit() {
    let Some((driver, program)) = programs() else {
        eprintln!("skipped: chromedriver or chromium is not installed (Debian: apt install chromium-driver)");
        return;
    };
    let site = site().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trial.csv");
    std::fs::write(&file, LIST).unwrap();
    let today = site.store.today();
    for (javascript, list, width) in [(true, "trial", 1280), (false, "second", 390)] {
        let party = register_party(&site).await;
        let (officer, second) = (
            Browser::start(&driver, &program, javascript).await,
            Browser::start(&driver, &program, javascript).await,
        );
        officer.narrow(width).await;
        second.narrow(width).await;
        let view = format!("?as_of={today}");
        enter(&officer, &site, "licensing.officer", &format!("/lists{view}")).await;

        // The list: sent, seen, and brought into force.
        officer.click(&officer.find(".offers a").await).await;
        officer.arrive("/acts/load-list").await;
        officer.write(&officer.find("#list").await, list).await;
        officer.write(&officer.find("#file").await, &file.display().to_string()).await;
        officer.click(&officer.find(".upload button").await).await;
        officer.click(&officer.find("button[value='load']").await).await;
        officer.arrive(&format!("/lists/{list}")).await;
        compare(&site).await;

        // A name of another script, with a date of birth that is a year off.
        officer.click(&officer.find(".nav a[href^='/screening']").await).await;
        officer.arrive("/screening").await;
        officer.write(&officer.find("#names").await, "Мухаммед Салех").await;
        officer.write(&officer.find("#birth").await, "1966-03-24").await;
        officer.click(&officer.find(".act button").await).await;
        officer.arrive("names=").await;
        let hit = officer.text(&officer.find(".hit").await).await;
        for expected in ["Saleh", "the same in another script", "lowers it by"] {
            assert!(hit.contains(expected), "{expected}: {hit}");
        }
        assert!(officer.width().await <= u64::from(width), "the answer is {} wide", officer.width().await);
        // The listed company, in the same form.
        officer.click(&officer.find(".again summary").await).await;
        officer.write(&officer.find("#kind").await, "A company").await;
        let names = officer.find("#names").await;
        officer.clear(&names).await;
        officer.write(&names, "Desert Falcon Trading House").await;
        officer.clear(&officer.find("#birth").await).await;
        officer.click(&officer.find(".act button").await).await;
        officer.arrive("kind=organisation").await;
        let hit = officer.text(&officer.find(".hit").await).await;
        assert!(hit.contains("Desert Falcon Trading House") && hit.contains("written alike"), "{hit}");

        // The case of the party: its queue, both sides, a reason; and the second person.
        officer.open(&format!("http://{}/parties/{party}{view}", site.address)).await;
        officer.click(&officer.find("a[href^='/cases/']").await).await;
        officer.arrive("/cases/").await;
        assert!(officer.width().await <= u64::from(width));
        let case = officer.address().await;
        officer.click(&officer.find(".offers a[href*='/acts/propose']").await).await;
        officer.write(&officer.find("#reason").await, "Its register has another number").await;
        officer.click(&officer.find(".act-ends button").await).await;
        officer.find(".told").await;
        assert!(!officer.source().await.contains("/acts/clear?"), "one person clears nobody");
        let place = case.split(&site.address.to_string()).nth(1).unwrap().to_owned();
        enter(&second, &site, "countersigner", &place).await;
        let said = second.text(&second.find(".told").await).await;
        assert!(said.contains("licensing.officer") && said.contains("another number"), "{said}");
        second.click(&second.find(".offers a[href*='/acts/clear']").await).await;
        second.click(&second.find(".act-ends button").await).await;
        let state = second.find(".case.cleared").await;
        assert_eq!(second.text(&state).await, "Cleared");
        for browser in [&officer, &second] {
            let complaints = browser.complaints().await;
            assert!(complaints.is_empty(), "{complaints:?}");
        }
    }
}

/// Compares what is new, unless the server has done it already; where it is just doing it, once more after that.
async fn compare(site: &Site) {
    let screener = entente::screener::Screener::default();
    for _ in 0..50 {
        if entente::screener::rescreen(&site.store, &screener).await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    panic!("the parties could not be compared");
}

/// A company of the name of a listed one.
async fn register_party(site: &Site) -> String {
    use entente_register::access::Actor;
    use entente_register::command::Command;
    use entente_register::label::Clearance;
    use entente_register::party::{NewParty, PartyKind};
    let party = NewParty {
        name: "Desert Falcon Trading House".into(),
        kind: PartyKind::Company,
        state: "ARE".into(),
        label: "OFFICIAL".parse().unwrap(),
    };
    let operator = Actor::operator(Clearance::full());
    site.store.execute(&operator, Command::Party(party)).await.unwrap().subject.key
}
