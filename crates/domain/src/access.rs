//! Who may do what: one table of roles and permissions, deny by default.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::kind::Kind;

/// A role of a person, from a group of the user pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Edits groups and plans; starts, commands and cleans up drills.
    DrillOperator,
    /// The same for recoveries.
    RecoveryManager,
    /// Manages settings; has the others' rights only by being in their groups.
    Administrator,
}

/// Every role.
pub const ROLES: [Role; 4] = [
    Role::Viewer,
    Role::DrillOperator,
    Role::RecoveryManager,
    Role::Administrator,
];

/// Something that can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// See everything.
    Read,
    /// Make, change and delete groups and plans.
    EditPlans,
    /// Start, command and clean up drills.
    RunDrills,
    /// Start and command recoveries.
    RunRecoveries,
    /// Manage settings.
    ManageSettings,
}

impl Role {
    /// The role of this name: that of the user-pool group.
    pub fn from_name(name: &str) -> Option<Self> {
        ROLES.into_iter().find(|role| role.name() == name)
    }

    /// The name of the user-pool group.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::DrillOperator => "drill-operator",
            Self::RecoveryManager => "recovery-manager",
            Self::Administrator => "administrator",
        }
    }

    /// What the role allows by itself.
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Viewer => &[Permission::Read],
            Self::DrillOperator => &[
                Permission::Read,
                Permission::EditPlans,
                Permission::RunDrills,
            ],
            Self::RecoveryManager => &[
                Permission::Read,
                Permission::EditPlans,
                Permission::RunRecoveries,
            ],
            Self::Administrator => &[Permission::Read, Permission::ManageSettings],
        }
    }
}

impl Permission {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::EditPlans => "edit-plans",
            Self::RunDrills => "run-drills",
            Self::RunRecoveries => "run-recoveries",
            Self::ManageSettings => "manage-settings",
        }
    }

    /// What it takes to start or command an execution of this kind.
    pub fn to_run(kind: Kind) -> Self {
        match kind {
            Kind::Drill => Self::RunDrills,
            Kind::Recovery => Self::RunRecoveries,
        }
    }
}

/// All that these roles allow together.
pub fn permissions_of(roles: &BTreeSet<Role>) -> BTreeSet<Permission> {
    roles
        .iter()
        .flat_map(|role| role.permissions().iter().copied())
        .collect()
}
