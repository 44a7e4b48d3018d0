//! Recovery instances that are left when the product is destroyed: nothing knows of them any longer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::RecoveryInstanceId;
use domain::execution::clean_up::CleanUpInstanceState;
use domain::execution::server::Server;
use domain::execution::{Batch, Execution};
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
/// itself. Those that DRS could not register, or that only a clean-up has seen, are among them.
pub fn of_execution(execution: &Execution) -> BTreeMap<String, LeftInstance> {
    let clean_up = &execution.head.clean_up;
    let gone: BTreeSet<&RecoveryInstanceId> = clean_up.gone().collect();
    let mut left = BTreeMap::new();
    for batch in execution.waves.iter().flat_map(|wave| &wave.batches) {
        for server in &batch.servers {
            let seen = clean_up.left().filter(|known| known.server == server.id);
            let seen = seen.filter(|known| known.state != CleanUpInstanceState::NotOurs);
            let other = server.instance.as_ref().map(|instance| &instance.id);
            let seen = seen.map(|known| &known.id).filter(|id| Some(*id) != other);
            let named = launched(server).into_iter().chain(&server.unregistered);
            for id in named.chain(seen).filter(|id| !gone.contains(id)) {
                let found = instance_of(execution, batch, server, id);
                left.insert(found.instance.clone(), found);
            }
        }
    }
    left
}

/// What the server's launch brought up, where it is this execution's and not known to be gone.
fn launched(server: &Server) -> Option<&RecoveryInstanceId> {
    let instance = server.instance.as_ref()?;
    let state = instance.ec2_state.as_deref().unwrap_or_default();
    let is_other = server.replaced_by.is_some() || server.carried_over.is_some();
    (!is_other && !GONE.contains(&state)).then_some(&instance.id)
}

fn instance_of(
    execution: &Execution,
    batch: &Batch,
    server: &Server,
    id: &RecoveryInstanceId,
) -> LeftInstance {
    LeftInstance {
        instance: id.to_string(),
        server: server.id.to_string(),
        hostname: server.hostname.as_ref().map(Into::into),
        execution: execution.head.id.to_string(),
        kind: execution.head.kind.word(),
        account: batch.place.account.to_string(),
        region: batch.place.region.to_string(),
    }
}
