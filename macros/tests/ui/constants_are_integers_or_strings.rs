use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "float64")]
enum Color {
    Red,
}

fn main() {}
