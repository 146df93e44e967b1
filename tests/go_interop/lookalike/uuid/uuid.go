// Package uuid has a type that gob cannot tell from github.com/google/uuid's
// UUID: the same names, and the same bytes from the same method.
package uuid

import "fmt"

// UUID stands for google/uuid's type of that name.
type UUID [16]byte

// MarshalBinary gives the sixteen bytes.
func (u UUID) MarshalBinary() ([]byte, error) {
	return u[:], nil
}

// UnmarshalBinary takes sixteen bytes.
func (u *UUID) UnmarshalBinary(data []byte) error {
	if len(data) != len(u) {
		return fmt.Errorf("invalid UUID (got %d bytes)", len(data))
	}
	copy(u[:], data)
	return nil
}
