use gobrpc::Gob;

#[derive(Gob)]
#[serde(remote = "std::time::Duration")]
struct Duration {
    secs: u64,
}

fn main() {}
