use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "int")]
enum Color {
    Red,
    #[serde(skip_serializing)]
    Blue,
}

fn main() {}
