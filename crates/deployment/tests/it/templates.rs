//! What is known of a template by its text.

use std::collections::BTreeMap;

use deployment::template::chosen;

const TEMPLATE: &str =
    "Parameters:\n  AdminEmail:\n    Type: String\n  EnableWAF:\n    Type: String\n\nResources:\n";

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn a_parameter_that_the_template_does_not_have_is_refused_with_those_that_it_has() {
    let said = map(&[("AdminEmail", "a@b.c"), ("Nope", "1")]);
    let refusal = chosen(TEMPLATE, &said, &BTreeMap::new()).unwrap_err();
    insta::assert_snapshot!(refusal, @"the master template has no parameter Nope: look for a misspelling in --parameter and deploy.toml; it has AdminEmail, EnableWAF");
}

#[test]
fn one_that_was_remembered_and_that_no_template_has_is_dropped_by_name() {
    let remembered = map(&[
        ("AdminEmail", "old@b.c"),
        ("EnableWAF", "false"),
        ("Nope", "1"),
    ]);
    let said = map(&[("AdminEmail", "a@b.c")]);
    let sorted = chosen(TEMPLATE, &said, &remembered).unwrap();
    assert_eq!(sorted.dropped, ["Nope"]);
    let kept = map(&[("AdminEmail", "a@b.c"), ("EnableWAF", "false")]);
    assert_eq!(sorted.parameters, kept);
}
