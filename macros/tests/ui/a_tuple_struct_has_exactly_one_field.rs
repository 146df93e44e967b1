use gobrpc::Gob;

#[derive(Gob)]
struct Pair(i64, i64);

#[derive(Gob)]
struct None();

fn main() {}
