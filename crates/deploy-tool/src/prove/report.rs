//! The report: what is proved, what is not and why, and what was not tried.

use serde_json::{Value, json};

use super::order::{Chance, chance};
use super::record::{Record, Standing};
use super::step::Step;

/// One step, as the report tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// It is proved, by this.
    Proved(Vec<String>),
    /// It is not, and why.
    NotProved(String),
    /// It was not tried, and why.
    NotTried(String),
}

/// What is said of a step.
pub fn verdict(step: Step, record: &Record) -> Verdict {
    match record.steps.get(&step) {
        Some(Standing::Proved { evidence, .. }) => Verdict::Proved(evidence.clone()),
        Some(Standing::NotProved { reason, .. }) => Verdict::NotProved(reason.clone()),
        Some(Standing::Begun { at }) => Verdict::NotProved(format!(
            "it was begun at {at} and interrupted; the next run takes it up"
        )),
        None => Verdict::NotTried(match chance(step, &record.steps) {
            Chance::Open | Chance::Proved => "nobody has let it begin yet".to_owned(),
            Chance::Needs(other) => format!("it needs the step \"{}\"", other.title()),
            Chance::Removed(end) => {
                format!("what it needs was removed by the step \"{}\"", end.title())
            }
        }),
    }
}

/// For a program.
pub fn json(record: &Record) -> Value {
    let steps = Step::ALL.map(|step| {
        let (verdict, details) = match verdict(step, record) {
            Verdict::Proved(evidence) => ("PROVED", json!({ "evidence": evidence })),
            Verdict::NotProved(reason) => ("NOT_PROVED", json!({ "reason": reason })),
            Verdict::NotTried(reason) => ("NOT_TRIED", json!({ "reason": reason })),
        };
        let mut row = json!({ "step": step, "title": step.title(), "verdict": verdict });
        if let (Some(row), Value::Object(details)) = (row.as_object_mut(), details) {
            row.extend(details);
            if let Some((at, seconds)) = times(step, record) {
                row.insert("endedAt".to_owned(), at.into());
                row.insert("seconds".to_owned(), seconds.into());
            }
        }
        row
    });
    json!({
        "identity": record.identity,
        "server": record.chosen,
        "allProved": all_proved(record),
        "steps": steps,
        "observations": record.observations,
    })
}

/// Whether nothing is left to prove.
pub fn all_proved(record: &Record) -> bool {
    let is_proved = |step| matches!(verdict(step, record), Verdict::Proved(_));
    Step::ALL.into_iter().all(is_proved)
}

/// For a person.
pub fn markdown(record: &Record) -> String {
    let mut lines = vec![
        format!("# What is proved of {}", record.identity),
        String::new(),
    ];
    if let Some(chosen) = &record.chosen {
        lines.push(format!(
            "Server of the drill: {} in {}.",
            chosen.server, chosen.region
        ));
        lines.push(String::new());
    }
    lines.push("| Step | Verdict | Seconds | Ended | Why, or what shows it |".to_owned());
    lines.push("|---|---|---|---|---|".to_owned());
    for step in Step::ALL {
        let (word, details) = match verdict(step, record) {
            Verdict::Proved(evidence) => ("proved", evidence.join("; ")),
            Verdict::NotProved(reason) => ("**not proved**", reason),
            Verdict::NotTried(reason) => ("not tried", reason),
        };
        let (at, seconds) = times(step, record).map_or_else(
            || (String::new(), String::new()),
            |(at, seconds)| (at.to_owned(), seconds.to_string()),
        );
        let details = cell(&details);
        let title = step.title();
        lines.push(format!(
            "| {title} | {word} | {seconds} | {at} | {details} |"
        ));
    }
    lines.extend([
        String::new(),
        "## What was seen of DRS".to_owned(),
        String::new(),
    ]);
    if record.observations.is_empty() {
        lines.push("Nothing yet.".to_owned());
    } else {
        lines.push("| Question | Answer | What shows it |".to_owned());
        lines.push("|---|---|---|".to_owned());
    }
    for one in &record.observations {
        let cells = [&one.question, &one.answer, &one.evidence].map(|text| cell(text));
        lines.push(format!("| {} | {} | {} |", cells[0], cells[1], cells[2]));
    }
    lines.join("\n") + "\n"
}

fn times(step: Step, record: &Record) -> Option<(&str, u64)> {
    match record.steps.get(&step)? {
        Standing::Proved { at, seconds, .. } | Standing::NotProved { at, seconds, .. } => {
            Some((at, *seconds))
        }
        Standing::Begun { .. } => None,
    }
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
