use gobrpc::service;

#[service]
trait Borrowed {
    async fn text(&self, args: &str);
    fn slice(&self, args: &'static [i64]);
    fn reply(&self, args: i64) -> &str;
    fn result(&self, args: i64) -> Result<&str, String>;
}

fn main() {}
