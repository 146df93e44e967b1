use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    #[gob(other)]
    Other(gobrpc::gob::Value),
    Int(i64),
}

fn main() {}
