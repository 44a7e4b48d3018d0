//! A drill on the bench: what most tests of the functions begin with.

use domain::protection_group::{GroupDraft, ProtectionGroup};
use domain::recovery_plan::draft::{PlanDraft, WaveDraft};
use domain::{Kind, ProtectionGroupId, RecoveryPlanId};
use engine::EngineError;
use engine::ports::execution_store::StoredExecution;
use engine::start::{Acknowledge, StartCommand};

use super::{Bench, REGION};

const BY: &str = "tester";

impl Bench {
    /// Makes a group of one server, whose drills are isolated.
    pub async fn make_group(
        &self,
        name: &str,
        server: u32,
    ) -> Result<ProtectionGroup, EngineError> {
        let draft = GroupDraft {
            name: name.to_owned(),
            region: REGION.to_owned(),
            servers: vec![self.drs.add_server(server).to_string()],
            isolation_statement: Some("a network of its own".to_owned()),
            ..GroupDraft::default()
        };
        self.engine.create_group(&draft, BY).await
    }

    /// Makes the plan `Shop` of one wave with this group.
    pub async fn make_plan(
        &self,
        group: &ProtectionGroupId,
    ) -> Result<RecoveryPlanId, EngineError> {
        let wave = WaveDraft {
            key: "db".to_owned(),
            protection_groups: vec![group.to_string()],
            ..WaveDraft::default()
        };
        let draft = PlanDraft {
            name: "Shop".to_owned(),
            waves: vec![wave],
            ..PlanDraft::default()
        };
        Ok(self.engine.create_plan(&draft).await?.id)
    }

    /// Starts a drill of one server, which nobody has driven yet.
    pub async fn start_drill(&self) -> Result<StoredExecution, EngineError> {
        let group = self.make_group("Databases", 1).await?;
        let start = StartCommand {
            plan: self.make_plan(&group.id).await?,
            kind: Kind::Drill,
            by: BY.to_owned(),
            confirm: None,
            acknowledge: Acknowledge::default(),
            replace_instances: Vec::new(),
            outage_declared_at: None,
            preempt: Vec::new(),
            continue_from: None,
        };
        self.engine.start_execution(&start).await
    }
}
