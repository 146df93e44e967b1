use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "string")]
enum Color {
    Red,
    #[serde(rename = "Red")]
    Crimson,
}

fn main() {}
