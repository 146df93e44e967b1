use gobrpc::service;

#[service]
trait Files {
    #[rpc(blocking)]
    async fn read(&self, path: String) -> Vec<u8>;
}

fn main() {}
