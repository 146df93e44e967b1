//! Types that contain themselves: that they compile at all is most of the test.

#![expect(dead_code, reason = "the types are described and never used")]
#![expect(clippy::use_self, reason = "a type names itself in both ways")]

use std::collections::{BTreeMap, HashMap};

use gobrpc::Gob;
use gobrpc::gob::ty::{Kind, Type};

/// The type of the field with this Go name.
fn field(ty: &'static Type, name: &str) -> &'static Type {
    ty.fields().iter().find(|field| field.name() == name).expect("such a field").ty()
}

#[test]
fn a_struct_may_contain_itself() {
    #[derive(Gob)]
    struct Node {
        v: i64,
        next: Option<Box<Node>>,
    }
    #[derive(Gob)]
    struct Tree {
        kids: Vec<Tree>,
        grid: Vec<Vec<Option<Self>>>,
        named: BTreeMap<String, [Box<Tree>; 2]>,
    }
    assert_eq!(field(Node::TYPE, "Next").to_string(), "*main.Node");
    assert_eq!(field(Node::TYPE, "Next").elem().unwrap().fields().len(), 2);
    assert_eq!(field(Tree::TYPE, "Kids").to_string(), "[]main.Tree");
    assert_eq!(field(Tree::TYPE, "Grid").to_string(), "[][]*main.Tree");
    assert_eq!(field(Tree::TYPE, "Named").to_string(), "map[string][2]main.Tree");
}

#[test]
fn structs_may_contain_each_other() {
    #[derive(Gob)]
    struct Author {
        books: Vec<Book>,
    }
    #[derive(Gob)]
    struct Book {
        author: Option<Box<Author>>,
        sequels: Sequels,
    }
    #[derive(Gob)]
    struct Sequels(HashMap<u32, Book>);

    let book = field(Author::TYPE, "Books").elem().unwrap();
    assert_eq!(book.to_string(), "main.Book");
    assert_eq!(field(book, "Author").elem().unwrap().to_string(), "main.Author");
    assert_eq!((field(book, "Sequels").kind(), field(book, "Sequels").to_string()), (Kind::Map, "main.Sequels".into()));
    assert_eq!(field(book, "Sequels").elem().unwrap().to_string(), "main.Book");
}

#[test]
fn a_newtype_may_contain_itself() {
    #[derive(Gob)]
    struct L(Vec<L>);
    #[derive(Gob)]
    struct M(HashMap<String, M>);
    #[derive(Gob)]
    struct P(Option<Vec<P>>);
    #[derive(Gob)]
    struct Q(Vec<Option<Q>>);
    #[derive(Gob)]
    struct R(Box<Option<Vec<R>>>);

    for (ty, kind) in [
        (L::TYPE, Kind::Slice),
        (M::TYPE, Kind::Map),
        (P::TYPE, Kind::Slice),
        (Q::TYPE, Kind::Slice),
        (R::TYPE, Kind::Slice),
    ] {
        assert_eq!(ty.kind(), kind, "{ty}");
        assert!(ty.elem().unwrap().to_string().ends_with(&ty.to_string()), "{ty}");
    }
    assert_eq!(<Vec<L>>::TYPE.to_string(), "[]main.L");
    assert_eq!(<Option<L>>::TYPE.to_string(), "main.L");
}

#[test]
fn newtypes_may_contain_each_other() {
    #[derive(Gob)]
    struct A(Vec<B>);
    #[derive(Gob)]
    struct B(Box<A>);
    assert_eq!(A::TYPE.elem().unwrap().to_string(), "main.B");
    assert_eq!(B::TYPE.elem().unwrap().to_string(), "main.B");
    assert_eq!((B::KIND, <Option<B>>::TYPE.to_string()), (Kind::Slice, "main.B".to_owned()));
}

#[test]
fn a_generic_type_may_contain_itself() {
    #[derive(Gob)]
    struct Tree<T> {
        value: T,
        kids: Vec<Tree<T>>,
    }
    #[derive(Gob)]
    #[serde(transparent)]
    struct Forest<T> {
        trees: HashMap<String, Forest<T>>,
        #[serde(skip)]
        seed: T,
    }
    assert_eq!(field(<Tree<u16>>::TYPE, "Kids").to_string(), "[]main.Tree[uint16]");
    assert_eq!(<Forest<i8>>::TYPE.elem().unwrap().to_string(), "main.Forest[int8]");
}
