use gobrpc::rpc::Context;
use gobrpc::service;

struct Arith;

#[service]
impl Arith {
    fn twice(&self, #[rpc(context)] _a: &Context, #[rpc(context)] _b: &Context, args: i64) -> i64 {
        args
    }

    fn changed(&self, #[rpc(context)] _cx: &mut Context, args: i64) -> i64 {
        args
    }

    fn other(&self, #[rpc(deadline)] args: i64) -> i64 {
        args
    }

    fn alone(&self, #[rpc(context)] _cx: &Context) -> i64 {
        0
    }

    fn unmarked(&self, _cx: &Context, args: i64) -> i64 {
        args
    }
}

fn main() {}
