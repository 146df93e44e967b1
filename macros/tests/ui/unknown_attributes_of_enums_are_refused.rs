use gobrpc::Gob;

#[derive(Gob)]
#[gob(interface, initialisms = "URL")]
enum Number {
    #[gob(rename = "int")]
    Int(i64),
}

fn main() {}
