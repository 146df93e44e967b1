use gobrpc::Gob;

#[derive(Gob)]
enum Shape {
    Circle,
    Square,
}

fn main() {}
