module gobrpc.test/interop

go 1.21
