//! What can be known of a template's text without understanding all of it.

/// Names of its parameters, in its order.
pub fn parameters(template: &str) -> Vec<&str> {
    let lines = template.lines();
    let section = lines.skip_while(|line| *line != "Parameters:").skip(1);
    section
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|letter| letter.is_ascii_alphanumeric()))
        .collect()
}
