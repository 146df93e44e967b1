use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "int")]
enum Color {
    Red,
    #[gob(other)]
    Unknown,
}

fn main() {}
