//! What a client token may be.

use domain::{Fault, FaultCode};

/// Longest client token, in characters.
pub(crate) const LENGTH_MAX: usize = 64;

/// Notes what is wrong with a client token.
pub(crate) fn check_client_token(token: Option<&str>, faults: &mut Vec<Fault>) {
    let Some(token) = token else { return };
    let path = "clientToken";
    if token.is_empty() {
        let message = "a client token has at least one character";
        faults.push(Fault::new(path, FaultCode::Required, message));
    } else if token.chars().count() > LENGTH_MAX {
        let message = format!("at most {LENGTH_MAX} characters");
        faults.push(Fault::new(path, FaultCode::TooLong, message));
    }
}
