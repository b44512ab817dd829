//! Contracts: the list, its table for spreadsheets, and a contract's page.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use entente_register::access::{Reading, may_read};
use entente_register::contract::MACHINE;
use entente_register::ledger::SubjectKind;
use entente_register::money::Money;
use entente_store::reader::{
    ContractFilter, ContractPerformance, ContractRow, ContractSort, ContractView, LinkFocus,
};
use jiff::civil::Date;

use super::act::Offers;
use super::act::bulk::Bulk;
use super::frame::{Choice, Frame, Part};
use super::history::{Act, acts};
use super::line::LineCells;
use super::page;
use super::payment::{self, MoneyView};
use super::performance::{self, PerformanceView};
use super::show;
use super::spreadsheet::{Table, amount, day, every, text, ways};
use super::transfer::link::{LinkSection, apart};
use super::transfer::{LinkCells, Links};
use super::visit::{Pages, Visit, one_of};
use super::way::Way;
use crate::chart::{Bar, Svg, bar};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::importing::offered;

/// A contract in a list.
#[derive(Debug, Clone)]
pub(crate) struct ContractCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) reference: String,
    pub(crate) title: String,
    pub(crate) partner: String,
    pub(crate) partner_name: String,
    pub(crate) state: String,
    pub(crate) state_word: String,
    pub(crate) signed_on: String,
    pub(crate) label: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) lines: String,
    /// By which rule `delivered` and `overdue` count.
    pub(crate) counted: String,
    pub(crate) delivered: String,
    pub(crate) bar: Svg,
    /// Empty where there is none.
    pub(crate) overdue: String,
}

impl ContractCells {
    pub(crate) fn of(row: &ContractRow, way: &Way) -> ContractCells {
        let currency = row.amount.currency;
        ContractCells {
            number: row.number.clone(),
            href: way.to(&format!("/contracts/{}", row.number)),
            reference: row.reference.clone(),
            title: row.title.clone(),
            partner: row.partner.clone(),
            partner_name: row.partner_name.clone(),
            state: show::capital(&row.state),
            state_word: row.state.clone(),
            signed_on: row.signed_on.map(show::day).unwrap_or_default(),
            label: row.label.to_string(),
            amount: show::exact(row.amount.minor, currency),
            currency: currency.code().to_owned(),
            lines: show::count(row.lines),
            counted: show::word(row.counting.name()),
            delivered: show::exact(row.delivered, currency),
            bar: bar(&Bar { value: row.delivered, mark: None, track: true, most: row.amount.minor }),
            overdue: if row.overdue_lines == 0 { String::new() } else { show::count(row.overdue_lines) },
        }
    }
}

/// Whether goods are owed under a contract in this state.
pub(super) fn owes(state: &str) -> bool {
    matches!(state, "signed" | "in_force" | "suspended")
}

/// A column of the list by which it can be sorted.
#[derive(Debug, Clone)]
pub(crate) struct SortLink {
    pub(crate) name: &'static str,
    pub(crate) href: String,
    /// `ascending` or `descending`; empty where it is sorted by another.
    pub(crate) order: &'static str,
}

/// The form above the list.
#[derive(Debug, Clone)]
pub(crate) struct FilterForm {
    pub(crate) text: String,
    pub(crate) partners: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) overdue: Vec<Choice>,
    /// The view, and the order of the list.
    pub(crate) hidden: Vec<(String, String)>,
    /// The list without a filter; none where there is no filter.
    pub(crate) clear: Option<String>,
}

#[derive(Template)]
#[template(path = "contract/list.html")]
pub(super) struct ContractsPage {
    pub(super) frame: Frame,
    pub(super) form: FilterForm,
    pub(super) columns: Vec<SortLink>,
    pub(super) rows: Vec<ContractCells>,
    pub(super) pages: Pages,
    /// The counting rule.
    pub(super) counted: String,
    /// The list for spreadsheets: form and address.
    pub(super) tables: Vec<(&'static str, String)>,
    /// Where files are brought in, for those who may.
    pub(super) import: Option<String>,
    pub(super) offers: Offers,
    /// What can be done with those that are chosen.
    pub(super) bulk: Option<Bulk>,
}

#[derive(Template)]
#[template(path = "contract/page.html")]
pub(super) struct ContractPage {
    pub(super) frame: Frame,
    pub(super) contract: ContractPageView,
    pub(super) offers: Offers,
    /// The chain that its lines stand in.
    pub(super) link: Option<LinkSection>,
}

/// The words of the sort parameter.
const SORTS: [(&str, ContractSort); 4] = [
    ("number", ContractSort::Number),
    ("partner", ContractSort::Partner),
    ("signed_on", ContractSort::SignedOn),
    ("amount", ContractSort::Amount),
];

/// A list as it is asked for.
pub(crate) struct Asked {
    pub(crate) filter: ContractFilter,
    sort: ContractSort,
    sort_word: &'static str,
    descending: bool,
}

impl Asked {
    fn of(visit: &Visit) -> Answer<Asked> {
        let words = SORTS.map(|(word, sort)| (word, (word, sort)));
        let (sort_word, sort) =
            one_of("sort", visit.parameter("sort"), &words, ("number", ContractSort::Number))?;
        let descending = one_of("order", visit.parameter("order"), &[("asc", false), ("desc", true)], false)?;
        let overdue =
            one_of("overdue", visit.parameter("overdue"), &[("yes", Some(true)), ("no", Some(false))], None)?;
        let states: Vec<(&'static str, &'static str)> =
            MACHINE.states().into_iter().map(|s| (s, s)).collect();
        let state = one_of("state", visit.parameter("state"), &states, "")?;
        Ok(Asked {
            filter: ContractFilter {
                text: visit.parameter("text").map(str::to_owned),
                partner: visit.parameter("partner").map(str::to_owned),
                state: (!state.is_empty()).then(|| state.to_owned()),
                overdue,
            },
            sort,
            sort_word,
            descending,
        })
    }

    /// The filter as parameters.
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let overdue = self.filter.overdue.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        [
            ("text", self.filter.text.clone()),
            ("partner", self.filter.partner.clone()),
            ("state", self.filter.state.clone()),
            ("overdue", overdue),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    fn columns(&self, way: &Way) -> Vec<SortLink> {
        const NAMES: [&str; 4] = ["Number", "Partner", "Signed", "Value"];
        SORTS
            .iter()
            .zip(NAMES)
            .map(|((word, _), name)| {
                let current = *word == self.sort_word;
                let turned = if current && !self.descending { "desc" } else { "" };
                let mut pairs = self.pairs();
                pairs.push(("sort", (*word).to_owned()));
                pairs.push(("order", turned.to_owned()));
                let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
                SortLink {
                    name,
                    href: way.with("/contracts", &pairs),
                    order: match (current, self.descending) {
                        (false, _) => "",
                        (true, false) => "ascending",
                        (true, true) => "descending",
                    },
                }
            })
            .collect()
    }

    fn form(&self, visit: &Visit, partners: &[(String, String)], way: &Way) -> FilterForm {
        let any = |name: &str, chosen: bool| Choice { value: String::new(), name: name.to_owned(), chosen };
        let mut states = vec![any("All states", self.filter.state.is_none())];
        states.extend(MACHINE.states().into_iter().map(|state| Choice {
            value: state.to_owned(),
            name: show::capital(state),
            chosen: self.filter.state.as_deref() == Some(state),
        }));
        let overdue = vec![
            any("Overdue or not", self.filter.overdue.is_none()),
            Choice {
                value: "yes".to_owned(),
                name: "With overdue lines".to_owned(),
                chosen: self.filter.overdue == Some(true),
            },
            Choice {
                value: "no".to_owned(),
                name: "Without overdue lines".to_owned(),
                chosen: self.filter.overdue == Some(false),
            },
        ];
        let mut hidden = visit.hidden();
        if self.sort_word != "number" {
            hidden.push(("sort".to_owned(), self.sort_word.to_owned()));
        }
        if self.descending {
            hidden.push(("order".to_owned(), "desc".to_owned()));
        }
        FilterForm {
            text: self.filter.text.clone().unwrap_or_default(),
            partners: Choice::partners("All partners", partners, self.filter.partner.as_deref()),
            states,
            overdue,
            hidden,
            clear: (self.filter != ContractFilter::default()).then(|| way.to("/contracts")),
        }
    }
}

/// `GET /contracts`
pub(super) async fn list(visit: Visit) -> Answer {
    let asked = Asked::of(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.contracts(&asked.filter, asked.sort, asked.descending, visit.page).await?;
    let partners = reader.partners().await?;
    let way = visit.way();
    let mut own = visit.narrowing();
    own.retain(|(name, _)| *name != "choose");
    page(&ContractsPage {
        frame: visit
            .frame(Part::Contracts, "Contracts", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.label)),
        form: asked.form(&visit, &partners, &way),
        columns: asked.columns(&way),
        rows: listing.rows.iter().map(|row| ContractCells::of(row, &way)).collect(),
        pages: visit.pages(&listing),
        counted: show::word(visit.view.options().counting.name()),
        tables: ways(|ending| way.with(&format!("/contracts.{ending}"), &own)),
        import: (!offered(visit.actor()).is_empty()).then(|| way.to("/import")),
        offers: Offers::new(&visit, &["open-contract"]),
        bulk: Bulk::of(&visit, &reader, SubjectKind::Contract, listing.rows.len()),
    })
}

/// Columns of the list for a spreadsheet.
const COLUMNS: &[&str] = &[
    "number",
    "reference",
    "title",
    "partner",
    "partner_name",
    "state",
    "signed_on",
    "label",
    "amount",
    "currency",
    "delivered",
    "lines",
    "overdue_lines",
    "counting",
];

/// `GET /contracts.csv` and `.xlsx`: the whole list as it is narrowed and sorted.
pub(super) async fn export(visit: Visit, kind: Kind) -> Answer {
    let asked = Asked::of(&visit)?;
    let reader = visit.reader().await?;
    let narrowed = ("contracts", "text, partner, state or overdue lines");
    let rows =
        every(narrowed, |page| reader.contracts(&asked.filter, asked.sort, asked.descending, page)).await?;
    let rows = rows.iter().map(exported).collect();
    Table { name: "contracts", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}

fn exported(row: &ContractRow) -> Vec<Out> {
    vec![
        text(&row.number),
        text(&row.reference),
        text(&row.title),
        text(&row.partner),
        text(&row.partner_name),
        text(&row.state),
        day(row.signed_on),
        text(row.label.to_string()),
        amount(row.amount),
        text(row.amount.currency.code()),
        amount(Money::new(row.delivered, row.amount.currency)),
        Out::Whole(row.lines),
        Out::Whole(row.overdue_lines),
        text(row.counting.word()),
    ]
}

/// A party in its role.
#[derive(Debug, Clone)]
pub(crate) struct PartyCells {
    pub(crate) role: String,
    pub(crate) party: String,
    pub(crate) href: String,
    pub(crate) name: Option<String>,
    pub(crate) state: String,
    /// How many cases of it wait, and the queue of them; none for those who may not read cases.
    pub(crate) cases: Option<(String, String)>,
}

/// Everything on a contract's page.
#[derive(Debug, Clone)]
pub(crate) struct ContractPageView {
    pub(crate) row: ContractCells,
    /// What is not delivered.
    pub(crate) remaining: String,
    /// Why that is not owed, where it is not.
    pub(crate) not_owed: Option<String>,
    pub(crate) partner_href: String,
    pub(crate) parties: Vec<PartyCells>,
    pub(crate) lines: Vec<LineCells>,
    /// Money in and out, for those who may read it.
    pub(crate) money: Option<MoneyView>,
    /// Opportunities that it came of: number and page.
    pub(crate) opportunities: Vec<(String, String)>,
    /// Applications for what it is about, with their licences.
    pub(crate) transfers: Vec<LinkCells>,
    /// How it is performed beside its deliveries and payments.
    pub(crate) performance: PerformanceView,
    /// The list of reports on it.
    pub(crate) reports: String,
    pub(crate) history: Vec<Act>,
}

/// `GET /contracts/{number}`
pub(super) async fn get(visit: Visit, Path(number): Path<String>) -> Answer<Response> {
    let reader = visit.reader().await?;
    let contract = reader.contract(&number).await?;
    let performance = reader.contract_performance(&number).await?;
    let way = visit.way();
    let money = payment::money(&reader, &number, &way).await?;
    let label = money.as_ref().map_or(&contract.row.label, |(_, label)| label);
    let transfers = reader.transfers_of(&number).await?;
    let links = Links::of(visit.actor(), &way);
    // An application may be marked higher than the contract that it is for.
    let label = transfers.iter().fold(label.clone(), |label, link| label.join(&link.label));
    let mut parties = party_cells(&contract, &way);
    if may_read(visit.actor(), Reading::Screening).is_some() {
        let numbers: Vec<String> = parties.iter().map(|party| party.party.clone()).collect();
        let waiting = reader.waiting_cases(&numbers).await?;
        for party in &mut parties {
            party.cases = waiting.get(&party.party).map(|cases| {
                let words = show::counted(*cases, "case waits", "cases wait");
                (words, way.with("/cases", &[("party", &party.party)]))
            });
        }
    }
    let focus = LinkFocus::Contract(number.clone());
    let (link, label) = apart(LinkSection::of(&visit, &reader, focus).await?, &label);
    page(&ContractPage {
        link,
        frame: visit.frame(Part::Contracts, format!("Contract {number}"), &reader).marked(Some(&label)),
        contract: ContractPageView {
            parties,
            money: money.clone().map(|(view, _)| view),
            opportunities: reader
                .opportunities_of(&number)
                .await?
                .into_iter()
                .map(|(number, _)| (number.clone(), way.to(&format!("/opportunities/{number}"))))
                .collect(),
            transfers: transfers.iter().map(|link| LinkCells::of(link, &links)).collect(),
            ..view(&contract, &performance, reader.as_of(), &way)
        },
        offers: Offers::of_contract(&visit, &reader, &contract, &performance),
    })
}

fn party_cells(contract: &ContractView, way: &Way) -> Vec<PartyCells> {
    let cells = contract.parties.iter().map(|party| PartyCells {
        role: show::capital(&party.role),
        href: way.to(&format!("/parties/{}", party.party)),
        party: party.party.clone(),
        name: party.name.clone(),
        state: party.state.clone().unwrap_or_default(),
        cases: None,
    });
    cells.collect()
}

/// Writes it for people.
pub(crate) fn view(
    contract: &ContractView,
    performance: &ContractPerformance,
    as_of: Date,
    way: &Way,
) -> ContractPageView {
    let own = acts(&contract.history, SubjectKind::Contract, &contract.row.number, way);
    let own = contract.history.iter().map(|row| row.recorded_at).zip(own).collect();
    let row = &contract.row;
    ContractPageView {
        row: ContractCells::of(row, way),
        remaining: show::exact(row.amount.minor - row.delivered, row.amount.currency),
        not_owed: match row.state.as_str() {
            state if owes(state) => None,
            "negotiating" => Some("not owed: the contract is not signed yet".to_owned()),
            state => Some(format!("no longer owed: the contract is {}", show::word(state))),
        },
        partner_href: way.to(&format!("/partners/{}", row.partner)),
        parties: party_cells(contract, way),
        lines: contract.lines.iter().map(|line| LineCells::of(line, way)).collect(),
        money: None,
        opportunities: Vec::new(),
        transfers: Vec::new(),
        performance: performance::view(performance, &row.state, as_of, way),
        reports: way.with("/reports", &[("contract", row.number.as_str())]),
        history: performance::with_acts(own, performance, way),
    }
}
