// Package shim hands out the Terraform Docker provider, which lives in an internal package.
//
// Go lets only packages below the provider's own path import it, so this module takes a path below it
// (the parent's go.mod points that path here).
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// Provider returns a new Terraform Docker provider.
func Provider() *schema.Provider {
	return provider.New("dev")()
}
