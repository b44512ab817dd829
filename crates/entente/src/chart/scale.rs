//! Scales and their ticks.

/// A linear scale from values to places on paper.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Values at the two ends.
    pub(super) domain: (f64, f64),
    /// Places of the two ends.
    pub(super) range: (f64, f64),
}

impl Scale {
    /// The place of a value.
    pub(super) fn place(&self, value: f64) -> f64 {
        let span = self.domain.1 - self.domain.0;
        if span == 0.0 {
            return self.range.0;
        }
        self.range.0 + (value - self.domain.0) / span * (self.range.1 - self.range.0)
    }
}

/// The decimals with which a step of a scale is written exactly.
pub(super) fn decimals(step: f64) -> usize {
    let is_whole = |digits: usize| {
        let scaled = step * 10_f64.powi(i32::try_from(digits).unwrap_or(0));
        (scaled - scaled.round()).abs() < 1e-6
    };
    (0..MOST_DECIMALS).find(|digits| is_whole(*digits)).unwrap_or(MOST_DECIMALS)
}

/// A thousand in minor units has five digits behind it at most, for any currency in use.
const MOST_DECIMALS: usize = 6;

/// Round ticks from zero up to `most`, about `wanted` of them: steps of 1, 2, 2.5 or 5 × 10ⁿ.
/// The values are those of the domain, so amounts in minor units stay exact enough to print.
/// Where nothing is to be seen, zero alone.
pub(super) fn ticks(most: f64, wanted: u32) -> Vec<f64> {
    if most <= 0.0 {
        return vec![0.0];
    }
    let rough = most / f64::from(wanted.max(1));
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|s| s * power >= rough).unwrap_or(10.0) * power;
    let mut out = vec![0.0];
    let mut count = 1.0;
    while step * count <= most {
        out.push(step * count);
        count += 1.0;
    }
    out
}

/// Moves labels apart so that none stands nearer than `gap` to the next, all between `top` and `bottom`,
/// each as near to where it belongs as that allows. Gives the places in the order of the input.
pub(super) fn spread(places: &[f64], gap: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
    let mut out = places.to_vec();
    let mut least = top;
    for index in &order {
        out[*index] = places[*index].max(least);
        least = out[*index] + gap;
    }
    let mut most = bottom;
    for index in order.iter().rev() {
        out[*index] = out[*index].min(most);
        most = out[*index] - gap;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_stay_within() {
        assert_eq!(ticks(15_293.0, 5), [0.0, 5000.0, 10_000.0, 15_000.0]);
        assert_eq!(ticks(10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 5), [0.0]);
        assert!(ticks(1.0, 5).len() < 12);
    }

    #[test]
    fn a_step_is_written_exactly() {
        for (step, expected) in [(5_000.0, 0), (1.0, 0), (2.5, 1), (0.2, 1), (0.25, 2), (0.0, 0)] {
            assert_eq!(decimals(step), expected, "{step}");
        }
    }

    #[test]
    fn labels_do_not_meet() {
        let places = spread(&[100.0, 102.0, 101.0, 40.0], 12.0, 0.0, 110.0);
        let mut sorted = places.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|w| w[1] - w[0] >= 12.0 - 1e-9), "{places:?}");
        assert!(sorted.iter().all(|p| (0.0..=110.0).contains(p)));
        assert!(places[0] < places[2] && places[2] < places[1]);
    }
}
