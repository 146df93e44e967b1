use gobrpc::Gob;

#[derive(Gob)]
#[serde(untagged)]
struct Tagged {
    a: i64,
}

fn main() {}
