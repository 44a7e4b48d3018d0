//! Checks that the parts of a scenario fit together, beyond what each type can check.

use super::name::begins_an_operation;
use super::{LAST_MOMENT, Rule, Scenario, ServerSpecification};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// What is wrong with a scenario.
pub(super) struct Fault {
    pub(super) subject: Subject,
    pub(super) message: String,
}

/// What a fault is about.
pub(super) enum Subject {
    /// The member with this path.
    Field(String),
    /// A member of one of all servers, wherever the file writes it.
    Server {
        /// Its place among all servers, expanded.
        place: usize,
        member: &'static str,
    },
}

/// The path of the member within its rule, and what is wrong with it.
pub(crate) type RuleFault = (String, String);

impl Fault {
    fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            subject: Subject::Field(field.into()),
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
            .or_else(|| self.rate_fault())
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

    /// A limit of operations that do not exist would never refuse a call.
    fn rate_fault(&self) -> Option<Fault> {
        let mut groups = self.limits.rate.keys();
        let unknown = groups.find(|group| !begins_an_operation(group))?;
        let message = format!("no operation is called `{unknown}` or begins so");
        Some(Fault::new(format!("limits.rate.{unknown}"), message))
    }

    fn fleet_fault(&self) -> Option<Fault> {
        let mut seen = BTreeSet::new();
        self.servers
            .0
            .iter()
            .enumerate()
            .find_map(|(place, server)| {
                let (member, message) = if !crate::validation::is_id("s-", &server.id) {
                    (
                        "id",
                        "a source server id is s- and 17 letters or digits".to_owned(),
                    )
                } else if !seen.insert(&server.id) {
                    ("id", "this id is given to two servers".to_owned())
                } else {
                    self.undeclared_home(server)?
                };
                let message = format!("{}: {message}", server.id);
                let subject = Subject::Server { place, member };
                Some(Fault { subject, message })
            })
    }

    /// Where accounts are listed, and Regions of an account, servers are in these.
    fn undeclared_home(&self, server: &ServerSpecification) -> Option<(&'static str, String)> {
        if self.accounts.is_empty() {
            return None;
        }
        let name = server
            .account
            .as_deref()
            .unwrap_or_else(|| self.default_account());
        let Some(account) = self.accounts.iter().find(|account| account.id == name) else {
            return Some(("account", format!("`accounts` does not list {name}")));
        };
        let region = server
            .region
            .as_deref()
            .unwrap_or_else(|| self.default_region(name));
        let listed = account.regions.iter().any(|(known, _)| known == region);
        let undeclared = !listed && !account.regions.is_empty();
        undeclared.then(|| {
            let message = format!("`accounts` does not list the Region {region} for {name}");
            ("region", message)
        })
    }

    fn existing_fault(&self) -> Option<Fault> {
        let instances = self.existing.recovery_instances.iter().enumerate();
        instances.into_iter().find_map(|(at, entry)| {
            let field = format!("existing.recovery_instances[{at}].server");
            self.unknown_server(&entry.server, field)
        })
    }

    fn rule_fault(&self) -> Option<Fault> {
        let servers = &self.servers.0;
        let mut ids = BTreeSet::new();
        self.rules.iter().enumerate().find_map(|(at, rule)| {
            let is_server = |name: &str| servers.iter().any(|s| s.id == name || s.hostname == name);
            let is_taken = |id: &str| ids.contains(id);
            let fault = rule_fault(rule, is_server, is_taken);
            ids.extend(rule.id.as_deref());
            let (member, message) = fault?;
            Some(Fault::new(format!("rules[{at}].{member}"), message))
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

/// What is wrong with a rule in a world of these servers and rules. One about a server that is not
/// there would never apply, and of two with one id the second could not be told from the first.
pub(crate) fn rule_fault(
    rule: &Rule,
    is_server: impl Fn(&str) -> bool,
    is_taken: impl Fn(&str) -> bool,
) -> Option<RuleFault> {
    if let Some(id) = rule.id.as_deref().filter(|id| is_taken(id)) {
        let message = format!("there is a rule {id} already; give another id, or none");
        return Some(("id".to_owned(), message));
    }
    let selector = rule.when.server.as_ref()?;
    let named = [("id", &selector.id), ("hostname", &selector.hostname)];
    named.into_iter().find_map(|(member, name)| {
        let name = name.as_deref().filter(|name| !is_server(name))?;
        let message = format!("there is no server {name}");
        Some((format!("when.server.{member}"), message))
    })
}
