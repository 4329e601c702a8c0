module certctl-bench/toolchain/pulumi-resource-command

go 1.25.11

require github.com/pulumi/pulumi-go-provider v1.5.0
