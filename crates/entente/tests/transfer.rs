//! Applications, licences and their audit by the command line, with the built program on a register made by the test.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/licensed.rs"]
mod licensed;
mod support;

use std::collections::BTreeSet;

use entente_testing::TestDatabase;
use licensed::{REGIME, in_force, licensed, open, rule};
use serde_json::{Value, json};
use support::{done, entente};

entente_testing::on_both! {
    async fn licences_are_listed_shown_and_judged_again(database: TestDatabase) {
        let store = open(&database).await;
        let (number, signed_at) = licensed(&store).await;
        let run = |arguments: &[&str]| entente(&database, &[&["transfer"], arguments].concat());
        let read = |arguments: &[&str]| -> Value { serde_json::from_str(&done(&run(arguments))).unwrap() };
        let licence = number.replace("-T", "-L");

        let listed = done(&run(&["list", "--state", "granted"]));
        assert!(listed.contains(&number) && listed.contains("Guns for the coast"), "{listed}");
        assert!(done(&run(&["list", "--state", "running"])).starts_with("No application answers"));
        let listed = read(&["list", "--licences", "--format", "json"]);
        assert_eq!((&listed[0]["number"], &listed[0]["value_left"]), (&json!(licence), &json!("60030.00")));
        let rows = done(&run(&["list", "--licences", "--format", "csv"]));
        assert!(rows.starts_with("number,application,kind,title,holder"), "{rows}");
        let refused = run(&["list", "--state", "sold"]);
        assert_eq!(refused.status.code(), Some(2));
        // The day before, it was not there; nor was it known before it was recorded.
        let yesterday = store.today().yesterday().unwrap().to_string();
        assert!(done(&run(&["list", "--as-of", &yesterday])).starts_with("No application answers"));
        let long_ago = ["list", "--known-at", "2012-01-01T00:00:00Z"];
        assert!(done(&run(&long_ago)).starts_with("No application answers"));

        let shown = done(&run(&["show", &number]));
        for words in ["granted", "Export House", "100 ", "No overriding risk", "s.second", &licence] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert_eq!(read(&["show", &number, "--format", "json"])["decisions"][0]["proposed_by"], "o.officer");
        let shown = done(&run(&["show", &licence]));
        assert!(shown.contains("60 of 100") && shown.contains("D-1/1"), "{shown}");
        assert_eq!(run(&["show", "O-L2012-0099"]).status.code(), Some(2));
        assert!(shown.contains("Deliveries to be verified") && shown.contains("0 of 40 confirmed, awaited"), "{shown}");

        // What speaks for it: its certificate, asked about and bound.
        let certificate = number.replace("-T", "-E");
        let listed = done(&run(&["list", "--certificates"]));
        assert!(listed.contains("EUC/17 of Ministry of Defence") && listed.contains(&format!("serves {number}")), "{listed}");
        let rows = done(&run(&["list", "--certificates", "--state", "bound", "--format", "csv"]));
        assert!(rows.starts_with("number,issuer,") && rows.contains(&certificate), "{rows}");
        let shown = done(&run(&["show", &certificate]));
        for words in ["bound", "A. Rao, Director", "authentic, by the answer of", "no re-export without consent"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert_eq!(read(&["show", &certificate, "--format", "json"])["authenticity"], "authentic");
        assert!(done(&run(&["list", "--inspections"])).starts_with("No inspection answers"));
        assert_eq!(read(&["list", "--licences", "--verification", "open", "--format", "json"])[0]["number"], json!(licence));
        assert!(done(&run(&["list", "--licences", "--verification", "overdue"])).starts_with("No licence answers"));
        assert_eq!(run(&["list", "--certificates", "--inspections"]).status.code(), Some(2));
        assert_eq!(run(&["show", "O-I2012-0099"]).status.code(), Some(2));

        // Nothing is broken today; once its day has passed, the delivery that nobody confirmed is.
        assert!(done(&run(&["breaks"])).starts_with("No break answers"));
        let later = store.today().checked_add(jiff::Span::new().days(91)).unwrap().to_string();
        let found = read(&["breaks", "--as-of", &later, "--format", "json"]);
        assert_eq!((&found[0]["kind"], &found[0]["licence"]), (&json!("verified_less_than_delivered"), &json!(licence)), "{found}");
        let shown = done(&run(&["breaks", "--as-of", &later, "--partner", "IND"]));
        assert!(shown.starts_with(&format!("licence {licence}")) && shown.contains("receipt of 0 pieces"), "{shown}");
        let rows = done(&run(&["breaks", "--as-of", &later, "--told", "both", "--format", "csv"]));
        assert!(rows.lines().count() == 2 && rows.contains("verified_less_than_delivered,,"), "{rows}");
        for bad in [["--kind", "sold"], ["--told", "maybe"], ["--ahead", "5000"]] {
            assert_eq!(run(&[&["breaks"][..], &bad].concat()).status.code(), Some(2), "{bad:?}");
        }

        // What wants attention then, counted and listed.
        let counts = read(&["alerts", "--as-of", &later, "--format", "json"]);
        let counts = counts.as_array().unwrap();
        let counted = |kind: &str| counts.iter().find(|row| row["kind"] == kind).unwrap()["count"].clone();
        assert_eq!((counted("verification_overdue"), counted("licence_suspended")), (json!(1), json!(0)));
        let overdue = ["alerts", "--kind", "verification_overdue", "--as-of", &later];
        assert!(done(&run(&overdue)).starts_with(&licence), "{}", done(&run(&overdue)));
        let rows = done(&run(&[&overdue[..], &["--format", "csv"]].concat()));
        assert!(rows.starts_with("kind,number,state,title,due_on,why") && rows.lines().count() == 2, "{rows}");
        assert_eq!(run(&["alerts", "--kind", "sold"]).status.code(), Some(2));
        assert!(done(&run(&["alerts", "--kind", "licence_suspended"])).starts_with("Nothing of this"));

        let sound = read(&["audit", "--format", "json"]);
        assert_eq!(sound, json!({"ok": true, "licences": 1, "violations": []}));
        let text = done(&run(&["audit"]));
        assert!(text.starts_with("Licences judged: 1\n") && text.contains("nothing stood against any licence"), "{text}");

        // A measure becomes known that was in force all along: nobody could have known it, and it is told.
        in_force(&store, "made-up", &format!("{REGIME}{}{}", rule("SSD"), rule("IND"))).await;
        let found = read(&["audit", "--format", "json"]);
        let known: BTreeSet<&str> = found["violations"].as_array().unwrap().iter().map(|one| one["known"].as_str().unwrap()).collect();
        assert_eq!((&found["ok"], known), (&json!(true), BTreeSet::from(["now"])), "{found}");
        let one = &found["violations"][0];
        assert_eq!((&one["licence"], &one["application"], &one["check"]["outcome"]), (&json!(licence), &json!(number), &json!("blocked")));
        assert!(one["check"]["source"].as_str().unwrap().contains("9999 (2018)"), "{one}");
        let text = done(&run(&["audit"]));
        assert!(text.contains("By what is known now, this stood against a licence") && text.contains("made-up-ind"), "{text}");
        let rows = done(&run(&["audit", "--format", "csv"]));
        assert!(rows.lines().count() >= 2 && rows.contains(",now,embargo,1,made-up-ind,blocked,"), "{rows}");
        let then = read(&["audit", "--format", "json", "--known-at", &signed_at.to_string()]);
        assert_eq!(then["violations"], json!([]));

        // Who does not read all of it audits nothing.
        let add = ["user", "add", "c.customs", "--name", "C", "--role", "customs", "--clearance", "OFFICIAL"];
        done(&entente(&database, &add));
        let refused = entente(&database, &["--as", "c.customs", "transfer", "audit"]);
        assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
        store.close().await;
    }
}
