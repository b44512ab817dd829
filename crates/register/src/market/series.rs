//! The statistics that a register holds, each with its publisher and its basis.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use crate::ledger::Refusal;

/// A statistic that is published anew from time to time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// Volume of arms exports by supplier and year, SIPRI.
    TivExports,
    /// Deals one by one, SIPRI.
    TradeRegister,
    /// Population by country and year, World Bank.
    Population,
    /// Gross domestic product at current prices by country and year, World Bank.
    GdpNominal,
    /// Gross domestic product by purchasing power by country and year, World Bank.
    GdpPpp,
    /// Military expenditure by country and year, World Bank after SIPRI.
    MilitaryExpenditure,
}

/// By which figures of one year an indicator is recognised in a file that does not name it: editions differ by a few per
/// cent, other indicators by far more.
pub(super) struct Anchors {
    /// The year.
    pub(super) year: i16,
    /// Code, figure, and by how many per cent an edition may differ.
    pub(super) figures: &'static [(&'static str, i64, u32)],
}

impl Series {
    /// All of them.
    pub const ALL: [Series; 6] = [
        Series::TivExports,
        Series::TradeRegister,
        Series::Population,
        Series::GdpNominal,
        Series::GdpPpp,
        Series::MilitaryExpenditure,
    ];

    /// The word in data, and the key of the subject in the ledger.
    pub fn word(self) -> &'static str {
        match self {
            Series::TivExports => "tiv_exports",
            Series::TradeRegister => "trade_register",
            Series::Population => "population",
            Series::GdpNominal => "gdp_nominal",
            Series::GdpPpp => "gdp_ppp",
            Series::MilitaryExpenditure => "military_expenditure",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Series::TivExports => "Volume of arms exports",
            Series::TradeRegister => "Trade register of arms",
            Series::Population => "Population",
            Series::GdpNominal => "Gross domestic product, nominal",
            Series::GdpPpp => "Gross domestic product, by purchasing power",
            Series::MilitaryExpenditure => "Military expenditure",
        }
    }

    /// Who publishes it.
    pub fn publisher(self) -> &'static str {
        match self {
            Series::TivExports | Series::TradeRegister => "SIPRI Arms Transfers Database",
            _ => "World Bank, World Development Indicators",
        }
    }

    /// What its figures count, in words that stand beside every one of them.
    pub fn basis(self) -> &'static str {
        match self {
            Series::TivExports => {
                "SIPRI trend-indicator values (TIV), millions: the volume of military capability that was transferred, not its price"
            }
            Series::TradeRegister => {
                "SIPRI trend-indicator values (TIV), millions, deal by deal: the volume of military capability, not its price"
            }
            Series::Population => "persons, mid-year estimates",
            Series::GdpNominal => "US dollars at current prices and official exchange rates",
            Series::GdpPpp => "international dollars at current prices, by purchasing power",
            Series::MilitaryExpenditure => "US dollars at current prices and official exchange rates",
        }
    }

    /// The terms under which its publisher gives it away.
    pub fn terms(self) -> &'static str {
        match self {
            Series::TivExports | Series::TradeRegister => {
                "© SIPRI, for non-commercial use with attribution; not to be passed on"
            }
            _ => "World Bank, CC BY 4.0 or public domain (PDDL), as the copy was given",
        }
    }

    /// The code of the indicator, where it is one of the World Bank.
    pub fn indicator_code(self) -> Option<&'static str> {
        match self {
            Series::TivExports | Series::TradeRegister => None,
            Series::Population => Some("SP.POP.TOTL"),
            Series::GdpNominal => Some("NY.GDP.MKTP.CD"),
            Series::GdpPpp => Some("NY.GDP.MKTP.PP.CD"),
            Series::MilitaryExpenditure => Some("MS.MIL.XPND.CD"),
        }
    }

    /// The indicators, of which a group of states has a share.
    pub fn indicators() -> impl Iterator<Item = Series> {
        Series::ALL.into_iter().filter(|series| series.indicator_code().is_some())
    }

    /// An indicator by its word, or by the code of its publisher.
    ///
    /// # Errors
    /// `statistic.indicator`.
    pub fn indicator(text: &str) -> Result<Series, Refusal> {
        let asked = text.trim();
        let is_it = |series: &Series| {
            series.word() == asked.to_ascii_lowercase().replace('-', "_")
                || series.indicator_code().is_some_and(|code| code.eq_ignore_ascii_case(asked))
        };
        Series::indicators().find(is_it).ok_or_else(|| {
            let words: Vec<&str> = Series::indicators().map(Series::word).collect();
            Refusal::new("statistic.indicator", format!("{text:?} is no indicator that is known here."))
                .field("indicator")
                .missing(format!("one of {}", words.join(", ")))
        })
    }

    /// How the indicator is told in a file that does not name it; none where nothing tells it from its likes.
    pub(super) fn anchors(self) -> Option<Anchors> {
        match self {
            Series::Population => {
                Some(Anchors { year: 2000, figures: &[("WLD", 6_150_000_000, 3), ("IND", 1_057_000_000, 4)] })
            }
            Series::GdpNominal => Some(Anchors {
                year: 2000,
                figures: &[("WLD", 33_800_000_000_000, 5), ("USA", 10_251_000_000_000, 4)],
            }),
            _ => None,
        }
    }

    /// Whether figures of the anchors' year are those of this indicator.
    pub(super) fn is_told_by(self, figure: impl Fn(&str, i16) -> Option<Exact>) -> bool {
        self.anchors().is_some_and(|anchors| {
            anchors.figures.iter().all(|(code, expected, per_cent)| {
                figure(code, anchors.year)
                    .is_some_and(|found| found.is_within(*per_cent, Exact::whole(*expected)))
            })
        })
    }
}

impl FromStr for Series {
    type Err = Refusal;

    fn from_str(word: &str) -> Result<Series, Refusal> {
        Series::ALL.into_iter().find(|series| series.word() == word).ok_or_else(|| {
            let words: Vec<&str> = Series::ALL.iter().map(|series| series.word()).collect();
            Refusal::new("statistic.series", format!("{word:?} is no statistic that is known here."))
                .field("series")
                .missing(format!("one of {}", words.join(", ")))
        })
    }
}
