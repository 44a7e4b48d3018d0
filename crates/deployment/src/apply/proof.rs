//! An update that must fail and be rolled back, so that it can be seen that it is.

use std::collections::BTreeMap;

use super::{Replacements, change_set, stack};
use crate::archive::{self, Entry, EntryKind};
use crate::cloud::{Cloud, Operation, StackState, Target, TemplateText};
use crate::error::Failure;
use crate::manifest::Written;
use crate::progress::Progress;
use crate::release::{Body, digest};
use crate::settings::Settings;

/// The parameter that names the console's archive.
const PARAMETER: &str = "ConsoleArtifactKey";
/// How a stack stands that has found its way back.
const ROLLED_BACK: &str = "UPDATE_ROLLBACK_COMPLETE";

/// Updates the stack to a console archive without a page, which its custom resource refuses; nothing
/// else changes. Answers the first cause, where the stack is then as it was before. The archive is
/// removed again.
pub async fn refused_update(
    cloud: &dyn Cloud,
    settings: &Settings,
    written: &Written,
    progress: &mut dyn Progress,
) -> Result<String, Failure> {
    let name = settings.stack();
    // One that was interrupted may still be on its way back.
    stack::settle(cloud, &name, progress).await?;
    let before = current_stack(cloud, settings).await?;
    let archive = archive::pack(vec![Entry {
        name: "no-page.txt".to_owned(),
        bytes: b"An archive without a page, to see that it is refused.\n".to_vec(),
        kind: EntryKind::Content,
    }])?;
    let key = format!("artifacts/console-{}.zip", digest(&archive));
    let body = Body::Bytes(archive.into());
    let bucket = &settings.bucket;
    cloud.put(bucket, &key, &body, &BTreeMap::new()).await?;
    let changed = change(cloud, &before, (&name, &key), written, progress).await;
    cloud.remove(bucket, &[key]).await?;
    let cause = match changed {
        Err(Failure::StackFailed { status, cause, .. }) if status == ROLLED_BACK => cause,
        Err(failure) => return Err(failure),
        Ok(()) => {
            let what = "an archive without a page was taken, which must be refused";
            return Err(Failure::NotVerified(what.to_owned()));
        }
    };
    let after = current_stack(cloud, settings).await?;
    if after.parameters != before.parameters || after.outputs != before.outputs {
        let what = "the stack that was rolled back has other parameters or outputs than before";
        return Err(Failure::NotVerified(what.to_owned()));
    }
    Ok(cause)
}

async fn change(
    cloud: &dyn Cloud,
    before: &StackState,
    (stack, key): (&str, &str),
    written: &Written,
    progress: &mut dyn Progress,
) -> Result<(), Failure> {
    let template = TemplateText::AsItStands;
    let parameters = BTreeMap::from([(PARAMETER.to_owned(), key.to_owned())]);
    let kept = before.parameters.keys();
    let target = Target {
        stack: stack.to_owned(),
        name: change_set::name(written, &template, &parameters),
        template,
        kept: kept.filter(|name| *name != PARAMETER).cloned().collect(),
        parameters,
    };
    let replacements = Replacements::Refused;
    stack::change(cloud, Operation::Update, &target, replacements, progress).await
}

async fn current_stack(cloud: &dyn Cloud, settings: &Settings) -> Result<StackState, Failure> {
    let stack = settings.stack();
    let found = cloud.stack(&stack).await?;
    found.ok_or(Failure::NoStack { stack })
}
