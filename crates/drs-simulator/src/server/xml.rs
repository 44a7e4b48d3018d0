//! Trees as the XML of EC2: members are elements, and the items of a list are called `item`.

use serde_json::Value;

const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// The answer to an action.
pub(super) fn answer(action: &str, request_id: &str, body: &Value) -> String {
    let mut members = String::new();
    write(&mut members, body);
    format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><requestId>{request_id}</requestId>{members}\
         </{action}Response>"
    )
}

/// An error answer.
pub(super) fn error(code: &str, message: &str, request_id: &str) -> String {
    format!(
        "<Response><Errors><Error><Code>{code}</Code><Message>{}</Message></Error></Errors>\
         <RequestID>{request_id}</RequestID></Response>",
        escaped(message)
    )
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                element(text, name, inner);
            }
        }
        Value::Array(items) => {
            for item in items {
                element(text, "item", item);
            }
        }
        Value::String(leaf) => text.push_str(&escaped(leaf)),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

fn element(text: &mut String, name: &str, value: &Value) {
    text.push('<');
    text.push_str(name);
    text.push('>');
    write(text, value);
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}

pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    escaped
}
