use gobrpc::Gob;

#[derive(Gob)]
struct Times {
    #[serde(with = "gobrpc::gob::time")]
    created: Option<std::time::SystemTime>,
    #[serde(with = "gobrpc::gob::big::int")]
    total: Option<i128>,
    #[serde(with = "gobrpc::gob::time::option")]
    updated: Option<std::time::SystemTime>,
    #[serde(with = "gobrpc::gob::netip::addr")]
    address: Option<std::net::IpAddr>,
}

fn main() {}
