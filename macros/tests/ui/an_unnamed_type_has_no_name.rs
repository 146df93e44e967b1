use gobrpc::Gob;

#[derive(Gob)]
#[gob(anonymous, name = "Args", package = "example.com/p")]
struct Unnamed {
    a: i64,
}

fn main() {}
