use gobrpc::service;

struct Counter;

#[service]
impl Counter {
    fn increase(&mut self, _: i64) {}
    fn consume(self, _: i64) {}
    fn share(self: std::sync::Arc<Self>, _: i64) {}
}

fn main() {}
