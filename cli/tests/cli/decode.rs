//! `gobrpc decode`

use gobrpc::gob::to_vec;

use crate::command::{gobrpc, gobrpc_with};

#[test]
fn each_value_of_a_stream_is_a_line_of_json() {
    let mut encoder = gobrpc::gob::Encoder::new(Vec::new());
    encoder.encode("one").unwrap();
    encoder.encode(&vec![1, 2]).unwrap();
    assert_eq!(gobrpc_with(&["decode"], encoder.get_ref()).ok(), "\"one\"\n[1,2]\n");
}

#[test]
fn a_stream_may_be_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), to_vec(&7).unwrap()).unwrap();
    assert_eq!(gobrpc(&["decode".as_ref(), file.path()]).ok(), "7\n");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let ran = gobrpc(&["decode", "/nowhere"]);
    assert_eq!(ran.stderr, "gobrpc: cannot open /nowhere: No such file or directory (os error 2)\n");
    assert_eq!((ran.code, ran.text()), (Some(1), ""));
}
