//! The text of a nested template for the creation of a stack, where it must differ from the release's.
//!
//! CloudFormation takes over an existing resource only where its name stands in the template as it is,
//! not where a function makes it.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html>
//! And a creation that fails is rolled back only where everything that it made may be deleted again, so
//! that protection from deletion comes with the first update.

use std::collections::BTreeMap;

use crate::rules::Environment;
use crate::settings::Settings;

/// What a creation differs in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CreationTemplates<'a> {
    /// Tables that are there and taken over.
    pub adopted: &'a [String],
    /// What becomes of the protection of what is new.
    pub protection: Protection,
}

/// What becomes of protection from deletion.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Protection {
    /// It stays as it is written: nothing is protected in such an environment.
    AsWritten,
    /// It is off until the stack stands.
    Later,
}

/// Properties that protect from deletion, each with what switches it off.
const PROTECTING: [(&str, &str); 2] = [
    ("DeletionProtectionEnabled", "false"),
    ("DeletionProtection", "INACTIVE"),
];

/// The name of a table.
const NAME: &str = "TableName";

impl<'a> CreationTemplates<'a> {
    /// What a creation differs in, around these tables. Only production is protected from deletion.
    pub fn of(settings: &Settings, adopted: &'a [String]) -> Self {
        let protection = if settings.environment == Environment::Prod.as_str() {
            Protection::Later
        } else {
            Protection::AsWritten
        };
        Self {
            adopted,
            protection,
        }
    }

    /// Whether the stack is made of other texts than the release's.
    pub fn differs(&self) -> bool {
        !self.adopted.is_empty() || self.protection == Protection::Later
    }

    /// The text that the stack is made of.
    pub fn text(&self, template: &str, settings: &Settings) -> String {
        let names = names(template, settings);
        let is_adopted = |resource: &str| {
            let name = names.get(resource);
            name.is_some_and(|name| self.adopted.contains(name))
        };
        let mut resource = "";
        let mut written = String::new();
        for line in template.split_inclusive('\n') {
            resource = named_resource(line).unwrap_or(resource);
            let other = match property(line) {
                Some((indent, NAME, _)) if is_adopted(resource) => names
                    .get(resource)
                    .map(|name| (indent, NAME, name.as_str())),
                Some((indent, name, _)) if !is_adopted(resource) => self
                    .unprotected(name)
                    .map(|(name, off)| (indent, name, off)),
                Some(_) | None => None,
            };
            match other {
                Some((indent, name, value)) => {
                    let line = [indent, name, ": ", value, "\n"];
                    written.push_str(&line.concat());
                }
                None => written.push_str(line),
            }
        }
        written
    }

    fn unprotected(&self, name: &str) -> Option<(&'static str, &'static str)> {
        match self.protection {
            Protection::AsWritten => None,
            Protection::Later => PROTECTING.into_iter().find(|(known, _)| *known == name),
        }
    }
}

/// The names of tables that a text gives as they are.
pub fn literal_names(template: &str) -> Vec<String> {
    let values = template.lines().filter_map(property);
    let values = values.filter(|(_, name, value)| *name == NAME && !value.starts_with('!'));
    values.map(|(_, _, value)| value.to_owned()).collect()
}

/// The names of the tables of a text, by their resources, as far as project and environment make them.
fn names<'a>(template: &'a str, settings: &Settings) -> BTreeMap<&'a str, String> {
    let mut resource = "";
    let mut found = BTreeMap::new();
    for line in template.lines() {
        resource = named_resource(line).unwrap_or(resource);
        if let Some((_, NAME, value)) = property(line) {
            let value = value.strip_prefix("!Sub ").unwrap_or(value).trim();
            let value = value.trim_matches(['"', '\'']);
            let name = value
                .replace("${ProjectName}", &settings.project)
                .replace("${Environment}", &settings.environment);
            found.insert(resource, name);
        }
    }
    found
}

/// The name of a resource, where its description begins.
fn named_resource(line: &str) -> Option<&str> {
    let name = line.trim_end().strip_prefix("  ")?.strip_suffix(':')?;
    let is_a_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_a_name.then_some(name)
}

/// A property of a resource on one line: its indent, its name and its value.
fn property(line: &str) -> Option<(&str, &str, &str)> {
    let text = line.trim_start();
    let indent = &line[..line.len() - text.len()];
    let (name, value) = text.trim_end().split_once(": ")?;
    Some((indent, name, value.trim()))
}
