use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "string")]
#[serde(variant_identifier)]
enum Color {
    Red,
}

fn main() {}
