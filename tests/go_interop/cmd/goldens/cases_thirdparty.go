package main

import (
	"gobrpc.test/interop/lookalike/decimal"
	"gobrpc.test/interop/lookalike/uuid"
)

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

// Types of other modules, as the lookalikes have them.
var thirdPartyCases = []goldenCase{
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
}
