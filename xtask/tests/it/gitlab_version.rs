//! Which GitLab may sign what the roles of the pipeline trust.

use xtask::gitlab_version::judge;

#[test]
fn a_gitlab_whose_tokens_a_fork_can_misuse_is_refused() {
    for version in ["18.2.1", "18.2.1-ee", "18.1.9", "17.11.0-pre", "9.0.0"] {
        let refusal = judge("true", version).unwrap_err().to_string();
        assert!(refusal.contains("18.2.2 is the oldest"), "{refusal}");
    }
}

#[test]
fn a_newer_gitlab_may_sign() {
    for version in ["18.2.2", "18.2.2-ee", "18.10.0", "19.0.1-ee"] {
        assert!(judge("true", version).is_ok(), "{version}");
    }
}

#[test]
fn a_version_that_cannot_be_read_is_no_safe_one() {
    for version in ["", "18", "18.2", "18.2.2.1", "newest"] {
        let refusal = judge("true", version).unwrap_err().to_string();
        assert!(refusal.contains("is no version"), "{version}: {refusal}");
    }
}

#[test]
fn outside_gitlab_nobody_signs() {
    for elsewhere in ["", "false"] {
        assert!(judge(elsewhere, "").is_ok());
    }
}
