use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    Int(#[gob(name = "Int")] i64),
}

fn main() {}
