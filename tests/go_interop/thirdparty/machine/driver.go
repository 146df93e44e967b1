package main

import (
	"fmt"
	"net"

	"github.com/docker/machine/libmachine/drivers"
	"github.com/docker/machine/libmachine/mcnflag"
	"github.com/docker/machine/libmachine/state"
)

// A paper host is what it is in examples/docker_machine_driver.rs.
type paper struct {
	*drivers.BaseDriver
	Port     int
	Labels   []string
	OnDemand bool
	Running  bool
}

func (*paper) DriverName() string { return "ci-test" }

func (*paper) GetCreateFlags() []mcnflag.Flag {
	return []mcnflag.Flag{
		mcnflag.StringFlag{
			Name:   "ci-test-ip",
			Usage:  "address of the host",
			EnvVar: "CI_TEST_IP",
			Value:  "127.0.0.1",
		},
		mcnflag.IntFlag{
			Name:   "ci-test-port",
			Usage:  "port of its Docker",
			EnvVar: "CI_TEST_PORT",
			Value:  2376,
		},
		mcnflag.StringSliceFlag{
			Name:  "ci-test-label",
			Usage: "a note on the host",
		},
		mcnflag.BoolFlag{
			Name:  "ci-test-on-demand",
			Usage: "do not start the host when it is created",
		},
	}
}

func (p *paper) SetConfigFromFlags(flags drivers.DriverOptions) error {
	ip, port := flags.String("ci-test-ip"), flags.Int("ci-test-port")
	if net.ParseIP(ip).To4() == nil {
		return fmt.Errorf("--ci-test-ip: %q is no IPv4 address", ip)
	}
	if port < 1 || port > 65535 {
		return fmt.Errorf("--ci-test-port: %d is no port", port)
	}
	p.IPAddress = ip
	p.Port = port
	p.Labels = flags.StringSlice("ci-test-label")
	p.OnDemand = flags.Bool("ci-test-on-demand")
	return nil
}

func (p *paper) PreCreateCheck() error {
	known := make(map[string]bool)
	for _, label := range p.Labels {
		if known[label] {
			return fmt.Errorf("the label %q is there twice", label)
		}
		known[label] = true
	}
	return nil
}

func (p *paper) GetIP() (string, error) {
	if !p.Running {
		return "", drivers.ErrHostIsNotRunning
	}
	return p.IPAddress, nil
}

func (p *paper) GetSSHHostname() (string, error) { return p.GetIP() }

func (p *paper) GetURL() (string, error) {
	ip, err := p.GetIP()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("tcp://%s:%d", ip, p.Port), nil
}

func (p *paper) GetState() (state.State, error) {
	if p.Running {
		return state.Running, nil
	}
	return state.Stopped, nil
}

func (p *paper) Create() error {
	fmt.Printf("%q is written down\n", p.MachineName)
	p.Running = !p.OnDemand
	return nil
}

func (p *paper) Start() error {
	p.Running = true
	return nil
}

func (p *paper) Stop() error {
	p.Running = false
	return nil
}

func (p *paper) Restart() error { return p.Start() }

func (p *paper) Kill() error { return p.Stop() }

func (p *paper) Remove() error { return p.Stop() }
