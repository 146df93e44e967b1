use gobrpc::Gob;

#[derive(Gob)]
#[serde(from = "String", into = "String")]
struct Converted {
    a: i64,
}

#[derive(Gob)]
#[serde(try_from = "String")]
struct Checked {
    a: i64,
}

fn main() {}
