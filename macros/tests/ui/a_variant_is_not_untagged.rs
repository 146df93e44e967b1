use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    Int(i64),
    #[serde(untagged)]
    Float(f64),
}

fn main() {}
