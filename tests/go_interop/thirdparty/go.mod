// The programs of others that the library is tested against. A module of its
// own, so that the other one needs nothing but the standard library.
module gobrpc.test/thirdparty

go 1.26

replace gobrpc.test/interop => ..

tool (
	github.com/go-delve/delve/cmd/dlv
	github.com/hashicorp/go-plugin/examples/basic
	github.com/hashicorp/go-plugin/examples/basic/plugin
	github.com/hashicorp/go-plugin/examples/grpc/plugin-go-netrpc
	github.com/mattn/goreman
	github.com/natefinch/pie/examples/consumer/master_consumer
	github.com/natefinch/pie/examples/consumer/plugin_consumer
	github.com/natefinch/pie/examples/provider/master_provider
	github.com/natefinch/pie/examples/provider/plugin_provider
)

require (
	github.com/alexedwards/scs/v2 v2.9.0
	github.com/aws/aws-lambda-go v1.55.1
	github.com/docker/machine v0.16.2
	github.com/gorilla/sessions v1.4.0
	github.com/hashicorp/go-hclog v1.6.3
	github.com/hashicorp/go-plugin v1.8.0
	github.com/hashicorp/net-rpc-msgpackrpc/v2 v2.0.0
	github.com/keegancsmith/rpc v1.3.0
	gobrpc.test/interop v0.0.0
)

require (
	github.com/cilium/ebpf v0.22.0 // indirect
	github.com/cosiner/argv v0.1.0 // indirect
	github.com/cpuguy83/go-md2man/v2 v2.0.6 // indirect
	github.com/derekparker/trie/v3 v3.2.0 // indirect
	github.com/fatih/color v1.13.0 // indirect
	github.com/go-delve/delve v1.27.2 // indirect
	github.com/go-delve/liner v1.2.3-0.20231231155935-4726ab1d7f62 // indirect
	github.com/golang/protobuf v1.5.4 // indirect
	github.com/google/go-dap v0.12.0 // indirect
	github.com/gorilla/securecookie v1.1.2 // indirect
	github.com/hashicorp/errwrap v1.0.0 // indirect
	github.com/hashicorp/go-msgpack/v2 v2.0.0 // indirect
	github.com/hashicorp/go-multierror v1.1.1 // indirect
	github.com/hashicorp/yamux v0.1.2 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/joho/godotenv v1.5.1 // indirect
	github.com/mattn/go-colorable v0.1.15 // indirect
	github.com/mattn/go-isatty v0.0.22 // indirect
	github.com/mattn/go-runewidth v0.0.13 // indirect
	github.com/mattn/goreman v0.3.19 // indirect
	github.com/natefinch/pie v0.0.0-20170715172608-9a0d72014007 // indirect
	github.com/oklog/run v1.1.0 // indirect
	github.com/rivo/uniseg v0.2.0 // indirect
	github.com/russross/blackfriday/v2 v2.1.0 // indirect
	github.com/spf13/cobra v1.10.2 // indirect
	github.com/spf13/pflag v1.0.10 // indirect
	go.starlark.net v0.0.0-20231101134539-556fd59b42f6 // indirect
	go.yaml.in/yaml/v3 v3.0.4 // indirect
	golang.org/x/arch v0.28.0 // indirect
	golang.org/x/net v0.48.0 // indirect
	golang.org/x/sync v0.22.0 // indirect
	golang.org/x/sys v0.46.0 // indirect
	golang.org/x/telemetry v0.0.0-20241106142447-58a1122356f5 // indirect
	golang.org/x/text v0.40.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20231106174013-bbf56f31fb17 // indirect
	google.golang.org/grpc v1.61.0 // indirect
	google.golang.org/protobuf v1.36.6 // indirect
	gopkg.in/yaml.v3 v3.0.1 // indirect
)

// docker-machine is older than modules, and names none that it needs. Their
// own tests need what is published nowhere any more, so `go mod tidy` fails.
require (
	github.com/docker/docker v0.7.3-0.20190327010347-be7ac8be2ae0 // indirect
	github.com/docker/go-units v0.4.0 // indirect
	github.com/samalba/dockerclient v0.0.0-20151231000007-f661dd4754aa // indirect
	golang.org/x/crypto v0.46.0 // indirect
	golang.org/x/term v0.38.0 // indirect
)
