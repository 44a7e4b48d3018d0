//! Environment variables, read once at the start. All that is missing or wrong is said at once,
//! so that a wrong deployment is mended in one go.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Environment variables, with the faults found in those that were asked for.
#[derive(Debug)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    faults: Vec<VariableFault>,
}

/// One variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
struct VariableFault {
    name: &'static str,
    reason: String,
}

/// Everything that is missing or wrong. Values are not repeated: one could be a secret.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct EnvironmentError {
    faults: Vec<VariableFault>,
}

/// The sentence: what ends `main` is printed in this form.
impl fmt::Debug for EnvironmentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for EnvironmentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the environment is not what this function needs: ")?;
        for (index, fault) in self.faults.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{} {}", fault.name, fault.reason)?;
        }
        Ok(())
    }
}

impl Environment {
    /// The variables of this process. One that is no Unicode counts as missing.
    pub fn of_process() -> Self {
        Self::of(std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        }))
    }

    /// These variables.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            variables: variables.into_iter().collect(),
            faults: Vec::new(),
        }
    }

    /// A variable that must be there, parsed. Nothing where it is missing or wrong; the fault
    /// comes out of [`Self::settle`].
    pub fn required<T: FromStr<Err: fmt::Display>>(&mut self, name: &'static str) -> Option<T> {
        let value = self.optional(name);
        if value.is_none() && self.text(name).is_none() {
            self.note(name, "is not set");
        }
        value
    }

    /// A variable that may be left out, or empty.
    pub fn optional<T: FromStr<Err: fmt::Display>>(&mut self, name: &'static str) -> Option<T> {
        let parsed = self.text(name)?.parse::<T>();
        parsed
            .map_err(|error| self.note(name, format!("is wrong: {error}")))
            .ok()
    }

    /// A number of seconds, which must be at least 1.
    pub fn seconds(&mut self, name: &'static str) -> Option<u32> {
        let seconds = self.required::<u32>(name)?;
        if seconds == 0 {
            self.note(name, "is wrong: at least 1 second");
        }
        Some(seconds)
    }

    /// What `build` makes of the variables that were asked for, or all their faults.
    pub fn settle<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, EnvironmentError> {
        match build() {
            Some(value) if self.faults.is_empty() => Ok(value),
            Some(_) | None => {
                let faults = self.faults;
                let error = EnvironmentError { faults };
                tracing::error!("this function cannot start: {error}");
                Err(error)
            }
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    fn note(&mut self, name: &'static str, reason: impl Into<String>) {
        self.faults.push(VariableFault {
            name,
            reason: reason.into(),
        });
    }
}
