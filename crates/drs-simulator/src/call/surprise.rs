//! Answers that differ from what clients know: values and members that no model names, members
//! that are missing, times with fractions of seconds.

use crate::scenario::Surprise;
use serde_json::Value;

/// Changes a body so.
pub(super) fn apply(surprise: &Surprise, body: &mut Value) {
    for path in &surprise.remove {
        change(body, &steps(path), &mut |members, name| {
            members.remove(name);
        });
    }
    for (path, value) in &surprise.set {
        change(body, &steps(path), &mut |members, name| {
            members.insert(name.to_owned(), value.clone());
        });
    }
    if surprise.fractional_seconds {
        add_fractions(body, &mut 0);
    }
}

fn steps(path: &str) -> Vec<&str> {
    path.trim_start_matches('/').split('/').collect()
}

/// Does something with the member at the end of a path, wherever `*` leads.
fn change(
    value: &mut Value,
    steps: &[&str],
    act: &mut impl FnMut(&mut serde_json::Map<String, Value>, &str),
) {
    match steps {
        [] => {}
        [name] => {
            if let Some(members) = value.as_object_mut() {
                act(members, name);
            }
        }
        ["*", rest @ ..] => {
            for item in value.as_array_mut().into_iter().flatten() {
                change(item, rest, act);
            }
        }
        [name, rest @ ..] => {
            let inner = match name.parse::<usize>() {
                Ok(at) => value.get_mut(at),
                Err(_) => value.get_mut(*name),
            };
            if let Some(inner) = inner {
                change(inner, rest, act);
            }
        }
    }
}

/// Gives each time a fraction: one, three, six or nine digits, in turn.
fn add_fractions(value: &mut Value, turn: &mut usize) {
    const FRACTIONS: [&str; 4] = [".5", ".123", ".654321", ".123456789"];
    if let Some(text) = value.as_str().filter(|text| is_whole_time(text)) {
        let fraction = FRACTIONS.get(*turn % FRACTIONS.len()).unwrap_or(&".5");
        *turn += 1;
        let seconds = text.get(..19).unwrap_or(text);
        *value = format!("{seconds}{fraction}Z").into();
        return;
    }
    for item in value.as_array_mut().into_iter().flatten() {
        add_fractions(item, turn);
    }
    if let Some(members) = value.as_object_mut() {
        for inner in members.values_mut() {
            add_fractions(inner, turn);
        }
    }
}

fn is_whole_time(text: &str) -> bool {
    text.ends_with('Z') && text.get(10..11) == Some("T") && text.parse::<jiff::Timestamp>().is_ok()
}
