use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
#[serde(tag = "type", content = "value")]
enum Number {
    Int(i64),
}

#[derive(Gob)]
#[gob(repr = "int")]
#[serde(untagged)]
enum Color {
    Red,
}

fn main() {}
