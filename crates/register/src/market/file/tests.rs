use jiff::civil::date;
use proptest::prelude::*;

use super::*;

/// As SIPRI writes its table of exports; suppliers and figures are invented.
pub(crate) const EXPORTS: &str = "Volume of transfers of major arms\n\
    Figures are in millions of SIPRI trend-indicator values (TIVs).\n\
    A '0' indicates that the volume of deliveries is between 0 and 0.5 million SIPRI TIV.\n\
    \n\
    Source: SIPRI Arms Transfers Database (c) SIPRI.\n\
    Data generated: 13 Oct 2024 12:33:53 PM\n\
    \n\
    Exports by,2010,2011,2012,2010-2012,Percentage\n\
    Northland,10,20,,30,75%\n\
    Southland,,0 ,5,5,13%\n\
    \"Island, the Great\",1,,4,5,12%\n\
    Total world export,11,20,9,40,100%\n";

const REGISTER: &[u8] = b"Transfers of major conventional arms\n\
    Source: SIPRI Arms Transfers Database (c) SIPRI.\n\
    Data generated: 13 Mar 2025 10:02:49 AM\n\
    Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\n\
    Westland,C\xf4te,1961,?,250,,Mk-1 (b),tank,250,?,1962; (1963),New,\"For the army; \xa35 m deal\",0.01,2.5,2.5\n\
    Westland,Northland,(1970),,(12),,(Mk-2),tank,..,,,Second hand,,,,\n";

const LONG: &str = "Country Name,Country Code,Year,Value\n\
    Brazil,BRA,2000,174000000\n\
    India,IND,2000,1057922733\n\
    \"Middle East, all\",MEA,2000,300000000\n\
    Kosovo,XKX,2000,1700000\n\
    Brazil,BRA,2001,\n\
    World,WLD,2000,6161884811\n";

const WIDE: &str = "\u{feff}\"Data Source\",\"World Development Indicators\",\n\n\
    \"Last Updated Date\",\"2024-06-28\",\n\n\
    \"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"1999\",\"2000\",\n\
    \"Brazil\",\"BRA\",\"GDP, PPP\",\"NY.GDP.MKTP.PP.CD\",\"\",\"1.5E+12\",\n\
    \"World\",\"WLD\",\"GDP, PPP\",\"NY.GDP.MKTP.PP.CD\",\"49999999999999.25\",\"\",\n";

fn figures(file: StatisticFile) -> Vec<(Whose, String, i16, String)> {
    let Rows::Figures(figures) = file.rows else { panic!("figures") };
    figures
        .into_iter()
        .map(|one| {
            (
                one.whose,
                if one.code.is_empty() { one.name } else { one.code },
                one.year,
                one.value.to_string(),
            )
        })
        .collect()
}

fn refusal(result: Fallible<StatisticFile>) -> String {
    let refusal = result.unwrap_err();
    assert!(refusal.field.is_some() && refusal.missing.is_some(), "{refusal:?}");
    format!("{}: {}", refusal.code, refusal.message)
}

#[test]
fn a_table_of_exports_keeps_what_is_nought_apart_from_what_is_not_there() {
    let file = read_market(EXPORTS.as_bytes()).unwrap();
    assert_eq!((file.series, file.form), (Series::TivExports, Form::SipriExports));
    assert_eq!((file.generated_on, file.rows.span()), (Some(date(2024, 10, 13)), Some((2010, 2012))));
    let expected = [
        (Whose::Exporter, "Northland", 2010, "10"),
        (Whose::Exporter, "Northland", 2011, "20"),
        (Whose::Exporter, "Southland", 2011, "0"),
        (Whose::Exporter, "Southland", 2012, "5"),
        (Whose::Exporter, "Island, the Great", 2010, "1"),
        (Whose::Exporter, "Island, the Great", 2012, "4"),
        (Whose::World, "Total world export", 2010, "11"),
        (Whose::World, "Total world export", 2011, "20"),
        (Whose::World, "Total world export", 2012, "9"),
    ];
    assert_eq!(figures(file), expected.map(|(w, n, y, v)| (w, n.to_owned(), y, v.to_owned())));
}

#[test]
fn a_bad_table_is_refused_with_its_place() {
    for (from, to, said) in [
        (
            "Northland,10,20,,30,75%",
            "Northland,10,2O,,30,75%",
            "statistic.malformed: Line 9, column 3 (2011): \"2O\" is no figure.",
        ),
        (
            "Northland,10,",
            "Northland,-1,",
            "statistic.malformed: Line 9, column 2 (2010): \"-1\" is no figure.",
        ),
        (
            "Southland",
            "Northland",
            "statistic.malformed: Line 10, column 1 (Exports by): \"Northland\" stands twice.",
        ),
        (
            "Southland,,0 ,5,5,13%",
            "Southland,,0",
            "statistic.malformed: Line 10, column 4 (2012): the row ends after 3 cells.",
        ),
        (
            "2010,2011,2012,",
            "2010,2012,2011,",
            "statistic.malformed: Line 8, column 3 (2012): the year 2012 does not follow the one before it.",
        ),
        (
            "Exports by",
            "Imports by",
            "statistic.imports: This is the table of imports; ranks of exporters need that of exports.",
        ),
        (
            "Exports by",
            "Supplies by",
            "statistic.form: This is neither SIPRI’s table of exports nor its trade register.",
        ),
        (
            "millions of SIPRI",
            "units of SIPRI",
            "statistic.unit: The file does not say in which unit its figures are.",
        ),
        (
            "Total world export",
            "Zedland",
            "statistic.no_world: The table has no row of the whole world, so that it may be cut off.",
        ),
    ] {
        let text = EXPORTS.replacen(from, to, 1);
        assert_ne!(text, EXPORTS);
        assert_eq!(refusal(read_market(text.as_bytes())), said);
    }
    let twice = format!("{EXPORTS}Zedland,1,1,1,3,1%\n");
    assert!(refusal(read_market(twice.as_bytes())).contains("Line 13"), "rows after the world");
}

#[test]
fn the_trade_register_keeps_what_is_uncertain() {
    let file = read_market(REGISTER).unwrap();
    assert_eq!((file.series, file.generated_on), (Series::TradeRegister, Some(date(2025, 3, 13))));
    assert_eq!(file.rows.span(), Some((1961, 1970)));
    let Rows::Deals(deals) = file.rows else { panic!("deals") };
    let stated = |value, uncertain| Some(Stated { value, uncertain });
    let first = &deals[0];
    assert_eq!((first.supplier.as_str(), first.ordered.clone()), ("Côte", stated(1961, true)));
    assert_eq!(first.comments, "For the army; £5 m deal");
    assert_eq!((first.designation.as_str(), first.designation_uncertain), ("Mk-1 (b)", false));
    assert_eq!(first.number_delivered, Some(Stated { value: 250, uncertain: true }));
    let years: Vec<(i16, bool)> = first.delivered.iter().map(|one| (one.value, one.uncertain)).collect();
    assert_eq!(years, [(1962, false), (1963, true)]);
    assert_eq!(first.tiv_delivered.map(|tiv| tiv.to_string()).as_deref(), Some("2.5"));
    let second = &deals[1];
    assert_eq!((second.ordered.clone(), second.number_delivered.clone()), (stated(1970, true), None));
    assert_eq!((second.designation.as_str(), second.designation_uncertain), ("Mk-2", true));
    assert_eq!((second.tiv_unit, second.tiv_order, second.tiv_delivered), (None, None, None));
    let text = String::from_utf8_lossy(REGISTER).replacen("1961,?", "1961,!", 1);
    assert_eq!(
        refusal(read_market(text.as_bytes())),
        "statistic.malformed: Line 5, column 4: \"!\" is no mark of what is uncertain."
    );
}

#[test]
fn indicators_are_told_by_their_figures_or_by_what_is_said() {
    let file = read_indicators(LONG.as_bytes(), Said::default()).unwrap();
    assert_eq!((file.series, file.form), (Series::Population, Form::WorldBankLong));
    let whose: Vec<Whose> = figures(file).into_iter().map(|figure| figure.0).collect();
    use Whose::{Aggregate, Country, World};
    assert_eq!(whose, [Country, Country, Aggregate, Aggregate, World]);
    let strange = LONG.replace("6161884811", "100");
    assert!(
        refusal(read_indicators(strange.as_bytes(), Said::default()))
            .starts_with("statistic.indicator_unsaid")
    );
    let said = Said { indicator: Some(Series::MilitaryExpenditure) };
    assert_eq!(read_indicators(strange.as_bytes(), said).unwrap().series, Series::MilitaryExpenditure);
    assert!(refusal(read_indicators(LONG.as_bytes(), said)).starts_with("statistic.other_indicator"));
}

#[test]
fn the_own_form_of_the_world_bank_names_its_indicator_and_day() {
    let file = read_indicators(WIDE.as_bytes(), Said::default()).unwrap();
    assert_eq!((file.series, file.generated_on), (Series::GdpPpp, Some(date(2024, 6, 28))));
    let expected =
        [(Whose::Country, "BRA", 2000, "1500000000000"), (Whose::World, "WLD", 1999, "49999999999999.25")];
    assert_eq!(figures(file), expected.map(|(w, n, y, v)| (w, n.to_owned(), y, v.to_owned())));
    let two = WIDE.replacen("NY.GDP.MKTP.PP.CD", "SP.POP.TOTL", 1);
    assert!(refusal(read_indicators(two.as_bytes(), Said::default())).contains("Line 7, column 4"));
    let other = WIDE.replace("NY.GDP.MKTP.PP.CD", "EN.ATM.CO2E.KT");
    assert!(refusal(read_indicators(other.as_bytes(), Said::default())).starts_with("statistic.indicator"));
}

#[test]
fn a_bad_row_of_an_indicator_is_refused_with_its_place() {
    for (from, to, said) in [
        ("174000000", "174,000,000", "Line 2, column 5: the row has 6 cells."),
        ("174000000", "\"174,000,000\"", "Line 2, column 4 (Value): \"174,000,000\" is no figure."),
        ("BRA,2000", "BRZ1,2000", "Line 2, column 2 (Country Code): \"BRZ1\" is no code."),
        ("BRA,2000", "BRA,20O0", "Line 2, column 3 (Year): \"20O0\" is not a year."),
        ("BRA,2001", "BRA,2000", "Line 6, column 3 (Year): BRA has two rows of 2000."),
    ] {
        let text = LONG.replacen(from, to, 1);
        let refused = refusal(read_indicators(text.as_bytes(), Said::default()));
        assert!(refused.starts_with("statistic.malformed: ") && refused.contains(said), "{refused}");
    }
    let mut bytes = LONG.as_bytes().to_vec();
    let place = LONG.find("India").unwrap();
    bytes[place] = 0xff;
    assert_eq!(
        refusal(read_indicators(&bytes, Said::default())),
        "statistic.encoding: Line 3: the file is not in UTF-8."
    );
}

/// Every reader over the same bytes.
fn read_all(bytes: &[u8]) {
    let _ = read_market(bytes);
    for indicator in std::iter::once(None).chain(Series::indicators().map(Some)) {
        let _ = read_indicators(bytes, Said { indicator });
    }
    for series in Series::ALL {
        let _ = read_edition(bytes, series);
    }
}

/// A seed with pieces put into it, taken out of it, and bytes changed.
fn changed(seed: &[u8], changes: &[(u16, u8, u8)]) -> Vec<u8> {
    const PIECES: [&[u8]; 16] = [
        b",",
        b"\"",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"Exports by,",
        b"Recipient,Supplier,",
        b"(",
        b")",
        b"1e40",
        b"99999999999999999999",
        b"; ",
        b"..",
        b"\xf0\x9f\x98\x80",
    ];
    let mut bytes = seed.to_vec();
    for (at, what, piece) in changes {
        let at = usize::from(*at) % (bytes.len() + 1);
        match what % 3 {
            0 => {
                let piece = PIECES[usize::from(*piece) % PIECES.len()];
                bytes.splice(at..at, piece.iter().copied());
            }
            1 => {
                let end = bytes.len().min(at + usize::from(*piece));
                bytes.drain(at..end);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = *piece;
                }
            }
        }
    }
    bytes
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn no_change_of_a_file_makes_a_reader_panic(
        seed in 0_usize..4,
        changes in prop::collection::vec((any::<u16>(), any::<u8>(), any::<u8>()), 1..12),
    ) {
        let seeds = [EXPORTS.as_bytes(), REGISTER, LONG.as_bytes(), WIDE.as_bytes()];
        read_all(&changed(seeds[seed], &changes));
    }
}
