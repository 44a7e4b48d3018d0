//! Waiting until something holds, with a limit, and with what was seen last in the failure.

use std::fmt::Display;
use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How often somebody looks. Not too often: everything shares one small machine.
const PACE: Duration = Duration::from_millis(500);

/// What a look says.
#[derive(Debug)]
pub enum Look<T> {
    /// It holds.
    Holds(T),
    /// It does not hold yet; what is seen instead.
    NotYet(String),
}

impl<T> Look<T> {
    /// Holds when there is something.
    pub fn of(found: Option<T>, otherwise: impl Display) -> Self {
        found.map_or_else(|| Self::NotYet(otherwise.to_string()), Self::Holds)
    }
}

/// Looks again and again until it holds.
pub async fn until<T, F>(what: &str, limit: Duration, look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Look<T>>>,
{
    until_at_pace(what, limit, PACE, look).await
}

/// The same, looking as often as `pace` says.
pub async fn until_at_pace<T, F>(
    what: &str,
    limit: Duration,
    pace: Duration,
    mut look: impl FnMut() -> F,
) -> Result<T>
where
    F: Future<Output = Result<Look<T>>>,
{
    let began = Instant::now();
    loop {
        match look().await? {
            Look::Holds(found) => return Ok(found),
            Look::NotYet(seen) if began.elapsed() > limit => {
                bail!("not within {limit:?}: {what}; seen last: {seen}")
            }
            Look::NotYet(_) => tokio::time::sleep(pace).await,
        }
    }
}
