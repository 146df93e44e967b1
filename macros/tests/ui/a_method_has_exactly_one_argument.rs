use gobrpc::service;

#[service]
trait Arguments {
    async fn none(&self);
    async fn two(&self, a: i64, b: i64) -> i64;
}

fn main() {}
