use gobrpc::service;

#[service(colour = "red")]
trait Wrong {
    async fn none(&mut self);
    async unsafe fn two<T>(&self, a: T, b: &str) -> &str;
}

fn main() {}
