//! Limits of DRS, and the packing of a wave's servers into jobs.

use std::collections::BTreeSet;

use domain::quota::{Limits, SERVERS_PER_BATCH_MAX, Usage, pack};
use proptest::prelude::*;

use crate::world::{place, server};

fn check_room(jobs: u32, servers_in_jobs: u32, servers: usize, expected: Option<&str>) {
    let usage = Usage {
        jobs,
        servers_in_jobs,
    };
    let refusal = usage.room_for(servers, &Limits::DEFAULT).err();
    match expected {
        None => assert_eq!(refusal, None),
        Some(part) => assert!(refusal.clone().unwrap().contains(part), "{refusal:?}"),
    }
}

#[test]
fn a_job_fits_up_to_20_jobs_and_500_servers_in_jobs() {
    check_room(0, 0, 100, None);
    check_room(19, 0, 1, None);
    check_room(20, 0, 1, Some("20 of 20 concurrent DRS jobs"));
    check_room(21, 0, 1, Some("21 of 20"));
    check_room(5, 400, 100, None);
    check_room(5, 401, 100, Some("401 of 500 servers"));
    check_room(5, 500, 1, Some("500 of 500 servers"));
    check_room(0, u32::MAX, 1, Some("1 more does not fit"));
    check_room(0, 0, usize::MAX, Some("more do not fit"));
}

fn check_sizes(counts: [u32; 2], expected: &[usize]) {
    let servers = (1..).zip(counts).flat_map(|(region, count)| {
        (1..=count).map(move |number| (place(region), server(region * 10_000 + number)))
    });
    let sizes: Vec<usize> = pack(servers)
        .iter()
        .map(|(_, servers)| servers.len())
        .collect();
    assert_eq!(sizes, expected);
}

#[test]
fn batches_are_as_even_as_they_can_be() {
    check_sizes([0, 0], &[]);
    check_sizes([1, 0], &[1]);
    check_sizes([100, 0], &[100]);
    check_sizes([101, 0], &[51, 50]);
    check_sizes([300, 0], &[100, 100, 100]);
    check_sizes([201, 0], &[67, 67, 67]);
    check_sizes([3, 2], &[3, 2]);
    check_sizes([150, 101], &[75, 75, 51, 50]);
}

proptest! {
    #[test]
    fn packing_keeps_every_server_once_in_its_place_and_in_order(
        regions in proptest::collection::vec(1u32..=2, 0..400),
    ) {
        let servers: Vec<_> = (1..).zip(&regions)
            .map(|(number, &region)| (place(region), server(number)))
            .collect();
        let batches = pack(servers.clone());
        for (_, members) in &batches {
            prop_assert!((1..=SERVERS_PER_BATCH_MAX).contains(&members.len()));
        }
        let all: BTreeSet<_> = batches.iter().flat_map(|(_, members)| members).collect();
        prop_assert_eq!(all.len(), servers.len());
        for region in 1..=2 {
            let packed: Vec<_> = batches.iter().filter(|(at, _)| *at == place(region))
                .flat_map(|(_, members)| members.clone()).collect();
            let given: Vec<_> = servers.iter().filter(|(at, _)| *at == place(region))
                .map(|(_, id)| id.clone()).collect();
            prop_assert_eq!(packed, given);
        }
    }
}
