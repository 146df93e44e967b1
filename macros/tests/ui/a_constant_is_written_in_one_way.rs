use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "int")]
enum Color {
    #[serde(with = "red")]
    Red,
}

fn main() {}
