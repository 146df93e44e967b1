//! Calls in JSON-RPC 1.0.

use bytes::BytesMut;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Follow, Outcome, Request, Response, Shown};

pub(super) struct JsonRpc {
    requests: Objects,
    responses: Objects,
    show: usize,
}

#[derive(Deserialize)]
struct RequestObject<'a> {
    #[serde(default)]
    method: String,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ResponseObject<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

impl JsonRpc {
    pub(super) fn new(limit: usize, show: usize) -> Self {
        Self { requests: Objects::new(limit), responses: Objects::new(limit), show }
    }

    fn shown(&self, raw: &str) -> Shown {
        if raw.len() > self.show {
            return Shown::Long(raw.len());
        }
        Shown::Json(compact(raw))
    }
}

impl Follow for JsonRpc {
    fn request(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<Request>, String> {
        let Some(object) = self.requests.take(input, eof)? else { return Ok(None) };
        let request: RequestObject<'_> = serde_json::from_slice(&object).map_err(|error| error.to_string())?;
        let params = request.params.map_or("null", RawValue::get);
        // Of the parameters the first one counts; where they are no list, this is not Go's JSON-RPC.
        let args = match serde_json::from_str::<Vec<&RawValue>>(params) {
            Ok(params) => self.shown(params.first().map_or("null", |first| first.get())),
            Err(_) => self.shown(params),
        };
        Ok(Some(Request { seq: id(request.id), method: request.method, args }))
    }

    fn response(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<Response>, String> {
        let Some(object) = self.responses.take(input, eof)? else { return Ok(None) };
        let response: ResponseObject<'_> = serde_json::from_slice(&object).map_err(|error| error.to_string())?;
        let outcome = match response.error {
            // As a rule it is a string; Go's client says "invalid error" to all else.
            Some(error) => Outcome::Error(serde_json::from_str(error.get()).unwrap_or_else(|_| error.get().to_owned())),
            None => Outcome::Reply(self.shown(response.result.map_or("null", RawValue::get))),
        };
        Ok(Some(Response { seq: id(response.id), method: String::new(), outcome }))
    }
}

fn id(raw: Option<&RawValue>) -> String {
    raw.map_or("null", RawValue::get).to_owned()
}

/// A JSON text without white space between its tokens, and so on one line.
fn compact(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    let kept = json.chars().filter(|&c| {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            return true;
        }
        in_string = c == '"';
        !c.is_ascii_whitespace()
    });
    kept.collect()
}

/// Finds where the objects of a stream end. Each byte is looked at once.
struct Objects {
    limit: usize,
    /// How much of the object was looked at.
    at: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Objects {
    const fn new(limit: usize) -> Self {
        Self { limit, at: 0, depth: 0, in_string: false, escaped: false }
    }

    /// Takes the next object from the front of `input`; `None` while it is not whole.
    fn take(&mut self, input: &mut BytesMut, eof: bool) -> Result<Option<BytesMut>, String> {
        if self.at == 0 {
            let space = input.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            drop(input.split_to(space));
        }
        while let Some(&byte) = input.get(self.at) {
            self.at += 1;
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth == 0 {
                return match byte {
                    b'}' => Ok(Some(input.split_to(std::mem::take(&mut self.at)))),
                    _ => Err("no JSON object".to_owned()),
                };
            }
        }
        match self.at {
            at if at > self.limit => Err(format!("a message of more than {} bytes", self.limit)),
            at if eof && at > 0 => Err("unexpected EOF".to_owned()),
            _ => Ok(None),
        }
    }
}
