use gobrpc::Gob;

#[derive(Gob)]
#[gob(repr = "uint8")]
enum Color {
    Red,
    Infrared = 300,
}

#[derive(Gob)]
#[gob(repr = "uint")]
enum Sign {
    Minus = -1,
}

fn main() {}
