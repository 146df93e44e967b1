use gobrpc::service;

#[service(nam = "Arith")]
trait Unknown {
    #[rpc(rename = "Mul")]
    async fn multiply(&self, args: i64);
    #[rpc]
    async fn divide(&self, args: i64);
}

fn main() {}
