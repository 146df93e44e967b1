//! What docker-machine does with a driver: it creates a host, says where it is, stops it, and removes it.
//!
//! `cargo run --example docker_machine_host -- DRIVER`, where DRIVER is a program such as
//! `--example docker_machine_driver`, all of whose flags have values that will do.

#[path = "docker_machine/mod.rs"]
mod docker_machine;

use serde_json::json;
use tokio::process::Command;

use docker_machine::host::Driver;
use docker_machine::{DriverOptions, Result, RpcFlags};

#[tokio::main]
async fn main() -> Result<()> {
    let program = std::env::args().nth(1).ok_or("usage: docker_machine_host DRIVER")?;
    let driver = Driver::start(Command::new(program), tokio::io::stderr()).await?;
    let calls = &driver.calls;

    let config = json!({"MachineName": "paper", "StorePath": std::env::temp_dir()});
    calls.set_config_raw(config.to_string().into_bytes()).await?;
    println!("{} has the driver {}", calls.get_machine_name(()).await?, calls.driver_name(()).await?);
    let flags = calls.get_create_flags(()).await?;
    for flag in &flags {
        println!("--{} {:?}", flag.name(), flag.value());
    }

    let values = flags.iter().map(|flag| (flag.name().to_owned(), Some(flag.value()))).collect();
    calls.set_config_from_flags(DriverOptions::Flags(RpcFlags { values })).await?;
    calls.pre_create_check(()).await?;
    calls.create(()).await?;
    println!("{:?}: {}", calls.get_state(()).await?, calls.get_url(()).await?);

    calls.stop(()).await?;
    match calls.get_url(()).await {
        Ok(url) => println!("{url}"),
        Err(error) => println!("error: {error}"),
    }
    calls.remove(()).await?;
    driver.close().await?;
    Ok(())
}
