//! Services: a trait, of which `#[service]` makes a client and a server.

use super::module::Module;
use super::types::Position;
use crate::emit::names::{Taken, camel, escaped, snake, wire_pascal};
use crate::model::{Method, Service, ServiceMember};

impl Module<'_> {
    pub(super) fn service(&mut self, service: &Service, name: &str) {
        self.out.push('\n');
        self.docs(&service.doc, "");
        match name == service.name {
            true => self.line("#[gobrpc::service]"),
            false => self.line(&format!("#[gobrpc::service(name = {:?})]", service.name)),
        }
        self.line(&format!("pub trait {name} {{"));
        let mut taken = Taken::default();
        for (i, member) in service.members.iter().enumerate() {
            if i > 0 {
                self.out.push('\n');
            }
            match member {
                ServiceMember::Method(method) => self.method(method, name, &mut taken),
                ServiceMember::Note(text) => {
                    let text = text.replace('\n', " ");
                    self.line(&format!("    // Not translated: {text}"));
                }
            }
        }
        self.line("}");
    }

    fn method(&mut self, method: &Method, service: &str, taken: &mut Taken) {
        self.docs(&method.doc, "    ");
        let rust = match snake(&method.name) {
            // The attribute writes these itself.
            name if matches!(name.as_str(), "new" | "into_service") => taken.take(&format!("{name}_")),
            name => taken.take(&name),
        };
        if wire_pascal(&rust) != method.name {
            self.line(&format!("    #[rpc(name = {:?})]", method.name));
        }
        let base = format!("{service}{}", camel(&method.name));
        let (args_name, reply_name) = (format!("{base}Args"), format!("{base}Reply"));
        let args = self.ty(&method.args, &Position { owner: None, name: &args_name });
        let reply = self.ty(&method.reply, &Position { owner: None, name: &reply_name });
        let result = self.prelude("std::result", "Result");
        let error = self.import("gobrpc::rpc", "ServerError");
        let arg = match method.arg.as_str() {
            "" | "_" => "args".to_owned(),
            arg => escaped(&Taken::default().take(&snake(arg))),
        };
        let name = escaped(&rust);
        let line = format!("    async fn {name}(&self, {arg}: {args}) -> {result}<{reply}, {error}>;");
        if line.chars().count() <= self.width() {
            return self.line(&line);
        }
        self.line(&format!("    async fn {name}(\n        &self,\n        {arg}: {args},"));
        self.line(&format!("    ) -> {result}<{reply}, {error}>;"));
    }
}
