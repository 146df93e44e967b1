module rpcbench

go 1.26
