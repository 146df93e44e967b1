use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    Int(#[serde(skip)] i64),
}

fn main() {}
