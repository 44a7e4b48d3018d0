//! What a change set would change: in the master, and in each nested stack.

use aws_sdk_cloudformation::types::{
    ChangeSource, EvaluationType, ResourceChange, ResourceChangeDetail,
};

use super::change_set::DESCRIBING;
use super::{AwsCloud, failed};
use crate::error::Failure;
use crate::progress::{Certainty, Change};

impl AwsCloud {
    /// The master's changes, each nested stack's behind its own. Stacks of this product are nested once.
    pub(super) async fn all_changes(&self, id: &str) -> Result<Vec<Change>, Failure> {
        let mut found = Vec::new();
        for change in self.changes_in(id).await? {
            let nested = change.change_set_id.clone();
            let change = change_of(change, None);
            let parent = change.clone();
            found.push(change);
            if let Some(nested) = nested {
                let inside = self.changes_in(&nested).await?.into_iter();
                found.extend(inside.map(|change| change_of(change, Some(&parent))));
            }
        }
        Ok(found)
    }

    async fn changes_in(&self, id: &str) -> Result<Vec<ResourceChange>, Failure> {
        let description = self.cloudformation.describe_change_set();
        let mut pages = description.change_set_name(id).into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed(DESCRIBING))?;
            let changes = page.changes.unwrap_or_default().into_iter();
            found.extend(changes.filter_map(|change| change.resource_change));
        }
        Ok(found)
    }
}

fn change_of(change: ResourceChange, parent: Option<&Change>) -> Change {
    let certainty = match parent.map(|parent| parent.certainty) {
        // Whether anything reaches the nested stack at all is not known yet.
        Some(Certainty::Possible) => Certainty::Possible,
        Some(Certainty::Certain) | None => certainty(change.details()),
    };
    let resource = change.logical_resource_id.unwrap_or_default();
    Change {
        action: change
            .action
            .map(|action| action.as_str().to_owned())
            .unwrap_or_default(),
        replacement: change
            .replacement
            .map(|replacement| replacement.as_str().to_owned()),
        resource: match parent {
            Some(parent) => format!("{}/{resource}", parent.resource),
            None => resource,
        },
        resource_type: change.resource_type.unwrap_or_default(),
        certainty,
    }
}

/// A change is possible only where nothing but the outputs of nested stacks that are updated first may
/// cause it: the service reports those as `Dynamic`, with `CausingEntity` `NAME.Outputs.OUTPUT`, beside
/// what it says of every nested stack, whose template might have changed (`Automatic`).
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html>
fn certainty(details: &[ResourceChangeDetail]) -> Certainty {
    let may_be_nothing = |detail: &ResourceChangeDetail| {
        let is_dynamic = detail.evaluation() == Some(&EvaluationType::Dynamic);
        let entity = detail.causing_entity().unwrap_or_default();
        let is_of_outputs = detail.change_source() == Some(&ChangeSource::ResourceAttribute)
            && entity.contains(".Outputs.");
        let is_automatic = detail.change_source() == Some(&ChangeSource::Automatic);
        is_dynamic && (is_of_outputs || is_automatic)
    };
    if !details.is_empty() && details.iter().all(may_be_nothing) {
        Certainty::Possible
    } else {
        Certainty::Certain
    }
}
