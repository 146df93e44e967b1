struct Clock;

#[gobrpc::service]
impl Clock {
    #[rpc(blocking)]
    async fn tick(&self, n: i64) -> i64 {
        n
    }
}

fn main() {}
