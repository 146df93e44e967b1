use gobrpc::service;

#[service]
trait Conditional {
    #[cfg(unix)]
    async fn fork(&self, args: i64);
}

fn main() {}
