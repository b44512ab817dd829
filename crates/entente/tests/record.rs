//! `entente record`, driven from outside and without a register, on a page made up for it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command, Stdio};

use serde_json::Value;

const PAGE: &str = "<!doctype html><html lang=en><body><article class=h-entry id=event-12>\
<h1 class=p-name>Meeting of the Commission on Military-Technical Cooperation with Foreign Countries</h1>\
<time class=read__published datetime=2012-10-17>October 17, 2012</time><div class=read__time>17:30</div>\
<div class=p-location>Town Hall</div><div class=e-content><p>Many came.</p><p>* * *</p>\
<p><b>Chair:</b> We begin.</p><p>Go on.</p><div class=read__cut><a href=/9>Another</a></div><p>&lt;...&gt;</p></div></article></body></html>";

fn run(contents: &[u8], arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page"), contents).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_entente"))
        .env_clear()
        .current_dir(folder.path())
        .arg("record")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    // No register is opened, so none is made.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_page_is_read_for_programs_and_for_people() {
    let (status, printed, said) = run(PAGE.as_bytes(), &["parse", "page", "--format", "json"]);
    assert_eq!(status, 0, "{said}");
    let record: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(
        (&record["id"], &record["date"], &record["time"]),
        (&"12".into(), &"2012-10-17".into(), &"17:30".into())
    );
    assert_eq!(record["body"], "Commission for Military Technical Cooperation with Foreign States");
    let kinds: Vec<&str> =
        record["blocks"].as_array().unwrap().iter().map(|b| b["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["paragraph", "note", "speech", "speech", "elision"]);
    assert_eq!(
        (&record["blocks"][3]["label"], &record["blocks"][3]["text"]),
        (&"Chair".into(), &"Go on.".into())
    );
    assert_eq!((&record["lead"], &record["photos"]), (&Value::Null, &0.into()));
    assert_eq!(record["see_also"][0]["title"], "Another");

    let (status, printed, _) = run(PAGE.as_bytes(), &["parse", "page"]);
    assert_eq!(status, 0);
    for line in ["Wednesday 2012-10-17, 17:30", "Chair: We begin.", "<…>", "Missing     lead: "] {
        assert!(printed.contains(line), "{line} is missing:\n{printed}");
    }
}

#[test]
fn what_is_no_record_is_refused_with_its_place() {
    let refused = |contents: &[u8], parts: &[&str]| {
        let (status, printed, said) = run(contents, &["parse", "page", "--format", "json"]);
        assert_eq!((status, printed.as_str()), (2, ""), "{said}");
        for part in parts {
            assert!(said.contains(part), "{part} is missing:\n{said}");
        }
    };
    refused(
        b"<html>\n<body><p>Hello</p></body></html>",
        &["page, line 2, column 1", "h-entry", "record.unreadable"],
    );
    refused(b"\x89PNG\r\n", &["line 1, column 1", "UTF-8"]);
    refused(&vec![b' '; (8 << 20) + 1], &["8 MiB", "record.too_large"]);
    let (status, _, said) = run(b"", &["parse", "absent"]);
    assert_eq!(status, 2, "{said}");
}
