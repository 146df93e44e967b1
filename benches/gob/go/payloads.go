package main

type splitMix64 uint64

func (s *splitMix64) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func (s *splitMix64) small() int64   { return int64(s.next()%2000) - 1000 }
func (s *splitMix64) float() float64 { return float64(s.next()>>11) / (1 << 53) }

func (s *splitMix64) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.next())
	}
	return b
}

func (s *splitMix64) text(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(s.next()%26)
	}
	return string(b)
}

// P1 is two short strings.
type P1 struct{ SA, SB string }

func p1() P1 { return P1{"hello ", "go rpc"} }

// P2 is a bit of everything.
type P2 struct {
	A    int
	B    int64
	C    int32
	D    uint64
	E    float64
	F    bool
	G, H string
	I    []byte
	J    []string
}

func p2() P2 {
	s := splitMix64(2)
	v := P2{A: int(s.small()), B: int64(s.next()), C: int32(s.next()), D: s.next(), E: s.float(), F: true}
	v.G, v.H, v.I = s.text(16), s.text(16), s.bytes(32)
	for range 4 {
		v.J = append(v.J, s.text(8))
	}
	return v
}

func p3() []int64 {
	s := splitMix64(3)
	v := make([]int64, 100_000)
	for i := range v {
		v[i] = s.small()
	}
	return v
}

func p4() []float64 {
	s := splitMix64(4)
	v := make([]float64, 100_000)
	for i := range v {
		v[i] = s.float()
	}
	return v
}

type Pos struct {
	X, Y  float64
	Label string
}

type Ref struct {
	N int
	S string
}

// Item is structs in structs, a map and a pointer.
type Item struct {
	ID    int64
	Name  string
	Pos   Pos
	Attrs map[string]int
	Ref   *Ref
}

func p5() []Item {
	s := splitMix64(5)
	v := make([]Item, 1000)
	for i := range v {
		item := &v[i]
		item.ID, item.Name = s.small(), s.text(12)
		item.Pos = Pos{s.float(), s.float(), s.text(6)}
		item.Attrs = map[string]int{}
		for range 4 {
			key := s.text(5)
			item.Attrs[key] = int(s.small())
		}
		item.Ref = &Ref{N: int(s.small())}
		item.Ref.S = s.text(8)
	}
	return v
}

func p6() []byte {
	s := splitMix64(6)
	return s.bytes(1 << 20)
}

func p7() map[string]string {
	s := splitMix64(7)
	v := map[string]string{}
	for range 1000 {
		key := s.text(10)
		v[key] = s.text(20)
	}
	return v
}

type Rec struct {
	A int
	B string
	C float64
}

func p8() map[int]Rec {
	s := splitMix64(8)
	v := map[int]Rec{}
	for i := range 1000 {
		key := i*1000 + int(s.small())/2
		rec := Rec{A: int(s.small())}
		rec.B, rec.C = s.text(8), s.float()
		v[key] = rec
	}
	return v
}

// P9 is a tree.
type P9 struct {
	V    int
	L, R *P9
}

func p9() *P9 {
	s := splitMix64(9)
	return tree(&s, 10)
}

func tree(s *splitMix64, depth int) *P9 {
	if depth == 0 {
		return nil
	}
	v := &P9{V: int(s.small())}
	v.L, v.R = tree(s, depth-1), tree(s, depth-1)
	return v
}
