//! The shapes of the DRS wire, with its exact member names.
//!
//! Members that the model calls optional are `Option` and are left out when absent, never `null`.
//! Members that a request must have default to empty, and validation names them.
#![expect(
    missing_docs,
    reason = "members and values are the service model's own"
)]

pub mod configuration;
pub mod ec2;
pub mod job;
pub mod recovery_instance;
pub mod snapshot;
pub mod source_server;
pub mod tag;

use std::collections::BTreeMap;

/// Tags of a resource.
pub type Tags = BTreeMap<String, String>;

/// Declares a shape: its required members, then its optional ones, each with its wire name.
macro_rules! shape {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($required:ident: $required_type:ty = $required_member:literal),* $(,)?
            ; $($optional:ident: $optional_type:ty = $optional_member:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(#[serde(rename = $required_member, default)]
            pub $required: $required_type,)*
            $(#[serde(rename = $optional_member, default, skip_serializing_if = "Option::is_none")]
            pub $optional: Option<$optional_type>,)*
        }
    };
}

/// Declares an enumeration whose values are written in the wire's own spelling.
macro_rules! values {
    ($(#[$meta:meta])* $name:ident { $($value:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $(#[serde(rename = $text)] $value,)*
        }

        impl $name {
            /// The value as the wire spells it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => $text,)*
                }
            }
        }
    };
}

pub(crate) use {shape, values};
