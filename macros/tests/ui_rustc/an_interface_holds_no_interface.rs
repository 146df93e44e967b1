use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Inner {
    Int(i64),
}

#[derive(Gob)]
#[gob(interface)]
enum Outer {
    Inner(Box<Inner>),
}

fn main() {}
