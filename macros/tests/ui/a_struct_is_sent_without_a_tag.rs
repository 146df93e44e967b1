use gobrpc::Gob;

#[derive(Gob)]
#[serde(tag = "t")]
struct Tagged {
    a: i64,
}

fn main() {}
