use gobrpc::Gob;

#[derive(Gob)]
struct Outer {
    a: i64,
    #[serde(flatten)]
    inner: Inner,
}

#[derive(Gob)]
struct Inner {
    b: i64,
}

fn main() {}
