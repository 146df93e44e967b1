// Command lambda is a function for AWS Lambda that greets, fails or panics, as
// its event tells it. With _LAMBDA_SERVER_PORT it serves net/rpc there.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"gobrpc.test/interop/peer"
)

type event struct {
	Do   string
	Name string
}

// A greeting says what the function knows of its invocation, besides hello.
type greeting struct {
	Text     string
	Request  string
	Function string
	Identity string
	Pool     string
	Trace    any
	App      string
	Deadline time.Time
}

type refusal struct{ name string }

func (r *refusal) Error() string { return "no greeting for " + r.name }

func handle(ctx context.Context, e event) (*greeting, error) {
	switch e.Do {
	case "fail":
		return nil, errors.New("told to fail")
	case "refuse":
		return nil, &refusal{e.Name}
	case "panic":
		panic(fmt.Sprintf("%s is too much", e.Name))
	case "nothing":
		return nil, nil
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return &greeting{
		Text:     "hello " + e.Name,
		Request:  lc.AwsRequestID,
		Function: lc.InvokedFunctionArn,
		Identity: lc.Identity.CognitoIdentityID,
		Pool:     lc.Identity.CognitoIdentityPoolID,
		Trace:    ctx.Value("x-amzn-trace-id"),
		App:      lc.ClientContext.Client.AppTitle,
		Deadline: deadline,
	}, nil
}

func main() {
	peer.EndWithStdin(func() {})
	lambda.Start(handle)
}
