module gobrpc.example/bench/gob

go 1.26
