//! The commands of the local stack.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command as Program, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use command_line::local::{Command, Options};
use deployment::release::FUNCTIONS;
use rustix::process::{Pid, Signal, kill_process};

use crate::component::last_lines;
use crate::http::Http;
use crate::layout::Layout;
use crate::ports::Ports;
use crate::processes::{self, Groups};
use crate::status::Status;
use crate::supervisor::{Order, supervise};
use crate::users::Cognito;
use crate::{function_logs, process_reaper, terminal};

const COMPONENTS: [&str; 3] = ["supervisor", "emulator", "simulator"];
const PACE: Duration = Duration::from_millis(50);
/// What tells a supervisor to restart the emulator.
const RESTART: Signal = Signal::USR1;
const RESTART_PATIENCE: Duration = Duration::from_mins(2);

/// Runs one command to its end.
pub fn run(options: Options) -> Result<()> {
    if matches!(options.command, Some(Command::Watch)) {
        process_reaper::watch();
        return Ok(());
    }
    if let Some(start) = options.starts() {
        let checked = start.check_parameters(&options.prepared.repository);
        checked.map_err(anyhow::Error::msg)?;
    }
    let prepared = options.prepared;
    let folder = prepared.state_folder();
    let order = |start| {
        let layout = Layout::at(&folder)?;
        anyhow::Ok(Order {
            layout,
            prepared,
            start,
        })
    };
    match options.command {
        None => stay(&order(options.start)?),
        Some(
            Command::Up {
                detach: false,
                start,
            }
            | Command::Supervise { start },
        ) => stay(&order(start)?),
        Some(Command::Up {
            detach: true,
            start,
        }) => detach(&order(start)?),
        Some(Command::Status { json: true }) => {
            terminal::line(&Status::read(&existing(&folder)?)?.as_json()?);
            Ok(())
        }
        Some(Command::Status { json: false }) => tell_status(&existing(&folder)?),
        Some(Command::Token { user }) => token(&existing(&folder)?, &user),
        Some(Command::Logs { name }) => logs(&existing(&folder)?, name.as_deref()),
        Some(Command::RestartEmulator) => restart_emulator(&existing(&folder)?),
        Some(Command::Down) => down(Layout::existing(&folder)?.as_ref()),
        Some(Command::Reset) => reset(Layout::existing(&folder)?.as_ref()),
        Some(Command::Watch) => Ok(()),
    }
}

/// Who asks about a folder that is not there has mistaken its name.
fn existing(folder: &Path) -> Result<Layout> {
    Layout::existing(folder)?.with_context(|| {
        format!(
            "there is no state folder {}; `cargo xtask local` makes it when it starts",
            folder.display()
        )
    })
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the asynchronous runtime")
}

fn stay(order: &Order) -> Result<()> {
    runtime()?.block_on(supervise(order))
}

/// Starts a supervisor in the background and shows what it says until it is ready, or has failed.
fn detach(order: &Order) -> Result<()> {
    if order.layout.is_running()? {
        bail!(
            "a local stack already runs in {}; `cargo xtask local down` stops it",
            order.layout.root().display()
        );
    }
    Ports::from_base(order.start.port_base).check()?;
    let log = order.layout.log("supervisor");
    let mut supervisor = start_supervisor(order, &log)?;
    let mut reader = File::open(&log).with_context(|| log.display().to_string())?;
    loop {
        let ended = supervisor.try_wait().context("the supervisor's state")?;
        show_new_text(&mut reader)?;
        if let Some(status) = ended {
            bail!(
                "the local stack did not start ({status}); the whole log: {}",
                log.display()
            );
        }
        if Status::of(&order.layout, Some(supervisor.id()))?.ready {
            return show_new_text(&mut reader);
        }
        std::thread::sleep(PACE);
    }
}

fn start_supervisor(order: &Order, log: &Path) -> Result<Child> {
    let output = File::create(log).with_context(|| log.display().to_string())?;
    let errors = output
        .try_clone()
        .with_context(|| log.display().to_string())?;
    let program = std::env::current_exe().context("this program's own file")?;
    let Order {
        prepared, start, ..
    } = order;
    let mut command = Program::new(program);
    command.arg("supervise");
    command.arg("--state-dir").arg(order.layout.root());
    command.arg("--repository").arg(&prepared.repository);
    command.arg("--python").arg(&prepared.python);
    command.arg("--programs").arg(&prepared.programs);
    command.arg("--console").arg(&prepared.console);
    command.args(["--port-base", &start.port_base.to_string()]);
    if let Some(scenario) = &start.scenario {
        command.arg("--scenario").arg(scenario);
    }
    if let Some(scale) = start.time_scale {
        command.args(["--time-scale", &scale.to_string()]);
    }
    for (name, value) in &start.parameters {
        command.args(["--parameter", &format!("{name}={value}")]);
    }
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors);
    command.spawn().context("the supervisor cannot be started")
}

fn show_new_text(reader: &mut File) -> Result<()> {
    let mut text = Vec::new();
    reader
        .read_to_end(&mut text)
        .context("the supervisor's log")?;
    std::io::stdout()
        .write_all(&text)
        .context("standard output")
}

fn tell_status(layout: &Layout) -> Result<()> {
    let status = Status::read(layout)?;
    match (status.places, status.process_id) {
        (Some(places), _) => terminal::line(&format!("ready at {}", places.console_url)),
        (None, Some(_)) => terminal::line("starting"),
        (None, None) => terminal::line("not running; `cargo xtask local` starts it"),
    }
    Ok(())
}

fn token(layout: &Layout, user: &str) -> Result<()> {
    let Some(places) = Status::read(layout)?.places else {
        bail!("the local stack is not ready; `cargo xtask local up --detach` starts it");
    };
    let is_meant = |name: &str| name == user || name.strip_suffix("@example.com") == Some(user);
    let Some(known) = places.users.iter().find(|known| is_meant(&known.username)) else {
        let names: Vec<&str> = places
            .users
            .iter()
            .map(|user| user.username.as_str())
            .collect();
        bail!("there is no user {user}; there are {}", names.join(", "));
    };
    let http = Http::default();
    let cognito = Cognito {
        http: &http,
        endpoint: &places.aws_endpoint_url,
        user_pool_id: &places.user_pool_id,
        user_pool_client_id: &places.user_pool_client_id,
    };
    terminal::line(&runtime()?.block_on(cognito.id_token(known))?);
    Ok(())
}

fn logs(layout: &Layout, name: Option<&str>) -> Result<()> {
    let Some(name) = name else {
        for component in COMPONENTS {
            terminal::line(&last_lines(&layout.log(component)));
        }
        return Ok(());
    };
    if FUNCTIONS.contains(&name) {
        let Some(places) = Status::read(layout)?.places else {
            bail!("the logs of functions are in the emulator, and it is not running");
        };
        let http = Http::default();
        let lines = function_logs::read(&http, &places.aws_endpoint_url, name);
        for line in runtime()?.block_on(lines)? {
            terminal::line(line.trim_end());
        }
        return Ok(());
    }
    if !COMPONENTS.contains(&name) {
        let names: Vec<&str> = COMPONENTS.into_iter().chain(FUNCTIONS).collect();
        bail!("there is no log {name}; there are {}", names.join(", "));
    }
    let log = layout.log(name);
    let text = std::fs::read_to_string(&log)
        .with_context(|| format!("the {name} has not written a log: {}", log.display()))?;
    terminal::line(text.trim_end());
    Ok(())
}

fn down(layout: Option<&Layout>) -> Result<()> {
    let Some(layout) = layout else {
        terminal::line("nothing was running");
        return Ok(());
    };
    if layout.is_running()? {
        stop_supervisor(layout)?;
        terminal::line("stopped");
    } else {
        terminal::line("nothing was running");
    }
    // What outlived both its supervisor and the process reaper.
    Groups::read(&layout.processes())?.end();
    let _ = std::fs::remove_file(layout.processes());
    Ok(())
}

/// The supervisor does it, and says that it is ready again when it is.
fn restart_emulator(layout: &Layout) -> Result<()> {
    if !Status::read(layout)?.ready {
        bail!("the local stack is not ready; `cargo xtask local up --detach` starts it");
    }
    let process = supervisor_process(layout)?;
    kill_process(process, RESTART).context("the supervisor")?;
    let asked = Instant::now();
    let mut begun = false;
    while asked.elapsed() < RESTART_PATIENCE {
        let ready = Status::read(layout)?.ready;
        begun |= !ready;
        if begun && ready {
            terminal::line("the emulator is back");
            return Ok(());
        }
        std::thread::sleep(PACE);
    }
    bail!("the emulator is not back; `cargo xtask local logs supervisor` says why")
}

fn supervisor_process(layout: &Layout) -> Result<Pid> {
    let supervisor = layout.supervisor()?;
    let process = supervisor.and_then(|supervisor| supervisor.process_id);
    let process = process.and_then(|id| i32::try_from(id).ok());
    let process = process.and_then(Pid::from_raw);
    process.context("the lock does not say which process holds it")
}

fn stop_supervisor(layout: &Layout) -> Result<()> {
    let process = supervisor_process(layout)?;
    let _ = kill_process(process, Signal::TERM);
    let asked = Instant::now();
    while layout.is_running()? {
        if asked.elapsed() > processes::GRACE + Duration::from_secs(10) {
            // The process reaper ends what the supervisor can no longer end.
            let _ = kill_process(process, Signal::KILL);
        }
        std::thread::sleep(PACE);
    }
    Ok(())
}

fn reset(layout: Option<&Layout>) -> Result<()> {
    down(layout)?;
    let places = layout.map(|layout| {
        [
            layout.emulator(),
            layout.root().join("logs"),
            layout.status(),
        ]
    });
    for place in places.into_iter().flatten() {
        let removed = if place.is_dir() {
            std::fs::remove_dir_all(&place)
        } else {
            std::fs::remove_file(&place)
        };
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} stays", place.display()));
            }
            _ => {}
        }
    }
    terminal::line("the state is forgotten");
    Ok(())
}
