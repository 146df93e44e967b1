use gobrpc::Gob;

#[derive(Gob)]
#[serde(tag = "t")]
#[gob(colour = "red")]
struct Wrong {
    #[serde(flatten)]
    a: i64,
    #[gob(name = "lower")]
    b: i64,
}

fn main() {}
