//! A driver for docker-machine whose hosts exist on paper: it knows where they are and whether they run, and no more.
//!
//! It is called `ci-test`, since docker-machine leaves the hosts of that driver alone, where others get a Docker:
//! `cargo build --example docker_machine_driver`, make it known as `docker-machine-driver-ci-test` on PATH, and then
//! `docker-machine create --driver ci-test --ci-test-ip 192.0.2.7 paper`

#[path = "docker_machine/mod.rs"]
mod docker_machine;

use std::collections::HashSet;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use docker_machine::plugin::{self, BaseDriver, Driver, HOST_IS_NOT_RUNNING};
use docker_machine::{BoolFlag, Flag, IntFlag, Result, RpcFlags, State, StringFlag, StringSliceFlag};

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Paper {
    #[serde(flatten)]
    base: BaseDriver,
    port: isize,
    labels: Vec<String>,
    on_demand: bool,
    running: bool,
}

impl Driver for Paper {
    const NAME: &'static str = "ci-test";

    fn base(&mut self) -> &mut BaseDriver {
        &mut self.base
    }

    fn create_flags(&self) -> Vec<Flag> {
        vec![
            Flag::String(StringFlag {
                name: "ci-test-ip".to_owned(),
                usage: "address of the host".to_owned(),
                env_var: "CI_TEST_IP".to_owned(),
                value: "127.0.0.1".to_owned(),
            }),
            Flag::Int(IntFlag {
                name: "ci-test-port".to_owned(),
                usage: "port of its Docker".to_owned(),
                env_var: "CI_TEST_PORT".to_owned(),
                value: 2376,
            }),
            Flag::StringSlice(StringSliceFlag {
                name: "ci-test-label".to_owned(),
                usage: "a note on the host".to_owned(),
                ..StringSliceFlag::default()
            }),
            Flag::Bool(BoolFlag {
                name: "ci-test-on-demand".to_owned(),
                usage: "do not start the host when it is created".to_owned(),
                ..BoolFlag::default()
            }),
        ]
    }

    fn set_config_from_flags(&mut self, flags: &RpcFlags) -> Result<()> {
        let (ip, port) = (flags.string("ci-test-ip"), flags.int("ci-test-port"));
        if ip.parse::<Ipv4Addr>().is_err() {
            return Err(format!("--ci-test-ip: {ip:?} is no IPv4 address").into());
        }
        if !(1..=65535).contains(&port) {
            return Err(format!("--ci-test-port: {port} is no port").into());
        }
        ip.clone_into(&mut self.base.ip_address);
        self.port = port;
        self.labels = flags.strings("ci-test-label").to_vec();
        self.on_demand = flags.bool("ci-test-on-demand");
        Ok(())
    }

    async fn pre_create_check(&mut self) -> Result<()> {
        let mut known = HashSet::new();
        match self.labels.iter().find(|label| !known.insert(*label)) {
            Some(label) => Err(format!("the label {label:?} is there twice").into()),
            None => Ok(()),
        }
    }

    async fn ip(&mut self) -> Result<String> {
        match self.running {
            true => Ok(self.base.ip_address.clone()),
            false => Err(HOST_IS_NOT_RUNNING.into()),
        }
    }

    async fn url(&mut self) -> Result<String> {
        Ok(format!("tcp://{}:{}", self.ip().await?, self.port))
    }

    async fn state(&mut self) -> Result<State> {
        Ok(if self.running { State::Running } else { State::Stopped })
    }

    async fn create(&mut self) -> Result<()> {
        println!("{:?} is written down", self.base.machine_name);
        self.running = !self.on_demand;
        Ok(())
    }

    async fn start(&mut self) -> Result<()> {
        self.running = true;
        Ok(())
    }

    async fn stop(&mut self) -> Result<()> {
        self.running = false;
        Ok(())
    }

    async fn restart(&mut self) -> Result<()> {
        self.start().await
    }

    async fn kill(&mut self) -> Result<()> {
        self.stop().await
    }

    async fn remove(&mut self) -> Result<()> {
        self.stop().await
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    plugin::serve(Paper::default()).await
}
