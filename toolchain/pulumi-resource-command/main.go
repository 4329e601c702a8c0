// Command pulumi-resource-command serves local.Command of @pulumi/command.
//
// The official plugin's module is on no Go proxy. This one has the inputs, outputs and semantics of its version 1.2.1,
// without assetPaths and archivePaths, and without the package's other resources and functions.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// version is the plugin version that @pulumi/command asks for (`pulumi.version` in its package.json).
const version = "1.2.1"

func main() {
	provider, err := infer.NewProviderBuilder().WithResources(infer.Resource(Command{})).Build()
	if err == nil {
		err = provider.Run(context.Background(), "command", version)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Command is the resource command:local:Command.
type Command struct{}

// Annotate names the resource: the Go package would make it command:index:Command.
func (*Command) Annotate(a infer.Annotator) { a.SetToken("local", "Command") }

// WireDependencies makes what a command prints secret as soon as one input is. infer's own default carries secretness
// only to the output of the same name, so that `cat` of a secret stdin would stand in the state in plain text.
func (Command) WireDependencies(f infer.FieldSelector, inputs *Inputs, state *State) {
	f.OutputField(&state.Stdout).DependsOn(f.InputField(inputs).Secret())
	f.OutputField(&state.Stderr).DependsOn(f.InputField(inputs).Secret())
}

// Inputs are those of @pulumi/command's CommandArgs.
type Inputs struct {
	Create                 *string            `pulumi:"create,optional"`
	Update                 *string            `pulumi:"update,optional"`
	Delete                 *string            `pulumi:"delete,optional"`
	Triggers               *[]any             `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Stdin                  *string            `pulumi:"stdin,optional"`
	Logging                *string            `pulumi:"logging,optional"`
	Interpreter            *[]string          `pulumi:"interpreter,optional"`
	Dir                    *string            `pulumi:"dir,optional"`
	Environment            *map[string]string `pulumi:"environment,optional"`
	AddPreviousOutputInEnv *bool              `pulumi:"addPreviousOutputInEnv,optional"`
}

// State is what a stack keeps: the inputs, which delete needs, and what the last create or update printed.
type State struct {
	Inputs
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// Create runs the create command, if there is one.
func (Command) Create(ctx context.Context, req infer.CreateRequest[Inputs]) (infer.CreateResponse[State], error) {
	state := State{Inputs: req.Inputs}
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	if err == nil && !req.DryRun {
		err = state.run(ctx, req.Inputs.Create)
	}
	return infer.CreateResponse[State]{ID: id, Output: state}, err
}

// Update runs the update command, or the create command where there is none. Any change of an input brings it about,
// except of triggers, which replaces the resource.
func (Command) Update(ctx context.Context, req infer.UpdateRequest[Inputs, State]) (infer.UpdateResponse[State], error) {
	state := State{Inputs: req.Inputs, Stdout: req.State.Stdout, Stderr: req.State.Stderr}
	command := req.Inputs.Update
	if command == nil {
		command = req.Inputs.Create
	}
	var err error
	if !req.DryRun {
		err = state.run(ctx, command)
	}
	return infer.UpdateResponse[State]{Output: state}, err
}

// Delete runs the delete command, if there is one, with the inputs of the last create or update.
func (Command) Delete(ctx context.Context, req infer.DeleteRequest[State]) (infer.DeleteResponse, error) {
	return infer.DeleteResponse{}, req.State.run(ctx, req.State.Delete)
}
