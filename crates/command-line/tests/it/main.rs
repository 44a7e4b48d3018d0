//! What the command line takes, and what it refuses.

use clap::Parser;
use command_line::deploy::Command;

#[derive(Debug, Parser)]
struct Program {
    #[command(subcommand)]
    command: Command,
}

fn parsed(arguments: &[&str]) -> Result<Command, clap::Error> {
    let name = ["program"];
    let program = Program::try_parse_from(name.iter().chain(arguments));
    program.map(|program| program.command)
}

#[test]
fn a_reason_says_something_wherever_one_is_given() {
    for flags in [
        ["deploy", "--break-glass"],
        ["deploy", "--during-execution"],
        ["destroy", "--break-glass"],
        ["clean-orphans", "--break-glass"],
    ] {
        for reason in ["", "  \t"] {
            let refusal = parsed(&[flags[0], flags[1], reason]).unwrap_err();
            let refusal = refusal.to_string();
            assert!(refusal.contains("must say something"), "{refusal}");
        }
        parsed(&[flags[0], flags[1], "the pipeline is down"]).unwrap();
    }
}

#[test]
fn a_reason_has_no_spaces_around_it() {
    let Command::Destroy(options) = parsed(&["destroy", "--break-glass", " fire "]).unwrap() else {
        panic!("this is destroy");
    };
    assert_eq!(options.break_glass.unwrap().as_str(), "fire");
}

#[test]
fn a_sync_offers_nothing_that_it_has_no_effect_on() {
    for flags in [
        &["--allow-replacement"][..],
        &["--adopt-tables"],
        &["--during-execution", "now"],
        &["--break-glass", "now"],
        &["--replica-region", "eu-west-1"],
    ] {
        let refusal = parsed(&[&["sync"], flags].concat()).unwrap_err();
        let text = format!("unexpected argument '{}'", flags[0]);
        assert!(refusal.to_string().contains(&text), "{refusal}");
        parsed(&[&["deploy"], flags].concat()).unwrap();
    }
}

#[test]
fn what_changes_a_stack_is_said_to_a_whole_deployment_alone() {
    for part in ["--code-only", "--frontend-only"] {
        for flags in [
            &["--replica-region", "none"][..],
            &["--replica-region", "eu-west-1"],
            &["--allow-replacement"],
            &["--adopt-tables"],
        ] {
            let refusal = parsed(&[&["deploy", part], flags].concat()).unwrap_err();
            let text = refusal.to_string();
            let names_both = text.contains(part) && text.contains(flags[0]);
            assert!(names_both && text.contains("cannot be used with"), "{text}");
            parsed(&[&["deploy", "--from-bucket"], flags].concat()).unwrap();
        }
    }
}

#[test]
fn a_program_that_proves_says_account_region_server_and_isolation() {
    let whole = [
        ["--confirm-account", "111122223333"],
        ["--region", "us-west-2"],
        ["--server", "s-00000000000000001"],
        ["--drill-isolation", "A subnet without routes."],
    ];
    let with = |pairs: &[[&str; 2]]| {
        let flags = pairs.iter().flatten().copied();
        let arguments: Vec<&str> = ["prove", "--yes"].into_iter().chain(flags).collect();
        parsed(&arguments)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    assert_eq!(with(&whole), Ok(()));
    for left_out in 0..whole.len() {
        let mut others = whole.to_vec();
        let [flag, _] = others.remove(left_out);
        let refusal = with(&others).unwrap_err();
        assert!(refusal.contains(flag), "{flag}: {refusal}");
    }
    parsed(&["prove"]).unwrap();
}

#[test]
fn a_server_and_an_account_are_written_as_aws_writes_them() {
    for [flag, value] in [
        ["--server", "web-01"],
        ["--server", "s-0000000000000000"],
        ["--server", "s-0000000000000000G"],
        ["--confirm-account", "12345"],
        ["--confirm-account", "11112222333a"],
    ] {
        assert!(parsed(&["prove", flag, value]).is_err(), "{flag} {value}");
    }
}
