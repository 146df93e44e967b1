use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "int")]
struct Color(i64);

fn main() {}
