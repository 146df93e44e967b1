package main

import (
	"math"
)

type Point struct{ X, Y int }

type Empty struct{}

type Single struct{ A int }

type Skips struct {
	a int
	B int
	C chan int
	D func()
	F int
}

type NamedInt int

type NamedSlice []int

type NamedMap map[string]int

type NamedArray [3]int

type NamedFields struct {
	S NamedSlice
	M NamedMap
	A NamedArray
	I NamedInt
}

type Inner struct{ S string }

type Mid struct {
	In  Inner
	Arr [2]Inner
}

type Outer struct {
	A  int
	L  []Mid
	M  map[string]Inner
	P  *Point
	Pt Point
}

type Deep struct {
	A [][][]int
	B map[string]map[int][]Point
	C [2][3]uint8
}

type Rec struct {
	V    int
	Next *Rec
}

type Tree struct {
	N    int
	Kids []Tree
}

type PtrTree struct {
	N    int
	Kids []*PtrTree
}

type S struct{ Kids M }

type M map[string]S

type MutA struct{ B *MutB }

type MutB struct {
	A *MutA
	X int
}

type AllKinds struct {
	Bool bool
	I    int
	I8   int8
	U    uint
	U8   uint8
	F32  float32
	F64  float64
	C64  complex64
	C128 complex128
	S    string
	By   []byte
	Sl   []int
	M    map[string]int
	Arr  [2]int
	St   Point
	P    *int
	PS   *Point
	If   any
	PA   *[2]int
	PSl  *[]int
	PM   *map[string]int
	Arr0 [0]int
	E    struct{}
	Up   uintptr
}

type Wide struct {
	F000, F001, F002, F003, F004, F005, F006, F007, F008, F009 int
	F010, F011, F012, F013, F014, F015, F016, F017, F018, F019 int
	F020, F021, F022, F023, F024, F025, F026, F027, F028, F029 int
	F030, F031, F032, F033, F034, F035, F036, F037, F038, F039 int
	F040, F041, F042, F043, F044, F045, F046, F047, F048, F049 int
	F050, F051, F052, F053, F054, F055, F056, F057, F058, F059 int
	F060, F061, F062, F063, F064, F065, F066, F067, F068, F069 int
	F070, F071, F072, F073, F074, F075, F076, F077, F078, F079 int
	F080, F081, F082, F083, F084, F085, F086, F087, F088, F089 int
	F090, F091, F092, F093, F094, F095, F096, F097, F098, F099 int
	F100, F101, F102, F103, F104, F105, F106, F107, F108, F109 int
	F110, F111, F112, F113, F114, F115, F116, F117, F118, F119 int
	F120, F121, F122, F123, F124, F125, F126, F127, F128, F129 int
}

type PtrFields struct {
	A *[]int
	B **map[string]*int
	C *[2]*int
	D []*Point
	E *Point
	F **int
	G *string
}

type IntSlices struct {
	A []int
	B []int32
	C []NamedInt
	D []*int
	E *[]int
}

type AnonFields struct {
	F struct{ A, B int }
	G []struct{ Q string }
	H *struct{ Z bool }
}

type Embeds struct {
	Point
	*Inner
	A int
}

type Pair[A, B any] struct {
	First  A
	Second B
}

type Holder struct {
	Before int
	I      any
	After  int
}

// Structs, pointers, interfaces, and types that contain themselves.
var structCases = []goldenCase{
	{"named_fields", func(Encode func(any)) {
		Encode(NamedFields{S: NamedSlice{1}, M: NamedMap{"k": 2}, A: NamedArray{3}, I: 4})
	}},
	{"slice_of_struct", func(Encode func(any)) { Encode([]Point{{}, {1, 0}, {0, 1}}) }},
	{"point", func(Encode func(any)) { Encode(Point{22, 33}) }},
	{"point_ptr", func(Encode func(any)) { Encode(&Point{22, 33}) }},
	{"point_zero", func(Encode func(any)) { Encode(Point{}) }},
	{"struct_empty", func(Encode func(any)) { Encode(Empty{}) }},
	{"struct_anon_empty", func(Encode func(any)) { Encode(struct{}{}) }},
	{"struct_anon", func(Encode func(any)) { Encode(struct{ A int }{5}) }},
	{"struct_single", func(Encode func(any)) { Encode(Single{-1}) }},
	{"struct_skips", func(Encode func(any)) { Encode(Skips{a: 1, B: 2, F: 3}) }},
	{"anon_struct_fields", func(Encode func(any)) {
		Encode(AnonFields{F: struct{ A, B int }{1, 2}, G: []struct{ Q string }{{"q"}}})
	}},
	{"embedded", func(Encode func(any)) { Encode(Embeds{Point{1, 2}, &Inner{"s"}, 3}) }},
	{"outer_nested", func(Encode func(any)) {
		Encode(Outer{A: 1, L: []Mid{{}}, M: map[string]Inner{"k": {"v"}}, P: &Point{1, 2}, Pt: Point{3, 4}})
	}},
	{"outer_zero", func(Encode func(any)) { Encode(Outer{}) }},
	{"deep_composites", func(Encode func(any)) {
		Encode(Deep{A: [][][]int{{{1}}}, B: map[string]map[int][]Point{"a": {1: {{1, 2}}}}})
	}},
	{"rec_list", func(Encode func(any)) { Encode(Rec{1, &Rec{2, nil}}) }},
	{"rec_tree_slice", func(Encode func(any)) { Encode(Tree{1, []Tree{{2, nil}, {3, []Tree{{4, nil}}}}}) }},
	{"rec_tree_ptr_slice_first", func(Encode func(any)) { Encode([]*PtrTree{{2, nil}}) }},
	{"rec_mutual", func(Encode func(any)) { Encode(MutA{&MutB{&MutA{}, 5}}) }},
	{"rec_struct_map", func(Encode func(any)) { Encode(S{M{"k": S{}}}) }},
	{"all_kinds_zero", func(Encode func(any)) { Encode(AllKinds{}) }},
	{"all_kinds_full", func(Encode func(any)) {
		n := 9
		Encode(AllKinds{true, -1, -8, 1, 200, 0.5, 1.5, 1 + 2i, 3 - 4i, "str", []byte{1, 2}, []int{1, 2}, map[string]int{"k": 5}, [2]int{0, 1}, Point{1, 0}, &n, &Point{0, 2}, "iface", &[2]int{3, 4}, &[]int{5}, &map[string]int{"z": 0}, [0]int{}, struct{}{}, 7})
	}},
	{"all_kinds_empties", func(Encode func(any)) {
		n := 0
		Encode(AllKinds{By: []byte{}, Sl: []int{}, M: map[string]int{}, F32: float32(math.Copysign(0, -1)), P: &n, PS: &Point{}})
	}},
	{"wide_last", func(Encode func(any)) { Encode(Wide{F129: 1}) }},
	{"wide_first_last", func(Encode func(any)) { Encode(Wide{F000: 1, F129: 2}) }},
	{"ptr_fields", func(Encode func(any)) {
		n, s := 7, "s"
		p := &n
		m := &map[string]*int{"k": p}
		Encode(PtrFields{A: &[]int{1}, B: &m, C: &[2]*int{p, p}, D: []*Point{{1, 2}}, E: &Point{3, 4}, F: &p, G: &s})
	}},
	{"ptr_fields_nil", func(Encode func(any)) { Encode(PtrFields{}) }},
	{"ptr_fields_zero", func(Encode func(any)) {
		n, s := 0, ""
		p := &n
		Encode(PtrFields{A: &[]int{}, C: &[2]*int{p, p}, E: &Point{}, F: &p, G: &s})
	}},
	{"slices_of_int_variants", func(Encode func(any)) { Encode(IntSlices{A: []int{1}, B: []int32{2}}) }},
	{"generic_pair", func(Encode func(any)) { Encode(Pair[int, string]{1, "x"}) }},
	{"generic_pair_composite", func(Encode func(any)) { Encode(Pair[Point, []string]{Point{1, 2}, []string{"x"}}) }},
	{"iface_field_int", func(Encode func(any)) { Encode(Holder{1, 5, 2}) }},
	{"iface_field_nil", func(Encode func(any)) { Encode(Holder{1, nil, 2}) }},
}
