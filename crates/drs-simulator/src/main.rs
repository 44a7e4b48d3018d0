//! A simulator of AWS Elastic Disaster Recovery on a loopback port.

use clap::Parser;
use drs_simulator::scenario::ClockMode;
use drs_simulator::server::{self, Options};
use drs_simulator::{DEMO_SCENARIO, Scenario};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Simulates AWS Elastic Disaster Recovery on 127.0.0.1.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The scenario file; the built-in demonstration when left out.
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 18_090)]
    port: u16,
    /// Use the wall clock, with every duration divided by this number.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    time_scale: Option<u32>,
    #[arg(
        long,
        value_name = "URL",
        help = "Where launch results are sent as EventBridge events, such as http://127.0.0.1:4566"
    )]
    events_endpoint: Option<String>,
    /// Print the JSON Schema of scenario files and end.
    #[arg(long)]
    print_schema: bool,
    /// The source of these events; AWS reserves those that begin with `aws.`.
    #[arg(long, value_name = "NAME", default_value = "drs.simulator")]
    events_source: String,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => return tell(&answer),
    };
    let filter = EnvFilter::builder().with_default_directive(tracing::Level::INFO.into());
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter.from_env_lossy())
        .with_writer(std::io::stderr)
        .init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            // Where even this cannot be written, the exit code still says it.
            let _ = writeln!(std::io::stderr(), "drs-simulator: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Prints help, the version, or what is wrong with the arguments, which is failure number 1.
fn tell(answer: &clap::Error) -> ExitCode {
    let _ = answer.print();
    if answer.use_stderr() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    if arguments.print_schema {
        let schema = Scenario::schema();
        return std::io::stdout()
            .write_all(schema.as_bytes())
            .map_err(|error| format!("The schema cannot be written: {error}."));
    }
    let (text, name) = match &arguments.scenario {
        None => (DEMO_SCENARIO.to_owned(), "the demonstration".to_owned()),
        Some(path) => {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("{name} cannot be read: {error}."))?;
            (text, name)
        }
    };
    let mut scenario = Scenario::parse(&text).map_err(|error| format!("{name}: {error}."))?;
    if let Some(scale) = arguments.time_scale {
        scenario.clock.mode = ClockMode::Scaled;
        scenario.clock.scale = scale;
    }
    let options = Options {
        port: arguments.port,
        events_endpoint: arguments.events_endpoint,
        events_source: arguments.events_source,
        time_scale: arguments.time_scale,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("The runtime cannot start: {error}."))?;
    let ended = runtime.block_on(async {
        let running = server::start(scenario, options)
            .await
            .map_err(|error| error.to_string())?;
        tracing::info!(simulator.url = %running.url(), scenario.name = %name, "listening");
        wait_for_the_end().await;
        running.stop().await;
        Ok(())
    });
    // A world that still computes is not waited for: whoever ended the program wants it to end.
    runtime.shutdown_background();
    ended
}

/// Ctrl-C, or the signal by which a parent ends its children.
async fn wait_for_the_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
