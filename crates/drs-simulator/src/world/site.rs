//! Sites: one account in one Region, with all that DRS keeps there.

use super::instance::Instance;
use super::job::{Job, JobKind};
use super::machine::Remnant;
use super::server::Server;
use crate::scenario::Scenario;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// One account in one Region.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) initialized: bool,
    pub(super) out_until: Option<Timestamp>,
    pub(super) servers: BTreeMap<String, Server>,
    /// By the order in which they were made.
    pub(super) jobs: BTreeMap<u64, Job>,
    /// The jobs that are not COMPLETED.
    pub(super) running: Vec<u64>,
    pub(super) instances: BTreeMap<String, Instance>,
    /// EC2 instances that DRS has no record of.
    pub(super) remnants: BTreeMap<String, Remnant>,
}

impl Site {
    pub(super) fn arn(&self, resource: &str) -> String {
        format!("arn:aws:drs:{}:{}:{resource}", self.region, self.account)
    }

    /// The jobs in progress that launch.
    pub(super) fn running_launches(&self) -> usize {
        let running = self
            .running
            .iter()
            .filter_map(|number| self.jobs.get(number));
        running.filter(|job| job.kind != JobKind::Terminate).count()
    }

    pub(super) fn servers_in_jobs(&self) -> usize {
        self.running
            .iter()
            .filter_map(|number| self.jobs.get(number))
            .map(|job| job.participants.len())
            .sum()
    }
}

/// Finds sites and accounts.
#[derive(Debug, Clone)]
pub(super) struct SiteIndex {
    by_place: BTreeMap<String, BTreeMap<String, usize>>,
    access_keys: BTreeMap<String, String>,
    first_account: String,
}

impl SiteIndex {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let keys = scenario.accounts.iter().filter_map(|account| {
            account
                .access_key
                .as_ref()
                .map(|key| (key.clone(), account.id.clone()))
        });
        Self {
            by_place: BTreeMap::new(),
            access_keys: keys.collect(),
            first_account: scenario.default_account().to_owned(),
        }
    }

    pub(super) fn first_account(&self) -> &str {
        &self.first_account
    }

    pub(super) fn find(&self, account: &str, region: &str) -> Option<usize> {
        self.by_place.get(account)?.get(region).copied()
    }

    /// The site, made when it is not there yet.
    pub(super) fn open(&mut self, sites: &mut Vec<Site>, account: &str, region: &str) -> usize {
        if let Some(site) = self.find(account, region) {
            return site;
        }
        sites.push(Site {
            account: account.to_owned(),
            region: region.to_owned(),
            initialized: false,
            out_until: None,
            servers: BTreeMap::new(),
            jobs: BTreeMap::new(),
            running: Vec::new(),
            instances: BTreeMap::new(),
            remnants: BTreeMap::new(),
        });
        let site = sites.len() - 1;
        self.by_place
            .entry(account.to_owned())
            .or_default()
            .insert(region.to_owned(), site);
        site
    }

    /// Whether a Region is in a partition where nothing of the scenario is: identities end at the
    /// border of their partition.
    pub(super) fn is_of_another_partition(&self, region: &str) -> bool {
        let known = self.by_place.values().flat_map(BTreeMap::keys);
        let mut known = known.map(|region| partition(region)).peekable();
        known.peek().is_some() && known.all(|partition_of| partition_of != partition(region))
    }

    /// The account of an access key: itself when it has 12 digits, else as the scenario says,
    /// else the first one.
    pub(super) fn account_of_key<'a>(&'a self, access_key: &'a str) -> &'a str {
        if access_key.len() == 12 && access_key.bytes().all(|byte| byte.is_ascii_digit()) {
            return access_key;
        }
        self.access_keys
            .get(access_key)
            .unwrap_or(&self.first_account)
    }
}

/// The partition of a Region, by how its name begins.
fn partition(region: &str) -> &str {
    const OTHERS: [&str; 5] = ["us-gov-", "cn-", "us-iso", "eu-iso", "eusc-"];
    let other = OTHERS.into_iter().find(|name| region.starts_with(name));
    other.unwrap_or("aws")
}
