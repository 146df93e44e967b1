use gobrpc::Gob;

#[derive(Gob)]
#[serde(transparent)]
struct Two {
    a: i64,
    b: i64,
}

#[derive(Gob)]
#[serde(transparent)]
struct None {
    #[serde(skip)]
    a: i64,
}

fn main() {}
