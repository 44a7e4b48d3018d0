//! What a destruction says of each thing: only what is there is deleted or kept.

use deployment::cloud::Presence;
use deployment::destruction::{Data, Seen, SeenReplica, plan};
use deployment::instances::LeftInstance;
use deployment::retained::{Kind, Retained};

use crate::releases::settings;

fn everything() -> Seen {
    let named = |kind: Kind, id: &str| Retained {
        kind,
        id: id.to_owned(),
    };
    Seen {
        stack: Some("UPDATE_COMPLETE".to_owned()),
        bucket: Presence::Present,
        retained: vec![
            named(Kind::Table, "drs-orchestration-test-recovery-plans"),
            named(Kind::UserPool, "pool"),
            named(Kind::Bucket, "trail"),
            named(Kind::SharedRole, "logging"),
        ],
        instances: vec![LeftInstance {
            instance: "i-1".to_owned(),
            server: "s-1".to_owned(),
            hostname: None,
            execution: "e-1".to_owned(),
            kind: "drill",
            account: "111122223333".to_owned(),
            region: "us-west-2".to_owned(),
        }],
        replica: Some(replica(Ok(Presence::Present))),
    }
}

fn replica(presence: Result<Presence, String>) -> SeenReplica {
    SeenReplica {
        bucket: "there".to_owned(),
        region: "us-west-2".to_owned(),
        presence,
    }
}

fn nothing() -> Seen {
    Seen {
        stack: None,
        bucket: Presence::Absent,
        retained: Vec::new(),
        instances: Vec::new(),
        replica: None,
    }
}

#[test]
fn everything_that_is_there_is_deleted_or_kept_by_name() {
    let kept = plan(&settings(), everything(), Data::Kept);
    insta::assert_snapshot!("kept", kept);
    assert!(kept.deletes_something() && !kept.deletes_the_bucket());
    insta::assert_snapshot!("what_stays", kept.what_stays().join("\n"));
    let purged = plan(&settings(), everything(), Data::Purged);
    insta::assert_snapshot!("purged", purged);
    assert!(purged.deletes_the_bucket());
}

#[test]
fn what_is_not_there_is_neither_deleted_nor_kept() {
    for data in [Data::Kept, Data::Purged] {
        let seen = Seen {
            replica: Some(replica(Ok(Presence::Absent))),
            ..nothing()
        };
        let destruction = plan(&settings(), seen, data);
        insta::assert_snapshot!("nothing_there", destruction);
        assert!(!destruction.deletes_something(), "{destruction}");
        assert!(!destruction.deletes_the_bucket(), "{destruction}");
        assert_eq!(destruction.what_stays(), Vec::<String>::new());
    }
}

#[test]
fn a_bucket_alone_is_something_to_purge() {
    let seen = || Seen {
        bucket: Presence::Present,
        ..nothing()
    };
    assert!(plan(&settings(), seen(), Data::Purged).deletes_something());
    assert!(!plan(&settings(), seen(), Data::Kept).deletes_something());
}

#[test]
fn a_replica_that_cannot_be_looked_at_may_be_there_and_is_said_to_stay() {
    let seen = Seen {
        replica: Some(replica(Err("no answer".to_owned()))),
        ..nothing()
    };
    let stays = plan(&settings(), seen, Data::Kept).what_stays();
    let sentence = "the replica there in us-west-2, which cannot be looked at (no answer)";
    assert_eq!(stays, [sentence]);
}

#[test]
fn what_was_agreed_to_is_carried_out_only_while_it_is_still_what_there_is() {
    let shown = plan(&settings(), everything(), Data::Purged);
    let same = plan(&settings(), everything(), Data::Purged);
    shown.refuse_another(&same).unwrap();
    let changed = Seen {
        stack: Some("UPDATE_IN_PROGRESS".to_owned()),
        ..everything()
    };
    let another = plan(&settings(), changed, Data::Purged);
    let refusal = shown.refuse_another(&another).unwrap_err().to_string();
    assert!(refusal.contains("nothing is destroyed"), "{refusal}");
    assert!(refusal.contains("UPDATE_IN_PROGRESS"), "{refusal}");
}

#[test]
fn a_program_reads_each_thing_with_its_kind_and_fate() {
    insta::assert_json_snapshot!(plan(&settings(), everything(), Data::Purged));
}
