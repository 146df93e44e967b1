use gobrpc::Gob;

#[derive(Gob)]
struct Hidden {
    #[serde(skip)]
    a: i64,
    #[serde(skip)]
    b: i64,
}

#[derive(Gob)]
struct Newtype(#[serde(skip)] i64);

fn main() {}
