// The programs of others that the library is tested against. A module of its
// own, so that the other one needs nothing but the standard library.
module gobrpc.test/thirdparty

go 1.26

replace gobrpc.test/interop => ..

tool github.com/mattn/goreman

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/hashicorp/net-rpc-msgpackrpc/v2 v2.0.0
	github.com/keegancsmith/rpc v1.3.0
	gobrpc.test/interop v0.0.0
)

require (
	github.com/hashicorp/errwrap v1.0.0 // indirect
	github.com/hashicorp/go-msgpack/v2 v2.0.0 // indirect
	github.com/hashicorp/go-multierror v1.1.1 // indirect
	github.com/joho/godotenv v1.5.1 // indirect
	github.com/mattn/go-colorable v0.1.15 // indirect
	github.com/mattn/go-isatty v0.0.22 // indirect
	github.com/mattn/goreman v0.3.19 // indirect
	golang.org/x/sys v0.46.0 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)
