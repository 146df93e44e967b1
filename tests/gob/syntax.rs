//! What a Go source says besides its types.

use gobrpc::gob::constant::{Constants, Evaluator, Exact};
use gobrpc::gob::syntax::{Expr, Item, Method, parse};

fn types(source: &str) -> Vec<(String, String)> {
    let items = parse(source).unwrap();
    let of = |item| match item {
        Item::Type(declaration) => Some((declaration.name, declaration.doc)),
        _ => None,
    };
    items.into_iter().filter_map(of).collect()
}

fn methods(source: &str) -> Vec<Method> {
    let of = |item| match item {
        Item::Method(method) => Some(method),
        _ => None,
    };
    parse(source).unwrap().into_iter().filter_map(of).collect()
}

#[test]
fn the_comment_right_before_a_declaration_belongs_to_it() {
    let source = "// Licence\n\n// Package p is\n// documented.\npackage p // not this\n\n\
                  // far away\n\n// A is a type.\n//\n//\tcode\n//nolint:all\n//go:generate x\ntype A int // nor this\n\
                  type B int\n// lost\n\ntype C int\n/* D is\n * one, too. */\ntype D int\n\
                  // all of them\ntype (\n\t// E is in a group.\n\tE int\n\tF int\n)\n";
    let doc = |name: &str| types(source).into_iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(doc("A"), "A is a type.\n\n\tcode");
    assert_eq!(doc("B"), "");
    assert_eq!(doc("C"), "");
    assert_eq!(doc("D"), "D is\none, too.");
    assert_eq!((doc("E"), doc("F")), ("E is in a group.".to_owned(), String::new()));
    let Some(Item::Package { name, doc }) = parse(source).unwrap().into_iter().next() else { panic!("a package") };
    assert_eq!((name.as_str(), doc.as_str()), ("p", "Package p is\ndocumented."));
}

#[test]
fn fields_have_comments_and_tags() {
    let source =
        "type T struct { // about T\n\t// A and B are\n\tA, B int `json:\"a\"`\n\tC string \"c\" // C too\n\t*D\n}";
    let Some(Item::Type(declaration)) = parse(source).unwrap().into_iter().next() else { panic!("a type") };
    let Expr::Struct(fields) = declaration.ty else { panic!("a struct") };
    let fields: Vec<_> =
        fields.iter().map(|field| (field.name.as_str(), field.tag.as_str(), field.doc.as_str())).collect();
    let ab = "A and B are";
    assert_eq!(fields, [("A", "json:\"a\"", ab), ("B", "json:\"a\"", ab), ("C", "c", "C too"), ("D", "", "")]);
}

#[test]
fn a_method_has_a_signature() {
    let source = "// M is called.\nfunc (t *T) M(a, b int, c ...*pkg.C) (n int, err error) { return }\n\
                  func (G[K]) N(int, *string) error { if x { return nil }; return nil }\n\
                  func (T) O(x chan int, f func(a int) error, m map[string]int, s []int)\n\
                  func (T) P() interface{ X() } {}\nfunc F(a int) {}";
    let methods = methods(source);
    let shown: Vec<_> = methods
        .iter()
        .map(|method| {
            let signature = method.signature.as_ref().unwrap();
            let names: Vec<_> = signature.params.iter().map(|param| param.name.as_str()).collect();
            (method.receiver.as_str(), method.by_pointer, method.name.as_str(), names, signature.results.len())
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("T", true, "M", vec!["a", "b", "c"], 2),
            ("G", false, "N", vec!["", ""], 1),
            ("T", false, "O", vec!["x", "f", "m", "s"], 0),
            ("T", false, "P", vec![], 1),
        ]
    );
    let params = &methods[0].signature.as_ref().unwrap().params;
    assert_eq!(params[0].ty, params[1].ty);
    assert!(params[2].is_variadic && matches!(&params[2].ty, Expr::Pointer(_)));
    assert_eq!(methods[0].doc, "M is called.");
}

#[test]
fn interfaces_and_sets_of_types_are_told_apart() {
    let source =
        "type A interface { ~int | string }\ntype B interface { M() int // a|b\n}\ntype C interface{ comparable }";
    let kinds: Vec<_> = parse(source)
        .unwrap()
        .into_iter()
        .map(|item| matches!(item, Item::Type(declaration) if declaration.ty == Expr::Interface))
        .collect();
    assert_eq!(kinds, [false, true, false]);
}

#[test]
fn constants_are_worth_what_they_are_in_go() {
    let source = r#"
        type Color uint8
        type Level string
        type Ratio float64
        const (
            Red Color = iota + 1
            Green
            _
            Blue, Mask = Color(iota), ^Red
        )
        const Hello Level = "he" + "l\x6co\u00e9\n\101"
        const Raw = `a\n`
        const Third = 1.0 / 3
        const Sum = 0.1 * 3
        const Pi = 3.14159265358979323846264338327950288419716939937510582097494459
        const Half Ratio = 1 / 2.0
        const Big = 1<<62 - 1 // a comment
        const Neg = -7 / 2
        const Letter = 'a' + 1
        const Yes = !false
        const Minute = 60 * time.Second
        const TwoPi = Pi * 2
        const Less = 1 < 2
    "#;
    let mut constants = Constants::default();
    constants.extend(&parse(source).unwrap());
    let mut evaluator = Evaluator::new(&constants);
    let mut value = |name: &str| evaluator.get(name).map(|constant| (constant.value, constant.ty.map(|ty| ty.name)));
    let color = |value: i128| Ok((Exact::Integer(value), Some("Color".to_owned())));
    assert_eq!(value("Red"), color(1));
    assert_eq!(value("Green"), color(2));
    assert_eq!(value("Blue"), color(3));
    assert_eq!(value("Mask"), color(254));
    assert_eq!(value("Hello"), Ok((Exact::String("helloé\nA".into()), Some("Level".to_owned()))));
    assert_eq!(value("Raw"), Ok((Exact::String(b"a\\n".to_vec()), None)));
    assert_eq!(value("Big"), Ok((Exact::Integer((1 << 62) - 1), None)));
    assert_eq!(value("Neg"), Ok((Exact::Integer(-3), None)));
    assert_eq!(value("Letter"), Ok((Exact::Rune(98), None)));
    assert_eq!(value("Yes"), Ok((Exact::Bool(true), None)));
    assert_eq!(value("Minute"), Ok((Exact::Integer(60_000_000_000), Some("Duration".to_owned()))));
    let mut float = |name: &str| match evaluator.get(name).map(|constant| constant.value) {
        Ok(Exact::Float(float)) => Ok(float.value),
        Ok(other) => panic!("{other:?}"),
        Err(unknown) => Err(unknown.to_string()),
    };
    assert_eq!(float("Third"), Ok(1.0 / 3.0));
    // Exactly, unlike in floats.
    assert_eq!(float("Sum"), Ok(0.3));
    assert_eq!(float("Pi"), Ok(std::f64::consts::PI));
    assert_eq!(float("Half"), Ok(0.5));
    assert_eq!(float("TwoPi"), Err("a number that is not known exactly".to_owned()));
    assert_eq!(float("Less"), Err("1 < 2 is not understood".to_owned()));
}
