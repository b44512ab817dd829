//! Links that carry the view on: every link of every page holds the parameters that its own page was asked with.

use crate::parameters::ViewParameters;
use crate::session::percent;

/// The view that links carry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Way {
    pairs: Vec<(&'static str, String)>,
    /// On paper nothing can be followed.
    paper: bool,
}

impl Way {
    /// Links of a page that was asked with this view.
    pub(crate) fn of(view: &ViewParameters) -> Way {
        Way { pairs: view.pairs(), paper: false }
    }

    /// No links: a document that stands by itself.
    pub(crate) fn paper() -> Way {
        Way { pairs: Vec::new(), paper: true }
    }

    /// To a path of this site; nothing on paper.
    pub(crate) fn to(&self, path: &str) -> String {
        self.with(path, &[])
    }

    /// To a path of this site, in another currency than that of the view.
    pub(crate) fn in_currency(&self, path: &str, code: &str) -> String {
        let pairs = self.pairs.iter().filter(|(name, _)| *name != "currency").cloned().collect();
        Way { pairs, paper: self.paper }.with(path, &[("currency", code)])
    }

    /// To a path of this site, with further parameters before those of the view. Empty ones are left out.
    pub(crate) fn with(&self, path: &str, further: &[(&str, &str)]) -> String {
        if self.paper {
            return String::new();
        }
        let mut text = path.to_owned();
        let own = self.pairs.iter().map(|(name, value)| (*name, value.as_str()));
        let mut sign = '?';
        for (name, value) in further.iter().copied().filter(|(_, value)| !value.is_empty()).chain(own) {
            text.push(sign);
            text.push_str(name);
            text.push('=');
            text.push_str(&percent(value));
            sign = '&';
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_carries_the_view() {
        let view = ViewParameters {
            as_of: Some("2012-09-30".parse().unwrap()),
            known_at: Some("2012-10-01T00:00:00Z".parse().unwrap()),
            ..ViewParameters::default()
        };
        let way = Way::of(&view);
        assert_eq!(way.to("/contracts"), "/contracts?as_of=2012-09-30&known_at=2012-10-01T00%3A00%3A00Z");
        assert_eq!(
            way.with("/contracts", &[("partner", "BRA"), ("state", "")]),
            "/contracts?partner=BRA&as_of=2012-09-30&known_at=2012-10-01T00%3A00%3A00Z"
        );
        assert_eq!(Way::default().to("/"), "/");
        assert_eq!(Way::paper().to("/contracts"), "");
    }
}
