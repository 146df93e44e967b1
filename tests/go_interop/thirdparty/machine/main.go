// Command machine is a driver of docker-machine, and what docker-machine does
// with one, by means of its own code:
//
//	machine             started by a host: serves a driver, the one that the
//	                    host names if docker-machine comes with it
//	machine host STORE  has docker-machine-driver-ci-test, which is on PATH,
//	                    create a host in this directory, and prints all that
//	                    there is to see of its life
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/docker/machine/drivers/none"
	"github.com/docker/machine/libmachine"
	"github.com/docker/machine/libmachine/drivers"
	"github.com/docker/machine/libmachine/drivers/plugin"
	"github.com/docker/machine/libmachine/drivers/plugin/localbinary"
	"github.com/docker/machine/libmachine/drivers/rpc"
	"github.com/docker/machine/libmachine/host"
	machinelog "github.com/docker/machine/libmachine/log"
	"github.com/docker/machine/libmachine/provision"
)

// say prints what something has returned.
func say(what string) func(...any) {
	return func(values ...any) {
		fmt.Print(what, ":")
		for _, value := range values {
			if text, ok := value.([]byte); ok {
				value = string(text)
			}
			fmt.Printf(" %v", value)
		}
		fmt.Println()
	}
}

// flags are what the command has after "create", with what the driver has said
// of its own.
func flags(driver drivers.Driver, set map[string]any) drivers.DriverOptions {
	values := map[string]any{"engine-label": []string{"a", "b"}, "swarm-master": false, "swarm-host": "tcp://0.0.0.0:3376"}
	for _, flag := range driver.GetCreateFlags() {
		values[flag.String()] = flag.Default()
	}
	for name, value := range set {
		values[name] = value
	}
	return rpcdriver.RPCFlags{Values: values}
}

func create(api *libmachine.Client, store string) (*host.Host, error) {
	base, err := json.Marshal(&drivers.BaseDriver{MachineName: "paper", StorePath: store})
	if err != nil {
		return nil, err
	}
	h, err := api.NewHost("ci-test", base)
	if err != nil {
		return nil, err
	}
	fmt.Println("new:", h.Name, h.DriverName)
	for _, flag := range h.Driver.GetCreateFlags() {
		text, err := json.Marshal(flag)
		fmt.Printf("flag: %T %s %v\n", flag, text, err)
	}
	say("state")(h.Driver.GetState())
	for _, wrong := range []map[string]any{
		{"ci-test-ip": "nowhere"},
		{"ci-test-ip": nil},
		{"ci-test-ip": 7},
		{"ci-test-port": 1 << 40},
		{"ci-test-port": "2376"},
	} {
		say("wrong")(h.Driver.SetConfigFromFlags(flags(h.Driver, wrong)))
	}
	twice := map[string]any{"ci-test-label": []string{"x", "y", "x"}}
	say("set")(h.Driver.SetConfigFromFlags(flags(h.Driver, twice)))
	say("create")(api.Create(h))
	right := map[string]any{"ci-test-ip": "192.0.2.7", "ci-test-port": 4321, "ci-test-label": []string{"x", "", "ÿ"}}
	say("set")(h.Driver.SetConfigFromFlags(flags(h.Driver, right)))
	say("create")(api.Create(h))
	return h, nil
}

func show(driver drivers.Driver) {
	say("state")(driver.GetState())
	say("ip")(driver.GetIP())
	say("url")(driver.GetURL())
	say("ssh")(driver.GetSSHHostname())
	say("ssh")(driver.GetSSHPort())
	say("ssh")(driver.GetSSHKeyPath(), driver.GetSSHUsername())
}

func work(api *libmachine.Client, h *host.Host) error {
	show(h.Driver)
	say("start")(h.Start())
	say("stop")(h.Stop())
	show(h.Driver)
	say("stop")(h.Stop())
	say("start")(h.Start())
	say("kill")(h.Kill())
	say("kill")(h.Kill())
	say("restart")(h.Restart())
	say("restart")(h.Restart())
	show(h.Driver)

	driver := h.Driver.(*rpcdriver.RPCClientDriver)
	say("heartbeat")(driver.Client.Call(rpcdriver.HeartbeatMethod, struct{}{}, nil))
	say("upgrade")(driver.Upgrade())
	say("no JSON")(driver.SetConfigRaw([]byte("{]")) != nil)
	say("config")(driver.GetConfigRaw())
	return api.Save(h)
}

func remove(api *libmachine.Client) error {
	h, err := api.Load("paper")
	if err != nil {
		return err
	}
	show(h.Driver)
	say("config")(h.RawDriver)
	say("remove")(h.Driver.Remove())
	say("state")(h.Driver.GetState())
	say("remove")(api.Remove("paper"))
	say("exists")(api.Exists("paper"))
	return nil
}

func run(store string) error {
	machinelog.SetOutWriter(os.Stderr)
	// There is no Docker to wait for on a host that is none.
	provision.SetDetector(&provision.FakeDetector{Provisioner: provision.NewNetstatProvisioner()})
	certs := filepath.Join(store, "certs")
	api := libmachine.NewClient(store, certs)
	h, err := create(api, store)
	if err != nil {
		return err
	}
	if err := work(api, h); err != nil {
		return err
	}
	say("close")(api.Close())
	// As when the command is called again: with a new process of the driver.
	api = libmachine.NewClient(store, certs)
	if err := remove(api); err != nil {
		return err
	}
	say("close")(api.Close())
	return nil
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("machine: ")
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[0] == "host":
		if err := run(args[1]); err != nil {
			log.Fatal(err)
		}
	case os.Getenv(localbinary.PluginEnvDriverName) == "none":
		plugin.RegisterDriver(none.NewDriver("", ""))
	default:
		plugin.RegisterDriver(&paper{BaseDriver: &drivers.BaseDriver{}})
	}
}
