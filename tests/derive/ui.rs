//! The error messages of the macros, word for word.

#[test]
fn mistakes_are_explained_where_they_are_made() {
    trybuild::TestCases::new().compile_fail("tests/derive/ui/*.rs");
}
