use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    Int(i64),
    #[gob(other)]
    Other(String),
}

fn main() {}
