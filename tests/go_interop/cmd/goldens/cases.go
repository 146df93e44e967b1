package main

import (
	"math"
	"math/big"
	"net"
	"net/netip"
	"net/rpc"
	"net/url"
	"strings"
	"time"

	"gobrpc.test/interop/lookalike/decimal"
	"gobrpc.test/interop/lookalike/uuid"
)

// The declarations have no comments of their own: the manifest quotes them.

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

type RecSlice []RecSlice

type RecMap map[string]RecMap

type SA []SB

type SB []SA

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

type Args struct{ A, B int }

type Reply struct{ C int }

type Times struct {
	T    time.Time
	P    *time.Time
	L    []time.Time
	M    map[string]time.Time
	Zero time.Time
	Nil  *time.Time
}

type TimesPointerFirst struct {
	P *time.Time
	T time.Time
}

type Durations struct {
	D time.Duration
	P *time.Duration
	L []time.Duration
	M map[string]time.Duration
}

type Bigs struct {
	I *big.Int
	V big.Int
	R *big.Rat
	F *big.Float
}

type BigsInside struct {
	L []*big.Int
	M map[string]*big.Rat
	A [2]big.Float
}

type Addrs struct {
	A    netip.Addr
	P    *netip.Addr
	L    []netip.Addr
	M    map[netip.Addr]netip.AddrPort
	X    netip.Prefix
	Zero netip.Addr
	Port netip.AddrPort
	Net  netip.Prefix
}

type IPs struct {
	V4  net.IP
	V6  net.IP
	Nil net.IP
	L   []net.IP
}

type URLs struct {
	P *url.URL
	V url.URL
	L []*url.URL
}

type UUIDs struct {
	U    uuid.UUID
	P    *uuid.UUID
	L    []uuid.UUID
	M    map[uuid.UUID]string
	Zero uuid.UUID
}

type Decimals struct {
	D    decimal.Decimal
	L    []decimal.Decimal
	Nil  decimal.Decimal
	Zero decimal.Decimal
}

type Sets struct {
	S map[string]struct{}
	E map[int]struct{}
}

// Each case has a process, and so an Encoder, of its own. No map has more
// than one entry, for Go writes them in random order.
var cases = []struct {
	name  string
	write func(Encode func(any))
}{
	{"bool_true", func(Encode func(any)) { Encode(true) }},
	{"bool_false", func(Encode func(any)) { Encode(false) }},
	{"int_zero", func(Encode func(any)) { Encode(int(0)) }},
	{"int_three", func(Encode func(any)) { Encode(int(3)) }},
	{"int_minus_one", func(Encode func(any)) { Encode(int(-1)) }},
	{"int_63", func(Encode func(any)) { Encode(int(63)) }},
	{"int_64", func(Encode func(any)) { Encode(int(64)) }},
	{"int_minus_64", func(Encode func(any)) { Encode(int(-64)) }},
	{"int_minus_65", func(Encode func(any)) { Encode(int(-65)) }},
	{"int8_min", func(Encode func(any)) { Encode(int8(math.MinInt8)) }},
	{"int8_max", func(Encode func(any)) { Encode(int8(math.MaxInt8)) }},
	{"int16_minus129", func(Encode func(any)) { Encode(int16(-129)) }},
	{"int16_min", func(Encode func(any)) { Encode(int16(math.MinInt16)) }},
	{"int16_max", func(Encode func(any)) { Encode(int16(math.MaxInt16)) }},
	{"int32_min", func(Encode func(any)) { Encode(int32(math.MinInt32)) }},
	{"int32_max", func(Encode func(any)) { Encode(int32(math.MaxInt32)) }},
	{"int64_min", func(Encode func(any)) { Encode(int64(math.MinInt64)) }},
	{"int64_max", func(Encode func(any)) { Encode(int64(math.MaxInt64)) }},
	{"uint_zero", func(Encode func(any)) { Encode(uint(0)) }},
	{"uint_127", func(Encode func(any)) { Encode(uint(127)) }},
	{"uint_128", func(Encode func(any)) { Encode(uint(128)) }},
	{"uint8_200", func(Encode func(any)) { Encode(uint8(200)) }},
	{"uint8_max", func(Encode func(any)) { Encode(uint8(math.MaxUint8)) }},
	{"uint16_max", func(Encode func(any)) { Encode(uint16(math.MaxUint16)) }},
	{"uint32_max", func(Encode func(any)) { Encode(uint32(math.MaxUint32)) }},
	{"uint64_max", func(Encode func(any)) { Encode(uint64(math.MaxUint64)) }},
	{"uintptr_7", func(Encode func(any)) { Encode(uintptr(7)) }},
	{"rune_x", func(Encode func(any)) { Encode('x') }},
	{"float64_zero", func(Encode func(any)) { Encode(float64(0)) }},
	{"float64_17", func(Encode func(any)) { Encode(float64(17)) }},
	{"float64_negzero", func(Encode func(any)) { Encode(math.Copysign(0, -1)) }},
	{"float64_nan_bits", func(Encode func(any)) { Encode(math.Float64frombits(0x7ff8000000000001)) }},
	{"float64_inf", func(Encode func(any)) { Encode(math.Inf(1)) }},
	{"float64_neg_inf", func(Encode func(any)) { Encode(math.Inf(-1)) }},
	{"float64_max", func(Encode func(any)) { Encode(math.MaxFloat64) }},
	{"float64_smallest", func(Encode func(any)) { Encode(math.SmallestNonzeroFloat64) }},
	{"float64_tenth", func(Encode func(any)) { Encode(0.1) }},
	{"float32_tenth", func(Encode func(any)) { Encode(float32(0.1)) }},
	{"float32_max", func(Encode func(any)) { Encode(float32(math.MaxFloat32)) }},
	{"complex64", func(Encode func(any)) { Encode(complex64(17 - 23i)) }},
	{"complex128", func(Encode func(any)) { Encode(1.5 + 2i) }},
	{"string_hello", func(Encode func(any)) { Encode("hello") }},
	{"string_empty", func(Encode func(any)) { Encode("") }},
	{"string_200", func(Encode func(any)) { Encode(strings.Repeat("x", 200)) }},
	{"string_utf8", func(Encode func(any)) { Encode("Ünïcode Ж 你") }},
	{"string_non_utf8", func(Encode func(any)) { Encode("\xc3(") }},
	{"bytes_abc", func(Encode func(any)) { Encode([]byte("abc")) }},
	{"bytes_nil", func(Encode func(any)) { Encode([]byte(nil)) }},
	{"named_int", func(Encode func(any)) { Encode(NamedInt(7)) }},
	{"duration_second", func(Encode func(any)) { Encode(time.Second) }},
	{"slice_int", func(Encode func(any)) { Encode([]int{1, -1, 64}) }},
	{"slice_int_nil", func(Encode func(any)) { Encode([]int(nil)) }},
	{"slice_string_zero_elems", func(Encode func(any)) { Encode([]string{"a", "", "b"}) }},
	{"slice_bool", func(Encode func(any)) { Encode([]bool{true, false}) }},
	{"slice_float32", func(Encode func(any)) { Encode([]float32{0.5, 0, 0.25}) }},
	{"slice_float64", func(Encode func(any)) { Encode([]float64{0.5, 0, -1}) }},
	{"slice_uint64", func(Encode func(any)) { Encode([]uint64{0, 1, math.MaxUint64}) }},
	{"slice_slice_int", func(Encode func(any)) { Encode([][]int{{1}, nil, {2, 3}}) }},
	{"slice_bytes", func(Encode func(any)) { Encode([][]byte{{1}, nil}) }},
	{"array3_int", func(Encode func(any)) { Encode([3]int{1, 2, 3}) }},
	{"array4_byte", func(Encode func(any)) { Encode([4]byte{1, 2, 200, 0}) }},
	{"array0_int", func(Encode func(any)) { Encode([0]int{}) }},
	{"array_of_array", func(Encode func(any)) { Encode([2][3]uint8{{1, 2, 3}, {255}}) }},
	{"map_string_int", func(Encode func(any)) { Encode(map[string]int{"a": 1}) }},
	{"map_nil", func(Encode func(any)) { Encode(map[string]int(nil)) }},
	{"map_int_slice", func(Encode func(any)) { Encode(map[int][]string{1: {"a"}}) }},
	{"map_struct_elem", func(Encode func(any)) { Encode(map[string]Point{"a": {1, 2}}) }},
	{"map_struct_key", func(Encode func(any)) { Encode(map[Point]Inner{{1, 2}: {"v"}}) }},
	{"map_set", func(Encode func(any)) { Encode(map[string]struct{}{"a": {}}) }},
	{"map_array_key", func(Encode func(any)) { Encode(map[[2]int][]string{{1, 2}: {"a"}}) }},
	{"named_slice", func(Encode func(any)) { Encode(NamedSlice{1}) }},
	{"named_map", func(Encode func(any)) { Encode(NamedMap{"a": 1}) }},
	{"named_array", func(Encode func(any)) { Encode(NamedArray{1, 2, 3}) }},
	{"named_fields", func(Encode func(any)) {
		Encode(NamedFields{S: NamedSlice{1}, M: NamedMap{"k": 2}, A: NamedArray{3}, I: 4})
	}},
	{"slice_of_struct", func(Encode func(any)) { Encode([]Point{{}, {1, 0}, {0, 1}}) }},
	{"slice_of_ptr_struct", func(Encode func(any)) { Encode([]*Point{{1, 2}}) }},
	{"array_of_struct", func(Encode func(any)) { Encode([2]Point{{1, 2}}) }},
	{"point", func(Encode func(any)) { Encode(Point{22, 33}) }},
	{"point_ptr", func(Encode func(any)) { Encode(&Point{22, 33}) }},
	{"point_zero", func(Encode func(any)) { Encode(Point{}) }},
	{"point_twice", func(Encode func(any)) {
		Encode(Point{1, 2})
		Encode(Point{3, 4})
	}},
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
	{"rec_slice", func(Encode func(any)) { Encode(RecSlice{RecSlice{nil}, nil}) }},
	{"rec_map", func(Encode func(any)) { Encode(RecMap{"a": nil}) }},
	{"rec_mutual_slices", func(Encode func(any)) { Encode(SA{SB{nil}}) }},
	{"rec_mutual", func(Encode func(any)) { Encode(MutA{&MutB{&MutA{}, 5}}) }},
	{"rec_struct_map", func(Encode func(any)) { Encode(S{M{"k": S{}}}) }},
	{"rec_map_struct_first", func(Encode func(any)) { Encode(M{"k": S{}}) }},
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
	{"time_utc", func(Encode func(any)) { Encode(time.Date(2024, 2, 29, 12, 34, 56, 789, time.UTC)) }},
	{"time_offset", func(Encode func(any)) { Encode(time.Date(2001, 2, 3, 4, 5, 6, 7, time.FixedZone("IST", 19800))) }},
	{"time_zero", func(Encode func(any)) { Encode(time.Time{}) }},
	{"time_ptr", func(Encode func(any)) {
		t := time.Date(2024, 2, 29, 12, 34, 56, 789, time.UTC)
		Encode(&t)
	}},
	{"time_zone_without_offset", func(Encode func(any)) { Encode(time.Date(2024, 2, 29, 12, 34, 56, 789, time.FixedZone("GMT", 0))) }},
	{"time_west", func(Encode func(any)) { Encode(time.Date(2024, 2, 29, 12, 34, 56, 789, time.FixedZone("", -8*3600))) }},
	{"time_local", func(Encode func(any)) {
		time.Local = time.FixedZone("CET", 3600)
		Encode(time.Date(2024, 2, 29, 12, 34, 56, 789, time.Local))
	}},
	{"time_seconds_east", func(Encode func(any)) { Encode(time.Date(2024, 2, 29, 12, 34, 56, 789, time.FixedZone("LMT", 7501))) }},
	{"time_seconds_west", func(Encode func(any)) { Encode(time.Date(2024, 2, 29, 12, 34, 56, 789, time.FixedZone("LMT", -7501))) }},
	{"time_half_a_minute_west", func(Encode func(any)) { Encode(time.Date(2024, 2, 29, 12, 34, 56, 789, time.FixedZone("", -30))) }},
	{"time_before_1970", func(Encode func(any)) { Encode(time.Date(1883, 11, 18, 12, 3, 58, 500000000, time.UTC)) }},
	{"time_year_minus_4712", func(Encode func(any)) { Encode(time.Date(-4712, 1, 1, 12, 0, 0, 0, time.UTC)) }},
	{"time_fields", func(Encode func(any)) {
		t := time.Date(2024, 2, 29, 12, 34, 56, 789, time.UTC)
		Encode(Times{T: t, P: &t, L: []time.Time{t, {}}, M: map[string]time.Time{"k": t}})
	}},
	{"time_fields_zero", func(Encode func(any)) { Encode(Times{}) }},
	{"time_fields_pointer_first", func(Encode func(any)) {
		t := time.Date(2024, 2, 29, 12, 34, 56, 789, time.UTC)
		Encode(TimesPointerFirst{&t, t})
	}},
	{"duration_fields", func(Encode func(any)) {
		d := 1500 * time.Millisecond
		Encode(Durations{d, &d, []time.Duration{d, -1}, map[string]time.Duration{"k": d}})
	}},
	{"duration_slice", func(Encode func(any)) { Encode([]time.Duration{math.MinInt64, 0, math.MaxInt64}) }},
	{"big_int_zero", func(Encode func(any)) { Encode(big.NewInt(0)) }},
	{"big_int_one", func(Encode func(any)) { Encode(big.NewInt(1)) }},
	{"big_int_minus_256", func(Encode func(any)) { Encode(big.NewInt(-256)) }},
	{"big_int_huge", func(Encode func(any)) { Encode(new(big.Int).Lsh(big.NewInt(3), 4000)) }},
	{"big_int_i128_min", func(Encode func(any)) { Encode(new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), 127))) }},
	{"big_rat_half", func(Encode func(any)) { Encode(big.NewRat(1, 2)) }},
	{"big_rat_minus_third", func(Encode func(any)) { Encode(big.NewRat(-1, 3)) }},
	{"big_rat_three", func(Encode func(any)) { Encode(big.NewRat(3, 1)) }},
	{"big_rat_zero", func(Encode func(any)) { Encode(big.NewRat(0, 1)) }},
	{"big_rat_unset", func(Encode func(any)) { Encode(new(big.Rat)) }},
	{"big_float_one_and_a_half", func(Encode func(any)) { Encode(big.NewFloat(1.5)) }},
	{"big_float_minus_tenth", func(Encode func(any)) { Encode(big.NewFloat(-0.1)) }},
	{"big_float_zero", func(Encode func(any)) { Encode(big.NewFloat(0)) }},
	{"big_float_minus_zero", func(Encode func(any)) { Encode(big.NewFloat(math.Copysign(0, -1))) }},
	{"big_float_unset", func(Encode func(any)) { Encode(new(big.Float)) }},
	{"big_float_inf", func(Encode func(any)) { Encode(big.NewFloat(math.Inf(1))) }},
	{"big_float_minus_inf", func(Encode func(any)) { Encode(big.NewFloat(math.Inf(-1))) }},
	{"big_float_third", func(Encode func(any)) {
		Encode(new(big.Float).SetPrec(200).SetMode(big.ToZero).Quo(big.NewFloat(1), big.NewFloat(3)))
	}},
	{"big_fields", func(Encode func(any)) {
		Encode(&Bigs{big.NewInt(7), *big.NewInt(-8), big.NewRat(1, 2), big.NewFloat(1.5)})
	}},
	{"big_fields_zero", func(Encode func(any)) { Encode(&Bigs{}) }},
	{"big_inside", func(Encode func(any)) {
		Encode(&BigsInside{[]*big.Int{big.NewInt(1), big.NewInt(0)}, map[string]*big.Rat{"k": big.NewRat(1, 2)}, [2]big.Float{*big.NewFloat(2), {}}})
	}},
	{"netip_addr_v4", func(Encode func(any)) { Encode(netip.MustParseAddr("1.2.3.4")) }},
	{"netip_addr_v6", func(Encode func(any)) { Encode(netip.MustParseAddr("2001:db8::1")) }},
	{"netip_addr_mapped", func(Encode func(any)) { Encode(netip.MustParseAddr("::ffff:1.2.3.4")) }},
	{"netip_addr_zone", func(Encode func(any)) { Encode(netip.MustParseAddr("fe80::1%eth0")) }},
	{"netip_addr_zero", func(Encode func(any)) { Encode(netip.Addr{}) }},
	{"netip_addr_port_v4", func(Encode func(any)) { Encode(netip.MustParseAddrPort("1.2.3.4:80")) }},
	{"netip_addr_port_v6", func(Encode func(any)) { Encode(netip.MustParseAddrPort("[2001:db8::1]:443")) }},
	{"netip_addr_port_zone", func(Encode func(any)) { Encode(netip.MustParseAddrPort("[fe80::1%3]:65535")) }},
	{"netip_addr_port_zero", func(Encode func(any)) { Encode(netip.AddrPort{}) }},
	{"netip_addr_port_without_addr", func(Encode func(any)) { Encode(netip.AddrPortFrom(netip.Addr{}, 80)) }},
	{"netip_prefix_v4", func(Encode func(any)) { Encode(netip.MustParsePrefix("10.0.0.0/8")) }},
	{"netip_prefix_v6", func(Encode func(any)) { Encode(netip.MustParsePrefix("2001:db8::/128")) }},
	{"netip_prefix_host_bits", func(Encode func(any)) { Encode(netip.MustParsePrefix("10.1.2.3/8")) }},
	{"netip_prefix_zero", func(Encode func(any)) { Encode(netip.Prefix{}) }},
	{"netip_prefix_invalid", func(Encode func(any)) { Encode(netip.PrefixFrom(netip.MustParseAddr("1.2.3.4"), 33)) }},
	{"netip_fields", func(Encode func(any)) {
		a := netip.MustParseAddr("1.2.3.4")
		Encode(Addrs{A: a, P: &a, L: []netip.Addr{a, {}}, M: map[netip.Addr]netip.AddrPort{a: netip.AddrPortFrom(a, 80)}, X: netip.PrefixFrom(a, 24)})
	}},
	{"netip_fields_zero", func(Encode func(any)) { Encode(Addrs{}) }},
	{"net_ip_v4", func(Encode func(any)) { Encode(net.IPv4(1, 2, 3, 4)) }},
	{"net_ip_v4_short", func(Encode func(any)) { Encode(net.IPv4(1, 2, 3, 4).To4()) }},
	{"net_ip_v6", func(Encode func(any)) { Encode(net.ParseIP("2001:db8::1")) }},
	{"net_ip_fields", func(Encode func(any)) {
		Encode(IPs{V4: net.IPv4(1, 2, 3, 4), V6: net.ParseIP("2001:db8::1"), L: []net.IP{net.IPv4bcast, nil}})
	}},
	{"url_ptr", func(Encode func(any)) {
		u, _ := url.Parse("https://user:secret@example.com:8443/a/b%20c?q=1&r#top")
		Encode(u)
	}},
	{"url_fields", func(Encode func(any)) {
		u, _ := url.Parse("https://example.com/")
		Encode(&URLs{u, *u, []*url.URL{u}})
	}},
	{"url_fields_zero", func(Encode func(any)) { Encode(&URLs{}) }},
	{"uuid", func(Encode func(any)) {
		Encode(uuid.UUID{0x67, 0xe5, 0x50, 0x44, 0x10, 0xb1, 0x42, 0x6f, 0x92, 0x47, 0xbb, 0x68, 0x0e, 0x5f, 0xe0, 0xc8})
	}},
	{"uuid_fields", func(Encode func(any)) {
		u := uuid.UUID{0x67, 0xe5, 0x50, 0x44, 0x10, 0xb1, 0x42, 0x6f, 0x92, 0x47, 0xbb, 0x68, 0x0e, 0x5f, 0xe0, 0xc8}
		Encode(UUIDs{U: u, P: &u, L: []uuid.UUID{u, {}}, M: map[uuid.UUID]string{u: "v"}})
	}},
	{"decimal_price", func(Encode func(any)) { Encode(decimal.New(-12345, -2)) }},
	{"decimal_thousand", func(Encode func(any)) { Encode(decimal.New(1, 3)) }},
	{"decimal_fields", func(Encode func(any)) {
		Encode(Decimals{D: decimal.New(5, -1), L: []decimal.Decimal{decimal.New(1, 0), {}}, Zero: decimal.New(0, 0)})
	}},
	{"set_fields", func(Encode func(any)) { Encode(Sets{S: map[string]struct{}{"a": {}}}) }},
	{"slice_rune", func(Encode func(any)) { Encode([]rune("aé")) }},
	{"array40_int", func(Encode func(any)) {
		var a [40]int
		a[39] = 1
		Encode(a)
	}},
	{"array40_byte", func(Encode func(any)) {
		var a [40]byte
		a[39] = 1
		Encode(a)
	}},
	{"mixed_stream", func(Encode func(any)) {
		Encode(Point{1, 2})
		Encode(5)
		Encode("s")
		Encode(Inner{"x"})
		Encode([]int{1})
		Encode(Point{3, 4})
		Encode([]int{2})
	}},
	{"rpc_client_two_calls", func(Encode func(any)) {
		Encode(&rpc.Request{ServiceMethod: "Arith.Multiply", Seq: 0})
		Encode(&Args{7, 8})
		Encode(&rpc.Request{ServiceMethod: "Arith.Multiply", Seq: 1})
		Encode(&Args{1, 0})
	}},
	{"rpc_server_ok", func(Encode func(any)) {
		Encode(&rpc.Response{ServiceMethod: "Arith.Multiply", Seq: 0})
		Encode(&Reply{56})
		Encode(&rpc.Response{ServiceMethod: "Arith.Multiply", Seq: 1})
		Encode(&Reply{0})
	}},
	{"rpc_server_int_reply", func(Encode func(any)) {
		n := 56
		Encode(&rpc.Response{ServiceMethod: "Arith.Multiply", Seq: 0})
		Encode(&n)
	}},
	{"rpc_server_error", func(Encode func(any)) {
		Encode(&rpc.Response{ServiceMethod: "Arith.Nope", Seq: 3, Error: "rpc: can't find method Arith.Nope"})
		Encode(struct{}{})
	}},
}
