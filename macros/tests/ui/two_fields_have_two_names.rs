use gobrpc::Gob;

#[derive(Gob)]
struct Twins {
    user_id: i64,
    #[serde(rename = "UserID")]
    id: i64,
    #[gob(name = "UserID")]
    user: i64,
}

fn main() {}
