// Command mattermost is a plugin of Mattermost, and a host of such plugins:
//
//	mattermost              started by a host: serves it
//	mattermost host PLUGIN  starts PLUGIN as Mattermost does, and prints what
//	                        it does
package main

import (
	"log"
	"os"

	"github.com/mattermost/mattermost/server/public/plugin"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("mattermost: ")
	if args := os.Args[1:]; len(args) == 2 && args[0] == "host" {
		if err := run(args[1]); err != nil {
			log.Fatal(err)
		}
		return
	}
	plugin.ClientMain(&censor{})
}
