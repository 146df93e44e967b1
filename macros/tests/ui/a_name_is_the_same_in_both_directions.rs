use gobrpc::Gob;

#[derive(Gob)]
#[serde(rename(serialize = "A", deserialize = "B"))]
struct Type {
    #[serde(rename(serialize = "X", deserialize = "Y"))]
    x: i64,
}

#[derive(Gob)]
#[serde(rename_all(serialize = "PascalCase"))]
struct Fields {
    x: i64,
}

fn main() {}
