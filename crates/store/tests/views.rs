//! Views: equal to their rebuild after any history, and right at every day and horizon.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;

use entente_store::{VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::history::History;
use support::*;

async fn verify_deep(register: &Register) {
    let options = VerifyOptions { deep: true, ..Default::default() };
    let found = register.store.verify(&options, silent()).await.unwrap();
    assert_eq!(found.first_bad, None);
}

on_both! {
    async fn after_any_history_the_views_equal_their_rebuild(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let mut history = History::seeded(if database.is_postgres() { 11 } else { 12 });
        for _ in 0..4 {
            history.run(&register, 400).await;
            verify_deep(&register).await;
        }
        let events = register.store.rebuild(silent()).await.unwrap();
        assert!(events > 300, "the history is too short to tell anything: {events}");
        verify_deep(&register).await;
        // A rebuilt register goes on as if it had not been.
        history.run(&register, 400).await;
        verify_deep(&register).await;
    }

    async fn a_line_is_complete_on_the_days_on_which_its_acts_reach_its_quantity(database: TestDatabase) {
        let register = Register::founded(&database).await;
        History::seeded(13).run(&register, 3000).await;
        let lines = database
            .query("SELECT number, valid_from, valid_to, CAST(known_from AS TEXT), CAST(known_to AS TEXT), CAST(quantity AS TEXT) FROM line ORDER BY number, known_from, valid_from")
            .await;
        let acts = database
            .query("SELECT line, counting, act_date, CAST(known_from AS TEXT), CAST(quantity AS TEXT) FROM delivery_act ORDER BY known_from, counting")
            .await;
        let completions = database
            .query("SELECT line, counting, completed_on, reopened_on, CAST(known_from AS TEXT), CAST(known_to AS TEXT) FROM line_completion ORDER BY line, counting, known_from, completed_on")
            .await;
        let int = |text: &str| text.parse::<i64>().unwrap();
        let mut numbers: Vec<&str> = lines.iter().map(|row| row[0].as_str()).collect();
        numbers.dedup();
        let last: i64 = int(&database.query("SELECT CAST(sequence AS TEXT) FROM ledger_head").await[0][0]);
        let (mut checked, mut full_days) = (0, 0);
        for number in numbers {
            for known in (last % 37..=last).step_by(37).chain([last]) {
                // What was ordered at this horizon, from which day on.
                let ordered: BTreeMap<&str, i64> = lines
                    .iter()
                    .filter(|row| row[0] == number && int(&row[3]) <= known && known < int(&row[4]))
                    .map(|row| (row[1].as_str(), int(&row[5])))
                    .collect();
                let Some((_, first)) = ordered.first_key_value() else { continue };
                for counting in ["title_passed", "handed_over"] {
                    for month in 1..=9 {
                        let day = format!("2012-{month:02}-20");
                        let delivered: i64 = acts
                            .iter()
                            .filter(|row| row[0] == number && row[1] == counting && int(&row[3]) <= known && row[2] <= day)
                            .map(|row| int(&row[4]))
                            .sum();
                        let needed = ordered.range(..=day.as_str()).next_back().map_or(*first, |(_, q)| *q);
                        let rows = completions
                            .iter()
                            .filter(|row| {
                                row[0] == number && row[1] == counting
                                    && int(&row[4]) <= known && known < int(&row[5])
                                    && row[2] <= day && day < row[3]
                            })
                            .count();
                        assert_eq!(rows, usize::from(delivered >= needed), "{number} {counting} as of {day} known at {known}");
                        checked += 1;
                        full_days += rows;
                    }
                }
            }
        }
        assert!(checked > 5000 && full_days > 200, "{checked} {full_days}");
    }

    async fn sums_agree_with_their_acts_at_every_horizon(database: TestDatabase) {
        let register = Register::founded(&database).await;
        History::seeded(9).run(&register, 1500).await;
        let from_acts = |on: &str, recorded: &str, length: usize| format!(
            "SELECT counting, currency, substr(act_date, 1, {length}) AS {on}, partner, CAST(label AS TEXT), substr(recorded_day, 1, {length}) AS {recorded}, CAST(SUM(amount) AS TEXT), CAST(SUM(sign) AS TEXT) FROM delivery_act GROUP BY counting, currency, substr(act_date, 1, {length}), partner, label, substr(recorded_day, 1, {length}) ORDER BY counting, currency, {on}, partner, CAST(label AS TEXT), {recorded}"
        );
        let from_sums = |table: &str, on: &str, recorded: &str| format!(
            "SELECT counting, currency, {on}, partner, CAST(label AS TEXT), {recorded}, CAST(amount AS TEXT), CAST(deliveries AS TEXT) FROM {table} ORDER BY counting, currency, {on}, partner, CAST(label AS TEXT), {recorded}"
        );
        for (table, on, recorded, length) in [
            ("delivery_day", "act_date", "recorded_day", 10),
            ("delivery_month", "act_month", "recorded_month", 7),
        ] {
            let acts = database.query(&from_acts(if length == 10 { "d" } else { "m" }, "r", length)).await;
            let sums = database.query(&from_sums(table, on, recorded)).await;
            assert!(acts.len() > 20);
            assert_eq!(acts, sums, "{table}");
        }
        let lines = database
            .query("SELECT s.line FROM line_sum s WHERE s.handed_over <> (SELECT COALESCE(SUM(quantity), 0) FROM delivery_act a WHERE a.line = s.line AND counting = 'handed_over') OR s.accepted_amount <> (SELECT COALESCE(SUM(amount), 0) FROM delivery_act a WHERE a.line = s.line AND counting = 'title_passed')")
            .await;
        assert!(lines.is_empty(), "{lines:?}");
    }

    async fn one_row_stands_for_each_number_at_each_day_and_horizon(database: TestDatabase) {
        let register = Register::founded(&database).await;
        History::seeded(21).run(&register, 1200).await;
        for table in ["contract", "line"] {
            let overlapping = database
                .query(&format!("SELECT a.number FROM {table} a JOIN {table} b ON a.number = b.number AND (a.known_from, a.valid_from) < (b.known_from, b.valid_from) WHERE a.known_from < b.known_to AND b.known_from < a.known_to AND a.valid_from < b.valid_to AND b.valid_from < a.valid_to"))
                .await;
            assert!(overlapping.is_empty(), "{table}: {overlapping:?}");
            let empty = database
                .query(&format!("SELECT number FROM {table} WHERE known_from >= known_to OR valid_from >= valid_to"))
                .await;
            assert!(empty.is_empty(), "{table}: {empty:?}");
        }
    }
}
