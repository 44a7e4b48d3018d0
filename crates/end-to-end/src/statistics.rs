//! Numbers of many measurements.

/// The value that this share of the measurements does not exceed.
pub fn quantile(measurements: &[f64], share: f64) -> Option<f64> {
    let mut sorted = measurements.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a short list"
    )]
    let place = ((sorted.len() as f64 * share).ceil() as usize).max(1) - 1;
    sorted.get(place).copied()
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn the_median_of_three_is_the_middle_one() {
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
    }

    #[test]
    fn of_twenty_the_nineteenth_is_what_95_percent_do_not_exceed() {
        let numbers: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(quantile(&numbers, 0.95), Some(19.0));
    }

    #[test]
    fn nothing_measured_has_no_median() {
        assert_eq!(quantile(&[], 0.5), None);
    }
}
