//! What a template says of its parameters: which values each takes, and whether it needs one.

use std::collections::BTreeMap;
use std::fmt;

use regex_lite::Regex;

/// Most letters of a value that a sentence shows.
const SHOWN_MAX: usize = 60;

/// A parameter as the text of a template describes it. What it does not say restricts nothing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it says of itself, by the names of CloudFormation, as it is written.
    said: BTreeMap<String, String>,
}

/// A value that CloudFormation would refuse.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ValueFault {
    name: String,
    value: String,
    takes: String,
}

impl fmt::Display for ValueFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, takes } = self;
        let shown: String = value.chars().take(SHOWN_MAX).collect();
        let rest = if shown.len() < value.len() { "…" } else { "" };
        write!(formatter, "{name} is `{shown}{rest}` and takes {takes}")
    }
}

/// The parameters of a template, in its order.
pub(super) fn read(template: &str) -> Vec<Parameter> {
    let lines = template.lines();
    let section = lines.skip_while(|line| *line != "Parameters:").skip(1);
    let section = section.take_while(|line| line.is_empty() || line.starts_with([' ', '#']));
    let mut found: Vec<Parameter> = Vec::new();
    for line in section {
        if let Some((name, _)) = pair(line, "  ") {
            found.push(Parameter {
                name: name.to_owned(),
                ..Parameter::default()
            });
        } else if let (Some((key, text)), Some(parameter)) = (pair(line, "    "), found.last_mut())
        {
            parameter
                .said
                .insert(key.to_owned(), text.trim().to_owned());
        }
    }
    found
}

/// A key at this depth and what follows it.
fn pair<'a>(line: &'a str, indent: &str) -> Option<(&'a str, &'a str)> {
    let (key, text) = line.strip_prefix(indent)?.split_once(':')?;
    let is_a_name = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_a_name.then_some((key, text))
}

impl Parameter {
    /// Whether a new stack cannot do without a value.
    pub fn is_needed(&self) -> bool {
        !self.said.contains_key("Default")
    }

    /// The value that it has where nobody gives it one.
    pub fn default_value(&self) -> Option<String> {
        self.said.get("Default").map(|text| scalar(text))
    }

    /// Why CloudFormation would refuse a value, if it would.
    pub fn fault(&self, value: &str) -> Option<ValueFault> {
        let takes = self
            .outside_of_the_list(value)
            .or_else(|| self.outside_of_the_range(value))
            .or_else(|| self.of_another_form(value))?;
        Some(ValueFault {
            name: self.name.clone(),
            value: value.to_owned(),
            takes,
        })
    }

    fn outside_of_the_list(&self, value: &str) -> Option<String> {
        let list = self.said.get("AllowedValues")?;
        let list = list.strip_prefix('[')?.strip_suffix(']')?;
        let allowed: Vec<String> = list.split(',').map(|item| scalar(item.trim())).collect();
        (!allowed.iter().any(|item| item == value)).then(|| allowed.join(", "))
    }

    fn outside_of_the_range(&self, value: &str) -> Option<String> {
        if self.said.get("Type").map(String::as_str) != Some("Number") {
            return None;
        }
        let bound = |name: &str| self.said.get(name)?.parse::<f64>().ok();
        let (least, most) = (bound("MinValue"), bound("MaxValue"));
        let fits = value.parse::<f64>().is_ok_and(|number| {
            number.is_finite()
                && least.is_none_or(|least| number >= least)
                && most.is_none_or(|most| number <= most)
        });
        if fits {
            return None;
        }
        Some(match (least, most) {
            (Some(least), Some(most)) => format!("a number from {least} to {most}"),
            (Some(least), None) => format!("a number from {least} on"),
            (None, Some(most)) => format!("a number up to {most}"),
            (None, None) => "a number".to_owned(),
        })
    }

    /// A pattern holds for the whole value. One that cannot be read is left to CloudFormation.
    fn of_another_form(&self, value: &str) -> Option<String> {
        let pattern = scalar(self.said.get("AllowedPattern")?);
        let whole = Regex::new(&format!("^(?:{pattern})$")).ok()?;
        if whole.is_match(value) {
            return None;
        }
        let said = self.said.get("ConstraintDescription");
        Some(said.map_or_else(
            || format!("what matches {pattern}"),
            |said| in_a_sentence(&scalar(said)),
        ))
    }
}

/// A value of YAML on one line, without its quotes.
fn scalar(text: &str) -> String {
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    if quoted('"').is_some() {
        // What YAML escapes here is escaped in JSON alike.
        return serde_json::from_str(text).unwrap_or_else(|_| text.to_owned());
    }
    match quoted('\'') {
        Some(inside) => inside.replace("''", "'"),
        None => text.to_owned(),
    }
}

/// "An address." as it stands in the middle of a sentence.
fn in_a_sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_lowercase(), letters.as_str()),
        None => String::new(),
    }
}
