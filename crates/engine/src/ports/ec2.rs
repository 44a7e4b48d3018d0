//! What EC2 runs. It is only asked: nothing is changed in EC2.

use std::fmt::Debug;

use async_trait::async_trait;
use domain::ec2_instance::Ec2Instance;
use domain::execution::event::{FaultClass, WorldFault};
use domain::{Place, RecoveryInstanceId, SourceServerId};

/// EC2 in every account and Region.
#[async_trait]
pub trait Ec2: Send + Sync + Debug {
    /// The instances with these ids, and those that DRS has tagged with these servers (any number
    /// of each), each once. One that EC2 does not know is left out.
    async fn instances(
        &self,
        place: &Place,
        ids: &[RecoveryInstanceId],
        servers: &[SourceServerId],
    ) -> Result<Vec<Ec2Instance>, WorldFault>;
}

/// The EC2 of a function that performs no effects, and so never asks.
#[derive(Debug, Clone, Copy)]
pub struct NoEc2;

#[async_trait]
impl Ec2 for NoEc2 {
    async fn instances(
        &self,
        _place: &Place,
        _ids: &[RecoveryInstanceId],
        _servers: &[SourceServerId],
    ) -> Result<Vec<Ec2Instance>, WorldFault> {
        Err(WorldFault {
            class: FaultClass::Denied,
            text: "this function does not ask EC2".into(),
        })
    }
}
