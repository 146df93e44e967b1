use gobrpc::Gob;

#[derive(Gob)]
struct Names {
    #[gob(name = "lower")]
    a: i64,
    #[gob(name = "_Under")]
    b: i64,
    #[serde(rename = "名")]
    c: i64,
}

fn main() {}
