//! The engine over the real ports. Made once, before the first event; nothing is asked over the
//! network until then.

use std::sync::Arc;
use std::time::Duration;

use aws::{Connection, TableNames};
use domain::AccountId;
use engine::Engine;
use engine::ports::ec2::NoEc2;
use engine::ports::{Clock, Ec2, Notifier, Pollers, Ports};
use jiff::{SignedDuration, Timestamp};

use crate::settings::EngineSettings;

/// The engine, and what else a function needs of the world.
#[derive(Debug, Clone)]
pub struct Connected {
    /// The use cases.
    pub engine: Engine,
    /// The time.
    pub clock: Arc<dyn Clock>,
    connection: Connection,
}

impl Connected {
    /// The engine of a deployment.
    pub async fn open(settings: &EngineSettings) -> Self {
        Self::open_with_ec2(settings, |_, _| Arc::new(NoEc2)).await
    }

    /// The engine of a deployment, with the EC2 of the one function that asks it: made from the
    /// connection, in the account that this deployment works in.
    pub async fn open_with_ec2(
        settings: &EngineSettings,
        ec2: impl FnOnce(&Connection, AccountId) -> Arc<dyn Ec2>,
    ) -> Self {
        let connection = Connection::open().await;
        let ports = Ports {
            ec2: ec2(&connection, settings.deploying_account.clone()),
            ..connection.ports(&ports_of(settings))
        };
        Self {
            clock: ports.clock.clone(),
            engine: Engine::new(ports, settings.engine()),
            connection,
        }
    }

    /// The engine for one invocation, which ends at `deadline` (milliseconds since 1970): no look
    /// at DRS is waited for in the last part of it, in which what was seen is decided and saved.
    pub fn engine_until(&self, deadline: u64, last_part: SignedDuration) -> Engine {
        let deadline = i64::try_from(deadline).unwrap_or(i64::MAX);
        let deadline = Timestamp::from_millisecond(deadline).unwrap_or(Timestamp::MAX);
        self.engine.looking_until(deadline - last_part)
    }

    /// Where notices of this environment go.
    pub fn notifier(&self, environment: String) -> Arc<dyn Notifier> {
        self.connection.notifier(environment)
    }

    /// Where groups and plans are kept in another Region.
    #[cfg(feature = "replica")]
    pub fn replica(&self, place: &aws::ReplicaPlace) -> Arc<dyn engine::ports::Replica> {
        self.connection.replica(place)
    }

    /// Pollers: invocations of the function of this name.
    pub fn pollers(&self, function_name: String) -> Arc<dyn Pollers> {
        self.connection.pollers(function_name)
    }
}

fn ports_of(settings: &EngineSettings) -> aws::Settings {
    aws::Settings {
        tables: TableNames {
            protection_groups: settings.protection_groups_table.clone(),
            recovery_plans: settings.recovery_plans_table.clone(),
            execution_history: settings.execution_history_table.clone(),
        },
        state_machine_arn: settings.state_machine_arn.clone(),
        deploying_account: settings.deploying_account.clone(),
        drs_call_timeout: Duration::from_secs(u64::from(settings.waits.call_timeout)),
    }
}
