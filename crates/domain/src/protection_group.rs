//! Protection groups: named sets of source servers in one account and Region.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, FaultCode};
use crate::ids::{AccountId, ProtectionGroupId, Region, SourceServerId};
use crate::name::Name;
use crate::place::Place;
use crate::usable_region::usable_region;

/// Most servers in one group.
pub const SERVERS_PER_GROUP_MAX: usize = 500;
/// Longest description, in characters.
pub const DESCRIPTION_LENGTH_MAX: usize = 1_000;
/// What a statement about isolation looks like, as a regular expression (ECMA-262 with Unicode):
/// it has something besides white space.
pub const STATEMENT_PATTERN: &str = r"[^\s\u0085]";

/// A named set of source servers in one account and Region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectionGroup {
    /// Its id.
    pub id: ProtectionGroupId,
    /// Unique without regard to case.
    pub name: Name,
    /// For people; may be empty.
    pub description: String,
    /// Where its servers are.
    pub place: Place,
    /// Its servers, each once, in the order given.
    pub servers: Vec<SourceServerId>,
    /// How a drill of this group is isolated, written down by somebody.
    pub drill_isolation: Option<DrillIsolation>,
    /// Raised by every change.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A person's word that drills of a group do not touch production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrillIsolation {
    /// How.
    pub statement: String,
    /// Who says so.
    pub confirmed_by: String,
    /// When.
    pub confirmed_at: Timestamp,
}

/// What a request wants a group to be, before anything about it is known to be right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupDraft {
    /// `name`.
    pub name: String,
    /// `description`.
    pub description: String,
    /// `accountId`; left out means the deploying account.
    pub account: Option<String>,
    /// `region`.
    pub region: String,
    /// `sourceServerIds`.
    pub servers: Vec<String>,
    /// `drillIsolation.statement`.
    pub isolation_statement: Option<String>,
}

/// A draft whose form is right. Whether its servers exist only DRS can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupContent {
    /// The name.
    pub name: Name,
    /// The description.
    pub description: String,
    /// Account and Region.
    pub place: Place,
    /// The servers, each once.
    pub servers: Vec<SourceServerId>,
    /// The statement, where one was given.
    pub isolation_statement: Option<String>,
}

impl GroupDraft {
    /// Parses the draft.
    ///
    /// # Errors
    ///
    /// Every fault at once, each with its path.
    pub fn parse(&self, deploying_account: &AccountId) -> Result<GroupContent, Vec<Fault>> {
        let mut faults = Vec::new();
        let name = parse_name("name", &self.name, &mut faults);
        check_length(
            "description",
            &self.description,
            DESCRIPTION_LENGTH_MAX,
            &mut faults,
        );
        let account = match &self.account {
            None => Some(deploying_account.clone()),
            Some(text) => parse_or_fault::<AccountId>("accountId", text, &mut faults),
        };
        let region = parse_region("region", &self.region, &mut faults);
        let servers = parse_servers("sourceServerIds", &self.servers, &mut faults);
        if self.servers.is_empty() {
            let message = "a protection group has at least one source server";
            faults.push(Fault::new("sourceServerIds", FaultCode::NoServers, message));
        } else if self.servers.len() > SERVERS_PER_GROUP_MAX {
            let message = format!("a group has at most {SERVERS_PER_GROUP_MAX} servers");
            faults.push(Fault::new("sourceServerIds", FaultCode::TooLong, message));
        }
        let isolation_statement = self.isolation_statement.as_deref().map(str::trim);
        if let Some(statement) = isolation_statement {
            let path = "drillIsolation.statement";
            check_length(path, statement, DESCRIPTION_LENGTH_MAX, &mut faults);
            if statement.is_empty() {
                let message = "say how drills of this group are isolated, or leave it out";
                faults.push(Fault::new(path, FaultCode::Required, message));
            }
        }
        match (name, account, region) {
            (Some(name), Some(account), Some(region)) if faults.is_empty() => Ok(GroupContent {
                name,
                description: self.description.trim().to_owned(),
                place: Place { account, region },
                servers,
                isolation_statement: isolation_statement.map(str::to_owned),
            }),
            _ => Err(faults),
        }
    }
}

impl ProtectionGroup {
    /// The group with new content. A change of members, or of where they are, clears the
    /// word about isolation unless it is given again: it was about other servers.
    #[must_use]
    pub fn changed(self, content: GroupContent, by: &str, now: Timestamp) -> Self {
        let same_members = self.place == content.place
            && self.servers.iter().collect::<BTreeSet<_>>()
                == content.servers.iter().collect::<BTreeSet<_>>();
        let kept = if same_members {
            self.drill_isolation
        } else {
            None
        };
        Self {
            name: content.name,
            description: content.description,
            place: content.place,
            servers: content.servers,
            drill_isolation: confirmed(content.isolation_statement, kept, by, now),
            version: self.version + 1,
            updated_at: now,
            ..self
        }
    }

    /// A new group.
    pub fn new(id: ProtectionGroupId, content: GroupContent, by: &str, now: Timestamp) -> Self {
        Self {
            id,
            name: content.name,
            description: content.description,
            place: content.place,
            servers: content.servers,
            drill_isolation: confirmed(content.isolation_statement, None, by, now),
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// The same statement again keeps who first said it and when.
fn confirmed(
    statement: Option<String>,
    kept: Option<DrillIsolation>,
    by: &str,
    now: Timestamp,
) -> Option<DrillIsolation> {
    match (statement, kept) {
        (None, kept) => kept,
        (Some(statement), Some(kept)) if kept.statement == statement => Some(kept),
        (Some(statement), _) => Some(DrillIsolation {
            statement,
            confirmed_by: by.to_owned(),
            confirmed_at: now,
        }),
    }
}

pub(crate) fn parse_name(path: &str, text: &str, faults: &mut Vec<Fault>) -> Option<Name> {
    text.parse::<Name>()
        .map_err(|error| {
            let code = match error {
                crate::name::InvalidName::Empty => FaultCode::Required,
                crate::name::InvalidName::TooLong => FaultCode::TooLong,
                crate::name::InvalidName::ControlCharacter
                | crate::name::InvalidName::Invisible => FaultCode::InvalidFormat,
            };
            faults.push(Fault::new(path, code, error.to_string()));
        })
        .ok()
}

pub(crate) fn check_length(path: &str, text: &str, longest: usize, faults: &mut Vec<Fault>) {
    if text.chars().count() > longest {
        let message = format!("at most {longest} characters");
        faults.push(Fault::new(path, FaultCode::TooLong, message));
    }
}

pub(crate) fn parse_or_fault<T: std::str::FromStr<Err = crate::ids::InvalidId>>(
    path: &str,
    text: &str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    if text.is_empty() {
        faults.push(Fault::new(
            path,
            FaultCode::Required,
            "this member is required",
        ));
        return None;
    }
    text.parse()
        .map_err(|error: crate::ids::InvalidId| {
            faults.push(Fault::new(
                path,
                FaultCode::InvalidFormat,
                error.to_string(),
            ));
        })
        .ok()
}

fn parse_region(path: &str, text: &str, faults: &mut Vec<Fault>) -> Option<Region> {
    if text.is_empty() {
        let message = "this member is required";
        faults.push(Fault::new(path, FaultCode::Required, message));
        return None;
    }
    usable_region(path, text)
        .map_err(|fault| faults.push(fault))
        .ok()
}

/// Parses a list of servers; a fault for each that has the wrong form or stands there twice.
pub(crate) fn parse_servers(
    path: &str,
    texts: &[String],
    faults: &mut Vec<Fault>,
) -> Vec<SourceServerId> {
    let mut seen = BTreeSet::new();
    let mut servers = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if let Some(server) = parse_or_fault::<SourceServerId>(&path, text, faults) {
            if seen.insert(server.clone()) {
                servers.push(server);
            } else {
                let message = format!("{server} stands in this list already");
                faults.push(Fault::new(path, FaultCode::Duplicate, message));
            }
        }
    }
    servers
}
