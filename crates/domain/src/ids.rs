//! Identifiers, ours and those of AWS: parsed once at the edge, then only carried. An
//! identifier is shared, not copied: every decision makes a new execution with all of them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A text that is not the identifier it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct InvalidId {
    /// What was given, cut to 64 characters.
    pub text: String,
    /// What is expected, in words.
    pub expected: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $pattern:expr, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The same form as a regular expression (ECMA-262), for who is told it beforehand.
            pub const PATTERN: &'static str = $pattern;

            /// The identifier as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let check: fn(&str) -> bool = $check;
                if check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidId { text: text.chars().take(64).collect(), expected: $expected })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A protection group of ours.
    ProtectionGroupId, "a protection group id (a lower-case UUID)", UUID_PATTERN, is_uuid
);
text_id!(
    /// A recovery plan of ours.
    RecoveryPlanId, "a recovery plan id (a lower-case UUID)", UUID_PATTERN, is_uuid
);
text_id!(
    /// One run of a recovery plan.
    ExecutionId, "an execution id (a lower-case UUID)", UUID_PATTERN, is_uuid
);
text_id!(
    /// Something open that waits for a person; unique within its execution.
    HoldId, "a hold id (1 to 64 of a-z, 0-9 and -)", r"^[a-z0-9-]{1,64}$",
    |text| is_key(text, 64)
);
text_id!(
    /// The key of a wave; unique within its plan.
    WaveKey, "a wave key (1 to 32 of a-z, 0-9 and -)", r"^[a-z0-9-]{1,32}$",
    |text| is_key(text, 32)
);
text_id!(
    /// A server that DRS replicates (model pattern `s-[0-9a-zA-Z]{17}`).
    SourceServerId, "a source server id (s- and 17 letters or digits)",
    r"^s-[0-9a-zA-Z]{17}$",
    |text| is_prefixed(text, "s-", 17)
);
text_id!(
    /// A DRS job (model pattern `drsjob-[0-9a-zA-Z]{17}`).
    JobId, "a DRS job id (drsjob- and 17 letters or digits)",
    r"^drsjob-[0-9a-zA-Z]{17}$",
    |text| is_prefixed(text, "drsjob-", 17)
);
text_id!(
    /// A recovery instance; the same text as its EC2 instance id.
    RecoveryInstanceId, "a recovery instance id (i- and 8 to 17 hexadecimal digits)",
    r"^i-[0-9a-fA-F]{8,17}$", |text| {
        text.strip_prefix("i-").is_some_and(|rest| {
            (8..=17).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }
);
text_id!(
    /// An AWS account.
    AccountId, "an AWS account id (12 digits)", r"^[0-9]{12}$",
    |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
);
text_id!(
    /// An AWS Region, by its code.
    Region, "an AWS Region (such as us-west-2)",
    r"^[a-z]{2,12}(-[a-z]{2,12})+-[0-9]{1,2}$", is_region
);

impl Region {
    /// Longest code of a Region, in bytes; its pattern alone sets no bound.
    pub const LENGTH_MAX: usize = 25;
}

const UUID_PATTERN: &str = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

fn is_key(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_prefixed(text: &str, prefix: &str, length: usize) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.len() == length && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, words)) = parts.split_last() else {
        return false;
    };
    text.len() <= Region::LENGTH_MAX
        && words.len() >= 2
        && words.iter().all(|word| {
            (2..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
        })
        && (1..=2).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
}
