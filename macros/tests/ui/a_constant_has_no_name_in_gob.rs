use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "string")]
enum Color {
    #[gob(name = "red")]
    Red,
}

fn main() {}
