use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface)]
enum Shape {
    Nothing,
    Circle { radius: f64 },
    Square(f64, f64),
    Line(f64),
}

fn main() {}
