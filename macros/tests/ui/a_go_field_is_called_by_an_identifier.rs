use gobrpc::Gob;

#[derive(Gob)]
struct Names {
    #[gob(name = "User-Name")]
    a: i64,
    #[gob(name = "")]
    b: i64,
    #[serde(rename = "1st")]
    c: i64,
    #[serde(rename = "$")]
    d: i64,
}

#[derive(Gob)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
struct Renamed {
    user_id: i64,
}

#[derive(Gob)]
#[gob(name = "", package = "")]
struct Nameless;

fn main() {}
