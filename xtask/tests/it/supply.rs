//! Packages that may not be shipped, and lists of weaknesses that do not answer.

use std::fs;

use anyhow::anyhow;
use xtask::steps::{Steps, Unchecked};
use xtask::supply::advisories::{Severity, judge_packages, together};
use xtask::supply::packages::{allowed, faults};
use xtask::{supply, workspace};

fn rules() -> String {
    fs::read_to_string(workspace::root().join(supply::RULES)).unwrap()
}

/// The faults of a lock file with one package.
fn faults_of(member: &str) -> Vec<String> {
    let lock = format!(
        r#"{{"lockfileVersion": 3, "packages": {{
            "": {{"license": "none"}},
            "node_modules/ours/node_modules/@their/thing": {{"version": "1.2.3"{member}}}
        }}}}"#
    );
    let found = faults(&lock, &allowed(&rules()).unwrap()).unwrap();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn the_licence_of_a_shipped_package_is_judged_by_what_can_be_chosen() {
    let fine = [
        "MIT",
        "0BSD",
        "(MIT OR GPL-3.0-only)",
        "(MIT OR CC0-1.0) AND ISC",
    ];
    for licence in fine {
        let found = faults_of(&format!(r#", "license": "{licence}""#));
        assert_eq!(found, Vec::<String>::new(), "{licence}");
    }
    let refused = ["AGPL-3.0-only", "MIT AND GPL-3.0-only", "MPL-2.0"];
    for licence in refused {
        let found = faults_of(&format!(r#", "license": "{licence}""#));
        let said = format!(
            "@their/thing 1.2.3: its licence `{licence}` is not on the list of those allowed \
             (deny.toml)"
        );
        assert_eq!(found, [said]);
    }
}

#[test]
fn a_shipped_package_without_a_licence_that_can_be_read_is_a_fault() {
    assert_eq!(faults_of(""), ["@their/thing 1.2.3: declares no licence"]);
    assert_eq!(
        faults_of(r#", "license": "SEE LICENSE IN LICENSE.md""#),
        ["@their/thing 1.2.3: its licence `SEE LICENSE IN LICENSE.md` cannot be read"]
    );
}

#[test]
fn what_only_development_needs_is_not_shipped_and_not_judged() {
    let found = faults_of(r#", "license": "MPL-2.0", "dev": true"#);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_lock_file_that_names_no_licences_is_refused() {
    let error = faults(r#"{"lockfileVersion": 1, "packages": {}}"#, &[]);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("has version 1"), "{error}");
}

fn said(outcome: anyhow::Result<()>) -> (bool, String) {
    let error = outcome.unwrap_err();
    (error.is::<Unchecked>(), format!("{error:#}"))
}

#[test]
fn a_registry_that_answers_no_audit_is_told_as_unknown_and_never_as_fine() {
    let refused = r#"{"message": "405 Method Not Allowed", "error": {"summary": ""}}
npm error audit endpoint returned an error"#;
    assert_eq!(
        said(judge_packages("frontend", refused, Severity::High)),
        (
            true,
            "could not be checked: packages of frontend (405 Method Not Allowed)".to_owned()
        )
    );
    for nothing in ["", "npm is broken", "{}", "[1]"] {
        assert_eq!(
            said(judge_packages("frontend", nothing, Severity::High)),
            (
                true,
                "could not be checked: packages of frontend (npm gives no audit)".to_owned()
            )
        );
    }
}

#[test]
fn a_weakness_counts_from_the_level_that_is_too_bad() {
    let audit = r#"{"auditReportVersion": 2, "vulnerabilities": {
        "weak": {"name": "weak", "severity": "moderate", "range": "<2.0.0"}
    }}"#;
    assert_eq!(
        said(judge_packages("frontend", audit, Severity::Low)),
        (
            false,
            "packages of frontend have known weaknesses: weak <2.0.0 is moderate".to_owned()
        )
    );
    assert!(judge_packages("frontend", audit, Severity::Moderate).is_err());
    assert!(judge_packages("frontend", audit, Severity::High).is_ok());
    let none = r#"{"auditReportVersion": 2, "vulnerabilities": {}}"#;
    assert!(judge_packages("frontend", none, Severity::Info).is_ok());
}

#[test]
fn a_list_that_is_silent_hides_neither_a_weakness_nor_itself() {
    let silent = || Err(anyhow::Error::new(Unchecked("crates (no list)".to_owned())));
    assert!(together([Ok(()), Ok(())]).is_ok());
    assert_eq!(
        said(together([Ok(()), silent(), silent()])),
        (
            true,
            "could not be checked: crates (no list); crates (no list)".to_owned()
        )
    );
    assert_eq!(
        said(together([silent(), Err(anyhow!("weak"))])),
        (
            false,
            "weak; could not be checked: crates (no list)".to_owned()
        )
    );
}

#[test]
fn a_step_that_could_not_be_made_is_neither_passed_nor_failed() {
    let mut steps = Steps::default();
    steps.step("first", || Ok(()));
    steps.step("second", || {
        Err(anyhow::Error::new(Unchecked("why".to_owned())))
    });
    assert_eq!(
        said(steps.finish("check")),
        (true, "could not be checked: second of check".to_owned())
    );
}
