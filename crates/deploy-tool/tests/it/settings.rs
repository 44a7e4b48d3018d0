//! Settings: by flag, by variable or by file, and never misunderstood.

use clap::Parser;
use command_line::deploy::Command;
use deploy_tool::settings_file::{SettingsFile, parse, resolve_with};

#[derive(Debug, Parser)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

/// What comes of flags and the text of a file.
fn resolved(flags: &[&str], text: &str) -> String {
    let arguments = ["program", "status"].iter().chain(flags);
    let program = Program::try_parse_from(arguments).unwrap();
    let file = match parse(text) {
        Ok(file) => SettingsFile {
            name: "deploy.toml".to_owned(),
            ..file
        },
        Err(error) => return error.to_string(),
    };
    match resolve_with(program.command.place(), &file) {
        Ok(resolved) => format!("{resolved:?}"),
        Err(error) => error.to_string(),
    }
}

const GENERAL: &str = "environment = \"dev\"\nproject = \"shop\"\nregion = \"us-west-2\"\n";

#[test]
fn the_environments_section_goes_before_what_holds_for_all() {
    let text = format!("{GENERAL}[environments.qa]\nregion = \"us-gov-east-1\"\n");
    insta::assert_snapshot!(resolved(&["--environment", "qa"], &text));
    insta::assert_snapshot!(resolved(&[], &text));
}

#[test]
fn what_the_file_cannot_mean_is_refused_with_line_and_column() {
    let texts = [
        "environment = \"production\"\n".to_owned(),
        "environment = \"dev \"\n".to_owned(),
        format!("{GENERAL}bukket = \"one\"\n"),
        format!("{GENERAL}[environments.qa]\nregoin = \"eu-west-1\"\n"),
        format!("{GENERAL}[environments.production]\nregion = \"eu-west-1\"\n"),
        format!("{GENERAL}[parameters]\nEnableWAF = true\n"),
        format!("{GENERAL}[environments.qa]\nregion = 7\n"),
    ];
    let refusals = texts.map(|text| resolved(&[], &text));
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn what_is_empty_or_no_region_is_refused_with_the_place_that_says_it() {
    let section = format!("{GENERAL}[environments.dev]\nbucket = \"\"\n");
    let cases = [
        (&["--project", ""][..], GENERAL),
        (&["--bucket", " "], GENERAL),
        (&[], section.as_str()),
        (
            &[],
            "environment = \"dev\"\nproject = \"shop\"\nregion = \"\"\n",
        ),
        (&["--region", "mars"], GENERAL),
        (&["--region", "us-wst-2"], GENERAL),
        (&["--region", "us-iso-east-1"], GENERAL),
        (&["--region", "us-west-3"], GENERAL),
        (
            &["--region", "us-west-3", "--new-region", "us-west-4"],
            GENERAL,
        ),
        (
            &[],
            "environment = \"dev\"\nproject = \"shop\"\nregion = \"eu-wst-1\"\n",
        ),
        (&["--region", "us-west-2.example.com/"], GENERAL),
        (&["--project", "Shop"], GENERAL),
    ];
    let refusals = cases.map(|(flags, text)| resolved(flags, text));
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn a_region_newer_than_the_program_is_taken_where_flag_or_file_vouches_for_it() {
    let text = format!("new_regions = [\"us-west-3\"]\n{GENERAL}");
    for (flags, text) in [
        (
            &["--region", "us-west-3", "--new-region", "us-west-3"][..],
            GENERAL,
        ),
        (&["--region", "us-west-3"], text.as_str()),
    ] {
        let resolved = resolved(flags, text);
        assert!(resolved.contains("region: \"us-west-3\""), "{resolved}");
    }
}

#[test]
fn what_cannot_be_a_bucket_is_refused_with_the_place_that_says_it() {
    let long = "b".repeat(64);
    for name in [
        "Bucket",
        "my_bucket",
        "ab",
        "-bucket",
        "bucket.",
        "my..bucket",
        "192.168.0.1",
        "s3://bucket",
        "arn:aws:s3:::bucket",
        long.as_str(),
    ] {
        let refusal = resolved(&[&format!("--bucket={name}")], GENERAL);
        let text = format!(
            "`{name}`, from --bucket or DRS_ORCHESTRATION_BUCKET, is no bucket: it takes 3 to 63 "
        );
        assert!(refusal.starts_with(&text), "{refusal}");
    }
    for name in ["abc", "my.bucket-1", "1bucket"] {
        let taken = resolved(&[&format!("--bucket={name}")], GENERAL);
        assert!(
            taken.contains(name) && !taken.contains("is no bucket"),
            "{taken}"
        );
    }
}
