// Command pulumi-resource-docker serves the Terraform Docker provider under the names of @pulumi/docker.
//
// The official plugin's module is on no Go proxy. This one bridges the same Terraform provider, in the newest version
// that a proxy serves; README.md in the parent folder says what it lacks.
package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// version is the plugin version that @pulumi/docker asks for (`pulumi.version` in its package.json).
const version = "5.2.0"

func main() {
	// The schema only serves `pulumi package` commands and SDK generation: the npm SDK is generated already.
	tfbridge.Main("docker", version, provider(), []byte("{}"))
}

// provider maps Terraform's names to those of @pulumi/docker.
func provider() tfbridge.ProviderInfo {
	p := tfbridge.ProviderInfo{
		P:       sdkv2.NewProvider(shim.Provider()),
		Name:    "docker",
		Version: version,
		Config: map[string]*tfbridge.SchemaInfo{
			// A list, named in the singular.
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_config": {Tok: "docker:index/serviceConfig:ServiceConfig"},
			"docker_container": {
				Tok: "docker:index/container:Container",
				// Names and fixed ports would collide with those of the container that is replaced.
				DeleteBeforeReplace: true,
				// Lists that the bridge would name in the plural.
				Fields: map[string]*tfbridge.SchemaInfo{
					"command":           {Name: "command"},
					"networks_advanced": {Name: "networksAdvanced"},
				},
			},
			"docker_image": {
				Tok: "docker:index/remoteImage:RemoteImage",
				// It names what is pulled, so it must not be auto-named.
				Fields: map[string]*tfbridge.SchemaInfo{"name": {Name: "name"}},
			},
			"docker_network":        {Tok: "docker:index/network:Network"},
			"docker_plugin":         {Tok: "docker:index/plugin:Plugin"},
			"docker_registry_image": {Tok: "docker:index/registryImage:RegistryImage"},
			"docker_secret":         {Tok: "docker:index/secret:Secret"},
			"docker_service":        {Tok: "docker:index/service:Service"},
			"docker_tag":            {Tok: "docker:index/tag:Tag"},
			"docker_volume":         {Tok: "docker:index/volume:Volume"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"docker_image":          {Tok: "docker:index/getRemoteImage:getRemoteImage"},
			"docker_logs":           {Tok: "docker:index/getLogs:getLogs"},
			"docker_network":        {Tok: "docker:index/getNetwork:getNetwork"},
			"docker_plugin":         {Tok: "docker:index/getPlugin:getPlugin"},
			"docker_registry_image": {Tok: "docker:index/getRegistryImage:getRegistryImage"},
		},
	}
	p.SetAutonaming(255, "-")
	return p
}
