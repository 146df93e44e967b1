use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    #[serde(serialize_with = "int")]
    Int(i64),
}

fn main() {}
