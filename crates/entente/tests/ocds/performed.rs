//! How contracts are performed beside deliveries and payments (milestones, corrective plans, offset obligations, claims
//! with their answers, closing) goes out and comes in whole.

use std::path::{Path, PathBuf};

use entente::book::{Options, gather, open_book};
use entente_register::book::table::Table;
use entente_store::reader::{BriefOptions, ContractPerformance};
use jiff::civil::date;

use crate::each_way::{comes_in_once, each_way, write};
use crate::register::{Register, kept};

const MILESTONES: &str =
    "contract,milestone,act,act_on,kind,name,line,planned_on,expected_on,cause,side,reason,document\n";
const CORRECTIVE: &str = "contract,plan,act,act_on,about,about_number,goal,action,what,responsible,due_on,effective,reason,document\n";
const OFFSETS: &str =
    "contract,offset,agreed_on,title,required,percent,penalty,kind,factor,by,share,document,reason\n";
const CREDITS: &str =
    "contract,offset,act,act_on,number,kind,description,value,performed_on,plan,credit,document,reason\n";
const CONTRACTS: &str =
    "reference,title,partner,currency,opened_on,exporter,end_user,signed_on,signed_document,in_force_on\n";
const LINES: &str =
    "contract,line,description,quantity,unit,unit_price,category,manufacturer,due_on,agreed_on\n";
const CLAIMS: &str = "contract,claim,kind,description,opened_on,warranty,delivery,quantity,amount,document,answered_on,accepted,answer,answer_document,settled_on,settlement,outcome,credited,replacement,settled_document\n";

/// A contract with something of everything, and one that is closed.
fn files(folder: &Path) -> PathBuf {
    let milestones = format!(
        "{MILESTONES}P/1,M1,planned,2012-01-15,factory_acceptance,,7,2012-04-01,,,,,\n\
         P/1,M1,forecast,2012-03-01,,,,,2012-05-01,supply,seller,Steel is late,\n\
         P/1,M1,amended,2012-04-01,,,,2012-05-10,,,,Agreed,Addendum 2\n\
         P/1,M1,reached,2012-05-02,,,,,,,,,Protocol of the test\n\
         P/1,M2,planned,2012-01-15,other,Sea trials,,2012-08-01,,,,,\n\
         P/1,M2,cancelled,2012-06-01,,,,,,,,No longer asked for,\n\
         P/1,M3,planned,2012-01-15,training_completed,,,2012-11-01,,,,,\n"
    );
    let corrective = format!(
        "{CORRECTIVE}P/1,C1,proposed,2012-03-05,milestone,M1,Test by May,1,Another mill,Director,2012-04-01,,,\n\
         P/1,C1,proposed,2012-03-05,milestone,M1,Test by May,2,A second shift,Foreman,2012-04-15,,,\n\
         P/1,C1,approved,2012-03-07,,,,,,,,,,Order 12\n\
         P/1,C1,moved,2012-03-20,,,,2,,,2012-04-25,,Nobody was free,\n\
         P/1,C1,finished,2012-04-01,,,,1,,,,,Contract with the mill,Contract 9\n\
         P/1,C1,dropped,2012-04-20,,,,2,,,,,Not needed,\n\
         P/1,C1,closed,2012-05-03,,,,,,,,yes,The test was passed,Protocol\n\
         P/1,C2,proposed,2012-07-05,claim,1,No more damage,1,Better crates,Store keeper,2012-09-01,,,\n\
         P/1,C3,proposed,2012-07-06,slippage,S1,In time,1,A third shift,Foreman,2012-09-01,,,\n\
         P/1,C4,proposed,2012-07-07,line,7,In time,1,A fourth shift,Foreman,2012-09-01,,,\n\
         P/1,C4,withdrawn,2012-07-08,,,,,,,,,There is no fourth,\n"
    );
    let offsets = format!(
        "{OFFSETS}P/1,O1,2012-02-15,Offset of the radios,3000.00,30,5,training,2.5,,,Agreement 4,\n\
         P/1,O1,2012-02-15,Offset of the radios,3000.00,30,5,purchase,1,,,Agreement 4,\n\
         P/1,O1,2012-02-15,Offset of the radios,3000.00,30,5,,,2012-12-31,40,Agreement 4,\n\
         P/1,O1,2012-02-15,Offset of the radios,3000.00,30,5,,,2013-12-31,100,Agreement 4,\n\
         P/1,O1,2012-10-01,Offset of the radios,2500.00,,5,training,2.5,,,Addendum,Fewer are bought\n\
         P/1,O1,2012-10-01,Offset of the radios,2500.00,,5,purchase,1,,,Addendum,Fewer are bought\n\
         P/1,O1,2012-10-01,Offset of the radios,2500.00,,5,,,2013-06-30,100,Addendum,Fewer are bought\n"
    );
    let credits = format!(
        "{CREDITS}P/1,O1,planned,2012-03-01,1,training,Ten engineers,400.00,2012-06-30,,,,\n\
         P/1,O1,planned,2012-03-01,2,purchase,Cables,800.00,2012-09-30,,,,\n\
         P/1,O1,claimed,2012-07-01,1,training,Ten engineers,400.00,2012-06-20,1,,Certificate 3,\n\
         P/1,O1,accepted,2012-07-15,1,,,,,,900.00,Letter 8,\n\
         P/1,O1,claimed,2012-08-01,2,purchase,Cables,700.00,2012-07-20,2,,Invoice 7,\n\
         P/1,O1,rejected,2012-08-20,2,,,,,,,,Not made there\n\
         P/1,O1,dropped,2012-09-01,2,,,,,,,,Nobody makes them\n"
    );
    let claims = format!(
        "{CLAIMS}P/1,1,damage,Two radios broken,2012-06-02,,W-1,2,500.00,Report 1,2012-06-10,no,Packed well,Letter 1,2012-08-30,replaced,New ones came,,W-2,Act 1\n\
         P/1,2,quality,Noise,2012-09-02,yes,W-1,1,,Report 2,,,,,2012-10-30,credited,Money given back,120.50,,Act 2\n\
         P/1,3,shortage,One is wanting,2013-01-02,,W-1,1,,Report 3,2013-01-10,yes,It will come,,,,,,,\n"
    );
    write(
        folder,
        "files",
        &[
            ("partners", "code,name\nBRA,Brazil\n"),
            ("parties", "name,kind,state\nWorks,company,RUS\nMinistry,state_authority,BRA\n"),
            (
                "contracts",
                "reference,title,partner,currency,opened_on,exporter,end_user,signed_on,signed_document,in_force_on,completed_on,closed_on,closed_document\n\
                 P/1,Radios,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract P/1,2012-02-01,,,\n\
                 P/2,Cables,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract P/2,2012-02-01,2012-06-01,2012-09-01,Act of closing\n",
            ),
            (
                "lines",
                "contract,line,description,quantity,unit,unit_price,category,due_on,agreed_on\n\
                 P/1,7,Radio,10,piece,1000.00,ML11.a,2012-12-31,2012-01-10\n\
                 P/2,1,Cable,5,piece,10.00,ML11.a,2012-12-31,2012-01-10\n",
            ),
            (
                "terms",
                "contract,agreed_on,term,of,length,reason,document\n\
                 P/1,2012-01-15,claim_window,,30,General conditions,\n\
                 P/1,2012-07-01,claim_window,,90,Agreed,Addendum 3\n\
                 P/1,2012-07-01,warranty,,12,Agreed,Addendum 3\n",
            ),
            (
                "deliveries",
                "contract,line,delivery,quantity,handed_over_on,handed_over_document,accepted_on,accepted_document\n\
                 P/1,7,W-1,4,2012-05-01,Waybill,2012-05-20,Certificate\n\
                 P/1,7,W-2,2,2012-08-01,Waybill 2,2012-08-20,Certificate 2\n\
                 P/2,1,W-1,5,2012-05-01,Waybill,2012-05-20,Certificate\n",
            ),
            (
                "slippages",
                "contract,line,slippage,reported_on,expected_on,cause,side,description\nP/1,7,S1,2012-07-01,2013-03-01,supply,seller,No steel\n",
            ),
            ("milestones", &milestones),
            ("corrective", &corrective),
            ("offsets", &offsets),
            ("credits", &credits),
            ("claims", &claims),
        ],
    )
}

#[tokio::test]
async fn how_contracts_are_performed_goes_out_and_comes_in_each_way() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Register::founded(&folder, "ours.db").await;
    let book = files(folder.path());
    comes_in_once(&ours, &book).await;

    // What is worked out of it is as the rules say.
    let reader = ours.store.reader(&ours.actor, Some(date(2013, 1, 31)), None).await.unwrap();
    let seen = reader.contract_performance("O-2012-0001").await.unwrap();
    let claims: Vec<_> = seen.claims.iter().map(|claim| claim.raised.window_ends_on).collect();
    // The window of 30 days was that of its day, the warranty and the 90 days came later.
    assert_eq!(claims, [Some(date(2012, 6, 19)), Some(date(2013, 5, 20)), Some(date(2012, 8, 18))]);
    let offset = &seen.offsets[0].state;
    let phases: Vec<_> = offset.outlook().iter().map(|p| (p.by, p.required, p.accepted, p.planned)).collect();
    assert_eq!(phases, [(date(2013, 6, 30), 250_000, 90_000, 0)]);
    let plans: Vec<_> = seen.corrective_plans.iter().map(|plan| plan.state.state).collect();
    assert_eq!(plans, ["proposed", "proposed", "closed", "withdrawn"]);
    let milestones: Vec<_> = seen.milestones.iter().map(|milestone| milestone.state.state).collect();
    assert_eq!(milestones, ["reached", "cancelled", "planned"]);

    let rows = ours.book().await;
    let told = [Table::Claims, Table::Milestones, Table::Corrective, Table::Offsets, Table::Credits];
    let counts: Vec<usize> = told.iter().map(|table| rows[table].len() - 1).collect();
    // Of an obligation, a row for each kind that counts, with the phases beside them.
    assert_eq!(counts, [3, 7, 11, 4, 7]);
    for (name, theirs) in each_way(&folder, &ours).await {
        let theirs_reader = theirs.store.reader(&theirs.actor, Some(date(2013, 1, 31)), None).await.unwrap();
        for contract in ["O-2012-0001", "O-2012-0002"] {
            let (a, b) = (
                reader.contract_performance(contract).await.unwrap(),
                theirs_reader.contract_performance(contract).await.unwrap(),
            );
            let windows = |p: &ContractPerformance| -> Vec<_> {
                p.claims.iter().map(|claim| (claim.raised.window_ends_on, claim.is_late())).collect()
            };
            assert_eq!(windows(&a), windows(&b), "{name}");
            let outlooks = |p: &ContractPerformance| -> Vec<_> {
                p.offsets.iter().map(|offset| offset.state.outlook()).collect()
            };
            assert_eq!(outlooks(&a), outlooks(&b), "{name}");
        }
    }
    // To the public goes none of it.
    let reader = ours.store.reader(&ours.actor.limited_to_public(), None, None).await.unwrap();
    let public = gather(&reader, &|_| {}).await.unwrap();
    let tables = [Table::Milestones, Table::Corrective, Table::Offsets, Table::Credits];
    assert!(tables.iter().all(|table| public.rows[table].len() == 1));
    let brief = ours.store.reader(&ours.actor, Some(date(2012, 9, 30)), None).await.unwrap();
    assert!(!brief.brief(&BriefOptions::default()).await.unwrap().alerts.is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_said_once_and_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let register = Register::founded(&folder, "ours.db").await;
    let report = register.import_files(open_book(&files(folder.path())).unwrap(), kept()).await;
    assert!(report.is_clean() && report.kept, "{}", report.text());
    let head = register.head().await;
    /// A table, its cells, and what is expected of it.
    type Case<'a> = (&'a str, &'a str, String, &'a [(u64, &'a str)]);
    let cases: Vec<Case<'_>> = vec![
        (
            "first",
            "milestones",
            format!("{MILESTONES}P/1,M9,reached,2012-05-02,,,,,,,,,Paper\n"),
            &[(2, "act")],
        ),
        (
            "other day",
            "milestones",
            format!(
                "{MILESTONES}P/1,M1,planned,2012-01-15,factory_acceptance,,7,2012-04-01,,,,,\nP/1,M1,forecast,2012-03-02,,,,,2012-05-01,supply,seller,Late,\n"
            ),
            &[(3, "act")],
        ),
        (
            "about nothing",
            "corrective",
            format!(
                "{CORRECTIVE}P/1,C9,proposed,2012-07-07,slippage,S8,Soon,1,A shift,Foreman,2012-09-01,,,\nP/1,C9,approved,2012-07-08,,,,,,,,,,\n"
            ),
            &[(2, "about_number")],
        ),
        (
            "other actions",
            "corrective",
            format!(
                "{CORRECTIVE}P/1,C2,proposed,2012-07-05,claim,1,No more damage,1,Softer crates,Store keeper,2012-09-01,,,\n"
            ),
            &[(2, "what")],
        ),
        (
            "no whole",
            "offsets",
            format!(
                "{OFFSETS}P/1,O2,2012-03-15,Another,100.00,,,training,2,,,Agreement 5,\nP/1,O2,2012-03-15,Another,100.00,,,,,2012-12-31,40,Agreement 5,\n"
            ),
            &[(2, "by")],
        ),
        (
            "gap",
            "credits",
            format!("{CREDITS}P/1,O1,planned,2013-03-01,4,training,More,400.00,2013-06-30,,,,\n"),
            &[(2, "number")],
        ),
        (
            "nobody's",
            "credits",
            format!("{CREDITS}P/1,O7,discharged,2013-03-01,,,,,,,,Letter,\n"),
            &[(2, "offset")],
        ),
        (
            "other value",
            "credits",
            format!("{CREDITS}P/1,O1,planned,2012-03-01,1,training,Ten engineers,401.00,2012-06-30,,,,\n"),
            &[(2, "value")],
        ),
        // A day that was corrected in the file is a fault, and makes no second one.
        (
            "milestone day",
            "milestones",
            format!("{MILESTONES}P/1,M1,planned,2012-01-16,factory_acceptance,,7,2012-04-01,,,,,\n"),
            &[(2, "act_on")],
        ),
        (
            "milestone kind",
            "milestones",
            format!("{MILESTONES}P/1,M1,planned,2012-01-15,first_article,,7,2012-04-01,,,,,\n"),
            &[(2, "kind")],
        ),
        (
            "plan day",
            "corrective",
            format!("{CORRECTIVE}P/1,C2,proposed,2012-07-06,claim,1,No more damage,1,Better crates,Store keeper,2012-09-01,,,\n"),
            &[(2, "act_on")],
        ),
        (
            "plan goal",
            "corrective",
            format!("{CORRECTIVE}P/1,C2,proposed,2012-07-05,claim,1,No damage,1,Better crates,Store keeper,2012-09-01,,,\n"),
            &[(2, "goal")],
        ),
        (
            "offset day",
            "offsets",
            format!("{OFFSETS}P/1,O1,2012-02-16,Offset of the radios,3000.00,30,5,training,2.5,2013-12-31,100,Agreement 4,\n"),
            &[(2, "agreed_on")],
        ),
        (
            "review",
            "credits",
            format!("{CREDITS}P/1,O1,accepted,2012-08-20,2,,,,,,,Letter 9,\n"),
            &[(2, "act")],
        ),
        (
            "numbers of actions",
            "corrective",
            format!("{CORRECTIVE}P/1,C8,proposed,2012-08-05,contract,,Order,1,A,Foreman,2012-09-01,,,\nP/1,C8,proposed,2012-08-05,contract,,Order,3,B,Foreman,2012-09-01,,,\n"),
            &[(3, "action")],
        ),
        // What was recorded stands, whatever of it a file says otherwise.
        ("force", "contracts", format!("{CONTRACTS}P/1,Radios,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract P/1,2012-02-02\n"), &[(2, "in_force_on")]),
        ("opened", "contracts", format!("{CONTRACTS}P/1,Radios,BRA,USD,2012-01-11,Works,Ministry,2012-01-20,Contract P/1,2012-02-01\n"), &[(2, "opened_on")]),
        ("paper", "contracts", format!("{CONTRACTS}P/1,Radios,BRA,USD,2012-01-10,Works,Ministry,2012-01-20,Contract 1,2012-02-01\n"), &[(2, "signed_document")]),
        ("exporter", "contracts", format!("{CONTRACTS}P/1,Radios,BRA,USD,2012-01-10,Ministry,Ministry,2012-01-20,Contract P/1,2012-02-01\n"), &[(2, "exporter")]),
        ("goods", "lines", format!("{LINES}P/1,7,Radios,10,piece,1000.00,ML11.a,,2012-12-31,2012-01-10\n"), &[(2, "description")]),
        ("entry", "lines", format!("{LINES}P/1,7,Radio,10,piece,1000.00,ML11.b,,2012-12-31,2012-01-10\n"), &[(2, "category")]),
        ("maker", "lines", format!("{LINES}P/1,7,Radio,10,piece,1000.00,ML11.a,Works,2012-12-31,2012-01-10\n"), &[(2, "manufacturer")]),
        (
            "settled",
            "claims",
            format!("{CLAIMS}P/1,1,damage,Two radios broken,2012-06-02,,W-1,2,500.00,Report 1,2012-06-10,no,Packed well,Letter 1,2012-08-30,repaired,New ones came,,,Act 1\n"),
            &[(2, "settlement")],
        ),
        (
            "performed",
            "credits",
            format!("{CREDITS}P/1,O1,claimed,2012-07-01,1,training,Ten engineers,400.00,2012-06-21,1,,Certificate 3,\n"),
            &[(2, "performed_on")],
        ),
        (
            "cause",
            "slippages",
            "contract,line,slippage,reported_on,expected_on,cause,side,description\nP/1,7,S1,2012-07-01,2013-03-01,design,seller,No steel\n".to_owned(),
            &[(2, "cause")],
        ),
        (
            "claims",
            "claims",
            format!(
                "{CLAIMS}P/1,4,damage,Broken,2013-01-12,,W-9,1,,,,,,,,,,,,\nP/1,5,damage,Broken,2013-01-12,,,,,,,,,,,,,,,\n"
            ),
            &[(2, "delivery")],
        ),
    ];
    for (name, table, text, expected) in cases {
        let book = write(folder.path(), name, &[(table, &text)]);
        let report = register.import_files(open_book(&book).unwrap(), kept()).await;
        let found: Vec<_> = report
            .problems
            .iter()
            .map(|(_, problem)| (problem.row, problem.column.clone().unwrap_or_default().0))
            .collect();
        let expected: Vec<_> = expected.iter().map(|(row, column)| (*row, (*column).to_owned())).collect();
        assert_eq!(found, expected, "{name}: {}", report.text());
        assert!(report.problems.iter().all(|(_, p)| !p.reason.is_empty() && !p.remedy.is_empty()));
    }
    // Nobody reviews what he claimed.
    let book = write(
        folder.path(),
        "alone",
        &[(
            "credits",
            &format!(
                "{CREDITS}P/1,O1,claimed,2013-03-01,3,training,More,400.00,2013-02-20,,,Certificate 4,\nP/1,O1,accepted,2013-03-05,3,,,,,,,Letter 9,\n"
            ),
        )],
    );
    let alone = Options { approvers: Vec::new(), ..kept() };
    let report = register.import_files(open_book(&book).unwrap(), alone).await;
    assert_eq!(report.problems.len(), 1, "{}", report.text());
    assert_eq!(report.problems[0].1.row, 3);
    assert_eq!(register.head().await, head, "nothing was kept");
}
