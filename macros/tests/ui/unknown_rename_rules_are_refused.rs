use gobrpc::Gob;

#[derive(Gob)]
#[serde(rename_all = "Title Case")]
struct Unknown {
    a: i64,
}

fn main() {}
