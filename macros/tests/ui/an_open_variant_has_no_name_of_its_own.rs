use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Number {
    #[gob(other, name = "number")]
    Other(gobrpc::gob::Value),
}

fn main() {}
