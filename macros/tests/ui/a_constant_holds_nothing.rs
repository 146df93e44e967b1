use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "int")]
enum Color {
    Red,
    Rgb(u8, u8, u8),
    Named { name: String },
}

fn main() {}
