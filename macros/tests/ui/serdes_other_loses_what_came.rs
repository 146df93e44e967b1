use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "string")]
enum Color {
    Red,
    #[serde(other)]
    Unknown,
}

fn main() {}
