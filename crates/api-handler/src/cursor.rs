//! Cursors: where the next page begins, authenticated and bound to the list and its filters, so
//! that a client can neither make one nor use one elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Fault, FaultCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::problem::Problem;

/// Bytes of the code before the position.
const CODE_BYTES: usize = 32;

/// Longest cursor, in characters. A position is a key of a table, or a server's id and hostname.
pub(crate) const LENGTH_MAX: usize = 4_096;

/// The cursor of a position in `list`.
pub(crate) fn seal(key: &str, list: &str, position: &str) -> String {
    let mut bytes = code(key, list, position).finalize().into_bytes().to_vec();
    bytes.extend_from_slice(position.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position in `list` that a cursor of ours stands for.
pub(crate) fn open(key: &str, list: &str, cursor: &str) -> Result<String, Problem> {
    position(key, list, cursor).ok_or_else(|| {
        let message = "this is no cursor of this list with these filters";
        let fault = Fault::new("nextToken", FaultCode::InvalidFormat, message);
        Problem::invalid("INVALID_CURSOR", &[fault])
    })
}

fn position(key: &str, list: &str, cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (given, position) = bytes.split_at_checked(CODE_BYTES)?;
    let position = std::str::from_utf8(position).ok()?;
    code(key, list, position).verify_slice(given).ok()?;
    Some(position.to_owned())
}

fn code(key: &str, list: &str, position: &str) -> Hmac<Sha256> {
    let mut code =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length");
    // The length keeps the end of one text apart from the beginning of the other.
    code.update(&list.len().to_be_bytes());
    code.update(list.as_bytes());
    code.update(position.as_bytes());
    code
}
