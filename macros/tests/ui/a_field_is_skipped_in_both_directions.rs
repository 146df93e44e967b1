use gobrpc::Gob;

#[derive(Gob)]
struct Halves {
    a: i64,
    #[serde(skip_serializing)]
    b: i64,
    #[serde(skip_deserializing)]
    c: i64,
}

fn main() {}
