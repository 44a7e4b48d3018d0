//! Every fault in the shape of a body. Reading stops at the first, so what is faulty is taken
//! away and the rest is read again; no member is needed to read the others.

use domain::{Fault, FaultCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::object::Object;
use super::plain_messages::plain;

/// More than anybody corrects at once.
const FAULTS_MAX: usize = 100;

/// What is wrong with the shape of this value, in the order in which it is read.
pub(super) fn of_shape<T: DeserializeOwned>(mut value: Value) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    // An item of a list may take two rounds.
    for _ in 0..2 * FAULTS_MAX {
        let read = serde_path_to_error::deserialize::<_, Object<T>>(&value);
        let Err(error) = read else { break };
        let fault = fault(error.path(), &error.inner().to_string());
        let is_known = faults.iter().any(|known| known.path == fault.path);
        let instead = if is_known {
            Value::Object(Map::new())
        } else {
            faults.push(fault);
            Value::from("")
        };
        if faults.len() == FAULTS_MAX || !take_away(&mut value, error.path(), instead) {
            break;
        }
    }
    faults
}

/// The fault that a message of the reader means.
pub(super) fn fault(path: &Path, text: &str) -> Fault {
    let path = path.to_string();
    let path = if path == "." { String::new() } else { path };
    // The place in the text says less than the path does.
    let message = text.split(" at line ").next().unwrap_or_default();
    let (path, code) = if message.starts_with("unknown field") {
        (path, FaultCode::UnknownMember)
    } else if message.starts_with("duplicate field") {
        (path_of_duplicate(&path, message), FaultCode::Duplicate)
    } else {
        (path, FaultCode::WrongType)
    };
    Fault::new(path, code, plain(message))
}

/// A member that stands there twice is named by the message alone.
fn path_of_duplicate(path: &str, message: &str) -> String {
    let member = message.split('`').nth(1).unwrap_or_default();
    let separator = if path.is_empty() { "" } else { "." };
    format!("{path}{separator}{member}")
}

/// Takes the faulty part away; says whether something was. An item of a list is replaced, so that
/// those after it keep their places: by a text, or, where that is at fault too, by an object.
fn take_away(value: &mut Value, path: &Path, instead: Value) -> bool {
    let mut at = value;
    let mut segments = path.iter().peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match (segment, at) {
            (Segment::Map { key }, Value::Object(members)) if is_last => {
                return members.remove(key).is_some();
            }
            (Segment::Map { key }, Value::Object(members)) => match members.get_mut(key) {
                Some(member) => at = member,
                None => return false,
            },
            (Segment::Seq { index }, Value::Array(items)) => match items.get_mut(*index) {
                Some(item) if is_last => {
                    *item = instead;
                    return true;
                }
                Some(item) => at = item,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}
