//! Where the replica of groups and plans is, by the environment.

use aws::ReplicaPlace;

use crate::environment::Environment;

/// The replica, where this deployment has one: both variables, or neither.
pub fn read(environment: &mut Environment) -> Option<ReplicaPlace> {
    let bucket: Option<String> = environment.optional("REPLICA_BUCKET");
    let region = environment.optional("REPLICA_REGION");
    match (bucket, region) {
        (None, None) => None,
        (bucket, region) => Some(ReplicaPlace {
            bucket: bucket.or_else(|| environment.required("REPLICA_BUCKET"))?,
            region: region.or_else(|| environment.required("REPLICA_REGION"))?,
        }),
    }
}
