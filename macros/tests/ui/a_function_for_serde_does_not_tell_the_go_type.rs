use gobrpc::Gob;

#[derive(Gob)]
struct Functions {
    #[serde(serialize_with = "to")]
    a: i64,
    #[serde(deserialize_with = "from")]
    b: i64,
}

fn main() {}
