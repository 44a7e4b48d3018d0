//! One deployment of an environment at a time: an object of the bucket that is written only if it is
//! not there, names its owner, and expires when its owner no longer renews it.

use serde::{Deserialize, Serialize};

use crate::cloud::{Cloud, Condition, Written};
use crate::error::Failure;

/// The key of the lock.
pub const LOCK: &str = "lock.json";

/// How long a lock holds that nobody renews.
pub const LIFETIME_SECONDS: i64 = 120;

/// Who holds the lock, for what, and until when.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    /// Tells one run from every other one.
    pub run: String,
    /// Name of the machine.
    pub machine: String,
    /// Process on that machine.
    pub process: u32,
    /// What is being done.
    pub operation: String,
    /// Since when, for people.
    pub since: String,
    /// Until when, in seconds since 1970.
    pub expires: i64,
}

/// A lock that was taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Held {
    /// What is written in it.
    pub owner: Owner,
    tag: String,
}

/// Whether the owner of a lock still works, as far as this machine can know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Life {
    /// It is a process of this machine, and it has ended.
    Ended,
    /// It works, or runs elsewhere.
    Possible,
}

/// Takes the lock, also from an owner that has expired or ended. `life` judges the owner.
pub async fn take(
    cloud: &dyn Cloud,
    bucket: &str,
    owner: &Owner,
    now: i64,
    life: impl Fn(&Owner) -> Life + Send,
) -> Result<Held, Failure> {
    let bytes = text(owner);
    let first = cloud
        .put_if(bucket, LOCK, bytes.clone(), Condition::Absent)
        .await?;
    if let Written::Done(tag) = first {
        return Ok(held(owner, tag));
    }
    let Some(stored) = cloud.get(bucket, LOCK).await? else {
        // It was given back between both looks; whoever comes next may have it.
        return Err(Failure::Locked(
            "another deployment has just ended: try again".to_owned(),
        ));
    };
    // Who has written something else into it has not renewed it either.
    let other = serde_json::from_slice::<Owner>(&stored.bytes).ok();
    if let Some(other) = other
        && other.expires > now
        && life(&other) == Life::Possible
    {
        return Err(Failure::Locked(refusal(&other, now)));
    }
    let condition = Condition::Unchanged(&stored.tag);
    match cloud.put_if(bucket, LOCK, bytes, condition).await? {
        Written::Done(tag) => Ok(held(owner, tag)),
        Written::Refused => Err(Failure::Locked(
            "another deployment was faster: try again when it has ended".to_owned(),
        )),
    }
}

/// Puts the end of the lock off. A lock that somebody else has taken is an error: its owner must
/// stop.
pub async fn renew(
    cloud: &dyn Cloud,
    bucket: &str,
    held: &mut Held,
    now: i64,
) -> Result<(), Failure> {
    let mut owner = held.owner.clone();
    owner.expires = now + LIFETIME_SECONDS;
    let condition = Condition::Unchanged(&held.tag);
    match cloud.put_if(bucket, LOCK, text(&owner), condition).await? {
        Written::Done(tag) => {
            *held = Held { owner, tag };
            Ok(())
        }
        Written::Refused => Err(Failure::Locked(
            "the lock of this deployment is lost, somebody else has it: nothing further is done"
                .to_owned(),
        )),
    }
}

/// Gives the lock back, unless somebody else has it by now.
pub async fn give_back(cloud: &dyn Cloud, bucket: &str, held: &Held) -> Result<(), Failure> {
    match cloud.get(bucket, LOCK).await? {
        Some(stored) if stored.tag == held.tag => cloud.remove(bucket, &[LOCK.to_owned()]).await,
        Some(_) | None => Ok(()),
    }
}

fn held(owner: &Owner, tag: String) -> Held {
    Held {
        owner: owner.clone(),
        tag,
    }
}

fn text(owner: &Owner) -> Vec<u8> {
    // Texts and numbers: nothing that JSON cannot say.
    serde_json::to_vec(owner).unwrap_or_default()
}

fn refusal(other: &Owner, now: i64) -> String {
    let Owner {
        machine,
        process,
        operation,
        since,
        expires,
        ..
    } = other;
    format!(
        "{operation} runs since {since} on {machine} (process {process}): wait until it has ended; \
         if it was killed, its lock ends by itself in {} s",
        expires - now
    )
}
