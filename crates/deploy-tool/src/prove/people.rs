//! The steps about the user of this run: made, signed in, removed.

use anyhow::{Result, ensure};
use deployment::proving::Proving;
use serde_json::Value;

use super::Files;
use super::api::refusal;
use super::prover::{GROUPS, Prover};
use super::record::Wish;

/// The status of what is not there.
const NOT_FOUND: u16 = 404;

impl Prover<'_> {
    /// The name is in the record before the user is made, so that it is removed in any case.
    pub(super) async fn sign_in(&mut self, files: &mut Files) -> Result<Vec<String>> {
        let user = format!("prove-{}@example.com", files.record.run);
        files.record.made.user = Some(user.clone());
        files.keep()?;
        self.sign_in_anew(&user, &GROUPS).await?;
        Ok(vec![format!(
            "{user}, in {}, signed in by a proof of its password and got a token",
            GROUPS.join(" and ")
        )])
    }

    /// Plan, group and user, each only if this run made it.
    pub(super) async fn removal(&mut self, files: &Files) -> Result<Vec<String>> {
        let made = files.record.made.clone();
        let mut gone = Vec::new();
        for (path, wish) in [
            ("/recovery-plans", &made.plan),
            ("/protection-groups", &made.group),
        ] {
            let id = wish.as_ref().and_then(|wish: &Wish| wish.id.as_ref());
            let Some(id) = id else {
                continue;
            };
            let path = format!("{path}/{id}");
            let answered = self.ask(files, ("DELETE", &path), None::<&Value>).await?;
            ensure!(
                answered.status < 300 || answered.status == NOT_FOUND,
                "{}",
                refusal(&path, &answered)
            );
            gone.push(format!("{path} is deleted"));
        }
        if let Some(user) = &made.user {
            let pool = self.output("UserPoolId").await?;
            self.cloud().remove_user(&pool, user).await?;
            gone.push(format!("the user {user} is removed"));
        }
        Ok(gone)
    }
}
