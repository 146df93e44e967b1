use gobrpc::service;

#[service]
impl dyn std::any::Any {
    fn get(&self, args: i64) -> i64 {
        args
    }
}

fn main() {}
