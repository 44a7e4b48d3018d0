//! Points in time: made by policy, gone when they expire, none newer than the consistent data.

use super::World;
use super::identifier::derived;
use super::server::Server;
use crate::error::ApiError;
use crate::validation::Fields;
use crate::wire::snapshot::{
    DescribeRecoverySnapshotsRequest, DescribeRecoverySnapshotsResponse, RecoverySnapshot,
    RecoverySnapshotsOrder,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// DRS's usual policy: how many points, and how many minutes apart.
const USUAL_POLICY: [(u32, i64); 3] = [(6, 10), (24, 60), (7, 24 * 60)];

impl World {
    pub(super) fn list_snapshots(
        &self,
        site: usize,
        request: &DescribeRecoverySnapshotsRequest,
    ) -> Result<DescribeRecoverySnapshotsResponse, ApiError> {
        let distinction = (&request.source_server_id, &request.filters, request.order);
        let page = self.page(
            "DescribeRecoverySnapshots",
            &distinction,
            request.max_results,
            request.next_token.as_deref(),
        );
        let after = page
            .begins_after()?
            .and_then(|key| key.parse::<Timestamp>().ok());
        let filters = request.filters.as_ref();
        let mut fields = Fields::default();
        let from = fields.time(
            "filters.fromDateTime",
            filters.and_then(|one| one.from_date_time.as_ref()),
        );
        let to = fields.time(
            "filters.toDateTime",
            filters.and_then(|one| one.to_date_time.as_ref()),
        );
        fields.finish()?;
        let server = self
            .sites
            .get(site)
            .and_then(|site| site.servers.get(&request.source_server_id));
        let Some(server) = server else {
            return Ok(DescribeRecoverySnapshotsResponse::default());
        };
        let mut times = self.point_times(server);
        times.retain(|at| from.is_none_or(|from| *at >= from) && to.is_none_or(|to| *at <= to));
        let descending = match request.order {
            Some(RecoverySnapshotsOrder::Descending) => true,
            Some(RecoverySnapshotsOrder::Ascending) | None => false,
        };
        if descending {
            times.reverse();
        }
        let behind = |at: &Timestamp| match after {
            None => true,
            Some(after) if descending => *at < after,
            Some(after) => *at > after,
        };
        let items = times.into_iter().filter(behind);
        let (items, next_token) = page.cut(items, ToString::to_string, |at| point(server, *at));
        Ok(DescribeRecoverySnapshotsResponse { items, next_token })
    }

    /// The time of a point that exists now.
    pub(super) fn point_at(&self, site: usize, server: &str, point: &str) -> Option<Timestamp> {
        let server = self.sites.get(site)?.servers.get(server)?;
        self.point_times(server)
            .into_iter()
            .find(|at| point_id(server, *at) == point)
    }

    /// The newest point that exists now.
    pub(super) fn newest_point(&self, site: usize, server: &str) -> Option<Timestamp> {
        let server = self.sites.get(site)?.servers.get(server)?;
        self.point_times(server).pop()
    }

    /// The times of all points of a server, ascending.
    fn point_times(&self, server: &Server) -> Vec<Timestamp> {
        let Some(consistent_at) = server.replication.consistent_at(self.now) else {
            return Vec::new();
        };
        let rules: Vec<(u32, SignedDuration)> = match server.points {
            Some(policy) => vec![(policy.count, policy.every)],
            None => USUAL_POLICY
                .iter()
                .map(|(count, minutes)| (*count, SignedDuration::from_mins(*minutes)))
                .collect(),
        };
        let mut times = BTreeSet::new();
        for (count, every) in rules {
            let step = self.settings.scaled(every).as_millis().max(1);
            let Ok(step) = i64::try_from(step) else {
                continue;
            };
            let newest = self.now.as_millisecond().div_euclid(step) * step;
            let kept = (0..i64::from(count)).map(|back| newest - back * step);
            times.extend(kept.filter_map(|at| Timestamp::from_millisecond(at).ok()));
        }
        times.retain(|at| *at <= consistent_at && *at >= server.added_at);
        if times.is_empty() {
            // DRS keeps the last consistent point however old it is.
            times.insert(consistent_at);
        }
        times.into_iter().collect()
    }
}

fn point_id(server: &Server, at: Timestamp) -> String {
    derived("pit-", &format!("{}@{at}", server.id))
}

fn point(server: &Server, at: Timestamp) -> RecoverySnapshot {
    let id = point_id(server, at);
    RecoverySnapshot {
        ebs_snapshots: Some(vec![derived("snap-", &id)]),
        snapshot_id: id,
        source_server_id: server.id.clone(),
        expected_timestamp: at,
        timestamp: Some(at),
    }
}
