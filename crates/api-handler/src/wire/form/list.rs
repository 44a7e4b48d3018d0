//! Lists with bounds.

use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::{HoldId, ProtectionGroupId, SourceServerId, WaveKey};
use crate::wire::recovery_plan::WaveRequest;
use crate::wire::start::{PreemptRequest, ReplaceInstanceRequest};

/// Whether the same item may stand in a list twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Items {
    Different,
    Any,
}

/// A list of `T`, by how many items it has at least and at most.
fn list<T: ToSchema>(items: Items, min: usize, max: Option<usize>) -> RefOr<Schema> {
    let item = Ref::from_schema_name(T::name());
    ArrayBuilder::new()
        .items(item)
        .unique_items(items == Items::Different)
        .min_items((min > 0).then_some(min))
        .max_items(max)
        .into()
}

macro_rules! list_form {
    ($(#[doc = $doc:literal])* $name:ident of $item:ident: $items:expr, $min:expr, $max:expr) => {
        $(#[doc = $doc])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                list::<$item>($items, $min, $max)
            }
        }

        impl ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                schemas.push(($item::name().into(), $item::schema()));
                $item::schemas(schemas);
            }
        }
    };
}

list_form!(
    /// The servers of a group.
    GroupServers of SourceServerId:
        Items::Different, 1, Some(domain::protection_group::SERVERS_PER_GROUP_MAX)
);
list_form!(
    /// Some servers, each once.
    SomeServers of SourceServerId: Items::Different, 1, None
);
list_form!(
    /// Servers, each once; perhaps none.
    AnyServers of SourceServerId: Items::Different, 0, None
);
list_form!(
    /// The waves of a plan.
    Waves of WaveRequest: Items::Any, 1, Some(domain::recovery_plan::WAVES_PER_PLAN_MAX)
);
list_form!(
    /// The groups of a wave.
    WaveGroups of ProtectionGroupId: Items::Different, 1, None
);
list_form!(
    /// The waves that a wave waits for.
    Dependencies of WaveKey: Items::Different, 0, None
);
list_form!(
    /// Holds to open.
    SomeHolds of HoldId: Items::Different, 1, None
);
list_form!(
    /// Drills that give way.
    Preempts of PreemptRequest: Items::Any, 0, Some(engine::predecessors::PREEMPT_MAX)
);
list_form!(
    /// Instances that may be destroyed.
    ReplaceInstances of ReplaceInstanceRequest: Items::Any, 0, None
);
