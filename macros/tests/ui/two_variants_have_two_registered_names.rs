use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    #[gob(name = "number")]
    Int(i64),
    #[gob(name = "number")]
    Float(f64),
}

fn main() {}
