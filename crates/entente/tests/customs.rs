//! Files to customs and from them by the command line, with the built program on a register made by the test.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/licensed.rs"]
mod licensed;
mod support;

use std::path::Path;

use entente_register::customs::format::{FileKind, read_usage_data, sealed};
use entente_testing::TestDatabase;
use licensed::{licensed, open};
use serde_json::{Value, json};
use support::{done, entente};

fn person(database: &TestDatabase, name: &str, role: &str) {
    let add = ["user", "add", name, "--name", name, "--role", role, "--clearance", "OFFICIAL"];
    done(&entente(database, &add));
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

entente_testing::on_both! {
    async fn runs_go_out_and_come_in_by_the_command_line(database: TestDatabase) {
        let store = open(&database).await;
        let (number, _) = licensed(&store).await;
        let (licence, today) = (number.replace("-T", "-L"), store.today().to_string());
        store.close().await;
        person(&database, "l.officer", "licensing_officer");
        person(&database, "c.customs", "customs");
        let folder = tempfile::tempdir().unwrap();
        let run = |by: &str, arguments: &[&str]| entente(&database, &[&["--as", by, "customs"], arguments].concat());

        // Whoever keeps the machine sends nothing; an officer does, and the file is had again to the byte.
        let refused = entente(&database, &["customs", "export"]);
        assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
        let sent = run("l.officer", &["export"]);
        let text = done(&sent);
        assert!(text.contains(&format!("licence,{licence},new,")), "{text}");
        assert!(String::from_utf8_lossy(&sent.stderr).contains("Run OUT-1 is recorded"));
        let output = folder.path().join("again.csv");
        done(&run("c.customs", &["file", "OUT-1", "--output", output.to_str().unwrap()]));
        assert_eq!(std::fs::read_to_string(&output).unwrap(), text);

        // What customs took of it.
        let rejected = ["licence", licence.as_str(), "rejected", "C12", "The trader is not known"].map(str::to_owned).to_vec();
        let reply = sealed(FileKind::LicenceReply, 1, "2026-06-15T12:00:00Z", &[rejected]);
        let reply = write(folder.path(), "reply.csv", &reply);
        let answered = done(&run("c.customs", &["reply", &reply]));
        assert!(answered.contains("OUT-1: 0 accepted, 1 rejected") && answered.contains("not known [C12]"), "{answered}");
        assert!(done(&run("c.customs", &["reply", &reply])).contains("nothing has changed"));

        // Of sixty that are left, forty-five go and thirty do not.
        let row = |declaration: &str, quantity: &str, value: &str| {
            ["usage", licence.as_str(), "1", declaration, "1", today.as_str(), quantity, "C62", value, "USD", ""].map(str::to_owned).to_vec()
        };
        let usage = sealed(FileKind::UsageData, 1, "2026-06-15T12:00:00Z", &[row("D-7", "45", "45022.50"), row("D-8", "30", "30015.00")]);
        assert_eq!(read_usage_data(&usage).unwrap().rows.len(), 2);
        let file = write(folder.path(), "usage.csv", &usage);
        let tried = done(&run("c.customs", &["import", &file, "--try"]));
        assert!(tried.starts_with("Tried: nothing was recorded.") && tried.contains("1 accepted, 1 refused"), "{tried}");
        assert!(done(&run("l.officer", &["list", "--direction", "in"])).starts_with("No run answers"));
        let brought = done(&run("c.customs", &["import", &file]));
        assert!(brought.contains("IN-1: 2 rows, 1 accepted, 1 refused") && brought.contains("15 too many"), "{brought}");
        assert!(done(&run("c.customs", &["import", &file])).contains("IN-1 was brought in before: nothing has changed."));
        let reply = done(&run("c.customs", &["file", "IN-1", "--reply"]));
        assert!(reply.contains("rejected,licence.over_quantity,"), "{reply}");
        let broken = write(folder.path(), "broken.csv", &usage.replace("45022.50", "45022.5x"));
        let refused = run("c.customs", &["import", &broken]);
        assert_eq!(refused.status.code(), Some(2));
        assert_eq!(run("c.customs", &["import", "nothing-here.csv"]).status.code(), Some(2));

        let read = |arguments: &[&str]| -> Value { serde_json::from_str(&done(&run("l.officer", arguments))).unwrap() };
        let listed = read(&["list", "--format", "json"]);
        assert_eq!((&listed[0]["key"], &listed[1]["key"]), (&json!("IN-1"), &json!("OUT-1")));
        assert_eq!(read(&["show", "IN-1", "--format", "json"])["rows"][1]["result"], "rejected");
        let shown = done(&run("l.officer", &["show", "OUT-1"]));
        assert!(shown.contains("0 accepted, 1 rejected") && shown.contains(&licence), "{shown}");
        let rows = done(&run("l.officer", &["discrepancies", "--state", "open", "--format", "csv"]));
        assert!(rows.starts_with("number,state,origin,") && rows.lines().count() == 3, "{rows}");
        assert!(done(&run("l.officer", &["discrepancies"])).contains("15 too many"));
        assert_eq!(run("l.officer", &["discrepancies", "--state", "sold"]).status.code(), Some(2));
    }
}
