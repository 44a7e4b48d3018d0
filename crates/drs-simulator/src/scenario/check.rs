//! Checks that the parts of a scenario fit together, beyond what each type can check.

use super::{LAST_MOMENT, Scenario};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What is wrong with a scenario.
pub(super) struct Fault {
    /// The path of the member.
    pub(super) field: String,
    /// A text by which its line is found, where the path does not lead there.
    pub(super) needle: Option<String>,
    pub(super) message: String,
}

impl Fault {
    fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            needle: None,
            message: message.into(),
        }
    }
}

impl Scenario {
    pub(super) fn first_fault(&self) -> Option<Fault> {
        if self.version != 1 {
            return Some(Fault::new("version", "only version 1 exists"));
        }
        if self.page_size == 0 {
            return Some(Fault::new("page_size", "a page has at least one item"));
        }
        if self.clock.scale == 0 {
            return Some(Fault::new("clock.scale", "the scale is at least 1"));
        }
        if self.clock.start < Timestamp::UNIX_EPOCH || self.clock.start >= LAST_MOMENT {
            let message = format!(
                "a clock begins between {} and {LAST_MOMENT}",
                Timestamp::UNIX_EPOCH
            );
            return Some(Fault::new("clock.start", message));
        }
        self.account_fault()
            .or_else(|| self.fleet_fault())
            .or_else(|| self.existing_fault())
            .or_else(|| self.rule_fault())
            .or_else(|| self.timeline_fault())
            .or_else(|| self.expectation_fault())
    }

    fn account_fault(&self) -> Option<Fault> {
        let mut seen = BTreeSet::new();
        self.accounts.iter().enumerate().find_map(|(at, account)| {
            let field = format!("accounts[{at}].id");
            if account.id.len() != 12 || !account.id.bytes().all(|b| b.is_ascii_digit()) {
                return Some(Fault::new(field, "an account id has 12 digits"));
            }
            let again = !seen.insert(&account.id);
            again.then(|| Fault::new(field, "this account is given twice"))
        })
    }

    fn fleet_fault(&self) -> Option<Fault> {
        let mut seen = BTreeSet::new();
        self.servers.0.iter().find_map(|server| {
            let message = if !crate::validation::is_id("s-", &server.id) {
                "a source server id is s- and 17 letters or digits"
            } else if !seen.insert(&server.id) {
                "this id is given to two servers"
            } else {
                return None;
            };
            Some(Fault {
                field: "servers".to_owned(),
                needle: Some(server.id.clone()),
                message: format!("{}: {message}", server.id),
            })
        })
    }

    fn existing_fault(&self) -> Option<Fault> {
        let instances = self.existing.recovery_instances.iter().enumerate();
        instances.into_iter().find_map(|(at, entry)| {
            let field = format!("existing.recovery_instances[{at}].server");
            self.unknown_server(&entry.server, field)
        })
    }

    /// A rule about a server that is not there would never apply, and nobody would know.
    fn rule_fault(&self) -> Option<Fault> {
        self.rules.iter().enumerate().find_map(|(at, rule)| {
            let selector = rule.when.server.as_ref()?;
            let named = [("id", &selector.id), ("hostname", &selector.hostname)];
            named.into_iter().find_map(|(member, name)| {
                let field = format!("rules[{at}].when.server.{member}");
                self.unknown_server(name.as_deref()?, field)
            })
        })
    }

    fn timeline_fault(&self) -> Option<Fault> {
        self.timeline.iter().enumerate().find_map(|(at, entry)| {
            let names = entry.action.servers();
            let unknown = |name| self.unknown_server(name, format!("timeline[{at}]"));
            names.into_iter().find_map(unknown)
        })
    }

    fn expectation_fault(&self) -> Option<Fault> {
        self.expect
            .iter()
            .enumerate()
            .find_map(|(at, expectation)| {
                let field = format!("expect[{at}]");
                let names = expectation.servers();
                names
                    .into_iter()
                    .find_map(|name| self.unknown_server(name, field.clone()))
            })
    }

    fn unknown_server(&self, name: &str, field: String) -> Option<Fault> {
        let servers = &self.servers.0;
        let known = servers.iter().any(|s| s.id == name || s.hostname == name);
        (!known).then(|| Fault::new(field, format!("there is no server {name}")))
    }
}
