package main

import (
	"math"
)

type RecSlice []RecSlice

type RecMap map[string]RecMap

type SA []SB

type SB []SA

type Sets struct {
	S map[string]struct{}
	E map[int]struct{}
}

// Slices, arrays and maps.
var compositeCases = []goldenCase{
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
	{"slice_of_ptr_struct", func(Encode func(any)) { Encode([]*Point{{1, 2}}) }},
	{"array_of_struct", func(Encode func(any)) { Encode([2]Point{{1, 2}}) }},
	{"rec_slice", func(Encode func(any)) { Encode(RecSlice{RecSlice{nil}, nil}) }},
	{"rec_map", func(Encode func(any)) { Encode(RecMap{"a": nil}) }},
	{"rec_mutual_slices", func(Encode func(any)) { Encode(SA{SB{nil}}) }},
	{"rec_map_struct_first", func(Encode func(any)) { Encode(M{"k": S{}}) }},
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
}
