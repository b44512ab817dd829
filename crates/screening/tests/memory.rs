//! No reader holds much more than it was given, whatever it was given: bombs are refused before they are built.

#![allow(clippy::unwrap_used)]

use std::alloc::System;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use cap::Cap;
use entente_screening::lists::{Form, LARGEST_RECORD, ListFault, apply};

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// One at a time: memory is counted of all threads.
static ALONE: Mutex<()> = Mutex::new(());

/// What a reader may hold beside the bytes that it is given, for each of a record's.
const EACH: usize = 24;

fn held<T>(read: impl FnOnce() -> T) -> (T, usize, Duration) {
    let before = MEMORY.allocated();
    // The most so far is of the whole process: a test reads the largest first, or asks for less than what is new.
    let most = MEMORY.max_allocated();
    let begun = Instant::now();
    let found = read();
    let new = MEMORY.max_allocated();
    (found, if new > most { new - before } else { most.saturating_sub(before) }, begun.elapsed())
}

/// Refused with this reason, soon, and within what a record may take.
fn refused(name: &str, form: Form, bytes: &[u8], reason: &str) -> ListFault {
    let (fault, memory, time) = held(|| form.read(bytes).unwrap_err());
    assert!(fault.reason.contains(reason), "{name}: {fault}");
    assert!(memory <= LARGEST_RECORD * EACH, "{name}: {memory} bytes held");
    assert!(time < Duration::from_secs(30), "{name}: {time:?}");
    fault
}

#[test]
fn bombs_are_refused_before_they_are_built() {
    let _alone = ALONE.lock();
    let mebibyte = 1 << 20;
    let long = "x".repeat(50 * mebibyte);
    let line = format!(
        "{{\"id\":\"1\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"A\"]}}}}\n{{\"id\":\"{long}\"}}\n"
    );
    let fault = refused("a line of 50 MB", Form::FollowTheMoney, line.as_bytes(), "16 MiB");
    assert_eq!((fault.line, fault.column), (2, 1));
    refused("a quotation mark that is not closed", Form::Csv, format!("name\n\"{long}").as_bytes(), "16 MiB");
    refused("a cell of 2 MiB", Form::Csv, format!("name\n{}\n", &long[..2 * mebibyte]).as_bytes(), "1 MiB");
    let values = format!("name\n{}\n", "a;".repeat(500_000));
    refused("a million values", Form::Csv, values.as_bytes(), "values");
    let columns = format!("name{}\n", ",".repeat(mebibyte));
    refused("a million columns", Form::Csv, columns.as_bytes(), "1000 columns");

    let un = |inside: &str| {
        format!("<CONSOLIDATED_LIST><INDIVIDUAL><DATAID>1</DATAID>{inside}</INDIVIDUAL></CONSOLIDATED_LIST>")
    };
    let aliases = un(&"<INDIVIDUAL_ALIAS/>".repeat(800_000));
    refused("a record of many elements", Form::Un, aliases.as_bytes(), "elements");
    refused("a record of empty ones", Form::Un, un(&"<a/>".repeat(4 * mebibyte)).as_bytes(), "elements");
    refused("depth", Form::Un, un(&"<a>".repeat(mebibyte)).as_bytes(), "deep");
    let outside = format!("<CONSOLIDATED_LIST>{}", "<a>".repeat(mebibyte));
    refused("depth outside of records", Form::Un, outside.as_bytes(), "deep");
    refused(
        "a text",
        Form::Un,
        un(&format!("<FIRST_NAME>{}</FIRST_NAME>", &long[..2 * mebibyte])).as_bytes(),
        "1 MiB",
    );
    let mut attributes = String::from("<CONSOLIDATED_LIST><INDIVIDUAL");
    for number in 0..500_000 {
        write!(attributes, " a{number}=''").unwrap();
    }
    attributes.push_str("/></CONSOLIDATED_LIST>");
    refused("attributes", Form::Un, attributes.as_bytes(), "attributes");
    let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>";
    refused("entities", Form::Un, bomb.as_bytes(), "document type");
    let external = "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><CONSOLIDATED_LIST/>";
    refused("an external entity", Form::Un, external.as_bytes(), "document type");

    // A long value that many parties refer to.
    let mut referred = format!(
        "<Sanctions><LocPartType ID='1'>CITY</LocPartType><FeatureType ID='25'>Location</FeatureType><Location ID='1'>\
         <LocationPart LocPartTypeID='1'><LocationPartValue><Value>{}</Value></LocationPartValue></LocationPart></Location>",
        &long[..8_000]
    );
    for number in 0..50_000 {
        write!(
            referred,
            "<DistinctParty FixedRef='{number}'><Profile><Feature FeatureTypeID='25'><FeatureVersion>\
             <VersionLocation LocationID='1'/></FeatureVersion></Feature></Profile></DistinctParty>"
        )
        .unwrap();
    }
    referred.push_str("</Sanctions>");
    refused("references", Form::OfacAdvanced, referred.as_bytes(), "refer to more");
    let other = refused(
        "a value to refer to",
        Form::OfacAdvanced,
        referred.replacen("xxx", &"x".repeat(9_000), 1).as_bytes(),
        "8192",
    );
    assert_eq!(other.line, 1);

    let deep =
        format!("{{\"id\":\"1\",\"schema\":\"Person\",\"properties\":{{\"name\":{}", "[".repeat(mebibyte));
    refused("brackets", Form::FollowTheMoney, deep.as_bytes(), "recursion");
    let many = format!(
        "{{\"id\":\"1\",\"schema\":\"Person\",\"properties\":{{\"name\":[{}\"\"]}}}}",
        "\"\",".repeat(5 * mebibyte)
    );
    refused("a million texts", Form::FollowTheMoney, many.as_bytes(), "values");
    assert!(apply(b"", many.as_bytes()).is_err());

    for (form, bytes) in [
        (Form::Un, b"<CONSOLIDATED_LIST>\n\xff".as_slice()),
        (Form::Csv, b"name\n\xff"),
        (Form::FollowTheMoney, b"{\"\n\xff"),
    ] {
        let fault = form.read(bytes).unwrap_err();
        assert_eq!(
            (fault.line, fault.column),
            if form == Form::FollowTheMoney { (1, 2) } else { (2, 1) },
            "{form:?}: {fault}"
        );
    }
    for form in Form::ALL {
        for empty in ["", " ", "\u{feff}", "\n\n"] {
            assert!(form.read(empty.as_bytes()).is_err(), "{form:?}");
        }
    }
}
