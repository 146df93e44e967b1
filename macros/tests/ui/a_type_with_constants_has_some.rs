use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "int")]
enum Color {
    #[serde(skip)]
    Red,
}

fn main() {}
