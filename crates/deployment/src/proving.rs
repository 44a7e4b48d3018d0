//! What proving an environment asks of AWS beyond a deployment, in its own words. `aws` answers it
//! over the SDKs. Whatever reads DRS here only reads.

use std::fmt;

use async_trait::async_trait;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;

use crate::error::Failure;

/// One right as the service judges it for a principal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judged {
    /// The action, such as `lambda:CreateFunction`.
    pub action: String,
    /// `allowed`, `explicitDeny` or `implicitDeny`, in the service's words.
    pub decision: String,
}

impl Judged {
    /// Whether the principal may do it.
    pub fn is_allowed(&self) -> bool {
        self.decision == "allowed"
    }
}

/// A password or a token: it is never shown.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// Takes it over.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one call that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// Random bytes of the machine, of which nobody can guess the next.
pub fn random<const BYTES: usize>() -> Result<[u8; BYTES], Failure> {
    let mut bytes = [0; BYTES];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Failure::Call {
        operation: "random numbers",
        reason: "this machine gives none".to_owned(),
    })?;
    Ok(bytes)
}

/// A user pool and the client by which people sign in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pool {
    /// Id of the pool.
    pub id: String,
    /// Id of the client.
    pub client: String,
}

/// A request to the product's API.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// GET, POST or DELETE.
    pub method: &'a str,
    /// Address of the console, at whose origin the API is served.
    pub origin: &'a str,
    /// From the origin's root, such as `/api/health`.
    pub path: &'a str,
    /// Who asks; nobody where it is left out.
    pub token: Option<&'a Secret>,
    /// What is said; nothing where it is left out.
    pub body: Option<&'a Value>,
}

/// An answer of the product's API.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The body; null where it is no JSON.
    pub body: Value,
}

/// Where DRS is asked.
#[derive(Clone, Copy, Debug)]
pub struct DrsPlace<'a> {
    /// The Region.
    pub region: &'a str,
    /// Address of another DRS, such as a simulator's.
    pub endpoint: Option<&'a str>,
}

/// The first page of a listing that asked for no size.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FirstPage {
    /// How many items it has.
    pub items: usize,
    /// Whether more follow.
    pub more: More,
}

/// Whether a listing goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum More {
    /// There are further pages.
    Follows,
    /// This was all.
    Nothing,
}

/// A job as DRS tells it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SeenJob {
    /// LAUNCH, TERMINATE.
    pub kind: String,
    /// Who began it, in DRS's word, such as `START_DRILL`.
    pub initiated_by: String,
    /// PENDING, STARTED, COMPLETED.
    pub status: String,
    /// Its servers, with the launch status of each.
    pub participating: Vec<(String, String)>,
}

/// One item of a job's log.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SeenLogItem {
    /// RFC 3339.
    pub at: String,
    /// Such as `CONVERSION_START`.
    pub event: String,
}

/// A recovery instance as DRS tells it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SeenInstance {
    /// Its id.
    pub id: String,
    /// The EC2 instance.
    pub ec2_instance: String,
    /// The tags that DRS tells, name and value.
    pub tags: Vec<(String, String)>,
}

/// What a service answered to a question whose refusal is an answer too.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CallAnswer {
    /// It succeeded with so many items.
    Items(usize),
    /// It was refused: the name of the error and its message.
    Refused(String),
}

/// AWS, as far as proving needs it beside [`crate::cloud::Cloud`].
#[async_trait]
pub trait Proving: fmt::Debug + Send + Sync {
    /// The ARN of who calls.
    async fn caller(&self) -> Result<String, Failure>;
    /// What the principal may do, as IAM's own simulator judges it.
    async fn simulate(&self, principal: &str, actions: &[&str]) -> Result<Vec<Judged>, Failure>;

    /// Makes the user, or finds it, without an invitation; gives it this password and these groups.
    async fn provide_user(
        &self,
        pool: &str,
        name: &str,
        password: &Secret,
        groups: &[&str],
    ) -> Result<(), Failure>;
    /// Removes the user; one that is not there is removed already.
    async fn remove_user(&self, pool: &str, name: &str) -> Result<(), Failure>;
    /// Signs in by proving the password (SRP), as the console does; answers the ID token.
    async fn sign_in(&self, pool: &Pool, name: &str, password: &Secret) -> Result<Secret, Failure>;

    /// One request to the product's API, sent once.
    async fn ask(&self, asked: Asked<'_>) -> Result<Answered, Failure>;
    /// Calls a function and waits for its end. A function that fails is an error with its words.
    async fn invoke(&self, function: &str, event: &Value) -> Result<(), Failure>;

    /// `DescribeSourceServers` without a page size.
    async fn first_page_of_servers(&self, place: DrsPlace<'_>) -> Result<FirstPage, Failure>;
    /// `DescribeJobLogItems` without a page size.
    async fn first_page_of_log(&self, place: DrsPlace<'_>, job: &str)
    -> Result<FirstPage, Failure>;
    /// A job; `None` where DRS has none of this id.
    async fn job(&self, place: DrsPlace<'_>, job: &str) -> Result<Option<SeenJob>, Failure>;
    /// The whole log of a job, in the order in which DRS tells it.
    async fn job_log(&self, place: DrsPlace<'_>, job: &str) -> Result<Vec<SeenLogItem>, Failure>;
    /// The recovery instance of a server; `None` where DRS shows none.
    async fn instance(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<Option<SeenInstance>, Failure>;
    /// `DescribeSourceServers` filtered by one id.
    async fn describe_server(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<CallAnswer, Failure>;
    /// `GetLaunchConfiguration` of one id.
    async fn launch_configuration(
        &self,
        place: DrsPlace<'_>,
        server: &str,
    ) -> Result<CallAnswer, Failure>;
}
