use gobrpc::service;

#[service(name = "")]
trait Named {
    #[rpc(name = "Arith.Multiply")]
    async fn multiply(&self, args: i64);
    #[rpc(name = "")]
    async fn divide(&self, args: i64);
}

fn main() {}
