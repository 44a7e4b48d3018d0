//! Which function asked for which action, each once: what a function does can be compared with what
//! its role may do.
//!
//! On a local stack the session token of a function is `function/` and its name. Any other token is
//! a credential, and is not looked at.

use axum::http::HeaderMap;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

const MARK: &str = "function/";

/// A function and an action, such as `drs:DescribeJobs`.
pub(super) type Asked = (String, String);

#[derive(Default)]
pub(super) struct Callers(Mutex<BTreeSet<Asked>>);

impl Callers {
    /// Notes who asks for an action, when a function does.
    pub(super) fn note(&self, headers: &HeaderMap, action: &str) {
        let token = headers.get("x-amz-security-token");
        let token = token.and_then(|token| token.to_str().ok());
        if let Some(function) = token.and_then(|token| token.strip_prefix(MARK)) {
            let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            asked.insert((function.to_owned(), action.to_owned()));
        }
    }

    /// All that was noted, sorted.
    pub(super) fn asked(&self) -> Vec<Asked> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().cloned().collect()
    }
}
