module gobrpc.test/cli

go 1.26
