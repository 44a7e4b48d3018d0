//! Checks that the parts of a scenario fit together, beyond what each type can check.

use super::Scenario;
use std::collections::BTreeSet;

/// What is wrong with a scenario, and a text by which its line is found.
pub(super) struct Fault {
    pub(super) needle: String,
    pub(super) field: String,
    pub(super) message: String,
}

impl Fault {
    fn new(
        needle: impl Into<String>,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            needle: needle.into(),
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Scenario {
    pub(super) fn first_fault(&self) -> Option<Fault> {
        if self.version != 1 {
            return Some(Fault::new("version", "version", "only version 1 exists"));
        }
        if self.page_size == 0 {
            return Some(Fault::new(
                "page_size",
                "page_size",
                "a page has at least one item",
            ));
        }
        if self.clock.scale == 0 {
            return Some(Fault::new(
                "scale",
                "clock.scale",
                "the scale is at least 1",
            ));
        }
        self.account_fault()
            .or_else(|| self.fleet_fault())
            .or_else(|| self.reference_fault())
    }

    fn account_fault(&self) -> Option<Fault> {
        self.accounts.iter().enumerate().find_map(|(at, account)| {
            let digits = account.id.len() == 12 && account.id.bytes().all(|b| b.is_ascii_digit());
            (!digits).then(|| {
                Fault::new(
                    &account.id,
                    format!("accounts[{at}].id"),
                    "an account id has 12 digits",
                )
            })
        })
    }

    fn fleet_fault(&self) -> Option<Fault> {
        let mut seen = BTreeSet::new();
        self.servers.0.iter().find_map(|server| {
            let field = format!("servers: {}", server.id);
            if !crate::validation::is_id("s-", &server.id) {
                let message = "a source server id is s- and 17 letters or digits";
                return Some(Fault::new(&server.id, field, message));
            }
            (!seen.insert(&server.id))
                .then(|| Fault::new(&server.id, field, "this id is given to two servers"))
        })
    }

    fn reference_fault(&self) -> Option<Fault> {
        let known = |name: &str| {
            self.servers
                .0
                .iter()
                .any(|s| s.id == name || s.hostname == name)
        };
        let unknown = |name: &str, field: String| {
            (!known(name)).then(|| Fault::new(name, field, format!("there is no server {name}")))
        };
        let existing = self
            .existing
            .recovery_instances
            .iter()
            .enumerate()
            .find_map(|(at, entry)| {
                unknown(
                    &entry.server,
                    format!("existing.recovery_instances[{at}].server"),
                )
            });
        existing.or_else(|| {
            self.timeline.iter().enumerate().find_map(|(at, entry)| {
                let names = entry.action.servers();
                names
                    .into_iter()
                    .find_map(|name| unknown(name, format!("timeline[{at}]")))
            })
        })
    }
}
