package main

// A goldenCase makes one stream. Each has a process, and so an Encoder, of
// its own. No map has more than one entry, for Go writes them in random
// order. The declarations have no comments of their own: the manifest quotes
// them.
type goldenCase struct {
	name  string
	write func(Encode func(any))
}

// allCases returns the cases of all files.
func allCases() []goldenCase {
	var all []goldenCase
	for _, cases := range [][]goldenCase{
		basicCases,
		compositeCases,
		structCases,
		stdlibCases,
		thirdPartyCases,
		streamCases,
	} {
		all = append(all, cases...)
	}
	return all
}
