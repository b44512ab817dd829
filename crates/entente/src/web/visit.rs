//! A person's visit to a page: who asks for what, with which view.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use entente_register::access::Actor;
use entente_register::ledger::Refusal;
use entente_store::reader::{Listing, Page, PlanRow, Reader};

use super::frame::{Frame, Part};
use super::show;
use super::way::Way;
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::limit::{short, within};
use crate::parameters::{NAMES, PageParameters, ViewParameters, query_pairs};
use crate::session::Signed;

/// Bytes of the names of one party at most.
const MOST_OF_NAMES: usize = 4_000;

/// A visit of someone who has signed in.
pub(crate) struct Visit {
    pub(crate) app: Arc<App>,
    pub(crate) signed: Signed,
    pub(crate) view: ViewParameters,
    pub(crate) page: Page,
    path: String,
    pairs: Vec<(String, String)>,
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Visit, Failure> {
        let signed = Signed::from_request_parts(parts, app).await?;
        let pairs = query_pairs(parts)?;
        for (name, value) in &pairs {
            match name.as_str() {
                // Several names of one party, in letters of up to three bytes.
                "names" => within(name, value, MOST_OF_NAMES)?,
                _ => short(name, value)?,
            }
        }
        Ok(Visit {
            app: app.clone(),
            signed,
            view: ViewParameters::parse(&pairs)?,
            page: PageParameters::parse(&pairs)?.0,
            path: parts.uri.path().to_owned(),
            pairs,
        })
    }
}

impl Visit {
    pub(crate) fn actor(&self) -> &Actor {
        self.signed.actor()
    }

    pub(crate) fn way(&self) -> Way {
        Way::of(&self.view)
    }

    /// What the person may see, in the view asked for.
    pub(crate) async fn reader(&self) -> Answer<Reader> {
        Ok(self.view.reader(&self.app, self.actor(), &self.signed.source).await?)
    }

    /// A parameter that was given and is not empty.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(own, value)| own == name && !value.trim().is_empty())?;
        Some(value.trim())
    }

    /// The values of a parameter that is given more than once.
    pub(crate) fn parameters<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(own, value)| own == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim())
    }

    /// Path of the page.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The view as hidden fields of a form, so that the form keeps it.
    pub(crate) fn hidden(&self) -> Vec<(String, String)> {
        self.view.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// The parameters that belong to the page itself, not to the view.
    pub(crate) fn own_parameters(&self) -> Vec<(&str, &str)> {
        self.pairs
            .iter()
            .filter(|(name, value)| !NAMES.contains(&name.as_str()) && !value.is_empty())
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    /// Those of them by which the whole of a list is narrowed: not the page of it that is shown.
    pub(crate) fn narrowing(&self) -> Vec<(&str, &str)> {
        let mut own = self.own_parameters();
        own.retain(|(name, _)| !matches!(*name, "offset" | "limit"));
        own
    }

    /// The frame of a page that obeys the view.
    pub(crate) fn frame(&self, part: Part, title: impl Into<String>, reader: &Reader) -> Frame {
        self.frame_with(part, title, reader, None)
    }

    /// The frame of a page with figures, where counting rule and plan can be chosen.
    pub(crate) fn frame_with(
        &self,
        part: Part,
        title: impl Into<String>,
        reader: &Reader,
        plans: Option<&[PlanRow]>,
    ) -> Frame {
        Frame::of(&self.app, &self.signed, &self.view, part, title).with_control(
            &self.app,
            &self.view,
            reader,
            &self.path,
            &self.pairs,
            plans,
        )
    }

    /// The frame of a page that has no view: accounts, the person's own.
    pub(crate) fn frame_now(&self, part: Part, title: impl Into<String>) -> Frame {
        Frame::of(&self.app, &self.signed, &self.view, part, title)
    }

    /// Links to the other pages of a list.
    pub(crate) fn pages<T>(&self, listing: &Listing<T>) -> Pages {
        Pages::of(listing, &self.path, &self.own_parameters(), &self.way())
    }
}

/// Where one is in a list, and the ways on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pages {
    /// `1–50 of 300`.
    pub(crate) place: String,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl Pages {
    fn of<T>(listing: &Listing<T>, path: &str, own: &[(&str, &str)], way: &Way) -> Pages {
        let Page { offset, limit } = listing.page;
        let last = offset + i64::try_from(listing.rows.len()).unwrap_or(0);
        let others: Vec<(&str, &str)> = own.iter().copied().filter(|(name, _)| *name != "offset").collect();
        let to = |offset: i64| {
            let offset = offset.to_string();
            let mut pairs = others.clone();
            if offset != "0" {
                pairs.push(("offset", &offset));
            }
            way.with(path, &pairs)
        };
        let place = if listing.rows.is_empty() {
            match listing.total {
                0 => "None".to_owned(),
                total => format!("None after the last of {}", show::count(total)),
            }
        } else {
            format!("{}–{} of {}", show::count(offset + 1), show::count(last), show::count(listing.total))
        };
        Pages {
            place,
            // From beyond the end back to the last page.
            previous: (offset > 0).then(|| to((offset.min(listing.total + limit - 1) - limit).max(0))),
            next: (last < listing.total).then(|| to(offset + limit)),
        }
    }
}

/// A parameter that has one of a few words.
///
/// # Errors
/// `parameter.unknown`, naming the parameter.
pub(crate) fn one_of<T: Copy>(
    name: &'static str,
    given: Option<&str>,
    words: &[(&'static str, T)],
    default: T,
) -> Answer<T> {
    let Some(given) = given else { return Ok(default) };
    words.iter().find(|(word, _)| *word == given).map(|(_, value)| *value).ok_or_else(|| {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Failure::with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::new("parameter.unknown", format!("{name} cannot be {given:?}."))
                .field(name)
                .missing(format!("one of {}", known.join(", "))),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_list() {
        let listing = Listing { rows: vec![(); 50], total: 300, page: Page { offset: 50, limit: 50 } };
        let pages =
            Pages::of(&listing, "/contracts", &[("partner", "BRA"), ("offset", "50")], &Way::default());
        assert_eq!(pages.place, "51–100 of 300");
        assert_eq!(pages.previous.as_deref(), Some("/contracts?partner=BRA"));
        assert_eq!(pages.next.as_deref(), Some("/contracts?partner=BRA&offset=100"));
        let empty = Listing::<()> { rows: vec![], total: 0, page: Page::first(50) };
        assert_eq!(Pages::of(&empty, "/", &[], &Way::default()).place, "None");
    }
}
