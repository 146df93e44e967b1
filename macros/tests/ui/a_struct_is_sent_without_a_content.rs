use gobrpc::Gob;

#[derive(Gob)]
#[serde(tag = "t", content = "c")]
struct Tagged {
    a: i64,
}

fn main() {}
