//! The supervisor: starts everything in its order, stays, and ends everything that it started.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use command_line::local::{Prepared, StartOptions};
use deployment::cloud::Outputs;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use crate::component::Component;
use crate::http::Http;
use crate::layout::Layout;
use crate::ports::Ports;
use crate::process_reaper::ProcessReaper;
use crate::processes::{self, Groups};
use crate::status::{Places, Status};
use crate::users::{self, Cognito};
use crate::{crash, edge, packing, product, terminal};

/// The emulator's name among the components.
const EMULATOR: &str = "emulator";

/// What the supervisor was asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// The state folder.
    pub layout: Layout,
    /// What has been prepared, and where.
    pub prepared: Prepared,
    /// How to start.
    pub start: StartOptions,
}

/// Starts everything and stays until it is told to end, or until something ends by itself.
pub async fn supervise(order: &Order) -> Result<()> {
    let Some(mut lock) = order.layout.lock()? else {
        anyhow::bail!(
            "a local stack already runs in {}; `cargo xtask local down` stops it",
            order.layout.root().display()
        );
    };
    write_process_id(&mut lock)?;
    // At once: what a killed supervisor left says that all is ready.
    Status {
        process_id: Some(std::process::id()),
        ..Status::default()
    }
    .write(&order.layout)?;
    Groups::read(&order.layout.processes())?.end();
    let ports = Ports::from_base(order.start.port_base);
    ports.check()?;
    if let Some(loss) = crash::loss(&order.layout.emulator()) {
        terminal::line(&loss);
    }
    let mut running = Running::begin(order)?;
    let outcome = tokio::select! {
        outcome = running.run(order, ports) => outcome,
        told = told_to_end() => told,
    };
    terminal::line("stopping");
    let ended = running.end().await;
    Status::default().write(&order.layout)?;
    outcome.and(ended)
}

/// Whoever wants to stop a supervisor reads its process id out of the lock.
fn write_process_id(lock: &mut File) -> Result<()> {
    let place = "the supervisor's lock";
    lock.set_len(0).context(place)?;
    lock.rewind().context(place)?;
    write!(lock, "{}", std::process::id()).context(place)
}

async fn told_to_end() -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt()).context("the signal to interrupt")?;
    let mut terminate = signal(SignalKind::terminate()).context("the signal to end")?;
    // A terminal that closes ends what runs in front, and nothing that was detached.
    let mut hangup = signal(SignalKind::hangup()).context("the signal of a closed terminal")?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

/// What has been started so far.
#[derive(Debug)]
struct Running {
    process_reaper: ProcessReaper,
    groups: Groups,
    layout: Layout,
    components: Vec<Component>,
    edge: Option<JoinHandle<Result<()>>>,
    http: Http,
}

impl Running {
    fn begin(order: &Order) -> Result<Self> {
        Ok(Self {
            process_reaper: ProcessReaper::start()?,
            groups: Groups::default(),
            layout: order.layout.clone(),
            components: Vec::new(),
            edge: None,
            http: Http::default(),
        })
    }

    async fn run(&mut self, order: &Order, ports: Ports) -> Result<()> {
        let began = Instant::now();
        let Order {
            layout,
            prepared,
            start,
        } = order;
        terminal::line("starting the emulator and the simulator");
        self.start(EMULATOR, &mut emulator(order, ports))?;
        self.start("simulator", &mut simulator(order, ports))?;
        let (programs, console, archives) = (
            prepared.programs.clone(),
            prepared.console.clone(),
            layout.archives(),
        );
        let packing =
            tokio::task::spawn_blocking(move || packing::pack(&programs, &console, &archives));
        self.ready(EMULATOR, &readiness(ports)).await?;
        self.ready(
            "simulator",
            &format!("http://127.0.0.1:{}/_sim/health", ports.simulator),
        )
        .await?;
        packing.await.context("packing")??;
        terminal::line("deploying");
        let templates = order.prepared.repository.join("cfn");
        let outputs =
            product::deploy(&templates, &layout.archives(), ports, &start.parameters).await?;
        let places = places(&outputs, ports)?;
        terminal::line("providing the users");
        self.provide_users(&places).await?;
        let origins = product::origins(&outputs, ports)?;
        self.edge = Some(tokio::spawn(edge::serve(
            ports.edge,
            origins,
            self.http.clone(),
        )));
        self.check_edge(&places).await?;
        let status = Status {
            ready: true,
            process_id: Some(std::process::id()),
            places: Some(places),
        };
        let mut restart =
            signal(SignalKind::user_defined1()).context("the signal to restart the emulator")?;
        status.write(layout)?;
        welcome(&status, began);
        loop {
            tokio::select! {
                error = self.first_end() => return Err(error),
                _ = restart.recv() => self.restart_emulator(order, ports, &status).await?,
            }
        }
    }

    /// The emulator writes its state, ends, and begins again with it. What is not in its state,
    /// such as state machines that are under way, is lost, as it would be in a disaster of AWS's.
    async fn restart_emulator(
        &mut self,
        order: &Order,
        ports: Ports,
        status: &Status,
    ) -> Result<()> {
        terminal::line("restarting the emulator");
        let restarting = Status {
            ready: false,
            ..status.clone()
        };
        restarting.write(&self.layout)?;
        let name = EMULATOR;
        let at = self.components.iter().position(|one| one.name() == name);
        let mut emulator = self.components.remove(at.context("no emulator runs")?);
        let groups: Vec<i32> = emulator.group().into_iter().collect();
        let ending = tokio::task::spawn_blocking(move || processes::end_all(&groups));
        emulator.collect().await;
        ending.await.context("ending the emulator")?;
        self.start(name, &mut self::emulator(order, ports))?;
        self.ready(name, &readiness(ports)).await?;
        status.write(&self.layout)?;
        terminal::line("the emulator is back");
        Ok(())
    }

    fn start(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        let component = Component::start(name, command, &self.layout.log(name))?;
        if let Some(group) = component.group() {
            self.process_reaper.look_after(group)?;
            self.groups.add(group, &self.layout.processes())?;
        }
        self.components.push(component);
        Ok(())
    }

    async fn ready(&mut self, name: &str, address: &str) -> Result<()> {
        let http = self.http.clone();
        let component = self
            .components
            .iter_mut()
            .find(|component| component.name() == name);
        component
            .context("no such component")?
            .ready(&http, address)
            .await
    }

    async fn provide_users(&self, places: &Places) -> Result<()> {
        let cognito = Cognito {
            http: &self.http,
            endpoint: &places.aws_endpoint_url,
            user_pool_id: &places.user_pool_id,
            user_pool_client_id: &places.user_pool_client_id,
        };
        for user in &places.users {
            cognito.provide(user).await?;
        }
        Ok(())
    }

    /// Ready means that a browser would get the page.
    async fn check_edge(&mut self, places: &Places) -> Result<()> {
        let began = Instant::now();
        while !self.http.answers(&places.console_url).await {
            if self.edge.as_ref().is_some_and(JoinHandle::is_finished)
                && let Some(edge) = self.edge.take()
            {
                edge.await.context("the one origin")??;
            }
            if began.elapsed() > std::time::Duration::from_secs(10) {
                anyhow::bail!(
                    "the console is deployed, but {} does not answer with its page; look at \
                     `cargo xtask local logs frontend-builder`",
                    places.console_url
                );
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Waits until a component ends, which none does by itself.
    async fn first_end(&mut self) -> anyhow::Error {
        let mut components = self.components.iter_mut();
        match (components.next(), components.next()) {
            (Some(first), Some(second)) => tokio::select! {
                error = first.end() => error,
                error = second.end() => error,
            },
            _ => anyhow::anyhow!("a component is missing"),
        }
    }

    async fn end(mut self) -> Result<()> {
        if let Some(edge) = self.edge.take() {
            edge.abort();
        }
        let groups: Vec<i32> = self
            .components
            .iter()
            .filter_map(Component::group)
            .collect();
        let ending = tokio::task::spawn_blocking(move || processes::end_all(&groups));
        // Both at once: a group has a member until somebody takes notice of its first process' end.
        for component in &mut self.components {
            component.collect().await;
        }
        ending.await.context("ending the components")?;
        self.process_reaper.dismiss()?;
        let _ = std::fs::remove_file(self.layout.processes());
        Ok(())
    }
}

/// Where the emulator says that it is ready.
fn readiness(ports: Ports) -> String {
    format!("http://127.0.0.1:{}/_ministack/ready", ports.emulator)
}

fn emulator(order: &Order, ports: Ports) -> Command {
    let mut command = Command::new(absolute(&order.prepared.python));
    command
        .arg(order.prepared.repository.join("xtask/emulator/launcher.py"))
        .args(["--port", &ports.emulator.to_string()])
        .args(["--account-id", product::ACCOUNT])
        .args(["--region", product::REGION])
        .arg("--state-directory")
        .arg(order.layout.emulator())
        .arg("--stop-with-parent");
    command
}

fn simulator(order: &Order, ports: Ports) -> Command {
    let demo = || {
        order
            .prepared
            .repository
            .join("crates/drs-simulator/scenarios/demo.yaml")
    };
    let mut command = Command::new(absolute(&order.prepared.programs.join("drs-simulator")));
    command
        .arg("--scenario")
        .arg(order.start.scenario.clone().unwrap_or_else(demo))
        .args(["--port", &ports.simulator.to_string()])
        .args([
            "--events-endpoint",
            &format!("http://127.0.0.1:{}", ports.emulator),
        ])
        .args(["--events-source", "drs.simulator"]);
    if let Some(scale) = order.start.time_scale {
        command.args(["--time-scale", &scale.to_string()]);
    }
    command
}

/// A program given by a relative path is meant from here, not from `PATH`.
fn absolute(program: &Path) -> PathBuf {
    std::path::absolute(program).unwrap_or_else(|_| program.to_path_buf())
}

fn places(outputs: &Outputs, ports: Ports) -> Result<Places> {
    let output = |name: &str| {
        outputs
            .get(name)
            .cloned()
            .with_context(|| format!("the stack has no output {name}"))
    };
    Ok(Places {
        api_url: format!("http://127.0.0.1:{}/api", ports.edge),
        console_url: format!("http://127.0.0.1:{}/", ports.edge),
        aws_endpoint_url: format!("http://127.0.0.1:{}", ports.emulator),
        simulator_url: format!("http://127.0.0.1:{}", ports.simulator),
        region: product::REGION.to_owned(),
        account_id: product::ACCOUNT.to_owned(),
        user_pool_id: output("UserPoolId")?,
        user_pool_client_id: output("UserPoolClientId")?,
        users: users::everybody(),
    })
}

fn welcome(status: &Status, began: Instant) {
    let Some(places) = &status.places else {
        return;
    };
    terminal::line(&format!(
        "\nready after {:.1} s",
        began.elapsed().as_secs_f64()
    ));
    terminal::line(&format!("  console    {}", places.console_url));
    terminal::line(&format!("  API        {}", places.api_url));
    terminal::line(&format!("  AWS        {}", places.aws_endpoint_url));
    terminal::line(&format!("  simulator  {}", places.simulator_url));
    terminal::line("  sign in as");
    for user in &places.users {
        terminal::line(&format!("    {:<32} {}", user.username, user.password));
    }
}
