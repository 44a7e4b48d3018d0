//! What the command line takes, and what it refuses.

use clap::Parser;
use deploy_options::Command;

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
