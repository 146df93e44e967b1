//! The Go program, which measures on request.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub struct Go {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

/// What Go needed for one operation.
pub struct Measured {
    pub ns: f64,
    pub allocs: f64,
    pub bytes: f64,
}

impl Go {
    pub fn start(program: &str) -> std::io::Result<Self> {
        let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take().expect("stdin is a pipe");
        let stdout = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
        Ok(Self { child, stdin, stdout })
    }

    fn ask(&mut self, request: &str) -> String {
        writeln!(self.stdin, "{request}").expect("the Go program reads");
        let mut answer = String::new();
        self.stdout.read_line(&mut answer).expect("the Go program answers");
        assert!(answer.ends_with('\n'), "the Go program stopped at {request}");
        answer.truncate(answer.len() - 1);
        answer
    }

    pub fn version(&mut self) -> String {
        self.ask("version")
    }

    pub fn measure(&mut self, table: &str, payload: &str, milliseconds: u128) -> Measured {
        let answer = self.ask(&format!("{table}/{payload}/{milliseconds}"));
        let numbers: Vec<f64> = answer.split(' ').filter_map(|number| number.parse().ok()).collect();
        let [ns, allocs, bytes] = numbers[..] else { panic!("the Go program said {answer:?}") };
        Measured { ns, allocs, bytes }
    }

    /// The stream of one value.
    pub fn dump(&mut self, payload: &str) -> Vec<u8> {
        let answer = self.ask(&format!("dump/{payload}"));
        let digits = answer.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).expect("hexadecimal"));
        digits.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal")).collect()
    }
}

impl Drop for Go {
    fn drop(&mut self) {
        // It is in the middle of nothing: requests are answered before the next.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
