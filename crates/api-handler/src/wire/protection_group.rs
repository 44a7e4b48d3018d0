//! Protection groups on the wire.

use domain::protection_group::{DrillIsolation, GroupDraft, ProtectionGroup};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::form;
use crate::body::{Object, RequestBody};

/// A protection group to make, or what one is to become.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProtectionGroupRequest {
    /// Unique without regard to case; 1 to 64 characters.
    #[schema(required = true, value_type = form::Name)]
    name: Option<String>,
    /// At most 1,000 characters.
    #[schema(value_type = Option<form::Description>)]
    description: Option<String>,
    /// Left out, the account that this is deployed in.
    #[schema(value_type = Option<form::AccountId>)]
    account_id: Option<String>,
    /// The Region of the servers.
    #[schema(required = true, value_type = form::Region)]
    region: Option<String>,
    /// 1 to 500 servers that DRS knows there.
    #[schema(required = true, value_type = form::list::GroupServers)]
    source_server_ids: Option<Vec<String>>,
    /// Left out, what was said stays, unless the servers change.
    #[schema(value_type = Option<DrillIsolationRequest>)]
    drill_isolation: Option<Object<DrillIsolationRequest>>,
    /// Makes a repeated creation the same one; on creation only.
    #[schema(value_type = Option<form::ClientToken>)]
    pub(crate) client_token: Option<String>,
}

/// A person's word that drills of a group do not touch production.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DrillIsolationRequest {
    /// How drills are isolated.
    #[schema(required = true, value_type = form::Statement)]
    statement: Option<String>,
}

impl RequestBody for ProtectionGroupRequest {}

impl ProtectionGroupRequest {
    /// What the request wants the group to be. The domain says what is wrong with it.
    pub(crate) fn draft(&self) -> GroupDraft {
        let isolation = self.drill_isolation.as_ref();
        GroupDraft {
            name: self.name.clone().unwrap_or_default(),
            description: self.description.clone().unwrap_or_default(),
            account: self.account_id.clone(),
            region: self.region.clone().unwrap_or_default(),
            servers: self.source_server_ids.clone().unwrap_or_default(),
            isolation_statement: isolation
                .map(|isolation| isolation.statement.clone().unwrap_or_default()),
        }
    }
}

/// A named set of source servers in one account and Region.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProtectionGroup)]
pub(crate) struct ProtectionGroupView {
    protection_group_id: String,
    name: String,
    description: String,
    account_id: String,
    region: String,
    source_server_ids: Vec<String>,
    /// Nothing where nobody has written down how drills are isolated.
    #[schema(required = true)]
    drill_isolation: Option<DrillIsolationView>,
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// A person's word that drills of a group do not touch production.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DrillIsolation)]
pub(crate) struct DrillIsolationView {
    statement: String,
    confirmed_by: String,
    confirmed_at: Timestamp,
}

impl From<ProtectionGroup> for ProtectionGroupView {
    fn from(group: ProtectionGroup) -> Self {
        Self {
            protection_group_id: group.id.into(),
            name: group.name.into(),
            description: group.description,
            account_id: group.place.account.into(),
            region: group.place.region.into(),
            source_server_ids: group.servers.into_iter().map(String::from).collect(),
            drill_isolation: group.drill_isolation.map(DrillIsolationView::from),
            version: group.version,
            created_at: group.created_at,
            updated_at: group.updated_at,
        }
    }
}

impl From<DrillIsolation> for DrillIsolationView {
    fn from(isolation: DrillIsolation) -> Self {
        Self {
            statement: isolation.statement,
            confirmed_by: isolation.confirmed_by,
            confirmed_at: isolation.confirmed_at,
        }
    }
}
