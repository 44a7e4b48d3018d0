//! Points in time of a source server.

use super::{shape, values};
use jiff::Timestamp;

values! {
    /// In which order points are listed.
    RecoverySnapshotsOrder { Ascending = "ASC", Descending = "DESC" }
}
shape! { RecoverySnapshot {
    snapshot_id: String = "snapshotID", source_server_id: String = "sourceServerID",
    expected_timestamp: Timestamp = "expectedTimestamp";
    timestamp: Timestamp = "timestamp", ebs_snapshots: Vec<String> = "ebsSnapshots",
} }
shape! { DescribeRecoverySnapshotsRequest {
    source_server_id: String = "sourceServerID";
    filters: DescribeRecoverySnapshotsFilters = "filters", order: RecoverySnapshotsOrder = "order",
    max_results: i64 = "maxResults", next_token: String = "nextToken",
} }
shape! { DescribeRecoverySnapshotsFilters { ;
    from_date_time: String = "fromDateTime", to_date_time: String = "toDateTime",
} }
shape! { DescribeRecoverySnapshotsResponse {
    items: Vec<RecoverySnapshot> = "items"; next_token: String = "nextToken",
} }
