use gobrpc::Gob;

#[derive(Gob)]
struct Line {
    a: (i64, i64),
}

fn main() {}
