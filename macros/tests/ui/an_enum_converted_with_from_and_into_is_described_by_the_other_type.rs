use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "int")]
#[serde(from = "i64", into = "i64")]
enum Color {
    Red,
}

fn main() {}
