struct Clock;

#[gobrpc::service]
impl Clock {
    fn tick(&self, #[rpc(context)] _a: &gobrpc::rpc::Context, #[rpc(context)] _b: gobrpc::rpc::Context, n: i64) -> i64 {
        n
    }

    fn tock(&self, #[rpc(peer)] _a: String, n: i64) -> i64 {
        n
    }
}

fn main() {}
