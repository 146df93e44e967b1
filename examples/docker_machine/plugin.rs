//! The side of the driver: Go's `plugin.RegisterDriver`, `rpcdriver.RPCServerDriver` and `drivers.BaseDriver`.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gobrpc::rpc::{Server, ServerError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

use super::{API_VERSION, DriverOptions, Flag, Result, RpcFlags, RpcServerDriver, State, TOKEN};

/// How long docker-machine may be silent, which it is for five seconds.
const SILENCE: Duration = Duration::from_secs(10);

/// Go: `drivers.ErrHostIsNotRunning`
pub const HOST_IS_NOT_RUNNING: &str = "Host is not running";

/// What all drivers know of their host. docker-machine writes it before there is anything else of a driver.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BaseDriver {
    #[serde(rename = "IPAddress")]
    pub ip_address: String,
    pub machine_name: String,
    #[serde(rename = "SSHUser")]
    pub ssh_user: String,
    #[serde(rename = "SSHPort")]
    pub ssh_port: isize,
    #[serde(rename = "SSHKeyPath")]
    pub ssh_key_path: String,
    pub store_path: String,
    pub swarm_master: bool,
    pub swarm_host: String,
    pub swarm_discovery: String,
}

/// Go: `drivers.Driver`. As JSON it is what is kept of a host.
pub trait Driver: Serialize + DeserializeOwned + Send + 'static {
    /// The program of the driver is `docker-machine-driver-NAME`.
    const NAME: &'static str;

    fn base(&mut self) -> &mut BaseDriver;
    fn create_flags(&self) -> Vec<Flag>;
    fn set_config_from_flags(&mut self, flags: &RpcFlags) -> Result<()>;

    fn ip(&mut self) -> impl Future<Output = Result<String>> + Send;
    fn url(&mut self) -> impl Future<Output = Result<String>> + Send;
    fn state(&mut self) -> impl Future<Output = Result<State>> + Send;
    fn create(&mut self) -> impl Future<Output = Result<()>> + Send;
    fn start(&mut self) -> impl Future<Output = Result<()>> + Send;
    fn stop(&mut self) -> impl Future<Output = Result<()>> + Send;
    fn restart(&mut self) -> impl Future<Output = Result<()>> + Send;
    fn kill(&mut self) -> impl Future<Output = Result<()>> + Send;
    fn remove(&mut self) -> impl Future<Output = Result<()>> + Send;

    fn pre_create_check(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    fn ssh_hostname(&mut self) -> impl Future<Output = Result<String>> + Send {
        self.ip()
    }
}

/// Serves docker-machine until it tells the driver to end.
///
/// docker-machine shows what is printed to stdout, and with `--debug` what is printed to stderr.
pub async fn serve(driver: impl Driver) -> Result<()> {
    if std::env::var(TOKEN.0).as_deref() != Ok(TOKEN.1) {
        return Err(format!("this is a driver of docker-machine, which runs it (API version: {API_VERSION})").into());
    }
    let (driver, signs) = (Arc::new(Mutex::new(driver)), Arc::new(Signs::default()));
    let service = || Service { driver: driver.clone(), signs: signs.clone() }.into_service();
    let server = Server::new().register(service()).register_name("RpcServerDriver", service());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);

    tokio::select! {
        served = server.serve_http_with_shutdown(listener, signs.close.notified()) => served?,
        () = signs.silence() => return Err("docker-machine is gone".into()),
    };
    Ok(())
}

/// What docker-machine tells the plugin, and not the driver.
#[derive(Default)]
struct Signs {
    heartbeat: Notify,
    close: Notify,
}

impl Signs {
    async fn silence(&self) {
        while timeout(SILENCE, self.heartbeat.notified()).await.is_ok() {}
    }
}

struct Service<D> {
    /// Not needed for heartbeats, which must be answered while the driver is busy.
    driver: Arc<Mutex<D>>,
    signs: Arc<Signs>,
}

/// Errors go to docker-machine as their texts.
fn answer<T>(result: Result<T>) -> Result<T, ServerError> {
    result.map_err(|error| error.to_string().into())
}

impl<D: Driver> RpcServerDriver for Service<D> {
    async fn get_version(&self, _: ()) -> Result<isize, ServerError> {
        Ok(API_VERSION)
    }

    async fn heartbeat(&self, _: ()) -> Result<(), ServerError> {
        self.signs.heartbeat.notify_one();
        Ok(())
    }

    async fn close(&self, _: ()) -> Result<(), ServerError> {
        self.signs.close.notify_one();
        Ok(())
    }

    async fn get_config_raw(&self, _: ()) -> Result<Vec<u8>, ServerError> {
        answer(serde_json::to_vec(&*self.driver.lock().await).map_err(Into::into))
    }

    async fn set_config_raw(&self, json: Vec<u8>) -> Result<(), ServerError> {
        *self.driver.lock().await = answer(serde_json::from_slice(&json).map_err(Into::into))?;
        Ok(())
    }

    async fn get_create_flags(&self, _: ()) -> Result<Vec<Flag>, ServerError> {
        Ok(self.driver.lock().await.create_flags())
    }

    async fn set_config_from_flags(&self, options: DriverOptions) -> Result<(), ServerError> {
        let DriverOptions::Flags(flags) = options;
        answer(self.driver.lock().await.set_config_from_flags(&flags))
    }

    async fn driver_name(&self, _: ()) -> Result<String, ServerError> {
        Ok(D::NAME.to_owned())
    }

    async fn get_machine_name(&self, _: ()) -> Result<String, ServerError> {
        Ok(self.driver.lock().await.base().machine_name.clone())
    }

    async fn get_ip(&self, _: ()) -> Result<String, ServerError> {
        answer(self.driver.lock().await.ip().await)
    }

    async fn get_url(&self, _: ()) -> Result<String, ServerError> {
        answer(self.driver.lock().await.url().await)
    }

    async fn get_state(&self, _: ()) -> Result<State, ServerError> {
        answer(self.driver.lock().await.state().await)
    }

    async fn get_ssh_hostname(&self, _: ()) -> Result<String, ServerError> {
        answer(self.driver.lock().await.ssh_hostname().await)
    }

    async fn get_ssh_key_path(&self, _: ()) -> Result<String, ServerError> {
        Ok(self.driver.lock().await.base().ssh_key_path().to_owned())
    }

    async fn get_ssh_port(&self, _: ()) -> Result<isize, ServerError> {
        Ok(self.driver.lock().await.base().ssh_port())
    }

    async fn get_ssh_username(&self, _: ()) -> Result<String, ServerError> {
        Ok(self.driver.lock().await.base().ssh_user().to_owned())
    }

    async fn pre_create_check(&self, _: ()) -> Result<(), ServerError> {
        answer(self.driver.lock().await.pre_create_check().await)
    }

    async fn create(&self, _: ()) -> Result<(), ServerError> {
        answer(self.driver.lock().await.create().await)
    }

    async fn start(&self, _: ()) -> Result<(), ServerError> {
        answer(self.driver.lock().await.start().await)
    }

    async fn stop(&self, _: ()) -> Result<(), ServerError> {
        answer(self.driver.lock().await.stop().await)
    }

    async fn restart(&self, _: ()) -> Result<(), ServerError> {
        answer(self.driver.lock().await.restart().await)
    }

    async fn kill(&self, _: ()) -> Result<(), ServerError> {
        answer(self.driver.lock().await.kill().await)
    }

    async fn remove(&self, _: ()) -> Result<(), ServerError> {
        answer(self.driver.lock().await.remove().await)
    }
}

/// As in Go, what is not set is set when it is asked for.
impl BaseDriver {
    fn ssh_key_path(&mut self) -> &str {
        if self.ssh_key_path.is_empty() {
            let path = Path::new(&self.store_path).join("machines").join(&self.machine_name).join("id_rsa");
            self.ssh_key_path = path.to_string_lossy().into_owned();
        }
        &self.ssh_key_path
    }

    fn ssh_port(&mut self) -> isize {
        if self.ssh_port == 0 {
            self.ssh_port = 22;
        }
        self.ssh_port
    }

    fn ssh_user(&mut self) -> &str {
        if self.ssh_user.is_empty() {
            "root".clone_into(&mut self.ssh_user);
        }
        &self.ssh_user
    }
}
