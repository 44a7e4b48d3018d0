//! Claims about the Regions of AWS: which are known, what they lack, and what is no Region.

use std::collections::BTreeSet;

use domain::region::{Enabling, Offer, Partition, REGIONS, RegionFault, Service, look_up};
use domain::usable_region::{unrecognised_in, usable_region};
use domain::{FaultCode, Region};

fn said(text: &str) -> String {
    look_up(text).unwrap_err().to_string()
}

#[test]
fn every_region_of_the_table_is_a_region_once_and_is_found() {
    let codes: BTreeSet<&str> = REGIONS.iter().map(|facts| facts.code).collect();
    assert_eq!(codes.len(), REGIONS.len());
    for facts in &REGIONS {
        assert!(facts.code.parse::<Region>().is_ok(), "{}", facts.code);
        assert_eq!(look_up(facts.code).unwrap(), facts);
    }
}

#[test]
fn a_region_is_in_the_partition_that_its_name_says() {
    for facts in &REGIONS {
        assert_eq!(facts.partition, Partition::of(facts.code), "{}", facts.code);
    }
    let hosts =
        ["us-west-2", "us-gov-east-1", "cn-north-1"].map(|code| Partition::of(code).dns_suffix());
    assert_eq!(
        hosts,
        ["amazonaws.com", "amazonaws.com", "amazonaws.com.cn"]
    );
}

#[test]
fn regions_that_began_after_march_2019_are_opt_in() {
    let enabling = |code| look_up(code).unwrap().enabling;
    for code in ["us-east-1", "eu-north-1", "ap-northeast-3", "us-gov-east-1"] {
        assert_eq!(enabling(code), Enabling::ByDefault, "{code}");
    }
    for code in ["ap-east-1", "me-south-1", "ap-southeast-6", "mx-central-1"] {
        assert_eq!(enabling(code), Enabling::OptIn, "{code}");
    }
}

#[test]
fn a_standard_region_offers_all_that_the_product_needs() {
    let facts = look_up("eu-central-2").unwrap();
    for service in [
        Service::ElasticDisasterRecovery,
        Service::CloudFront,
        Service::UserPools,
        Service::ApiGateway,
        Service::StepFunctions,
        Service::WebApplicationFirewall,
    ] {
        assert_eq!(facts.offer(service), Offer::Offered, "{service:?}");
    }
}

#[test]
fn govcloud_lacks_cloudfront_and_has_the_rest() {
    let facts = look_up("us-gov-west-1").unwrap();
    assert_eq!(
        facts.offer(Service::CloudFront),
        Offer::Absent("AWS GovCloud (US) has no CloudFront")
    );
    for service in [
        Service::ElasticDisasterRecovery,
        Service::UserPools,
        Service::ApiGateway,
        Service::StepFunctions,
        Service::WebApplicationFirewall,
    ] {
        assert_eq!(facts.offer(service), Offer::Offered, "{service:?}");
    }
}

#[test]
fn china_lacks_drs_user_pools_and_a_cloudfront_that_the_product_can_use() {
    let facts = look_up("cn-northwest-1").unwrap();
    for service in [
        Service::ElasticDisasterRecovery,
        Service::UserPools,
        Service::CloudFront,
    ] {
        let offer = facts.offer(service);
        assert!(matches!(offer, Offer::Absent(_)), "{service:?}: {offer:?}");
    }
}

#[test]
fn what_a_new_region_offers_is_not_guessed() {
    let facts = look_up("me-west-1").unwrap();
    let offer = facts.offer(Service::ElasticDisasterRecovery);
    assert_eq!(offer, Offer::NotPublished);
}

#[test]
fn a_misspelt_region_is_refused_with_the_name_that_was_meant() {
    for (text, meant) in [
        ("us-wst-2", "us-west-2"),
        ("us-wets-2", "us-west-2"),
        ("eu-centrl-1", "eu-central-1"),
        ("US-WEST-2", "us-west-2"),
        (" us-west-2", "us-west-2"),
        ("us_west_2", "us-west-2"),
        ("us-west-2a", "us-west-2"),
        ("uswest2", "us-west-2"),
        ("us-gv-west-1", "us-gov-west-1"),
        ("ap-northeasst-3", "ap-northeast-3"),
    ] {
        assert_eq!(
            said(text),
            format!("`{text}` is not a Region: did you mean {meant}?")
        );
    }
}

#[test]
fn where_two_names_are_as_near_both_are_named() {
    assert_eq!(
        said("us-est-1"),
        "`us-est-1` is not a Region: did you mean us-east-1 or us-west-1?"
    );
}

#[test]
fn what_is_near_no_region_gets_no_suggestion() {
    for text in ["", "oregon", "a-b-c-d-e", "🦀🦀🦀🦀🦀🦀🦀🦀🦀"] {
        assert_eq!(
            said(text),
            format!("`{text}` is not an AWS Region (such as us-west-2)")
        );
    }
    let long = "x".repeat(100_000);
    assert!(said(&long).len() < 150, "{}", said(&long));
}

#[test]
fn a_region_newer_than_this_program_is_not_known_and_no_misspelling() {
    for (text, partition) in [
        ("us-west-3", Partition::Standard),
        ("nz-south-1", Partition::Standard),
        ("us-gov-central-1", Partition::GovCloud),
        ("cn-south-1", Partition::China),
    ] {
        let fault = look_up(text).unwrap_err();
        let RegionFault::NotKnown {
            region,
            partition: found,
            ..
        } = fault
        else {
            panic!("{text}: {fault}");
        };
        assert_eq!((region.as_str(), found), (text, partition));
    }
    assert_eq!(
        said("us-west-3"),
        "us-west-3 is not a Region that is known here: near it are us-west-1, us-west-2"
    );
}

#[test]
fn a_number_that_aws_has_not_counted_to_makes_no_new_region() {
    for (text, words) in [
        ("us-west-99", "did you mean us-west-1 or us-west-2?"),
        ("us-west-5", "did you mean us-west-1 or us-west-2?"),
        ("us-gov-west-4", "did you mean us-gov-west-1?"),
        ("nz-south-0", "is not an AWS Region"),
        ("nz-south-3", "is not an AWS Region"),
    ] {
        assert!(said(text).contains(words), "{}", said(text));
        let fault = usable_region("region", text).unwrap_err();
        assert_eq!(fault.code, FaultCode::UnknownRegion, "{text}");
    }
    for text in ["us-west-3", "us-west-4", "nz-south-1", "nz-south-2"] {
        assert!(usable_region("region", text).is_ok(), "{text}");
    }
}

#[test]
fn a_region_of_another_partition_is_refused_by_the_name_of_its_partition() {
    for (text, partition) in [
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ] {
        assert_eq!(
            said(text),
            format!(
                "{text} is in the partition {partition}: only aws, aws-us-gov and aws-cn are known here"
            )
        );
    }
}

#[test]
fn why_a_region_does_not_recognise_an_account_is_told_apart() {
    let table = [
        ("il-central-1", FaultCode::RegionNotEnabled, "has to enable"),
        ("us-east-1", FaultCode::RegionNotEnabled, "every account"),
        (
            "us-gov-west-1",
            FaultCode::RegionOfAnotherPartition,
            "accounts of its own",
        ),
    ];
    for (region, code, words) in table {
        let (found, text) = unrecognised_in(&region.parse().unwrap());
        assert_eq!(found, code, "{region}");
        assert!(text.contains(words), "{text}");
    }
}
