use gobrpc::service;

#[service]
trait Alias {
    async fn format(&self, args: i64) -> std::fmt::Result;
}

fn main() {}
