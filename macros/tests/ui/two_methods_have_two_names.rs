use gobrpc::service;

#[service]
trait Twins {
    async fn get_it(&self, args: i64);
    #[rpc(name = "GetIt")]
    async fn get(&self, args: i64);
}

fn main() {}
