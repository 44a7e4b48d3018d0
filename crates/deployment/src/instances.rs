//! Recovery instances that are left when the product is destroyed: nothing knows of them any longer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::execution::Execution;
use domain::execution::clean_up::CleanUpInstanceState;
use serde::Serialize;

/// EC2's states of an instance that is no longer there.
const GONE: [&str; 2] = ["TERMINATED", "NOT_FOUND"];

/// One instance, as the product has seen it last.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftInstance {
    /// Its id, at DRS and at EC2.
    pub instance: String,
    /// The source server that it stands for.
    pub server: String,
    /// The server's name when the execution started.
    pub hostname: Option<String>,
    /// The execution that launched it.
    pub execution: String,
    /// Drill or recovery, as a word.
    pub kind: &'static str,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
}

impl fmt::Display for LeftInstance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            instance,
            server,
            execution,
            kind,
            account,
            region,
            ..
        } = self;
        let hostname = self.hostname.as_deref().unwrap_or("without a name");
        write!(
            formatter,
            "{instance} of {server} ({hostname}) in {region} of {account}, launched by the {kind} {execution}"
        )
    }
}

/// The instances of an execution that nobody has seen go, by their ids: not terminated by its
/// clean-up, not replaced by a later launch, and not taken over from an execution that names them
/// itself.
pub fn of_execution(execution: &Execution) -> BTreeMap<String, LeftInstance> {
    let head = &execution.head;
    let gone: BTreeSet<&str> = head
        .clean_up
        .instances
        .iter()
        .filter(|instance| is_gone(instance.state))
        .map(|instance| instance.id.as_str())
        .collect();
    let mut left = BTreeMap::new();
    for batch in execution.waves.iter().flat_map(|wave| &wave.batches) {
        for server in &batch.servers {
            let Some(instance) = &server.instance else {
                continue;
            };
            let state = instance.ec2_state.as_deref().unwrap_or_default();
            let is_other = server.replaced_by.is_some() || server.carried_over.is_some();
            if is_other || GONE.contains(&state) || gone.contains(instance.id.as_str()) {
                continue;
            }
            let found = LeftInstance {
                instance: instance.id.to_string(),
                server: server.id.to_string(),
                hostname: server.hostname.clone(),
                execution: head.id.to_string(),
                kind: head.kind.word(),
                account: batch.place.account.to_string(),
                region: batch.place.region.to_string(),
            };
            left.insert(found.instance.clone(), found);
        }
    }
    left
}

fn is_gone(state: CleanUpInstanceState) -> bool {
    match state {
        CleanUpInstanceState::Terminated | CleanUpInstanceState::AlreadyGone => true,
        CleanUpInstanceState::Pending
        | CleanUpInstanceState::Terminating
        | CleanUpInstanceState::NotOurs
        | CleanUpInstanceState::Refused => false,
    }
}
