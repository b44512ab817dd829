//! The built program, driven from outside: the demonstration, the brief, serving and ending.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

fn entente(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
    // What the machine's own environment says must not reach the test.
    command.env_clear().args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = entente(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// The demonstration, built once for all tests, and what the building printed.
fn demonstration() -> &'static (PathBuf, String) {
    static BUILT: OnceLock<(PathBuf, String)> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap().keep();
        let (status, printed, said) = run(&["demo", "--no-serve", "--data", folder.to_str().unwrap()]);
        assert_eq!(status, 0, "{said}");
        (folder, printed)
    })
}

fn database(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("entente.db").display())
}

fn brief(arguments: &[&str]) -> Value {
    let database = database(&demonstration().0);
    let mut all = vec!["--database", &database, "brief", "--format", "json"];
    all.extend(arguments);
    let (status, printed, said) = run(&all);
    assert_eq!(status, 0, "{said}");
    serde_json::from_str(&printed).unwrap()
}

fn hash(printed: &str) -> &str {
    let mut lines = printed.lines().skip_while(|line| *line != "LEDGER").skip(2);
    lines.next().unwrap().trim()
}

#[test]
fn the_demonstration_prints_its_brief_and_is_reopened_as_it_is() {
    let (folder, printed) = demonstration();
    for expected in ["10,700,000,000.00", "13,560,000,000.00", "78.9 %", "14,292,700,729.93", "chair"] {
        assert!(printed.contains(expected), "{expected} is missing:\n{printed}");
    }
    assert_eq!(hash(printed).len(), 64);
    let (status, again, _) = run(&["demo", "--no-serve", "--data", folder.to_str().unwrap()]);
    assert_eq!(status, 0);
    assert_eq!(hash(&again), hash(printed));
    let password = |text: &str| {
        text.lines()
            .find(|l| l.trim_start().starts_with("chair "))
            .unwrap()
            .split_whitespace()
            .last()
            .unwrap()
            .to_owned()
    };
    assert_ne!(password(&again), password(printed), "a one-time password is new at each start");
    // Without a date, the brief of a demonstration is the one that it prints.
    let plain = run(&["--database", &database(folder), "brief"]).1;
    assert!(printed.starts_with(&plain), "{plain}");
}

#[test]
fn the_brief_for_programs_says_what_was_publicly_stated() {
    let then = ["--as-of", "2012-09-30", "--known-at", "2012-10-01T00:00:00Z"];
    let document = brief(&then);
    assert_eq!(document["deliveries"]["delivered"], "10700000000.00");
    assert_eq!(document["deliveries"]["plan_year"], "13560000000.00");
    assert_eq!(document["deliveries"]["execution_pct"], 78.9);
    assert_eq!(document["previous_year"]["plan_change_pct"], 2.7);
    assert_eq!(document["previous_year"]["delivered"], "13200000000.00");
    assert_eq!(document["forecasts"][0]["method"], "run_rate");
    assert_eq!(document["forecasts"][0]["mid"], "14292700729.93");
    assert_eq!(document["conventions"]["plan"], "2012:3");
    assert_eq!(document["demonstration"], true);
    // What was recorded later was not known; the plan of November does not change September.
    let later = brief(&["--as-of", "2012-09-30", "--known-at", "2012-11-01"]);
    assert_eq!(later["deliveries"]["delivered"], "10701000000.00");
    let december = brief(&["--as-of", "2012-09-30", "--known-at", "2012-12-01"]);
    assert_eq!(december["deliveries"]["plan_year"], "13560000000.00");
    let year = brief(&["--as-of", "2012-12-31", "--known-at", "2013-06-01"]);
    assert_eq!(year["deliveries"]["delivered"], "15160000000.00");
    assert_eq!(year["deliveries"]["plan_year"], "14100000000.00");
    let third = brief(&["--as-of", "2012-12-31", "--known-at", "2013-06-01", "--plan", "2012:3"]);
    assert_eq!(third["deliveries"]["execution_pct"], 111.8);
}

#[test]
fn handed_over_in_december_and_accepted_in_january_moves_years() {
    // Whichever act counts, everything that was delivered by the end of 2013 counts once.
    let years = |counting: &str| {
        [2012, 2013].map(|year| {
            let day = format!("{year}-12-31");
            let document = brief(&["--as-of", &day, "--known-at", "2015-01-01", "--counting", counting]);
            document["deliveries"]["delivered"].as_str().unwrap().to_owned()
        })
    };
    let (accepted, handed_over) = (years("title_passed"), years("handed_over"));
    assert_ne!(accepted[0], handed_over[0]);
    assert_ne!(accepted[1], handed_over[1]);
}

#[test]
fn the_report_is_written_as_pdf_and_as_html() {
    let database = database(&demonstration().0);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let report = |file: &str, further: &[&str]| {
        let view = ["--as-of", "2012-12-31", "--known-at", "2013-06-01T00:00:00Z"];
        let mut all = vec!["--database", &database, "execution-report", "--output", file];
        all.extend(view.iter().chain(further));
        run(&all)
    };
    let (pdf, html) = (path("report.pdf"), path("report.html"));
    let (status, printed, said) = report(&pdf, &[]);
    assert_eq!((status, printed.as_str()), (0, ""), "{said}");
    assert!(said.contains("report.pdf, marked SECRET//AVIATION."), "{said}");
    let first = std::fs::read(&pdf).unwrap();
    assert!(first.starts_with(b"%PDF-1.7"));
    // What is there is not written over, unless that is said; then it is the same to the byte.
    let (status, _, said) = report(&pdf, &[]);
    assert!(status == 2 && said.contains("another name, or --overwrite"), "{said}");
    assert_eq!(report(&pdf, &["--overwrite"]).0, 0);
    assert!(std::fs::read(&pdf).unwrap() == first);
    assert_eq!(report(&html, &["--plan", "2012:3"]).0, 0);
    let text = std::fs::read_to_string(&html).unwrap();
    assert!(text.contains("15,160,000,000.00 USD") && text.contains("111.8"), "{text}");
    for (file, further, field) in [
        (path("report.docx"), vec![], "output"),
        (path("other.pdf"), vec!["--plan", "2012"], "plan"),
        (path("other.pdf"), vec!["--currency", "XXZ"], "currency"),
    ] {
        let (status, _, said) = report(&file, &further);
        assert!(status == 2 && said.contains(&format!("field    {field}")), "{said}");
        assert!(!std::path::Path::new(&file).exists(), "{file}: nothing is written of what is refused");
    }
}

#[test]
fn bad_input_ends_with_two_and_its_words() {
    let database = database(&demonstration().0);
    for (arguments, code) in [
        (vec!["brief", "--as-of", "2012-02-30"], "date.does_not_exist"),
        (vec!["brief", "--known-at", "soon"], "instant.malformed"),
        (vec!["brief", "--counting", "shipped"], "counting.unknown"),
        (vec!["brief", "--plan", "3"], "plan.malformed"),
        (vec!["brief", "--currency", "XXZ"], "currency.unknown"),
        (vec!["brief", "--as", "nobody"], "not_found"),
        (vec!["brief", "--as", "administrator"], "access.read"),
        (vec!["brief", "--config", "/no/such/file.toml"], "config.file"),
        (vec!["serve", "--public-address", "entente"], "config.public_address"),
    ] {
        let mut all = vec!["--database", database.as_str()];
        all.extend(&arguments);
        let (status, printed, said) = run(&all);
        assert_eq!((status, printed.as_str()), (2, ""), "{arguments:?}: {said}");
        assert!(said.contains(code), "{arguments:?}: {said}");
    }
    assert_eq!(run(&["brief", "--format", "pdf"]).0, 2);
    let (status, _, said) = run(&["--database", "mysql:entente", "brief"]);
    assert_eq!(status, 2, "{said}");
}

#[test]
fn another_register_is_no_demonstration() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let opened = run(&[
        "--database",
        &database,
        "user",
        "add",
        "anna",
        "--name",
        "Anna",
        "--role",
        "member",
        "--clearance",
        "OFFICIAL",
    ]);
    assert_eq!(opened.0, 0, "{}", opened.2);
    let head = run(&["--database", &database, "ledger", "verify"]).1;
    let (status, printed, said) = run(&["demo", "--no-serve", "--data", folder.path().to_str().unwrap()]);
    assert_eq!((status, printed.as_str()), (2, ""), "{said}");
    assert!(said.contains("demo.other_register"), "{said}");
    assert_eq!(run(&["--database", &database, "ledger", "verify"]).1, head);
}

#[test]
fn a_taken_port_is_refused_before_anything_is_built() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let (status, _, said) = run(&["demo", "--data", folder.path().to_str().unwrap(), "--listen", &address]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("listen.taken") && said.contains("--listen"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let database = database(&demonstration().0);
    let mut child = entente(&["--database", &database, "brief", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

/// A server, and the address that it printed.
fn serving(arguments: &[&str]) -> (Child, String) {
    let mut child = entente(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.map(Result::unwrap) {
        if let Some(rest) = line.strip_prefix("Serving on http://") {
            let address: String =
                rest.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
            return (child, address);
        }
    }
    panic!("it does not serve: {:?}", child.wait());
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_serves_until_it_is_told_to_end_and_signs_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("entente.db");
    let saved = run(&[
        "--database",
        &database(&demonstration().0),
        "backup",
        folder.path().join("b").to_str().unwrap(),
    ]);
    assert_eq!(saved.0, 0, "{}", saved.2);
    let url = database(folder.path());
    let restored = run(&["--database", &url, "restore", folder.path().join("b").to_str().unwrap()]);
    assert_eq!(restored.0, 0, "{}", restored.2);
    let (mut child, address) = serving(&["--database", &url, "serve", "--listen", "127.0.0.1:0"]);
    assert!(get(&address, "/health/ready").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/metrics").contains("entente_requests_total"));
    let front = get(&address, "/");
    assert!(front.starts_with("HTTP/1.1 303") && front.contains("location: /sign-in"), "{front}");
    assert!(get(&address, "/sign-in").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/api/v1/brief").starts_with("HTTP/1.1 401"));
    assert!(get(&address, "/api/v1/openapi.json").starts_with("HTTP/1.1 200"));
    // The ledger is signed in the background, at once where it never was.
    let checkpoints = PathBuf::from(format!("{}.checkpoints", copy.display()));
    let signed = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        std::fs::read_to_string(&checkpoints).is_ok_and(|text| text.ends_with('\n'))
    });
    assert!(signed);
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(run(&["--database", &url, "ledger", "verify"]).0, 0);
}

#[test]
fn a_book_goes_out_and_comes_in_by_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let ours = database(&demonstration().0);
    let book = path("book.xlsx");
    assert_eq!(run(&["--database", &ours, "export", "book", "--to", &book]).0, 0);
    let (status, _, said) = run(&["--database", &ours, "export", "book", "--to", &book]);
    assert_eq!(status, 2);
    assert!(said.contains("is there already"), "{said}");
    let (status, contracts, _) = run(&["--database", &ours, "export", "contracts"]);
    assert_eq!(status, 0);
    assert!(contracts.starts_with("reference,title,partner,currency,"), "{contracts}");

    // What names no register makes none.
    let theirs = database(folder.path());
    let (status, _, said) = run(&["--database", &theirs, "brief"]);
    assert_eq!(status, 2);
    assert!(said.contains("database.no_register"), "{said}");
    assert!(!folder.path().join("entente.db").exists());

    for (account, role) in [("officer", "contract_officer"), ("chair", "chair"), ("secretary", "secretary")] {
        let add = [
            "user",
            "add",
            account,
            "--name",
            account,
            "--role",
            role,
            "--clearance",
            "TOP SECRET//AVIATION",
        ];
        let mut all = vec!["--database", &theirs];
        all.extend(add);
        assert_eq!(run(&all).0, 0);
    }
    #[cfg(unix)]
    {
        let kept = std::fs::metadata(folder.path().join("entente.db")).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&kept) & 0o777, 0o600);
    }
    let import = |more: &[&str]| {
        let mut all = vec!["--database", &theirs, "import", "book", &book];
        all.extend(more);
        run(&all)
    };
    let both = ["--approve-as", "chair", "--approve-as", "secretary"];
    let (status, printed, said) = import(&[&both[..], &["--dry-run"]].concat());
    assert_eq!(status, 0, "{printed}{said}");
    assert!(printed.contains("This was a trial"), "{printed}");
    // The credit of offsets is not the chair’s to accept.
    let (status, printed, _) = import(&["--approve-as", "chair"]);
    assert_eq!(status, 2);
    assert!(
        printed.contains("credits, row") && printed.contains("another account that approves"),
        "{printed}"
    );
    let (status, printed, _) = import(&[]);
    assert_eq!(status, 2);
    assert!(printed.contains("column approved_on") && printed.contains("Nothing was changed"), "{printed}");
    assert_eq!(import(&both).0, 0);
    let (status, printed, _) = import(&[&both[..], &["--format", "json"]].concat());
    assert_eq!(status, 0);
    let report: Value = serde_json::from_str(&printed).unwrap();
    assert!(report["tables"].as_array().unwrap().iter().all(|t| t["added"] == 0 && t["changed"] == 0));
    let (_, brief, _) = run(&["--database", &theirs, "brief", "--as-of", "2012-12-31", "--format", "json"]);
    let brief: Value = serde_json::from_str(&brief).unwrap();
    assert_eq!(brief["deliveries"]["delivered"], "15160000000.00");

    let (status, template, _) = run(&["import", "deliveries", "--template", "csv"]);
    assert_eq!(status, 0);
    let header = template.trim_start_matches('\u{feff}');
    assert!(header.starts_with("contract,line,delivery,quantity,"), "{template}");
    let wrong = path("deliveries.csv");
    std::fs::write(
        &wrong,
        "contract,line,delivery,quantity,handed_over_on,handed_over_document\nNONE,1,D-1,-2,2012-02-31,W\n",
    )
    .unwrap();
    let (status, printed, _) = run(&["--database", &theirs, "import", "deliveries", &wrong]);
    assert_eq!(status, 2);
    for expected in
        ["row 2, column quantity (D2) \"-2\"", "column handed_over_on (E2)", "2 faults. Nothing was changed."]
    {
        assert!(printed.contains(expected), "{expected}: {printed}");
    }
}

#[test]
fn open_contracting_data_goes_out_and_comes_in_from_the_command_line() {
    let database = database(&demonstration().0);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("template.json");
    let (status, template, said) = run(&["import", "ocds", "--template", "ocds"]);
    assert_eq!(status, 0, "{said}");
    std::fs::write(&file, template).unwrap();
    // The demonstration has a plan of that year already, and says where the file says otherwise.
    let (status, printed, _) =
        run(&["--database", &database, "import", "ocds", file.to_str().unwrap(), "--dry-run"]);
    assert_eq!(status, 2, "{printed}");
    assert!(printed.contains("plan, /book/plans/0/version \"1\""), "{printed}");
    assert!(printed.contains("1 fault. Nothing was changed."), "{printed}");

    let (status, _, said) = run(&["--database", &database, "export", "ocds", "--scope", "public"]);
    assert_eq!(status, 2);
    assert!(said.contains("Nothing of the book is public."), "{said}");
    let out = folder.path().join("book.json");
    let out = out.to_str().unwrap();
    let (status, _, said) = run(&["--database", &database, "export", "ocds", "--to", out]);
    assert_eq!(status, 0, "{said}");
    let (status, _, said) = run(&["--database", &database, "export", "ocds", "--to", out]);
    assert_eq!(status, 2);
    assert!(said.contains("is there already"), "{said}");
    for (arguments, what) in [
        (["export", "book", "--scope", "public"], "A table is given out whole"),
        (["import", "contracts", "--template", "ocds"], "A package is no table."),
        (["import", "ocds", "--template", "csv"], "A package is no table."),
    ] {
        let (status, _, said) = run(&[&["--database", &database], &arguments[..]].concat());
        assert_eq!(status, 2, "{said}");
        assert!(said.contains(what), "{said}");
    }
}
