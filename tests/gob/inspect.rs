//! Every byte of a stream, with its meaning.

use std::path::Path;

use gobrpc::gob::{Decoder, ErrorKind, Limits, Note, inspect};

use super::hex;
use super::vectors::{stream, streams};

/// The notes on a stream as lines, their bytes one after the other, and how it ended.
fn dump(stream: &[u8]) -> (Vec<String>, Vec<u8>, Result<(), gobrpc::gob::Error>) {
    let (mut lines, mut bytes) = (Vec::new(), Vec::new());
    let result = inspect(stream, Limits::default(), |note: &Note<'_>| {
        assert_eq!(note.offset, bytes.len() as u64);
        bytes.extend_from_slice(note.bytes);
        lines.push(format!("{:indent$}{}", "", note.meaning, indent = 2 * note.depth));
        Ok(())
    });
    (lines, bytes, result)
}

/// `Holder{1, T1{7}, 2}`, whose interface breaks the message (G121).
const IN_PIECES: &str = "iface_field_struct";

#[test]
fn messages_definitions_and_fields_are_told() {
    let (lines, _, result) = dump(&stream(IN_PIECES));
    result.unwrap();
    let expected = "\
message of 46 bytes
definition of type 64
  StructT
    CommonType
      Name: \"Holder\"
      Id: 64
      end
    Field: 3
      Name: \"Before\"
      Id: type 2, int
      end
      Name: \"I\"
      Id: type 8, interface
      end
      Name: \"After\"
      Id: type 2, int
      end
    end
  end
message of 35 bytes
value of type 64, Holder
  Before: 1
  I: interface with \"main.T1\"
    definition of type 65
      StructT
        CommonType
          Name: \"T1\"
          Id: 65
          end
        Field: 1
          Name: \"A\"
          Id: type 2, int
          end
        end
      end
    message of 9 bytes
    value of type 65, T1
    value of 3 bytes
      A: 7
      end
  After: 2
  end";
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn all_bytes_of_all_streams_that_go_was_seen_to_write_are_told() {
    for stream in streams() {
        let (_, bytes, result) = dump(&stream);
        result.unwrap();
        assert_eq!(bytes, stream);
    }
}

#[test]
fn a_stream_that_is_cut_is_told_as_far_as_it_came() {
    let stream = stream(IN_PIECES);
    for len in 0..stream.len() {
        let (_, bytes, result) = dump(&stream[..len]);
        // Between two messages of one value too the end is too early; before the first there is nothing to miss.
        let whole = len == 0;
        assert_eq!(result.is_ok(), whole, "{len}");
        if let Err(error) = result {
            assert!(matches!(error.kind(), ErrorKind::UnexpectedEof), "{len}: {error}");
            assert_eq!(error.offset(), Some(len as u64), "{error}");
        }
        assert_eq!(bytes, stream[..bytes.len()]);
        // What is missing from the notes is one number or text.
        assert!(len - bytes.len() < 10, "{len}: {}", bytes.len());
    }
}

/// What follows a value in its message does not count, but it has to come.
#[test]
fn a_message_that_is_cut_after_its_value_is_cut() {
    let (lines, bytes, result) = dump(&hex("5b 06 00 07 ff"));
    let error = result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::UnexpectedEof), "{error}");
    assert_eq!(error.offset(), Some(5));
    assert_eq!((lines.last().map(|line| line.trim()), bytes.len()), (Some("not a part of the value"), 5));
}

/// The streams on which Go has a verdict, good and bad.
fn verdict_streams() -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/vectors/decode.json");
    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    vectors.iter().map(|vector| hex(vector["hex"].as_str().unwrap())).collect()
}

#[test]
fn what_cannot_be_decoded_ends_in_an_error() {
    for stream in verdict_streams() {
        let mut decoder = Decoder::new(&stream[..]);
        let decoded = loop {
            match decoder.decode_value() {
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        let (_, _, result) = dump(&stream);
        assert_eq!(result.is_ok(), decoded.is_ok(), "{stream:02x?}: {result:?}, {decoded:?}");
    }
}

#[test]
fn an_error_of_the_one_who_listens_ends_it() {
    let result = inspect(&hex("03040006")[..], Limits::default(), |_| Err(std::io::ErrorKind::BrokenPipe.into()));
    assert!(matches!(result.unwrap_err().kind(), ErrorKind::Io(_)));
}
