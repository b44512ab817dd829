//! The bar of long work: on standard error, and on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::out::errors_are_terminal;

/// A bar with its words before it. It is hidden where standard error is not a terminal.
pub(super) fn bar(words: &'static str) -> ProgressBar {
    let target = match errors_are_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {eta}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(words);
    bar
}

/// A count with its words before it, of work of which nobody knows how much it is. Hidden as a bar is.
pub(super) fn counter(words: &'static str) -> ProgressBar {
    let counter = bar(words);
    let style = ProgressStyle::with_template("{msg} {human_pos}");
    counter.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    counter
}
