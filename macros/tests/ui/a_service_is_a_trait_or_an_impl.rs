use gobrpc::service;

#[service]
struct Thing;

fn main() {}
