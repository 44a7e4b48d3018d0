//! A job that DRS does not show: what it has launched is known by its instances all the same.

use domain::execution::event::{LaunchStatus, ServerSighting};
use domain::{ExecutionId, JobId, Place, SourceServerId};

use crate::ports::DrsError;
use crate::{Engine, EngineError};

impl Engine {
    /// The servers of a missing job whose live instances DRS shows as launched by it.
    pub(crate) async fn servers_of_missing(
        &self,
        id: &ExecutionId,
        place: &Place,
        job: &JobId,
    ) -> Result<Result<Vec<ServerSighting>, DrsError>, EngineError> {
        let execution = self.load(id).await?.execution;
        let servers: Vec<SourceServerId> = execution
            .servers()
            .filter(|server| server.job.as_ref() == Some(job))
            .map(|server| server.id.clone())
            .collect();
        if servers.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        let instances = match self.ports.drs.recovery_instances(place, &servers).await {
            Ok(instances) => instances,
            Err(error) => return Ok(Err(error)),
        };
        let launched = instances
            .into_iter()
            .filter(|instance| instance.is_live() && instance.job.as_ref() == Some(job));
        Ok(Ok(launched
            .filter_map(|instance| {
                Some(ServerSighting {
                    id: instance.server.clone()?,
                    status: LaunchStatus::Launched,
                    phase: None,
                    instance: Some(instance.id.clone()),
                    facts: Some(instance),
                    error: None,
                    warnings: vec!["DRS no longer shows the job that launched it".into()],
                    unregistered: None,
                })
            })
            .collect()))
    }
}
