//! The year's report as an HTML document that stands by itself, made to be printed.

use askama::Template;
use entente_register::brief::Brief;
use entente_store::Fault;

use crate::web::execution_report::ReportDocument;

/// Writes it. `demonstration` says whether its contracts are invented.
///
/// # Errors
/// A fault if it cannot be written.
pub fn text(brief: &Brief, demonstration: bool) -> Result<String, Fault> {
    ReportDocument::of(brief, demonstration)
        .render()
        .map_err(|e| Fault::internal("writing the report as a document", e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::sample;

    /// Without the sheet, which changes for reasons of its own, and without empty lines.
    fn body(brief: &Brief) -> String {
        let text = text(brief, true).unwrap();
        let lines = text.split("<body>").nth(1).unwrap().lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_report_for_print() {
        insta::assert_snapshot!(body(&sample::brief()));
    }

    #[test]
    fn what_is_unknown_is_said_with_its_reason() {
        let text = body(&sample::nothing());
        assert!(text.contains("no plan for 2012 was approved by 2012-09-30"), "{text}");
        assert!(
            text.contains("what was paid is not known") && text.contains("No opportunity is registered.")
        );
        let text = body(&sample::past_the_horizon());
        assert!(text.contains("what happened after 2012-10-01 is not known"), "{text}");
    }
}
