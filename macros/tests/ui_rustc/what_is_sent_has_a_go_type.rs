use gobrpc::rpc::{Client, Pending};

fn add(client: &Client) -> Pending<i64> {
    client.call("Arith.Add", &(1_i64, 2_i64))
}

fn main() {}
