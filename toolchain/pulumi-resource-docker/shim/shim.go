// Package shim hands out the Terraform Docker provider, which lives in an internal package.
//
// Go lets only packages below the provider's own path import it, so this module takes a path below it
// (the parent's go.mod points that path here).
package shim

import (
	"context"
	"io"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// Provider returns a new Terraform Docker provider. Unless TF_LOG is set it logs nothing: it would print all that
// Docker says of a container, some hundred lines at each look, and each line is a call to the Pulumi engine that all
// other operations wait for.
func Provider() *schema.Provider {
	p := provider.New("dev")()
	if os.Getenv("TF_LOG") == "" {
		for _, resource := range p.ResourcesMap {
			resource.CreateContext = quietly(resource.CreateContext)
			resource.ReadContext = quietly(resource.ReadContext)
			resource.UpdateContext = quietly(resource.UpdateContext)
			resource.DeleteContext = quietly(resource.DeleteContext)
		}
	}
	return p
}

type operation = func(context.Context, *schema.ResourceData, any) diag.Diagnostics

// quietly runs an operation without its log, which the bridge directs to the engine anew at each call.
func quietly(run operation) operation {
	if run == nil {
		return nil
	}
	return func(ctx context.Context, d *schema.ResourceData, meta any) diag.Diagnostics {
		log.SetOutput(io.Discard)
		return run(ctx, d, meta)
	}
}
