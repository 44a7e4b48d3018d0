//! Source servers and quotas on the wire.

use std::collections::BTreeMap;

use domain::{Place, launchability};
use engine::quotas::QuotaReport;
use engine::source_servers::{Initialised, ListedServer, Rest, ServerListing, ServerPosition};
use serde::Serialize;
use utoipa::ToSchema;

use super::enumeration::Recoverability;
use super::page::beginning;
use super::recovery_instance::RecoveryInstanceView;

/// A page of the source servers of an account and Region. It can be short while there is a
/// further one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SourceServerList)]
pub(crate) struct SourceServerListView {
    /// Whether DRS is initialised there. Where it is not, there are no servers.
    initialized: bool,
    /// By hostname, and by id among equal ones.
    items: Vec<SourceServerView>,
    /// What to ask the next page with; left out on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A server that DRS replicates.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SourceServer)]
pub(crate) struct SourceServerView {
    source_server_id: String,
    #[schema(required = true)]
    hostname: Option<String>,
    /// DRS's own word, such as `CONTINUOUS`.
    replication_state: String,
    /// Age of the newest consistent data; nothing where DRS cannot tell.
    #[schema(required = true)]
    lag_seconds: Option<u64>,
    recoverability: Recoverability,
    /// Why it is not `READY`: a part of a sentence.
    #[schema(required = true)]
    recoverability_reason: Option<String>,
    /// The Region it comes from, for servers in AWS.
    #[schema(required = true)]
    origin_region: Option<String>,
    tags: BTreeMap<String, String>,
    /// The protection group that has it.
    #[schema(required = true)]
    protection_group_id: Option<String>,
    #[schema(required = true)]
    recovery_instance: Option<RecoveryInstanceView>,
}

impl SourceServerListView {
    /// As much of the page as fits an answer, with the position after it sealed.
    pub(crate) fn of(listing: ServerListing, seal: impl FnOnce(&str) -> String) -> Self {
        let end = listing.items.last().map(ListedServer::position);
        let end = end.filter(|_| listing.rest == Rest::More);
        let limit = listing.items.len();
        let rest = listing.items.into_iter();
        let rest = rest.map(|listed| (position_text(&listed.position()), listed.into()));
        let page = beginning(rest.collect(), limit);
        let next = page.next.or_else(|| end.as_ref().map(position_text));
        Self {
            initialized: listing.initialized == Initialised::Yes,
            items: page.items,
            next_token: next.as_deref().map(seal),
        }
    }
}

fn position_text(position: &ServerPosition) -> String {
    serde_json::to_string(position).expect("texts have a JSON form")
}

impl From<ListedServer> for SourceServerView {
    fn from(listed: ListedServer) -> Self {
        let server = listed.server;
        let (recoverability, recoverability_reason) = launchability::recoverability(&server);
        Self {
            source_server_id: server.id.into(),
            hostname: server.hostname.map(Into::into),
            replication_state: server.replication.name().to_owned(),
            lag_seconds: server.lag_seconds,
            recoverability: recoverability.into(),
            recoverability_reason,
            origin_region: server.origin_region,
            tags: server.tags,
            protection_group_id: listed.group.map(String::from),
            recovery_instance: listed.instance.map(RecoveryInstanceView::from),
        }
    }
}

/// Quotas of DRS in an account and Region, and what is used of them, by whomever.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Quotas)]
pub(crate) struct QuotasView {
    account_id: String,
    region: String,
    /// Whether DRS is initialised there. Where it is not, nothing is used.
    initialized: bool,
    limits: LimitsView,
    usage: UsageView,
}

/// Limits of DRS.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QuotaLimits)]
pub(crate) struct LimitsView {
    concurrent_jobs: u32,
    servers_per_job: u32,
    servers_in_all_jobs: u32,
    replicating_servers: u32,
}

/// What is used.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QuotaUsage)]
pub(crate) struct UsageView {
    concurrent_jobs: u32,
    servers_in_all_jobs: u32,
    source_servers: u32,
    replicating_servers: u32,
}

impl QuotasView {
    pub(crate) fn of(report: QuotaReport, place: Place) -> Self {
        Self {
            account_id: place.account.into(),
            region: place.region.into(),
            initialized: report.initialized == Initialised::Yes,
            limits: LimitsView {
                concurrent_jobs: report.limits.concurrent_jobs,
                servers_per_job: report.limits.servers_per_job,
                servers_in_all_jobs: report.limits.servers_in_all_jobs,
                replicating_servers: report.limits.replicating_servers,
            },
            usage: UsageView {
                concurrent_jobs: report.usage.jobs,
                servers_in_all_jobs: report.usage.servers_in_jobs,
                source_servers: report.source_servers,
                replicating_servers: report.replicating_servers,
            },
        }
    }
}
