//! What EC2 runs, in our words. DRS lists what it could register; EC2 runs what was launched.

use jiff::Timestamp;

use crate::ids::{RecoveryInstanceId, SourceServerId};

/// The tag by which DRS marks an instance with the server that it stands for.
pub const SOURCE_SERVER_TAG: &str = "AWSElasticDisasterRecoverySourceServerID";

/// The names of the servers that DRS runs for itself in the staging area: none of
/// them is a launched server, whatever tags it has.
const OF_THE_STAGING_AREA: [&str; 2] = [
    "AWS Elastic Disaster Recovery Conversion Server",
    "AWS Elastic Disaster Recovery Replication Server",
];

/// An EC2 instance as EC2 describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ec2Instance {
    /// Its id.
    pub id: RecoveryInstanceId,
    /// The server that DRS's tag names.
    pub server: Option<SourceServerId>,
    /// Its state.
    pub state: Ec2State,
    /// When it was launched, where EC2 says so.
    pub launched_at: Option<Timestamp>,
    /// The tag `Name`.
    pub name: Option<String>,
}

/// How an EC2 instance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ec2State {
    /// There, whether started or stopped. A state that is not known counts as this one.
    Alive,
    /// Shutting down.
    Ending,
    /// Terminated. EC2 shows it for about an hour more.
    Gone,
}

impl Ec2State {
    /// The state of this name of EC2.
    pub fn from_name(name: &str) -> Self {
        match name {
            "shutting-down" => Self::Ending,
            "terminated" => Self::Gone,
            _ => Self::Alive,
        }
    }
}

impl Ec2Instance {
    /// Whether it is a server of DRS's own.
    pub fn is_of_the_staging_area(&self) -> bool {
        self.name
            .as_deref()
            .is_some_and(|name| OF_THE_STAGING_AREA.contains(&name))
    }
}
