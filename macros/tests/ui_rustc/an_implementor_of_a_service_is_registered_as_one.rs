use gobrpc::rpc::Server;
use gobrpc::service;

#[service]
trait Store {
    fn length(&self, key: String) -> usize;
}

struct Memory;

impl Store for Memory {
    fn length(&self, key: String) -> usize {
        key.len()
    }
}

fn main() {
    Server::new().register(Memory);
}
