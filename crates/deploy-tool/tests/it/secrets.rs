//! Secrets in a checkout: found by their line, and never repeated.

use std::path::Path;

use program_build::Compiler;
use tempfile::TempDir;

use crate::reproducible::checkout;
use crate::workspace;

/// What the refusal says of a checkout with this file in it; nothing where it is let through.
fn said_of(name: &str, text: &str) -> Option<String> {
    let folder = TempDir::new().unwrap();
    let place: &Path = folder.path();
    workspace::write_to(&place.join("sources"));
    workspace::write(&place.join("sources").join(name), text);
    let refusal = checkout(place, Compiler::Cargo).refuse_secrets();
    refusal.err().map(|error| error.to_string())
}

#[test]
fn a_secret_of_each_form_is_refused_by_its_line_and_not_repeated() {
    // Put together here, so that this file holds none of them.
    let digits = "0123456789".repeat(12);
    let planted = [
        (
            "a private key",
            format!("-----BEGIN EC {}-----", "PRIVATE KEY"),
        ),
        (
            "a secret access key of AWS",
            format!("aws_{} = {}", "secret_access_key", &digits[..40]),
        ),
        (
            "a secret access key of AWS",
            format!("\"{}\": \"{}\"", "SecretAccessKey", &digits[..40]),
        ),
        (
            "a session token of AWS",
            format!("AWS_{}={digits}", "SESSION_TOKEN"),
        ),
        (
            "a token of GitLab",
            format!("token: gl{}-{}", "pat", &digits[..20]),
        ),
        (
            "a token of GitHub",
            format!("token: gh{}_{}", "p", &digits[..36]),
        ),
    ];
    for (kind, line) in planted {
        let said = said_of("notes.txt", &format!("first\n{line}\n")).unwrap();
        assert!(said.contains(&format!("notes.txt:2: {kind}")), "{said}");
        assert!(!said.contains("0123456789"), "{said}");
    }
}

#[test]
fn what_only_speaks_of_secrets_is_let_through() {
    let talk = "Set AWS_SECRET_ACCESS_KEY and the session token.\nsecret_access_key: dummy\n\
                A private key never goes here. glpat- begins a token of GitLab.\n";
    assert_eq!(said_of("notes.txt", talk), None);
}

/// This repository is deployed as it is.
#[test]
fn the_sources_of_this_repository_are_let_through() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = TempDir::new().unwrap();
    let refusal =
        crate::reproducible::checkout_at(&root, folder.path(), Compiler::Cargo).refuse_secrets();
    assert_eq!(refusal.map_err(|error| error.to_string()), Ok(()));
}
