//! The steps over the product before the drill: API, finder and poller, DRS, group, plan, dry run.

use anyhow::{Context, Result, bail, ensure};
use deployment::proving::Proving;
use deployment::talk::listed;
use serde_json::{Value, json};

use super::Files;
use super::api::{refusal, success, text};
use super::prover::{Prover, chosen};
use super::record::Chosen;

/// The answer to somebody who is not signed in.
const UNAUTHORIZED: u16 = 401;
/// How DRS calls a server that can be launched without loss.
const REPLICATES: &str = "CONTINUOUS";

impl Prover<'_> {
    pub(super) async fn health_and_permissions(&mut self, files: &Files) -> Result<Vec<String>> {
        let api = self.api().await?;
        let health = api.ask(("GET", "/health"), None, None).await?;
        success("/health", health)?;
        let path = "/user/permissions";
        let stranger = api.ask(("GET", path), None, None).await?;
        ensure!(
            stranger.status == UNAUTHORIZED,
            "{path} without a token is answered with {} instead of {UNAUTHORIZED}",
            stranger.status
        );
        let known = self.get(files, path).await?;
        let permissions = words(&known["permissions"]);
        ensure!(
            permissions.contains(&"run-drills") && !permissions.contains(&"run-recoveries"),
            "the user has the rights {}, and should run drills and no recoveries",
            permissions.join(", ")
        );
        Ok(vec![
            format!("{} answers /health", api.origin),
            format!("{path} is refused without a token ({UNAUTHORIZED})"),
            format!(
                "with a token it names the rights {}",
                permissions.join(", ")
            ),
        ])
    }

    /// Called by hand: that the schedule calls the finder too is seen in the drill, whose jobs the
    /// poller looks at.
    pub(super) async fn watchers(&self) -> Result<Vec<String>> {
        let settings = &self.context.settings;
        let finder = settings.function("execution-finder");
        self.cloud().invoke(&finder, &json!({})).await?;
        let poller = settings.function("execution-poller");
        let place = json!({ "accountId": self.context.account, "region": settings.region });
        self.cloud().invoke(&poller, &place).await?;
        Ok(vec![
            format!("{finder} ended a round without an error"),
            format!("{poller} looked at {} without an error", settings.region),
        ])
    }

    pub(super) async fn drs_reading(&mut self, files: &mut Files) -> Result<Vec<String>> {
        let chosen = chosen(files)?;
        let mut evidence = Vec::new();
        let mut regions = vec![chosen.region.clone()];
        let further = self.options.drs_regions.iter();
        regions.extend(further.filter(|region| **region != chosen.region).cloned());
        for region in &regions {
            let servers = self.servers(files, region).await?;
            evidence.push(match &servers {
                Some(servers) => format!("{region}: {} source servers", servers.len()),
                None => format!("{region}: DRS is not initialised there"),
            });
        }
        let server = self.server(files, &chosen).await?;
        let state = text(&server, "replicationState")?;
        evidence.push(format!("{} is among them, {state}", chosen.server));
        self.look_at_listings(files, &chosen).await?;
        Ok(evidence)
    }

    /// Every server of a Region; nothing where DRS is not initialised.
    async fn servers(&mut self, files: &Files, region: &str) -> Result<Option<Vec<Value>>> {
        let first = format!("/drs/source-servers?region={region}");
        let mut path = first.clone();
        let mut found = Vec::new();
        loop {
            let page = self.get(files, &path).await?;
            if page["initialized"] == false {
                return Ok(None);
            }
            let items = page["items"].as_array();
            found.extend(items.context("a list without items")?.iter().cloned());
            match page["nextToken"].as_str() {
                Some(next) => {
                    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
                    path = format!("{first}&nextToken={next}");
                }
                None => return Ok(Some(found)),
            }
        }
    }

    async fn server(&mut self, files: &Files, chosen: &Chosen) -> Result<Value> {
        let Chosen { server, region, .. } = chosen;
        let servers = self.servers(files, region).await?;
        let servers = servers.with_context(|| format!("DRS is not initialised in {region}"))?;
        let found = servers
            .into_iter()
            .find(|one| one["sourceServerId"] == **server);
        found.with_context(|| format!("the product sees no source server {server} in {region}"))
    }

    pub(super) async fn group(&mut self, files: &mut Files) -> Result<Vec<String>> {
        let Chosen {
            server,
            region,
            isolation,
        } = chosen(files)?;
        let body = json!({
            "name": name(files),
            "description": "Made to prove this environment; it is deleted afterwards.",
            "region": region,
            "sourceServerIds": [server],
            "drillIsolation": { "statement": isolation },
        });
        let place = ("/protection-groups", "protectionGroupId");
        let id = self
            .fulfil(files, |made| &mut made.group, place, body)
            .await?;
        let group = self.get(files, &format!("/protection-groups/{id}")).await?;
        ensure!(
            words(&group["sourceServerIds"]) == [server.as_str()],
            "the group {id} does not have the server alone"
        );
        Ok(vec![format!("the group {id} has {server}")])
    }

    pub(super) async fn plan(&mut self, files: &mut Files) -> Result<Vec<String>> {
        let group = files.record.made.group.as_ref();
        let group = group.and_then(|wish| wish.id.clone());
        let group = group.context("this run has made no group")?;
        let body = json!({
            "name": name(files),
            "description": "Made to prove this environment; it is deleted afterwards.",
            "waves": [{
                "key": "only", "name": "Only wave", "protectionGroupIds": [group], "dependsOn": [],
            }],
        });
        let place = ("/recovery-plans", "recoveryPlanId");
        let id = self
            .fulfil(files, |made| &mut made.plan, place, body)
            .await?;
        Ok(vec![format!("the plan {id} has one wave with that group")])
    }

    /// The product has no start that only looks, so each thing that a start looks at is looked at.
    pub(super) async fn dry_run(&mut self, files: &Files) -> Result<Vec<String>> {
        let chosen = chosen(files)?;
        let plan = plan_id(files)?;
        let plan = self.get(files, &format!("/recovery-plans/{plan}")).await?;
        let waves = plan["waves"].as_array().map_or(0, Vec::len);
        ensure!(waves == 1, "the plan has {waves} waves");
        let path = "/executions?maxResults=1";
        let listed_executions = self.ask(files, ("GET", path), None).await?;
        ensure!(
            listed_executions.status == 200,
            "{}",
            refusal(path, &listed_executions)
        );
        let server = self.server(files, &chosen).await?;
        let mut against = Vec::new();
        let state = text(&server, "replicationState")?;
        if state != REPLICATES {
            against.push(format!("the server is {state} instead of {REPLICATES}"));
        }
        if !server["recoveryInstance"].is_null() {
            against.push(
                "the server has a recovery instance, which a launch would destroy".to_owned(),
            );
        }
        let path = format!("/drs/quotas?region={}", chosen.region);
        let quotas = self.get(files, &path).await?;
        if quotas["initialized"] != true {
            against.push(format!("DRS is not initialised in {}", chosen.region));
        }
        if !against.is_empty() {
            bail!(
                "a drill would be refused or destroy something: {}",
                listed(&against)
            );
        }
        Ok(vec![
            format!(
                "{} replicates, {state}, and has no recovery instance",
                chosen.server
            ),
            format!("quotas of {}: {}", chosen.region, quotas["usage"]),
            "the product has no start that only looks: what a start looks at was read one by one"
                .to_owned(),
        ])
    }
}

/// The id of the plan of this run.
pub(super) fn plan_id(files: &Files) -> Result<String> {
    let plan = files.record.made.plan.as_ref();
    let id = plan.and_then(|wish| wish.id.clone());
    id.context("this run has made no plan")
}

/// The name of all that this run makes in the product.
pub(super) fn name(files: &Files) -> String {
    format!("prove-{}", files.record.run)
}

fn words(value: &Value) -> Vec<&str> {
    let words = value.as_array().map_or(&[][..], Vec::as_slice);
    words.iter().filter_map(Value::as_str).collect()
}
