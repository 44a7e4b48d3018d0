//! What a change says: the same as a creation, without its client token.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::wire::protection_group::ProtectionGroupRequest;
use crate::wire::recovery_plan::RecoveryPlanRequest;

/// What a protection group is to become.
pub(crate) struct ProtectionGroupChange;

/// What a recovery plan is to become.
pub(crate) struct RecoveryPlanChange;

impl PartialSchema for ProtectionGroupChange {
    fn schema() -> RefOr<Schema> {
        changing::<ProtectionGroupRequest>("What a protection group is to become.")
    }
}

impl ToSchema for ProtectionGroupChange {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProtectionGroupRequest::schemas(schemas);
    }
}

impl PartialSchema for RecoveryPlanChange {
    fn schema() -> RefOr<Schema> {
        changing::<RecoveryPlanRequest>("What a recovery plan is to become.")
    }
}

impl ToSchema for RecoveryPlanChange {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        RecoveryPlanRequest::schemas(schemas);
    }
}

/// A change is made safe to repeat by the version that it names, so it has no client token.
fn changing<T: ToSchema>(description: &str) -> RefOr<Schema> {
    let mut schema = T::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.properties.remove("clientToken");
        object.description = Some(description.to_owned());
    }
    schema
}
