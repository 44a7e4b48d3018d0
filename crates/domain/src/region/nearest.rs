//! Which known Regions a text is near to.

use super::table::REGIONS;

/// Most changes of a letter between a misspelling and what was meant.
const CHANGES_MAX: usize = 2;
/// Longest text that is compared, in bytes; no Region's name is near to a longer one.
const LENGTH_MAX: usize = 32;
/// Most names in an answer.
const NAMES_MAX: usize = 3;

/// The Regions that the fewest changes make of a text, in the table's order. Capitals, blanks
/// around it and underscores count as no change: nobody means anything by them.
pub(super) fn of(text: &str) -> Vec<&'static str> {
    let text = text.trim();
    if text.len() > LENGTH_MAX {
        return Vec::new();
    }
    let text = text.to_lowercase().replace('_', "-");
    let all: Vec<(usize, &'static str)> = REGIONS
        .iter()
        .map(|facts| (changes(&text, facts.code), facts.code))
        .filter(|(changes, _)| *changes <= CHANGES_MAX)
        .collect();
    let fewest = all.iter().map(|(changes, _)| *changes).min();
    all.into_iter()
        .filter(|(changes, _)| Some(*changes) == fewest)
        .map(|(_, code)| code)
        .take(NAMES_MAX)
        .collect()
}

/// How many letters have to be put in, left out, replaced, or exchanged with the next one.
fn changes(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, wanted) in other.iter().enumerate() {
            let replaced = rows[row][column] + usize::from(letter != wanted);
            let mut least = replaced
                .min(rows[row][column + 1] + 1)
                .min(next[column] + 1);
            let exchanged =
                row > 0 && column > 0 && one[row - 1] == *wanted && *letter == other[column - 1];
            if exchanged {
                least = least.min(rows[row - 1][column - 1] + 1);
            }
            next.push(least);
        }
        rows.push(next);
    }
    rows[one.len()][other.len()]
}
