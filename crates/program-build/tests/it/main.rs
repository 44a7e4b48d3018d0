//! Where programs lie once they are built, and what can be chosen.

use std::path::Path;

use clap::ValueEnum;
use program_build::{Architecture, Build, Compiler, Target};

fn build(compiler: Compiler, architecture: Architecture) -> Build<'static> {
    Build {
        root: Path::new("/sources"),
        target_directory: Path::new("/built"),
        tools: Path::new("/tools"),
        target: Target { architecture },
        compiler,
        packages: &["api-handler"],
    }
}

#[test]
fn each_compiler_puts_programs_where_they_are_looked_for() {
    let table = [
        (
            Compiler::CargoLambda,
            Architecture::X86,
            "/built/lambda/api-handler/bootstrap",
        ),
        (
            Compiler::Cargo,
            Architecture::X86,
            "/built/x86_64-unknown-linux-gnu/release/api-handler",
        ),
        (
            Compiler::Cargo,
            Architecture::Arm,
            "/built/aarch64-unknown-linux-gnu/release/api-handler",
        ),
    ];
    for (compiler, architecture, place) in table {
        let found = build(compiler, architecture).place_of("api-handler");
        assert_eq!(found, Path::new(place));
    }
}

#[test]
fn cargo_lambda_builds_unless_somebody_says_otherwise() {
    assert_eq!(Compiler::default(), Compiler::CargoLambda);
    let names: Vec<String> = Compiler::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    assert_eq!(names, ["cargo-lambda", "cargo"]);
}

#[test]
fn an_architecture_is_named_as_lambda_names_it() {
    for architecture in Architecture::value_variants() {
        let chosen = architecture.to_possible_value().unwrap();
        assert_eq!(chosen.get_name(), architecture.name());
    }
}
