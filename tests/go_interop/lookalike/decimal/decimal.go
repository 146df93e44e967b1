// Package decimal has a type that gob cannot tell from
// github.com/shopspring/decimal's Decimal: the same names, and the same bytes
// from the same method.
package decimal

import (
	"encoding/binary"
	"fmt"
	"math/big"
)

// Decimal stands for shopspring/decimal's type of that name: value * 10^exp.
type Decimal struct {
	value *big.Int
	exp   int32
}

// New makes the decimal value * 10^exp.
func New(value int64, exp int32) Decimal {
	return Decimal{big.NewInt(value), exp}
}

// GobEncode gives the exponent in four bytes, and what big.Int makes of the
// value.
func (d Decimal) GobEncode() ([]byte, error) {
	value, err := d.value.GobEncode()
	if err != nil {
		return nil, err
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(d.exp)), value...), nil
}

// GobDecode takes what GobEncode gives.
func (d *Decimal) GobDecode(data []byte) error {
	if len(data) < 4 {
		return fmt.Errorf("error decoding binary %v: expected at least 4 bytes, got %d", data, len(data))
	}
	d.exp = int32(binary.BigEndian.Uint32(data))
	d.value = new(big.Int)
	if err := d.value.GobDecode(data[4:]); err != nil {
		return fmt.Errorf("error decoding binary %v: %s", data, err)
	}
	return nil
}
