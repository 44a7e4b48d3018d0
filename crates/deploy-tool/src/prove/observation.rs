//! What the steps saw of DRS that nobody knows for certain, in the words of the simulator's scenario
//! files where those have a word for it.

use serde::{Deserialize, Serialize};

/// One answer to one open question.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Observation {
    /// The question.
    pub question: String,
    /// What was seen.
    pub answer: String,
    /// What shows it.
    pub evidence: String,
    /// The member of a scenario file that says the same, and its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<Member>,
}

/// A member of a scenario file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// Where, such as `switches.newest_log_first`.
    pub path: String,
    /// `true`, or a number.
    pub value: String,
}

impl Observation {
    /// One that a scenario file has no word for.
    pub fn new(question: &str, answer: impl Into<String>, evidence: impl Into<String>) -> Self {
        Self {
            question: question.to_owned(),
            answer: answer.into(),
            evidence: evidence.into(),
            member: None,
        }
    }

    /// The same, with the member of a scenario file that says it.
    #[must_use]
    pub fn saying(mut self, path: &str, value: &dyn std::fmt::Display) -> Self {
        self.member = Some(Member {
            path: path.to_owned(),
            value: value.to_string(),
        });
        self
    }
}

/// Adds an observation, in place of an earlier answer to the same question.
pub fn note(observations: &mut Vec<Observation>, new: Observation) {
    observations.retain(|one| one.question != new.question);
    observations.push(new);
}

/// The file that a scenario can take over: its members first, then every answer in full. JSON texts
/// are YAML too, so each value is written as one.
pub fn yaml(observations: &[Observation]) -> String {
    let mut lines = vec![
        "# What `prove` saw of DRS. The members before `observations` have the names of the"
            .to_owned(),
        "# simulator's scenario files: copy them into one. `observations` is for people."
            .to_owned(),
    ];
    let members = observations.iter().filter_map(|one| one.member.as_ref());
    let mut members: Vec<&Member> = members.collect();
    members.sort_by(|left, right| left.path.cmp(&right.path));
    let mut section = "";
    for Member { path, value } in members {
        match path.split_once('.') {
            Some((parent, name)) => {
                if parent != section {
                    lines.push(format!("{parent}:"));
                }
                section = parent;
                lines.push(format!("  {name}: {value}"));
            }
            None => lines.push(format!("{path}: {value}")),
        }
    }
    lines.push("observations:".to_owned());
    if observations.is_empty() {
        lines.push("  []".to_owned());
    }
    for one in observations {
        lines.push(format!("  - question: {}", quoted(&one.question)));
        lines.push(format!("    answer: {}", quoted(&one.answer)));
        lines.push(format!("    evidence: {}", quoted(&one.evidence)));
    }
    lines.join("\n") + "\n"
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
