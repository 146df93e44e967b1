package main

import (
	"math"
	"math/big"
	"net"
	"net/netip"
	"net/url"
	"time"
)

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

// Types of the standard library that encode themselves.
var stdlibCases = []goldenCase{
	{"duration_second", func(Encode func(any)) { Encode(time.Second) }},
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
}
