//! What the reader of JSON says of a value, in the words of whoever wrote the value: its messages
//! name types of the program.

/// What a message of the reader means, as a clause. One that is not known stays as it is.
pub(crate) fn plain(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        return unknown_member(rest);
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("the member {name} is missing");
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        return format!("the member {name} stands there twice");
    }
    let wrong = ["invalid type: ", "invalid value: ", "unknown variant "];
    let rest = wrong.iter().find_map(|start| message.strip_prefix(start));
    match rest.and_then(|rest| rest.rsplit_once(", expected ")) {
        Some((found, expected)) => {
            format!("expected {}, found {}", kind(expected), value(found))
        }
        None => message.to_owned(),
    }
}

/// The path of the fault has the name.
fn unknown_member(rest: &str) -> String {
    match rest.split_once(", ") {
        Some((_, expected)) if expected.starts_with("expected ") => {
            format!("no member of this name is known; {expected}")
        }
        Some(_) | None => "no member of this name is known; none is taken here".to_owned(),
    }
}

/// What is expected; types of Rust as what they are in JSON.
fn kind(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number of 0 or more",
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "an object",
        other if other.starts_with("tuple ") => "a list",
        other => other,
    }
}

/// What was found.
fn value(found: &str) -> String {
    match found {
        "map" => "an object".to_owned(),
        "sequence" => "a list".to_owned(),
        "null" => "nothing (`null`)".to_owned(),
        _ => {
            let kinds = ["integer ", "floating point ", "boolean ", "string "];
            let shown = kinds.iter().find_map(|kind| found.strip_prefix(kind));
            shown.unwrap_or(found).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::plain;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is read")]
    struct Shape {
        name: Option<String>,
        count: Option<u32>,
        offset: Option<i64>,
        list: Option<Vec<String>>,
        inner: Option<Inner>,
        policy: Option<Policy>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its shape is read")]
    struct Inner {
        of: u32,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    enum Policy {
        Stop,
        Pause,
    }

    #[test]
    fn no_message_names_a_type_of_the_program() {
        let table = [
            (r#"{"name":5}"#, "expected a string, found `5`"),
            (r#"{"name":{}}"#, "expected a string, found an object"),
            (r#"{"name":[]}"#, "expected a string, found a list"),
            (r#"{"name":true}"#, "expected a string, found `true`"),
            (r#"{"name":1.5}"#, "expected a string, found `1.5`"),
            (
                r#"{"count":-1}"#,
                "expected a whole number of 0 or more, found `-1`",
            ),
            (
                r#"{"count":"a, expected b"}"#,
                r#"expected a whole number of 0 or more, found "a, expected b""#,
            ),
            (r#"{"offset":"x"}"#, r#"expected a whole number, found "x""#),
            (r#"{"list":{}}"#, "expected a list, found an object"),
            (
                r#"{"list":[null]}"#,
                "expected a string, found nothing (`null`)",
            ),
            (r#"{"inner":7}"#, "expected an object, found `7`"),
            (r#"{"inner":{}}"#, "the member `of` is missing"),
            (
                r#"{"policy":"EXPLODE"}"#,
                "expected `STOP` or `PAUSE`, found `EXPLODE`",
            ),
            (
                r#"{"inner":{"off":1}}"#,
                "no member of this name is known; expected `of`",
            ),
            (
                r#"{"name":"a","name":"b"}"#,
                "the member `name` stands there twice",
            ),
        ];
        for (body, meant) in table {
            let error = serde_json::from_str::<Shape>(body).unwrap_err().to_string();
            let message = error.split(" at line ").next().unwrap();
            assert_eq!(plain(message), meant, "{error}");
        }
        assert_eq!(plain("something else"), "something else");
    }
}
