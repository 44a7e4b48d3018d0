//! After the round: groups and plans are exported to another Region, where this deployment has one.

use std::time::Duration;

use engine::Engine;
use engine::export::Exported;
use engine::ports::Replica;
use tracing::{error, info};

/// A Region that does not answer must not cost the next round.
const LONGEST: Duration = Duration::from_secs(20);

/// Whether the replica holds what the tables hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// It does.
    Current,
    /// It could not be brought there; the next minute tries again.
    Failed,
}

/// Brings the replica up to date. Executions come first: a failure is told, and is no failure of the
/// round.
pub async fn export(engine: &Engine, replica: &dyn Replica) -> Export {
    match tokio::time::timeout(LONGEST, engine.export(replica)).await {
        Ok(Ok(Exported::Current)) => Export::Current,
        Ok(Ok(Exported::Replaced { groups, plans })) => {
            info!(
                export.groups = groups,
                export.plans = plans,
                "groups and plans were exported to the other Region"
            );
            Export::Current
        }
        Ok(Err(failure)) => {
            error!("groups and plans could not be exported: {failure}");
            Export::Failed
        }
        Err(_) => {
            let seconds = LONGEST.as_secs();
            error!("groups and plans could not be exported within {seconds} s");
            Export::Failed
        }
    }
}
