use gobrpc::Gob;

#[derive(Gob)]
struct Pair {
    a: (i64, i64),
}

fn main() {}
