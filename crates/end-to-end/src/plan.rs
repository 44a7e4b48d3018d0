//! Groups and plans: what a test needs before it can start anything.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::api::Api;
use crate::fleet::{REGION, unique};

/// A protection group to be made.
#[derive(Clone, Debug)]
pub struct GroupDraft {
    /// Its body.
    pub body: Value,
}

/// A wave of a plan to be made.
#[derive(Clone, Debug)]
pub struct Wave {
    key: String,
    servers: Vec<String>,
    members: Value,
}

/// A plan with what belongs to it.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The plan's id.
    pub plan: String,
    /// The plan's name.
    pub name: String,
    /// Its groups, one a wave.
    pub groups: Vec<String>,
    /// All servers in the order of the waves.
    pub servers: Vec<String>,
}

impl GroupDraft {
    /// A group whose drills are isolated.
    pub fn isolated(servers: &[String]) -> Self {
        let mut draft = Self::open(servers);
        draft.body["drillIsolation"] =
            json!({ "statement": "Launch templates use the drill network." });
        draft
    }

    /// A group of which nobody has said how its drills are isolated.
    pub fn open(servers: &[String]) -> Self {
        Self {
            body: json!({
                "name": unique("Group"), "region": REGION, "sourceServerIds": servers,
            }),
        }
    }

    /// Makes it; answers its id.
    pub async fn create(&self, api: &Api) -> Result<String> {
        let group = api
            .post("/protection-groups", &self.body)
            .await?
            .expect(201)?;
        let id = group["protectionGroupId"].as_str();
        id.map(str::to_owned).context("protectionGroupId")
    }
}

impl Wave {
    /// A wave with these servers, which gets a group of its own.
    pub fn new(key: &str, servers: &[String]) -> Self {
        Self {
            key: key.to_owned(),
            servers: servers.to_vec(),
            members: json!({}),
        }
    }

    /// With a further member, such as `dependsOn`.
    #[must_use]
    pub fn with(mut self, member: &str, value: Value) -> Self {
        self.members[member] = value;
        self
    }
}

impl Scene {
    /// Makes a group for each wave, all with isolated drills, and the plan.
    pub async fn make(api: &Api, waves: &[Wave]) -> Result<Self> {
        Self::make_in(api, REGION, waves).await
    }

    /// The same for servers of another Region.
    pub async fn make_in(api: &Api, region: &str, waves: &[Wave]) -> Result<Self> {
        let mut groups = Vec::new();
        for wave in waves {
            let mut draft = GroupDraft::isolated(&wave.servers);
            draft.body["region"] = json!(region);
            groups.push(draft.create(api).await?);
        }
        Self::with_groups(api, waves, groups).await
    }

    /// Makes the plan over groups that are there, one a wave.
    pub async fn with_groups(api: &Api, waves: &[Wave], groups: Vec<String>) -> Result<Self> {
        let name = unique("Plan");
        let bodies: Vec<Value> = waves
            .iter()
            .zip(&groups)
            .map(|(wave, group)| {
                let mut body = wave.members.clone();
                body["key"] = json!(wave.key);
                body["name"] = json!(format!("Wave {}", wave.key));
                body["protectionGroupIds"] = json!([group]);
                body
            })
            .collect();
        let plan = api
            .post("/recovery-plans", &json!({ "name": name, "waves": bodies }))
            .await?
            .expect(201)?;
        let plan = plan["recoveryPlanId"].as_str().context("recoveryPlanId")?;
        Ok(Self {
            plan: plan.to_owned(),
            name,
            groups,
            servers: waves.iter().flat_map(|wave| wave.servers.clone()).collect(),
        })
    }

    /// The wish for a drill.
    pub fn drill(&self) -> Value {
        json!({ "recoveryPlanId": self.plan, "kind": "DRILL" })
    }

    /// The wish for a recovery, rightly confirmed.
    pub fn recovery(&self) -> Value {
        json!({
            "recoveryPlanId": self.plan,
            "kind": "RECOVERY",
            "confirm": {
                "recoveryPlanName": self.name,
                "serverCount": self.servers.len(),
                "reason": "The site is down.",
            },
        })
    }
}
