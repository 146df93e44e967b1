use gobrpc::service;

#[service]
trait Clash {
    async fn new(&self, args: i64);
    async fn into_service(&self, args: i64);
}

fn main() {}
