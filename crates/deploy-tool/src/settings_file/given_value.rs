//! What somebody has said, with the place where, and whether it can be meant.

use std::net::Ipv4Addr;

use anyhow::{Result, anyhow, bail};
use deployment::region;

/// Most letters in the name of a bucket.
const BUCKET_LENGTH_MAX: usize = 63;

/// One setting.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GivenValue {
    /// What was said.
    pub text: String,
    /// Where it was said.
    pub place: String,
}

/// The first of the places that says something. Whoever says nothing in one of them would mean the
/// next one without knowing it.
pub(super) fn first(
    name: &str,
    places: [(&Option<String>, String); 3],
) -> Result<Option<GivenValue>> {
    for (text, place) in places {
        let Some(text) = text else {
            continue;
        };
        if text.trim().is_empty() {
            bail!("{place} names an empty {name}: say which one, or leave it out");
        }
        return Ok(Some(GivenValue {
            text: text.clone(),
            place,
        }));
    }
    Ok(None)
}

/// Refuses what cannot be the beginning of names.
pub(super) fn check_project(said: &GivenValue) -> Result<()> {
    let GivenValue { text, place } = said;
    let is_in_alphabet =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let fits = (3..=22).contains(&text.len())
        && text.chars().all(is_in_alphabet)
        && text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && !text.ends_with('-');
    if fits {
        return Ok(());
    }
    bail!(
        "`{text}`, from {place}, is no project: it takes 3 to 22 lower-case letters, digits and \
         hyphens, beginning with a letter"
    )
}

/// Refuses what is no Region, or one that is not known here and that nobody vouches for.
pub(super) fn check_region(said: &GivenValue, vouched_for: &[String]) -> Result<()> {
    let GivenValue { text, place } = said;
    region::check(text, vouched_for).map_err(|failure| anyhow!("{place}: {failure}"))
}

/// Refuses what cannot be the name of a bucket (Amazon S3 User Guide, "General purpose bucket naming
/// rules"): with it, each call would fail in a sentence of its own.
pub fn check_bucket(said: &GivenValue) -> Result<()> {
    let GivenValue { text, place } = said;
    let is_inside = |letter: char| is_at_an_end(letter) || letter == '-' || letter == '.';
    let fits = (3..=BUCKET_LENGTH_MAX).contains(&text.len())
        && text.chars().all(is_inside)
        && text.starts_with(is_at_an_end)
        && text.ends_with(is_at_an_end)
        && !text.contains("..")
        && text.parse::<Ipv4Addr>().is_err();
    if fits {
        return Ok(());
    }
    bail!(
        "`{text}`, from {place}, is no bucket: it takes 3 to {BUCKET_LENGTH_MAX} lower-case letters, \
         digits, hyphens and dots, with a letter or digit at both ends"
    )
}

fn is_at_an_end(letter: char) -> bool {
    letter.is_ascii_lowercase() || letter.is_ascii_digit()
}
